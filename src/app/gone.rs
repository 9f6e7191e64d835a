//! People whose account is no more on a platform that tells nobody of that.
//!
//! They are asked for while cards are read again: a few at a time, and nobody more often than once
//! an hour, as there may be many thousands. Who is missing is looked for once more before they have
//! left, as a platform may be wrong for a moment; and only who was there: an account that nobody
//! has shown to be theirs, and that was never seen there, may be of somebody who has yet to come.

use std::collections::HashSet;

use super::elsewhere;
use super::office::Office;
use crate::domain::member::Identity;
use crate::ports::chat::{Connection, Unreachable};
use crate::ports::store::Stored;

/// A platform that can't say it in so many workspaces says it in none now.
const FAILURES: usize = 3;

/// Looks for the next few; returns of how many nobody can say it.
pub async fn all(office: &Office) -> Stored<usize> {
    let (known, shown) = identities(office).await?;
    let (mut unsaid, mut silent) = (0, HashSet::new());
    for who in office.absent.due(known, office.now()) {
        let Some(chat) = office.chat(who.platform) else { continue };
        if silent.len() >= FAILURES {
            break;
        }
        let is_there = if silent.contains(&who.workspace) {
            Err(Unreachable("nobody can say it there".to_owned()))
        } else {
            chat.is_there(&who).await
        };
        if let Err(why) = &is_there {
            tracing::debug!("It can't be said who is there still: {why}");
            unsaid += 1;
            silent.insert(who.workspace.clone());
        }
        let known = shown.contains(&who);
        if office.absent.note(&who, office.now(), (is_there.ok(), known)) {
            elsewhere::left(office, &who).await?;
        }
    }
    Ok(unsaid)
}

/// Everybody who is to be looked for, and those of them who have shown the account to be theirs.
async fn identities(office: &Office) -> Stored<(HashSet<Identity>, HashSet<Identity>)> {
    let (mut all, mut shown) = (HashSet::new(), HashSet::new());
    let asks = |who: &&Identity| {
        let chat = office.chat(who.platform);
        chat.is_some_and(|chat| chat.hides_who_left() && chat.connection() == Connection::Up)
    };
    if !office.chats.iter().any(|chat| chat.hides_who_left()) {
        return Ok((all, shown));
    }
    for id in office.store.practices().await? {
        let Some(practice) = office.store.practice(&id).await? else { continue };
        for member in &practice.members {
            for who in member.identities.iter().filter(asks) {
                all.insert(who.clone());
                if !member.unconfirmed.contains(who) {
                    shown.insert(who.clone());
                }
            }
        }
    }
    Ok((all, shown))
}
