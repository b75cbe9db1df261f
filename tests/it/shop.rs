//! The shop (N1), as a member of its staff would do it over HTTP; scenarios 12, 13 and 14.

use crate::support::{Desk, House, activate, reference_data, text, two_contractants};
use serde_json::{Value, json};

/// A customer of M. van der Janssen at 3511 AB 12; answers its number.
fn janssen(desk: &Desk) -> String {
    customer(desk, json!({ "initials": "M.", "infix": "van der", "surname": "Janssen" }), "3511AB", 12)
}

fn customer(desk: &Desk, mut input: Value, postcode: &str, house_no: i64) -> String {
    input["address"] =
        json!({ "street": "Oudegracht", "houseNo": house_no, "postcode": postcode, "city": "Utrecht" });
    text(&desk.accept("createCustomer", input)["customer"]["number"]).to_owned()
}

/// A search by surname and postcode; answers (number, matchKind) in order, or the code of the error.
fn search(desk: &Desk, surname: &str, postcode: &str) -> Result<Vec<(String, String)>, String> {
    let query = "query($s: String, $p: String) { findCustomers(surnamePart: $s, postcodePart: $p) {
        edges { matchKind score node { number } } } }";
    let mut answer = desk.ask(query, json!({ "s": surname, "p": postcode }));
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return Err(code.to_owned());
    }
    let edges = answer["data"]["findCustomers"]["edges"].take();
    let found = edges.as_array().expect("a list").iter().map(|edge| {
        (text(&edge["node"]["number"]).to_owned(), edge["matchKind"].as_str().unwrap_or("none").to_owned())
    });
    Ok(found.collect())
}

fn numbers(desk: &Desk, surname: &str, postcode: &str) -> Vec<String> {
    search(desk, surname, postcode).expect("finds").into_iter().map(|(number, _)| number).collect()
}

fn kinds(desk: &Desk, surname: &str, postcode: &str) -> Vec<String> {
    search(desk, surname, postcode).expect("finds").into_iter().map(|(_, kind)| kind).collect()
}

#[test]
fn scenario_13_a_customer_is_found_by_a_piece_of_the_surname_and_digits_of_the_postcode() {
    // N1-02, N1-03.
    let house = House::new();
    let desk = house.desk();
    let janssen = janssen(&desk);
    assert_eq!(kinds(&desk, "ansse", "3511"), ["SUBSTRING"]);
    assert_eq!(kinds(&desk, "van der Janss", "3511"), ["SUBSTRING"]);
    assert_eq!(kinds(&desk, "janssen", "3511"), ["EXACT"]);
    assert_eq!(kinds(&desk, "Janzen", "3511"), ["FUZZY"]);
    assert_eq!(kinds(&desk, "ansse", "3512"), [] as [&str; 0]);
    assert_eq!(kinds(&desk, "ansse", "351"), ["SUBSTRING"]);
    assert_eq!(kinds(&desk, "ansse", "3511 ab"), ["SUBSTRING"]);
    assert_eq!(kinds(&desk, "n", ""), ["SUBSTRING"], "one letter is a piece too");
    assert_eq!(kinds(&desk, "ns", "3"), ["SUBSTRING"]);
    assert_eq!(kinds(&desk, "", "3511"), ["none"], "no surname was searched for");
    assert_eq!(search(&desk, "ansse", "35X1"), Err("INVALID_POSTCODE_PART".to_owned()));
    for (surname, postcode) in [("", ""), (" ", " ")] {
        assert_eq!(search(&desk, surname, postcode), Err("SEARCH_TOO_WIDE".to_owned()));
    }
    // Better hits first, and another spelling after all of them.
    let janzen = customer(&desk, json!({ "surname": "Janzen" }), "3511AC", 1);
    let van_janssens = customer(&desk, json!({ "surname": "Janssens" }), "3511AD", 1);
    assert_eq!(numbers(&desk, "janssen", "3511"), [&janssen, &van_janssens, &janzen].map(String::as_str));
    assert_eq!(kinds(&desk, "janssen", "3511"), ["EXACT", "SUBSTRING", "FUZZY"]);
    let inactive = "query { findCustomers(surnamePart: \"janssen\", text: \"x\") { edges { cursor } } }";
    assert_eq!(desk.ask(inactive, json!({}))["errors"][0]["extensions"]["code"], "GIVEN_TWICE");
}

