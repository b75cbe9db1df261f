//! I18: no query path returns a sensitive value without `SENSITIVE_READ`, and nobody does what they may not.

use crate::support::{House, text, two_contractants};
use serde_json::{Value, json};

#[test]
fn e1_39_sensitive_data_is_null_with_forbidden_and_leaks_nowhere() {
    let house = House::new();
    let desk = house.desk();
    let (home, bakker, _) = two_contractants(&desk);
    desk.accept(
        "changePersonalData",
        json!({ "personId": bakker, "birthDate": "1951-02-03", "bsn": "111222333", "gender": "M" }),
    );
    desk.accept(
        "recordDeath",
        json!({ "personId": bakker, "dateOfDeath": "2025-11-04", "keepRoles": false }),
    );

    let query =
        "query($id: ID!) { contact(id: $id) { name deceased personalData { birthDate bsn gender dateOfDeath }
        history(first: 100) { nodes { changes { field before after masked } } } } }";
    let seen = desk.data(query, json!({ "id": bakker }));
    assert_eq!(
        seen["contact"]["personalData"],
        json!({ "birthDate": "1951-02-03", "bsn": "111222333", "gender": "M", "dateOfDeath": "2025-11-04" })
    );

    let clerk = house.actor("clerk", "READ,WRITE");
    let answer = clerk.ask(query, json!({ "id": bakker }));
    assert_eq!(answer["data"]["contact"]["personalData"], Value::Null);
    assert_eq!(answer["data"]["contact"]["deceased"], true, "that it is recorded is public");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(answer["errors"][0]["path"], json!(["contact", "personalData"]));
    let household = clerk.ask(query, json!({ "id": home }));
    for answer in [&answer, &household] {
        for secret in ["1951-02-03", "111222333", "2025-11-04"] {
            assert!(!answer.to_string().contains(secret), "{secret} leaks: {answer:#}");
        }
    }
    // The same holds for somebody without data: the answer does not tell whether there is any.
    let (_, other, _) = two_contractants(&desk);
    let nothing = clerk.ask(query, json!({ "id": other }));
    assert_eq!(nothing["errors"], answer["errors"]);
    let found = clerk.data("{ findContacts(text: \"111222333\") { nodes { number } } }", json!({}));
    assert_eq!(found["findContacts"]["nodes"], json!([]));
}

#[test]
fn e1_40_sensitive_data_is_changed_with_the_right_only() {
    let house = House::new();
    let desk = house.desk();
    let (_, bakker, vries) = two_contractants(&desk);
    let clerk = house.actor("clerk", "READ,WRITE,SENSITIVE_READ");
    for (name, input) in [
        ("changePersonalData", json!({ "personId": bakker, "bsn": "111222333" })),
        ("recordDeath", json!({ "personId": bakker, "dateOfDeath": "2025-11-04" })),
        ("setSalutation", json!({ "contactId": bakker, "code": "DHR" })),
    ] {
        clerk.refuse(name, input, &["FORBIDDEN"]);
    }
    for (field, value, code) in [
        ("bsn", "123456789", "INVALID_BSN"),
        ("bsn", "000000000", "INVALID_BSN"),
        ("bsn", "12", "INVALID_BSN"),
        ("birthDate", "2199-01-01", "DATE_IN_FUTURE"),
        ("birthDate", "31-12-1990", "INVALID_DATE"),
        ("birthDate", "1700-01-01", "DATE_OUT_OF_RANGE"),
        ("gender", "Q", "UNKNOWN_CODE"),
    ] {
        desk.refuse("changePersonalData", json!({ "personId": bakker, field: value }), &[code]);
    }
    desk.accept("changePersonalData", json!({ "personId": bakker, "bsn": "111222333" }));
    desk.refuse("changePersonalData", json!({ "personId": vries, "bsn": "111222333" }), &["BSN_IN_USE"]);
}

#[test]
fn without_the_header_one_may_look_and_change_nothing() {
    let house = House::new();
    let (home, ..) = two_contractants(&house.desk());
    let mut nobody = house.desk();
    nobody.header = None;
    let data = nobody.data("query($id: ID!) { contact(id: $id) { name } }", json!({ "id": home }));
    assert_eq!(text(&data["contact"]["name"]), "A. Bakker");
    nobody.refuse("changeChannels", json!({ "contactId": home, "emails": [] }), &["FORBIDDEN"]);
}

#[test]
fn without_read_nothing_is_seen() {
    let house = House::new();
    two_contractants(&house.desk());
    let blind = house.actor("blind", "WRITE");
    let answer = blind.ask("{ findContacts { nodes { name } } }", json!({}));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert!(!answer.to_string().contains("Bakker"));
}
