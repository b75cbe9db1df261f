//! The whole client card (A2-20 … A2-47), every block with every field that it shows, filled in and read back.

use crate::support::{Desk, House, text};
use serde_json::{Value, json};

/// The card as lines `TAB BLOCK field: values`, in its order.
fn card(desk: &Desk, no: &str) -> Vec<String> {
    let query = "query($no: String!) { clientCard(no: $no) { tabs { name blocks { name fields { name values } } } } }";
    let card = desk.data(query, json!({ "no": no }))["clientCard"].take();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let mut lines = Vec::new();
    for tab in list(&card["tabs"]) {
        for block in list(&tab["blocks"]) {
            for field in list(&block["fields"]) {
                let values = list(&field["values"]);
                let values: Vec<_> = values.iter().map(text).collect();
                let [tab, block, field] = [&tab, &block, &field].map(|named| text(&named["name"]));
                lines.push(format!("{tab} {block} {field}: {}", values.join(" | ")));
            }
        }
    }
    lines
}

/// Registers, and answers the number of the customer, the number of its contact and the id of that.
fn register(desk: &Desk, input: Value) -> (String, String, String) {
    let made = desk.accept("createRegistration", input);
    let of = |thing: &str, field: &str| text(&made[thing][field]).to_owned();
    (of("customer", "number"), of("contact", "number"), of("contact", "id"))
}

fn company(desk: &Desk, name: &str) -> (String, String, String) {
    register(desk, json!({ "type": "CLIENT_COMPANY", "companyName": name }))
}

/// The partner, the billing employee and the relation owner.
fn employees(desk: &Desk) -> Value {
    for code in ["VEN", "DEC", "REL"] {
        desk.accept("addEmployee", json!({ "code": code, "name": code }));
    }
    json!({ "responsiblePartner": "VEN", "billingEmployee": "DEC", "relationOwner": "REL" })
}

fn channels(desk: &Desk, contact: &str, name: &str) {
    let phones = json!([
        { "value": "030 1234567", "detail": "BUSINESS" },
        { "kind": "MOBILE", "value": "06 12345678", "detail": "BUSINESS" },
        { "kind": "FAX", "value": "030 7654321", "detail": "BUSINESS" },
    ]);
    let emails = json!([
        { "value": format!("info@{name}.nl"), "detail": "BUSINESS" },
        { "value": format!("post@{name}.nl"), "detail": "BUSINESS" },
    ]);
    desk.accept("changeChannels", json!({ "contactId": contact, "phones": phones, "emails": emails }));
    let address = json!({ "contactId": contact, "street": "Domplein", "houseNo": 1, "postcode": "3511AB", "city": "Utrecht" });
    desk.accept("changeCorrespondenceAddress", address);
}

fn checked_on(desk: &Desk, no: &str) -> String {
    let query = "query($no: String!) { customer(no: $no) { upToDate { on } } }";
    text(&desk.data(query, json!({ "no": no }))["customer"]["upToDate"]["on"]).to_owned()
}

