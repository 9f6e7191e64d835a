//! Whether a certificate holds, and what it shows.

use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use thiserror::Error;

use super::canonical::hex;
use super::certificate::{Certificate, FORM, Kept, urls};
use super::content::ContentHash;
use super::entry::What;
use super::fold::Fold;
use super::ids::{AccountId, MemberId, RowId};
use super::ledger::{self, Head, Sealed, fingerprint};
use super::outbox::RowState;
use super::post::Post;
use super::roster::Roster;
use super::setting::Setting;
use super::state::{Source, State};
use super::story::{self, NotTold};

/// Why a certificate does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    /// A form that this program does not know.
    #[error("this is a certificate of another form")]
    OtherForm,
    /// The key is none, or its fingerprint is another's.
    #[error("its key and its fingerprint do not belong together")]
    Key,
    /// Signed with another key than the one that was given.
    #[error("it is signed with another key than the one given")]
    OtherKey,
    /// An entry's bytes or signature.
    #[error("{0}")]
    Entry(#[from] ledger::Broken),
    /// An entry of another practice or post.
    #[error("entry #{seq} belongs to something else")]
    Stranger {
        /// Which.
        seq: i64,
    },
    /// A body that is not the entry's.
    #[error("the body of entry #{seq} was changed")]
    Body {
        /// Of which.
        seq: i64,
    },
    /// An entry that can't have followed.
    #[error("entry #{seq} does not follow: {why}")]
    Story {
        /// Which.
        seq: i64,
        /// Why.
        why: NotTold,
    },
    /// Too few, or people who could not sign.
    #[error("entry #{seq}: those who signed were not enough for the policy, or could not sign")]
    Policy {
        /// Which.
        seq: i64,
    },
    /// A content that nobody signed so.
    #[error("the content of revision {revision} is not the content that the ledger names")]
    Content {
        /// Which.
        revision: i64,
    },
    /// Its own words about the practice, the post or where it is to be seen.
    #[error("its {0} is not what its entries say")]
    Heading(&'static str),
    /// The end is before its entries.
    #[error("its head is not the end of the ledger that its entries are of")]
    Head,
    /// No entry that begins a post.
    #[error("there is no such post in the ledger")]
    NoPost,
    /// No entry that founds the practice.
    #[error("the ledger does not say whose it is")]
    NoPractice,
}

/// One person's sign-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// Whose.
    pub member: MemberId,
    /// The name as it was; empty once purged.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// How.
    pub source: Source,
    /// Found after the fact.
    pub recovered: bool,
    /// On what they wrote themselves.
    pub own_words: bool,
}

/// One time that something left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where to.
    pub account: AccountId,
    /// Which revision.
    pub revision: i64,
    /// What was signed.
    pub hash: ContentHash,
    /// When.
    pub at: Timestamp,
    /// Who had signed exactly that.
    pub signed: Vec<SignOff>,
    /// What came of it.
    pub came: RowState,
}

/// What a certificate that holds shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The key was known from elsewhere: it is the practice's, not somebody's.
    pub signer_known: bool,
    /// Where the post was.
    pub state: State,
    /// What left, in order.
    pub left: Vec<Left>,
    /// As of when.
    pub head: Head,
}

/// Checks everything in a certificate; with a key, that it is the one which signed it.
pub fn check(certificate: &Certificate, key: Option<&VerifyingKey>) -> Result<Checked, Broken> {
    if certificate.form != FORM {
        return Err(Broken::OtherForm);
    }
    let own = own_key(certificate)?;
    if key.is_some_and(|key| *key != own) {
        return Err(Broken::OtherKey);
    }
    intact(certificate, &certificate.background, &own)?;
    intact(certificate, &certificate.entries, &own)?;
    heading(certificate)?;
    let (post, left) = tell(certificate)?;
    contents(certificate)?;
    let head = head(certificate, &own)?;
    Ok(Checked { signer_known: key.is_some(), state: post.state, left, head })
}

fn own_key(certificate: &Certificate) -> Result<VerifyingKey, Broken> {
    let bytes = hex::decode(&certificate.key).ok_or(Broken::Key)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| Broken::Key)?;
    if certificate.fingerprint == fingerprint(&key) { Ok(key) } else { Err(Broken::Key) }
}

/// Each entry and body is as it was sealed; they are in order, and linked where they touch.
fn intact(certificate: &Certificate, all: &[Kept], key: &VerifyingKey) -> Result<(), Broken> {
    let mut last: Option<&Sealed> = None;
    for kept in all {
        let (entry, seq) = (&kept.sealed.entry, kept.sealed.entry.seq);
        ledger::check_entry(&kept.sealed, key)?;
        if entry.practice != certificate.practice.id {
            return Err(Broken::Stranger { seq });
        }
        if kept.body.as_ref().is_some_and(|body| body.hash() != entry.body_hash) {
            return Err(Broken::Body { seq });
        }
        if let Some(last) = last {
            follows(last, &kept.sealed)?;
        }
        last = Some(&kept.sealed);
    }
    Ok(())
}

fn follows(last: &Sealed, next: &Sealed) -> Result<(), ledger::Broken> {
    let (before, seq) = (last.entry.seq, next.entry.seq);
    if seq <= before {
        return Err(ledger::Broken::OutOfPlace { seq });
    }
    if seq == before + 1 && next.entry.prev != last.hash {
        return Err(ledger::Broken::Unlinked { seq });
    }
    Ok(())
}

