//! Contact moments, row by row; and the story that the tests of tasks begin with.

use super::*;
use crate::contact::{ChangeContactKind, CreateContact, Kind};
use crate::customer::tests::{customer, new_contact};
use crate::employee::tests::add as employee;
use crate::problem::Prompt;
use crate::registration::CreateRegistration;
use crate::registration::tests::{company, person};
use crate::task::{FinishTask, TakeTask, WriteTaskNote};
use crate::team::tests::{define as team, join};
use crate::template::tests::{content, define};
use crate::template::{ChangeTemplate, TemplateInput};
use crate::testing::Scenario;
use crate::world::World;

/// Customer 1 of household 1; supplier 3, a company without a customer; JDV, PDB and KAM in team VERHUUR, KAM alone in
/// KLACHTEN, nobody in LEEG; templates for calls, for answers, and for complaints, of which the team is fixed.
pub(crate) fn desk() -> Scenario {
    let supplier = CreateContact { company_name: Some("Glas B.V.".into()), ..new_contact(Kind::Company) };
    let answer = TemplateInput {
        direction: "OUTBOUND".into(),
        initiated_by: "US".into(),
        subject: Some("FEEDBACK".into()),
        show_in_portal: Some(false),
        ..content()
    };
    let complaint = TemplateInput {
        subject: Some("COMPLAINT".into()),
        create_task: Some(true),
        team: Some("KLACHTEN".into()),
        task_description: Some("Klacht behandelen".into()),
        task_due_days: Some(14),
        locked: vec!["TEAM".into(), "CREATE_TASK".into(), "SHOW_IN_PORTAL".into()],
        ..content()
    };
    let mut story =
        customer().given(supplier).given(team("VERHUUR")).given(team("KLACHTEN")).given(team("LEEG"));
    for code in ["JDV", "PDB", "KAM"] {
        story = story.given(employee(code)).given(join("VERHUUR", code));
    }
    story
        .given(join("KLACHTEN", "KAM"))
        .given(define("BEL", content()))
        .given(define("TERUG", answer))
        .given(define("KLACHT", complaint))
}

/// A question of customer 1, answered at once.
pub(crate) fn question() -> RegisterInteraction {
    RegisterInteraction {
        customer: Some(CustomerId(1).into()),
        contact: None,
        template: "BEL".into(),
        subject: Some("QUESTION".into()),
        show_in_portal: None,
        create_task: None,
        team: None,
        note: "Mag er een tuinhuis staan?".into(),
        answers: None,
    }
}

/// A question of customer 1, for team VERHUUR.
pub(crate) fn follow_up() -> RegisterInteraction {
    RegisterInteraction { create_task: Some(true), team: Some("VERHUUR".into()), ..question() }
}

fn complaint() -> RegisterInteraction {
    RegisterInteraction { template: "KLACHT".into(), subject: None, ..question() }
}

/// The answer to a question of customer 1.
fn answer(question_id: u64) -> RegisterInteraction {
    RegisterInteraction {
        template: "TERUG".into(),
        subject: None,
        answers: Some(InteractionId(question_id)),
        note: "Ja, dat mag.".into(),
        ..question()
    }
}

fn at_contact(id: u64) -> RegisterInteraction {
    RegisterInteraction { customer: None, contact: Some(ContactId(id).into()), ..question() }
}

fn cancel(id: u64) -> CancelInteraction {
    CancelInteraction { interaction: InteractionId(id) }
}

fn show(id: u64, show_in_portal: bool) -> SetPortalVisibility {
    SetPortalVisibility { interaction: InteractionId(id), show_in_portal }
}

// ---- what is recorded

