//! `serve`: puts the parts together and keeps them going until told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use async_trait::async_trait;
use axum::Router;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::keys::{self, Keys};
use super::sample;
use super::world::{RealChance, RealClock};
use crate::app::door::Door;
use crate::app::office::{Office, Pace};
use crate::app::rounds;
use crate::chat::local;
use crate::config::{LocalCertainty, Outbox, Settings};
use crate::domain::canonical::hex;
use crate::domain::entry::What;
use crate::domain::ids::PracticeId;
use crate::domain::outbox::Certainty;
use crate::networks::local::LocalNetwork;
use crate::ports::intake::Intake;
use crate::ports::store::{Store, StoreError};
use crate::render::Words;
use crate::store::Sql;
use crate::web;

/// How long what is under way may take once the program is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Runs until told to stop.
pub async fn run(data: &Path, settings: Settings) -> anyhow::Result<()> {
    let told_to_stop = told_to_stop()?;
    make_folder(data)?;
    let database = data.join("countersign.db");
    let keys = keys::read(data, settings.local.enabled && !database.exists())?;
    let store = open(&database, data, &keys).await?;
    if settings.local.enabled {
        found_sample(store.as_ref(), &keys).await?;
    }
    same_key(store.as_ref(), &keys).await?;
    let mut office =
        Office::new(store.clone(), Arc::new(RealClock), Arc::new(RealChance), keys.trace);
    office.pace = pace(settings.outbox);

    let public = listen(settings.web.listen, "web.listen").await?;
    let workspace = if settings.local.enabled {
        Some(Workspace::open(data, &settings, &mut office).await?)
    } else {
        None
    };
    let office = Arc::new(office);
    let (stop, stopping) = watch::channel(false);
    let health = web::health::router(office.clone());
    let mut servers = vec![serve(public, health, stopping.clone())];
    let mut world = None;
    if let Some(workspace) = workspace {
        world = Some(workspace.world.clone());
        let (listener, router) = workspace.doors(&office, store)?;
        servers.push(serve(listener, router, stopping.clone()));
    }
    let working = tokio::spawn({
        let (office, stopping) = (office.clone(), stopping.clone());
        async move { rounds::go_on(&office, stopping).await }
    });
    let sweeping = tokio::spawn(async move { rounds::sweep_on(&office).await });

    told_to_stop.await;
    tracing::info!("Stopping: what is under way ends first");
    stop.send_replace(true);
    sweeping.abort();
    if let Some(world) = world {
        world.close();
    }
    let _ = tokio::time::timeout(GRACE, async {
        let _ = working.await;
        for server in servers {
            let _ = server.await;
        }
    })
    .await;
    Ok(())
}

fn pace(outbox: Outbox) -> Pace {
    let millis = |ms: u32| SignedDuration::from_millis(ms.into());
    Pace {
        lease: millis(outbox.lease_ms),
        request: millis(outbox.request_ms),
        again: millis(outbox.again_ms),
        sweep: millis(outbox.sweep_ms),
        ..Pace::default()
    }
}

async fn open(database: &Path, data: &Path, keys: &Keys) -> anyhow::Result<Arc<dyn Store>> {
    let heads = Some(data.join("heads.log"));
    let store = Sql::open(database, keys.ledger.clone(), heads).await;
    let store = store.with_context(|| format!("opening the database {}", database.display()))?;
    Ok(Arc::new(store))
}

/// A ledger goes on under the key that it began with: entries by another could never be verified.
async fn same_key(store: &dyn Store, keys: &Keys) -> anyhow::Result<()> {
    let public = hex::encode(keys.ledger.verifying_key().as_bytes());
    for practice in store.practices().await? {
        let first = store.entries(&practice, 0, 1).await.context("reading the ledger")?;
        let opened = first.into_iter().map(|(sealed, _)| sealed.entry.fact.what).next();
        if !matches!(&opened, Some(What::Opened { key }) if *key == public) {
            bail!(
                "the ledger of {practice} was begun with another key than the one given: put the \
                 right one into keys/ledger or COUNTERSIGN_KEY_LEDGER"
            );
        }
    }
    Ok(())
}

