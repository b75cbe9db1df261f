//! Random stories: a small world, and commands of every capability that pick from a few people, codes and days.

use crate::contact_moments;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use kroniek_domain::address::{AddressInput, ChangeCorrespondenceAddress, ChangeHomeAddress, TypedAddress};
use kroniek_domain::address_table::ImportAddressTable;
use kroniek_domain::bank_account::{
    AddBankAccount, BlockBankAccount, SetHolderAddressSync, UnblockBankAccount,
};
use kroniek_domain::channel::{self, ChangeChannels, OwnerRef, WantedChannel};
use kroniek_domain::code_list::{ChangeCode, CodeList, ImportCodeLists, ImportedRow, Properties};
use kroniek_domain::codec::{self, CODEC};
use kroniek_domain::contact::{
    ChangeCompanyData, ChangeContactKind, ChangeContactName, ChangePersonName, Contact, CreateContact,
    CreatePersonInHousehold, Kind, NewPerson, NewPersonRole,
};
use kroniek_domain::customer::{ActivateCustomer, Customer, RecordLeaseEnded};
use kroniek_domain::death::{CorrectDeath, HouseholdDecision, RecordDeath};
use kroniek_domain::employee::Employee;
use kroniek_domain::event::{Recorded, stored_types};
use kroniek_domain::ids::PartyRef;
use kroniek_domain::interaction::Interaction;
use kroniek_domain::leader::{CoupleToLeader, EndLeaderLink, ReplaceLeader, SetMailPreference};
use kroniek_domain::mail::{SetBillingCustomer, SetContact, SetMailConsent};
use kroniek_domain::mandate::{CreateMandate, MandateType, RevokeMandate};
use kroniek_domain::payment::{
    AddPaymentLine, CorrectPaymentLine, NewMandate, OpenItems, WithdrawPaymentLine,
};
use kroniek_domain::personal_data::{Change, ChangePersonalData, SetSalutation};
use kroniek_domain::registration::{CreateCoupledContact, CreateRegistration};
use kroniek_domain::role::{
    AddRole, BusinessInput, Cause, ChangeBusinessData, PersonChoice, RemoveRole, SetPortalCoupling, ShowFirst,
};
use kroniek_domain::shop::{ChangeCustomer, CreateCustomer};
use kroniek_domain::sign_off::{
    self, DeactivateCustomer, ReactivateCustomer, RecordActivity, RecordStaffMembership,
};
use kroniek_domain::task::Task;
use kroniek_domain::team::Team;
use kroniek_domain::template::Template;
use kroniek_domain::testing::MemoryWorld;
use kroniek_domain::values::Date;
use kroniek_domain::{
    Actor, AddressRow, At, Command, ContactId, Context, CustomerId, Decision, EntityId, Event, InteractionId,
    Position, Prompt, Refusal, TaskId, World, death, decide, leader, role,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

// ---- steps

/// What happens next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Days only pass.
    Days(i64),
    /// A command.
    Do(Box<Command>),
}

