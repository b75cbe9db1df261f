//! Lists of registrations by type (A2-10).

use crate::fault::EngineFault;
use crate::first_fault::FirstFault;
use crate::snapshot::Snapshot;
use kroniek_domain::contact::Kind;
use kroniek_domain::registration::{RegistrationType, registration_type};
use kroniek_domain::status_right::Statuses;
use kroniek_domain::{ContactId, contact};
use kroniek_views::{Found, Page};

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
        filtered(
            page,
            |next| Ok(self.reader().find_contacts(of, text, next, seen)?),
            |contact| self.is_registration(kind, contact),
        )
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
        let faults = FirstFault::default();
        let contact_of = |id| faults.kept(self.contact(id)).map(|found| found.state);
        let customer_of = |id| faults.kept(self.customer(id)).map(|found| found.state);
        let kind = registration_type(contact, &contact_of, &customer_of);
        faults.checked(kind)
    }
}

/// A page of those contacts of a list that are registrations; it ends early when too many had to be looked at.
fn filtered(
    page: Page,
    list: impl Fn(Page) -> Result<Found<ContactId>, EngineFault>,
    is: impl Fn(ContactId) -> Result<bool, EngineFault>,
) -> Result<Registrations, EngineFault> {
    let (mut contacts, mut after, mut looked_at) = (Vec::new(), page.after, 0);
    loop {
        let found = list(Page { after, first: page.first + 1 })?;
        for contact in found.items {
            if looked_at == MOST_LOOKED_AT {
                return Ok(Registrations { contacts, next: Some(after) });
            }
            looked_at += 1;
            if is(contact)? {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of the contacts 1 to `last`, of which every one that `step` divides is a registration.
    fn page(last: u64, step: u64, after: u64, first: usize) -> Registrations {
        let numbers = |page: Page| {
            let end = last.min(page.after + page.first as u64);
            let items = (page.after + 1..=end).map(ContactId).collect();
            Ok(Found { items, more: end < last })
        };
        filtered(Page { after, first }, numbers, |contact| Ok(contact.0 % step == 0)).unwrap()
    }

    fn ids(page: &Registrations) -> Vec<u64> {
        page.contacts.iter().map(|contact| contact.0).collect()
    }

    #[test]
    fn a2_10_pages_follow_each_other_without_a_gap_and_the_last_says_so() {
        let first = page(10, 2, 0, 3);
        assert_eq!((ids(&first), first.next), (vec![2, 4, 6], Some(7)));
        let second = page(10, 2, 7, 3);
        assert_eq!((ids(&second), second.next), (vec![8, 10], None));
        let exactly = page(10, 2, 0, 5);
        assert_eq!((exactly.contacts.len(), exactly.next), (5, None), "nothing of the type follows");
        assert_eq!(page(0, 1, 0, 3), Registrations::default());
    }

    #[test]
    fn a2_10_a_page_ends_after_so_many_that_were_looked_at_and_goes_on_there() {
        let most = MOST_LOOKED_AT as u64;
        let only = most + 5;
        let empty = page(most + 10, only, 0, 20);
        assert_eq!((ids(&empty), empty.next), (vec![], Some(most)));
        let rest = page(most + 10, only, most, 20);
        assert_eq!((ids(&rest), rest.next), (vec![only], None));
    }
}
