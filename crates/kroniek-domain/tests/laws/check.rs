//! The laws themselves.

use crate::story::{Story, json};
use kroniek_domain::channel::{self, Channel};
use kroniek_domain::code_list::{CodeList, SALUTATION};
use kroniek_domain::contact::{Contact, Kind};
use kroniek_domain::customer::{ClientStatus, Customer};
use kroniek_domain::data_quality::{self, Check, Look};
use kroniek_domain::event::Recorded;
use kroniek_domain::interaction::Subject;
use kroniek_domain::leader::{self, MailPreference};
use kroniek_domain::mail::{Message, Source, recipients};
use kroniek_domain::payment;
use kroniek_domain::personal::{CUSTOMERS_CONTACT, NAME_GIVER, SUBJECTS};
use kroniek_domain::registration::registration_type;
use kroniek_domain::role::{Cause, RoleLine};
use kroniek_domain::task::Status;
use kroniek_domain::testing::MemoryWorld;
use kroniek_domain::values::Date;
use kroniek_domain::{ContactId, CustomerId, EntityId, Event, InteractionId, TaskId, World};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

/// All laws that hold for a world as it is.
pub(crate) fn all(story: &Story) {
    let (world, today) = (&story.world, story.today());
    for contact in world.contacts() {
        contractants(world, contact, today);
        names(world, contact);
        roles(world, contact);
        links(world, contact);
        placed(world, contact);
        assert_eq!(contact.deceased(), story.dead.contains(&contact.id), "I15: dead by its own death only");
        assert!(
            contact.deceased() || contact.salutation.as_deref() != Some("HEIRS_OF"),
            "E1-35: heirs of the living {contact:?}"
        );
        let numbers: BTreeSet<_> = contact.channels.iter().map(|c| c.id).collect();
        assert_eq!(numbers.len(), contact.channels.len(), "numbers of channels do not clash");
        assert!(numbers.iter().all(|number| *number < contact.next_channel));
    }
    let numbers: BTreeSet<_> = world.contacts().map(|c| c.number.clone()).collect();
    assert_eq!(numbers.len(), world.contacts().count(), "E2-08: numbers are unique");
    for customer in world.customers() {
        payments(customer, today);
        holders(world, customer);
        shows(world, customer);
        assert_eq!(contact(world, customer.contact).customer, Some(customer.id), "D-2");
        office(world, customer, today);
    }
    tasks(world);
    answers(world);
    quality(world, today);
    let codes: Vec<_> = world.customers().flat_map(|c| c.mandates.iter().map(|m| m.code.clone())).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "mandate codes are unique");
}

/// whatever a rule finds, a list keeps; what needs no other entity, it keeps exactly.
fn quality(world: &MemoryWorld, today: Date) {
    let list = world.code_list(SALUTATION).unwrap_or_else(|| CodeList::initial(SALUTATION).into());
    let salutation = |code: &str| list.row(code).and_then(|row| row.properties.salutation);
    let look = Look {
        contact: &|id| world.contact(id),
        customer: &|id| world.customer(id),
        salutation: &salutation,
        today,
    };
    let of_contacts = world.contacts().flat_map(|contact| data_quality::of_contact(contact, &salutation));
    let mut kept: BTreeSet<_> = of_contacts.collect();
    kept.extend(world.customers().filter_map(|customer| data_quality::of_customer(customer)));
    for contact in world.contacts() {
        for check in Check::ALL {
            let (found, keeps) = (check.finding(contact, &look), kept.contains(&(*check, contact.id)));
            assert!(keeps || found.is_none(), "{check:?} of {contact:?} is not kept");
            assert!(!check.looks_at_one_contact() || keeps == found.is_some(), "{check:?} of {contact:?}");
        }
    }
}

fn contact(world: &MemoryWorld, id: ContactId) -> Arc<Contact> {
    world.contact(id).unwrap_or_else(|| panic!("no contact {id:?}"))
}

