//! What Slack tells of itself: channels with another id, and people who are no more.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::TestPractice;

/// A post in review that leaves in an hour if it is signed.
async fn in_review() -> TestPractice {
    let practice = TestPractice::open_over_slack().await;
    let maya = practice.person("maya");
    maya.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "+1h")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();
    practice
}

async fn slack_tells(practice: &TestPractice, event: serde_json::Value) {
    practice.slack().with(|world| {
        let install = world.installs[0].clone();
        world.tell(&install, event, false);
    });
    practice.slack().settled().await;
    practice.settle().await;
}

#[tokio::test]
async fn a_channel_with_another_id_keeps_its_cards() {
    let practice = in_review().await;
    practice.slack().with(|world| {
        world.channels.retain(|channel| channel.id != "CANNEX");
        world.channel_mut("CAPPROVALS").expect("there").id = "CANNEX".to_owned();
    });

    let moved = json!({
        "type": "channel_id_changed", "old_channel_id": "CAPPROVALS", "new_channel_id": "CANNEX",
    });
    slack_tells(&practice, moved.clone()).await;
    slack_tells(&practice, moved).await;
    let card = practice.office.store.open_cards(&practice.id()).await.expect("read").remove(0);
    let there = practice.chat.over().expect("on Slack").message(&card.at).await;
    let at = (there.channel.channel, there.message);
    practice.slack().person("dr-rao").reacts(&at, "white_check_mark");
    practice.slack().settled().await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    countersign Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign (to dr-rao) Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign (to dr-kim) Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign (to dr-diaz) Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign (to ana) Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign (to lena) Countersign changed: local:local/approvals is not its channel for approvals any more; local:local/annex is its channel for approvals
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    -- 2h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    let ledger = practice.office.store.entries(&practice.id(), 0, 1_000).await.expect("read");
    let moved = ledger.iter().filter(|(sealed, _)| {
        let fact = serde_json::to_string(&sealed.entry.fact).expect("JSON");
        sealed.entry.actor == "countersign" && fact.contains("channel-")
    });
    assert_eq!(moved.count(), 2);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn somebody_whose_account_is_no_more_has_left_and_posts_are_counted_anew() {
    let practice = in_review().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    let gone = json!({
        "type": "user_change", "user": { "id": "UDRRAO", "team_id": "TNORTHSIDE", "deleted": true },
    });
    slack_tells(&practice, gone).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
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
async fn a_channel_that_it_is_brought_into_is_greeted_once() {
    let practice = TestPractice::open_over_slack().await;
    practice.transcript();
    let bot = practice.slack().with(|world| world.installs[0].bot_user.clone());
    let invited = json!({
        "type": "member_joined_channel", "user": bot, "channel": "CIDEAS",
        "channel_type": "C", "inviter": "UMAYA",
    });

    slack_tells(&practice, invited.clone()).await;
    slack_tells(&practice, invited).await;

    assert_snapshot!(practice.transcript(), @"countersign is here for Northside Family Practice");
}

#[tokio::test]
async fn whoever_brings_it_into_a_channel_of_nobody_is_told_its_id() {
    let practice = TestPractice::open_over_slack().await;
    let (bot, free) = practice.slack().with(|world| {
        let bot = world.installs[0].bot_user.clone();
        let mut channel = world.channel("CIDEAS").expect("there").clone();
        "CLOBBY".clone_into(&mut channel.id);
        channel.messages.clear();
        world.channels.push(channel);
        (bot, "CLOBBY")
    });

    let invited = |by: &str| {
        json!({
            "type": "member_joined_channel", "user": bot, "channel": free, "channel_type": "C",
            "inviter": by,
        })
    };
    slack_tells(&practice, invited("UMAYA")).await;

    let said = practice.slack().with(|world| {
        let messages = &world.channel(free).expect("there").messages;
        messages.iter().map(|m| (m.only.clone(), m.text.clone())).collect::<Vec<_>>()
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0.as_deref(), Some("UMAYA"));
    assert!(said[0].1.contains("slack:TNORTHSIDE/CLOBBY"), "{said:?}");
}
