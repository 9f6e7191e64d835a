//! Where a post stands under its practice's policies: each demand, who met it, and who still may.

use jiff::Timestamp;

use super::ids::MemberId;
use super::member::Member;
use super::policy::{Demand, Needed, in_force};
use super::post::Post;
use super::practice::Practice;
use super::state::Verdict;

/// Why somebody must sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The policy asks approvers.
    Approvers,
    /// The policy asks compliance, in addition.
    Compliance,
    /// The post names an approver of the practice, in addition.
    Named,
}

/// One demand, and how far it is met. Counts people, not rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Why.
    pub ground: Ground,
    /// How many must sign.
    pub needed: usize,
    /// Who may.
    pub of: Vec<MemberId>,
    /// Who of them did.
    pub signed: Vec<MemberId>,
}

/// Where a post's current revision stands: all demands must be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What must be met.
    pub wanted: Vec<Wanted>,
    /// Who declined.
    pub declined: Vec<MemberId>,
}

impl Wanted {
    /// Enough people signed. A demand that asks for nobody is never met.
    pub fn is_met(&self) -> bool {
        self.needed > 0 && self.signed.len() >= self.needed
    }

    /// Enough people exist who could sign.
    pub fn can_be_met(&self) -> bool {
        self.needed > 0 && self.of.len() >= self.needed
    }

    /// Who may sign and has not.
    pub fn open(&self) -> impl Iterator<Item = &MemberId> {
        self.of.iter().filter(|who| !self.signed.contains(who))
    }
}

impl Standing {
    /// Where the post's current revision stands, given the practice as it is now.
    ///
    /// A sign-off counts only while its member may still sign, and never for what the member
    /// wrote, unless it is an own word of a practice's only approver. Whom the post names is asked
    /// in addition, unless what stands there is theirs alone.
    pub fn of(practice: &Practice, post: &Post, now: Timestamp) -> Self {
        let seen = Seen { practice, post, made: post.made.unwrap_or(now) };
        let mut wanted: Vec<Wanted> = Vec::new();
        for policy in in_force(&practice.policies, seen.made, now) {
            for demand in policy.demands(post.risk) {
                let new = seen.demanded(demand);
                if !wanted.contains(&new) {
                    wanted.push(new);
                }
            }
        }
        let named = post.names.iter().filter(|who| post.asks_by_name(who));
        wanted.extend(named.map(|who| seen.named(who)));
        Self { wanted, declined: voters(post, Verdict::Declined) }
    }

    /// From when on the same words could be signed if they were made then; nothing when nobody
    /// waits until when they could.
    pub fn signable_from(practice: &Practice, post: &Post, now: Timestamp) -> Option<Timestamp> {
        let people = practice.members.iter().map(|member| member.signs_from);
        let policies = practice.policies.iter().map(|dated| dated.from);
        let mut times: Vec<_> = people.chain(policies).chain(practice.own_words).collect();
        times.retain(|at| *at > now);
        times.sort_unstable();
        times.into_iter().find(|at| {
            let made_then = Post { made: Some(*at), ..post.clone() };
            Self::of(practice, &made_then, *at).can_be_met()
        })
    }

    /// Everything is met, approvers among it, and nobody declined. A policy that asks for nobody
    /// is never met.
    pub fn is_met(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.ground == Ground::Approvers)
            && self.wanted.iter().all(Wanted::is_met)
            && self.declined.is_empty()
    }

    /// Enough people exist who could sign.
    pub fn can_be_met(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.ground == Ground::Approvers)
            && self.wanted.iter().all(Wanted::can_be_met)
    }

    /// This person's sign-off is asked for, or was.
    pub fn asks(&self, who: &MemberId) -> bool {
        self.wanted.iter().any(|wanted| wanted.of.contains(who))
    }

    /// Everybody whose sign-off counts.
    pub fn signed(&self) -> Vec<MemberId> {
        let mut all: Vec<MemberId> = Vec::new();
        for who in self.wanted.iter().flat_map(|wanted| &wanted.signed) {
            if !all.contains(who) {
                all.push(who.clone());
            }
        }
        all
    }

    /// What is still missing, for people: `needs 1 of: Dr. Rao, Dr. Kim; and Ana (compliance)`.
    pub fn sentence(&self, practice: &Practice) -> String {
        let stuck: Vec<&Wanted> = self.wanted.iter().filter(|w| !w.can_be_met()).collect();
        if !stuck.is_empty() {
            let missing: Vec<String> = stuck.iter().map(|w| w.missing(practice)).collect();
            return format!("nobody can sign this any more: {}", missing.join("; and "));
        }
        let mut counted: Vec<String> = Vec::new();
        let mut needs: Vec<String> = Vec::new();
        for wanted in &self.wanted {
            let signed = wanted.signed.len();
            if wanted.ground == Ground::Approvers && signed > 0 && !wanted.is_met() {
                counted.push(format!("{signed} of {} signed", wanted.needed));
            }
            if !wanted.is_met() {
                needs.push(wanted.needs(practice));
            }
        }
        let needs =
            if needs.is_empty() { None } else { Some(format!("needs {}", needs.join("; and "))) };
        counted.into_iter().chain(needs).collect::<Vec<_>>().join(", ")
    }
}

