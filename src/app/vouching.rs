//! What whoever sent a picture answers: whether a patient could be in it, or by whose consent.
//!
//! Whoever said something may say something else: a picture that was taken in before is then taken
//! out, and forgotten where no revision was made with it.

use std::collections::BTreeMap;

use super::admit::{admitted, of_others};
use super::asked::{Answer, Asked, Said};
use super::effects::{self, Doer, entry};
use super::office::Office;
use super::pictured::{self, About};
use super::wish::{Wish, plain, wish};
use super::{buttons, retain, weigh};
use crate::domain::draft::Draft;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::PostId;
use crate::domain::ledger::NewEntry;
use crate::domain::post::{Cause, Post, Publication};
use crate::domain::practice::{Practice, Purpose};
use crate::domain::{acts, change, consent};
use crate::ports::chat::{MessageRef, Place};
use crate::ports::intake::Field;
use crate::ports::keeping::{Goes, Purge};
use crate::ports::notice::{Button, Notice, View};
use crate::ports::store::{Change, Idea, OutboxWrite, Pictured, Stored, Word};

/// The answer that puts pictures into a post that was sent without them.
const PUT: &str = "put";

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
    let word =
        if answer == PUT { Ok(before.word.clone()) } else { word(office, asked, answer, fields) };
    let word = match word {
        Ok(word) => word,
        Err(said) => return Ok(Err(said)),
    };
    if word == before.word && answer != PUT {
        return Ok(Err(sentence("that was said already")));
    }
    let said = Pictured { by: asked.member.id.clone(), word, ..before };
    let idea = Idea { pictured: Some(said.clone()), ..idea };
    let post = match &idea.post {
        Some(post) => office.store.post(practice, post).await?,
        None => None,
    };
    let step = Step { office, asked, idea: &idea, said: &said };
    let done = match &post {
        None => Ok(step.without_post()),
        Some(post) if !said.lets() => step.take_out(post).await.map(Ok)?,
        // What a desk's message brings now is taken with what it says.
        Some(_) if step.is_offered() => Ok(step.noted("may be taken with the change now")),
        Some(post) if is_sent_without(post) && answer != PUT => Ok(step.too_late_alone(post)),
        Some(post) => step.put_in(post).await?,
    };
    Ok(done.map(|mut change| {
        change.idea = Some(idea);
        change
    }))
}

/// The question once more, for whoever may answer it.
pub(super) async fn again(office: &Office, asked: &Asked<'_>, post: &Post) -> Answer {
    let idea = office.store.idea_of(&asked.practice.id, &post.id).await?;
    let Some(idea) = idea.filter(|idea| !idea.files.is_empty()) else {
        return Ok(Err(sentence("no picture came with this post")));
    };
    // Of a message of before anybody was asked, whoever asks now answers.
    let (idea, _) = pictured::asking(office, asked, idea);
    let mut change = asked.change(office);
    if let Some(said) = &idea.pictured {
        if let Err(why) = may_answer(asked, said) {
            return Ok(Err(why));
        }
        let about = About::Post(post.id.as_str());
        change.outbox.push(pictured::question(office, asked, about, &said.files));
    }
    change.idea = Some(idea);
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
        ("yes", typed) => agreed(office, asked.practice, typed),
        _ => Err(sentence("that button belongs to nothing here")),
    }
}

/// The consents that somebody typed, if all of them hold.
fn agreed(office: &Office, practice: &Practice, typed: &str) -> Result<Word, Said> {
    let codes = consent::read_all(typed).filter(|codes| {
        !codes.is_empty() && codes.iter().all(|code| practice.consent(code).is_some())
    });
    let unknown = "there is no consent with that code: look at the paper, and press Yes again";
    let codes = codes.ok_or_else(|| sentence(unknown))?;
    for consent in codes.iter().filter_map(|code| practice.consent(code)) {
        if consent.revoked.is_some() {
            let why = "that consent was revoked: press Not sure to leave the picture out";
            return Err(sentence(why));
        }
        if !consent.holds(office.now()) {
            return Err(sentence("that consent has ended: ask them for a new one"));
        }
    }
    Ok(Word::Consent { codes })
}

