//! What can be asked for: the calendar, what was said, a proof, the setup; and the help.

use countersign::domain::certificate::Certificate;
use countersign::domain::certificate::check;
use countersign::ports::notice::View;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{Person, TestPractice, ledger_key, over_platform};

async fn asks(practice: &TestPractice, person: Person<'_>, what: &str) {
    person.says("ideas", &format!("/post {what}")).await;
    practice.settle().await;
}

/// A post that went out.
async fn published(practice: &TestPractice, text: &str) {
    asks(practice, practice.person("maya"), &format!("new {text}")).await;
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();
}

#[tokio::test]
async fn the_calendar_shows_days_and_what_is_not_signed() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    asks(&practice, maya, "calendar").await;
    assert_snapshot!(practice.transcript(), @"
    maya        says: /post calendar
    countersign (to maya) calendar, America/Chicago
    ");
    for (text, slot) in
        [("A walk.", "tomorrow 17:30"), ("Flu shots.", "tomorrow 9:00"), ("Water.", "")]
    {
        asks(&practice, maya, &format!("new {text}")).await;
        maya.fills("Edit", &[("slot", slot), ("text", &text.to_uppercase())]).await;
        practice.settle().await;
        maya.presses("Send for signature").await;
        practice.settle().await;
    }
    practice.person("dr-rao").reacts("✅", &practice.chat.card(1, 1)).await;
    practice.settle().await;
    asks(&practice, maya, "new Later.").await;
    maya.fills("Edit", &[("slot", "2026-12-07 09:00")]).await;
    practice.settle().await;
    practice.transcript();

    asks(&practice, maya, "calendar").await;
    practice.waits(SignedDuration::from_hours(25)).await;
    asks(&practice, practice.person("tomas"), "calendar").await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post calendar
    countersign (to maya) calendar, America/Chicago | Tue 24 Nov 2026: 09:00, post 2, ⚠️ not signed off: FLU SHOTS.; 17:30, post 1, signed off: A WALK. | As soon as it is signed: post 3, ⚠️ not signed off: WATER.
    -- 25h
    countersign now card 3.1 "WATER." | missed [Edit] [Withdraw]
    countersign 3 missed its window [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    countersign (to lena) alarm: 3  did not go out: its window closed first [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    tomas       says: /post calendar
    countersign (to tomas) calendar, America/Chicago | Slot gone: post 2, ⚠️ not signed off: FLU SHOTS. | Tue 24 Nov 2026: 17:30, post 1, signed off: A WALK. | Mon 7 Dec 2026: 09:00, post 4, ⚠️ draft, not sent for signature: Later.
    "#);
}

#[tokio::test]
async fn what_was_said_is_found_by_its_words() {
    let practice = TestPractice::open().await;
    published(&practice, "Flu shots this Saturday at the Café.").await;
    published(&practice, "A walk after lunch. No flu shots today.").await;
    asks(&practice, practice.person("maya"), "new Flu shots that nobody signed.").await;
    practice.transcript();

    for words in ["flu SHOTS", "cafe", "\u{201c}flu walk\u{201d}", "measles", "!"] {
        asks(&practice, practice.person("tomas"), &format!("said {words}")).await;
    }

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: /post said flu SHOTS
    countersign (to tomas) said "flu shots": 2 of Mon 23 Nov 2026, 1 of Mon 23 Nov 2026
    tomas       says: /post said cafe
    countersign (to tomas) said "cafe": 1 of Mon 23 Nov 2026
    tomas       says: /post said “flu walk”
    countersign (to tomas) said "flu walk": 2 of Mon 23 Nov 2026
    tomas       says: /post said measles
    countersign (to tomas) said "measles": 
    tomas       says: /post said !
    countersign (to tomas) no effect on 0: there is no word in that: write what to look for
    "#);
}

#[tokio::test]
async fn what_was_said_comes_in_pages_of_ten() {
    let practice = TestPractice::open_as(|_| {}, |office| office.pace.submissions = 100).await;
    for n in 1..=12 {
        published(&practice, &format!("Flu shots, week {n}.")).await;
    }

    asks(&practice, practice.person("tomas"), "said flu").await;
    practice.person("tomas").presses("More").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: /post said flu
    countersign (to tomas) said "flu": 12 of Mon 23 Nov 2026, 11 of Mon 23 Nov 2026, 10 of Mon 23 Nov 2026, 9 of Mon 23 Nov 2026, 8 of Mon 23 Nov 2026, 7 of Mon 23 Nov 2026, 6 of Mon 23 Nov 2026, 5 of Mon 23 Nov 2026, 4 of Mon 23 Nov 2026, 3 of Mon 23 Nov 2026 [More]
    tomas       [More]
    countersign (to tomas) said "flu": 2 of Mon 23 Nov 2026, 1 of Mon 23 Nov 2026
    "#);
}

#[tokio::test]
async fn words_that_are_looked_for_are_screened() {
    // Not on Slack: a command is no message there.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;

    asks(&practice, practice.person("tomas"), "said our patient Jane Roe, SSN 219-09-9999").await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: /post said our patient Jane Roe, SSN 219-09-9999
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}

#[tokio::test]
async fn a_certificate_proves_what_left() {
    let practice = TestPractice::open().await;
    published(&practice, "Flu shots this Saturday.").await;

    asks(&practice, practice.person("lena"), "certificate 1").await;

    assert_snapshot!(practice.transcript(), @"
    lena        says: /post certificate 1
    countersign (to lena) certificate of 1 at #29 8e706b16: revision 1 (a4a7d23c) left to Practice page on Mon 23 Nov 2026, 09:00 America/Chicago, is live; signed by Dr. Rao on Mon 23 Nov 2026, 09:00 America/Chicago
    ");
    let Some(View::Certificate { text, .. }) = practice.chat.newest_view() else {
        panic!("no certificate");
    };
    let certificate = Certificate::read(&text).expect("a certificate");
    let checked = check(&certificate, Some(&ledger_key().verifying_key())).expect("it holds");
    assert!(checked.signer_known);
    assert_eq!(checked.left[0].signed[0].name, "Dr. Rao");
}

#[tokio::test]
async fn there_is_no_certificate_of_what_nobody_signed() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    asks(&practice, practice.person("lena"), "certificate 1").await;
    asks(&practice, practice.person("lena"), "certificate 7").await;

    assert_snapshot!(practice.transcript(), @"
    lena        says: /post certificate 1
    countersign (to lena) no effect on 1: nothing of this post was signed or published, so there is nothing to prove yet
    lena        says: /post certificate 7
    countersign (to lena) no effect on 0: there is no post 7 here
    ");
}

#[tokio::test]
async fn the_setup_is_shown() {
    let practice = TestPractice::open().await;

    asks(&practice, practice.person("tomas"), "setup").await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: /post setup
    countersign (to tomas) setup of Northside Family Practice | Settings: Zone: America/Chicago; Quiet hours: none; Daily digest: at 07:30; Rules: federal ones; Signatures: every post needs 1 of Dr. Rao, Dr. Kim | People: Tomas: staff; Maya: staff of an agency; Dr. Rao: approver; Dr. Kim: approver; Dr. Diaz: approver; Ana: compliance; Lena: manager | Accounts: Practice page (Practice page) | Channels: ideas: ideas on local; approvals: approvals on local; digest: digest on local
    ");
}

#[tokio::test]
async fn a_slip_of_the_pen_is_answered_with_what_was_meant() {
    let practice = TestPractice::open().await;

    for typed in ["clandar", "hold three", "dance", "stats"] {
        asks(&practice, practice.person("tomas"), typed).await;
    }

    assert_snapshot!(practice.transcript(), @"
    tomas       says: /post clandar
    countersign (to tomas) help, did you mean /post calendar?
    tomas       says: /post hold three
    countersign (to tomas) help, did you mean /post hold NUMBER?
    tomas       says: /post dance
    countersign (to tomas) help of 19 lines
    tomas       says: /post stats
    countersign (to tomas) help of 19 lines
    ");
}
