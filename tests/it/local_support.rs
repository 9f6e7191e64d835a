//! A local platform with a real listener, somebody who listens to it, and a plain HTTP client.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign::chat::local::{
    self, Bytes, Channel, Door, Hearing, Kind, Local, LocalChat, Person, Pictures, World,
};
use countersign::ports::chat::Place;
use countersign::ports::clock::Clock;
use countersign::ports::intake::{By, ChatEvent, Happening, Intake, Problem, Receipt, Wanted};
use countersign::ports::notice::{FieldKind, Form, FormField, Notice, View};
use countersign::render::Words;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

pub use crate::ask::{Answer, Ask};

pub const TOKEN: &str = "0123456789abcdef";
/// The smallest thing that begins as a PNG does.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\nwhat a camera saw";

/// Time stands still.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_795_000_000).expect("a timestamp")
    }
}

/// Remembers what it heard; keeps no "MRN".
pub struct Recorder {
    heard: Mutex<Vec<ChatEvent>>,
    pub settled: watch::Sender<bool>,
}

impl Recorder {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { heard: Mutex::new(Vec::new()), settled: watch::Sender::new(true) })
    }

    pub fn heard(&self) -> Vec<ChatEvent> {
        self.heard.lock().expect("not poisoned").clone()
    }

    pub fn last(&self) -> ChatEvent {
        self.heard().pop().expect("something was heard")
    }
}

/// A form with one field.
pub fn form(button: &str, field: &str) -> Form {
    let field = FormField {
        name: field.to_owned(),
        label: "Why?".to_owned(),
        hint: String::new(),
        value: "as it stands".to_owned(),
        leads: false,
        kind: FieldKind::Lines,
    };
    let (title, send) = ("A form".to_owned(), "Send".to_owned());
    Form { title, send, button: button.to_owned(), fields: vec![field] }
}

#[async_trait]
impl Intake for Recorder {
    async fn form(&self, wanted: &Wanted) -> Option<Form> {
        let at = wanted.channel.channel.as_str();
        match &wanted.by {
            By::Button(message, button) if button == "decline:1" => {
                assert_eq!(message.channel, wanted.channel);
                Some(form("decline:1:mark", "reason"))
            }
            By::Command(text) if text == "/post new" && at == "ideas" => Some(form("new", "text")),
            By::Button(message, button) if button == "new" && message.message.is_empty() => {
                Some(form("new", "text"))
            }
            By::Button(..) | By::Command(_) | By::Sent(_) => None,
        }
    }

    async fn look_over(&self, event: &ChatEvent) -> Vec<Problem> {
        let Happening::Pressed { fields, .. } = &event.what else { return Vec::new() };
        let wrong = fields.iter().filter(|field| field.value.contains("wrong"));
        let problem = |name: &str, blocked| Problem {
            field: name.to_owned(),
            why: "mend it".to_owned(),
            blocked,
        };
        let wrong = wrong.map(|field| problem(&field.name, false));
        let blocked = fields.iter().filter(|field| field.value.contains("MRN"));
        wrong.chain(blocked.map(|field| problem(&field.name, true))).collect()
    }

    async fn receive(&self, event: ChatEvent) -> Receipt {
        let typed = match &event.what {
            Happening::Said { text, files, .. }
            | Happening::Edited { text, files, .. }
            | Happening::Picked { text, files, .. } => {
                format!("{text} {files:?}")
            }
            Happening::Pressed { fields, .. } => format!("{fields:?}"),
            Happening::Deleted { .. } | Happening::Reacted { .. } => String::new(),
        };
        let is_full = matches!(&event.what, Happening::Reacted { emoji, .. } if emoji == "🪫");
        let mut heard = self.heard.lock().expect("not poisoned");
        heard.push(event);
        let seq = i64::try_from(heard.len()).expect("few");
        match typed {
            _ if is_full => Receipt::NotRecorded,
            typed if typed.contains("MRN") => Receipt::Blocked(seq),
            typed if typed.contains("panics the gate") => Receipt::Unscreened(seq),
            typed if typed.contains("fills the disk") => Receipt::NotRecorded,
            _ => Receipt::Stored(seq),
        }
    }

