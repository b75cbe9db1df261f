//! The objects of the API, one file per capability. Every one of them holds the reader that it came from.

pub mod actor;
pub mod address;
pub mod bank_account;
pub mod code_list;
pub mod connection;
pub mod contact;
pub mod customer;
pub mod history;
pub mod leader;
pub mod mandate;
pub mod payment;
pub mod personal_data;
pub mod registration;
pub mod role;
