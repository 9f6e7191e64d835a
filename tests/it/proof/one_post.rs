//! `certificate` writes the proof of a post, and `verify --certificate` reads it anywhere.

use countersign::cli::found::Found;
use countersign::cli::{certificate, verify};
use countersign::domain::ids::PracticeId;
use countersign::ports::store::Store;
use ed25519_dalek::{SigningKey, VerifyingKey};
use insta::assert_snapshot;

use super::{Copy, at_work, public_key};

async fn certificate_of(store: &dyn Store, number: i64) -> String {
    let mut out = Vec::new();
    let (key, id) = (public_key(), PracticeId::new("northside"));
    certificate::run(store, &key, &id, number, &mut out).await.expect("a certificate");
    String::from_utf8(out).expect("JSON")
}

fn checked(text: &str, key: Option<&VerifyingKey>) -> (Found, String) {
    let mut out = Vec::new();
    let found = verify::certificate(text, key, &mut out).expect("looks");
    (found, String::from_utf8(out).expect("words"))
}

#[tokio::test]
async fn the_proof_of_a_post_says_who_signed_it() {
    let practice = at_work().await;
    let text = certificate_of(practice.office.store.as_ref(), 1).await;

    let (found, said) = checked(&text, Some(&public_key()));

    assert_eq!((found, found.code()), (Found::Intact, 0));
    let hash = practice.post(1).await.hash.expect("signed").short();
    let head = practice.office.store.head(&practice.id()).await.expect("a head").short();
    let picture = &practice.post(1).await.draft.pictures[0].sha256[..8];
    let said = said.replace(&hash, "HASH").replace(&head, "HEAD").replace(picture, "PICTURE");
    assert_snapshot!(said, @r"
    post 1 of Northside Family Practice
    SAMPLE: everyone in it is made up, and it reached no real network
    revision 1 (HASH) left to practice-page on Mon 23 Nov 2026, 15:00 UTC and is live
      signed by Dr. Rao on Mon 23 Nov 2026, 15:00 UTC by reaction
      > Flu shots this Saturday.
      > [picture PICTURE: A nurse with a bandage]
    seen at https://page.test/p1
    as of HEAD
    intact, and signed with the key fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906
    ");
}

#[tokio::test]
async fn without_a_key_the_signer_is_not_checked() {
    let practice = at_work().await;
    let text = certificate_of(practice.office.store.as_ref(), 1).await;

    let (found, said) = checked(&text, None);

    assert_eq!((found, found.code()), (Found::SignerNotChecked, 3));
    let fingerprint = countersign::domain::ledger::fingerprint(&public_key());
    let last = format!("intact, signer not checked: compare the key {fingerprint}\n");
    assert!(said.ends_with(&last), "{said}");
}

#[tokio::test]
async fn a_forged_certificate_is_found() {
    let practice = at_work().await;
    let text = certificate_of(practice.office.store.as_ref(), 1).await;
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    let forgeries = [
        ("Flu shots this Saturday.", "Flu shots this Sunday.", "the content of revision 1"),
        ("\"name\": \"Dr. Rao\"", "\"name\": \"Dr. Kim\"", "the body of entry #"),
        ("\"number\": 1,", "\"number\": 7,", "its number is not what its entries say"),
        ("\"sample\": true", "\"sample\": false", "its sample mark is not what"),
        ("\"form\": ", "\"approved\": true, \"form\": ", "this is not a certificate"),
        ("{", "", "this is not a certificate"),
    ];

    for (from, to, words) in forgeries {
        assert!(text.contains(from), "{from}");
        let (found, said) = checked(&text.replacen(from, to, 1), None);
        assert_eq!((found, found.code()), (Found::Broken, 1), "{to}");
        assert!(said.contains(words), "{to}\n{said}");
    }
    let (found, said) = checked(&text, Some(&other));
    assert_eq!(found, Found::Broken);
    assert!(said.contains("signed with another key than the one given"), "{said}");
}

#[tokio::test]
async fn what_has_not_left_has_a_certificate_that_says_so() {
    let practice = at_work().await;
    let text = certificate_of(practice.office.store.as_ref(), 2).await;

    let (found, said) = checked(&text, Some(&public_key()));

    assert_eq!(found, Found::Intact);
    assert!(said.contains("nothing of it left; it is in review"), "{said}");
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_not_issued() {
    let copy = Copy::of(&at_work().await).await;
    copy.tamper("UPDATE revisions SET content = replace(content, 'Saturday', 'Sunday')").await;

    let mut out = Vec::new();
    let (key, id) = (public_key(), PracticeId::new("northside"));
    let refused = certificate::run(&copy.store, &key, &id, 1, &mut out).await;
    let none = certificate::run(&copy.store, &key, &id, 77, &mut out).await;

    let why = refused.expect_err("not issued").to_string();
    assert!(why.starts_with("post 1 has no proof: the content of revision 1"), "{why}");
    assert_eq!(none.expect_err("no post").to_string(), "there is no post 77");
    assert!(out.is_empty());
}

#[tokio::test]
async fn a_certificate_outlives_what_was_purged() {
    let copy = Copy::of(&at_work().await).await;
    copy.tamper("UPDATE revisions SET content = NULL; DELETE FROM bodies").await;

    let text = certificate_of(&copy.store, 1).await;
    let (found, said) = checked(&text, Some(&public_key()));

    assert_eq!(found, Found::Intact);
    assert!(said.contains("signed by dr-rao on"), "{said}");
    assert!(!text.contains("Flu shots") && !text.contains("Dr. Rao"));
}
