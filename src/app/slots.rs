//! The next slots, one tap each, for a post whose own is gone.
//!
//! Nothing goes out late by surprise: what missed its window, and what was signed off after its
//! slot, waits until a person chooses.

use jiff::Timestamp;

use super::asked::{Asked, Said};
use super::buttons;
use super::effects::{Doer, change};
use super::office::Office;
use super::weigh;
use crate::domain::acts;
use crate::domain::post::{Post, State};
use crate::domain::slot::{NotASlot, Slot};
use crate::ports::store::Change;

/// Plans a post for one of the offered slots: `REVISION.now`, or `REVISION.` and microseconds.
pub(super) fn choose(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    offer: &str,
) -> Result<Change, Said> {
    let (revision, which) = offer.split_once('.').unwrap_or_default();
    let open = post.state == State::Missed || post.waits_for_slot();
    if !open || revision.parse() != Ok(post.revision) {
        return Err(Said::Sentence("that offer is over: the post went on since".to_owned()));
    }
    let slot = match which {
        buttons::NOW => None,
        at => Some(offered(asked, at, office.now())?),
    };
    let ruling = weigh::ruling_of_sent(office, asked.among(), &post.draft);
    let (case, salt) = (asked.case(office, post), office.chance.bytes());
    let decided = acts::move_slot(case, asked.member, (slot, ruling.clone()), salt);
    let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
    Ok(change(office, asked.practice, post, decided, Doer::member(asked.member)))
}

fn offered(asked: &Asked<'_>, micros: &str, now: Timestamp) -> Result<Slot, NotASlot> {
    let at = micros.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let at = at.ok_or(NotASlot::Unreadable)?;
    if at < now {
        return Err(NotASlot::Past);
    }
    Ok(Slot::Wall(at.to_zoned_datetime(asked.practice.zone.clone()).datetime()))
}
