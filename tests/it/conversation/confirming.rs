//! People show that an account is theirs, and sign from it from then on.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::changes::{SINGH, with_member};
use crate::support::TestPractice;

fn code(said: &str) -> String {
    let (_, code) = said.split_once("/post confirm ").expect("a code");
    code.lines().next().expect("a line").trim().to_owned()
}

#[tokio::test]
async fn a_new_identity_signs_nothing_before_it_is_confirmed() {
    let practice = TestPractice::open().await;
    let kim = r#""local:local/dr-kim""#;
    let both = format!("{kim}, \"local:local/dr-kim-phone\"");
    let said = practice.is_changed(|text| text.replace(kim, &both)).await;
    let code = code(&said);
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();
    let phone = practice.person("dr-kim-phone");

    phone.signs().await;
    practice.settle().await;
    phone.says("approvals", "/post confirm BBBBB-BBBBB").await;
    practice.settle().await;
    assert!(practice.network.live().is_empty());
    phone.says("approvals", &format!("/post confirm {}", code.to_lowercase())).await;
    practice.settle().await;
    phone.presses("Sign").await;
    practice.settle().await;
    assert!(practice.network.texts().is_empty(), "Dr. Kim has an account, and nobody said yes");
    practice.person("dr-rao").presses("Yes, at once").await;
    practice.settle().await;
    assert!(practice.network.texts().is_empty(), "what was pressed before does not count");
    phone.presses("Sign").await;
    practice.settle().await;

    let transcript = practice.transcript().replace(&code.to_lowercase(), "CODE");
    assert_snapshot!(transcript, @r#"
    dr-kim-phone ✅ on card 1.1
    countersign (to dr-kim-phone) no effect on 1: nobody has shown yet that this account is yours: ask your manager for the one-time code and type /post confirm CODE here
    dr-kim-phone says: /post confirm BBBBB-BBBBB
    countersign (to dr-kim-phone) no effect on 0: that is not the code: you can try 4 more times
    dr-kim-phone says: /post confirm CODE
    countersign Dr. Kim changed: Dr. Kim has shown that local:local/dr-kim-phone is theirs
    countersign (to dr-rao) Dr. Kim changed: Dr. Kim has shown that local:local/dr-kim-phone is theirs
    countersign (to dr-diaz) Dr. Kim changed: Dr. Kim has shown that local:local/dr-kim-phone is theirs
    countersign (to ana) Dr. Kim changed: Dr. Kim has shown that local:local/dr-kim-phone is theirs
    countersign (to lena) Dr. Kim changed: Dr. Kim has shown that local:local/dr-kim-phone is theirs
    countersign (to dr-kim-phone) notes: This account is yours now: what you sign from here counts from Tue 24 Nov 2026, 09:00 America/Chicago on, or once somebody else says yes to it.
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    dr-kim-phone [Sign]
    countersign (to dr-kim-phone) no effect on 1: this account counts as yours from Tue 24 Nov 2026, 09:00 America/Chicago on, or once somebody else says yes: do it again then
    dr-rao      [Yes, at once]
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign Dr. Rao changed: Dr. Kim acts from local:local/dr-kim-phone too
    countersign (to dr-kim) Dr. Rao changed: Dr. Kim acts from local:local/dr-kim-phone too
    countersign (to dr-diaz) Dr. Rao changed: Dr. Kim acts from local:local/dr-kim-phone too
    countersign (to ana) Dr. Rao changed: Dr. Kim acts from local:local/dr-kim-phone too
    countersign (to lena) Dr. Rao changed: Dr. Kim acts from local:local/dr-kim-phone too
    dr-kim-phone [Sign]
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_code_is_worth_nothing_after_five_wrong_ones() {
    let practice = TestPractice::open().await;
    let said = practice.is_changed(|text| with_member(&text, SINGH)).await;
    let singh = practice.person("dr-singh");
    practice.transcript();

    for _ in 0..5 {
        singh.says("approvals", "/post confirm BBBBB-BBBBB").await;
        practice.settle().await;
    }
    singh.says("approvals", &format!("/post confirm {}", code(&said))).await;
    practice.settle().await;

    let transcript = practice.transcript();
    let told = transcript.lines().filter(|line| line.starts_with("countersign"));
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"
    countersign (to dr-singh) no effect on 0: that is not the code: you can try 4 more times
    countersign (to dr-singh) no effect on 0: that is not the code: you can try 3 more times
    countersign (to dr-singh) no effect on 0: that is not the code: you can try 2 more times
    countersign (to dr-singh) no effect on 0: that is not the code: you can try once more
    countersign (to dr-singh) no effect on 0: that is not the code, and it can't be tried again: ask your manager for a new one
    countersign (to dr-singh) no effect on 0: no code waits for this account: ask your manager for a new one
    ");
}

#[tokio::test]
async fn who_joined_lately_is_told_from_when_they_sign() {
    let practice = TestPractice::open().await;
    let said = practice.is_changed(|text| with_member(&text, SINGH)).await;
    practice.person("dr-singh").says("approvals", &format!("/post confirm {}", code(&said))).await;
    practice.settle().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    practice.person("dr-singh").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    dr-singh    ✅ on card 1.1
    countersign (to dr-singh) no effect on 1: you may sign what is made from Tue 24 Nov 2026, 09:00 America/Chicago on: this revision is older
    ");
}

/// Who sets accounts up must not make a physician of themselves.
#[tokio::test]
async fn an_account_in_place_of_a_physicians_own_counts_for_nothing_that_day() {
    let practice = TestPractice::open().await;
    let kim = r#""local:local/dr-kim""#;
    practice.is_changed(|text| text.replace(&format!("[{kim}]"), "[]")).await;
    let said = practice.is_changed(|text| is_kims(&text, r#""local:local/dr-kim-phone""#)).await;
    let phone = practice.person("dr-kim-phone");
    phone.says("approvals", &format!("/post confirm {}", code(&said))).await;
    practice.settle().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.transcript();

    phone.signs().await;
    practice.settle().await;
    assert!(practice.network.texts().is_empty());
    practice.person("dr-rao").presses("Keep it as it is").await;
    practice.settle().await;
    practice.waits(SignedDuration::from_hours(25)).await;

    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    let kim = known.expect("a practice");
    let kim = kim.members.iter().find(|member| member.name == "Dr. Kim").expect("is there");
    assert!(kim.identities.is_empty(), "nobody acts from there any more");
    assert!(practice.network.texts().is_empty());
    practice.ledger_equals_tables().await;
}

/// The file with these accounts for Dr. Kim, who has none in it.
fn is_kims(text: &str, accounts: &str) -> String {
    text.replacen("[]", &format!("[{accounts}]"), 1)
}
