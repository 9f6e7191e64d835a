//! Accounts on networks: whether each signs in, what it may do, and what fits there.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::finding::Finding;
use crate::cli::world::RealClock;
use crate::cli::{account, keys};
use crate::config::Settings;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};
use crate::domain::network::Network;
use crate::domain::practice::{Account, Practice};
use crate::domain::window::shown;
use crate::networks::Networks;
use crate::ports::accounts::{Accounts, State};
use crate::ports::clock::Clock;
use crate::ports::credentials::{KeepsCredentials, KeptCredentials};
use crate::ports::publisher::{On, Readiness};
use crate::ports::store::{Store, Stored};
use crate::store::Sql;

const NAME: &str = "account";

/// Asks each account's network whether its sign-in is good.
pub(super) async fn look(
    findings: &mut Vec<Finding>,
    store: Arc<Sql>,
    (data, settings): (&Path, &Settings),
) {
    // What can't be read was said of the practices already.
    let mut practices = Vec::new();
    for id in store.practices().await.unwrap_or_default() {
        practices.extend(store.practice(&id).await.ok().flatten());
    }
    if !practices.iter().any(|practice| practice.accounts.iter().any(has_sign_in)) {
        return;
    }
    let beside = Arc::new(Beside { store, written: Mutex::default() });
    let networks = match account::networks(data, settings, beside).await {
        Ok(Some(networks)) => networks,
        Ok(None) => {
            let what = "accounts are connected, and the key vault is not there: their posts wait";
            let todo = "put the key vault back, or connect each account again (countersign \
                        account add), and start Countersign anew";
            return findings.push(Finding::fail(NAME, what, todo));
        }
        Err(error) => {
            let todo = "put the key vault back";
            return findings.push(Finding::fail(NAME, format!("{error:#}"), todo));
        }
    };
    for practice in &practices {
        for account in practice.accounts.iter().filter(|account| has_sign_in(account)) {
            findings.push(of_one(&networks, practice, account).await);
        }
    }
    if let Ok(Some(old)) = keys::old_vault(data) {
        let what = format!("the key vault is being replaced, and the old one is in {old} still");
        findings.push(Finding::warn("keys", what, "countersign keys rotate vault"));
    }
}

fn has_sign_in(account: &Account) -> bool {
    account.network != Network::Local
}

async fn of_one(networks: &Networks, practice: &Practice, account: &Account) -> Finding {
    let (id, name) = (&practice.id, &account.name);
    let on = On { practice: id, account, now: RealClock.now() };
    let add = format!(
        "connect it again: countersign account add {id} {} HANDLE --server {}",
        account.network, account.server
    );
    let known = networks.state(on).await;
    let Some(expiry) = known.ok().and_then(|known| known.expiry) else {
        let what = format!("{id}: nobody has signed in on {name} yet: its posts wait");
        return Finding::fail(NAME, what, add);
    };
    if let Err(why) = networks.test(on).await {
        let what = format!("{id}: {name}: {why}");
        return match networks.state(on).await {
            Ok(State { readiness: Readiness::Out(_), .. }) => Finding::fail(NAME, what, add),
            _ => Finding::warn(NAME, what, format!("countersign account test {id} {}", account.id)),
        };
    }
    let ends = match expiry {
        Expiry::At(ends) => format!(", good until {}", shown(ends, &practice.zone)),
        Expiry::Unknown => ", for nobody knows how long".to_owned(),
        Expiry::Never => String::new(),
    };
    let known = networks.publishers().into_iter().find(|p| p.network() == account.network);
    let limits = known.map_or_else(|| account.network.limits(), |known| known.limits(account));
    let fits = format!("{} characters, {} pictures", limits.text, limits.pictures);
    Finding::ok(NAME, format!("{id}: {name} signs in and may publish{ends}; {fits} fit"))
}

/// What is kept, read from the store; what is written stays in this process, as nothing that is
/// looked at here is changed. A session that a network renews meanwhile is renewed once more by
/// whoever needs it next.
struct Beside {
    store: Arc<Sql>,
    written: Mutex<HashMap<(PracticeId, AccountId), KeptCredentials>>,
}

#[async_trait]
impl KeepsCredentials for Beside {
    async fn credentials(
        &self,
        practice: &PracticeId,
        account: &AccountId,
    ) -> Stored<Option<KeptCredentials>> {
        let key = (practice.clone(), account.clone());
        let written =
            self.written.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        match written {
            Some(written) => Ok(Some(written)),
            None => self.store.credentials(practice, account).await,
        }
    }

    async fn keep_credentials(&self, kept: &KeptCredentials) -> Stored<()> {
        let key = (kept.practice.clone(), kept.account.clone());
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(key, kept.clone());
        Ok(())
    }

    /// Nobody forgets one here.
    async fn forget_credentials(&self, _: &PracticeId, _: &AccountId) -> Stored<()> {
        Ok(())
    }

    async fn holder(&self, identity: &str) -> Stored<Option<(PracticeId, AccountId)>> {
        self.store.holder(identity).await
    }

    async fn has_credentials(&self) -> Stored<bool> {
        self.store.has_credentials().await
    }
}
