//! The program's own calls of the Web API: what each answer means, and that none waits for ever.

use std::sync::Arc;
use std::time::Duration;

use countersign::chat::slack::{Api, Failed, Install, Installs};
use countersign::domain::secret::Secret;
use serde_json::{Value, json};

use crate::bench;
use crate::slack::{How, Slack};

const TEAM: &str = "TNORTHSIDE";

/// Calls that take no longer than this.
fn hurried(slack: &Slack) -> Api {
    let (known, installs) = (slack.install(), Arc::<Installs>::default());
    installs.put(Install {
        team: known.team,
        app: known.app,
        bot_user: known.bot_user,
        bot: known.bot,
        installer: String::new(),
        token: Secret::new(known.token),
    });
    let url = format!("{}/api/", slack.url());
    Api::within(&url, installs, Duration::from_millis(400)).expect("an address")
}

async fn posts(api: &Api) -> Result<Value, Failed> {
    posts_in(api, "CIDEAS").await
}

async fn posts_in(api: &Api, channel: &str) -> Result<Value, Failed> {
    api.post(TEAM, "chat.postMessage", &json!({ "channel": channel, "text": "x" })).await
}

#[tokio::test]
async fn what_may_have_been_done_is_told_from_what_surely_was_not() {
    let slack = Slack::start();
    let api = hurried(&slack);
    let unsure = [
        How::Hangs,
        How::HangsAfter,
        How::Fails,
        How::FailsAfter,
        How::Breaks,
        How::DropsAnswer,
        How::Refuses("fatal_error"),
        How::Refuses("internal_error"),
    ];

    for (at, how) in unsure.into_iter().enumerate() {
        slack.fault("chat.postMessage", 1, how.clone());
        // Each in a channel of its own: a channel takes about one a second.
        let said = posts_in(&api, &format!("C{at}")).await;
        assert!(matches!(said, Err(Failed::Unknown(_))), "{how:?}: {said:?}");
    }
    slack.fault("chat.postMessage", 1, How::Refuses("channel_not_found"));
    assert_eq!(posts(&api).await, Err(Failed::Refused("channel_not_found".to_owned())));
    slack.fault("auth.test", 1, How::Hangs);
    let asked = api.get(TEAM, "auth.test", &[]).await;
    assert!(matches!(asked, Err(Failed::Away(_))), "a question can be asked again: {asked:?}");
    assert_eq!(api.get("TOTHER", "auth.test", &[]).await, Err(Failed::NotInstalled));
}

#[tokio::test]
async fn nobody_there_is_surely_not_done() {
    let installs = Arc::<Installs>::default();
    let (team, token) = (TEAM.to_owned(), Secret::new("xoxb-1"));
    let [app, bot_user, bot, installer] = std::array::from_fn(|_| String::new());
    installs.put(Install { team, app, bot_user, bot, installer, token });
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/api", free.local_addr().expect("an address"));
    drop(free);

    let said = posts(&Api::new(&url, installs).expect("an address")).await;

    assert!(matches!(said, Err(Failed::Away(_))), "{said:?}");
}

#[tokio::test]
async fn after_too_many_that_method_is_left_alone_and_others_are_not() {
    let slack = Slack::start();
    let api = bench::api(&slack);
    slack.fault("chat.postMessage", 1, How::Limits(70));

    let first = posts(&api).await;
    let second = posts(&api).await;
    let other = api.post(TEAM, "auth.test", &json!({})).await;

    assert_eq!(first, Err(Failed::Limited(Duration::from_secs(70))));
    assert!(matches!(second, Err(Failed::Limited(wait)) if wait.as_secs() > 60), "{second:?}");
    assert!(other.is_ok());
    let calls = slack.with(|world| world.calls.iter().filter(|c| *c == "chat.postMessage").count());
    assert_eq!(calls, 0, "the second was not even sent");
}

#[tokio::test]
async fn a_token_that_is_no_good_any_more_is_a_workspace_that_is_lost() {
    let slack = Slack::start();
    let api = bench::api(&slack);
    slack.with(|world| world.installs[0].revoked = true);

    assert_eq!(posts(&api).await, Err(Failed::Refused("token_revoked".to_owned())));
    assert_eq!(posts(&api).await, Err(Failed::NotInstalled));

    let complaints = api.installs().complaints();
    assert!(complaints[0].contains("TNORTHSIDE is lost (token_revoked)"), "{complaints:?}");
    slack.with(|world| world.installs[0].revoked = false);
    api.installs().put(bench::api(&slack).install(TEAM).expect("there"));
    assert!(posts(&api).await.is_ok() && api.installs().complaints().is_empty());
}

#[tokio::test]
async fn a_file_is_fetched_with_the_token_only_from_slack() {
    let slack = Slack::start();
    let api = bench::api(&slack);
    slack.person("tomas").shares("ideas", "A picture.", "shots.png", b"not really a picture");
    let url = slack.with(|world| {
        let file = world.files[0].clone();
        world.file_json(&file)["url_private_download"].as_str().expect("a url").to_owned()
    });

    let whole = api.file(TEAM, &url, 100).await;
    let large = api.file(TEAM, &url, 10).await;
    let elsewhere = api.file(TEAM, "https://files.slack.com.example.org/f", 100).await;
    let in_clear = api.file(TEAM, "http://files.slack.com/f", 100).await;
    slack.with(|world| world.installs[0].scopes.retain(|scope| scope != "files:read"));
    let page = api.file(TEAM, &url, 1000).await;

    let refused = |code: &str| Err(Failed::Refused(code.to_owned()));
    assert_eq!(whole, Ok(b"not really a picture".to_vec()));
    assert_eq!(large, refused("file_too_large"));
    assert_eq!((elsewhere, in_clear), (refused("not_slacks_file"), refused("not_slacks_file")));
    assert_eq!(page, refused("file_not_readable"), "a page to sign in is no file");
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_token_or_an_answer() {
    let slack = Slack::start();
    let api = bench::api(&slack);
    slack.fault("chat.postMessage", 1, How::Refuses("invalid_blocks"));

    let refused = posts(&api).await.expect_err("refused");
    let install = api.install(TEAM).expect("there");
    let ticket = api.open_socket(&Secret::new(slack.app().socket_token)).await.expect("a ticket");

    let printed = format!("{api:?} {refused:?} {refused} {install:?} {ticket:?}");
    for secret in [&*slack.install().token, &slack.app().socket_token, "ticket=", "{\"ok\""] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    assert!(printed.contains("invalid_blocks"), "{printed}");
}
