//! The sample practice, as plain values.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::acts::{Ballot, Case};
use crate::domain::consent::Vouched;
use crate::domain::draft::{Draft, Picture, Ruled, Ruling};
use crate::domain::ids::{AccountId, MemberId, PostId, PracticeId, RowId};
use crate::domain::member::{Member, Role};
use crate::domain::network::Network;
use crate::domain::outbox::RowState;
use crate::domain::policy::{Dated, Policy, Risk};
use crate::domain::post::{Post, Publication};
use crate::domain::practice::{Account, Practice};
use crate::domain::state::Source;

/// Everybody, approvers first.
pub const PEOPLE: [(&str, Role, bool); 7] = [
    ("rao", Role::Approver, false),
    ("kim", Role::Approver, false),
    ("diaz", Role::Approver, false),
    ("tomas", Role::Staff, false),
    ("lena", Role::Manager, false),
    ("ana", Role::Compliance, false),
    ("maya", Role::Staff, true),
];

/// Monday morning, before anything happened.
pub fn monday() -> Timestamp {
    "2026-11-23T14:00:00Z".parse().expect("a timestamp")
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub fn id(name: &str) -> MemberId {
    MemberId::new(name)
}

pub fn practice(needed: usize) -> Practice {
    let called = |name: &str| match name {
        "kim" => "Dr. Kim".to_owned(),
        other => other.to_owned(),
    };
    let member = |(name, role, agency)| Member::new(id(name), &called(name), role, agency);
    let account = |name: &str| Account {
        id: AccountId::new(name),
        network: Network::Local,
        name: name.to_owned(),
        server: "http://127.0.0.1:7421".to_owned(),
        remote_id: name.to_owned(),
    };
    Practice {
        name: "Northside Family Medicine".to_owned(),
        policies: vec![Dated::always(Policy::some(needed, Vec::new()))],
        members: PEOPLE.into_iter().map(member).collect(),
        accounts: vec![account("page"), account("second-page")],
        ..Practice::new(PracticeId::new("northside"), true)
    }
}

pub fn words(text: &str) -> Draft {
    Draft {
        text: text.to_owned(),
        pictures: vec![Picture {
            sha256: "ab".repeat(32),
            media_type: "image/png".to_owned(),
            alt: "The waiting room".to_owned(),
        }],
        vouched: BTreeMap::from([(
            "ab".repeat(32),
            Vouched { by: MemberId::new("tomas"), consents: Vec::new() },
        )]),
        disclosure: String::new(),
        accounts: vec![AccountId::new("page"), AccountId::new("second-page")],
        ..Draft::default()
    }
}

/// No rule says anything.
pub fn none() -> Ruling {
    Ruling::default()
}

/// Words of which no rule says anything.
pub fn clean(draft: Draft) -> Ruled {
    Ruled { draft, ruling: none() }
}

/// What the rules say: one blocks what is from 5.
pub fn ruling(draft: &Draft) -> Ruling {
    let rule = draft.text.contains("from 5").then(|| "offer.federal".to_owned());
    let rules: Vec<String> = rule.into_iter().collect();
    Ruling { blocks: rules.clone(), rules, risk: Risk::Normal }
}

/// Post 41, in the words of its author.
pub fn post(author: &str) -> Post {
    let (practice, post) = (PracticeId::new("northside"), PostId::new("p41"));
    let mut post = Post::new(practice, post, 41, id(author));
    post.draft = words("Flu shots this Saturday.");
    post
}

pub fn case<'a>(practice: &'a Practice, post: &'a Post) -> Case<'a> {
    Case { practice, post, now: monday() }
}

/// A tap on the current card.
pub fn ballot(post: &Post, source: Source) -> Ballot {
    Ballot {
        revision: post.revision,
        hash: post.hash.expect("in review"),
        source,
        recovered: false,
        own_words: false,
    }
}

/// A row of the current revision for this account.
pub fn row(post: &Post, account: &str, state: RowState) -> Publication {
    Publication {
        id: RowId::new(format!("row-{account}")),
        account: AccountId::new(account),
        revision: post.revision,
        state,
    }
}
