//! The manual of the housing corporation (E1), as its member of staff would do it over HTTP; golden scenarios 1 to 7.

use crate::support::{Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};

fn household(desk: &Desk, id: &str) -> Value {
    let query = "query($id: ID!) { contact(id: $id) {
        name shownFirst { name } contractants { line person { name } }
        nameHistory { name } roleHistory { person { name } endCause }
        relatedRoles(kind: ALL) { line roleCode shownFirst person { id number name deceased } beginDate }
        removableRoles { role { line } removable } customer { number name }
        correspondenceAddress { display } emails { value } phones { value kind }
    } }";
    desk.data(query, json!({ "id": id }))["contact"].take()
}

fn customer_name(desk: &Desk, no: &str) -> String {
    let data = desk
        .data("query($no: String!) { customer(no: $no) { name household { name } } }", json!({ "no": no }));
    assert_eq!(
        data["customer"]["name"], data["customer"]["household"]["name"],
        "equal in the same read, E1-02"
    );
    text(&data["customer"]["name"]).to_owned()
}

#[test]
fn e1_29_a_co_occupant_comes_to_the_lease() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    desk.accept(
        "addRole",
        json!({ "customerNo": no, "roleCode": "CONTRACTANT", "cause": "co_occupant",
            "newPerson": { "initials": "E.", "surname": "Emmen" } }),
    );
    let roles = || {
        let query = "query($id: ID!) { contact(id: $id) {
            relatedRoles { line cause } roleHistory { line cause endCause } } }";
        desk.data(query, json!({ "id": home }))["contact"].take()
    };
    let before = roles();
    assert_eq!(before["relatedRoles"][2], json!({ "line": 3, "cause": "CO_OCCUPANT" }));
    assert_eq!((&before["relatedRoles"][0]["cause"], &before["roleHistory"]), (&Value::Null, &json!([])));
    desk.accept("removeRole", json!({ "customerNo": no, "line": 3, "confirm": ["REMOVE_ROLE_LINE"] }));
    let after = roles();
    assert_eq!(after["roleHistory"], json!([{ "line": 3, "cause": "CO_OCCUPANT", "endCause": "REQUEST" }]));
    let long = json!({ "customerNo": no, "roleCode": "CHILD", "cause": "x".repeat(21),
        "newPerson": { "surname": "Dijk" } });
    let refused = desk.refuse("addRole", long, &["TOO_LONG"]);
    assert_eq!(refused["userErrors"][0]["field"], "cause");
}

#[test]
fn scenario_1_death_with_two_contractants_while_the_lease_runs() {
    // E1-33, E1-36, E1-25, E1-27, E1-28.
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    assert_eq!(customer_name(&desk, &no), "A. Bakker");

    let asked = desk.refuse(
        "recordDeath",
        json!({ "personId": bakker, "dateOfDeath": "2025-11-03" }),
        &["CONFIRMATION_REQUIRED"],
    );
    assert_eq!(asked["userErrors"][0]["prompt"], "KEEP_ROLES_OF_DECEASED");
    assert_eq!(customer_name(&desk, &no), "A. Bakker", "nothing is stored without an answer");

    desk.refuse(
        "recordDeath",
        json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": true }),
        &["NOT_SOLE_CONTRACTANT"],
    );
    let done = desk.accept(
        "recordDeath",
        json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": false }),
    );
    assert_eq!(
        done["events"],
        json!(["DeathRecorded", "RoleRemoved", "ShownFirstChanged", "HouseholdNameChanged"])
    );
    assert_eq!(done["householdNameBefore"], "A. Bakker");
    assert_eq!(done["householdNameAfter"], "C. de Vries");
    assert_eq!(customer_name(&desk, &no), "C. de Vries");
    let card = household(&desk, &home);
    assert_eq!(card["shownFirst"]["name"], "C. de Vries");
    assert_eq!(card["nameHistory"].as_array().expect("a list").last().expect("one")["name"], "C. de Vries");
    assert_eq!(card["roleHistory"][0]["endCause"], "DEATH");
}

