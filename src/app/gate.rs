//! The door: every event is screened in memory, then stored, then acknowledged.
//!
//! What looks like patient information is stored without any text, file name or bytes: only ids,
//! rule ids and a keyed hash. If the screen can't look (it panics, takes too long), the event is
//! stored without text as well, and the author is asked to send it again.

use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::time::{Instant, timeout_at};

use super::desk::route;
use super::elsewhere;
use super::founder;
use super::looking::look;
use super::office::{Office, TraceKey};
use super::roster::roster;
use super::shell::shell;
use super::submissions;
use crate::domain::canonical::hex;
use crate::domain::content::normalized;
use crate::domain::emoji;
use crate::domain::ids::{AgencyId, PracticeId};
use crate::domain::practice::Purpose;
use crate::ports::intake::{ChatEvent, Happening, Receipt};
use crate::ports::store::{Binding, Screened, Shell, Stored};
use crate::screen::Roster;

/// The database may take so long.
const COMMIT: Duration = Duration::from_secs(2);

/// Screens, stores and acknowledges an event.
pub async fn receive(office: &Arc<Office>, event: ChatEvent) -> Receipt {
    take(office, event, false).await
}

/// The same for an event that was found later: nobody sent too many at once then.
pub async fn receive_found(office: &Arc<Office>, event: ChatEvent) -> Receipt {
    take(office, event, true).await
}

async fn take(office: &Arc<Office>, event: ChatEvent, found: bool) -> Receipt {
    let until = Instant::now() + COMMIT;
    let receipt = match timeout_at(until, office.door.acquire()).await {
        // Its platform brings it again; what it waited for tells of its own trouble.
        Err(_) => Receipt::NotRecorded,
        Ok(_place) => match timeout_at(until, store(office, event, found)).await {
            Ok(Ok(receipt)) => {
                office.ring();
                receipt
            }
            Ok(Err(error)) => not_recorded(office, &error.to_string()),
            Err(_) => not_recorded(office, "the database took more than 2 s"),
        },
    };
    office.counts.passed(&receipt);
    receipt
}

fn not_recorded(office: &Office, why: &str) -> Receipt {
    tracing::error!("An event was not recorded: {why}");
    office.trouble.doubt(why);
    office.ring();
    Receipt::NotRecorded
}

async fn store(office: &Arc<Office>, event: ChatEvent, found: bool) -> Stored<Receipt> {
    let Some((binding, event)) = at_home(office, event).await? else {
        return Ok(Receipt::Ignored);
    };
    let desk = match binding.purpose {
        Purpose::Desk => office.store.desk(&event.channel).await?,
        Purpose::Ideas | Purpose::Approvals | Purpose::Digest => None,
    };
    let whom = match &desk {
        Some(agency) => route::route(office, agency, &event).await?,
        None => Vec::new(),
    };
    let mut practices = Vec::new();
    for (practice, _) in &whom {
        practices.extend(office.store.practice(practice).await?);
    }
    if whom.is_empty() {
        practices.extend(office.store.practice(&binding.practice).await?);
    }
    if practices.is_empty() {
        return Ok(Receipt::Ignored);
    }
    let asked = event.clone();
    let rosters = practices.iter().map(|practice| roster(practice, office.now())).collect();
    let screened = screen(office, (&binding.practice, rosters), event).await?;
    if asked.is_bot {
        return Ok(of_a_bot(&screened));
    }
    // What looks like patient information is told of, however much there is: it has to be deleted.
    let blocked = matches!(screened, Screened::Blocked { .. });
    if !blocked && !found && !submissions::has_room(office, &practices, &asked).await {
        return Ok(Receipt::TooMany);
    }
    let stored = match (&screened, &desk) {
        (Screened::Clean(_), _) if !whom.is_empty() => {
            let each = whom.into_iter().map(|(practice, said)| (practice, Screened::Clean(said)));
            office.store.receive_each(&each.collect::<Vec<_>>(), office.now()).await?
        }
        (Screened::Blocked { shell, rules, .. }, Some(agency)) => {
            let mut each = to_hold(office, agency, &asked, (shell, rules)).await?;
            // Its author is told once, by the instance.
            each.insert(0, (binding.practice, screened.clone()));
            office.store.receive_each(&each, office.now()).await?
        }
        _ => office.store.receive(&binding.practice, &screened, office.now()).await?,
    };
    Ok(receipt(&screened, stored))
}

