//! Faults on demand: what goes wrong with a request, and how often.

use std::time::Duration;

use super::world::World;

/// How a request goes wrong.
#[derive(Debug, Clone)]
pub enum How {
    /// It is never answered, and not done.
    Hangs,
    /// It is done, and never answered.
    HangsAfter,
    /// It is not done, and answered with 503.
    Fails,
    /// It is done, and answered with 500.
    FailsAfter,
    /// It is done, and the connection breaks before the answer.
    DropsAnswer,
    /// It is not done, and the connection breaks.
    Breaks,
    /// It is done, and nobody can read the answer.
    Garbles,
    /// It is done, and each message in the answer has components of a kind that nobody knows.
    Strange,
    /// It is refused with this status, code and message.
    Refuses(u16, u32, &'static str),
    /// It is one too many, for so many seconds, in this scope: `user`, `global` or `shared`.
    Limits(f64, &'static str),
    /// It takes so long.
    Slow(Duration),
}

/// A fault that waits for a request.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The route, ids as stars: `POST /channels/*/messages`; or `*` for any.
    pub route: String,
    /// So many requests go wrong.
    pub times: usize,
    /// How they do.
    pub how: How,
}

impl World {
    /// The fault of this request, if one waits for it.
    pub fn fault_of(&mut self, route: &str) -> Option<How> {
        let meant =
            |fault: &&mut Fault| fault.times > 0 && (fault.route == route || fault.route == "*");
        let fault = self.faults.iter_mut().find(meant)?;
        fault.times -= 1;
        Some(fault.how.clone())
    }
}
