//! The roots of reading.

mod contact_moments;
mod data_quality;

pub use contact_moments::ContactMomentQueries;
pub use data_quality::DataQualityQueries;

use crate::context::{self, Reader, error, fault};
use crate::id;
use crate::scalars::Position;
use crate::types::acceptance::AcceptanceStep;
use crate::types::actor::{self, Actor, PermissionMeaning};
use crate::types::address::AddressLookupResult;
use crate::types::card::ClientCard;
use crate::types::code_list::CodeList;
use crate::types::connection::{Connection, MOST, Wanted, cost, short};
use crate::types::contact::{Contact, ContactKind};
use crate::types::customer::Customer;
use crate::types::employee::Employee;
use crate::types::history::{self, HistoryEntry};
use crate::types::interaction::Interaction;
use crate::types::leader::{self, FieldDifference, MailChoice};
use crate::types::mail::{MessageType, Recipient};
use crate::types::registration::{ClientStatus, RegistrationType, StatusRight};
use crate::types::role::RelatedRole;
use crate::types::search::{self, CustomerConnection, SearchDraft, SimilarContact, SimilarContactsInput};
use crate::types::task::Task;
use crate::types::team::Team;
use crate::types::template::InteractionTemplate;
use async_graphql::{Context, ID, Interface, MergedObject, Object, Result};
use kroniek_domain::contact::Kind;
use kroniek_domain::{EntityId, leader as links};

/// Longest text that is searched for, in bytes.
const LONGEST_TEXT: usize = 400;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id: opaque, never changes, holds no personal data."))]
pub enum Node {
    /// A contact.
    Contact(Contact),
    /// A customer.
    Customer(Customer),
    /// A code list.
    CodeList(CodeList),
    /// A contact moment.
    Interaction(Interaction),
    /// A task.
    Task(Task),
    /// An interaction template.
    InteractionTemplate(InteractionTemplate),
    /// A team.
    Team(Team),
    /// An employee.
    Employee(Employee),
}

fn find_node(reader: &Reader, id: &ID) -> Result<Option<Node>> {
    Ok(match id::entity(id) {
        Some(EntityId::Contact(id)) => reader.contact(id)?.map(Node::Contact),
        Some(EntityId::Customer(id)) => reader.customer(id)?.map(Node::Customer),
        Some(EntityId::CodeList(name)) => reader.code_list(&name)?.map(Node::CodeList),
        Some(EntityId::Interaction(id)) => reader.interaction(id)?.map(Node::Interaction),
        Some(EntityId::Task(id)) => reader.task(id)?.map(Node::Task),
        Some(EntityId::Template(code)) => reader.template(&code)?.map(Node::InteractionTemplate),
        Some(EntityId::Team(code)) => reader.team(&code)?.map(Node::Team),
        Some(EntityId::Employee(code)) => reader.employee(&code)?.map(Node::Employee),
        Some(EntityId::AddressTable) | None => None,
    })
}

/// The contact that an id or a number names.
fn find_contact(
    reader: &Reader,
    id: Option<&ID>,
    no: Option<&str>,
    names: [&str; 2],
) -> Result<Option<Contact>> {
    match (id, no) {
        (Some(id), None) => id::contact(id).map_or(Ok(None), |id| reader.contact(id)),
        (None, Some(no)) => reader.contact_by_number(no),
        (id, _) => Err(one_of(names, id.is_some())),
    }
}

/// As [`find_contact`], where nothing found is an error.
fn the_contact(reader: &Reader, id: Option<&ID>, no: Option<&str>, names: [&str; 2]) -> Result<Contact> {
    find_contact(reader, id, no, names)?.ok_or_else(|| {
        error(
            "NOT_FOUND",
            format!(
                "{} names nothing that exists; check the id or number.",
                names[usize::from(id.is_none())]
            ),
        )
    })
}

fn one_of(names: [&str; 2], both: bool) -> async_graphql::Error {
    let [id, no] = names;
    if both {
        error("GIVEN_TWICE", format!("Fill in either {id} or {no}, not both."))
    } else {
        error("REQUIRED", format!("Fill in {id} or {no}."))
    }
}

fn search_text(text: Option<String>) -> Result<String> {
    let text = text.unwrap_or_default();
    if text.len() > LONGEST_TEXT {
        return Err(error("TOO_LONG", format!("text may have {LONGEST_TEXT} bytes at most.")));
    }
    Ok(text)
}

