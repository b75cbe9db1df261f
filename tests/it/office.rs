//! Registrations, cards, statuses and acceptance (A2), as a member of staff of an accountancy office would do it over
//! HTTP; scenarios 15 and 16.

use crate::support::{Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};

/// The staff of an office; nobody has everything.
const SALES: &str = "READ,WRITE,REGISTER,CHANGE_SUSPECT,CHANGE_PROSPECT,CHANGE_ACCEPTANCE";
const APPROVER: &str = "READ,SEE_ACCEPTANCE,CLIENT_APPROVER";
const CENTRAL: &str = "READ,SEE_ACCEPTANCE,SEE_CLIENT,CENTRAL_ADMIN";
const CLERK: &str = "READ,WRITE,SEE_CLIENT";

fn customer(payload: &Value) -> String {
    text(&payload["customer"]["number"]).to_owned()
}

fn contact(payload: &Value) -> String {
    text(&payload["contact"]["number"]).to_owned()
}

/// The global id of a contact.
fn id(desk: &Desk, no: &str) -> Value {
    desk.data("query($no: String!) { contact(no: $no) { id } }", json!({ "no": no }))["contact"]["id"].take()
}

fn register(desk: &Desk, input: Value) -> (String, String) {
    let made = desk.accept("createRegistration", input);
    (customer(&made), contact(&made))
}

fn company(desk: &Desk, name: &str) -> (String, String) {
    register(desk, json!({ "type": "CLIENT_COMPANY", "companyName": name }))
}

#[test]
fn scenario_15_acceptance() {
    // A2-50, A2-52 … A2-59.
    let house = House::new();
    let sales = house.actor("sales", SALES);
    let made = sales.accept(
        "createRegistration",
        json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V.", "status": "PROSPECT",
            "address": { "street": "Domplein", "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" },
            "emails": [{ "value": "info@bakkerij.nl", "detail": "BUSINESS" }] }),
    );
    let no = customer(&made);
    let changes =
        "query($no: String!) { customer(no: $no) { clientStatus allowedStatusChanges acceptanceActions } }";
    let found = sales.data(changes, json!({ "no": no }))["customer"].take();
    assert_eq!(found["allowedStatusChanges"], json!(["SUSPECT"]));
    assert_eq!(found["acceptanceActions"], json!(["startAcceptance"]));

    // Who may not see prospects does not know that there is one.
    let clerk = house.actor("clerk", CLERK);
    assert_eq!(clerk.data(changes, json!({ "no": no }))["customer"], Value::Null);
    clerk.refuse("setClientStatus", json!({ "customerNo": no, "to": "CLIENT" }), &["NOT_FOUND"]);
    clerk.refuse("startAcceptance", json!({ "customerNo": no }), &["NOT_FOUND"]);

    sales.accept("startAcceptance", json!({ "customerNo": no, "note": "kennismaking" }));
    let refused = sales.refuse("submitForApproval", json!({ "customerNo": no }), &["ACCEPTANCE_INCOMPLETE"]);
    let missing = &refused["userErrors"][0]["blocking"];
    assert_eq!((missing[0]["id"].clone(), missing[1]["id"].clone()), (json!("KVK"), json!("LEGAL_FORM")));
    let company = contact(&made);
    sales.accept(
        "changeCompanyData",
        json!({ "contactId": id(&sales, &company), "kvk": "12345678", "legalForm": "BV" }),
    );
    sales.accept("submitForApproval", json!({ "customerNo": no, "note": "compleet" }));

    let refused = sales.refuse(
        "setClientStatus",
        json!({ "customerNo": no, "to": "CLIENT" }),
        &["USE_ACCEPTANCE_ACTION"],
    );
    assert_eq!(refused["userErrors"][0]["options"], json!(["approveClient", "rejectClient"]));
    sales.refuse("approveClient", json!({ "customerNo": no }), &["FORBIDDEN"]);
    let both = house.actor("sales", &format!("{SALES},CLIENT_APPROVER"));
    both.refuse("approveClient", json!({ "customerNo": no }), &["FOUR_EYES"]);

    let approver = house.actor("approver", APPROVER);
    approver.refuse("rejectClient", json!({ "customerNo": no }), &["REQUIRED"]);
    let queue = "query($stage: ClientStatus!) { acceptanceQueue(stage: $stage) { nodes { number } } }";
    let waiting =
        |desk: &Desk, stage: &str| desk.data(queue, json!({ "stage": stage }))["acceptanceQueue"].take();
    assert_eq!(waiting(&approver, "ACC_APPROVAL"), json!({ "nodes": [{ "number": no }] }));
    assert_eq!(waiting(&clerk, "ACC_APPROVAL"), json!({ "nodes": [] }));
    // Sent back once, with a reason, and submitted anew.
    approver.accept("rejectClient", json!({ "customerNo": no, "reason": "uittreksel ontbreekt" }));
    assert_eq!(waiting(&approver, "ACC_APPROVAL"), json!({ "nodes": [] }));
    sales.accept("submitForApproval", json!({ "customerNo": no, "note": "uittreksel erbij" }));
    approver.accept("approveClient", json!({ "customerNo": no, "note": "akkoord" }));

    let central = house.actor("central", CENTRAL);
    let refused = central.refuse(
        "completeAcceptance",
        json!({ "customerNo": no, "checks": ["BILLING", "DOSSIER"] }),
        &["CHECKS_OPEN"],
    );
    assert_eq!(refused["userErrors"][0]["blocking"][0]["id"], "COUPLINGS");
    let checks = json!(["BILLING", "DOSSIER", "COUPLINGS", "EMPLOYEES"]);
    central.accept(
        "completeAcceptance",
        json!({ "customerNo": no, "checks": checks, "externalSystems": ["Salarispakket"] }),
    );

    // A client now: the clerk sees it, sales no longer does.
    assert_eq!(clerk.data(changes, json!({ "no": no }))["customer"]["clientStatus"], "CLIENT");
    assert_eq!(sales.data(changes, json!({ "no": no }))["customer"], Value::Null);
    // A2-59: each step with who and when, from where to where, and what was said and done.
    let log = "query($no: String!) { acceptanceLog(no: $no) { nodes { event actor from to note checks externalSystems time position } } }";
    let mut steps = central.data(log, json!({ "no": no }))["acceptanceLog"]["nodes"].take();
    let history =
        "query($no: String!) { customer(no: $no) { history(first: 100) { nodes { position time actor } } } }";
    let commits = central.data(history, json!({ "no": no }))["customer"]["history"]["nodes"].take();
    let mut before = Value::Null;
    for step in steps.as_array_mut().expect("a list") {
        let commits = commits.as_array().expect("a list");
        let commit =
            commits.iter().find(|commit| commit["position"] == step["position"]).expect("its commit");
        assert_eq!((&step["time"], &step["actor"]), (&commit["time"], &commit["actor"]));
        assert!(before.is_null() || text(&before) < text(&step["time"]), "{step}");
        before = step["time"].take();
        step.as_object_mut().expect("an object").retain(|field, _| field != "time" && field != "position");
    }
    let done = json!(["BILLING", "COUPLINGS", "DOSSIER", "EMPLOYEES"]);
    let step = |event: &str,
                actor: &str,
                from: &str,
                to: &str,
                note: Value,
                (checks, systems): (Value, Value)| json!({ "event": event, "actor": actor, "from": from, "to": to, "note": note, "checks": checks, "externalSystems": systems });
    let nothing = || (json!([]), json!([]));
    assert_eq!(
        steps,
        json!([
            step("AcceptanceStarted", "sales", "PROSPECT", "ACC_DRAFT", json!("kennismaking"), nothing()),
            step("SubmittedForApproval", "sales", "ACC_DRAFT", "ACC_APPROVAL", json!("compleet"), nothing()),
            step(
                "ClientRejected",
                "approver",
                "ACC_APPROVAL",
                "ACC_DRAFT",
                json!("uittreksel ontbreekt"),
                nothing()
            ),
            step(
                "SubmittedForApproval",
                "sales",
                "ACC_DRAFT",
                "ACC_APPROVAL",
                json!("uittreksel erbij"),
                nothing()
            ),
            step("ClientApproved", "approver", "ACC_APPROVAL", "ACC_CENTRAL", json!("akkoord"), nothing()),
            step(
                "AcceptanceCompleted",
                "central",
                "ACC_CENTRAL",
                "CLIENT",
                json!(null),
                (done, json!(["Salarispakket"]))
            ),
        ])
    );
    assert_eq!(sales.data(log, json!({ "no": no }))["acceptanceLog"], Value::Null);
}

