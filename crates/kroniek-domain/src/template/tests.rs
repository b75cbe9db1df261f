//! Interaction templates, row by row.

use super::*;
use crate::code_list::ChangeCode;
use crate::customer::tests::date;
use crate::interaction::tests::{desk, question};
use crate::team::tests::define as team;
use crate::testing::Scenario;
use crate::world::World;

/// A telephone call from outside, with a default for the portal alone.
pub(crate) fn content() -> TemplateInput {
    TemplateInput {
        name: "Telefonische vraag".into(),
        channel: "TEL".into(),
        direction: "INBOUND".into(),
        initiated_by: "THEM".into(),
        show_in_portal: Some(true),
        ..TemplateInput::default()
    }
}

pub(crate) fn define(code: &str, content: TemplateInput) -> DefineTemplate {
    DefineTemplate { code: code.into(), content }
}

pub(crate) fn block(code: &str) -> BlockTemplate {
    BlockTemplate { code: code.into() }
}

fn change(code: &str, content: TemplateInput) -> ChangeTemplate {
    ChangeTemplate { code: code.into(), content }
}

#[test]
fn e2_05_a_template_is_made_once_and_can_be_changed() {
    let story = Scenario::new().when(define(" bel ", content())).then(&["TemplateDefined"]);
    let bel = story.world.template("BEL").unwrap();
    assert_eq!((&*bel.content.channel, bel.content.direction), ("TEL", Direction::Inbound));
    story.when(define("BEL", content())).then_refused(&["CODE_EXISTS"]);
    story.when(change("BEL", content())).then_nothing();
    let other = TemplateInput { name: "Bellen".into(), ..content() };
    let changed = story.when(change("bel", other)).then(&["TemplateChanged"]);
    assert_eq!(changed.world.template("BEL").unwrap().content.name, "Bellen");
    story.when(change("XYZ", content())).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e2_22_what_a_template_says_is_checked() {
    let wrong = TemplateInput {
        name: " ".into(),
        channel: "ROOKSIGNAAL".into(),
        direction: "SIDEWAYS".into(),
        initiated_by: String::new(),
        subject: Some("PRAISE".into()),
        team: Some("NIEMAND".into()),
        task_description: Some("x".repeat(251)),
        task_due_days: Some(3651),
        locked: vec!["NOTE".into()],
        ..content()
    };
    let when = Scenario::new().when(define("TOO_LONG_CODE", wrong));
    let fields = [
        "code",
        "name",
        "channel",
        "direction",
        "initiatedBy",
        "subject",
        "teamCode",
        "taskDescription",
        "taskDueDays",
        "locked",
    ];
    assert_eq!(when.fields(), fields);
    when.then_refused(&[
        "TOO_LONG",
        "REQUIRED",
        "UNKNOWN_CODE",
        "UNKNOWN_CODE",
        "REQUIRED",
        "UNKNOWN_CODE",
        "UNKNOWN_CODE",
        "TOO_LONG",
        "DAYS_OUT_OF_RANGE",
        "UNKNOWN_CODE",
    ]);
}

#[test]
fn e2_22_only_a_default_can_be_locked() {
    let locked = |what: &[&str]| TemplateInput {
        locked: what.iter().map(|name| (*name).to_owned()).collect(),
        ..content()
    };
    let story = Scenario::new().given(team("A"));
    story.when(define("B", locked(&["SHOW_IN_PORTAL"]))).then(&["TemplateDefined"]);
    story.when(define("B", locked(&["TEAM", "CREATE_TASK", "SUBJECT"]))).then_refused(&[
        "LOCK_NEEDS_DEFAULT",
        "LOCK_NEEDS_DEFAULT",
        "LOCK_NEEDS_DEFAULT",
    ]);
    let full = TemplateInput {
        team: Some("a".into()),
        create_task: Some(true),
        subject: Some("QUESTION".into()),
        ..locked(&["TEAM", "CREATE_TASK", "SUBJECT"])
    };
    let story = story.when(define("B", full)).then(&["TemplateDefined"]);
    assert_eq!(story.world.template("B").unwrap().content.team.as_deref(), Some("A"));
}

#[test]
fn e2_22_a_channel_must_be_in_force() {
    let ended = ChangeCode {
        list: INTERACTION_CHANNEL.into(),
        code: "FAX".into(),
        name: "Fax".into(),
        description: None,
        begin_date: None,
        end_date: Some("2020-12-31".into()),
        parent: None,
        properties: None,
    };
    let fax = TemplateInput { channel: "FAX".into(), ..content() };
    Scenario::new().given(ended).when(define("FAX", fax)).then_refused(&["CODE_NOT_IN_FORCE"]);
}

#[test]
fn e2_42b_a_blocked_template_is_out_of_use() {
    let story = desk().when(block("bel")).then(&["TemplateBlocked"]);
    assert_eq!(story.world.template("BEL").unwrap().blocked, Some(date("2026-01-15")));
    story.when(block("BEL")).then_nothing();
    let when = story.when(question());
    assert!(
        when.problem().message.starts_with("Template BEL is blocked: choose one"),
        "E2-22: {:?}",
        when.problem()
    );
    when.then_refused(&["CODE_NOT_IN_FORCE"]);
    story.when(block("XYZ")).then_refused(&["NOT_FOUND"]);
}

#[test]
fn e2_42b_templates_need_their_right() {
    let story = Scenario::new().given(define("BEL", content())).without(&[Permission::Reference]);
    story.when(define("A", content())).then_refused(&["FORBIDDEN"]);
    story.when(change("BEL", content())).then_refused(&["FORBIDDEN"]);
    story.when(block("BEL")).then_refused(&["FORBIDDEN"]);
}
