//! Reading through the schema, over an engine on a real temporary log.
#![allow(clippy::expect_used)]

use async_graphql::{Request, Response, Variables};
use kroniek_domain::address::{AddressInput, ChangeCorrespondenceAddress, TypedAddress};
use kroniek_domain::bank_account::AddBankAccount;
use kroniek_domain::channel::{ChangeChannels, Detail, Kind as ChannelKind, OwnerRef, Status, WantedChannel};
use kroniek_domain::contact::{CreateContact, Kind, NewPerson, NewPersonRole};
use kroniek_domain::customer::{ActivateCustomer, RecordLeaseEnded};
use kroniek_domain::death::RecordDeath;
use kroniek_domain::leader::{CoupleToLeader, SetMailPreference};
use kroniek_domain::mandate::NewMandate;
use kroniek_domain::payment::{AddPaymentLine, OpenItems};
use kroniek_domain::personal_data::{Change, ChangePersonalData, SetSalutation};
use kroniek_domain::registration::CreateRegistration;
use kroniek_domain::role::{AddRole, PersonChoice, RemoveRole, ShowFirst};
use kroniek_domain::{Actor, Command, ContactId, ContactRef, CustomerId, PartyRef, Permission, Prompt};
use kroniek_engine::{Engine, LogOptions, Options, Outcome};
use kroniek_graphql::{Api, Caller, id, sdl};
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// An engine on its own folder, which goes with it.
struct World {
    dir: PathBuf,
    engine: Engine,
    api: Api,
}

impl Drop for World {
    fn drop(&mut self) {
        self.engine.shutdown();
        let _left = std::fs::remove_dir_all(&self.dir);
    }
}

impl World {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("kroniek-graphql-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(name);
        let log = LogOptions { reserve_bytes: 0, ..LogOptions::default() };
        let options = Options { log, ..Options::default() };
        let engine = Engine::open(&dir, &options, &mut |_| {}).expect("opens");
        Self { dir, api: Api::new(engine.clone()), engine }
    }

    fn does(&self, command: impl Into<Command>) {
        let request = kroniek_engine::Request::new(Actor::with_all("desk"), command);
        match self.engine.execute_blocking(request).expect("works") {
            Outcome::Done(_) => {}
            Outcome::Refused(problems) => panic!("refused: {problems:?}"),
        }
    }

    fn asks(&self, actor: Option<Actor>, query: &str) -> Response {
        let request = Request::new(query).variables(Variables::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runs");
        runtime.block_on(self.api.execute(request, Caller { actor, ..Caller::default() }))
    }

    /// The answer of a query that must not fail, to an actor that may only read.
    fn reads(&self, query: &str) -> String {
        let response = self.asks(Some(reader()), query);
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().expect("is JSON").to_string()
    }

    /// As [`World::reads`], of customer 1, to be looked into.
    fn reads_of_customer(&self, fields: &str) -> serde_json::Value {
        let answer = self.reads(&format!("{{ customer(id: \"{}\") {{ {fields} }} }}", customer(1)));
        serde_json::from_str::<serde_json::Value>(&answer).expect("is JSON")["customer"].take()
    }

    fn codes(&self, query: &str) -> Vec<String> {
        codes(&self.asks(Some(reader()), query))
    }
}

fn reader() -> Actor {
    Actor::new("reader", [Permission::Read])
}

fn codes(response: &Response) -> Vec<String> {
    let code = |error: &async_graphql::ServerError| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        code.map_or_else(|| error.message.clone(), |code| code.to_string().trim_matches('"').to_owned())
    };
    response.errors.iter().map(code).collect()
}

fn contact(id: u64) -> String {
    self::id::of_contact(ContactId(id)).to_string()
}

fn customer(id: u64) -> String {
    self::id::of_customer(CustomerId(id)).to_string()
}

fn person(initials: &str, infix: &str, surname: &str) -> NewPerson {
    NewPerson {
        initials: Some(initials.to_owned()),
        infix: Some(infix.to_owned()).filter(|infix| !infix.is_empty()),
        surname: surname.to_owned(),
        ..NewPerson::default()
    }
}

fn household(first: NewPerson) -> CreateContact {
    CreateContact {
        person: Some(NewPersonRole { person: first, role_code: "CONTRACTANT".to_owned(), begin_date: None }),
        ..CreateContact::new(Kind::Household)
    }
}

fn adds(holder: u64, person: NewPerson, role: &str) -> AddRole {
    AddRole {
        party: PartyRef::Contact(ContactId(holder).into()),
        person: PersonChoice::New(Box::new(person)),
        role_code: role.to_owned(),
        begin_date: Some("2020-01-01".to_owned()),
        cause: None,
    }
}

fn address(street: &str) -> AddressInput {
    AddressInput::Typed(TypedAddress {
        street: street.to_owned(),
        house_no: Some(31),
        letter: None,
        addition: None,
        postcode: Some("3077 AW".to_owned()),
        city: "Rotterdam".to_owned(),
        country: None,
    })
}

/// Household 1 with contractants A. Bakker (2) and C. de Vries (3), and contact person D. Smit (4); customer 1.
fn bakker() -> World {
    let world = World::new();
    world.does(household(person("A.", "", "Bakker")));
    world.does(adds(1, person("C.", "de", "Vries"), "CONTRACTANT"));
    world.does(adds(1, person("D.", "", "Smit"), "CONTACT_PERSON"));
    world.does(ActivateCustomer {
        household: ContactId(1).into(),
        lease_ref: "L1".to_owned(),
        unit: Some("U1".to_owned()),
        start_date: "2024-01-01".to_owned(),
    });
    world
}

