//! A row that this worker holds: what it carries, and the writes that only the holder may make.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::app::effects::{Doer, entry};
use crate::app::failures;
use crate::app::office::Office;
use crate::domain::acts::Case;
use crate::domain::canonical::hex;
use crate::domain::content::Content;
use crate::domain::entry::Fact;
use crate::domain::failure::LONG;
use crate::domain::gate;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::outbox::{Certainty, Row, RowState};
use crate::domain::post::Post;
use crate::domain::practice::{Account, Practice};
use crate::domain::refusal::Refusal;
use crate::ports::publisher::{Media, On, Publisher};
use crate::ports::store::{Change, OutboxWrite, Stored};

/// How often a decision is made again when somebody else was faster.
pub(super) const CONFLICTS: usize = 20;

/// When a request of a worker that is gone can't land any more, and the slowest network shows it.
pub(super) fn landed_by(office: &Office, now: Timestamp) -> Timestamp {
    let delays = office.publishers.iter().map(|p| look_up_delay(p.as_ref()));
    let delay = delays.max().unwrap_or_default();
    let landed = now.saturating_add(office.pace.request).unwrap_or(now);
    landed.saturating_add(delay).unwrap_or(landed)
}

fn look_up_delay(publisher: &dyn Publisher) -> jiff::SignedDuration {
    match publisher.certainty() {
        Certainty::LookUp { delay } => delay,
        Certainty::Key { .. } | Certainty::Neither => jiff::SignedDuration::ZERO,
    }
}

/// A publication with all that sending it needs.
pub(super) struct Loaded {
    pub(super) practice: Practice,
    pub(super) post: Post,
    pub(super) content: Content,
    pub(super) account: Account,
    pub(super) media: Vec<Media>,
    /// The pictures' bytes are the ones whose hashes were signed.
    sound: bool,
}

impl Loaded {
    /// May this publication leave now? The publish gate, over the bytes themselves.
    pub(super) fn may_leave(&self, row: &Row, now: Timestamp) -> Result<(), Refusal> {
        if !self.sound {
            return Err(Refusal::NotWhatWasSigned);
        }
        gate::check(self.case(now), &row.id, &self.content)
    }

    pub(super) fn on(&self, now: Timestamp) -> On<'_> {
        On { practice: &self.practice.id, account: &self.account, now }
    }

    pub(super) fn case(&self, now: Timestamp) -> Case<'_> {
        Case { practice: &self.practice, post: &self.post, now }
    }
}

/// Loads a publication; `None` when something it needs is gone.
pub(super) async fn load(office: &Office, row: &Row) -> Stored<Option<Loaded>> {
    let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await? else {
        return Ok(None);
    };
    let revision = row.revision.unwrap_or(post.revision);
    let content = office.store.content(&practice.id, &post.id, revision).await?;
    let account = row.account.as_ref().and_then(|id| practice.account(id)).cloned();
    let (Some(content), Some(account)) = (content, account) else {
        return Ok(None);
    };
    let Some(part) = content.part(&account) else {
        return Ok(None);
    };
    let (mut media, mut sound) = (Vec::new(), true);
    for picture in &part.media {
        let Some(bytes) = office.store.media(&practice.id, &picture.sha256).await? else {
            return Ok(None);
        };
        sound &= hex::encode(&Sha256::digest(&bytes.bytes)) == picture.sha256
            && bytes.media_type == picture.media_type;
        let (sha256, media_type) = (bytes.sha256, bytes.media_type);
        media.push(Media { sha256, media_type, bytes: bytes.bytes });
    }
    Ok(Some(Loaded { practice, post, content, account, media, sound }))
}

pub(super) async fn post_of(
    office: &Office,
    practice: &PracticeId,
    post: Option<&PostId>,
) -> Stored<Option<(Practice, Post)>> {
    let Some(post) = post else { return Ok(None) };
    let practice_now = office.store.practice(practice).await?;
    let post = office.store.post(practice, post).await?;
    Ok(practice_now.zip(post))
}

/// The holder's write: the row goes from what it was claimed as to `to`.
pub(super) fn moved(from: &Row, to: Row) -> OutboxWrite {
    OutboxWrite::Move { id: from.id.clone(), from: from.state, fence: from.fence, to: Box::new(to) }
}

/// Commits nothing but the row's move.
pub(super) async fn move_row(office: &Office, from: &Row, to: Row) -> Stored<()> {
    let mut change = Change::new(from.practice.clone(), office.now());
    change.outbox.push(moved(from, to));
    office.commit(change).await.map(drop)
}

/// Back to ready, not before `due`, because of this trouble.
pub(super) async fn put_back(
    office: &Office,
    row: &Row,
    due: Timestamp,
    trouble: Option<String>,
) -> Stored<()> {
    let to = Row { state: RowState::Ready, due, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}

/// Nobody knows yet whether it left: another look at `due`. When that has lasted, it is raised.
pub(super) async fn still_unknown(
    office: &Office,
    row: &Row,
    due: Timestamp,
    trouble: String,
) -> Stored<()> {
    let (state, look_ups, trouble) = (RowState::Unknown, row.look_ups + 1, Some(trouble));
    let to = Row { state, due, look_ups, lease_until: None, trouble, ..row.clone() };
    let mut change = Change::new(row.practice.clone(), office.now());
    change.outbox.push(moved(row, to));
    if look_ups == LONG
        && let Some(practice) = office.store.practice(&row.practice).await?
    {
        change.outbox.extend(failures::shown(office, &practice));
    }
    office.commit(change).await.map(drop)
}

/// The end of a row.
pub(super) async fn end(
    office: &Office,
    row: &Row,
    state: RowState,
    trouble: Option<String>,
) -> Stored<()> {
    let to = Row { state, lease_until: None, trouble, ..row.clone() };
    move_row(office, row, to).await
}

/// The row as it is, if this worker still holds it.
pub(super) async fn still_mine(office: &Office, row: &Row) -> Stored<Option<Row>> {
    let now = office.store.row(&row.practice, &row.id).await?;
    Ok(now.filter(|now| now.fence == row.fence && now.state == row.state))
}

/// An entry by Countersign itself that is about no decision.
pub(super) fn note(office: &Office, practice: &PracticeId, fact: Fact) -> Change {
    let mut change = Change::new(practice.clone(), office.now());
    change.entries.push(entry(office, Doer::default(), fact));
    change
}
