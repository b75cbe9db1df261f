//! Rows E1-33 … E1-38, D-6, D-7 and D-8; golden scenarios 1 to 3.

use super::*;
use crate::contact::{CreateContact, HouseholdNameChanged, NewPersonRole};
use crate::customer::tests::{activate, customer, date, household, new_contact};
use crate::draft::{Changes, Decision};
use crate::event::{self, Recorded};
use crate::ids::{CustomerId, Position};
use crate::personal_data::{Change, ChangePersonalData, SetSalutation};
use crate::placement::MoveContact;
use crate::registration::CreateRegistration;
use crate::registration::tests::{COMPANY, company, contact_person, type_of};
use crate::role::ShowFirst;
use crate::role::tests::{A, C, HOUSEHOLD, add, couple, died, ended, known, new, remove, show, someone};
use crate::testing::{Scenario, When};

/// The events of E1-36 where the deceased was shown first, in their order.
const MOVED: &[&str] = &["DeathRecorded", "RoleRemoved", "ShownFirstChanged", "HouseholdNameChanged"];

fn alive(person: ContactId) -> CorrectDeath {
    CorrectDeath { person: person.into(), date_of_death: None }
}

fn decide(household: ContactId, keep_roles: bool) -> HouseholdDecision {
    HouseholdDecision { household: household.into(), keep_roles, successor: None }
}

fn heirs(person: ContactId) -> SetSalutation {
    SetSalutation { contact: person.into(), code: Some("HEIRS_OF".into()) }
}

/// A second household (4) where A is contractant beside P. Pieters (5) and shown first, with a customer of its own.
fn two_households() -> Scenario {
    let other = CreateContact {
        person: Some(NewPersonRole {
            person: someone("P.", "", "Pieters"),
            role_code: "CONTRACTANT".into(),
            begin_date: None,
        }),
        ..new_contact(Kind::Household)
    };
    couple()
        .given(other)
        .given(add(ContactId(4), known(A), "CONTRACTANT"))
        .given(ShowFirst { household: ContactId(4).into(), person: A.into() })
        .given(activate(4))
}

fn blocked(when: &When) -> Vec<Option<EntityId>> {
    when.refusals().iter().map(|refusal| refusal.problem().entity).collect()
}

// ---- E1-33: the question

#[test]
fn e1_33_d_6_without_an_answer_nothing_is_stored() {
    let when = couple().when(RecordDeath { keep_roles: None, ..died(A, true) });
    let problem = when.problem();
    assert_eq!(problem.prompt, Some(Prompt::KeepRolesOfDeceased));
    assert_eq!(problem.options, ["keepRoles: true", "keepRoles: false"]);
    assert_eq!(problem.entity, Some(EntityId::Contact(HOUSEHOLD)));
    let story = when.then_refused(&["CONFIRMATION_REQUIRED"]);
    assert!(!story.contact(A).deceased());
}

#[test]
fn e1_33_who_has_no_roles_is_not_asked_about() {
    let person = CreateContact { surname: Some("Smit".into()), ..new_contact(Kind::Person) };
    let story = Scenario::new().given(person);
    let story =
        story.when(RecordDeath { keep_roles: None, ..died(HOUSEHOLD, true) }).then(&["DeathRecorded"]);
    let death = story.contact(HOUSEHOLD).death.clone().unwrap();
    assert_eq!((death.date, death.recorded.position), (Some(date("2026-01-12")), Position(2)));
}

#[test]
fn e1_33_bad_input() {
    let on = |date: &str| RecordDeath { date_of_death: date.into(), ..died(A, false) };
    couple().when(on("2026-01-16")).then_refused(&["DATE_IN_FUTURE"]);
    couple().when(on("2026-01-15")).then(MOVED);
    couple().when(on("15-01-2026")).then_refused(&["INVALID_DATE"]);
    couple().when(on(" ")).then_refused(&["REQUIRED"]);
    couple().when(on("1799-12-31")).then_refused(&["DATE_OUT_OF_RANGE"]);
    let born = ChangePersonalData {
        person: A.into(),
        birth_date: Change::Set("2026-01-13".into()),
        bsn: Change::Keep,
        gender: Change::Keep,
        salutation: Change::Keep,
    };
    let story = couple().given(born);
    let when = story.when(died(A, false));
    assert_eq!(when.fields(), ["dateOfDeath"]);
    when.then_refused(&["DEATH_BEFORE_BIRTH"]);
    story.when(on("2026-01-13")).then(MOVED);
    let dead = couple().given(died(A, false));
    let when = dead.when(died(A, false));
    assert!(when.problem().message.contains("correctDeath"));
    when.then_refused(&["ALREADY_DECEASED"]);
    couple().when(died(HOUSEHOLD, false)).then_refused(&["NOT_A_PERSON"]);
    couple().when(died(ContactId(9), false)).then_refused(&["NOT_FOUND"]);
    couple().expecting(2).when(died(A, false)).then_refused(&["VERSION_CONFLICT"]);
}

