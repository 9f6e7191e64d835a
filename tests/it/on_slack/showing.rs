//! What is shown on Slack, and how surely.

use countersign::chat::slack::show::{self, Around};
use countersign::domain::member::{Identity, Platform};
use countersign::domain::outbox::Certainty;
use countersign::domain::practice::ChannelRef;
use countersign::ports::chat::{Chat, MessageRef, Place, Shown};
use countersign::ports::notice::{Button, CardView, Notice, View, Weight};
use countersign::render::{Words, samples};
use jiff::Timestamp;

use crate::slack::{How, Slack, wrong_blocks, wrong_view};
use crate::support::{OverSlack, TestPractice};

fn approvals() -> Place {
    let channel = ChannelRef {
        platform: Platform::Slack,
        workspace: "TNORTHSIDE".to_owned(),
        channel: "CAPPROVALS".to_owned(),
    };
    Place { channel, thread: None, only: None, instead_of: None }
}

fn to_rao() -> Place {
    let (workspace, user) = ("TNORTHSIDE".to_owned(), "UDRRAO".to_owned());
    let only = Some(Identity { platform: Platform::Slack, workspace, user });
    Place { only, ..approvals() }
}

fn notice(view: View) -> Notice {
    let button = |n: usize, weight| Button {
        id: format!("does:{n}"),
        label: format!("Button {n}"),
        weight,
        form: Vec::new(),
    };
    let weights = [Weight::Primary, Weight::Plain, Weight::Danger];
    let buttons = weights.into_iter().enumerate().map(|(n, weight)| button(n, weight)).collect();
    Notice { view, buttons, reactions: vec!["✅".to_owned()] }
}

fn noted(what: &str) -> Notice {
    notice(View::Noted { what: what.to_owned() })
}

async fn practice() -> TestPractice {
    TestPractice::open_over_slack().await
}

fn over(practice: &TestPractice) -> &OverSlack {
    practice.chat.over().expect("on Slack")
}

fn messages(slack: &Slack) -> Vec<crate::slack::Message> {
    slack.with(|world| {
        let all = &world.channel("CAPPROVALS").expect("there").messages;
        all.iter().filter(|message| !message.gone).cloned().collect()
    })
}

#[test]
fn slack_takes_every_view_there_is() {
    let words = Words::built_in().expect("templates compile");
    let uploads = vec!["F1".to_owned(); 10];
    let all = countersign::render::samples()
        .into_iter()
        .flat_map(|(name, all)| all.into_iter().map(move |sample| (name, sample)));

    for (name, sample) in all {
        let said = words.render(&sample.view).expect("renders");
        let around = Around { uploads: &uploads, about: Some("CAPPROVALS") };
        let message = show::message(&said, &notice(sample.view), around);

        let blocks = serde_json::json!(message.blocks);
        assert_eq!(wrong_blocks(&blocks), [""; 0], "{name}, {}", sample.of);
        assert!(!message.text.is_empty() && message.whole, "{name}, {}", sample.of);
        let home = show::home([(said.as_str(), &[][..], None)].into_iter());
        assert_eq!(wrong_view(&home), [""; 0], "{name}, {}", sample.of);
    }
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_by_its_key() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    let since: Timestamp = "2026-11-23T14:55:00Z".parse().expect("a time");
    slack.fault("chat.postMessage", 1, How::DropsAnswer);

    let lost = chat.show("key-1", &approvals(), &noted("Once.")).await;
    let found = chat.find("key-1", &approvals(), since).await.expect("reached");
    let other = chat.find("key-2", &approvals(), since).await.expect("reached");

    assert_eq!(lost, Shown::Unknown);
    let all = messages(slack);
    assert_eq!(found.map(|at| at.message), Some(all[0].ts.clone()));
    assert_eq!((other, all.len()), (None, 1));
    let metadata = all[0].metadata.as_ref().expect("a key");
    assert_eq!(metadata["event_payload"], serde_json::json!({ "key": "key-1" }));
}

#[tokio::test]
async fn what_may_not_be_found_is_never_tried_twice() {
    let practice = practice().await;
    let chat = &over(&practice).chat;
    let in_place = Place { instead_of: Some("1.000001".to_owned()), ..approvals() };

    assert!(matches!(chat.certainty(&approvals()), Certainty::LookUp { .. }));
    assert!(matches!(chat.certainty(&in_place), Certainty::Key { .. }));
    assert_eq!(chat.certainty(&to_rao()), Certainty::Neither);
}

