//! Who acts, and what it may do: one table of permissions, each with its meaning (spec §1.2).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A right of an actor.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Permission {
    /// See contacts, customers, code lists and their history, without sensitive values.
    Read,
    /// Change what the desk changes: contacts, roles, channels, addresses, payment data, leader links.
    Write,
    /// See sensitive personal data: dates of birth and death, BSN, gender (E1-39).
    SensitiveRead,
    /// Change sensitive personal data and the salutation; includes [`Permission::SensitiveRead`].
    SensitiveWrite,
    /// Act as the tenancy system: activate customers, record that leases end (E1-03, E1-04).
    Integration,
    /// Register clients and relations as an office does (A2-10).
    Register,
    /// Make customers as a shop does (N1-05).
    Shop,
    /// Change code lists, interaction templates, teams and employees, and import reference files (§8, E2-42b).
    Reference,
    /// See suspects; this and the nine that follow are the status rights (A2-52).
    SeeSuspect,
    /// Change suspects; includes [`Permission::SeeSuspect`].
    ChangeSuspect,
    /// See prospects.
    SeeProspect,
    /// Change prospects; includes [`Permission::SeeProspect`].
    ChangeProspect,
    /// See who is being accepted as a client.
    SeeAcceptance,
    /// Change and prepare who is being accepted; includes [`Permission::SeeAcceptance`].
    ChangeAcceptance,
    /// See clients.
    SeeClient,
    /// Change clients; includes [`Permission::SeeClient`].
    ChangeClient,
    /// See former clients.
    SeeExClient,
    /// Change former clients; includes [`Permission::SeeExClient`].
    ChangeExClient,
    /// Approve or reject who was prepared to become a client (A2-57).
    ClientApprover,
    /// Complete an acceptance after the last checks (A2-58).
    CentralAdmin,
    /// See and change what the anti-money-laundering act asks to register (A2-26, A2-47).
    Wwft,
    /// Mark customers for deletion and restore them (A2-42); change settings of the site (D-27).
    Administrator,
    /// Read the tasks of every team, and assign tasks to others (E2-42b, D-17).
    Supervise,
    /// Read what customers are shown in their portal, and nothing else (E2-23).
    Portal,
}

/// Every permission with its stable name and its meaning.
pub const PERMISSIONS: &[(Permission, &str, &str)] = &[
    (Permission::Read, "READ", "see contacts, customers, code lists and history, without sensitive values"),
    (
        Permission::Write,
        "WRITE",
        "change contacts, roles, channels, addresses, payment data and leader links",
    ),
    (Permission::SensitiveRead, "SENSITIVE_READ", "see dates of birth and death, BSN and gender"),
    (
        Permission::SensitiveWrite,
        "SENSITIVE_WRITE",
        "change sensitive data and salutations; includes SENSITIVE_READ",
    ),
    (Permission::Integration, "INTEGRATION", "activate customers and record the end of leases"),
    (Permission::Register, "REGISTER", "register clients and relations"),
    (Permission::Shop, "SHOP", "make customers of a shop"),
    (
        Permission::Reference,
        "REFERENCE",
        "change code lists, interaction templates, teams and employees, and import reference files",
    ),
    (
        Permission::Supervise,
        "SUPERVISE",
        "read the tasks of every team, and assign, release and reopen tasks of others",
    ),
    (Permission::Portal, "PORTAL", "read what customers are shown in their portal, and nothing else"),
    (
        Permission::SeeSuspect,
        "SEE_SUSPECT",
        "see suspects. Whoever has none of the ten status rights sees, by READ, and changes, by WRITE, the status group CLIENT; whoever has one has exactly those it has. Relations need none of them",
    ),
    (Permission::ChangeSuspect, "CHANGE_SUSPECT", "change suspects; includes SEE_SUSPECT"),
    (Permission::SeeProspect, "SEE_PROSPECT", "see prospects"),
    (Permission::ChangeProspect, "CHANGE_PROSPECT", "change prospects; includes SEE_PROSPECT"),
    (Permission::SeeAcceptance, "SEE_ACCEPTANCE", "see who is being accepted as a client"),
    (
        Permission::ChangeAcceptance,
        "CHANGE_ACCEPTANCE",
        "change and prepare who is being accepted as a client; includes SEE_ACCEPTANCE",
    ),
    (Permission::SeeClient, "SEE_CLIENT", "see clients"),
    (Permission::ChangeClient, "CHANGE_CLIENT", "change clients; includes SEE_CLIENT"),
    (Permission::SeeExClient, "SEE_EX_CLIENT", "see former clients"),
    (Permission::ChangeExClient, "CHANGE_EX_CLIENT", "change former clients; includes SEE_EX_CLIENT"),
    (Permission::ClientApprover, "CLIENT_APPROVER", "approve or reject who was prepared to become a client"),
    (Permission::CentralAdmin, "CENTRAL_ADMIN", "complete an acceptance after the last checks"),
    (Permission::Wwft, "WWFT", "see and change what is registered for the anti-money-laundering act"),
    (
        Permission::Administrator,
        "ADMINISTRATOR",
        "mark customers for deletion, and restore them; change settings of the site",
    ),
];