/// I11: what cannot stand alone hangs on something that may hold it, and both know it (A2-05, A2-06, A2-09, A2-15).
fn placed(world: &MemoryWorld, it: &Contact) {
    let place = &it.placement;
    let kind = registration_type(it, &|id| world.contact(id), &|id| world.customer(id));
    assert_eq!(it.kind.stands_alone(), place.parent.is_none(), "I11: {it:?}");
    if let Some(parent) = place.parent {
        let parent = contact(world, parent);
        let holds = registration_type(&parent, &|id| world.contact(id), &|id| world.customer(id));
        let allowed = kind.expect("has a type").parents();
        assert!(holds.is_some_and(|holds| allowed.contains(&holds)), "I11: {it:?} on {parent:?}");
        assert!(parent.placement.children.contains(&it.id));
    }
    for child in &place.children {
        assert_eq!(contact(world, *child).placement.parent, Some(it.id));
    }
    let ended = |line: &u32| it.line(*line).is_none();
    for (line, location) in place.line_locations.iter().filter(|(line, _)| ended(line)) {
        let kept = it.ended_lines.iter().any(|ended| ended.line.line == *line && ended.cause == Cause::Death);
        assert!(kept, "E1-38: only what a death ended is remembered at its location {it:?}");
        assert!(!contact(world, *location).placement.tied.contains(&(it.id, *line)), "A2-09: {it:?}");
    }
    let ties = place.line_locations.iter().filter(|(line, _)| !ended(line));
    let ties = ties.map(|(line, location)| (*line, *location));
    for (line, location) in ties.chain(place.location.map(|location| (0, location))) {
        let location = contact(world, location);
        let company = if line == 0 { place.parent } else { Some(it.id) };
        assert_eq!((location.kind, location.placement.parent), (Kind::Location, company), "A2-09");
        assert!(location.placement.tied.contains(&(it.id, line)));
    }
    for (holder, line) in &place.tied {
        let holder = contact(world, *holder);
        assert!(*line == 0 || holder.line(*line).is_some(), "A2-09: a line that is gone is at no location");
        let who = &holder.placement;
        let at = if *line == 0 { who.location } else { who.line_locations.get(line).copied() };
        assert_eq!(at, Some(it.id));
    }
}

/// A2-32, A2-50, D-27: no company is its own subsidiary, and status, history and contact say the same.
fn office(world: &MemoryWorld, it: &Customer, today: Date) {
    assert_eq!(contact(world, it.contact).standing, Some(it.status));
    assert_eq!(it.statuses.on(today), Some(&it.status));
    let waits = it.status == ClientStatus::AcceptanceApproval;
    assert_eq!(it.acceptance.submitted_by.is_some(), waits, "D-27");
    assert!(it.status == ClientStatus::Relation || !it.acceptance.own_service_provider, "A2-60");
    let shut = |lines: &[RoleLine]| lines.iter().all(|line| !line.portal);
    assert!(it.status != ClientStatus::ExClient || shut(&contact(world, it.contact).lines), "A1-04");
    let mut above = it.structure.parent;
    while let Some(id) = above {
        assert_ne!(id, it.id, "A2-32");
        above = world.customer(id).and_then(|parent| parent.structure.parent);
    }
    for below in &it.structure.subsidiaries {
        assert_eq!(world.customer(*below).and_then(|c| c.structure.parent), Some(it.id));
    }
}

/// I1 and I2.
fn contractants(world: &MemoryWorld, household: &Contact, today: Date) {
    let people: Vec<_> = household.contractants().map(|line| line.person).collect();
    if household.kind != Kind::Household {
        assert_eq!(
            (people.len(), household.shown_first),
            (0, None),
            "E1-24: contractants belong to households"
        );
        return;
    }
    let lease_runs = household
        .customer
        .and_then(|id| world.customer(id))
        .is_some_and(|customer| customer.active && customer.lease_running(today));
    assert!(!lease_runs || !people.is_empty(), "I1: {household:?}");
    match household.shown_first {
        Some(first) => {
            assert_eq!(people.iter().filter(|person| **person == first).count(), 1, "I2: {household:?}");
        }
        None => assert!(people.is_empty(), "I2: nobody is shown first: {household:?}"),
    }
    assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len(), "one contractant line per person");
}

