//! Why a person's act has no effect, in a sentence for that person.

use jiff::Timestamp;
use thiserror::Error;

/// Why an act has no effect. `Display` is for the person: lower case, no full stop, says what to
/// do. It carries no text of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Unknown account.
    #[error("you are not a member of this practice: ask its manager to add you")]
    NotAMember,
    /// Staff, agency, manager or compliance tried to sign or decline.
    #[error("only the practice's approvers sign or decline; you can hold the post with ✋")]
    NotAnApprover,
    /// An approver whom the policy does not list.
    #[error("this practice's policy asks other approvers for this post; you can hold it with ✋")]
    NotAsked,
    /// The author tried to sign.
    #[error("you submitted this post, so somebody else has to sign it")]
    OwnPost,
    /// An approver who became one after the revision was made.
    #[error(
        "you may sign what is made from now on: this revision is older, the next one can be signed"
    )]
    NotYet,
    /// The same, and what is made now is too early as well.
    #[error("you may sign what is made from {from} on: this revision is older")]
    SignsFrom {
        /// What is made from then on.
        from: Timestamp,
    },
    /// A plain sign-off on an own post where own words may be signed.
    #[error(
        "you wrote this post yourself: press \"These are my own words: sign\" on the card to sign it"
    )]
    OwnWords,
    /// Somebody else's words.
    #[error("these are not your own words: sign the post with ✅ or the button \"Sign\"")]
    NotOwnWords,
    /// From an account that is not shown to be theirs.
    #[error(
        "nobody has shown yet that this account is yours: ask your manager for the one-time code \
         and type /post confirm CODE here"
    )]
    Unconfirmed,
    /// From an account that is shown to be theirs, and does not count yet.
    #[error(
        "this account counts as yours from {from} on, or once somebody else says yes: do it again \
         then"
    )]
    IdentityWaits {
        /// It counts from then on.
        from: Timestamp,
    },
    /// Nobody's word is there for a picture.
    #[error(
        "nobody's word is there that its picture may be shown: \"Ask about the picture\" asks \
         whoever sent it, or withdraw the post"
    )]
    NotVouched,
    /// A consent that a picture needs is not there any more.
    #[error(
        "a consent that its picture needs was revoked: \"Ask about the picture\" takes the picture \
         out, or withdraw the post"
    )]
    ConsentRevoked,
    /// A consent that a picture needs ends too early.
    #[error(
        "a consent that its picture needs ends before the post's last day: plan it earlier, or name \
         a new consent by \"Ask about the picture\""
    )]
    ConsentEnds,
    /// A consent that a picture needs is for other networks.
    #[error(
        "a consent that its picture needs is not for all networks of this post: choose other \
         accounts"
    )]
    ConsentElsewhere,
    /// A rule of the screen blocks these words.
    #[error(
        "a rule keeps this from being sent: change the words, or ask the practice's manager or \
         compliance to override it on the draft"
    )]
    Blocked,
    /// The same where there is no draft any more.
    #[error(
        "a rule keeps these words from being sent: change them, or withdraw this post and begin a \
         new one, where the practice's manager or compliance can override the rule"
    )]
    BlockedInReview,
    /// Somebody who looks after the practice since less than a day.
    #[error("you are new in this role: somebody who has had theirs for a day has to do this")]
    NewInRole,
    /// Nothing to override.
    #[error("no rule keeps this from being sent")]
    NothingBlocked,
    /// Wrong person to override.
    #[error("only the practice's manager or compliance overrides a rule")]
    MayNotOverride,
    /// An override of a rule for one's own words.
    #[error("you wrote this, so somebody else has to override the rule")]
    OwnOverride,
    /// The form of an override was opened on other words, or under other rules.
    #[error(
        "this draft was changed since you opened this form: read it again, and open it again if \
         the rule still does not hold"
    )]
    OtherWords,
    /// Wrong person to say that a message is about no patient.
    #[error("only the practice's manager or compliance says that a message is about no patient")]
    MayNotAttest,
    /// The same of one's own message.
    #[error("you wrote this, so somebody else has to say that it is about no patient")]
    OwnAttest,
    /// An override without a reason.
    #[error("say why the rule does not hold here: whoever signs reads it")]
    NoReason,
    /// Someone else tried to give it another risk.
    #[error("only the practice's compliance gives a post another risk")]
    ComplianceOnly,
    /// An older revision's card.
    #[error("this is revision {shown}; revision {current} is the one to sign")]
    OldCard {
        /// What the card shows.
        shown: i64,
        /// What can be signed.
        current: i64,
    },
    /// Not sent for signature.
    #[error("this post is still a draft: send it for signature first")]
    NotInReview,
    /// Sent already.
    #[error("this post is in review already; an edit makes a new revision")]
    AlreadyInReview,
    /// On its way.
    #[error("this post is already leaving, so that has no effect any more")]
    AlreadyLeaving,
    /// Out.
    #[error("this post is published, so that has no effect any more")]
    AlreadyPublished,
    /// Said no too late: on its way.
    #[error(
        "this post is already leaving and can't be held back; once it is live, you can take it down"
    )]
    TooLateLeaving,
    /// Said no too late: out.
    #[error("this post is already live; you can take it down")]
    TooLateLive,
    /// Taken back.
    #[error("this post was withdrawn: make a new one")]
    Withdrawn,
    /// Window gone.
    #[error("this post missed its window: choose a new slot first")]
    Missed,
    /// Removed.
    #[error("this post was taken down: make a new one")]
    TakenDown,
    /// A sign and a decline.
    #[error("one approver signed and one declined this revision: only a new revision can go on")]
    Frozen,
    /// Declined.
    #[error("you have declined this revision: ask for an edit, the next revision can be signed")]
    YouDeclined,
    /// Signed.
    #[error("you have signed this revision: take your sign-off back first")]
    YouSigned,
    /// No sign-off of this person.
    #[error("you have no sign-off on this revision to take back")]
    NothingToUnsign,
    /// A ❌ was taken away.
    #[error("a decline stays: ask for an edit, the next revision can be signed")]
    DeclineStays,
    /// Held by another member.
    #[error("somebody else holds this post already: hold it again once that hold is lifted")]
    AlreadyHeld,
    /// The draft's message is no card.
    #[error("this is the draft: the card in the approvals channel is the one to sign")]
    NotTheCard,
    /// No hold.
    #[error("nobody holds this post")]
    NothingHeld,
    /// Somebody else's hold.
    #[error("only the member who holds it, a manager, or a new revision lifts a hold")]
    NotYourHold,
    /// Held by Countersign: an edit looked like patient information, or it fits a network no more.
    #[error("this hold is lifted by an edit or by a manager of the practice")]
    HeldByCountersign,
    /// Held by Countersign: the database was put back from a copy.
    #[error(
        "this may have been published or changed after the copy that was put back: a manager lifts \
         the hold after a look at the accounts; without a manager compliance does, or an approver"
    )]
    HeldSinceRestore,
    /// Said to the former run.
    #[error(
        "you did that before the database was put back from a copy, so it has no effect now: look \
         at the accounts, and do it again"
    )]
    BeforeRestore,
    /// Not signed off.
    #[error("this post is not signed off")]
    NotSignedOff,
    /// Held.
    #[error("this post is held")]
    Held,
    /// Stopped.
    #[error("everything is stopped for this practice: an approver or manager can release it")]
    Stopped,
    /// Stopped for all practices.
    #[error("everything is stopped by whoever runs Countersign: only they can release that")]
    AllStopped,
    /// Not stopped.
    #[error("nothing is stopped")]
    NotStopped,
    /// Wrong person to release.
    #[error("only an approver or manager of the practice releases a stop")]
    MayNotRelease,
    /// At an agency's desk.
    #[error("that is for the practice's own people, in the practice's own channels")]
    NotAtADesk,
    /// Wrong person to answer.
    #[error("only a member of the practice itself can do that")]
    PracticeOnly,
    /// Not yet.
    #[error("it is planned for later")]
    BeforeSlot,
    /// Not in the window.
    #[error("now is outside the window that was signed")]
    OutsideWindow,
    /// Not at this hour.
    #[error("these are the practice's quiet hours: it leaves when they are over")]
    Quiet,
    /// Signature too old.
    #[error("a signature on this post is too old: sign it again")]
    Stale,
    /// The bytes are not the signed ones.
    #[error("the stored content is not the content that was signed")]
    NotWhatWasSigned,
    /// Publication without something under way.
    #[error("nothing of this post is leaving")]
    NothingLeaving,
    /// Nothing to answer.
    #[error("nothing of this post waits for an answer")]
    NothingParked,
    /// Takedown too early.
    #[error("this post is leaving right now: take it down once it is live")]
    StillLeaving,
    /// Takedown without anything live.
    #[error("nothing of this post is live")]
    NothingLive,
    /// Beyond the longest window.
    #[error(
        "that slot is more than 29 days ahead: choose an earlier one, or say when the window opens"
    )]
    SlotTooFar,
    /// Beyond the longest window.
    #[error("a window is open for at most 30 days, within a year: choose a shorter one")]
    WindowTooLong,
    /// Closed before it began.
    #[error("that window has closed already: choose a later one")]
    WindowPast,
    /// Ends before it begins.
    #[error("that window closes before it opens: look at its days again")]
    WindowInsideOut,
    /// Its own window.
    #[error("that slot is outside the window that you gave: change one of them with Edit")]
    SlotOutsideWindow,
    /// Quiet hours.
    #[error(
        "quiet hours move that slot out of its window: choose another slot, or a longer window"
    )]
    QuietOutsideWindow,
    /// No words.
    #[error("there is nothing to say yet: write the text first")]
    NoText,
    /// Too long for an account.
    #[error("the text has {has} characters and {network} takes {limit}: shorten it with Edit")]
    TooLong {
        /// Length as the network counts.
        has: usize,
        /// What fits.
        limit: usize,
        /// Where.
        network: &'static str,
    },
    /// Text too long in bytes, where those count as well.
    #[error(
        "the text takes {has} bytes and {network} takes {limit}: shorten it, emoji and accented \
         letters take several each"
    )]
    TooManyBytes {
        /// Length in bytes.
        has: usize,
        /// What fits.
        limit: usize,
        /// Where.
        network: &'static str,
    },
    /// A picture nobody described.
    #[error("a picture has no alt text: describe it with Edit, for people who can't see it")]
    NoAltText,
    /// Alt text too long.
    #[error("an alt text has {has} characters and {network} takes {limit}: shorten it with Edit")]
    AltTooLong {
        /// Length as the network counts.
        has: usize,
        /// What fits.
        limit: usize,
        /// Where.
        network: &'static str,
    },
    /// Too many pictures.
    #[error("there are {has} pictures and {network} takes {limit}: make a post with fewer")]
    TooManyPictures {
        /// How many.
        has: usize,
        /// What fits.
        limit: usize,
        /// Where.
        network: &'static str,
    },
    /// Nowhere to go.
    #[error("this practice has no account to publish on: ask its manager to connect one")]
    NoAccount,
    /// Nobody could ever sign it.
    #[error(
        "nobody could sign this: the policy, or a name in the text, asks for somebody who can't"
    )]
    NobodyToSign,
    /// Nobody could sign it yet. Where the zone is known, it is said in it, and of whom.
    #[error(
        "the policy, or a name in the text, asks for somebody who signs only what is made from \
         {from} on: do it again then"
    )]
    SignableFrom {
        /// What is made from then on could be signed.
        from: Timestamp,
    },
    /// Change X to Y: no X.
    #[error("those words are not in this post: write them as they stand on its card, whole")]
    NotFound,
    /// Change X to Y: more than one X.
    #[error(
        "those words are there more than once: add the words beside them, in quotes: change \"..\" \
         to \"..\""
    )]
    FoundTwice,
    /// Nothing to prove.
    #[error("nothing of this post was signed or published, so there is nothing to prove yet")]
    NothingSigned,
    /// No change.
    #[error("that changes nothing")]
    NoChange,
}

impl Refusal {
    /// The refusal's name in the ledger and in `docs/review.md`.
    pub fn code(self) -> String {
        let name = format!("{self:?}");
        let name = name.split([' ', '{', '(']).next().unwrap_or_default();
        let mut code = String::new();
        for c in name.chars() {
            if c.is_uppercase() && !code.is_empty() {
                code.push('-');
            }
            code.extend(c.to_lowercase());
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words() {
        assert_eq!(Refusal::OldCard { shown: 1, current: 2 }.code(), "old-card");
        assert_eq!(Refusal::NotAMember.code(), "not-a-member");
    }
}
