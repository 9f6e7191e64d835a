//! What is wrong with a form that was filled in, before it is sent. Reads only and keeps nothing:
//! the use case looks at everything again.

use super::buttons::override_id;
use super::filled::Sent;
use super::gate::trace;
use super::looking::look;
use super::office::Office;
use super::opening::{Here, about, here, parts};
use super::roster::roster;
use super::{consents, post_form, setup, weigh};
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
    let Some(here) = here(office, &event.from, &event.channel, button).await? else {
        return Ok(Vec::new());
    };
    let mut problems = blocked(office, &here, fields).await?;
    for problem in unfit(office, &here, event, (button, fields)).await? {
        if problems.iter().all(|known| known.field != problem.field) {
            problems.push(problem);
        }
    }
    Ok(problems)
}

/// What the screen keeps out: what kind it is, and how to mend it.
async fn blocked(office: &Office, here: &Here, fields: &[Field]) -> Stored<Vec<Problem>> {
    let texts = fields.iter().map(|field| field.value.clone()).collect();
    let Some(looked) = look(office, vec![roster(&here.practice, office.now())], texts).await else {
        // The gate says so.
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (field, rules) in fields.iter().zip(looked) {
        let Some(rule) = rules.first() else { continue };
        let trace = trace(&office.trace, &here.practice.id, &field.value);
        if office.store.attested(&here.practice.id, &[trace]).await? {
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