#[test]
fn scenario_13_accents_and_apostrophes_do_not_matter() {
    let house = House::new();
    let desk = house.desk();
    for (surname, typed) in
        [("Çelik", "celik"), ("Müller", "muller"), ("d’Hondt", "d'hondt"), ("Ĳsbrand", "ijs")]
    {
        let number = customer(&desk, json!({ "surname": surname }), "3511AB", 12);
        assert_eq!(numbers(&desk, typed, "3511"), [number], "{surname}");
    }
    assert_eq!(kinds(&desk, "hondt", ""), ["SUBSTRING"]);
}

#[test]
fn n1_03_a_household_is_found_by_each_contractant_and_a_company_by_its_name() {
    let house = House::new();
    let desk = house.desk();
    let (household, bakker, vries) = two_contractants(&desk);
    let number = activate(&desk, &household, "2026-01-01");
    desk.accept(
        "changeCorrespondenceAddress",
        json!({ "contactId": household, "street": "Boterdiep", "houseNo": 31, "postcode": "3077AW", "city": "Rotterdam" }),
    );
    let company = customer(&desk, json!({ "companyName": "De Boer Fietsen B.V." }), "3077AW", 40);
    assert_eq!(numbers(&desk, "akke", "3077"), [number.as_str()]);
    assert_eq!(numbers(&desk, "vries", "3077AW"), [number.as_str()]);
    assert_eq!(numbers(&desk, "de boer", "30"), [company.as_str()]);
    assert_eq!(numbers(&desk, "", "3077"), [number.clone(), company.clone()], "each once");
    // What changes is found at once, and what was is not.
    desk.accept("changePersonName", json!({ "personId": vries, "surname": "Mulder" }));
    assert_eq!(numbers(&desk, "vries", "3077"), [] as [&str; 0]);
    assert_eq!(numbers(&desk, "mulder", "3077"), [number.as_str()]);
    desk.accept("showFirst", json!({ "householdId": household, "personId": vries }));
    desk.accept("removeRole", json!({ "contactId": household, "line": 1, "confirm": ["REMOVE_ROLE_LINE"] }));
    assert_eq!(numbers(&desk, "bakker", "3077"), [] as [&str; 0], "who has left is not looked for");
    desk.accept("changePersonName", json!({ "personId": bakker, "surname": "Bakkers" }));
    assert_eq!(numbers(&desk, "bakker", "3077"), [] as [&str; 0]);
    desk.accept(
        "changeCorrespondenceAddress",
        json!({ "contactId": household, "street": "Dorpsweg", "houseNo": 5, "postcode": "1234AB", "city": "Delft" }),
    );
    assert_eq!(numbers(&desk, "mulder", "1234"), [number]);
    // A house number narrows the search.
    let query = "query($n: Int!) { findCustomers(surnamePart: \"boer\", houseNo: $n) { nodes { number } } }";
    let at = |n: i64| desk.data(query, json!({ "n": n }))["findCustomers"]["nodes"].clone();
    assert_eq!((at(40), at(41)), (json!([{ "number": company }]), json!([])));
}

