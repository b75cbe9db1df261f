//! Rows E1-05 … E1-12 and E1-24 … E1-32, D-3, D-4, D-5, D-28 and D-31; and the household that other tests begin with.

use super::*;
use crate::code_list::{ChangeCode, Properties};
use crate::contact::CreateContact;
use crate::customer::RecordLeaseEnded;
use crate::customer::tests::{activate, customer, date, household, new_contact};
use crate::death::RecordDeath;
use crate::event;
use crate::ids::CustomerId;
use crate::problem::General;
use crate::registration::tests::{COMPANY, PERSON, office};
use crate::registration::{self, CreateRegistration};
use crate::testing::Scenario;
use crate::world::World as _;

/// The household of [`couple`].
pub(crate) const HOUSEHOLD: ContactId = ContactId(1);
/// A. Bakker, contractant on line 1, shown first.
pub(crate) const A: ContactId = ContactId(2);
/// C. de Vries, contractant on line 2.
pub(crate) const C: ContactId = ContactId(3);

pub(crate) fn someone(initials: &str, infix: &str, surname: &str) -> NewPerson {
    NewPerson {
        initials: Some(initials.into()),
        infix: Some(infix.into()),
        surname: surname.into(),
        ..NewPerson::default()
    }
}

pub(crate) fn add(holder: ContactId, person: PersonChoice, role: &str) -> AddRole {
    AddRole {
        party: PartyRef::Contact(holder.into()),
        person,
        role_code: role.into(),
        begin_date: None,
        cause: None,
    }
}

pub(crate) fn known(person: ContactId) -> PersonChoice {
    PersonChoice::Existing(person.into())
}

pub(crate) fn new(initials: &str, infix: &str, surname: &str) -> PersonChoice {
    PersonChoice::New(Box::new(someone(initials, infix, surname)))
}

pub(crate) fn remove(holder: ContactId, line: u32) -> RemoveRole {
    RemoveRole { party: PartyRef::Contact(holder.into()), line }
}

pub(crate) fn show(person: ContactId) -> ShowFirst {
    ShowFirst { household: HOUSEHOLD.into(), person: person.into() }
}

/// Household 1 of contractants A. Bakker (2, shown first) and C. de Vries (3); customer 1, whose lease runs.
pub(crate) fn couple() -> Scenario {
    customer().given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"))
}

/// The lease of customer 1 has ended.
pub(crate) fn ended() -> RecordLeaseEnded {
    RecordLeaseEnded { customer: CustomerId(1).into(), lease_ref: None, end_date: "2026-01-10".into() }
}

pub(crate) fn died(person: ContactId, keep_roles: bool) -> RecordDeath {
    RecordDeath {
        person: person.into(),
        date_of_death: "2026-01-12".into(),
        keep_roles: Some(keep_roles),
        successor: None,
        decisions: vec![],
        salutation: None,
    }
}

fn role_code(code: &str, contractant: bool, end_date: Option<&str>) -> ChangeCode {
    ChangeCode {
        list: "ROLE".into(),
        code: code.into(),
        name: code.into(),
        description: None,
        begin_date: None,
        end_date: end_date.map(Into::into),
        parent: None,
        properties: Some(Properties { is_contractant: contractant, ..Properties::default() }),
    }
}

// ---- contact persons

/// E1-05: what makes a contractant is a property of the code, not its name.
#[test]
fn e1_05_a_contractant_is_a_property_of_the_role() {
    let story = couple().given(role_code("HUUR", true, None));
    let story = story.given(add(HOUSEHOLD, new("E.", "", "Emmen"), "huur"));
    let people: Vec<_> = story.contact(HOUSEHOLD).contractants().map(|l| l.person).collect();
    assert_eq!(people, [A, C, ContactId(4)]);
    // What the code says later does not change what was agreed then.
    let story = story.given(role_code("HUUR", false, None));
    assert_eq!(story.contact(HOUSEHOLD).contractants().count(), 3);
    let story = story.given(add(HOUSEHOLD, new("F.", "", "Faber"), "HUUR"));
    assert_eq!(story.contact(HOUSEHOLD).contractants().count(), 3);
}

