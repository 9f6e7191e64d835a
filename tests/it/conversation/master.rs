//! Master drafts: one message of a desk, a draft each, and what becomes of a change.

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{TestPractice, a_picture, message_in, over_platform};

#[tokio::test]
async fn a_change_is_offered_and_each_practice_decides() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
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
    countersign 1: Maya offers Text: "Flu shots on Sunday." instead of "Flu shots on Monday." [Take the change] [Keep ours]
    countersign 1: Maya offers Text: "Flu shots on Sunday." instead of "Flu shots on Monday, free.", which differs [Take the change] [Keep ours]
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
    if over_platform() {
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
    countersign 1: Maya offers Text: "Flu shots on Sunday." instead of "Flu shots on Monday." [Take the change] [Keep ours]
    maya        [Take the change]
    countersign now card 1.1 "Flu shots on Monday." | replaced by 2
    countersign card 1.2 "Flu shots on Sunday." | "Flu shots on Monday." is now "Flu shots on Sunday." | needs 1 of: Dr. Diaz [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now 1: taken by Maya
    "#);
}

#[tokio::test]
async fn a_published_draft_says_so_at_the_desk() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
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
    if over_platform() {
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
    countersign (to lena) no effect on 1: that offer is over: it was decided, or its message was changed again or deleted
    ");
    let post = agency.post_of("lakeside", 1).await.expect("stays");
    assert_eq!(post.draft.text, "Flu shots on Monday.");
}

#[tokio::test]
async fn an_older_offer_is_over_once_there_is_a_newer_one() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
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
    countersign (to lena) no effect on 1: that offer is over: it was decided, or its message was changed again or deleted
    ");
}

#[tokio::test]
async fn a_picture_goes_to_each() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
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

#[tokio::test]
async fn a_changed_alt_text_is_offered_too() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let text = "/post new northside, lakeside: Our new door.";
    let master = maya.shows_in("desk", text, "A green door").await;
    agency.settle().await;
    agency.person("lena").fills("Edit", &[("alt1", "A door")]).await;
    agency.settle().await;
    agency.transcript();

    let at = message_in("desk", &master);
    maya.reshows(&at, text, &[("f1", "Our new green door, open")]).await;
    agency.settle().await;
    agency.person("tomas").presses_in("ideas", "Take the change").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        rewrites m1: /post new northside, lakeside: Our new door., with "Our new green door, open"
    countersign 1: Maya offers Alt text of picture 1: "Our new green door, open" instead of "A green door" [Take the change] [Keep ours]
    countersign 1: Maya offers Alt text of picture 1: "Our new green door, open" instead of "A door", which differs [Take the change] [Keep ours]
    tomas       [Take the change]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign now 1: taken by Tomas
    "#);
    let post = agency.post_of("northside", 1).await.expect("a post");
    assert_eq!(post.draft.pictures[0].alt, "Our new green door, open");
    assert_eq!(post.draft.text, "Our new door.");
}

#[tokio::test]
async fn other_pictures_are_offered_and_taken_whole() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let text = "/post new northside, lakeside: Our new door.";
    let master = maya.shows_in("desk", text, "A green door").await;
    agency.settle().await;
    let other = agency.chat.upload(a_picture());
    agency.transcript();

    let at = message_in("desk", &master);
    maya.reshows(&at, text, &[("f1", "A green door"), (&other, "The same, open")]).await;
    agency.settle().await;
    agency.person("tomas").presses_in("ideas", "Take the change").await;
    agency.settle().await;
    maya.vouches(&master).await;
    agency.person("tomas").presses_in("ideas", "Take the change").await;
    agency.person("lena").presses_in("lakeside-ideas", "Keep ours").await;
    agency.settle().await;
    // What was left is offered again with the next change; what was taken is not.
    maya.reshows(&at, text, &[("f1", "A door"), (&other, "The same, open")]).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        rewrites m1: /post new northside, lakeside: Our new door., with "A green door", "The same, open"
    countersign 1: Maya offers Pictures: "A green door; The same, open" instead of "A green door" [Take the change] [Keep ours]
    countersign 1: Maya offers Pictures: "A green door; The same, open" instead of "A green door" [Take the change] [Keep ours]
    countersign (to maya) asks whether a patient is in the 2 pictures [No] [Yes] [Not sure]
    tomas       [Take the change]
    countersign (to tomas) no effect on 1: whoever changed the message has not said that no patient is in its pictures: they were asked
    maya        presses pictured
    tomas       [Take the change]
    lena        [Keep ours]
    countersign now draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) lakeside: notes: the pictures may be taken with the change now
    countersign now 1: kept by Lena
    countersign (to maya) northside: notes: the pictures may be taken with the change now
    countersign now 1: taken by Tomas
    maya        rewrites m1: /post new northside, lakeside: Our new door., with "A door", "The same, open"
    countersign 1: Maya offers Pictures: "A door; The same, open" instead of "A green door" [Take the change] [Keep ours]
    countersign 1: Maya offers Alt text of picture 1: "A door" instead of "A green door" [Take the change] [Keep ours]
    "#);
    let pictures =
        async |practice| agency.post_of(practice, 1).await.expect("a post").draft.pictures;
    assert_eq!((pictures("northside").await.len(), pictures("lakeside").await.len()), (2, 1));
}

#[tokio::test]
async fn an_offer_has_all_that_changed_since_the_practice_decided() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let (monday, sunday) = ("/post new northside: Monday.", "/post new northside: Sunday.");
    let master = maya.shows_in("desk", monday, "A door").await;
    agency.settle().await;
    let at = message_in("desk", &master);
    agency.transcript();

    maya.reshows(&at, sunday, &[("f1", "A door")]).await;
    agency.settle().await;
    maya.reshows(&at, sunday, &[("f1", "An open door")]).await;
    agency.settle().await;
    agency.person("tomas").presses_in("ideas", "Keep ours").await;
    agency.settle().await;
    maya.reshows(&at, sunday, &[("f1", "A closed door")]).await;
    agency.settle().await;
    maya.reshows(&at, sunday, &[("f1", "An open door")]).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        rewrites m1: /post new northside: Sunday., with "A door"
    countersign 1: Maya offers Text: "Sunday." instead of "Monday." [Take the change] [Keep ours]
    maya        rewrites m1: /post new northside: Sunday., with "An open door"
    countersign 1: Maya offers Text: "Sunday." instead of "Monday."; Alt text of picture 1: "An open door" instead of "A door" [Take the change] [Keep ours]
    tomas       [Keep ours]
    countersign now 1: kept by Tomas
    maya        rewrites m1: /post new northside: Sunday., with "A closed door"
    countersign 1: Maya offers Alt text of picture 1: "A closed door" instead of "A door", which differs [Take the change] [Keep ours]
    maya        rewrites m1: /post new northside: Sunday., with "An open door"
    "#);
}

#[tokio::test]
async fn words_that_were_taken_are_of_who_wrote_them() {
    // Not on Slack: a command is no message there: it can't be changed.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", "/post new lakeside: Dr. Diaz on Monday.").await;
    agency.settle().await;

    maya.rewrites("desk", &master, "/post new lakeside: Dr. Diaz on Sunday.").await;
    agency.settle().await;
    agency.person("dr-diaz").presses("Take the change").await;
    agency.settle().await;

    let post = agency.post_of("lakeside", 1).await.expect("a post");
    assert_eq!((post.draft.text.as_str(), post.writers.len()), ("Dr. Diaz on Sunday.", 1));
}
