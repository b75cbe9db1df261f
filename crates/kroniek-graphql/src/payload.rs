//! What a mutation answers: one shape for all, under a name per mutation.

use crate::context::{self, AfterCommit, Reader};
use crate::mutations::{Addressed, CommandInput, at};
use crate::scalars::Position;
use crate::types::code_list::CodeList;
use crate::types::contact::Contact;
use crate::types::customer::Customer;
use crate::types::employee::Employee;
use crate::types::interaction::Interaction;
use crate::types::task::Task;
use crate::types::team::Team;
use crate::types::template::InteractionTemplate;
use crate::user_error::{UserError, Warning};
use async_graphql::{Object, Result, SimpleObject, TypeName};
use kroniek_domain::contact;
use kroniek_domain::{
    ContactId, ContactRef, CustomerId, CustomerRef, EntityId, Event, InteractionId, TaskId, customer,
    interaction, task,
};
use kroniek_engine::Done;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

/// What became of the command whose input is `I`. Its name in the schema is the input's with `Payload` for `Input`.
pub(crate) struct Payload<I> {
    accepted: Option<Accepted>,
    user_errors: Vec<UserError>,
    input: PhantomData<fn() -> I>,
}

/// What an accepted command left behind.
struct Accepted {
    /// The snapshot from after the commit.
    after: AfterCommit,
    addressed: Addressed,
    done: Done,
    warnings: Vec<Warning>,
}

impl<I> Payload<I> {
    /// The answer to a command that was refused.
    pub(crate) fn refused(user_errors: Vec<UserError>) -> Self {
        Self { accepted: None, user_errors, input: PhantomData }
    }

    /// The answer to a command that was accepted.
    pub(crate) fn accepted(after: AfterCommit, addressed: Addressed, done: Done, may_see: bool) -> Self {
        // A warning about somebody whom the actor may not see would tell of it (A2-52), also without the right to read.
        let told = done.warnings.iter().filter(|warning| after.tells_of(warning.entity.as_ref()));
        let warnings = told.map(|warning| Warning::new(warning, may_see)).collect();
        let accepted = Accepted { after, addressed, done, warnings };
        Self { accepted: Some(accepted), user_errors: Vec::new(), input: PhantomData }
    }

    /// What was left behind, and the snapshot to read it from.
    fn visible(&self) -> Result<Option<(&Accepted, Reader)>> {
        let Some(accepted) = &self.accepted else { return Ok(None) };
        let reader = accepted.after.reader();
        // Whoever gets an error instead of an entity should know that the commit stands.
        let reader = reader.map_err(|error| at(error, accepted.done.position))?;
        Ok(reader.map(|reader| (accepted, reader)))
    }
}

impl<I: CommandInput> TypeName for Payload<I> {
    fn type_name() -> Cow<'static, str> {
        let input = I::type_name();
        format!("{}Payload", input.strip_suffix("Input").unwrap_or(&input)).into()
    }
}

/// What became of a command. Accepted: `userErrors` is empty. Refused: `userErrors` says why and nothing was stored. The
/// entities are read after the commit; to an actor without `READ` they are null or empty.
#[Object(name_type)]
impl<I: CommandInput> Payload<I> {
    /// The position of the commit; null when nothing was stored.
    async fn position(&self) -> Option<Position> {
        self.accepted.as_ref()?.done.position.map(Position::from)
    }

    /// Whether anything was stored; false also for an accepted command that had nothing to change.
    async fn changed(&self) -> bool {
        self.accepted.as_ref().is_some_and(|accepted| accepted.done.changed)
    }

    /// What was accepted but should be seen.
    async fn warnings(&self) -> &[Warning] {
        self.accepted.as_ref().map_or(&[], |accepted| &accepted.warnings)
    }

    /// Why the command was refused; empty when it was accepted.
    async fn user_errors(&self) -> &[UserError] {
        &self.user_errors
    }

    /// The names of the events that were stored, in order: what the command asked for, and what followed from it.
    async fn events(&self) -> Result<Vec<&str>> {
        let Some(accepted) = &self.accepted else { return Ok(Vec::new()) };
        let everything = accepted.after.sees_everybody();
        let reader = if everything { None } else { self.visible()?.map(|(_, reader)| reader) };
        let mut names = Vec::new();
        for recorded in &accepted.done.events {
            // What happened to somebody whom the actor may not see did not happen (A2-52). Who reads nothing is told what it
            // asked for: it knows that, and what followed may have happened to anybody.
            let told = match &reader {
                _ if everything => true,
                Some(reader) => reader.tells(&recorded.event)?,
                None => recorded.cause.is_none(),
            };
            names.extend(told.then(|| recorded.event.stored().name));
        }
        Ok(names)
    }