    async fn settled(&self, _after: i64) {
        let mut settled = self.settled.subscribe();
        let _ = settled.wait_for(|settled| *settled).await;
    }
}

struct OnePicture;

#[async_trait]
impl Pictures for OnePicture {
    async fn picture(&self, sha256: &str) -> Option<Bytes> {
        (sha256 == "ab".repeat(32))
            .then(|| Bytes { media_type: "image/png".to_owned(), bytes: PNG.to_vec() })
    }
}

/// A local platform that can be asked.
pub struct Platform {
    pub world: World,
    pub chat: LocalChat,
    pub intake: Arc<Recorder>,
    pub port: u16,
    pub dir: TempDir,
}

impl Platform {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let world = open_world(dir.path().join("local.db")).await;
        let intake = Recorder::new();
        let hearing = Hearing { world: world.clone(), intake: intake.clone() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let local = Local::new(hearing, Arc::new(OnePicture), Door::new(port, TOKEN))
            .with_patience(Duration::from_millis(50));
        let router = local::router(local);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { chat: LocalChat::new(world.clone(), words()), world, intake, port, dir }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let bare = Ask::bare(self.port, method, path)
            .header("host", &format!("127.0.0.1:{}", self.port))
            .header("authorization", &format!("Bearer {TOKEN}"));
        if matches!(method, "GET" | "DELETE") {
            bare
        } else {
            bare.header("content-type", "application/json")
        }
    }

    /// Somebody writes; the id of the message.
    pub async fn says(&self, person: &str, text: &str) -> String {
        let said = serde_json::json!({ "as": person, "channel": "ideas", "text": text });
        let answer = self.ask("POST", "/local/api/messages").json(&said).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Somebody uploads a picture; its id.
    pub async fn uploads(&self, bytes: &[u8]) -> String {
        let answer = self.upload(bytes).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    pub async fn upload(&self, bytes: &[u8]) -> Answer {
        let form = [
            b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n",
            bytes,
            b"\r\n--x--\r\n",
        ]
        .concat();
        self.ask("POST", "/local/api/files")
            .header("content-type", "multipart/form-data; boundary=x")
            .bytes(form)
            .await
    }

    /// The ideas channel as somebody sees it.
    pub async fn ideas(&self, person: &str) -> Vec<Value> {
        let path = format!("/local/api/transcript?channel=ideas&after=0&as={person}");
        let answer = self.ask("GET", &path).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let messages = answer.json()["messages"].as_array().cloned();
        messages.expect("messages")
    }

    /// Everything that is on the disk of the world.
    pub fn bytes_on_disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.dir.path()).expect("the directory");
        files
            .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("its bytes"))
            .collect()
    }
}

pub async fn open_world(path: PathBuf) -> World {
    let person = |(id, name, kind): (&str, &str, Kind)| Person {
        id: id.to_owned(),
        name: name.to_owned(),
        what: "of the sample practice".to_owned(),
        kind,
    };
    let channel = |id: &str| Channel {
        id: id.to_owned(),
        name: id.to_owned(),
        what: "of the sample practice".to_owned(),
        practice: None,
        people: None,
    };
    let people = [
        ("tomas", "Tomas", Kind::Person),
        ("maya", "Maya", Kind::Person),
        ("dr-rao", "Dr. Rao", Kind::Person),
        ("guest", "Guest", Kind::Guest),
        ("robot", "Robot", Kind::Robot),
    ];
    let channels = ["ideas", "approvals"];
    World::open(&path, people.map(person).to_vec(), channels.map(channel).to_vec(), Arc::new(Still))
        .await
        .expect("a world")
}

/// The words that come with Countersign.
pub fn words() -> Arc<Words> {
    Arc::new(Words::built_in().expect("templates compile"))
}

pub fn noted(what: &str) -> Notice {
    Notice {
        view: View::Noted { what: what.to_owned() },
        buttons: Vec::new(),
        reactions: Vec::new(),
    }
}

pub fn in_ideas() -> Place {
    Place { channel: local::channel("ideas"), thread: None, only: None, instead_of: None }
}
