//! Accounts on the command line: connected, looked at by `check`, and sealed with a new key.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::{Json, Router};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// What somebody types, and nobody else may ever read.
const TOKEN: &str = "t0ken-0f-n0rthside";

const PRACTICE: &str = "id = \"northside\"\nname = \"Northside\"\nzone = \"America/Chicago\"\n\n\
    [[policy.normal]]\nneeded = 1\n\n\
    [[member]]\nid = \"dr-rao\"\nname = \"Dr. Rao\"\nrole = \"approver\"\n\
    identities = [\"slack:T0123/U0456\"]\n";

/// A server that speaks as much of Mastodon's API as signing in takes.
struct Server {
    base: String,
    scopes: Arc<Mutex<Value>>,
}

impl Server {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let scopes = Arc::new(Mutex::new(json!(["read", "write"])));
        let app = Router::new().fallback(answer).with_state(scopes.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { base, scopes }
    }
}

async fn answer(State(scopes): State<Arc<Mutex<Value>>>, uri: Uri) -> (StatusCode, Json<Value>) {
    let said = match uri.path() {
        "/api/v1/accounts/verify_credentials" => {
            json!({ "id": "42", "acct": "northside", "url": "https://social.example/@northside" })
        }
        "/api/v1/apps/verify_credentials" => {
            json!({ "scopes": *scopes.lock().expect("whole") })
        }
        _ => json!({ "configuration": { "statuses": { "max_characters": 700 } } }),
    };
    (StatusCode::OK, Json(said))
}

/// A folder with keys and settings, and no program that runs.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().expect("a folder"));
        let keys = place.keys();
        fs::create_dir_all(&keys).expect("a folder");
        for (name, digit) in [("ledger", "1"), ("trace", "2"), ("vault", "3")] {
            fs::write(keys.join(name), digit.repeat(64)).expect("written");
        }
        place.brings("northside");
        place
    }

    fn keys(&self) -> PathBuf {
        self.0.path().join("keys")
    }

    fn brings(&self, id: &str) {
        let file = self.0.path().join("practice.toml");
        fs::write(&file, PRACTICE.replace("\"northside\"", &format!("\"{id}\""))).expect("written");
        let applied = self.does(&["practice", "apply", "--yes", &file.display().to_string()]);
        assert_eq!(applied.0, Some(0), "{}", applied.1);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let own = [("LOCAL_ENABLED", "false"), ("WEB_LISTEN", "127.0.0.1:0")];
        command.env_clear().envs(own.map(|(name, is)| (format!("COUNTERSIGN_{name}"), is)));
        command.stdin(Stdio::null()).arg("--data").arg(self.0.path()).args(arguments);
        command
    }

    /// Its exit code, and all that it said.
    fn does(&self, arguments: &[&str]) -> (Option<i32>, String) {
        ended(&mut self.command(arguments))
    }

    fn connects(&self, practice: &str, server: &str) -> (Option<i32>, String) {
        let file = self.0.path().join("secret");
        fs::write(&file, TOKEN).expect("written");
        let secret = file.display().to_string();
        let add = ["account", "add", practice, "mastodon", "@northside"];
        let done = self.does(&[&add[..], &["--server", server, "--secret-file", &secret]].concat());
        fs::remove_file(&file).expect("it was there");
        done
    }

    /// The line of `check` about accounts, and what is to be done.
    fn check(&self) -> (String, String) {
        let report: Value = serde_json::from_str(&self.does(&["check", "--json"]).1).expect("JSON");
        let mut all = report["findings"].as_array().expect("findings").iter();
        let found = all.find(|finding| finding["name"] == "account").expect("it was looked at");
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        (format!("{}: {}", text("is"), text("what")), text("todo"))
    }

    fn sealed(&self) -> Vec<u8> {
        let files = ["countersign.db", "countersign.db-wal"];
        files
            .iter()
            .flat_map(|name| fs::read(self.0.path().join(name)).unwrap_or_default())
            .collect()
    }
}

fn ended(command: &mut Command) -> (Option<i32>, String) {
    let out = command.output().expect("it ran");
    let said = [out.stdout, out.stderr].concat();
    (out.status.code(), String::from_utf8(said).expect("words"))
}

