//! What counts as a submission of one person, and what they are told when it is one too many.

use super::amend;
use super::flood::Room;
use super::office::Office;
use super::wish::{Wish, for_eyes_of, plain, wish};
use super::{opening, post_form};
use crate::domain::command;
use crate::domain::practice::{Practice, Purpose};
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::notice::View;
use crate::ports::store::Change;

/// The event would make an idea, a draft or a revision.
fn submits(practice: &Practice, event: &ChatEvent) -> bool {
    match &event.what {
        Happening::Said { text, thread, .. } => match command::read(text) {
            Some(command) => command.is_ok_and(|command| command.submits()),
            None if thread.is_some() => practice
                .who(&event.from)
                .is_some_and(|member| !amend::read(member, text).is_empty()),
            None => {
                let ideas = practice.channel(Purpose::Ideas) == Some(&event.channel);
                ideas && !command::is_stop_everything(text)
            }
        },
        Happening::Edited { .. } | Happening::Picked { .. } => true,
        Happening::Pressed { button, .. } => {
            let (verb, _) = opening::parts(button);
            matches!(verb, post_form::NEW | "make" | "submit" | "edit")
        }
        Happening::Reacted { .. } | Happening::Deleted { .. } => false,
    }
}

/// There is room for the event with each of these practices; the one that is full tells the person.
pub(super) async fn has_room(office: &Office, practices: &[Practice], event: &ChatEvent) -> bool {
    let (now, most) = (office.now(), office.pace.submissions);
    for practice in practices.iter().filter(|practice| submits(practice, event)) {
        match office.flood.count(&practice.id, &event.from, now, most) {
            Room::Enough => {}
            Room::JustFull => {
                tell(office, practice, event).await;
                return false;
            }
            Room::Full => return false,
        }
    }
    true
}

/// Tells a person, once a minute, that what they send now is not kept.
async fn tell(office: &Office, practice: &Practice, to: &ChatEvent) {
    let most = i64::from(office.pace.submissions);
    let place = for_eyes_of(&to.from, &to.channel, None);
    let say = Wish::Say { place, notice: plain(View::TooMany { most }) };
    let mut change = Change::new(practice.id.clone(), office.now());
    let subject = format!("flood/{}", office.new_id());
    change.outbox.push(wish(office, &practice.id, subject, say, false));
    if let Err(error) = office.commit(change).await {
        tracing::warn!(%error, "A person is not told that they send too much: {error}");
    }
}