#[test]
fn e1_33_all_that_is_wrong_is_told_at_once_and_before_the_question() {
    let wrong = RecordDeath {
        date_of_death: "x".into(),
        keep_roles: None,
        salutation: Some("??".into()),
        ..died(A, false)
    };
    couple().when(wrong).then_refused(&["INVALID_DATE", "INVALID_TEXT"]);
}

#[test]
fn e1_33_a_death_needs_its_right() {
    let story = couple().without(&[Permission::SensitiveWrite]);
    story.when(died(A, false)).then_refused(&["FORBIDDEN"]);
    couple().with_only(&[Permission::SensitiveWrite]).when(died(A, false)).then(MOVED);
    // Without the right, nobody learns whether somebody is dead already.
    couple()
        .given(died(A, false))
        .without(&[Permission::SensitiveWrite])
        .when(died(A, false))
        .then_refused(&["FORBIDDEN"]);
}

// ---- E1-34: yes

#[test]
fn e1_34_the_sole_contractant_stays_linked_when_the_lease_has_ended() {
    let when = customer().given(ended()).when(died(A, true));
    assert_eq!(when.warnings(), [""; 0]);
    let story = when.then(&["DeathRecorded"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(A));
    assert_eq!(story.contact(A).roles, [(HOUSEHOLD, 1)]);
    assert!(story.contact(A).deceased());
}

#[test]
fn e1_34_d_6_a_running_lease_is_pointed_out() {
    let when = customer().when(died(A, true));
    assert_eq!(when.warnings(), ["LEASE_STILL_RUNNING"]);
    when.then(&["DeathRecorded"]);
    let when = household().when(died(A, true));
    assert_eq!(when.warnings(), [""; 0], "no lease, no warning");
    when.then(&["DeathRecorded"]);
}

#[test]
fn e1_34_another_living_contractant_forbids_yes() {
    let when = couple().when(died(A, true));
    assert_eq!(blocked(&when), [Some(EntityId::Contact(HOUSEHOLD))]);
    when.then_refused(&["NOT_SOLE_CONTRACTANT"]);
    // A dead one does not.
    let story =
        customer().given(died(A, true)).given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    story.when(died(C, true)).then(&["DeathRecorded"]);
}

// ---- E1-35: the heirs

#[test]
fn e1_35_the_salutation_may_ride_along() {
    let when = customer().when(RecordDeath { salutation: Some("heirs_of".into()), ..died(A, true) });
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["DeathRecorded", "SalutationChanged"]);
    assert_eq!(story.contact(A).salutation.as_deref(), Some("HEIRS_OF"));
}

#[test]
fn e1_35_the_salutation_of_heirs_needs_a_death() {
    customer().when(heirs(A)).then_refused(&["SALUTATION_NEEDS_DEATH"]);
    let story = customer().given(died(A, true));
    story.when(heirs(A)).then(&["SalutationChanged"]);
    story.clone().without(&[Permission::SensitiveWrite]).when(heirs(A)).then_refused(&["FORBIDDEN"]);
}

// ---- E1-36: no

