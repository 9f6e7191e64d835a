//! A message that was not kept: its author is reminded, and others are told, until it is gone.

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{TestPractice, message_in, over_platform};

const SECRET: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";
const MINUTES: SignedDuration = SignedDuration::from_mins(10);
const HOURS: SignedDuration = SignedDuration::from_hours(2);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The transcript without addresses, which only Slack has.
fn without_links(transcript: &str) -> String {
    let lines = transcript.lines().map(|line| line.split(" http").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn its_author_is_reminded_and_compliance_told_until_it_is_gone() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    let message = maya.says("ideas", SECRET).await;
    practice.settle().await;

    practice.waits(MINUTES).await;
    practice.waits(HOURS).await;
    practice.waits(DAY).await;
    maya.deletes(&message_in("ideas", &message)).await;
    practice.settle().await;
    practice.waits(DAY).await;

    let transcript = practice.transcript();
    let links = transcript.lines().filter(|line| line.contains(" http")).count();
    assert_eq!(links, if over_platform() { 3 } else { 0 }, "{transcript}");
    assert_snapshot!(without_links(&transcript), @"
    maya        says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to maya) blocked, 2 kinds, still there: true [It is about no patient]
    -- 10m
    countersign (to maya) still in ideas:  Mon 23 Nov 2026, 09:00 America/Chicago
    -- 2h
    countersign (to ana) still in ideas: Maya Mon 23 Nov 2026, 09:00 America/Chicago
    -- 24h
    countersign (to ana) still in ideas: Maya Mon 23 Nov 2026, 09:00 America/Chicago
    maya        deletes m1
    -- 24h
    ");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_was_gone_unheard_is_not_told_of() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    let message = maya.says("ideas", SECRET).await;
    practice.settle().await;
    practice.transcript();

    practice.chat.delete(&message_in("ideas", &message)).await;
    practice.waits(MINUTES).await;
    practice.waits(HOURS).await;

    assert_snapshot!(practice.transcript(), @"
    -- 10m
    -- 2h
    ");
}

#[tokio::test]
async fn what_was_mended_is_not_told_of_and_what_is_bad_again_is() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    let message = maya.says("ideas", SECRET).await;
    practice.settle().await;

    maya.rewrites("ideas", &message, "Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();
    practice.waits(HOURS).await;
    maya.rewrites("ideas", &message, SECRET).await;
    practice.settle().await;
    practice.waits(MINUTES).await;

    assert_snapshot!(without_links(&practice.transcript()), @"
    -- 2h
    maya        rewrites m1: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to maya) blocked, 2 kinds, still there: true [It is about no patient]
    -- 10m
    countersign (to maya) still in ideas:  Mon 23 Nov 2026, 11:00 America/Chicago
    ");
}

#[tokio::test]
async fn while_the_platform_is_away_it_is_looked_for_again() {
    let practice = TestPractice::open().await;
    practice.person("maya").says("ideas", SECRET).await;
    practice.settle().await;
    practice.transcript();

    practice.chat.away(true);
    practice.waits(MINUTES).await;
    practice.chat.away(false);
    practice.waits(MINUTES).await;

    assert!(practice.transcript().contains("(to maya) still in ideas"));
}