#[test]
fn scenario_2_death_of_the_second_contractant_leaves_the_name_alone() {
    // E1-36: the deceased was not shown first.
    let house = House::new();
    let desk = house.desk();
    let (home, _, vries) = two_contractants(&desk);
    let done = desk
        .accept("recordDeath", json!({ "personId": vries, "dateOfDeath": "2025-11-03", "keepRoles": false }));
    assert_eq!(done["events"], json!(["DeathRecorded", "RoleRemoved"]));
    assert_eq!(household(&desk, &home)["name"], "A. Bakker");
}

#[test]
fn scenario_3_death_of_the_sole_contractant() {
    // E1-34, E1-35, D-6.
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    let line = household(&desk, &home)["contractants"][1]["line"].clone();
    desk.accept("removeRole", json!({ "customerNo": no, "line": line, "confirm": ["REMOVE_ROLE_LINE"] }));
    desk.refuse(
        "recordDeath",
        json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": false }),
        &["NO_REMAINING_CONTRACTANT"],
    );
    desk.refuse(
        "setSalutation",
        json!({ "contactId": bakker, "code": "HEIRS_OF" }),
        &["SALUTATION_NEEDS_DEATH"],
    );
    let done = desk
        .accept("recordDeath", json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": true }));
    assert_eq!(done["warnings"][0]["code"], "LEASE_STILL_RUNNING");
    let card = household(&desk, &home);
    assert_eq!(card["relatedRoles"][0]["person"]["deceased"], true, "still listed, marked deceased");
    desk.accept("setSalutation", json!({ "contactId": bakker, "code": "HEIRS_OF" }));
    let letter =
        desk.data("query($id: ID!) { contact(id: $id) { letterSalutation } }", json!({ "id": bakker }));
    assert_eq!(letter["contact"]["letterSalutation"], "De erven van A. Bakker");

    // E1-38: the death was a mistake.
    desk.refuse("correctDeath", json!({ "personId": bakker, "dateOfDeath": null }), &["REQUIRED"]);
    let done = desk.accept(
        "correctDeath",
        json!({ "personId": bakker, "dateOfDeath": null, "reason": "another A. Bakker died" }),
    );
    assert_eq!(done["events"], json!(["DeathCorrected", "SalutationChanged"]));
    assert_eq!(household(&desk, &home)["relatedRoles"][0]["person"]["deceased"], false);
}

#[test]
fn scenario_4_the_contractant_shown_first_cannot_be_removed() {
    // E1-11, E1-12, E1-31, E1-32.
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, vries) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    let card = household(&desk, &home);
    assert_eq!(card["removableRoles"][0]["removable"], false);
    assert_eq!(card["removableRoles"][1]["removable"], true);
    let first =
        json!({ "customerNo": no, "line": card["contractants"][0]["line"], "confirm": ["REMOVE_ROLE_LINE"] });
    let refused = desk.refuse("removeRole", first.clone(), &["SHOWN_FIRST_CANNOT_BE_REMOVED"]);
    assert!(text(&refused["userErrors"][0]["hint"]).contains("showFirst"));

    let shown = desk.accept("showFirst", json!({ "householdId": home, "personId": vries }));
    assert_eq!(shown["householdNameAfter"], "C. de Vries");
    let unanswered = json!({ "customerNo": no, "line": card["contractants"][0]["line"] });
    let asked = desk.refuse("removeRole", unanswered, &["CONFIRMATION_REQUIRED"]);
    assert_eq!(asked["userErrors"][0]["prompt"], "REMOVE_ROLE_LINE");
    let removed = desk.accept("removeRole", first.clone());
    assert_eq!(removed["events"], json!(["RoleRemoved"]), "the name changed once, not twice");
    desk.refuse("removeRole", first, &["NOT_FOUND"]);
    let last = household(&desk, &home)["contractants"][0]["line"].clone();
    desk.refuse(
        "removeRole",
        json!({ "customerNo": no, "line": last, "confirm": ["REMOVE_ROLE_LINE"] }),
        &["LAST_CONTRACTANT"],
    );
    let person = desk.data(
        "query($id: ID!) { person(id: $id) { name pastRoles { holder { name } } } }",
        json!({ "id": bakker }),
    );
    assert_eq!(person["person"]["name"], "A. Bakker", "E1-12: the person is not deleted");
    assert_eq!(person["person"]["pastRoles"][0]["holder"]["name"], "C. de Vries");
}

