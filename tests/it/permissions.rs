//! I18: no query path returns a sensitive value without `SENSITIVE_READ`, and nobody does what they may not.

use crate::hostile::{Cast, Inputs, head, staff};
use crate::office_rights::{Schema, Ways};
use crate::support::{ALL, House, text, two_contractants};
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

/// §1.3: whoever may only look changes nothing, by whichever command; the answer is the same for each.
#[test]
fn section_1_3_every_command_needs_a_right() {
    let house = House::new();
    let desk = house.desk();
    let reader = house.actor("desk", "READ");
    let inputs = Inputs::read(&desk);
    staff(&desk);
    assert!(inputs.mutations.len() > 80, "{}", inputs.mutations.len());
    for (nth, mutation) in inputs.mutations.iter().enumerate() {
        let input = Cast::new(&desk, mutation, nth).input(mutation, nth);
        let before = head(&house);
        let refused = reader.refuse(mutation, input, &["FORBIDDEN"]);
        assert_eq!(refused["contacts"], json!([]), "{mutation}");
        assert_eq!(head(&house), before, "{mutation}");
    }
}

/// Sensitive values of everybody, which stand nowhere else.
const SECRETS: [&str; 3] = ["111222333", "1951-02-03", "2024-02-29"];

/// Everything but the right to see sensitive values.
fn without_secrets(house: &House) -> crate::support::Desk {
    house.actor("clerk", &ALL.replace("SENSITIVE_READ,SENSITIVE_WRITE,", ""))
}

/// What of the secrets stands in an answer, whatever was asked.
fn told(answer: &Value) -> Vec<&'static str> {
    let answer = answer.to_string();
    SECRETS.into_iter().filter(|secret| answer.contains(secret)).collect()
}

/// I18: every query of the schema, by every way to name a tenant and a client-person with a BSN, a date of birth and a date
/// of death, never answers one of them; and a search by one finds nobody.
#[test]
fn i18_a_sensitive_value_is_in_no_answer_to_any_query() {
    let house = House::new();
    let desk = house.desk();
    staff(&desk);
    let cast = Cast::new(&desk, "registerInteraction", 0);
    desk.accept(
        "changePersonalData",
        json!({ "personId": cast.person, "bsn": SECRETS[0], "birthDate": SECRETS[1] }),
    );
    desk.accept("changePersonalData", json!({ "personId": cast.client, "birthDate": SECRETS[1] }));
    for person in [&cast.person, &cast.client] {
        let mut death = json!({ "personId": person, "dateOfDeath": SECRETS[2] });
        if *person == cast.person {
            death["keepRoles"] = json!(false);
        }
        desk.accept("recordDeath", death);
    }
    let customer = "query($no: String!) { customer(no: $no) { id number } }";
    let customer = desk.data(customer, json!({ "no": cast.customer }))["customer"].take();
    let contact = "query($id: ID!) { contact(id: $id) { id number } }";
    let contacts = [&cast.household, &cast.person, &cast.client]
        .map(|id| desk.data(contact, json!({ "id": id }))["contact"].take());
    let named = |found: &Value| (text(&found["id"]).to_owned(), text(&found["number"]).to_owned());
    let ways = Ways {
        named: contacts.iter().chain([&customer]).map(named).collect(),
        texts: vec!["Bakker".to_owned(), "VERHUUR".to_owned(), String::new()],
    };
    let schema = Schema::read(&desk);
    let queries = schema.queries(&ways);
    assert!(queries.len() > 100, "{}", queries.len());
    let (clerk, mut leaks, mut seen) = (without_secrets(&house), Vec::new(), 0);
    for query in &queries {
        let answer = clerk.ask(query, json!({}));
        if !told(&answer).is_empty() {
            leaks.push((query, answer));
        }
        seen += usize::from(!told(&desk.ask(query, json!({}))).is_empty());
    }
    assert!(leaks.is_empty(), "{} of {}, the first: {:#?}", leaks.len(), queries.len(), leaks[0]);
    // Whoever may see them is told, by the very same queries.
    assert!(seen > 10, "{seen} of {}", queries.len());

    // Who is searched by a value that somebody has is answered as who is searched by one that nobody has.
    let all = |value: &str| {
        let ways = Ways { named: Vec::new(), texts: vec![value.to_owned()] };
        let queries = schema.queries(&ways);
        // The token of a search holds what was typed.
        let asked = queries.iter().filter(|query| query.contains(value));
        let asked = asked.map(|query| query.replace("searchToken", ""));
        let answers = asked.map(|query| clerk.ask(&query, json!({})).to_string().replace(value, "VALUE"));
        answers.collect::<Vec<_>>()
    };
    for (value, nobody) in SECRETS.iter().zip(["123456782", "1951-02-04", "2024-02-28"]) {
        let answers = all(value);
        assert!(answers.len() > 20, "{}", answers.len());
        assert_eq!(answers, all(nobody));
    }
}

/// I18: nor does the answer to any command, accepted or refused.
#[test]
fn i18_a_sensitive_value_is_in_no_payload() {
    let house = House::new();
    let desk = house.desk();
    let clerk = without_secrets(&house);
    let (inputs, schema) = (Inputs::read(&desk), Schema::read(&desk));
    staff(&desk);
    let (mut accepted, mut shown) = (0, 0);
    for (nth, mutation) in inputs.mutations.iter().enumerate() {
        let cast = Cast::new(&desk, mutation, nth);
        for person in [&cast.person, &cast.client, &cast.follower] {
            desk.accept("changePersonalData", json!({ "personId": person, "birthDate": SECRETS[1] }));
        }
        let kind = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let selection = schema.selection(&format!("{kind}Payload"), 2);
        let query =
            format!("mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        let answer = clerk.ask(&query, json!({ "input": cast.input(mutation, nth) }));
        assert_eq!(told(&answer), [""; 0], "{mutation}: {answer:#}");
        accepted += usize::from(answer["data"][mutation]["changed"] == true);
        let person = "query($id: ID!) { contact(id: $id) { personalData { birthDate } } }";
        shown += usize::from(!told(&desk.ask(person, json!({ "id": cast.person }))).is_empty());
    }
    assert!(accepted > 40 && shown > 80, "{accepted} accepted, {shown} with something to tell");
}
