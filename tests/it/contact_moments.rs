//! The manual of handling a contact moment (E2), as members of staff would do it over HTTP; golden scenarios 8 and 9.

use crate::support::{Desk, House, activate, text, two_contractants};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Barrier;

/// A desk with a customer, team VERHUUR of JDV, PDB and KAM, team KLACHTEN of KAM, and three templates.
struct Office {
    house: House,
    desk: Desk,
    /// The customer's number, and the id of its household.
    customer: String,
    household: String,
}

const TEAM: [&str; 3] = ["JDV", "PDB", "KAM"];

fn office() -> Office {
    office_in(House::new())
}

fn office_in(house: House) -> Office {
    let desk = house.desk();
    let (household, ..) = two_contractants(&desk);
    let customer = activate(&desk, &household, "2024-03-01");
    for team in ["VERHUUR", "KLACHTEN", "LEEG"] {
        desk.accept("defineTeam", json!({ "code": team, "name": format!("Team {team}") }));
    }
    for code in TEAM {
        desk.accept("addEmployee", json!({ "code": code, "name": format!("Medewerker {code}") }));
        desk.accept("addTeamMember", json!({ "teamCode": "VERHUUR", "employeeCode": code }));
    }
    desk.accept("addTeamMember", json!({ "teamCode": "KLACHTEN", "employeeCode": "KAM" }));
    let call = json!({
        "code": "BEL", "name": "Telefonische vraag", "channel": "TEL", "direction": "INBOUND", "initiatedBy": "THEM",
        "subject": "QUESTION", "showInPortal": true, "taskDescription": "Terugbellen", "taskDueDays": 2,
    });
    desk.accept("defineTemplate", call);
    let answer = json!({
        "code": "TERUG", "name": "Terugkoppeling", "channel": "EMA", "direction": "OUTBOUND", "initiatedBy": "US",
        "subject": "FEEDBACK", "showInPortal": true,
    });
    desk.accept("defineTemplate", answer);
    let complaint = json!({
        "code": "KLACHT", "name": "Klacht", "channel": "TEL", "direction": "INBOUND", "initiatedBy": "THEM",
        "subject": "COMPLAINT", "createTask": true, "teamCode": "KLACHTEN", "showInPortal": false,
        "taskDescription": "Klacht behandelen", "taskDueDays": 14, "locked": ["SUBJECT", "CREATE_TASK", "TEAM"],
    });
    desk.accept("defineTemplate", complaint);
    Office { house, desk, customer, household }
}

impl Office {
    /// A member of staff who acts under its code.
    fn employee(&self, code: &str) -> Desk {
        self.house.actor(code, "READ,WRITE")
    }

    /// Records a question with follow-up by team VERHUUR; answers the payload.
    fn question(&self) -> Value {
        self.desk.accept(
            "registerInteraction",
            json!({ "customerNo": self.customer, "template": "BEL", "createTask": true, "teamCode": "VERHUUR",
                    "note": "Mag er een tuinhuis staan?" }),
        )
    }

    fn complaint(&self) -> Value {
        self.desk.accept(
            "registerInteraction",
            json!({ "customerNo": self.customer, "template": "KLACHT", "note": "De lift doet het nooit." }),
        )
    }

    /// The notes of the contact moments at the customer, newest first.
    fn notes_of_customer(&self) -> Vec<Value> {
        let query = "query($no: String!) { customer(no: $no) {
            interactions { nodes { id note } } household { interactions { nodes { id note } } } } }";
        let mut card = self.desk.data(query, json!({ "no": self.customer }))["customer"].take();
        assert_eq!(card["interactions"], card["household"]["interactions"], "E2-18: the very same");
        let nodes = card["interactions"]["nodes"].take();
        nodes.as_array().expect("a list").iter().map(|node| node["note"].clone()).collect()
    }
}

fn id(payload: &Value, what: &str) -> String {
    text(&payload[what]["id"]).to_owned()
}

/// The numbers of the tasks that a field of the query root lists.
fn tasks(desk: &Desk, field: &str) -> Vec<u64> {
    let name = field.split('(').next().unwrap_or_default();
    let data = desk.data(&format!("{{ {field} {{ nodes {{ number }} }} }}"), json!({}));
    let nodes = data[name]["nodes"].as_array().expect("a list");
    nodes.iter().map(|task| task["number"].as_u64().expect("a number")).collect()
}

const VERHUUR: &str = "teamTasks(team: \"verhuur\")";

/// Takes a task and goes on where it is asked.
fn take(desk: &Desk, task: &str) -> Value {
    desk.mutate("takeTask", json!({ "taskId": task, "confirm": ["TASK_TAKE_OVER"] }))
}

