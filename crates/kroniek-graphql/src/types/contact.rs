//! The contact: person, household or company (spec §1.1).

use super::address::{self, Address, DatedAddress};
use super::channel::{self, Channel};
use super::connection::{Connection, cost, short};
use super::customer::Customer;
use super::history::{self, HistoryEntry};
use super::interaction::{self, Interaction};
use super::leader::{FieldState, LeaderAction, MailChoice, MailPreference, PersonField};
use super::personal_data::PersonalData;
use super::registration::RegistrationType;
use super::role::{self, RelatedRole, RemovableRole, RoleKind};
use crate::context::{self, Reader};
use crate::id;
use crate::label::Lang;
use crate::scalars::{DateText, DateTime, Position};
use async_graphql::{Description, Enum, ID, Object, Result, SimpleObject};
use kroniek_domain::values::{self, NameParts, SalutationForm};
use kroniek_domain::{EntityId, Permission, code_list, contact, leader, placement, registration};
use kroniek_views::Versioned;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a contact is. It may not change once there are roles, a customer or interactions (D-14).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "contact::Kind")]
pub enum ContactKind {
    /// A natural person.
    Person,
    /// What natural persons form together.
    Household,
    /// A legal entity.
    Company,
    /// "The board", "the secretariat" of a company (A2-06).
    GeneralCorrespondence,
    /// A branch of a company (A2-09).
    Location,
}

/// A name that a contact has or had.
#[derive(SimpleObject)]
pub struct NameSince {
    /// The name.
    name: String,
    /// The position of the commit since which it holds.
    position: Position,
    /// The time of that commit.
    since: DateTime,
}

/// A contact: a person, a household or a company. There is one type for all kinds; what a kind does not have is null or
/// empty. No command ever deletes a contact (E1-12).
#[derive(Clone, Description)]
pub struct Contact {
    reader: Reader,
    found: Versioned<Arc<contact::Contact>>,
}