#[test]
fn e1_36_the_deceased_leaves_and_the_next_is_shown_first() {
    let when = couple().when(died(A, false));
    assert_eq!(when.causes(), [None, Some(0), Some(0), Some(0)], "one chain with one cause");
    let [_, removed, shown, named] = when.events() else { panic!("{:?}", when.events()) };
    let event::Event::Role(role::Event::RoleRemoved(removed)) = &removed.event else { panic!() };
    assert_eq!((removed.person, removed.line, removed.cause), (A, 1, Cause::Death));
    let event::Event::Role(role::Event::ShownFirstChanged(shown)) = &shown.event else { panic!() };
    assert_eq!((shown.from, shown.to, shown.cause), (Some(A), Some(C), Cause::Death));
    let Recorded { event: event::Event::Contact(crate::contact::Event::HouseholdNameChanged(named)), .. } =
        named
    else {
        panic!()
    };
    let expected = HouseholdNameChanged {
        household: HOUSEHOLD,
        old: Personal::new(A, "A. Bakker".into()),
        new: Personal::new(C, "C. de Vries".into()),
    };
    assert_eq!(named, &expected, "each name is the data of its own person");
    let story = when.then(MOVED);
    assert_eq!(story.contact(A).past_roles, [(HOUSEHOLD, 1)]);
}

#[test]
fn e1_36_all_roles_of_the_deceased_in_the_household_end() {
    let story = couple().given(add(HOUSEHOLD, known(A), "GUARDIAN"));
    let events = ["DeathRecorded", "RoleRemoved", "RoleRemoved", "ShownFirstChanged", "HouseholdNameChanged"];
    let story = story.when(died(A, false)).then(&events);
    assert_eq!(story.contact(A).roles, []);
    // Also where the lease has ended.
    couple().given(ended()).when(died(A, false)).then(MOVED);
}

#[test]
fn e1_36_shown_first_stays_when_another_dies() {
    let story = couple().when(died(C, false)).then(&["DeathRecorded", "RoleRemoved"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(A));
}

/// D-7: whom one names as the successor of somebody who was not shown first changes nothing.
#[test]
fn e1_36_a_successor_of_who_was_not_shown_first_moves_nothing() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CONTRACTANT"));
    let with = |successor: ContactId| RecordDeath { successor: Some(successor.into()), ..died(C, false) };
    for successor in [A, ContactId(4)] {
        let story = story.when(with(successor)).then(&["DeathRecorded", "RoleRemoved"]);
        let household = story.contact(HOUSEHOLD);
        assert_eq!((household.shown_first, household.name.as_str()), (Some(A), "A. Bakker"));
    }
    // It must be one who remains all the same.
    story.when(with(C)).then_refused(&["INVALID_SUCCESSOR"]);
}

#[test]
fn e1_36_the_only_contractant_cannot_leave() {
    let when = customer().when(died(A, false));
    assert_eq!(blocked(&when), [Some(EntityId::Contact(HOUSEHOLD))]);
    when.then_refused(&["NO_REMAINING_CONTRACTANT"]);
    // A dead contractant does not remain.
    let story =
        customer().given(died(A, true)).given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    story.when(died(C, false)).then_refused(&["NO_REMAINING_CONTRACTANT"]);
}

#[test]
fn e1_36_a_mere_contact_persons_death_takes_either_answer() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CHILD"));
    story.when(died(ContactId(4), true)).then(&["DeathRecorded"]);
    let story = story.when(died(ContactId(4), false)).then(&["DeathRecorded", "RoleRemoved"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(A));
}

#[test]
fn e1_36_d_7_the_successor_is_chosen_or_the_first_in_line() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CONTRACTANT"));
    let first = story.when(died(A, false)).then(MOVED);
    assert_eq!(first.contact(HOUSEHOLD).shown_first, Some(C));
    let with = |successor: ContactId| RecordDeath { successor: Some(successor.into()), ..died(A, false) };
    let chosen = story.when(with(ContactId(4))).then(MOVED);
    assert_eq!(chosen.contact(HOUSEHOLD).name, "D. Dijk");
    for nobody in [A, HOUSEHOLD] {
        story.when(with(nobody)).then_refused(&["INVALID_SUCCESSOR"]);
    }
    story.when(with(ContactId(9))).then_refused(&["NOT_FOUND"]);
    let child = story.given(add(HOUSEHOLD, new("E.", "", "Emmen"), "CHILD"));
    child.when(with(ContactId(5))).then_refused(&["INVALID_SUCCESSOR"]);
    // Who is dead succeeds nobody.
    let story = customer()
        .given(died(A, true))
        .given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"))
        .given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CONTRACTANT"))
        .given(show(C));
    let dead = RecordDeath { successor: Some(A.into()), ..died(C, false) };
    story.when(dead).then_refused(&["INVALID_SUCCESSOR"]);
    let story = story.when(died(C, false)).then(MOVED);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(ContactId(4)), "the first who lives");
}

