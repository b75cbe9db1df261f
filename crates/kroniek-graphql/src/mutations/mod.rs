//! The mutations: one per command, named as the command, one file per capability.
//!
//! A mutation reads the shape of its input, hands the command to the engine and publishes what came of it. No rule
//! stands here; the description of a mutation says which rule of the specification it follows and which codes its
//! `userErrors` can have besides the general ones (see `UserError`).

mod acceptance;
mod address;
mod addressed;
mod administration;
mod bank_account;
mod card;
mod channel;
mod client_status;
mod code_list;
mod contact;
mod customer;
mod death;
mod employee;
mod execute;
mod input;
mod interaction;
mod leader;
mod link;
mod mail;
mod mandate;
mod payment;
mod personal_data;
mod placement;
mod registration;
mod role;
mod shop;
mod sign_off;
mod structure;
mod task;
mod team;
mod template;

pub(crate) use addressed::Addressed;
pub(crate) use execute::at;
pub(crate) use input::CommandInput;

use async_graphql::MergedObject;

/// Every mutation is one command: all of its consequences are stored in one commit, or nothing is. "No" is an answer:
/// `userErrors` with stable codes, and nothing stored. Only what is broken is an error of GraphQL itself, with
/// `extensions.code` and, when the command may be stored nevertheless, `extensions.position`.
///
/// A mandatory text or date that is missing is answered like a blank one, with the code `REQUIRED`, together with
/// everything else that is wrong: hence the nullable types. In a change, a field that is absent is left as it is, and
/// null clears it. Where a thing has a number as well as an id, either is accepted.
///
/// An argument that names a contact or a customer by number (`contactNo`, `parentNo`, `clientNo`, …) takes the numbers of
/// both: a customer's number names the contact that it is the account of where a contact is meant, and a contact's number
/// the customer that is its account where a customer is meant. No number that is given out names two: one that is or
/// was a contact's is never another customer's, nor the other way round, and one chosen by hand is not of the other's
/// series, CT000001 and on for contacts, CU000001 and on for customers (`NUMBER_TAKEN`).
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct MutationRoot(
    PeopleMutations,
    CustomersMutations,
    PaymentsMutations,
    OfficeMutations,
    DeskMutations,
);

// In groups, because the library makes a type of each that holds the next: one long row of them is deeper than the compiler
// follows. The schema knows nothing of the groups.

/// Contacts, and what belongs to them.
#[derive(MergedObject, Default)]
struct PeopleMutations(
    contact::ContactMutations,
    channel::ChannelMutations,
    address::AddressMutations,
    role::RoleMutations,
    personal_data::PersonalDataMutations,
    death::DeathMutations,
);

/// Customers, and whom they are to an office or a shop.
#[derive(MergedObject, Default)]
struct CustomersMutations(
    customer::CustomerMutations,
    registration::RegistrationMutations,
    leader::LeaderMutations,
    shop::ShopMutations,
    sign_off::SignOffMutations,
    mail::MailMutations,
);

/// How customers pay.
#[derive(MergedObject, Default)]
struct PaymentsMutations(
    bank_account::BankAccountMutations,
    mandate::MandateMutations,
    payment::PaymentMutations,
);

/// Contact moments and what they need, and reference data.
#[derive(MergedObject, Default)]
struct DeskMutations(code_list::CodeListMutations, ContactMomentMutations);

/// What an accountancy office does (A2).
#[derive(MergedObject, Default)]
struct OfficeMutations(
    placement::PlacementMutations,
    link::LinkMutations,
    structure::StructureMutations,
    client_status::ClientStatusMutations,
    acceptance::AcceptanceMutations,
    card::CardMutations,
    administration::AdministrationMutations,
);

/// Contact moments and the work that follows from them (E2).
#[derive(MergedObject, Default)]
struct ContactMomentMutations(
    employee::EmployeeMutations,
    team::TeamMutations,
    template::TemplateMutations,
    interaction::InteractionMutations,
    task::TaskMutations,
);
