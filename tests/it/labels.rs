//! What a person reads: the code lists of §8, a Dutch and an English label beside every code, web sites, and the lists of
//! registrations by type, over HTTP.

use crate::support::{Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The fields of a type, as (name, kind of what they hold, whether they are lists).
fn fields(of: &Value) -> Vec<(String, String, bool)> {
    let fields = of["fields"].as_array().expect("fields");
    let field = |field: &Value| {
        let (mut kind, mut list) = (&field["type"], false);
        while !kind["ofType"].is_null() {
            list |= kind["kind"] == "LIST";
            kind = &kind["ofType"];
        }
        (text(&field["name"]).to_owned(), text(&kind["kind"]).to_owned(), list)
    };
    fields.iter().map(field).collect()
}

#[test]
fn section_8_beside_every_code_stands_its_label() {
    let house = House::new();
    let kind = "kind ofType { kind ofType { kind ofType { kind ofType { kind } } } }";
    let query = format!("{{ __schema {{ types {{ kind name fields {{ name type {{ {kind} }} }} }} }} }}");
    let schema = house.desk().data(&query, json!({}));
    let types = schema["__schema"]["types"].as_array().expect("types").clone();
    let mut codes = 0;
    let objects = types.iter().filter(|of| of["kind"] == "OBJECT" && !text(&of["name"]).starts_with("__"));
    for of in objects {
        let known = fields(of);
        for (name, _, list) in known.iter().filter(|(_, kind, _)| kind == "ENUM") {
            let label = match (name.as_str(), list) {
                // Tabs and blocks of the card are called by a code.
                ("name", false) => "label".to_owned(),
                ("locked", true) => "lockedLabels".to_owned(),
                (name, false) => format!("{name}Label"),
                (name, true) => format!("{}Labels", name.trim_end_matches('s')),
            };
            let labelled =
                known.iter().any(|(field, kind, of)| *field == label && kind == "SCALAR" && of == list);
            assert!(labelled, "{}.{name} has no {label}", text(&of["name"]));
            codes += 1;
        }
    }
    assert!(codes > 50, "{codes}: the codes were looked for");
}

#[test]
fn section_8_a2_51_lists_that_the_rules_fix_are_read_and_not_changed() {
    let house = House::new();
    let desk = house.desk();
    let query = "query($list: String!) { codeList(list: $list) { closed rows(first: 100) {
        nodes { code name description parent nl: label en: label(lang: EN) } } } }";
    let list = |name: &str| desk.data(query, json!({ "list": name }))["codeList"].take();
    for (name, rows) in [
        ("CONTACT_KIND", 5),
        ("CONTACT_KIND_ANB5", 6),
        ("REGISTRATION_TYPE", 9),
        // The eight statuses and the mark of a relation.
        ("CLIENT_STATUS", 9),
        ("CONSENT", 3),
        ("TASK_STATUS", 5),
        ("INTERACTION_SUBJECT", 3),
        ("INTERACTION_DIRECTION", 2),
        ("CHANNEL", 5),
        ("MANDATE_TYPE", 2),
        ("END_REASON", 3),
    ] {
        let found = list(name);
        assert_eq!(found["closed"], true, "{name}");
        let nodes = found["rows"]["nodes"].as_array().expect("rows");
        assert_eq!(nodes.len(), rows, "{name}: {nodes:?}");
        assert!(nodes.iter().all(|row| row["nl"] == row["name"] && !text(&row["en"]).is_empty()));
        let input = json!({ "list": name, "code": "MINE", "name": "Van mij" });
        let refused = desk.refuse("changeCode", input, &["LIST_IS_CLOSED"]);
        assert_eq!(refused["userErrors"][0]["field"], "list");
        assert_eq!(list(name)["rows"]["nodes"].as_array().map(Vec::len), Some(rows));
    }
    for name in ["ROLE", "SALUTATION", "TRANSACTION_MODE", "INVOICE_TYPE", "LEGAL_FORM", "COUNTRY"] {
        assert_eq!(list(name)["closed"], false, "{name}");
    }
    let of = |name: &str, code: &str| {
        let rows = list(name)["rows"]["nodes"].take();
        rows.as_array().expect("rows").iter().find(|row| row["code"] == code).expect("a row").clone()
    };
    let everything = of("CONSENT", "EVERYTHING");
    assert_eq!((&everything["nl"], &everything["description"]), (&json!("Alles"), &json!("2")));
    let mark = of("CLIENT_STATUS", "OWN_SERVICE_PROVIDER");
    assert_eq!(
        (&mark["nl"], &mark["parent"]),
        (&json!("Dienstverlener eigen organisatie"), &json!("RELATION"))
    );
    // A row of the site's own: one name, in both languages.
    desk.accept("changeCode", json!({ "list": "ROLE", "code": "UNCLE", "name": "Oom" }));
    let uncle = of("ROLE", "UNCLE");
    assert_eq!((&uncle["nl"], &uncle["en"]), (&json!("Oom"), &json!("Oom")));
    assert_eq!(of("ROLE", "CO_OCCUPANT")["en"], "Co-occupant");
    // Renamed by the site: the English of the old name would say something else.
    desk.accept("changeCode", json!({ "list": "ROLE", "code": "CO_OCCUPANT", "name": "Huisgenoot" }));
    assert_eq!(of("ROLE", "CO_OCCUPANT")["en"], "Huisgenoot");
}

