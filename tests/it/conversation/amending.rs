//! "Change X to Y": an approver mends a post in its card's thread, and one ✅ signs it.

use insta::assert_snapshot;

use crate::support::TestPractice;

async fn in_review(practice: &TestPractice, text: &str) {
    practice.person("maya").submits(text).await;
    practice.transcript();
}

#[tokio::test]
async fn a_reply_makes_the_next_revision_and_one_tap_signs_it() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots this Saturday, 9 to 12.").await;
    let rao = practice.person("dr-rao");

    rao.replies(
        &practice.chat.card(1, 1),
        "Change \u{201c}Saturday\u{201d} to \u{201c}Sunday\u{201d}.",
    )
    .await;
    practice.settle().await;
    rao.signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      says: Change “Saturday” to “Sunday”.
    countersign card 1.2 "Flu shots this Sunday, 9 to 12." | "Flu shots this Saturday, 9 to 12." is now "Flu shots this Sunday, 9 to 12." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Flu shots this Saturday, 9 to 12." | replaced by 2
    dr-rao      ✅ on card 1.2
    network     p1 is live: "Flu shots this Sunday, 9 to 12."
    countersign now card 1.2 "Flu shots this Sunday, 9 to 12." | "Flu shots this Saturday, 9 to 12." is now "Flu shots this Sunday, 9 to 12." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.post(1).await.author.as_str(), "maya");
    assert!(practice.ledger().await.contains(&"amended".to_owned()));
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_not_there_or_there_twice_is_said_and_not_guessed() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots: no appointment, no fee.").await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    for reply in [
        "change Sunday to Monday",
        "change no to without",
        "change no fee to free",
        "Looks fine to me.",
    ] {
        rao.replies(&card, reply).await;
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      says: change Sunday to Monday
    countersign (to dr-rao) no effect on 1: those words are not in this post: write them as they stand on its card, whole
    dr-rao      says: change no to without
    countersign (to dr-rao) no effect on 1: those words are there more than once: add the words beside them, in quotes: change ".." to ".."
    dr-rao      says: change no fee to free
    countersign card 1.2 "Flu shots: no appointment, free." | "… shots: no appointment, no fee." is now "… shots: no appointment, free." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Flu shots: no appointment, no fee." | replaced by 2
    dr-rao      says: Looks fine to me.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn who_does_not_sign_only_talks_in_the_thread() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots this Saturday.").await;

    practice.person("tomas").replies(&practice.chat.card(1, 1), "change Saturday to Sunday").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"tomas       says: change Saturday to Sunday");
}

#[tokio::test]
async fn an_old_card_is_not_amended() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots this Saturday.").await;
    let (rao, old) = (practice.person("dr-rao"), practice.chat.card(1, 1));
    rao.replies(&old, "change Saturday to Sunday").await;
    practice.settle().await;
    practice.transcript();

    rao.replies(&old, "change Saturday to Monday").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    dr-rao      says: change Saturday to Monday
    countersign (to dr-rao) no effect on 1: this is revision 1; revision 2 is the one to sign
    ");
}

/// Half of it stood in the post, and the other half came with the reply.
#[tokio::test]
async fn what_an_amendment_makes_is_screened_as_well() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots. SSN 219-09-9 and a card.").await;
    let (rao, card) = (practice.person("dr-rao"), practice.chat.card(1, 1));

    rao.replies(&card, "change \"9 and a card\" to \"9999\"").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      says: change "9 and a card" to "9999"
    countersign now card 1.1 "Flu shots. SSN 219-09-9 and a card." | needs 1 of: Dr. Rao, Dr. Kim | held: an edit looked like patient information and was not kept [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to dr-rao) blocked, 1 kinds, still there: true
    "#);
    assert_eq!(practice.post(1).await.revision, 1);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_amendment_that_is_blocked_holds_the_post() {
    let practice = TestPractice::open().await;
    in_review(&practice, "Flu shots this Saturday.").await;
    let card = practice.chat.card(1, 1);
    let change = "change Saturday to Sunday, SSN 219-09-9999";

    // A reply that amends nothing, by whom or in what it says, holds nothing.
    practice.person("tomas").replies(&card, change).await;
    practice.person("dr-rao").replies(&card, "Is that SSN 219-09-9999?").await;
    practice.settle().await;
    assert!(practice.post(1).await.hold.is_none());
    practice.transcript();
    practice.person("dr-rao").replies(&card, change).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      says: change Saturday to Sunday, SSN 219-09-9999
                [not kept]
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held: an edit looked like patient information and was not kept [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to dr-rao) blocked, 1 kinds, still there: true [It is about no patient]
    "#);
    assert_eq!(practice.post(1).await.revision, 1);
    practice.ledger_equals_tables().await;
}
