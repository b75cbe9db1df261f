//! Who may not see a status does not see it anywhere (A2-52): every query of the schema is asked, with every way to name
//! what is hidden, and never answers with it.

use crate::support::{ALL, Desk, House, text};
use serde_json::{Map, Value, json};

/// In every name, number and address of what is hidden, and nowhere else.
const CANARY: &str = "Kanariegeel";

/// A team that hidden and visible work goes to.
const TEAM: &str = "VERHUUR";

/// Everything but the right to see suspects.
fn blind(house: &House) -> Desk {
    house.actor("clerk", &ALL.replace("CHANGE_SUSPECT,", ""))
}

/// A hidden client-company with a location, general correspondence and two contact persons, one of which follows somebody
/// visible, and a hidden client-person; and around them visible registrations that are tied to them in every way there is.
struct Hidden {
    house: House,
    customers: Vec<(String, String)>,
    contacts: Vec<(String, String)>,
}

fn hidden() -> Hidden {
    let house = House::new();
    let desk = house.desk();
    let made = |input: Value| {
        let made = desk.accept("createRegistration", input);
        let pair = |of: &str| (made[of]["id"].clone(), made[of]["number"].clone());
        (pair("customer"), pair("contact"))
    };
    let number = |value: &Value| text(value).to_owned();
    let (visible, visible_contact) = made(json!({ "type": "CLIENT_COMPANY", "companyName": "Zichtbaar B.V.",
        "address": { "street": "Plein", "houseNo": 2, "postcode": "1012AB", "city": "Amsterdam" },
        "emails": [{ "value": "info@zichtbaar.nl", "detail": "BUSINESS" }] }));
    let (_, clerk) = made(json!({ "type": "CONTACT_PERSON", "parentNo": number(&visible_contact.1),
        "initials": "A.", "surname": "Bos" }));
    let (bank, _) = made(json!({ "type": "RELATION_COMPANY", "companyName": "Bank N.V." }));
    let (firm, firm_contact) =
        made(json!({ "type": "CLIENT_COMPANY", "companyName": CANARY, "status": "SUSPECT",
        "address": { "street": CANARY, "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" },
        "emails": [{ "value": format!("info@{CANARY}.nl"), "detail": "BUSINESS" }] }));
    let (person, person_contact) =
        made(json!({ "type": "CLIENT_PERSON", "initials": "K.", "surname": CANARY,
        "status": "SUSPECT" }));
    let below =
        |kind: &str| json!({ "type": kind, "parentNo": number(&firm_contact.1), "companyName": CANARY });
    let (_, branch) = made(below("LOCATION"));
    let (_, board) = made(below("GENERAL_CORRESPONDENCE"));
    // Whom only the hidden company knows, one of them as a visible client-person's follower, who is called as that is.
    let (_, hers) =
        made(json!({ "type": "CONTACT_PERSON", "parentNo": number(&firm_contact.1), "initials": "H.",
        "surname": CANARY, "emails": [{ "value": format!("hers@{CANARY}.nl"), "detail": "PRIVATE" }] }));
    let (_, twin) = made(json!({ "type": "CLIENT_PERSON", "initials": "T.", "surname": "Tweeling" }));
    let coupled = desk.accept(
        "createCoupledContact",
        json!({ "leaderNo": twin.1, "parentNo": firm_contact.1, "business": { "function": CANARY } }),
    );
    let follower = (coupled["contact"]["id"].clone(), coupled["contact"]["number"].clone());
    // Numbers that tell who it is.
    for (at, (_, no)) in [&firm, &person].into_iter().enumerate() {
        let number = format!("{CANARY}-{at}");
        desk.accept("changeClientNumber", json!({ "customerNo": no, "number": number }));
    }
    let first = format!("{CANARY}-0");
    // Ties with what is visible.
    desk.accept("linkRelation", json!({ "clientNo": first, "relationNo": bank.1, "kind": "BANK" }));
    desk.accept("setParentCompany", json!({ "customerNo": visible.1, "parentNo": first }));
    desk.accept("setBillingCustomer", json!({ "customerNo": visible.1, "billingCustomerNo": first }));
    desk.accept(
        "addRole",
        json!({ "contactNo": firm_contact.1, "personId": clerk.0, "roleCode": "DIRECTOR" }),
    );
    desk.accept(
        "addRole",
        json!({ "contactNo": visible_contact.1, "personId": person_contact.0,
        "roleCode": "DIRECTOR" }),
    );
    desk.accept(
        "setDebtorNumber",
        json!({ "customerNo": first, "organisation": "OFFICE", "on": true,
        "debtorNo": "D1" }),
    );
    // A question of it, with a task for a team of both.
    desk.accept("defineTeam", json!({ "code": TEAM, "name": "Team" }));
    for code in ["CLERK", "DESK"] {
        desk.accept("addEmployee", json!({ "code": code, "name": code, "userName": code.to_lowercase() }));
        desk.accept("addTeamMember", json!({ "teamCode": TEAM, "employeeCode": code }));
    }
    desk.accept(
        "defineTemplate",
        json!({ "code": "BEL", "name": "Vraag", "channel": "TEL", "direction": "INBOUND", "initiatedBy": "THEM",
            "subject": "QUESTION", "showInPortal": true, "taskDescription": "Terugbellen", "taskDueDays": 2 }),
    );
    desk.accept(
        "registerInteraction",
        json!({ "customerNo": first, "template": "BEL", "createTask": true, "teamCode": TEAM, "note": CANARY }),
    );
    let customers = [(firm.0, format!("{CANARY}-0")), (person.0, format!("{CANARY}-1"))];
    let contacts = [firm_contact, person_contact, branch, board, hers, follower];
    Hidden {
        house,
        customers: customers.iter().map(|(id, no)| (number(id), no.to_uppercase())).collect(),
        contacts: contacts.iter().map(|(id, no)| (number(id), number(no))).collect(),
    }
}

