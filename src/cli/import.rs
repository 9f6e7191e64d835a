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

use super::folder::{self, Folder};
use super::found::Found;
use super::incoming::Incoming;
use super::keys::{self, Missing, read_key};
use super::sample;
use super::world::{RealChance, RealClock};
use crate::app::effects::{Doer, entry};
use crate::app::founding;
use crate::app::office::Office;
use crate::app::roster::roster;
use crate::app::wish::{Wish, wish};
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::entry::{Fact, Former, Subject, What};
use crate::domain::ledger::{NewEntry, fingerprint};
use crate::domain::post::{Draft, Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::ports::chat::Place;
use crate::ports::store::{Arrival, OutboxWrite};
use crate::screen::Severity;
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
}

impl Import {
    /// Checks the export, takes the practice in, and says what is to be done next.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let local = settings.local.enabled;
        let known = self.key.as_deref().map(read_key).transpose()?;
        let reading = || format!("{} can't be imported", self.folder.display());
        let incoming =
            Incoming::read(&self.folder, self.practice.as_deref()).with_context(reading)?;
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
        let office =
            Office::new(Arc::new(store), Arc::new(RealClock), Arc::new(RealChance), keys.trace);
        may_arrive(&office, &incoming.practice, local).await?;
        let is_known = known.is_some();
        let (arrival, words) = prepare(&office, incoming, &own, is_known);
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

fn prepare(
    office: &Office,
    incoming: Incoming,
    own: &VerifyingKey,
    is_known: bool,
) -> (Arrival, String) {
    let Incoming { mut practice, key, chain, told, contents, drafts, media } = incoming;
    let former_key = hex::encode(key.as_bytes());
    let former = Former { key: former_key.clone(), seq: told.head.seq, hash: told.head.hash };
    (practice.former, practice.former_accounts) = (Vec::new(), Vec::new());
    if practice.sample {
        for member in &mut practice.members {
            member.identities = vec![sample::identity(member.id.as_str())];
        }
        let channels = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];
        practice.channels = channels.map(|p| (p, sample::channel(p.as_str()))).to_vec();
    }
    let public = hex::encode(own.as_bytes());
    let mut entries = founding::opening(&practice, (&public, Some(former)), office.chance.as_ref());
    let mut posts = Vec::new();
    let mut outbox = Vec::new();
    for old in told.fold.posts().filter(|post| is_on_its_way(post.state)) {
        let draft = drafts.iter().find(|drafted| drafted.post == old.id);
        let draft = draft.map_or_else(Draft::default, |drafted| drafted.draft.clone());
        let post = begun(office, &practice, old, draft);
        entries.push(drafted(office, &post));
        outbox.extend(shown(office, &practice, &post));
        posts.push(post);
    }
    let leaving = told.fold.posts().filter(|post| post.state == State::Publishing);
    let leaving = leaving.map(|post| post.number).collect::<Vec<_>>();
    let words = summary(&practice, &told.head.short(), (posts.len(), &leaving), &key, is_known);
    let last_number = told.fold.posts().map(|post| post.number).max().unwrap_or(0);
    let drafts = posts;
    let former = chain;
    let arrival = Arrival {
        practice,
        entries,
        former_key,
        former,
        last_number,
        contents,
        media,
        drafts,
        outbox,
    };
    (arrival, words)
}

fn is_on_its_way(state: State) -> bool {
    match state {
        State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed => {
            true
        }
        State::Published | State::PartPublished | State::Withdrawn | State::TakenDown => false,
    }
}

/// The post as a draft; its words pass the same screen as if somebody had typed them.
fn begun(office: &Office, practice: &Practice, old: &Post, mut draft: Draft) -> Post {
    // Where it is live, or may be, it must not go out once more.
    let out = old.publications.iter().filter(|publication| publication.is_out());
    draft
        .accounts
        .retain(|account| !out.clone().any(|publication| publication.account == *account));
    // Who left the practice is not in it here.
    let author = practice.member(&old.author).or(practice.members.first());
    let author = author.map_or_else(|| old.author.clone(), |member| member.id.clone());
    let mut post = Post::new(practice.id.clone(), old.id.clone(), old.number, author);
    post.writers.clone_from(&old.writers);
    post.draft = if is_clean(office, practice, &draft) {
        Draft { slot: None, ..draft }
    } else {
        Draft { accounts: draft.accounts, ..Draft::default() }
    };
    post
}

fn is_clean(office: &Office, practice: &Practice, draft: &Draft) -> bool {
    let roster = roster(practice);
    draft.typed().all(|text| {
        let found = office.screen.check(text, &roster);
        found.iter().all(|finding| finding.severity != Severity::Block)
    })
}

fn drafted(office: &Office, post: &Post) -> NewEntry {
    let (number, author, writers) = (post.number, post.author.clone(), post.writers.clone());
    let what = What::Drafted { number, author, writers };
    let subject = Subject { post: post.id.clone(), revision: 0, state: State::Draft };
    entry(office, Doer::default(), Fact { what, subject: Some(subject) })
}

fn shown(office: &Office, practice: &Practice, post: &Post) -> Option<OutboxWrite> {
    let channel = practice.channel(Purpose::Ideas)?.clone();
    let place = Some(Place { channel, thread: None, only: None, instead_of: None });
    let card = Wish::Card { post: post.id.clone(), revision: 0, place };
    Some(wish(office, &practice.id, format!("card/{}/0", post.id), card, true))
}

fn summary(
    practice: &Practice,
    head: &str,
    (drafts, leaving): (usize, &[i64]),
    key: &VerifyingKey,
    is_known: bool,
) -> String {
    let mut lines = vec![format!(
        "{} is imported; its former ledger is whole up to {head} and is kept under its own key {}",
        practice.id,
        fingerprint(key)
    )];
    if !is_known {
        lines.push("Signer not checked: compare that key with the other installation's".to_owned());
    }
    match drafts {
        0 => {}
        1 => lines
            .push("1 post had not left; it is a draft now and has to be signed anew".to_owned()),
        _ => lines.push(format!(
            "{drafts} posts had not left; they are drafts now and have to be signed anew"
        )),
    }
    for number in leaving {
        lines.push(format!(
            "Post {number} was leaving: look whether it is live before it is sent again"
        ));
    }
    if !practice.sample {
        lines.push(
            "Accounts, channels and what people act from have to be connected anew: no ledger vouches \
             for them, and credentials are never exported"
                .to_owned(),
        );
    }
    lines.join("\n")
}
