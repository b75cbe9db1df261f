//! Deciding on payment lines.

use super::{
    AddPaymentLine, CorrectPaymentLine, Demands, LineContent, OpenItems, OpenItemsAdjustmentRequested,
    PaymentLine, PaymentLineAdded, PaymentLineCorrected, PaymentLineWithdrawn, Refusal, WithdrawPaymentLine,
    live,
};
use crate::bank_account::{self, addressed};
use crate::code_list::{INVOICE_TYPE, TRANSACTION_MODE};
use crate::customer::Customer;
use crate::draft::{CODE_LIMIT, Decide, Draft, Refused};
use crate::ids::{CustomerId, EntityId};
use crate::mandate::{self, Mandate, MandateType};
use crate::personal::Personal;
use crate::problem::{General, Prompt};
use crate::values::{self, Date};

impl Decide for AddPaymentLine {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let (content, new_mandate) = read(d, &customer, self, None)?;
        warn(d, &customer, &content);
        create_mandate(d, &customer, &content, new_mandate);
        let line = customer.next_payment_line;
        let open_items = content.open_items;
        d.record_with(PaymentLineAdded { customer: customer.id, line, content }, |d| {
            request_adjustment(d, customer.id, line, open_items);
        });
        Ok(())
    }
}

impl Decide for CorrectPaymentLine {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.content.customer)?;
        let line = find(d, &customer, self.line)?;
        if line.withdrawn {
            return Err(d.refuse(Refusal::LineWithdrawn(line.id)));
        }
        let reason = d.reason();
        let (after, new_mandate) = read(d, &customer, &self.content, Some(line))?;
        let Some(reason) = reason else { return Err(Refused) };
        if after == line.content {
            return Ok(());
        }
        refuse_revoked(d, &customer, |lines| {
            if let Some(line) = lines.iter_mut().find(|l| l.id == self.line) {
                line.content = after.clone();
            }
        })?;
        warn(d, &customer, &after);
        create_mandate(d, &customer, &after, new_mandate);
        let open_items = after.open_items;
        let corrected = PaymentLineCorrected {
            customer: customer.id,
            line: line.id,
            before: line.content.clone(),
            after,
            reason: Personal::new(customer.contact, reason),
        };
        d.record_with(corrected, |d| request_adjustment(d, customer.id, line.id, open_items));
        Ok(())
    }
}

impl Decide for WithdrawPaymentLine {
    fn decide(&self, d: &mut Draft<'_>) -> Result<(), Refused> {
        let customer = addressed(d, &self.customer)?;
        let line = find(d, &customer, self.line);
        let reason = d.reason();
        let (line, Some(reason)) = (line?, reason) else { return Err(Refused) };
        if line.withdrawn {
            return Ok(());
        }
        refuse_revoked(d, &customer, |lines| {
            if let Some(line) = lines.iter_mut().find(|l| l.id == self.line) {
                line.withdrawn = true;
            }
        })?;
        if super::lines(&customer).len() == 1 {
            let message = "The customer has no payment data any more: add a line.";
            d.warn("NO_PAYMENT_DATA", message, Some(EntityId::Customer(customer.id)));
        }
        let reason = Personal::new(customer.contact, reason);
        d.record(PaymentLineWithdrawn { customer: customer.id, line: line.id, reason });
        Ok(())
    }
}

fn find<'c>(d: &mut Draft<'_>, customer: &'c Customer, line: u32) -> Result<&'c PaymentLine, Refused> {
    let found = customer.payment_lines.iter().find(|l| l.id == line);
    found.ok_or_else(|| d.refuse(General::NotFound { field: "lineId" }))
}

// ---- reading a line

/// What a transaction mode demands of a line.
struct Mode {
    code: String,
    needs_account: bool,
    direct_debit: bool,
    invoice_types: Vec<String>,
}

/// Checks a line of a customer, all of it; `before` is the line that is corrected.
fn read(
    d: &mut Draft<'_>,
    customer: &Customer,
    wanted: &AddPaymentLine,
    before: Option<&PaymentLine>,
) -> Result<(LineContent, Option<mandate::Read>), Refused> {
    let effective = read_effective(d, customer, &wanted.effective_date);
    let unit = d.optional_text("unitNo", wanted.unit_no.as_ref(), |raw| values::code(raw, CODE_LIMIT));
    if let (Some(date), Some(unit)) = (effective, &unit) {
        refuse_taken(d, customer, date, unit.as_ref(), before);
    }
    // Codes must be in force when the line begins; while that date is unreadable, today is as good as any.
    let on = effective.unwrap_or_else(|| d.today());
    let mode = read_mode(d, &wanted.transaction_mode, on);
    let invoice_type = d.code("invoiceType", INVOICE_TYPE, &wanted.invoice_type, on);
    if let (Some(mode), Some(invoice_type)) = (&mode, &invoice_type)
        && !mode.invoice_types.contains(invoice_type)
    {
        d.refuse(Refusal::InvoiceTypeMismatch {
            mode: mode.code.clone(),
            allowed: mode.invoice_types.clone(),
        });
    }
    let keep = before.and_then(|line| line.content.account.as_deref());
    let account = read_account(d, customer, mode.as_ref(), wanted.bank_account.as_ref(), keep);
    let choice = read_mandate(d, customer, wanted, mode.as_ref(), account.as_deref(), effective, before);
    if account.is_some() && wanted.open_items.is_none() {
        d.ask(Prompt::AdjustOpenItems, Some(EntityId::Customer(customer.id)));
    }
    d.stop_if_refused()?;
    let (Some(effective), Some(unit), Some(mode), Some(invoice_type)) = (effective, unit, mode, invoice_type)
    else {
        return Err(Refused);
    };
    let (mandate, new_mandate) = match choice {
        Choice::None => (None, None),
        Choice::Existing(code) => (Some(code), None),
        Choice::New(new) => (Some(new.code.clone()), Some(new)),
    };
    let open_items = wanted.open_items;
    let content =
        LineContent { effective, unit, mode: mode.code, invoice_type, account, mandate, open_items };
    Ok((content, new_mandate))
}

