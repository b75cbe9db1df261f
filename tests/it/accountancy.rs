//! Leader and follower (A1), as a member of staff of an accountancy office would do it over HTTP; scenarios 10 and 11.

use crate::support::{Desk, House, text};
use serde_json::{Value, json};

struct Office {
    _house: House,
    desk: Desk,
    company: String,
    leader: String,
    follower: String,
}

fn number(payload: &Value) -> String {
    text(&payload["contact"]["number"]).to_owned()
}

/// A client-company, a client-person, and a contact person at the company filled in with "x" (A1-13).
fn office() -> Office {
    let house = House::new();
    let desk = house.desk();
    let company = number(&desk.accept(
        "createRegistration",
        json!({ "type": "CLIENT_COMPANY", "companyName": "Jansen Bouw B.V." }),
    ));
    let leader = number(&desk.accept(
        "createRegistration",
        json!({ "type": "CLIENT_PERSON", "initials": "P.", "surname": "Jansen",
            "emails": [{ "value": "piet@thuis.nl", "detail": "PRIVATE" }] }),
    ));
    let follower = number(&desk.accept(
        "createRegistration",
        json!({ "type": "CONTACT_PERSON", "parentNo": company, "initials": "x", "surname": "x",
            "business": { "phone": "030 123 4567" } }),
    ));
    Office { _house: house, desk, company, leader, follower }
}

impl Office {
    fn contact(&self, no: &str, fields: &str) -> Value {
        let query = format!("query($no: String!) {{ contact(no: $no) {{ {fields} }} }}");
        self.desk.data(&query, json!({ "no": no }))["contact"].take()
    }

    fn id(&self, no: &str) -> String {
        text(&self.contact(no, "id")["id"]).to_owned()
    }

    fn couple(&self) -> Value {
        self.desk.accept("coupleToLeader", json!({ "followerNo": self.follower, "leaderNo": self.leader }))
    }
}

#[test]
fn scenario_10_a_contact_person_follows_a_client_person() {
    // A1-06, A1-11, A1-13, A1-14, A1-16, A1-17, A1-19, A1-22.
    let office = office();
    let desk = &office.desk;
    let done = office.couple();
    assert_eq!(done["events"], json!(["CoupledToLeader", "FollowedDataCopied"]));
    let follower = office.contact(
        &office.follower,
        "name title isFollower leader { name } emails { value } fieldState(field: SURNAME)",
    );
    assert_eq!(follower["name"], "P. Jansen");
    assert_eq!(follower["isFollower"], true);
    assert_eq!(follower["emails"][0]["value"], "piet@thuis.nl");
    assert_eq!(follower["fieldState"], "FOLLOWED");
    assert!(text(&follower["title"]).contains("follows"));
    assert!(text(&office.contact(&office.leader, "title")["title"]).contains("leader"));

    let id = office.id(&office.follower);
    let refused = desk.refuse(
        "changePersonName",
        json!({ "personId": id, "surname": "Pietersen" }),
        &["FIELD_FOLLOWS_LEADER"],
    );
    assert!(text(&refused["userErrors"][0]["message"]).contains(&office.leader));
    desk.accept(
        "changeBusinessData",
        json!({ "contactNo": office.company, "line": 1, "business": { "phone": "030 765 4321" } }),
    );

    let emails =
        |no: &str| office.contact(no, "emails { value }")["emails"].as_array().expect("a list").len();
    desk.accept("setMailPreference", json!({ "contactNo": office.leader, "preference": "BUSINESS" }));
    assert_eq!(emails(&office.follower), 0, "the private address is withdrawn from the follower");
    let choices = office.contact(&office.leader, "mailChoices { address offered }");
    assert!(!choices.to_string().contains("piet@thuis.nl"), "and not offered for the leader: {choices}");
    let explained = office.contact(&office.leader, "mailChoices(explain: true) { address offered why }");
    assert_eq!(explained["mailChoices"][0]["why"], "LEADER_PREFERS_BUSINESS");
    desk.accept("setMailPreference", json!({ "contactNo": office.leader, "preference": "PRIVATE" }));
    assert_eq!(emails(&office.follower), 1, "it returns");

    let leader = office.id(&office.leader);
    let renamed = desk.accept("changePersonName", json!({ "personId": leader, "surname": "Jansen-Smit" }));
    assert_eq!(renamed["events"], json!(["PersonNameChanged", "FollowedDataCopied"]));
    assert_eq!(office.contact(&office.follower, "name")["name"], "P. Jansen-Smit");

    desk.accept("endLeaderLink", json!({ "followerNo": office.follower }));
    desk.accept("changePersonName", json!({ "personId": id, "surname": "Pietersen" }));
    assert_eq!(office.contact(&office.follower, "name")["name"], "P. Pietersen", "values stay, editable");
}

