//! Whose words may stand in a post, as the ledger has it: the canonical form has no null, so that an
//! empty name stands for somebody who is not known.

use serde::{Deserialize, Deserializer, Serializer};

use super::ids::MemberId;

/// Writes their ids.
pub fn serialize<S: Serializer>(all: &[Option<MemberId>], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(all.iter().map(|one| one.as_ref().map_or("", MemberId::as_str)))
}

/// Reads their ids.
pub fn deserialize<'de, D>(from: D) -> Result<Vec<Option<MemberId>>, D::Error>
where
    D: Deserializer<'de>,
{
    let all = Vec::<MemberId>::deserialize(from)?;
    Ok(all.into_iter().map(|one| Some(one).filter(|one| !one.as_str().is_empty())).collect())
}
