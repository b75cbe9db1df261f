//! Groups of companies: which company is whose subsidiary (A2-32). Locations are no part of it (A2-13).

use crate::customer::Customer;
use crate::draft::{Decide, Draft, Refused};
use crate::event::stored_events;
use crate::ids::{CustomerId, CustomerRef, EntityId};
use crate::link;
use crate::permission::Permission;
use crate::problem::{General, Problem};
use crate::registration::RegistrationType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

// ---- commands

/// Says whose subsidiary a company is, or that it is nobody's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SetParentCompany {
    /// The subsidiary; the addressed entity.
    pub customer: CustomerRef,
    /// Its parent company; `None` when it has none.
    pub parent: Option<CustomerRef>,
}

// ---- events

/// A company got another parent company, or none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParentCompanySet {
    /// The subsidiary.
    pub customer: CustomerId,
    /// Its parent before.
    pub from: Option<CustomerId>,
    /// Its parent now.
    pub to: Option<CustomerId>,
}

stored_events! {
    /// A company got another parent company, or none.
    194 v 1 ParentCompanySet,
}

impl Event {
    pub(crate) fn entities(&self) -> Vec<EntityId> {
        match self {
            Self::ParentCompanySet(e) => {
                let mut named = vec![EntityId::Customer(e.customer)];
                named.extend(e.from.map(EntityId::Customer));
                named.extend(e.to.map(EntityId::Customer));
                named
            }
        }
    }
}

// ---- refusals

/// Why a structure is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The parent is the company itself, or one of its own subsidiaries.
    Cycle,
}

impl Refusal {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Cycle => Problem::new(
                "STRUCTURE_CYCLE",
                "The parent company would be its own subsidiary in the end: choose another, or undo the other link first.",
            )
            .field("parentNo"),
        }
    }
}

// ---- state

/// The place of a company in its group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Structure {
    /// Its parent company.
    pub parent: Option<CustomerId>,
    /// Its subsidiaries.
    pub subsidiaries: BTreeSet<CustomerId>,
}

const COMPANIES: &[RegistrationType] = &[RegistrationType::ClientCompany, RegistrationType::RelationCompany];

// ---- decide

impl Decide for SetParentCompany {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        d.need(Permission::Write)?;
        let customer = link::find_end(d, "customerNo", &self.customer, COMPANIES);
        let parent = match &self.parent {
            Some(parent) => link::find_end(d, "parentNo", parent, COMPANIES).map(Some),
            None => Ok(None),
        };
        let (customer, parent) = (customer?, parent?);
        d.address(EntityId::Customer(customer.id))?;
        let to = parent.as_ref().map(|parent| parent.id);
        // The structure so far has no cycle: going up ends.
        let mut above = parent;
        while let Some(company) = above {
            if company.id == customer.id {
                return Err(d.refuse(Refusal::Cycle));
            }
            above = company.structure.parent.and_then(|id| d.customer(id));
        }
        let from = customer.structure.parent;
        // A parent that the actor may not see is none to take away, so clearing changes nothing. Replacing it is refused
        // (A2-52): done, it would undo unseen what others know; left, the answer would be a lie. FORBIDDEN tells that something
        // stands there, not what.
        if from.is_some_and(|parent| !d.sees_customer(parent)) {
            return match to {
                None => Ok(()),
                Some(_) => Err(d.refuse(General::NotYoursToReplace { field: "parentNo" })),
            };
        }
        if from != to {
            d.record(ParentCompanySet { customer: customer.id, from, to });
        }
        Ok(())
    }
}

// ---- evolve

