//! The connection to Discord: it stands, goes on, is begun anew, and says why it does not.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign::chat::discord::health::{Health, Standing};
use countersign::chat::discord::listen::{Bring, Ears, Gateway, Patience};
use countersign::chat::discord::{Api, Wires};
use countersign::cli::world::{RealChance, RealClock};
use countersign::domain::secret::Secret;
use countersign::ports::intake::{ChatEvent, Happening, Intake, Receipt};
use countersign::render::Words;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::discord::{Discord, Exchange, Message, Order, World};

/// Keeps what comes in.
struct Inbox {
    all: Mutex<Vec<ChatEvent>>,
    many: watch::Sender<usize>,
    /// So many are not stored.
    full: AtomicI64,
}

#[async_trait]
impl Intake for Inbox {
    async fn receive(&self, event: ChatEvent) -> Receipt {
        if self.full.fetch_sub(1, Ordering::SeqCst) > 0 {
            return Receipt::NotRecorded;
        }
        self.all.lock().expect("whole").push(event);
        self.many.send_modify(|many| *many += 1);
        Receipt::Stored(1)
    }

    async fn settled(&self, _: i64) {}
}

/// Our end of it, which goes on until this is dropped.
struct End {
    inbox: Arc<Inbox>,
    health: watch::Receiver<Health>,
    goes_on: JoinHandle<()>,
}

impl Drop for End {
    fn drop(&mut self) {
        self.goes_on.abort();
    }
}

impl End {
    fn of(discord: &Discord) -> Self {
        Self::with(discord, &discord.app().token, false)
    }

    fn with(discord: &Discord, token: &str, message_content: bool) -> Self {
        Self::patient(discord, (token, message_content), |_| {})
    }

    fn patient(
        discord: &Discord,
        (token, message_content): (&str, bool),
        alter: impl FnOnce(&mut Patience),
    ) -> Self {
        let (all, many) = (Mutex::default(), watch::Sender::new(0));
        let inbox = Arc::new(Inbox { all, many, full: AtomicI64::new(0) });
        let api = Api::new(discord.url(), Secret::new(token)).expect("an address");
        let wires = Wires::new(api);
        let words = Arc::new(Words::built_in().expect("templates compile"));
        let ears = Ears::new(inbox.clone(), wires.clone(), words, Arc::new(RealClock));
        let standing = Arc::<Standing>::default();
        let health = standing.watch();
        let bring = Bring::to(ears, standing.clone());
        let millis = Duration::from_millis;
        let mut patience = Patience {
            session: Duration::from_secs(8),
            first: millis(50),
            longest: millis(200),
            refused: millis(100),
            ..Patience::default()
        };
        alter(&mut patience);
        let chance = Arc::new(RealChance);
        let gateway = Gateway { wires, message_content, standing, patience, chance };
        let goes_on = tokio::spawn(async move { gateway.go_on(&bring).await });
        Self { inbox, health, goes_on }
    }

    async fn is_up(&mut self) {
        self.health.wait_for(|health| *health == Health::Up).await.expect("it goes on");
    }

    async fn is_away(&mut self, why: &str) {
        let so = |health: &Health| matches!(health, Health::Away(said) if said.contains(why));
        self.health.wait_for(so).await.expect("it goes on");
    }

    /// What came in, once it is so many.
    async fn heard(&self, many: usize) -> Vec<Happening> {
        let mut come = self.inbox.many.subscribe();
        come.wait_for(|come| *come >= many).await.expect("it goes on");
        let all = self.inbox.all.lock().expect("whole");
        all.iter().map(|event| event.what.clone()).collect()
    }
}

fn discord() -> Discord {
    let discord = Discord::start();
    discord.without_limits();
    discord
}

fn is_on(what: &Happening) -> Option<bool> {
    match what {
        Happening::Reacted { on, .. } => Some(*on),
        _ => None,
    }
}

#[tokio::test]
async fn what_people_do_comes_in_in_order() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    let tomas = discord.person("tomas");

    let idea = tomas.says("ideas", "@countersign Flu shots this Saturday");
    for _ in 0..5 {
        tomas.reacts(&idea, "✅");
        tomas.unreacts(&idea, "✅");
    }

    let heard = end.heard(11).await;
    assert!(matches!(&heard[0], Happening::Said { text, .. } if text == "Flu shots this Saturday"));
    let on: Vec<Option<bool>> = heard[1..].iter().map(is_on).collect();
    assert_eq!(on, [[Some(true), Some(false)]; 5].concat());
}

