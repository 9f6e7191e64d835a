//! What Slack brings, as only Slack brings it.

use countersign::app::door::Door;
use countersign::app::gate;
use countersign::domain::ids::EventId;
use countersign::ports::intake::{By, ChatEvent, Happening, Intake, Receipt, Wanted};
use insta::assert_snapshot;
use serde_json::json;

use crate::support::TestPractice;

#[tokio::test]
async fn a_command_in_nobodys_channel_says_how_to_bind_it() {
    let practice = TestPractice::open_over_slack().await;
    practice.slack().with(|world| {
        let bot = world.installs[0].bot_user.clone();
        let channel = world.add_channel("TNORTHSIDE", "lobby");
        world.channel_mut(&channel).expect("made").members.extend([bot, "UTOMAS".to_owned()]);
    });

    let said = practice.slack().person("tomas").runs("lobby", "/post", "queue").await;

    let said = said.expect("answered");
    assert_eq!(said["response_type"], "ephemeral");
    assert!(said["text"].as_str().expect("words").contains("slack:TNORTHSIDE/CLOBBY"), "{said}");
}

#[tokio::test]
async fn an_address_that_is_shown_is_no_edit() {
    let practice = TestPractice::open_over_slack().await;
    let maya = practice.person("maya");
    let idea = maya.has_idea("See https://a.example").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    practice.transcript();

    let at = crate::support::message_in("ideas", &idea);
    let there = practice.chat.over().expect("there").message(&at).await;
    practice.slack().with(|world| {
        let before = world.message("CIDEAS", &there.message).expect("stands").clone();
        let mut after = before.clone();
        after.attachments = Some(json!([{ "title": "A page" }]));
        world.change("CIDEAS", &before, Some(after));
    });
    practice.slack().settled().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn an_emoji_of_the_workspaces_own_counts_as_what_it_is_another_name_for() {
    let practice = TestPractice::open_over_slack().await;
    practice.slack().with(|world| {
        world.teams[0].emoji.insert("yes".to_owned(), "alias:white_check_mark".to_owned());
    });
    practice.person("maya").submits("Flu shots this Saturday.").await;

    let card = practice.chat.newest_card();
    let there = practice.chat.over().expect("there").message(&card).await;
    let at = (there.channel.channel, there.message);
    practice.slack().person("dr-rao").reacts(&at, "yes");
    practice.slack().settled().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
}

#[tokio::test]
async fn somebody_of_another_workspace_is_known_by_their_own() {
    let practice = TestPractice::open_over_slack().await;
    practice.slack().with(|world| {
        let agency = world.add_team("Agency");
        let noor = world.add_user(&agency, "noor");
        let channel = world.channel_mut("CIDEAS").expect("there");
        channel.teams.push(agency);
        channel.members.insert(noor);
    });

    practice.slack().person("noor").says("ideas", "From outside.");
    practice.slack().settled().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

#[tokio::test]
async fn at_a_desk_each_command_begins_a_draft_of_its_own() {
    let practice = TestPractice::open_agency_over_slack().await;
    let maya = practice.person("maya");

    maya.says("desk", "/post new northside: Flu shots.").await;
    practice.settle().await;
    maya.says("desk", "/post new northside: Sunscreen.").await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.draft.text, "Flu shots.");
    assert_eq!(practice.post(2).await.draft.text, "Sunscreen.");
}

#[tokio::test]
async fn a_shared_channel_is_known_where_it_is_bound() {
    let practice = TestPractice::open().await;
    let here = crate::support::message_in("ideas", "1795424301.000100");
    let mut elsewhere = here.clone();
    elsewhere.channel.workspace = "another".to_owned();
    let event = ChatEvent {
        id: EventId::new("once"),
        at: practice.office.now(),
        from: crate::support::sample::identity("tomas"),
        is_bot: false,
        channel: elsewhere.channel.clone(),
        what: Happening::Said {
            message: elsewhere,
            thread: None,
            text: "Flu shots.".to_owned(),
            files: Vec::new(),
        },
    };

    let through_another = gate::receive(&practice.office, event.clone()).await;
    let through_its_own = gate::receive(&practice.office, event.brought_to(&here.channel)).await;
    practice.handles_events().await;

    assert!(matches!(through_another, Receipt::Stored(_)), "{through_another:?}");
    assert!(matches!(through_its_own, Receipt::Known(_)), "{through_its_own:?}");
    let idea = practice.office.store.idea(&practice.id(), &here).await.expect("read");
    assert_eq!(idea.map(|idea| idea.text).as_deref(), Some("Flu shots."));
}

#[tokio::test]
async fn a_form_opens_wherever_a_shared_channel_is_seen() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let card = practice.chat.newest_card();
    let post = practice.post(1).await;
    let mut channel = card.channel.clone();
    channel.workspace = "another".to_owned();

    for (who, verb) in [("maya", "edit"), ("dr-rao", "decline")] {
        let by = By::Button(card.clone(), format!("{verb}:{}", post.id));
        let from = crate::support::sample::identity(who);
        let wanted = Wanted { from, channel: channel.clone(), by };
        let form = Door(practice.office.clone()).form(&wanted).await;
        assert!(form.is_some(), "{verb}");
    }
}
