//! The buttons under cards, and the forms that some of them open. A button's id says everything,
//! so it works after a restart too.

use jiff::Timestamp;

use super::findings::Findings;
use super::form::field;
use super::post_form;
use super::wish::button;
use crate::domain::acts::Case;
use crate::domain::ids::PostId;
use crate::domain::outbox::RowState;
use crate::domain::plan::offers;
use crate::domain::policy::Risk;
use crate::domain::post::{Post, Publication};
use crate::domain::practice::Practice;
use crate::domain::state::{Cause, State, Verdict};
use crate::ports::notice::{Button, FormField, Weight};

/// The offer to let a post go as soon as it is signed off.
pub(super) const NOW: &str = "now";

/// Asks once more whether a patient could be in a picture.
pub(super) const ASK_PICTURED: &str = "ask-pictured";

/// Reactions that the bot puts there itself, so that a person needs one tap.
pub(super) fn one_tap() -> Vec<String> {
    vec!["✅".to_owned(), "❌".to_owned(), "✋".to_owned()]
}

/// What can be done with a post on its card.
pub(super) fn of_card(case: Case<'_>, signable: bool) -> Vec<Button> {
    let Case { practice, post, .. } = case;
    let id = &post.id;
    match post.state {
        State::InReview | State::SignedOff => {
            let mut buttons = Vec::new();
            if signable {
                buttons.push(button(format!("sign:{id}"), "Sign", Weight::Primary));
                buttons.extend(own_words(case));
            }
            if post.decisions.iter().any(|d| d.verdict == Verdict::Signed) {
                let id = format!("unsign:{id}");
                buttons.push(button(id, "Take my sign-off back", Weight::Plain));
            }
            if signable {
                buttons.push(decline(id));
            }
            buttons.extend([hold_or_not(post), edit(practice, post), withdraw(id)]);
            if post.hold.as_ref().is_some_and(|hold| hold.cause == Some(Cause::Consent)) {
                buttons.push(about_the_picture(post));
            }
            buttons.extend(lower_risk(case));
            buttons
        }
        State::Missed => {
            unhold(post).into_iter().chain([edit(practice, post), withdraw(id)]).collect()
        }
        State::Publishing => {
            are_they_live(practice, post).into_iter().chain([hold_or_not(post)]).collect()
        }
        State::Published => vec![takedown(id)],
        State::PartPublished => {
            unhold(post).into_iter().chain([edit(practice, post), takedown(id)]).collect()
        }
        State::Draft | State::Withdrawn | State::TakenDown => Vec::new(),
    }
}

/// What can be done with a draft that these rules keep from being sent.
pub(super) fn of_draft(
    practice: &Practice,
    post: &Post,
    Findings { blocks, better, doubted, unpictured, .. }: &Findings,
) -> Vec<Button> {
    let mut buttons = vec![
        button(format!("submit:{}", post.id), "Send for signature", Weight::Primary),
        edit(practice, post),
        withdraw(&post.id),
    ];
    if post.hold.is_some() {
        buttons.insert(1, hold_or_not(post));
    }
    if *better {
        let id = format!("reword:{}", post.id);
        buttons.push(button(id, "Accept wording", Weight::Plain));
    }
    if *doubted {
        let id = format!("fine:{}", post.id);
        buttons.push(button(id, "This was fine", Weight::Plain));
    }
    if *unpictured {
        buttons.push(about_the_picture(post));
    }
    if !blocks.is_empty() {
        let id = override_id(post, blocks);
        buttons.push(Button { form: override_reason(), ..button(id, "Override", Weight::Plain) });
    }
    buttons
}

fn about_the_picture(post: &Post) -> Button {
    button(format!("{ASK_PICTURED}:{}", post.id), "Ask about the picture", Weight::Plain)
}

/// Where the practice's only approver wrote it: a second, separate step.
fn own_words(case: Case<'_>) -> Option<Button> {
    let Case { practice, post, now } = case;
    let made = post.made.unwrap_or(now);
    let by_one =
        practice.members.iter().any(|m| post.is_by(&m.id) && practice.may_own(&m.id, made));
    let id = format!("sign-own:{}", post.id);
    by_one.then(|| button(id, "These are my own words: sign", Weight::Plain))
}

/// Where a lower risk would ask for something else.
fn lower_risk(case: Case<'_>) -> Option<Button> {
    let Case { practice, post, .. } = case;
    let lower = match post.risk {
        Risk::High => Risk::Normal,
        Risk::Normal => Risk::Low,
        Risk::Low => return None,
    };
    let policy = practice.latest_policy()?;
    let differs = policy.demands(lower) != policy.demands(post.risk);
    let (id, label) = (format!("risk:{}:{lower}", post.id), format!("Treat as {lower} risk"));
    differs.then(|| button(id, &label, Weight::Plain))
}

