//! What somebody asks for, by message, reaction or button; and which use case answers.

use super::appeal;
use super::asked::{self, Asked, Said};
use super::buttons::ASK_PICTURED;
use super::desk::{self, master};
use super::effects::{Doer, no_effect};
use super::office::Office;
use super::{
    amend, connected, consents, fine, founder, pictured, post_form, practice, restored, review,
    search, setup, slots, stop, submit, vouching,
};
use crate::domain::acts::Ballot;
use crate::domain::change::Answer;
use crate::domain::command::{self, Command};
use crate::domain::desk::{Wanted, read as read_at_desk};
use crate::domain::emoji::{self, Reaction};
use crate::domain::ids::{PostId, RowId};
use crate::domain::member::Role;
use crate::domain::post::{Post, Source};
use crate::domain::practice::Purpose;
use crate::domain::refusal::Refusal;
use crate::domain::review::Act;
use crate::ports::chat::MessageRef;
use crate::ports::intake::{Field, FileRef, Happening};
use crate::ports::store::{Card, Change, Idea, Stored};

/// A member did something.
pub async fn ask(office: &Office, asked: &Asked<'_>, what: &Happening) -> asked::Answer {
    if let Some(act) = lets_go(what)
        && restored::came_before(office, asked).await?
    {
        let refusal = Refusal::BeforeRestore;
        let mut change = asked.refused(office, None, refusal);
        change.entries.push(no_effect(office, Doer::member(asked.member), None, act, refusal));
        return Ok(Ok(change));
    }
    match what {
        Happening::Said { message, thread, text, files } => {
            said(office, asked, message, thread.as_ref(), (text, files)).await
        }
        Happening::Edited { message, thread, text, files } => {
            match office.store.idea(&asked.practice.id, message).await? {
                known if text.is_empty() && files.is_empty() => {
                    Ok(submit::unreadable(office, asked, known.as_ref()))
                }
                Some(idea) if asked.at_desk() => {
                    master::changed(office, asked, idea, (text, files)).await
                }
                Some(idea) => submit::message_edited(office, asked, idea, text, files).await,
                // Heard of before the message itself.
                None if thread.is_none() && has_ideas(asked) && command::read(text).is_none() => {
                    Ok(Ok(submit::note_idea(office, asked, message, text, files)))
                }
                None => Ok(Ok(asked.change(office))),
            }
        }
        Happening::Deleted { message } => deleted(office, asked, message).await,
        Happening::Reacted { message, emoji, on } => match emoji::read(emoji) {
            Some(reaction) => reacted(office, asked, message, reaction, *on).await,
            None => Ok(Ok(asked.change(office))),
        },
        Happening::Picked { message, author, text, files } => {
            submit::pick(office, asked, message, author.as_ref(), (text, files)).await
        }
        Happening::Pressed { message, button, fields } => {
            pressed(office, asked, message, button, fields).await
        }
    }
}

/// What lets something leave that does not otherwise.
fn lets_go(what: &Happening) -> Option<Act> {
    match what {
        Happening::Said { text, .. } => match command::read(text) {
            Some(Ok(Command::Release)) => Some(Act::Release),
            _ => None,
        },
        Happening::Pressed { button, .. } => match button.split(':').next() {
            Some("release") => Some(Act::Release),
            Some("unhold") => Some(Act::Unhold),
            Some("not-live") => Some(Act::NotLive),
            _ => None,
        },
        Happening::Reacted { .. }
        | Happening::Edited { .. }
        | Happening::Deleted { .. }
        | Happening::Picked { .. } => None,
    }
}

/// Somebody who is no member did something: told so if it was meant for us, else nothing.
pub async fn stranger(office: &Office, asked: &Asked<'_>, what: &Happening) -> Stored<Change> {
    let meant = match what {
        Happening::Said { text, .. } => {
            let idea = asked.practice.channel(Purpose::Ideas) == Some(asked.channel);
            idea || command::read(text).is_some()
        }
        Happening::Reacted { message, emoji, on: true } => {
            let card = office.store.card(&asked.practice.id, message).await?;
            card.is_some() && emoji::read(emoji).is_some()
        }
        Happening::Pressed { .. } | Happening::Picked { .. } => true,
        Happening::Reacted { .. } | Happening::Edited { .. } => false,
        // A card that anybody deleted comes back.
        Happening::Deleted { message } => {
            return Ok(deleted(office, asked, message)
                .await?
                .unwrap_or_else(|_| asked.change(office)));
        }
    };
    Ok(if meant { asked.refused(office, None, Refusal::NotAMember) } else { asked.change(office) })
}

