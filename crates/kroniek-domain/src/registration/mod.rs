//! The nine registration types of an accountant's office, and how one is registered (A1-01, A1-02, A1-12, A1-13;
//! A2-01 … A2-11, A2-15).
//!
//! A type is a classification of the one model, not a second model (D-0): it is read off a contact, its customer and
//! its role lines, and never stored. What is made here are contacts, customers and role lines like any other, so this
//! capability has no events of its own.

use crate::address::{self, AddressInput};
use crate::channel::{self, WantedChannel};
use crate::client_status;
use crate::contact::{self, Contact, Kind, NewPerson, NewPersonRole};
use crate::customer::{self, ClientStatus, Customer};
use crate::draft::{Decide, Draft, Refused};
use crate::duplicate::{self, Description};
use crate::ids::{ContactId, ContactRef, CustomerId, CustomerRef, EntityId};
use crate::leader;
use crate::link;
use crate::permission::Permission;
use crate::placement;
use crate::problem::{General, Problem};
use crate::role::{self, BusinessBlock, BusinessInput};
use crate::values;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a contact is to the office (spec §1.1, §6.1). Numbers are those of the manual, and the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RegistrationType {
    /// A company that is a client.
    ClientCompany,
    /// A person that is a client.
    ClientPerson,
    /// A company with a relation to clients: a bank, an inspectorate.
    RelationCompany,
    /// A person with a relation to clients.
    RelationPerson,
    /// A person at a client or relation.
    ContactPerson,
    /// "The board", "the secretariat" of a company.
    GeneralCorrespondence,
    /// The tie between a client and a relation.
    RelationAtClient,
    /// An employee at a client; obsolete.
    EmployeeAtClient,
    /// A branch of a company.
    Location,
}

crate::stored_numbers! { RegistrationType {
    ClientCompany = 1 "CLIENT_COMPANY",
    ClientPerson = 2 "CLIENT_PERSON",
    RelationCompany = 3 "RELATION_COMPANY",
    RelationPerson = 4 "RELATION_PERSON",
    ContactPerson = 5 "CONTACT_PERSON",
    GeneralCorrespondence = 6 "GENERAL_CORRESPONDENCE",
    RelationAtClient = 7 "RELATION_AT_CLIENT",
    EmployeeAtClient = 8 "EMPLOYEE_AT_CLIENT",
    Location = 9 "LOCATION",
} }

/// Which type may hang on which: the whole matrix of §6.1. What is not listed is refused.
pub const PARENTS: &[(RegistrationType, &[RegistrationType])] = {
    use RegistrationType as T;
    const CLIENTS: &[T] = &[T::ClientCompany, T::ClientPerson];
    const COMPANIES: &[T] = &[T::ClientCompany, T::RelationCompany];
    &[
        (T::ClientCompany, &[]),
        (T::ClientPerson, &[]),
        (T::RelationCompany, &[]),
        (T::RelationPerson, &[]),
        (T::ContactPerson, &[T::ClientCompany, T::ClientPerson, T::RelationCompany, T::RelationPerson]),
        (T::GeneralCorrespondence, COMPANIES),
        (T::RelationAtClient, CLIENTS),
        (T::EmployeeAtClient, CLIENTS),
        (T::Location, COMPANIES),
    ]
};

impl RegistrationType {
    /// The types of contact that it may hang on (§6.1); empty when it stands alone.
    pub fn parents(self) -> &'static [Self] {
        PARENTS.iter().find(|(kind, _)| *kind == self).map_or(&[], |(_, parents)| *parents)
    }

    /// Whether it is a contact of its own that hangs on another one: types 5, 6 and 9 (I11).
    pub fn hangs(self) -> bool {
        matches!(self, Self::ContactPerson | Self::GeneralCorrespondence | Self::Location)
    }
}

// ---- commands

