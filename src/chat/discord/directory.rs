//! What is which: the bot itself, the channels of threads, and where files are for a while, as
//! Discord says. In memory, and bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use serenity::http::Route;
use serenity::model::id::ChannelId;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::api::{Api, Failed};
use crate::ports::intake::{FileRef, Happening};

/// Kinds of channels that are threads.
const THREADS: [u64; 3] = [10, 11, 12];
/// The kind of a conversation with one person.
const DIRECT: u64 = 1;
/// So long somebody of no practice is not looked for again.
const STRANGER: Duration = Duration::from_mins(10);
/// So many of them are kept in mind.
const STRANGERS: usize = 2_000;
/// So many channels are kept in mind.
const CHANNELS: usize = 10_000;
/// So many addresses of files are kept in mind.
const FILES: usize = 2_000;

/// What Discord said. Cheap to clone.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    api: Api,
    own: OnceCell<Own>,
    /// What each channel is.
    channels: Mutex<HashMap<String, Kind>>,
    /// Who is of no practice, and since when that is known.
    strangers: Mutex<HashMap<String, Instant>>,
    /// Where a file is, by its id.
    files: Mutex<VecDeque<(String, String)>>,
}

/// What a channel of Discord's is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A thread of this channel.
    Thread(String),
    /// A conversation with one person.
    Direct,
    /// Any other.
    Other,
}

/// The bot, and its app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The bot's id.
    pub user: String,
    /// The app's id.
    pub app: String,
}

impl Directory {
    /// Asks through `api`.
    pub fn new(api: Api) -> Self {
        let (channels, strangers, files) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { api, own: OnceCell::new(), channels, strangers, files }))
    }

    /// Who the bot is.
    pub async fn own(&self) -> Result<&Own, Failed> {
        let ask = async {
            let user = self.0.api.get(Route::UserMe, &[]).await?;
            let app = self.0.api.get(Route::Oauth2ApplicationCurrent, &[]).await?;
            let id = |of: &Value| of["id"].as_str().map(ToOwned::to_owned);
            let known = id(&user).zip(id(&app));
            let (user, app) = known.ok_or_else(|| Failed::Away("it says no id".to_owned()))?;
            Ok(Own { user, app })
        };
        self.0.own.get_or_try_init(|| ask).await
    }

    /// Discord says who the bot is.
    pub fn is_own(&self, own: Own) {
        // It never is another.
        let _ = self.0.own.set(own);
    }

    /// A thread belongs to a channel.
    pub fn is_thread(&self, id: &str, of: &str) {
        self.note(id, Kind::Thread(of.to_owned()));
    }

    /// The channel to which a thread belongs; nothing for what is no thread.
    pub async fn channel_of(&self, id: &str) -> Result<Option<String>, Failed> {
        Ok(match self.kind(id).await? {
            Kind::Thread(of) => Some(of),
            Kind::Direct | Kind::Other => None,
        })
    }

    /// Whether it is a conversation with one person.
    pub async fn is_direct(&self, id: &str) -> Result<bool, Failed> {
        Ok(self.kind(id).await? == Kind::Direct)
    }

    async fn kind(&self, id: &str) -> Result<Kind, Failed> {
        if let Some(known) = self.channels().get(id) {
            return Ok(known.clone());
        }
        let said = self.0.api.get(Route::Channel { channel_id: channel_id(id)? }, &[]).await?;
        let kind = match (said["type"].as_u64(), said["parent_id"].as_str()) {
            (Some(kind), Some(of)) if THREADS.contains(&kind) => Kind::Thread(of.to_owned()),
            (Some(DIRECT), _) => Kind::Direct,
            _ => Kind::Other,
        };
        self.note(id, kind.clone());
        Ok(kind)
    }

    /// Somebody is of no practice, as far as was known a while ago.
    pub fn is_stranger(&self, user: &str) -> bool {
        let strangers = self.0.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.get(user).is_some_and(|since| since.elapsed() < STRANGER)
    }

    /// Somebody is of no practice now.
    pub fn note_stranger(&self, user: &str) {
        let mut strangers = self.0.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= STRANGERS {
            strangers.clear();
        }
        strangers.insert(user.to_owned(), Instant::now());
    }

    /// What somebody did, without the addresses of its files, which are kept here: whoever knows one
    /// may have the file for a day, so none is ever stored.
    pub fn without_addresses(&self, mut what: Happening) -> Happening {
        let (Happening::Said { files, .. }
        | Happening::Edited { files, .. }
        | Happening::Picked { files, .. }) = &mut what
        else {
            return what;
        };
        for FileRef { id, .. } in files {
            let Some((known, url)) = id.split_once(' ') else { continue };
            let mut all = self.files();
            all.retain(|(id, _)| id != known);
            if all.len() >= FILES {
                all.pop_front();
            }
            all.push_back((known.to_owned(), url.to_owned()));
            drop(all);
            *id = known.to_owned();
        }
        what
    }

    /// Where a file was said to be.
    pub fn address(&self, file: &str) -> Option<String> {
        let all = self.files();
        all.iter().find(|(id, _)| id == file).map(|(_, url)| url.clone())
    }

    fn files(&self) -> MutexGuard<'_, VecDeque<(String, String)>> {
        self.0.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, id: &str, kind: Kind) {
        let mut channels = self.channels();
        if channels.len() >= CHANNELS {
            channels.clear();
        }
        channels.insert(id.to_owned(), kind);
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<String, Kind>> {
        self.0.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An id as routes have it; what is none is not there.
pub fn number(id: &str) -> Result<u64, Failed> {
    id.parse().ok().filter(|id| *id > 0).ok_or(Failed::Refused(404))
}

/// The id of a channel.
pub fn channel_id(id: &str) -> Result<ChannelId, Failed> {
    Ok(ChannelId::new(number(id)?))
}