#[tokio::test]
async fn a_failure_says_whether_it_may_stand_there() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    let later = |why: &str| Shown::TryLater(why.to_owned());
    let table = [
        (How::Limits(7), later("Slack wants no call for 7 s")),
        (How::Refuses("not_in_channel"), later("Slack refuses it: not_in_channel")),
        (How::Refuses("channel_not_found"), Shown::Refused("channel_not_found".to_owned())),
        (How::Fails, Shown::Unknown),
        (How::FailsAfter, Shown::Unknown),
        (How::Breaks, Shown::Unknown),
    ];

    for (how, expected) in table {
        slack.fault("chat.postMessage", 1, how.clone());
        assert_eq!(chat.show("k", &approvals(), &noted("Once.")).await, expected, "{how:?}");
    }
}

fn long_card() -> CardView {
    let sample = samples::cards().into_iter().find(|sample| sample.of == "one").expect("one");
    let View::Card(mut card) = sample.view else { panic!("a card") };
    card.parts[0].text = vec!["Wash hands."; 1_500].join(" ");
    card
}

#[tokio::test]
async fn a_card_that_does_not_fit_gets_its_buttons_once_all_of_it_is_in_its_thread() {
    let practice = practice().await;
    let slack = practice.slack();
    let card = long_card();

    let shown =
        over(&practice).chat.show("k", &approvals(), &notice(View::Card(card.clone()))).await;

    let Shown::Done(at) = shown else { panic!("{shown:?}") };
    let all = messages(slack);
    let (root, thread) = all.split_first().expect("shown");
    assert_eq!(root.ts, at.message);
    assert!(root.says("All that is signed stands in the thread"));
    assert!(root.says("\"does:0\"") && root.reactions.len() == 1);
    assert!(thread.iter().all(|reply| reply.thread.as_ref() == Some(&at.message)));
    let said: usize = thread
        .iter()
        .map(|m| m.blocks.clone().unwrap_or_default().to_string().matches("Wash hands.").count())
        .sum();
    assert_eq!(said, 1_500);
    let calls = slack.with(|world| {
        world.calls.iter().filter(|c| c.starts_with("chat.")).cloned().collect::<Vec<_>>()
    });
    assert_eq!(calls.first().map(String::as_str), Some("chat.postMessage"));
    assert_eq!(calls.last().map(String::as_str), Some("chat.update"));
}

#[tokio::test]
async fn a_card_whose_thread_fails_is_taken_away_and_shown_anew() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    let since: Timestamp = "2026-11-23T14:55:00Z".parse().expect("a time");
    let card = notice(View::Card(long_card()));

    // Its buttons never come.
    slack.fault("chat.update", 1, How::Fails);
    slack.fault("chat.delete", 1, How::Fails);
    let shown = chat.show("k", &approvals(), &card).await;
    assert_eq!(shown, Shown::Unknown);
    assert!(messages(slack).iter().all(|message| !message.says("\"does:0\"")));

    assert_eq!(chat.find("k", &approvals(), since).await.expect("reached"), None);
    let again = chat.show("k", &approvals(), &card).await;
    assert!(matches!(again, Shown::Done(_)), "{again:?}");
    let signable = messages(slack).into_iter().filter(|m| m.says("\"does:0\"")).count();
    assert_eq!(signable, 1);
}

#[tokio::test]
async fn a_card_that_was_signed_before_all_of_it_stood_there_is_shown_anew() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    let (place, card) = (approvals(), notice(View::Card(long_card())));
    let hasty = async {
        while messages(slack).is_empty() {
            tokio::task::yield_now().await;
        }
        let early = messages(slack)[0].ts.clone();
        slack.person("dr-rao").reacts(&("CAPPROVALS".to_owned(), early), "white_check_mark");
    };

    let (shown, ()) = tokio::join!(chat.show("k", &place, &card), hasty);

    assert!(matches!(shown, Shown::TryLater(_)), "{shown:?}");
    let stands = |message: &crate::slack::Message| message.says("All that is signed stands in");
    assert!(!messages(slack).iter().any(stands), "it is taken away");
    let again =
        over(&practice).chat.show("k", &approvals(), &notice(View::Card(long_card()))).await;
    assert!(matches!(again, Shown::Done(_)), "{again:?}");
}

