//! Links by which a network fetches a picture: signed, short-lived, for one picture of one
//! practice.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use super::office::{Office, TraceKey};
use crate::domain::canonical::hex;
use crate::domain::ids::PracticeId;
use crate::ports::store::{MediaBytes, Stored};

/// How long a link is good for: a network fetches at once, or within its own retries.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The path and query under which a picture can be fetched from now on, for an hour.
pub fn link(office: &Office, practice: &PracticeId, sha256: &str) -> String {
    let until = office.now().saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX).as_second();
    let signature =
        hex::encode(&sign(&office.trace, practice, sha256, until).finalize().into_bytes());
    format!("/media/{sha256}?until={until}&sig={signature}")
}

/// The picture that a link is for; nothing when it is not signed so, or not good any more.
///
/// The link does not name the practice, so that nobody outside learns whose picture it is. Whose
/// signature it is is tried, in the same time for each.
pub async fn follow(
    office: &Office,
    sha256: &str,
    until: i64,
    signature: &str,
) -> Stored<Option<MediaBytes>> {
    let Some(signature) = hex::decode::<32>(signature) else { return Ok(None) };
    let latest = office.now().saturating_add(GOOD_FOR).unwrap_or(Timestamp::MAX).as_second();
    if until <= office.now().as_second() || until > latest {
        return Ok(None);
    }
    let practices = office.store.practices().await?;
    let signs = |practice: &&PracticeId| {
        sign(&office.trace, practice, sha256, until).verify_slice(&signature).is_ok()
    };
    match practices.iter().find(signs) {
        Some(practice) => office.store.media(practice, sha256).await,
        None => Ok(None),
    }
}

/// Under a key of its own: what signs links signs nothing else.
fn sign(key: &TraceKey, practice: &PracticeId, sha256: &str, until: i64) -> Hmac<Sha256> {
    let mac = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    let mut derived = mac(&key.0);
    derived.update(b"countersign.media.v1");
    let mut signed = mac(&derived.finalize().into_bytes());
    for part in [practice.as_str(), sha256, &until.to_string()] {
        signed.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        signed.update(part.as_bytes());
    }
    signed
}
