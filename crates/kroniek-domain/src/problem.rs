//! What a refusal looks like to whoever gets it (spec §1.3), and the refusals that every command can give.

use crate::ids::{ContactId, EntityId, Position};
use crate::permission::Permission;
use std::fmt;

/// The published form of a refusal. `code` is stable; everything else is for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Stable upper-case code.
    pub code: &'static str,
    /// What is wrong and what to do, in one sentence or two.
    pub message: String,
    /// The input field, in the API's spelling.
    pub field: Option<String>,
    /// The entity that stands in the way.
    pub entity: Option<EntityId>,
    /// What to do instead.
    pub hint: Option<String>,
    /// The question, when one is asked.
    pub prompt: Option<Prompt>,
    /// The answers that the question knows, or the values that would be accepted.
    pub options: Vec<String>,
    /// All that blocks, never only the first.
    pub blocking: Vec<Blocking>,
}

/// One thing that stands in the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocking {
    /// Kind of the thing, such as `CONTACT` or `CONFLICT`.
    pub kind: &'static str,
    /// Its id or number.
    pub id: String,
    /// What to call it on a screen.
    pub label: String,
}

impl Problem {
    /// A problem with a code and a message; the rest is added by the builders below.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            entity: None,
            hint: None,
            prompt: None,
            options: Vec::new(),
            blocking: Vec::new(),
        }
    }

    /// Names the input field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the entity in the way.
    #[must_use]
    pub fn contact(mut self, id: ContactId) -> Self {
        self.entity = Some(EntityId::Contact(id));
        self
    }

    /// Names the entity in the way.
    #[must_use]
    pub fn entity(mut self, id: EntityId) -> Self {
        self.entity = Some(id);
        self
    }

    /// Says what to do instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Lists the values that would be accepted.
    #[must_use]
    pub fn options(mut self, options: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options = options.into_iter().map(Into::into).collect();
        self
    }

    /// Lists everything that blocks.
    #[must_use]
    pub fn blocking(
        mut self,
        kind: &'static str,
        things: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.blocking.extend(things.into_iter().map(|(id, label)| Blocking { kind, id, label }));
        self
    }
}

/// The questions that the manuals ask (spec §1.2).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Prompt {
    /// Really remove the role line? (E1:16, E1:48)
    RemoveRoleLine,
    /// Keep the roles of the deceased? (E1:49)
    KeepRolesOfDeceased,
    /// Let the holder's address follow the customer's? (E1:72)
    SyncHolderAddress,
    /// Adjust open items? (E1:78)
    AdjustOpenItems,
    /// The typed address contradicts the postcode table (E1-22).
    AddressMismatch,
    /// A client-person of the same identity would be the better leader (A1:26).
    ClientPersonPreferred,
    /// Somebody who is there already is likely the one who is being entered (N1-01, E2-06).
    PossibleDuplicate,
    /// Take the task over from the team? (E2:57)
    TaskTakeOver,
    /// Create an interaction with the outcome? (E2:63)
    CreateInteractionOnFinish,
}

/// Every prompt with its stable name, the question, and how it is answered.
pub const PROMPTS: &[(Prompt, &str, &str, &[&str])] = &[
    (
        Prompt::RemoveRoleLine,
        "REMOVE_ROLE_LINE",
        "Remove the role line? Confirm with confirm: [REMOVE_ROLE_LINE].",
        &["confirm: [REMOVE_ROLE_LINE]"],
    ),
    (
        Prompt::KeepRolesOfDeceased,
        "KEEP_ROLES_OF_DECEASED",
        "Keep the roles of the deceased? Answer with keepRoles, or with one decision per household.",
        &["keepRoles: true", "keepRoles: false"],
    ),
    (
        Prompt::SyncHolderAddress,
        "SYNC_HOLDER_ADDRESS",
        "Let the account holder's address follow the customer's correspondence address? Answer with syncHolderAddress.",
        &["syncHolderAddress: true", "syncHolderAddress: false"],
    ),
    (
        Prompt::AdjustOpenItems,
        "ADJUST_OPEN_ITEMS",
        "Adjust open items to the chosen bank account? Answer with openItems.",
        &["openItems: NONE", "openItems: ALL", "openItems: FROM_DATE"],
    ),
    (
        Prompt::AddressMismatch,
        "ADDRESS_MISMATCH",
        "The postcode table has another street or city for this postcode and house number. Confirm with confirm: [ADDRESS_MISMATCH].",
        &["confirm: [ADDRESS_MISMATCH]"],
    ),
    (
        Prompt::ClientPersonPreferred,
        "CLIENT_PERSON_PREFERRED",
        "A client-person of the same identity exists and would be the better leader. Confirm with confirm: [CLIENT_PERSON_PREFERRED].",
        &["confirm: [CLIENT_PERSON_PREFERRED]"],
    ),
    (
        Prompt::PossibleDuplicate,
        "POSSIBLE_DUPLICATE",
        "Somebody of this name is there already, with the same address, channel or date of birth. Look at the candidates, or confirm with confirm: [POSSIBLE_DUPLICATE].",
        &["confirm: [POSSIBLE_DUPLICATE]"],
    ),
    (
        Prompt::TaskTakeOver,
        "TASK_TAKE_OVER",
        "The task will be yours alone, and no longer your team's. Go on? Confirm with confirm: [TASK_TAKE_OVER].",
        &["confirm: [TASK_TAKE_OVER]"],
    ),
    (
        Prompt::CreateInteractionOnFinish,
        "CREATE_INTERACTION_ON_FINISH",
        "Create an interaction with the outcome? Answer with createInteraction; true needs interaction with a template and a note.",
        &["createInteraction: false", "createInteraction: true"],
    ),
];

