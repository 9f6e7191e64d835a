//! Names for things: each id is a type of its own, so that one can't be passed for another.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as text; ids are opaque, so any text is one.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it is stored.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A practice: the tenant. Comes only from an authenticated event, a worker's row or the
    /// command line, never from what somebody typed.
    PracticeId
}
id! {
    /// An agency: works for several practices.
    AgencyId
}
id! {
    /// A member of a practice.
    MemberId
}
id! {
    /// A post, from draft to the end.
    PostId
}
id! {
    /// A practice's account on a network.
    AccountId
}
id! {
    /// A row of the outbox. A publication's row id is the key it offers to the network.
    RowId
}
id! {
    /// A platform's own id of an event; the same event delivered twice has the same id.
    EventId
}

/// How the instance's own chain is called.
const INSTANCE: &str = "instance";

impl PracticeId {
    /// Not a practice, but whoever runs Countersign: the chain for acts that concern all. It has
    /// no people, no accounts and no posts, and is never listed as a practice.
    pub fn instance() -> Self {
        Self::new(INSTANCE)
    }

    /// It is the instance, and no practice.
    pub fn is_instance(&self) -> bool {
        self.0 == INSTANCE
    }
}
