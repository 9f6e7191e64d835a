//! Slack's own libraries run a bot against the simulator: where they disagree, it is wrong.
//!
//! `.ci/run slack-clients` installs them, and says in `COUNTERSIGN_SLACK_CLIENTS` which Python has
//! them. Without it nothing is installed, and nothing is run.

use std::env;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};

use countersign::chat::slack::show::{self, Around};
use countersign::ports::notice::{Button, Notice, Weight};
use countersign::render::{Words, samples};
use insta::{allow_duplicates, assert_snapshot};
use reqwest::Response;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::slack::{At, Order, Slack, Submitted, client};

/// How a bot is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Socket,
    Http,
}

#[tokio::test]
async fn bolt_for_python_over_a_socket() {
    plays_a_day("bolt.py", Mode::Socket).await;
}

#[tokio::test]
async fn bolt_for_python_over_http_installed_by_oauth() {
    plays_a_day("bolt.py", Mode::Http).await;
}

#[tokio::test]
async fn bolt_for_javascript_over_a_socket() {
    plays_a_day("bolt.mjs", Mode::Socket).await;
}

#[tokio::test]
async fn bolt_for_javascript_over_http_installed_by_oauth() {
    plays_a_day("bolt.mjs", Mode::Http).await;
}

#[test]
fn slacks_own_library_takes_every_view() {
    let Some(python) = env::var_os("COUNTERSIGN_SLACK_CLIENTS") else { return };
    let words = Words::built_in().expect("templates compile");
    let button = Button {
        id: "withdraw:1".to_owned(),
        label: "Withdraw".to_owned(),
        weight: Weight::Danger,
        form: Vec::new(),
    };
    let uploads = vec!["F1".to_owned(); 10];
    let mut lines = Vec::new();
    for sample in samples().into_iter().flat_map(|(_, samples)| samples) {
        let said = words.render(&sample.view).expect("renders");
        let (buttons, reactions) = (vec![button.clone()], Vec::new());
        let notice = Notice { view: sample.view, buttons, reactions };
        let around = Around { uploads: &uploads, about: None };
        lines.push(serde_json::json!(show::message(&said, &notice, around).blocks).to_string());
    }

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("blocks");
    std::fs::write(&file, lines.join("\n")).expect("written");
    let looked = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slack/clients/blocks.py"))
        .stdin(std::fs::File::open(&file).expect("there"))
        .output()
        .expect("it runs");

    let said = String::from_utf8_lossy(&looked.stderr);
    assert!(looked.status.success(), "{said}");
    assert_eq!(String::from_utf8_lossy(&looked.stdout).trim(), lines.len().to_string());
}