/// Numbers to pick from, so that a command is one function of a few dice.
pub(crate) struct Dice {
    pub(crate) dice: [u32; 10],
    pub(crate) next: usize,
}

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let die = self.dice[self.next % self.dice.len()];
        self.next += 1;
        usize::try_from(die).unwrap_or(0) % sides
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    pub(crate) fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub(crate) fn text(&mut self, from: &[&str]) -> String {
        self.pick(from).to_owned()
    }

    fn maybe(&mut self, from: &[&str]) -> Option<String> {
        self.one_in(2).then(|| self.text(from))
    }

    // ---- who

    fn household(&mut self) -> ContactId {
        self.pick(&[HOUSEHOLD, HOUSEHOLD, SECOND, SECOND, THIRD, THIRD, COMPANY])
    }

    /// Mostly people of the households.
    fn resident(&mut self) -> ContactId {
        ContactId(self.pick(&[6, 6, 7, 7, 8, 10, 11, 3, 3, 12, 16, 17]))
    }

    /// Mostly people of the office.
    fn client(&mut self) -> ContactId {
        ContactId(self.pick(&[2, 3, 4, 3, 4, 12, 13, 6]))
    }

    fn person(&mut self) -> ContactId {
        if self.one_in(2) { self.resident() } else { self.client() }
    }

    /// Who dies, and lives again: few, so that it happens to the same ones.
    fn mortal(&mut self) -> ContactId {
        ContactId(self.pick(&[6, 7, 10, 3, 2, 16, 17, 16, 17]))
    }

    fn anyone(&mut self) -> ContactId {
        ContactId(u64::try_from(self.roll(17)).unwrap_or(0) + 1)
    }

    fn customer(&mut self) -> CustomerId {
        CustomerId(self.pick(&[4, 4, 4, 4, 5, 5, 6, 2, 1]))
    }

    fn party(&mut self) -> PartyRef {
        if self.one_in(4) {
            PartyRef::Customer(self.customer().into())
        } else {
            PartyRef::Contact(self.household().into())
        }
    }

    fn line(&mut self) -> u32 {
        u32::try_from(self.roll(4)).unwrap_or(0) + 1
    }

    // ---- what

    fn day(&mut self) -> String {
        self.text(&["2025-06-01", "2026-01-10", "2026-01-15", "2026-02-01", "2026-03-01", "2027-01-01"])
    }

    fn role(&mut self) -> String {
        self.text(&["CONTRACTANT", "CONTRACTANT", "CONTACT_PERSON", "CHILD", "EXTRA"])
    }

    fn new_person(&mut self) -> NewPerson {
        NewPerson {
            initials: self.maybe(&["J", "A.B."]),
            infix: self.maybe(&["van der"]),
            surname: self.text(&["Jansen", "Pieters", "Smit"]),
            gender: self.maybe(&["M", "V"]),
            salutation: self.maybe(&["DHR", "MEVR"]),
            ..NewPerson::default()
        }
    }

    fn address(&mut self) -> AddressInput {
        if self.one_in(2) {
            return AddressInput::Lookup(self.text(&["3077AW31", "1309 aa 2-b", "1309AA2", "9999XX1"]));
        }
        AddressInput::Typed(TypedAddress {
            street: self.text(&["Domplein", "Singel", "Boterdiep"]),
            house_no: Some(31),
            postcode: Some(self.text(&["3511AB", "3077AW"])),
            city: "Utrecht".into(),
            ..TypedAddress::default()
        })
    }

    fn phones(&mut self) -> Vec<WantedChannel> {
        let mut phones = Vec::new();
        for (kind, value) in [(channel::Kind::Mobile, "0611111111"), (channel::Kind::Phone, "0302222222")] {
            if self.one_in(2) {
                phones.push(self.wanted(kind, value));
            }
        }
        phones
    }

    fn emails(&mut self) -> Vec<WantedChannel> {
        let mut emails = Vec::new();
        for value in ["a@prive.nl", "a@prive.nl", "b@zaak.nl"] {
            if self.one_in(2) {
                emails.push(self.wanted(channel::Kind::Email, value));
            }
        }
        emails
    }

    fn websites(&mut self) -> Vec<WantedChannel> {
        let mut websites = Vec::new();
        for value in ["www.zaak.nl", "https://prive.nl/", "zaak"] {
            if self.one_in(3) {
                websites.push(self.wanted(channel::Kind::Website, value));
            }
        }
        websites
    }

    fn wanted(&mut self, kind: channel::Kind, value: &str) -> WantedChannel {
        WantedChannel {
            kind,
            value: value.to_owned(),
            detail: self.pick(channel::Detail::ALL),
            preference: None,
            status: self.pick(channel::Status::ALL),
        }
    }

    fn change(&mut self, from: &[&str]) -> Change<String> {
        match self.roll(4) {
            0 => Change::Clear,
            1 => Change::Keep,
            _ => Change::Set(self.text(from)),
        }
    }

    fn payment(&mut self) -> AddPaymentLine {
        let debit = self.one_in(2);
        AddPaymentLine {
            customer: self.customer().into(),
            effective_date: self.day(),
            transaction_mode: if debit { "DIRECT_DEBIT" } else { "TRANSFER" }.into(),
            invoice_type: if debit { "DIRECT_DEBIT_INVOICE" } else { "INVOICE" }.into(),
            bank_account: debit.then(|| self.text(&["A", "A", "B"])),
            mandate: None,
            new_mandate: (debit && self.one_in(3)).then(|| NewMandate {
                code: self.text(&["M1", "M2", "M3", "M4", "M5", "M6"]),
                signed_on: "2025-06-01".into(),
                kind: MandateType::Recurring,
            }),
            unit_no: self.one_in(4).then(|| "VHE-1".into()),
            open_items: Some(self.pick(OpenItems::ALL)),
        }
    }
}

/// The commands of [`any_command`]; deaths, links, payments and what happens in the third household come more often.
const COMMANDS: usize = 65;

/// A step.
pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (1_i64..30).prop_map(Step::Days),
        20 => (0..COMMANDS, prop::array::uniform10(any::<u32>()))
            .prop_map(|(command, dice)| Step::Do(Box::new(any_command(command, &mut Dice { dice, next: 0 })))),
        8 => (0..contact_moments::COMMANDS, prop::array::uniform10(any::<u32>())).prop_map(|(command, dice)| {
            Step::Do(Box::new(contact_moments::any_command(command, &mut Dice { dice, next: 0 })))
        }),
    ]
}

