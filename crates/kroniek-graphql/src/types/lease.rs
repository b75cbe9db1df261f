//! Leases of a customer (E1-03, E1-04).

use crate::context::Reader;
use crate::scalars::DateText;
use async_graphql::{Description, Enum, Object, Result};
use kroniek_domain::customer;
use kroniek_domain::values::Date;

/// Whether a customer rents something.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub enum LeaseState {
    /// A lease has not ended on that date; one that is yet to begin has not ended.
    Running,
    /// All leases have ended by that date; the last day of a lease still counts as running.
    Ended,
    /// The customer never had a lease.
    None,
}

/// A lease of a customer (E1-03, E1-04).
#[derive(Description)]
pub struct Lease {
    pub(super) reader: Reader,
    pub(super) lease: customer::Lease,
}

#[Object(use_type_description)]
impl Lease {
    /// The tenancy system's reference.
    async fn reference(&self) -> &str {
        &self.lease.reference
    }

    /// The unit that is let.
    async fn unit_no(&self) -> Option<&str> {
        self.lease.unit.as_deref()
    }

    /// First day.
    async fn start_date(&self) -> DateText {
        self.lease.start.into()
    }

    /// Last day, once known; it may lie in the future.
    async fn end_date(&self) -> Option<DateText> {
        self.lease.end.map(DateText::from)
    }

    /// Whether it has not ended on a date; its last day still counts.
    async fn running(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<bool> {
        Ok(self.lease.running(self.reader.date(on.as_ref(), "on")?))
    }
}

/// The lease that counts on a date: of those running the newest, else the one that ended last.
pub(super) fn main_lease(leases: &[customer::Lease], today: Date) -> Option<&customer::Lease> {
    let running = leases.iter().filter(|lease| lease.running(today)).max_by_key(|lease| lease.start);
    running.or_else(|| leases.iter().max_by_key(|lease| lease.end))
}
