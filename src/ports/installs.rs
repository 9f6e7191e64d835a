//! The workspaces that installed the app, as they are kept: the instance's own, no practice's.

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::Stored;
use crate::domain::member::Platform;

/// An install, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptInstall {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the workspace, or of the organisation that installed it for many.
    pub workspace: String,
    /// Tokens and who the app is there, [sealed](crate::domain::vault); empty once it is gone.
    pub sealed: String,
    /// Raised by each write; 0 is new.
    pub version: i64,
    /// When it was installed first.
    pub since: Timestamp,
    /// When it was taken out, if it was.
    pub gone: Option<Timestamp>,
}

/// Where installs are kept.
#[async_trait]
pub trait KeepsInstalls: Send + Sync {
    /// All of a platform, by workspace.
    async fn installs(&self, platform: Platform) -> Stored<Vec<KeptInstall>>;
    /// Keeps one, new or changed; `Conflict` if it does not have this version any more. Its
    /// version is one more then.
    async fn keep_install(&self, install: &KeptInstall) -> Stored<()>;
}
