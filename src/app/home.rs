//! What somebody sees when they open Countersign itself: what waits for them in each of their
//! practices, and what they can ask for. Reads only.

use super::office::Office;
use super::views;
use super::wish::plain;
use crate::domain::command::{Command, ROOT};
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::state::State;
use crate::ports::notice::{Notice, View};
use crate::ports::store::Stored;

/// So many lines of a practice are shown of each kind.
const LINES: usize = 20;

/// What this person sees.
pub async fn home(office: &Office, who: &Identity) -> Stored<Vec<Notice>> {
    let mut notices = Vec::new();
    for id in office.store.practices().await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        let Some(member) = practice.who(who) else { continue };
        let member = member.acting_from(who, office.now());
        let posts = office.store.open_posts(&practice.id).await?;
        notices.push(plain(view(&practice, &member, &posts, who)));
    }
    if notices.is_empty() {
        notices.push(plain(View::Home {
            practice: String::new(),
            sample: false,
            account: account(who),
            stopped: String::new(),
            waits: Vec::new(),
            lines: Vec::new(),
        }));
    }
    notices.push(plain(help()));
    Ok(notices)
}

fn view(practice: &Practice, member: &Member, posts: &[Post], who: &Identity) -> View {
    let (mine, others): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| waits_for(member, post));
    let lines = |posts: Vec<&Post>| {
        posts.into_iter().take(LINES).map(|post| views::line(practice, post)).collect()
    };
    View::Home {
        practice: practice.name.clone(),
        sample: practice.sample,
        account: account(who),
        stopped: views::stopped(practice),
        waits: lines(mine),
        lines: lines(others),
    }
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