#[tokio::test]
async fn no_card_stands_there_without_its_pictures() {
    let practice = practice().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    tomas.shows("Flu shots this Saturday.", "A nurse").await;
    practice.settle().await;
    // Slack takes no file, then looks at it for a while.
    practice.slack().fault("files.getUploadURLExternal", 2, How::Fails);
    maya.presses("Make a post").await;
    practice.settle().await;
    assert!(messages(practice.slack()).is_empty());
    practice.waits(jiff::SignedDuration::from_mins(1)).await;
    practice.waits(jiff::SignedDuration::from_mins(1)).await;
    maya.presses("Send for signature").await;
    practice.slack().fault("chat.postMessage", 1, How::Refuses("invalid_blocks"));
    practice.slack().fault("files.info", 1, How::Refuses("file_not_found"));
    practice.settle().await;
    assert!(messages(practice.slack()).is_empty());

    practice.waits(jiff::SignedDuration::from_mins(1)).await;

    let cards = messages(practice.slack());
    assert_eq!(cards.len(), 1);
    assert!(cards[0].says("slack_file") && cards[0].says("Sign"));
}

#[tokio::test]
async fn a_post_whose_pictures_are_not_taken_is_told_of_and_shown_when_they_are() {
    let practice = practice().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    tomas.shows("Flu shots this Saturday.", "A nurse").await;
    practice.settle().await;
    practice.transcript();

    practice.slack().fault("files.getUploadURLExternal", 6, How::Refuses("missing_scope"));
    maya.presses("Make a post").await;
    practice.settle().await;
    for _ in 0..7 {
        practice.waits(jiff::SignedDuration::from_mins(3)).await;
    }

    insta::assert_snapshot!(practice.transcript(), @r#"
    maya        [Make a post]
    countersign now idea is post 1
    -- 3m
    -- 3m
    -- 3m
    -- 3m
    countersign (to maya) can't show the card of 1, again: true: its pictures can't be brought to Slack: Slack refuses it: missing_scope
    countersign (to ana) can't show the card of 1, again: true: its pictures can't be brought to Slack: Slack refuses it: missing_scope
    countersign (to lena) can't show the card of 1, again: true: its pictures can't be brought to Slack: Slack refuses it: missing_scope
    -- 3m
    -- 3m
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    -- 3m
    "#);
}

#[tokio::test]
async fn only_slacks_own_files_are_fetched_and_no_more_than_asked() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    slack.person("tomas").shares("ideas", "A picture.", "shots.png", b"0123456789");
    let file = slack.with(|world| world.files.last().expect("shared").id.clone());
    let file = format!("TNORTHSIDE/{file}");

    assert_eq!(chat.fetch(&file, 10).await.expect("fetched"), b"0123456789");
    assert!(chat.fetch(&file, 9).await.is_err());
    assert!(chat.fetch("TNORTHSIDE/F404", 10).await.is_err());
    assert!(chat.fetch("nothing", 10).await.is_err());
    slack.with(|world| world.installs[0].scopes.retain(|scope| scope != "files:read"));
    assert!(chat.fetch(&file, 10).await.is_err());
}

#[tokio::test]
async fn a_look_sees_people_and_what_they_mean() {
    let practice = practice().await;
    let (chat, slack) = (&over(&practice).chat, practice.slack());
    let Shown::Done(at) = chat.show("k", &approvals(), &noted("Sign.")).await else { panic!() };
    let there = (at.channel.channel.clone(), at.message.clone());
    for (who, name) in [
        ("dr-rao", "white_check_mark"),
        ("ana", "hand::skin-tone-3"),
        ("lena", "tada"),
        ("robot", "x"),
    ] {
        slack.person(who).reacts(&there, name);
    }

    let seen = chat.look(&at).await.expect("reached").expect("stands").reactions;
    let seen: Vec<(String, String)> =
        seen.into_iter().map(|(who, what)| (who.user, what)).collect();

    let pair = |who: &str, what: &str| (who.to_owned(), what.to_owned());
    assert_eq!(seen, [pair("UDRRAO", "white_check_mark"), pair("UANA", "hand::skin-tone-3")]);
    let gone = MessageRef { message: "1795424301.999999".to_owned(), ..at };
    assert_eq!(chat.look(&gone).await.expect("reached"), None);
    slack.fault("reactions.get", 1, How::Fails);
    assert!(chat.look(&gone).await.is_err());
}
