//! A rule blocks what was sent for signature before it did, or a consent that its picture needs does
//! not hold any more: the post is held until it is another, or nothing is against it any more.

use super::held::{CONFLICTS, post_of};
use crate::app::effects::{Doer, change};
use crate::app::office::Office;
use crate::app::weigh;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::post::{Cause, Post};
use crate::domain::practice::Practice;
use crate::domain::showing;
use crate::ports::notice::View;
use crate::ports::store::{Change, StoreError, Stored};

/// Holds the post if a rule blocks it, and tells its author once a revision.
pub(super) async fn hold(office: &Office, practice: &PracticeId, post: &PostId) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = post_of(office, practice, Some(post)).await? else {
            return Ok(());
        };
        let Some(change) = held(office, &practice, &post) else { return Ok(()) };
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

fn held(office: &Office, practice: &Practice, post: &Post) -> Option<Change> {
    let case = Case { practice, post, now: office.now() };
    let blocks = weigh::blocks_of_sent(office, practice, post);
    let (held_for, why) = match showing::check(practice, &post.draft, case.now) {
        _ if !blocks.is_empty() => (Cause::Rules, weigh::reasons(office, &blocks)),
        Err(refusal) => (Cause::Consent, vec![refusal.to_string()]),
        Ok(()) => return None,
    };
    let decided = acts::keep(case, held_for).ok().filter(|held| !held.facts.is_empty())?;
    let mut change = change(office, practice, post, decided, Doer::default());
    let author = practice.name_of(&post.author);
    let view = View::RuledOut { number: post.number, author, why };
    let subject = format!("ruled-out/{}/{}", post.id, post.revision);
    let said = Wish::InThread { post: post.id.clone(), notice: plain(view) };
    change.outbox.push(wish(office, &practice.id, subject, said, true));
    Some(change)
}