#[test]
fn a2_20_to_a2_42_every_field_of_the_card_of_a_company() {
    let house = House::new();
    let desk = house.desk();
    let (holding, ..) = company(&desk, "Holding B.V.");
    let (daughter, ..) = company(&desk, "Filialen B.V.");
    let (firm, _, contact) = company(&desk, "Bakkerij B.V.");
    channels(&desk, &contact, "bakkerij");
    desk.accept(
        "changeCompanyData",
        json!({ "contactId": contact, "kvk": "12345678", "rsin": "111222333", "vatId": "NL111222333B01", "legalForm": "BV" }),
    );
    desk.accept(
        "changeCard",
        json!({ "customerNo": firm,
            "correspondence": { "correspondenceGroups": ["TAX", "NEWSLETTER"], "mailings": true },
            "contactData": { "website": "www.bakkerij.nl", "establishmentAddress": "Domplein 2, Utrecht" },
            "office": { "branch": "HEAD", "organisation": "OFFICE" },
            "employees": employees(&desk),
            "acquisition": { "source": "beurs", "since": "2025-01-01", "note": "via de bank" },
            "engagements": { "engagements": ["VAT"] },
            "billing": { "billingAddress": "Postbus 1, Utrecht" },
            "structure": { "groupName": "Bakkersgroep" },
            "wta": { "publicInterest": false, "statutoryAudit": true, "wtaNote": "wettelijk" },
            "accountancy": { "financialYearEnd": "12-31", "publication": true },
            "tax": { "wageTaxNo": "111222333L01" },
            "automation": { "software": ["Boekhouden", "Kassa"] },
            "personnel": { "payrollNo": "P-1", "pensionNo": "P-2" },
            "files": { "attachments": ["dms://1", "dms://2"] },
            "dossier": { "dossierReference": "D-1" } }),
    );
    let debtor = |discipline: Option<&str>, number: Option<&str>| json!({ "customerNo": firm, "organisation": "OFFICE", "on": true, "discipline": discipline, "debtorNo": number });
    desk.accept("setDebtorNumber", debtor(Some("TAX"), Some("D1")));
    desk.accept("setDebtorNumber", debtor(Some("ACCOUNTANCY"), Some("D2")));
    desk.accept("setDebtorNumber", debtor(None, Some("D0")));
    desk.accept("setParentCompany", json!({ "customerNo": firm, "parentNo": holding }));
    desk.accept("setParentCompany", json!({ "customerNo": daughter, "parentNo": firm }));
    for (year, turnover) in [(2024, 90), (2025, 100)] {
        let figures = json!({ "customerNo": firm, "year": year, "turnover": turnover, "result": 9, "equity": 8,
            "balanceTotal": 70, "employees": 6 });
        desk.accept("recordKeyFigures", figures);
    }
    for system in ["PORTAL", "TAX"] {
        desk.accept("setCoupling", json!({ "customerNo": firm, "system": system, "on": true }));
    }
    desk.accept("confirmUpToDate", json!({ "customerNo": firm }));
    let stop = json!({ "customerNo": firm, "on": true, "from": "2026-02-01", "reason": "betaalt niet" });
    desk.accept("setWorkStop", stop);
    desk.accept("markForDeletion", json!({ "customerNo": firm, "reason": "dubbel" }));
    let today = checked_on(&desk, &firm);
    assert_eq!(
        card(&desk, &firm),
        [
            "COMPANY GENERAL clientName: Bakkerij B.V.",
            &format!("COMPANY GENERAL clientNumber: {firm}"),
            "COMPANY GENERAL clientStatus: CLIENT",
            "COMPANY CORRESPONDENCE correspondenceGroups: TAX | NEWSLETTER",
            "COMPANY CORRESPONDENCE mailings: true",
            "COMPANY CORRESPONDENCE mailPreference: PRIVATE",
            "COMPANY CONTACT_DATA website: https://www.bakkerij.nl",
            "COMPANY CONTACT_DATA establishmentAddress: Domplein 2, Utrecht",
            "COMPANY CONTACT_DATA phones: 030 1234567",
            "COMPANY CONTACT_DATA mobiles: 06 12345678",
            "COMPANY CONTACT_DATA faxes: 030 7654321",
            "COMPANY CONTACT_DATA emails: info@bakkerij.nl | post@bakkerij.nl",
            "COMPANY CONTACT_DATA correspondenceAddress: Domplein 1, 3511 AB Utrecht",
            "INTERNAL OFFICE branch: HEAD",
            "INTERNAL OFFICE organisation: OFFICE",
            "INTERNAL EMPLOYEES responsiblePartner: VEN",
            "INTERNAL EMPLOYEES billingEmployee: DEC",
            "INTERNAL EMPLOYEES relationOwner: REL",
            "INTERNAL ACQUISITION source: beurs",
            "INTERNAL ACQUISITION since: 2025-01-01",
            "INTERNAL ACQUISITION note: via de bank",
            "INTERNAL ENGAGEMENTS engagements: VAT",
            "INTERNAL BILLING billingAddress: Postbus 1, Utrecht",
            "INTERNAL BILLING debtorNo: OFFICE: D0 | OFFICE ACCOUNTANCY: D2 | OFFICE TAX: D1",
            "INTERNAL DEBTOR_CARD debtors: OFFICE D0 | OFFICE ACCOUNTANCY D2 | OFFICE TAX D1",
            "INTERNAL WORK_STOP workStop: true",
            "INTERNAL WORK_STOP from: 2026-02-01",
            "INTERNAL WORK_STOP reason: betaalt niet",
            "GENERAL STRUCTURE groupName: Bakkersgroep",
            &format!("GENERAL STRUCTURE parentCompany: {holding}"),
            &format!("GENERAL STRUCTURE subsidiaries: {daughter}"),
            "GENERAL WTA publicInterest: false",
            "GENERAL WTA statutoryAudit: true",
            "GENERAL WTA wtaNote: wettelijk",
            "GENERAL KEY_FIGURES keyFigures: 2024: turnover 90, result 9, equity 8, balance total 70, employees 6 \
             | 2025: turnover 100, result 9, equity 8, balance total 70, employees 6",
            "PROFESSIONAL ACCOUNTANCY financialYearEnd: 12-31",
            "PROFESSIONAL ACCOUNTANCY publication: true",
            "PROFESSIONAL ACCOUNTANCY kvk: 12345678",
            "PROFESSIONAL ACCOUNTANCY legalForm: BV",
            "PROFESSIONAL TAX wageTaxNo: 111222333L01",
            "PROFESSIONAL TAX rsin: 111222333",
            "PROFESSIONAL TAX vatId: NL111222333B01",
            "PROFESSIONAL AUTOMATION software: Boekhouden | Kassa",
            "PROFESSIONAL PERSONNEL payrollNo: P-1",
            "PROFESSIONAL PERSONNEL pensionNo: P-2",
            "FILES FILES attachments: dms://1 | dms://2",
            "ADMINISTRATION UP_TO_DATE confirmedBy: desk",
            &format!("ADMINISTRATION UP_TO_DATE confirmedOn: {today}"),
            "ADMINISTRATION DOSSIER dossierReference: D-1",
            "ADMINISTRATION COUPLINGS couplings: PORTAL | TAX",
            "ADMINISTRATION COUPLINGS notCoupled: BILLING | DOCUMENTS | PAYROLL",
            "ADMINISTRATION DELETION marked: true",
            "ADMINISTRATION DELETION reason: dubbel",
        ]
    );
}

