//! How a practice changes: who may change what, and from when on it counts. Pure.
//!
//! Tightening counts at once. Loosening (more people who may sign, one more account of somebody who
//! may, a policy that asks for less, own words,
//! a state's rules that go) counts after [`WAIT`] or a second member's yes, and only for revisions
//! made after that.
//! What is not surely a tightening is a loosening. The second member is another than the one who
//! began it, and gains nothing by it; a member's no puts things back as they were.

use jiff::Timestamp;
use thiserror::Error;

use super::ids::MemberId;
use super::member::{Member, Role, Was};
use super::policy::{ALWAYS, Demand, Needed, Policy, Risk, WAIT};
use super::practice::Practice;
use super::setting::{Named, Setting};
use super::soundness::{self, Unsound};

/// Who changes a practice.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Whoever runs Countersign, from the command line.
    Operator,
    /// A member, as they act.
    Member(&'a Member),
}

impl<'a> By<'a> {
    /// The member, if it is one.
    fn member(self) -> Option<&'a MemberId> {
        match self {
            Self::Operator => None,
            Self::Member(member) => Some(&member.id),
        }
    }
}

/// What a member answers to what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It counts at once.
    AtOnce,
    /// It never counts: everything is as it was before.
    AsItWas,
}

/// Why a change has no effect.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotChanged {
    /// An agency's person, staff, or one of several approvers.
    #[error(
        "only a manager or compliance member of the practice itself, or whoever runs Countersign, \
         changes it"
    )]
    NotYours,
    /// A yes to what they began themselves.
    #[error("you began this yourself: it counts at its time, or when somebody else says yes")]
    Begun,
    /// Somebody who would gain by it.
    #[error("nobody changes what they themselves may sign: ask another manager or compliance")]
    Gains,
    /// A yes by somebody who was let in or given another role since yesterday.
    #[error("you are new in this role: somebody who has had theirs for a day has to say yes")]
    New,
    /// Not a practice any more.
    #[error(transparent)]
    Unsound(#[from] Unsound),
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// When it was decided.
    pub at: Timestamp,
    /// What was set, in order, with the time from which it counts.
    pub set: Vec<Named>,
    /// The practice after it.
    pub after: Practice,
}

impl Changed {
    /// When the last of it counts, if any of it counts later than now.
    pub fn later(&self, now: Timestamp) -> Option<Timestamp> {
        let times = self.set.iter().filter_map(|named| named.setting.counts_from());
        times.filter(|from| *from > now).max()
    }
}

/// Changes a practice. All of it, or nothing and why.
pub fn decide(
    practice: &Practice,
    wanted: Vec<Named>,
    by: By<'_>,
    now: Timestamp,
) -> Result<Changed, NotChanged> {
    let mut after = practice.clone();
    let mut set = Vec::new();
    for Named { setting, called } in wanted {
        if let By::Member(member) = by {
            may(practice, &setting, member, now)?;
        }
        if is_so(&after, &setting) {
            continue;
        }
        let setting = dated((practice, &after), setting, now);
        after.apply(&setting, &called, (now, by.member()));
        set.push(Named { setting, called });
    }
    let leaves_only = set.iter().all(|named| is_removal(&named.setting));
    // Who leaves must always be able to: what nobody can sign then is told to the manager.
    if !leaves_only {
        soundness::check(&after)?;
        moved(practice, &after)?;
    }
    Ok(Changed { at: now, set, after })
}

/// A member answers what waits until then: it counts at once, or everything is as it was.
pub fn answer(
    practice: &Practice,
    by: &Member,
    (then, answer): (Timestamp, Answer),
    now: Timestamp,
) -> Result<Changed, NotChanged> {
    let known = answers(practice, by)?;
    if answer == Answer::AtOnce && is_new(known, now) {
        return Err(NotChanged::New);
    }
    let begun = practice.begun.iter().any(|begun| begun.from == then && begun.by == by.id);
    if answer == Answer::AtOnce && begun {
        return Err(NotChanged::Begun);
    }
    let waiting = waiting(practice, now).into_iter();
    let mut after = practice.clone();
    let mut set = Vec::new();
    for setting in waiting.filter(|setting| setting.counts_from() == Some(then)) {
        let setting = match answer {
            Answer::AtOnce => from(setting, now),
            Answer::AsItWas => as_it_was(practice, setting),
        };
        if gains(practice, &setting, by, now) {
            return Err(NotChanged::Gains);
        }
        after.apply(&setting, "", (now, Some(&by.id)));
        set.push(Named { setting, called: String::new() });
    }
    // What was wrong before is no reason to let more through.
    if soundness::check(practice).is_ok() {
        soundness::check(&after)?;
    }
    Ok(Changed { at: now, set, after })
}