fn any_command(command: usize, r: &mut Dice) -> Command {
    match command {
        0 => CreateContact {
            kind: r.pick(&[Kind::Company, Kind::Household, Kind::Household, Kind::Person]),
            number: r.maybe(&["CT000020", "X-1", "X-2"]),
            name: None,
            initials: None,
            infix: None,
            surname: Some("Nieuw".into()),
            company_name: None,
            salutation: None,
            address: r.one_in(2).then(|| r.address()),
            phones: r.phones(),
            emails: vec![],
            person: r.one_in(2).then(|| NewPersonRole {
                person: r.new_person(),
                role_code: r.role(),
                begin_date: None,
            }),
        }
        .into(),
        1 => CreatePersonInHousehold {
            household: r.household().into(),
            person: NewPersonRole { person: r.new_person(), role_code: r.role(), begin_date: None },
        }
        .into(),
        2..=4 => ChangePersonName {
            person: r.person().into(),
            name: None,
            initials: r.maybe(&["J", ""]),
            infix: r.maybe(&["van", ""]),
            surname: r.maybe(&["Jansen", "Pieters", "de Boer"]),
        }
        .into(),
        5 => {
            let company = r.one_in(2);
            ChangeContactName {
                contact: if company { r.pick(&[COMPANY, SPARE]) } else { r.household() }.into(),
                name: None,
                initials: None,
                infix: None,
                surname: (!company).then(|| r.text(&["Eigen", "Naam"])),
                company_name: company.then(|| r.text(&["Bakkerij B.V.", "Slagerij"])),
            }
            .into()
        }
        6 => ChangeContactKind { contact: r.pick(&[SPARE, SPARE, SECOND]).into(), kind: r.pick(Kind::ALL) }
            .into(),
        7 => ChangeCompanyData {
            contact: COMPANY.into(),
            kvk: r.maybe(&["12345678", "1", ""]),
            rsin: r.maybe(&["123456782", ""]),
            vat_id: r.maybe(&["NL123456782B01", "x"]),
            legal_form: r.maybe(&["BV", "NV", "??"]),
        }
        .into(),
        8..=10 => ChangeChannels {
            owner: if r.one_in(9) {
                OwnerRef::Customer(r.customer().into())
            } else {
                OwnerRef::Contact(r.anyone().into())
            },
            phones: r.one_in(2).then(|| r.phones()),
            emails: r.one_in(2).then(|| r.emails()),
            websites: r.one_in(4).then(|| r.websites()),
        }
        .into(),
        11..=13 => ChangeCorrespondenceAddress {
            owner: OwnerRef::Contact(if r.one_in(2) { r.household() } else { r.client() }.into()),
            address: r.address(),
            effective_date: r.one_in(2).then(|| r.day()),
        }
        .into(),
        14 => {
            ChangeHomeAddress { person: r.client().into(), address: r.address(), effective_date: None }.into()
        }
        15 | 16 => AddRole {
            party: r.party(),
            person: PersonChoice::Existing(r.person().into()),
            role_code: r.role(),
            begin_date: None,
            cause: None,
        }
        .into(),
        17 => AddRole {
            party: r.party(),
            person: PersonChoice::New(Box::new(r.new_person())),
            role_code: r.role(),
            begin_date: None,
            cause: r.maybe(&["MOVED_IN"]),
        }
        .into(),
        18 | 19 => RemoveRole { party: r.party(), line: r.line() }.into(),
        20 | 21 => ShowFirst { household: r.household().into(), person: r.resident().into() }.into(),
        22 => ChangeBusinessData {
            party: r.party(),
            line: r.line(),
            business: BusinessInput { email: r.maybe(&["w@werk.nl", ""]), ..BusinessInput::default() },
        }
        .into(),
        23 => SetPortalCoupling { party: r.party(), line: r.line(), on: r.one_in(2) }.into(),
        24 => ChangePersonalData {
            person: r.person().into(),
            birth_date: r.change(&["1950-01-01", "2026-01-12"]),
            bsn: r.change(&["111222333", "123456782"]),
            gender: r.change(&["M", "V"]),
            salutation: r.change(&["DHR", "MEVR", "HEIRS_OF"]),
        }
        .into(),
        25 | 26 => SetSalutation {
            contact: r.anyone().into(),
            code: r.maybe(&["HEIRS_OF", "HEIRS_OF", "DHR", "BLANCO"]),
        }
        .into(),
        27..=29 => {
            let decision = r.one_in(2);
            RecordDeath {
                person: r.mortal().into(),
                date_of_death: r.text(&["2026-01-10", "2026-01-14"]),
                keep_roles: r.pick(&[None, Some(true), Some(false), Some(false)]),
                successor: r.one_in(4).then(|| r.resident().into()),
                decisions: if decision {
                    vec![HouseholdDecision {
                        household: r.household().into(),
                        keep_roles: r.one_in(3),
                        successor: None,
                    }]
                } else {
                    vec![]
                },
                salutation: r.maybe(&["HEIRS_OF"]),
            }
            .into()
        }
        30..=32 => CorrectDeath {
            person: r.mortal().into(),
            date_of_death: if r.one_in(4) { Some("2026-01-13".into()) } else { None },
        }
        .into(),
        33 => ActivateCustomer {
            household: r.anyone().into(),
            lease_ref: "L9".into(),
            unit: r.maybe(&["VHE-1"]),
            start_date: "2025-06-01".into(),
        }
        .into(),
        34 => RecordLeaseEnded {
            customer: r.customer().into(),
            lease_ref: None,
            end_date: r.text(&["2026-01-01", "2026-01-14", "2026-12-31"]),
        }
        .into(),
        35 => CreateRegistration {
            kind: r.text(&["CLIENT_PERSON", "CONTACT_PERSON", "CONTACT_PERSON", "RELATION_COMPANY"]),
            parent: r.one_in(2).then(|| COMPANY.into()),
            initials: Some("x".into()),
            surname: Some("Registratie".into()),
            ..CreateRegistration::default()
        }
        .into(),
        36 => CreateCoupledContact {
            leader: r.client().into(),
            parent: COMPANY.into(),
            role_code: None,
            begin_date: None,
            business: None,
            initials: None,
            infix: None,
            surname: None,
            address: None,
            private_email: None,
            private_mobile: None,
        }
        .into(),
        37 | 38 => CoupleToLeader { follower: r.client().into(), leader: r.client().into() }.into(),
        39 => {
            if r.one_in(2) {
                EndLeaderLink { follower: r.client().into() }.into()
            } else {
                ReplaceLeader { old_leader: r.client().into(), new_leader: r.client().into() }.into()
            }
        }
        40 => SetMailPreference { contact: r.client().into(), preference: r.text(&["BUSINESS", "PRIVATE"]) }
            .into(),
        41 => AddBankAccount {
            customer: r.customer().into(),
            code: r.text(&["A", "B"]),
            iban: r.text(&["NL44RABO0123456789", "NL20INGB0001234567"]),
            holder_name: None,
            bic: None,
            sync_holder_address: r.pick(&[Some(true), Some(true), Some(false), None]),
        }
        .into(),
        42 => {
            SetHolderAddressSync { customer: r.customer().into(), code: r.text(&["A", "B"]), on: r.one_in(2) }
                .into()
        }
        43 => {
            let (customer, code) = (r.customer().into(), r.text(&["A", "B"]));
            if r.one_in(2) {
                BlockBankAccount { customer, code }.into()
            } else {
                UnblockBankAccount { customer, code }.into()
            }
        }
        44 | 48 => {
            let (customer, code) = (r.customer().into(), r.text(&["M1", "M2", "M3", "M4"]));
            if r.one_in(2) {
                RevokeMandate { customer, code }.into()
            } else {
                CreateMandate {
                    customer,
                    code,
                    bank_account: r.text(&["A", "B"]),
                    signed_on: "2025-06-01".into(),
                    kind: r.pick(MandateType::ALL),
                }
                .into()
            }
        }
        45 | 49 => r.payment().into(),
        46 | 50 => {
            if r.one_in(2) {
                return WithdrawPaymentLine { customer: r.customer().into(), line: r.line() }.into();
            }
            CorrectPaymentLine { line: r.line(), content: r.payment() }.into()
        }
        47 => reference(r),
        48..=54 => third(r),
        _ => shop(r),
    }
}

