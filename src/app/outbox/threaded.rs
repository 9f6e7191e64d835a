//! What is shown in the thread of a post's card.

use super::held::post_of;
use super::showing::{Ready, Showing};
use crate::app::office::Office;
use crate::app::views;
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::outbox::RowState;
use crate::ports::chat::Place;
use crate::ports::notice::Notice;
use crate::ports::store::Stored;

async fn thread_of(office: &Office, practice: &PracticeId, post: &PostId) -> Stored<Option<Place>> {
    let cards = office.store.cards(practice, post).await?;
    Ok(cards.into_iter().next_back().map(|card| Place {
        channel: card.at.channel,
        thread: Some(card.at.message),
        only: None,
        instead_of: None,
    }))
}

/// A finished notice there.
pub(super) async fn said(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    notice: Notice,
) -> Stored<Ready> {
    let Some(place) = thread_of(office, practice, post).await? else {
        return Ok(Ready::NotYet);
    };
    Ok(Showing::ready(place, notice))
}

/// What came of a publication, unless something else did since.
pub(super) async fn outcome(
    office: &Office,
    practice: &PracticeId,
    post: &PostId,
    (row, state): (&RowId, RowState),
) -> Stored<Ready> {
    let Some((practice, post)) = post_of(office, practice, Some(post)).await? else {
        return Ok(Ready::Nothing);
    };
    let Some(row) = office.store.row(&practice.id, row).await? else {
        return Ok(Ready::Nothing);
    };
    let Some(place) = thread_of(office, &practice.id, &post.id).await? else {
        return Ok(Ready::NotYet);
    };
    if row.state != state {
        return Ok(Ready::Nothing);
    }
    let head = office.store.head(&practice.id).await?;
    let view = views::of_outcome(&practice, &post, (&row, head));
    let notice = crate::app::wish::plain(view);
    Ok(Showing::ready(place, notice))
}
