//! How long to wait between attempts: at once, then longer and longer, never all at the same time.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::clock::Chance;

/// The waits of one thing that is tried again and again.
pub struct Waits {
    first: Duration,
    longest: Duration,
    tried: u32,
    chance: Arc<dyn Chance>,
}

impl Waits {
    /// The first attempt after a success comes at once, the next after about `first`.
    pub fn new(first: Duration, longest: Duration, chance: Arc<dyn Chance>) -> Self {
        Self { first, longest, tried: 0, chance }
    }

    /// The next wait.
    pub fn another(&mut self) -> Duration {
        let Some(doubled) = self.tried.checked_sub(1) else {
            self.tried = 1;
            return Duration::ZERO;
        };
        self.tried = self.tried.saturating_add(1);
        let longest = self.longest;
        let wait = self.first.saturating_mul(2_u32.saturating_pow(doubled)).min(longest);
        self.about(wait)
    }

    /// It went well: the next failure is the first again.
    pub fn over(&mut self) {
        self.tried = 0;
    }

    /// Between half of it and all of it.
    pub fn about(&self, wait: Duration) -> Duration {
        let [one, ..] = self.chance.bytes();
        wait.mul_f64(0.5 + f64::from(one) / 510.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Chance for Fixed {
        fn bytes(&self) -> [u8; 16] {
            [self.0; 16]
        }
    }

    #[test]
    fn waits_begin_at_once_and_grow_to_a_limit() {
        let (first, longest) = (Duration::from_millis(500), Duration::from_secs(30));
        let mut most = Waits::new(first, longest, Arc::new(Fixed(255)));
        let mut least = Waits::new(first, longest, Arc::new(Fixed(0)));

        let grown: Vec<u128> = (0..9).map(|_| most.another().as_millis()).collect();
        assert_eq!(grown, [0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
        assert_eq!([0, 1, 2].map(|_| least.another().as_millis()), [0, 250, 500]);
        most.over();
        assert_eq!(most.another(), Duration::ZERO);
        assert_eq!((0..100).map(|_| most.another()).last(), Some(longest));
    }
}
