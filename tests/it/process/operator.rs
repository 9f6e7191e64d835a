//! Whoever runs the program stops everything, and makes agencies, while it serves.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::json;

use crate::local_support::Ask;
use crate::workspace::{House, Workspace};

/// Runs a command beside the program; what it said, and its exit code.
fn commands(house: &House, arguments: &[&str]) -> String {
    let ended = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .env_clear()
        .arg("--data")
        .arg(house.data())
        .args(arguments)
        .output()
        .expect("it runs");
    let said = String::from_utf8(ended.stdout).expect("words");
    let code = ended.status.code().expect("an exit code");
    format!("$ {}\n{said}exit {code}\n", arguments[..arguments.len().min(2)].join(" "))
}

async fn health(workspace: &Workspace) -> serde_json::Value {
    let answer = Ask::bare(workspace.health_port(), "GET", "/healthz").send().await;
    assert_eq!(answer.status, 200);
    answer.json()["all_stopped"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_stopped_and_released_beside_the_program() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);

    let said = [["stop", "--all"], ["stop", "--all"], ["stop", "nowhere"]];
    let said = said.map(|arguments| commands(&house, &arguments)).concat();
    let stopped = health(&workspace).await;
    let queue = json!({ "as": "maya", "channel": "ideas", "text": "/post queue" });
    workspace.does("POST", "messages", &queue).await;
    let queue = workspace.newest("ideas", "maya", "queue").await;
    let released = commands(&house, &["release", "--all"]);

    assert_eq!((stopped, health(&workspace).await), (json!(true), json!(false)));
    let words = queue["text"].as_str().expect("words");
    assert!(words.contains("Everything is stopped by whoever runs Countersign"), "{words}");
    assert_snapshot!(said + &released, @"
    $ stop --all
    every practice: stopped
    nothing is leaving
    exit 0
    $ stop --all
    every practice: was stopped already
    nothing is leaving
    exit 0
    $ stop nowhere
    exit 1
    $ release --all
    every practice: released
    exit 0
    ");
    workspace.stops().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_agency_has_a_desk_that_a_file_can_change() {
    let house = Arc::new(House::new().with("COUNTERSIGN_LOCAL_SAMPLE", "agency"));
    let workspace = Workspace::open_in(&house);
    let new = json!({ "as": "maya", "channel": "desk", "text": "/post new lakeside: Flu shots." });
    workspace.does("POST", "messages", &new).await;
    let draft = workspace.newest("lakeside-ideas", "lena", "draft").await;
    let hidden = "/local/api/transcript?channel=lakeside-ideas&as=tomas";
    let tomas = workspace.ask("GET", hidden).send().await;
    let file = house.data().join("agency.toml");
    let toml = "id = \"birch-lane\"\nname = \"Birch Lane\"\npractices = [\"northside\"]\n";
    fs::write(&file, toml).expect("a file");
    let file = file.to_str().expect("a path").to_owned();

    let said = [
        commands(&house, &["agency", "show", "birch-lane"]),
        commands(&house, &["agency", "apply", &file]),
        commands(&house, &["agency", "apply", &file, "--yes"]),
        commands(&house, &["agency", "apply", &file, "--yes"]),
        commands(&house, &["verify"]),
    ];

    assert!(draft["text"].as_str().expect("words").contains("Flu shots."));
    assert_eq!(
        (tomas.status, &tomas.json()["error"]),
        (400, &json!("there is no channel with that id"))
    );
    let (verified, before) = said.split_last().expect("some");
    assert!(verified.contains("instance: intact;"), "{verified}");
    assert_snapshot!(before.concat(), @r#"
    $ agency show
    id = "birch-lane"
    name = "Birch Lane Communications"
    practices = ["hillcrest", "lakeside", "northside"]

    [[desk]]
    at = "local:local/desk"
    exit 0
    $ agency apply
    ~ agency birch-lane is called Birch Lane
    - desk local:local/desk
    - works no more for hillcrest
    - works no more for lakeside
    exit 1
    $ agency apply
    ~ agency birch-lane is called Birch Lane
    - desk local:local/desk
    - works no more for hillcrest
    - works no more for lakeside
    agency birch-lane: done
    exit 0
    $ agency apply
    agency birch-lane: it is so already
    exit 0
    "#);
    workspace.stops().await;
}
