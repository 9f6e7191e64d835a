//! A card or draft that can't be shown: nobody can sign it or send it, so its author and the
//! managers hear why.

use crate::app::office::Office;
use crate::app::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::member::Role;
use crate::domain::outbox::Row;
use crate::domain::post::Post;
use crate::domain::practice::{Practice, Purpose};
use crate::ports::notice::View;
use crate::ports::store::{Card, Change, OutboxWrite, Stored};

/// Tells them, once a revision and once more when it is given up; whether it is tried again is with the reason.
pub(super) async fn tell(
    office: &Office,
    row: &Row,
    card: Option<&Card>,
    (why, again): (&str, bool),
) -> Stored<()> {
    let Some(card) = card else { return Ok(()) };
    let loaded = super::held::post_of(office, &row.practice, Some(&card.post)).await?;
    let Some((practice, post)) = loaded else { return Ok(()) };
    let view = View::Unshown { number: post.number, why: why.to_owned(), again };
    let mut change = Change::new(row.practice.clone(), office.now());
    let about = format!("{}/{}/{again}", post.id, card.revision);
    change.outbox = words(office, (&practice, &post, &about), &view);
    office.commit(change).await.map(drop)
}

fn words(
    office: &Office,
    (practice, post, about): (&Practice, &Post, &str),
    view: &View,
) -> Vec<OutboxWrite> {
    let looks_after = |role| matches!(role, Role::Manager | Role::Compliance);
    let told = practice.members.iter().filter(|m| m.id == post.author || looks_after(m.role));
    // Where the author wrote: the other channel may be what is wrong.
    let channel = practice.channel(Purpose::Ideas).or(practice.channel(Purpose::Approvals));
    let told = told.filter_map(|member| {
        let channel = channel?;
        let place = for_eyes_of(member.on(channel.platform)?, channel, None);
        let subject = format!("unshown/{about}/{}", member.id);
        let say = Wish::Say { place, notice: plain(view.clone()) };
        Some(wish(office, &practice.id, subject, say, false))
    });
    told.collect()
}
