//! A practice is made from chat, in a channel that is nobody's, by whoever brought Countersign to
//! the platform. What its form says becomes a practice as a file would: all of it, or nothing and
//! why.
//!
//! A channel belongs to one practice, whoever is first: of a form that is sent twice, or by two
//! people at once, the second finds the channel taken. Whoever makes a practice runs it and signs
//! nothing; who signs shows by a one-time code that the account is theirs.

mod filled;

use std::time::Duration;

use super::elsewhere::home;
use super::form::{choice, field};
use super::office::Office;
use super::wish::{Wish, for_eyes_of, plain, wish};
use super::{confirm, founding, telling};
use crate::domain::change::Changed;
use crate::domain::command::{self, Command};
use crate::domain::differences;
use crate::domain::ids::PracticeId;
use crate::domain::member::{Identity, Role};
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::chat::Place;
use crate::ports::intake::{ChatEvent, Field, Happening, Problem};
use crate::ports::notice::{Form, View};
use crate::ports::store::{Change, Founding, Stored};

/// What the form of a new practice comes back with.
pub(super) const FOUND: &str = "found-practice";
/// A platform is waited for so long: others wait behind whoever asks.
const PATIENCE: Duration = Duration::from_millis(700);
/// Why a form that comes from a channel of somebody comes to nothing.
pub(super) const TAKEN: &str =
    "this channel belongs to a practice by now: `/post setup` shows which, and changes it";

/// The fields of the form of a new practice, where this is one.
pub(super) fn sent(event: &ChatEvent) -> Option<&[Field]> {
    match &event.what {
        Happening::Pressed { button, fields, .. } if button == FOUND => Some(fields),
        _ => None,
    }
}

/// This command asks for the form, in a channel that is nobody's.
pub(super) fn is_asked_for(text: &str) -> bool {
    matches!(command::read(text), Some(Ok(Command::Setup)))
}

/// The form of a new practice, for whoever may make one of this channel.
pub(super) async fn form(
    office: &Office,
    from: &Identity,
    channel: &ChannelRef,
) -> Stored<Option<Form>> {
    if home(office, channel).await?.is_some() || !may(office, from, channel).await {
        return Ok(None);
    }
    let roles = [
        (Role::Manager, "Manager: runs the practice"),
        (Role::Compliance, "Compliance: rules, and signs in addition"),
    ];
    let roles = roles.map(|(role, label)| choice(role.as_str(), label)).to_vec();
    let fields = vec![
        field("practice", "Name of the practice", "")
            .hint("Its cards are shown in this channel, to be signed here."),
        field("zone", "Zone", "").hint("Of the practice's clocks, as America/Chicago."),
        field("name", "Your name", "").hint("As cards name you."),
        field("role", "Your role", Role::Manager.as_str()).one(roles),
        field("physicians", "Physicians who sign", "")
            .lines()
            .hint("A line each: the name, then the id of the account, as Dr. Rao U0456."),
    ];
    let (title, send) = ("A new practice".to_owned(), "Make it".to_owned());
    Ok(Some(Form { title, send, button: FOUND.to_owned(), fields }))
}

/// What is wrong with such a form, beside its fields.
pub(super) async fn look_over(
    office: &Office,
    event: &ChatEvent,
    fields: &[Field],
) -> Stored<Vec<Problem>> {
    Ok(decide(office, event, fields).await?.err().unwrap_or_default())
}

/// The form was sent: the practice is made, or whoever sent it is told why not.
pub(super) async fn found(
    office: &Office,
    (event, fields): (&ChatEvent, &[Field]),
    seq: i64,
) -> Stored<Change> {
    let mut change = Change::new(PracticeId::instance(), office.now());
    match decide(office, event, fields).await? {
        Ok(practice) => {
            let (id, channel) = (&practice.id, &event.channel);
            tracing::info!(practice.id = %id, "The practice {id} is made, from {channel}");
            change.founds = Some(Box::new(founding_of(office, practice, &event.from)));
        }
        Err(problems) => {
            let why: Vec<String> = problems.into_iter().map(|problem| problem.why).collect();
            let refused = plain(View::Refused { number: 0, why: why.join("; ") });
            let place = for_eyes_of(&event.from, &event.channel, None);
            let say = Wish::Say { place, notice: refused };
            change.outbox.push(wish(
                office,
                &change.practice,
                format!("private/{seq}"),
                say,
                false,
            ));
        }
    }
    Ok(change)
}

