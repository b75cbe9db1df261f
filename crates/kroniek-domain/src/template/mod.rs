//! Interaction templates: what a contact moment starts from (E2-05, E2-22, E2-42b; D-15).
//!
//! A template gives every contact moment made with it a channel, a direction and who began it, which cannot be chosen
//! otherwise. It may also have defaults for the subject, the portal, the task and the team, which can, unless the
//! template locks them. A contact moment keeps what the template was when it was recorded (E2-27).

#[cfg(test)]
pub(crate) mod tests;

use crate::code_list::INTERACTION_CHANNEL;
use crate::draft::{Decide, Draft, Refused, SHORT_CODE_LIMIT};
use crate::employee::{self, NAME_LIMIT};
use crate::event::{self, stored_events};
use crate::ids::EntityId;
use crate::interaction::Subject;
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::team;
use crate::values::{self, Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest description that a template gives its tasks, in characters.
const DESCRIPTION_LIMIT: usize = 250;
/// Latest due date that a template gives its tasks, in days after the contact moment.
const MOST_DAYS: u32 = 3650;

/// Which way a contact moment went (VERA COMMUNICATIERICHTING). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Direction {
    /// They reached us.
    Inbound,
    /// We reached them.
    Outbound,
}

crate::stored_numbers! { Direction {
    Inbound = 1 "INBOUND",
    Outbound = 2 "OUTBOUND",
} }

/// Who began a contact moment. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InitiatedBy {
    /// The organisation.
    Us,
    /// The customer or contact.
    Them,
}

crate::stored_numbers! { InitiatedBy {
    Us = 1 "US",
    Them = 2 "THEM",
} }

/// A default that a template can lock. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Lockable {
    /// What the contact moment is about.
    Subject,
    /// Whether the portal shows it.
    ShowInPortal,
    /// Whether it makes a task.
    CreateTask,
    /// The team that gets the task.
    Team,
}

crate::stored_numbers! { Lockable {
    Subject = 1 "SUBJECT",
    ShowInPortal = 2 "SHOW_IN_PORTAL",
    CreateTask = 3 "CREATE_TASK",
    Team = 4 "TEAM",
} }

// ---- commands

/// Makes a template (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DefineTemplate {
    /// Code, unique among templates.
    pub code: String,
    /// What it says.
    pub content: TemplateInput,
}

/// Changes a template; the whole content is given. Contact moments that were recorded with it stay as they are (E2-27).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangeTemplate {
    /// Code.
    pub code: String,
    /// What it says from now on.
    pub content: TemplateInput,
}

/// Takes a template out of use (E2-42b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlockTemplate {
    /// Code.
    pub code: String,
}

/// What a template says, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TemplateInput {
    /// Name on a screen.
    pub name: String,
    /// Code of the list `INTERACTION_CHANNEL`.
    pub channel: String,
    /// `INBOUND` or `OUTBOUND`.
    pub direction: String,
    /// `US` or `THEM`.
    pub initiated_by: String,
    /// Default subject.
    pub subject: Option<String>,
    /// Default for the portal.
    pub show_in_portal: Option<bool>,
    /// Default for whether a task is made.
    pub create_task: Option<bool>,
    /// Default team.
    pub team: Option<String>,
    /// What the task is called; the template's name when left out.
    pub task_description: Option<String>,
    /// After how many days the task is due.
    pub task_due_days: Option<u32>,
    /// Names of the defaults that cannot be overridden.
    pub locked: Vec<String>,
}

// ---- events

/// A template was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TemplateDefined {
    /// Code.
    pub code: String,
    /// What it says.
    pub content: Content,
}

/// A template says something else from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TemplateChanged {
    /// Code.
    pub code: String,
    /// What it says.
    pub content: Content,
}

/// A template is no longer in use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TemplateBlocked {
    /// Code.
    pub code: String,
    /// Since when.
    pub on: Date,
}

stored_events! {
    /// A template was made.
    130 v 1 TemplateDefined,
    /// A template says something else from now on.
    131 v 1 TemplateChanged,
    /// A template is no longer in use.
    132 v 1 TemplateBlocked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let code = match self {
            Self::TemplateDefined(e) => &e.code,
            Self::TemplateChanged(e) => &e.code,
            Self::TemplateBlocked(e) => &e.code,
        };
        vec![EntityId::Template(code.clone())]
    }
}

// ---- refusals

