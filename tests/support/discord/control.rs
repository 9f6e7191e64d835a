//! The simulator as a process of its own: people act, and see, over HTTP below `/people/`.
//!
//! Its listener comes as its standard input, so that who starts it knows the address before it
//! runs. `POST /people/NAME` takes an [`Act`]; `GET /people/NAME/CHANNEL` is what they see there.

use std::env;
use std::io::stdin;
use std::net::TcpListener;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{At, Discord};

/// A process with this variable is the simulator.
const MARK: &str = "COUNTERSIGN_AS_DISCORD";

/// What a person does.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    Says { channel: String, text: String },
    Replies { at: At, text: String },
    Edits { at: At, text: String },
    Deletes { at: At },
    Reacts { at: At, emoji: String },
    Unreacts { at: At, emoji: String },
    Presses { at: At, label: String },
    Runs { channel: String, command: String, options: Vec<(String, String)> },
    Uses { command: String, at: At },
    Submits { fields: Vec<(String, String)> },
}

/// Is the simulator for ever, if this process is to be it; else it does nothing.
pub async fn serve_if_asked() {
    if env::var_os(MARK).is_none() {
        return;
    }
    let listener = TcpListener::from(stdin().as_fd().try_clone_to_owned().expect("a listener"));
    let discord = Discord::on(listener);
    discord.without_limits();
    std::future::pending::<()>().await;
}

/// The simulator as a child of this process, and its address.
pub fn start_process(test: &str) -> (Child, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let child = Command::new(env::current_exe().expect("this binary"))
        .args(["--exact", test, "--nocapture"])
        .env(MARK, "1")
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .stdout(Stdio::null())
        .spawn();
    (child.expect("it starts"), url)
}

/// The routes of people.
pub fn router(discord: Discord) -> Router {
    Router::new()
        .route("/people/{name}", post(act))
        .route("/people/{name}/{channel}", get(see))
        .with_state(discord)
}

async fn act(
    State(discord): State<Discord>,
    Path(name): Path<String>,
    Json(act): Json<Act>,
) -> (StatusCode, Json<Value>) {
    let person = discord.person(&name);
    let done = match act {
        Act::Says { channel, text } => Ok(json!(person.says(&channel, &text))),
        Act::Replies { at, text } => Ok(json!(person.replies(&at, &text))),
        Act::Edits { at, text } => Ok(json!(person.edits(&at, &text))),
        Act::Deletes { at } => Ok(json!(person.deletes(&at))),
        Act::Reacts { at, emoji } => Ok(json!(person.reacts(&at, &emoji))),
        Act::Unreacts { at, emoji } => Ok(json!(person.unreacts(&at, &emoji))),
        Act::Presses { at, label } => person.presses(&at, &label).await.map(|came| json!(came)),
        Act::Runs { channel, command, options } => {
            let came = person.runs(&channel, &command, &pairs(&options)).await;
            came.map(|came| json!(came))
        }
        Act::Uses { command, at } => person.uses(&command, &at).await.map(|came| json!(came)),
        Act::Submits { fields } => person.submits(&pairs(&fields)).await.map(|came| json!(came)),
    };
    match done {
        Ok(done) => (StatusCode::OK, Json(done)),
        Err(error) => (StatusCode::GATEWAY_TIMEOUT, Json(json!({ "error": error }))),
    }
}

async fn see(
    State(discord): State<Discord>,
    Path((name, channel)): Path<(String, String)>,
) -> String {
    discord.transcript(&channel, &name)
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