/// What a list calls a value is what the API calls it: a client can send it back, and find the row of what it was given.
#[test]
fn section_8_the_codes_of_a_closed_list_are_the_values_of_the_api() {
    let house = House::new();
    let desk = house.desk();
    let query = "query($list: String!, $of: String!) {
        codeList(list: $list) { rows(first: 100) { nodes { code } } } __type(name: $of) { enumValues { name } } }";
    for (list, of) in [
        ("CONTACT_KIND", "ContactKind"),
        ("CONTACT_KIND_ANB5", "MailContactKind"),
        ("REGISTRATION_TYPE", "RegistrationType"),
        ("CLIENT_STATUS", "ClientStatus"),
        ("CONSENT", "ConsentLevel"),
        ("TASK_STATUS", "TaskStatus"),
        ("INTERACTION_SUBJECT", "InteractionSubject"),
        ("INTERACTION_DIRECTION", "InteractionDirection"),
        ("CHANNEL", "ChannelKind"),
        ("CHANNEL_DETAIL", "ChannelDetail"),
        ("CHANNEL_PREFERENCE", "ChannelPreference"),
        ("CHANNEL_STATUS", "ChannelStatus"),
        ("MANDATE_TYPE", "MandateType"),
        ("MAIL_PREFERENCE", "MailPreference"),
        ("OPEN_ACTIVITY", "ActivityKind"),
        ("END_REASON", "RoleEndCause"),
    ] {
        let data = desk.data(query, json!({ "list": list, "of": of }));
        let names = |rows: &Value, name: &str| -> BTreeSet<String> {
            rows.as_array().expect("a list").iter().map(|row| text(&row[name]).to_owned()).collect()
        };
        let mut codes = names(&data["codeList"]["rows"]["nodes"], "code");
        // The mark of a relation is a field of its own, `ownServiceProvider`.
        assert_eq!(codes.remove("OWN_SERVICE_PROVIDER"), list == "CLIENT_STATUS");
        assert_eq!(codes, names(&data["__type"]["enumValues"], "name"), "{list}");
    }
}

