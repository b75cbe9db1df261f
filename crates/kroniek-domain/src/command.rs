//! All commands of the core, and the one entry to deciding them.

use crate::draft::{Context, Decide, Decision, Draft};
use crate::refusal::Refusal;
use crate::world::World;
use crate::{
    acceptance, address, address_table, administration, bank_account, card, channel, client_status,
    code_list, contact, customer, death, employee, interaction, leader, link, mail, mandate, payment,
    personal_data, placement, registration, role, shop, sign_off, structure, task, team, template,
};
use serde::{Deserialize, Serialize};

/// Declares the union of all commands. A name is also the name in the audit history and, in lowerCamelCase, of the
/// mutation.
macro_rules! all_commands {
    ($( $module:ident { $( $name:ident ),+ $(,)? } )+) => {
        /// Any command of the core; what a client asks for.
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        pub enum Command { $( $( #[doc = concat!("See [`", stringify!($module), "::", stringify!($name), "`].")]
            $name($module::$name) ),+ ),+ }

        $( $( impl From<$module::$name> for Command {
            fn from(command: $module::$name) -> Self { Self::$name(command) }
        } )+ )+

        impl Command {
            /// The command's name in the audit history.
            pub fn name(&self) -> &'static str {
                match self { $( $( Self::$name(_) => stringify!($name) ),+ ),+ }
            }

            fn decide_on(&self, draft: &mut Draft<'_>) -> Result<(), crate::draft::Refused> {
                match self { $( $( Self::$name(command) => command.decide(draft) ),+ ),+ }
            }
        }
    };
}

all_commands! {
    contact { CreateContact, CreatePersonInHousehold, ChangePersonName, ChangeContactName, ChangeContactKind, ChangeCompanyData }
    channel { ChangeChannels }
    address { ChangeCorrespondenceAddress, ChangeHomeAddress }
    role { AddRole, RemoveRole, ShowFirst, ChangeBusinessData, SetPortalCoupling }
    personal_data { ChangePersonalData, SetSalutation }
    death { RecordDeath, CorrectDeath }
    customer { ActivateCustomer, RecordLeaseEnded }
    registration { CreateRegistration, CreateCoupledContact }
    leader { CoupleToLeader, EndLeaderLink, ReplaceLeader, SetMailPreference }
    bank_account { AddBankAccount, SetHolderAddressSync, BlockBankAccount, UnblockBankAccount }
    mandate { CreateMandate, RevokeMandate }
    payment { AddPaymentLine, CorrectPaymentLine, WithdrawPaymentLine }
    shop { CreateCustomer, ChangeCustomer }
    sign_off { DeactivateCustomer, ReactivateCustomer, DeleteCustomer, RecordActivity, RecordStaffMembership }
    mail { SetContact, SetBillingCustomer, SetMailConsent }
    placement { MoveContact }
    link { LinkRelation, UnlinkRelation, LinkCompanyPerson, UnlinkCompanyPerson }
    structure { SetParentCompany }
    client_status { SetClientStatus, MarkOwnServiceProvider }
    acceptance { StartAcceptance, SubmitForApproval, ApproveClient, RejectClient, CompleteAcceptance }
    card { ChangeCard, RecordKeyFigures }
    administration { ChangeClientNumber, SetDebtorNumber, SetWorkStop, ConfirmUpToDate, SetCoupling, MarkForDeletion, UnmarkForDeletion }
    code_list { ChangeCode, ImportCodeLists }
    address_table { ImportAddressTable }
    employee { AddEmployee, EndEmployee }
    team { DefineTeam, AddTeamMember, RemoveTeamMember }
    template { DefineTemplate, ChangeTemplate, BlockTemplate }
    interaction { RegisterInteraction, CancelInteraction, SetPortalVisibility }
    task { CreateTask, TakeTask, SetTaskStatus, WriteTaskNote, FinishTask, ReleaseTask, ReopenTask, ReassignTask }
}

/// Decides a command: pure, and the same for the same world, context and command.
///
/// # Errors
/// All the reasons for saying no; then nothing is decided.
pub fn decide(world: &dyn World, ctx: &Context, command: &Command) -> Result<Decision, Vec<Refusal>> {
    let mut draft = Draft::new(world, ctx);
    let outcome = command.decide_on(&mut draft);
    draft.finish(outcome)
}
