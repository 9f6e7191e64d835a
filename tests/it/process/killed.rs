//! A process that was killed while it turned a file to its log: the next start puts it right.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::Connection;

use super::connects;
use crate::workspace::{House, Workspace};

/// Every start was refused, for who only reads can't undo what the dead one began.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_half_written_is_undone_at_the_next_start() {
    let house = Arc::new(House::new());
    Workspace::open_in(&house).stops().await;
    let files = ["countersign.db", "local.db"].map(|name| house.data().join(name));
    for file in &files {
        is_left_half_written(file).await;
    }

    let ended = Workspace::open_in(&house).stops().await;

    assert_eq!(ended.code, Some(0), "{}", ended.stderr());
    for file in &files {
        assert_eq!(halves(file).await, 0, "{}", file.display());
    }
}

/// The file and its journal, as they are in the midst of a transaction that has no log.
async fn is_left_half_written(file: &Path) {
    let copy = file.with_extension("killed");
    let mut on = connects(file).await;
    let writes = "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;
        CREATE TABLE half AS WITH RECURSIVE n (i) AS
            (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT randomblob(9000) FROM n";
    sqlx::raw_sql(writes).execute(&mut on).await.expect("written");
    fs::copy(file, &copy).expect("the file");
    fs::copy(journal(file), journal(&copy)).expect("its journal");
    sqlx::raw_sql("ROLLBACK").execute(&mut on).await.expect("undone");
    on.close().await.expect("closed");
    fs::rename(&copy, file).expect("in its place");
    fs::rename(journal(&copy), journal(file)).expect("in its place");
}

fn journal(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-journal");
    name.into()
}

/// How much of what was begun is there.
async fn halves(file: &Path) -> i64 {
    let mut on = connects(file).await;
    let count = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'half'";
    let count = sqlx::query_scalar(count).fetch_one(&mut on).await.expect("a count");
    on.close().await.expect("closed");
    count
}