#[test]
fn n1_03_the_pages_of_a_search_hold_every_customer_once() {
    let house = House::new();
    let desk = house.desk();
    for at in 0..12 {
        let surname = ["Jansen", "Janssen", "Janzen", "van Jansenburg"][at % 4];
        let house_no = i64::try_from(at).expect("small") + 1;
        customer(
            &desk,
            json!({ "surname": surname }),
            if at % 2 == 0 { "3511AB" } else { "3512AB" },
            house_no,
        );
    }
    let query = "query($after: String) { findCustomers(surnamePart: \"jansen\", postcodePart: \"35\", first: 5, after: $after) {
        edges { matchKind node { number } } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut all, mut kinds) = (Value::Null, Vec::new(), Vec::new());
    loop {
        let page = desk.data(query, json!({ "after": after }))["findCustomers"].take();
        for edge in page["edges"].as_array().expect("a list") {
            all.push(text(&edge["node"]["number"]).to_owned());
            kinds.push(text(&edge["matchKind"]).to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let expected: Vec<_> = [("EXACT", 3), ("SUBSTRING", 3), ("FUZZY", 6)]
        .into_iter()
        .flat_map(|(kind, times)| vec![kind.to_owned(); times])
        .collect();
    assert_eq!(kinds, expected);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 12);
    for cursor in ["rubbish", "MQ", "ZTox", "ZToxOjI6eA"] {
        let answer = desk.ask(query, json!({ "after": cursor }));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_CURSOR", "{cursor}");
    }
}

/// N1-03: those of one kind stand in order of postcode and surname, whether the whole postcode is given or a part.
#[test]
fn n1_03_the_hits_of_one_kind_are_in_order_of_postcode_and_surname() {
    let house = House::new();
    let desk = house.desk();
    let hidden = |surname: &str, postcode: &str| customer(&desk, json!({ "surname": surname }), postcode, 1);
    let (late, second, first) =
        (hidden("Jans", "3512AA"), hidden("Janssen", "3511AA"), hidden("Janbergen", "3511AA"));
    assert_eq!(numbers(&desk, "jan", "3511"), [first.as_str(), &second]);
    assert_eq!(
        numbers(&desk, "jan", "351"),
        [first.as_str(), &second, &late],
        "of a shorter name more was found"
    );
}

#[test]
fn n1_05_n1_06_a_search_pre_fills_the_form_of_a_new_customer() {
    let house = House::new();
    let desk = house.desk();
    let token = |surname: &str, postcode: &str, house_no: Value| {
        let query = "query($s: String, $p: String, $n: Int) {
            findCustomers(surnamePart: $s, postcodePart: $p, houseNo: $n) { searchToken } }";
        let found = desk.data(query, json!({ "s": surname, "p": postcode, "n": house_no }));
        text(&found["findCustomers"]["searchToken"]).to_owned()
    };
    let draft = |token: &str| {
        let query = "query($t: String!) { draftFromSearch(token: $t) { surname postcode houseNo
            address { address { street city } userErrors { code } } } }";
        desk.ask(query, json!({ "t": token }))
    };
    let digits = draft(&token("Pieters", "1309", json!(1)));
    let digits = &digits["data"]["draftFromSearch"];
    assert_eq!(
        (&digits["surname"], &digits["postcode"], &digits["houseNo"]),
        (&json!("Pieters"), &json!("1309"), &json!(1))
    );
    assert_eq!(digits["address"]["userErrors"], json!([{ "code": "ADDRESS_AMBIGUOUS" }]));
    let without = draft(&token("Pieters", "1309AA", Value::Null));
    assert_eq!(without["data"]["draftFromSearch"]["address"], Value::Null);
    assert_eq!(draft("rubbish")["errors"][0]["extensions"]["code"], "INVALID_SEARCH_TOKEN");

    let token_of_search = token("Pieters", "1309", json!(1));
    let made = desk.accept("createCustomer", json!({ "fromSearch": token_of_search, "surname": "Pieters" }));
    assert_eq!(made["events"], json!(["ContactCreated", "CustomerCreated"]));
    assert_eq!(made["warnings"][0]["code"], "ADDRESS_AMBIGUOUS", "{made:#}");
    // The same wherever an address is looked up.
    let looked_up =
        desk.data("{ addressLookup(text: \"1309 1\") { userErrors { code message } } }", json!({}));
    let why = &looked_up["addressLookup"]["userErrors"][0];
    assert_eq!(why["code"], "ADDRESS_AMBIGUOUS");
    assert!(text(&why["message"]).contains("type its two letters"), "{why}");
    let refused = desk.refuse(
        "createCustomer",
        json!({ "surname": "Pietersen", "addressLookup": "1309 1" }),
        &["ADDRESS_AMBIGUOUS"],
    );
    assert_eq!(refused["userErrors"][0]["field"], "addressLookup");
    desk.refuse(
        "createCustomer",
        json!({ "fromSearch": "rubbish", "surname": " " }),
        &["INVALID_SEARCH_TOKEN", "REQUIRED"],
    );
    let by_text = desk.data("{ findCustomers(text: \"pieters\") { searchToken } }", json!({}));
    assert_eq!(by_text["findCustomers"]["searchToken"], Value::Null);

    // With the real addresses, street and city are filled in.
    let Some(data) = reference_data("n1_06 with real addresses") else { return };
    drop(house);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = data.join("bag-addresses-flevoland.csv.zst");
    let imported = std::process::Command::new(env!("CARGO_BIN_EXE_kroniek"))
        .args(["import", "addresses", "--data"])
        .arg(dir.path())
        .arg(&file)
        .output()
        .expect("runs");
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let house = House::on(dir.path());
    let desk = house.desk();
    let query = "query { findCustomers(surnamePart: \"Pieters\", postcodePart: \"1309 aa\", houseNo: 1) { searchToken } }";
    let token = desk.data(query, json!({}))["findCustomers"]["searchToken"].clone();
    let query = "query($t: String!) { draftFromSearch(token: $t) { address { address { street city } } } }";
    let filled = desk.data(query, json!({ "t": token }));
    let address = &filled["draftFromSearch"]["address"]["address"];
    assert_eq!(address, &json!({ "street": "Oostvaardersdiep", "city": "Almere" }));
}

