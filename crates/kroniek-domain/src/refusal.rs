//! Every way in which the core says no: one enum per capability, and here their union.

use crate::problem::{General, Problem};
use crate::{
    acceptance, address, address_table, administration, bank_account, card, channel, client_status,
    code_list, contact, customer, death, duplicate, employee, interaction, leader, link, mail, mandate,
    payment, personal_data, placement, registration, role, shop, sign_off, structure, task, team, template,
};

/// Declares the union of all capabilities' refusals.
macro_rules! all_refusals {
    ($( $variant:ident $source:path, $doc:literal );+ $(;)?) => {
        /// A refusal: a value, comparable, with a stable code.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum Refusal { $( #[doc = $doc] $variant($source) ),+ }

        $( impl From<$source> for Refusal {
            fn from(refusal: $source) -> Self { Self::$variant(refusal) }
        } )+

        impl Refusal {
            /// The published form (spec §1.3).
            pub fn problem(&self) -> Problem {
                match self { $( Self::$variant(refusal) => refusal.problem() ),+ }
            }

            /// The stable code.
            pub fn code(&self) -> &'static str {
                self.problem().code
            }
        }
    };
}

all_refusals! {
    General General, "Any command can give these.";
    Contact contact::Refusal, "Contacts and their names.";
    Channel channel::Refusal, "Phone numbers and e-mail addresses.";
    Address address::Refusal, "Addresses.";
    Role role::Refusal, "Role lines.";
    PersonalData personal_data::Refusal, "Sensitive data and salutations.";
    Death death::Refusal, "Deaths.";
    Customer customer::Refusal, "Customers and leases.";
    Registration registration::Refusal, "Registrations.";
    Leader leader::Refusal, "Leaders and followers.";
    BankAccount bank_account::Refusal, "Bank accounts.";
    Mandate mandate::Refusal, "Mandates.";
    Payment payment::Refusal, "Payment lines.";
    Duplicate duplicate::Refusal, "Somebody who may be there already.";
    Shop shop::Refusal, "Customers of a shop.";
    SignOff sign_off::Refusal, "Signing customers off.";
    Mail mail::Refusal, "Contacts by kind, billing, consent.";
    Placement placement::Refusal, "What hangs below what.";
    Link link::Refusal, "Relations of clients.";
    Structure structure::Refusal, "Groups of companies.";
    ClientStatus client_status::Refusal, "Client statuses.";
    Acceptance acceptance::Refusal, "Acceptance as a client.";
    Card card::Refusal, "The blocks of the client card.";
    Administration administration::Refusal, "Administration of the client card.";
    CodeList code_list::Refusal, "Code lists.";
    AddressTable address_table::Refusal, "The address table.";
    Employee employee::Refusal, "Employees.";
    Team team::Refusal, "Teams.";
    Template template::Refusal, "Interaction templates.";
    Interaction interaction::Refusal, "Contact moments.";
    Task task::Refusal, "Tasks.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::PROMPTS;
    use crate::search;
    use crate::status_right::neutral;
    use crate::testing::says_what_to_do;

    /// The law itself is held by every test that has something refused: see [`says_what_to_do`]. Here is what no story gets to.
    #[test]
    fn section_1_3_a_refusal_says_what_to_do() {
        let rare = [
            mail::Refusal::TooManyConsents.problem(),
            sign_off::Refusal::TooMuchOpen.problem(),
            search::Refusal::TooWide.problem(),
            search::Refusal::InvalidPostcodePart.problem(),
            search::Refusal::InvalidHouseNumber.problem(),
            search::Refusal::TooLong.problem(),
        ];
        let questions = PROMPTS
            .iter()
            .map(|(prompt, ..)| General::ConfirmationRequired { prompt: *prompt, entity: None }.problem());
        for problem in rare.into_iter().chain(questions) {
            assert!(says_what_to_do(&problem), "{problem:?}");
        }
    }

    /// Bad input for the law: what only tells what is, and what sounds like a way out and is none.
    #[test]
    fn section_1_3_what_is_wrong_is_not_what_to_do() {
        let says = |message: &str| says_what_to_do(&Problem::new("CODE", message));
        for silent in [
            "",
            "This contact has followers.",
            "The address cannot be used here: its owner does not leave it.",
            "This contact has no followers, so nobody can be moved.",
            "A company has a companyName and neither initials, infix nor surname.",
            "The kind can change only before the contact has roles or a customer.",
        ] {
            assert!(!says(silent), "{silent}");
        }
        for telling in [
            "Nobody has taken the task: take it first.",
            "This asks for a right that you lack, so ask an administrator.",
            "Give the code of a mandate, or a new mandate, not both.",
            "roleCode must be filled in.",
            "Postcode and number belong to several streets; look at the map or type the address.",
        ] {
            assert!(says(telling), "{telling}");
        }
        assert!(says_what_to_do(&Problem::new("CODE", "It is led.").hint("End the link first.")));
        assert!(says(neutral("WHATEVER")));
    }
}
