//! The same statements as a sign-off's, without anything of ours around them.

use std::path::Path;

use countersign::domain::post::Post;
use countersign::store::statements;
use rusqlite::{Connection, params};

/// A connection that is as careful as ours.
pub fn open(path: &Path) -> Connection {
    let on = Connection::open(path).expect("opens");
    let careful = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 8000";
    on.execute_batch(careful).expect("careful");
    on.set_prepared_statement_cache_capacity(32);
    on
}

/// One sign-off, in a transaction of its own.
pub fn approve(on: &mut Connection, post: &Post) {
    let tx = on.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let tx = tx.expect("begun");
    let (whose, id) = (post.practice.as_str(), post.id.as_str());
    let hash = post.hash.map(|hash| hash.to_string());
    let window = post.window.map(|window| window.opens.as_microsecond());
    let head: i64 = query(&tx, "LOCK_HEAD", whose);
    let draft = serde_json::to_string(&post.draft).expect("plain data");
    run(
        &tx,
        "UPDATE",
        params![
            whose,
            id,
            post.number,
            "tomas",
            "signed-off",
            1,
            hash,
            window,
            window,
            window,
            draft,
            false,
            None::<String>,
            post.version
        ],
    );
    run(&tx, "FORGET_DECISIONS", params![whose, id, 1]);
    run(
        &tx,
        "INSERT_DECISION",
        params![whose, id, 1, "dr-rao", "signed", 0, true, false, false, 10],
    );
    run(
        &tx,
        "PUT",
        params![
            whose,
            format!("card of {id}"),
            "notice",
            format!("card {id}"),
            id,
            1,
            None::<String>,
            10,
            "{\"card\":1}",
            true,
            None::<String>,
            None::<String>
        ],
    );
    let (hash, signature) = (format!("{head:064x}"), "0".repeat(128));
    let (entry, body) = ("0".repeat(420), "0".repeat(120));
    run(&tx, "INSERT_ENTRY", params![whose, head + 1, hash, signature, entry, hash, id]);
    run(&tx, "INSERT_BODY", params![whose, hash, body]);
    run(&tx, "MOVE_HEAD", params![whose, head + 1, hash, head]);
    tx.commit().expect("committed");
}

fn query(on: &Connection, name: &str, whose: &str) -> i64 {
    let mut statement = on.prepare_cached(text(name)).expect("prepared");
    statement.query_row([whose], |row| row.get(0)).expect("a row")
}

fn run(on: &Connection, name: &str, values: &[&dyn rusqlite::ToSql]) {
    let mut statement = on.prepare_cached(text(name)).expect("prepared");
    assert_eq!(statement.execute(values).expect(name), usize::from(name != "FORGET_DECISIONS"));
}

fn text(name: &str) -> &'static str {
    let mut found = statements().filter(|(known, _)| *known == name);
    let (_, sql) = found.next().expect("a statement of that name");
    assert!(found.next().is_none(), "there are two {name}");
    sql
}
