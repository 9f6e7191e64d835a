//! Keeps the sign-ins of accounts: sealed in the store, opened for the one request, renewed by one
//! at a time, and known to be over once the network says so.
//!
//! Several processes may keep the same ones. Each write says which it saw last, and is made anew
//! over what another wrote; nothing is written over a sign-in that is newer than its request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::http::Failure;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};
use crate::domain::network::Network;
use crate::domain::outbox::Outcome;
use crate::domain::vault::{Once, Shut, Vault};
use crate::ports::accounts::{SignedIn, State};
use crate::ports::clock::Chance;
use crate::ports::credentials::{KeepsCredentials, KeptCredentials};
use crate::ports::publisher::{On, Readiness};
use crate::ports::store::{StoreError, Stored};

/// So long until what could not be read is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

type Turns = HashMap<(PracticeId, AccountId), Arc<tokio::sync::Mutex<()>>>;

/// The sign-ins of accounts.
pub struct Keyring {
    store: Arc<dyn KeepsCredentials>,
    vault: Vault,
    chance: Arc<dyn Chance>,
    /// Whose turn it is to renew which.
    turns: Mutex<Turns>,
}

impl Keyring {
    /// Over these.
    pub fn new(store: Arc<dyn KeepsCredentials>, vault: Vault, chance: Arc<dyn Chance>) -> Self {
        Self { store, vault, chance, turns: Mutex::default() }
    }

    /// Can anything be done on the account now?
    pub async fn readiness(&self, on: On<'_>) -> Readiness {
        match self.kept(on).await {
            // What can't be read now is found out by whoever needs it.
            Err(_) => Readiness::Ready,
            Ok(None) => Readiness::Out("nobody has signed in there yet".to_owned()),
            Ok(Some(KeptCredentials { out: Some((_, why)), .. })) => Readiness::Out(why),
            Ok(Some(KeptCredentials { expiry: Expiry::At(ends), .. })) if ends <= on.now => {
                Readiness::Out("its sign-in is too old".to_owned())
            }
            Ok(Some(kept)) => match kept.not_before.filter(|until| *until > on.now) {
                Some(until) => Readiness::Busy(until),
                None => Readiness::Ready,
            },
        }
    }

    /// The account's secrets.
    pub async fn open<T: DeserializeOwned>(&self, on: On<'_>) -> Result<T, Outcome> {
        let kept = self.kept(on).await.map_err(|error| unreadable(on, &error.to_string()))?;
        let kept =
            kept.ok_or_else(|| Outcome::SignedOut("nobody has signed in there yet".to_owned()))?;
        self.read(on, &kept)
    }

    /// The account's secrets once they are fresh: as they are kept, or renewed and kept. Whoever
    /// comes at the same time waits, and gets the same.
    pub async fn fresh<T, R>(
        &self,
        on: On<'_>,
        is_fresh: impl Fn(&T) -> bool + Send + Sync,
        renew: impl FnOnce(T) -> R + Send,
    ) -> Result<T, Outcome>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        R: Future<Output = Result<T, Failure>> + Send,
    {
        let known: T = self.open(on).await?;
        if is_fresh(&known) {
            return Ok(known);
        }
        let turn = self.turn(on);
        let _turn = turn.lock().await;
        let known: T = self.open(on).await?;
        if is_fresh(&known) {
            return Ok(known);
        }
        let next = match renew(known).await {
            Ok(next) => next,
            Err(failure) => return Err(self.heed(on, failure).await),
        };
        match self.change(on, |kept| kept.sealed = self.seal(on, &next)).await {
            Ok(()) => Ok(next),
            Err(error) => Err(unreadable(on, &error.to_string())),
        }
    }

    /// Keeps what a person signed in with, over whatever was kept.
    pub async fn keep(&self, on: On<'_>, signed_in: &SignedIn) -> Stored<()> {
        let before = self.kept(on).await?;
        let kept = KeptCredentials {
            practice: on.practice.clone(),
            account: on.account.id.clone(),
            sealed: self.vault.seal(&owner(on), signed_in.secrets.reveal(), self.chance.once()),
            identity: identity(on.account.network, signed_in),
            version: before.map_or(0, |before| before.version),
            since: on.now,
            expiry: signed_in.expiry,
            out: None,
            not_before: None,
        };
        self.store.keep_credentials(&kept).await
    }

    /// How the account stands.
    pub async fn state(&self, on: On<'_>) -> Stored<State> {
        let (kept, readiness) = (self.kept(on).await?, self.readiness(on).await);
        let (since, expiry) = kept.as_ref().map(|kept| (kept.since, kept.expiry)).unzip();
        let out_since = kept.and_then(|kept| kept.out).map(|out| out.0);
        Ok(State { since, expiry, out_since, readiness })
    }