async fn said(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    thread: Option<&MessageRef>,
    (text, files): (&str, &[FileRef]),
) -> asked::Answer {
    if let (true, Some(Wanted::Master(words)), Some(root)) =
        (asked.at_desk(), read_at_desk(text), thread)
    {
        return master::reworded(office, asked, (root, &words)).await;
    }
    if let Some(command) = command::read(text) {
        if let (true, Ok(Command::New(text))) = (asked.at_desk(), &command) {
            return master::begin(office, asked, at, (text, files)).await;
        }
        return super::command::run(office, asked, command).await;
    }
    let may_stop = !asked.member.agency && asked.member.role != Role::Staff;
    if command::is_stop_everything(text) && may_stop {
        return Ok(Ok(stop::stop(office, asked, None).await?));
    }
    if let Some(root) = thread {
        let Some((card, post)) = card_and_post(office, asked, root).await? else {
            return Ok(Ok(asked.change(office)));
        };
        let ways = amend::read(asked.member, text);
        if !ways.is_empty() {
            let answer = amend::amend(office, asked, (&card, &post), &ways);
            return Ok(Ok(asked.of_post(office, &post, answer)));
        }
        let reason = review::reason(office, asked, &post, text);
        return Ok(Ok(reason.unwrap_or_else(|| asked.change(office))));
    }
    if has_ideas(asked) {
        // The same message brought under another event id is the same idea.
        let known = office.store.idea(&asked.practice.id, at).await?.is_some();
        let noted = (!known).then(|| submit::note_idea(office, asked, at, text, files));
        return Ok(Ok(noted.unwrap_or_else(|| asked.change(office))));
    }
    Ok(Ok(asked.change(office)))
}

/// What is written there are ideas.
fn has_ideas(asked: &Asked<'_>) -> bool {
    asked.practice.channel(Purpose::Ideas) == Some(asked.channel)
}

async fn deleted(office: &Office, asked: &Asked<'_>, message: &MessageRef) -> asked::Answer {
    let practice = &asked.practice.id;
    if let Some((card, post)) = card_and_post(office, asked, message).await? {
        return Ok(Ok(card_deleted(office, asked, &card, &post)));
    }
    let idea = office.store.idea(practice, message).await?;
    if let (true, Some(idea)) = (asked.at_desk(), &idea) {
        return Ok(Ok(master::gone(office, asked, idea.clone())));
    }
    let mut change = asked.change(office);
    if let Some(idea) = idea {
        let is_idea = idea.post.is_none() && idea.at == *message;
        change.idea = is_idea.then_some(Idea { dismissed: true, ..idea });
    } else if has_ideas(asked) && asked.practice.member(&asked.member.id).is_some() {
        // Heard of before the message itself, which is no idea any more; a stranger's never is one.
        change.idea = Some(submit::gone(asked, message));
    }
    Ok(Ok(change))
}

/// A card of the current revision that somebody deleted is shown again.
pub(super) fn card_deleted(office: &Office, asked: &Asked<'_>, card: &Card, post: &Post) -> Change {
    let decided = crate::domain::acts::card_deleted(asked.case(office, post));
    let mut change = match decided {
        Ok(decided) if card.open => {
            let doer = super::effects::Doer::default();
            super::effects::change(office, asked.practice, post, decided, doer)
        }
        _ => asked.change(office),
    };
    change.card_gone = Some(card.at.clone());
    change
}

/// One of the newest digests, wherever it stands.
async fn is_digest(office: &Office, asked: &Asked<'_>, at: &MessageRef) -> Stored<bool> {
    let digests = office.store.notices(&asked.practice.id, "digest/").await?;
    let stands = |remote: &String| *remote == at.message;
    let here = asked.practice.digest_channel() == Some(&at.channel);
    Ok(here && digests.iter().any(|row| row.remote.as_ref().is_some_and(stands)))
}

