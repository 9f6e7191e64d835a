//! Master drafts: one message of a desk from which several practices have a draft each.
//!
//! Each draft is its practice's own. The practice remembers what the message said when its draft
//! was made from it, or when its people last decided about a change; when the message changes, the
//! draft is offered what changed since, and never changed.

use sha2::{Digest, Sha256};

use crate::app::admit::admitted;
use crate::app::asked::{Answer, Asked, Said};
use crate::app::changes;
use crate::app::effects::{self, Doer};
use crate::app::office::Office;
use crate::app::pictured;
use crate::app::submit;
use crate::app::weigh::{self, weighed};
use crate::app::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::acts;
use crate::domain::canonical::hex;
use crate::domain::content::normalized;
use crate::domain::draft::Draft;
use crate::domain::post::{Post, State};
use crate::domain::practice::Purpose;
use crate::domain::refusal::Refusal;
use crate::ports::chat::{MessageRef, Place};
use crate::ports::intake::FileRef;
use crate::ports::notice::{Notice, View, Weight};
use crate::ports::store::{Change, Idea, Offered, OutboxWrite, Pictured};

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
    let (idea, _) = pictured::asking(office, asked, submit::idea(asked, at, (&text, files)));
    let thread = submit::in_thread_of(at);
    // Where its own people see it; a practice without such a channel has it at the desk alone.
    let ideas = asked.practice.channel(Purpose::Ideas).cloned();
    let elsewhere = ideas.map(|channel| Place { channel, thread: None, ..thread.clone() });
    let place = elsewhere.clone().unwrap_or_else(|| thread.clone());
    let words = (&idea, vec![Some(idea.member.clone())]);
    let mut change = match submit::draft_of(office, asked, words, place).await? {
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

/// Somebody wrote other words for the message in its thread; what comes with it stays.
pub async fn reworded(
    office: &Office,
    asked: &Asked<'_>,
    (root, words): (&MessageRef, &str),
) -> Answer {
    let Some(idea) = office.store.idea(&asked.practice.id, root).await? else {
        return Ok(Ok(asked.change(office)));
    };
    let files = idea.offered.as_ref().map_or(&idea.files, |offered| &offered.files).clone();
    changed(office, asked, idea, (words, &files)).await
}

/// The message changed: its draft is offered what changed, in its own thread.
pub async fn changed(
    office: &Office,
    asked: &Asked<'_>,
    idea: Idea,
    (text, files): (&str, &[FileRef]),
) -> Answer {
    let mut change = asked.change(office);
    if asked.typed < idea.typed {
        return Ok(Ok(change));
    }
    let idea = Idea { typed: asked.typed, ..idea };
    let (by, text) = (asked.member.id.clone(), normalized(text));
    let now = Offered { by, text, files: files.to_vec() };
    let before = match &idea.offered {
        Some(offered) => says(&offered.text, &offered.files),
        None => says(&idea.text, &idea.files),
    };
    let post = match &idea.post {
        Some(post) => office.store.post(&asked.practice.id, post).await?,
        None => None,
    };
    let Some(post) = post.filter(|_| before != says(&now.text, &now.files) && !now.text.is_empty())
    else {
        change.idea = Some(idea);
        return Ok(Ok(change));
    };
    let offer = offer(office, asked, &post, (&idea, &now));
    if offer.is_none() {
        // It says so already, or the message is as it was.
        change.idea = Some(settled(idea, now, false));
        return Ok(Ok(change));
    }
    match post.state {
        State::Draft | State::InReview | State::SignedOff | State::Missed => {
            change.outbox.extend(offer);
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
    let (idea, _) = pictured::asking(office, asked, Idea { offered: Some(now), ..idea });
    change.idea = Some(idea);
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
    let idea = idea.filter(|idea| !idea.dismissed);
    let found = idea.and_then(|idea| {
        let offered = idea.offered.clone().filter(|offered| name(offered) == of)?;
        Some((idea, offered))
    });
    let Some((idea, offered)) = found else {
        let why = "that offer is over: it was decided, or its message was changed again or deleted";
        return Ok(Err(Said::Sentence(why.to_owned())));
    };
    let mut change = if take {
        match taken(office, asked, post, (&idea, &offered)).await {
            Ok(change) => change,
            Err(said) => return Ok(Err(said)),
        }
    } else {
        asked.change(office)
    };
    change.idea = Some(settled(idea, offered, take));
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

/// What was offered becomes the post's, in the words of whoever offered it.
async fn taken(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (idea, offered): (&Idea, &Offered),
) -> Result<Change, Said> {
    let (mut draft, mut media) = (would_be(&post.draft, idea, offered), Vec::new());
    if other_pictures(idea, offered) {
        let holds = |said: &&Pictured| pictured::holds(asked.practice, said, office.now());
        let said = idea.word_for(&offered.files).filter(holds);
        if said.is_none() && !offered.files.is_empty() {
            let why = "whoever changed the message has not said that no patient is in its pictures: \
                       they were asked";
            return Err(Said::Sentence(why.to_owned()));
        }
        let taken = admitted(office, asked, (&offered.files, said)).await?;
        (draft.pictures, draft.vouched, media) = (taken.pictures, taken.vouched, taken.media);
    }
    let (case, salt) = (asked.case(office, post), office.chance.bytes());
    let ruled = weighed(office, asked.among(), draft);
    let ruling = ruled.ruling.clone();
    let decided = acts::take(case, asked.member, (ruled, &offered.by), salt);
    let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
    let doer = Doer::member(asked.member);
    let mut change =
        Change { media, ..effects::change(office, asked.practice, post, decided, doer) };
    let vouched = pictured::vouching(office, asked.practice, &change);
    change.entries.extend(vouched);
    Ok(change)
}

/// What is offered; nothing when the post says it already.
fn offer(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (idea, now): (&Idea, &Offered),
) -> Option<OutboxWrite> {
    let (was, is) = (&post.draft, would_be(&post.draft, idea, now));
    let mut offered = changes::between_drafts(was, &is);
    if other_pictures(idea, now) {
        let had = was.pictures.iter().map(|picture| picture.alt.as_str());
        offered.push(changes::pictures(had, now.files.iter().map(|file| file.alt.as_str())));
    }
    if offered.is_empty() {
        return None;
    }
    let ours = was.text != idea.text && is.text != was.text;
    let mut alts = was.pictures.iter().zip(&is.pictures).zip(&idea.files);
    let own_alt = alts.any(|((was, is), old)| is.alt != was.alt && was.alt != normalized(&old.alt));
    let name = name(now);
    let button = |verb: &str, label: &str, weight| {
        button(format!("{verb}:{}:{name}", post.id), label, weight)
    };
    let notice = Notice {
        view: View::Offer {
            number: post.number,
            who: asked.member.name.clone(),
            changes: offered,
            becomes: if is.text == was.text { String::new() } else { is.text },
            differs: ours || own_alt,
        },
        buttons: vec![
            button("take", "Take the change", Weight::Primary),
            button("keep", "Keep ours", Weight::Plain),
        ],
        reactions: Vec::new(),
    };
    let ask = Wish::InThread { post: post.id.clone(), notice };
    Some(wish(office, &post.practice, format!("offer/{}/{name}", post.id), ask, true))
}

/// The draft with what the message changed, but for other pictures; what it did not change stays
/// as the practice has it.
fn would_be(draft: &Draft, idea: &Idea, now: &Offered) -> Draft {
    let mut made = draft.clone();
    if now.text != idea.text {
        made.text.clone_from(&now.text);
    }
    if !other_pictures(idea, now) {
        let files = idea.files.iter().zip(&now.files);
        for (picture, (old, new)) in made.pictures.iter_mut().zip(files) {
            if old.alt != new.alt {
                picture.alt = normalized(&new.alt);
            }
        }
    }
    made
}

fn other_pictures(idea: &Idea, now: &Offered) -> bool {
    pictured::ids(&idea.files) != pictured::ids(&now.files)
}

/// The practice decided: from here on only what changes after this is offered. Pictures that it
/// left are offered again with the next change, for its post has those of the files before.
fn settled(idea: Idea, now: Offered, took: bool) -> Idea {
    let files = if took || !other_pictures(&idea, &now) { now.files } else { idea.files };
    Idea { text: now.text, files, offered: None, ..idea }
}

/// Everything that a message says and brings, as far as an offer may be about it.
fn says(text: &str, files: &[FileRef]) -> Vec<String> {
    let files = files.iter().flat_map(|file| [file.id.clone(), normalized(&file.alt)]);
    std::iter::once(text.to_owned()).chain(files).collect()
}

/// Names what is offered, so that a button never takes anything else.
fn name(offered: &Offered) -> String {
    let mut digest = Sha256::new();
    for part in says(&offered.text, &offered.files) {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    hex::encode(&digest.finalize()[..8])
}
