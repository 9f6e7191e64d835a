//! What the form of a new practice says it should be, and why it can't be so. Pure; a problem
//! repeats nothing of what was typed.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::domain::called;
use crate::domain::content::normalized;
use crate::domain::ids::{MemberId, PracticeId};
use crate::domain::member::{Identity, Member, Platform, Role};
use crate::domain::naming::words;
use crate::domain::policy::{Dated, Policy};
use crate::domain::practice::{ChannelRef, Practice, Purpose};
use crate::domain::soundness;
use crate::ports::intake::{Field, Problem};

/// So many physicians can be named at once; more are added later.
const MOST: usize = 20;
/// The longest id that is made of a name.
const LONGEST: usize = 40;

/// The practice, made by `from` in this channel, where these people are if the platform says so.
pub(super) fn read(
    (from, channel): (&Identity, &ChannelRef),
    (people, taken): (Option<&[Identity]>, &[PracticeId]),
    fields: &[Field],
) -> Result<Practice, Vec<Problem>> {
    let fields: BTreeMap<&str, &str> =
        fields.iter().map(|field| (field.name.as_str(), field.value.trim())).collect();
    let get = |name: &str| fields.get(name).copied().unwrap_or_default();
    let mut problems = Vec::new();
    let mut named = |at: &str, typed: &str| {
        let name = normalized(typed);
        problems.extend(called::unfit(&name).map(|why| problem(at, why)));
        name
    };
    let (name, own) = (named("practice", get("practice")), named("name", get("name")));
    let zone = TimeZone::get(get("zone")).ok().filter(|zone| zone.iana_name().is_some());
    if zone.is_none() {
        let why = "there is no such zone: write one like America/Chicago".to_owned();
        problems.push(problem("zone", why));
    }
    let role = get("role").parse().ok();
    let role = role.filter(|role| matches!(role, Role::Manager | Role::Compliance));
    if role.is_none() {
        problems.push(problem("role", "choose your role".to_owned()));
    }
    let mut founder = member(1, &own, role.unwrap_or(Role::Manager));
    // They act from there just now.
    founder.identities.push(from.clone());
    let mut practice = Practice::new(id(&name, taken), channel.platform == Platform::Local);
    practice.members.push(founder);
    if let Err(why) = physicians(&mut practice, (from, people), get("physicians")) {
        problems.push(problem("physicians", why));
    }
    practice.name = name;
    practice.zone = zone.unwrap_or(TimeZone::UTC);
    practice.policies.push(Dated::always(Policy::some(1, Vec::new())));
    practice.channels.push((Purpose::Approvals, channel.clone()));
    if let (true, Err(why)) = (problems.is_empty(), soundness::check(&practice)) {
        problems.push(problem("physicians", why.to_string()));
    }
    if problems.is_empty() { Ok(practice) } else { Err(problems) }
}

pub(super) fn problem(field: &str, why: String) -> Problem {
    Problem { field: field.to_owned(), why, blocked: false }
}

/// Names are kept apart from what is kept for ever, so an id says nothing of its person.
fn member(nth: usize, name: &str, role: Role) -> Member {
    Member::new(MemberId::new(format!("member-{nth}")), name, role, false)
}

/// An id that reads as the name, and that no other practice has.
fn id(name: &str, taken: &[PracticeId]) -> PracticeId {
    let plain = words(name).join("-");
    let plain: String = plain.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let plain: String = plain.trim_matches('-').chars().take(LONGEST).collect();
    let plain = match plain.trim_matches('-') {
        "" | "instance" => "practice",
        plain => plain,
    };
    let others = (2..).map(|nth| format!("{plain}-{nth}"));
    let mut ids = std::iter::once(plain.to_owned()).chain(others).map(PracticeId::new);
    ids.find(|id| !taken.contains(id)).expect("numbers do not end")
}

/// Who signs, a line each: the name, and behind it the account.
fn physicians(
    practice: &mut Practice,
    (from, people): (&Identity, Option<&[Identity]>),
    typed: &str,
) -> Result<(), String> {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err("somebody has to sign: name at least one physician".to_owned());
    }
    if lines.len() > MOST {
        return Err(format!("name at most {MOST} here, and add the others later"));
    }
    for (nth, line) in (1..).zip(lines) {
        let why = |why: &str| format!("line {nth}: {why}");
        let (name, account) = line.rsplit_once(char::is_whitespace).ok_or_else(|| {
            why("write the name, and behind it the id of the account, as Dr. Rao U0456")
        })?;
        let name = normalized(name.trim().trim_end_matches([',', ':', ';']).trim_end());
        if let Some(unfit) = called::unfit(&name) {
            return Err(why(&unfit));
        }
        let identity = account_of(account, from, people).map_err(why)?;
        if identity == *from {
            return Err(why(
                "that is your own account: whoever makes a practice does not sign in it",
            ));
        }
        if practice.who(&identity).is_some() {
            return Err(why("somebody else signs from that account already"));
        }
        let mut physician = member(nth + 1, &name, Role::Approver);
        physician.unconfirmed.push(identity.clone());
        physician.identities.push(identity);
        practice.members.push(physician);
    }
    Ok(())
}

