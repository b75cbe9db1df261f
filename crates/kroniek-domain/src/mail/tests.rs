//! Contacts by kind, billing customers, consent and recipients, row by row.

use super::*;
use crate::channel::{ChangeChannels, Detail, OwnerRef, WantedChannel};
use crate::client_status::SetClientStatus;
use crate::contact::NewPerson;
use crate::ids::PartyRef;
use crate::role::tests::add;
use crate::role::{BusinessInput, ChangeBusinessData, PersonChoice};
use crate::shop::tests::{company, email, janssen};
use crate::sign_off::DeactivateCustomer;
use crate::testing::Scenario;
use crate::world::World;

fn set(customer: u64, kind: &str, email: &str) -> SetContact {
    SetContact { customer: CustomerId(customer).into(), kind: kind.into(), email: email.into() }
}

fn bill(customer: u64, billing: Option<u64>) -> SetBillingCustomer {
    let billing = billing.map(|id| CustomerId(id).into());
    SetBillingCustomer { customer: CustomerId(customer).into(), billing }
}

fn consent(customer: u64, email: &str, level: i64) -> SetMailConsent {
    SetMailConsent { customer: CustomerId(customer).into(), email: email.into(), level }
}

/// Customer 1 of M. Janssen with main address main@x.nl, and customers 2 and 3 without any address.
fn three() -> Scenario {
    janssen().given(company("Fietsen B.V.")).given(company("Wielen B.V."))
}

fn mail_of(story: &Scenario, customer: u64) -> Mail {
    mail(&story.customer(CustomerId(customer)))
}

fn to(story: &Scenario, customer: u64, message: Message) -> Vec<(String, Source, Consent, Option<WhyNot>)> {
    let customer = story.customer(CustomerId(customer));
    recipients(&customer, message, &|id| story.world.customer(id), &|id| story.world.contact(id))
        .into_iter()
        .map(|r| (r.address, r.source, r.consent, r.why_not))
        .collect()
}

fn one(
    address: &str,
    source: Source,
    consent: Consent,
    why_not: Option<WhyNot>,
) -> Vec<(String, Source, Consent, Option<WhyNot>)> {
    vec![(address.to_owned(), source, consent, why_not)]
}

#[test]
fn n1_15_there_are_six_kinds_of_contact_and_one_of_each_at_a_customer() {
    let mut story = janssen();
    for kind in ["SALES", "PURCHASING", "ADMINISTRATION", "TECHNICAL_SERVICE", "SMS_ALERT"] {
        story = story.when(set(1, kind, "a@x.nl")).then(&["ContactSet"]);
    }
    let story = story.when(set(1, "SALES", "b@x.nl")).then(&["ContactSet"]);
    assert_eq!(mail_of(&story, 1).contacts.len(), 5);
    assert_eq!(mail_of(&story, 1).addresses(Kind::Sales), ["b@x.nl"]);
    story.when(set(1, "SALES", " b@X.NL ")).then_nothing();
    let story = story.when(set(1, "SALES", " ; ")).then(&["ContactSet"]);
    assert_eq!(mail_of(&story, 1).addresses(Kind::Sales), [] as [String; 0]);
    for (kind, code) in [("", "REQUIRED"), ("SHIPPING", "UNKNOWN_CODE"), ("sales", "UNKNOWN_CODE")] {
        story.when(set(1, kind, "a@x.nl")).then_refused(&[code]);
    }
    story.clone().without(&[Permission::Write]).when(set(1, "SALES", "")).then_refused(&["FORBIDDEN"]);
    story.when(set(9, "SALES", "")).then_refused(&["NOT_FOUND"]);
}

#[test]
fn n1_21_a_billing_address_is_a_customer_and_no_email_address() {
    let problem = janssen().when(set(1, "BILLING_ADDRESS", "a@x.nl")).problem();
    assert_eq!((problem.code, problem.hint.as_deref()), ("FIELD_NOT_ALLOWED", Some("setBillingCustomer")));
}

