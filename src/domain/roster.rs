//! A practice, as the ledger's entries alone say it is.

use super::entry::What;
use super::ids::{MemberId, PracticeId};
use super::ledger::{Body, Entry, OPERATOR};
use super::member::Member;
use super::post::Post;
use super::practice::{Account, Practice};
use super::standing::Standing;

/// Everything that was set in a practice, folded.
#[derive(Debug, Clone)]
pub struct Roster {
    practice: Practice,
}

impl Roster {
    /// Before the first entry.
    pub fn new(id: PracticeId) -> Self {
        Self { practice: Practice::new(id, false) }
    }

    /// Takes the next entry in; its body says what things are called, unless that was purged.
    pub fn add(&mut self, entry: &Entry, body: Option<&Body>) {
        let called = body.map_or("", |body| &body.note);
        match &entry.fact.what {
            What::PracticeMade { sample } => self.practice.sample = *sample,
            What::Restored { .. } => self.practice.stopped = !entry.practice.is_instance(),
            What::Stopped => self.practice.stopped = true,
            What::Released => self.practice.stopped = false,
            What::Set(setting) => {
                let by = MemberId::new(entry.actor.as_str());
                let by = Some(&by).filter(|by| by.as_str() != OPERATOR);
                self.practice.apply(setting, called, (entry.at, by));
            }
            _ => {}
        }
    }

    /// The practice as the entries so far made it.
    pub fn practice(&self) -> &Practice {
        &self.practice
    }

    /// Nobody and nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.practice == Practice::new(self.practice.id.clone(), false)
    }

    /// The same as it would stand in another installation: nobody acts from anywhere, no channel is
    /// bound, nothing is stopped, and nobody there began what waits.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        let nowhere = |member: &Member| Member {
            identities: Vec::new(),
            unconfirmed: Vec::new(),
            later: Vec::new(),
            was_known: false,
            was: None,
            ..member.clone()
        };
        let own = &self.practice;
        let practice = Practice {
            members: own.members.iter().map(nowhere).collect(),
            former: own.former.iter().map(nowhere).collect(),
            channels: Vec::new(),
            begun: Vec::new(),
            stopped: false,
            ..own.clone()
        };
        Self { practice }
    }

    /// The people named were enough for every policy that counted, and each could sign.
    pub fn meets_policy(&self, post: &Post, entry: &Entry) -> bool {
        let What::Leaving { signed, .. } = &entry.fact.what else {
            return true;
        };
        let mut told = post.clone();
        told.decisions.retain(|decision| signed.contains(&decision.member));
        let standing = Standing::of(&self.practice, &told, entry.at);
        standing.is_met() && standing.signed().len() == signed.len()
    }

    /// The first thing in which the table's practice differs from the ledger's, if any.
    pub fn differs(&self, table: &Practice) -> Option<&'static str> {
        let own = &self.practice;
        let columns = [
            ("name", same_name(&own.name, &table.name)),
            ("zone", own.zone.iana_name() == table.zone.iana_name()),
            ("sample mark", own.sample == table.sample),
            ("quiet hours", own.quiet == table.quiet),
            ("hour of the digest", own.digest == table.digest),
            ("own words", own.own_words == table.own_words),
            ("policies", own.policies == table.policies),
            ("packs", own.packs == table.packs),
            ("lists", own.lists == table.lists),
            ("consents", own.consents == table.consents),
            ("changes that wait", all_same(&own.begun, &table.begun, PartialEq::eq)),
            ("stop", own.stopped == table.stopped),
            ("members", all_same(&own.members, &table.members, same_member)),
            ("former members", all_same(&own.former, &table.former, same_member)),
            ("accounts", all_same(&own.accounts, &table.accounts, same_account)),
            (
                "former accounts",
                all_same(&own.former_accounts, &table.former_accounts, same_account),
            ),
            ("channels", all_same(&own.channels, &table.channels, PartialEq::eq)),
        ];
        columns.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

/// What is not kept any more is not compared.
fn same_name(ledger: &str, table: &str) -> bool {
    ledger.is_empty() || ledger == table
}

fn same_member(ledger: &Member, table: &Member) -> bool {
    let unnamed = Member { name: table.name.clone(), ..ledger.clone() };
    same_name(&ledger.name, &table.name) && unnamed == *table
}

fn same_account(ledger: &Account, table: &Account) -> bool {
    let unnamed = Account { name: table.name.clone(), ..ledger.clone() };
    same_name(&ledger.name, &table.name) && unnamed == *table
}

/// The same things, in whatever order.
fn all_same<T>(ledger: &[T], table: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    ledger.len() == table.len() && ledger.iter().all(|one| table.iter().any(|it| same(one, it)))
}
