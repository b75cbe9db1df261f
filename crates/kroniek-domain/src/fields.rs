//! A state as a flat list of named values, so that history can say what changed: fold up to before, fold up to after,
//! compare. One way for every event there is and will be.

use crate::card::Block;
use crate::channel::Preference;
use crate::code_list::{COUPLING, CodeList, SalutationKind};
use crate::contact::Contact;
use crate::customer::Customer;
use crate::employee::Employee;
use crate::ids::EntityId;
use crate::interaction::{Interaction, Subject};
use crate::payment::OpenItems;
use crate::permission::Permission;
use crate::personal_data::Gender;
use crate::shop::Shop;
use crate::task::Task;
use crate::team::Team;
use crate::template::Template;
use std::collections::BTreeMap;
use std::fmt::Display;

/// One value of a state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldValue {
    /// The value as text.
    pub value: String,
    /// The right without which the value is not shown.
    pub needs: Option<Permission>,
    /// The entity that the value names, or the name of the field: whoever may not see it does not see the field (A2-52).
    /// A text that somebody typed names nobody, whatever stands in it.
    pub names: Option<EntityId>,
}

/// The field that counts the customers whose invoices go to this one, also those that a reader may not see (A2-52).
pub const BILLING_CUSTOMER_OF: &str = "billingCustomerOf";

/// Values by field name, such as `roles[2].role`.
pub type Fields = BTreeMap<String, FieldValue>;

/// One difference between two states.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldChange {
    /// Field name.
    pub field: String,
    /// The value before, `None` when there was none.
    pub before: Option<String>,
    /// The value after, `None` when there is none.
    pub after: Option<String>,
    /// The right without which the value is not shown.
    pub needs: Option<Permission>,
    /// The entities that the values or the name of the field name.
    pub names: Vec<EntityId>,
}

/// What differs between two states, in order of field name.
pub fn diff(before: &Fields, after: &Fields) -> Vec<FieldChange> {
    let mut names: Vec<_> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let (was, is) = (before.get(name), after.get(name));
            let text = |field: Option<&FieldValue>| field.map(|f| f.value.clone());
            (text(was) != text(is)).then(|| FieldChange {
                field: name.clone(),
                before: text(was),
                after: text(is),
                needs: was.or(is).and_then(|f| f.needs),
                names: [was, is].into_iter().flatten().filter_map(|f| f.names.clone()).collect(),
            })
        })
        .collect()
}

/// Collects fields; an absent or empty value is no field.
struct Collector(Fields);

impl Collector {
    fn add(&mut self, name: impl Into<String>, value: Option<impl Display>) {
        self.insert(name.into(), value, None, None);
    }

    fn sensitive(&mut self, name: &str, value: Option<impl Display>) {
        self.insert(name.to_owned(), value, Some(Permission::SensitiveRead), None);
    }

    /// A field whose value is an entity.
    fn entity(&mut self, name: impl Into<String>, entity: Option<EntityId>) {
        self.insert(name.into(), entity.clone(), None, entity);
    }

    /// A field that is there while there is a tie with an entity, which stands in its name behind `list`.
    fn tie(&mut self, list: &str, entity: EntityId, line: &str) {
        self.insert(format!("{list}[{entity}]{line}"), Some("true"), None, Some(entity));
    }

    fn insert(
        &mut self,
        name: String,
        value: Option<impl Display>,
        needs: Option<Permission>,
        names: Option<EntityId>,
    ) {
        if let Some(value) = value.map(|v| v.to_string()).filter(|v| !v.is_empty()) {
            self.0.insert(name, FieldValue { value, needs, names });
        }
    }
}

