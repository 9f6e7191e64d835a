//! What went wrong is raised at once, in one message a day that is kept as it stands.

use countersign::cli::sample_agency;
use countersign::domain::member::Role;
use countersign::domain::outbox::Certainty;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{signed, with_a_board};
use crate::support::{Does, TestPractice, over_platform};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_refused_post_is_raised_and_mended_in_the_same_message() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses]);

    practice.waits(HOUR).await;
    practice.person("lena").presses("Now").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 1 on Practice page: was refused: it does not like the words.
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the words [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    lena        [Now]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now all is mended
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_second_failure_of_the_day_stands_in_the_first_message() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses, Does::Refuses]);
    practice.waits(HOUR).await;
    practice.transcript();

    signed(&practice).await;
    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign (to lena) now alarm: 1 Practice page was refused: it does not like the words; 2 Practice page was refused: it does not like the words [Now (post 1)] [Today 17:00 (post 1)] [Tomorrow 9:00 (post 1)] [Withdraw (post 1)] [Now (post 2)] [Today 17:00 (post 2)] [Tomorrow 9:00 (post 2)] [Withdraw (post 2)]
    countersign now card 2.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 2 on Practice page: was refused: it does not like the words.
    "#);
}

#[tokio::test]
async fn another_day_has_its_own_message_and_mending_says_so_where_it_was_said() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses, Does::Refuses]);
    practice.waits(HOUR).await;
    practice.waits(DAY).await;
    practice.transcript();

    signed(&practice).await;
    practice.waits(HOUR).await;
    practice.waits(DAY).await;
    practice.person("lena").presses("Withdraw (post 1)").await;
    practice.settle().await;
    practice.person("lena").presses("Withdraw").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 2.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 2 on Practice page: was refused: it does not like the words.
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the words; 2 Practice page was refused: it does not like the words [Now (post 1)] [Today 17:00 (post 1)] [Tomorrow 9:00 (post 1)] [Withdraw (post 1)] [Now (post 2)] [Today 17:00 (post 2)] [Tomorrow 9:00 (post 2)] [Withdraw (post 2)]
    -- 24h
    lena        [Withdraw (post 1)]
    countersign now card 1.1 "Flu shots this Saturday." | withdrawn | Was refused: it does not like the words
    countersign (to lena) alarm: 2 Practice page was refused: it does not like the words [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    lena        [Withdraw]
    countersign now card 2.1 "Flu shots this Saturday." | withdrawn | Was refused: it does not like the words
    countersign (to lena) now all is mended
    "#);
}

#[tokio::test]
async fn silence_that_lasts_is_a_failure_until_it_is_known() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);
    practice.network.blind(true);

    practice.waits(HOUR).await;
    for _ in 0..9 {
        practice.waits(SignedDuration::from_mins(6)).await;
    }
    practice.network.blind(false);
    practice.waits(SignedDuration::from_mins(16)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    -- 6m
    -- 6m
    -- 6m
    -- 6m
    -- 6m
    -- 6m
    countersign (to lena) alarm: 1 Practice page may be live; finding out before anything is sent again
    -- 6m
    -- 6m
    -- 16m
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now all is mended
    countersign 1 on Practice page: is live.
    "#);
}

#[tokio::test]
async fn what_countersign_holds_is_raised() {
    let practice = TestPractice::open().await;
    signed(&practice).await;

    let maya = practice.person("maya");
    maya.fills("Edit", &[("text", "MRN 12345678: flu shots this Saturday.")]).await;
    practice.settle().await;
    practice.person("lena").presses("Lift the hold").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=MRN 12345678: flu shots this Saturday.
                [not kept]
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: an edit looked like patient information and was not kept [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to maya) blocked, 1 kinds, still there: false
    lena        [Lift the hold]
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign (to lena) now all is mended
    "#);
}

#[tokio::test]
async fn without_a_manager_the_approvers_hear_of_it() {
    let practice = TestPractice::open_with(|practice| {
        practice.members.retain(|m| !matches!(m.role, Role::Manager | Role::Compliance));
    })
    .await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently]);

    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; somebody has to look [It is live] [It is not] [Hold]
    countersign 1: is it live on Practice page? [It is live] [It is not]
    countersign (to dr-rao) alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    countersign (to dr-kim) alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    countersign (to dr-diaz) alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    "#);
}

