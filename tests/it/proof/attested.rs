//! What passes the gate because somebody attested to it is what the ledger says.

use countersign::cli::found::Found;

use super::{Copy, seq_of, verified};
use crate::support::TestPractice;

/// It looks like patient information, and is made up.
const ALARM: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

/// Lena attested to a text of Tomas's.
async fn attested() -> TestPractice {
    let practice = TestPractice::open_on_a_file(|_| {}).await;
    let tomas = practice.person("tomas");
    tomas.has_idea(ALARM).await;
    practice.settle().await;
    tomas.presses("It is about no patient").await;
    practice.settle().await;
    practice.person("lena").fills("It is about no patient", &[("reason", "Made up.")]).await;
    practice.settle().await;
    practice
}

#[tokio::test]
async fn what_was_attested_is_in_the_ledger_and_in_the_tables() {
    let practice = attested().await;

    let (found, said) = verified(practice.office.store.as_ref(), &[]).await;
    let (of_copy, _) = verified(&Copy::of(&practice).await.store, &[]).await;

    assert_eq!((found, of_copy), (Found::Intact, Found::Intact), "{said}");
    let whose = practice.id();
    let attested = practice.office.store.attestations(&whose).await.expect("readable");
    assert_eq!(attested.len(), 1);
}

#[tokio::test]
async fn what_was_put_in_taken_out_or_changed_is_named() {
    let practice = attested().await;
    let seq = seq_of(&practice, "attested").await;
    let gone =
        format!("northside: broken: entry #{seq} attests to a text that is not in the tables");
    let time = format!("the time from which a text passes the gate is not that of entry #{seq}");
    let more = "the text ab12cd34 passes the gate, and no entry attests to it";
    for (statement, words) in [
        ("DELETE FROM attested", gone.as_str()),
        ("INSERT INTO attested VALUES ('northside', 'ab12cd34ef', 0)", more),
        ("INSERT INTO attested VALUES ('instance', 'ab12cd34ef', 0)", "instance: broken: the text"),
        ("UPDATE attested SET trace = 'ab12cd34ef'", more),
        ("UPDATE attested SET attested_at = attested_at + 1", time.as_str()),
    ] {
        let copy = Copy::of(&practice).await;
        copy.tamper(statement).await;

        let (found, said) = verified(&copy.store, &[]).await;

        assert_eq!(found, Found::Broken, "{statement}\n{said}");
        assert!(said.contains(words), "{statement}\nshould be: {words}\nis: {said}");
    }
}