/// The fields of a contact.
pub fn contact(c: &Contact) -> Fields {
    let mut f = Collector(Fields::new());
    f.add("number", Some(&c.number));
    f.add("kind", Some(c.kind.name()));
    f.add("name", Some(&c.name));
    f.add("initials", Some(&c.parts.initials));
    f.add("infix", Some(&c.parts.infix));
    f.add("surname", Some(&c.parts.surname));
    f.add("companyName", Some(&c.company_name));
    for channel in &c.channels {
        let at = format!("channels[{}]", channel.id);
        f.add(format!("{at}.value"), Some(&channel.value));
        f.add(format!("{at}.kind"), Some(channel.kind.name()));
        f.add(format!("{at}.detail"), Some(channel.detail.name()));
        f.add(format!("{at}.preference"), channel.preference.map(Preference::name));
        f.add(format!("{at}.status"), Some(channel.status.name()));
    }
    for (from, address) in c.correspondence.entries() {
        f.add(format!("correspondenceAddress[{from}]"), Some(address.display()));
    }
    for (from, address) in c.home.entries() {
        f.add(format!("homeAddress[{from}]"), Some(address.display()));
    }
    f.add("mailPreference", Some(c.mail_preference.name()));
    f.add("salutation", c.salutation.as_ref());
    f.sensitive("birthDate", c.birth);
    f.sensitive("bsn", c.bsn.as_ref());
    f.sensitive("gender", c.gender.map(Gender::code));
    f.add("deceased", c.deceased().then_some("true"));
    f.sensitive("dateOfDeath", c.death.as_ref().and_then(|d| d.date));
    f.add("kvk", c.kvk.as_ref());
    f.add("rsin", c.rsin.as_ref());
    f.add("vatId", c.vat_id.as_ref());
    f.add("legalForm", c.legal_form.as_ref());
    for line in &c.lines {
        let at = format!("relatedRoles[{}]", line.line);
        f.entity(format!("{at}.person"), Some(EntityId::Contact(line.person)));
        f.add(format!("{at}.roleCode"), Some(&line.role));
        f.add(format!("{at}.beginDate"), Some(line.begin));
        f.add(format!("{at}.cause"), line.cause.as_ref());
        f.add(format!("{at}.business.function"), line.business.function.as_ref());
        f.add(format!("{at}.business.department"), line.business.department.as_ref());
        f.add(format!("{at}.business.phone"), line.business.phone.as_ref());
        f.add(format!("{at}.business.email"), line.business.email.as_ref());
        f.add(format!("{at}.portal"), line.portal.then_some("true"));
    }
    f.entity("shownFirst", c.shown_first.map(EntityId::Contact));
    for (holder, line) in &c.roles {
        f.tie("roles", EntityId::Contact(*holder), &format!(".{line}"));
    }
    f.entity("leader", c.leader.map(EntityId::Contact));
    for follower in &c.followers {
        f.tie("followers", EntityId::Contact(*follower), "");
    }
    f.entity("customer", c.customer.map(EntityId::Customer));
    placement(&mut f, c);
    f.0
}

/// The fields of a customer.
pub fn customer(c: &Customer) -> Fields {
    let mut f = Collector(Fields::new());
    f.add("number", Some(&c.number));
    f.entity("contact", Some(EntityId::Contact(c.contact)));
    f.add("clientStatus", Some(c.status.name()));
    f.add("active", Some(c.active));
    for lease in &c.leases {
        let at = format!("leases[{}]", lease.reference);
        f.add(format!("{at}.unit"), lease.unit.as_ref());
        f.add(format!("{at}.start"), Some(lease.start));
        f.add(format!("{at}.end"), lease.end);
    }
    for account in &c.accounts {
        let at = format!("bankAccounts[{}]", account.code);
        f.add(format!("{at}.iban"), Some(&account.iban));
        f.add(format!("{at}.bic"), account.bic.as_ref());
        f.add(format!("{at}.holderName"), Some(&account.holder_name));
        f.add(format!("{at}.syncHolderAddress"), Some(account.sync_holder_address));
        for (from, address) in account.holder_address.entries() {
            f.add(format!("{at}.holderAddress[{from}]"), Some(address.display()));
        }
        f.add(format!("{at}.blocked"), account.blocked.as_ref());
    }
    for mandate in &c.mandates {
        let at = format!("mandates[{}]", mandate.code);
        f.add(format!("{at}.bankAccount"), Some(&mandate.account));
        f.add(format!("{at}.signedOn"), Some(mandate.signed_on));
        f.add(format!("{at}.type"), Some(mandate.kind.name()));
        f.add(format!("{at}.revoked"), mandate.revoked);
    }
    for line in &c.payment_lines {
        let at = format!("paymentLines[{}]", line.id);
        let content = &line.content;
        f.add(format!("{at}.effectiveDate"), Some(content.effective));
        f.add(format!("{at}.unit"), content.unit.as_ref());
        f.add(format!("{at}.transactionMode"), Some(&content.mode));
        f.add(format!("{at}.invoiceType"), Some(&content.invoice_type));
        f.add(format!("{at}.bankAccount"), content.account.as_ref());
        f.add(format!("{at}.mandate"), content.mandate.as_ref());
        f.add(format!("{at}.openItems"), content.open_items.map(OpenItems::name));
        f.add(format!("{at}.withdrawn"), line.withdrawn.then_some("true"));
    }
    if let Some(shop) = &c.shop {
        shop_fields(&mut f, shop);
    }
    office(&mut f, c);
    f.0
}

