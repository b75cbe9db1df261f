//! The customer: the account of one contact. What its contact owns, it only shows (E1-01 … E1-04, E1-17, E1-20, D-1).

use super::address::Address;
use super::administration::{Debtor, KeyFigures, UpToDate, WorkStop};
use super::bank_account::BankAccount;
use super::channel::{self, Channel};
use super::connection::{Connection, cost, short};
use super::contact::Contact;
use super::history::{self, HistoryEntry};
use super::interaction::{self, Interaction};
use super::lease::{Lease, LeaseState, main_lease};
use super::mail::{
    ConsentLevel, MailConsent, MailContact, MailContactKind, MessageType, OpenActivity, Recipient,
};
use super::mandate::Mandate;
use super::payment::PaymentLine;
use super::registration::{ClientStatus, RegistrationType};
use super::role::{RelatedRole, RoleKind};
use crate::context::Reader;
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateText, DateTime, Position};
use async_graphql::{ComplexObject, Description, ID, Object, Result, SimpleObject};
use kroniek_domain::contact as contact_state;
use kroniek_domain::shop::Shop;
use kroniek_domain::{
    ContactId, EntityId, acceptance, client_status, code_list, customer, label, mail, payment,
};
use kroniek_views::Versioned;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How to reach a customer: the channels and the correspondence address of its contact, the very same (I12). Read only:
/// changing them at the customer is refused with `OWNED_BY_HOUSEHOLD`, they are changed at the contact.
#[derive(Description)]
pub struct ContactData(Contact);

#[Object(use_type_description)]
impl ContactData {
    /// The contact that owns all of this.
    async fn contact(&self) -> Result<Contact> {
        self.0.reader().again(&self.0)
    }

    /// Phone numbers, mobiles, faxes, e-mail addresses and web sites.
    async fn channels(&self) -> Vec<Channel> {
        channel::of(self.0.state(), |_| true)
    }

    /// Phone numbers, mobiles and faxes.
    async fn phones(&self) -> Vec<Channel> {
        channel::of(self.0.state(), channel::is_phone)
    }

    /// E-mail addresses.
    async fn emails(&self) -> Vec<Channel> {
        channel::of(self.0.state(), channel::is_email)
    }

    /// Web sites.
    async fn websites(&self) -> Vec<Channel> {
        channel::of(self.0.state(), channel::is_website)
    }

    /// The correspondence address on a date.
    async fn correspondence_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        self.0.correspondence_on(on.as_ref())
    }
}

/// A relation that a client is tied to: post to third parties goes to it on behalf of the client (A2-07).
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct RelationAtClient {
    /// The relation.
    relation: Customer,
    /// What it is to the client (code list `RELATION_KIND`).
    kind: String,
}

#[ComplexObject]
impl RelationAtClient {
    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.relation.reader.label(code_list::RELATION_KIND, &self.kind, lang)
    }
}

/// The place of a company in its group. Locations are no part of it (A2-13, A2-32).
#[derive(SimpleObject)]
pub struct Structure {
    /// Its parent company.
    parent: Option<Customer>,
    /// Its subsidiaries.
    subsidiaries: Vec<Customer>,
    /// The companies above it, the nearest first, as far as they may be seen.
    above: Vec<Customer>,
}

/// A customer: the account of exactly one contact. It owns leases, bank accounts, mandates and payment lines. Name,
/// channels, addresses and roles are its contact's: it shows them, equal in the same answer, and changing them here is
/// refused with `OWNED_BY_HOUSEHOLD` (E1-02).
#[derive(Clone, Description)]
pub struct Customer {
    reader: Reader,
    found: Versioned<Arc<customer::Customer>>,
}

