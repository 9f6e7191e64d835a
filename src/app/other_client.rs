//! Tells an agency's person that what they wrote in a practice's own channel is almost what a post
//! of another practice of theirs says, which may be the one that it is for.
//!
//! Only they are told, and neither which post it is nor whose. The practice's own people know
//! nothing of other practices, and practices without an agency in common are never compared. What
//! comes from a desk is for whomever it names. It is looked for only where an agency's person
//! writes, so a reaction waits for nothing.

use super::asked::Asked;
use super::office::Office;
use super::wish::{Wish, for_eyes_of, plain, wish};
use crate::checks::elsewhere;
use crate::ports::notice::View;
use crate::ports::store::{Change, Most, OutboxWrite, StoreError, Stored};

/// At most so many of the newest posts of others are compared, so that an agency with hundreds of
/// practices waits no longer: with more than ten others, fewer of each.
const MOST: Most = Most { each: 50, all: 500 };

/// What the person is told beside what their change does, if it writes such words.
pub(super) async fn told(
    office: &Office,
    asked: &Asked<'_>,
    change: &Change,
) -> Stored<Option<OutboxWrite>> {
    let Some(post) = change.post.as_ref().filter(|_| asked.member.agency && !asked.at_desk())
    else {
        return Ok(None);
    };
    let practice = &asked.practice.id;
    let before = office.store.post(practice, &post.id).await?.map(|before| before.draft);
    if before.as_ref().is_some_and(|before| before.says_the_same(&post.draft)) {
        return Ok(None);
    }
    let others = match office.store.newest_elsewhere(practice, asked.from, MOST).await {
        // What is damaged in another practice keeps nothing back in this one.
        Err(StoreError::Damaged(_)) => return Ok(None),
        others => others?,
    };
    if !elsewhere::is_said(before.as_ref(), &post.draft, &others, office.now()) {
        return Ok(None);
    }
    let place = for_eyes_of(asked.from, asked.channel, None);
    let say = Wish::Say { place, notice: plain(View::Noted { what: elsewhere::LINE.to_owned() }) };
    let subject = format!("elsewhere/{}", asked.seq);
    Ok(Some(wish(office, practice, subject, say, false)))
}
