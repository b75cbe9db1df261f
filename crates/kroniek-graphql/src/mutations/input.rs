//! What all inputs have in common: what comes with every command, and the several ways to name a thing.
//!
//! Only the *shape* of an input is judged here: whether exactly one of two spellings is there. Every rule is the
//! domain's; an id that does not decode is passed on as one that nobody has, so that the domain says `NOT_FOUND` together
//! with everything else, and says `FORBIDDEN` before it.

use crate::id;
use crate::scalars::{DateText, Position, Uuid};
use crate::user_error::Prompt;
use async_graphql::{ID, InputObject, InputType, MaybeUndefined};
use kroniek_domain::{Command, ContactId, ContactRef, CustomerId, CustomerRef, PartyRef, Problem};

/// What every command carries besides its own fields.
#[derive(InputObject, Clone, Default)]
pub(crate) struct Envelope {
    /// An id of the caller's choice. The same id with the same content never makes a second commit: it returns the first
    /// result; with other content it is `SAME_COMMAND_DIFFERENT_CONTENT`. Without it, a retry is a new command. A
    /// refused or unchanged command leaves no memory of its id.
    pub(crate) command_id: Option<Uuid>,
    /// The version of the addressed entity that the caller looked at; when it has changed since: `VERSION_CONFLICT`.
    pub(crate) expected_version: Option<Position>,
    /// Why, in free text; kept in the history. Required only where the mutation says so.
    pub(crate) reason: Option<String>,
    /// The questions that are answered with "go on".
    pub(crate) confirm: Option<Vec<Prompt>>,
}

/// The input of one mutation. The mutation answers with a payload of the same name.
pub(crate) trait CommandInput: InputType {
    /// Takes out what every command carries.
    fn envelope(&mut self) -> Envelope;

    /// The command that the input means; not to be executed, or `None`, when its shape was refused.
    fn command(self, shape: &mut Shape) -> Option<Command>;
}

/// Reads the shape of an input; keeps what is wrong with it, and how the caller spelled what the domain calls otherwise.
#[derive(Default)]
pub(crate) struct Shape {
    problems: Vec<Problem>,
    spellings: Vec<(&'static str, &'static str)>,
}

impl Shape {
    /// A contact by id.
    pub(crate) fn contact_id(id: &ID) -> ContactRef {
        // No contact has id 0.
        ContactRef::Id(id::contact(id).unwrap_or(ContactId(0)))
    }

