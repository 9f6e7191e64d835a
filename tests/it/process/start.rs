//! What keeps the program from starting or from recording is said in a sentence.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{connects, runs};
use crate::workspace::{House, Workspace};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_read_only_stays_so_and_is_said() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let database = house.data().join("countersign.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o400)).expect("read-only");
    let before = fs::read(&database).expect("bytes");

    let ended = house.fails();

    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr().contains("it is read-only"), "{}", ended.stderr());
    assert!(fs::read(&database).expect("bytes") == before);
    assert_eq!(fs::metadata(&database).expect("a file").permissions().mode() & 0o777, 0o400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_said_in_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for (variable, setting) in
        [("COUNTERSIGN_WEB_LISTEN", "web.listen"), ("COUNTERSIGN_LOCAL_LISTEN", "local.listen")]
    {
        let house = House::new().with(variable, &address);

        let ended = house.fails();

        let stderr = ended.stderr();
        assert_eq!(ended.code, Some(1));
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        for part in [&*address, setting, "is Countersign running already?", "port 0"] {
            assert!(stderr.contains(part), "{stderr}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_start_at_once_in_an_empty_folder() {
    let house = Arc::new(House::new());
    let start = || {
        let house = house.clone();
        tokio::task::spawn_blocking(move || Workspace::open_in(&house))
    };

    let (one, two, three) = tokio::join!(start(), start(), start());

    for workspace in [one, two, three] {
        let ended = workspace.expect("it runs").stops().await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_recorded_in_time_is_said_to_whoever_asked() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Flu shots this Saturday." });
    let mut other = connects(&house.data().join("countersign.db")).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("the only writer");

    let ask = workspace.ask("POST", "/local/api/messages").json(&said);
    let answer = tokio::time::timeout(Duration::from_millis(2500), ask).await.expect("in time");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("others may write");
    workspace.does("POST", "messages", &said).await;

    assert_eq!(answer.status, 503);
    let (error, hint) = (&answer.json()["error"], &answer.json()["hint"]);
    assert_eq!(error, "not recorded: do it again");
    assert_eq!(hint, "Countersign could not store it in time");
    let ideas = workspace.messages("ideas", "tomas").await;
    let kept = ideas.iter().filter(|message| message["from"]["id"] == "tomas").count();
    assert_eq!(kept, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_from_outside_finds_what_runs() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let port = workspace.health_port();

    let answer = crate::local_support::Ask::bare(port, "GET", "/healthz").send().await;
    runs(&house.data().join("countersign.db"), "DROP TABLE outbox").await;
    let broken = crate::local_support::Ask::bare(port, "GET", "/healthz").send().await;

    assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some("ok")));
    assert_eq!((broken.status, broken.json()["status"].as_str()), (503, Some("database")));
}
