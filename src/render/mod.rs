//! Views to words: one template a view, compiled in, and plain `CommonMark` out of it.
//!
//! A view is plain data with finished strings. A template only says where they stand: a name that
//! the view lacks is an error, never a gap. What people typed is shown as it is and does nothing
//! (see [`escape`]); a post's text is a block quote, exactly as it will be read.
//!
//! Architecture invariant: nothing here decides, counts or knows the time or a platform.

pub mod escape;
mod helpers;
pub mod pieces;
pub mod samples;
pub mod shown;

use handlebars::Handlebars;
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::ports::notice::View;
use samples::Sample;

/// Lists every view with its template and its samples: a view that is not in it does not compile.
macro_rules! views {
    ($($name:literal: $view:pat => $samples:path),+ $(,)?) => {
        const TEMPLATES: &[(&str, &str)] =
            &[ $( ($name, include_str!(concat!("../../templates/", $name, ".hbs"))) ),+ ];

        /// The view's name, which is its template's.
        pub fn name(view: &View) -> &'static str {
            match view { $( $view => $name ),+ }
        }

        /// Every view's name with samples of it: none, one, many, longest.
        pub fn samples() -> Vec<(&'static str, Vec<Sample>)> {
            vec![ $( ($name, $samples()) ),+ ]
        }
    };
}

views! {
    "card": View::Card(_) => samples::cards,
    "draft": View::Draft(_) => samples::drafts,
    "whole": View::Whole { .. } => samples::wholes,
    "ask-patients": View::AskPatients { .. } => samples::asks_of_patients,
    "idea": View::Idea { .. } => samples::ideas,
    "idea-done": View::IdeaDone { .. } => samples::ideas_done,
    "refused": View::Refused { .. } => samples::refused,
    "noted": View::Noted { .. } => samples::noted,
    "blocked": View::Blocked { .. } => samples::blocked,
    "leftover": View::Leftover { .. } => samples::leftovers,
    "appeal": View::Appeal { .. } => samples::appeals,
    "attested": View::Attested { .. } => samples::attested,
    "too-many": View::TooMany { .. } => samples::too_many,
    "unscreened": View::Unscreened => samples::unscreened,
    "not-recorded": View::NotRecorded => samples::not_recorded,
    "unshown": View::Unshown { .. } => samples::unshown,
    "welcome": View::Welcome { .. } => samples::welcomes,
    "unbound": View::Unbound { .. } => samples::unbound,
    "outcome": View::Outcome { .. } => samples::outcomes,
    "missed": View::Missed { .. } => samples::missed,
    "late": View::Late { .. } => samples::late,
    "no-fit": View::NoFit { .. } => samples::no_fit,
    "ruled-out": View::RuledOut { .. } => samples::ruled_out,
    "sign-again": View::SignAgain { .. } => samples::sign_again,
    "ask-live": View::AskLive { .. } => samples::ask_live,
    "failures": View::Failures { .. } => samples::failures,
    "ask-reason": View::AskReason { .. } => samples::ask_reason,
    "stop": View::Stop { .. } => samples::stops,
    "changed": View::Changed { .. } => samples::changes,
    "stuck": View::Stuck { .. } => samples::stuck,
    "stop-all": View::StopAll { .. } => samples::stops_for_all,
    "at-desk": View::AtDesk { .. } => samples::at_desks,
    "silent": View::Silent => samples::silent,
    "begun": View::Begun { .. } => samples::begun,
    "offer": View::Offer { .. } => samples::offers,
    "offer-done": View::OfferDone { .. } => samples::offers_done,
    "restored": View::Restored(_) => samples::restored,
    "queue": View::Queue { .. } => samples::queues,
    "calendar": View::Calendar { .. } => samples::calendars,
    "digest": View::Digest(_) => samples::digests,
    "desk-digest": View::DeskDigest(_) => samples::desk_digests,
    "said": View::Said { .. } => samples::said,
    "certificate": View::Certificate { .. } => samples::certificates,
    "consents": View::Consents { .. } => samples::consents,
    "setup": View::Setup { .. } => samples::setups,
    "accounts": View::Accounts(_) => samples::accounts,
    "code": View::Code(_) => samples::codes,
    "home": View::Home { .. } => samples::homes,
    "help": View::Help { .. } => samples::help,
}