#[test]
fn e1_08_an_existing_person_gets_a_role() {
    let person = CreateContact { surname: Some("Smit".into()), ..new_contact(Kind::Person) };
    let when = customer().given(person).when(AddRole {
        party: PartyRef::Customer(CustomerId(1).into()),
        begin_date: Some("2026-02-01".into()),
        cause: Some("moved_in".into()),
        ..add(HOUSEHOLD, known(ContactId(3)), " contact_person ")
    });
    assert_eq!(when.events()[0].event.entities(), [HOUSEHOLD, ContactId(3)].map(EntityId::Contact));
    let story = when.then(&["RoleAdded"]);
    let expected = RoleLine {
        line: 2,
        person: ContactId(3),
        role: "CONTACT_PERSON".into(),
        contractant: false,
        begin: date("2026-02-01"),
        cause: Some("MOVED_IN".into()),
        business: BusinessBlock::default(),
        portal: false,
    };
    assert_eq!(
        story.contact(HOUSEHOLD).line(2),
        Some(&expected),
        "stored at the household, asked at the customer"
    );
    assert_eq!(story.contact(ContactId(3)).roles, [(HOUSEHOLD, 2)]);
}

#[test]
fn e1_08_only_a_person_plays_a_role() {
    let company = CreateContact { company_name: Some("Smit B.V.".into()), ..new_contact(Kind::Company) };
    let story = couple().given(company);
    let when = story.when(add(HOUSEHOLD, known(ContactId(4)), "CHILD"));
    assert_eq!(when.fields(), ["personId"]);
    when.then_refused(&["ROLE_NEEDS_PERSON"]);
    story.when(add(HOUSEHOLD, known(HOUSEHOLD), "CHILD")).then_refused(&["ROLE_NEEDS_PERSON"]);
    story.when(add(HOUSEHOLD, known(ContactId(9)), "CHILD")).then_refused(&["NOT_FOUND"]);
    story.when(add(ContactId(9), known(A), "CHILD")).then_refused(&["NOT_FOUND"]);
    let nobody =
        AddRole { party: PartyRef::Customer(CustomerId(9).into()), ..add(HOUSEHOLD, known(A), "CHILD") };
    story.when(nobody).then_refused(&["NOT_FOUND"]);
    story
        .clone()
        .without(&[Permission::Write])
        .when(add(HOUSEHOLD, known(A), "CHILD"))
        .then_refused(&["FORBIDDEN"]);
}

#[test]
fn e1_08_the_same_role_is_not_given_twice() {
    let story = couple().given(add(HOUSEHOLD, known(C), "CONTACT_PERSON"));
    story.when(add(HOUSEHOLD, known(C), "CONTACT_PERSON")).then_refused(&["ROLE_EXISTS"]);
    story.when(add(HOUSEHOLD, known(C), "CONTRACTANT")).then_refused(&["ROLE_EXISTS"]);
    // Under another code it would still be the same contractant.
    story
        .given(role_code("HUUR", true, None))
        .when(add(HOUSEHOLD, known(C), "HUUR"))
        .then_refused(&["ROLE_EXISTS"]);
}

#[test]
fn e1_08_d_3_the_dead_take_no_new_place() {
    let when = couple().given(died(C, false)).when(add(HOUSEHOLD, known(C), "CONTACT_PERSON"));
    assert_eq!(when.problem().entity, Some(EntityId::Contact(C)));
    when.then_refused(&["PERSON_DECEASED"]);
}

#[test]
fn e1_08_who_may_hold_lines() {
    // Persons without a customer hold none, and a person plays no role towards itself.
    couple().when(add(C, known(A), "CHILD")).then_refused(&["PARENT_TYPE_NOT_ALLOWED"]);
    let client = couple().given(activate(3));
    client.when(add(C, known(A), "GUARDIAN")).then(&["RoleAdded"]);
    client.when(add(C, known(C), "GUARDIAN")).then_refused(&["ROLE_WITH_ITSELF"]);
}

#[test]
fn e1_09_a_new_person_and_its_role_come_together() {
    let when = customer().when(add(HOUSEHOLD, new("c", "DE", "Vries"), "CHILD"));
    assert_eq!(when.causes(), [None, None]);
    let story = when.then(&["ContactCreated", "RoleAdded"]);
    assert_eq!(story.contact(C).name, "C. de Vries");
    assert_eq!(story.contact(C).roles, [(HOUSEHOLD, 2)]);
}

