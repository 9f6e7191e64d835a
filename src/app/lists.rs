//! Lists for one person's eyes: the queue, the calendar, the practice's setup, the help.

use jiff::Timestamp;

use super::asked::{Answer, Asked};
use super::calendar::{Calendar, Whose};
use super::office::Office;
use super::setup;
use super::telling::{asks, list_name};
use super::views;
use super::wish::plain;
use crate::domain::command::{Command, Line, ROOT};
use crate::domain::policy::Dated;
use crate::domain::practice::Practice;
use crate::domain::window::shown;
use crate::ports::notice::{Group, Notice, View};
use crate::ports::store::Change;

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
    let posts = office.store.open_posts(&practice.id).await?;
    let mut calendar = Calendar::default();
    calendar.add(Whose::Own(practice), &posts, office.now());
    let (groups, _) = calendar.groups(usize::MAX);
    let zone = practice.zone.iana_name().unwrap_or("UTC").to_owned();
    Ok(Ok(asked.told(office, plain(View::Calendar { zone, groups, more: String::new() }))))
}

/// How the practice is set up.
pub(super) async fn setup(office: &Office, asked: &Asked<'_>) -> Change {
    let practice = asked.practice;
    let quiet = match practice.quiet {
        Some(quiet) => format!("Quiet hours: {quiet}, nothing leaves then"),
        None => "Quiet hours: none".to_owned(),
    };
    let zone = format!("Zone: {}", practice.zone.iana_name().unwrap_or("UTC"));
    let rules: Vec<String> = practice.states(office.now()).map(str::to_uppercase).collect();
    let rules = match &rules[..] {
        [] => "Rules: federal ones".to_owned(),
        rules => format!("Rules: federal ones, and those of {}", rules.join(", ")),
    };
    let digest = format!("Daily digest: at {}", practice.digest);
    let mut settings = vec![zone, quiet, digest, rules];
    settings.extend(practice.lists.iter().map(|(list, lines)| {
        let name = list_name(*list);
        format!("{}{}: {}", name[..1].to_uppercase(), &name[1..], lines.join("; "))
    }));
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
    let buttons = setup::buttons(office, setup::at(asked)).await;
    let (name, sample, may_change) = (practice.name.clone(), practice.sample, !buttons.is_empty());
    let view = View::Setup { name, sample, groups, may_change };
    asked.told(office, Notice { buttons, ..plain(view) })
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
