//! Rows A2-17, A2-20, A2-24, A2-30, A2-39, A2-40, A2-42.

use super::*;
use crate::registration::tests::{COMPANY, company, contact_person};
use crate::testing::Scenario;

/// Client-companies 1 and 2.
fn office() -> Scenario {
    Scenario::new()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(company("CLIENT_COMPANY", "Slagerij B.V."))
}

fn one() -> CustomerRef {
    CustomerId(1).into()
}

fn renumber(customer: u64, number: &str) -> ChangeClientNumber {
    ChangeClientNumber { customer: CustomerId(customer).into(), number: number.to_owned() }
}

/// A2-20: a number is one customer's; one that was given up is free (A2-11).
#[test]
fn a2_20_a_client_number_changes() {
    let s = office().when(renumber(1, "k-100")).then(&["ClientNumberChanged"]);
    assert_eq!(s.customer(CustomerId(1)).number, "K-100");
    s.when(renumber(1, "K-100")).then_nothing();
    s.when(renumber(2, "K-100")).then_refused(&["NUMBER_TAKEN"]);
    s.when(renumber(2, "CU000002")).then_nothing();
    s.when(renumber(2, "CU000001")).then(&["ClientNumberChanged"]);
    let by_number = |number: &str| ConfirmUpToDate { customer: CustomerRef::Number(number.to_owned()) };
    s.when(by_number("K-100")).then(&["DataConfirmed"]);
    s.when(by_number("CU000001")).then_refused(&["NOT_FOUND"]);
    let s = s.when(renumber(1, "CU000001")).then(&["ClientNumberChanged"]);
    s.when(renumber(1, "")).then_refused(&["REQUIRED"]);
    s.when(renumber(1, "een twee")).then_refused(&["INVALID_TEXT"]);
    s.when(renumber(1, &"9".repeat(21))).then_refused(&["TOO_LONG"]);
    s.with_only(&[Permission::Read]).when(renumber(1, "K")).then_refused(&["FORBIDDEN"]);
}

/// A2-20: the series steps out of the way of a number that was chosen by hand.
#[test]
fn a2_20_a_number_that_was_chosen_is_not_given_out_again() {
    let s = office().given(renumber(1, "CU000003")).given(company("CLIENT_COMPANY", "Derde B.V."));
    assert_eq!(s.customer(CustomerId(3)).number, "CU1000000003");
}

/// A2-20: contact numbers and customer numbers are one name space, so that either may be typed where a number is asked for.
#[test]
fn a2_20_a_number_names_no_contact_and_another_customer() {
    let s = office();
    s.when(renumber(1, "CT000002")).then_refused(&["NUMBER_TAKEN"]);
    // Its own contact's number names the same.
    s.when(renumber(1, "CT000001")).then(&["ClientNumberChanged"]);
    let numbered = |number: &str| crate::contact::CreateContact {
        number: Some(number.to_owned()),
        surname: Some("Bos".to_owned()),
        ..crate::customer::tests::new_contact(crate::contact::Kind::Person)
    };
    let s = s.given(renumber(1, "K-100"));
    for taken in ["K-100", "CU000001", "CU000002", "CT000002"] {
        s.when(numbered(taken)).then_refused(&["NUMBER_TAKEN"]);
    }
    // Nor one that the other series will give out.
    s.when(numbered("CU000099")).then_refused(&["NUMBER_TAKEN"]);
    s.when(renumber(2, "CT000099")).then_refused(&["NUMBER_TAKEN"]);
    for (contact, customer) in [("CT000099", "CU000099"), ("CU99", "CT-9")] {
        let s = s.given(numbered(contact)).given(renumber(2, customer));
        assert_eq!(s.customer(CustomerId(2)).number, customer);
        s.when(renumber(1, contact)).then_refused(&["NUMBER_TAKEN"]);
        s.when(numbered(customer)).then_refused(&["NUMBER_TAKEN"]);
    }
}

fn debtor_no(customer: u64, number: Option<&str>) -> SetDebtorNumber {
    SetDebtorNumber {
        customer: CustomerId(customer).into(),
        organisation: "OFFICE".to_owned(),
        discipline: Some("TAX".to_owned()),
        on: true,
        debtor_no: number.map(Into::into),
    }
}

/// A code that was in force until the day before the stories begin.
fn ended(list: &str, code: &str) -> code_list::ChangeCode {
    code_list::ChangeCode {
        list: list.to_owned(),
        code: code.to_owned(),
        name: "Voorheen".to_owned(),
        description: None,
        begin_date: None,
        end_date: Some("2026-01-14".to_owned()),
        parent: None,
        properties: None,
    }
}