/// The account that somebody means: of a person in the channel, where its platform says who is.
fn account_of(
    typed: &str,
    from: &Identity,
    people: Option<&[Identity]>,
) -> Result<Identity, &'static str> {
    let bare = typed.trim_matches(['<', '>', '@', '!']);
    let whole = bare.parse().ok().map(|ChannelRef { platform, workspace, channel: user }| {
        Identity { platform, workspace, user }
    });
    let Some(people) = people else {
        let own = Identity { user: bare.to_owned(), ..from.clone() };
        let is_id = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric());
        return whole.or(is_id.then_some(own)).ok_or(NO_ID);
    };
    let is_meant = |person: &&Identity| match &whole {
        Some(whole) => *person == whole,
        None => person.user == bare,
    };
    people.iter().find(is_meant).cloned().ok_or(NO_ID)
}

/// An account that is nobody's here.
const NO_ID: &str = "behind the name stands the id of no account in this channel: bring that person \
    here first, and copy the id from their profile";

#[cfg(test)]
mod tests {
    use super::*;

    fn someone(user: &str) -> Identity {
        let (workspace, user) = ("T1".to_owned(), user.to_owned());
        Identity { platform: Platform::Slack, workspace, user }
    }

    fn filled(fields: &[(&str, &str)]) -> Result<Practice, Vec<Problem>> {
        let usual = [
            ("practice", "Northside Family Practice"),
            ("zone", "America/Chicago"),
            ("name", "Lena"),
            ("role", "manager"),
            ("physicians", "Dr. Rao U2\nDr. Kim, slack:T1/U3"),
        ];
        let fields: Vec<Field> = usual
            .iter()
            .map(|(name, value)| {
                let other = fields.iter().find(|(other, _)| other == name);
                let value = other.map_or(*value, |(_, value)| *value);
                Field { name: (*name).to_owned(), value: value.to_owned() }
            })
            .collect();
        let channel = ChannelRef {
            platform: Platform::Slack,
            workspace: "T1".to_owned(),
            channel: "C1".to_owned(),
        };
        let people = ["U1", "U2", "U3"].map(someone);
        let taken = ["northside-family-practice"].map(PracticeId::new);
        read((&someone("U1"), &channel), (Some(&people), &taken), &fields)
    }

    #[test]
    fn a_form_makes_a_practice_in_which_physicians_still_have_to_confirm() {
        let practice = filled(&[]).expect("a practice");

        assert_eq!(practice.id.as_str(), "northside-family-practice-2");
        let members: Vec<_> = practice
            .members
            .iter()
            .map(|m| (m.name.as_str(), m.role, m.identities.len(), m.unconfirmed.len()))
            .collect();
        assert_eq!(
            members,
            [
                ("Lena", Role::Manager, 1, 0),
                ("Dr. Rao", Role::Approver, 1, 1),
                ("Dr. Kim", Role::Approver, 1, 1),
            ]
        );
        assert!(!practice.sample);
    }

    #[test]
    fn what_can_not_be_is_said_at_its_field() {
        let table = [
            ("practice", "", "write the name"),
            ("practice", "<!channel>", "calls nobody"),
            ("practice", "\u{202E}edisht", "nobody sees"),
            ("zone", "Mars/Olympus", "no such zone"),
            ("name", "12", "has letters"),
            ("role", "approver", "choose your role"),
            ("physicians", "", "somebody has to sign"),
            ("physicians", "U2", "line 1: write the name"),
            ("physicians", "Dr. Rao U2\nDr. Kim U9", "line 2: behind the name"),
            ("physicians", "Dr. Rao slack:T2/U2", "line 1: behind the name"),
            ("physicians", "Dr. Rao U2\nDr. Kim U2", "line 2: somebody else signs"),
            ("physicians", "Lena U1", "line 1: that is your own account"),
            ("physicians", "@everyone U2", "line 1: a name calls nobody"),
        ];
        for (field, value, why) in table {
            let problems = filled(&[(field, value)]).expect_err(value);
            assert_eq!(problems.len(), 1, "{value}: {problems:?}");
            assert_eq!(problems[0].field, field, "{value}");
            assert!(problems[0].why.contains(why), "{value}: {}", problems[0].why);
        }
    }

    #[test]
    fn an_id_reads_as_the_name_as_far_as_it_can() {
        let table = [
            ("Dr. Núñez & Sons", "dr-nunez-sons"),
            ("Instance", "practice"),
            ("診療所", "practice"),
            (
                "Practice of the very long and winding name by the river",
                "practice-of-the-very-long-and-winding-na",
            ),
        ];
        for (name, expected) in table {
            assert_eq!(id(name, &[]).as_str(), expected);
        }
    }
}