impl Customer {
    pub(crate) fn new(reader: Reader, found: Versioned<Arc<customer::Customer>>) -> Self {
        Self { reader, found }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn state(&self) -> &customer::Customer {
        &self.found.state
    }

    pub(crate) fn stop(&self) -> Option<WorkStop> {
        let stop = self.state().administration.work_stop.as_ref()?;
        Some(WorkStop { from: stop.from.into(), reason: stop.reason.clone() })
    }

    pub(crate) fn owner(&self) -> Result<Contact> {
        self.reader.named_contact(self.state().contact)
    }

    /// The clients among these contacts, each once.
    fn linked(
        &self,
        contacts: impl Iterator<Item = ContactId>,
        kind: contact_state::Kind,
    ) -> Result<Vec<Self>> {
        let contacts = self.reader.seen_contacts(contacts.collect::<BTreeSet<_>>())?;
        let of_kind = contacts.iter().filter(|contact| contact.state().kind == kind);
        let mut clients =
            self.reader.seen_customers(of_kind.filter_map(|contact| contact.state().customer))?;
        clients.retain(|client| client.state().status != customer::ClientStatus::Relation);
        Ok(clients)
    }

    fn status_on(&self, on: Option<&DateText>) -> Result<Option<ClientStatus>> {
        let on = self.reader.date(on, "on")?;
        Ok(self.state().statuses.on(on).map(|status| (*status).into()))
    }

    fn consent_of(&self, email: &str) -> ConsentLevel {
        self.shop().map(|shop| shop.mail.consent(email)).unwrap_or_default().into()
    }

    fn rents(&self, on: Option<&DateText>) -> Result<LeaseState> {
        let on = self.reader.date(on, "on")?;
        Ok(match self.state().leases.is_empty() {
            true => LeaseState::None,
            false if self.state().lease_running(on) => LeaseState::Running,
            false => LeaseState::Ended,
        })
    }

    fn lease(&self, lease: &customer::Lease) -> Lease {
        Lease { reader: self.reader.clone(), lease: lease.clone() }
    }

    fn entity(&self) -> EntityId {
        EntityId::Customer(self.state().id)
    }
}

impl Customer {
    /// What the field itself makes of its status, for whoever reads.
    fn status_changes(&self) -> Result<Vec<ClientStatus>> {
        let (kind, status) = (self.owner()?.kind_of_registration()?, self.state().status);
        let allowed = client_status::allowed_changes(self.reader.actor(), kind.map(Into::into), status);
        Ok(allowed.into_iter().map(ClientStatus::from).collect())
    }

    /// What it has by being a shop's customer.
    fn shop(&self) -> Option<&Shop> {
        self.state().shop.as_deref()
    }

    fn payer(&self) -> Result<Option<Self>> {
        match self.shop().and_then(|shop| shop.mail.billing) {
            Some(payer) => self.reader.customer(payer),
            None => Ok(None),
        }
    }

    pub(crate) fn recipients_of(&self, message: MessageType) -> Result<Vec<Recipient>> {
        let found = self.reader.ask(|look_up| {
            mail::recipients(self.state(), message.into(), &|id| look_up.customer(id), &|id| {
                look_up.contact(id)
            })
        })?;
        Ok(found.into_iter().map(Recipient::from).collect())
    }
}

#[Object(use_type_description)]
impl Customer {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of_customer(self.state().id)
    }

    /// Customer number: unique. The series gives none out twice; one that was given up by `changeClientNumber` may be
    /// another customer's now.
    async fn number(&self) -> &str {
        &self.state().number
    }

    /// Position of the last commit that names this customer, for `expectedVersion` (else `VERSION_CONFLICT`). What its
    /// contact owns has the contact's version.
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// When it became a customer.
    async fn created_at(&self) -> DateTime {
        DateTime::of_micros(self.state().created.time_us)
    }

    /// The contact whose account this is: a household, company or person.
    async fn contact(&self) -> Result<Contact> {
        self.owner()
    }

    /// The same as `contact`, by the word of the housing manuals.
    async fn household(&self) -> Result<Contact> {
        self.owner()
    }

    /// The name of its contact.
    async fn name(&self) -> Result<String> {
        Ok(self.owner()?.state().name.clone())
    }

    /// Where it stands with the organisation.
    async fn client_status(&self) -> ClientStatus {
        self.state().status.into()
    }