#[test]
fn e1_07_the_card_of_a_customer_shows_what_its_household_owns() {
    let world = bakker();
    world.does(ChangeChannels {
        owner: OwnerRef::Contact(ContactId(1).into()),
        phones: Some(vec![WantedChannel {
            kind: ChannelKind::Mobile,
            value: "06 12345678".to_owned(),
            detail: Detail::Private,
            preference: None,
            status: Status::Created,
        }]),
        emails: None,
        websites: None,
    });
    world.does(ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(ContactId(1).into()),
        address: address("Boterdiep"),
        effective_date: Some("2024-01-01".to_owned()),
    });
    let answer = world.reads(
        "{ findCustomers(text: \"bakk\") { edges { node { number name clientStatus active
             leaseState lease { reference unitNo running }
             relatedRoles { line roleCode shownFirst contractant beginDate person { name } }
             addressAndContact { phones { value } correspondenceAddress { display } }
             contactData { phones { value } correspondenceAddress { display } }
             household { phones { value } correspondenceAddress { display } correspondenceAddresses { from } }
             registrationType } } pageInfo { hasNextPage } } }",
    );
    assert!(answer.contains("\"leaseState\":\"RUNNING\""), "{answer}");
    assert!(answer.contains("\"name\":\"A. Bakker\""), "{answer}");
    let order: Vec<_> = answer.match_indices("\"roleCode\":\"CONT").collect();
    assert_eq!(order.len(), 3, "{answer}");
    let at = |text: &str| answer.find(text).expect("is there");
    assert!(
        at("\"person\":{\"name\":\"A. Bakker\"}") < at("C. de Vries") && at("C. de Vries") < at("D. Smit")
    );
    assert_eq!(answer.matches("Boterdiep 31, 3077 AW Rotterdam").count(), 3, "{answer}");
    assert_eq!(answer.matches("06 12345678").count(), 3, "{answer}");
    let only = world.reads("{ findCustomers { edges { node { relatedRoles(kind: CONTACT_PERSON) { person { name customers { number } } } } } } }");
    assert!(only.contains("D. Smit") && !only.contains("Vries"), "{only}");
    assert!(only.contains("\"customers\":[{\"number\":"), "{only}");
}

/// E1-01: the four groups of the customer card are in one answer: contact persons, contact data, correspondence address
/// and payment data. E1-17: the tab shows the contact data of the household, and what changes there.
#[test]
fn e1_01_e1_17_the_four_groups_of_the_customer_card() {
    let world = bakker();
    let groups = "number relatedRoles(kind: CONTACT_PERSON) { person { name } }
        addressAndContact { phones { value } correspondenceAddress { display } }
        household { phones { value } correspondenceAddress { display } }
        correspondenceAddress { display } paymentLines { effectiveDate transactionMode } bankAccounts { code }";
    let empty = world.reads_of_customer(groups);
    assert_eq!(empty["relatedRoles"], json!([{ "person": { "name": "D. Smit" } }]));
    assert_eq!(empty["addressAndContact"], json!({ "phones": [], "correspondenceAddress": null }));
    assert_eq!((&empty["paymentLines"], &empty["bankAccounts"]), (&json!([]), &json!([])));
    let phone = |value: &str| ChangeChannels {
        owner: OwnerRef::Contact(ContactId(1).into()),
        phones: Some(vec![WantedChannel {
            kind: ChannelKind::Phone,
            value: value.to_owned(),
            detail: Detail::Private,
            preference: None,
            status: Status::Created,
        }]),
        emails: None,
        websites: None,
    };
    world.does(phone("030 123 45 67"));
    world.does(phone("030 765 43 21"));
    world.does(ChangeCorrespondenceAddress {
        owner: OwnerRef::Contact(ContactId(1).into()),
        address: address("Boterdiep"),
        effective_date: Some("2024-01-01".to_owned()),
    });
    world.does(AddPaymentLine {
        customer: CustomerId(1).into(),
        effective_date: "2024-01-01".to_owned(),
        transaction_mode: "TRANSFER".to_owned(),
        invoice_type: "INVOICE".to_owned(),
        bank_account: None,
        mandate: None,
        new_mandate: None,
        unit_no: None,
        open_items: None,
    });
    let full = world.reads_of_customer(groups);
    assert_eq!(full["number"], "CU000001");
    assert_eq!(full["addressAndContact"]["phones"], json!([{ "value": "030 765 43 21" }]));
    assert_eq!(full["addressAndContact"], full["household"], "E1-02: equal in the same answer");
    assert_eq!(full["correspondenceAddress"]["display"], "Boterdiep 31, 3077 AW Rotterdam");
    assert_eq!(
        full["paymentLines"],
        json!([{ "effectiveDate": "2024-01-01", "transactionMode": "TRANSFER" }])
    );
}

