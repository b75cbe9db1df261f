//! What a desk should look at and how far a change reaches, over HTTP; the rest of golden scenario 3.

use crate::support::{Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};

const LIST: &str = "query($check: DataQualityCheck!, $first: Int, $after: String) {
    dataQuality(check: $check, first: $first, after: $after) {
        nodes { check priority message contact { id } customer { number } }
        pageInfo { hasNextPage endCursor } } }";

/// What a check finds, as (contact, priority).
#[track_caller]
fn list(desk: &Desk, check: &str) -> Vec<(String, String)> {
    let data = desk.data(LIST, json!({ "check": check, "first": 100 }));
    assert_eq!(data["dataQuality"]["pageInfo"]["hasNextPage"], false);
    let nodes = data["dataQuality"]["nodes"].as_array().expect("a list");
    let found: Vec<_> = nodes
        .iter()
        .map(|node| {
            assert_eq!(node["check"], check);
            assert!(!text(&node["message"]).is_empty());
            (text(&node["contact"]["id"]).to_owned(), text(&node["priority"]).to_owned())
        })
        .collect();
    assert_eq!(count(desk, check), found.len(), "{check}: the count is that of the list");
    found
}

fn count(desk: &Desk, check: &str) -> usize {
    let data = desk.data("{ dataQualityCounts { check count } }", json!({}));
    let counts = data["dataQualityCounts"].as_array().expect("a list").clone();
    let found = counts.into_iter().find(|count| count["check"] == check).expect("every check is counted");
    usize::try_from(found["count"].as_u64().expect("a number")).expect("is small")
}

fn one(contact: &str, priority: &str) -> Vec<(String, String)> {
    vec![(contact.to_owned(), priority.to_owned())]
}

