//! `views.*`: modals, which answer to what a person did just now, and the home tab.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::blocks;
use super::super::fail::{Answer, Fail};
use super::super::world::{Install, World};
use super::Call;

/// The most modals on top of each other.
const MOST: usize = 3;

/// `views.open`.
pub fn open(call: &mut Call<'_>) -> Answer {
    let user = triggered(call)?;
    let view = checked(call, "modal")?;
    let view = call.world.add_modal(&user, &view, &call.install.clone(), true);
    Ok(json!({ "view": view }))
}

/// `views.push`.
pub fn push(call: &mut Call<'_>) -> Answer {
    let user = triggered(call)?;
    let view = checked(call, "modal")?;
    if call.world.user(&user).expect("known").modals.len() >= MOST {
        return Err(Fail::new("push_limit_reached"));
    }
    let view = call.world.add_modal(&user, &view, &call.install.clone(), false);
    Ok(json!({ "view": view }))
}

/// `views.update`, unless it changed since the hash.
pub fn update(call: &mut Call<'_>) -> Answer {
    let view = checked(call, "modal")?;
    let (id, outside) = (call.args.text("view_id"), call.args.text("external_id"));
    let wanted = |known: &Value| {
        id.is_some_and(|id| known["id"] == id)
            || outside.is_some_and(|outside| known["external_id"] == outside)
    };
    let mut standing = call.world.users.iter().flat_map(|user| &user.modals);
    let before = standing.find(|known| wanted(known)).cloned();
    let before = before.ok_or_else(|| Fail::new("not_found"))?;
    if call.args.text("hash").is_some_and(|hash| before["hash"] != hash) {
        return Err(Fail::new("hash_conflict"));
    }
    let view = call.world.replace_modal(&before, &view, &call.install.clone());
    Ok(json!({ "view": view }))
}

/// `views.publish`: the home tab of someone.
pub fn publish(call: &mut Call<'_>) -> Answer {
    let view = checked(call, "home")?;
    let id = call.args.need("user_id", "invalid_arguments")?.to_owned();
    let install = call.install.clone();
    let before = call.world.user(&id).ok_or_else(|| Fail::new("user_not_found"))?.home.clone();
    let hash = call.args.text("hash");
    if let (Some(hash), Some(before)) = (hash, before)
        && before["hash"] != hash
    {
        return Err(Fail::new("hash_conflict"));
    }
    let view = call.world.dressed(&view, &install);
    call.world.user_mut(&id).expect("known").home = Some(view.clone());
    Ok(json!({ "view": view }))
}

fn triggered(call: &mut Call<'_>) -> Result<String, Fail> {
    let id = call.args.need("trigger_id", "invalid_trigger_id")?;
    let trigger = call.world.triggers.get_mut(id);
    let trigger = trigger.ok_or_else(|| Fail::new("invalid_trigger_id"))?;
    if trigger.used {
        return Err(Fail::new("exchanged_trigger_id"));
    }
    if trigger.until < Instant::now() {
        return Err(Fail::new("expired_trigger_id"));
    }
    trigger.used = true;
    Ok(trigger.user.clone())
}

fn checked(call: &Call<'_>, kind: &str) -> Result<Value, Fail> {
    let view = call.args.json("view")?.ok_or_else(|| Fail::new("invalid_arguments"))?;
    if view["type"] != kind {
        let wrong = format!("[ERROR] must be {kind} [json-pointer:/view/type]");
        return Err(Fail::because("invalid_arguments", &[wrong]));
    }
    if blocks::is_too_large(&view) {
        return Err(Fail::new("view_too_large"));
    }
    let wrong = blocks::of_view(&view);
    if !wrong.is_empty() {
        return Err(Fail::because("invalid_arguments", &wrong));
    }
    let outside = view["external_id"].as_str().filter(|id| !id.is_empty());
    let mut standing = call.world.users.iter().flat_map(|user| &user.modals);
    if call.args.text("view_id").is_none()
        && outside.is_some_and(|id| standing.any(|known| known["external_id"] == id))
    {
        return Err(Fail::new("duplicate_external_id"));
    }
    Ok(view)
}

impl World {
    /// Shows a modal to someone; as the first one, or on top.
    pub fn add_modal(&mut self, user: &str, view: &Value, install: &Install, first: bool) -> Value {
        let mut view = self.dressed(view, install);
        let user = self.user_mut(user).expect("a known person");
        if first {
            user.modals.clear();
        }
        if let Some(below) = user.modals.last() {
            view["previous_view_id"] = below["id"].clone();
            view["root_view_id"] = below["root_view_id"].clone();
        }
        user.modals.push(view.clone());
        view
    }

    /// Shows a modal instead of another.
    pub fn replace_modal(&mut self, before: &Value, view: &Value, install: &Install) -> Value {
        let mut view = self.dressed(view, install);
        for name in ["id", "root_view_id", "previous_view_id", "state"] {
            view[name] = before[name].clone();
        }
        let standing = self.users.iter_mut().flat_map(|user| &mut user.modals);
        for known in standing.filter(|known| known["id"] == before["id"]) {
            *known = view.clone();
        }
        view
    }

    /// A view with all that Slack adds to it.
    pub fn dressed(&mut self, view: &Value, install: &Install) -> Value {
        let mut view = view.clone();
        let id = self.id("V");
        super::chat::name_blocks(&mut view["blocks"]);
        for (name, empty) in [
            ("private_metadata", json!("")),
            ("callback_id", json!("")),
            ("external_id", json!("")),
            ("close", Value::Null),
            ("submit", Value::Null),
            ("clear_on_close", json!(false)),
            ("notify_on_close", json!(false)),
        ] {
            if view[name].is_null() {
                view[name] = empty;
            }
        }
        view["root_view_id"] = json!(id);
        view["id"] = json!(id);
        view["previous_view_id"] = Value::Null;
        view["team_id"] = json!(install.team);
        view["app_id"] = json!(install.app);
        view["app_installed_team_id"] = json!(install.team);
        view["bot_id"] = json!(install.bot);
        view["state"] = json!({ "values": {} });
        view["hash"] = json!(format!("{}.h{}", self.now(), self.next()));
        view
    }
}
