//! The buttons under cards, and the forms that some of them open. A button's id says everything,
//! so it works after a restart too.

use super::wish::button;
use crate::domain::ids::PostId;
use crate::domain::outbox::RowState;
use crate::domain::post::{Post, Publication};
use crate::domain::practice::Practice;
use crate::domain::state::{State, Verdict};
use crate::domain::window;
use crate::ports::notice::{Button, FormField, Weight};

/// Reactions that the bot puts there itself, so that a person needs one tap.
pub(super) fn one_tap() -> Vec<String> {
    vec!["✅".to_owned(), "❌".to_owned(), "✋".to_owned()]
}

/// What can be done with a post on its card.
pub(super) fn of_card(practice: &Practice, post: &Post, signable: bool) -> Vec<Button> {
    let id = &post.id;
    match post.state {
        State::InReview | State::SignedOff => {
            let mut buttons = Vec::new();
            if signable {
                buttons.push(button(format!("sign:{id}"), "Sign", Weight::Primary));
            }
            if post.decisions.iter().any(|d| d.verdict == Verdict::Signed) {
                let id = format!("unsign:{id}");
                buttons.push(button(id, "Take my sign-off back", Weight::Plain));
            }
            if signable {
                buttons.push(decline(id));
            }
            buttons.extend([hold_or_not(post), edit(practice, post), withdraw(id)]);
            buttons
        }
        State::Missed => vec![edit(practice, post), withdraw(id)],
        State::Publishing => {
            let parked = post.publications.iter().filter(|p| p.state == RowState::Parked);
            parked.flat_map(|p| is_it_live(post, p)).chain([hold_or_not(post)]).collect()
        }
        State::Published => vec![takedown(id)],
        State::PartPublished => vec![edit(practice, post), takedown(id)],
        State::Draft | State::Withdrawn | State::TakenDown => Vec::new(),
    }
}

/// What can be done with a draft.
pub(super) fn of_draft(practice: &Practice, post: &Post) -> Vec<Button> {
    let mut buttons = vec![
        button(format!("submit:{}", post.id), "Send for signature", Weight::Primary),
        edit(practice, post),
        withdraw(&post.id),
    ];
    if post.hold.is_some() {
        buttons.insert(1, hold_or_not(post));
    }
    buttons
}

fn decline(id: &PostId) -> Button {
    let mut decline = button(format!("decline:{id}"), "Decline", Weight::Plain);
    decline.form =
        vec![field("reason", "Why? The author reads it in the thread.", String::new(), true)];
    decline
}

fn hold_or_not(post: &Post) -> Button {
    match post.hold {
        Some(_) => button(format!("unhold:{}", post.id), "Lift the hold", Weight::Plain),
        None => button(format!("hold:{}", post.id), "Hold", Weight::Plain),
    }
}

fn edit(practice: &Practice, post: &Post) -> Button {
    let draft = &post.draft;
    let slot = draft.slot.map(|slot| window::typed(slot, &practice.zone)).unwrap_or_default();
    let mut form = vec![field("text", "Text", draft.text.clone(), true)];
    let one = draft.pictures.len() == 1;
    for (i, picture) in draft.pictures.iter().enumerate() {
        let which = if one { "the picture".to_owned() } else { format!("picture {}", i + 1) };
        let label = format!("What {which} shows, for people who can't see it");
        form.push(field(&format!("alt{}", i + 1), &label, picture.alt.clone(), true));
    }
    form.push(field(
        "disclosure",
        "Disclosure that must go with it, if any",
        draft.disclosure.clone(),
        false,
    ));
    let zone = practice.zone.iana_name().unwrap_or("UTC");
    let label = format!(
        "Slot in {zone}: now, +30m, 17:30 or 2026-11-24 09:00; empty: as soon as it is signed"
    );
    form.push(field("slot", &label, slot, false));
    let mut edit = button(format!("edit:{}", post.id), "Edit", Weight::Plain);
    edit.form = form;
    edit
}

fn field(name: &str, label: &str, value: String, multiline: bool) -> FormField {
    FormField { name: name.to_owned(), label: label.to_owned(), value, multiline }
}

/// What a person answers about a publication of which nobody can find out.
pub(super) fn is_it_live(post: &Post, publication: &Publication) -> [Button; 2] {
    let answer = |verb: &str, label: &str| {
        button(format!("{verb}:{}:{}", post.id, publication.id), label, Weight::Plain)
    };
    [answer("live", "It is live"), answer("not-live", "It is not")]
}

/// What mends a post with which something went wrong, one tap each.
pub(super) fn mending(practice: &Practice, post: &Post) -> Vec<Button> {
    match post.state {
        State::Missed => slots(post).into_iter().chain([withdraw(&post.id)]).collect(),
        State::Publishing => {
            let parked = post.publications.iter().filter(|p| p.state == RowState::Parked);
            parked.flat_map(|p| is_it_live(post, p)).collect()
        }
        State::PartPublished => vec![edit(practice, post)],
        State::Draft | State::InReview | State::SignedOff if post.hold.is_some() => {
            vec![hold_or_not(post), edit(practice, post)]
        }
        _ => Vec::new(),
    }
}

/// The next slots, one tap each.
pub(super) fn slots(post: &Post) -> Vec<Button> {
    let id = |which| format!("slot:{}:{}.{which}", post.id, post.revision);
    vec![
        button(id("now"), "Now", Weight::Primary),
        button(id("tomorrow"), "Tomorrow at 9", Weight::Plain),
    ]
}

/// The button that takes a live post down.
pub(super) fn takedown(post: &PostId) -> Button {
    button(format!("takedown:{post}"), "Take it down", Weight::Danger)
}

/// The button that takes a post back.
pub fn withdraw(post: &PostId) -> Button {
    button(format!("withdraw:{post}"), "Withdraw", Weight::Danger)
}
