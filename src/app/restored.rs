//! A database that was put back: everything stops, and nothing of what was open leaves unseen.
//!
//! What happened between the copy and now is on the networks and on the platforms, not here. So
//! the chain tells of it first, together with the stop; then every post of which something may
//! still leave is held and what was on its way becomes unknown, one commit a post; last the mark
//! of the copy is taken away. A crash anywhere repeats what was not done, and before the last step
//! nothing leaves. What people said to the former run does not lift any of it.

use jiff::Timestamp;

use super::asked::Asked;
use super::effects::{Doer, change, entry};
use super::office::Office;
use super::views::numbers;
use super::wish::{Wish, button, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::entry::{Fact, What};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::Head;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::{Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::domain::window::shown;
use crate::ports::chat::Place;
use crate::ports::keeping::Restoring;
use crate::ports::notice::{RestoredView, View, Weight};
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// How often a decision is made again when somebody else was faster.
const CONFLICTS: usize = 20;
/// Said of a publication that waits to be looked up.
const WHY: &str = "it may have been sent after the copy that was restored";

/// Lets a practice go on from a copy, if it bears the mark of one; returns whether it does.
/// `former` is the last end of its chain that was seen outside and is not in it.
pub async fn go_on(office: &Office, whose: &PracticeId, former: Option<Head>) -> Stored<bool> {
    let origin = office.store.origin(whose).await?;
    let Some(copied) = origin.copied else { return Ok(false) };
    if !is_told(office, whose, origin.restored, copied).await? {
        begin(office, whose, copied, former).await?;
    }
    for post in unsure(office, whose).await? {
        look_at(office, whose, post, copied).await?;
    }
    let mut over = Change::new(whose.clone(), office.now());
    over.restoring = Some(Restoring::Over);
    office.commit(over).await?;
    Ok(true)
}

/// It was said before the database was put back, to the former run, which acted on it; perhaps it
/// waited in the copy. Whoever said it did not know of what has to be looked at now.
pub(super) async fn came_before(office: &Office, asked: &Asked<'_>) -> Stored<bool> {
    let whose = &asked.practice.id;
    let Some(seq) = office.store.origin(whose).await?.restored else {
        return Ok(false);
    };
    let told = office.store.entries(whose, seq - 1, 1).await?;
    Ok(told.iter().any(|(sealed, _)| asked.at < sealed.entry.at))
}

/// Posts of which something may still leave, by number.
async fn unsure(office: &Office, whose: &PracticeId) -> Stored<Vec<Post>> {
    let mut posts = office.store.open_posts(whose).await?;
    let live = office.store.troubled(whose).await?.into_iter();
    posts.extend(live.filter(|post| post.state == State::PartPublished));
    posts.sort_by_key(|post| post.number);
    Ok(posts)
}

/// The chain tells of this copy already: the last attempt was cut off.
async fn is_told(
    office: &Office,
    whose: &PracticeId,
    seq: Option<i64>,
    mark: Timestamp,
) -> Stored<bool> {
    let Some(seq) = seq else {
        return Ok(false);
    };
    let entries = office.store.entries(whose, seq - 1, 1).await?;
    Ok(entries.iter().any(|(sealed, _)| {
        matches!(&sealed.entry.fact.what, What::Restored { copied, .. } if *copied == mark)
    }))
}

async fn begin(
    office: &Office,
    whose: &PracticeId,
    copied: Timestamp,
    former: Option<Head>,
) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(practice) = office.store.practice(whose).await? else { return Ok(()) };
        let head = office.store.head(whose).await?;
        let former = former.map(|former| former.seq).filter(|seq| *seq > head.seq);
        let fact = Fact { what: What::Restored { copied, former }, subject: None };
        let mut change = Change::new(whose.clone(), office.now());
        change.entries = vec![entry(office, Doer::default(), fact)];
        // What is about all is stopped and released by whoever runs Countersign alone.
        change.stopped = (!whose.is_instance()).then_some(true);
        change.practice_version = Some(practice.version);
        change.restoring = Some(Restoring::Begun { copied });
        change.outbox.push(OutboxWrite::Hush);
        let open = unsure(office, whose).await?;
        change.outbox.extend(announce(
            office,
            &practice,
            view(&practice, copied, head, former, &open),
        ));
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

fn view(
    practice: &Practice,
    copied: Timestamp,
    head: Head,
    former: Option<i64>,
    open: &[Post],
) -> View {
    let missing = match (head.seq + 1, former) {
        (_, None) => "what was entered after it".to_owned(),
        (first, Some(last)) if first == last => format!("entry #{first} of the former run"),
        (first, Some(last)) => format!("entries #{first} to #{last} of the former run"),
    };
    let in_review = open.iter().filter(|post| post.state != State::Draft);
    View::Restored(RestoredView {
        copied: shown(copied, &practice.zone),
        last: head.short(),
        missing,
        held: numbers(in_review),
    })
}

fn announce(office: &Office, practice: &Practice, view: View) -> Option<OutboxWrite> {
    let channel = practice.channel(Purpose::Approvals)?.clone();
    let place = Place { channel, thread: None, only: None, instead_of: None };
    let mut notice = plain(view);
    notice.buttons = vec![button("release", "Release", Weight::Plain)];
    let subject = format!("restored/{}", office.new_id());
    Some(wish(office, &practice.id, subject, Wish::Say { place, notice }, false))
}

/// Holds an open post, and makes what was on its way something to be looked up.
async fn look_at(
    office: &Office,
    whose: &PracticeId,
    mut post: Post,
    copied: Timestamp,
) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some(practice) = office.store.practice(whose).await? else { return Ok(()) };
        let case = Case { practice: &practice, post: &post, now: office.now() };
        let Ok(decided) = acts::restored(case) else { return Ok(()) };
        let mut change = change(office, &practice, &post, decided, Doer::default());
        for publication in &post.publications {
            let row = office.store.row(whose, &publication.id).await?;
            change.outbox.extend(row.and_then(|row| in_doubt(office, row, copied)));
        }
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(drop),
        }
        match office.store.post(whose, &post.id).await? {
            Some(again) => post = again,
            None => return Ok(()),
        }
    }
    Err(StoreError::Conflict)
}

/// The row as unknown; the former run may have begun to send it right after the copy.
fn in_doubt(office: &Office, row: Row, copied: Timestamp) -> Option<OutboxWrite> {
    let on_its_way =
        row.state.is_waiting() || matches!(row.state, RowState::Sending | RowState::Resolving);
    on_its_way.then(|| {
        let to = Row {
            state: RowState::Unknown,
            due: office.now(),
            first_sent: row.first_sent.or(Some(copied)),
            lease_until: None,
            trouble: Some(WHY.to_owned()),
            ..row.clone()
        };
        OutboxWrite::Move { id: row.id, from: row.state, fence: row.fence, to: Box::new(to) }
    })
}
