//! A change of the practice in words. Pure: finished strings, no decisions.

use jiff::Timestamp;

use crate::domain::change::Changed;
use crate::domain::ids::MemberId;
use crate::domain::listing::{self, List};
use crate::domain::member::{Identity, Role};
use crate::domain::policy::{Demand, Needed, Policy, Risk};
use crate::domain::practice::{ChannelRef, Practice};
use crate::domain::setting::{Named, Setting};
use crate::domain::window::shown;
use crate::ports::notice::View;

/// What is told in chat about a change.
pub fn view(practice: &Practice, changed: &Changed, who: &str, now: Timestamp) -> View {
    let who = who.to_owned();
    let from = changed.later(now).map(|from| shown(from, &changed.after.zone)).unwrap_or_default();
    View::Changed { who, lines: lines(practice, changed, now), from }
}

/// What was set, a line each; what counts later says from when.
pub fn lines(practice: &Practice, changed: &Changed, now: Timestamp) -> Vec<String> {
    let all = changed.set.iter();
    let line = |named: &Named| {
        let later = from_when(&named.setting, &changed.after, now);
        format!("{}{later}", line(practice, &changed.after, named))
    };
    all.map(line).collect()
}

fn line(before: &Practice, after: &Practice, Named { setting, called }: &Named) -> String {
    let name = |who: &MemberId| match before.member(who) {
        Some(_) => before.name_of(who),
        None => after.name_of(who),
    };
    match setting {
        Setting::PracticeNamed => format!("the practice is called {called}"),
        Setting::ZoneSet { zone } => format!("its zone is {zone}"),
        Setting::QuietSet { quiet: None } => "no quiet hours any more".to_owned(),
        Setting::QuietSet { quiet: Some(quiet) } => {
            let clock = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
            format!("quiet hours from {} to {}", clock(quiet.from), clock(quiet.to))
        }
        Setting::DigestSet { hour } => format!("its digest comes at {hour}"),
        Setting::OwnWordsAllowed { .. } => "its only approver may sign own words".to_owned(),
        Setting::OwnWordsForbidden => "nobody may sign own words".to_owned(),
        Setting::PackAdded { state } => format!("the rules of {} count", state.to_uppercase()),
        Setting::PackRemoved { state, .. } => {
            format!("the rules of {} do not count", state.to_uppercase())
        }
        Setting::ListSet { list } => told_list(*list, called),
        Setting::ConsentGiven { consent, until, .. } => {
            let last = after.consent(consent).map(|c| c.last_day(&after.zone));
            let last = last.unwrap_or_else(|| after.zone.to_datetime(*until).date());
            format!("pictures may be shown by consent {consent} until {last}, for {called}")
        }
        Setting::ConsentRevoked { consent } => format!("consent {consent} is revoked"),
        Setting::PolicySet { policy, .. } => asks(after, policy),
        Setting::PolicyKept => "the policy stays as it is".to_owned(),
        Setting::MemberJoined { role, agency, .. } => {
            format!("{called} joined as {}", what(*role, *agency))
        }
        Setting::MemberNamed { member } => format!("{} is called {called}", name(member)),
        Setting::RoleSet { member, role, agency, .. } => {
            format!("{} is {}", name(member), what(*role, *agency))
        }
        Setting::MemberLeft { member } => format!("{} left", name(member)),
        Setting::IdentityAdded { member, identity, .. } => {
            format!("{} acts from {} too", name(member), place(identity))
        }
        Setting::IdentityConfirmed { member, identity } => {
            format!("{} has shown that {} is theirs", name(member), place(identity))
        }
        Setting::IdentityRemoved { member, identity } => {
            format!("{} does not act from {} any more", name(member), place(identity))
        }
        Setting::AccountConnected { network, .. } => {
            format!("the account {called} on {network} is connected")
        }
        Setting::AccountNamed { account } => format!("the account {account} is called {called}"),
        Setting::AccountRemoved { account } => {
            format!("the account {} is disconnected", before.name_of_account(Some(account)))
        }
        Setting::ChannelBound { purpose, channel } => {
            format!("{} is its channel for {purpose}", there(channel))
        }
        Setting::ChannelUnbound { purpose, channel } => {
            format!("{} is not its channel for {purpose} any more", there(channel))
        }
    }
}

fn told_list(list: List, called: &str) -> String {
    let (own, lines) = (list_name(list), listing::lines(called));
    if lines.is_empty() {
        format!("no {own} any more")
    } else {
        format!("{own}: {}", lines.join("; "))
    }
}

/// A list by what people call it.
pub fn list_name(list: List) -> &'static str {
    match list {
        List::Phones => "own numbers",
        List::Addresses => "own addresses",
        List::Watched => "watched words",
    }
}

/// Empty for what counts at once.
fn from_when(setting: &Setting, practice: &Practice, now: Timestamp) -> String {
    let Some(from) = setting.counts_from().filter(|from| *from > now) else {
        return String::new();
    };
    let from = shown(from, &practice.zone);
    match setting {
        Setting::IdentityAdded { .. } => format!(", which counts from {from} on"),
        _ => format!(", for what is made from {from} on"),
    }
}

fn what(role: Role, agency: bool) -> String {
    if agency { format!("{role}, of an agency") } else { role.to_string() }
}

/// Who must sign, in words.
pub fn asks(practice: &Practice, policy: &Policy) -> String {
    let of = |risk| demands(practice, policy.demands(risk));
    let (low, normal, high) = (of(Risk::Low), of(Risk::Normal), of(Risk::High));
    if low == normal && normal == high {
        return format!("every post needs {normal}");
    }
    format!("a post of low risk needs {low}; of normal risk {normal}; of high risk {high}")
}

fn demands(practice: &Practice, demands: &[Demand]) -> String {
    let one = |demand: &Demand| match demand {
        Demand::Compliance => "compliance".to_owned(),
        Demand::Approvers { needed, of } => {
            let names: Vec<String> = of.iter().map(|who| practice.name_of(who)).collect();
            let of = if names.is_empty() { "its approvers".to_owned() } else { names.join(", ") };
            match needed {
                Needed::All => format!("all of {of}"),
                Needed::Some(needed) => format!("{needed} of {of}"),
            }
        }
    };
    demands.iter().map(one).collect::<Vec<_>>().join(", and ")
}

/// As the settings file names it.
pub fn place(identity: &Identity) -> String {
    format!("{}:{}/{}", identity.platform, identity.workspace, identity.user)
}

/// As the settings file names it.
pub fn there(channel: &ChannelRef) -> String {
    format!("{}:{}/{}", channel.platform, channel.workspace, channel.channel)
}
