//! The table of the card: which tab has which blocks, which block which fields, and what a field may hold.

use super::Refusal;
use crate::channel;
use crate::code_list;
use crate::draft::Draft;
use crate::employee;
use crate::problem::General;
use crate::values;

/// A tab of the card. The first is called Company or Person (A2-20, A2-43).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Tab {
    /// Company, or person.
    Registration,
    /// Internal (A2-23 … A2-30).
    Internal,
    /// General (A2-31 … A2-33).
    General,
    /// Professional (A2-34 … A2-37).
    Professional,
    /// Files (A2-38).
    Files,
    /// Administration (A2-39 … A2-42).
    Administration,
}

/// A block of the card that is filled in on the card itself. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Block {
    /// Correspondence and mailings (A2-21).
    Correspondence,
    /// Contact data that are no channel or correspondence address (A2-22).
    ContactData,
    /// Office (A2-23).
    Office,
    /// Employees (A2-25).
    Employees,
    /// Anti-money-laundering act; persons only (A2-26, A2-47).
    Wwft,
    /// Acquisition (A2-27).
    Acquisition,
    /// Engagements (A2-28).
    Engagements,
    /// Billing (A2-29).
    Billing,
    /// The group that a company belongs to (A2-32).
    Structure,
    /// Audit-firm supervision act; companies only (A2-33).
    Wta,
    /// Accountancy; companies only (A2-34).
    Accountancy,
    /// Tax (A2-35).
    Tax,
    /// Automation (A2-36).
    Automation,
    /// Personnel advice; companies only (A2-37).
    Personnel,
    /// Attachments, as references (A2-38).
    Files,
    /// The client's dossier (A2-40).
    Dossier,
    /// Partner data private; persons only (A2-44).
    Partner,
}

crate::stored_numbers! { Block {
    Correspondence = 1 "CORRESPONDENCE",
    ContactData = 2 "CONTACT_DATA",
    Office = 3 "OFFICE",
    Employees = 4 "EMPLOYEES",
    Wwft = 5 "WWFT",
    Acquisition = 6 "ACQUISITION",
    Engagements = 7 "ENGAGEMENTS",
    Billing = 8 "BILLING",
    Structure = 9 "STRUCTURE",
    Wta = 10 "WTA",
    Accountancy = 11 "ACCOUNTANCY",
    Tax = 12 "TAX",
    Automation = 13 "AUTOMATION",
    Personnel = 14 "PERSONNEL",
    Files = 15 "FILES",
    Dossier = 16 "DOSSIER",
    Partner = 17 "PARTNER",
} }

/// Which tab each block stands on, in the order of the manual.
pub const BLOCKS: &[(Tab, Block)] = &[
    (Tab::Registration, Block::Correspondence),
    (Tab::Registration, Block::ContactData),
    (Tab::Registration, Block::Partner),
    (Tab::Internal, Block::Office),
    (Tab::Internal, Block::Employees),
    (Tab::Internal, Block::Wwft),
    (Tab::Internal, Block::Acquisition),
    (Tab::Internal, Block::Engagements),
    (Tab::Internal, Block::Billing),
    (Tab::General, Block::Structure),
    (Tab::General, Block::Wta),
    (Tab::Professional, Block::Accountancy),
    (Tab::Professional, Block::Tax),
    (Tab::Professional, Block::Automation),
    (Tab::Professional, Block::Personnel),
    (Tab::Files, Block::Files),
    (Tab::Administration, Block::Dossier),
];

/// The tab that a block stands on.
pub fn tab_of(block: Block) -> Tab {
    BLOCKS.iter().find(|(_, known)| *known == block).map_or(Tab::Administration, |(tab, _)| *tab)
}

/// A field of the card. Numbers are the storage format.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Field {
    /// Assigned correspondence groups.
    CorrespondenceGroups,
    /// Whether it may be included in mailings.
    Mailings,
    /// Web site: the contact's, see [`super::website`].
    Website,
    /// Where the company is established, when that is not the correspondence address.
    EstablishmentAddress,
    /// Branch of industry.
    Branch,
    /// Organisation that the client belongs to.
    Organisation,
    /// Responsible partner.
    ResponsiblePartner,
    /// Billing employee.
    BillingEmployee,
    /// Relation owner.
    RelationOwner,
    /// Kind of the identity document.
    DocumentKind,
    /// Number of the identity document.
    DocumentNumber,
    /// Last day on which the document is valid.
    DocumentValidUntil,
    /// When the identification was registered.
    IdentifiedOn,
    /// By which way the client came.
    AcquisitionSource,
    /// Since when it was worked on.
    AcquisitionDate,
    /// What was talked about.
    AcquisitionNote,
    /// Kinds of work that are done for the client.
    Engagements,
    /// Billing address, when it is another.
    BillingAddress,
    /// Name of the group of companies.
    GroupName,
    /// Whether it is a public-interest entity.
    PublicInterest,
    /// Whether its audit is statutory.
    StatutoryAudit,
    /// Other data for the supervision act.
    WtaNote,
    /// Month and day on which the financial year ends.
    FinancialYearEnd,
    /// Whether annual accounts must be published.
    Publication,
    /// Wage-tax number.
    WageTaxNo,
    /// Software that the client uses.
    Software,
    /// Number at the payroll service.
    PayrollNo,
    /// Number at the pension fund.
    PensionNo,
    /// References to attachments.
    Attachments,
    /// The dossier that the client is coupled to.
    DossierReference,
    /// Name of the life partner.
    LifePartner,
}

