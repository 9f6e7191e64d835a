//! What a notice row carries: either finished, or the name of a thing that is shown as it stands
//! when the row is worked off.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hearer::Hearer;
use super::office::Office;
use crate::domain::ids::{PostId, PracticeId, RowId};
use crate::domain::member::Identity;
use crate::domain::outbox::{Row, RowKind, RowState};
use crate::domain::practice::ChannelRef;
use crate::ports::chat::Place;
use crate::ports::notice::{Button, Notice, View, Weight};
use crate::ports::store::OutboxWrite;

/// What a notice row carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "kebab-case")]
pub enum Wish {
    /// A new card for this revision; a draft message for revision 0.
    Card {
        /// Which post.
        post: PostId,
        /// Which revision.
        revision: i64,
        /// Where a draft message goes; a card goes to the approvals channel.
        place: Option<Place>,
    },
    /// The cards of this revision, in place.
    Refresh {
        /// Which post.
        post: PostId,
        /// Which revision.
        revision: i64,
    },
    /// What came of a publication, in the card's thread.
    Outcome {
        /// Which post.
        post: PostId,
        /// Which row.
        row: RowId,
        /// What came of it; when something else came since, that has its own notice.
        state: RowState,
    },
    /// What went wrong and is not mended, in one message that is kept as it stands.
    Failures {
        /// Who hears of it.
        hearer: Hearer,
    },
    /// The same, at each desk of the agencies that work for the practice.
    FailuresAtDesks,
    /// Finished, for somebody who looks after the practice.
    Raised {
        /// Who.
        hearer: Hearer,
        /// What.
        notice: Notice,
    },
    /// Finished, in the thread of the post's card.
    InThread {
        /// Which post.
        post: PostId,
        /// What.
        notice: Notice,
    },
    /// A post's newest revision as it stands, for somebody who asked at a desk; it is no card.
    Look {
        /// Which post.
        post: PostId,
        /// Where.
        place: Place,
    },
    /// What is on its way in all practices that may be shown there.
    Queue {
        /// For whom.
        from: Identity,
        /// Where.
        place: Place,
    },
    /// The next days of all practices that may be shown there.
    Calendar {
        /// For whom.
        from: Identity,
        /// Where.
        place: Place,
    },
    /// The digest of all practices that may be shown there.
    DeskDigest {
        /// For whom.
        from: Identity,
        /// Where.
        place: Place,
    },
    /// The practice's daily digest, while its date lasts.
    Digest {
        /// Of which date.
        date: Date,
    },
    /// A consent as it stands, with what was made with it.
    Consent {
        /// Which.
        code: String,
        /// Where.
        place: Place,
    },
    /// A one-time code, for whoever set the account up. The code itself stands in no database: it
    /// is made again when it is shown.
    Code {
        /// For which account.
        of: Identity,
        /// Whose it is.
        name: String,
        /// What it is made from, with a key.
        nonce: String,
        /// Where.
        place: Place,
    },
    /// Finished, there.
    Say {
        /// Where.
        place: Place,
        /// What.
        notice: Notice,
    },
}

/// A wish with its key: the same for every attempt at it, another for every new wish, so that a
/// platform that knows keys shows it once, and again only when it is wished again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// The key.
    pub key: String,
    /// The wish.
    pub wish: Wish,
}

/// A notice without buttons.
pub fn plain(view: View) -> Notice {
    Notice { view, buttons: Vec::new(), reactions: Vec::new() }
}

/// A button without a form.
pub fn button(id: impl Into<String>, label: &str, weight: Weight) -> Button {
    Button { id: id.into(), label: label.to_owned(), weight, form: Vec::new() }
}

/// A place for one person's eyes in a channel.
pub fn for_eyes_of(person: &Identity, channel: &ChannelRef, thread: Option<String>) -> Place {
    Place { channel: channel.clone(), thread, only: Some(person.clone()), instead_of: None }
}

/// A row that is due now and about nothing in particular.
pub fn row(office: &Office, practice: &PracticeId, kind: RowKind, subject: String) -> Row {
    Row {
        practice: practice.clone(),
        id: office.new_row_id(),
        kind,
        subject,
        post: None,
        revision: None,
        account: None,
        state: RowState::Ready,
        due: office.now(),
        fence: 0,
        attempts: 0,
        look_ups: 0,
        lease_until: None,
        first_sent: None,
        remote: None,
        url: None,
        payload: String::new(),
        trouble: None,
    }
}

/// A wish as an outbox write; with `again`, shown again though it was shown before.
pub fn wish(
    office: &Office,
    practice: &PracticeId,
    subject: String,
    wish: Wish,
    again: bool,
) -> OutboxWrite {
    let keyed = Keyed { key: office.new_id(), wish };
    let payload = serde_json::to_string(&keyed).expect("a wish is plain data");
    let row = Row { payload, ..row(office, practice, RowKind::Notice, subject) };
    OutboxWrite::Put { row: Box::new(row), again }
}
