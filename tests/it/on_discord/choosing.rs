//! What is offered to whoever types a command: of their own practice alone, and always in time.

use std::time::Duration;

use countersign::domain::consent::Consent;
use countersign::domain::practice::Practice;
use jiff::SignedDuration;

use crate::support::TestPractice;

async fn offered(
    practice: &TestPractice,
    (who, channel): (&str, &str),
    command: &str,
    typed: (&str, &str),
) -> Vec<String> {
    let person = practice.discord().person(who);
    let over = practice.over_discord();
    let command = format!("/post {command}");
    over.answered(person.types(channel, &command, typed)).await.expect("answered")
}

/// A draft, and a post in review.
async fn two_posts() -> TestPractice {
    let practice = TestPractice::open_over_discord().await;
    practice.person("maya").submits("Flu shots this\nSaturday.").await;
    practice.settle().await;
    practice.person("tomas").says("ideas", "/post new New hours in December.").await;
    practice.settle().await;
    practice
}

#[tokio::test]
async fn posts_are_offered_by_number_and_words_to_whoever_can_do_that_with_them() {
    let practice = two_posts().await;
    let number = async |command: &str, typed: &str| {
        offered(&practice, ("tomas", "ideas"), command, ("number", typed)).await
    };
    let (flu, hours) = ("1 in review: Flu shots this Saturday.", "2 draft: New hours in December.");

    assert_eq!(number("show", "").await, [hours, flu]);
    assert_eq!(number("show", "1").await, [flu]);
    assert_eq!(number("hold", "DECEMBER").await, [hours]);
    assert_eq!(number("show", "3").await, [""; 0]);
    // Nothing of a draft can be proven.
    assert_eq!(number("certificate", "").await, [flu]);
    practice.person("tomas").says("ideas", "/post withdraw 2").await;
    practice.settle().await;
    assert_eq!(number("edit", "").await, [flu]);
}

#[tokio::test]
async fn nothing_is_offered_to_whom_it_does_not_concern() {
    let practice = two_posts().await;
    let number = ("number", "");

    assert_eq!(offered(&practice, ("guest", "ideas"), "show", number).await, [""; 0]);
    assert_eq!(offered(&practice, ("tomas", "annex"), "show", number).await, [""; 0]);
}

#[tokio::test]
async fn posts_of_another_practice_are_never_offered() {
    let agency = TestPractice::open_agency_over_discord().await;
    agency.person("lena").says("lakeside-ideas", "/post new Flu shots at the lake.").await;
    agency.person("tomas").says("ideas", "/post new New hours.").await;
    agency.settle().await;
    let number = ("number", "");

    assert_eq!(offered(&agency, ("tomas", "ideas"), "show", number).await, ["1 draft: New hours."]);
    assert_eq!(offered(&agency, ("tomas", "lakeside-ideas"), "show", number).await, [""; 0]);
    let lakes = offered(&agency, ("maya", "lakeside-ideas"), "show", ("number", "lake")).await;
    assert_eq!(lakes, ["1 draft: Flu shots at the lake."]);
    // Before words are shown at a desk it has to be asked who is there.
    assert_eq!(offered(&agency, ("maya", "desk"), "show", number).await, [""; 0]);
    let whose = ("practice", "lake");
    assert_eq!(
        offered(&agency, ("maya", "desk"), "show", whose).await,
        ["Lakeside Women's Health"]
    );
    assert_eq!(offered(&agency, ("tomas", "desk"), "show", whose).await, [""; 0]);
    assert_eq!(offered(&agency, ("maya", "ideas"), "show", whose).await, [""; 0]);
}

#[tokio::test]
async fn what_a_rule_blocks_is_offered_without_its_words() {
    let practice = TestPractice::open_over_discord().await;
    let words = "Refer a friend and get a $50 gift card.";
    practice.person("maya").says("ideas", &format!("/post new {words}")).await;
    practice.settle().await;
    let number =
        async |typed: &str| offered(&practice, ("maya", "ideas"), "edit", ("number", typed)).await;

    assert_eq!(number("").await, ["1 draft: a rule blocks it"]);
    assert_eq!(number("1").await, ["1 draft: a rule blocks it"]);
    assert_eq!(number("friend").await, [""; 0]);
}

#[tokio::test]
async fn consents_are_offered_by_their_code() {
    let consent = |code: &str, now: jiff::Timestamp, revoked| Consent {
        code: code.to_owned(),
        networks: Vec::new(),
        purpose: "our open day".to_owned(),
        until: now + SignedDuration::from_hours(24 * 30),
        revoked,
    };
    let with = |practice: &mut Practice| {
        let now = "2026-11-23T15:00:00Z".parse().expect("a time");
        practice.consents =
            vec![consent("KDRM-4Q7X", now, None), consent("BCDF-3467", now, Some(now))];
    };
    let practice = TestPractice::open_with_over_discord(with).await;
    let code = async |who: &str, command: &str, typed: &str| {
        offered(&practice, (who, "approvals"), command, ("code", typed)).await
    };
    let (holds, ended) = (
        "KDRM-4Q7X: for our open day; everywhere; until 2026-12-23",
        "BCDF-3467: revoked, for our open day; everywhere; until 2026-12-23",
    );

    assert_eq!(code("lena", "consent", "").await, [ended, holds]);
    assert_eq!(code("lena", "consent", "kd rm").await, [holds]);
    assert_eq!(code("lena", "revoke", "").await, [holds]);
    // Who works for an agency ends none.
    assert_eq!(code("maya", "revoke", "").await, [""; 0]);
}

#[tokio::test]
async fn who_waits_for_a_database_in_vain_is_offered_nothing_in_time() {
    let practice = two_posts().await;
    practice.discord().with(|world| world.timing.answer = Duration::from_secs(3));
    practice.over_discord().stalls();

    let none = offered(&practice, ("tomas", "ideas"), "show", ("number", "")).await;

    assert_eq!(none, [""; 0]);
}
