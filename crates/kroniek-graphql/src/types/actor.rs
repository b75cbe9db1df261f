//! Who asks, and the table of permissions (spec §1.2).

use crate::label::Lang;
use async_graphql::{ComplexObject, Enum, SimpleObject};
use kroniek_domain::permission::{self, PERMISSIONS};

/// A right of an actor.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "permission::Permission")]
pub enum Permission {
    /// See contacts, customers, code lists and history, without sensitive values.
    Read,
    /// Change contacts, roles, channels, addresses, payment data and leader links.
    Write,
    /// See dates of birth and death, BSN and gender.
    SensitiveRead,
    /// Change sensitive data and salutations; includes `SENSITIVE_READ`.
    SensitiveWrite,
    /// Activate customers and record the end of leases, as the tenancy system does.
    Integration,
    /// Register clients and relations, as an office does.
    Register,
    /// Make customers, as a shop does.
    Shop,
    /// Change code lists, interaction templates, teams and employees, and import reference files.
    Reference,
    /// See suspects. Whoever has none of the ten status rights sees clients and relations.
    SeeSuspect,
    /// Change suspects; includes `SEE_SUSPECT`.
    ChangeSuspect,
    /// See prospects.
    SeeProspect,
    /// Change prospects; includes `SEE_PROSPECT`.
    ChangeProspect,
    /// See who is being accepted as a client.
    SeeAcceptance,
    /// Change and prepare who is being accepted as a client; includes `SEE_ACCEPTANCE`.
    ChangeAcceptance,
    /// See clients.
    SeeClient,
    /// Change clients; includes `SEE_CLIENT`.
    ChangeClient,
    /// See former clients.
    SeeExClient,
    /// Change former clients; includes `SEE_EX_CLIENT`.
    ChangeExClient,
    /// Approve or reject who was prepared to become a client.
    ClientApprover,
    /// Complete an acceptance after the last checks.
    CentralAdmin,
    /// See and change what is registered for the anti-money-laundering act.
    Wwft,
    /// Mark customers for deletion, and restore them.
    Administrator,
    /// Read the tasks of every team, and assign, release and reopen tasks of others.
    Supervise,
    /// Read what customers are shown in their portal, and nothing else.
    Portal,
}

/// A permission with its meaning.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PermissionMeaning {
    /// The permission.
    permission: Permission,
    /// What it allows.
    meaning: &'static str,
}

#[ComplexObject]
impl PermissionMeaning {
    /// `permission` in words.
    async fn permission_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.permission.label(lang)
    }
}

/// The whole table of permissions.
pub(crate) fn table() -> Vec<PermissionMeaning> {
    PERMISSIONS
        .iter()
        .map(|(permission, _, meaning)| PermissionMeaning { permission: (*permission).into(), meaning })
        .collect()
}

/// Who asks, as the server knows it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Actor {
    /// The name in the audit history.
    name: String,
    /// What the actor may do, with what a permission includes.
    permissions: Vec<Permission>,
}

#[ComplexObject]
impl Actor {
    /// `permissions` in words, in the same order.
    async fn permission_labels(&self, #[graphql(default)] lang: Lang) -> Vec<&'static str> {
        self.permissions.iter().map(|permission| permission.label(lang)).collect()
    }
}

impl From<&permission::Actor> for Actor {
    fn from(actor: &permission::Actor) -> Self {
        let rows = PERMISSIONS.iter().map(|(permission, ..)| *permission);
        Self {
            name: actor.name.clone(),
            permissions: rows.filter(|permission| actor.may(*permission)).map(Permission::from).collect(),
        }
    }
}
