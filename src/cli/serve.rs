//! `serve`: puts the parts together and keeps them going until told to stop.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use futures_util::future::join_all;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::discord::Discord;
use super::folder::{self, Folder};
use super::heartbeat::Heartbeat;
use super::keys::{self, Keys, Missing};
use super::origin;
use super::slack::Slack;
use super::world::{RealChance, RealClock};
use super::{account, instance, sample, sample_agency};
use crate::app::agency;
use crate::app::door::Door;
use crate::app::founding;
use crate::app::office::{Office, Pace};
use crate::app::rounds;
use crate::chat::local;
use crate::config::{LocalCertainty, Sample, Settings};
use crate::domain::canonical::hex;
use crate::domain::ids::PracticeId;
use crate::domain::outbox::Certainty;
use crate::networks::local::LocalNetwork;
use crate::ports::clock::Clock;
use crate::ports::intake::Intake;
use crate::ports::store::{Store, StoreError};
use crate::render::Words;
use crate::store::{self, Place, Sql};
use crate::web::{self, vitals::Vitals};

/// How long what is under way may take once the program is told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long answers that were begun may take after that.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Runs until told to stop.
pub async fn run(data: &Path, settings: Settings) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let (folder, turn) = Folder::enter(data)?;
    let (store, keys) = open(&folder, &settings).await?;
    let public_key = keys.ledger.verifying_key();
    let mut office =
        Office::new(store.clone(), Arc::new(RealClock), Arc::new(RealChance), keys.trace);
    office.pace = pace(&settings);

    let heartbeat = Heartbeat::new(&settings.alert)?;
    let slack = Slack::open(&settings, &mut office, (folder.path(), store.clone())).await?;
    let discord = Discord::open(&settings, &mut office)?;
    networks(&mut office, &folder, &settings, &store).await?;
    let own = listen(settings.web.listen, "web.listen").await?;
    let house = own.local_addr().context("asking for the house's own address")?;
    let workspace = if settings.local.enabled {
        Some(Workspace::open(&folder, &settings, &mut office).await?)
    } else {
        None
    };
    let outside = match settings.web.public_listen {
        Some(at) => Some(listen(at, "web.public_listen").await?),
        None => None,
    };
    tracing::info!("Whether it works is at http://{house}/healthz");
    origin::recognise(&office, &folder.heads(), &public_key).await?;
    let office = Arc::new(office);
    let doors = watch::Sender::new(false);
    let vitals = Arc::new(Vitals::new(office.clone(), Some(folder.path().to_owned())));
    let mut servers = vec![serve(own, web::health::router(vitals.clone()), doors.subscribe())];
    if let Some(outside) = outside {
        let router = web::public::router(office.clone(), slack.routes(&office));
        servers.push(tokio::spawn(web::public::serve(outside, router, doors.subscribe())));
    }
    let mut world = None;
    if let Some(workspace) = workspace {
        world = Some(workspace.world.clone());
        let (listener, router) = workspace.doors(&office, store)?;
        servers.push(serve(listener, router, doors.subscribe()));
    }
    drop(turn);
    let work = watch::Sender::new(false);
    let mut beside = beside(&office, slack, discord);
    let stopping = work.subscribe();
    let working = tokio::spawn(async move { rounds::go_on(&office, stopping).await });
    beside.spawn(async move { heartbeat.go_on(vitals).await });

    signals.come().await;
    tracing::info!("Stopping: what is under way ends first");
    work.send_replace(true);
    beside.abort_all();
    if let Some(world) = world {
        world.close();
    }
    // What is leaving may be leaving to a network of our own: its door closes last.
    end(working, &mut signals).await;
    doors.send_replace(true);
    let _ = tokio::time::timeout(LAST_ANSWERS, join_all(servers)).await;
    Ok(())
}

/// The networks on which practices have accounts, where there is a key to what is kept of them.
async fn networks(
    office: &mut Office,
    folder: &Folder,
    settings: &Settings,
    store: &Arc<Sql>,
) -> anyhow::Result<()> {
    match account::networks(folder.path(), settings, store.clone()).await? {
        Some(networks) => {
            office.publishers.extend(networks.publishers());
            office.accounts = Some(Arc::new(networks));
        }
        None => account::warn_without(&**store).await?,
    }
    Ok(())
}

/// What goes on beside the work, and may be cut off at any moment.
fn beside(office: &Arc<Office>, slack: Slack, discord: Discord) -> JoinSet<()> {
    let mut beside = JoinSet::new();
    let [one, two, three, four, five] = std::array::from_fn(|_| office.clone());
    beside.spawn(async move { rounds::forget_on(&one).await });
    beside.spawn(async move { rounds::sweep_on(&two).await });
    beside.spawn(async move { slack.go_on(&three).await });
    beside.spawn(async move { discord.go_on(&four).await });
    beside.spawn(async move { rounds::warn_on(&five).await });
    beside
}

/// Waits until what is under way has ended; not for ever, and not when told to stop again.
async fn end(working: tokio::task::JoinHandle<()>, signals: &mut Signals) {
    let ended = async { tokio::time::timeout(GRACE, working).await.is_ok() };
    let all_ended = tokio::select! {
        ended = ended => ended,
        () = signals.come() => false,
    };
    if !all_ended {
        tracing::warn!("Something is under way still; the next start finds out what came of it");
    }
}