async fn reacted(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    reaction: Reaction,
    on: bool,
) -> asked::Answer {
    let found = card_and_post(office, asked, at).await?;
    if reaction == Reaction::Stop && on {
        let on = found.as_ref().map(|(_, post)| post);
        let digest = asked.practice.channel(Purpose::Digest) == Some(asked.channel)
            || is_digest(office, asked, at).await?;
        if on.is_none() && !digest {
            return Ok(Ok(asked.change(office)));
        }
        return Ok(Ok(stop::stop(office, asked, on).await?));
    }
    let Some((card, post)) = found else { return Ok(Ok(asked.change(office))) };
    if let Some((act, refusal)) = not_here(&card, &post, reaction).filter(|_| on) {
        return Ok(Ok(review::refused(office, asked, &post, (act, refusal))));
    }
    let current = card.revision == post.revision;
    let ballot = || review::ballot(&card, Source::Reaction, false);
    Ok(match (reaction, on) {
        (Reaction::Sign, true) => ballot().map(|b| review::sign(office, asked, &post, b)),
        (Reaction::Decline, true) => ballot().map(|b| review::decline(office, asked, &post, b, "")),
        (Reaction::Sign, false) if current => Ok(review::unsign(office, asked, &post, true)),
        (Reaction::Decline, false) if current && review::has_declined(asked, &post) => {
            Ok(asked.refused(office, Some(&post), Refusal::DeclineStays))
        }
        (Reaction::Hold, true) => Ok(review::hold(office, asked, &post)),
        (Reaction::Hold, false) if current && holds(asked, &post) => {
            Ok(review::unhold(office, asked, &post))
        }
        (_, false) | (Reaction::Stop, true) => Ok(asked.change(office)),
    })
}

/// Why a reaction on this message decides nothing: a draft is no card, and an old card is not the
/// one that counts.
fn not_here(card: &Card, post: &Post, reaction: Reaction) -> Option<(Act, Refusal)> {
    let act = match reaction {
        Reaction::Sign => Act::Sign,
        Reaction::Decline => Act::Decline,
        Reaction::Hold => Act::Hold,
        Reaction::Stop => return None,
    };
    let draft = card.revision == 0;
    match (draft, post.revision) {
        (true, 0) if reaction == Reaction::Hold => None,
        (true, 0) => Some((act, Refusal::NotInReview)),
        (true, _) => Some((act, Refusal::NotTheCard)),
        (false, current) if current != card.revision => {
            Some((act, Refusal::OldCard { shown: card.revision, current }))
        }
        (false, _) => None,
    }
}

fn holds(asked: &Asked<'_>, post: &Post) -> bool {
    post.hold.as_ref().is_some_and(|hold| hold.by.as_ref() == Some(&asked.member.id))
}

async fn pressed(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    button: &str,
    fields: &[Field],
) -> asked::Answer {
    let (verb, rest) = button.split_once(':').unwrap_or((button, ""));
    if let Some(answer) = of_no_post(office, asked, (verb, rest), fields).await {
        return answer;
    }
    let (id, argument) = rest.split_once(':').unwrap_or((rest, ""));
    let Some(post) = office.store.post(&asked.practice.id, &PostId::new(id)).await? else {
        return Ok(Err(Said::Sentence("that button belongs to nothing here".to_owned())));
    };
    if let (true, Some(act)) = (asked.at_desk(), desk::own_act(verb)) {
        return Ok(Ok(review::refused(office, asked, &post, (act, Refusal::NotAtADesk))));
    }
    if let Some(answer) = left_pressed(office, asked, &post, verb, argument).await? {
        return Ok(answer);
    }
    if verb == ASK_PICTURED {
        let answer = vouching::again(office, asked, &post).await?;
        return Ok(Ok(asked.of_post(office, &post, answer)));
    }
    if let "take" | "keep" = verb {
        let answer = master::decided(office, asked, &post, (verb == "take", argument)).await?;
        return Ok(Ok(asked.of_post(office, &post, answer)));
    }
    let card = office.store.card(&asked.practice.id, at).await?.filter(|card| card.post == post.id);
    let ballot = || match &card {
        Some(card) => review::ballot(card, Source::Button, false),
        None => Err(Refusal::NotInReview.into()),
    };
    let reason = reason(fields);
    let answer = match verb {
        "submit" => submit::submit(office, asked, &post),
        "edit" => submit::edit_by_form(office, asked, &post, (argument, fields)),
        "reword" => submit::reword(office, asked, &post),
        "withdraw" => submit::withdraw(office, asked, &post),
        "slot" => slots::choose(office, asked, &post, argument),
        "sign" => ballot().map(|b| review::sign(office, asked, &post, b)),
        "sign-own" => {
            ballot().map(|b| review::sign(office, asked, &post, Ballot { own_words: true, ..b }))
        }
        "fine" => fine::said_fine(office, asked, &post).await?,
        "override" => Ok(review::override_blocks(office, asked, &post, (argument, reason))),
        "risk" => review::set_risk(office, asked, &post, argument),
        "unsign" => Ok(review::unsign(office, asked, &post, false)),
        "decline" => ballot().map(|b| review::decline(office, asked, &post, b, reason)),
        "hold" => Ok(review::hold(office, asked, &post)),
        "unhold" => Ok(review::unhold(office, asked, &post)),
        _ => Err(Said::Sentence("that button belongs to nothing here".to_owned())),
    };
    Ok(Ok(asked.of_post(office, &post, answer)))
}

