//! Refusals, warnings and questions, as a payload publishes them (spec §1.2, §1.3).

use crate::id;
use crate::label::Lang;
use async_graphql::{ComplexObject, Enum, ID, SimpleObject};
use kroniek_domain::{EntityId, Problem, label, status_right};
use std::str::FromStr;

/// A question of the manuals that a command asks back (`CONFIRMATION_REQUIRED`). Those that are answered with "go on"
/// go into `confirm`; the others have an input field of their own, which `options` of the error names.
#[derive(Enum, Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[graphql(remote = "kroniek_domain::Prompt")]
pub(crate) enum Prompt {
    /// Really remove the role line? Answered with `confirm` (E1-11).
    RemoveRoleLine,
    /// Keep the roles of the deceased? Answered with `keepRoles`, or with one of the `decisions` per household (E1-33).
    KeepRolesOfDeceased,
    /// Let the account holder's address follow the customer's? Answered with `syncHolderAddress` (E1-46).
    SyncHolderAddress,
    /// Adjust open items to the chosen bank account? Answered with `openItems` (E1-50).
    AdjustOpenItems,
    /// The typed address contradicts the postcode table; go on? Answered with `confirm` (E1-22).
    AddressMismatch,
    /// A client-person of the same identity would be the better leader; go on? Answered with `confirm` (A1-08).
    ClientPersonPreferred,
    /// Somebody who is there already is likely the one who is being entered; go on? The candidates are in `blocking`.
    /// Answered with `confirm` (N1-01, E2-06).
    PossibleDuplicate,
    /// The task will be yours alone; go on? Answered with `confirm` (E2-36).
    TaskTakeOver,
    /// Record a contact moment with the outcome? Answered with `createInteraction` (E2-40).
    CreateInteractionOnFinish,
}

/// What kind of entity an id names.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum EntityKind {
    /// A contact: person, household or company.
    Contact,
    /// A customer.
    Customer,
    /// A code list.
    CodeList,
    /// The address table.
    AddressTable,
    /// A contact moment.
    Interaction,
    /// A task.
    Task,
    /// An interaction template.
    Template,
    /// A team.
    Team,
    /// An employee.
    Employee,
}

impl EntityKind {
    fn of(entity: &EntityId) -> Self {
        match entity {
            EntityId::Contact(_) => Self::Contact,
            EntityId::Customer(_) => Self::Customer,
            EntityId::CodeList(_) => Self::CodeList,
            EntityId::AddressTable => Self::AddressTable,
            EntityId::Interaction(_) => Self::Interaction,
            EntityId::Task(_) => Self::Task,
            EntityId::Template(_) => Self::Template,
            EntityId::Team(_) => Self::Team,
            EntityId::Employee(_) => Self::Employee,
        }
    }
}

/// Why a command was refused. Nothing was stored.
///
/// `code` is stable; the texts are for people and may change. All errors of fields come together; a question
/// (`CONFIRMATION_REQUIRED`) comes only when nothing else refuses.
///
/// Every command can give: `NOT_FOUND`, `VERSION_CONFLICT`, `FORBIDDEN`, `REQUIRED`, `TOO_LONG`, `INVALID_TEXT`,
/// `UNKNOWN_CODE`, `CODE_NOT_IN_FORCE`, `INVALID_DATE`, `DATE_IN_FUTURE`, `DATE_OUT_OF_RANGE`,
/// `SAME_COMMAND_DIFFERENT_CONTENT`, `TOO_LARGE`, and `GIVEN_TWICE` when one thing is named in two ways at once. What
/// else a command can give, its mutation says.
///
/// An actor without `READ` gets the code, the field and the question, but neither ids nor labels nor texts about other
/// entities. So does any actor about a registration that it may not see (A2-52): the message then says what to do, and
/// nothing else.
#[derive(SimpleObject, Clone, PartialEq, Eq, Debug)]
#[graphql(complex)]
pub(crate) struct UserError {
    /// Stable code, upper case.
    code: String,
    /// What is wrong and what to do.
    message: String,
    /// The input field that it is about, as this mutation spells it; a part of it as `newMandate.code` or
    /// `phones[0].value`.
    field: Option<String>,
    /// The entity that stands in the way.
    entity_id: Option<ID>,
    /// The kind of that entity.
    entity_kind: Option<EntityKind>,
    /// What to do instead.
    hint: Option<String>,
    /// The question, when the code is `CONFIRMATION_REQUIRED`.
    prompt: Option<Prompt>,
    /// The answers that the question knows, or the values that would be accepted.
    options: Vec<String>,
    /// Everything that stands in the way, never only the first.
    blocking: Vec<Blocking>,
}

