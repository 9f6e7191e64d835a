//! The sample practice: everyone in it is made up, and nothing of it reaches a real network.

use jiff::tz::TimeZone;

use crate::chat::local::{Channel, Kind, Person};
pub use crate::chat::local::{channel, identity};
use crate::domain::entry::{Fact, What};
use crate::domain::ids::{AccountId, MemberId, PracticeId};
use crate::domain::ledger::{Body, NewEntry};
use crate::domain::member::{Member, Role};
use crate::domain::network::Network;
use crate::domain::policy::Policy;
use crate::domain::practice::{Account, Practice, Purpose};
use crate::ports::clock::Chance;

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
    };
    let channels = vec![
        room("ideas", "Staff and experts write here"),
        room("approvals", "Physicians sign here"),
        room("digest", "What went out, each morning"),
    ];
    (known.chain(others).collect(), channels)
}

/// The sample practice.
pub fn practice() -> Practice {
    let members = PEOPLE.iter().map(|(id, name, _, role, agency)| Member {
        id: MemberId::new(*id),
        name: (*name).to_owned(),
        role: *role,
        agency: *agency,
        identities: vec![identity(id)],
    });
    let channels = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];
    Practice {
        id: PracticeId::new(ID),
        name: "Northside Family Practice".to_owned(),
        zone: TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC),
        sample: true,
        policy: Policy { needed: 1, of: vec![MemberId::new("dr-rao"), MemberId::new("dr-kim")] },
        quiet: None,
        stopped: false,
        members: members.collect(),
        accounts: vec![Account {
            id: AccountId::new("practice-page"),
            network: Network::Local,
            name: "Practice page".to_owned(),
            server: "local".to_owned(),
            remote_id: "practice-page".to_owned(),
        }],
        channels: channels.map(|p| (p, channel(p.as_str()))).to_vec(),
        version: 1,
    }
}

/// The first entries of its chain: who is there and what the policy asks.
pub fn entries(practice: &Practice, public_key: &str, chance: &dyn Chance) -> Vec<NewEntry> {
    let entry = |what: What, name: &str, role: &str| NewEntry {
        actor: "countersign".to_owned(),
        fact: Fact { what, subject: None },
        body: Body {
            salt: chance.bytes(),
            name: name.to_owned(),
            role: role.to_owned(),
            note: String::new(),
        },
    };
    let mut entries = vec![
        entry(What::Opened { key: public_key.to_owned() }, "", ""),
        entry(What::PracticeMade { sample: practice.sample }, &practice.name, ""),
    ];
    entries.extend(practice.members.iter().map(|m| {
        let what = What::MemberJoined { member: m.id.clone(), role: m.role, agency: m.agency };
        entry(what, &m.name, m.role.as_str())
    }));
    entries.extend(practice.accounts.iter().map(|a| {
        entry(What::AccountConnected { account: a.id.clone(), network: a.network }, &a.name, "")
    }));
    let needed = i64::try_from(practice.policy.needed).unwrap_or(i64::MAX);
    entries.push(entry(What::PolicySet { needed, of: practice.policy.of.clone() }, "", ""));
    entries
}