#[test]
fn a2_43_to_a2_47_every_field_of_the_card_of_a_person() {
    let house = House::new();
    let desk = house.desk();
    let person = json!({ "type": "CLIENT_PERSON", "initials": "J.", "infix": "van den", "surname": "Berg" });
    let (no, _, contact) = register(&desk, person);
    let (firm, ..) = company(&desk, "Bakkerij B.V.");
    channels(&desk, &contact, "vandenberg");
    desk.accept("setMailPreference", json!({ "contactId": contact, "preference": "BUSINESS" }));
    desk.accept(
        "changeCard",
        json!({ "customerNo": no,
            "correspondence": { "correspondenceGroups": ["TAX"], "mailings": false },
            "partner": { "lifePartner": "A. Bos" },
            "contactData": { "website": "vandenberg.nl", "establishmentAddress": "Singel 1, Utrecht" },
            "wwft": { "documentKind": "PASSPORT", "documentNumber": "NP123",
                "documentValidUntil": "2031-01-01", "identifiedOn": "2025-06-01" },
            "employees": employees(&desk),
            "tax": { "wageTaxNo": "111222333L01" } }),
    );
    let direct = json!({ "function": "Directeur", "department": "Bestuur", "phone": "030 1112223", "email": "j@bakkerij.nl" });
    desk.accept("linkCompanyPerson", json!({ "companyNo": firm, "personNo": no, "directContact": direct }));
    assert_eq!(
        card(&desk, &no),
        [
            "PERSON PERSON initials: J.",
            "PERSON PERSON infix: van den",
            "PERSON PERSON surname: Berg",
            &format!("PERSON PERSON clientNumber: {no}"),
            "PERSON PERSON clientStatus: CLIENT",
            "PERSON CORRESPONDENCE correspondenceGroups: TAX",
            "PERSON CORRESPONDENCE mailings: false",
            "PERSON CORRESPONDENCE mailPreference: BUSINESS",
            "PERSON CONTACT_DATA website: https://vandenberg.nl",
            "PERSON CONTACT_DATA establishmentAddress: Singel 1, Utrecht",
            "PERSON CONTACT_DATA phones: 030 1234567",
            "PERSON CONTACT_DATA mobiles: 06 12345678",
            "PERSON CONTACT_DATA faxes: 030 7654321",
            "PERSON CONTACT_DATA emails: info@vandenberg.nl | post@vandenberg.nl",
            "PERSON CONTACT_DATA correspondenceAddress: Domplein 1, 3511 AB Utrecht",
            "PERSON PARTNER lifePartner: A. Bos",
            "COMPANY COMPANIES companies: Bakkerij B.V., Directeur, Bestuur, 030 1112223, j@bakkerij.nl",
            "INTERNAL OFFICE branch: ",
            "INTERNAL OFFICE organisation: ",
            "INTERNAL EMPLOYEES responsiblePartner: VEN",
            "INTERNAL EMPLOYEES billingEmployee: DEC",
            "INTERNAL EMPLOYEES relationOwner: REL",
            "INTERNAL WWFT documentKind: PASSPORT",
            "INTERNAL WWFT documentNumber: NP123",
            "INTERNAL WWFT documentValidUntil: 2031-01-01",
            "INTERNAL WWFT identifiedOn: 2025-06-01",
            "INTERNAL ACQUISITION source: ",
            "INTERNAL ACQUISITION since: ",
            "INTERNAL ACQUISITION note: ",
            "INTERNAL ENGAGEMENTS engagements: ",
            "INTERNAL BILLING billingAddress: ",
            "INTERNAL BILLING debtorNo: ",
            "INTERNAL DEBTOR_CARD debtors: ",
            "INTERNAL WORK_STOP workStop: false",
            "INTERNAL WORK_STOP from: ",
            "INTERNAL WORK_STOP reason: ",
            "GENERAL STRUCTURE groupName: ",
            "GENERAL STRUCTURE parentCompany: ",
            "GENERAL STRUCTURE subsidiaries: ",
            "GENERAL KEY_FIGURES keyFigures: ",
            "PROFESSIONAL TAX wageTaxNo: 111222333L01",
            "PROFESSIONAL AUTOMATION software: ",
            "FILES FILES attachments: ",
            "ADMINISTRATION UP_TO_DATE confirmedBy: ",
            "ADMINISTRATION UP_TO_DATE confirmedOn: ",
            "ADMINISTRATION DOSSIER dossierReference: ",
            "ADMINISTRATION COUPLINGS couplings: ",
            "ADMINISTRATION COUPLINGS notCoupled: BILLING | DOCUMENTS | PAYROLL | PORTAL | TAX",
            "ADMINISTRATION DELETION marked: false",
            "ADMINISTRATION DELETION reason: ",
        ]
    );
}

