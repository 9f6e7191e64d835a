//! `init` and `check`: from an empty folder to one that is fit to serve.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

use super::runs;
use crate::workspace::{House, Workspace};

/// The program, with nothing of this machine's own settings.
fn countersign(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.env_clear().args(arguments);
    command
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("words")
}

/// Runs it with these lines as its input.
fn answered(arguments: &[&str], lines: &str) -> Output {
    let mut command = countersign(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("it starts");
    program.stdin.take().expect("its input").write_all(lines.as_bytes()).expect("it listens");
    program.wait_with_output().expect("it ends")
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// A folder with settings that pick free ports.
fn set_up(folder: &TempDir) -> (String, String) {
    let here = path(folder, "northside");
    let made = countersign(&["init", &here, "--yes", "--name", "Northside", "--zone", "chicago"])
        .output()
        .expect("it ran");
    assert!(made.status.success(), "{}", said(&made.stderr));
    let settings = format!("{here}/countersign.toml");
    let text = fs::read_to_string(&settings).expect("settings");
    fs::write(&settings, text.replace("127.0.0.1:7420", "127.0.0.1:0")).expect("written");
    (settings, format!("{here}/data"))
}

fn check(settings: &str, data: &str) -> (Option<i32>, String, Value) {
    let run = |more: &[&str]| {
        let all = [&["--config", settings, "--data", data, "check"], more].concat();
        countersign(&all).output().expect("it ran")
    };
    let (lines, json) = (run(&[]), run(&["--json"]));
    assert_eq!(lines.status.code(), json.status.code());
    let report = serde_json::from_slice(&json.stdout).expect("JSON");
    (lines.status.code(), said(&lines.stdout), report)
}

fn finding<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut all = report["findings"].as_array().expect("findings").iter();
    all.find(|finding| finding["name"] == name).expect("it was looked at")
}

#[test]
fn what_init_makes_is_found_fit() {
    let folder = TempDir::new().expect("a folder");
    let here = path(&folder, "northside");
    let lines = "Northside Family Practice\nChicago\nslack\napprover:Dr. Rao:slack:T0123/U0456\n\
                 staff:Tomas\n\nsqlite\n";

    let made = answered(&["init", &here], lines);

    assert!(made.status.success(), "{}", said(&made.stderr));
    let next =
        format!("Next: countersign --config {here}/countersign.toml --data {here}/data check");
    assert!(said(&made.stdout).trim_end().ends_with(&next), "{}", said(&made.stdout));
    let practice = fs::read_to_string(format!("{here}/practice.toml")).expect("a file");
    let practice: toml::Table = practice.parse().expect("TOML");
    assert_eq!(practice["zone"].as_str(), Some("America/Chicago"));
    assert_eq!(practice["member"][0]["identities"][0].as_str(), Some("slack:T0123/U0456"));
    for file in ["countersign.toml", "practice.toml", "data/keys/ledger", "data/keys/trace"] {
        let there = fs::metadata(Path::new(&here).join(file)).expect("it is there");
        assert_eq!(there.permissions().mode() & 0o777, 0o600, "{file}");
    }
    let (settings, data) = (format!("{here}/countersign.toml"), format!("{here}/data"));
    let text = fs::read_to_string(&settings).expect("settings");
    fs::write(&settings, text.replace("127.0.0.1:7420", "127.0.0.1:0")).expect("written");
    let (code, lines, report) = check(&settings, &data);
    assert_eq!(code, Some(0), "{lines}");
    assert_eq!(finding(&report, "keys")["is"], "ok");
    assert_eq!(finding(&report, "database")["is"], "ok");
}

#[test]
fn init_writes_nothing_over_and_nothing_by_half() {
    let folder = TempDir::new().expect("a folder");
    let here = path(&folder, "northside");

    let nameless = answered(&["init", &here, "--yes"], "");
    let wrong = answered(&["init", &here, "--yes", "--name", "N", "--zone", "Atlantis"], "");
    assert!(!Path::new(&here).exists());
    set_up(&folder);
    let again = answered(&["init", &here, "--yes", "--name", "N"], "");

    assert!(said(&nameless.stderr).contains("no answer to: The practice's name"));
    assert!(said(&wrong.stderr).contains("no zone is called Atlantis"));
    assert!(said(&again.stderr).contains("is there already, and nothing is written over"));
    assert_eq!([nameless, wrong, again].map(|it| it.status.code()), [Some(1); 3]);
}

#[test]
fn check_says_what_is_wrong_and_the_one_next_step() {
    let folder = TempDir::new().expect("a folder");
    let (settings, data) = set_up(&folder);
    let keys = format!("{data}/keys");
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o755)).expect("opened");
    let (code, open, _) = check(&settings, &data);
    fs::remove_file(format!("{keys}/trace")).expect("it was there");
    let (no_key, lines, report) = check(&settings, &data);
    fs::write(&settings, "[web]\nlisen = 1").expect("written");
    let (wrong, _, named) = check(&settings, &data);

    assert_eq!((code, no_key, wrong), (Some(0), Some(1), Some(1)));
    assert!(open.contains("warn  folder") && open.contains("Next: chmod -R go= "), "{open}");
    assert!(lines.contains("FAIL  keys") && lines.contains("the key trace is missing"), "{lines}");
    assert_eq!(report["next"], "put the keys there");
    let what = finding(&named, "settings")["what"].as_str().expect("words");
    assert!(what.ends_with("there is no setting web.lisen; did you mean web.listen?"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_looks_at_a_running_house_and_changes_nothing() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let data = house.data().display().to_string();
    let empty = house.data().join("empty.toml");
    fs::write(
        &empty,
        "[local]\nenabled = true\nlisten = \"127.0.0.1:0\"\n[web]\nlisten = \"127.0.0.1:0\"",
    )
    .expect("written");
    let settings = empty.display().to_string();
    let before = house.files();

    let (code, lines, report) = check(&settings, &data);

    assert_eq!(code, Some(0), "{lines}");
    for name in ["settings", "templates", "room", "database", "keys", "listen", "practice"] {
        assert_eq!(finding(&report, name)["is"], "ok", "{lines}");
    }
    let kept = |files: Vec<(String, Vec<u8>)>| {
        files.into_iter().filter(|(name, _)| !name.ends_with("-shm")).collect::<Vec<_>>()
    };
    assert!(kept(house.files()) == kept(before), "something was changed");
    runs(&house.data().join("countersign.db"), "UPDATE members SET role = 'staff'").await;
    let (_, lines, _) = check(&settings, &data);
    assert!(lines.contains("northside has no approver"), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_what_a_policy_asks_of_no_post_yet() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let file = house.data().join("practice.toml");
    let path = file.display().to_string();
    let normal = house.runs(&["practice", "show", "northside"]).stdout();
    let (low, high) = ("\n[[policy.low]]\nneeded = 2\n", "\n[[policy.high]]\nneeded = 2\n");
    let mut found = Vec::new();

    for more in ["", high, low, &format!("{low}{high}")] {
        fs::write(&file, format!("{normal}{more}")).expect("written");
        assert_eq!(house.runs(&["practice", "apply", &path, "--yes"]).code, Some(0));
        let checked = house.runs(&["check"]);
        assert_eq!(checked.code, Some(0), "{}", checked.stdout());
        let lines = checked.stdout();
        let line = lines.lines().find(|line| line.contains("northside: policy"));
        found.push(line.unwrap_or_default().trim_start_matches("warn  policy").trim().to_owned());
    }

    let yet = "no rule gives a post another risk than normal yet";
    let low = "policy.low is asked only where compliance lowers a post's risk";
    let both =
        "policy.high is never asked, and policy.low only where compliance lowers a post's risk";
    assert_eq!(found[0], "");
    assert_eq!(found[1], format!("northside: policy.high is never asked: {yet}"));
    assert_eq!(found[2], format!("northside: {low}: {yet}"));
    assert_eq!(found[3], format!("northside: {both}: {yet}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_heartbeat_beats_while_all_is_well_and_its_address_is_not_said() {
    let outside = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let to = format!("http://{}/k3y", outside.local_addr().expect("an address"));
    let house = House::new()
        .with("COUNTERSIGN_ALERT_HEARTBEAT_URL", &to)
        .with("COUNTERSIGN_ALERT_HEARTBEAT_SECONDS", "1");
    let workspace = Workspace::open_in(&Arc::new(house));

    let (mut first, _) = outside.accept().await.expect("a beat");
    let mut head = [0; 64];
    let read = first.read(&mut head).await.expect("a request");
    // Nobody answers: the next beat comes all the same.
    drop(first);
    outside.accept().await.expect("another beat");
    let ended = workspace.stops().await;

    assert!(said(&head[..read]).starts_with("GET /k3y HTTP/1.1\r\n"));
    let stderr = ended.stderr();
    assert!(stderr.contains("The heartbeat did not arrive"), "{stderr}");
    assert!(!stderr.contains("k3y"), "{stderr}");
}
