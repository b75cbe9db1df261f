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

/// A hidden client-company with a location, general correspondence and contact person, and a hidden client-person; and
/// around them visible registrations that are tied to them in every way there is.
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
    let (visible, visible_contact) =
        made(json!({ "type": "CLIENT_COMPANY", "companyName": "Zichtbaar B.V." }));
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
    // Numbers that tell who it is.
    for (at, (_, no)) in [&firm, &person].into_iter().enumerate() {
        let number = format!("{CANARY}-{at}");
        desk.accept("changeClientNumber", json!({ "customerNo": no, "number": number }));
    }
    let first = format!("{CANARY}-0");
    // Ties with what is visible.
    desk.accept("linkRelation", json!({ "clientNo": first, "relationNo": bank.1, "kind": "BANK" }));
    desk.accept("setParentCompany", json!({ "customerNo": visible.1, "parentNo": first }));
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
    let contacts = [firm_contact, person_contact, branch, board];
    Hidden {
        house,
        customers: customers.iter().map(|(id, no)| (number(id), no.to_uppercase())).collect(),
        contacts: contacts.iter().map(|(id, no)| (number(id), number(no))).collect(),
    }
}

/// The schema, as introspection tells it.
struct Schema {
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
    fn read(desk: &Desk) -> Self {
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
    fn selection(&self, of: &str, depth: usize) -> String {
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

    /// Values to put into an argument: all the ways to name what is hidden, or all the values that there are.
    fn values(&self, hidden: &Hidden, argument: &Value) -> Vec<String> {
        let ids = || hidden.customers.iter().chain(&hidden.contacts).map(|(id, _)| format!("{id:?}"));
        let numbers = || hidden.customers.iter().chain(&hidden.contacts).map(|(_, no)| format!("{no:?}"));
        let list = argument["type"]["ofType"]["kind"] == "LIST" || argument["type"]["kind"] == "LIST";
        let kind = named(&argument["type"]);
        match kind {
            "ID" if list => vec![format!("[{}]", ids().collect::<Vec<_>>().join(", "))],
            "ID" => ids().collect(),
            "String" if list => vec![format!("[{CANARY:?}]")],
            "String" => {
                numbers().chain([format!("{CANARY:?}"), format!("{TEAM:?}"), "\"\"".to_owned()]).collect()
            }
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
    fn queries(&self, hidden: &Hidden) -> Vec<String> {
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
                    let values = self.values(hidden, argument);
                    values.iter().map(|value| format!("{}: {value}", text(&argument["name"]))).collect()
                })
                .collect();
            let fixed = combinations(&fixed);
            let free = arguments.iter().filter(|argument| !required(argument)).flat_map(|argument| {
                let values = self.values(hidden, argument);
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
    let queries = schema.queries(&hidden);
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
    assert_eq!(pages(&clerk).len(), 2, "the visible company and the bank");
    assert_eq!(pages(&boss).len(), 4);
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
    assert!(text(&refused["userErrors"][0]["message"]).contains("may not see"));
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
