//! The same statements as a sign-off's, on a bare connection, without anything of ours around them.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use countersign::domain::post::Post;
use countersign::store::statements;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, TransactionBehavior};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection as _, Executor};
use tokio::time::Instant;

use crate::measure::Times;

/// A parameter of a statement.
enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    NoText,
}

/// A connection to a file that is as careful as ours.
pub fn open(path: &Path) -> Connection {
    let on = Connection::open(path).expect("opens");
    let careful = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 8000";
    on.execute_batch(careful).expect("careful");
    on.set_prepared_statement_cache_capacity(32);
    on
}

/// A connection to a server.
pub async fn connect(to: &PgConnectOptions) -> PgConnection {
    let mut on = to.connect().await.expect("a connection");
    on.execute("SET synchronous_commit = on").await.expect("careful");
    on
}

/// One sign-off, in a transaction of its own.
pub fn approve(on: &mut Connection, post: &Post) {
    let tx = on.transaction_with_behavior(TransactionBehavior::Immediate).expect("begun");
    let mut lock = tx.prepare_cached(&numbered(text("LOCK_HEAD"))).expect("prepared");
    let head: i64 = lock.query_row([post.practice.as_str()], |row| row.get(0)).expect("a chain");
    drop(lock);
    for (name, values) in parts(post, head) {
        let mut statement = tx.prepare_cached(&numbered(text(name))).expect("prepared");
        let values = rusqlite::params_from_iter(values);
        let rows = statement.execute(values).expect(name);
        assert_eq!(rows, usize::from(name != "FORGET_DECISIONS"), "{name}");
    }
    tx.commit().expect("committed");
}

/// The same on a server.
pub async fn approve_there(on: &mut PgConnection, post: &Post) {
    let mut tx = on.begin().await.expect("begun");
    let lock = sqlx::query_as::<_, (i64, String)>(text("LOCK_HEAD"));
    let (head, _) = lock.bind(post.practice.as_str()).fetch_one(&mut *tx).await.expect("a chain");
    for (name, values) in parts(post, head) {
        let mut query = sqlx::query(text(name));
        for value in values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
                Value::Flag(flag) => query.bind(flag),
                Value::NoText => query.bind(None::<String>),
            };
        }
        let rows = query.execute(&mut *tx).await.expect(name).rows_affected();
        assert_eq!(rows, u64::from(name != "FORGET_DECISIONS"), "{name}");
    }
    tx.commit().await.expect("committed");
}

/// How long the file system takes to have 4 KiB more on the disk.
pub fn syncs(folder: &Path, times: usize) -> Times {
    let mut file = File::create(folder.join("synced")).expect("a file");
    let mut taken = Times::default();
    for _ in 0..times {
        let began = Instant::now();
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("on the disk");
        taken.since(began);
    }
    taken
}

/// What a sign-off writes, in order.
fn parts(post: &Post, head: i64) -> Vec<(&'static str, Vec<Value>)> {
    let (whose, id) = (|| said(post.practice.as_str()), || said(post.id.as_str()));
    let sealed = || Value::Text(format!("{head:064x}"));
    let zeros = |count: usize| Value::Text("0".repeat(count));
    let notice = Value::Text(format!("notice of {}", post.id));
    let subject = Value::Text(format!("card {}", post.id));
    let is = Value::Flag;
    #[rustfmt::skip]
    let all = vec![
        ("UPDATE", signed_off(post)),
        ("FORGET_DECISIONS", vec![whose(), id(), number(1)]),
        ("INSERT_DECISION", vec![
            whose(), id(), number(1), said("dr-rao"), said("signed"), number(0),
            is(false), is(true), is(false), is(false), number(10),
        ]),
        ("PUT", vec![
            whose(), notice, said("notice"), subject, id(), number(1), Value::NoText,
            number(10), said("{\"card\":1}"), is(true), Value::NoText, Value::NoText,
        ]),
        ("INSERT_ENTRY", vec![
            whose(), number(head + 1), sealed(), zeros(128), zeros(420), sealed(), id(),
        ]),
        ("INSERT_BODY", vec![whose(), sealed(), zeros(120)]),
        ("MOVE_HEAD", vec![whose(), number(head + 1), sealed(), number(head)]),
    ];
    all
}

/// The post as it is then, in the order of its statement.
fn signed_off(post: &Post) -> Vec<Value> {
    let hash = Value::Text(post.hash.expect("is in review").to_string());
    let window = post.window.expect("is in review");
    let micros = |at: jiff::Timestamp| number(at.as_microsecond());
    let draft = serde_json::to_string(&post.draft).expect("plain data");
    #[rustfmt::skip]
    let all = vec![
        said(post.practice.as_str()), said(post.id.as_str()), number(post.number),
        said("tomas"), said("signed-off"), number(1), hash,
        micros(window.opens), micros(window.closes), micros(window.opens),
        Value::Text(draft), Value::Flag(false), Value::NoText, Value::NoText, said("tomas"),
        micros(window.opens), said("normal"), said("[]"), said("[]"), number(post.version),
        said("[]"),
    ];
    all
}

fn number(number: i64) -> Value {
    Value::Number(number)
}

fn said(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The statement of that name.
fn text(name: &str) -> &'static str {
    let mut found = statements().filter(|(known, _)| *known == name);
    let (_, sql) = found.next().expect("a statement of that name");
    assert!(found.next().is_none(), "there are two {name}");
    sql
}

/// With its parameters by number: to SQLite itself `$3` is a name.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Value::Text(text) => text.to_sql(),
            Value::Number(number) => number.to_sql(),
            Value::Flag(flag) => flag.to_sql(),
            Value::NoText => rusqlite::types::Null.to_sql(),
        }
    }
}