fn shop_fields(f: &mut Collector, shop: &Shop) {
    f.add("remark", Some(&shop.remark));
    f.add("reference", shop.reference.as_ref());
    f.add("onStaffList", shop.activity.on_staff_list.then_some("true"));
    for (kind, id) in &shop.activity.open {
        f.add(format!("openActivity[{}.{id}]", kind.name()), Some("open"));
    }
    for (kind, emails) in &shop.mail.contacts {
        f.add(format!("contacts[{}]", kind.name()), Some(emails.join("; ")));
    }
    f.entity("billingCustomer", shop.mail.billing.map(EntityId::Customer));
    f.add(BILLING_CUSTOMER_OF, Some(shop.mail.billed_for).filter(|count| *count > 0));
    for given in shop.mail.consents.values() {
        f.add(format!("mailConsent[{}]", given.email), Some(given.level.name()));
    }
}

fn placement(f: &mut Collector, c: &Contact) {
    let place = &c.placement;
    f.entity("parent", place.parent.map(EntityId::Contact));
    f.entity("location", place.location.map(EntityId::Contact));
    for child in &place.children {
        f.tie("children", EntityId::Contact(*child), "");
    }
    for (line, location) in place.line_locations.iter().filter(|(line, _)| c.line(**line).is_some()) {
        f.entity(format!("relatedRoles[{line}].location"), Some(EntityId::Contact(*location)));
    }
    for (contact, line) in &place.tied {
        f.tie("tied", EntityId::Contact(*contact), &format!(".{line}"));
    }
}

/// What an office knows about a customer (§6).
fn office(f: &mut Collector, c: &Customer) {
    for (relation, kind) in &c.relations {
        f.tie("relations", EntityId::Customer(*relation), &format!(".{kind}"));
    }
    f.entity("structure.parent", c.structure.parent.map(EntityId::Customer));
    for subsidiary in &c.structure.subsidiaries {
        f.tie("structure.subsidiaries", EntityId::Customer(*subsidiary), "");
    }
    f.add("acceptance.submittedBy", c.acceptance.submitted_by.as_ref());
    f.add("ownServiceProvider", c.acceptance.own_service_provider.then_some("true"));
    for (field, values) in &c.card.fields {
        let (block, _) = field.row();
        let needs = (block == Block::Wwft).then_some(Permission::Wwft);
        let name = format!("card.{}.{}", block.name().to_lowercase(), field.name());
        f.insert(name, Some(values.join("; ")), needs, None);
    }
    for (year, figures) in &c.card.key_figures {
        let at = format!("card.keyFigures[{year}]");
        f.add(format!("{at}.turnover"), figures.turnover);
        f.add(format!("{at}.result"), figures.result);
        f.add(format!("{at}.equity"), figures.equity);
        f.add(format!("{at}.balanceTotal"), figures.balance_total);
        f.add(format!("{at}.employees"), figures.employees);
    }
    let administration = &c.administration;
    for (organisation, debtor) in administration.all_debtors() {
        let at = match &debtor.discipline {
            Some(discipline) => format!("debtors[{organisation}][{discipline}]"),
            None => format!("debtors[{organisation}]"),
        };
        f.add(at.clone(), Some("true"));
        f.add(format!("{at}.number"), debtor.number.as_ref());
    }
    f.add("workStop.from", administration.work_stop.as_ref().map(|stop| stop.from));
    f.add("workStop.reason", administration.work_stop.as_ref().and_then(|stop| stop.reason.as_ref()));
    f.add("upToDate.by", administration.confirmed.as_ref().map(|confirmed| &confirmed.by));
    f.add("upToDate.on", administration.confirmed.as_ref().map(|confirmed| confirmed.on));
    for system in &administration.couplings {
        f.add(format!("couplings[{system}]"), Some("true"));
    }
    f.add("markedForDeletion", administration.deletion.as_ref().map(|_| "true"));
    f.add("markedForDeletion.reason", administration.deletion.as_ref().and_then(Option::as_ref));
}

/// The fields of a code list.
pub fn code_list(list: &CodeList) -> Fields {
    let mut f = Collector(Fields::new());
    for row in list.rows() {
        let at = format!("rows[{}]", row.code);
        f.add(format!("{at}.name"), Some(&row.name));
        f.add(format!("{at}.begin"), row.begin);
        f.add(format!("{at}.end"), row.end);
        f.add(format!("{at}.description"), Some(&row.description));
        f.add(format!("{at}.parent"), row.parent.as_ref());
        let does = &row.properties;
        f.add(format!("{at}.isContractant"), does.is_contractant.then_some("true"));
        f.add(format!("{at}.requiresBankAccount"), does.requires_bank_account.then_some("true"));
        f.add(format!("{at}.isDirectDebit"), does.is_direct_debit.then_some("true"));
        let codes = if list.name == COUPLING { "notFor" } else { "allowedInvoiceTypes" };
        f.add(format!("{at}.{codes}"), Some(does.codes.join(" ")));
        f.add(format!("{at}.salutation"), does.salutation.map(SalutationKind::name));
    }
    f.0
}