crate::stored_numbers! { Field {
    CorrespondenceGroups = 1 "correspondenceGroups",
    Mailings = 2 "mailings",
    Website = 3 "website",
    EstablishmentAddress = 4 "establishmentAddress",
    Branch = 5 "branch",
    Organisation = 6 "organisation",
    ResponsiblePartner = 7 "responsiblePartner",
    BillingEmployee = 8 "billingEmployee",
    RelationOwner = 9 "relationOwner",
    DocumentKind = 10 "documentKind",
    DocumentNumber = 11 "documentNumber",
    DocumentValidUntil = 12 "documentValidUntil",
    IdentifiedOn = 13 "identifiedOn",
    AcquisitionSource = 14 "source",
    AcquisitionDate = 15 "since",
    AcquisitionNote = 16 "note",
    Engagements = 17 "engagements",
    BillingAddress = 18 "billingAddress",
    GroupName = 19 "groupName",
    PublicInterest = 20 "publicInterest",
    StatutoryAudit = 21 "statutoryAudit",
    WtaNote = 22 "wtaNote",
    FinancialYearEnd = 23 "financialYearEnd",
    Publication = 24 "publication",
    WageTaxNo = 25 "wageTaxNo",
    Software = 26 "software",
    PayrollNo = 27 "payrollNo",
    PensionNo = 28 "pensionNo",
    Attachments = 29 "attachments",
    DossierReference = 30 "dossierReference",
    LifePartner = 31 "lifePartner",
} }

/// What a field may hold.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Holds {
    /// One line of text, of at most so many characters.
    Line(usize),
    /// Lines of text, of at most so many characters.
    Note(usize),
    /// Several lines of text, each of at most so many characters.
    Lines(usize),
    /// A code of a list.
    Code(&'static str),
    /// Several codes of a list.
    Codes(&'static str),
    /// `true` or `false`.
    YesNo,
    /// A calendar date.
    Date,
    /// A calendar date that is not in the future.
    PastDate,
    /// The address of a web page.
    Url,
    /// A wage-tax number.
    WageTaxNo,
    /// Month and day, as `12-31`.
    MonthDay,
    /// The code of an employee in service.
    Employee,
}

/// Every field with its block and what it may hold.
pub const FIELDS: &[(Block, Field, Holds)] = &[
    (Block::Correspondence, Field::CorrespondenceGroups, Holds::Codes(code_list::CORRESPONDENCE_GROUP)),
    (Block::Correspondence, Field::Mailings, Holds::YesNo),
    (Block::ContactData, Field::Website, Holds::Url),
    (Block::ContactData, Field::EstablishmentAddress, Holds::Line(200)),
    (Block::Office, Field::Branch, Holds::Code(code_list::BRANCH)),
    (Block::Office, Field::Organisation, Holds::Code(code_list::ORGANISATION)),
    (Block::Employees, Field::ResponsiblePartner, Holds::Employee),
    (Block::Employees, Field::BillingEmployee, Holds::Employee),
    (Block::Employees, Field::RelationOwner, Holds::Employee),
    (Block::Wwft, Field::DocumentKind, Holds::Code(code_list::IDENTITY_DOCUMENT)),
    (Block::Wwft, Field::DocumentNumber, Holds::Line(20)),
    (Block::Wwft, Field::DocumentValidUntil, Holds::Date),
    (Block::Wwft, Field::IdentifiedOn, Holds::PastDate),
    (Block::Acquisition, Field::AcquisitionSource, Holds::Line(100)),
    (Block::Acquisition, Field::AcquisitionDate, Holds::PastDate),
    (Block::Acquisition, Field::AcquisitionNote, Holds::Note(1000)),
    (Block::Engagements, Field::Engagements, Holds::Codes(code_list::ENGAGEMENT)),
    (Block::Billing, Field::BillingAddress, Holds::Line(200)),
    (Block::Structure, Field::GroupName, Holds::Line(100)),
    (Block::Wta, Field::PublicInterest, Holds::YesNo),
    (Block::Wta, Field::StatutoryAudit, Holds::YesNo),
    (Block::Wta, Field::WtaNote, Holds::Note(1000)),
    (Block::Accountancy, Field::FinancialYearEnd, Holds::MonthDay),
    (Block::Accountancy, Field::Publication, Holds::YesNo),
    (Block::Tax, Field::WageTaxNo, Holds::WageTaxNo),
    (Block::Automation, Field::Software, Holds::Lines(80)),
    (Block::Personnel, Field::PayrollNo, Holds::Line(30)),
    (Block::Personnel, Field::PensionNo, Holds::Line(30)),
    (Block::Files, Field::Attachments, Holds::Lines(200)),
    (Block::Dossier, Field::DossierReference, Holds::Line(80)),
    (Block::Partner, Field::LifePartner, Holds::Line(100)),
];

/// Most values of a field that holds several.
const MOST_VALUES: usize = 50;

impl Block {
    /// The input field that it is sent in.
    pub fn input(self) -> &'static str {
        match self {
            Self::Correspondence => "correspondence",
            Self::ContactData => "contactData",
            Self::Office => "office",
            Self::Employees => "employees",
            Self::Wwft => "wwft",
            Self::Acquisition => "acquisition",
            Self::Engagements => "engagements",
            Self::Billing => "billing",
            Self::Structure => "structure",
            Self::Wta => "wta",
            Self::Accountancy => "accountancy",
            Self::Tax => "tax",
            Self::Automation => "automation",
            Self::Personnel => "personnel",
            Self::Files => "files",
            Self::Dossier => "dossier",
            Self::Partner => "partner",
        }
    }
}

