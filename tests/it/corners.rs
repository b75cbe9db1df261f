//! Where capabilities meet, over HTTP: numbers of two kinds, what a rename reaches, a form that a search fills in, and
//! what a site decides for itself.

use crate::support::{ALL, Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};

/// Registers; answers (customer number, contact number).
fn register(desk: &Desk, input: Value) -> (String, String) {
    let made = desk.accept("createRegistration", input);
    (text(&made["customer"]["number"]).to_owned(), text(&made["contact"]["number"]).to_owned())
}

fn company(desk: &Desk, name: &str) -> (String, String) {
    register(desk, json!({ "type": "CLIENT_COMPANY", "companyName": name }))
}

fn person(desk: &Desk, surname: &str) -> (String, String) {
    register(desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": surname }))
}

fn version(desk: &Desk, query: &str) -> Value {
    desk.data(query, json!({}))["it"]["version"].take()
}

/// §1.1: a number that does not say whose it is may be a contact's or a customer's.
#[test]
fn section_1_1_either_number_names_the_same() {
    let house = House::new();
    let desk = house.desk();
    let (firm_no, firm) = company(&desk, "Bakkerij B.V.");
    let (jansen_no, jansen) = person(&desk, "Jansen");
    let bank = json!({ "type": "RELATION_COMPANY", "companyName": "Bank N.V." });
    let (bank_no, bank) = register(&desk, bank);

    // A customer's number where a contact is meant.
    for parent in [&firm, &firm_no, &firm_no.to_lowercase()] {
        let hanging =
            json!({ "type": "CONTACT_PERSON", "parentNo": parent, "initials": "x", "surname": "x" });
        let made = desk.mutate(
            "createRegistration",
            json!({ "confirm": ["POSSIBLE_DUPLICATE"], "type": hanging["type"],
            "parentNo": parent, "initials": "x", "surname": "x" }),
        );
        assert_eq!(made["userErrors"], json!([]), "{parent}");
        let follower = &made["contact"]["number"];
        desk.accept("coupleToLeader", json!({ "followerNo": follower, "leaderNo": jansen_no }));
    }
    let branch = json!({ "type": "LOCATION", "companyName": "Filiaal", "parentNo": firm_no });
    let done = desk.accept("createRegistration", branch);
    let locations = "query($no: String!) { locations(companyNo: $no) { nodes { number } } }";
    for no in [&firm, &firm_no] {
        let found = desk.data(locations, json!({ "no": no }))["locations"]["nodes"].take();
        assert_eq!(found, json!([{ "number": done["contact"]["number"] }]), "{no}");
    }
    // A contact's number where a customer is meant; the payload has found it too.
    let tied = desk.accept("linkRelation", json!({ "clientNo": firm, "relationNo": bank, "kind": "BANK" }));
    assert_eq!(tied["customer"]["number"], json!(firm_no));
    let again = json!({ "clientNo": firm_no, "relationNo": bank_no, "kind": "BANK" });
    desk.refuse("linkRelation", again, &["LINK_EXISTS"]);
    desk.accept("linkCompanyPerson", json!({ "companyNo": firm, "personNo": jansen }));
    let card = "query($no: String!) { clientCard(no: $no) { customer { number } } }";
    for no in [&firm, &firm_no] {
        let shown = desk.data(card, json!({ "no": no }))["clientCard"]["customer"]["number"].take();
        assert_eq!(shown, json!(firm_no), "{no}");
    }
    // A number of nobody, and a contact that is no customer.
    desk.refuse(
        "linkRelation",
        json!({ "clientNo": "CU999999", "relationNo": bank, "kind": "BANK" }),
        &["NOT_FOUND"],
    );
    let no_customer = json!({ "clientNo": done["contact"]["number"], "relationNo": bank, "kind": "INSURER" });
    desk.refuse("linkRelation", no_customer, &["NOT_FOUND"]);
    // No number names two.
    desk.refuse("changeClientNumber", json!({ "customerNo": firm_no, "number": jansen }), &["NUMBER_TAKEN"]);
    let numbered = json!({ "kind": "PERSON", "surname": "Bos", "number": jansen_no });
    desk.refuse("createContact", numbered, &["NUMBER_TAKEN"]);
    // The customer owns no channels, by whatever field its number comes.
    let mails = json!({ "contactNo": firm_no, "emails": [{ "value": "a@x.nl" }] });
    desk.refuse("changeChannels", mails, &["OWNED_BY_HOUSEHOLD"]);
}

/// E1-28: who is called otherwise has changed for whoever shows it.
#[test]
fn e1_28_a_renamed_household_brings_its_customer() {
    let house = House::new();
    let desk = house.desk();
    let (household, bakker, vries) = two_contractants(&desk);
    let number = activate(&desk, &household, "2026-01-01");
    let done = desk.accept("changePersonName", json!({ "personId": bakker, "surname": "Bakkers" }));
    assert_eq!(done["householdNameAfter"], "A. Bakkers");
    let customers: Vec<_> =
        done["customers"].as_array().expect("a list").iter().map(|c| &c["number"]).collect();
    assert_eq!(customers, [&json!(number)]);
    // Who is not shown first renames nobody.
    let done = desk.accept("changePersonName", json!({ "personId": vries, "surname": "Mulder" }));
    assert_eq!((&done["customers"], &done["householdNameAfter"]), (&json!([]), &Value::Null));
}

/// N1-05, N1-06: what was searched for is filled in where the form leaves it out.
#[test]
fn n1_05_n1_06_a_search_fills_in_the_form() {
    let house = House::new();
    let desk = house.desk();
    let token = |surname: &str, postcode: &str| {
        let query = "query($s: String, $p: String) { findCustomers(surnamePart: $s, postcodePart: $p) { searchToken } }";
        desk.data(query, json!({ "s": surname, "p": postcode }))["findCustomers"]["searchToken"].take()
    };
    let made =
        desk.accept("createCustomer", json!({ "fromSearch": token("Janssen", "3511"), "initials": "M." }));
    assert_eq!(made["contact"]["name"], "M. Janssen");
    let typed = json!({ "fromSearch": token("Bos", "2611CD"), "surname": "Boschma",
        "address": { "street": "Dorpsweg", "houseNo": 3, "city": "Delft" } });
    let made = desk.accept("createCustomer", typed);
    let contact = "query($no: String!) { contact(no: $no) { name correspondenceAddress { display } } }";
    let shown = desk.data(contact, json!({ "no": made["contact"]["number"] }))["contact"].take();
    assert_eq!(shown["name"], "Boschma");
    assert_eq!(shown["correspondenceAddress"]["display"], "Dorpsweg 3, 2611 CD Delft");
    desk.refuse("createCustomer", json!({ "fromSearch": token("", "3511") }), &["REQUIRED"]);
    desk.refuse("createCustomer", json!({ "fromSearch": "gone" }), &["INVALID_SEARCH_TOKEN", "REQUIRED"]);
}

/// A1-09, E1-03: a follower is a contact person, so it gets no customer of its own.
#[test]
fn a1_09_e1_03_a_follower_does_not_become_a_customer() {
    let house = House::new();
    let desk = house.desk();
    let (_, firm) = company(&desk, "Bakkerij B.V.");
    let (_, leader) = person(&desk, "Jansen");
    let made = desk.accept("createCoupledContact", json!({ "leaderNo": leader, "parentNo": firm }));
    let lease = json!({ "householdId": made["contact"]["id"], "leaseRef": "L-1", "startDate": "2026-01-01" });
    desk.refuse("activateCustomer", lease.clone(), &["FOLLOWER_NOT_A_CONTACT_PERSON"]);
    desk.accept("endLeaderLink", json!({ "followerNo": made["contact"]["number"] }));
    desk.accept("activateCustomer", lease);
}

/// I5: a mode does not come to ask of payment lines what they do not have, wherever the lines are kept.
#[test]
fn i5_a_mode_in_use_does_not_come_to_ask_more() {
    let house = House::new();
    let desk = house.desk();
    let (household, ..) = two_contractants(&desk);
    let number = activate(&desk, &household, "2026-01-01");
    let mode = |debit: bool| {
        json!({ "list": "TRANSACTION_MODE", "code": "TRANSFER", "name": "Overboeking", "properties": {
            "requiresBankAccount": debit, "isDirectDebit": debit, "allowedInvoiceTypes": ["INVOICE"] } })
    };
    let line = json!({ "customerNo": number, "effectiveDate": "2026-01-01", "transactionMode": "TRANSFER",
        "invoiceType": "INVOICE" });
    desk.accept("addPaymentLine", line);
    let refused = desk.refuse("changeCode", mode(true), &["TRANSACTION_MODE_IN_USE"]);
    let blocking = &refused["userErrors"][0]["blocking"];
    assert_eq!(blocking[0]["kind"], "PAYMENT_LINE");
    assert_eq!(blocking[0]["label"], format!("line 1 from 2026-01-01 of {number}"));
    assert_eq!(blocking.as_array().map(Vec::len), Some(1));
    desk.accept("changeCode", mode(false));
    desk.accept("withdrawPaymentLine", json!({ "customerNo": number, "lineId": 1, "reason": "fout" }));
    desk.accept("changeCode", mode(true));
}

/// A2-40: a package says whom it is not for.
#[test]
fn a2_40_packages_that_are_not_for_everybody() {
    let house = House::new();
    let desk = house.desk();
    let (jansen, _) = person(&desk, "Jansen");
    let couple = |system: &str| json!({ "customerNo": jansen, "system": system, "on": true });
    let refused = desk.refuse("setCoupling", couple("PAYROLL"), &["COUPLING_NOT_ALLOWED"]);
    assert_eq!(refused["userErrors"][0]["field"], "system");
    desk.accept("setCoupling", couple("BILLING"));
    let package = |properties: Value| json!({ "list": "coupling", "code": "PAYROLL", "name": "Salaris", "properties": properties });
    desk.refuse("changeCode", package(json!({ "notFor": ["EVERYBODY"] })), &["UNKNOWN_CODE"]);
    let other = package(json!({ "allowedInvoiceTypes": ["INVOICE"] }));
    desk.refuse("changeCode", other, &["FIELD_NOT_ALLOWED"]);
    let role =
        json!({ "list": "ROLE", "code": "CHILD", "name": "Kind", "properties": { "notFor": ["SUSPECT"] } });
    desk.refuse("changeCode", role, &["FIELD_NOT_ALLOWED"]);
    desk.accept("changeCode", package(json!({ "notFor": ["SUSPECT"] })));
    let row = "{ codeList(list: \"COUPLING\") { row(code: \"PAYROLL\") { properties { notFor allowedInvoiceTypes } } } }";
    let properties = desk.data(row, json!({}))["codeList"]["row"]["properties"].take();
    assert_eq!(properties, json!({ "notFor": ["SUSPECT"], "allowedInvoiceTypes": [] }));
    desk.accept("setCoupling", couple("PAYROLL"));
}

/// A2-57, D-27: an administrator may let an office do with two eyes, and the log says who did.
#[test]
fn a2_57_d_27_four_eyes_is_a_setting_of_the_site() {
    let house = House::new();
    let desk = house.desk();
    let client = json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen", "status": "PROSPECT",
        "address": { "street": "Domplein", "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" },
        "phones": [{ "value": "030-1234567" }] });
    let (no, _) = register(&desk, client);
    desk.accept("changeCard", json!({ "customerNo": no, "wwft": { "documentNumber": "NP1" } }));
    desk.accept("startAcceptance", json!({ "customerNo": no }));
    desk.accept("submitForApproval", json!({ "customerNo": no }));
    desk.refuse("approveClient", json!({ "customerNo": no }), &["FOUR_EYES"]);
    let off = json!({ "list": "SITE_SETTING", "code": "FOUR_EYES", "name": "Vier ogen", "endDate": "2020-01-01",
        "reason": "wij zijn met ons tweeën" });
    let everything_else = ALL.replace(",ADMINISTRATOR", "").replace("    ADMINISTRATOR", "");
    house.actor("clerk", &everything_else).refuse("changeCode", off.clone(), &["FORBIDDEN"]);
    house.actor("root", "READ,ADMINISTRATOR").accept("changeCode", off);
    desk.accept("approveClient", json!({ "customerNo": no }));
    let history = "{ codeList(list: \"SITE_SETTING\") { history { nodes { actor reason changes { field before after } } } } }";
    let entry = desk.data(history, json!({}))["codeList"]["history"]["nodes"][0].take();
    assert_eq!((&entry["actor"], &entry["reason"]), (&json!("root"), &json!("wij zijn met ons tweeën")));
    assert!(
        entry["changes"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|change| { change["field"] == "rows[FOUR_EYES].end" && change["after"] == "2020-01-01" }),
        "{entry:#}"
    );
}

