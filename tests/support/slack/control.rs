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

use super::{At, Slack};

/// A process with this variable is the simulator.
const MARK: &str = "COUNTERSIGN_AS_SLACK";

/// What a person does.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    Says { channel: String, text: String },
    Replies { at: At, text: String },
    Edits { at: At, text: String },
    Deletes { at: At },
    Reacts { at: At, name: String },
    Unreacts { at: At, name: String },
    Presses { at: At, label: String },
    Runs { channel: String, command: String, text: String },
    Uses { shortcut: String, at: At },
    Submits { fields: Vec<(String, String)> },
}

/// Is the simulator for ever, if this process is to be it; else it does nothing.
pub async fn serve_if_asked() {
    if env::var_os(MARK).is_none() {
        return;
    }
    let listener = TcpListener::from(stdin().as_fd().try_clone_to_owned().expect("a listener"));
    let slack = Slack::on(listener);
    slack.without_limits();
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
pub fn router(slack: Slack) -> Router {
    Router::new()
        .route("/people/{name}", post(act))
        .route("/people/{name}/{channel}", get(see))
        .with_state(slack)
}

async fn act(
    State(slack): State<Slack>,
    Path(name): Path<String>,
    Json(act): Json<Act>,
) -> (StatusCode, Json<Value>) {
    let person = slack.person(&name);
    let done = match act {
        Act::Says { channel, text } => Ok(json!(person.says(&channel, &text))),
        Act::Replies { at, text } => Ok(json!(person.replies(&at, &text))),
        Act::Edits { at, text } => Ok(json!(person.edits(&at, &text))),
        Act::Deletes { at } => Ok(json!(person.deletes(&at))),
        Act::Reacts { at, name } => Ok(json!(person.reacts(&at, &name))),
        Act::Unreacts { at, name } => Ok(json!(person.unreacts(&at, &name))),
        Act::Presses { at, label } => person.presses(&at, &label).await.map(|()| Value::Null),
        Act::Runs { channel, command, text } => person.runs(&channel, &command, &text).await,
        Act::Uses { shortcut, at } => person.uses(&shortcut, Some(&at)).await.map(|()| Value::Null),
        Act::Submits { fields } => {
            let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            Ok(json!(format!("{:?}", person.submits(&fields).await)))
        }
    };
    match done {
        Ok(done) => (StatusCode::OK, Json(done)),
        Err(error) => (StatusCode::GATEWAY_TIMEOUT, Json(json!({ "error": error }))),
    }
}

async fn see(State(slack): State<Slack>, Path((name, channel)): Path<(String, String)>) -> String {
    slack.transcript(&channel, &name)
}