#[test]
fn section_8_a_household_reads_in_dutch_and_in_english() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    desk.accept("setSalutation", json!({ "contactId": bakker, "code": "DHR" }));
    desk.accept("changePersonalData", json!({ "personId": bakker, "gender": "M" }));
    desk.accept("changeChannels", json!({ "contactId": home, "phones": [{ "value": "030 1112222" }] }));
    desk.accept(
        "changeCorrespondenceAddress",
        json!({ "contactId": home, "street": "Meir", "houseNo": 1, "city": "Antwerpen", "country": "BE" }),
    );
    desk.accept(
        "addBankAccount",
        json!({ "customerNo": no, "code": "RABO", "iban": "NL91ABNA0417164300", "syncHolderAddress": false }),
    );
    desk.accept(
        "addPaymentLine",
        json!({ "customerNo": no, "effectiveDate": "2026-01-01", "transactionMode": "DIRECT_DEBIT",
            "invoiceType": "DIRECT_DEBIT_INVOICE", "bankAccount": "RABO", "openItems": "NONE",
            "newMandate": { "code": "M-1", "signedOn": "2025-01-01", "type": "RECURRING" } }),
    );
    let query = "query($home: ID!, $bakker: ID!, $no: String!, $lang: Lang!) {
        home: contact(id: $home) {
            kindLabel(lang: $lang) relatedRoles { roleLabel(lang: $lang) }
            channels { kindLabel(lang: $lang) detailLabel(lang: $lang) statusLabel(lang: $lang) }
            correspondenceAddress { countryLabel(lang: $lang) sourceLabel(lang: $lang) }
        }
        bakker: contact(id: $bakker) {
            salutationLabel(lang: $lang) mailPreferenceLabel(lang: $lang)
            personalData { gender genderLabel(lang: $lang) }
        }
        customer(no: $no) {
            clientStatusLabel(lang: $lang) leaseStateLabel(lang: $lang)
            paymentLines {
                transactionModeLabel(lang: $lang) invoiceTypeLabel(lang: $lang) openItemsLabel(lang: $lang)
                mandate { typeLabel(lang: $lang) }
            }
        }
    }";
    let read =
        |lang: &str| desk.data(query, json!({ "home": home, "bakker": bakker, "no": no, "lang": lang }));
    let dutch = json!({
        "home": {
            "kindLabel": "Huishouden",
            "relatedRoles": [{ "roleLabel": "Contractant" }, { "roleLabel": "Contractant" }],
            "channels": [{ "kindLabel": "Telefoon", "detailLabel": "Privé", "statusLabel": "Ingevoerd" }],
            "correspondenceAddress": { "countryLabel": "België", "sourceLabel": "Handmatig" },
        },
        "bakker": {
            "salutationLabel": "De heer", "mailPreferenceLabel": "Privé",
            "personalData": { "gender": "M", "genderLabel": "Man" },
        },
        "customer": {
            "clientStatusLabel": "Klant", "leaseStateLabel": "Huurt",
            "paymentLines": [{
                "transactionModeLabel": "Automatische incasso", "invoiceTypeLabel": "Incassofactuur",
                "openItemsLabel": "Geen open posten aanpassen", "mandate": { "typeLabel": "Doorlopend" },
            }],
        },
    });
    assert_eq!(read("NL"), dutch);
    let english = read("EN");
    assert_eq!(english["home"]["kindLabel"], "Household");
    assert_eq!(english["home"]["correspondenceAddress"]["countryLabel"], "Belgium");
    assert_eq!(english["bakker"]["salutationLabel"], "Mr");
    assert_eq!(english["customer"]["paymentLines"][0]["transactionModeLabel"], "Direct debit");
    // Dutch when nothing is said.
    let query = "query($id: ID!) { contact(id: $id) { kindLabel } }";
    assert_eq!(desk.data(query, json!({ "id": home }))["contact"]["kindLabel"], "Huishouden");
}