/// A2-26: until when identification is kept, for who may see it.
#[test]
fn a2_26_identification_is_kept_for_five_years() {
    let house = House::new();
    let desk = house.desk();
    let (no, _) = person(&desk, "Jansen");
    let card = "query($no: String!) { clientCard(no: $no) { tabs { blocks { name retainUntil } } } }";
    let kept = |desk: &Desk| -> Vec<Value> {
        let card = desk.data(card, json!({ "no": no }))["clientCard"].take();
        let tabs = card["tabs"].as_array().expect("a list").iter();
        let blocks = tabs.flat_map(|tab| tab["blocks"].as_array().expect("a list"));
        blocks.filter(|block| block["name"] == "WWFT").map(|block| block["retainUntil"].clone()).collect()
    };
    assert_eq!(kept(&desk), [Value::Null], "while it is a client");
    desk.accept("setClientStatus", json!({ "customerNo": no, "to": "EX_CLIENT" }));
    // The server's own today, as the card shows it.
    desk.accept("confirmUpToDate", json!({ "customerNo": no }));
    let query = "query($no: String!) { clientCard(no: $no) { tabs { blocks { fields { name values } } } } }";
    let card = desk.data(query, json!({ "no": no })).to_string();
    let (_, rest) = card.split_once("\"confirmedOn\",\"values\":[\"").expect("it was confirmed");
    let (year, day) = rest[..10].split_once('-').expect("a date");
    let year = year.parse::<i32>().expect("a year") + 5;
    let expected = format!("{year}-{}", if day == "02-29" { "03-01" } else { day });
    assert_eq!(kept(&desk), [json!(expected)]);
    assert_eq!(kept(&house.actor("clerk", "READ,SEE_EX_CLIENT")), [Value::Null]);
}

