//! A network in memory that does to a bot what networks do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use countersign::domain::network::{Limits, Network};
use countersign::domain::outbox::{Certainty, LookedUp, Outcome};
use countersign::domain::practice::Account;
use countersign::ports::engagement::{Reads, Remark, Seen};
use countersign::ports::publisher::{Job, On, Prepared, Publisher, ReadBack, Readiness};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// What the network does with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Takes it.
    Takes,
    /// Takes it, and never says so.
    TakesSilently,
    /// Loses it, and never says so.
    LosesSilently,
    /// Says "later", so many seconds.
    Later(i64),
    /// Says that the account's sign-in is over.
    SignsOut,
    /// Takes no picture for so many seconds, before anything left.
    HasNoRoom(i64),
    /// Says no to the pictures, before anything left.
    RefusesPictures,
    /// Says no.
    Refuses,
    /// Breaks off, with a panic.
    Breaks,
}

/// A post that is live.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its id there.
    pub id: String,
    /// The key it came with.
    pub key: String,
    /// The words.
    pub text: String,
    /// Alt texts.
    pub alts: Vec<String>,
}

struct World {
    certainty: Certainty,
    does: VecDeque<Does>,
    live: Vec<Live>,
    requests: usize,
    blind: bool,
    silent: bool,
    drafts: Option<Vec<Option<String>>>,
    far: bool,
    takes: Option<usize>,
    out: Option<String>,
    received: Option<Result<Seen, Outcome>>,
    named: Vec<Remark>,
    looks: Vec<Timestamp>,
}

/// A connection that takes its time.
#[derive(Default)]
struct Connecting {
    begun: Notify,
    done: Notify,
}

/// A network in memory.
#[derive(Clone)]
pub struct FakeNetwork {
    world: Arc<Mutex<World>>,
    connecting: Arc<Connecting>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl FakeNetwork {
    /// A healthy one that can be asked.
    pub fn new(lines: Arc<Mutex<Vec<String>>>) -> Self {
        let certainty = Certainty::LookUp { delay: SignedDuration::from_secs(1) };
        let (does, live) = (VecDeque::new(), Vec::new());
        let (requests, blind, silent, far) = (0, false, false, false);
        let (takes, out, received) = (None, None, None);
        let (named, looks) = (Vec::new(), Vec::new());
        let world = World {
            certainty,
            does,
            live,
            requests,
            blind,
            silent,
            drafts: None,
            far,
            takes,
            out,
            received,
            named,
            looks,
        };
        Self { world: Arc::new(Mutex::new(world)), connecting: Arc::default(), lines }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("whole")
    }

    /// How one finds out about silence.
    pub fn certainty_is(&self, certainty: Certainty) {
        self.world().certainty = certainty;
    }

    /// What it does with the next requests, in order.
    pub fn next(&self, does: &[Does]) {
        self.world().does.extend(does);
    }

    /// It takes no longer texts any more.
    pub fn takes_only(&self, characters: usize) {
        self.world().takes = Some(characters);
    }

    /// Somebody has connected the account again.
    pub fn connected_again(&self) {
        self.world().out = None;
    }

    /// It has drafts.
    pub fn has_drafts(&self) {
        self.world().drafts = Some(Vec::new());
    }

    /// Which draft was known at each look-up.
    pub fn looked_for(&self) -> Vec<Option<String>> {
        self.world().drafts.clone().unwrap_or_default()
    }

    /// It says nothing to whoever looks up, reads back or takes down.
    pub fn silent(&self, silent: bool) {
        self.world().silent = silent;
    }

    /// Waits for ever while it is silent.
    async fn answers(&self) {
        let silent = self.world().silent;
        if silent {
            std::future::pending::<()>().await;
        }
    }

    /// What it tells from now on of how publications are received; before, it tells nothing.
    pub fn tells(&self, received: Result<Seen, Outcome>) {
        self.world().received = Some(received);
    }

    /// Who names the account.
    pub fn is_named(&self, named: Vec<Remark>) {
        self.world().named = named;
    }

    /// When it was asked how publications are received.
    pub fn looks(&self) -> Vec<Timestamp> {
        self.world().looks.clone()
    }

    /// Look-ups can't tell, and nothing can be read back.
    pub fn blind(&self, blind: bool) {
        self.world().blind = blind;
    }

    /// Does something while a request connects, before anything of it has left.
    pub async fn while_connecting(&self, does: impl Future<Output = ()>) {
        self.world().far = true;
        self.connecting.begun.notified().await;
        does.await;
        self.world().far = false;
        self.connecting.done.notify_one();
    }

    /// What is live.
    pub fn live(&self) -> Vec<Live> {
        self.world().live.clone()
    }

    /// Texts that are live.
    pub fn texts(&self) -> Vec<String> {
        self.live().into_iter().map(|live| live.text).collect()
    }

    /// How many requests came that could have made a post.
    pub fn requests(&self) -> usize {
        self.world().requests
    }

    fn note(&self, line: String) {
        self.lines.lock().expect("whole").push(line);
    }

    fn take(&self, job: &Job<'_>) -> (String, String) {
        let mut world = self.world();
        let keyed = matches!(world.certainty, Certainty::Key { .. });
        let known = world.live.iter().find(|l| keyed && l.key == job.id.as_str());
        if let Some(known) = known {
            return (known.id.clone(), format!("https://page.test/{}", known.id));
        }
        let id = format!("p{}", world.live.len() + 1);
        world.live.push(Live {
            id: id.clone(),
            key: job.id.to_string(),
            text: job.part.words(),
            alts: job.part.media.iter().map(|m| m.alt.clone()).collect(),
        });
        drop(world);
        self.note(format!("network     {id} is live: {:?}", job.part.words()));
        (id.clone(), format!("https://page.test/{id}"))
    }
}

#[async_trait]
impl Publisher for FakeNetwork {
    fn network(&self) -> Network {
        Network::Local
    }

