//! Contact moments and tasks in the stories: three employees, of whom the one that acts is LAW.

use crate::story::Dice;
use kroniek_domain::employee::{AddEmployee, EndEmployee};
use kroniek_domain::interaction::{CancelInteraction, RegisterInteraction, SetPortalVisibility};
use kroniek_domain::task::{
    CreateTask, FinishTask, Outcome, ReassignTask, ReleaseTask, ReopenTask, SetTaskStatus, TakeTask,
    WriteTaskNote,
};
use kroniek_domain::team::{AddTeamMember, DefineTeam, RemoveTeamMember};
use kroniek_domain::template::{BlockTemplate, ChangeTemplate, DefineTemplate, TemplateInput};
use kroniek_domain::{Command, ContactId, CustomerId, CustomerRef, InteractionId, TaskId};

/// The commands of [`any_command`]; what tasks go through comes more often.
pub(crate) const COMMANDS: usize = 26;

fn template(name: &str) -> TemplateInput {
    TemplateInput {
        name: name.into(),
        channel: "TEL".into(),
        direction: "INBOUND".into(),
        initiated_by: "THEM".into(),
        show_in_portal: Some(true),
        team: Some("A".into()),
        ..TemplateInput::default()
    }
}

/// What every story begins with.
pub(crate) fn beginning() -> Vec<Command> {
    let employee = |code: &str| AddEmployee { code: code.into(), name: code.into(), user_name: None };
    let team = |code: &str| DefineTeam { code: code.into(), name: code.into() };
    let joins = |team: &str, code: &str| AddTeamMember { team: team.into(), employee: code.into() };
    vec![
        team("A").into(),
        team("B").into(),
        employee("LAW").into(),
        employee("TWO").into(),
        employee("TRE").into(),
        joins("A", "LAW").into(),
        joins("A", "TWO").into(),
        joins("B", "LAW").into(),
        DefineTemplate { code: "T".into(), content: template("T") }.into(),
    ]
}

/// Households with a customer, companies, persons, and what an office has hung below its company.
fn party(r: &mut Dice) -> (Option<CustomerRef>, Option<ContactId>) {
    if r.one_in(4) {
        (None, Some(ContactId(r.pick(&[14, 14, 5, 2, 18, 19]))))
    } else {
        (Some(CustomerId(r.pick(&[4, 4, 5, 6])).into()), None)
    }
}

fn interaction(r: &mut Dice) -> InteractionId {
    InteractionId(r.pick(&[1, 2, 3, 4]))
}

fn task(r: &mut Dice) -> TaskId {
    TaskId(r.pick(&[1, 1, 1, 2]))
}

fn register(r: &mut Dice) -> RegisterInteraction {
    let subject = r.text(&["QUESTION", "QUESTION", "COMPLAINT", "FEEDBACK"]);
    let (customer, contact) = party(r);
    RegisterInteraction {
        customer,
        contact: contact.map(Into::into),
        template: "T".into(),
        answers: (subject == "FEEDBACK").then(|| interaction(r)),
        create_task: Some(subject != "FEEDBACK" && !r.one_in(4)),
        subject: Some(subject),
        show_in_portal: None,
        team: None,
        note: "Mag dat?".into(),
    }
}

pub(crate) fn any_command(command: usize, r: &mut Dice) -> Command {
    match command {
        0..=4 => register(r).into(),
        5 => CancelInteraction { interaction: interaction(r) }.into(),
        6 => SetPortalVisibility { interaction: interaction(r), show_in_portal: r.one_in(2) }.into(),
        7 => {
            let (customer, contact) = party(r);
            let team = r.text(&["A", "B"]);
            let contact = contact.map(Into::into);
            CreateTask { customer, contact, team, description: "Bel".into(), due_date: None }.into()
        }
        8..=10 => TakeTask { task: task(r), employee: None }.into(),
        11 | 12 | 24 => WriteTaskNote { task: task(r), text: "Gebeld.".into() }.into(),
        13 | 14 => {
            let tell = r.one_in(2);
            let outcome = || Outcome { template: "T".into(), note: "Ja.".into(), show_in_portal: None };
            let (create_interaction, interaction) = (Some(tell), tell.then(outcome));
            FinishTask { task: task(r), create_interaction, interaction }.into()
        }
        15 => ReleaseTask { task: task(r) }.into(),
        16 | 22 | 23 => ReopenTask { task: task(r) }.into(),
        17 => ReassignTask { task: task(r), employee: r.text(&["LAW", "TWO"]) }.into(),
        18 => AddTeamMember { team: r.text(&["A", "B"]), employee: r.text(&["TWO", "TRE", "LAW"]) }.into(),
        19 => RemoveTeamMember { team: "B".into(), employee: r.text(&["TWO", "TRE", "LAW"]) }.into(),
        20 => EndEmployee { code: r.text(&["TWO", "TRE", "TRE"]) }.into(),
        25 => SetTaskStatus { task: task(r), status: r.text(&["WAITING", "IN_PROGRESS"]) }.into(),
        _ => match r.roll(4) {
            0 => DefineTemplate { code: r.text(&["T", "U"]), content: template("U") }.into(),
            1 => ChangeTemplate { code: "T".into(), content: template(&r.text(&["T", "X"])) }.into(),
            _ => BlockTemplate { code: "U".into() }.into(),
        },
    }
}
