//! What a desk should look at although no command was wrong (X-10; E1-35, E1-40, E1-54, D-6).
//!
//! A check is a question about one contact, asked of folded states; nothing here decides, and no command is refused for
//! it. [`Check::finding`] is the rule. Some rules look at other entities or at the calendar, so a list cannot keep their
//! answers: it keeps [`of_contact`] and [`of_customer`], every contact that a check could be about, and asks the rule when
//! it is read.

#[cfg(test)]
mod tests;

use crate::channel::{self, Detail};
use crate::code_list::SalutationKind;
use crate::contact::{Contact, Kind};
use crate::customer::Customer;
use crate::ids::{ContactId, CustomerId};
use crate::leader::{MailPreference, mail_choices};
use crate::personal_data;
use crate::values::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

// ---- state

/// What is looked for. The numbers stand in read models only.
///
/// What the model cannot hold is no check: several contractants shown first (I2), a name that differs from its parts
/// (I3, I6), another e-mail address at the household than at its customer (I12).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Check {
    /// A death is recorded and the salutation is not one of heirs.
    DeceasedSalutation,
    /// A salutation of heirs and no death.
    HeirsWithoutDeath,
    /// The salutation contradicts the gender. Sensitive: it tells the gender.
    SalutationGender,
    /// A deceased contractant while the lease runs.
    DeceasedContractantLeaseRunning,
    /// A customer that should pay somehow and has no payment line.
    NoPaymentData,
    /// A customer without correspondence address.
    NoAddress,
    /// Initials that are not capitals with dots.
    InitialsForm,
    /// Reached by business e-mail, and none is known.
    MailPreferenceWithoutEmail,
}

crate::stored_numbers! { Check {
    DeceasedSalutation = 1 "DECEASED_SALUTATION",
    HeirsWithoutDeath = 2 "HEIRS_WITHOUT_DEATH",
    SalutationGender = 3 "SALUTATION_GENDER",
    DeceasedContractantLeaseRunning = 4 "DECEASED_CONTRACTANT_LEASE_RUNNING",
    NoPaymentData = 5 "NO_PAYMENT_DATA",
    NoAddress = 6 "NO_ADDRESS",
    InitialsForm = 7 "INITIALS_FORM",
    MailPreferenceWithoutEmail = 8 "MAIL_PREFERENCE_WITHOUT_EMAIL",
} }

/// How soon a finding should be looked at.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Priority {
    /// A lease runs on it.
    High,
    /// As soon as there is time.
    Medium,
    /// It does no harm meanwhile.
    Low,
}

/// What a rule may look at beside the contact that it is about.
pub struct Look<'a> {
    /// A contact by id.
    pub contact: &'a dyn Fn(ContactId) -> Option<Arc<Contact>>,
    /// A customer by id.
    pub customer: &'a dyn Fn(CustomerId) -> Option<Arc<Customer>>,
    /// What a salutation code means.
    pub salutation: &'a dyn Fn(&str) -> Option<SalutationKind>,
    /// Today in Europe/Amsterdam.
    pub today: Date,
}