/// Buttons that are about no post.
async fn of_no_post(
    office: &Office,
    asked: &Asked<'_>,
    (verb, rest): (&str, &str),
    fields: &[Field],
) -> Option<asked::Answer> {
    Some(match verb {
        "stop" => stop::stop(office, asked, None).await.map(Ok),
        "release" => stop::release(office, asked).await.map(Ok),
        "more" => search::more(office, asked, rest).await,
        "at-once" => Ok(practice::answer(office, asked, (rest, Answer::AtOnce))),
        "as-it-is" => Ok(practice::answer(office, asked, (rest, Answer::AsItWas))),
        founder::FOUND => Ok(Err(Said::Sentence(founder::TAKEN.to_owned()))),
        setup::SETUP => setup::pressed(office, asked, (rest, fields)).await,
        post_form::NEW => submit::new_by_form(office, asked, (rest, fields)).await,
        appeal::APPEAL => appeal::appeal(office, asked, rest).await,
        appeal::ATTEST => appeal::attest(office, asked, (rest, reason(fields))).await,
        consents::VERB => Ok(consents::entered(office, asked, fields)),
        connected::VERB => connected::pressed(office, asked, rest).await,
        pictured::VERB => vouching::answered(office, asked, (rest, fields)).await,
        "make" | "not" => idea_pressed(office, asked, verb, rest).await,
        _ => return None,
    })
}

fn reason(fields: &[Field]) -> &str {
    fields.iter().find(|field| field.name == "reason").map_or("", |field| &field.value)
}

/// Buttons about what has left.
async fn left_pressed(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    verb: &str,
    argument: &str,
) -> Stored<Option<Result<Change, Said>>> {
    let row = RowId::new(argument);
    Ok(match verb {
        "live" => Some(review::answer(office, asked, post, &row, true).await?),
        "not-live" => Some(review::answer(office, asked, post, &row, false).await?),
        "takedown" => Some(Ok(review::takedown(office, asked, post).await?)),
        _ => None,
    })
}

async fn idea_pressed(
    office: &Office,
    asked: &Asked<'_>,
    verb: &str,
    message: &str,
) -> asked::Answer {
    let at = MessageRef { channel: asked.channel.clone(), message: message.to_owned() };
    let Some(idea) = office.store.idea(&asked.practice.id, &at).await? else {
        return Ok(Err(Said::Sentence("that idea is not here any more".to_owned())));
    };
    if verb == "make" {
        return submit::make_post(office, asked, idea).await;
    }
    Ok(submit::not_a_post(office, asked, idea))
}

async fn card_and_post(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
) -> Stored<Option<(Card, Post)>> {
    let practice = &asked.practice.id;
    let Some(card) = office.store.card(practice, at).await? else {
        return Ok(None);
    };
    let post = office.store.post(practice, &card.post).await?;
    Ok(post.map(|post| (card, post)))
}
