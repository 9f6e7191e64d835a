//! Whoever sends a picture is asked privately whether a patient could be in it.
//!
//! Until somebody says no, or names a consent that holds, no byte of it is fetched: it stays on its
//! platform, and Countersign knows where it stands and what it is called. So a picture that may not be shown was
//! never here, and there is nothing to forget after a while or a restart.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::asked::Asked;
use super::effects::{Doer, entry};
use super::form::field;
use super::office::Office;
use super::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::canonical::hex;
use crate::domain::consent::Vouched;
use crate::domain::draft::Draft;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::NewEntry;
use crate::domain::member::Identity;
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::chat::MessageRef;
use crate::ports::intake::FileRef;
use crate::ports::notice::{Button, Form, FormField, Notice, View, Weight};
use crate::ports::store::{Change, Idea, OutboxWrite, Pictured, Word};

/// What the buttons of the question do.
pub(super) const VERB: &str = "pictured";
/// What a post's id begins with in a button; no message's does.
const OF_POST: &str = "post.";

/// Whose pictures a question is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    /// Those of a message of the channel where it is asked.
    Message(&'a str),
    /// Those of the message that a post was made from, wherever that stands.
    Post(&'a str),
}

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => f.write_str(id),
            Self::Post(id) => write!(f, "{OF_POST}{id}"),
        }
    }
}

impl<'a> About<'a> {
    /// As a button has it.
    pub(super) fn read(written: &'a str) -> Self {
        written.strip_prefix(OF_POST).map_or(Self::Message(written), Self::Post)
    }
}

/// The idea, of whose pictures somebody is asked now if nobody was; and the question. At a desk the
/// instance asks, once for all practices.
pub(super) fn asking(
    office: &Office,
    asked: &Asked<'_>,
    mut idea: Idea,
) -> (Idea, Option<OutboxWrite>) {
    let files = idea.offered.as_ref().map_or(&idea.files, |offered| &offered.files);
    let known = idea.pictured.as_ref().is_some_and(|said| said.is_about(files));
    if files.is_empty() || known {
        return (idea, None);
    }
    let files = ids(files);
    let question = question(office, asked, About::Message(&idea.at.message), &files);
    idea.pictured = Some(Pictured { files, by: asked.member.id.clone(), word: Word::Asked });
    (idea, Some(question).filter(|_| !asked.at_desk()))
}

/// The question, for the eyes of whoever does this.
pub(super) fn question(
    office: &Office,
    asked: &Asked<'_>,
    about: About<'_>,
    files: &[String],
) -> OutboxWrite {
    let place = for_eyes_of(asked.from, asked.channel, None);
    let subject = format!("{VERB}/{about}/{}/{}", set(files), asked.seq);
    let say = Wish::Say { place, notice: notice(about, files) };
    wish(office, &asked.practice.id, subject, say, false)
}

/// The question for a desk, where several practices have drafts of one message.
pub(super) fn at_desk(
    office: &Office,
    (from, channel): (&Identity, &ChannelRef),
    (at, files): (&MessageRef, &[FileRef]),
) -> OutboxWrite {
    let (files, place) = (ids(files), for_eyes_of(from, channel, None));
    let about = About::Message(&at.message);
    let subject = format!("{VERB}/{about}/{}", set(&files));
    let say = Wish::Say { place, notice: notice(about, &files) };
    wish(office, &PracticeId::instance(), subject, say, false)
}

/// The button that puts pictures into a post that was sent without them.
pub(super) fn put_in(post: &Post, files: &[String]) -> Button {
    let id = format!("{VERB}:put:{}:{}", set(files), About::Post(post.id.as_str()));
    button(id, "Put it in", Weight::Plain)
}

fn notice(about: About<'_>, files: &[String]) -> Notice {
    let id = |answer: &str| format!("{VERB}:{answer}:{}:{about}", set(files));
    let buttons = vec![
        button(id("no"), "No", Weight::Primary),
        Button { form: code(), ..button(id("yes"), "Yes", Weight::Plain) },
        button(id("unsure"), "Not sure", Weight::Plain),
    ];
    let pictures = match files.len() {
        1 => "the picture".to_owned(),
        several => format!("the {several} pictures"),
    };
    Notice { buttons, ..plain(View::AskPatients { pictures }) }
}

fn code() -> Vec<FormField> {
    let hint = "As it stands on the paper they signed: KDRM-4Q7X. Of several patients with a comma \
                between. Empty: it is left out.";
    vec![field("code", "Their consent code", "").hint(hint)]
}

