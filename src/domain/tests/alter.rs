//! How the practice changes in the tests' world, and what the test remembers of it.

use super::world::{Law, World};
use crate::domain::change::{self, Answer, By, Changed};
use crate::domain::ids::MemberId;
use crate::domain::ledger::OPERATOR;
use crate::domain::member::Role;
use crate::domain::policy::{ALWAYS, Policy};
use crate::domain::setting::{Named, Setting};

/// What can change. People are numbers, taken modulo how many there are.
#[derive(Debug, Clone, PartialEq)]
pub enum Alter {
    /// So many must sign, of these; of all when empty.
    Policy(usize, Vec<usize>),
    Role(usize, Role),
    Left(usize),
    /// Somebody who was there comes back as an approver.
    Back,
    /// A member says yes, or no, to what waits.
    AtOnce(usize),
    AsItWas(usize),
}

impl World {
    /// The practice changes by whoever runs Countersign, or by a member's answer.
    pub fn alter(&mut self, alter: &Alter) {
        let who = |who: &usize| self.practice.members[who % self.practice.members.len()].clone();
        let waits = change::waiting(&self.practice, self.now);
        let then = waits.first().and_then(Setting::counts_from).unwrap_or(ALWAYS);
        let (practice, now) = (&self.practice, self.now);
        let mut actor = MemberId::new(OPERATOR);
        let mut answered = |by: &usize, answer| {
            let by = who(by);
            actor = by.id.clone();
            change::answer(practice, &by, (then, answer), now)
        };
        let changed = match alter {
            Alter::AtOnce(by) => answered(by, Answer::AtOnce),
            Alter::AsItWas(by) => answered(by, Answer::AsItWas),
            Alter::Policy(needed, of) => {
                let of = of.iter().map(|one| who(one).id).collect();
                let policy = Policy::some(*needed, of);
                self.decide(Setting::PolicySet { policy, from: ALWAYS })
            }
            Alter::Role(one, role) => {
                let one = who(one);
                if one.role == *role || one.agency {
                    return;
                }
                let (member, role) = (one.id, *role);
                self.decide(Setting::RoleSet { member, role, agency: false, from: ALWAYS })
            }
            Alter::Left(one) => self.decide(Setting::MemberLeft { member: who(one).id }),
            Alter::Back => {
                let Some(back) = practice.former.first() else { return };
                let (member, role, agency) = (back.id.clone(), Role::Approver, false);
                self.decide(Setting::MemberJoined { member, role, agency, from: ALWAYS })
            }
        };
        if let Ok(Changed { set, after, .. }) = changed {
            self.practice = after;
            for named in set {
                self.happened(named, &actor);
            }
        }
    }

    fn decide(&self, setting: Setting) -> Result<Changed, change::NotChanged> {
        // One person stays, so that somebody is there to be numbered.
        if self.practice.members.len() < 3 && matches!(setting, Setting::MemberLeft { .. }) {
            return Err(change::NotChanged::NotYours);
        }
        let wanted = vec![Named { setting, called: "somebody".to_owned() }];
        change::decide(&self.practice, wanted, By::Operator, self.now)
    }

    /// The test's own memory of it, then the ledger's.
    fn happened(&mut self, named: Named, actor: &MemberId) {
        let now = self.now;
        match &named.setting {
            Setting::PolicySet { policy, from } => {
                self.laws.retain(|law| law.begins <= now);
                let [crate::domain::policy::Demand::Approvers { needed, of }] = &policy.normal[..]
                else {
                    panic!("one demand");
                };
                let crate::domain::policy::Needed::Some(needed) = needed else {
                    panic!("a number");
                };
                if let Some(last) = self.laws.last_mut() {
                    last.ends = Some(*from);
                }
                let (begins, needed, of) = (*from, *needed, of.clone());
                self.laws.push(Law { begins, ends: None, needed, of });
            }
            Setting::PolicyKept => {
                self.laws.retain(|law| law.begins <= now);
                self.laws.last_mut().expect("the first").ends = None;
            }
            Setting::RoleSet { member, from, .. } | Setting::MemberJoined { member, from, .. } => {
                self.since.insert(member.clone(), *from);
            }
            _ => {}
        }
        self.tell(named, actor.as_str());
    }
}
