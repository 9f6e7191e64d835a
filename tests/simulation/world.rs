//! The agency and its twenty-one practices.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use countersign::cli::sample_agency;
use countersign::domain::agency::Agency;
use countersign::domain::ids::PracticeId;
use countersign::domain::practice::Practice;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::support::TestPractice;

/// From the sample's first day to one two weeks before summer time begins in America.
const TO_MARCH: SignedDuration = SignedDuration::from_hours(24 * 98);
/// Where the practices are.
const ZONES: [&str; 4] =
    ["America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles"];
/// Who is in each practice beside Maya.
const PEOPLE: [&[&str]; 3] = [
    &["tomas", "dr-rao", "dr-kim", "lena", "maya"],
    &["dr-diaz", "lena", "ana", "maya"],
    &["tomas", "dr-kim", "dr-diaz", "lena", "maya"],
];

/// The agency at work.
pub struct World {
    /// The first practice, with what all of them share: the office, the platform, the network.
    pub office: TestPractice,
    /// Every practice.
    pub practices: Vec<Practice>,
    /// How often which act was played.
    played: BTreeMap<&'static str, u64>,
    /// How many texts were written.
    pub texts: u64,
}

impl World {
    /// Everything begins.
    pub async fn open() -> Self {
        let office = TestPractice::open().await;
        office.passes(TO_MARCH);
        let mut practices = vec![crate::support::sample::practice()];
        for n in 1..=20 {
            let zone = TimeZone::get(ZONES[n % ZONES.len()]).expect("a bundled zone");
            let (id, name) = (format!("p{n:02}"), format!("Practice {n:02}"));
            let practice = sample_agency::practice((&id, &name, zone), PEOPLE[n % PEOPLE.len()]);
            office.adds(&practice).await;
            practices.push(practice);
        }
        let ids: BTreeSet<PracticeId> = practices.iter().map(|p| p.id.clone()).collect();
        office.chat.are_in(sample_agency::DESK, &["maya"]);
        office.binds(Agency { practices: ids, ..sample_agency::agency() }).await;
        office.transcript();
        Self { office, practices, played: BTreeMap::new(), texts: 0 }
    }

    /// Notes that an act was played.
    pub fn plays(&mut self, act: &'static str) {
        *self.played.entry(act).or_default() += 1;
    }

    /// How often which act was played, in words.
    pub fn counts(&self) -> String {
        self.played.iter().fold(String::new(), |mut line, (act, times)| {
            let _ = write!(line, "{act} {times}, ");
            line
        })
    }
}