#[ComplexObject]
impl UserError {
    /// The question in words, as a screen asks it.
    async fn prompt_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.prompt.map(|prompt| prompt.label(lang))
    }

    /// `entityKind` in words.
    async fn entity_kind_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.entity_kind.map(|kind| kind.label(lang))
    }

    /// The answers that a question knows in words, in the order of `options`: "Ja", "Nee", "Geen open posten
    /// aanpassen". What is no answer to a question stands as in `options`.
    async fn option_labels(&self, #[graphql(default)] lang: Lang) -> Vec<String> {
        let asked = self.prompt.is_some();
        let answer =
            |option: &String| label::answer(option).filter(|_| asked).map(|label| label.text(lang.into()));
        self.options
            .iter()
            .map(|option| answer(option).map_or_else(|| option.clone(), str::to_owned))
            .collect()
    }
}

/// One thing that stands in the way.
#[derive(SimpleObject, Clone, PartialEq, Eq, Debug)]
#[graphql(complex)]
pub(crate) struct Blocking {
    /// What it is, such as `CONTACT` or `PAYMENT_LINE`.
    kind: String,
    /// Its id, or its number within the entity.
    id: String,
    /// What to call it on a screen.
    label: String,
}

#[ComplexObject]
impl Blocking {
    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> &str {
        label::in_the_way(&self.kind).map_or(self.kind.as_str(), |label| label.text(lang.into()))
    }
}

/// Something that was accepted but that the caller should see. A repeated `commandId` gets the warnings of the first
/// answer.
#[derive(SimpleObject, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Warning {
    /// Stable code, upper case.
    code: String,
    /// What to know.
    message: String,
    /// What it is about, where one entity stands out.
    entity_id: Option<ID>,
}

impl UserError {
    /// The published form of a problem, for an actor that may see entities or not.
    pub(crate) fn new(problem: &Problem, may_see: bool) -> Self {
        let open = Self {
            code: problem.code.to_owned(),
            message: problem.message.clone(),
            field: problem.field.clone(),
            entity_id: problem.entity.as_ref().map(id::of),
            entity_kind: problem.entity.as_ref().map(EntityKind::of),
            hint: problem.hint.as_ref().map(|hint| published(hint, problem.entity.as_ref())),
            prompt: problem.prompt.map(Prompt::from),
            options: problem.options.clone(),
            blocking: problem.blocking.iter().map(Blocking::new).collect(),
        };
        if may_see { open } else { open.without_entities() }
    }

    /// The same without anything that tells about an entity. A question, and an error that is only about the input, is
    /// still explained.
    fn without_entities(self) -> Self {
        if self.prompt.is_some() {
            return Self { entity_id: None, entity_kind: None, blocking: Vec::new(), ..self };
        }
        let about_input = self.code.starts_with("INVALID_") || ABOUT_INPUT.contains(&self.code.as_str());
        let message = if about_input { self.message } else { status_right::neutral(&self.code).to_owned() };
        Self {
            code: self.code,
            message,
            field: self.field,
            entity_id: None,
            entity_kind: None,
            hint: None,
            prompt: None,
            options: Vec::new(),
            blocking: Vec::new(),
        }
    }
}

/// Codes whose message is about the input alone, besides `INVALID_…`. The messages of all others may name entities.
const ABOUT_INPUT: &[&str] = &[
    "ANSWERS_NEEDS_FEEDBACK",
    "CODE_NOT_IN_FORCE",
    "COMPLAINT_NEEDS_TASK",
    "DATE_IN_FUTURE",
    "DATE_OUT_OF_RANGE",
    "DAYS_OUT_OF_RANGE",
    "FORBIDDEN",
    "GIVEN_TWICE",
    "INTERACTION_NOT_WANTED",
    "LOCK_NEEDS_DEFAULT",
    "NOT_AN_EMPLOYEE",
    "NOT_FOUND",
    "ONE_PARTY_REQUIRED",
    "ONLY_SELF",
    "REQUIRED",
    "SAME_COMMAND_DIFFERENT_CONTENT",
    "TEAM_REQUIRED",
    "TEAM_WITHOUT_TASK",
    "TOO_LARGE",
    "TOO_LONG",
    "UNKNOWN_CODE",
];