/// Why a template is refused, or what departs from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The template locks this default.
    DefaultLocked {
        /// The input field.
        field: &'static str,
        /// Code of the template.
        template: String,
    },
    /// What is locked has no default to be locked to.
    LockNeedsDefault(Lockable),
    /// Days that no task has.
    DaysOutOfRange,
    /// The template is out of use.
    Blocked {
        /// The input field.
        field: &'static str,
        /// Code of the template.
        template: String,
    },
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::DefaultLocked { field, template } => Problem::new(
                "DEFAULT_LOCKED",
                format!("Template {template} fixes {field}: leave it out, or choose another template."),
            )
            .field(*field),
            Self::LockNeedsDefault(what) => Problem::new(
                "LOCK_NEEDS_DEFAULT",
                format!("{} is locked but has no default: give one, or do not lock it.", what.name()),
            )
            .field("locked"),
            Self::DaysOutOfRange => Problem::new(
                "DAYS_OUT_OF_RANGE",
                format!("A task is due after {MOST_DAYS} days at most: give fewer, or none."),
            )
            .field("taskDueDays"),
            Self::Blocked { field, template } => Problem::new(
                "CODE_NOT_IN_FORCE",
                format!("Template {template} is blocked: choose one that interactionTemplates shows without blockedOn."),
            )
            .field(*field),
        }
    }
}

// ---- state

/// What a template says. Stands in events too: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Content {
    /// Name on a screen.
    pub name: String,
    /// Code of the list `INTERACTION_CHANNEL`.
    pub channel: String,
    /// Which way.
    pub direction: Direction,
    /// Who begins.
    pub initiated_by: InitiatedBy,
    /// Default subject.
    pub subject: Option<Subject>,
    /// Default for the portal.
    pub show_in_portal: Option<bool>,
    /// Default for whether a task is made.
    pub create_task: Option<bool>,
    /// Default team.
    pub team: Option<String>,
    /// What the task is called.
    pub task_description: Option<String>,
    /// After how many days the task is due.
    pub task_due_days: Option<u32>,
    /// The defaults that cannot be overridden.
    pub locked: BTreeSet<Lockable>,
}

impl Content {
    fn has_default(&self, what: Lockable) -> bool {
        match what {
            Lockable::Subject => self.subject.is_some(),
            Lockable::ShowInPortal => self.show_in_portal.is_some(),
            Lockable::CreateTask => self.create_task.is_some(),
            Lockable::Team => self.team.is_some(),
        }
    }
}

/// An interaction template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Code.
    pub code: String,
    /// What it says.
    pub content: Content,
    /// Since when it is out of use.
    pub blocked: Option<Date>,
}

impl Template {
    /// A template before its first event.
    pub fn new(code: &str) -> Self {
        let content = Content {
            name: String::new(),
            channel: String::new(),
            direction: Direction::Inbound,
            initiated_by: InitiatedBy::Them,
            subject: None,
            show_in_portal: None,
            create_task: None,
            team: None,
            task_description: None,
            task_due_days: None,
            locked: BTreeSet::new(),
        };
        Self { code: code.to_owned(), content, blocked: None }
    }

    /// Folds one event that names this template. The only code path to any state of it, live, past or rebuilt.
    pub fn evolve(&mut self, event: &event::Event) {
        match event {
            event::Event::Template(event) => evolve(self, event),
            event::Event::Contact(_)
            | event::Event::Channel(_)
            | event::Event::Address(_)
            | event::Event::Role(_)
            | event::Event::PersonalData(_)
            | event::Event::Death(_)
            | event::Event::Customer(_)
            | event::Event::Leader(_)
            | event::Event::BankAccount(_)
            | event::Event::Mandate(_)
            | event::Event::Payment(_)
            | event::Event::Shop(_)
            | event::Event::SignOff(_)
            | event::Event::Mail(_)
            | event::Event::Placement(_)
            | event::Event::Link(_)
            | event::Event::Structure(_)
            | event::Event::ClientStatus(_)
            | event::Event::Acceptance(_)
            | event::Event::Card(_)
            | event::Event::Administration(_)
            | event::Event::CodeList(_)
            | event::Event::AddressTable(_)
            | event::Event::Employee(_)
            | event::Event::Team(_)
            | event::Event::Interaction(_)
            | event::Event::Task(_) => {}
        }
    }
}

// ---- decide

impl Decide for DefineTemplate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let code = d.text("code", values::code(&self.code, SHORT_CODE_LIMIT));
        if let Some(code) = &code
            && d.template(code).is_some()
        {
            d.refuse(employee::Refusal::CodeExists { code: code.clone() });
        }
        let content = self.content.read(d);
        let (Some(code), Some(content)) = (code, content) else { return Err(Refused) };
        d.stop_if_refused()?;
        d.address(EntityId::Template(code.clone()))?;
        d.record(TemplateDefined { code, content });
        Ok(())
    }
}

