//! One fully filled sample of every event type: all options filled, several items in every list.
//!
//! Every text in a personal field holds `PERSONAL`, so that a test can see where personal data goes. The golden file
//! pins the bytes of these samples: a new event type gets a new sample, an old sample never changes.

use kroniek_domain::card::{Block, Field};
use kroniek_domain::channel::{self, Channel};
use kroniek_domain::code_list::{CodeRow, Properties, SalutationKind};
use kroniek_domain::customer::{ClientStatus, CustomerActivated, CustomerCreated, Lease, LeaseEnded};
use kroniek_domain::employee::{EmployeeAdded, EmployeeEnded};
use kroniek_domain::interaction::{
    ComplaintHandedOver, InteractionCancelled, InteractionLogged, PortalVisibilityChanged, Subject,
    UsedTemplate,
};
use kroniek_domain::leader::{MailPreference, PrivateBlock};
use kroniek_domain::mandate::{MandateCreated, MandateRevoked, MandateType};
use kroniek_domain::payment::{self, LineContent, OpenItems};
use kroniek_domain::personal_data::{Gender, SensitiveData};
use kroniek_domain::role::{BusinessBlock, Cause};
use kroniek_domain::task::{
    TaskCreated, TaskFinished, TaskNoteWritten, TaskReassigned, TaskReleased, TaskReopened,
    TaskStatusChanged, TaskTaken,
};
use kroniek_domain::team::{TeamDefined, TeamMemberAdded, TeamMemberRemoved};
use kroniek_domain::template::{
    self, Direction, InitiatedBy, Lockable, TemplateBlocked, TemplateChanged, TemplateDefined,
};
use kroniek_domain::timeline::Timeline;
use kroniek_domain::values::{Address, AddressSource, Date, NameParts};
use kroniek_domain::{
    ContactId, CustomerId, Event, InteractionId, Personal, TaskId, acceptance, address, address_table,
    administration, bank_account, card, client_status, code_list, contact, death, leader, link, mail,
    personal_data, placement, role, shop, sign_off, structure,
};

/// What every text in a personal field of a sample holds.
#[allow(dead_code, reason = "not every test binary that shares the samples looks for it")]
pub(crate) const MARKER: &str = "PERSONAL";

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn personal(text: &str) -> String {
    format!("{MARKER}-{text}")
}

fn parts(surname: &str) -> NameParts {
    NameParts { initials: personal("J."), infix: personal("van der"), surname: personal(surname) }
}

fn full_address(city: &str) -> Address {
    Address {
        street: personal("Boterdiep"),
        house_no: Some(31),
        letter: Some(personal("A")),
        addition: Some(personal("bis")),
        postcode: Some(personal("3077AW")),
        city: personal(city),
        country: personal("NL"),
        source: AddressSource::PostcodeTable,
    }
}

fn addresses(city: &str) -> Timeline<Address> {
    let mut timeline = Timeline::default();
    timeline.set(date("2020-02-29"), full_address(city));
    timeline.set(date("2027-01-01"), Address { source: AddressSource::Manual, ..full_address("Delft") });
    timeline
}

fn block(surname: &str) -> PrivateBlock {
    let channel = |id, kind, value: &str| Channel {
        id,
        kind,
        detail: channel::Detail::Private,
        preference: Some(channel::Preference::Second),
        status: channel::Status::Validated,
        value: personal(value),
    };
    PrivateBlock {
        parts: parts(surname),
        home: addresses("Gouda"),
        correspondence: addresses("Leiden"),
        channels: vec![
            channel(3, channel::Kind::Email, "j@prive.nl"),
            channel(300, channel::Kind::Mobile, "0612345678"),
        ],
    }
}

fn business() -> BusinessBlock {
    BusinessBlock {
        function: Some(personal("Directeur")),
        department: Some(personal("Bestuur")),
        phone: Some(personal("0301234567")),
        email: Some(personal("j@zaak.nl")),
    }
}

