//! The client card: tabs, blocks and fields (§6.2). What a block shows of the contact or the customer is read from there.

use super::contact::Contact;
use super::customer::Customer;
use crate::context::Reader;
use crate::label::Lang;
use crate::scalars::DateText;
use async_graphql::{ComplexObject, Enum, Result, SimpleObject};
use kroniek_domain::card::{self, BLOCKS, Block, FIELDS, Field, Holds};
use kroniek_domain::contact::Kind;
use kroniek_domain::label::{Label, yes_no as yes_no_label};
use kroniek_domain::{Permission, channel, code_list};
use std::fmt::Display;

/// A tab of the card.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub enum CardTabName {
    /// Company; on a person's card the companies that it is tied to (A2-45).
    Company,
    /// Person (A2-43).
    Person,
    /// Internal.
    Internal,
    /// General.
    General,
    /// Professional.
    Professional,
    /// Files.
    Files,
    /// Administration.
    Administration,
}

/// A block of the card.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub enum CardBlockName {
    /// Name and number (A2-20).
    General,
    /// Name of a person (A2-43).
    Person,
    /// Correspondence and mailings (A2-21).
    Correspondence,
    /// Contact data (A2-22).
    ContactData,
    /// Partner data private (A2-44).
    Partner,
    /// The companies of a client-person, with its direct contact data there (A2-45, A2-46).
    Companies,
    /// Office (A2-23).
    Office,
    /// Debtor card (A2-24).
    DebtorCard,
    /// Employees (A2-25).
    Employees,
    /// Anti-money-laundering act (A2-26, A2-47).
    Wwft,
    /// Acquisition (A2-27).
    Acquisition,
    /// Engagements (A2-28).
    Engagements,
    /// Billing (A2-29).
    Billing,
    /// Work stop (A2-30).
    WorkStop,
    /// Key figures (A2-31).
    KeyFigures,
    /// Structure (A2-32).
    Structure,
    /// Audit-firm supervision act (A2-33).
    Wta,
    /// Accountancy (A2-34).
    Accountancy,
    /// Tax (A2-35).
    Tax,
    /// Automation (A2-36).
    Automation,
    /// Personnel advice (A2-37).
    Personnel,
    /// Attachments, as references (A2-38).
    Files,
    /// Up to date (A2-39).
    UpToDate,
    /// Dossier (A2-40).
    Dossier,
    /// Couplings (A2-40).
    Couplings,
    /// The mark for deletion; the log of changes is `mutationLog` (A2-42).
    Deletion,
}

impl From<Block> for CardBlockName {
    fn from(block: Block) -> Self {
        match block {
            Block::Correspondence => Self::Correspondence,
            Block::ContactData => Self::ContactData,
            Block::Office => Self::Office,
            Block::Employees => Self::Employees,
            Block::Wwft => Self::Wwft,
            Block::Acquisition => Self::Acquisition,
            Block::Engagements => Self::Engagements,
            Block::Billing => Self::Billing,
            Block::Structure => Self::Structure,
            Block::Wta => Self::Wta,
            Block::Accountancy => Self::Accountancy,
            Block::Tax => Self::Tax,
            Block::Automation => Self::Automation,
            Block::Personnel => Self::Personnel,
            Block::Files => Self::Files,
            Block::Dossier => Self::Dossier,
            Block::Partner => Self::Partner,
        }
    }
}

impl CardTabName {
    fn label(self) -> Label {
        match self {
            Self::Company => Label::new("Bedrijf", "Company"),
            Self::Person => Label::new("Persoon", "Person"),
            Self::Internal => Label::new("Intern", "Internal"),
            Self::General => Label::new("Algemeen", "General"),
            Self::Professional => Label::new("Vakinhoudelijk", "Professional"),
            Self::Files => Label::new("Bestanden", "Files"),
            Self::Administration => Label::new("Beheer", "Administration"),
        }
    }
}

