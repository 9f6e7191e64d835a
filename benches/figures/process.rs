//! A bot in a process of its own, as the system and its database tell of it.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::time::{Instant, sleep};

/// How often one looks into a database.
const LOOK: Duration = Duration::from_millis(50);

/// What is not counted by then never will be.
const LOST: Duration = Duration::from_mins(5);

/// Waits until this counts so many in a database, each once.
pub async fn counts((file, sql): (&Path, &'static str), wanted: usize) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut on = options.read_only(true).connect().await.expect("a connection");
    let wanted = i64::try_from(wanted).expect("not that many");
    let lost = Instant::now() + LOST;
    loop {
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut on).await.expect("read");
        assert!(count <= wanted, "{count} of {wanted} sign-offs count");
        if count == wanted {
            break;
        }
        assert!(Instant::now() < lost, "{count} of {wanted} sign-offs count in {}", file.display());
        sleep(LOOK).await;
    }
}

/// The processor's time that it took so far, in seconds.
pub fn processor(of: &Child) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", of.id())).expect("Linux");
    let (_, after_name) = stat.rsplit_once(") ").expect("a name");
    let ticks = after_name.split(' ').skip(11).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / 100.0
}

/// What it holds in memory now, and at its highest, in MiB.
pub fn memory(of: &Child) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{}/status", of.id())).expect("Linux");
    let said = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok());
        kib.expect("a number") / 1024.0
    };
    (said("VmRSS:"), said("VmHWM:"))
}
