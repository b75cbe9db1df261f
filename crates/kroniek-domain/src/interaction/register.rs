//! Deciding a new contact moment.

use super::{
    ComplaintHandedOver, InteractionLogged, NOTE_LIMIT, Refusal, RegisterInteraction, Subject, UsedTemplate,
};
use crate::contact::{Contact, Kind};
use crate::draft::{Draft, Refused};
use crate::ids::{ContactId, ContactRef, CustomerId, CustomerRef, EntityId, InteractionId};
use crate::permission::Permission;
use crate::personal::Personal;
use crate::problem::General;
use crate::task::{self, TaskCreated};
use crate::team::{self, Team};
use crate::template::{self, Lockable, Template};
use crate::values;
use std::sync::Arc;

/// With whom: the contact, and the customer that it was recorded at.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Party {
    pub(crate) contact: ContactId,
    pub(crate) via_customer: Option<CustomerId>,
}

/// Finds whom a contact moment or task concerns, and checks the expected version there (E2-18, E2-19).
pub(crate) fn read_party(
    d: &mut Draft<'_>,
    customer: Option<&CustomerRef>,
    contact: Option<&ContactRef>,
) -> Result<Party, Refused> {
    match (customer, contact) {
        (Some(customer), None) => {
            let customer = d.find_customer("customerNo", customer)?;
            d.address(EntityId::Customer(customer.id))?;
            Ok(Party { contact: customer.contact, via_customer: Some(customer.id) })
        }
        (None, Some(contact)) => {
            let contact = d.find_contact("contactId", contact)?;
            d.address(EntityId::Contact(contact.id))?;
            check_contact(d, &contact)?;
            Ok(Party { contact: contact.id, via_customer: None })
        }
        (Some(_), Some(_)) | (None, None) => Err(d.refuse(Refusal::OnePartyRequired)),
    }
}

fn check_contact(d: &mut Draft<'_>, contact: &Contact) -> Result<(), Refused> {
    let field = "contactId";
    let account = |contact: &Contact| {
        let customer = contact.customer.and_then(|id| d.customer(id))?;
        Some((customer.id, customer.number.clone()))
    };
    let own = account(contact);
    match contact.kind {
        Kind::Household | Kind::Company => match own {
            None => Ok(()),
            Some((customer, number)) => Err(d.refuse(Refusal::UseCustomer { field, customer, number })),
        },
        Kind::Person => Err(d.refuse(Refusal::PartyKindNotAllowed { field, customer: own })),
        Kind::GeneralCorrespondence | Kind::Location => {
            let company = contact.placement.parent.and_then(|id| d.contact(id));
            let customer = company.and_then(|company| account(&company));
            Err(d.refuse(Refusal::PartyKindNotAllowed { field, customer }))
        }
    }
}

pub(super) fn decide(command: &RegisterInteraction, d: &mut Draft<'_>) -> Result<(), Refused> {
    d.need(Permission::Write)?;
    let party = read_party(d, command.customer.as_ref(), command.contact.as_ref());
    let note = d.text("note", values::note(&command.note, NOTE_LIMIT));
    let template = template::choose(d, "template", &command.template);
    let given = command.subject.as_ref().map(|raw| Subject::read(d, raw));
    let given_team =
        command.team.as_ref().map(|raw| team::choose(d, "teamCode", raw).ok_or(Refused)).transpose();
    let template = template.ok_or(Refused)?;
    let subject = match given {
        // It was refused already.
        Some(None) => None,
        given => settle_subject(d, &template, given.flatten()),
    };
    let show_in_portal = settle_portal(d, &template, command.show_in_portal, "showInPortal");
    let team = follow_up(d, command.create_task, given_team, &template, subject);
    if let (Some(question), Ok(party)) = (command.answers, &party) {
        check_answers(d, question, *party, subject);
    }
    let party = party?;
    d.stop_if_refused()?;
    let (Some(note), Some(subject), Some(show_in_portal)) = (note, subject, show_in_portal) else {
        return Err(Refused);
    };
    let team = team.map(|team| team.code.clone());
    record(d, party, &template, New { subject, show_in_portal, note, answers: command.answers, team });
    Ok(())
}

fn settle_subject(d: &mut Draft<'_>, template: &Template, asked: Option<Subject>) -> Option<Subject> {
    let default = template.content.subject.as_ref();
    let subject = template::settle(d, template, ("subject", Lockable::Subject), asked, default);
    if subject.is_none() {
        d.refuse(General::Required("subject"));
    }
    subject
}

fn settle_portal(
    d: &mut Draft<'_>,
    template: &Template,
    asked: Option<bool>,
    field: &'static str,
) -> Option<bool> {
    let default = template.content.show_in_portal.as_ref();
    let shown = template::settle(d, template, (field, Lockable::ShowInPortal), asked, default);
    if shown.is_none() {
        d.refuse(General::Required(field));
    }
    shown
}

