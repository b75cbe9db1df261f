//! Where a customer stands with the office (A2-50 … A2-54, A2-60; D-25; A1-04).
//!
//! Some changes are made in the field itself; during acceptance only the actions of [`crate::acceptance`] change it. Which
//! status follows which is data: [`DIRECT`] and [`crate::acceptance::ACTIONS`].

#[cfg(test)]
mod tests;

use crate::acceptance;
use crate::administration;
use crate::contact::Contact;
use crate::customer::{ClientStatus, Customer};
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{ContactId, CustomerId, CustomerRef, EntityId, PartyRef};
use crate::permission::{Actor, Permission};
use crate::problem::Problem;
use crate::registration::{self, RegistrationType};
use crate::role;
use crate::status_right::{StatusGroup, Statuses};
use crate::values::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

// ---- commands

/// Changes the status by the field itself (A2-53).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetClientStatus {
    /// The client, or its contact.
    pub party: PartyRef,
    /// The name of the status, such as `PROSPECT`, as sent.
    pub to: String,
}

/// Marks a relation as a supplier of the office itself, or takes the mark away (A2-60).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MarkOwnServiceProvider {
    /// The relation.
    pub customer: CustomerRef,
    /// Whether it is one.
    pub on: bool,
}

// ---- events

/// The status of a customer changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClientStatusChanged {
    /// The customer.
    pub customer: CustomerId,
    /// The contact whose account it is.
    pub contact: ContactId,
    /// The status before.
    pub from: ClientStatus,
    /// The status now.
    pub to: ClientStatus,
    /// From when on.
    pub on: Date,
}

/// A relation was marked as a supplier of the office itself, or is no longer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServiceProviderMarked {
    /// The relation.
    pub customer: CustomerId,
    /// Whether it is one now.
    pub on: bool,
}

stored_events! {
    /// The status of a customer changed.
    195 v 1 ClientStatusChanged,
    /// A relation was marked as a supplier of the office itself.
    196 v 1 ServiceProviderMarked,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::ClientStatusChanged(e) => {
                vec![EntityId::Customer(e.customer), EntityId::Contact(e.contact)]
            }
            Self::ServiceProviderMarked(e) => vec![EntityId::Customer(e.customer)],
        }
    }
}

// ---- refusals

/// Why a status is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// What has no client status, or is no relation where only a relation will do.
    NotApplicable {
        /// The input field that names it.
        field: &'static str,
        /// What would do.
        needs: &'static str,
    },
    /// A client never becomes a relation, nor the other way round (A2-11).
    NotForType {
        /// The input field that names the status.
        field: &'static str,
        /// The status asked for.
        to: ClientStatus,
    },
    /// One does not follow the other.
    TransitionNotAllowed {
        /// The status as it is.
        from: ClientStatus,
        /// What was asked for.
        to: ClientStatus,
        /// What would be accepted.
        allowed: Vec<ClientStatus>,
    },
    /// Acceptance goes by its own actions (A2-54).
    UseAcceptanceAction {
        /// The actions that are possible now; none for a client, which was accepted already.
        actions: Vec<&'static str>,
    },
    /// Nobody is registered in the middle of an acceptance (A2-54).
    RegisteredInAcceptance,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::NotApplicable { field, needs } => Problem::new(
                "STATUS_NOT_APPLICABLE",
                format!("This does not apply to what {field} names; choose {needs}."),
            )
            .field(*field),
            Self::NotForType { field, to } => Problem::new(
                "STATUS_NOT_FOR_TYPE",
                format!(
                    "{} is not a status of this type: clients do not become relations nor the other way round. Make a new registration instead.",
                    to.name()
                ),
            )
            .field(*field),
            Self::TransitionNotAllowed { from, to, allowed } => {
                let instead = if allowed.is_empty() {
                    "what does asks for a right that you lack, so ask an administrator"
                } else {
                    "choose one of the options"
                };
                let message = format!("{} does not follow {}; {instead}.", to.name(), from.name());
                Problem::new("TRANSITION_NOT_ALLOWED", message)
                    .field("to")
                    .options(allowed.iter().map(|status| status.name()))
            }
            Self::UseAcceptanceAction { actions } => {
                let message = if actions.is_empty() {
                    format!("A CLIENT was accepted already: {}.", acceptance::ANEW)
                } else {
                    "During acceptance the status is changed by its actions, not by the field: use one of the options."
                        .to_owned()
                };
                Problem::new("USE_ACCEPTANCE_ACTION", message).field("to").options(actions.iter().copied())
            }
            Self::RegisteredInAcceptance => Problem::new(
                "USE_ACCEPTANCE_ACTION",
                "Nobody is registered in acceptance: register as PROSPECT, then use startAcceptance.",
            )
            .field("status")
            .options(["startAcceptance"]),
        }
    }
}

// ---- state

// The status stands in `status` and `statuses` of the customer and in `standing` of its contact, the mark in `acceptance`
// of the customer.

