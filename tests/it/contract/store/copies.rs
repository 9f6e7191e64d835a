//! Copies of a database, from either engine and back onto a server: all of it, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use countersign::domain::outbox::RowState;
use countersign::ports::keeping::Restoring;
use countersign::ports::store::{Change, Kinds, Store, StoreError};
use countersign::store::{Place, Sql, copy, fit, is_sound, put_back, size};
use jiff::civil::Date;

use crate::database::{BackDoor, TestDatabase};

use super::bench::{Bench, promises};
use super::values::{at, key};

promises!(
    a_copy_has_every_row_of_every_table,
    a_copy_becomes_the_database_of_a_server,
    of_a_copy_that_nobody_looked_through_no_row_is_taken,
);

/// Somebody waits for another.
const WAITING: &str = "DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') THEN
        RAISE 'nobody waits';
    END IF;
END $$";
/// Ends whoever waits for another.
const END_WAITING: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Every row of every table, each as one text that is the same on either engine.
type Dump = BTreeMap<String, Vec<String>>;

async fn a_copy_has_every_row_of_every_table(bench: &Bench) {
    let full = full(bench).await;
    let to = bench.folder().join("copy.db");

    copy(&full.place, &to, at(60)).await.expect("copied");

    let mut before = dump(&full, "").await;
    let mut in_copy = dump(&file(&to), "").await;
    assert!(before.values().all(|rows| !rows.is_empty()), "{before:?}");
    assert!(before["inbox"].len() > 1200 && before["media"].len() > 3);
    // A copy bears a mark, in each of its chains.
    assert!(in_copy["heads"].iter().all(|row| row.contains("60000000")));
    assert_eq!(in_copy.remove("heads").map(|rows| rows.len()), Some(1));
    before.remove("heads");
    assert!(in_copy == before, "not all is in the copy");
    is_sound(&to).await.expect("sound");
    assert!(fit(&Place::File(to.clone())).await.expect("readable").is_current());
    assert_eq!(fs::metadata(&to).expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(size(&full.place).await.expect("a size") > 9_000_000);
    // What retention takes later gives its pages back.
    assert_eq!(file(&to).opens().await.shows("PRAGMA auto_vacuum").await, ["2"]);
    for beside in ["copy.db-wal", "copy.db-shm", "copy.db-journal"] {
        assert!(!bench.folder().join(beside).exists(), "{beside}");
    }
}

async fn a_copy_becomes_the_database_of_a_server(bench: &Bench) {
    let Some(server) = TestDatabase::on_server().await else { return };
    let full = full(bench).await;
    let to = bench.folder().join("copy.db");
    copy(&full.place, &to, at(60)).await.expect("copied");
    let expected = dump(&file(&to), "").await;

    let first = put_back(&to, &server.place, day()).await.expect("put back");
    let on_server = dump(&server, "").await;
    server.opens().await.runs("DELETE FROM said").await.expect("changed");
    let changed = dump(&server, "").await;
    let second = put_back(&to, &server.place, day()).await.expect("put back again");
    let third = put_back(&to, &server.place, day()).await.expect("and again");

    assert!(on_server == expected, "not all is on the server");
    assert_eq!(first, None);
    assert_eq!(second.as_deref(), Some("countersign_before_20261125"));
    assert_eq!(third.as_deref(), Some("countersign_before_20261125_2"));
    assert!(dump(&server, "").await == expected);
    // Nothing of what was there is lost.
    assert!(dump(&server, "countersign_before_20261125").await == changed);
    Sql::open(&server.place, key(), None).await.expect("opens as it is");
}

/// A process that had the database open while it was put back does not know of it.
async fn of_a_copy_that_nobody_looked_through_no_row_is_taken(bench: &Bench) {
    bench.row_in("row-1", RowState::Ready).await;
    let mut theirs = bench.notice("row-2");
    theirs.practice = bench.harbor.clone();
    let put = super::values::put(theirs, false);
    let change = Change { outbox: vec![put], ..Change::new(bench.harbor.clone(), at(10)) };
    bench.commit(change).await;
    bench.store.mark(&[(bench.northside.clone(), at(10))]).await.expect("marked");

    let claim = || bench.store.claim(at(20), at(60), (9, Kinds::All));
    let claimed = claim().await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].practice, bench.harbor);

    bench.commit(Change { restoring: Some(Restoring::Over), ..bench.change() }).await;
    let claimed = claim().await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].practice, bench.northside);
}

