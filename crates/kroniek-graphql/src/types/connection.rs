//! Lists that grow, as Relay connections: pages of at most [`MOST`], with cursors that mean nothing to the client.

use super::acceptance::AcceptanceStep;
use super::code_list::CodeRow;
use super::contact::Contact;
use super::employee::Employee;
use super::history::HistoryEntry;
use super::interaction::{Interaction, PortalInteraction};
use super::task::{Task, TaskNote};
use super::team::Team;
use super::template::InteractionTemplate;
use crate::context::error;
use crate::scalars::digits;
use async_graphql::{Object, OutputType, Result, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kroniek_views::Page;

/// Entries on a page when the client does not say.
const DEFAULT: usize = 20;

/// Most entries on a page.
pub const MOST: usize = 100;

/// What a list costs at most, so that sums of costs never overflow.
const COST_LIMIT: usize = 1_000_000_000;

/// Where a page of a connection begins and ends.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether another page follows: ask for it with `after: endCursor`.
    has_next_page: bool,
    /// Whether there is something before this page. Connections are read forwards only: true as soon as `after` is given.
    has_previous_page: bool,
    /// Cursor of the first entry.
    start_cursor: Option<String>,
    /// Cursor to go on from; normally that of the last entry.
    end_cursor: Option<String>,
}

impl PageInfo {
    pub(crate) fn new(wanted: &Wanted, start: Option<String>, end: Option<String>, more: bool) -> Self {
        Self {
            has_next_page: more,
            has_previous_page: wanted.after.is_some(),
            start_cursor: start,
            end_cursor: end,
        }
    }
}

/// An entry of a connection.
#[derive(SimpleObject)]
#[graphql(concrete(name = "ContactEdge", params(Contact)))]
#[graphql(concrete(name = "HistoryEdge", params(HistoryEntry)))]
#[graphql(concrete(name = "CodeEdge", params(CodeRow)))]
#[graphql(concrete(name = "AcceptanceEdge", params(AcceptanceStep)))]
#[graphql(concrete(name = "InteractionEdge", params(Interaction)))]
#[graphql(concrete(name = "PortalInteractionEdge", params(PortalInteraction)))]
#[graphql(concrete(name = "TaskEdge", params(Task)))]
#[graphql(concrete(name = "TaskNoteEdge", params(TaskNote)))]
#[graphql(concrete(name = "TeamEdge", params(Team)))]
#[graphql(concrete(name = "EmployeeEdge", params(Employee)))]
#[graphql(concrete(name = "InteractionTemplateEdge", params(InteractionTemplate)))]
pub struct Edge<T: OutputType> {
    /// The entry.
    node: T,
    /// Where it stands: `after: cursor` goes on behind it. Opaque.
    cursor: String,
}

/// A page of a list.
pub struct Connection<T: OutputType> {
    edges: Vec<Edge<T>>,
    page_info: PageInfo,
}

/// A page of a list (Relay). `first` is 20 when left out and 100 at most.
#[Object(
    concrete(name = "ContactConnection", params(Contact)),
    concrete(name = "HistoryConnection", params(HistoryEntry)),
    concrete(name = "CodeConnection", params(CodeRow)),
    concrete(name = "AcceptanceConnection", params(AcceptanceStep)),
    concrete(name = "InteractionConnection", params(Interaction)),
    concrete(name = "PortalInteractionConnection", params(PortalInteraction)),
    concrete(name = "TaskConnection", params(Task)),
    concrete(name = "TaskNoteConnection", params(TaskNote)),
    concrete(name = "TeamConnection", params(Team)),
    concrete(name = "EmployeeConnection", params(Employee)),
    concrete(name = "InteractionTemplateConnection", params(InteractionTemplate))
)]
impl<T: OutputType> Connection<T>
where
    Edge<T>: OutputType,
{
    /// The entries of this page with their cursors, in the order of the list.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The entries of this page, for whoever needs no cursors between them.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page begins and ends.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }
}

