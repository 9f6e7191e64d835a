//! Whether a request is Slack's: its
//! [signature](https://docs.slack.dev/authentication/verifying-requests-from-slack/), its time,
//! and that it was not heard before.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::domain::canonical::hex;
use crate::domain::secret::Secret;

/// A request is good for so long, either way.
const GOOD: SignedDuration = SignedDuration::from_mins(5);
/// So many are remembered for that long; more than Slack sends in that time to one workspace.
const REMEMBERED: usize = 20_000;

/// A request's own proof.
type Proof = [u8; 32];

/// Why a request is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It does not say when, or by whom it is signed.
    Unsigned,
    /// It is from another time.
    Stale,
    /// It is somebody else's.
    Forged,
}

/// Tells Slack's requests from others.
pub struct Seal {
    secret: Secret,
    heard: Mutex<HashMap<Proof, Timestamp>>,
}

impl Seal {
    /// By the app's signing secret.
    pub fn new(secret: Secret) -> Self {
        Self { secret, heard: Mutex::default() }
    }

    /// Checks `x-slack-signature` and `x-slack-request-timestamp` of this body; what comes back is
    /// the request's own proof.
    pub fn check(
        &self,
        (signature, at): (Option<&str>, Option<&str>),
        body: &[u8],
        now: Timestamp,
    ) -> Result<Proof, Doubt> {
        let (signature, at) = (signature.ok_or(Doubt::Unsigned)?, at.ok_or(Doubt::Unsigned)?);
        let proof = signature.strip_prefix("v0=").and_then(hex::decode).ok_or(Doubt::Unsigned)?;
        let second: i64 = at.parse().map_err(|_| Doubt::Unsigned)?;
        let sent = Timestamp::from_second(second).map_err(|_| Doubt::Stale)?;
        if now.duration_since(sent).abs() > GOOD {
            return Err(Doubt::Stale);
        }
        let secret = self.secret.reveal().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| Doubt::Forged)?;
        mac.update(b"v0:");
        mac.update(at.as_bytes());
        mac.update(b":");
        mac.update(body);
        // Takes the same time wherever they differ.
        mac.verify_slice(&proof).map_err(|_| Doubt::Forged)?;
        Ok(proof)
    }

    /// Whether this very request is the first of its kind: it is heard now, and another is a copy.
    pub fn is_first(&self, proof: Proof, now: Timestamp) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= REMEMBERED {
            // Twice as long: its time may lie ahead of ours.
            heard.retain(|_, at| now.duration_since(*at) <= GOOD + GOOD);
        }
        heard.insert(proof, now).is_none()
    }

    /// It was not heard after all.
    pub fn forget(&self, proof: &Proof) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).remove(proof);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slack's own example of a signature.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const AT: &str = "1531420618";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow\
        &channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner\
        &command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands\
        %2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN\
        &trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    fn check(signature: Option<&str>, at: Option<&str>, later: i64) -> Result<(), Doubt> {
        let seal = Seal::new(Secret::new(SECRET));
        let now = Timestamp::from_second(1_531_420_618 + later).expect("a time");
        seal.check((signature, at), BODY.as_bytes(), now).map(drop)
    }

    #[test]
    fn slacks_own_example_is_slacks() {
        assert_eq!(check(Some(SIGNATURE), Some(AT), 0), Ok(()));
        assert_eq!(check(Some(SIGNATURE), Some(AT), 300), Ok(()));
        assert_eq!(check(Some(SIGNATURE), Some(AT), -300), Ok(()));
    }

    #[test]
    fn what_is_not_slacks_or_not_of_now_is_refused() {
        let other = SIGNATURE.replace("a2114d", "a2114e");
        let table = [
            (Some(other.as_str()), Some(AT), 0, Doubt::Forged),
            (Some(SIGNATURE), Some("1531420619"), 0, Doubt::Forged),
            (Some(SIGNATURE), Some(AT), 301, Doubt::Stale),
            (Some(SIGNATURE), Some(AT), -301, Doubt::Stale),
            (Some(SIGNATURE), Some("9999999999999999"), 0, Doubt::Stale),
            (Some(SIGNATURE), Some("soon"), 0, Doubt::Unsigned),
            (Some(SIGNATURE), None, 0, Doubt::Unsigned),
            (None, Some(AT), 0, Doubt::Unsigned),
            (Some("v0="), Some(AT), 0, Doubt::Unsigned),
            (Some(&SIGNATURE[3..]), Some(AT), 0, Doubt::Unsigned),
            (Some("v0=+1"), Some(AT), 0, Doubt::Unsigned),
        ];
        for (signature, at, later, doubt) in table {
            assert_eq!(check(signature, at, later), Err(doubt), "{signature:?} {at:?} {later}");
        }
    }

    #[test]
    fn what_was_heard_is_known_while_it_is_good() {
        let seal = Seal::new(Secret::new(SECRET));
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let proof = |number: i64| {
            let mut proof = [0; 32];
            proof[..8].copy_from_slice(&number.to_le_bytes());
            proof
        };

        assert!((0..20_000).all(|number| seal.is_first(proof(number), at(number))));
        assert!(!seal.is_first(proof(19_999), at(20_000)));
        assert!(seal.heard.lock().expect("whole").len() < 1000, "what is stale is forgotten");
        seal.forget(&proof(19_999));
        assert!(seal.is_first(proof(19_999), at(20_000)));
    }
}