/// The ways to name somebody, for the arguments of a query.
pub(crate) struct Ways {
    /// Ids and numbers.
    pub(crate) named: Vec<(String, String)>,
    /// Other texts.
    pub(crate) texts: Vec<String>,
}

impl Hidden {
    fn ways(&self) -> Ways {
        Ways {
            named: self.customers.iter().chain(&self.contacts).cloned().collect(),
            texts: [CANARY, TEAM, ""].map(str::to_owned).into(),
        }
    }
}

/// The schema, as introspection tells it.
pub(crate) struct Schema {
    types: Map<String, Value>,
}

fn named(kind: &Value) -> &str {
    let mut kind = kind;
    while kind["name"].is_null() {
        kind = &kind["ofType"];
    }
    text(&kind["name"])
}

fn required(argument: &Value) -> bool {
    argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null()
}

impl Schema {
    pub(crate) fn read(desk: &Desk) -> Self {
        let kind = "type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name enumValues {{ name }} possibleTypes {{ name }}
                fields {{ name args {{ name defaultValue {kind} }} {kind} }} }} }} }}"
        );
        let data = desk.data(&query, json!({}));
        let types = data["__schema"]["types"].as_array().expect("types").iter();
        Self { types: types.map(|found| (text(&found["name"]).to_owned(), found.clone())).collect() }
    }

    /// Everything of a type that can be asked without arguments, so deep.
    pub(crate) fn selection(&self, of: &str, depth: usize) -> String {
        let found = &self.types[of];
        if !found["possibleTypes"].is_null() {
            let kinds = found["possibleTypes"].as_array().expect("types").iter();
            let kinds = kinds.map(|kind| {
                let name = text(&kind["name"]);
                format!("... on {name} {{ __typename {} }}", self.selection(name, depth))
            });
            return kinds.collect::<Vec<_>>().join(" ");
        }
        let mut selected = vec!["__typename".to_owned()];
        for field in found["fields"].as_array().expect("fields") {
            if field["args"].as_array().expect("arguments").iter().any(required) {
                continue;
            }
            let kind = named(&field["type"]);
            let leaf = self.types[kind]["fields"].is_null() && self.types[kind]["possibleTypes"].is_null();
            let name = text(&field["name"]);
            if leaf {
                selected.push(name.to_owned());
            } else if depth > 0 {
                selected.push(format!("{name} {{ {} }}", self.selection(kind, depth - 1)));
            }
        }
        selected.join(" ")
    }

    /// Values to put into an argument: all the ways to name somebody, or all the values that there are.
    fn values(&self, ways: &Ways, argument: &Value) -> Vec<String> {
        let ids = || ways.named.iter().map(|(id, _)| format!("{id:?}"));
        let texts = || ways.texts.iter().map(|text| format!("{text:?}"));
        let list = argument["type"]["ofType"]["kind"] == "LIST" || argument["type"]["kind"] == "LIST";
        let kind = named(&argument["type"]);
        match kind {
            "ID" if list => vec![format!("[{}]", ids().collect::<Vec<_>>().join(", "))],
            "ID" => ids().collect(),
            "String" if list => texts().take(1).map(|text| format!("[{text}]")).collect(),
            "String" => ways.named.iter().map(|(_, no)| format!("{no:?}")).chain(texts()).collect(),
            "Int" => vec!["100".to_owned()],
            "Boolean" => vec!["true".to_owned()],
            _ if !self.types[kind]["enumValues"].is_null() => {
                let all = self.types[kind]["enumValues"].as_array().expect("values").iter();
                all.map(|value| text(&value["name"]).to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Every query, with each of its optional arguments in each of its values, the mandatory ones filled in.
    pub(crate) fn queries(&self, ways: &Ways) -> Vec<String> {
        let mut queries = Vec::new();
        for field in self.types["Query"]["fields"].as_array().expect("fields") {
            let arguments = field["args"].as_array().expect("arguments");
            let kind = named(&field["type"]);
            let leaf = self.types[kind]["fields"].is_null() && self.types[kind]["possibleTypes"].is_null();
            let name = text(&field["name"]);
            let fixed: Vec<Vec<String>> = arguments
                .iter()
                .filter(|argument| required(argument))
                .map(|argument| {
                    let values = self.values(ways, argument);
                    values.iter().map(|value| format!("{}: {value}", text(&argument["name"]))).collect()
                })
                .collect();
            let fixed = combinations(&fixed);
            let free = arguments.iter().filter(|argument| !required(argument)).flat_map(|argument| {
                let values = self.values(ways, argument);
                values
                    .into_iter()
                    .map(|value| format!("{}: {value}", text(&argument["name"])))
                    .collect::<Vec<_>>()
            });
            let free: Vec<_> = free.chain([String::new()]).collect();
            let selection = if leaf { String::new() } else { format!("{{ {} }}", self.selection(kind, 2)) };
            for fixed in &fixed {
                for free in &free {
                    let given: Vec<_> =
                        [fixed, free].into_iter().filter(|part| !part.is_empty()).cloned().collect();
                    let given =
                        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
                    queries.push(format!("{{ {name}{given} {selection} }}"));
                }
            }
        }
        queries
    }
}

/// Each way to take one of every list.
fn combinations(lists: &[Vec<String>]) -> Vec<String> {
    lists.iter().fold(vec![String::new()], |so_far, list| {
        let joined = so_far.iter().flat_map(|before| {
            list.iter().map(
                move |next| {
                    if before.is_empty() { next.clone() } else { format!("{before}, {next}") }
                },
            )
        });
        joined.collect()
    })
}

#[test]
fn a2_52_what_is_hidden_is_in_no_answer_to_any_query() {
    let hidden = hidden();
    let (clerk, boss) = (blind(&hidden.house), hidden.house.desk());
    let schema = Schema::read(&boss);
    let queries = schema.queries(&hidden.ways());
    assert!(queries.len() > 100, "{}", queries.len());
    let canary = CANARY.to_uppercase();
    let ids: Vec<_> = hidden.customers.iter().chain(&hidden.contacts).map(|(id, _)| id).collect();
    let numbers: Vec<_> = hidden.contacts.iter().map(|(_, no)| no).collect();
    let (mut told, mut leaks) = (0, Vec::new());
    for query in &queries {
        let answer = clerk.ask(query, json!({})).to_string();
        let named = ids.iter().find(|id| answer.contains(&format!("\"{id}\"")));
        let numbered = numbers.iter().find(|no| answer.contains(&format!("\"{no}\"")));
        if answer.to_uppercase().contains(&canary) || named.is_some() || numbered.is_some() {
            leaks.push((query, answer));
        }
        told += usize::from(boss.ask(query, json!({})).to_string().to_uppercase().contains(&canary));
    }
    assert!(leaks.is_empty(), "{} of {}, the first: {:#?}", leaks.len(), queries.len(), leaks[0]);
    // Whoever may see it is told, by the very same queries.
    assert!(told > 20, "{told} of {}", queries.len());
}

#[test]
fn a2_52_a_hidden_registration_takes_no_place_on_a_page() {
    let hidden = hidden();
    let (clerk, boss) = (blind(&hidden.house), hidden.house.desk());
    let query = "query($after: String) { findCustomers(first: 1, after: $after) {
        nodes { number } pageInfo { hasNextPage endCursor } } }";
    let pages = |desk: &Desk| {
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = desk.data(query, json!({ "after": after }))["findCustomers"].take();
            assert_eq!(page["nodes"].as_array().expect("a list").len(), 1, "a full page: {page}");
            found.push(text(&page["nodes"][0]["number"]).to_owned());
            if page["pageInfo"]["hasNextPage"] == false {
                return found;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    assert_eq!(pages(&clerk).len(), 3, "the visible company, the bank and the client-person");
    assert_eq!(pages(&boss).len(), 5);
}

/// A2-52: a page of contacts is full as well, and says whether anything follows that may be seen.
#[test]
fn a2_52_hidden_contact_persons_take_no_place_on_a_page() {
    let hidden = hidden();
    let persons = |desk: &Desk, first: usize| {
        let query = "query($first: Int) { findContacts(kind: PERSON, first: $first) {
            nodes { name } pageInfo { hasNextPage } } }";
        let page = desk.data(query, json!({ "first": first }))["findContacts"].take();
        let names =
            page["nodes"].as_array().expect("a list").iter().map(|node| text(&node["name"]).to_owned());
        (names.collect::<Vec<_>>(), page["pageInfo"]["hasNextPage"] == true)
    };
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let clerk = blind(&hidden.house);
    assert_eq!(persons(&clerk, 1), (names(&["A. Bos"]), true));
    assert_eq!(persons(&clerk, 2), (names(&["A. Bos", "T. Tweeling"]), false));
    assert_eq!(persons(&clerk, 9), (names(&["A. Bos", "T. Tweeling"]), false));
    assert_eq!(persons(&hidden.house.desk(), 9).0.len(), 5);
}

/// A2-52: whom only a hidden company knows is found by none of the ways by which whoever sees that company finds it.
#[test]
fn a2_52_a_hidden_contact_person_is_nowhere() {
    let hidden = hidden();
    let (clerk, boss) = (blind(&hidden.house), hidden.house.desk());
    let (id, no) = hidden.contacts[4].clone();
    let (customer_id, customer_no) = hidden.customers[0].clone();
    let (firm_id, firm_no) = hidden.contacts[0].clone();
    let similar = |field: &str| {
        format!(
            "{{ similarContacts(draft: {{ kind: PERSON, initials: \"H.\", surname: \"{CANARY}\",
                emails: [\"hers@{CANARY}.nl\"] }}) {{ agreements contact {{ {field} }} }} }}"
        )
    };
    let history = "history(first: 100) { nodes { command reason events { name } changes { entityId field before after } } }";
    let searched = format!("surnamePart: \"{CANARY}\", postcodePart: \"3511\"");
    let queries = [
        format!("{{ node(id: {id:?}) {{ id }} }}"),
        format!("{{ nodes(ids: [{id:?}, {firm_id:?}, {customer_id:?}]) {{ id }} }}"),
        format!("{{ contact(no: {no:?}) {{ id name emails {{ value }} {history} }} }}"),
        format!("{{ person(id: {id:?}) {{ number name roles {{ holder {{ name }} }} parent {{ name }} }} }}"),
        format!("{{ contact(id: {id:?}) {{ number {history} }} }}"),
        format!("{{ customer(no: {customer_no:?}) {{ id name contact {{ contactPersons {{ person {{ id }} }} }} }} }}"),
        format!("{{ findContacts(text: {CANARY:?}, first: 100) {{ nodes {{ id number name }} }} }}"),
        format!("{{ findContacts(text: {no:?}) {{ nodes {{ id }} }} }}"),
        format!("{{ contacts(registrationType: CONTACT_PERSON, text: {CANARY:?}) {{ nodes {{ id number name }} }} }}"),
        format!("{{ findCustomers(text: {CANARY:?}) {{ nodes {{ id number name }} }} }}"),
        format!("{{ findCustomers({searched}) {{ nodes {{ id }} }} }}"),
        similar("id number name"),
        format!("{{ locations(companyNo: {firm_no:?}) {{ nodes {{ id }} }} }}"),
        "{ acceptanceQueue(stage: SUSPECT) { nodes { id number } } }".to_owned(),
        format!("{{ teamTasks(team: {TEAM:?}) {{ nodes {{ contact {{ id }} }} }} }}"),
        format!("{{ openQuestions(team: {TEAM:?}) {{ nodes {{ note contact {{ number }} }} }} }}"),
        "{ interactions(first: 100) { nodes { note contact { id } customer { number } } } }".to_owned(),
        format!(
            "{{ findContacts(text: \"Zichtbaar\") {{ nodes {{ {history} customer {{ billingCustomer {{ number }}
                structure {{ parent {{ number }} above {{ number }} }} {history} }} relatedRoles {{ person {{ id }} }} }} }} }}"
        ),
        format!("{{ findContacts(text: \"Bos\") {{ nodes {{ roles {{ holder {{ id }} }} alsoVisibleAt {{ number }} {history} }} }} }}"),
        format!(
            "{{ findContacts(text: \"Tweeling\") {{ nodes {{ title isLeader availableActions {history}
                followers {{ id number }} sameHuman {{ id }} alsoVisibleAt {{ number }} portalAccess {{ line }} }} }} }}"
        ),
    ];
    let told = |answer: &Value| {
        let answer = answer.to_string();
        let own = |(id, no): &(String, String)| [id.clone(), no.clone()];
        let all = hidden.contacts.iter().chain(&hidden.customers).flat_map(own).chain([CANARY.to_owned()]);
        all.filter(|tells| answer.to_uppercase().contains(&tells.to_uppercase())).collect::<Vec<_>>()
    };
    // A text that was searched for comes back in no answer, so what tells is what was found.
    for query in &queries {
        let (may, may_not) = (boss.ask(query, json!({})), clerk.ask(query, json!({})));
        assert!(may.get("errors").is_none() && !told(&may).is_empty(), "{query}\n{may:#}");
        assert_eq!(told(&may_not), [""; 0], "{query}\n{may_not:#}");
    }
    let twin = clerk.data(
        "{ findContacts(text: \"Tweeling\") { nodes { title isLeader availableActions } } }",
        json!({}),
    );
    let plain = json!([{ "title": "T. Tweeling", "isLeader": false, "availableActions": [] }]);
    assert_eq!(twin["findContacts"]["nodes"], plain);
}

