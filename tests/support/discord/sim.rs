//! The running simulator: one world behind one lock, and word of its changes.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use super::world::World;

/// All of it.
pub struct Sim {
    world: Mutex<World>,
    /// So many sessions were ever begun or gone on with.
    pub connected: watch::Sender<usize>,
    /// Changes whenever the world may have.
    pub changed: watch::Sender<u64>,
}

impl Sim {
    /// One with this world.
    pub fn new(world: World) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            connected: watch::Sender::new(0),
            changed: watch::Sender::new(0),
        })
    }

    /// Does something in the world.
    pub fn with<T>(&self, does: impl FnOnce(&mut World) -> T) -> T {
        let done = does(&mut self.world.lock().expect("whole"));
        self.changed.send_modify(|count| *count += 1);
        done
    }

    /// Looks whether something is so, without a change.
    pub fn look(&self, is_so: impl FnOnce(&mut World) -> bool) -> bool {
        is_so(&mut self.world.lock().expect("whole"))
    }
}