#[test]
fn scenario_8_a_contact_moment_with_a_task() {
    // E2-17, E2-24 … E2-29, E2-34 … E2-40, I14.
    let office = office();
    let asked = office.question();
    assert_eq!(asked["events"], json!(["InteractionLogged", "TaskCreated"]));
    let task = id(&asked, "task");
    let team = TEAM.map(|code| office.employee(code));
    for member in &team {
        assert_eq!(tasks(member, VERHUUR), [1], "every member sees it");
        assert_eq!(tasks(member, "myTeamTasks"), [1]);
        assert_eq!(tasks(member, "myTasks"), [0; 0]);
    }
    let question = team[0].refuse("takeTask", json!({ "taskId": task }), &["CONFIRMATION_REQUIRED"]);
    assert_eq!(question["userErrors"][0]["prompt"], "TASK_TAKE_OVER");
    let for_another = json!({ "taskId": task, "employeeCode": "PDB", "confirm": ["TASK_TAKE_OVER"] });
    team[0].refuse("takeTask", for_another, &["ONLY_SELF"]);

    let barrier = Barrier::new(2);
    let payloads: Vec<Value> = std::thread::scope(|scope| {
        let takers: Vec<_> = team[..2]
            .iter()
            .map(|member| {
                scope.spawn(|| {
                    barrier.wait();
                    take(member, &task)
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().expect("an answer")).collect()
    });
    let winner = payloads.iter().position(|payload| payload["changed"] == true).expect("one wins");
    let (won, lost) = (&payloads[winner], &payloads[1 - winner]);
    assert_eq!(won["events"], json!(["TaskTaken"]));
    assert_eq!(
        (&won["task"]["status"], &won["task"]["employee"]["code"]),
        (&json!("IN_PROGRESS"), &json!(TEAM[winner]))
    );
    assert_eq!(lost["userErrors"][0]["code"], "TASK_ALREADY_TAKEN");
    let told = text(&lost["userErrors"][0]["message"]);
    assert!(told.contains(&format!("Medewerker {}", TEAM[winner])), "by name: {told}");
    let owner = &team[winner];
    for member in &team {
        assert_eq!(tasks(member, VERHUUR), [0; 0], "gone from the list of the team");
    }
    assert_eq!(tasks(owner, "myTasks"), [1]);
    let own = format!("{{ employee(code: \"{}\") {{ tasks {{ nodes {{ number }} }} }} }}", TEAM[winner]);
    assert_eq!(office.desk.data(&own, json!({}))["employee"]["tasks"]["nodes"], json!([{ "number": 1 }]));

    owner.refuse("finishTask", json!({ "taskId": task, "createInteraction": false }), &["OUTCOME_REQUIRED"]);
    team[2].refuse("writeTaskNote", json!({ "taskId": task, "text": "x" }), &["NOT_TASK_OWNER"]);
    owner.accept("writeTaskNote", json!({ "taskId": task, "text": "Nagevraagd bij beheer." }));
    owner.accept("writeTaskNote", json!({ "taskId": task, "text": "Het mag, tot 6 m2." }));
    let question = owner.refuse("finishTask", json!({ "taskId": task }), &["CONFIRMATION_REQUIRED"]);
    assert_eq!(question["userErrors"][0]["prompt"], "CREATE_INTERACTION_ON_FINISH");
    let done = owner.accept("finishTask", json!({ "taskId": task, "createInteraction": false }));
    assert_eq!(done["events"], json!(["TaskFinished"]));
    assert_eq!(office.notes_of_customer().len(), 1, "no second contact moment");
    let query = "query($id: ID!) { task(id: $id) { status description dueDate contact { number }
        interaction { number } notes { nodes { number text employee { code } } } } }";
    let card = office.desk.data(query, json!({ "id": task }))["task"].take();
    assert_eq!((&card["status"], &card["description"]), (&json!("COMPLETED"), &json!("Terugbellen")));
    assert_eq!(
        card["notes"]["nodes"],
        json!([
            { "number": 1, "text": "Nagevraagd bij beheer.", "employee": { "code": TEAM[winner] } },
            { "number": 2, "text": "Het mag, tot 6 m2.", "employee": { "code": TEAM[winner] } },
        ]),
        "E2-38: appended, in order"
    );
    take(owner, &task)["userErrors"][0]["code"]
        .as_str()
        .map_or_else(|| panic!("a finished task was taken"), |code| assert_eq!(code, "TASK_CLOSED"));
}

#[test]
fn e2_36_of_many_who_take_a_task_at_once_exactly_one_gets_it() {
    let office = office();
    let (tasks, takers) = (6, 12);
    let team: Vec<_> = (0..takers).map(|taker| office.employee(TEAM[taker % 3])).collect();
    for _ in 0..tasks {
        let task = id(&office.question(), "task");
        let barrier = Barrier::new(takers);
        let outcomes: Vec<Value> = std::thread::scope(|scope| {
            let all: Vec<_> = team
                .iter()
                .map(|member| {
                    scope.spawn(|| {
                        barrier.wait();
                        take(member, &task)
                    })
                })
                .collect();
            all.into_iter().map(|taker| taker.join().expect("an answer")).collect()
        });
        let won = outcomes.iter().filter(|payload| payload["changed"] == true).count();
        assert_eq!(won, 1, "{outcomes:#?}");
        // Whoever has it already asked twice: for it there is nothing to change.
        let refused =
            outcomes.iter().filter(|payload| payload["userErrors"][0]["code"] == "TASK_ALREADY_TAKEN");
        assert_eq!(refused.count(), takers - takers / 3);
    }
}

#[test]
fn scenario_9_a_contact_moment_on_a_person_or_on_a_household_with_a_customer() {
    // E2-19.
    let office = office();
    let desk = &office.desk;
    let people = desk.data(
        "query($id: ID!) { contact(id: $id) { contractants { person { id } } } }",
        json!({ "id": office.household }),
    );
    let person = &people["contact"]["contractants"][0]["person"]["id"];
    let on = |contact: &Value| json!({ "contactId": contact, "template": "BEL", "note": "Wanneer?" });
    desk.refuse("registerInteraction", on(person), &["PARTY_KIND_NOT_ALLOWED"]);
    let refused = desk.refuse("registerInteraction", on(&json!(office.household)), &["USE_CUSTOMER"]);
    assert!(text(&refused["userErrors"][0]["hint"]).contains(&office.customer));
    let neither = json!({ "template": "BEL", "note": "Wanneer?" });
    desk.refuse("registerInteraction", neither, &["ONE_PARTY_REQUIRED"]);
    let both =
        json!({ "contactId": person, "customerNo": office.customer, "template": "BEL", "note": "Wanneer?" });
    desk.refuse("registerInteraction", both, &["ONE_PARTY_REQUIRED"]);
    let twice =
        json!({ "customerId": "x", "customerNo": office.customer, "template": "BEL", "note": "Wanneer?" });
    desk.refuse("registerInteraction", twice, &["GIVEN_TWICE"]);
    assert_eq!(office.notes_of_customer(), [Value::Null; 0]);
}

#[test]
fn e2_19_what_hangs_below_a_company_is_recorded_at_its_customer() {
    let office = office();
    let desk = &office.desk;
    let firm = desk
        .accept("createRegistration", json!({ "type": "CLIENT_COMPANY", "companyName": "Bakkerij B.V." }));
    let firm_no = &firm["customer"]["number"];
    let branch = json!({ "type": "LOCATION", "companyName": "Winkel", "parentNo": firm_no });
    let branch = desk.accept("createRegistration", branch)["contact"]["id"].take();
    let moment = json!({ "contactId": branch, "template": "BEL", "note": "Wanneer open?" });
    let task = json!({ "contactId": branch, "teamCode": "VERHUUR", "description": "Bellen" });
    for (command, input) in [("registerInteraction", moment), ("createTask", task)] {
        let refused = desk.refuse(command, input, &["PARTY_KIND_NOT_ALLOWED"]);
        assert!(text(&refused["userErrors"][0]["hint"]).contains(text(firm_no)), "{refused:#}");
    }
    let at_firm = json!({ "customerNo": firm_no, "template": "BEL", "note": "Wanneer open?" });
    assert!(desk.accept("registerInteraction", at_firm)["interaction"]["id"].is_string());
}

#[test]
fn e2_22_a_template_answers_its_defaults() {
    let office = office();
    let query = "query($code: String!) { interactionTemplate(code: $code) {
        subject showInPortal createTask team { code } taskDescription taskDueDays locked } }";
    let defaults =
        |code: &str| office.desk.data(query, json!({ "code": code }))["interactionTemplate"].take();
    assert_eq!(
        defaults("KLACHT"),
        json!({ "subject": "COMPLAINT", "showInPortal": false, "createTask": true, "team": { "code": "KLACHTEN" },
                "taskDescription": "Klacht behandelen", "taskDueDays": 14,
                "locked": ["SUBJECT", "CREATE_TASK", "TEAM"] })
    );
    assert_eq!(
        defaults("TERUG"),
        json!({ "subject": "FEEDBACK", "showInPortal": true, "createTask": null, "team": null, "taskDescription": null,
                "taskDueDays": null, "locked": [] })
    );
    assert_eq!(defaults("XYZ"), Value::Null);
}

