//! Pictures of people who agreed: by a code of the registry, as far as the consent goes.

use countersign::ports::notice::View;
use insta::assert_snapshot;

use crate::support::TestPractice;

/// Lena enters a consent; its code.
async fn enters(practice: &TestPractice, until: &str) -> String {
    let lena = practice.person("lena");
    lena.says("approvals", "/post consents").await;
    practice.settle().await;
    let form = lena.opens("Enter a consent").await.expect("a form");
    let fields = [("purpose", "before and after"), ("until", until)];
    assert_eq!(lena.sends_form(&form, &fields).await, []);
    practice.settle().await;
    let entered = practice.office.store.practice(&practice.id()).await.expect("read");
    entered.expect("there").consents.last().expect("a consent").code.clone()
}

/// Tomas sends a picture with somebody in it who agreed, and a post is made of it.
async fn shows_by(practice: &TestPractice, code: &str) {
    let tomas = practice.person("tomas");
    tomas.only_shows("Our results.", "A smile").await;
    practice.settle().await;
    tomas.fills("Yes", &[("code", code)]).await;
    practice.settle().await;
    tomas.presses("Make a post").await;
    practice.settle().await;
}

async fn goes_out(practice: &TestPractice) {
    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
}

fn without_code(transcript: &str, code: &str) -> String {
    transcript.replace(code, "CODE")
}

#[tokio::test]
async fn a_picture_is_shown_by_consent_until_it_is_revoked() {
    let practice = TestPractice::open().await;
    let code = enters(&practice, "2027-11-30").await;
    shows_by(&practice, &code.to_lowercase().replace('-', " ")).await;
    let Some(View::Draft(draft)) = practice.chat.newest_view() else { panic!("no draft") };
    let by =
        format!("Tomas shows a patient by consent {code}, for before and after, until 2027-11-30");
    assert!(draft.findings.contains(&by), "{:?}", draft.findings);
    goes_out(&practice).await;
    shows_by(&practice, &code).await;
    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();

    practice.person("tomas").says("ideas", &format!("/post revoke {code}")).await;
    practice.settle().await;

    assert_snapshot!(without_code(&practice.transcript(), &code), @r#"
    tomas       says: /post revoke CODE
    countersign Tomas changed: consent CODE is revoked
    countersign (to dr-rao) Tomas changed: consent CODE is revoked
    countersign (to dr-kim) Tomas changed: consent CODE is revoked
    countersign (to dr-diaz) Tomas changed: consent CODE is revoked
    countersign (to ana) Tomas changed: consent CODE is revoked
    countersign (to lena) Tomas changed: consent CODE is revoked
    countersign consents for before and after; everywhere; until 2027-11-30, live 1, waiting 1 [Take it down]
    countersign (to tomas) consents for before and after; everywhere; until 2027-11-30, live 1, waiting 1 [Take it down]
    countersign now card 2.1 "Our results." | needs 1 of: Dr. Rao, Dr. Kim | held: nobody's word, or no consent that holds, lets its picture be shown [Sign] [Decline] [Lift the hold] [Edit] [Withdraw] [Ask about the picture]
    countersign (to lena) alarm: 2  is held: nobody's word, or no consent that holds, lets its picture be shown [Lift the hold] [Edit]
    countersign 2 is held for a rule, Tomas: a consent that its picture needs was revoked: "Ask about the picture" takes the picture out, or withdraw the post
    "#);
    // It is signed all the same, and nothing leaves.
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts().len(), 1);
    practice.ledger_equals_tables().await;
    practice.person("dr-rao").presses("Take it down").await;
    practice.settle().await;
    practice.person("lena").says("approvals", &format!("/post consent {code}")).await;
    practice.settle().await;
    let told = practice.transcript();
    assert!(told.contains("live 0, waiting 1"), "{told}");
}

#[tokio::test]
async fn a_code_that_does_not_hold_lets_nothing_in() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let revoked = enters(&practice, "2027-11-30").await;
    tomas.says("ideas", &format!("/post revoke {revoked}")).await;
    practice.settle().await;
    tomas.only_shows("Our results.", "A smile").await;
    practice.settle().await;
    practice.transcript();

    for code in ["BCDF-6789", "Jane", &revoked, ""] {
        tomas.fills("Yes", &[("code", code)]).await;
        practice.settle().await;
    }
    tomas.says("ideas", "/post revoke BCDF-6789").await;
    practice.settle().await;

    assert_snapshot!(without_code(&practice.transcript(), &revoked), @"
    tomas       [Yes] code=BCDF-6789
    countersign (to tomas) no effect on 0: there is no consent with that code: look at the paper, and press Yes again
    tomas       [Yes] code=Jane
    countersign (to tomas) no effect on 0: there is no consent with that code: look at the paper, and press Yes again
    tomas       [Yes] code=CODE
    countersign (to tomas) no effect on 0: that consent was revoked: press Not sure to leave the picture out
    tomas       [Yes] code=
    countersign (to tomas) notes: the picture will not be shown, and nothing of it is kept here; your message still stands in the channel: delete it if a patient could be in it
    tomas       says: /post revoke BCDF-6789
    countersign (to tomas) no effect on 0: there is no consent with that code: /post consents lists those that hold
    ");
}

