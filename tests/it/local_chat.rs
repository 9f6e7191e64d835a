//! The local platform behind the chat port.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign::chat::local::{
    ChatFaults, Faults, Hearing, LocalChat, Say, World, channel, identity, react, say,
};
use countersign::domain::member::Platform as Is;
use countersign::domain::outbox::Certainty;
use countersign::ports::chat::{Chat, MessageRef, Place, Seen, Shown};
use countersign::ports::intake::{ChatEvent, Intake, Receipt};
use countersign::ports::notice::Notice;
use serde_json::json;
use tokio::sync::Notify;

use crate::local_support::{Platform, in_ideas, noted, words};

fn done(shown: Shown) -> MessageRef {
    match shown {
        Shown::Done(at) => at,
        other => unreachable!("{other:?}"),
    }
}

fn instead_of(at: &MessageRef) -> Place {
    Place { instead_of: Some(at.message.clone()), ..in_ideas() }
}

#[tokio::test]
async fn a_notice_is_shown_once() {
    let platform = Platform::open().await;

    let first = platform.chat.show("k1", &in_ideas(), &noted("signed")).await;
    let again = platform.chat.show("k1", &in_ideas(), &noted("signed")).await;
    let other = platform.chat.show("k2", &in_ideas(), &noted("signed")).await;

    assert_eq!(platform.chat.platform(), Is::Local);
    assert!(matches!(platform.chat.certainty(&in_ideas()), Certainty::Key { .. }));
    assert_eq!(first, again);
    assert_ne!(first, other);
    let ideas = platform.ideas("maya").await;
    assert_eq!(ideas.len(), 2);
    assert_eq!(ideas[0]["html"], "<p>signed</p>\n");
    assert_eq!(ideas[0]["from"]["id"], "countersign");
}

#[tokio::test]
async fn a_card_changes_in_place_and_an_old_attempt_does_not_bring_it_back() {
    let platform = Platform::open().await;
    let card = done(platform.chat.show("k1", &in_ideas(), &noted("waiting")).await);
    let place = instead_of(&card);
    let before = platform.ideas("maya").await[0]["seq"].as_i64();

    platform.chat.show("k2", &place, &noted("signed")).await;
    platform.chat.show("k3", &place, &noted("published")).await;
    let late = platform.chat.show("k2", &place, &noted("signed")).await;

    assert_eq!(late, Shown::Done(card));
    let ideas = platform.ideas("maya").await;
    assert_eq!(ideas.len(), 1);
    assert_eq!(ideas[0]["text"], "published");
    assert!(ideas[0]["seq"].as_i64() > before);
}

#[tokio::test]
async fn what_is_gone_is_not_shown_again() {
    let platform = Platform::open().await;
    let card = done(platform.chat.show("k1", &in_ideas(), &noted("waiting")).await);
    let said = platform.says("tomas", "Flu shots").await;
    let at = format!("/local/api/messages/{}?as=maya", card.message);
    platform.ask("DELETE", &at).send().await;
    let in_thread = Place { thread: Some(card.message.clone()), ..in_ideas() };
    let of_somebody = Place { instead_of: Some(said), ..in_ideas() };
    let elsewhere = Place { channel: channel("elsewhere"), ..in_ideas() };
    let to_nobody = Place { only: Some(identity("nobody")), ..in_ideas() };
    let places = [instead_of(&card), in_thread, of_somebody, elsewhere, to_nobody];

    for (at, place) in places.iter().enumerate() {
        let key = format!("k1{at}");
        let shown = platform.chat.show(&key, place, &noted("signed")).await;
        assert!(matches!(shown, Shown::Refused(_)), "{place:?}");
    }
}

#[tokio::test]
async fn looking_leaves_out_the_bots_own_reactions() {
    let platform = Platform::open().await;
    let notice = Notice { reactions: vec!["✅".to_owned(), "❌".to_owned()], ..noted("a card") };
    let card = done(platform.chat.show("k1", &in_ideas(), &notice).await);
    let at = format!("/local/api/messages/{}/reactions/%E2%9C%85?as=dr-rao", card.message);
    platform.ask("PUT", &at).send().await;

    let seen = platform.chat.look(&card).await;

    let by_dr_rao = vec![(identity("dr-rao"), "✅".to_owned())];
    assert_eq!(seen, Ok(Some(Seen { reactions: by_dr_rao })));
    let shown = platform.ideas("maya").await[0]["reactions"].clone();
    let expected = json!([
        { "emoji": "✅", "people": ["countersign", "dr-rao"] },
        { "emoji": "❌", "people": ["countersign"] },
    ]);
    assert_eq!(shown, expected);
    let elsewhere = MessageRef { channel: channel("approvals"), ..card.clone() };
    assert_eq!(platform.chat.look(&elsewhere).await, Ok(None));
    platform.chat.show("k2", &instead_of(&card), &noted("replaced")).await;
    let after = platform.ideas("maya").await[0]["reactions"].clone();
    assert_eq!(after, json!([{ "emoji": "✅", "people": ["dr-rao"] }]));
}