#[test]
fn scenario_5_a_person_at_two_customers() {
    // E1-14, E1-19: one person, one record; the reach is told.
    let house = House::new();
    let desk = house.desk();
    let (one, ..) = two_contractants(&desk);
    let (two, ..) = two_contractants(&desk);
    let (first, second) = (activate(&desk, &one, "2024-03-01"), activate(&desk, &two, "2024-04-01"));
    let added = desk.accept(
        "addRole",
        json!({ "customerNo": first, "roleCode": "GUARDIAN", "newPerson": { "initials": "E.", "surname": "Karelse" } }),
    );
    assert_eq!(added["events"], json!(["ContactCreated", "RoleAdded"]));
    let contacts = added["contacts"].as_array().expect("a list");
    let karelse = &contacts.iter().find(|c| c["name"] == "E. Karelse").expect("is there")["id"];
    desk.accept("addRole", json!({ "customerNo": second, "roleCode": "GUARDIAN", "personId": karelse }));
    desk.refuse(
        "addRole",
        json!({ "customerNo": second, "roleCode": "GUARDIAN", "personId": karelse }),
        &["ROLE_EXISTS"],
    );
    let changed = desk.accept(
        "changeChannels",
        json!({ "contactId": karelse, "phones": [{ "kind": "MOBILE", "value": "06 1234 5678" }] }),
    );
    assert_eq!(changed["alsoVisibleAt"], json!([{ "number": first }, { "number": second }]));
    let card = desk.data(
        "query($no: String!) { customer(no: $no) { relatedRoles(kind: CONTACT_PERSON) { person { phones { value } } } } }",
        json!({ "no": second }),
    );
    assert_eq!(card["customer"]["relatedRoles"][0]["person"]["phones"][0]["value"], "06 1234 5678");
}

#[test]
fn e1_16_and_e1_20_the_customer_owns_no_channels_and_no_address() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    let emails = json!([{ "value": "thuis@example.nl" }]);
    desk.refuse("changeChannels", json!({ "customerNo": no, "emails": emails }), &["OWNED_BY_HOUSEHOLD"]);
    let address = json!({ "customerNo": no, "street": "Boterdiep", "houseNo": 31, "postcode": "3077 AW", "city": "Rotterdam" });
    desk.refuse("changeCorrespondenceAddress", address, &["OWNED_BY_HOUSEHOLD"]);

    desk.accept("changeChannels", json!({ "contactId": home, "emails": emails }));
    let address = json!({ "contactId": home, "street": "Boterdiep", "houseNo": 31, "postcode": "3077 AW", "city": "Rotterdam" });
    desk.accept("changeCorrespondenceAddress", address);
    let query = "query($no: String!) { customer(no: $no) {
        addressAndContact { emails { value } correspondenceAddress { display } }
        household { emails { value } correspondenceAddress { display } } } }";
    let card = desk.data(query, json!({ "no": no }))["customer"].take();
    assert_eq!(card["addressAndContact"], card["household"], "one owner, many views");
    assert_eq!(card["addressAndContact"]["emails"][0]["value"], "thuis@example.nl");
    for (emails, code) in [
        (json!([{ "value": "no address" }]), "INVALID_EMAIL"),
        (json!([{ "value": "a@b.nl" }, { "value": "A@B.nl" }]), "DUPLICATE_CHANNEL"),
    ] {
        desk.refuse("changeChannels", json!({ "contactId": home, "emails": emails }), &[code]);
    }
    let phones = json!([{ "kind": "PHONE", "value": "call me" }]);
    desk.refuse("changeChannels", json!({ "contactId": home, "phones": phones }), &["INVALID_PHONE"]);
}

