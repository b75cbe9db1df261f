//! Bank accounts of a customer, and the address of their holder (E1-23, E1-44 … E1-47).

use super::address::{self, Address, DatedAddress};
use super::customer::Customer;
use super::mandate::Mandate;
use crate::scalars::DateText;
use async_graphql::{Description, Object, Result};
use kroniek_domain::bank_account;

/// A bank account of a customer. Its code is unique at the customer.
#[derive(Description)]
pub struct BankAccount {
    customer: Customer,
    account: bank_account::BankAccount,
}

impl BankAccount {
    pub(crate) fn new(customer: &Customer, account: &bank_account::BankAccount) -> Self {
        Self { customer: customer.clone(), account: account.clone() }
    }

    /// The account with this code.
    pub(crate) fn of(customer: &Customer, code: &str) -> Option<Self> {
        customer.state().account(code).map(|account| Self::new(customer, account))
    }
}

#[Object(use_type_description)]
impl BankAccount {
    /// Its code at the customer.
    async fn code(&self) -> &str {
        &self.account.code
    }

    /// The IBAN in electronic form, without spaces; empty when erased.
    async fn iban(&self) -> &str {
        &self.account.iban
    }

    /// The BIC, typed or that of the IBAN's bank; null where it is not known.
    async fn bic(&self) -> Option<&str> {
        self.account.bic.as_deref()
    }

    /// Name of the holder; empty when erased.
    async fn holder_name(&self) -> &str {
        &self.account.holder_name
    }

    /// The holder's address on a date. It is copied from the customer's correspondence address while `syncHolderAddress` is
    /// on, in the same commit as that (E1-23); what held before the day of "yes" is never touched (D-12).
    async fn holder_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        let on = self.customer.reader().date(on.as_ref(), "on")?;
        Ok(address::on(self.customer.reader(), &self.account.holder_address, on))
    }

    /// The holder's addresses by date, oldest first.
    async fn holder_addresses(&self) -> Vec<DatedAddress> {
        address::all(self.customer.reader(), &self.account.holder_address)
    }

    /// Whether the holder's address follows the customer's correspondence address (E1-46).
    async fn sync_holder_address(&self) -> bool {
        self.account.sync_holder_address
    }

    /// Whether it is blocked: new payment lines and mandates are refused with `BANK_ACCOUNT_BLOCKED`.
    async fn blocked(&self) -> bool {
        self.account.blocked.is_some()
    }

    /// Why it is blocked; null when it is not.
    async fn blocked_because(&self) -> Option<&str> {
        self.account.blocked.as_deref()
    }

    /// The mandates for this account, in the order in which they came.
    #[graphql(complexity = "super::connection::short(child_complexity)")]
    async fn mandates(&self) -> Vec<Mandate> {
        let mandates = self.customer.state().mandates.iter();
        mandates
            .filter(|mandate| mandate.account == self.account.code)
            .map(|mandate| Mandate::new(&self.customer, mandate))
            .collect()
    }
}