#[test]
fn scenario_16_types_and_parents_over_the_api() {
    // A2-01, A2-02 … A2-10, A2-16: all pairs of types that can be sent; the table itself is tested in the domain.
    let house = House::new();
    let desk = house.desk();
    let types = [
        "CLIENT_COMPANY",
        "CLIENT_PERSON",
        "RELATION_COMPANY",
        "RELATION_PERSON",
        "CONTACT_PERSON",
        "GENERAL_CORRESPONDENCE",
        "RELATION_AT_CLIENT",
        "EMPLOYEE_AT_CLIENT",
        "LOCATION",
    ];
    let (relation, _) = register(&desk, json!({ "type": "RELATION_COMPANY", "companyName": "Bank N.V." }));
    let input = |kind: &str, parent: Option<&str>| {
        let mut input = json!({ "type": kind });
        if kind.ends_with("PERSON") {
            input["initials"] = json!("A.");
            input["surname"] = json!("Bos");
        } else if kind != "RELATION_AT_CLIENT" && kind != "EMPLOYEE_AT_CLIENT" {
            input["companyName"] = json!("Naam");
        }
        if kind == "RELATION_AT_CLIENT" {
            input["relationNo"] = json!(relation);
            input["relationKind"] = json!("BANK");
        }
        if let Some(parent) = parent {
            input["parentNo"] = json!(parent);
        }
        input
    };
    let first = contact(&desk.accept("createRegistration", input("CLIENT_COMPANY", None)));
    let mut parents = vec![("CLIENT_COMPANY", first.clone())];
    for kind in ["CLIENT_PERSON", "RELATION_COMPANY", "RELATION_PERSON"] {
        parents.push((kind, contact(&desk.accept("createRegistration", input(kind, None)))));
    }
    for kind in ["CONTACT_PERSON", "GENERAL_CORRESPONDENCE", "LOCATION"] {
        parents.push((kind, contact(&desk.accept("createRegistration", input(kind, Some(&first))))));
    }
    let kind_of = "query($no: String!) { contact(no: $no) { registrationType } }";
    for (kind, no) in &parents {
        assert_eq!(desk.data(kind_of, json!({ "no": no }))["contact"]["registrationType"], **kind);
    }
    let mut accepted = Vec::new();
    for kind in types {
        for (parent, no) in &parents {
            let payload = desk.mutate("createRegistration", input(kind, Some(no)));
            match payload["userErrors"][0]["code"].as_str() {
                None => accepted.push((kind, *parent)),
                Some("TYPE_OBSOLETE") => assert_eq!(kind, "EMPLOYEE_AT_CLIENT"),
                Some("LINK_END_TYPE_NOT_ALLOWED") => assert_eq!(kind, "RELATION_AT_CLIENT"),
                Some(code) => assert_eq!(code, "PARENT_TYPE_NOT_ALLOWED", "{kind} on {parent}"),
            }
        }
    }
    assert_eq!(
        accepted,
        [
            ("CONTACT_PERSON", "CLIENT_COMPANY"),
            ("CONTACT_PERSON", "CLIENT_PERSON"),
            ("CONTACT_PERSON", "RELATION_COMPANY"),
            ("CONTACT_PERSON", "RELATION_PERSON"),
            ("GENERAL_CORRESPONDENCE", "CLIENT_COMPANY"),
            ("GENERAL_CORRESPONDENCE", "RELATION_COMPANY"),
            ("RELATION_AT_CLIENT", "CLIENT_COMPANY"),
            ("RELATION_AT_CLIENT", "CLIENT_PERSON"),
            ("LOCATION", "CLIENT_COMPANY"),
            ("LOCATION", "RELATION_COMPANY"),
        ]
    );
    let listed = "query($type: RegistrationType!) { contacts(registrationType: $type) { nodes { registrationType } } }";
    for kind in types {
        let answer = desk.data(listed, json!({ "type": kind }));
        let nodes = answer["contacts"]["nodes"].as_array().expect("a list");
        // Type 7 is a tie: its clients are listed. Type 8 is never made.
        let is = |node: &Value, kind: &str| node["registrationType"] == kind;
        match kind {
            "RELATION_AT_CLIENT" => {
                assert!(nodes.iter().all(|node| is(node, "CLIENT_COMPANY") || is(node, "CLIENT_PERSON")));
                assert_eq!(nodes.len(), 2);
            }
            "EMPLOYEE_AT_CLIENT" => assert_eq!(nodes.len(), 0),
            _ => assert!(!nodes.is_empty() && nodes.iter().all(|node| is(node, kind)), "{kind}: {nodes:?}"),
        }
    }
}