#[test]
fn scenario_6_payment_lines_and_mandates() {
    // E1-41 … E1-53.
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2025-01-01");
    let transfer = json!({ "customerNo": no, "effectiveDate": "2026-01-01", "transactionMode": "TRANSFER", "invoiceType": "INVOICE" });
    desk.accept("addPaymentLine", transfer.clone());
    desk.refuse("addPaymentLine", transfer, &["PAYMENT_LINE_EXISTS"]);

    let account = json!({ "customerNo": no, "code": "RABO", "iban": "NL44RABO0123456789" });
    let asked = desk.refuse("addBankAccount", account, &["CONFIRMATION_REQUIRED"]);
    assert_eq!(asked["userErrors"][0]["prompt"], "SYNC_HOLDER_ADDRESS");
    for (code, iban) in [("RABO", "NL44RABO0123456789"), ("ING", "NL20INGB0001234567")] {
        desk.accept(
            "addBankAccount",
            json!({ "customerNo": no, "code": code, "iban": iban, "syncHolderAddress": false }),
        );
    }
    let debit = |date: &str, account: &str, more: Value| {
        let mut input = json!({ "customerNo": no, "effectiveDate": date, "transactionMode": "DIRECT_DEBIT",
            "invoiceType": "DIRECT_DEBIT_INVOICE", "bankAccount": account, "openItems": "NONE" });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    desk.refuse("addPaymentLine", debit("2026-07-01", "RABO", json!({})), &["MANDATE_REQUIRED"]);
    desk.refuse(
        "addPaymentLine",
        debit("2026-07-01", "RABO", json!({ "openItems": null })),
        &["MANDATE_REQUIRED"],
    );
    let mandate = json!({ "newMandate": { "code": "M-1", "signedOn": "2026-01-10", "type": "RECURRING" } });
    desk.accept("addPaymentLine", debit("2026-07-01", "RABO", mandate));
    desk.refuse(
        "addPaymentLine",
        debit("2026-10-01", "ING", json!({ "mandate": "M-1" })),
        &["MANDATE_FOR_OTHER_ACCOUNT"],
    );
    desk.refuse("addPaymentLine", debit("2026-10-01", "NOPE", json!({})), &["BANK_ACCOUNT_NOT_OF_CUSTOMER"]);
    let query = "query($no: String!, $on: Date!) { customer(no: $no) {
        paymentLine(on: $on) { transactionMode bankAccount { code } mandate { code } } } }";
    let line = |on: &str| desk.data(query, json!({ "no": no, "on": on }))["customer"]["paymentLine"].take();
    assert_eq!(line("2026-06-30")["transactionMode"], "TRANSFER");
    assert_eq!(
        line("2026-07-01"),
        json!({ "transactionMode": "DIRECT_DEBIT", "bankAccount": { "code": "RABO" }, "mandate": { "code": "M-1" } })
    );
    desk.refuse(
        "revokeMandate",
        json!({ "customerNo": no, "code": "M-1", "reason": "asked" }),
        &["MANDATE_IN_USE"],
    );
}

#[test]
fn scenario_7_the_holders_address_follows_only_where_asked() {
    // E1-22, E1-23, E1-46.
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2025-01-01");
    for (code, iban, sync) in [("X", "NL44RABO0123456789", true), ("Y", "NL20INGB0001234567", false)] {
        desk.accept(
            "addBankAccount",
            json!({ "customerNo": no, "code": code, "iban": iban, "syncHolderAddress": sync }),
        );
    }
    let done = desk.accept(
        "changeCorrespondenceAddress",
        json!({ "contactId": home, "street": "Boterdiep", "houseNo": 31, "postcode": "3077AW", "city": "Rotterdam" }),
    );
    assert_eq!(done["events"], json!(["CorrespondenceAddressChanged", "AccountHolderAddressSynced"]));
    let data = desk.data(
        "query($no: String!) { customer(no: $no) { bankAccounts { code holderAddress { display } } } }",
        json!({ "no": no }),
    );
    let accounts = data["customer"]["bankAccounts"].as_array().expect("a list");
    let holder =
        |code: &str| &accounts.iter().find(|a| a["code"] == code).expect("is there")["holderAddress"];
    assert_eq!(holder("X")["display"], "Boterdiep 31, 3077 AW Rotterdam");
    assert_eq!(*holder("Y"), Value::Null);
}