impl Check {
    /// What is wrong, and what to do about it. The same for every finding: it holds nobody's data.
    pub fn message(self) -> &'static str {
        match self {
            Self::DeceasedSalutation => {
                "A death is recorded, and letters do not go to the heirs: set a salutation of heirs with setSalutation."
            }
            Self::HeirsWithoutDeath => {
                "Letters go to the heirs of somebody who is not recorded as deceased: set another salutation with \
                 setSalutation, or record the death with recordDeath."
            }
            Self::SalutationGender => {
                "The salutation does not fit the gender: check which of the two is right, and correct it with \
                 changePersonalData."
            }
            Self::DeceasedContractantLeaseRunning => {
                "A contractant is deceased and the lease runs: let the tenancy system end the lease, or add a contractant \
                 and remove the role of the deceased."
            }
            Self::NoPaymentData => "The customer has no payment line: add one with addPaymentLine.",
            Self::NoAddress => {
                "The customer has no correspondence address: add one with changeCorrespondenceAddress."
            }
            Self::InitialsForm => {
                "The initials are not capitals with dots, such as an \"x\" that was to be replaced: correct them with \
                 changePersonName."
            }
            Self::MailPreferenceWithoutEmail => {
                "Mail is to go to the business address, and none is known: add one with changeChannels or \
                 changeBusinessData, or choose private mail with setMailPreference."
            }
        }
    }

    /// [`Check::message`] in Dutch. The names of commands are what they are.
    pub fn message_nl(self) -> &'static str {
        match self {
            Self::DeceasedSalutation => {
                "Er is een overlijden vastgelegd en brieven gaan niet naar de erven: kies de aanhef 'De erven van' met \
                 setSalutation."
            }
            Self::HeirsWithoutDeath => {
                "Brieven gaan naar de erven van iemand die niet als overleden is vastgelegd: kies een andere aanhef met \
                 setSalutation, of leg het overlijden vast met recordDeath."
            }
            Self::SalutationGender => {
                "De aanhef past niet bij het geslacht: ga na welke van de twee klopt en verbeter de andere met \
                 changePersonalData."
            }
            Self::DeceasedContractantLeaseRunning => {
                "Een contractant is overleden en de huur loopt: laat het huursysteem de huur beëindigen, of voeg een \
                 contractant toe en verwijder de rol van de overledene."
            }
            Self::NoPaymentData => {
                "De klant heeft geen betalingsgegevens: voeg een betaalregel toe met addPaymentLine."
            }
            Self::NoAddress => {
                "De klant heeft geen correspondentieadres: voeg er een toe met changeCorrespondenceAddress."
            }
            Self::InitialsForm => {
                "De voorletters zijn geen hoofdletters met punten, zoals een \"x\" die nog vervangen moest worden: \
                 verbeter ze met changePersonName."
            }
            Self::MailPreferenceWithoutEmail => {
                "Post moet naar het zakelijke e-mailadres en dat is niet bekend: voeg er een toe met changeChannels of \
                 changeBusinessData, of kies privé met setMailPreference."
            }
        }
    }

    /// The priorities that its findings may have, the most urgent first: the order of its list.
    pub fn priorities(self) -> &'static [Priority] {
        match self {
            Self::DeceasedSalutation | Self::NoPaymentData => &[Priority::High, Priority::Medium],
            Self::DeceasedContractantLeaseRunning => &[Priority::High],
            Self::SalutationGender | Self::NoAddress | Self::MailPreferenceWithoutEmail => {
                &[Priority::Medium]
            }
            Self::HeirsWithoutDeath | Self::InitialsForm => &[Priority::Low],
        }
    }

    /// Whether its list tells a sensitive value (I18).
    pub fn sensitive(self) -> bool {
        self == Self::SalutationGender
    }

    /// Whether the rule may look at others whom the reader does not see (A2-52): where looking past them would find what is
    /// not so, or miss what is, and the finding tells of nobody but whom it is about. How urgent a finding is tells of the
    /// household that rents, so a hidden one does not count.
    pub fn looks_at_anybody(self) -> bool {
        match self {
            Self::DeceasedContractantLeaseRunning | Self::MailPreferenceWithoutEmail => true,
            Self::DeceasedSalutation
            | Self::HeirsWithoutDeath
            | Self::SalutationGender
            | Self::NoPaymentData
            | Self::NoAddress
            | Self::InitialsForm => false,
        }
    }

    /// Whether [`of_contact`] answers it whole: the rule looks at the contact and its salutation code alone.
    pub fn looks_at_one_contact(self) -> bool {
        match self {
            Self::HeirsWithoutDeath | Self::SalutationGender | Self::InitialsForm => true,
            Self::DeceasedSalutation
            | Self::DeceasedContractantLeaseRunning
            | Self::NoPaymentData
            | Self::NoAddress
            | Self::MailPreferenceWithoutEmail => false,
        }
    }

    /// The rule: whether something is to be done about this contact, and how soon.
    pub fn finding(self, about: &Contact, look: &Look<'_>) -> Option<Priority> {
        match self {
            Self::DeceasedSalutation => deceased_salutation(about, look),
            Self::HeirsWithoutDeath => heirs_without_death(about, look.salutation).then_some(Priority::Low),
            Self::SalutationGender => salutation_gender(about, look.salutation).then_some(Priority::Medium),
            Self::DeceasedContractantLeaseRunning => {
                deceased_contractant(about, look).then_some(Priority::High)
            }
            Self::NoPaymentData => no_payment_data(about, look),
            Self::NoAddress => no_address(about, look).then_some(Priority::Medium),
            Self::InitialsForm => initials_form(about).then_some(Priority::Low),
            Self::MailPreferenceWithoutEmail => no_business_email(about, look).then_some(Priority::Medium),
        }
    }
}

// ---- what a list keeps

/// What a contact's own state gives rise to: the checks, and whom each could be about. Without dates and other entities,
/// so it holds until the contact changes, or the meaning of its salutation does. A contact that a check is about and
/// that is missing here, [`of_customer`] or another contact names.
pub fn of_contact(
    contact: &Contact,
    salutation: &dyn Fn(&str) -> Option<SalutationKind>,
) -> BTreeSet<(Check, ContactId)> {
    let mut found = BTreeSet::new();
    let mut add = |is: bool, check: Check| {
        if is {
            found.insert((check, contact.id));
        }
    };
    add(not_yet_heirs(contact, salutation), Check::DeceasedSalutation);
    add(heirs_without_death(contact, salutation), Check::HeirsWithoutDeath);
    add(salutation_gender(contact, salutation), Check::SalutationGender);
    add(contact.customer.is_some() && contact.correspondence.is_empty(), Check::NoAddress);
    add(initials_form(contact), Check::InitialsForm);
    add(wants_business_email(contact), Check::MailPreferenceWithoutEmail);
    if contact.deceased() {
        // A death does not touch the household where it leaves the roles as they are: the person names it.
        let holders = contact.roles.iter().map(|(holder, _)| *holder);
        let own = contact.customer.map(|_| contact.id);
        found.extend(holders.chain(own).map(|about| (Check::DeceasedContractantLeaseRunning, about)));
    }
    found
}