#[test]
fn scenario_11_no_chains() {
    // I7, I8, I9; A1-11.
    let office = office();
    let desk = &office.desk;
    office.couple();
    let other = number(&desk.accept(
        "createRegistration",
        json!({ "type": "CONTACT_PERSON", "parentNo": office.company, "initials": "G.", "surname": "Groen" }),
    ));
    let couple = |follower: &str, leader: &str, codes: &[&str]| {
        desk.refuse("coupleToLeader", json!({ "followerNo": follower, "leaderNo": leader }), codes);
    };
    couple(&other, &office.follower, &["LEADER_IS_FOLLOWER"]);
    couple(&office.follower, &office.leader, &["ALREADY_FOLLOWING"]);
    couple(&other, &other, &["SELF_COUPLING"]);
    couple(&other, &office.company, &["LEADER_NOT_A_PERSON"]);
    desk.refuse("endLeaderLink", json!({ "followerNo": office.leader }), &["NOT_A_FOLLOWER"]);
    desk.refuse(
        "setMailPreference",
        json!({ "contactNo": other, "preference": "PIGEON" }),
        &["UNKNOWN_CODE"],
    );
}

#[test]
fn a1_12_a_coupled_contact_person_is_made_in_one_commit() {
    let office = office();
    let desk = &office.desk;
    let done =
        desk.accept("createCoupledContact", json!({ "leaderNo": office.leader, "parentNo": office.company }));
    assert_eq!(
        done["events"],
        json!(["ContactCreated", "RoleAdded", "CoupledToLeader", "FollowedDataCopied"])
    );
    desk.refuse(
        "createCoupledContact",
        json!({ "leaderNo": office.leader, "parentNo": office.company, "surname": "Own" }),
        &["FIELD_FOLLOWS_LEADER"],
    );
    desk.refuse(
        "createCoupledContact",
        json!({ "leaderNo": office.leader, "parentNo": office.leader }),
        &["PARENT_TYPE_NOT_ALLOWED"],
    );
    let human = office.contact(&office.leader, "sameHuman { number } followers { number } isLeader");
    assert_eq!(human["isLeader"], true);
    assert_eq!(human["followers"].as_array().expect("a list").len(), 1);
}

#[test]
fn a1_02_types_five_needs_a_parent() {
    let office = office();
    let desk = &office.desk;
    let input = json!({ "type": "CONTACT_PERSON", "initials": "G.", "surname": "Groen" });
    desk.refuse("createRegistration", input, &["PARENT_REQUIRED"]);
    desk.refuse("createRegistration", json!({ "type": "EMPLOYEE_AT_CLIENT" }), &["TYPE_OBSOLETE"]);
    desk.refuse("createRegistration", json!({ "type": "NONSENSE" }), &["UNKNOWN_CODE"]);
    let types = [
        (&office.company, "CLIENT_COMPANY"),
        (&office.leader, "CLIENT_PERSON"),
        (&office.follower, "CONTACT_PERSON"),
    ];
    for (no, kind) in types {
        assert_eq!(office.contact(no, "registrationType")["registrationType"], kind);
    }
    let candidates = desk.data(
        "query($no: String!) { leaderCandidates(followerNo: $no, text: \"jansen\") { nodes { number registrationType } } }",
        json!({ "no": office.follower }),
    );
    assert_eq!(
        candidates["leaderCandidates"]["nodes"][0]["registrationType"], "CLIENT_PERSON",
        "A1-08, A1-10"
    );
}
