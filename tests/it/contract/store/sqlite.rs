//! What only SQLite can show: its file, a full disk, damaged rows.

use std::os::unix::fs::PermissionsExt;

use countersign::domain::ids::{PostId, RowId};
use countersign::domain::outbox::RowState;
use countersign::ports::store::{Change, MediaBytes, Store, StoreError};
use countersign::store::{Place, Sql, statements};
use sqlx::{AssertSqlSafe, Row};
use tokio::task::JoinSet;

use crate::database::BackDoor;

use super::bench::Bench;
use super::values::{at, card, key, message, put, said, signed};

#[tokio::test]
async fn a_full_disk_fails_a_commit_whole() {
    let bench = Bench::sqlite().await;
    let post = bench.post().await;
    let before = bench.seq().await;
    let with_picture = || Change {
        media: vec![MediaBytes {
            sha256: "aa".to_owned(),
            media_type: "image/png".to_owned(),
            bytes: vec![0; 200_000],
        }],
        outbox: vec![put(bench.notice("row-1"), false)],
        ..bench.revision(&post)
    };

    bench.store.limit_pages(Some(1)).await.expect("limited");
    for _ in 0..3 {
        let result = bench.store.commit(with_picture()).await;
        assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
    }

    assert_eq!(bench.load(1).await, post);
    assert_eq!(bench.seq().await, before);
    assert_eq!(bench.row("row-1").await, None);
    let media = bench.store.media(&bench.northside, "aa").await;
    assert_eq!(media.expect("read"), None);

    bench.store.limit_pages(None).await.expect("space is back");
    bench.commit(with_picture()).await;
    assert_eq!(bench.load(1).await.revision, 1);
    assert_eq!(bench.seq().await, before + 1);
}

#[tokio::test]
async fn a_new_file_can_be_opened_by_several_at_once() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().expect("a folder");
        let place = Place::File(dir.path().join("countersign.db"));
        let mut opening = JoinSet::new();
        for _ in 0..4 {
            let place = place.clone();
            opening.spawn(async move { Sql::open(&place, key(), None).await });
        }

        while let Some(opened) = opening.join_next().await {
            let opened = opened.expect("no panic");
            assert!(opened.is_ok(), "{:?}", opened.err());
        }
    }
}