#[tokio::test]
async fn what_nobody_called_the_bot_for_is_not_heard_unless_it_is_asked_for() {
    let discord = discord();
    let (mut few, mut all) = (End::of(&discord), {
        let token = discord.app().token;
        End::with(&discord, &token, true)
    });
    few.is_up().await;
    all.is_up().await;
    let tomas = discord.person("tomas");

    tomas.says("ideas", "Flu shots");
    let called = tomas.says("ideas", "@countersign Flu jabs");
    let _ = called;

    assert_eq!(all.heard(2).await.len(), 2);
    let heard = few.heard(1).await;
    assert!(matches!(&heard[..], [Happening::Said { text, .. }] if text == "Flu jabs"));
}

#[tokio::test]
async fn commands_are_made_known_with_the_session() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;

    discord.until(|world| world.apps[0].commands.len() == 2).await;

    let names = discord.with(|world| {
        let all = world.apps[0].commands.iter();
        all.map(|command| command["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(names, ["post", "Make a post from this"]);
}

#[tokio::test]
async fn a_connection_that_breaks_goes_on_with_its_session() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    let tomas = discord.person("tomas");
    let idea = tomas.says("ideas", "@countersign Flu shots");
    end.heard(1).await;

    discord.order(&Order::Close(4000, "Unknown error."));
    tomas.reacts(&idea, "✅");

    assert_eq!(is_on(&end.heard(2).await[1]), Some(true));
    discord.with(|world| {
        assert_eq!((world.gateway.resumed, world.apps[0].identifies_left), (1, 999));
    });
}

#[tokio::test]
async fn after_a_new_session_all_is_looked_at_again() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    end.health.mark_unchanged();

    discord.invalidates(false);

    discord.connected(2).await;
    // Whoever sweeps is woken by that.
    end.health.changed().await.expect("it goes on");
    end.is_up().await;
    let tomas = discord.person("tomas");
    tomas.says("ideas", "@countersign Flu shots");
    end.heard(1).await;
}

#[tokio::test]
async fn a_session_that_is_forgotten_is_begun_anew() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    discord.with(|world| world.gateway.forgetful = true);

    discord.order(&Order::Close(4000, "Unknown error."));

    discord.until(|world| world.apps[0].identifies_left == 998).await;
    discord.person("tomas").says("ideas", "@countersign Flu shots");
    end.heard(1).await;
}

#[tokio::test]
async fn a_connection_whose_other_side_is_silent_is_begun_anew() {
    let discord = discord();
    discord.with(|world| world.timing.heartbeat = Duration::from_millis(500));
    let mut end = End::of(&discord);
    end.is_up().await;

    discord.with(|world| world.gateway.deaf = true);
    discord.connected(2).await;
    discord.with(|world| world.gateway.deaf = false);

    end.is_up().await;
    discord.person("tomas").says("ideas", "@countersign Flu shots");
    end.heard(1).await;
}

