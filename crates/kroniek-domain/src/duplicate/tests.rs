//! Who is asked about, and who is not.

use super::*;
use crate::address::{AddressInput, TypedAddress};
use crate::channel::{Detail, Status};
use crate::contact::{CreateContact, CreatePersonInHousehold, NewPerson, NewPersonRole};
use crate::ids::PartyRef;
use crate::leader::CoupleToLeader;
use crate::registration::{CreateCoupledContact, CreateRegistration};
use crate::role::{AddRole, PersonChoice};
use crate::testing::{Scenario, When};
use crate::world::World;

fn channel(kind: ChannelKind, value: &str) -> WantedChannel {
    WantedChannel {
        kind,
        value: value.to_owned(),
        detail: Detail::Private,
        preference: None,
        status: Status::Created,
    }
}

fn address(postcode: &str, house_no: i64) -> AddressInput {
    AddressInput::Typed(TypedAddress {
        street: "Boterdiep".into(),
        house_no: Some(house_no),
        letter: None,
        addition: None,
        postcode: Some(postcode.into()),
        city: "Rotterdam".into(),
        country: None,
    })
}

fn contact(kind: Kind, initials: &str, surname: &str) -> CreateContact {
    CreateContact {
        initials: Some(initials.into()),
        surname: Some(surname.into()),
        ..CreateContact::new(kind)
    }
}

/// Person 1: J. Meijer at 3077AW 31, with an e-mail address and a telephone.
fn meijer() -> CreateContact {
    CreateContact {
        infix: Some("van der".into()),
        address: Some(address("3077AW", 31)),
        emails: vec![channel(ChannelKind::Email, "J.Meijer@x.nl")],
        phones: vec![channel(ChannelKind::Phone, "010 123 45 67")],
        ..contact(Kind::Person, "J.", "Meijer")
    }
}

fn asked(when: &When) -> Vec<String> {
    let problem = when.problem();
    assert_eq!(problem.prompt, Some(Prompt::PossibleDuplicate), "{problem:?}");
    problem.blocking.into_iter().map(|candidate| candidate.id).collect()
}

#[test]
fn e2_06_the_name_with_the_address_or_a_channel_is_asked_about() {
    let story = Scenario::new().given(meijer());
    for again in [
        CreateContact { address: Some(address("3077 AX", 31)), ..contact(Kind::Person, "J.K.", "Meyer") },
        CreateContact {
            emails: vec![channel(ChannelKind::Email, "j.meijer@X.nl")],
            ..contact(Kind::Person, "", "Meier")
        },
        CreateContact {
            phones: vec![channel(ChannelKind::Mobile, "+31 10 1234567")],
            ..contact(Kind::Person, "J.", "MEIJER")
        },
    ] {
        assert_eq!(asked(&story.when(again.clone())), ["contact:1"], "{again:?}");
        let events = story.clone().confirming(Prompt::PossibleDuplicate).when(again);
        assert!(!events.events().is_empty());
    }
}

#[test]
fn e2_06_a_name_alone_another_name_or_other_initials_are_not() {
    let story = Scenario::new().given(meijer());
    for other in [
        contact(Kind::Person, "J.", "Meijer"),
        CreateContact { address: Some(address("3077AW", 33)), ..contact(Kind::Person, "J.", "Meijer") },
        CreateContact { address: Some(address("3078AW", 31)), ..contact(Kind::Person, "J.", "Meijer") },
        CreateContact { address: Some(address("3077AW", 31)), ..contact(Kind::Person, "J.", "Smit") },
        CreateContact { address: Some(address("3077AW", 31)), ..contact(Kind::Person, "P.", "Meijer") },
    ] {
        assert!(!story.when(other.clone()).events().is_empty(), "{other:?}");
    }
}

