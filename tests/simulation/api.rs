//! What people do through the HTTP API, and what they see there.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::ask::{Answer, Ask};
use crate::house::{House, TOKEN};

/// So often somebody does again what was not recorded.
const AGAIN: usize = 5;

/// What the platform says to an act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Heard {
    /// The message.
    pub id: String,
    /// The number in the inbox; 0 when nobody there heard of it.
    pub seq: i64,
    /// False when the gate did not keep what was typed.
    pub kept: bool,
}

/// A file as a message brings it.
#[derive(Debug, Clone)]
pub struct File {
    pub bytes: Vec<u8>,
    pub name: String,
    pub alt: String,
}

/// A message that somebody writes.
#[derive(Debug, Clone, Default)]
pub struct Said<'a> {
    pub channel: &'a str,
    pub thread: Option<&'a str>,
    pub text: &'a str,
    pub file: Option<File>,
}

/// A post as people see it on the network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Live {
    pub id: String,
    pub account: String,
    pub text: String,
    pub media: Vec<LiveMedia>,
}

/// A picture of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LiveMedia {
    pub url: String,
    pub alt: String,
}

/// A message as somebody sees it.
#[derive(Debug, Clone, Deserialize)]
pub struct Note {
    pub id: String,
    pub position: i64,
    pub from: From,
    #[serde(default)]
    pub view: String,
    pub text: String,
    pub deleted: bool,
    pub pictures: Vec<Picture>,
    pub buttons: Vec<Button>,
    pub reactions: Vec<Reaction>,
}

/// Whose message it is.
#[derive(Debug, Clone, Deserialize)]
pub struct From {
    pub id: String,
}

/// A picture beside it.
#[derive(Debug, Clone, Deserialize)]
pub struct Picture {
    pub alt: String,
}

/// A button under it.
#[derive(Debug, Clone, Deserialize)]
pub struct Button {
    pub id: String,
    pub form: Vec<Field>,
}

/// A field of its form.
#[derive(Debug, Clone, Deserialize)]
pub struct Field {
    pub name: String,
}

/// A reaction under it.
#[derive(Debug, Clone, Deserialize)]
pub struct Reaction {
    pub emoji: String,
    pub people: Vec<String>,
}

#[derive(Deserialize)]
struct Transcript {
    seq: i64,
    messages: Vec<Note>,
}

/// What everybody has seen so far: by person and channel, by place in it.
#[derive(Default)]
pub struct Eyes(BTreeMap<(String, String), (i64, BTreeMap<i64, Note>)>);

impl Button {
    /// What pressing it does.
    pub fn verb(&self) -> &str {
        self.id.split(':').next().unwrap_or_default()
    }

    /// The post that it is about, if it is about one.
    pub fn post(&self) -> &str {
        self.id.split(':').nth(1).unwrap_or_default()
    }
}

impl Note {
    /// The button that does this.
    pub fn button(&self, verb: &str) -> Option<&Button> {
        self.buttons.iter().find(|button| button.verb() == verb)
    }

    /// All that it shows, in words.
    pub fn shows(&self) -> String {
        let alts = self.pictures.iter().map(|picture| picture.alt.as_str());
        [self.text.as_str()].into_iter().chain(alts).collect::<Vec<_>>().join("\n")
    }

    /// The person's reaction is there.
    pub fn has(&self, emoji: &str, person: &str) -> bool {
        let mut theirs = self.reactions.iter().filter(|reaction| reaction.emoji == emoji);
        theirs.any(|reaction| reaction.people.iter().any(|who| who == person))
    }
}

impl Eyes {
    /// The person looks at a channel: all that stands there for them, oldest first.
    pub async fn look(&mut self, house: &House, person: &str, channel: &str) -> Vec<Note> {
        let known = self.0.entry((person.to_owned(), channel.to_owned())).or_default();
        let path = format!("transcript?channel={channel}&after={}&as={person}", known.0);
        let Transcript { seq, messages } = house.sees(&path).await;
        known.0 = seq;
        known.1.extend(messages.into_iter().map(|note| (note.position, note)));
        known.1.retain(|_, note| !note.deleted);
        known.1.values().cloned().collect()
    }
}

