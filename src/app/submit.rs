//! What staff do: note an idea, make a post of it, edit, send for signature, withdraw.

use uuid::Uuid;

use super::admit::{Admitted, admitted, of_others};
use super::asked::{Answer, Asked, Said};
use super::effects::{Doer, change};
use super::filled::{Filled, Sent};
use super::office::Office;
use super::weigh::{self, weighed};
use super::wish::{Wish, button, plain, wish};
use super::{pictured, post_form, second_look};
use crate::domain::acts::{self, Case};
use crate::domain::content::normalized;
use crate::domain::ids::{MemberId, PostId};
use crate::domain::member::Identity;
use crate::domain::post::{Draft, Post, State};
use crate::domain::refusal::Refusal;
use crate::ports::chat::{MessageRef, Place};
use crate::ports::intake::{Field, FileRef};
use crate::ports::notice::{View, Weight};
use crate::ports::store::{Change, Idea, Stored};

/// Notes an idea and quietly says so.
pub fn note_idea(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    text: &str,
    files: &[FileRef],
) -> Change {
    let mut change = asked.change(office);
    let (idea, question) = pictured::asking(office, asked, idea(asked, at, (text, files)));
    change.idea = Some(idea);
    change.outbox.extend(question);
    let mut notice = plain(View::Idea { from: asked.member.name.clone() });
    notice.buttons = vec![
        button(format!("make:{}", at.message), "Make a post", Weight::Primary),
        button(format!("not:{}", at.message), "Not a post", Weight::Plain),
    ];
    let place = in_thread_of(at);
    change.outbox.push(wish(
        office,
        &asked.practice.id,
        format!("idea/{}", at.message),
        Wish::Say { place, notice },
        false,
    ));
    change
}

/// What is left of a message that was deleted before it was heard of.
pub fn gone(asked: &Asked<'_>, at: &MessageRef) -> Idea {
    Idea { dismissed: true, ..idea(asked, at, ("", &[])) }
}

pub(super) fn idea(asked: &Asked<'_>, at: &MessageRef, (text, files): (&str, &[FileRef])) -> Idea {
    Idea {
        at: at.clone(),
        member: asked.member.id.clone(),
        text: normalized(text),
        files: files.to_vec(),
        pictured: None,
        typed: asked.typed,
        answer: None,
        post: None,
        dismissed: false,
        offered: None,
    }
}

/// Makes a draft of an idea.
pub async fn make_post(office: &Office, asked: &Asked<'_>, idea: Idea) -> Answer {
    if idea.post.is_some() || idea.dismissed {
        return Ok(Err(Said::Sentence("this idea was dealt with already".to_owned())));
    }
    let (idea, question) = pictured::asking(office, asked, idea);
    let words = (&idea, vec![Some(idea.member.clone())]);
    let mut change = match draft_of(office, asked, words, in_thread_of(&idea.at)).await? {
        Ok(change) => change,
        Err(said) => return Ok(Err(said)),
    };
    change.outbox.extend(question);
    let number = change.post.as_ref().map_or(0, |post| post.number);
    let place = Place { instead_of: Some(asked.message.clone()), ..in_thread_of(&idea.at) };
    let done = Wish::Say { place, notice: plain(View::IdeaDone { number }) };
    let subject = format!("idea-done/{}", idea.at.message);
    change.outbox.push(wish(office, &asked.practice.id, subject, done, false));
    change.idea = Some(Idea { post: change.post.as_ref().map(|p| p.id.clone()), ..idea });
    Ok(Ok(change))
}

/// Makes a draft of a message that somebody chose, whoever wrote it.
pub async fn pick(
    office: &Office,
    asked: &Asked<'_>,
    at: &MessageRef,
    author: Option<&Identity>,
    (text, files): (&str, &[FileRef]),
) -> Answer {
    let known = office.store.idea(&asked.practice.id, at).await?;
    // Who chose a message need not have written it.
    let author = author.and_then(|author| asked.practice.who(author));
    let writer = known.as_ref().map(|idea| &idea.member).or(author.map(|author| &author.id));
    let writers = vec![writer.cloned()];
    let idea = known.unwrap_or_else(|| idea(asked, at, (text, files)));
    if idea.post.is_some() {
        return Ok(Err(Said::Sentence("this message is a post already".to_owned())));
    }
    let (idea, question) = pictured::asking(office, asked, idea);
    let place = in_thread_of(&idea.at);
    let begun = draft_of(office, asked, (&idea, writers), place).await?;
    Ok(begun.map(|mut change| {
        let post = change.post.as_ref().map(|post| post.id.clone());
        change.idea = Some(Idea { post, dismissed: false, ..idea });
        change.outbox.extend(question);
        change
    }))
}

