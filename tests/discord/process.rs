//! The simulator as a process of its own, for those who measure and those who are no Rust.

use serde_json::Value;

use crate::discord::client;
use crate::discord::control::{Act, serve_if_asked, start_process};

#[tokio::test]
async fn people_act_and_see_over_http() {
    let (mut child, url) = start_process("process::as_discord");
    let act = Act::Says { channel: "ideas".to_owned(), text: "Flu shots.".to_owned() };
    let client = client().build().expect("whole");

    #[expect(clippy::disallowed_methods, reason = "the simulator, not a network")]
    let said = client.post(format!("{url}/people/tomas")).json(&act).send().await.expect("whole");
    #[expect(clippy::disallowed_methods, reason = "the simulator, not a network")]
    let seen = client.get(format!("{url}/people/maya/ideas")).send().await.expect("whole");

    let at: Value = said.json().await.expect("whole");
    assert_eq!(at.as_array().expect("a channel and a message").len(), 2);
    assert_eq!(seen.text().await.expect("whole"), "tomas: Flu shots.");
    child.kill().expect("whole");
    child.wait().expect("whole");
}

/// No test: this binary again, as the simulator.
#[tokio::test]
async fn as_discord() {
    serve_if_asked().await;
}