#[test]
fn e1_07_the_one_shown_first_stands_on_top_whatever_its_line() {
    let world = bakker();
    let order = |customer: &serde_json::Value, list: &str| -> Vec<serde_json::Value> {
        let lines = customer[list].as_array().or_else(|| customer["household"][list].as_array());
        lines.expect("a list").iter().map(|line| line["line"].clone()).collect()
    };
    let fields = "relatedRoles { line roleCode shownFirst beginDate person { number name } }
        household { relatedRoles { line } contractants { line shownFirst person { name } } }";
    let before = world.reads_of_customer(fields);
    assert_eq!(order(&before, "relatedRoles"), [1, 2, 3]);
    world.does(ShowFirst { household: ContactId(1).into(), person: ContactId(3).into() });
    let after = world.reads_of_customer(fields);
    assert_eq!(order(&after, "relatedRoles"), [2, 1, 3]);
    assert_eq!(order(&after, "contractants"), [2, 1]);
    assert_eq!(
        after["relatedRoles"][0],
        json!({ "line": 2, "roleCode": "CONTRACTANT", "shownFirst": true, "beginDate": "2020-01-01",
            "person": { "number": "CT000003", "name": "C. de Vries" } })
    );
    let contractants = json!([
        { "line": 2, "shownFirst": true, "person": { "name": "C. de Vries" } },
        { "line": 1, "shownFirst": false, "person": { "name": "A. Bakker" } },
    ]);
    assert_eq!(after["household"]["contractants"], contractants);
}

/// §7: a household is addressed by its own code and the name of whoever is shown first.
#[test]
fn section_7_e1_27_the_letter_to_a_household_follows_who_is_shown_first() {
    let world = bakker();
    let letter = || world.reads_of_customer("household { name letterSalutation }")["household"].take();
    let is = |name: &str, line: &str| json!({ "name": name, "letterSalutation": line });
    assert_eq!(letter(), is("A. Bakker", "Geachte A. Bakker"));
    world.does(ShowFirst { household: ContactId(1).into(), person: ContactId(3).into() });
    assert_eq!(letter(), is("C. de Vries", "Geachte C. de Vries"));
    world.does(SetSalutation { contact: ContactId(1).into(), code: Some("DHR".to_owned()) });
    assert_eq!(letter(), is("C. de Vries", "Geachte heer De Vries"));
    world.does(ShowFirst { household: ContactId(1).into(), person: ContactId(2).into() });
    assert_eq!(letter(), is("A. Bakker", "Geachte heer Bakker"));
}

/// E1-29: why a line was made stands at the line while it lasts, and in the history of roles after that.
#[test]
fn e1_29_the_cause_of_a_role_is_told() {
    let world = bakker();
    let moved_in = person("E.", "", "Emmen");
    world.does(AddRole { cause: Some("co_occupant".to_owned()), ..adds(1, moved_in, "CONTRACTANT") });
    let causes = "relatedRoles { line cause } household { roleHistory { line cause endCause } }";
    let lasting = world.reads_of_customer(causes);
    let lines = json!([{ "line": 1, "cause": null }, { "line": 2, "cause": null }, { "line": 3, "cause": null },
        { "line": 4, "cause": "CO_OCCUPANT" }]);
    assert_eq!((&lasting["relatedRoles"], &lasting["household"]["roleHistory"]), (&lines, &json!([])));
    let actor = Actor::with_all("desk");
    let removal = RemoveRole { party: PartyRef::Contact(ContactId(1).into()), line: 4 };
    let mut request = kroniek_engine::Request::new(actor, removal);
    request.confirm.insert(Prompt::RemoveRoleLine);
    let done = world.engine.execute_blocking(request).expect("works");
    assert!(matches!(done, Outcome::Done(_)), "{done:?}");
    let ended = world.reads_of_customer(causes);
    assert_eq!(
        ended["household"]["roleHistory"],
        json!([{ "line": 4, "cause": "CO_OCCUPANT", "endCause": "REQUEST" }])
    );
}

#[test]
fn e1_04_the_state_of_a_lease_on_a_date() {
    let world = bakker();
    let states =
        "today: leaseState last: leaseState(on: \"2024-06-30\") after: leaseState(on: \"2024-07-01\")";
    let running = world.reads_of_customer(states);
    assert_eq!(running, json!({ "today": "RUNNING", "last": "RUNNING", "after": "RUNNING" }));
    world.does(RecordLeaseEnded {
        customer: CustomerId(1).into(),
        lease_ref: None,
        end_date: "2024-06-30".to_owned(),
    });
    let ended = world.reads_of_customer(states);
    assert_eq!(ended, json!({ "today": "ENDED", "last": "RUNNING", "after": "ENDED" }));
    // An office's client rents nothing.
    let none = office().reads_of_customer(states);
    assert_eq!(none, json!({ "today": "NONE", "last": "NONE", "after": "NONE" }));
    let wrong = format!("{{ customer(id: \"{}\") {{ leaseState(on: \"1 juli\") }} }}", customer(1));
    assert_eq!(world.codes(&wrong), ["INVALID_DATE"]);
}

