//! The database: SQLite or PostgreSQL behind the port [`Store`].
//!
//! Every write is one transaction, and nothing is remembered from one to the next but practices
//! under their version, so that several processes may have the same database open. On SQLite a
//! transaction takes the right to write when it begins. On PostgreSQL a commit first locks the
//! head of the practice's chain, so that of one practice there is one commit at a time, and a
//! transaction that the server undid in favor of another is begun again. Statements are constants, written once in the subset that both
//! engines share: `$1`, text ids, microseconds, JSON as opaque text.
//!
//! Architecture invariant: no statement on a tenant's table goes without its `practice_id`,
//! except those that workers run over all practices; [`statements`] lists them all for the test.

mod agencies;
mod arrival;
mod attested;
mod backup;
mod cards;
mod commit;
mod contents;
mod credentials;
mod db;
mod digests;
mod engagement;
mod fit;
mod former;
mod group;
mod heads;
mod health;
mod inbox;
mod installs;
mod kept;
mod known;
mod ledger;
mod listed;
mod moved;
mod neighbors;
mod outbox;
mod place;
mod postgres;
mod posts;
mod practices;
mod put_back;
mod received;
mod restored;
mod retain;
mod row;
mod said;
mod serving;
mod settings;
mod sqlite;
mod tally;
mod transfer;
mod watching;

use std::collections::BTreeMap;
use std::path::PathBuf;

use async_trait::async_trait;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;

pub use backup::{copy, is_sound, schema, size};
use db::{Db, writing};
pub use fit::{Fit, fit, let_go, renew};
use group::{Group, Hand};
use heads::HeadsLog;
use known::Known;
pub use listed::statements;
pub use place::Place;
pub use put_back::put_back;

use crate::domain::canonical::hex;
use crate::domain::certificate::Kept;
use crate::domain::content::Content;
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::ledger::{Body, Head, NewEntry, Sealed};
use crate::domain::member::{Identity, Platform};
use crate::domain::neighbor::Neighbor;
use crate::domain::outbox::Row;
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::chat::MessageRef;
use crate::ports::intake::ChatEvent;
use crate::ports::keeping::Origin;
use crate::ports::store::{
    Arrival, Binding, Card, Change, Code, First, Idea, Inboxed, Kinds, MediaBytes, Page, Screened,
    Store, Stored,
};
use crate::ports::tally::Tally;

/// The store in a database.
pub struct Sql {
    db: Db,
    /// Writes to a file, which has one writer.
    group: Option<Group>,
    known: Known,
    key: SigningKey,
    heads: HeadsLog,
}

impl Sql {
    /// Opens the database, or makes what of it is not there, and brings it up to date. Entries of
    /// the ledger are signed with `key`; where each chain ends is added to `heads_log` too.
    pub async fn open(place: &Place, key: SigningKey, heads_log: Option<PathBuf>) -> Stored<Self> {
        let (db, heads) = (Db::open(place).await?, HeadsLog(heads_log));
        let group = db
            .writer()
            .map(|writer| Group::open(Hand { writer, key: key.clone(), heads: heads.clone() }));
        Ok(Self { db, group, known: Known::default(), key, heads })
    }

    /// Opens the database only to look into it: every write fails.
    pub async fn open_to_read(place: &Place) -> Stored<Self> {
        // Nothing is written, so nothing is signed with the stand-in.
        let key = SigningKey::from_bytes(&[0; 32]);
        let (db, heads) = (Db::to_read(place).await?, HeadsLog(None));
        Ok(Self { db, group: None, known: Known::default(), key, heads })
    }
}

#[async_trait]
impl Store for Sql {
    fn public_key(&self) -> String {
        hex::encode(self.key.verifying_key().as_bytes())
    }

    async fn found(&self, practice: &Practice, at: Timestamp, entries: &[NewEntry]) -> Stored<()> {
        let last = writing!(self.db, tx => commit::found(tx, practice, (at, entries), &self.key))?;
        self.heads.append(last.iter());
        Ok(())
    }

    async fn arrive(&self, arrival: &Arrival, at: Timestamp) -> Stored<()> {
        let last = writing!(self.db, tx => arrival::arrive(tx, arrival, at, &self.key))?;
        if let Some(last) = last {
            self.heads.append(std::iter::once(&last));
        }
        Ok(())
    }

    async fn former_key(&self, practice: &PracticeId) -> Stored<Option<String>> {
        former::key(&mut self.db.look().await?, practice).await
    }

    async fn former_entries(
        &self,
        practice: &PracticeId,
        after: i64,
        limit: i64,
    ) -> Stored<Vec<Kept>> {
        former::after(&mut self.db.look().await?, practice, after, limit).await
    }