/// What a shop does with the customers that there are, and a new one.
fn shop(r: &mut Dice) -> Command {
    let customer = r.customer().into();
    match r.roll(9) {
        0 => CreateCustomer {
            surname: Some(r.text(&["Jansen", "Janssen"])),
            emails: r.emails(),
            address: r.one_in(2).then(|| r.address()),
            ..CreateCustomer::default()
        }
        .into(),
        1 => ChangeCustomer {
            customer: Some(customer),
            remark: r.maybe(&["belt op vrijdag", ""]),
            reference: r.maybe(&["OUD-1", ""]),
            owned_by_contact: vec![],
        }
        .into(),
        2 | 3 => {
            let kind = r.pick(&[sign_off::Kind::OpenOrder, sign_off::Kind::Subscription]);
            RecordActivity { customer, kind, id: "A-1".into(), open: r.one_in(2) }.into()
        }
        4 => RecordStaffMembership { customer, on: r.one_in(2) }.into(),
        5 => {
            if r.one_in(2) {
                DeactivateCustomer { customer }.into()
            } else {
                ReactivateCustomer { customer }.into()
            }
        }
        6 => SetContact {
            customer,
            kind: r.text(&["ADMINISTRATION", "PURCHASING"]),
            email: r.text(&["a@x.nl; b@x.nl", "b@x.nl", ""]),
        }
        .into(),
        7 => {
            let billing = r.one_in(2).then(|| r.customer().into());
            SetBillingCustomer { customer, billing }.into()
        }
        _ => SetMailConsent { customer, email: "a@x.nl".into(), level: r.pick(&[0, 1, 2]) }.into(),
    }
}

/// What happens in the household whose lease has ended: its contractants die, leave and live again.
fn third(r: &mut Dice) -> Command {
    let person = ContactId(r.pick(&[16, 17]));
    match r.roll(4) {
        0 => RecordDeath {
            person: person.into(),
            date_of_death: "2026-01-10".into(),
            keep_roles: Some(false),
            successor: None,
            decisions: vec![],
            salutation: None,
        }
        .into(),
        1 => CorrectDeath { person: person.into(), date_of_death: None }.into(),
        2 => RemoveRole { party: PartyRef::Contact(THIRD.into()), line: r.pick(&[1, 2]) }.into(),
        _ => RecordLeaseEnded {
            customer: CustomerId(6).into(),
            lease_ref: None,
            end_date: r.text(&["2025-12-31", "2026-12-31"]),
        }
        .into(),
    }
}