    /// A contact by id or by number: exactly one. Fields are given with their names; the domain knows the first.
    pub(crate) fn contact(
        &mut self,
        (id_field, id): (&'static str, Option<ID>),
        (number_field, number): (&'static str, Option<String>),
    ) -> Option<ContactRef> {
        self.exactly_one(&[(id_field, id.is_some()), (number_field, number.is_some())])?;
        match (id, number) {
            (Some(id), _) => Some(Self::contact_id(&id)),
            (None, Some(number)) => {
                self.spelled(id_field, number_field);
                Some(ContactRef::Number(number))
            }
            (None, None) => None,
        }
    }

    /// As [`Shape::contact`], where neither is needed.
    pub(crate) fn optional_contact(
        &mut self,
        id: (&'static str, Option<ID>),
        number: (&'static str, Option<String>),
    ) -> Option<ContactRef> {
        if id.1.is_none() && number.1.is_none() { None } else { self.contact(id, number) }
    }

    /// A customer by number or by id, in fields of these names: exactly one. The domain knows the first.
    pub(crate) fn customer_at(
        &mut self,
        (number_field, number): (&'static str, Option<String>),
        (id_field, id): (&'static str, Option<ID>),
    ) -> Option<CustomerRef> {
        self.exactly_one(&[(number_field, number.is_some()), (id_field, id.is_some())])?;
        match (number, id) {
            (Some(number), _) => Some(CustomerRef::Number(number)),
            (None, Some(id)) => {
                self.spelled(number_field, id_field);
                // No customer has id 0.
                Some(CustomerRef::Id(id::customer(&id).unwrap_or(CustomerId(0))))
            }
            (None, None) => None,
        }
    }

    /// A customer by number or by id: exactly one.
    pub(crate) fn customer(&mut self, customer: CustomerFields) -> Option<CustomerRef> {
        let CustomerFields { customer_no, customer_id } = customer;
        self.exactly_one(&[("customerNo", customer_no.is_some()), ("customerId", customer_id.is_some())])?;
        self.customer_ref(customer_no, customer_id)
    }

    fn customer_ref(&mut self, number: Option<String>, id: Option<ID>) -> Option<CustomerRef> {
        match (number, id) {
            (Some(number), _) => Some(CustomerRef::Number(number)),
            (None, Some(id)) => {
                self.spelled("customerNo", "customerId");
                // No customer has id 0.
                Some(CustomerRef::Id(id::customer(&id).unwrap_or(CustomerId(0))))
            }
            (None, None) => None,
        }
    }

    /// A customer by number or by id, or none.
    pub(crate) fn optional_customer(
        &mut self,
        (number_field, number): (&'static str, Option<String>),
        (id_field, id): (&'static str, Option<ID>),
    ) -> Option<CustomerRef> {
        if number.is_some() && id.is_some() {
            return self.exactly_one(&[(number_field, true), (id_field, true)]).and(None);
        }
        if let Some(id) = id {
            self.spelled(number_field, id_field);
            return Some(CustomerRef::Id(id::customer(&id).unwrap_or(CustomerId(0))));
        }
        number.map(CustomerRef::Number)
    }

    /// A contact, itself or as the contact of a customer: exactly one of the four fields.
    pub(crate) fn party(&mut self, party: PartyFields) -> Option<PartyRef> {
        let PartyFields { contact_id, contact_no, customer_no, customer_id } = party;
        self.exactly_one(&[
            ("contactId", contact_id.is_some()),
            ("contactNo", contact_no.is_some()),
            ("customerNo", customer_no.is_some()),
            ("customerId", customer_id.is_some()),
        ])?;
        if customer_no.is_some() || customer_id.is_some() {
            return self.customer_ref(customer_no, customer_id).map(PartyRef::Customer);
        }
        self.contact(("contactId", contact_id), ("contactNo", contact_no)).map(PartyRef::Contact)
    }

    /// A customer and a contact, each by at most one of its two fields; whether one of them is there, and not both, is the
    /// domain's to say.
    pub(crate) fn customer_and_contact(
        &mut self,
        party: PartyFields,
    ) -> (Option<CustomerRef>, Option<ContactRef>) {
        let PartyFields { contact_id, contact_no, customer_no, customer_id } = party;
        let customer = (customer_no.is_some() || customer_id.is_some())
            .then(|| self.customer(CustomerFields { customer_no, customer_id }));
        let contact = (contact_id.is_some() || contact_no.is_some())
            .then(|| self.contact(("contactId", contact_id), ("contactNo", contact_no)));
        (customer.flatten(), contact.flatten())
    }

    /// Refuses unless exactly one of the fields is given.
    pub(crate) fn exactly_one(&mut self, fields: &[(&'static str, bool)]) -> Option<()> {
        let names = || fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let given: Vec<_> = fields.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        match (given.as_slice(), fields.first()) {
            ([_], _) | (_, None) => Some(()),
            ([], Some((first, _))) => {
                self.refuse(Problem::new("REQUIRED", format!("Fill in one of {}.", names())).field(*first))
            }
            ([.., last], _) => {
                let message = format!("Fill in only one of {}.", names());
                self.refuse(Problem::new("GIVEN_TWICE", message).field(*last))
            }
        }
    }

    /// Refuses unless at least one of several fields is given; which of them is meant nobody knows, so none is named.
    pub(crate) fn some_of(&mut self, fields: &str, given: bool) -> Option<()> {
        if given {
            return Some(());
        }
        self.refuse(Problem::new("REQUIRED", format!("Fill in at least one of {fields}.")))
    }

    /// Refuses a field that does not belong to what the input is about.
    pub(crate) fn none_of(&mut self, field: &'static str, what: &str, left_out: bool) {
        if !left_out {
            let message = format!("{field} is no property of {what}; leave it out.");
            self.problems.push(Problem::new("FIELD_NOT_ALLOWED", message).field(field));
        }
    }

    /// A field that may be null, which means something, but not absent.
    pub(crate) fn null_or<T>(&mut self, field: &'static str, value: MaybeUndefined<T>) -> Option<T> {
        match value {
            MaybeUndefined::Undefined => self.refuse(
                Problem::new("REQUIRED", format!("{field} must be given, if only as null.")).field(field),
            ),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(value) => Some(value),
        }
    }

    /// Remembers that the caller's `mine` is what the domain calls `theirs`; parts of it go along.
    pub(crate) fn spelled(&mut self, theirs: &'static str, mine: &'static str) {
        self.spellings.push((theirs, mine));
    }

    /// As [`Shape::spelled`], for fields that stand inside another one in the input and not in the domain.
    pub(crate) fn nested(&mut self, fields: &[(&'static str, &'static str)]) {
        self.spellings.extend_from_slice(fields);
    }

    fn refuse<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }

    /// What is wrong with the shape.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problem with its field as the caller spelled it, in the message too.
    pub(crate) fn respell(&self, mut problem: Problem) -> Problem {
        let Some(field) = problem.field.take() else { return problem };
        let respelled = self.spellings.iter().find_map(|(theirs, mine)| {
            let rest = field.strip_prefix(theirs)?;
            match rest.chars().next() {
                None => Some((*mine).to_owned()),
                Some('.' | '[') if !mine.is_empty() => Some(format!("{mine}{rest}")),
                Some('.') => rest.get(1..).map(str::to_owned),
                Some(_) => None,
            }
        });
        let mine = respelled.unwrap_or_else(|| field.clone());
        if mine != field && !mine.is_empty() {
            problem.message = respelled_in(&problem.message, &field, &mine);
        }
        problem.field = Some(mine);
        problem
    }
}

/// A message with the name of a field respelled: where the message begins with it, and wherever it cannot be a word of the
/// sentence.
fn respelled_in(message: &str, field: &str, mine: &str) -> String {
    let is_a_word = field.bytes().all(|b| b.is_ascii_lowercase());
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut respelled = String::with_capacity(message.len());
    let mut parts = message.split(field).peekable();
    while let Some(part) = parts.next() {
        respelled.push_str(part);
        let Some(next) = parts.peek() else { break };
        let whole = !respelled.ends_with(inside) && !next.starts_with(inside);
        let named = whole && (respelled.is_empty() || !is_a_word);
        respelled.push_str(if named { mine } else { field });
    }
    respelled
}

/// The number of a line. One that cannot be is passed on as one that was never given out.
pub(crate) fn line_number(line: i64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// A field that is left when absent and cleared when null; for a domain that clears with an empty text.
pub(crate) fn leave_or_set(field: MaybeUndefined<String>) -> Option<String> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(String::new()),
        MaybeUndefined::Value(text) => Some(text),
    }
}

/// A mandatory text: what is missing is as blank, and the domain says `REQUIRED`.
pub(crate) fn text(field: Option<String>) -> String {
    field.unwrap_or_default()
}

/// A mandatory date, as [`text`].
pub(crate) fn date(field: Option<DateText>) -> String {
    field.map(|date| date.0).unwrap_or_default()
}

/// An optional date.
pub(crate) fn optional_date(field: Option<DateText>) -> Option<String> {
    field.map(|date| date.0)
}

/// A customer: exactly one of the two fields.
#[derive(InputObject)]
pub(crate) struct CustomerFields {
    /// The customer, by number. Fill in this or `customerId`.
    customer_no: Option<String>,
    /// The customer, by id. Fill in this or `customerNo`.
    customer_id: Option<ID>,
}

/// A contact, itself or by its customer: exactly one of the four fields.
#[derive(InputObject)]
pub(crate) struct PartyFields {
    /// The contact, by id. Fill in exactly one of `contactId`, `contactNo`, `customerNo` and `customerId`.
    contact_id: Option<ID>,
    /// The contact, by number.
    contact_no: Option<String>,
    /// The customer whose contact is meant, by number.
    customer_no: Option<String>,
    /// The customer whose contact is meant, by id.
    customer_id: Option<ID>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_and_field(shape: &Shape) -> Vec<(&'static str, Option<&str>)> {
        shape.problems().iter().map(|problem| (problem.code, problem.field.as_deref())).collect()
    }

    fn respelled(shape: &Shape, field: &str) -> Option<String> {
        shape.respell(Problem::new("NOT_FOUND", "").field(field)).field
    }

    #[test]
    fn a_contact_is_named_by_exactly_one_of_two_fields() {
        let id = || Some(id::of_contact(ContactId(7)));
        let number = || Some("CT000007".to_owned());
        let read = |id, number| {
            let mut shape = Shape::default();
            let contact = shape.contact(("leaderId", id), ("leaderNo", number));
            (contact, shape)
        };
        assert_eq!(read(id(), None).0, Some(ContactRef::Id(ContactId(7))));
        assert_eq!(read(None, number()).0, Some(ContactRef::Number("CT000007".to_owned())));
        let (contact, shape) = read(None, None);
        assert_eq!((contact, code_and_field(&shape)), (None, vec![("REQUIRED", Some("leaderId"))]));
        let (contact, shape) = read(id(), number());
        assert_eq!((contact, code_and_field(&shape)), (None, vec![("GIVEN_TWICE", Some("leaderNo"))]));
    }

    #[test]
    fn an_id_that_does_not_decode_is_one_that_nobody_has() {
        for id in ["", "CT000007", "contact:7", id::of_customer(CustomerId(7)).as_str()] {
            assert_eq!(Shape::contact_id(&ID(id.to_owned())), ContactRef::Id(ContactId(0)), "{id:?}");
        }
    }

    #[test]
    fn a_problem_names_the_field_as_the_caller_spelled_it() {
        let mut shape = Shape::default();
        shape.contact(("leaderId", None), ("leaderNo", Some("1".to_owned())));
        shape.nested(&[("phones", "newPerson.phones")]);
        assert_eq!(respelled(&shape, "leaderId").as_deref(), Some("leaderNo"));
        assert_eq!(respelled(&shape, "leaderIdX").as_deref(), Some("leaderIdX"));
        assert_eq!(respelled(&shape, "phones[0].value").as_deref(), Some("newPerson.phones[0].value"));
        assert_eq!(respelled(&shape, "roleCode").as_deref(), Some("roleCode"));
    }

    #[test]
    fn a_message_names_the_field_as_the_caller_spelled_it() {
        let mut shape = Shape::default();
        shape.contact(("leaderId", None), ("leaderNo", Some("1".to_owned())));
        shape.nested(&[("note", "acquisition.note")]);
        let message =
            |message: &str, field: &str| shape.respell(Problem::new("X", message).field(field)).message;
        assert_eq!(message("leaderId names nothing.", "leaderId"), "leaderNo names nothing.");
        assert_eq!(message("leaderIdentity is long.", "leaderId"), "leaderIdentity is long.");
        assert_eq!(message("A LOCATION has no leaderId; go.", "leaderId"), "A LOCATION has no leaderNo; go.");

        assert_eq!(
            message("note is empty, a note is not.", "note"),
            "acquisition.note is empty, a note is not."
        );
        assert_eq!(message("Choose a leader.", "leaderId"), "Choose a leader.");
        assert_eq!(message("roleCode is empty.", "roleCode"), "roleCode is empty.");
    }

    #[test]
    fn parts_that_stand_flat_in_the_input_lose_their_prefix() {
        let mut shape = Shape::default();
        shape.spelled("address", "");
        assert_eq!(respelled(&shape, "address.houseNo").as_deref(), Some("houseNo"));
        assert_eq!(respelled(&shape, "street").as_deref(), Some("street"));
    }

    #[test]
    fn a_line_number_that_cannot_be_is_one_that_was_never_given_out() {
        assert_eq!(line_number(3), 3);
        assert_eq!(line_number(-1), u32::MAX);
        assert_eq!(line_number(i64::MAX), u32::MAX);
    }
}
