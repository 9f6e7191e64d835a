//! The month: who plays, what is known outside of what they did, and how a day goes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;

use countersign::domain::ids::PracticeId;
use countersign::domain::member::Role;
use countersign::domain::practice::{Practice, Purpose};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::api::Eyes;
use crate::chance::Dice;
use crate::database::TestDatabase;
use crate::house::House;
use crate::outside::Outside;
use crate::signatures::Signatures;
use crate::words::Texts;
use crate::{acts, cast, changes, weather};

/// Monday, 8:00 in Chicago, two weeks before summer time begins in America.
const BEGINS: &str = "2027-03-01T14:00:00Z";
/// So long until the next look at what people do.
const TICK: SignedDuration = SignedDuration::from_mins(30);
/// From 8:00 to 18:00.
const TICKS: u64 = 20;
/// When people go through what waits for them: staff, approvers in the trouble of the day, whoever
/// runs Countersign, compliance, managers.
const SEND: u64 = 2;
const SIGN: u64 = 4;
const CHANGE: u64 = 6;
const WEIGH: u64 = 9;
const MEND: u64 = 14;
/// Cards are read again after so many of them.
const SWEEP: u64 = 6;
/// The night, in steps.
const NIGHT: [SignedDuration; 7] = [SignedDuration::from_hours(2); 7];
/// At most so many acts come between two looks.
const AT_ONCE: u64 = 2;

/// Everything that plays.
pub struct Month {
    pub house: House,
    /// Every practice, as whoever runs Countersign knows it.
    pub practices: Vec<Practice>,
    pub eyes: Eyes,
    pub texts: Texts,
    pub signatures: Signatures,
    pub dice: Dice,
    /// Buttons that are pressed once.
    pub pressed: BTreeSet<String>,
    /// Practices whose approvers were told that something waits for them.
    pub called: VecDeque<usize>,
    /// Practices whose approvers will be, once the card is there.
    pub calls: Vec<usize>,
    played: BTreeMap<&'static str, u64>,
    messages: usize,
    outside: Outside,
    taken: i64,
}

impl Month {
    /// The month begins, in this database.
    pub async fn open((folder, database): (TempDir, TestDatabase), seed: u64) -> Self {
        let practices = cast::practices();
        let begins: Timestamp = BEGINS.parse().expect("a time");
        let house = House::open((folder, database), begins, &practices).await;
        house.settles().await;
        let outside = Outside::open(house.folder.path()).await;
        Self {
            house,
            practices,
            eyes: Eyes::default(),
            texts: Texts::default(),
            signatures: Signatures::default(),
            dice: Dice::new(seed),
            pressed: BTreeSet::new(),
            called: VecDeque::new(),
            calls: Vec::new(),
            played: BTreeMap::new(),
            messages: 0,
            outside,
            taken: 0,
        }
    }

    /// A day and a night.
    pub async fn day(&mut self, day: u64) {
        for tick in 0..TICKS {
            match tick {
                SEND => acts::goes_through(self, Role::Staff, Purpose::Ideas).await,
                SIGN => {
                    weather::of_the_day(self, day).await;
                    acts::goes_through(self, Role::Approver, Purpose::Approvals).await;
                }
                CHANGE if day.is_multiple_of(3) => changes::of_the_day(self).await,
                WEIGH => acts::goes_through(self, Role::Compliance, Purpose::Approvals).await,
                MEND => acts::goes_through(self, Role::Manager, Purpose::Approvals).await,
                _ => {}
            }
            for _ in 0..self.dice.between(1, 1 + AT_ONCE) {
                acts::one(self).await;
            }
            self.settles().await;
            if tick % SWEEP == 0 {
                weather::sweep(self).await;
            }
            self.waits(TICK).await;
            weather::passes(self).await;
        }
        weather::clears(self).await;
        for hours in NIGHT {
            self.waits(hours).await;
        }
    }

    /// What is due happens; then somebody looks at the network.
    pub async fn settles(&mut self) {
        self.house.settles().await;
        self.called.extend(self.calls.drain(..));
        self.looks_at_the_network().await;
    }

    /// Time passes; what is due happens; then somebody looks at the network.
    pub async fn waits(&mut self, how_long: SignedDuration) {
        self.house.waits(how_long).await;
        self.looks_at_the_network().await;
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

    /// The number of the next message.
    pub fn next_message(&mut self) -> usize {
        self.messages += 1;
        self.messages
    }

    /// Any practice's place in the list.
    pub fn any(&mut self) -> usize {
        self.dice.below(self.practices.len())
    }

    /// A new text for these practices.
    pub fn text(&mut self, whose: &[PracticeId]) -> String {
        self.texts.new_text(whose)
    }

    async fn looks_at_the_network(&mut self) {
        let taken = self.outside.count().await;
        if taken == self.taken {
            return;
        }
        self.taken = taken;
        let live = self.house.published().await;
        self.signatures.were_there_for(&live, &self.practices);
    }
}
