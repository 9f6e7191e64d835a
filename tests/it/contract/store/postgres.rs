//! What only PostgreSQL can show: a server that can't be used, and others who are in the way.

use countersign::domain::outbox::{Row, RowState};
use countersign::ports::store::{Change, Store, StoreError};
use countersign::store::{Place, Sql, fit, statements};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use tokio::task::JoinSet;

use crate::database::{self, BackDoor, TestDatabase};

use super::bench::Bench;
use super::values::{at, key};

/// The ledger takes no entry any more.
const FULL: &str = "
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON ledger EXECUTE FUNCTION no_room();";

/// Publications that are due later, notices that are over, and events that were handled.
const MANY: &str = "
    INSERT INTO outbox (practice_id, id, kind, subject, state, due, fence, attempts, look_ups,
        payload)
    SELECT 'northside', 'row-' || n, CASE WHEN n < 3000 THEN 'publication' ELSE 'notice' END,
        'about ' || n, CASE WHEN n < 3000 THEN 'ready' ELSE 'done' END, 1000000 + n, 0, 0, 0, '{}'
    FROM generate_series(0, 5999) AS n;
    INSERT INTO inbox (practice_id, seq, platform, event_id, payload, state, failures, received_at)
    SELECT 'northside', 1000 + n, 'local', 'ev-' || n, '', 'handled', 0, 1
    FROM generate_series(0, 2999) AS n;
    ANALYZE";

/// Somebody waits for another.
const WAITING: &str = "DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') THEN
        RAISE 'nobody waits';
    END IF;
END $$";

#[tokio::test]
async fn a_new_database_can_be_opened_by_several_at_once() {
    for _ in 0..5 {
        let Some(database) = TestDatabase::on_server().await else { return };
        let mut opening = JoinSet::new();
        for _ in 0..4 {
            let place = database.place.clone();
            opening.spawn(async move { Sql::open(&place, key(), None).await });
        }

        while let Some(opened) = opening.join_next().await {
            let opened = opened.expect("no panic");
            assert!(opened.is_ok(), "{:?}", opened.err());
        }
    }
}

