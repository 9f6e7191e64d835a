//! For how long Discord has not answered over a connection. Pure, but for the time.

use std::time::Duration;

use tokio::time::Instant;

/// When Discord last answered, over each connection.
#[derive(Default)]
pub struct Quiet(Vec<(Option<Duration>, Instant)>);

impl Quiet {
    /// How long it is silent over the one where it is so longest. How long an answer took is never
    /// the same twice, so that another time is another answer.
    pub fn longest(&mut self, answers: &[Option<Duration>]) -> Duration {
        let now = Instant::now();
        self.0.resize(answers.len(), (None, now));
        for (known, took) in self.0.iter_mut().zip(answers) {
            if known.0 != *took {
                *known = (*took, now);
            }
        }
        self.0.iter().map(|(_, at)| now - *at).max().unwrap_or_default()
    }
}