/// A household whose only contractant A. Bakker died; the roles are kept. Answers household, person and customer number.
fn widowed(desk: &Desk) -> (String, String, String) {
    let payload = desk.accept(
        "createContact",
        json!({ "kind": "HOUSEHOLD", "person": {
            "initials": "A.", "surname": "Bakker", "roleCode": "CONTRACTANT" } }),
    );
    let home = text(&payload["contacts"][0]["id"]).to_owned();
    let bakker = text(&payload["contacts"][1]["id"]).to_owned();
    let no = activate(desk, &home, "2024-03-01");
    desk.accept("recordDeath", json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": true }));
    (home, bakker, no)
}

fn end_of_lease(desk: &Desk, no: &str, date: &str) {
    desk.accept("recordLeaseEnded", json!({ "customerNo": no, "endDate": date }));
}

#[test]
fn scenario_3_d_6_the_household_is_listed_until_the_lease_ends() {
    // E1-34, E1-35, D-6, X-10.
    let (lease, salutation) = ("DECEASED_CONTRACTANT_LEASE_RUNNING", "DECEASED_SALUTATION");
    let house = House::new();
    let desk = house.desk();
    assert_eq!((list(&desk, lease), list(&desk, salutation)), (vec![], vec![]));
    let (home, bakker, no) = widowed(&desk);
    assert_eq!(list(&desk, lease), one(&home, "HIGH"));
    assert_eq!(list(&desk, salutation), one(&bakker, "HIGH"));
    let data = desk.data(LIST, json!({ "check": lease }));
    assert_eq!(data["dataQuality"]["nodes"][0]["customer"]["number"], no.as_str());

    // A last day in the future: it still runs today.
    end_of_lease(&desk, &no, "9999-12-31");
    assert_eq!(list(&desk, lease), one(&home, "HIGH"));
    end_of_lease(&desk, &no, "2025-12-31");
    assert_eq!(list(&desk, lease), []);
    assert_eq!(list(&desk, salutation), one(&bakker, "MEDIUM"), "less urgent now");
    desk.accept("setSalutation", json!({ "contactId": bakker, "code": "HEIRS_OF" }));
    assert_eq!(list(&desk, salutation), []);
    // The tenancy system was wrong: the lease runs after all.
    end_of_lease(&desk, &no, "9999-12-31");
    assert_eq!(list(&desk, lease), one(&home, "HIGH"));
}

#[test]
fn e1_54_no_payment_data_once_the_last_line_is_withdrawn() {
    let check = "NO_PAYMENT_DATA";
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    assert_eq!(list(&desk, check), [], "not a customer yet");
    let no = activate(&desk, &home, "2024-03-01");
    assert_eq!(list(&desk, check), one(&home, "HIGH"));
    let line = json!({ "customerNo": no, "effectiveDate": "2026-01-01", "transactionMode": "TRANSFER", "invoiceType": "INVOICE" });
    desk.accept("addPaymentLine", line);
    assert_eq!(list(&desk, check), []);
    desk.accept("withdrawPaymentLine", json!({ "customerNo": no, "lineId": 1, "reason": "a mistake" }));
    assert_eq!(list(&desk, check), one(&home, "HIGH"));
    end_of_lease(&desk, &no, "2025-12-31");
    assert_eq!(list(&desk, check), one(&home, "MEDIUM"));
}

#[test]
fn e1_40_i18_the_list_of_salutation_and_gender_needs_its_right() {
    let check = "SALUTATION_GENDER";
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, _) = two_contractants(&desk);
    let clerk = house.actor("clerk", "READ,WRITE");
    let before = clerk.ask(LIST, json!({ "check": check }));
    let done =
        desk.accept("changePersonalData", json!({ "personId": bakker, "gender": "M", "salutation": "MEVR" }));
    assert_eq!(done["warnings"][0]["code"], "SALUTATION_GENDER");
    assert_eq!(list(&desk, check), one(&bakker, "MEDIUM"));

    let after = clerk.ask(LIST, json!({ "check": check }));
    assert_eq!(after["data"]["dataQuality"], Value::Null);
    assert_eq!(after["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(before, after, "whether there is anything is not told");
    let counts = clerk.data("{ dataQualityCounts { check } }", json!({}));
    assert!(!counts.to_string().contains(check), "{counts}");
    assert!(counts.to_string().contains("DECEASED_SALUTATION"));
    let nobody = house.actor("nobody", "WRITE").ask(LIST, json!({ "check": "NO_ADDRESS" }));
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "FORBIDDEN");

    desk.accept("setSalutation", json!({ "contactId": bakker, "code": "DHR" }));
    assert_eq!(list(&desk, check), []);
}

#[test]
fn e1_35_heirs_without_a_death_when_a_code_comes_to_mean_heirs() {
    // No other check finds anything here: the first row of the list comes with the code.
    let check = "HEIRS_WITHOUT_DEATH";
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, vries) = two_contractants(&desk);
    let code = |salutation: Value| {
        json!({ "list": "SALUTATION", "code": "ERVENVAN", "name": "De erven van",
            "properties": { "salutation": salutation } })
    };
    desk.accept("changeCode", code(json!("NEUTRAL")));
    for person in [&bakker, &vries] {
        desk.accept("setSalutation", json!({ "contactId": person, "code": "ERVENVAN" }));
    }
    assert_eq!(list(&desk, check), []);
    desk.accept("changeCode", code(json!("HEIRS_OF")));
    assert_eq!(list(&desk, check), [(bakker.clone(), "LOW".to_owned()), (vries, "LOW".to_owned())]);
    desk.accept("setSalutation", json!({ "contactId": bakker, "code": "DHR" }));
    assert_eq!(list(&desk, check).len(), 1);
    desk.accept("changeCode", code(json!("NEUTRAL")));
    assert_eq!(list(&desk, check), []);
}

#[test]
fn x_10_addresses_initials_and_business_mail() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    activate(&desk, &home, "2024-03-01");
    assert_eq!(list(&desk, "NO_ADDRESS"), one(&home, "MEDIUM"));
    let address = json!({ "contactId": home, "street": "Boterdiep", "houseNo": 31, "postcode": "3077AW", "city": "Rotterdam" });
    desk.accept("changeCorrespondenceAddress", address);
    assert_eq!(list(&desk, "NO_ADDRESS"), []);

    desk.accept("changePersonName", json!({ "personId": bakker, "initials": "x", "surname": "x" }));
    assert_eq!(list(&desk, "INITIALS_FORM"), one(&bakker, "LOW"));
    desk.accept("changePersonName", json!({ "personId": bakker, "initials": "a", "surname": "Bakker" }));
    assert_eq!(list(&desk, "INITIALS_FORM"), []);

    let check = "MAIL_PREFERENCE_WITHOUT_EMAIL";
    desk.accept("setMailPreference", json!({ "contactId": bakker, "preference": "BUSINESS" }));
    assert_eq!(list(&desk, check), one(&bakker, "MEDIUM"));
    let business = json!({ "value": "a@example.nl", "detail": "BUSINESS" });
    desk.accept("changeChannels", json!({ "contactId": bakker, "emails": [business] }));
    assert_eq!(list(&desk, check), []);
}

