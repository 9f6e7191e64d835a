//! The digest of an agency: all practices that may be shown at a desk on one card.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::parts::{self, Lines};
use super::{accounts, so_far, told, troubled};
use crate::app::office::Office;
use crate::app::views;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::ports::notice::{DeskDigestView, DigestLine, OfPractice};
use crate::ports::store::Stored;

/// So many practices are told of at most.
const PRACTICES: usize = 20;
/// So many lines all of them have together: the card is one message on every platform.
const LINES: usize = 20;

/// All of these on one card; first the practice of which a post misses its slot first today.
pub(in crate::app) async fn view(
    office: &Office,
    shown: &[(Practice, Vec<Post>)],
) -> Stored<DeskDigestView> {
    let (mut all, mut quiet) = (Vec::new(), Vec::new());
    for (practice, open) in shown {
        match of(office, practice, open).await? {
            Some(told) => all.push(told),
            None => quiet.push(practice.id.to_string()),
        }
    }
    all.sort_by(|(a, one), (b, other)| (a, &one.practice).cmp(&(b, &other.practice)));
    let left_out = all.len().saturating_sub(PRACTICES);
    let mut practices: Vec<OfPractice> =
        all.into_iter().take(PRACTICES).map(|(_, told)| told).collect();
    fit(&mut practices);
    let more = if left_out == 0 { String::new() } else { left_out.to_string() };
    Ok(DeskDigestView { practices, quiet: quiet.join(", "), more })
}

/// When the first post misses its slot today, and before those of which none does, those of which
/// somebody has to do something.
type Urgency = (Reverse<bool>, Option<Timestamp>, Reverse<usize>);

async fn of(
    office: &Office,
    practice: &Practice,
    open: &[Post],
) -> Stored<Option<(Urgency, OfPractice)>> {
    let now = office.now();
    let (since, until) = so_far(office, practice).await?;
    let published = told(office, practice, (since.as_ref(), &until)).await?.published.len();
    let (first, risks) = parts::risks(practice, open, now);
    let troubled = troubled(office, practice, open).await?;
    let waiting = parts::waiting(practice, open, now);
    let accounts = accounts(office, practice).await;
    let to_do = troubled.count() + waiting.count() + accounts.count();
    let stopped = views::stopped(practice);
    if published + risks.count() + to_do == 0 && stopped.is_empty() {
        return Ok(None);
    }
    let told = OfPractice {
        practice: practice.id.to_string(),
        stopped,
        risks: risks.part(),
        published: Lines::first(Vec::new(), published).part(),
        troubled: Lines::first(Vec::new(), troubled.count()).part(),
        waiting: Lines::first(Vec::new(), waiting.count()).part(),
        accounts: Lines::first(Vec::new(), accounts.count()).part(),
    };
    Ok(Some(((Reverse(first.is_some()), first, Reverse(to_do)), told)))
}

/// Leaves lines out where there are too many: what misses its slot first keeps its own.
fn fit(practices: &mut [OfPractice]) {
    let mut room = LINES;
    for of in practices {
        let risks = &mut of.risks;
        let lines: Vec<DigestLine> = std::mem::take(&mut risks.lines);
        let had = lines.len() + risks.more.parse::<usize>().unwrap_or(0);
        risks.lines = lines.into_iter().take(room).collect();
        room -= risks.lines.len();
        let left_out = had - risks.lines.len();
        risks.more = if left_out == 0 { String::new() } else { left_out.to_string() };
    }
}
