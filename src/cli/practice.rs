//! `practice show` and `practice apply`: a practice as a file, and a practice made or changed by
//! one. Works while `serve` runs.

use std::collections::HashSet;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::consents;
use super::folder::{self, Folder};
use super::found::Found;
use super::keys::{self, Keys, Missing};
use super::origin;
use super::practice_file::PracticeFile;
use super::rules;
use super::world::{RealChance, RealClock};
use crate::app::office::Office;
use crate::app::practice::changed;
use crate::app::telling::{lines, place, there};
use crate::app::{confirm, founding};
use crate::config::Settings;
use crate::domain::canonical::hex;
use crate::domain::change::{self, By, Changed};
use crate::domain::differences::{differences, founding as founded};
use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;
use crate::domain::practice::Practice;
use crate::domain::setting::Setting;
use crate::domain::window::shown;
use crate::ports::clock::Clock;
use crate::ports::store::{Change, StoreError};
use crate::store::{self, Sql};

/// Shows a practice, or makes and changes one.
#[derive(Debug, Args)]
pub struct PracticeCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Writes a practice to the output, as a file that `apply` reads.
    Show {
        /// Which.
        id: String,
    },
    /// Says how often each rule of the screen hit, and what people said of that.
    Rules {
        /// Of which practice.
        id: String,
    },
    /// Lists the consents to be seen in pictures, by their codes.
    Consents {
        /// Of which practice.
        id: String,
    },
    /// Enters a consent, and says its code.
    Consent {
        /// Of which practice.
        id: String,
        /// What the pictures may be shown for, as the paper says it; names nobody.
        #[arg(long = "for")]
        purpose: String,
        /// Its last day, such as 2027-11-30.
        #[arg(long)]
        until: String,
        /// A network on which they may be shown, as often as there are; without any, everywhere.
        #[arg(long = "network")]
        networks: Vec<String>,
    },
    /// Ends a consent, and says what is live by it.
    Revoke {
        /// Of which practice.
        id: String,
        /// The code on the paper.
        code: String,
    },
    /// Makes the practice that the file describes, or changes it to be as described; shows first
    /// what would change, and asks.
    Apply {
        /// The file.
        file: PathBuf,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
        /// Makes new one-time codes for every account that nobody has confirmed.
        #[arg(long)]
        new_codes: bool,
    },
}

/// How it is applied.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// Asks whether it should be done, once it is shown what; says so itself where nobody is asked.
    pub agreed: &'a dyn Fn(&mut dyn Write) -> anyhow::Result<bool>,
    /// With new codes for every account that nobody has confirmed.
    pub new_codes: bool,
}

impl PracticeCommand {
    /// Does it.
    pub async fn run(self, data: &Path, settings: &Settings) -> anyhow::Result<Found> {
        let (store, keys) = open(data, settings).await?;
        let public = hex::encode(keys.ledger.verifying_key().as_bytes());
        let (clock, chance) = (Arc::new(RealClock), Arc::new(RealChance));
        let office = Office::new(Arc::new(store), clock, chance, keys.trace);
        let out = &mut std::io::stdout().lock();
        match self.what {
            What::Show { id } => show(&office, &id, out).await,
            What::Rules { id } => rules::rules(&office, &known(&office, &id).await?, out).await,
            What::Consents { id } => consents::list(&office, &known(&office, &id).await?, out),
            What::Consent { id, purpose, until, networks } => {
                let said = (&networks[..], &*purpose, &*until);
                consents::enter(&office, &known(&office, &id).await?, said, out).await
            }
            What::Revoke { id, code } => {
                consents::revoke(&office, &known(&office, &id).await?, &code, out).await
            }
            What::Apply { file, yes, new_codes } => {
                let text = std::fs::read_to_string(&file);
                let text = text.with_context(|| format!("reading {}", file.display()))?;
                let agreed: &dyn Fn(&mut dyn Write) -> anyhow::Result<bool> =
                    if yes { &|_| Ok(true) } else { &asked };
                let manner = Manner { agreed, new_codes };
                let applied = apply(&office, &public, &text, manner, out).await;
                applied.with_context(|| format!("applying {}", file.display()))
            }
        }
    }
}

