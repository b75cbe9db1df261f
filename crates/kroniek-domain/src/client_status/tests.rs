//! Rows A2-50 … A2-54, A2-60, A1-04.

use super::*;
use crate::contact::ChangePersonName;
use crate::registration::CreateRegistration;
use crate::registration::tests::{COMPANY, company, contact_person, person};
use crate::role::SetPortalCoupling;
use crate::status_right::{self, Statuses};
use crate::testing::Scenario;
use crate::world::World as _;
use ClientStatus as Status;

/// A client-company in a status, reached as an office reaches it when it takes over its files.
fn client_in(status: &str) -> Scenario {
    let status = Some(status.to_owned());
    Scenario::new().given(CreateRegistration { status, ..company("CLIENT_COMPANY", "Bakkerij B.V.") })
}

fn to(status: &str) -> SetClientStatus {
    SetClientStatus { party: PartyRef::Customer(CustomerId(1).into()), to: status.to_owned() }
}

/// A2-53: the table, cell by cell, for the statuses outside acceptance.
#[test]
fn a2_53_which_status_follows_which() {
    let outside = ["SUSPECT", "PROSPECT", "CLIENT", "EX_CLIENT"];
    let direct = [
        ("SUSPECT", "PROSPECT"),
        ("PROSPECT", "SUSPECT"),
        ("CLIENT", "EX_CLIENT"),
        ("EX_CLIENT", "PROSPECT"),
    ];
    for from in outside {
        for wanted in outside {
            let when = client_in(from).when(to(wanted));
            if from == wanted {
                when.then_nothing();
            } else if direct.contains(&(from, wanted)) {
                let s = when.then(&["ClientStatusChanged"]);
                assert_eq!(s.customer(CustomerId(1)).status.name(), wanted);
                assert_eq!(s.contact(COMPANY).standing.map(Status::name), Some(wanted));
            } else {
                let expected: Vec<_> =
                    direct.iter().filter(|(f, _)| *f == from).map(|(_, to)| (*to).to_owned()).collect();
                assert_eq!(when.problem().options, expected);
                when.then_refused(&["TRANSITION_NOT_ALLOWED"]);
            }
        }
    }
}

/// A2-53, §1.2: a status named by the contact is checked at the version of the customer that has it, or at the
/// contact's while that is the later.
#[test]
fn a2_53_the_version_of_a_status_named_by_its_contact() {
    // Company 1 and customer 1 were made by commit 1; commit 2 names the contact only.
    let numbers = crate::contact::ChangeCompanyData {
        contact: COMPANY.into(),
        kvk: Some("12345678".to_owned()),
        rsin: None,
        vat_id: None,
        legal_form: None,
    };
    let s = client_in("CLIENT").given(numbers);
    let by_contact = SetClientStatus { party: PartyRef::Contact(COMPANY.into()), to: "EX_CLIENT".to_owned() };
    for expected in [1, 2] {
        s.clone().expecting(expected).when(by_contact.clone()).then(&["ClientStatusChanged"]);
    }
    for expected in [0, 3] {
        s.clone().expecting(expected).when(by_contact.clone()).then_refused(&["VERSION_CONFLICT"]);
    }
    // Once the customer has changed, what the contact was like before says nothing about it.
    let block = crate::administration::ConfirmUpToDate { customer: CustomerId(1).into() };
    s.given(block).expecting(2).when(by_contact).then_refused(&["VERSION_CONFLICT"]);
}

/// A customer in any status, reached by the steps that lead there.
fn standing(status: Status) -> Scenario {
    use crate::acceptance::tests::prospect;
    use crate::acceptance::{ApproveClient, StartAcceptance, SubmitForApproval};
    let (party, note) = (to("").party, None);
    let start = StartAcceptance { party: party.clone(), note: note.clone() };
    let submit = SubmitForApproval { party: party.clone(), note: note.clone() };
    let approve = ApproveClient { party, note };
    match status {
        Status::AcceptanceDraft => prospect().given(start),
        Status::AcceptanceApproval => prospect().given(start).given(submit),
        Status::AcceptanceCentral => prospect().given(start).given(submit).named("approver").given(approve),
        Status::Relation => Scenario::new().given(company("RELATION_COMPANY", "Bank N.V.")),
        Status::Suspect | Status::Prospect | Status::Client | Status::ExClient => client_in(status.name()),
    }
}