/// The team that gets a task, if one is to be made (E2-24, E2-25).
fn follow_up(
    d: &mut Draft<'_>,
    asked: Option<bool>,
    given: Result<Option<Arc<Team>>, Refused>,
    template: &Template,
    subject: Option<Subject>,
) -> Option<Arc<Team>> {
    let content = &template.content;
    let complaint = subject == Some(Subject::Complaint);
    let locked = content.locked.contains(&Lockable::CreateTask);
    // Left open, a complaint makes a task whatever the template's default; a template that forbids tasks has no complaints.
    let wanted = match asked {
        None if complaint && !locked => Some(true),
        asked => {
            let default = content.create_task.as_ref();
            template::settle(d, template, ("createTask", Lockable::CreateTask), asked, default)
        }
    };
    if !wanted.unwrap_or(false) {
        if complaint {
            d.refuse(Refusal::ComplaintNeedsTask);
        }
        if given != Ok(None) {
            d.refuse(Refusal::TeamWithoutTask);
        }
        return None;
    }
    // A code that no team has was refused already.
    let asked = given.ok()?;
    let default = content.team.as_deref().and_then(|code| d.team(code));
    let Some(team) = template::settle(d, template, ("teamCode", Lockable::Team), asked, default.as_ref())
    else {
        d.refuse(Refusal::TeamRequired);
        return None;
    };
    check_team(d, "teamCode", &team);
    Some(team)
}

/// Refuses a team in which nobody would see a task.
pub(crate) fn check_team(d: &mut Draft<'_>, field: &'static str, team: &Team) {
    if team.members.is_empty() {
        d.refuse(Refusal::TeamEmpty { field, team: team.code.clone() });
    }
}

fn check_answers(d: &mut Draft<'_>, question: InteractionId, party: Party, subject: Option<Subject>) {
    if subject.is_some_and(|subject| subject != Subject::Feedback) {
        d.refuse(Refusal::AnswersNeedsFeedback);
    }
    let Some(question) = d.interaction(question).filter(|question| d.sees_id(question.contact)) else {
        d.refuse(General::NotFound { field: "answers" });
        return;
    };
    if question.contact != party.contact {
        d.refuse(Refusal::NotSameParty { question: question.id });
        return;
    }
    if question.subject == Subject::Feedback {
        d.refuse(Refusal::NotAQuestion);
    }
    if question.cancelled.is_some() {
        d.refuse(Refusal::InteractionCancelled { field: "answers" });
    }
}

/// A contact moment that was checked.
struct New {
    subject: Subject,
    show_in_portal: bool,
    note: String,
    answers: Option<InteractionId>,
    team: Option<String>,
}

fn record(d: &mut Draft<'_>, party: Party, template: &Template, new: New) {
    let New { subject, show_in_portal, note, answers, team } = new;
    let Party { contact, via_customer } = party;
    let interaction = d.next_interaction();
    let follow_up = team.map(|team| (d.next_task(), team));
    let content = &template.content;
    let logged = InteractionLogged {
        interaction,
        contact,
        via_customer,
        subject,
        template: UsedTemplate {
            code: template.code.clone(),
            name: content.name.clone(),
            channel: content.channel.clone(),
            direction: content.direction,
            initiated_by: content.initiated_by,
        },
        show_in_portal,
        note: Personal::new(contact, note),
        answers,
        task: follow_up.as_ref().map(|(task, _)| *task),
        team: follow_up.as_ref().map(|(_, team)| team.clone()),
    };
    d.record_with(logged, |d| {
        let Some((task, team)) = follow_up else { return };
        let description = content.task_description.as_ref().unwrap_or(&content.name);
        let created = TaskCreated {
            task,
            contact,
            interaction: Some(interaction),
            subject: Some(subject),
            team: team.clone(),
            description: Personal::new(contact, description.clone()),
            due: content.task_due_days.and_then(|days| task::due_after(d.today(), days)),
        };
        d.record(created);
        if subject == Subject::Complaint {
            d.record(ComplaintHandedOver { interaction, task, team });
        }
    });
}

/// An answer that is recorded when a task is finished (E2-40), as it was checked.
pub(crate) struct Feedback {
    template: Arc<Template>,
    note: String,
    show_in_portal: bool,
}

/// Reads an answer; `None` after a refusal.
pub(crate) fn read_feedback(
    d: &mut Draft<'_>,
    template: &str,
    note: &str,
    show_in_portal: Option<bool>,
) -> Option<Feedback> {
    let note = d.text("interaction.note", values::note(note, NOTE_LIMIT));
    let template = template::choose(d, "interaction.template", template)?;
    let content = &template.content;
    // The subject and the absence of a task are given: a template that fixes them otherwise does not fit.
    let field = "interaction.template";
    let feedback = (field, Lockable::Subject);
    template::settle(d, &template, feedback, Some(Subject::Feedback), content.subject.as_ref());
    template::settle(d, &template, (field, Lockable::CreateTask), Some(false), content.create_task.as_ref());
    let show_in_portal = settle_portal(d, &template, show_in_portal, "interaction.showInPortal");
    Some(Feedback { note: note?, show_in_portal: show_in_portal?, template })
}

/// Records an answer that was read.
pub(crate) fn log_feedback(
    d: &mut Draft<'_>,
    party: Party,
    feedback: Feedback,
    answers: Option<InteractionId>,
) {
    let Feedback { template, note, show_in_portal } = feedback;
    let new = New { subject: Subject::Feedback, show_in_portal, note, answers, team: None };
    record(d, party, &template, new);
}
