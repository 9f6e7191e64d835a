//! What was not kept: its author is told, and the post that it would have changed is held.

use super::appeal;
use super::effects::{Doer, change};
use super::office::Office;
use super::outbox::leftover;
use super::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::acts::{self, Case};
use crate::domain::member::Member;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::state::Cause;
use crate::ports::notice::{Notice, View};
use crate::ports::store::{Change, Edits, OutboxWrite, Shell, Stored};

/// It looked like patient information. An edit holds its post, which may not say any more what
/// its people think it says.
pub(super) async fn blocked(
    office: &Office,
    practice: &Practice,
    (shell, rules): (&Shell, &[String]),
    seq: i64,
) -> Stored<Change> {
    let mut all = Change::new(practice.id.clone(), office.now());
    if let Some(post) = edited(office, practice, shell).await? {
        let case = Case { practice, post: &post, now: office.now() };
        if let Ok(decided) = acts::keep(case, Cause::Edit) {
            all = change(office, practice, &post, decided, Doer::default());
        }
    }
    if !shell.told {
        let buttons = appeal::ask(practice, shell, seq).into_iter().collect();
        let notice = Notice { buttons, ..plain(why(office, rules, shell.still_there)) };
        all.outbox.push(to_author(office, practice, shell, notice, seq));
        all.outbox.extend(leftover::follow(office, practice, shell).await?);
    }
    Ok(all)
}

/// Nobody could look at it: its author sends it again.
pub(super) fn unscreened(office: &Office, practice: &Practice, shell: &Shell, seq: i64) -> Change {
    let mut change = Change::new(practice.id.clone(), office.now());
    change.outbox.push(to_author(office, practice, shell, plain(View::Unscreened), seq));
    change
}

/// The post that it would have changed, had it been kept: nobody's who is no member, and by a
/// reply in a card's thread only an approver's.
async fn edited(office: &Office, practice: &Practice, shell: &Shell) -> Stored<Option<Post>> {
    let (id, store) = (&practice.id, &office.store);
    let acting = |member: &Member| member.acting_from(&shell.from, office.now());
    let member = practice.who(&shell.from).map(acting);
    let (Some(member), Some(edits)) = (member, &shell.edits) else {
        return Ok(None);
    };
    let post = match edits {
        Edits::Number { number } => return store.post_by_number(id, *number).await,
        Edits::Post { post } => Some(post.clone()),
        Edits::MadeOf { message } => store.idea(id, message).await?.and_then(|idea| idea.post),
        Edits::Card { card } if member.is_approver() => {
            store.card(id, card).await?.map(|card| card.post)
        }
        Edits::Card { .. } => None,
    };
    match post {
        Some(post) => store.post(id, &post).await,
        None => Ok(None),
    }
}

fn why(office: &Office, rules: &[String], still_there: bool) -> View {
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
