//! The real program with a data folder of its own, and people who act on it through its HTTP API.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tempfile::TempDir;

use crate::local_support::{Answer, Ask};

/// Longer than anything here may take; only a failure waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program as it runs; it ends with this.
pub struct Workspace {
    program: Child,
    said: BufReader<ChildStdout>,
    start: String,
    port: u16,
    token: String,
    house: Arc<House>,
}

/// Where a program runs: a data folder of its own, and the variables that it is started with.
pub struct House {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// How the program ended.
pub struct Ended {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Its whole output, by the stream's name, and every file of the data folder.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Ended {
    /// What it wrote to the error output, of this and earlier runs.
    pub fn stderr(&self) -> String {
        self.words("stderr")
    }

    /// What it wrote to the output.
    pub fn stdout(&self) -> String {
        self.words("stdout")
    }

    fn words(&self, stream: &str) -> String {
        let bytes = self.files.iter().find(|(name, _)| name == stream).map(|(_, bytes)| bytes);
        String::from_utf8(bytes.expect("it is there").clone()).expect("words")
    }
}

impl House {
    /// An empty one, with free ports.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = |of| (format!("COUNTERSIGN_{of}_LISTEN"), "127.0.0.1:0".to_owned());
        Self { folder, variables: ["WEB", "LOCAL"].map(free).to_vec() }
    }

    /// Starts the program with this variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self) -> Child {
        let told = OpenOptions::new().create(true).append(true).open(self.told()).expect("a file");
        let mut program = self.command(&[]);
        program.stdout(Stdio::piped()).stderr(told).spawn().expect("the program starts")
    }

    /// A command of the program, to be run in this house.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.env_clear().envs(self.variables.clone());
        command.arg("--data").arg(self.data()).args(arguments);
        command
    }

    /// Runs a command of the program, and waits until it ends.
    pub fn runs(&self, arguments: &[&str]) -> Ended {
        let out = self.command(arguments).output().expect("it ran");
        let streams = [("stdout", out.stdout), ("stderr", out.stderr)];
        let files = streams.map(|(name, bytes)| (name.to_owned(), bytes)).to_vec();
        Ended { code: out.status.code(), files }
    }

    fn told(&self) -> PathBuf {
        self.folder.path().join("stderr")
    }

    /// Starts the program, and waits until it ends by itself.
    pub fn fails(&self) -> Ended {
        let ended = self.program().wait_with_output().expect("it ended");
        self.ended(ended.status, ended.stdout)
    }

    /// Everything in the data folder, and what was said.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        read(self.folder.path(), &mut files);
        files.sort();
        files
    }

    fn ended(&self, status: ExitStatus, stdout: Vec<u8>) -> Ended {
        let mut files = vec![("stdout".to_owned(), stdout)];
        read(self.folder.path(), &mut files);
        Ended { code: status.code(), files }
    }
}

impl Workspace {
    /// Starts the program with an empty data folder and free ports.
    pub fn open() -> Self {
        Self::open_in(&Arc::new(House::new()))
    }

    /// Starts the program there.
    pub fn open_in(house: &Arc<House>) -> Self {
        let mut program = house.program();
        let mut said = BufReader::new(program.stdout.take().expect("its output"));
        let mut start = String::new();
        said.read_line(&mut start).expect("a line");
        let Some((_, address)) = start.split_once("http://127.0.0.1:") else {
            panic!("it did not start: {}", std::fs::read_to_string(house.told()).expect("words"));
        };
        let (port, token) = address.trim().split_once("/?token=").expect("port and token");
        let (port, token) = (port.parse().expect("a port"), token.to_owned());
        let house = house.clone();
        Self { program, said, port, token, start: start.clone(), house }
    }

    /// Tells the program to stop, and waits until it has.
    pub async fn stops(mut self) -> Ended {
        let kill = Command::new("kill").arg("-TERM").arg(self.program.id().to_string()).status();
        assert!(kill.expect("kill is there").success());
        let program = tokio::task::spawn_blocking(move || {
            self.program.wait().expect("it ended");
            self
        });
        let ended = tokio::time::timeout(PATIENCE, program).await.expect("it ends");
        ended.expect("waited for").end()
    }

    fn end(&mut self) -> Ended {
        let status = self.program.wait().expect("it ended");
        let mut said = self.start.clone().into_bytes();
        self.said.read_to_end(&mut said).expect("its output");
        self.house.ended(status, said)
    }

    /// The port of the house's own address, as it was said at the start.
    pub fn health_port(&self) -> u16 {
        let said = std::fs::read_to_string(self.house.told()).expect("words");
        let (_, address) = said.rsplit_once("http://127.0.0.1:").expect("the address");
        let port = address.split_once("/healthz").and_then(|(port, _)| port.parse().ok());
        port.expect("a port")
    }

