//! What a person does with an open modal, and what becomes of it.

use serde_json::{Value, json};

use super::deliver::Kind;
use super::person::Person;
use super::pressed;
use super::world::World;

/// What becomes of a modal that is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is closed.
    Closed,
    /// It stays, with an error at these blocks.
    Wrong(Vec<(String, String)>),
    /// Another is shown instead, or on top.
    Another,
    /// The app said nothing in time, or nothing that is understood.
    Trouble,
}

impl Person {
    /// Fills in fields by their labels, and submits the modal on top.
    pub async fn submits(&self, filled: &[(&str, &str)]) -> Submitted {
        let view = self.modal().expect("a modal is open");
        let state = pressed::state(&view["blocks"], filled);
        let lacking = pressed::lacking(&view["blocks"], &state);
        if !lacking.is_empty() {
            let why = "Please complete this required field.".to_owned();
            return Submitted::Wrong(lacking.into_iter().map(|id| (id, why.clone())).collect());
        }
        let answer = self.slack.sim.with(|world| {
            let mut view = view.clone();
            view["state"] = json!({ "values": state });
            let install = install(world, &view);
            let mut payload = world.interaction("view_submission", &install, &self.id);
            payload["view"] = view;
            payload["response_urls"] = json!([]);
            world.ask(&install.app, Kind::Interactive, payload)
        });
        match answer.await.ok().flatten() {
            None => Submitted::Trouble,
            Some(said) => self.slack.sim.with(|world| becomes(world, &self.id, &view, &said)),
        }
    }

    /// Closes the modal on top; the app hears of it only if it asked to.
    pub fn closes(&self) {
        self.slack.sim.with(|world| {
            let user = world.user_mut(&self.id).expect("known");
            let view = user.modals.pop().expect("a modal is open");
            if view["notify_on_close"] == true {
                let install = install(world, &view);
                let mut payload = world.interaction("view_closed", &install, &self.id);
                payload["view"] = view;
                payload["is_cleared"] = json!(false);
                drop(world.ask(&install.app, Kind::Interactive, payload));
            }
        });
    }

    /// Presses a button in the modal on top, or on the home tab when none is open.
    pub async fn presses_in_view(&self, label: &str) -> Result<(), &'static str> {
        let view = self.modal().or_else(|| self.home()).expect("a view is shown");
        let answer = self.slack.sim.with(|world| {
            let install = install(world, &view);
            let mut payload = world.interaction("block_actions", &install, &self.id);
            let action = pressed::action(&view["blocks"], label, &world.ts());
            payload["container"] = json!({ "type": "view", "view_id": view["id"] });
            payload["view"] = view;
            payload["actions"] = json!([action]);
            world.ask(&install.app, Kind::Interactive, payload)
        });
        answer.await.ok().flatten().map(|_| ()).ok_or("operation_timeout")
    }
}

fn install(world: &World, view: &Value) -> super::world::Install {
    let app = view["app_id"].as_str().expect("an app's view");
    let team = view["team_id"].as_str().expect("a workspace's view");
    world.install(app, team).expect("the app is there").clone()
}

fn becomes(world: &mut World, user: &str, view: &Value, said: &Value) -> Submitted {
    let install = install(world, view);
    match said["response_action"].as_str() {
        None => {
            let modals = &mut world.user_mut(user).expect("known").modals;
            modals.retain(|known| known["id"] != view["id"]);
            Submitted::Closed
        }
        Some("clear") => {
            world.user_mut(user).expect("known").modals.clear();
            Submitted::Closed
        }
        Some("errors") => wrong(view, said),
        Some(action @ ("update" | "push")) => {
            if !super::blocks::of_view(&said["view"]).is_empty() {
                return Submitted::Trouble;
            }
            match action {
                "update" => world.replace_modal(view, &said["view"], &install),
                _ => world.add_modal(user, &said["view"], &install, false),
            };
            Submitted::Another
        }
        Some(_) => Submitted::Trouble,
    }
}

/// Errors stand at input blocks of the view; anything else is not understood.
fn wrong(view: &Value, said: &Value) -> Submitted {
    let inputs = view["blocks"].as_array().into_iter().flatten().filter(|b| b["type"] == "input");
    let known: Vec<&str> = inputs.filter_map(|block| block["block_id"].as_str()).collect();
    let Some(errors) = said["errors"].as_object() else { return Submitted::Trouble };
    if errors.is_empty() || errors.keys().any(|id| !known.contains(&id.as_str())) {
        return Submitted::Trouble;
    }
    let errors = errors.iter();
    Submitted::Wrong(
        errors.map(|(id, why)| (id.clone(), why.as_str().unwrap_or_default().to_owned())).collect(),
    )
}
