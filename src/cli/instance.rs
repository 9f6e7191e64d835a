//! The instance's own chain: opened at the first start, for acts that concern all practices.

use anyhow::{Context, bail};
use ed25519_dalek::SigningKey;

use super::world::{RealChance, RealClock};
use crate::domain::canonical::hex;
use crate::domain::entry::{Fact, What};
use crate::domain::ids::PracticeId;
use crate::domain::ledger::{Body, NewEntry};
use crate::domain::practice::Practice;
use crate::ports::clock::{Chance, Clock};
use crate::ports::store::{Store, StoreError};

/// So many chains are looked at in one go.
const PAGE: i64 = 250;

/// Opens the chain if it is not there.
pub async fn open(store: &dyn Store, key: &SigningKey) -> anyhow::Result<()> {
    if store.practice(&PracticeId::instance()).await?.is_some() {
        return Ok(());
    }
    let first = first_entry(key, &RealChance);
    match store.found(&Practice::instance(), RealClock.now(), &[first]).await {
        // Another process that starts at the same time has made it.
        Err(StoreError::Conflict) => Ok(()),
        made => made.context("opening the chain of the instance"),
    }
}

/// The chain's first entry.
pub fn first_entry(key: &SigningKey, chance: &dyn Chance) -> NewEntry {
    let key = hex::encode(key.verifying_key().as_bytes());
    NewEntry {
        actor: "countersign".to_owned(),
        fact: Fact { what: What::Opened { key, former: None }, subject: None },
        body: Body { salt: chance.bytes(), ..Body::default() },
    }
}

/// A ledger goes on under the key that it began with: entries by another could never be verified.
pub async fn same_key(store: &dyn Store, key: &SigningKey) -> anyhow::Result<()> {
    let public = hex::encode(key.verifying_key().as_bytes());
    let mut after = String::new();
    loop {
        let page = store.first_entries(&after, PAGE).await.context("reading the ledger")?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        last.as_str().clone_into(&mut after);
        for (practice, first) in page {
            let opened = first.map(|entry| entry.fact.what);
            if !matches!(&opened, Some(What::Opened { key, .. }) if *key == public) {
                bail!(
                    "the ledger of {practice} was begun with another key than the one given: put \
                     the right one into keys/ledger or COUNTERSIGN_KEY_LEDGER"
                );
            }
        }
    }
}
