//! Searching customers, what a search pre-fills, and who may be there already (N1-01 … N1-06, X-05).

use super::address::AddressLookupResult;
use super::connection::{PageInfo, Wanted};
use super::contact::Contact;
use super::customer::Customer;
use crate::context::{Reader, error, fault, refusal};
use crate::user_error::UserError;
use async_graphql::{Description, Enum, Object, Result, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kroniek_domain::duplicate::{self, Description as Known};
use kroniek_domain::shop::Searched;
use kroniek_domain::{CustomerId, codec, search};
use kroniek_views::{Found, Hit, Page, Place};

/// How a customer was found by its surname.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "search::MatchKind")]
pub enum MatchKind {
    /// The surname itself, whatever its case, accents, apostrophes and infix.
    Exact,
    /// A piece of the surname.
    Substring,
    /// A piece of another spelling of the surname: ij for y, ck for k, ei for ij, au for ou, z for s, double letters.
    Fuzzy,
}

/// An entry of a list of customers.
#[derive(SimpleObject)]
pub struct CustomerEdge {
    /// The entry.
    node: Customer,
    /// Where it stands: `after: cursor` goes on behind it. Opaque.
    cursor: String,
    /// How it was found; null when no piece of a surname was searched for.
    match_kind: Option<MatchKind>,
    /// How much of the surname was found: 100 for the whole, 51 to 99 for a piece, 1 to 49 in another spelling. Null as
    /// `matchKind`.
    score: Option<i32>,
}

/// A page of customers (Relay). `first` is 20 when left out and 100 at most.
pub struct CustomerConnection {
    edges: Vec<CustomerEdge>,
    page_info: PageInfo,
    search_token: Option<String>,
}

#[Object]
impl CustomerConnection {
    /// The entries of this page with their cursors, in the order of the list.
    async fn edges(&self) -> &[CustomerEdge] {
        &self.edges
    }

    /// The entries of this page, for whoever needs no cursors between them.
    async fn nodes(&self) -> Vec<&Customer> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page begins and ends.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// What was searched for by surname and postcode, for `draftFromSearch` and `createCustomer`; null for a search by
    /// text. Opaque; nothing is kept of it on the server.
    async fn search_token(&self) -> Option<&str> {
        self.search_token.as_deref()
    }
}

/// The arguments of a search for customers, as they came.
pub(crate) struct Arguments {
    pub(crate) text: Option<String>,
    pub(crate) surname_part: Option<String>,
    pub(crate) postcode_part: Option<String>,
    pub(crate) house_no: Option<i64>,
    pub(crate) include_inactive: bool,
}

impl Arguments {
    /// What is searched for by surname and postcode; nothing for a search by text.
    pub(crate) fn by_name(&self) -> Result<Option<Searched>> {
        let parts = self.surname_part.is_some() || self.postcode_part.is_some() || self.house_no.is_some();
        match (&self.text, parts) {
            (_, false) => Ok(None),
            (Some(_), true) => Err(error(
                "GIVEN_TWICE",
                "Search either by text, or by surnamePart, postcodePart and houseNo.",
            )),
            (None, true) => Ok(Some(Searched {
                surname: self.surname_part.clone().unwrap_or_default(),
                postcode: self.postcode_part.clone().unwrap_or_default(),
                house_no: self.house_no,
            })),
        }
    }
}

/// Customers whose number, name or address holds the words of a text, in order of age.
pub(crate) fn by_text(
    reader: &Reader,
    text: &str,
    include_inactive: bool,
    wanted: &Wanted,
    page: Page,
) -> Result<CustomerConnection> {
    let found = reader.snapshot().find_customers(text, include_inactive, page).map_err(fault)?;
    in_order(reader, wanted, found)
}

/// A page of a list in order of age, which nobody searched for.
pub(crate) fn in_order(
    reader: &Reader,
    wanted: &Wanted,
    found: Found<CustomerId>,
) -> Result<CustomerConnection> {
    let mut edges = Vec::with_capacity(found.items.len());
    for id in found.items {
        let cursor = super::connection::cursor(&id.0.to_string());
        edges.push(CustomerEdge { node: reader.named_customer(id)?, cursor, match_kind: None, score: None });
    }
    Ok(CustomerConnection { page_info: page_info(wanted, &edges, found.more), edges, search_token: None })
}

/// A search for customers by a piece of the surname and of the postcode.
pub(crate) struct ByName {
    searched: Searched,
    what: search::Wanted,
    include_inactive: bool,
    wanted: Wanted,
    after: Option<Place>,
}

impl ByName {
    pub(crate) fn read(searched: Searched, include_inactive: bool, wanted: Wanted) -> Result<Self> {
        let what = search::Wanted::read(&searched.surname, &searched.postcode, searched.house_no)
            .map_err(|refusals| first(&refusals))?;
        let after = wanted.after.as_deref().map(str::parse).transpose();
        let after = after.map_err(|_| super::connection::wrong_cursor())?;
        Ok(Self { searched, what, include_inactive, wanted, after })
    }

    /// The answer, the best first, where it takes but a short moment.
    pub(crate) fn near(&self, reader: &Reader) -> Result<Option<CustomerConnection>> {
        let (after, first) = (self.after.as_ref(), self.wanted.first);
        let snapshot = reader.snapshot();
        let found = snapshot.search_customers_near(&self.what, self.include_inactive, after, first);
        found.map_err(fault)?.map(|found| self.connection(reader, found)).transpose()
    }

    /// The answer, the best first, however long it takes.
    pub(crate) fn far(&self, reader: &Reader) -> Result<CustomerConnection> {
        let (after, first) = (self.after.as_ref(), self.wanted.first);
        let snapshot = reader.snapshot();
        let found = snapshot.search_customers(&self.what, self.include_inactive, after, first);
        self.connection(reader, found.map_err(fault)?)
    }

    fn connection(&self, reader: &Reader, found: Found<Hit>) -> Result<CustomerConnection> {
        let named = !self.what.surname.is_empty();
        let mut edges = Vec::with_capacity(found.items.len());
        for hit in found.items {
            edges.push(CustomerEdge {
                node: reader.named_customer(hit.customer)?,
                cursor: super::connection::cursor(&hit.place.to_string()),
                match_kind: Some(hit.kind.into()).filter(|_| named),
                score: Some(i32::from(hit.score)).filter(|_| named),
            });
        }
        let page_info = page_info(&self.wanted, &edges, found.more);
        Ok(CustomerConnection { page_info, edges, search_token: Some(token(&self.searched)?) })
    }
}

fn page_info(wanted: &Wanted, edges: &[CustomerEdge], more: bool) -> PageInfo {
    let cursor = |edge: Option<&CustomerEdge>| edge.map(|edge| edge.cursor.clone());
    PageInfo::new(wanted, cursor(edges.first()), cursor(edges.last()), more)
}

/// An error of a field holds one code: that of the first refusal, with the others in its message.
fn first(refusals: &[search::Refusal]) -> async_graphql::Error {
    let problems: Vec<_> = refusals.iter().map(|refusal| refusal.problem()).collect();
    let message = problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ");
    error(problems.first().map_or("SEARCH_TOO_WIDE", |problem| problem.code), message)
}

// ---- the token

/// Longest token that is looked at; one that this server gave is far shorter.
const TOKEN_LIMIT: usize = 2_000;

fn token(searched: &Searched) -> Result<String> {
    let bytes = codec::encode(searched).map_err(|_| error("INTERNAL", "The search has no token."))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What a token says was searched for; `None` for a text that is no token.
pub(crate) fn searched(token: &str) -> Option<Searched> {
    if token.len() > TOKEN_LIMIT {
        return None;
    }
    codec::decode(&URL_SAFE_NO_PAD.decode(token.trim()).ok()?).ok()
}

/// What a search fills in on the form of a new customer (N1-05, N1-06). Nothing is stored by asking.
#[derive(SimpleObject)]
pub struct SearchDraft {
    /// The piece of the surname that was searched for.
    surname: String,
    /// The postcode that was searched for.
    postcode: String,
    /// The house number that was searched for.
    house_no: Option<i64>,
    /// Street and city, looked up when a house number was searched for: with the whole postcode. With its digits alone
    /// there is no one street: `ADDRESS_AMBIGUOUS`.
    address: Option<AddressLookupResult>,
}

/// What the search behind a token fills in.
pub(crate) fn draft(reader: &Reader, token: &str) -> Result<SearchDraft> {
    let wrong = || {
        error(
            "INVALID_SEARCH_TOKEN",
            "This is not the token of a search: send the one that findCustomers gave.",
        )
    };
    let searched = searched(token).ok_or_else(wrong)?;
    let wanted = search::Wanted::read(&searched.surname, &searched.postcode, searched.house_no)
        .map_err(|_| wrong())?;
    let whole =
        wanted.postcode.as_ref().filter(|part| part.letters.is_some()).map(|_| searched.postcode.trim());
    let address = match (wanted.postcode.is_some(), wanted.house_no, whole) {
        (_, Some(house_no), Some(postcode)) => {
            let text = format!("{postcode} {house_no}");
            Some(reader.snapshot().address_lookup(&text).into())
        }
        (true, Some(_), None) => Some(AddressLookupResult::refused(ambiguous())),
        (..) => None,
    };
    Ok(SearchDraft {
        surname: searched.surname,
        postcode: searched.postcode,
        house_no: searched.house_no,
        address,
    })
}

fn ambiguous() -> UserError {
    let problem = kroniek_domain::Problem::new(
        "ADDRESS_AMBIGUOUS",
        "The digits of a postcode are many streets: search with its letters to have street and city filled in.",
    )
    .field("postcodePart");
    UserError::new(&problem, true)
}

// ---- duplicates

/// What somebody has in common with a contact.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "duplicate::Agreement")]
pub enum Agreement {
    /// The surname, in any spelling.
    Surname,
    /// Digits of the postcode and house number.
    Address,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An IBAN.
    Iban,
    /// Date of birth and the first three letters of the surname.
    BirthDate,
}

/// A contact that is likely the one described.
#[derive(Description)]
pub struct SimilarContact {
    reader: Reader,
    similar: duplicate::Similar,
}

#[Object(use_type_description)]
impl SimilarContact {
    /// The contact.
    async fn contact(&self) -> Result<Contact> {
        self.reader.named_contact(self.similar.contact.id)
    }

    /// What agrees.
    async fn agreements(&self) -> Vec<Agreement> {
        self.similar.agreements.iter().copied().map(Agreement::from).collect()
    }
}

/// Contacts that are likely the one described.
pub(crate) fn similar(
    reader: &Reader,
    described: &Known,
    counts: &dyn Fn(&kroniek_domain::contact::Contact) -> bool,
) -> Result<Vec<SimilarContact>> {
    let broken = std::cell::RefCell::new(None);
    let found = reader.ask(|look_up| {
        duplicate::similar(
            described,
            reader.sensitive(),
            &|key| {
                reader.snapshot().contacts_by_key(key).unwrap_or_else(|fault| {
                    broken.borrow_mut().get_or_insert(fault);
                    Vec::new()
                })
            },
            &|id| look_up.contact(id),
            &|contact| contact.customer.and_then(|id| look_up.customer(id)),
            counts,
        )
    })?;
    if let Some(broken) = broken.into_inner() {
        return Err(fault(broken));
    }
    Ok(found.into_iter().map(|similar| SimilarContact { reader: reader.clone(), similar }).collect())
}

/// Contacts that are likely the same as one that is there: neither itself nor its leader, its followers, or theirs.
pub(crate) fn similar_to(reader: &Reader, contact: &Contact) -> Result<Vec<SimilarContact>> {
    let state = contact.state();
    let customer = match state.customer {
        Some(id) => reader.customer(id)?,
        None => None,
    };
    let described = Known::of(state, customer.as_ref().map(Customer::state));
    let human = |other: &kroniek_domain::contact::Contact| other.leader.unwrap_or(other.id);
    similar(reader, &described, &|other| human(other) != human(state))
}

/// Refuses a date of birth from who may not see one: the answer would tell.
pub(crate) fn may_search_by_birth(reader: &Reader) -> Result<()> {
    if reader.sensitive() {
        return Ok(());
    }
    let right = kroniek_domain::Permission::SensitiveRead;
    Err(refusal(&kroniek_domain::problem::General::Forbidden(right).problem()))
}

/// Somebody who is about to be entered. What is not filled in, or not complete yet, agrees with nothing.
#[derive(async_graphql::InputObject)]
pub struct SimilarContactsInput {
    /// Kind of the contact: only contacts of the same kind are compared.
    kind: super::ContactKind,
    /// Initials; they only tell people of one name apart.
    initials: Option<String>,
    /// Infix.
    infix: Option<String>,
    /// Surname, of a person or household.
    surname: Option<String>,
    /// Name of a company.
    company_name: Option<String>,
    /// Postcode, or its four digits.
    postcode: Option<String>,
    /// House number.
    house_no: Option<i64>,
    /// E-mail addresses.
    emails: Option<Vec<String>>,
    /// Telephone numbers.
    phones: Option<Vec<String>>,
    /// IBAN of a customer's bank account.
    iban: Option<String>,
    /// Date of birth; needs `SENSITIVE_READ`.
    birth_date: Option<crate::scalars::DateText>,
}

impl SimilarContactsInput {
    /// What it says, as far as it can be read.
    pub(crate) fn read(self, reader: &Reader) -> Result<Known> {
        use kroniek_domain::channel::Kind;
        use kroniek_domain::values;
        let initials = self.initials.as_deref().map(values::initials).and_then(std::result::Result::ok);
        let surname = self.surname.or(self.company_name).unwrap_or_default();
        // As long as any name is; comparing takes its time.
        let short = |text: String| text.chars().take(values::name::NAME_LIMIT).collect();
        let parts = values::NameParts {
            initials: initials.unwrap_or_default(),
            infix: self.infix.map(short).unwrap_or_default(),
            surname: short(surname),
        };
        let mut known = Known::new(self.kind.into(), &parts);
        let digits = self.postcode.as_deref().map(str::trim).and_then(|text| text.get(..4)?.parse().ok());
        known.add_place(digits.unwrap_or(0), self.house_no.and_then(values::house_no));
        for email in self.emails.unwrap_or_default().iter().take(MOST_CHANNELS) {
            known.add_channel(Kind::Email, &values::email(email).unwrap_or_default());
        }
        for phone in self.phones.unwrap_or_default().iter().take(MOST_CHANNELS) {
            known.add_channel(Kind::Phone, &values::phone(phone).unwrap_or_default());
        }
        if let Some(Ok(iban)) = self.iban.as_deref().map(values::iban) {
            known.add_iban(&iban);
        }
        if let Some(birth) = self.birth_date {
            may_search_by_birth(reader)?;
            known.set_birth(Some(birth.read("birthDate")?));
        }
        Ok(known)
    }
}

/// Most channels of a description that are compared.
const MOST_CHANNELS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n1_05_a_token_leads_back_to_its_search_and_rubbish_nowhere() {
        let typed = Searched { surname: "ansse".into(), postcode: "3511".into(), house_no: Some(12) };
        let made = token(&typed).ok();
        assert_eq!(made.as_deref().and_then(searched), Some(typed));
        for rubbish in ["", "x", "AAAA", "????", &"A".repeat(TOKEN_LIMIT + 1), &"_".repeat(1_900)] {
            let read = searched(rubbish);
            assert!(read.is_none_or(|read| read.surname.len() < TOKEN_LIMIT), "{rubbish:.40}");
        }
    }
}