#[tokio::test]
async fn of_several_accounts_each_button_says_which_it_is_about() {
    let practice = TestPractice::open_with(with_a_board).await;
    practice.network.certainty_is(Certainty::Neither);
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently, Does::LosesSilently]);

    practice.waits(HOUR).await;
    practice.person("lena").presses("It is not: Notice board").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | publishing [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing [It is live] [It is not] [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [It is live] [It is not] [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; somebody has to look [It is live: Practice page] [It is not: Practice page] [It is live: Notice board] [It is not: Notice board] [Hold]
    countersign 1: is it live on Practice page? [It is live] [It is not]
    countersign (to lena) alarm: 1 Practice page may be live; somebody has to look; 1 Notice board may be live; somebody has to look [It is live: Practice page] [It is not: Practice page] [It is live: Notice board] [It is not: Notice board]
    countersign 1: is it live on Notice board? [It is live] [It is not]
    lena        [It is not: Notice board]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | publishing | Is live [It is live] [It is not] [Hold]
    countersign (to lena) now alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    countersign 1 on Notice board: is live.
    "#);
}

#[tokio::test]
async fn a_message_that_somebody_deleted_is_said_anew() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::Refuses, Does::Refuses]);
    practice.waits(HOUR).await;
    let (message, _) = practice.chat.button("lena", "Now");
    practice.chat.delete(&message).await;

    signed(&practice).await;
    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the words; 2 Practice page was refused: it does not like the words [Now (post 1)] [Today 17:00 (post 1)] [Tomorrow 9:00 (post 1)] [Withdraw (post 1)] [Now (post 2)] [Today 17:00 (post 2)] [Tomorrow 9:00 (post 2)] [Withdraw (post 2)]
    countersign now card 2.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 2 on Practice page: was refused: it does not like the words.
    "#);
}

#[tokio::test]
async fn silence_of_a_network_with_keys_is_a_failure_too() {
    let practice = TestPractice::open().await;
    practice.network.certainty_is(Certainty::Key { lifetime: DAY });
    signed(&practice).await;
    practice.network.next(&[Does::LosesSilently; 12]);

    practice.waits(HOUR).await;
    for _ in 0..9 {
        practice.waits(SignedDuration::from_mins(6)).await;
    }

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    countersign (to lena) alarm: 1 Practice page may be live; finding out before anything is sent again
    -- 6m
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    countersign (to lena) now alarm: 1 Practice page may be live; finding out before anything is sent again
    -- 6m
    "#);
}

/// A post of Northside's, signed and on its way in an hour, that the agency works for as well.
async fn signed_for_an_agency() -> TestPractice {
    let agency = TestPractice::open_agency().await;
    signed(&agency).await;
    agency
}

