//! What people do, and what comes of it: the transcript is the test.

mod alarm;
mod away;
mod leaving;
mod poison;
mod restored;
mod signing;
mod stale;
mod times;
mod trouble;
mod writing;

use crate::support::TestPractice;

/// A signed post that leaves in an hour.
async fn signed(practice: &TestPractice) {
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "+1h")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();
}
