//! Slack, wired: the settings to calls, sockets or routes, and a face.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::time::sleep;

use super::keys::{self, Missing};
use super::world::{RealChance, RealClock};
use crate::app::door::Door;
use crate::app::office::Office;
use crate::app::pictures::StoredPictures;
use crate::chat::slack::bring::Bring;
use crate::chat::slack::health::{Standing, no_bot};
use crate::chat::slack::http::{self, Desk};
use crate::chat::slack::keeper::{Client, Keeper, Means};
use crate::chat::slack::oauth::{self, Entrance};
use crate::chat::slack::own;
use crate::chat::slack::signed::Seal;
use crate::chat::slack::socket::{Patience, Socket};
use crate::chat::slack::{Api, Ears, Failed, Install, Installs, SlackChat};
use crate::chat::waits::Waits;
use crate::config::{self, Mode, Settings};
use crate::domain::member::Platform;
use crate::domain::secret::Secret;
use crate::domain::vault::Vault;
use crate::ports::installs::KeepsInstalls;
use crate::render::Words;

/// Slack as the settings want it: there, or not.
pub struct Slack(Option<Parts>);

struct Parts {
    /// Where several workspaces install the app.
    several: Option<Several>,
    settings: config::Slack,
    api: Api,
    words: Arc<Words>,
    standing: Arc<Standing>,
    patience: Patience,
}

struct Several {
    keeper: Arc<Keeper>,
    public_url: String,
}

impl Slack {
    /// Prepares it, and brings it into the office if the settings name it; nobody is called yet.
    pub async fn open(
        settings: &Settings,
        office: &mut Office,
        (data, store): (&Path, Arc<dyn KeepsInstalls>),
    ) -> anyhow::Result<Self> {
        let Some(slack) = settings.slack.clone() else { return Ok(Self(None)) };
        let longest = Duration::from_millis(settings.outbox.request_ms.into());
        let api = Api::within(&slack.api_url, Arc::<Installs>::default(), longest);
        let api = api.context("preparing to call Slack")?;
        let words = Arc::new(Words::built_in().context("compiling the templates")?);
        let standing = Arc::<Standing>::default();
        let pictures = Arc::new(StoredPictures(office.store.clone()));
        let chat = SlackChat::new(api.clone(), words.clone(), pictures, standing.watch());
        office.chats.push(Arc::new(chat));
        let several = match several(settings, &slack) {
            None => None,
            Some((client, public_url)) => {
                let vault = vault(data, &*store).await?;
                let (clock, chance) = (Arc::new(RealClock), Arc::new(RealChance));
                let means = Means { api: api.clone(), store, vault, clock, chance };
                Some(Several { keeper: Arc::new(Keeper::new(client, means)), public_url })
            }
        };
        let patience = Patience::default();
        Ok(Self(Some(Parts { several, settings: slack, api, words, standing, patience })))
    }

    /// What Slack has to reach.
    pub fn routes(&self, office: &Arc<Office>) -> Router {
        let Some(parts) = &self.0 else { return Router::new() };
        let requests = match (parts.settings.mode, &parts.settings.signing_secret) {
            (Mode::Http, Some(secret)) => http::router(Arc::new(Desk {
                seal: Seal::new(secret.clone()),
                bring: parts.bring(office),
                clock: Arc::new(RealClock),
            })),
            _ => Router::new(),
        };
        let Some(Several { keeper, public_url }) = &parts.several else { return requests };
        requests.merge(oauth::router(Arc::new(Entrance {
            keeper: keeper.clone(),
            authorize_url: parts.settings.authorize_url.clone(),
            public_url: public_url.clone(),
            clock: Arc::new(RealClock),
            chance: Arc::new(RealChance),
        })))
    }

    /// Hears Slack until it is dropped; begins again where the workspace is lost and found.
    pub async fn go_on(&self, office: &Arc<Office>) {
        let Some(parts) = &self.0 else { return };
        let bring = parts.bring(office);
        if let Some(Several { keeper, .. }) = &parts.several {
            return tokio::join!(keeper.go_on(), parts.hear(&bring)).0;
        }
        let Some(token) = &parts.settings.bot_token else { return };
        let mut lost = parts.api.installs().lost();
        loop {
            let team = parts.find(token).await.team;
            tokio::select! {
                () = parts.hear(&bring) => {}
                _ = lost.wait_for(|lost| lost.contains_key(&team)) => {}
            }
        }
    }
}

/// The key of what is kept of installs. A new one opens nothing that is there, so it is asked for
/// only where nothing is.
async fn vault(data: &Path, store: &dyn KeepsInstalls) -> anyhow::Result<Vault> {
    let kept = store.installs(Platform::Slack).await.context("reading the installs of Slack")?;
    let many = kept.iter().filter(|install| install.gone.is_none()).count();
    if many == 0 {
        return keys::vault(data, Missing::NeverMade);
    }
    let vault = keys::vault(data, Missing::DataAreThere);
    vault.with_context(|| {
        format!(
            "opening what is kept of {many} of Slack's workspaces; with a new key the app has to \
             be installed again in each"
        )
    })
}

/// The app towards Slack, and its public address, where several workspaces install it.
fn several(settings: &Settings, slack: &config::Slack) -> Option<(Client, String)> {
    let (id, secret) = (slack.client_id.clone()?, slack.client_secret.clone()?);
    let public_url = settings.web.public_url.as_deref()?.trim_end_matches('/').to_owned();
    Some((Client { id, secret }, public_url))
}

impl Parts {
    /// Asks who the app is until Slack says.
    async fn find(&self, token: &Secret) -> Install {
        let Patience { first, longest, refused, .. } = self.patience;
        let mut waits = Waits::new(first, longest, Arc::new(RealChance));
        loop {
            match own::identify(&self.api, token).await {
                Ok(install) => {
                    self.api.installs().put(install.clone());
                    return install;
                }
                Err(failed) => {
                    self.standing.is_away(&no_bot(&failed));
                    sleep(match failed {
                        Failed::Limited(wait) => wait,
                        Failed::Refused(_) | Failed::NotInstalled => waits.about(refused),
                        Failed::Away(_) | Failed::Unknown(_) => waits.another(),
                    })
                    .await;
                }
            }
        }
    }

    async fn hear(&self, bring: &Bring) {
        let (Mode::Socket, Some(app_token)) = (self.settings.mode, &self.settings.app_token) else {
            // Slack comes by itself; that it can is all there is to see from here.
            let _up = self.standing.up();
            return std::future::pending().await;
        };
        let socket = Socket {
            api: self.api.clone(),
            app_token: app_token.clone(),
            links: self.settings.connections.into(),
            bring: bring.clone(),
            standing: self.standing.clone(),
            patience: self.patience,
            chance: Arc::new(RealChance),
        };
        socket.go_on().await;
    }

    fn bring(&self, office: &Arc<Office>) -> Bring {
        let intake = Arc::new(Door(office.clone()));
        let (api, words) = (self.api.clone(), self.words.clone());
        Bring::to(Arc::new(Ears::new(intake, api, words, Arc::new(RealClock))))
    }
}
