//! Commands as a housing corporation gives them, made from numbers so that every run has the same ones.

use kroniek::domain::address::{AddressInput, ChangeCorrespondenceAddress, TypedAddress};
use kroniek::domain::bank_account::AddBankAccount;
use kroniek::domain::channel::{
    ChangeChannels, Detail, Kind as ChannelKind, OwnerRef, Status, WantedChannel,
};
use kroniek::domain::contact::{ChangePersonName, CreateContact, Kind, NewPerson, NewPersonRole};
use kroniek::domain::customer::ActivateCustomer;
use kroniek::domain::payment::AddPaymentLine;
use kroniek::domain::role::{AddRole, PersonChoice};
use kroniek::domain::{ContactId, ContactRef, CustomerId, PartyRef};
use kroniek::engine::{Done, Engine};
use kroniek::{Actor, Command, EntityId, Outcome as Answer, Request};

use super::Outcome;

const SURNAMES: &[&str] = &[
    "Bakker",
    "Jansen",
    "de Vries",
    "van den Berg",
    "van Dijk",
    "Visser",
    "Smit",
    "Meijer",
    "de Boer",
    "Mulder",
    "de Groot",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "van Leeuwen",
    "Dekker",
    "Brouwer",
    "de Wit",
    "Dijkstra",
];
const STREETS: &[&str] =
    &["Dorpsstraat", "Kerkstraat", "Schoolstraat", "Molenweg", "Julianalaan", "Stationsweg"];
const CITIES: &[&str] = &["Rotterdam", "Den Haag", "Utrecht", "Gouda", "Leiden", "Delft"];

fn pick(from: &[&str], number: u64) -> String {
    let at = usize::try_from(number % from.len() as u64).unwrap_or_default();
    from.get(at).copied().unwrap_or_default().to_owned()
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

/// A household and the contractant in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Household {
    pub(crate) contact: ContactId,
    pub(crate) person: ContactId,
    pub(crate) customer: CustomerId,
}

fn surname(number: u64) -> String {
    let first = pick(SURNAMES, number);
    // Enough different ones that an index on names has something to do.
    let last = number / SURNAMES.len() as u64 % 5000;
    let letters: String = last.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
    format!("{first}-{}", pick(SURNAMES, number / 7) + &letters)
}

/// A household with a contractant in it: four events.
pub(crate) fn create_household(number: u64) -> CreateContact {
    CreateContact {
        person: Some(NewPersonRole {
            person: NewPerson {
                initials: Some("A.B.".into()),
                surname: surname(number),
                ..NewPerson::default()
            },
            role_code: "CONTRACTANT".into(),
            begin_date: Some("2020-01-01".into()),
        }),
        ..CreateContact::new(Kind::Household)
    }
}

pub(crate) fn activate(contact: ContactId, number: u64) -> ActivateCustomer {
    ActivateCustomer {
        household: contact.into(),
        lease_ref: format!("L{number:07}"),
        unit: Some(format!("U{number:07}")),
        start_date: "2020-01-01".into(),
    }
}

pub(crate) fn rename(person: ContactId, number: u64) -> ChangePersonName {
    ChangePersonName {
        person: person.into(),
        name: None,
        initials: None,
        infix: None,
        surname: Some(surname(number)),
    }
}

fn mobile(number: u64) -> WantedChannel {
    WantedChannel {
        kind: ChannelKind::Mobile,
        value: format!("06-{:08}", 10_000_000 + number % 80_000_000),
        detail: Detail::Private,
        preference: None,
        status: Status::Created,
    }
}

fn mail(number: u64) -> WantedChannel {
    WantedChannel { kind: ChannelKind::Email, value: format!("post.{number}@example.nl"), ..mobile(number) }
}

/// Another mobile number: one event, or two where there was one before.
pub(crate) fn change_phone(contact: ContactId, number: u64) -> ChangeChannels {
    let phones = Some(vec![mobile(number)]);
    ChangeChannels { owner: OwnerRef::Contact(contact.into()), phones, emails: None, websites: None }
}

