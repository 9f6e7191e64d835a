//! The real program as an operator meets it: how it starts, what it refuses, and how it ends.

mod folder;
mod keeping;
mod keys;
mod killed;
mod moving;
mod operator;
mod server;
mod setup;
mod start;
mod stop;
mod terminal;

use std::path::Path;

use sqlx::{Connection, SqliteConnection};

/// Changes a file behind the program's back.
async fn runs(file: &Path, sql: &'static str) {
    let mut on = connects(file).await;
    sqlx::raw_sql(sql).execute(&mut on).await.expect("it ran");
    on.close().await.expect("closed");
}

async fn connects(file: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}", file.display());
    SqliteConnection::connect(&url).await.expect("a database")
}