/// A2-52: what follows at somebody hidden from a change that the actor makes is not told; its own change is, with its reason.
#[test]
fn a2_52_a_change_that_reaches_somebody_hidden_is_told_as_far_as_it_is_seen() {
    let hidden = hidden();
    let (clerk, boss) = (blind(&hidden.house), hidden.house.desk());
    let twin = clerk.data("{ findContacts(text: \"Tweeling\") { nodes { id } } }", json!({}));
    let id = twin["findContacts"]["nodes"][0]["id"].clone();
    let rename = |desk: &Desk, initials: &str| {
        let input = json!({ "personId": id, "initials": initials, "reason": format!("now {initials}") });
        desk.accept("changePersonName", input)
    };
    let (mine, theirs) = (rename(&clerk, "U."), rename(&boss, "V."));
    // Asked again, it is answered as the first time, though it also reached somebody hidden.
    let id_of = "7d9f4f0e-0000-4000-8000-000000000011";
    let again = json!({ "personId": id, "initials": "W.", "commandId": id_of });
    let first = clerk.accept("changePersonName", again.clone());
    assert_eq!(clerk.accept("changePersonName", again)["position"], first["position"]);
    assert_eq!(mine["events"], json!(["PersonNameChanged"]));
    assert_eq!(
        mine["contacts"],
        json!([{ "id": id, "number": mine["contact"]["number"], "name": "U. Tweeling" }])
    );
    assert_eq!(theirs["events"], json!(["PersonNameChanged", "FollowedDataCopied"]));
    assert_eq!(theirs["contacts"].as_array().map(Vec::len), Some(2));
    let query = "query($id: ID!) { contact(id: $id) { history { nodes { reason } } } }";
    for desk in [&clerk, &boss] {
        let history = desk.data(query, json!({ "id": id }))["contact"]["history"]["nodes"].take();
        let reasons = history.as_array().expect("a list").iter().filter_map(|entry| entry["reason"].as_str());
        assert_eq!(reasons.collect::<Vec<_>>(), ["now U.", "now V."]);
    }
}

