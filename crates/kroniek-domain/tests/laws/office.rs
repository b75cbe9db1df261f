//! Random stories of an office: registrations, what hangs below what, statuses, acceptance and cards.

use super::story::{Dice, Step};
use kroniek_domain::acceptance::{
    ApproveClient, CompleteAcceptance, RejectClient, StartAcceptance, SubmitForApproval,
};
use kroniek_domain::address::{AddressInput, ChangeCorrespondenceAddress, TypedAddress};
use kroniek_domain::administration::{
    ChangeClientNumber, ConfirmUpToDate, MarkForDeletion, SetCoupling, SetDebtorNumber, SetWorkStop,
    UnmarkForDeletion,
};
use kroniek_domain::card::{Block, ChangeCard, FIELDS, Field, KeyFigures, RecordKeyFigures};
use kroniek_domain::channel::{self, ChangeChannels, OwnerRef, WantedChannel};
use kroniek_domain::client_status::{MarkOwnServiceProvider, SetClientStatus};
use kroniek_domain::contact::ChangeCompanyData;
use kroniek_domain::customer::ClientStatus;
use kroniek_domain::death::{CorrectDeath, RecordDeath};
use kroniek_domain::ids::PartyRef;
use kroniek_domain::link::{LinkCompanyPerson, LinkRelation, UnlinkCompanyPerson, UnlinkRelation};
use kroniek_domain::placement::MoveContact;
use kroniek_domain::registration::{CreateRegistration, RegistrationType};
use kroniek_domain::role::SetPortalCoupling;
use kroniek_domain::structure::SetParentCompany;
use kroniek_domain::{Command, ContactId, CustomerId};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A step in an office.
pub(crate) fn any_office_step() -> impl Strategy<Value = Step> {
    (0..COMMANDS, prop::array::uniform10(any::<u32>()))
        .prop_map(|(command, dice)| Step::Do(Box::new(any_command(command, &mut Dice { dice, next: 0 }))))
}

const COMMANDS: usize = 34;

/// The company of every story, those made since, and what may hang below them.
fn contact(r: &mut Dice) -> ContactId {
    ContactId(r.pick(&[1, 1, 1, 2, 3, 4, 18, 18, 19, 19, 20, 20, 21, 22, 23, 24, 25]))
}

/// The client-company, two client-persons, and what was registered since.
fn customer(r: &mut Dice) -> CustomerId {
    CustomerId(r.pick(&[1, 1, 1, 2, 2, 2, 3, 7, 7, 8, 8, 9, 4]))
}

fn client(r: &mut Dice) -> PartyRef {
    PartyRef::Customer(CustomerId(r.pick(&[1, 1, 1, 2])).into())
}

fn registration(r: &mut Dice) -> CreateRegistration {
    let kind = r.pick(&[
        RegistrationType::ClientCompany,
        RegistrationType::RelationCompany,
        RegistrationType::RelationPerson,
        RegistrationType::ContactPerson,
        RegistrationType::GeneralCorrespondence,
        RegistrationType::GeneralCorrespondence,
        RegistrationType::Location,
        RegistrationType::Location,
        RegistrationType::RelationAtClient,
    ]);
    let person = matches!(kind, RegistrationType::RelationPerson | RegistrationType::ContactPerson);
    let hangs = !kind.parents().is_empty();
    CreateRegistration {
        kind: kind.name().into(),
        parent: (hangs && !r.one_in(9)).then(|| if r.one_in(3) { contact(r) } else { ContactId(1) }.into()),
        location: (hangs && r.one_in(3)).then(|| contact(r).into()),
        relation: (kind == RegistrationType::RelationAtClient).then(|| customer(r).into()),
        relation_kind: (kind == RegistrationType::RelationAtClient).then(|| "BANK".into()),
        initials: person.then(|| "x".into()),
        surname: person.then(|| "Registratie".into()),
        company_name: (!person).then(|| "Naam".into()),
        status: r.one_in(9).then(|| r.pick(ClientStatus::ALL).name().into()),
        ..CreateRegistration::default()
    }
}

fn card(r: &mut Dice) -> ChangeCard {
    let block = r.pick(&[Block::Wwft, Block::Wwft, Block::Automation, Block::Office, Block::Tax, Block::Wta]);
    let customer = customer(r).into();
    let fields = FIELDS.iter().filter(|(of, ..)| *of == block);
    let fields = fields.map(|(_, field, _)| {
        let values = ["", "true", "2026-01-01", "OFFICE", "HEAD", "PASSPORT", "NP123"];
        (*field, vec![r.text(&values)])
    });
    let mut blocks = BTreeMap::from([(block, fields.collect())]);
    if r.one_in(3) {
        blocks
            .insert(Block::Billing, vec![(Field::BillingAddress, vec![r.text(&["Postbus 1", "Postbus 2"])])]);
    }
    ChangeCard { customer, blocks }
}

