//! The border of what one may not see (A2-52), where a retry, a rule, a search or a history crosses it.

use crate::support::{ALL, Desk, House, activate, text};
use serde_json::{Value, json};

/// In the name of what is hidden, and nowhere else.
const HIDDEN: &str = "Verborgen";

/// Everything but the right to change, and so to see, one group of statuses.
fn without(house: &House, name: &str, right: &str) -> Desk {
    house.actor(name, &ALL.replace(&format!("{right},"), ""))
}

fn registered(desk: &Desk, input: Value) -> (Value, Value) {
    let made = desk.accept("createRegistration", input);
    (made["contact"]["id"].clone(), made["customer"]["number"].clone())
}

fn hidden_person(desk: &Desk) -> Value {
    registered(
        desk,
        json!({ "type": "CLIENT_PERSON", "initials": "V.", "surname": HIDDEN, "status": "SUSPECT" }),
    )
    .0
}

/// A household with a lease, of a visible contractant and a hidden one, or of the latter alone; answers its id and its
/// customer's number.
fn household(desk: &Desk, visible: bool, hidden: &Value) -> (Value, String) {
    let person = json!({ "initials": "A.", "surname": "Bakker", "roleCode": "CONTRACTANT" });
    let made = desk.accept("createContact", json!({ "kind": "HOUSEHOLD", "person": person }));
    let home = made["contacts"][0]["id"].clone();
    desk.accept("addRole", json!({ "contactId": home, "personId": hidden, "roleCode": "CONTRACTANT" }));
    if !visible {
        desk.accept("showFirst", json!({ "householdId": home, "personId": hidden }));
        let remove = json!({ "contactId": home, "line": 1, "confirm": ["REMOVE_ROLE_LINE"] });
        desk.accept("removeRole", remove);
    }
    let no = activate(desk, text(&home), "2024-03-01");
    (home, no)
}

/// A2-52, §1.3: what one did is one's own to ask again, also when that or somebody else has hidden the customer since.
#[test]
fn a2_52_whoever_sent_a_command_is_answered_again() {
    let house = House::new();
    let desk = house.desk();
    let clerk = without(&house, "clerk", "CHANGE_EX_CLIENT");
    let make = json!({ "type": "CLIENT_COMPANY", "companyName": "Weg B.V.",
        "commandId": "7d9f4f0e-0000-4000-8000-000000000021" });
    let first = clerk.accept("createRegistration", make.clone());
    desk.accept("setClientStatus", json!({ "customerNo": first["customer"]["number"], "to": "EX_CLIENT" }));
    let again = clerk.accept("createRegistration", make.clone());
    assert_eq!((&again["position"], &again["changed"]), (&first["position"], &first["changed"]));
    assert_eq!((&again["events"], &again["contact"]), (&json!([]), &Value::Null), "it is hidden now");
    without(&house, "visitor", "CHANGE_EX_CLIENT").refuse("createRegistration", make, &["NOT_FOUND"]);

    // The step itself takes the client away from whoever takes it.
    let (contact, no) = registered(
        &desk,
        json!({ "type": "CLIENT_COMPANY", "companyName": "Nieuw B.V.", "status": "PROSPECT",
        "address": { "street": "Domplein", "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" },
        "emails": [{ "value": "info@nieuw.nl", "detail": "BUSINESS" }] }),
    );
    desk.accept("startAcceptance", json!({ "customerNo": no }));
    desk.accept("changeCompanyData", json!({ "contactId": contact, "kvk": "12345678", "legalForm": "BV" }));
    desk.accept("submitForApproval", json!({ "customerNo": no }));
    house
        .actor("approver", "READ,SEE_ACCEPTANCE,CLIENT_APPROVER")
        .accept("approveClient", json!({ "customerNo": no }));
    let complete = json!({ "customerNo": no, "checks": ["BILLING", "DOSSIER", "COUPLINGS", "EMPLOYEES"],
        "commandId": "7d9f4f0e-0000-4000-8000-000000000022" });
    let central = house.actor("central", "READ,SEE_ACCEPTANCE,CENTRAL_ADMIN");
    let done = central.accept("completeAcceptance", complete.clone());
    assert_eq!(central.accept("completeAcceptance", complete.clone())["position"], done["position"]);
    house.actor("other", "READ,SEE_ACCEPTANCE,CENTRAL_ADMIN").refuse(
        "completeAcceptance",
        complete,
        &["NOT_FOUND"],
    );
}

