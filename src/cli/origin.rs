//! Whether the database that is opened is one that was put back.
//!
//! A backup bears a mark. A file that was copied back by hand bears none, but `heads.log` beside
//! it tells of entries that it lacks: lines are added after their commit, so a database is never
//! behind its log by itself. Only the last lines of each chain tell that, and none before the line
//! of an entry that tells of a restore: those are the former run's, which is known of.
//!
//! All chains that lack something are marked first, in one transaction: then the next start finds
//! each of them, also when this one dies in the middle, and nothing of a marked chain leaves.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Context;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;

use crate::app::office::Office;
use crate::app::restored;
use crate::domain::canonical::hex;
use crate::domain::entry::What;
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{self, Head};
use crate::ports::store::{Store, Stored};

/// So much of the log's end is looked at first. One file holds all chains, and whatever has its
/// last lines has all.
const TAIL: u64 = 64 * 1024;
/// A line is not longer than that; what is was never one.
const LONGEST: u64 = 4096;
/// So many of the last lines of a chain are looked at: lines of commits at the same time may stand
/// in either order, and one may be damaged.
const LAST: usize = 8;

/// The last lines of each chain.
type Ends = BTreeMap<PracticeId, VecDeque<Line>>;

/// Stops every practice whose database was put back, before anything of it is worked off.
pub async fn recognise(office: &Office, log: &Path, key: &VerifyingKey) -> anyhow::Result<()> {
    let former = mark(office.store.as_ref(), log, key).await?;
    for practice in chains(office.store.as_ref()).await.context("reading the practices")? {
        let former = former.get(&practice).copied();
        let restored = restored::go_on(office, &practice, former).await;
        let restored = restored.with_context(|| format!("going on with {practice} from a copy"))?;
        if restored && !practice.is_instance() {
            tracing::warn!(
                practice.id = %practice,
                "The database was put back from a copy: {practice} is stopped, what was on its way is \
                 looked up, and its open posts are held"
            );
        }
    }
    Ok(())
}

/// Marks every chain that lacks what the log tells of, all of them or none. Returns the last entry
/// of the former run of each chain that is marked, as far as the log tells.
///
/// Whoever adds to a chain calls it before, also where nothing is recognised yet: lines of its own
/// would hide those of the former run.
pub async fn mark(
    store: &dyn Store,
    log: &Path,
    key: &VerifyingKey,
) -> anyhow::Result<BTreeMap<PracticeId, Head>> {
    // The log first: the database may only be ahead of it.
    let near = last_lines(log, TAIL)?;
    let reading = "reading the ledger";
    let (mut bare, mut marked) = (Vec::new(), Vec::new());
    for practice in chains(store).await.context("reading the practices")? {
        let is_marked = store.origin(&practice).await.context(reading)?.copied.is_some();
        if is_marked { &mut marked } else { &mut bare }.push(practice);
    }
    if marked.is_empty() && strangers(store, &bare, &near, key).await.context(reading)?.is_empty() {
        return Ok(BTreeMap::new());
    }
    let whole = last_lines(log, u64::MAX)?;
    let mut former = strangers(store, &bare, &whole, key).await.context(reading)?;
    let mut copies = Vec::new();
    for practice in former.keys() {
        copies.push((practice.clone(), last_entry(store, practice).await.context(reading)?));
    }
    store.mark(&copies).await.context("marking what was put back")?;
    former.append(&mut strangers(store, &marked, &whole, key).await.context(reading)?);
    Ok(former)
}

/// Every practice, and the instance where it has a chain.
async fn chains(store: &dyn Store) -> Stored<Vec<PracticeId>> {
    let mut chains = store.practices().await?;
    chains.extend(store.practice(&PracticeId::instance()).await?.map(|instance| instance.id));
    Ok(chains)
}

/// When the last thing that this copy knows of happened: no copy can be older.
async fn last_entry(store: &dyn Store, whose: &PracticeId) -> Stored<Timestamp> {
    let head = store.head(whose).await?;
    let last = store.entries(whose, head.seq - 1, 1).await?;
    Ok(last.first().map_or(Timestamp::UNIX_EPOCH, |(sealed, _)| sealed.entry.at))
}

/// Those of these chains that lack one of their last lines, with the highest that they lack.
async fn strangers(
    store: &dyn Store,
    chains: &[PracticeId],
    ends: &Ends,
    key: &VerifyingKey,
) -> Stored<BTreeMap<PracticeId, Head>> {
    let mut found = BTreeMap::new();
    for practice in chains {
        let Some(own) = ends.get(practice) else { continue };
        let mut lacks: Option<Head> = None;
        for line in own.iter().rev() {
            let entry = store.entries(practice, line.head.seq - 1, 1).await?;
            let known = entry.iter().find(|(sealed, _)| line.is(sealed.entry.seq, &sealed.hash));
            match known.map(|(sealed, _)| &sealed.entry.fact.what) {
                Some(What::Restored { .. }) => break,
                Some(_) => {}
                None if !line.is_signed(practice, key) => {}
                None => lacks = lacks.filter(|last| last.seq > line.head.seq).or(Some(line.head)),
            }
        }
        found.extend(lacks.map(|head| (practice.clone(), head)));
    }
    Ok(found)
}

/// A line of the log that reads as one.
struct Line {
    head: Head,
    signature: [u8; 64],
}

impl Line {
    fn read(text: &str) -> Option<(PracticeId, Self)> {
        let mut words = text.split(' ');
        let (practice, seq) = (words.next()?, words.next()?.parse().ok()?);
        let (hash, signature) = (hex::decode(words.next()?)?, hex::decode(words.next()?)?);
        let line = Self { head: Head { seq, hash }, signature };
        (seq > 0).then(|| (PracticeId::new(practice), line))
    }

    fn is(&self, seq: i64, hash: &[u8; 32]) -> bool {
        self.head == Head { seq, hash: *hash }
    }

    fn is_signed(&self, practice: &PracticeId, key: &VerifyingKey) -> bool {
        ledger::check_head(practice, self.head, &self.signature, key).is_ok()
    }
}

/// The last whole lines of each chain among the last bytes of the log, read line by line: a log of
/// years is larger than memory.
fn last_lines(log: &Path, most: u64) -> anyhow::Result<Ends> {
    let reading = || format!("reading {}", log.display());
    let mut file = match File::open(log) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Ends::new()),
        opened => opened.with_context(reading)?,
    };
    let from = file.metadata().with_context(reading)?.len().saturating_sub(most);
    file.seek(SeekFrom::Start(from)).with_context(reading)?;
    let (mut file, mut ends, mut line) = (BufReader::new(file), Ends::new(), Vec::new());
    // The first may be a part of one.
    let mut is_part = from > 0;
    while file.by_ref().take(LONGEST).read_until(b'\n', &mut line).with_context(reading)? > 0 {
        let is_whole = line.ends_with(b"\n") && !is_part;
        is_part = !line.ends_with(b"\n");
        let text = str::from_utf8(&line).ok().filter(|_| is_whole);
        if let Some((practice, read)) = text.and_then(|text| Line::read(text.trim_end())) {
            let own = ends.entry(practice).or_default();
            own.push_back(read);
            if own.len() > LAST {
                own.pop_front();
            }
        }
        line.clear();
    }
    Ok(ends)
}