#[test]
fn e1_09_a_fault_of_the_person_refuses_the_whole() {
    let when = customer().when(add(HOUSEHOLD, new("1", "", " "), ""));
    assert_eq!(when.fields(), ["roleCode", "initials", "surname"]);
    let story = when.then_refused(&["REQUIRED", "INVALID_TEXT", "REQUIRED"]);
    assert_eq!(story.world.contacts().count(), 2);
}

#[test]
fn e1_10_the_role_is_a_code_in_force() {
    let story = customer().given(role_code("OLD", false, Some("2026-01-14")));
    let with = |role: &str| add(HOUSEHOLD, new("C.", "", "Vries"), role);
    story.when(with(" ")).then_refused(&["REQUIRED"]);
    story.when(with("NEPHEW")).then_refused(&["UNKNOWN_CODE"]);
    story.when(with("CON TRACT")).then_refused(&["INVALID_TEXT"]);
    story.when(with("OLD")).then_refused(&["CODE_NOT_IN_FORCE"]);
    // It is the begin of the role that counts.
    let before = AddRole { begin_date: Some("2026-01-14".into()), ..with("OLD") };
    story.when(before.clone()).then(&["ContactCreated", "RoleAdded"]);
    for (begin, code) in
        [("2026-02-30", "INVALID_DATE"), ("", "REQUIRED"), ("1799-12-31", "DATE_OUT_OF_RANGE")]
    {
        story.when(AddRole { begin_date: Some(begin.into()), ..with("CHILD") }).then_refused(&[code]);
    }
    story.when(AddRole { cause: Some("a b".into()), ..before }).then_refused(&["INVALID_TEXT"]);
}

#[test]
fn e1_11_e1_12_a_line_is_removed_and_the_person_stays() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CHILD"));
    let when = story.when(RemoveRole { party: PartyRef::Customer(CustomerId(1).into()), line: 3 });
    let problem = when.problem();
    assert_eq!(
        (problem.prompt, problem.entity),
        (Some(Prompt::RemoveRoleLine), Some(EntityId::Contact(HOUSEHOLD)))
    );
    let story = when.then_refused(&["CONFIRMATION_REQUIRED"]);
    assert!(story.contact(HOUSEHOLD).line(3).is_some());
    let story = story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 3)).then(&["RoleRemoved"]);
    let (household, person) = (story.contact(HOUSEHOLD), story.contact(ContactId(4)));
    assert_eq!(household.line(3), None);
    assert_eq!(
        (household.ended_lines[0].end, household.ended_lines[0].cause),
        (date("2026-01-15"), Cause::Request)
    );
    assert_eq!(
        (person.name.as_str(), person.roles.len(), &person.past_roles[..]),
        ("D. Dijk", 0, &[(HOUSEHOLD, 3)][..])
    );
    story.clone().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 3)).then_refused(&["NOT_FOUND"]);
    // The number of the line is not used again.
    let story = story.given(add(HOUSEHOLD, known(ContactId(4)), "CHILD"));
    assert_eq!(story.contact(HOUSEHOLD).lines[2].line, 4);
}

#[test]
fn e1_11_who_may_not_write_removes_nothing() {
    couple().without(&[Permission::Write]).when(remove(HOUSEHOLD, 2)).then_refused(&["FORBIDDEN"]);
    couple().when(remove(ContactId(9), 2)).then_refused(&["NOT_FOUND"]);
    couple().expecting(1).when(remove(HOUSEHOLD, 2)).then_refused(&["VERSION_CONFLICT"]);
}

// ---- contractants

#[test]
fn e1_25_another_contractant_is_shown_first() {
    let when = couple().when(show(C));
    assert_eq!(when.causes(), [None, Some(0)]);
    let event::Event::Role(Event::ShownFirstChanged(changed)) = &when.events()[0].event else { panic!() };
    assert_eq!((changed.from, changed.to, changed.cause), (Some(A), Some(C), Cause::Request));
    let story = when.then(&["ShownFirstChanged", "HouseholdNameChanged"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(C));
    assert_eq!(story.contact(HOUSEHOLD).name, "C. de Vries");
    story.when(show(C)).then_nothing();
}

#[test]
fn e1_25_only_a_living_contractant_is_shown_first() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CHILD"));
    story.when(show(ContactId(4))).then_refused(&["NOT_A_CONTRACTANT"]);
    story.when(show(HOUSEHOLD)).then_refused(&["NOT_A_PERSON"]);
    story.when(show(ContactId(9))).then_refused(&["NOT_FOUND"]);
    story.clone().without(&[Permission::Write]).when(show(C)).then_refused(&["FORBIDDEN"]);
    story.when(ShowFirst { household: C.into(), person: A.into() }).then_refused(&["NOT_A_CONTRACTANT"]);
    // Someone who died as the only contractant keeps the line, but not the first place.
    let story =
        customer().given(died(A, true)).given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    let story = story.when(show(C)).then(&["ShownFirstChanged", "HouseholdNameChanged"]);
    story.when(show(A)).then_refused(&["PERSON_DECEASED"]);
}