/// The changes that the field itself allows, as (from, to) (A2-53, D-25).
pub const DIRECT: &[(ClientStatus, ClientStatus)] = &[
    (ClientStatus::Suspect, ClientStatus::Prospect),
    (ClientStatus::Prospect, ClientStatus::Suspect),
    (ClientStatus::Client, ClientStatus::ExClient),
    (ClientStatus::ExClient, ClientStatus::Prospect),
];

/// What this actor can make of a status with the field itself (A2-50, A2-52, A2-53): nothing of what is no registration,
/// nor without the right to change it as it is and as it will be.
pub fn allowed_changes(
    actor: &Actor,
    kind: Option<RegistrationType>,
    from: ClientStatus,
) -> Vec<ClientStatus> {
    let may = Statuses::changed_by(actor);
    if kind.is_none() || !actor.may(Permission::Write) || !may.has(from) {
        return Vec::new();
    }
    DIRECT.iter().filter(|(before, to)| *before == from && may.has(*to)).map(|(_, to)| *to).collect()
}

// ---- decide

/// The status with this name.
pub(crate) fn read_status(d: &mut Draft<'_>, field: &'static str, raw: &str) -> Option<ClientStatus> {
    d.choice(field, (ClientStatus::ALL, ClientStatus::name), raw)
}

/// The customer of a party that carries a client status, or `STATUS_NOT_APPLICABLE`.
pub(crate) fn find_registered(
    d: &mut Draft<'_>,
    party: &PartyRef,
) -> Result<(Arc<Customer>, RegistrationType), Refused> {
    let field = party.field();
    let (contact, customer) = match party {
        PartyRef::Contact(contact) => {
            let contact = d.find_contact(field, contact)?;
            let customer = contact.customer.and_then(|id| d.customer(id));
            (contact, customer)
        }
        PartyRef::Customer(customer) => {
            let customer = d.find_customer(field, customer)?;
            (d.find_contact(field, &customer.contact.into())?, Some(customer))
        }
    };
    match (customer, registration::type_in(d, &contact)) {
        (Some(customer), Some(kind)) => Ok((customer, kind)),
        _ => Err(d.refuse(Refusal::NotApplicable { field, needs: "a client-company or client-person" })),
    }
}

/// Whether it is a former client, through whose role lines nobody gets into the portal (A1-04).
pub(crate) fn has_left(holder: &Contact) -> bool {
    holder.standing == Some(ClientStatus::ExClient)
}

/// Records a status, and what follows from it: a former client is withdrawn from the portal (A1-04), and packages that are
/// not for the status let go (A2-40).
pub(crate) fn record_status(d: &mut Draft<'_>, customer: &Customer, to: ClientStatus) {
    let (id, contact, from, on) = (customer.id, customer.contact, customer.status, d.today());
    d.record_with(ClientStatusChanged { customer: id, contact, from, to, on }, |d| {
        if to == ClientStatus::ExClient
            && let Some(holder) = d.contact(contact)
        {
            for line in holder.lines.iter().filter(|line| line.portal) {
                role::set_portal(d, contact, line.line, false);
            }
        }
        administration::end_couplings(d, id, to);
    });
}

impl Decide for SetClientStatus {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let found = find_registered(d, &self.party);
        if let Ok((customer, _)) = &found {
            d.address_account(customer)?;
        }
        let to = read_status(d, "to", &self.to);
        let ((customer, kind), to) = (found?, to.ok_or(Refused)?);
        let from = customer.status;
        if from == to {
            return Ok(());
        }
        if (from == ClientStatus::Relation) != (to == ClientStatus::Relation) {
            return Err(d.refuse(Refusal::NotForType { field: "to", to }));
        }
        let in_acceptance = |status: ClientStatus| status.group() == StatusGroup::Acceptance;
        if in_acceptance(from) || in_acceptance(to) {
            return Err(d.refuse(Refusal::UseAcceptanceAction { actions: acceptance::actions(from) }));
        }
        if !DIRECT.contains(&(from, to)) {
            let allowed = allowed_changes(&d.ctx().actor, Some(kind), from);
            return Err(d.refuse(Refusal::TransitionNotAllowed { from, to, allowed }));
        }
        d.need_change_of(to)?;
        record_status(d, &customer, to);
        Ok(())
    }
}

impl Decide for MarkOwnServiceProvider {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let customer = d.find_customer("customerNo", &self.customer)?;
        d.address(EntityId::Customer(customer.id))?;
        if customer.status != ClientStatus::Relation {
            return Err(d.refuse(Refusal::NotApplicable { field: "customerNo", needs: "a relation" }));
        }
        if customer.acceptance.own_service_provider != self.on {
            d.record(ServiceProviderMarked { customer: customer.id, on: self.on });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::ClientStatusChanged(e) => {
            customer.status = e.to;
            customer.statuses.set(e.on, e.to);
        }
        Event::ServiceProviderMarked(e) => customer.acceptance.own_service_provider = e.on,
    }
}

/// Folds into the contact where its customer stands.
pub(crate) fn evolve_contact(contact: &mut Contact, event: &Event) {
    match event {
        Event::ClientStatusChanged(e) => contact.standing = Some(e.to),
        Event::ServiceProviderMarked(_) => {}
    }
}