/// A2-30: on opening, the card says that work is stopped, since when and why, until it goes on.
#[test]
fn a2_30_the_banner_of_a_work_stop() {
    let house = House::new();
    let desk = house.desk();
    let (firm, ..) = company(&desk, "Bakkerij B.V.");
    let banner = |desk: &Desk| {
        let query = "query($no: String!) { clientCard(no: $no) { workStop { from reason } } }";
        desk.data(query, json!({ "no": firm }))["clientCard"]["workStop"].take()
    };
    assert_eq!(banner(&desk), Value::Null);
    let stop =
        |from: &str, reason: &str| json!({ "customerNo": firm, "on": true, "from": from, "reason": reason });
    desk.accept("setWorkStop", stop("2026-02-01", "betaalt niet"));
    let shown = json!({ "from": "2026-02-01", "reason": "betaalt niet" });
    assert_eq!(banner(&desk), shown);
    // Whoever opens the card sees it, also who may not change it.
    assert_eq!(banner(&house.actor("clerk", "READ")), shown);
    desk.accept("setWorkStop", stop("2026-03-01", "dossier onvolledig"));
    assert_eq!(banner(&desk), json!({ "from": "2026-03-01", "reason": "dossier onvolledig" }));
    desk.accept("setWorkStop", json!({ "customerNo": firm, "on": false }));
    assert_eq!(banner(&desk), Value::Null);
}
