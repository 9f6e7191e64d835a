//! Accounts on networks, as people connect them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::publisher::{On, Readiness};
use super::store::Stored;
use crate::domain::expiry::Expiry;
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
    /// The account's id there.
    pub remote_id: String,
    /// As its network shows it.
    pub name: String,
    /// What is kept to sign in again, as JSON.
    pub secrets: Secret,
    /// How long it is good for.
    pub expiry: Expiry,
}

/// Connects accounts. A sentence says what went wrong, and what to do.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Tries what was typed; keeps nothing.
    async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, String>;

    /// Keeps how an account is signed in to, over whatever was kept.
    async fn keep(&self, on: On<'_>, signed_in: &SignedIn) -> Stored<()>;

    /// Forgets it.
    async fn forget(&self, on: On<'_>) -> Stored<()>;

    /// How long the kept sign-in is good for, and whether anything can be done there.
    async fn state(&self, on: On<'_>) -> Stored<(Option<Expiry>, Readiness)>;

    /// Asks the network whether the kept sign-in is good, and keeps the answer.
    async fn test(&self, on: On<'_>) -> Result<(), String>;
}
