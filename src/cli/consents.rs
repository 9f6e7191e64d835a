//! `practice consents`, `consent` and `revoke`: the registry of consents, from the command line.

use std::io::Write;

use anyhow::{Context, anyhow, bail};

use super::found::Found;
use crate::app::consent_uses::{Uses, uses};
use crate::app::consents;
use crate::app::office::Office;
use crate::app::practice::changed;
use crate::domain::network::Network;
use crate::domain::practice::Practice;
use crate::domain::setting::Named;
use crate::ports::notice::ConsentView;

/// Writes every consent down, newest first, also those that hold no more.
pub fn list(office: &Office, practice: &Practice, out: &mut impl Write) -> anyhow::Result<Found> {
    if practice.consents.is_empty() {
        writeln!(out, "No consent is entered for {} yet.", practice.name)?;
    }
    for consent in practice.consents.iter().rev() {
        let ConsentView { code, terms, revoked } = consents::shown(practice, consent);
        let ended = match (revoked.is_empty(), consent.holds(office.now())) {
            (false, _) => format!("; revoked on {revoked}"),
            (true, false) => "; over".to_owned(),
            (true, true) => String::new(),
        };
        writeln!(out, "{code}  {terms}{ended}")?;
    }
    Ok(Found::Intact)
}

/// Enters a consent; its code goes to the output.
pub async fn enter(
    office: &Office,
    practice: &Practice,
    (networks, purpose, until): (&[String], &str, &str),
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let networks = networks.iter().map(|word| {
        word.parse::<Network>().map_err(|_| anyhow!("there is no network {word:?} here"))
    });
    let networks = networks.collect::<anyhow::Result<Vec<Network>>>()?;
    if consents::names_somebody(office, practice, purpose).await {
        bail!("what it is for looks like patient information: name nobody, and no number");
    }
    let wanted = consents::given(office, practice, (networks, purpose, until));
    let after = decide(office, practice, wanted.map_err(|(_, why)| anyhow!(why))?).await?;
    let new = after.consents.last().context("the consent is not there")?;
    let ConsentView { code, terms, .. } = consents::shown(&after, new);
    writeln!(out, "{code}  {terms}")?;
    writeln!(
        out,
        "Write the code on the paper that was signed, and keep the paper: no name is here."
    )?;
    Ok(Found::Intact)
}

/// Ends a consent, and writes down what is live by it.
pub async fn revoke(
    office: &Office,
    practice: &Practice,
    code: &str,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let consent = consents::find(practice, code);
    let consent = consent.with_context(|| format!("{} has no consent {code}", practice.id))?;
    if consent.revoked.is_some() {
        bail!("the consent {} was revoked before", consent.code);
    }
    let after = decide(office, practice, consents::revoking(consent)).await?;
    writeln!(out, "the consent {} is revoked", consent.code)?;
    used(office, &after, &consent.code, out).await
}

async fn used(
    office: &Office,
    practice: &Practice,
    code: &str,
    out: &mut impl Write,
) -> anyhow::Result<Found> {
    let uses = uses(office, practice, code).await;
    let Uses { live, waiting } = uses.context("reading the ledger")?;
    if live.is_empty() {
        writeln!(out, "nothing is live by it")?;
    }
    for (_, line) in live {
        writeln!(out, "live: {} {}", line.line, line.link)?;
    }
    for line in waiting {
        writeln!(out, "not out, and will not go by it: {line}")?;
    }
    Ok(Found::Intact)
}

async fn decide(office: &Office, practice: &Practice, wanted: Named) -> anyhow::Result<Practice> {
    let decided = consents::decided(office, practice, wanted).map_err(|why| anyhow!(why))?;
    let after = decided.after.clone();
    let change = changed(office, practice, decided, None);
    office.commit(change).await.context("writing the change; try it again")?;
    Ok(after)
}