/// The right that a right to change includes.
const INCLUDED: &[(Permission, Permission)] = &[
    (Permission::SensitiveWrite, Permission::SensitiveRead),
    (Permission::ChangeSuspect, Permission::SeeSuspect),
    (Permission::ChangeProspect, Permission::SeeProspect),
    (Permission::ChangeAcceptance, Permission::SeeAcceptance),
    (Permission::ChangeClient, Permission::SeeClient),
    (Permission::ChangeExClient, Permission::SeeExClient),
];

impl Permission {
    /// The stable name, such as `SENSITIVE_READ`.
    pub fn name(self) -> &'static str {
        PERMISSIONS.iter().find(|(p, ..)| *p == self).map_or("UNKNOWN", |(_, name, _)| name)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Permission {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        PERMISSIONS
            .iter()
            .find(|(_, name, _)| name.eq_ignore_ascii_case(text.trim()))
            .map(|(p, ..)| *p)
            .ok_or_else(|| format!("there is no permission {:?}", text.chars().take(40).collect::<String>()))
    }
}

/// Who acts: a name for the audit, and the permissions. Comes from the request, never from a command's input.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// Name in the audit history.
    pub name: String,
    /// What the actor may do.
    pub permissions: BTreeSet<Permission>,
}

impl Actor {
    /// An actor with exactly these permissions.
    pub fn new(name: impl Into<String>, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self { name: name.into(), permissions: permissions.into_iter().collect() }
    }

    /// An actor that may do everything; for tests, and for the verbs that run on the data directory itself.
    pub fn with_all(name: impl Into<String>) -> Self {
        Self::new(name, PERMISSIONS.iter().map(|(p, ..)| *p))
    }

    /// Whether the actor has the right, itself or included in another.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
            || INCLUDED
                .iter()
                .any(|(right, included)| *included == permission && self.permissions.contains(right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The compiler makes whoever adds a permission add it here, and the test then asks for its row.
    fn all() -> Vec<Permission> {
        use Permission::{
            Administrator, CentralAdmin, ChangeAcceptance, ChangeClient, ChangeExClient, ChangeProspect,
            ChangeSuspect, ClientApprover, Integration, Portal, Read, Reference, Register, SeeAcceptance,
            SeeClient, SeeExClient, SeeProspect, SeeSuspect, SensitiveRead, SensitiveWrite, Shop, Supervise,
            Write, Wwft,
        };
        let every = [
            Read,
            Write,
            SensitiveRead,
            SensitiveWrite,
            Integration,
            Register,
            Shop,
            Reference,
            SeeSuspect,
            ChangeSuspect,
            SeeProspect,
            ChangeProspect,
            SeeAcceptance,
            ChangeAcceptance,
            SeeClient,
            ChangeClient,
            SeeExClient,
            ChangeExClient,
            ClientApprover,
            CentralAdmin,
            Wwft,
            Administrator,
            Supervise,
            Portal,
        ];
        for permission in every {
            match permission {
                Read | Write | SensitiveRead | SensitiveWrite | Integration | Register | Shop | Reference
                | SeeSuspect | ChangeSuspect | SeeProspect | ChangeProspect | SeeAcceptance
                | ChangeAcceptance | SeeClient | ChangeClient | SeeExClient | ChangeExClient
                | ClientApprover | CentralAdmin | Wwft | Administrator | Supervise | Portal => {}
            }
        }
        every.to_vec()
    }

    #[test]
    fn section_1_2_every_permission_has_a_row_with_its_meaning() {
        assert_eq!(PERMISSIONS.len(), all().len());
        for permission in all() {
            assert_eq!(
                PERMISSIONS.iter().filter(|(row, ..)| *row == permission).count(),
                1,
                "{permission:?}"
            );
            assert_eq!(permission.name().parse(), Ok(permission));
            assert_eq!(permission.to_string().to_lowercase().parse(), Ok(permission));
        }
        assert!(PERMISSIONS.iter().all(|(_, name, meaning)| *name != "UNKNOWN" && !meaning.is_empty()));
        assert!("ROOT".parse::<Permission>().is_err());
    }

    #[test]
    fn section_1_2_writing_sensitive_data_includes_reading_it() {
        let writer = Actor::new("w", [Permission::SensitiveWrite]);
        assert!(writer.may(Permission::SensitiveRead) && !writer.may(Permission::Write));
        let reader = Actor::new("r", [Permission::SensitiveRead]);
        assert!(!reader.may(Permission::SensitiveWrite));
        assert!(all().into_iter().all(|permission| Actor::with_all("a").may(permission)));
        assert!(!all().into_iter().any(|permission| Actor::new("n", []).may(permission)));
    }
}
