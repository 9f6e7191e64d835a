//! Single acts, each a way in which something went wrong or could.

use super::sample::{ballot, case, clean, hours, id, monday, none, post, practice, row, words};
use crate::domain::acts::{self, Ballot, Case, Decided};
use crate::domain::content::Content;
use crate::domain::draft::{Draft, Ruling};
use crate::domain::gate;
use crate::domain::member::{Member, Role};
use crate::domain::outbox::{Outcome, RowState};
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::slot::Slot;
use crate::domain::state::{Cause, Source, State};

fn who<'a>(practice: &'a Practice, name: &str) -> &'a Member {
    practice.member(&id(name)).expect("a member")
}

fn in_review(practice: &Practice) -> (Post, Content) {
    let post = post("tomas");
    let decided = acts::submit(case(practice, &post), who(practice, "tomas"), none(), [1; 16]);
    let decided = decided.expect("submitted");
    (decided.post, decided.content.expect("a revision"))
}

fn after(decided: Result<Decided, Refusal>) -> Post {
    decided.expect("an effect").post
}

fn signed(practice: &Practice, by: &str) -> (Post, Content) {
    let (post, content) = in_review(practice);
    let tap = ballot(&post, Source::Reaction);
    let signed = acts::sign(case(practice, &post), who(practice, by), tap);
    (after(signed), content)
}

/// Live on one account and refused by the other, then edited.
fn live_and_edited(practice: &Practice) -> Post {
    let (mut post, _) = signed(practice, "kim");
    post.state = State::PartPublished;
    post.publications =
        vec![row(&post, "page", RowState::Done), row(&post, "second-page", RowState::Refused)];
    let edited = acts::edit(
        case(practice, &post),
        who(practice, "tomas"),
        clean(words("Flu shots this Sunday.")),
        [2; 16],
    );
    after(edited)
}

#[test]
fn an_own_decline_outlives_the_sign_off_beside_it() {
    // Taking the ✅ back took the ❌ of the same person away as well.
    let practice = practice(1);
    let (post, _) = signed(&practice, "kim");
    let kim = who(&practice, "kim");

    let tap = ballot(&post, Source::Reaction);
    let declined = after(acts::decline(case(&practice, &post), kim, tap));
    let post = after(acts::unsign(case(&practice, &declined), kim, true));

    let again = acts::sign(case(&practice, &post), kim, tap);
    assert_eq!(again.map(|d| d.facts), Err(Refusal::YouDeclined));
}

#[test]
fn a_decline_counts_after_its_member_left() {
    // The post became signed off, and could not leave.
    let mut practice = practice(1);
    let (post, _) = in_review(&practice);
    let tap = ballot(&post, Source::Reaction);
    let post = after(acts::decline(case(&practice, &post), who(&practice, "rao"), tap));
    practice.members[0].role = Role::Staff;

    let post = after(acts::sign(case(&practice, &post), who(&practice, "kim"), tap));

    assert_eq!(post.state, State::InReview);
}

#[test]
fn a_withdrawn_post_keeps_its_sign_offs_as_they_were() {
    // The table said that nothing happens, and the act went on.
    let practice = practice(1);
    let (post, _) = signed(&practice, "kim");
    let post = after(acts::withdraw(case(&practice, &post)));

    let unsigned = acts::unsign(case(&practice, &post), who(&practice, "kim"), false);

    assert_eq!(unsigned.map(|d| d.facts.len()), Ok(0));
}

#[test]
fn what_is_live_stays_live_when_the_next_revision_is_withdrawn_or_missed() {
    // The post became withdrawn or missed, and its live part could not be taken down.
    let practice = practice(1);
    let post = live_and_edited(&practice);
    let late = Case { now: monday() + hours(48), ..case(&practice, &post) };

    let withdrawn = after(acts::withdraw(case(&practice, &post)));
    let missed = after(acts::window_closed(late));

    assert_eq!(withdrawn.state, State::PartPublished);
    assert_eq!(missed.state, State::PartPublished);
}

#[test]
fn a_live_part_can_be_taken_down_while_the_next_revision_waits() {
    let practice = practice(1);
    let (post, waiting) = (live_and_edited(&practice), in_review(&practice).0);
    let lena = who(&practice, "lena");

    let taken = after(acts::takedown(case(&practice, &post), lena));
    let nothing = acts::takedown(case(&practice, &waiting), lena);

    assert_eq!(taken.state, State::TakenDown);
    assert_eq!(nothing.map(|d| d.facts), Err(Refusal::NothingLive));
}