/// What a customer's own state gives rise to at its contact: see [`of_contact`].
pub fn of_customer(customer: &Customer) -> Option<(Check, ContactId)> {
    lacks_payment_lines(customer).then_some((Check::NoPaymentData, customer.contact))
}

// ---- the rules

/// E1-35: the heirs are to be addressed; first where a lease runs.
fn deceased_salutation(person: &Contact, look: &Look<'_>) -> Option<Priority> {
    if !not_yet_heirs(person, look.salutation) {
        return None;
    }
    let rents = |holder: ContactId| {
        (look.contact)(holder).is_some_and(|holder| {
            lease_runs(&holder, look)
                && (holder.id == person.id || holder.contractants().any(|line| line.person == person.id))
        })
    };
    let urgent = rents(person.id) || person.roles.iter().any(|(holder, _)| rents(*holder));
    Some(if urgent { Priority::High } else { Priority::Medium })
}

fn not_yet_heirs(person: &Contact, salutation: &dyn Fn(&str) -> Option<SalutationKind>) -> bool {
    person.deceased() && meaning(person, salutation) != Some(SalutationKind::HeirsOf)
}

/// E1-35, the other way round. No command leads to it; a code that came to mean heirs later does.
fn heirs_without_death(contact: &Contact, salutation: &dyn Fn(&str) -> Option<SalutationKind>) -> bool {
    !contact.deceased() && meaning(contact, salutation) == Some(SalutationKind::HeirsOf)
}

/// E1-40: the warning of the command, as long as it holds.
fn salutation_gender(person: &Contact, salutation: &dyn Fn(&str) -> Option<SalutationKind>) -> bool {
    personal_data::contradicts(meaning(person, salutation), person.gender)
}

fn meaning(contact: &Contact, salutation: &dyn Fn(&str) -> Option<SalutationKind>) -> Option<SalutationKind> {
    contact.salutation.as_deref().and_then(salutation)
}

/// D-6: until the lease ends. A person that rents for itself counts as its own contractant.
fn deceased_contractant(holder: &Contact, look: &Look<'_>) -> bool {
    let dead = |person: ContactId| (look.contact)(person).is_some_and(|person| person.deceased());
    lease_runs(holder, look) && (holder.deceased() || holder.contractants().any(|line| dead(line.person)))
}

/// E1-54: a customer that rents something, or that had a payment line, and has none left.
fn no_payment_data(contact: &Contact, look: &Look<'_>) -> Option<Priority> {
    let customer =
        contact.customer.and_then(look.customer).filter(|customer| lacks_payment_lines(customer))?;
    if customer.lease_running(look.today) {
        return Some(Priority::High);
    }
    (!customer.payment_lines.is_empty()).then_some(Priority::Medium)
}

fn lacks_payment_lines(customer: &Customer) -> bool {
    let concerned = !customer.leases.is_empty() || !customer.payment_lines.is_empty();
    customer.active && concerned && customer.payment_lines.iter().all(|line| line.withdrawn)
}

/// nowhere to write to. An address that begins later is one too.
fn no_address(contact: &Contact, look: &Look<'_>) -> bool {
    contact.correspondence.is_empty()
        && contact.customer.and_then(look.customer).is_some_and(|customer| customer.active)
}

/// what is typed gets its capitals and dots; only the placeholder of A1-13 stays as it is. A follower's are its
/// leader's, and are corrected there.
fn initials_form(person: &Contact) -> bool {
    let initials = &person.parts.initials;
    let begins_small = initials.chars().next().is_some_and(char::is_lowercase);
    person.kind == Kind::Person
        && person.leader.is_none()
        && !initials.is_empty()
        && (begins_small || !initials.ends_with('.'))
}

/// by e-mail, and no address for it. "Private" is what a registration begins with and tells nothing.
fn no_business_email(person: &Contact, look: &Look<'_>) -> bool {
    if !wants_business_email(person) {
        return false;
    }
    let of_line = |(holder, line): &(ContactId, u32)| {
        (look.contact)(*holder).and_then(|holder| holder.line(*line)?.business.email.clone())
    };
    let business: Vec<_> = person.roles.iter().filter_map(of_line).collect();
    !mail_choices(person, None, &business).iter().any(|choice| choice.offered)
}

fn wants_business_email(person: &Contact) -> bool {
    let own = |channel: &channel::Channel| {
        channel.kind == channel::Kind::Email
            && channel.detail == Detail::Business
            && !channel.value.is_empty()
    };
    person.mail_preference == MailPreference::Business && !person.channels.iter().any(own)
}

/// Whether the contact's customer is active and a lease of it has not ended.
fn lease_runs(contact: &Contact, look: &Look<'_>) -> bool {
    contact.customer.and_then(look.customer).is_some_and(|customer| customer.rents(look.today))
}