#[test]
fn e1_26_d_4_the_first_contractant_is_shown_first() {
    let without = CreateContact {
        surname: Some("Eigen".into()),
        person: Some(contact::NewPersonRole {
            person: someone("K.", "", "Kind"),
            role_code: "CHILD".into(),
            begin_date: None,
        }),
        ..new_contact(Kind::Household)
    };
    let story = Scenario::new().given(without);
    assert_eq!(
        (story.contact(HOUSEHOLD).shown_first, story.contact(HOUSEHOLD).name.as_str()),
        (None, "Eigen")
    );
    let when = story.when(add(HOUSEHOLD, new("B.", "", "Bos"), "CONTRACTANT"));
    assert_eq!(when.causes(), [None, None, Some(1), Some(2)]);
    let story = when.then(&["ContactCreated", "RoleAdded", "ShownFirstChanged", "HouseholdNameChanged"]);
    assert_eq!(
        (story.contact(HOUSEHOLD).shown_first, story.contact(HOUSEHOLD).name.as_str()),
        (Some(C), "B. Bos")
    );
    // Later ones are not.
    let story = story.when(add(HOUSEHOLD, known(A), "CONTRACTANT")).then(&["RoleAdded"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(C));
}

#[test]
fn e1_30_d_5_a_contact_person_becomes_contractant_by_a_second_line() {
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CO_OCCUPANT"));
    let story = story.when(add(HOUSEHOLD, known(ContactId(4)), "CONTRACTANT")).then(&["RoleAdded"]);
    assert_eq!(story.contact(ContactId(4)).roles, [(HOUSEHOLD, 3), (HOUSEHOLD, 4)]);
    let story = story.confirming(Prompt::RemoveRoleLine).given(remove(HOUSEHOLD, 3));
    assert_eq!(story.contact(ContactId(4)).roles, [(HOUSEHOLD, 4)]);
}

#[test]
fn e1_24_contractants_belong_to_households() {
    office().when(add(COMPANY, known(PERSON), "CONTRACTANT")).then_refused(&["CONTRACTANT_NEEDS_HOUSEHOLD"]);
}

#[test]
fn e1_31_a_contractant_who_is_not_shown_first_is_removed() {
    let story = couple().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 2)).then(&["RoleRemoved"]);
    assert_eq!(story.contact(HOUSEHOLD).shown_first, Some(A));
    assert_eq!(story.contact(C).name, "C. de Vries");
}

#[test]
fn e1_32_the_one_shown_first_stays_while_there_are_others() {
    let when = couple().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1));
    let problem = when.problem();
    assert_eq!(problem.options, ["CT000003 C. de Vries"]);
    assert!(problem.hint.is_some_and(|hint| hint.contains("showFirst")));
    when.then_refused(&["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
    // What refuses goes before the question.
    couple().when(remove(HOUSEHOLD, 1)).then_refused(&["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
}

#[test]
fn e1_32_the_dead_are_not_offered_to_be_shown_first() {
    let story =
        customer().given(died(A, true)).given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"));
    let story = story.given(show(C));
    let when = story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 2));
    assert_eq!(when.problem().options, [""; 0]);
    assert!(when.problem().hint.is_some_and(|hint| hint.starts_with("The others are deceased")));
    when.then_refused(&["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
}

/// A2-52: of a contractant whom the actor may not see is not said that it lives, nor that it is dead.
#[test]
fn e1_32_a2_52_a_hidden_contractant_is_not_called_deceased() {
    let suspect = CreateRegistration {
        status: Some("SUSPECT".to_owned()),
        ..registration::tests::person("CLIENT_PERSON", "V.", "Borgen")
    };
    let story = customer().given(suspect).given(add(HOUSEHOLD, known(ContactId(3)), "CONTRACTANT"));
    let desk = story.with_only(&[Permission::Read, Permission::Write]);
    let when = desk.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1));
    assert_eq!(when.problem().options, [""; 0]);
    assert!(when.problem().hint.is_some_and(|hint| !hint.contains("deceased")));
    when.then_refused(&["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
}

#[test]
fn e1_32_the_only_contractant_stays_while_the_lease_runs() {
    let when = customer().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1));
    assert_eq!(when.problem().entity, Some(EntityId::Contact(HOUSEHOLD)));
    when.then_refused(&["LAST_CONTRACTANT"]);
}

#[test]
fn e1_32_d_31_the_last_contractant_leaves_when_no_lease_runs() {
    for story in [customer().given(ended()), household()] {
        let when = story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1));
        assert_eq!(when.causes(), [None, Some(0)], "the name of its own is the same here");
        let story = when.then(&["RoleRemoved", "ShownFirstChanged"]);
        let household = story.contact(HOUSEHOLD);
        assert_eq!((household.shown_first, household.name.as_str()), (None, "A. Bakker"));
    }
}

