//! What a rule of the screen keeps from being sent, and who may override it.

use countersign::app::fine::{Counted, Tally};
use countersign::cli;
use countersign::domain::policy::Risk;
use countersign::domain::practice::{Pack, Practice};
use countersign::ports::notice::View;
use countersign::ports::store::Change;
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::planned;
use crate::support::TestPractice;

const OFFER: &str = "Refer a friend and get a $50 gift card.";
/// A second look anywhere; New York blocks it.
const PROMISE: &str = "We promise results in a week.";

async fn an_offer() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.person("maya").says("ideas", &format!("/post new {OFFER}")).await;
    practice.settle().await;
    practice
}

#[tokio::test]
async fn what_a_rule_blocks_is_not_sent_until_somebody_else_says_why_it_may() {
    let practice = an_offer().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));

    maya.presses("Send for signature").await;
    practice.settle().await;
    for (who, reason) in [("maya", "It is fine."), ("dr-rao", "It is fine."), ("lena", " ")] {
        practice.person(who).fills("Override", &[("reason", reason)]).await;
        practice.settle().await;
    }
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post new Refer a friend and get a $50 gift card.
    countersign draft 1.0 "Refer a friend and get a $50 gift card." [Send for signature] [Edit] [Withdraw] [Override]
    maya        [Send for signature]
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    maya        [Override] reason=It is fine.
    countersign (to maya) no effect on 1: only the practice's manager or compliance overrides a rule
    dr-rao      [Override] reason=It is fine.
    countersign (to dr-rao) no effect on 1: only the practice's manager or compliance overrides a rule
    lena        [Override] reason=
    countersign (to lena) no effect on 1: say why the rule does not hold here: whoever signs reads it
    lena        [Override] reason=Our lawyer looked at it.
    countersign now draft 1.0 "Refer a friend and get a $50 gift card." [Send for signature] [Edit] [Withdraw]
    maya        [Send for signature]
    countersign now draft 1.0 "Refer a friend and get a $50 gift card." | in review
    countersign card 1.1 "Refer a friend and get a $50 gift card." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
    let Some(View::Card(card)) = practice.chat.newest_view() else { panic!("no card") };
    let said = "overridden by Lena: Our lawyer looked at it.";
    assert!(card.findings.iter().any(|line| line == said), "{:?}", card.findings);
    assert_eq!(card.blocking, [""; 0]);
    assert_eq!(practice.post(1).await.risk, Risk::High);
}

#[tokio::test]
async fn an_override_is_for_the_words_that_stood_there() {
    let practice = an_offer().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;
    practice.transcript();

    maya.fills("Edit", &[("text", "Refer a friend and get a $90 gift card.")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=Refer a friend and get a $90 gift card.
    countersign now draft 1.0 "Refer a friend and get a $90 gift card." [Send for signature] [Edit] [Withdraw] [Override]
    maya        [Send for signature]
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps this from being sent: change the words, or ask the practice's manager or compliance to override it on the draft
    "#);
}

#[tokio::test]
async fn nothing_in_review_becomes_what_a_rule_blocks() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.submits("Flu shots this Saturday.").await;
    practice.transcript();

    maya.fills("Edit", &[("text", OFFER)]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    maya        [Edit] text=Refer a friend and get a $50 gift card.
    countersign (to maya) no effect on 1: this offers something of value to people in a federal program, or for referrals (leave the offer out); a rule keeps these words from being sent: change them, or withdraw this post and begin a new one, where the practice's manager or compliance can override the rule
    ");
    assert_eq!(practice.post(1).await.revision, 1);
}

fn in_new_york(practice: &mut Practice) {
    practice.packs.push(Pack { state: "ny".to_owned(), until: None });
}

async fn is_sent(practice: &TestPractice, words: &str) -> bool {
    let maya = practice.person("maya");
    maya.says("ideas", &format!("/post new {words}")).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    let posts = practice.office.store.posts(&practice.id()).await.expect("readable");
    posts.last().expect("begun").revision > 0
}

#[tokio::test]
async fn a_state_blocks_what_is_only_a_second_look_elsewhere() {
    let (elsewhere, there) =
        (TestPractice::open().await, TestPractice::open_with(in_new_york).await);

    assert!(is_sent(&elsewhere, PROMISE).await);
    assert!(!is_sent(&there, PROMISE).await);
    assert_eq!(elsewhere.post(1).await.risk, Risk::High);

    // To leave a state lets more through, so it counts after a day.
    let lena = there.person("lena");
    lena.says("ideas", "/post setup").await;
    there.settle().await;
    let form = lena.opens("Rules of states").await.expect("a form");
    there.transcript();
    lena.sends_form(&form, &[("states", "")]).await;
    there.settle().await;
    assert_snapshot!(there.transcript(), @r#"
    lena        [Rules of states] states=
    countersign (to lena) Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on
    countersign Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on
    countersign (to dr-rao) Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to dr-kim) Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to dr-diaz) Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to ana) Lena changed, some of it later: the rules of NY do not count, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign now draft 1.0 "We promise results in a week." [Send for signature] [Edit] [Withdraw] [Override]
    "#);
    assert!(!is_sent(&there, PROMISE).await);
    there.waits(SignedDuration::from_hours(25)).await;
    assert!(is_sent(&there, PROMISE).await);
}

