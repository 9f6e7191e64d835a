//! Shows that each law can fail, and that it lets pass what is fine.

use crate::house::{Breach, House};
use crate::laws::{
    Room, adapters_are_strangers, circles_in_plan, circles_of_files, every_dependency_is_used,
    every_exception_has_a_reason, every_file_has_a_head, every_network_is_listed, files_are_short,
    networks_never_sleep, nobody_engages, only_the_outbox_sends, tests_neither_skip_nor_sleep,
    the_core_is_pure, top_level_is_fixed, who_may_use_whom,
};
use crate::source::{Source, named};

const PLAN: &[Room] =
    &[("domain", &[]), ("app", &["domain"]), ("cli", &["app"]), ("lib", &[]), ("main", &["cli"])];

fn house(files: &[(&str, &str)]) -> House {
    House::new(files.iter().map(|(path, text)| Source::new(path, text)).collect())
}

#[track_caller]
fn breaks(breaches: &[Breach], wanted: &[&str]) {
    let mut found: Vec<String> =
        breaches.iter().map(|breach| format!("{}:{}", breach.path, breach.line)).collect();
    found.sort();
    found.dedup();
    assert_eq!(found, wanted);
    assert!(breaches.iter().all(|breach| !breach.advice.is_empty()));
}

fn paths(code: &str) -> Vec<String> {
    named(&Source::new("src/a.rs", code).live).iter().map(|named| named.path.join("::")).collect()
}

#[test]
fn comments_strings_and_tests_are_no_code() {
    let code = r##"
        // a::b
        /* a::b /* a::b */ a::b */
        let a = "a::b \" a::b"; let b = r#"a::b " a::b"#; let c = b"a::b"; let d = '"';
        fn kept<'a>(x: &'a str) -> kept::One { '\''; 'x' }
        #[cfg(test)]
        mod tests { use a::b; }
        kept::Two
    "##;
    assert_eq!(paths(code), ["kept::One", "kept::Two"]);
}

#[test]
fn a_use_tree_is_taken_apart() {
    let code = "use a::{self, b::{c, d as e}, f::*,}; pub(in a::g) fn h() { 0..i::J }";
    assert_eq!(paths(code), ["a", "a::b::c", "a::b::d", "a::f::*", "i::J"]);
}

#[test]
fn a_module_that_uses_a_higher_floor_is_found() {
    let house = house(&[
        ("src/domain/post.rs", "use crate::app::sign;\nuse super::window::Window;"),
        ("src/domain/window.rs", "fn a() {\n    crate::app::now()\n}"),
        ("src/domain/policy.rs", "use super::super::app;"),
        ("src/domain/ids.rs", "mod wire {\n    use super::super::super::app;\n}"),
        (
            "src/domain/mod.rs",
            "#[cfg(test)]\nmod fakes;\n#[cfg(test)]\nmod tests { use crate::app; }",
        ),
        ("src/domain/fakes.rs", "use crate::app::sign;"),
        ("src/app/sign.rs", "use crate::{domain::Post, cli};"),
        ("src/extra.rs", ""),
        ("src/lib.rs", "pub use crate::domain::Post;"),
        (
            "src/main.rs",
            "fn main() {\n    countersign::cli::run();\n    countersign::app::run();\n}",
        ),
    ]);
    breaks(
        &who_may_use_whom(&house, PLAN),
        &[
            "src/app/sign.rs:1",
            "src/domain/ids.rs:2",
            "src/domain/policy.rs:1",
            "src/domain/post.rs:1",
            "src/domain/window.rs:2",
            "src/extra.rs:1",
            "src/lib.rs:1",
            "src/main.rs:3",
        ],
    );
}

#[test]
fn a_plan_that_leads_back_to_itself_is_found() {
    assert!(circles_in_plan(PLAN).is_empty());
    assert_eq!(circles_in_plan(&[("a", &["b"]), ("b", &["c"]), ("c", &["a"])]).len(), 1);
}

