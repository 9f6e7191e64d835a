//! Who put their name under which words, as one sees it from outside: by the acts that the platform
//! took, and by the words that the person saw when they did it.

use std::collections::BTreeSet;

use countersign::domain::ids::PracticeId;
use countersign::domain::practice::Practice;

use crate::api::Live;

/// Everything that was signed.
#[derive(Default)]
pub struct Signatures {
    all: Vec<(Signature, Taken)>,
    /// What was live when it was looked at last.
    live: BTreeSet<String>,
}

/// One person's sign-off on what a card showed.
#[derive(Debug)]
pub struct Signature {
    pub practice: PracticeId,
    pub person: String,
    pub post: String,
    /// The card.
    pub message: String,
    /// What it showed.
    pub words: String,
    /// By reaction, not by button.
    pub by_reaction: bool,
}

/// Whether it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// It stands.
    No,
    /// Yes, and the program has not heard of it yet.
    Unheard,
    /// Yes.
    Back,
}

impl Signatures {
    /// Somebody signed.
    pub fn add(&mut self, signature: Signature) {
        self.all.push((signature, Taken::No));
    }

    /// Somebody took their ✅ off a card, and the program was told or not.
    pub fn takes_off(&mut self, person: &str, message: &str, heard: bool) {
        let taken = if heard { Taken::Back } else { Taken::Unheard };
        let theirs = |s: &Signature| s.by_reaction && s.person == person && s.message == message;
        self.set(theirs, taken);
    }

    /// Somebody took their sign-off on a post back.
    pub fn takes_back(&mut self, person: &str, post: &str) {
        self.set(|s| s.person == person && s.post == post, Taken::Back);
    }

    /// The program has read every card, or was told of everything.
    pub fn are_known(&mut self) {
        let unheard = self.all.iter_mut().filter(|(_, taken)| *taken == Taken::Unheard);
        unheard.for_each(|(_, taken)| *taken = Taken::Back);
    }

    /// Whatever is live since the last look was signed by somebody who saw it all, and who had not
    /// taken that back.
    pub fn were_there_for(&mut self, live: &[Live], practices: &[Practice]) {
        for post in live.iter().filter(|post| !self.live.contains(&post.id)) {
            let whose = owner(post, practices);
            let theirs = self.all.iter().filter(|(signature, _)| signature.practice == *whose);
            let theirs: Vec<_> =
                theirs.filter(|(signature, _)| shows(&signature.words, post)).collect();
            let signed = theirs.iter().any(|(_, taken)| *taken != Taken::Back);
            assert!(signed, "nobody of {whose} signed {post:?}: {theirs:#?}");
        }
        self.live = live.iter().map(|post| post.id.clone()).collect();
    }

    fn set(&mut self, which: impl Fn(&Signature) -> bool, to: Taken) {
        let found = self.all.iter_mut().filter(|(signature, _)| which(signature));
        found.for_each(|(_, taken)| *taken = to);
    }
}

/// A card or a notice shows every line and alt text of a post.
pub fn shows(words: &str, post: &Live) -> bool {
    let alts = post.media.iter().map(|media| media.alt.as_str());
    let mut all = post.text.lines().chain(alts).filter(|line| !line.is_empty());
    all.all(|line| words.contains(line))
}

fn owner<'a>(post: &Live, practices: &'a [Practice]) -> &'a PracticeId {
    let has = |practice: &&Practice| {
        let all = practice.accounts.iter().chain(&practice.former_accounts);
        all.into_iter().any(|account| account.remote_id == post.account)
    };
    &practices.iter().find(has).expect("an account of a practice").id
}
