use super::discreet::NEUTRAL;
use super::*;
use crate::channel::{ChangeChannels, Detail, OwnerRef};
use crate::client_status::SetClientStatus;
use crate::contact::{ChangePersonName, CreateContact, Kind};
use crate::death::RecordDeath;
use crate::ids::{CustomerId, CustomerRef, EntityId, PartyRef, Position};
use crate::problem::{General, Problem, Prompt};
use crate::registration::CreateRegistration;
use crate::registration::tests::{channel, company, contact_person, person};
use crate::role::{AddRole, PersonChoice};
use crate::testing::{Scenario, says_what_to_do};
use crate::world::World as _;
use std::collections::BTreeSet;

fn seen(permissions: &[Permission]) -> Vec<&'static str> {
    let set = Statuses::seen_by(&Actor::new("a", permissions.iter().copied()));
    ClientStatus::ALL.iter().filter(|status| set.has(**status)).map(|status| status.name()).collect()
}

#[test]
fn a2_52_whoever_has_no_status_right_sees_clients_and_relations() {
    assert_eq!(seen(&[]), ["CLIENT", "RELATION"]);
    assert_eq!(seen(&[Permission::Read, Permission::Write]), ["CLIENT", "RELATION"]);
}

#[test]
fn a2_52_whoever_has_one_sees_exactly_those() {
    assert_eq!(seen(&[Permission::SeeSuspect]), ["SUSPECT", "RELATION"]);
    assert_eq!(
        seen(&[Permission::ChangeAcceptance]),
        ["ACC_DRAFT", "ACC_APPROVAL", "ACC_CENTRAL", "RELATION"]
    );
    assert_eq!(seen(&[Permission::SeeClient, Permission::SeeExClient]), ["CLIENT", "EX_CLIENT", "RELATION"]);
}

#[test]
fn a2_52_seeing_is_not_changing() {
    let actor = Actor::new("a", [Permission::Read, Permission::Write, Permission::SeeProspect]);
    assert!(Statuses::seen_by(&actor).has(ClientStatus::Prospect));
    assert!(!Statuses::changed_by(&actor).has(ClientStatus::Prospect));
    let prospects: Vec<_> =
        rights_of(&actor).into_iter().filter(|right| right.group == StatusGroup::Prospect).collect();
    assert_eq!(prospects, [StatusRight { group: StatusGroup::Prospect, see: true, change: false }]);
    assert!(Statuses::ALL.has(ClientStatus::Suspect));
    for status in ClientStatus::ALL {
        let relation = *status == ClientStatus::Relation;
        assert_eq!((Statuses::RELATIONS.has(*status), Statuses::CLIENTS.has(*status)), (relation, !relation));
    }
    assert_eq!(Statuses::CLIENTS.and(Statuses::RELATIONS).bits(), 0);
}

#[test]
fn a2_52_every_status_is_in_exactly_its_group() {
    for status in ClientStatus::ALL {
        let groups: Vec<_> = GROUPS.iter().filter(|(_, _, statuses, _)| statuses.contains(status)).collect();
        assert_eq!(groups.iter().map(|(group, ..)| *group).collect::<Vec<_>>(), [status.group()]);
    }
    let names: BTreeSet<_> = StatusGroup::all().map(StatusGroup::name).collect();
    assert_eq!(names.len(), GROUPS.len());
    assert_eq!(right_to_change(ClientStatus::AcceptanceCentral), Permission::ChangeAcceptance);
    assert_eq!(right_to_change(ClientStatus::Relation), Permission::Write);
}

const DESK: &[Permission] = &[Permission::Read, Permission::Write, Permission::Register];

/// The client-company 1, the suspect 2, and their contact persons 3 and 4.
fn two_companies() -> Scenario {
    let status = Some("SUSPECT".to_owned());
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Zichtbaar B.V."))
        .given(CreateRegistration { status, ..company("CLIENT_COMPANY", "Misschien B.V.") })
        .given(contact_person(ContactId(1), "A.", "Bos"))
        .given(contact_person(ContactId(2), "V.", "Borgen"))
}

fn in_role(holder: u64, person: u64) -> AddRole {
    AddRole {
        party: PartyRef::Contact(ContactId(holder).into()),
        person: PersonChoice::Existing(ContactId(person).into()),
        role_code: "DIRECTOR".to_owned(),
        begin_date: None,
        cause: None,
    }
}

fn sees_of(s: &Scenario, permissions: &[Permission], id: u64) -> bool {
    let seen = Statuses::seen_by(&Actor::new("desk", permissions.iter().copied()));
    sees(seen, &s.contact(ContactId(id)), &|id| s.world.contact(id))
}