#[test]
fn section_1_2_a_question_is_asked_in_dutch_and_in_english() {
    // E1-33, E1-50.
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    activate(&desk, &home, "2024-03-01");
    let query = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) { userErrors {
        code options nl: promptLabel en: promptLabel(lang: EN) optionLabels english: optionLabels(lang: EN)
        entityKind entityKindLabel } } }";
    let asked = desk.data(query, json!({ "input": { "personId": bakker, "dateOfDeath": "2025-11-03" } }));
    let asked = &asked["recordDeath"]["userErrors"][0];
    assert_eq!(asked["code"], "CONFIRMATION_REQUIRED");
    assert_eq!(asked["nl"], "De rollen van de overleden persoon handhaven?");
    assert_eq!(asked["en"], "Keep the roles of the deceased?");
    assert_eq!(asked["options"], json!(["keepRoles: true", "keepRoles: false"]));
    assert_eq!((&asked["optionLabels"], &asked["english"]), (&json!(["Ja", "Nee"]), &json!(["Yes", "No"])));
    // What stands in the way is called by its kind, in words.
    let open = "mutation($input: DeactivateCustomerInput!) { deactivateCustomer(input: $input) { userErrors {
        code blocking { kind nl: kindLabel en: kindLabel(lang: EN) } } } }";
    let shop = text(&desk.accept("createCustomer", json!({ "surname": "Janssen" }))["customer"]["number"])
        .to_owned();
    desk.accept(
        "recordActivity",
        json!({ "customerNo": shop, "kind": "OPEN_REPAIR", "id": "R-1", "state": "OPEN" }),
    );
    let refused = desk.data(open, json!({ "input": { "customerNo": shop } }));
    let refused = &refused["deactivateCustomer"]["userErrors"][0];
    assert_eq!(refused["code"], "CUSTOMER_HAS_ACTIVITY");
    let repair = json!([{ "kind": "OPEN_REPAIR", "nl": "Openstaande reparatie", "en": "Open repair" }]);
    assert_eq!(refused["blocking"], repair);
    // What is no question has no words for one.
    let other = desk.data(query, json!({ "input": { "personId": home, "dateOfDeath": "2025-11-03" } }));
    let other = &other["recordDeath"]["userErrors"][0];
    assert_ne!(other["code"], "CONFIRMATION_REQUIRED");
    assert_eq!((&other["nl"], &other["optionLabels"]), (&Value::Null, &other["options"]));
}

fn registered(desk: &Desk, input: Value) -> Value {
    desk.accept("createRegistration", input)
}

fn company(desk: &Desk, kind: &str, name: &str) -> Value {
    registered(desk, json!({ "type": kind, "companyName": name }))
}

