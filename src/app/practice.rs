//! The practice changes: what is committed with it, who is told, and who may speed it up or stop
//! it.

use jiff::Timestamp;

use super::asked::{Asked, Said};
use super::effects::{Doer, entry};
use super::office::Office;
use super::telling;
use super::watch::planned_anew;
use super::wish::{Wish, button, for_eyes_of, plain, row, wish};
use crate::domain::change::{self, Answer, Changed};
use crate::domain::entry::{Fact, What};
use crate::domain::ledger::{NewEntry, OPERATOR};
use crate::domain::member::Member;
use crate::domain::outbox::{Row, RowKind};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::chat::Place;
use crate::ports::notice::{Button, Notice, Weight};
use crate::ports::store::{Change, OutboxWrite};

/// How the ledger names Countersign itself.
const ITSELF: &str = "countersign";

/// The change that is committed when a practice changes: its entries, who is told, and that all
/// its open posts are counted anew. Whoever runs Countersign changes it when nobody is named.
pub fn changed(
    office: &Office,
    practice: &Practice,
    changed: Changed,
    who: Option<&Member>,
) -> Change {
    let name = who.map_or("whoever runs Countersign", |member| &member.name);
    made(office, practice, changed, (who, OPERATOR, name))
}

/// The same where a platform brought it about, and nobody in particular.
pub fn changed_by_itself(office: &Office, practice: &Practice, changed: Changed) -> Change {
    made(office, practice, changed, (None, ITSELF, "Countersign"))
}

fn made(
    office: &Office,
    practice: &Practice,
    changed: Changed,
    (who, actor, name): (Option<&Member>, &str, &str),
) -> Change {
    // The ledger's entry and the table say the same moment.
    let mut change = Change::new(practice.id.clone(), changed.at);
    if changed.set.is_empty() {
        return change;
    }
    change.practice_version = Some(practice.version);
    change.entries = changed
        .set
        .iter()
        .map(|named| {
            let fact = Fact { what: What::Set(named.setting.clone()), subject: None };
            by(office, (who, actor), &named.called, fact)
        })
        .collect();
    let from = changed.later(change.at);
    change.outbox.extend(announce(office, practice, &changed, (who, name)));
    change.outbox.push(recount(office, practice, office.now()));
    change.outbox.extend(from.map(|from| recount(office, practice, from)));
    let after = &changed.after;
    if (&practice.zone, practice.digest) != (&after.zone, after.digest) {
        change.outbox.push(planned_anew(office, &practice.id));
    }
    change.practice_after = Some(changed.after);
    change
}

fn by(
    office: &Office,
    (who, actor): (Option<&Member>, &str),
    called: &str,
    fact: Fact,
) -> NewEntry {
    let new = entry(office, Doer { member: who, note: called }, fact);
    match who {
        Some(_) => new,
        None => NewEntry { actor: actor.to_owned(), ..new },
    }
}

/// Every open post is counted anew then.
fn recount(office: &Office, practice: &Practice, due: Timestamp) -> OutboxWrite {
    let later = due > office.now();
    let when = if later { format!("recount/{due}") } else { "recount".to_owned() };
    let row = Row { due, ..row(office, &practice.id, RowKind::Recount, when) };
    OutboxWrite::Put { row: Box::new(row), again: true }
}

/// One line in the approvals channel, and a word to each approver and to compliance, who may speed
/// it up or stop it.
fn announce(
    office: &Office,
    practice: &Practice,
    changed: &Changed,
    (who, name): (Option<&Member>, &str),
) -> Vec<OutboxWrite> {
    let after = &changed.after;
    let Some(channel) = after.channel(Purpose::Approvals) else {
        return Vec::new();
    };
    let now = office.now();
    let view = telling::view(practice, changed, name, now);
    let place = Place { channel: channel.clone(), thread: None, only: None, instead_of: None };
    let id = office.new_id();
    let say = |subject: String, place, notice| {
        wish(office, &practice.id, subject, Wish::Say { place, notice }, false)
    };
    let mut all = vec![say(format!("changed/{id}"), place, plain(view.clone()))];
    let others = concerned(practice, after).filter(|m| who.is_none_or(|who| who.id != m.id));
    for member in others {
        let known = member.known(channel.platform, now);
        let Some(identity) = known.or_else(|| member.on(channel.platform)) else { continue };
        let buttons = changed.later(now).map(answers).unwrap_or_default();
        let notice = Notice { buttons, ..plain(view.clone()) };
        let place = for_eyes_of(identity, channel, None);
        all.push(say(format!("changed/{id}/{}", member.id), place, notice));
    }
    all
}

/// Everybody who may sign or look after the practice, before or after: as they were before, for
/// nobody is kept from hearing of a change by that change.
fn concerned<'a>(before: &'a Practice, after: &'a Practice) -> impl Iterator<Item = &'a Member> {
    let new = after.members.iter().filter(|member| {
        let was = before.member(&member.id);
        member.is_trusted() && !was.is_some_and(Member::is_trusted)
    });
    before.members.iter().filter(|member| member.is_trusted()).chain(new)
}

fn answers(from: Timestamp) -> Vec<Button> {
    let id = |verb: &str| format!("{verb}:{}", from.as_microsecond());
    vec![
        button(id("at-once"), "Yes, at once", Weight::Plain),
        button(id("as-it-is"), "Keep it as it is", Weight::Primary),
    ]
}

/// A member answers what waits: it counts at once, or never.
pub fn answer(
    office: &Office,
    asked: &Asked<'_>,
    (from, answer): (&str, Answer),
) -> Result<Change, Said> {
    let from = from.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let gone = || Said::Sentence("that counts already, or is not wanted any more".to_owned());
    let from = from.ok_or_else(gone)?;
    let decided = change::answer(asked.practice, asked.member, (from, answer), office.now());
    let decided = decided.map_err(|why| Said::Sentence(why.to_string()))?;
    if decided.set.is_empty() {
        return Err(gone());
    }
    Ok(changed(office, asked.practice, decided, Some(asked.member)))
}