/// Registers a client, a relation or a contact person (A1-01, A1-02, A2-10).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CreateRegistration {
    /// The name of the type, such as `CLIENT_COMPANY`, as sent.
    pub kind: String,
    /// What it hangs on, when its type does; the addressed entity then.
    pub parent: Option<ContactRef>,
    /// The location of the parent that a contact person or general correspondence is tied to (A2-09).
    pub location: Option<ContactRef>,
    /// The relation at the client, when that is what is registered (A2-07).
    pub relation: Option<CustomerRef>,
    /// What it is to the client (code list `RELATION_KIND`).
    pub relation_kind: Option<String>,
    /// The name of the status that a client starts in: `SUSPECT`, `PROSPECT`, or `CLIENT`, which is that of a registration
    /// that is taken over from elsewhere; `CLIENT` when left out.
    pub status: Option<String>,
    /// A person's initials; mandatory for a contact person, where "x" will do (A1-13).
    pub initials: Option<String>,
    /// A person's infix.
    pub infix: Option<String>,
    /// A person's surname.
    pub surname: Option<String>,
    /// The name of a company, a location or general correspondence.
    pub company_name: Option<String>,
    /// Salutation code; of what has a company's name only the neutral one, which it gets anyway. Needs `SENSITIVE_WRITE`.
    pub salutation: Option<String>,
    /// A contact person's role at its parent; `CONTACT_PERSON` when left out.
    pub role_code: Option<String>,
    /// Begin of that role; today when left out.
    pub begin_date: Option<String>,
    /// Correspondence address, from today on.
    pub address: Option<AddressInput>,
    /// Phones, mobiles and faxes.
    pub phones: Vec<WantedChannel>,
    /// E-mail addresses.
    pub emails: Vec<WantedChannel>,
    /// A contact person's business data at its parent.
    pub business: Option<BusinessInput>,
}

/// Registers a contact person at a client-company that follows a leader from the start (A1-12).
///
/// Its private fields come from the leader. They stand here only so that giving one is refused, and not overlooked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CreateCoupledContact {
    /// The client-person or contact person to follow.
    pub leader: ContactRef,
    /// The client-company; the addressed entity.
    pub parent: ContactRef,
    /// Role at the company; `CONTACT_PERSON` when left out.
    pub role_code: Option<String>,
    /// Begin of that role; today when left out.
    pub begin_date: Option<String>,
    /// Business data at the company.
    pub business: Option<BusinessInput>,
    /// Refused: follows the leader.
    pub initials: Option<String>,
    /// Refused: follows the leader.
    pub infix: Option<String>,
    /// Refused: follows the leader.
    pub surname: Option<String>,
    /// Refused: follows the leader.
    pub address: Option<AddressInput>,
    /// Refused: follows the leader.
    pub private_email: Option<String>,
    /// Refused: follows the leader.
    pub private_mobile: Option<String>,
}

// ---- refusals