#[tokio::test]
async fn only_states_that_are_offered_are_taken() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    lena.says("ideas", "/post setup").await;
    practice.settle().await;
    let form = lena.opens("Rules of states").await.expect("a form");

    let wrong = lena.sends_form(&form, &[("states", "ny\natlantis")]).await;
    let right = lena.sends_form(&form, &[("states", "ny\ntx")]).await;
    practice.settle().await;

    assert_eq!((wrong.len(), wrong[0].field.as_str(), right), (1, "states", vec![]));
    let now = practice.office.store.practice(&practice.id()).await.expect("readable");
    let states: Vec<String> =
        now.expect("there").states(practice.office.now()).map(ToOwned::to_owned).collect();
    assert_eq!(states, ["ny", "tx"]);
}

async fn joins(practice: &TestPractice, state: &str) {
    practice.is_changed(|text| format!("states = [\"{state}\"]\n{text}")).await;
}

// Words that nobody had overridden a rule for were sent by the form of words that were.
#[tokio::test]
async fn a_form_that_was_opened_on_other_words_overrides_nothing() {
    let practice = an_offer().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    let before = lena.opens("Override").await.expect("a form");
    maya.fills("Edit", &[("text", "Refer a friend and get a $90 gift card.")]).await;
    practice.settle().await;
    practice.transcript();

    let problems = lena.sends_form(&before, &[("reason", "Our lawyer looked at it.")]).await;
    lena.press(&before.at, &before.form.button, &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;

    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "reason"));
    assert_snapshot!(practice.transcript(), @"
    lena        [Override, post 1] reason=Our lawyer looked at it.
                reason: this draft was changed since you opened this form: read it again, and open it again if the rule still does not hold
    countersign (to lena) no effect on 1: this draft was changed since you opened this form: read it again, and open it again if the rule still does not hold
    ");
    assert_eq!(practice.post(1).await.draft.overridden, [""; 0]);
}

#[tokio::test]
async fn a_form_that_was_opened_under_other_rules_overrides_nothing() {
    let practice = TestPractice::open().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    maya.says("ideas", &format!("/post new {OFFER} {PROMISE}")).await;
    practice.settle().await;
    let before = lena.opens("Override").await.expect("a form");

    joins(&practice, "ny").await;
    let problems = lena.sends_form(&before, &[("reason", "Our lawyer looked at it.")]).await;

    assert_eq!(problems.len(), 1);
}

