//! What was shown, in one line of the transcript.

use countersign::ports::notice::{
    AccountView, CardView, ChangeView, DeskDigestView, DigestLine, DigestPart, DigestView,
    FailureView, Group, OfPractice, View,
};

/// A view in one line.
pub fn short(view: &View) -> String {
    match view {
        View::Card(card) => format!("card {}", of(card)),
        View::Draft(card) => format!("draft {}", of(card)),
        View::AskPatients { pictures } => format!("asks whether a patient is in {pictures}"),
        View::Idea { from } => format!("idea by {from}"),
        View::IdeaDone { number: 0 } => "idea set aside".to_owned(),
        View::IdeaDone { number } => format!("idea is post {number}"),
        View::Refused { number, why } => format!("no effect on {number}: {why}"),
        View::Noted { what } => format!("notes: {what}"),
        View::Blocked { .. }
        | View::Leftover { .. }
        | View::Appeal { .. }
        | View::Attested { .. } => kept_out(view),
        View::TooMany { most } => format!("keeps no more than {most} a minute"),
        View::Home { practice, waits, .. } => format!("home in {practice}, {} wait", waits.len()),
        View::NotRecorded => "was not recorded".to_owned(),
        View::Unshown { number, why, again } => {
            format!("can't show the card of {number}, again: {again}: {why}")
        }
        View::Welcome { whose, .. } => format!("is here for {whose}"),
        View::Unbound { channel, founder } => format!("nobody's channel: {channel}, for {founder}"),
        View::Whole { number, revision, .. } => format!("all of {number}.{revision}"),
        View::Unscreened => "asks to send it again".to_owned(),
        View::Outcome { number, account, what, .. } => format!("{number} on {account}: {what}"),
        View::Missed { number } => format!("{number} missed its window"),
        View::Late { number, who, slot } => format!("{number}: asks {who} for a slot after {slot}"),
        View::NoFit { .. } | View::RuledOut { .. } | View::SignAgain { .. } => looked_at(view),
        View::AskLive { number, account } => format!("{number}: is it live on {account}?"),
        View::AskReason { number, who } => format!("{number}: asks {who} why"),
        View::Stop { who, stopped, in_flight } => {
            let what = if *stopped { "stopped" } else { "released" };
            format!("{what} by {who}, in flight: {}", in_flight.len())
        }
        View::Changed { who, lines, from } => {
            let from = if from.is_empty() { "" } else { ", some of it later" };
            format!("{who} changed{from}: {}", lines.join("; "))
        }
        View::Stuck { number, why } => format!("{number} is stuck: {why}"),
        View::Restored(view) => {
            format!("put back, without {}; held: {}", view.missing, view.held)
        }
        View::AtDesk { .. }
        | View::Silent
        | View::Begun { .. }
        | View::Offer { .. }
        | View::OfferDone { .. }
        | View::StopAll { .. } => at_desk(view),
        View::Queue { .. }
        | View::Failures { .. }
        | View::Calendar { .. }
        | View::Digest(_)
        | View::DeskDigest(_)
        | View::Said { .. }
        | View::Certificate { .. }
        | View::Setup { .. }
        | View::Consents { .. }
        | View::Code(_)
        | View::Accounts(_)
        | View::Help { .. } => asked_for(view),
    }
}

/// What is said of a text that was not kept.
fn kept_out(view: &View) -> String {
    match view {
        View::Blocked { kinds, still_there, .. } => {
            format!("blocked, {} kinds, still there: {still_there}", kinds.len())
        }
        View::Leftover { who, channel, since, link } => {
            format!("still in {channel}: {who} {since} {link}").trim_end().to_owned()
        }
        View::Appeal { who, channel, link, .. } => {
            format!("{who} says {channel} is about no patient {link}").trim_end().to_owned()
        }
        View::Attested { who, channel, .. } => {
            format!("{who} says {channel} is about no patient, send it again")
        }
        _ => unreachable!("it is no such view"),
    }
}

/// What is said when a post is looked at again.
fn looked_at(view: &View) -> String {
    match view {
        View::NoFit { number, author, why } => format!("{number} does not fit, {author}: {why}"),
        View::RuledOut { number, author, why } => {
            format!("{number} is held for a rule, {author}: {}", why.join(" | "))
        }
        View::SignAgain { number, who, slot } => {
            format!("{number}: asks {who} to sign again before {slot}")
        }
        _ => unreachable!("it is no such view"),
    }
}

/// What an agency's desk shows.
fn at_desk(view: &View) -> String {
    match view {
        View::AtDesk { practice, shows } => format!("{practice}: {}", short(shows)),
        View::Silent => "shows nothing here".to_owned(),
        View::Begun { number } => format!("draft {number} is begun"),
        View::Offer { number, who, changes, differs, .. } => {
            let differs = if *differs { ", which differs" } else { "" };
            let change = |c: &ChangeView| format!("{}: {:?} instead of {:?}", c.what, c.is, c.was);
            let changes: Vec<String> = changes.iter().map(change).collect();
            format!("{number}: {who} offers {}{differs}", changes.join("; "))
        }
        View::OfferDone { number, who, taken } => {
            format!("{number}: {} by {who}", if *taken { "taken" } else { "kept" })
        }
        View::StopAll { stopped, .. } => {
            format!("everything is {}", if *stopped { "stopped" } else { "released" })
        }
        other => unreachable!("{other:?} is not of a desk"),
    }
}

