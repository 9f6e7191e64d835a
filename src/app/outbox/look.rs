//! Looks at a post again before its slot: does it still fit, and do its sign-offs still count then?

use super::held::{CONFLICTS, end, moved, post_of, still_mine};
use super::ruled_out;
use crate::app::effects::{Doer, change};
use crate::app::office::Office;
use crate::app::when;
use crate::app::wish::{Wish, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::content::Content;
use crate::domain::outbox::{Row, RowState};
use crate::domain::plan::next_look;
use crate::domain::post::{Cause, Post, State};
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::window::shown;
use crate::ports::notice::View;
use crate::ports::store::{Change, OutboxWrite, StoreError, Stored};

/// What no longer fits, or what a rule blocks, is held and its author told; who has to sign again is
/// asked.
pub(super) async fn look(office: &Office, row: Row) -> Stored<()> {
    if let Some(post) = &row.post {
        ruled_out::hold(office, &row.practice, post).await?;
    }
    for _ in 0..CONFLICTS {
        let Some((practice, post)) = post_of(office, &row.practice, row.post.as_ref()).await?
        else {
            return end(office, &row, RowState::Cancelled, None).await;
        };
        let now = office.now();
        let open = matches!(post.state, State::InReview | State::SignedOff);
        let content = office.store.content(&practice.id, &post.id, post.revision).await?;
        let (Some(slot), Some(content)) = (post.slot.filter(|slot| open && *slot > now), content)
        else {
            return end(office, &row, RowState::Done, None).await;
        };
        let mut change = match misfit(office, &practice, &post, &content) {
            Some(why) => held(office, &practice, &post, why),
            None => Change::new(practice.id.clone(), now),
        };
        change.outbox.extend(sign_again(office, &practice, &post));
        let next = next_look(slot, now);
        let state = if next.is_some() { RowState::Ready } else { RowState::Done };
        let to = Row { state, due: next.unwrap_or(row.due), lease_until: None, ..row.clone() };
        change.outbox.push(moved(&row, to));
        match office.commit(change).await {
            Err(StoreError::Conflict) if still_mine(office, &row).await?.is_some() => {}
            other => return other.map(drop),
        }
    }
    Err(StoreError::Conflict)
}

/// Why it does not fit an account that it has yet to go to, by the limits as they are known now.
fn misfit(office: &Office, practice: &Practice, post: &Post, content: &Content) -> Option<Refusal> {
    let to_do = post.draft.accounts.iter().filter(|id| !post.is_out_on(id));
    to_do.filter_map(|id| practice.account(id)).find_map(|account| {
        let part = content.part(account)?;
        let limits = match office.publisher(account.network) {
            Some(publisher) => publisher.limits(account),
            None => account.network.limits(),
        };
        part.fits(limits).err()
    })
}

fn held(office: &Office, practice: &Practice, post: &Post, why: Refusal) -> Change {
    let case = Case { practice, post, now: office.now() };
    let Ok(decided) = acts::keep(case, Cause::Limits) else {
        return Change::new(practice.id.clone(), office.now());
    };
    let fresh = !decided.facts.is_empty();
    let mut change = change(office, practice, post, decided, Doer::default());
    if fresh {
        let author = practice.name_of(&post.author);
        let view = View::NoFit { number: post.number, author, why: why.to_string() };
        let subject = format!("no-fit/{}/{}", post.id, post.revision);
        let said = Wish::InThread { post: post.id.clone(), notice: plain(view) };
        change.outbox.push(wish(office, &practice.id, subject, said, true));
    }
    change
}

/// Asks whoever's sign-off will be too old by the slot, once a revision and slot.
pub(super) fn sign_again(office: &Office, practice: &Practice, post: &Post) -> Option<OutboxWrite> {
    let slot = post.slot?;
    let who = when::to_sign_again(practice, post, slot.max(office.now()));
    if who.is_empty() {
        return None;
    }
    let view = View::SignAgain {
        number: post.number,
        who: who.join(", "),
        slot: shown(slot, &practice.zone),
    };
    let subject = format!("sign-again/{}/{}/{slot}", post.id, post.revision);
    let said = Wish::InThread { post: post.id.clone(), notice: plain(view) };
    Some(wish(office, &practice.id, subject, said, false))
}
