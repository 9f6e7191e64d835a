//! One run: the posts, the network, the processes, chaos, calm, and what came of it all.

use std::fmt;
use std::time::Duration;

use countersign::cli::world::RealClock;
use countersign::domain::outbox::{RowKind, RowState};
use countersign::ports::clock::Clock;
use countersign::ports::store::{Kinds, Store};
use jiff::{SignedDuration, Timestamp};

use crate::chance::{self, Dice};
use crate::crew::{Crew, Disturbance, SIZE};
use crate::network::{Certainty, Network};
use crate::practice::{Home, Signed};
use crate::truth::Truth;

/// How long nothing may go on: what is stuck does nothing, and a machine with much else to do is
/// only slow.
const STUCK: SignedDuration = SignedDuration::from_secs(120);
/// How long the work may take at most: for itself, and for each post.
const MOST: SignedDuration = SignedDuration::from_secs(120);
const MOST_A_POST: SignedDuration = SignedDuration::from_millis(1_500);
/// How long chaos waits for the next post.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// What happened in one run.
pub struct Run {
    certainty: Certainty,
    seed: u64,
    seconds: i64,
    /// What came of it.
    pub truth: Truth,
    /// What was done to the processes.
    pub disturbances: Vec<Disturbance>,
}

impl Run {
    /// Publishes all posts while the processes are killed and stopped.
    pub async fn through_chaos(signed: &Signed, certainty: Certainty) -> Self {
        let began = RealClock.now();
        let (posts, seed) = (signed.posts, chance::seed());
        let home = signed.copy().await;

        let network = Network::start(home.data(), certainty, seed);
        let mut crew = Crew::start(&home, &network, certainty);
        let mut ends = Ends::after(posts);
        chaos(&mut crew, (&network, &home, posts), Dice::new(seed), &mut ends).await;
        calm(&mut crew, &home, &mut ends).await;
        farewell(&mut crew, &ends).await;

        let seconds = RealClock.now().duration_since(began).as_secs();
        let truth = Truth::find(&home, network.lines()).await;
        let troubles = crew.troubles();
        let disturbances = std::mem::take(&mut crew.disturbances);
        let run = Self { certainty, seed, seconds, truth, disturbances };
        assert_eq!(troubles, Vec::<String>::new(), "{run}");
        run
    }
}

