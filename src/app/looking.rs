//! Has the screen look at texts, in memory, without letting a text that it can't cope with take
//! more than its place.

use std::time::Duration;

use tokio::sync::oneshot;

use super::office::Office;
use crate::screen::{Finding, Roster};

/// So many bytes of text one event may bring; the longest post of any network is far below it.
const LONGEST: usize = 20_000;
/// A look may wait so long until it begins: a crowd is no reason not to look.
const CROWD: Duration = Duration::from_secs(1);

/// For each of these texts the rules that keep it out, whichever roster says so; `None` when the
/// screen could not look at them.
pub(super) async fn look(
    office: &Office,
    rosters: Vec<Roster>,
    texts: Vec<String>,
) -> Option<Vec<Vec<&'static str>>> {
    if texts.is_empty() {
        return Some(Vec::new());
    }
    if texts.iter().map(String::len).sum::<usize>() > LONGEST {
        return None;
    }
    let look = office.look.clone();
    let (started, start) = oneshot::channel();
    let begins = async {
        let place = office.looks.clone().acquire_owned().await.ok()?;
        let looking = tokio::task::spawn_blocking(move || {
            let (_until_it_ends, _) = (place, started.send(()));
            let rules = |text: &String| {
                let found = rosters.iter().flat_map(|roster| look(text, roster));
                let blocks = found.filter(Finding::keeps_out);
                blocks.map(|finding| finding.rule).collect()
            };
            texts.iter().map(rules).collect()
        });
        start.await.ok().map(|()| looking)
    };
    let looking = tokio::time::timeout(CROWD, begins).await.ok()??;
    let allowed = Duration::try_from(office.pace.look).unwrap_or_default();
    tokio::time::timeout(allowed, looking).await.ok()?.ok()
}
