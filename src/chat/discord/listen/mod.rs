//! Hearing Discord: a connection that is kept up, and what becomes of what it brings.
//!
//! | file | holds |
//! |---|---|
//! | `gateway` | the connection, and what it says of itself |
//! | `thread` | the library's client on a thread of its own |
//! | `quiet` | for how long Discord has not answered |
//! | `bring` | events one after the other where order counts, acts at once |
//! | `hear` | an event to the inbox, an act to its answer |
//! | `direct` | what somebody writes to the bot alone, to their practice |
//! | `answer` | the first answers to acts |
//! | `came` | what came of something that was brought |
//! | `ears` | what is needed for that |

mod answer;
mod bring;
mod came;
mod direct;
mod ears;
mod gateway;
mod hear;
mod quiet;
mod thread;

pub use bring::Bring;
pub use came::Came;
pub use ears::Ears;
pub use gateway::{Gateway, Patience};
pub use hear::hear;
