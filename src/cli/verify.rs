//! `verify`: whether the ledger is whole, and everything in the database is what it says; or
//! whether a certificate is.

use std::io::Write;

use anyhow::{Context, bail};
use ed25519_dalek::VerifyingKey;
use jiff::tz::TimeZone;

use super::found::{Found, Wrong};
use super::heads::Outside;
use super::inspect::{self, Whole};
pub use super::keys::read_key;
use crate::domain::certificate::{self, Certificate, Left, SignOff};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{Head, fingerprint};
use crate::domain::outbox::RowState;
use crate::domain::window::shown;
use crate::ports::store::Store;

/// How often a practice is looked at again that changed while it was looked at.
const AGAIN: usize = 5;

/// Checks every practice in the database, against heads that were seen outside.
pub async fn run(
    store: &dyn Store,
    key: &VerifyingKey,
    outside: &[Outside],
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let practices = store.practices().await.context("reading the practices")?;
    if practices.len() > 1 && outside.iter().any(|head| head.practice.is_none()) {
        bail!("there are several practices: say whose head it is, as PRACTICE:SEQ:HASH");
    }
    let mut found = instance(store, key, outside, out).await?;
    for practice in &practices {
        let theirs = |head: &&Outside| head.practice.as_ref().is_none_or(|of| of == practice);
        let seen: Vec<&Outside> = outside.iter().filter(theirs).collect();
        match settled(store, practice, key, &seen).await {
            Ok(whole) => {
                writeln!(out, "{practice}: intact; {}", summary(&whole, &seen))?;
                if let Some(at) = whole.last_purge {
                    let at = shown(at, &TimeZone::UTC);
                    writeln!(out, "{practice}: words were purged by retention, last on {at}")?;
                }
                for gap in &whole.gaps {
                    writeln!(out, "{practice}: {gap}")?;
                }
            }
            Err(wrong) => {
                found = Found::Broken;
                writeln!(out, "{practice}: broken: {wrong}")?;
            }
        }
    }
    let gone = |head: &&Outside| {
        let of = head.practice.as_ref();
        of.is_some_and(|of| !of.is_instance() && !practices.contains(of))
    };
    if let Some(head) = outside.iter().find(gone) {
        let practice = head.practice.as_ref().map_or("", PracticeId::as_str);
        found = Found::Broken;
        writeln!(out, "{practice}: broken: it was seen at #{} and is not here", head.seq)?;
    }
    writeln!(out, "key {}", fingerprint(key))?;
    Ok(found)
}

/// Checks the instance's own chain, where acts that concern all are written down.
async fn instance(
    store: &dyn Store,
    key: &VerifyingKey,
    outside: &[Outside],
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let id = PracticeId::instance();
    let theirs = |head: &&Outside| head.practice.as_ref() == Some(&id);
    let seen: Vec<&Outside> = outside.iter().filter(theirs).collect();
    let is_there = store.practice(&id).await.context("reading the instance")?.is_some();
    if !is_there && seen.is_empty() {
        return Ok(Found::Intact);
    }
    let mut result = inspect::instance(store, key, &seen).await;
    for _ in 1..AGAIN {
        if result.is_ok() {
            break;
        }
        result = inspect::instance(store, key, &seen).await;
    }
    match result {
        Ok((head, agencies)) => {
            let complete = complete(head, &seen, "this database knows");
            let agencies = agencies_of(agencies);
            writeln!(out, "{id}: intact; {complete}; {agencies}")?;
            Ok(Found::Intact)
        }
        Err(wrong) => {
            writeln!(out, "{id}: broken: {wrong}")?;
            Ok(Found::Broken)
        }
    }
}

fn agencies_of(number: usize) -> String {
    if number == 1 { "1 agency".to_owned() } else { format!("{number} agencies") }
}

/// Looks again where the practice went on while it was looked at: then the tables were newer than
/// what had been read of the ledger.
async fn settled(
    store: &dyn Store,
    practice: &PracticeId,
    key: &VerifyingKey,
    seen: &[&Outside],
) -> Result<Whole, Wrong> {
    for _ in 1..AGAIN {
        let before = store.head(practice).await?;
        let result = inspect::practice(store, practice, key, seen).await;
        if result.is_ok() || store.head(practice).await? == before {
            return result;
        }
    }
    inspect::practice(store, practice, key, seen).await
}

