//! What people do, and what comes of it: the transcript is the test.

mod accounts;
mod alarm;
mod amending;
mod appealing;
mod asking;
mod away;
mod changes;
mod checks;
mod clients;
mod confirming;
mod consents;
mod desk;
mod desk_edits;
mod digests;
mod doubt;
mod flood;
mod forms;
mod founding;
mod late;
mod leaving;
mod leftover;
mod master;
mod operator;
mod overriding;
mod own_words;
mod picking;
mod pictures;
mod pictures_at_desks;
mod poison;
mod policies;
mod received;
mod restored;
mod setup;
mod signing;
mod stale;
mod times;
mod trouble;
mod walls;
mod writing;

use countersign::domain::ids::AccountId;
use countersign::domain::practice::{Account, Practice};
use countersign::domain::quiet::Quiet;
use jiff::civil::Time;

use crate::support::TestPractice;

/// A second page of the practice.
fn with_a_board(practice: &mut Practice) {
    let page = practice.accounts[0].clone();
    let (id, name) = (AccountId::new("board"), "Notice board".to_owned());
    practice.accounts.push(Account { id, name, remote_id: "board".to_owned(), ..page });
}

/// A signed post that leaves in an hour.
async fn signed(practice: &TestPractice) {
    planned_and_signed(practice, &[("slot", "+1h")]).await;
}

/// A post that Dr. Rao signed, with these fields filled in.
async fn planned_and_signed(practice: &TestPractice, fields: &[(&str, &str)]) {
    planned(practice, fields).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();
}

/// A post in review, with these fields filled in.
async fn planned(practice: &TestPractice, fields: &[(&str, &str)]) {
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.fills("Edit", fields).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();
}

fn quiet_at_night(practice: &mut Practice) {
    let (from, to) = (Time::constant(21, 0, 0, 0), Time::constant(7, 0, 0, 0));
    practice.quiet = Some(Quiet { from, to });
}
