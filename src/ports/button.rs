//! Buttons under a notice, and the forms that they open.

use serde::{Deserialize, Serialize};

/// A field of a form that a button opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Its name in the answer.
    pub name: String,
    /// What people read beside it.
    pub label: String,
    /// How to fill it in; empty when the label says enough.
    pub hint: String,
    /// What stands in it at first; of several chosen ones, a line each.
    pub value: String,
    /// It says what the form is about: where a form comes in parts, it goes with each of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leads: bool,
    /// How it is filled in.
    #[serde(flatten)]
    pub kind: FieldKind,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line is typed.
    Line,
    /// Several lines are typed.
    Lines,
    /// One of these is chosen.
    One {
        /// In the order in which they are offered.
        of: Vec<Choice>,
    },
    /// Any number of these is chosen; they come back a line each.
    Many {
        /// In the order in which they are offered.
        of: Vec<Choice>,
    },
}

/// Something that can be chosen in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What comes back.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// A form as it is opened for somebody: on the local page in a dialog, on Slack and Discord in a
/// modal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What it is about, in at most 24 characters.
    pub title: String,
    /// What the button says that sends it, in at most 24 characters.
    pub send: String,
    /// Comes back as the button that was pressed.
    pub button: String,
    /// The fields.
    pub fields: Vec<FormField>,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The usual next step.
    Primary,
    /// One of several.
    Plain,
    /// Can't be taken back.
    Danger,
}

/// A button under a notice. Its id says everything, so it survives a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back when it is pressed.
    pub id: String,
    /// What people read on it.
    pub label: String,
    /// How it looks.
    pub weight: Weight,
    /// What it asks for first; nothing when empty.
    pub form: Vec<FormField>,
}
