//! Why Slack does not do what it was asked.

use serde_json::{Value, json};

/// An error as Slack says it.
#[derive(Debug, Clone)]
pub struct Fail(pub Value);

impl Fail {
    /// By its name alone.
    pub fn new(error: &str) -> Self {
        Self(json!({ "ok": false, "error": error }))
    }

    /// With what is wrong, line by line.
    pub fn because(error: &str, messages: &[String]) -> Self {
        let errors: Vec<&str> = messages.iter().map(|m| m.trim_start_matches("[ERROR] ")).collect();
        Self(json!({
            "ok": false, "error": error, "errors": errors,
            "response_metadata": { "messages": messages },
        }))
    }

    /// A scope is lacking.
    pub fn lacks_scope(needed: &str, provided: &[String]) -> Self {
        Self(json!({
            "ok": false, "error": "missing_scope", "needed": needed,
            "provided": provided.join(","),
        }))
    }
}

/// What a method answers.
pub type Answer = Result<Value, Fail>;
