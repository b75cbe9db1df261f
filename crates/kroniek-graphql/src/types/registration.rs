//! The nine registration types and the client statuses (spec §1.1, §6.3).

use crate::label::Lang;
use async_graphql::{ComplexObject, Enum, SimpleObject};
use kroniek_domain::{customer, registration};

/// What a contact is to the office: read off the model, never stored (spec §1.1).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "registration::RegistrationType")]
pub enum RegistrationType {
    /// 1: a company that is a client.
    ClientCompany,
    /// 2: a person that is a client.
    ClientPerson,
    /// 3: a company with a relation to clients: a bank, an inspectorate.
    RelationCompany,
    /// 4: a person with a relation to clients.
    RelationPerson,
    /// 5: a person at a client or relation.
    ContactPerson,
    /// 6: "the board", "the secretariat" of a company.
    GeneralCorrespondence,
    /// 7: the tie between a client and a relation.
    RelationAtClient,
    /// 8: an employee at a client; obsolete, never made any more.
    EmployeeAtClient,
    /// 9: a branch of a company.
    Location,
}

/// Where a customer stands with the organisation (§6.3).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "customer::ClientStatus")]
pub enum ClientStatus {
    /// Name known, no contact made.
    Suspect,
    /// Contact made, talks going on.
    Prospect,
    /// Being prepared to become a client.
    #[graphql(name = "ACC_DRAFT")]
    AcceptanceDraft,
    /// Prepared; a client approver must agree.
    #[graphql(name = "ACC_APPROVAL")]
    AcceptanceApproval,
    /// Approved; the last registrations are checked.
    #[graphql(name = "ACC_CENTRAL")]
    AcceptanceCentral,
    /// A client.
    Client,
    /// A former client.
    ExClient,
    /// Not a client, but with a relation to clients.
    Relation,
}

/// Statuses that share their rights (A2-52).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "kroniek_domain::status_right::StatusGroup")]
pub enum StatusGroup {
    /// Suspects.
    Suspect,
    /// Prospects.
    Prospect,
    /// The three stages of acceptance.
    Acceptance,
    /// Clients.
    Client,
    /// Former clients.
    ExClient,
    /// Relations, which need no status right.
    Relation,
}

/// What the actor may do with the registrations of a status group (A2-52).
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct StatusRight {
    /// The group.
    group: StatusGroup,
    /// Whether the actor sees them; else they are not there, nowhere.
    see: bool,
    /// Whether the actor may change them.
    change: bool,
}

#[ComplexObject]
impl StatusRight {
    /// `group` in words.
    async fn group_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.group.label(lang)
    }
}

impl From<kroniek_domain::status_right::StatusRight> for StatusRight {
    fn from(right: kroniek_domain::status_right::StatusRight) -> Self {
        Self { group: right.group.into(), see: right.see, change: right.change }
    }
}