#[test]
fn n1_01_a_new_customer_that_is_likely_there_is_asked_about() {
    let house = House::new();
    let desk = house.desk();
    let old = janssen(&desk);
    let again = json!({ "initials": "M.", "surname": "Jansen", "address": { "street": "Oudegracht",
        "houseNo": 12, "postcode": "3511AB", "city": "Utrecht" } });
    let asked = desk.refuse("createCustomer", again.clone(), &["CONFIRMATION_REQUIRED"]);
    let question = &asked["userErrors"][0];
    assert_eq!(question["prompt"], "POSSIBLE_DUPLICATE");
    assert_eq!(question["options"], json!(["confirm: [POSSIBLE_DUPLICATE]"]));
    assert!(text(&question["blocking"][0]["label"]).ends_with("M. van der Janssen"), "{question}");
    // Who may not see anybody learns nobody's name.
    let blind = house.actor("blind", "SHOP,WRITE");
    let asked = blind.ask(
        "mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { userErrors { code prompt blocking { id } entityId } } }",
        json!({ "i": again }),
    );
    let question = &asked["data"]["createCustomer"]["userErrors"][0];
    assert_eq!(
        (&question["prompt"], &question["blocking"], &question["entityId"]),
        (&json!("POSSIBLE_DUPLICATE"), &json!([]), &Value::Null)
    );
    let mut sure = again;
    sure["confirm"] = json!(["POSSIBLE_DUPLICATE"]);
    let new = desk.accept("createCustomer", sure)["customer"]["number"].clone();
    assert_ne!(new, json!(old));
    let shop = house.actor("shop", "READ,WRITE");
    shop.refuse("createCustomer", json!({ "surname": "Smit" }), &["FORBIDDEN"]);
}