#[test]
fn section_8_the_client_card_reads_in_dutch_and_in_english() {
    // A2-20 … A2-47.
    let house = House::new();
    let desk = house.desk();
    let firm = company(&desk, "CLIENT_COMPANY", "Bakkerij B.V.");
    let person = registered(&desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    let no = text(&firm["customer"]["number"]).to_owned();
    desk.accept("changeCompanyData", json!({ "contactId": firm["contact"]["id"], "legalForm": "BV" }));
    desk.accept(
        "changeCard",
        json!({ "customerNo": no, "correspondence": { "correspondenceGroups": ["TAX", "NEWSLETTER"], "mailings": true } }),
    );
    desk.accept("recordKeyFigures", json!({ "customerNo": no, "year": 2025, "turnover": 100, "result": -5 }));
    desk.accept("setCoupling", json!({ "customerNo": no, "system": "BILLING", "on": true }));
    let query = "query($no: String!, $lang: Lang!) { clientCard(no: $no) { tabs {
        name label(lang: $lang) blocks { name label(lang: $lang) fields {
            name label(lang: $lang) values valueLabels(lang: $lang) } } } } }";
    let card = |no: &str, lang: &str| {
        let card = desk.data(query, json!({ "no": no, "lang": lang }))["clientCard"]["tabs"].take();
        card.as_array().expect("tabs").clone()
    };
    let tabs: Vec<_> = card(&no, "NL").iter().map(|tab| tab["label"].clone()).collect();
    assert_eq!(
        json!(tabs),
        json!(["Bedrijf", "Intern", "Algemeen", "Vakinhoudelijk", "Bestanden", "Beheer"])
    );
    for no in [&no, text(&person["customer"]["number"])] {
        for lang in ["NL", "EN"] {
            for tab in card(no, lang) {
                for block in tab["blocks"].as_array().expect("blocks") {
                    assert!(!text(&block["label"]).contains('_'), "{lang}: {}", block["label"]);
                    for field in block["fields"].as_array().expect("fields") {
                        assert_ne!(field["label"], field["name"], "{lang}: a field without words");
                        let count = |list: &Value| list.as_array().map(Vec::len);
                        assert_eq!(count(&field["values"]), count(&field["valueLabels"]));
                    }
                }
            }
        }
    }
    let words = |lang: &str, block: &str, field: &str| {
        let blocks: Vec<_> = card(&no, lang)
            .iter()
            .flat_map(|tab| tab["blocks"].as_array().expect("blocks").clone())
            .collect();
        let block = blocks.iter().find(|found| found["name"] == block).expect("the block");
        let fields = block["fields"].as_array().expect("fields");
        fields.iter().find(|found| found["name"] == field).expect("the field")["valueLabels"].clone()
    };
    assert_eq!(words("NL", "CORRESPONDENCE", "correspondenceGroups"), json!(["Fiscale post", "Nieuwsbrief"]));
    assert_eq!(words("EN", "CORRESPONDENCE", "correspondenceGroups"), json!(["Tax mail", "Newsletter"]));
    assert_eq!(words("NL", "CORRESPONDENCE", "mailings"), json!(["Ja"]));
    assert_eq!(words("NL", "CORRESPONDENCE", "mailPreference"), json!(["Privé"]));
    assert_eq!(words("NL", "GENERAL", "clientStatus"), json!(["Klant"]));
    assert_eq!(words("NL", "GENERAL", "clientName"), json!(["Bakkerij B.V."]));
    assert_eq!(words("NL", "ACCOUNTANCY", "legalForm"), json!(["Besloten vennootschap"]));
    assert_eq!(words("EN", "COUPLINGS", "couplings"), json!(["Billing"]));
    assert_eq!(words("NL", "KEY_FIGURES", "keyFigures"), json!(["2025: omzet 100, resultaat -5"]));
    assert_eq!(words("EN", "KEY_FIGURES", "keyFigures"), json!(["2025: turnover 100, result -5"]));
    assert_eq!(words("EN", "WORK_STOP", "workStop"), json!(["No"]));
}

#[test]
fn section_8_an_acceptance_reads_in_dutch_and_in_english() {
    // A2-53, A2-54, A2-59.
    let house = House::new();
    let desk = house.desk();
    let input = json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V.", "status": "PROSPECT" });
    let no = text(&registered(&desk, input)["customer"]["number"]).to_owned();
    desk.accept("startAcceptance", json!({ "customerNo": no }));
    let query = "query($no: String!, $lang: Lang!) {
        customer(no: $no) { clientStatusLabel(lang: $lang) acceptanceActionLabels(lang: $lang) }
        acceptanceLog(no: $no) { nodes { eventLabel(lang: $lang) fromLabel(lang: $lang) toLabel(lang: $lang) } } }";
    let read = |lang: &str| desk.data(query, json!({ "no": no, "lang": lang }));
    let dutch = json!({
        "customer": { "clientStatusLabel": "Klantacceptatie - concept",
            "acceptanceActionLabels": ["Ter goedkeuring aanbieden"] },
        "acceptanceLog": { "nodes": [{ "eventLabel": "Klantacceptatie gestart", "fromLabel": "Prospect",
            "toLabel": "Klantacceptatie - concept" }] },
    });
    assert_eq!(read("NL"), dutch);
    let english = read("EN");
    assert_eq!(english["customer"]["acceptanceActionLabels"], json!(["Submit for approval"]));
    assert_eq!(english["acceptanceLog"]["nodes"][0]["eventLabel"], "Acceptance started");
}

