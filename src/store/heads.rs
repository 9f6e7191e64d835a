//! `heads.log`: where each chain ended, written outside the database.
//!
//! A database that was cut off or put back agrees with itself; this file does not agree with it.
//! A line is `practice seq hash signature`, one for each commit that added entries. Lines of
//! commits at the same time may stand in either order.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use tracing::error;

use crate::domain::canonical::hex;
use crate::domain::ledger::Sealed;

/// The file, if there is to be one.
#[derive(Clone)]
pub(super) struct HeadsLog(pub(super) Option<PathBuf>);

impl HeadsLog {
    /// Adds a line for each entry that is now the end of a chain. What was committed stays so if
    /// it can't: that is logged only.
    pub(super) fn append<'a>(&self, last: impl Iterator<Item = &'a Sealed>) {
        let lines: String = last.map(line).collect();
        let Some(path) = self.0.as_ref().filter(|_| !lines.is_empty()) else {
            return;
        };
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        // One write, so that lines of several processes do not mix.
        if let Err(error) = file.and_then(|mut file| file.write_all(lines.as_bytes())) {
            let path = path.display();
            error!(%error, %path, "The head of the ledger can't be added to {path}: {error}");
        }
    }
}

fn line(last: &Sealed) -> String {
    format!(
        "{} {} {} {}\n",
        last.entry.practice,
        last.entry.seq,
        hex::encode(&last.hash),
        hex::encode(&last.signature),
    )
}