#[test]
fn x_05_similar_contacts_by_what_is_typed() {
    let house = House::new();
    let desk = house.desk();
    let number = janssen(&desk);
    desk.accept(
        "addBankAccount",
        json!({ "customerNo": number, "code": "ING", "iban": "NL20INGB0001234567", "syncHolderAddress": false }),
    );
    let person = desk.accept(
        "createContact",
        json!({ "kind": "HOUSEHOLD", "person": { "initials": "P.", "surname": "Smit", "roleCode": "CONTRACTANT",
            "birthDate": "1980-05-05", "emails": [{ "value": "p@x.nl" }], "phones": [{ "value": "030 1234567" }] } }),
    );
    let smit = person["contacts"][1]["id"].clone();
    let query =
        "query($d: SimilarContactsInput!) { similarContacts(draft: $d) { contact { id name } agreements } }";
    let similar = |desk: &Desk, draft: Value| {
        let answer = desk.ask(query, json!({ "d": draft }));
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => json!(code),
            None => answer["data"]["similarContacts"].clone(),
        }
    };
    let person = |more: Value| {
        let mut draft = json!({ "kind": "PERSON", "surname": "Smit" });
        draft.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        draft
    };
    for (more, agrees) in [
        (json!({ "emails": ["P@X.nl"] }), "EMAIL"),
        (json!({ "phones": ["+31301234567"] }), "PHONE"),
        (json!({ "birthDate": "1980-05-05" }), "BIRTH_DATE"),
    ] {
        let found = similar(&desk, person(more.clone()));
        assert_eq!(found[0]["contact"]["id"], smit, "{more}: {found}");
        assert_eq!(found[0]["agreements"], json!(["SURNAME", agrees]));
    }
    assert_eq!(similar(&desk, person(json!({}))), json!([]), "a name alone is nobody");
    assert_eq!(
        similar(&desk, person(json!({ "emails": ["p@x"], "postcode": "é", "houseNo": -1 }))),
        json!([])
    );
    let janssen = json!({ "kind": "PERSON", "surname": "Janzen", "iban": "NL20 INGB 0001 2345 67" });
    assert_eq!(similar(&desk, janssen)[0]["agreements"], json!(["SURNAME", "IBAN"]));
    let by_place =
        json!({ "kind": "PERSON", "initials": "m", "surname": "Janssen", "postcode": "3511", "houseNo": 12 });
    assert_eq!(similar(&desk, by_place)[0]["agreements"], json!(["SURNAME", "ADDRESS"]));

    let reader = house.actor("reader", "READ");
    assert_eq!(similar(&reader, person(json!({ "birthDate": "1980-05-05" }))), json!("FORBIDDEN"));
    assert_eq!(
        similar(&reader, person(json!({ "emails": ["p@x.nl"] })))[0]["agreements"],
        json!(["SURNAME", "EMAIL"])
    );
}

#[test]
fn a1_03_the_duplicates_of_a_contact_leave_out_who_it_is_coupled_to() {
    let house = House::new();
    let desk = house.desk();
    let company =
        desk.accept("createRegistration", json!({ "type": "CLIENT_COMPANY", "companyName": "Bouw B.V." }));
    let number = |payload: &Value| text(&payload["contact"]["number"]).to_owned();
    let mail = json!([{ "value": "piet@thuis.nl" }]);
    let leader = desk.accept(
        "createRegistration",
        json!({ "type": "CLIENT_PERSON", "initials": "P.", "surname": "Jansen", "emails": mail }),
    );
    let coupled = desk
        .accept("createCoupledContact", json!({ "leaderNo": number(&leader), "parentNo": number(&company) }));
    let of = |no: &str| {
        desk.data(
            "query($no: String!) { duplicatesOf(contactNo: $no) { contact { number } } }",
            json!({ "no": no }),
        )["duplicatesOf"]
            .clone()
    };
    assert_eq!((of(&number(&leader)), of(&number(&coupled))), (json!([]), json!([])));
    let other = desk.accept(
        "createContact",
        json!({ "kind": "PERSON", "surname": "Janssen", "emails": mail, "confirm": ["POSSIBLE_DUPLICATE"] }),
    );
    assert_eq!(of(&number(&coupled)), json!([{ "contact": { "number": number(&other) } }]));
    assert_eq!(
        of(&number(&other)),
        json!([{ "contact": { "number": number(&leader) } }]),
        "of a pair the leader alone"
    );
}