/// Another mobile number and another e-mail address: two events, or four.
pub(crate) fn change_channels(contact: ContactId, number: u64) -> ChangeChannels {
    ChangeChannels { emails: Some(vec![mail(number)]), ..change_phone(contact, number) }
}

/// A household that brings its address, telephone and e-mail address along: seven events.
pub(crate) fn create_known_household(number: u64) -> CreateContact {
    let household = create_household(number);
    CreateContact {
        address: Some(AddressInput::Typed(address(number))),
        phones: vec![mobile(number)],
        emails: vec![mail(number)],
        ..household
    }
}

fn address(number: u64) -> TypedAddress {
    let letters = [b'A' + u8::try_from(number % 20).unwrap_or_default(), b'B'];
    TypedAddress {
        street: pick(STREETS, number),
        house_no: i64::try_from(1 + number % 300).ok(),
        postcode: Some(format!("{}{}", 1000 + number % 8000, String::from_utf8_lossy(&letters))),
        city: pick(CITIES, number / 11),
        ..TypedAddress::default()
    }
}

pub(crate) fn change_address(contact: ContactId, number: u64) -> ChangeCorrespondenceAddress {
    ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(contact.into()),
        address: AddressInput::Typed(address(number)),
        effective_date: None,
    }
}

pub(crate) fn add_role(household: ContactId, person: ContactId) -> AddRole {
    AddRole {
        party: PartyRef::Contact(household.into()),
        person: PersonChoice::Existing(ContactRef::Id(person)),
        role_code: "CONTACT_PERSON".into(),
        begin_date: None,
        cause: None,
    }
}

/// The IBAN of an account number, with its check digits.
fn iban(account: u64) -> String {
    let account = 1_000_000_000 + account % 9_000_000_000;
    // NL..INGB in numbers, as the check wants it: the country and 00 go last.
    let mut rest = 0;
    for digit in format!("18231611{account:010}232100").bytes() {
        rest = (rest * 10 + u64::from(digit - b'0')) % 97;
    }
    format!("NL{:02}INGB{account:010}", 98 - rest)
}

pub(crate) fn add_bank_account(customer: CustomerId) -> AddBankAccount {
    AddBankAccount {
        customer: kroniek::domain::CustomerRef::Id(customer),
        code: "BANK1".into(),
        iban: iban(customer.0),
        holder_name: None,
        bic: None,
        sync_holder_address: Some(false),
    }
}

pub(crate) fn add_payment_line(customer: CustomerId) -> AddPaymentLine {
    AddPaymentLine {
        customer: kroniek::domain::CustomerRef::Id(customer),
        effective_date: "2020-01-01".into(),
        transaction_mode: "TRANSFER".into(),
        invoice_type: "INVOICE".into(),
        bank_account: None,
        mandate: None,
        new_mandate: None,
        unit_no: None,
        open_items: None,
    }
}

/// Executes a command that must be accepted.
pub(crate) async fn execute(engine: &Engine, command: impl Into<Command>) -> Outcome<Done> {
    match engine.execute(Request::new(Actor::with_all("bench"), command)).await? {
        Answer::Done(done) => Ok(done),
        Answer::Refused(problems) => Err(format!("refused: {problems:?}").into()),
    }
}

/// Makes a household; answers its ids.
pub(crate) async fn make_household(engine: &Engine, command: CreateContact) -> Outcome<Household> {
    let done = execute(engine, command).await?;
    let contacts: Vec<_> = done
        .entities
        .iter()
        .filter_map(|entity| match entity {
            EntityId::Contact(id) => Some(*id),
            _ => None,
        })
        .collect();
    match contacts[..] {
        [one, other] => {
            Ok(Household { contact: one.min(other), person: one.max(other), customer: CustomerId::default() })
        }
        _ => Err(format!("a household should be two contacts, not {contacts:?}").into()),
    }
}

/// Makes the contact a customer; answers its id.
pub(crate) async fn make_customer(engine: &Engine, household: Household, number: u64) -> Outcome<CustomerId> {
    let done = execute(engine, activate(household.contact, number)).await?;
    done.entities
        .iter()
        .find_map(|entity| match entity {
            EntityId::Customer(id) => Some(*id),
            _ => None,
        })
        .ok_or_else(|| "no customer came of it".into())
}