/// §1.2: role lines named by the customer are checked at the version of the contact that keeps them, or at the customer's
/// while that is the later.
#[test]
fn section_1_2_the_version_of_role_lines_named_by_the_customer() {
    let house = House::new();
    let desk = house.desk();
    let (household, ..) = two_contractants(&desk);
    let number = activate(&desk, &household, "2026-01-01");
    let account = json!({ "customerNo": number, "code": "RABO", "iban": "NL44RABO0123456789", "syncHolderAddress": false });
    desk.accept("addBankAccount", account);
    let seen = version(&desk, &format!("{{ it: customer(no: \"{number}\") {{ version }} }}"));
    let child = |surname: &str, expected: &Value| json!({ "customerNo": number, "roleCode": "CHILD", "newPerson": { "surname": surname }, "expectedVersion": expected });
    desk.accept("addRole", child("Bakker", &seen));
    let refused = desk.refuse("addRole", child("Bos", &seen), &["VERSION_CONFLICT"]);
    assert_eq!(refused["userErrors"][0]["field"], "expectedVersion");
    let now = version(&desk, &format!("{{ it: contact(id: \"{household}\") {{ version }} }}"));
    desk.accept("addRole", child("Bos", &now));
}

/// A2-52: who may not see a suspect cannot tell from those it has to do with that it is there, and cannot undo it unseen.
#[test]
fn a2_52_what_happened_with_somebody_hidden_did_not_happen() {
    let house = House::new();
    let desk = house.desk();
    let hidden = |name: &str| json!({ "type": "CLIENT_COMPANY", "companyName": name, "status": "SUSPECT", "confirm": ["POSSIBLE_DUPLICATE"] });
    let (parent_no, _) = register(&desk, hidden("Geheim Holding B.V."));
    let suspect =
        json!({ "type": "CLIENT_PERSON", "initials": "G.", "surname": "Verborgen", "status": "SUSPECT" });
    let (suspect_no, _) = register(&desk, suspect);
    let (firm_no, firm) = company(&desk, "Bakkerij B.V.");
    desk.accept(
        "linkCompanyPerson",
        json!({ "companyNo": firm_no, "personNo": suspect_no, "roleCode": "DIRECTOR" }),
    );
    desk.accept("setParentCompany", json!({ "customerNo": firm_no, "parentNo": parent_no }));
    let id =
        desk.data("query($no: String!) { contact(no: $no) { id } }", json!({ "no": firm }))["contact"]["id"]
            .take();
    desk.accept("changeContactName", json!({ "contactId": id, "companyName": "Bakkerij Bos B.V." }));

    let history = "query($no: String!) { contact(no: $no) { history { nodes { command } } }
        mutationLog(no: $no) { nodes { command } } }";
    let commands = |desk: &Desk| {
        let found = desk.data(history, json!({ "no": firm }));
        let of = |nodes: &Value| -> Vec<String> {
            let nodes = nodes["nodes"].as_array().expect("a list");
            nodes.iter().map(|node| text(&node["command"]).to_owned()).collect()
        };
        [of(&found["contact"]["history"]), of(&found["mutationLog"])]
    };
    let [all_of_contact, all] = commands(&desk);
    assert!(all_of_contact.contains(&"LinkCompanyPerson".to_owned()) && all.len() == 4, "{all:?}");
    let limited = house.actor("counter", "READ,WRITE,SEE_CLIENT,CHANGE_CLIENT");
    for seen in commands(&limited) {
        assert_eq!(seen, ["CreateRegistration", "ChangeContactName"]);
    }
    // The line is not there, and there is no parent to take away.
    let line = json!({ "contactNo": firm, "line": 1 });
    limited.refuse("removeRole", line, &["NOT_FOUND"]);
    let cleared = limited.accept("setParentCompany", json!({ "customerNo": firm_no, "parentNo": null }));
    assert_eq!(cleared["changed"], json!(false));
    let cleared = desk.accept("setParentCompany", json!({ "customerNo": firm_no, "parentNo": null }));
    assert_eq!(cleared["changed"], json!(true));
}