/// A2-53, A2-54: the whole table, each status to each; into, out of and inside acceptance there are actions only.
#[test]
fn a2_54_acceptance_goes_by_its_actions() {
    let actions = |from: Status| -> &[&str] {
        match from {
            Status::Suspect | Status::Prospect | Status::ExClient => &["startAcceptance"],
            Status::AcceptanceDraft => &["submitForApproval"],
            Status::AcceptanceApproval => &["approveClient", "rejectClient"],
            Status::AcceptanceCentral => &["completeAcceptance"],
            Status::Client | Status::Relation => &[],
        }
    };
    let accepting = [Status::AcceptanceDraft, Status::AcceptanceApproval, Status::AcceptanceCentral];
    for from in Status::ALL.iter().copied() {
        let s = standing(from);
        assert_eq!(s.customer(CustomerId(1)).status, from);
        for wanted in Status::ALL.iter().copied() {
            let when = s.when(to(wanted.name()));
            if from == wanted {
                when.then_nothing();
            } else if from == Status::Relation || wanted == Status::Relation {
                assert_eq!(when.fields(), ["to"]);
                when.then_refused(&["STATUS_NOT_FOR_TYPE"]);
            } else if accepting.contains(&from) || accepting.contains(&wanted) {
                let problem = when.problem();
                assert_eq!(problem.options, actions(from), "{from:?} to {wanted:?}");
                // Whoever is a client is told what there is to do, although no action is possible now.
                assert_eq!(problem.message.contains("EX_CLIENT"), from == Status::Client);
                when.then_refused(&["USE_ACCEPTANCE_ACTION"]);
            } else if DIRECT.contains(&(from, wanted)) {
                assert_eq!(when.then(&["ClientStatusChanged"]).customer(CustomerId(1)).status, wanted);
            } else {
                when.then_refused(&["TRANSITION_NOT_ALLOWED"]);
            }
        }
    }
}

/// A2-52, A2-53: what is offered is what is accepted, for whoever asks and wherever the customer stands.
#[test]
fn a2_53_what_is_offered_is_accepted_and_nothing_else() {
    use Permission::{ChangeClient, ChangeProspect, ChangeSuspect, Read, SeeExClient, SeeProspect, Write};
    let all: Vec<_> = Actor::with_all("boss").permissions.into_iter().collect();
    let casts: &[&[Permission]] = &[
        &[Read],
        &[Read, Write],
        &[Read, Write, SeeProspect, SeeExClient],
        &[Read, Write, ChangeProspect],
        &[Read, Write, ChangeProspect, ChangeSuspect],
        &[Read, ChangeProspect, ChangeSuspect],
        &[Read, Write, ChangeClient],
        &all,
    ];
    let mut offered = 0;
    for (from, rights) in Status::ALL.iter().flat_map(|from| casts.iter().map(move |cast| (*from, *cast))) {
        let s = standing(from);
        let kind = crate::registration::tests::type_of(&s, COMPANY);
        let actor = Actor::new("limited", rights.iter().copied());
        let allowed = allowed_changes(&actor, kind, from);
        for wanted in Status::ALL.iter().copied() {
            let when = s.clone().with_only(rights).when(to(wanted.name()));
            if allowed.contains(&wanted) {
                when.then_made();
                offered += 1;
            } else if from == wanted {
                // Which is no change, for whoever may not make one as well.
            } else {
                assert!(!when.refusals().is_empty());
            }
        }
    }
    assert!(offered > 5, "{offered}");
    // What is no registration has no status to change.
    assert_eq!(allowed_changes(&Actor::with_all("boss"), None, Status::Client), []);
}