#[test]
fn a2_52_a_contact_person_is_seen_with_one_of_its_holders() {
    let s = two_companies();
    let desk = |s: &Scenario| [3, 4].map(|id| sees_of(s, DESK, id));
    assert_eq!(desk(&s), [true, false]);
    assert_eq!([3, 4].map(|id| sees_of(&s, &[Permission::SeeSuspect], id)), [false, true]);
    // One that is seen is enough, whatever else it is at.
    assert_eq!(desk(&s.given(in_role(1, 4)).given(in_role(2, 3))), [true, true]);
    // The status of the company counts as it is now.
    let to =
        |to: &str| SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), to: to.to_owned() };
    assert_eq!(desk(&s.given(to("PROSPECT"))), [true, false]);
    let both = [Permission::SeeClient, Permission::SeeProspect];
    assert_eq!([3, 4].map(|id| sees_of(&s.given(to("PROSPECT")), &both, id)), [true, true]);
}

/// A2-52: the own customer decides before any line; a person of a household without customer is nobody's secret.
#[test]
fn a2_52_a_person_of_its_own_is_seen_as_itself() {
    let s = two_companies()
        .given(person("CLIENT_PERSON", "K.", "Klant"))
        .given(in_role(2, 5))
        .given(CreateContact { surname: Some("Los".to_owned()), ..CreateContact::new(Kind::Person) });
    assert!(sees_of(&s, DESK, 5) && sees_of(&s, DESK, 6));
    assert!(!sees_of(&s, &[Permission::SeeSuspect], 5));
}

/// A2-52, E1-36: a death that ends the last line shows nobody who was hidden before.
#[test]
fn a2_52_who_left_a_hidden_company_stays_hidden() {
    let dead = |person: u64| RecordDeath {
        person: ContactId(person).into(),
        date_of_death: "2026-01-10".to_owned(),
        keep_roles: Some(false),
        successor: None,
        decisions: Vec::new(),
        salutation: None,
    };
    let s = two_companies().given(dead(4)).given(dead(3));
    assert!(s.contact(ContactId(4)).roles.is_empty() && s.contact(ContactId(3)).roles.is_empty());
    assert!(sees_of(&s, DESK, 3) && !sees_of(&s, DESK, 4));
}

#[test]
fn a2_52_whoever_sees_everything_is_not_made_to_look() {
    let s = two_companies();
    let boss = Actor::with_all("boss");
    let all = Statuses::seen_by(&boss);
    assert_eq!(all, Statuses::ALL);
    assert!(sees(all, &s.contact(ContactId(4)), &|_| panic!("looked")));
    let of_suspects = [Permission::SeeSuspect, Permission::ChangeSuspect];
    let others = boss.permissions.iter().copied().filter(|right| !of_suspects.contains(right));
    assert_ne!(Statuses::seen_by(&Actor::new("desk", others)), Statuses::ALL);
}

/// A2-52: no command finds a hidden contact person, and no question is asked because of it.
#[test]
fn a2_52_a_hidden_contact_person_is_not_found() {
    let s = two_companies();
    let rename = |id: u64| ChangePersonName {
        person: ContactId(id).into(),
        name: None,
        initials: None,
        infix: None,
        surname: Some("Anders".to_owned()),
    };
    let desk = s.clone().with_only(DESK);
    desk.when(rename(4)).then_refused(&["NOT_FOUND"]);
    desk.when(rename(3)).then(&["PersonNameChanged"]);
    desk.when(in_role(1, 4)).then_refused(&["NOT_FOUND"]);
    let like = |s: &Scenario| {
        let channels = vec![channel(crate::channel::Kind::Email, Detail::Private, "v@borgen.nl")];
        s.given(ChangeChannels {
            owner: OwnerRef::Contact(ContactId(4).into()),
            phones: None,
            emails: Some(channels.clone()),
            websites: None,
        })
        .with_only(DESK)
        .when(CreateRegistration { emails: channels, ..contact_person(ContactId(1), "V.", "Borgen") })
    };
    like(&s).then_made();
    like(&s.given(in_role(1, 4))).then_refused(&["CONFIRMATION_REQUIRED"]);
}