#[test]
fn a2_09_a2_12_a2_13_a2_15_locations_and_the_address_in_use() {
    let house = House::new();
    let desk = house.desk();
    let (_, firm) = company(&desk, "Bakkerij B.V.");
    let (_, other) = company(&desk, "Slagerij B.V.");
    let hanging = |kind: &str, input: Value| {
        let mut input = input;
        input["type"] = json!(kind);
        contact(&desk.accept("createRegistration", input))
    };
    let branch = hanging("LOCATION", json!({ "parentNo": firm, "companyName": "Filiaal Noord" }));
    let board = hanging("GENERAL_CORRESPONDENCE", json!({ "parentNo": firm, "companyName": "Directie" }));
    let clerk = hanging(
        "CONTACT_PERSON",
        json!({ "parentNo": firm, "initials": "A.", "surname": "Bos", "locationNo": branch }),
    );
    let lives = |no: &str, street: &str| {
        let address = json!({ "contactId": id(&desk, no), "street": street, "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" });
        desk.accept("changeCorrespondenceAddress", address)
    };
    lives(&firm, "Domplein");
    lives(&branch, "Singel");
    let query = "query($no: String!) { contact(no: $no) {
        effectiveAddress { street } parent { number } location { number }
        roles { location { number } effectiveAddress { street } } } }";
    let of = |no: &str| desk.data(query, json!({ "no": no }))["contact"].take();
    let found = of(&clerk);
    assert_eq!(found["effectiveAddress"]["street"], "Singel");
    assert_eq!(found["roles"][0]["effectiveAddress"]["street"], "Singel");
    assert_eq!(
        (found["parent"]["number"].clone(), found["location"]["number"].clone()),
        (json!(firm), json!(branch))
    );
    assert_eq!(of(&board)["effectiveAddress"]["street"], "Domplein");
    desk.accept("moveContact", json!({ "contactNo": board, "newParentNo": firm, "locationNo": branch }));
    assert_eq!(of(&board)["effectiveAddress"]["street"], "Singel");

    // A2-13: found by their view, and no part of the structure.
    let locations = "query($no: String!) { locations(companyNo: $no) { nodes { number name } } }";
    let listed = desk.data(locations, json!({ "no": firm }))["locations"]["nodes"].take();
    assert_eq!(listed, json!([{ "number": branch, "name": "Filiaal Noord" }]));

    desk.refuse(
        "moveContact",
        json!({ "contactNo": clerk, "newParentNo": other, "locationNo": branch }),
        &["LOCATION_NOT_OF_PARENT"],
    );
    desk.refuse("moveContact", json!({ "contactNo": branch, "newParentNo": other }), &["HAS_CHILDREN"]);
    desk.refuse(
        "moveContact",
        json!({ "contactNo": firm, "newParentNo": other }),
        &["PARENT_TYPE_NOT_ALLOWED"],
    );
    let moved = desk.accept("moveContact", json!({ "contactNo": clerk, "newParentNo": other }));
    assert_eq!(moved["events"], json!(["RoleRemoved", "LocationTied", "RoleAdded"]));
    assert_eq!(of(&clerk)["parent"]["number"], json!(other));
    desk.refuse(
        "createRegistration",
        json!({ "type": "LOCATION", "companyName": "Los filiaal" }),
        &["PARENT_REQUIRED"],
    );
    desk.refuse("createContact", json!({ "kind": "LOCATION", "companyName": "Los" }), &["KIND_NOT_ALLOWED"]);
    desk.refuse(
        "changeContactKind",
        json!({ "contactId": id(&desk, &firm), "kind": "HOUSEHOLD" }),
        &["TYPE_IS_FIXED"],
    );
}

