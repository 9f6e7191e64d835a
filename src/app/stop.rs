//! Stop and release: within seconds nothing of the practice leaves any more.

use super::asked::Asked;
use super::effects::{Doer, entry, no_effect, refresh};
use super::office::Office;
use super::wish::{Wish, plain, wish};
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::post::{Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::domain::refusal::Refusal;
use crate::domain::review::Act;
use crate::ports::chat::Place;
use crate::ports::notice::{Notice, View, Weight};
use crate::ports::store::{Change, OutboxWrite, Stored};

/// Stops everything. `on` is the post whose card the stop was made on, if one.
pub async fn stop(office: &Office, asked: &Asked<'_>, on: Option<&Post>) -> Stored<Change> {
    let mut change = asked.change(office);
    let posts = office.store.open_posts(&asked.practice.id).await?;
    let leaving = posts.iter().filter(|p| p.state == State::Publishing);
    let in_flight =
        leaving.map(|p| format!("post {} is leaving and can't be called back", p.number));

    let subject = on.map(|p| Subject { post: p.id.clone(), revision: p.revision, state: p.state });
    let fact = Fact { what: What::Stopped, subject };
    change.entries = vec![entry(office, Doer::member(asked.member), fact)];
    change.stopped = Some(true);
    change.practice_version = Some(asked.practice.version);
    let who = asked.member.name.clone();
    let mut notice = plain(View::Stop { who, stopped: true, in_flight: in_flight.collect() });
    notice.buttons = vec![super::wish::button("release", "Release", Weight::Plain)];
    change.outbox.extend(announce(office, asked, notice));
    change.outbox.extend(cards(office, &posts));
    Ok(change)
}

/// Lets things leave again; what waits is due at once.
pub async fn release(office: &Office, asked: &Asked<'_>) -> Stored<Change> {
    let doer = Doer::member(asked.member);
    let refusal = match () {
        () if asked.practice.all_stopped && !asked.practice.stopped => Some(Refusal::AllStopped),
        () if !asked.practice.stopped => Some(Refusal::NotStopped),
        () if !asked.member.may_release() => Some(Refusal::MayNotRelease),
        () => None,
    };
    if let Some(refusal) = refusal {
        let refusal = asked.because(refusal, office.now());
        let mut change = asked.refused(office, None, refusal);
        change.entries.push(no_effect(office, doer, None, Act::Release, refusal));
        return Ok(change);
    }
    let mut change = asked.change(office);
    change.entries = vec![entry(office, doer, Fact { what: What::Released, subject: None })];
    change.stopped = Some(false);
    change.practice_version = Some(asked.practice.version);
    change.outbox.push(OutboxWrite::Wake);
    let who = asked.member.name.clone();
    let view = View::Stop { who, stopped: false, in_flight: Vec::new() };
    change.outbox.extend(announce(office, asked, plain(view)));
    let posts = office.store.open_posts(&asked.practice.id).await?;
    change.outbox.extend(cards(office, &posts));
    Ok(change)
}

/// Every open card says whether it is stopped.
pub(super) fn cards(office: &Office, posts: &[Post]) -> Vec<OutboxWrite> {
    let shown = posts.iter().filter(|post| post.revision > 0);
    shown.map(|post| refresh(office, post, post.revision)).collect()
}

fn announce(office: &Office, asked: &Asked<'_>, notice: Notice) -> Option<OutboxWrite> {
    let subject = format!("stop/{}", asked.seq);
    announcement(office, asked.practice, subject, (notice, true))
}

/// Says it in the practice's approvals channel, if it has one.
pub(super) fn announcement(
    office: &Office,
    practice: &Practice,
    subject: String,
    (notice, again): (Notice, bool),
) -> Option<OutboxWrite> {
    let channel = practice.channel(Purpose::Approvals)?.clone();
    let place = Place { channel, thread: None, only: None, instead_of: None };
    Some(wish(office, &practice.id, subject, Wish::Say { place, notice }, again))
}