/// A2-52: a text that somebody typed stays in the history, whatever stands in it; what names somebody hidden does not.
#[test]
fn a2_52_a_history_loses_no_text_that_looks_like_somebody_hidden() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), without(&house, "clerk", "CHANGE_SUSPECT"));
    let person = hidden_person(&desk);
    let (firm, no) = registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    desk.accept("addRole", json!({ "contactId": firm, "personId": person, "roleCode": "DIRECTOR" }));
    let name = "Zie customer:1 en contact:1 B.V.";
    desk.accept("changeContactName", json!({ "contactId": firm, "companyName": name }));
    let history = "query($no: String!) { customer(no: $no) { contact { history { nodes { command
        changes { field after } } } } } }";
    let commands = |desk: &Desk| {
        let mut answer = desk.data(history, json!({ "no": no }));
        let nodes = answer["customer"]["contact"]["history"]["nodes"].take();
        let of =
            |entry: &Value| (text(&entry["command"]).to_owned(), entry["changes"].to_string().contains(name));
        nodes.as_array().expect("a list").iter().map(of).collect::<Vec<_>>()
    };
    let entry = |command: &str, named| (command.to_owned(), named);
    let (made, linked, renamed) =
        (entry("CreateRegistration", false), entry("AddRole", false), entry("ChangeContactName", true));
    assert_eq!(commands(&desk), [made.clone(), linked, renamed.clone()]);
    assert_eq!(commands(&clerk), [made, renamed]);
}

/// A2-52: that it no longer follows is told at the follower, by whom it was led is not.
#[test]
fn a2_52_a_link_with_a_hidden_leader_is_told_by_its_name() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), without(&house, "clerk", "CHANGE_SUSPECT"));
    let leader = hidden_person(&desk);
    let (firm, _) = registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    let input = json!({ "type": "CONTACT_PERSON", "parentId": firm, "initials": "A.", "surname": "Bos" });
    let (follower, _) = registered(&desk, input);
    desk.accept("coupleToLeader", json!({ "followerId": follower, "leaderId": leader }));
    let ended = clerk.accept("endLeaderLink", json!({ "followerId": follower }));
    assert_eq!((&ended["changed"], &ended["events"]), (&json!(true), &json!(["LeaderLinkEnded"])));
    let history =
        "query($id: ID!) { contact(id: $id) { history { nodes { events { name } changes { field } } } } }";
    let told = |desk: &Desk, id: &Value| {
        let mut answer = desk.data(history, json!({ "id": id }));
        answer["contact"]["history"]["nodes"].take().as_array().expect("a list").clone()
    };
    let own = told(&clerk, &follower);
    let last = own.last().expect("it has a history");
    assert_eq!(last, &json!({ "events": [{ "name": "LeaderLinkEnded" }], "changes": [] }));
    assert!(
        json!(own).to_string().contains("CoupledToLeader") && !json!(own).to_string().contains("\"leader\"")
    );
    let open = told(&desk, &follower);
    assert_eq!(open.last().expect("the same")["changes"], json!([{ "field": "leader" }]));

    // At a leader that one sees, nothing is told of a follower that one does not.
    let (hidden, _) =
        registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": HIDDEN, "status": "SUSPECT" }));
    let (person, _) =
        registered(&desk, json!({ "type": "CLIENT_PERSON", "initials": "T.", "surname": "Tweeling" }));
    desk.accept("createCoupledContact", json!({ "leaderId": person, "parentId": hidden }));
    assert_eq!((told(&desk, &person).len(), told(&clerk, &person).len()), (2, 1));
}

/// A2-52: whoever changes without reading is told what it did itself, and of nobody to whom it spread.
#[test]
fn a2_52_whoever_reads_nothing_is_told_what_it_asked_for() {
    let house = House::new();
    let desk = house.desk();
    let (hidden, _) =
        registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": HIDDEN, "status": "SUSPECT" }));
    let (person, _) =
        registered(&desk, json!({ "type": "CLIENT_PERSON", "initials": "T.", "surname": "Tweeling" }));
    desk.accept("createCoupledContact", json!({ "leaderId": person, "parentId": hidden }));
    let renamed = |by: &Desk, initials: &str| {
        by.accept("changePersonName", json!({ "personId": person, "initials": initials }))["events"].take()
    };
    assert_eq!(renamed(&house.actor("writer", "WRITE"), "U."), json!(["PersonNameChanged"]));
    assert_eq!(renamed(&desk, "V."), json!(["PersonNameChanged", "FollowedDataCopied"]));

    // A warning about somebody hidden is for whoever sees it; here the household is, and not who died.
    let suspect = hidden_person(&desk);
    household(&desk, false, &suspect);
    let death = |date: &str| json!({ "personId": suspect, "dateOfDeath": date, "keepRoles": true });
    let writer = house.actor("writer", "WRITE,SENSITIVE_READ,SENSITIVE_WRITE,CHANGE_SUSPECT");
    assert_eq!(writer.accept("recordDeath", death("2025-11-03"))["warnings"], json!([]));
    desk.accept("correctDeath", json!({ "personId": suspect, "dateOfDeath": null, "reason": "leeft" }));
    let warnings = desk.accept("recordDeath", death("2025-11-04"))["warnings"].take();
    assert_eq!(warnings[0]["code"], "LEASE_STILL_RUNNING");
}

