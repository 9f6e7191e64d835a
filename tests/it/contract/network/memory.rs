//! A store of sign-ins that forgets them with the test, and chance that never changes.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use countersign::domain::ids::{AccountId, PracticeId};
use countersign::ports::clock::Chance;
use countersign::ports::credentials::{KeepsCredentials, KeptCredentials};
use countersign::ports::store::{StoreError, Stored};

/// Sign-ins in memory; the real store has a contract of its own.
#[derive(Default)]
pub struct Memory(pub Mutex<Vec<KeptCredentials>>);

/// The same bytes each time.
pub struct Fixed;

impl Chance for Fixed {
    fn bytes(&self) -> [u8; 16] {
        [3; 16]
    }
}

#[async_trait]
impl KeepsCredentials for Memory {
    async fn credentials(
        &self,
        practice: &PracticeId,
        account: &AccountId,
    ) -> Stored<Option<KeptCredentials>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.iter().find(|k| (&k.practice, &k.account) == (practice, account)).cloned())
    }

    async fn keep_credentials(&self, kept: &KeptCredentials) -> Stored<()> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same =
            |k: &KeptCredentials| (&k.practice, &k.account) == (&kept.practice, &kept.account);
        let known = all.iter().position(same);
        if known.map_or(0, |at| all[at].version) != kept.version {
            return Err(StoreError::Conflict);
        }
        let next = KeptCredentials { version: kept.version + 1, ..kept.clone() };
        match known {
            Some(at) => all[at] = next,
            None => all.push(next),
        }
        Ok(())
    }

    async fn forget_credentials(&self, practice: &PracticeId, account: &AccountId) -> Stored<()> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|k| (&k.practice, &k.account) != (practice, account));
        Ok(())
    }

    async fn holder(&self, identity: &str) -> Stored<Option<(PracticeId, AccountId)>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().find(|kept| kept.identity.as_deref() == Some(identity));
        Ok(known.map(|kept| (kept.practice.clone(), kept.account.clone())))
    }

    async fn has_credentials(&self) -> Stored<bool> {
        Ok(!self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty())
    }
}