impl CardBlockName {
    /// Of a block that the card only shows its own; of the others the domain's.
    fn label(self) -> Label {
        match self {
            Self::General => Label::new("Algemeen", "General"),
            Self::Person => Label::new("Persoon", "Person"),
            Self::Companies => Label::new("Contact", "Contact"),
            Self::DebtorCard => Label::new("Debiteurenkaart", "Debtor card"),
            Self::WorkStop => Label::new("Werkstop", "Work stop"),
            Self::KeyFigures => Label::new("Kentallen", "Key figures"),
            Self::UpToDate => Label::new("Actueel", "Up to date"),
            Self::Couplings => Label::new("Koppelingen", "Couplings"),
            Self::Deletion => Label::new("Markeren voor verwijderen", "Mark for deletion"),
            Self::Correspondence => Block::Correspondence.label(),
            Self::ContactData => Block::ContactData.label(),
            Self::Partner => Block::Partner.label(),
            Self::Office => Block::Office.label(),
            Self::Employees => Block::Employees.label(),
            Self::Wwft => Block::Wwft.label(),
            Self::Acquisition => Block::Acquisition.label(),
            Self::Engagements => Block::Engagements.label(),
            Self::Billing => Block::Billing.label(),
            Self::Structure => Block::Structure.label(),
            Self::Wta => Block::Wta.label(),
            Self::Accountancy => Block::Accountancy.label(),
            Self::Tax => Block::Tax.label(),
            Self::Automation => Block::Automation.label(),
            Self::Personnel => Block::Personnel.label(),
            Self::Files => Block::Files.label(),
            Self::Dossier => Block::Dossier.label(),
        }
    }
}

/// The figures of a year in words; they are written in English.
fn figures_in_words(figures: &str, lang: Lang) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("turnover", "omzet"),
        ("result", "resultaat"),
        ("equity", "eigen vermogen"),
        ("balance total", "balanstotaal"),
        ("employees", "medewerkers"),
    ];
    match lang {
        Lang::Nl => WORDS.iter().fold(figures.to_owned(), |text, (en, nl)| text.replace(en, nl)),
        Lang::En => figures.to_owned(),
    }
}

/// The fields that the card only shows, in words; its own have their labels in the domain.
const SHOWN: &[(&str, Label)] = &[
    ("clientName", Label::new("Klantnaam", "Client name")),
    ("clientNumber", Label::new("Klantnummer", "Client number")),
    ("clientStatus", Label::new("Klantstatus", "Client status")),
    ("initials", Label::new("Voorletters", "Initials")),
    ("infix", Label::new("Tussenvoegsels", "Infixes")),
    ("surname", Label::new("Achternaam", "Surname")),
    ("mailPreference", Label::new("E-mailvoorkeur", "E-mail preference")),
    ("phones", Label::new("Telefoon", "Phone")),
    ("mobiles", Label::new("Mobiel", "Mobile")),
    ("faxes", Label::new("Fax", "Fax")),
    ("emails", Label::new("E-mail", "E-mail")),
    ("correspondenceAddress", Label::new("Correspondentieadres", "Correspondence address")),
    ("kvk", Label::new("KvK-nummer", "Chamber-of-commerce number")),
    ("legalForm", Label::new("Rechtsvorm", "Legal form")),
    ("rsin", Label::new("RSIN", "RSIN")),
    ("vatId", Label::new("Btw-identificatienummer", "VAT id")),
    ("parentCompany", Label::new("Moedermaatschappij", "Parent company")),
    ("subsidiaries", Label::new("Dochters", "Subsidiaries")),
    ("debtorNo", Label::new("Debiteurnummer", "Debtor number")),
    ("debtors", Label::new("Debiteuren", "Debtors")),
    ("workStop", Label::new("Werkstop", "Work stop")),
    ("from", Label::new("Vanaf", "From")),
    ("reason", Label::new("Reden", "Reason")),
    ("keyFigures", Label::new("Kentallen", "Key figures")),
    ("confirmedBy", Label::new("Gecontroleerd door", "Checked by")),
    ("confirmedOn", Label::new("Gecontroleerd op", "Checked on")),
    ("couplings", Label::new("Koppelingen", "Couplings")),
    ("notCoupled", Label::new("Niet gekoppeld", "Not coupled")),
    ("marked", Label::new("Gemarkeerd voor verwijderen", "Marked for deletion")),
    ("companies", Label::new("Bedrijven", "Companies")),
];

