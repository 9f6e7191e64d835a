//! May the pictures of a draft be shown? By somebody's word alone, and by a consent as far as it goes.

use jiff::Timestamp;

use super::draft::Draft;
use super::practice::Practice;
use super::refusal::Refusal;

/// May the pictures of a draft be shown on its accounts until this moment?
pub fn check(practice: &Practice, draft: &Draft, until: Timestamp) -> Result<(), Refusal> {
    for picture in &draft.pictures {
        let vouched = draft.vouched.get(&picture.sha256).ok_or(Refusal::NotVouched)?;
        for code in &vouched.consents {
            covers(practice, draft, (code, until))?;
        }
    }
    Ok(())
}

/// The consent counts on every account of the draft until this moment.
fn covers(
    practice: &Practice,
    draft: &Draft,
    (code, until): (&str, Timestamp),
) -> Result<(), Refusal> {
    let consent = practice.consent(code).filter(|consent| consent.revoked.is_none());
    let consent = consent.ok_or(Refusal::ConsentRevoked)?;
    if !consent.holds(until) {
        return Err(Refusal::ConsentEnds);
    }
    let mut accounts = draft.accounts.iter().filter_map(|id| practice.account(id));
    if accounts.all(|account| consent.covers(account.network)) {
        Ok(())
    } else {
        Err(Refusal::ConsentElsewhere)
    }
}
