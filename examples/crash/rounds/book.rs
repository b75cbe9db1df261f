//! What one client does, and what it was told: its own account of what must be there.

use super::Failure;
use super::client::{Accepted, Client, NoAnswer};
use super::random::Random;
use serde_json::{Value, json};
use std::sync::mpsc::Sender;

/// Numbers of commands that one client has.
const TOKENS: u32 = 1_000_000;
/// A client changes its newest families only, so that no history grows beyond a page.
const RECENT: u64 = 8;
/// And no family more often than this.
const MOST_CHANGES: usize = 60;

/// A command. Its token is a number of its own, and every value that it sets is made of the token.
#[derive(Clone)]
pub(crate) struct Command {
    /// `commandId`.
    pub(crate) id: String,
    /// What it does.
    pub(crate) what: What,
    token: u32,
}

/// The mix.
#[derive(Clone)]
pub(crate) enum What {
    /// A household with a contractant who has a telephone and an e-mail address: many events, one commit.
    Create,
    /// The person's name, and with it, in the same commit, the household's.
    Rename {
        /// Which of the client's families.
        family: usize,
        /// The person.
        person: String,
    },
    /// The person's telephone and e-mail address, both in one commit.
    Channels {
        /// Which of the client's families.
        family: usize,
        /// The person.
        person: String,
    },
}

impl Command {
    /// A command with the id and the token that only it has.
    pub(crate) fn new(id: String, what: What, token: u32) -> Self {
        Self { id, what, token }
    }

    /// A surname that nobody else has, and that is no part of another.
    pub(crate) fn surname(&self) -> String {
        let mut rest = self.token;
        let mut name = String::from("Q");
        for _ in 0..6 {
            // The remainder is below 26.
            name.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default()));
            rest /= 26;
        }
        name
    }

    /// An e-mail address that nobody else has.
    pub(crate) fn email(&self) -> String {
        format!("t{:08}@example.org", self.token)
    }

    /// The last digits of a telephone number that nobody else has.
    pub(crate) fn digits(&self) -> String {
        format!("{:08}", self.token)
    }

    /// Its GraphQL input.
    pub(crate) fn input(&self) -> Value {
        let phones = json!([{ "kind": "MOBILE", "value": format!("06{}", self.digits()) }]);
        let emails = json!([{ "value": self.email() }]);
        match &self.what {
            What::Create => json!({ "commandId": self.id, "kind": "HOUSEHOLD", "person": {
                "roleCode": "CONTRACTANT", "initials": "A.", "surname": self.surname(),
                "phones": phones, "emails": emails } }),
            What::Rename { person, .. } => {
                json!({ "commandId": self.id, "personId": person, "surname": self.surname() })
            }
            What::Channels { person, .. } => {
                json!({ "commandId": self.id, "contactId": person, "phones": phones, "emails": emails })
            }
        }
    }

    /// Whether it decides the names.
    pub(crate) fn sets_name(&self) -> bool {
        !matches!(self.what, What::Channels { .. })
    }

    /// Whether it decides the telephone and e-mail address.
    pub(crate) fn sets_channels(&self) -> bool {
        !matches!(self.what, What::Rename { .. })
    }
}

/// A household and its person, with every command that is known to be stored.
pub(crate) struct Family {
    /// Id of the household.
    pub(crate) household: String,
    /// Id of the person.
    pub(crate) person: String,
    /// Every command of it with its position, in the order of the positions.
    pub(crate) stored: Vec<(Command, u64)>,
    /// Whether anything was stored since it was last compared.
    pub(crate) touched: bool,
}

/// See the module.
pub(crate) struct Book {
    /// What must be there.
    pub(crate) families: Vec<Family>,
    /// What was sent last, and not answered.
    pub(crate) doubt: Option<Command>,
    random: Random,
    next: u32,
}

impl Book {
    /// The empty book of a client.
    pub(crate) fn new(client: u32, random: Random) -> Self {
        Self { families: Vec::new(), doubt: None, random, next: client * TOKENS }
    }

    /// Sends one command after the other until the server is gone.
    pub(crate) fn work(&mut self, client: &Client, acknowledged: &Sender<()>) -> Result<(), Failure> {
        loop {
            let command = self.choose();
            match client.send(&command) {
                Ok(accepted) => {
                    self.enter(command, &accepted)?;
                    acknowledged.send(())?;
                }
                Err(NoAnswer::Unanswered) => {
                    self.doubt = Some(command);
                    return Ok(());
                }
                Err(NoAnswer::Wrong(why)) => return Err(why.into()),
            }
        }
    }

    /// Enters a command that is stored, after a look whether the answer says what was asked for.
    pub(crate) fn enter(&mut self, command: Command, accepted: &Accepted) -> Result<(), Failure> {
        let of_kind = |kind: &str| accepted.contacts.iter().find(|contact| contact["kind"] == kind);
        let person = of_kind("PERSON").ok_or("an answer without the person")?;
        let named = person["name"].as_str().is_some_and(|name| name.ends_with(&command.surname()));
        let reachable = person["emails"][0]["value"] == command.email();
        if (command.sets_name() && !named) || (command.sets_channels() && !reachable) {
            return Err(format!("an answer with other values than were sent: {person}").into());
        }
        let family = match command.what {
            What::Create => {
                let id = |contact: &Value| {
                    contact["id"].as_str().map(str::to_owned).ok_or("an answer without ids")
                };
                let household = id(of_kind("HOUSEHOLD").ok_or("an answer without the household")?)?;
                self.families.push(Family {
                    household,
                    person: id(person)?,
                    stored: Vec::new(),
                    touched: true,
                });
                self.families.last_mut()
            }
            What::Rename { family, .. } | What::Channels { family, .. } => self.families.get_mut(family),
        };
        let family = family.ok_or("a family that is not in the book")?;
        family.stored.push((command, accepted.position));
        family.touched = true;
        Ok(())
    }

    fn choose(&mut self) -> Command {
        let (id, token) = (self.random.uuid(), self.next);
        self.next += 1;
        Command::new(id, self.choose_what(), token)
    }

    fn choose_what(&mut self) -> What {
        let draw = self.random.below(10);
        let back = usize::try_from(self.random.below(RECENT)).unwrap_or_default();
        let Some(family) = self.families.len().checked_sub(1 + back) else { return What::Create };
        let chosen = &self.families[family];
        let person = chosen.person.clone();
        match draw {
            _ if chosen.stored.len() >= MOST_CHANGES => What::Create,
            0..3 => What::Create,
            3..7 => What::Rename { family, person },
            _ => What::Channels { family, person },
        }
    }
}
