//! What a person reads for a code, in Dutch and in English (§8): the one place for it.
//!
//! The API's own names stay as they are; a screen shows a label. A code of a Rust enum has its labels here, and the
//! compiler asks for one when a value is added. A code of a list that a site may change has them in its row, see
//! [`crate::code_list::label`].

use crate::problem::Prompt;
use crate::role::Cause;
use crate::{
    acceptance, card, channel, code_list, contact, customer, data_quality, duplicate, interaction, leader,
    mail, mandate, payment, permission, personal_data, registration, search, sign_off, status_right, task,
    template, values,
};

/// A language that labels are in.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// Dutch, the language of the manuals.
    #[default]
    Nl,
    /// English.
    En,
}

/// What a person reads for a code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// In Dutch.
    pub nl: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Label {
    /// A label.
    pub const fn new(nl: &'static str, en: &'static str) -> Self {
        Self { nl, en }
    }

    /// The label in a language.
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nl => self.nl,
            Lang::En => self.en,
        }
    }
}

/// What a person reads for yes and no.
pub fn yes_no(yes: bool) -> Label {
    if yes { Label::new("Ja", "Yes") } else { Label::new("Nee", "No") }
}

/// What a person reads for an answer that a question knows, such as `keepRoles: true` or `openItems: NONE`; `None` for what
/// is no answer to a question.
pub fn answer(option: &str) -> Option<Label> {
    let (_, value) = option.split_once(": ")?;
    match value {
        "true" => Some(yes_no(true)),
        "false" => Some(yes_no(false)),
        // "Go on" is the one button of such a question.
        go_on if go_on.starts_with('[') => Some(yes_no(true)),
        chosen => {
            let known = payment::OpenItems::ALL.iter().find(|answer| answer.name() == chosen)?;
            Some(known.label())
        }
    }
}

/// What a person reads for the kind of a thing that stands in the way of a command.
pub fn in_the_way(kind: &str) -> Option<Label> {
    let open = sign_off::Kind::ALL.iter().find(|known| known.name() == kind).map(|known| known.label());
    open.or(match kind {
        "CONTACT" => Some(Label::new("Contact", "Contact")),
        "EMPLOYEE" => Some(Label::new("Medewerker", "Employee")),
        "PAYMENT_LINE" => Some(Label::new("Betaalregel", "Payment line")),
        "TASK" => Some(Label::new("Taak", "Task")),
        "CONFLICT" => Some(Label::new("Latere wijziging", "Later change")),
        "CHECK" => Some(Label::new("Controle", "Check")),
        "MISSING" => Some(Label::new("Ontbreekt", "Missing")),
        _ => None,
    })
}

/// What a person reads on the button of an action of the acceptance (A2-54), by its mutation.
pub fn acceptance_action(mutation: &str) -> Option<Label> {
    match mutation {
        "startAcceptance" => Some(Label::new("Klantacceptatie starten", "Start acceptance")),
        "submitForApproval" => Some(Label::new("Ter goedkeuring aanbieden", "Submit for approval")),
        "approveClient" => Some(Label::new("Goedkeuren", "Approve")),
        "rejectClient" => Some(Label::new("Afwijzen", "Reject")),
        "completeAcceptance" => Some(Label::new("Klantacceptatie afronden", "Complete acceptance")),
        _ => None,
    }
}

impl acceptance::Event {
    /// What a person reads in the log of an acceptance (A2-59).
    pub fn label(&self) -> Label {
        match self {
            Self::AcceptanceStarted(_) => Label::new("Klantacceptatie gestart", "Acceptance started"),
            Self::SubmittedForApproval(_) => {
                Label::new("Ter goedkeuring aangeboden", "Submitted for approval")
            }
            Self::ClientApproved(_) => Label::new("Goedgekeurd", "Approved"),
            Self::ClientRejected(_) => Label::new("Afgewezen", "Rejected"),
            Self::AcceptanceCompleted(_) => Label::new("Klantacceptatie afgerond", "Acceptance completed"),
        }
    }
}

