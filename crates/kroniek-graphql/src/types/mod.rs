//! The objects of the API, one file per capability. Every one of them holds the reader that it came from.

pub mod acceptance;
pub mod actor;
pub mod address;
pub mod administration;
pub mod bank_account;
pub mod card;
pub mod channel;
pub mod code_list;
pub mod connection;
pub mod contact;
pub mod customer;
pub mod data_quality;
pub mod employee;
pub mod history;
pub mod interaction;
pub mod leader;
pub mod lease;
pub mod mail;
pub mod mandate;
pub mod payment;
pub mod personal_data;
pub mod registration;
pub mod role;
pub mod search;
pub mod task;
pub mod team;
pub mod template;

pub use acceptance::AcceptanceStep;
pub use actor::{Actor, Permission, PermissionMeaning};
pub use address::{Address, AddressLookupResult, AddressSource, DatedAddress};
pub use administration::{Debtor, KeyFigures, UpToDate, WorkStop};
pub use bank_account::BankAccount;
pub use card::{CardBlock, CardBlockName, CardField, CardTab, CardTabName, ClientCard};
pub use channel::{Channel, ChannelDetail, ChannelKind, ChannelPreference, ChannelStatus};
pub use code_list::{CodeList, CodeProperties, CodeRow, SalutationKind};
pub use connection::{Connection, Edge, PageInfo};
pub use contact::{Contact, ContactKind, NameSince};
pub use customer::{ContactData, Customer, RelationAtClient, Structure};
pub use data_quality::{DataQualityCheck, DataQualityCount, DataQualityFinding, DataQualityPriority};
pub use employee::Employee;
pub use history::{FieldChange, HistoryEntry, HistoryEvent};
pub use interaction::{
    InitiatedBy, Interaction, InteractionDirection, InteractionSubject, Portal, PortalInteraction,
};
pub use leader::{
    FieldDifference, FieldState, LeaderAction, MailChoice, MailPreference, PersonField, WhyHidden,
};
pub use lease::{Lease, LeaseState};
pub use mandate::{Mandate, MandateType};
pub use payment::{OpenItems, PaymentLine};
pub use personal_data::PersonalData;
pub use registration::{ClientStatus, RegistrationType, StatusGroup, StatusRight};
pub use role::{BusinessData, RelatedRole, RemovableRole, RoleEndCause, RoleKind};
pub use task::{Task, TaskNote, TaskStatus};
pub use team::Team;
pub use template::{InteractionTemplate, TemplateDefault};
