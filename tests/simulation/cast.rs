//! Who is there: twenty-one practices, their people, policies and hours, and their channels.

use countersign::chat::local::{Channel, Person};
use countersign::cli::{sample, sample_agency};
use countersign::domain::ids::AccountId;
use countersign::domain::policy::{ALWAYS, Dated, Demand, Needed, Policy};
use countersign::domain::practice::{Account, Practice, Purpose};
use countersign::domain::quiet::Quiet;
use jiff::civil::time;
use jiff::tz::TimeZone;

/// So many practices are there beside the sample practice.
const OTHERS: usize = 20;
/// Where the practices are.
const ZONES: [&str; 4] =
    ["America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles"];
/// Who is in each practice at first, beside Maya.
const PEOPLE: [&[&str]; 4] = [
    &["tomas", "dr-rao", "dr-kim", "lena", "maya"],
    &["dr-diaz", "lena", "ana", "maya"],
    &["tomas", "dr-rao", "dr-kim", "dr-diaz", "lena", "ana", "maya"],
    &["tomas", "dr-rao", "lena", "maya"],
];
/// What a practice uses its channels for.
const PURPOSES: [Purpose; 3] = [Purpose::Ideas, Purpose::Approvals, Purpose::Digest];

/// Every practice, as it begins.
pub fn practices() -> Vec<Practice> {
    std::iter::once(sample::practice()).chain((1..=OTHERS).map(practice)).collect()
}

/// Everybody and every channel of the local workspace. Anybody can read and write in a practice's
/// channels, as who joins a practice later does; at the desk is only the agency.
pub fn workspace() -> (Vec<Person>, Vec<Channel>) {
    let (people, own) = sample::workspace();
    let room = |id: String, what: &str| Channel {
        name: id.clone(),
        id,
        what: what.to_owned(),
        practice: None,
        people: None,
    };
    let others = (1..=OTHERS).flat_map(|n| {
        PURPOSES.map(|purpose| room(format!("{}-{purpose}", id(n)), sample::what(purpose)))
    });
    let at_desk = Some(vec!["maya".to_owned()]);
    let desk = room(sample_agency::DESK.to_owned(), sample::what(Purpose::Desk));
    let desk = Channel { people: at_desk, ..desk };
    (people, own.into_iter().chain(others).chain([desk]).collect())
}

fn id(n: usize) -> String {
    format!("p{n:02}")
}

fn practice(n: usize) -> Practice {
    let zone = TimeZone::get(ZONES[n % ZONES.len()]).expect("a bundled zone");
    let (id, name) = (id(n), format!("Practice {n:02}"));
    let which = n % PEOPLE.len();
    let mut practice = sample_agency::practice((&id, &name, zone), PEOPLE[which]);
    // The only approver there may sign own words.
    practice.own_words = (which == 3).then_some(ALWAYS);
    if which == 2 {
        practice.policies = vec![Dated::always(strict())];
    }
    if n.is_multiple_of(5) {
        practice.quiet = Some(Quiet { from: time(21, 0, 0, 0), to: time(7, 0, 0, 0) });
    }
    if n.is_multiple_of(3) {
        let page = format!("{id}-news");
        practice.accounts.push(Account {
            id: AccountId::new(page.clone()),
            name: format!("P{n:02} news"),
            remote_id: page,
            ..practice.accounts[0].clone()
        });
    }
    practice
}

/// Two sign, or one where compliance says that little can go wrong.
fn strict() -> Policy {
    let some = |count| Demand::Approvers { needed: Needed::Some(count), of: Vec::new() };
    Policy { low: vec![some(1)], ..Policy::of(vec![some(2)]) }
}
