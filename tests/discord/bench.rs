//! A bot on the bench: its requests, and its link to the gateway, as a test tells it.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::discord::events as on;
use crate::discord::{Discord, Id, client};

/// All intents that the tests need.
pub const ALL: u64 = on::GUILDS
    | on::GUILD_MESSAGES
    | on::GUILD_MESSAGE_REACTIONS
    | on::DIRECT_MESSAGES
    | on::MESSAGE_CONTENT;

/// Longer than any answer takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub head: HeaderMap,
    pub body: Value,
}

impl Said {
    /// The code of an error.
    pub fn code(&self) -> u64 {
        self.body["code"].as_u64().unwrap_or_default()
    }

    /// Something in the head, or nothing.
    pub fn head(&self, name: &str) -> &str {
        self.head.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The id of what was made.
    pub fn id(&self) -> Id {
        self.body["id"].as_str().and_then(|id| id.parse().ok()).expect("something was made")
    }
}

/// Asks with a form as the practice's bot, and does not wait long; an error, if no answer came
/// that one can read.
pub async fn tries(discord: &Discord, route: &str, body: &Value) -> Result<Said, reqwest::Error> {
    within(Duration::from_secs(1), discord, route, Some(body)).await
}

async fn within(
    wait: Duration,
    discord: &Discord,
    route: &str,
    body: Option<&Value>,
) -> Result<Said, reqwest::Error> {
    let (method, path) = route.split_once(' ').expect("a method and a path");
    let client = client().timeout(wait).build()?;
    let url = format!("{}/api/v10/{path}", discord.url());
    let mut request = client
        .request(method.parse().expect("a method"), url)
        .header("user-agent", "DiscordBot (https://example.org, 1)")
        .header("authorization", format!("Bot {}", discord.app().token));
    if let Some(body) = body {
        request = request.json(body);
    }
    read(request).await
}

/// Asks, and is answered.
pub async fn asks(discord: &Discord, route: &str) -> Said {
    within(PATIENCE, discord, route, None).await.expect("an answer")
}

/// Asks with a form, and is answered.
pub async fn says(discord: &Discord, route: &str, body: &Value) -> Said {
    within(PATIENCE, discord, route, Some(body)).await.expect("an answer")
}

/// Asks with a form and files.
pub async fn sends(discord: &Discord, path: &str, body: &Value, files: &[(&str, &[u8])]) -> Said {
    let mut form = Form::new().text("payload_json", body.to_string());
    for (at, (name, bytes)) in files.iter().enumerate() {
        let part = Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
        form = form.part(format!("files[{at}]"), part);
    }
    let client = client().build().expect("a client");
    let request = client
        .post(format!("{}/api/v10/{path}", discord.url()))
        .header("user-agent", "DiscordBot (https://example.org, 1)")
        .header("authorization", format!("Bot {}", discord.app().token))
        .multipart(form);
    read(request).await.expect("an answer")
}

/// Sends a request as it is.
pub async fn read(request: reqwest::RequestBuilder) -> Result<Said, reqwest::Error> {
    #[expect(clippy::disallowed_methods, reason = "a bot's request, not a network's")]
    let answer = request.send().await?;
    let (status, head) = (answer.status().as_u16(), answer.headers().clone());
    let is_json = head.get("content-type").is_some_and(|kind| kind == "application/json");
    let body = if is_json { answer.json().await? } else { Value::Null };
    Ok(Said { status, head, body })
}

/// A link to the gateway.
pub struct Link {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Link {
    /// One that has heard hello.
    pub async fn open(discord: &Discord) -> Self {
        let mut link = Self::at(discord, "/?v=10&encoding=json").await;
        assert_eq!(link.hears().await["op"], 10);
        link
    }

    /// One at an address below the gateway's.
    pub async fn at(discord: &Discord, path: &str) -> Self {
        let url = format!("{}{path}", discord.url().replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.expect("it opens");
        Self { socket }
    }

    /// One with a session that has begun, and its id.
    pub async fn begun(discord: &Discord, intents: u64) -> (Self, String) {
        let mut link = Self::open(discord).await;
        link.identifies(&discord.app().token, intents).await;
        let ready = link.hears_of("READY").await;
        if intents & on::GUILDS != 0 {
            link.hears_of("GUILD_CREATE").await;
        }
        (link, ready["session_id"].as_str().expect("an id").to_owned())
    }

    /// Asks for a session.
    pub async fn identifies(&mut self, token: &str, intents: u64) {
        let properties = json!({ "os": "linux", "browser": "bench", "device": "bench" });
        let said = json!({ "token": token, "intents": intents, "properties": properties });
        self.says(&json!({ "op": 2, "d": said })).await;
    }

    /// Says something.
    pub async fn says(&mut self, said: &Value) {
        self.socket.send(Frame::text(said.to_string())).await.expect("it is open");
    }

    /// Leaves with a code.
    pub async fn leaves(mut self, code: u16) {
        use tokio_tungstenite::tungstenite::protocol::CloseFrame;
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.expect("it is open");
        while self.socket.next().await.is_some_and(|frame| frame.is_ok()) {}
    }

    /// The next that it is told; the code, if it is closed.
    pub async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Frame::Close(close))) => {
                    return Err(close.map(|close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next that it is told.
    pub async fn hears(&mut self) -> Value {
        self.next().await.expect("it is open")
    }

    /// The next event, which must be this one.
    pub async fn hears_of(&mut self, event: &str) -> Value {
        let heard = self.hears().await;
        assert_eq!(heard["t"], event, "{heard}");
        heard["d"].clone()
    }

    /// The code with which it is closed, with nothing said before.
    pub async fn is_closed(&mut self) -> Option<u16> {
        match self.next().await {
            Err(code) => code,
            Ok(said) => panic!("it is not closed: {said}"),
        }
    }
}
