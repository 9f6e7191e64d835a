//! The story of a post, played over the HTTP API of the real program from its first word to the
//! Practice page.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::workspace::{Workspace, id};

const IDEA: &str = "Flu shots this Saturday 9 to 12, no appointment needed.";
const EDITED: &str = "Flu shots this Saturday 9 to 12.\n\n  No appointment needed.";
const ALT: &str = "A nurse with a tray of flu shots";
const SECRET: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

/// Tomas has the idea, Maya makes it a post and sends it for signature; the card.
async fn card_of_an_idea(workspace: &Workspace) -> Value {
    let photo = workspace.uploads_photo().await;
    let files = json!([{ "id": photo, "name": "tray.png", "alt": ALT }]);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": IDEA, "files": files });
    workspace.does("POST", "messages", &said).await;
    workspace.vouches("tomas").await;
    let idea = workspace.newest("ideas", "maya", "idea").await;
    workspace.presses("maya", &idea, "Make a post", json!({})).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    workspace.newest("approvals", "dr-rao", "card").await
}

fn at(of: &Value) -> Timestamp {
    of["at"].as_str().and_then(|at| at.parse().ok()).expect("a time")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_is_published_at_its_slot() {
    let workspace = Workspace::open();
    let first = card_of_an_idea(&workspace).await;

    let fields = json!({ "text": EDITED, "slot": "+2s" });
    workspace.presses("maya", &first, "Edit", fields).await;
    let second = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &first).await;
    let told = workspace.newest("approvals", "dr-rao", "refused").await;
    workspace.signs("dr-rao", &second).await;
    let live = workspace.published().await;

    let by_countersign = json!(["countersign"]);
    assert!(first["html"].as_str().is_some_and(|html| html.contains(IDEA)));
    assert_eq!(first["pictures"][0]["alt"], ALT);
    assert_eq!(first["reactions"][0], json!({ "emoji": "✅", "people": by_countersign }));
    assert_eq!(told["only"], "dr-rao");
    assert!(told["text"].as_str().is_some_and(|why| why.contains("revision 2 is the one to sign")));
    assert_eq!(live.len(), 1);
    assert_eq!((&live[0]["text"], &live[0]["media"][0]["alt"]), (&json!(EDITED), &json!(ALT)));
    assert!(at(&live[0]).duration_since(at(&first)) >= SignedDuration::from_secs(2));
    let picture = live[0]["media"][0]["url"].as_str().expect("its address");
    assert!(!workspace.get(picture).await.body.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_and_the_cards_tell_the_story() {
    let workspace = Workspace::open();
    let first = card_of_an_idea(&workspace).await;

    workspace.presses("maya", &first, "Edit", json!({ "text": EDITED })).await;
    workspace.signs("dr-rao", &first).await;
    let second = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &second).await;
    workspace.published().await;
    workspace.get("/local/api/settled").await;

    let cards = workspace.messages("approvals", "maya").await;
    let card =
        |of: &Value| cards.iter().find(|card| id(card) == id(of)).expect("it stands").clone();
    let (first, second) = (card(&first), card(&second));
    assert!(first["text"].as_str().is_some_and(|text| text.contains("replaced by revision 2")));
    assert_eq!(first["buttons"], json!([]));
    assert_eq!(first["reactions"], json!([{ "emoji": "✅", "people": ["dr-rao"] }]));
    assert!(second["text"].as_str().is_some_and(|text| text.contains("**published**")));
    assert_eq!(second["reactions"], json!([{ "emoji": "✅", "people": ["dr-rao"] }]));
    let entries = workspace.ledger().await;
    let story = entries.iter().skip_while(|kind| *kind != "drafted").cloned().collect::<Vec<_>>();
    insta::assert_snapshot!(story.join(" "), @"drafted pictures-vouched submitted edited no-effect signed leaving published read-back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_about_a_patient_is_nowhere() {
    let workspace = Workspace::open();
    let card = card_of_an_idea(&workspace).await;
    let photo = workspace.uploads_photo().await;
    let said = json!({ "as": "tomas", "channel": "ideas", "text": SECRET });
    let shown = json!({
        "as": "tomas", "channel": "ideas", "text": "Flu shots", "files": [{ "id": photo, "alt": SECRET }],
    });
    let command =
        json!({ "as": "maya", "channel": "approvals", "text": format!("/post new {SECRET}") });

    let answers = [
        workspace.does("POST", "messages", &said).await,
        workspace.does("POST", "messages", &shown).await,
        workspace.does("POST", "messages", &command).await,
    ];
    let (text, reason) = (json!({ "text": SECRET }), json!({ "reason": SECRET }));
    let answered = [
        workspace.presses_in_vain("maya", &card, "Edit", text).await,
        workspace.presses_in_vain("dr-rao", &card, "Decline", reason).await,
    ];
    let told = workspace.newest("ideas", "tomas", "blocked").await;
    let files = workspace.dies();

    assert!(answers.iter().all(|answer| answer["kept"] == false), "{answers:?}");
    assert_eq!(answered.map(|answer| answer["problems"][0]["field"].clone()), ["text", "reason"]);
    assert_eq!(told["only"], "tomas");
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for name in
        ["stdout", "stderr", "countersign.db", "countersign.db-wal", "local.db", "heads.log"]
    {
        assert!(names.contains(&name), "{name} was not searched, only {names:?}");
    }
    let has = |bytes: &[u8], part: &str| bytes.windows(part.len()).any(|it| it == part.as_bytes());
    assert!(files.iter().any(|(_, bytes)| has(bytes, IDEA)), "the search finds nothing at all");
    for (name, bytes) in &files {
        for part in ["219-09-9999", "219099999", "Jane Roe", "loved her visit"] {
            assert!(!has(bytes, part), "{name} has {part:?}");
        }
    }
}