#[test]
fn e1_32_which_lines_can_be_removed_is_told_beforehand() {
    let refusals = |story: &Scenario, holder: ContactId| -> Vec<_> {
        let holder = story.contact(holder);
        let refusal = |line| {
            let today = date("2026-01-15");
            let (contact_of, customer_of) = (|id| story.world.contact(id), |id| story.world.customer(id));
            removal_refusal(&holder, line, today, &contact_of, &customer_of)
        };
        holder.lines.iter().map(|line| refusal(line).map(|refusal| refusal.problem().code)).collect()
    };
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CHILD"));
    assert_eq!(refusals(&story, HOUSEHOLD), [Some("SHOWN_FIRST_CANNOT_BE_REMOVED"), None, None]);
    // The same rules as the command's: the lease that runs, and the contact person that would stand alone (D-28).
    assert_eq!(refusals(&customer(), HOUSEHOLD), [Some("LAST_CONTRACTANT")]);
    assert_eq!(refusals(&customer().given(ended()), HOUSEHOLD), [None]);
    assert_eq!(refusals(&office(), COMPANY), [Some("PARENT_REQUIRED")]);
}

/// A2-52, D-28: that a contact person has a second company which the actor may not see does not show when it is to leave
/// the first.
#[test]
fn a2_52_d_28_a_hidden_company_is_no_reason() {
    use crate::permission::Permission;
    use crate::registration::CreateRegistration;
    use crate::registration::tests::{company, contact_person};
    let suspect =
        CreateRegistration { status: Some("SUSPECT".into()), ..company("CLIENT_COMPANY", "Misschien B.V.") };
    let (relation, hidden, person) = (ContactId(1), ContactId(2), ContactId(3));
    let story = Scenario::new()
        .given(company("RELATION_COMPANY", "Bank N.V."))
        .given(suspect)
        .given(contact_person(relation, "J.", "Jansen"))
        .given(add(hidden, known(person), "CONTACT_PERSON"))
        .confirming(Prompt::RemoveRoleLine);
    story.when(remove(relation, 1)).then(&["RoleRemoved"]);
    let limited = story.with_only(&[Permission::Read, Permission::Write]);
    limited.when(remove(relation, 1)).then_refused(&["PARENT_REQUIRED"]);
}

/// A2-52: a line of somebody whom the actor may not see is not there.
#[test]
fn a2_52_a_hidden_persons_line_is_not_there() {
    use crate::permission::Permission;
    use crate::registration::CreateRegistration;
    use crate::registration::tests::{company, person};
    let suspect =
        CreateRegistration { status: Some("SUSPECT".into()), ..person("CLIENT_PERSON", "G.", "Verborgen") };
    let (relation, hidden) = (ContactId(1), ContactId(2));
    let story = Scenario::new()
        .given(company("RELATION_COMPANY", "Bank N.V."))
        .given(suspect)
        .given(add(relation, known(hidden), "DIRECTOR"))
        .confirming(Prompt::RemoveRoleLine);
    let portal = || SetPortalCoupling { party: PartyRef::Contact(relation.into()), line: 1, on: true };
    let business = || ChangeBusinessData {
        party: PartyRef::Contact(relation.into()),
        line: 1,
        business: BusinessInput { function: Some("Baas".into()), ..BusinessInput::default() },
    };
    story.when(portal()).then(&["PortalCouplingSet"]);
    let limited = story.with_only(&[Permission::Read, Permission::Write]);
    limited.when(remove(relation, 1)).then_refused(&["NOT_FOUND"]);
    limited.when(portal()).then_refused(&["NOT_FOUND"]);
    limited.when(business()).then_refused(&["NOT_FOUND"]);
}