#[test]
fn section_8_contact_moments_and_their_tasks_read_in_dutch_and_in_english() {
    // E2-01, E2-27, E2-34; the portal too.
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let no = activate(&desk, &home, "2024-03-01");
    desk.accept("defineTeam", json!({ "code": "VERHUUR", "name": "Team Verhuur" }));
    desk.accept("addEmployee", json!({ "code": "JDV", "name": "J. de Vries" }));
    desk.accept("addTeamMember", json!({ "teamCode": "VERHUUR", "employeeCode": "JDV" }));
    let call = json!({
        "code": "BEL", "name": "Telefonische vraag", "channel": "TEL", "direction": "INBOUND", "initiatedBy": "THEM",
        "subject": "QUESTION", "showInPortal": true, "locked": ["SUBJECT"],
    });
    desk.accept("defineTemplate", call);
    let made = desk.accept(
        "registerInteraction",
        json!({ "customerNo": no, "template": "BEL", "createTask": true, "teamCode": "VERHUUR", "note": "Vraag" }),
    );
    let query = "query($interaction: ID!, $task: ID!, $no: String!, $lang: Lang!) {
        interaction(id: $interaction) { subjectLabel(lang: $lang) channelLabel(lang: $lang)
            directionLabel(lang: $lang) initiatedByLabel(lang: $lang) }
        task(id: $task) { statusLabel(lang: $lang) subjectLabel(lang: $lang) }
        interactionTemplate(code: \"BEL\") { subjectLabel(lang: $lang) channelLabel(lang: $lang)
            directionLabel(lang: $lang) initiatedByLabel(lang: $lang) lockedLabels(lang: $lang) }
        portal { interactions(customerNo: $no) { nodes { subjectLabel(lang: $lang) directionLabel(lang: $lang) } } }
    }";
    let read = |lang: &str| {
        let (interaction, task) = (&made["interaction"]["id"], &made["task"]["id"]);
        desk.data(query, json!({ "interaction": interaction, "task": task, "no": no, "lang": lang }))
    };
    let moment = json!({ "subjectLabel": "Vraag", "channelLabel": "Telefoon", "directionLabel": "Inkomend",
        "initiatedByLabel": "Zij" });
    let mut template = moment.clone();
    template["lockedLabels"] = json!(["Onderwerp"]);
    let portal =
        json!({ "interactions": { "nodes": [{ "subjectLabel": "Vraag", "directionLabel": "Inkomend" }] } });
    let task = json!({ "statusLabel": "Niet begonnen", "subjectLabel": "Vraag" });
    let dutch =
        json!({ "interaction": moment, "task": task, "interactionTemplate": template, "portal": portal });
    assert_eq!(read("NL"), dutch);
    let english = read("EN");
    assert_eq!(english["interaction"]["channelLabel"], "Telephone");
    assert_eq!(english["task"]["statusLabel"], "Not started");
    assert_eq!(english["portal"]["interactions"]["nodes"][0]["subjectLabel"], "Question");
}

