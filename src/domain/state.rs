//! Where a post is, what a person decided, and how that reached us.

use super::words::words;

words! {
    /// Where a post is on its way.
    pub enum State {
        /// Being written; nobody is asked to sign it.
        Draft = "draft",
        /// A card is shown and waits for sign-offs.
        InReview = "in-review",
        /// Enough people signed; it leaves at its slot.
        SignedOff = "signed-off",
        /// Something of it left, or may have left, and is not confirmed yet.
        Publishing = "publishing",
        /// Live on every account.
        Published = "published",
        /// Live on some accounts; the others ended without it.
        PartPublished = "part-published",
        /// Taken back by its author's side before it left.
        Withdrawn = "withdrawn",
        /// Did not go out in its window; needs a new slot.
        Missed = "missed",
        /// Was live and was removed.
        TakenDown = "taken-down",
    }
}

words! {
    /// What a person decided about a revision.
    pub enum Verdict {
        /// Signed.
        Signed = "signed",
        /// Declined.
        Declined = "declined",
    }
}

words! {
    /// Why Countersign itself holds a post.
    pub enum Cause {
        /// An edit of it looked like patient information.
        Edit = "edit",
        /// It does not fit a network any more.
        Limits = "limits",
        /// A rule of the screen blocks it since it was sent for signature.
        Rules = "rules",
        /// A consent that a picture needs does not hold any more.
        Consent = "consent",
        /// The database was put back from a copy: it may have been published or changed since.
        Restored = "restored",
    }
}

words! {
    /// How a decision reached us.
    pub enum Source {
        /// A reaction on the card; vanishes with it.
        Reaction = "reaction",
        /// A button; stays.
        Button = "button",
    }
}