/// I3 and I6.
fn names(world: &MemoryWorld, it: &Contact) {
    let joined = [&it.parts.initials, &it.parts.infix, &it.parts.surname]
        .map(String::as_str)
        .into_iter()
        .filter(|p| !p.is_empty());
    let of_parts = joined.collect::<Vec<_>>().join(" ");
    let expected = match (it.kind, it.shown_first) {
        // Without a name of its own it keeps the last one that it was lent.
        (Kind::Household, None) if of_parts.is_empty() => it.names[it.names.len() - 1].name.clone(),
        (Kind::Person, _) | (Kind::Household, None) => of_parts,
        (Kind::Household, Some(first)) => contact(world, first).name.clone(),
        (Kind::Company | Kind::GeneralCorrespondence | Kind::Location, _) => it.company_name.clone(),
    };
    assert_eq!(it.name, expected, "I3, I6: {it:?}");
    assert_eq!(it.names.last().map(|past| &past.name), Some(&it.name), "the history ends in the name");
    assert!(
        it.names
            .windows(2)
            .all(|pair| pair[0].name != pair[1].name && pair[0].since.position <= pair[1].since.position)
    );
}

/// A line is known at both ends, and numbers are never used twice.
fn roles(world: &MemoryWorld, it: &Contact) {
    for line in &it.lines {
        assert!(contact(world, line.person).roles.contains(&(it.id, line.line)), "{it:?}");
        assert!(line.line < it.next_line);
    }
    for (holder, line) in &it.roles {
        assert_eq!(contact(world, *holder).line(*line).map(|line| line.person), Some(it.id), "{it:?}");
    }
    for (holder, line) in &it.past_roles {
        assert!(contact(world, *holder).ended_lines.iter().any(|ended| ended.line.line == *line), "{it:?}");
    }
    let numbers: Vec<_> =
        it.lines.iter().map(|l| l.line).chain(it.ended_lines.iter().map(|ended| ended.line.line)).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "{it:?}");
    assert!(it.lines.windows(2).all(|pair| pair[0].line < pair[1].line), "lines stand in line order");
}

/// I7 to I10.
fn links(world: &MemoryWorld, it: &Contact) {
    for follower in &it.followers {
        assert_eq!(contact(world, *follower).leader, Some(it.id), "I8");
    }
    let Some(leader) = it.leader else { return };
    assert_ne!(leader, it.id, "I7");
    let leader = contact(world, leader);
    assert!(leader.followers.contains(&it.id), "I8");
    assert_eq!(leader.leader, None, "I9: a leader follows nobody");
    assert!(it.followers.is_empty(), "I9: a follower leads nobody");
    assert_eq!(it.customer, None, "D-22: a client does not follow");

    let (has, passed) = (it.private_block(), leader::passed_on(&leader));
    assert_eq!(
        (&has.parts, &has.home, &has.correspondence),
        (&passed.parts, &passed.home, &passed.correspondence),
        "I10"
    );
    let shown = |channels: &[Channel]| -> BTreeMap<_, _> {
        channels.iter().map(|c| ((c.kind, c.detail, c.value.clone()), c.status)).collect()
    };
    assert_eq!(shown(&has.channels), shown(&passed.channels), "I10");
    let withheld = leader.mail_preference == MailPreference::Business;
    assert!(!(withheld && has.channels.iter().any(|c| c.kind == channel::Kind::Email)), "A1-19");
}

/// I14, and nobody who has left has a task to do or belongs to a team.
fn tasks(world: &MemoryWorld) {
    for task in world.tasks() {
        assert_eq!(task.status == Status::NotStarted, task.assignee.is_none(), "I14: {task:?}");
        let owner = task.assignee.as_deref().and_then(|code| world.employee(code));
        assert!(
            task.completed() || owner.is_none_or(|owner| owner.in_service()),
            "E2-42b: {task:?} waits for somebody who has left"
        );
        assert!(has_contact_moments(world, task.contact), "E2-30: {task:?}");
        let asked = task.interaction.and_then(|id| world.interaction(id));
        assert!(asked.is_none_or(|asked| asked.task == Some(task.id) && asked.contact == task.contact));
        assert_eq!(world.open_tasks_of("LAW").contains(&task.id), task.open_at("LAW"));
    }
    for team in world.teams() {
        for member in &team.members {
            let member = world.employee(member).expect("a member is an employee");
            assert!(member.in_service() && member.teams.contains(&team.code), "{team:?}");
        }
    }
    for employee in world.employees() {
        assert!(
            employee
                .teams
                .iter()
                .all(|team| world.team(team).is_some_and(|t| t.members.contains(&employee.code)))
        );
    }
}

