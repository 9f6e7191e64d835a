//! What is said once to everyone who looks after a practice, and at the desks of its agencies.

use super::desk;
use super::hearer::{Hearer, hearers};
use super::office::Office;
use super::wish::{Wish, plain, wish};
use crate::domain::practice::Practice;
use crate::ports::notice::View;
use crate::ports::store::{OutboxWrite, Stored};

/// Says it to each of them once; a subject that was said before is not said again.
pub(super) async fn raise(
    office: &Office,
    practice: &Practice,
    subject: &str,
    view: &View,
) -> Stored<Vec<OutboxWrite>> {
    let desks = desk::of(office, &practice.id).await?.into_iter();
    let desks = desks.map(|channel| Hearer::Desk { channel });
    let said = hearers(practice).into_iter().chain(desks).map(|hearer| {
        let subject = format!("raised/{subject}/{}", hearer.name());
        let notice = plain(view.clone());
        wish(office, &practice.id, subject, Wish::Raised { hearer, notice }, false)
    });
    Ok(said.collect())
}
