//! Whom an event at a desk concerns: what each practice's inbox gets of it.

use std::collections::BTreeSet;

use crate::app::office::Office;
use crate::app::pictured::{self, About};
use crate::app::shell;
use crate::domain::command::ROOT;
use crate::domain::desk::{self, Wanted};
use crate::domain::ids::{AgencyId, PostId, PracticeId};
use crate::ports::chat::MessageRef;
use crate::ports::intake::{ChatEvent, Happening};
use crate::ports::store::{Edits, Stored, Thing};

/// The practices that this person serves, with their names.
type Served = Vec<(PracticeId, String)>;

/// What each practice is told of an event at an agency's desk. Empty when it concerns none, or
/// when it names one that this person does not serve: the instance answers it then.
pub async fn route(
    office: &Office,
    agency: &AgencyId,
    event: &ChatEvent,
) -> Stored<Vec<(PracticeId, ChatEvent)>> {
    let served = office.store.served(agency, &event.from).await?;
    let whose = async |thing: Thing| having(office, agency, &served, &thing).await;
    let (practices, what) = match &event.what {
        Happening::Said { text, .. } => match desk::read(text) {
            Some(Wanted::New { names, text }) => {
                (named(&served, &names), said(event, format!("{ROOT} new {text}")))
            }
            Some(Wanted::Each { names, command }) => (named(&served, &names), said(event, command)),
            Some(Wanted::Every { command }) => (only(&served, |_| true), said(event, command)),
            Some(Wanted::Master(_)) => match thread(event) {
                Some(root) => (whose(Thing::Master(root)).await?, event.what.clone()),
                None => return Ok(Vec::new()),
            },
            Some(Wanted::Queue | Wanted::Calendar | Wanted::Digest | Wanted::Help) | None => {
                return Ok(Vec::new());
            }
        },
        Happening::Edited { message, thread, text, files } => {
            let Some(Wanted::New { names, text }) = desk::read(text) else {
                return Ok(Vec::new());
            };
            // A practice that the message names no more keeps its draft as it is.
            let still: BTreeSet<PracticeId> = named(&served, &names).into_iter().collect();
            let mut drafts = whose(Thing::Master(message.clone())).await?;
            drafts.retain(|practice| still.contains(practice));
            let (message, thread, files) = (message.clone(), thread.clone(), files.clone());
            (drafts, Happening::Edited { message, thread, text, files })
        }
        Happening::Deleted { message } => {
            (whose(Thing::Master(message.clone())).await?, event.what.clone())
        }
        Happening::Pressed { button, message, .. } if button.starts_with(pictured::VERB) => {
            let of = match About::read(button.splitn(4, ':').nth(3).unwrap_or_default()) {
                About::Post(id) => Thing::Post(PostId::new(id)),
                About::Message(id) => {
                    Thing::Master(MessageRef { message: id.to_owned(), ..message.clone() })
                }
            };
            (whose(of).await?, event.what.clone())
        }
        Happening::Pressed { button, .. } => {
            let post = button.split(':').nth(1).unwrap_or_default();
            (whose(Thing::Post(PostId::new(post))).await?, event.what.clone())
        }
        Happening::Reacted { .. } | Happening::Picked { .. } => return Ok(Vec::new()),
    };
    let each = |practice| (practice, ChatEvent { what: what.clone(), ..event.clone() });
    let asks = practices.first().and_then(|_| pictures(event));
    let asks = asks.map(|what| (PracticeId::instance(), ChatEvent { what, ..event.clone() }));
    Ok(practices.into_iter().map(each).chain(asks).collect())
}

/// What the instance gets of a message of which practices make drafts: its pictures alone, so that
/// its sender is asked once whether a patient could be in them.
fn pictures(event: &ChatEvent) -> Option<Happening> {
    let (message, files) = match &event.what {
        Happening::Said { message, files, .. } | Happening::Edited { message, files, .. } => {
            (message.clone(), files.clone())
        }
        _ => return None,
    };
    let (thread, text) = (None, String::new());
    (!files.is_empty()).then_some(Happening::Said { message, thread, text, files })
}

/// What each practice would have changed by an edit at a desk: a post that it must hold when the
/// edit may not be kept. Of a message with drafts, whatever stands there now, all of them.
pub async fn edits(
    office: &Office,
    agency: &AgencyId,
    event: &ChatEvent,
) -> Stored<Vec<(PracticeId, Edits)>> {
    let master = match &event.what {
        Happening::Edited { message, .. } => Some(message.clone()),
        Happening::Said { text, .. } if matches!(desk::read(text), Some(Wanted::Master(_))) => {
            thread(event)
        }
        _ => None,
    };
    if let Some(message) = master {
        let served = office.store.served(agency, &event.from).await?;
        let drafts = having(office, agency, &served, &Thing::Master(message.clone())).await?;
        let edits = Edits::MadeOf { message };
        return Ok(drafts.into_iter().map(|practice| (practice, edits.clone())).collect());
    }
    let each = route(office, agency, event).await?.into_iter();
    Ok(each.filter_map(|(whose, asked)| Some((whose, shell::edits(&asked.what)?))).collect())
}

/// Those of the practices that have this.
async fn having(
    office: &Office,
    agency: &AgencyId,
    served: &Served,
    thing: &Thing,
) -> Stored<Vec<PracticeId>> {
    let having = office.store.whose(agency, thing).await?;
    Ok(only(served, |id| having.contains(id)))
}

/// The practices with these ids or names: all of them, or none.
fn named(served: &Served, names: &[String]) -> Vec<PracticeId> {
    let find = |name: &String| {
        let is = |(id, full): &&(PracticeId, String)| {
            id.as_str().eq_ignore_ascii_case(name) || full.eq_ignore_ascii_case(name)
        };
        served.iter().find(is).map(|(id, _)| id.clone())
    };
    let found: Option<BTreeSet<PracticeId>> = names.iter().map(find).collect();
    found.unwrap_or_default().into_iter().collect()
}

fn only(served: &Served, wanted: impl Fn(&PracticeId) -> bool) -> Vec<PracticeId> {
    served.iter().map(|(id, _)| id).filter(|id| wanted(id)).cloned().collect()
}

fn said(event: &ChatEvent, words: String) -> Happening {
    match event.what.clone() {
        Happening::Said { message, thread, files, .. } => {
            Happening::Said { message, thread, files, text: words }
        }
        other => other,
    }
}

fn thread(event: &ChatEvent) -> Option<MessageRef> {
    match &event.what {
        Happening::Said { thread, .. } => thread.clone(),
        _ => None,
    }
}
