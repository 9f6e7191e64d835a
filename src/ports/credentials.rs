//! How accounts are signed in to, as it is kept: sealed, and of one practice each.

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::Stored;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};

/// The sign-in of an account, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCredentials {
    /// Whose.
    pub practice: PracticeId,
    /// To which account.
    pub account: AccountId,
    /// Who signs in there by the network's own word, whatever its server is called; one account is
    /// one practice's.
    pub identity: Option<String>,
    /// Tokens and passwords, [sealed](crate::domain::vault).
    pub sealed: String,
    /// Raised by each write; 0 is new.
    pub version: i64,
    /// When a person connected it.
    pub since: Timestamp,
    /// How long it is good for.
    pub expiry: Expiry,
    /// Since when the network does not accept it, and why.
    pub out: Option<(Timestamp, String)>,
    /// Until when the network asked to wait.
    pub not_before: Option<Timestamp>,
}

/// Where sign-ins are kept.
#[async_trait]
pub trait KeepsCredentials: Send + Sync {
    /// Of an account, if it was connected.
    async fn credentials(
        &self,
        practice: &PracticeId,
        account: &AccountId,
    ) -> Stored<Option<KeptCredentials>>;

    /// Keeps one, new or changed; `Conflict` if it does not have this version any more. Its
    /// version is one more then.
    async fn keep_credentials(&self, kept: &KeptCredentials) -> Stored<()>;

    /// Forgets one, also where there is none.
    async fn forget_credentials(&self, practice: &PracticeId, account: &AccountId) -> Stored<()>;

    /// The account that this identity belongs to, of whichever practice.
    async fn holder(&self, identity: &str) -> Stored<Option<(PracticeId, AccountId)>>;

    /// There are any, of whichever practice.
    async fn has_credentials(&self) -> Stored<bool>;
}