/// A post as it was made, and the practice as it is now.
struct Seen<'a> {
    practice: &'a Practice,
    post: &'a Post,
    made: Timestamp,
}

impl Seen<'_> {
    fn demanded(&self, demand: &Demand) -> Wanted {
        match demand {
            Demand::Approvers { needed, of } => {
                let asked = |member: &&Member| {
                    member.is_approver() && (of.is_empty() || of.contains(&member.id))
                };
                let needed = match needed {
                    Needed::Some(count) => *count,
                    Needed::All => self.everyone(of),
                };
                self.wanted(Ground::Approvers, needed, asked)
            }
            Demand::Compliance => {
                self.wanted(Ground::Compliance, 1, |member| member.is_compliance())
            }
        }
    }

    /// An approver whom the post names has to sign too, also when they began it: for nobody but
    /// themselves, of whom something is said.
    fn named(&self, who: &MemberId) -> Wanted {
        let there = self.practice.member(who);
        let may = there.filter(|member| member.is_approver() && member.signs_from <= self.made);
        let of: Vec<MemberId> = may.map(|member| member.id.clone()).into_iter().collect();
        let mut signed = voters(self.post, Verdict::Signed);
        signed.retain(|who| of.contains(who));
        Wanted { ground: Ground::Named, needed: 1, of, signed }
    }

    fn wanted(&self, ground: Ground, needed: usize, asked: impl Fn(&&Member) -> bool) -> Wanted {
        let members = self.practice.members.iter();
        let may = members.filter(asked).filter(|member| self.may_sign(member));
        let of: Vec<MemberId> = may.map(|member| member.id.clone()).collect();
        let mut signed = voters(self.post, Verdict::Signed);
        signed.retain(|who| of.contains(who) && self.counts(who));
        Wanted { ground, needed, of, signed }
    }

    /// Was there when the revision was made, and did not write it; but see own words.
    fn may_sign(&self, member: &Member) -> bool {
        member.signs_from <= self.made
            && (!self.post.is_by(&member.id) || self.practice.may_own(&member.id, self.made))
    }

    /// A sign-off on what its member wrote counts only when it says so.
    fn counts(&self, who: &MemberId) -> bool {
        let mut theirs = self.post.decisions.iter().filter(|d| d.member == *who);
        !self.post.is_by(who) || theirs.any(|d| d.own_words && d.verdict == Verdict::Signed)
    }

    /// How many "all of them" are: who was there when the revision was made or came to be asked
    /// by name. Somebody who left since is still asked, and can't sign.
    fn everyone(&self, of: &[MemberId]) -> usize {
        let own = |who: &MemberId| self.practice.may_own(who, self.made);
        let asked = |who: &&MemberId| !self.post.is_by(who) || own(who);
        if !of.is_empty() {
            return of.iter().filter(asked).count();
        }
        let all = self.practice.members.iter().chain(&self.practice.former);
        let there = |member: &&Member| {
            let now = member.is_approver() && member.signs_from <= self.made;
            now || member.signed_until.is_some_and(|until| until > self.made)
        };
        all.filter(there).filter(|member| asked(&&member.id)).count()
    }
}

impl Wanted {
    fn needs(&self, practice: &Practice) -> String {
        let names: Vec<String> = self.open().map(|who| practice.name_of(who)).collect();
        let missing = self.needed.saturating_sub(self.signed.len());
        match self.ground {
            Ground::Approvers => format!("{missing} of: {}", names.join(", ")),
            Ground::Compliance => format!("{} (compliance)", names.join(" or ")),
            Ground::Named => format!("{}, who is named in it", names.join(", ")),
        }
    }

    /// What can't be met, and why.
    fn missing(&self, practice: &Practice) -> String {
        let names: Vec<String> = self.of.iter().map(|who| practice.name_of(who)).collect();
        let there = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        match self.ground {
            Ground::Approvers => format!("it needs {} and only {there} could", self.needed),
            Ground::Compliance => "it needs compliance, and nobody there could".to_owned(),
            Ground::Named => "it names somebody who can't sign any more".to_owned(),
        }
    }
}

/// Who decided so, each once.
fn voters(post: &Post, verdict: Verdict) -> Vec<MemberId> {
    let mut who: Vec<MemberId> = Vec::new();
    for decision in post.decisions.iter().filter(|d| d.verdict == verdict) {
        if !who.contains(&decision.member) {
            who.push(decision.member.clone());
        }
    }
    who
}