/// Why a registration is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// This type never stands alone (A2-05, A2-15).
    ParentRequired(RegistrationType),
    /// The type cannot hang there (§6.1).
    ParentTypeNotAllowed {
        /// The input field that names it.
        field: &'static str,
        /// The contact that was given as the parent.
        parent: ContactId,
        /// Its type, if it has one.
        is: Option<RegistrationType>,
        /// What would do; empty when the type stands alone.
        allowed: &'static [RegistrationType],
    },
    /// An end of a tie that has no account, and so is neither client nor relation (A2-07).
    LinkEndTypeNotAllowed {
        /// The input field that names the end.
        field: &'static str,
        /// The types that would do.
        allowed: &'static [RegistrationType],
    },
    /// No longer made since 9.3 (A2-08).
    TypeObsolete,
    /// A registration keeps its type (A2-11).
    TypeIsFixed,
    /// A field that the type does not have.
    FieldNotAllowed {
        /// The field.
        field: &'static str,
        /// The type.
        kind: RegistrationType,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::ParentRequired(kind) => Problem::new(
                "PARENT_REQUIRED",
                format!("A {} never stands alone: fill in the contact that it belongs to.", kind.name()),
            )
            .field("parentId")
            .options(kind.parents().iter().map(|parent| parent.name())),
            Self::ParentTypeNotAllowed { field, parent, is, allowed } => {
                let message = if allowed.is_empty() {
                    "This type stands alone: leave the parent out.".to_owned()
                } else {
                    let is = is.map_or("contact without a registration type", RegistrationType::name);
                    format!("It cannot belong to a {is}; choose a parent of another type.")
                };
                Problem::new("PARENT_TYPE_NOT_ALLOWED", message)
                    .field(*field)
                    .contact(*parent)
                    .options(allowed.iter().map(|parent| parent.name()))
            }
            Self::LinkEndTypeNotAllowed { field, allowed } => Problem::new(
                "LINK_END_TYPE_NOT_ALLOWED",
                format!("{field} must name a registration of one of the types listed; choose another."),
            )
            .field(*field)
            .options(allowed.iter().map(|kind| kind.name())),
            Self::TypeObsolete => Problem::new(
                "TYPE_OBSOLETE",
                "Employees at clients are no longer registered: register a CONTACT_PERSON of the client instead.",
            )
            .field("type"),
            Self::TypeIsFixed => Problem::new(
                "TYPE_IS_FIXED",
                "A registration keeps its type: register anew, give the old one another number with changeClientNumber, and then its number to the new one.",
            )
            .field("kind"),
            Self::FieldNotAllowed { field, kind } => {
                Problem::new("FIELD_NOT_ALLOWED", format!("A {} has no {field}; leave it out.", kind.name()))
                    .field(*field)
            }
        }
    }
}

// ---- state

/// What a contact is to the office, read off the model (spec §1.1); nothing for a household, for a company without
/// customer, and for a person that is neither client nor relation nor tied to one.
pub fn registration_type(
    contact: &Contact,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
    customer_of: &dyn Fn(CustomerId) -> Option<Arc<Customer>>,
) -> Option<RegistrationType> {
    let own = match contact.kind {
        Kind::GeneralCorrespondence => Some(RegistrationType::GeneralCorrespondence),
        Kind::Location => Some(RegistrationType::Location),
        Kind::Person | Kind::Household | Kind::Company => account_type(contact, customer_of),
    };
    own.or_else(|| {
        let tied = |holder: &ContactId| {
            contact_of(*holder)
                .and_then(|holder| account_type(&holder, customer_of))
                .is_some_and(|holder| RegistrationType::ContactPerson.parents().contains(&holder))
        };
        let at_client = contact.kind == Kind::Person && contact.roles.iter().any(|(holder, _)| tied(holder));
        at_client.then_some(RegistrationType::ContactPerson)
    })
}

/// The type that a customer of its own gives a contact: 1 to 4.
fn account_type(
    contact: &Contact,
    customer_of: &dyn Fn(CustomerId) -> Option<Arc<Customer>>,
) -> Option<RegistrationType> {
    let relation = customer_of(contact.customer?)?.status == ClientStatus::Relation;
    match contact.kind {
        Kind::Company if relation => Some(RegistrationType::RelationCompany),
        Kind::Company => Some(RegistrationType::ClientCompany),
        Kind::Person if relation => Some(RegistrationType::RelationPerson),
        Kind::Person => Some(RegistrationType::ClientPerson),
        Kind::Household | Kind::GeneralCorrespondence | Kind::Location => None,
    }
}

/// As [`registration_type`], as far as a draft has come.
pub(crate) fn type_in(d: &Draft<'_>, contact: &Contact) -> Option<RegistrationType> {
    registration_type(contact, &|id| d.contact(id), &|id| d.customer(id))
}

// ---- decide