#[test]
fn a2_07_a2_14_a2_32_a2_45_a2_46_ties_and_structure() {
    let house = House::new();
    let desk = house.desk();
    let (holding, _) = company(&desk, "Holding B.V.");
    let (work, _) = company(&desk, "Werk B.V.");
    let person = json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" });
    let (jansen, _) = register(&desk, person);
    let (bank, _) = register(&desk, json!({ "type": "RELATION_COMPANY", "companyName": "Bank N.V." }));

    desk.accept("linkRelation", json!({ "clientNo": work, "relationNo": bank, "kind": "BANK" }));
    desk.refuse(
        "linkRelation",
        json!({ "clientNo": work, "relationNo": bank, "kind": "BANK" }),
        &["LINK_EXISTS"],
    );
    let wrong = desk.refuse(
        "linkRelation",
        json!({ "clientNo": bank, "relationNo": work, "kind": "BANK" }),
        &["LINK_END_TYPE_NOT_ALLOWED", "LINK_END_TYPE_NOT_ALLOWED"],
    );
    assert_eq!(wrong["userErrors"][0]["field"], "clientNo");
    desk.accept(
        "linkCompanyPerson",
        json!({ "companyNo": work, "personNo": jansen, "directContact": { "email": "j@werk.nl" } }),
    );
    desk.accept("setParentCompany", json!({ "customerNo": work, "parentNo": holding }));
    desk.refuse("setParentCompany", json!({ "customerNo": holding, "parentNo": work }), &["STRUCTURE_CYCLE"]);

    let query = "query($no: String!) { customer(no: $no) {
        relations { kind relation { number } }
        linkedPersons { number } linkedCompanies { number }
        structure { parent { number } subsidiaries { number } above { number } } } }";
    let of = |no: &str| desk.data(query, json!({ "no": no }))["customer"].take();
    assert_eq!(of(&work)["relations"], json!([{ "kind": "BANK", "relation": { "number": bank } }]));
    assert_eq!(of(&work)["linkedPersons"], json!([{ "number": jansen }]));
    assert_eq!(of(&jansen)["linkedCompanies"], json!([{ "number": work }]));
    assert_eq!(of(&work)["structure"]["above"], json!([{ "number": holding }]));
    assert_eq!(of(&holding)["structure"]["subsidiaries"], json!([{ "number": work }]));

    // A2-45, A2-46: the card of the person shows the company, and how to reach it there.
    let card = "query($no: String!) { clientCard(no: $no) { tabs { name blocks { name fields { name values } } } } }";
    let tabs = desk.data(card, json!({ "no": jansen }))["clientCard"]["tabs"].take();
    assert_eq!((tabs[0]["name"].clone(), tabs[1]["name"].clone()), (json!("PERSON"), json!("COMPANY")));
    assert_eq!(tabs[1]["blocks"][0]["fields"][0]["values"], json!(["Werk B.V., j@werk.nl"]));

    desk.accept("unlinkCompanyPerson", json!({ "companyNo": work, "personNo": jansen }));
    desk.accept("unlinkRelation", json!({ "clientNo": work, "relationNo": bank, "kind": "BANK" }));
    desk.accept("setParentCompany", json!({ "customerNo": work }));
    let after = of(&work);
    assert_eq!((after["relations"].clone(), after["linkedPersons"].clone()), (json!([]), json!([])));
    assert_eq!(after["structure"]["parent"], Value::Null);
}

