//! The social networks, one file each.
//!
//! Architecture invariant: a network file makes one attempt and never sleeps, retries or writes
//! to the store; what an answer means is decided in [`http`] alone.

pub mod http;
pub mod local;

use crate::domain::network::Network;

/// Every network that has a file here.
pub const fn all() -> &'static [Network] {
    &[local::NETWORK]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_listed() {
        assert_eq!(all(), Network::ALL);
    }
}
