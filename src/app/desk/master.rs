//! Master drafts: one message of a desk from which several practices have a draft each.
//!
//! Each draft is its practice's own. The practice remembers the message as the idea its draft was
//! made from; when the message changes, the draft is offered the change, and never changed.

use sha2::{Digest, Sha256};

use crate::app::asked::{Answer, Asked, Said};
use crate::app::office::Office;
use crate::app::submit;
use crate::app::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::canonical::hex;
use crate::domain::content::normalized;
use crate::domain::post::{Post, State};
use crate::domain::practice::Purpose;
use crate::domain::refusal::Refusal;
use crate::ports::chat::{MessageRef, Place};
use crate::ports::intake::{Field, FileRef};
use crate::ports::notice::{Notice, View, Weight};
use crate::ports::store::{Change, Idea, OutboxWrite};

/// Begins this practice's draft of a message of a desk, and says so in its thread.
pub async fn begin(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    (text, files): (&str, &[FileRef]),
) -> Answer {
    // A command that stands nowhere can't be brought twice, nor changed later.
    let stands = !at.message.is_empty();
    if stands && office.store.idea(&asked.practice.id, at).await?.is_some() {
        // The same message brought under another event id has its draft already.
        return Ok(Ok(asked.change(office)));
    }
    let text = normalized(text);
    if text.is_empty() {
        return Ok(Err(Refusal::NoText.into()));
    }
    let idea = Idea {
        at: at.clone(),
        member: asked.member.id.clone(),
        text,
        files: files.to_vec(),
        answer: None,
        post: None,
        dismissed: false,
    };
    let thread = submit::in_thread_of(at);
    // Where its own people see it; a practice without such a channel has it at the desk alone.
    let ideas = asked.practice.channel(Purpose::Ideas).cloned();
    let elsewhere = ideas.map(|channel| Place { channel, thread: None, ..thread.clone() });
    let place = elsewhere.clone().unwrap_or_else(|| thread.clone());
    let mut change = match submit::draft_of(office, asked, &idea, place).await? {
        Ok(change) => change,
        Err(said) => return Ok(Err(said)),
    };
    let Some(post) = &change.post else {
        return Ok(Ok(change));
    };
    change.idea = stands.then(|| Idea { post: Some(post.id.clone()), ..idea });
    if elsewhere.is_some() {
        let mut notice = plain(View::Begun { number: post.number });
        let submit = format!("submit:{}", post.id);
        notice.buttons = vec![button(submit, "Send for signature", Weight::Primary)];
        let subject = format!("begun/{}", post.id);
        let say = Wish::Say { place: thread, notice };
        change.outbox.push(wish(office, &asked.practice.id, subject, say, false));
    }
    Ok(Ok(change))
}

/// The message changed: its draft is offered the new words in its own thread.
pub async fn changed(office: &Office, asked: &Asked<'_>, idea: Idea, text: &str) -> Answer {
    let mut change = asked.change(office);
    let text = normalized(text);
    let post = match &idea.post {
        Some(post) => office.store.post(&asked.practice.id, post).await?,
        None => None,
    };
    let Some(post) = post.filter(|_| text != idea.text && !text.is_empty()) else {
        return Ok(Ok(change));
    };
    match post.state {
        State::Draft | State::InReview | State::SignedOff | State::Missed => {
            change.outbox.extend(offer(office, asked, &post, (&idea.text, &text)));
        }
        State::Publishing | State::Published | State::PartPublished => {
            let why = "it is published already, so the change is not offered there".to_owned();
            let notice = plain(View::Refused { number: post.number, why });
            let place = for_eyes_of(asked.from, asked.channel, None);
            let subject = format!("private/{}", asked.seq);
            let say = Wish::Say { place, notice };
            change.outbox.push(wish(office, &asked.practice.id, subject, say, false));
        }
        State::Withdrawn | State::TakenDown => {}
    }
    change.idea = Some(Idea { text, ..idea });
    Ok(Ok(change))
}

/// The message is gone: its drafts stay, and what was offered is not to be had any more.
pub fn gone(office: &Office, asked: &Asked<'_>, idea: Idea) -> Change {
    let mut change = asked.change(office);
    change.idea = Some(Idea { dismissed: true, ..idea });
    change
}

/// [Take the change] and [Keep ours]; `of` says which change was offered.
pub async fn decided(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (take, of): (bool, &str),
) -> Answer {
    let idea = office.store.idea_of(&asked.practice.id, &post.id).await?;
    let Some(idea) = idea.filter(|idea| !idea.dismissed && name(&idea.text) == of) else {
        let why = "that offer is over: the message it came from was changed again or deleted";
        return Ok(Err(Said::Sentence(why.to_owned())));
    };
    let mut change = if take {
        let field = Field { name: "text".to_owned(), value: idea.text };
        match submit::edit(office, asked, post, &[field]) {
            Ok(change) => change,
            Err(said) => return Ok(Err(said)),
        }
    } else {
        asked.change(office)
    };
    let who = asked.member.name.clone();
    let notice = plain(View::OfferDone { number: post.number, who, taken: take });
    let channel = asked.channel.clone();
    let instead_of = Some(asked.message.clone());
    let place = Place { channel, thread: None, only: None, instead_of };
    let subject = format!("offer-done/{}/{of}", post.id);
    let say = Wish::Say { place, notice };
    change.outbox.push(wish(office, &asked.practice.id, subject, say, true));
    Ok(Ok(change))
}

fn offer(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (old, new): (&str, &str),
) -> Option<OutboxWrite> {
    if post.draft.text == new {
        return None;
    }
    let notice = Notice {
        view: View::Offer {
            number: post.number,
            who: asked.member.name.clone(),
            was: post.draft.text.clone(),
            becomes: new.to_owned(),
            differs: post.draft.text != old,
        },
        buttons: ["take", "keep"]
            .map(|verb| {
                let (label, weight) = match verb {
                    "take" => ("Take the change", Weight::Primary),
                    _ => ("Keep ours", Weight::Plain),
                };
                button(format!("{verb}:{}:{}", post.id, name(new)), label, weight)
            })
            .to_vec(),
        reactions: Vec::new(),
    };
    let subject = format!("offer/{}/{}", post.id, name(new));
    let ask = Wish::InThread { post: post.id.clone(), notice };
    Some(wish(office, &post.practice, subject, ask, true))
}

/// Names the words that are offered, so that a button never takes others.
fn name(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..8])
}