async fn open(data: &Path, settings: &Settings) -> anyhow::Result<(Sql, Keys)> {
    let (folder, _turn) = Folder::enter(data)?;
    let place = folder::database(folder.path(), settings)?;
    let opening = || format!("opening the database {place}");
    let fit = store::fit(&place).await.with_context(opening)?;
    let missing = if fit.is_new() { Missing::NeverMade } else { Missing::DataAreThere };
    let keys = keys::read(folder.path(), missing)?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(RealClock.now()).date();
    folder.make_fit(&place, fit, today).await?;
    let store = Sql::open(&place, keys.ledger.clone(), Some(folder.heads())).await;
    let store = store.with_context(opening)?;
    origin::mark(&store, &folder.heads(), &keys.ledger.verifying_key()).await?;
    Ok((store, keys))
}

/// The practice with this id, or which ones there are.
pub(super) async fn known(office: &Office, id: &str) -> anyhow::Result<Practice> {
    let id = PracticeId::new(id);
    if let Some(practice) = office.store.practice(&id).await.context("reading the practice")? {
        return Ok(practice);
    }
    let practices = office.store.practices().await.context("reading the practices")?;
    let known: Vec<&str> = practices.iter().map(PracticeId::as_str).collect();
    bail!("there is no practice {id}; there is {}", known.join(", "));
}

/// Writes a practice down, with what is not in force yet as comments.
pub async fn show(office: &Office, id: &str, out: &mut impl Write) -> anyhow::Result<Found> {
    let practice = known(office, id).await?;
    write!(out, "{}", PracticeFile::of(&practice).to_toml()?)?;
    for line in open_ends(office, &practice) {
        writeln!(out, "# {line}")?;
    }
    Ok(Found::Intact)
}

/// What does not count yet, and who has not confirmed an account.
fn open_ends(office: &Office, practice: &Practice) -> Vec<String> {
    let waits = change::waiting(practice, office.now());
    let waits = waits.iter().filter_map(|setting| {
        let from = shown(setting.counts_from()?, &practice.zone);
        Some(match setting {
            Setting::RoleSet { member, role, .. } => {
                format!(
                    "{} signs as {role} for what is made from {from} on",
                    practice.name_of(member)
                )
            }
            Setting::PolicySet { .. } => format!("the policy counts from {from} on"),
            _ => format!("own words may be signed from {from} on"),
        })
    });
    let unconfirmed = confirm::unconfirmed(practice).into_iter();
    let unconfirmed = unconfirmed.map(|(name, identity)| {
        format!(
            "{name} has not confirmed {}: nothing signed from there counts; apply with --new-codes \
             makes a new code",
            place(identity)
        )
    });
    waits.chain(unconfirmed).collect()
}

/// Makes the practice be as the file says.
pub async fn apply(
    office: &Office,
    public_key: &str,
    text: &str,
    manner: Manner<'_>,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let file = PracticeFile::read(text)?;
    let mut wanted = file.practice()?;
    let known = office.store.practice(&wanted.id).await.context("reading the practice")?;
    if let Some(known) = &known {
        if file.sample.is_some_and(|sample| sample != known.sample) {
            bail!("a practice stays a sample, or none, for ever: give the other one another id");
        }
        wanted.sample = known.sample;
    }
    let before = known.clone().unwrap_or_else(|| Practice::new(wanted.id.clone(), wanted.sample));
    change::fits(&before, &wanted)?;
    channels_are_free(office, &wanted).await?;
    match known {
        None => make(office, public_key, (wanted, manner), out).await,
        Some(known) => alter(office, &known, (wanted, manner), out).await,
    }
}

async fn channels_are_free(office: &Office, wanted: &Practice) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    for (_, channel) in &wanted.channels {
        if !seen.insert(channel) {
            bail!("the channel {} is there twice", there(channel));
        }
        let bound = office.store.binding(channel).await.context("reading the channels")?;
        if bound.is_some_and(|bound| bound.practice != wanted.id) {
            bail!("the channel {} belongs to another practice", there(channel));
        }
    }
    Ok(())
}

