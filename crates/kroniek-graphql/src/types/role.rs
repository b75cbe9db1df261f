//! Role lines: which person plays which role at a contact (E1-05 … E1-12, E1-24 … E1-32).

use super::address::Address;
use super::code_list::CodeRow;
use super::contact::Contact;
use crate::context::Reader;
use crate::label::Lang;
use crate::scalars::DateText;
use crate::user_error::UserError;
use async_graphql::{Description, Enum, Object, Result, SimpleObject};
use kroniek_domain::role::{self, Cause, EndedLine, RoleLine};
use kroniek_domain::{EntityId, Refusal, code_list, contact, placement};

/// Which role lines are wanted (E1-05).
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
pub enum RoleKind {
    /// All but the contractants.
    ContactPerson,
    /// Lines whose role code counted as contractant when the line was made.
    Contractant,
    /// All lines.
    All,
}

/// Why a role line ended.
#[derive(Enum, Copy, Clone, PartialEq, Eq, Debug)]
#[graphql(remote = "Cause")]
pub enum RoleEndCause {
    /// Somebody removed it.
    Request,
    /// Its person died (E1-36).
    Death,
    /// A recorded death was corrected (E1-38).
    DeathCorrected,
}

/// What a person is at work, per role line. Never copied between leader and follower (A1-17).
#[derive(SimpleObject)]
pub struct BusinessData {
    /// Function.
    function: Option<String>,
    /// Department.
    department: Option<String>,
    /// Business telephone.
    phone: Option<String>,
    /// Business e-mail address.
    email: Option<String>,
}

/// A role line: a person and its role at a household, company or client-person (E1-07). The line is stored at its
/// holder; the holder's customer shows the same lines.
#[derive(Clone, Description)]
pub struct RelatedRole {
    reader: Reader,
    holder: Contact,
    line: RoleLine,
    ended: Option<EndedLine>,
}

impl RelatedRole {
    fn live(holder: &Contact, line: &RoleLine) -> Self {
        Self { reader: holder.reader().clone(), holder: holder.clone(), line: line.clone(), ended: None }
    }

    fn tied_to(&self) -> Result<Option<Contact>> {
        let location = self.holder.state().placement.line_locations.get(&self.line.line);
        match location {
            Some(location) if self.ended.is_none() => self.reader.contact(*location),
            _ => Ok(None),
        }
    }

    fn past(holder: &Contact, ended: &EndedLine) -> Self {
        let (holder, line) = (holder.clone(), ended.line.clone());
        Self { reader: holder.reader().clone(), holder, line, ended: Some(ended.clone()) }
    }
}

#[Object(use_type_description)]
impl RelatedRole {
    /// Number of the line within its holder, for the commands that address it. Never reused.
    async fn line(&self) -> u32 {
        self.line.line
    }

    /// The household, company or client-person that holds the line.
    async fn holder(&self) -> Result<Contact> {
        self.reader.again(&self.holder)
    }

    /// Who plays the role.
    async fn person(&self) -> Result<Contact> {
        self.reader.named_contact(self.line.person)
    }

    /// Code of the role (code list `ROLE`).
    async fn role_code(&self) -> &str {
        &self.line.role
    }

    /// The row of the role in the code list; null when the list has it no longer.
    async fn role(&self) -> Result<Option<CodeRow>> {
        self.reader.code(code_list::ROLE, &self.line.role)
    }

    /// `roleCode` in words.
    async fn role_label(&self, #[graphql(default)] lang: Lang) -> Result<String> {
        self.reader.label(code_list::ROLE, &self.line.role, lang)
    }

    /// Whether the role made its person a contractant when the line was made.
    async fn contractant(&self) -> bool {
        self.line.contractant
    }

    /// Whether this is the contractant shown first, whose name the household carries (E1-25, E1-27).
    async fn shown_first(&self) -> bool {
        self.ended.is_none() && shown_first(self.holder.state(), &self.line)
    }

    /// Begin of the role.
    async fn begin_date(&self) -> DateText {
        self.line.begin.into()
    }

    /// Last day of the role; null while the line stands.
    async fn end_date(&self) -> Option<DateText> {
        self.ended.as_ref().map(|ended| ended.end.into())
    }

    /// Why the line ended; null while it stands.
    async fn end_cause(&self) -> Option<RoleEndCause> {
        self.ended.as_ref().map(|ended| ended.cause.into())
    }

    /// `endCause` in words.
    async fn end_cause_label(&self, #[graphql(default)] lang: Lang) -> Option<&'static str> {
        self.ended.as_ref().map(|ended| RoleEndCause::from(ended.cause).label(lang))
    }

    /// Why the line was made, as a code of the caller's (E1-29).
    async fn cause(&self) -> Option<&str> {
        self.line.cause.as_deref()
    }

    /// What the person is at work, at this holder (A1-17).
    async fn business_data(&self) -> BusinessData {
        let business = &self.line.business;
        BusinessData {
            function: business.function.clone(),
            department: business.department.clone(),
            phone: business.phone.clone(),
            email: business.email.clone(),
        }
    }

