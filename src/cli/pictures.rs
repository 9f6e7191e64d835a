//! Whether the pictures of what was signed are there, and are what was signed.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::found::Wrong;
use crate::domain::canonical::hex;
use crate::domain::content::Content;
use crate::ports::store::Store;

/// Every picture of a content is kept as it was signed. `known` are those that were looked at.
pub async fn pictures(
    store: &dyn Store,
    content: &Content,
    known: &mut BTreeSet<String>,
) -> Result<(), Wrong> {
    let all = content.accounts.iter().flat_map(|part| &part.media);
    for picture in all {
        if !known.insert(picture.sha256.clone()) {
            continue;
        }
        let short = picture.sha256.get(..8).unwrap_or_default();
        let kept = store.media(&content.practice, &picture.sha256).await?;
        let kept = kept.ok_or_else(|| Wrong(format!("the picture {short} is missing")))?;
        let same = hex::encode(&Sha256::digest(&kept.bytes)) == picture.sha256
            && kept.media_type == picture.media_type;
        if !same {
            return Err(Wrong(format!("the picture {short} was changed")));
        }
    }
    Ok(())
}