    /// `clientStatus` in words.
    async fn client_status_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        ClientStatus::from(self.state().status).label(lang)
    }

    /// Its status on a date; null before it was a customer (A2-50).
    async fn status(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<ClientStatus>> {
        self.status_on(on.as_ref())
    }

    /// `status` in words.
    async fn status_label(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
        #[graphql(default)] lang: Lang,
    ) -> Result<Option<&'static str>> {
        Ok(self.status_on(on.as_ref())?.map(|status| status.label(lang)))
    }

    /// The statuses that `setClientStatus` would accept of this actor now; in acceptance none, see `acceptanceActions`
    /// (A2-53). None of a customer without registration type, nor without the right to change it.
    async fn allowed_status_changes(&self) -> Result<Vec<ClientStatus>> {
        self.status_changes()
    }

    /// `allowedStatusChanges` in words, in the same order.
    async fn allowed_status_change_labels(
        &self,
        #[graphql(default)] lang: Lang,
    ) -> Result<Vec<&'static str>> {
        Ok(self.status_changes()?.into_iter().map(|status| status.label(lang)).collect())
    }

    /// The mutations that take its acceptance further from here (A2-54), by whoever has the right that each of them names.
    async fn acceptance_actions(&self) -> Vec<&str> {
        acceptance::actions(self.state().status)
    }

    /// `acceptanceActions` in words, in the same order.
    async fn acceptance_action_labels(&self, #[graphql(default)] lang: Lang) -> Vec<&str> {
        let words = |action| label::acceptance_action(action).map_or(action, |label| label.text(lang.into()));
        acceptance::actions(self.state().status).into_iter().map(words).collect()
    }

    /// Whether this relation is a supplier of the organisation itself (A2-60).
    async fn own_service_provider(&self) -> bool {
        self.state().acceptance.own_service_provider
    }

    /// The relations that it is tied to, for post to third parties (A2-07).
    #[graphql(complexity = "short(child_complexity)")]
    async fn relations(&self) -> Result<Vec<RelationAtClient>> {
        let mut found = Vec::new();
        for (id, kind) in &self.state().relations {
            let relation = self.reader.customer(*id)?;
            found.extend(relation.map(|relation| RelationAtClient { relation, kind: kind.clone() }));
        }
        Ok(found)
    }

    /// The client-persons in role lines of this client-company (A2-14).
    #[graphql(complexity = "short(child_complexity)")]
    async fn linked_persons(&self) -> Result<Vec<Customer>> {
        let owner = self.owner()?;
        let persons = owner.state().lines.iter().map(|line| line.person);
        self.linked(persons, contact_state::Kind::Person)
    }

    /// The client-companies in whose role lines this client-person is (A2-14, A2-45).
    #[graphql(complexity = "short(child_complexity)")]
    async fn linked_companies(&self) -> Result<Vec<Customer>> {
        let owner = self.owner()?;
        let holders = owner.state().roles.iter().map(|(holder, _)| *holder);
        self.linked(holders, contact_state::Kind::Company)
    }

    /// Its place in a group of companies (A2-32).
    #[graphql(complexity = "short(child_complexity)")]
    async fn structure(&self) -> Result<Structure> {
        let own = &self.state().structure;
        let mut above = Vec::new();
        let mut next = own.parent;
        while let Some(id) = next {
            let Some(company) = self.reader.customer(id)? else { break };
            next = company.state().structure.parent;
            above.push(company);
        }
        Ok(Structure {
            parent: above.first().cloned(),
            subsidiaries: self.reader.seen_customers(own.subsidiaries.iter().copied())?,
            above,
        })
    }

    /// The organisations of the office, and the disciplines there, at which it is a debtor (A2-24).
    async fn debtors(&self) -> Vec<Debtor> {
        let debtors = self.state().administration.all_debtors();
        debtors
            .map(|(organisation, debtor)| Debtor {
                organisation: organisation.to_owned(),
                discipline: debtor.discipline.clone(),
                number: debtor.number.clone(),
                reader: self.reader.clone(),
            })
            .collect()
    }

    /// Its key figures by year, the oldest first (A2-31).
    async fn key_figures(&self) -> Vec<KeyFigures> {
        let figures = self.state().card.key_figures.iter();
        figures
            .map(|(year, figures)| KeyFigures {
                year: *year,
                turnover: figures.turnover,
                result: figures.result,
                equity: figures.equity,
                balance_total: figures.balance_total,
                employees: figures.employees,
            })
            .collect()
    }

    /// Why and since when work is stopped; null while it goes on (A2-30).
    async fn work_stop(&self) -> Option<WorkStop> {
        self.stop()
    }

    /// When its data were last checked (A2-39).
    async fn up_to_date(&self) -> Option<UpToDate> {
        let confirmed = self.state().administration.confirmed.as_ref()?;
        Some(UpToDate { by: confirmed.by.clone(), on: confirmed.on.into() })
    }

    /// The packages that it is coupled to (code list `COUPLING`) (A2-17, A2-40).
    async fn couplings(&self) -> Vec<&str> {
        self.state().administration.couplings.iter().map(String::as_str).collect()
    }

    /// `couplings` in words, in the same order.
    async fn coupling_labels(&self, #[graphql(default)] lang: Lang) -> Result<Vec<String>> {
        self.reader.labels(code_list::COUPLING, &self.state().administration.couplings, lang)
    }

    /// Whether it is marked for deletion (A2-42).
    async fn marked_for_deletion(&self) -> bool {
        self.state().administration.deletion.is_some()
    }

    /// Whether it is not deactivated.
    async fn active(&self) -> bool {
        self.state().active
    }

    /// The registration type of its contact (spec §1.1); null for a household.
    async fn registration_type(&self) -> Result<Option<RegistrationType>> {
        self.owner()?.kind_of_registration()
    }

    /// `registrationType` in words.
    async fn registration_type_label(&self, #[graphql(default)] lang: Lang) -> Result<Option<&'static str>> {
        Ok(self.owner()?.kind_of_registration()?.map(|kind| kind.label(lang)))
    }

    /// Its leases, oldest first.
    async fn leases(&self) -> Vec<Lease> {
        self.state().leases.iter().map(|lease| self.lease(lease)).collect()
    }

    /// One lease: the one with this reference, or without a reference the newest that runs today, else the one that ended
    /// last.
    #[graphql(name = "lease")]
    async fn one_lease(
        &self,
        #[graphql(desc = "The tenancy system's reference.")] reference: Option<String>,
    ) -> Option<Lease> {
        let leases = &self.state().leases;
        let found = match &reference {
            Some(reference) => {
                leases.iter().find(|lease| lease.reference.eq_ignore_ascii_case(reference.trim()))
            }
            None => main_lease(leases, self.reader.today()),
        };
        found.map(|lease| self.lease(lease))
    }

    /// Whether the customer rents something on a date (E1-04).
    async fn lease_state(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<LeaseState> {
        self.rents(on.as_ref())
    }

    /// `leaseState` in words.
    async fn lease_state_label(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
        #[graphql(default)] lang: Lang,
    ) -> Result<&'static str> {
        Ok(self.rents(on.as_ref())?.label(lang))
    }

    /// The tab "Address and contact person": how to reach the customer, as recorded at its contact (E1-17).
    async fn address_and_contact(&self) -> Result<ContactData> {
        self.owner().map(ContactData)
    }

    /// The same as `addressAndContact`.
    async fn contact_data(&self) -> Result<ContactData> {
        self.owner().map(ContactData)
    }

    /// The correspondence address of its contact on a date (E1-20).
    async fn correspondence_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        self.owner()?.correspondence_on(on.as_ref())
    }

    /// The tab "Related roles": the role lines of its contact, the contractant shown first on top, then in line order
    /// (E1-05, E1-07).
    #[graphql(complexity = "short(child_complexity)")]
    async fn related_roles(
        &self,
        #[graphql(desc = "Which lines.", default_with = "RoleKind::All")] kind: RoleKind,
    ) -> Result<Vec<RelatedRole>> {
        super::role::related(&self.owner()?, kind)
    }

    /// Its bank accounts, in the order in which they came (E1-44).
    #[graphql(complexity = "short(child_complexity)")]
    async fn bank_accounts(&self) -> Vec<BankAccount> {
        self.state().accounts.iter().map(|account| BankAccount::new(self, account)).collect()
    }

    /// The bank account with this code, in any case.
    async fn bank_account(&self, code: String) -> Option<BankAccount> {
        let mut accounts = self.state().accounts.iter();
        let found = accounts.find(|account| account.code.eq_ignore_ascii_case(code.trim()));
        found.map(|account| BankAccount::new(self, account))
    }

    /// Its mandates, revoked ones too, in the order in which they came (E1-52).
    #[graphql(complexity = "short(child_complexity)")]
    async fn mandates(&self) -> Vec<Mandate> {
        self.state().mandates.iter().map(|mandate| Mandate::new(self, mandate)).collect()
    }

    /// Its payment lines in order of effective date; of one date the line for all units first (E1-48).
    #[graphql(complexity = "short(child_complexity)")]
    async fn payment_lines(
        &self,
        #[graphql(desc = "Also the lines that were withdrawn.", default = false)] withdrawn: bool,
    ) -> Vec<PaymentLine> {
        let customer = self.state();
        let mut lines = payment::lines(customer);
        if withdrawn {
            lines.extend(customer.payment_lines.iter().filter(|line| line.withdrawn));
            lines.sort_by_key(|line| (line.content.effective, line.content.unit.as_deref(), line.id));
        }
        lines.into_iter().map(|line| PaymentLine::new(self, line)).collect()
    }

    /// The payment line in force on a date: the one with the greatest effective date not after it. For a unit its own line
    /// wins over one for all units (E1-41, E1-55). Null when no line holds yet.
    async fn payment_line(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
        #[graphql(desc = "The unit; without one only lines for all units count.")] unit: Option<String>,
    ) -> Result<Option<PaymentLine>> {
        let on = self.reader.date(on.as_ref(), "on")?;
        Ok(payment::line_on(self.state(), on, unit.as_deref()).map(|line| PaymentLine::new(self, line)))
    }

    /// A remark of the shop.
    async fn remark(&self) -> Option<&str> {
        self.shop().map(|shop| shop.remark.as_str()).filter(|remark| !remark.is_empty())
    }

    /// The number under which another system knows the customer.
    async fn reference(&self) -> Option<&str> {
        self.shop()?.reference.as_deref()
    }

    /// What is open with the customer: all of it stands in the way of signing it off (N1-10).
    #[graphql(complexity = "short(child_complexity)")]
    async fn open_activity(&self) -> Vec<OpenActivity> {
        let open = self.shop().into_iter().flat_map(|shop| &shop.activity.open);
        open.map(|(kind, id)| OpenActivity { kind: (*kind).into(), id: id.clone() }).collect()
    }

    /// Whether the customer is on the staff list (N1-11).
    async fn on_staff_list(&self) -> bool {
        self.shop().is_some_and(|shop| shop.activity.on_staff_list)
    }

    /// Its contacts by kind, those that have an address (N1-15).
    async fn contacts(&self) -> Vec<MailContact> {
        let contacts = self.shop().into_iter().flat_map(|shop| &shop.mail.contacts);
        contacts.map(|(kind, emails)| MailContact { kind: (*kind).into(), emails: emails.clone() }).collect()
    }

    /// The e-mail addresses of a kind of contact, in order (N1-15).
    async fn contacts_by_kind(&self, kind: MailContactKind) -> Vec<String> {
        self.shop().map(|shop| shop.mail.addresses(kind.into()).to_vec()).unwrap_or_default()
    }

    /// Who gets the invoices, when not the customer itself (N1-21).
    async fn billing_customer(&self) -> Result<Option<Customer>> {
        self.payer()
    }

    /// The correspondence address of whoever gets the invoices, on a date (N1-21); null when the actor may not see who.
    async fn billing_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        if self.shop().is_none_or(|shop| shop.mail.billing.is_none()) {
            return self.owner()?.correspondence_on(on.as_ref());
        }
        match self.payer()? {
            Some(payer) => payer.owner()?.correspondence_on(on.as_ref()),
            None => Ok(None),
        }
    }

    /// The addresses that have consented to mail (N1-22).
    #[graphql(complexity = "short(child_complexity)")]
    async fn mail_consents(&self) -> Vec<MailConsent> {
        let given = self.shop().into_iter().flat_map(|shop| shop.mail.consents.values());
        given.map(MailConsent::from).collect()
    }

    /// To what an e-mail address has consented (N1-22).
    async fn consent(&self, email: String) -> ConsentLevel {
        self.consent_of(&email)
    }

    /// `consent` in words.
    async fn consent_label(&self, email: String, #[graphql(default)] lang: Lang) -> &'static str {
        self.consent_of(&email).label(lang)
    }

    /// Which addresses a message could go to, and for each whether it is sent and why not (N1-21, N1-23).
    #[graphql(complexity = "short(child_complexity)")]
    pub(crate) async fn recipients(&self, message: MessageType) -> Result<Vec<Recipient>> {
        self.recipients_of(message)
    }

    /// The contact moments at its contact, the very same, newest first, cancelled ones too (E2-18).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn interactions(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        interaction::at(&self.reader, self.state().contact, first, after).await
    }

    /// What happened to the customer itself, oldest first; see `timeline` for what happened to its contact as well.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn history(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<HistoryEntry>> {
        history::of(&self.reader, vec![self.entity()], first, after).await
    }

    /// What happened to the customer and to its contact, as one history, oldest first: a death in the household shows here
    /// with all that followed from it, in one entry (E1-36).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn timeline(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<HistoryEntry>> {
        let entities = vec![self.entity(), EntityId::Contact(self.state().contact)];
        history::of(&self.reader, entities, first, after).await
    }

    /// The position that this answer is as of.
    async fn projected_up_to(&self) -> Position {
        self.reader.position().into()
    }
}