/// Companies 1 and 2; at company 1 the location 3, where contact person 4 works on line 1.
fn at_a_branch() -> Scenario {
    let location = CreateRegistration { parent: Some(COMPANY.into()), ..company("LOCATION", "Filiaal") };
    let clerk = CreateRegistration { location: Some(BRANCH.into()), ..contact_person(COMPANY, "A.", "Bos") };
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(company("CLIENT_COMPANY", "Slagerij B.V."))
        .given(location)
        .given(clerk)
}

const OTHER_COMPANY: ContactId = ContactId(2);
const BRANCH: ContactId = ContactId(3);
const CLERK: ContactId = ContactId(4);

fn moves(contact: ContactId, to: ContactId, location: Option<ContactId>) -> MoveContact {
    let location = location.map(Into::into);
    MoveContact { contact: contact.into(), from_parent: None, new_parent: to.into(), location }
}

/// Where line 1 of the company is, and what is tied to the location.
fn ties(story: &Scenario) -> (Option<ContactId>, usize) {
    let company = story.contact(COMPANY);
    let at = company.line(1).and_then(|line| company.placement.line_locations.get(&line.line).copied());
    (at, story.contact(BRANCH).placement.tied.len())
}

#[test]
fn e1_36_a2_09_a_line_that_a_death_ends_is_at_no_location() {
    let story = at_a_branch();
    assert_eq!(ties(&story), (Some(BRANCH), 1));
    let when = story.when(died(CLERK, false));
    assert_eq!(when.causes(), [None, Some(0), Some(1)]);
    let story = when.then(&["DeathRecorded", "RoleRemoved", "LocationTied"]);
    assert_eq!(ties(&story), (None, 0));
    let fields = crate::fields::contact(&story.contact(COMPANY));
    assert!(!fields.keys().any(|name| name.contains("location")), "the history shows no tie");
    story.when(moves(BRANCH, OTHER_COMPANY, None)).then(&["ContactPlaced"]);
}

/// A location of a log in which deaths left the lines tied that they ended may go all the same.
#[test]
fn e1_36_a2_09_what_ended_does_not_hold_its_location() {
    let mut story = at_a_branch();
    let mut company = Contact::clone(&story.contact(COMPANY));
    let line = company.lines.remove(0);
    company.ended_lines.push(role::EndedLine { line, end: date("2026-01-12"), cause: Cause::Death });
    let contacts = [(COMPANY, Arc::new(company))].into();
    let changes = Changes { contacts, ..Changes::default() };
    story.world.apply(Position(4), &Decision { events: vec![], warnings: vec![], changes });
    assert_eq!(ties(&story), (None, 1));
    story.when(moves(BRANCH, OTHER_COMPANY, None)).then(&["ContactPlaced"]);
}

#[test]
fn e1_36_d_28_the_dead_may_stand_alone() {
    let story = at_a_branch();
    let gone = story.when(died(CLERK, false)).then(&["DeathRecorded", "RoleRemoved", "LocationTied"]);
    assert_eq!((gone.contact(CLERK).roles.len(), type_of(&gone, CLERK)), (0, None));
    // What the other answer kept may be removed later on.
    let kept = story.given(died(CLERK, true)).confirming(Prompt::RemoveRoleLine);
    let gone = kept.when(remove(COMPANY, 1)).then(&["RoleRemoved", "LocationTied"]);
    // Who turns out to be alive after that is pointed out: it stands alone.
    let back = gone.because("mistake").when(alive(CLERK));
    assert_eq!(back.warnings(), ["STANDS_ALONE"]);
    back.then(&["DeathCorrected"]);
    let restored = story.given(died(CLERK, false)).because("mistake").when(alive(CLERK));
    assert_eq!(restored.warnings(), [""; 0]);
    let alive = story.confirming(Prompt::RemoveRoleLine);
    alive.when(remove(COMPANY, 1)).then_refused(&["PARENT_REQUIRED"]);
}

// ---- E1-37: several households

#[test]
fn e1_37_one_answer_for_all_households() {
    let when = two_households().when(died(A, false));
    let events = [MOVED, &MOVED[1..]].concat();
    assert_eq!(when.causes().iter().filter(|cause| **cause == Some(0)).count(), 6);
    let story = when.then(&events);
    assert_eq!(story.contact(HOUSEHOLD).name, "C. de Vries");
    assert_eq!(story.contact(ContactId(4)).name, "P. Pieters");
}