/// A2-20: the payload finds the customer under the number that it has now.
#[test]
fn a2_20_a_customer_that_changes_its_number_is_found() {
    let house = House::new();
    let desk = house.desk();
    let (firm_no, _) = company(&desk, "Bakkerij B.V.");
    let changed = desk.accept("changeClientNumber", json!({ "customerNo": firm_no, "number": "b-1" }));
    assert_eq!(changed["customer"]["number"], json!("B-1"));
}

/// §8: a mistyped name of a list is told, and makes none.
#[test]
fn section_8_a_row_does_not_make_a_list() {
    let house = House::new();
    let desk = house.desk();
    let row = |list: &str| json!({ "list": list, "code": "CAT", "name": "Kat" });
    let refused = desk.refuse("changeCode", row("rolse"), &["NOT_FOUND"]);
    let error = &refused["userErrors"][0];
    assert_eq!((&error["field"], &error["options"]), (&json!("list"), &json!(["ROLE"])));
    assert!(text(&error["hint"]).contains("import code-list"), "{error}");
    desk.refuse("changeCode", row("INFIX"), &["LIST_IS_CLOSED"]);
    assert_eq!(desk.data("{ it: codeList(list: \"ROLSE\") { name } }", json!({}))["it"], Value::Null);
    // What an import made is changed like any other, however the name is typed.
    let rows = [kroniek_domain::code_list::ImportedRow {
        code: "DOG".to_owned(),
        name: "Hond".to_owned(),
        description: String::new(),
        begin: None,
        end: None,
        parent: None,
    }];
    let import = kroniek_domain::code_list::ImportCodeLists {
        sha256: [7; 32],
        lists: [("PETS".to_owned(), rows.to_vec())].into(),
    };
    let request = kroniek_engine::Request::new(kroniek_domain::Actor::with_all("import"), import);
    house.engine.execute_blocking(request).expect("imports");
    let query = "mutation($input: ChangeCodeInput!) { changeCode(input: $input) {
        userErrors { code } codeList { name rows { nodes { code } } } } }";
    let changed = desk.data(query, json!({ "input": row("pets") }))["changeCode"].take();
    let list = json!({ "name": "PETS", "rows": { "nodes": [{ "code": "CAT" }, { "code": "DOG" }] } });
    assert_eq!(changed, json!({ "userErrors": [], "codeList": list }));
}

