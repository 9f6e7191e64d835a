//! What lists are made of, as a view shows them.

use serde::{Deserialize, Serialize};

/// A line, and where what it is about stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedLine {
    /// The line.
    pub line: String,
    /// The address; empty where there is none, or nobody could say now.
    pub link: String,
}

/// A consent in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// As it stands on the paper.
    pub code: String,
    /// What for, where and until when.
    pub terms: String,
    /// `2026-11-24`, the day on which it was revoked; empty when it was not.
    pub revoked: String,
}

/// Lines under a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The title.
    pub title: String,
    /// The lines.
    pub lines: Vec<String>,
}

/// A post that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidView {
    /// The practice's number of the post.
    pub number: i64,
    /// `Tue 24 Nov 2026`.
    pub day: String,
    /// How it begins, in one line.
    pub words: String,
    /// It was taken down since.
    pub taken_down: bool,
    /// Where people see it.
    pub urls: Vec<String>,
}

/// What went wrong with a post, or with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureView {
    /// The practice's number of the post; nothing when it is about an account as such.
    pub number: Option<i64>,
    /// The account's name; empty when it is about the whole post.
    pub account: String,
    /// What is wrong, without a full stop: `was refused: the account is closed`.
    pub what: String,
}

/// A one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeView {
    /// Whose account it is for.
    pub name: String,
    /// The account, as settings name it.
    pub account: String,
    /// The code.
    pub code: String,
    /// Until when it is worth something, with the zone.
    pub until: String,
}

/// A practice's accounts on networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsView {
    /// Each of them.
    pub accounts: Vec<AccountView>,
    /// What whoever runs Countersign types to connect one: the words after `countersign account
    /// add`, a line each.
    pub connect: Vec<String>,
}

/// An account on a network, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// As cards name it.
    pub name: String,
    /// The network, and where that is several, the server.
    pub place: String,
    /// How it stands, without a full stop: `connected since Mon 2 Nov 2026`.
    pub state: String,
    /// What fits there: `500 characters, 4 pictures`.
    pub fits: String,
}

/// What is told of a database that was put back from a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredView {
    /// When the copy was taken, with the practice's zone.
    pub copied: String,
    /// Where the ledger goes on, `#128 1f3a9c07`.
    pub last: String,
    /// What is not here: `entries #129 to #140 of the former run`.
    pub missing: String,
    /// Posts that are held for it: `posts 41 and 42`; empty when there are none.
    pub held: String,
}