fn reference(r: &mut Dice) -> Command {
    match r.roll(3) {
        0 => ChangeCode {
            list: "ROLE".into(),
            code: "EXTRA".into(),
            name: "Extra".into(),
            description: None,
            begin_date: None,
            end_date: r.maybe(&["2026-01-20"]),
            parent: None,
            properties: Some(Properties { is_contractant: r.one_in(2), ..Properties::default() }),
        }
        .into(),
        1 => {
            let row = ImportedRow {
                code: r.text(&["HUU", "CHILD"]),
                name: r.text(&["Huurder", "Kind"]),
                description: String::new(),
                begin: None,
                end: None,
                parent: None,
            };
            ImportCodeLists { sha256: [1; 32], lists: [("RELATIEROLSOORT".to_owned(), vec![row])].into() }
                .into()
        }
        _ => ImportAddressTable { sha256: [r.pick(&[1, 2]); 32], rows: 3 }.into(),
    }
}

/// Whether a command makes something new each time.
pub(crate) fn creates(command: &Command) -> bool {
    match command {
        Command::CreateContact(_)
        | Command::CreatePersonInHousehold(_)
        | Command::CreateRegistration(_)
        | Command::CreateCustomer(_)
        | Command::CreateCoupledContact(_)
        | Command::RegisterInteraction(_)
        | Command::CreateTask(_)
        | Command::WriteTaskNote(_) => true,
        Command::AddRole(command) => matches!(command.person, PersonChoice::New(_)),
        _ => false,
    }
}

// ---- the world and its story

/// The client-company; client-persons 2; contact persons 3 and 4 at the company.
const COMPANY: ContactId = ContactId(1);
/// Household of contractants 6 (shown first) and 7, and child 8; customer 4 with a lease, an account A with its mandate M1,
/// and a payment line.
const HOUSEHOLD: ContactId = ContactId(5);
/// Household of contractants 3 (shown first; contact person at the company, follows 2), 10 and 11, and contact person 6;
/// customer 5 with a lease.
const SECOND: ContactId = ContactId(9);
/// Household of contractants 16 (shown first) and 17; customer 6, whose lease has ended.
const THIRD: ContactId = ContactId(15);
/// A company that nobody uses.
const SPARE: ContactId = ContactId(14);

/// What became of a step.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub(crate) enum Outcome {
    /// It was only time.
    Passed,
    /// A command was refused.
    Refused(Vec<Refusal>),
    /// A command was accepted.
    Decided {
        /// The command.
        command: Command,
        /// Its events; none when there was nothing to change.
        events: Vec<Recorded>,
    },
}

/// An event as stored, and where.
pub(crate) struct Stored {
    at: At,
    tag: u16,
    version: u8,
    bytes: Vec<u8>,
}

/// A world, how it came about, and what was asked of it.
pub(crate) struct Story {
    /// The world as of now.
    pub(crate) world: MemoryWorld,
    /// Who is dead, by its own recorded and not corrected death.
    pub(crate) dead: BTreeSet<ContactId>,
    now: DateTime<Utc>,
    position: Position,
    log: Vec<Stored>,
    commits: Vec<Vec<Recorded>>,
    asked: Vec<(&'static str, Vec<&'static str>, usize)>,
}