/// A2-52, E1-33: a role at a hidden company is neither asked about at a death nor ended by it.
#[test]
fn a2_52_a_death_does_not_tell_of_a_role_at_a_hidden_company() {
    let dead = |keep_roles: Option<bool>| RecordDeath {
        person: ContactId(5).into(),
        date_of_death: "2026-01-10".to_owned(),
        keep_roles,
        successor: None,
        decisions: Vec::new(),
        salutation: None,
    };
    let s = two_companies().given(person("CLIENT_PERSON", "K.", "Klant")).given(in_role(2, 5));
    s.when(dead(None)).then_refused(&["CONFIRMATION_REQUIRED"]);
    let desk = s.clone().with_only(&[DESK, &[Permission::SensitiveWrite]].concat());
    for answer in [None, Some(true), Some(false)] {
        let after = desk.when(dead(answer)).then(&["DeathRecorded"]);
        assert_eq!(after.contact(ContactId(5)).roles, [(ContactId(2), 2)], "whoever sees it may end it");
    }
    let known = s.given(in_role(1, 5)).with_only(&[DESK, &[Permission::SensitiveWrite]].concat());
    known.when(dead(None)).then_refused(&["CONFIRMATION_REQUIRED"]);
    known.when(dead(Some(false))).then(&["DeathRecorded", "RoleRemoved"]);
}

/// A2-52: the number of a contact that is no customer is told apart from none, if the contact may be seen.
#[test]
fn a2_52_a_number_of_a_mere_contact_says_so() {
    let s = two_companies();
    let said = |s: &Scenario, id: u64| {
        let party = PartyRef::Customer(CustomerRef::Number(s.contact(ContactId(id)).number.clone()));
        let when = s.when(SetClientStatus { party, to: "PROSPECT".to_owned() });
        let message = when.problem().message;
        when.then_refused(&["NOT_FOUND"]);
        message
    };
    let desk = s.clone().with_only(DESK);
    assert_eq!(said(&s, 4), "customerNo names a contact that is no customer; choose a customer.");
    assert_eq!(said(&desk, 3), said(&s, 4));
    assert!(said(&desk, 4).contains("nothing that exists"));
}

#[test]
fn a2_52_how_much_of_a_commit_is_known() {
    let s = two_companies();
    let seen = Statuses::seen_by(&Actor::new("desk", DESK.iter().copied()));
    let of = |named: &[EntityId]| known(seen, named, &s.world);
    let (open, hidden) = (EntityId::Contact(ContactId(1)), EntityId::Contact(ContactId(4)));
    let account = EntityId::Customer(CustomerId(2));
    let list = EntityId::CodeList("ROLE".to_owned());
    assert_eq!(of(&[open.clone(), list.clone()]), Known::Whole);
    assert_eq!(of(&[open, hidden.clone()]), Known::InPart);
    assert_eq!(of(&[hidden, account, list.clone()]), Known::NotAtAll);
    assert_eq!(of(&[list]), Known::Whole);
}

/// A2-52: every sentence says what to do or how it stands, and none that something is there and hidden.
#[test]
fn a2_52_neutral_words_tell_of_nobody() {
    let codes: BTreeSet<_> = NEUTRAL.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes.len(), NEUTRAL.len());
    for code in [
        "CHECKS_OPEN",
        "CUSTOMER_EXISTS",
        "LAST_CONTRACTANT",
        "NUMBER_TAKEN",
        "PARENT_REQUIRED",
        "ROLE_EXISTS",
    ] {
        assert_ne!(neutral(code), neutral("WHATEVER"), "{code}");
    }
    for says in NEUTRAL.iter().map(|(_, says)| *says).chain([neutral("WHATEVER")]) {
        assert!(says.ends_with('.') && says_what_to_do(&Problem::new("CODE", says)), "{says}");
        for tells in ["may not see", "hidden", "another person", "another client", "another customer's"] {
            assert!(!says.to_lowercase().contains(tells), "{says}");
        }
    }
}

/// A2-52, §1.3: of what is in the way the hidden part is gone, with the words that may have told of it; a question stays.
#[test]
fn a2_52_words_about_hidden_things_are_neutral() {
    let s = two_companies();
    let actor = Actor::new("desk", DESK.iter().copied());
    let tell = |problem: Problem| discreet(problem, &actor, &s.world);
    let in_use = Problem::new("BSN_IN_USE", "V. Borgen has it.").hint("V. Borgen").options(["V. Borgen"]);
    let told = tell(in_use.clone().contact(ContactId(4)));
    assert_eq!(told, Problem::new("BSN_IN_USE", neutral("BSN_IN_USE")));
    assert_eq!(tell(in_use.clone().contact(ContactId(3))), in_use.contact(ContactId(3)));
    let blocks = |ids: &[&str]| {
        let things = ids.iter().map(|id| ((*id).to_owned(), "V. Borgen".to_owned()));
        Problem::new("HAS_CHILDREN", "V. Borgen hangs there.").blocking("CONTACT", things)
    };
    let told = tell(blocks(&["contact:3", "contact:4"]));
    assert_eq!((told.message.as_str(), told.blocking.len()), (neutral("HAS_CHILDREN"), 1));
    assert_eq!(tell(blocks(&["contact:3"])), blocks(&["contact:3"]));
    let entity = Some(EntityId::Contact(ContactId(4)));
    let asked = General::ConfirmationRequired { prompt: Prompt::KeepRolesOfDeceased, entity }.problem();
    let told = tell(asked.clone());
    assert_eq!((told.entity.as_ref(), &told.message, &told.options), (None, &asked.message, &asked.options));
    let changed = General::VersionConflict {
        entity: EntityId::Customer(CustomerId(2)),
        expected: Position(1),
        actual: Position(2),
    };
    assert!(!format!("{:?}", tell(changed.problem())).contains("customer:2"));
}

