//! The fields of the forms that change a practice, as it stands.

use jiff::civil::Time;

use super::around::{Around, written};
use super::part::Part;
use super::{people, policy};
use crate::app::form::{choice, field};
use crate::app::roster::states;
use crate::domain::listing::List;
use crate::domain::practice::{Practice, Purpose};
use crate::ports::notice::FormField;

/// The fields of a form; none where there is nothing to change.
pub(super) fn of(practice: &Practice, part: Part, around: &Around) -> Vec<FormField> {
    match part {
        Part::Hours => hours(practice),
        Part::Policy => policy::fields(practice),
        Part::Add => people::add(around),
        Part::Person => people::change(practice, around),
        Part::Channel => channel(around),
        Part::OwnWords => own_words(practice),
        Part::Rules => rules(practice),
        Part::Lists => lists(practice),
        Part::Agency => people::agency(practice),
    }
}

fn hours(practice: &Practice) -> Vec<FormField> {
    let clock = |time: Time| time.strftime("%H:%M").to_string();
    let (from, to) = practice.quiet.map(|q| (clock(q.from), clock(q.to))).unwrap_or_default();
    vec![
        field("zone", "Zone", practice.zone.iana_name().unwrap_or("UTC"))
            .hint("Of the practice's clocks, as America/Chicago."),
        field("from", "Quiet from", from)
            .hint("As 21:00. Nothing leaves in quiet hours. Both empty: there are none."),
        field("to", "Quiet to", to).hint("As 07:00."),
        field("digest", "Daily digest at", practice.digest.to_string()).hint("As 07:30."),
    ]
}

fn channel(around: &Around) -> Vec<FormField> {
    let purposes = [
        (Purpose::Ideas, "Ideas: staff and experts write there"),
        (Purpose::Approvals, "Approvals: cards are shown and signed there"),
        (Purpose::Digest, "Digest"),
    ];
    let mut purposes = purposes.map(|(is, label)| choice(is.as_str(), label)).to_vec();
    purposes.push(choice("none", "Nothing any more"));
    vec![
        field("at", "Channel", written(around))
            .hint("This one; or another that you are in, as slack:T0123/C0456."),
        field("purpose", "What it is for", "ideas").one(purposes),
    ]
}

fn rules(practice: &Practice) -> Vec<FormField> {
    let kept = practice.packs.iter().filter(|pack| pack.until.is_none());
    let kept: Vec<&str> = kept.map(|pack| pack.state.as_str()).collect();
    let of = states().map(|state| choice(state, state.to_uppercase())).collect();
    vec![
        field("states", "States whose rules count", kept.join("\n"))
            .hint("Beside the federal rules, which always count: where the practice works.")
            .many(of),
    ]
}

fn lists(practice: &Practice) -> Vec<FormField> {
    let of = |list: List, label: &str, hint: &str| {
        let lines = practice.listed(list).join("\n");
        field(list.as_str(), label, lines).hint(format!("{hint} A line each.")).lines()
    };
    vec![
        of(List::Phones, "Own numbers", "Telephone and fax, digits alone, as 5125550147."),
        of(List::Addresses, "Own addresses", "As 7778 Birch St."),
        of(List::Watched, "Watched words", "A post with one of them says so before it is signed."),
    ]
}

fn own_words(practice: &Practice) -> Vec<FormField> {
    let allowed = if practice.own_words.is_some() { "yes" } else { "no" };
    let of = [
        ("no", "Nobody signs what they wrote themselves"),
        ("yes", "Its only approver may, in a separate step"),
    ];
    let of = of.map(|(id, label)| choice(id, label)).to_vec();
    vec![field("own", "Own words", allowed).one(of)]
}