#[tokio::test]
async fn each_override_stands_on_the_card() {
    let practice = TestPractice::open().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    maya.says("ideas", &format!("/post new {OFFER} {PROMISE}")).await;
    practice.settle().await;
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;
    joins(&practice, "ny").await;
    practice.person("ana").fills("Override", &[("reason", "It is a study.")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    let Some(View::Card(card)) = practice.chat.newest_view() else { panic!("no card") };
    let said = card.findings.iter().filter(|line| line.starts_with("overridden"));
    let said: Vec<_> = said.map(String::as_str).collect();
    assert_eq!(
        said,
        ["overridden by Lena: Our lawyer looked at it.", "overridden by Ana: It is a study."]
    );
}

#[tokio::test]
async fn what_a_rule_blocks_after_it_was_signed_does_not_leave() {
    let practice = TestPractice::open().await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    maya.says("ideas", &format!("/post new {PROMISE}")).await;
    practice.settle().await;
    planned(&practice, &[("slot", "tomorrow 9:00"), ("text", PROMISE)]).await;
    for who in ["dr-rao", "dr-kim"] {
        practice.person(who).signs().await;
    }
    practice.settle().await;
    practice.transcript();

    joins(&practice, "ny").await;
    practice.waits(SignedDuration::from_hours(25)).await;
    lena.presses("Lift the hold").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    operator    northside: |  the rules of NY count |changed
    countersign now card 2.1 "We promise results in a week." | signed off | held: a rule keeps what it says from going out now [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign whoever runs Countersign changed: the rules of NY count
    countersign (to dr-rao) whoever runs Countersign changed: the rules of NY count
    countersign (to dr-kim) whoever runs Countersign changed: the rules of NY count
    countersign (to dr-diaz) whoever runs Countersign changed: the rules of NY count
    countersign (to ana) whoever runs Countersign changed: the rules of NY count
    countersign (to lena) whoever runs Countersign changed: the rules of NY count
    countersign now draft 1.0 "We promise results in a week." [Send for signature] [Edit] [Withdraw] [Override]
    countersign (to lena) alarm: 2  is held: a rule keeps what it says from going out now [Lift the hold] [Edit]
    countersign 2 is held for a rule, Maya: this promises a result that nobody can promise (say what most people can expect, and that results vary)
    -- 25h
    lena        [Lift the hold]
    countersign (to lena) no effect on 2: a rule keeps these words from being sent: change them, or withdraw this post and begin a new one, where the practice's manager or compliance can override the rule
    "#);
    assert!(practice.network.live().is_empty());
    maya.fills("Edit", &[("text", "Flu shots this Saturday.")]).await;
    practice.settle().await;
    assert_eq!(practice.post(2).await.hold, None);
    practice.ledger_equals_tables().await;
}

// The gate itself looks: a rule may have come with a new version of the program.
#[tokio::test]
async fn what_a_rule_blocks_by_its_slot_does_not_leave() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "+30m"), ("text", PROMISE)]).await;
    for who in ["dr-rao", "dr-kim"] {
        practice.person(who).signs().await;
    }
    practice.settle().await;
    practice.transcript();
    let store = &practice.office.store;
    let mut after = store.practice(&practice.id()).await.expect("readable").expect("there");
    in_new_york(&mut after);
    let change = Change {
        practice_version: Some(after.version),
        practice_after: Some(after),
        ..Change::new(practice.id(), practice.office.now())
    };
    practice.office.commit(change).await.expect("stored");

    practice.waits(SignedDuration::from_hours(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "We promise results in a week." | signed off | held: a rule keeps what it says from going out now [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: a rule keeps what it says from going out now [Lift the hold] [Edit]
    countersign 1 is held for a rule, Maya: this promises a result that nobody can promise (say what most people can expect, and that results vary)
    "#);
    assert!(practice.network.live().is_empty());
}

// What the rules say was kept with the draft, so words that only they see as others were others.
#[tokio::test]
async fn a_slot_that_moves_keeps_the_sign_offs_though_the_rules_are_others_now() {
    let practice = TestPractice::open().await;
    planned(&practice, &[("slot", "tomorrow 9:00"), ("text", "The finest doctors in the valley.")])
        .await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    joins(&practice, "tx").await;
    practice.person("maya").fills("Edit", &[("slot", "tomorrow 11:00")]).await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.decisions.len(), 1);
}

// The button asked for the rules in the order of the text, and the decision for them sorted.
#[tokio::test]
async fn two_rules_are_overridden_together() {
    let practice = TestPractice::open_with(in_new_york).await;
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    maya.says("ideas", &format!("/post new {OFFER} {PROMISE}")).await;
    practice.settle().await;

    let form = lena.opens("Override").await.expect("a form");
    assert_eq!(lena.sends_form(&form, &[("reason", "Our lawyer looked at it.")]).await, []);
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.draft.overridden, ["claim.guarantee", "offer.federal"]);
    assert_eq!(practice.post(1).await.revision, 1);
}

// How good a rule is, is counted from what people say of it.
#[tokio::test]
async fn what_was_fine_is_counted_once_a_post() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.says("ideas", &format!("/post new {PROMISE}")).await;
    practice.settle().await;
    practice.transcript();

    for _ in 0..2 {
        maya.presses("This was fine").await;
        practice.settle().await;
    }
    assert_snapshot!(practice.transcript(), @"
    maya        [This was fine]
    countersign (to maya) notes: it is counted as a false alarm; what a post says is still shown to whoever signs
    maya        [This was fine]
    countersign (to maya) no effect on 1: that was said already
    ");
    assert!(is_sent(&practice, "We promise results in a month.").await);

    let mut tally = Tally::default();
    let entries = practice.office.store.entries(&practice.id(), 0, 500).await.expect("readable");
    for (sealed, _) in &entries {
        tally.add(sealed);
    }
    let counted: Vec<_> = tally.rules().collect();
    let once = Counted { posts: 2, fine: 1, ..Counted::default() };
    assert_eq!(counted, [("claim.guarantee", once)]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn the_command_line_says_how_often_a_rule_was_right() {
    let practice = TestPractice::open().await;
    assert_snapshot!(rules(&practice).await, @"No rule of the screen hit a post of Northside Family Practice yet.");
    let (maya, lena) = (practice.person("maya"), practice.person("lena"));
    assert!(is_sent(&practice, PROMISE).await);
    maya.says("ideas", &format!("/post new {OFFER}")).await;
    practice.settle().await;
    lena.fills("Override", &[("reason", "Our lawyer looked at it.")]).await;
    practice.settle().await;

    assert_snapshot!(rules(&practice).await, @r#"
    rule                         posts  fine overridden  attested
    claim.guarantee                  1     0          0         0
    offer.federal                    1     0          1         0

    posts: sent for signature with it, or said to be fine. fine: somebody pressed "This was fine".
    overridden: sent all the same. attested: kept out, and said to be about no patient.
    "#);
}

async fn rules(practice: &TestPractice) -> String {
    let mut said = Vec::new();
    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    let known = known.expect("a practice");
    cli::rules::rules(&practice.office, &known, &mut said).await.expect("read");
    String::from_utf8(said).expect("words")
}
