//! The sample agency: three practices, and the desk from which Maya works for all of them.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::sample;
use crate::chat::local::{Channel, Person, channel, identity};
use crate::domain::agency::Agency;
use crate::domain::ids::{AccountId, AgencyId, MemberId, PracticeId};
use crate::domain::member::Member;
use crate::domain::policy::{Dated, Policy};
use crate::domain::practice::{Account, Practice, Purpose};

/// The channel that is the desk.
pub const DESK: &str = "desk";
/// Who works at the desk.
const AT_DESK: [&str; 1] = ["maya"];
/// What a practice uses its channels for.
const PURPOSES: [Purpose; 3] = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];

/// Practices beside the sample practice: id, name, zone, and who of everybody is there.
const OTHERS: [(&str, &str, &str, &[&str]); 2] = [
    (
        "lakeside",
        "Lakeside Women's Health",
        "America/New_York",
        &["dr-diaz", "lena", "ana", "maya"],
    ),
    ("hillcrest", "Hillcrest Pediatrics", "America/Denver", &["dr-kim", "lena", "maya"]),
];

/// The agency.
pub fn agency() -> Agency {
    Agency {
        id: AgencyId::new("birch-lane"),
        name: "Birch Lane Communications".to_owned(),
        practices: practices().into_iter().map(|practice| practice.id).collect(),
        desks: BTreeSet::from([channel(DESK)]),
    }
}

/// Its practices: the sample practice, and two more.
pub fn practices() -> Vec<Practice> {
    let others = OTHERS.iter().map(|(id, name, zone, people)| {
        practice((id, name, TimeZone::get(zone).unwrap_or(TimeZone::UTC)), people)
    });
    std::iter::once(sample::practice()).chain(others).collect()
}

/// A sample practice with these of the people, and channels of its own.
pub fn practice((id, name, zone): (&str, &str, TimeZone), people: &[&str]) -> Practice {
    let members = sample::practice().members;
    let page = format!("{id}-page");
    Practice {
        id: PracticeId::new(id),
        name: name.to_owned(),
        zone,
        policies: vec![Dated::always(Policy::some(1, Vec::new()))],
        members: members.into_iter().filter(|m| people.contains(&m.id.as_str())).collect(),
        accounts: vec![Account {
            id: AccountId::new(page.clone()),
            name: format!("{} page", title(id)),
            remote_id: page,
            ..sample::practice().accounts.remove(0)
        }],
        channels: PURPOSES.map(|p| (p, channel(&format!("{id}-{p}")))).to_vec(),
        ..sample::practice()
    }
}

/// Everybody and every channel of the local workspace, and who is in which.
pub fn workspace() -> (Vec<Person>, Vec<Channel>) {
    let (people, own) = sample::workspace();
    let named = |room: Channel| Channel { practice: Some("Northside".to_owned()), ..room };
    let mut channels: Vec<Channel> = own.into_iter().map(named).collect();
    for (id, _, _, members) in OTHERS {
        let with_guest = members.iter().copied().chain(["guest"]);
        let members: Vec<String> = with_guest.map(str::to_owned).collect();
        channels.extend(PURPOSES.map(|purpose| {
            let what = sample::what(purpose);
            let what = format!("{}: {}", title(id), what);
            room(&format!("{id}-{purpose}"), &what, (Some(title(id)), &members))
        }));
    }
    let at_desk = AT_DESK.map(str::to_owned);
    let what = "The agency's desk: /post new northside, lakeside: TEXT";
    channels.push(room(DESK, what, (None, &at_desk)));
    (people, channels)
}

fn room(id: &str, what: &str, (practice, people): (Option<String>, &[String])) -> Channel {
    let (id, name) = (id.to_owned(), id.to_owned());
    Channel { id, name, what: what.to_owned(), practice, people: Some(people.to_vec()) }
}

fn title(id: &str) -> String {
    let (first, rest) = id.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// The agency's member of a practice; for worlds in which somebody else is too.
pub fn of_agency(id: &str, name: &str) -> Member {
    let maya = sample::practice().members.into_iter().find(|m| m.agency);
    let maya = maya.expect("the sample practice has an agency's member");
    let identities = vec![identity(id)];
    Member { id: MemberId::new(id), name: name.to_owned(), identities, ..maya }
}
