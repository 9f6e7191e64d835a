//! What stands in an export, so that another installation can take a practice in.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::domain::consent::Consent;
use crate::domain::ids::{MemberId, PostId, PracticeId};
use crate::domain::listing::Lists;
use crate::domain::member::{Member, Role};
use crate::domain::policy::Dated;
use crate::domain::post::Draft;
use crate::domain::practice::{Account, Pack, Practice};
use crate::domain::quiet::Quiet;

/// The form of an export; a new form gets a new one.
pub const FORM: &str = "countersign.export.v1";

/// What stands in `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the export.
    pub form: String,
    /// Which Countersign made it.
    pub version: String,
    /// When.
    pub at: Timestamp,
    /// The public key that the chains are signed with, hexadecimal.
    pub key: String,
    /// What people compare the key by.
    pub fingerprint: String,
    /// Each practice.
    pub practices: Vec<Exported>,
    /// Every file but this one.
    pub files: Vec<super::manifest::Written>,
}

/// One practice in an export.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Whose.
    pub practice: PracticeId,
    /// The folder with its files.
    pub folder: String,
    /// How many entries.
    pub entries: usize,
    /// How many posts.
    pub posts: usize,
}

/// A practice as it was, in `practice.json`. Of what people act from and of channels nothing: both
/// belong to an installation and its chat platforms, and no chain vouches for them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsItWas {
    id: PracticeId,
    name: String,
    zone: String,
    sample: bool,
    quiet: Option<Quiet>,
    own_words: Option<Timestamp>,
    policies: Vec<Dated>,
    members: Vec<Person>,
    former: Vec<Person>,
    accounts: Vec<Account>,
    former_accounts: Vec<Account>,
    #[serde(default)]
    packs: Vec<Pack>,
    #[serde(default)]
    lists: Lists,
    #[serde(default)]
    consents: Vec<Consent>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: MemberId,
    name: String,
    role: Role,
    agency: bool,
    signs_from: Timestamp,
    signed_until: Option<Timestamp>,
}

/// What a post says or was to say next, a line each in `drafts.jsonl`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafted {
    /// Which post.
    pub post: PostId,
    /// Its words.
    pub draft: Draft,
}

impl AsItWas {
    /// The practice, to be written down.
    pub fn of(practice: &Practice) -> Self {
        let member = |m: &Member| Person {
            id: m.id.clone(),
            name: m.name.clone(),
            role: m.role,
            agency: m.agency,
            signs_from: m.signs_from,
            signed_until: m.signed_until,
        };
        Self {
            id: practice.id.clone(),
            name: practice.name.clone(),
            zone: practice.zone.iana_name().unwrap_or("UTC").to_owned(),
            sample: practice.sample,
            quiet: practice.quiet,
            own_words: practice.own_words,
            policies: practice.policies.clone(),
            members: practice.members.iter().map(member).collect(),
            former: practice.former.iter().map(member).collect(),
            accounts: practice.accounts.clone(),
            former_accounts: practice.former_accounts.clone(),
            packs: practice.packs.clone(),
            lists: practice.lists.clone(),
            consents: practice.consents.clone(),
        }
    }

    /// The practice, without anything that people act from and without channels.
    pub fn read(self) -> Option<Practice> {
        let member = |person: Person| Member {
            signs_from: person.signs_from,
            signed_until: person.signed_until,
            ..Member::new(person.id, &person.name, person.role, person.agency)
        };
        Some(Practice {
            zone: TimeZone::get(&self.zone).ok()?,
            name: self.name,
            quiet: self.quiet,
            own_words: self.own_words,
            policies: self.policies,
            members: self.members.into_iter().map(member).collect(),
            former: self.former.into_iter().map(member).collect(),
            accounts: self.accounts,
            former_accounts: self.former_accounts,
            packs: self.packs,
            lists: self.lists,
            consents: self.consents,
            ..Practice::new(self.id, self.sample)
        })
    }
}