/// §1.3: field and message name what was sent.
#[test]
fn section_1_3_a_refusal_names_what_was_sent() {
    let house = House::new();
    let desk = house.desk();
    let (firm_no, firm) = company(&desk, "Bakkerij B.V.");
    let hanging = json!({ "type": "CONTACT_PERSON", "parentNo": firm, "initials": "A.", "surname": "Bos" });
    let made = desk.accept("createRegistration", hanging);
    let follower = text(&made["contact"]["number"]);
    let couple = json!({ "followerNo": follower, "leaderNo": "CT999999" });
    let error = desk.refuse("coupleToLeader", couple, &["NOT_FOUND"])["userErrors"][0].take();
    assert_eq!(error["field"], "leaderNo");
    assert!(text(&error["message"]).starts_with("leaderNo "), "{error}");
    // A status that nobody is registered in is called as it was sent, with what to do instead.
    let starting =
        |status: &str| json!({ "type": "CLIENT_COMPANY", "companyName": "Slagerij B.V.", "status": status });
    let refused = desk.refuse("createRegistration", starting("ACC_DRAFT"), &["USE_ACCEPTANCE_ACTION"]);
    let error = &refused["userErrors"][0];
    assert_eq!((&error["field"], &error["options"]), (&json!("status"), &json!(["startAcceptance"])));
    assert!(text(&error["message"]).contains("register as PROSPECT"), "{error}");
    let refused = desk.refuse("createRegistration", starting("RELATION"), &["STATUS_NOT_FOR_TYPE"]);
    assert_eq!(refused["userErrors"][0]["field"], "status");
    let card = |block: Value| {
        let mut input = json!({ "customerNo": firm_no });
        input.as_object_mut().expect("an object").extend(block.as_object().expect("an object").clone());
        input
    };
    let error = desk.refuse("changeCard", card(json!({})), &["REQUIRED"])["userErrors"][0].take();
    assert_eq!(error["field"], Value::Null, "none of the blocks in particular");
    let year = card(json!({ "accountancy": { "financialYearEnd": "2026-12-31" } }));
    let error = desk.refuse("changeCard", year, &["INVALID_DATE"])["userErrors"][0].take();
    assert_eq!(error["field"], "accountancy.financialYearEnd");
    let message = text(&error["message"]);
    assert!(message.starts_with("accountancy.financialYearEnd ") && message.contains("MM-DD"), "{message}");
    let long = card(json!({ "contactData": { "website": format!("a.nl/{}", "x".repeat(200)) } }));
    let error = desk.refuse("changeCard", long, &["TOO_LONG"])["userErrors"][0].take();
    assert_eq!(error["field"], "contactData.website");
}