#[tokio::test]
async fn a_mark_is_set_for_all_or_for_none() {
    let bench = Bench::sqlite().await;
    let nobody = countersign::domain::ids::PracticeId::new("nobody");

    let marked = bench.store.mark(&[(bench.northside.clone(), at(9)), (nobody, at(9))]).await;

    assert_eq!(marked, Err(StoreError::Conflict));
    let origin = bench.store.origin(&bench.northside).await.expect("readable");
    assert_eq!(origin.copied, None);
}

#[tokio::test]
async fn while_a_server_is_copied_others_write() {
    let Some(bench) = Bench::postgres().await else { return };
    bench.post().await;
    let to = bench.folder().join("copy.db");
    let mut door = bench.connect().await;
    // The copy waits in its middle, with tables behind it and before it.
    door.runs("BEGIN; LOCK TABLE said IN ACCESS EXCLUSIVE MODE").await.expect("locked");

    let copying = tokio::spawn({
        let (place, to) = (bench.database.place.clone(), to.clone());
        async move { copy(&place, &to, at(60)).await }
    });
    let mut watch = bench.connect().await;
    while watch.runs(WAITING).await.is_err() {}
    bench.commit(bench.draft(2)).await;
    bench.receive("ev-1").await;
    door.runs("COMMIT").await.expect("free");
    copying.await.expect("no panic").expect("copied");

    assert_eq!(bench.load(2).await.number, 2);
    let copied = Sql::open_to_read(&Place::File(to)).await.expect("opens");
    assert_eq!(copied.posts(&bench.northside).await.expect("posts").len(), 1);
    assert_eq!(copied.head(&bench.northside).await.expect("a head").seq + 1, bench.seq().await);
    assert_eq!(copied.unhandled(0, 9).await.expect("events"), []);
}

#[tokio::test]
async fn a_copy_that_breaks_off_says_so() {
    let Some(bench) = Bench::postgres().await else { return };
    let to = bench.folder().join("copy.db");
    let mut door = bench.connect().await;
    door.runs("BEGIN; LOCK TABLE said IN ACCESS EXCLUSIVE MODE").await.expect("locked");

    let copying = tokio::spawn({
        let (place, to) = (bench.database.place.clone(), to.clone());
        async move { copy(&place, &to, at(60)).await }
    });
    let mut watch = bench.connect().await;
    while watch.runs(WAITING).await.is_err() {}
    watch.runs(END_WAITING).await.expect("ended");

    let ended = copying.await.expect("no panic");
    assert!(matches!(&ended, Err(StoreError::Failed(why)) if why.contains("said")), "{ended:?}");
    // It is a new database still: nothing of it can be taken for a copy.
    let left = dump(&file(&to), "").await;
    assert!(left.iter().all(|(table, rows)| rows.is_empty() || table == "counters"), "{left:?}");
}

#[tokio::test]
async fn what_can_not_be_put_back_whole_changes_nothing() {
    let Some(bench) = Bench::postgres().await else { return };
    bench.post().await;
    let to = bench.folder().join("copy.db");
    copy(&bench.database.place, &to, at(60)).await.expect("copied");
    let stray = "PRAGMA foreign_keys = OFF; INSERT INTO said (practice_id, word, post_id, said_at)
        VALUES ('northside', 'flu', 'no-such-post', 0)";
    file(&to).opens().await.runs(stray).await.expect("a stray row");
    let empty = TestDatabase::on_server().await.expect("there is a server");
    let before = dump(&bench.database, "").await;

    for place in [&bench.database.place, &empty.place] {
        let failed = put_back(&to, place, day()).await;
        let Err(StoreError::Damaged(why)) = failed else { panic!("{failed:?}") };
        assert!(why.starts_with("said: "), "{why}");
    }

    assert!(dump(&bench.database, "").await == before);
    assert!(fit(&empty.place).await.expect("readable").is_new());
    let schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'countersign%'";
    assert_eq!(bench.connect().await.shows(schemas).await, [""; 0]);
}

fn day() -> Date {
    Date::constant(2026, 11, 25)
}