/// A2-52: how many customers are billed through one is not counted where some of them are hidden.
#[test]
fn a2_52_a_history_counts_nobody_hidden() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), blind(&house));
    let made = |status: &str, name: &str| {
        let input = json!({ "type": "CLIENT_COMPANY", "companyName": name, "status": status });
        text(&desk.accept("createRegistration", input)["customer"]["number"]).to_owned()
    };
    let (payer, seen, unseen) =
        (made("CLIENT", "Betaler B.V."), made("CLIENT", "Klant B.V."), made("SUSPECT", "Geheim B.V."));
    for no in [&unseen, &seen] {
        desk.accept("setBillingCustomer", json!({ "customerNo": no, "billingCustomerNo": payer }));
    }
    let query =
        "query($no: String!) { customer(no: $no) { history { nodes { command changes { field after } } } } }";
    let told = |desk: &Desk| {
        let nodes = desk.data(query, json!({ "no": payer }))["customer"]["history"]["nodes"].take();
        let of = |entry: &Value| (entry["command"] == "SetBillingCustomer").then(|| entry["changes"].clone());
        nodes.as_array().expect("a list").iter().filter_map(of).collect::<Vec<_>>()
    };
    let count = |many: &str| json!([{ "field": "billingCustomerOf", "after": many }]);
    assert_eq!(told(&desk), [count("1"), count("2")]);
    assert_eq!(told(&clerk), [json!([])], "that it is billed through is told, not how many are");
}