/// E1-55: a line for one unit wins there; no unit asks for what holds for all.
#[test]
fn e1_55_the_payment_line_of_a_unit() {
    let world = bakker();
    let line = |date: &str, unit: Option<&str>| AddPaymentLine {
        customer: CustomerId(1).into(),
        effective_date: date.to_owned(),
        transaction_mode: "TRANSFER".to_owned(),
        invoice_type: "INVOICE".to_owned(),
        bank_account: None,
        mandate: None,
        new_mandate: None,
        unit_no: unit.map(str::to_owned),
        open_items: None,
    };
    world.does(line("2024-01-01", None));
    world.does(line("2024-03-01", Some("u1")));
    world.does(line("2024-06-01", None));
    let found = world.reads_of_customer(
        "all: paymentLine(on: \"2024-04-01\") { line unitNo }
         early: paymentLine(on: \"2024-02-01\", unit: \"U1\") { line unitNo }
         own: paymentLine(on: \"2024-07-01\", unit: \" u1 \") { line unitNo }
         other: paymentLine(on: \"2024-07-01\", unit: \"U2\") { line unitNo }
         before: paymentLine(on: \"2023-12-31\", unit: \"U1\") { line unitNo }",
    );
    let is = |line: u32, unit: Option<&str>| json!({ "line": line, "unitNo": unit });
    assert_eq!(
        found,
        json!({ "all": is(1, None), "early": is(1, None), "own": is(2, Some("U1")), "other": is(3, None),
            "before": null })
    );
}

#[test]
fn e1_39_sensitive_data_are_null_and_forbidden_without_the_right() {
    let world = bakker();
    world.does(ChangePersonalData {
        person: ContactId(2).into(),
        birth_date: Change::Set("1970-05-17".to_owned()),
        bsn: Change::Set("111222333".to_owned()),
        gender: Change::Set("V".to_owned()),
        salutation: Change::Set("MEVR".to_owned()),
    });
    let query = format!(
        "{{ contact(id: \"{}\") {{ name letterSalutation personalData {{ birthDate bsn gender }}
             history {{ edges {{ node {{ command changes {{ field before after masked }} }} }} }} }} }}",
        contact(2)
    );
    let refused = world.asks(Some(reader()), &query);
    assert_eq!(codes(&refused), ["FORBIDDEN"]);
    assert_eq!(refused.errors[0].path.len(), 2, "on the field's own path");
    let shown = refused.data.into_json().expect("is JSON").to_string();
    assert!(shown.contains("\"personalData\":null") && shown.contains("Geachte mevrouw Bakker"), "{shown}");
    assert!(
        shown.contains("{\"after\":\"•••\",\"before\":\"•••\",\"field\":\"bsn\",\"masked\":true}"),
        "{shown}"
    );
    for secret in ["111222333", "1970-05-17", "\"V\"", "FEMALE"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    let allowed = world.asks(Some(Actor::new("hr", [Permission::Read, Permission::SensitiveRead])), &query);
    assert!(allowed.errors.is_empty(), "{:?}", allowed.errors);
    let shown = allowed.data.into_json().expect("is JSON").to_string();
    for value in
        ["\"bsn\":\"111222333\"", "\"gender\":\"V\"", "\"before\":null,\"field\":\"bsn\",\"masked\":false"]
    {
        assert!(shown.contains(value), "{value} in {shown}");
    }
    // Nobody learns whether there is anything: the answer is the same for a person without any.
    let empty = world
        .asks(Some(reader()), &format!("{{ contact(id: \"{}\") {{ personalData {{ bsn }} }} }}", contact(3)));
    assert_eq!(codes(&empty), ["FORBIDDEN"]);
}

#[test]
fn what_fails_is_null_or_makes_null_what_is_around_it() {
    let world = bakker();
    let answer = |query: &str| {
        let response = world.asks(Some(reader()), query);
        let paths: Vec<String> = response.errors.iter().map(|error| format!("{:?}", error.path)).collect();
        (response.data.into_json().expect("is JSON").to_string(), paths.len())
    };
    let (one, two) = (contact(1), contact(2));
    // `history` may not be null: its contact is.
    let query = format!(
        "{{ a: contact(id: \"{one}\") {{ name history(first: 101) {{ edges {{ cursor }} }} }} b: contact(id: \"{two}\") {{ name }} }}"
    );
    assert_eq!(answer(&query), ("{\"a\":null,\"b\":{\"name\":\"A. Bakker\"}}".to_owned(), 1));
    // In a list without nulls, in an object that may not be null: all the way up.
    let query = format!(
        "{{ a: contact(id: \"{one}\") {{ relatedRoles {{ person {{ name history(first: 101) {{ edges {{ cursor }} }} }} }} }} position }}"
    );
    assert_eq!(answer(&query), ("{\"a\":null,\"position\":\"4\"}".to_owned(), 3));
    // A list that may hold nulls keeps the others.
    let query = format!(
        "{{ nodes(ids: [\"{one}\", \"{}\"]) {{ ... on Contact {{ history(first: 101) {{ edges {{ cursor }} }} }} ... on Customer {{ name }} }} }}",
        customer(1)
    );
    assert_eq!(answer(&query), ("{\"nodes\":[null,{\"name\":\"A. Bakker\"}]}".to_owned(), 1));
    // Nothing around it may be null: no data at all.
    assert_eq!(answer("{ position findContacts(first: 101) { edges { cursor } } }"), ("null".to_owned(), 1));
    // Each personal data of its own is null, and the rest stands.
    let query = format!(
        "{{ contact(id: \"{one}\") {{ name relatedRoles {{ person {{ name personalData {{ bsn }} }} }} }} }}"
    );
    let (data, errors) = answer(&query);
    assert_eq!((data.matches("\"personalData\":null").count(), errors), (3, 3), "{data}");
}

#[test]
fn nobody_reads_without_the_permission() {
    let world = bakker();
    let query = "{ findContacts { edges { node { name } } } }";
    assert_eq!(codes(&world.asks(None, query)), ["FORBIDDEN"]);
    let writer =
        Actor::new("writer", [Permission::Write, Permission::SensitiveWrite, Permission::Integration]);
    for query in [
        query,
        "{ me { name } }",
        "{ permissions { permission } }",
        "{ codeLists { name } }",
        "{ position }",
        "{ addressLookup(text: \"3077AW31\") { userErrors { code } } }",
        &format!("{{ node(id: \"{}\") {{ id }} }}", contact(1)),
        &format!("{{ mailChoices(contactId: \"{}\") {{ address }} }}", contact(2)),
    ] {
        assert_eq!(codes(&world.asks(Some(writer.clone()), query)), ["FORBIDDEN"], "{query}");
    }
}

#[test]
fn e1_36_the_timeline_of_a_customer_shows_a_death_with_all_that_followed() {
    let world = bakker();
    world.does(RecordDeath {
        person: ContactId(2).into(),
        date_of_death: "2025-03-01".to_owned(),
        keep_roles: Some(false),
        successor: None,
        decisions: vec![],
        salutation: None,
    });
    let answer = world.reads(&format!(
        "{{ customer(id: \"{}\") {{ name
             timeline {{ edges {{ node {{ position command events {{ index name cause }} }} }} }}
             history {{ edges {{ node {{ command }} }} }}
             household {{ nameHistory {{ name }} shownFirst {{ name }} roleHistory {{ endCause person {{ deceased }} }} }} }}
           person(id: \"{}\") {{ deceased roles {{ line }} pastRoles {{ holder {{ name }} endCause }} }} }}",
        customer(1),
        contact(2)
    ));
    for part in [
        "\"command\":\"RecordDeath\"",
        "\"name\":\"HouseholdNameChanged\"",
        "\"name\":\"RoleRemoved\"",
        "\"name\":\"C. de Vries\"",
        "\"nameHistory\":[{\"name\":\"A. Bakker\"},{\"name\":\"C. de Vries\"}]",
        "\"roleHistory\":[{\"endCause\":\"DEATH\",\"person\":{\"deceased\":true}}]",
        "\"history\":{\"edges\":[{\"node\":{\"command\":\"ActivateCustomer\"}}]}",
        "\"pastRoles\":[{\"endCause\":\"DEATH\",\"holder\":{\"name\":\"C. de Vries\"}}],\"roles\":[]",
    ] {
        assert!(answer.contains(part), "{part} in {answer}");
    }
    assert_eq!(
        answer.matches("\"command\":\"ActivateCustomer\"").count(),
        2,
        "one entry in each list: {answer}"
    );
}