    /// The location of the holder that the line is tied to (A2-09).
    async fn location(&self) -> Result<Option<Contact>> {
        self.tied_to()
    }

    /// The address in use on a date: that of the location, else of the holder, else the person's own (A2-12).
    async fn effective_address(
        &self,
        #[graphql(desc = "The date; today in Europe/Amsterdam when left out.")] on: Option<DateText>,
    ) -> Result<Option<Address>> {
        let on = self.reader.date(on.as_ref(), "on")?;
        let (location, person) = (self.tied_to()?, self.reader.named_contact(self.line.person)?);
        let location = location.as_ref().map(Contact::state);
        let found =
            placement::effective_address(on, location, Some(self.holder.state()), person.state()).cloned();
        Ok(found.map(|address| Address::new(&self.reader, address)))
    }

    /// Whether the line gives access to the client portal (A1-04).
    async fn portal_access(&self) -> bool {
        self.ended.is_none() && self.line.portal
    }
}

/// Whether a role line could be removed now; nothing is changed by asking (E1-32).
#[derive(SimpleObject)]
pub struct RemovableRole {
    /// The line.
    role: RelatedRole,
    /// Whether `removeRole` would accept it (it still asks `REMOVE_ROLE_LINE`).
    removable: bool,
    /// Why not: `SHOWN_FIRST_CANNOT_BE_REMOVED`, `LAST_CONTRACTANT` or `PARENT_REQUIRED`, with what to do instead.
    refusal: Option<UserError>,
}

fn shown_first(holder: &contact::Contact, line: &RoleLine) -> bool {
    line.contractant && holder.shown_first == Some(line.person)
}

/// The lines of a contact: the one shown first, then in line order (E1-07).
pub(crate) fn related(holder: &Contact, kind: RoleKind) -> Result<Vec<RelatedRole>> {
    let state = holder.state();
    let mut lines: Vec<_> = state
        .lines
        .iter()
        .filter(|line| match kind {
            RoleKind::ContactPerson => !line.contractant,
            RoleKind::Contractant => line.contractant,
            RoleKind::All => true,
        })
        .collect();
    lines.sort_by_key(|line| (!shown_first(state, line), line.line));
    holder.reader().count(lines.len())?;
    let mut seen = Vec::with_capacity(lines.len());
    for line in lines {
        if sees_person(holder.reader(), line)? {
            seen.push(RelatedRole::live(holder, line));
        }
    }
    Ok(seen)
}

/// The ended lines of a contact, oldest first (E1-29).
pub(crate) fn ended(holder: &Contact) -> Result<Vec<RelatedRole>> {
    holder.reader().count(holder.state().ended_lines.len())?;
    let mut seen = Vec::new();
    for ended in &holder.state().ended_lines {
        if sees_person(holder.reader(), &ended.line)? {
            seen.push(RelatedRole::past(holder, ended));
        }
    }
    Ok(seen)
}

/// A line of a person that the actor may not see is not there (A2-52).
fn sees_person(reader: &Reader, line: &RoleLine) -> Result<bool> {
    reader.sees(&EntityId::Contact(line.person))
}

/// The standing lines with these places, each at its holder.
pub(crate) fn at(reader: &Reader, places: &[(kroniek_domain::ContactId, u32)]) -> Result<Vec<RelatedRole>> {
    let mut found = Vec::with_capacity(places.len());
    for (holder, line) in places {
        let Some(holder) = reader.contact(*holder)? else { continue };
        found.extend(holder.state().line(*line).map(|line| RelatedRole::live(&holder, line)));
    }
    Ok(found)
}

/// The ended lines with these places, each at its holder.
pub(crate) fn ended_at(
    reader: &Reader,
    places: &[(kroniek_domain::ContactId, u32)],
) -> Result<Vec<RelatedRole>> {
    let mut found = Vec::with_capacity(places.len());
    for (holder, line) in places {
        let Some(holder) = reader.contact(*holder)? else { continue };
        let ended = holder.state().ended_lines.iter().find(|ended| ended.line.line == *line);
        found.extend(ended.map(|ended| RelatedRole::past(&holder, ended)));
    }
    Ok(found)
}

/// Which lines could be removed now, and why the others could not.
pub(crate) fn removable(holder: &Contact) -> Result<Vec<RemovableRole>> {
    let reader = holder.reader();
    let mut answers = Vec::new();
    for role in related(holder, RoleKind::All)? {
        let refusal = reader.ask(|look| {
            let (contact_of, customer_of) = (|id| look.contact(id), |id| look.customer(id));
            role::removal_refusal(holder.state(), &role.line, reader.today(), &contact_of, &customer_of)
        })?;
        let refusal = refusal.map(|refusal| UserError::new(&Refusal::from(refusal).problem(), true));
        answers.push(RemovableRole { role, removable: refusal.is_none(), refusal });
    }
    Ok(answers)
}