#[test]
fn e1_37_d_8_the_answer_may_differ_per_household() {
    // In household 4 A is a mere guardian.
    let story =
        two_households().given(ShowFirst { household: ContactId(4).into(), person: ContactId(5).into() });
    let story = story.given(add(ContactId(4), known(A), "GUARDIAN"));
    let story = story.confirming(Prompt::RemoveRoleLine).given(remove(ContactId(4), 2));
    let per =
        |decisions: Vec<HouseholdDecision>| RecordDeath { keep_roles: None, decisions, ..died(A, false) };
    // One that has no answer is asked about, and only that one.
    let when = story.when(per(vec![decide(HOUSEHOLD, false)]));
    assert_eq!(blocked(&when), [Some(EntityId::Contact(ContactId(4)))]);
    when.then_refused(&["CONFIRMATION_REQUIRED"]);
    story.when(per(vec![])).then_refused(&["CONFIRMATION_REQUIRED"; 2]);
    let story = story.when(per(vec![decide(HOUSEHOLD, false), decide(ContactId(4), true)])).then(MOVED);
    assert_eq!(story.contact(A).roles, [(ContactId(4), 3)]);
}

#[test]
fn e1_37_two_decisions_for_one_household_are_refused() {
    let decisions = vec![decide(HOUSEHOLD, false), decide(HOUSEHOLD, true)];
    two_households()
        .when(RecordDeath { keep_roles: Some(false), decisions, ..died(A, false) })
        .then_refused(&["GIVEN_TWICE"]);
}

#[test]
fn e1_37_a_decision_goes_before_the_answer_for_all() {
    let story = two_households();
    let named = HouseholdDecision { successor: Some(ContactId(5).into()), ..decide(ContactId(4), false) };
    let command = RecordDeath { keep_roles: Some(true), decisions: vec![named], ..died(A, true) };
    let when = story.when(command.clone());
    assert_eq!(blocked(&when), [Some(EntityId::Contact(HOUSEHOLD))]);
    when.then_refused(&["NOT_SOLE_CONTRACTANT"]);
    let both = RecordDeath { keep_roles: Some(false), ..command };
    story.when(both).then(&[MOVED, &MOVED[1..]].concat());
}

/// E1-36, E1-37: who is named for all is the successor of a decision without one, and refused when it is nobody's.
#[test]
fn e1_37_the_successor_for_all_serves_a_decision_too() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Derde"), "CONTRACTANT"));
    let per = |successor: ContactId, decision: HouseholdDecision| RecordDeath {
        keep_roles: None,
        successor: Some(successor.into()),
        decisions: vec![decision],
        ..died(A, false)
    };
    let third = ContactId(4);
    let after = story.when(per(third, decide(HOUSEHOLD, false))).then(MOVED);
    assert_eq!(after.contact(HOUSEHOLD).shown_first, Some(third));
    let own = HouseholdDecision { successor: Some(C.into()), ..decide(HOUSEHOLD, false) };
    let when = story.when(per(third, own));
    assert_eq!(when.fields(), ["successorId"], "somebody else is named there: one of the two is a mistake");
    when.then_refused(&["INVALID_SUCCESSOR"]);
    story.when(per(HOUSEHOLD, decide(HOUSEHOLD, false))).then_refused(&["INVALID_SUCCESSOR"]);
    // What is wrong in a decision is told of the decisions.
    let wrong = HouseholdDecision { successor: Some(A.into()), ..decide(HOUSEHOLD, false) };
    for decision in [wrong, decide(HOUSEHOLD, true)] {
        let when = story.when(RecordDeath { successor: None, ..per(C, decision) });
        assert_eq!(when.fields(), ["decisions"]);
    }
}

#[test]
fn e1_37_d_8_one_guard_fails_and_nothing_happens() {
    // In household 4 A becomes the only contractant.
    let story = two_households().confirming(Prompt::RemoveRoleLine).given(remove(ContactId(4), 1));
    let when = story.when(died(A, false));
    assert_eq!(blocked(&when), [Some(EntityId::Contact(ContactId(4)))], "the error names the household");
    let story = when.then_refused(&["NO_REMAINING_CONTRACTANT"]);
    assert_eq!(story.contact(A).roles.len(), 2);
    let when = story.when(died(A, true));
    assert_eq!(blocked(&when), [Some(EntityId::Contact(HOUSEHOLD))]);
    when.then_refused(&["NOT_SOLE_CONTRACTANT"]);
    // All guards that fail are told.
    let when = two_households().when(died(A, true));
    assert_eq!(blocked(&when), [HOUSEHOLD, ContactId(4)].map(|id| Some(EntityId::Contact(id))));
    when.then_refused(&["NOT_SOLE_CONTRACTANT"; 2]);
}