fn decline(id: &PostId) -> Button {
    let mut decline = button(format!("decline:{id}"), "Decline", Weight::Plain);
    decline.form = reason();
    decline
}

/// What the form of a decline asks.
pub(super) fn reason() -> Vec<FormField> {
    vec![field("reason", "Why?", "").lines().hint("The author reads it in the thread.")]
}

/// The button of an override, and what its form comes back with: for these words and rules alone.
pub(super) fn override_id(post: &Post, blocks: &[String]) -> String {
    format!("override:{}:{}", post.id, post_form::mark_of_override(&post.draft, blocks))
}

/// What the form of an override asks.
pub(super) fn override_reason() -> Vec<FormField> {
    let hint = "Whoever signs reads it, and it is in the ledger.";
    vec![field("reason", "Why does the rule not hold here?", "").lines().hint(hint)]
}

/// What somebody says who looked at what was kept out.
pub(super) fn attest_reason() -> Vec<FormField> {
    let hint = "It is in the ledger. Name nobody.";
    vec![field("reason", "Why is it about no patient?", "").lines().hint(hint)]
}

fn hold_or_not(post: &Post) -> Button {
    unhold(post).unwrap_or_else(|| button(format!("hold:{}", post.id), "Hold", Weight::Plain))
}

fn unhold(post: &Post) -> Option<Button> {
    post.hold.as_ref()?;
    Some(button(format!("unhold:{}", post.id), "Lift the hold", Weight::Plain))
}

fn edit(practice: &Practice, post: &Post) -> Button {
    let mut edit = button(format!("edit:{}", post.id), "Edit", Weight::Plain);
    edit.form = post_form::fields(practice, &post.draft);
    edit
}

/// What a person answers about a publication of which nobody can find out.
pub(super) fn is_it_live(post: &Post, publication: &Publication) -> [Button; 2] {
    let answer = |verb: &str, label: &str| {
        button(format!("{verb}:{}:{}", post.id, publication.id), label, Weight::Plain)
    };
    [answer("live", "It is live"), answer("not-live", "It is not")]
}

/// The same for each of a post's; where there are several, each button says which it is about.
fn are_they_live(practice: &Practice, post: &Post) -> Vec<Button> {
    let parked = post.publications.iter().filter(|p| p.state == RowState::Parked);
    let several = parked.clone().nth(1).is_some();
    let of = |publication: &Publication| {
        let account = practice.name_of_account(Some(&publication.account));
        is_it_live(post, publication).map(|button| {
            let label = format!("{}: {account}", button.label);
            if several { Button { label, ..button } } else { button }
        })
    };
    parked.flat_map(of).collect()
}

/// What mends a post with which something went wrong, one tap each.
pub(super) fn mending(practice: &Practice, post: &Post, now: Timestamp) -> Vec<Button> {
    match post.state {
        State::Missed => {
            slots(practice, post, now).into_iter().chain([withdraw(&post.id)]).collect()
        }
        State::Publishing => are_they_live(practice, post),
        State::PartPublished => vec![edit(practice, post)],
        State::Draft | State::InReview | State::SignedOff if post.hold.is_some() => {
            vec![hold_or_not(post), edit(practice, post)]
        }
        _ => Vec::new(),
    }
}

/// The next slots, one tap each. What is outside the signed window has to be signed again.
pub(super) fn slots(practice: &Practice, post: &Post, now: Timestamp) -> Vec<Button> {
    let today = now.to_zoned_datetime(practice.zone.clone()).date();
    let offers = offers(practice, now);
    let buttons = offers.into_iter().enumerate().map(|(nth, at)| {
        let there = at.to_zoned_datetime(practice.zone.clone());
        let day = if there.date() == today { "Today" } else { "Tomorrow" };
        let (which, mut label) = if at == now {
            (NOW.to_owned(), "Now".to_owned())
        } else {
            (at.as_microsecond().to_string(), format!("{day} {}", there.strftime("%-H:%M")))
        };
        if post.state == State::SignedOff && !post.window.is_some_and(|w| w.contains(at)) {
            label += ", signed again";
        }
        let weight = if nth == 0 { Weight::Primary } else { Weight::Plain };
        button(format!("slot:{}:{}.{which}", post.id, post.revision), &label, weight)
    });
    buttons.collect()
}

/// The button that takes a live post down.
pub(super) fn takedown(post: &PostId) -> Button {
    button(format!("takedown:{post}"), "Take it down", Weight::Danger)
}

/// The button that takes a post back.
pub fn withdraw(post: &PostId) -> Button {
    button(format!("withdraw:{post}"), "Withdraw", Weight::Danger)
}