/// The values of a field of a card.
fn shown(desk: &Desk, no: &str, block: &str, field: &str) -> Value {
    let query = "query($no: String!) { clientCard(no: $no) { tabs { blocks { name fields { name values masked } } } } }";
    let card = desk.data(query, json!({ "no": no }))["clientCard"].take();
    let tabs = card["tabs"].as_array().expect("tabs").iter();
    let blocks = tabs.flat_map(|tab| tab["blocks"].as_array().expect("blocks"));
    let mut fields = blocks
        .filter(|found| found["name"] == block)
        .flat_map(|found| found["fields"].as_array().expect("fields"));
    fields.find(|found| found["name"] == field).unwrap_or_else(|| panic!("no {block}.{field}")).clone()
}

#[test]
fn a2_20_to_a2_47_the_card() {
    let house = House::new();
    let desk = house.desk();
    let (firm, firm_contact) = company(&desk, "Bakkerij B.V.");
    let (jansen, _) =
        register(&desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    let blocks = [
        // A2-21 … A2-23, A2-27 … A2-29, A2-33 … A2-38, A2-40.
        ("correspondence", json!({ "correspondenceGroups": ["TAX", "NEWSLETTER"], "mailings": true })),
        (
            "contactData",
            json!({ "website": "www.bakkerij.nl", "establishmentAddress": "Domplein 1, Utrecht" }),
        ),
        ("office", json!({ "branch": "HEAD", "organisation": "OFFICE" })),
        ("acquisition", json!({ "source": "beurs", "since": "2025-01-01" })),
        ("engagements", json!({ "engagements": ["VAT"] })),
        ("billing", json!({ "billingAddress": "Postbus 1, Utrecht" })),
        ("structure", json!({ "groupName": "Bakkersgroep" })),
        ("wta", json!({ "publicInterest": false, "statutoryAudit": true })),
        ("accountancy", json!({ "financialYearEnd": "12-31", "publication": true })),
        ("tax", json!({ "wageTaxNo": "111222333L01" })),
        ("automation", json!({ "software": ["Boekhouden", "Kassa"] })),
        ("personnel", json!({ "payrollNo": "P-1" })),
        ("files", json!({ "attachments": ["dms://1"] })),
        ("dossier", json!({ "dossierReference": "D-1" })),
    ];
    for (block, fields) in blocks {
        let done = desk.accept("changeCard", json!({ "customerNo": firm, block: fields }));
        // The web site is the contact's (§1.1); the card changes it there.
        let events = match block {
            "contactData" => json!(["ChannelAdded", "CardBlockChanged"]),
            _ => json!(["CardBlockChanged"]),
        };
        assert_eq!(done["events"], events, "{block}");
    }
    let values = |block: &str, field: &str| shown(&desk, &firm, block, field)["values"].take();
    assert_eq!(values("CORRESPONDENCE", "correspondenceGroups"), json!(["TAX", "NEWSLETTER"]));
    // A2-21, A1-18: by which mail, which the contact keeps; the command that the card names does change it.
    assert_eq!(values("CORRESPONDENCE", "mailPreference"), json!(["PRIVATE"]));
    let business = json!({ "contactId": id(&desk, &firm_contact), "preference": "BUSINESS" });
    assert_eq!(desk.accept("setMailPreference", business)["events"], json!(["MailPreferenceSet"]));
    assert_eq!(values("CORRESPONDENCE", "mailPreference"), json!(["BUSINESS"]));
    assert_eq!(values("CONTACT_DATA", "website"), json!(["https://www.bakkerij.nl"]));
    assert_eq!(values("GENERAL", "clientName"), json!(["Bakkerij B.V."]));
    // A2-34, A2-35: these have one owner, the contact; the card shows them.
    let numbers = json!({ "contactId": id(&desk, &firm_contact), "kvk": "12345678", "rsin": "111222333" });
    desk.accept("changeCompanyData", numbers);
    assert_eq!(values("ACCOUNTANCY", "kvk"), json!(["12345678"]));
    assert_eq!(values("TAX", "rsin"), json!(["111222333"]));

    desk.refuse("changeCard", json!({ "customerNo": firm }), &["REQUIRED"]);
    // A tab is filled in with several blocks in one commit, all or nothing.
    let tab = |branch: &str| json!({ "customerNo": firm, "office": { "branch": branch, "organisation": null }, "structure": { "groupName": "Korenaar" } });
    let refused = desk.refuse("changeCard", tab("NOWHERE"), &["UNKNOWN_CODE"]);
    assert_eq!(refused["userErrors"][0]["field"], "office.branch");
    let done = desk.accept("changeCard", tab("HEAD"));
    assert_eq!(done["events"], json!(["CardBlockChanged", "CardBlockChanged"]));
    assert_eq!(values("STRUCTURE", "groupName"), json!(["Korenaar"]));
    let bad = json!({ "customerNo": firm, "contactData": { "website": "bakkerij" } });
    let refused = desk.refuse("changeCard", bad, &["INVALID_URL"]);
    assert_eq!(refused["userErrors"][0]["field"], "contactData.website");
    let partner = json!({ "lifePartner": "A. Bos" });
    let refused =
        desk.refuse("changeCard", json!({ "customerNo": firm, "partner": partner }), &["BLOCK_NOT_ON_CARD"]);
    assert_eq!(refused["userErrors"][0]["field"], "partner");
    desk.accept("changeCard", json!({ "customerNo": jansen, "partner": partner }));

    // A2-31: by year; the log keeps what was recorded before, and when.
    desk.accept("recordKeyFigures", json!({ "customerNo": firm, "year": 2025, "turnover": 100 }));
    desk.accept("recordKeyFigures", json!({ "customerNo": firm, "year": 2025, "turnover": 110 }));
    desk.refuse(
        "recordKeyFigures",
        json!({ "customerNo": firm, "year": 25, "turnover": 1 }),
        &["INVALID_YEAR"],
    );
    let figures = "query($no: String!) { customer(no: $no) { keyFigures { year turnover } } }";
    let known = desk.data(figures, json!({ "no": firm }))["customer"]["keyFigures"].take();
    assert_eq!(known, json!([{ "year": 2025, "turnover": 110 }]));

    // A2-42: who changed what, from what, to what.
    let log = "query($no: String!) { mutationLog(no: $no, first: 100) { nodes { actor command changes { field before after masked } } } }";
    let entries = desk.data(log, json!({ "no": firm }))["mutationLog"]["nodes"].take();
    let entries = entries.as_array().expect("a list");
    let last = entries.iter().rfind(|entry| entry["command"] == "RecordKeyFigures").expect("is there");
    assert_eq!(
        last["changes"][0],
        json!({ "field": "card.keyFigures[2025].turnover", "before": "100", "after": "110", "masked": false })
    );

    // A2-26, A2-47: only with the right WWFT, on the card and in the log.
    let wwft =
        json!({ "documentKind": "PASSPORT", "documentNumber": "NP123", "documentValidUntil": "2031-01-01" });
    let clerk = house.actor("clerk", CLERK);
    let identified = json!({ "customerNo": jansen, "wwft": wwft });
    house.actor("writer", "READ,WRITE").refuse("changeCard", identified.clone(), &["FORBIDDEN"]);
    desk.accept("changeCard", identified);
    assert_eq!(shown(&desk, &jansen, "WWFT", "documentNumber")["values"], json!(["NP123"]));
    assert_eq!(
        shown(&clerk, &jansen, "WWFT", "documentNumber"),
        json!({ "name": "documentNumber", "values": [], "masked": true })
    );
    let seen = clerk.data(log, json!({ "no": jansen })).to_string();
    assert!(!seen.contains("NP123") && seen.contains("documentNumber"), "{seen}");
}

#[test]
fn a2_17_a2_20_a2_24_a2_30_a2_39_a2_40_a2_42_the_administration_of_a_card() {
    let house = House::new();
    let desk = house.desk();
    let (firm, firm_contact) = company(&desk, "Bakkerij B.V.");
    let (other, _) = company(&desk, "Slagerij B.V.");
    desk.refuse("changeClientNumber", json!({ "customerNo": firm, "number": other }), &["NUMBER_TAKEN"]);
    desk.accept("changeClientNumber", json!({ "customerNo": firm, "number": "K-100" }));
    desk.refuse("changeClientNumber", json!({ "customerNo": other, "number": "K-100" }), &["NUMBER_TAKEN"]);
    let query = "query($no: String!) { customer(no: $no) {
        number workStop { from reason } upToDate { by } couplings markedForDeletion debtors { organisation discipline number } } }";
    let of = |no: &str| desk.data(query, json!({ "no": no }))["customer"].take();
    assert_eq!(of(&firm), Value::Null, "a number is one customer's");

    let debtor =
        |no: &str| json!({ "customerNo": no, "organisation": "OFFICE", "on": true, "debtorNo": "D1" });
    desk.accept("setDebtorNumber", debtor("K-100"));
    desk.refuse("setDebtorNumber", debtor(&other), &["DEBTOR_NO_EXISTS"]);
    // A2-24: a discipline of the organisation beside it, each with a number of its own; it ends without the other.
    let tax = |on: bool, number: Option<&str>| json!({ "customerNo": "K-100", "organisation": "OFFICE", "discipline": "TAX", "on": on, "debtorNo": number });
    desk.refuse("setDebtorNumber", tax(true, Some("D1")), &["DEBTOR_NO_EXISTS"]);
    desk.accept("setDebtorNumber", tax(true, Some("D2")));
    let whole = json!({ "organisation": "OFFICE", "discipline": null, "number": "D1" });
    let one = json!({ "organisation": "OFFICE", "discipline": "TAX", "number": "D2" });
    assert_eq!(of("K-100")["debtors"], json!([whole, one]));
    desk.accept("setDebtorNumber", tax(false, None));
    assert_eq!(of("K-100")["debtors"], json!([whole]));
    desk.refuse("setWorkStop", json!({ "customerNo": "K-100", "on": true }), &["REQUIRED"]);
    let stop = json!({ "customerNo": "K-100", "on": true, "from": "2026-02-01", "reason": "betaalt niet" });
    desk.accept("setWorkStop", stop);
    desk.accept("confirmUpToDate", json!({ "customerNo": "K-100" }));
    desk.accept("setCoupling", json!({ "customerNo": "K-100", "system": "PORTAL", "on": true }));
    let administrator = house.actor("admin", "READ,ADMINISTRATOR");
    desk.accept(
        "createRegistration",
        json!({ "type": "CONTACT_PERSON", "parentNo": firm_contact, "initials": "A.", "surname": "Bos" }),
    );
    let mark = |no: &str| json!({ "customerNo": no, "reason": "dubbel" });
    house.actor("clerk", CLERK).refuse("markForDeletion", mark(&other), &["FORBIDDEN"]);
    let refused = administrator.refuse("markForDeletion", mark("K-100"), &["HAS_CHILDREN"]);
    assert_eq!(refused["userErrors"][0]["blocking"][0]["label"], "A. Bos");
    administrator.accept("markForDeletion", mark(&other));
    assert_eq!(of(&other)["markedForDeletion"], true);
    administrator.accept("unmarkForDeletion", json!({ "customerNo": other }));
    assert_eq!(of(&other)["markedForDeletion"], false);
    assert_eq!(
        of("K-100"),
        json!({ "number": "K-100", "workStop": { "from": "2026-02-01", "reason": "betaalt niet" },
            "upToDate": { "by": "desk" }, "couplings": ["PORTAL"], "markedForDeletion": false,
            "debtors": [whole] })
    );
}