impl Prompt {
    fn row(self) -> Option<&'static (Prompt, &'static str, &'static str, &'static [&'static str])> {
        PROMPTS.iter().find(|(prompt, ..)| *prompt == self)
    }

    /// The stable name, such as `REMOVE_ROLE_LINE`.
    pub fn name(self) -> &'static str {
        self.row().map_or("UNKNOWN", |row| row.1)
    }
}

/// A refusal that every command can give (spec §1.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum General {
    /// Id or number unknown.
    NotFound {
        /// The input field that names it.
        field: &'static str,
    },
    /// A number of a contact stands where a customer is wanted.
    NotACustomer {
        /// The input field that names it.
        field: &'static str,
    },
    /// The addressed entity changed since the caller looked.
    VersionConflict {
        /// The addressed entity.
        entity: EntityId,
        /// What the caller expected.
        expected: Position,
        /// The position of the last commit that names it.
        actual: Position,
    },
    /// The actor lacks a right.
    Forbidden(Permission),
    /// What stands there is not the actor's to replace: it may not see it (A2-52). Which right that would take is not said,
    /// because the right is that of what stands there.
    NotYoursToReplace {
        /// The input field.
        field: &'static str,
    },
    /// A mandatory field is missing, empty or blank.
    Required(&'static str),
    /// Longer than the field's limit, in characters.
    TooLong {
        /// The input field.
        field: &'static str,
        /// The limit in characters.
        limit: usize,
    },
    /// Control characters, digits in a surname, or the like.
    InvalidText(&'static str),
    /// Not in the code list.
    UnknownCode {
        /// The input field.
        field: &'static str,
        /// Name of the list.
        list: String,
    },
    /// None of the values of a closed set.
    NoSuchValue {
        /// The input field.
        field: &'static str,
        /// The values that there are.
        values: Vec<&'static str>,
    },
    /// In the list, but not in force on the date that counts.
    CodeNotInForce {
        /// The input field.
        field: &'static str,
        /// Name of the list.
        list: String,
        /// The date that counts.
        on: crate::values::Date,
    },
    /// Not a calendar date.
    InvalidDate(&'static str),
    /// In the future where that is not allowed.
    DateInFuture(&'static str),
    /// Before 1800, after 9999, or outside what the row allows.
    DateOutOfRange {
        /// The input field.
        field: &'static str,
        /// What the date must keep to.
        must: &'static str,
    },
    /// A question of the manual waits for its answer.
    ConfirmationRequired {
        /// The question.
        prompt: Prompt,
        /// The entity that it is about, where one stands out.
        entity: Option<EntityId>,
    },
    /// The contact is of a kind that this command does not apply to.
    NotAPerson(&'static str),
    /// The household (or other contact) owns this; it cannot be changed at the customer (E1-02).
    OwnedByHousehold {
        /// The contact to change instead.
        contact: ContactId,
        /// The input field that names the customer.
        field: &'static str,
    },
    /// A follower's field that its leader owns (A1-16).
    FieldFollowsLeader {
        /// The field.
        field: &'static str,
        /// The leader.
        leader: ContactId,
        /// The leader's contact number.
        leader_number: String,
    },
}

impl General {
    /// The published form.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound { field } => Problem::new(
                "NOT_FOUND",
                format!("{field} names nothing that exists; check the id or number."),
            )
            .field(*field),
            Self::NotACustomer { field } => Problem::new(
                "NOT_FOUND",
                format!("{field} names a contact that is no customer; choose a customer."),
            )
            .field(*field),
            Self::VersionConflict { entity, expected, actual } => Problem::new(
                "VERSION_CONFLICT",
                format!("{entity} is at version {actual}, not {expected}: read it again and decide anew."),
            )
            .field("expectedVersion")
            .entity(entity.clone()),
            Self::Forbidden(permission) => {
                let message = format!("This needs the permission {permission}: ask an administrator for it.");
                Problem::new("FORBIDDEN", message)
            }
            Self::NotYoursToReplace { field } => Problem::new(
                "FORBIDDEN",
                format!("You may not change {field} here; ask an administrator to."),
            )
            .field(*field),
            Self::Required(field) => {
                Problem::new("REQUIRED", format!("{field} must be filled in.")).field(*field)
            }
            Self::TooLong { field, limit } => {
                let message = format!("{field} may have {limit} characters at most: shorten it.");
                Problem::new("TOO_LONG", message).field(*field)
            }
            Self::InvalidText(field) => Problem::new(
                "INVALID_TEXT",
                format!("{field} holds characters that are not allowed here; type it again in plain text."),
            )
            .field(*field),
            Self::UnknownCode { field, list } => Problem::new(
                "UNKNOWN_CODE",
                format!("{field} is not a code of the list {list}: choose one that {} shows.", shown_by(list)),
            )
            .field(*field),
            Self::NoSuchValue { field, values } => Problem::new(
                "UNKNOWN_CODE",
                format!("{field} cannot have this value: choose one of {}.", values.join(", ")),
            )
            .field(*field)
            .options(values.iter().copied()),
            Self::CodeNotInForce { field, list, on } => Problem::new(
                "CODE_NOT_IN_FORCE",
                format!(
                    "{field} names a code of the list {list} that is not in force on {on}: choose another one that {} shows.",
                    shown_by(list)
                ),
            )
            .field(*field),
            Self::InvalidDate(field) => {
                Problem::new("INVALID_DATE", format!("{field} is not a calendar date; write YYYY-MM-DD."))
                    .field(*field)
            }
            Self::DateInFuture(field) => {
                let message = format!("{field} may not lie in the future: give today or an earlier date.");
                Problem::new("DATE_IN_FUTURE", message).field(*field)
            }
            Self::DateOutOfRange { field, must } => {
                Problem::new("DATE_OUT_OF_RANGE", format!("{field} must {must}.")).field(*field)
            }
            Self::ConfirmationRequired { prompt, entity } => {
                let (question, options) = prompt.row().map_or(("", &[] as &[&str]), |row| (row.2, row.3));
                let mut problem =
                    Problem::new("CONFIRMATION_REQUIRED", question).options(options.iter().copied());
                problem.prompt = Some(*prompt);
                problem.entity.clone_from(entity);
                problem
            }
            Self::NotAPerson(field) => {
                let message = format!("{field} names a contact that is not a person; choose a person.");
                Problem::new("NOT_A_PERSON", message).field(*field)
            }
            Self::OwnedByHousehold { contact, field } => Problem::new(
                "OWNED_BY_HOUSEHOLD",
                "The customer only shows this; it belongs to its contact and is changed there.",
            )
            .field(*field)
            .contact(*contact)
            .hint(format!("Send the command with contact {}.", EntityId::Contact(*contact))),
            Self::FieldFollowsLeader { field, leader, leader_number } => Problem::new(
                "FIELD_FOLLOWS_LEADER",
                format!("{field} follows leader {leader_number}: change it there, or end the link first."),
            )
            .field(*field)
            .contact(*leader),
        }
    }
}

/// The query that shows what may be chosen.
fn shown_by(list: &str) -> String {
    match list {
        "TEAM" => "teams".to_owned(),
        "TEMPLATE" => "interactionTemplates".to_owned(),
        _ => format!("codeList(list: \"{list}\")"),
    }
}

/// Something that was accepted but that the caller should see.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// Stable upper-case code.
    pub code: String,
    /// What to know.
    pub message: String,
    /// What it is about, where one entity stands out.
    pub entity: Option<EntityId>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Date;
    use std::collections::BTreeSet;

    /// The compiler makes whoever adds a question add it here, and the test then asks for its row.
    fn all_prompts() -> Vec<Prompt> {
        use Prompt::{
            AddressMismatch, AdjustOpenItems, ClientPersonPreferred, CreateInteractionOnFinish,
            KeepRolesOfDeceased, PossibleDuplicate, RemoveRoleLine, SyncHolderAddress, TaskTakeOver,
        };
        let every = [
            RemoveRoleLine,
            KeepRolesOfDeceased,
            SyncHolderAddress,
            AdjustOpenItems,
            AddressMismatch,
            ClientPersonPreferred,
            PossibleDuplicate,
            TaskTakeOver,
            CreateInteractionOnFinish,
        ];
        for prompt in every {
            match prompt {
                RemoveRoleLine
                | KeepRolesOfDeceased
                | SyncHolderAddress
                | AdjustOpenItems
                | AddressMismatch
                | ClientPersonPreferred
                | PossibleDuplicate
                | TaskTakeOver
                | CreateInteractionOnFinish => {}
            }
        }
        every.to_vec()
    }

    #[test]
    fn section_1_2_every_question_has_a_row_and_says_how_it_is_answered() {
        assert_eq!(PROMPTS.len(), all_prompts().len());
        for prompt in all_prompts() {
            assert_eq!(PROMPTS.iter().filter(|(row, ..)| *row == prompt).count(), 1, "{prompt:?}");
            let problem = General::ConfirmationRequired { prompt, entity: None }.problem();
            assert_eq!((problem.code, problem.prompt), ("CONFIRMATION_REQUIRED", Some(prompt)));
            assert!(
                problem.message.contains('?') || problem.message.to_lowercase().contains("confirm"),
                "{}",
                problem.message
            );
            assert!(!problem.options.is_empty());
            // A question with one way on is answered by its own name.
            if let [only] = &problem.options[..] {
                assert_eq!(*only, format!("confirm: [{}]", prompt.name()));
            }
        }
        let names: BTreeSet<_> = all_prompts().into_iter().map(Prompt::name).collect();
        assert_eq!(names.len(), PROMPTS.len());
        assert!(!names.contains("UNKNOWN"));
    }

    #[test]
    fn section_1_3_the_general_codes() {
        let contact = EntityId::Contact(ContactId(7));
        let on = Date::MIN;
        let list = || "ROLE".to_owned();
        let all = [
            (General::NotFound { field: "f" }, "NOT_FOUND"),
            (General::NotACustomer { field: "f" }, "NOT_FOUND"),
            (
                General::VersionConflict {
                    entity: contact.clone(),
                    expected: Position(1),
                    actual: Position(2),
                },
                "VERSION_CONFLICT",
            ),
            (General::Forbidden(Permission::SensitiveRead), "FORBIDDEN"),
            (General::NotYoursToReplace { field: "f" }, "FORBIDDEN"),
            (General::Required("f"), "REQUIRED"),
            (General::TooLong { field: "f", limit: 30 }, "TOO_LONG"),
            (General::InvalidText("f"), "INVALID_TEXT"),
            (General::UnknownCode { field: "f", list: list() }, "UNKNOWN_CODE"),
            (General::NoSuchValue { field: "f", values: vec!["A", "B"] }, "UNKNOWN_CODE"),
            (General::CodeNotInForce { field: "f", list: list(), on }, "CODE_NOT_IN_FORCE"),
            (General::InvalidDate("f"), "INVALID_DATE"),
            (General::DateInFuture("f"), "DATE_IN_FUTURE"),
            (General::DateOutOfRange { field: "f", must: "lie later" }, "DATE_OUT_OF_RANGE"),
            (General::NotAPerson("f"), "NOT_A_PERSON"),
            (General::OwnedByHousehold { contact: ContactId(7), field: "f" }, "OWNED_BY_HOUSEHOLD"),
            (
                General::FieldFollowsLeader { field: "f", leader: ContactId(7), leader_number: "CT7".into() },
                "FIELD_FOLLOWS_LEADER",
            ),
        ];
        for (general, code) in all {
            let problem = general.problem();
            assert_eq!(problem.code, code);
            assert!(problem.message.ends_with('.'), "{}", problem.message);
            assert_eq!(problem.field.is_none(), matches!(general, General::Forbidden(_)), "{code}");
            assert_eq!(problem.to_string(), format!("{code}: {}", problem.message));
            let names_it = ["VERSION_CONFLICT", "OWNED_BY_HOUSEHOLD", "FIELD_FOLLOWS_LEADER"].contains(&code);
            assert_eq!(problem.entity, names_it.then(|| contact.clone()), "{code}");
        }
    }

    #[test]
    fn section_1_3_all_that_blocks_is_listed() {
        let problem = Problem::new("CODE", "Message.")
            .blocking("CONTACT", [("1".to_owned(), "een".to_owned())])
            .blocking("TASK", [("2".to_owned(), "twee".to_owned())])
            .options(["a", "b"])
            .entity(EntityId::AddressTable);
        let kinds: Vec<_> =
            problem.blocking.iter().map(|b| (b.kind, b.id.as_str(), b.label.as_str())).collect();
        assert_eq!(kinds, [("CONTACT", "1", "een"), ("TASK", "2", "twee")]);
        assert_eq!((problem.options.len(), problem.entity), (2, Some(EntityId::AddressTable)));
    }
}