#[test]
fn e1_18_a2_22_a_web_site_is_one_thing_at_the_contact_and_on_the_card() {
    let house = House::new();
    let desk = house.desk();
    let firm = company(&desk, "CLIENT_COMPANY", "Bakkerij B.V.");
    let (no, id) = (&firm["customer"]["number"], &firm["contact"]["id"]);
    let shown = || {
        let query = "query($no: String!) {
            customer(no: $no) { contact { websites { value kindLabel } phones { value } }
                contactData { websites { value } } }
            clientCard(no: $no) { tabs { blocks { name fields { name values } } } } }";
        let data = desk.data(query, json!({ "no": no }));
        let customer = &data["customer"];
        let values = |list: &Value| -> Vec<String> {
            list.as_array()
                .expect("a list")
                .iter()
                .map(|channel| text(&channel["value"]).to_owned())
                .collect()
        };
        let contact = values(&customer["contact"]["websites"]);
        assert_eq!(contact, values(&customer["contactData"]["websites"]), "I12");
        assert_eq!(customer["contact"]["phones"], json!([]), "a web site is no phone");
        let tabs = data["clientCard"]["tabs"].as_array().expect("tabs").clone();
        let blocks = tabs.iter().flat_map(|tab| tab["blocks"].as_array().expect("blocks").clone());
        let mut fields = blocks.flat_map(|block| block["fields"].as_array().expect("fields").clone());
        let card = fields.find(|field| field["name"] == "website").expect("is on the card")["values"].take();
        (contact, card)
    };
    let site = |url: Value| json!({ "customerNo": no, "contactData": { "website": url } });
    let done = desk.accept("changeCard", site(json!("WWW.Bakkerij.nl")));
    assert_eq!(done["events"], json!(["ChannelAdded"]));
    let expected = "https://www.bakkerij.nl".to_owned();
    assert_eq!(shown(), (vec![expected.clone()], json!([expected])));
    let both = json!({ "contactId": id, "websites": [
        { "value": "winkel.bakkerij.nl", "detail": "BUSINESS", "preference": "FIRST" },
        { "value": "www.bakkerij.nl", "detail": "BUSINESS" },
    ] });
    desk.accept("changeChannels", both);
    assert_eq!(shown().1, json!(["https://winkel.bakkerij.nl"]), "the first preference is on the card");
    assert_eq!(shown().0.len(), 2);
    let wrong = json!({ "contactId": id, "websites": [{ "value": "bakkerij" }], "phones": [{ "kind": "WEBSITE", "value": "www.a.nl" }] });
    let refused = desk.refuse("changeChannels", wrong, &["CHANNEL_IN_WRONG_LIST", "INVALID_URL"]);
    assert_eq!(refused["userErrors"][1]["field"], "websites[0].value");
    desk.refuse("changeCard", site(json!("bakkerij")), &["INVALID_URL"]);
    // Cleared on the card: the other one is left.
    desk.accept("changeCard", site(Value::Null));
    assert_eq!(shown().1, json!(["https://www.bakkerij.nl"]));
    desk.accept("changeChannels", json!({ "contactId": id, "websites": [] }));
    assert_eq!(shown(), (Vec::new(), json!([])));
}

/// The names on all pages of a list of registrations, and how many pages there were.
fn listed(desk: &Desk, kind: &str, search: &str, first: usize) -> (Vec<String>, usize) {
    let query = "query($kind: RegistrationType!, $text: String, $first: Int, $after: String) {
        contacts(registrationType: $kind, text: $text, first: $first, after: $after) {
            nodes { name } pageInfo { hasNextPage endCursor } } }";
    let (mut names, mut pages, mut after) = (Vec::new(), 0, Value::Null);
    loop {
        let variables = json!({ "kind": kind, "text": search, "first": first, "after": after });
        let page = desk.data(query, variables)["contacts"].take();
        let nodes = page["nodes"].as_array().expect("a list");
        assert!(nodes.len() <= first);
        names.extend(nodes.iter().map(|node| text(&node["name"]).to_owned()));
        pages += 1;
        if page["pageInfo"]["hasNextPage"] == false {
            return (names, pages);
        }
        after = page["pageInfo"]["endCursor"].clone();
        assert!(pages < 50, "the list ends");
    }
}

