//! What somebody sees when they open Countersign itself: what waits for them in each of their
//! practices, and what they can ask for. Reads only.

use futures_util::future::join_all;

use super::office::Office;
use super::setup::{self, At};
use super::wish::{button, plain};
use super::{post_form, views};
use crate::domain::command::{Command, ROOT};
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice};
use crate::domain::state::State;
use crate::ports::intake::AtHome;
use crate::ports::notice::{Button, Form, LinkedLine, Notice, View, Weight};
use crate::ports::store::{Card, Stored};

/// So many lines of a practice are shown of each kind.
const LINES: usize = 20;
/// So many of those that wait lead to their card: as many as one round has.
const LINKS: usize = 7;

/// What this person sees.
pub async fn home(office: &Office, who: &Identity) -> Stored<Vec<AtHome>> {
    let mut all = Vec::new();
    for id in office.store.practices().await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        let Some(member) = practice.who(who) else { continue };
        let member = member.acting_from(who, office.now());
        let posts = office.store.open_posts(&practice.id).await?;
        let view = view(office, (&practice, &member), &posts, who).await?;
        let about = where_it_acts(&practice, who);
        let buttons = match &about {
            Some(channel) => {
                buttons(office, At { practice: &practice, member: &member, from: who, channel })
                    .await
            }
            None => Vec::new(),
        };
        all.push(AtHome { notice: Notice { buttons, ..plain(view) }, about });
    }
    let alone = |view| AtHome { notice: plain(view), about: None };
    if all.is_empty() {
        all.push(alone(View::Home {
            practice: String::new(),
            sample: false,
            account: account(who),
            stopped: String::new(),
            waits: Vec::new(),
            lines: Vec::new(),
        }));
    }
    all.push(alone(help()));
    Ok(all)
}

/// The practice's channel on the platform from which somebody looks, in their own workspace before
/// one that is shared with it.
fn where_it_acts(practice: &Practice, who: &Identity) -> Option<ChannelRef> {
    let channels = practice.channels.iter().map(|(_, channel)| channel);
    let there = channels.filter(|channel| channel.platform == who.platform);
    there.min_by_key(|channel| channel.workspace != who.workspace).cloned()
}

async fn buttons(office: &Office, at: At<'_>) -> Vec<Button> {
    let Form { title, fields, .. } = post_form::new(at.practice, "");
    let new = Button { form: fields, ..button(post_form::NEW, &title, Weight::Primary) };
    [new].into_iter().chain(setup::buttons(office, at).await).collect()
}

async fn view(
    office: &Office,
    (practice, member): (&Practice, &Member),
    posts: &[Post],
    who: &Identity,
) -> Stored<View> {
    let (mine, others): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| waits_for(member, post));
    let others = others.into_iter().take(LINES).map(|post| views::line(practice, post));
    Ok(View::Home {
        practice: practice.name.clone(),
        sample: practice.sample,
        account: account(who),
        stopped: views::stopped(practice),
        waits: linked(office, practice, &mine, who).await?,
        lines: others.collect(),
    })
}

/// What waits, a line each; the first lead to where they can be signed or sent.
async fn linked(
    office: &Office,
    practice: &Practice,
    posts: &[&Post],
    who: &Identity,
) -> Stored<Vec<LinkedLine>> {
    let lines = posts.iter().take(LINES);
    let line = |post: &&Post| LinkedLine { line: views::line(practice, post), link: String::new() };
    let mut lines: Vec<LinkedLine> = lines.map(line).collect();
    if lines.is_empty() {
        return Ok(lines);
    }
    let cards = office.store.open_cards(&practice.id).await?;
    let on_it = |card: &&Card| card.at.channel.platform == who.platform;
    let found = posts.iter().take(LINKS).map(async |post| {
        match cards.iter().filter(on_it).find(|card| card.post == post.id) {
            Some(card) => office.link(&card.at).await,
            None => String::new(),
        }
    });
    for (line, link) in lines.iter_mut().zip(join_all(found).await) {
        line.link = link;
    }
    Ok(lines)
}

/// The post goes on only when this member does something: signs it, or sends or mends their own.
fn waits_for(member: &Member, post: &Post) -> bool {
    let own = post.author == member.id;
    match post.state {
        State::InReview => {
            let signs = member.is_approver() || member.is_compliance();
            signs && !own && post.decision_of(&member.id).is_none() && !post.is_frozen()
        }
        State::Draft | State::Missed => own,
        State::SignedOff
        | State::Publishing
        | State::Published
        | State::PartPublished
        | State::Withdrawn
        | State::TakenDown => false,
    }
}

fn account(who: &Identity) -> String {
    format!("{}:{}/{}", who.platform, who.workspace, who.user)
}

fn help() -> View {
    let lines =
        Command::help().into_iter().map(|line| format!("{ROOT} {}: {}", line.usage, line.does));
    View::Help { meant: String::new(), lines: lines.collect() }
}
