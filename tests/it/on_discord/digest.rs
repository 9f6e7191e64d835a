//! The daily digest as it is sent to Discord.

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

#[tokio::test]
async fn the_digest_stands_in_its_channel() {
    let practice = TestPractice::open_over_discord().await;
    practice.watches().await;
    practice.settle().await;
    practice.person("maya").submits("Flu shots *this* Saturday.").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.waits(SignedDuration::from_mins(22 * 60 + 30)).await;
    practice.waits(SignedDuration::from_hours(24)).await;

    assert_snapshot!(practice.discord().transcript("digest", "lena"), @r"
    countersign: [**Northside Family Practice, Tue 24 Nov 2026** · SAMPLE /  / **1 post went out** since Mon 23 Nov 2026, 09:00 America/Chicago / - Post 1: Flu shots \*this\* Saturday. <https://page.test/p1> /  / Nothing is planned for today. /  / Ledger #29 10990038 · next digest Wed 25 Nov 2026, 07:30 America/Chicago | ref 5f62af8e1896]
    countersign: [**Northside Family Practice, Wed 25 Nov 2026** · SAMPLE: nothing went out, nothing waits, and nothing is planned for today. Ledger #29 10990038, next digest Thu 26 Nov 2026, 07:30 America/Chicago. | ref 30ae716d8696]
    ");
}

#[tokio::test]
async fn a_busy_day_is_one_message_that_says_how_much_is_left_out() {
    let practice = TestPractice::open_over_discord().await;
    practice.watches().await;
    practice.settle().await;
    for n in 0..12 {
        let words = format!("Flu shots *this* Saturday & [walk_in] hours for everybody, no {n}.");
        practice.person("maya").submits(&words).await;
        practice.settle().await;
        practice.person("dr-rao").signs().await;
        // Nobody floods it.
        practice.waits(SignedDuration::from_mins(1)).await;
    }

    practice.waits(SignedDuration::from_mins(22 * 60 + 18)).await;

    let said = practice.discord().transcript("digest", "lena");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("12 posts went out"), "{said}");
    assert!(said.contains("and 4 more"), "{said}");
}