/// E1-18: two spellings of one web site are one.
#[test]
fn e1_18_a_web_site_stands_there_once() {
    let house = House::new();
    let desk = house.desk();
    let (_, firm) = company(&desk, "Bakkerij B.V.");
    let sites = |sites: &[&str]| {
        let sites: Vec<_> = sites.iter().map(|site| json!({ "value": site })).collect();
        json!({ "contactNo": firm, "websites": sites })
    };
    let twice = sites(&["https://a.nl", "https://A.nl/"]);
    let refused = desk.refuse("changeChannels", twice, &["DUPLICATE_CHANNEL"]);
    assert_eq!(refused["userErrors"][0]["field"], "websites[1].value");
    desk.accept("changeChannels", sites(&["https://a.nl", "https://a.nl/winkel"]));
}

/// A2-22, §1.2: the card does not write over a web site that was changed since it was read.
#[test]
fn a2_22_section_1_2_the_cards_web_site_is_guarded_by_its_version() {
    let house = House::new();
    let desk = house.desk();
    let (firm_no, firm) = company(&desk, "Bakkerij B.V.");
    desk.accept("changeCard", json!({ "customerNo": firm_no, "office": { "branch": "HEAD" } }));
    let of_customer = format!("{{ it: customer(no: \"{firm_no}\") {{ version }} }}");
    let of_contact = format!("{{ it: contact(no: \"{firm}\") {{ version }} }}");
    let seen = version(&desk, &of_customer);
    desk.accept("changeChannels", json!({ "contactNo": firm, "websites": [{ "value": "b.nl" }] }));
    let site = |expected: &Value| json!({ "customerNo": firm_no, "expectedVersion": expected, "contactData": { "website": "a.nl" } });
    let refused = desk.refuse("changeCard", site(&seen), &["VERSION_CONFLICT"]);
    assert_eq!(refused["userErrors"][0]["field"], "expectedVersion");
    desk.accept("changeCard", site(&version(&desk, &of_contact)));
}
