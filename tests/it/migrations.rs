//! Migrations: each can be applied to a database that is in use, on either engine, with one result.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::database::{BackDoor, TestDatabase};

/// What a column may be: the words mean the same on both engines.
const TYPES: [&str; 4] = ["TEXT", "BIGINT", "BOOLEAN", "BYTEA"];

/// A file in `migrations`.
struct Migration {
    name: String,
    text: String,
}

/// A column as an engine sees it: its type, and whether it may be empty.
type Columns = BTreeMap<(String, String), (String, bool)>;

fn all() -> Vec<Migration> {
    let files = fs::read_dir(at("migrations")).expect("a folder");
    let mut all: Vec<Migration> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            Migration { name, text: fs::read_to_string(path).expect("text") }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Rows in every table that a migration made, which the next one finds.
fn data(migration: &Migration) -> String {
    let path = at("tests/it/data/migrations").join(format!("{}.sql", migration.name));
    let missing = || panic!("{} has no rows: put some into {}", migration.name, path.display());
    fs::read_to_string(&path).unwrap_or_else(|_| missing())
}

/// Its statements, without comments.
fn statements(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default().trim());
    let text = lines.collect::<Vec<_>>().join(" ");
    let each = text.split(';').map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
    each.filter(|one| !one.is_empty()).collect()
}

/// What can't be applied to a table with rows, or means something else on the other engine.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.lines().next().is_some_and(|first| first.starts_with("-- ")) {
        faults.push("the first line does not say what it is for".to_owned());
    }
    for one in statements(text) {
        let adds = one.starts_with("ALTER TABLE") && one.contains(" ADD ");
        if adds && one.contains("NOT NULL") && !one.contains("DEFAULT") {
            faults.push(format!("rows that are there have no value: {one}"));
        }
        if let Some(columns) = one.strip_prefix("CREATE TABLE ") {
            let (_, columns) = columns.split_once('(').unwrap_or_default();
            faults.extend(columns.split(", ").filter_map(odd_column));
        }
    }
    faults
}

/// A column of a type that not both engines know.
fn odd_column(column: &str) -> Option<String> {
    let mut words = column.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let is_column = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with(')');
    let odd = is_column && !TYPES.contains(&kind.trim_end_matches(')'));
    odd.then(|| format!("{name} is {kind}"))
}

async fn columns(on: &mut BackDoor) -> Columns {
    let rows: Vec<(String, String, String, bool)> = match on {
        BackDoor::Sqlite(on) => {
            let sql = "SELECT m.name, c.name, c.type, c.\"notnull\" OR c.pk > 0
                FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
            sqlx::query_as(sql).fetch_all(on).await.expect("columns")
        }
        BackDoor::Postgres(on) => {
            let sql = "SELECT table_name::text, column_name::text, upper(data_type)::text,
                    is_nullable = 'NO'
                FROM information_schema.columns WHERE table_schema = current_schema()";
            sqlx::query_as(sql).fetch_all(on).await.expect("columns")
        }
    };
    rows.into_iter().map(|(table, name, kind, full)| ((table, name), (kind, full))).collect()
}

/// Applies one after the other, with rows in between; what comes of it.
async fn grown(database: &TestDatabase) -> Columns {
    let mut on = database.opens().await;
    for migration in all() {
        let applied = on.runs(&migration.text).await;
        assert!(applied.is_ok(), "{}: {:?}", migration.name, applied.err());
        let filled = on.runs(&data(&migration)).await;
        assert!(filled.is_ok(), "rows of {}: {:?}", migration.name, filled.err());
    }
    columns(&mut on).await
}

#[test]
fn every_migration_can_be_applied_to_rows_and_means_the_same_everywhere() {
    for (at, migration) in all().iter().enumerate() {
        let number = format!("{:04}_", at + 1);
        assert!(migration.name.starts_with(&number), "{} comes as {number}", migration.name);
        assert_eq!(faults(&migration.text), [""; 0], "{}", migration.name);
    }
}

#[test]
fn a_faulty_migration_is_found_out() {
    let table = [
        ("CREATE TABLE a (b TEXT)", 1),
        ("-- A.\nALTER TABLE a ADD COLUMN b TEXT NOT NULL", 1),
        ("-- A.\nALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT ''", 0),
        ("-- A.\nALTER TABLE a ADD COLUMN b TEXT", 0),
        ("-- A.\nCREATE TABLE a (b INTEGER NOT NULL, c TEXT)", 1),
        ("-- A.\nCREATE TABLE a (b TEXT PRIMARY KEY, c DATETIME, FOREIGN KEY (b) REFERENCES d)", 1),
    ];

    for (text, count) in table {
        assert_eq!(faults(text).len(), count, "{text}: {:?}", faults(text));
    }
}

#[tokio::test]
async fn both_engines_end_with_the_same_tables() {
    let folder = TempDir::new().expect("a folder");
    let file = TestDatabase::file(folder.path().join("countersign.db"));
    fs::write(folder.path().join("countersign.db"), "").expect("a file");
    let on_sqlite = grown(&file).await;
    assert!(!on_sqlite.is_empty());

    if let Some(server) = TestDatabase::on_server().await {
        assert_eq!(grown(&server).await, on_sqlite);
    }
}
