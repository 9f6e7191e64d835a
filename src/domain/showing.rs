//! May the pictures of a draft be shown? By somebody's word alone, and by a consent as far as it goes.

use jiff::Timestamp;

use super::draft::Draft;
use super::practice::Practice;
use super::refusal::Refusal;

/// May the pictures of a draft be shown on its accounts until this moment?
pub fn check(practice: &Practice, draft: &Draft, until: Timestamp) -> Result<(), Refusal> {
    for picture in &draft.pictures {
        let vouched = draft.vouched.get(&picture.sha256).ok_or(Refusal::NotVouched)?;
        let Some(code) = &vouched.consent else { continue };
        let consent = practice.consent(code).ok_or(Refusal::ConsentRevoked)?;
        if consent.revoked.is_some() {
            return Err(Refusal::ConsentRevoked);
        }
        if !consent.holds(until) {
            return Err(Refusal::ConsentEnds);
        }
        let mut accounts = draft.accounts.iter().filter_map(|id| practice.account(id));
        if accounts.any(|account| !consent.covers(account.network)) {
            return Err(Refusal::ConsentElsewhere);
        }
    }
    Ok(())
}
