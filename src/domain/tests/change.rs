//! Changes by members: who may begin one, who may answer it, and what a no puts back.

use jiff::Timestamp;

use super::sample::{hours, id, monday, practice};
use crate::domain::change::{self, Answer, By, Changed, NotChanged};
use crate::domain::ids::MemberId;
use crate::domain::member::{Identity, Member, Platform, Role};
use crate::domain::policy::{ALWAYS, Dated, Demand, Needed, Policy};
use crate::domain::practice::Practice;
use crate::domain::quiet::Quiet;
use crate::domain::setting::{Named, Setting};
use crate::domain::soundness::Unsound;

fn who(practice: &Practice, name: &str) -> Member {
    practice.member(&id(name)).expect("a member").clone()
}

fn begins(practice: &Practice, by: &str, setting: Setting) -> Result<Changed, NotChanged> {
    let wanted = vec![Named { setting, called: "Somebody".to_owned() }];
    change::decide(practice, wanted, By::Member(&who(practice, by)), monday())
}

fn answers(
    practice: &Practice,
    by: &str,
    (then, answer): (Timestamp, Answer),
) -> Result<Changed, NotChanged> {
    change::answer(practice, &who(practice, by), (then, answer), monday() + hours(1))
}

fn role(member: &str, role: Role) -> Setting {
    Setting::RoleSet { member: id(member), role, agency: false, from: ALWAYS }
}

fn policy(needed: usize, of: &[&str]) -> Setting {
    let of = of.iter().map(|who| id(who)).collect();
    Setting::PolicySet { policy: Policy::some(needed, of), from: ALWAYS }
}

fn joins(member: &str) -> Setting {
    let (member, role) = (id(member), Role::Approver);
    Setting::MemberJoined { member, role, agency: false, from: ALWAYS }
}

fn quiet() -> Setting {
    let (from, to) = (jiff::civil::time(21, 0, 0, 0), jiff::civil::time(7, 0, 0, 0));
    Setting::QuietSet { quiet: Some(Quiet { from, to }) }
}

fn acts_from(member: &str) -> Setting {
    let identity = identity(&format!("{member}-phone"));
    Setting::IdentityAdded { member: id(member), identity, confirmed: true, from: monday() }
}

fn identity(user: &str) -> Identity {
    let (workspace, user) = ("local".to_owned(), user.to_owned());
    Identity { platform: Platform::Local, workspace, user }
}

fn known_as<'a>(practice: &'a mut Practice, name: &str) -> &'a mut Member {
    practice.members.iter_mut().find(|member| member.id == id(name)).expect("is there")
}

/// Dr. Rao alone, with Ana for compliance.
fn solo() -> Practice {
    let mut practice = practice(1);
    practice.members.retain(|member| !member.is_approver() || member.id == id("rao"));
    let rao = Demand::Approvers { needed: Needed::Some(1), of: Vec::new() };
    practice.policies = vec![Dated::always(Policy::of(vec![rao, Demand::Compliance]))];
    practice
}

#[test]
fn only_who_runs_the_practice_and_does_not_gain_begins_a_change() {
    let (own_words, one) = (Setting::OwnWordsAllowed { from: ALWAYS }, policy(1, &[]));
    let table = [
        (practice(1), "tomas", quiet(), Some(NotChanged::NotYours)),
        (practice(1), "maya", quiet(), Some(NotChanged::NotYours)),
        (practice(1), "rao", quiet(), Some(NotChanged::NotYours)),
        (practice(1), "lena", quiet(), None),
        (practice(1), "ana", quiet(), None),
        (practice(1), "lena", role("tomas", Role::Approver), None),
        (practice(1), "lena", role("lena", Role::Approver), Some(NotChanged::Gains)),
        (practice(1), "lena", role("lena", Role::Staff), None),
        (practice(1), "lena", acts_from("lena"), Some(NotChanged::Gains)),
        (practice(1), "lena", acts_from("kim"), None),
        (solo(), "rao", quiet(), None),
        (solo(), "rao", own_words.clone(), Some(NotChanged::Gains)),
        (solo(), "ana", own_words, None),
        (solo(), "rao", one.clone(), Some(NotChanged::Gains)),
        (solo(), "ana", one, None),
    ];

    for (practice, by, setting, expected) in table {
        let changed = begins(&practice, by, setting.clone());
        assert_eq!(changed.err(), expected, "{by}: {setting:?}");
    }
}

#[test]
fn who_acts_from_an_account_that_is_not_shown_to_be_theirs_changes_nothing() {
    let mut practice = practice(1);
    let phone = identity("lena-phone");
    practice.members[4].identities.push(phone.clone());
    practice.members[4].unconfirmed.push(phone.clone());
    let lena = who(&practice, "lena").acting_from(&phone, monday());

    let wanted = vec![Named { setting: quiet(), called: String::new() }];
    let changed = change::decide(&practice, wanted, By::Member(&lena), monday());

    assert_eq!(changed.err(), Some(NotChanged::NotYours));
}