impl Decide for CreateRegistration {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Register)?;
        let kind = read_type(d, &self.kind)?;
        match kind {
            RegistrationType::ClientCompany | RegistrationType::RelationCompany => self.company(d, kind),
            RegistrationType::ClientPerson | RegistrationType::RelationPerson => self.person(d, kind),
            RegistrationType::ContactPerson => self.contact_person(d, kind),
            RegistrationType::GeneralCorrespondence => {
                self.below_company(d, kind, Kind::GeneralCorrespondence)
            }
            RegistrationType::Location => self.below_company(d, kind, Kind::Location),
            RegistrationType::RelationAtClient => self.relation_at_client(d, kind),
            RegistrationType::EmployeeAtClient => Err(d.refuse(Refusal::TypeObsolete)),
        }
    }
}

impl CreateRegistration {
    fn company(&self, d: &mut Draft<'_>, kind: RegistrationType) -> Result<(), Refused> {
        self.stands_alone(d, kind);
        let status = self.read_start(d, kind);
        contact::has_no_parts(d, self.initials.as_ref(), self.infix.as_ref(), self.surname.as_ref());
        let salutation = contact::read_neutral_salutation(d, Kind::Company, self.salutation.as_ref());
        let raw = self.company_name.as_deref().unwrap_or_default();
        let name = d.text("companyName", values::company_name(raw));
        let phones = channel::read_list(d, "phones", &self.phones);
        let emails = channel::read_list(d, "emails", &self.emails);
        let address = self.read_address(d);
        if let Some(name) = &name {
            let described = Description::company(name).with(address.as_ref(), &phones, &emails);
            duplicate::ask(d, &[described], |_, _| true);
        }
        d.stop_if_refused()?;
        let status = status.ok_or(Refused)?;
        let id = contact::create_named(d, Kind::Company, name.ok_or(Refused)?, &salutation.ok_or(Refused)?);
        channel::add_all(d, id, &phones);
        channel::add_all(d, id, &emails);
        set_address(d, id, address);
        customer::create(d, id, status);
        Ok(())
    }

    fn person(&self, d: &mut Draft<'_>, kind: RegistrationType) -> Result<(), Refused> {
        self.stands_alone(d, kind);
        let status = self.read_start(d, kind);
        self.has_no_company_name(d, kind);
        let person = contact::read_person(d, &self.new_person());
        let address = self.read_address(d);
        if let Some(person) = &person {
            // The same human as a contact person of a company is meant to be registered beside it (A1-03).
            let described = person.description(address.as_ref());
            duplicate::ask(d, &[described], |d, found| {
                type_in(d, found) != Some(RegistrationType::ContactPerson)
            });
        }
        d.stop_if_refused()?;
        let status = status.ok_or(Refused)?;
        let id = contact::create_person(d, person.ok_or(Refused)?);
        set_address(d, id, address);
        customer::create(d, id, status);
        Ok(())
    }

    fn contact_person(&self, d: &mut Draft<'_>, kind: RegistrationType) -> Result<(), Refused> {
        // What is wrong with the parent does not keep silent what is wrong with the fields.
        let parent = self.parent.as_ref().map(|parent| find_parent(d, parent, kind.parents()));
        if parent.is_none() {
            d.refuse(Refusal::ParentRequired(kind));
        }
        let location = self.read_location(d, parent.as_ref().and_then(|parent| parent.as_ref().ok()));
        self.has_no_company_name(d, kind);
        self.has_no_account(d, kind);
        if !given(self.initials.as_ref()) {
            d.refuse(General::Required("initials"));
        }
        let new = new_role(self.new_person(), self.role_code.as_ref(), self.begin_date.as_ref());
        let person = contact::read_person(d, &new.person);
        let line = role::read_new_line(d, &new);
        if let (Some(Ok(parent)), Some(line)) = (&parent, &line) {
            let _reported = role::check_holder(d, parent, line.contractant);
        }
        let address = self.read_address(d);
        let business = read_business(d, self.business.as_ref());
        if let (Some(Ok(parent)), Some(person)) = (&parent, &person) {
            // Elsewhere the same human is registered once more on purpose; twice at one company it is not (A1-03).
            let described = person.description(address.as_ref());
            duplicate::ask(d, &[described], |_, found| {
                found.roles.iter().any(|(holder, _)| *holder == parent.id)
            });
        }
        d.stop_if_refused()?;
        let parent = parent.ok_or(Refused)??;
        let (Some(person), Some(line), Some(business)) = (person, line, business) else {
            return Err(Refused);
        };
        let id = contact::create_person(d, person);
        set_address(d, id, address);
        let line = role::add_line(d, role::NewLine { business, ..line.of(parent.id, id) });
        placement::tie_line(d, parent.id, line, location);
        Ok(())
    }

