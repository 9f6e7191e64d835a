//! Accounts on networks, as people connect them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::publisher::{On, Readiness};
use super::store::Stored;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};
use crate::domain::network::Network;
use crate::domain::secret::Secret;

/// What somebody connects an account with.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Which network.
    pub network: Network,
    /// The server's address, as they wrote it.
    pub server: String,
    /// The account as its network calls it: a handle, a user's name; empty where a token tells.
    pub handle: String,
    /// A password for apps, or a token.
    pub secret: Secret,
    /// Now.
    pub now: Timestamp,
}

/// An account that somebody has shown to be theirs.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The server's address, as it is signed and kept.
    pub server: String,
    /// Who that is by the server's own word, whichever of its addresses it was asked by; nothing
    /// where it does not say.
    pub identity: Option<String>,
    /// The account's id there.
    pub remote_id: String,
    /// As its network shows it.
    pub name: String,
    /// What is kept to sign in again, as JSON.
    pub secrets: Secret,
    /// How long it is good for.
    pub expiry: Expiry,
}

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// When a person connected it, where somebody did.
    pub since: Option<Timestamp>,
    /// How long its sign-in is good for; nothing where nobody has signed in.
    pub expiry: Option<Expiry>,
    /// Since when its network does not accept it.
    pub out_since: Option<Timestamp>,
    /// Whether anything can be done there, or why not.
    pub readiness: Readiness,
}

/// Connects accounts. A sentence says what went wrong, and what to do.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Tries what was typed; keeps nothing.
    async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, String>;

    /// Whose the account is already, of whichever practice and whatever its server is called.
    async fn holder(
        &self,
        network: Network,
        signed_in: &SignedIn,
    ) -> Stored<Option<(PracticeId, AccountId)>>;

    /// Keeps how an account is signed in to, over whatever was kept.
    async fn keep(&self, on: On<'_>, signed_in: &SignedIn) -> Stored<()>;

    /// Forgets it.
    async fn forget(&self, on: On<'_>) -> Stored<()>;

    /// How the account stands; asks nobody outside.
    async fn state(&self, on: On<'_>) -> Stored<State>;

    /// Asks the network whether the kept sign-in is good, and keeps the answer.
    async fn test(&self, on: On<'_>) -> Result<(), String>;
}
