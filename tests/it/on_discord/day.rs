//! A day on Discord as people see it there.

use insta::assert_snapshot;

use crate::support::TestPractice;

#[tokio::test]
async fn a_post_is_made_signed_and_published() {
    let practice = TestPractice::open_over_discord().await;
    let (maya, dr_rao) = (practice.person("maya"), practice.person("dr-rao"));

    maya.submits("Flu shots this Saturday, 9 to 12. *No* appointment.").await;
    practice.settle().await;
    dr_rao.reacts("✅", &practice.chat.newest_card()).await;
    practice.settle().await;

    assert_snapshot!(practice.discord().transcript("approvals", "dr-rao"), @r"
    countersign: [**Post 1, revision 1** by Maya · **published** · SAMPLE / Signed by Dr. Rao, Mon 23 Nov 2026, 09:00 America/Chicago /  / **Practice page** · 51 of 500 characters / > Flu shots this Saturday, 9 to 12. \*No\* appointment. /  / **Is live.** <https://page.test/p1> /  / Written for patients /  / Window: Mon 23 Nov 2026, 09:00 to Tue 24 Nov 2026, 09:00 America/Chicago / Content: 997931de | ref aca7e608b283] [Take it down] (edited) ✅ countersign, dr-rao ❌ countersign ✋ countersign
      > countersign: [**Post 1 on Practice page** is live. / <https://page.test/p1> / Ledger #29 9ca3c591 | ref fe3b696bae13]
    ");
}
