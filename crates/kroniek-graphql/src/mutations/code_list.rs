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
    /// List `COUPLING`: the client statuses and registration types that cannot be coupled to the package, such as `SUSPECT`
    /// and `CLIENT_PERSON` (A2-40).
    #[graphql(default)]
    not_for: Vec<String>,
    /// List `SALUTATION`: what the code makes of a letter.
    salutation: Option<SalutationKind>,
}

impl CodePropertiesInput {
    /// Two fields are one in the domain: each belongs to one list.
    fn read(self, shape: &mut Shape, list: &str) -> code_list::Properties {
        let coupling = list.trim().eq_ignore_ascii_case(code_list::COUPLING);
        let (codes, other, field) = if coupling {
            (self.not_for, self.allowed_invoice_types, "properties.allowedInvoiceTypes")
        } else {
            (self.allowed_invoice_types, self.not_for, "properties.notFor")
        };
        shape.none_of(field, "a code of this list", other.is_empty());
        code_list::Properties {
            is_contractant: self.is_contractant,
            requires_bank_account: self.requires_bank_account,
            is_direct_debit: self.is_direct_debit,
            codes,
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

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let list = text(self.list);
        let properties = self.properties.map(|properties| properties.read(shape, &list));
        Some(
            code_list::ChangeCode {
                list,
                code: text(self.code),
                name: text(self.name),
                description: self.description,
                begin_date: optional_date(self.begin_date),
                end_date: optional_date(self.end_date),
                parent: self.parent,
                properties,
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct CodeListMutations;

#[Object]
impl CodeListMutations {
    /// Adds or changes one row of a code list that there is, built in or imported; needs `REFERENCE` (§8). The list
    /// is in `codeList`. What was decided with the row before stays as it was. A setting of the site is a code of the
    /// list `SITE_SETTING`, on while it is in force, and needs `ADMINISTRATOR`; `FOUR_EYES` says that nobody approves
    /// or rejects what it submitted itself (D-27).
    ///
    /// Codes: `NOT_FOUND` (no list of that name; one of your own is made by importing a file of it), `LIST_IS_CLOSED`
    /// (a list of what the rules know, see `codeList { closed }`), `UNKNOWN_CODE` (an invoice type, client status or
    /// registration type that does not exist), `FIELD_NOT_ALLOWED` (a property of another list),
    /// `DIRECT_DEBIT_NEEDS_ACCOUNT`, `DATE_OUT_OF_RANGE`, and `TRANSACTION_MODE_IN_USE`: payment lines, past or to
    /// come, lack what the mode would ask of them (I5).
    async fn change_code(
        &self,
        ctx: &Context<'_>,
        input: ChangeCodeInput,
    ) -> Result<Payload<ChangeCodeInput>> {
        execute(ctx, input).await
    }
}
