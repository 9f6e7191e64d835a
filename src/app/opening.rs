//! Which form something opens, and what stands in it now. Reads only.
//!
//! Whoever is no member of the practice gets no form, not even its fields: what they did is brought
//! as an event, and answered as such. A form that could come to nothing is not opened either.

use super::appeal::ATTEST;
use super::buttons::{attest_reason, override_id, override_reason, reason};
use super::desk::room::{self, Sight};
use super::elsewhere::home;
use super::office::Office;
use super::{consents, founder, pictured, post_form, setup, weigh};
use crate::domain::agency::Others;
use crate::domain::change;
use crate::domain::command::{self, Unfinished};
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::domain::review::{Act, Cell, cell};
use crate::ports::intake::{By, Wanted};
use crate::ports::notice::Form;
use crate::ports::store::{Stored, Thing};

/// A member, where they act.
pub(super) struct Here {
    /// The practice as it is now.
    pub(super) practice: Practice,
    /// As which they act from there.
    pub(super) member: Member,
    /// Where that is bound: the channel, or the same as another workspace shares it.
    pub(super) channel: ChannelRef,
    /// It is a desk, not a channel of the practice.
    pub(super) at_desk: bool,
}

impl Here {
    /// The same, from which account.
    pub(super) fn at<'a>(&'a self, from: &'a Identity) -> setup::At<'a> {
        let Self { practice, member, channel, .. } = self;
        setup::At { practice, member, from, channel }
    }
}

/// The form that this opens, as it stands now.
pub(super) async fn form(office: &Office, wanted: &Wanted) -> Stored<Option<Form>> {
    let (from, channel) = (&wanted.from, &wanted.channel);
    match &wanted.by {
        By::Command(text) => {
            if founder::is_asked_for(text) {
                return founder::form(office, from, channel).await;
            }
            let Some(unfinished) = command::unfinished(text) else { return Ok(None) };
            let Some(here) = here(office, from, channel, "").await? else { return Ok(None) };
            match unfinished {
                Unfinished::New => Ok(Some(post_form::new(&here.practice, &office.new_id()))),
                Unfinished::Edit(number) => {
                    let post = office.store.post_by_number(&here.practice.id, number).await?;
                    Ok(post.and_then(|post| edit(&here, &post)))
                }
            }
        }
        By::Sent(button) => goes_on(office, wanted, button).await,
        By::Button(_, button) => {
            if button == founder::FOUND {
                return founder::form(office, from, channel).await;
            }
            // At a desk it stands for several practices, and it is the same in each.
            if let Some(form) = pictured::form(button) {
                return Ok(Some(form));
            }
            let Some(here) = here(office, from, channel, button).await? else { return Ok(None) };
            of_button(office, &here, wanted, button).await
        }
    }
}

/// The form of the post that a form began or changed; one of anything else does not go on.
async fn goes_on(office: &Office, wanted: &Wanted, button: &str) -> Stored<Option<Form>> {
    if !matches!(parts(button).0, post_form::NEW | "edit") {
        return Ok(None);
    }
    let here = here(office, &wanted.from, &wanted.channel, button).await?;
    let Some(here) = here.filter(|here| !here.at_desk) else { return Ok(None) };
    let post = office.store.post(&here.practice.id, &about(button)).await?;
    Ok(post.and_then(|post| edit(&here, &post)))
}