/// Opens the database, with the keys that belong to it.
async fn open(folder: &Folder, settings: &Settings) -> anyhow::Result<(Arc<Sql>, Keys)> {
    let place = folder::database(folder.path(), settings)?;
    let opening = || format!("opening the database {place}");
    // A file is not even opened before its keys are there.
    let is_new = match &place {
        Place::File(path) => std::fs::metadata(path).map_or(true, |file| file.len() == 0),
        Place::Server(_) => store::fit(&place).await.with_context(opening)?.is_new(),
    };
    let missing = match (settings.local.enabled, is_new) {
        (_, false) => Missing::DataAreThere,
        (true, true) => Missing::Make,
        (false, true) => Missing::NeverMade,
    };
    let keys = keys::read(folder.path(), missing)?;
    let fit = store::fit(&place).await.with_context(opening)?;
    folder.make_fit(&place, fit, TimeZone::UTC.to_datetime(RealClock.now()).date()).await?;
    let store = Sql::open(&place, keys.ledger.clone(), Some(folder.heads())).await;
    let store = store.with_context(opening)?;
    instance::open(&store, &keys.ledger).await?;
    if settings.local.enabled {
        found_samples(&store, &keys, settings.local.sample).await?;
    }
    instance::same_key(&store, &keys.ledger).await?;
    Ok((Arc::new(store), keys))
}

fn pace(settings: &Settings) -> Pace {
    let outbox = settings.outbox;
    let millis = |ms: u32| SignedDuration::from_millis(ms.into());
    Pace {
        lease: millis(outbox.lease_ms),
        request: millis(outbox.request_ms),
        again: millis(outbox.again_ms),
        sweep: millis(outbox.sweep_ms),
        submissions: settings.gate.submissions_a_minute,
        ..Pace::default()
    }
}

/// Makes the sample practices that are not there yet, unless there are others than samples.
async fn found_samples(store: &dyn Store, keys: &Keys, sample: Sample) -> anyhow::Result<()> {
    let known = store.practices().await?;
    let wanted = match sample {
        Sample::Practice if known.is_empty() => vec![sample::practice()],
        Sample::Agency if are_samples(store, &known).await? => sample_agency::practices(),
        Sample::Practice | Sample::Agency => return Ok(()),
    };
    let public = hex::encode(keys.ledger.verifying_key().as_bytes());
    for practice in wanted.iter().filter(|wanted| !known.contains(&wanted.id)) {
        let entries = founding::entries(practice, &public, &RealChance);
        match store.found(practice, RealClock.now(), &entries).await {
            // Another process that starts at the same time has made it.
            Ok(()) | Err(StoreError::Conflict) => {}
            made => made.context("making a sample practice")?,
        }
    }
    Ok(())
}

async fn are_samples(store: &dyn Store, known: &[PracticeId]) -> anyhow::Result<bool> {
    for id in known {
        if store.practice(id).await?.is_some_and(|practice| !practice.sample) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which sample world is there: the agency's, once it was made.
async fn sample_there(store: &dyn Store) -> anyhow::Result<Sample> {
    let (mine, there) = (sample_agency::agency(), store.practices().await?);
    let all = mine.practices.iter().all(|practice| there.contains(practice));
    Ok(if all { Sample::Agency } else { Sample::Practice })
}

/// The workspace that comes with Countersign, before it opens its doors.
struct Workspace {
    world: local::World,
    listener: TcpListener,
    door: local::Door,
    token: String,
}

impl Workspace {
    async fn open(
        folder: &Folder,
        settings: &Settings,
        office: &mut Office,
    ) -> anyhow::Result<Self> {
        let listener = listen(settings.local.listen, "local.listen").await?;
        let address = listener.local_addr().context("asking for the workspace's address")?;
        let token = keys::token(folder.path())?;
        let sample = sample_there(office.store.as_ref()).await?;
        let (people, channels) = match sample {
            Sample::Practice => sample::workspace(),
            Sample::Agency => sample_agency::workspace(),
        };
        let file = folder.world();
        let world = local::World::open(&file, people, channels, Arc::new(RealClock)).await;
        let world = world.with_context(|| format!("opening {}", file.display()))?;
        let words = Arc::new(Words::built_in().context("compiling the templates")?);
        office.chats.push(Arc::new(local::LocalChat::new(world.clone(), words)));
        if sample == Sample::Agency && office.store.agencies().await?.is_empty() {
            let plan = agency::plan(office, sample_agency::agency()).await?;
            match agency::apply(office, plan.context("making the sample agency")?).await {
                // Another process that starts at the same time has made it.
                Ok(()) | Err(StoreError::Conflict) => {}
                made => made.context("making the sample agency")?,
            }
        }

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

/// Pictures of cards, from the sample practices alone.
struct CardPictures(Arc<dyn Store>);

#[async_trait]
impl local::Pictures for CardPictures {
    async fn picture(&self, sha256: &str) -> Option<local::Bytes> {
        for practice in sample_agency::practices() {
            if let Ok(Some(media)) = self.0.media(&practice.id, sha256).await {
                return Some(local::Bytes { media_type: media.media_type, bytes: media.bytes });
            }
        }
        None
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

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("writing to the output")
}

/// The signals that tell the program to stop; listened to from the start, so that none is missed.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("listening for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one.
    async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
