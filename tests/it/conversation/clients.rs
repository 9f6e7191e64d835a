//! An agency works for several practices: what is one's is not said in another's name.

use countersign::cli::sample_agency;
use countersign::domain::agency::Agency;
use countersign::domain::ids::PracticeId;
use countersign::domain::listing::List;
use countersign::ports::notice::View;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::setup::opens;
use crate::support::{TestPractice, without_maya};

/// Dr. Rao is Northside's alone.
const OF_NORTHSIDE: &str = "Ask Dr. Rao about flu shots.";

/// Northside and Lakeside may both say so.
const SATURDAY: &str = "Flu shots this Saturday 9 to 12, no appointment needed.";

async fn begins_in(agency: &TestPractice, who: &'static str, channel: &str, words: &str) {
    agency.person(who).says(channel, &format!("/post new {words}")).await;
    agency.settle().await;
}

async fn says_in(agency: &TestPractice, channel: &str, words: &str) {
    let lena = agency.person("lena");
    lena.says(channel, &format!("/post new {words}")).await;
    agency.settle().await;
    lena.presses("Send for signature").await;
    agency.settle().await;
}

#[tokio::test]
async fn what_names_somebody_of_another_client_is_not_sent() {
    let agency = TestPractice::open_agency().await;

    says_in(&agency, "lakeside-ideas", OF_NORTHSIDE).await;
    says_in(&agency, "ideas", OF_NORTHSIDE).await;

    assert_snapshot!(agency.transcript(), @r#"
    lena        says: /post new Ask Dr. Rao about flu shots.
    countersign draft 1.0 "Ask Dr. Rao about flu shots." [Send for signature] [Edit] [Withdraw] [Override]
    lena        [Send for signature]
    countersign (to lena) no effect on 1: this names somebody or something outside of this practice (check for whom this is, and take the name out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    lena        says: /post new Ask Dr. Rao about flu shots.
    countersign draft 1.0 "Ask Dr. Rao about flu shots." [Send for signature] [Edit] [Withdraw]
    lena        [Send for signature]
    countersign card 1.1 "Ask Dr. Rao about flu shots." | needs 1 of: Dr. Rao, Dr. Kim; and Dr. Rao, who is named in it [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Ask Dr. Rao about flu shots." | in review
    "#);
}

#[tokio::test]
async fn who_has_no_agency_names_whom_they_want() {
    let practice = TestPractice::open().await;

    says_in(&practice, "ideas", "Ask Dr. Finch of Lakeside Women's Health.").await;

    assert_eq!(practice.post(1).await.revision, 1);
}

// What others are called since does not keep a post back whose words were signed.
#[tokio::test]
async fn what_was_sent_before_the_agency_came_goes_on() {
    let practice = TestPractice::open().await;
    says_in(&practice, "ideas", "With Lakeside Women's Health at the fair.").await;
    for other in sample_agency::practices() {
        if other.id != practice.id() {
            practice.adds(&other).await;
        }
    }
    practice.chat.are_in(sample_agency::DESK, &["maya"]);
    practice.binds(sample_agency::agency()).await;
    let rao = practice.person("dr-rao");

    rao.presses("Hold").await;
    practice.settle().await;
    rao.presses("Lift the hold").await;
    practice.settle().await;
    practice.person("lena").fills("Edit", &[("slot", "+30h")]).await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.revision, 2);
    rao.signs().await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(31)).await;

    assert_eq!(practice.network.texts(), ["With Lakeside Women's Health at the fair."]);
}

#[tokio::test]
async fn a_name_of_another_client_can_be_overridden() {
    let agency = TestPractice::open_agency().await;
    says_in(&agency, "ideas", "Our friends at Hillcrest Pediatrics are open today.").await;
    agency.transcript();

    agency.person("ana").fills("Override", &[("reason", "We share the building.")]).await;
    agency.settle().await;
    agency.person("lena").presses("Send for signature").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    ana         [Override] reason=We share the building.
    countersign now draft 1.0 "Our friends at Hillcrest Pediatrics are open today." [Send for signature] [Edit] [Withdraw]
    lena        [Send for signature]
    countersign now draft 1.0 "Our friends at Hillcrest Pediatrics are open today." | in review
    countersign card 1.1 "Our friends at Hillcrest Pediatrics are open today." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
}

// The practice's own people know nothing of others, and may have the same picture from elsewhere.
#[tokio::test]
async fn an_agencys_person_brings_no_picture_of_another_client() {
    let agency = TestPractice::open_agency().await;
    for (who, channel) in [("lena", "lakeside-ideas"), ("maya", "ideas"), ("lena", "ideas")] {
        agency.person(who).shows_in(channel, "Our new door.", "A door").await;
        agency.settle().await;
        agency.person(who).presses("Make a post").await;
        agency.settle().await;
    }

    assert_snapshot!(agency.transcript(), @r#"
    lena        says: Our new door.
    countersign (to lena) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Lena [Make a post] [Not a post]
    lena        presses pictured
    countersign (to lena) notes: the picture will go with the post that is made of your message
    lena        [Make a post]
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    maya        says: Our new door.
    countersign (to maya) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Maya [Make a post] [Not a post]
    maya        presses pictured
    countersign (to maya) notes: the picture will go with the post that is made of your message
    maya        [Make a post]
    countersign (to maya) no effect on 0: a picture is of another practice that your agency works for, and was never sent for this one: check which practice this is for; what is for both is sent from the desk
    lena        says: Our new door.
    countersign (to lena) asks whether a patient is in the picture [No] [Yes] [Not sure]
    countersign idea by Lena [Make a post] [Not a post]
    lena        presses pictured
    countersign (to lena) notes: the picture will go with the post that is made of your message
    lena        [Make a post]
    countersign draft 1.0 "Our new door." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    "#);
}

// The practice's own people are told nothing, and a desk's words are for whomever they name.
#[tokio::test]
async fn an_agencys_person_is_told_of_the_words_of_another_client() {
    let agency = TestPractice::open_agency().await;
    begins_in(&agency, "lena", "lakeside-ideas", SATURDAY).await;

    begins_in(&agency, "lena", "ideas", SATURDAY).await;
    agency.person("maya").says("desk", &format!("/post new northside: {SATURDAY}")).await;
    agency.settle().await;
    begins_in(&agency, "maya", "ideas", &SATURDAY.replace("Saturday", "Sunday")).await;

    assert_snapshot!(agency.transcript(), @r#"
    lena        says: /post new Flu shots this Saturday 9 to 12, no appointment needed.
    countersign draft 1.0 "Flu shots this Saturday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    lena        says: /post new Flu shots this Saturday 9 to 12, no appointment needed.
    countersign draft 1.0 "Flu shots this Saturday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    maya        says: /post new northside: Flu shots this Saturday 9 to 12, no appointment needed.
    countersign draft 2.0 "Flu shots this Saturday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    countersign northside: draft 2 is begun [Send for signature]
    maya        says: /post new Flu shots this Sunday 9 to 12, no appointment needed.
    countersign draft 3.0 "Flu shots this Sunday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) notes: these are almost the words of a post of another practice that your agency works for: check which practice this is for; what is for both is sent from the desk
    "#);
}

#[tokio::test]
async fn whoever_mends_such_words_is_told_once() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    begins_in(&agency, "lena", "lakeside-ideas", SATURDAY).await;
    begins_in(&agency, "maya", "ideas", "Our new nurse starts on Monday, at the front desk.").await;
    agency.transcript();

    for text in [SATURDAY, "Flu shots this Saturday 9 to 1, no appointment needed."] {
        maya.fills("Edit", &[("text", text)]).await;
        agency.settle().await;
    }
    maya.fills("Edit", &[("slot", "+3h")]).await;
    maya.presses("Send for signature").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        [Edit] text=Flu shots this Saturday 9 to 12, no appointment needed.
    countersign now draft 1.0 "Flu shots this Saturday 9 to 12, no appointment needed." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) notes: these are almost the words of a post of another practice that your agency works for: check which practice this is for; what is for both is sent from the desk
    maya        [Edit] text=Flu shots this Saturday 9 to 1, no appointment needed.
    countersign now draft 1.0 "Flu shots this Saturday 9 to 1, no appointment needed." [Send for signature] [Edit] [Withdraw]
    maya        [Edit] slot=+3h
    maya        [Send for signature]
    countersign now draft 1.0 "Flu shots this Saturday 9 to 1, no appointment needed." | in review
    countersign card 1.1 "Flu shots this Saturday 9 to 1, no appointment needed." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn nothing_is_told_of_a_client_that_is_not_served() {
    let agency = TestPractice::open_agency_with(|practice| {
        if practice.id.as_str() == "lakeside" {
            without_maya(practice);
        }
    })
    .await;
    let northside = PracticeId::new("northside");
    let alone = Agency { practices: [northside].into(), ..sample_agency::agency() };
    for channel in ["lakeside-ideas", "hillcrest-ideas"] {
        begins_in(&agency, "lena", channel, &format!("{SATURDAY} {channel}")).await;
    }
    agency.transcript();

    // Hillcrest has the words as well, and Maya; but not the agency any more.
    agency.binds(alone).await;
    begins_in(&agency, "maya", "ideas", SATURDAY).await;
    let transcript = agency.transcript();
    agency.binds(sample_agency::agency()).await;
    begins_in(&agency, "maya", "ideas", SATURDAY).await;
    let with_hillcrest = agency.transcript();

    assert!(!transcript.contains("another practice"), "{transcript}");
    assert!(with_hillcrest.contains("another practice"), "{with_hillcrest}");
}

#[tokio::test]
async fn what_the_practice_wrote_down_is_known_to_the_screen() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Numbers, words").await;

    let wrong = lena.sends_form(&form, &[("phones", "555"), ("watched", "Botox")]).await;
    let lists = [("phones", "5125550147"), ("addresses", ""), ("watched", "Botox\nrisk free")];
    let right = lena.sends_form(&form, &lists).await;
    practice.settle().await;
    lena.says("ideas", "/post new Botox day: call our office at (512) 555-0147.").await;
    practice.settle().await;

    assert_eq!((wrong.len(), wrong[0].field.as_str(), right), (1, "phones", vec![]));
    assert_snapshot!(practice.transcript(), @r#"
    lena        [Numbers, words] phones=555 watched=Botox
                phones: this has a line that is no number with its area code, as 512 555 0147
    lena        [Numbers, words] phones=5125550147 addresses= watched=Botox
    risk free
    countersign Lena changed: own numbers: 5125550147; watched words: Botox; risk free
    countersign (to dr-rao) Lena changed: own numbers: 5125550147; watched words: Botox; risk free
    countersign (to dr-kim) Lena changed: own numbers: 5125550147; watched words: Botox; risk free
    countersign (to dr-diaz) Lena changed: own numbers: 5125550147; watched words: Botox; risk free
    countersign (to ana) Lena changed: own numbers: 5125550147; watched words: Botox; risk free
    lena        says: /post new Botox day: call our office at (512) 555-0147.
    countersign draft 1.0 "Botox day: call our office at (512) 555-0147." [Send for signature] [Edit] [Withdraw] [This was fine]
    "#);
    let now = practice.office.store.practice(&practice.id()).await.expect("readable");
    let now = now.expect("a practice");
    assert_eq!(now.listed(List::Watched), ["Botox", "risk free"]);
    let Some(View::Draft(draft)) = practice.chat.newest_view() else { panic!("no draft") };
    let found = draft.findings;
    assert!(
        found.iter().any(|line| line.starts_with("the practice watches this word")),
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.contains("settings don't list it")), "{found:?}");
    practice.ledger_equals_tables().await;
}
