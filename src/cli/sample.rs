//! The sample practice: everyone in it is made up, and nothing of it reaches a real network.

use jiff::tz::TimeZone;

pub use crate::app::founding::entries;
use crate::chat::local::{Channel, Kind, Person};
pub use crate::chat::local::{channel, identity};
use crate::domain::ids::{AccountId, MemberId, PracticeId};
use crate::domain::member::{Member, Role};
use crate::domain::network::Network;
use crate::domain::policy::{Dated, Policy};
use crate::domain::practice::{Account, Practice, Purpose};

/// The sample practice's id.
pub const ID: &str = "northside";

/// Who is there: id, name, what they do, role, of an agency.
pub const PEOPLE: [(&str, &str, &str, Role, bool); 7] = [
    ("tomas", "Tomas", "front desk", Role::Staff, false),
    ("maya", "Maya", "agency strategist", Role::Staff, true),
    ("dr-rao", "Dr. Rao", "physician", Role::Approver, false),
    ("dr-kim", "Dr. Kim", "physician", Role::Approver, false),
    ("dr-diaz", "Dr. Diaz", "physician", Role::Approver, false),
    ("ana", "Ana", "compliance", Role::Compliance, false),
    ("lena", "Lena", "manager", Role::Manager, false),
];

/// Everybody and every channel of the local workspace; a guest and a robot are there as well, so
/// that one can see what happens when they try.
pub fn workspace() -> (Vec<Person>, Vec<Channel>) {
    let person = |id: &str, name: &str, what: &str, kind| Person {
        id: id.to_owned(),
        name: name.to_owned(),
        what: what.to_owned(),
        kind,
    };
    let known = PEOPLE.iter().map(|(id, name, what, ..)| person(id, name, what, Kind::Person));
    let others = [
        person("guest", "A guest", "not a member", Kind::Guest),
        person("robot", "A robot", "another program", Kind::Robot),
    ];
    let room = |id: &str, what: &str| Channel {
        id: id.to_owned(),
        name: id.to_owned(),
        what: what.to_owned(),
        practice: None,
        people: None,
    };
    let channels = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];
    let channels = channels.map(|purpose| room(purpose.as_str(), what(purpose))).to_vec();
    (known.chain(others).collect(), channels)
}

/// What a channel is for, in a few words.
pub fn what(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Ideas => "Staff and experts write here",
        Purpose::Approvals => "Physicians sign here",
        Purpose::Digest => "What went out, each morning",
        Purpose::Desk => "The agency works here",
    }
}

/// The sample practice.
pub fn practice() -> Practice {
    let members = PEOPLE.iter().map(|(id, name, _, role, agency)| Member {
        identities: vec![identity(id)],
        ..Member::new(MemberId::new(*id), name, *role, *agency)
    });
    let physicians = vec![MemberId::new("dr-rao"), MemberId::new("dr-kim")];
    let channels = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];
    Practice {
        name: "Northside Family Practice".to_owned(),
        zone: TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC),
        policies: vec![Dated::always(Policy::some(1, physicians))],
        members: members.collect(),
        accounts: vec![Account {
            id: AccountId::new("practice-page"),
            network: Network::Local,
            name: "Practice page".to_owned(),
            server: "local".to_owned(),
            remote_id: "practice-page".to_owned(),
        }],
        channels: channels.map(|p| (p, channel(p.as_str()))).to_vec(),
        ..Practice::new(PracticeId::new(ID), true)
    }
}