#[test]
fn a2_10_contact_persons_are_listed_and_who_hides_makes_none() {
    // A2-05, A2-52.
    let house = House::new();
    let desk = house.desk();
    let firm = company(&desk, "CLIENT_COMPANY", "Bakkerij B.V.");
    let prospect = registered(
        &desk,
        json!({ "type": "CLIENT_COMPANY", "companyName": "Geheim B.V.", "status": "PROSPECT" }),
    );
    // No contact persons: the people of a household, and a client-person, whatever lines it has.
    two_contractants(&desk);
    let jansen = registered(&desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    let (company_no, person_no) = (&firm["customer"]["number"], &jansen["customer"]["number"]);
    desk.accept("linkCompanyPerson", json!({ "companyNo": company_no, "personNo": person_no }));
    let person = |parent: &Value, surname: &str| {
        let parent = &parent["contact"]["number"];
        registered(
            &desk,
            json!({ "type": "CONTACT_PERSON", "parentNo": parent, "initials": "A.", "surname": surname }),
        )
    };
    for surname in ["Bos", "Vos", "Mos"] {
        person(&firm, surname);
    }
    let spy = person(&prospect, "Stil");
    let names = |desk: &Desk, search: &str, first| listed(desk, "CONTACT_PERSON", search, first).0;
    assert_eq!(names(&desk, "", 20), ["A. Bos", "A. Vos", "A. Mos", "A. Stil"]);
    assert_eq!(listed(&desk, "CONTACT_PERSON", "", 2), (names(&desk, "", 20), 2));
    assert_eq!(names(&desk, "mos", 20), ["A. Mos"]);
    assert_eq!(names(&desk, "Jansen", 20), [""; 0]);
    // Who may not see prospects learns of no contact person there.
    let clerk = house.actor("clerk", "READ,SEE_CLIENT");
    assert_eq!(names(&clerk, "", 20), ["A. Bos", "A. Vos", "A. Mos"]);
    assert_eq!(names(&clerk, "Stil", 20), [""; 0]);
    let query = "query($no: String!) { contact(no: $no) { registrationType registrationTypeLabel } }";
    let no = json!({ "no": spy["contact"]["number"] });
    assert_eq!(clerk.data(query, no.clone())["contact"]["registrationType"], Value::Null);
    let seen = json!({ "registrationType": "CONTACT_PERSON", "registrationTypeLabel": "Contactpersoon" });
    assert_eq!(desk.data(query, no)["contact"], seen);
    let nobody = house.actor("nobody", "WRITE");
    let refused = nobody.ask("{ contacts(registrationType: CONTACT_PERSON) { nodes { name } } }", json!({}));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[test]
fn a2_10_relations_at_clients_are_listed_and_who_hides_makes_none() {
    // A2-07, A2-08, A2-16, A2-52.
    let house = House::new();
    let desk = house.desk();
    let bank = company(&desk, "RELATION_COMPANY", "Bank N.V.");
    let firm = company(&desk, "CLIENT_COMPANY", "Bakkerij B.V.");
    company(&desk, "CLIENT_COMPANY", "Zonder relatie B.V.");
    let prospect = registered(
        &desk,
        json!({ "type": "CLIENT_COMPANY", "companyName": "Geheim B.V.", "status": "PROSPECT" }),
    );
    let person = registered(&desk, json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    for client in [&firm, &prospect, &person] {
        let (client, relation) = (&client["customer"]["number"], &bank["customer"]["number"]);
        desk.accept("linkRelation", json!({ "clientNo": client, "relationNo": relation, "kind": "BANK" }));
    }
    let names = |desk: &Desk, search: &str| listed(desk, "RELATION_AT_CLIENT", search, 20).0;
    assert_eq!(names(&desk, ""), ["Bakkerij B.V.", "Geheim B.V.", "J. Jansen"]);
    assert_eq!(listed(&desk, "RELATION_AT_CLIENT", "", 1).0, names(&desk, ""));
    assert_eq!(names(&desk, "bakk"), ["Bakkerij B.V."]);
    let clerk = house.actor("clerk", "READ,SEE_CLIENT");
    assert_eq!(names(&clerk, ""), ["Bakkerij B.V.", "J. Jansen"]);
    let ties = "{ contacts(registrationType: RELATION_AT_CLIENT, first: 1) { nodes { customer {
        relations { kind kindLabel relation { name } } } } } }";
    let tie = json!([{ "kind": "BANK", "kindLabel": "Bank", "relation": { "name": "Bank N.V." } }]);
    assert_eq!(desk.data(ties, json!({}))["contacts"]["nodes"][0]["customer"]["relations"], tie);
    let (client, relation) = (&firm["customer"]["number"], &bank["customer"]["number"]);
    desk.accept("unlinkRelation", json!({ "clientNo": client, "relationNo": relation, "kind": "BANK" }));
    assert_eq!(names(&clerk, ""), ["J. Jansen"]);
    // Type 8 is not made any more, so there are none.
    let input = json!({ "type": "EMPLOYEE_AT_CLIENT", "parentNo": firm["contact"]["number"] });
    desk.refuse("createRegistration", input, &["TYPE_OBSOLETE"]);
    assert_eq!(listed(&desk, "EMPLOYEE_AT_CLIENT", "", 20), (Vec::new(), 1));
}
