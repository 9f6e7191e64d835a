//! Real processes of Countersign, killed and stopped while they publish: nothing lost, nothing twice.
//!
//! Three `countersign` processes share one database with posts that are signed and due. Every
//! 40 to 240 ms one of them is killed with -9 and replaced, or stopped for longer than its lease
//! and woken again. They publish on a network that is a process of its own, so that it outlives
//! them, and whose own log counts posts. It is slow, answers 500 after it took a post, takes one
//! and never answers, or loses it.
//!
//! `COUNTERSIGN_CHAOS_POSTS` sets how many posts, `COUNTERSIGN_CHAOS_SEED` repeats a run's chance,
//! `COUNTERSIGN_TEST_POSTGRES` names the server on which it happens as well.

#[path = "chaos/chance.rs"]
mod chance;
#[path = "chaos/crew.rs"]
mod crew;
#[path = "support/database.rs"]
mod database;
#[path = "chaos/network.rs"]
mod network;
#[path = "chaos/practice.rs"]
mod practice;
#[path = "chaos/run.rs"]
mod run;
#[path = "chaos/server.rs"]
mod server;
#[path = "chaos/truth.rs"]
mod truth;

use std::collections::BTreeSet;
use std::io::{Write, stdout};

use countersign::ports::store::Store;
use tokio::sync::Mutex;

use crew::Crew;
use network::{Certainty, Network};
use practice::{Home, Signed};
use run::Run;

/// So many posts when nobody says how many.
const FEW: u64 = 150;

/// One chaos at a time: the machine is not to be what fails.
static TURN: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn killed_and_stopped_processes_lose_nothing_and_publish_nothing_twice() {
    nothing_is_lost_or_twice(Home::with_a_file(), "SQLite").await;
}

#[tokio::test]
async fn the_same_holds_on_postgresql() {
    if let Some(home) = Home::with_a_server().await {
        nothing_is_lost_or_twice(home, "PostgreSQL").await;
    }
}

async fn nothing_is_lost_or_twice(home: Home, engine: &str) {
    let _turn = TURN.lock().await;
    let posts = chance::number("COUNTERSIGN_CHAOS_POSTS").unwrap_or(FEW);
    let signed = Signed::posts(home, usize::try_from(posts).expect("not that many")).await;

    say(&format!("\n{engine}{}", run::heads()));
    let mut runs = Vec::new();
    for certainty in [Certainty::LookUp, Certainty::Key, Certainty::Neither] {
        let run = Run::through_chaos(&signed, certainty).await;
        say(&run.to_string());
        runs.push(run);
    }

    for run in &runs {
        assert_eq!((run.truth.lost(), run.truth.twice()), (vec![], vec![]), "{run}");
    }
    let [look_up, key, neither] = &runs[..] else { unreachable!("three were made") };
    assert_eq!(look_up.truth.parked(), Vec::<&str>::new(), "{look_up}");
    assert_eq!(key.truth.parked(), Vec::<&str>::new(), "{key}");
    assert_eq!(neither.truth.sent_again(), Vec::<&str>::new(), "{neither}");
    assert_eq!(neither.truth.unclear_but_not_parked(), Vec::<&str>::new(), "{neither}");
    // A machine that stands still for a lease looks like a stopped process, so a few may be.
    let for_nothing = neither.truth.parked_for_nothing(&neither.disturbances);
    assert!(for_nothing.len() * 100 <= neither.truth.posts(), "{neither}\n{for_nothing:?}");
}

/// All but one once ended, over a file that another was making.
#[tokio::test]
async fn processes_that_start_together_in_an_empty_folder_share_one_practice() {
    let _turn = TURN.lock().await;
    let mut homes = vec![Home::with_a_file(), Home::with_a_file(), Home::with_a_file()];
    homes.extend(Home::with_a_server().await);
    homes.extend(Home::with_a_server().await);
    for home in homes {
        let network = Network::start(home.data(), Certainty::LookUp, 0);

        let mut crew = Crew::start(&home, &network, Certainty::LookUp);
        let greetings = run::greetings(&mut crew).await;

        let tokens: BTreeSet<_> =
            greetings.iter().map(|line| line.split("token=").nth(1)).collect();
        assert_eq!(tokens.len(), 1, "{greetings:?}");
        let (store, _) = home.open().await;
        assert_eq!(store.practices().await.expect("readable"), [practice::id()]);
        assert_eq!(crew.troubles(), Vec::<String>::new());
    }
}

/// Past the test's own output, which is shown only when it fails.
fn say(line: &str) {
    let _ = writeln!(stdout(), "{line}");
}

/// No test: this binary again, as the network.
#[test]
fn as_the_network() {
    if server::is_asked_for() {
        server::serve();
    }
}
