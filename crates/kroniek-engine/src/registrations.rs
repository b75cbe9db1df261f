//! Lists of registrations by type (A2-10).

use crate::fault::EngineFault;
use crate::snapshot::Snapshot;
use kroniek_domain::contact::Kind;
use kroniek_domain::registration::{RegistrationType, registration_type};
use kroniek_domain::status_right::Statuses;
use kroniek_domain::{ContactId, contact, customer};
use kroniek_views::Page;
use std::cell::RefCell;
use std::sync::Arc;

/// Contacts that are looked at for one page at most, where the type does not show in a column.
const MOST_LOOKED_AT: usize = 2_000;

/// A page of registrations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Registrations {
    /// The contacts in order of age, possibly fewer than asked for although there are more.
    pub contacts: Vec<ContactId>,
    /// After which contact the next page goes on; `None` when this is the last.
    pub next: Option<u64>,
}

impl Snapshot {
    /// The registrations of a type, by number, name or address. What whoever reads may not see makes none (A2-52): whom
    /// only a hidden company has as its contact person is no contact person here.
    pub fn registrations(
        &self,
        kind: RegistrationType,
        text: &str,
        page: Page,
    ) -> Result<Registrations, EngineFault> {
        let (of, statuses) = match kind {
            RegistrationType::ClientCompany => (Some(Kind::Company), Statuses::CLIENTS),
            RegistrationType::ClientPerson => (Some(Kind::Person), Statuses::CLIENTS),
            RegistrationType::RelationCompany => (Some(Kind::Company), Statuses::RELATIONS),
            RegistrationType::RelationPerson => (Some(Kind::Person), Statuses::RELATIONS),
            RegistrationType::ContactPerson => (Some(Kind::Person), Statuses::NONE),
            RegistrationType::GeneralCorrespondence => (Some(Kind::GeneralCorrespondence), Statuses::ALL),
            RegistrationType::RelationAtClient => (None, Statuses::CLIENTS),
            // Never made any more, and nothing brings old ones in (A2-08).
            RegistrationType::EmployeeAtClient => return Ok(Registrations::default()),
            RegistrationType::Location => (Some(Kind::Location), Statuses::ALL),
        };
        let seen = self.seen().and(statuses);
        let (mut contacts, mut after, mut looked_at) = (Vec::new(), page.after, 0);
        loop {
            let next = Page { after, first: page.first + 1 };
            let found = self.reader().find_contacts(of, text, next, seen)?;
            for contact in found.items {
                if looked_at == MOST_LOOKED_AT {
                    return Ok(Registrations { contacts, next: Some(after) });
                }
                looked_at += 1;
                if self.is_registration(kind, contact)? {
                    if contacts.len() == page.first {
                        return Ok(Registrations { contacts, next: Some(after) });
                    }
                    contacts.push(contact);
                }
                after = contact.0;
            }
            if !found.more {
                return Ok(Registrations { contacts, next: None });
            }
        }
    }

    /// Whether a contact of the right kind and status is of the type, where these do not tell.
    fn is_registration(&self, kind: RegistrationType, id: ContactId) -> Result<bool, EngineFault> {
        if !matches!(kind, RegistrationType::ContactPerson | RegistrationType::RelationAtClient) {
            return Ok(true);
        }
        let Some(contact) = self.contact(id)? else { return Ok(false) };
        if kind == RegistrationType::ContactPerson {
            return Ok(self.type_of(&contact.state)? == Some(kind));
        }
        let Some(client) = contact.state.customer.map_or(Ok(None), |id| self.customer(id))? else {
            return Ok(false);
        };
        for (relation, _) in &client.state.relations {
            if self.customer(*relation)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn type_of(&self, contact: &contact::Contact) -> Result<Option<RegistrationType>, EngineFault> {
        // The domain knows no faults: the first one is kept, and the answer thrown away.
        let broken = RefCell::new(None);
        let keep = |fault: EngineFault| {
            broken.borrow_mut().get_or_insert(fault);
        };
        let contact_of = |id| -> Option<Arc<contact::Contact>> {
            self.contact(id).map_err(keep).ok().flatten().map(|found| found.state)
        };
        let customer_of = |id| -> Option<Arc<customer::Customer>> {
            self.customer(id).map_err(keep).ok().flatten().map(|found| found.state)
        };
        let kind = registration_type(contact, &contact_of, &customer_of);
        broken.into_inner().map_or(Ok(kind), Err)
    }
}