#[test]
fn scenario_12_a_customer_is_signed_off_when_nothing_is_open() {
    // N1-04, N1-08 … N1-14.
    let house = House::new();
    let desk = house.desk();
    let no = janssen(&desk);
    let system = house.actor("till", "INTEGRATION");
    let record = |kind: &str, id: &str, state: &str| json!({ "customerNo": no, "kind": kind, "id": id, "state": state });
    system.accept("recordActivity", record("OPEN_REPAIR", "R-1", "OPEN"));
    system.accept("recordActivity", record("SUBSCRIPTION", "S-1", "OPEN"));
    system.accept("recordStaffMembership", json!({ "customerNo": no, "on": true }));
    let card = "query($no: String!) { customer(no: $no) { active onStaffList openActivity { kind id } } }";
    assert_eq!(
        desk.data(card, json!({ "no": no }))["customer"],
        json!({ "active": true, "onStaffList": true, "openActivity": [
            { "kind": "OPEN_REPAIR", "id": "R-1" }, { "kind": "SUBSCRIPTION", "id": "S-1" }] })
    );
    let one = json!({ "customerNo": no });
    let refused =
        desk.refuse("deactivateCustomer", one.clone(), &["CUSTOMER_HAS_ACTIVITY", "STILL_ON_STAFF_LIST"]);
    assert_eq!(
        refused["userErrors"][0]["blocking"],
        json!([{ "kind": "OPEN_REPAIR", "id": "R-1", "label": "repair R-1" },
            { "kind": "SUBSCRIPTION", "id": "S-1", "label": "subscription S-1" }])
    );
    let refused = desk.refuse("deleteCustomer", one.clone(), &["CUSTOMER_CANNOT_BE_DELETED"]);
    assert_eq!(refused["userErrors"][0]["hint"], "deactivateCustomer");
    system.accept("recordActivity", record("OPEN_REPAIR", "R-1", "CLOSED"));
    system.accept("recordActivity", record("SUBSCRIPTION", "S-1", "CLOSED"));
    system.accept("recordStaffMembership", json!({ "customerNo": no, "on": false }));
    assert_eq!(desk.accept("deactivateCustomer", one.clone())["events"], json!(["CustomerDeactivated"]));
    assert_eq!(desk.accept("deactivateCustomer", one.clone())["changed"], false);

    // The search hides it, the number shows it.
    assert_eq!(numbers(&desk, "ansse", "3511"), [] as [&str; 0]);
    for query in [
        "{ findCustomers(text: \"janssen\") { nodes { number } } }",
        "{ findCustomers { nodes { number } } }",
    ] {
        assert_eq!(desk.data(query, json!({}))["findCustomers"]["nodes"], json!([]), "{query}");
    }
    for query in [
        "{ findCustomers(surnamePart: \"ansse\", includeInactive: true) { nodes { number } } }",
        "{ findCustomers(text: \"janssen\", includeInactive: true) { nodes { number } } }",
    ] {
        assert_eq!(
            desk.data(query, json!({}))["findCustomers"]["nodes"],
            json!([{ "number": no }]),
            "{query}"
        );
    }
    assert_eq!(desk.data(card, json!({ "no": no }))["customer"]["active"], false);
    system.refuse("recordActivity", record("OPEN_ORDER", "O-1", "OPEN"), &["CUSTOMER_INACTIVE"]);
    desk.accept("reactivateCustomer", one);
    assert_eq!(numbers(&desk, "ansse", "3511"), [no.as_str()]);
    system.accept("recordActivity", record("OPEN_ORDER", "O-1", "OPEN"));
    desk.refuse("recordActivity", record("OPEN_ORDER", " ", "OPEN"), &["REQUIRED"]);
    house.actor("clerk", "READ,WRITE").refuse(
        "recordActivity",
        record("OPEN_ORDER", "O-2", "OPEN"),
        &["FORBIDDEN"],
    );
}

