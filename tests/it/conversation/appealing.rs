//! A false alarm: its author asks for a look, and somebody else says that it is about no patient.

use countersign::ports::intake::Receipt;
use insta::assert_snapshot;

use crate::support::{TestPractice, over_platform};

/// It looks like patient information, and is made up.
const ALARM: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

async fn an_alarm() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.person("tomas").has_idea(ALARM).await;
    practice.settle().await;
    practice.person("tomas").presses("It is about no patient").await;
    practice.settle().await;
    practice
}

/// Where a message stands has an address on Slack only.
fn without_address(transcript: &str) -> String {
    let words = transcript.split(' ').filter(|word| !word.starts_with("http"));
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_somebody_else_says_is_about_no_patient_is_kept_when_it_is_sent_again() {
    let practice = an_alarm().await;
    let (tomas, lena) = (practice.person("tomas"), practice.person("lena"));

    lena.fills("It is about no patient", &[("reason", "It is made up, for a training.")]).await;
    practice.settle().await;
    tomas.has_idea(ALARM).await;
    practice.settle().await;
    practice.person("maya").presses("Make a post").await;
    practice.settle().await;
    practice.person("maya").fills("Edit", &[("text", ALARM), ("slot", "+48h")]).await;
    practice.settle().await;

    assert_snapshot!(without_address(&practice.transcript()), @r#"
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    tomas       [It is about no patient]
    countersign (to ana) Tomas says ideas is about no patient [It is about no patient]
    countersign (to lena) Tomas says ideas is about no patient [It is about no patient]
    countersign (to tomas) notes: Ana, Lena can look at it now, and say that it is about no patient
    lena        [It is about no patient] reason=It is made up, for a training.
    countersign (to tomas) Lena says ideas is about no patient, send it again
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
    countersign idea by Tomas [Make a post] [Not a post]
    maya        [Make a post]
    countersign draft 1.0 "Our patient Jane Roe, SSN 219-09-9999, loved her visit." [Send for signature] [Edit] [Withdraw] [Override]
    countersign now idea is post 1
    maya        [Edit] text=Our patient Jane Roe, SSN 219-09-9999, loved her visit. slot=+48h
    countersign now draft 1.0 "Our patient Jane Roe, SSN 219-09-9999, loved her visit." [Send for signature] [Edit] [Withdraw] [Override]
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn only_exactly_these_words_are_kept_and_only_in_this_practice() {
    let practice = an_alarm().await;
    let tomas = practice.person("tomas");
    practice.person("lena").fills("It is about no patient", &[("reason", "Made up.")]).await;
    practice.settle().await;
    practice.transcript();

    tomas.has_idea(&format!("{ALARM} Really.")).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit. Really.
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}

#[tokio::test]
async fn who_wrote_it_or_does_not_look_after_the_practice_does_not_say_so() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    lena.has_idea(ALARM).await;
    practice.settle().await;
    lena.presses("It is about no patient").await;
    practice.settle().await;
    let (at, button) = practice.chat.button("ana", "It is about no patient");
    practice.transcript();

    let reason = [("reason", "Made up.")];
    for who in ["lena", "dr-rao", "maya"] {
        practice.person(who).press(&at, &button, &reason).await;
        practice.settle().await;
    }
    practice.person("ana").press(&at, &button, &[("reason", " ")]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    countersign (to lena) no effect on 0: you wrote this, so somebody else has to say that it is about no patient
    countersign (to dr-rao) no effect on 0: only the practice's manager or compliance says that a message is about no patient
    countersign (to maya) no effect on 0: only the practice's manager or compliance says that a message is about no patient
    countersign (to ana) no effect on 0: say why the rule does not hold here: whoever signs reads it
    ");
}

// Its author was reminded, and compliance was told, of what may stand there.
#[tokio::test]
async fn a_message_that_may_be_kept_is_asked_after_no_more() {
    if over_platform() {
        // Another's private button is out of reach there once the notice is a direct message.
        return;
    }
    let practice = an_alarm().await;
    practice.person("lena").fills("It is about no patient", &[("reason", "Made up.")]).await;
    practice.settle().await;
    practice.transcript();

    practice.waits(jiff::SignedDuration::from_hours(3)).await;

    assert_snapshot!(practice.transcript(), @"-- 3h");
}

// The manager wrote it, and somebody else chose it.
#[tokio::test]
async fn who_wrote_what_somebody_else_chose_is_not_asked() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.picks_of(Some("lena"), "approvals", ("m1", ALARM)).await;
    practice.settle().await;
    practice.transcript();

    maya.presses("It is about no patient").await;
    practice.settle().await;

    let asked = practice.transcript();
    assert!(asked.contains("(to ana) Maya says") && !asked.contains("(to lena)"), "{asked}");
}

// Who looked at the new words would have let the old ones pass.
#[tokio::test]
async fn a_message_that_was_changed_since_is_not_attested() {
    if over_platform() {
        // Another's private button is out of reach there once the notice is a direct message.
        return;
    }
    let practice = TestPractice::open().await;
    let (tomas, lena) = (practice.person("tomas"), practice.person("lena"));
    let alarm = tomas.has_idea(ALARM).await;
    practice.settle().await;
    tomas.presses("It is about no patient").await;
    practice.settle().await;
    tomas.rewrites("ideas", &alarm, "Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();

    lena.fills("It is about no patient", &[("reason", "Flu shots are no patient.")]).await;
    practice.settle().await;
    tomas.has_idea(ALARM).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        [It is about no patient] reason=Flu shots are no patient.
    countersign (to lena) no effect on 0: the message was changed or deleted since, or somebody said so already: send it again
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}

#[tokio::test]
async fn what_is_written_in_another_form_of_the_same_letters_passes_too() {
    let practice = TestPractice::open().await;
    let (tomas, lena) = (practice.person("tomas"), practice.person("lena"));
    tomas.has_idea(&format!(" {ALARM}\t\r\nJose\u{301} ")).await;
    practice.settle().await;
    tomas.presses("It is about no patient").await;
    practice.settle().await;
    lena.fills("It is about no patient", &[("reason", "Made up.")]).await;
    practice.settle().await;

    let receipt = tomas.sends(&format!("{ALARM} \nJos\u{e9}")).await;

    assert!(matches!(receipt, Receipt::Stored(_)), "{receipt:?}");
}
