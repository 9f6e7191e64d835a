//! Master drafts: one message of a desk, a draft each, and what becomes of a change.

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{TestPractice, message_in, over_slack};

#[tokio::test]
async fn a_change_is_offered_and_each_practice_decides() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new northside, lakeside: Flu shots on Monday.").await;
    agency.settle().await;
    agency.person("tomas").says("ideas", "/post edit 1 Flu shots on Monday, free.").await;
    agency.settle().await;
    agency.transcript();

    maya.rewrites("desk", &master, "/post new northside, lakeside: Flu shots on Sunday.").await;
    agency.settle().await;
    agency.person("lena").presses_in("lakeside-ideas", "Take the change").await;
    agency.person("tomas").presses_in("ideas", "Keep ours").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        rewrites m1: /post new northside, lakeside: Flu shots on Sunday.
    countersign 1: Maya offers "Flu shots on Sunday." instead of "Flu shots on Monday." [Take the change] [Keep ours]
    countersign 1: Maya offers "Flu shots on Sunday." instead of "Flu shots on Monday, free.", which differs [Take the change] [Keep ours]
    lena        [Take the change]
    tomas       [Keep ours]
    countersign now draft 1.0 "Flu shots on Sunday." [Send for signature] [Edit] [Withdraw]
    countersign now 1: taken by Lena
    countersign now 1: kept by Tomas
    "#);
    let text = async |practice| agency.post_of(practice, 1).await.expect("a post").draft.text;
    assert_eq!(text("northside").await, "Flu shots on Monday, free.");
    assert_eq!(text("lakeside").await, "Flu shots on Sunday.");
}

#[tokio::test]
async fn a_taken_change_of_a_signed_post_is_signed_anew() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new lakeside: Flu shots on Monday.").await;
    agency.settle().await;
    maya.fills("Edit", &[("slot", "+3h")]).await;
    agency.settle().await;
    maya.presses_in("desk", "Send for signature").await;
    agency.settle().await;
    agency.person("dr-diaz").signs().await;
    agency.settle().await;
    agency.transcript();

    maya.replies(&message_in("desk", &master), "/post edit all Flu shots on Sunday.").await;
    agency.settle().await;
    maya.presses("Take the change").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post edit all Flu shots on Sunday.
    countersign 1: Maya offers "Flu shots on Sunday." instead of "Flu shots on Monday." [Take the change] [Keep ours]
    maya        [Take the change]
    countersign now card 1.1 "Flu shots on Monday." | replaced by 2
    countersign card 1.2 "Flu shots on Sunday." | "Flu shots on Monday." is now "Flu shots on Sunday." | needs 1 of: Dr. Diaz [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now 1: taken by Maya
    "#);
}

#[tokio::test]
async fn a_published_draft_says_so_at_the_desk() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new lakeside: Flu shots on Monday.").await;
    agency.settle().await;
    maya.presses_in("desk", "Send for signature").await;
    agency.settle().await;
    agency.person("dr-diaz").signs().await;
    agency.waits(SignedDuration::from_mins(1)).await;
    agency.transcript();

    maya.rewrites("desk", &master, "/post new lakeside: Flu shots on Sunday.").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        rewrites m1: /post new lakeside: Flu shots on Sunday.
    countersign (to maya) lakeside: no effect on 1: it is published already, so the change is not offered there
    ");
}

#[tokio::test]
async fn a_deleted_master_takes_only_its_offers_along() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new lakeside: Flu shots on Monday.").await;
    agency.settle().await;
    maya.rewrites("desk", &master, "/post new lakeside: Flu shots on Sunday.").await;
    agency.settle().await;
    agency.transcript();

    maya.deletes(&message_in("desk", &master)).await;
    agency.settle().await;
    agency.person("lena").presses("Take the change").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        deletes m1
    lena        [Take the change]
    countersign (to lena) no effect on 1: that offer is over: the message it came from was changed again or deleted
    ");
    let post = agency.post_of("lakeside", 1).await.expect("stays");
    assert_eq!(post.draft.text, "Flu shots on Monday.");
}

#[tokio::test]
async fn an_older_offer_is_over_once_there_is_a_newer_one() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new lakeside: Monday.").await;
    agency.settle().await;
    maya.rewrites("desk", &master, "/post new lakeside: Tuesday.").await;
    agency.settle().await;
    let (message, button) = agency.chat.button("lena", "Take the change");
    maya.rewrites("desk", &master, "/post new lakeside: Sunday.").await;
    agency.settle().await;
    agency.transcript();

    agency.person("lena").presses_that(&message, &button).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    lena        presses take
    countersign (to lena) no effect on 1: that offer is over: the message it came from was changed again or deleted
    ");
}

#[tokio::test]
async fn a_picture_goes_to_each() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_slack() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    maya.shows_in("desk", "/post new northside, hillcrest: Our new door.", "A green door").await;
    agency.settle().await;

    for practice in ["northside", "hillcrest"] {
        let post = agency.post_of(practice, 1).await.expect("a post");
        assert_eq!(post.draft.pictures.len(), 1, "{practice}");
        assert_eq!(post.draft.pictures[0].alt, "A green door");
    }
}