/// Gives enums their labels: every value, or it does not compile.
macro_rules! labels {
    ($( $name:ty { $( $variant:ident = $nl:literal / $en:literal ),+ $(,)? } )+) => {
        $( impl $name {
            /// What a person reads for it.
            pub fn label(self) -> Label {
                match self { $( Self::$variant => Label::new($nl, $en) ),+ }
            }
        } )+

        #[cfg(test)]
        const ALL: &[(&str, &[Label])] =
            &[ $( (stringify!($name), &[ $( Label::new($nl, $en) ),+ ]) ),+ ];
    };
}

labels! {
    contact::Kind {
        Person = "Persoon" / "Person",
        Household = "Huishouden" / "Household",
        Company = "Bedrijf" / "Company",
        GeneralCorrespondence = "Algemene correspondentie" / "General correspondence",
        Location = "Locatie" / "Location",
    }
    registration::RegistrationType {
        ClientCompany = "Klant-Bedrijf" / "Client-company",
        ClientPerson = "Klant-Persoon" / "Client-person",
        RelationCompany = "Relatie-Bedrijf" / "Relation-company",
        RelationPerson = "Relatie-Persoon" / "Relation-person",
        ContactPerson = "Contactpersoon" / "Contact person",
        GeneralCorrespondence = "Algemene correspondentie" / "General correspondence",
        RelationAtClient = "Relatie bij Klant" / "Relation at client",
        EmployeeAtClient = "Medewerker bij Klant" / "Employee at client",
        Location = "Locatie" / "Location",
    }
    customer::ClientStatus {
        Suspect = "Suspect" / "Suspect",
        Prospect = "Prospect" / "Prospect",
        AcceptanceDraft = "Klantacceptatie - concept" / "Acceptance - draft",
        AcceptanceApproval = "Klantacceptatie - ter goedkeuring" / "Acceptance - for approval",
        AcceptanceCentral = "Klantacceptatie - centrale administratie" / "Acceptance - central administration",
        Client = "Klant" / "Client",
        ExClient = "Geen klant meer" / "No longer client",
        Relation = "Relatie" / "Relation",
    }
    status_right::StatusGroup {
        Suspect = "Suspect" / "Suspect",
        Prospect = "Prospect" / "Prospect",
        Acceptance = "Klantacceptatie" / "Acceptance",
        Client = "Klant" / "Client",
        ExClient = "Geen klant meer" / "No longer client",
        Relation = "Relatie" / "Relation",
    }
    channel::Kind {
        Phone = "Telefoon" / "Phone",
        Mobile = "Mobiel" / "Mobile",
        Fax = "Fax" / "Fax",
        Email = "E-mail" / "E-mail",
        Website = "Website" / "Web site",
    }
    channel::Detail {
        Private = "Privé" / "Private",
        Business = "Zakelijk" / "Business",
    }
    channel::Preference {
        First = "Eerste voorkeur" / "First preference",
        Second = "Tweede voorkeur" / "Second preference",
    }
    channel::Status {
        Created = "Ingevoerd" / "Entered",
        Validated = "Gecontroleerd" / "Validated",
        Invalid = "Ongeldig" / "Invalid",
    }
    values::AddressSource {
        PostcodeTable = "Postcodetabel" / "Postcode table",
        Manual = "Handmatig" / "Manual",
    }
    personal_data::Gender {
        Male = "Man" / "Male",
        Female = "Vrouw" / "Female",
        Other = "Onbekend of anders" / "Unknown or other",
    }
    code_list::SalutationKind {
        Sir = "Geachte heer" / "Dear Sir",
        Madam = "Geachte mevrouw" / "Dear Madam",
        Neutral = "Geachte, met de hele naam" / "Dear, with the whole name",
        HeirsOf = "De erven van" / "The heirs of",
        Blank = "Geachte heer/mevrouw" / "Dear Sir or Madam",
    }
    Cause {
        Request = "Op verzoek" / "On request",
        Death = "Overlijden" / "Death",
        DeathCorrected = "Overlijden gecorrigeerd" / "Death corrected",
    }
    mandate::MandateType {
        Recurring = "Doorlopend" / "Recurring",
        OneOff = "Eenmalig" / "One-off",
    }
    payment::OpenItems {
        None = "Geen open posten aanpassen" / "Adjust no open items",
        All = "Alle open posten aanpassen" / "Adjust all open items",
        FromDate = "Open posten vanaf de ingangsdatum aanpassen" / "Adjust open items from the effective date on",
    }
    sign_off::Kind {
        OpenOrder = "Openstaande bestelling" / "Open order",
        UnpaidInvoice = "Onbetaalde factuur" / "Unpaid invoice",
        OpenRepair = "Openstaande reparatie" / "Open repair",
        Subscription = "Abonnement" / "Subscription",
    }
    mail::Kind {
        Sales = "Verkoop" / "Sales",
        Purchasing = "Inkoop" / "Purchasing",
        Administration = "Administratie" / "Administration",
        TechnicalService = "Technische Dienst" / "Technical service",
        SmsAlert = "SMS Alert" / "SMS alert",
        BillingAddress = "Factuuradres" / "Billing address",
    }
    mail::Consent {
        None = "Geen toestemming" / "No consent",
        Notifications = "Notificaties" / "Notifications",
        Everything = "Alles" / "Everything",
    }
    mail::Message {
        Quote = "Offerte" / "Quote",
        Order = "Bestelling" / "Order",
        PackingSlip = "Pakbon" / "Packing slip",
        Invoice = "Factuur" / "Invoice",
        RmaNumber = "RMA-nummer" / "RMA number",
        RmaHandling = "RMA-afhandeling" / "RMA handling",
        RmaInvoiceCopy = "Kopie factuur van een RMA-afhandeling" / "Copy of the invoice of an RMA handling",
        Mailing = "Mailing" / "Mailing",
    }
    mail::Source {
        Kind = "Voorkeurscontact" / "Preferred contact",
        Main = "Hoofd-emailadres" / "Main e-mail address",
        Billing = "Factuuradres" / "Billing address",
    }
    mail::WhyNot {
        NoConsent = "Geen toestemming om te mailen" / "No consent to mail",
        AddressInvalid = "Het adres werkt niet" / "The address does not work",
    }
    interaction::Subject {
        Question = "Vraag" / "Question",
        Complaint = "Klacht" / "Complaint",
        Feedback = "Terugkoppeling" / "Feedback",
    }
    template::Direction {
        Inbound = "Inkomend" / "Inbound",
        Outbound = "Uitgaand" / "Outbound",
    }
    template::InitiatedBy {
        Us = "Wij" / "Us",
        Them = "Zij" / "Them",
    }
    template::Lockable {
        Subject = "Onderwerp" / "Subject",
        ShowInPortal = "Tonen in portaal" / "Show in portal",
        CreateTask = "Taak aanmaken" / "Create task",
        Team = "Team" / "Team",
    }
    task::Status {
        NotStarted = "Niet begonnen" / "Not started",
        InProgress = "In behandeling" / "In progress",
        Completed = "Voltooid" / "Completed",
        Waiting = "Wacht op een ander" / "Waiting",
        Postponed = "Uitgesteld" / "Postponed",
    }
    leader::MailPreference {
        Business = "Zakelijk" / "Business",
        Private = "Privé" / "Private",
    }
    leader::Field {
        Initials = "Voorletters" / "Initials",
        Infix = "Tussenvoegsels" / "Infixes",
        Surname = "Achternaam" / "Surname",
        HomeAddress = "Woonadres" / "Home address",
        CorrespondenceAddress = "Correspondentieadres" / "Correspondence address",
        PrivateEmail = "E-mail privé" / "Private e-mail",
        PrivateMobile = "Mobiel privé" / "Private mobile",
        BusinessData = "Zakelijke gegevens" / "Business data",
        MailPreference = "E-mailvoorkeur" / "E-mail preference",
        Salutation = "Aanhef" / "Salutation",
        BirthDate = "Geboortedatum" / "Date of birth",
        DeathDate = "Overlijdensdatum" / "Date of death",
        Bsn = "BSN" / "Citizen service number",
        Gender = "Geslacht" / "Gender",
    }
    leader::FieldState {
        Own = "Eigen gegeven" / "Own",
        Followed = "Volgt het hoofd" / "Follows the leader",
        Hidden = "Niet getoond" / "Hidden",
    }
    leader::Action {
        GoToFollowers = "Ga naar volgers" / "Go to followers",
        ReplaceLeader = "Hoofd vervangen" / "Replace leader",
        GoToLeader = "Ga naar hoofd" / "Go to leader",
        EndLeaderLink = "Koppeling met hoofd beëindigen" / "End the link with the leader",
    }
    leader::WhyHidden {
        LeaderPrefersBusiness = "Het hoofd is zakelijk bereikbaar" / "The leader prefers business mail",
        FollowerPrefersBusiness = "De volger is zakelijk bereikbaar" / "The follower prefers business mail",
        PrefersBusiness = "Is zakelijk bereikbaar" / "Prefers business mail",
    }
    duplicate::Agreement {
        Surname = "Achternaam" / "Surname",
        Address = "Adres" / "Address",
        Email = "E-mail" / "E-mail",
        Phone = "Telefoon" / "Phone",
        Iban = "IBAN" / "IBAN",
        BirthDate = "Geboortedatum" / "Date of birth",
    }
    search::MatchKind {
        Exact = "Zelfde naam" / "Same name",
        Substring = "Deel van de naam" / "Part of the name",
        Fuzzy = "Andere spelling" / "Other spelling",
    }
    data_quality::Check {
        DeceasedSalutation = "Overleden zonder aanhef 'De erven van'" / "Deceased without salutation of heirs",
        HeirsWithoutDeath = "Aanhef 'De erven van' zonder overlijden" / "Salutation of heirs without death",
        SalutationGender = "Aanhef past niet bij geslacht" / "Salutation does not fit gender",
        DeceasedContractantLeaseRunning = "Overleden contractant met lopende huur" / "Deceased contractant, lease runs",
        NoPaymentData = "Geen betalingsgegevens" / "No payment data",
        NoAddress = "Geen adres" / "No address",
        InitialsForm = "Voorletters niet in de juiste vorm" / "Initials not in their form",
        MailPreferenceWithoutEmail = "Zakelijke e-mail gekozen, maar niet bekend" / "Business e-mail preferred, none known",
    }
    data_quality::Priority {
        High = "Hoog" / "High",
        Medium = "Midden" / "Medium",
        Low = "Laag" / "Low",
    }
    card::Block {
        Correspondence = "Correspondentie en mailingen" / "Correspondence and mailings",
        ContactData = "Contactgegevens" / "Contact data",
        Office = "Kantoor" / "Office",
        Employees = "Medewerkers" / "Employees",
        Wwft = "Wwft" / "Anti-money-laundering act",
        Acquisition = "Acquisitie" / "Acquisition",
        Engagements = "Opdrachten" / "Engagements",
        Billing = "Facturatie" / "Billing",
        Structure = "Structuur" / "Structure",
        Wta = "WTA" / "Audit-firm supervision act",
        Accountancy = "Accountancy" / "Accountancy",
        Tax = "Fiscaal" / "Tax",
        Automation = "Automatisering" / "Automation",
        Personnel = "Personeelsadvies" / "Personnel advice",
        Files = "Bestanden" / "Files",
        Dossier = "Dossier" / "Dossier",
        Partner = "Partnergegevens privé" / "Partner data private",
    }
    card::Field {
        CorrespondenceGroups = "Correspondentiegroepen" / "Correspondence groups",
        Mailings = "Meenemen in mailingen" / "Include in mailings",
        Website = "Website" / "Web site",
        EstablishmentAddress = "Vestigingsadres" / "Establishment address",
        Branch = "Vestiging" / "Branch",
        Organisation = "Organisatie" / "Organisation",
        ResponsiblePartner = "Verantwoordelijk vennoot" / "Responsible partner",
        BillingEmployee = "Declarant" / "Billing employee",
        RelationOwner = "Relatie-eigenaar" / "Relation owner",
        DocumentKind = "Soort identiteitsbewijs" / "Kind of identity document",
        DocumentNumber = "Nummer identiteitsbewijs" / "Number of identity document",
        DocumentValidUntil = "Identiteitsbewijs geldig tot" / "Identity document valid until",
        IdentifiedOn = "Geïdentificeerd op" / "Identified on",
        AcquisitionSource = "Herkomst" / "Source",
        AcquisitionDate = "Sinds" / "Since",
        AcquisitionNote = "Notitie acquisitie" / "Acquisition note",
        Engagements = "Soorten werk" / "Kinds of work",
        BillingAddress = "Factuuradres" / "Billing address",
        GroupName = "Naam van de groep" / "Name of the group",
        PublicInterest = "Organisatie van openbaar belang" / "Public-interest entity",
        StatutoryAudit = "Wettelijke controle" / "Statutory audit",
        WtaNote = "Notitie WTA" / "Audit-firm supervision note",
        FinancialYearEnd = "Einde boekjaar" / "End of financial year",
        Publication = "Publicatieplicht" / "Publication of accounts",
        WageTaxNo = "Loonheffingennummer" / "Wage-tax number",
        Software = "Software" / "Software",
        PayrollNo = "Nummer salarisadministratie" / "Payroll number",
        PensionNo = "Pensioennummer" / "Pension number",
        Attachments = "Bijlagen" / "Attachments",
        DossierReference = "Klantdossier" / "Client dossier",
        LifePartner = "Levenspartner" / "Life partner",
    }
    permission::Permission {
        Read = "Inzien" / "Read",
        Write = "Wijzigen" / "Write",
        SensitiveRead = "Gevoelige gegevens inzien" / "Read sensitive data",
        SensitiveWrite = "Gevoelige gegevens wijzigen" / "Write sensitive data",
        Integration = "Huurkoppeling" / "Integration of leases",
        Register = "Registreren" / "Register",
        Shop = "Winkel" / "Shop",
        Reference = "Stamgegevens beheren" / "Manage reference data",
        SeeSuspect = "Suspects zien" / "See suspects",
        ChangeSuspect = "Suspects wijzigen" / "Change suspects",
        SeeProspect = "Prospects zien" / "See prospects",
        ChangeProspect = "Prospects wijzigen" / "Change prospects",
        SeeAcceptance = "Klantacceptatie zien" / "See acceptance",
        ChangeAcceptance = "Klantacceptatie wijzigen" / "Change acceptance",
        SeeClient = "Klanten zien" / "See clients",
        ChangeClient = "Klanten wijzigen" / "Change clients",
        SeeExClient = "Ex-klanten zien" / "See former clients",
        ChangeExClient = "Ex-klanten wijzigen" / "Change former clients",
        ClientApprover = "Klantgoedkeurder" / "Client approver",
        CentralAdmin = "Centrale administratie" / "Central administration",
        Wwft = "Wwft-gegevens" / "Anti-money-laundering data",
        Administrator = "Beheerder" / "Administrator",
        Supervise = "Toezicht op taken" / "Supervise tasks",
        Portal = "Portaal" / "Portal",
    }
    Prompt {
        RemoveRoleLine = "De rol verwijderen?" / "Remove the role line?",
        KeepRolesOfDeceased = "De rollen van de overleden persoon handhaven?" / "Keep the roles of the deceased?",
        SyncHolderAddress = "Een wijziging van het klantadres synchroniseren naar het bankrekeninghouderadres?" /
            "Copy a change of the customer's address to the account holder's?",
        AdjustOpenItems = "Open posten aanpassen aan de gekozen bankrekening?" /
            "Adjust open items to the chosen bank account?",
        AddressMismatch = "De postcodetabel heeft een andere straat of plaats bij deze postcode. Toch doorgaan?" /
            "The postcode table has another street or city for this postcode. Go on?",
        ClientPersonPreferred = "Er is een klant-persoon met dezelfde identiteit. Toch doorgaan?" /
            "A client-person of the same identity exists. Go on?",
        PossibleDuplicate = "Deze persoon of dit bedrijf bestaat waarschijnlijk al. Toch doorgaan?" /
            "This person or company is likely there already. Go on?",
        TaskTakeOver = "De taak in behandeling nemen? Zij is dan alleen aan u toegewezen." /
            "Take the task? It is then assigned to you alone.",
        CreateInteractionOnFinish = "Een interactie aanmaken?" / "Create an interaction?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::PROMPTS;
    use std::collections::BTreeSet;

    #[test]
    fn section_8_every_code_of_an_enum_reads_differently_in_either_language() {
        for (name, labels) in ALL {
            for lang in [Lang::Nl, Lang::En] {
                let texts: BTreeSet<_> = labels.iter().map(|label| label.text(lang)).collect();
                assert_eq!(texts.len(), labels.len(), "{name}: two values read alike in {lang:?}");
                for text in texts {
                    assert!(!text.is_empty() && text.trim() == text, "{name}: {text:?}");
                    assert!(!text.contains('_'), "{name}: {text:?} is a name of the API, not a label");
                }
            }
        }
    }

    /// The Dutch of the one answer that the manual names (E1-50), and of yes and no.
    #[test]
    fn e1_50_every_answer_to_a_question_has_its_words() {
        for (prompt, _, _, options) in PROMPTS {
            let answers: Vec<_> = options.iter().filter_map(|option| answer(option)).collect();
            assert_eq!(answers.len(), options.len(), "{prompt:?}");
        }
        let words = |option| answer(option).map(|label| (label.nl, label.en));
        assert_eq!(words("openItems: NONE"), Some(("Geen open posten aanpassen", "Adjust no open items")));
        assert_eq!(words("keepRoles: false"), Some(("Nee", "No")));
        assert_eq!(words("confirm: [REMOVE_ROLE_LINE]"), Some(("Ja", "Yes")));
        assert_eq!(words("CLIENT_COMPANY"), None);
        assert_eq!(words("openItems: SOME"), None);
    }

    #[test]
    fn a2_54_every_action_of_the_acceptance_has_its_button() {
        for (mutation, ..) in acceptance::ACTIONS {
            assert!(acceptance_action(mutation).is_some(), "{mutation}");
        }
        assert_eq!(acceptance_action("createContact"), None);
    }

    #[test]
    fn section_8_a_label_is_dutch_unless_asked_for_in_english() {
        let household = contact::Kind::Household.label();
        assert_eq!(household.text(Lang::default()), "Huishouden");
        assert_eq!(household.text(Lang::En), "Household");
        assert_eq!(Prompt::AdjustOpenItems.label().nl, "Open posten aanpassen aan de gekozen bankrekening?");
        assert_eq!([yes_no(true).nl, yes_no(false).nl], ["Ja", "Nee"]);
        assert_eq!([yes_no(true).en, yes_no(false).en], ["Yes", "No"]);
    }
}
