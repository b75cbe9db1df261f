//! The real reference files, imported as a user imports them. See `support::reference_data` for where they come from.

use crate::support::{House, reference_data, text, two_contractants};
use kroniek::Actor;
use serde_json::json;

#[test]
fn the_real_code_lists_are_imported_and_bad_lines_are_named() {
    // §8: malformed dates and repeated keys are reported by line and do not stop the import.
    let Some(data) = reference_data("code lists") else { return };
    let house = House::new();
    let file = data.join("vera-referentiedata.csv");
    let report = house.engine.import_code_lists(&file, Actor::with_all("test"), |_| {}).expect("imports");
    assert_eq!((report.rows, report.lists), (2447, 245));
    let lines =
        |code: &str| report.problems.iter().filter(|p| p.code() == code).map(|p| p.line).collect::<Vec<_>>();
    assert_eq!(lines("IMPORT_ROW_INVALID"), [406, 858, 1124, 1550]);
    assert_eq!(lines("IMPORT_DUPLICATE_KEY").len(), 12);
    let again = house.engine.import_code_lists(&file, Actor::with_all("test"), |_| {}).expect("imports");
    assert_eq!(again.position, None, "a second import has nothing to change");

    // E1-10, §8: CON, the contractant, ended on 2022-01-01.
    let desk = house.desk();
    let (home, ..) = two_contractants(&desk);
    let role = |begin: &str| {
        json!({ "contactId": home, "roleCode": "CON", "beginDate": begin,
                "newPerson": { "initials": "B.", "surname": "Boer" } })
    };
    desk.refuse("addRole", role("2022-01-02"), &["CODE_NOT_IN_FORCE"]);
    desk.accept("addRole", role("2021-12-31"));
    let lines = "query($id: ID!) { contact(id: $id) { contractants { roleCode beginDate } } }";
    let lines = desk.data(lines, json!({ "id": home }))["contact"]["contractants"].take();
    assert_eq!(lines[2], json!({ "roleCode": "CON", "beginDate": "2021-12-31" }));
    let list = desk.data("{ codeList(list: \"ROLE\") { row(code: \"HUU\") { name } } }", json!({}));
    assert_eq!(list["codeList"]["row"]["name"], "Huurder");
}

#[test]
fn the_real_addresses_are_imported_and_looked_up() {
    // E1-21, E2-11.
    let Some(data) = reference_data("addresses") else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    let lookup = |house: &House, what: &str| {
        house.desk().data(
            "query($text: String!) { addressLookup(text: $text) {
                address { street houseNo letter addition city postcode } additionNotInTable
                userErrors { code } } }",
            json!({ "text": what }),
        )["addressLookup"]
            .take()
    };
    {
        let mut house = House::on(dir.path());
        assert_eq!(lookup(&house, "1309AA2")["userErrors"][0]["code"], "ADDRESS_NOT_FOUND", "no table yet");
        let file = data.join("bag-addresses-flevoland.csv.zst");
        let report = house.engine.import_addresses(&file, Actor::with_all("test"), |_| {}).expect("imports");
        assert_eq!(
            (report.rows, report.problem_count),
            (222_210, 0),
            "108 of 222,318 rows are exact repetitions"
        );
        for typed in ["1309AA2", "1309 aa 2", "1309aa 2-b"] {
            let found = lookup(&house, typed);
            assert_eq!(text(&found["address"]["street"]), "Oostvaardersdiep", "{typed}: {found}");
            assert_eq!(found["address"]["city"], "Almere");
        }
        assert_eq!(lookup(&house, "1309aa 2-b")["additionNotInTable"], true);
        for (typed, code) in [
            ("1309AA", "INVALID_HOUSE_NUMBER"),
            ("1309AA0", "INVALID_HOUSE_NUMBER"),
            ("0309AA2", "INVALID_POSTCODE"),
            ("1309SS2", "INVALID_POSTCODE"),
            ("1309AA99998", "ADDRESS_NOT_FOUND"),
        ] {
            assert_eq!(lookup(&house, typed)["userErrors"][0]["code"], code, "{typed}");
        }
        house.stop();
    }
    let house = House::on(dir.path());
    assert_eq!(lookup(&house, "1309AA2")["address"]["houseNo"], 2, "after a restart");
    drop(house);

    // Altered beside the log: every lookup says so, and so does /readyz.
    let kept = std::fs::read_dir(dir.path().join("reference"))
        .expect("reads")
        .map(|entry| entry.expect("entry").path())
        .find(|path| path.extension().is_some_and(|e| e == "source"))
        .expect("the file is kept");
    std::fs::write(&kept, b"altered").expect("writes");
    let house = House::on(dir.path());
    assert_eq!(lookup(&house, "1309AA2")["userErrors"][0]["code"], "ADDRESS_TABLE_UNAVAILABLE");
    assert!(!house.engine.health().troubles.is_empty());
}
