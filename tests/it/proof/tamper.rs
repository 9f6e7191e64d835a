//! Every way to change the database behind Countersign's back is found, and named.

use countersign::cli::found::Found;
use countersign::domain::canonical::{self, hex};
use countersign::domain::entry::{Fact, Subject, What};
use countersign::domain::ids::{MemberId, PracticeId, RowId};
use countersign::domain::ledger::{Body, NewEntry, seal};
use countersign::domain::state::State;
use countersign::ports::store::Store;
use ed25519_dalek::SigningKey;

use super::{Copy, at_work, seq_of, verified};
use crate::support::{TestPractice, ledger_key};

/// A practice, and where its first entry of some kind stands.
struct Scene {
    practice: TestPractice,
    seq: usize,
}

impl Scene {
    async fn at(kind: &str) -> Self {
        let practice = at_work().await;
        Self { seq: seq_of(&practice, kind).await, practice }
    }

    /// After this change `verify` says these words; `$SEQ` is the entry.
    async fn finds(&self, statements: &str, words: &str) {
        let seq = self.seq.to_string();
        let copy = Copy::of(&self.practice).await;
        copy.tamper(&statements.replace("$SEQ", &seq)).await;

        let (found, said) = verified(&copy.store, &[]).await;

        assert_eq!(found, Found::Broken, "{statements}\n{said}");
        let words = words.replace("$SEQ", &seq);
        assert!(said.contains(&words), "{statements}\nshould be: {words}\nis: {said}");
    }
}

#[tokio::test]
async fn an_entry_that_was_changed() {
    let scene = Scene::at("signed").await;
    let changed = "entry #$SEQ was changed after it was written";
    for statement in [
        "UPDATE ledger SET entry = replace(entry, 'dr-rao', 'dr-kim') WHERE seq = $SEQ",
        "UPDATE ledger SET entry = replace(entry, 'reaction', 'button') WHERE seq = $SEQ",
        "UPDATE ledger SET hash = (SELECT hash FROM ledger WHERE seq = 1) WHERE seq = $SEQ",
    ] {
        scene.finds(statement, changed).await;
    }
    let signature = "UPDATE ledger SET signature = (SELECT signature FROM ledger WHERE seq = 1)
        WHERE seq = $SEQ";
    scene.finds(signature, "entry #$SEQ is not signed by the ledger's key").await;
}

#[tokio::test]
async fn an_entry_into_which_something_was_put() {
    let scene = Scene::at("signed").await;
    // It was read as if nothing had been put in.
    for smuggled in [
        "UPDATE ledger SET entry = replace(entry, '{\"actor\"', '{\"a\":\"Dr. Kim too\",\"actor\"')
            WHERE seq = $SEQ",
        "UPDATE ledger SET entry = entry || ' ' WHERE seq = $SEQ",
        "UPDATE ledger SET entry = 'nothing' WHERE seq = $SEQ",
        "UPDATE ledger SET signature = 'none' WHERE seq = $SEQ",
    ] {
        scene.finds(smuggled, "entry #$SEQ was changed: the database failed: ledger.").await;
    }
}

#[tokio::test]
async fn entries_that_were_removed_moved_or_put_in() {
    let scene = Scene::at("signed").await;
    let out_of_place = "entry #$SEQ is not where it should be";
    scene.finds("DELETE FROM ledger WHERE seq = $SEQ", out_of_place).await;
    let swap = "UPDATE ledger SET seq = -1 WHERE seq = $SEQ;
        UPDATE ledger SET seq = $SEQ WHERE seq = $SEQ + 1;
        UPDATE ledger SET seq = $SEQ + 1 WHERE seq = -1";
    scene.finds(swap, out_of_place).await;
    let doubled = "UPDATE ledger SET seq = -seq - 1 WHERE seq >= $SEQ;
        UPDATE ledger SET seq = -seq WHERE seq < 0;
        INSERT INTO ledger SELECT practice_id, $SEQ, hash, signature, entry, body_hash, post_id
            FROM ledger WHERE seq = $SEQ - 1";
    scene.finds(doubled, out_of_place).await;
}