#[test]
fn e1_32_what_cannot_be_removed_says_why_and_what_to_do() {
    let world = bakker();
    let answer = world.reads(&format!(
        "{{ contact(id: \"{}\") {{ removableRoles {{ role {{ line }} removable refusal {{ code hint }} }} }} }}",
        contact(1)
    ));
    assert!(answer.contains("SHOWN_FIRST_CANNOT_BE_REMOVED"), "{answer}");
    assert_eq!(answer.matches("\"removable\":true").count(), 2, "{answer}");
}

#[test]
fn e1_41_the_line_in_force_is_that_of_the_date() {
    let world = bakker();
    world.does(AddBankAccount {
        customer: CustomerId(1).into(),
        code: "RABO".to_owned(),
        iban: "NL91ABNA0417164300".to_owned(),
        holder_name: None,
        bic: None,
        sync_holder_address: Some(true),
    });
    let line = |date: &str, mode: &str, invoice: &str, account: Option<&str>, mandate: Option<NewMandate>| {
        AddPaymentLine {
            customer: CustomerId(1).into(),
            effective_date: date.to_owned(),
            transaction_mode: mode.to_owned(),
            invoice_type: invoice.to_owned(),
            bank_account: account.map(str::to_owned),
            mandate: None,
            new_mandate: mandate,
            unit_no: None,
            open_items: account.map(|_| OpenItems::None),
        }
    };
    world.does(line("2026-01-01", "TRANSFER", "INVOICE", None, None));
    let mandate = NewMandate {
        code: "M-1".to_owned(),
        signed_on: "2024-02-01".to_owned(),
        kind: kroniek_domain::mandate::MandateType::Recurring,
    };
    world.does(line("2026-07-01", "DIRECT_DEBIT", "DIRECT_DEBIT_INVOICE", Some("RABO"), Some(mandate)));
    let answer = world.reads(&format!(
        "{{ customer(id: \"{}\") {{
             before: paymentLine(on: \"2025-12-31\") {{ line }}
             june: paymentLine(on: \"2026-06-30\") {{ transactionMode until transactionModeRow {{ name }} }}
             july: paymentLine(on: \"2026-07-01\") {{ transactionMode bankAccount {{ code iban bic syncHolderAddress }}
               mandate {{ code type signedOn validFrom validTo blocked bankAccount {{ code }} }} openItems }}
             paymentLines {{ effectiveDate }} }} }}",
        customer(1)
    ));
    for part in [
        "\"before\":null",
        "\"june\":{\"transactionMode\":\"TRANSFER\",\"transactionModeRow\":{\"name\":\"Overboeking\"},\"until\":\"2026-07-01\"}",
        "\"iban\":\"NL91ABNA0417164300\"",
        "\"blocked\":false,\"code\":\"M-1\",\"signedOn\":\"2024-02-01\",\"type\":\"RECURRING\",\"validFrom\":\"2024-02-01\",\"validTo\":null",
        "\"openItems\":\"NONE\"",
        "\"paymentLines\":[{\"effectiveDate\":\"2026-01-01\"},{\"effectiveDate\":\"2026-07-01\"}]",
    ] {
        assert!(answer.contains(part), "{part} in {answer}");
    }
    let wrong =
        format!("{{ customer(id: \"{}\") {{ paymentLine(on: \"30-06-2026\") {{ line }} }} }}", customer(1));
    assert_eq!(world.codes(&wrong), ["INVALID_DATE"]);
    let early =
        format!("{{ customer(id: \"{}\") {{ paymentLine(on: \"1799-12-31\") {{ line }} }} }}", customer(1));
    assert_eq!(world.codes(&early), ["DATE_OUT_OF_RANGE"]);
}