/// §1.2: a line named by its customer is checked at the version of the contact that keeps it, or at the customer's while
/// that is the later: nothing that happened to the lines goes unseen, and nobody needs to know where they are kept.
#[test]
fn section_1_2_the_version_of_a_line_named_by_its_customer() {
    // Household 1 was last named by commit 2, as was customer 1; commit 3 names the customer only.
    let account = crate::bank_account::tests::add("RABO", "NL44RABO0123456789");
    let story = customer().given(account);
    let version = |id| story.world.version(&id).0;
    let (household, customer) = (EntityId::Contact(HOUSEHOLD), EntityId::Customer(CustomerId(1)));
    assert_eq!((version(household.clone()), version(customer)), (2, 3));
    let by_customer = || AddRole {
        party: PartyRef::Customer(CustomerId(1).into()),
        ..add(HOUSEHOLD, new("C.", "", "Vries"), "CHILD")
    };
    for (expected, accepted) in [(2, true), (3, true), (1, false), (4, false)] {
        let when = story.clone().expecting(expected).when(by_customer());
        if accepted {
            when.then(&["ContactCreated", "RoleAdded"]);
        } else {
            assert_eq!(when.problem().entity, Some(household.clone()));
            when.then_refused(&["VERSION_CONFLICT"]);
        }
    }
    // Once the lines have changed, what the customer was like before says nothing about them.
    let story = story.given(by_customer());
    for (expected, codes) in [(3, &["VERSION_CONFLICT"][..]), (2, &["VERSION_CONFLICT"])] {
        story.clone().expecting(expected).when(by_customer()).then_refused(codes);
    }
    let portal = SetPortalCoupling { party: PartyRef::Customer(CustomerId(1).into()), line: 2, on: true };
    story.clone().expecting(3).when(portal.clone()).then_refused(&["VERSION_CONFLICT"]);
    story.clone().expecting(4).when(portal).then(&["PortalCouplingSet"]);
}

#[test]
fn d_28_a_contact_person_never_stands_alone() {
    let last = office().confirming(Prompt::RemoveRoleLine).when(remove(COMPANY, 1));
    last.then_refused(&["PARENT_REQUIRED"]);
    // With a second line there it may lose one of them.
    let story = office().given(add(COMPANY, known(PERSON), "DIRECTOR"));
    story.confirming(Prompt::RemoveRoleLine).when(remove(COMPANY, 1)).then(&["RoleRemoved"]);
    // A person of a household may stand alone.
    let story = couple().given(add(HOUSEHOLD, new("D.", "", "Dijk"), "CHILD"));
    story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 3)).then(&["RoleRemoved"]);
}

/// §1.2: every message says what to do.
#[test]
fn d_28_e1_32_who_is_not_removed_is_told_the_way_out() {
    let last = office().confirming(Prompt::RemoveRoleLine).when(remove(COMPANY, 1));
    assert!(last.problem().message.contains("moveContact"));
    let first = couple().confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1)).problem();
    assert!(first.hint.is_some_and(|hint| hint.starts_with("Show another")));
    assert_eq!(first.options, ["CT000003 C. de Vries"]);
    // Nobody else who lives is left: somebody has to come first.
    let story = customer()
        .given(died(A, true))
        .given(add(HOUSEHOLD, new("C.", "de", "Vries"), "CONTRACTANT"))
        .given(show(C))
        .confirming(Prompt::RemoveRoleLine);
    let first = story.when(remove(HOUSEHOLD, 2)).problem();
    assert_eq!((first.code, first.options.len()), ("SHOWN_FIRST_CANNOT_BE_REMOVED", 0));
    assert!(first.hint.is_some_and(|hint| hint.contains("add a living contractant")));
}

// ---- business data and the portal (A1-04, A1-17)

