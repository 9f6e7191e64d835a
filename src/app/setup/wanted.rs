//! What a form says the practice should be, and why it can't be so. Pure; a problem repeats nothing
//! of what was typed.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::around::Around;
use super::part::{Part, Wanted, problem};
use super::{people, policy};
use crate::app::form::chosen;
use crate::app::roster::states;
use crate::domain::change::NotChanged;
use crate::domain::daily::Hour;
use crate::domain::ids::MemberId;
use crate::domain::listing::{self, List};
use crate::domain::policy::ALWAYS;
use crate::domain::practice::{ChannelRef, Pack, Practice, Purpose};
use crate::domain::quiet::Quiet;
use crate::domain::soundness::Unsound;
use crate::ports::intake::{Field, Problem};

/// The practice as the form says it; fields that are absent stay as they are.
pub(super) fn read(practice: &Practice, part: Part, around: &Around, filled: &[Field]) -> Wanted {
    let mut wanted = Wanted { practice: practice.clone(), codes: Vec::new(), problems: Vec::new() };
    let fields = filled.iter().map(|field| (field.name.as_str(), field.value.trim()));
    let filled: BTreeMap<&str, &str> = fields.collect();
    match part {
        Part::Hours => hours(&mut wanted, &filled),
        Part::Policy => policy::read(&mut wanted.practice, &filled, &mut wanted.problems),
        Part::Add => people::read_add(&mut wanted, &filled),
        Part::Person => people::read_change(&mut wanted, &filled),
        Part::Channel => channel(&mut wanted, around, &filled),
        Part::OwnWords => match filled.get("own").copied() {
            // What is allowed already stays allowed from when it was.
            Some("yes") => drop(wanted.practice.own_words.get_or_insert(ALWAYS)),
            Some("no") => wanted.practice.own_words = None,
            _ => wanted.problems.push(problem("own", "choose one".to_owned())),
        },
        Part::Rules => rules(&mut wanted, &filled),
        Part::Lists => lists(&mut wanted, &filled),
        Part::Agency => people::read_agency(&mut wanted, &filled),
    }
    wanted
}

fn hours(wanted: &mut Wanted, filled: &BTreeMap<&str, &str>) {
    if let Some(zone) = filled.get("zone") {
        if let Ok(zone) = TimeZone::get(zone) {
            wanted.practice.zone = zone;
        } else {
            let why = "there is no such zone: write one like America/Chicago".to_owned();
            wanted.problems.push(problem("zone", why));
        }
    }
    if let Some(typed) = filled.get("digest") {
        match Hour::read(typed) {
            Ok(hour) => wanted.practice.digest = hour,
            Err(why) => wanted.problems.push(problem("digest", why.to_string())),
        }
    }
    let (Some(from), Some(to)) = (filled.get("from"), filled.get("to")) else { return };
    if from.is_empty() && to.is_empty() {
        wanted.practice.quiet = None;
        return;
    }
    let mut time = |name: &str, typed: &str| {
        let time = Time::strptime("%H:%M", typed).ok();
        if time.is_none() {
            let why = "that is not a time of the day: write one like 21:00".to_owned();
            wanted.problems.push(problem(name, why));
        }
        time
    };
    let (Some(from), Some(to)) = (time("from", from), time("to", to)) else { return };
    if from == to {
        let why = "quiet hours need two different times of the day".to_owned();
        return wanted.problems.push(problem("to", why));
    }
    wanted.practice.quiet = Some(Quiet { from, to });
}

/// Exactly these states' rules count; what nobody chose goes.
fn rules(wanted: &mut Wanted, filled: &BTreeMap<&str, &str>) {
    let Some(typed) = filled.get("states") else { return };
    let all: Vec<&str> = chosen(typed).collect();
    if all.iter().any(|one| states().all(|state| state != *one)) {
        let why = "choose among the states that are offered".to_owned();
        return wanted.problems.push(problem("states", why));
    }
    let packs = &mut wanted.practice.packs;
    packs.retain(|pack| all.contains(&pack.state.as_str()) && pack.until.is_none());
    for state in all {
        if packs.iter().all(|pack| pack.state != state) {
            packs.push(Pack { state: state.to_owned(), until: None });
        }
    }
}