#[test]
fn x_10_a_list_is_read_page_by_page_the_most_urgent_first() {
    let house = House::new();
    let desk = house.desk();
    let (mut urgent, mut others) = (Vec::new(), Vec::new());
    for at in 0..5 {
        let (_, bakker, no) = widowed(&desk);
        if at % 2 == 0 {
            end_of_lease(&desk, &no, "2025-12-31");
            others.push(bakker);
        } else {
            urgent.push(bakker);
        }
    }
    let expected: Vec<_> = urgent.into_iter().chain(others).collect();
    for first in 1..=6 {
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let variables = json!({ "check": "DECEASED_SALUTATION", "first": first, "after": after });
            let page = desk.data(LIST, variables)["dataQuality"].take();
            let nodes = page["nodes"].as_array().expect("a list").clone();
            assert!(nodes.len() <= first && !nodes.is_empty(), "{page}");
            seen.extend(nodes.iter().map(|node| text(&node["contact"]["id"]).to_owned()));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, expected, "pages of {first}");
    }
    for (after, code) in [("", None), ("???", Some("INVALID_CURSOR")), ("NDI", Some("INVALID_CURSOR"))] {
        let answer = desk.ask(LIST, json!({ "check": "NO_ADDRESS", "after": after }));
        let got = answer["errors"][0]["extensions"]["code"].as_str();
        assert_eq!(got, code, "{after:?}");
    }
    let too_many = desk.ask(LIST, json!({ "check": "NO_ADDRESS", "first": 101 }));
    assert_eq!(too_many["errors"][0]["extensions"]["code"], "PAGE_TOO_LARGE");
}

#[test]
fn x_10_rebuilt_lists_are_the_same() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let all = |desk: &Desk| -> Vec<_> {
        let counts =
            desk.data("{ dataQualityCounts { check count } }", json!({}))["dataQualityCounts"].take();
        let checks: Vec<_> = counts.as_array().expect("a list").iter().map(|c| c["check"].clone()).collect();
        checks.iter().map(|check| list(desk, text(check))).collect()
    };
    let before = {
        let mut house = House::on(dir.path());
        let desk = house.desk();
        let (_, bakker, _) = widowed(&desk);
        let (home, other, _) = two_contractants(&desk);
        activate(&desk, &home, "2024-03-01");
        desk.accept("changePersonalData", json!({ "personId": other, "gender": "M", "salutation": "MEVR" }));
        desk.accept("setMailPreference", json!({ "contactId": other, "preference": "BUSINESS" }));
        desk.accept("changePersonName", json!({ "personId": bakker, "initials": "x", "surname": "x" }));
        let code = json!({ "list": "SALUTATION", "code": "ERVENVAN", "name": "De erven van",
            "properties": { "salutation": "SIR" } });
        desk.accept("changeCode", code);
        let before = all(&desk);
        house.stop();
        before
    };
    assert_eq!(before.iter().filter(|list| !list.is_empty()).count(), 7, "all but heirs of the living");
    std::fs::remove_dir_all(dir.path().join("views")).expect("the read models are gone");
    let house = House::on(dir.path());
    assert_eq!(all(&house.desk()), before);
}

// ----

/// The customers that a change of a contact would reach, before it is made.
fn reach(desk: &Desk, contact: &str) -> Value {
    let query = "query($id: ID!) { contact(id: $id) { alsoVisibleAt { number } } }";
    desk.data(query, json!({ "id": contact }))["contact"]["alsoVisibleAt"].take()
}