impl House {
    /// Somebody writes a message. What was not recorded is written again, under the same key.
    pub async fn is_told(&self, person: &str, said: Said<'_>, nth: usize) -> Option<Heard> {
        let Said { channel, thread, text, file } = said;
        let mut files = Vec::new();
        if let Some(file) = file {
            let id = self.uploads(&file.bytes).await;
            files.push(json!({ "id": id, "name": file.name, "alt": file.alt }));
        }
        let key = format!("00000000-0000-7000-8000-{nth:012x}");
        let body = json!({
            "as": person, "channel": channel, "thread": thread, "text": text, "files": files,
            "key": key,
        });
        self.does("POST", "messages", Some(&body)).await
    }

    /// Somebody changes a message of theirs.
    pub async fn is_edited(&self, person: &str, message: &str, text: &str) -> Option<Heard> {
        let body = json!({ "as": person, "text": text });
        self.does("PATCH", &format!("messages/{message}"), Some(&body)).await
    }

    /// Somebody deletes a message.
    pub async fn is_deleted(&self, person: &str, message: &str) -> Option<Heard> {
        self.does("DELETE", &format!("messages/{message}?as={person}"), None).await
    }

    /// Somebody puts a reaction on a message, or takes it away.
    pub async fn is_reacted_to(
        &self,
        person: &str,
        message: &str,
        (emoji, on): (&str, bool),
    ) -> Option<Heard> {
        let emoji: String = form_urlencoded::byte_serialize(emoji.as_bytes()).collect();
        let path = format!("messages/{message}/reactions/{emoji}?as={person}");
        self.does(if on { "PUT" } else { "DELETE" }, &path, None).await
    }

    /// Somebody presses a button, with its form filled in.
    pub async fn is_pressed(
        &self,
        person: &str,
        (message, button): (&str, &str),
        fields: &[(String, String)],
    ) -> Option<Heard> {
        let fields: BTreeMap<_, _> = fields.iter().cloned().collect();
        let body = json!({ "as": person, "button": button, "fields": fields });
        self.does("POST", &format!("messages/{message}/press"), Some(&body)).await
    }

    /// What is live on the network.
    pub async fn published(&self) -> Vec<Live> {
        self.sees("published").await
    }

    /// The bytes of a picture that is live.
    pub async fn picture(&self, url: &str) -> Vec<u8> {
        let answer = self.ask("GET", url).send().await;
        assert_eq!(answer.status, 200, "{url}");
        answer.body
    }

    /// Tells the world what goes wrong from now on.
    pub async fn tells_faults(&mut self) {
        let body = serde_json::to_value(&self.faults).expect("plain data");
        let answer = self.ask("PUT", "/local/api/faults").json(&body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Does it; what was not recorded is done again. `None`: it is not to be done any more.
    async fn does(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Heard> {
        for _ in 0..AGAIN {
            let ask = self.ask(method, &format!("/local/api/{path}"));
            let answer = match body {
                Some(body) => ask.json(body).await,
                None => ask.send().await,
            };
            match answer.status {
                200 | 201 => return Some(serde_json::from_slice(&answer.body).expect("an answer")),
                // Somebody was faster, or it is not theirs.
                403 | 404 | 409 => return None,
                503 if is_deaf(&answer) => return None,
                503 => {}
                _ => panic!("{method} {path}: {answer:?}"),
            }
        }
        panic!("{method} {path} is not recorded");
    }

    async fn uploads(&self, bytes: &[u8]) -> String {
        let head =
            b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        let form = [head, bytes, b"\r\n--x--\r\n"].concat();
        let ask = self.ask("POST", "/local/api/files");
        let ask = ask.header("content-type", "multipart/form-data; boundary=x");
        let answer = ask.bytes(form).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    async fn sees<T: for<'a> Deserialize<'a>>(&self, path: &str) -> T {
        let answer = self.ask("GET", &format!("/local/api/{path}")).send().await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_slice(&answer.body).expect("what is asked for")
    }

    fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::bare(self.port(), method, path)
            .header("host", &format!("127.0.0.1:{}", self.port()))
            .header("authorization", &format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
    }
}

fn is_deaf(answer: &Answer) -> bool {
    answer.json()["error"].as_str().is_some_and(|why| why.starts_with("nobody looks"))
}