#[tokio::test]
async fn nobody_else_can_read_the_files() {
    let bench = Bench::sqlite().await;

    for entry in std::fs::read_dir(bench.folder()).expect("a folder") {
        let entry = entry.expect("a file");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let place = Place::File("/nowhere/countersign.db".into());

    let opened = Sql::open(&place, key(), None).await;

    let said = opened.err().map(|error| error.to_string());
    assert!(said.as_ref().is_some_and(|text| text.contains("/nowhere/")), "{said:?}");
}

#[tokio::test]
async fn a_head_that_cannot_be_written_outside_does_not_undo_a_commit() {
    let bench = Bench::sqlite().await;
    std::fs::remove_file(bench.heads_log()).expect("removed");
    std::fs::create_dir(bench.heads_log()).expect("in the way");

    bench.commit(bench.draft(1)).await;

    assert_eq!(bench.load(1).await.number, 1);
}

#[tokio::test]
async fn a_damaged_row_is_named_and_not_shown() {
    let columns = [
        "practices.zone",
        "policies.policy",
        "practices.version",
        "members.role",
        "identities.platform",
        "accounts.network",
        "channels.purpose",
        "posts.state",
        "posts.hash",
        "posts.slot",
        "posts.opens",
        "posts.draft",
        "decisions.verdict",
        "decisions.decided_at",
        "revisions.content",
        "cards.message",
        "outbox.state",
        "outbox.kind",
        "outbox.due",
        "heads.hash",
        "ledger.entry",
        "ledger.signature",
        "bodies.body",
    ];
    for column in columns {
        let bench = furnished().await;
        let (table, name) = column.split_once('.').expect("table.column");
        let damage = format!("UPDATE {table} SET {name} = 'Mrs. Doe'");
        let mut on = bench.connect().await;
        on.runs(&damage).await.expect("damaged");

        let said = read_everything(&bench).await;

        assert!(said.iter().any(|text| text.contains(column)), "{column}: {said:?}");
        assert!(!said.iter().any(|text| text.contains("Doe")), "{column}: {said:?}");
    }
}

/// A statement that reads a whole table is fast in a test and slow after a year.
#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let bench = Bench::sqlite().await;
    let BackDoor::Sqlite(mut on) = bench.connect().await else { panic!("a file") };
    let mut scans = Vec::new();

    for (name, sql) in statements().filter(|(_, sql)| !sql.contains("FOR UPDATE")) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan = sqlx::query(explain).fetch_all(&mut on).await.expect("a plan");
        let steps = plan.iter().map(|step| step.get::<String, _>("detail"));
        let whole = steps.filter(|step| step.starts_with("SCAN") && !step.contains(" USING "));
        scans.extend(whole.map(|step| format!("{name}: {step}")));
    }

    let own_results = [
        "OTHERS: SCAN others",
        "OTHERS: SCAN others",
        "OTHERS: SCAN others",
        "OTHERS: SCAN others",
        // A copy is marked once, in all its chains.
        "MARK: SCAN heads",
        "IDEA: SCAN CONSTANT ROW",
        // Its first row is enough.
        "ANY_CREDENTIALS: SCAN credentials",
        "CLAIM_NOTICES: SCAN ripe",
        "CLAIM_ENGAGEMENT: SCAN ripe",
        "CLAIM_OTHERS: SCAN ripe",
        "BUSY: SCAN rows",
        // A stop for all is about all.
        "RAISE_ALL: SCAN practices",
        "OLD_WORDS: SCAN old",
        "COUNT_ROWS: SCAN waiting",
        // It counts them all, and they are few.
        "COUNT_PRACTICES: SCAN practices",
    ];
    assert_eq!(scans, own_results[..]);
}

/// Few posts are troubled, however many there are: each digest asks for them.
#[tokio::test]
async fn what_went_wrong_is_found_without_a_look_at_what_did_not() {
    let bench = Bench::sqlite().await;
    let BackDoor::Sqlite(mut on) = bench.connect().await else { panic!("a file") };

    let troubled = statements().filter(|(name, _)| name.ends_with("TROUBLED"));
    for (name, sql) in troubled {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan = sqlx::query(explain).fetch_all(&mut on).await.expect("a plan");
        let mut steps = plan.iter().map(|step| step.get::<String, _>("detail"));
        assert!(steps.any(|step| step.contains("INDEX posts_troubled")), "{name}");
    }
}

async fn furnished() -> Bench {
    let bench = Bench::sqlite().await;
    let mut post = bench.submitted().await;
    post.decisions = vec![signed("rao", 20)];
    bench.save(&post).await;
    bench.row_in("row-1", RowState::Sending).await;
    let shown = Change { card: Some(card("m1", &post)), ..bench.change() };
    bench.commit(shown).await;
    let event = said("ev-1");
    let stored = bench.store.receive(&bench.northside, &event, at(5)).await;
    stored.expect("stored");
    bench
}

async fn read_everything(bench: &Bench) -> Vec<String> {
    let (store, whose) = (&bench.store, &bench.northside);
    let post = PostId::new("post-1");
    let row = RowId::new("row-1");
    let all = [
        store.practice(whose).await.err(),
        store.binding(&message("m1").channel).await.err(),
        store.unhandled(0, 9).await.err(),
        store.post(whose, &post).await.err(),
        store.content(whose, &post, 1).await.err(),
        store.cards(whose, &post).await.err(),
        store.row(whose, &row).await.err(),
        store.head(whose).await.err(),
        store.entries(whose, 0, 9).await.err(),
    ];
    let failures = all.into_iter().flatten();
    failures.map(|error| error.to_string()).collect()
}