fn file(path: &Path) -> TestDatabase {
    TestDatabase::file(path.to_owned())
}

/// A database of the same engine with rows in every table: those that the tests of migrations put
/// there, which have some for each, and so many more that they do not pass at once.
async fn full(bench: &Bench) -> TestDatabase {
    let full = match &bench.database.place {
        Place::File(_) => TestDatabase::file(bench.folder().join("full.db")),
        Place::Server(_) => TestDatabase::on_server().await.expect("there is a server"),
    };
    drop(Sql::open(&full.place, key(), None).await.expect("opens"));
    let mut on = full.opens().await;
    for rows in rows_of_migrations() {
        let text = fs::read_to_string(&rows).expect("text");
        let filled = on.runs(&text).await;
        assert!(filled.is_ok(), "{}: {:?}", rows.display(), filled.err());
    }
    let event =
        |n: usize| format!("('northside', {n}, 'local', 'event {n}', '{{}}', 'aside', 0, 9)");
    let events: Vec<String> = (2..1250).map(event).collect();
    on.runs(&format!(
        "INSERT INTO inbox (practice_id, seq, platform, event_id, payload, state, failures, \
         received_at) VALUES {}",
        events.join(", ")
    ))
    .await
    .expect("events");
    let bytes = "00ff".repeat(800_000);
    let hex = match on {
        BackDoor::Sqlite(_) => format!("x'{bytes}'"),
        BackDoor::Postgres(_) => format!("decode('{bytes}', 'hex')"),
    };
    for n in 0..6 {
        on.runs(&format!(
            "INSERT INTO media (practice_id, sha256, media_type, bytes)
             VALUES ('northside', 'picture {n}', 'image/png', {hex})"
        ))
        .await
        .expect("a picture");
    }
    full
}

fn rows_of_migrations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/migrations");
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

/// Everything in a schema of a database; the tables are those that the engine itself lists.
async fn dump(database: &TestDatabase, schema: &str) -> Dump {
    let mut on = database.opens().await;
    let columns = match on {
        BackDoor::Sqlite(_) => "SELECT m.name || ' ' || c.name || ' ' || lower(c.type)
            FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%'
            ORDER BY m.name, c.cid"
            .to_owned(),
        BackDoor::Postgres(_) => {
            let which = if schema.is_empty() {
                "current_schema()".to_owned()
            } else {
                format!("'{schema}'")
            };
            format!(
                "SELECT (table_name || ' ' || column_name || ' ' || data_type)::text
                FROM information_schema.columns
                WHERE table_schema = {which} AND table_name NOT LIKE '\\_sqlx%'
                ORDER BY table_name, ordinal_position"
            )
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in on.shows(&columns).await {
        let mut words = line.split(' ');
        let [table, column, kind] = [(); 3].map(|()| words.next().expect("a word"));
        let is_file = matches!(on, BackDoor::Sqlite(_));
        let text = match (kind, is_file) {
            ("bytea", true) => format!("lower(hex({column}))"),
            ("bytea", false) => format!("encode({column}, 'hex')"),
            ("boolean", _) => format!("CASE WHEN {column} THEN 'yes' ELSE 'no' END"),
            _ => format!("CAST({column} AS TEXT)"),
        };
        let named = format!("'{column}=' || COALESCE({text}, 'nothing')");
        tables.entry(table.to_owned()).or_default().push(named);
    }
    let mut dump = Dump::new();
    for (table, mut columns) in tables {
        columns.sort();
        let prefix = if schema.is_empty() { String::new() } else { format!("{schema}.") };
        let all = format!("SELECT {} FROM {prefix}{table}", columns.join(" || ' ' || "));
        let mut rows = on.shows(&all).await;
        rows.sort();
        dump.insert(table, rows);
    }
    dump
}

impl BackDoor {
    /// The rows of a query with one column, as text.
    async fn shows(&mut self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            BackDoor::Sqlite(on) => {
                let rows = sqlx::query(sql).fetch_all(on).await.expect("readable");
                rows.iter().map(|row| sqlx::Row::get_unchecked::<String, _>(row, 0)).collect()
            }
            BackDoor::Postgres(on) => {
                sqlx::query_scalar(sql).fetch_all(on).await.expect("readable")
            }
        }
    }
}
