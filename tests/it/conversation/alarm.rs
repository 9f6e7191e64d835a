//! What went wrong is raised at once, in one message a day that is kept as it stands.

use countersign::domain::member::Role;
use countersign::domain::outbox::Certainty;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::{Does, TestPractice};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_refused_post_is_raised_and_mended_in_the_same_message() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses]);

    practice.waits(HOUR).await;
    practice.person("lena").presses("Now").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_second_failure_of_the_day_stands_in_the_first_message() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses, Does::Refuses]);
    practice.waits(HOUR).await;
    practice.transcript();

    signed(&practice).await;
    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn another_day_has_its_own_message_and_mending_says_so_where_it_was_said() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses, Does::Refuses]);
    practice.waits(HOUR).await;
    practice.waits(DAY).await;
    practice.transcript();

    signed(&practice).await;
    practice.waits(HOUR).await;
    practice.waits(DAY).await;
    practice.person("lena").presses("Withdraw (post 1)").await;
    practice.settle().await;
    practice.person("lena").presses("Withdraw").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn silence_that_lasts_is_a_failure_until_it_is_known() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);
    practice.network.blind(true);

    practice.waits(HOUR).await;
    for _ in 0..9 {
        practice.waits(SignedDuration::from_mins(6)).await;
    }
    practice.network.blind(false);
    practice.waits(SignedDuration::from_mins(16)).await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn what_countersign_holds_is_raised() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    let maya = practice.person("maya");
    maya.fills("Edit", &[("text", "MRN 12345678: flu shots this Saturday.")]).await;
    practice.settle().await;
    practice.person("lena").presses("Lift the hold").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn without_a_manager_the_approvers_hear_of_it() {
    let practice = TestPractice::open_with(|practice| {
        practice.members.retain(|m| !matches!(m.role, Role::Manager | Role::Compliance));
    })
    .await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently]);

    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn a_message_that_somebody_deleted_is_said_anew() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses]);
    practice.waits(HOUR).await;
    let (message, _) = practice.chat.button("lena", "Now");
    practice.chat.delete(&message);
    practice.transcript();

    practice.person("lena").presses("Withdraw").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}
