//! Rows A2-54 … A2-59; scenario 15.

use super::*;
use crate::card::{Block, ChangeCard};
use crate::channel::{Detail, Kind as Channel};
use crate::contact::ChangeCompanyData;
use crate::registration::CreateRegistration;
use crate::registration::tests::{COMPANY, channel, company, person, typed};
use crate::testing::{Scenario, When};
use ClientStatus as Status;

fn party() -> PartyRef {
    PartyRef::Customer(CustomerId(1).into())
}

fn start() -> StartAcceptance {
    StartAcceptance { party: party(), note: Some("kennismaking".to_owned()) }
}

fn submit() -> SubmitForApproval {
    SubmitForApproval { party: party(), note: None }
}

fn approve() -> ApproveClient {
    ApproveClient { party: party(), note: None }
}

fn complete() -> CompleteAcceptance {
    CompleteAcceptance {
        party: party(),
        checks: ["BILLING", "employees", "COUPLINGS", "DOSSIER"].map(Into::into).into(),
        external_systems: vec!["Salarispakket".to_owned()],
        note: None,
    }
}

/// A prospect whose data are complete.
pub(crate) fn prospect() -> Scenario {
    let prospect = CreateRegistration {
        status: Some("PROSPECT".to_owned()),
        address: Some(typed("Domplein", 1)),
        emails: vec![channel(Channel::Email, Detail::Business, "info@bakkerij.nl")],
        ..company("CLIENT_COMPANY", "Bakkerij B.V.")
    };
    Scenario::new().given(prospect).given(ChangeCompanyData {
        contact: COMPANY.into(),
        kvk: Some("12345678".to_owned()),
        rsin: None,
        vat_id: None,
        legal_form: Some("BV".to_owned()),
    })
}

fn submitted() -> Scenario {
    prospect().given(start()).given(submit())
}

fn status(s: &Scenario) -> Status {
    s.customer(CustomerId(1)).status
}

/// The command, by somebody else with all rights.
fn by_another(s: &Scenario, command: impl Into<crate::Command>) -> When {
    s.clone().named("approver").when(command)
}

/// A2-55 … A2-58, scenario 15: draft, approval by somebody else, central administration, client.
#[test]
fn a2_55_a2_56_a2_57_a2_58_scenario_15_the_whole_flow() {
    let s = prospect().when(start()).then(&["AcceptanceStarted", "ClientStatusChanged"]);
    assert_eq!(status(&s), Status::AcceptanceDraft);
    let s = s.when(submit()).then(&["SubmittedForApproval", "ClientStatusChanged"]);
    assert_eq!(status(&s), Status::AcceptanceApproval);
    let when = by_another(&s, approve());
    assert_eq!(when.causes(), [None, Some(0)]);
    let s = when.then(&["ClientApproved", "ClientStatusChanged"]);
    assert_eq!(status(&s), Status::AcceptanceCentral);
    let s = s.when(complete()).then(&["AcceptanceCompleted", "ClientStatusChanged"]);
    assert_eq!(status(&s), Status::Client);
}

/// A2-57, D-27: nobody decides about what it submitted itself, neither way.
#[test]
fn a2_57_four_eyes() {
    let s = submitted();
    s.when(approve()).then_refused(&["FOUR_EYES"]);
    // Another way of writing the same user is not another one.
    s.clone().by("Tester").when(approve()).then_refused(&["FOUR_EYES"]);
    s.clone().because("te vroeg").when(RejectClient { party: party() }).then_refused(&["FOUR_EYES"]);
    // Sent back and submitted by another, it is the other's.
    let s = s.named("approver").because("te vroeg").given(RejectClient { party: party() });
    let s = s.named("approver").given(submit());
    by_another(&s, approve()).then_refused(&["FOUR_EYES"]);
    s.when(approve()).then(&["ClientApproved", "ClientStatusChanged"]);
}

/// A2-57, D-27: a site may do with two eyes; the setting is a code, on while it is in force.
#[test]
fn a2_57_d_27_four_eyes_is_a_setting() {
    let setting = |begin: Option<&str>, end: Option<&str>| code_list::ChangeCode {
        list: code_list::SITE_SETTING.to_owned(),
        code: code_list::FOUR_EYES.to_owned(),
        name: "Vier ogen".to_owned(),
        description: None,
        begin_date: begin.map(str::to_owned),
        end_date: end.map(str::to_owned),
        parent: None,
        properties: None,
    };
    let s = submitted();
    let off = s.given(setting(None, Some("2026-01-14")));
    off.when(approve()).then(&["ClientApproved", "ClientStatusChanged"]);
    off.clone()
        .because("te vroeg")
        .when(RejectClient { party: party() })
        .then(&["ClientRejected", "ClientStatusChanged"]);
    // Its last day still counts, and it comes back when it begins again.
    s.given(setting(None, Some("2026-01-15"))).when(approve()).then_refused(&["FOUR_EYES"]);
    let again = off.given(setting(Some("2026-01-15"), None));
    again.when(approve()).then_refused(&["FOUR_EYES"]);
}

/// A2-57, D-26: back to draft, with a reason that the log keeps.
#[test]
fn a2_57_a_rejection_needs_a_reason() {
    let s = submitted();
    by_another(&s, RejectClient { party: party() }).then_refused(&["REQUIRED"]);
    let when = s.named("approver").because("geen paspoort").when(RejectClient { party: party() });
    let Some(crate::Event::Acceptance(event)) = when.events().first().map(|recorded| &recorded.event) else {
        panic!("not a step of acceptance")
    };
    let step = event.step();
    assert_eq!(
        (step.by.as_str(), step.from, step.to),
        ("approver", Status::AcceptanceApproval, Status::AcceptanceDraft)
    );
    assert_eq!(step.note.get().cloned().flatten().as_deref(), Some("geen paspoort"));
    assert_eq!(status(&when.then(&["ClientRejected", "ClientStatusChanged"])), Status::AcceptanceDraft);
}

