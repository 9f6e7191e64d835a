//! Discord: whether its token is good, and whether the app may do what it has to in the channels.

use serenity::http::Route;

use super::finding::Finding;
use crate::chat::discord::invite::{invite, lacks, may_read_all};
use crate::chat::discord::seen::Looker;
use crate::chat::discord::{Api, Failed, Wires};
use crate::config::Settings;
use crate::domain::member::Platform;
use crate::domain::practice::{ChannelRef, Purpose};
use crate::ports::store::Store;

const NAME: &str = "discord";

/// Looks at Discord, if the settings name it.
pub(super) async fn look(
    findings: &mut Vec<Finding>,
    settings: &Settings,
    store: Option<&dyn Store>,
) {
    let Some(discord) = &settings.discord else { return };
    let Some(token) = discord.token.clone() else { return };
    let api = match Api::new(&discord.api_url, token) {
        Ok(api) => api,
        Err(error) => {
            let todo = "install the certificates that this machine is to trust (ca-certificates)";
            return findings.push(Finding::fail(NAME, format!("{error:#}"), todo));
        }
    };
    let wires = Wires::new(api.clone());
    let own = match wires.directory.own().await {
        Ok(own) => own,
        Err(failed) => {
            return findings.push(Finding::fail(NAME, failed.to_string(), todo_of(&failed)));
        }
    };
    let what = format!("the token is of the app {}: invite it at {}", own.app, invite(&own.app));
    findings.push(Finding::ok(NAME, what));
    findings.push(heard(&api, discord.message_content).await);
    findings.extend(sessions(&api).await);
    let Some(store) = store else { return };
    let looker = Looker::new(api, wires.directory.clone());
    let Ok(practices) = store.practices().await else { return };
    for id in practices {
        // What keeps it from being read is said of the practice itself.
        let Ok(Some(practice)) = store.practice(&id).await else { continue };
        let here = practice.channels.iter().filter(|(_, at)| at.platform == Platform::Discord);
        for (purpose, channel) in here {
            findings.extend(channel_of(&looker, &practice.name, (*purpose, channel)).await);
        }
    }
}

/// What is heard, and whether the app may hear it.
async fn heard(api: &Api, all: bool) -> Finding {
    if !all {
        let what = "ideas are heard that call the app, or are made by /post or from a message";
        return Finding::ok(NAME, what);
    }
    match api.get(Route::Oauth2ApplicationCurrent, &[]).await {
        Ok(app) if may_read_all(&app) => Finding::ok(NAME, "whatever people write is heard"),
        Ok(_) => {
            let what =
                "discord.message_content is true, and the app may not read what people write";
            Finding::fail(NAME, what, "switch on Message Content Intent for the app, under Bot")
        }
        Err(failed) => Finding::warn(NAME, failed.to_string(), todo_of(&failed)),
    }
}

/// How many sessions may still be begun today, where that is few.
async fn sessions(api: &Api) -> Option<Finding> {
    let said = api.get(Route::GatewayBot, &[]).await.ok()?;
    let limit = &said["session_start_limit"];
    let (left, total) = (limit["remaining"].as_u64()?, limit["total"].as_u64()?);
    let what = format!("{left} of {total} sessions are left today: the connection is begun seldom");
    let todo = "look in the log why its connections end, and do not start the program again";
    (left <= total / 2).then(|| Finding::warn(NAME, what, todo))
}

async fn channel_of(
    looker: &Looker,
    practice: &str,
    (purpose, at): (Purpose, &ChannelRef),
) -> Option<Finding> {
    let which = format!("{practice}: the channel for {purpose}, {at}");
    match looker.own_may(at).await.map(lacks) {
        Ok(missing) if missing.is_empty() => None,
        Ok(missing) => {
            let what = format!("{which}, does not let the app {}", missing.join(", "));
            let todo = "give the app these permissions, in the channel or by its role";
            Some(Finding::fail(NAME, what, todo))
        }
        Err(Failed::Refused(10_003 | 10_004 | 50_001)) => {
            let what = format!("{which}, is not there, or does not have the app in it");
            let todo = "invite the app into the server, and let it see the channel";
            Some(Finding::fail(NAME, what, todo))
        }
        Err(failed) => Some(Finding::warn(NAME, format!("{which}: {failed}"), todo_of(&failed))),
    }
}

fn todo_of(failed: &Failed) -> &'static str {
    match failed {
        Failed::Refused(401) => "take a new token under Bot, Reset Token",
        Failed::Refused(_) => "look at the app's page",
        Failed::Limited(_) | Failed::Old(..) => "wait a little, and check again",
        Failed::Away(_) | Failed::Unknown(_) => "look whether this machine reaches discord.api_url",
    }
}