async fn plays_a_day(script: &str, mode: Mode) {
    let Some(python) = env::var_os("COUNTERSIGN_SLACK_CLIENTS") else { return };
    let slack = Slack::start();
    let program = if script == "bolt.mjs" { "node".into() } else { python };
    let _bot = match mode {
        Mode::Socket => {
            let bot = Bot::start(&slack, Command::new(program).arg(script).arg("socket"));
            slack.connected(1).await;
            bot
        }
        Mode::Http => {
            let port = free_port();
            let arguments = [script, "http", &port.to_string()];
            let bot = Bot::start(&slack, Command::new(program).args(arguments));
            install(&slack, port).await;
            bot
        }
    };

    signs(&slack).await;
    if mode == Mode::Socket {
        loses_its_sockets(&slack).await;
    }
    writes(&slack).await;

    assert_eq!(slack.given_up(), 0);
    allow_duplicates! {
        assert_snapshot!(slack.transcript("ideas", "tomas"), @r"
        tomas: Flu shots this Saturday. (edited) :eyes: countersign
          > countersign: 1 in the channel
          > tomas: At 9 o'clock. :memo: countersign
          > countersign: It was edited.
        countersign (only you): Noted.
        tomas: A picture. [file shots.png]
          > countersign: Here it is again. [file again.png]
        USLACKBOT: This message was deleted.
          > countersign: 3 in the channel
        countersign (only you): Noted.
        countersign: One is gone.
        ");
        assert_snapshot!(slack.transcript("approvals", "dr-rao"), @r"
        countersign: Flu shots on Saturday. (signed) (edited)
          > countersign: dr-rao: +1::skin-tone-3 1
          > countersign: +1::skin-tone-3 is gone
        countersign (only you): Thank you.
        ");
    }
}

/// Commands, modals, buttons, reactions.
async fn signs(slack: &Slack) {
    let (maya, rao) = (slack.person("maya"), slack.person("dr-rao"));

    let said = maya.runs("approvals", "/post", "help").await.expect("answered");
    assert_eq!(said["text"], "Write `/post new`.");
    maya.runs("approvals", "/post", "new").await.expect("acknowledged");
    slack.until(|world| !world.user(&maya.id).expect("known").modals.is_empty()).await;
    let long = "Flu shots this Saturday from 9 to 12, no appointment needed.";
    let wrong = ("text".to_owned(), "At most 40 characters.".to_owned());
    assert_eq!(maya.submits(&[("Text", long)]).await, Submitted::Wrong(vec![wrong]));
    assert_eq!(maya.submits(&[("Text", "Flu shots on Saturday.")]).await, Submitted::Closed);

    let card = sees(slack, "approvals", "\"Sign\"").await;
    rao.presses(&card, "Sign").await.expect("acknowledged");
    sees(slack, "approvals", "(signed)").await;
    sees(slack, "approvals", "Thank you.").await;
    rao.reacts(&card, "+1::skin-tone-3");
    sees(slack, "approvals", "dr-rao: +1").await;
    rao.unreacts(&card, "+1::skin-tone-3");
    sees(slack, "approvals", "is gone").await;
    slack.settled().await;
}

/// Slack asks the bot to come again, breaks off, and closes; it comes again each time.
async fn loses_its_sockets(slack: &Slack) {
    slack.disconnect("refresh_requested", true);
    slack.connected(2).await;
    slack.order(|| Order::Vanish);
    slack.connected(3).await;
    slack.order(|| Order::Close);
    slack.connected(4).await;
}

/// Messages, their edits and ends, files, shortcuts, the home tab.
async fn writes(slack: &Slack) {
    let tomas = slack.person("tomas");

    let idea = tomas.says("ideas", "Flu shots & <more> ✅");
    sees(slack, "ideas", "1 in the channel").await;
    tomas.replies(&idea, "At 9 o'clock.");
    slack
        .until(|world| world.calls.iter().filter(|call| *call == "reactions.add").count() == 2)
        .await;
    tomas.edits(&idea, "Flu shots this Saturday.");
    sees(slack, "ideas", "It was edited.").await;
    tomas.shares("ideas", "A picture.", "shots.png", b"\x89PNG not really");
    sees(slack, "ideas", "Here it is again.").await;
    let other = tomas.says("ideas", "Never mind.");
    sees(slack, "ideas", "3 in the channel").await;
    tomas.deletes(&other);
    sees(slack, "ideas", "One is gone.").await;

    tomas.uses("make_post", Some(&idea)).await.expect("acknowledged");
    slack.until(|world| !world.user(&tomas.id).expect("known").modals.is_empty()).await;
    let begins = &tomas.modal().expect("open")["blocks"][0]["element"]["initial_value"];
    assert_eq!(begins, "Flu shots this Saturday.");
    tomas.closes();
    tomas.opens_home();
    slack.until(|world| world.user(&tomas.id).expect("known").home.is_some()).await;
    tomas.presses_in_view("Look again").await.expect("acknowledged");
    slack
        .until(|world| {
            let home = &world.user(&tomas.id).expect("known").home;
            home.as_ref().is_some_and(|home| home["blocks"][0]["text"]["text"] == "Still nothing.")
        })
        .await;
    slack.settled().await;
}

/// Waits until a message holds some words, as its author's app put them.
async fn sees(slack: &Slack, channel: &str, words: &str) -> At {
    let mut found = None;
    slack
        .until(|world| {
            let channel = world.channels.iter().find(|known| known.name == channel).expect("known");
            let message = channel.messages.iter().rev().find(|m| m.says(words));
            found = message.map(|message| (channel.id.clone(), message.ts.clone()));
            found.is_some()
        })
        .await;
    found.expect("seen")
}

/// A bot on an official library, for as long as it is held.
struct Bot(Child);

impl Bot {
    fn start(slack: &Slack, command: &mut Command) -> Self {
        let (app, install) = (slack.app(), slack.install());
        let bot = command
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slack/clients"))
            .env("SLACK_URL", slack.url())
            .env("APP_TOKEN", app.socket_token)
            .env("BOT_TOKEN", install.token)
            .env("SIGNING_SECRET", app.signing_secret)
            .env("OAUTH_ID", app.client_id)
            .env("OAUTH_SECRET", app.client_secret)
            .env("OAUTH_SCOPES", install.scopes.join(","))
            .env("NO_PROXY", "127.0.0.1");
        Self(bot.spawn().expect("it starts"))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Goes through the install as a browser does, and has Slack send its requests there.
async fn install(slack: &Slack, port: u16) {
    let bot = format!("http://127.0.0.1:{port}");
    let begun = fetch(&format!("{bot}/slack/install"), "").await;
    let cookie = begun.headers()[SET_COOKIE].to_str().expect("text");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let allowed = fetch(location(&begun), "").await;
    let before = slack.install().token;

    let done = fetch(location(&allowed), &cookie).await;

    assert!(done.status().is_success(), "{done:?}");
    assert_ne!(slack.install().token, before, "a new token was given");
    slack.with(|world| world.apps[0].request_url = Some(format!("{bot}/slack/events")));
}

fn location(answer: &Response) -> &str {
    answer.headers()[LOCATION].to_str().expect("text")
}

/// Fetches a page, as soon as there is one.
async fn fetch(url: &str, cookie: &str) -> Response {
    let browser = client().redirect(Policy::none());
    let browser = browser.build().expect("a client");
    loop {
        #[expect(clippy::disallowed_methods, reason = "a person's browser, not a network")]
        let answer = browser.get(url).header(COOKIE, cookie).send().await;
        match answer {
            Ok(answer) => return answer,
            Err(error) if error.is_connect() => {
                // waits for the world: the bot does not say when it listens
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
