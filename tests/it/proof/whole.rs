//! `verify` of a database that nobody touched, and of one that was put back.

use std::fs;
use std::process::ExitCode;

use countersign::cli::found::Found;
use countersign::cli::heads::Outside;
use countersign::cli::verify::{self, read_key};
use countersign::domain::canonical::hex;
use ed25519_dalek::SigningKey;

use super::{Copy, at_work, database, heads_log, public_key, verified};

#[tokio::test]
async fn a_database_that_nobody_touched_is_whole() {
    let practice = at_work().await;
    let entries = practice.ledger().await.len();

    let (found, said) = verified(practice.office.store.as_ref(), &[]).await;

    assert_eq!(found, Found::Intact, "{said}");
    assert_eq!(format!("{:?}", ExitCode::from(found)), format!("{:?}", ExitCode::SUCCESS));
    assert!(said.starts_with("instance: intact; complete up to #1 "), "{said}");
    assert!(said.contains(&format!("\nnorthside: intact; complete up to #{entries} ")), "{said}");
    assert!(said.contains("as far as this database knows"), "{said}");
    assert!(said.contains("2 posts, 2 contents, 1 picture\n"), "{said}");
}

#[tokio::test]
async fn heads_that_were_seen_outside_say_how_far_it_is_complete() {
    let practice = at_work().await;
    let head = practice.office.store.head(&practice.id()).await.expect("a head");
    let log = Outside::read_file(&heads_log(&practice), &public_key()).expect("signed");
    let (start, _) = (&log[0], log.last().expect("some"));
    let chat = Outside::read(&head.short()).expect("as chat prints it");

    let (by_log, said) = verified(practice.office.store.as_ref(), &log).await;
    let (by_chat, _) = verified(practice.office.store.as_ref(), &[chat]).await;
    let (by_start, early) =
        verified(practice.office.store.as_ref(), std::slice::from_ref(start)).await;

    assert_eq!((by_log, by_chat, by_start), (Found::Intact, Found::Intact, Found::Intact));
    assert!(said.contains(&format!("complete up to {}, as was seen outside;", head.short())));
    assert!(early.contains(&format!("complete up to #{}, as was seen outside, and", start.seq)));
}

#[tokio::test]
async fn a_database_that_was_put_back_does_not_agree_with_the_heads() {
    let practice = at_work().await;
    let copy = Copy::of(&practice).await;
    let end = practice.ledger().await.len();
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    let now = practice.ledger().await.len();

    let (alone, _) = verified(&copy.store, &[]).await;
    let log = Outside::read_file(&heads_log(&practice), &public_key()).expect("signed");
    let (seen, said) = verified(&copy.store, &log).await;

    assert_eq!((alone, seen), (Found::Intact, Found::Broken));
    let broken = format!("the chain ends at #{end}, but it was seen at #{now}");
    assert!(said.contains(&broken), "{said}");
}

#[tokio::test]
async fn a_head_that_is_not_of_this_chain_is_found() {
    let practice = at_work().await;
    let other = Outside::read("#3 00000000").expect("a head");
    let gone = Outside::read("harbor:3:00000000").expect("a head");

    let (found, said) = verified(practice.office.store.as_ref(), &[other]).await;
    let (missing, where_to) = verified(practice.office.store.as_ref(), &[gone]).await;

    assert_eq!((found, missing), (Found::Broken, Found::Broken));
    assert!(said.contains("entry #3 is not the one that was seen outside"), "{said}");
    assert!(where_to.contains("harbor: broken: it was seen at #3 and is not here"), "{where_to}");
}

#[tokio::test]
async fn a_heads_log_counts_only_with_the_ledgers_signature() {
    let practice = at_work().await;
    let log = heads_log(&practice);
    let forged = log.replacen("northside ", "northside 1", 1);
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    let torn = format!("{log}northside 99 00");

    assert!(Outside::read_file(&forged, &public_key()).is_err());
    assert!(Outside::read_file(&log, &other).is_err());
    let lines = Outside::read_file(&torn, &public_key()).expect("a torn last line is left out");
    assert_eq!(lines.len(), log.lines().count());
}

#[tokio::test]
async fn another_key_is_not_the_ledgers() {
    let practice = at_work().await;
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();

    let mut out = Vec::new();
    let store = practice.office.store.as_ref();
    let found = verify::run(store, &other, &[], &mut out).await.expect("looks");

    assert_eq!(found, Found::Broken);
    let said = String::from_utf8(out).expect("words");
    assert!(said.contains("entry #1 is not signed by the ledger's key"), "{said}");
}

#[tokio::test]
async fn a_key_is_read_from_digits_or_a_file() {
    let practice = at_work().await;
    let digits = hex::encode(public_key().as_bytes());
    let file = practice.folder.path().join("ledger.pub");
    fs::write(&file, format!("{digits}\n")).expect("written");

    assert_eq!(read_key(&digits).expect("digits"), public_key());
    assert_eq!(read_key(file.to_str().expect("a path")).expect("a file"), public_key());
    assert!(read_key(database(&practice).to_str().expect("a path")).is_err());
    assert!(read_key("no such file").is_err());
}
