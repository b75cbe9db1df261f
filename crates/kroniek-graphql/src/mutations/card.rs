//! The blocks of the client card.

use super::execute::execute;
use super::input::{CommandInput, CustomerFields, Envelope, Shape};
use crate::payload::Payload;
use crate::scalars::DateText;
use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use kroniek_domain::Command;
use kroniek_domain::card::{self, Field};
use std::collections::BTreeMap;

/// What a field of the card was given: nothing, nothing any more, or values.
trait Given {
    fn given(self) -> Option<Vec<String>>;
}

impl Given for MaybeUndefined<String> {
    fn given(self) -> Option<Vec<String>> {
        one(self, |text| text)
    }
}

impl Given for MaybeUndefined<DateText> {
    fn given(self) -> Option<Vec<String>> {
        one(self, |date| date.0)
    }
}

impl Given for MaybeUndefined<bool> {
    fn given(self) -> Option<Vec<String>> {
        one(self, |yes| yes.to_string())
    }
}

impl Given for MaybeUndefined<Vec<String>> {
    fn given(self) -> Option<Vec<String>> {
        match self {
            Self::Undefined => None,
            Self::Null => Some(Vec::new()),
            Self::Value(values) => Some(values),
        }
    }
}

fn one<T>(field: MaybeUndefined<T>, text: impl FnOnce(T) -> String) -> Option<Vec<String>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(Vec::new()),
        MaybeUndefined::Value(value) => Some(vec![text(value)]),
    }
}

/// The fields of a block, and how they are spelled in the input.
type Block = (card::Block, Vec<(Field, Vec<String>)>);

