//! Whoever leaves the server has left, although Discord tells nobody of that.

use countersign::app::gone;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::discord::How;
use crate::support::TestPractice;

/// A post in review that Dr. Rao signed, and that leaves in an hour.
async fn signed() -> TestPractice {
    let practice = TestPractice::open_over_discord().await;
    let maya = practice.person("maya");
    maya.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "+2h")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();
    practice
}

fn leaves(practice: &TestPractice, name: &str) {
    let (discord, user) = (practice.discord(), practice.discord().user_id(name));
    discord.with(|world| world.leave(world.guilds[0].id, user));
}

async fn looks(practice: &TestPractice) -> usize {
    let unsaid = gone::all(&practice.office).await.expect("readable");
    practice.settle().await;
    unsaid
}

fn asked(practice: &TestPractice) -> usize {
    practice.discord().with(|world| {
        let asks = world.calls.iter().filter(|call| call.route == "GET /guilds/*/members/*");
        asks.count()
    })
}

#[tokio::test]
async fn who_left_the_server_has_left_and_posts_are_counted_anew() {
    let practice = signed().await;
    leaves(&practice, "dr-rao");

    // Once could be a mistake.
    assert_eq!(looks(&practice).await, 0);
    assert_eq!(practice.transcript(), "");
    practice.waits(SignedDuration::from_mins(5)).await;
    assert_eq!(looks(&practice).await, 0);
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 5m
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Kim [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign Countersign changed: Dr. Rao left
    countersign (to dr-rao) Countersign changed: Dr. Rao left
    countersign (to dr-kim) Countersign changed: Dr. Rao left
    countersign (to dr-diaz) Countersign changed: Dr. Rao left
    countersign (to ana) Countersign changed: Dr. Rao left
    countersign (to lena) Countersign changed: Dr. Rao left
    -- 2h
    "#);
    assert!(practice.network.texts().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn nobody_is_looked_for_more_than_once_an_hour() {
    let practice = signed().await;

    looks(&practice).await;
    let each = asked(&practice);
    practice.waits(SignedDuration::from_mins(30)).await;
    looks(&practice).await;
    let soon = asked(&practice);
    practice.waits(SignedDuration::from_mins(30)).await;
    looks(&practice).await;

    assert!(each > 0);
    assert_eq!((soon, asked(&practice)), (each, 2 * each));
}

#[tokio::test]
async fn where_discord_can_not_say_who_is_there_nobody_has_left() {
    let practice = signed().await;
    let bot = practice.discord().app().id;

    for _ in 0..3 {
        practice.discord().fault("GET /guilds/*/members/*", 20, How::Fails);
        assert!(looks(&practice).await > 0);
        practice.waits(SignedDuration::from_hours(1)).await;
    }
    practice.discord().with(|world| {
        world.faults.clear();
        world.leave(world.guilds[0].id, bot);
    });
    for _ in 0..3 {
        assert!(looks(&practice).await > 0);
        practice.waits(SignedDuration::from_hours(1)).await;
    }

    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    let names: Vec<String> = known.expect("there").members.into_iter().map(|m| m.name).collect();
    assert!(names.contains(&"Dr. Rao".to_owned()) && names.len() == 7, "{names:?}");
}