/// A2-50: what carries no client status: a household with a customer, what hangs below a company, by the field and by every
/// step of the acceptance.
#[test]
fn a2_50_other_types_have_no_client_status() {
    use crate::acceptance::{
        ApproveClient, CompleteAcceptance, RejectClient, StartAcceptance, SubmitForApproval,
    };
    // A household with a customer, 1; company 3 with a location 4, general correspondence 5 and contact person 6.
    let below =
        |kind: &str| CreateRegistration { parent: Some(ContactId(3).into()), ..company(kind, "Naam") };
    let s = crate::customer::tests::customer()
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."))
        .given(below("LOCATION"))
        .given(below("GENERAL_CORRESPONDENCE"))
        .given(contact_person(ContactId(3), "A.", "Bos"));
    let household = s.customer(CustomerId(1)).contact;
    assert_eq!(s.contact(household).kind, crate::contact::Kind::Household);
    assert_eq!(s.contact(ContactId(4)).kind, crate::contact::Kind::Location);
    let others = [
        PartyRef::Customer(CustomerId(1).into()),
        PartyRef::Contact(household.into()),
        PartyRef::Contact(ContactId(4).into()),
        PartyRef::Contact(ContactId(5).into()),
        PartyRef::Contact(ContactId(6).into()),
    ];
    for party in others {
        let field = party.field();
        let commands: [crate::Command; 6] = [
            SetClientStatus { party: party.clone(), to: "EX_CLIENT".to_owned() }.into(),
            StartAcceptance { party: party.clone(), note: None }.into(),
            SubmitForApproval { party: party.clone(), note: None }.into(),
            ApproveClient { party: party.clone(), note: None }.into(),
            RejectClient { party: party.clone() }.into(),
            CompleteAcceptance { party, checks: Vec::new(), external_systems: Vec::new(), note: None }.into(),
        ];
        for command in commands {
            let when = s.clone().because("x").when(command);
            assert_eq!(when.fields(), [field]);
            when.then_refused(&["STATUS_NOT_APPLICABLE"]);
        }
    }
}

/// A2-50: who has a status, and that a client is no relation.
#[test]
fn a2_50_the_status_is_one_of_clients() {
    let s = client_in("CLIENT")
        .given(company("RELATION_COMPANY", "Bank N.V."))
        .given(contact_person(COMPANY, "A.", "Bos"));
    s.when(to("RELATION")).then_refused(&["STATUS_NOT_FOR_TYPE"]);
    let bank =
        |status: &str| SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), ..to(status) };
    s.when(bank("CLIENT")).then_refused(&["STATUS_NOT_FOR_TYPE"]);
    s.when(bank("RELATION")).then_nothing();
    let of = |contact: u64| SetClientStatus {
        party: PartyRef::Contact(ContactId(contact).into()),
        ..to("EX_CLIENT")
    };
    s.when(of(3)).then_refused(&["STATUS_NOT_APPLICABLE"]);
    s.when(of(1)).then(&["ClientStatusChanged"]);
    s.when(to("GUEST")).then_refused(&["UNKNOWN_CODE"]);
    s.when(to(" ")).then_refused(&["REQUIRED"]);
    s.when(of(9)).then_refused(&["NOT_FOUND"]);
}

/// A2-50: what it was on which date.
#[test]
fn a2_50_the_status_is_a_dated_fact() {
    let s = client_in("CLIENT").on(2026, 3, 1).given(to("EX_CLIENT"));
    let on = |day: &str| s.customer(CustomerId(1)).statuses.on(Date::parse(day).expect("a date")).copied();
    assert_eq!(on("2026-01-14"), None);
    assert_eq!(on("2026-02-28"), Some(Status::Client));
    assert_eq!(on("2026-03-01"), Some(Status::ExClient));
}

/// A1-04: who is no longer a client is withdrawn from the portal, in the same commit, by its cause.
#[test]
fn a1_04_a_former_client_leaves_the_portal() {
    let party = PartyRef::Contact(COMPANY.into());
    let s = client_in("CLIENT")
        .given(contact_person(COMPANY, "A.", "Bos"))
        .given(contact_person(COMPANY, "C.", "Dijk"))
        .given(SetPortalCoupling { party, line: 2, on: true });
    let when = s.when(to("EX_CLIENT"));
    assert_eq!(when.causes(), [None, Some(0)]);
    let s = when.then(&["ClientStatusChanged", "PortalCouplingSet"]);
    assert!(s.contact(COMPANY).lines.iter().all(|line| !line.portal));
}

