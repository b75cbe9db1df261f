//! Customers of a shop.

use super::address::TypedAddressFields;
use super::channel::ChannelInput;
use super::contact::NewContactFields;
use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape, leave_or_set};
use crate::payload::Payload;
use crate::types::search::searched;
use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::shop::{self, ContactField};

/// Input of `createCustomer`: a person by its surname, or a company by its name.
#[derive(InputObject)]
pub(crate) struct CreateCustomerInput {
    /// `searchToken` of the search that was made before, if one was; else `INVALID_SEARCH_TOKEN`. It fills in what is left
    /// out here, as `draftFromSearch` shows it: the surname, unless there is a `companyName`; the whole postcode and the
    /// house number of an `address`; and without any address, the one that these two stand for. A token holds the search
    /// itself and does not expire.
    from_search: Option<String>,
    #[graphql(flatten)]
    who: NewContactFields,
    /// A remark.
    remark: Option<String>,
    /// The number under which another system knows the customer.
    reference: Option<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let who = self.who.read(shape);
        Some(
            shop::CreateCustomer {
                initials: who.initials,
                infix: who.infix,
                surname: who.surname,
                company_name: who.company_name,
                salutation: who.salutation,
                address: who.address,
                phones: who.phones,
                emails: who.emails,
                remark: self.remark,
                reference: self.reference,
                // What is no token is passed on as a search for nothing, which the domain refuses with everything else.
                searched: self.from_search.map(|token| searched(&token).unwrap_or_default()),
            }
            .into(),
        )
    }
}

/// Input of `changeCustomer`. A field that is absent is left as it is, and null clears it.
#[derive(InputObject)]
pub(crate) struct ChangeCustomerInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// A remark.
    remark: MaybeUndefined<String>,
    /// The number under which another system knows the customer.
    reference: MaybeUndefined<String>,
    /// Refused: belongs to the contact.
    initials: Option<String>,
    /// Refused: belongs to the contact.
    infix: Option<String>,
    /// Refused: belongs to the contact.
    surname: Option<String>,
    /// Refused: belongs to the contact.
    company_name: Option<String>,
    /// Refused: belongs to the contact.
    address_lookup: Option<String>,
    /// Refused: belongs to the contact.
    address: Option<TypedAddressFields>,
    /// Refused: belongs to the contact.
    phones: Option<Vec<ChannelInput>>,
    /// Refused: belongs to the contact.
    emails: Option<Vec<ChannelInput>>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeCustomerInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        if self.address_lookup.is_some() {
            shape.spelled("address", "addressLookup");
        }
        let fields = [
            (ContactField::Initials, self.initials.is_some()),
            (ContactField::Infix, self.infix.is_some()),
            (ContactField::Surname, self.surname.is_some()),
            (ContactField::CompanyName, self.company_name.is_some()),
            (ContactField::Address, self.address.is_some() || self.address_lookup.is_some()),
            (ContactField::Phones, self.phones.is_some()),
            (ContactField::Emails, self.emails.is_some()),
        ];
        Some(
            shop::ChangeCustomer {
                customer: Some(shape.customer(self.customer)?),
                remark: leave_or_set(self.remark),
                reference: leave_or_set(self.reference),
                owned_by_contact: fields.into_iter().filter(|(_, given)| *given).map(|(f, _)| f).collect(),
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct ShopMutations;

#[Object]
impl ShopMutations {
    /// Makes a person or a company and its customer, as a shop does; needs `SHOP` (N1-01, N1-05 … N1-07). The new customer
    /// is in `customer`, its contact in `contact`. Search first with `findCustomers`; with a search or without one the
    /// command itself looks for duplicates.
    ///
    /// Codes: `INVALID_SEARCH_TOKEN`, `COMPANY_HAS_NO_INITIALS`, `SALUTATION_NOT_ALLOWED`, and those of
    /// `changeCorrespondenceAddress` and `changeChannels` for what is given along. Asks `POSSIBLE_DUPLICATE`. Warnings, when
    /// the search was for a house number and the customer has no address: `ADDRESS_NOT_FOUND`, or `ADDRESS_AMBIGUOUS` when
    /// the postcode lacked its letters.
    async fn create_customer(
        &self,
        ctx: &Context<'_>,
        input: CreateCustomerInput,
    ) -> Result<Payload<CreateCustomerInput>> {
        execute(ctx, input).await
    }

    /// Changes what a customer has of its own; needs `WRITE` (N1-07). Name, address and channels are its contact's.
    ///
    /// Codes: `OWNED_BY_HOUSEHOLD`.
    async fn change_customer(
        &self,
        ctx: &Context<'_>,
        input: ChangeCustomerInput,
    ) -> Result<Payload<ChangeCustomerInput>> {
        execute(ctx, input).await
    }
}
