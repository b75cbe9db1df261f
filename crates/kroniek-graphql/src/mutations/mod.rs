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
mod mandate;
mod payment;
mod personal_data;
mod placement;
mod registration;
mod role;
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
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub struct MutationRoot(
    contact::ContactMutations,
    channel::ChannelMutations,
    address::AddressMutations,
    role::RoleMutations,
    personal_data::PersonalDataMutations,
    death::DeathMutations,
    customer::CustomerMutations,
    registration::RegistrationMutations,
    leader::LeaderMutations,
    bank_account::BankAccountMutations,
    mandate::MandateMutations,
    payment::PaymentMutations,
    OfficeMutations,
    code_list::CodeListMutations,
    ContactMomentMutations,
);

/// What an accountancy office does (A2). A group of its own, because each member of a group makes the future of the whole
/// one deeper, and the compiler follows it only so far.
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

/// Contact moments and the work that follows from them (E2); a group for the same reason.
#[derive(MergedObject, Default)]
struct ContactMomentMutations(
    employee::EmployeeMutations,
    team::TeamMutations,
    template::TemplateMutations,
    interaction::InteractionMutations,
    task::TaskMutations,
);
