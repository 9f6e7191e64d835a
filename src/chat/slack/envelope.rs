//! What Slack brings, by whichever way it came, and what it is answered.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::api::Api;
use super::directory::Directory;
use crate::ports::clock::Clock;
use crate::ports::intake::Intake;
use crate::render::Words;

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something happened: the payload is what the Events API sends, `event_callback` and all.
    Event,
    /// Somebody typed the slash command.
    Command,
    /// Somebody pressed a button, sent a form, or chose a shortcut.
    Interaction,
}

/// One thing that Slack brings, and waits for an answer to.
#[derive(Clone, PartialEq)]
pub struct Envelope {
    /// What it holds.
    pub kind: Kind,
    /// As Slack sent it; never logged.
    pub payload: Value,
}

/// What Slack is answered.
#[derive(Clone, PartialEq)]
pub enum Reply {
    /// It was stored, or is not for us.
    Ack,
    /// The same, with this for the person: a message, or what is wrong with a form.
    With(Value),
    /// It was not stored: Slack is to send it again, or to tell the person that it failed.
    Not,
}

/// What is needed to hear.
#[derive(Clone)]
pub struct Ears {
    /// Where events go.
    pub intake: Arc<dyn Intake>,
    /// To answer with a form, or to look at something first.
    pub api: Api,
    /// The words of forms and of private answers.
    pub words: Arc<Words>,
    /// For what Slack gives no time.
    pub clock: Arc<dyn Clock>,
    /// Who is who.
    pub(super) directory: Directory,
}

impl Ears {
    /// Ears whose events go to `intake`.
    pub fn new(
        intake: Arc<dyn Intake>,
        api: Api,
        words: Arc<Words>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let directory = Directory::new(api.clone());
        Self { intake, api, words, clock, directory }
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({:?}, [hidden])", self.kind)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reply::Ack => "Ack",
            Reply::With(_) => "With([hidden])",
            Reply::Not => "Not",
        })
    }
}
