//! Chance that a printed number repeats.

use std::env;

/// A row of numbers that looks random (`SplitMix64`).
pub struct Dice(u64);

impl Dice {
    /// The row that begins with this number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from `from` up to, but not including, `to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from)
    }

    /// An index of something so long.
    pub fn below(&mut self, long: usize) -> usize {
        let long = u64::try_from(long).expect("small");
        usize::try_from(self.between(0, long)).expect("small")
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The run's number: given, or the machine's own chance.
pub fn seed() -> u64 {
    number("COUNTERSIGN_CHAOS_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 4];
        getrandom::fill(&mut bytes).expect("chance");
        u32::from_be_bytes(bytes).into()
    })
}

/// A number from the environment.
pub fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} has to be a number")))
}
