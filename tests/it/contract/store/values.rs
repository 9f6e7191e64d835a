//! The values that the tests of a store are made of.

use std::fmt::Debug;

use countersign::domain::content::Picture;
use countersign::domain::entry::{Fact, Subject, What};
use countersign::domain::ids::{AccountId, EventId, MemberId, PracticeId};
use countersign::domain::ledger::{Body, NewEntry};
use countersign::domain::listing::List;
use countersign::domain::member::{Identity, Member, Platform, Role};
use countersign::domain::network::Network;
use countersign::domain::outbox::Row;
use countersign::domain::policy::{Dated, Policy};
use countersign::domain::post::{Decision, Post, Verdict};
use countersign::domain::practice::{Account, ChannelRef, Practice, Purpose};
use countersign::domain::quiet::Quiet;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{ChatEvent, Happening};
use countersign::ports::store::{Card, OutboxWrite, Screened, StoreError, Stored};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a small number")
}

/// Somebody else was first.
#[track_caller]
pub fn conflict<T: Debug>(result: &Stored<T>) {
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
}

pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn entry(what: What, post: Option<&Post>) -> NewEntry {
    let subject = post.map(|post| Subject {
        post: post.id.clone(),
        revision: post.revision,
        state: post.state,
    });
    NewEntry {
        actor: "tomas".to_owned(),
        fact: Fact { what, subject },
        body: Body { name: "Tomas".to_owned(), ..Body::default() },
    }
}

pub fn signed(member: &str, second: i64) -> Decision {
    Decision {
        member: MemberId::new(member),
        verdict: Verdict::Signed,
        by_reaction: true,
        by_button: false,
        recovered: false,
        own_words: false,
        at: at(second),
    }
}

pub fn message(id: &str) -> MessageRef {
    MessageRef { channel: channel("northside", "approvals"), message: id.to_owned() }
}

pub fn card(id: &str, post: &Post) -> Card {
    Card {
        at: message(id),
        post: post.id.clone(),
        revision: post.revision,
        hash: post.hash.map(|hash| hash.to_string()).unwrap_or_default(),
        open: true,
    }
}

pub fn said(id: &str) -> Screened {
    Screened::Clean(ChatEvent {
        id: EventId::new(id),
        at: at(5),
        from: identity("northside", "tomas"),
        is_bot: false,
        channel: channel("northside", "ideas"),
        what: Happening::Said {
            message: message(id),
            thread: None,
            text: "Flu shots this Saturday.".to_owned(),
            files: Vec::new(),
        },
    })
}

pub fn picture(sha256: &str) -> Picture {
    Picture {
        sha256: sha256.to_owned(),
        media_type: "image/png".to_owned(),
        alt: "A nurse".to_owned(),
    }
}

/// A practice with a person of each role.
pub fn practice(id: &PracticeId) -> Practice {
    let member = |name: &str, role, agency| Member {
        identities: vec![identity(id.as_str(), name)],
        ..Member::new(MemberId::new(name), name, role, agency)
    };
    let physicians = vec![MemberId::new("rao"), MemberId::new("kim")];
    Practice {
        name: "Northside Family Practice".to_owned(),
        zone: TimeZone::get("America/Chicago").expect("a bundled zone"),
        policies: vec![Dated::always(Policy::some(1, physicians))],
        quiet: Some(Quiet { from: Time::constant(21, 0, 0, 0), to: Time::constant(7, 30, 0, 0) }),
        members: vec![
            member("tomas", Role::Staff, false),
            member("maya", Role::Staff, true),
            member("rao", Role::Approver, false),
            member("kim", Role::Approver, false),
            member("lena", Role::Manager, false),
        ],
        accounts: vec![Account {
            id: AccountId::new("page"),
            network: Network::Local,
            name: "Practice page".to_owned(),
            server: "local".to_owned(),
            remote_id: "page-1".to_owned(),
        }],
        channels: vec![
            (Purpose::Ideas, channel(id.as_str(), "ideas")),
            (Purpose::Approvals, channel(id.as_str(), "approvals")),
        ],
        lists: [(List::Phones, vec!["512 555 0147".to_owned()])].into(),
        ..Practice::new(id.clone(), true)
    }
}

pub fn channel(workspace: &str, channel: &str) -> ChannelRef {
    ChannelRef {
        platform: Platform::Local,
        workspace: workspace.to_owned(),
        channel: channel.to_owned(),
    }
}

pub fn identity(workspace: &str, user: &str) -> Identity {
    Identity { platform: Platform::Local, workspace: workspace.to_owned(), user: user.to_owned() }
}

/// A wish.
pub fn put(row: Row, again: bool) -> OutboxWrite {
    let row = Box::new(row);
    OutboxWrite::Put { row, again }
}

/// A holder's write that changes nothing.
pub fn shift(row: &Row) -> OutboxWrite {
    shift_to(row, row.clone())
}

/// A holder's write, by one who knows the row as it is.
pub fn shift_to(row: &Row, to: Row) -> OutboxWrite {
    OutboxWrite::Move { id: row.id.clone(), from: row.state, fence: row.fence, to: Box::new(to) }
}