#[test]
fn scenario_14_the_invoice_goes_to_the_billing_customer() {
    // N1-15 … N1-25.
    let house = House::new();
    let desk = house.desk();
    let ten =
        customer(&desk, json!({ "surname": "Tien", "emails": [{ "value": "tien@x.nl" }] }), "3511AB", 10);
    let twenty = customer(
        &desk,
        json!({ "companyName": "Twintig B.V.",
        "emails": [{ "value": "info@twintig.nl", "preference": "FIRST" }] }),
        "3511AB",
        20,
    );
    desk.accept("setBillingCustomer", json!({ "customerNo": ten, "billingCustomerNo": twenty }));
    desk.accept(
        "setContact",
        json!({ "customerNo": twenty, "kind": "ADMINISTRATION", "email": "a@x.nl; b@x.nl" }),
    );
    desk.accept("setMailConsent", json!({ "customerNo": twenty, "email": "a@x.nl", "level": 1 }));
    let recipients = |no: &str, message: &str| {
        let query = "query($no: String!, $m: MessageType!) { recipients(customerNo: $no, messageType: $m) {
            address source consent willSend whyNot } }";
        desk.data(query, json!({ "no": no, "m": message }))["recipients"].clone()
    };
    assert_eq!(
        recipients(&ten, "INVOICE"),
        json!([
            { "address": "a@x.nl", "source": "BILLING", "consent": "NOTIFICATIONS", "willSend": true, "whyNot": null },
            { "address": "b@x.nl", "source": "BILLING", "consent": "NONE", "willSend": false, "whyNot": "NO_CONSENT" },
        ])
    );
    desk.accept("setContact", json!({ "customerNo": twenty, "kind": "ADMINISTRATION", "email": "" }));
    assert_eq!(
        recipients(&ten, "INVOICE"),
        json!([{ "address": "info@twintig.nl", "source": "BILLING", "consent": "NONE", "willSend": false,
            "whyNot": "NO_CONSENT" }])
    );
    assert_eq!(recipients(&ten, "ORDER")[0]["source"], "MAIN");
    let card = desk.data(
        "query($no: String!) { customer(no: $no) { billingCustomer { number } billingAddress { houseNo }
            consent(email: \"A@x.nl\") contacts { kind } mailConsents { email level }
            contactsByKind(kind: ADMINISTRATION) recipients(message: ORDER) { address } } }",
        json!({ "no": ten }),
    );
    assert_eq!(card["customer"]["billingCustomer"]["number"], json!(twenty));
    assert_eq!(card["customer"]["billingAddress"]["houseNo"], 20);
    assert_eq!(card["customer"]["recipients"][0]["address"], "tien@x.nl");
    assert_eq!(card["customer"]["consent"], "NONE", "consent is kept at the customer that it was given to");

    desk.refuse(
        "setBillingCustomer",
        json!({ "customerNo": twenty, "billingCustomerNo": ten }),
        &["BILLING_CHAIN"],
    );
    desk.refuse(
        "setBillingCustomer",
        json!({ "customerNo": ten, "billingCustomerNo": ten }),
        &["BILLING_SELF"],
    );
    desk.refuse(
        "setBillingCustomer",
        json!({ "customerNo": ten, "billingCustomerNo": "CU9" }),
        &["NOT_FOUND"],
    );
    desk.refuse(
        "setMailConsent",
        json!({ "customerNo": ten, "email": "a@x.nl", "level": 3 }),
        &["INVALID_CONSENT"],
    );
    let comma = json!({ "customerNo": ten, "kind": "PURCHASING", "email": "a@x.nl, b@x.nl" });
    let refused = desk.refuse("setContact", comma, &["INVALID_EMAIL"]);
    assert!(text(&refused["userErrors"][0]["hint"]).contains("semicolon"));
    desk.refuse("setContact", json!({ "customerNo": ten, "kind": "FAX", "email": "" }), &["UNKNOWN_CODE"]);
    let asked = desk.ask("{ recipients(customerNo: \"CU999\", messageType: ORDER) { address } }", json!({}));
    assert_eq!(asked["errors"][0]["extensions"]["code"], "NOT_FOUND");

    // The history of consent is the customer's own.
    desk.accept("setMailConsent", json!({ "customerNo": twenty, "email": "a@x.nl", "level": 2 }));
    let history = desk.data(
        "query($no: String!) { customer(no: $no) { history(first: 100) { nodes { changes { field before after } } } } }",
        json!({ "no": twenty }),
    );
    let change = json!({ "field": "mailConsent[a@x.nl]", "before": "NOTIFICATIONS", "after": "EVERYTHING" });
    assert!(history.to_string().contains(&change.to_string()), "{history}");
}