#[tokio::test]
async fn a_gateway_that_can_not_be_reached_is_called_until_it_can() {
    let discord = discord();
    discord.with(|world| world.gateway.unreachable = true);
    discord.fault("GET /gateway/bot", 1, crate::discord::How::Fails);
    let mut end = End::of(&discord);
    end.is_away("it answers 503").await;

    end.is_away("it gets no session").await;
    discord.with(|world| world.gateway.unreachable = false);

    end.is_up().await;
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_said() {
    let discord = discord();
    let mut wrong = End::with(&discord, "MTA.x.y", false);
    wrong.is_away("discord.token is not accepted").await;

    discord.with(|world| world.apps[0].privileged = 0);
    let token = discord.app().token;
    let mut end = End::with(&discord, &token, true);
    end.is_away("needs Message Content Intent").await;
    // waits for the world: it is to ask again meanwhile
    tokio::time::sleep(Duration::from_millis(500)).await;
    // It is looked for again and again, and costs no session.
    let asked = |world: &mut World| {
        let asks = |call: &&Exchange| call.route == "GET /gateway/bot";
        (world.calls.iter().filter(asks).count() > 3, world.apps[0].identifies_left)
    };
    assert_eq!(discord.with(asked), (true, 1000));
    discord.with(|world| world.apps[0].privileged = 1 << 15);
    end.is_up().await;
}

#[tokio::test]
async fn an_intent_that_is_refused_costs_few_sessions() {
    let discord = discord();
    let token = discord.app().token;
    // It says that the app may read all, and does not let it.
    discord.with(|world| world.gateway.allows = Some(0));
    let mut end = End::with(&discord, &token, true);
    end.is_away("needs Message Content Intent").await;

    // waits for the world: it is to try again meanwhile
    tokio::time::sleep(Duration::from_secs(3)).await;

    let left = discord.with(|world| world.apps[0].identifies_left);
    assert!((990..1000).contains(&left), "{left}");
}

#[tokio::test]
async fn the_last_sessions_of_a_day_are_not_begun() {
    let discord = discord();
    discord.with(|world| world.apps[0].identifies_left = 20);
    let mut end = End::of(&discord);

    end.is_away("it began too many sessions today, and waits 241 min").await;
    // waits for the world: it is to begin none meanwhile
    tokio::time::sleep(Duration::from_millis(500)).await;

    assert_eq!(discord.with(|world| world.apps[0].identifies_left), 20);
}

#[tokio::test]
async fn a_client_that_needs_session_after_session_is_no_good() {
    let discord = discord();
    let token = discord.app().token;
    let mut end = End::patient(&discord, (&token, false), |patience| patience.sessions = 1);
    end.is_up().await;

    discord.invalidates(false);

    end.is_away("its sessions end again and again").await;
    end.is_up().await;
}

#[tokio::test]
async fn a_connection_that_discord_does_not_answer_is_begun_anew() {
    let discord = discord();
    discord.with(|world| world.timing.heartbeat = Duration::from_millis(400));
    let token = discord.app().token;
    let quiet = |patience: &mut Patience| patience.quiet = Duration::from_secs(3);
    let mut lively = End::patient(&discord, (&token, false), quiet);
    lively.is_up().await;
    // waits for the world: a session that is quiet, and answered
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(discord.with(|world| world.apps[0].identifies_left), 999);
    drop(lively);

    // The library itself would find that out after two heartbeats.
    discord.with(|world| world.timing.heartbeat = Duration::from_mins(1));
    let mut silent = End::patient(&discord, (&token, false), quiet);
    silent.is_up().await;
    silent.is_away("its connection says nothing any more").await;
    silent.is_up().await;
}

#[tokio::test]
async fn reactions_that_vanish_from_what_is_not_ours_wake_nobody() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    let (lena, channel) = (discord.person("lena"), discord.channel_id("ideas"));
    let theirs = lena.says("ideas", "@countersign Flu shots");
    end.heard(1).await;
    let ours = discord.with(|world| {
        let message = Message::new(world.id(), channel, world.apps[0].id);
        world.put(&message);
        (channel, message.id)
    });
    end.health.mark_unchanged();

    lena.reacts(&theirs, "✅");
    lena.clears_reactions(&theirs);
    lena.says("ideas", "@countersign Flu jabs");
    end.heard(3).await;
    // waits for the world: nothing is to happen
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!end.health.has_changed().expect("it goes on"));
    lena.clears_reactions(&ours);
    end.health.changed().await.expect("it goes on");
}

#[tokio::test]
async fn an_edit_that_takes_the_call_away_is_heard_without_its_words() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    let tomas = discord.person("tomas");
    let idea = tomas.says("ideas", "@countersign Flu shots");
    end.heard(1).await;

    tomas.edits(&idea, "Flu jabs");

    let heard = end.heard(2).await;
    assert!(matches!(&heard[1], Happening::Edited { text, .. } if text.is_empty()), "{heard:?}");
}

#[tokio::test]
async fn what_is_not_stored_is_brought_again() {
    let discord = discord();
    let mut end = End::of(&discord);
    end.is_up().await;
    end.inbox.full.store(2, Ordering::SeqCst);

    discord.person("tomas").says("ideas", "@countersign Flu shots");

    assert_eq!(end.heard(1).await.len(), 1);
}