#[test]
fn e2_35_whoever_has_a_task_names_nobody_else_either() {
    let office = office();
    let task = id(&office.question(), "task");
    let jdv = office.employee("JDV");
    take(&jdv, &task);
    let naming = |code: &str| json!({ "taskId": task, "employeeCode": code, "confirm": ["TASK_TAKE_OVER"] });
    jdv.refuse("takeTask", naming("PDB"), &["ONLY_SELF"]);
    jdv.refuse("takeTask", naming("XYZ"), &["NOT_FOUND"]);
    assert_eq!(jdv.accept("takeTask", naming("JDV"))["changed"], false);
}

#[test]
fn e2_06_a_house_seeker_asks_and_is_answered() {
    // The whole of the manual: E2-06 … E2-13, E2-20, E2-21 (the pop-up is one command), E2-22, E2-23,
    // E2-33, E2-40; E2-12 the phone number.
    let office = office();
    let (desk, kam) = (&office.desk, office.employee("KAM"));
    let found = desk.data("{ findContacts(text: \"zoekers\") { nodes { number } } }", json!({}));
    assert_eq!(found["findContacts"]["nodes"], json!([]), "not yet known");
    let made = desk.accept(
        "createContact",
        json!({ "kind": "HOUSEHOLD", "phones": [{ "kind": "MOBILE", "value": "06 1234 5678" }],
                "person": { "initials": "w", "surname": "Zoekers", "roleCode": "CONTACT_PERSON" },
                "surname": "Zoekers" }),
    );
    let seeker = made["contacts"][0]["id"].clone();
    let template = desk.data(
        "{ interactionTemplate(code: \"bel\") { showInPortal subject channel locked team { code } } }",
        json!({}),
    );
    assert_eq!(template["interactionTemplate"]["showInPortal"], true, "E2-22: the defaults");
    let asked = desk.accept(
        "registerInteraction",
        json!({ "contactId": seeker, "template": "BEL", "showInPortal": false, "createTask": true,
                "teamCode": "VERHUUR", "note": "Wanneer ben ik aan de beurt?" }),
    );
    let (question, task) = (id(&asked, "interaction"), id(&asked, "task"));
    take(&kam, &task);
    kam.accept("writeTaskNote", json!({ "taskId": task, "text": "Plaats 12 op de lijst." }));
    let outcome = json!({ "template": "TERUG", "note": "U staat op plaats 12.", "showInPortal": false });
    let finished = kam
        .accept("finishTask", json!({ "taskId": task, "createInteraction": true, "interaction": outcome }));
    assert_eq!(finished["events"], json!(["TaskFinished", "InteractionLogged"]));
    let query = "query($id: ID!) { interaction(id: $id) { note showInPortal channel direction initiatedBy
        templateCode templateName customer { number } contact { name } openQuestion
        answeredBy { nodes { note subject direction answers { number } } } } }";
    let card = desk.data(query, json!({ "id": question }))["interaction"].take();
    assert_eq!((&card["channel"], &card["direction"]), (&json!("TEL"), &json!("INBOUND")));
    assert_eq!((&card["customer"], &card["openQuestion"]), (&Value::Null, &json!(false)));
    assert_eq!(
        card["answeredBy"]["nodes"],
        json!([{ "note": "U staat op plaats 12.", "subject": "FEEDBACK", "direction": "OUTBOUND",
                 "answers": { "number": 1 } }])
    );
}

