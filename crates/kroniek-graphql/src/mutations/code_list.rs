//! Code lists.

use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, optional_date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use crate::types::code_list::SalutationKind;
use async_graphql::{Context, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::code_list;

/// The behaviour of a code, given as a whole.
#[derive(InputObject)]
pub(crate) struct CodePropertiesInput {
    /// List `ROLE`: the person is a contractant (E1-05).
    #[graphql(default)]
    is_contractant: bool,
    /// List `TRANSACTION_MODE`: a payment line needs a bank account (E1-43).
    #[graphql(default)]
    requires_bank_account: bool,
    /// List `TRANSACTION_MODE`: a payment line needs a mandate (E1-52).
    #[graphql(default)]
    is_direct_debit: bool,
    /// List `TRANSACTION_MODE`: the invoice types that match (E1-51).
    #[graphql(default)]
    allowed_invoice_types: Vec<String>,
    /// List `SALUTATION`: what the code makes of a letter.
    salutation: Option<SalutationKind>,
}

impl CodePropertiesInput {
    fn read(self) -> code_list::Properties {
        code_list::Properties {
            is_contractant: self.is_contractant,
            requires_bank_account: self.requires_bank_account,
            is_direct_debit: self.is_direct_debit,
            allowed_invoice_types: self.allowed_invoice_types,
            salutation: self.salutation.map(Into::into),
        }
    }
}

/// Input of `changeCode`: the whole row is given; what is left out is empty.
#[derive(InputObject)]
pub(crate) struct ChangeCodeInput {
    /// Name of the list, such as `ROLE`. Mandatory.
    list: Option<String>,
    /// Code. Mandatory.
    code: Option<String>,
    /// Name on a screen, in Dutch. Mandatory.
    name: Option<String>,
    /// Description.
    description: Option<String>,
    /// First day in force; always was when left out.
    begin_date: Option<DateText>,
    /// Last day in force; still is when left out.
    end_date: Option<DateText>,
    /// Code of the row above it.
    parent: Option<String>,
    /// Behaviour; when left out, the row keeps what it has.
    properties: Option<CodePropertiesInput>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeCodeInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            code_list::ChangeCode {
                list: text(self.list),
                code: text(self.code),
                name: text(self.name),
                description: self.description,
                begin_date: optional_date(self.begin_date),
                end_date: optional_date(self.end_date),
                parent: self.parent,
                properties: self.properties.map(CodePropertiesInput::read),
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct CodeListMutations;

#[Object]
impl CodeListMutations {
    /// Adds or changes one row of a code list; needs `REFERENCE` (§8). The list is in `codeList`. What was decided with the
    /// row before stays as it was.
    ///
    /// Codes: `LIST_IS_CLOSED` (a list of what the rules know, see `codeList { closed }`), `UNKNOWN_CODE` (an invoice type that does not exist), `DIRECT_DEBIT_NEEDS_ACCOUNT`, `DATE_OUT_OF_RANGE`.
    async fn change_code(
        &self,
        ctx: &Context<'_>,
        input: ChangeCodeInput,
    ) -> Result<Payload<ChangeCodeInput>> {
        execute(ctx, input).await
    }
}