#[test]
fn e1_37_a_decision_names_a_household_of_the_person() {
    let elsewhere = |household| RecordDeath { decisions: vec![decide(household, false)], ..died(C, false) };
    let when = two_households().when(elsewhere(ContactId(4)));
    assert_eq!(when.fields(), ["decisions"]);
    when.then_refused(&["NOT_FOUND"]);
    two_households().when(elsewhere(ContactId(99))).then_refused(&["NOT_FOUND"]);
}

// ---- E1-38: correction

#[test]
fn e1_38_another_date() {
    let other = |date: &str| CorrectDeath { person: A.into(), date_of_death: Some(date.into()) };
    let story = couple().given(died(A, false));
    story.when(other("2026-01-11")).then_refused(&["REQUIRED"]);
    let corrected = story.because("Certificate").when(other("2026-01-11")).then(&["DeathCorrected"]);
    assert_eq!(corrected.contact(A).death.as_ref().and_then(|death| death.date), Some(date("2026-01-11")));
    assert_eq!(corrected.contact(HOUSEHOLD).shown_first, Some(C), "what it removed stays removed");
    let story = corrected.because("Certificate").when(other("2026-01-11")).then_nothing();
    story.clone().because("x").when(other("2026-01-16")).then_refused(&["DATE_IN_FUTURE"]);
    story.clone().because("x").when(other("2026-02-30")).then_refused(&["INVALID_DATE"]);
    story.clone().because("x").when(other("")).then_refused(&["REQUIRED"]);
    let born = ChangePersonalData {
        person: A.into(),
        birth_date: Change::Set("1950-01-01".into()),
        bsn: Change::Keep,
        gender: Change::Keep,
        salutation: Change::Keep,
    };
    story.given(born).because("x").when(other("1949-12-31")).then_refused(&["DEATH_BEFORE_BIRTH"]);
}

#[test]
fn e1_38_bad_input() {
    couple().because("x").when(alive(A)).then_refused(&["NOT_DECEASED"]);
    couple().when(alive(A)).then_refused(&["REQUIRED", "NOT_DECEASED"]);
    couple().because("x").when(alive(HOUSEHOLD)).then_refused(&["NOT_A_PERSON"]);
    couple().because("x").when(alive(ContactId(9))).then_refused(&["NOT_FOUND"]);
    let story = couple().given(died(A, false));
    story
        .clone()
        .because("x")
        .without(&[Permission::SensitiveWrite])
        .when(alive(A))
        .then_refused(&["FORBIDDEN"]);
    story.because("x").expecting(1).when(alive(A)).then_refused(&["VERSION_CONFLICT"]);
}

#[test]
fn e1_38_alive_restores_exactly_what_the_death_removed() {
    let story = couple().given(add(HOUSEHOLD, known(A), "GUARDIAN"));
    let story = story.given(SetSalutation { contact: A.into(), code: Some("DHR".into()) });
    let before = (story.contact(HOUSEHOLD), story.contact(A));
    let story = story.given(RecordDeath { salutation: Some("HEIRS_OF".into()), ..died(A, false) });
    let when = story.because("Mixed up with a neighbour").when(alive(A));
    assert_eq!(when.causes(), [None, Some(0), Some(0), Some(0), Some(0), Some(0)]);
    let story = when.then(&[
        "DeathCorrected",
        "RoleRestored",
        "RoleRestored",
        "ShownFirstChanged",
        "HouseholdNameChanged",
        "SalutationChanged",
    ]);
    let (household, person) = (story.contact(HOUSEHOLD), story.contact(A));
    assert_eq!(household.lines, before.0.lines);
    assert_eq!((household.shown_first, &household.name), (before.0.shown_first, &before.0.name));
    assert_eq!(household.ended_lines, []);
    assert_eq!((&person.roles, &person.past_roles), (&before.1.roles, &before.1.past_roles));
    assert_eq!((&person.salutation, &person.death), (&before.1.salutation, &None));
    // The names of the household keep both.
    let names: Vec<_> = household.names.iter().map(|past| past.name.as_str()).collect();
    assert_eq!(names, ["A. Bakker", "C. de Vries", "A. Bakker"]);
    // And it can happen again.
    story.when(died(A, false)).then(&[MOVED[0], MOVED[1], MOVED[1], MOVED[2], MOVED[3]]);
}