#[test]
fn files_that_lead_back_to_each_other_are_found() {
    let house = house(&[
        (
            "src/app/mod.rs",
            "pub mod a;\npub mod b;\npub mod c;\npub use c::Third;\npub use d::Fourth;",
        ),
        ("src/app/a.rs", "use super::b::Second;"),
        ("src/app/b.rs", "use super::Third;"),
        ("src/app/c.rs", "\nuse crate::app::a::First;"),
        ("src/app/d.rs", "use super::a::First;"),
    ]);
    let circle = ["src/app/a.rs:1", "src/app/b.rs:1", "src/app/c.rs:2"];
    breaks(&circles_of_files(&house), &circle);
}

#[test]
fn a_parent_that_uses_its_users_is_found() {
    let house = house(&[
        ("src/store/mod.rs", "mod posts;\npub struct Tx;\nfn load() { posts::load() }"),
        ("src/store/posts.rs", "use super::Tx;"),
    ]);
    breaks(&circles_of_files(&house), &["src/store/mod.rs:3", "src/store/posts.rs:1"]);
}

#[test]
fn an_adapter_that_knows_another_is_found() {
    let house = house(&[
        ("src/chat/mod.rs", "pub mod local;\npub mod slack;"),
        ("src/chat/local/mod.rs", "use crate::chat::slack::read::Event;"),
        ("src/chat/slack/read.rs", "use super::show::Card;"),
        ("src/chat/slack/show.rs", ""),
        ("src/networks/bluesky.rs", "use super::http::send;\nuse super::mastodon::Toot;"),
        ("src/networks/mastodon.rs", ""),
        ("src/networks/http.rs", "\nuse super::mastodon::Toot;"),
    ]);
    let adapters: &[Room] = &[("chat", &[]), ("networks", &["http"])];
    breaks(
        &adapters_are_strangers(&house, adapters),
        &["src/chat/local/mod.rs:1", "src/networks/bluesky.rs:2", "src/networks/http.rs:2"],
    );
}

#[test]
fn a_core_that_reaches_the_world_is_found() {
    let house = house(&[
        ("src/domain/post.rs", "use std::{fmt,\n fs::File};\nasync fn a() {}"),
        ("src/domain/window.rs", "fn a() -> u8 {\n    jiff::Timestamp::now()\n}"),
        ("src/domain/ledger.rs", "// tokio::spawn\nfn instant() { \"tokio::spawn\" }"),
        ("src/app/sign.rs", "use tokio::sync::Mutex;\nasync fn a() {}"),
    ]);
    let world: &[&[&str]] = &[&["tokio"], &["std", "fs"], &["Timestamp", "now"]];
    breaks(
        &the_core_is_pure(&house, &["domain"], world),
        &["src/domain/post.rs:2", "src/domain/post.rs:3", "src/domain/window.rs:2"],
    );
}

#[test]
fn a_call_that_sends_past_the_outbox_is_found() {
    let house = house(&[
        ("src/app/outbox/leave.rs", "fn a() { publisher.publish(x); Publisher::publish(p, x); }"),
        ("src/app/outbox.rs", "fn a() { chat.show(x) }"),
        ("src/app/rounds.rs", "fn a() {\n    publisher\n        .publish (x)\n}"),
        ("src/cli/serve.rs", "fn a() {\n    all.map(Chat::show);\n}"),
        (
            "src/networks/local.rs",
            "fn publish() {}\n#[cfg(test)]\nmod tests { fn a() { b.publish(x) } }",
        ),
    ]);
    breaks(
        &only_the_outbox_sends(&house, &[("Publisher", "publish"), ("Chat", "show")]),
        &["src/app/rounds.rs:3", "src/cli/serve.rs:2"],
    );
}

#[test]
fn a_use_case_that_likes_is_found() {
    let house = house(&[
        ("src/networks/mod.rs", "pub mod engage;\npub mod bluesky;"),
        ("src/networks/bluesky/engage.rs", "use crate::networks::engage::Engages;"),
        ("src/networks/engage.rs", "pub trait Engages { fn engage(); }"),
        ("src/app/like.rs", "fn a() {\n    network.engage(x);\n}"),
        ("src/cli/serve.rs", "// An engage.\nuse crate::networks::engage::{Act, Engages};"),
        ("src/app/read.rs", "#[cfg(test)]\nmod tests { use crate::networks::engage; }"),
    ]);
    breaks(&nobody_engages(&house), &["src/app/like.rs:2", "src/cli/serve.rs:2"]);
}

