//! The sample of `kroniek serve --demo`: made-up people, made by ordinary commands, the same each time.
//!
//! A household that rents, with two contractants (A. Bakker is shown first), a guardian as its contact person, a bank
//! account, a mandate and a payment line; and an accountant's client: a bakery whose director is a client-person too, and
//! whose contact person follows that client-person as its leader.

use super::fault::Fault;
use kroniek_domain::address::{AddressInput, ChangeCorrespondenceAddress, ChangeHomeAddress, TypedAddress};
use kroniek_domain::bank_account::AddBankAccount;
use kroniek_domain::channel::{Detail, Kind as Channel, OwnerRef, Preference, Status, WantedChannel};
use kroniek_domain::contact::{
    ChangeCompanyData, CreateContact, CreatePersonInHousehold, Kind, NewPerson, NewPersonRole,
};
use kroniek_domain::customer::ActivateCustomer;
use kroniek_domain::mandate::{CreateMandate, MandateType};
use kroniek_domain::payment::{AddPaymentLine, OpenItems};
use kroniek_domain::registration::{CreateCoupledContact, CreateRegistration};
use kroniek_domain::role::{AddRole, BusinessInput, PersonChoice};
use kroniek_domain::{Actor, Command, ContactId, CustomerId, EntityId, PartyRef};
use kroniek_engine::{Done, Engine, Outcome, Request};

/// Fills an empty data directory. Must not be called on an async runtime.
pub(super) fn fill(engine: &Engine) -> Result<(), Fault> {
    let sample = Sample { engine, actor: Actor::with_all("demo") };
    let household = sample.household()?;
    sample.tenancy(household)?;
    let company = sample.client_company()?;
    let director = sample.client_person()?;
    sample.coupled(company, director)
}

struct Sample<'e> {
    engine: &'e Engine,
    actor: Actor,
}

impl Sample<'_> {
    fn household(&self) -> Result<ContactId, Fault> {
        let created = self.execute(CreateContact {
            address: Some(typed("Boterdiep", 31, Some("A"), "3077AW", "Rotterdam")),
            person: Some(contractant(
                "2019-04-01",
                NewPerson {
                    initials: Some("A.".into()),
                    surname: "Bakker".to_owned(),
                    birth_date: Some("1984-03-12".into()),
                    salutation: Some("DHR".into()),
                    gender: Some("M".into()),
                    phones: vec![channel(Channel::Mobile, "06 12345678", Detail::Private)],
                    emails: vec![channel(Channel::Email, "a.bakker@example.org", Detail::Private)],
                    ..NewPerson::default()
                },
            )),
            ..CreateContact::new(Kind::Household)
        })?;
        let household = contact(&created)?;
        self.execute(CreatePersonInHousehold {
            household: household.into(),
            person: contractant(
                "2021-06-01",
                NewPerson {
                    initials: Some("C.".into()),
                    infix: Some("de".into()),
                    surname: "Vries".to_owned(),
                    birth_date: Some("1986-11-30".into()),
                    salutation: Some("MEVR".into()),
                    gender: Some("V".into()),
                    phones: vec![channel(Channel::Mobile, "06 87654321", Detail::Private)],
                    emails: vec![channel(Channel::Email, "c.devries@example.org", Detail::Private)],
                    ..NewPerson::default()
                },
            ),
        })?;
        self.execute(AddRole {
            party: PartyRef::Contact(household.into()),
            person: PersonChoice::New(Box::new(NewPerson {
                initials: Some("J.".into()),
                surname: "Smit".to_owned(),
                phones: vec![channel(Channel::Phone, "010 1234567", Detail::Business)],
                ..NewPerson::default()
            })),
            role_code: "CONTACT_PERSON".to_owned(),
            begin_date: Some("2023-01-01".into()),
            cause: None,
        })?;
        Ok(household)
    }

    fn tenancy(&self, household: ContactId) -> Result<(), Fault> {
        let activated = self.execute(ActivateCustomer {
            household: household.into(),
            lease_ref: "H-2019-0417".to_owned(),
            unit: Some("U-1001".into()),
            start_date: "2019-04-01".to_owned(),
        })?;
        let customer = customer(&activated)?;
        self.execute(AddBankAccount {
            customer: customer.into(),
            code: "RENT".to_owned(),
            iban: "NL91 ABNA 0417 1643 00".to_owned(),
            holder_name: None,
            bic: None,
            sync_holder_address: Some(true),
        })?;
        self.execute(CreateMandate {
            customer: customer.into(),
            code: "M-2019-0417".to_owned(),
            bank_account: "RENT".to_owned(),
            signed_on: "2019-03-25".to_owned(),
            kind: MandateType::Recurring,
        })?;
        self.execute(AddPaymentLine {
            customer: customer.into(),
            effective_date: "2019-04-01".to_owned(),
            transaction_mode: "DIRECT_DEBIT".to_owned(),
            invoice_type: "DIRECT_DEBIT_INVOICE".to_owned(),
            bank_account: Some("RENT".into()),
            mandate: Some("M-2019-0417".into()),
            new_mandate: None,
            unit_no: None,
            open_items: Some(OpenItems::None),
        })?;
        Ok(())
    }

    fn client_company(&self) -> Result<ContactId, Fault> {
        let registered = self.execute(CreateRegistration {
            kind: "CLIENT_COMPANY".to_owned(),
            company_name: Some("Bakkerij Zonneveld B.V.".into()),
            address: Some(typed("Stationsplein", 7, None, "1315KT", "Almere")),
            phones: vec![channel(Channel::Phone, "036 1234567", Detail::Business)],
            emails: vec![channel(Channel::Email, "info@zonneveld.example", Detail::Business)],
            ..CreateRegistration::default()
        })?;
        let company = contact(&registered)?;
        self.execute(ChangeCompanyData {
            contact: company.into(),
            kvk: Some("12345678".into()),
            rsin: None,
            vat_id: None,
            legal_form: Some("BV".into()),
        })?;
        Ok(company)
    }

    fn client_person(&self) -> Result<ContactId, Fault> {
        let registered = self.execute(CreateRegistration {
            kind: "CLIENT_PERSON".to_owned(),
            initials: Some("P.".into()),
            surname: Some("Zonneveld".into()),
            salutation: Some("MEVR".into()),
            phones: vec![channel(Channel::Mobile, "06 11223344", Detail::Private)],
            emails: vec![channel(Channel::Email, "p.zonneveld@example.org", Detail::Private)],
            ..CreateRegistration::default()
        })?;
        let person = contact(&registered)?;
        let home = typed("Grote Markt", 12, Some("B"), "1315JA", "Almere");
        self.execute(ChangeHomeAddress {
            person: person.into(),
            address: home.clone(),
            effective_date: Some("2020-01-01".into()),
        })?;
        self.execute(ChangeCorrespondenceAddress {
            owner: OwnerRef::Contact(person.into()),
            address: home,
            effective_date: Some("2020-01-01".into()),
        })?;
        Ok(person)
    }

    fn coupled(&self, company: ContactId, leader: ContactId) -> Result<(), Fault> {
        self.execute(CreateCoupledContact {
            leader: leader.into(),
            parent: company.into(),
            role_code: Some("DIRECTOR".into()),
            begin_date: Some("2020-01-01".into()),
            business: Some(BusinessInput {
                function: Some("Directeur".into()),
                email: Some("directie@zonneveld.example".into()),
                ..BusinessInput::default()
            }),
            initials: None,
            infix: None,
            surname: None,
            address: None,
            private_email: None,
            private_mobile: None,
        })?;
        Ok(())
    }

    fn execute(&self, command: impl Into<Command>) -> Result<Done, Fault> {
        match self.engine.execute_blocking(Request::new(self.actor.clone(), command))? {
            Outcome::Done(done) => Ok(done),
            Outcome::Refused(problems) => Err(Fault::SampleRefused(problems)),
        }
    }
}