#[tokio::test]
async fn what_keeps_from_opening_it_is_said_with_what_to_do() {
    let Some(server) = database::server() else { return };
    let on = |options: PgConnectOptions| Place::Server(Box::new(options));
    let not_utf8 = "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'";
    let ascii = TestDatabase::make(server.clone(), not_utf8).await;
    let nowhere = Place::server("postgres://me:s3cret@127.0.0.1:1/x").expect("an address");
    let no_tls = Place::Server(Box::new(
        server.clone().ssl_mode(sqlx::postgres::PgSslMode::VerifyFull).host("127.0.0.1"),
    ));
    let places = [
        (nowhere, "no PostgreSQL server answers", "start it"),
        (on(server.clone().username("nobody-here")), "refuses the user nobody-here", "correct"),
        (on(server.clone().database("not_there")), "no such database", "CREATE DATABASE not_there"),
        (no_tls, "can't be trusted", "sslrootcert"),
        (ascii.place.clone(), "SQL_ASCII", "ENCODING 'UTF8'"),
    ];

    for (place, why, what_to_do) in places {
        let opened = Sql::open(&place, key(), None).await;
        let said = opened.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains(why) && said.contains(what_to_do), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}

#[tokio::test]
async fn a_user_without_rights_is_told_who_should_make_it_the_owner() {
    let Some(database) = TestDatabase::on_server().await else { return };
    let Place::Server(options) = &database.place else { panic!("on a server") };
    let name = options.get_database().expect("a name").to_owned();
    let mut door = database.opens().await;
    let user = format!(
        "CREATE ROLE {name} LOGIN PASSWORD 'p'; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    );
    door.runs(&user).await.expect("a user");

    let place = Place::Server(Box::new(options.as_ref().clone().username(&name).password("p")));
    let opened = Sql::open(&place, key(), None).await;
    door.runs(&format!("DROP ROLE {name}")).await.expect("gone");

    let said = opened.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(said.contains("may not make tables") && said.contains("OWNER TO"), "{said}");
}

#[tokio::test]
async fn a_database_of_another_program_or_version_is_told_from_ours() {
    let Some(bench) = Bench::postgres().await else { return };
    let look = || async { fit(&bench.database.place).await.expect("readable") };
    let mut door = bench.connect().await;

    assert!(look().await.is_ours() && !look().await.is_new() && look().await.only_samples);
    door.runs("UPDATE practices SET sample = FALSE").await.expect("changed");
    assert!(look().await.is_ours() && !look().await.only_samples);
    door.runs("UPDATE _sqlx_migrations SET checksum = '' WHERE version = 1").await.expect("other");
    assert!(!look().await.is_ours());

    let other = TestDatabase::on_server().await.expect("there is a server");
    let new = fit(&other.place).await.expect("readable");
    other.opens().await.runs("CREATE TABLE recipes (name TEXT)").await.expect("made");
    let theirs = fit(&other.place).await.expect("readable");

    assert!(new.is_new() && new.is_ours());
    assert!(!theirs.is_new() && !theirs.is_ours());
}

#[tokio::test]
async fn a_full_disk_fails_a_commit_whole() {
    let Some(bench) = Bench::postgres().await else { return };
    let post = bench.post().await;
    let before = bench.seq().await;
    let mut door = bench.connect().await;
    door.runs(FULL).await.expect("full");

    let result = bench.store.commit(bench.revision(&post)).await;

    assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
    assert_eq!((bench.load(1).await, bench.seq().await), (post.clone(), before));
    door.runs("DROP FUNCTION no_room CASCADE").await.expect("room");
    bench.commit(bench.revision(&post)).await;
}

/// The server ends a deadlock by undoing one of those in it.
#[tokio::test]
async fn what_the_server_undid_for_another_is_done_again() {
    let Some(bench) = Bench::postgres().await else { return };
    bench.row_in("row-1", RowState::Leased).await;
    bench.row_in("row-2", RowState::Leased).await;
    let mut door = bench.connect().await;
    // It waits longer, so that it is not the one that is undone.
    door.runs("SET deadlock_timeout = '1min'; BEGIN").await.expect("begun");
    door.runs("UPDATE outbox SET url = 'x' WHERE id = 'row-2'").await.expect("locked");

    let store = bench.another().await;
    let expiring = tokio::spawn(async move { store.expire(at(60), at(90)).await });
    let mut watch = bench.connect().await;
    while watch.runs(WAITING).await.is_err() {}
    door.runs("UPDATE outbox SET url = 'x' WHERE id = 'row-1'; COMMIT").await.expect("first");

    let expired = expiring.await.expect("no panic");
    assert_eq!(expired.expect("done again"), 2);
    for id in ["row-1", "row-2"] {
        let row = bench.row(id).await.expect("a row");
        assert_eq!((row.state, row.url.as_deref()), (RowState::Ready, Some("x")));
    }
}

/// What workers ask for every second is found by an index, among very many rows that wait or are
/// over.
#[tokio::test]
async fn workers_find_their_rows_by_an_index() {
    let Some(bench) = Bench::postgres().await else { return };
    let mut door = bench.connect().await;
    door.runs(MANY).await.expect("filled");
    let BackDoor::Postgres(mut on) = door else { panic!("a server") };
    let wanted = [
        "SKIP_TO_NOTICES",
        "SKIP_TO_OTHERS",
        "NEXT_NOTICE",
        "NEXT_OTHER",
        "NEXT_LEASE",
        "EXPIRE",
        "BUSY",
        "WAITING",
    ];

    for (name, sql) in statements().filter(|(name, _)| wanted.contains(name)) {
        let sql = sql.replace("$1", "1000").replace("$2", "2000").replace("$3", "8");
        let explain = AssertSqlSafe(format!("EXPLAIN {sql}"));
        let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut on).await.expect(name);
        let all = ["Seq Scan on outbox", "Seq Scan on inbox"];
        let reads_all = |step: &String| all.iter().any(|all| step.contains(all));
        assert!(!plan.iter().any(reads_all), "{name}: {plan:#?}");
    }
}

/// While a commit of a practice is under way, another of the same practice waits, and one of
/// another practice does not.
#[tokio::test]
async fn commits_of_one_practice_wait_for_each_other_alone() {
    let Some(bench) = Bench::postgres().await else { return };
    let mut door = bench.connect().await;
    let head = "BEGIN; UPDATE heads SET seq = seq WHERE practice_id = 'northside'";
    door.runs(head).await.expect("locked");

    let store = bench.another().await;
    let waiting = Row { due: at(11), ..bench.notice("row-1") };
    let change = bench.outbox(super::values::put(waiting, false));
    let committing = tokio::spawn(async move { store.commit(change).await });
    let mut watch = bench.connect().await;
    while watch.runs(WAITING).await.is_err() {}
    bench.commit(Change::new(bench.harbor.clone(), at(10))).await;
    assert_eq!(bench.row("row-1").await, None);
    door.runs("COMMIT").await.expect("free");

    committing.await.expect("no panic").expect("committed");
    assert!(bench.row("row-1").await.is_some());
}
