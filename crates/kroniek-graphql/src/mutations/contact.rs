//! Contacts and their names.

use super::address::{TypedAddressFields, address_input};
use super::channel::{ChannelInput, emails, phones};
use super::execute::execute;
use super::input::{CommandInput, Envelope, Shape, leave_or_set, optional_date, text};
use crate::payload::Payload;
use crate::scalars::DateText;
use crate::types::ContactKind;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::address::AddressInput;
use kroniek_domain::channel::WantedChannel;
use kroniek_domain::contact;

/// A person that does not exist yet.
#[derive(InputObject)]
pub(crate) struct NewPersonInput {
    /// Initials, as typed; stored as `J.P.`.
    initials: Option<String>,
    /// Infix, such as `van der`.
    infix: Option<String>,
    /// Surname. Mandatory.
    surname: Option<String>,
    /// Date of birth; needs `SENSITIVE_WRITE`.
    birth_date: Option<DateText>,
    /// Salutation code (code list `SALUTATION`); needs `SENSITIVE_WRITE`.
    salutation: Option<String>,
    /// BSN; needs `SENSITIVE_WRITE`.
    bsn: Option<String>,
    /// Gender `M`, `V` or `O`; needs `SENSITIVE_WRITE`.
    gender: Option<String>,
    /// Phones, mobiles and faxes.
    phones: Option<Vec<ChannelInput>>,
    /// E-mail addresses.
    emails: Option<Vec<ChannelInput>>,
}

impl NewPersonInput {
    pub(crate) fn read(self) -> contact::NewPerson {
        contact::NewPerson {
            initials: self.initials,
            infix: self.infix,
            surname: text(self.surname),
            birth_date: optional_date(self.birth_date),
            salutation: self.salutation,
            bsn: self.bsn,
            gender: self.gender,
            phones: phones(self.phones),
            emails: emails(self.emails),
        }
    }
}

/// A person that does not exist yet, and the role that it gets.
#[derive(InputObject)]
pub(crate) struct NewPersonInRoleInput {
    /// Role code towards the household or company (code list `ROLE`). Mandatory.
    role_code: Option<String>,
    /// Begin of the role; today when left out.
    begin_date: Option<DateText>,
    #[graphql(flatten)]
    person: NewPersonInput,
}

impl NewPersonInRoleInput {
    fn read(self) -> contact::NewPersonRole {
        contact::NewPersonRole {
            person: self.person.read(),
            role_code: text(self.role_code),
            begin_date: optional_date(self.begin_date),
        }
    }
}

/// Who a contact is that does not exist yet: its name, address and channels.
#[derive(InputObject)]
pub(crate) struct NewContactFields {
    /// Initials of a person or household.
    initials: Option<String>,
    /// Infix of a person or household.
    infix: Option<String>,
    /// Surname of a person or household. Mandatory for a person.
    surname: Option<String>,
    /// Name of a company, a location or general correspondence. Mandatory for these.
    company_name: Option<String>,
    /// Salutation code (code list `SALUTATION`); needs `SENSITIVE_WRITE`. A company has `BLANCO`, given or not.
    salutation: Option<String>,
    /// Correspondence address by postcode, house number and addition, as in `3511AB12bis`. This or `address`.
    address_lookup: Option<String>,
    /// Correspondence address part by part. This or `addressLookup`.
    address: Option<TypedAddressFields>,
    /// Phones, mobiles and faxes.
    phones: Option<Vec<ChannelInput>>,
    /// E-mail addresses; the one of first preference is the main one.
    emails: Option<Vec<ChannelInput>>,
}

/// [`NewContactFields`], read.
pub(crate) struct NewContact {
    pub(crate) initials: Option<String>,
    pub(crate) infix: Option<String>,
    pub(crate) surname: Option<String>,
    pub(crate) company_name: Option<String>,
    pub(crate) salutation: Option<String>,
    pub(crate) address: Option<AddressInput>,
    pub(crate) phones: Vec<WantedChannel>,
    pub(crate) emails: Vec<WantedChannel>,
}

impl NewContactFields {
    pub(crate) fn read(self, shape: &mut Shape) -> NewContact {
        NewContact {
            initials: self.initials,
            infix: self.infix,
            surname: self.surname,
            company_name: self.company_name,
            salutation: self.salutation,
            address: address_input(shape, self.address_lookup, self.address),
            phones: phones(self.phones),
            emails: emails(self.emails),
        }
    }
}

