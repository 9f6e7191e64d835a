//! An account that is out, and what a network refuses before anything left: both are raised at once.

use std::sync::Arc;

use countersign::app::accounts::disconnect;
use countersign::app::expiring;
use countersign::domain::expiry::Expiry;
use countersign::domain::ids::AccountId;
use countersign::domain::network::Network;
use countersign::domain::practice::{Account, Practice};
use insta::assert_snapshot;
use jiff::SignedDuration;

use super::signed;
use crate::support::accounts::FakeAccounts;
use crate::support::{Does, TestPractice};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

// A network that refused what was uploaded was asked again and again, and nobody was told.
#[tokio::test]
async fn what_is_refused_before_it_leaves_is_raised_at_once() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::RefusesPictures]);

    practice.waits(HOUR).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | missed | Was refused: it does not like the pictures [Edit] [Withdraw]
    countersign 1 on Practice page: was refused: it does not like the pictures.
    countersign (to lena) alarm: 1 Practice page was refused: it does not like the pictures [Now] [Today 17:00] [Tomorrow 9:00] [Withdraw]
    "#);
    assert_eq!(practice.network.requests(), 0);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_account_that_is_out_is_raised_and_its_posts_wait_until_it_is_connected_again() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::SignsOut]);

    practice.waits(HOUR).await;
    practice.waits(SignedDuration::from_mins(5)).await;
    practice.network.connected_again();
    practice.waits(SignedDuration::from_mins(1)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 10:00 America/Chicago: its account has to be connected again (the password was revoked) [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 10:00 America/Chicago: its account has to be connected again (the password was revoked).
    countersign (to lena) alarm: Practice page has to be connected again, and its posts wait: the password was revoked
    -- 5m
    -- 1m
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    assert_eq!(practice.network.requests(), 2, "nobody asks while it is out");
    practice.ledger_equals_tables().await;
}

/// The network says nothing for so long, and a request may take no longer than this.
fn hurried(office: &mut countersign::app::office::Office) {
    office.pace.request = SignedDuration::from_millis(50);
}

/// Hours pass in steps, with all that is due in them.
async fn hours_pass(practice: &TestPractice) {
    for _ in 0..10 {
        practice.passes(SignedDuration::from_mins(15));
        practice.settle().await;
    }
}

// A look-up, a reading or a takedown that got no answer held everything else up for ever.
#[tokio::test]
async fn what_is_asked_of_a_silent_network_takes_no_longer_than_a_request_may() {
    let practice = TestPractice::open_as(|_| {}, hurried).await;
    signed(&practice).await;
    practice.network.next(&[Does::TakesSilently]);
    practice.network.silent(true);

    practice.waits(HOUR).await;
    practice.waits(SignedDuration::from_mins(5)).await;
    let asked = practice.transcript();
    practice.network.silent(false);
    hours_pass(&practice).await;

    assert!(asked.contains("May be live; finding out"), "{asked}");
    assert!(practice.transcript().contains("is live."));
    assert_eq!(practice.network.requests(), 1);
}

// After eight tries a reading was given up, and nobody heard of it.
#[tokio::test]
async fn a_reading_that_is_given_up_is_raised() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.blind(true);
    practice.waits(HOUR).await;
    practice.transcript();

    hours_pass(&practice).await;

    assert_snapshot!(practice.transcript(), @"
    -- 15m
    -- 15m
    -- 15m
    -- 15m
    -- 15m
    -- 15m
    -- 15m
    -- 15m
    countersign (to lena) 1 on Practice page: was published, and could not be read there to compare it with what was signed: look at it.
    countersign 1 on Practice page: was published, and could not be read there to compare it with what was signed: look at it.
    -- 15m
    -- 15m
    ");
    practice.ledger_equals_tables().await;
}

// A takedown whose account was disconnected meanwhile ended in silence.
#[tokio::test]
async fn a_takedown_whose_account_is_gone_says_what_is_to_be_done() {
    let practice = TestPractice::open_as(|_| {}, hurried).await;
    signed(&practice).await;
    practice.waits(HOUR).await;
    practice.network.silent(true);
    practice.person("lena").presses("Take it down").await;
    practice.settle().await;
    practice.transcript();

    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    let known = known.expect("a practice");
    let accounts = FakeAccounts::good(Expiry::Never);
    let gone = disconnect(&practice.office, &accounts, &known, &known.accounts[0]).await;
    gone.expect("disconnected");
    practice.waits(SignedDuration::from_mins(1)).await;

    assert_snapshot!(practice.transcript(), @"
    -- 1m
    countersign whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to dr-rao) whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to dr-kim) whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to dr-diaz) whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to ana) whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to lena) whoever runs Countersign changed: the account Practice page is disconnected
    countersign (to lena) 1 on Practice page: could not be taken down, as its account is disconnected: remove it there by hand.
    countersign 1 on Practice page: could not be taken down, as its account is disconnected: remove it there by hand.
    ");
    practice.ledger_equals_tables().await;
}