fn channel_added(p: Envelopes, value: &str) -> channel::ChannelAdded {
    channel::ChannelAdded {
        owner: ContactId(41),
        channel: 251,
        kind: channel::Kind::Fax,
        detail: channel::Detail::Business,
        preference: Some(channel::Preference::First),
        status: channel::Status::Invalid,
        value: p.own(ContactId(41), personal(value)),
    }
}

fn row(code: &str) -> CodeRow {
    CodeRow {
        code: code.into(),
        name: "Automatische incasso".into(),
        description: "Geïncasseerd".into(),
        begin: Some(date("1800-01-01")),
        end: Some(date("9999-12-31")),
        parent: Some("BETAALWIJZE.X".into()),
        properties: Properties {
            is_contractant: true,
            requires_bank_account: true,
            is_direct_debit: true,
            codes: vec!["INVOICE".into(), "DIRECT_DEBIT_INVOICE".into()],
            salutation: Some(SalutationKind::HeirsOf),
        },
    }
}

fn content(mode: &str) -> LineContent {
    LineContent {
        effective: date("2026-07-01"),
        unit: Some("VHE-12".into()),
        mode: mode.into(),
        invoice_type: "DIRECT_DEBIT_INVOICE".into(),
        account: Some("RABO".into()),
        mandate: Some("M-1".into()),
        open_items: Some(OpenItems::FromDate),
    }
}

fn template_content(direction: Direction, initiated_by: InitiatedBy) -> template::Content {
    template::Content {
        name: "Telefonische vraag".into(),
        channel: "TEL".into(),
        direction,
        initiated_by,
        subject: Some(Subject::Question),
        show_in_portal: Some(true),
        create_task: Some(false),
        team: Some("VERHUUR".into()),
        task_description: Some("Terugbellen".into()),
        task_due_days: Some(14),
        locked: [Lockable::Subject, Lockable::ShowInPortal, Lockable::CreateTask, Lockable::Team].into(),
    }
}

fn digest() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at * 8).unwrap())
}

/// What the envelopes of the samples hold: the values, or nothing, as when the subjects' keys are gone.
#[derive(Copy, Clone)]
enum Envelopes {
    Clear,
    Erased,
}

impl Envelopes {
    fn own<T>(self, subject: ContactId, value: T) -> Personal<T> {
        match self {
            Self::Clear => Personal::new(subject, value),
            Self::Erased => Personal { subject, value: None },
        }
    }
}

fn step(p: Envelopes, customer: u64, from: ClientStatus) -> acceptance::Step {
    acceptance::Step {
        customer: CustomerId(customer),
        from,
        to: ClientStatus::AcceptanceCentral,
        by: "desk".into(),
        note: p.own(ContactId(customer * 10), Some(personal("seen the passport"))),
    }
}

/// A sample of every event type.
pub(crate) fn all() -> Vec<Event> {
    samples(Envelopes::Clear)
}

/// The same samples when all personal values are erased.
#[allow(dead_code, reason = "not every test binary that shares the samples erases them")]
pub(crate) fn erased() -> Vec<Event> {
    samples(Envelopes::Erased)
}

