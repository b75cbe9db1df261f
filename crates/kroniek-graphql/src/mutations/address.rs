//! Correspondence and home addresses.

use super::channel::owner;
use super::execute::execute;
use super::input::{CommandInput, Envelope, PartyFields, Shape, optional_date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, ID, InputObject, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::address::{self, AddressInput, TypedAddress};

/// An address part by part.
#[derive(InputObject)]
#[graphql(name = "TypedAddressInput")]
pub(crate) struct TypedAddressFields {
    /// Street. Mandatory.
    street: Option<String>,
    /// House number, 1 to 99999. Mandatory in the Netherlands.
    house_no: Option<i64>,
    /// House letter.
    letter: Option<String>,
    /// Addition to the house number.
    addition: Option<String>,
    /// Postcode. Mandatory in the Netherlands.
    postcode: Option<String>,
    /// City. Mandatory.
    city: Option<String>,
    /// Country, two letters of ISO 3166-1; `NL` when left out.
    country: Option<String>,
}

impl TypedAddressFields {
    fn is_given(&self) -> bool {
        self.house_no.is_some()
            || [&self.street, &self.letter, &self.addition, &self.postcode, &self.city, &self.country]
                .iter()
                .any(|part| part.is_some())
    }

    fn read(self) -> AddressInput {
        AddressInput::Typed(TypedAddress {
            street: text(self.street),
            house_no: self.house_no,
            letter: self.letter,
            addition: self.addition,
            postcode: self.postcode,
            city: text(self.city),
            country: self.country,
        })
    }
}

/// The optional address of an input that has `addressLookup` and `address`; giving both is refused.
pub(crate) fn address_input(
    shape: &mut Shape,
    lookup: Option<String>,
    typed: Option<TypedAddressFields>,
) -> Option<AddressInput> {
    if lookup.is_some() && typed.is_some() {
        return shape.exactly_one(&[("addressLookup", true), ("address", true)]).and(None);
    }
    if let Some(typed) = typed {
        shape.nested(&[
            ("street", "address.street"),
            ("city", "address.city"),
            ("letter", "address.letter"),
            ("addition", "address.addition"),
            ("postcode", "address.postcode"),
            ("country", "address.country"),
        ]);
        return Some(typed.read());
    }
    shape.spelled("address", "addressLookup");
    lookup.map(AddressInput::Lookup)
}

/// An address: looked up, or part by part.
#[derive(InputObject)]
pub(crate) struct AddressFields {
    /// Postcode, house number, letter and addition in one text, looked up in the postcode table: `3077AW31`. Fill in this
    /// or the parts below.
    lookup: Option<String>,
    #[graphql(flatten)]
    typed: TypedAddressFields,
}

impl AddressFields {
    fn read(self, shape: &mut Shape) -> Option<AddressInput> {
        shape.exactly_one(&[("lookup", self.lookup.is_some()), ("street", self.typed.is_given())])?;
        if let Some(lookup) = self.lookup {
            shape.spelled("address", "lookup");
            return Some(AddressInput::Lookup(lookup));
        }
        shape.spelled("address", "");
        Some(self.typed.read())
    }
}

/// Input of `changeCorrespondenceAddress`: whose, the address (either `lookup` or its parts), and from when.
#[derive(InputObject)]
pub(crate) struct ChangeCorrespondenceAddressInput {
    #[graphql(flatten)]
    owner: PartyFields,
    #[graphql(flatten)]
    address: AddressFields,
    /// From when; today when left out. A later date is a future move.
    effective_date: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeCorrespondenceAddressInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let owner = owner(shape, self.owner);
        let address = self.address.read(shape);
        let effective_date = optional_date(self.effective_date);
        Some(address::ChangeCorrespondenceAddress { owner: owner?, address: address?, effective_date }.into())
    }
}

/// Input of `changeHomeAddress`: whose, the address (either `lookup` or its parts), and from when.
#[derive(InputObject)]
pub(crate) struct ChangeHomeAddressInput {
    /// The person.
    person_id: ID,
    #[graphql(flatten)]
    address: AddressFields,
    /// From when; today when left out. A later date is a future move.
    effective_date: Option<DateText>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeHomeAddressInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        Some(
            address::ChangeHomeAddress {
                person: Shape::contact_id(&self.person_id),
                address: self.address.read(shape)?,
                effective_date: optional_date(self.effective_date),
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct AddressMutations;

#[Object]
impl AddressMutations {
    /// Sets the correspondence address of a person, household or company from a date on; needs `WRITE`. It belongs to the
    /// contact; a customer only shows it (E1-20 … E1-22). Bank accounts whose holder's address follows get it in the same
    /// commit (E1-23), and so do the followers of a leader (A1-07).
    ///
    /// Codes: `OWNED_BY_HOUSEHOLD` (a customer was named: change its contact, see `entityId`), `INVALID_POSTCODE`,
    /// `INVALID_HOUSE_NUMBER`, `INVALID_COUNTRY`, `ADDRESS_NOT_FOUND`, `ADDRESS_AMBIGUOUS`, `ADDRESS_TABLE_UNAVAILABLE`,
    /// `FIELD_FOLLOWS_LEADER`. Asks `ADDRESS_MISMATCH` when typed parts contradict the postcode table. Warnings:
    /// `ADDITION_NOT_IN_TABLE`, `EFFECTIVE_IN_PAST`.
    async fn change_correspondence_address(
        &self,
        ctx: &Context<'_>,
        input: ChangeCorrespondenceAddressInput,
    ) -> Result<Payload<ChangeCorrespondenceAddressInput>> {
        execute(ctx, input).await
    }

    /// Sets the private home address of a person from a date on; needs `WRITE`. Followers take it over (A1-06, A1-07).
    ///
    /// Codes, questions and warnings as in `changeCorrespondenceAddress`, and `NOT_A_PERSON`.
    async fn change_home_address(
        &self,
        ctx: &Context<'_>,
        input: ChangeHomeAddressInput,
    ) -> Result<Payload<ChangeHomeAddressInput>> {
        execute(ctx, input).await
    }
}
