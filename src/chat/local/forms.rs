//! The HTTP API's answers about buttons and forms.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::acts::Heard;
use super::asked::Asked;
use super::handlers::{Answer, whole};
use super::pressing::{self, Opens};
use super::problem::Problem;
use super::state::Local;
use crate::ports::intake::Field;

#[derive(Deserialize)]
pub(super) struct Opening {
    #[serde(rename = "as")]
    person: String,
    message: Option<String>,
    button: Option<String>,
    channel: Option<String>,
    command: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Pressing {
    #[serde(rename = "as")]
    person: String,
    button: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Sending {
    channel: String,
    #[serde(flatten)]
    pressed: Pressing,
}

pub(super) async fn form(
    State(local): State<Local>,
    Query(asked): Query<Opening>,
) -> Answer<Json<Value>> {
    let Opening { person, message, button, channel, command } = asked;
    let opens = match (message, button, channel, command) {
        (Some(message), Some(button), None, None) => Opens::Button { message, button },
        (None, None, Some(channel), Some(command)) => Opens::Command { channel, command },
        _ => {
            let why = "ask for a message's button, or for a command in a channel";
            return Err(Problem::unreadable(why));
        }
    };
    let form = pressing::opened(&local.hearing, &person, &opens).await?;
    Ok(Json(json!({ "form": form })))
}

pub(super) async fn press(
    State(local): State<Local>,
    Path(id): Path<String>,
    Asked(asked): Asked<Pressing>,
) -> Answer<(StatusCode, Json<Heard>)> {
    let to = local.hearing;
    let heard = whole(async move {
        let (person, button, fields) = asked.parts();
        pressing::press(&to, &person, &id, (&button, fields)).await
    });
    Ok((StatusCode::CREATED, Json(heard.await?)))
}

pub(super) async fn send(
    State(local): State<Local>,
    Asked(asked): Asked<Sending>,
) -> Answer<(StatusCode, Json<Heard>)> {
    let to = local.hearing;
    let heard = whole(async move {
        let (person, button, fields) = asked.pressed.parts();
        pressing::send(&to, &person, &asked.channel, (&button, fields)).await
    });
    Ok((StatusCode::CREATED, Json(heard.await?)))
}

impl Pressing {
    fn parts(self) -> (String, String, Vec<Field>) {
        let fields = self.fields.into_iter();
        let fields = fields.map(|(name, value)| Field { name, value }).collect();
        (self.person, self.button, fields)
    }
}