#[test]
fn n1_07_a_customer_changes_what_is_its_own() {
    let house = House::new();
    let desk = house.desk();
    let no = janssen(&desk);
    let changed = desk.accept(
        "changeCustomer",
        json!({ "customerNo": no, "remark": "calls on Fridays", "reference": "old-7" }),
    );
    assert_eq!(changed["events"], json!(["CustomerChanged"]));
    desk.accept("changeCustomer", json!({ "customerNo": no, "remark": null }));
    let card =
        desk.data("query($no: String!) { customer(no: $no) { remark reference } }", json!({ "no": no }));
    assert_eq!(card["customer"], json!({ "remark": null, "reference": "OLD-7" }));
    let refused = desk.refuse(
        "changeCustomer",
        json!({ "customerNo": no, "surname": "Smit", "addressLookup": "3511AB12" }),
        &["OWNED_BY_HOUSEHOLD", "OWNED_BY_HOUSEHOLD"],
    );
    assert_eq!(refused["userErrors"][1]["field"], "addressLookup");
}

#[test]
fn e2_15_a_company_takes_no_personal_salutation_by_any_command() {
    let house = House::new();
    let desk = house.desk();
    for (command, company) in [
        ("createContact", json!({ "kind": "COMPANY", "companyName": "Fietsen B.V." })),
        ("createCustomer", json!({ "companyName": "Fietsen B.V." })),
        ("createRegistration", json!({ "type": "CLIENT_COMPANY", "companyName": "Fietsen B.V." })),
    ] {
        let with = |field: &str, value: &str| {
            let mut input = company.clone();
            input[field] = json!(value);
            input
        };
        desk.refuse(command, with("salutation", "DHR"), &["SALUTATION_NOT_ALLOWED"]);
        let refused = desk.refuse(command, with("surname", "Fietsen"), &["COMPANY_HAS_NO_INITIALS"]);
        assert_eq!(refused["userErrors"][0]["field"], "surname", "{command}");
        desk.accept(command, with("salutation", "BLANCO"));
    }
}

#[test]
fn what_is_found_survives_a_rebuild() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut house = House::on(dir.path());
    let desk = house.desk();
    let no = janssen(&desk);
    let (household, ..) = two_contractants(&desk);
    let rent = activate(&desk, &household, "2026-01-01");
    let gone = customer(&desk, json!({ "surname": "Weg" }), "3511AB", 99);
    desk.accept("deactivateCustomer", json!({ "customerNo": gone }));
    house.stop();
    drop(house);
    let rebuilt = std::process::Command::new(env!("CARGO_BIN_EXE_kroniek"))
        .args(["rebuild", "--data"])
        .arg(dir.path())
        .output()
        .expect("runs");
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    let house = House::on(dir.path());
    let desk = house.desk();
    assert_eq!(numbers(&desk, "ansse", "3511"), [no]);
    assert_eq!(numbers(&desk, "akker", ""), [rent.as_str()]);
    assert_eq!(numbers(&desk, "vries", ""), [rent]);
    assert_eq!(numbers(&desk, "weg", ""), [] as [&str; 0]);
    let again = json!({ "initials": "M.", "surname": "Jansen", "address": { "street": "Oudegracht",
        "houseNo": 12, "postcode": "3511AB", "city": "Utrecht" } });
    desk.refuse("createCustomer", again, &["CONFIRMATION_REQUIRED"]);
}
