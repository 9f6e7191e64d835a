//! Every row of every table, past the program: whose words are there, and what must not be.

use std::fs;
use std::path::Path;

use countersign::domain::ids::PracticeId;
use sqlx::AssertSqlSafe;

use crate::database::{BackDoor, TestDatabase};
use crate::words::{Texts, tells_the_secret};

/// No practice has words of another in its rows, and nobody has the secret.
pub async fn are_apart(database: &TestDatabase, texts: &Texts) {
    let mut on = database.opens().await;
    for table in tables(&mut on).await {
        for (practice, row) in rows(&mut on, &table).await {
            assert!(!tells_the_secret(row.as_bytes()), "{table} tells the secret");
            let practice = PracticeId::new(practice);
            if practice.as_str().is_empty() || practice.is_instance() {
                continue;
            }
            let stranger = texts.stranger(&row, &practice);
            assert_eq!(stranger, None, "{practice} has words of others in {table}: {row}");
        }
    }
}

/// What must not be kept is in no file.
pub fn have_no_secret(folder: &Path) {
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("a file").path();
        let bytes = fs::read(&path).expect("its bytes");
        assert!(!tells_the_secret(&bytes), "{} tells the secret", path.display());
    }
}

/// How many events have not been handled, for whatever reason.
pub async fn unhandled(database: &TestDatabase) -> i64 {
    let count = "SELECT count(*) FROM inbox WHERE state <> 'handled'";
    match database.opens().await {
        BackDoor::Sqlite(mut on) => sqlx::query_scalar(count).fetch_one(&mut on).await,
        BackDoor::Postgres(mut on) => sqlx::query_scalar(count).fetch_one(&mut on).await,
    }
    .expect("readable")
}

async fn tables(on: &mut BackDoor) -> Vec<String> {
    match on {
        BackDoor::Sqlite(on) => {
            let names = "SELECT name FROM sqlite_master WHERE type = 'table'";
            sqlx::query_scalar(names).fetch_all(on).await
        }
        BackDoor::Postgres(on) => {
            let names = "SELECT table_name::text FROM information_schema.tables
                         WHERE table_schema = 'public'";
            sqlx::query_scalar(names).fetch_all(on).await
        }
    }
    .expect("readable")
}

/// Each row as words, and whose it is; nobody's where the table has no tenant.
async fn rows(on: &mut BackDoor, table: &str) -> Vec<(String, String)> {
    let columns = columns(on, table).await;
    let whose = if columns.iter().any(|name| name == "practice_id") { "practice_id" } else { "''" };
    match on {
        BackDoor::Sqlite(on) => {
            let all: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
            let all = format!("SELECT {whose}, {} FROM {table}", all.join(" || ' ' || "));
            sqlx::query_as(AssertSqlSafe(all)).fetch_all(on).await
        }
        BackDoor::Postgres(on) => {
            let all = format!("SELECT {whose}, {table}::text FROM {table}");
            sqlx::query_as(AssertSqlSafe(all)).fetch_all(on).await
        }
    }
    .expect("readable")
}

async fn columns(on: &mut BackDoor, table: &str) -> Vec<String> {
    match on {
        BackDoor::Sqlite(on) => {
            let names = "SELECT name FROM pragma_table_info($1)";
            sqlx::query_scalar(names).bind(table).fetch_all(on).await
        }
        BackDoor::Postgres(on) => {
            let names = "SELECT column_name::text FROM information_schema.columns
                         WHERE table_schema = 'public' AND table_name = $1";
            sqlx::query_scalar(names).bind(table).fetch_all(on).await
        }
    }
    .expect("readable")
}
