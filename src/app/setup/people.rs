//! The forms that add, change and let go of people.

use std::collections::BTreeMap;

use super::around::Around;
use super::part::{Wanted, problem};
use crate::app::form::{choice, chosen, field};
use crate::app::telling::place;
use crate::domain::called;
use crate::domain::content::normalized;
use crate::domain::ids::MemberId;
use crate::domain::member::{Identity, Member, Role};
use crate::domain::practice::{ChannelRef, Practice};
use crate::ports::intake::Problem;
use crate::ports::notice::{Choice, FormField};

/// Leaves something as it is.
const AS_IT_IS: &str = "as-it-is";
/// Chooses nothing: a platform may take no empty choice.
const NONE: &str = "none";

type Filled<'a> = BTreeMap<&'a str, &'a str>;

pub(super) fn add(around: &Around) -> Vec<FormField> {
    vec![
        field("name", "Name", "").hint("As cards name them."),
        field("role", "Role", Role::Staff.as_str()).one(roles()),
        field("works", "Works for", "practice").one(works()),
        account(around, "Account"),
    ]
}

pub(super) fn change(practice: &Practice, around: &Around) -> Vec<FormField> {
    let label = |m: &Member| format!("{}, {}", m.name, m.role);
    let members = practice.members.iter().map(|m| choice(m.id.as_str(), label(m)));
    let members: Vec<Choice> = members.collect();
    let first = members.first().map(|member| member.id.clone()).unwrap_or_default();
    let accounts = practice.members.iter().flat_map(|member| {
        let of = |is: &Identity| choice(place(is), format!("{}: {}", member.name, place(is)));
        member.identities.iter().map(of).collect::<Vec<_>>()
    });
    let keep = || choice(AS_IT_IS, "As it is");
    let more =
        vec![choice("leaves", "Leaves the practice"), choice("code", "Gets a new one-time code")];
    vec![
        field("person", "Who", first).leads().one(members),
        field("name", "New name", "").hint("Empty: as it is."),
        field("role", "Role", AS_IT_IS).one([keep()].into_iter().chain(roles()).collect()),
        field("works", "Works for", AS_IT_IS).one([keep()].into_iter().chain(works()).collect()),
        account(around, "One more account"),
        field("without", "Account to take away", NONE)
            .one([choice(NONE, "None")].into_iter().chain(accounts).collect()),
        field("more", "More", "").many(more),
    ]
}

pub(super) fn agency(practice: &Practice) -> Vec<FormField> {
    let of: Vec<Choice> = practice.members.iter().filter(|m| m.agency).map(of_member).collect();
    if of.is_empty() {
        return Vec::new();
    }
    let all: Vec<&str> = of.iter().map(|one| one.id.as_str()).collect();
    let still = field("still", "The agency's people who go on working here", all.join("\n"));
    vec![still.hint("Whoever is not chosen leaves the practice at once.").many(of)]
}

fn of_member(member: &Member) -> Choice {
    choice(member.id.as_str(), &member.name)
}

fn roles() -> Vec<Choice> {
    let all = [
        (Role::Staff, "Staff: writes and edits"),
        (Role::Approver, "Approver: signs"),
        (Role::Manager, "Manager: runs the practice"),
        (Role::Compliance, "Compliance: rules, and signs in addition"),
    ];
    all.map(|(role, label)| choice(role.as_str(), label)).to_vec()
}

fn works() -> Vec<Choice> {
    vec![choice("practice", "The practice"), choice("agency", "An agency; always staff")]
}

fn account(around: &Around, label: &str) -> FormField {
    match &around.people {
        Some(people) => {
            let of = people.iter().map(|is| choice(place(is), &is.user));
            let none = [choice(NONE, "None")];
            field("account", label, NONE).one(none.into_iter().chain(of).collect())
        }
        None => field("account", label, "").hint("As slack:T0123/U0456. Empty: none."),
    }
}

/// Somebody joins.
pub(super) fn read_add(wanted: &mut Wanted, filled: &Filled<'_>) {
    let get = |name: &str| filled.get(name).copied().unwrap_or_default();
    let name = normalized(get("name"));
    if let Err(why) = named(&name) {
        wanted.problems.push(why);
    }
    let Ok(role) = get("role").parse() else {
        return wanted.problems.push(problem("role", "choose a role".to_owned()));
    };
    // Names are kept apart from what is kept for ever, so an id says nothing of its person.
    let all = || wanted.practice.members.iter().chain(&wanted.practice.former);
    let id = (all().count() + 1..).map(|n| MemberId::new(format!("member-{n}")));
    let mut id = id.filter(|id| all().all(|member| member.id != *id));
    let id = id.next().expect("numbers do not end");
    let mut member = Member::new(id, &name, role, get("works") == "agency");
    add_account(&mut wanted.problems, &mut member, get("account"));
    wanted.practice.members.push(member);
}

/// Somebody changes, or leaves.
pub(super) fn read_change(wanted: &mut Wanted, filled: &Filled<'_>) {
    let get = |name: &str| filled.get(name).copied().unwrap_or_default();
    let members = &mut wanted.practice.members;
    let Some(nth) = members.iter().position(|m| m.id.as_str() == get("person")) else {
        let why = "choose somebody who is a member still".to_owned();
        return wanted.problems.push(problem("person", why));
    };
    if chosen(get("more")).any(|one| one == "leaves") {
        members.remove(nth);
        return;
    }
    let member = &mut members[nth];
    let name = normalized(get("name"));
    if !name.is_empty() {
        match named(&name) {
            Ok(()) => member.name = name,
            Err(why) => wanted.problems.push(why),
        }
    }
    match get("role") {
        AS_IT_IS | "" => {}
        role => match role.parse() {
            Ok(role) => member.role = role,
            Err(_) => wanted.problems.push(problem("role", "choose a role".to_owned())),
        },
    }
    match get("works") {
        "agency" => member.agency = true,
        "practice" => member.agency = false,
        _ => {}
    }
    let without = get("without");
    if !matches!(without, "" | NONE) {
        let known = member.identities.iter().position(|is| place(is) == without);
        if let Some(known) = known {
            member.identities.remove(known);
        } else {
            let why = "they do not act from there".to_owned();
            wanted.problems.push(problem("without", why));
        }
    }
    add_account(&mut wanted.problems, member, get("account"));
    if chosen(get("more")).any(|one| one == "code") {
        if member.unconfirmed.is_empty() {
            let why = "all their accounts are known to be theirs already".to_owned();
            wanted.problems.push(problem("more", why));
        }
        wanted.codes.clone_from(&member.unconfirmed);
    }
}

/// The agency's people who are not chosen leave.
pub(super) fn read_agency(wanted: &mut Wanted, filled: &Filled<'_>) {
    let Some(still) = filled.get("still") else { return };
    let still: Vec<&str> = chosen(still).collect();
    wanted.practice.members.retain(|m| !m.agency || still.contains(&m.id.as_str()));
}

fn named(name: &str) -> Result<(), Problem> {
    called::unfit(name).map_or(Ok(()), |why| Err(problem("name", why)))
}

fn add_account(problems: &mut Vec<Problem>, member: &mut Member, typed: &str) {
    let typed = typed.trim();
    if matches!(typed, "" | NONE) {
        return;
    }
    // It is written like a channel.
    let Ok(ChannelRef { platform, workspace, channel: user }) = typed.parse() else {
        let why = "that is not an account: write it as slack:T0123/U0456".to_owned();
        return problems.push(problem("account", why));
    };
    member.identities.push(Identity { platform, workspace, user });
}
