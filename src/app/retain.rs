//! Retention: what was kept long enough loses its words, and the ledger tells of it.
//!
//! First it is found and shown; then, when that is wanted, it goes post by post, each in one
//! commit with its entry, so that a cut-off run leaves nothing that `verify` can't explain.

use jiff::{SignedDuration, Timestamp};

use super::effects::{Doer, entry};
use super::office::Office;
use crate::domain::canonical::Hash;
use crate::domain::certificate::Kept;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::post::Draft;
use crate::domain::retention::{Due, Retention, Words};
use crate::ports::keeping::{Goes, Purge};
use crate::ports::store::{Change, Store, StoreError, Stored};

/// How many entries are read at once.
const PAGE: i64 = 500;
/// So long words of what was handled and shown are kept, to look into troubles.
const HANDLED: SignedDuration = SignedDuration::from_hours(24 * 30);
/// So many rows lose their words in one commit.
const BATCH: i64 = 500;
/// How often a decision is made again when somebody else was faster.
const CONFLICTS: usize = 20;

/// What of a practice may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Older than this.
    pub before: Timestamp,
    /// Nothing may go.
    pub on_hold: bool,
    /// Posts that ended before.
    pub posts: Vec<Due>,
    /// Posts of the chain that it had in another installation.
    pub former: Vec<Due>,
    /// Bodies of entries about no post.
    pub loose: Vec<Words>,
    /// Entries about no post of the former chain.
    pub former_loose: Vec<Words>,
    /// Ideas that became nothing, and what is left of events and notices.
    pub words: i64,
}

impl Plan {
    /// There is nothing that may go.
    pub fn is_empty(&self) -> bool {
        let posts = self.posts.is_empty() && self.former.is_empty();
        posts && self.loose.is_empty() && self.former_loose.is_empty() && self.words == 0
    }
}

/// Nothing of the practice may go.
pub(super) async fn is_on_hold(office: &Office, whose: &PracticeId) -> Stored<bool> {
    Ok(plan(office.store.as_ref(), whose, Timestamp::MIN).await?.on_hold)
}