#[test]
fn e1_03_only_the_integration_activates_customers() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let clerk = house.actor("clerk", "READ,WRITE");
    let input = json!({ "householdId": home, "leaseRef": "L-1", "startDate": "2024-03-01" });
    clerk.refuse("activateCustomer", input.clone(), &["FORBIDDEN"]);
    let no = activate(&desk, &home, "2024-03-01");
    let refused = desk.refuse("activateCustomer", input, &["CUSTOMER_EXISTS"]);
    assert!(refused["userErrors"][0].to_string().contains(&no));
    desk.refuse(
        "recordLeaseEnded",
        json!({ "customerNo": no, "leaseRef": "L-9", "endDate": "2026-01-01" }),
        &["NOT_FOUND"],
    );
    desk.refuse(
        "recordLeaseEnded",
        json!({ "customerNo": no, "endDate": "2020-01-01" }),
        &["DATE_OUT_OF_RANGE"],
    );
}

#[test]
fn e1_06_customers_are_found_by_number_name_and_address() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    let (other, ..) = two_contractants(&desk);
    activate(&desk, &other, "2024-03-01");
    desk.accept(
        "changeCorrespondenceAddress",
        json!({ "contactId": home, "street": "Noorderhavenkade", "houseNo": 7, "postcode": "3039 RD", "city": "Rotterdam" }),
    );
    let found = |text: &str| {
        let data = desk.data(
            "query($text: String) { findCustomers(text: $text) { nodes { number } } }",
            json!({ "text": text }),
        );
        data["findCustomers"]["nodes"].as_array().expect("a list").len()
    };
    assert_eq!(found(&no), 1, "by number");
    assert_eq!(found("bakker"), 2, "by name");
    assert_eq!(found("noorderhaven"), 1, "by street");
    assert_eq!(found("3039RD"), 1, "by postcode");
    assert_eq!(found(""), 2, "an empty search is the first page, not an error");
    assert_eq!(found("nobody"), 0);
}

#[test]
fn a_page_ends_and_the_next_begins_where_it_ended() {
    let house = House::new();
    let desk = house.desk();
    for _ in 0..5 {
        two_contractants(&desk);
    }
    let query = "query($after: String) { findContacts(kind: HOUSEHOLD, first: 2, after: $after) {
        nodes { number } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let page = desk.data(query, json!({ "after": after }))["findContacts"].take();
        seen.extend(page["nodes"].as_array().expect("a list").clone());
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen.len(), 5);
    seen.dedup();
    assert_eq!(seen.len(), 5, "no contact twice");
    let too_many = desk.ask("{ findContacts(first: 101) { nodes { number } } }", json!({}));
    assert_eq!(too_many["errors"][0]["extensions"]["code"], "PAGE_TOO_LARGE", "{too_many}");
}

#[test]
fn the_card_is_the_same_after_a_restart() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let query = "{ findCustomers { nodes { number name version household { name version
        relatedRoles(kind: ALL) { line roleCode person { name } } history(first: 50) { nodes { position command } } } } } }";
    let before = {
        let mut house = House::on(dir.path());
        let desk = house.desk();
        let (home, ..) = two_contractants(&desk);
        activate(&desk, &home, "2024-03-01");
        let card = desk.data(query, json!({}));
        house.stop();
        card
    };
    let house = House::on(dir.path());
    assert_eq!(house.desk().data(query, json!({})), before);
}