/// Whether this person may make a practice of the channel; not while their platform can't say.
async fn may(office: &Office, from: &Identity, channel: &ChannelRef) -> bool {
    let Some(chat) = office.chat(channel.platform) else { return false };
    match tokio::time::timeout(PATIENCE, chat.may_found(from, channel)).await {
        Ok(Ok(may)) => may,
        Ok(Err(why)) => {
            tracing::warn!(%why, "It can't be told who may make a practice in {channel}: {why}");
            false
        }
        Err(_) => false,
    }
}

/// The practice as the form says it.
async fn decide(
    office: &Office,
    event: &ChatEvent,
    fields: &[Field],
) -> Stored<Result<Practice, Vec<Problem>>> {
    let (from, channel) = (&event.from, &event.channel);
    let no = |why: &str| Ok(Err(vec![filled::problem("practice", why.to_owned())]));
    if home(office, channel).await?.is_some() {
        return no(TAKEN);
    }
    if !may(office, from, channel).await {
        return no("only whoever brought Countersign here makes a practice of this channel, or \
             whoever runs Countersign");
    }
    let people = match office.chat(channel.platform) {
        Some(chat) => tokio::time::timeout(PATIENCE, chat.who_is_in(channel)).await,
        None => return no("the chat platform is away: try again"),
    };
    // Some platforms tell that to nobody; then a code shows whose account it is.
    let people = people.ok().and_then(Result::ok);
    let practices = office.store.practices().await?;
    Ok(filled::read((from, channel), (people.as_deref(), &practices), fields))
}

/// All that is written when the practice is made: its chain, codes, and what is said.
fn founding_of(office: &Office, practice: Practice, from: &Identity) -> Founding {
    let founder = &practice.members[0];
    let key = office.store.public_key();
    let entries = founding::entries_by(&practice, &founder.id, &key, office.chance.as_ref());
    let channel = &practice.channels[0].1;
    let open = Place { channel: channel.clone(), thread: None, only: None, instead_of: None };
    let alone = for_eyes_of(from, channel, None);
    let wished = |subject: String, it| wish(office, &practice.id, subject, it, false);
    let says = |subject: &str, place: &Place, view: View| {
        let say = Wish::Say { place: place.clone(), notice: plain(view) };
        wished(subject.to_owned(), say)
    };
    let mut outbox = vec![
        says(&format!("welcome/{channel}"), &open, welcome(&practice)),
        says("founded", &open, told(office, &practice)),
        says("founded/next", &alone, next()),
    ];
    let mut codes = Vec::new();
    for (name, of) in confirm::unconfirmed(&practice) {
        let (nonce, code) = confirm::secret(office, &practice.id, of);
        codes.push(code);
        let (name, place) = (name.to_owned(), alone.clone());
        let code = Wish::Code { of: of.clone(), name, nonce, place };
        outbox.push(wished(format!("code/founded/{}", telling::place(of)), code));
    }
    Founding { practice, entries, codes, outbox }
}

fn welcome(practice: &Practice) -> View {
    let whose = practice.name.clone();
    View::Welcome { whose, desk: false, ideas: false, approvals: true }
}

/// All that was set, for everybody in the channel.
fn told(office: &Office, practice: &Practice) -> View {
    let nothing = Practice::new(practice.id.clone(), practice.sample);
    let (at, set) = (office.now(), differences::founding(practice));
    let made = Changed { at, set, after: practice.clone() };
    telling::view(&nothing, &made, &practice.members[0].name, at)
}

fn next() -> View {
    let what = "Hand each physician their code by another way than chat. `/post setup` here adds \
        people and channels: bring Countersign into the one for ideas, and name it under Channels. \
        Accounts on networks are connected by whoever runs Countersign.";
    View::Noted { what: what.to_owned() }
}