    /// Whose the account is, of whichever practice, that somebody has shown to be theirs.
    pub async fn holder(
        &self,
        network: Network,
        signed_in: &SignedIn,
    ) -> Stored<Option<(PracticeId, AccountId)>> {
        match identity(network, signed_in) {
            Some(identity) => self.store.holder(&identity).await,
            None => Ok(None),
        }
    }

    /// The network accepts it after all.
    pub async fn accepted(&self, on: On<'_>) -> Stored<()> {
        self.change(on, |kept| (kept.out, kept.not_before) = (None, None)).await
    }

    /// Forgets them.
    pub async fn forget(&self, on: On<'_>) -> Stored<()> {
        self.store.forget_credentials(on.practice, &on.account.id).await
    }

    /// What a failure means for the account is kept, and what it means for whoever asked is said.
    pub async fn heed(&self, on: On<'_>, failure: Failure) -> Outcome {
        let noted = match &failure {
            Failure::Busy(until) => self.change(on, |kept| kept.not_before = Some(*until)).await,
            Failure::Ended(Outcome::SignedOut(why)) => {
                self.change(on, |kept| kept.out = Some((on.now, why.clone()))).await
            }
            Failure::Expired
            | Failure::NotThere
            | Failure::NotFound(_)
            | Failure::Elsewhere(_)
            | Failure::Ended(_) => Ok(()),
        };
        if let Err(error) = noted {
            let account = &on.account.id;
            tracing::warn!(account.id = %account, %error, "The state of {account} is not kept: {error}");
        }
        match failure {
            Failure::Expired => Outcome::TryLater(on.now),
            other => other.into(),
        }
    }

    /// Changes the kept secrets; what can't be kept now is found out again.
    pub async fn alter<T: Serialize + DeserializeOwned>(
        &self,
        on: On<'_>,
        alter: impl Fn(&mut T) + Send + Sync,
    ) {
        let altered = self.change(on, |kept| {
            if let Ok(mut secrets) = self.read::<T>(on, kept) {
                alter(&mut secrets);
                kept.sealed = self.seal(on, &secrets);
            }
        });
        if let Err(error) = altered.await {
            let account = &on.account.id;
            tracing::warn!(account.id = %account, %error, "The state of {account} is not kept: {error}");
        }
    }

    async fn kept(&self, on: On<'_>) -> Stored<Option<KeptCredentials>> {
        self.store.credentials(on.practice, &on.account.id).await
    }

    /// Changes what is kept, also when somebody else does at the same time. What a request brought
    /// about that began before a person connected the account again is of no account any more.
    async fn change(&self, on: On<'_>, change: impl Fn(&mut KeptCredentials)) -> Stored<()> {
        for _ in 0..3 {
            let Some(mut kept) = self.kept(on).await? else { return Ok(()) };
            if kept.since > on.now {
                return Ok(());
            }
            change(&mut kept);
            match self.store.keep_credentials(&kept).await {
                Err(StoreError::Conflict) => {}
                other => return other,
            }
        }
        Err(StoreError::Conflict)
    }

    fn read<T: DeserializeOwned>(&self, on: On<'_>, kept: &KeptCredentials) -> Result<T, Outcome> {
        let opened = self.vault.open(&owner(on), &kept.sealed);
        let opened = opened.map_err(|shut| unreadable(on, &shut.to_string()))?;
        serde_json::from_str(&opened).map_err(|_| unreadable(on, "it is of another form"))
    }

    fn seal<T: Serialize>(&self, on: On<'_>, secrets: &T) -> String {
        let text = serde_json::to_string(secrets).expect("secrets are plain texts");
        self.vault.seal(&owner(on), &text, self.chance.once())
    }

    fn turn(&self, on: On<'_>) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry((on.practice.clone(), on.account.id.clone())).or_default().clone()
    }
}

/// An account's sign-in sealed with the vault's newest key; nothing where it is so already.
pub fn anew(vault: &Vault, on: On<'_>, sealed: &str, once: Once) -> Result<Option<String>, Shut> {
    vault.anew(&owner(on), sealed, once)
}

/// Who it is, by the network's own word.
fn identity(network: Network, signed_in: &SignedIn) -> Option<String> {
    signed_in.identity.as_ref().map(|who| format!("{network} {who}"))
}

/// Bound to practice, account and where it is, so that no other opens it.
fn owner(on: On<'_>) -> [&str; 5] {
    let account = on.account;
    [
        account.network.as_str(),
        on.practice.as_str(),
        account.id.as_str(),
        &account.server,
        &account.remote_id,
    ]
}

fn unreadable(on: On<'_>, why: &str) -> Outcome {
    let account = &on.account.id;
    tracing::error!(account.id = %account, "The sign-in of {account} can't be used: {why}");
    Outcome::TryLater(later(on.now))
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(AGAIN).unwrap_or(now)
}
