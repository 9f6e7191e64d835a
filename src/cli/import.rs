//! `import`: takes a practice in that another installation exported.
//!
//! Its chain is kept as it is, under its own key, so that its certificates hold as before; a new
//! chain begins that names the end of the old one. What had not left arrives as drafts: sign-offs
//! were given in another chain, for accounts that are connected anew, and do not come along.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use clap::Args;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;

use super::arriving::Arriving;
use super::folder::{self, Folder};
use super::found::Found;
use super::heads::Outside;
use super::incoming::{Incoming, Wanted};
use super::keys::{self, Missing, read_key};
use super::verify::complete;
use super::world::{RealChance, RealClock};
use super::{origin, sample};
use crate::app::effects::{Doer, entry};
use crate::app::founding;
use crate::app::office::Office;
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::entry::{Fact, Former, What};
use crate::domain::ledger::{Head, fingerprint};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::store::Arrival;
use crate::store::{self, Sql};

/// Takes a practice in from the folder that `export` wrote in another installation.
///
/// Everything in it is checked first. Its certificates stay as they are; what had not left arrives
/// as drafts and has to be signed anew.
#[derive(Debug, Args)]
pub struct Import {
    /// The folder of the export.
    folder: PathBuf,
    /// Which practice, where there are several in it.
    #[arg(long, value_name = "ID")]
    practice: Option<String>,
    /// The public key that the other installation's ledger is signed with, from elsewhere than the
    /// export: 64 hexadecimal digits, or a file that holds them.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A head of its ledger that was seen elsewhere than in the export, as a chat message or a
    /// digest shows it: SEQ:HASH. Can be given more than once.
    #[arg(long = "head", value_name = "SEQ:HASH")]
    heads: Vec<String>,
}

impl Import {
    /// Checks the export, takes the practice in, and says what is to be done next.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let local = settings.local.enabled;
        let known = self.key.as_deref().map(read_key).transpose()?;
        let reading = || format!("{} can't be imported", self.folder.display());
        let seen = self.heads.iter().map(|head| Outside::read(head));
        let seen = seen.collect::<anyhow::Result<Vec<_>>>()?;
        let wanted = Wanted { practice: self.practice.as_deref(), seen: &seen };
        let incoming = Incoming::read(&self.folder, &wanted).with_context(reading)?;
        ensure!(
            known.is_none_or(|known| known == incoming.key),
            "its ledger is signed with another key than the one given"
        );
        let (folder, _turn) = Folder::enter(data)?;
        let place = folder::database(data, settings)?;
        let opening = || format!("opening the database {place}");
        let fit = store::fit(&place).await.with_context(opening)?;
        let missing = match (local, fit.is_new()) {
            (_, false) => Missing::DataAreThere,
            (true, true) => Missing::Make,
            (false, true) => Missing::NeverMade,
        };
        let keys = keys::read(data, missing)?;
        ensure!(fit.is_ours(), "the database {place} was made by another version of Countersign");
        let own = keys.ledger.verifying_key();
        let store = Sql::open(&place, keys.ledger, Some(folder.heads())).await;
        let store = store.with_context(opening)?;
        origin::mark(&store, &folder.heads(), &own).await?;
        let office =
            Office::new(Arc::new(store), Arc::new(RealClock), Arc::new(RealChance), keys.trace);
        may_arrive(&office, &incoming.practice, local).await?;
        let is_known = known.is_some();
        let (arrival, said) = prepare(&office, incoming, &own)?;
        let words = summary(&arrival, &seen, said, known.is_some());
        let arrived = office.store.arrive(&arrival, office.now()).await;
        arrived.context("writing the practice")?;
        let out = &mut std::io::stdout().lock();
        writeln!(out, "{words}").context("writing to the output")?;
        Ok(if is_known { Found::Intact } else { Found::SignerNotChecked })
    }
}