/// Adds an entry to the end of the chain, as whoever holds this key could.
async fn forge(copy: &Copy, key: &SigningKey, fact: Fact) -> i64 {
    let id = PracticeId::new("northside");
    let head = copy.store.head(&id).await.expect("a head");
    let new = NewEntry { actor: "lena".to_owned(), fact, body: Body::default() };
    let forged = seal(&id, head, "2026-11-23T16:00:00Z".parse().expect("a time"), &new, key);
    let (seq, hash) = (forged.entry.seq, hex::encode(&forged.hash));
    let (signature, body) = (hex::encode(&forged.signature), hex::encode(&new.body.hash()));
    let entry = canonical::to_json(&forged.entry).expect("an entry");
    let insert = format!(
        "INSERT INTO ledger VALUES ('northside', {seq}, '{hash}', '{signature}', '{entry}',
            '{body}', NULL);
        UPDATE heads SET seq = {seq}, hash = '{hash}'"
    );
    copy.tamper(&insert).await;
    seq
}

#[tokio::test]
async fn an_entry_by_somebody_with_another_key() {
    let copy = Copy::of(&at_work().await).await;
    let stop = Fact { what: What::Stopped, subject: None };
    let seq = forge(&copy, &SigningKey::from_bytes(&[8; 32]), stop).await;
    copy.tamper("UPDATE practices SET stopped = TRUE").await;

    let (found, said) = verified(&copy.store, &[]).await;

    assert_eq!(found, Found::Broken);
    assert!(said.contains(&format!("entry #{seq} is not signed by the ledger's key")), "{said}");
}

#[tokio::test]
async fn what_left_unsigned_even_where_the_ledgers_own_key_says_so() {
    let practice = at_work().await;
    let copy = Copy::of(&practice).await;
    let post = practice.post(2).await;
    let left = What::Leaving {
        publication: RowId::new("row"),
        account: post.draft.accounts[0].clone(),
        hash: post.hash.expect("in review"),
        signed: vec![MemberId::new("dr-rao")],
    };
    let subject = Subject { post: post.id, revision: 1, state: State::Publishing };
    let fact = Fact { what: left, subject: Some(subject) };
    let seq = forge(&copy, &ledger_key(), fact).await;

    let (found, said) = verified(&copy.store, &[]).await;

    assert_eq!(found, Found::Broken);
    let words = format!("entry #{seq} does not follow: it left while the post was not signed off");
    assert!(said.contains(&words), "{said}");
}

#[tokio::test]
async fn a_tail_that_was_cut_off() {
    let scene = Scene::at("signed").await;
    let rest = "DELETE FROM ledger WHERE seq > $SEQ";
    scene.finds(rest, "the chain ends at #$SEQ, but it was seen at #").await;
    let with_head = "DELETE FROM ledger WHERE seq > $SEQ;
        UPDATE heads SET seq = $SEQ, hash = (SELECT hash FROM ledger WHERE seq = $SEQ)";
    scene.finds(with_head, "is not what the ledger says").await;
    let head_alone = "UPDATE heads SET seq = $SEQ,
        hash = (SELECT hash FROM ledger WHERE seq = $SEQ)";
    scene.finds(head_alone, "the database's own head is not entry #").await;
}

#[tokio::test]
async fn a_body_that_was_changed() {
    let scene = Scene::at("signed").await;
    for statement in [
        "UPDATE bodies SET body = replace(body, 'Dr. Rao', 'Dr. Kim')
            WHERE hash = (SELECT body_hash FROM ledger WHERE seq = $SEQ)",
        "UPDATE ledger SET body_hash = (SELECT body_hash FROM ledger WHERE seq = 1)
            WHERE seq = $SEQ",
    ] {
        scene.finds(statement, "the body of entry #$SEQ was changed").await;
    }
}

