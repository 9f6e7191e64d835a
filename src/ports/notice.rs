//! What the bot shows: plain views, finished strings for numbers and times, no decisions.

use serde::{Deserialize, Serialize};

pub use super::button::{Button, Choice, FieldKind, Form, FormField, Weight};
pub use super::card::{CardView, ChangeView, PartView, PictureView};
pub use super::digest_view::{DeskDigestView, DigestLine, DigestPart, DigestView, OfPractice};
pub use super::lines::{
    AccountView, AccountsView, CodeView, ConsentView, FailureView, Group, LinkedLine, RestoredView,
    SaidView,
};

/// Something the bot shows. Words come from `templates/<name>.hbs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "view", rename_all = "kebab-case")]
pub enum View {
    /// A card for sign-off.
    Card(CardView),
    /// A draft before it is sent for signature.
    Draft(CardView),
    /// All that is signed of a card that does not fit, for its thread.
    Whole {
        /// The practice's number of the post.
        number: i64,
        /// The revision.
        revision: i64,
        /// What leaves, by account.
        parts: Vec<PartView>,
        /// The pictures.
        pictures: Vec<PictureView>,
    },
    /// An idea was noted.
    Idea {
        /// Who had it.
        from: String,
    },
    /// Could anyone in the pictures that somebody sent be a patient?
    AskPatients {
        /// `the picture`, or `the 3 pictures`.
        pictures: String,
    },
    /// The idea became a post, or was set aside.
    IdeaDone {
        /// The post's number; 0 when set aside.
        number: i64,
    },
    /// An act had no effect, and why.
    Refused {
        /// The post's number; 0 when it is about none.
        number: i64,
        /// Why: a refusal's words, lower case, without a full stop.
        why: String,
    },
    /// An act had its effect and the card does not show it.
    Noted {
        /// A sentence.
        what: String,
    },
    /// A message or field looked like patient information and was not kept.
    Blocked {
        /// What kind and where, never what: `a phone number, in the message`, a line each.
        kinds: Vec<String>,
        /// How to mend it: `leave the number out`, a line each.
        mend: Vec<String>,
        /// The message still stands on the platform.
        still_there: bool,
    },
    /// A message that was not kept still stands on its platform.
    Leftover {
        /// Its author's name; empty for the author's own eyes.
        who: String,
        /// Where it stands: `ideas`.
        channel: String,
        /// When it came, with its zone.
        since: String,
        /// The address of the message; empty where there is none.
        link: String,
    },
    /// Somebody says that what was kept out is about no patient, and asks for a look.
    Appeal {
        /// Who wrote it.
        who: String,
        /// Where it stands: `ideas`.
        channel: String,
        /// When it came, with its zone.
        since: String,
        /// The address of the message; empty where there is none.
        link: String,
    },
    /// Somebody looked: what was kept out may be sent again.
    Attested {
        /// Who looked.
        who: String,
        /// Where it stands: `ideas`.
        channel: String,
        /// When it came, with its zone.
        since: String,
    },
    /// A person sends more than can be looked at.
    TooMany {
        /// So many in a minute are kept.
        most: i64,
    },
    /// A message could not be looked at: send it again.
    Unscreened,
    /// Something could not be stored: it has to be done again.
    NotRecorded,
    /// The card or draft of a post can't be shown.
    Unshown {
        /// The practice's number of the post.
        number: i64,
        /// Why, without a full stop.
        why: String,
        /// It is tried again.
        again: bool,
    },
    /// Countersign was brought into a channel that it knows.
    Welcome {
        /// The practice's name; the agency's at its desk.
        whose: String,
        /// It is an agency's desk.
        desk: bool,
        /// It is for ideas.
        ideas: bool,
        /// It is for approvals.
        approvals: bool,
    },
    /// The channel belongs to no practice: how to bind it.
    Unbound {
        /// The channel, as files write it: `slack:T012/C345`.
        channel: String,
        /// Who can make a practice of it: `Whoever installed the app`.
        founder: String,
    },
    /// What came of a publication.
    Outcome {
        /// The post's number.
        number: i64,
        /// The account's name.
        account: String,
        /// What came of it, after the account's name: `is live.`
        what: String,
        /// Where people see it; empty when it is not live.
        url: String,
        /// Head of the ledger, `#128 1f3a9c07`; empty when it is not live.
        head: String,
    },
    /// A post missed its window: the next slots.
    Missed {
        /// The post's number.
        number: i64,
    },
    /// A post was signed off after its slot: when should it go?
    Late {
        /// The post's number.
        number: i64,
        /// Whose sign-off it was; empty when it was none in particular.
        who: String,
        /// The slot that is gone, with its zone.
        slot: String,
    },
    /// A post does not fit its network any more, and is held.
    NoFit {
        /// The post's number.
        number: i64,
        /// Its author's name.
        author: String,
        /// Why: a refusal's words, lower case, without a full stop.
        why: String,
    },
    /// A rule blocks a post that was sent for signature before, so it is held.
    RuledOut {
        /// The post's number.
        number: i64,
        /// Its author's name.
        author: String,
        /// Why, and what to say instead, a rule each.
        why: Vec<String>,
    },
    /// A sign-off will be too old by the slot.
    SignAgain {
        /// The post's number.
        number: i64,
        /// Whose sign-off.
        who: String,
        /// The slot with its zone.
        slot: String,
    },
    /// Nobody can find out whether a publication is live.
    AskLive {
        /// The post's number.
        number: i64,
        /// The account's name.
        account: String,
    },
    /// What went wrong and is not mended.
    Failures {
        /// Each; empty when all is mended.
        failures: Vec<FailureView>,
        /// `and 3 more`; empty when these are all.
        more: String,
    },
    /// Why the approver declined is asked for.
    AskReason {
        /// The post's number.
        number: i64,
        /// Who declined.
        who: String,
    },
    /// Everything is stopped, or released.
    Stop {
        /// Who did it.
        who: String,
        /// Stopped, not released.
        stopped: bool,
        /// What is in flight: `post 41 is leaving and can't be called back`, a line each.
        in_flight: Vec<String>,
    },
    /// The practice was changed.
    Changed {
        /// Who did it.
        who: String,
        /// What was set, a line each.
        lines: Vec<String>,
        /// When what lets more through counts, with its zone; empty when all counts at once.
        from: String,
    },
    /// A post that nobody can sign any more.
    Stuck {
        /// The post's number.
        number: i64,
        /// Why: the standing's words, without a full stop.
        why: String,
    },
    /// Everything of every practice is stopped, or released, by whoever runs Countersign.
    StopAll {
        /// Stopped, not released.
        stopped: bool,
        /// The practice is stopped by its own people still.
        still: bool,
        /// What of this practice is in flight, a line each.
        in_flight: Vec<String>,
    },
    /// At a desk: a practice's view, in its name; a post's number reads `northside 41`.
    AtDesk {
        /// The practice's id.
        practice: String,
        /// What it shows.
        shows: Box<View>,
    },
    /// Nothing may be shown at a desk, as somebody is there who is not the agency's.
    Silent,
    /// A draft of a desk's message was begun.
    Begun {
        /// The post's number.
        number: i64,
    },
    /// The message a post was made from has other words now.
    Offer {
        /// The post's number.
        number: i64,
        /// Who changed the message.
        who: String,
        /// What it would say otherwise.
        changes: Vec<ChangeView>,
        /// All of its words then; empty when they stay.
        becomes: String,
        /// The post says something else than the message did before.
        differs: bool,
    },
    /// An offer was taken or not.
    OfferDone {
        /// The post's number.
        number: i64,
        /// Who decided.
        who: String,
        /// Taken, not left.
        taken: bool,
    },
    /// The database was put back from a copy, and everything is stopped.
    Restored(RestoredView),
    /// Posts that wait, a line each.
    Queue {
        /// Lines; empty when nothing waits.
        lines: Vec<String>,
        /// Why nothing leaves, a sentence; empty when it does.
        stopped: String,
    },
    /// What is to go out on the next days.
    Calendar {
        /// The zone of all times; empty when each line has its own.
        zone: String,
        /// A day each, and what has none; empty when nothing is planned.
        groups: Vec<Group>,
        /// What was left out, a sentence; empty when nothing was.
        more: String,
    },
    /// The daily digest of a practice.
    Digest(Box<DigestView>),
    /// The digest of all practices of a desk.
    DeskDigest(DeskDigestView),
    /// What was published with some words.
    Said {
        /// The words, as they were looked for.
        words: String,
        /// Newest first; empty when there is none.
        posts: Vec<SaidView>,
        /// There is more, and it takes more words to find it.
        narrow: bool,
    },
    /// The proof of a post.
    Certificate {
        /// The post's number.
        number: i64,
        /// The practice is a sample.
        sample: bool,
        /// What left, and who had signed it, a line each; empty when nothing left.
        left: Vec<String>,
        /// Where the post is.
        state: String,
        /// Where it is to be seen.
        urls: Vec<String>,
        /// Head of the ledger, `#128 1f3a9c07`.
        head: String,
        /// What people compare the ledger's key by.
        fingerprint: String,
        /// The file, whole.
        text: String,
    },
    /// Consents to be seen in pictures.
    Consents {
        /// Newest first.
        consents: Vec<ConsentView>,
        /// It is about the only one, and says what was made with it.
        one: bool,
        /// What is live by it.
        live: Vec<LinkedLine>,
        /// What was made with it and has not gone out, a line each.
        waiting: Vec<String>,
        /// `and 3 more`; empty when these are all.
        more: String,
    },
    /// Its accounts on networks.
    Accounts(AccountsView),
    /// How the practice is set up.
    Setup {
        /// The practice.
        name: String,
        /// It is a sample.
        sample: bool,
        /// Settings, people, accounts, channels.
        groups: Vec<Group>,
        /// Whoever asked may change it.
        may_change: bool,
    },
    /// A one-time code, for whoever set up the account that it is for.
    Code(CodeView),
    /// What somebody sees when they open Countersign itself.
    Home {
        /// The practice; empty for somebody whom none knows.
        practice: String,
        /// The practice is a sample.
        sample: bool,
        /// The account they act from, as files write it: `slack:T012/U345`.
        account: String,
        /// Why nothing leaves, a sentence; empty when it does.
        stopped: String,
        /// What waits for them, a line each.
        waits: Vec<LinkedLine>,
        /// What is on its way beside that, a line each.
        lines: Vec<String>,
    },
    /// What can be asked.
    Help {
        /// What was most likely meant: `/post hold NUMBER`; empty when nothing was.
        meant: String,
        /// Commands, a line each.
        lines: Vec<String>,
    },
}

/// A view, with the buttons under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it shows.
    pub view: View,
    /// What can be done there.
    pub buttons: Vec<Button>,
    /// Reactions the bot itself puts under it, so that a person needs one tap.
    pub reactions: Vec<String>,
}