fn key(of: &Path) -> String {
    fs::read_to_string(of).expect("a key")
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_how_each_account_stands_and_what_to_do() {
    let server = Server::open().await;
    let place = Place::new();

    let (code, connected) = place.connects("northside", &server.base);
    let fine = place.check();
    *server.scopes.lock().expect("whole") = json!(["read"]);
    let lacking = place.check();
    let (_, listed) = place.does(&["account", "list", "northside"]);
    fs::remove_file(place.keys().join("vault")).expect("it was there");
    let shut = place.check();

    assert_eq!(code, Some(0), "{connected}");
    assert!(connected.contains("next: start Countersign anew if it runs"), "{connected}");
    let expected = "ok: northside: Mastodon @northside signs in and may publish; 700 characters, 4 \
                    pictures fit";
    assert_eq!(fine, (expected.to_owned(), String::new()));
    let expected = "fail: northside: Mastodon @northside: the sign-in is not accepted: the token may \
                    not do all that is needed; it lacks write:statuses, write:media";
    assert_eq!(lacking.0, expected);
    assert!(lacking.1.starts_with("connect it again: countersign account add northside mastodon"));
    assert!(listed.contains("ready"), "check changes nothing: {listed}");
    assert!(shut.0.starts_with("fail: ") && shut.1 == "put the key vault back", "{shut:?}");
}

// One account under two names of its server passed as two, and published for two practices.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_under_another_name_of_its_server_is_the_same() {
    let server = Server::open().await;
    let other = server.base.replace("127.0.0.1", "localhost");
    let place = Place::new();
    place.brings("harbor");

    let first = place.connects("northside", &server.base);
    let again = place.connects("northside", &other);
    let stolen = place.connects("harbor", &other);
    let (_, listed) = place.does(&["account", "list", "northside"]);

    assert_eq!((first.0, again.0, stolen.0), (Some(0), Some(0), Some(1)), "{first:?} {again:?}");
    assert!(stolen.1.contains("the practice northside has this account already"), "{stolen:?}");
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let removed = place.does(&["account", "remove", "northside", "mastodon"]);
    assert_eq!(removed.0, Some(0), "{removed:?}");
    assert_eq!(place.connects("harbor", &other).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_sign_ins_is_replaced_and_nothing_is_lost_on_the_way() {
    let server = Server::open().await;
    let place = Place::new();
    place.connects("northside", &server.base);
    let (old, new) = (place.keys().join("vault_old"), place.keys().join("vault"));
    let first = key(&new);
    let rotate = ["keys", "rotate", "vault"];
    // Nothing is sealed here, but a program that runs knows the old key alone.
    let (_, empty) = Place::new().does(&rotate);
    assert!(empty.contains("start Countersign anew") && !empty.contains("away"), "{empty}");

    // It ended right after the old key was put beside.
    fs::write(&old, &first).expect("written");
    let (code, said) = place.does(&rotate);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("sealed with the new key: 1"), "{said}");
    assert!(key(&new) != first && key(&old) == first);
    assert!(place.check().0.starts_with("ok: "));

    // It ended before anything was sealed anew: both keys open what is there.
    let second = key(&new);
    fs::write(&old, &second).expect("written");
    fs::write(&new, "4".repeat(64)).expect("written");
    assert!(place.check().0.starts_with("ok: "), "{:?}", place.check());
    let (_, anew) = place.does(&rotate);
    let (_, done) = place.does(&rotate);
    assert!(anew.contains("sealed with the new key: 1"), "{anew}");
    let away = format!("nothing is sealed with the old key any more: take {} away", old.display());
    assert!(done.contains(&away), "{done}");
    assert_eq!(key(&new), "4".repeat(64), "done again, no other key is made");

    fs::remove_file(&old).expect("it was there");
    assert!(place.check().0.starts_with("ok: "), "{:?}", place.check());
    fs::write(&new, "5".repeat(64)).expect("written");
    let (code, lost) = place.does(&rotate);
    assert!(code == Some(3) || code == Some(1), "{code:?} {lost}");
    assert!(lost.contains("Mastodon @northside opens with neither key"), "{lost}");
    let text = String::from_utf8_lossy(&place.sealed()).into_owned();
    assert!(!text.contains(TOKEN), "it is nowhere to be read");
}
