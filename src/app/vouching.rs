//! What whoever sent a picture answers: whether a patient could be in it, or by whose consent.
//!
//! Whoever said something may say something else: a picture that was taken in before is then taken
//! out, and forgotten where no revision was made with it.

use std::collections::BTreeMap;

use super::admit::{admitted, of_others};
use super::asked::{Answer, Asked, Said};
use super::effects::{Doer, entry};
use super::office::Office;
use super::pictured::About;
use super::wish::plain;
use super::{pictured, submit};
use crate::domain::draft::Draft;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::PostId;
use crate::domain::ledger::NewEntry;
use crate::domain::post::Post;
use crate::domain::{change, consent};
use crate::ports::chat::MessageRef;
use crate::ports::intake::Field;
use crate::ports::keeping::{Goes, Purge};
use crate::ports::notice::View;
use crate::ports::store::{Change, Idea, Pictured, Stored, Word};

/// Somebody answered.
pub(super) async fn answered(
    office: &Office,
    asked: &Asked<'_>,
    (rest, fields): (&str, &[Field]),
) -> Answer {
    let mut parts = rest.splitn(3, ':');
    let (answer, of) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let practice = &asked.practice.id;
    let idea = match About::read(parts.next().unwrap_or_default()) {
        About::Post(id) => office.store.idea_of(practice, &PostId::new(id)).await?,
        About::Message(id) => {
            let at = MessageRef { channel: asked.channel.clone(), message: id.to_owned() };
            office.store.idea(practice, &at).await?
        }
    };
    let Some(idea) = idea else {
        return Ok(Err(sentence("the message with the picture is not here any more")));
    };
    let Some(before) = idea.pictured.clone().filter(|said| pictured::set(&said.files) == of) else {
        return Ok(Err(sentence("the message has other pictures now: its sender was asked again")));
    };
    if let Err(said) = may_answer(asked, &before) {
        return Ok(Err(said));
    }
    let word = match word(office, asked, answer, fields) {
        Ok(word) => word,
        Err(said) => return Ok(Err(said)),
    };
    if word == before.word {
        return Ok(Err(sentence("that was said already")));
    }
    let said = Pictured { by: asked.member.id.clone(), word, ..before };
    let idea = Idea { pictured: Some(said.clone()), ..idea };
    let post = match &idea.post {
        Some(post) => office.store.post(&asked.practice.id, post).await?,
        None => None,
    };
    // What a desk's message brings now is taken with what it says.
    let of_post = post.filter(|_| pictured::ids(&idea.files) == said.files);
    let done = match &of_post {
        Some(post) if said.lets() => put_in(office, asked, post, &idea).await?,
        Some(post) => take_out(office, asked, post, &said),
        None => Ok(without_post(office, asked, &said)),
    };
    Ok(done.map(|mut change| {
        let what = told(&said, (idea.post.is_some(), of_post.as_ref()));
        change.outbox.extend(asked.told(office, plain(View::Noted { what })).outbox);
        change.idea = Some(idea);
        change
    }))
}

/// The question once more, for whoever may answer it.
pub(super) async fn again(office: &Office, asked: &Asked<'_>, post: &Post) -> Answer {
    let idea = office.store.idea_of(&asked.practice.id, &post.id).await?;
    let Some(said) = idea.and_then(|idea| idea.pictured) else {
        return Ok(Err(sentence("no picture came with this post")));
    };
    if let Err(said) = may_answer(asked, &said) {
        return Ok(Err(said));
    }
    let mut change = asked.change(office);
    change.outbox.push(pictured::question(
        office,
        asked,
        About::Post(post.id.as_str()),
        &said.files,
    ));
    Ok(Ok(change))
}

/// Whoever was asked says it; else whoever may change the practice, who asked them.
fn may_answer(asked: &Asked<'_>, said: &Pictured) -> Result<(), Said> {
    if said.by == asked.member.id || change::runs(asked.practice, asked.member) {
        return Ok(());
    }
    let who = asked.practice.name_of(&said.by);
    Err(Said::Sentence(format!(
        "{who} was asked, and has to say it: who took it knows who is in it"
    )))
}