#[test]
fn e1_38_a_salutation_that_was_changed_since_stays() {
    let set = |code: Option<&str>| SetSalutation { contact: A.into(), code: code.map(Into::into) };
    let dead = customer().given(set(Some("DHR"))).given(died(A, true));
    // Set to the heirs later on: back to what it was.
    let story = dead.given(set(Some("HEIRS_OF"))).because("x").when(alive(A));
    let story = story.then(&["DeathCorrected", "SalutationChanged"]);
    assert_eq!(story.contact(A).salutation.as_deref(), Some("DHR"));
    // Never the heirs: whatever it is now is right for the living too.
    let story = dead.given(set(Some("NEUTRAL"))).because("x").when(alive(A)).then(&["DeathCorrected"]);
    assert_eq!(story.contact(A).salutation.as_deref(), Some("NEUTRAL"));
    // There was none: there is none.
    let dead = customer().given(RecordDeath { salutation: Some("HEIRS_OF".into()), ..died(A, true) });
    let story = dead.because("x").when(alive(A)).then(&["DeathCorrected", "SalutationChanged"]);
    assert_eq!(story.contact(A).salutation, None);
}

#[test]
fn e1_38_later_changes_that_conflict_are_listed() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CONTRACTANT")).given(died(A, false));
    let story = story.given(show(ContactId(4)));
    let when = story.because("x").when(alive(A));
    let blocking = when.problem().blocking;
    assert_eq!((blocking.len(), blocking[0].kind, blocking[0].id.as_str()), (1, "CONFLICT", "CT000001"));
    let story = when.then_refused(&["CANNOT_UNDO"]);
    // Undone, the correction goes through.
    let story = story.given(show(C)).because("x").when(alive(A));
    story.then(&["DeathCorrected", "RoleRestored", "ShownFirstChanged", "HouseholdNameChanged"]);
}