/// A field of the card in words.
fn label_of(name: &'static str) -> Label {
    let own = Field::ALL.iter().find(|field| field.name() == name).map(|field| field.label());
    let shown = || SHOWN.iter().find(|(shown, _)| *shown == name).map(|(_, label)| *label);
    // A field without words is called by its name; a test says that there is none.
    own.or_else(shown).unwrap_or(Label::new(name, name))
}

/// A field of the card.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CardField {
    /// Its name, as in the input that changes it.
    name: &'static str,
    /// What it holds; empty when it is not filled in, or masked.
    values: Vec<String>,
    /// The mutation that changes it.
    changed_by: &'static str,
    /// Whether the values are hidden because the actor lacks the right `WWFT`.
    masked: bool,
    #[graphql(skip)]
    reader: Reader,
}

#[ComplexObject]
impl CardField {
    /// Its name in words.
    async fn label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        label_of(self.name).text(lang.into())
    }

    /// `values` in words, in the same order: codes and yes or no; what is neither stands as it is.
    async fn value_labels(&self, #[graphql(default)] lang: Lang) -> Result<Vec<String>> {
        self.values.iter().map(|value| self.value_label(value, lang)).collect()
    }
}

impl CardField {
    fn value_label(&self, value: &str, lang: Lang) -> Result<String> {
        let own = FIELDS.iter().find(|(_, field, _)| field.name() == self.name).map(|(.., holds)| *holds);
        let list = match (own, self.name) {
            (Some(Holds::Code(list) | Holds::Codes(list)), _) => Some(list),
            (_, "mailPreference") => Some(code_list::MAIL_PREFERENCE),
            (_, "clientStatus") => Some(code_list::CLIENT_STATUS),
            (_, "legalForm") => Some(code_list::LEGAL_FORM),
            (_, "couplings" | "notCoupled") => Some(code_list::COUPLING),
            _ => None,
        };
        let yes_no = own == Some(Holds::YesNo) || matches!(self.name, "workStop" | "marked");
        match list {
            Some(list) => self.reader.label(list, value, lang),
            None if self.name == "keyFigures" => Ok(figures_in_words(value, lang)),
            None if yes_no => Ok(yes_no_label(value == "true").text(lang.into()).to_owned()),
            None => Ok(value.to_owned()),
        }
    }
}

/// A block of the card.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CardBlock {
    /// Which.
    name: CardBlockName,
    /// Its fields.
    fields: Vec<CardField>,
    /// Block `WWFT`: until when its data are kept, five years after the client relation ended (A2-26). Null while it is a
    /// client, without the right `WWFT`, and for every other block.
    retain_until: Option<DateText>,
}

impl CardBlock {
    fn new(name: CardBlockName, fields: Vec<CardField>) -> Self {
        Self { name, fields, retain_until: None }
    }
}

#[ComplexObject]
impl CardBlock {
    /// Its name in words.
    async fn label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.name.label().text(lang.into())
    }
}

/// A tab of the card.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct CardTab {
    /// Which.
    name: CardTabName,
    /// Its blocks.
    blocks: Vec<CardBlock>,
}

#[ComplexObject]
impl CardTab {
    /// Its name in words.
    async fn label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        self.name.label().text(lang.into())
    }
}