fn contractant(begin: &str, person: NewPerson) -> NewPersonRole {
    NewPersonRole { person, role_code: "CONTRACTANT".to_owned(), begin_date: Some(begin.to_owned()) }
}

fn typed(street: &str, house_no: i64, letter: Option<&str>, postcode: &str, city: &str) -> AddressInput {
    AddressInput::Typed(TypedAddress {
        street: street.to_owned(),
        house_no: Some(house_no),
        letter: letter.map(str::to_owned),
        postcode: Some(postcode.to_owned()),
        city: city.to_owned(),
        ..TypedAddress::default()
    })
}

fn channel(kind: Channel, value: &str, detail: Detail) -> WantedChannel {
    let preference = Some(Preference::First);
    WantedChannel { kind, value: value.to_owned(), detail, preference, status: Status::Created }
}

/// The contact that the command was about: the first that its events name.
fn contact(done: &Done) -> Result<ContactId, Fault> {
    let found = done.entities.iter().find_map(EntityId::contact);
    found.ok_or(Fault::SampleRefused(Vec::new()))
}

fn customer(done: &Done) -> Result<CustomerId, Fault> {
    let found = done.entities.iter().find_map(EntityId::customer);
    found.ok_or(Fault::SampleRefused(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kroniek_engine::Options;
    use kroniek_graphql::{Api, Caller};

    fn filled(dir: &tempfile::TempDir) -> Engine {
        let engine = Engine::open(dir.path(), &Options::default(), &mut |_| {}).unwrap();
        fill(&engine).unwrap();
        engine
    }

    #[test]
    fn the_sample_is_accepted_by_the_rules_and_shows_what_it_promises() {
        let dir = tempfile::tempdir().unwrap();
        let engine = filled(&dir);
        let snapshot = engine.snapshot().unwrap();
        let contact = |id| snapshot.contact(ContactId(id)).unwrap().unwrap().state.clone();
        let household = contact(1);
        assert_eq!((household.kind, household.name.as_str()), (Kind::Household, "A. Bakker"));
        assert_eq!(household.contractants().count(), 2);
        assert_eq!(household.lines.len(), 3);
        let customer = snapshot.customer(household.customer.unwrap()).unwrap().unwrap().state.clone();
        assert_eq!(customer.payment_lines.len(), 1);
        let contacts = (1..).map_while(|id| snapshot.contact(ContactId(id)).unwrap());
        let namesakes: Vec<_> = contacts.filter(|found| found.state.name == "P. Zonneveld").collect();
        assert_eq!(namesakes.len(), 2);
        assert!(namesakes.iter().any(|found| found.state.leader.is_some()));
        drop(snapshot);
        engine.shutdown();
    }

    #[test]
    fn the_first_query_of_graphiql_shows_the_sample() {
        let dir = tempfile::tempdir().unwrap();
        let engine = filled(&dir);
        let query = include_str!("../http/graphiql/start.js").split('`').nth(1).unwrap();
        let request = async_graphql::Request::new(query);
        let caller = Caller { actor: Some(Actor::with_all("demo")), ..Caller::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(Api::new(engine.clone()).execute(request, caller));
        assert_eq!(answer.errors, []);
        assert!(answer.data.to_string().contains("A. Bakker"));
        engine.shutdown();
    }
}
