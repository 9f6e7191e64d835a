//! What is which: the bot itself, the channels of threads, and where files are for a while, as
//! Discord says. In memory, and bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use serenity::http::Route;
use serenity::model::id::ChannelId;
use tokio::sync::OnceCell;

use super::api::{Api, Failed};
use crate::ports::intake::{FileRef, Happening};

/// Kinds of channels that are threads.
const THREADS: [u64; 3] = [10, 11, 12];
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
    /// The channel of a thread; nothing for what is none.
    threads: Mutex<HashMap<String, Option<String>>>,
    /// Where a file is, by its id.
    files: Mutex<VecDeque<(String, String)>>,
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
        let (threads, files) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { api, own: OnceCell::new(), threads, files }))
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
        self.note(id, Some(of.to_owned()));
    }

    /// The channel to which a thread belongs; nothing for what is no thread.
    pub async fn channel_of(&self, id: &str) -> Result<Option<String>, Failed> {
        if let Some(known) = self.threads().get(id) {
            return Ok(known.clone());
        }
        let said = self.0.api.get(Route::Channel { channel_id: channel_id(id)? }, &[]).await?;
        let is_thread = said["type"].as_u64().is_some_and(|kind| THREADS.contains(&kind));
        let of = said["parent_id"].as_str().filter(|_| is_thread).map(ToOwned::to_owned);
        self.note(id, of.clone());
        Ok(of)
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

    fn note(&self, id: &str, of: Option<String>) {
        let mut threads = self.threads();
        if threads.len() >= CHANNELS {
            threads.clear();
        }
        threads.insert(id.to_owned(), of);
    }

    fn threads(&self) -> MutexGuard<'_, HashMap<String, Option<String>>> {
        self.0.threads.lock().unwrap_or_else(PoisonError::into_inner)
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
