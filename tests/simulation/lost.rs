//! Nothing is lost: what was signed off by its slot is live, missed, or somebody can say why not.

use countersign::domain::ids::PracticeId;
use countersign::domain::outbox::{Row, RowState};
use countersign::domain::post::{Post, State};
use countersign::domain::practice::Practice;
use countersign::ports::store::Store;
use jiff::Timestamp;

use crate::outside::{Outside, Taken};

/// Looks at every post, after what was due has happened; how many there are.
pub async fn nothing_is(
    store: &dyn Store,
    practices: &[PracticeId],
    (outside, taken, now): (&mut Outside, &[Taken], Timestamp),
) -> usize {
    let mut count = 0;
    for id in practices {
        let practice = store.practice(id).await.expect("readable").expect("a practice");
        for post in store.posts(id).await.expect("readable") {
            count += 1;
            let mut rows = Vec::new();
            for publication in &post.publications {
                rows.extend(store.row(id, &publication.id).await.expect("readable"));
            }
            let is_so = match post.state {
                State::Draft | State::Withdrawn => true,
                State::InReview => post.window.is_some_and(|window| now < window.closes),
                State::SignedOff => is_explained(&practice, (&post, &rows), now),
                State::Publishing => is_looked_after(&post, &rows, outside, now).await,
                State::Missed => is_offered(&post, outside).await,
                State::Published | State::PartPublished => is_known_there(&rows, taken),
                State::TakenDown => is_gone(&rows, taken),
            };
            assert!(is_so, "{id}, post {}: {post:?}\n{rows:#?}", post.number);
        }
    }
    count
}

/// It waits for its slot, or for somebody; or the network asked it to wait.
fn is_explained(practice: &Practice, (post, rows): (&Post, &[Row]), now: Timestamp) -> bool {
    if post.window.is_none_or(|window| window.closes <= now) {
        return false;
    }
    // Signed off too late: somebody is asked for another slot.
    if post.waits_for_slot() {
        return true;
    }
    let mut waiting = rows.iter().filter(|row| row.state == RowState::Ready);
    let held = post.hold.is_some() || practice.is_stopped();
    waiting.all(|row| {
        row.due > now && (held || post.slot.is_some_and(|slot| slot > now) || row.trouble.is_some())
    })
}

/// It is found out, or somebody is asked.
async fn is_looked_after(post: &Post, rows: &[Row], outside: &mut Outside, now: Timestamp) -> bool {
    for row in rows {
        let fine = match row.state {
            RowState::Parked => outside.has_button(&format!("live:{}:{}", post.id, row.id)).await,
            RowState::Leased | RowState::Sending | RowState::Resolving => false,
            RowState::Ready | RowState::Unknown => row.due > now,
            _ => true,
        };
        if !fine {
            return false;
        }
    }
    true
}

/// Its people are offered other slots, or told what the network said.
async fn is_offered(post: &Post, outside: &mut Outside) -> bool {
    let refused = post.publications.iter().any(|p| p.state == RowState::Refused);
    refused || outside.has_button(&format!("slot:{}:", post.id)).await
}

/// What is done is there, under the id that is known.
fn is_known_there(rows: &[Row], taken: &[Taken]) -> bool {
    let mut done = rows.iter().filter(|row| row.state == RowState::Done);
    done.all(|row| there(row, taken).is_some_and(|post| !post.deleted))
}

/// What was there is there no more.
fn is_gone(rows: &[Row], taken: &[Taken]) -> bool {
    let mut done = rows.iter().filter(|row| row.state == RowState::Done && row.remote.is_some());
    done.all(|row| there(row, taken).is_some_and(|post| post.deleted))
}

fn there<'a>(row: &Row, taken: &'a [Taken]) -> Option<&'a Taken> {
    let mut own = taken.iter().filter(|post| post.key == row.id.as_str());
    own.find(|post| row.remote.as_ref().is_none_or(|remote| *remote == format!("p{}", post.number)))
}
