//! The laws of the house: who may use whom, what the core may not name, and how long a file may be.
//!
//! Each law is a pure function over files (`architecture/laws.rs`); here it is held against this
//! crate, and `architecture/samples.rs` shows that each can fail.

#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/laws.rs"]
mod laws;
#[cfg(test)]
#[path = "architecture/samples.rs"]
mod samples;
#[path = "architecture/source.rs"]
mod source;

use std::fs;
use std::path::Path;

use house::{Breach, House};
use laws::Room;

/// Each module, and what it may use beside itself; the floors go upwards.
const PLAN: &[Room] = &[
    ("domain", &[]),
    ("screen", &["domain"]),
    ("checks", &["domain", "screen"]),
    ("ports", &["domain"]),
    ("app", &["domain", "screen", "checks", "ports"]),
    ("store", &["domain", "ports"]),
    ("networks", &["domain", "ports"]),
    ("render", &["domain", "ports"]),
    ("chat", &["domain", "ports", "render"]),
    ("web", &["domain", "ports", "app", "render"]),
    ("config", &["domain"]),
    (
        "cli",
        &[
            "domain", "screen", "ports", "app", "store", "networks", "render", "chat", "web",
            "config",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// Folders of adapters, and the files in them that all adapters of the folder share.
const ADAPTERS: &[Room] = &[("chat", CHAT_SHARE), ("networks", NETWORKS_SHARE)];

const CHAT_SHARE: &[&str] = &["tls", "waits"];

const NETWORKS_SHARE: &[&str] = &["checked", "engage", "http", "received", "text", "token"];

/// Modules that decide, and so neither wait nor look anything up.
const CORE: &[&str] = &["domain", "screen", "checks"];

/// What reaches the world: crates, and doors of crates that are welcome otherwise.
const WORLD: &[&[&str]] = &[
    &["tokio"],
    &["sqlx"],
    &["reqwest"],
    &["axum"],
    &["getrandom"],
    &["tracing"],
    &["std", "env"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "process"],
    &["std", "thread"],
    &["time", "Instant"],
    &["time", "SystemTime"],
    &["Timestamp", "now"],
    &["ZonedDateTime", "now"],
    &["TimeZone", "system"],
    &["TimeZone", "try_system"],
];

/// The acts by which something leaves: a port, and its method.
const SENDS: &[(&str, &str)] = &[("Publisher", "publish"), ("Chat", "show")];

const LONGEST_FILE: usize = 400;

const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "templates",
    "migrations",
    "tests",
    "benches",
    "docs",
    "deploy",
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

#[test]
fn each_module_uses_only_what_the_plan_allows() {
    obey(&laws::who_may_use_whom(&house(), PLAN));
}

#[test]
fn the_plan_has_no_circle() {
    assert!(laws::circles_in_plan(PLAN).is_empty(), "a row of PLAN leads back to itself");
}

#[test]
fn no_file_leads_back_to_itself() {
    obey(&laws::circles_of_files(&house()));
}

#[test]
fn an_adapter_knows_no_other_adapter() {
    obey(&laws::adapters_are_strangers(&house(), ADAPTERS));
}

#[test]
fn the_core_names_nothing_of_the_world() {
    obey(&laws::the_core_is_pure(&house(), CORE, WORLD));
}

#[test]
fn nothing_leaves_but_through_the_outbox() {
    obey(&laws::only_the_outbox_sends(&house(), SENDS));
}

#[test]
fn nobody_replies_or_likes_unsigned() {
    obey(&laws::nobody_engages(&house()));
}

#[test]
fn every_network_is_in_the_list() {
    obey(&laws::every_network_is_listed(&house(), NETWORKS_SHARE));
}

#[test]
fn a_network_never_sleeps() {
    obey(&laws::networks_never_sleep(&house()));
}

#[test]
fn every_file_says_what_it_is_for() {
    obey(&laws::every_file_has_a_head(&house()));
}

#[test]
fn every_file_is_short() {
    obey(&laws::files_are_short(&house(), LONGEST_FILE));
}

#[test]
fn every_exception_says_why() {
    obey(&laws::every_exception_has_a_reason(&house()));
}

#[test]
fn no_test_is_skipped_and_none_sleeps() {
    obey(&laws::tests_neither_skip_nor_sleep(&house()));
}

#[test]
fn the_top_level_holds_nothing_odd() {
    let ignored = read(".gitignore");
    let entries: Vec<String> = fs::read_dir(top())
        .expect("the top of the house")
        .map(|entry| entry.expect("a readable entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !ignored.lines().any(|line| line.trim_matches('/') == name))
        .collect();
    obey(&laws::top_level_is_fixed(&entries, TOP_LEVEL));
}

#[test]
fn every_dependency_has_a_user() {
    obey(&laws::every_dependency_is_used(&house(), &read("Cargo.toml"), &[]));
}

#[track_caller]
fn obey(breaches: &[Breach]) {
    let lines: Vec<String> = breaches.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

fn house() -> House {
    let folders = ["src", "tests", "benches"];
    let files: Vec<_> =
        folders.iter().flat_map(|folder| source::read_folder(top(), folder)).collect();
    assert!(files.iter().any(|file| file.path == "src/lib.rs"), "the house was not found");
    House::new(files)
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).expect("a file of the top level")
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
