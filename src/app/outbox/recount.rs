//! The practice changed: every open post is counted anew, one change each, and what one of its
//! rules blocks now is held. Drafts show what its rules say of them now.
//!
//! The row stays until all of them are done, so a process that dies in between begins again; what
//! was counted already is found to be so. Until a post was counted the publish gate counts it.

use super::held::{CONFLICTS, end};
use super::ruled_out;
use crate::app::effects::{Doer, change, refresh};
use crate::app::office::Office;
use crate::app::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::member::Role;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::{Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::notice::View;
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// Counts every open post of the practice.
pub(super) async fn recount(office: &Office, row: Row) -> Stored<()> {
    let open = office.store.open_posts(&row.practice).await?;
    for post in &open {
        if let State::Draft | State::InReview | State::SignedOff = post.state {
            count(office, &row.practice, &post.id).await?;
        }
        if post.state != State::Draft {
            ruled_out::hold(office, &row.practice, &post.id).await?;
        }
    }
    end(office, &row, RowState::Done, None).await
}

async fn count(office: &Office, practice: &PracticeId, post: &PostId) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = super::held::post_of(office, practice, Some(post)).await?
        else {
            return Ok(());
        };
        let mut change = counted(office, &practice, &post);
        change.outbox.extend(moved(office, &practice, &post).await?);
        match office.commit(change).await {
            Err(StoreError::Conflict) => {}
            done => return done.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

/// Cards are shown and signed in another channel now: the card is shown there.
async fn moved(office: &Office, practice: &Practice, post: &Post) -> Stored<Option<OutboxWrite>> {
    let cards = office.store.cards(&practice.id, &post.id).await?;
    let open = cards.iter().rfind(|card| card.open && card.revision == post.revision);
    let approvals = practice.channel(Purpose::Approvals);
    let elsewhere = open.is_some_and(|card| Some(&card.at.channel) != approvals);
    Ok((elsewhere && approvals.is_some()).then(|| {
        let card = Wish::Card { post: post.id.clone(), revision: post.revision, place: None };
        let subject = format!("card/{}/{}", post.id, post.revision);
        wish(office, &practice.id, subject, card, true)
    }))
}

fn counted(office: &Office, practice: &Practice, post: &Post) -> Change {
    let case = Case { practice, post, now: office.now() };
    let mut counted = match acts::recount(case) {
        Ok(decided) if !decided.facts.is_empty() => {
            change(office, practice, post, decided, Doer::default())
        }
        Ok(_) | Err(_) => {
            let mut same = Change::new(practice.id.clone(), office.now());
            same.outbox.push(refresh(office, post, post.revision));
            same
        }
    };
    let standing = case.standing();
    if post.state != State::Draft && !standing.can_be_met() {
        let why = standing.sentence(practice);
        counted.outbox.extend(stuck(office, practice, post, &why));
    }
    counted
}

/// The managers are told once a revision.
fn stuck(office: &Office, practice: &Practice, post: &Post, why: &str) -> Vec<OutboxWrite> {
    let Some(channel) = practice.channel(Purpose::Approvals) else {
        return Vec::new();
    };
    let managers = practice.members.iter().filter(|m| m.role == Role::Manager && !m.agency);
    let told = managers.filter_map(|manager| {
        let identity = manager.on(channel.platform)?;
        let notice = plain(View::Stuck { number: post.number, why: why.to_owned() });
        let place = for_eyes_of(identity, channel, None);
        let subject = format!("stuck/{}/{}/{}", post.id, post.revision, manager.id);
        let say = Wish::Say { place, notice };
        Some(wish(office, &practice.id, subject, say, false))
    });
    told.collect()
}
