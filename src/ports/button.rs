//! Buttons under a notice, and the forms that they open.

use serde::{Deserialize, Serialize};

/// A field of a form that a button opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// Its name in the answer.
    pub name: String,
    /// What people read beside it.
    pub label: String,
    /// What stands in it at first.
    pub value: String,
    /// More than one line.
    pub multiline: bool,
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