/// A new practice: all of it counts at once.
async fn make(
    office: &Office,
    public_key: &str,
    (mut wanted, manner): (Practice, Manner<'_>),
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    if wanted.sample {
        // Everyone in it is made up, so nobody can show anything.
        wanted.members.iter_mut().for_each(|member| member.unconfirmed.clear());
    }
    let nothing = Practice::new(wanted.id.clone(), wanted.sample);
    let now = office.now();
    let all = Changed { at: now, set: founded(&wanted), after: wanted.clone() };
    writeln!(out, "the new practice {}:", wanted.id)?;
    list(&nothing, &all, office.now(), out)?;
    if !(manner.agreed)(out)? {
        return Ok(Found::Intact);
    }
    let entries = founding::entries(&wanted, public_key, office.chance.as_ref());
    match office.store.found(&wanted, office.now(), &entries).await {
        Err(StoreError::Conflict) => bail!("somebody else has just made it: apply the file again"),
        made => made.context("making the practice")?,
    }
    writeln!(out, "made; all of it counts at once")?;
    let change = Change::new(wanted.id.clone(), office.now());
    give_codes(office, (&nothing, &wanted), change, manner, out).await
}

async fn alter(
    office: &Office,
    known: &Practice,
    (wanted, manner): (Practice, Manner<'_>),
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let decided = change::decide(known, differences(known, &wanted), By::Operator, office.now())?;
    if decided.set.is_empty() {
        writeln!(out, "{}: nothing to change", known.id)?;
    } else {
        writeln!(out, "{}:", known.id)?;
        list(known, &decided, office.now(), out)?;
        if !(manner.agreed)(out)? {
            return Ok(Found::Intact);
        }
    }
    // Somebody may have thought about it for long: what waits, waits from now on.
    let decided = change::decide(known, differences(known, &wanted), By::Operator, office.now())?;
    let after = decided.after.clone();
    let change = changed(office, known, decided, None);
    give_codes(office, (known, &after), change, manner, out).await?;
    for line in open_ends(office, &after) {
        writeln!(out, "{line}")?;
    }
    Ok(Found::Intact)
}

fn list(
    before: &Practice,
    changed: &Changed,
    now: Timestamp,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    for line in lines(before, changed, now) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Commits, and only then shows the codes: what was not stored is never shown.
async fn give_codes(
    office: &Office,
    (before, after): (&Practice, &Practice),
    mut change: Change,
    manner: Manner<'_>,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let known: Vec<&Identity> = confirm::unconfirmed(before).into_iter().map(|it| it.1).collect();
    let mut shown = Vec::new();
    for (name, identity) in confirm::unconfirmed(after) {
        if manner.new_codes || !known.contains(&identity) {
            let (code, write) = confirm::code(office, &after.id, identity);
            change.codes.push(write);
            shown.push(format!("{name}, {}: /post confirm {code}", place(identity)));
        }
    }
    if change.entries.is_empty() && change.codes.is_empty() {
        return Ok(Found::Intact);
    }
    let changes = !change.entries.is_empty();
    match office.commit(change).await {
        Err(StoreError::Conflict) => bail!("it was changed in between: apply the file again"),
        done => done.context("writing the change")?,
    };
    if changes {
        writeln!(out, "changed")?;
    }
    if !shown.is_empty() {
        writeln!(
            out,
            "One-time codes, shown only now and worth something for 7 days. Hand each to its person \
             by another way than chat; they type it from that account:"
        )?;
    }
    for line in shown {
        writeln!(out, "  {line}")?;
    }
    Ok(Found::Intact)
}

/// Somebody at the terminal says yes.
fn asked(out: &mut dyn Write) -> anyhow::Result<bool> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        bail!("nothing was changed: nobody is here to ask, so say --yes");
    }
    write!(out, "Do this? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    input.lock().read_line(&mut answer).context("reading the answer")?;
    let yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !yes {
        writeln!(out, "nothing was changed")?;
    }
    Ok(yes)
}