pub(crate) fn evolve(customer: &mut Customer, event: &Event) {
    match event {
        Event::ParentCompanySet(e) => {
            if customer.id == e.customer {
                customer.structure.parent = e.to;
            }
            if Some(customer.id) == e.from {
                customer.structure.subsidiaries.remove(&e.customer);
            }
            if Some(customer.id) == e.to {
                customer.structure.subsidiaries.insert(e.customer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_status::SetClientStatus;
    use crate::ids::PartyRef;
    use crate::registration::tests::{company, person};
    use crate::testing::Scenario;

    fn below(customer: u64, parent: Option<u64>) -> SetParentCompany {
        SetParentCompany {
            customer: CustomerId(customer).into(),
            parent: parent.map(|id| CustomerId(id).into()),
        }
    }

    /// Client-companies 1 and 2, relation-company 3, client-person 4.
    fn companies() -> Scenario {
        Scenario::new()
            .given(company("CLIENT_COMPANY", "Holding B.V."))
            .given(company("CLIENT_COMPANY", "Werk B.V."))
            .given(company("RELATION_COMPANY", "Bank N.V."))
            .given(person("CLIENT_PERSON", "J.", "Jansen"))
    }

    /// A2-32: parent and subsidiaries show each other.
    #[test]
    fn a2_32_a_subsidiary_and_its_parent() {
        let s = companies().when(below(2, Some(1))).then(&["ParentCompanySet"]);
        assert_eq!(s.customer(CustomerId(2)).structure.parent, Some(CustomerId(1)));
        assert_eq!(s.customer(CustomerId(1)).structure.subsidiaries, BTreeSet::from([CustomerId(2)]));
        let s = s.when(below(2, Some(3))).then(&["ParentCompanySet"]);
        assert!(s.customer(CustomerId(1)).structure.subsidiaries.is_empty());
        s.when(below(2, Some(3))).then_nothing();
        let s = s.when(below(2, None)).then(&["ParentCompanySet"]);
        assert_eq!(s.customer(CustomerId(2)).structure, Structure::default());
        assert_eq!(s.customer(CustomerId(3)).structure, Structure::default());
    }

    /// A2-32: nobody is its own subsidiary, whatever the way around.
    #[test]
    fn a2_32_no_cycles() {
        let s = companies().given(below(2, Some(1))).given(below(3, Some(2)));
        s.when(below(1, Some(1))).then_refused(&["STRUCTURE_CYCLE"]);
        s.when(below(1, Some(2))).then_refused(&["STRUCTURE_CYCLE"]);
        s.when(below(1, Some(3))).then_refused(&["STRUCTURE_CYCLE"]);
    }

    /// A2-52: a parent that the actor may not see is neither taken away nor replaced, and not told of.
    #[test]
    fn a2_52_a_hidden_parent_stays() {
        let s = companies()
            .given(company("CLIENT_COMPANY", "Weg Holding B.V."))
            .given(below(2, Some(5)))
            .given(SetClientStatus {
                party: PartyRef::Customer(CustomerId(5).into()),
                to: "EX_CLIENT".to_owned(),
            });
        let desk = s.with_only(&[Permission::Read, Permission::Write]);
        desk.when(below(2, None)).then_nothing();
        let replaced = desk.when(below(2, Some(1)));
        let problem = replaced.problem();
        assert_eq!((problem.entity, problem.field.as_deref()), (None, Some("parentNo")));
        assert_eq!(problem.message, "You may not change parentNo here; ask an administrator to.");
        replaced.then_refused(&["FORBIDDEN"]);
        desk.when(below(2, Some(5))).then_refused(&["NOT_FOUND"]);
        desk.when(below(1, Some(3))).then(&["ParentCompanySet"]);
    }

    /// A2-32: only companies form a group, and only who may write changes it.
    #[test]
    fn a2_32_bad_input() {
        let s = companies();
        s.when(below(4, Some(1))).then_refused(&["LINK_END_TYPE_NOT_ALLOWED"]);
        s.when(below(9, Some(4))).then_refused(&["NOT_FOUND", "LINK_END_TYPE_NOT_ALLOWED"]);
        s.clone().with_only(&[Permission::Read]).when(below(2, Some(1))).then_refused(&["FORBIDDEN"]);
    }
}