/// A2-24: as many disciplines of an organisation as there are, each with a number of its own, or none.
#[test]
fn a2_24_a_client_is_a_debtor_of_several_disciplines() {
    let of = |discipline: Option<&str>, number: Option<&str>| SetDebtorNumber {
        discipline: discipline.map(Into::into),
        ..debtor_no(1, number)
    };
    let off = |discipline: Option<&str>| SetDebtorNumber { on: false, ..of(discipline, None) };
    let listed = |s: &Scenario| {
        let customer = s.customer(CustomerId(1));
        let listed = customer.administration.all_debtors().map(|(at, debtor)| {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            format!("{at} {} {}", or_none(&debtor.discipline), or_none(&debtor.number))
        });
        listed.collect::<Vec<_>>()
    };
    let s = office()
        .given(of(Some("TAX"), Some("D1")))
        .given(of(Some("ACCOUNTANCY"), Some("D2")))
        .when(of(None, None))
        .then(&["DebtorNumberSet"]);
    assert_eq!(listed(&s), ["OFFICE - -", "OFFICE ACCOUNTANCY D2", "OFFICE TAX D1"]);
    // One of them changes, or ends, and the others stay.
    let s = s.when(of(Some("TAX"), Some("D3"))).then(&["DebtorNumberSet"]);
    assert_eq!(listed(&s), ["OFFICE - -", "OFFICE ACCOUNTANCY D2", "OFFICE TAX D3"]);
    s.when(of(Some("tax"), Some("d3"))).then_nothing();
    let s = s.when(off(Some("ACCOUNTANCY"))).then(&["DebtorNumberSet"]);
    assert_eq!(listed(&s), ["OFFICE - -", "OFFICE TAX D3"]);
    s.when(off(Some("ACCOUNTANCY"))).then_nothing();
    let s = s.when(off(None)).then(&["DebtorNumberSet"]);
    s.when(off(None)).then_nothing();
    assert_eq!(listed(&s), ["OFFICE TAX D3"]);
    // Where a discipline ended, being its debtor can still end, and nothing else.
    let gone = s.given(ended(code_list::DISCIPLINE, "TAX"));
    gone.when(of(Some("TAX"), Some("D4"))).then_refused(&["CODE_NOT_IN_FORCE"]);
    gone.when(off(Some("TAX"))).then(&["DebtorNumberSet"]);
    gone.when(off(Some("NOTHING"))).then_refused(&["UNKNOWN_CODE"]);
    // A number is unique at the organisation, also among the disciplines of one client.
    s.when(of(Some("ACCOUNTANCY"), Some("D3"))).then_refused(&["DEBTOR_NO_EXISTS"]);
    s.when(SetDebtorNumber { discipline: None, ..debtor_no(2, Some("D3")) })
        .then_refused(&["DEBTOR_NO_EXISTS"]);
    s.when(SetDebtorNumber { discipline: None, ..debtor_no(2, Some("D2")) }).then(&["DebtorNumberSet"]);
}