/// Until nearly everything was sent once, or is at its end: where nobody can look up, a post of a
/// process that was killed may have never been sent, and is not sent again. Between two
/// disturbances a post is sent, so that on a slow machine the processes do not spend their lives
/// with starting.
async fn chaos(
    crew: &mut Crew<'_>,
    (network, home, posts): (&Network, &Home, usize),
    mut dice: Dice,
    ends: &mut Ends,
) {
    let (store, _) = home.open().await;
    let mut sent = 0;
    while sent < posts - posts / 10 && waiting(&*store).await > posts / 10 {
        let (before, since) = (sent, RealClock.now());
        let wait = Duration::from_millis(dice.between(40, 240));
        // waits for the world: chaos has a rhythm of its own
        tokio::time::sleep(wait).await;
        loop {
            crew.wake();
            sent = network.lines().len();
            ends.sees(sent.to_string());
            ends.check(crew, "most posts to be sent");
            if sent > before || RealClock.now().duration_since(since) > PAUSE {
                break;
            }
            // waits for the world: the processes tell nobody that they sent something
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        crew.disturb(&mut dice);
    }
}

/// How many publications may still be sent.
async fn waiting(store: &impl Store) -> usize {
    let rows = store.tally().await.expect("readable").rows;
    let waits = |(kind, state, _): &&_| *kind == RowKind::Publication && *state != RowState::Parked;
    let many: i64 = rows.iter().filter(waits).map(|(_, _, many)| many).sum();
    usize::try_from(many).expect("a count")
}

/// Until nothing waits any more: what is left is due when a window closes, a day from now.
async fn calm(crew: &mut Crew<'_>, home: &Home, ends: &mut Ends) {
    crew.wake_all();
    let (store, _) = home.open().await;
    loop {
        let soon = RealClock.now() + SignedDuration::from_hours(1);
        let next = store.next_due(Kinds::All).await.expect("readable");
        let Some(next) = next.filter(|next| *next <= soon) else { return };
        let rows = store.tally().await.expect("readable").rows;
        ends.sees(format!("{rows:?}"));
        ends.waits_until(next);
        ends.check(crew, "nothing to wait any more");
        // waits for the world: the processes tell nobody that they are done
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Until all processes are ready; what they said then.
pub async fn greetings(crew: &mut Crew<'_>) -> Vec<String> {
    let ends = Ends::after(0);
    while crew.greetings().len() < SIZE {
        ends.check(crew, "the processes to be ready");
        // waits for the world: the processes say so in their logs
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    farewell(crew, &ends).await;
    crew.greetings()
}

/// Until all processes have ended, as they were told to.
async fn farewell(crew: &mut Crew<'_>, ends: &Ends) {
    crew.dismiss();
    let statuses = loop {
        if let Some(statuses) = crew.ended() {
            break statuses;
        }
        ends.check_time(crew, "the processes to end");
        // waits for the world: processes end when they are done
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(statuses.iter().all(std::process::ExitStatus::success), "{statuses:?}");
}

/// When the run has to be over, and how long ago something went on.
struct Ends {
    by: Timestamp,
    seen: String,
    since: Timestamp,
}

impl Ends {
    fn after(posts: usize) -> Self {
        let posts = i32::try_from(posts).expect("not that many");
        let now = RealClock.now();
        Self { by: now + MOST + MOST_A_POST * posts, seen: String::new(), since: now }
    }

    /// Something went on when this is another than before.
    fn sees(&mut self, state: String) {
        if state != self.seen {
            (self.seen, self.since) = (state, RealClock.now());
        }
    }

    /// Nothing has to go on before then: what failed several times is tried again later and later.
    fn waits_until(&mut self, due: Timestamp) {
        self.since = self.since.max(due);
    }

    fn check(&self, crew: &mut Crew<'_>, waits_for: &str) {
        let gone = crew.deserters();
        assert!(gone.is_empty(), "{gone:#?}\n{:#?}", crew.troubles());
        let still = RealClock.now().duration_since(self.since);
        assert!(
            still < STUCK,
            "stuck at {} while waiting for {waits_for}\n{:#?}",
            self.seen,
            crew.troubles()
        );
        self.check_time(crew, waits_for);
    }

    fn check_time(&self, crew: &Crew<'_>, waits_for: &str) {
        let in_time = RealClock.now() < self.by;
        assert!(in_time, "waited too long for {waits_for}\n{:#?}", crew.troubles());
    }
}

/// What stands above the runs.
pub fn heads() -> String {
    let heads = ["mode", "posts", "kills", "stops", "lost", "twice", "parked", "seconds", "seed"];
    format!("\n{}", line(heads.map(str::to_owned)))
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kills = self.disturbances.iter().filter(|d| d.killed).count();
        let counts = [
            self.truth.posts(),
            kills,
            self.disturbances.len() - kills,
            self.truth.lost().len(),
            self.truth.twice().len(),
            self.truth.parked().len(),
        ];
        let [posts, kills, stops, lost, twice, parked] = counts.map(|count| count.to_string());
        let (mode, seconds) = (self.certainty.as_str().to_owned(), self.seconds.to_string());
        let seed = self.seed.to_string();
        f.write_str(&line([mode, posts, kills, stops, lost, twice, parked, seconds, seed]))
    }
}

fn line(cells: [String; 9]) -> String {
    let [mode, rest @ .., seed] = cells;
    let rest: Vec<String> = rest.iter().map(|cell| format!("{cell:>8}")).collect();
    format!("{mode:<8}{}  {seed}", rest.join(""))
}