fn word(office: &Office, asked: &Asked<'_>, answer: &str, fields: &[Field]) -> Result<Word, Said> {
    let typed = fields.iter().find(|field| field.name == "code").map(|field| field.value.trim());
    match (answer, typed.unwrap_or_default()) {
        ("no", _) => Ok(Word::Nobody),
        ("yes", "") | ("unsure", _) => Ok(Word::LeftOut),
        ("yes", typed) => {
            let code = consent::read(typed).filter(|code| asked.practice.consent(code).is_some());
            let code = code.ok_or_else(|| {
                sentence(
                    "there is no consent with that code: look at the paper, and press Yes again",
                )
            })?;
            match asked.practice.consent(&code) {
                Some(consent) if consent.revoked.is_some() => Err(sentence(
                    "that consent was revoked: press Not sure to leave the picture out",
                )),
                Some(consent) if !consent.holds(office.now()) => {
                    Err(sentence("that consent has ended: ask them for a new one"))
                }
                _ => Ok(Word::Consent { code }),
            }
        }
        _ => Err(sentence("that button belongs to nothing here")),
    }
}

/// A post whose message's pictures may be shown gets them.
async fn put_in(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    idea: &Idea,
) -> Stored<Result<Change, Said>> {
    let taken = match admitted(office, asked, (&idea.files, idea.pictured.as_ref())).await {
        Ok(taken) => taken,
        Err(said) => return Ok(Err(said)),
    };
    if let Some(said) = of_others(office, asked, &taken.pictures).await? {
        return Ok(Err(said));
    }
    let mut pictures = taken.pictures;
    for picture in &mut pictures {
        // What somebody wrote on the post since stays.
        let known = post.draft.pictures.iter().find(|known| known.sha256 == picture.sha256);
        if let Some(known) = known {
            picture.alt.clone_from(&known.alt);
        }
    }
    let draft = Draft { pictures, vouched: taken.vouched, ..post.draft.clone() };
    Ok(submit::edit_to(office, asked, post, draft).map(|mut change| {
        change.media = taken.media;
        let vouched = pictured::vouching(office, asked.practice, &change);
        change.entries.extend(vouched);
        change
    }))
}

/// A post whose message's pictures may not be shown loses them; what no revision was made with is
/// forgotten.
fn take_out(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    said: &Pictured,
) -> Result<Change, Said> {
    let gone: Vec<String> = post.draft.pictures.iter().map(|p| p.sha256.clone()).collect();
    if gone.is_empty() {
        return Ok(without_post(office, asked, said));
    }
    let draft = Draft { pictures: Vec::new(), vouched: BTreeMap::new(), ..post.draft.clone() };
    let mut change = submit::edit_to(office, asked, post, draft)?;
    let subject = pictured::subject(&change);
    change.entries.push(left_out(office, asked, said, subject));
    change.purge = Some(Purge { before: office.now(), what: Goes::Pictures, pictures: gone });
    Ok(change)
}

/// Nothing was made of the message yet, or nothing was taken from it.
fn without_post(office: &Office, asked: &Asked<'_>, said: &Pictured) -> Change {
    let mut change = asked.change(office);
    if said.word == Word::LeftOut {
        change.entries.push(left_out(office, asked, said, None));
    }
    change
}

fn left_out(
    office: &Office,
    asked: &Asked<'_>,
    said: &Pictured,
    subject: Option<Subject>,
) -> NewEntry {
    let pictures = i64::try_from(said.files.len()).unwrap_or(i64::MAX);
    let what = What::PicturesLeftOut { member: asked.member.id.clone(), pictures };
    entry(office, Doer::member(asked.member), Fact { what, subject })
}

fn told(said: &Pictured, (post, of_post): (bool, Option<&Post>)) -> String {
    let (pictures, them) = match said.files.len() {
        1 => ("the picture", "it"),
        _ => ("the pictures", "them"),
    };
    match (&said.word, of_post) {
        (Word::LeftOut, Some(post)) if post.revision > 0 && !post.draft.pictures.is_empty() => {
            format!(
                "post {} goes on without {pictures}; what was put before the approvers stays in the \
                 records",
                post.number
            )
        }
        (Word::LeftOut | Word::Asked, _) => format!(
            "{pictures} will not be shown, and nothing of {them} is kept here; your message still \
             stands in the channel: delete it if a patient could be in {them}"
        ),
        (_, Some(post)) => format!("post {} has {pictures} now", post.number),
        (_, None) if post => format!("{pictures} may be taken with the change now"),
        (_, None) => format!("{pictures} will go with the post that is made of your message"),
    }
}

fn sentence(why: &str) -> Said {
    Said::Sentence(why.to_owned())
}