#[test]
fn e2_03_a_question_stays_open_until_it_is_answered() {
    let office = office();
    let desk = &office.desk;
    let open = || {
        let data = desk.data("{ openQuestions(team: \"verhuur\") { nodes { number } } }", json!({}));
        data["openQuestions"]["nodes"].clone()
    };
    let question = id(&office.question(), "interaction");
    desk.accept(
        "registerInteraction",
        json!({ "customerNo": office.customer, "template": "BEL", "note": "En een hek? Ja, dat mag." }),
    );
    assert_eq!(open(), json!([{ "number": 1 }]), "E2-02: what was answered at once is not open");
    let supplier = desk.accept("createContact", json!({ "kind": "COMPANY", "companyName": "Glas B.V." }));
    let answer = |party: Value| {
        let mut input = json!({ "template": "TERUG", "note": "Ja.", "answers": question });
        input.as_object_mut().expect("an object").extend(party.as_object().expect("an object").clone());
        input
    };
    let elsewhere = answer(json!({ "contactId": supplier["contact"]["id"] }));
    desk.refuse("registerInteraction", elsewhere, &["NOT_SAME_PARTY"]);
    let told = desk.accept("registerInteraction", answer(json!({ "customerNo": office.customer })));
    assert_eq!(open(), json!([]));
    let feedback = id(&told, "interaction");
    desk.refuse("cancelInteraction", json!({ "interactionId": feedback }), &["REQUIRED"]);
    desk.accept("cancelInteraction", json!({ "interactionId": feedback, "reason": "verkeerde vraag" }));
    assert_eq!(open(), json!([{ "number": 1 }]), "E2-27: what is cancelled does not count");
    let query =
        "query($id: ID!) { interaction(id: $id) { note cancelledBecause answeredBy { nodes { number } } } }";
    let cancelled = desk.data(query, json!({ "id": feedback }))["interaction"].take();
    assert_eq!(cancelled["cancelledBecause"], "verkeerde vraag", "and stays visible");
    assert_eq!(cancelled["note"], "Ja.");
    let question = desk.data(query, json!({ "id": question }))["interaction"].take();
    assert_eq!(question["answeredBy"]["nodes"], json!([]));
}