#[test]
fn e2_02_a_question_that_is_answered_at_once_is_one_contact_moment() {
    // E2-01, E2-17, E2-18: recorded at the customer, it stands at the household.
    let story = desk().when(question()).then(&["InteractionLogged"]);
    let it = story.interaction(1);
    assert_eq!((it.contact, it.via_customer), (ContactId(1), Some(CustomerId(1))));
    assert_eq!((it.subject, it.task), (Subject::Question, None));
    assert_eq!(it.note.as_deref(), Some("Mag er een tuinhuis staan?"));
    assert!(!it.open_question(), "it holds its answer");
    assert_eq!(story.when(question()).then(&["InteractionLogged"]).interaction(2).id, InteractionId(2));
}

/// E1-56 refers here: what needs following up is handed over as a task.
#[test]
fn e2_03_a_question_that_needs_follow_up_is_answered_by_a_second_contact_moment() {
    let when = desk().when(follow_up());
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["InteractionLogged", "TaskCreated"]);
    assert!(story.interaction(1).open_question());
    assert_eq!(story.interaction(1).task, Some(TaskId(1)));
    let answered = story.when(answer(1)).then(&["InteractionLogged"]);
    assert_eq!(answered.interaction(2).answers, Some(InteractionId(1)));
    assert_eq!(answered.interaction(2).subject, Subject::Feedback);
    assert!(!answered.interaction(1).open_question());
    // An answer that no longer counts answers nothing.
    let again = answered.because("verkeerd").given(cancel(2));
    assert!(again.interaction(1).open_question());
    assert!(!again.given(answer(1)).interaction(1).open_question());
}

#[test]
fn e2_03_an_answer_is_feedback_on_a_question_of_the_same_party() {
    let story = desk().given(question()).given(at_contact(3));
    story.when(answer(2)).then_refused(&["NOT_SAME_PARTY"]);
    story.when(answer(9)).then_refused(&["NOT_FOUND"]);
    let question = RegisterInteraction { subject: Some("QUESTION".into()), ..answer(1) };
    story.when(question).then_refused(&["ANSWERS_NEEDS_FEEDBACK"]);
    story.given(answer(1)).when(answer(3)).then_refused(&["NOT_A_QUESTION"]);
    story.because("dubbel").given(cancel(1)).when(answer(1)).then_refused(&["INTERACTION_CANCELLED"]);
}

#[test]
fn e2_04_a_complaint_always_makes_a_task_and_is_handed_over() {
    // E2-43: handling it is another process, of which only the hand-over is recorded.
    let when = desk().when(complaint());
    assert_eq!(when.causes(), [None, Some(0), Some(0)]);
    let story = when.then(&["InteractionLogged", "TaskCreated", "ComplaintHandedOver"]);
    assert!(story.interaction(1).handed_over);
    assert_eq!(story.task(1).team, "KLACHTEN");
    let bel =
        RegisterInteraction { template: "BEL".into(), subject: Some("COMPLAINT".into()), ..complaint() };
    desk().when(bel.clone()).then_refused(&["TEAM_REQUIRED"]);
    let no_task = RegisterInteraction { create_task: Some(false), ..bel };
    desk().when(no_task).then_refused(&["COMPLAINT_NEEDS_TASK"]);
}

#[test]
fn e2_04_a_template_that_forbids_tasks_has_no_complaints() {
    let no_task = TemplateInput { create_task: Some(false), locked: vec!["CREATE_TASK".into()], ..content() };
    let story = desk().given(define("KORT", no_task));
    let complaint = RegisterInteraction {
        template: "KORT".into(),
        subject: Some("COMPLAINT".into()),
        team: Some("KLACHTEN".into()),
        ..question()
    };
    story.when(complaint.clone()).then_refused(&["COMPLAINT_NEEDS_TASK", "TEAM_WITHOUT_TASK"]);
    let insisting = RegisterInteraction { create_task: Some(true), ..complaint };
    story.when(insisting).then_refused(&["DEFAULT_LOCKED"]);
}

