//! Bank accounts of a customer.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, text};
use crate::payload::Payload;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::bank_account;

/// Input of `addBankAccount`.
#[derive(InputObject)]
pub(crate) struct AddBankAccountInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// A code that no other account of the customer has, in upper or lower case. Mandatory.
    code: Option<String>,
    /// The IBAN. Mandatory.
    iban: Option<String>,
    /// Name of the holder; the name of the customer's contact when left out.
    holder_name: Option<String>,
    /// The BIC; that of the IBAN's bank when left out and known.
    bic: Option<String>,
    /// Whether the holder's address follows the customer's correspondence address; asked when left out.
    sync_holder_address: Option<bool>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for AddBankAccountInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(
            bank_account::AddBankAccount {
                customer: shape.customer(self.customer)?,
                code: text(self.code),
                iban: text(self.iban),
                holder_name: self.holder_name,
                bic: self.bic,
                sync_holder_address: self.sync_holder_address,
            }
            .into(),
        )
    }
}

/// Input of `setHolderAddressSync`.
#[derive(InputObject)]
pub(crate) struct SetHolderAddressSyncInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Code of the account. Mandatory.
    code: Option<String>,
    /// Whether the holder's address follows from now on.
    on: bool,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for SetHolderAddressSyncInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(bank_account::SetHolderAddressSync { customer, code: text(self.code), on: self.on }.into())
    }
}

/// Input of `blockBankAccount`. `reason` is mandatory.
#[derive(InputObject)]
pub(crate) struct BlockBankAccountInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Code of the account. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for BlockBankAccountInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(bank_account::BlockBankAccount { customer, code: text(self.code) }.into())
    }
}

/// Input of `unblockBankAccount`.
#[derive(InputObject)]
pub(crate) struct UnblockBankAccountInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Code of the account. Mandatory.
    code: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for UnblockBankAccountInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        Some(bank_account::UnblockBankAccount { customer, code: text(self.code) }.into())
    }
}

#[derive(Default)]
pub(crate) struct BankAccountMutations;

#[Object]
impl BankAccountMutations {
    /// Adds a bank account to a customer; needs `WRITE` (E1-44 … E1-46). With the answer "yes" the holder gets the
    /// customer's address of today and every later change of it (E1-23).
    ///
    /// Codes: `BANK_CODE_EXISTS`, `INVALID_IBAN` (why, is in `hint`: `LENGTH`, `COUNTRY` or `CHECKSUM`), `IBAN_EXISTS`,
    /// `INVALID_BIC`. Asks `SYNC_HOLDER_ADDRESS`. Warning: `BIC_DIFFERS_FROM_IBAN`.
    async fn add_bank_account(
        &self,
        ctx: &Context<'_>,
        input: AddBankAccountInput,
    ) -> Result<Payload<AddBankAccountInput>> {
        execute(ctx, input).await
    }

    /// Switches whether the address of an account's holder follows the customer's correspondence address; needs `WRITE`
    /// (E1-47). Never retroactive.
    ///
    /// Codes: `NOT_FOUND` (no such account).
    async fn set_holder_address_sync(
        &self,
        ctx: &Context<'_>,
        input: SetHolderAddressSyncInput,
    ) -> Result<Payload<SetHolderAddressSyncInput>> {
        execute(ctx, input).await
    }

    /// Blocks a bank account for new mandates and payment lines; needs `WRITE` and a `reason` (E1-43).
    ///
    /// Codes: `NOT_FOUND` (no such account). Warning: `BANK_ACCOUNT_IN_USE`.
    async fn block_bank_account(
        &self,
        ctx: &Context<'_>,
        input: BlockBankAccountInput,
    ) -> Result<Payload<BlockBankAccountInput>> {
        execute(ctx, input).await
    }

    /// Lifts the block of a bank account; needs `WRITE` (E1-43).
    ///
    /// Codes: `NOT_FOUND` (no such account).
    async fn unblock_bank_account(
        &self,
        ctx: &Context<'_>,
        input: UnblockBankAccountInput,
    ) -> Result<Payload<UnblockBankAccountInput>> {
        execute(ctx, input).await
    }
}