/// E2-18, E2-19: a customer, or a household or company without one.
fn has_contact_moments(world: &MemoryWorld, contact: ContactId) -> bool {
    let contact = world.contact(contact).expect("a contact moment stands at a contact");
    contact.customer.is_some() || matches!(contact.kind, Kind::Household | Kind::Company)
}

/// E2-03: a question counts what answers it, and answers are of the same party; E2-04: complaints have a task.
fn answers(world: &MemoryWorld) {
    for asked in world.interactions() {
        assert!(has_contact_moments(world, asked.contact), "E2-19: {asked:?}");
        let answers = world.interactions().filter(|it| it.answers == Some(asked.id));
        let counted: Vec<_> = answers.filter(|it| it.cancelled.is_none()).collect();
        assert_eq!(usize::try_from(asked.answered).ok(), Some(counted.len()), "E2-03: {asked:?}");
        assert!(counted.iter().all(|it| it.contact == asked.contact && it.subject == Subject::Feedback));
        if asked.subject == Subject::Complaint {
            assert!(asked.task.is_some() && asked.handed_over, "E2-04: {asked:?}");
        }
    }
}

/// I4 and I5.
fn payments(customer: &Customer, today: Date) {
    let lines = payment::lines(customer);
    for (at, line) in lines.iter().enumerate() {
        let key = |line: &payment::PaymentLine| (line.content.unit.clone(), line.content.effective);
        assert!(!lines[..at].iter().any(|other| key(other) == key(line)), "I4: {customer:?}");
        let mandate =
            line.content.mandate.as_ref().map(|code| customer.mandate(code).expect("a mandate of its own"));
        assert_eq!(line.content.mode == "DIRECT_DEBIT", mandate.is_some(), "I5: {line:?}");
        assert!(
            mandate.is_none_or(|mandate| Some(&mandate.account) == line.content.account.as_ref()),
            "I5: {line:?}"
        );
    }
    for unit in [None, Some("VHE-1")] {
        let in_force = payment::line_on(customer, today, unit).and_then(|line| line.content.mandate.as_ref());
        let mandate = in_force.and_then(|code| customer.mandate(code));
        assert!(
            mandate.is_none_or(|mandate| mandate.revoked.is_none()),
            "I5: revoked, but in force: {customer:?}"
        );
    }
}

/// E1-23: from the day of "yes" on, the address of a holder that follows is the customer's.
fn holders(world: &MemoryWorld, customer: &Customer) {
    let shown = contact(world, customer.contact);
    for account in customer.accounts.iter().filter(|account| account.sync_holder_address) {
        let since = account.sync_answered.expect("answered");
        let days = shown
            .correspondence
            .entries()
            .iter()
            .chain(account.holder_address.entries())
            .map(|(day, _)| *day);
        for day in days.chain([since]).filter(|day| *day >= since) {
            assert_eq!(
                account.holder_address.on(day),
                shown.correspondence.on(day),
                "E1-23 on {day}: {customer:?}"
            );
        }
    }
}

/// What decisions record keeps to the table of whose data each personal field is.
pub(crate) fn subjects(story: &Story, events: &[Recorded]) {
    for recorded in events {
        let (name, payload) = (recorded.event.stored().name, json(&recorded.event));
        for (_, field, whose) in SUBJECTS.iter().filter(|(event, ..)| *event == name) {
            let at = |path: &str| path.split('.').fold(&payload, |value, name| &value[name]);
            let subject =
                at(field)["subject"].as_str().unwrap_or_else(|| panic!("{name}.{field}: {payload}"));
            let expected = match *whose {
                CUSTOMERS_CONTACT => {
                    let named = at("customer").as_u64().or_else(|| at("step.customer").as_u64());
                    let customer = CustomerId(named.unwrap());
                    story.world.customer(customer).unwrap().contact
                }
                NAME_GIVER => {
                    let household = contact(&story.world, ContactId(at("household").as_u64().unwrap()));
                    let id = ContactId(subject.trim_start_matches("contact:").parse().unwrap());
                    let name = at(field)["value"].as_str().unwrap();
                    let giver = contact(&story.world, id);
                    assert!(
                        giver.names.iter().any(|past| past.name == name)
                            || (id == household.id && giver.own_name() == name),
                        "{name:?} never was the name of {giver:?}"
                    );
                    continue;
                }
                path => ContactId(at(path).as_u64().unwrap_or_else(|| panic!("{name} has no {path}"))),
            };
            assert_eq!(subject, format!("contact:{}", expected.0), "{name}.{field}");
        }
    }
}

