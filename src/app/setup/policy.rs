//! The form that says who must sign, by risk.

use std::collections::BTreeMap;

use super::part::problem;
use crate::app::form::{choice, chosen, field};
use crate::app::telling::asks;
use crate::domain::ids::MemberId;
use crate::domain::member::Member;
use crate::domain::policy::{Dated, Demand, Needed, Policy, Risk};
use crate::domain::practice::Practice;
use crate::ports::intake::Problem;
use crate::ports::notice::FormField;

/// Leaves a policy that the form can't say as it is.
const AS_IT_IS: &str = "as-it-is";
/// So many approvers can be asked for by the form at most.
const MOST: usize = 20;

/// What one risk asks for, where the form can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Simple {
    needed: Needed,
    of: Vec<MemberId>,
    compliance: bool,
}

pub(super) fn fields(practice: &Practice) -> Vec<FormField> {
    let Some(policy) = practice.latest_policy() else { return Vec::new() };
    Risk::ALL.iter().flat_map(|risk| of_risk(practice, policy, *risk)).collect()
}

fn of_risk(practice: &Practice, policy: &Policy, risk: Risk) -> Vec<FormField> {
    let simple = simple(policy.demands(risk));
    let approvers: Vec<&Member> = practice.members.iter().filter(|m| m.is_approver()).collect();
    let mut counts = Vec::new();
    if simple.is_none() {
        let all = Policy::of(policy.demands(risk).to_vec());
        counts.push(choice(AS_IT_IS, format!("As it is: {}", asks(practice, &all))));
    }
    let number = |n: usize| {
        choice(n.to_string(), if n == 1 { "1 of them".to_owned() } else { format!("{n} of them") })
    };
    counts.extend((1..=approvers.len().min(MOST)).map(number));
    counts.push(choice("all", "All of them"));
    let needed = simple.as_ref().map_or(AS_IT_IS.to_owned(), |simple| match simple.needed {
        Needed::All => "all".to_owned(),
        Needed::Some(n) => n.to_string(),
    });
    let asked = simple
        .as_ref()
        .map(|simple| simple.of.iter().map(MemberId::as_str).collect::<Vec<_>>().join("\n"));
    let of = approvers.iter().map(|member| choice(member.id.as_str(), &member.name)).collect();
    let compliance = simple.as_ref().is_some_and(|simple| simple.compliance);
    vec![
        field(&format!("{risk}-needed"), &format!("{}: how many sign", title(risk)), needed)
            .one(counts),
        field(
            &format!("{risk}-of"),
            &format!("{}: of whom", title(risk)),
            asked.unwrap_or_default(),
        )
        .hint("Nobody chosen: of all approvers.")
        .many(of),
        field(
            &format!("{risk}-also"),
            &format!("{}: also", title(risk)),
            if compliance { "compliance" } else { "" },
        )
        .many(vec![choice("compliance", "Compliance signs in addition")]),
    ]
}

fn title(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "Low risk",
        Risk::Normal => "Normal risk",
        Risk::High => "High risk",
    }
}

fn simple(demands: &[Demand]) -> Option<Simple> {
    let mut found = None;
    let mut compliance = false;
    for demand in demands {
        match demand {
            Demand::Compliance => compliance = true,
            Demand::Approvers { .. } if found.is_some() => return None,
            Demand::Approvers { needed, of } => found = Some((*needed, of.clone())),
        }
    }
    found.map(|(needed, of)| Simple { needed, of, compliance })
}

/// Sets the policy that the form says; what is as it was keeps its order.
pub(super) fn read(
    wanted: &mut Practice,
    filled: &BTreeMap<&str, &str>,
    problems: &mut Vec<Problem>,
) {
    let Some(now) = wanted.latest_policy().cloned() else { return };
    let mut demands = BTreeMap::new();
    for risk in Risk::ALL {
        match of_form(wanted, now.demands(*risk), *risk, filled) {
            Ok(asked) => drop(demands.insert(*risk, asked)),
            Err(problem) => problems.push(problem),
        }
    }
    let mut take = |risk| demands.remove(&risk).unwrap_or_default();
    let policy =
        Policy { low: take(Risk::Low), normal: take(Risk::Normal), high: take(Risk::High) };
    if problems.is_empty() && policy != now {
        wanted.policies.push(Dated::always(policy));
    }
}

fn of_form(
    practice: &Practice,
    now: &[Demand],
    risk: Risk,
    filled: &BTreeMap<&str, &str>,
) -> Result<Vec<Demand>, Problem> {
    let get = |what: &str| filled.get(format!("{risk}-{what}").as_str()).copied();
    let was = simple(now);
    let needed = match get("needed") {
        Some(AS_IT_IS) | None if was.is_none() => return Ok(now.to_vec()),
        None => was.as_ref().map_or(Needed::All, |was| was.needed),
        Some("all") => Needed::All,
        Some(number) => Needed::Some(number.parse().map_err(|_| {
            problem(&format!("{risk}-needed"), "choose how many have to sign".to_owned())
        })?),
    };
    let of: Vec<MemberId> = match (get("of"), &was) {
        (Some(of), _) => {
            let asked: Vec<&str> = chosen(of).collect();
            let known = practice.members.iter().filter(|m| asked.contains(&m.id.as_str()));
            let known: Vec<MemberId> = known.map(|member| member.id.clone()).collect();
            if known.len() != asked.len() {
                let why = "somebody chosen here is no member any more: choose again".to_owned();
                return Err(problem(&format!("{risk}-of"), why));
            }
            known
        }
        (None, Some(was)) => was.of.clone(),
        (None, None) => Vec::new(),
    };
    let compliance = match (get("also"), &was) {
        (Some(also), _) => chosen(also).any(|one| one == "compliance"),
        (None, was) => was.as_ref().is_some_and(|was| was.compliance),
    };
    let same = was.is_some_and(|mut was| {
        was.of.sort();
        let mut of = of.clone();
        of.sort();
        was == Simple { needed, of, compliance }
    });
    if same {
        return Ok(now.to_vec());
    }
    let mut demands = vec![Demand::Approvers { needed, of }];
    demands.extend(compliance.then_some(Demand::Compliance));
    Ok(demands)
}