fn lists(wanted: &mut Wanted, filled: &BTreeMap<&str, &str>) {
    for list in List::ALL {
        let Some(typed) = filled.get(list.as_str()) else { continue };
        let lines = listing::lines(typed);
        if let Some(why) = listing::unfit(*list, &lines) {
            wanted.problems.push(problem(list.as_str(), format!("this {why}")));
        } else if lines.is_empty() {
            wanted.practice.lists.remove(list);
        } else {
            wanted.practice.lists.insert(*list, lines);
        }
    }
}

/// The channel is for this, instead of the one that was, and of what it was for.
fn channel(wanted: &mut Wanted, around: &Around, filled: &BTreeMap<&str, &str>) {
    let typed = filled.get("at").map_or(Ok(around.channel.clone()), |typed| typed.parse());
    let Ok(channel): Result<ChannelRef, _> = typed else {
        let why = "that is not a channel: write it as slack:T0123/C0456".to_owned();
        return wanted.problems.push(problem("at", why));
    };
    let purpose = match filled.get("purpose").copied().unwrap_or_default() {
        "none" => None,
        word => match word.parse().ok().filter(|purpose| *purpose != Purpose::Desk) {
            Some(purpose) => Some(purpose),
            None => {
                return wanted
                    .problems
                    .push(problem("purpose", "choose what it is for".to_owned()));
            }
        },
    };
    let channels = &mut wanted.practice.channels;
    if purpose.is_some_and(|purpose| channels.contains(&(purpose, channel.clone()))) {
        return;
    }
    channels.retain(|(is, at)| *at != channel && Some(*is) != purpose);
    channels.extend(purpose.map(|purpose| (purpose, channel)));
    if wanted.practice.channel(Purpose::Approvals).is_none() {
        let why = "cards need a channel: say first which other one is for approvals".to_owned();
        wanted.problems.push(problem("purpose", why));
    }
}

/// Why the practice can't be so, beside the field that says it; names people, not ids.
pub(super) fn unfit(practice: &Practice, why: &NotChanged, filled: &[Field]) -> Problem {
    let is_there = |name: &str| filled.iter().any(|field| field.name == name);
    let first = filled.first().map_or("", |field| &field.name);
    let name = |who: &MemberId| practice.name_of(who);
    let NotChanged::Unsound(unsound) = why else {
        return problem(first, why.to_string());
    };
    let (field, why) = match unsound {
        Unsound::NoDemand(risk) | Unsound::TooMany { risk, .. } => {
            (format!("{risk}-needed"), unsound.to_string())
        }
        Unsound::NoCompliance(risk) => (format!("{risk}-also"), unsound.to_string()),
        Unsound::NotAnApprover { risk, who } | Unsound::Unknown { risk, who } => (
            format!("{risk}-of"),
            format!(
                "the policy for {risk} risk asks {}, who would not be an approver: change first \
                     who signs",
                name(who)
            ),
        ),
        Unsound::Twice { risk, who } => {
            (format!("{risk}-of"), format!("the policy for {risk} risk asks {} twice", name(who)))
        }
        Unsound::Agency(_) => ("role".to_owned(), "an agency's people are always staff".to_owned()),
        Unsound::NoApprover => {
            ("role".to_owned(), "somebody has to be an approver: add one first".to_owned())
        }
        Unsound::SameIdentity(..) => {
            let why = "somebody else acts from that account: it belongs to one person";
            ("account".to_owned(), why.to_owned())
        }
        Unsound::LocalSigner(_) => {
            ("account".to_owned(), "the local workspace signs only for sample practices".to_owned())
        }
        Unsound::OnlySample(_) if is_there("at") => ("at".to_owned(), unsound.to_string()),
        Unsound::OnlySample(_) => ("account".to_owned(), unsound.to_string()),
        Unsound::OwnWords(_) => ("own".to_owned(), unsound.to_string()),
        other => (first.to_owned(), other.to_string()),
    };
    problem(if is_there(&field) { &field } else { first }, why)
}
