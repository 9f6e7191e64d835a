//! What fits behind what somebody is typing: posts by their number and words, consents by their
//! code, and at a desk the practices that are meant. Reads only, and keeps nothing.
//!
//! A practice's own members alone are offered anything of it. At a desk that is nothing but the
//! names of those whom this person serves: before words of a practice are shown there its platform
//! has to be asked who is in the channel, which can't be done for each letter.

use super::consents;
use super::elsewhere::home;
use super::office::Office;
use super::opening::{Here, here};
use super::{views, weigh};
use crate::domain::agency::Others;
use crate::domain::draft::Draft;
use crate::domain::ids::PostId;
use crate::domain::neighbor::Neighbor;
use crate::domain::practice::Purpose;
use crate::domain::review::{Act, Cell, cell};
use crate::domain::state::State;
use crate::ports::intake::{Blank, Typing};
use crate::ports::notice::Choice;
use crate::ports::store::Stored;

/// So many are offered.
const OFFERED: usize = 25;
/// So many of the newest posts are looked through; an older one is found by its whole number.
const NEWEST: i64 = 200;

/// What fits.
pub(super) async fn choices(office: &Office, typing: &Typing) -> Stored<Vec<Choice>> {
    if typing.blank == Blank::Practice {
        return served(office, typing).await;
    }
    let here = here(office, &typing.from, &typing.channel, "").await?;
    match here.filter(|here| !here.at_desk) {
        Some(here) if typing.blank == Blank::Code => Ok(codes(office, &here, typing)),
        Some(here) => numbers(office, &here, typing).await,
        None => Ok(Vec::new()),
    }
}

/// The practices that somebody serves at this desk.
async fn served(office: &Office, typing: &Typing) -> Stored<Vec<Choice>> {
    let Some((channel, binding)) = home(office, &typing.channel).await? else {
        return Ok(Vec::new());
    };
    let desk = match binding.purpose {
        Purpose::Desk => office.store.desk(&channel).await?,
        Purpose::Ideas | Purpose::Approvals | Purpose::Digest => None,
    };
    let Some(agency) = desk else { return Ok(Vec::new()) };
    let served = office.store.served(&agency, &typing.from).await?;
    let typed = typing.typed.trim().to_lowercase();
    let fits = |id: &str, name: &str| {
        id.to_lowercase().contains(&typed) || name.to_lowercase().contains(&typed)
    };
    let served = served.into_iter().filter(|(id, name)| fits(id.as_str(), name));
    Ok(served.take(OFFERED).map(|(id, label)| Choice { id: id.to_string(), label }).collect())
}

/// The practice's consents; to end one, those that hold, and not for an agency's people.
fn codes(office: &Office, here: &Here, typing: &Typing) -> Vec<Choice> {
    let ends = typing.verb == "revoke";
    if ends && here.member.agency {
        return Vec::new();
    }
    let bare = |code: &str| code.replace(['-', ' '], "").to_ascii_uppercase();
    let typed = bare(&typing.typed);
    let all = here.practice.consents.iter().rev();
    let fits = all.filter(|one| bare(&one.code).starts_with(&typed));
    let fits = fits.filter(|one| !ends || one.holds(office.now()));
    let choice = |consent| {
        let shown = consents::shown(&here.practice, consent);
        let revoked = if shown.revoked.is_empty() { "" } else { "revoked, " };
        Choice { label: format!("{}: {revoked}{}", shown.code, shown.terms), id: shown.code }
    };
    fits.take(OFFERED).map(choice).collect()
}

/// The practice's posts with which that can be done: the one with just this number, then the newest
/// whose number begins so, or whose words have it in them.
async fn numbers(office: &Office, here: &Here, typing: &Typing) -> Stored<Vec<Choice>> {
    let store = &office.store;
    let whose = &here.practice.id;
    let typed = typing.typed.trim().trim_start_matches('#').to_lowercase();
    let mut all = store.newest(whose, &PostId::new(""), NEWEST).await?;
    let exact = typed.parse::<i64>().ok();
    match all.iter().position(|post| Some(post.number) == exact) {
        Some(nth) => all[..=nth].rotate_right(1),
        None => {
            if let Some(number) = exact
                && let Some(post) = store.post_by_number(whose, number).await?
            {
                let (state, draft, slot) = (post.state, post.draft, post.slot);
                all.insert(0, Neighbor { number, state, draft, slot });
            }
        }
    }
    let others = store.others(whose).await?;
    let possible = all.iter().filter(|post| can(&typing.verb, post.state));
    let offered = possible.filter_map(|post| offered(office, (here, &others), post, &typed));
    Ok(offered.take(OFFERED).collect())
}

/// The post as it is offered, if it fits; where a rule blocks it, by its number alone.
fn offered(
    office: &Office,
    (here, others): (&Here, &Others),
    post: &Neighbor,
    typed: &str,
) -> Option<Choice> {
    let Neighbor { number, state, draft, .. } = post;
    let by_number = number.to_string().starts_with(typed);
    if !by_number && !draft.main_text().to_lowercase().contains(typed) {
        return None;
    }
    let words = if is_blocked(office, (here, others), draft) {
        if !by_number {
            return None;
        }
        "a rule blocks it".to_owned()
    } else {
        views::beginning(draft.main_text())
    };
    let label = format!("{number} {}: {words}", views::word(*state));
    Some(Choice { id: number.to_string(), label })
}

fn is_blocked(office: &Office, (here, others): (&Here, &Others), draft: &Draft) -> bool {
    let ruling = weigh::ruling(office, (&here.practice, others), draft);
    !ruling.open_blocks(&draft.overridden).is_empty()
}

/// What a command does can be done with a post in this state.
fn can(verb: &str, state: State) -> bool {
    let act = match verb {
        "edit" => Act::Edit,
        "withdraw" => Act::Withdraw,
        "hold" => Act::Hold,
        "certificate" => return state != State::Draft,
        _ => return true,
    };
    matches!(cell(act, state), Cell::Go(..))
}
