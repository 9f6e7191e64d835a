//! A practice changes itself from chat: the forms of `/post setup`, and what they do.
//!
//! A form says what the practice should be. What has to be set for that, who may set it and from
//! when on it counts are the domain's to say, as they are when a file is applied; so is whether
//! a practice can be so at all. Decided anew when somebody else changed the practice meanwhile.

mod around;
mod fields;
mod part;
mod people;
mod policy;
mod wanted;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::asked::{Answer, Asked, Said};
use super::confirm;
use super::office::Office;
use super::practice::changed;
use super::telling;
use super::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::canonical::hex;
use crate::domain::change::{self, By, Changed, NotChanged};
use crate::domain::differences::differences;
use crate::domain::member::Identity;
use crate::domain::practice::{Practice, Purpose};
use crate::domain::refusal::Refusal;
use crate::ports::intake::{Field, Problem};
use crate::ports::notice::{Button, Form, Weight};
use crate::ports::store::{Change, OutboxWrite, Stored};
use around::Around;
use part::{Part, Wanted, problem};

pub(super) use part::At;

/// What the buttons of `/post setup` do.
pub(super) const SETUP: &str = "setup";

/// The buttons under the setup, for whoever may change it.
pub(super) async fn buttons(office: &Office, at: At<'_>) -> Vec<Button> {
    if !change::runs(at.practice, at.member) || !at.practice.owns(at.channel) {
        return Vec::new();
    }
    let around = Around::of(office, at).await;
    let mut all = Vec::new();
    for part in Part::ALL {
        let fields = fields::of(at.practice, part, &around);
        if !fields.is_empty() {
            let (word, label) = part.names();
            let id = format!("{SETUP}:{word}");
            all.push(Button { form: fields, ..button(id, label, Weight::Plain) });
        }
    }
    all
}

/// The form of such a button, as things stand now.
pub(super) async fn form(office: &Office, at: At<'_>, rest: &str) -> Option<Form> {
    let (part, _) = parts(rest)?;
    if !change::runs(at.practice, at.member) {
        return None;
    }
    let around = Around::of(office, at).await;
    let fields = fields::of(at.practice, part, &around);
    let mark = mark(at.practice, part, &around);
    let (word, label) = part.names();
    (!fields.is_empty()).then(|| Form {
        title: label.to_owned(),
        send: "Save changes".to_owned(),
        button: format!("{SETUP}:{word}:{mark}"),
        fields,
    })
}

/// What is wrong with such a form.
pub(super) async fn look_over(
    office: &Office,
    at: At<'_>,
    (rest, filled): (&str, &[Field]),
) -> Stored<Vec<Problem>> {
    let Some((part, mark)) = parts(rest) else { return Ok(Vec::new()) };
    let decided = decide(office, at, (part, mark), filled).await?;
    Ok(decided.err().unwrap_or_default())
}

/// The form was sent.
pub(super) async fn pressed(
    office: &Office,
    asked: &Asked<'_>,
    (rest, filled): (&str, &[Field]),
) -> Answer {
    let nothing = || Said::Sentence("that button belongs to nothing here".to_owned());
    let Some((part, mark)) = parts(rest) else { return Ok(Err(nothing())) };
    if asked.at_desk() {
        return Ok(Err(Refusal::NotAtADesk.into()));
    }
    let at = at(asked);
    if !change::runs(asked.practice, asked.member) {
        let refused = || Said::Sentence(NotChanged::NotYours.to_string());
        return Ok(Err(asked.not_from_here(office.now()).map_or_else(refused, Said::from)));
    }
    Ok(match decide(office, at, (part, mark), filled).await? {
        Ok((decided, wanted)) if decided.set.is_empty() && wanted.codes.is_empty() => {
            Err(Refusal::NoChange.into())
        }
        Ok((decided, wanted)) => Ok(done(office, asked, decided, &wanted)),
        Err(problems) => {
            let mut why: Vec<String> = problems.into_iter().map(|problem| problem.why).collect();
            why.dedup();
            Err(Said::Sentence(why.join("; ")))
        }
    })
}

/// Who asked, and where.
pub(super) fn at<'a>(asked: &Asked<'a>) -> At<'a> {
    let Asked { practice, member, from, channel, .. } = *asked;
    At { practice, member, from, channel }
}

