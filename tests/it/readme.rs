//! The README says what the code says.

use std::fs;
use std::path::Path;

use countersign::domain::command::{Command, ROOT};

#[test]
fn the_table_of_commands_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = fs::read_to_string(&path).expect("README.md");
    let shown: Vec<&str> =
        page.lines().filter(|line| line.starts_with(&format!("| `{ROOT} "))).collect();
    let known: Vec<String> = Command::help()
        .iter()
        .map(|line| format!("| `{ROOT} {}` | {} |", line.usage, line.does))
        .collect();

    assert_eq!(shown, known, "the table of commands in README.md is out of date");
}