#[test]
fn e2_04_a_complaint_is_handed_over_and_followed() {
    let office = office();
    let (desk, kam) = (&office.desk, office.employee("KAM"));
    let complaints = |state: &str| {
        let query =
            format!("{{ complaints(state: {state}) {{ nodes {{ number handedOver team {{ code }} }} }} }}");
        desk.data(&query, json!({}))["complaints"]["nodes"].clone()
    };
    let no_task = json!({ "customerNo": office.customer, "template": "BEL", "subject": "COMPLAINT",
                          "createTask": false, "note": "De lift." });
    desk.refuse("registerInteraction", no_task, &["COMPLAINT_NEEDS_TASK"]);
    let other_team = json!({ "customerNo": office.customer, "template": "KLACHT", "teamCode": "VERHUUR",
                             "note": "De lift." });
    desk.refuse("registerInteraction", other_team, &["DEFAULT_LOCKED"]);
    let made = office.complaint();
    assert_eq!(made["events"], json!(["InteractionLogged", "TaskCreated", "ComplaintHandedOver"]));
    let expected = json!([{ "number": 1, "handedOver": true, "team": { "code": "KLACHTEN" } }]);
    assert_eq!(complaints("NOT_STARTED"), expected);
    let task = id(&made, "task");
    take(&kam, &task);
    assert_eq!((complaints("NOT_STARTED"), complaints("IN_PROGRESS")), (json!([]), expected.clone()));
    let interaction = id(&made, "interaction");
    let cancel = json!({ "interactionId": interaction, "reason": "dubbel" });
    let refused = desk.refuse("cancelInteraction", cancel.clone(), &["HAS_OPEN_TASKS"]);
    assert!(text(&refused["userErrors"][0]["message"]).ends_with("finish its task first."));
    assert_eq!(refused["userErrors"][0]["blocking"][0]["id"], task);
    kam.accept("writeTaskNote", json!({ "taskId": task, "text": "Monteur geweest." }));
    kam.accept("finishTask", json!({ "taskId": task, "createInteraction": false }));
    assert_eq!(complaints("COMPLETED"), expected);
    desk.accept("cancelInteraction", cancel);
    assert_eq!(complaints("COMPLETED"), json!([]), "E2-27: what is cancelled does not count");
}

