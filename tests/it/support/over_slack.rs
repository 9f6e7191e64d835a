//! The conversation's platform when it is the simulated Slack: what people do there comes in as
//! Slack brings it, and what is shown goes out as Slack takes it.
//!
//! The practice under test is the sample practice, which may have no real platform. So the names
//! of people, channels and messages are exchanged at the border, and nothing else is.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign::app::office::Office;
use countersign::chat::slack::{
    Api, Ears, Envelope, Health, Install, Installs, Kind, Reply, SlackChat, hear,
};
use countersign::domain::practice::ChannelRef;
use countersign::domain::secret::Secret;
use countersign::ports::button::FieldKind;
use countersign::ports::chat::{Chat, MessageRef, Place, Unreachable};
use countersign::ports::clock::Clock;
use countersign::ports::intake::{ChatEvent, Field, Happening, Receipt};
use countersign::render::Words;
use jiff::Timestamp;
use tokio::sync::watch;

use super::border::{
    Border, Loud, OTHERS, ROOMS, TEAM, channel, identity, name_of, ours, room, there, user,
};
use super::chat::FOUNDERS;
use crate::slack::{At, How, Message, Person, Slack, Submitted, Timing, World};

/// The simulated Slack, and our end of it.
pub struct OverSlack {
    /// Slack.
    pub slack: Slack,
    /// Our port towards it.
    pub chat: SlackChat,
    clock: Arc<dyn Clock>,
    border: Arc<Border>,
    deaf: Arc<AtomicBool>,
    /// As long as this is there, Slack is heard.
    _heard: watch::Sender<Health>,
}