/// Declares the input of a block: its fields with their types, and the fields of the card that they are.
macro_rules! block {
    ($(#[$doc:meta])+ $name:ident $block:ident { $( $(#[$field_doc:meta])+ $field:ident: $kind:ty = $of:ident ),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(InputObject)]
        pub(crate) struct $name { $( $(#[$field_doc])+ $field: MaybeUndefined<$kind> ),+ }

        impl $name {
            fn read(self) -> Block {
                let fields = [ $( (Field::$of, self.$field.given()) ),+ ];
                let fields = fields.into_iter().filter_map(|(field, given)| Some((field, given?)));
                (card::Block::$block, fields.collect())
            }
        }
    };
}

block! {
    /// Correspondence and mailings (A2-21).
    CorrespondenceBlockInput Correspondence {
        /// Assigned groups (code list `CORRESPONDENCE_GROUP`).
        correspondence_groups: Vec<String> = CorrespondenceGroups,
        /// Whether it may be included in mailings.
        mailings: bool = Mailings,
    }
}

block! {
    /// Contact data (A2-22); channels and the correspondence address are changed at the contact.
    ContactDataBlockInput ContactData {
        /// Web site (`INVALID_URL`): the contact's own, the first among its `websites`.
        website: String = Website,
        /// Where it is established, when that is not the correspondence address.
        establishment_address: String = EstablishmentAddress,
    }
}

block! {
    /// Partner data private; persons only (A2-44).
    PartnerBlockInput Partner {
        /// Name of the life partner.
        life_partner: String = LifePartner,
    }
}

block! {
    /// Office (A2-23).
    OfficeBlockInput Office {
        /// Branch (code list `BRANCH`).
        branch: String = Branch,
        /// Organisation (code list `ORGANISATION`).
        organisation: String = Organisation,
    }
}

block! {
    /// Employees in service, by code (A2-25, `EMPLOYEE_LEFT`).
    EmployeesBlockInput Employees {
        /// Responsible partner.
        responsible_partner: String = ResponsiblePartner,
        /// Billing employee.
        billing_employee: String = BillingEmployee,
        /// Relation owner.
        relation_owner: String = RelationOwner,
    }
}

block! {
    /// Anti-money-laundering act; persons only, needs `WWFT` (A2-26, A2-47).
    WwftBlockInput Wwft {
        /// Kind of the identity document (code list `IDENTITY_DOCUMENT`).
        document_kind: String = DocumentKind,
        /// Its number.
        document_number: String = DocumentNumber,
        /// Last day on which it is valid.
        document_valid_until: DateText = DocumentValidUntil,
        /// When the identification was registered.
        identified_on: DateText = IdentifiedOn,
    }
}

block! {
    /// Acquisition (A2-27).
    AcquisitionBlockInput Acquisition {
        /// By which way the client came.
        source: String = AcquisitionSource,
        /// Since when it was worked on.
        since: DateText = AcquisitionDate,
        /// What was talked about.
        note: String = AcquisitionNote,
    }
}

block! {
    /// Engagements (A2-28).
    EngagementsBlockInput Engagements {
        /// Kinds of work (code list `ENGAGEMENT`).
        engagements: Vec<String> = Engagements,
    }
}

block! {
    /// Billing (A2-29); the debtor number is set with `setDebtorNumber`.
    BillingBlockInput Billing {
        /// Billing address, when it is another.
        billing_address: String = BillingAddress,
    }
}

block! {
    /// Structure (A2-32); the parent company is set with `setParentCompany`.
    StructureBlockInput Structure {
        /// Name of the group of companies.
        group_name: String = GroupName,
    }
}

block! {
    /// Audit-firm supervision act; companies only (A2-33).
    WtaBlockInput Wta {
        /// Whether it is a public-interest entity.
        public_interest: bool = PublicInterest,
        /// Whether its audit is statutory.
        statutory_audit: bool = StatutoryAudit,
        /// Other data.
        wta_note: String = WtaNote,
    }
}

block! {
    /// Accountancy; companies only (A2-34). KvK data are changed with `changeCompanyData`.
    AccountancyBlockInput Accountancy {
        /// Month and day on which the financial year ends, `12-31`.
        financial_year_end: String = FinancialYearEnd,
        /// Whether annual accounts must be published.
        publication: bool = Publication,
    }
}

block! {
    /// Tax (A2-35). RSIN and VAT id are changed with `changeCompanyData`.
    TaxBlockInput Tax {
        /// Wage-tax number (`INVALID_WAGE_TAX_NO`).
        wage_tax_no: String = WageTaxNo,
    }
}

block! {
    /// Automation (A2-36).
    AutomationBlockInput Automation {
        /// Software that the client uses.
        software: Vec<String> = Software,
    }
}

block! {
    /// Personnel advice; companies only (A2-37).
    PersonnelBlockInput Personnel {
        /// Number at the payroll service.
        payroll_no: String = PayrollNo,
        /// Number at the pension fund.
        pension_no: String = PensionNo,
    }
}

block! {
    /// Attachments (A2-38).
    FilesBlockInput Files {
        /// References to attachments.
        attachments: Vec<String> = Attachments,
    }
}

block! {
    /// Dossier (A2-40).
    DossierBlockInput Dossier {
        /// The dossier that the client is coupled to.
        dossier_reference: String = DossierReference,
    }
}

/// How the fields of the card are spelled in the input: each in its block.
const SPELLINGS: &[(&str, &str)] = &[
    ("correspondenceGroups", "correspondence.correspondenceGroups"),
    ("mailings", "correspondence.mailings"),
    ("website", "contactData.website"),
    ("establishmentAddress", "contactData.establishmentAddress"),
    ("lifePartner", "partner.lifePartner"),
    ("branch", "office.branch"),
    ("organisation", "office.organisation"),
    ("responsiblePartner", "employees.responsiblePartner"),
    ("billingEmployee", "employees.billingEmployee"),
    ("relationOwner", "employees.relationOwner"),
    ("documentKind", "wwft.documentKind"),
    ("documentNumber", "wwft.documentNumber"),
    ("documentValidUntil", "wwft.documentValidUntil"),
    ("identifiedOn", "wwft.identifiedOn"),
    ("source", "acquisition.source"),
    ("since", "acquisition.since"),
    ("note", "acquisition.note"),
    ("engagements", "engagements.engagements"),
    ("billingAddress", "billing.billingAddress"),
    ("groupName", "structure.groupName"),
    ("publicInterest", "wta.publicInterest"),
    ("statutoryAudit", "wta.statutoryAudit"),
    ("wtaNote", "wta.wtaNote"),
    ("financialYearEnd", "accountancy.financialYearEnd"),
    ("publication", "accountancy.publication"),
    ("wageTaxNo", "tax.wageTaxNo"),
    ("software", "automation.software"),
    ("payrollNo", "personnel.payrollNo"),
    ("pensionNo", "personnel.pensionNo"),
    ("attachments", "files.attachments"),
    ("dossierReference", "dossier.dossierReference"),
];

/// Input of `changeCard`. One block or more; in each, a field that is absent stays as it is, and null clears it.
#[derive(InputObject)]
pub(crate) struct ChangeCardInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// Correspondence and mailings (A2-21).
    correspondence: Option<CorrespondenceBlockInput>,
    /// Contact data (A2-22); channels and the correspondence address are changed at the contact.
    contact_data: Option<ContactDataBlockInput>,
    /// Partner data private; persons only (A2-44).
    partner: Option<PartnerBlockInput>,
    /// Office (A2-23).
    office: Option<OfficeBlockInput>,
    /// Employees in service, by code (A2-25, `EMPLOYEE_LEFT`).
    employees: Option<EmployeesBlockInput>,
    /// Anti-money-laundering act; persons only, needs `WWFT` (A2-26, A2-47).
    wwft: Option<WwftBlockInput>,
    /// Acquisition (A2-27).
    acquisition: Option<AcquisitionBlockInput>,
    /// Engagements (A2-28).
    engagements: Option<EngagementsBlockInput>,
    /// Billing (A2-29); the debtor number is set with `setDebtorNumber`.
    billing: Option<BillingBlockInput>,
    /// Structure (A2-32); the parent company is set with `setParentCompany`.
    structure: Option<StructureBlockInput>,
    /// Audit-firm supervision act; companies only (A2-33).
    wta: Option<WtaBlockInput>,
    /// Accountancy; companies only (A2-34). KvK data are changed with `changeCompanyData`.
    accountancy: Option<AccountancyBlockInput>,
    /// Tax (A2-35). RSIN and VAT id are changed with `changeCompanyData`.
    tax: Option<TaxBlockInput>,
    /// Automation (A2-36).
    automation: Option<AutomationBlockInput>,
    /// Personnel advice; companies only (A2-37).
    personnel: Option<PersonnelBlockInput>,
    /// Attachments (A2-38).
    files: Option<FilesBlockInput>,
    /// Dossier (A2-40).
    dossier: Option<DossierBlockInput>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for ChangeCardInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer);
        shape.nested(SPELLINGS);
        let blocks = [
            self.correspondence.map(CorrespondenceBlockInput::read),
            self.contact_data.map(ContactDataBlockInput::read),
            self.partner.map(PartnerBlockInput::read),
            self.office.map(OfficeBlockInput::read),
            self.employees.map(EmployeesBlockInput::read),
            self.wwft.map(WwftBlockInput::read),
            self.acquisition.map(AcquisitionBlockInput::read),
            self.engagements.map(EngagementsBlockInput::read),
            self.billing.map(BillingBlockInput::read),
            self.structure.map(StructureBlockInput::read),
            self.wta.map(WtaBlockInput::read),
            self.accountancy.map(AccountancyBlockInput::read),
            self.tax.map(TaxBlockInput::read),
            self.automation.map(AutomationBlockInput::read),
            self.personnel.map(PersonnelBlockInput::read),
            self.files.map(FilesBlockInput::read),
            self.dossier.map(DossierBlockInput::read),
        ];
        let blocks: BTreeMap<_, _> = blocks.into_iter().flatten().collect();
        shape.some_of("the blocks of the card", !blocks.is_empty())?;
        Some(card::ChangeCard { customer: customer?, blocks }.into())
    }
}

/// Input of `recordKeyFigures`.
#[derive(InputObject)]
pub(crate) struct RecordKeyFiguresInput {
    #[graphql(flatten)]
    customer: CustomerFields,
    /// The calendar year.
    year: i64,
    /// Turnover.
    turnover: Option<i64>,
    /// Result after tax; negative for a loss.
    result: Option<i64>,
    /// Equity.
    equity: Option<i64>,
    /// Balance-sheet total.
    balance_total: Option<i64>,
    /// Employees, on average.
    employees: Option<i64>,
    #[graphql(flatten)]
    envelope: Envelope,
}

impl CommandInput for RecordKeyFiguresInput {
    fn envelope(&mut self) -> Envelope {
        std::mem::take(&mut self.envelope)
    }

    fn command(self, shape: &mut Shape) -> Option<Command> {
        let customer = shape.customer(self.customer)?;
        let figures = card::KeyFigures {
            turnover: self.turnover,
            result: self.result,
            equity: self.equity,
            balance_total: self.balance_total,
            employees: self.employees,
        };
        Some(card::RecordKeyFigures { customer, year: self.year, figures }.into())
    }
}

#[derive(Default)]
pub(crate) struct CardMutations;

#[Object]
impl CardMutations {
    /// Changes blocks of the client card, one or several in one commit, all or nothing (A2-20 … A2-38, A2-43 … A2-47). What
    /// the card only shows is changed where it is kept.
    ///
    /// Codes: `BLOCK_NOT_ON_CARD`, `INVALID_URL`, `INVALID_DATE`, `INVALID_WAGE_TAX_NO`, `EMPLOYEE_LEFT`,
    /// `UNKNOWN_CODE`, `DATE_IN_FUTURE`, and `REQUIRED` (no block at all; `field` is null). `field` names the block:
    /// `tax.wageTaxNo`. The web site is kept by the contact: with it, `expectedVersion` is the contact's, or the
    /// customer's while that is the later.
    async fn change_card(
        &self,
        ctx: &Context<'_>,
        input: ChangeCardInput,
    ) -> Result<Payload<ChangeCardInput>> {
        execute(ctx, input).await
    }

    /// Records the key figures of a year, all as they are now (A2-31). What was known before is in the history.
    ///
    /// Codes: `INVALID_YEAR`, `INVALID_AMOUNT`, `REQUIRED` (no figure at all).
    async fn record_key_figures(
        &self,
        ctx: &Context<'_>,
        input: RecordKeyFiguresInput,
    ) -> Result<Payload<RecordKeyFiguresInput>> {
        execute(ctx, input).await
    }
}