async fn found_sample(store: &dyn Store, keys: &Keys) -> anyhow::Result<()> {
    if !store.practices().await?.is_empty() {
        return Ok(());
    }
    let practice = sample::practice();
    let public = hex::encode(keys.ledger.verifying_key().as_bytes());
    let entries = sample::entries(&practice, &public, &RealChance);
    let now = crate::ports::clock::Clock::now(&RealClock);
    match store.found(&practice, now, &entries).await {
        // Another process that starts at the same time has made it.
        Err(StoreError::Conflict) => Ok(()),
        made => made.context("making the sample practice"),
    }
}

/// The workspace that comes with Countersign, before it opens its doors.
struct Workspace {
    world: local::World,
    listener: TcpListener,
    door: local::Door,
    token: String,
}

impl Workspace {
    async fn open(data: &Path, settings: &Settings, office: &mut Office) -> anyhow::Result<Self> {
        let listener = listen(settings.local.listen, "local.listen").await?;
        let address = listener.local_addr().context("asking for the workspace's address")?;
        let token = keys::token(data)?;
        let (people, channels) = sample::workspace();
        let file = data.join("local.db");
        let world = local::World::open(&file, people, channels, Arc::new(RealClock)).await;
        let world = world.with_context(|| format!("opening {}", file.display()))?;
        let words = Arc::new(Words::built_in().context("compiling the templates")?);
        office.chats.push(Arc::new(local::LocalChat::new(world.clone(), words)));

        let own = format!("http://{address}/local/network");
        let base = settings.local.network_url.as_deref().unwrap_or(&own);
        let allowed = Duration::from_millis(settings.outbox.request_ms.into());
        let certainty = certainty(settings);
        let network = LocalNetwork::new(base, &token, certainty, allowed);
        office.publishers.push(Arc::new(network.context("reading local.network_url")?));
        let door = local::Door::new(address.port(), &token);
        Ok(Self { world, listener, door, token })
    }

    fn doors(
        self,
        office: &Arc<Office>,
        store: Arc<dyn Store>,
    ) -> anyhow::Result<(TcpListener, Router)> {
        let url = format!("{}/?token={}", self.door.base(), self.token);
        say(&format!("Countersign is running. Open {url}"))?;
        let intake: Arc<dyn Intake> = Arc::new(Door(office.clone()));
        let hearing = local::Hearing { world: self.world, intake };
        let local = local::Local::new(hearing, Arc::new(CardPictures(store)), self.door.clone());
        let page = self.door.fence(web::page::router());
        Ok((self.listener, local::router(local).merge(page)))
    }
}

fn certainty(settings: &Settings) -> Certainty {
    match settings.local.network_certainty {
        LocalCertainty::Key => Certainty::Key { lifetime: SignedDuration::from_hours(24) },
        LocalCertainty::Neither => Certainty::Neither,
        LocalCertainty::LookUp => Certainty::LookUp {
            delay: SignedDuration::from_millis(settings.outbox.look_up_delay_ms.into()),
        },
    }
}

/// Pictures of cards, from the sample practice alone.
struct CardPictures(Arc<dyn Store>);

#[async_trait]
impl local::Pictures for CardPictures {
    async fn picture(&self, sha256: &str) -> Option<local::Bytes> {
        let practice = PracticeId::new(sample::ID);
        let media = self.0.media(&practice, sha256).await.ok().flatten()?;
        Some(local::Bytes { media_type: media.media_type, bytes: media.bytes })
    }
}

async fn listen(at: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| {
        format!("listening on {at}: is Countersign running already? {setting} names another address, and port 0 picks a free one")
    })
}

fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let stopped = async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "A listener failed: {error}");
        }
    })
}

fn make_folder(data: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).with_context(|| format!("making the data folder {}", data.display()))
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("writing to the output")
}

/// Listens from now on, so that whoever is told that this runs can tell it to stop.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("listening for signals");
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