impl Field {
    /// Its block, and what it may hold.
    pub fn row(self) -> (Block, Holds) {
        let row = FIELDS.iter().find(|(_, field, _)| *field == self);
        // The table is complete: a test says so.
        row.map_or((Block::Dossier, Holds::Line(0)), |(block, _, holds)| (*block, *holds))
    }

    /// The values in their normal form, empty ones left out; `None` after a refusal.
    pub(super) fn read(self, d: &mut Draft<'_>, raw: &[String]) -> Option<Vec<String>> {
        let field = self.name();
        let (_, holds) = self.row();
        let several = matches!(holds, Holds::Lines(_) | Holds::Codes(_));
        if raw.len() > if several { MOST_VALUES } else { 1 } {
            d.refuse(General::TooLong { field, limit: if several { MOST_VALUES } else { 1 } });
            return None;
        }
        let mut values = Vec::new();
        let mut whole = true;
        for raw in raw.iter().filter(|raw| !raw.trim().is_empty()) {
            match holds.read(d, field, raw) {
                // The same thing twice is the same thing.
                Some(value) if values.contains(&value) => {}
                Some(value) => values.push(value),
                None => whole = false,
            }
        }
        whole.then_some(values)
    }
}

impl Holds {
    fn read(self, d: &mut Draft<'_>, field: &'static str, raw: &str) -> Option<String> {
        match self {
            Self::Line(limit) | Self::Lines(limit) => d.text(field, values::line(raw, limit)),
            Self::Note(limit) => d.text(field, values::note(raw, limit)),
            Self::Code(list) | Self::Codes(list) => {
                let today = d.today();
                d.code(field, list, raw, today)
            }
            Self::YesNo => {
                let yes_no = Some(raw.trim()).filter(|raw| matches!(*raw, "true" | "false"));
                if yes_no.is_none() {
                    d.refuse(General::InvalidText(field));
                }
                yes_no.map(str::to_owned)
            }
            Self::Date => d.date(field, raw).map(|date| date.to_string()),
            Self::PastDate => d.past_date(field, raw).map(|date| date.to_string()),
            Self::Url => match channel::read_url(field, raw) {
                Ok(url) => Some(url),
                Err(refusal) => {
                    d.refuse(refusal);
                    None
                }
            },
            Self::WageTaxNo => {
                let number = values::wage_tax_no(raw);
                if number.is_none() {
                    d.refuse(Refusal::InvalidWageTaxNo(field));
                }
                number
            }
            Self::Employee => {
                let found = employee::find(d, field, raw).ok()?;
                if found.ended.is_some() {
                    d.refuse(Refusal::EmployeeLeft(field));
                    return None;
                }
                Some(found.code.clone())
            }
            Self::MonthDay => {
                // A leap year, so that the end of February can be said.
                let day = values::Date::parse(&format!("2000-{}", raw.trim()));
                if day.is_err() {
                    d.refuse(Refusal::InvalidMonthDay(field));
                }
                day.ok().map(|day| day.to_string().split_off("2000-".len()))
            }
        }
    }
}