#[test]
fn a1_04_a2_50_a2_53_a2_60_statuses_and_marks() {
    let house = House::new();
    let desk = house.desk();
    let (firm, firm_contact) = company(&desk, "Bakkerij B.V.");
    desk.accept(
        "createRegistration",
        json!({ "type": "CONTACT_PERSON", "parentNo": firm_contact, "initials": "A.", "surname": "Bos" }),
    );
    desk.accept("setPortalCoupling", json!({ "customerNo": firm, "line": 1, "on": true }));
    let gone = desk.accept("setClientStatus", json!({ "customerNo": firm, "to": "EX_CLIENT" }));
    assert_eq!(gone["events"], json!(["ClientStatusChanged", "PortalCouplingSet"]));
    let again = json!({ "customerNo": firm, "line": 1, "on": true });
    let refused = desk.refuse("setPortalCoupling", again, &["STATUS_NOT_APPLICABLE"]);
    assert_eq!(refused["userErrors"][0]["field"], "customerNo");
    let refused = desk.refuse(
        "setClientStatus",
        json!({ "customerNo": firm, "to": "CLIENT" }),
        &["TRANSITION_NOT_ALLOWED"],
    );
    assert_eq!(refused["userErrors"][0]["options"], json!(["PROSPECT"]));
    desk.refuse("setClientStatus", json!({ "customerNo": firm, "to": "RELATION" }), &["STATUS_NOT_FOR_TYPE"]);
    desk.refuse(
        "setClientStatus",
        json!({ "customerNo": firm, "to": "ACC_DRAFT" }),
        &["USE_ACCEPTANCE_ACTION"],
    );
    let query = "query($no: String!) { customer(no: $no) { status before: status(on: \"2020-01-01\") } }";
    let found = desk.data(query, json!({ "no": firm }))["customer"].take();
    assert_eq!(found, json!({ "status": "EX_CLIENT", "before": null }));

    let (cleaner, _) =
        register(&desk, json!({ "type": "RELATION_COMPANY", "companyName": "Schoonmaak B.V." }));
    desk.refuse(
        "markOwnServiceProvider",
        json!({ "customerNo": firm, "on": true }),
        &["STATUS_NOT_APPLICABLE"],
    );
    desk.accept("markOwnServiceProvider", json!({ "customerNo": cleaner, "on": true }));
    let providers = desk.data("{ serviceProviders { nodes { number ownServiceProvider } } }", json!({}));
    assert_eq!(
        providers["serviceProviders"]["nodes"],
        json!([{ "number": cleaner, "ownServiceProvider": true }])
    );
}

