//! Whether the database that is opened is one that was put back.
//!
//! A backup bears a mark. A file that was copied back by hand bears none, but `heads.log` beside
//! it tells of entries that it lacks: lines are added after their commit, so a database is never
//! behind its log by itself. Lines before the line of the last restore are the former run's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Context;
use ed25519_dalek::VerifyingKey;

use crate::app::office::Office;
use crate::app::restored;
use crate::domain::canonical::hex;
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{self, Head};
use crate::ports::store::Store;

/// So much of the log's end is looked at first. One file holds all practices, so whatever has the
/// last commits has all.
const TAIL: u64 = 64 * 1024;

/// Stops every practice whose database was put back, before anything of it is worked off.
pub async fn recognise(office: &Office, log: &Path, key: &VerifyingKey) -> anyhow::Result<()> {
    let store = office.store.as_ref();
    // The log first: the database may only be ahead of it.
    let mut former = strangers(store, &read(log, TAIL)?, key).await?;
    if !former.is_empty() {
        former = strangers(store, &read(log, u64::MAX)?, key).await?;
    }
    let copies = store.copies().await.context("reading the ledger")?;
    let all: BTreeSet<PracticeId> = copies.into_iter().chain(former.keys().cloned()).collect();
    for practice in all {
        let former = former.get(&practice).copied();
        let restored = restored::go_on(office, &practice, former).await;
        if restored.with_context(|| format!("stopping {practice}, which was restored"))? {
            tracing::warn!(
                practice.id = %practice,
                "The database was put back from a copy: {practice} is stopped, what was on its way is \
                 looked up, and its open posts are held"
            );
        }
    }
    Ok(())
}

/// The last lines of the log that are not in the database, one a practice. A practice that the
/// database does not know has nothing here that could go on.
async fn strangers(
    store: &dyn Store,
    lines: &[Line],
    key: &VerifyingKey,
) -> anyhow::Result<BTreeMap<PracticeId, Head>> {
    let mut found = BTreeMap::new();
    let mut by_practice: BTreeMap<&PracticeId, Vec<&Line>> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line.practice.is_instance()) {
        by_practice.entry(&line.practice).or_default().push(line);
    }
    for (practice, mut own) in by_practice {
        if store.practice(practice).await.context("reading the practices")?.is_none() {
            continue;
        }
        let told = store.origin(practice).await.context("reading the ledger")?.restored;
        if let Some(told) = told {
            let entry =
                store.entries(practice, told - 1, 1).await.context("reading the ledger")?;
            let is_told =
                |line: &&Line| entry.iter().any(|(sealed, _)| line.is(told, &sealed.hash));
            let at = own.iter().rposition(is_told).unwrap_or(0);
            own.drain(..at);
        }
        own.sort_by_key(|line| line.head.seq);
        let Some(last) = own.iter().rev().find(|line| line.is_signed(key)) else {
            continue;
        };
        let entry = store.entries(practice, last.head.seq - 1, 1).await;
        let entry = entry.context("reading the ledger")?;
        if !entry.iter().any(|(sealed, _)| last.is(sealed.entry.seq, &sealed.hash)) {
            found.insert(practice.clone(), last.head);
        }
    }
    Ok(found)
}

/// A line of the log that reads as one.
struct Line {
    practice: PracticeId,
    head: Head,
    signature: [u8; 64],
}

impl Line {
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (practice, seq) = (words.next()?, words.next()?.parse().ok()?);
        let (hash, signature) = (hex::decode(words.next()?)?, hex::decode(words.next()?)?);
        let practice = PracticeId::new(practice);
        (seq > 0).then_some(Self { practice, head: Head { seq, hash }, signature })
    }

    fn is(&self, seq: i64, hash: &[u8; 32]) -> bool {
        self.head == Head { seq, hash: *hash }
    }

    fn is_signed(&self, key: &VerifyingKey) -> bool {
        ledger::check_head(&self.practice, self.head, &self.signature, key).is_ok()
    }
}

/// The whole lines among the last bytes of the log.
fn read(log: &Path, most: u64) -> anyhow::Result<Vec<Line>> {
    let reading = || format!("reading {}", log.display());
    let mut file = match File::open(log) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened.with_context(reading)?,
    };
    let length = file.metadata().with_context(reading)?.len();
    let from = length.saturating_sub(most);
    file.seek(SeekFrom::Start(from)).with_context(reading)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).with_context(reading)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.split_inclusive('\n').skip(usize::from(from > 0));
    Ok(lines.filter_map(|line| Line::read(line.strip_suffix('\n')?)).collect())
}
