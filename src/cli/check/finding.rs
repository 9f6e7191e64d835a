//! What `check` found about one thing, and what to do about it.

use serde::Serialize;

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Is {
    /// As it should be.
    Ok,
    /// It works, and somebody should look.
    Warn,
    /// It can't work so.
    Fail,
}

/// What was found about one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Which thing.
    pub name: &'static str,
    /// How it is.
    pub is: Is,
    /// What was seen.
    pub what: String,
    /// What to do about it; empty when nothing.
    pub todo: String,
}

impl Finding {
    /// It is as it should be.
    pub fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, is: Is::Ok, what: what.into(), todo: String::new() }
    }

    /// It works, and somebody should look.
    pub fn warn(name: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, is: Is::Warn, what: what.into(), todo: todo.into() }
    }

    /// It can't work so.
    pub fn fail(name: &'static str, what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { name, is: Is::Fail, what: what.into(), todo: todo.into() }
    }
}