/// Begins a draft of an idea's words, which are of these people, and its pictures, to be shown in
/// this place.
pub(super) async fn draft_of(
    office: &Office,
    asked: &Asked<'_>,
    (idea, writers): (&Idea, Vec<Option<MemberId>>),
    place: Place,
) -> Answer {
    let taken = match admitted(office, asked, (&idea.files, idea.pictured.as_ref())).await {
        Ok(taken) => taken,
        Err(said) => return Ok(Err(said)),
    };
    if let Some(said) = of_others(office, asked, &taken.pictures).await? {
        return Ok(Err(said));
    }
    let Admitted { pictures, vouched, media } = taken;
    let text = idea.text.clone();
    let draft = Draft { text, pictures, vouched, ..post_form::blank(asked.practice) };
    let begun = begin(office, asked, (new_id(office), draft, writers), place).await?;
    let mut change = Change { media, ..begun };
    let vouched = pictured::vouching(office, asked.practice, &change);
    change.entries.extend(vouched);
    Ok(Ok(change))
}

/// Begins a draft from words alone: `/post new ...`.
pub async fn new_post(office: &Office, asked: &Asked<'_>, text: &str) -> Answer {
    let text = normalized(text);
    if text.is_empty() {
        return Ok(Err(Refusal::NoText.into()));
    }
    let at = MessageRef { channel: asked.channel.clone(), message: asked.message.clone() };
    let draft = Draft { text, ..post_form::blank(asked.practice) };
    let begun = (new_id(office), draft, vec![Some(asked.member.id.clone())]);
    Ok(Ok(begin(office, asked, begun, in_thread_of(&at)).await?))
}

/// Begins a draft from the form of a new post.
pub async fn new_by_form(
    office: &Office,
    asked: &Asked<'_>,
    (id, fields): (&str, &[Field]),
) -> Answer {
    let id = Uuid::try_parse(id).map_or_else(|_| new_id(office), |id| PostId::new(id.to_string()));
    if let Some(begun) = office.store.post(&asked.practice.id, &id).await? {
        return Ok(Err(Said::Sentence(format!("this form began post {} already", begun.number))));
    }
    let blank = post_form::blank(asked.practice);
    let draft = match sent(asked, &blank, fields).look_over_new().sound() {
        Ok(draft) => draft,
        Err(said) => return Ok(Err(said)),
    };
    let at = MessageRef { channel: asked.channel.clone(), message: String::new() };
    let begun = (id, draft, vec![Some(asked.member.id.clone())]);
    Ok(Ok(begin(office, asked, begun, in_thread_of(&at)).await?))
}

fn new_id(office: &Office) -> PostId {
    PostId::new(office.new_id())
}

async fn begin(
    office: &Office,
    asked: &Asked<'_>,
    (id, draft, writers): (PostId, Draft, Vec<Option<MemberId>>),
    place: Place,
) -> Stored<Change> {
    let practice = asked.practice;
    let number = office.store.next_number(&practice.id).await?;
    let author: MemberId = asked.member.id.clone();
    let post = Post::new(practice.id.clone(), id.clone(), number, author);

    let case = Case { practice, post: &post, now: office.now() };
    let decided = acts::draft(case, draft, writers);

    let mut change = change(office, practice, &post, decided, Doer::member(asked.member));
    let card = Wish::Card { post: id.clone(), revision: 0, place: Some(place) };
    change.outbox.push(wish(office, &practice.id, format!("card/{id}/0"), card, false));
    Ok(change)
}

/// Sets an idea aside.
pub fn not_a_post(office: &Office, asked: &Asked<'_>, idea: Idea) -> Result<Change, Said> {
    if idea.post.is_some() || idea.dismissed {
        return Err(Said::Sentence("this idea was dealt with already".to_owned()));
    }
    let mut change = asked.change(office);
    let place = Place { instead_of: Some(asked.message.clone()), ..in_thread_of(&idea.at) };
    let done = Wish::Say { place, notice: plain(View::IdeaDone { number: 0 }) };
    let subject = format!("idea-done/{}", idea.at.message);
    change.outbox.push(wish(office, &asked.practice.id, subject, done, false));
    change.idea = Some(Idea { dismissed: true, ..idea });
    Ok(change)
}

/// Sends a draft for signature.
pub fn submit(office: &Office, asked: &Asked<'_>, post: &Post) -> Result<Change, Said> {
    let ruling = weigh::ruling(office, asked.among(), &post.draft);
    let (case, salt) = (asked.case(office, post), office.chance.bytes());
    let decided = acts::submit(case, asked.member, ruling.clone(), salt);
    let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
    Ok(change(office, asked.practice, post, decided, Doer::member(asked.member)))
}

/// Changes what a post says, by fields of the edit form; fields that are absent stay.
pub fn edit(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    fields: &[Field],
) -> Result<Change, Said> {
    edit_to(office, asked, post, sent(asked, &post.draft, fields).read().sound()?)
}

/// The same by the form itself, which was opened when the post had this mark.
pub fn edit_by_form(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
    (mark, fields): (&str, &[Field]),
) -> Result<Change, Said> {
    let filled = sent(asked, &post.draft, fields).look_over(mark);
    edit_to(office, asked, post, filled.sound()?)
}