/// Reading. All fields of one request are answered as of one and the same position, see `position`; every field needs the
/// permission `READ`, else there is an error `FORBIDDEN`.
///
/// Errors carry a stable code in `extensions.code`: `FORBIDDEN`, `NOT_FOUND`, `REQUIRED` and `GIVEN_TWICE` (an id or a
/// number), `NOT_AN_EMPLOYEE`, `INVALID_DATE`, `DATE_OUT_OF_RANGE`, `TOO_LONG`, `PAGE_TOO_LARGE`, `INVALID_PAGE`,
/// `INVALID_CURSOR`,
/// `QUERY_TOO_LARGE`, and `LOG_UNREADABLE`, `VIEWS_UNAVAILABLE`, `IO`, `SHUTTING_DOWN` or `INTERNAL` when the server is
/// broken. An entity that does not exist is null, not an error.
///
/// Wherever a number is asked for, it may be a contact number or a customer number: a customer and the contact that it is
/// the account of are each found by the number of either. No number that is given out names two.
#[derive(MergedObject, Default)]
#[graphql(name = "Query")]
pub struct QueryRoot(RecordQueries, ContactMomentQueries, DataQualityQueries);

/// Reading contacts, customers and code lists.
#[derive(Default)]
pub struct RecordQueries;

#[Object]
impl RecordQueries {
    /// The position that this answer is as of. After a mutation that answered with position N, every later query has N or
    /// more.
    async fn position(&self, ctx: &Context<'_>) -> Result<Position> {
        Ok(context::reader(ctx)?.position().into())
    }

