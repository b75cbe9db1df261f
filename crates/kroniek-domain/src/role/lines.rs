//! What commands of several capabilities do with role lines, and what follows from it.

use super::{
    BusinessBlock, BusinessInput, Cause, Contact, Kind, Refusal, RoleAdded, RoleLine, RoleRemoved,
    RoleRestored, ShownFirstChanged, set_portal,
};
use crate::client_status;
use crate::code_list;
use crate::contact::{HouseholdNameChanged, NewPersonRole};
use crate::customer::Customer;
use crate::draft::{Draft, Refused};
use crate::ids::{ContactId, CustomerId};
use crate::personal::Personal;
use crate::placement;
use crate::problem::General;
use crate::registration::{RegistrationType, registration_type};
use crate::values::{self, Date};
use std::sync::Arc;

/// A new line whose code and dates have been checked, before it is known for whom.
pub(crate) struct ReadLine {
    pub(crate) role: String,
    pub(crate) contractant: bool,
    begin: Date,
    cause: Option<String>,
}

/// A line that is about to be made.
pub(crate) struct NewLine {
    pub(crate) holder: ContactId,
    pub(crate) person: ContactId,
    pub(crate) role: String,
    pub(crate) contractant: bool,
    pub(crate) begin: Date,
    pub(crate) cause: Option<String>,
    pub(crate) business: BusinessBlock,
}

impl ReadLine {
    pub(crate) fn of(self, holder: ContactId, person: ContactId) -> NewLine {
        let Self { role, contractant, begin, cause } = self;
        NewLine { holder, person, role, contractant, begin, cause, business: BusinessBlock::default() }
    }
}

/// Checks role code and begin: the code must be in force when the role begins (E1-10, §8).
pub(crate) fn read_line(
    d: &mut Draft<'_>,
    role_code: &str,
    begin: Option<&String>,
    cause: Option<&String>,
) -> Option<ReadLine> {
    let begin = d.date_or_today("beginDate", begin);
    let cause = d.optional_text("cause", cause, |raw| values::code(raw, crate::draft::CODE_LIMIT));
    let on = begin.unwrap_or_else(|| d.today());
    let role = d.code("roleCode", code_list::ROLE, role_code, on)?;
    let contractant =
        d.code_list(code_list::ROLE).row(&role).is_some_and(|row| row.properties.is_contractant);
    Some(ReadLine { role, contractant, begin: begin?, cause: cause? })
}

/// As [`read_line`], for a person that is made together with its line.
pub(crate) fn read_new_line(d: &mut Draft<'_>, new: &NewPersonRole) -> Option<ReadLine> {
    read_line(d, &new.role_code, new.begin_date.as_ref(), None)
}

/// Checks that the contact may hold such a line.
pub(crate) fn check_holder(d: &mut Draft<'_>, holder: &Contact, contractant: bool) -> Result<(), Refused> {
    if (holder.kind == Kind::Person && holder.customer.is_none()) || !holder.kind.stands_alone() {
        return Err(d.refuse(Refusal::HolderNotAllowed));
    }
    if contractant && holder.kind != Kind::Household {
        return Err(d.refuse(Refusal::ContractantNeedsHousehold));
    }
    Ok(())
}

/// Records a line. The first contractant of a household is shown first (D-4).
pub(crate) fn add_line(d: &mut Draft<'_>, new: NewLine) -> u32 {
    let NewLine { holder, person, role, contractant, begin, cause, business } = new;
    let line = d.contact(holder).map_or(1, |c| c.next_line);
    let business = Personal::new(person, business);
    d.record_with(RoleAdded { holder, person, line, role, contractant, begin, cause, business }, |d| {
        if contractant && d.contact(holder).is_some_and(|c| c.shown_first.is_none()) {
            show_first(d, holder, Some(person), Cause::Request);
        }
    });
    line
}

/// Records the end of a line. When the last contractant leaves, nobody is shown first.
pub(crate) fn remove_line(d: &mut Draft<'_>, holder: ContactId, line: &RoleLine, cause: Cause) {
    let event = RoleRemoved {
        holder,
        person: line.person,
        line: line.line,
        role: line.role.clone(),
        end: d.today(),
        cause,
    };
    d.record_with(event, |d| {
        placement::tie_line(d, holder, line.line, None);
        let nobody = d
            .contact(holder)
            .is_some_and(|c| c.shown_first == Some(line.person) && c.contractants().next().is_none());
        if nobody {
            show_first(d, holder, None, cause);
        }
    });
}

/// Records that a line which a death had ended is back, where it was (E1-38). It opens the portal no more when its holder
/// has left as a client since (A1-04).
pub(crate) fn restore_line(d: &mut Draft<'_>, holder: ContactId, person: ContactId, line: u32) {
    d.record_with(RoleRestored { holder, person, line }, |d| {
        placement::tie_line_again(d, holder, line);
        let open = d.contact(holder).is_some_and(|holder| {
            client_status::has_left(&holder) && holder.line(line).is_some_and(|line| line.portal)
        });
        if open {
            set_portal(d, holder, line, false);
        }
    });
}

/// Records who is shown first, and the household's name that follows from it (E1-27).
pub(crate) fn show_first(d: &mut Draft<'_>, household: ContactId, to: Option<ContactId>, cause: Cause) {
    let from = d.contact(household).and_then(|c| c.shown_first);
    if from != to {
        d.record_with(ShownFirstChanged { household, from, to, cause }, |d| {
            rename_household(d, household, from);
        });
    }
}

