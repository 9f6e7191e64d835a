//! All tables of one database into another, whichever engines are behind them: how a server is
//! copied into a file, and how a copy is put back on a server.
//!
//! Both sides have the same tables from the same migrations, made of four kinds of columns. Which
//! tables there are is asked of the file, so that none can be forgotten; each comes after those
//! that its rows name. Rows pass in batches, so that memory does not grow with the database.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};

use super::db::{Tx, on_either};
use super::row::failed;
use crate::ports::store::{StoreError, Stored};

/// So many rows are written at once, unless they are large.
const ROWS: usize = 500;
/// So many bytes of text and pictures are held at once, or one row.
const BYTES: usize = 4 << 20;
/// So many values one statement takes on either engine.
const VALUES: usize = 30_000;

/// Of a file: each column of each table that the migrations made.
const COLUMNS: &str = "SELECT m.name, c.name, c.type
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND m.name <> '_sqlx_migrations' ORDER BY m.name, c.cid";
/// Of a file: which table names rows of which.
const PARENTS: &str = "SELECT DISTINCT m.name, f.\"table\"
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' AND f.\"table\" <> m.name";

/// A table, as either engine knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    columns: Vec<(String, Kind)>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Bytes,
}

/// A value on its way.
enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Flag(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

/// The tables of a file, each after those that its rows name.
pub(super) async fn tables(file: &mut Tx) -> Stored<Vec<Table>> {
    let Tx::Sqlite(on) = file else {
        return Err(StoreError::Damaged("tables are asked of a file".to_owned()));
    };
    let columns: Vec<(String, String, String)> =
        sqlx::query_as(COLUMNS).fetch_all(&mut **on).await.map_err(failed)?;
    let mut parents: Vec<(String, String)> =
        sqlx::query_as(PARENTS).fetch_all(&mut **on).await.map_err(failed)?;
    let mut all: Vec<Table> = Vec::new();
    for (name, column, kind) in columns {
        let kind = Kind::of(&name, &column, &kind)?;
        match all.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push((column, kind)),
            None => all.push(Table { name, columns: vec![(column, kind)] }),
        }
    }
    let mut ordered = Vec::new();
    while !all.is_empty() {
        let waits = |table: &Table| parents.iter().any(|(child, _)| *child == table.name);
        let (later, free): (Vec<Table>, Vec<Table>) = all.into_iter().partition(waits);
        if free.is_empty() {
            let why = "tables name each other in a circle";
            return Err(StoreError::Damaged(why.to_owned()));
        }
        parents.retain(|(_, parent)| !free.iter().any(|table| table.name == *parent));
        ordered.extend(free);
        all = later;
    }
    Ok(ordered)
}

/// Makes every one of these tables hold what it holds on the other side, and nothing else.
pub(super) async fn transfer(from: &mut Tx, to: &mut Tx, tables: &[Table]) -> Stored<()> {
    // The migrations put a row here and there.
    for table in tables.iter().rev() {
        let clear = || AssertSqlSafe(format!("DELETE FROM {}", table.name));
        on_either!(to, on => sqlx::query(clear()).execute(on).await.map(drop)).map_err(failed)?;
    }
    for table in tables {
        let filled = fill(from, to, table).await.map_err(failed);
        filled.map_err(|error| named(table, error))?;
    }
    Ok(())
}

/// Says with which table it went wrong.
fn named(table: &Table, error: StoreError) -> StoreError {
    let at = |why: String| format!("{}: {why}", table.name);
    match error {
        StoreError::Conflict => StoreError::Damaged(at("a row is there twice".to_owned())),
        StoreError::Failed(why) => StoreError::Failed(at(why)),
        StoreError::Damaged(why) => StoreError::Damaged(at(why)),
    }
}

async fn fill(from: &mut Tx, to: &mut Tx, table: &Table) -> sqlx::Result<()> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let select = || AssertSqlSafe(format!("SELECT {} FROM {}", names.join(", "), table.name));
    on_either!(from, on => {
        let copying = async {
            let mut rows = sqlx::query(select()).fetch(on);
            let mut batch = Batch::new(table);
            while let Some(row) = rows.try_next().await? {
                batch.add(read(&row, table)?);
                if batch.is_full() {
                    batch.write(to).await?;
                }
            }
            batch.write(to).await
        };
        copying.await
    })
}

/// A row's values.
fn read<'r, R: Row>(row: &'r R, table: &Table) -> sqlx::Result<Vec<Value>>
where
    usize: ColumnIndex<R>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    Option<bool>: Decode<'r, R::Database> + Type<R::Database>,
    Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |(at, (_, kind)): (usize, &(String, Kind))| {
        Ok(match kind {
            Kind::Text => Value::Text(row.try_get(at)?),
            Kind::Number => Value::Number(row.try_get(at)?),
            Kind::Flag => Value::Flag(row.try_get(at)?),
            Kind::Bytes => Value::Bytes(row.try_get(at)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// Rows that are written together.
struct Batch<'a> {
    table: &'a Table,
    rows: Vec<Vec<Value>>,
    bytes: usize,
}

impl<'a> Batch<'a> {
    fn new(table: &'a Table) -> Self {
        Self { table, rows: Vec::new(), bytes: 0 }
    }

    fn add(&mut self, row: Vec<Value>) {
        self.bytes += row.iter().map(Value::size).sum::<usize>();
        self.rows.push(row);
    }

    fn is_full(&self) -> bool {
        let most = ROWS.min(VALUES / self.table.columns.len());
        self.rows.len() >= most || self.bytes >= BYTES
    }

    /// Writes them, and is empty after it.
    async fn write(&mut self, to: &mut Tx) -> sqlx::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let text = self.insert();
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        on_either!(to, on => {
            let mut insert = sqlx::query(AssertSqlSafe(text)).persistent(false);
            for value in rows.into_iter().flatten() {
                insert = match value {
                    Value::Text(text) => insert.bind(text),
                    Value::Number(number) => insert.bind(number),
                    Value::Flag(flag) => insert.bind(flag),
                    Value::Bytes(bytes) => insert.bind(bytes),
                };
            }
            insert.execute(on).await.map(drop)
        })
    }

    fn insert(&self) -> String {
        let Table { name, columns } = self.table;
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let row = |nth: usize| {
            let first = nth * columns.len();
            let places = (first + 1..=first + columns.len()).map(|place| format!("${place}"));
            format!("({})", places.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<String> = (0..self.rows.len()).map(row).collect();
        format!("INSERT INTO {name} ({}) VALUES {}", names.join(", "), rows.join(", "))
    }
}

impl Kind {
    fn of(table: &str, column: &str, word: &str) -> Stored<Self> {
        match word {
            "TEXT" => Ok(Kind::Text),
            "BIGINT" => Ok(Kind::Number),
            "BOOLEAN" => Ok(Kind::Flag),
            "BYTEA" => Ok(Kind::Bytes),
            _ => Err(StoreError::Damaged(format!("{table}.{column} is {word}"))),
        }
    }
}

impl Value {
    fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.as_ref().map_or(0, String::len),
            Value::Bytes(bytes) => bytes.as_ref().map_or(0, Vec::len),
            Value::Number(_) | Value::Flag(_) => 8,
        }
    }
}