#[test]
fn e1_38_the_successors_death_comes_first_to_be_undone() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CONTRACTANT"));
    let story = story.given(died(A, false)).given(died(C, false));
    assert_eq!(story.contact(HOUSEHOLD).name, "D. Dijk");
    let story = story.because("x").when(alive(A)).then_refused(&["CANNOT_UNDO"]);
    let story = story.because("x").given(alive(C)).because("x").given(alive(A));
    assert_eq!(story.contact(HOUSEHOLD).name, "A. Bakker");
    assert_eq!(story.contact(HOUSEHOLD).lines.iter().map(|l| l.line).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn e1_38_a2_09_who_lives_after_all_works_where_it_worked() {
    let story = at_a_branch();
    let before = (story.contact(COMPANY), story.contact(BRANCH), story.contact(CLERK));
    let story = story.given(died(CLERK, false));
    let when = story.because("x").when(alive(CLERK));
    assert_eq!(when.causes(), [None, Some(0), Some(1)]);
    let story = when.then(&["DeathCorrected", "RoleRestored", "LocationTied"]);
    assert_eq!((story.contact(COMPANY), story.contact(BRANCH), story.contact(CLERK)), before);
    // And it can happen again.
    let story = story.given(died(CLERK, false)).because("x").given(alive(CLERK));
    assert_eq!(ties(&story), (Some(BRANCH), 1));
}

#[test]
fn e1_38_a2_09_a_location_that_has_gone_is_a_conflict() {
    let gone = at_a_branch().given(died(CLERK, false)).given(moves(BRANCH, OTHER_COMPANY, None));
    let when = gone.because("x").when(alive(CLERK));
    let blocking = when.problem().blocking;
    assert_eq!((blocking.len(), blocking[0].id.as_str()), (1, "CT000003"));
    assert!(blocking[0].label.contains("another company"), "{blocking:?}");
    let story = when.then_refused(&["CANNOT_UNDO"]);
    let story = story.given(moves(BRANCH, COMPANY, None)).because("x").given(alive(CLERK));
    assert_eq!(ties(&story), (Some(BRANCH), 1));
}

/// A line that the dead got all the same, which a log may hold, would be there twice.
#[test]
fn e1_38_the_same_role_again_is_a_conflict() {
    let mut story = at_a_branch().given(died(CLERK, false));
    let mut company = Contact::clone(&story.contact(COMPANY));
    company.lines.push(RoleLine { line: 2, ..company.ended_lines[0].line.clone() });
    let contacts = [(COMPANY, Arc::new(company))].into();
    let changes = Changes { contacts, ..Changes::default() };
    story.world.apply(Position(5), &Decision { events: vec![], warnings: vec![], changes });
    let when = story.because("x").when(alive(CLERK));
    let blocking = when.problem().blocking;
    assert_eq!((blocking.len(), blocking[0].id.as_str()), (1, "CT000001"));
    when.then_refused(&["CANNOT_UNDO"]);
}

/// I2: whoever comes back to a household that everybody else has left is shown first.
#[test]
fn e1_38_who_comes_back_to_nobody_is_shown_first() {
    let story = couple().given(ended()).given(died(C, false));
    let story = story.confirming(Prompt::RemoveRoleLine).given(remove(HOUSEHOLD, 1));
    assert_eq!(story.contact(HOUSEHOLD).shown_first, None);
    let story = story.because("x").when(alive(C));
    let story = story.then(&["DeathCorrected", "RoleRestored", "ShownFirstChanged", "HouseholdNameChanged"]);
    let household = story.contact(HOUSEHOLD);
    assert_eq!((household.shown_first, household.name.as_str()), (Some(C), "C. de Vries"));
}

// ---- golden scenarios

#[test]
fn scenario_1_death_of_one_of_two_contractants_while_the_lease_runs() {
    let story = couple();
    let before = story.contact(HOUSEHOLD);
    let story = story.when(RecordDeath { keep_roles: None, ..died(A, false) });
    let story = story.then_refused(&["CONFIRMATION_REQUIRED"]);
    assert_eq!(story.contact(HOUSEHOLD), before, "nothing stored");
    let story = story.when(died(A, false)).then(MOVED);
    let household = story.contact(HOUSEHOLD);
    assert_eq!((household.shown_first, household.name.as_str()), (Some(C), "C. de Vries"));
    assert_eq!(household.line(1), None);
    // The customer shows its contact's name, and the name as of before is still there.
    assert_eq!(story.customer(CustomerId(1)).contact, HOUSEHOLD);
    assert_eq!((before.name.as_str(), household.names[0].name.as_str()), ("A. Bakker", "A. Bakker"));
}

#[test]
fn scenario_2_death_of_the_second_contractant() {
    let story = couple().when(died(C, false)).then(&["DeathRecorded", "RoleRemoved"]);
    let household = story.contact(HOUSEHOLD);
    assert_eq!(
        (household.shown_first, household.name.as_str(), household.lines.len()),
        (Some(A), "A. Bakker", 1)
    );
}

#[test]
fn scenario_3_death_of_the_sole_contractant() {
    let story = customer().given(ended());
    story.when(died(A, false)).then_refused(&["NO_REMAINING_CONTRACTANT"]);
    let story = story.when(died(A, true)).then(&["DeathRecorded"]);
    assert_eq!(story.contact(A).roles, [(HOUSEHOLD, 1)]);
    let story = story.when(heirs(A)).then(&["SalutationChanged"]);
    let person = story.contact(A);
    let code = person.salutation.as_deref().unwrap();
    let form = crate::code_list::CodeList::initial("SALUTATION")
        .row(code)
        .unwrap()
        .properties
        .salutation
        .unwrap()
        .form();
    assert_eq!(crate::values::letter_salutation(form, &person.parts, &person.name), "De erven van A. Bakker");
    let when = customer().when(died(A, true));
    assert_eq!(when.warnings(), ["LEASE_STILL_RUNNING"]);
}

/// Principle 6: a death whose date is erased is still a death.
#[test]
fn an_erased_date_leaves_the_flag() {
    let mut person = Contact::new(A);
    let erased = DeathRecorded { person: A, date: Personal { subject: A, value: None }, answers: vec![] };
    person.evolve(At { position: Position(9), time_us: 9 }, &erased.into());
    assert!(person.deceased());
    assert_eq!(person.death.unwrap().date, None);
}
