//! What takes the sting out of a claim: it is denied, asked, warned of or taught.

use super::choice::Classes;
use super::lexicon::Lexicon;
use super::pattern::Hit;
use super::token::Text;
use crate::screen::packs::Scope;

/// So many words before a claim may deny it.
const REACH: usize = 5;

/// The classes that tell a scope.
pub struct Scopes {
    denying: Classes,
    rhetorical: Classes,
    warning: Classes,
    teaching: Classes,
}

impl Scopes {
    /// Looks the classes up.
    pub fn of(lexicon: &mut Lexicon) -> Scopes {
        let mut bit = |name| 1 << lexicon.class(name);
        Scopes {
            denying: bit("denying"),
            rhetorical: bit("rhetorical"),
            warning: bit("warning"),
            teaching: bit("teaching"),
        }
    }

    /// Whether a hit lies in one of the scopes.
    pub fn spare(&self, scopes: &[Scope], text: &Text<'_>, at: usize, hit: Hit) -> bool {
        let sentence = text.sentence(at);
        scopes.iter().any(|scope| match scope {
            Scope::Denied => {
                let first = sentence.start.max(at.saturating_sub(REACH));
                text.has(first..hit.first.max(at), self.denying)
            }
            Scope::Asked => {
                // "Can't sleep? We have .." asks nothing of what it offers, nor does ".., did you know?"
                let asks = text.is_question(hit.read.max(at + 1) - 1);
                let next = hit.read..(hit.read + 1).min(sentence.end.max(hit.read));
                let is_said = text.has(sentence.start..sentence.start + 1, self.rhetorical)
                    || text.has(next, self.rhetorical);
                asks && !is_said
            }
            Scope::Warned => text.has(sentence.clone(), self.warning),
            Scope::Taught => text.has(sentence.clone(), self.teaching),
        })
    }
}
