//! Practices change: people leave and join, and policies become stricter and looser, by the file
//! that `practice apply` reads.

use std::io::Write;

use countersign::cli::practice::{self, Manner};
use countersign::cli::practice_file::PracticeFile;
use countersign::cli::sample;
use countersign::domain::member::Role;
use countersign::domain::post::{Post, State};
use countersign::domain::practice::{Practice, Purpose};
use toml::{Table, Value};

use crate::acts::say;
use crate::api::Said;
use crate::house::public_key;
use crate::month::Month;

/// Which of the changes asks for more than what was signed.
const TIGHTENS: usize = 4;

/// Whoever runs Countersign changes a practice.
pub async fn one(month: &mut Month) {
    let (at, what) = (month.any(), month.dice.below(5));
    changes(month, at, what).await;
}

/// Where a post waits that one person signed off, two have to sign from now on.
pub async fn of_the_day(month: &mut Month) {
    if let Some(at) = where_it_counts(month).await {
        changes(month, at, TIGHTENS).await;
    }
}

async fn changes(month: &mut Month, at: usize, what: usize) {
    let known = month.practices[at].clone();
    let mut file: Table =
        PracticeFile::of(&known).to_toml().expect("written").parse().expect("read");
    let act = match what {
        0 => leaves(month, &known, &mut file),
        1..=2 => joins(month, &known, &mut file),
        3 => Some(asks_for(&mut file, 1)),
        _ => Some(asks_for(&mut file, 2)),
    };
    let Some(act) = act else { return };
    let said = applies(month, at, &file.to_string()).await;
    month.plays(if said.contains("changed") { act } else { "not changed" });
    for (person, code) in codes(&said) {
        shows(month, &known, (&person, &code)).await;
    }
}

/// A practice with several approvers where a post waits that one of them signed off.
async fn where_it_counts(month: &Month) -> Option<usize> {
    let office = month.house.office();
    for (at, practice) in month.practices.iter().enumerate() {
        let approvers = practice.members.iter().filter(|member| member.is_approver()).count();
        let posts = office.store.open_posts(&practice.id).await.expect("readable");
        let waits = |post: &Post| post.state == State::SignedOff && post.decisions.len() == 1;
        if approvers > 1 && posts.iter().any(waits) {
            return Some(at);
        }
    }
    None
}

/// Applies the file; what was said.
async fn applies(month: &mut Month, at: usize, file: &str) -> String {
    let (office, mut out) = (month.house.office(), Vec::new());
    let agreed = |_: &mut dyn Write| Ok(true);
    let manner = Manner { agreed: &agreed, new_codes: false };
    let applied = practice::apply(&office, &public_key(), file, manner, &mut out).await;
    let found = office.store.practice(&month.practices[at].id).await.expect("readable");
    month.practices[at] = found.expect("a practice");
    match applied {
        Ok(_) => String::from_utf8(out).expect("words"),
        Err(why) => format!("{why:#}"),
    }
}

/// Somebody who is not the last that could do their part leaves.
fn leaves(month: &mut Month, known: &Practice, file: &mut Table) -> Option<&'static str> {
    let approvers = known.members.iter().filter(|member| member.is_approver()).count();
    let may = |role: Role| match role {
        Role::Approver => approvers > 1,
        Role::Staff | Role::Compliance => true,
        Role::Manager => false,
    };
    let those: Vec<_> = known.members.iter().filter(|m| !m.agency && may(m.role)).collect();
    let leaver = those.get(month.dice.below(those.len().max(1)))?.id.as_str();
    members(file).retain(|member| member["id"].as_str() != Some(leaver));
    Some("leaves")
}

/// Somebody who is not there joins, as what they are elsewhere.
fn joins(month: &mut Month, known: &Practice, file: &mut Table) -> Option<&'static str> {
    let is_there = |id: &str| known.members.iter().any(|member| member.id.as_str() == id);
    let absent: Vec<_> = sample::PEOPLE.iter().filter(|(id, ..)| !is_there(id)).collect();
    let (id, name, _, role, _) = absent.get(month.dice.below(absent.len().max(1)))?;
    let mut member = Table::new();
    for (key, value) in [("id", *id), ("name", *name), ("role", role.as_str())] {
        member.insert(key.to_owned(), value.into());
    }
    let identity = Value::from(format!("local:local/{id}"));
    member.insert("identities".to_owned(), Value::Array(vec![identity]));
    members(file).push(Value::Table(member));
    Some("joins")
}

/// From now on so many approvers must sign every post.
fn asks_for(file: &mut Table, needed: i64) -> &'static str {
    let mut demand = Table::new();
    demand.insert("needed".to_owned(), needed.into());
    let mut policy = Table::new();
    policy.insert("normal".to_owned(), Value::Array(vec![Value::Table(demand)]));
    file.insert("policy".to_owned(), Value::Table(policy));
    if needed > 1 { "tightens" } else { "loosens" }
}

fn members(file: &mut Table) -> &mut Vec<Value> {
    file["member"].as_array_mut().expect("people")
}

/// Who was given which code: `NAME, local:local/USER: /post confirm CODE`.
fn codes(said: &str) -> Vec<(String, String)> {
    let read = |line: &str| {
        let (who, code) = line.split_once(": /post confirm ")?;
        let (_, person) = who.rsplit_once('/')?;
        Some((person.to_owned(), code.trim().to_owned()))
    };
    said.lines().filter_map(read).collect()
}

/// They show that the account is theirs; not always at the first try, and not always at all.
async fn shows(month: &mut Month, practice: &Practice, (person, code): (&str, &str)) {
    let channel = practice.channel(Purpose::Approvals).expect("it has one").channel.clone();
    let tries: &[&str] = match month.dice.below(6) {
        0 => &[],
        1 => &["BCDFG-HJKLM", code],
        _ => &[code],
    };
    for code in tries {
        let text = format!("/post confirm {code}");
        say(month, person, Said { channel: &channel, text: &text, ..Said::default() }).await;
        month.plays("confirm");
    }
}