/// A2-52: a follower says that it follows, and nothing of a leader that is hidden; it can be let go.
#[test]
fn a2_52_the_card_of_a_follower_leads_to_no_hidden_leader() {
    let house = House::new();
    let (desk, clerk) = (house.desk(), blind(&house));
    let made = |input: Value| {
        let made = desk.accept("createRegistration", input);
        (text(&made["contact"]["number"]).to_owned(), text(&made["contact"]["id"]).to_owned())
    };
    let leader =
        json!({ "type": "CLIENT_PERSON", "initials": "G.", "surname": "Leider", "status": "SUSPECT" });
    let (leader_no, leader_id) = made(leader);
    let (firm_no, _) = made(json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    let (other_no, _) = made(json!({ "type": "CLIENT_PERSON", "initials": "A.", "surname": "Ander" }));
    let follower = desk.accept("createCoupledContact", json!({ "leaderNo": leader_no, "parentNo": firm_no }));
    let (no, id) = (text(&follower["contact"]["number"]).to_owned(), follower["contact"]["id"].clone());
    let why = json!({ "personId": leader_id, "initials": "H.", "reason": format!("as {leader_no} says") });
    desk.accept("changePersonName", why);

    let card =
        "query($no: String!) { contact(no: $no) { name title titleNl: title(lang: NL) isLeader isFollower
        availableActions availableActionLabels leader { id } sameHuman { id } fieldState(field: SURNAME)
        history { nodes { command reason events { name } changes { field before after } } } } }";
    let seen = desk.data(card, json!({ "no": no }))["contact"].take();
    assert_eq!(seen["title"], "H. Leider (follows H. Leider)");
    assert_eq!(seen["availableActions"], json!(["GO_TO_LEADER", "END_LEADER_LINK"]));
    assert!(seen.to_string().contains(&leader_no) && seen["leader"]["id"] == leader_id.as_str());
    let mut limited = clerk.data(card, json!({ "no": no }))["contact"].take();
    let entries = limited["history"].take();
    assert!(!format!("{limited}{entries}").contains(&leader_no), "{limited}{entries}");
    assert!(!format!("{limited}{entries}").contains(&leader_id), "{limited}{entries}");
    let named = entries["nodes"].as_array().expect("a list").iter().any(|entry| {
        entry["changes"].as_array().expect("a list").iter().any(|change| change["after"] == "H. Leider")
    });
    assert!(named, "what changed at the follower is told: {entries}");
    let expected = json!({ "name": "H. Leider", "title": "H. Leider (follower)", "titleNl": "H. Leider (volger)",
        "isLeader": false, "isFollower": true, "availableActions": ["END_LEADER_LINK"],
        "availableActionLabels": ["Koppeling met hoofd beëindigen"], "leader": null, "sameHuman": [],
        "fieldState": "FOLLOWED", "history": null });
    assert_eq!(limited, expected);

    let mut told = Vec::new();
    for (name, input, code) in [
        ("changePersonName", json!({ "personId": id, "surname": "Eigen" }), "FIELD_FOLLOWS_LEADER"),
        ("coupleToLeader", json!({ "followerNo": no, "leaderNo": other_no }), "ALREADY_FOLLOWING"),
        ("replaceLeader", json!({ "oldLeaderNo": no, "newLeaderNo": other_no }), "NOT_A_LEADER"),
    ] {
        let open = desk.refuse(name, input.clone(), &[code]).to_string();
        assert!(open.contains(&leader_no), "{open}");
        told.push(clerk.refuse(name, input, &[code]).to_string());
    }
    for answer in told {
        for tells in [leader_no.as_str(), &leader_id, "may not see", "Leider"] {
            assert!(!answer.contains(tells), "{tells}: {answer}");
        }
    }
    let ended = clerk.accept("endLeaderLink", json!({ "followerNo": no }));
    assert_eq!(
        (ended["changed"].as_bool(), &ended["events"]),
        (Some(true), &json!(["LeaderLinkEnded"])),
        "{ended}"
    );
    assert!(!ended.to_string().contains(&leader_no), "{ended}");
    clerk.accept("changePersonName", json!({ "personId": id, "surname": "Eigen" }));
}

