//! What is wrong with a form that was filled in, before it is sent. Reads only and keeps nothing:
//! the use case looks at everything again.

use super::buttons::override_id;
use super::filled::Sent;
use super::gate::trace;
use super::looking::look;
use super::office::Office;
use super::opening::{Here, about, here, parts};
use super::roster::roster;
use super::{consents, founder, post_form, setup, weigh};
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::ports::intake::{ChatEvent, Field, Happening, Problem};
use crate::ports::store::Stored;

/// What is wrong with the fields, each beside its field. What looks like patient information comes
/// first, and is all that is said of its field.
pub(super) async fn look_over(office: &Office, event: &ChatEvent) -> Stored<Vec<Problem>> {
    let Happening::Pressed { button, fields, .. } = &event.what else {
        return Ok(Vec::new());
    };
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    if button == founder::FOUND {
        return of_a_new_practice(office, event, fields).await;
    }
    let Some(here) = here(office, &event.from, &event.channel, button).await? else {
        return Ok(Vec::new());
    };
    let blocked = blocked(office, &here.practice, fields).await?;
    Ok(first_of_all(blocked, unfit(office, &here, event, (button, fields)).await?))
}

/// What is blocked is all that is said of its field.
fn first_of_all(mut blocked: Vec<Problem>, others: Vec<Problem>) -> Vec<Problem> {
    for problem in others {
        if blocked.iter().all(|known| known.field != problem.field) {
            blocked.push(problem);
        }
    }
    blocked
}

/// The same where there is no practice yet.
async fn of_a_new_practice(
    office: &Office,
    event: &ChatEvent,
    fields: &[Field],
) -> Stored<Vec<Problem>> {
    let blocked = blocked(office, &Practice::instance(), fields).await?;
    Ok(first_of_all(blocked, founder::look_over(office, event, fields).await?))
}

/// What the screen keeps out: what kind it is, and how to mend it.
async fn blocked(office: &Office, practice: &Practice, fields: &[Field]) -> Stored<Vec<Problem>> {
    let texts = fields.iter().map(|field| field.value.clone()).collect();
    let Some(looked) = look(office, vec![roster(practice, office.now())], texts).await else {
        // The gate says so.
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (field, rules) in fields.iter().zip(looked) {
        let Some(rule) = rules.first() else { continue };
        let trace = trace(&office.trace, &practice.id, &field.value);
        if office.store.attested(&practice.id, &[trace]).await? {
            continue;
        }
        let known = office.screen.explain(rule);
        let (reason, mend) =
            known.unwrap_or(("this looks like patient information", "leave it out"));
        let why = format!("{reason}, so nothing of this is kept: {mend}");
        found.push(Problem { field: field.name.clone(), why, blocked: true });
    }
    Ok(found)
}

/// What can't be so.
async fn unfit(
    office: &Office,
    here: &Here,
    event: &ChatEvent,
    (button, fields): (&str, &[Field]),
) -> Stored<Vec<Problem>> {
    let practice = &here.practice;
    let at = event.at.min(office.now());
    let (verb, rest) = parts(button);
    match verb {
        post_form::NEW => {
            let draft = post_form::blank(practice);
            let sent = Sent { practice, draft: &draft, at, fields };
            Ok(sent.look_over_new().problems)
        }
        "edit" => {
            let Some(post) = office.store.post(&practice.id, &about(button)).await? else {
                return Ok(Vec::new());
            };
            let mark = rest.split_once(':').map_or("", |(_, mark)| mark);
            let sent = Sent { practice, draft: &post.draft, at, fields };
            Ok(sent.look_over(mark).problems)
        }
        "override" => {
            let Some(post) = office.store.post(&practice.id, &about(button)).await? else {
                return Ok(Vec::new());
            };
            let others = office.store.others(&practice.id).await?;
            let blocks = weigh::open_blocks(office, (practice, &others), &post);
            let now = override_id(&post, &blocks);
            let why = Refusal::OtherWords.to_string();
            let problem = Problem { field: "reason".to_owned(), why, blocked: false };
            Ok(Some(problem).filter(|_| now != button).into_iter().collect())
        }
        consents::VERB => Ok(consents::look_over(office, practice, fields)),
        setup::SETUP if !here.at_desk => {
            let at = here.at(&event.from);
            setup::look_over(office, at, (rest, fields)).await
        }
        _ => Ok(Vec::new()),
    }
}