    /// General correspondence or a location (A2-06, A2-09).
    fn below_company(&self, d: &mut Draft<'_>, kind: RegistrationType, of: Kind) -> Result<(), Refused> {
        let parent = self.parent.as_ref().map(|parent| find_parent(d, parent, kind.parents()));
        if parent.is_none() {
            d.refuse(Refusal::ParentRequired(kind));
        }
        let location = match of {
            Kind::Location if self.location.is_some() => {
                d.refuse(Refusal::FieldNotAllowed { field: "locationId", kind });
                None
            }
            _ => self.read_location(d, parent.as_ref().and_then(|parent| parent.as_ref().ok())),
        };
        self.has_no_account(d, kind);
        self.has_no_person(d, kind);
        let salutation = contact::read_neutral_salutation(d, of, self.salutation.as_ref());
        let raw = self.company_name.as_deref().unwrap_or_default();
        let name = d.text("companyName", values::company_name(raw));
        let phones = channel::read_list(d, "phones", &self.phones);
        let emails = channel::read_list(d, "emails", &self.emails);
        let address = self.read_address(d);
        d.stop_if_refused()?;
        let parent = parent.ok_or(Refused)??;
        let id = contact::create_named(d, of, name.ok_or(Refused)?, &salutation.ok_or(Refused)?);
        placement::place(d, id, parent.id);
        placement::tie(d, id, location);
        channel::add_all(d, id, &phones);
        channel::add_all(d, id, &emails);
        set_address(d, id, address);
        Ok(())
    }

    /// The tie of a relation to a client is no contact of its own: it is made as `LinkRelation` makes it (A2-07).
    fn relation_at_client(&self, d: &mut Draft<'_>, kind: RegistrationType) -> Result<(), Refused> {
        let Some(parent) = &self.parent else { return Err(d.refuse(Refusal::ParentRequired(kind))) };
        let client = d.find_contact("parentId", parent)?;
        let Some(client) = client.customer else {
            let field = "parentId";
            let allowed = kind.parents();
            return Err(d.refuse(Refusal::LinkEndTypeNotAllowed { field, allowed }));
        };
        let Some(relation) = self.relation.clone() else {
            return Err(d.refuse(General::Required("relationNo")));
        };
        let kind = self.relation_kind.clone().unwrap_or_default();
        d.need(Permission::Write)?;
        link::LinkRelation { client: client.into(), relation, kind }.decide(d)
    }

    /// The status that a client or relation starts in.
    fn read_start(&self, d: &mut Draft<'_>, kind: RegistrationType) -> Option<ClientStatus> {
        let relation = matches!(kind, RegistrationType::RelationCompany | RegistrationType::RelationPerson);
        let usual = if relation { ClientStatus::Relation } else { ClientStatus::Client };
        let status = match self.status.as_ref().filter(|raw| !raw.trim().is_empty()) {
            Some(raw) => client_status::read_status(d, "status", raw)?,
            None => usual,
        };
        let refusal = match status {
            _ if relation == (status != ClientStatus::Relation) => {
                client_status::Refusal::NotForType { field: "status", to: status }
            }
            ClientStatus::AcceptanceDraft
            | ClientStatus::AcceptanceApproval
            | ClientStatus::AcceptanceCentral => client_status::Refusal::RegisteredInAcceptance,
            ClientStatus::Suspect
            | ClientStatus::Prospect
            | ClientStatus::Client
            | ClientStatus::ExClient
            | ClientStatus::Relation => {
                // The right by status group (A2-52).
                return d.need_change_of(status).ok().map(|()| status);
            }
        };
        d.refuse(refusal);
        None
    }

