//! Another process on the same database, and one that dies while it works.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use countersign::app::office::Office;
use countersign::app::{rounds, watch};

use super::{TestPractice, office};

impl TestPractice {
    /// It is noted that somebody is at work, and who has no digest planned gets one.
    pub async fn watches(&self) {
        watch::watch(&self.office).await.expect("noted");
    }

    /// Another process that works on the same database.
    pub async fn replica(&self) -> Arc<Office> {
        let time = (self.clock.clone(), self.chance.clone());
        let place = (&*self.folder, &self.database);
        Arc::new(office(place, time, &self.chat, &self.network).await.0)
    }

    /// Works until it is asked to go on so many times, and dies there; whether it came to an end.
    pub async fn dies_after(&self, polls: usize) -> bool {
        let mut work = pin!(rounds::go_round(&self.office));
        for _ in 0..polls {
            let polled = std::future::poll_fn(|on| Poll::Ready(work.as_mut().poll(on))).await;
            if polled.is_ready() {
                return true;
            }
            tokio::task::yield_now().await;
        }
        false
    }
}