/// Lines that several views share.
const PARTS: (&str, &str) = ("parts", include_str!("../../templates/parts.hbs"));

/// A template that can't be read, or does not fit its view.
#[derive(Debug, Error)]
#[error("the words of {name}: {why}")]
pub struct RenderError {
    name: &'static str,
    why: String,
}

/// The words of every view.
#[derive(Debug)]
pub struct Words {
    registry: Handlebars<'static>,
}

impl Words {
    /// The words that come with Countersign.
    pub fn built_in() -> Result<Self, RenderError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        helpers::register(&mut registry);
        for &(name, text) in TEMPLATES.iter().chain([&PARTS]) {
            registry
                .register_template_string(name, text)
                .map_err(|error| RenderError::new(name, &error))?;
        }
        Ok(Self { registry })
    }

    /// The view in words: plain `CommonMark`, without blank edges.
    pub fn render(&self, view: &View) -> Result<String, RenderError> {
        match view {
            View::AtDesk { practice, shows } => self.at_desk(view, practice, shows),
            view => self.words(name(view), view),
        }
    }

    /// In a practice's name: a post's number reads `northside 41`, wherever it stands; what has none
    /// comes under the practice's name.
    fn at_desk(&self, view: &View, practice: &str, shows: &View) -> Result<String, RenderError> {
        let name = name(shows);
        let json = serde_json::to_value(shows);
        let mut json = json.map_err(|error| RenderError::new(name, &error))?;
        if name_numbers(&mut json, practice) {
            return self.words(name, &json);
        }
        let whose = self.words(self::name(view), view)?;
        Ok(format!("{whose}\n\n{}", self.words(name, &json)?))
    }

    fn words(&self, name: &'static str, view: &impl Serialize) -> Result<String, RenderError> {
        let words =
            self.registry.render(name, view).map_err(|error| RenderError::new(name, &error))?;
        Ok(close_up(&words))
    }
}

/// Puts the practice before every post's number; whether there is one.
fn name_numbers(json: &mut Value, practice: &str) -> bool {
    match json {
        Value::Object(fields) => fields.iter_mut().fold(false, |any, (name, value)| {
            let number = value.as_i64().filter(|number| name == "number" && *number > 0);
            if let Some(number) = number {
                *value = format!("{practice} {number}").into();
            }
            number.is_some() | name_numbers(value, practice) | any
        }),
        Value::Array(all) => {
            all.iter_mut().fold(false, |any, value| name_numbers(value, practice) | any)
        }
        _ => false,
    }
}

/// Without blank edges, and never two empty lines in a row, whatever a template left out.
fn close_up(words: &str) -> String {
    let mut closed = String::with_capacity(words.len());
    for line in words.trim().lines() {
        if !(line.is_empty() && closed.ends_with("\n\n")) {
            closed.push_str(line);
            closed.push('\n');
        }
    }
    closed.truncate(closed.trim_end().len());
    closed
}

impl RenderError {
    fn new(name: &'static str, why: &dyn std::fmt::Display) -> Self {
        Self { name, why: why.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_named_by_its_tag() {
        for (name, samples) in samples() {
            for sample in samples {
                let json = serde_json::to_value(&sample.view).expect("a view is JSON");
                assert_eq!(json["view"], name);
                assert_eq!(super::name(&sample.view), name);
            }
        }
    }

    #[test]
    fn no_template_puts_a_text_in_unescaped() {
        for (name, text) in TEMPLATES.iter().chain([&PARTS]) {
            let raw = text.contains("{{{") || text.contains("{{&");
            assert!(!raw, "{name} has an unescaped text");
        }
    }

    #[test]
    fn a_name_the_view_lacks_is_an_error() {
        let mut words = Words::built_in().expect("templates");
        for bad in ["{{nobody}}", "{{#if nobody}}x{{/if}}", "{{quote nobody}}"] {
            words.registry.register_template_string("unscreened", bad).expect("a template");
            assert!(words.render(&View::Unscreened).is_err(), "{bad}");
        }
    }
}
