//! What Discord's own client makes of commands, components and forms.

use serde_json::{Map, Value, json};

use super::id::Id;
use super::world::World;

/// What an app hears of a button, found by the words on it.
pub fn button(components: &[Value], label: &str) -> Value {
    let found = all(components).into_iter().find(|one| one["type"] == 2 && one["label"] == label);
    let button = found.unwrap_or_else(|| panic!("there is no {label:?} in {components:?}"));
    assert!(button["disabled"] != true, "{label:?} is off");
    assert!(button["custom_id"].is_string(), "{label:?} only leads elsewhere");
    json!({ "component_type": 2, "custom_id": button["custom_id"], "id": button["id"] })
}

/// What an app hears of a menu, found by the words of one of its options.
pub fn menu(components: &[Value], label: &str) -> Value {
    for menu in all(components).into_iter().filter(|one| one["type"] == 3) {
        let options = menu["options"].as_array().into_iter().flatten();
        if let Some(option) = options.into_iter().find(|option| option["label"] == label) {
            return json!({
                "component_type": 3, "custom_id": menu["custom_id"], "id": menu["id"],
                "values": [option["value"]],
            });
        }
    }
    panic!("there is no {label:?} in {components:?}")
}

/// Components, and those inside them.
fn all(components: &[Value]) -> Vec<&Value> {
    let mut found = Vec::new();
    for one in components {
        found.push(one);
        if let Some(inner) = one["components"].as_array() {
            found.extend(all(inner));
        }
        found.extend(
            ["accessory", "component"].map(|name| &one[name]).iter().filter(|v| v.is_object()),
        );
    }
    found
}

/// A form with what was typed into its fields.
pub fn filled(form: &Value, fields: &[(&str, &str)]) -> Result<Value, &'static str> {
    let rows = form["components"].as_array().expect("a form has fields").iter();
    let unlabeled = |one: &&Value| one["type"] == 1 || one["type"] == 18;
    let rows = rows.filter(unlabeled).map(|row| {
        if row["type"] == 1 {
            let field = &row["components"][0];
            let field = field_of(field, &field["label"], fields)?;
            return Ok(json!({ "type": 1, "id": row["id"], "components": [field] }));
        }
        let field = field_of(&row["component"], &row["label"], fields)?;
        Ok(json!({ "type": 18, "id": row["id"], "component": field }))
    });
    rows.collect()
}

fn field_of(field: &Value, label: &Value, fields: &[(&str, &str)]) -> Result<Value, &'static str> {
    let typed = fields.iter().find(|(known, _)| label == *known).map(|(_, text)| *text);
    let mut said =
        json!({ "type": field["type"], "id": field["id"], "custom_id": field["custom_id"] });
    if field["type"] != 4 {
        let options = field["options"].as_array().into_iter().flatten();
        let picked =
            options.into_iter().filter(|option| typed.is_some_and(|t| option["label"] == t));
        said["values"] = picked.map(|option| option["value"].clone()).collect();
        return Ok(said);
    }
    let text = typed.or(field["value"].as_str()).unwrap_or_default();
    let length = text.chars().count() as u64;
    let is_short = length < field["min_length"].as_u64().unwrap_or(0);
    if length > field["max_length"].as_u64().unwrap_or(4000) || is_short && length > 0 {
        return Err("a field has too few characters or too many");
    }
    if length == 0 && field["required"] != false {
        return Err("a field is empty that must not be");
    }
    said["value"] = json!(text);
    Ok(said)
}

/// The options of a command with what was given for them, inside its subcommands.
pub fn options(
    world: &World,
    (known, guild): (&Value, Option<Id>),
    subcommands: &[&str],
    given: (&[(&str, &str)], Option<&str>),
    resolved: &mut Map<String, Value>,
) -> Value {
    let list = known.as_array().map_or(&[][..], |list| list);
    if let Some((first, rest)) = subcommands.split_first() {
        let sub = list.iter().find(|one| one["name"] == *first);
        let sub = sub.unwrap_or_else(|| panic!("there is no subcommand {first}"));
        let inner = options(world, (&sub["options"], guild), rest, given, resolved);
        return json!([{ "name": first, "type": sub["type"], "options": inner }]);
    }
    let (given, focused) = given;
    let values = given.iter().map(|(name, text)| {
        let option = list.iter().find(|one| one["name"] == *name);
        let option = option.unwrap_or_else(|| panic!("there is no option {name}"));
        let is_focused = focused == Some(*name);
        assert!(!is_focused || option["autocomplete"] == true, "nobody is asked about {name}");
        let value = match option["type"].as_u64() {
            // What is not a number yet may become one.
            Some(4) if is_focused => json!(text),
            Some(4) => json!(text.parse::<i64>().expect("a number")),
            Some(5) => json!(*text == "true"),
            Some(11) => json!(file(world, text, resolved)),
            Some(6) => json!(person(world, guild, text, resolved)),
            _ => json!(text),
        };
        let mut said = json!({ "name": name, "type": option["type"], "value": value });
        if is_focused {
            said["focused"] = json!(true);
        }
        said
    });
    values.collect()
}

/// A file that is given for an option; the app is told where it is.
fn file(world: &World, id: &str, resolved: &mut Map<String, Value>) -> Id {
    let file = id.parse().ok().and_then(|id| world.file(id)).expect("a file was given");
    let files = resolved.entry("attachments").or_insert_with(|| json!({}));
    files[id] = world.file_json(file);
    file.id
}

/// Somebody who is named in an option; the app is told who that is.
pub fn person(
    world: &World,
    guild: Option<Id>,
    name: &str,
    resolved: &mut Map<String, Value>,
) -> Id {
    let user = world.users.iter().find(|user| user.name == name);
    let user = user.unwrap_or_else(|| panic!("there is nobody called {name}"));
    let id = user.id.to_string();
    let users = resolved.entry("users").or_insert_with(|| json!({}));
    users[&id] = user.json();
    if let Some(member) = guild.and_then(|guild| world.member(guild, user.id)) {
        let members = resolved.entry("members").or_insert_with(|| json!({}));
        members[&id] = world.member_json(member, false);
    }
    user.id
}
