//! One change, written whole: the order in which its parts are written and what must hold first.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;

use super::db::Tx;
use super::{
    agencies, attested, cards, contents, digests, inbox, ledger, moved, outbox, posts, practices,
    restored, retain, said, settings,
};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{Head, NewEntry, Sealed};
use crate::domain::practice::Practice;
use crate::ports::store::{Change, Founding, OutboxWrite, StoreError, Stored};

/// What a change did to the chain.
pub(super) struct Committed {
    /// Its end now.
    pub(super) head: Head,
    /// The entry that stands there, if this change wrote it.
    pub(super) last: Option<Sealed>,
    /// The last entry of the chain that this change opened.
    founded: Option<Sealed>,
}

impl Committed {
    /// Every chain's new end.
    pub(super) fn ends(&self) -> impl Iterator<Item = &Sealed> {
        self.last.iter().chain(&self.founded)
    }
}

/// Writes a new practice and opens its chain. Returns the last entry.
pub(super) async fn found(
    tx: &mut Tx,
    practice: &Practice,
    (at, entries): (Timestamp, &[NewEntry]),
    key: &SigningKey,
) -> Stored<Option<Sealed>> {
    settings::insert(tx, practice).await?;
    let head = ledger::open(tx, &practice.id).await?;
    ledger::append(tx, (&practice.id, head, key), at, entries).await
}

/// Writes everything that a change says. The caller undoes all of it when any of it fails.
pub(super) async fn apply(tx: &mut Tx, change: &Change, key: &SigningKey) -> Stored<Committed> {
    stays_at_home(change)?;
    let whose = &change.practice;
    // First of all, whether it adds to the chain or not: one commit of a practice at a time.
    let head = ledger::lock(tx, whose).await?;
    claim_rights(tx, change).await?;
    write_post(tx, change).await?;
    write_messages(tx, change).await?;
    for write in &change.outbox {
        outbox::write(tx, whose, write, change.at).await?;
    }
    if let Some(purge) = &change.purge {
        retain::purge(tx, whose, purge).await?;
    }
    let last = ledger::append(tx, (whose, head, key), change.at, &change.entries).await?;
    let head = last.as_ref().map_or(head, end_of);
    if let Some(restoring) = change.restoring {
        restored::note(tx, whose, restoring, head).await?;
    }
    let founded = match &change.founds {
        Some(founding) => make(tx, founding, change.at, key).await?,
        None => None,
    };
    Ok(Committed { head, last, founded })
}

/// A practice that is made by a change, with what leaves in its name at once.
async fn make(
    tx: &mut Tx,
    founding: &Founding,
    at: Timestamp,
    key: &SigningKey,
) -> Stored<Option<Sealed>> {
    let Founding { practice, entries, codes, outbox } = founding;
    let last = found(tx, practice, (at, entries), key).await?;
    for code in codes {
        settings::write_code(tx, &practice.id, code).await?;
    }
    for write in outbox {
        outbox::write(tx, &practice.id, write, at).await?;
    }
    Ok(last)
}

/// Where the chain ends with this entry.
fn end_of(sealed: &Sealed) -> Head {
    Head { seq: sealed.entry.seq, hash: sealed.hash }
}

/// Nothing in a change may name another practice than the change's own.
fn stays_at_home(change: &Change) -> Stored<()> {
    let post = change.post.as_ref().map(|post| &post.practice);
    let after = change.practice_after.as_ref().map(|practice| &practice.id);
    let content = change.content.as_ref().map(|content| &content.practice);
    let of_all = change.agency.is_some() || change.founds.is_some();
    let founds = change.founds.as_ref();
    let made = founds.is_none_or(|f| rows(&f.outbox).all(|whose| *whose == f.practice.id));
    let mut named = rows(&change.outbox).chain(post).chain(content).chain(after);
    let allowed = !of_all || change.practice.is_instance();
    if allowed && made && named.all(|named| *named == change.practice) {
        Ok(())
    } else {
        let why = "a change names another practice than its own";
        Err(StoreError::Damaged(why.to_owned()))
    }
}

/// Whose rows these are.
fn rows(outbox: &[OutboxWrite]) -> impl Iterator<Item = &PracticeId> {
    outbox.iter().filter_map(|write| match write {
        OutboxWrite::Put { row, .. } => Some(&row.practice),
        OutboxWrite::Move { to, .. } => Some(&to.practice),
        OutboxWrite::End { .. } | OutboxWrite::Hush | OutboxWrite::Wake => None,
    })
}

/// What the change was decided under still holds: the practice, and that nobody handled the event.
async fn claim_rights(tx: &mut Tx, change: &Change) -> Stored<()> {
    let whose = &change.practice;
    if let Some(version) = change.practice_version {
        practices::still(tx, whose, version).await?;
    }
    if let Some(seq) = change.handled {
        inbox::handled(tx, whose, seq, change.at).await?;
    }
    if let Some(stopped) = change.stopped {
        practices::set_stopped(tx, whose, stopped).await?;
    }
    if let Some(after) = &change.practice_after {
        settings::update(tx, after).await?;
    }
    for code in &change.codes {
        settings::write_code(tx, whose, code).await?;
    }
    if let Some(agency) = &change.agency {
        agencies::save(tx, whose, agency).await?;
    }
    Ok(())
}

async fn write_post(tx: &mut Tx, change: &Change) -> Stored<()> {
    let whose = &change.practice;
    if let Some(post) = &change.post {
        posts::save(tx, whose, post).await?;
    }
    if let Some(content) = &change.content {
        contents::insert(tx, whose, content, change.at).await?;
        cards::close_older(tx, whose, &content.post, content.revision).await?;
    }
    if let Some(post) = &change.post {
        posts::save_decisions(tx, whose, post).await?;
    }
    if let Some(words) = &change.said {
        said::say(tx, whose, words, change.at).await?;
    }
    for media in &change.media {
        contents::insert_media(tx, whose, media).await?;
    }
    Ok(())
}

async fn write_messages(tx: &mut Tx, change: &Change) -> Stored<()> {
    let whose = &change.practice;
    if let Some((from, to)) = &change.channel_moved {
        moved::channel(tx, whose, (from, to)).await?;
    }
    if let Some(message) = &change.card_gone {
        cards::forget(tx, whose, message).await?;
    }
    if let Some(card) = &change.card {
        cards::save(tx, whose, card, change.at).await?;
    }
    if let Some(idea) = &change.idea {
        cards::save_idea(tx, whose, idea, change.at).await?;
    }
    attested::put(tx, whose, &change.attested, change.at).await?;
    if let Some(made) = &change.digest {
        digests::write(tx, whose, made).await?;
    }
    Ok(())
}