#[tokio::test]
async fn the_chat_does_as_badly_as_it_is_told() {
    let platform = Platform::open().await;
    let told = |chat: ChatFaults| Faults { chat, ..Faults::default() };
    let unreachable = told(ChatFaults { unreachable: true, ..ChatFaults::default() });
    let silent = told(ChatFaults { silent_every: 1, ..ChatFaults::default() });

    platform.world.set_faults(&unreachable).await.expect("told");
    let not_there = platform.chat.show("k1", &in_ideas(), &noted("a card")).await;
    let after_refusal = platform.ideas("maya").await.len();
    platform.world.set_faults(&silent).await.expect("told");
    let unknown = platform.chat.show("k1", &in_ideas(), &noted("a card")).await;
    platform.world.set_faults(&Faults::default()).await.expect("told");
    let known = platform.chat.show("k1", &in_ideas(), &noted("a card")).await;

    assert!(matches!(not_there, Shown::TryLater(_)), "{not_there:?}");
    assert_eq!(after_refusal, 0);
    assert_eq!(unknown, Shown::Unknown);
    assert!(matches!(known, Shown::Done(_)));
    assert_eq!(platform.ideas("maya").await.len(), 1);
}

/// Answers in the thread of a message before it has said that the message is stored.
struct Eager {
    chat: LocalChat,
    shown: Mutex<Vec<Shown>>,
}

#[async_trait]
impl Intake for Eager {
    async fn receive(&self, event: ChatEvent) -> Receipt {
        let place = Place { thread: Some(event.what.message().message.clone()), ..in_ideas() };
        let shown = self.chat.show("k1", &place, &noted("an idea")).await;
        self.shown.lock().expect("not poisoned").push(shown);
        Receipt::Stored(1)
    }

    async fn settled(&self, _after: i64) {}
}

// The answer was refused as the message did not stand yet.
#[tokio::test]
async fn an_answer_that_comes_early_finds_its_thread() {
    let platform = Platform::open().await;
    let world: World = platform.world.clone();
    let chat = LocalChat::new(world.clone(), words());
    let eager = Arc::new(Eager { chat, shown: Mutex::default() });
    let hearing = Hearing { world, intake: eager.clone() };
    let said = Say {
        key: None,
        channel: "ideas".to_owned(),
        thread: None,
        text: "Flu shots".to_owned(),
        files: Vec::new(),
    };

    let heard = say(&hearing, "tomas", &said).await.expect("said");

    assert!(matches!(eager.shown.lock().expect("not poisoned")[0], Shown::Done(_)));
    let ideas = platform.ideas("maya").await;
    assert_eq!(ideas[0]["text"], "Flu shots");
    assert_eq!(ideas[1]["thread"], json!(heard.id));
}

/// Hears nothing more until it is told to go on.
#[derive(Default)]
struct Busy {
    begun: Notify,
    go_on: Notify,
}

#[async_trait]
impl Intake for Busy {
    async fn receive(&self, _event: ChatEvent) -> Receipt {
        self.begun.notify_one();
        self.go_on.notified().await;
        Receipt::Stored(1)
    }

    async fn settled(&self, _after: i64) {}
}

#[tokio::test]
async fn what_happens_to_a_message_is_heard_in_its_order() {
    let platform = Platform::open().await;
    let card = done(platform.chat.show("k1", &in_ideas(), &noted("a card")).await);
    let busy = Arc::new(Busy::default());
    let hearing = Hearing { world: platform.world.clone(), intake: busy.clone() };
    let (to, at) = (hearing.clone(), card.message.clone());
    let signs = tokio::spawn(async move { react(&to, "dr-rao", &at, ("✅", true)).await });
    busy.begun.notified().await;

    let unsigns = react(&hearing, "dr-rao", &card.message, ("✅", false));
    let overtakes = tokio::time::timeout(Duration::from_millis(300), unsigns).await;

    assert!(overtakes.is_err(), "the second was heard before the first was stored");
    let seen = platform.chat.look(&card).await.expect("in reach").expect("it stands");
    assert_eq!(seen.reactions.len(), 1);
    busy.go_on.notify_one();
    signs.await.expect("ended").expect("signed");
}