/// What stands in the place of a warning that may name entities.
const NEUTRAL_WARNING: &str = "Accepted, and something should be looked at; ask an administrator.";

/// The domain writes an entity as `contact:5`; clients get the id that they can send back.
fn published(text: &str, entity: Option<&EntityId>) -> String {
    entity.map_or_else(|| text.to_owned(), |e| text.replace(&e.to_string(), id::of(e).as_str()))
}

impl Blocking {
    fn new(blocking: &kroniek_domain::problem::Blocking) -> Self {
        let entity = EntityId::from_str(&blocking.id).ok();
        let id = published(&blocking.id, entity.as_ref());
        Self { kind: blocking.kind.to_owned(), id, label: blocking.label.clone() }
    }
}

impl Warning {
    /// The published form of a warning, for an actor that may see entities or not.
    pub(crate) fn new(warning: &kroniek_domain::Warning, may_see: bool) -> Self {
        let message = match warning.entity {
            Some(_) if !may_see => NEUTRAL_WARNING,
            Some(_) | None => &warning.message,
        };
        Self {
            code: warning.code.clone(),
            message: message.to_owned(),
            entity_id: warning.entity.as_ref().filter(|_| may_see).map(id::of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kroniek_domain::problem::General;
    use kroniek_domain::{ContactId, Position};

    fn in_the_way() -> Problem {
        Problem::new("HAS_FOLLOWERS", "CT000002 follows it.")
            .field("followerId")
            .contact(ContactId(2))
            .hint("End the link of contact:2.")
            .blocking("CONTACT", [("contact:2".to_owned(), "CT000002".to_owned())])
    }

    #[test]
    fn ids_are_published_in_the_form_that_clients_send_back() {
        let id = id::of_contact(ContactId(2));
        let error = UserError::new(&in_the_way(), true);
        assert_eq!(error.entity_id, Some(id.clone()));
        assert_eq!(error.entity_kind, Some(EntityKind::Contact));
        assert_eq!(error.blocking[0].id, id.as_str());
        assert_eq!(error.hint, Some(format!("End the link of {}.", id.as_str())));
    }

    #[test]
    fn without_the_right_to_see_it_an_entity_in_the_way_stays_unnamed() {
        let error = UserError::new(&in_the_way(), false);
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("HAS_FOLLOWERS", Some("followerId")));
        let all = format!("{error:?}");
        for tells in ["CT000002", "contact:2", id::of_contact(ContactId(2)).as_str()] {
            assert!(!all.contains(tells), "{tells} in {all}");
        }
    }

    #[test]
    fn without_the_right_to_see_it_the_input_is_still_explained_and_a_question_still_asked() {
        let required = UserError::new(&General::Required("roleCode").problem(), false);
        assert_eq!(required.message, "roleCode must be filled in.");
        let prompt = kroniek_domain::Prompt::KeepRolesOfDeceased;
        let entity = Some(EntityId::Contact(ContactId(2)));
        let asked = UserError::new(&General::ConfirmationRequired { prompt, entity }.problem(), false);
        assert_eq!((asked.prompt, asked.entity_id), (Some(Prompt::KeepRolesOfDeceased), None));
        assert_eq!(asked.options, ["keepRoles: true", "keepRoles: false"]);
    }

    #[test]
    fn a_version_conflict_does_not_tell_the_version_to_who_may_not_see_it() {
        let entity = EntityId::Contact(ContactId(2));
        let conflict = General::VersionConflict { entity, expected: Position(3), actual: Position(41) };
        assert!(UserError::new(&conflict.problem(), true).message.contains("41"));
        assert!(!UserError::new(&conflict.problem(), false).message.contains("41"));
    }
}