fn summary(whole: &Whole, seen: &[&Outside]) -> String {
    let Whole { head, posts, contents, pictures, purged, .. } = whole;
    let complete = complete(*head, seen, "this database knows");
    let counts = [
        count(*posts, "post"),
        count(*contents, "content"),
        count(*pictures, "picture"),
        count(*purged, "text not kept any more"),
    ];
    let some = if *purged == 0 { &counts[..3] } else { &counts[..] };
    format!("{complete}; {}", some.join(", "))
}

/// How far the chain is known to be whole; without an outside head, as far as `who` says.
pub fn complete(head: Head, seen: &[&Outside], who: &str) -> String {
    let end = head.short();
    match seen.iter().map(|head| head.seq).filter(|seq| *seq <= head.seq).max() {
        Some(last) if last == head.seq => format!("complete up to {end}, as was seen outside"),
        Some(last) => {
            format!("complete up to #{last}, as was seen outside, and up to {end} as far as {who}")
        }
        None => format!("complete up to {end} as far as {who}"),
    }
}

fn count(number: usize, what: &str) -> String {
    match (number, what.split_once(' ')) {
        (1, _) => format!("1 {what}"),
        (_, Some((what, more))) => format!("{number} {what}s {more}"),
        (_, None) => format!("{number} {what}s"),
    }
}

/// Checks a certificate: with a key, that it is the practice's; without, only that it is whole.
pub fn certificate(
    text: &str,
    key: Option<&VerifyingKey>,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let Some(certificate) = Certificate::read(text) else {
        writeln!(out, "broken: this is not a certificate, or something was put into it")?;
        return Ok(Found::Broken);
    };
    let checked = match certificate::check(&certificate, key) {
        Ok(checked) => checked,
        Err(broken) => {
            writeln!(out, "broken: {broken}")?;
            return Ok(Found::Broken);
        }
    };
    let Certificate { practice, number, .. } = &certificate;
    let name = if practice.name.is_empty() { practice.id.as_str() } else { &practice.name };
    writeln!(out, "post {number} of {}", plain(name))?;
    if practice.sample {
        writeln!(out, "SAMPLE: everyone in it is made up, and it reached no real network")?;
    }
    for left in &checked.left {
        leaving(&certificate, left, out)?;
    }
    if checked.left.is_empty() {
        writeln!(out, "nothing of it left; it is {}", checked.state.as_str().replace('-', " "))?;
    }
    for url in &certificate.urls {
        writeln!(out, "seen at {}", plain(url))?;
    }
    writeln!(out, "as of {}", checked.head.short())?;
    if checked.signer_known {
        writeln!(out, "intact, and signed with the key {}", certificate.fingerprint)?;
        return Ok(Found::Intact);
    }
    writeln!(out, "intact, signer not checked: compare the key {}", certificate.fingerprint)?;
    Ok(Found::SignerNotChecked)
}

fn leaving(certificate: &Certificate, left: &Left, out: &mut impl Write) -> anyhow::Result<()> {
    let came = match left.came {
        RowState::Done => "and is live",
        RowState::Refused => "and was refused",
        RowState::Ready => "and did not arrive",
        _ => "and may be live",
    };
    let (revision, hash, at) = (left.revision, left.hash.short(), shown(left.at, &TimeZone::UTC));
    writeln!(
        out,
        "revision {revision} ({hash}) left to {} on {at} {came}",
        plain(left.account.as_str())
    )?;
    for sign_off in &left.signed {
        writeln!(out, "  signed by {}", signer(sign_off))?;
    }
    let content = certificate.contents.iter().find(|content| content.revision == revision);
    let parts = content.iter().flat_map(|content| &content.accounts);
    if let Some(part) = parts.into_iter().next() {
        for line in part.words().lines() {
            writeln!(out, "  > {}", plain(line))?;
        }
        for picture in &part.media {
            let short = picture.sha256.get(..8).unwrap_or_default();
            writeln!(out, "  > [picture {}: {}]", plain(short), plain(&picture.alt))?;
        }
    }
    Ok(())
}

fn signer(sign_off: &SignOff) -> String {
    let SignOff { member, name, at, source, recovered, own_words } = sign_off;
    let name = if name.is_empty() { member.as_str() } else { name };
    let own = if *own_words { ", as own words" } else { "" };
    let found = if *recovered { ", found when the card was read again" } else { "" };
    format!("{} on {} by {source}{own}{found}", plain(name), shown(*at, &TimeZone::UTC))
}

/// Text of a file that anybody may have written, so that it can't steer a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