#[test]
fn a_late_answer_does_not_undo_what_is_live() {
    // A doubled "try later" made a live publication ready again.
    let practice = practice(1);
    let (mut post, _) = signed(&practice, "kim");
    post.state = State::Publishing;
    post.publications =
        vec![row(&post, "page", RowState::Done), row(&post, "second-page", RowState::Sending)];

    let id = post.publications[0].id.clone();
    let late = acts::outcome(case(&practice, &post), &id, &Outcome::TryLater(monday()));

    assert_eq!(late.map(|d| d.facts), Err(Refusal::NothingLeaving));
}

#[test]
fn an_account_that_has_it_gets_it_no_second_time() {
    let practice = practice(1);
    let (mut post, content) = signed(&practice, "kim");
    post.publications = vec![row(&post, "page", RowState::Leased)];
    let id = post.publications[0].id.clone();
    assert_eq!(gate::check(case(&practice, &post), &id, &content), Ok(()));

    for known in [RowState::Done, RowState::Unknown, RowState::Parked] {
        let mut other = row(&post, "page", known);
        other.id = crate::domain::ids::RowId::new("earlier");
        let mut post = post.clone();
        post.publications.push(other);

        let twice = gate::check(case(&practice, &post), &id, &content);
        assert_eq!(twice, Err(Refusal::AlreadyPublished), "{known}");
    }
}

#[test]
fn the_gate_counts_people_and_fresh_sign_offs_only() {
    let practice = practice(2);
    let (mut post, content) = signed(&practice, "kim");
    post.state = State::SignedOff;
    post.publications = vec![row(&post, "page", RowState::Leased)];
    let id = post.publications[0].id.clone();
    let kim = post.decisions[0].clone();
    let gate = |post: &Post| gate::check(case(&practice, post), &id, &content);

    let mut diaz = kim.clone();
    diaz.member = super::sample::id("diaz");
    post.decisions = vec![kim.clone(), diaz.clone()];
    assert_eq!(gate(&post), Ok(()));

    post.decisions = vec![kim.clone(), diaz.clone(), kim.clone()];
    post.decisions.remove(1);
    assert_eq!(gate(&post), Err(Refusal::NotSignedOff), "rows, not people");

    diaz.at = monday() - hours(46 * 24);
    post.decisions = vec![kim, diaz];
    assert_eq!(gate(&post), Err(Refusal::Stale));
}

#[test]
fn the_hold_of_countersign_takes_the_place_of_a_members() {
    // The member could lift a hold that stood for suspected patient information.
    let practice = practice(1);
    let (post, _) = in_review(&practice);
    let maya = who(&practice, "maya");

    let post = after(acts::hold(case(&practice, &post), maya));
    let post = after(acts::keep(case(&practice, &post), Cause::Edit));

    let lifted = acts::unhold(case(&practice, &post), maya, &none());
    assert_eq!(lifted.map(|d| d.facts), Err(Refusal::HeldByCountersign));
}

#[test]
fn an_author_who_is_the_manager_lifts_no_hold_alone() {
    let practice = practice(1);
    let (mut post, _) = in_review(&practice);
    post.author = id("lena");
    let post = after(acts::hold(case(&practice, &post), who(&practice, "kim")));

    let lifted = acts::unhold(case(&practice, &post), who(&practice, "lena"), &none());

    assert_eq!(lifted.map(|d| d.facts), Err(Refusal::NotYourHold));
}

#[test]
fn whom_a_post_names_is_asked_unless_what_stands_there_is_theirs_alone() {
    // Others rewrote what Dr. Kim had begun, and it went out in Dr. Kim's name.
    let practice = practice(1);
    let says = |text: &str| words(&format!("{text}, says Dr. Kim."));
    let begun = |writer: &str| {
        let post = Post { draft: says("Soon"), ..post("kim") };
        after(Ok(acts::draft(case(&practice, &post), post.draft.clone(), vec![Some(id(writer))])))
    };
    let edited = |post: &Post, by: &str, draft| {
        after(acts::edit(case(&practice, post), who(&practice, by), clean(draft), [1; 16]))
    };
    let submitted = |post: &Post| {
        after(acts::submit(case(&practice, post), who(&practice, "kim"), none(), [2; 16]))
    };
    let own = begun("kim");
    let planned = Draft { slot: Some(Slot::At(monday() + hours(2))), ..says("Soon") };
    let mut unknown = own.clone();
    unknown.writers = vec![None];
    let table = [
        (submitted(&own), false),
        (submitted(&edited(&own, "kim", says("Now"))), false),
        (submitted(&edited(&own, "tomas", planned)), false),
        (submitted(&begun("tomas")), true),
        (submitted(&edited(&own, "tomas", says("Now"))), true),
        (edited(&submitted(&own), "tomas", says("Now")), true),
        (edited(&submitted(&edited(&own, "tomas", says("Now"))), "kim", says("Soon")), true),
        (submitted(&edited(&unknown, "kim", says("Now"))), true),
    ];

    for (post, asked) in table {
        let tap = ballot(&post, Source::Reaction);
        let rao = after(acts::sign(case(&practice, &post), who(&practice, "rao"), tap));
        assert_eq!(rao.state == State::InReview, asked, "{:?}", post.writers);
        let kim = acts::sign(case(&practice, &rao), who(&practice, "kim"), tap);
        let refused = if asked { None } else { Some(Refusal::OwnPost) };
        assert_eq!(kim.as_ref().err(), refused.as_ref(), "{:?}", post.writers);
        assert!(kim.is_err() || after(kim).state == State::SignedOff);
    }
}