    async fn former_contents(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Content>> {
        former::contents_of(&mut self.db.look().await?, practice, post).await
    }

    async fn practices(&self) -> Stored<Vec<PracticeId>> {
        practices::all(&mut self.db.look().await?).await
    }

    async fn practices_of(&self, platform: Platform, user: &str) -> Stored<Vec<PracticeId>> {
        practices::of_user(&mut self.db.look().await?, platform, user).await
    }

    async fn practice(&self, id: &PracticeId) -> Stored<Option<Practice>> {
        practices::practice(&self.db, id, &self.known).await
    }

    async fn binding(&self, channel: &ChannelRef) -> Stored<Option<Binding>> {
        practices::binding(&mut self.db.look().await?, channel).await
    }

    async fn bound_elsewhere(&self, channel: &ChannelRef) -> Stored<Option<ChannelRef>> {
        practices::bound_elsewhere(&mut self.db.read().await?, channel).await
    }

    async fn code(&self, practice: &PracticeId, of: &Identity) -> Stored<Option<Code>> {
        settings::code(&mut self.db.look().await?, practice, of).await
    }

    async fn receive_each(
        &self,
        events: &[(PracticeId, Screened)],
        at: Timestamp,
    ) -> Stored<(i64, bool)> {
        if let Some(group) = &self.group {
            return group.receive(events.to_vec(), at).await;
        }
        writing!(self.db, tx => inbox::receive_each(tx, events, at))
    }

    async fn receive(
        &self,
        practice: &PracticeId,
        event: &Screened,
        at: Timestamp,
    ) -> Stored<(i64, bool)> {
        self.receive_each(&[(practice.clone(), event.clone())], at).await
    }

    async fn has_heard(&self, whose: &PracticeId, event: &ChatEvent) -> Stored<bool> {
        inbox::has_heard(&mut self.db.read().await?, whose, event).await
    }

    async fn inboxed(&self, whose: &PracticeId, seq: i64) -> Stored<Option<Screened>> {
        inbox::inboxed(&mut self.db.look().await?, whose, seq).await
    }

    async fn attested(&self, whose: &PracticeId, traces: &[String]) -> Stored<bool> {
        attested::all(&mut self.db.read().await?, whose, traces).await
    }

    async fn attestations(&self, whose: &PracticeId) -> Stored<BTreeMap<String, Timestamp>> {
        attested::each(&mut self.db.look().await?, whose).await
    }

    async fn last_heard(
        &self,
        practice: &PracticeId,
        before: Timestamp,
    ) -> Stored<Option<Timestamp>> {
        inbox::last_heard(&mut self.db.read().await?, practice, before).await
    }

    async fn unhandled(&self, after: i64, limit: i64) -> Stored<Vec<Inboxed>> {
        inbox::waiting(&mut self.db.look().await?, after, limit).await
    }

    async fn failed(&self, practice: &PracticeId, seq: i64, give_up: i64) -> Stored<()> {
        writing!(self.db, tx => inbox::failed(tx, practice, seq, give_up))
    }

    async fn post(&self, practice: &PracticeId, id: &PostId) -> Stored<Option<Post>> {
        posts::post(&mut self.db.read().await?, practice, id).await
    }

    async fn post_by_number(&self, practice: &PracticeId, number: i64) -> Stored<Option<Post>> {
        posts::by_number(&mut self.db.read().await?, practice, number).await
    }

    async fn next_number(&self, practice: &PracticeId) -> Stored<i64> {
        posts::next_number(&mut self.db.look().await?, practice).await
    }

    async fn open_posts(&self, practice: &PracticeId) -> Stored<Vec<Post>> {
        posts::open(&mut self.db.read().await?, practice).await
    }

    async fn troubled(&self, practice: &PracticeId) -> Stored<Vec<Post>> {
        posts::troubled(&mut self.db.read().await?, practice).await
    }

    async fn posts(&self, practice: &PracticeId) -> Stored<Vec<Post>> {
        posts::all(&mut self.db.read().await?, practice).await
    }

    async fn newest(&self, of: &PracticeId, but: &PostId, limit: i64) -> Stored<Vec<Neighbor>> {
        neighbors::newest(&mut self.db.look().await?, of, but, limit).await
    }

    async fn content(
        &self,
        practice: &PracticeId,
        post: &PostId,
        revision: i64,
    ) -> Stored<Option<Content>> {
        contents::content(&mut self.db.look().await?, practice, post, revision).await
    }

    async fn said(
        &self,
        practice: &PracticeId,
        words: &[String],
        page: Page,
    ) -> Stored<Vec<PostId>> {
        said::find(&mut self.db.look().await?, practice, words, page).await
    }

    async fn media(&self, practice: &PracticeId, sha256: &str) -> Stored<Option<MediaBytes>> {
        contents::media(&mut self.db.look().await?, practice, sha256).await
    }

    async fn card(&self, practice: &PracticeId, at: &MessageRef) -> Stored<Option<Card>> {
        cards::card(&mut self.db.look().await?, practice, at).await
    }

    async fn cards(&self, practice: &PracticeId, post: &PostId) -> Stored<Vec<Card>> {
        cards::cards(&mut self.db.look().await?, practice, post).await
    }

    async fn with_open_cards(&self) -> Stored<Vec<PracticeId>> {
        cards::with_open_cards(&mut self.db.look().await?).await
    }

    async fn open_cards(&self, practice: &PracticeId) -> Stored<Vec<Card>> {
        cards::open_cards(&mut self.db.look().await?, practice).await
    }

    async fn idea(&self, practice: &PracticeId, at: &MessageRef) -> Stored<Option<Idea>> {
        cards::idea(&mut self.db.look().await?, practice, at).await
    }

    async fn live_ideas(&self, practice: &PracticeId, since: Timestamp) -> Stored<Vec<MessageRef>> {
        cards::live_ideas(&mut self.db.read().await?, practice, since).await
    }

    async fn idea_of(&self, practice: &PracticeId, post: &PostId) -> Stored<Option<Idea>> {
        cards::idea_of(&mut self.db.look().await?, practice, post).await
    }

    async fn probe(&self) -> Stored<()> {
        writing!(self.db, tx => ledger::probe(tx))
    }

    async fn commit(&self, change: Change) -> Stored<Head> {
        if let Some(group) = &self.group {
            return group.commit(change).await;
        }
        let committed = writing!(self.db, tx => commit::apply(tx, &change, &self.key))?;
        self.heads.append(committed.ends());
        Ok(committed.head)
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
        which: (i64, Kinds),
    ) -> Stored<Vec<Row>> {
        writing!(self.db, tx => outbox::claim(tx, now, until, which))
    }

    async fn expire(&self, now: Timestamp, look_at: Timestamp) -> Stored<u64> {
        writing!(self.db, tx => outbox::expire(tx, now, look_at))
    }

    async fn is_quiet(&self, now: Timestamp) -> Stored<bool> {
        outbox::is_quiet(&mut self.db.look().await?, now).await
    }

    async fn next_due(&self, kinds: Kinds) -> Stored<Option<Timestamp>> {
        outbox::next_due(&mut self.db.read().await?, kinds).await
    }

    async fn tally(&self) -> Stored<Tally> {
        tally::tally(&mut self.db.read().await?).await
    }

    async fn notices(&self, practice: &PracticeId, begins: &str) -> Stored<Vec<Row>> {
        outbox::notices(&mut self.db.look().await?, practice, begins).await
    }

    async fn row(&self, practice: &PracticeId, id: &RowId) -> Stored<Option<Row>> {
        outbox::row(&mut self.db.look().await?, practice, id).await
    }

    async fn old_words(&self, practice: &PracticeId, before: Timestamp) -> Stored<i64> {
        retain::old_words(&mut self.db.look().await?, practice, before).await
    }

    async fn forget(&self, before: Timestamp, limit: i64) -> Stored<u64> {
        writing!(self.db, tx => retain::forget(tx, before, limit))
    }

    async fn head(&self, practice: &PracticeId) -> Stored<Head> {
        ledger::head(&mut self.db.look().await?, practice).await
    }

    async fn first_entries(&self, after: &str, limit: i64) -> Stored<Vec<First>> {
        ledger::first_entries(&mut self.db.look().await?, after, limit).await
    }

    async fn mark(&self, copies: &[(PracticeId, Timestamp)]) -> Stored<()> {
        writing!(self.db, tx => restored::mark(tx, copies))
    }

    async fn origin(&self, practice: &PracticeId) -> Stored<Origin> {
        restored::origin(&mut self.db.look().await?, practice).await
    }

    async fn entries(
        &self,
        practice: &PracticeId,
        after: i64,
        limit: i64,
    ) -> Stored<Vec<(Sealed, Option<Body>)>> {
        ledger::after(&mut self.db.look().await?, practice, after, limit).await
    }

    async fn entries_of(
        &self,
        practice: &PracticeId,
        post: &PostId,
    ) -> Stored<Vec<(Sealed, Option<Body>)>> {
        ledger::of_post(&mut self.db.look().await?, practice, post).await
    }
}