#[tokio::test]
async fn an_entry_that_its_post_does_not_find() {
    let scene = Scene::at("signed").await;
    let hidden = "UPDATE ledger SET post_id = NULL WHERE seq = $SEQ";

    scene.finds(hidden, "post 1 (its last entry is #").await;
}

#[tokio::test]
async fn contents_and_pictures_that_were_changed() {
    let scene = Scene::at("submitted").await;
    let place = "post 1, revision 1 (entry #$SEQ): ";
    for (statement, words) in [
        (
            "UPDATE revisions SET content = replace(content, 'Saturday', 'Sunday')",
            "the content is not what was fixed",
        ),
        (
            "UPDATE revisions SET content = replace(content, 'A nurse', 'A patient')",
            "the content is not what was fixed",
        ),
        (
            "UPDATE revisions SET content = replace(content, '{\"accounts\"', '{\"a\":1,\"accounts\"')",
            "the database failed: revisions.content can't be read",
        ),
        (
            "UPDATE media SET bytes = CAST(substr(bytes, 1, 40) || X'00' || substr(bytes, 42) AS BLOB)",
            "the picture ",
        ),
        ("UPDATE media SET media_type = 'image/jpeg'", "the picture "),
        ("DELETE FROM media", "the picture "),
    ] {
        scene.finds(statement, &format!("{place}{words}")).await;
    }
}

#[tokio::test]
async fn a_content_that_is_still_needed_and_gone() {
    let copy = Copy::of(&at_work().await).await;
    let open = "DELETE FROM revisions WHERE post_id = (SELECT id FROM posts WHERE number = 2)";
    copy.tamper(open).await;

    let (found, said) = verified(&copy.store, &[]).await;

    assert_eq!(found, Found::Broken);
    assert!(said.contains("post 2, revision 1 (entry #"), "{said}");
    assert!(said.contains("the content is missing"), "{said}");
}

#[tokio::test]
async fn what_is_gone_and_was_not_purged() {
    let scene = Scene::at("submitted").await;
    let missing = "post 1, revision 1 (entry #$SEQ): the content is missing";
    scene.finds("UPDATE revisions SET content = NULL", missing).await;
    let scene = Scene::at("signed").await;
    let body = "DELETE FROM bodies
        WHERE hash = (SELECT body_hash FROM ledger WHERE seq = $SEQ)";
    scene.finds(body, "the body of entry #$SEQ is missing, and no purge tells of it").await;
}

#[tokio::test]
async fn every_column_of_a_post_that_was_changed() {
    let scene = Scene::at("signed").await;
    for (statement, column) in [
        ("UPDATE posts SET number = 9 WHERE number = 1", "number"),
        ("UPDATE posts SET author = 'maya' WHERE number = 1", "author"),
        ("UPDATE posts SET state = 'withdrawn' WHERE number = 1", "state"),
        ("UPDATE posts SET revision = 2 WHERE number = 1", "revision"),
        ("UPDATE posts SET hash = replace(hash, '0', '1') WHERE number = 1", "content hash"),
        ("UPDATE posts SET drafter = 'maya' WHERE number = 1", "drafter"),
        ("UPDATE posts SET made_at = made_at + 1 WHERE number = 1", "time of the revision"),
        ("UPDATE posts SET risk = 'low' WHERE number = 1", "risk"),
        ("UPDATE posts SET names = '[\"dr-kim\"]' WHERE number = 1", "names"),
        ("UPDATE posts SET closes = closes + 1 WHERE number = 1", "window"),
        ("UPDATE posts SET slot = slot + 1 WHERE number = 1", "slot"),
        ("UPDATE posts SET held = TRUE, held_by = 'maya' WHERE number = 1", "hold"),
        ("DELETE FROM decisions", "sign-offs"),
        ("UPDATE decisions SET member_id = 'dr-kim'", "sign-offs"),
        ("UPDATE decisions SET recovered = TRUE", "sign-offs"),
        ("UPDATE decisions SET own_words = TRUE", "sign-offs"),
        ("UPDATE decisions SET decided_at = decided_at - 1", "sign-offs"),
        ("UPDATE outbox SET state = 'refused' WHERE kind = 'publication'", "publications"),
        ("DELETE FROM outbox WHERE kind = 'publication'", "publications"),
        ("UPDATE outbox SET id = 'other' WHERE kind = 'publication'", "publications"),
    ] {
        scene.finds(statement, &format!("the {column} is not what the ledger says")).await;
    }
    let by_consent = r#"UPDATE posts SET draft = replace(draft, '{"by":"tomas"}',
        '{"by":"tomas","consents":["KDRM-4Q7X"]}') WHERE number = 1"#;
    scene.finds(by_consent, "whose word its pictures are shown by is not what the ledger").await;
    let forged = "INSERT INTO decisions SELECT practice_id, id, revision, 'dr-kim', 'signed', 0,
        FALSE, TRUE, FALSE, FALSE, 0 FROM posts WHERE number = 2;
        UPDATE posts SET state = 'signed-off' WHERE number = 2";
    scene.finds(forged, "post 2 (its last entry is #").await;
}