#[test]
fn n1_24_a_list_is_split_at_semicolons() {
    let story = janssen().given(set(1, "PURCHASING", " b@x.nl;; a@X.nl ;b@x.NL; B@x.nl;"));
    assert_eq!(mail_of(&story, 1).addresses(Kind::Purchasing), ["b@x.nl", "a@x.nl", "B@x.nl"]);
    let problem = story.when(set(1, "PURCHASING", "a@x.nl; nonsense; c@x.nl")).problem();
    assert_eq!((problem.code, problem.hint), ("INVALID_EMAIL", None));
    assert!(problem.message.contains("nonsense"), "{}", problem.message);
    let problem = story.when(set(1, "PURCHASING", "a@x.nl, b@x.nl")).problem();
    assert_eq!(problem.code, "INVALID_EMAIL");
    assert!(problem.hint.is_some_and(|hint| hint.contains("semicolon")));
    assert_eq!(mail_of(&story, 1).addresses(Kind::Purchasing).len(), 3, "nothing is stored of a wrong list");
    let many = |n: usize| (0..n).map(|i| format!("a{i}@x.nl")).collect::<Vec<_>>().join(";");
    story.when(set(1, "SALES", &many(20))).then(&["ContactSet"]);
    story.when(set(1, "SALES", &many(21))).then_refused(&["TOO_MANY_EMAILS"]);
    let long = format!("{}@x.nl", "a".repeat(250));
    story.when(set(1, "SALES", &format!("a@x.nl;{long}"))).then_refused(&["TOO_LONG"]);
    let consent = SetMailConsent { customer: CustomerId(1).into(), email: long, level: 1 };
    story.when(consent).then_refused(&["TOO_LONG"]);
    story.when(set(1, "SALES", &"x;".repeat(1_000_000))).then_refused(&["TOO_MANY_EMAILS"]);
}

#[test]
// N1-17, N1-18, N1-19.
fn n1_17_each_message_goes_to_the_contact_of_its_kind() {
    let story = janssen()
        .given(set(1, "PURCHASING", "p@x.nl"))
        .given(set(1, "ADMINISTRATION", "a@x.nl"))
        .given(set(1, "TECHNICAL_SERVICE", "t@x.nl"))
        .given(set(1, "SALES", "s@x.nl"))
        .given(set(1, "SMS_ALERT", "sms@x.nl"));
    for (message, address) in [
        (Message::Quote, "p@x.nl"),
        (Message::Order, "p@x.nl"),
        (Message::PackingSlip, "p@x.nl"),
        (Message::Invoice, "a@x.nl"),
        (Message::RmaNumber, "t@x.nl"),
        (Message::RmaHandling, "t@x.nl"),
        (Message::RmaInvoiceCopy, "t@x.nl"),
    ] {
        let refused = Some(WhyNot::NoConsent);
        assert_eq!(to(&story, 1, message), one(address, Source::Kind, Consent::None, refused), "{message:?}");
    }
}

#[test]
// N1-16, N1-20.
fn n1_16_sales_and_sms_alert_are_kept_and_never_used() {
    let story = janssen().given(set(1, "SALES", "s@x.nl")).given(set(1, "SMS_ALERT", "sms@x.nl"));
    for message in Message::ALL {
        assert!(!matches!(message.kind(), Some(Kind::Sales | Kind::SmsAlert | Kind::BillingAddress)));
        assert!(to(&story, 1, *message).iter().all(|(_, source, ..)| *source == Source::Main), "{message:?}");
    }
}

#[test]
fn n1_22_consent_is_kept_per_customer_and_address() {
    let story = three()
        .when(consent(1, "main@X.nl", 1))
        .then(&["MailConsentChanged"])
        .when(consent(1, "main@x.nl", 1))
        .then_nothing();
    assert_eq!(mail_of(&story, 1).consent("MAIN@x.nl"), Consent::Notifications);
    assert_eq!(mail_of(&story, 2).consent("main@x.nl"), Consent::None);
    assert_eq!(to(&story, 1, Message::Quote), one("main@x.nl", Source::Main, Consent::Notifications, None));
    let refused = Some(WhyNot::NoConsent);
    assert_eq!(
        to(&story, 1, Message::Mailing),
        one("main@x.nl", Source::Main, Consent::Notifications, refused)
    );
    let story = story.when(consent(1, "main@x.nl", 2)).then(&["MailConsentChanged"]);
    assert_eq!(to(&story, 1, Message::Mailing), one("main@x.nl", Source::Main, Consent::Everything, None));
    let story = story.when(consent(1, "main@x.nl", 0)).then(&["MailConsentChanged"]);
    assert_eq!(mail_of(&story, 1).consents.len(), 0, "none is what there is without an entry");
    story.when(consent(1, "other@x.nl", 0)).then_nothing();
    for level in [-1, 3, 256, i64::MAX] {
        story.when(consent(1, "a@x.nl", level)).then_refused(&["INVALID_CONSENT"]);
    }
    story.when(consent(1, "a@x", 7)).then_refused(&["INVALID_CONSENT", "INVALID_EMAIL"]);
    let two = story.when(consent(1, "a@x.nl;b@x.nl", 1)).problem();
    assert!(two.message.ends_with("write one, as name@domain.tld.") && two.hint.is_none(), "{two:?}");
    story.when(consent(1, " ", 1)).then_refused(&["REQUIRED"]);
    story.clone().without(&[Permission::Write]).when(consent(1, "a@x.nl", 1)).then_refused(&["FORBIDDEN"]);
}