#[tokio::test]
async fn a_failure_stands_at_the_agencys_desk_as_well_and_is_mended_there() {
    let agency = signed_for_an_agency().await;
    agency.network.next(&[Does::Refuses, Does::Refuses]);

    agency.waits(HOUR).await;
    signed(&agency).await;
    agency.waits(HOUR).await;
    let words = agency.chat.words_since_last();
    agency.person("maya").presses("Now (northside 1)").await;
    agency.settle().await;
    agency.person("maya").presses("Withdraw").await;
    agency.settle().await;

    let at_desk = words.iter().filter(|(channel, _)| channel == "desk").map(|(_, words)| words);
    assert_snapshot!(at_desk.cloned().collect::<Vec<_>>().join("\n"), @"
    ⚠️ **This needs you:**

    - Post northside 1 on Practice page was refused: it does not like the words.
    - Post northside 2 on Practice page was refused: it does not like the words.
    ");
    assert_snapshot!(agency.transcript(), @r#"
    -- 1h
    countersign (to lena) now alarm: 1 Practice page was refused: it does not like the words; 2 Practice page was refused: it does not like the words [Now (post 1)] [Today 17:00 (post 1)] [Tomorrow 9:00 (post 1)] [Withdraw (post 1)] [Now (post 2)] [Today 17:00 (post 2)] [Tomorrow 9:00 (post 2)] [Withdraw (post 2)]
    countersign now northside: alarm: 1 Practice page was refused: it does not like the words; 2 Practice page was refused: it does not like the words [Now (northside 1)] [Today 17:00 (northside 1)] [Tomorrow 9:00 (northside 1)] [Withdraw (northside 1)] [Now (northside 2)] [Today 17:00 (northside 2)] [Tomorrow 9:00 (northside 2)] [Withdraw (northside 2)]
    countersign now card 2.1 "Flu shots this Saturday." | missed | Was refused: it does not like the words [Edit] [Withdraw]
    countersign 2 on Practice page: was refused: it does not like the words.
    maya        [Now (northside 1)]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign (to lena) now alarm: 2 Practice page was refused: it does not like the words [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign now northside: alarm: 2 Practice page was refused: it does not like the words [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign 1 on Practice page: is live.
    maya        [Withdraw]
    countersign (to lena) now all is mended
    countersign now northside: all is mended
    countersign now card 2.1 "Flu shots this Saturday." | withdrawn | Was refused: it does not like the words
    "#);
    agency.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_only_the_practice_may_answer_is_no_button_of_a_desk() {
    let agency = TestPractice::open_agency().await;
    agency.network.certainty_is(Certainty::Neither);
    signed(&agency).await;
    agency.network.next(&[Does::LosesSilently]);

    agency.waits(HOUR).await;
    let (_, live) = agency.chat.button("lena", "It is live");
    let desk = agency.chat.newest_in("desk");
    agency.person("maya").presses_that(&desk, &live).await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; finding out before anything is sent again [Hold]
    countersign now card 1.1 "Flu shots this Saturday." | publishing | May be live; somebody has to look [It is live] [It is not] [Hold]
    countersign 1: is it live on Practice page? [It is live] [It is not]
    countersign (to lena) alarm: 1 Practice page may be live; somebody has to look [It is live] [It is not]
    countersign northside: alarm: 1 Practice page may be live; somebody has to look
    maya        presses live
    countersign (to maya) northside: no effect on 1: that is for the practice's own people, in the practice's own channels
    "#);
}

#[tokio::test]
async fn a_hold_of_countersign_is_not_lifted_from_a_desk() {
    let agency = signed_for_an_agency().await;

    let maya = agency.person("maya");
    maya.says("desk", "/post edit northside 1 MRN 12345678: flu shots.").await;
    agency.settle().await;
    let (_, lift) = agency.chat.button("lena", "Lift the hold");
    maya.presses_that(&agency.chat.newest_in("desk"), &lift).await;
    agency.settle().await;

    // A command is no message on Slack, so that nothing of it stands there.
    let stands = format!("still there: {}", !over_platform());
    let transcript = agency.transcript().replace(&stands, "still there: as it is");
    assert_snapshot!(transcript, @r#"
    maya        says: /post edit northside 1 MRN 12345678: flu shots.
                [not kept]
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: an edit looked like patient information and was not kept [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to maya) blocked, 1 kinds, still there: as it is
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign northside: alarm: 1  is held: an edit looked like patient information and was not kept [Edit]
    maya        presses unhold
    countersign (to maya) northside: no effect on 1: only the member who holds it, a manager, or a new revision lifts a hold
    "#);
}

#[tokio::test]
async fn a_failure_waits_until_no_stranger_is_at_the_desk() {
    let agency = signed_for_an_agency().await;
    agency.network.next(&[Does::Refuses]);
    agency.chat.are_in("desk", &["maya", "guest"]);

    agency.waits(HOUR).await;
    agency.waits(SignedDuration::from_mins(30)).await;
    assert!(!agency.chat.words_since_last().iter().any(|(channel, _)| channel == "desk"));
    agency.chat.are_in("desk", &["maya"]);
    agency.waits(SignedDuration::from_mins(15)).await;

    let words = agency.chat.words_since_last();
    assert!(
        words.iter().any(|(channel, words)| channel == "desk" && words.contains("northside 1"))
    );
}

#[tokio::test]
async fn what_is_mended_while_a_stranger_is_there_is_never_said_at_the_desk() {
    let agency = signed_for_an_agency().await;
    agency.network.next(&[Does::Refuses]);
    agency.chat.are_in("desk", &["maya", "guest"]);

    agency.waits(HOUR).await;
    agency.person("lena").presses("Now").await;
    agency.settle().await;
    agency.chat.are_in("desk", &["maya"]);
    agency.waits(SignedDuration::from_mins(15)).await;

    assert!(!agency.chat.words_since_last().iter().any(|(channel, _)| channel == "desk"));
}

#[tokio::test]
async fn an_agency_that_left_hears_nothing_any_more() {
    let agency = signed_for_an_agency().await;
    agency.network.next(&[Does::Refuses]);
    let mut left = sample_agency::agency();
    left.practices.remove(&agency.id());
    agency.binds(left).await;

    agency.waits(HOUR).await;

    assert!(!agency.chat.words_since_last().iter().any(|(channel, _)| channel == "desk"));
}
