//! The words of every view over all its samples: reviewed in the snapshots, without a bot.

use std::fmt::Write;

use countersign::ports::notice::View;
use countersign::render::{Words, samples};
use pulldown_cmark::{Event, Options, Parser};
use serde_json::Value;

/// Each piece begins something in `CommonMark`, in HTML or on a chat platform.
const HOSTILE: &str = "# *a* [b](https://c.example) <i>d</i> `e` @everyone <@U1>\n\n\
    - f\n1. g\n> h\n    i\n---\n:tada:";

#[test]
fn every_view_reads_well() {
    let words = Words::built_in().expect("templates");
    for (name, samples) in samples() {
        let mut page = String::new();
        for sample in samples {
            let text = words.render(&sample.view).expect("a sample fits");
            writeln!(page, "======== {}\n\n{text}\n", sample.of).expect("a string grows");
        }
        insta::assert_snapshot!(name, page);
    }
}

#[test]
fn no_mark_of_a_template_is_left_over() {
    let words = Words::built_in().expect("templates");
    for (name, samples) in samples() {
        for sample in samples {
            let text = words.render(&with(&sample.view, "x")).expect("it fits");
            let left = Parser::new_ext(&text, Options::all()).any(
                |event| matches!(event, Event::Text(text) if text.contains(['\\', '*', '{', '<'])),
            );
            assert!(!left, "{name}, {}: {text}", sample.of);
        }
    }
}

#[test]
fn what_people_typed_changes_nothing_but_the_text() {
    let words = Words::built_in().expect("templates");
    for (name, samples) in samples() {
        for sample in samples {
            let harmless = words.render(&with(&sample.view, "x")).expect("it fits");
            let hostile = words.render(&with(&sample.view, HOSTILE)).expect("it fits");

            assert_eq!(
                structure(&hostile),
                structure(&harmless),
                "{name}, {}: {hostile}",
                sample.of
            );
            assert!(!hostile.contains("<@") && !hostile.contains(" @everyone"));
        }
    }
}

/// The view with this text in place of every text that is not empty.
fn with(view: &View, text: &str) -> View {
    let mut json = serde_json::to_value(view).expect("a view is JSON");
    replace(&mut json, text);
    serde_json::from_value(json).expect("it still is one")
}

fn replace(value: &mut Value, text: &str) {
    match value {
        Value::String(old) if !old.is_empty() => text.clone_into(old),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text)),
        // A view in a view keeps its tag, too.
        Value::Object(fields) => {
            let texts = fields.iter_mut().filter(|(field, _)| *field != "view");
            texts.for_each(|(_, item)| replace(item, text));
        }
        _ => {}
    }
}

/// All that `CommonMark` finds, but the text itself.
fn structure(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::all())
        .filter(|event| !matches!(event, Event::Text(_) | Event::HardBreak))
        .map(|event| format!("{event:?}"))
        .collect()
}
