//! Signing a customer off (N1-08 … N1-14): nobody is deleted, an inactive customer only stops showing.
//!
//! A customer can be signed off when nothing is open with it and it is not on the staff list. What is open comes from the
//! systems that know it; only what is open is kept in the state, so that years of orders do not weigh on a customer.

#[cfg(test)]
mod tests;

use crate::contact::Kind as ContactKind;
use crate::customer::{self, Customer};
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::permission::Permission;
use crate::problem::Problem;
use crate::values;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What can be open with a customer (N1-10). Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// An order that is not delivered.
    OpenOrder,
    /// An invoice that is not paid.
    UnpaidInvoice,
    /// A repair that is not handed back.
    OpenRepair,
    /// A subscription that runs.
    Subscription,
}

crate::stored_numbers! { Kind {
    OpenOrder = 1 "OPEN_ORDER",
    UnpaidInvoice = 2 "UNPAID_INVOICE",
    OpenRepair = 3 "OPEN_REPAIR",
    Subscription = 4 "SUBSCRIPTION",
} }

// ---- commands

/// Signs a customer off: it is no longer shown by default (N1-09, N1-12).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeactivateCustomer {
    /// The customer.
    pub customer: CustomerRef,
}

/// Takes a customer back (N1-13).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReactivateCustomer {
    /// The customer.
    pub customer: CustomerRef,
}

/// Is always refused: a customer has a history (N1-08).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeleteCustomer {
    /// The customer.
    pub customer: CustomerRef,
}

/// Something was opened with a customer, or is done (N1-14). For the systems that know it only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordActivity {
    /// The customer.
    pub customer: CustomerRef,
    /// What it is.
    pub kind: Kind,
    /// Its number in the other system.
    pub id: String,
    /// Whether it is open from now on.
    pub open: bool,
}

/// A customer came onto the staff list, or left it (N1-11). For the staff administration only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordStaffMembership {
    /// The customer.
    pub customer: CustomerRef,
    /// Whether it is on the list from now on.
    pub on: bool,
}

// ---- events

/// A customer was signed off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerDeactivated {
    /// The customer.
    pub customer: CustomerId,
}

/// A customer was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerReactivated {
    /// The customer.
    pub customer: CustomerId,
}

/// A customer came onto the staff list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StaffMembershipStarted {
    /// The customer.
    pub customer: CustomerId,
}

/// A customer left the staff list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StaffMembershipEnded {
    /// The customer.
    pub customer: CustomerId,
}

/// Something was opened with a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActivityOpened {
    /// The customer.
    pub customer: CustomerId,
    /// What.
    pub kind: Kind,
    /// Its number in the other system.
    pub id: String,
}

/// Something that was open with a customer is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActivityClosed {
    /// The customer.
    pub customer: CustomerId,
    /// What.
    pub kind: Kind,
    /// Its number in the other system.
    pub id: String,
}

stored_events! {
    /// A customer was signed off.
    161 v 1 CustomerDeactivated,
    /// A customer was taken back.
    162 v 1 CustomerReactivated,
    /// A customer came onto the staff list.
    163 v 1 StaffMembershipStarted,
    /// A customer left the staff list.
    164 v 1 StaffMembershipEnded,
    /// Something was opened with a customer.
    165 v 1 ActivityOpened,
    /// Something with a customer is done.
    166 v 1 ActivityClosed,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        let customer = match self {
            Self::CustomerDeactivated(e) => e.customer,
            Self::CustomerReactivated(e) => e.customer,
            Self::StaffMembershipStarted(e) => e.customer,
            Self::StaffMembershipEnded(e) => e.customer,
            Self::ActivityOpened(e) => e.customer,
            Self::ActivityClosed(e) => e.customer,
        };
        vec![EntityId::Customer(customer)]
    }
}

// ---- refusals

/// Why signing off, or new activity, is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Customers are never deleted.
    CannotBeDeleted,
    /// Something is open; all of it.
    HasActivity(BTreeSet<(Kind, String)>),
    /// On the staff list.
    StillOnStaffList,
    /// The customer is signed off.
    Inactive {
        /// The input field that names it.
        field: &'static str,
        /// The customer.
        customer: CustomerId,
    },
    /// More is open than a customer may have.
    TooMuchOpen,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::CannotBeDeleted => Problem::new(
                "CUSTOMER_CANNOT_BE_DELETED",
                "A customer has a history and is never deleted; deactivate it, then it no longer shows.",
            )
            .field("customerNo")
            .hint("deactivateCustomer"),
            Self::HasActivity(open) => open.iter().fold(
                Problem::new(
                    "CUSTOMER_HAS_ACTIVITY",
                    "Something is still open with this customer: close everything that blocks, then sign it off.",
                )
                .field("customerNo"),
                |problem, (kind, id)| {
                    problem.blocking(kind.name(), [(id.clone(), format!("{} {id}", kind.noun()))])
                },
            ),
            Self::StillOnStaffList => Problem::new(
                "STILL_ON_STAFF_LIST",
                "This customer is on the staff list: sign it off there first.",
            )
            .field("customerNo"),
            Self::Inactive { field, customer } => {
                Problem::new("CUSTOMER_INACTIVE", "This customer is signed off: reactivate it first.")
                    .field(*field)
                    .entity(EntityId::Customer(*customer))
            }
            Self::TooMuchOpen => Problem::new(
                "TOO_MANY_ACTIVITIES",
                format!("At most {MOST_OPEN} things can be open with one customer; close some first."),
            )
            .field("id"),
        }
    }
}