#[tokio::test]
async fn posts_that_are_gone_or_were_put_in() {
    let scene = Scene::at("signed").await;
    scene.finds("DELETE FROM posts WHERE number = 1", "post 1 (its last entry is #").await;
    let more = "INSERT INTO posts SELECT practice_id, 'other', 9, author, drafter, state, revision,
        hash, made_at, risk, names, writers, opens, closes, slot, draft, held, held_by, held_for,
        version, earlier_authors FROM posts WHERE number = 1";

    scene.finds(more, "post 9 is not in the ledger").await;
}

#[tokio::test]
async fn a_practice_that_was_changed() {
    let scene = Scene::at("signed").await;
    for (statement, what) in [
        ("UPDATE practices SET stopped = TRUE", "stop"),
        ("UPDATE practices SET name = 'Harbor Dental'", "name"),
        ("UPDATE practices SET sample = FALSE", "sample mark"),
        ("UPDATE practices SET zone = 'America/Denver'", "zone"),
        ("UPDATE practices SET quiet_from = 60, quiet_to = 90", "quiet hours"),
        ("UPDATE practices SET own_words = 0", "own words"),
        (
            "INSERT INTO consents (practice_id, code, place, networks, purpose, until)
                SELECT id, 'KDRM-4Q7X', 0, '[]', 'anything', 1 FROM practices",
            "consents",
        ),
        ("UPDATE policies SET counts_from = 1", "policies"),
        ("UPDATE members SET name = 'Dr. Q' WHERE id = 'dr-kim'", "members"),
        ("UPDATE members SET signs_from = 1 WHERE id = 'dr-kim'", "members"),
        ("UPDATE members SET signed_until = 1 WHERE id = 'maya'", "members"),
        ("UPDATE identities SET confirmed = FALSE WHERE member_id = 'dr-kim'", "members"),
        ("UPDATE identities SET user_id = 'robot' WHERE member_id = 'dr-kim'", "members"),
        ("UPDATE accounts SET remote_id = 'another'", "accounts"),
        ("UPDATE accounts SET gone = TRUE", "accounts"),
        ("UPDATE channels SET purpose = 'ideas' WHERE purpose = 'digest'", "channels"),
        ("UPDATE policies SET policy = replace(policy, 'dr-kim', 'dr-diaz')", "policies"),
        ("UPDATE members SET role = 'approver' WHERE id = 'maya'", "members"),
        ("UPDATE members SET agency = FALSE WHERE id = 'maya'", "members"),
        (
            "DELETE FROM identities WHERE member_id = 'ana'; DELETE FROM members WHERE id = 'ana'",
            "members",
        ),
        ("DELETE FROM accounts", "accounts"),
    ] {
        let words = format!("the practice's {what} is not what the ledger says");
        scene.finds(statement, &words).await;
    }
}