fn read_effective(d: &mut Draft<'_>, customer: &Customer, raw: &str) -> Option<Date> {
    let date = d.date("effectiveDate", raw)?;
    if customer.start().is_some_and(|start| date < start) {
        let must = "not lie before the start of the customer's first lease";
        d.refuse(General::DateOutOfRange { field: "effectiveDate", must });
        return None;
    }
    Some(date)
}

/// I4, over the lines that are not withdrawn.
fn refuse_taken(
    d: &mut Draft<'_>,
    customer: &Customer,
    date: Date,
    unit: Option<&String>,
    before: Option<&PaymentLine>,
) {
    let taken = customer.payment_lines.iter().find(|line| {
        !line.withdrawn
            && line.content.effective == date
            && line.content.unit.as_ref() == unit
            && before.is_none_or(|before| before.id != line.id)
    });
    if let Some(line) = taken {
        d.refuse(Refusal::LineExists { date, line: line.id });
    }
}

fn read_mode(d: &mut Draft<'_>, raw: &str, on: Date) -> Option<Mode> {
    let code = d.code("transactionMode", TRANSACTION_MODE, raw, on)?;
    let modes = d.code_list(TRANSACTION_MODE);
    let properties = &modes.row(&code)?.properties;
    let Demands { account: needs_account, mandate: direct_debit } = Demands::of(properties);
    Some(Mode { code, needs_account, direct_debit, invoice_types: properties.codes.clone() })
}

fn read_account(
    d: &mut Draft<'_>,
    customer: &Customer,
    mode: Option<&Mode>,
    raw: Option<&String>,
    keep: Option<&str>,
) -> Option<String> {
    let code = d.optional_text("bankAccount", raw, |raw| values::code(raw, CODE_LIMIT))?;
    match (code, mode) {
        (None, Some(mode)) if mode.needs_account => {
            d.refuse(Refusal::BankAccountRequired { mode: mode.code.clone() });
            None
        }
        (None, _) => None,
        (Some(_), Some(mode)) if !mode.needs_account => {
            d.refuse(Refusal::BankAccountNotAllowed { mode: mode.code.clone() });
            None
        }
        (Some(code), _) => bank_account::choose(d, customer, "bankAccount", code, keep),
    }
}

/// The mandate of a line. Nothing is read from it when something was refused.
enum Choice {
    None,
    Existing(String),
    New(mandate::Read),
}

fn read_mandate(
    d: &mut Draft<'_>,
    customer: &Customer,
    wanted: &AddPaymentLine,
    mode: Option<&Mode>,
    account: Option<&str>,
    effective: Option<Date>,
    before: Option<&PaymentLine>,
) -> Choice {
    let given = wanted.mandate.as_ref().filter(|raw| !raw.trim().is_empty());
    if let Some(mode) = mode.filter(|mode| !mode.direct_debit) {
        let mode = &mode.code;
        if given.is_some() {
            d.refuse(Refusal::MandateNotAllowed { field: "mandate", mode: mode.clone() });
        }
        if wanted.new_mandate.is_some() {
            d.refuse(Refusal::MandateNotAllowed { field: "newMandate", mode: mode.clone() });
        }
        return Choice::None;
    }
    let kept = before.and_then(|line| line.content.mandate.as_deref());
    match (given, &wanted.new_mandate) {
        (Some(_), Some(_)) => {
            d.refuse(Refusal::MandateGivenTwice);
            Choice::None
        }
        (None, Some(new)) => {
            let fields = mandate::Fields { code: "newMandate.code", signed_on: "newMandate.signedOn" };
            let Some(new) = mandate::read_new(d, customer, fields, &new.code, &new.signed_on, new.kind)
            else {
                return Choice::None;
            };
            refuse_unsigned(d, "newMandate.signedOn", new.signed_on, effective);
            Choice::New(new)
        }
        (Some(raw), None) => {
            let Some(code) = mandate::read_code(d, "mandate", raw) else { return Choice::None };
            let Some(mandate) = customer.mandate(&code) else {
                d.refuse(General::NotFound { field: "mandate" });
                return Choice::None;
            };
            if account.is_some_and(|account| account != mandate.account) {
                d.refuse(Refusal::MandateForOtherAccount {
                    mandate: code.clone(),
                    account: mandate.account.clone(),
                });
            }
            // A line of the past may keep a mandate that was revoked since: whether the line still counts is seen later.
            if mandate.revoked.is_some() && kept != Some(code.as_str()) {
                d.refuse(Refusal::MandateRevoked { mandate: code.clone() });
            }
            if let Some(line) = uses_up(customer, mandate).filter(|_| kept != Some(code.as_str())) {
                d.refuse(Refusal::MandateUsedUp { mandate: code.clone(), line });
            }
            refuse_unsigned(d, "mandate", mandate.signed_on, effective);
            Choice::Existing(code)
        }
        (None, None) => {
            let (Some(account), Some(effective), Some(_)) = (account, effective, mode) else {
                return Choice::None;
            };
            if let Some(mandate) = newest_valid(customer, account, effective, before) {
                Choice::Existing(mandate.code.clone())
            } else {
                d.refuse(Refusal::MandateRequired { account: account.to_owned() });
                Choice::None
            }
        }
    }
}