/// Input of `createContact`. A household without a surname is called as its contractant, so the surname is mandatory where
/// the first person of a household has another role.
#[derive(InputObject)]
pub(crate) struct CreateContactInput {
    /// Kind of the contact.
    kind: ContactKind,
    /// A contact number of the caller's choice; normally left out, to get the next of the series.
    number: Option<String>,
    /// Always refused with `NAME_IS_DERIVED`: a name is made of its parts.
    name: Option<String>,
    #[graphql(flatten)]
    who: NewContactFields,
    /// The first person in it. Mandatory for a household.
    person: Option<NewPersonInRoleInput>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreateContactInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        shape.nested(&[
            ("roleCode", "person.roleCode"),
            ("beginDate", "person.beginDate"),
            ("birthDate", "person.birthDate"),
            ("bsn", "person.bsn"),
            ("gender", "person.gender"),
        ]);
        let who = self.who.read(shape);
        Some(
            contact::CreateContact {
                kind: self.kind.into(),
                number: self.number,
                name: self.name,
                initials: who.initials,
                infix: who.infix,
                surname: who.surname,
                company_name: who.company_name,
                salutation: who.salutation,
                address: who.address,
                phones: who.phones,
                emails: who.emails,
                person: self.person.map(NewPersonInRoleInput::read),
            }
            .into(),
        )
    }
}

/// Input of `createPersonInHousehold`.
#[derive(InputObject)]
pub(crate) struct CreatePersonInHouseholdInput {
    /// The household or company.
    household_id: ID,
    #[graphql(flatten)]
    person: NewPersonInRoleInput,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for CreatePersonInHouseholdInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let household = Shape::contact_id(&self.household_id);
        Some(contact::CreatePersonInHousehold { household, person: self.person.read() }.into())
    }
}

/// Input of `changePersonName`. What is absent is left; null clears.
#[derive(InputObject)]
pub(crate) struct ChangePersonNameInput {
    /// The person.
    person_id: ID,
    /// Always refused with `NAME_IS_DERIVED`: a name is made of its parts.
    name: Option<String>,
    /// Initials.
    initials: MaybeUndefined<String>,
    /// Infix.
    infix: MaybeUndefined<String>,
    /// Surname; it cannot be cleared.
    surname: MaybeUndefined<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangePersonNameInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            contact::ChangePersonName {
                person: Shape::contact_id(&self.person_id),
                name: self.name,
                initials: leave_or_set(self.initials),
                infix: leave_or_set(self.infix),
                surname: leave_or_set(self.surname),
            }
            .into(),
        )
    }
}

/// Input of `changeContactName`. What is absent is left; null clears.
#[derive(InputObject)]
pub(crate) struct ChangeContactNameInput {
    /// The household or company.
    contact_id: ID,
    /// Always refused with `NAME_IS_DERIVED`: a name is made of its parts.
    name: Option<String>,
    /// Initials of a household.
    initials: MaybeUndefined<String>,
    /// Infix of a household.
    infix: MaybeUndefined<String>,
    /// Surname of a household; it cannot be cleared.
    surname: MaybeUndefined<String>,
    /// Name of a company; it cannot be cleared.
    company_name: MaybeUndefined<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeContactNameInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            contact::ChangeContactName {
                contact: Shape::contact_id(&self.contact_id),
                name: self.name,
                initials: leave_or_set(self.initials),
                infix: leave_or_set(self.infix),
                surname: leave_or_set(self.surname),
                company_name: leave_or_set(self.company_name),
            }
            .into(),
        )
    }
}

/// Input of `changeContactKind`.
#[derive(InputObject)]
pub(crate) struct ChangeContactKindInput {
    /// The contact.
    contact_id: ID,
    /// The wanted kind.
    kind: ContactKind,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeContactKindInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        let contact = Shape::contact_id(&self.contact_id);
        Some(contact::ChangeContactKind { contact, kind: self.kind.into() }.into())
    }
}