/// Client-person 1 (customer 1), client-company 2 (customer 2) with contact person 3 "x", and client-person 4.
fn office() -> World {
    let world = World::new();
    let registers =
        |kind: &str| CreateRegistration { kind: kind.to_owned(), ..CreateRegistration::default() };
    let named = |kind: &str, initials: &str, surname: &str| CreateRegistration {
        initials: Some(initials.to_owned()),
        surname: Some(surname.to_owned()),
        ..registers(kind)
    };
    world.does(named("CLIENT_PERSON", "J.", "Jansen"));
    world.does(CreateRegistration {
        company_name: Some("Bakkerij B.V.".to_owned()),
        ..registers("CLIENT_COMPANY")
    });
    world.does(CreateRegistration { parent: Some(ContactId(2).into()), ..named("CONTACT_PERSON", "x", "x") });
    world.does(named("CLIENT_PERSON", "P.", "Pietersen"));
    world
}

#[test]
fn a1_08_client_persons_come_first_among_the_candidates() {
    let world = office();
    world.does(CreateRegistration {
        kind: "CONTACT_PERSON".to_owned(),
        parent: Some(ContactId(2).into()),
        initials: Some("K.".to_owned()),
        surname: Some("Karels".to_owned()),
        ..CreateRegistration::default()
    });
    let ask = |more: &str| {
        world.reads(&format!(
            "{{ leaderCandidates(followerId: \"{}\" {more}) {{ edges {{ cursor node {{ name }} }} pageInfo {{ hasNextPage endCursor }} }} }}",
            contact(3)
        ))
    };
    let names = |answer: &str| {
        let parts: Vec<_> = answer.split("\"name\":\"").skip(1).collect();
        parts.iter().map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&ask("")), ["J. Jansen", "P. Pietersen", "K. Karels"]);
    assert_eq!(names(&ask(", text: \"karel\"")), ["K. Karels"]);
    let number =
        world.reads(&format!("{{ a: contact(id: \"{}\") {{ number customer {{ number }} }} }}", contact(4)));
    let numbers: Vec<_> =
        number.split("\"number\":\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    for number in numbers {
        assert!(
            names(&ask(&format!(", text: \"{number}\""))).contains(&"P. Pietersen".to_owned()),
            "{number}"
        );
    }
    // Page by page nobody is lost or seen twice.
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = ask(&format!(", first: 1, after: \"{after}\""));
        seen.extend(names(&page));
        assert!(seen.len() <= 3, "{seen:?}");
        if page.contains("\"hasNextPage\":false") {
            break;
        }
        let end =
            page.split("\"endCursor\":\"").nth(1).and_then(|part| part.split('"').next()).expect("a cursor");
        after = end.to_owned();
    }
    assert_eq!(seen, ["J. Jansen", "P. Pietersen", "K. Karels"]);
}

#[test]
fn a1_13_the_preview_of_a_coupling_is_empty_once_coupled_and_both_cards_show_it() {
    let world = office();
    let (follower, leader) = (contact(3), contact(1));
    let diff =
        format!("{{ diff(followerId: \"{follower}\", leaderId: \"{leader}\") {{ field before after }} }}");
    let before = world.reads(&diff);
    assert!(before.contains("\"field\":\"SURNAME\"") && before.contains("Jansen"), "{before}");
    let couple = CoupleToLeader { follower: ContactId(3).into(), leader: ContactId(1).into() };
    world.does(couple);
    assert_eq!(world.reads(&diff), "{\"diff\":[]}");
    let answer = world.reads(&format!(
        "{{ follower: contact(id: \"{follower}\") {{ title isFollower leader {{ name }} registrationType availableActions
               fieldState(field: SURNAME) sameHuman {{ name }} }}
           leader: contact(id: \"{leader}\") {{ title isLeader isFollower followers {{ name }} registrationType
               availableActions projectedUpTo }} }}",
    ));
    for part in [
        "\"title\":\"J. Jansen (follows J. Jansen)\"",
        "\"title\":\"J. Jansen (leader)\"",
        "\"fieldState\":\"FOLLOWED\"",
        "\"registrationType\":\"CONTACT_PERSON\"",
        "\"registrationType\":\"CLIENT_PERSON\"",
        "[\"GO_TO_LEADER\",\"END_LEADER_LINK\"]",
        "\"projectedUpTo\":\"5\"",
    ] {
        assert!(answer.contains(part), "{part} in {answer}");
    }
    // A follower is no candidate, and neither is oneself (I7, I9).
    let candidates = world
        .reads(&format!("{{ leaderCandidates(followerId: \"{leader}\") {{ edges {{ node {{ id }} }} }} }}"));
    assert!(!candidates.contains(&follower) && !candidates.contains(&leader), "{candidates}");
}