fn refuse_unsigned(d: &mut Draft<'_>, field: &'static str, signed_on: Date, effective: Option<Date>) {
    if effective.is_some_and(|effective| signed_on > effective) {
        d.refuse(Refusal::MandateNotInForce { field, signed_on });
    }
}

/// The mandate of an account that a line takes when none is named: the one it has, else the newest that is signed, not
/// revoked, and not a one-off that another line uses up (D-30).
fn newest_valid<'c>(
    customer: &'c Customer,
    account: &str,
    effective: Date,
    before: Option<&PaymentLine>,
) -> Option<&'c Mandate> {
    let signed = |mandate: &&Mandate| mandate.account == account && mandate.signed_on <= effective;
    let kept =
        before.and_then(|line| line.content.mandate.as_deref()).and_then(|code| customer.mandate(code));
    kept.filter(signed).or_else(|| {
        let valid = customer.mandates.iter().filter(signed);
        let valid = valid.filter(|m| m.revoked.is_none() && uses_up(customer, m).is_none());
        // Of several signed on one day, the last that came.
        valid.max_by_key(|mandate| mandate.signed_on)
    })
}

/// The line that uses up a one-off mandate, if one does: number, and from when.
fn uses_up(customer: &Customer, mandate: &Mandate) -> Option<(u32, Date)> {
    let used =
        super::lines(customer).into_iter().find(|line| line.content.mandate.as_ref() == Some(&mandate.code));
    used.filter(|_| mandate.kind == MandateType::OneOff).map(|line| (line.id, line.content.effective))
}

/// I5 over the lines as a change would leave them: none that counts today or later has a revoked mandate.
fn refuse_revoked(
    d: &mut Draft<'_>,
    customer: &Customer,
    change: impl FnOnce(&mut Vec<PaymentLine>),
) -> Result<(), Refused> {
    let mut lines = customer.payment_lines.clone();
    change(&mut lines);
    for line in live(&lines, d.today()) {
        let mandate = line.content.mandate.as_ref().and_then(|code| customer.mandate(code));
        if let Some(mandate) = mandate.filter(|mandate| mandate.revoked.is_some()) {
            let (mandate, line) = (mandate.code.clone(), (line.id, line.content.effective));
            d.refuse(Refusal::RevokedMandateReturns { mandate, line });
        }
    }
    d.stop_if_refused()
}

// ---- recording

fn warn(d: &mut Draft<'_>, customer: &Customer, content: &LineContent) {
    let entity = Some(EntityId::Customer(customer.id));
    if content.effective < d.today() {
        let message = format!(
            "The effective date {} lies in the past: what was paid since is not touched.",
            content.effective
        );
        d.warn("EFFECTIVE_IN_PAST", message, entity.clone());
    }
    if let Some(unit) = content.unit.as_ref()
        && !customer.leases.iter().any(|lease| lease.unit.as_ref() == Some(unit))
    {
        let message =
            format!("No lease of the customer is for unit {unit}: the line counts once there is one.");
        d.warn("UNIT_NOT_LEASED", message, entity);
    }
}

fn create_mandate(d: &mut Draft<'_>, customer: &Customer, content: &LineContent, new: Option<mandate::Read>) {
    if let (Some(new), Some(account)) = (new, &content.account) {
        mandate::create(d, customer.id, account.clone(), new);
    }
}

/// Any answer but "none" is a request to the ledger, and no more (D-9).
fn request_adjustment(d: &mut Draft<'_>, customer: CustomerId, line: u32, open_items: Option<OpenItems>) {
    match open_items {
        None | Some(OpenItems::None) => {}
        Some(open_items @ (OpenItems::All | OpenItems::FromDate)) => {
            d.record(OpenItemsAdjustmentRequested { customer, line, open_items });
        }
    }
}