impl Contact {
    pub(crate) fn new(reader: Reader, found: Versioned<Arc<contact::Contact>>) -> Self {
        Self { reader, found }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn state(&self) -> &contact::Contact {
        &self.found.state
    }

    /// The correspondence address on a date, today when none is given.
    pub(crate) fn correspondence_on(&self, on: Option<&DateText>) -> Result<Option<Address>> {
        Ok(address::on(&self.reader, &self.state().correspondence, self.reader.date(on, "on")?))
    }

    /// Its correspondence address of today in one line.
    pub(crate) fn correspondence_text(&self) -> Option<String> {
        self.state().correspondence.on(self.reader.today()).map(values::Address::display)
    }

    /// What it is to the office.
    pub(crate) fn kind_of_registration(&self) -> Result<Option<RegistrationType>> {
        let kind = self.reader.ask(|look| {
            registration::registration_type(self.state(), &|id| look.contact(id), &|id| look.customer(id))
        })?;
        Ok(kind.map(RegistrationType::from))
    }

    /// The customers at which this contact is seen: its own, and those of the contacts at which it plays a role (E1-14).
    pub(crate) fn seen_at(&self) -> Result<Vec<Customer>> {
        let state = self.state();
        let mut ids: BTreeSet<_> = state.customer.into_iter().collect();
        let holders: BTreeSet<_> = state.roles.iter().map(|(holder, _)| *holder).collect();
        for holder in holders {
            ids.extend(self.reader.contact(holder)?.and_then(|holder| holder.state().customer));
        }
        self.reader.seen_customers(ids)
    }

    /// The customers that a change of this contact can reach: where it is seen, and where its followers are.
    fn reach(&self) -> Result<Vec<Customer>> {
        let mut found: BTreeMap<_, _> = BTreeMap::new();
        let mut add = |contact: &Contact| -> Result<()> {
            found.extend(contact.seen_at()?.into_iter().map(|customer| (customer.state().id, customer)));
            Ok(())
        };
        add(self)?;
        for follower in self.reader.seen_contacts(self.state().followers.iter().copied())? {
            add(&follower)?;
        }
        Ok(found.into_values().collect())
    }

    /// The contact that it follows.
    pub(crate) fn followed(&self) -> Result<Option<Contact>> {
        self.state().leader.map_or(Ok(None), |leader| self.reader.contact(leader))
    }

    /// The addresses for correspondence with it; with `explain` also those that are not offered (A1-21).
    pub(crate) fn mail(&self, explain: bool) -> Result<Vec<MailChoice>> {
        let leader = self.followed()?;
        let mut business = Vec::new();
        for (holder, line) in &self.state().roles {
            let Some(holder) = self.reader.contact(*holder)? else { continue };
            business.extend(holder.state().line(*line).and_then(|line| line.business.email.clone()));
        }
        let mut own = Cow::Borrowed(self.state());
        if !own.followers.is_empty() && !self.leads()? {
            // Whom nobody follows that may be seen does not lead here (A2-52).
            own.to_mut().followers.clear();
        }
        let choices = leader::mail_choices(&own, leader.as_ref().map(Contact::state), &business);
        Ok(choices.into_iter().filter(|choice| explain || choice.offered).map(MailChoice::from).collect())
    }

    /// The role lines by which it gets into a client portal (A1-04).
    pub(crate) fn portal(&self) -> Result<Vec<RelatedRole>> {
        let places = self.reader.ask(|look| leader::portal_access(self.state(), &|id| look.contact(id)))?;
        role::at(&self.reader, &places)
    }

    /// The name parts that a letter is built on: a household is addressed by the contractant whose name it carries.
    fn addressed_parts(&self) -> Result<NameParts> {
        let state = self.state();
        if state.named_after == state.id {
            return Ok(state.parts.clone());
        }
        let giver = self.reader.contact(state.named_after)?;
        Ok(giver.map_or_else(|| state.parts.clone(), |giver| giver.state().parts.clone()))
    }

    fn leads(&self) -> Result<bool> {
        self.reader.ask(|look| leader::leads(self.state(), &|id| look.contact(id)))
    }

    fn actions(&self) -> Result<Vec<LeaderAction>> {
        let actions =
            self.reader.ask(|look| leader::available_actions(self.state(), &|id| look.contact(id)))?;
        Ok(actions.into_iter().map(LeaderAction::from).collect())
    }

    fn state_of(&self, field: PersonField) -> Result<FieldState> {
        let leader = self.followed()?;
        Ok(leader::field_state(self.state(), leader.as_ref().map(Contact::state), field.into()).into())
    }

    fn entity(&self) -> EntityId {
        EntityId::Contact(self.state().id)
    }
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[Object(use_type_description)]
impl Contact {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        id::of_contact(self.state().id)
    }

    /// Contact number: unique, never reused (E2-08).
    async fn number(&self) -> &str {
        &self.state().number
    }

    /// Position of the last commit that names this contact, for `expectedVersion` (else `VERSION_CONFLICT`).
    async fn version(&self) -> Position {
        self.found.version.into()
    }

    /// Person, household or company.
    async fn kind(&self) -> ContactKind {
        self.state().kind.into()
    }

    /// `kind` in words.
    async fn kind_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        ContactKind::from(self.state().kind).label(lang)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime::of_micros(self.state().created.time_us)
    }

    /// The name. Derived, never typed (`NAME_IS_DERIVED`): of a person its parts (I6), of a household with contractants the
    /// name of the one shown first (I3), of a company the company name.
    async fn name(&self) -> &str {
        &self.state().name
    }

    /// A person's initials; a household's own, used while it has no contractant.
    async fn initials(&self) -> Option<&str> {
        given(&self.state().parts.initials)
    }

    /// A person's infix (*tussenvoegsel*); a household's own, used while it has no contractant.
    async fn infix(&self) -> Option<&str> {
        given(&self.state().parts.infix)
    }

    /// A person's surname; a household's own, used while it has no contractant.
    async fn surname(&self) -> Option<&str> {
        given(&self.state().parts.surname)
    }

    /// A company's name.
    async fn company_name(&self) -> Option<&str> {
        given(&self.state().company_name)
    }

    /// Every name that it ever had, oldest first; the last one holds now (E1-27).
    async fn name_history(&self) -> Vec<NameSince> {
        let names = self.state().names.iter();
        names
            .map(|past| NameSince {
                name: past.name.clone(),
                position: past.since.position.into(),
                since: DateTime::of_micros(past.since.time_us),
            })
            .collect()
    }

    /// The name with what a card shows behind it: "(leader)", or "(follows …)"; in Dutch "(hoofd)", or "(volgt …)" (A1-14).
    ///
    /// English when left out, other than labels: it is the field of the API that was there before there were languages.
    async fn title(
        &self,
        #[graphql(desc = "The language of what stands behind the name.", default_with = "Lang::En")]
        lang: Lang,
    ) -> Result<String> {
        self.reader.ask(|look| leader::title(self.state(), &|id| look.contact(id), lang.into()))
    }

