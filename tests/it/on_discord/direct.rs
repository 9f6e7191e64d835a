//! What people tell the bot alone: it goes the way of what stands in a channel.

use std::sync::Arc;

use async_trait::async_trait;
use countersign::chat::discord::listen::{Came, Ears, hear};
use countersign::chat::discord::{Api, Wires};
use countersign::cli::world::RealClock;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::secret::Secret;
use countersign::ports::intake::{Alone, ChatEvent, Intake, Receipt, Theirs};
use countersign::render::Words;
use insta::assert_snapshot;
use serde_json::json;

use crate::discord::{Answered, At, Discord};
use crate::support::TestPractice;

const ALARM: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

async fn heard(practice: &TestPractice) {
    practice.over_discord().hears_out().await;
    practice.settle().await;
}

/// The newest message of somebody's conversation with the bot that has these words.
async fn told(practice: &TestPractice, who: &str, words: &str) -> At {
    let discord = practice.discord();
    let (app, user) = (discord.app().id, discord.user_id(who));
    let channel = discord.with(|world| world.direct(user, app));
    discord.sees(&channel.to_string(), words).await
}

async fn presses(practice: &TestPractice, who: &str, (words, label): (&str, &str)) -> Answered {
    let at = told(practice, who, words).await;
    let person = practice.discord().person(who);
    let came = practice.over_discord().answered(person.presses(&at, label)).await;
    practice.settle().await;
    came.expect("answered")
}