    fn certainty(&self) -> Certainty {
        self.world().certainty
    }

    fn limits(&self, account: &Account) -> Limits {
        let known = account.network.limits();
        Limits { text: self.world().takes.unwrap_or(known.text), ..known }
    }

    async fn readiness(&self, _: On<'_>) -> Readiness {
        self.world().out.clone().map_or(Readiness::Ready, Readiness::Out)
    }

    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome> {
        let mut world = self.world();
        if world.does.front() == Some(&Does::RefusesPictures) {
            world.does.pop_front();
            return Err(Outcome::Refused("it does not like the pictures".to_owned()));
        }
        if let Some(Does::HasNoRoom(seconds)) = world.does.front().copied() {
            world.does.pop_front();
            let wait = SignedDuration::from_secs(seconds);
            return Err(Outcome::TryLater(job.on.now.saturating_add(wait).expect("soon")));
        }
        let uploads = job.media.iter().map(|m| m.sha256.clone()).collect();
        let draft = world.drafts.as_ref().map(|_| "draft-1".to_owned());
        Ok(Prepared { uploads, draft })
    }

    async fn publish(&self, job: &Job<'_>, _prepared: &Prepared) -> Outcome {
        let far = self.world().far;
        if far {
            self.connecting.begun.notify_one();
            self.connecting.done.notified().await;
        }
        let does = {
            let mut world = self.world();
            world.requests += 1;
            world.does.pop_front().unwrap_or(Does::Takes)
        };
        match does {
            Does::Takes => {
                let (remote, url) = self.take(job);
                Outcome::Published { remote, url }
            }
            Does::TakesSilently => {
                self.take(job);
                Outcome::Unknown("no answer".to_owned())
            }
            Does::LosesSilently => Outcome::Unknown("no answer".to_owned()),
            Does::Later(seconds) => {
                let wait = SignedDuration::from_secs(seconds);
                Outcome::TryLater(job.on.now.saturating_add(wait).expect("soon"))
            }
            Does::SignsOut => {
                let why = "the password was revoked".to_owned();
                self.world().out = Some(why.clone());
                Outcome::SignedOut(why)
            }
            Does::RefusesPictures | Does::HasNoRoom(_) => unreachable!("it says so before"),
            Does::Breaks => unreachable!("told to break"),
            Does::Refuses => Outcome::Refused("it does not like the words".to_owned()),
        }
    }

    async fn look_up(&self, job: &Job<'_>) -> LookedUp {
        self.answers().await;
        let mut world = self.world();
        let draft = job.draft.map(str::to_owned);
        world.drafts.iter_mut().for_each(|looked| looked.push(draft.clone()));
        if world.blind {
            return LookedUp::CantTell;
        }
        match world.live.iter().find(|l| l.key == job.id.as_str()) {
            Some(live) => LookedUp::Found {
                remote: live.id.clone(),
                url: format!("https://page.test/{}", live.id),
            },
            None => LookedUp::Absent,
        }
    }

    async fn read_back(&self, _: On<'_>, remote: &str) -> ReadBack {
        self.answers().await;
        let world = self.world();
        if world.blind {
            return ReadBack::CantTell;
        }
        match world.live.iter().find(|l| l.id == remote) {
            Some(live) => ReadBack::There {
                text: live.text.clone(),
                alts: live.alts.clone(),
                media: Vec::new(),
            },
            None => ReadBack::Gone,
        }
    }

    fn reads(&self) -> Option<&dyn Reads> {
        self.world().received.is_some().then_some(self)
    }

    async fn take_down(&self, _: On<'_>, remote: &str) -> Outcome {
        self.answers().await;
        self.world().live.retain(|l| l.id != remote);
        self.note(format!("network     {remote} is gone"));
        Outcome::Published { remote: remote.to_owned(), url: String::new() }
    }
}

#[async_trait]
impl Reads for FakeNetwork {
    async fn seen(&self, on: On<'_>, remote: &str) -> Result<Option<Seen>, Outcome> {
        let mut world = self.world();
        world.looks.push(on.now);
        let is_live = world.live.iter().any(|live| live.id == remote);
        let received = world.received.clone().expect("it tells");
        received.map(|seen| is_live.then_some(seen))
    }

    fn has_mentions(&self) -> bool {
        true
    }

    async fn mentions(&self, _: On<'_>) -> Result<Vec<Remark>, Outcome> {
        Ok(self.world().named.clone())
    }
}