    /// A request with this method to this path, with all that the door asks for.
    pub fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::bare(self.port, method, path)
            .header("host", &format!("127.0.0.1:{}", self.port))
            .header("authorization", &format!("Bearer {}", self.token))
            .header("content-type", "application/json")
    }

    /// What is at that address.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.ask("GET", path).send().await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer
    }

    /// Somebody does something; it is done when all that is due has run. What the API answered.
    pub async fn does(&self, method: &str, path: &str, what: &Value) -> Value {
        let answer = self.ask(method, &format!("/local/api/{path}")).json(what).await;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        let done = answer.json();
        self.get(&format!("/local/api/settled?after={}", done["seq"])).await;
        done
    }

    /// Somebody says that no patient is in the picture that they sent last to the ideas channel.
    pub async fn vouches(&self, who: &str) {
        let question = self.newest("ideas", who, "ask-patients").await;
        self.presses(who, &question, "No", json!({})).await;
    }

    /// Somebody uploads a photo; its id.
    pub async fn uploads_photo(&self) -> String {
        let mut png = Vec::new();
        let photo =
            RgbImage::from_fn(24, 16, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90]));
        photo.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).expect("a picture");
        let head =
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        let form = [head.as_bytes(), &png, b"\r\n--x--\r\n"].concat();
        let ask = self.ask("POST", "/local/api/files");
        let answer =
            ask.header("content-type", "multipart/form-data; boundary=x").bytes(form).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// The messages of a channel as somebody sees them.
    pub async fn messages(&self, channel: &str, person: &str) -> Vec<Value> {
        let path = format!("/local/api/transcript?channel={channel}&as={person}");
        let messages = self.get(&path).await.json()["messages"].as_array().cloned();
        messages.expect("messages")
    }

    /// The newest message of this view that somebody sees in a channel.
    pub async fn newest(&self, channel: &str, person: &str, view: &str) -> Value {
        let mut messages = self.messages(channel, person).await;
        messages.retain(|message| message["view"] == view);
        messages.pop().unwrap_or_else(|| panic!("{person} sees no {view} in {channel}"))
    }

    /// Somebody presses the button with this label under a message, with what they typed.
    pub async fn presses(
        &self,
        person: &str,
        message: &Value,
        label: &str,
        fields: Value,
    ) -> Value {
        let press = json!({ "as": person, "button": button(message, label), "fields": fields });
        self.does("POST", &format!("messages/{}/press", id(message)), &press).await
    }

    /// The same with fields that have problems; what the API answered.
    pub async fn presses_in_vain(
        &self,
        person: &str,
        message: &Value,
        label: &str,
        fields: Value,
    ) -> Value {
        let press = json!({ "as": person, "button": button(message, label), "fields": fields });
        let path = format!("/local/api/messages/{}/press", id(message));
        let answer = self.ask("POST", &path).json(&press).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        answer.json()
    }

    /// Somebody puts ✅ on a message.
    pub async fn signs(&self, person: &str, message: &Value) {
        let path = format!("messages/{}/reactions/%E2%9C%85?as={person}", id(message));
        self.does("PUT", &path, &json!({})).await;
    }

    /// Waits until something is live: each event of the stream is a reason to look again.
    pub async fn published(&self) -> Vec<Value> {
        let stream = self.ask("GET", "/local/api/events").connect();
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        tokio::task::spawn_blocking(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            let mut events = lines.filter(|line| line.starts_with("data:"));
            events.by_ref().take_while(|_| tell.send(()).is_ok()).for_each(drop);
        });
        while told.recv().await.is_some() {
            let live = self.get("/local/api/published").await.json();
            match live.as_array() {
                Some(posts) if !posts.is_empty() => return posts.clone(),
                _ => {}
            }
        }
        panic!("nothing became live")
    }

    /// The kinds of all entries in the practice's ledger, in order.
    pub async fn ledger(&self) -> Vec<String> {
        let file = self.house.data().join("countersign.db");
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let pool = SqlitePoolOptions::new().connect_with(options).await.expect("the database");
        let entries: Vec<String> = sqlx::query_scalar("SELECT entry FROM ledger ORDER BY seq")
            .fetch_all(&pool)
            .await
            .expect("entries");
        let kind = |entry: &String| {
            let entry: Value = serde_json::from_str(entry).expect("JSON");
            entry["kind"].as_str().expect("a kind").to_owned()
        };
        entries.iter().map(kind).collect()
    }

    /// Ends the program without a word; everything it wrote anywhere, by the file's name.
    pub fn dies(mut self) -> Vec<(String, Vec<u8>)> {
        self.program.kill().expect("it ran");
        self.end().files
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A message's id.
pub fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

/// The id of the button with this label.
fn button<'a>(message: &'a Value, label: &str) -> &'a Value {
    let buttons = message["buttons"].as_array().expect("buttons");
    let button = buttons.iter().find(|button| button["label"] == label);
    &button.unwrap_or_else(|| panic!("there is no {label}"))["id"]
}

fn read(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            read(&path, files);
        } else {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).expect("its bytes")));
        }
    }
}