impl OverSlack {
    /// Slack, with the sample practice in it; it is now as the clock says.
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        let slack = Slack::start();
        slack.without_limits();
        let deadline = Duration::from_secs(30);
        slack.timing(Timing { deadline, again: Vec::new(), latency: Duration::ZERO });
        let began = u64::try_from(clock.now().as_second()).expect("after 1970");
        slack.with(|world| {
            world.began = began;
            let others: Vec<String> = OTHERS.map(|name| world.add_user(TEAM, name)).to_vec();
            world.user_mut("UROBOT").expect("made").is_bot = true;
            for name in FOUNDERS {
                world.user_mut(&user(name)).expect("made").is_admin = true;
            }
            for name in ROOMS {
                world.add_channel(TEAM, name);
            }
            let everybody = world.channel("CIDEAS").expect("there").members.clone();
            for channel in &mut world.channels {
                channel.members.extend(everybody.iter().cloned().chain(others.iter().cloned()));
            }
        });
        let installs = Arc::new(Installs::default());
        let of = slack.install();
        installs.put(Install {
            team: of.team,
            app: of.app,
            bot_user: of.bot_user,
            bot: of.bot,
            installer: String::new(),
            token: Secret::new(of.token),
        });
        let api = Api::new(&format!("{}/api", slack.url()), installs).expect("an address");
        let words = Arc::new(Words::built_in().expect("templates compile"));
        let border = Arc::new(Border::of(Box::new(Loud)));
        let (is_heard, hears) = watch::channel(Health::Up);
        let chat = SlackChat::new(api.clone(), words.clone(), border.clone(), hears);
        let deaf = Arc::new(AtomicBool::new(false));
        let ears = Ears::new(border.clone(), api, words, clock.clone());
        listens(&slack, ears, deaf.clone());
        Self { slack, chat, clock, border, deaf, _heard: is_heard }
    }

    /// Events go to this office from now on.
    pub fn belongs_to(&self, office: &Arc<Office>) {
        *self.border.office.lock().expect("whole") = Some(office.clone());
    }

    /// Every event comes twice.
    pub fn twice(&self, twice: bool) {
        self.border.twice.store(twice, Ordering::SeqCst);
    }

    /// What Slack brings is lost.
    pub fn deaf(&self, deaf: bool) {
        self.deaf.store(deaf, Ordering::SeqCst);
    }

    /// These people are in a channel, and nobody else but the bot.
    pub fn are_in(&self, channel: &str, people: &[&'static str]) {
        let bot = self.slack.install().bot_user;
        let members = people.iter().map(|name| user(name)).chain([bot]).collect();
        self.slack.with(|world| {
            let id = match world.channel(&room(channel)) {
                Some(known) => known.id.clone(),
                None => world.add_channel(TEAM, channel),
            };
            world.channel_mut(&id).expect("there").members = members;
        });
    }

    /// Slack does not answer the next notice, and shows it all the same or not.
    pub fn loses_an_answer(&self, place: &Place, shown: bool) {
        let method = match (&place.instead_of, &place.only) {
            (Some(_), _) => "chat.update",
            (None, Some(_)) => "chat.postEphemeral",
            (None, None) => "chat.postMessage",
        };
        self.slack.fault(method, 1, if shown { How::DropsAnswer } else { How::Breaks });
    }

    /// Somebody does this there; what the gate makes of it.
    pub async fn happens(&self, who: &str, what: &Happening, files: &[Vec<u8>]) -> Receipt {
        self.border.receipts.lock().expect("whole").clear();
        let now = u64::try_from(self.clock.now().as_second()).expect("after 1970");
        self.slack.with(|world| world.is_not_before(now));
        let person = self.slack.person(&user(who));
        self.does(&person, what, files).await;
        self.slack.settled().await;
        let heard = self.border.receipts.lock().expect("whole").pop();
        heard.unwrap_or(Receipt::Ignored)
    }

    async fn does(&self, person: &Person, what: &Happening, files: &[Vec<u8>]) {
        match what {
            Happening::Said { message, text, .. } if text.starts_with("/post") => {
                let words = text.trim_start_matches("/post").trim();
                let channel = room(&message.channel.channel);
                let _ = person.runs(&channel, "/post", words).await;
            }
            Happening::Said { message, thread, text, files: refs } => {
                let mut names = self.border.messages.lock().await;
                let root = thread.as_ref().and_then(|root| there(&names, &root.message));
                let channel = room(&message.channel.channel);
                let files: Vec<_> =
                    refs.iter().zip(files).map(|(f, b)| (&*f.name, &*f.alt, &**b)).collect();
                let at = person.brings(&channel, root.as_ref(), text, &files);
                names.push((message.message.clone(), at));
            }
            Happening::Edited { message, text, .. } => {
                if let Some(at) = self.at(message).await {
                    person.edits(&at, text);
                }
            }
            Happening::Deleted { message } => {
                if let Some(at) = self.at(message).await {
                    self.slack.with(|world| {
                        let before = gone(world, &at);
                        let event = world.changed_event(&at.0, &before, None);
                        world.tell_channel(&at.0, &event);
                    });
                }
            }
            Happening::Reacted { message, emoji, on } => {
                if let Some(at) = self.at(message).await {
                    let name = name_of(emoji);
                    if *on { person.reacts(&at, &name) } else { person.unreacts(&at, &name) }
                }
            }
            Happening::Picked { message, author, text, .. } => {
                let author = author.as_ref().map(|author| self.slack.person(&user(&author.user)));
                let by = author.as_ref().unwrap_or(person);
                let at = self.found(by, message, text).await;
                let _ = person.uses("make_post", Some(&at)).await;
            }
            Happening::Pressed { message, button, fields } => {
                let at = self.at(message).await.expect("a message that is known");
                let before = person.modal();
                let _ = person.presses_value(&at, button).await;
                self.slack.settled().await;
                if person.modal().is_some() && person.modal() != before {
                    self.fills(person, fields).await;
                }
            }
        }
    }

    /// Fills in the form on top, and sends it; what is wrong with it, it says, and stays.
    async fn fills(&self, person: &Person, fields: &[Field]) {
        let form = self.border.opened.lock().expect("whole").clone().expect("a form");
        let labelled = fields.iter().filter_map(|field| {
            let label = form.fields.iter().find(|known| known.name == field.name)?;
            Some((label.label.clone(), labels(&label.kind, &field.value)))
        });
        let labelled: Vec<(String, String)> = labelled.collect();
        let labelled: Vec<(&str, &str)> =
            labelled.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        if person.submits(&labelled).await != Submitted::Closed {
            person.closes();
        }
    }

    /// The message there, where it is one of a conversation.
    async fn at(&self, message: &MessageRef) -> Option<At> {
        let (_, ts) = there(&self.border.messages.lock().await, &message.message)?;
        // What one person is told to keep stands in their own conversation with the bot.
        let room = self.slack.with(|world| {
            let mut rooms = world.channels.iter();
            let room = rooms.find(|room| room.messages.iter().any(|message| message.ts == ts));
            room.map(|room| room.id.clone())
        });
        Some((room?, ts))
    }

    /// A message is gone, and nobody hears of it yet.
    pub async fn loses(&self, message: &MessageRef) {
        if let Some(at) = self.at(message).await {
            self.slack.with(|world| gone(world, &at));
        }
    }

    /// The message there; written before anybody listened, if nobody wrote it yet.
    async fn found(&self, person: &Person, message: &MessageRef, text: &str) -> At {
        if let Some(at) = self.at(message).await {
            return at;
        }
        let deaf = self.deaf.swap(true, Ordering::SeqCst);
        let at = person.says(&room(&message.channel.channel), text);
        self.slack.settled().await;
        self.deaf.store(deaf, Ordering::SeqCst);
        self.border.messages.lock().await.push((message.message.clone(), at.clone()));
        at
    }

    /// A place as Slack calls it.
    pub async fn place(&self, place: &Place) -> Place {
        let names = self.border.messages.lock().await;
        let ts = |message: &String| there(&names, message).map_or(message.clone(), |at| at.1);
        Place {
            channel: channel(&place.channel),
            thread: place.thread.as_ref().map(ts),
            only: place.only.as_ref().map(|who| identity(&who.user)),
            instead_of: place.instead_of.as_ref().map(ts),
        }
    }

    /// A message as Slack calls it.
    pub async fn message(&self, message: &MessageRef) -> MessageRef {
        let at = self.at(message).await;
        let id = at.map_or_else(|| message.message.clone(), |at| at.1);
        MessageRef { channel: channel(&message.channel), message: id }
    }

    /// What happened in a channel while nobody listened, as the conversation has it.
    pub async fn missed(
        &self,
        at: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        let mut there = Vec::new();
        for message in known {
            there.push(self.message(message).await);
        }
        let mut events = Vec::new();
        for event in self.chat.missed(&channel(at), since, &there).await? {
            events.push(self.border.ours(event).await);
        }
        Ok(events)
    }

    /// A message that stands there is called so from now on.
    pub async fn is_called(&self, ours: &MessageRef, theirs: &MessageRef) {
        let at = (theirs.channel.channel.clone(), theirs.message.clone());
        self.border.messages.lock().await.push((ours.message.clone(), at));
    }

    /// How we call a message of theirs, if we call it anything.
    pub async fn ours(&self, theirs: &MessageRef) -> Option<String> {
        ours(&self.border.messages.lock().await, &theirs.message)
    }

    /// The newest message of the bot's.
    pub fn newest(&self, place: &Place) -> MessageRef {
        let (room, bot) = (room(&place.channel.channel), self.slack.install().bot_user);
        let message = self.slack.with(|world| {
            let mut newest = world.channel(&room).expect("there").messages.iter().rev();
            newest.find(|message| message.user == bot).expect("shown").ts.clone()
        });
        MessageRef { channel: channel(&place.channel), message }
    }
}