#[test]
fn n1_22_automatic_messages_need_consent_to_notifications_and_mailings_to_everything() {
    for (level, given) in [(0, Consent::None), (1, Consent::Notifications), (2, Consent::Everything)] {
        let story = janssen().given(consent(1, "main@x.nl", level));
        for message in Message::ALL {
            let least = if *message == Message::Mailing { 2 } else { 1 };
            let why_not = (level < least).then_some(WhyNot::NoConsent);
            let expected = one("main@x.nl", Source::Main, given, why_not);
            assert_eq!(to(&story, 1, *message), expected, "{message:?} at level {level}");
        }
    }
}

#[test]
fn n1_23_nothing_goes_to_a_contact_person() {
    // A private and a business address of the person's, and the one of its line at the company.
    let business = |value: &str| WantedChannel { detail: Detail::Business, preference: None, ..email(value) };
    let clerk = NewPerson {
        surname: "Klerk".into(),
        emails: vec![email("home@x.nl"), business("desk@x.nl")],
        ..NewPerson::default()
    };
    let line = ChangeBusinessData {
        party: PartyRef::Contact(ContactId(2).into()),
        line: 1,
        business: BusinessInput { email: Some("line@x.nl".into()), ..BusinessInput::default() },
    };
    let story =
        three().given(add(ContactId(2), PersonChoice::New(Box::new(clerk)), "CONTACT_PERSON")).given(line);
    assert_eq!(story.contact(ContactId(4)).channels.len(), 2);
    let own = ChangeChannels {
        owner: OwnerRef::Contact(ContactId(2).into()),
        phones: None,
        emails: Some(vec![email("own@x.nl")]),
        websites: None,
    };
    let with_own = story.given(own);
    for message in Message::ALL {
        assert_eq!(to(&story, 2, *message), vec![], "{message:?}");
        let refused = Some(WhyNot::NoConsent);
        let expected = one("own@x.nl", Source::Main, Consent::None, refused);
        assert_eq!(to(&with_own, 2, *message), expected, "{message:?}");
    }
}

#[test]
fn n1_23_the_main_address_stands_in_for_an_empty_kind_and_not_for_one_without_consent() {
    // D-20.
    let story = janssen().given(consent(1, "main@x.nl", 1));
    assert_eq!(to(&story, 1, Message::Order), one("main@x.nl", Source::Main, Consent::Notifications, None));
    let story = story.given(set(1, "PURCHASING", "p@x.nl"));
    let refused = Some(WhyNot::NoConsent);
    assert_eq!(to(&story, 1, Message::Order), one("p@x.nl", Source::Kind, Consent::None, refused));
    assert_eq!(to(&three(), 2, Message::Order), vec![], "no address at all");
    let invalid = WantedChannel { status: Status::Invalid, ..email("main@x.nl") };
    let story = janssen().given(ChangeChannels {
        owner: OwnerRef::Contact(ContactId(1).into()),
        phones: None,
        emails: Some(vec![invalid]),
        websites: None,
    });
    let broken = Some(WhyNot::AddressInvalid);
    assert_eq!(to(&story, 1, Message::Order), one("main@x.nl", Source::Main, Consent::None, broken));
}

#[test]
fn scenario_14_n1_21_the_invoice_goes_to_the_billing_customer() {
    let story = three()
        .given(set(2, "ADMINISTRATION", "a@x.nl; b@x.nl"))
        .given(consent(2, "a@x.nl", 1))
        .given(set(1, "ADMINISTRATION", "own@x.nl"))
        .when(bill(1, Some(2)))
        .then(&["BillingCustomerSet"]);
    assert_eq!((mail_of(&story, 1).billing, mail_of(&story, 2).billed_for), (Some(CustomerId(2)), 1));
    let expected = vec![
        ("a@x.nl".to_owned(), Source::Billing, Consent::Notifications, None),
        ("b@x.nl".to_owned(), Source::Billing, Consent::None, Some(WhyNot::NoConsent)),
    ];
    assert_eq!(to(&story, 1, Message::Invoice), expected);
    assert_eq!(to(&story, 1, Message::Order)[0].0, "main@x.nl", "only the invoice goes there");
    // Without an address of the kind at the billing customer, its main address; here it has none.
    let story = story.given(set(2, "ADMINISTRATION", ""));
    assert_eq!(to(&story, 1, Message::Invoice), vec![]);
    let story = story.given(bill(1, None)).given(bill(2, Some(1))).given(set(1, "ADMINISTRATION", ""));
    let refused = Some(WhyNot::NoConsent);
    assert_eq!(to(&story, 2, Message::Invoice), one("main@x.nl", Source::Billing, Consent::None, refused));
}