#[test]
fn a2_11_a2_20_a_new_registration_takes_over_the_number() {
    let house = House::new();
    let desk = house.desk();
    let (old, person) =
        register(&desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    let (new, _) = company(&desk, "Jansen B.V.");
    let kind = json!({ "contactId": id(&desk, &person), "kind": "COMPANY" });
    let refused = desk.refuse("changeContactKind", kind, &["TYPE_IS_FIXED"]);
    assert!(text(&refused["userErrors"][0]["message"]).contains("changeClientNumber"), "{refused}");
    // What the message says works, step by step.
    let number = |from: &str, to: &str| json!({ "customerNo": from, "number": to });
    desk.refuse("changeClientNumber", number(&new, &old), &["NUMBER_TAKEN"]);
    desk.accept("changeClientNumber", number(&old, "OUD-1"));
    desk.accept("changeClientNumber", number(&new, &old));
    let query = "query($no: String!) { customer(no: $no) { contact { name } } }";
    let named = |no: &str| desk.data(query, json!({ "no": no }))["customer"].take();
    assert_eq!(named(&old), json!({ "contact": { "name": "Jansen B.V." } }));
    assert_eq!(named("OUD-1"), json!({ "contact": { "name": "J. Jansen" } }));
    assert_eq!(named(&new), Value::Null, "given up, and nobody's");
    let found = "query($text: String!) { findCustomers(text: $text) { nodes { number } } }";
    let found = desk.data(found, json!({ "text": old }))["findCustomers"]["nodes"].take();
    assert_eq!(found, json!([{ "number": old }]));
    desk.refuse("changeClientNumber", number("OUD-1", &old), &["NUMBER_TAKEN"]);
    // What was sent while it was the other's, sent again, is answered about the other still: nothing of who has it now.
    let payload = "mutation($input: SetWorkStopInput!) { setWorkStop(input: $input) { changed customer { number } contact { name } \
                   customers { number } userErrors { code } } }";
    let stop = json!({ "input": { "customerNo": old, "on": true, "reason": "Herstart", "commandId": "7d9f4f0e-0000-4000-8000-000000000031" } });
    let first = desk.data(payload, stop.clone())["setWorkStop"].take();
    assert_eq!(
        (&first["customer"]["number"], &first["contact"]["name"]),
        (&json!(old), &json!("Jansen B.V."))
    );
    desk.accept("changeClientNumber", number(&old, "NIEUW-1"));
    desk.accept("changeClientNumber", number("OUD-1", &old));
    let again = desk.data(payload, stop)["setWorkStop"].take();
    assert_eq!((&again["userErrors"], &again["changed"]), (&json!([]), &json!(true)), "{again}");
    assert_eq!(again["customers"], json!([{ "number": "NIEUW-1" }]));
    assert_eq!((&again["customer"], &again["contact"]), (&Value::Null, &Value::Null));
    // The series gives neither out again.
    let (third, _) = company(&desk, "Derde B.V.");
    assert!(third != old && third != new, "{third}");
}

/// A2-50, A2-52, A2-53: what is offered is what `setClientStatus` accepts of whoever asks.
#[test]
fn a2_50_a2_53_only_what_is_accepted_is_offered() {
    let house = House::new();
    let desk = house.desk();
    let offered = |desk: &Desk, no: &str| {
        let query =
            "query($no: String!) { customer(no: $no) { allowedStatusChanges allowedStatusChangeLabels } }";
        desk.data(query, json!({ "no": no }))["customer"].take()
    };
    let none = json!({ "allowedStatusChanges": [], "allowedStatusChangeLabels": [] });
    // A household that rents has no client status.
    let (household, ..) = two_contractants(&desk);
    let tenant = activate(&desk, &household, "2024-03-01");
    assert_eq!(offered(&desk, &tenant), none);
    for (mutation, more) in [
        ("setClientStatus", json!({ "to": "EX_CLIENT" })),
        ("startAcceptance", json!({})),
        ("submitForApproval", json!({})),
        ("approveClient", json!({})),
        ("rejectClient", json!({ "reason": "x" })),
        ("completeAcceptance", json!({})),
    ] {
        let mut input = json!({ "customerNo": tenant });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        desk.refuse(mutation, input, &["STATUS_NOT_APPLICABLE"]);
    }
    // Who may see and not change is offered nothing; who may change one of two groups, nothing either.
    let (firm, _) = company(&desk, "Bakkerij B.V.");
    let ex_client =
        json!({ "allowedStatusChanges": ["EX_CLIENT"], "allowedStatusChangeLabels": ["Geen klant meer"] });
    assert_eq!(offered(&desk, &firm), ex_client);
    let leave = || json!({ "customerNo": firm, "to": "EX_CLIENT" });
    for rights in [
        "READ,WRITE,SEE_CLIENT,SEE_EX_CLIENT",
        "READ,WRITE,CHANGE_CLIENT",
        "READ,CHANGE_CLIENT,CHANGE_EX_CLIENT",
    ] {
        let clerk = house.actor("clerk", rights);
        assert_eq!(offered(&clerk, &firm), none, "{rights}");
        clerk.refuse("setClientStatus", leave(), &["FORBIDDEN"]);
    }
    let clerk = house.actor("clerk", "READ,WRITE,CHANGE_CLIENT,CHANGE_EX_CLIENT");
    assert_eq!(offered(&clerk, &firm), ex_client);
    clerk.accept("setClientStatus", leave());
}

/// A2-40: a package that is not for suspects is not coupled to one that becomes a suspect.
#[test]
fn a2_40_a_coupling_ends_with_the_status_that_it_is_for() {
    let house = House::new();
    let desk = house.desk();
    let prospect = json!({ "type": "CLIENT_COMPANY", "companyName": "Misschien B.V.", "status": "PROSPECT" });
    let (no, _) = register(&desk, prospect);
    for system in ["BILLING", "TAX"] {
        desk.accept("setCoupling", json!({ "customerNo": no, "system": system, "on": true }));
    }
    let done = desk.accept("setClientStatus", json!({ "customerNo": no, "to": "SUSPECT" }));
    assert_eq!(done["events"], json!(["ClientStatusChanged", "CouplingSet"]));
    desk.refuse(
        "setCoupling",
        json!({ "customerNo": no, "system": "BILLING", "on": true }),
        &["COUPLING_NOT_ALLOWED"],
    );
    let query = "query($no: String!) { customer(no: $no) { couplings } }";
    assert_eq!(desk.data(query, json!({ "no": no }))["customer"]["couplings"], json!(["TAX"]));
}
