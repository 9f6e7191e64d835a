//! The real program as an operator meets it: how it starts, what it refuses, and how it ends.

mod accounts;
mod arriving;
mod arriving_with;
mod both;
mod consents;
mod folder;
mod founding;
mod keeping;
mod keys;
mod killed;
mod moving;
mod operator;
mod screening;
mod server;
mod setup;
mod start;
mod stop;
mod terminal;

use std::fs;
use std::path::Path;

use serde_json::Value;
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

/// Writes the line of a file in a folder's manifest anew.
fn renew(folder: &Path, path: &str) {
    let text = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
    let now = countersign::cli::manifest::written(folder, path).expect("a file");
    let files = manifest["files"].as_array_mut().expect("files");
    let line = files.iter_mut().find(|file| file["path"] == path).expect("its line");
    *line = serde_json::to_value(now).expect("JSON");
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
}