#[test]
fn a_members_loosening_waits_for_somebody_elses_yes() {
    let before = practice(2);
    let begun = begins(&before, "lena", policy(1, &["kim"])).expect("begun");
    let then = begun.later(monday()).expect("it waits");
    let practice = begun.after;
    assert_eq!(then, monday() + change_waits());
    assert_eq!(practice.begun.len(), 1);

    let yes = |by: &str| answers(&practice, by, (then, Answer::AtOnce)).map(|done| done.after);
    let refused = |by: &str| yes(by).err();

    assert_eq!(refused("lena"), Some(NotChanged::Begun));
    assert_eq!(refused("kim"), Some(NotChanged::Gains));
    assert_eq!(refused("maya"), Some(NotChanged::NotYours));
    assert_eq!(refused("tomas"), Some(NotChanged::NotYours));
    let after = yes("ana").expect("counts");
    assert_eq!(after.policies.last().map(|dated| dated.from), Some(monday() + hours(1)));
    let kept = answers(&practice, "lena", (then, Answer::AsItWas)).expect("kept");
    assert_eq!(kept.after.policies, before.policies, "whoever began it may take it back");
}

fn change_waits() -> jiff::SignedDuration {
    crate::domain::policy::WAIT
}

#[test]
fn what_whoever_runs_countersign_began_needs_one_members_yes() {
    let practice = practice(2);
    let wanted = vec![Named { setting: policy(1, &[]), called: String::new() }];
    let begun = change::decide(&practice, wanted, By::Operator, monday()).expect("begun");
    let then = begun.later(monday()).expect("it waits");

    let done = answers(&begun.after, "lena", (then, Answer::AtOnce));

    assert_eq!(done.map(|done| done.set.len()), Ok(1));
}

#[test]
fn tightening_counts_at_once_whoever_begins_it() {
    let begun = begins(&practice(1), "lena", policy(2, &[])).expect("begun");

    assert_eq!(begun.later(monday()), None);
    assert!(begun.after.begun.is_empty());
}

#[test]
fn a_no_puts_people_back_as_they_were() {
    let later = monday() - hours(1);
    let mut practice = practice(1);
    practice.members[1].signs_from = later;
    let table = [
        ("lena", Role::Approver),
        ("lena", Role::Compliance),
        ("tomas", Role::Approver),
        ("ana", Role::Approver),
        ("kim", Role::Compliance),
    ];

    for (member, new) in table {
        let by = if member == "lena" { "ana" } else { "lena" };
        let begun = begins(&practice, by, role(member, new)).expect("begun");
        let then = begun.later(monday()).expect("it waits");
        let kept = answers(&begun.after, "rao", (then, Answer::AsItWas)).expect("kept").after;

        let (was, is) = (who(&practice, member), who(&kept, member));
        let of = |member: &Member| (member.role, member.agency, member.signs_from);
        assert_eq!(of(&is), of(&was), "{member} was to be {new}");
        assert_eq!(is.was, None);
    }
}

#[test]
fn who_joined_with_what_waits_is_not_there_after_a_no() {
    let begun = begins(&practice(1), "lena", joins("singh")).expect("begun");
    let then = begun.later(monday()).expect("it waits");

    let kept = answers(&begun.after, "rao", (then, Answer::AsItWas)).expect("kept").after;

    assert_eq!(kept.member(&id("singh")), None);
}

#[test]
fn two_changes_of_one_person_are_both_taken_back() {
    let practice = practice(1);
    let once = begins(&practice, "ana", role("lena", Role::Approver)).expect("begun").after;
    let twice = begins(&once, "rao", quiet());
    assert_eq!(twice.err(), Some(NotChanged::NotYours));
    let twice = begins(&once, "ana", role("lena", Role::Compliance)).expect("begun");
    let then = twice.later(monday()).expect("it waits");

    let kept = answers(&twice.after, "rao", (then, Answer::AsItWas)).expect("kept").after;

    assert_eq!(who(&kept, "lena").role, Role::Manager);
}

#[test]
fn nobody_puts_themselves_back() {
    // Else who was just kept from signing would sign again by their own word.
    let begun = begins(&practice(1), "lena", role("kim", Role::Compliance)).expect("begun");
    let then = begun.later(monday()).expect("it waits");

    let kept = answers(&begun.after, "kim", (then, Answer::AsItWas));

    assert_eq!(kept.err(), Some(NotChanged::Gains));
}