/// A2-52: of how many hidden things the same is said, is not said.
#[test]
fn a2_52_what_is_said_of_several_hidden_things_is_said_once() {
    let s = two_companies();
    let asked = |id| {
        let entity = Some(EntityId::Contact(ContactId(id)));
        General::ConfirmationRequired { prompt: Prompt::KeepRolesOfDeceased, entity }.problem()
    };
    let tell = |permissions: &[Permission], about: &[u64]| {
        let actor = Actor::new("desk", permissions.iter().copied());
        let told = published(about.iter().map(|id| asked(*id)), &actor, &s.world);
        told.into_iter().map(|problem| problem.entity.and_then(|entity| entity.contact())).collect::<Vec<_>>()
    };
    let contact = |id| Some(ContactId(id));
    assert_eq!(tell(DESK, &[4, 1, 2, 3]), [None, contact(1), contact(3)]);
    let suspects = [Permission::Read, Permission::SeeSuspect, Permission::SeeClient];
    assert_eq!(tell(&suspects, &[4, 1, 2]), [contact(4), contact(1), contact(2)]);
    assert_eq!(tell(DESK, &[]), []);
}

/// A2-52: a contact person is changed by the right to change one of those that it is known at; the right that is missing is
/// never that of a hidden one.
#[test]
fn a2_52_a_contact_person_is_changed_as_one_of_its_holders() {
    let rename = |id: u64| ChangePersonName {
        person: ContactId(id).into(),
        name: None,
        initials: None,
        infix: None,
        surname: Some("Anders".to_owned()),
    };
    let to =
        |to: &str| SetClientStatus { party: PartyRef::Customer(CustomerId(1).into()), to: to.to_owned() };
    // Contact person 3 of the former client 1 and of the suspect 2, and 4 of the suspect alone.
    let s = two_companies().given(in_role(2, 3)).given(to("EX_CLIENT"));
    let by = |rights: &[Permission], id: u64| s.clone().with_only(&[DESK, rights].concat()).when(rename(id));
    by(&[Permission::ChangeSuspect], 4).then(&["PersonNameChanged"]);
    by(&[Permission::SeeSuspect], 4).then_refused(&["FORBIDDEN"]);
    by(&[Permission::ChangeSuspect, Permission::SeeExClient], 3).then(&["PersonNameChanged"]);
    let refused = by(&[Permission::SeeExClient], 3);
    assert!(refused.problem().message.contains("CHANGE_EX_CLIENT"), "{}", refused.problem());
    refused.then_refused(&["FORBIDDEN"]);
}

/// A2-52, A1-11: that somebody hidden follows a contact is told of only where nothing else stands in the way.
#[test]
fn a2_52_a_hidden_follower_is_the_last_thing_to_be_told_of() {
    let couple = |follower: u64, leader: u64| crate::leader::CoupleToLeader {
        follower: ContactId(follower).into(),
        leader: ContactId(leader).into(),
    };
    // Whom the suspect's contact person 4 follows, and 5, whom nobody does.
    let s = two_companies().given(contact_person(ContactId(1), "G.", "Groen")).given(couple(4, 3));
    let desk = s.clone().with_only(DESK);
    desk.when(couple(3, 1)).then_refused(&["LEADER_NOT_A_PERSON"]);
    s.when(couple(3, 1)).then_refused(&["HAS_FOLLOWERS", "LEADER_NOT_A_PERSON"]);
    desk.when(couple(3, 5)).then_refused(&["HAS_FOLLOWERS"]);
    let seen = s.given(couple(5, 3)).with_only(DESK);
    seen.when(couple(3, 1)).then_refused(&["HAS_FOLLOWERS", "LEADER_NOT_A_PERSON"]);
}
