//! What is said of a text beside what the screen finds: it is shown, and keeps nothing back.

use countersign::ports::notice::View;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{planned_and_signed, with_a_board};
use crate::support::TestPractice;

const CLAIM: &str = "Studies show that a daily walk cuts your risk of a heart attack by a third.";
const ORDINARY: &str = "Flu shots this Saturday 9 to 12, no appointment needed.";

/// What stands under "Look twice" of the newest draft or card.
fn look_twice(practice: &TestPractice) -> String {
    let Some(View::Card(card) | View::Draft(card)) = practice.chat.newest_view() else {
        panic!("no card")
    };
    assert_eq!(card.blocking, [""; 0]);
    card.findings.join("\n")
}

async fn begins(practice: &TestPractice, text: &str) -> String {
    practice.person("maya").says("ideas", &format!("/post new {text}")).await;
    practice.settle().await;
    look_twice(practice)
}

async fn edits(practice: &TestPractice, fields: &[(&str, &str)]) -> String {
    practice.person("maya").fills("Edit", fields).await;
    practice.settle().await;
    look_twice(practice)
}

async fn is_sent(practice: &TestPractice) -> String {
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    assert!(matches!(practice.chat.newest_view(), Some(View::Card(_))));
    look_twice(practice)
}

#[tokio::test]
async fn an_ordinary_post_is_shown_without_remarks() {
    let practice = TestPractice::open().await;

    assert_eq!(begins(&practice, ORDINARY).await, "");
    assert_eq!(is_sent(&practice).await, "");
}

#[tokio::test]
async fn a_claim_asks_for_its_evidence_until_it_has_some() {
    let practice = TestPractice::open().await;

    let asked = begins(&practice, CLAIM).await;
    assert_snapshot!(asked, @"“Studies show that a daily walk…” is a claim that can be checked: put a link to the evidence into the field Source, so that whoever signs can read it");
    // Whoever signs reads it too, and it keeps nothing back.
    assert_eq!(is_sent(&practice).await, asked);

    let source = "https://doi.org/10.1001/jama.2024.5019";
    assert_eq!(edits(&practice, &[("source", source)]).await, "");
}

#[tokio::test]
async fn a_tie_is_disclosed_where_readers_see_it() {
    let practice = TestPractice::open().await;

    let asked = begins(&practice, "We love this gel. #SkinCare #gel #ad").await;
    assert_snapshot!(asked, @"“#ad” stands among the hashtags at the end, where few read it: say it at the beginning, or in the field Disclosure, which leaves in front of the text");
    assert_eq!(is_sent(&practice).await, asked);

    let said = edits(&practice, &[("disclosure", "Paid partnership with Acme")]).await;
    assert_eq!(said, "");
}

#[tokio::test]
async fn what_is_hard_to_read_is_said_to_whoever_writes() {
    let practice = TestPractice::open().await;
    let hard = "Individuals with uncontrolled hypertension and cardiovascular comorbidities should \
        schedule a comprehensive evaluation of pharmacological alternatives before initiating any \
        vigorous physical activity outdoors, particularly in periods of elevated temperature and \
        humidity. #hearthealth";

    assert_snapshot!(begins(&practice, hard).await, @"
    it reads like grade 16 or more, and most patients read grade 8 with ease: make two of the sentence that begins “Individuals with uncontrolled hypertension and cardiovascular…”
    not every patient knows these words: say “other health problems” for “comorbidities”, “high blood pressure” for “hypertension”
    a screen reader says “#hearthealth” as one word: write “#HeartHealth”
    ");
    assert_snapshot!(edits(&practice, &[("audience", "colleagues")]).await, @"a screen reader says “#hearthealth” as one word: write “#HeartHealth”");
    // The card is for whoever signs, not for whoever writes.
    edits(&practice, &[("audience", "patients")]).await;
    assert_eq!(is_sent(&practice).await, "");
}

#[tokio::test]
async fn what_the_practice_says_already_is_named() {
    let practice = TestPractice::open().await;
    planned_and_signed(&practice, &[("slot", "+1h"), ("text", ORDINARY)]).await;
    practice.waits(SignedDuration::from_hours(2)).await;

    let sunday = ORDINARY.replace("Saturday", "Sunday");
    assert_snapshot!(begins(&practice, &sunday).await, @"this is nearly what post 1 says, which went out: say it in other words, or leave it");
    assert_snapshot!(begins(&practice, ORDINARY).await, @"this is the same as post 1, which went out: say it in other words, or leave it");

    for number in [2, 3] {
        practice.person("maya").says("ideas", &format!("/post withdraw {number}")).await;
    }
    practice.waits(SignedDuration::from_hours(91 * 24)).await;
    assert_eq!(begins(&practice, ORDINARY).await, "");
}

#[tokio::test]
async fn two_posts_at_one_hour_are_named() {
    let practice = TestPractice::open_with(with_a_board).await;
    let fields = [("slot", "tomorrow 9:00"), ("text", ORDINARY), ("accounts", "practice-page")];
    planned_and_signed(&practice, &fields).await;

    begins(&practice, "Our new nurse starts on Monday.").await;
    assert_snapshot!(edits(&practice, &[("slot", "tomorrow 9:45")]).await, @"post 1 is planned for Tue 24 Nov 2026, 09:00 America/Chicago on Practice page, within an hour of this one: choose another slot, or make one post of both");
    assert_eq!(edits(&practice, &[("slot", "tomorrow 10:01")]).await, "");
    let board = [("slot", "tomorrow 9:45"), ("accounts", "board")];
    assert_eq!(edits(&practice, &board).await, "");
}

#[tokio::test]
async fn proposed_words_are_taken_in_one_tap() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    begins(&practice, "Hypertension is silent. #hearthealth").await;
    practice.transcript();

    let (at, reword) = practice.chat.button("maya", "Accept wording");
    maya.presses("Accept wording").await;
    practice.settle().await;
    maya.presses_that(&at, &reword).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Accept wording]
    countersign now draft 1.0 "High blood pressure is silent. #HeartHealth" [Send for signature] [Edit] [Withdraw]
    maya        presses reword
    countersign (to maya) no effect on 1: no other wording is proposed any more: the post was changed since
    "#);
    assert_eq!(is_sent(&practice).await, "");
    practice.ledger_equals_tables().await;
}

// Words that are not English there are proposed, and left to whoever writes.
#[tokio::test]
async fn words_that_need_another_sentence_are_not_taken_in_one_tap() {
    let practice = TestPractice::open().await;

    assert_ne!(begins(&practice, "Our ambulatory care is open.").await, "");

    assert!(!practice.transcript().contains("Accept wording"));
}