/// The form of "Yes", which asks for the consent.
pub(super) fn form(button: &str) -> Option<Form> {
    let yes = button.strip_prefix(VERB)?.starts_with(":yes:");
    yes.then(|| Form {
        title: "A patient is in it".to_owned(),
        send: "Say so".to_owned(),
        button: button.to_owned(),
        fields: code(),
    })
}

/// The entries that say whose word it is that the pictures of this change's post may be shown.
pub(super) fn vouching(office: &Office, practice: &Practice, change: &Change) -> Vec<NewEntry> {
    let Some(post) = change.post.as_ref().filter(|_| !change.media.is_empty()) else {
        return Vec::new();
    };
    let mut each: Vec<(&Vouched, Vec<String>)> = Vec::new();
    for (sha256, vouched) in &post.draft.vouched {
        match each.iter_mut().find(|(known, _)| *known == vouched) {
            Some((_, pictures)) => pictures.push(sha256.clone()),
            None => each.push((vouched, vec![sha256.clone()])),
        }
    }
    let entries = each.into_iter().map(|(Vouched { by, consents }, pictures)| {
        let (member, consents) = (by.clone(), consents.clone());
        let what = What::PicturesVouched { member, pictures, consents };
        let doer = Doer { member: practice.member(by), note: "" };
        let entry = entry(office, doer, Fact { what, subject: subject(change) });
        NewEntry { actor: by.to_string(), ..entry }
    });
    entries.collect()
}

/// The post of this change, as an entry names it.
pub(super) fn subject(change: &Change) -> Option<Subject> {
    let post = change.post.as_ref()?;
    Some(Subject { post: post.id.clone(), revision: post.revision, state: post.state })
}

/// The consents that are named hold now.
pub(super) fn holds(practice: &Practice, said: &Pictured, now: Timestamp) -> bool {
    let mut codes = said.word.consents().iter();
    codes.all(|code| practice.consent(code).is_some_and(|consent| consent.holds(now)))
}

/// Why a draft is without the pictures that came with its message; nothing when it is not.
pub(super) fn missing(
    practice: &Practice,
    (post, idea): (&Post, &Idea),
    now: Timestamp,
) -> Option<String> {
    let said = idea.pictured.as_ref().filter(|said| said.is_about(&idea.files))?;
    let who = practice.name_of(&said.by);
    let (pictures, them) =
        if idea.files.len() == 1 { ("its picture", "it") } else { ("its pictures", "them") };
    let why = match &said.word {
        Word::Asked => format!("{who} has not said yet whether a patient could be in {them}"),
        Word::LeftOut => format!("{who} says that a patient is, or may be, in {them}"),
        Word::Consent { .. } if !holds(practice, said, now) => {
            "a consent that it needs does not hold any more".to_owned()
        }
        Word::Consent { .. } | Word::Nobody if post.revision > 0 => {
            "it was sent before somebody said that they may be shown".to_owned()
        }
        Word::Consent { .. } | Word::Nobody => return None,
    };
    let without = post.draft.pictures.is_empty() && !idea.files.is_empty();
    without.then(|| format!("without {pictures}: {why}"))
}

/// For whoever signs: whose word it is that a draft's pictures may be shown.
pub(super) fn words(practice: &Practice, draft: &Draft) -> Vec<String> {
    let one = draft.pictures.len() == 1;
    let mut lines = Vec::new();
    for picture in &draft.pictures {
        let Some(Vouched { by, consents }) = draft.vouched.get(&picture.sha256) else { continue };
        let who = practice.name_of(by);
        let codes = consents.iter().map(|code| match practice.consent(code) {
            Some(consent) => {
                let (last, what) = (consent.last_day(&practice.zone), &consent.purpose);
                format!("{code}, for {what}, until {last}")
            }
            None => code.clone(),
        });
        let line = match &codes.collect::<Vec<_>>()[..] {
            [] if one => format!("{who} says that no patient is in the picture"),
            [] => format!("{who} says that no patient is in the pictures"),
            [one] => format!("{who} shows a patient by consent {one}"),
            several => format!("{who} shows patients by consents {}", several.join("; ")),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// These files by their platform's ids.
pub(super) fn ids(files: &[FileRef]) -> Vec<String> {
    files.iter().map(|file| file.id.clone()).collect()
}

/// Names these pictures in a button, so that an answer is never about others.
pub(super) fn set(files: &[String]) -> String {
    let mut digest = Sha256::new();
    for id in files {
        digest.update(id.len().to_be_bytes());
        digest.update(id);
    }
    hex::encode(&digest.finalize()[..6])
}