/// Says a draft in the words that were proposed on it.
pub fn reword(office: &Office, asked: &Asked<'_>, post: &Post) -> Result<Change, Said> {
    let better = (post.state == State::Draft)
        .then(|| second_look::reworded(office, asked.practice, &post.draft))
        .flatten();
    let Some(draft) = better else {
        let why = "no other wording is proposed any more: the post was changed since";
        return Err(Said::Sentence(why.to_owned()));
    };
    edit_to(office, asked, post, draft)
}

fn sent<'a>(asked: &Asked<'a>, draft: &'a Draft, fields: &'a [Field]) -> Sent<'a> {
    Sent { practice: asked.practice, draft, at: asked.at, fields }
}

impl Filled {
    /// The draft, if nothing is wrong with it.
    fn sound(self) -> Result<Draft, Said> {
        if self.problems.is_empty() {
            return Ok(self.draft);
        }
        let mut why: Vec<String> = self.problems.into_iter().map(|problem| problem.why).collect();
        why.dedup();
        Err(Said::Sentence(why.join("; ")))
    }
}

fn edit_to(office: &Office, asked: &Asked<'_>, post: &Post, draft: Draft) -> Result<Change, Said> {
    let (case, salt) = (asked.case(office, post), office.chance.bytes());
    let slot = draft.slot;
    let only_slot = Draft { slot: post.draft.slot, ..draft.clone() } == post.draft;
    let (ruling, decided) = if only_slot && slot != post.draft.slot {
        let ruling = weigh::ruling_of_sent(office, asked.among(), &draft);
        (ruling.clone(), acts::move_slot(case, asked.member, (slot, ruling), salt))
    } else {
        let ruled = weighed(office, asked.among(), draft);
        (ruled.ruling.clone(), acts::edit(case, asked.member, ruled, salt))
    };
    let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
    Ok(change(office, asked.practice, post, decided, Doer::member(asked.member)))
}

/// Takes a post back before it leaves.
pub fn withdraw(office: &Office, asked: &Asked<'_>, post: &Post) -> Result<Change, Said> {
    let decided = acts::withdraw(asked.case(office, post))?;
    Ok(change(office, asked.practice, post, decided, Doer::member(asked.member)))
}

/// The message an idea or post came from was edited by its author: so is the post, in what the
/// message changed. Where the post was changed since, the message no longer speaks for it.
pub async fn message_edited(
    office: &Office,
    asked: &Asked<'_>,
    idea: Idea,
    text: &str,
    files: &[FileRef],
) -> Answer {
    if asked.typed < idea.typed {
        // Platforms bring edits in any order.
        return Ok(Ok(asked.change(office)));
    }
    let new =
        Idea { text: normalized(text), files: files.to_vec(), typed: asked.typed, ..idea.clone() };
    let post = match &idea.post {
        Some(post) => office.store.post(&asked.practice.id, post).await?,
        None => None,
    };
    let mut change = match post {
        Some(post) if asked.member.id == idea.member => {
            let fields = differences(&post.draft, &idea, &new);
            if fields.is_empty() {
                asked.change(office)
            } else if post.draft.text != idea.text {
                let why = "the post was changed since: edit it on its card".to_owned();
                return Ok(Err(Said::Sentence(why)));
            } else {
                match edit(office, asked, &post, &fields) {
                    Ok(change) => change,
                    Err(said) => return Ok(Err(said)),
                }
            }
        }
        _ => asked.change(office),
    };
    let (new, question) = pictured::asking(office, asked, new);
    change.idea = Some(new);
    change.outbox.extend(question);
    Ok(Ok(change))
}

/// A message was changed, and nobody may read what it says now: where it was an idea, the draft would
/// say what its author does not say any more.
pub fn unreadable(office: &Office, asked: &Asked<'_>, idea: Option<&Idea>) -> Result<Change, Said> {
    match idea {
        Some(idea) if !idea.dismissed && asked.typed >= idea.typed => {
            Err(Said::Sentence(UNREADABLE.to_owned()))
        }
        _ => Ok(asked.change(office)),
    }
}

/// What is wrong with a message that can't be read.
const UNREADABLE: &str = "what your message says now can't be read, and changes nothing: call me in \
                          it again, or edit the draft on its card";

/// What the new message says otherwise than the old one did, as fields of the edit form.
fn differences(draft: &Draft, old: &Idea, new: &Idea) -> Vec<Field> {
    let mut fields = Vec::new();
    if old.text != new.text {
        fields.push(Field { name: "text".to_owned(), value: new.text.clone() });
    }
    if draft.pictures.len() == new.files.len() {
        for (i, (old, new)) in old.files.iter().zip(&new.files).enumerate() {
            if old.alt != new.alt {
                fields.push(Field { name: format!("alt{}", i + 1), value: new.alt.clone() });
            }
        }
    }
    fields
}

/// In the thread of a message; in its channel when it stands nowhere.
pub(super) fn in_thread_of(at: &MessageRef) -> Place {
    Place {
        channel: at.channel.clone(),
        thread: Some(at.message.clone()).filter(|message| !message.is_empty()),
        only: None,
        instead_of: None,
    }
}