#[test]
fn e2_01_the_subject_is_one_of_three() {
    let of = |subject: Option<&str>| RegisterInteraction { subject: subject.map(Into::into), ..question() };
    let when = desk().when(of(Some("PRAISE")));
    let problem = when.problem();
    assert_eq!(problem.options, ["QUESTION", "COMPLAINT", "FEEDBACK"]);
    assert!(problem.message.ends_with("choose one of QUESTION, COMPLAINT, FEEDBACK."), "{}", problem.message);
    when.then_refused(&["UNKNOWN_CODE"]);
    let when = desk().when(of(None));
    assert_eq!(when.fields(), ["subject"]);
    when.then_refused(&["REQUIRED"]);
    assert_eq!(desk().given(of(Some("FEEDBACK"))).interaction(1).subject, Subject::Feedback);
}

#[test]
fn e2_05_a_contact_moment_needs_a_template() {
    let with = |template: &str| RegisterInteraction { template: template.into(), ..question() };
    let when = desk().when(with(" "));
    assert_eq!(when.fields(), ["template"]);
    when.then_refused(&["REQUIRED"]);
    let when = desk().when(with("XYZ"));
    assert!(when.problem().message.ends_with("choose one that interactionTemplates shows."));
    when.then_refused(&["UNKNOWN_CODE"]);
    desk().when(with("bel")).then(&["InteractionLogged"]);
}

// ---- with whom