#[test]
fn e2_23_the_portal_shows_what_may_be_shown_and_nothing_else() {
    let office = office();
    let desk = &office.desk;
    let portal = office.house.actor("portal", "PORTAL");
    let query = "query($no: String!) { portal { interactions(customerNo: $no) {
        nodes { note subject answers { note } } pageInfo { hasNextPage } } } }";
    let shown = || {
        let data = portal.data(query, json!({ "no": office.customer }));
        let nodes = data["portal"]["interactions"]["nodes"].as_array().expect("a list").clone();
        nodes.into_iter().map(|node| node["note"].clone()).collect::<Vec<_>>()
    };
    let question = id(&office.question(), "interaction");
    office.complaint();
    let answer = desk.accept(
        "registerInteraction",
        json!({ "customerNo": office.customer, "template": "TERUG", "note": "Ja.", "answers": question }),
    );
    assert_eq!(shown(), [json!("Ja."), json!("Mag er een tuinhuis staan?")], "newest first, no complaint");
    desk.accept("setPortalVisibility", json!({ "interactionId": question, "showInPortal": false }));
    let data = portal.data(query, json!({ "no": office.customer }));
    let only = json!([{ "note": "Ja.", "subject": "FEEDBACK", "answers": null }]);
    assert_eq!(data["portal"]["interactions"]["nodes"], only, "nor through the answer");
    desk.accept(
        "cancelInteraction",
        json!({ "interactionId": id(&answer, "interaction"), "reason": "fout" }),
    );
    assert_eq!(shown(), [Value::Null; 0]);
    assert_eq!(portal.data(query, json!({ "no": "CU999999" }))["portal"]["interactions"], Value::Null);

    for closed in [
        "{ interactions { nodes { note } } }",
        "{ teams { nodes { code } } }",
        "{ complaints(state: NOT_STARTED) { nodes { note } } }",
        "{ position }",
    ] {
        let answer = portal.ask(closed, json!({}));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{closed}");
        assert_eq!(answer["data"], Value::Null, "{closed}");
    }
    let reached = portal.ask(
        "query($id: ID!, $no: String!) { portal { interactions(customerNo: $no) { nodes { note } } } node(id: $id) { id } }",
        json!({ "id": question, "no": office.customer }),
    );
    assert_eq!(reached["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let nobody = office.house.actor("nobody", "WRITE").ask(query, json!({ "no": office.customer }));
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[test]
fn e2_32_the_tasks_of_a_team_are_for_its_members_and_supervisors() {
    // D-16, D-17; E2-42b.
    let office = office();
    let desk = &office.desk;
    office.question();
    let forbidden = |who: &Desk| {
        let answer = who.ask(&format!("{{ {VERHUUR} {{ nodes {{ number }} }} }}"), json!({}));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        assert_eq!(answer["data"][VERHUUR.split('(').next().unwrap_or_default()], Value::Null);
    };
    desk.accept("addEmployee", json!({ "code": "NEW", "name": "Nieuw", "userName": "n.ieuw" }));
    let new = office.house.actor("N.Ieuw", "READ,WRITE");
    forbidden(&new);
    forbidden(&office.house.actor("nobody", "READ,WRITE"));
    let supervisor = office.house.actor("chef", "READ,SUPERVISE");
    assert_eq!(tasks(&supervisor, VERHUUR), [1]);
    desk.accept("addTeamMember", json!({ "teamCode": "VERHUUR", "employeeCode": "NEW" }));
    assert_eq!(tasks(&new, VERHUUR), [1], "a new member sees what is open");
    assert_eq!(tasks(&new, "myTeamTasks"), [1]);
    desk.accept("removeTeamMember", json!({ "teamCode": "VERHUUR", "employeeCode": "NEW" }));
    forbidden(&new);
    for field in ["myTasks", "myTeamTasks"] {
        let answer = supervisor.ask(&format!("{{ {field} {{ nodes {{ number }} }} }}"), json!({}));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_AN_EMPLOYEE", "{field}");
    }
    let unknown = desk.data("{ teamTasks(team: \"NIEMAND\") { nodes { number } } }", json!({}));
    assert_eq!(unknown["teamTasks"], Value::Null);
}

#[test]
fn e2_41_tasks_are_released_reassigned_and_reopened() {
    // E2-42, E2-42b.
    let office = office();
    let task = id(&office.question(), "task");
    let (jdv, pdb) = (office.employee("JDV"), office.employee("PDB"));
    let chef = office.house.actor("chef", "READ,WRITE,SUPERVISE");
    take(&jdv, &task);
    jdv.refuse("releaseTask", json!({ "taskId": task }), &["REQUIRED"]);
    pdb.refuse("releaseTask", json!({ "taskId": task, "reason": "x" }), &["NOT_TASK_OWNER"]);
    jdv.accept("releaseTask", json!({ "taskId": task, "reason": "ziek" }));
    assert_eq!((tasks(&pdb, VERHUUR), tasks(&jdv, "myTasks")), (vec![1], vec![]));
    pdb.refuse("reassignTask", json!({ "taskId": task, "employeeCode": "PDB" }), &["FORBIDDEN"]);
    chef.accept("reassignTask", json!({ "taskId": task, "employeeCode": "PDB" }));
    assert_eq!((tasks(&pdb, VERHUUR), tasks(&pdb, "myTasks")), (vec![], vec![1]));
    let refused = office.desk.refuse("endEmployee", json!({ "code": "PDB" }), &["HAS_OPEN_TASKS"]);
    assert_eq!(refused["userErrors"][0]["blocking"][0]["id"], task);
    pdb.accept("writeTaskNote", json!({ "taskId": task, "text": "Gedaan." }));
    pdb.accept("setTaskStatus", json!({ "taskId": task, "status": "WAITING" }));
    assert_eq!(tasks(&pdb, "myTasks"), [1], "E2-34: still its own");
    assert_eq!(tasks(&pdb, "myTasks(status: WAITING)"), [1]);
    pdb.refuse(
        "finishTask",
        json!({ "taskId": task, "createInteraction": false }),
        &["TASK_NOT_IN_PROGRESS"],
    );
    pdb.refuse("setTaskStatus", json!({ "taskId": task, "status": "COMPLETED" }), &["USE_TASK_ACTION"]);
    office.desk.refuse("endEmployee", json!({ "code": "PDB" }), &["HAS_OPEN_TASKS"]);
    pdb.accept("setTaskStatus", json!({ "taskId": task, "status": "IN_PROGRESS" }));
    pdb.refuse("reopenTask", json!({ "taskId": task, "reason": "x" }), &["TASK_NOT_CLOSED"]);
    pdb.accept("finishTask", json!({ "taskId": task, "createInteraction": false }));
    assert_eq!(tasks(&pdb, "myTasks(status: COMPLETED)"), [1]);
    pdb.accept("reopenTask", json!({ "taskId": task, "reason": "nog een vraag" }));
    assert_eq!(tasks(&pdb, "myTasks"), [1]);
    pdb.accept("finishTask", json!({ "taskId": task, "createInteraction": false }));
    office.desk.accept("endEmployee", json!({ "code": "PDB" }));
    let team = office.desk.data("{ team(code: \"VERHUUR\") { members { code } } }", json!({}));
    assert_eq!(team["team"]["members"], json!([{ "code": "JDV" }, { "code": "KAM" }]));
    let reopened = chef.accept("reopenTask", json!({ "taskId": task, "reason": "toch niet klaar" }));
    assert_eq!(reopened["events"], json!(["TaskReopened", "TaskReleased"]), "its employee has left");
    assert_eq!(tasks(&jdv, VERHUUR), [1]);
}

#[test]
fn e2_30_a_task_without_a_contact_moment() {
    let office = office();
    let input = json!({ "customerNo": office.customer, "teamCode": "VERHUUR", "description": "Sleutel brengen",
                        "dueDate": "2030-01-31" });
    let made = office.desk.accept("createTask", input);
    assert_eq!(made["events"], json!(["TaskCreated"]));
    let query =
        "query($id: ID!) { task(id: $id) { description dueDate status interaction { id } team { code } } }";
    let card = office.desk.data(query, json!({ "id": id(&made, "task") }))["task"].take();
    let expected = json!({ "description": "Sleutel brengen", "dueDate": "2030-01-31", "status": "NOT_STARTED",
                           "interaction": null, "team": { "code": "VERHUUR" } });
    assert_eq!(card, expected);
    let wrong = json!({ "teamCode": "LEEG", "dueDate": "2030-02-31" });
    office.desk.refuse(
        "createTask",
        wrong,
        &["ONE_PARTY_REQUIRED", "TEAM_EMPTY", "REQUIRED", "INVALID_DATE"],
    );
}

#[test]
fn e2_01_contact_moments_are_listed_newest_first_page_by_page() {
    let office = office();
    let desk = &office.desk;
    let register = |template: &str, note: String| {
        desk.accept(
            "registerInteraction",
            json!({ "customerNo": office.customer, "template": template, "note": note }),
        )
    };
    for at in 1..=5 {
        register("BEL", format!("vraag {at}"));
    }
    let answer = register("TERUG", "antwoord 6".to_owned());
    desk.accept(
        "cancelInteraction",
        json!({ "interactionId": id(&answer, "interaction"), "reason": "fout" }),
    );
    let page = |filter: Value, first: u32, after: Option<&str>| {
        let query = "query($filter: InteractionFilterInput, $first: Int, $after: String) {
            interactions(filter: $filter, first: $first, after: $after) { nodes { number } pageInfo { hasNextPage endCursor } } }";
        let data = desk.data(query, json!({ "filter": filter, "first": first, "after": after }));
        let list = &data["interactions"];
        let numbers: Vec<_> = list["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|node| node["number"].as_u64().expect("a number"))
            .collect();
        (
            numbers,
            list["pageInfo"]["hasNextPage"] == true,
            list["pageInfo"]["endCursor"].as_str().map(str::to_owned),
        )
    };
    let (first, more, cursor) = page(json!({ "customerNo": office.customer }), 4, None);
    assert_eq!((first, more), (vec![6, 5, 4, 3], true));
    let (rest, more, _) = page(json!({ "customerNo": office.customer }), 4, cursor.as_deref());
    assert_eq!((rest, more), (vec![2, 1], false));
    let all = |filter: Value| page(filter, 100, None).0;
    assert_eq!(all(json!({ "subject": "FEEDBACK" })), [6]);
    assert_eq!(all(json!({ "subject": "FEEDBACK", "withoutCancelled": true })), [0; 0]);
    assert_eq!(all(json!({ "contactId": office.household, "inPortal": true })), [5, 4, 3, 2, 1]);
    assert_eq!(all(json!({ "customerNo": "CU999999" })), [0; 0], "nobody");
    assert_eq!(all(Value::Null), [6, 5, 4, 3, 2, 1]);
    let both = desk.ask(
        "{ interactions(filter: { contactNo: \"CT000001\", customerNo: \"CU000001\" }) { nodes { number } } }",
        json!({}),
    );
    assert_eq!(both["errors"][0]["extensions"]["code"], "GIVEN_TWICE");
    let codes =
        desk.data("{ employees(first: 2) { nodes { code } pageInfo { hasNextPage endCursor } } }", json!({}));
    assert_eq!(codes["employees"]["nodes"], json!([{ "code": "JDV" }, { "code": "KAM" }]));
    let after = text(&codes["employees"]["pageInfo"]["endCursor"]);
    let rest = desk.data(
        "query($after: String) { employees(after: $after) { nodes { code } pageInfo { hasNextPage } } }",
        json!({ "after": after }),
    );
    assert_eq!(rest["employees"]["nodes"], json!([{ "code": "PDB" }]));
    let templates =
        desk.data("{ interactionTemplates { nodes { code } } teams { nodes { code } } }", json!({}));
    let expected = json!({ "interactionTemplates": { "nodes": [{ "code": "BEL" }, { "code": "KLACHT" }, { "code": "TERUG" }] },
                           "teams": { "nodes": [{ "code": "KLACHTEN" }, { "code": "LEEG" }, { "code": "VERHUUR" }] } });
    assert_eq!(templates, expected);
}

#[test]
fn e2_27_later_changes_of_a_template_do_not_change_what_was_recorded() {
    let office = office();
    let question = id(&office.question(), "interaction");
    let changed = json!({ "code": "BEL", "name": "Brief", "channel": "BRI", "direction": "INBOUND", "initiatedBy": "THEM" });
    office.desk.accept("changeTemplate", changed);
    office.desk.accept("blockTemplate", json!({ "code": "BEL" }));
    let query = "query($id: ID!) { interaction(id: $id) { templateName channel }
        interactionTemplate(code: \"BEL\") { name channel blockedOn history { nodes { command changes { field } } } } }";
    let data = office.desk.data(query, json!({ "id": question }));
    assert_eq!(data["interaction"], json!({ "templateName": "Telefonische vraag", "channel": "TEL" }));
    assert_eq!(data["interactionTemplate"]["channel"], "BRI");
    let commands: Vec<_> = data["interactionTemplate"]["history"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| text(&entry["command"]).to_owned())
        .collect();
    assert_eq!(commands, ["DefineTemplate", "ChangeTemplate", "BlockTemplate"]);
    let input = json!({ "customerNo": office.customer, "template": "BEL", "note": "x" });
    office.desk.refuse("registerInteraction", input, &["CODE_NOT_IN_FORCE"]);
}

/// Everything that reading shows of this part, to be compared before and after.
fn everything(desk: &Desk, ids: &[String]) -> Value {
    let query = "query($ids: [ID!]!) {
        nodes(ids: $ids) { __typename id
            ... on Interaction { version note openQuestion handedOver history { nodes { position command actor changes { field before after } } } }
            ... on Task { version status notes { nodes { text } } history { nodes { position command reason changes { field before after } } } }
            ... on InteractionTemplate { version name history { nodes { position } } }
            ... on Team { version members { code } history { nodes { position changes { field before after } } } }
            ... on Employee { version userName teams { code } history { nodes { position changes { field before after } } } }
        }
        teamTasks(team: \"VERHUUR\") { nodes { number } } interactions { nodes { number } }
        openQuestions(team: \"VERHUUR\") { nodes { number } } complaints(state: IN_PROGRESS) { nodes { number } }
        employees { nodes { code tasks { nodes { number } } } }
    }";
    desk.data(query, json!({ "ids": ids }))
}

#[test]
fn i16_what_is_read_comes_back_the_same_when_the_read_models_are_built_anew() {
    // Every entity has an id and a history; live projection and a rebuild come to the same rows.
    let dir = tempfile::tempdir().expect("a temporary directory");
    let office = office_in(House::on(dir.path()));
    let (first, second) = (office.question(), office.question());
    let complaint = office.complaint();
    let kam = office.employee("KAM");
    take(&kam, &id(&complaint, "task"));
    take(&kam, &id(&first, "task"));
    kam.accept("writeTaskNote", json!({ "taskId": id(&first, "task"), "text": "Gebeld." }));
    let outcome = json!({ "template": "TERUG", "note": "Ja." });
    let input = json!({ "taskId": id(&first, "task"), "createInteraction": true, "interaction": outcome });
    kam.accept("finishTask", input);
    let coded = |field: &str| {
        let data = office.desk.data(&format!("{{ {field} {{ id }} }}"), json!({}));
        text(&data[field.split('(').next().unwrap_or_default()]["id"]).to_owned()
    };
    let ids = [
        id(&first, "interaction"),
        id(&first, "task"),
        id(&second, "interaction"),
        id(&complaint, "interaction"),
        id(&complaint, "task"),
        coded("interactionTemplate(code: \"BEL\")"),
        coded("team(code: \"VERHUUR\")"),
        coded("employee(code: \"KAM\")"),
    ];
    let live = everything(&office.desk, &ids);
    assert!(live["nodes"].as_array().expect("a list").iter().all(|node| !node.is_null()), "{live:#}");
    assert_eq!(live["openQuestions"]["nodes"], json!([{ "number": 2 }]));
    assert_eq!(live["complaints"]["nodes"], json!([{ "number": 3 }]));
    let changes = &live["nodes"][1]["history"]["nodes"][1]["changes"];
    let took = json!([{ "field": "employee", "before": null, "after": "KAM" },
                      { "field": "status", "before": "NOT_STARTED", "after": "IN_PROGRESS" }]);
    assert_eq!(changes, &took, "before and after");
    let Office { mut house, .. } = office;
    house.stop();
    drop(house);
    let shown = history_on_the_command_line(dir.path(), "task:1");
    assert!(
        shown.contains("TaskNoteWritten") && shown.contains("status: NOT_STARTED -> IN_PROGRESS"),
        "{shown}"
    );
    for entity in ["interaction:1", "template:BEL", "team:VERHUUR", "employee:KAM"] {
        assert!(history_on_the_command_line(dir.path(), entity).contains("desk"), "{entity}");
    }
    std::fs::remove_dir_all(dir.path().join("views")).expect("removes the read models");
    let house = House::on(dir.path());
    assert_eq!(everything(&house.desk(), &ids), live);
}

fn history_on_the_command_line(data: &Path, entity: &str) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kroniek"))
        .args(["history", entity, "--data"])
        .arg(data)
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