#[test]
fn a_network_that_nobody_lists_is_found() {
    let list = "pub mod bluesky;\npub mod local;\npub mod mastodon;\nuse local::Local;\n\
                fn all() { [bluesky::new(), Local::new()] }\nfn other() { mastodon::new() }";
    let house = house(&[
        ("src/networks/mod.rs", list),
        ("src/networks/http.rs", ""),
        ("src/networks/bluesky.rs", ""),
        ("src/networks/local.rs", ""),
        ("src/networks/mastodon.rs", ""),
    ]);
    breaks(&every_network_is_listed(&house, &["http"]), &["src/networks/mastodon.rs:1"]);
}

#[test]
fn a_network_that_sleeps_is_found() {
    let house = house(&[
        ("src/networks/local.rs", "fn a() {\n    tokio::time::sleep(b)\n}"),
        ("src/app/outbox.rs", "fn a() { tokio::time::sleep(b) }"),
    ]);
    breaks(&networks_never_sleep(&house), &["src/networks/local.rs:2"]);
}

#[test]
fn a_file_without_a_head_is_found() {
    let house = house(&[
        ("src/a.rs", "//! What it is for.\n"),
        ("src/b.rs", "use a;\n//! Too late."),
        ("tests/c.rs", "//! \n"),
        ("tests/d.rs", ""),
    ]);
    breaks(&every_file_has_a_head(&house), &["src/b.rs:1", "tests/c.rs:1", "tests/d.rs:1"]);
}

#[test]
fn a_long_file_is_found_and_its_tests_do_not_count() {
    let tests = "a\nb\n#[cfg(test)]\nmod tests {\n    c\n    d\n}\n";
    let other = "a\nb\n#[cfg(test)]\nfn help() {\n    c\n}\n";
    let house = house(&[("src/a.rs", tests), ("src/b.rs", other)]);
    breaks(&files_are_short(&house, 2), &["src/b.rs:3"]);
}

#[test]
fn an_odd_entry_at_the_top_is_found() {
    let entries = ["src", ".ci", "notes.txt"].map(str::to_owned);
    breaks(&top_level_is_fixed(&entries, &["src"]), &["notes.txt:1"]);
}

#[test]
fn an_exception_without_a_reason_is_found() {
    let fine = "#[expect(dead_code, reason = \"a\")]\nfn a() { b.expect(\"c\") }";
    let bare = "#![expect(dead_code)]\n#[expect(\n    unused,\n)]\nlet reason = 1;";
    let house = house(&[("src/a.rs", fine), ("tests/b.rs", bare)]);
    breaks(&every_exception_has_a_reason(&house), &["tests/b.rs:1", "tests/b.rs:2"]);
}

#[test]
fn a_test_that_is_skipped_or_sleeps_is_found() {
    let skipped = "#[test]\n#[ignore]\nfn a() {}\n#[should_panic(expected = \"b\")]\nfn b() {}";
    let sleeps = "use std::thread::sleep;\n\
                  fn a() {\n\
                  // waits for the world: a lease runs out\n\
                  tokio::time::sleep(b);\n\
                  tokio::time::sleep(b); // waits for the world: it too\n\n\n\
                  tokio::time::sleep(b);\n}";
    let house = house(&[("src/a.rs", skipped), ("tests/b.rs", sleeps)]);
    breaks(
        &tests_neither_skip_nor_sleep(&house),
        &["src/a.rs:2", "src/a.rs:4", "tests/b.rs:1", "tests/b.rs:8"],
    );
}

#[test]
fn a_dependency_without_a_user_is_found() {
    let manifest = "[package]\nname = \"a\"\n[dependencies]\nused-here = \"1\"\nin-tests = \"1\"\n\
                    later = \"1\"\narrived = \"1\"\n[dev-dependencies]\nin-tests = \"1\"\nnowhere = \"1\"";
    let house = house(&[
        ("src/a.rs", "use used_here::b;\narrived::c();"),
        ("tests/b.rs", "#[in_tests::test]\nfn d() {}"),
    ]);
    let not_yet = ["later", "arrived"];
    breaks(
        &every_dependency_is_used(&house, manifest, &not_yet),
        &["Cargo.toml:10", "Cargo.toml:5", "Cargo.toml:7"],
    );
}