fn parts(rest: &str) -> Option<(Part, &str)> {
    let (part, mark) = rest.split_once(':').unwrap_or((rest, ""));
    Some((Part::of(part)?, mark))
}

/// Tells what the form showed from anything else; empty where it shows nothing that is replaced. A
/// form that adds somebody is of those who are there: sent twice, it adds them once.
fn mark(practice: &Practice, part: Part, around: &Around) -> String {
    match part {
        Part::Person | Part::Channel => String::new(),
        Part::Add => {
            let all = practice.members.iter().chain(&practice.former);
            digest(&all.map(|member| &member.id).collect::<Vec<_>>())
        }
        Part::Hours | Part::Policy | Part::OwnWords | Part::Rules | Part::Lists | Part::Agency => {
            digest(&fields::of(practice, part, around))
        }
    }
}

fn digest(shown: &impl Serialize) -> String {
    let shown = serde_json::to_vec(shown).expect("it is plain data");
    hex::encode(&Sha256::digest(shown)[..6])
}

type Decided = Result<(Changed, Wanted), Vec<Problem>>;

async fn decide(
    office: &Office,
    at: At<'_>,
    (part, marked): (Part, &str),
    filled: &[Field],
) -> Stored<Decided> {
    let around = Around::of(office, at).await;
    let first = filled.first().map_or("", |field| &field.name);
    if !marked.is_empty() && marked != mark(at.practice, part, &around) {
        let why = "this was changed since you opened this form: close it, and open it again";
        return Ok(Err(vec![problem(first, why.to_owned())]));
    }
    let mut wanted = wanted::read(at.practice, part, &around, filled);
    if part == Part::Channel && wanted.problems.is_empty() {
        wanted.problems.extend(around::not_theirs(office, at, filled).await?);
    }
    if !wanted.problems.is_empty() {
        return Ok(Err(wanted.problems));
    }
    let set = differences(at.practice, &wanted.practice);
    Ok(match change::decide(at.practice, set, By::Member(at.member), office.now()) {
        Ok(decided) => Ok((decided, wanted)),
        Err(why) => Err(vec![wanted::unfit(at.practice, &why, filled)]),
    })
}

/// The change, and the codes of those who act from an account that nobody has shown to be theirs.
fn done(office: &Office, asked: &Asked<'_>, decided: Changed, wanted: &Wanted) -> Change {
    let (before, after) = (asked.practice, decided.after.clone());
    let view = telling::view(before, &decided, &asked.member.name, office.now());
    let told = (!decided.set.is_empty()
        && after.channel(Purpose::Approvals) != Some(asked.channel))
    .then(|| asked.told(office, plain(view)).outbox);
    let mut change = changed(office, before, decided, Some(asked.member));
    change.outbox.extend(told.unwrap_or_default());
    change.practice_version = Some(before.version);
    let known = confirm::unconfirmed(before);
    for (name, identity) in confirm::unconfirmed(&after) {
        let is_new = known.iter().all(|(_, known)| *known != identity);
        if is_new || wanted.codes.contains(identity) {
            let (nonce, code) = confirm::secret(office, &after.id, identity);
            change.codes.push(code);
            change.outbox.push(show_code(office, asked, &after, (name, identity), nonce));
        }
    }
    change
}

/// Shown to whose account it is to be, where another account is known to be theirs: nobody else
/// can make an account theirs. Else to whoever asked, who hands it over.
fn show_code(
    office: &Office,
    asked: &Asked<'_>,
    after: &Practice,
    (name, of): (&str, &Identity),
    nonce: String,
) -> OutboxWrite {
    let holder = after.members.iter().find(|member| member.unconfirmed.contains(of));
    let holder = holder.and_then(|holder| asked.practice.member(&holder.id));
    let known = holder.and_then(|holder| {
        let channel = asked.practice.channel(Purpose::Approvals)?;
        Some((holder.known(channel.platform, office.now())?, channel))
    });
    let (whom, channel) = known.unwrap_or((asked.from, asked.channel));
    let place = for_eyes_of(whom, channel, None);
    let code = Wish::Code { of: of.clone(), name: name.to_owned(), nonce, place };
    let subject = format!("code/{}/{}", asked.seq, telling::place(of));
    wish(office, &asked.practice.id, subject, code, false)
}
