//! The client card: tabs, blocks and fields (§6.2). What a block shows of the contact or the customer is read from there.

use super::contact::Contact;
use super::customer::Customer;
use crate::context::Reader;
use crate::scalars::DateText;
use async_graphql::{ComplexObject, Enum, Result, SimpleObject};
use kroniek_domain::card::{self, BLOCKS, Block, FIELDS};
use kroniek_domain::contact::Kind;
use kroniek_domain::{Permission, channel};
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

/// A field of the card.
#[derive(SimpleObject)]
pub struct CardField {
    /// Its name, as in the input that changes it.
    name: String,
    /// What it holds; empty when it is not filled in, or masked.
    values: Vec<String>,
    /// The mutation that changes it.
    changed_by: &'static str,
    /// Whether the values are hidden because the actor lacks the right `WWFT`.
    masked: bool,
}

/// A block of the card.
#[derive(SimpleObject)]
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

/// A tab of the card.
#[derive(SimpleObject)]
pub struct CardTab {
    /// Which.
    name: CardTabName,
    /// Its blocks.
    blocks: Vec<CardBlock>,
}

/// The card of a client or relation (§6.2): by tabs and blocks what the card holds, and what it shows of its contact.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ClientCard {
    /// Whose card.
    customer: Customer,
    /// Why and since when work is stopped, as a banner on opening (A2-30); null while it goes on.
    work_stop: Option<super::customer::WorkStop>,
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

fn field(name: &str, changed_by: &'static str, values: impl IntoIterator<Item = impl Display>) -> CardField {
    let values = values.into_iter().map(|value| value.to_string()).filter(|value| !value.is_empty());
    CardField { name: name.to_owned(), values: values.collect(), changed_by, masked: false }
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
    fn tab(&self, name: CardTabName, tab: card::Tab) -> Result<CardTab> {
        let mut blocks = self.first_blocks(tab);
        for (_, block) in BLOCKS.iter().filter(|(on, _)| *on == tab) {
            if card::on_card(self.contact.state(), *block) {
                blocks.push(self.block(*block)?);
            }
        }
        blocks.extend(self.last_blocks(tab));
        Ok(CardTab { name, blocks })
    }

    /// The fields of the card itself, and behind them what the block shows of others.
    fn block(&self, block: Block) -> Result<CardBlock> {
        let reader: &Reader = self.customer.reader();
        let masked = block == Block::Wwft && !reader.may(Permission::Wwft);
        let own = FIELDS.iter().filter(|(of, ..)| *of == block).map(|(_, name, _)| {
            let values = if masked { &[][..] } else { self.customer.state().card.values(*name) };
            CardField { masked, ..field(name.name(), "changeCard", values) }
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
                vec![field("mailPreference", "setMailPreference", [contact.mail_preference.name()])]
            }
            Block::ContactData => {
                let address = self.contact.correspondence_text();
                vec![
                    field("phones", "changeChannels", channels(channel::Kind::Phone)),
                    field("mobiles", "changeChannels", channels(channel::Kind::Mobile)),
                    field("faxes", "changeChannels", channels(channel::Kind::Fax)),
                    field("emails", "changeChannels", channels(channel::Kind::Email)),
                    field("correspondenceAddress", "changeCorrespondenceAddress", address),
                ]
            }
            Block::Accountancy => vec![
                field("kvk", "changeCompanyData", &contact.kvk),
                field("legalForm", "changeCompanyData", &contact.legal_form),
            ],
            Block::Tax if contact.kind == Kind::Company => vec![
                field("rsin", "changeCompanyData", &contact.rsin),
                field("vatId", "changeCompanyData", &contact.vat_id),
            ],
            Block::Structure => {
                let structure = &self.customer.state().structure;
                let reader = self.customer.reader();
                let name = |customers: Vec<Customer>| -> Vec<String> {
                    customers.iter().map(|customer| customer.state().number.clone()).collect()
                };
                vec![
                    field(
                        "parentCompany",
                        "setParentCompany",
                        name(reader.seen_customers(structure.parent)?),
                    ),
                    field(
                        "subsidiaries",
                        "setParentCompany",
                        name(reader.seen_customers(structure.subsidiaries.iter().copied())?),
                    ),
                ]
            }
            Block::Billing => {
                let numbers = self.customer.state().administration.debtor_numbers();
                vec![field(
                    "debtorNo",
                    "setDebtorNumber",
                    numbers.map(|(at, number)| format!("{at}: {number}")),
                )]
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
                    field("initials", "changePersonName", [&contact.parts.initials]),
                    field("infix", "changePersonName", [&contact.parts.infix]),
                    field("surname", "changePersonName", [&contact.parts.surname]),
                    field("clientNumber", "changeClientNumber", [&customer.number]),
                    field("clientStatus", "setClientStatus", [customer.status.name()]),
                ],
            )],
            card::Tab::Registration => vec![CardBlock::new(
                CardBlockName::General,
                vec![
                    field("clientName", "changeContactName", [&contact.name]),
                    field("clientNumber", "changeClientNumber", [&customer.number]),
                    field("clientStatus", "setClientStatus", [customer.status.name()]),
                ],
            )],
            card::Tab::Administration => {
                let confirmed = customer.administration.confirmed.as_ref();
                vec![CardBlock::new(
                    CardBlockName::UpToDate,
                    vec![
                        field("confirmedBy", "confirmUpToDate", confirmed.map(|c| &c.by)),
                        field("confirmedOn", "confirmUpToDate", confirmed.map(|c| c.on)),
                    ],
                )]
            }
            card::Tab::Internal | card::Tab::General | card::Tab::Professional | card::Tab::Files => {
                Vec::new()
            }
        }
    }

    fn last_blocks(&self, tab: card::Tab) -> Vec<CardBlock> {
        let customer = self.customer.state();
        let administration = &customer.administration;
        match tab {
            card::Tab::Internal => {
                let debtors = administration.debtors.iter().map(|(at, debtor)| {
                    let parts = [Some(at), debtor.discipline.as_ref(), debtor.number.as_ref()];
                    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
                });
                let stop = administration.work_stop.as_ref();
                vec![
                    CardBlock::new(
                        CardBlockName::DebtorCard,
                        vec![field("debtors", "setDebtorNumber", debtors)],
                    ),
                    CardBlock::new(
                        CardBlockName::WorkStop,
                        vec![
                            field("workStop", "setWorkStop", [stop.is_some()]),
                            field("from", "setWorkStop", stop.map(|stop| stop.from)),
                            field("reason", "setWorkStop", stop.and_then(|stop| stop.reason.as_ref())),
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
                    vec![field("keyFigures", "recordKeyFigures", figures)],
                )]
            }
            card::Tab::Administration => vec![
                CardBlock::new(
                    CardBlockName::Couplings,
                    vec![field("couplings", "setCoupling", &administration.couplings)],
                ),
                CardBlock::new(
                    CardBlockName::Deletion,
                    vec![
                        field("marked", "markForDeletion", [administration.deletion.is_some()]),
                        field("reason", "markForDeletion", administration.deletion.iter().flatten()),
                    ],
                ),
            ],
            card::Tab::Registration | card::Tab::Professional | card::Tab::Files => Vec::new(),
        }
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
        let fields = vec![field("companies", "linkCompanyPerson", lines)];
        Ok(CardBlock::new(CardBlockName::Companies, fields))
    }
}