/// What takes back a setting that waits.
fn as_it_was(practice: &Practice, waits: Setting) -> Setting {
    match waits {
        Setting::PolicySet { .. } => Setting::PolicyKept,
        Setting::OwnWordsAllowed { .. } => Setting::OwnWordsForbidden,
        Setting::PackRemoved { state, .. } => Setting::PackAdded { state },
        Setting::RoleSet { member, .. } => {
            match practice.member(&member).and_then(|known| known.was.clone()) {
                Some(Was { role, agency, signs_from }) => {
                    Setting::RoleSet { member, role, agency, from: signs_from }
                }
                None => Setting::MemberLeft { member },
            }
        }
        Setting::IdentityAdded { member, identity, .. } => {
            Setting::IdentityRemoved { member, identity }
        }
        other => other,
    }
}

/// What was set and does not count yet, as settings that name when it will.
pub fn waiting(practice: &Practice, now: Timestamp) -> Vec<Setting> {
    let policies = practice.policies.iter().filter(|dated| dated.from > now);
    let policies = policies.map(|dated| {
        let (policy, from) = (dated.policy.clone(), dated.from);
        Setting::PolicySet { policy, from }
    });
    let people = practice.members.iter().filter(|member| member.waits(now));
    let people = people.map(|m| Setting::RoleSet {
        member: m.id.clone(),
        role: m.role,
        agency: m.agency,
        from: m.signs_from,
    });
    let own = practice.own_words.filter(|from| *from > now);
    let own = own.map(|from| Setting::OwnWordsAllowed { from });
    let packs = practice.packs.iter().filter_map(|pack| {
        let from = pack.until.filter(|until| *until > now)?;
        Some(Setting::PackRemoved { state: pack.state.clone(), from })
    });
    let identities = practice.members.iter().flat_map(|member| identities_waiting(member, now));
    policies.chain(people).chain(own).chain(packs).chain(identities).collect()
}

fn identities_waiting(member: &Member, now: Timestamp) -> impl Iterator<Item = Setting> {
    let waits = member.later.iter().filter(move |(_, from)| *from > now);
    waits.map(|(identity, from)| Setting::IdentityAdded {
        member: member.id.clone(),
        identity: identity.clone(),
        confirmed: !member.unconfirmed.contains(identity),
        from: *from,
    })
}

/// It is so already, or will be; set again, it would begin to wait anew.
fn is_so(practice: &Practice, setting: &Setting) -> bool {
    match setting {
        Setting::PolicySet { policy, .. } => practice.latest_policy() == Some(policy),
        Setting::RoleSet { member, role, agency, .. } => {
            let known = practice.member(member);
            known.is_some_and(|known| (known.role, known.agency) == (*role, *agency))
        }
        Setting::OwnWordsAllowed { .. } => practice.own_words.is_some(),
        Setting::ConsentRevoked { consent } => {
            practice.consent(consent).is_some_and(|known| known.revoked.is_some())
        }
        Setting::PackAdded { state } => stays(practice, state),
        Setting::PackRemoved { state, .. } => !stays(practice, state),
        Setting::IdentityAdded { member, identity, .. } => {
            practice.member(member).is_some_and(|known| known.identities.contains(identity))
        }
        _ => false,
    }
}

/// A state's rules count, and nobody took them away.
fn stays(practice: &Practice, state: &str) -> bool {
    practice.packs.iter().any(|pack| pack.state == state && pack.until.is_none())
}

/// Gives a setting the time from which it counts.
fn dated(
    (practice, so_far): (&Practice, &Practice),
    mut setting: Setting,
    now: Timestamp,
) -> Setting {
    if let Setting::IdentityAdded { confirmed, .. } = &mut setting {
        // Nobody has shown yet whose it is.
        *confirmed = false;
    }
    let later = now.saturating_add(WAIT).unwrap_or(Timestamp::MAX);
    let looser = is_loosening(practice, &setting, now) || is_another(so_far, &setting);
    from(setting, if looser { later } else { now })
}

fn from(setting: Setting, when: Timestamp) -> Setting {
    match setting {
        Setting::PolicySet { policy, .. } => Setting::PolicySet { policy, from: when },
        Setting::MemberJoined { member, role, agency, .. } => {
            Setting::MemberJoined { member, role, agency, from: when }
        }
        Setting::RoleSet { member, role, agency, .. } => {
            Setting::RoleSet { member, role, agency, from: when }
        }
        Setting::OwnWordsAllowed { .. } => Setting::OwnWordsAllowed { from: when },
        Setting::PackRemoved { state, .. } => Setting::PackRemoved { state, from: when },
        Setting::IdentityAdded { member, identity, confirmed, .. } => {
            Setting::IdentityAdded { member, identity, confirmed, from: when }
        }
        other => other,
    }
}

/// More may leave after it than before, or it can't be seen that not.
fn is_loosening(practice: &Practice, setting: &Setting, now: Timestamp) -> bool {
    match setting {
        Setting::PolicySet { policy, .. } => {
            !in_force(practice, now).is_some_and(|now| policy.is_no_looser_than(now))
        }
        Setting::MemberJoined { role, .. } | Setting::RoleSet { role, .. } => {
            matches!(role, Role::Approver | Role::Compliance)
        }
        Setting::OwnWordsAllowed { .. } | Setting::PackRemoved { .. } => true,
        _ => false,
    }
}