/// A2-52, §1.2: a command that was done is answered again to whoever may know of it, and to nobody else.
#[test]
fn a2_52_a_repeated_command_tells_nothing_of_somebody_hidden() {
    const SUSPECT: &str = "7d9f4f0e-0000-4000-8000-000000000001";
    const CLIENT: &str = "7d9f4f0e-0000-4000-8000-000000000002";
    const REMOVED: &str = "7d9f4f0e-0000-4000-8000-000000000003";
    const LOST: &str = "7d9f4f0e-0000-4000-8000-000000000004";
    let house = House::new();
    let (desk, clerk) = (house.desk(), blind(&house));
    let suspect = json!({ "type": "CLIENT_COMPANY", "companyName": "Misschien B.V.", "status": "SUSPECT" });
    let suspect = desk.accept("createRegistration", suspect);
    let no = text(&suspect["customer"]["number"]).to_owned();
    let rename =
        json!({ "contactId": suspect["contact"]["id"], "companyName": "Zeker B.V.", "commandId": SUSPECT });
    let renamed = desk.accept("changeContactName", rename.clone());
    assert_eq!(desk.accept("changeContactName", rename.clone())["position"], renamed["position"]);
    clerk.refuse("changeContactName", rename, &["NOT_FOUND"]);

    // What was made as a client and is one no longer.
    let company = json!({ "type": "CLIENT_COMPANY", "companyName": "Weg B.V.", "commandId": LOST });
    let lost = desk.accept("createRegistration", company.clone());
    assert_eq!(clerk.accept("createRegistration", company.clone())["position"], lost["position"]);
    let to = json!({ "customerNo": lost["customer"]["number"], "to": "EX_CLIENT" });
    desk.accept("setClientStatus", to);
    let visitor = house.actor("visitor", "READ,WRITE,REGISTER");
    let refused = visitor.refuse("createRegistration", company.clone(), &["NOT_FOUND"]);
    assert_eq!(refused["userErrors"][0]["field"], "commandId", "{refused}");
    assert_eq!(desk.accept("createRegistration", company)["position"], lost["position"]);

    // Whoever does something and asks again gets its answer, also where it could not do it now.
    let made = json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V.", "commandId": CLIENT });
    let first = clerk.accept("createRegistration", made.clone());
    let again = clerk.accept("createRegistration", made);
    assert_eq!((&first["position"], &first["events"]), (&again["position"], &again["events"]));
    let person = json!({ "type": "CLIENT_PERSON", "initials": "A.", "surname": "Bos" });
    let person = clerk.accept("createRegistration", person);
    let link = json!({ "contactId": first["contact"]["id"], "personId": person["contact"]["id"], "roleCode": "DIRECTOR" });
    clerk.accept("addRole", link);
    let remove = json!({ "contactId": first["contact"]["id"], "line": 1, "confirm": ["REMOVE_ROLE_LINE"], "commandId": REMOVED });
    let removed = clerk.accept("removeRole", remove.clone());
    assert_eq!(clerk.accept("removeRole", remove)["position"], removed["position"]);

    // A commit of somebody else that also names somebody hidden is not answered to whoever would not find now what it names.
    let parent = json!({ "customerNo": first["customer"]["number"], "parentNo": no, "commandId": "7d9f4f0e-0000-4000-8000-000000000005" });
    let set = desk.accept("setParentCompany", parent.clone());
    assert_eq!(set["events"], json!(["ParentCompanySet"]));
    clerk.refuse("setParentCompany", parent, &["NOT_FOUND"]);
}