    fn read_location(&self, d: &mut Draft<'_>, parent: Option<&Arc<Contact>>) -> Option<ContactId> {
        placement::find_location(d, parent?, self.location.as_ref()?).ok()
    }

    /// Refuses what only clients and relations, and ties between them, have.
    fn has_no_account(&self, d: &mut Draft<'_>, kind: RegistrationType) {
        if given(self.status.as_ref()) {
            d.refuse(client_status::Refusal::NotApplicable {
                field: "status",
                needs: "a client or relation as the type",
            });
        }
        self.has_no_relation(d, kind);
    }

    fn has_no_relation(&self, d: &mut Draft<'_>, kind: RegistrationType) {
        let fields =
            [("relationNo", self.relation.is_some()), ("relationKind", given(self.relation_kind.as_ref()))];
        for (field, _) in fields.into_iter().filter(|(_, given)| *given) {
            d.refuse(Refusal::FieldNotAllowed { field, kind });
        }
    }

    /// Refuses what only persons have.
    fn has_no_person(&self, d: &mut Draft<'_>, kind: RegistrationType) {
        let fields = [
            ("initials", given(self.initials.as_ref())),
            ("infix", given(self.infix.as_ref())),
            ("surname", given(self.surname.as_ref())),
            ("roleCode", given(self.role_code.as_ref())),
            ("beginDate", given(self.begin_date.as_ref())),
            ("business", self.business.is_some()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, given)| *given) {
            d.refuse(Refusal::FieldNotAllowed { field, kind });
        }
    }

    /// Refuses what only a contact person has.
    fn stands_alone(&self, d: &mut Draft<'_>, kind: RegistrationType) {
        if let Some(parent) = &self.parent {
            let _reported = find_parent(d, parent, kind.parents());
        }
        if self.location.is_some() {
            d.refuse(Refusal::FieldNotAllowed { field: "locationId", kind });
        }
        self.has_no_relation(d, kind);
        let fields = [
            ("roleCode", given(self.role_code.as_ref())),
            ("beginDate", given(self.begin_date.as_ref())),
            ("business", self.business.is_some()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, given)| *given) {
            d.refuse(Refusal::FieldNotAllowed { field, kind });
        }
    }

    fn has_no_company_name(&self, d: &mut Draft<'_>, kind: RegistrationType) {
        if given(self.company_name.as_ref()) {
            d.refuse(Refusal::FieldNotAllowed { field: "companyName", kind });
        }
    }

    fn new_person(&self) -> NewPerson {
        NewPerson {
            initials: self.initials.clone(),
            infix: self.infix.clone(),
            surname: self.surname.clone().unwrap_or_default(),
            salutation: self.salutation.clone().filter(|code| !code.trim().is_empty()),
            phones: self.phones.clone(),
            emails: self.emails.clone(),
            ..NewPerson::default()
        }
    }

    fn read_address(&self, d: &mut Draft<'_>) -> Option<values::Address> {
        self.address.as_ref().and_then(|input| address::read(d, "address", input))
    }
}