fn any_command(command: usize, r: &mut Dice) -> Command {
    match command {
        0..=4 => registration(r).into(),
        5 => at_the_branch(r),
        6 => MoveContact {
            contact: contact(r).into(),
            from_parent: None,
            new_parent: contact(r).into(),
            location: r.one_in(2).then(|| contact(r).into()),
        }
        .into(),
        7 => LinkRelation {
            client: CustomerId(r.pick(&[1, 2, 7])).into(),
            relation: CustomerId(r.pick(&[7, 8])).into(),
            kind: "BANK".into(),
        }
        .into(),
        8 => UnlinkRelation {
            client: CustomerId(r.pick(&[1, 2, 7])).into(),
            relation: CustomerId(r.pick(&[7, 8])).into(),
            kind: "BANK".into(),
        }
        .into(),
        9 => LinkCompanyPerson {
            company: customer(r).into(),
            person: customer(r).into(),
            role_code: None,
            direct_contact: None,
        }
        .into(),
        10 => UnlinkCompanyPerson { company: CustomerId(1).into(), person: CustomerId(2).into() }.into(),
        11 | 12 => SetParentCompany {
            customer: customer(r).into(),
            parent: (!r.one_in(4)).then(|| customer(r).into()),
        }
        .into(),
        13 | 14 => {
            let to = r.text(&["SUSPECT", "PROSPECT", "EX_CLIENT", "EX_CLIENT", "CLIENT"]);
            SetClientStatus { party: client(r), to }.into()
        }
        15 => MarkOwnServiceProvider { customer: customer(r).into(), on: r.one_in(2) }.into(),
        16 | 17 => StartAcceptance { party: client(r), note: None }.into(),
        18 => SubmitForApproval { party: client(r), note: Some("klaar".into()) }.into(),
        19 => ApproveClient { party: client(r), note: None }.into(),
        20 => RejectClient { party: client(r) }.into(),
        21 => CompleteAcceptance {
            party: client(r),
            checks: ["BILLING", "EMPLOYEES", "COUPLINGS", "DOSSIER"].map(Into::into).into(),
            external_systems: vec![],
            note: None,
        }
        .into(),
        22 => card(r).into(),
        23 => RecordKeyFigures {
            customer: customer(r).into(),
            year: r.pick(&[2024, 2025]),
            figures: KeyFigures { turnover: Some(r.pick(&[1, 2])), ..KeyFigures::default() },
        }
        .into(),
        24 => ChangeClientNumber { customer: customer(r).into(), number: r.text(&["K1", "K2", "CU000009"]) }
            .into(),
        25 => SetDebtorNumber {
            customer: customer(r).into(),
            organisation: "OFFICE".into(),
            discipline: None,
            on: !r.one_in(3),
            debtor_no: r.one_in(2).then(|| r.text(&["D1", "D2"])),
        }
        .into(),
        26 => SetWorkStop { customer: customer(r).into(), on: r.one_in(2), from: None }.into(),
        27 => ready(r),
        28 => {
            let customer = customer(r).into();
            match r.roll(3) {
                0 => ConfirmUpToDate { customer }.into(),
                1 => MarkForDeletion { customer }.into(),
                _ => UnmarkForDeletion { customer }.into(),
            }
        }
        29..=32 => death(r),
        _ => {
            if r.one_in(3) {
                SetCoupling { customer: customer(r).into(), system: "PORTAL".into(), on: r.one_in(2) }.into()
            } else {
                let party = PartyRef::Contact(ContactId(1).into());
                SetPortalCoupling { party, line: r.pick(&[1, 2, 2, 2]), on: true }.into()
            }
        }
    }
}

/// The first location of the company.
const BRANCH: ContactId = ContactId(18);

/// The contact persons of the company go to its first location, or leave it.
fn at_the_branch(r: &mut Dice) -> Command {
    MoveContact {
        contact: ContactId(r.pick(&[4, 4, 13])).into(),
        from_parent: None,
        new_parent: ContactId(1).into(),
        location: (!r.one_in(4)).then(|| BRANCH.into()),
    }
    .into()
}

/// The contact persons of the company die, and live after all.
fn death(r: &mut Dice) -> Command {
    let person = ContactId(r.pick(&[4, 4, 4, 13, 2, 19])).into();
    if r.one_in(2) {
        return CorrectDeath { person, date_of_death: None }.into();
    }
    RecordDeath {
        person,
        date_of_death: "2026-01-10".into(),
        keep_roles: Some(r.one_in(4)),
        successor: None,
        decisions: vec![],
        salutation: None,
    }
    .into()
}

/// The first steps of every story: what an approver needs to see of the company, and a location of it.
pub(crate) fn prepared() -> Vec<Step> {
    let die = |first| Dice { dice: [0, first, 0, 0, 0, 0, 0, 0, 0, 0], next: 0 };
    let location = CreateRegistration {
        kind: RegistrationType::Location.name().into(),
        parent: Some(ContactId(1).into()),
        company_name: Some("Filiaal".into()),
        ..CreateRegistration::default()
    };
    let ready = (0..4).map(|which| ready(&mut die(which)));
    ready.chain([location.into()]).map(|command| Step::Do(Box::new(command))).collect()
}

/// What an approver needs to see.
fn ready(r: &mut Dice) -> Command {
    let contact = ContactId(r.pick(&[1, 2]));
    match r.roll(4) {
        0 => ChangeCompanyData {
            contact: ContactId(1).into(),
            kvk: Some("12345678".into()),
            rsin: None,
            vat_id: None,
            legal_form: Some("BV".into()),
        }
        .into(),
        1 => ChangeCorrespondenceAddress {
            owner: OwnerRef::Contact(contact.into()),
            address: AddressInput::Typed(TypedAddress {
                street: "Domplein".into(),
                house_no: Some(1),
                postcode: Some("3511AB".into()),
                city: "Utrecht".into(),
                ..TypedAddress::default()
            }),
            effective_date: None,
        }
        .into(),
        2 => card(r).into(),
        _ => ChangeChannels {
            owner: OwnerRef::Contact(contact.into()),
            phones: None,
            emails: Some(vec![WantedChannel {
                kind: channel::Kind::Email,
                value: "info@kantoor.nl".into(),
                detail: channel::Detail::Business,
                preference: None,
                status: channel::Status::Created,
            }]),
            websites: Some(vec![WantedChannel {
                kind: channel::Kind::Website,
                value: "www.kantoor.nl".into(),
                detail: channel::Detail::Business,
                preference: None,
                status: channel::Status::Created,
            }]),
        }
        .into(),
    }
}