    /// The contact with this id or number; null when there is none.
    async fn contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id.")] id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] no: Option<String>,
    ) -> Result<Option<Contact>> {
        find_contact(&context::reader(ctx)?, id.as_ref(), no.as_deref(), ["id", "no"])
    }

    /// The person with this id or number; null when there is none, or it is no person.
    async fn person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id.")] id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] no: Option<String>,
    ) -> Result<Option<Contact>> {
        let found = find_contact(&context::reader(ctx)?, id.as_ref(), no.as_deref(), ["id", "no"])?;
        Ok(found.filter(|contact| contact.state().kind == Kind::Person))
    }

    /// The customer with this number or id, active or not; null when there is none (E1-01).
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] no: Option<String>,
        #[graphql(desc = "Global id, in the place of the number.")] id: Option<ID>,
    ) -> Result<Option<Customer>> {
        let reader = context::reader(ctx)?;
        match (id, no) {
            (Some(id), None) => id::customer(&id).map_or(Ok(None), |id| reader.customer(id)),
            (None, Some(no)) => reader.customer_by_number(&no),
            (id, _) => Err(one_of(["no", "id"], id.is_some())),
        }
    }

    /// Customers, in one of two ways; those that were signed off only with `includeInactive` (N1-04).
    ///
    /// By `text`: the number exactly, or every word of the text somewhere in name or address, whatever its case and
    /// accents, in order of age (E1-06). With no argument at all every customer, not an error.
    ///
    /// By `surnamePart`, `postcodePart` and `houseNo` (N1-02, N1-03): a short piece of the surname, its infix
    /// stripped, and the first 1 to 4 digits of the postcode, or the whole of it; both must fit when both are given.
    /// Whole surnames come first, then pieces of one, then other spellings, see `matchKind`; those of a kind in order
    /// of postcode and surname, whatever their `score`. A company is found by its name, a household by each
    /// contractant's. When any of the three is given and neither part says anything: `SEARCH_TOO_WIDE`. Codes
    /// besides: `INVALID_POSTCODE_PART`, `INVALID_HOUSE_NUMBER`, `TOO_LONG`, and `GIVEN_TWICE` with `text`.
    #[graphql(complexity = "cost(first, child_complexity)")]
    #[allow(clippy::too_many_arguments)]
    async fn find_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number, or words of name and address.")] text: Option<String>,
        #[graphql(desc = "A piece of the surname.")] surname_part: Option<String>,
        #[graphql(desc = "The first 1 to 4 digits of the postcode, or all of it.")] postcode_part: Option<
            String,
        >,
        #[graphql(desc = "House number, to narrow the search.")] house_no: Option<i64>,
        #[graphql(desc = "Also those that were signed off.", default = false)] include_inactive: bool,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<CustomerConnection> {
        let wanted = Wanted::read(first, after)?;
        let arguments = search::Arguments { text, surname_part, postcode_part, house_no, include_inactive };
        let reader = context::reader(ctx)?;
        if let Some(searched) = arguments.by_name()? {
            let by_name = search::ByName::read(searched, arguments.include_inactive, wanted)?;
            return match by_name.near(&reader)? {
                Some(found) => Ok(found),
                None => reader.search(move |reader| by_name.far(reader)).await,
            };
        }
        let (page, all, text) = (wanted.page()?, arguments.include_inactive, search_text(arguments.text)?);
        reader.search(move |reader| search::by_text(reader, &text, all, &wanted, page)).await
    }

    /// What a search fills in on the form of a new customer: the searched surname and postcode, and street and city when
    /// the postcode is whole and there is a house number (N1-05, N1-06). Nothing is stored by asking.
    async fn draft_from_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`searchToken` of `findCustomers`; else INVALID_SEARCH_TOKEN.")] token: String,
    ) -> Result<Option<SearchDraft>> {
        search::draft(&context::reader(ctx)?, &token).map(Some)
    }

    /// Contacts that are likely the one described, those with the most in common first; 10 at most. They are of its
    /// kind and have its surname in any spelling, initials that do not say otherwise, and its address (digits of the
    /// postcode, and house number), an e-mail address, a telephone number or an IBAN; or the first three letters of the
    /// surname and the date of birth. Of a leader and its followers only the leader is shown (A1-03).
    #[graphql(complexity = "short(child_complexity)")]
    async fn similar_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is about to be entered.")] draft: SimilarContactsInput,
    ) -> Result<Option<Vec<SimilarContact>>> {
        let reader = context::reader(ctx)?;
        let described = draft.read(&reader)?;
        reader.search(move |reader| search::similar(reader, &described, &|_| true)).await.map(Some)
    }

    /// Contacts that are likely the same as one that is there; a leader and its followers are one human and not named
    /// (X-05, A1-03).
    #[graphql(complexity = "short(child_complexity)")]
    async fn duplicates_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id of the contact.")] contact_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] contact_no: Option<String>,
    ) -> Result<Option<Vec<SimilarContact>>> {
        let reader = context::reader(ctx)?;
        let names = ["contactId", "contactNo"];
        let contact = the_contact(&reader, contact_id.as_ref(), contact_no.as_deref(), names)?;
        search::similar_to(&reader, &contact).map(Some)
    }

    /// Which e-mail addresses a message to a customer could go to, and for each whether it is sent and why not (N1-17 …
    /// N1-23).
    #[graphql(complexity = "short(child_complexity)")]
    async fn recipients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] customer_no: Option<String>,
        #[graphql(desc = "Global id, in the place of the number.")] customer_id: Option<ID>,
        #[graphql(desc = "What is sent.")] message_type: MessageType,
    ) -> Result<Option<Vec<Recipient>>> {
        let reader = context::reader(ctx)?;
        let found = match (&customer_id, &customer_no) {
            (Some(id), None) => id::customer(id).map_or(Ok(None), |id| reader.customer(id)),
            (None, Some(no)) => reader.customer_by_number(no),
            (id, _) => Err(one_of(["customerNo", "customerId"], id.is_some())),
        };
        let unknown = || error("NOT_FOUND", "This customer does not exist; check the id or number.");
        found?.ok_or_else(unknown)?.recipients_of(message_type).map(Some)
    }

    /// Contacts by number, name or address, as in `findCustomers`.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn find_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only contacts of this kind.")] kind: Option<ContactKind>,
        #[graphql(desc = "Number, or words of name and address.")] text: Option<String>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Contact>> {
        let wanted = Wanted::read(first, after)?;
        let (page, text, kind) = (wanted.page()?, search_text(text)?, kind.map(Kind::from));
        context::reader(ctx)?
            .search(move |reader| {
                let found = reader.snapshot().find_contacts(kind, &text, page).map_err(fault)?;
                let mut entries = Vec::with_capacity(found.items.len());
                for id in found.items {
                    entries.push((id.0.to_string(), reader.named_contact(id)?));
                }
                Ok(Connection::new(&wanted, entries, found.more))
            })
            .await
    }

    /// A code list by name, such as `ROLE` or `TRANSACTION_MODE`; null when there is no such list (E1-10, §8).
    async fn code_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the list, in any case.")] list: String,
    ) -> Result<Option<CodeList>> {
        context::reader(ctx)?.code_list(&list.trim().to_uppercase())
    }

    /// All code lists, in order of name.
    #[graphql(complexity = "short(child_complexity)")]
    async fn code_lists(&self, ctx: &Context<'_>) -> Result<Vec<CodeList>> {
        let reader = context::reader(ctx)?;
        let mut lists = Vec::new();
        for name in reader.snapshot().code_lists().map_err(fault)? {
            lists.extend(reader.code_list(&name)?);
        }
        Ok(lists)
    }

    /// Postcode, house number, letter and addition in one text, such as `3077AW31` or `3511 AB 12 bis`, looked up in the
    /// postcode table (E1-21, E2-11). Spaces and case do not matter.
    async fn address_lookup(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed into the street field.")] text: String,
    ) -> Result<AddressLookupResult> {
        let reader = context::reader(ctx)?;
        Ok(AddressLookupResult::new(&reader, reader.snapshot().address_lookup(&text)))
    }

    /// Who could lead this follower: client-persons first, the strong preference, then contact persons; none that follows
    /// somebody itself (A1-08, A1-10, I9). By customer number, contact number or search name. A page may hold fewer entries
    /// than asked for while there are more: go on with `after: endCursor` as long as `hasNextPage`.
    #[graphql(complexity = "cost(first, child_complexity)")]
    #[allow(clippy::too_many_arguments)]
    async fn leader_candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id of the contact that is to follow.")] follower_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] follower_no: Option<String>,
        #[graphql(desc = "Number, or words of the name.")] text: Option<String>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<Contact>>> {
        let reader = context::reader(ctx)?;
        let names = ["followerId", "followerNo"];
        let follower = the_contact(&reader, follower_id.as_ref(), follower_no.as_deref(), names)?.state().id;
        let (wanted, text) = (Wanted::read(first, after)?, search_text(text)?);
        reader.search(move |reader| leader::candidates(reader, follower, &text, &wanted)).await.map(Some)
    }

    /// What a coupling would overwrite at the follower: the followed fields that differ from what the leader passes on now
    /// (A1-13). Empty for a pair that is coupled (I10). Nothing is changed by asking.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id of the follower.")] follower_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] follower_no: Option<String>,
        #[graphql(desc = "Global id of the leader.")] leader_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] leader_no: Option<String>,
    ) -> Result<Option<Vec<FieldDifference>>> {
        let reader = context::reader(ctx)?;
        let names = ["followerId", "followerNo"];
        let follower = the_contact(&reader, follower_id.as_ref(), follower_no.as_deref(), names)?;
        let names = ["leaderId", "leaderNo"];
        let leader = the_contact(&reader, leader_id.as_ref(), leader_no.as_deref(), names)?;
        let differences = links::diff(follower.state(), leader.state());
        Ok(Some(differences.into_iter().map(FieldDifference::from).collect()))
    }

    /// The e-mail addresses for correspondence with a person (A1-19, A1-20). With `explain` also the known ones that
    /// are not offered, each with the reason (A1-21).
    async fn mail_choices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id of the contact.")] contact_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] contact_no: Option<String>,
        #[graphql(desc = "Also the addresses that are not offered.", default = false)] explain: bool,
    ) -> Result<Option<Vec<MailChoice>>> {
        let reader = context::reader(ctx)?;
        let names = ["contactId", "contactNo"];
        the_contact(&reader, contact_id.as_ref(), contact_no.as_deref(), names)?.mail(explain).map(Some)
    }

    /// The role lines by which a person gets into a client portal: its own with access, and a leader's also those of its
    /// followers, with the company that holds each (A1-04).
    #[graphql(complexity = "short(child_complexity)")]
    async fn portal_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id of the contact.")] contact_id: Option<ID>,
        #[graphql(desc = "Its number, in the place of the id.")] contact_no: Option<String>,
    ) -> Result<Option<Vec<RelatedRole>>> {
        let reader = context::reader(ctx)?;
        let names = ["contactId", "contactNo"];
        the_contact(&reader, contact_id.as_ref(), contact_no.as_deref(), names)?.portal().map(Some)
    }

    /// Registrations of one type (A2-10), in order of age. A relation at a client (type 7) is a tie: listed are the
    /// clients that have one, with the ties in `customer.relations`. Employees at clients (type 8) are never made, so
    /// there are none (A2-08). A page may hold fewer entries than asked for while there are more: go on with `after:
    /// endCursor` as long as
    /// `hasNextPage`.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The type.")] registration_type: RegistrationType,
        #[graphql(desc = "Number, or words of name and address.")] text: Option<String>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Contact>> {
        let wanted = Wanted::read(first, after)?;
        let (page, text) = (wanted.page()?, search_text(text)?);
        context::reader(ctx)?
            .search(move |reader| {
                let found = reader.snapshot().registrations(registration_type.into(), &text, page);
                let found = found.map_err(fault)?;
                let mut entries = Vec::with_capacity(found.contacts.len());
                for id in found.contacts {
                    entries.push((id.0.to_string(), reader.named_contact(id)?));
                }
                let connection = Connection::new(&wanted, entries, found.next.is_some());
                Ok(match found.next {
                    Some(next) => connection.ending_at(&next.to_string()),
                    None => connection,
                })
            })
            .await
    }

    /// The locations of a company, in order of age (A2-13). They are no part of its structure.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn locations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the company.")] company_no: Option<String>,
        #[graphql(desc = "Global id of the company's contact, in the place of the number.")]
        company_id: Option<ID>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Contact>> {
        let reader = context::reader(ctx)?;
        let names = ["companyId", "companyNo"];
        let company = the_contact(&reader, company_id.as_ref(), company_no.as_deref(), names)?.state().id;
        let wanted = Wanted::read(first, after)?;
        let found = reader.snapshot().locations(company, wanted.page()?).map_err(fault)?;
        let mut entries = Vec::with_capacity(found.items.len());
        for id in found.items {
            entries.push((id.0.to_string(), reader.named_contact(id)?));
        }
        Ok(Connection::new(&wanted, entries, found.more))
    }

    /// The card of a client or relation, by tabs, blocks and fields (§6.2); null when there is none, or it is a household.
    async fn client_card(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] no: String,
    ) -> Result<Option<ClientCard>> {
        let customer = context::reader(ctx)?.customer_by_number(&no)?;
        customer.map_or(Ok(None), ClientCard::of)
    }

    /// The log of changes of a client: who changed what, when and why, with old and new values; oldest first (A2-42). Null
    /// when there is no such customer.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn mutation_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] no: String,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<HistoryEntry>>> {
        let reader = context::reader(ctx)?;
        let Some(customer) = reader.customer_by_number(&no)? else { return Ok(None) };
        let state = customer.state();
        let entities = vec![EntityId::Customer(state.id), EntityId::Contact(state.contact)];
        history::of(&reader, entities, first, after).await.map(Some)
    }

    /// The steps of a client's acceptance, oldest first: who, when, from where to where, with which note (A2-59). Null when
    /// there is no such customer.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn acceptance_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] no: String,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<AcceptanceStep>>> {
        let reader = context::reader(ctx)?;
        let Some(id) = reader.customer_by_number(&no)?.map(|customer| customer.state().id) else {
            return Ok(None);
        };
        let wanted = Wanted::read(first, after)?;
        let page = wanted.page()?;
        reader
            .search(move |reader| {
                let found = reader.snapshot().acceptance_log(id, page).map_err(fault)?;
                let steps = found.items.into_iter();
                let entries =
                    steps.map(|step| (step.position.0.to_string(), AcceptanceStep::new(reader, &step)));
                Ok(Connection::new(&wanted, entries.collect(), found.more))
            })
            .await
            .map(Some)
    }

    /// The customers in a stage of acceptance, or in any other status, in order of age (A2-58). Empty for whoever may not
    /// see that stage.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn acceptance_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage.")] stage: ClientStatus,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<CustomerConnection> {
        let (reader, wanted) = (context::reader(ctx)?, Wanted::read(first, after)?);
        let found = reader.snapshot().customers_in(stage.into(), wanted.page()?).map_err(fault)?;
        search::in_order(&reader, &wanted, found)
    }

    /// The relations that are suppliers of the organisation itself, in order of age (A2-60).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn service_providers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<CustomerConnection> {
        let (reader, wanted) = (context::reader(ctx)?, Wanted::read(first, after)?);
        let found = reader.snapshot().service_providers(wanted.page()?).map_err(fault)?;
        search::in_order(&reader, &wanted, found)
    }

    /// What the actor may see and change, by status group (A2-52).
    async fn my_status_rights(&self, ctx: &Context<'_>) -> Result<Vec<StatusRight>> {
        let rights = context::reader(ctx)?.status_rights();
        Ok(rights.into_iter().map(StatusRight::from).collect())
    }

    /// Anything with a global id; null when there is no such thing (Relay).
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Global id.")] id: ID) -> Result<Option<Node>> {
        find_node(&context::reader(ctx)?, &id)
    }

    /// Several things with global ids, in the order of the ids, null for what does not exist (Relay). 100 at most.
    #[graphql(complexity = "ids.len().min(MOST) * child_complexity.min(1_000_000) + 1")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let reader = context::reader(ctx)?;
        if ids.len() > MOST {
            return Err(error("PAGE_TOO_LARGE", format!("ids may hold {MOST} ids at most.")));
        }
        ids.iter().map(|id| find_node(&reader, id)).collect()
    }

    /// Every permission with its meaning (spec §1.2).
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<PermissionMeaning>> {
        context::reader(ctx)?;
        Ok(actor::table())
    }

    /// Who asks, as the server knows it, and what that actor may do.
    async fn me(&self, ctx: &Context<'_>) -> Result<Actor> {
        context::reader(ctx)?;
        Ok(context::actor(ctx).into())
    }
}