/// What stands at its top is what its entries say.
fn heading(certificate: &Certificate) -> Result<(), Broken> {
    let mut roster = Roster::new(certificate.practice.id.clone());
    let mut named = None;
    let mut keyed = false;
    for kept in &certificate.background {
        roster.add(&kept.sealed.entry, kept.body.as_ref());
        match kept.what() {
            What::Set(Setting::PracticeNamed) => named = Some(kept.note()),
            What::Opened { key, .. } => keyed = *key == certificate.key,
            _ => {}
        }
    }
    let first = certificate.entries.first().map(Kept::what);
    let numbered =
        matches!(first, Some(What::Drafted { number, .. }) if *number == certificate.number);
    let sample = certificate.practice.sample;
    let told = [
        ("key", keyed),
        ("practice's name", named == Some(&certificate.practice.name)),
        ("sample mark", roster.practice().sample == sample),
        ("number", numbered),
        ("address", urls(&certificate.entries) == certificate.urls),
    ];
    match told.into_iter().find(|(_, same)| !same) {
        Some((what, _)) => Err(Broken::Heading(what)),
        None => Ok(()),
    }
}

/// Plays the entries again: what left was signed off before, by whom, and when.
fn tell(certificate: &Certificate) -> Result<(Post, Vec<Left>), Broken> {
    let mut fold = Fold::default();
    let mut left = Vec::new();
    for kept in &certificate.entries {
        let (entry, seq) = (&kept.sealed.entry, kept.sealed.entry.seq);
        let about = entry.fact.subject.as_ref().map(|subject| &subject.post);
        if about != Some(&certificate.post) {
            return Err(Broken::Stranger { seq });
        }
        let before = fold.post(&certificate.post);
        story::follows(before, entry).map_err(|why| Broken::Story { seq, why })?;
        if let (What::Leaving { .. }, Some(before)) = (kept.what(), before) {
            left.push(leaving(certificate, before, kept)?);
        }
        fold.add(entry);
    }
    let post = fold.post(&certificate.post).ok_or(Broken::NoPost)?.clone();
    for (left, publication) in &mut left {
        let known = post.publications.iter().find(|p| p.id == *publication);
        left.came = known.map_or(RowState::Unknown, |known| known.state);
    }
    Ok((post, left.into_iter().map(|(left, _)| left).collect()))
}

fn leaving(certificate: &Certificate, before: &Post, kept: &Kept) -> Result<(Left, RowId), Broken> {
    let entry = &kept.sealed.entry;
    let What::Leaving { publication, account, hash, signed } = kept.what() else {
        return Err(Broken::NoPost);
    };
    let mut roster = Roster::new(certificate.practice.id.clone());
    let earlier = certificate.background.iter().map(|kept| (&kept.sealed.entry, &kept.body));
    let earlier = earlier.filter(|(known, _)| known.seq < entry.seq);
    earlier.for_each(|(known, body)| roster.add(known, body.as_ref()));
    if !roster.meets_policy(before, entry) {
        return Err(Broken::Policy { seq: entry.seq });
    }
    let sign_offs = signed.iter().filter_map(|who| {
        let decision = before.decision_of(who)?;
        Some(SignOff {
            member: who.clone(),
            name: name_of(certificate, who, *hash),
            at: decision.at,
            source: if decision.by_button { Source::Button } else { Source::Reaction },
            recovered: decision.recovered,
            own_words: decision.own_words,
        })
    });
    let left = Left {
        account: account.clone(),
        revision: before.revision,
        hash: *hash,
        at: entry.at,
        signed: sign_offs.collect(),
        came: RowState::Sending,
    };
    Ok((left, publication.clone()))
}

/// The name under which somebody signed.
fn name_of(certificate: &Certificate, who: &MemberId, what: ContentHash) -> String {
    let theirs = |kept: &&Kept| matches!(kept.what(), What::Signed { member, hash, .. } if member == who && *hash == what);
    certificate.entries.iter().find(theirs).map(|kept| kept.name().to_owned()).unwrap_or_default()
}

/// Each content is one that an entry fixed, by its hash; and none stands there twice.
fn contents(certificate: &Certificate) -> Result<(), Broken> {
    let mut last = 0;
    for content in &certificate.contents {
        let revision = content.revision;
        let named = |kept: &Kept| match kept.what() {
            What::Submitted(fixed) | What::Edited(fixed) | What::Amended(fixed) => {
                fixed.to == revision && fixed.hash == content.hash()
            }
            _ => false,
        };
        if revision <= last || !certificate.entries.iter().any(named) {
            return Err(Broken::Content { revision });
        }
        last = revision;
    }
    Ok(())
}

fn head(certificate: &Certificate, key: &VerifyingKey) -> Result<Head, Broken> {
    let sealed = &certificate.head;
    ledger::check_entry(sealed, key)?;
    let last = certificate.entries.last().ok_or(Broken::NoPost)?;
    if sealed.entry.practice != certificate.practice.id {
        return Err(Broken::Head);
    }
    if *sealed != last.sealed {
        follows(&last.sealed, sealed).map_err(|_| Broken::Head)?;
    }
    Ok(Head { seq: sealed.entry.seq, hash: sealed.hash })
}