/// The fields of a contact moment.
pub fn interaction(i: &Interaction) -> Fields {
    let mut f = Collector(Fields::new());
    f.entity("contact", Some(EntityId::Contact(i.contact)));
    f.entity("viaCustomer", i.via_customer.map(EntityId::Customer));
    f.add("subject", Some(i.subject.name()));
    f.add("template", Some(&i.template.code));
    f.add("channel", Some(&i.template.channel));
    f.add("direction", Some(i.template.direction.name()));
    f.add("initiatedBy", Some(i.template.initiated_by.name()));
    f.add("showInPortal", Some(i.show_in_portal));
    f.add("note", i.note.as_ref());
    f.entity("answers", i.answers.map(EntityId::Interaction));
    f.add("answered", (i.answered > 0).then_some("true"));
    f.entity("task", i.task.map(EntityId::Task));
    f.add("team", i.team.as_ref());
    f.add("handedOver", i.handed_over.then_some("true"));
    f.add("cancelled", i.cancelled.map(|_| "true"));
    f.add("cancelledBecause", i.cancelled_because.as_ref());
    f.0
}

/// The fields of a task.
pub fn task(t: &Task) -> Fields {
    let mut f = Collector(Fields::new());
    f.entity("contact", Some(EntityId::Contact(t.contact)));
    f.entity("interaction", t.interaction.map(EntityId::Interaction));
    f.add("subject", t.subject.map(Subject::name));
    f.add("team", Some(&t.team));
    f.add("description", t.description.as_ref());
    f.add("dueDate", t.due);
    f.add("status", Some(t.status.name()));
    f.add("employee", t.assignee.as_ref());
    f.add("notes", (t.notes > 0).then_some(t.notes));
    f.0
}

/// The fields of an interaction template.
pub fn template(t: &Template) -> Fields {
    let mut f = Collector(Fields::new());
    let content = &t.content;
    f.add("name", Some(&content.name));
    f.add("channel", Some(&content.channel));
    f.add("direction", Some(content.direction.name()));
    f.add("initiatedBy", Some(content.initiated_by.name()));
    f.add("subject", content.subject.map(Subject::name));
    f.add("showInPortal", content.show_in_portal);
    f.add("createTask", content.create_task);
    f.add("team", content.team.as_ref());
    f.add("taskDescription", content.task_description.as_ref());
    f.add("taskDueDays", content.task_due_days);
    for what in &content.locked {
        f.add(format!("locked[{}]", what.name()), Some("true"));
    }
    f.add("blocked", t.blocked);
    f.0
}

/// The fields of a team.
pub fn team(t: &Team) -> Fields {
    let mut f = Collector(Fields::new());
    f.add("name", Some(&t.name));
    for member in &t.members {
        f.add(format!("members[{member}]"), Some("true"));
    }
    f.0
}

/// The fields of an employee.
pub fn employee(e: &Employee) -> Fields {
    let mut f = Collector(Fields::new());
    f.add("name", Some(&e.name));
    f.add("userName", Some(&e.user_name));
    f.add("ended", e.ended);
    for team in &e.teams {
        f.add(format!("teams[{team}]"), Some("true"));
    }
    f.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ContactId, CustomerId};

    /// A2-52: a field names whom its rule wrote there, and nobody whom somebody typed.
    #[test]
    fn a2_52_what_names_somebody_and_what_only_looks_like_it() {
        let before = Contact::new(ContactId(1));
        let mut after = before.clone();
        after.company_name = "Zie customer:57".to_owned();
        after.leader = Some(ContactId(2));
        after.roles.push((ContactId(3), 4));
        after.customer = Some(CustomerId(5));
        let changes = |before: &Contact, after: &Contact| {
            let changes = diff(&contact(before), &contact(after)).into_iter();
            changes.map(|change| (change.field, change.names)).collect::<Vec<_>>()
        };
        let (leader, role) = (EntityId::Contact(ContactId(2)), EntityId::Contact(ContactId(3)));
        let expected = [
            ("companyName".to_owned(), vec![]),
            ("customer".to_owned(), vec![EntityId::Customer(CustomerId(5))]),
            ("leader".to_owned(), vec![leader.clone()]),
            ("roles[contact:3].4".to_owned(), vec![role]),
        ];
        assert_eq!(changes(&before, &after), expected);
        let mut moved = after.clone();
        moved.leader = Some(ContactId(9));
        let both = vec![leader, EntityId::Contact(ContactId(9))];
        assert_eq!(changes(&after, &moved), [("leader".to_owned(), both)], "who was and who is");
    }
}
