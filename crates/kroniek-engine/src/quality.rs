//! Lists of data quality: the rules of the domain, asked of whom the read models name.

use crate::fault::EngineFault;
use crate::first_fault::FirstFault;
use crate::snapshot::Snapshot;
use kroniek_domain::ContactId;
use kroniek_domain::code_list::SALUTATION;
use kroniek_domain::contact::Contact;
use kroniek_domain::data_quality::{Check, Look, Priority};
use kroniek_domain::status_right::{self, Statuses};
use kroniek_views::Page;
use std::sync::Arc;

/// Contacts that the rule is asked about at most for one page.
const MOST_LOOKED_AT: usize = 2_000;
/// Contacts that are asked for at once.
const AT_ONCE: usize = 100;

/// Where a list goes on: the findings of the most urgent priority come first, each priority in order of id.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct QualityPlace {
    /// Place of the priority among those that the check has.
    pub rank: u8,
    /// Only contacts with a greater id.
    pub after: u64,
}

/// Something to be done about a contact.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct QualityFinding {
    /// Where it stands in the list.
    pub place: QualityPlace,
    /// Whom it is about.
    pub contact: ContactId,
    /// How soon it should be looked at.
    pub priority: Priority,
}

/// A page of findings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QualityPage {
    /// The findings, possibly fewer than asked for although there are more.
    pub findings: Vec<QualityFinding>,
    /// Where the next page goes on; `None` when this is the last.
    pub next: Option<QualityPlace>,
}

impl Snapshot {
    /// What a check finds today, the most urgent first.
    pub fn quality(
        &self,
        check: Check,
        from: QualityPlace,
        first: usize,
    ) -> Result<QualityPage, EngineFault> {
        let rule = Rule::new(self, check)?;
        let mut findings = Vec::new();
        let mut looked_at = 0;
        for (rank, priority) in (0_u8..).zip(check.priorities()).skip(usize::from(from.rank)) {
            let mut after = if rank == from.rank { from.after } else { 0 };
            loop {
                let found = self.reader().quality(check, Page { after, first: AT_ONCE })?;
                for contact in found.items {
                    if looked_at == MOST_LOOKED_AT {
                        return Ok(QualityPage { findings, next: Some(QualityPlace { rank, after }) });
                    }
                    looked_at += 1;
                    if rule.finds(contact)? == Some(*priority) {
                        if findings.len() == first {
                            return Ok(QualityPage { findings, next: Some(QualityPlace { rank, after }) });
                        }
                        let place = QualityPlace { rank, after: contact.0 };
                        findings.push(QualityFinding { place, contact, priority: *priority });
                    }
                    after = contact.0;
                }
                if !found.more {
                    break;
                }
            }
        }
        Ok(QualityPage { findings, next: None })
    }

    /// How much a check finds today.
    pub fn quality_count(&self, check: Check) -> Result<u64, EngineFault> {
        // The table counts also whom the actor may not see (A2-52).
        if check.looks_at_one_contact() && self.seen() == Statuses::ALL {
            return Ok(self.reader().quality_count(check)?);
        }
        let rule = Rule::new(self, check)?;
        let (mut count, mut after) = (0, 0);
        loop {
            let found = self.reader().quality(check, Page { after, first: AT_ONCE })?;
            for contact in found.items {
                count += u64::from(rule.finds(contact)?.is_some());
                after = contact.0;
            }
            if !found.more {
                return Ok(count);
            }
        }
    }
}

/// A rule over a snapshot. Reads past the snapshot's memory: a count may look at very many.
struct Rule<'s> {
    check: Check,
    snapshot: &'s Snapshot,
    salutations: Arc<kroniek_domain::code_list::CodeList>,
}

impl<'s> Rule<'s> {
    fn new(snapshot: &'s Snapshot, check: Check) -> Result<Self, EngineFault> {
        Ok(Self { check, snapshot, salutations: snapshot.code_list(SALUTATION)? })
    }

    fn finds(&self, contact: ContactId) -> Result<Option<Priority>, EngineFault> {
        let reader = self.snapshot.reader();
        let Some(about) = reader.contact(contact)? else { return Ok(None) };
        let faults = FirstFault::default();
        let anybody = |id| faults.kept(reader.contact(id)).map(|found| Arc::new(found.state));
        let sees = |contact: &Contact| status_right::sees(self.snapshot.seen(), contact, &anybody);
        let look = Look {
            contact: &|id| anybody(id).filter(|contact| self.check.looks_at_anybody() || sees(contact)),
            customer: &|id| faults.kept(reader.customer(id)).map(|found| Arc::new(found.state)),
            salutation: &|code| self.salutations.row(code).and_then(|row| row.properties.salutation),
            today: self.snapshot.today(),
        };
        let found = if sees(&about.state) { self.check.finding(&about.state, &look) } else { None };
        Ok(faults.checked(found)?)
    }
}
