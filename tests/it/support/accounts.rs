//! Accounts of which a test says how they stand.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use countersign::domain::expiry::Expiry;
use countersign::domain::ids::{AccountId, PracticeId};
use countersign::domain::network::Network;
use countersign::ports::accounts::{Accounts, SignedIn, State, Typed};
use countersign::ports::publisher::{On, Readiness};
use countersign::ports::store::Stored;
use jiff::Timestamp;

/// Accounts that are all alike.
pub struct FakeAccounts {
    expiry: Mutex<Expiry>,
    out: Mutex<Option<(Timestamp, String)>>,
    forgotten: Mutex<Vec<AccountId>>,
}

impl FakeAccounts {
    /// Connected, and good for so long.
    pub fn good(expiry: Expiry) -> Self {
        Self { expiry: Mutex::new(expiry), out: Mutex::default(), forgotten: Mutex::default() }
    }

    /// Their networks accept them no more.
    pub fn are_out(&self, since: Timestamp, why: &str) {
        *lock(&self.out) = Some((since, why.to_owned()));
    }

    /// They are good for so long from now on.
    pub fn are_good_for(&self, expiry: Expiry) {
        *lock(&self.expiry) = expiry;
    }

    /// Those that were forgotten.
    pub fn forgotten(&self) -> Vec<AccountId> {
        lock(&self.forgotten).clone()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Accounts for FakeAccounts {
    async fn sign_in(&self, _: &Typed) -> Result<SignedIn, String> {
        Err("nobody signs in here".to_owned())
    }

    async fn holder(&self, _: Network, _: &SignedIn) -> Stored<Option<(PracticeId, AccountId)>> {
        Ok(None)
    }

    async fn keep(&self, _: On<'_>, _: &SignedIn) -> Stored<()> {
        Ok(())
    }

    async fn forget(&self, on: On<'_>) -> Stored<()> {
        lock(&self.forgotten).push(on.account.id.clone());
        Ok(())
    }

    async fn state(&self, on: On<'_>) -> Stored<State> {
        let (expiry, out) = (*lock(&self.expiry), lock(&self.out).clone());
        let over = expiry.ends().is_some_and(|ends| ends <= on.now);
        let readiness = match &out {
            Some((_, why)) => Readiness::Out(why.clone()),
            None if over => Readiness::Out("its sign-in is too old".to_owned()),
            None => Readiness::Ready,
        };
        let since = Some("2026-11-02T15:00:00Z".parse().expect("a time"));
        Ok(State { since, expiry: Some(expiry), out_since: out.map(|out| out.0), readiness })
    }

    async fn test(&self, _: On<'_>) -> Result<(), String> {
        match &*lock(&self.out) {
            Some((_, why)) => Err(format!("the sign-in is not accepted: {why}")),
            None => Ok(()),
        }
    }
}