fn samples(p: Envelopes) -> Vec<Event> {
    vec![
        // Contacts
        contact::ContactCreated {
            contact: ContactId(1),
            number: "CT000001".into(),
            kind: contact::Kind::Household,
            parts: p.own(ContactId(1), parts("Bakker")),
            company_name: p.own(ContactId(1), Some(personal("Bakkerij B.V."))),
        }
        .into(),
        contact::PersonNameChanged { person: ContactId(2), parts: p.own(ContactId(2), parts("de Vries")) }
            .into(),
        contact::OwnNameChanged {
            contact: ContactId(3),
            parts: p.own(ContactId(3), parts("Smit")),
            company_name: p.own(ContactId(3), Some(personal("Smit N.V."))),
        }
        .into(),
        contact::HouseholdNameChanged {
            household: ContactId(4),
            old: p.own(ContactId(104), personal("A. Bakker")),
            new: p.own(ContactId(105), personal("C. de Vries")),
        }
        .into(),
        contact::ContactKindChanged {
            contact: ContactId(5),
            kind: contact::Kind::Company,
            parts: p.own(ContactId(5), parts("Jansen")),
            company_name: p.own(ContactId(5), Some(personal("Jansen V.O.F."))),
        }
        .into(),
        contact::CompanyDataChanged {
            contact: ContactId(6),
            kvk: p.own(ContactId(6), Some(personal("12345678"))),
            rsin: p.own(ContactId(6), Some(personal("123456782"))),
            vat_id: p.own(ContactId(6), Some(personal("NL123456782B01"))),
            legal_form: Some("BV".into()),
        }
        .into(),
        // Roles
        role::RoleAdded {
            holder: ContactId(10),
            person: ContactId(1_000),
            line: 70_000,
            role: "CONTRACTANT".into(),
            contractant: true,
            begin: date("2026-01-15"),
            cause: Some("CO_OCCUPANT".into()),
            business: p.own(ContactId(1_000), business()),
        }
        .into(),
        role::RoleRemoved {
            holder: ContactId(11),
            person: ContactId(100_000),
            line: 2,
            role: "CHILD".into(),
            end: date("2026-02-28"),
            cause: Cause::Death,
        }
        .into(),
        role::RoleRestored { holder: ContactId(12), person: ContactId(5_000_000_000), line: 3 }.into(),
        role::ShownFirstChanged {
            household: ContactId(13),
            from: Some(ContactId(131)),
            to: Some(ContactId(132)),
            cause: Cause::DeathCorrected,
        }
        .into(),
        role::BusinessDataChanged {
            holder: ContactId(14),
            person: ContactId(141),
            line: 4,
            business: p.own(ContactId(141), business()),
        }
        .into(),
        role::PortalCouplingSet { holder: ContactId(15), person: ContactId(151), line: 5, on: true }.into(),
        // Channels
        channel_added(p, "0201234567").into(),
        channel::ChannelChanged { now: channel_added(p, "0207654321") }.into(),
        channel::ChannelRemoved { owner: ContactId(42), channel: 252 }.into(),
        // Addresses
        address::CorrespondenceAddressChanged {
            contact: ContactId(25),
            from: date("2026-03-01"),
            address: p.own(ContactId(25), full_address("Rotterdam")),
        }
        .into(),
        address::HomeAddressChanged {
            person: ContactId(26),
            from: date("1969-12-31"),
            address: p.own(ContactId(26), full_address("Utrecht")),
        }
        .into(),
        // Personal data
        personal_data::PersonalDataChanged {
            person: ContactId(30),
            data: p.own(
                ContactId(30),
                SensitiveData {
                    birth: Some(date("1950-05-05")),
                    bsn: Some(personal("111222333")),
                    gender: Some(Gender::Female),
                },
            ),
        }
        .into(),
        personal_data::SalutationChanged { contact: ContactId(31), code: Some("HEIRS_OF".into()) }.into(),
        // Deaths
        death::DeathRecorded {
            person: ContactId(35),
            date: p.own(ContactId(35), date("2026-01-10")),
            answers: vec![(ContactId(10), false), (ContactId(11), true)],
        }
        .into(),
        death::DeathCorrected {
            person: ContactId(36),
            before: p.own(ContactId(36), Some(date("2026-01-10"))),
            after: p.own(ContactId(36), Some(date("2026-01-09"))),
            alive: true,
        }
        .into(),
        // Leaders and followers
        leader::CoupledToLeader { follower: ContactId(50), leader: ContactId(500) }.into(),
        leader::FollowedDataCopied {
            follower: ContactId(51),
            leader: ContactId(510),
            before: p.own(ContactId(51), block("x")),
            after: p.own(ContactId(510), block("Klaassen")),
        }
        .into(),
        leader::LeaderLinkEnded { follower: ContactId(52), leader: ContactId(520) }.into(),
        leader::MailPreferenceSet { contact: ContactId(53), preference: MailPreference::Business }.into(),
        // Customers
        CustomerActivated {
            customer: CustomerId(60),
            contact: ContactId(600),
            number: "CU000060".into(),
            lease: Lease {
                reference: "HC-0001".into(),
                unit: Some("VHE-12".into()),
                start: date("2025-06-01"),
                end: Some(date("2026-06-30")),
            },
        }
        .into(),
        CustomerCreated {
            customer: CustomerId(61),
            contact: ContactId(610),
            number: "CU000061".into(),
            status: ClientStatus::Relation,
        }
        .into(),
        LeaseEnded { customer: CustomerId(62), reference: "HC-0002".into(), end: date("2026-12-31") }.into(),
        // Bank accounts
        bank_account::BankAccountAdded {
            customer: CustomerId(70),
            code: "RABO".into(),
            iban: p.own(ContactId(700), personal("NL44RABO0123456789")),
            bic: Some("RABONL2U".into()),
            holder_name: p.own(ContactId(700), personal("J. van der Bakker")),
        }
        .into(),
        bank_account::HolderAddressSyncSet {
            customer: CustomerId(71),
            code: "ING".into(),
            on: true,
            from: date("2026-01-15"),
        }
        .into(),
        bank_account::AccountHolderAddressSynced {
            customer: CustomerId(72),
            code: "ING".into(),
            from: date("2026-02-01"),
            address: p.own(ContactId(720), full_address("Almere")),
        }
        .into(),
        bank_account::BankAccountBlocked {
            customer: CustomerId(73),
            code: "ABN".into(),
            reason: p.own(ContactId(730), personal("fraud")),
        }
        .into(),
        bank_account::BankAccountUnblocked { customer: CustomerId(74), code: "ABN".into() }.into(),
        // Mandates
        MandateCreated {
            customer: CustomerId(80),
            code: "M-1".into(),
            account: "RABO".into(),
            signed_on: date("2026-01-10"),
            kind: MandateType::OneOff,
        }
        .into(),
        MandateRevoked {
            customer: CustomerId(81),
            code: "M-2".into(),
            on: date("2026-01-15"),
            reason: p.own(ContactId(810), personal("asked for by letter")),
        }
        .into(),
        // Payment lines
        payment::PaymentLineAdded { customer: CustomerId(90), line: 1, content: content("DIRECT_DEBIT") }
            .into(),
        payment::PaymentLineCorrected {
            customer: CustomerId(91),
            line: 2,
            before: content("TRANSFER"),
            after: content("DIRECT_DEBIT"),
            reason: p.own(ContactId(910), personal("typed wrongly")),
        }
        .into(),
        payment::PaymentLineWithdrawn {
            customer: CustomerId(92),
            line: 3,
            reason: p.own(ContactId(920), personal("never agreed")),
        }
        .into(),
        payment::OpenItemsAdjustmentRequested {
            customer: CustomerId(93),
            line: 4,
            open_items: OpenItems::All,
        }
        .into(),
        // Customers of a shop
        shop::CustomerChanged {
            customer: CustomerId(160),
            remark: p.own(ContactId(1_600), Some(personal("calls on Fridays"))),
            reference: Some("OLD-160".into()),
        }
        .into(),
        sign_off::CustomerDeactivated { customer: CustomerId(161) }.into(),
        sign_off::CustomerReactivated { customer: CustomerId(162) }.into(),
        sign_off::StaffMembershipStarted { customer: CustomerId(163) }.into(),
        sign_off::StaffMembershipEnded { customer: CustomerId(164) }.into(),
        sign_off::ActivityOpened {
            customer: CustomerId(165),
            kind: sign_off::Kind::OpenRepair,
            id: "R-165".into(),
        }
        .into(),
        sign_off::ActivityClosed {
            customer: CustomerId(166),
            kind: sign_off::Kind::Subscription,
            id: "S-166".into(),
        }
        .into(),
        mail::ContactSet {
            customer: CustomerId(170),
            kind: mail::Kind::TechnicalService,
            emails: p.own(ContactId(1_700), vec![personal("a@x.nl"), personal("b@x.nl")]),
        }
        .into(),
        mail::BillingCustomerSet {
            customer: CustomerId(171),
            before: Some(CustomerId(1_710)),
            now: Some(CustomerId(1_711)),
        }
        .into(),
        mail::MailConsentChanged {
            customer: CustomerId(172),
            email: p.own(ContactId(1_720), personal("a@x.nl")),
            before: mail::Consent::Notifications,
            now: mail::Consent::Everything,
        }
        .into(),
        // Registrations of an office
        placement::ContactPlaced { contact: ContactId(94), from: Some(ContactId(940)), to: ContactId(941) }
            .into(),
        placement::LocationTied {
            contact: ContactId(95),
            line: Some(3),
            from: Some(ContactId(950)),
            to: Some(ContactId(951)),
        }
        .into(),
        link::RelationLinked { client: CustomerId(96), relation: CustomerId(960), kind: "BANK".into() }
            .into(),
        link::RelationUnlinked { client: CustomerId(97), relation: CustomerId(970), kind: "BANK".into() }
            .into(),
        structure::ParentCompanySet {
            customer: CustomerId(98),
            from: Some(CustomerId(980)),
            to: Some(CustomerId(981)),
        }
        .into(),
        client_status::ClientStatusChanged {
            customer: CustomerId(99),
            contact: ContactId(990),
            from: ClientStatus::Client,
            to: ClientStatus::ExClient,
            on: date("2026-01-15"),
        }
        .into(),
        client_status::ServiceProviderMarked { customer: CustomerId(100), on: true }.into(),
        acceptance::AcceptanceStarted { step: step(p, 101, ClientStatus::Prospect) }.into(),
        acceptance::SubmittedForApproval { step: step(p, 102, ClientStatus::AcceptanceDraft) }.into(),
        acceptance::ClientApproved { step: step(p, 103, ClientStatus::AcceptanceApproval) }.into(),
        acceptance::ClientRejected { step: step(p, 104, ClientStatus::AcceptanceApproval) }.into(),
        acceptance::AcceptanceCompleted {
            step: step(p, 105, ClientStatus::AcceptanceCentral),
            checks: vec!["BILLING".into(), "DOSSIER".into()],
            external_systems: vec!["Payroll".into(), "Archive".into()],
        }
        .into(),
        card::CardBlockChanged {
            customer: CustomerId(106),
            contact: ContactId(1060),
            block: Block::Automation,
            fields: p.own(ContactId(1060), vec![(Field::Software, vec![personal("one"), personal("two")])]),
        }
        .into(),
        card::WwftDataChanged {
            customer: CustomerId(107),
            contact: ContactId(1070),
            fields: p.own(ContactId(1070), vec![(Field::DocumentNumber, vec![personal("NP1")])]),
        }
        .into(),
        card::KeyFiguresRecorded {
            customer: CustomerId(108),
            contact: ContactId(1080),
            year: 2025,
            figures: p.own(
                ContactId(1080),
                card::KeyFigures {
                    turnover: Some(1_000_000),
                    result: Some(-5),
                    equity: Some(-6),
                    balance_total: Some(7),
                    employees: Some(8),
                },
            ),
        }
        .into(),
        administration::ClientNumberChanged {
            customer: CustomerId(109),
            from: "CU000109".into(),
            to: "K-109".into(),
        }
        .into(),
        administration::DebtorNumberSet {
            customer: CustomerId(110),
            organisation: "OFFICE".into(),
            debtors: vec![
                administration::Debtor { discipline: Some("AUDIT".into()), number: Some("D-2".into()) },
                administration::Debtor { discipline: Some("TAX".into()), number: Some("D-1".into()) },
            ],
        }
        .into(),
        administration::WorkStopSet {
            customer: CustomerId(111),
            contact: ContactId(1110),
            from: Some(date("2026-01-15")),
            reason: p.own(ContactId(1110), Some(personal("does not pay"))),
        }
        .into(),
        administration::DataConfirmed {
            customer: CustomerId(112),
            by: "desk".into(),
            on: date("2026-01-15"),
        }
        .into(),
        administration::CouplingSet { customer: CustomerId(113), system: "PORTAL".into(), on: true }.into(),
        administration::DeletionMarked {
            customer: CustomerId(114),
            contact: ContactId(1140),
            reason: p.own(ContactId(1140), personal("made twice")),
        }
        .into(),
        administration::DeletionUnmarked { customer: CustomerId(115) }.into(),
        // Reference data
        code_list::CodeChanged { list: "TRANSACTION_MODE".into(), row: row("INC") }.into(),
        code_list::CodesImported {
            list: "ROLE".into(),
            sha256: digest(),
            rows: vec![row("CON"), row("HUU")],
        }
        .into(),
        address_table::AddressTableImported { sha256: digest(), rows: 9_000_000 }.into(),
        // Employees, teams, templates
        EmployeeAdded { code: "JDV".into(), name: "J. de Vries".into(), user_name: "j.de.vries".into() }
            .into(),
        EmployeeEnded { code: "JDV".into(), on: date("2026-03-31") }.into(),
        TeamDefined { code: "VERHUUR".into(), name: "Verhuur".into() }.into(),
        TeamMemberAdded { team: "VERHUUR".into(), employee: "JDV".into() }.into(),
        TeamMemberRemoved { team: "KCC".into(), employee: "PDB".into() }.into(),
        TemplateDefined {
            code: "BEL".into(),
            content: template_content(Direction::Inbound, InitiatedBy::Them),
        }
        .into(),
        TemplateChanged {
            code: "BRIEF".into(),
            content: template_content(Direction::Outbound, InitiatedBy::Us),
        }
        .into(),
        TemplateBlocked { code: "FAX".into(), on: date("2020-02-29") }.into(),
        // Contact moments
        InteractionLogged {
            interaction: InteractionId(135),
            contact: ContactId(1350),
            via_customer: Some(CustomerId(1351)),
            subject: Subject::Feedback,
            template: UsedTemplate {
                code: "BEL".into(),
                name: "Telefonische vraag".into(),
                channel: "TEL".into(),
                direction: Direction::Inbound,
                initiated_by: InitiatedBy::Them,
            },
            show_in_portal: true,
            note: p.own(ContactId(1350), personal("mag ik een tuinhuis")),
            answers: Some(InteractionId(1352)),
            task: Some(TaskId(1353)),
            team: Some("VERHUUR".into()),
        }
        .into(),
        InteractionCancelled {
            interaction: InteractionId(136),
            contact: ContactId(1360),
            answers: Some(InteractionId(1361)),
            reason: p.own(ContactId(1360), personal("verkeerde klant")),
        }
        .into(),
        PortalVisibilityChanged { interaction: InteractionId(137), show_in_portal: true }.into(),
        ComplaintHandedOver { interaction: InteractionId(138), task: TaskId(1380), team: "KLACHTEN".into() }
            .into(),
        // Tasks
        TaskCreated {
            task: TaskId(142),
            contact: ContactId(1420),
            interaction: Some(InteractionId(1421)),
            subject: Some(Subject::Complaint),
            team: "KLACHTEN".into(),
            description: p.own(ContactId(1420), personal("buurman bellen")),
            due: Some(date("2026-02-14")),
        }
        .into(),
        TaskTaken { task: TaskId(143), by: "JDV".into() }.into(),
        TaskNoteWritten {
            task: TaskId(144),
            contact: ContactId(1440),
            number: 2,
            by: "JDV".into(),
            text: p.own(ContactId(1440), personal("gebeld, akkoord")),
        }
        .into(),
        TaskFinished { task: TaskId(145), by: "JDV".into() }.into(),
        TaskReleased { task: TaskId(146), from: "JDV".into() }.into(),
        TaskReopened { task: TaskId(147) }.into(),
        TaskStatusChanged { task: TaskId(149), status: kroniek_domain::task::Status::Postponed }.into(),
        TaskReassigned { task: TaskId(148), from: Some("JDV".into()), to: "PDB".into() }.into(),
    ]
}
