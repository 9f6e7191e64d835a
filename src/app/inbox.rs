//! Works off the inbox: each event becomes one change, committed with the mark "handled".
//!
//! A crash before the commit repeats the event harmlessly; after it the event is done. When
//! somebody else changed the post in between, the event is decided again.

use super::ask;
use super::asked::{Asked, Said};
use super::office::Office;
use super::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::member::Member;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::ports::intake::ChatEvent;
use crate::ports::notice::{Notice, View};
use crate::ports::store::{Change, Inboxed, OutboxWrite, Screened, Shell, StoreError, Stored};

/// How often an event is decided again when somebody else was faster.
const CONFLICTS: usize = 20;
/// After so many failures an event is put aside.
const GIVE_UP: i64 = 5;

/// Handles what waits in the inbox, in order; returns how many events.
pub async fn drain(office: &Office) -> Stored<usize> {
    let waiting = office.store.unhandled(100).await?;
    for event in &waiting {
        match handle(office, event).await {
            // Another worker was faster.
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(StoreError::Failed(error)) => {
                let seq = event.seq;
                tracing::error!(event.seq = seq, %error, "Event {seq} was not handled: {error}");
                office.store.failed(&event.practice, seq, GIVE_UP).await?;
                return Ok(0);
            }
        }
    }
    Ok(waiting.len())
}

async fn handle(office: &Office, event: &Inboxed) -> Stored<()> {
    for _ in 0..CONFLICTS {
        let mut change = decide(office, event).await?;
        change.handled = Some(event.seq);
        match office.commit(change).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict) => {}
            Err(failed) => return Err(failed),
        }
    }
    Err(StoreError::Conflict)
}

async fn decide(office: &Office, event: &Inboxed) -> Stored<Change> {
    let practice = office.store.practice(&event.practice).await?;
    let practice = practice.ok_or_else(|| StoreError::Failed("a practice is gone".to_owned()))?;
    match &event.event {
        Screened::Clean(said) => clean(office, &practice, said, event.seq).await,
        Screened::Blocked { shell, rules, .. } => {
            blocked(office, &practice, shell, rules, event.seq).await
        }
        Screened::Unscreened { shell } => {
            let mut change = Change::new(practice.id.clone(), office.now());
            let notice = plain(View::Unscreened);
            change.outbox.push(to_author(office, &practice, shell, notice, event.seq));
            Ok(change)
        }
    }
}

async fn clean(
    office: &Office,
    practice: &Practice,
    event: &ChatEvent,
    seq: i64,
) -> Stored<Change> {
    let nobody = Member {
        id: crate::domain::ids::MemberId::new(""),
        name: String::new(),
        role: crate::domain::member::Role::Staff,
        agency: true,
        identities: Vec::new(),
    };
    let member = practice.who(&event.from);
    let message = event.what.message();
    let asked = Asked {
        practice,
        member: member.unwrap_or(&nobody),
        from: &event.from,
        channel: &event.channel,
        message: &message.message,
        seq,
    };
    if member.is_none() {
        return ask::stranger(office, &asked, &event.what).await;
    }
    let answer = ask::ask(office, &asked, &event.what).await?;
    Ok(match answer {
        Ok(change) => change,
        Err(Said::Refused(refusal)) => asked.refused(office, None, refusal),
        Err(Said::Sentence(why)) => asked.told(office, plain(View::Refused { number: 0, why })),
    })
}

/// The author is told; an edit of a post's message that looks like patient information holds it.
async fn blocked(
    office: &Office,
    practice: &Practice,
    shell: &Shell,
    rules: &[String],
    seq: i64,
) -> Stored<Change> {
    let mut change = Change::new(practice.id.clone(), office.now());
    if let Some(post) = source_of(office, practice, shell).await? {
        let case = Case { practice, post: &post, now: office.now() };
        if let Ok(decided) = acts::hold(case, None) {
            let doer = super::effects::Doer::default();
            change = super::effects::change(office, practice, &post, decided, doer);
        }
    }
    let notice = plain(why_blocked(office, rules, shell.still_there));
    change.outbox.push(to_author(office, practice, shell, notice, seq));
    Ok(change)
}

async fn source_of(office: &Office, practice: &Practice, shell: &Shell) -> Stored<Option<Post>> {
    if !shell.edit {
        return Ok(None);
    }
    let idea = office.store.idea(&practice.id, &shell.message).await?;
    match idea.and_then(|idea| idea.post) {
        Some(post) => office.store.post(&practice.id, &post).await,
        None => Ok(None),
    }
}

fn why_blocked(office: &Office, rules: &[String], still_there: bool) -> View {
    let (mut kinds, mut mend) = (Vec::new(), Vec::new());
    for (reason, suggestion) in rules.iter().filter_map(|id| office.screen.explain(id)) {
        kinds.push(reason.to_owned());
        mend.push(suggestion.to_owned());
    }
    mend.dedup();
    View::Blocked { kinds, mend, still_there }
}

fn to_author(
    office: &Office,
    practice: &Practice,
    shell: &Shell,
    notice: Notice,
    seq: i64,
) -> OutboxWrite {
    let place = for_eyes_of(&shell.from, &shell.message.channel, None);
    let say = Wish::Say { place, notice };
    wish(office, &practice.id, format!("private/{seq}"), say, false)
}
