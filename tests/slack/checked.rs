//! `countersign check` with Slack: what is wrong, line by line, with the one next step each.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::Ground;
use crate::slack::{How, Slack};

/// What it says of Slack: how it is, what was found, and what to do.
fn checks(slack: &Slack, more: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let (data, install, app) = (TempDir::new().expect("a folder"), slack.install(), slack.app());
    let done = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .env_clear()
        .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
        .env("COUNTERSIGN_SLACK_API_URL", format!("{}/api", slack.url()))
        .env("COUNTERSIGN_SLACK_APP_TOKEN", app.socket_token)
        .env("COUNTERSIGN_SLACK_BOT_TOKEN", &install.token)
        .envs(more.iter().copied())
        .arg("--data")
        .arg(data.path())
        .args(["check", "--json"])
        .output()
        .expect("it ran");
    let report: Value = serde_json::from_slice(&done.stdout).expect("a report");
    let all = [done.stdout, done.stderr].concat();
    let all = String::from_utf8(all).expect("words");
    assert!(!all.contains(&install.token), "{all}");
    let findings = report["findings"].as_array().expect("findings").iter();
    let text = |of: &Value| of.as_str().expect("text").to_owned();
    let of_slack = findings.filter(|finding| finding["name"] == "slack");
    of_slack.map(|f| (text(&f["is"]), text(&f["what"]), text(&f["todo"]))).collect()
}

#[track_caller]
fn says(all: &[(String, String, String)], is: &str, words: &[&str]) {
    let found = all.iter().any(|(how, what, todo)| {
        how == is && words.iter().all(|word| what.contains(word) || todo.contains(word))
    });
    assert!(found, "{is} {words:?} in {all:#?}");
}

#[test]
fn what_is_right_is_said_to_be_right() {
    let ground = Ground::start();

    let all = checks(&ground.slack, &[]);

    says(&all, "ok", &["workspace TNORTHSIDE"]);
    says(&all, "ok", &["all the scopes"]);
    says(&all, "ok", &["sockets can be opened"]);
    assert_eq!(all.len(), 3, "{all:#?}");
}

#[test]
fn each_thing_that_is_wrong_is_named_with_what_to_do() {
    let ground = Ground::start();
    let slack = &ground.slack;

    slack.with(|world| {
        world.installs[0].scopes.retain(|scope| !["chat:write", "groups:read"].contains(&&**scope));
    });
    says(&checks(slack, &[]), "fail", &["lacks the scopes chat:write, groups:read", "manifest"]);
    let other = checks(slack, &[("COUNTERSIGN_SLACK_APP_TOKEN", "xapp-1-AOTHER-1")]);
    says(&other, "fail", &["is of the app AOTHER", "the same app"]);
    slack.fault("apps.connections.open", 1, How::Refuses("link_disabled"));
    says(&checks(slack, &[]), "fail", &["Socket Mode is switched off"]);
    let wrong = checks(slack, &[("COUNTERSIGN_SLACK_BOT_TOKEN", "xoxb-wrong")]);
    says(&wrong, "fail", &["does not accept slack.bot_token (invalid_auth)", "docs/slack.md"]);
    let away = checks(slack, &[("COUNTERSIGN_SLACK_API_URL", "http://127.0.0.1:1/api")]);
    says(&away, "fail", &["can't be reached", "slack.api_url"]);
}

#[test]
fn in_http_mode_the_address_is_said() {
    let ground = Ground::start();
    let http = [
        ("COUNTERSIGN_SLACK_MODE", "http"),
        ("COUNTERSIGN_SLACK_SIGNING_SECRET", "s"),
        ("COUNTERSIGN_WEB_PUBLIC_LISTEN", "127.0.0.1:0"),
        ("COUNTERSIGN_WEB_PUBLIC_URL", "https://posts.example.org"),
    ];

    let all = checks(&ground.slack, &http);

    says(&all, "ok", &["https://posts.example.org/slack/events"]);
}
