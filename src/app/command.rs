//! What was typed as `/post ..`: which use case answers.

use super::asked::{Answer, Asked, Said};
use super::office::Office;
use super::wish::{Wish, wish};
use super::{
    certificate, confirm, connected, consents, digest, lists, review, search, stop, submit,
};
use crate::domain::command::{Command, Unclear};
use crate::domain::post::Post;
use crate::ports::intake::Field;
use crate::ports::store::Change;

/// Does what was asked for; what can't be read is answered with what can.
pub(super) async fn run(
    office: &Office,
    asked: &Asked<'_>,
    command: Result<Command, Unclear>,
) -> Answer {
    let command = match command {
        Ok(command) => command,
        Err(unclear) => return Ok(Ok(lists::help(office, asked, unclear.nearest))),
    };
    match command {
        Command::New(text) => submit::new_post(office, asked, &text).await,
        Command::Queue => lists::queue(office, asked).await,
        Command::Calendar => lists::calendar(office, asked).await,
        Command::Digest => digest::asked_for(office, asked).await,
        Command::Said(words) => search::said(office, asked, &words, 0).await,
        Command::Confirm(code) => confirm::confirm(office, asked, &code).await,
        Command::Stop => Ok(Ok(stop::stop(office, asked, None).await?)),
        Command::Release => Ok(Ok(stop::release(office, asked).await?)),
        Command::Consents => Ok(Ok(consents::list(office, asked))),
        Command::Consent(code) => Ok(consents::show(office, asked, &code)),
        Command::Revoke(code) => Ok(consents::revoke(office, asked, &code)),
        Command::Accounts => Ok(Ok(connected::list(office, asked).await?)),
        Command::Setup => Ok(Ok(lists::setup(office, asked).await)),
        Command::Help => Ok(Ok(lists::help(office, asked, None))),
        Command::Show(n)
        | Command::Edit(n, _)
        | Command::Withdraw(n)
        | Command::Hold(n)
        | Command::Certificate(n) => {
            match office.store.post_by_number(&asked.practice.id, n).await? {
                Some(post) => {
                    let answer = about(office, asked, &post, command).await?;
                    Ok(Ok(asked.of_post(office, &post, answer)))
                }
                None => Ok(Err(Said::Sentence(format!("there is no post {n} here")))),
            }
        }
    }
}

async fn about(office: &Office, asked: &Asked<'_>, post: &Post, command: Command) -> Answer {
    Ok(match command {
        Command::Edit(_, text) => {
            let field = Field { name: "text".to_owned(), value: text };
            submit::edit(office, asked, post, &[field])
        }
        Command::Withdraw(_) => submit::withdraw(office, asked, post),
        Command::Hold(_) => Ok(review::hold(office, asked, post)),
        Command::Certificate(_) => return certificate::show(office, asked, post).await,
        _ if asked.at_desk() => Ok(asked.shown(office, post)),
        _ => Ok(card_again(office, asked, post)),
    })
}

fn card_again(office: &Office, asked: &Asked<'_>, post: &Post) -> Change {
    let mut change = asked.change(office);
    let card = Wish::Card { post: post.id.clone(), revision: post.revision, place: None };
    let subject = format!("card/{}/{}", post.id, post.revision);
    change.outbox.push(wish(office, &post.practice, subject, card, true));
    change
}