#[test]
fn a1_21_a_hidden_address_is_told_only_when_asked_and_with_the_reason() {
    let world = office();
    world.does(ChangeChannels {
        owner: OwnerRef::Contact(ContactId(1).into()),
        phones: None,
        emails: Some(vec![WantedChannel {
            kind: ChannelKind::Email,
            value: "jan@thuis.nl".to_owned(),
            detail: Detail::Private,
            preference: None,
            status: Status::Created,
        }]),
        websites: None,
    });
    world.does(CoupleToLeader { follower: ContactId(3).into(), leader: ContactId(1).into() });
    world
        .does(SetMailPreference { contact: ContactRef::Id(ContactId(1)), preference: "BUSINESS".to_owned() });
    let ask = |more: &str| {
        world.reads(&format!(
            "{{ mailChoices(contactId: \"{}\" {more}) {{ address offered why }} }}",
            contact(3)
        ))
    };
    assert_eq!(ask(""), "{\"mailChoices\":[]}");
    let explained = ask(", explain: true");
    assert!(
        explained.contains("jan@thuis.nl") && explained.contains("LEADER_PREFERS_BUSINESS"),
        "{explained}"
    );
}

#[test]
fn pages_are_capped_and_cursors_lead_on() {
    let world = bakker();
    for (query, code) in [
        ("{ findContacts(first: 101) { edges { cursor } } }", "PAGE_TOO_LARGE"),
        ("{ findContacts(first: 0) { edges { cursor } } }", "INVALID_PAGE"),
        ("{ findContacts(first: -1) { edges { cursor } } }", "INVALID_PAGE"),
        ("{ findContacts(after: \"%%\") { edges { cursor } } }", "INVALID_CURSOR"),
        ("{ findContacts(after: \"eA\") { edges { cursor } } }", "INVALID_CURSOR"),
        ("{ contact { name } }", "REQUIRED"),
        ("{ contact(id: \"x\", no: \"y\") { name } }", "GIVEN_TWICE"),
        ("{ mailChoices(contactNo: \"nobody\") { address } }", "NOT_FOUND"),
    ] {
        assert_eq!(world.codes(query), [code], "{query}");
    }
    assert_eq!(
        world.reads("{ contact(id: \"x\") { name } customer(no: \"none\") { name } node(id: \"\") { id } }"),
        "{\"contact\":null,\"customer\":null,\"node\":null}"
    );
    let mut seen = 0;
    let mut after = String::new();
    loop {
        let page = world.reads(&format!(
            "{{ findContacts(kind: PERSON, first: 2, after: \"{after}\") {{ edges {{ node {{ name }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        ));
        seen += page.matches("\"node\"").count();
        let end =
            page.split("\"endCursor\":\"").nth(1).and_then(|part| part.split('"').next()).expect("a cursor");
        after = end.to_owned();
        if page.contains("\"hasNextPage\":false") {
            break;
        }
    }
    assert_eq!(seen, 3);
    let codes = world.reads("{ codeList(list: \"role\") { name version row(code: \"CONTRACTANT\") { properties { isContractant } }
        rows(first: 2) { edges { node { code } } pageInfo { hasNextPage } } } codeLists { name } unknown: codeList(list: \"X\") { name } }");
    assert!(codes.contains("\"hasNextPage\":true") && codes.contains("\"isContractant\":true"), "{codes}");
    assert!(codes.contains("\"unknown\":null") && codes.contains("SALUTATION"), "{codes}");
}

#[test]
fn a_node_is_found_by_the_id_that_every_object_shows() {
    let world = bakker();
    let list = world.reads("{ codeList(list: \"ROLE\") { id } }");
    let list = list.split('"').nth(5).expect("an id").to_owned();
    let answer = world.reads(&format!(
        "{{ nodes(ids: [\"{}\", \"{}\", \"{list}\", \"x\"]) {{ __typename id ... on Customer {{ number }} }} }}",
        contact(1),
        customer(1)
    ));
    for part in ["\"Contact\"", "\"Customer\"", "\"CodeList\"", "null]"] {
        assert!(answer.contains(part), "{part} in {answer}");
    }
}

#[test]
fn hostile_queries_are_refused() {
    let world = bakker();
    let deep = format!(
        "{{ findContacts {{ edges {{ node {{ {} name {} }} }} }} }}",
        "leader { ".repeat(30),
        "} ".repeat(30)
    );
    let wide = "{ findContacts(first: 100) { edges { node { history(first: 100) { edges { node { command actor time position reason } } } } } } }";
    let aliases = (0..60_000).map(|n| format!("a{n}: position")).collect::<Vec<_>>().join(" ");
    let round = "relatedRoles { person { roles { holder { relatedRoles { person { roles { holder { relatedRoles { person { name } } } } } } } } } }";
    let rounds = format!("{{ findContacts(first: 100) {{ edges {{ node {{ {round} }} }} }} }}");
    for query in [deep.as_str(), wide, &format!("{{ {aliases} }}"), &rounds] {
        let response = world.asks(Some(reader()), query);
        assert!(!response.errors.is_empty(), "{}", &query[..100.min(query.len())]);
    }
}

#[test]
fn what_went_well_once_is_answered_and_refused_as_at_first() {
    let world = bakker();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runs");
    let ask = |api: &Api, query: &str, variables: serde_json::Value| {
        let request = Request::new(query).variables(Variables::from_json(variables));
        let caller = Caller { actor: Some(reader()), ..Caller::default() };
        serde_json::to_value(runtime.block_on(api.execute(request, caller))).expect("is JSON")
    };
    let no = "query Q($no: String!) { customer(no: $no) { number name } }";
    let ids = "query Q($id: ID!) { contact(id: $id) { name kind } node(id: $id) { id } }";
    let list = "query Q($type: RegistrationType!, $first: Int) {
        contacts(registrationType: $type, first: $first) { nodes { name } } }";
    let draft = "query Q($draft: SimilarContactsInput!) { similarContacts(draft: $draft) { agreements } }";
    let two = "query A { customer(no: \"CU000001\") { name } } query B { customer(no: \"x\") { name } }";
    let good = [
        (no, json!({"no": "CU000001"})),
        (ids, json!({"id": contact(1)})),
        (list, json!({"type": "CLIENT_PERSON", "first": 5})),
    ];
    let others = [
        (no, json!({})),
        (no, json!({"no": null})),
        (no, json!({"no": 5})),
        (no, json!({"no": ["CU000001"]})),
        (no, json!({"no": "CU000001", "other": 1})),
        (no, json!({"no": "CU999999"})),
        (no, json!({"no": "\u{0}"})),
        (ids, json!({"id": "?"})),
        (ids, json!({"id": contact(99)})),
        (ids, json!({"id": {"id": 1}})),
        (list, json!({"type": "NO_TYPE"})),
        (list, json!({"type": "CLIENT_PERSON", "first": "5"})),
        (list, json!({"type": "CLIENT_PERSON", "first": 100_000})),
        (list, json!({"type": "CLIENT_PERSON", "first": -1})),
        (list, json!({"first": 5})),
        (draft, json!({"draft": {"kind": "PERSON", "unknown": 1}})),
        (two, json!({})),
    ];
    let warm = Api::new(world.engine.clone());
    for (query, variables) in &good {
        let first = ask(&warm, query, variables.clone());
        assert!(first["errors"].is_null(), "{first}");
        assert_eq!(ask(&warm, query, variables.clone()), first);
    }
    let mut refused = 0;
    for (query, variables) in &others {
        let cold = ask(&Api::new(world.engine.clone()), query, variables.clone());
        assert_eq!(ask(&warm, query, variables.clone()), cold, "{query} {variables}");
        refused += usize::from(!cold["errors"].is_null());
    }
    assert!(refused >= 12, "{refused} were refused");
}

#[test]
fn a_query_that_walks_in_circles_ends() {
    let world = bakker();
    for n in 0..30 {
        let letters: String =
            format!("{n:02}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        world.does(adds(1, person("E.", "", &format!("Smit{letters}")), "CHILD"));
    }
    let round = |inside: &str| format!("relatedRoles {{ holder {{ {inside} }} }}");
    let query = |inside: &str| format!("{{ contact(id: \"{}\") {{ {inside} }} }}", contact(1));
    assert!(world.reads(&query(&round(&round("name")))).contains("A. Bakker"));
    assert_eq!(world.codes(&query(&round(&round(&round("name")))))[0], "QUERY_TOO_LARGE");
}

#[test]
fn a_fragment_that_doubles_itself_is_refused_at_once() {
    let world = bakker();
    for levels in [18, 28, 40, 200] {
        let mut parts = vec!["{ ...f0 }".to_owned(), format!("fragment f{levels} on Query {{ position }}")];
        parts.extend((0..levels).map(|n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1)));
        let query = parts.join(" ");
        let begun = std::time::Instant::now();
        let response = world.asks(Some(reader()), &query);
        assert!(!response.errors.is_empty());
        assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{levels}: {:?}", begun.elapsed());
    }
}

#[test]
fn the_usual_introspection_passes_and_the_printed_schema_is_stable() {
    let world = World::new();
    let of_type = "ofType { kind name ".repeat(9) + &"} ".repeat(9);
    let introspection = format!(
        "{{ __schema {{ queryType {{ name }} mutationType {{ name }} types {{ kind name description
             fields(includeDeprecated: true) {{ name description args {{ name type {{ kind name {of_type} }} defaultValue }}
               type {{ kind name {of_type} }} }}
             inputFields {{ name type {{ kind name {of_type} }} }} interfaces {{ name }} enumValues {{ name }} possibleTypes {{ name }} }}
           directives {{ name locations args {{ name type {{ name }} }} }} }} }}"
    );
    let response = world.asks(None, &introspection);
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    assert_eq!(sdl(), sdl());
    let printed = sdl();
    for part in [
        "type Query {",
        "type Mutation {",
        "interface Node {",
        "type ContactConnection {",
        "type CustomerEdge {",
        "scalar Position",
    ] {
        assert!(printed.contains(part), "{part}");
    }
    if let Some(path) = std::env::var_os("KRONIEK_PRINT_SDL") {
        std::fs::write(path, printed).expect("writes");
    }
}