/// A2-24: one number per organisation has one client.
#[test]
fn a2_24_debtor_numbers_are_unique_per_organisation() {
    let s = office().when(debtor_no(1, Some("d1"))).then(&["DebtorNumberSet"]);
    s.when(debtor_no(1, Some("D1"))).then_nothing();
    s.when(debtor_no(2, Some("D1"))).then_refused(&["DEBTOR_NO_EXISTS"]);
    s.when(debtor_no(2, None)).then(&["DebtorNumberSet"]);
    let other = crate::code_list::ChangeCode {
        list: code_list::ORGANISATION.to_owned(),
        code: "OTHER".to_owned(),
        name: "Ander kantoor".to_owned(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: None,
    };
    let elsewhere = SetDebtorNumber { organisation: "OTHER".to_owned(), ..debtor_no(2, Some("D1")) };
    s.given(other).when(elsewhere).then(&["DebtorNumberSet"]);
    // A number that was given up is free again.
    let s = s.when(SetDebtorNumber { on: false, ..debtor_no(1, None) }).then(&["DebtorNumberSet"]);
    assert!(s.customer(CustomerId(1)).administration.debtors.is_empty());
    s.when(debtor_no(2, Some("D1"))).then(&["DebtorNumberSet"]);
    s.when(SetDebtorNumber { organisation: "X".to_owned(), ..debtor_no(1, None) })
        .then_refused(&["UNKNOWN_CODE"]);
    s.when(SetDebtorNumber { discipline: Some("X".to_owned()), ..debtor_no(1, Some("a b")) })
        .then_refused(&["UNKNOWN_CODE", "INVALID_TEXT"]);
}

/// A2-30: stopping needs a reason; going on needs none.
#[test]
fn a2_30_work_stops_and_goes_on() {
    let stop = |on, from: Option<&str>| SetWorkStop { customer: one(), on, from: from.map(Into::into) };
    let s = office();
    s.when(stop(true, None)).then_refused(&["REQUIRED"]);
    s.when(stop(false, None)).then_nothing();
    s.clone().because("betaalt niet").when(stop(true, Some("x"))).then_refused(&["INVALID_DATE"]);
    let s = s.because("betaalt niet").when(stop(true, Some("2026-02-01"))).then(&["WorkStopSet"]);
    let stopped = s.customer(CustomerId(1)).administration.work_stop.clone().expect("stopped");
    assert_eq!(
        (stopped.from.to_string().as_str(), stopped.reason.as_deref()),
        ("2026-02-01", Some("betaalt niet"))
    );
    let s = s.when(stop(false, None)).then(&["WorkStopSet"]);
    assert_eq!(s.customer(CustomerId(1)).administration.work_stop, None);
}

/// A2-39: who checked the data, and when.
#[test]
fn a2_39_the_data_are_confirmed() {
    let confirm = ConfirmUpToDate { customer: one() };
    let s = office().when(confirm.clone()).then(&["DataConfirmed"]);
    let confirmed = s.customer(CustomerId(1)).administration.confirmed.clone().expect("confirmed");
    assert_eq!((confirmed.by.as_str(), confirmed.on.to_string().as_str()), ("tester", "2026-01-15"));
    s.when(confirm.clone()).then_nothing();
    s.on(2026, 1, 16).when(confirm.clone()).then(&["DataConfirmed"]);
    office().with_only(&[Permission::Read]).when(confirm).then_refused(&["FORBIDDEN"]);
}

/// A2-17, A2-40: coupled or not, per package.
#[test]
fn a2_17_a2_40_couplings() {
    let couple = |system: &str, on| SetCoupling { customer: one(), system: system.to_owned(), on };
    let s = office().when(couple("portal", true)).then(&["CouplingSet"]);
    assert_eq!(s.customer(CustomerId(1)).administration.couplings, BTreeSet::from(["PORTAL".to_owned()]));
    s.when(couple("PORTAL", true)).then_nothing();
    s.when(couple("TAX", false)).then_nothing();
    s.when(couple("PORTAL", false)).then(&["CouplingSet"]);
    s.when(couple("FAX", true)).then_refused(&["UNKNOWN_CODE"]);
    s.when(couple("FAX", false)).then_refused(&["UNKNOWN_CODE"]);
    // A package that is no longer there is let go, and not coupled to.
    let gone = s.given(ended(code_list::COUPLING, "PORTAL")).given(ended(code_list::COUPLING, "TAX"));
    gone.when(couple("TAX", true)).then_refused(&["CODE_NOT_IN_FORCE"]);
    gone.when(couple("PORTAL", false)).then(&["CouplingSet"]);
}

/// A2-42: only an administrator, with a reason, and nothing is deleted.
#[test]
fn a2_42_marked_for_deletion_and_restored() {
    let (mark, unmark) = (MarkForDeletion { customer: one() }, UnmarkForDeletion { customer: one() });
    let s = office();
    s.clone()
        .without(&[Permission::Administrator])
        .because("dubbel")
        .when(mark.clone())
        .then_refused(&["FORBIDDEN"]);
    s.when(mark.clone()).then_refused(&["REQUIRED"]);
    s.when(unmark.clone()).then_nothing();
    let s = s.because("dubbel").when(mark.clone()).then(&["DeletionMarked"]);
    assert_eq!(s.customer(CustomerId(1)).administration.deletion, Some(Some("dubbel".to_owned())));
    s.clone().because("weer").when(mark.clone()).then_nothing();
    s.clone().without(&[Permission::Administrator]).when(unmark.clone()).then_refused(&["FORBIDDEN"]);
    let s = s.when(unmark).then(&["DeletionUnmarked"]);
    assert_eq!(s.customer(CustomerId(1)).administration.deletion, None);
}

/// A2-40: suspects and private clients cannot be coupled to some packages; the code of the package says which.
#[test]
fn a2_40_some_packages_are_not_for_suspects_or_private_clients() {
    let couple = |customer: u64, system: &str, on| SetCoupling {
        customer: CustomerId(customer).into(),
        system: system.to_owned(),
        on,
    };
    let suspect = crate::registration::CreateRegistration {
        status: Some("SUSPECT".to_owned()),
        ..company("CLIENT_COMPANY", "Misschien B.V.")
    };
    let s =
        office().given(suspect).given(crate::registration::tests::person("CLIENT_PERSON", "J.", "Jansen"));
    let when = s.when(couple(3, "billing", true));
    assert_eq!(when.fields(), ["system"]);
    when.then_refused(&["COUPLING_NOT_ALLOWED"]);
    s.when(couple(3, "PAYROLL", true)).then_refused(&["COUPLING_NOT_ALLOWED"]);
    s.when(couple(4, "PAYROLL", true)).then_refused(&["COUPLING_NOT_ALLOWED"]);
    let s = s.when(couple(4, "BILLING", true)).then(&["CouplingSet"]);
    s.when(couple(1, "PAYROLL", true)).then(&["CouplingSet"]);
    s.when(couple(3, "TAX", true)).then(&["CouplingSet"]);
    // A site says otherwise; what is coupled stays so, and can be ended.
    let change = |code: &str, not_for: &[&str]| code_list::ChangeCode {
        list: code_list::COUPLING.to_owned(),
        code: code.to_owned(),
        name: "Pakket".to_owned(),
        description: None,
        begin_date: None,
        end_date: None,
        parent: None,
        properties: Some(code_list::Properties {
            codes: not_for.iter().map(|who| (*who).to_owned()).collect(),
            ..code_list::Properties::default()
        }),
    };
    let s = s.given(change("BILLING", &["CLIENT_PERSON"])).given(change("PAYROLL", &[]));
    s.when(couple(4, "PAYROLL", true)).then(&["CouplingSet"]);
    s.when(couple(3, "BILLING", true)).then(&["CouplingSet"]);
    s.when(couple(4, "BILLING", true)).then_nothing();
    let s = s.when(couple(4, "BILLING", false)).then(&["CouplingSet"]);
    s.when(couple(4, "BILLING", false)).then_nothing();
    s.when(couple(4, "BILLING", true)).then_refused(&["COUPLING_NOT_ALLOWED"]);
}

/// A2-40: whoever comes to a status that a package is not for is coupled to it no longer, in the same commit, by its cause.
#[test]
fn a2_40_a_coupling_ends_with_the_status_that_it_is_for() {
    use crate::client_status::SetClientStatus;
    use crate::ids::PartyRef;
    let prospect = crate::registration::CreateRegistration {
        status: Some("PROSPECT".to_owned()),
        ..company("CLIENT_COMPANY", "Misschien B.V.")
    };
    let couple = |system: &str| SetCoupling { customer: one(), system: system.to_owned(), on: true };
    let to = |status: &str| SetClientStatus { party: PartyRef::Customer(one()), to: status.to_owned() };
    let coupled = |s: &Scenario| s.customer(CustomerId(1)).administration.couplings.clone();
    let s = Scenario::new().given(prospect).given(couple("BILLING")).given(couple("TAX"));
    let when = s.when(to("SUSPECT"));
    assert_eq!(when.causes(), [None, Some(0)]);
    let s = when.then(&["ClientStatusChanged", "CouplingSet"]);
    assert_eq!(coupled(&s), BTreeSet::from(["TAX".to_owned()]));
    // It does not come back by itself.
    let s = s.when(to("PROSPECT")).then(&["ClientStatusChanged"]);
    assert_eq!(coupled(&s), BTreeSet::from(["TAX".to_owned()]));
    s.when(couple("BILLING")).then(&["CouplingSet"]);
}

/// A2-15: what has something below it cannot go; all of it is listed.
#[test]
fn a2_15_what_has_children_stays() {
    let branch = crate::registration::CreateRegistration {
        parent: Some(COMPANY.into()),
        ..company("LOCATION", "Filiaal")
    };
    let s = office().given(contact_person(COMPANY, "A.", "Bos")).given(branch);
    let when = s.because("dubbel").when(MarkForDeletion { customer: one() });
    let listed: Vec<_> = when.problem().blocking.into_iter().map(|b| b.id).collect();
    assert_eq!(listed, ["contact:3", "contact:4"]);
    when.then_refused(&["HAS_CHILDREN"]);
}
