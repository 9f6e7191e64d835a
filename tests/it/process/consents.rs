//! The registry of consents from the command line, beside a house that runs.

use std::sync::Arc;

use serde_json::json;

use crate::workspace::{House, Workspace};

const FOR: &str = "before and after";

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_entered_used_and_revoked() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let none = house.runs(&["practice", "consents", "northside"]);
    let entered = house
        .runs(&["practice", "consent", "northside", "--for", FOR, "--until", "2099-11-30"])
        .stdout();
    let code = entered.split_whitespace().next().expect("a code").to_owned();

    let photo = workspace.uploads_photo().await;
    let files = json!([{ "id": photo, "alt": "A smile" }]);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Our results.", "files": files });
    workspace.does("POST", "messages", &said).await;
    let question = workspace.newest("ideas", "tomas", "ask-patients").await;
    workspace.presses("tomas", &question, "Yes", json!({ "code": code })).await;
    let idea = workspace.newest("ideas", "maya", "idea").await;
    workspace.presses("maya", &idea, "Make a post", json!({})).await;
    let draft = workspace.newest("ideas", "maya", "draft").await;
    workspace.presses("maya", &draft, "Send for signature", json!({})).await;
    let card = workspace.newest("approvals", "dr-rao", "card").await;
    workspace.signs("dr-rao", &card).await;
    assert_eq!(workspace.published().await.len(), 1);
    let revoked = house.runs(&["practice", "revoke", "northside", &code.to_lowercase()]);

    assert!(none.stdout().contains("No consent is entered"), "{}", none.stdout());
    assert!(entered.contains("for before and after; everywhere; until 2099-11-30"), "{entered}");
    assert!(
        revoked.stdout().contains("live: post 1 on Practice page http"),
        "{}",
        revoked.stdout()
    );
    let listed = house.runs(&["practice", "consents", "northside"]).stdout();
    assert!(listed.contains("revoked on"), "{listed}");
    assert_eq!(house.runs(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_no_consent_is_said_and_not_kept() {
    let house = Arc::new(House::new());
    drop(Workspace::open_in(&house));
    let enters = |purpose: &str, until: &str, more: &[&str]| {
        let all = ["practice", "consent", "northside", "--for", purpose, "--until", until];
        house.runs(&[&all[..], more].concat())
    };
    let table = [
        (enters("our patient Jane Roe, SSN 219-09-9999", "2099-11-30", &[]), "name nobody"),
        (enters(FOR, "tomorrow", &[]), "that is not a day"),
        (enters(FOR, "2020-01-01", &[]), "that day is past"),
        (enters(FOR, "2099-11-30", &["--network", "myspace"]), "no network"),
        (house.runs(&["practice", "revoke", "northside", "BCDF-6789"]), "has no consent"),
    ];

    for (ran, why) in table {
        assert_ne!(ran.code, Some(0));
        assert!(ran.stderr().contains(why), "{}", ran.stderr());
        assert!(!ran.stderr().contains("Jane"), "{}", ran.stderr());
    }
}