impl Kind {
    /// What a message calls it, before its number.
    fn noun(self) -> &'static str {
        match self {
            Self::OpenOrder => "order",
            Self::UnpaidInvoice => "invoice",
            Self::OpenRepair => "repair",
            Self::Subscription => "subscription",
        }
    }
}

/// Most things that can be open with one customer: they are one state.
const MOST_OPEN: usize = 5_000;

// ---- state

/// What stands in the way of signing off.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Activity {
    /// Whether the customer is on the staff list.
    pub on_staff_list: bool,
    /// What is open, as (kind, number in the other system).
    pub open: BTreeSet<(Kind, String)>,
}

// ---- decide

fn addressed(d: &mut Draft<'_>, right: Permission, customer: &CustomerRef) -> Result<Arc<Customer>, Refused> {
    d.need(right)?;
    let customer = d.find_customer("customerNo", customer)?;
    d.address(EntityId::Customer(customer.id))?;
    Ok(customer)
}

fn activity(customer: &Customer) -> Activity {
    customer.shop.as_ref().map(|shop| shop.activity.clone()).unwrap_or_default()
}

/// Refuses something new at a customer that is signed off (N1-13).
pub(crate) fn must_be_active(
    d: &mut Draft<'_>,
    field: &'static str,
    customer: &Customer,
) -> Result<(), Refused> {
    if customer.active { Ok(()) } else { Err(d.refuse(Refusal::Inactive { field, customer: customer.id })) }
}

impl Decide for DeactivateCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        if !customer.active {
            return Ok(());
        }
        let Activity { on_staff_list, open } = activity(&customer);
        if !open.is_empty() {
            d.refuse(Refusal::HasActivity(open));
        }
        if on_staff_list {
            d.refuse(Refusal::StillOnStaffList);
        }
        d.stop_if_refused()?;
        let others = customer.shop.as_ref().map_or(0, |shop| shop.mail.billed_for);
        if others > 0 {
            // Neither how many is said, nor to change what the actor may not be able to find (A2-52).
            let message = if d.sees_everybody() {
                "The invoices of other customers still go to this one; change them."
            } else {
                "Invoices of others may go to this customer; change those that you find, or ask an administrator to look \
                 at them."
            };
            d.warn("BILLING_CUSTOMER_OF_OTHERS", message, Some(EntityId::Customer(customer.id)));
        }
        d.record(CustomerDeactivated { customer: customer.id });
        Ok(())
    }
}

impl Decide for ReactivateCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Write, &self.customer)?;
        if customer.active {
            return Ok(());
        }
        // Meanwhile the last contractant may have gone; an active lease needs somebody who signed it (I1, D-31).
        let household = d.contact(customer.contact).filter(|contact| contact.kind == ContactKind::Household);
        if let Some(household) = household
            && household.contractants().next().is_none()
            && customer.lease_running(d.today())
        {
            let (field, household) = ("customerNo", household.id);
            return Err(d.refuse(customer::Refusal::NoContractant { field, household }));
        }
        d.record(CustomerReactivated { customer: customer.id });
        Ok(())
    }
}

impl Decide for DeleteCustomer {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        addressed(d, Permission::Write, &self.customer)?;
        Err(d.refuse(Refusal::CannotBeDeleted))
    }
}

impl Decide for RecordActivity {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Integration, &self.customer)?;
        let id = d.text("id", values::code(&self.id, CODE_LIMIT)).ok_or(Refused)?;
        let open = activity(&customer).open;
        let (customer, kind) = match (self.open, open.contains(&(self.kind, id.clone()))) {
            (true, true) | (false, false) => return Ok(()),
            (true, false) => {
                must_be_active(d, "customerNo", &customer)?;
                if open.len() >= MOST_OPEN {
                    return Err(d.refuse(Refusal::TooMuchOpen));
                }
                (customer.id, self.kind)
            }
            (false, true) => (customer.id, self.kind),
        };
        if self.open {
            d.record(ActivityOpened { customer, kind, id });
        } else {
            d.record(ActivityClosed { customer, kind, id });
        }
        Ok(())
    }
}

impl Decide for RecordStaffMembership {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, Permission::Integration, &self.customer)?;
        if activity(&customer).on_staff_list == self.on {
            return Ok(());
        }
        if self.on {
            // Whoever is signed off is on no list: the guard of signing off would be idle otherwise.
            must_be_active(d, "customerNo", &customer)?;
            d.record(StaffMembershipStarted { customer: customer.id });
        } else {
            d.record(StaffMembershipEnded { customer: customer.id });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::CustomerDeactivated(_) => customer.active = false,
        Event::CustomerReactivated(_) => customer.active = true,
        Event::StaffMembershipStarted(_) => customer.shop_mut().activity.on_staff_list = true,
        Event::StaffMembershipEnded(_) => customer.shop_mut().activity.on_staff_list = false,
        Event::ActivityOpened(e) => {
            customer.shop_mut().activity.open.insert((e.kind, e.id.clone()));
        }
        Event::ActivityClosed(e) => {
            customer.shop_mut().activity.open.remove(&(e.kind, e.id.clone()));
        }
    }
}
