//! Whoever sends a picture is asked privately whether a patient could be in it.
//!
//! Until somebody says no, or names a consent that holds, no byte of it is fetched: it stays on its
//! platform, and Countersign knows its id and its name alone. So a picture that may not be shown was
//! never here, and there is nothing to forget after a while or a restart.

use std::fmt;

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
    let hint = "As it stands on the paper they signed: KDRM-4Q7X. Empty: it is left out.";
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
    let entries = each.into_iter().map(|(Vouched { by, consent }, pictures)| {
        let (member, consent) = (by.clone(), consent.clone());
        let what = What::PicturesVouched { member, pictures, consent };
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

/// Why a draft is without the pictures that came with its message; nothing when it is not.
pub(super) fn missing(practice: &Practice, post: &Post, idea: &Idea) -> Option<String> {
    let said = idea.pictured.as_ref().filter(|said| said.is_about(&idea.files))?;
    let who = practice.name_of(&said.by);
    let (pictures, them) =
        if said.files.len() == 1 { ("its picture", "it") } else { ("its pictures", "them") };
    let why = match said.word {
        Word::Asked => format!("has not said yet whether a patient could be in {them}"),
        Word::LeftOut => format!("says that a patient is, or may be, in {them}"),
        Word::Nobody | Word::Consent { .. } => return None,
    };
    let without = post.draft.pictures.is_empty() && !idea.files.is_empty();
    without.then(|| format!("without {pictures}: {who} {why}"))
}

/// For whoever signs: whose word it is that a draft's pictures may be shown.
pub(super) fn words(practice: &Practice, draft: &Draft) -> Vec<String> {
    let mut lines = Vec::new();
    for picture in &draft.pictures {
        let Some(Vouched { by, consent }) = draft.vouched.get(&picture.sha256) else { continue };
        let who = practice.name_of(by);
        let line = match consent.as_ref().map(|code| (code, practice.consent(code))) {
            None => format!("{who} says that no patient is in the picture"),
            Some((code, None)) => format!("{who} shows a patient by consent {code}"),
            Some((code, Some(consent))) => {
                let (last, what) = (consent.last_day(&practice.zone), &consent.purpose);
                format!("{who} shows a patient by consent {code}, for {what}, until {last}")
            }
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
