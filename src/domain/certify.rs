//! Makes certificates: takes out of the ledger what the proof of one post needs, and no more.

use ed25519_dalek::VerifyingKey;

use super::canonical::hex;
use super::certificate::{Certificate, FORM, Kept, Whose, urls};
use super::content::Content;
use super::entry::What;
use super::ids::{MemberId, PostId};
use super::ledger::{Sealed, fingerprint};
use super::proof::{Broken, check};
use super::setting::Setting;

/// What a certificate is made of.
#[derive(Debug, Clone)]
pub struct Material {
    /// Entries about no post, in order; those that matter are taken.
    pub background: Vec<Kept>,
    /// Every entry about the post, in order.
    pub entries: Vec<Kept>,
    /// Its revisions' contents, unless purged; those that matter are taken.
    pub contents: Vec<Content>,
    /// The end of the ledger.
    pub head: Sealed,
}

/// Makes the proof, and checks it: one that does not hold is never issued.
pub fn issue(material: Material, key: &VerifyingKey) -> Result<Certificate, Broken> {
    let Material { background, entries, contents, head } = material;
    let story = Story::of(&entries).ok_or(Broken::NoPost)?;
    let made = |kept: &&Kept| matches!(kept.what(), What::PracticeMade { .. });
    let founded = background.iter().find(made).ok_or(Broken::NoPractice)?;
    let sample = matches!(founded.what(), What::PracticeMade { sample: true });
    let id = founded.sealed.entry.practice.clone();
    let named = |kept: &&Kept| matches!(kept.what(), What::Set(Setting::PracticeNamed));
    let name = background.iter().rfind(named).map(Kept::note).unwrap_or_default().to_owned();
    let certificate = Certificate {
        form: FORM.to_owned(),
        practice: Whose { id, name, sample },
        post: story.post.clone(),
        number: story.number,
        key: hex::encode(key.as_bytes()),
        fingerprint: fingerprint(key),
        urls: urls(&entries),
        contents: contents.into_iter().filter(|c| story.matters(c)).collect(),
        background: background.into_iter().filter_map(|kept| story.background(kept)).collect(),
        entries,
        head,
    };
    check(&certificate, Some(key))?;
    Ok(certificate)
}

/// What of the practice and of its contents a post's entries speak of.
struct Story<'a> {
    post: PostId,
    number: i64,
    current: i64,
    entries: &'a [Kept],
}

impl<'a> Story<'a> {
    fn of(entries: &'a [Kept]) -> Option<Self> {
        let What::Drafted { number, .. } = entries.first()?.what() else {
            return None;
        };
        let subject = entries.last()?.sealed.entry.fact.subject.as_ref()?;
        Some(Self {
            post: subject.post.clone(),
            number: *number,
            current: subject.revision,
            entries,
        })
    }

    /// The current revision, or one that left.
    fn matters(&self, content: &Content) -> bool {
        let left = |kept: &Kept| match (kept.what(), &kept.sealed.entry.fact.subject) {
            (What::Leaving { .. }, Some(subject)) => subject.revision == content.revision,
            _ => false,
        };
        content.revision == self.current || self.entries.iter().any(left)
    }

    /// Background without which the sign-offs can't be judged. Who else might have signed is told
    /// by id alone: names of people who did not sign are nobody's business.
    fn background(&self, kept: Kept) -> Option<Kept> {
        let signed = |who: &MemberId| {
            let mut all = self.entries.iter().map(Kept::what);
            all.any(|what| matches!(what, What::Leaving { signed, .. } if signed.contains(who)))
        };
        match kept.what() {
            What::Opened { .. } | What::PracticeMade { .. } => Some(kept),
            What::Set(setting) => match setting {
                Setting::PracticeNamed
                | Setting::PolicySet { .. }
                | Setting::PolicyKept
                | Setting::OwnWordsAllowed { .. }
                | Setting::OwnWordsForbidden => Some(kept),
                Setting::MemberJoined { member, .. }
                | Setting::RoleSet { member, .. }
                | Setting::MemberLeft { member } => {
                    let named = signed(member);
                    Some(Kept { body: kept.body.filter(|_| named), sealed: kept.sealed })
                }
                _ => None,
            },
            _ => None,
        }
    }
}
