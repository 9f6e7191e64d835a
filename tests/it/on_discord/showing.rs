//! What is shown on Discord, and how surely.

use countersign::domain::member::{Identity, Platform};
use countersign::domain::outbox::Certainty;
use countersign::ports::chat::{Chat, Place, Shown};
use countersign::ports::notice::{CardView, Notice, View};
use countersign::render::samples;
use jiff::Timestamp;

use crate::discord::{Discord, How, Message};
use crate::support::{OverDiscord, TestPractice, sample};

async fn practice() -> TestPractice {
    TestPractice::open_over_discord().await
}

fn over(practice: &TestPractice) -> &OverDiscord {
    practice.over_discord()
}

fn approvals(practice: &TestPractice) -> Place {
    let channel = over(practice).channel(&sample::channel("approvals"));
    Place { channel, thread: None, only: None, instead_of: None }
}

fn to_rao(practice: &TestPractice) -> Place {
    let only = Identity {
        platform: Platform::Discord,
        workspace: practice.discord().guild().to_string(),
        user: practice.discord().user_id("dr-rao").to_string(),
    };
    Place { only: Some(only), ..approvals(practice) }
}

fn noted(what: &str) -> Notice {
    let view = View::Noted { what: what.to_owned() };
    Notice { view, buttons: Vec::new(), reactions: Vec::new() }
}

fn messages(discord: &Discord) -> Vec<Message> {
    let channel = discord.channel_id("approvals");
    discord.with(|world| {
        let all = &world.channel(channel).expect("there").messages;
        all.iter().filter(|message| !message.gone).cloned().collect()
    })
}

fn since() -> Timestamp {
    "2026-11-23T14:55:00Z".parse().expect("a time")
}