/// A1-04: nobody is let in again while it is a former client; to be shut out is always possible.
#[test]
fn a1_04_a_former_client_is_not_let_in_again() {
    let line = |on| SetPortalCoupling { party: PartyRef::Contact(COMPANY.into()), line: 1, on };
    let s = client_in("CLIENT").given(contact_person(COMPANY, "A.", "Bos")).given(to("EX_CLIENT"));
    let when = s.when(line(true));
    assert_eq!(when.fields(), ["contactId"]);
    assert!(when.problem().message.contains("make this one a client again"));
    when.then_refused(&["STATUS_NOT_APPLICABLE"]);
    s.when(line(false)).then_nothing();
    s.given(to("PROSPECT")).when(line(true)).then(&["PortalCouplingSet"]);
}

/// A1-04, E1-38: a line that a death ended comes back without its way into the portal when the client has left since.
#[test]
fn a1_04_e1_38_who_lives_after_all_stays_out_of_the_portal_of_a_former_client() {
    let (line, clerk) = (1, ContactId(2));
    let s = client_in("CLIENT")
        .given(contact_person(COMPANY, "A.", "Bos"))
        .given(SetPortalCoupling { party: PartyRef::Contact(COMPANY.into()), line, on: true })
        .given(crate::role::tests::died(clerk, false));
    let alive = || crate::death::CorrectDeath { person: clerk.into(), date_of_death: None };
    let open = |s: &Scenario| s.contact(COMPANY).line(line).map(|line| line.portal);
    let stayed = s.clone().because("x").when(alive()).then(&["DeathCorrected", "RoleRestored"]);
    assert_eq!(open(&stayed), Some(true));
    let left = s.given(to("EX_CLIENT")).because("x").when(alive());
    assert_eq!(left.causes(), [None, Some(0), Some(1)]);
    let left = left.then(&["DeathCorrected", "RoleRestored", "PortalCouplingSet"]);
    assert_eq!(open(&left), Some(false));
}

/// A1-04, A2-15: whoever moves to a former client leaves its way into the portal behind.
#[test]
fn a1_04_a2_15_who_moves_to_a_former_client_does_not_get_in() {
    let other = ContactId(2);
    let moves = crate::placement::MoveContact {
        contact: ContactId(3).into(),
        from_parent: None,
        new_parent: other.into(),
        location: None,
    };
    let s = client_in("CLIENT")
        .given(company("CLIENT_COMPANY", "Slagerij B.V."))
        .given(contact_person(COMPANY, "A.", "Bos"))
        .given(SetPortalCoupling { party: PartyRef::Contact(COMPANY.into()), line: 1, on: true });
    let left = SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), ..to("EX_CLIENT") };
    let s = s.given(left).when(moves).then(&["RoleRemoved", "RoleAdded"]);
    assert!(s.contact(other).lines.iter().all(|line| !line.portal));
}

/// A2-52: to change it takes the right of the group as it is, and of the group as it will be.
#[test]
fn a2_52_changing_needs_the_right_of_both_groups() {
    let s = client_in("SUSPECT");
    let by = |rights: &[Permission]| {
        let mut all = vec![Permission::Read, Permission::Write];
        all.extend(rights);
        s.clone().with_only(&all).when(to("PROSPECT"))
    };
    by(&[Permission::ChangeSuspect, Permission::ChangeProspect]).then(&["ClientStatusChanged"]);
    by(&[Permission::SeeSuspect, Permission::ChangeProspect]).then_refused(&["FORBIDDEN"]);
    by(&[Permission::ChangeSuspect, Permission::SeeProspect]).then_refused(&["FORBIDDEN"]);
}

