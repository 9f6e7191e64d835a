//! Lists for one person's eyes: the queue, the calendar, the practice's setup, the help.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::asked::{Answer, Asked};
use super::office::Office;
use super::telling::asks;
use super::views;
use super::wish::plain;
use crate::domain::command::{Command, Line, ROOT};
use crate::domain::plan::out_of_quiet;
use crate::domain::policy::Dated;
use crate::domain::post::{Post, State};
use crate::domain::practice::Practice;
use crate::domain::window::shown;
use crate::ports::notice::{Group, View};
use crate::ports::store::Change;

/// So many days are shown.
const DAYS: i64 = 14;

/// What is on its way.
pub(super) async fn queue(office: &Office, asked: &Asked<'_>) -> Answer {
    let posts = office.store.open_posts(&asked.practice.id).await?;
    let lines = posts.iter().map(|post| views::line(asked.practice, post)).collect();
    let stopped = views::stopped(asked.practice);
    Ok(Ok(asked.told(office, plain(View::Queue { lines, stopped }))))
}

/// The next days, and what is to go out on them.
pub(super) async fn calendar(office: &Office, asked: &Asked<'_>) -> Answer {
    let practice = asked.practice;
    let today = office.now().to_zoned_datetime(practice.zone.clone()).date();
    let end = today.checked_add(DAYS.days()).unwrap_or(Date::MAX);
    let posts = office.store.open_posts(&practice.id).await?;
    let mut days: BTreeMap<Date, Vec<(Timestamp, String)>> = BTreeMap::new();
    let (mut soonest, mut gone) = (Vec::new(), Vec::new());
    for post in posts.iter().filter(|post| post.state != State::Missed) {
        let Some(slot) = slot_of(practice, post) else {
            soonest.push(entry(practice, post, None));
            continue;
        };
        let day = slot.to_zoned_datetime(practice.zone.clone()).date();
        if slot < office.now() && post.state != State::Publishing {
            gone.push(entry(practice, post, None));
        } else if day < end {
            days.entry(day).or_default().push((slot, entry(practice, post, Some(slot))));
        }
    }
    let group = |title: &str, lines: Vec<String>| Group { title: title.to_owned(), lines };
    let mut groups: Vec<Group> = Vec::new();
    groups.extend((!gone.is_empty()).then(|| group("Slot gone", gone)));
    groups.extend(days.into_iter().map(|(day, mut lines)| {
        lines.sort();
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        group(&day.strftime("%a %-d %b %Y").to_string(), lines)
    }));
    groups.extend((!soonest.is_empty()).then(|| group("As soon as it is signed", soonest)));
    let zone = practice.zone.iana_name().unwrap_or("UTC").to_owned();
    Ok(Ok(asked.told(office, plain(View::Calendar { zone, groups }))))
}

fn slot_of(practice: &Practice, post: &Post) -> Option<Timestamp> {
    match (post.draft.slot, post.state) {
        (Some(meant), State::Draft) => Some(out_of_quiet(practice, meant.instant(&practice.zone))),
        (Some(_), _) => post.slot,
        (None, _) => None,
    }
}

fn entry(practice: &Practice, post: &Post, at: Option<Timestamp>) -> String {
    let at =
        at.map(|at| at.to_zoned_datetime(practice.zone.clone()).strftime("%H:%M, ").to_string());
    let mark = match post.state {
        State::InReview => "⚠️ not signed off",
        State::Draft => "⚠️ draft, not sent for signature",
        _ if post.hold.is_some() => "✋ held",
        State::SignedOff => "signed off",
        state => views::word(state),
    };
    let at = at.unwrap_or_default();
    format!("{at}post {}, {mark}: {}", post.number, views::beginning(post.draft.main_text()))
}

/// How the practice is set up.
pub(super) fn setup(office: &Office, asked: &Asked<'_>) -> Change {
    let practice = asked.practice;
    let quiet = match practice.quiet {
        Some(quiet) => format!("Quiet hours: {quiet}, nothing leaves then"),
        None => "Quiet hours: none".to_owned(),
    };
    let zone = format!("Zone: {}", practice.zone.iana_name().unwrap_or("UTC"));
    let mut settings = vec![zone, quiet];
    settings.extend(policies(practice, office.now()));
    let people = practice.members.iter().map(|member| {
        let agency = if member.agency { " of an agency" } else { "" };
        format!("{}: {}{agency}", member.name, member.role)
    });
    let accounts = practice.accounts.iter().map(|a| format!("{} ({})", a.name, a.network.label()));
    let channels = practice
        .channels
        .iter()
        .map(|(purpose, at)| format!("{purpose}: {} on {}", at.channel, at.platform));
    let group = |title: &str, lines: Vec<String>| Group { title: title.to_owned(), lines };
    let groups = vec![
        group("Settings", settings),
        group("People", people.collect()),
        group("Accounts", accounts.collect()),
        group("Channels", channels.collect()),
    ];
    asked.told(
        office,
        plain(View::Setup { name: practice.name.clone(), sample: practice.sample, groups }),
    )
}

/// Who must sign for what is made now; and from when on another policy counts, if one waits.
fn policies(practice: &Practice, now: Timestamp) -> Vec<String> {
    let (begun, later): (Vec<&Dated>, Vec<&Dated>) =
        practice.policies.iter().partition(|dated| dated.from <= now);
    let of_now = begun.last().map(|dated| asks(practice, &dated.policy)).into_iter();
    let later = later.into_iter().map(|dated| {
        let from = shown(dated.from, &practice.zone);
        format!("{}, for what is made from {from} on", asks(practice, &dated.policy))
    });
    of_now.chain(later).map(|line| format!("Signatures: {line}")).collect()
}

/// What can be asked; and what was most likely meant, if something was.
pub(super) fn help(office: &Office, asked: &Asked<'_>, meant: Option<Line>) -> Change {
    let lines = Command::help();
    let lines = lines.iter().map(|l| format!("{ROOT} {}: {}", l.usage, l.does)).collect();
    let meant = meant.map(|line| format!("{ROOT} {}", line.usage)).unwrap_or_default();
    asked.told(office, plain(View::Help { meant, lines }))
}
