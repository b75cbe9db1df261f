//! Tasks, row by row.

use super::*;
use crate::employee::tests::{add as employee, end};
use crate::event;
use crate::ids::CustomerId;
use crate::interaction::CancelInteraction;
use crate::interaction::tests::{desk, follow_up, question, with_branches};
use crate::team::RemoveTeamMember;
use crate::team::tests::join;
use crate::template::TemplateInput;
use crate::template::tests::{content, define};
use crate::testing::{Scenario, When};
use crate::world::World;

const TASK: TaskId = TaskId(1);

/// Task 1 of team VERHUUR, from question 1 of customer 1.
fn waiting() -> Scenario {
    desk().given(follow_up())
}

/// Task 1, taken by JDV.
fn taken() -> Scenario {
    takes(&waiting(), "JDV").then(&["TaskTaken"])
}

/// Task 1, taken by JDV, with a note.
fn noted() -> Scenario {
    taken().by("JDV").given(note("Gebeld: het mag."))
}

/// Task 1, finished by JDV.
fn finished() -> Scenario {
    noted().by("JDV").given(finish(Some(false)))
}

fn take() -> TakeTask {
    TakeTask { task: TASK, employee: None }
}

fn takes(story: &Scenario, who: &str) -> When {
    story.clone().by(who).confirming(Prompt::TaskTakeOver).when(take())
}

fn note(text: &str) -> WriteTaskNote {
    WriteTaskNote { task: TASK, text: text.into() }
}

fn finish(create_interaction: Option<bool>) -> FinishTask {
    FinishTask { task: TASK, create_interaction, interaction: None }
}

fn telling(outcome: Outcome) -> FinishTask {
    FinishTask { task: TASK, create_interaction: Some(true), interaction: Some(outcome) }
}

fn outcome() -> Outcome {
    Outcome { template: "TERUG".into(), note: "Het mag.".into(), show_in_portal: Some(true) }
}

fn release() -> ReleaseTask {
    ReleaseTask { task: TASK }
}

fn reopen() -> ReopenTask {
    ReopenTask { task: TASK }
}

fn reassign(employee: &str) -> ReassignTask {
    ReassignTask { task: TASK, employee: employee.into() }
}

fn create() -> CreateTask {
    CreateTask {
        customer: Some(CustomerId(1).into()),
        contact: None,
        team: "VERHUUR".into(),
        description: "Sleutel laten brengen".into(),
        due_date: Some("2026-02-01".into()),
    }
}

/// Status and employee, as they are stored.
fn state(story: &Scenario) -> (Status, Option<String>) {
    let task = story.task(1);
    (task.status, task.assignee.clone())
}

// ---- taking

#[test]
fn e2_34_taking_sets_status_and_employee_together() {
    // E2-31, E2-35: yourself is the employee whose user name is the actor's, in any case.
    let story = waiting();
    assert_eq!(state(&story), (Status::NotStarted, None));
    assert_eq!(state(&takes(&story, "jdv").then(&["TaskTaken"])), (Status::InProgress, Some("JDV".into())));
    let named = TakeTask { employee: Some("jdv".into()), ..take() };
    story.by("JDV").confirming(Prompt::TaskTakeOver).when(named).then(&["TaskTaken"]);
}

#[test]
fn e2_36_taking_over_is_asked_and_only_when_nothing_refuses() {
    let when = waiting().by("JDV").when(take());
    let problem = when.problem();
    assert_eq!((problem.prompt, problem.entity), (Some(Prompt::TaskTakeOver), Some(EntityId::Task(TASK))));
    when.then_refused(&["CONFIRMATION_REQUIRED"]);
    waiting().by("nobody").when(take()).then_refused(&["NOT_AN_EMPLOYEE"]);
}