/// Input of `changeCompanyData`. What is absent is left; null clears.
#[derive(InputObject)]
pub(crate) struct ChangeCompanyDataInput {
    /// The company.
    contact_id: ID,
    /// Chamber-of-commerce number, 8 digits.
    kvk: MaybeUndefined<String>,
    /// RSIN, 9 digits.
    rsin: MaybeUndefined<String>,
    /// VAT id, such as `NL123456789B01`.
    vat_id: MaybeUndefined<String>,
    /// Legal form (code list `LEGAL_FORM`).
    legal_form: MaybeUndefined<String>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeCompanyDataInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, _: &mut Shape) -> Option<Command> {
        Some(
            contact::ChangeCompanyData {
                contact: Shape::contact_id(&self.contact_id),
                kvk: leave_or_set(self.kvk),
                rsin: leave_or_set(self.rsin),
                vat_id: leave_or_set(self.vat_id),
                legal_form: leave_or_set(self.legal_form),
            }
            .into(),
        )
    }
}

#[derive(Default)]
pub(crate) struct ContactMutations;

#[Object]
impl ContactMutations {
    /// Makes a contact; needs `WRITE`. A household is made together with its first person, who gets a role in it; a
    /// company has a name and no initials; a person may stand alone (E2-06 … E2-12, E2-15). The contact number is the
    /// next of a series.
    ///
    /// Codes: `PERSON_REQUIRED`, `NUMBER_TAKEN`, `NAME_IS_DERIVED`, `COMPANY_HAS_NO_INITIALS`, `KIND_NOT_ALLOWED`,
    /// `SALUTATION_NOT_ALLOWED`, `SALUTATION_NEEDS_DEATH`, `CONTRACTANT_NEEDS_HOUSEHOLD`, and the codes of
    /// `changeCorrespondenceAddress`, `changeChannels` and `changePersonalData` for what is given along.
    async fn create_contact(
        &self,
        ctx: &Context<'_>,
        input: CreateContactInput,
    ) -> Result<Payload<CreateContactInput>> {
        execute(ctx, input).await
    }

    /// Makes a person in an existing household or company, with its role there; needs `WRITE` (E2-13, E2-14).
    ///
    /// Codes: `CONTRACTANT_NEEDS_HOUSEHOLD`, `PARENT_TYPE_NOT_ALLOWED`, and the codes of `changeChannels` and
    /// `changePersonalData` for what is given along.
    async fn create_person_in_household(
        &self,
        ctx: &Context<'_>,
        input: CreatePersonInHouseholdInput,
    ) -> Result<Payload<CreatePersonInHouseholdInput>> {
        execute(ctx, input).await
    }

    /// Changes the name parts of a person; needs `WRITE`. Its name is derived from them, and so are the names of the
    /// households in which it is shown first: see `householdNames` (E1-13, E1-15, E1-27, E2-09). Followers take the name
    /// over (A1-07).
    ///
    /// Codes: `NAME_IS_DERIVED`, `NOT_A_PERSON`, `FIELD_FOLLOWS_LEADER`.
    async fn change_person_name(
        &self,
        ctx: &Context<'_>,
        input: ChangePersonNameInput,
    ) -> Result<Payload<ChangePersonNameInput>> {
        execute(ctx, input).await
    }

    /// Changes the name of a company, or the own name of a household that has no contractant; needs `WRITE` (E1-27,
    /// E2-15).
    ///
    /// Codes: `NAME_IS_DERIVED` (a household with contractants is called as the one shown first), `KIND_NOT_ALLOWED`,
    /// `COMPANY_HAS_NO_INITIALS`.
    async fn change_contact_name(
        &self,
        ctx: &Context<'_>,
        input: ChangeContactNameInput,
    ) -> Result<Payload<ChangeContactNameInput>> {
        execute(ctx, input).await
    }

    /// Changes the kind of a contact between HOUSEHOLD and COMPANY, before it is in use; needs `WRITE` (E2-10).
    ///
    /// Codes: `KIND_IS_FIXED`.
    async fn change_contact_kind(
        &self,
        ctx: &Context<'_>,
        input: ChangeContactKindInput,
    ) -> Result<Payload<ChangeContactKindInput>> {
        execute(ctx, input).await
    }

    /// Changes the registration numbers of a company; needs `WRITE`.
    ///
    /// Codes: `KIND_NOT_ALLOWED`, `INVALID_KVK`, `INVALID_RSIN`, `INVALID_VAT_ID`.
    async fn change_company_data(
        &self,
        ctx: &Context<'_>,
        input: ChangeCompanyDataInput,
    ) -> Result<Payload<ChangeCompanyDataInput>> {
        execute(ctx, input).await
    }
}
