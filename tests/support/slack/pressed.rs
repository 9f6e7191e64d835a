//! What Slack's own client makes of blocks: the action of a press, the state of a form.

use serde_json::{Map, Value, json};

/// The action of pressing a button, or of picking an option, by the words on it.
pub fn action(blocks: &Value, label: &str, at: &str) -> Value {
    for block in blocks.as_array().into_iter().flatten() {
        for element in elements(block) {
            let mut action = json!({
                "type": element["type"], "action_id": element["action_id"],
                "block_id": block["block_id"], "action_ts": at,
            });
            if element["text"]["text"] == label {
                action["text"] = element["text"].clone();
                if !element["value"].is_null() {
                    action["value"] = element["value"].clone();
                }
                return action;
            }
            if let Some(option) = option(element, label) {
                action["selected_option"] = option.clone();
                return action;
            }
        }
    }
    panic!("there is no {label:?} in {blocks:#}")
}

/// The action of pressing the button with a value; as it once stood there, if it does no more.
pub fn action_of(blocks: &Value, value: &str, at: &str) -> Value {
    let all = blocks.as_array().into_iter().flatten();
    let mut pairs = all.flat_map(|block| elements(block).map(move |element| (block, element)));
    let found = pairs.find(|(_, element)| element["value"] == value);
    let (block, element) = found.unwrap_or((&Value::Null, &Value::Null));
    let id = element["action_id"].as_str().unwrap_or("does:0");
    json!({
        "type": "button", "action_id": id, "block_id": block["block_id"], "action_ts": at,
        "value": value, "text": { "type": "plain_text", "text": "", "emoji": false },
    })
}

/// What a form holds, when some fields, named by their labels, are filled in.
pub fn state(blocks: &Value, filled: &[(&str, &str)]) -> Value {
    let mut state = Map::new();
    for block in blocks.as_array().into_iter().flatten() {
        let label = block["label"]["text"].as_str().unwrap_or_default();
        let typed = filled.iter().find(|(known, _)| *known == label).map(|(_, text)| *text);
        for element in elements(block).filter(|element| element["type"] != "button") {
            let Some(action) = element["action_id"].as_str() else { continue };
            let block = block["block_id"].as_str().unwrap_or_default().to_owned();
            let values = state.entry(block).or_insert_with(|| json!({}));
            values[action] = value(element, typed);
        }
    }
    Value::Object(state)
}

/// The blocks of required fields that are empty.
pub fn lacking(blocks: &Value, state: &Value) -> Vec<String> {
    let inputs = blocks
        .as_array()
        .into_iter()
        .flatten()
        .filter(|block| block["type"] == "input" && block["optional"] != true);
    let empty = inputs.filter(|block| {
        let id = block["block_id"].as_str().unwrap_or_default();
        let values = state[id].as_object().into_iter().flatten();
        values.flat_map(|(_, value)| value.as_object().expect("an object")).all(|(name, value)| {
            name == "type" || value.is_null() || *value == "" || *value == json!([])
        })
    });
    empty.filter_map(|block| Some(block["block_id"].as_str()?.to_owned())).collect()
}

fn elements(block: &Value) -> impl Iterator<Item = &Value> {
    let list = block["elements"].as_array().into_iter().flatten();
    list.chain(["element", "accessory"].map(|name| &block[name])).filter(|e| e.is_object())
}

fn option<'a>(element: &'a Value, label: &str) -> Option<&'a Value> {
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.flat_map(|group| group["options"].as_array().into_iter().flatten());
    let options = element["options"].as_array().into_iter().flatten().chain(grouped);
    options.into_iter().find(|option| option["text"]["text"] == label)
}

/// The value of one field: what was typed or picked, or what it began with.
fn value(element: &Value, typed: Option<&str>) -> Value {
    let kind = element["type"].as_str().unwrap_or_default();
    let (name, begins) = match kind {
        "static_select" | "radio_buttons" | "external_select" => {
            ("selected_option", "initial_option")
        }
        "checkboxes" | "multi_static_select" => ("selected_options", "initial_options"),
        "users_select" => ("selected_user", "initial_user"),
        "multi_users_select" => ("selected_users", "initial_users"),
        "conversations_select" => ("selected_conversation", "initial_conversation"),
        "channels_select" => ("selected_channel", "initial_channel"),
        "datepicker" => ("selected_date", "initial_date"),
        "timepicker" => ("selected_time", "initial_time"),
        "datetimepicker" => ("selected_date_time", "initial_date_time"),
        "file_input" => ("files", "files"),
        _ => ("value", "initial_value"),
    };
    let chosen = typed.map(|typed| match name {
        "selected_option" => option(element, typed).expect("such an option").clone(),
        "selected_options" | "selected_users" | "files" => {
            let picked = typed.split(", ").filter(|one| !one.is_empty());
            picked.map(|one| option(element, one).cloned().unwrap_or_else(|| json!(one))).collect()
        }
        _ => json!(typed),
    });
    let empty = if name == "selected_options" || name == "selected_users" {
        json!([])
    } else {
        Value::Null
    };
    let begun = element.get(begins).cloned().unwrap_or(empty);
    json!({ "type": kind, name: chosen.unwrap_or(begun) })
}