/// A2-52: what one may not see is not there, whatever the command; what one may see and not change is forbidden.
#[test]
fn a2_52_a_hidden_registration_is_not_found() {
    let status = Some("SUSPECT".to_owned());
    let s = Scenario::new()
        .given(CreateRegistration { status, ..person("CLIENT_PERSON", "J.", "Jansen") })
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."));
    let rename = ChangePersonName {
        person: ContactId(1).into(),
        name: None,
        initials: None,
        infix: None,
        surname: Some("Pieters".to_owned()),
    };
    let none = [Permission::Read, Permission::Write];
    s.clone().with_only(&none).when(to("PROSPECT")).then_refused(&["NOT_FOUND"]);
    s.clone().with_only(&none).when(rename.clone()).then_refused(&["NOT_FOUND"]);
    let sees = [Permission::Read, Permission::Write, Permission::SeeSuspect];
    s.clone().with_only(&sees).when(rename.clone()).then_refused(&["FORBIDDEN"]);
    let changes = [Permission::Read, Permission::Write, Permission::ChangeSuspect];
    s.clone().with_only(&changes).when(rename).then(&["PersonNameChanged"]);
    // What hangs below a hidden company is hidden with it.
    let gone =
        s.given(SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), ..to("EX_CLIENT") });
    let below = CreateRegistration { parent: Some(ContactId(2).into()), ..company("LOCATION", "Filiaal") };
    let gone = gone.given(below);
    let actor = crate::Actor::new("desk", none);
    let may_see = Statuses::seen_by(&actor);
    let sees =
        |id: u64| status_right::sees(may_see, &gone.contact(ContactId(id)), &|id| gone.world.contact(id));
    assert_eq!((sees(1), sees(2), sees(3)), (false, false, false));
}

/// A2-52: a conflict with something hidden keeps its code and loses everything else.
#[test]
fn a2_52_a_conflict_with_something_hidden_tells_nothing() {
    let s = client_in("SUSPECT");
    let actor = crate::Actor::new("desk", [Permission::Read, Permission::Write]);
    let problem =
        crate::customer::Refusal::CustomerExists { customer: CustomerId(1), number: "CU000001".to_owned() }
            .problem()
            .hint("CU000001")
            .options(["CU000001"])
            .blocking("CONTACT", [("contact:1".to_owned(), "Bakkerij".to_owned())])
            .blocking("CONTACT", [("CT000001".to_owned(), "Bakkerij".to_owned())])
            .blocking("CONTACT", [("contact:7".to_owned(), "niemand".to_owned())]);
    let discreet = status_right::discreet(problem.clone(), &actor, &s.world);
    assert_eq!(discreet.code, "CUSTOMER_EXISTS");
    assert_eq!((discreet.entity, discreet.hint, discreet.options.len()), (None, None, 0));
    assert!(!discreet.message.contains("CU000001"));
    assert_eq!(discreet.blocking.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["contact:7"]);
    let all = crate::Actor::with_all("boss");
    assert_eq!(status_right::discreet(problem.clone(), &all, &s.world), problem);
}

/// A2-60: the mark is one of relations.
#[test]
fn a2_60_a_supplier_of_the_office_itself() {
    let s = Scenario::new()
        .given(company("RELATION_COMPANY", "Schoonmaak B.V."))
        .given(company("CLIENT_COMPANY", "Bakkerij B.V."));
    let mark = |customer: u64, on| MarkOwnServiceProvider { customer: CustomerId(customer).into(), on };
    s.when(mark(2, true)).then_refused(&["STATUS_NOT_APPLICABLE"]);
    s.when(mark(1, false)).then_nothing();
    let s = s.when(mark(1, true)).then(&["ServiceProviderMarked"]);
    assert!(s.customer(CustomerId(1)).acceptance.own_service_provider);
    s.when(mark(1, false)).then(&["ServiceProviderMarked"]);
    s.with_only(&[Permission::Read]).when(mark(1, false)).then_refused(&["FORBIDDEN"]);
}

/// A2-51: the list of statuses for people is the list that the rules use, with the mark of a relation (A2-60) below it.
#[test]
fn a2_51_one_list_of_statuses() {
    let list = crate::code_list::CodeList::initial(crate::code_list::CLIENT_STATUS);
    let mut names: Vec<_> = Status::ALL.iter().map(|status| status.name()).collect();
    names.push(crate::code_list::OWN_SERVICE_PROVIDER);
    names.sort_unstable();
    let mark = list.row(crate::code_list::OWN_SERVICE_PROVIDER);
    assert_eq!(mark.and_then(|mark| mark.parent.as_deref()), Some("RELATION"));
    assert_eq!(list.rows().map(|row| row.code.as_str()).collect::<Vec<_>>(), names);
}
