//! Faults on demand: what goes wrong with a call of the Web API, and how often.

use std::time::Duration;

use super::world::World;

/// How a call goes wrong.
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
    /// It is refused with this error.
    Refuses(&'static str),
    /// It is one too many, for so many seconds.
    Limits(u64),
    /// It takes so long.
    Slow(Duration),
}

/// A fault that waits for a call.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The method, or `*` for any.
    pub method: String,
    /// So many calls go wrong.
    pub times: usize,
    /// How they do.
    pub how: How,
}

impl World {
    /// The fault of this call, if one waits for it.
    pub fn fault_of(&mut self, method: &str) -> Option<How> {
        let meant =
            |fault: &&mut Fault| fault.times > 0 && (fault.method == method || fault.method == "*");
        let fault = self.faults.iter_mut().find(meant)?;
        fault.times -= 1;
        Some(fault.how.clone())
    }
}