/// The card of a client or relation (§6.2): by tabs and blocks what the card holds, and what it shows of its contact.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ClientCard {
    /// Whose card.
    customer: Customer,
    /// Why and since when work is stopped, as a banner on opening (A2-30); null while it goes on.
    work_stop: Option<super::administration::WorkStop>,
    #[graphql(skip)]
    contact: Contact,
}

impl ClientCard {
    /// The card of a customer; none for a customer that is no registration, such as a household.
    pub(crate) fn of(customer: Customer) -> Result<Option<Self>> {
        let contact = customer.owner()?;
        if contact.kind_of_registration()?.is_none() {
            return Ok(None);
        }
        Ok(Some(Self { work_stop: customer.stop(), customer, contact }))
    }
}

#[ComplexObject]
impl ClientCard {
    /// The tabs, in the order of the manual.
    async fn tabs(&self) -> Result<Vec<CardTab>> {
        let person = self.contact.state().kind == Kind::Person;
        let mut tabs = Vec::new();
        if person {
            tabs.push(self.tab(CardTabName::Person, card::Tab::Registration)?);
            let blocks = vec![self.companies()?];
            tabs.push(CardTab { name: CardTabName::Company, blocks });
        } else {
            tabs.push(self.tab(CardTabName::Company, card::Tab::Registration)?);
        }
        for (name, tab) in [
            (CardTabName::Internal, card::Tab::Internal),
            (CardTabName::General, card::Tab::General),
            (CardTabName::Professional, card::Tab::Professional),
            (CardTabName::Files, card::Tab::Files),
            (CardTabName::Administration, card::Tab::Administration),
        ] {
            tabs.push(self.tab(name, tab)?);
        }
        Ok(tabs)
    }
}

impl ClientCard {
    fn field(
        &self,
        name: &'static str,
        changed_by: &'static str,
        values: impl IntoIterator<Item = impl Display>,
    ) -> CardField {
        let values = values.into_iter().map(|value| value.to_string()).filter(|value| !value.is_empty());
        let reader = self.customer.reader().clone();
        CardField { name, values: values.collect(), changed_by, masked: false, reader }
    }

    fn tab(&self, name: CardTabName, tab: card::Tab) -> Result<CardTab> {
        let mut blocks = self.first_blocks(tab);
        for (_, block) in BLOCKS.iter().filter(|(on, _)| *on == tab) {
            if card::on_card(self.contact.state(), *block) {
                blocks.push(self.block(*block)?);
            }
        }
        blocks.extend(self.last_blocks(tab)?);
        Ok(CardTab { name, blocks })
    }

    /// The fields of the card itself, and behind them what the block shows of others.
    fn block(&self, block: Block) -> Result<CardBlock> {
        let reader: &Reader = self.customer.reader();
        let masked = block == Block::Wwft && !reader.may(Permission::Wwft);
        let own = FIELDS.iter().filter(|(of, ..)| *of == block).map(|(_, name, _)| {
            let card = &self.customer.state().card;
            let values = match name {
                _ if masked => Vec::new(),
                Field::Website => card::website(self.contact.state(), card).into_iter().collect(),
                _ => card.values(*name).iter().map(String::as_str).collect(),
            };
            CardField { masked, ..self.field(name.name(), "changeCard", values) }
        });
        let mut fields: Vec<_> = own.collect();
        fields.extend(self.shown(block)?);
        let kept =
            if block == Block::Wwft && !masked { card::retain_until(self.customer.state()) } else { None };
        Ok(CardBlock { retain_until: kept.map(DateText::from), ..CardBlock::new(block.into(), fields) })
    }

