//! What a crash prints: the place, and nothing of the text that it broke on.

use std::process::Command;
use std::sync::Arc;

use countersign::app::office::Office;
use countersign::cli;

use super::secret::{SECRET, leaks};
use crate::support::TestPractice;

/// Says that this process is there to break.
const CHILD: &str = "COUNTERSIGN_TEST_BREAKS";

/// Runs a test of this file in a process of its own, as hook and log are of a whole process.
fn alone(test: &str) -> String {
    let it = std::env::current_exe().expect("this program");
    let child = Command::new(it)
        .args(["--exact", test, "--nocapture"])
        .envs([(CHILD, "1"), ("RUST_BACKTRACE", "full"), ("COUNTERSIGN_LOG", "trace")])
        .output()
        .expect("it runs");
    let said = [child.stdout, child.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(child.status.success(), "{said}");
    said
}

#[tokio::test]
async fn a_screen_that_breaks_prints_only_the_place() {
    if std::env::var_os(CHILD).is_none() {
        let said = alone("leak::crash::a_screen_that_breaks_prints_only_the_place");
        assert!(said.contains("A part of Countersign failed at tests/it/leak/crash.rs:"), "{said}");
        assert_eq!(leaks(&[("the output".to_owned(), said.into_bytes())]), [""; 0]);
        return;
    }
    cli::tell_of_everything();
    let breaks = |office: &mut Office| {
        office.look = Arc::new(|text, _| panic!("can't cut {text}"));
    };
    let practice = TestPractice::open_as(|_| {}, breaks).await;

    practice.person("tomas").has_idea(SECRET).await;
    practice.settle().await;
}

#[tokio::test]
async fn a_use_case_that_breaks_prints_only_the_place() {
    if std::env::var_os(CHILD).is_none() {
        let said = alone("leak::crash::a_use_case_that_breaks_prints_only_the_place");
        assert!(said.contains("A part of Countersign failed at tests/it/support/"), "{said}");
        assert!(said.contains("was not handled: a part of Countersign failed"), "{said}");
        assert!(!said.contains("told to break"), "{said}");
        return;
    }
    cli::tell_of_everything();
    let practice = TestPractice::open().await;
    practice.person("maya").shows("Our new waiting room.", "Eight chairs.").await;
    practice.settle().await;
    practice.chat.breaks(true);

    practice.person("maya").presses("Make a post").await;
    practice.settle().await;
}
