//! `countersign serve` with Slack: it connects, says so, and outlives Slack's outages.

use std::net::TcpListener;
use std::time::Duration;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::program::{Ground, Program};
use crate::slack::{How, Order, Slack, Timing, client};

/// The settings of an app that workspaces install, by requests; and its public address.
pub fn by_installs(slack: &Slack, port: u16) -> (String, [(&'static str, String); 8]) {
    let (app, public) = (slack.app(), format!("http://127.0.0.1:{port}"));
    let settings = [
        ("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url())),
        ("COUNTERSIGN_SLACK_AUTHORIZE_URL", format!("{}/oauth/v2/authorize", slack.url())),
        ("COUNTERSIGN_SLACK_MODE", "http".to_owned()),
        ("COUNTERSIGN_SLACK_SIGNING_SECRET", app.signing_secret),
        ("COUNTERSIGN_SLACK_CLIENT_ID", app.client_id),
        ("COUNTERSIGN_SLACK_CLIENT_SECRET", app.client_secret),
        ("COUNTERSIGN_WEB_PUBLIC_LISTEN", format!("127.0.0.1:{port}")),
        ("COUNTERSIGN_WEB_PUBLIC_URL", public.clone()),
    ];
    (public, settings)
}

/// The settings of one workspace over sockets.
pub fn over_sockets(slack: &Slack) -> [(&'static str, String); 3] {
    [
        ("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url())),
        ("COUNTERSIGN_SLACK_APP_TOKEN", slack.app().socket_token),
        ("COUNTERSIGN_SLACK_BOT_TOKEN", slack.install().token),
    ]
}

pub fn serve(settings: &[(&'static str, String)]) -> Program {
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Program::serve(&settings)
}

#[test]
fn it_connects_says_so_and_outlives_slack() {
    let ground = Ground::start();
    let mut program = serve(&over_sockets(&ground.slack));
    let health = program.health();

    program.says("Slack is connected");
    let up = ground.get(&health);
    ground.wait(ground.slack.connected(2));
    let ground = ground.again();
    program.says("Slack is not connected");
    program.says("Slack is connected");
    ground.wait(ground.slack.connected(2));
    let again = ground.get(&health);

    for health in [&up, &again] {
        assert_eq!(health["platforms"]["slack"], "connected", "{health}");
        assert_eq!(health["status"], "ok", "{health}");
    }
    assert!(up["platforms"].get("local").is_none(), "the local workspace is off: {up}");
}

#[test]
fn why_it_is_away_is_said_with_what_to_do() {
    let ground = Ground::start();
    let slack = &ground.slack;
    slack.fault("auth.test", 1, How::Refuses("account_inactive"));
    let mut program = serve(&over_sockets(slack));
    let health = program.health();

    program.says("Slack is not connected: Slack does not accept slack.bot_token");
    let away = ground.get(&health);

    assert_eq!((&away["platforms"]["slack"], &away["status"]), (&"away".into(), &"unheard".into()));
    let notes = away["notes"].to_string();
    assert!(notes.contains("(account_inactive): install the app"), "{notes}");
}

#[test]
fn no_token_ticket_or_word_of_anybody_is_ever_logged() {
    let (ground, deadline) = (Ground::start(), Duration::from_millis(300));
    let slack = &ground.slack;
    let settings = over_sockets(slack);
    let mut program = serve(&settings);
    program.says("Slack is connected");
    ground.wait(slack.connected(2));

    slack.timing(Timing { deadline, again: Vec::new(), latency: Duration::ZERO });
    ground.wait(async {
        slack.person("tomas").says("ideas", "Xylophone lessons on Saturday.");
        slack.settled().await;
    });
    slack.order(|| {
        Order::Send(r#"{"type":"odd","envelope_id":7,"payload":{"text":"Xylophone"}}"#.to_owned())
    });
    slack.disconnect("link_disabled", false);
    program.says("Socket Mode is switched off");

    let all = program.said.join("\n");
    for secret in [&settings[1].1, &settings[2].1, "ticket=", "Xylophone"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[test]
fn by_requests_and_by_installs_it_is_reached_at_its_public_address() {
    let ground = Ground::start();
    let slack = &ground.slack;
    let (public, settings) = by_installs(slack, free_port());
    let mut program = serve(&settings);
    let health = program.health();
    program.says("Slack is connected");

    let page = ground.wait(install(&public));
    program.says("The app is installed in TNORTHSIDE");
    slack.with(|world| world.apps[0].request_url = Some(format!("{public}/slack/events")));
    let said = ground.wait(slack.person("maya").runs("ideas", "/post", "help"));
    let health = ground.get(&health);

    assert!(page.contains("slack:TNORTHSIDE/CHANNEL"), "{page}");
    assert!(said.is_ok(), "{said:?}");
    assert_eq!(health["platforms"]["slack"], "connected");
    for secret in [slack.install().token, slack.app().client_secret, slack.app().signing_secret] {
        let all = program.said.join("\n");
        assert!(!all.contains(&secret), "{all}");
    }

    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let without = program.again_with(&["LEDGER", "TRACE"], &settings).ends();
    assert!(without.contains("what is kept of 1 of Slack's workspaces"), "{without}");
    assert!(without.contains("the key vault is missing and the database is not empty"));
}

/// A person installs it: the page they see then.
pub async fn install(public: &str) -> String {
    let jar = client().redirect(Policy::none()).build().expect("a client");
    let begun = fetch(&jar, &format!("{public}/slack/install"), "").await;
    let cookie = begun.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    let allowed = fetch(&jar, begun.headers()[LOCATION].to_str().expect("text"), "").await;
    let back = allowed.headers()[LOCATION].to_str().expect("text").to_owned();
    let done = fetch(&jar, &back, cookie.split(';').next().expect("a cookie")).await;
    done.text().await.expect("text")
}

async fn fetch(browser: &reqwest::Client, url: &str, cookie: &str) -> reqwest::Response {
    #[expect(clippy::disallowed_methods, reason = "a person's browser, not a network")]
    browser.get(url).header(COOKIE, cookie).send().await.expect("answered")
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