/// Finds what may go; changes nothing.
pub async fn plan(store: &dyn Store, whose: &PracticeId, before: Timestamp) -> Stored<Plan> {
    let (mut retention, mut after) = (Retention::default(), 0);
    loop {
        let page = store.entries(whose, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = last.entry.seq;
        for (sealed, body) in &page {
            retention.add(sealed, body.is_some());
        }
    }
    let on_hold = retention.is_on_hold();
    let words = if on_hold { 0 } else { store.old_words(whose, before).await? };
    let (posts, loose) = (retention.due(before), retention.loose(before));
    let before_here = former(store, whose).await?;
    let former = retention.due_before(&before_here, before);
    let former_loose = if on_hold { Vec::new() } else { before_here.loose(before) };
    Ok(Plan { before, on_hold, posts, former, loose, former_loose, words })
}

/// The chain that the practice had in another installation. A hold on it was taken over.
async fn former(store: &dyn Store, whose: &PracticeId) -> Stored<Retention> {
    let (mut retention, mut after) = (Retention::default(), 0);
    loop {
        let page = store.former_entries(whose, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(retention.without_hold()) };
        after = last.sealed.entry.seq;
        for Kept { sealed, body } in &page {
            retention.add(sealed, body.is_some());
        }
    }
}

/// Lets everything go that the plan names.
pub async fn purge(office: &Office, whose: &PracticeId, plan: &Plan) -> Stored<()> {
    for due in &plan.posts {
        purge_post(office, whose, plan.before, due).await?;
    }
    for due in &plan.former {
        purge_former(office, whose, plan.before, (Some(&due.post), &due.bodies)).await?;
    }
    if !plan.former_loose.is_empty() {
        purge_former(office, whose, plan.before, (None, &plan.former_loose)).await?;
    }
    if plan.loose.is_empty() && plan.words == 0 {
        return Ok(());
    }
    let mut change = Change::new(whose.clone(), office.now());
    // What hangs on no entry needs none.
    if !plan.loose.is_empty() {
        let what = told(plan.before, plan.loose.len(), 0);
        change.entries = vec![entry(office, Doer::default(), Fact { what, subject: None })];
    }
    let (before, what) = (plan.before, Goes::Loose(hashes(&plan.loose)));
    change.purge = Some(Purge { before, what, pictures: Vec::new() });
    office.commit(change).await.map(drop)
}

/// Every text and picture of a post goes; that it was there, when, and who signed which hash stays.
async fn purge_post(
    office: &Office,
    whose: &PracticeId,
    before: Timestamp,
    due: &Due,
) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(mut post) = office.store.post(whose, &due.post).await? else { return Ok(()) };
        let mut pictures: Vec<String> =
            post.draft.pictures.iter().map(|picture| picture.sha256.clone()).collect();
        let mut contents = 0;
        for revision in 1..=post.revision {
            let content = office.store.content(whose, &post.id, revision).await?;
            contents += usize::from(content.is_some());
            let parts = content.iter().flat_map(|content| &content.accounts);
            pictures.extend(parts.flat_map(|part| &part.media).map(|m| m.sha256.clone()));
        }
        pictures.sort();
        pictures.dedup();
        let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
        let what = told(before, due.bodies.len(), contents);
        let mut change = Change::new(whose.clone(), office.now());
        change.entries =
            vec![entry(office, Doer::default(), Fact { what, subject: Some(subject) })];
        post.draft = Draft { accounts: post.draft.accounts, ..Draft::default() };
        let what = Goes::Post(post.id.clone(), hashes(&due.bodies));
        change.purge = Some(Purge { before, what, pictures });
        change.post = Some(post);
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

/// The same for a post of the chain that the practice had before, or for acts about none.
async fn purge_former(
    office: &Office,
    whose: &PracticeId,
    before: Timestamp,
    (of, words): (Option<&PostId>, &[Words]),
) -> Stored<()> {
    let contents = match of {
        Some(post) => office.store.former_contents(whose, post).await?,
        None => Vec::new(),
    };
    let parts = contents.iter().flat_map(|content| &content.accounts);
    let mut pictures: Vec<String> =
        parts.flat_map(|part| &part.media).map(|m| m.sha256.clone()).collect();
    pictures.sort();
    pictures.dedup();
    let (bodies, contents) = (count(words.len()), count(contents.len()));
    let what = What::FormerPurged { before, bodies, contents, of: of.cloned() };
    let mut change = Change::new(whose.clone(), office.now());
    change.entries = vec![entry(office, Doer::default(), Fact { what, subject: None })];
    let what = Goes::Former(of.cloned(), words.iter().map(|words| words.seq).collect());
    change.purge = Some(Purge { before, what, pictures });
    office.commit(change).await.map(drop)
}

fn hashes(words: &[Words]) -> Vec<Hash> {
    words.iter().map(|words| words.hash).collect()
}

fn told(before: Timestamp, bodies: usize, contents: usize) -> What {
    What::Purged { before, bodies: count(bodies), contents: count(contents) }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Puts a practice under legal hold, or lifts it; returns whether that changed anything.
pub async fn hold(office: &Office, whose: &PracticeId, on: bool) -> Stored<bool> {
    let now = plan(office.store.as_ref(), whose, Timestamp::MIN).await?;
    if now.on_hold == on {
        return Ok(false);
    }
    let what = if on { What::LegalHold } else { What::LegalHoldLifted };
    let mut change = Change::new(whose.clone(), office.now());
    change.entries = vec![entry(office, Doer::default(), Fact { what, subject: None })];
    office.commit(change).await.map(|_| true)
}

/// Takes one batch of words of what was handled or shown long ago; returns how many.
///
/// There is no row for this: what is due is in the tables themselves.
pub async fn forget(office: &Office) -> Stored<u64> {
    let before = office.now().saturating_sub(HANDLED).unwrap_or(Timestamp::MIN);
    office.store.forget(before, BATCH).await
}