    /// The contact that the command made (the first, when it made several); else the one that it addresses, also by its
    /// customer.
    async fn contact(&self) -> Result<Option<Contact>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.contact(&reader)
    }

    /// The customer that the command made; else the one that it addresses.
    async fn customer(&self) -> Result<Option<Customer>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.customer(&reader)
    }

    /// The code list that the command addresses.
    async fn code_list(&self) -> Result<Option<CodeList>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        match &accepted.addressed {
            Addressed::CodeList(name) => reader.code_list(name),
            Addressed::Contact(_) | Addressed::Customer(_) | Addressed::Entity(_) | Addressed::Nothing => {
                Ok(None)
            }
        }
    }

    /// The contact moment that the command recorded; else the one that it addresses.
    async fn interaction(&self) -> Result<Option<Interaction>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.interaction().map_or(Ok(None), |id| reader.interaction(id))
    }

    /// The task that the command made; else the one that it addresses.
    async fn task(&self) -> Result<Option<Task>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.task().map_or(Ok(None), |id| reader.task(id))
    }

    /// The interaction template that the command addresses.
    async fn interaction_template(&self) -> Result<Option<InteractionTemplate>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.entity().and_then(EntityId::template).map_or(Ok(None), |code| reader.template(code))
    }

    /// The team that the command addresses.
    async fn team(&self) -> Result<Option<Team>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.entity().and_then(EntityId::team).map_or(Ok(None), |code| reader.team(code))
    }

    /// The employee that the command addresses.
    async fn employee(&self) -> Result<Option<Employee>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        accepted.entity().and_then(EntityId::employee).map_or(Ok(None), |code| reader.employee(code))
    }

    /// Every contact that changed.
    async fn contacts(&self) -> Result<Vec<Contact>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(Vec::new()) };
        reader.seen_contacts(accepted.changed_contacts())
    }

    /// Every customer that changed, also one that is called otherwise because its household is (E1-28); in order of age.
    async fn customers(&self) -> Result<Vec<Customer>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(Vec::new()) };
        accepted.changed_customers(&reader)
    }

    /// Every customer at which a changed contact is visible, before or after the command: as its own account or through
    /// a role line, one that the command ended too (E1-14). Followers that took something over have changed, so their
    /// customers are among them (A1-07). In order of id. The same before the command: `alsoVisibleAt` of the contact.
    async fn also_visible_at(&self) -> Result<Vec<Customer>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(Vec::new()) };
        let mut found = BTreeMap::new();
        // Whoever held a line that ended has changed as well, so its customer is not missed.
        for contact in reader.seen_contacts(accepted.changed_contacts())? {
            found.extend(contact.seen_at()?.into_iter().map(|customer| (customer.state().id, customer)));
        }
        Ok(found.into_values().collect())
    }

    /// The households whose name changed (E1-28), in the order in which they did.
    async fn household_names(&self) -> Result<Vec<HouseholdName>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(Vec::new()) };
        accepted.renamed(&reader)
    }

    /// The old name of the first household of `householdNames`.
    async fn household_name_before(&self) -> Result<Option<String>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        Ok(accepted.renamed(&reader)?.into_iter().next().and_then(|renamed| renamed.before))
    }

    /// The new name of the first household of `householdNames`.
    async fn household_name_after(&self) -> Result<Option<String>> {
        let Some((accepted, reader)) = self.visible()? else { return Ok(None) };
        Ok(accepted.renamed(&reader)?.into_iter().next().and_then(|renamed| renamed.after))
    }
}

impl Accepted {
    /// The households whose name changed, of those that the actor may see.
    fn renamed(&self, reader: &Reader) -> Result<Vec<HouseholdName>> {
        let renamed = self.household_names().into_iter();
        renamed
            .filter_map(|RenamedHousehold { household, before, after }| {
                let household = reader.contact(household).transpose()?;
                Some(household.map(|household| HouseholdName { household, before, after }))
            })
            .collect()
    }

    fn changed_contacts(&self) -> impl Iterator<Item = ContactId> {
        self.done.entities.iter().filter_map(EntityId::contact)
    }

    /// The customers that changed, and those that are called otherwise because their household is; in order of id.
    fn changed_customers(&self, reader: &Reader) -> Result<Vec<Customer>> {
        let mut changed: BTreeSet<_> = self.done.entities.iter().filter_map(EntityId::customer).collect();
        for renamed in self.household_names() {
            let household = reader.snapshot().contact(renamed.household).map_err(context::fault)?;
            changed.extend(household.and_then(|household| household.state.customer));
        }
        reader.seen_customers(changed)
    }

