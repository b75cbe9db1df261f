//! The audit history over GraphQL, and what every command carries (spec §1.2).

use crate::support::{House, text, two_contractants};
use serde_json::json;

#[test]
fn history_says_who_what_why_and_what_it_changed() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    desk.accept(
        "changePersonName",
        json!({ "personId": bakker, "surname": "Bakker-Smit", "reason": "marriage" }),
    );
    let query = "query($id: ID!, $first: Int, $after: String) { contact(id: $id) { history(first: $first, after: $after) {
        nodes { position time actor command reason events { name index cause } changes { field before after } }
        pageInfo { hasNextPage endCursor } } } }";
    let first = desk.data(query, json!({ "id": home, "first": 2 }))["contact"]["history"].take();
    assert_eq!(first["nodes"][0]["command"], "CreateContact");
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let rest = desk.data(query, json!({ "id": home, "first": 5, "after": first["pageInfo"]["endCursor"] }));
    let entry = &rest["contact"]["history"]["nodes"][0];
    assert_eq!(entry["actor"], "desk");
    assert_eq!(entry["command"], "ChangePersonName");
    assert_eq!(entry["reason"], "marriage");
    assert_eq!(entry["events"][0]["name"], "HouseholdNameChanged");
    assert_eq!(
        entry["events"][0]["cause"], 0,
        "caused by the change of the person's name in the same commit"
    );
    assert_eq!(
        entry["changes"],
        json!([{ "field": "name", "before": "A. Bakker", "after": "A. Bakker-Smit" }])
    );
}

/// Principle: every commit carries what it belongs to and what it follows from, as the caller says.
#[test]
fn history_says_what_a_commit_belongs_to_and_follows_from() {
    let house = House::new();
    let (_, bakker, _) = two_contractants(&house.desk());
    let from = |correlation: &str, causation: &str| {
        let desk = house.desk().with_header("Kroniek-Correlation", correlation);
        desk.with_header("Kroniek-Causation", causation)
    };
    let rename = |surname: &str| json!({ "personId": bakker, "surname": surname });
    let message = "0b1e2d3c-0000-4000-8000-000000000001";
    from("case/12", message).accept("changePersonName", rename("Smit"));
    // The headers of a request hold for each of its commands, and for no other request.
    let twice = "mutation($a: ChangePersonNameInput!, $b: ChangePersonNameInput!) {
        a: changePersonName(input: $a) { changed } b: changePersonName(input: $b) { changed } }";
    from("case/13", "mail-7").data(twice, json!({ "a": rename("Bos"), "b": rename("Kok") }));
    house.desk().accept("changePersonName", rename("Bakker"));
    let query =
        "query($id: ID!) { contact(id: $id) { history(first: 10) { nodes { correlation causation } } } }";
    let history = house.desk().data(query, json!({ "id": bakker }))["contact"]["history"]["nodes"].take();
    let said: Vec<_> = history
        .as_array()
        .expect("a list")
        .iter()
        .rev()
        .take(4)
        .map(|entry| [entry["correlation"].as_str(), entry["causation"].as_str()])
        .collect();
    let case_13 = [Some("case/13"), Some("mail-7")];
    assert_eq!(said, [[None, None], case_13, case_13, [Some("case/12"), Some(message)]]);
    // What cannot be read is refused, and nothing is stored.
    let before = house.engine.log().head().position;
    let body = json!({ "query": "mutation($i: ChangePersonNameInput!) { changePersonName(input: $i) { changed } }",
        "variables": { "i": rename("Nee") } });
    for (header, value, code) in [
        ("Kroniek-Correlation", "zaak van Jansen", "INVALID_CORRELATION"),
        ("Kroniek-Causation", "a;b", "INVALID_CAUSATION"),
    ] {
        let desk = house.desk().with_header(header, value);
        let (status, answer) = desk.post("application/json", body.to_string().as_bytes());
        assert_eq!(status, 400, "{answer}");
        assert!(answer.contains(code) && answer.contains(header), "{answer}");
    }
    assert_eq!(house.engine.log().head().position, before);
}

#[test]
fn the_same_command_id_yields_one_commit_and_the_same_answer() {
    // I17.
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, _) = two_contractants(&desk);
    let id = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
    let input = json!({ "personId": bakker, "surname": "Smit", "commandId": id });
    let first = desk.accept("changePersonName", input.clone());
    let again = desk.accept("changePersonName", input);
    assert_eq!(first, again);
    desk.refuse(
        "changePersonName",
        json!({ "personId": bakker, "surname": "Other", "commandId": id }),
        &["SAME_COMMAND_DIFFERENT_CONTENT"],
    );
}

#[test]
fn an_expected_version_that_is_past_is_refused() {
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, _) = two_contractants(&desk);
    let data = desk.data("query($id: ID!) { contact(id: $id) { version } }", json!({ "id": bakker }));
    let version = text(&data["contact"]["version"]);
    let input = |surname: &str| json!({ "personId": bakker, "surname": surname, "expectedVersion": version });
    desk.accept("changePersonName", input("Smit"));
    desk.refuse("changePersonName", input("Other"), &["VERSION_CONFLICT"]);
}

#[test]
fn nothing_to_change_is_no_failure_and_no_commit() {
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, _) = two_contractants(&desk);
    let before = house.engine.log().head().position;
    let payload = desk.accept("changePersonName", json!({ "personId": bakker, "surname": "Bakker" }));
    assert_eq!(payload["changed"], false);
    assert_eq!(house.engine.log().head().position, before);
}

#[test]
fn all_field_errors_are_reported_together_and_questions_only_when_nothing_else_refuses() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let payload = desk.mutate(
        "changeCorrespondenceAddress",
        json!({ "contactId": home, "street": "", "houseNo": 0, "postcode": "0123AB", "city": "", "effectiveDate": "soon" }),
    );
    let mut codes: Vec<_> = payload["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|e| text(&e["code"]).to_owned())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["INVALID_DATE", "INVALID_HOUSE_NUMBER", "INVALID_POSTCODE", "REQUIRED", "REQUIRED"]);
}

#[test]
fn an_id_of_nothing_is_not_found_and_a_node_knows_its_kind() {
    let house = House::new();
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    desk.refuse("changePersonName", json!({ "personId": "rubbish", "surname": "X" }), &["NOT_FOUND"]);
    let data = desk.data("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": home }));
    assert_eq!(data["node"], json!({ "__typename": "Contact", "id": home }));
    let data = desk.data("{ node(id: \"rubbish\") { id } }", json!({}));
    assert!(data["node"].is_null());
}