/// Somebody's answer about the pictures of a message.
struct Step<'a> {
    office: &'a Office,
    asked: &'a Asked<'a>,
    idea: &'a Idea,
    said: &'a Pictured,
}

impl Step<'_> {
    /// The pictures that were asked about are offered to the post, and not in it.
    fn is_offered(&self) -> bool {
        let offered = self.idea.offered.as_ref();
        offered
            .is_some_and(|offered| pictured::ids(&offered.files) != pictured::ids(&self.idea.files))
    }

    /// A post whose message's pictures may be shown gets them.
    async fn put_in(&self, post: &Post) -> Stored<Result<Change, Said>> {
        let Step { office, asked, idea, said } = *self;
        let taken = match admitted(office, asked, (&idea.files, Some(said))).await {
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
        Ok(self.edited(post, draft).map(|mut change| {
            change.media = taken.media;
            let vouched = pictured::vouching(office, asked.practice, &change);
            change.entries.extend(vouched);
            let (pictures, _) = self.words();
            let what = format!("post {} has {pictures} now", post.number);
            change.outbox.extend(self.told(what, None));
            change
        }))
    }

    /// It was sent without them: with them it has to be signed again, which nobody wants by
    /// surprise.
    fn too_late_alone(&self, post: &Post) -> Change {
        let (pictures, _) = self.words();
        let what = format!(
            "post {} was sent for signature without {pictures}: with {pictures} it has to be signed \
             anew",
            post.number
        );
        let mut change = self.asked.change(self.office);
        change.outbox.extend(self.told(what, Some(pictured::put_in(post, &self.said.files))));
        change
    }

    /// A post whose message's pictures may not be shown loses them, whatever else is against that;
    /// what no revision was made with is forgotten.
    async fn take_out(&self, post: &Post) -> Stored<Change> {
        let Step { office, asked, .. } = *self;
        let gone: Vec<String> = post.draft.pictures.iter().map(|p| p.sha256.clone()).collect();
        if gone.is_empty() {
            return Ok(self.without_post());
        }
        let (pictures, vouched) = (Vec::new(), BTreeMap::new());
        let without = Draft { pictures, vouched, ..post.draft.clone() };
        let (mut change, what, is_live) = match self.edited(post, without) {
            Ok(change) => (change, self.goes_on(post), false),
            Err(_) => self.kept_back(post),
        };
        let subject = pictured::subject(&change).unwrap_or_else(|| of(post));
        change.entries.push(self.left_out(Some(subject)));
        if change.post.as_ref().is_some_and(|post| post.draft.pictures.is_empty())
            && !retain::is_on_hold(office, &post.practice).await?
        {
            let (before, what) = (office.now(), Goes::Pictures);
            change.purge = Some(Purge { before, what, pictures: gone });
        }
        let takedown = is_live.then(|| buttons::takedown(&post.id));
        if let Some((channel, button)) =
            asked.practice.channel(Purpose::Approvals).zip(takedown.clone())
        {
            let what = format!("{} says that {what}", asked.member.name);
            let notice = Notice { buttons: vec![button], ..plain(View::Noted { what }) };
            let channel = channel.clone();
            let place = Place { channel, thread: None, only: None, instead_of: None };
            let subject = format!("pictured-live/{}/{}", post.id, asked.seq);
            let say = Wish::Say { place, notice };
            change.outbox.push(wish(office, &post.practice, subject, say, false));
        }
        change.outbox.extend(self.told(what, takedown));
        Ok(change)
    }

    /// It can't be another post now, so it does not leave as it is.
    fn kept_back(&self, post: &Post) -> (Change, String, bool) {
        let Step { office, asked, .. } = *self;
        let is_live = post.publications.iter().any(Publication::is_out);
        let bare = |mut post: Post| {
            post.draft.vouched.clear();
            post
        };
        let mut change = match acts::keep(asked.case(office, post), Cause::Consent) {
            Ok(mut decided) => {
                decided.post = bare(decided.post);
                let written = Change { post: Some(decided.post.clone()), ..asked.change(office) };
                match effects::change(office, asked.practice, post, decided, Doer::default()) {
                    // Held by Countersign already.
                    change if change.entries.is_empty() => written,
                    change => change,
                }
            }
            Err(_) => Change { post: Some(bare(post.clone())), ..asked.change(office) },
        };
        change.practice_version = Some(asked.practice.version);
        let what = if is_live {
            format!(
                "a patient is, or may be, in a picture of post {}, which is live or leaving",
                post.number
            )
        } else {
            format!("post {} does not go out with its picture", post.number)
        };
        (change, what, is_live)
    }

    /// Nothing was made of the message yet, or nothing was taken from it.
    fn without_post(&self) -> Change {
        let (pictures, them) = self.words();
        let mut change = if self.said.lets() {
            return self.noted("will go with the post that is made of your message");
        } else {
            self.asked.change(self.office)
        };
        change.entries.push(self.left_out(None));
        let what = format!(
            "{pictures} will not be shown, and nothing of {them} is kept here; your message still \
             stands in the channel: delete it if a patient could be in {them}"
        );
        change.outbox.extend(self.told(what, None));
        change
    }

    fn goes_on(&self, post: &Post) -> String {
        let (pictures, them) = self.words();
        if post.revision > 0 {
            return format!(
                "post {} goes on without {pictures}; what was put before the approvers stays in the \
                 records",
                post.number
            );
        }
        format!(
            "{pictures} will not be shown, and what was kept of {them} is forgotten; your message \
             still stands in the channel: delete it if a patient could be in {them}"
        )
    }

    fn noted(&self, what: &str) -> Change {
        let mut change = self.asked.change(self.office);
        let (pictures, _) = self.words();
        change.outbox.extend(self.told(format!("{pictures} {what}"), None));
        change
    }

    fn told(&self, what: String, button: Option<Button>) -> Vec<OutboxWrite> {
        let buttons = button.into_iter().collect();
        self.asked.told(self.office, Notice { buttons, ..plain(View::Noted { what }) }).outbox
    }

    fn words(&self) -> (&'static str, &'static str) {
        if self.said.files.len() == 1 { ("the picture", "it") } else { ("the pictures", "them") }
    }

    /// The post says this now. The picture is of whoever sent it, whoever answers for it.
    fn edited(&self, post: &Post, draft: Draft) -> Result<Change, Said> {
        let Step { office, asked, idea, .. } = *self;
        let ruled = weigh::weighed(office, asked.among(), draft);
        let (ruling, salt) = (ruled.ruling.clone(), office.chance.bytes());
        let case = asked.case(office, post);
        let decided = acts::take(case, asked.member, (ruled, &idea.member), salt);
        let decided = decided.map_err(|refusal| weigh::said(office, &ruling, refusal))?;
        let doer = Doer::member(asked.member);
        Ok(effects::change(office, asked.practice, post, decided, doer))
    }

    fn left_out(&self, subject: Option<Subject>) -> NewEntry {
        let Step { office, asked, said, .. } = *self;
        let pictures = i64::try_from(said.files.len()).unwrap_or(i64::MAX);
        let what = What::PicturesLeftOut { member: asked.member.id.clone(), pictures };
        entry(office, Doer::member(asked.member), Fact { what, subject })
    }
}

/// Whoever signs it has not seen the pictures.
fn is_sent_without(post: &Post) -> bool {
    post.revision > 0 && post.draft.pictures.is_empty()
}

fn of(post: &Post) -> Subject {
    Subject { post: post.id.clone(), revision: post.revision, state: post.state }
}

fn sentence(why: &str) -> Said {
    Said::Sentence(why.to_owned())
}
