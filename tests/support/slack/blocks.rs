//! Refuses the Block Kit that Slack would refuse, and says where, as Slack does.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fields::FIELDS;
use super::shapes::{MESSAGE, Rule, SHAPES, Shape};

/// The longest view, in bytes.
const LARGEST_VIEW: usize = 250_000;

/// What is wrong with the blocks of a message; nothing, if Slack would take them.
pub fn of_message(blocks: &Value) -> Vec<String> {
    let mut look = Look::default();
    look.many(blocks, MESSAGE, 50, "/blocks");
    let markdown = blocks.as_array().into_iter().flatten().filter(|b| b["type"] == "markdown");
    let total: usize = markdown.map(|b| length(&b["text"])).sum();
    if total > 12_000 {
        look.says("must be less than 12001 characters in all markdown blocks", "/blocks");
    }
    look.wrong
}

/// What is wrong with a view.
pub fn of_view(view: &Value) -> Vec<String> {
    let mut look = Look::default();
    look.one(view, &["modal", "home"], "/view");
    let blocks = || view["blocks"].as_array().into_iter().flatten();
    if view["type"] == "modal"
        && view["submit"].is_null()
        && blocks().any(|block| block["type"] == "input")
    {
        look.says("missing required field: submit", "/view");
    }
    look.wrong
}

/// Whether a view is larger than Slack takes.
pub fn is_too_large(view: &Value) -> bool {
    view.to_string().len() > LARGEST_VIEW
}

#[derive(Default)]
struct Look {
    wrong: Vec<String>,
    block_ids: BTreeSet<String>,
}

impl Look {
    fn says(&mut self, what: &str, at: &str) {
        self.wrong.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    fn many(&mut self, list: &Value, kinds: &[&str], most: usize, at: &str) {
        let Some(list) = self.list(list, most, at) else { return };
        let mut action_ids = BTreeSet::new();
        for (n, thing) in list.iter().enumerate() {
            let at = format!("{at}/{n}");
            self.one(thing, kinds, &at);
            if let Some(id) = thing["block_id"].as_str()
                && !self.block_ids.insert(id.to_owned())
            {
                self.says("`block_id` already exists", &at);
            }
            if let Some(id) = thing["action_id"].as_str()
                && !action_ids.insert(id.to_owned())
            {
                self.says("`action_id` already exists", &at);
            }
        }
    }

    fn one(&mut self, thing: &Value, kinds: &[&str], at: &str) {
        match thing["type"].as_str() {
            Some(kind) if kinds.contains(&kind) => self.shaped(thing, kind, at),
            Some(kind) => self.says(&format!("unsupported type: {kind}"), &format!("{at}/type")),
            None => self.says("missing required field: type", at),
        }
    }

    fn shaped(&mut self, thing: &Value, kind: &str, at: &str) {
        let Some(fields) = thing.as_object() else { return self.says("must be an object", at) };
        let (_, known, one_of) = shape(kind);
        for name in fields.keys().filter(|name| *name != "type") {
            if !known.iter().any(|(field, ..)| field == name) {
                self.says(&format!("invalid additional property: {name}"), at);
            }
        }
        for (name, required, rule) in *known {
            match fields.get(*name).filter(|value| !value.is_null()) {
                Some(value) => self.field(value, *rule, &format!("{at}/{name}")),
                None if *required => self.says(&format!("missing required field: {name}"), at),
                None => {}
            }
        }
        if !one_of.is_empty() && !one_of.iter().any(|name| fields.contains_key(*name)) {
            self.says(&format!("must have one of: {}", one_of.join(", ")), at);
        }
    }

    fn field(&mut self, value: &Value, rule: Rule, at: &str) {
        match rule {
            Rule::Free => {}
            Rule::Flag if value.is_boolean() => {}
            Rule::Flag => self.says("must be a boolean", at),
            Rule::Str(most) => self.string(value, 1, most, at),
            Rule::Empty(most) => self.string(value, 0, most, at),
            Rule::Word(words) if words.iter().any(|word| value == word) => {}
            Rule::Word(words) => self.says(&format!("must be one of: {}", words.join(", ")), at),
            Rule::Plain(most) => self.text(value, &["plain_text"], most, at),
            Rule::Text(most) => self.text(value, &["plain_text", "mrkdwn"], most, at),
            Rule::Texts(count, most) => {
                for (n, text) in self.list(value, count, at).unwrap_or_default().iter().enumerate()
                {
                    self.text(text, &["plain_text", "mrkdwn"], most, &format!("{at}/{n}"));
                }
            }
            Rule::One(kinds) => self.one(value, kinds, at),
            Rule::Many(kinds, most) => self.many(value, kinds, most, at),
            Rule::Part(kind) => self.shaped(value, kind, at),
            Rule::Parts(kind, most) => {
                for (n, part) in self.list(value, most, at).unwrap_or_default().iter().enumerate() {
                    self.shaped(part, kind, &format!("{at}/{n}"));
                }
            }
        }
    }

    fn text(&mut self, value: &Value, kinds: &[&str], most: usize, at: &str) {
        self.one(value, kinds, at);
        self.string(&value["text"], 0, most, &format!("{at}/text"));
    }

    fn string(&mut self, value: &Value, least: usize, most: usize, at: &str) {
        if !value.is_string() {
            return self.says("must be a string", at);
        }
        let length = length(value);
        if length < least {
            self.says("must be more than 0 characters", at);
        }
        if length > most {
            self.says(&format!("must be less than {} characters", most + 1), at);
        }
    }

    fn list<'a>(&mut self, value: &'a Value, most: usize, at: &str) -> Option<&'a [Value]> {
        let Some(list) = value.as_array() else {
            self.says("must be an array", at);
            return None;
        };
        if list.len() > most {
            self.says(&format!("no more than {most} items allowed [input:{}]", list.len()), at);
        }
        if list.is_empty() && !at.ends_with("/blocks") {
            self.says("no fewer than 1 items required", at);
        }
        Some(list)
    }
}

fn shape(kind: &str) -> &'static Shape {
    SHAPES.iter().chain(FIELDS).find(|(name, ..)| *name == kind).expect("every kind has a shape")
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}