    /// What a block shows of the contact and of others: each has one owner.
    fn shown(&self, block: Block) -> Result<Vec<CardField>> {
        let contact = self.contact.state();
        let channels = |kind: channel::Kind| {
            contact.channels.iter().filter(move |channel| channel.kind == kind).map(|channel| &channel.value)
        };
        Ok(match block {
            Block::Correspondence => {
                vec![self.field("mailPreference", "setMailPreference", [contact.mail_preference.name()])]
            }
            Block::ContactData => {
                let address = self.contact.correspondence_text();
                vec![
                    self.field("phones", "changeChannels", channels(channel::Kind::Phone)),
                    self.field("mobiles", "changeChannels", channels(channel::Kind::Mobile)),
                    self.field("faxes", "changeChannels", channels(channel::Kind::Fax)),
                    self.field("emails", "changeChannels", channels(channel::Kind::Email)),
                    self.field("correspondenceAddress", "changeCorrespondenceAddress", address),
                ]
            }
            Block::Accountancy => vec![
                self.field("kvk", "changeCompanyData", &contact.kvk),
                self.field("legalForm", "changeCompanyData", &contact.legal_form),
            ],
            Block::Tax if contact.kind == Kind::Company => vec![
                self.field("rsin", "changeCompanyData", &contact.rsin),
                self.field("vatId", "changeCompanyData", &contact.vat_id),
            ],
            Block::Structure => {
                let structure = &self.customer.state().structure;
                let reader = self.customer.reader();
                let name = |customers: Vec<Customer>| -> Vec<String> {
                    customers.iter().map(|customer| customer.state().number.clone()).collect()
                };
                vec![
                    self.field(
                        "parentCompany",
                        "setParentCompany",
                        name(reader.seen_customers(structure.parent)?),
                    ),
                    self.field(
                        "subsidiaries",
                        "setParentCompany",
                        name(reader.seen_customers(structure.subsidiaries.iter().copied())?),
                    ),
                ]
            }
            Block::Billing => {
                let numbers = self.customer.state().administration.all_debtors();
                let numbers = numbers.filter_map(|(at, debtor)| {
                    let number = debtor.number.as_ref()?;
                    Some(match &debtor.discipline {
                        Some(discipline) => format!("{at} {discipline}: {number}"),
                        None => format!("{at}: {number}"),
                    })
                });
                vec![self.field("debtorNo", "setDebtorNumber", numbers)]
            }
            Block::Tax
            | Block::Office
            | Block::Employees
            | Block::Wwft
            | Block::Acquisition
            | Block::Engagements
            | Block::Wta
            | Block::Automation
            | Block::Personnel
            | Block::Files
            | Block::Dossier
            | Block::Partner => Vec::new(),
        })
    }

    fn first_blocks(&self, tab: card::Tab) -> Vec<CardBlock> {
        let (contact, customer) = (self.contact.state(), self.customer.state());
        match tab {
            card::Tab::Registration if contact.kind == Kind::Person => vec![CardBlock::new(
                CardBlockName::Person,
                vec![
                    self.field("initials", "changePersonName", [&contact.parts.initials]),
                    self.field("infix", "changePersonName", [&contact.parts.infix]),
                    self.field("surname", "changePersonName", [&contact.parts.surname]),
                    self.field("clientNumber", "changeClientNumber", [&customer.number]),
                    self.field("clientStatus", "setClientStatus", [customer.status.name()]),
                ],
            )],
            card::Tab::Registration => vec![CardBlock::new(
                CardBlockName::General,
                vec![
                    self.field("clientName", "changeContactName", [&contact.name]),
                    self.field("clientNumber", "changeClientNumber", [&customer.number]),
                    self.field("clientStatus", "setClientStatus", [customer.status.name()]),
                ],
            )],
            card::Tab::Administration => {
                let confirmed = customer.administration.confirmed.as_ref();
                vec![CardBlock::new(
                    CardBlockName::UpToDate,
                    vec![
                        self.field("confirmedBy", "confirmUpToDate", confirmed.map(|c| &c.by)),
                        self.field("confirmedOn", "confirmUpToDate", confirmed.map(|c| c.on)),
                    ],
                )]
            }
            card::Tab::Internal | card::Tab::General | card::Tab::Professional | card::Tab::Files => {
                Vec::new()
            }
        }
    }

