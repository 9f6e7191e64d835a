//! The use cases with their real store: each way in which somebody can type something.

use super::secret::{SECRET, backup, has, leaks};
use crate::support::{TestPractice, Which, message_in, wanted};

const PUBLIC: &str = "Flu shots this Saturday.";

async fn searched(practice: &TestPractice) -> Vec<(String, Vec<u8>)> {
    let folder = practice.folder.path();
    let mut files = vec![backup(&folder.join("countersign.db")).await];
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.push((name, std::fs::read(&path).expect("its bytes")));
    }
    files
}

fn is_on_discord() -> bool {
    wanted() == Some(Which::Discord)
}

#[tokio::test]
async fn what_is_blocked_is_in_no_file() {
    let practice = TestPractice::open_on_a_file(|_| {}).await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    let edited = tomas.has_idea(PUBLIC).await;
    practice.settle().await;
    maya.submits("Now also on Sunday.").await;
    practice.transcript();

    tomas.has_idea(SECRET).await;
    practice.settle().await;
    tomas.presses("It is about no patient").await;
    tomas.rewrites("ideas", &edited, SECRET).await;
    tomas.shows("A photo.", SECRET).await;
    tomas.brings("Another photo.", &format!("{SECRET}.png")).await;
    maya.says("ideas", &format!("/post new {SECRET}")).await;
    maya.fills("Edit", &[("text", SECRET)]).await;
    maya.fills("Edit", &[("slot", SECRET), ("disclosure", SECRET)]).await;
    let card = practice.chat.newest_card();
    maya.replies(&card, SECRET).await;
    practice.person("dr-rao").fills("Decline", &[("reason", SECRET)]).await;
    practice.person("dr-kim").reacts("❌", &card).await;
    practice.settle().await;
    practice.person("dr-kim").replies(&card, SECRET).await;
    practice.person("dr-kim").reacts(SECRET, &card).await;
    practice.person("guest").says("approvals", SECRET).await;
    practice.person("robot").says("ideas", SECRET).await;
    practice.settle().await;

    let transcript = practice.transcript();
    let answers = transcript.lines().filter(|line| line.starts_with("countersign"));
    // On Discord nobody can type a reaction.
    let all = if is_on_discord() { 11 } else { 12 };
    assert_eq!(transcript.matches("[not kept]").count(), all);
    assert_eq!(answers.filter(|line| line.contains("Zebulon")).count(), 0);
    let files = searched(&practice).await;
    assert!(files.iter().any(|(_, bytes)| has(bytes, PUBLIC.as_bytes())));
    assert_eq!(leaks(&files), [""; 0]);
}

#[tokio::test]
async fn what_is_blocked_at_a_desk_is_in_no_file() {
    let agency = TestPractice::open_agency_on_a_file().await;
    let maya = agency.person("maya");
    let master = maya.says("desk", &format!("/post new northside, lakeside: {PUBLIC}")).await;
    agency.settle().await;
    agency.transcript();

    maya.says("desk", &format!("/post edit northside 1 {SECRET}")).await;
    if !is_on_discord() {
        // There a command stands nowhere, so that nobody can change it.
        maya.rewrites("desk", &master, &format!("/post new northside, lakeside: {SECRET}")).await;
        maya.rewrites("desk", &master, SECRET).await;
    }
    maya.replies(&message_in("desk", &master), &format!("/post edit all {SECRET}")).await;
    let (at, button) = agency.chat.button("maya", "Edit");
    maya.press(&at, &button, &[("text", SECRET)]).await;
    if !is_on_discord() {
        // Words where a post's id should be; there a form comes only from its button.
        maya.press(&at, &format!("edit:{SECRET}"), &[("text", SECRET)]).await;
    }
    agency.settle().await;

    let (all, held) = if is_on_discord() { (3, 1) } else { (6, 2) };
    assert_eq!(agency.transcript().matches("[not kept]").count(), all);
    for practice in &["northside", "lakeside"][..held] {
        assert!(agency.post_of(practice, 1).await.expect("a post").hold.is_some(), "{practice}");
    }
    assert_eq!(leaks(&searched(&agency).await), [""; 0]);
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_in_no_file() {
    let breaks = |office: &mut countersign::app::office::Office| {
        office.look = std::sync::Arc::new(|text, _| panic!("can't cut {text}"));
    };
    let practice = TestPractice::open_on_a_file(breaks).await;
    let tomas = practice.person("tomas");

    let message = tomas.has_idea(SECRET).await;
    tomas.rewrites("ideas", &message, SECRET).await;
    tomas.shows("A photo.", SECRET).await;
    practice.settle().await;

    assert_eq!(practice.transcript().matches("asks to send it again").count(), 3);
    let files = searched(&practice).await;
    assert!(files.iter().any(|(_, bytes)| has(bytes, b"unscreened")));
    assert_eq!(leaks(&files), [""; 0]);
}