/// A2-52: a parent company or billing customer that is hidden is not replaced unseen, nor told of.
#[test]
fn a2_52_a_hidden_parent_or_payer_is_not_replaced() {
    let hidden = hidden();
    let clerk = blind(&hidden.house);
    let found = clerk.data("{ findCustomers { nodes { number name } } }", json!({}));
    let number_of = |name: &str| {
        let nodes = found["findCustomers"]["nodes"].as_array().expect("a list").iter();
        let of = nodes.into_iter().find(|node| text(&node["name"]).starts_with(name)).expect("it is there");
        text(&of["number"]).to_owned()
    };
    let (visible, bank, twin) = (number_of("Zichtbaar"), number_of("Bank"), number_of("T. Tweeling"));
    // What goes to the payer does not seem to go to the customer itself.
    let sent = "query($no: String!) { customer(no: $no) { billingCustomer { id } billingAddress { city }
        recipients(message: INVOICE) { address } } }";
    let of = |desk: &Desk| desk.data(sent, json!({ "no": visible }))["customer"].take();
    assert_eq!(of(&clerk), json!({ "billingCustomer": null, "billingAddress": null, "recipients": [] }));
    assert_eq!(of(&hidden.house.desk())["billingAddress"]["city"], "Utrecht");
    let parent = |to: &Value| json!({ "customerNo": visible, "parentNo": to });
    let payer = |to: &Value| json!({ "customerNo": visible, "billingCustomerNo": to });
    for (name, input, cleared) in [
        ("setParentCompany", parent(&json!(bank)), parent(&Value::Null)),
        ("setBillingCustomer", payer(&json!(twin)), payer(&Value::Null)),
    ] {
        let refused = clerk.refuse(name, input.clone(), &["FORBIDDEN"]);
        assert!(!refused.to_string().to_uppercase().contains(&CANARY.to_uppercase()), "{refused}");
        assert_eq!(clerk.accept(name, cleared)["changed"], json!(false));
        assert_eq!(hidden.house.desk().accept(name, input)["changed"], json!(true), "it stood till then");
    }
}