impl Decide for CreateCoupledContact {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Register)?;
        let leader = d.find_contact("leaderId", &self.leader);
        let parent = find_parent(d, &self.parent, &[RegistrationType::ClientCompany]);
        if let Ok(leader) = &leader {
            leader::check_leader(d, "leaderId", leader);
            self.refuse_private_fields(d, leader);
        }
        let new = new_role(NewPerson::default(), self.role_code.as_ref(), self.begin_date.as_ref());
        let line = role::read_new_line(d, &new);
        if let (Ok(parent), Some(line)) = (&parent, &line) {
            let _reported = role::check_holder(d, parent, line.contractant);
        }
        let business = read_business(d, self.business.as_ref());
        let (leader, parent) = (leader?, parent?);
        leader::prefer_client_person(d, &leader);
        d.stop_if_refused()?;
        let (Some(line), Some(business)) = (line, business) else { return Err(Refused) };
        let id = contact::create_bare_person(d, leader.parts.clone());
        role::add_line(d, role::NewLine { business, ..line.of(parent.id, id) });
        leader::link(d, id, leader.id);
        Ok(())
    }
}

impl CreateCoupledContact {
    /// Refuses every private field that is filled in, all of them together.
    fn refuse_private_fields(&self, d: &mut Draft<'_>, leader: &Contact) {
        let fields = [
            ("initials", given(self.initials.as_ref())),
            ("infix", given(self.infix.as_ref())),
            ("surname", given(self.surname.as_ref())),
            ("address", self.address.is_some()),
            ("privateEmail", given(self.private_email.as_ref())),
            ("privateMobile", given(self.private_mobile.as_ref())),
        ];
        for (field, _) in fields.into_iter().filter(|(_, given)| *given) {
            d.refuse(General::FieldFollowsLeader {
                field,
                leader: leader.id,
                leader_number: leader.number.clone(),
            });
        }
    }
}

/// The role of a contact person whose role is left out; a built-in code of the list ROLE.
pub(crate) const DEFAULT_ROLE: &str = "CONTACT_PERSON";

/// Whether anything was typed; a form sends an empty text for a field that was left alone.
fn given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn read_type(d: &mut Draft<'_>, raw: &str) -> Result<RegistrationType, Refused> {
    d.choice("type", (RegistrationType::ALL, RegistrationType::name), raw).ok_or(Refused)
}

/// The parent that a reference names, when it is of an allowed type and at the expected version.
fn find_parent(
    d: &mut Draft<'_>,
    parent: &ContactRef,
    allowed: &'static [RegistrationType],
) -> Result<Arc<Contact>, Refused> {
    let parent = find_end(d, "parentId", parent, allowed)?;
    d.address(EntityId::Contact(parent.id))?;
    Ok(parent)
}

/// The contact that a reference names, when something of these types may hang on it.
pub(crate) fn find_end(
    d: &mut Draft<'_>,
    field: &'static str,
    parent: &ContactRef,
    allowed: &'static [RegistrationType],
) -> Result<Arc<Contact>, Refused> {
    let parent = d.find_contact(field, parent)?;
    let is = type_in(d, &parent);
    if !is.is_some_and(|is| allowed.contains(&is)) {
        return Err(d.refuse(Refusal::ParentTypeNotAllowed { field, parent: parent.id, is, allowed }));
    }
    Ok(parent)
}

/// The role line of a new contact person, before it is checked.
fn new_role(person: NewPerson, role_code: Option<&String>, begin_date: Option<&String>) -> NewPersonRole {
    let filled = |text: Option<&String>| text.filter(|text| !text.trim().is_empty()).cloned();
    NewPersonRole {
        person,
        role_code: filled(role_code).unwrap_or_else(|| DEFAULT_ROLE.to_owned()),
        begin_date: filled(begin_date),
    }
}

pub(crate) fn read_business(d: &mut Draft<'_>, input: Option<&BusinessInput>) -> Option<BusinessBlock> {
    match input {
        Some(input) => role::read_business(d, input),
        None => Some(BusinessBlock::default()),
    }
}

fn set_address(d: &mut Draft<'_>, contact: ContactId, address: Option<values::Address>) {
    if let Some(address) = address {
        let today = d.today();
        address::set_correspondence(d, contact, today, &address);
    }
}

#[cfg(test)]
pub(crate) mod tests;
