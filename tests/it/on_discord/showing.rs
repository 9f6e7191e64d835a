//! What is shown on Discord, and how surely.

use std::time::Duration;

use countersign::domain::member::{Identity, Platform};
use countersign::domain::outbox::Certainty;
use countersign::ports::chat::{Chat, Place, Shown};
use countersign::ports::notice::{CardView, CodeView, Notice, View};
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
}

#[tokio::test]
async fn a_direct_message_whose_answer_was_lost_stands_once() {
    let practice = practice().await;
    let (chat, discord) = (&over(&practice).chat, practice.discord());

    for (nth, how) in [How::DropsAnswer, How::Garbles, How::FailsAfter].into_iter().enumerate() {
        discord.fault("POST /channels/*/messages", 1, how);
        let words = format!("For your eyes, {nth}.");
        let shown = chat.show(&format!("k{nth}"), &to_rao(&practice), &noted(&words)).await;

        assert!(matches!(shown, Shown::Done(_)), "{shown:?}");
        assert_eq!(discord.whispers("dr-rao").matches(&words).count(), 1);
    }
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_called_where_all_see_it_without_the_words() {
    let practice = practice().await;
    let (chat, discord) = (&over(&practice).chat, practice.discord());
    let rao = discord.user_id("dr-rao");
    discord.with(|world| world.user_mut(rao).expect("there").closed = true);
    let lasting = Notice {
        view: View::Code(CodeView {
            name: "Dr. Rao".to_owned(),
            account: "Discord".to_owned(),
            code: "123456".to_owned(),
            until: "tomorrow".to_owned(),
        }),
        buttons: Vec::new(),
        reactions: Vec::new(),
    };

    let passing = chat.show("l", &to_rao(&practice), &noted("For your eyes.")).await;
    let lasts = chat.show("m", &to_rao(&practice), &lasting).await;

    assert!(matches!(passing, Shown::Refused(why) if why.contains("no direct messages")));
    assert!(matches!(lasts, Shown::TryLater(why) if why.contains("no direct messages")));
    let all = messages(discord);
    assert_eq!(all.len(), 1);
    assert!(all[0].says("you take no direct messages") && all[0].mentions == [rao]);
    let seen = discord.transcript("approvals", "maya");
    assert!(!seen.contains("For your eyes") && !seen.contains("123456"), "{seen}");
}

#[tokio::test]
async fn an_old_card_that_may_not_be_changed_now_keeps_none_waiting() {
    let practice = practice().await;
    let (chat, discord, place) = (&over(&practice).chat, practice.discord(), approvals(&practice));
    let mut old = Vec::new();
    for nth in 0..6 {
        let shown = chat.show(&format!("k{nth}"), &place, &noted("It waits.")).await;
        let Shown::Done(at) = shown else { panic!("{shown:?}") };
        old.push(Place { instead_of: Some(at.message), ..place.clone() });
    }
    discord.with(|world| {
        world.later(Duration::from_hours(2));
        world.rates.off = false;
    });
    let changes = async |place: &Place| chat.show("k", place, &noted("It is live.")).await;

    let all_at_once = async {
        for place in &old[..3] {
            assert!(matches!(changes(place).await, Shown::Done(_)));
        }
        for place in &old[3..] {
            let shown = changes(place).await;
            let waits = matches!(&shown, Shown::TryLater(why) if why.contains("old message"));
            assert!(waits, "{shown:?}");
        }
    };
    // Discord asks to wait 20 s there: whoever did would still wait.
    tokio::time::timeout(Duration::from_secs(15), all_at_once).await.expect("nobody waits");
    // Of those that could not be changed only the first was asked for.
    let asked = discord.with(|world| world.calls.iter().filter(|one| one.status == 429).count());
    assert_eq!(asked, 1);
    // What is new may be changed all the same.
    let Shown::Done(at) = chat.show("new", &place, &noted("It waits.")).await else {
        panic!("new")
    };
    let new = Place { instead_of: Some(at.message), ..place.clone() };
    assert!(matches!(changes(&new).await, Shown::Done(_)));
}

#[tokio::test]
async fn nobody_but_the_bot_says_that_all_of_a_card_stands_in_its_thread() {
    let practice = practice().await;
    let (chat, discord, place) = (&over(&practice).chat, practice.discord(), approvals(&practice));
    let card = |parts: &str| {
        let mut card = long_card();
        card.parts[0].text = parts.to_owned();
        Notice { view: View::Card(card), buttons: Vec::new(), reactions: Vec::new() }
    };
    let Shown::Done(at) = chat.show("k", &place, &card("Short.")).await else { panic!("shown") };
    let (channel, id) = (discord.channel_id("approvals"), at.message.parse().expect("an id"));
    let robot = discord.user_id("robot");
    let thread = discord.person("maya").begins_thread(&(channel, id), "talk");
    let own_mark = countersign::chat::discord::marks_whole(&at);
    discord.with(|world| {
        for nth in 0..130 {
            let mut said = Message::new(world.id(), thread, robot);
            said.embeds = vec![serde_json::json!({
                "description": format!("{nth}"), "footer": { "text": own_mark },
            })];
            world.put(&said);
        }
    });
    let instead = Place { instead_of: Some(at.message.clone()), ..place.clone() };
    let whole = || {
        let counts = |m: &&Message| m.author == discord.app().id && m.says("Wash hands.");
        let all = discord.with(|world| world.channel(thread).expect("there").messages.clone());
        all.iter().filter(counts).count()
    };

    let long = vec!["Wash hands."; 900].join(" ");
    assert!(matches!(chat.show("k", &instead, &card(&long)).await, Shown::Done(_)));
    let pages = whole();
    assert!(pages > 1);
    for nth in 0..130 {
        discord.person("maya").says(&thread.to_string(), &format!("Word {nth}"));
    }
    assert!(matches!(chat.show("k", &instead, &card(&long)).await, Shown::Done(_)));
    assert_eq!(whole(), pages);
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
