//! A practice changes: what counts from when, who is told, and what becomes of open posts.

use countersign::domain::state::State;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{TestPractice, over_platform};

/// The practice's file with one more of its people.
pub(super) fn with_member(text: &str, member: &str) -> String {
    text.replacen("[[member]]", &format!("{member}\n\n[[member]]"), 1)
}

/// A physician who joins.
pub(super) const SINGH: &str = r#"[[member]]
id = "dr-singh"
name = "Dr. Singh"
role = "approver"
identities = ["local:local/dr-singh"]"#;

/// A post that is planned for the day after tomorrow.
async fn planned(practice: &TestPractice) {
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    maya.fills("Edit", &[("slot", "+48h")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();
}

#[tokio::test]
async fn tightening_counts_at_once_for_what_is_in_review() {
    let practice = TestPractice::open().await;
    planned(&practice).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;

    assert_snapshot!(practice.transcript(), @r#"
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    operator    northside: |  every post needs 2 of Dr. Rao, Dr. Kim |changed
    countersign now card 1.1 "Flu shots this Saturday." | 1 of 2 signed, needs 1 of: Dr. Kim [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    countersign (to dr-rao) whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    countersign (to dr-kim) whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    countersign (to dr-diaz) whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    countersign (to ana) whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    countersign (to lena) whoever runs Countersign changed: every post needs 2 of Dr. Rao, Dr. Kim
    "#);
    assert_eq!(practice.post(1).await.state, State::InReview);
    practice.waits(SignedDuration::from_hours(50)).await;
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn loosening_does_not_count_for_what_is_in_review() {
    let practice = TestPractice::open().await;
    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;
    planned(&practice).await;

    practice.is_changed(|text| text.replace("needed = 2", "needed = 1")).await;
    practice.waits(SignedDuration::from_hours(25)).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.state, State::InReview, "made before");
    practice.person("maya").fills("Edit", &[("text", "Flu shots on Saturday.")]).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.post(1).await.state, State::SignedOff, "made after");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_second_members_yes_lets_a_loosening_count_at_once() {
    // Not on Slack: nobody sees what another one is told alone.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;
    practice.transcript();
    practice.is_changed(|text| text.replace("needed = 2", "needed = 1")).await;

    // Dr. Rao could then sign alone, and Maya is of the agency.
    let seen = practice.chat.button("lena", "Yes, at once");
    practice.person("dr-rao").presses("Yes, at once").await;
    practice.settle().await;
    practice.person("maya").presses_that(&seen.0, &seen.1).await;
    practice.settle().await;
    practice.person("lena").presses("Yes, at once").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    operator    northside: |  every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on |changed |the policy counts from Tue 24 Nov 2026, 09:00 America/Chicago on
    countersign whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on
    countersign (to dr-rao) whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to dr-kim) whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to dr-diaz) whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to ana) whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    countersign (to lena) whoever runs Countersign changed, some of it later: every post needs 1 of Dr. Rao, Dr. Kim, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on [Yes, at once] [Keep it as it is]
    dr-rao      [Yes, at once]
    countersign (to dr-rao) no effect on 0: nobody changes what they themselves may sign: ask another manager or compliance
    maya        presses at-once
    countersign (to maya) no effect on 0: only a manager or compliance member of the practice itself, or whoever runs Countersign, changes it
    lena        [Yes, at once]
    countersign Lena changed: every post needs 1 of Dr. Rao, Dr. Kim
    countersign (to dr-rao) Lena changed: every post needs 1 of Dr. Rao, Dr. Kim
    countersign (to dr-kim) Lena changed: every post needs 1 of Dr. Rao, Dr. Kim
    countersign (to dr-diaz) Lena changed: every post needs 1 of Dr. Rao, Dr. Kim
    countersign (to ana) Lena changed: every post needs 1 of Dr. Rao, Dr. Kim
    ");
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn what_is_kept_as_it_is_never_counts() {
    let practice = TestPractice::open().await;
    practice.is_changed(|text| with_member(&text, SINGH)).await;
    practice.transcript();

    practice.person("dr-kim").presses("Keep it as it is").await;
    practice.settle().await;
    practice.person("lena").presses("Yes, at once").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    dr-kim      [Keep it as it is]
    countersign Dr. Kim changed: Dr. Singh left
    countersign (to dr-rao) Dr. Kim changed: Dr. Singh left
    countersign (to dr-diaz) Dr. Kim changed: Dr. Singh left
    countersign (to ana) Dr. Kim changed: Dr. Singh left
    countersign (to lena) Dr. Kim changed: Dr. Singh left
    countersign (to dr-singh) Dr. Kim changed: Dr. Singh left
    lena        [Yes, at once]
    countersign (to lena) no effect on 0: that counts already, or is not wanted any more
    ");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_no_makes_people_again_what_they_were() {
    let practice = TestPractice::open().await;
    let lena = "id = \"lena\"\nname = \"Lena\"\nrole = ";
    practice
        .is_changed(|text| {
            text.replace(&format!("{lena}\"manager\""), &format!("{lena}\"approver\""))
        })
        .await;
    practice.transcript();

    practice.person("dr-kim").presses("Keep it as it is").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    dr-kim      [Keep it as it is]
    countersign Dr. Kim changed: Lena is manager
    countersign (to dr-rao) Dr. Kim changed: Lena is manager
    countersign (to dr-diaz) Dr. Kim changed: Lena is manager
    countersign (to ana) Dr. Kim changed: Lena is manager
    countersign (to lena) Dr. Kim changed: Lena is manager
    ");
    practice.ledger_equals_tables().await;
}

/// What was decided before the question was entered after it, as of before.
#[tokio::test]
async fn what_waits_waits_from_when_somebody_said_yes() {
    let practice = TestPractice::open().await;
    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;
    practice.transcript();

    let thinking = SignedDuration::from_hours(2);
    practice.is_changed_after(thinking, |text| text.replace("needed = 2", "needed = 1")).await;

    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    let known = known.expect("a practice");
    let from = known.policies.last().expect("a policy").from;
    assert_eq!(from.duration_since(practice.office.now()), SignedDuration::from_hours(24));
    let said = practice.transcript();
    assert!(said.contains("|the policy counts from Tue 24 Nov 2026, 11:00"), "{said}");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_post_that_names_who_joined_lately_says_from_when_it_can_be_signed() {
    let practice = TestPractice::open().await;
    practice.waits(SignedDuration::from_secs(90)).await;
    practice.is_changed(|text| with_member(&text, SINGH)).await;
    let maya = practice.person("maya");
    maya.says("ideas", "/post new Dr. Singh explains flu shots.").await;
    practice.settle().await;
    practice.transcript();

    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(24)).await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Send for signature]
    countersign (to maya) no effect on 1: Dr. Singh can sign only what is made from Tue 24 Nov 2026, 09:02 America/Chicago on: do it again then
    -- 24h
    countersign now draft 1.0 "Dr. Singh explains flu shots." [Send for signature] [Edit] [Withdraw]
    maya        [Send for signature]
    countersign now draft 1.0 "Dr. Singh explains flu shots." | in review
    countersign card 1.1 "Dr. Singh explains flu shots." | needs 1 of: Dr. Rao, Dr. Kim; and Dr. Singh, who is named in it [Sign] [Decline] [Hold] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn who_left_signs_nothing_any_more() {
    let practice = TestPractice::open().await;
    planned(&practice).await;
    practice.person("dr-kim").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.is_changed(|text| without(&text, "dr-kim")).await;
    practice.waits(SignedDuration::from_hours(50)).await;

    assert_snapshot!(practice.transcript(), @r#"
    operator    northside: |  Dr. Kim does not act from local:local/dr-kim any more |  every post needs 1 of Dr. Rao |  Dr. Kim left |changed
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    countersign (to dr-rao) whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    countersign (to dr-kim) whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    countersign (to dr-diaz) whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    countersign (to ana) whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    countersign (to lena) whoever runs Countersign changed: Dr. Kim does not act from local:local/dr-kim any more; every post needs 1 of Dr. Rao; Dr. Kim left
    -- 50h
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_post_that_nobody_can_sign_is_told_to_the_manager() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Dr. Diaz explains flu shots.").await;
    practice.transcript();

    practice.is_changed(|text| without(&text, "dr-diaz")).await;

    assert_snapshot!(practice.transcript(), @r#"
    operator    northside: |  Dr. Diaz does not act from local:local/dr-diaz any more |  Dr. Diaz left |changed
    countersign whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign (to dr-rao) whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign (to dr-kim) whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign (to dr-diaz) whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign (to ana) whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign (to lena) whoever runs Countersign changed: Dr. Diaz does not act from local:local/dr-diaz any more; Dr. Diaz left
    countersign now card 1.1 "Dr. Diaz explains flu shots." | nobody can sign this any more: it names somebody who can't sign any more [Hold] [Edit] [Withdraw]
    countersign (to lena) 1 is stuck: nobody can sign this any more: it names somebody who can't sign any more
    "#);
}

#[tokio::test]
async fn what_can_not_be_is_refused_and_changes_nothing() {
    let practice = TestPractice::open().await;
    let before = practice.ledger().await;
    let mut said = Vec::new();
    let wrong: [(&str, &str); 9] = [
        ("role = \"approver\"", "role = \"doctor\""),
        ("role = \"approver\"", "role = \"manager\""),
        ("    \"dr-kim\",", "    \"dr-who\","),
        ("    \"dr-kim\",", "    \"lena\","),
        ("needed = 1", "needed = 3"),
        ("America/Chicago", "Mars/Olympus"),
        ("local:local/lena", "slack:T1/U1"),
        ("local:local/lena", "local:local/ana"),
        ("remote_id = \"practice-page\"", "remote_id = \"another\""),
    ];

    for (from, to) in wrong {
        said.push(practice.is_changed(|text| text.replace(from, to)).await);
    }

    assert_snapshot!(said.join("\n"), @r#"
    dr-rao: there is no role "doctor": it is one of staff, approver, manager, compliance
    nobody here is an approver: give at least one member the role approver
    the policy for low risk asks dr-who, who is no member: write the member's id
    the policy for low risk asks lena, who is no approver of the practice
    the policy for low risk needs 3 of 2: make it at least 1 and at most 2
    there is no zone "Mars/Olympus": write one like "America/Chicago"
    this is a sample practice: it takes no account on slack
    ana and lena act from the same account on local: it belongs to one person
    the account practice-page is on another network, server or remote id than before: give it a new id
    "#);
    assert_eq!(practice.ledger().await, before);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let practice = TestPractice::open().await;
    practice.is_changed(|text| with_member(&text, SINGH)).await;
    let before = practice.ledger().await;

    let said = practice.is_changed(|text| text).await;

    assert!(said.starts_with("northside: nothing to change"), "{said}");
    assert_eq!(practice.ledger().await, before);
}

/// The file without a member, in the policy too.
fn without(text: &str, member: &str) -> String {
    let text = text.replace(&format!("    \"{member}\",\n"), "");
    let parts = text.split("[[member]]");
    let kept = parts.filter(|part| !part.contains(&format!("id = \"{member}\"")));
    kept.collect::<Vec<_>>().join("[[member]]")
}