/// A2-56: everything that is missing, at once; of a person also the identification.
#[test]
fn a2_56_incomplete_data_are_all_listed() {
    let bare = |made: CreateRegistration| {
        Scenario::new()
            .given(CreateRegistration { status: Some("SUSPECT".to_owned()), ..made })
            .given(start())
    };
    let listed = |s: &Scenario| {
        let problem = s.when(submit()).problem();
        assert_eq!(problem.code, "ACCEPTANCE_INCOMPLETE");
        problem.blocking.iter().map(|b| b.id.clone()).collect::<Vec<_>>()
    };
    let s = bare(company("CLIENT_COMPANY", "Bakkerij"));
    assert_eq!(listed(&s), ["ADDRESS", "CONTACT_DATA", "KVK", "LEGAL_FORM"]);
    // A web site reaches nobody.
    let s = s.given(crate::channel::tests::websites(crate::ids::ContactId(1), &["www.bakkerij.nl"]));
    assert_eq!(listed(&s), ["ADDRESS", "CONTACT_DATA", "KVK", "LEGAL_FORM"]);
    let s = bare(person("CLIENT_PERSON", "J.", "Jansen"));
    assert_eq!(listed(&s), ["ADDRESS", "CONTACT_DATA", "IDENTIFICATION"]);
    let s = s.given(ChangeCard {
        customer: CustomerId(1).into(),
        blocks: [(Block::Wwft, vec![(Field::DocumentNumber, vec!["NP123".to_owned()])])].into(),
    });
    assert_eq!(listed(&s), ["ADDRESS", "CONTACT_DATA"]);
}

/// A2-58: every check is done, and is one of the list.
#[test]
fn a2_58_open_checks_are_all_listed() {
    let s = submitted().named("approver").given(approve());
    let few = CompleteAcceptance { checks: vec!["BILLING".to_owned()], ..complete() };
    let problem = s.when(few).problem();
    assert_eq!(problem.code, "CHECKS_OPEN");
    assert_eq!(
        problem.blocking.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(),
        ["COUPLINGS", "DOSSIER", "EMPLOYEES"]
    );
    let mut odd = complete();
    odd.checks.push("WEATHER".to_owned());
    s.when(odd).then_refused(&["UNKNOWN_CODE"]);
    let many = CompleteAcceptance { external_systems: vec!["x".to_owned(); 21], ..complete() };
    s.when(many).then_refused(&["TOO_LONG"]);
}

/// A2-55 … A2-58: a step begins where it begins.
#[test]
fn a2_55_steps_out_of_order() {
    let s = prospect();
    s.when(submit()).then_refused(&["TRANSITION_NOT_ALLOWED"]);
    s.when(approve()).then_refused(&["TRANSITION_NOT_ALLOWED"]);
    s.when(complete()).then_refused(&["TRANSITION_NOT_ALLOWED"]);
    s.clone().because("x").when(RejectClient { party: party() }).then_refused(&["TRANSITION_NOT_ALLOWED"]);
    let s = s.given(start());
    assert_eq!(s.when(start()).problem().options, ["submitForApproval"]);
    // A former client comes back this way only (D-25).
    let former = Scenario::new().given(CreateRegistration {
        status: Some("EX_CLIENT".to_owned()),
        ..company("CLIENT_COMPANY", "Bakkerij")
    });
    former.when(start()).then(&["AcceptanceStarted", "ClientStatusChanged"]);
    let client = Scenario::new().given(company("CLIENT_COMPANY", "Bakkerij"));
    let again = client.when(start());
    assert!(
        again.problem().message.ends_with("change the status to EX_CLIENT first, then use startAcceptance.")
    );
    again.then_refused(&["TRANSITION_NOT_ALLOWED"]);
    let bank = Scenario::new().given(company("RELATION_COMPANY", "Bank"));
    let relation = bank.when(start());
    assert!(relation.problem().message.ends_with("register a client instead."));
    relation.then_refused(&["TRANSITION_NOT_ALLOWED"]);
}

/// A2-57, A2-58: rights of their own, on top of seeing; without seeing there is nothing.
#[test]
fn a2_57_a2_58_each_step_has_its_right() {
    let s = submitted();
    let reject = RejectClient { party: party() };
    s.clone().without(&[Permission::ClientApprover]).when(approve()).then_refused(&["FORBIDDEN"]);
    s.clone()
        .without(&[Permission::ClientApprover])
        .because("te vroeg")
        .when(reject.clone())
        .then_refused(&["FORBIDDEN"]);
    let approver = [Permission::Read, Permission::ClientApprover, Permission::SeeAcceptance];
    s.clone().with_only(&approver).when(approve()).then(&["ClientApproved", "ClientStatusChanged"]);
    s.clone()
        .with_only(&approver)
        .because("te vroeg")
        .when(reject)
        .then(&["ClientRejected", "ClientStatusChanged"]);
    s.clone().with_only(&approver[..2]).when(approve()).then_refused(&["NOT_FOUND"]);
    let s = s.named("approver").given(approve());
    s.clone().without(&[Permission::CentralAdmin]).when(complete()).then_refused(&["FORBIDDEN"]);
    let central = [Permission::Read, Permission::CentralAdmin, Permission::SeeAcceptance];
    s.with_only(&central).when(complete()).then(&["AcceptanceCompleted", "ClientStatusChanged"]);
    let prepares = [Permission::Read, Permission::Write, Permission::ChangeProspect];
    prospect().with_only(&prepares).when(start()).then_refused(&["FORBIDDEN"]);
}
