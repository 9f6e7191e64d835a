//! Every statement can be run on the schema, and stays inside one practice.

use std::collections::BTreeSet;

use countersign::store::statements;
use sqlx::{Executor, SqlSafeStr, SqliteConnection};

use super::bench::{Bench, promises};

/// Statements that go over all practices, and why they may.
const OVER_ALL: &[(&str, &str)] = &[
    ("MARK", "marks a copy of all chains as a copy"),
    ("BINDING", "finds out whose channel it is"),
    ("WAITING", "a worker takes each event with the practice it names"),
    ("CLAIM", "a worker takes each row with the practice it names"),
    ("EXPIRE", "takes rows back from dead workers, and shows none"),
    ("BUSY", "says whether, and nothing else"),
    ("TRY_BODY", "writes what nobody said, and reads nothing"),
    ("UNDO_TRY", "takes that back in the same transaction"),
    ("FORGET_EVENTS", "takes words away, and shows none"),
    ("FORGET_NOTICES", "takes words away, and shows none"),
    ("NEXT_DUE", "says when, and nothing else"),
];

/// Tables that are not any practice's.
const INSTANCE: &[&str] = &["_sqlx_migrations", "counters", "practices"];

promises!(
    every_statement_can_be_prepared,
    every_statement_on_a_tenants_table_names_the_practice,
    every_tenants_table_has_the_practice_in_its_keys,
);

async fn every_statement_can_be_prepared(bench: &Bench) {
    let mut on = bench.connect().await;

    for (name, sql) in statements() {
        let prepared = on.prepare(sql.into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

async fn every_statement_on_a_tenants_table_names_the_practice(bench: &Bench) {
    let tables = tenants_tables(&mut bench.connect().await).await;
    let strays = statements().filter(|(_, sql)| {
        let words: BTreeSet<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let tenants = tables.iter().any(|table| words.contains(table.as_str()));
        tenants && !stays_inside(sql)
    });

    let strays: BTreeSet<&str> = strays.map(|(name, _)| name).collect();

    let allowed: BTreeSet<&str> = OVER_ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(strays, allowed);
}

async fn every_tenants_table_has_the_practice_in_its_keys(bench: &Bench) {
    let mut on = bench.connect().await;
    for table in tenants_tables(&mut on).await {
        let key = "SELECT name FROM pragma_table_info($1) WHERE pk = 1";
        let first: Option<String> =
            sqlx::query_scalar(key).bind(&table).fetch_optional(&mut on).await.expect("the key");
        assert_eq!(first.as_deref(), Some("practice_id"), "key of {table}");
        let foreign =
            "SELECT COUNT(DISTINCT id) - COUNT(DISTINCT CASE WHEN \"from\" = 'practice_id'
            THEN id END) FROM pragma_foreign_key_list($1)";
        let without: i64 = sqlx::query_scalar(foreign)
            .bind(&table)
            .fetch_one(&mut on)
            .await
            .expect("the foreign keys");
        assert_eq!(without, 0, "foreign keys of {table}");
    }
}

/// The first value is the practice: what is read or written is its own.
fn stays_inside(sql: &str) -> bool {
    if let Some(insert) = sql.strip_prefix("INSERT INTO ") {
        let columns = insert.split_once('(').map(|(_, columns)| columns.trim_start());
        return columns.is_some_and(|columns| columns.starts_with("practice_id"))
            && insert.contains("VALUES ($1");
    }
    sql.contains("practice_id = $1")
}

async fn tenants_tables(on: &mut SqliteConnection) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(on)
    .await
    .expect("the tables");
    let tenants = tables.into_iter().filter(|table| !INSTANCE.contains(&table.as_str()));
    tenants.collect()
}