#[test]
fn n1_21_bad_billing_customers() {
    let story = three();
    story.when(bill(1, Some(1))).then_refused(&["BILLING_SELF"]);
    story.when(bill(1, Some(9))).then_refused(&["NOT_FOUND"]);
    story.when(bill(1, None)).then_nothing();
    let billed = story.given(bill(2, Some(3)));
    billed.when(bill(2, Some(3))).then_nothing();
    // Customer 2 passes its invoices on to 3, who gets them: no further step on either side.
    for (customer, billing, way_out) in [
        (1, 2, "choose CU000003, or let CU000002 get its own invoices first."),
        (3, 1, "CU000003 gets those of others: give the others another billing customer first"),
        (3, 2, "CU000003 gets those of others: give the others another billing customer first"),
    ] {
        let when = billed.when(bill(customer, Some(billing)));
        let problem = when.problem();
        assert!(problem.message.contains(way_out), "{}", problem.message);
        assert_eq!(problem.entity, Some(EntityId::Customer(CustomerId(3))));
        when.then_refused(&["BILLING_CHAIN"]);
    }
    billed.when(bill(1, Some(3))).then(&["BillingCustomerSet"]);
    let moved = billed.given(bill(2, Some(1)));
    assert_eq!((mail_of(&moved, 1).billed_for, mail_of(&moved, 3).billed_for), (1, 0));
    let inactive = story.given(DeactivateCustomer { customer: CustomerId(3).into() });
    inactive.when(bill(1, Some(3))).then_refused(&["CUSTOMER_INACTIVE"]);
    assert_eq!(
        billed.when(DeactivateCustomer { customer: CustomerId(3).into() }).warnings(),
        ["BILLING_CUSTOMER_OF_OTHERS"]
    );
    // Who does not see everybody is not told to change what it may not find (A2-52).
    let limited = billed.clone().with_only(&[Permission::Read, Permission::Write]);
    let told =
        |s: &Scenario| s.when(DeactivateCustomer { customer: CustomerId(3).into() }).warning_words().concat();
    assert!(told(&billed).ends_with("; change them."));
    assert!(told(&limited).contains("may go to") && told(&limited).contains("ask an administrator"));
    // Nor that it gets the invoices of others, who may be hidden.
    let chain = limited.when(bill(3, Some(1)));
    let neutral = crate::status_right::neutral("BILLING_CHAIN");
    assert_eq!((chain.problem().message.as_str(), chain.problem().entity), (neutral, None));
    chain.then_refused(&["BILLING_CHAIN"]);
    story.clone().without(&[Permission::Write]).when(bill(1, Some(2))).then_refused(&["FORBIDDEN"]);
}

/// A2-52: a billing customer that the actor may not see is neither taken away nor replaced, and not told of.
#[test]
fn a2_52_a_hidden_billing_customer_stays() {
    let gone = SetClientStatus { party: PartyRef::Customer(CustomerId(2).into()), to: "EX_CLIENT".into() };
    let story = three().given(bill(1, Some(2))).given(gone);
    // The invoice goes to somebody who is not shown, and not to the customer instead.
    let seen = |id| story.world.customer(id).filter(|customer| customer.id != CustomerId(2));
    let told = |message| {
        recipients(&story.customer(CustomerId(1)), message, &seen, &|id| story.world.contact(id)).len()
    };
    assert_eq!((told(Message::Invoice), told(Message::Order)), (0, 1));
    let limited = story.with_only(&[Permission::Read, Permission::Write]);
    limited.when(bill(1, None)).then_nothing();
    let replaced = limited.when(bill(1, Some(3)));
    let problem = replaced.problem();
    assert_eq!((problem.entity, problem.field.as_deref()), (None, Some("billingCustomerNo")));
    replaced.then_refused(&["FORBIDDEN"]);
    limited.when(bill(1, Some(1))).then_refused(&["BILLING_SELF"]);
    limited.when(bill(3, Some(1))).then_refused(&["BILLING_CHAIN"]);
}

#[test]
fn n1_25_one_address_may_stand_at_several_kinds() {
    let story = janssen()
        .given(set(1, "PURCHASING", "p@x.nl"))
        .given(set(1, "ADMINISTRATION", "p@x.nl"))
        .given(consent(1, "p@x.nl", 1));
    for message in [Message::Order, Message::Invoice] {
        assert_eq!(to(&story, 1, message), one("p@x.nl", Source::Kind, Consent::Notifications, None));
    }
}