#[test]
fn what_one_signs_for_ones_own_name_is_no_second_sign_off() {
    let practice = practice(1);
    let post = Post { draft: words("Soon, says Dr. Kim."), ..post("kim") };
    let post =
        after(Ok(acts::draft(case(&practice, &post), post.draft.clone(), vec![Some(id("tomas"))])));
    let post = after(acts::submit(case(&practice, &post), who(&practice, "kim"), none(), [1; 16]));
    let tap = ballot(&post, Source::Reaction);

    let kim = after(acts::sign(case(&practice, &post), who(&practice, "kim"), tap));

    assert_eq!(kim.state, State::InReview, "Dr. Kim sent it, so another has to sign as well");
    let own = Ballot { own_words: true, ..tap };
    let own = acts::sign(case(&practice, &post), who(&practice, "kim"), own);
    assert_eq!(own.map(|d| d.facts), Err(Refusal::NotOwnWords));
}

#[test]
fn a_window_is_never_longer_than_thirty_days() {
    let practice = practice(1);
    let (post, _) = in_review(&practice);
    let far = (Some(Slot::At(monday() + hours(30 * 24))), none());

    let moved = acts::move_slot(case(&practice, &post), who(&practice, "tomas"), far, [3; 16]);

    assert_eq!(moved.map(|d| d.facts), Err(Refusal::SlotTooFar));
}

#[test]
fn a_slot_in_a_window_that_has_closed_is_a_new_revision() {
    // A missed post became signed off again for a window that was over.
    let practice = practice(1);
    let (post, _) = signed(&practice, "kim");
    let now = monday() + hours(30);
    let late = Case { practice: &practice, post: &post, now };
    let post = after(acts::window_closed(late));
    let late = Case { post: &post, ..late };

    let moved = acts::move_slot(
        late,
        who(&practice, "tomas"),
        (Some(Slot::At(monday() + hours(2))), none()),
        [4; 16],
    );

    let moved = after(moved);
    assert_eq!((moved.state, moved.revision), (State::InReview, 2));
    assert!(moved.window.is_some_and(|w| w.contains(now)));
}

fn blocked() -> Ruling {
    let rules = vec!["offer.federal".to_owned()];
    Ruling { blocks: rules.clone(), rules, ..none() }
}

fn overrides(practice: &Practice, post: &Post, by: &Member) -> Option<Refusal> {
    acts::override_blocks(case(practice, post), by, &blocked(), "a trial").err()
}

#[test]
fn whoever_changed_words_of_nobody_known_overrides_no_rule_for_them() {
    // Who wrote the message is not known, so its editor was not kept as a writer either.
    let practice = practice(1);
    let begun = Post { writers: vec![None], ..post("tomas") };
    let (lena, ana) = (who(&practice, "lena"), who(&practice, "ana"));

    let draft = clean(words("Refer a friend."));
    let edited = after(acts::edit(case(&practice, &begun), lena, draft, [1; 16]));

    assert_eq!(overrides(&practice, &begun, lena), None);
    assert_eq!(overrides(&practice, &edited, lena), Some(Refusal::OwnOverride));
    assert_eq!(overrides(&practice, &edited, ana), None);
}

#[test]
fn nobody_overrides_a_rule_in_their_first_day() {
    let practice = practice(1);
    let new = |ago| Member { signs_from: monday() - hours(ago), ..who(&practice, "lena").clone() };

    assert_eq!(overrides(&practice, &post("tomas"), &new(23)), Some(Refusal::NewInRole));
    assert_eq!(overrides(&practice, &post("tomas"), &new(24)), None);
}

#[test]
fn a_hold_for_a_rule_is_lifted_once_the_rule_blocks_no_more() {
    let practice = practice(1);
    let (post, _) = in_review(&practice);
    let held = after(acts::keep(case(&practice, &post), Cause::Rules));
    let lena = who(&practice, "lena");

    let lifted = |ruling| acts::unhold(case(&practice, &held), lena, &ruling).map(|d| d.post.hold);

    assert_eq!(lifted(blocked()), Err(Refusal::BlockedInReview));
    assert_eq!(lifted(none()), Ok(None));
}
