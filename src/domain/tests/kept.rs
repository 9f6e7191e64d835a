//! Posts of a database that was put back, and posts of another installation: what stays with them.

use super::sample::{ballot, case, clean, id, none, post, practice, row, words};
use crate::domain::acts::{self, Decided};
use crate::domain::member::Member;
use crate::domain::outbox::RowState;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::state::{Cause, Source, State};

fn who<'a>(practice: &'a Practice, name: &str) -> &'a Member {
    practice.member(&id(name)).expect("a member")
}

fn after(decided: Result<Decided, Refusal>) -> Post {
    decided.expect("an effect").post
}

fn in_review(practice: &Practice, post: &Post) -> Post {
    after(acts::submit(case(practice, post), who(practice, "tomas"), none(), [1; 16]))
}

fn put_back(practice: &Practice) -> Post {
    after(acts::restored(case(practice, &in_review(practice, &post("tomas")))))
}

fn cause(post: &Post) -> Option<Cause> {
    post.hold.as_ref().and_then(|hold| hold.cause)
}

#[test]
fn a_hold_that_a_restore_set_outlives_every_edit() {
    // Any edit lifted it, and so anybody did who could write.
    let practice = practice(1);
    let post = put_back(&practice);
    let edits = |post: &Post, by: &str, text: &str| {
        let draft = clean(words(text));
        after(acts::edit(case(&practice, post), who(&practice, by), draft, [2; 16]))
    };

    let edited = edits(&post, "maya", "Flu shots this Sunday.");
    let amended = edits(&edited, "kim", "Flu shots on Sunday.");

    assert_eq!((edited.revision, amended.revision), (2, 3));
    assert_eq!(cause(&amended), Some(Cause::Restored));
    let tap = ballot(&amended, Source::Button);
    let signed = after(acts::sign(case(&practice, &amended), who(&practice, "rao"), tap));
    assert_eq!((signed.state, cause(&signed)), (State::SignedOff, Some(Cause::Restored)));
    for (name, refusal) in [
        ("tomas", Refusal::NotYourHold),
        ("maya", Refusal::HeldSinceRestore),
        ("rao", Refusal::HeldSinceRestore),
        ("ana", Refusal::HeldSinceRestore),
    ] {
        let lifted = acts::unhold(case(&practice, &signed), who(&practice, name), &none());
        assert_eq!(lifted.map(|decided| decided.facts), Err(refusal), "{name}");
    }
    let lifted = after(acts::unhold(case(&practice, &signed), who(&practice, "lena"), &none()));
    assert_eq!(lifted.hold, None);
}

#[test]
fn a_restore_holds_what_is_held_already_for_another_reason() {
    let practice = practice(1);
    let before = in_review(&practice, &post("tomas"));
    let by_maya = after(acts::hold(case(&practice, &before), who(&practice, "maya")));
    let by_itself = after(acts::keep(case(&practice, &before), Cause::Edit));

    for held in [by_maya, by_itself] {
        let restored = after(acts::restored(case(&practice, &held)));
        assert_eq!(cause(&restored), Some(Cause::Restored));
        assert_eq!(restored.hold.and_then(|hold| hold.by), None);
    }
}

#[test]
fn what_is_live_on_some_accounts_is_held_too() {
    // A later revision for the others may have left after the copy.
    let practice = practice(1);
    let mut post = in_review(&practice, &post("tomas"));
    post.state = State::PartPublished;
    post.publications =
        vec![row(&post, "page", RowState::Done), row(&post, "second-page", RowState::Refused)];

    let restored = after(acts::restored(case(&practice, &post)));

    assert_eq!((restored.state, cause(&restored)), (State::PartPublished, Some(Cause::Restored)));
    let draft = clean(words("Flu shots this Sunday."));
    let edited = acts::edit(case(&practice, &restored), who(&practice, "maya"), draft, [2; 16]);
    assert_eq!(cause(&after(edited)), Some(Cause::Restored));
}

#[test]
fn somebody_can_lift_it_in_every_practice() {
    // Where there was no manager nobody could.
    let whole = practice(1);
    let post = put_back(&whole);
    let without = |gone: &[&str]| {
        let stay = |m: &&Member| !gone.contains(&m.id.as_str());
        let members = whole.members.iter().filter(stay).cloned().collect();
        Practice { members, ..whole.clone() }
    };
    let lifts = |practice: &Practice, post: &Post| {
        let lifted = |m: &&Member| acts::unhold(case(practice, post), m, &none()).is_ok();
        let all = practice.members.iter().filter(lifted).map(|m| m.id.to_string());
        all.collect::<Vec<_>>()
    };

    assert_eq!(lifts(&whole, &post), ["lena"]);
    assert_eq!(lifts(&without(&["lena"]), &post), ["ana"]);
    assert_eq!(lifts(&without(&["lena", "ana"]), &post), ["rao", "kim", "diaz"]);
    // Who is alone wrote it as well.
    let mut alone = without(&["lena", "ana", "kim", "diaz"]);
    let own = Post { author: id("rao"), ..post };
    assert_eq!(lifts(&alone, &own), [""; 0]);
    alone.own_words = Some(jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(lifts(&alone, &own), ["rao"]);
}

#[test]
fn who_wrote_it_in_another_installation_does_not_sign_it_here() {
    let practice = practice(1);
    let mut draft = post("rao");
    draft.earlier_authors = vec![id("kim")];

    let post = in_review(&practice, &draft);

    let signs = |name: &str| {
        let tap = ballot(&post, Source::Reaction);
        acts::sign(case(&practice, &post), who(&practice, name), tap)
            .map(|signed| signed.post.state)
    };
    assert_eq!(signs("rao"), Err(Refusal::OwnPost));
    assert_eq!(signs("kim"), Err(Refusal::OwnPost));
    assert_eq!(signs("diaz"), Ok(State::SignedOff));
}