#[test]
fn e2_36_the_second_taker_is_told_who_was_first() {
    let story = taken();
    let when = takes(&story, "PDB");
    assert!(when.problem().message.contains("Medewerker JDV"));
    when.then_refused(&["TASK_ALREADY_TAKEN"]);
    takes(&story, "JDV").then_nothing();
    takes(&finished(), "PDB").then_refused(&["TASK_CLOSED"]);
    let unknown = TakeTask { task: TaskId(9), employee: None };
    waiting().by("JDV").when(unknown).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e2_35_a_task_is_taken_for_oneself_by_a_member() {
    let naming = |code: &str| TakeTask { employee: Some(code.into()), ..take() };
    // Whoever has the task already names another as little as whoever takes it.
    for (story, who) in [(waiting(), "JDV"), (taken(), "JDV"), (taken(), "KAM")] {
        let when = story.clone().by(who).when(naming("PDB"));
        assert_eq!(when.fields(), ["employeeCode"]);
        when.then_refused(&["ONLY_SELF"]);
        story.by(who).when(naming("XYZ")).then_refused(&["NOT_FOUND"]);
    }
    taken().by("JDV").when(naming("jdv")).then_nothing();
    taken().by("PDB").when(naming("PDB")).then_refused(&["TASK_ALREADY_TAKEN"]);
    takes(&waiting().given(employee("NEW")), "NEW").then_refused(&["NOT_TEAM_MEMBER"]);
    takes(&waiting().given(end("JDV")), "JDV").then_refused(&["NOT_AN_EMPLOYEE"]);
    waiting().by("JDV").without(&[Permission::Write]).when(take()).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e2_29_membership_counts_when_it_is_asked_for() {
    // D-16: who joins later may take it, and who has left may not.
    let leaves = RemoveTeamMember { team: "VERHUUR".into(), employee: "PDB".into() };
    let story = waiting().given(employee("NEW")).given(join("VERHUUR", "NEW")).given(leaves);
    takes(&story, "PDB").then_refused(&["NOT_TEAM_MEMBER"]);
    takes(&story, "NEW").then(&["TaskTaken"]);
}

#[test]
fn e2_34_whoever_has_a_task_may_wait_or_postpone_it() {
    let set = |status: &str| SetTaskStatus { task: TASK, status: status.into() };
    let story = noted().by("JDV").when(set("WAITING")).then(&["TaskStatusChanged"]);
    assert_eq!(state(&story), (Status::Waiting, Some("JDV".into())), "I14: still its own");
    story.clone().by("JDV").when(set("WAITING")).then_nothing();
    story.clone().by("JDV").when(finish(Some(false))).then_refused(&["TASK_NOT_IN_PROGRESS"]);
    takes(&story, "PDB").then_refused(&["TASK_ALREADY_TAKEN"]);
    story.when(end("JDV")).then_refused(&["HAS_OPEN_TASKS"]);
    let again = story.by("JDV").given(set("POSTPONED")).by("JDV").given(set("IN_PROGRESS"));
    again.clone().by("JDV").when(finish(Some(false))).then(&["TaskFinished"]);
    again.clone().by("JDV").when(set("COMPLETED")).then_refused(&["USE_TASK_ACTION"]);
    again.clone().by("JDV").when(set("NOT_STARTED")).then_refused(&["USE_TASK_ACTION"]);
    again.clone().by("JDV").when(set("DONE")).then_refused(&["UNKNOWN_CODE"]);
    again.clone().by("JDV").when(set(" ")).then_refused(&["REQUIRED"]);
    again.by("PDB").when(set("WAITING")).then_refused(&["NOT_TASK_OWNER"]);
    waiting().by("JDV").when(set("WAITING")).then_refused(&["TASK_NOT_TAKEN"]);
    finished().by("JDV").when(set("WAITING")).then_refused(&["TASK_CLOSED"]);
}

// ---- notes

#[test]
fn e2_38_notes_are_only_added_and_only_by_whoever_has_the_task() {
    let story = taken().by("JDV").when(note(" Gebeld.\r\n")).then(&["TaskNoteWritten"]);
    assert_eq!(story.task(1).notes, 1);
    let when = story.clone().by("JDV").when(note("Brief gestuurd."));
    let Event::TaskNoteWritten(second) = task_event(&when) else { panic!("another event") };
    assert_eq!((second.number, &*second.by), (2, "JDV"));
    assert_eq!(second.text, Personal::new(ContactId(1), "Brief gestuurd.".into()));
    story.clone().by("PDB").when(note("x")).then_refused(&["NOT_TASK_OWNER"]);
    story.clone().by("nobody").when(note("x")).then_refused(&["NOT_TASK_OWNER"]);
    waiting().by("JDV").when(note("x")).then_refused(&["NOT_TASK_OWNER"]);
    story.clone().by("JDV").when(note(" ")).then_refused(&["REQUIRED"]);
    story.by("JDV").when(note(&"x".repeat(32_001))).then_refused(&["TOO_LONG"]);
    finished().by("JDV").when(note("x")).then_refused(&["TASK_CLOSED"]);
}

fn task_event(when: &When) -> Event {
    match &when.events()[0].event {
        event::Event::Task(event) => event.clone(),
        other => panic!("{other:?}"),
    }
}

// ---- finishing

#[test]
fn e2_39_a_task_is_finished_by_its_owner_with_an_outcome() {
    let story = noted().by("JDV").when(finish(Some(false))).then(&["TaskFinished"]);
    assert_eq!(state(&story), (Status::Completed, Some("JDV".into())));
    waiting().by("JDV").when(finish(Some(false))).then_refused(&["TASK_NOT_TAKEN"]);
    taken().by("JDV").when(finish(Some(false))).then_refused(&["OUTCOME_REQUIRED"]);
    noted().by("PDB").when(finish(Some(false))).then_refused(&["NOT_TASK_OWNER"]);
    story.by("JDV").when(finish(Some(false))).then_refused(&["TASK_CLOSED"]);
}

#[test]
fn e2_40_whether_to_record_the_outcome_is_asked() {
    let when = noted().by("JDV").when(finish(None));
    assert_eq!(when.problem().prompt, Some(Prompt::CreateInteractionOnFinish));
    when.then_refused(&["CONFIRMATION_REQUIRED"]);
    taken().by("JDV").when(finish(None)).then_refused(&["OUTCOME_REQUIRED"]);
}

#[test]
fn e2_40_yes_records_the_answer_in_the_same_commit() {
    let when = noted().by("JDV").when(telling(outcome()));
    assert_eq!(when.causes(), [None, Some(0)]);
    let story = when.then(&["TaskFinished", "InteractionLogged"]);
    let it = story.interaction(2);
    assert_eq!((it.subject, it.answers), (Subject::Feedback, Some(InteractionId(1))));
    assert_eq!((it.contact, it.via_customer), (ContactId(1), Some(CustomerId(1))));
    assert!(it.show_in_portal && it.task.is_none());
    assert!(!story.interaction(1).open_question());
    let hidden = Outcome { show_in_portal: None, ..outcome() };
    let story = noted().by("JDV").given(telling(hidden));
    assert!(!story.interaction(2).show_in_portal, "the template's default");
}

#[test]
fn e2_40_what_is_wrong_with_the_outcome_is_said_with_the_rest() {
    let story = taken();
    let nothing = FinishTask { create_interaction: Some(true), ..finish(None) };
    story.clone().by("JDV").when(nothing).then_refused(&["OUTCOME_REQUIRED", "REQUIRED"]);
    let unwanted = FinishTask { create_interaction: Some(false), ..telling(outcome()) };
    story.clone().by("JDV").when(unwanted).then_refused(&["OUTCOME_REQUIRED", "INTERACTION_NOT_WANTED"]);
    let wrong = Outcome { template: "XYZ".into(), note: " ".into(), show_in_portal: None };
    let when = noted().by("JDV").when(telling(wrong));
    assert_eq!(when.fields(), ["interaction.note", "interaction.template"]);
    when.then_refused(&["REQUIRED", "UNKNOWN_CODE"]);
    let bare = define("BARE", TemplateInput { show_in_portal: None, ..content() });
    let silent = Outcome { template: "BARE".into(), show_in_portal: None, ..outcome() };
    let when = noted().given(bare).by("JDV").when(telling(silent));
    assert_eq!(when.fields(), ["interaction.showInPortal"]);
}

#[test]
fn e2_40_a_template_that_fixes_another_subject_or_a_task_does_not_tell_an_outcome() {
    let fixed = TemplateInput {
        subject: Some("QUESTION".into()),
        create_task: Some(true),
        locked: vec!["SUBJECT".into(), "CREATE_TASK".into()],
        ..content()
    };
    let unfit = Outcome { template: "VAST".into(), ..outcome() };
    let story = noted().given(define("VAST", fixed));
    story.by("JDV").when(telling(unfit)).then_refused(&["DEFAULT_LOCKED", "DEFAULT_LOCKED"]);
}

#[test]
fn e2_40_the_outcome_of_a_cancelled_question_answers_nothing() {
    // Reopened after the question was cancelled.
    let cancel = CancelInteraction { interaction: InteractionId(1) };
    let story = finished().because("dubbel").given(cancel).by("JDV").because("toch").given(reopen());
    let told = story.by("JDV").when(telling(outcome())).then(&["TaskFinished", "InteractionLogged"]);
    assert_eq!(told.interaction(2).answers, None);
}

// ---- back, again, to somebody else

#[test]
fn e2_41_a_released_task_is_the_teams_again() {
    let story = taken().by("JDV").because("ziek").when(release()).then(&["TaskReleased"]);
    assert_eq!(state(&story), (Status::NotStarted, None));
    takes(&story, "PDB").then(&["TaskTaken"]);
    taken().by("JDV").when(release()).then_refused(&["REQUIRED"]);
    waiting().by("JDV").because("x").when(release()).then_refused(&["TASK_NOT_TAKEN"]);
    finished().by("JDV").because("x").when(release()).then_refused(&["TASK_CLOSED"]);
    let other = taken().by("PDB").because("x");
    other.clone().without(&[Permission::Supervise]).when(release()).then_refused(&["NOT_TASK_OWNER"]);
    other.when(release()).then(&["TaskReleased"]);
}

#[test]
fn e2_42_a_finished_task_can_be_reopened() {
    let story = finished().by("JDV").because("nog iets").when(reopen()).then(&["TaskReopened"]);
    assert_eq!(state(&story), (Status::InProgress, Some("JDV".into())));
    story.by("JDV").when(finish(Some(false))).then(&["TaskFinished"]);
    noted().by("JDV").because("x").when(reopen()).then_refused(&["TASK_NOT_CLOSED"]);
    finished().by("JDV").when(reopen()).then_refused(&["REQUIRED"]);
    let other = finished().by("PDB").because("x").without(&[Permission::Supervise]);
    other.when(reopen()).then_refused(&["NOT_TASK_OWNER"]);
    finished().when(ReopenTask { task: TaskId(9) }).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e2_42_reopened_after_its_employee_has_left_a_task_is_the_teams() {
    let when = finished().given(end("JDV")).because("nog iets").when(reopen());
    assert_eq!(when.causes(), [None, Some(0)]);
    assert_eq!(state(&when.then(&["TaskReopened", "TaskReleased"])), (Status::NotStarted, None));
}

#[test]
fn e2_42b_a_supervisor_gives_a_task_to_a_member() {
    let story = waiting().when(reassign("pdb")).then(&["TaskReassigned"]);
    assert_eq!(state(&story), (Status::InProgress, Some("PDB".into())));
    story.when(reassign("PDB")).then_nothing();
    story.when(reassign("JDV")).then(&["TaskReassigned"]);
    story.when(reassign("XYZ")).then_refused(&["NOT_FOUND"]);
    story.given(employee("NEW")).when(reassign("NEW")).then_refused(&["NOT_TEAM_MEMBER"]);
    finished().when(reassign("PDB")).then_refused(&["TASK_CLOSED"]);
    story.without(&[Permission::Supervise]).when(reassign("JDV")).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e2_42b_who_has_open_tasks_does_not_leave() {
    let when = taken().when(end("JDV"));
    let blocking = when.problem().blocking;
    assert_eq!((&*blocking[0].id, &*blocking[0].label), ("task:1", "task 1 of team VERHUUR"));
    when.then_refused(&["HAS_OPEN_TASKS"]);
    finished().when(end("JDV")).then(&["EmployeeEnded", "TeamMemberRemoved"]);
}

/// Only who leaves altogether is held back: a task that was taken is its employee's, whose team it came from or not.
#[test]
fn e2_42b_whoever_leaves_a_team_keeps_and_finishes_the_tasks_that_it_took() {
    let leaves = RemoveTeamMember { team: "VERHUUR".into(), employee: "JDV".into() };
    let story = noted().when(leaves).then(&["TeamMemberRemoved"]);
    assert_eq!(state(&story), (Status::InProgress, Some("JDV".into())));
    story.when(end("JDV")).then_refused(&["HAS_OPEN_TASKS"]);
    story.clone().by("JDV").when(finish(Some(false))).then(&["TaskFinished"]);
    // Given back, it is the team's, which it no longer belongs to.
    let released = story.by("JDV").because("ander team").given(release());
    takes(&released, "JDV").then_refused(&["NOT_TEAM_MEMBER"]);
}

// ---- without a contact moment

#[test]
fn e2_30_a_task_can_be_made_without_a_contact_moment() {
    let story = desk().when(create()).then(&["TaskCreated"]);
    let task = story.task(1);
    assert_eq!((task.contact, task.interaction, task.subject), (ContactId(1), None, None));
    assert_eq!(task.due.map(|due| due.to_string()).as_deref(), Some("2026-02-01"));
    let told = takes(&story, "JDV").then(&["TaskTaken"]).by("JDV").given(note("Gebracht.")).by("JDV");
    assert_eq!(told.given(telling(outcome())).interaction(1).answers, None);
    let wrong = CreateTask {
        customer: None,
        team: "LEEG".into(),
        description: " ".into(),
        due_date: Some("31-02-2026".into()),
        ..create()
    };
    desk().when(wrong).then_refused(&["ONE_PARTY_REQUIRED", "TEAM_EMPTY", "REQUIRED", "INVALID_DATE"]);
    let unknown = CreateTask { team: "NIEMAND".into(), ..create() };
    desk().when(unknown).then_refused(&["UNKNOWN_CODE"]);
    desk().without(&[Permission::Write]).when(create()).then_refused(&["FORBIDDEN"]);
}

#[test]
fn e2_30_a_task_stands_where_a_contact_moment_could() {
    // E2-18, E2-19.
    let story = with_branches();
    let at = |id| CreateTask { customer: None, contact: Some(ContactId(id).into()), ..create() };
    story.when(at(3)).then(&["TaskCreated"]);
    story.when(at(1)).then_refused(&["USE_CUSTOMER"]);
    for id in [2, 5, 6] {
        story.when(at(id)).then_refused(&["PARTY_KIND_NOT_ALLOWED"]);
    }
}

#[test]
fn i14_a_task_has_an_employee_exactly_when_no_teams_list_has_it() {
    for story in [waiting(), taken(), noted(), finished(), taken().by("JDV").because("x").given(release())] {
        let (status, assignee) = state(&story);
        assert_eq!(status == Status::NotStarted, assignee.is_none());
    }
    assert!(desk().given(question()).world.task(TASK).is_none());
}
