//! Which entity a command addresses: the one that its `expectedVersion` is about.

use kroniek_domain::acceptance::{
    ApproveClient, CompleteAcceptance, RejectClient, StartAcceptance, SubmitForApproval,
};
use kroniek_domain::address::{ChangeCorrespondenceAddress, ChangeHomeAddress};
use kroniek_domain::administration::{
    ChangeClientNumber, ConfirmUpToDate, MarkForDeletion, SetCoupling, SetDebtorNumber, SetWorkStop,
    UnmarkForDeletion,
};
use kroniek_domain::bank_account::{
    AddBankAccount, BlockBankAccount, SetHolderAddressSync, UnblockBankAccount,
};
use kroniek_domain::card::{ChangeCard, RecordKeyFigures};
use kroniek_domain::channel::{ChangeChannels, OwnerRef};
use kroniek_domain::client_status::{MarkOwnServiceProvider, SetClientStatus};
use kroniek_domain::code_list::ChangeCode;
use kroniek_domain::contact::{
    ChangeCompanyData, ChangeContactKind, ChangeContactName, ChangePersonName, CreatePersonInHousehold,
};
use kroniek_domain::customer::{ActivateCustomer, RecordLeaseEnded};
use kroniek_domain::death::{CorrectDeath, RecordDeath};
use kroniek_domain::employee::{AddEmployee, EndEmployee};
use kroniek_domain::interaction::{CancelInteraction, RegisterInteraction, SetPortalVisibility};
use kroniek_domain::leader::{CoupleToLeader, EndLeaderLink, ReplaceLeader, SetMailPreference};
use kroniek_domain::link::{LinkCompanyPerson, LinkRelation, UnlinkCompanyPerson, UnlinkRelation};
use kroniek_domain::mail::{SetBillingCustomer, SetContact, SetMailConsent};
use kroniek_domain::mandate::{CreateMandate, RevokeMandate};
use kroniek_domain::payment::{AddPaymentLine, CorrectPaymentLine, WithdrawPaymentLine};
use kroniek_domain::personal_data::{ChangePersonalData, SetSalutation};
use kroniek_domain::placement::MoveContact;
use kroniek_domain::registration::{CreateCoupledContact, CreateRegistration};
use kroniek_domain::role::{AddRole, ChangeBusinessData, RemoveRole, SetPortalCoupling, ShowFirst};
use kroniek_domain::shop::ChangeCustomer;
use kroniek_domain::sign_off::{
    DeactivateCustomer, DeleteCustomer, ReactivateCustomer, RecordActivity, RecordStaffMembership,
};
use kroniek_domain::structure::SetParentCompany;
use kroniek_domain::task::{
    CreateTask, FinishTask, ReassignTask, ReleaseTask, ReopenTask, SetTaskStatus, TakeTask, WriteTaskNote,
};
use kroniek_domain::team::{AddTeamMember, DefineTeam, RemoveTeamMember};
use kroniek_domain::template::{BlockTemplate, ChangeTemplate, DefineTemplate};
use kroniek_domain::{Command, ContactRef, CustomerRef, EntityId, PartyRef};

/// What a command addresses.
#[derive(Clone)]
pub(crate) enum Addressed {
    /// A contact.
    Contact(ContactRef),
    /// A customer, or the contact that it is the account of.
    Customer(CustomerRef),
    /// A code list.
    CodeList(String),
    /// A contact moment, a task, a template, a team or an employee.
    Entity(EntityId),
    /// Nothing that is there already.
    Nothing,
}