impl<T: OutputType> Connection<T> {
    /// A page of entries, each with the place that its cursor names.
    pub(crate) fn new(wanted: &Wanted, entries: Vec<(String, T)>, more: bool) -> Self {
        let edges: Vec<_> =
            entries.into_iter().map(|(place, node)| Edge { node, cursor: cursor(&place) }).collect();
        let cursor = |edge: Option<&Edge<T>>| edge.map(|edge| edge.cursor.clone());
        let page_info = PageInfo::new(wanted, cursor(edges.first()), cursor(edges.last()), more);
        Self { edges, page_info }
    }

    /// The same page, to be gone on from another place than its last entry.
    pub(crate) fn ending_at(mut self, place: &str) -> Self {
        self.page_info.end_cursor = Some(cursor(place));
        self
    }
}

/// The page that a client wants: its length, and the place after which it begins.
pub(crate) struct Wanted {
    pub(crate) first: usize,
    pub(crate) after: Option<String>,
}

impl Wanted {
    /// Reads `first` and `after`.
    ///
    /// # Errors
    /// `PAGE_TOO_LARGE`, `INVALID_PAGE`, `INVALID_CURSOR`.
    pub(crate) fn read(first: Option<i32>, after: Option<String>) -> Result<Self> {
        let first = match first.map(usize::try_from) {
            None => DEFAULT,
            Some(Ok(0) | Err(_)) => return Err(error("INVALID_PAGE", "first must be 1 or more.")),
            Some(Ok(first)) if first > MOST => {
                return Err(error(
                    "PAGE_TOO_LARGE",
                    format!("first may be {MOST} at most; read page by page."),
                ));
            }
            Some(Ok(first)) => first,
        };
        let after =
            after.filter(|after| !after.is_empty()).map(|after| place(&after).ok_or_else(wrong_cursor));
        Ok(Self { first, after: after.transpose()? })
    }

    /// The page of a list whose places are numbers.
    pub(crate) fn page(&self) -> Result<Page> {
        let after = self.after.as_deref().map_or(Some(0), digits).ok_or_else(wrong_cursor)?;
        Ok(Page { after, first: self.first })
    }
}

pub(crate) fn wrong_cursor() -> async_graphql::Error {
    error("INVALID_CURSOR", "after is not a cursor of this list; send one that it gave, or leave it out.")
}

pub(crate) fn cursor(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

fn place(cursor: &str) -> Option<String> {
    if cursor.len() > 400 {
        return None;
    }
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

/// What a connection costs in the schema's limit of complexity: its length times what is asked of an entry.
pub(crate) fn cost(first: Option<i32>, child: usize) -> usize {
    let first = first.map_or(DEFAULT, |first| usize::try_from(first).unwrap_or(0).clamp(1, MOST));
    first.saturating_mul(child).saturating_add(1).min(COST_LIMIT)
}

/// What a short list costs: as if it had five entries.
pub(crate) fn short(child: usize) -> usize {
    child.saturating_mul(5).saturating_add(1).min(COST_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_twenty_entries_unless_said_and_never_more_than_a_hundred() {
        assert_eq!(Wanted::read(None, None).ok().map(|wanted| wanted.first), Some(20));
        assert_eq!(Wanted::read(Some(100), None).ok().map(|wanted| wanted.first), Some(100));
        for first in [i32::MIN, -1, 0, 101, i32::MAX] {
            assert!(Wanted::read(Some(first), None).is_err(), "{first}");
        }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_and_rubbish_nowhere() {
        let wanted = Wanted::read(None, Some(cursor("42"))).ok();
        assert_eq!(wanted.and_then(|wanted| wanted.page().ok()), Some(Page { after: 42, first: 20 }));
        assert!(Wanted::read(None, Some("???".to_owned())).is_err());
        assert!(Wanted::read(None, Some(cursor("x"))).is_ok_and(|wanted| wanted.page().is_err()));
        assert!(Wanted::read(None, Some(String::new())).is_ok_and(|wanted| wanted.after.is_none()));
    }

    #[test]
    fn no_cost_overflows() {
        let mut costs = 1;
        for _ in 0..40 {
            costs = cost(Some(i32::MAX), short(costs));
        }
        assert_eq!(costs, COST_LIMIT);
        assert_eq!(cost(Some(-1), 3), 4);
    }
}