#[test]
fn a_no_that_would_leave_what_can_not_be_is_refused() {
    let joined = begins(&practice(1), "lena", joins("singh")).expect("begun");
    let then = joined.later(monday()).expect("it waits");
    let all = vec![Named { setting: policy(1, &["singh"]), called: String::new() }];
    let lena = who(&joined.after, "lena");
    let at = monday() + hours(1);
    let both = change::decide(&joined.after, all, By::Member(&lena), at).expect("begun").after;

    let kept = answers(&both, "rao", (then, Answer::AsItWas));

    let unknown = |who: MemberId| Unsound::Unknown { risk: crate::domain::policy::Risk::Low, who };
    assert_eq!(kept.err(), Some(NotChanged::Unsound(unknown(id("singh")))));
}

#[test]
fn what_was_wrong_before_stands_in_no_ones_way() {
    // Dr. Kim left, so the policy can't be met; the next one would let more through.
    let mut practice = practice(1);
    practice.policies = vec![Dated::always(Policy::some(1, vec![id("kim")]))];
    let begun = begins(&practice, "lena", policy(1, &["rao"])).expect("begun");
    let then = begun.later(monday()).expect("it waits");
    let mut practice = begun.after;
    practice.members.retain(|member| member.id != id("kim") && member.id != id("rao"));

    let kept = answers(&practice, "ana", (then, Answer::AsItWas));

    assert_eq!(kept.map(|kept| kept.set.len()), Ok(1));
}

#[test]
fn what_is_so_already_does_not_begin_to_wait_anew() {
    let mut practice = practice(1);
    practice.members.retain(|member| !member.is_approver() || member.id == id("rao"));
    practice.own_words = Some(ALWAYS);
    let again =
        [Setting::OwnWordsAllowed { from: ALWAYS }, policy(1, &[]), role("rao", Role::Approver)];

    for setting in again {
        let changed = begins(&practice, "ana", setting.clone()).expect("may be so");
        assert!(changed.set.is_empty(), "{setting:?}");
        assert_eq!(changed.after, practice);
    }
}

#[test]
fn another_account_of_somebody_who_signs_waits_for_somebody_elses_yes() {
    let mut before = practice(1);
    known_as(&mut before, "rao").identities.push(identity("rao"));
    let begun = begins(&before, "lena", acts_from("rao")).expect("begun");
    let then = begun.later(monday()).expect("it waits");

    let yes = |by: &str| answers(&begun.after, by, (then, Answer::AtOnce)).map(|done| done.after);
    assert_eq!(yes("lena").err(), Some(NotChanged::Begun));
    assert_eq!(yes("rao").err(), Some(NotChanged::Gains));
    let agreed = yes("ana").expect("agreed");
    let rao = who(&agreed, "rao");
    assert!(rao.later.is_empty());
    assert_eq!(rao.unconfirmed, [identity("rao-phone")]);
    let no = answers(&begun.after, "rao", (then, Answer::AsItWas)).expect("no gain").after;
    assert_eq!(who(&no, "rao").identities, who(&before, "rao").identities);
}

#[test]
fn only_somebodys_first_account_counts_at_once() {
    let mut before = practice(1);
    for member in &mut before.members {
        member.identities.clear();
    }
    let add = || Named { setting: acts_from("rao"), called: String::new() };
    let lena = who(&before, "lena").clone();
    let from = |practice: &Practice| {
        let changed = change::decide(practice, vec![add()], By::Member(&lena), monday());
        changed.expect("sound").later(monday())
    };
    assert_eq!(from(&before), None);
    known_as(&mut before, "rao").was_known = true;
    assert_eq!(from(&before), Some(monday() + change_waits()));
}

#[test]
fn who_was_let_in_lately_says_yes_to_nothing() {
    let before = practice(2);
    let joined = |name: &str, role| Setting::MemberJoined {
        member: id(name),
        role,
        agency: false,
        from: monday(),
    };
    let pat = begins(&before, "lena", joined("pat", Role::Manager)).expect("begun").after;
    let begun = begins(&pat, "lena", joined("new", Role::Approver)).expect("begun");
    let then = begun.later(monday()).expect("it waits");

    let yes = |by: &str| answers(&begun.after, by, (then, Answer::AtOnce)).map(drop);
    assert_eq!(yes("pat"), Err(NotChanged::New));
    assert_eq!(yes("rao"), Ok(()));
    assert!(answers(&begun.after, "pat", (then, Answer::AsItWas)).is_ok());
}

#[test]
fn who_is_made_staff_for_a_moment_keeps_what_is_known_of_them() {
    let mut before = practice(1);
    let rao = known_as(&mut before, "rao");
    rao.identities.push(identity("rao"));
    rao.role = Role::Staff;

    let begun = begins(&before, "lena", acts_from("rao")).expect("begun");

    assert_eq!(begun.later(monday()), Some(monday() + change_waits()));
}
