//! Direct-debit mandates (E1-52, E1-53; D-30).

use super::bank_account::BankAccount;
use super::customer::Customer;
use crate::label::Lang;
use crate::scalars::DateText;
use async_graphql::{Description, Enum, Object, Result};
use kroniek_domain::mandate;

/// How often a mandate may be used (VERA MACHTIGINGSOORT).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "mandate::MandateType")]
pub enum MandateType {
    /// Until it is revoked.
    Recurring,
    /// Once.
    OneOff,
}

/// A mandate: the debtor's signature for one bank account. It belongs to that account and stays valid until it is
/// revoked, used or not; going back to an account whose mandate still stands needs no new one (D-30).
#[derive(Description)]
pub struct Mandate {
    customer: Customer,
    mandate: mandate::Mandate,
}

impl Mandate {
    pub(crate) fn new(customer: &Customer, mandate: &mandate::Mandate) -> Self {
        Self { customer: customer.clone(), mandate: mandate.clone() }
    }
}

#[Object(use_type_description)]
impl Mandate {
    /// The code on the mandate, unique among all customers.
    async fn code(&self) -> &str {
        &self.mandate.code
    }

    /// The bank account that it is for.
    async fn bank_account(&self) -> Option<BankAccount> {
        BankAccount::of(&self.customer, &self.mandate.account)
    }

    /// How often it may be used.
    #[graphql(name = "type")]
    async fn kind(&self) -> MandateType {
        self.mandate.kind.into()
    }

    /// `type` in words.
    async fn type_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        MandateType::from(self.mandate.kind).label(lang)
    }

    /// The date of signature.
    async fn signed_on(&self) -> DateText {
        self.mandate.signed_on.into()
    }

    /// First day on which it is valid: that of the signature.
    async fn valid_from(&self) -> DateText {
        self.mandate.signed_on.into()
    }

    /// The day on which it was revoked; null while it stands.
    async fn valid_to(&self) -> Option<DateText> {
        self.mandate.revoked.map(DateText::from)
    }

    /// Whether it was revoked.
    async fn revoked(&self) -> bool {
        self.mandate.revoked.is_some()
    }

    /// Why it was revoked; null while it stands.
    async fn revoked_because(&self) -> Option<&str> {
        self.mandate.revoked_because.as_deref()
    }

    /// Whether no new payment line may use it: it is revoked, or its bank account is blocked.
    async fn blocked(&self) -> bool {
        let account = self.customer.state().account(&self.mandate.account);
        self.mandate.revoked.is_some() || account.is_some_and(|account| account.blocked.is_some())
    }

    /// The customer that signed it.
    async fn customer(&self) -> Result<Customer> {
        self.customer.reader().again(&self.customer)
    }
}
