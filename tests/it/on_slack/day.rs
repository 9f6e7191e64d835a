//! A whole day on Slack, as people see it there.

use countersign::ports::chat::Chat;
use insta::assert_snapshot;

use crate::support::TestPractice;

#[tokio::test]
async fn an_idea_is_signed_and_published() {
    let practice = TestPractice::open_over_slack().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));

    tomas.has_idea("Flu shots *this* Saturday & more :tada: <https://a.example>").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", &[("text", "Flu shots *this* Saturday ✅ <!here>")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.slack().transcript("ideas", "tomas"), @"
    tomas: Flu shots *this* Saturday &amp; more :tada: &lt;https://a.example&gt;
      > countersign: This idea is now post 1. (edited)
      > countersign: Post 1  by Maya ·  in review  · SAMPLE (edited)
    ");
    assert_snapshot!(practice.slack().transcript("approvals", "dr-rao"), @"
    countersign: Post 1, revision 1  by Maya ·  published  · SAMPLE / Signed by Dr. Rao, Mon 23 Nov 2026, 09:00 America/Chicago Practice page  · 35 of 500 characters Flu shots *this* Saturday ✅ <!here> Is live.   https://page.test/p1 Written for patients Window: Mon 23 Nov 2026, 09:00 to Tue 24 Nov 2026, 09:00 America/Chicago / Content: 413a05b2 [Take it down] (edited) :white_check_mark: countersign, dr-rao :x: countersign :hand: countersign
      > countersign: Post 1 on Practice page  is live. /  https://page.test/p1  / Ledger #30 33b2d2b2
    ");
    assert_eq!(practice.network.texts(), ["Flu shots *this* Saturday ✅ <!here>"]);
    assert_eq!(practice.slack().given_up(), 0);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_planned_hour_is_said_on_the_readers_own_clock_too() {
    let practice = TestPractice::open_over_slack().await;
    let maya = practice.person("maya");
    maya.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "2026-11-24 09:00")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    let card = practice.chat.over().expect("there").message(&practice.chat.newest_card()).await;
    let blocks = practice.slack().with(|world| {
        let message = world.message(&card.channel.channel, &card.message).expect("stands");
        message.blocks.clone().expect("blocks").to_string()
    });
    assert!(blocks.contains("Tue 24 Nov 2026, 09:00 America/Chicago"), "{blocks}");
    assert!(blocks.contains(r#""timestamp":1795532400"#), "{blocks}");
}

#[tokio::test]
async fn a_picture_goes_from_the_idea_to_the_card_and_out() {
    let practice = TestPractice::open_over_slack().await;
    let maya = practice.person("maya");
    practice.person("tomas").shows("Flu shots this Saturday.", "A nurse with a bandage").await;
    practice.settle().await;

    maya.presses("Make a post").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    let card = practice.chat.over().expect("there").message(&practice.chat.newest_card()).await;
    let blocks = practice.slack().with(|world| {
        world.message(&card.channel.channel, &card.message).expect("stands").blocks.clone()
    });
    let blocks = blocks.expect("blocks");
    let images: Vec<_> =
        blocks.as_array().expect("a list").iter().filter(|b| b["type"] == "image").collect();
    assert_eq!(images.len(), 1);
    assert_eq!(images[0]["alt_text"], "A nurse with a bandage");
    let file = images[0]["slack_file"]["id"].as_str().expect("an upload").to_owned();
    practice.slack().with(|world| {
        let file = world.file(&file).expect("uploaded");
        assert!(file.complete && !file.bytes.is_empty() && file.alt == "A nurse with a bandage");
    });
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    let live = practice.network.live();
    assert_eq!(live[0].alts, ["A nurse with a bandage"]);
    let over = practice.chat.over().expect("there");
    assert!(over.chat.look(&card).await.expect("reached").is_some());
}
