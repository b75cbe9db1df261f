//! Payment lines as folded, and reading them by date.

use super::OpenItems;
use crate::code_list::Properties;
use crate::customer::Customer;
use crate::draft::Draft;
use crate::ids::CustomerId;
use crate::values::Date;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// What a payment line says. Stands in events too: the order of its fields is a storage format.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LineContent {
    /// From when it holds.
    pub effective: Date,
    /// The one unit that it is for; `None` for all.
    pub unit: Option<String>,
    /// Code of the transaction mode.
    pub mode: String,
    /// Code of the invoice type.
    pub invoice_type: String,
    /// Code of the bank account, where the mode needs one.
    pub account: Option<String>,
    /// Code of the mandate, for direct debit.
    pub mandate: Option<String>,
    /// What was answered about open items, where it was.
    pub open_items: Option<OpenItems>,
}

/// A payment line of a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PaymentLine {
    /// Number within the customer.
    pub id: u32,
    /// What it says now.
    pub content: LineContent,
    /// It should never have been; it counts for nothing and is kept for those who look back.
    pub withdrawn: bool,
    /// It once said something else.
    pub corrected: bool,
}

/// The line in force on a date (E1-41): of the lines not withdrawn, the one with the greatest effective date not after
/// it. Of a unit, its own line wins over one for all (E1-55); without a unit only lines for all count.
pub fn line_on<'c>(customer: &'c Customer, on: Date, unit: Option<&str>) -> Option<&'c PaymentLine> {
    let in_force = |unit: Option<&str>| {
        customer
            .payment_lines
            .iter()
            .filter(|line| !line.withdrawn && line.content.effective <= on)
            .filter(|line| match (line.content.unit.as_deref(), unit) {
                (Some(own), Some(asked)) => own.eq_ignore_ascii_case(asked.trim()),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            })
            .max_by_key(|line| line.content.effective)
    };
    unit.and_then(|unit| in_force(Some(unit))).or_else(|| in_force(None))
}

/// All lines that are not withdrawn, in order of effective date; of one date the line for all units first.
pub fn lines(customer: &Customer) -> Vec<&PaymentLine> {
    let mut lines: Vec<_> = customer.payment_lines.iter().filter(|line| !line.withdrawn).collect();
    lines.sort_by_key(|line| (line.content.effective, line.content.unit.as_deref()));
    lines
}

/// The first day on which a later line of the same unit takes the place of this one; `None` while there is none.
pub fn until(customer: &Customer, line: &PaymentLine) -> Option<Date> {
    successors(&customer.payment_lines, line).min()
}

fn successors<'c>(lines: &'c [PaymentLine], line: &'c PaymentLine) -> impl Iterator<Item = Date> {
    lines
        .iter()
        .filter(|other| !other.withdrawn && other.content.unit == line.content.unit)
        .map(|other| other.content.effective)
        .filter(|effective| *effective > line.content.effective)
}

/// What a transaction mode asks of a payment line (E1-43, E1-52).
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Demands {
    /// A bank account.
    pub account: bool,
    /// A mandate on it.
    pub mandate: bool,
}

impl Demands {
    /// What the properties of a mode ask. Whatever the list says: money is debited from an account.
    pub fn of(properties: &Properties) -> Self {
        let mandate = properties.is_direct_debit;
        Self { account: properties.requires_bank_account || mandate, mandate }
    }

    /// Whether these ask something that `before` did not.
    pub fn exceed(self, before: Self) -> bool {
        (self.account && !before.account) || (self.mandate && !before.mandate)
    }

    fn met_by(self, content: &LineContent) -> bool {
        (content.account.is_some() || !self.account) && (content.mandate.is_some() || !self.mandate)
    }
}

/// A payment line that stands in the way of a change of its transaction mode.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unmet {
    /// Whose line.
    pub customer: CustomerId,
    /// The customer's number.
    pub number: String,
    /// The line, within the customer.
    pub line: u32,
    /// From when it holds.
    pub effective: Date,
}

/// Most lines that a refusal lists.
const MOST_LISTED: usize = 100;

/// Lines of a mode that do not meet these demands (I5), in order of customer; of very many only some. Those of the past
/// too: when a later one is withdrawn, they count again. One of a customer that the actor may not see only when there is
/// no other (A2-52): what is published says no more than that.
pub(crate) fn unmet(d: &Draft<'_>, mode: &str, demands: Demands) -> Vec<Unmet> {
    let (mut found, mut hidden) = (Vec::new(), None);
    d.world().each_customer(&mut |customer| {
        let lines = customer.payment_lines.iter().filter(|line| !line.withdrawn && line.content.mode == mode);
        let unmet: Vec<_> = lines
            .filter(|line| !demands.met_by(&line.content))
            .map(|line| Unmet {
                customer: customer.id,
                number: customer.number.clone(),
                line: line.id,
                effective: line.content.effective,
            })
            .collect();
        if !unmet.is_empty() && !d.sees_id(customer.contact) {
            hidden = hidden.take().or(unmet.into_iter().next());
        } else {
            found.extend(unmet);
        }
        if found.len() < MOST_LISTED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    found.sort();
    found.truncate(MOST_LISTED);
    if found.is_empty() { hidden.into_iter().collect() } else { found }
}

/// The lines that count today or later: of every unit the one in force today, and all that are to come. Time alone never
/// makes another line count, only a command does.
pub(crate) fn live(lines: &[PaymentLine], today: Date) -> impl Iterator<Item = &PaymentLine> {
    lines
        .iter()
        .filter(move |line| !line.withdrawn && !successors(lines, line).any(|effective| effective <= today))
}
