//! The real program, through its HTTP API, at the most talkative it can be.

use std::sync::Arc;

use serde_json::{Value, json};

use super::secret::{SECRET, backup, has, leaks};
use crate::workspace::{House, Workspace, id};

const PUBLIC: &str = "Flu shots this Saturday.";
/// The secret in an address.
const QUOTED: &str = "Our%20patient%20Zebulon%20Quarrington%2C%20MRN%2077310942";

struct Cast {
    workspace: Workspace,
    draft: Value,
    card: Value,
    own: String,
}

/// A draft, a card under review and a message of Tomas's.
async fn cast(house: &Arc<House>) -> Cast {
    let workspace = Workspace::open_in(house);
    let says = |text: &str| json!({ "as": "maya", "channel": "ideas", "text": text });
    workspace.does("POST", "messages", &says("/post new Now also on Sunday.")).await;
    let first = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &first, "Send for signature", json!({})).await;
    workspace.does("POST", "messages", &says(&format!("/post new {PUBLIC}"))).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Closed on Monday." });
    let own = id(&workspace.does("POST", "messages", &said).await).to_owned();
    Cast { workspace, draft, card, own }
}

impl Cast {
    /// Everything that the gate looks at; each answer.
    async fn types_it_everywhere(&self) -> Vec<Value> {
        let Self { workspace, draft, card, own } = self;
        let says = |who: &str, text: &str| json!({ "as": who, "channel": "ideas", "text": text });
        let replies = |who: &str| json!({ "as": who, "channel": "approvals", "thread": id(card), "text": SECRET });
        let mut answers = Vec::new();
        for file in [json!({ "alt": SECRET }), json!({ "name": format!("{SECRET}.png") })] {
            let mut file = file;
            file["id"] = json!(workspace.uploads_photo().await);
            let mut said = says("tomas", "A photo.");
            said["files"] = json!([file]);
            answers.push(workspace.does("POST", "messages", &said).await);
        }
        for said in [
            says("tomas", SECRET),
            says("guest", SECRET),
            says("robot", SECRET),
            says("maya", &format!("/post new {SECRET}")),
            says("maya", &format!("/post edit 1 {SECRET}")),
            says("maya", &format!("/post said {SECRET}")),
            replies("maya"),
        ] {
            answers.push(workspace.does("POST", "messages", &said).await);
        }
        for (field, label) in [("text", "Edit"), ("slot", "Edit"), ("disclosure", "Edit")] {
            let typed = json!({ field: SECRET });
            answers.push(workspace.presses_in_vain("maya", draft, label, typed).await);
        }
        let reason = json!({ "reason": SECRET });
        answers.push(workspace.presses_in_vain("dr-rao", card, "Decline", reason).await);
        let decline = format!("messages/{}/reactions/%E2%9D%8C?as=dr-kim", id(card));
        workspace.does("PUT", &decline, &json!({})).await;
        answers.push(workspace.does("POST", "messages", &replies("dr-kim")).await);
        let edit = json!({ "as": "tomas", "text": SECRET });
        answers.push(workspace.does("PATCH", &format!("messages/{own}"), &edit).await);
        answers
    }

    /// Requests that are refused before the gate; each status.
    async fn is_refused_everywhere(&self) -> Vec<u16> {
        let Self { workspace, card, own, .. } = self;
        let press = format!("/local/api/messages/{}/press", id(card));
        let mut statuses = Vec::new();
        for (method, path, body) in [
            (
                "POST",
                "/local/api/messages",
                json!({ "as": SECRET, "channel": "ideas", "text": "x" }),
            ),
            (
                "POST",
                "/local/api/messages",
                json!({ "as": "maya", "channel": SECRET, "text": "x" }),
            ),
            (
                "POST",
                "/local/api/messages",
                json!({ "as": "maya", "thread": SECRET, "channel": "ideas" }),
            ),
            ("POST", "/local/api/messages", json!({ "as": "maya", "text": [SECRET] })),
            ("POST", "/local/api/messages", json!({ SECRET: SECRET })),
            ("POST", &press, json!({ "as": "maya", "button": SECRET })),
            ("POST", &press, json!({ "as": "maya", "button": "x", "fields": { SECRET: SECRET } })),
            ("PUT", "/local/api/faults", json!({ SECRET: true })),
            ("PUT", &format!("/local/api/messages/{own}/reactions/{QUOTED}?as=maya"), json!({})),
            (
                "PATCH",
                &format!("/local/api/messages/{QUOTED}"),
                json!({ "as": "maya", "text": "x" }),
            ),
            ("POST", &format!("/local/{QUOTED}"), json!({})),
        ] {
            statuses.push(workspace.ask(method, path).json(&body).await.status);
        }
        let broken =
            workspace.ask("POST", "/local/api/messages").bytes(format!("{{\"{SECRET}")).await;
        let transcript = format!("/local/api/transcript?channel={QUOTED}&as={QUOTED}");
        let form = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{SECRET}\"\r\n\r\n{SECRET}\r\n--x--\r\n"
        );
        let file = workspace.ask("POST", "/local/api/files");
        let file = file.header("content-type", "multipart/form-data; boundary=x").bytes(form).await;
        let wrong_token = workspace.ask("GET", "/local/api/people").header("authorization", SECRET);
        statuses.extend([
            broken.status,
            workspace.ask("GET", &transcript).send().await.status,
            file.status,
            wrong_token.send().await.status,
        ]);
        statuses
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_blocked_is_in_no_file_no_backup_and_no_log() {
    let house = Arc::new(House::new().with("COUNTERSIGN_LOG", "trace"));
    let cast = cast(&house).await;

    let answers = cast.types_it_everywhere().await;
    let refused = cast.is_refused_everywhere().await;
    cast.workspace.get("/local/api/settled").await;

    let is_out = |answer: &Value| answer["kept"] == false || answer["problems"].is_array();
    assert!(answers.iter().all(is_out), "{answers:#?}");
    let said = json!(answers).to_string();
    assert!(!said.contains("219-09-9999"), "an answer repeats it: {said}");
    assert!(refused.iter().all(|status| (400..500).contains(status)), "{refused:?}");
    let mut files = house.files();
    for database in ["countersign.db", "local.db"] {
        files.push(backup(&house.data().join(database)).await);
    }
    let told = cast.workspace.newest("ideas", "tomas", "blocked").await;
    let crashed = cast.workspace.dies();
    files.extend(crashed.into_iter().map(|(name, bytes)| (format!("{name} after the end"), bytes)));

    assert_eq!(told["only"], "tomas");
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["countersign.db", "-wal", "-shm", "local.db", "heads.log", "stderr", "stdout"] {
        assert!(names.iter().any(|known| known.contains(name)), "{name} is not in {names:?}");
    }
    assert!(files.iter().any(|(_, bytes)| has(bytes, PUBLIC.as_bytes())));
    let stderr = files.iter().find(|(name, _)| name == "stderr after the end");
    // Asked for every detail, it still lets no library tell any of its own.
    assert!(has(&stderr.expect("the log").1, b"DEBUG"));
    assert_eq!(leaks(&files), [""; 0]);
}