impl Story {
    /// The world that every story begins with.
    pub(crate) fn begin() -> Self {
        let mut story = Self {
            world: MemoryWorld::default(),
            dead: BTreeSet::new(),
            now: Utc.with_ymd_and_hms(2026, 1, 15, 12, 0, 0).unwrap(),
            position: Position(1),
            log: Vec::new(),
            commits: Vec::new(),
            asked: Vec::new(),
        };
        let row = |postcode: &str, street: &str, house_no, addition: &str| AddressRow {
            street: street.into(),
            house_no,
            letter: String::new(),
            addition: addition.into(),
            postcode: postcode.into(),
            city: "Rotterdam".into(),
        };
        story.world.addresses = Some(vec![
            row("3077AW", "Boterdiep", 31, ""),
            row("1309AA", "Parkweg", 2, ""),
            row("1309AA", "Parkweg", 2, "b"),
        ]);
        let registration = |kind: &str, surname: &str, parent: Option<ContactId>| CreateRegistration {
            kind: kind.into(),
            parent: parent.map(Into::into),
            initials: parent.or(Some(COMPANY)).filter(|_| kind != "CLIENT_COMPANY").map(|_| "J".into()),
            surname: (kind != "CLIENT_COMPANY").then(|| surname.into()),
            company_name: (kind == "CLIENT_COMPANY").then(|| surname.into()),
            ..CreateRegistration::default()
        };
        let someone = |surname: &str, role: &str| NewPersonRole {
            person: NewPerson { initials: Some("A".into()), surname: surname.into(), ..NewPerson::default() },
            role_code: role.into(),
            begin_date: None,
        };
        let contact = |kind, company_name: Option<&str>, person| CreateContact {
            kind,
            number: None,
            name: None,
            initials: None,
            infix: None,
            surname: None,
            company_name: company_name.map(Into::into),
            salutation: None,
            address: None,
            phones: vec![],
            emails: vec![],
            person,
        };
        let lives = |household: ContactId, surname: &str, role: &str| CreatePersonInHousehold {
            household: household.into(),
            person: someone(surname, role),
        };
        let rents = |household: ContactId| ActivateCustomer {
            household: household.into(),
            lease_ref: "L1".into(),
            unit: Some("VHE-1".into()),
            start_date: "2025-06-01".into(),
        };
        let account = |customer: CustomerId| AddBankAccount {
            customer: customer.into(),
            code: "A".into(),
            iban: "NL44RABO0123456789".into(),
            holder_name: None,
            bic: None,
            sync_holder_address: Some(true),
        };
        let commands: Vec<Command> = vec![
            registration("CLIENT_COMPANY", "Bakkerij B.V.", None).into(),
            registration("CLIENT_PERSON", "Klaassen", None).into(),
            registration("CONTACT_PERSON", "Een", Some(COMPANY)).into(),
            registration("CONTACT_PERSON", "Twee", Some(COMPANY)).into(),
            contact(Kind::Household, None, Some(someone("Bakker", "CONTRACTANT"))).into(),
            lives(HOUSEHOLD, "de Vries", "CONTRACTANT").into(),
            lives(HOUSEHOLD, "Bakker", "CHILD").into(),
            contact(Kind::Household, None, Some(someone("Visser", "CONTRACTANT"))).into(),
            AddRole {
                party: PartyRef::Contact(SECOND.into()),
                person: PersonChoice::Existing(ContactId(6).into()),
                role_code: "CONTACT_PERSON".into(),
                begin_date: None,
                cause: None,
            }
            .into(),
            lives(SECOND, "Mulder", "CONTRACTANT").into(),
            registration("CLIENT_PERSON", "Pieters", None).into(),
            registration("CONTACT_PERSON", "Drie", Some(COMPANY)).into(),
            contact(Kind::Company, Some("Leeg"), None).into(),
            rents(HOUSEHOLD).into(),
            rents(SECOND).into(),
            contact(Kind::Household, None, Some(someone("Dijkstra", "CONTRACTANT"))).into(),
            lives(THIRD, "Meijer", "CONTRACTANT").into(),
            rents(THIRD).into(),
            RecordLeaseEnded {
                customer: CustomerId(6).into(),
                lease_ref: None,
                end_date: "2025-12-31".into(),
            }
            .into(),
            AddRole {
                party: PartyRef::Contact(SECOND.into()),
                person: PersonChoice::Existing(ContactId(3).into()),
                role_code: "CONTRACTANT".into(),
                begin_date: None,
                cause: None,
            }
            .into(),
            ShowFirst { household: SECOND.into(), person: ContactId(3).into() }.into(),
            CoupleToLeader { follower: ContactId(3).into(), leader: ContactId(2).into() }.into(),
            account(CustomerId(4)).into(),
            account(CustomerId(5)).into(),
            CreateMandate {
                customer: CustomerId(4).into(),
                code: "M1".into(),
                bank_account: "A".into(),
                signed_on: "2025-06-01".into(),
                kind: MandateType::Recurring,
            }
            .into(),
            AddPaymentLine {
                customer: CustomerId(4).into(),
                effective_date: "2025-06-01".into(),
                transaction_mode: "DIRECT_DEBIT".into(),
                invoice_type: "DIRECT_DEBIT_INVOICE".into(),
                bank_account: Some("A".into()),
                mandate: None,
                new_mandate: None,
                unit_no: None,
                open_items: Some(OpenItems::None),
            }
            .into(),
        ];
        for command in commands.into_iter().chain(contact_moments::beginning()) {
            let decision = story.ask(&command).unwrap_or_else(|refusals| panic!("{command:?}: {refusals:?}"));
            story.keep(&decision);
        }
        assert_eq!(story.world.contacts().count(), 17);
        story
    }

    /// Today.
    pub(crate) fn today(&self) -> Date {
        self.context().today()
    }

    fn context(&self) -> Context {
        Context {
            now: self.now,
            position: self.position,
            actor: Actor::with_all("law"),
            reason: Some("law".into()),
            expected_version: None,
            confirm: [
                Prompt::RemoveRoleLine,
                Prompt::AddressMismatch,
                Prompt::ClientPersonPreferred,
                Prompt::PossibleDuplicate,
                Prompt::TaskTakeOver,
            ]
            .into(),
        }
    }

    /// What would be decided now.
    pub(crate) fn ask(&self, command: &Command) -> Result<Decision, Vec<Refusal>> {
        let mut context = self.context();
        // Who approves is somebody else (D-27).
        if matches!(command, Command::ApproveClient(_) | Command::RejectClient(_)) {
            context.actor.name = "order".into();
        }
        decide(&self.world, &context, command)
    }

    fn keep(&mut self, decision: &Decision) {
        if decision.events.is_empty() {
            return;
        }
        let at = At { position: self.position, time_us: self.now.timestamp_micros() };
        for Recorded { event, .. } in &decision.events {
            match event {
                Event::Death(death::Event::DeathRecorded(e)) => _ = self.dead.insert(e.person),
                Event::Death(death::Event::DeathCorrected(e)) if e.alive => _ = self.dead.remove(&e.person),
                _ => {}
            }
            let stored = event.stored();
            let bytes = event.payload().unwrap();
            self.log.push(Stored { at, tag: stored.tag, version: stored.version, bytes });
        }
        self.commits.push(decision.events.clone());
        self.world.apply(self.position, decision);
        self.position.0 += 1;
        self.now += TimeDelta::seconds(1);
    }