async fn of_button(
    office: &Office,
    here: &Here,
    wanted: &Wanted,
    button: &str,
) -> Stored<Option<Form>> {
    let (verb, rest) = parts(button);
    if verb == setup::SETUP && !here.at_desk {
        return Ok(setup::form(office, here.at(&wanted.from), rest).await);
    }
    if verb == post_form::NEW && !here.at_desk {
        return Ok(Some(post_form::new(&here.practice, &office.new_id())));
    }
    if verb == consents::VERB && !here.at_desk {
        let may = change::runs(&here.practice, &here.member);
        return Ok(consents::form(&here.practice, may));
    }
    if verb == ATTEST && !here.at_desk {
        return Ok(attest(here, button));
    }
    if !matches!(verb, "edit" | "decline" | "override") {
        return Ok(None);
    }
    let post = office.store.post(&here.practice.id, &about(button)).await?;
    let others = office.store.others(&here.practice.id).await?;
    Ok(post.and_then(|post| match verb {
        "edit" => edit(here, &post),
        "decline" => decline(here, &post),
        _ => override_blocks(office, (here, &others), &post),
    }))
}

fn edit(here: &Here, post: &Post) -> Option<Form> {
    may(Act::Edit, post).then(|| post_form::edit(&here.practice, post))
}

fn decline(here: &Here, post: &Post) -> Option<Form> {
    let opens = !here.at_desk && here.member.is_approver() && may(Act::Decline, post);
    opens.then(|| Form {
        title: format!("Decline post {}", post.number),
        send: "Decline".to_owned(),
        button: format!("decline:{}", post.id),
        fields: reason(),
    })
}

fn attest(here: &Here, button: &str) -> Option<Form> {
    change::runs(&here.practice, &here.member).then(|| Form {
        title: "It is about no patient".to_owned(),
        send: "Say so".to_owned(),
        button: button.to_owned(),
        fields: attest_reason(),
    })
}

fn override_blocks(office: &Office, (here, others): (&Here, &Others), post: &Post) -> Option<Form> {
    let blocks = weigh::open_blocks(office, (&here.practice, others), post);
    let runs = !here.at_desk && change::runs(&here.practice, &here.member);
    (runs && may(Act::Override, post)).then(|| Form {
        title: format!("Override, post {}", post.number),
        send: "Override".to_owned(),
        button: override_id(post, &blocks),
        fields: override_reason(),
    })
}

fn may(act: Act, post: &Post) -> bool {
    matches!(cell(act, post.state), Cell::Go(..))
}

/// What a button does, and the rest of its id.
pub(super) fn parts(button: &str) -> (&str, &str) {
    button.split_once(':').unwrap_or((button, ""))
}

/// The post that a button is about, if it is about one.
pub(super) fn about(button: &str) -> PostId {
    PostId::new(button.split(':').nth(1).unwrap_or_default())
}

/// Who acts in a channel and in which practice; nobody, when they are no member there. At a desk
/// the button says which practice it is, and everybody in the channel must be the agency's.
pub(super) async fn here(
    office: &Office,
    from: &Identity,
    channel: &ChannelRef,
    button: &str,
) -> Stored<Option<Here>> {
    let Some((channel, binding)) = home(office, channel).await? else { return Ok(None) };
    let at_desk = binding.purpose == Purpose::Desk;
    let whose = if at_desk {
        at_the_desk(office, from, &channel, &about(button)).await?
    } else {
        Some(binding.practice)
    };
    let Some(whose) = whose else { return Ok(None) };
    let Some(practice) = office.store.practice(&whose).await? else { return Ok(None) };
    let member = practice.who(from).map(|member| member.acting_from(from, office.now()));
    Ok(member.map(|member| Here { practice, member, channel, at_desk }))
}

async fn at_the_desk(
    office: &Office,
    from: &Identity,
    channel: &ChannelRef,
    post: &PostId,
) -> Stored<Option<PracticeId>> {
    let Some(agency) = office.store.desk(channel).await? else { return Ok(None) };
    let having = office.store.whose(&agency, &Thing::Post(post.clone())).await?;
    let served = office.store.served(&agency, from).await?;
    let whose = served.into_iter().map(|(id, _)| id).find(|id| having.contains(id));
    let Some(whose) = whose else { return Ok(None) };
    let sight = room::view(office, &whose, channel).await?;
    Ok(matches!(sight, Ok(Sight::AtDesk)).then_some(whose))
}
