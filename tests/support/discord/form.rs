//! What a message may say: its words, embeds, nonce, and how long each may be.

use serde_json::{Map, Value, json};

use super::components;
use super::fail::{Fail, Wrong};
use super::message::COMPONENTS_V2;

/// What a form says of a message; what it does not speak of stays as it is.
#[derive(Debug, Default)]
pub struct Form {
    pub content: Option<String>,
    pub embeds: Option<Vec<Value>>,
    pub components: Option<Vec<Value>>,
    pub flags: Option<u64>,
    pub nonce: Option<Value>,
}

impl Form {
    /// Reads a form for a message that has these flags already.
    pub fn read(body: &Value, flags: u64) -> Result<Self, Fail> {
        let mut wrong = Wrong::default();
        let flags = flags | body["flags"].as_u64().unwrap_or(0);
        let is_v2 = flags & COMPONENTS_V2 != 0;
        let form = Self {
            content: content(body, &mut wrong),
            embeds: list(body, "embeds", &mut wrong).map(|list| embeds(&list, &mut wrong)),
            components: list(body, "components", &mut wrong)
                .map(|list| components::of_message(&list, is_v2, &mut wrong)),
            flags: body.get("flags").and_then(Value::as_u64),
            nonce: nonce(body, &mut wrong),
        };
        let says = |said: &Option<Vec<Value>>| said.as_ref().is_some_and(|list| !list.is_empty());
        if is_v2 && form.content.as_ref().is_some_and(|content| !content.is_empty()) {
            v2_forbids("content", &mut wrong);
        }
        if is_v2 && says(&form.embeds) {
            v2_forbids("embeds", &mut wrong);
        }
        wrong.check()?;
        Ok(form)
    }
}

/// Words still stand in a message that is to have components for them.
pub fn legacy() -> Fail {
    let mut wrong = Wrong::default();
    v2_forbids("content", &mut wrong);
    wrong.fail()
}

fn v2_forbids(name: &str, wrong: &mut Wrong) {
    let message =
        format!("The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
    wrong.add(&[name], "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", &message);
}

fn content(body: &Value, wrong: &mut Wrong) -> Option<String> {
    let said = body.get("content")?;
    let text = match said {
        Value::Null => "",
        Value::String(text) => text.trim(),
        _ => {
            wrong.add(&["content"], "STRING_TYPE_CONVERT", "Could not interpret \"{}\" as string.");
            return None;
        }
    };
    wrong.at_most(&["content"], text.chars().count(), 2000);
    Some(text.to_owned())
}

fn list(body: &Value, name: &str, wrong: &mut Wrong) -> Option<Vec<Value>> {
    match body.get(name)? {
        Value::Null => Some(Vec::new()),
        Value::Array(list) => Some(list.clone()),
        _ => {
            wrong.add(&[name], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            None
        }
    }
}

fn nonce(body: &Value, wrong: &mut Wrong) -> Option<Value> {
    let nonce = body.get("nonce").filter(|nonce| !nonce.is_null())?;
    match nonce {
        Value::String(text) => wrong.at_most(&["nonce"], text.chars().count(), 25),
        Value::Number(number) if number.is_i64() || number.is_u64() => {}
        _ => wrong.add(&["nonce"], "NONCE_TYPE_INVALID", "Nonce must be a string or an integer."),
    }
    Some(nonce.clone())
}

/// The texts of an embed: where they stand, how long they may be, and whether they must be there.
const TEXTS: &[(&str, &str, usize)] = &[
    ("title", "", 256),
    ("description", "", 4096),
    ("footer", "text", 2048),
    ("author", "name", 256),
];

fn embeds(list: &[Value], wrong: &mut Wrong) -> Vec<Value> {
    wrong.at_most(&["embeds"], list.len(), 10);
    let mut total = 0;
    let shown: Vec<Value> = list
        .iter()
        .enumerate()
        .map(|(at, said)| embed(said, &at.to_string(), &mut total, wrong))
        .collect();
    if total > 6000 {
        let message = "Embed size exceeds maximum size of 6000";
        wrong.add(&["embeds"], "MAX_EMBED_SIZE_EXCEEDED", message);
    }
    shown
}

/// One embed as it is shown; its length is added to the total.
fn embed(said: &Value, at: &str, total: &mut usize, wrong: &mut Wrong) -> Value {
    let mut shown = Map::from_iter([("type".to_owned(), json!("rich"))]);
    for (name, inner, most) in TEXTS {
        let mut value = said[name].clone();
        let place = if inner.is_empty() { &mut value } else { &mut value[inner] };
        let Some(text) = place.as_str().map(str::trim).map(ToOwned::to_owned) else { continue };
        let length = text.chars().count();
        let path = ["embeds", at, name, inner];
        let path = if inner.is_empty() { &path[..3] } else { &path[..] };
        wrong.at_most(path, length, *most);
        *total += length;
        *place = json!(text);
        if length > 0 {
            shown.insert((*name).to_owned(), value);
        }
    }
    if let Some(list) = said["fields"].as_array() {
        wrong.at_most(&["embeds", at, "fields"], list.len(), 25);
        let rows = list.iter().enumerate();
        let rows =
            rows.map(|(row, field)| embed_field(field, (at, &row.to_string()), total, wrong));
        shown.insert("fields".to_owned(), rows.collect());
    }
    for name in ["color", "url"] {
        if let Some(value) = said.get(name).filter(|value| !value.is_null()) {
            shown.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(time) = said["timestamp"].as_str() {
        shown.insert("timestamp".to_owned(), json!(time.replace('Z', "+00:00")));
    }
    for name in ["image", "thumbnail"] {
        if let Some(url) = said[name]["url"].as_str() {
            shown.insert(name.to_owned(), json!({ "url": url, "width": 0, "height": 0 }));
        }
    }
    if shown.len() == 1 {
        wrong.required(&["embeds", at, "description"]);
    }
    Value::Object(shown)
}

fn embed_field(
    field: &Value,
    (at, row): (&str, &str),
    total: &mut usize,
    wrong: &mut Wrong,
) -> Value {
    let mut shown = json!({ "inline": field["inline"] == true });
    for (name, most) in [("name", 256), ("value", 1024)] {
        let text = field[name].as_str().unwrap_or_default().trim();
        let length = text.chars().count();
        let path = ["embeds", at, "fields", row, name];
        if length == 0 {
            wrong.required(&path);
        }
        wrong.at_most(&path, length, most);
        *total += length;
        shown[name] = json!(text);
    }
    shown
}