/// A practice is in an installation once, and samples and real ones never meet.
async fn may_arrive(office: &Office, practice: &Practice, local: bool) -> anyhow::Result<()> {
    for other in office.store.practices().await.context("reading the practices")? {
        ensure!(other != practice.id, "there is a practice {other} here already");
        let other = office.store.practice(&other).await.context("reading the practices")?;
        if other.is_some_and(|other| other.sample != practice.sample) {
            bail!("a sample practice and a real one can't be in one installation");
        }
    }
    ensure!(
        local || !practice.sample,
        "{} is a sample practice, and this installation is for real ones",
        practice.id
    );
    Ok(())
}

/// What arrives, and what is said of its posts.
fn prepare(
    office: &Office,
    incoming: Incoming,
    own: &VerifyingKey,
) -> anyhow::Result<(Arrival, Vec<String>)> {
    let former_key = hex::encode(incoming.key.as_bytes());
    let head = incoming.told.head;
    let former = Former { key: former_key.clone(), seq: head.seq, hash: head.hash };
    let mut practice = arriving(&incoming.practice, office.now());
    let public = hex::encode(own.as_bytes());
    let mut entries = founding::opening(&practice, (&public, Some(former)), office.chance.as_ref());
    let mut posts = Arriving::of(office, &mut practice, &incoming)?;
    if incoming.told.retention.is_on_hold() {
        let fact = Fact { what: What::LegalHold, subject: None };
        entries.push(entry(office, Doer::default(), fact));
        posts.said.push("It was under legal hold there, and is here".to_owned());
    }
    entries.append(&mut posts.entries);
    let Incoming { told, chain, contents, mut media, .. } = incoming;
    media.append(&mut posts.media);
    let arrival = Arrival {
        practice,
        entries,
        former_key,
        former: chain,
        last_number: told.fold.posts().map(|post| post.number).max().unwrap_or(0),
        contents,
        media,
        drafts: posts.posts,
        outbox: posts.outbox,
    };
    Ok((arrival, posts.said))
}

/// The practice as it begins here: what and who was there once is not, and a sample has its
/// workspace.
fn arriving(there: &Practice, now: Timestamp) -> Practice {
    let (former, former_accounts) = (Vec::new(), Vec::new());
    let mut practice = Practice { former, former_accounts, ..there.clone() };
    practice.packs.retain(|pack| pack.until.is_none_or(|until| until > now));
    if practice.sample {
        for member in &mut practice.members {
            member.identities = vec![sample::identity(member.id.as_str())];
        }
        let channels = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];
        practice.channels = channels.map(|p| (p, sample::channel(p.as_str()))).to_vec();
    }
    practice
}

fn summary(arrival: &Arrival, seen: &[Outside], said: Vec<String>, is_known: bool) -> String {
    let Arrival { practice, former, former_key, drafts, .. } = arrival;
    let head = former
        .last()
        .map_or(Head::NONE, |kept| Head { seq: kept.sealed.entry.seq, hash: kept.sealed.hash });
    let seen: Vec<&Outside> = seen.iter().collect();
    let key = read_key(former_key).map_or_else(|_| former_key.clone(), |key| fingerprint(&key));
    let mut lines = vec![format!(
        "{} is imported; its former ledger is whole, {}, and is kept under its own key {key}",
        practice.id,
        complete(head, &seen, "the export tells"),
    )];
    if !is_known {
        lines.push("Signer not checked: compare that key with the other installation's".to_owned());
    }
    match drafts.len() {
        0 => {}
        1 => lines
            .push("1 post had not left; it is a draft now and has to be signed anew".to_owned()),
        drafts => lines.push(format!(
            "{drafts} posts had not left; they are drafts now and have to be signed anew"
        )),
    }
    lines.extend(said);
    if !practice.sample {
        lines.push(
            "Accounts, channels and what people act from have to be connected anew: no ledger vouches \
             for them, and credentials are never exported"
                .to_owned(),
        );
    }
    lines.join("\n")
}