#[test]
fn x_09_e1_14_the_reach_is_told_before_and_after() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, vries) = two_contractants(&desk);
    assert_eq!(reach(&desk, &bakker), json!([]));
    let no = activate(&desk, &home, "2024-03-01");
    let (other, ..) = two_contractants(&desk);
    let second = activate(&desk, &other, "2024-04-01");
    let here = json!([{ "number": no }]);
    let both = json!([{ "number": no }, { "number": second }]);
    let added =
        desk.accept("addRole", json!({ "customerNo": second, "roleCode": "GUARDIAN", "personId": bakker }));
    assert_eq!(added["alsoVisibleAt"], both);
    assert_eq!(reach(&desk, &bakker), both);
    let phones = json!([{ "kind": "MOBILE", "value": "06 1234 5678" }]);
    let changed = desk.accept("changeChannels", json!({ "contactId": bakker, "phones": phones }));
    assert_eq!(changed["alsoVisibleAt"], both);

    // A household's own data shows at its customer, and at no other.
    let changed = desk.accept("changeChannels", json!({ "contactId": home, "phones": phones }));
    assert_eq!((&changed["alsoVisibleAt"], &reach(&desk, &home)), (&here, &here));
    let shown = desk.accept("showFirst", json!({ "householdId": home, "personId": vries }));
    assert_eq!(shown["alsoVisibleAt"], both, "A. Bakker is seen at both, and is no longer first at one");

    // Where a role ends, the change is visible too, although the person is no longer seen there.
    let died = json!({ "personId": bakker, "dateOfDeath": "2025-11-03", "keepRoles": false });
    let died = desk.accept("recordDeath", died);
    assert_eq!(died["alsoVisibleAt"], both, "before");
    assert_eq!(reach(&desk, &bakker), json!([]), "and after");
    let nothing = desk.accept("changeChannels", json!({ "contactId": bakker, "phones": phones }));
    assert_eq!((&nothing["changed"], &nothing["alsoVisibleAt"]), (&json!(false), &json!([])));
}

#[test]
fn x_09_a1_07_what_changes_at_a_leader_reaches_the_customers_of_its_followers() {
    let house = House::new();
    let desk = house.desk();
    let register = |input: Value| desk.accept("createRegistration", input);
    let company = register(json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    let leader = register(json!({ "type": "CLIENT_PERSON", "initials": "J.", "surname": "Jansen" }));
    let parent = company["contact"]["id"].clone();
    let follower =
        register(json!({ "type": "CONTACT_PERSON", "parentId": parent, "initials": "x", "surname": "x" }));
    let number = |payload: &Value| json!({ "number": payload["customers"][0]["number"] });
    let (at_company, at_leader) = (number(&company), number(&leader));
    let leader = text(&leader["contact"]["id"]).to_owned();
    let both = json!([at_company, at_leader]);
    assert_eq!(reach(&desk, &leader), json!([at_leader]));
    let link = json!({ "followerId": follower["contact"]["id"], "leaderId": leader });
    assert_eq!(desk.accept("coupleToLeader", link)["alsoVisibleAt"], both);
    assert_eq!(reach(&desk, &leader), both);

    let private = json!([{ "value": "jansen@example.nl" }]);
    let address = json!({ "contactId": leader, "street": "Boterdiep", "houseNo": 31, "postcode": "3077AW", "city": "Rotterdam" });
    for (name, input) in [
        ("changePersonName", json!({ "personId": leader, "initials": "J.P.", "surname": "Jansen" })),
        ("changeChannels", json!({ "contactId": leader, "emails": private })),
        ("changeCorrespondenceAddress", address),
        ("setMailPreference", json!({ "contactId": leader, "preference": "BUSINESS" })),
    ] {
        assert_eq!(desk.accept(name, input)["alsoVisibleAt"], both, "{name}");
    }
    // What followers do not take over shows at the leader alone (D-21, A1-17).
    let birth = json!({ "personId": leader, "birthDate": "1960-01-02" });
    assert_eq!(desk.accept("changePersonalData", birth)["alsoVisibleAt"], json!([at_leader]));
    let phones = json!([{ "kind": "PHONE", "value": "030 123 45 67", "detail": "BUSINESS" }]);
    let business = desk.accept("changeChannels", json!({ "contactId": leader, "phones": phones }));
    assert_eq!(business["alsoVisibleAt"], json!([at_leader]));
    let ended = desk.accept("endLeaderLink", json!({ "followerId": follower["contact"]["id"] }));
    assert_eq!(ended["alsoVisibleAt"], both);
}
