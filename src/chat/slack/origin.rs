//! Where a form was opened: it travels with the form, as Slack does not say it when it comes back.
//! Also the names by which what is shown is known again when somebody presses it.

use serde::{Deserialize, Serialize};

/// The shortcut that makes a post of a message.
pub const PICK: &str = "make_post";
/// How the actions of buttons that do something at once begin.
pub const DOES: &str = "does";
/// How the actions of buttons that ask for something first begin.
pub const ASKS: &str = "asks";
/// How the blocks of buttons begin that stand outside the channel that they are about, which
/// follows.
pub const ABOUT: &str = "about:";
/// The forms that come back as a button that was pressed.
pub const FORM: &str = "form";

/// Where a form was opened, and as which button it comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The channel's id.
    pub channel: String,
    /// The message under which the button was; empty for a command.
    pub message: String,
    /// The button's id.
    pub button: String,
}

impl Origin {
    /// As a form carries it.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As a form brought it back; `None` for another's form.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
