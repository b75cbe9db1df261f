//! The values that a person types and every capability shares: text, names, addresses, numbers, dates.
//!
//! Each function here takes what was typed and answers with its one normal form, or says why there is none.
//! The normal form is what goes into an event, so two rules hold throughout, and the tests of every file
//! state them: normalising a normal form changes nothing, and no input whatsoever panics.
//!
//! Input is hostile until proven otherwise. Where a kind of value has a greatest length, that is looked at
//! before anything expensive is done, and nothing here takes more than linear time. Which user error a
//! refusal becomes is up to the capability that asks; these functions know no field names and no error codes.
//!
//! | File | Values | Rows of the specification |
//! |---|---|---|
//! | [`text`] | lines, notes, codes, search keys | 1.3 (`REQUIRED`, `TOO_LONG`, `INVALID_TEXT`), X-05, scenario 13 |
//! | [`name`] | initials, infix, surname, company name | E2-09, E2-15, A1-13, I6 |
//! | [`spelling`] | keys and spelling variants of surnames | N1-03, X-05, scenario 13 |
//! | [`salutation`] | the first line of a letter | section 7, E1-35 |
//! | [`address`] | postcode, house number, the lookup text | E1-21, E1-22, E2-11, section 7 |
//! | [`mod@phone`], [`mod@email`] | channels and their comparing keys | E1-18, N1-24 |
//! | [`bank`] | IBAN, BIC, mandate code | E1-45, E1-52 |
//! | [`numbers`] | BSN, RSIN, KvK, VAT id | E1-40, A2-34, A2-35 |
//! | [`date`] | calendar dates and "today" | 1.3 (`INVALID_DATE`, `DATE_OUT_OF_RANGE`) |

pub mod address;
pub mod bank;
pub mod date;
pub mod email;
pub mod name;
pub mod numbers;
pub mod phone;
pub mod salutation;
pub mod spelling;
pub mod text;
pub mod url;

pub use address::{
    Address, AddressSource, Lookup, LookupProblem, REST_LIMIT, country, house_no, parse_lookup, postcode,
    split_rest,
};
pub use bank::{IbanProblem, bic, bic_of, iban, mandate_code};
pub use date::{Date, DateProblem, day_in_amsterdam, today_in_amsterdam};
pub use email::{EMAIL_LIMIT, email, email_key, email_too_long};
pub use name::{NameParts, company_name, infix, initials, split_infix, surname};
pub use numbers::{bsn, kvk, rsin, vat_id, wage_tax_no};
pub use phone::{phone, phone_digits};
pub use salutation::{SalutationForm, letter_salutation};
pub use spelling::{split_name, surname_key, variant};
pub use text::{TextProblem, code, fold, line, note};
pub use url::{url, url_key};