    /// The next step.
    pub(crate) fn take(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Days(days) => {
                self.now += TimeDelta::days(*days);
                Outcome::Passed
            }
            Step::Do(command) => match self.ask(command) {
                Ok(decision) => {
                    self.asked.push((command.name(), vec![], decision.events.len()));
                    self.keep(&decision);
                    Outcome::Decided { command: (**command).clone(), events: decision.events }
                }
                Err(refusals) => {
                    self.asked.push((command.name(), refusals.iter().map(Refusal::code).collect(), 0));
                    Outcome::Refused(refusals)
                }
            },
        }
    }

    /// All events, as stored.
    pub(crate) fn log(&self) -> &[Stored] {
        &self.log
    }
}

/// A payload as people read it.
pub(crate) fn json(event: &Event) -> serde_json::Value {
    event.serialize_payload(serde_json::value::Serializer).unwrap()
}

// ---- folding

/// States folded from stored events alone.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Folded {
    contacts: BTreeMap<ContactId, Contact>,
    customers: BTreeMap<CustomerId, Customer>,
    code_lists: BTreeMap<String, CodeList>,
    interactions: BTreeMap<InteractionId, Interaction>,
    tasks: BTreeMap<TaskId, Task>,
    templates: BTreeMap<String, Template>,
    teams: BTreeMap<String, Team>,
    employees: BTreeMap<String, Employee>,
}

impl Folded {
    /// Folds stored events on top of what is there.
    #[must_use]
    pub(crate) fn fold(mut self, log: &[Stored]) -> Self {
        for stored in log {
            let event = Event::read(CODEC, stored.tag, stored.version, &stored.bytes).unwrap();
            assert_eq!(
                codec::encode(&stored.bytes),
                codec::encode(&event.payload().unwrap()),
                "comes back from disk"
            );
            for entity in event.entities() {
                match entity {
                    EntityId::Contact(id) => {
                        self.contacts.entry(id).or_insert_with(|| Contact::new(id)).evolve(stored.at, &event);
                    }
                    EntityId::Customer(id) => {
                        self.customers
                            .entry(id)
                            .or_insert_with(|| Customer::new(id))
                            .evolve(stored.at, &event);
                    }
                    EntityId::CodeList(list) => self
                        .code_lists
                        .entry(list)
                        .or_insert_with_key(|list| CodeList::initial(list))
                        .evolve(&event),
                    EntityId::AddressTable => {}
                    EntityId::Interaction(id) => self
                        .interactions
                        .entry(id)
                        .or_insert_with(|| Interaction::new(id))
                        .evolve(stored.at, &event),
                    EntityId::Task(id) => {
                        self.tasks.entry(id).or_insert_with(|| Task::new(id)).evolve(stored.at, &event);
                    }
                    EntityId::Template(code) => self
                        .templates
                        .entry(code)
                        .or_insert_with_key(|code| Template::new(code))
                        .evolve(&event),
                    EntityId::Team(code) => {
                        self.teams.entry(code).or_insert_with_key(|code| Team::new(code)).evolve(&event);
                    }
                    EntityId::Employee(code) => self
                        .employees
                        .entry(code)
                        .or_insert_with_key(|code| Employee::new(code))
                        .evolve(&event),
                }
            }
        }
        self
    }

    /// The live world is what its log says.
    pub(crate) fn must_equal(&self, world: &MemoryWorld) {
        assert_eq!(
            self.contacts.values().collect::<Vec<_>>(),
            world.contacts().map(Arc::as_ref).collect::<Vec<_>>()
        );
        assert_eq!(
            self.customers.values().collect::<Vec<_>>(),
            world.customers().map(Arc::as_ref).collect::<Vec<_>>()
        );
        assert_eq!(
            self.interactions.values().collect::<Vec<_>>(),
            world.interactions().map(Arc::as_ref).collect::<Vec<_>>()
        );
        assert_eq!(
            self.tasks.values().collect::<Vec<_>>(),
            world.tasks().map(Arc::as_ref).collect::<Vec<_>>()
        );
        assert_eq!(
            self.teams.values().collect::<Vec<_>>(),
            world.teams().map(Arc::as_ref).collect::<Vec<_>>()
        );
        assert_eq!(
            self.employees.values().collect::<Vec<_>>(),
            world.employees().map(Arc::as_ref).collect::<Vec<_>>()
        );
        for (code, template) in &self.templates {
            assert_eq!(world.template(code).as_deref(), Some(template));
        }
        for (name, list) in &self.code_lists {
            assert_eq!(world.code_list(name).as_deref(), Some(list));
        }
    }
}

// ---- what the stories reach

/// Counts over many stories.
#[derive(Default)]
pub(crate) struct Tally {
    accepted: BTreeMap<&'static str, usize>,
    unchanged: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    codes: BTreeMap<&'static str, usize>,
    events: BTreeMap<&'static str, usize>,
    cases: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Counts a story.
    pub(crate) fn count(&mut self, story: &Story) {
        for (command, codes, events) in &story.asked {
            let outcome = match (codes.is_empty(), events) {
                (false, _) => &mut self.refused,
                (true, 0) => &mut self.unchanged,
                (true, _) => &mut self.accepted,
            };
            *outcome.entry(command).or_default() += 1;
            for code in codes {
                *self.codes.entry(code).or_default() += 1;
            }
        }
        for events in &story.commits {
            for recorded in events {
                *self.events.entry(recorded.event.stored().name).or_default() += 1;
            }
            for case in cases(events) {
                *self.cases.entry(case).or_default() += 1;
            }
        }
    }