#[tokio::test]
async fn a_consent_has_to_last_as_long_as_the_post_may_go_out() {
    let practice = TestPractice::open().await;
    // It is Monday, 23 November; the window is a day long.
    let code = enters(&practice, "2026-11-23").await;
    shows_by(&practice, &code).await;
    practice.transcript();

    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       [Send for signature]
    countersign (to tomas) no effect on 1: a consent that its picture needs ends before the post's last day: plan it earlier, or name a new consent by "Ask about the picture"
    "#);
}

#[tokio::test]
async fn a_consent_is_entered_whole_and_names_nobody() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    lena.says("approvals", "/post consents").await;
    practice.settle().await;
    let form = lena.opens("Enter a consent").await.expect("a form");
    let long = "a".repeat(101);
    let table = [
        (["", "2027-11-30"], "purpose", "say what"),
        ([&*long, "2027-11-30"], "purpose", "at most 100"),
        (["before and after", "soon"], "until", "not a day"),
        (["before and after", "2026-11-22"], "until", "past"),
        (["our patient Jane Roe, born 3/4/1961", "2027-11-30"], "purpose", "kept"),
    ];

    for ([purpose, until], field, why) in table {
        let problems = lena.sends_form(&form, &[("purpose", purpose), ("until", until)]).await;
        assert_eq!(problems[0].field, field, "{purpose}");
        assert!(problems[0].why.contains(why), "{}", problems[0].why);
    }
    practice.settle().await;
    let now = practice.office.store.practice(&practice.id()).await.expect("read").expect("there");
    assert_eq!(now.consents, []);
    for who in ["tomas", "maya"] {
        practice.person(who).says("ideas", "/post consents").await;
        practice.settle().await;
    }
    assert_snapshot!(practice.transcript(), @"
    lena        says: /post consents
    countersign (to lena) consents , live 0, waiting 0 [Enter a consent]
    lena        [Enter a consent] purpose= until=2027-11-30
                purpose: say what the pictures may be shown for
    lena        [Enter a consent] purpose=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa until=2027-11-30
                purpose: say in one line of at most 100 characters what it is for
    lena        [Enter a consent] purpose=before and after until=soon
                until: that is not a day: write the last one, such as 2027-11-30
    lena        [Enter a consent] purpose=before and after until=2026-11-22
                until: that day is past: it would be over
    lena        [Enter a consent] purpose=our patient Jane Roe, born 3/4/1961 until=2027-11-30
                purpose: this names a patient, so nothing of this is kept: leave the name out, or get the patient's written authorization first (45 CFR 164.508)
                [not kept]
    countersign (to lena) blocked, 2 kinds, still there: false
    tomas       says: /post consents
    countersign (to tomas) consents , live 0, waiting 0
    maya        says: /post consents
    countersign (to maya) consents , live 0, waiting 0
    ");
}

// Whoever revoked is not fetched any more, though somebody had said that they may be.
#[tokio::test]
async fn a_consent_that_was_revoked_meanwhile_lets_no_picture_in() {
    let practice = TestPractice::open().await;
    let code = enters(&practice, "2027-11-30").await;
    let tomas = practice.person("tomas");
    tomas.only_shows("Our results.", "A smile").await;
    practice.settle().await;
    tomas.fills("Yes", &[("code", &code)]).await;
    practice.settle().await;
    tomas.says("ideas", &format!("/post revoke {code}")).await;
    practice.settle().await;

    tomas.presses("Make a post").await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.draft.pictures, []);
    let Some(View::Draft(draft)) = practice.chat.newest_view() else { panic!("no draft") };
    let why = "without its picture: a consent that it needs does not hold any more";
    assert_eq!(draft.findings, [why]);
}

#[tokio::test]
async fn two_patients_are_shown_by_two_consents() {
    let practice = TestPractice::open().await;
    let (one, other) =
        (enters(&practice, "2027-11-30").await, enters(&practice, "2027-12-31").await);
    shows_by(&practice, &format!("{one}, {other}")).await;
    practice.person("tomas").presses("Send for signature").await;
    practice.settle().await;

    practice.person("tomas").says("ideas", &format!("/post revoke {other}")).await;
    practice.settle().await;

    let post = practice.post(1).await;
    let vouched = post.draft.vouched.values().next().expect("a word");
    assert_eq!(vouched.consents, [one, other]);
    assert!(post.hold.is_some());
    // Another consent is named for the picture that is there.
    let new = enters(&practice, "2028-01-31").await;
    practice.person("tomas").presses("Ask about the picture").await;
    practice.settle().await;
    practice.person("tomas").fills("Yes", &[("code", &new)]).await;
    practice.settle().await;
    let post = practice.post(1).await;
    assert_eq!((post.revision, post.draft.pictures.len(), post.hold), (2, 1, None));
    practice.person("tomas").presses("Not sure").await;
    practice.settle().await;
    let post = practice.post(1).await;
    assert_eq!((post.revision, post.draft.pictures.len()), (3, 0));
}
