//! What components may be: rows, buttons and menus of a message, and fields of a form.

use serde_json::{Value, json};

use super::fail::Wrong;

const ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const TEXT_INPUT: u64 = 4;
const SELECTS: &[u64] = &[3, 5, 6, 7, 8];
const SECTION: u64 = 9;
const TEXT: u64 = 10;
const SEPARATOR: u64 = 14;
const CONTAINER: u64 = 17;
const LABEL: u64 = 18;
/// Text, thumbnail, gallery, file, separator: nothing of these can be pressed.
const STILL: &[u64] = &[10, 11, 12, 13, 14];

/// Looks at components one after the other, and gives each an id.
struct Look<'a> {
    wrong: &'a mut Wrong,
    path: Vec<String>,
    custom_ids: Vec<String>,
    count: usize,
    is_v2: bool,
}

/// The components of a message as they are shown.
pub fn of_message(list: &[Value], is_v2: bool, wrong: &mut Wrong) -> Vec<Value> {
    let mut look = Look::new(wrong, is_v2);
    if !is_v2 {
        look.wrong.at_most(&["components"], list.len(), 5);
    }
    let shown = look.all(list, Look::top);
    if is_v2 && look.count > 40 {
        let message = "The maximum number of components is 40";
        wrong.add(&["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
    }
    shown
}

/// A form as it is shown.
pub fn of_modal(data: &Value, wrong: &mut Wrong) -> Value {
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    wrong.between(&["title"], text("title").chars().count(), (1, 45));
    wrong.between(&["custom_id"], text("custom_id").chars().count(), (1, 100));
    let list = data["components"].as_array().map_or(&[][..], |list| list);
    wrong.between(&["components"], list.len(), (1, 5));
    let shown = Look::new(wrong, true).all(list, Look::of_form);
    json!({ "title": text("title"), "custom_id": text("custom_id"), "components": shown })
}

impl<'a> Look<'a> {
    fn new(wrong: &'a mut Wrong, is_v2: bool) -> Self {
        let path = vec!["components".to_owned()];
        Self { wrong, path, custom_ids: Vec::new(), count: 0, is_v2 }
    }

    /// Something is wrong here.
    fn add(&mut self, name: &str, code: &str, message: &str) {
        let mut path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        path.extend((!name.is_empty()).then_some(name));
        self.wrong.add(&path, code, message);
    }

    fn between(&mut self, name: &str, length: usize, bounds: (usize, usize)) {
        let mut path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        path.push(name);
        self.wrong.between(&path, length, bounds);
    }

    fn all(&mut self, list: &[Value], each: impl Fn(&mut Self, &Value) -> Value) -> Vec<Value> {
        let one = |(at, one): (usize, &Value)| {
            self.path.push(at.to_string());
            let shown = each(self, one);
            self.path.pop();
            shown
        };
        list.iter().enumerate().map(one).collect()
    }

    fn inside(
        &mut self,
        name: &str,
        list: &[Value],
        each: fn(&mut Self, &Value) -> Value,
    ) -> Value {
        self.path.push(name.to_owned());
        let shown = self.all(list, each);
        self.path.pop();
        json!(shown)
    }

    /// The component with its own id, which later ones do not have.
    fn counted(&mut self, one: &Value) -> Value {
        self.count += 1;
        let mut shown = one.clone();
        if shown.get("id").is_none_or(|id| id.is_null() || *id == 0) {
            shown["id"] = json!(self.count);
        }
        shown
    }

    fn unknown(&mut self, one: &Value) -> Value {
        let message =
            format!("Value of field \"type\" must be one of the known, not {}.", one["type"]);
        self.add("type", "UNION_TYPE_CHOICES", &message);
        Value::Null
    }

    /// What stands directly in a message.
    fn top(&mut self, one: &Value) -> Value {
        let kind = one["type"].as_u64().unwrap_or_default();
        match kind {
            ROW => self.row(one),
            CONTAINER if self.is_v2 => {
                let mut shown = self.counted(one);
                shown["components"] = self.inside("components", children(one), Self::top);
                with_defaults(shown, &[("accent_color", Value::Null), ("spoiler", json!(false))])
            }
            SECTION if self.is_v2 => {
                let mut shown = self.counted(one);
                self.between("components", children(one).len(), (1, 3));
                shown["components"] = self.inside("components", children(one), Self::top);
                shown["accessory"] = match one["accessory"]["type"].as_u64() {
                    Some(BUTTON) => self.button(&one["accessory"]),
                    _ => self.counted(&one["accessory"]),
                };
                shown
            }
            kind if self.is_v2 && STILL.contains(&kind) => {
                if kind == TEXT {
                    let length = one["content"].as_str().unwrap_or_default().chars().count();
                    self.between("content", length, (1, 4000));
                }
                let shown = self.counted(one);
                if kind == SEPARATOR {
                    return with_defaults(
                        shown,
                        &[("divider", json!(true)), ("spacing", json!(1))],
                    );
                }
                shown
            }
            _ => self.unknown(one),
        }
    }

    fn row(&mut self, one: &Value) -> Value {
        let mut shown = self.counted(one);
        let list = children(one);
        self.between("components", list.len(), (1, 5));
        let is_select = |one: &Value| one["type"].as_u64().is_some_and(|k| SELECTS.contains(&k));
        if list.len() > 1 && list.iter().any(is_select) {
            let message = "The specified component exceeds the maximum width";
            self.add("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
        }
        shown["components"] = self.inside("components", list, |look, one| {
            match one["type"].as_u64().unwrap_or_default() {
                BUTTON => look.button(one),
                kind if SELECTS.contains(&kind) => look.select(one),
                _ => look.unknown(one),
            }
        });
        shown
    }

    fn custom_id(&mut self, one: &Value) {
        let id = one["custom_id"].as_str().unwrap_or_default().to_owned();
        self.between("custom_id", id.chars().count(), (1, 100));
        if self.custom_ids.contains(&id) {
            let message = "Component custom id cannot be duplicated";
            self.add("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message);
        }
        self.custom_ids.push(id);
    }

    fn button(&mut self, one: &Value) -> Value {
        match one["style"].as_u64() {
            Some(1..=4) => self.custom_id(one),
            Some(5) => {
                let length = one["url"].as_str().unwrap_or_default().chars().count();
                self.between("url", length, (1, 512));
            }
            _ => self.add("style", "ENUM_TYPE_COERCE", "Value is not a valid enum value."),
        }
        let label = one["label"].as_str().unwrap_or_default();
        if label.is_empty() && one["emoji"].is_null() {
            self.add("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji.");
        }
        if label.chars().count() > 80 {
            self.add("label", "BASE_TYPE_MAX_LENGTH", "Must be 80 or fewer in length.");
        }
        self.counted(one)
    }

    fn select(&mut self, one: &Value) -> Value {
        self.custom_id(one);
        if one["type"] == STRING_SELECT {
            let options = one["options"].as_array().map_or(&[][..], |list| list);
            self.between("options", options.len(), (1, 25));
            self.inside("options", options, |look, option| {
                for name in ["label", "value"] {
                    let length = option[name].as_str().unwrap_or_default().chars().count();
                    look.between(name, length, (1, 100));
                }
                Value::Null
            });
        }
        with_defaults(self.counted(one), &[("min_values", json!(1)), ("max_values", json!(1))])
    }

    /// What stands directly in a form.
    fn of_form(&mut self, one: &Value) -> Value {
        let mut shown = self.counted(one);
        match one["type"].as_u64() {
            Some(ROW) => {
                self.between("components", children(one).len(), (1, 1));
                shown["components"] = self.inside("components", children(one), |look, one| {
                    let length = one["label"].as_str().unwrap_or_default().chars().count();
                    look.between("label", length, (1, 45));
                    look.field(one)
                });
            }
            Some(LABEL) => {
                let length = one["label"].as_str().unwrap_or_default().chars().count();
                self.between("label", length, (1, 45));
                self.path.push("component".to_owned());
                shown["component"] = self.field(&one["component"]);
                self.path.pop();
            }
            Some(TEXT) => {}
            _ => shown = self.unknown(one),
        }
        shown
    }

    fn field(&mut self, one: &Value) -> Value {
        let kind = one["type"].as_u64().unwrap_or_default();
        if SELECTS.contains(&kind) {
            return self.select(one);
        }
        if kind != TEXT_INPUT {
            return self.unknown(one);
        }
        self.custom_id(one);
        if !matches!(one["style"].as_u64(), Some(1 | 2)) {
            self.add("style", "ENUM_TYPE_COERCE", "Value is not a valid enum value.");
        }
        for (name, most) in [("value", 4000), ("placeholder", 100)] {
            let length = one[name].as_str().unwrap_or_default().chars().count();
            self.between(name, length, (0, most));
        }
        for (name, most) in [("min_length", 4000), ("max_length", 4000)] {
            if one[name].as_u64().is_some_and(|length| length > most) {
                self.add(
                    name,
                    "NUMBER_TYPE_MAX",
                    "int value should be less than or equal to 4000.",
                );
            }
        }
        self.counted(one)
    }
}

/// A component with what Discord adds where nothing is said.
fn with_defaults(mut shown: Value, defaults: &[(&str, Value)]) -> Value {
    for (name, value) in defaults {
        if shown[name].is_null() {
            shown[name] = value.clone();
        }
    }
    shown
}

fn children(one: &Value) -> &[Value] {
    one["components"].as_array().map_or(&[][..], |list| list)
}