/// The practice has an account on Mastodon as well, and all are as this says.
async fn on_mastodon(accounts: &Arc<FakeAccounts>) -> TestPractice {
    let with = |practice: &mut Practice| {
        practice.accounts.push(Account {
            id: AccountId::new("mastodon"),
            network: Network::Mastodon,
            name: "Mastodon @northside".to_owned(),
            server: "https://social.example".to_owned(),
            remote_id: "42".to_owned(),
        });
    };
    let accounts = accounts.clone();
    TestPractice::open_as(with, |office| office.accounts = Some(accounts)).await
}

#[tokio::test]
async fn accounts_are_listed_as_they_stand_and_tried() {
    let accounts = Arc::new(FakeAccounts::good(Expiry::Unknown));
    let practice = on_mastodon(&accounts).await;
    let lena = practice.person("lena");

    lena.says("approvals", "/post accounts").await;
    practice.settle().await;
    lena.presses("Test Mastodon @northside").await;
    practice.settle().await;
    accounts.are_out(practice.office.now(), "the access token was revoked");
    lena.says("approvals", "/post accounts").await;
    practice.settle().await;
    lena.presses("Test Mastodon @northside").await;
    practice.settle().await;
    practice.person("tomas").says("ideas", "/post accounts").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        says: /post accounts
    countersign (to lena) accounts: Practice page (Practice page): comes with Countersign; 500 characters, 4 pictures / Mastodon @northside (Mastodon, https://social.example): connected since Mon 2 Nov 2026, 09:00 America/Chicago; nobody knows how long that is good for; 500 characters, 4 pictures | northside bluesky HANDLE / northside mastodon HANDLE --server https://SERVER / northside wordpress USER --server https://SITE [Test Mastodon @northside] [Disconnect Mastodon @northside]
    lena        [Test Mastodon @northside]
    countersign (to lena) notes: Mastodon @northside: fine, it signs in and may publish.
    lena        says: /post accounts
    countersign (to lena) accounts: Practice page (Practice page): comes with Countersign; 500 characters, 4 pictures / Mastodon @northside (Mastodon, https://social.example): out since Mon 23 Nov 2026, 09:00 America/Chicago: the access token was revoked; its posts wait until it is connected again; 500 characters, 4 pictures | northside bluesky HANDLE / northside mastodon HANDLE --server https://SERVER / northside wordpress USER --server https://SITE [Test Mastodon @northside] [Disconnect Mastodon @northside]
    lena        [Test Mastodon @northside]
    countersign (to lena) notes: Mastodon @northside: the sign-in is not accepted: the access token was revoked.
    tomas       says: /post accounts
    countersign (to tomas) accounts: Practice page (Practice page): comes with Countersign; 500 characters, 4 pictures / Mastodon @northside (Mastodon, https://social.example): out since Mon 23 Nov 2026, 09:00 America/Chicago: the access token was revoked; its posts wait until it is connected again; 500 characters, 4 pictures | northside bluesky HANDLE / northside mastodon HANDLE --server https://SERVER / northside wordpress USER --server https://SITE
    ");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_account_is_disconnected_in_two_steps_and_by_its_people_alone() {
    let accounts = Arc::new(FakeAccounts::good(Expiry::Never));
    let practice = on_mastodon(&accounts).await;
    let (lena, maya) = (practice.person("lena"), practice.person("maya"));
    maya.says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();

    lena.says("approvals", "/post accounts").await;
    practice.settle().await;
    let (draft, _) = practice.chat.button("maya", "Edit");
    maya.presses_that(&draft, "account:gone:mastodon").await;
    practice.settle().await;
    lena.presses("Disconnect Mastodon @northside").await;
    practice.settle().await;
    assert!(accounts.forgotten().is_empty(), "it asks first");
    lena.presses("Yes, disconnect Mastodon @northside").await;
    practice.settle().await;
    lena.presses("Yes, disconnect Mastodon @northside").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    lena        says: /post accounts
    countersign (to lena) accounts: Practice page (Practice page): comes with Countersign; 500 characters, 4 pictures / Mastodon @northside (Mastodon, https://social.example): connected since Mon 2 Nov 2026, 09:00 America/Chicago; 500 characters, 4 pictures | northside bluesky HANDLE / northside mastodon HANDLE --server https://SERVER / northside wordpress USER --server https://SITE [Test Mastodon @northside] [Disconnect Mastodon @northside]
    maya        presses account
    countersign (to maya) no effect on 0: only a manager or compliance member of the practice does that, in its own channels
    lena        [Disconnect Mastodon @northside]
    countersign (to lena) notes: Disconnect Mastodon @northside? Nothing more goes out there, and its sign-in is forgotten; what it has published stays. Meant for it, and not signed off: post 1. [Yes, disconnect Mastodon @northside]
    lena        [Yes, disconnect Mastodon @northside]
    countersign Lena changed: the account Mastodon @northside is disconnected
    countersign (to dr-rao) Lena changed: the account Mastodon @northside is disconnected
    countersign (to dr-kim) Lena changed: the account Mastodon @northside is disconnected
    countersign (to dr-diaz) Lena changed: the account Mastodon @northside is disconnected
    countersign (to ana) Lena changed: the account Mastodon @northside is disconnected
    countersign now draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    lena        [Yes, disconnect Mastodon @northside]
    countersign (to lena) no effect on 0: that account is not connected any more
    "#);
    assert_eq!(accounts.forgotten(), [AccountId::new("mastodon")]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_account_to_which_a_post_is_about_to_leave_stays() {
    let accounts = Arc::new(FakeAccounts::good(Expiry::Never));
    let practice = on_mastodon(&accounts).await;
    let lena = practice.person("lena");
    signed(&practice).await;

    let (card, _) = practice.chat.button("lena", "Hold");
    lena.presses_that(&card, "account:out:practice-page").await;
    lena.presses_that(&card, "account:gone:practice-page").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        presses account
    lena        presses account
    countersign (to lena) no effect on 0: post 1 waits to go out there or may be on its way: withdraw it, or wait until it is out, and disconnect the account then
    countersign (to lena) no effect on 0: post 1 waits to go out there or may be on its way: withdraw it, or wait until it is out, and disconnect the account then
    ");
    assert!(accounts.forgotten().is_empty());
}

#[tokio::test]
async fn a_sign_in_that_ends_is_told_of_in_time_and_once() {
    let day = |n: i64| SignedDuration::from_hours(24 * n);
    let accounts = Arc::new(FakeAccounts::good(Expiry::Never));
    let practice = on_mastodon(&accounts).await;
    super::planned(&practice, &[("slot", "2026-12-10 09:00")]).await;
    let ends = practice.office.now() + day(15);
    expiring::warn(&practice.office).await.expect("looked");
    accounts.are_good_for(Expiry::At(ends));

    for wait in [day(0), day(1), day(6), day(1), day(6), day(0), day(1)] {
        practice.waits(wait).await;
        practice.note(&format!(
            "{} days left",
            ends.duration_since(practice.office.now()).as_hours() / 24
        ));
        expiring::warn(&practice.office).await.expect("looked");
        expiring::warn(&practice.office).await.expect("looked again");
        practice.settle().await;
    }

    assert_snapshot!(practice.transcript(), @"
    -- 0s
    15 days left
    -- 24h
    14 days left
    countersign (to lena) notes: Practice page: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in 14 days at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    countersign (to lena) notes: Mastodon @northside: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in 14 days at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    -- 144h
    8 days left
    -- 24h
    7 days left
    countersign (to lena) notes: Practice page: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in 7 days at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    countersign (to lena) notes: Mastodon @northside: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in 7 days at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    -- 144h
    1 days left
    countersign (to lena) notes: Practice page: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in a day at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    countersign (to lena) notes: Mastodon @northside: its sign-in ends at Tue 8 Dec 2026, 09:00 America/Chicago, in a day at most. Connect it again before: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    -- 0s
    1 days left
    -- 24h
    0 days left
    countersign (to lena) notes: Practice page: its sign-in ended at Tue 8 Dec 2026, 09:00 America/Chicago. Nothing goes out there until it is connected again: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    countersign (to lena) notes: Mastodon @northside: its sign-in ended at Tue 8 Dec 2026, 09:00 America/Chicago. Nothing goes out there until it is connected again: /post accounts says how. Planned after that or without a time, and would wait: post 1.
    ");
}

// While a network was waited for before anything had left, nobody could see until when.
#[tokio::test]
async fn until_when_a_network_is_waited_for_stands_on_the_card() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.next(&[Does::HasNoRoom(120)]);

    practice.waits(HOUR).await;
    practice.waits(SignedDuration::from_mins(2)).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 1h
    countersign now card 1.1 "Flu shots this Saturday." | signed off | Waits until Mon 23 Nov 2026, 10:02 America/Chicago: the network asked to wait [Sign] [Take my sign-off back] [Decline] [Hold] [Edit] [Withdraw]
    countersign 1 on Practice page: waits until Mon 23 Nov 2026, 10:02 America/Chicago: the network asked to wait.
    -- 2m
    network     p1 is live: "Flu shots this Saturday."
    countersign now card 1.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 1 on Practice page: is live.
    "#);
    practice.ledger_equals_tables().await;
}

// A draft was known only until its answer came, and after that its post was looked for by an
// address that something on the site may change.
#[tokio::test]
async fn the_draft_that_was_to_be_published_stays_known() {
    let practice = TestPractice::open().await;
    signed(&practice).await;
    practice.network.has_drafts();
    practice.network.next(&[Does::LosesSilently, Does::LosesSilently]);

    practice.waits(HOUR).await;
    hours_pass(&practice).await;

    let known = Some("draft-1".to_owned());
    assert_eq!(practice.network.looked_for(), [known.clone(), known]);
    assert!(practice.transcript().contains("is live."));
}