#[test]
fn e2_18_one_party_and_not_two() {
    let neither = RegisterInteraction { customer: None, ..question() };
    desk().when(neither).then_refused(&["ONE_PARTY_REQUIRED"]);
    let both = RegisterInteraction { contact: Some(ContactId(3).into()), ..question() };
    desk().when(both).then_refused(&["ONE_PARTY_REQUIRED"]);
    let unknown = RegisterInteraction { customer: Some(CustomerId(9).into()), ..question() };
    desk().when(unknown).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e2_19_directly_only_at_a_household_or_company_without_a_customer() {
    // Scenario 9.
    let story = desk().when(at_contact(3)).then(&["InteractionLogged"]);
    assert_eq!((story.interaction(1).contact, story.interaction(1).via_customer), (ContactId(3), None));
    let when = desk().when(at_contact(2));
    assert!(when.problem().message.ends_with("choose the one that this contact belongs to."));
    when.then_refused(&["PARTY_KIND_NOT_ALLOWED"]);
    let when = desk().when(at_contact(1));
    assert!(when.problem().message.contains("CU000001"), "E2-19: the number to use");
    when.then_refused(&["USE_CUSTOMER"]);
    desk().when(at_contact(9)).then_refused(&["NOT_FOUND"]);
}

/// Customer 2, a company, with what hangs below it: location 5 and general correspondence 6.
pub(crate) fn with_branches() -> Scenario {
    let below =
        |kind: &str| CreateRegistration { parent: Some(ContactId(4).into()), ..company(kind, "Noord") };
    let story = desk().given(company("CLIENT_COMPANY", "Bakkerij B.V."));
    story.given(below("LOCATION")).given(below("GENERAL_CORRESPONDENCE"))
}

#[test]
fn e2_19_what_hangs_below_a_company_has_no_contact_moments_of_its_own() {
    let story = with_branches();
    for id in [5, 6] {
        let when = story.when(at_contact(id));
        let problem = when.problem();
        assert_eq!(problem.entity, Some(EntityId::Customer(CustomerId(2))));
        assert!(problem.message.ends_with("record this at customer CU000002."), "{}", problem.message);
        assert!(problem.hint.is_some_and(|hint| hint.contains("customerNo CU000002")));
        when.then_refused(&["PARTY_KIND_NOT_ALLOWED"]);
    }
    // Its company is the customer that it is recorded at.
    let at_customer = RegisterInteraction { customer: Some(CustomerId(2).into()), ..question() };
    assert_eq!(story.when(at_customer).then(&["InteractionLogged"]).interaction(1).contact, ContactId(4));
}

#[test]
fn e2_18_a_customer_that_is_a_person_is_recorded_at_the_customer() {
    let story = desk().given(person("CLIENT_PERSON", "J.", "Klaassen"));
    let when = story.when(at_contact(4));
    let problem = when.problem();
    assert_eq!(problem.entity, Some(EntityId::Customer(CustomerId(2))));
    assert!(problem.message.ends_with("record this at customer CU000002."), "{}", problem.message);
    when.then_refused(&["PARTY_KIND_NOT_ALLOWED"]);
    let at_customer = RegisterInteraction { customer: Some(CustomerId(2).into()), ..question() };
    assert_eq!(story.when(at_customer).then(&["InteractionLogged"]).interaction(1).contact, ContactId(4));
}

#[test]
fn e2_10_a_contact_with_a_contact_moment_keeps_its_kind() {
    // D-14, for cancelled ones too: they stay visible.
    let change = ChangeContactKind { contact: ContactId(3).into(), kind: Kind::Household };
    desk().when(change.clone()).then(&["ContactKindChanged"]);
    let story = desk().given(at_contact(3)).because("dubbel").given(cancel(1));
    story.when(change).then_refused(&["KIND_IS_FIXED"]);
}

// ---- defaults (E2-22 … E2-27)

#[test]
fn e2_23_the_portal_flag_is_given_or_the_templates() {
    let bare = TemplateInput { show_in_portal: None, ..content() };
    let story = desk().given(define("BARE", bare));
    let bare = RegisterInteraction { template: "BARE".into(), ..question() };
    let when = story.when(bare.clone());
    assert_eq!(when.fields(), ["showInPortal"]);
    when.then_refused(&["REQUIRED"]);
    let hidden = RegisterInteraction { show_in_portal: Some(false), ..bare };
    assert!(!story.given(hidden).interaction(1).show_in_portal);
    assert!(story.given(question()).interaction(1).show_in_portal, "the template's default");
    let other = RegisterInteraction { show_in_portal: Some(false), ..question() };
    assert!(!story.given(other).interaction(1).show_in_portal, "D-15: it can be overridden");
}

#[test]
fn e2_22_what_the_template_locks_cannot_be_overridden() {
    let story = desk();
    let when = story.when(RegisterInteraction {
        show_in_portal: Some(false),
        team: Some("VERHUUR".into()),
        ..complaint()
    });
    assert_eq!(when.fields(), ["showInPortal", "teamCode"]);
    when.then_refused(&["DEFAULT_LOCKED", "DEFAULT_LOCKED"]);
    let same =
        RegisterInteraction { team: Some("klachten".into()), show_in_portal: Some(true), ..complaint() };
    story.when(same).then(&["InteractionLogged", "TaskCreated", "ComplaintHandedOver"]);
}

#[test]
fn e2_22_what_the_template_does_not_lock_can_be_overridden_both_ways() {
    // D-15: whether a task is made, and by which team.
    let with = |create_task: bool| TemplateInput {
        create_task: Some(create_task),
        team: Some("VERHUUR".into()),
        ..content()
    };
    let story = desk().given(define("TAAK", with(true))).given(define("GEEN", with(false)));
    let asking = |template: &str, create_task: Option<bool>, team: Option<&str>| RegisterInteraction {
        template: template.into(),
        create_task,
        team: team.map(Into::into),
        ..question()
    };
    for (template, default) in [("TAAK", true), ("GEEN", false)] {
        for asked in [None, Some(true), Some(false)] {
            let after = story.when(asking(template, asked, None)).then_made();
            let team = after.interaction(1).task.map(|task| after.task(task.0).team.clone());
            let wanted = asked.unwrap_or(default).then(|| "VERHUUR".to_owned());
            assert_eq!(team, wanted, "{template} {asked:?}: the team is the template's default");
        }
    }
    let other = story.given(asking("TAAK", None, Some("KLACHTEN")));
    assert_eq!((&*other.task(1).team, other.interaction(1).team.as_deref()), ("KLACHTEN", Some("KLACHTEN")));
    let both = story.given(asking("GEEN", Some(true), Some("klachten")));
    assert_eq!(both.task(1).team, "KLACHTEN");
    story.when(asking("TAAK", Some(false), Some("KLACHTEN"))).then_refused(&["TEAM_WITHOUT_TASK"]);
    story.when(asking("TAAK", None, Some("LEEG"))).then_refused(&["TEAM_EMPTY"]);
}

#[test]
fn e2_23_visibility_in_the_portal_can_be_changed_later() {
    let story = desk().given(question());
    assert!(story.interaction(1).in_portal());
    let hidden = story.when(show(1, false)).then(&["PortalVisibilityChanged"]);
    assert!(!hidden.interaction(1).in_portal());
    hidden.when(show(1, false)).then_nothing();
    hidden.when(show(2, true)).then_refused(&["NOT_FOUND"]);
    hidden.clone().without(&[Permission::Write]).when(show(1, true)).then_refused(&["FORBIDDEN"]);
    let cancelled = story.because("dubbel").given(cancel(1));
    assert!(!cancelled.interaction(1).in_portal(), "E2-27: what is cancelled is not shown");
    cancelled.when(show(1, false)).then_refused(&["INTERACTION_CANCELLED"]);
}

#[test]
fn e2_25_a_task_needs_a_team_with_members_and_a_team_a_task() {
    // E2-24.
    let with = |create_task: Option<bool>, team: Option<&str>| RegisterInteraction {
        create_task,
        team: team.map(Into::into),
        ..question()
    };
    desk().when(with(Some(true), None)).then_refused(&["TEAM_REQUIRED"]);
    desk().when(with(Some(true), Some("LEEG"))).then_refused(&["TEAM_EMPTY"]);
    desk().when(with(None, Some("VERHUUR"))).then_refused(&["TEAM_WITHOUT_TASK"]);
    desk().when(with(Some(false), Some("VERHUUR"))).then_refused(&["TEAM_WITHOUT_TASK"]);
    let when = desk().when(with(Some(true), Some("NIEMAND")));
    assert!(when.problem().message.ends_with("choose one that teams shows."));
    when.then_refused(&["UNKNOWN_CODE"]);
    desk().when(with(Some(true), Some(" "))).then_refused(&["REQUIRED"]);
}

#[test]
fn e2_26_the_note_is_required_and_has_its_limit() {
    let saying = |note: &str| RegisterInteraction { note: note.into(), ..question() };
    let when = desk().when(saying("\n "));
    assert_eq!(when.fields(), ["note"]);
    when.then_refused(&["REQUIRED"]);
    desk().when(saying(&"é".repeat(32_001))).then_refused(&["TOO_LONG"]);
    desk().when(saying("a\u{7}")).then_refused(&["INVALID_TEXT"]);
    let long = desk().given(saying(&"é".repeat(32_000)));
    assert_eq!(long.interaction(1).note.as_ref().map(|note| note.chars().count()), Some(32_000));
}

#[test]
fn e2_27_a_contact_moment_keeps_what_its_template_was() {
    let story = desk().given(question());
    let changed = TemplateInput {
        name: "Post".into(),
        channel: "BRI".into(),
        direction: "OUTBOUND".into(),
        ..content()
    };
    let story = story.given(ChangeTemplate { code: "BEL".into(), content: changed }).given(question());
    let (old, new) = (story.interaction(1), story.interaction(2));
    assert_eq!((&*old.template.name, &*old.template.channel), ("Telefonische vraag", "TEL"));
    assert_eq!((old.template.direction, old.template.initiated_by), (Direction::Inbound, InitiatedBy::Them));
    assert_eq!((&*new.template.name, &*new.template.channel), ("Post", "BRI"));
}

#[test]
fn e2_28_the_task_has_the_properties_of_the_template() {
    let story = desk().given(complaint());
    let task = story.task(1);
    assert_eq!((task.contact, task.interaction), (ContactId(1), Some(InteractionId(1))));
    assert_eq!(task.description.as_deref(), Some("Klacht behandelen"));
    assert_eq!(task.due.map(|due| due.to_string()).as_deref(), Some("2026-01-29"));
    assert_eq!(task.subject, Some(Subject::Complaint));
    let plain = desk().given(follow_up()).task(1);
    assert_eq!((plain.description.as_deref(), plain.due), (Some("Telefonische vraag"), None));
}

// ---- cancelling

#[test]
fn e2_27_a_cancelled_contact_moment_stays_visible_with_its_reason() {
    let story = desk().given(question());
    story.when(cancel(1)).then_refused(&["REQUIRED"]);
    let cancelled = story.clone().because("verkeerde klant").when(cancel(1)).then(&["InteractionCancelled"]);
    let it = cancelled.interaction(1);
    assert_eq!(it.cancelled_because.as_deref(), Some("verkeerde klant"));
    assert!(it.cancelled.is_some() && it.note.is_some());
    cancelled.when(cancel(1)).then_nothing();
    cancelled.when(cancel(7)).then_refused(&["NOT_FOUND"]);
    story.because("x").without(&[Permission::Write]).when(cancel(1)).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e2_27_what_a_team_still_works_on_is_not_cancelled() {
    let story = desk().given(follow_up());
    let when = story.clone().because("dubbel").when(cancel(1));
    let problem = when.problem();
    assert_eq!((&*problem.blocking[0].id, &*problem.blocking[0].label), ("task:1", "task 1 of team VERHUUR"));
    assert!(problem.message.ends_with("finish its task first."), "releasing or reassigning it would not do");
    when.then_refused(&["HAS_OPEN_TASKS"]);
    let task = TaskId(1);
    let done = story
        .by("JDV")
        .confirming(Prompt::TaskTakeOver)
        .given(TakeTask { task, employee: None })
        .by("JDV")
        .given(WriteTaskNote { task, text: "dubbel".into() })
        .by("JDV")
        .given(FinishTask { task, create_interaction: Some(false), interaction: None });
    done.because("dubbel").when(cancel(1)).then(&["InteractionCancelled"]);
}

// ---- rights, versions

#[test]
fn e2_17_recording_needs_its_right_and_the_version_that_was_seen() {
    desk().without(&[Permission::Write]).when(question()).then_refused(&["FORBIDDEN"]);
    let seen = desk().world.version(&EntityId::Customer(CustomerId(1)));
    desk().expecting(seen.0).when(question()).then(&["InteractionLogged"]);
    desk().expecting(1).when(question()).then_refused(&["VERSION_CONFLICT"]);
    desk().expecting(1).when(at_contact(3)).then_refused(&["VERSION_CONFLICT"]);
    let story = desk().given(question());
    let version = story.world.version(&EntityId::Interaction(InteractionId(1)));
    story.clone().expecting(version.0 - 1).when(show(1, false)).then_refused(&["VERSION_CONFLICT"]);
    story.expecting(version.0).when(show(1, false)).then(&["PortalVisibilityChanged"]);
}

#[test]
fn e2_16_everything_that_is_wrong_is_said_at_once() {
    let wrong = RegisterInteraction {
        contact: Some(ContactId(3).into()),
        note: String::new(),
        template: "XYZ".into(),
        subject: Some("PRAISE".into()),
        team: Some("NIEMAND".into()),
        ..question()
    };
    desk().when(wrong).then_refused(&[
        "ONE_PARTY_REQUIRED",
        "REQUIRED",
        "UNKNOWN_CODE",
        "UNKNOWN_CODE",
        "UNKNOWN_CODE",
    ]);
}