/// Another account of somebody who may sign, or change who may, or of whom an account is known:
/// whoever adds it could make it their own, and give them their role afterwards. Only somebody's
/// first account has nothing to be held against.
fn is_another(so_far: &Practice, setting: &Setting) -> bool {
    let Setting::IdentityAdded { member, .. } = setting else { return false };
    so_far.member(member).is_some_and(|holder| {
        let is_known = holder.identities.len() > holder.unconfirmed.len();
        is_known || holder.was_known || holder.is_trusted() && !holder.identities.is_empty()
    })
}

fn is_removal(setting: &Setting) -> bool {
    matches!(
        setting,
        Setting::MemberLeft { .. }
            | Setting::IdentityRemoved { .. }
            | Setting::PolicyKept
            | Setting::ConsentRevoked { .. }
    )
}

/// May this member change settings at all? What they gain by is looked at with each.
pub fn runs(practice: &Practice, by: &Member) -> bool {
    let mut approvers = practice.members.iter().filter(|member| member.is_approver());
    let alone = approvers.next().is_some_and(|m| m.id == by.id) && approvers.next().is_none();
    let runs = matches!(by.role, Role::Manager | Role::Compliance) || by.is_approver() && alone;
    runs && !by.agency
}

/// May this member change this?
fn may(
    practice: &Practice,
    setting: &Setting,
    by: &Member,
    now: Timestamp,
) -> Result<(), NotChanged> {
    // Whoever hears of it writes it down at once: it lets nothing through.
    let revokes = matches!(setting, Setting::ConsentRevoked { .. }) && !by.agency;
    if !revokes && !runs(practice, by) {
        return Err(NotChanged::NotYours);
    }
    if gains(practice, setting, by, now) { Err(NotChanged::Gains) } else { Ok(()) }
}

/// May this member answer whether a change counts at once?
fn answers<'a>(practice: &'a Practice, by: &Member) -> Result<&'a Member, NotChanged> {
    let known = practice.member(&by.id).filter(|known| known.is_trusted() && by.is_trusted());
    known.ok_or(NotChanged::NotYours)
}

/// In this role since less than a day: who begins something must not let somebody in to say yes to
/// it.
pub fn is_new(member: &Member, now: Timestamp) -> bool {
    let since = member.signs_from;
    since != ALWAYS && since.saturating_add(WAIT).unwrap_or(Timestamp::MAX) > now
}

/// After it they could sign what they could not before, or need nobody else any more.
fn gains(practice: &Practice, setting: &Setting, by: &Member, now: Timestamp) -> bool {
    match setting {
        Setting::MemberJoined { member, role, .. } | Setting::RoleSet { member, role, .. } => {
            *member == by.id && *role != Role::Staff
        }
        Setting::IdentityAdded { member, .. } => *member == by.id && by.is_trusted(),
        Setting::PolicySet { policy, .. } => {
            let before = in_force(practice, now);
            let enough = |policy, risk| is_enough(practice, policy, risk, by);
            let was = |risk| before.is_some_and(|before| enough(before, risk));
            Risk::ALL.iter().any(|risk| enough(policy, *risk) && !was(*risk))
        }
        Setting::OwnWordsAllowed { .. } => by.is_approver(),
        _ => false,
    }
}

fn in_force(practice: &Practice, now: Timestamp) -> Option<&Policy> {
    practice.policies.iter().rev().find(|dated| dated.from <= now).map(|dated| &dated.policy)
}

/// This member's sign-off alone would be enough.
fn is_enough(practice: &Practice, policy: &Policy, risk: Risk, by: &Member) -> bool {
    let approvers = practice.members.iter().filter(|member| member.is_approver()).count();
    policy.demands(risk).iter().all(|demand| match demand {
        Demand::Approvers { needed, of } => {
            let all = if of.is_empty() { approvers } else { of.len() };
            let one = matches!(needed, Needed::Some(1)) || *needed == Needed::All && all == 1;
            by.is_approver() && one && (of.is_empty() || of.contains(&by.id))
        }
        Demand::Compliance => by.is_compliance(),
    })
}

/// Could the practice become as wanted at all? Says first what whoever wrote it down has to mend.
pub fn fits(practice: &Practice, wanted: &Practice) -> Result<(), NotChanged> {
    soundness::check(wanted)?;
    moved(practice, wanted)
}

/// An account never becomes another under the same id.
fn moved(before: &Practice, after: &Practice) -> Result<(), NotChanged> {
    let all = before.accounts.iter().chain(&before.former_accounts);
    for known in all {
        if let Some(now) = after.account(&known.id)
            && (known.network, &known.server, &known.remote_id)
                != (now.network, &now.server, &now.remote_id)
        {
            return Err(Unsound::AccountMoved(known.id.clone()).into());
        }
    }
    Ok(())
}