    /// Phone numbers, mobiles, faxes, e-mail addresses and web sites. A person's own: what is changed here is seen at
    /// every customer of `customers` (E1-14), and does not change its household's (E1-19).
    async fn channels(&self) -> Vec<Channel> {
        channel::of(self.state(), |_| true)
    }

    /// Phone numbers, mobiles and faxes.
    async fn phones(&self) -> Vec<Channel> {
        channel::of(self.state(), channel::is_phone)
    }

    /// E-mail addresses.
    async fn emails(&self) -> Vec<Channel> {
        channel::of(self.state(), channel::is_email)
    }

    /// Web sites; the client card shows the one of first preference, else the first (A2-22).
    async fn websites(&self) -> Vec<Channel> {
        channel::of(self.state(), channel::is_website)
    }

    /// The correspondence address on a date; a person's is private.
    async fn correspondence_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        self.correspondence_on(on.as_ref())
    }

    /// All correspondence addresses by date, past and to come, oldest first.
    async fn correspondence_addresses(&self) -> Vec<DatedAddress> {
        address::all(&self.reader, &self.state().correspondence)
    }

    /// A person's private home address on a date.
    async fn home_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        Ok(address::on(&self.reader, &self.state().home, self.reader.date(on.as_ref(), "on")?))
    }

    /// All home addresses by date, past and to come, oldest first.
    async fn home_addresses(&self) -> Vec<DatedAddress> {
        address::all(&self.reader, &self.state().home)
    }

    /// The address in use on a date (A2-12): for a contact person that of the client or relation that it belongs to, by the
    /// first of its role lines, else its own correspondence address.
    async fn effective_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        let date = self.reader.date(on.as_ref(), "on")?;
        let place = self.reader.ask(|look| placement::hangs_on(self.state(), &|id| look.contact(id)))?;
        let (parent, location) = place.unzip();
        let parent = parent.map_or(Ok(None), |id| self.reader.contact(id))?;
        let location = location.flatten().map_or(Ok(None), |id| self.reader.contact(id))?;
        let (parent, location) = (parent.as_ref().map(Contact::state), location.as_ref().map(Contact::state));
        let found = placement::effective_address(date, location, parent, self.state());
        Ok(found.map(|address| Address::new(&self.reader, address.clone())))
    }

    /// What a location, general correspondence or contact person hangs on; null for whatever stands alone. A contact
    /// person may hang on several: this is the first, see `roles`.
    async fn parent(&self) -> Result<Option<Contact>> {
        let place = self.reader.ask(|look| placement::hangs_on(self.state(), &|id| look.contact(id)))?;
        place.map_or(Ok(None), |(parent, _)| self.reader.contact(parent))
    }

    /// The location that it is tied to there (A2-09).
    async fn location(&self) -> Result<Option<Contact>> {
        let place = self.reader.ask(|look| placement::hangs_on(self.state(), &|id| look.contact(id)))?;
        place.and_then(|(_, location)| location).map_or(Ok(None), |location| self.reader.contact(location))
    }

    /// The locations and general correspondence that hang on it (A2-06, A2-09).
    #[graphql(complexity = "short(child_complexity)")]
    async fn children(&self) -> Result<Vec<Contact>> {
        self.reader.seen_contacts(self.state().placement.children.iter().copied())
    }

    /// Salutation code (code list `SALUTATION`). Read by all, changed with `SENSITIVE_WRITE` (D-32).
    async fn salutation(&self) -> Option<&str> {
        self.state().salutation.as_deref()
    }

    /// `salutation` in words.
    async fn salutation_label(&self, #[graphql(default)] lang: Lang) -> Result<Option<String>> {
        let code = self.state().salutation.as_deref();
        code.map(|code| self.reader.label(code_list::SALUTATION, code, lang)).transpose()
    }

    /// The first line of a letter, from the salutation code and the name (§7): "Geachte mevrouw De Vries", "De erven van
    /// J. de Vries". Without a code a person is addressed by name, a company as "Geachte heer/mevrouw".
    async fn letter_salutation(&self) -> Result<String> {
        let state = self.state();
        let code = state.salutation.as_deref();
        let row = code.map(|code| self.reader.code(code_list::SALUTATION, code)).transpose()?.flatten();
        let form = row.and_then(|row| row.letter_form()).unwrap_or(match state.kind {
            contact::Kind::Company | contact::Kind::GeneralCorrespondence | contact::Kind::Location => {
                SalutationForm::Company
            }
            contact::Kind::Person | contact::Kind::Household => SalutationForm::Neutral,
        });
        Ok(values::letter_salutation(form, &self.addressed_parts()?, &state.name))
    }

    /// Whether a death is recorded. Public, unlike its date (E1-33). Of a follower it is its own: a leader's death is not
    /// copied (I15).
    async fn deceased(&self) -> bool {
        self.state().deceased()
    }

    /// Sensitive personal data. Without the permission `SENSITIVE_READ` it is null **and** there is an error `FORBIDDEN` on
    /// this path, whether there are values or not (E1-39). Null for a household or company.
    async fn personal_data(&self, ctx: &async_graphql::Context<'_>) -> Result<Option<PersonalData>> {
        context::require(context::actor(ctx), Permission::SensitiveRead)?;
        Ok((self.state().kind == contact::Kind::Person).then(|| self.state().into()))
    }

    /// Chamber-of-commerce number (*KvK*) of a company.
    async fn kvk(&self) -> Option<&str> {
        self.state().kvk.as_deref()
    }

    /// RSIN of a company.
    async fn rsin(&self) -> Option<&str> {
        self.state().rsin.as_deref()
    }

    /// VAT id of a company.
    async fn vat_id(&self) -> Option<&str> {
        self.state().vat_id.as_deref()
    }

    /// Legal form of a company (code list `LEGAL_FORM`).
    async fn legal_form(&self) -> Option<&str> {
        self.state().legal_form.as_deref()
    }

    /// `legalForm` in words.
    async fn legal_form_label(&self, #[graphql(default)] lang: Lang) -> Result<Option<String>> {
        let code = self.state().legal_form.as_deref();
        code.map(|code| self.reader.label(code_list::LEGAL_FORM, code, lang)).transpose()
    }

    /// The role lines at this contact, the contractant shown first on top, then in line order (E1-05, E1-07).
    #[graphql(complexity = "short(child_complexity)")]
    async fn related_roles(
        &self,
        #[graphql(desc = "Which lines.", default_with = "RoleKind::All")] kind: RoleKind,
    ) -> Result<Vec<RelatedRole>> {
        role::related(self, kind)
    }

    /// The lines of contact persons: all but the contractants (A1-02).
    #[graphql(complexity = "short(child_complexity)")]
    async fn contact_persons(&self) -> Result<Vec<RelatedRole>> {
        role::related(self, RoleKind::ContactPerson)
    }

    /// The lines of the contractants of a household, the one shown first on top (E1-24).
    #[graphql(complexity = "short(child_complexity)")]
    async fn contractants(&self) -> Result<Vec<RelatedRole>> {
        role::related(self, RoleKind::Contractant)
    }

    /// The contractant shown first, whose name the household carries (E1-25, I2); null without contractants.
    async fn shown_first(&self) -> Result<Option<Contact>> {
        self.state().shown_first.map_or(Ok(None), |person| self.reader.contact(person))
    }

    /// For each role line at this contact, whether it could be removed now, and if not, why and what to do (E1-32).
    #[graphql(complexity = "short(child_complexity)")]
    async fn removable_roles(&self) -> Result<Vec<RemovableRole>> {
        role::removable(self)
    }

    /// The role lines at this contact that ended, oldest first (E1-29).
    #[graphql(complexity = "short(child_complexity)")]
    async fn role_history(&self) -> Result<Vec<RelatedRole>> {
        role::ended(self)
    }

    /// A person's role lines at other contacts (E1-37).
    #[graphql(complexity = "short(child_complexity)")]
    async fn roles(&self) -> Result<Vec<RelatedRole>> {
        role::at(&self.reader, &self.state().roles)
    }

    /// A person's role lines at other contacts that ended (E1-12).
    #[graphql(complexity = "short(child_complexity)")]
    async fn past_roles(&self) -> Result<Vec<RelatedRole>> {
        role::ended_at(&self.reader, &self.state().past_roles)
    }

    /// All customers at which this contact is seen: its own, and those of the contacts at which it plays a role. A change
    /// of its name, channels or address shows at all of them (E1-14).
    #[graphql(complexity = "short(child_complexity)")]
    async fn customers(&self) -> Result<Vec<Customer>> {
        self.seen_at()
    }

    /// The reach of a change before it is made (E1-14, X-09): the customers of `customers`, and those at which its
    /// followers are seen, which take over what they follow (A1-07). In order of age. What a command did reach, its
    /// payload tells under the same name.
    #[graphql(complexity = "short(child_complexity)")]
    async fn also_visible_at(&self) -> Result<Vec<Customer>> {
        self.reach()
    }

    /// The customer that is the account of this contact; a contact has one at most (D-2).
    async fn customer(&self) -> Result<Option<Customer>> {
        self.state().customer.map_or(Ok(None), |id| self.reader.customer(id))
    }

    /// What it is to the office, read off the model (spec §1.1). Null for a household, a company without customer, and a
    /// person that is neither client nor relation nor tied to one.
    async fn registration_type(&self) -> Result<Option<RegistrationType>> {
        self.kind_of_registration()
    }

    /// `registrationType` in words.
    async fn registration_type_label(&self, #[graphql(default)] lang: Lang) -> Result<Option<&'static str>> {
        Ok(self.kind_of_registration()?.map(|kind| kind.label(lang)))
    }

    /// Whether others follow this person (A1-14); as fresh as `projectedUpTo`.
    async fn is_leader(&self) -> Result<bool> {
        self.leads()
    }

    /// Whether this person follows a leader (A1-14), also one that the actor may not see; its followed fields are then
    /// read-only (`FIELD_FOLLOWS_LEADER`).
    async fn is_follower(&self) -> bool {
        self.state().leader.is_some()
    }

    /// The leader that this person follows (A1-06); null also when the actor may not see it.
    async fn leader(&self) -> Result<Option<Contact>> {
        self.followed()
    }

    /// The persons that follow this one (A1-06).
    #[graphql(complexity = "short(child_complexity)")]
    async fn followers(&self) -> Result<Vec<Contact>> {
        self.reader.seen_contacts(self.state().followers.iter().copied())
    }

    /// The other registrations of the same human: its leader, its followers, or the other followers of its leader (A1-03).
    #[graphql(complexity = "short(child_complexity)")]
    async fn same_human(&self) -> Result<Vec<Contact>> {
        let leader = self.followed()?;
        let ids = leader::same_human(self.state(), leader.as_ref().map(Contact::state));
        self.reader.seen_contacts(ids)
    }

    /// Whose a field is: its own, its leader's, or its leader's and withheld (A1-16).
    async fn field_state(&self, #[graphql(desc = "The field.")] field: PersonField) -> Result<FieldState> {
        self.state_of(field)
    }

    /// `fieldState` in words.
    async fn field_state_label(
        &self,
        #[graphql(desc = "The field.")] field: PersonField,
        #[graphql(default)] lang: Lang,
    ) -> Result<&'static str> {
        Ok(self.state_of(field)?.label(lang))
    }

    /// The extra actions of a leader or follower; empty at an ordinary registration (A1-22).
    async fn available_actions(&self) -> Result<Vec<LeaderAction>> {
        self.actions()
    }

    /// `availableActions` in words, in the same order.
    async fn available_action_labels(&self, #[graphql(default)] lang: Lang) -> Result<Vec<&'static str>> {
        Ok(self.actions()?.into_iter().map(|action| action.label(lang)).collect())
    }

    /// By which e-mail address it is reached (A1-18); its own, never followed.
    async fn mail_preference(&self) -> MailPreference {
        self.state().mail_preference.into()
    }

    /// `mailPreference` in words.
    async fn mail_preference_label(&self, #[graphql(default)] lang: Lang) -> &'static str {
        MailPreference::from(self.state().mail_preference).label(lang)
    }

    /// The e-mail addresses for correspondence with this person or company (A1-19, A1-20).
    async fn mail_choices(
        &self,
        #[graphql(
            desc = "Also the known addresses that are not offered, each with the reason (A1-21).",
            default = false
        )]
        explain: bool,
    ) -> Result<Vec<MailChoice>> {
        self.mail(explain)
    }

    /// The role lines by which it gets into a client portal: its own with access, and a leader's also those of its
    /// followers (A1-04).
    #[graphql(complexity = "short(child_complexity)")]
    async fn portal_access(&self) -> Result<Vec<RelatedRole>> {
        self.portal()
    }

    /// The position that this answer is as of (A1-15): everything in one answer is of the same position.
    async fn projected_up_to(&self) -> Position {
        self.reader.position().into()
    }

    /// The contact moments at this contact, newest first, cancelled ones too (E2-18, E2-19).
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn interactions(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<Interaction>> {
        interaction::at(&self.reader, self.state().id, first, after).await
    }

    /// What happened to this contact, oldest first: who did what, when and why, and what it changed.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn history(
        &self,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Connection<HistoryEntry>> {
        history::of(&self.reader, vec![self.entity()], first, after).await
    }
}
