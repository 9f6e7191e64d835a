//! What the world does to the program: networks that fail, a platform that is away, a process that
//! ends, and whoever runs it all.

use countersign::app::operator;
use countersign::chat::local::{ChatFaults, NetworkFaults};

use crate::month::Month;

/// Longer than the program waits for a network, in milliseconds.
const TOO_LONG: u64 = 600;

/// One act of the world.
pub async fn one(month: &mut Month) {
    match month.dice.below(24) {
        0..=7 => {
            let kind = month.dice.between(0, 6);
            network(month, kind).await;
        }
        8..=10 => platform(month).await,
        11..=12 => {
            let twice = month.dice.below(2) == 0;
            month.house.mail.twice(twice);
            month.plays("twice or not");
        }
        13 => {
            month.house.mail.holds_back(true);
            month.plays("held back");
        }
        14..=15 => comes_late(month).await,
        16 => {
            if let Some(event) = month.house.mail.one_of_the_past(&mut month.dice) {
                month.house.is_brought(event).await;
                month.plays("once more");
            }
        }
        17..=18 => restarts(month).await,
        19..=20 => breaks_off(month).await,
        21 => stops_all(month, true).await,
        22 => stops_all(month, false).await,
        _ => {
            calm(month).await;
            month.plays("calm");
        }
    }
}

/// Most bad weather is over soon; and nobody waits long for who never answers.
pub async fn passes(month: &mut Month) {
    let network = &month.house.faults.network;
    let is_slow = network.silent_every > 0 || network.latency_ms > 0;
    if is_slow || month.dice.below(3) == 0 {
        calm(month).await;
    }
}

/// The day ends: the world is well, and nothing is stopped for longer than a day.
pub async fn clears(month: &mut Month) {
    calm(month).await;
    month.house.mail.twice(false);
    comes_late(month).await;
    stops_all(month, false).await;
    for practice in month.practices.clone() {
        let released = operator::stop_one(&month.house.office(), &practice.id, false).await;
        released.expect("released");
    }
    month.settles().await;
    sweep(month).await;
    month.settles().await;
}

/// Every card is read again; where the platform is there, nothing is unknown after it.
pub async fn sweep(month: &mut Month) {
    if month.house.sweeps().await == 0 {
        month.signatures.are_known();
    }
}

/// What goes wrong with the network on this day for sure: each kind comes with each way to find
/// out.
pub async fn of_the_day(month: &mut Month, day: u64) {
    month.house.restarts(day % 3).await;
    calm(month).await;
    network(month, day / 3 % 6).await;
}

async fn network(month: &mut Month, kind: u64) {
    let mut faults = NetworkFaults { keys: month.house.knows_keys(), ..NetworkFaults::default() };
    match kind {
        0 => faults.silent_every = 2,
        1 => faults.error_after_every = 1,
        2 => faults.unavailable_every = 1,
        3 => faults.later_every = 1,
        4 => faults.refuse_every = 1,
        _ => faults.latency_ms = TOO_LONG,
    }
    month.house.faults.network = faults;
    month.house.tells_faults().await;
    month.plays("network");
}

async fn platform(month: &mut Month) {
    let chat = match month.dice.below(3) {
        0 => ChatFaults { deaf: true, ..ChatFaults::default() },
        1 => ChatFaults { unreachable: true, ..ChatFaults::default() },
        _ => ChatFaults { silent_every: 3, ..ChatFaults::default() },
    };
    month.house.faults.chat = chat;
    month.house.tells_faults().await;
    month.plays("platform");
}

/// The world is well again.
async fn calm(month: &mut Month) {
    month.house.faults.chat = ChatFaults::default();
    let keys = month.house.knows_keys();
    month.house.faults.network = NetworkFaults { keys, ..NetworkFaults::default() };
    month.house.tells_faults().await;
}

/// What the platform held back comes, in another order than it happened.
async fn comes_late(month: &mut Month) {
    month.house.mail.holds_back(false);
    for event in month.house.mail.takes_out(&mut month.dice) {
        month.house.is_brought(event).await;
        month.plays("late");
    }
}

async fn restarts(month: &mut Month) {
    let certainty = month.dice.between(0, 3);
    month.house.restarts(certainty).await;
    calm(month).await;
    month.plays("restart");
}

async fn breaks_off(month: &mut Month) {
    month.house.breaks_off(&mut month.dice).await;
    calm(month).await;
    month.plays("broken off");
}

async fn stops_all(month: &mut Month, stopped: bool) {
    let office = month.house.office();
    if operator::stop_all(&office, stopped).await.expect("set") {
        operator::tell_all(&office).await.expect("told");
        month.plays(if stopped { "stop all" } else { "release all" });
    }
}