#[test]
fn a2_52_commands_to_a_hidden_registration_find_nothing() {
    let hidden = hidden();
    let clerk = blind(&hidden.house);
    let (customer, contact) = (&hidden.customers[0].1, &hidden.contacts[0].0);
    let commands = [
        ("setClientStatus", json!({ "customerNo": customer, "to": "PROSPECT" })),
        ("startAcceptance", json!({ "customerNo": customer })),
        ("changeCard", json!({ "customerNo": customer, "tax": { "wageTaxNo": "1" } })),
        ("changeClientNumber", json!({ "customerNo": customer, "number": "X" })),
        ("markForDeletion", json!({ "customerNo": customer, "reason": "x" })),
        ("addBankAccount", json!({ "customerNo": customer, "code": "A", "iban": "NL44RABO0123456789" })),
        ("changeContactName", json!({ "contactId": contact, "companyName": "X" })),
        ("changeContactName", json!({ "contactId": hidden.contacts[2].0, "companyName": "X" })),
        ("changeCompanyData", json!({ "contactId": contact, "kvk": "12345678" })),
        ("moveContact", json!({ "contactNo": hidden.contacts[3].1, "newParentNo": hidden.contacts[0].1 })),
    ];
    for (name, input) in commands {
        let payload = clerk.mutate(name, input);
        assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND", "{name}: {payload}");
        assert_eq!(payload["userErrors"].as_array().map(Vec::len), Some(1), "{name}: {payload}");
    }
    // A conflict with it is told by its code alone.
    let (visible, _) = {
        let found = clerk.data("{ findCustomers(text: \"Zichtbaar\") { nodes { number id } } }", json!({}));
        let node = &found["findCustomers"]["nodes"][0];
        (text(&node["number"]).to_owned(), node["id"].clone())
    };
    let debtor = json!({ "customerNo": visible, "organisation": "OFFICE", "on": true, "debtorNo": "D1" });
    let refused = clerk.refuse("setDebtorNumber", debtor, &["DEBTOR_NO_EXISTS"]);
    let entity = clerk.data(
        "mutation($input: SetDebtorNumberInput!) { setDebtorNumber(input: $input) { userErrors { code entityId } } }",
        json!({ "input": { "customerNo": visible, "organisation": "OFFICE", "on": true, "debtorNo": "D1" } }),
    );
    assert_eq!(entity["setDebtorNumber"]["userErrors"][0]["entityId"], Value::Null);
    let message = text(&refused["userErrors"][0]["message"]);
    assert_eq!(message, "This debtor number is in use at the organisation; choose another.");
}

/// A2-41: the manual says not to use the archive: there is no way to.
#[test]
fn a2_41_there_is_no_archive() {
    let house = House::new();
    let schema = Schema::read(&house.desk());
    for root in ["Query", "Mutation"] {
        let fields = schema.types[root]["fields"].as_array().expect("fields").iter();
        let named: Vec<_> =
            fields.filter(|field| text(&field["name"]).to_lowercase().contains("archive")).collect();
        assert!(named.is_empty(), "{named:?}");
    }
    let blocks = schema.types["CardBlockName"]["enumValues"].as_array().expect("values").iter();
    assert!(blocks.into_iter().all(|block| block["name"] != "ARCHIVE"));
}

#[test]
fn a2_52_my_status_rights() {
    let house = House::new();
    let query = "{ myStatusRights { group see change } }";
    let rights =
        |permissions: &str| house.actor("a", permissions).data(query, json!({}))["myStatusRights"].take();
    let row = |group: &str, see: bool, change: bool| json!({ "group": group, "see": see, "change": change });
    assert_eq!(
        rights("READ,WRITE"),
        json!([
            row("SUSPECT", false, false),
            row("PROSPECT", false, false),
            row("ACCEPTANCE", false, false),
            row("CLIENT", true, true),
            row("EX_CLIENT", false, false),
            row("RELATION", true, true),
        ])
    );
    assert_eq!(
        rights("READ,WRITE,SEE_SUSPECT,CHANGE_PROSPECT"),
        json!([
            row("SUSPECT", true, false),
            row("PROSPECT", true, true),
            row("ACCEPTANCE", false, false),
            row("CLIENT", false, false),
            row("EX_CLIENT", false, false),
            row("RELATION", true, true),
        ])
    );
}

#[test]
fn a2_52_what_is_hidden_takes_no_place_on_a_page_of_contact_moments() {
    let Hidden { house, customers, .. } = hidden();
    let desk = house.desk();
    let seen =
        desk.accept("createRegistration", json!({ "type": "CLIENT_COMPANY", "companyName": "Gewoon B.V." }));
    let register = |no: &str, note: &str| {
        desk.accept(
            "registerInteraction",
            json!({ "customerNo": no, "template": "BEL", "createTask": false, "note": note }),
        );
    };
    register(text(&seen["customer"]["number"]), "gewoon");
    for _ in 0..3 {
        register(&customers[0].1, CANARY);
    }
    let page = blind(&house).data("{ interactions(first: 1) { nodes { note } } }", json!({}));
    assert_eq!(page["interactions"]["nodes"], json!([{ "note": "gewoon" }]));
}