    fn last_blocks(&self, tab: card::Tab) -> Result<Vec<CardBlock>> {
        let customer = self.customer.state();
        let administration = &customer.administration;
        Ok(match tab {
            card::Tab::Internal => {
                let debtors = administration.all_debtors().map(|(at, debtor)| {
                    let parts = [Some(at), debtor.discipline.as_deref(), debtor.number.as_deref()];
                    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
                });
                let stop = administration.work_stop.as_ref();
                vec![
                    CardBlock::new(
                        CardBlockName::DebtorCard,
                        vec![self.field("debtors", "setDebtorNumber", debtors)],
                    ),
                    CardBlock::new(
                        CardBlockName::WorkStop,
                        vec![
                            self.field("workStop", "setWorkStop", [stop.is_some()]),
                            self.field("from", "setWorkStop", stop.map(|stop| stop.from)),
                            self.field("reason", "setWorkStop", stop.and_then(|stop| stop.reason.as_ref())),
                        ],
                    ),
                ]
            }
            card::Tab::General => {
                let figures = customer.card.key_figures.iter().map(|(year, figures)| {
                    let turnover = figures.turnover.map(|amount| format!("turnover {amount}"));
                    let result = figures.result.map(|amount| format!("result {amount}"));
                    let equity = figures.equity.map(|amount| format!("equity {amount}"));
                    let total = figures.balance_total.map(|amount| format!("balance total {amount}"));
                    let employees = figures.employees.map(|number| format!("employees {number}"));
                    let parts: Vec<_> =
                        [turnover, result, equity, total, employees].into_iter().flatten().collect();
                    format!("{year}: {}", parts.join(", "))
                });
                vec![CardBlock::new(
                    CardBlockName::KeyFigures,
                    vec![self.field("keyFigures", "recordKeyFigures", figures)],
                )]
            }
            card::Tab::Administration => vec![
                CardBlock::new(
                    CardBlockName::Couplings,
                    vec![
                        self.field("couplings", "setCoupling", &administration.couplings),
                        self.field("notCoupled", "setCoupling", self.not_coupled()?),
                    ],
                ),
                CardBlock::new(
                    CardBlockName::Deletion,
                    vec![
                        self.field("marked", "markForDeletion", [administration.deletion.is_some()]),
                        self.field("reason", "markForDeletion", administration.deletion.iter().flatten()),
                    ],
                ),
            ],
            card::Tab::Registration | card::Tab::Professional | card::Tab::Files => Vec::new(),
        })
    }

    /// The other packages that there are: each is coupled or not, and the card says which (A2-40).
    fn not_coupled(&self) -> Result<Vec<String>> {
        let reader = self.customer.reader();
        let (packages, today) = (reader.list(code_list::COUPLING)?, reader.today());
        let coupled = &self.customer.state().administration.couplings;
        let others = packages.rows().filter(|row| row.in_force(today) && !coupled.contains(&row.code));
        Ok(others.map(|row| row.code.clone()).collect())
    }

    /// The companies at which a client-person is, with how to reach it there (A2-45, A2-46).
    fn companies(&self) -> Result<CardBlock> {
        let mut lines = Vec::new();
        for (holder, line) in &self.contact.state().roles {
            let Some(company) = self.customer.reader().contact(*holder)? else { continue };
            let company = company.state();
            if company.kind != Kind::Company {
                continue;
            }
            if let Some(line) = company.line(*line) {
                let business = &line.business;
                let direct = [&business.function, &business.department, &business.phone, &business.email];
                let parts = direct.into_iter().flatten().map(String::as_str);
                lines.push([company.name.as_str()].into_iter().chain(parts).collect::<Vec<_>>().join(", "));
            }
        }
        let fields = vec![self.field("companies", "linkCompanyPerson", lines)];
        Ok(CardBlock::new(CardBlockName::Companies, fields))
    }
}