#[tokio::test]
async fn an_idea_that_is_told_alone_becomes_a_post_like_any_other() {
    let practice = TestPractice::open_over_discord().await;
    practice.discord().person("tomas").whispers("Flu shots this Saturday.");
    heard(&practice).await;

    presses(&practice, "tomas", ("Is it a post?", "Make a post")).await;
    presses(&practice, "tomas", ("Draft of post 1", "Send for signature")).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    countersign idea by Tomas [Make a post] [Not a post]
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    countersign card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Flu shots this Saturday." | in review
    dr-rao      ✅ on card 1.1
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    let said = practice.discord().whispers("tomas");
    let said: Vec<&str> =
        said.lines().map(|line| line.split(" | ref").next().expect("a line")).collect();
    assert_snapshot!(said.join("\n"), @"
    tomas: Flu shots this Saturday.
    countersign: [This idea is now post 1.
    countersign: [**Post 1** by Tomas · **in review** · SAMPLE
    ");
    assert_eq!(practice.discord().transcript("ideas", "maya"), "");
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_changed_is_changed_in_the_idea_too() {
    let practice = TestPractice::open_over_discord().await;
    let tomas = practice.discord().person("tomas");
    let at = tomas.whispers("Flu shots this Saturday.");
    heard(&practice).await;

    tomas.edits(&at, "Flu shots this Sunday.");
    heard(&practice).await;
    presses(&practice, "tomas", ("Is it a post?", "Make a post")).await;

    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Sunday.");
    let chat = &practice.over_discord().chat;
    let idea = practice.office.store.idea_of(&practice.id(), &practice.post(1).await.id).await;
    let there = practice.over_discord().message(&idea.expect("readable").expect("kept").at).await;
    let link = countersign::ports::chat::Chat::link(chat, &there).await;
    assert_eq!(link, Some(format!("https://discord.com/channels/@me/{}/{}", at.0, at.1)));
}

#[tokio::test]
async fn who_is_of_several_practices_says_for_which_it_is() {
    let agency = TestPractice::open_agency_over_discord().await;
    agency.discord().person("maya").whispers("Flu shots at the lake.");
    heard(&agency).await;
    let question = agency.discord().whispers("maya");
    let nothing = agency.transcript();

    let came = presses(&agency, "maya", ("For which", "Lakeside Women's Health")).await;
    presses(&agency, "maya", ("Is it a post?", "Make a post")).await;

    assert_snapshot!(question, @"
    maya: Flu shots at the lake.
    countersign: [For which practice is this?] [Hillcrest Pediatrics] [Lakeside Women's Health] [Northside Family Practice]
    ");
    assert_eq!((nothing.as_str(), came), ("", Answered::Changes));
    let post = agency.post_of("lakeside", 1).await.expect("a post");
    assert_eq!(post.draft.text, "Flu shots at the lake.");
    for other in ["northside", "hillcrest"] {
        assert!(agency.post_of(other, 1).await.is_none(), "{other}");
    }
    // It can be said once.
    assert!(!agency.discord().whispers("maya").contains("[Lakeside Women's Health]"));
}

#[tokio::test]
async fn a_message_is_for_whom_its_own_author_says() {
    let agency = TestPractice::open_agency_over_discord().await;
    let (maya, lena) = (agency.discord().person("maya"), agency.discord().person("lena"));
    let mayas = maya.whispers("Flu shots at the lake.");
    lena.whispers("Our new hours.");
    heard(&agency).await;
    let question = told(&agency, "maya", "For which").await;

    let id = agency.discord().with(|world| {
        let message = world.message(question.0, question.1).expect("asked");
        let id = message.components[0]["components"][0]["custom_id"].as_str().expect("a button");
        id.replace(&mayas.1.to_string(), "1")
    });
    let other = agency.over_discord().answered(maya.presses_id(&question, &id)).await;
    maya.deletes(&mayas);
    heard(&agency).await;
    let gone = presses(&agency, "maya", ("For which", "Lakeside Women's Health")).await;

    assert!(matches!(other, Ok(Answered::Says(_))), "{other:?}");
    assert!(matches!(gone, Answered::Says(_)), "{gone:?}");
    assert!(agency.discord().whispers("maya").contains("that message is not there any more"));
    assert!(agency.post_of("lakeside", 1).await.is_none());
}

#[tokio::test]
async fn who_is_of_no_practice_is_told_so_once() {
    let practice = TestPractice::open_over_discord().await;
    let guest = practice.discord().person("guest");

    guest.whispers("Flu shots?");
    heard(&practice).await;
    guest.whispers("Hello?");
    heard(&practice).await;

    let said = practice.discord().whispers("guest");
    assert_eq!(said.matches("you belong to no practice").count(), 1, "{said}");
    assert_eq!(practice.transcript(), "");
}

#[tokio::test]
async fn who_is_not_in_the_server_any_more_tells_nothing() {
    let practice = TestPractice::open_over_discord().await;
    let (discord, user) = (practice.discord(), practice.discord().user_id("lena"));
    discord.with(|world| world.leave(world.guilds[0].id, user));

    for text in ["/post queue", "Stop everything!", "Flu shots this Saturday."] {
        discord.person("lena").whispers(text);
        heard(&practice).await;
    }

    let said = discord.whispers("lena");
    assert_eq!(said.matches("you belong to no practice").count(), 1, "{said}");
    assert_eq!(practice.transcript(), "");
}

#[tokio::test]
async fn a_command_that_is_changed_is_not_done_again() {
    let practice = TestPractice::open_over_discord().await;
    let tomas = practice.discord().person("tomas");
    let at = tomas.whispers("/post new Flu shots this Saturday.");
    heard(&practice).await;

    tomas.edits(&at, "/post new Flu shots this Sunday.");
    heard(&practice).await;

    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Saturday.");
    assert!(practice.post_of(practice.id().as_str(), 2).await.is_none());
}

#[tokio::test]
async fn what_looks_like_a_patient_is_not_kept_and_its_author_is_to_delete_it() {
    let practice = TestPractice::open_over_discord().await;
    practice.discord().person("tomas").whispers(ALARM);
    heard(&practice).await;

    let said = practice.discord().whispers("tomas");
    assert!(said.contains("Countersign kept nothing of what you wrote"), "{said}");
    assert!(said.contains("Please delete your message now, as Countersign can't"), "{said}");
    let ideas = practice.office.store.live_ideas(&practice.id(), practice.office.began).await;
    assert_eq!(ideas.expect("readable"), []);
    let seen = ["ideas", "approvals"].map(|at| practice.discord().transcript(at, "lena"));
    assert_eq!(seen, ["", ""]);
}

#[tokio::test]
async fn commands_work_there_and_everything_can_be_stopped() {
    let practice = TestPractice::open_over_discord().await;

    practice.discord().person("tomas").whispers("/post queue");
    practice.discord().person("lena").whispers("Stop everything!");
    heard(&practice).await;

    assert_snapshot!(practice.transcript(), @"
    countersign (to tomas) queue of 0
    countersign stopped by Lena, in flight: 0 [Release]
    ");
    let practice = practice.office.store.practice(&practice.id()).await.expect("readable");
    assert!(practice.expect("there").stopped);
}

#[tokio::test]
async fn who_brings_a_picture_is_asked_about_patients() {
    let practice = TestPractice::open_over_discord().await;
    let tomas = practice.discord().person("tomas");
    let at = tomas.whispers("Hello");
    tomas.brings(&at.0.to_string(), "Our garden.", &[("garden.png", b"not stored")]);
    heard(&practice).await;

    let since = practice.office.began;
    let ideas = practice.office.store.live_ideas(&practice.id(), since).await.expect("readable");
    let last = practice.office.store.idea(&practice.id(), &ideas[1]).await.expect("readable");
    let file = last.expect("kept").files.swap_remove(0).id;
    let chat = &practice.over_discord().chat;
    let bytes = countersign::ports::chat::Chat::fetch(chat, &file, 1_000).await;
    assert_eq!(bytes.as_deref(), Ok(&b"not stored"[..]));
    assert!(!file.contains("http"), "{file}");
    told(&practice, "tomas", "patient").await;
}

/// Knows whose everybody is, or does not; and keeps nothing.
struct Full(Option<Vec<Theirs>>);

#[async_trait]
impl Intake for Full {
    async fn theirs(&self, _: &Alone) -> Option<Vec<Theirs>> {
        self.0.clone()
    }

    async fn receive(&self, _: ChatEvent) -> Receipt {
        Receipt::NotRecorded
    }

    async fn settled(&self, _: i64) {}
}

/// Told by somebody whose practice is not known, or has a channel for ideas, or has none.
async fn hears_in_vain(ideas: Option<bool>) -> String {
    let discord = Discord::start();
    discord.without_limits();
    let at = discord.person("tomas").whispers("Flu shots this Saturday.");
    let api = Api::new(discord.url(), Secret::new(discord.app().token)).expect("an address");
    let words = Arc::new(Words::built_in().expect("templates compile"));
    let user = discord.user_id("tomas").to_string();
    let workspace = discord.with(|world| world.guilds[0].id.to_string());
    let theirs = |ideas| Theirs {
        name: "Northside".to_owned(),
        from: Identity { platform: Platform::Discord, workspace, user: user.clone() },
        channel: countersign::cli::sample::channel("ideas"),
        ideas,
        knows: false,
    };
    let full = Full(ideas.map(|ideas| vec![theirs(ideas)]));
    let ears = Ears::new(Arc::new(full), Wires::new(api), words, Arc::new(RealClock));
    let payload = json!({
        "id": at.1.to_string(), "channel_id": at.0.to_string(), "type": 0,
        "content": "Flu shots this Saturday.", "author": { "id": user, "username": "tomas" },
    });

    // Brought twice, it is answered once.
    for _ in 0..2 {
        assert_eq!(hear(&ears, "MESSAGE_CREATE", &payload).await, Came::Done);
    }
    discord.whispers("tomas")
}

#[tokio::test]
async fn who_is_not_heard_is_told_so_at_once() {
    for ideas in [None, Some(true)] {
        let said = hears_in_vain(ideas).await;
        assert_eq!(said.matches("Not recorded").count(), 1, "{said}");
    }
    let said = hears_in_vain(Some(false)).await;
    assert!(said.contains("Northside has no channel for ideas here"), "{said}");
}
