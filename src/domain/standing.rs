//! Where a post stands under its practice's policy.

use super::ids::MemberId;
use super::policy::Policy;
use super::post::Post;
use super::practice::Practice;
use super::state::Verdict;

/// Where a post's current revision stands under the policy. Counts people, not rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How many must sign.
    pub needed: usize,
    /// Who may.
    pub of: Vec<MemberId>,
    /// Who did, and still may.
    pub signed: Vec<MemberId>,
    /// Who declined.
    pub declined: Vec<MemberId>,
}

impl Policy {
    /// Where the post's current revision stands, given the practice's people as they are now.
    ///
    /// A sign-off counts only while its member may still sign and is not the post's author.
    pub fn standing(practice: &Practice, post: &Post) -> Standing {
        let of: Vec<MemberId> =
            Self::candidates(practice).into_iter().filter(|id| *id != post.author).collect();
        let voted = |verdict| {
            let mut who: Vec<MemberId> = Vec::new();
            for decision in post.decisions.iter().filter(|d| d.verdict == verdict) {
                // A sign-off ends with its member's right to sign; a no stays a no.
                let counts = verdict == Verdict::Declined || of.contains(&decision.member);
                if counts && !who.contains(&decision.member) {
                    who.push(decision.member.clone());
                }
            }
            who
        };
        Standing {
            needed: practice.policy.needed,
            signed: voted(Verdict::Signed),
            declined: voted(Verdict::Declined),
            of,
        }
    }

    /// Everyone who may sign for this practice.
    pub fn candidates(practice: &Practice) -> Vec<MemberId> {
        let listed = &practice.policy.of;
        practice
            .members
            .iter()
            .filter(|m| m.is_approver() && (listed.is_empty() || listed.contains(&m.id)))
            .map(|m| m.id.clone())
            .collect()
    }
}

impl Standing {
    /// Enough people signed. A policy that asks for nobody is never met.
    pub fn is_met(&self) -> bool {
        self.needed > 0 && self.signed.len() >= self.needed && self.declined.is_empty()
    }

    /// Enough people exist who could sign.
    pub fn can_be_met(&self) -> bool {
        self.needed > 0 && self.of.len() >= self.needed
    }
}