fn business(line: u32, business: BusinessInput) -> ChangeBusinessData {
    ChangeBusinessData { party: PartyRef::Contact(COMPANY.into()), line, business }
}

#[test]
fn a1_17_business_data_is_changed_per_line() {
    let all = BusinessInput {
        function: Some(" Directeur ".into()),
        department: Some("Bestuur".into()),
        phone: Some("030 123 45 67".into()),
        email: Some("x@Zaak.NL".into()),
    };
    let story = office().when(business(1, all.clone())).then(&["BusinessDataChanged"]);
    let expected = BusinessBlock {
        function: Some("Directeur".into()),
        department: Some("Bestuur".into()),
        phone: Some("0301234567".into()),
        email: Some("x@zaak.nl".into()),
    };
    let block = |story: &Scenario| story.contact(COMPANY).line(1).map(|line| line.business.clone());
    let got = block(&story)
        .map(|block| BusinessBlock { phone: block.phone.map(|p| p.replace([' ', '-'], "")), ..block });
    assert_eq!(got, Some(expected));
    let story = story.when(business(1, all)).then_nothing();
    let cleared = BusinessInput { phone: Some(" ".into()), ..BusinessInput::default() };
    let story = story.given(business(1, cleared));
    let block = block(&story).unwrap();
    assert_eq!((block.phone, block.function.as_deref()), (None, Some("Directeur")));
}

#[test]
fn a1_17_all_that_is_wrong_with_business_data_is_told_at_once() {
    let wrong = BusinessInput {
        function: Some("\u{7}".into()),
        department: Some("x".repeat(81)),
        phone: Some("abc".into()),
        email: Some("nobody".into()),
    };
    let when = office().when(business(1, wrong));
    assert_eq!(
        when.fields(),
        ["business.function", "business.department", "business.phone", "business.email"]
    );
    when.then_refused(&["INVALID_TEXT", "TOO_LONG", "INVALID_PHONE", "INVALID_EMAIL"]);
    let long = BusinessInput { email: Some(format!("{}@x.nl", "a".repeat(250))), ..BusinessInput::default() };
    office().when(business(1, long)).then_refused(&["TOO_LONG"]);
    office().when(business(2, BusinessInput::default())).then_refused(&["NOT_FOUND"]);
    let story = office().without(&[Permission::Write]);
    story.when(business(1, BusinessInput::default())).then_refused(&["FORBIDDEN"]);
}

#[test]
fn a1_04_portal_access_is_set_per_line() {
    let portal = |line, on| SetPortalCoupling { party: PartyRef::Contact(COMPANY.into()), line, on };
    let story = office().when(portal(1, true)).then(&["PortalCouplingSet"]);
    assert!(story.contact(COMPANY).line(1).is_some_and(|line| line.portal));
    story.when(portal(1, true)).then_nothing();
    story.when(portal(1, false)).then(&["PortalCouplingSet"]);
    story.when(portal(2, true)).then_refused(&["NOT_FOUND"]);
    story.without(&[Permission::Write]).when(portal(1, false)).then_refused(&["FORBIDDEN"]);
}

#[test]
fn scenario_4_remove_shown_first() {
    let story = couple();
    let story = story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1));
    let story = story.then_refused(&["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
    let story = story.when(show(C)).then(&["ShownFirstChanged", "HouseholdNameChanged"]);
    let story = story.confirming(Prompt::RemoveRoleLine).when(remove(HOUSEHOLD, 1)).then(&["RoleRemoved"]);
    assert_eq!(story.contact(HOUSEHOLD).name, "C. de Vries");
    assert_eq!(story.contact(HOUSEHOLD).names.len(), 2, "the name changed once");
}

#[test]
fn every_refusal_has_its_code() {
    let codes = [
        (Refusal::RoleNeedsPerson, "ROLE_NEEDS_PERSON"),
        (Refusal::HolderNotAllowed, "PARENT_TYPE_NOT_ALLOWED"),
        (Refusal::LineNotFound, "NOT_FOUND"),
        (Refusal::ParentRequired, "PARENT_REQUIRED"),
        (Refusal::InvalidPhone, "INVALID_PHONE"),
    ];
    for (refusal, code) in codes {
        assert_eq!(refusal.problem().code, code);
    }
    assert_eq!(General::NotAPerson("personId").problem().code, "NOT_A_PERSON");
}