    /// Fails where the generator does not reach what the laws are about.
    pub(crate) fn must_be_rich(&self) {
        for stored in stored_types() {
            assert!(self.events.contains_key(stored.name), "no story has a {}", stored.name);
        }
        for case in CASES {
            assert!(self.cases.get(case).is_some_and(|count| *count >= 3), "too few: {case}");
        }
        for code in [
            "ALREADY_DECEASED",
            "CANNOT_UNDO",
            "CONFIRMATION_REQUIRED",
            "CONTRACTANT_NEEDS_HOUSEHOLD",
            "FIELD_FOLLOWS_LEADER",
            "HAS_OPEN_TASKS",
            "LAST_CONTRACTANT",
            "LEADER_IS_FOLLOWER",
            "MANDATE_REQUIRED",
            "NAME_IS_DERIVED",
            "NOT_SAME_PARTY",
            "NOT_SOLE_CONTRACTANT",
            "NOT_TASK_OWNER",
            "NO_REMAINING_CONTRACTANT",
            "OWNED_BY_HOUSEHOLD",
            "PARENT_REQUIRED",
            "PERSON_DECEASED",
            "ROLE_EXISTS",
            "SALUTATION_NEEDS_DEATH",
            "SHOWN_FIRST_CANNOT_BE_REMOVED",
            "TASK_ALREADY_TAKEN",
        ] {
            assert!(self.codes.contains_key(code), "no story is refused with {code}");
        }
        let asked: usize =
            [&self.accepted, &self.unchanged, &self.refused].iter().flat_map(|m| m.values()).sum();
        let accepted: usize = self.accepted.values().sum();
        assert!(accepted * 4 > asked, "only {accepted} of {asked} commands do anything");
    }
}

/// What the laws are about.
const CASES: &[&str] = &[
    "a death moves shown-first to a successor",
    "a death ends roles and shown-first stays",
    "a death keeps all roles",
    "a corrected death restores roles and the name",
    "a leader's change is copied to a follower",
    "a copied name renames a household",
    "a holder's address follows a move",
    "the last contractant leaves",
    "a role is restored where nobody was shown first",
    "a death takes a line from its location",
    "a corrected death ties a line to its location again",
    "a corrected death leaves a former client's portal shut",
];

fn cases(events: &[Recorded]) -> Vec<&'static str> {
    let has = |name: &str| events.iter().any(|r| r.event.stored().name == name);
    let shown = events.iter().find_map(|r| match &r.event {
        Event::Role(role::Event::ShownFirstChanged(e)) => Some(e.clone()),
        _ => None,
    });
    let copied = events.iter().any(|r| {
        r.cause.is_some_and(|cause| {
            let cause = &events[usize::try_from(cause).unwrap()].event;
            matches!(r.event, Event::Leader(leader::Event::FollowedDataCopied(_)))
                && !matches!(cause, Event::Leader(_))
        })
    });
    let renamed_by_copy = events.iter().any(|r| {
        r.event.stored().name == "HouseholdNameChanged"
            && r.cause.is_some_and(|c| {
                events[usize::try_from(c).unwrap()].event.stored().name == "FollowedDataCopied"
            })
    });
    let death = has("DeathRecorded");
    let alive = has("DeathCorrected") && has("RoleRestored");
    [
        death && shown.as_ref().is_some_and(|s| s.cause == Cause::Death && s.to.is_some()),
        death && has("RoleRemoved") && shown.is_none(),
        death && !has("RoleRemoved"),
        alive && has("HouseholdNameChanged"),
        copied,
        renamed_by_copy,
        has("CorrespondenceAddressChanged") && has("AccountHolderAddressSynced"),
        shown.as_ref().is_some_and(|s| s.to.is_none()),
        alive && shown.as_ref().is_some_and(|s| s.from.is_none()),
        death && has("LocationTied"),
        alive && has("LocationTied"),
        alive && has("PortalCouplingSet"),
    ]
    .into_iter()
    .zip(CASES)
    .filter_map(|(there, case)| there.then_some(*case))
    .collect()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands: BTreeSet<_> =
            [&self.accepted, &self.unchanged, &self.refused].iter().flat_map(|m| m.keys()).copied().collect();
        writeln!(f, "{:28} {:>8} {:>9} {:>7}", "command", "accepted", "unchanged", "refused")?;
        for command in commands {
            let of = |map: &BTreeMap<&'static str, usize>| map.get(command).copied().unwrap_or_default();
            writeln!(
                f,
                "{command:28} {:>8} {:>9} {:>7}",
                of(&self.accepted),
                of(&self.unchanged),
                of(&self.refused)
            )?;
        }
        for (title, map) in [("refused with", &self.codes), ("events", &self.events), ("cases", &self.cases)]
        {
            writeln!(f, "{title}:")?;
            for (name, count) in map {
                writeln!(f, "  {count:>6} {name}")?;
            }
        }
        Ok(())
    }
}