#[tokio::test]
async fn discord_takes_every_view_there_is() {
    let practice = practice().await;
    let (chat, place) = (&over(&practice).chat, approvals(&practice));

    for (name, all) in countersign::render::samples() {
        for (nth, sample) in all.into_iter().enumerate() {
            let mut view = sample.view;
            if let View::Card(card) | View::Draft(card) = &mut view {
                card.pictures.clear();
            }
            let notice = Notice { view, buttons: Vec::new(), reactions: Vec::new() };
            let shown = chat.show(&format!("{name}-{nth}"), &place, &notice).await;
            let is_gone = matches!(&shown, Shown::Refused(why) if why.contains("picture"));
            assert!(matches!(shown, Shown::Done(_)) || is_gone, "{name}, {}: {shown:?}", sample.of);
        }
    }
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_and_stands_once() {
    let practice = practice().await;
    let (chat, discord, place) = (&over(&practice).chat, practice.discord(), approvals(&practice));

    for (nth, how) in [How::DropsAnswer, How::Garbles, How::FailsAfter].into_iter().enumerate() {
        let (key, other) = (format!("key-{nth}"), format!("other-{nth}"));
        discord.fault("POST /channels/*/messages", 1, how);

        let lost = chat.show(&key, &place, &noted("Once.")).await;
        let found = chat.find(&key, &place, since()).await.expect("reached");

        assert_eq!(lost, Shown::Unknown);
        let all = messages(discord);
        assert_eq!(found.map(|at| at.message), all.last().map(|m| m.id.to_string()));
        assert_eq!(chat.find(&other, &place, since()).await, Ok(None));
        // Sent again within minutes it is the same message.
        assert!(matches!(chat.show(&key, &place, &noted("Once.")).await, Shown::Done(_)));
        assert_eq!(messages(discord).len(), nth + 1);
    }
}

#[tokio::test]
async fn a_failure_says_whether_it_may_stand_there() {
    let practice = practice().await;
    let (chat, discord, place) = (&over(&practice).chat, practice.discord(), approvals(&practice));
    let table = [
        (How::Refuses(403, 50_013, "Missing Permissions"), "later"),
        (How::Refuses(404, 10_003, "Unknown Channel"), "refused"),
        (How::Fails, "unknown"),
        (How::Breaks, "unknown"),
        (How::Limits(1.5, "user"), "later"),
    ];

    for (how, expected) in table {
        discord.fault("POST /channels/*/messages", 1, how.clone());
        let is = match chat.show("k", &place, &noted("Once.")).await {
            Shown::TryLater(_) => "later",
            Shown::Refused(_) => "refused",
            Shown::Unknown => "unknown",
            Shown::Done(_) => "done",
        };
        assert_eq!(is, expected, "{how:?}");
    }
    // Nobody asks before the time that Discord named; then it stands.
    let shown = chat.show("k", &place, &noted("Once.")).await;
    assert!(matches!(shown, Shown::Done(_)), "{shown:?}");
    assert_eq!(messages(discord).len(), 1);
}

#[tokio::test]
async fn what_may_not_be_found_is_never_tried_twice() {
    let practice = practice().await;
    let chat = &over(&practice).chat;
    let in_place = Place { instead_of: Some("1".to_owned()), ..approvals(&practice) };

    assert!(matches!(chat.certainty(&approvals(&practice)), Certainty::LookUp { .. }));
    assert!(matches!(chat.certainty(&in_place), Certainty::Key { .. }));
    assert_eq!(chat.certainty(&to_rao(&practice)), Certainty::Neither);
}

#[tokio::test]
async fn what_one_person_is_told_is_a_direct_message_where_they_asked_for_nothing() {
    let practice = practice().await;
    let chat = &over(&practice).chat;

    let shown = chat.show("k", &to_rao(&practice), &noted("For your eyes.")).await;

    let Shown::Done(at) = shown else { panic!("{shown:?}") };
    assert!(at.message.contains('/') && at.channel == approvals(&practice).channel);
    assert!(practice.discord().whispers("dr-rao").contains("For your eyes."));
    let gone = Place { instead_of: Some(at.message), ..to_rao(&practice) };
    let changed = chat.show("k", &gone, &noted("It is over.")).await;
    assert!(matches!(changed, Shown::Done(_)));
    assert!(practice.discord().whispers("dr-rao").contains("It is over."));

    let rao = practice.discord().user_id("dr-rao");
    practice.discord().with(|world| world.user_mut(rao).expect("there").closed = true);
    let shown = chat.show("l", &to_rao(&practice), &noted("For your eyes.")).await;
    assert!(matches!(shown, Shown::Refused(why) if why.contains("no direct messages")));
}

fn long_card() -> CardView {
    let sample = samples::cards().into_iter().find(|sample| sample.of == "one").expect("one");
    let View::Card(mut card) = sample.view else { panic!("a card") };
    card.parts[0].text = vec!["Wash hands."; 900].join(" ");
    card
}

#[tokio::test]
async fn a_card_that_does_not_fit_stands_whole_in_its_thread() {
    let practice = practice().await;
    let (chat, discord, place) = (&over(&practice).chat, practice.discord(), approvals(&practice));
    let notice = Notice {
        view: View::Card(long_card()),
        buttons: Vec::new(),
        reactions: vec!["✅".to_owned()],
    };

    let shown = chat.show("k", &place, &notice).await;

    let Shown::Done(at) = shown else { panic!("{shown:?}") };
    let thread = discord.with(|world| {
        let id = at.message.parse().expect("an id");
        let all = &world.channel(id).expect("a thread").messages;
        all.iter().map(|message| message.embeds[0]["description"].to_string()).collect::<String>()
    });
    assert_eq!(thread.matches("Wash hands.").count(), 900);
    let card = messages(discord).pop().expect("a card");
    assert!(card.says("All that is signed stands in the thread") && !card.says("not finished"));
    // What was left unfinished is taken away, and surely stands nowhere.
    discord.fault("POST /channels/*/messages/*/threads", 1, How::Fails);
    let again = chat.show("l", &place, &notice).await;
    assert!(matches!(again, Shown::TryLater(_)), "{again:?}");
    assert_eq!((messages(discord).len(), chat.find("l", &place, since()).await), (1, Ok(None)));
    // Its nonce is spent, and it is shown all the same.
    let once_more = chat.show("l", &place, &notice).await;
    assert!(matches!(once_more, Shown::Done(_)), "{once_more:?}");
    assert_eq!(messages(discord).len(), 2);
}

#[tokio::test]
async fn what_nobody_knows_in_a_page_of_history_loses_nothing() {
    let practice = practice().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.settle().await;
    let card = practice.chat.newest_card();
    practice.person("dr-rao").reacts("✅", &card).await;
    let there = over(&practice).message(&card).await;
    let discord = practice.discord();
    discord.fault("GET /channels/*/messages/*", 1, How::Strange);
    discord.fault("GET /channels/*/messages", 1, How::Strange);

    let seen = over(&practice).chat.look(&there).await.expect("reached").expect("it stands");
    let ideas = over(&practice).channel(&sample::channel("ideas"));
    let missed = over(&practice).chat.missed(&ideas, since(), &[]).await.expect("reached");

    assert_eq!(seen.reactions.len(), 1);
    assert!(!missed.is_empty());
}
