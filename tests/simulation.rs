//! A month of an agency that works for twenty-one practices, played by chance on a stopped clock.
//!
//! Everything goes through the gate, the inbox, the use cases and the outbox that people's acts
//! go through; only the chat's socket, the network and the clock are the test's. Over the month
//! the network is silent, late and unwilling, the platform is away or heard by nobody, events come
//! twice, the program starts again, summer time begins, and everything is stopped and released.
//! After each day, what is live was signed, nothing is live twice, the ledger tells the tables,
//! and nothing of one practice stands in another's channel.
//!
//! `COUNTERSIGN_SIMULATION_SEED` repeats a run's chance, `COUNTERSIGN_SIMULATION_DAYS` sets how
//! many days it takes.

#[path = "simulation/acts.rs"]
mod acts;
#[path = "chaos/chance.rs"]
#[expect(dead_code, reason = "the chaos test's run has another number")]
mod chance;
#[path = "support/database.rs"]
#[expect(dead_code, reason = "the contracts' tests need more of it")]
mod database;
#[path = "support/slack/mod.rs"]
#[expect(dead_code, unused_imports, reason = "what the tests of the simulator itself use is more")]
mod slack;
#[path = "it/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the conversations' tests need more of it")]
mod support;
#[path = "simulation/truth.rs"]
mod truth;
#[path = "simulation/world.rs"]
mod world;

use std::io::{Write, stdout};

use chance::Dice;
use world::World;

/// So many days when nobody says how many.
const MONTH: u64 = 30;
/// So many acts a day.
const ACTS: u64 = 20;
/// The run's number when nobody gives one: every run of CI is the same.
const SEED: u64 = 20_260_301;

#[tokio::test]
async fn a_month_of_an_agency_publishes_what_was_signed_and_nothing_else() {
    let seed = chance::number("COUNTERSIGN_SIMULATION_SEED").unwrap_or(SEED);
    let days = chance::number("COUNTERSIGN_SIMULATION_DAYS").unwrap_or(MONTH);
    let (mut dice, mut world) = (Dice::new(seed), World::open().await);
    say(&format!("seed {seed}, {days} days, {} practices", world.practices.len()));

    for day in 1..=days {
        for _ in 0..ACTS {
            acts::one(&mut world, &mut dice).await;
        }
        acts::evening(&mut world).await;
        let found = truth::of(&world).await;
        if day % 10 == 0 || day == days {
            say(&format!("day {day}: {found}"));
        }
    }
    let end = truth::of(&world).await;
    say(&format!("acts: {}", world.counts()));

    assert!(days < MONTH || end.live > 5, "little was played: {end}");
}

fn say(line: &str) {
    // Past the test's own capture: the numbers are what somebody needs to repeat it.
    writeln!(stdout().lock(), "{line}").expect("an output");
}