/// Hears whatever Slack sends.
fn listens(slack: &Slack, ears: Ears, deaf: Arc<AtomicBool>) {
    let hears = post(move |headers: HeaderMap, body: Bytes| async move {
        if deaf.load(Ordering::SeqCst) {
            return StatusCode::OK.into_response();
        }
        answer(hear::hear(&ears, envelope(&headers, &body)).await)
    });
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let url = format!("http://{}/slack", listener.local_addr().expect("an address"));
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    let routes = Router::new().route("/slack", hears);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    slack.with(|world| world.apps[0].request_url = Some(url));
}

/// What is chosen, as it is called there.
fn labels(kind: &FieldKind, value: &str) -> String {
    match kind {
        FieldKind::Line | FieldKind::Lines => value.to_owned(),
        FieldKind::One { of } | FieldKind::Many { of } => {
            let chosen = value.lines().map(|id| of.iter().find(|choice| choice.id == id));
            let chosen = chosen.map(|choice| choice.expect("such a choice").label.as_str());
            chosen.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Takes a message away, if it is still there; as it stood.
fn gone(world: &mut World, at: &At) -> Message {
    let room = world.channel_mut(&at.0).expect("there");
    let message = room.messages.iter_mut().find(|message| message.ts == at.1).expect("once there");
    message.gone = true;
    message.clone()
}

fn envelope(headers: &HeaderMap, body: &Bytes) -> Envelope {
    if headers[header::CONTENT_TYPE] == "application/json" {
        let payload = serde_json::from_slice(body).expect("JSON");
        return Envelope { kind: Kind::Event, payload };
    }
    let fields: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    match fields.get("payload") {
        Some(payload) => Envelope {
            kind: Kind::Interaction,
            payload: serde_json::from_str(payload).expect("JSON"),
        },
        None => Envelope { kind: Kind::Command, payload: serde_json::json!(fields) },
    }
}

fn answer(reply: Reply) -> Response {
    match reply {
        Reply::Ack => StatusCode::OK.into_response(),
        Reply::With(said) => axum::Json(said).into_response(),
        Reply::Not => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