/// Whose channel it is; what is heard of a shared channel through another workspace is brought to
/// where the channel is bound.
async fn at_home(office: &Office, event: ChatEvent) -> Stored<Option<(Binding, ChatEvent)>> {
    if let Some((home, binding)) = elsewhere::home(office, &event.channel).await? {
        return Ok(Some((binding, event.brought_to(&home))));
    }
    // A practice is made of a channel of nobody's: that is for the instance.
    let purpose = Purpose::Approvals;
    let of_all = || Binding { practice: PracticeId::instance(), purpose };
    Ok(founder::sent(&event).map(|_| of_all()).map(|of_all| (of_all, event)))
}

/// What each practice gets of an edit at a desk that is not kept: which post it has to hold.
async fn to_hold(
    office: &Office,
    agency: &AgencyId,
    event: &ChatEvent,
    (shell, rules): (&Shell, &[String]),
) -> Stored<Vec<(PracticeId, Screened)>> {
    let edits = route::edits(office, agency, event).await?;
    let each = edits.into_iter().map(|(practice, edits)| {
        let shell = Shell { edits: Some(edits), told: true, ..shell.clone() };
        (practice, Screened::Blocked { shell, rules: rules.to_vec(), traces: Vec::new() })
    });
    Ok(each.collect())
}

fn receipt(screened: &Screened, (seq, fresh): (i64, bool)) -> Receipt {
    match screened {
        Screened::Clean(_) if fresh => Receipt::Stored(seq),
        Screened::Clean(_) => Receipt::Known(seq),
        // Also when it was known: the platform must not keep it the second time either.
        Screened::Blocked { .. } => Receipt::Blocked(seq),
        Screened::Unscreened { .. } => Receipt::Unscreened(seq),
    }
}

/// What a bot does is not for us, but the platform must not keep what it should not either.
fn of_a_bot(screened: &Screened) -> Receipt {
    match screened {
        Screened::Clean(_) => Receipt::Ignored,
        Screened::Blocked { .. } => Receipt::Blocked(0),
        Screened::Unscreened { .. } => Receipt::Unscreened(0),
    }
}

/// Screens an event against the rosters of everybody whom it concerns; it is stored for `whose`.
async fn screen(
    office: &Arc<Office>,
    (whose, rosters): (&PracticeId, Vec<Roster>),
    event: ChatEvent,
) -> Stored<Screened> {
    let texts = texts(&event);
    let shell = shell(&event);
    let began = office.clock.steady();
    let looked = look(office, rosters, texts.clone()).await;
    office.counts.looked(office.clock.steady() - began);
    let Some(rules) = looked else { return Ok(Screened::Unscreened { shell }) };
    let hit = texts.iter().zip(&rules).filter(|(_, rules)| !rules.is_empty());
    let traces: Vec<String> = hit.map(|(text, _)| trace(&office.trace, whose, text)).collect();
    if traces.is_empty() || office.store.attested(whose, &traces).await? {
        return Ok(Screened::Clean(event));
    }
    let mut rules: Vec<String> = rules.into_iter().flatten().map(str::to_owned).collect();
    rules.sort_unstable();
    rules.dedup();
    Ok(Screened::Blocked { shell, rules, traces })
}

/// Everything in the event that a person could have typed.
fn texts(event: &ChatEvent) -> Vec<String> {
    match &event.what {
        Happening::Said { text, files, .. }
        | Happening::Edited { text, files, .. }
        | Happening::Picked { text, files, .. } => {
            let files = files.iter().flat_map(|f| [f.name.clone(), f.alt.clone()]);
            std::iter::once(text.clone()).chain(files).collect()
        }
        Happening::Pressed { fields, .. } => fields.iter().map(|f| f.value.clone()).collect(),
        // What we know by heart says nothing of anybody.
        Happening::Reacted { emoji, .. } if emoji::read(emoji).is_some() => Vec::new(),
        Happening::Reacted { emoji, .. } => vec![emoji.clone()],
        Happening::Deleted { .. } => Vec::new(),
    }
}

/// Tells the same text again without keeping it: HMAC-SHA-256 under a key of the practice.
pub(super) fn trace(key: &TraceKey, practice: &PracticeId, text: &str) -> String {
    let own = mac(&key.0, &[practice.as_str()]);
    // As a draft has it.
    hex::encode(&mac(&own, &[&normalized(text)]))
}

fn mac(key: &[u8], parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}