    fn contact(&self, reader: &Reader) -> Result<Option<Contact>> {
        let made = self.done.events.iter().find_map(|recorded| match &recorded.event {
            Event::Contact(contact::Event::ContactCreated(e)) => Some(e.contact),
            _ => None,
        });
        if let Some(id) = made {
            return reader.contact(id);
        }
        match &self.addressed {
            Addressed::Contact(ContactRef::Id(id)) => reader.contact(*id),
            Addressed::Contact(ContactRef::Number(number)) => {
                let named = reader.contact_by_number(number)?;
                Ok(named.filter(|contact| self.is_about(contact.state().id, contact.state().customer)))
            }
            Addressed::Customer(_) => match self.customer(reader)? {
                Some(customer) => reader.contact(customer.state().contact),
                None => Ok(None),
            },
            Addressed::CodeList(_) | Addressed::Entity(_) | Addressed::Nothing => Ok(None),
        }
    }

    /// Whether what a number names now can be what it named for the command: the number may be another customer's since
    /// (A2-11), when the answer is that to a repeated command.
    fn is_about(&self, contact: ContactId, customer: Option<CustomerId>) -> bool {
        let named: Vec<_> =
            self.done.entities.iter().filter(|e| e.contact().is_some() || e.customer().is_some()).collect();
        named.is_empty()
            || named.contains(&&EntityId::Contact(contact))
            || customer.is_some_and(|customer| named.contains(&&EntityId::Customer(customer)))
    }

    /// The contact moment, task, template, team or employee that the command addresses.
    fn entity(&self) -> Option<&EntityId> {
        if let Addressed::Entity(entity) = &self.addressed { Some(entity) } else { None }
    }

    fn interaction(&self) -> Option<InteractionId> {
        let made = self.done.events.iter().find_map(|recorded| match &recorded.event {
            Event::Interaction(interaction::Event::InteractionLogged(e)) => Some(e.interaction),
            _ => None,
        });
        made.or_else(|| self.entity().and_then(EntityId::interaction))
    }

    fn task(&self) -> Option<TaskId> {
        let made = self.done.events.iter().find_map(|recorded| match &recorded.event {
            Event::Task(task::Event::TaskCreated(e)) => Some(e.task),
            _ => None,
        });
        made.or_else(|| self.entity().and_then(EntityId::task))
    }

    fn customer(&self, reader: &Reader) -> Result<Option<Customer>> {
        let made = self.done.events.iter().find_map(|recorded| match &recorded.event {
            Event::Customer(customer::Event::CustomerActivated(e)) => Some(e.customer),
            Event::Customer(customer::Event::CustomerCreated(e)) => Some(e.customer),
            _ => None,
        });
        if let Some(id) = made {
            return reader.customer(id);
        }
        match &self.addressed {
            Addressed::Customer(CustomerRef::Id(id)) => reader.customer(*id),
            Addressed::Customer(CustomerRef::Number(number)) => {
                let named = reader.customer_by_number(number)?;
                Ok(named
                    .filter(|customer| self.is_about(customer.state().contact, Some(customer.state().id))))
            }
            Addressed::Contact(_) | Addressed::CodeList(_) | Addressed::Entity(_) | Addressed::Nothing => {
                Ok(None)
            }
        }
    }

    /// The names of households as they were before this command and are after it, in the order in which they changed.
    fn household_names(&self) -> Vec<RenamedHousehold> {
        let mut renamed: Vec<RenamedHousehold> = Vec::new();
        for recorded in &self.done.events {
            let Event::Contact(contact::Event::HouseholdNameChanged(e)) = &recorded.event else { continue };
            let after = e.new.get().cloned();
            match renamed.iter_mut().find(|known| known.household == e.household) {
                Some(known) => known.after = after,
                None => renamed.push(RenamedHousehold {
                    household: e.household,
                    before: e.old.get().cloned(),
                    after,
                }),
            }
        }
        renamed
    }
}

/// A household that got another name.
struct RenamedHousehold {
    household: ContactId,
    before: Option<String>,
    after: Option<String>,
}

/// A household whose name changed by a command: it is called as its contractant shown first (E1-27).
#[derive(SimpleObject)]
pub(crate) struct HouseholdName {
    /// The household.
    household: Contact,
    /// Its name before; null when erased.
    before: Option<String>,
    /// Its name now; null when erased.
    after: Option<String>,
}
