//! The social networks, one file each.
//!
//! Architecture invariant: a network file makes one attempt and never sleeps, retries or writes
//! to the store; what an answer means is decided in [`http`] alone, and sign-ins are kept by
//! [`token`] alone.

pub mod bluesky;
mod checked;
pub mod engage;
pub mod http;
pub mod local;
pub mod mastodon;
mod received;
mod text;
pub mod token;
pub mod wordpress;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};
use crate::domain::network::Network;
use crate::domain::outbox::Outcome;
use crate::ports::accounts::{Accounts, SignedIn, State, Typed};
use crate::ports::publisher::{On, Publisher, Readiness};
use crate::ports::store::Stored;
use bluesky::Bluesky;
use http::{Clients, Failure};
use mastodon::Mastodon;
use token::Keyring;
use wordpress::WordPress;

/// Every network that has a file here.
pub const fn all() -> &'static [Network] {
    &[local::NETWORK, bluesky::NETWORK, mastodon::NETWORK, wordpress::NETWORK]
}

/// The networks on which practices have accounts of their own.
pub struct Networks {
    keys: Arc<Keyring>,
    bluesky: Arc<Bluesky>,
    mastodon: Arc<Mastodon>,
    wordpress: Arc<WordPress>,
}

impl Networks {
    /// Over these sign-ins; each request may take `timeout`.
    pub fn new(keys: Keyring, timeout: Duration) -> Self {
        let (keys, clients) = (Arc::new(keys), Arc::<Clients>::default());
        let bluesky = Bluesky::new(clients.clone(), keys.clone(), timeout);
        let mastodon = Mastodon::new(clients.clone(), keys.clone(), timeout);
        let wordpress = WordPress::new(clients, keys.clone(), timeout);
        let (bluesky, mastodon) = (Arc::new(bluesky), Arc::new(mastodon));
        Self { keys, bluesky, mastodon, wordpress: Arc::new(wordpress) }
    }

    /// What publishes on them.
    pub fn publishers(&self) -> Vec<Arc<dyn Publisher>> {
        vec![self.bluesky.clone(), self.mastodon.clone(), self.wordpress.clone()]
    }

    async fn tested(&self, on: On<'_>) -> Result<(), Outcome> {
        match on.account.network {
            Network::Local => Ok(()),
            Network::Bluesky => self.bluesky.test(on).await,
            Network::Mastodon => self.mastodon.test(on).await,
            Network::WordPress => self.wordpress.test(on).await,
        }
    }
}

#[async_trait]
impl Accounts for Networks {
    async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, String> {
        let signed_in = match typed.network {
            Network::Local => {
                return Err(
                    "the practice page comes with Countersign: nobody signs in there".to_owned()
                );
            }
            Network::Bluesky => self.bluesky.sign_in(typed).await,
            Network::Mastodon => self.mastodon.sign_in(typed).await,
            Network::WordPress => self.wordpress.sign_in(typed).await,
        };
        signed_in.map_err(|failure| match failure {
            Failure::NotThere | Failure::NotFound(_) => {
                format!("there is no {} at that address", typed.network.label())
            }
            Failure::Elsewhere(_) => {
                "the server answers from another address: give that one".to_owned()
            }
            other => sentence(&other.into()),
        })
    }

    async fn holder(
        &self,
        network: Network,
        signed_in: &SignedIn,
    ) -> Stored<Option<(PracticeId, AccountId)>> {
        self.keys.holder(network, signed_in).await
    }

    async fn keep(&self, on: On<'_>, signed_in: &SignedIn) -> Stored<()> {
        self.keys.keep(on, signed_in).await
    }

    async fn forget(&self, on: On<'_>) -> Stored<()> {
        self.keys.forget(on).await
    }

    async fn state(&self, on: On<'_>) -> Stored<State> {
        if on.account.network == Network::Local {
            let (expiry, readiness) = (Some(Expiry::Never), Readiness::Ready);
            return Ok(State { since: None, expiry, out_since: None, readiness });
        }
        self.keys.state(on).await
    }

    async fn test(&self, on: On<'_>) -> Result<(), String> {
        let unkept = |error| format!("the answer could not be kept: {error}");
        match self.tested(on).await {
            Ok(()) => self.keys.accepted(on).await.map_err(unkept),
            Err(outcome) => Err(sentence(&outcome)),
        }
    }
}

/// Why it did not work, for whoever tried.
fn sentence(outcome: &Outcome) -> String {
    match outcome {
        Outcome::SignedOut(why) => format!("the sign-in is not accepted: {why}"),
        Outcome::TryLater(_) => {
            "the network can't be reached or asks to wait: try again in a few minutes".to_owned()
        }
        Outcome::Refused(why) | Outcome::Unknown(why) => why.clone(),
        Outcome::Published { .. } => "the network answered something else".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_listed() {
        assert_eq!(all(), Network::ALL);
    }
}