/// What a law looks back at: the world before a step.
pub(crate) struct Before {
    contacts: Vec<Arc<Contact>>,
    customers: Vec<Arc<Customer>>,
    interactions: Vec<InteractionId>,
    tasks: Vec<TaskId>,
}

impl Before {
    pub(crate) fn of(world: &MemoryWorld) -> Self {
        Self {
            contacts: world.contacts().cloned().collect(),
            customers: world.customers().cloned().collect(),
            interactions: world.interactions().map(|it| it.id).collect(),
            tasks: world.tasks().map(|it| it.id).collect(),
        }
    }

    /// What is refused changes nothing.
    pub(crate) fn must_stand(&self, world: &MemoryWorld) {
        assert_eq!(self.contacts, world.contacts().cloned().collect::<Vec<_>>());
        assert_eq!(self.customers, world.customers().cloned().collect::<Vec<_>>());
    }

    /// I13: nothing vanishes. What ends is marked as ended and stays where it was, under its number or code.
    pub(crate) fn must_be_kept(&self, world: &MemoryWorld) {
        for was in &self.contacts {
            let is = contact(world, was.id);
            if Arc::ptr_eq(was, &is) {
                continue;
            }
            assert!(is.names.starts_with(&was.names), "I13: names of {was:?}, now {is:?}");
            kept(was, &is, "lines", |it| {
                it.lines
                    .iter()
                    .chain(it.ended_lines.iter().map(|ended| &ended.line))
                    .map(|l| l.line)
                    .collect()
            });
            kept(was, &is, "roles", |it| it.roles.iter().chain(&it.past_roles).copied().collect());
        }
        for was in &self.customers {
            let is = world.customer(was.id).unwrap_or_else(|| panic!("I13: {was:?} has vanished"));
            if Arc::ptr_eq(was, &is) {
                continue;
            }
            kept(was, &is, "leases", |it| it.leases.iter().map(|lease| lease.reference.clone()).collect());
            kept(was, &is, "accounts", |it| it.accounts.iter().map(|account| account.code.clone()).collect());
            kept(was, &is, "mandates", |it| it.mandates.iter().map(|mandate| mandate.code.clone()).collect());
            kept(was, &is, "payment lines", |it| it.payment_lines.iter().map(|line| line.id).collect());
        }
        assert!(self.interactions.iter().all(|id| world.interaction(*id).is_some()), "I13: contact moments");
        assert!(self.tasks.iter().all(|id| world.task(*id).is_some()), "I13: tasks");
    }
}

/// I13: all that one had of something, it still has.
fn kept<T: Debug, K: Ord + Debug>(was: &T, is: &T, what: &str, of: impl Fn(&T) -> BTreeSet<K>) {
    assert!(of(was).is_subset(&of(is)), "I13: {what} of {was:?}, now {is:?}");
}

/// I12: channels and addresses are the contact's alone, so that its customer can only show them.
pub(crate) fn owners(events: &[Recorded]) {
    for recorded in events {
        let owned = matches!(recorded.event, Event::Channel(_) | Event::Address(_));
        let entities = recorded.event.entities();
        let of_contacts = entities.iter().all(|entity| matches!(entity, EntityId::Contact(_)));
        assert!(!owned || of_contacts, "I12: {recorded:?}");
    }
}

/// I12: a customer is written to at the addresses of its contact, now and not as they were once.
fn shows(world: &MemoryWorld, customer: &Customer) {
    let found = recipients(customer, Message::Quote, &|id| world.customer(id), &|id| world.contact(id));
    let of_contact = contact(world, customer.contact);
    for recipient in found.iter().filter(|recipient| recipient.source == Source::Main) {
        assert_eq!(Some(&recipient.address), of_contact.main_email().map(|main| &main.value), "I12");
    }
}

/// A cause stands before its consequence in the same commit.
pub(crate) fn causes(events: &[Recorded]) {
    for (at, recorded) in events.iter().enumerate() {
        assert!(recorded.cause.is_none_or(|cause| usize::try_from(cause).unwrap() < at), "{recorded:?}");
    }
}