/// A2-52, X-10: a finding is what is so, whoever reads it; it names nobody but whom it is about.
#[test]
fn a2_52_a_finding_does_not_depend_on_who_reads_it() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), without(&house, "clerk", "CHANGE_SUSPECT"));
    let person = hidden_person(&desk);
    let (home, _) = household(&desk, false, &person);
    desk.accept("recordDeath", json!({ "personId": person, "dateOfDeath": "2025-11-03", "keepRoles": true }));
    let (firm, _) = registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    let input = json!({ "type": "CONTACT_PERSON", "parentId": firm, "initials": "A.", "surname": "Bos" });
    let (clerk_of_it, _) = registered(&desk, input);
    desk.accept("setMailPreference", json!({ "contactId": clerk_of_it, "preference": "BUSINESS" }));
    let found = |desk: &Desk, check: &str| {
        let query =
            "query($check: DataQualityCheck!) { dataQuality(check: $check) { nodes { contact { id } } } }";
        let mut data = desk.data(query, json!({ "check": check }));
        data["dataQuality"]["nodes"].take()
    };
    let (dead, mail) = ("DECEASED_CONTRACTANT_LEASE_RUNNING", "MAIL_PREFERENCE_WITHOUT_EMAIL");
    for reader in [&desk, &clerk] {
        assert_eq!(found(reader, dead), json!([{ "contact": { "id": home } }]));
        assert_eq!(found(reader, mail), json!([{ "contact": { "id": clerk_of_it } }]));
    }
    // A business address that it has at somebody hidden is one.
    let (hidden, _) =
        registered(&desk, json!({ "type": "CLIENT_COMPANY", "companyName": HIDDEN, "status": "SUSPECT" }));
    desk.accept("addRole", json!({ "contactId": hidden, "personId": clerk_of_it, "roleCode": "DIRECTOR" }));
    let business = json!({ "contactId": hidden, "line": 1, "business": { "email": "a@hidden.nl" } });
    desk.accept("changeBusinessData", business);
    for reader in [&desk, &clerk] {
        assert_eq!(found(reader, mail), json!([]));
    }
    // The one who died is in no list of whoever does not see it.
    let salutation = "DECEASED_SALUTATION";
    assert_eq!(found(&desk, salutation), json!([{ "contact": { "id": person } }]));
    assert_eq!(found(&clerk, salutation), json!([]));
}

/// A2-52, N1-03: a household is not found by the surname of a contractant that is hidden.
#[test]
fn a2_52_a_hidden_contractant_leads_to_no_household() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), without(&house, "clerk", "CHANGE_SUSPECT"));
    let person = hidden_person(&desk);
    let numbers: Vec<_> = (0..3)
        .map(|at| {
            let (home, no) = household(&desk, true, &person);
            let address = json!({ "contactId": home, "street": "Domplein", "houseNo": at + 1, "postcode": "3511AB",
                "city": "Utrecht" });
            desk.accept("changeCorrespondenceAddress", address);
            no
        })
        .collect();
    let found = |desk: &Desk, surname: &str, postcode: &str| {
        let query = "query($s: String, $p: String, $after: String) {
            findCustomers(surnamePart: $s, postcodePart: $p, first: 2, after: $after) {
                nodes { number } pageInfo { hasNextPage endCursor } } }";
        let (mut all, mut after) = (Vec::new(), Value::Null);
        loop {
            let page =
                desk.data(query, json!({ "s": surname, "p": postcode, "after": after }))["findCustomers"]
                    .take();
            let nodes = page["nodes"].as_array().expect("a list").clone();
            assert!(!nodes.is_empty() || all.is_empty(), "a page that was promised holds something");
            all.extend(nodes.iter().map(|node| text(&node["number"]).to_owned()));
            if page["pageInfo"]["hasNextPage"] == false {
                all.sort_unstable();
                return all;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    for postcode in ["", "35", "3511", "3511AB"] {
        assert_eq!(
            found(&desk, HIDDEN, postcode).len(),
            if postcode.is_empty() { 4 } else { 3 },
            "{postcode}"
        );
        assert_eq!(found(&clerk, HIDDEN, postcode), [""; 0], "{postcode}");
        assert_eq!(found(&clerk, "erborge", postcode), [""; 0], "{postcode}");
        for reader in [&desk, &clerk] {
            assert_eq!(found(reader, "Bakker", postcode), numbers, "{postcode}");
        }
    }
    assert_eq!(found(&clerk, "", "3511"), numbers, "by its address it is found");
}