/// N1-01: a household is no person and a company is neither, even of one name at one address.
#[test]
fn x_05_only_a_contact_of_the_same_kind_is_asked_about() {
    let there = || Some(address("3077AW", 31));
    // Named after its contractant, who is known by the name alone.
    let contractant =
        NewPerson { initials: Some("J.".into()), surname: "Meijer".into(), ..NewPerson::default() };
    let household = CreateContact {
        person: Some(NewPersonRole {
            person: contractant,
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        address: there(),
        ..CreateContact::new(Kind::Household)
    };
    let company = CreateContact {
        company_name: Some("Meijer".into()),
        address: there(),
        ..CreateContact::new(Kind::Company)
    };
    let one_of_each =
        Scenario::new().given(meijer()).when(household.clone()).then_made().when(company.clone()).then_made();
    let kinds = [1, 2, 4].map(|id| one_of_each.contact(ContactId(id)).kind);
    assert_eq!(kinds, [Kind::Person, Kind::Household, Kind::Company]);
    assert_eq!(asked(&one_of_each.when(meijer())), ["contact:1"]);
    assert_eq!(asked(&one_of_each.when(household)), ["contact:2"]);
    assert_eq!(asked(&one_of_each.when(company)), ["contact:4"]);
}

#[test]
fn x_05_the_begin_of_the_name_with_the_date_of_birth_is_asked_about() {
    let born = |surname: &str, date: &str| {
        let person =
            NewPerson { surname: surname.into(), birth_date: Some(date.into()), ..NewPerson::default() };
        CreateContact {
            person: Some(NewPersonRole { person, role_code: "CONTRACTANT".into(), begin_date: None }),
            ..CreateContact::new(Kind::Household)
        }
    };
    let story = Scenario::new().given(born("Pietersen", "1980-05-05"));
    assert_eq!(asked(&story.when(born("Pieterse", "1980-05-05"))), ["contact:2"]);
    assert!(!story.when(born("Pietersen", "1980-05-06")).events().is_empty());
    assert!(!story.when(born("Smit", "1980-05-05")).events().is_empty());
}

#[test]
fn x_05_dates_of_birth_do_not_count_for_who_may_not_see_them() {
    let story = Scenario::new().given(CreateContact {
        person: Some(NewPersonRole {
            person: NewPerson {
                surname: "Pietersen".into(),
                birth_date: Some("1980-05-05".into()),
                ..NewPerson::default()
            },
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        ..CreateContact::new(Kind::Household)
    });
    let mut described =
        Description::new(Kind::Person, &NameParts { surname: "Pietersen".into(), ..NameParts::default() });
    described.set_birth(Date::parse("1980-05-05").ok());
    let found = |sensitive| {
        let world = &story.world;
        let by_key = |key| world.contacts_by_key(key);
        similar(&described, sensitive, &by_key, &|id| world.contact(id), &|_| None, &|_| true).len()
    };
    assert_eq!((found(true), found(false)), (1, 0));
}

#[test]
fn e1_09_e2_13_a_new_person_of_a_household_is_asked_about() {
    let jansen = || NewPerson {
        initials: Some("A.".into()),
        surname: "Jansen".into(),
        emails: vec![channel(ChannelKind::Email, "a@x.nl")],
        ..NewPerson::default()
    };
    let in_role = |person| NewPersonRole { person, role_code: "CONTRACTANT".into(), begin_date: None };
    let story = Scenario::new()
        .given(CreateContact { person: Some(in_role(jansen())), ..CreateContact::new(Kind::Household) });
    let add = AddRole {
        party: PartyRef::Contact(ContactId(1).into()),
        person: PersonChoice::New(Box::new(jansen())),
        role_code: "CHILD".into(),
        begin_date: None,
        cause: None,
    };
    let create = CreatePersonInHousehold { household: ContactId(1).into(), person: in_role(jansen()) };
    assert_eq!(asked(&story.when(add.clone())), ["contact:2"]);
    assert_eq!(asked(&story.when(create.clone())), ["contact:2"]);
    let sure = story.clone().confirming(Prompt::PossibleDuplicate);
    sure.when(add).then(&["ContactCreated", "ChannelAdded", "RoleAdded"]);
    sure.when(create).then(&["ContactCreated", "ChannelAdded", "RoleAdded"]);
}

#[test]
fn e2_06_a_household_is_compared_under_the_name_that_it_goes_by() {
    let household = |surname: &str| CreateContact {
        address: Some(address("3077AW", 31)),
        person: Some(NewPersonRole {
            person: NewPerson {
                initials: Some("A.".into()),
                infix: Some("de".into()),
                surname: surname.into(),
                ..NewPerson::default()
            },
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        ..CreateContact::new(Kind::Household)
    };
    let story = Scenario::new().given(household("Bakker"));
    assert_eq!(asked(&story.when(household("Backer"))), ["contact:1"]);
    assert!(!story.when(household("Vries")).events().is_empty());
}

fn register(kind: &str, initials: &str, surname: &str, email: &str) -> CreateRegistration {
    CreateRegistration {
        kind: kind.into(),
        parent: None,
        location: None,
        relation: None,
        relation_kind: None,
        status: None,
        initials: Some(initials.into()),
        infix: None,
        surname: Some(surname.into()),
        company_name: None,
        salutation: None,
        role_code: None,
        begin_date: None,
        address: None,
        phones: Vec::new(),
        emails: vec![channel(ChannelKind::Email, email)],
        business: None,
    }
}

fn company(name: &str, email: &str) -> CreateRegistration {
    CreateRegistration {
        company_name: Some(name.into()),
        initials: None,
        surname: None,
        ..register("CLIENT_COMPANY", "", "", email)
    }
}

/// Companies 1 and 2, and P. Jansen as contact person 3 of company 1.
fn office() -> Scenario {
    Scenario::new().given(company("Een B.V.", "een@x.nl")).given(company("Twee B.V.", "twee@x.nl")).given(
        CreateRegistration {
            parent: Some(ContactId(1).into()),
            ..register("CONTACT_PERSON", "P.", "Jansen", "p@x.nl")
        },
    )
}

#[test]
fn a1_03_the_same_human_once_per_company_is_meant_and_twice_at_one_is_not() {
    let story = office();
    let at = |company: u64| CreateRegistration {
        parent: Some(ContactId(company).into()),
        ..register("CONTACT_PERSON", "P.", "Jansen", "p@x.nl")
    };
    assert!(!story.when(at(2)).events().is_empty(), "at another company, on purpose");
    assert_eq!(asked(&story.when(at(1))), ["contact:3"]);
    let person = register("CLIENT_PERSON", "P.", "Jansen", "p@x.nl");
    let story = story.given(person.clone());
    assert_eq!(asked(&story.when(person)), ["contact:4"], "but a client is one client");
    assert_eq!(asked(&story.when(company("Een b.v.", "EEN@x.nl"))), ["contact:1"]);
}

#[test]
fn a1_03_a_coupled_pair_is_silent() {
    let story = office().given(register("CLIENT_PERSON", "P.", "Jansen", "p@x.nl"));
    let coupled = CreateCoupledContact {
        leader: ContactId(4).into(),
        parent: ContactId(2).into(),
        role_code: None,
        begin_date: None,
        business: None,
        initials: None,
        infix: None,
        surname: None,
        address: None,
        private_email: None,
        private_mobile: None,
    };
    let story = story
        .when(coupled)
        .then(&["ContactCreated", "RoleAdded", "CoupledToLeader", "FollowedDataCopied"])
        .given(CoupleToLeader { follower: ContactId(3).into(), leader: ContactId(4).into() });
    let at_company = |company: u64| CreateRegistration {
        parent: Some(ContactId(company).into()),
        ..register("CONTACT_PERSON", "P.", "Jansen", "p@x.nl")
    };
    assert_eq!(asked(&story.when(at_company(1))), ["contact:3"], "twice at one company, coupled or not");
    // Leader and followers are one human: only the leader is a candidate.
    let again = CreateContact {
        emails: vec![channel(ChannelKind::Email, "p@x.nl")],
        ..contact(Kind::Person, "P.", "Jansen")
    };
    assert_eq!(asked(&story.when(again)), ["contact:4"]);
}

#[test]
fn a1_13_the_placeholder_is_no_name() {
    let story = office();
    let x = CreateRegistration {
        parent: Some(ContactId(1).into()),
        ..register("CONTACT_PERSON", "x", "x", "p@x.nl")
    };
    let story = story.given(x.clone());
    assert!(!story.when(x).events().is_empty());
}

#[test]
fn x_05_a_key_tells_nothing_and_depends_on_name_and_kind() {
    let mut known = Description::company("Fietsen B.V.");
    assert_eq!(known.keys(), []);
    known.add_place(3511, Some(12));
    known.add_place(0, Some(12));
    known.add_place(3511, None);
    known.add_iban("NL91ABNA0417164300");
    assert_eq!(known.keys().len(), 1, "no place without digits and number, and no key of an IBAN");
    let mut person =
        Description::new(Kind::Person, &NameParts { surname: "Fietsen B.V.".into(), ..NameParts::default() });
    person.add_place(3511, Some(12));
    assert_ne!(known.keys(), person.keys());
    assert_eq!(known.agreements(&person), []);
    let mut same = Description::company("fietsen bv");
    same.add_iban("NL91ABNA0417164300");
    assert_eq!(known.agreements(&same), [Agreement::Surname, Agreement::Iban]);
    assert!(known.likely(&same, &known.agreements(&same)));
}