impl Decide for ChangeTemplate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let template = find(d, &self.code)?;
        d.address(EntityId::Template(template.code.clone()))?;
        let content = self.content.read(d).ok_or(Refused)?;
        d.stop_if_refused()?;
        if template.content != content {
            d.record(TemplateChanged { code: template.code.clone(), content });
        }
        Ok(())
    }
}

impl Decide for BlockTemplate {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Reference)?;
        let template = find(d, &self.code)?;
        d.address(EntityId::Template(template.code.clone()))?;
        if template.blocked.is_none() {
            let on = d.today();
            d.record(TemplateBlocked { code: template.code.clone(), on });
        }
        Ok(())
    }
}

impl TemplateInput {
    /// `None` after a refusal; a refusal that leaves something to go on with may stand in the draft too.
    fn read(&self, d: &mut Draft<'_>) -> Option<Content> {
        let name = d.text("name", values::line(&self.name, NAME_LIMIT));
        let today = d.today();
        let channel = d.code("channel", INTERACTION_CHANNEL, &self.channel, today);
        let directions = (Direction::ALL, Direction::name as fn(_) -> _);
        let direction = d.choice("direction", directions, &self.direction);
        let beginners = (InitiatedBy::ALL, InitiatedBy::name as fn(_) -> _);
        let initiated_by = d.choice("initiatedBy", beginners, &self.initiated_by);
        let subject = self.subject.as_ref().map(|raw| Subject::read(d, raw));
        let team =
            self.team.as_ref().map(|raw| team::choose(d, "teamCode", raw).map(|team| team.code.clone()));
        let task_description = d.optional_text("taskDescription", self.task_description.as_ref(), |raw| {
            values::line(raw, DESCRIPTION_LIMIT)
        });
        if self.task_due_days.is_some_and(|days| days > MOST_DAYS) {
            d.refuse(Refusal::DaysOutOfRange);
        }
        let lockable = (Lockable::ALL, Lockable::name as fn(_) -> _);
        let locked = self.locked.iter().filter_map(|raw| d.choice("locked", lockable, raw)).collect();
        let content = Content {
            name: name?,
            channel: channel?,
            direction: direction?,
            initiated_by: initiated_by?,
            subject: subject.flatten(),
            show_in_portal: self.show_in_portal,
            create_task: self.create_task,
            team: team.flatten(),
            task_description: task_description?,
            task_due_days: self.task_due_days,
            locked,
        };
        for what in content.locked.iter().copied().filter(|what| !content.has_default(*what)) {
            d.refuse(Refusal::LockNeedsDefault(what));
        }
        Some(content)
    }
}

fn find(d: &mut Draft<'_>, raw: &str) -> Result<Arc<Template>, Refused> {
    let code = d.text("code", values::code(raw, SHORT_CODE_LIMIT)).ok_or(Refused)?;
    d.template(&code).ok_or_else(|| d.refuse(General::NotFound { field: "code" }))
}

/// A template to make a contact moment with; `None` after a refusal.
pub(crate) fn choose(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Option<Arc<Template>> {
    let code = d.text(field, values::code(raw, SHORT_CODE_LIMIT))?;
    let found = d.template(&code);
    match &found {
        None => d.refuse(General::UnknownCode { field, list: "TEMPLATE".to_owned() }),
        Some(template) if template.blocked.is_some() => d.refuse(Refusal::Blocked { field, template: code }),
        Some(_) => return found,
    };
    None
}

/// What was asked for, else the template's default. What the template locks cannot be asked otherwise (D-15).
pub(crate) fn settle<T: Clone + PartialEq>(
    d: &mut Draft<'_>,
    template: &Template,
    (field, what): (&'static str, Lockable),
    asked: Option<T>,
    default: Option<&T>,
) -> Option<T> {
    if let Some(asked) = &asked
        && Some(asked) != default
        && template.content.locked.contains(&what)
    {
        d.refuse(Refusal::DefaultLocked { field, template: template.code.clone() });
    }
    asked.or_else(|| default.cloned())
}

// ---- evolve

fn evolve(template: &mut Template, event: &Event) {
    match event {
        Event::TemplateDefined(e) => e.content.clone_into(&mut template.content),
        Event::TemplateChanged(e) => e.content.clone_into(&mut template.content),
        Event::TemplateBlocked(e) => template.blocked = Some(e.on),
    }
}