impl Addressed {
    /// What this command addresses.
    pub(crate) fn of(command: &Command) -> Self {
        match command {
            // Once it is carried out, the new number is the one that names the customer.
            Command::ChangeClientNumber(ChangeClientNumber { customer: CustomerRef::Number(_), number }) => {
                Self::Customer(CustomerRef::Number(number.clone()))
            }
            Command::ChangeClientNumber(ChangeClientNumber { customer, .. }) => {
                Self::Customer(customer.clone())
            }
            Command::CreatePersonInHousehold(CreatePersonInHousehold { household: contact, .. })
            | Command::ChangePersonName(ChangePersonName { person: contact, .. })
            | Command::ChangeContactName(ChangeContactName { contact, .. })
            | Command::ChangeContactKind(ChangeContactKind { contact, .. })
            | Command::ChangeCompanyData(ChangeCompanyData { contact, .. })
            | Command::ChangeHomeAddress(ChangeHomeAddress { person: contact, .. })
            | Command::ShowFirst(ShowFirst { household: contact, .. })
            | Command::ChangePersonalData(ChangePersonalData { person: contact, .. })
            | Command::SetSalutation(SetSalutation { contact, .. })
            | Command::RecordDeath(RecordDeath { person: contact, .. })
            | Command::CorrectDeath(CorrectDeath { person: contact, .. })
            | Command::ActivateCustomer(ActivateCustomer { household: contact, .. })
            | Command::CreateCoupledContact(CreateCoupledContact { parent: contact, .. })
            | Command::CreateRegistration(CreateRegistration { parent: Some(contact), .. })
            | Command::CoupleToLeader(CoupleToLeader { follower: contact, .. })
            | Command::EndLeaderLink(EndLeaderLink { follower: contact })
            | Command::ReplaceLeader(ReplaceLeader { old_leader: contact, .. })
            | Command::SetMailPreference(SetMailPreference { contact, .. })
            | Command::MoveContact(MoveContact { contact, .. })
            | Command::ChangeChannels(ChangeChannels { owner: OwnerRef::Contact(contact), .. })
            | Command::ChangeCorrespondenceAddress(ChangeCorrespondenceAddress {
                owner: OwnerRef::Contact(contact),
                ..
            }) => Self::Contact(contact.clone()),

            Command::ChangeChannels(ChangeChannels { owner: OwnerRef::Customer(customer), .. })
            | Command::ChangeCorrespondenceAddress(ChangeCorrespondenceAddress {
                owner: OwnerRef::Customer(customer),
                ..
            })
            | Command::RecordLeaseEnded(RecordLeaseEnded { customer, .. })
            | Command::LinkRelation(LinkRelation { client: customer, .. })
            | Command::UnlinkRelation(UnlinkRelation { client: customer, .. })
            | Command::LinkCompanyPerson(LinkCompanyPerson { company: customer, .. })
            | Command::UnlinkCompanyPerson(UnlinkCompanyPerson { company: customer, .. })
            | Command::SetParentCompany(SetParentCompany { customer, .. })
            | Command::MarkOwnServiceProvider(MarkOwnServiceProvider { customer, .. })
            | Command::ChangeCard(ChangeCard { customer, .. })
            | Command::RecordKeyFigures(RecordKeyFigures { customer, .. })
            | Command::SetDebtorNumber(SetDebtorNumber { customer, .. })
            | Command::SetWorkStop(SetWorkStop { customer, .. })
            | Command::ConfirmUpToDate(ConfirmUpToDate { customer })
            | Command::SetCoupling(SetCoupling { customer, .. })
            | Command::MarkForDeletion(MarkForDeletion { customer })
            | Command::UnmarkForDeletion(UnmarkForDeletion { customer })
            | Command::AddBankAccount(AddBankAccount { customer, .. })
            | Command::SetHolderAddressSync(SetHolderAddressSync { customer, .. })
            | Command::BlockBankAccount(BlockBankAccount { customer, .. })
            | Command::UnblockBankAccount(UnblockBankAccount { customer, .. })
            | Command::CreateMandate(CreateMandate { customer, .. })
            | Command::RevokeMandate(RevokeMandate { customer, .. })
            | Command::AddPaymentLine(AddPaymentLine { customer, .. })
            | Command::CorrectPaymentLine(CorrectPaymentLine {
                content: AddPaymentLine { customer, .. },
                ..
            })
            | Command::WithdrawPaymentLine(WithdrawPaymentLine { customer, .. })
            | Command::ChangeCustomer(ChangeCustomer { customer: Some(customer), .. })
            | Command::DeactivateCustomer(DeactivateCustomer { customer })
            | Command::ReactivateCustomer(ReactivateCustomer { customer })
            | Command::DeleteCustomer(DeleteCustomer { customer })
            | Command::RecordActivity(RecordActivity { customer, .. })
            | Command::RecordStaffMembership(RecordStaffMembership { customer, .. })
            | Command::SetContact(SetContact { customer, .. })
            | Command::SetBillingCustomer(SetBillingCustomer { customer, .. })
            | Command::SetMailConsent(SetMailConsent { customer, .. }) => Self::Customer(customer.clone()),

            Command::AddRole(AddRole { party, .. })
            | Command::RemoveRole(RemoveRole { party, .. })
            | Command::ChangeBusinessData(ChangeBusinessData { party, .. })
            | Command::SetPortalCoupling(SetPortalCoupling { party, .. })
            | Command::SetClientStatus(SetClientStatus { party, .. })
            | Command::StartAcceptance(StartAcceptance { party, .. })
            | Command::SubmitForApproval(SubmitForApproval { party, .. })
            | Command::ApproveClient(ApproveClient { party, .. })
            | Command::RejectClient(RejectClient { party })
            | Command::CompleteAcceptance(CompleteAcceptance { party, .. }) => match party {
                PartyRef::Contact(contact) => Self::Contact(contact.clone()),
                PartyRef::Customer(customer) => Self::Customer(customer.clone()),
            },

            Command::ChangeCode(ChangeCode { list, .. }) => Self::CodeList(list.trim().to_uppercase()),

            Command::CancelInteraction(CancelInteraction { interaction })
            | Command::SetPortalVisibility(SetPortalVisibility { interaction, .. }) => {
                Self::Entity(EntityId::Interaction(*interaction))
            }
            Command::TakeTask(TakeTask { task, .. })
            | Command::SetTaskStatus(SetTaskStatus { task, .. })
            | Command::WriteTaskNote(WriteTaskNote { task, .. })
            | Command::FinishTask(FinishTask { task, .. })
            | Command::ReleaseTask(ReleaseTask { task })
            | Command::ReopenTask(ReopenTask { task })
            | Command::ReassignTask(ReassignTask { task, .. }) => Self::Entity(EntityId::Task(*task)),
            Command::DefineTemplate(DefineTemplate { code, .. })
            | Command::ChangeTemplate(ChangeTemplate { code, .. })
            | Command::BlockTemplate(BlockTemplate { code }) => Self::coded(EntityId::Template, code),
            Command::DefineTeam(DefineTeam { code, .. })
            | Command::AddTeamMember(AddTeamMember { team: code, .. })
            | Command::RemoveTeamMember(RemoveTeamMember { team: code, .. }) => {
                Self::coded(EntityId::Team, code)
            }
            Command::AddEmployee(AddEmployee { code, .. }) | Command::EndEmployee(EndEmployee { code }) => {
                Self::coded(EntityId::Employee, code)
            }
            Command::RegisterInteraction(RegisterInteraction { customer, contact, .. })
            | Command::CreateTask(CreateTask { customer, contact, .. }) => match (customer, contact) {
                (Some(customer), _) => Self::Customer(customer.clone()),
                (None, Some(contact)) => Self::Contact(contact.clone()),
                (None, None) => Self::Nothing,
            },

            Command::CreateContact(_)
            | Command::CreateRegistration(CreateRegistration { parent: None, .. })
            | Command::CreateCustomer(_)
            | Command::ChangeCustomer(ChangeCustomer { customer: None, .. })
            | Command::ImportCodeLists(_)
            | Command::ImportAddressTable(_) => Self::Nothing,
        }
    }

    fn coded(entity: fn(String) -> EntityId, code: &str) -> Self {
        Self::Entity(entity(code.trim().to_uppercase()))
    }
}