/// What somebody asked for.
fn asked_for(view: &View) -> String {
    match view {
        View::Queue { lines, .. } if lines.iter().any(|line| !starts_with_number(line)) => {
            format!("queue: {}", lines.join(" / "))
        }
        View::Queue { lines, .. } => format!("queue of {}", lines.len()),
        View::Failures { failures, .. } => failed(failures),
        View::Calendar { zone, groups, more } => {
            let more = if more.is_empty() { "" } else { ", more" };
            format!("calendar, {zone}{}{more}", listed(groups))
        }
        View::Digest(view) => digest(view),
        View::DeskDigest(view) => desk_digest(view),
        View::Said { words, posts, narrow } => {
            let more = if *narrow { ", more" } else { "" };
            let posts: Vec<String> =
                posts.iter().map(|post| format!("{} of {}", post.number, post.day)).collect();
            format!("said {words:?}: {}{more}", posts.join(", "))
        }
        View::Certificate { number, left, head, .. } => {
            format!("certificate of {number} at {head}: {}", left.join("; "))
        }
        View::Consents { consents, live, waiting, .. } => {
            let consents: Vec<&str> = consents.iter().map(|consent| &*consent.terms).collect();
            let (live, waiting) = (live.len(), waiting.len());
            format!("consents {}, live {live}, waiting {waiting}", consents.join(" / "))
        }
        View::Accounts(view) => {
            let line =
                |a: &AccountView| format!("{} ({}): {}; {}", a.name, a.place, a.state, a.fits);
            let lines: Vec<String> = view.accounts.iter().map(line).collect();
            format!("accounts: {} | {}", lines.join(" / "), view.connect.join(" / "))
        }
        View::Setup { name, groups, .. } => format!("setup of {name}{}", listed(groups)),
        View::Code(code) => format!("a code for {}, {}", code.name, code.account),
        View::Help { meant, lines } if meant.is_empty() => format!("help of {} lines", lines.len()),
        View::Help { meant, .. } => format!("help, did you mean {meant}?"),
        other => unreachable!("nobody asks for {other:?}"),
    }
}

/// Each part by its name: how many there are, and its lines.
fn digest(view: &DigestView) -> String {
    let parts = [
        ("published", &view.published),
        ("troubled", &view.troubled),
        ("waiting", &view.waiting),
        ("today", &view.today),
        ("accounts", &view.accounts),
        ("notes", &view.notes),
    ];
    let told: Vec<String> = parts.into_iter().filter_map(|(name, of)| part(name, of)).collect();
    let gaps = view.unwatched.iter().map(|gap| format!(" | unwatched {gap}"));
    let gaps = gaps.collect::<Vec<_>>().concat();
    let stopped = if view.stopped.is_empty() { "" } else { " | stopped" };
    let quiet = if view.quiet { " | quiet" } else { "" };
    let told = told.iter().map(|part| format!(" | {part}")).collect::<Vec<_>>().concat();
    let DigestView { day, since, next, .. } = view;
    format!("digest of {day} since {since}{stopped}{gaps}{quiet}{told} | next {next}")
}

fn desk_digest(view: &DeskDigestView) -> String {
    let of = |of: &OfPractice| {
        let parts = [
            ("at risk", &of.risks),
            ("published", &of.published),
            ("troubled", &of.troubled),
            ("waiting", &of.waiting),
            ("accounts", &of.accounts),
        ];
        let told: Vec<String> = parts.into_iter().filter_map(|(name, of)| part(name, of)).collect();
        format!(" | {}: {}", of.practice, told.join(", "))
    };
    let told: String = view.practices.iter().map(of).collect();
    format!("digest of the desk{told} | quiet: {}{}", view.quiet, view.more)
}

fn part(name: &str, of: &DigestPart) -> Option<String> {
    let line = |line: &DigestLine| {
        let number = if line.number > 0 { format!("{} ", line.number) } else { String::new() };
        let at = if line.at.is_empty() { String::new() } else { format!("{} ", line.at) };
        let links = if line.links.is_empty() { "" } else { " (linked)" };
        format!("{at}{number}{}{links}", line.text)
    };
    let lines: Vec<String> = of.lines.iter().map(line).collect();
    let more = if of.more.is_empty() { String::new() } else { format!(", {} more", of.more) };
    let colon = if lines.is_empty() { "" } else { ": " };
    (of.count != "0").then(|| format!("{} {name}{colon}{}{more}", of.count, lines.join("; ")))
}

fn starts_with_number(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit())
}

fn listed(groups: &[Group]) -> String {
    let group = |group: &Group| format!(" | {}: {}", group.title, group.lines.join("; "));
    groups.iter().map(group).collect::<Vec<_>>().concat()
}

fn failed(failures: &[FailureView]) -> String {
    let line = |f: &FailureView| match f.number {
        Some(number) => format!("{number} {} {}", f.account, f.what),
        None => format!("{} {}", f.account, f.what),
    };
    let lines: Vec<String> = failures.iter().map(line).collect();
    if lines.is_empty() {
        "all is mended".to_owned()
    } else {
        format!("alarm: {}", lines.join("; "))
    }
}

fn of(card: &CardView) -> String {
    let part = card.parts.first().map(|p| (p.text.replace('\n', " / "), p.outcome.clone()));
    let (text, outcome) = part.unwrap_or_default();
    let mut line = format!("{}.{} {text:?}", card.number, card.revision);
    let replaced = match card.replaced_by {
        0 => String::new(),
        by => format!("replaced by {by}"),
    };
    let facts = [&card.standing, &card.blocked, &outcome, &replaced];
    for change in &card.changes {
        line = format!("{line} | {:?} is now {:?}", change.was, change.is);
    }
    for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
        line = format!("{line} | {fact}");
    }
    line
}
