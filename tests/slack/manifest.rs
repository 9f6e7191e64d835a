//! The app's manifest: exactly what the code uses, as the program prints it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use countersign::chat::slack::manifest::{EVENTS, SCOPES, Way, manifest, needs, tells};
use serde_json::Value;

/// What a command and a shortcut need.
const COMMANDS: &str = "commands";
/// The methods' families; what is quoted and begins so is a call.
const FAMILIES: &[&str] = &[
    "apps.",
    "auth.",
    "bots.",
    "chat.",
    "conversations.",
    "emoji.",
    "files.",
    "oauth.",
    "pins.",
    "reactions.",
    "team.",
    "usergroups.",
    "users.",
    "views.",
];
/// What is quoted and begins like a call, and is none.
const NO_CALL: &[&str] = &["emoji.txt", "files.slack.com"];
/// They name methods of all kinds, and make no call.
const TABLES: &[&str] = &["manifest.rs", "rates.rs"];

#[test]
fn it_asks_for_the_scopes_that_the_code_uses_and_for_no_other() {
    let called = calls();
    assert!(called.contains("chat.postMessage") && called.contains("bots.info"), "{called:?}");

    let by_calls = called.iter().flat_map(|call| {
        needs(call).unwrap_or_else(|| panic!("manifest::needs does not know {call}"))
    });
    let by_events = EVENTS.iter().flat_map(|event| tells(event));
    let used: BTreeSet<&str> = by_calls.chain(by_events).copied().chain([COMMANDS]).collect();

    assert_eq!(BTreeSet::from(SCOPES), used);
}

#[test]
fn it_asks_for_the_events_that_the_code_reads_and_for_no_other() {
    let read = fs::read_to_string(folder().join("read/event.rs")).expect("the events");
    let (_, arms) = read.split_once("match kind {").expect("what becomes of each");
    let (arms, _) = arms.split_once("OTHERS.contains").expect("and of the others");
    let heads = arms.lines().map(str::trim).filter(|line| line.starts_with('"'));
    let heads = heads.map(|line| line.split(" if ").next().unwrap_or(line));
    let heads = heads.map(|line| line.split("=>").next().unwrap_or(line));
    let known: BTreeSet<&str> = heads.flat_map(quoted).collect();

    let asked: BTreeSet<&str> =
        EVENTS.iter().map(|event| event.split('.').next().expect("a name")).collect();

    assert_eq!(asked, known);
}

#[test]
fn over_sockets_nothing_is_public_and_by_requests_everything_has_its_address() {
    let sockets = manifest(Way::Socket(None));
    let http = manifest(Way::Http("https://posts.example.org/"));
    let several = manifest(Way::Socket(Some("https://posts.example.org")));

    let is_public = |manifest: &Value| manifest.to_string().contains("posts.example.org");
    assert_eq!(sockets["settings"]["socket_mode_enabled"], true);
    assert_eq!(http["settings"]["socket_mode_enabled"], false);
    assert!(!is_public(&sockets) && !sockets.to_string().contains("/slack/"));
    let at = |path: &[&str]| {
        path.iter().fold(&http, |value, name| match name.parse::<usize>() {
            Ok(number) => &value[number],
            Err(_) => &value[*name],
        })
    };
    let base = "https://posts.example.org/slack";
    for (path, address) in [
        (&["settings", "event_subscriptions", "request_url"][..], "events"),
        (&["settings", "interactivity", "request_url"], "interactions"),
        (&["features", "slash_commands", "0", "url"], "commands"),
        (&["oauth_config", "redirect_urls", "0"], "oauth"),
    ] {
        assert_eq!(at(path).as_str(), Some(&*format!("{base}/{address}")));
    }
    assert_eq!(several["oauth_config"], http["oauth_config"]);
}

#[test]
fn slacks_limits_of_names_are_kept() {
    let all = manifest(Way::Socket(None));
    let length = |value: &Value| value.as_str().expect("text").chars().count();

    let shown = &all["display_information"];
    assert!(length(&shown["name"]) <= 35 && length(&shown["description"]) <= 140);
    let shortcut = &all["features"]["shortcuts"][0];
    assert!(length(&shortcut["name"]) <= 24 && length(&shortcut["description"]) <= 150);
    let command = &all["features"]["slash_commands"][0];
    assert!(length(&command["command"]) <= 32 && length(&command["usage_hint"]) <= 1000);
    assert!(length(&command["description"]) <= 2000);
}

#[test]
fn the_program_prints_it() {
    let print = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .env_clear()
            .args(["slack", "manifest"])
            .args(arguments)
            .output()
            .expect("it ran");
        (done.status.code(), serde_json::from_slice::<Value>(&done.stdout).ok(), done.stderr)
    };

    let url = "https://posts.example.org";
    assert_eq!(print(&[]).1, Some(manifest(Way::Socket(None))));
    assert_eq!(print(&["--mode", "http", "--url", url]).1, Some(manifest(Way::Http(url))));
    assert_eq!(print(&["--url", url]).1, Some(manifest(Way::Socket(Some(url)))));
    let (code, printed, said) = print(&["--mode", "http"]);
    let said = String::from_utf8(said).expect("words");
    assert!(code == Some(1) && printed.is_none() && said.contains("--url"), "{said}");
    let (code, _, said) = print(&["--url", "http://posts.example.org"]);
    let said = String::from_utf8(said).expect("words");
    assert!(code == Some(1) && said.contains("https://"), "{said}");
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/chat/slack")
}

/// Every call that the adapter names, wherever in it.
fn calls() -> BTreeSet<String> {
    let mut all = BTreeSet::from(["apps.connections.open".to_owned()]);
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let is_source = path.extension().is_some_and(|is| is == "rs");
            if path.is_dir() {
                folders.push(path);
            } else if is_source && !TABLES.contains(&&*name) {
                let text = fs::read_to_string(path).expect("text");
                all.extend(text.lines().flat_map(quoted).filter(is_call).map(ToOwned::to_owned));
            }
        }
    }
    all
}

fn is_call(word: &&str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    plain && !NO_CALL.contains(word) && FAMILIES.iter().any(|begin| word.starts_with(begin))
}

/// What stands between quotes in a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}