/// Records the derived name of a household when it differs (I3, §7). `was` is who was shown first until now: the name so
/// far is that person's data.
pub(crate) fn rename_household(d: &mut Draft<'_>, household: ContactId, was: Option<ContactId>) {
    let Some(contact) = d.contact(household).filter(|c| c.kind == Kind::Household) else { return };
    let first = contact.shown_first.and_then(|id| d.contact(id));
    let (subject, name) = match first {
        Some(person) => (person.id, person.name.clone()),
        None => (household, contact.own_name()),
    };
    // A household that has no name of its own keeps the last one that a contractant lent it.
    if name != contact.name && !name.is_empty() {
        d.record(HouseholdNameChanged {
            household,
            old: Personal::new(was.unwrap_or(contact.named_after), contact.name.clone()),
            new: Personal::new(subject, name),
        });
    }
}

/// Records the names of all households that show this person first (E1-15).
pub(crate) fn rename_households(d: &mut Draft<'_>, person: ContactId) {
    let Some(contact) = d.contact(person) else { return };
    let mut households: Vec<_> = contact.roles.iter().map(|(holder, _)| *holder).collect();
    households.sort_unstable();
    households.dedup();
    for household in households {
        if d.contact(household).is_some_and(|c| c.shown_first == Some(person)) {
            rename_household(d, household, Some(person));
        }
    }
}

/// Why this line cannot be removed now, if so (E1-32, D-28, D-31). Also answers which lines can (`removableRoles`).
pub fn removal_refusal(
    holder: &Contact,
    line: &RoleLine,
    today: Date,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
    customer_of: &dyn Fn(CustomerId) -> Option<Arc<Customer>>,
) -> Option<Refusal> {
    let lease_runs = || holder.customer.and_then(customer_of).is_some_and(|customer| customer.rents(today));
    contractant_refusal(holder, line, lease_runs, contact_of)
        .or_else(|| stranded(holder, line, contact_of, customer_of).then_some(Refusal::ParentRequired))
}

/// A household keeps somebody who signed while its lease runs, and shows a contractant first while it has one.
fn contractant_refusal(
    holder: &Contact,
    line: &RoleLine,
    lease_runs: impl FnOnce() -> bool,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
) -> Option<Refusal> {
    if !line.contractant {
        return None;
    }
    let others: Vec<_> = holder.contractants().filter(|l| l.person != line.person).collect();
    if others.is_empty() {
        return lease_runs().then_some(Refusal::LastContractant(holder.id));
    }
    if holder.shown_first != Some(line.person) {
        return None;
    }
    let found: Vec<_> = others.iter().filter_map(|l| contact_of(l.person)).collect();
    let living = found.iter().filter(|person| !person.deceased());
    Some(Refusal::ShownFirstCannotBeRemoved {
        household: holder.id,
        others: living.map(|person| (person.number.clone(), person.name.clone())).collect(),
        // Of whom the actor may not see nothing is said, also not that they live (A2-52).
        all_deceased: found.len() == others.len() && found.iter().all(|person| person.deceased()),
    })
}

/// Whether the person of the line is a contact person by this line alone: it would stand alone without it (D-28).
fn stranded(
    holder: &Contact,
    line: &RoleLine,
    contact_of: &dyn Fn(ContactId) -> Option<Arc<Contact>>,
    customer_of: &dyn Fn(CustomerId) -> Option<Arc<Customer>>,
) -> bool {
    // Who is dead stands alone as after the other answer to the question of its death (E1-36).
    let Some(person) = contact_of(line.person).filter(|person| !person.deceased()) else { return false };
    let is_contact_person = |person: &Contact| {
        registration_type(person, contact_of, customer_of) == Some(RegistrationType::ContactPerson)
    };
    let mut alone = Contact::clone(&person);
    alone.roles.retain(|role| *role != (holder.id, line.line));
    is_contact_person(&person) && !is_contact_person(&alone)
}

/// A line by its number; one of somebody whom the actor may not see is not there (A2-52).
pub(crate) fn find<'h>(d: &mut Draft<'_>, holder: &'h Contact, line: u32) -> Result<&'h RoleLine, Refused> {
    let found = holder.line(line).filter(|line| d.sees_id(line.person));
    found.ok_or_else(|| d.refuse(Refusal::LineNotFound))
}

/// Checks business data for a new line.
pub(crate) fn read_business(d: &mut Draft<'_>, input: &BusinessInput) -> Option<BusinessBlock> {
    change_business(d, &BusinessBlock::default(), input)
}

/// Checks changed business data; `None` in the input leaves what was.
pub(crate) fn change_business(
    d: &mut Draft<'_>,
    before: &BusinessBlock,
    input: &BusinessInput,
) -> Option<BusinessBlock> {
    let mut text = |field, raw: &Option<String>, had: &Option<String>| match raw {
        None => Some(had.clone()),
        raw => d.optional_text(field, raw.as_ref(), |raw| values::line(raw, 80)),
    };
    let function = text("business.function", &input.function, &before.function);
    let department = text("business.department", &input.department, &before.department);
    let checked = |raw: &Option<String>, had: &Option<String>, read: fn(&str) -> Option<String>| match raw {
        None => Some(had.clone()),
        Some(raw) if raw.trim().is_empty() => Some(None),
        Some(raw) => read(raw).map(Some),
    };
    let phone = checked(&input.phone, &before.phone, values::phone);
    let email = checked(&input.email, &before.email, values::email);
    if phone.is_none() {
        d.refuse(Refusal::InvalidPhone);
    }
    if email.is_none() {
        if input.email.as_deref().is_some_and(values::email_too_long) {
            d.refuse(General::TooLong { field: "business.email", limit: values::EMAIL_LIMIT });
        } else {
            d.refuse(Refusal::InvalidEmail);
        }
    }
    Some(BusinessBlock { function: function?, department: department?, phone: phone?, email: email? })
}
