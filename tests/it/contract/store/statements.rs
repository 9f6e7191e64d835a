//! Every statement can be run on the schema, and stays inside one practice.

use std::collections::BTreeSet;

use countersign::store::statements;
use sqlx::{Executor, SqlSafeStr};

use crate::database::BackDoor;

use super::bench::{Bench, promises};

/// Statements that go over all practices, and why they may.
const OVER_ALL: &[(&str, &str)] = &[
    ("MARK", "marks a copy of all chains as a copy"),
    ("BINDING", "finds out whose channel it is"),
    ("ELSEWHERE", "finds out where a shared channel is bound"),
    ("WAITING", "a worker takes each event with the practice it names"),
    ("CLAIM_NOTICES", "a worker takes each row with the practice it names"),
    ("CLAIM_ENGAGEMENT", "the same"),
    ("CLAIM_OTHERS", "the same"),
    ("SKIP_TO_NOTICES", "the same"),
    ("SKIP_TO_ENGAGEMENT", "the same"),
    ("SKIP_TO_OTHERS", "the same"),
    ("EXPIRE", "takes rows back from dead workers, and shows none"),
    ("BUSY", "says whether, and nothing else"),
    ("COUNT_ROWS", "says how many, and nothing else"),
    ("COUNT_EVENTS", "says how many and since when, and nothing else"),
    ("TRY_BODY", "writes what nobody said, and reads nothing"),
    ("ANY_CREDENTIALS", "says whether, and nothing else"),
    ("HOLDER", "says whose an account is that somebody shows to be theirs"),
    ("UNDO_TRY", "takes that back in the same transaction"),
    ("FORGET_EVENTS", "takes words away, and shows none"),
    ("FORGET_NOTICES", "takes words away, and shows none"),
    ("NEXT_NOTICE", "says when, and nothing else"),
    ("NEXT_ENGAGEMENT", "says when, and nothing else"),
    ("NEXT_OTHER", "says when, and nothing else"),
    ("NEXT_LEASE", "says when, and nothing else"),
    ("FIRST_ENTRIES", "names each chain with the key that it began with, for the start"),
    ("OF_USER", "names the practices that know an account of somebody"),
    ("WITH_OPEN_CARDS", "names practices, for the sweep"),
    ("UNPLANNED", "names practices whose digests nobody plans yet"),
    ("NOTE_OUTAGE", "takes the instance's own watch, which $1 names"),
    ("SERVED", "names the practices of an agency that know this person as an agency's"),
    ("WHOSE_POST", "names the one practice of an agency that has this post"),
    ("WHOSE_PICTURE", "names the practices of an agency that have this picture"),
    ("WHOSE_MASTER", "names the practices of an agency that made drafts of this message"),
];

/// The one thing that engines say differently.
const DIALECT: &str = "FOR UPDATE SKIP LOCKED";

/// Tables that are not any practice's.
const INSTANCE: &[&str] =
    &["_sqlx_migrations", "agencies", "clients", "counters", "installs", "practices"];

promises!(
    every_statement_can_be_prepared,
    every_statement_on_a_tenants_table_names_the_practice,
    every_tenants_table_has_the_practice_in_its_keys,
);

async fn every_statement_can_be_prepared(bench: &Bench) {
    let mut on = bench.connect().await;
    let is_sqlite = matches!(on, BackDoor::Sqlite(_));

    for (name, sql) in statements().filter(|(_, sql)| !(is_sqlite && sql.contains(DIALECT))) {
        let prepared = on.prepares(sql).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
    let dialect = statements().filter(|(_, sql)| sql.contains(DIALECT));
    let dialect: Vec<&str> = dialect.map(|(name, _)| name).collect();
    assert_eq!(dialect, ["SKIP_TO_NOTICES", "SKIP_TO_ENGAGEMENT", "SKIP_TO_OTHERS"]);
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
    let (keys, without) = match on {
        BackDoor::Sqlite(_) => (
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                ON c.pk = 1 AND c.name = 'practice_id' WHERE m.type = 'table'",
            "SELECT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
                ON f.\"table\" <> 'agencies'
                GROUP BY m.name, f.id HAVING SUM(f.\"from\" = 'practice_id') = 0",
        ),
        BackDoor::Postgres(_) => (
            "SELECT c.conrelid::regclass::text FROM pg_constraint c JOIN pg_attribute a
                ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'p' AND a.attname = 'practice_id'",
            "SELECT c.conrelid::regclass::text FROM pg_constraint c
                WHERE c.contype = 'f' AND c.confrelid <> 'agencies'::regclass
                    AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                    WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                        AND a.attname = 'practice_id')",
        ),
    };

    let begin_with_it = BTreeSet::from_iter(on.reads(keys).await);
    let foreign_keys_without_it = on.reads(without).await;

    assert_eq!(begin_with_it, BTreeSet::from_iter(tenants_tables(&mut on).await));
    assert_eq!(foreign_keys_without_it, [""; 0]);
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

async fn tenants_tables(on: &mut BackDoor) -> Vec<String> {
    let tables = match on {
        BackDoor::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        BackDoor::Postgres(_) => {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    let tables = on.reads(tables).await;
    tables.into_iter().filter(|table| !INSTANCE.contains(&table.as_str())).collect()
}

impl BackDoor {
    /// Lets the engine look at a statement, without running it.
    async fn prepares(&mut self, sql: &'static str) -> sqlx::Result<()> {
        match self {
            BackDoor::Sqlite(on) => on.prepare(sql.into_sql_str()).await.map(drop),
            BackDoor::Postgres(on) => on.prepare(sql.into_sql_str()).await.map(drop),
        }
    }

    /// The rows of a query with one column of text.
    async fn reads(&mut self, sql: &'static str) -> Vec<String> {
        match self {
            BackDoor::Sqlite(on) => sqlx::query_scalar(sql).fetch_all(on).await,
            BackDoor::Postgres(on) => sqlx::query_scalar(sql).fetch_all(on).await,
        }
        .expect("readable")
    }
}
