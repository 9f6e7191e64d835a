//! Slack: whether its tokens are good, what they may do, and whether it is in the channels.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::finding::Finding;
use crate::chat::slack::grant::Grant;
use crate::chat::slack::health::{no_bot, no_socket};
use crate::chat::slack::manifest::SCOPES;
use crate::chat::slack::{Api, Failed, Install, Installs, own};
use crate::cli::keys::{self, Missing};
use crate::config::{Mode, Settings};
use crate::domain::member::Platform;
use crate::domain::practice::{ChannelRef, Purpose};
use crate::domain::secret::Secret;
use crate::ports::installs::KeepsInstalls;
use crate::ports::store::Store;
use crate::store::Sql;

const NAME: &str = "slack";

/// Looks at Slack, if the settings name it.
pub(super) async fn look(
    findings: &mut Vec<Finding>,
    settings: &Settings,
    (data, store): (&Path, Option<&Sql>),
) {
    let Some(slack) = &settings.slack else { return };
    let installs = Arc::<Installs>::default();
    let api = match Api::new(&slack.api_url, installs.clone()) {
        Ok(api) => api,
        Err(error) => {
            let todo = "install the certificates that this machine is to trust (ca-certificates)";
            return findings.push(Finding::fail(NAME, format!("{error:#}"), todo));
        }
    };
    if let Some(token) = &slack.bot_token {
        findings.extend(workspace(&api, token, &installs).await);
    } else if let Some(store) = store {
        several(findings, &api, (data, store, &installs)).await;
    }
    match (slack.mode, &slack.app_token) {
        (Mode::Socket, Some(token)) => findings.push(socket(&api, token).await),
        _ => findings.push(address(settings)),
    }
    if let Some(store) = store {
        channels(findings, &api, store).await;
    }
}

/// Who the token is, and what it may do.
async fn workspace(api: &Api, token: &Secret, installs: &Installs) -> Vec<Finding> {
    match own::identify(api, token).await {
        Err(failed) => vec![Finding::fail(NAME, no_bot(&failed), todo_of(&failed))],
        Ok(install) => {
            let team = install.team.clone();
            installs.put(install);
            let what = format!("the app is in the workspace {team}: channels are slack:{team}/ID");
            vec![Finding::ok(NAME, what), scopes(api, token, &team).await]
        }
    }
}

async fn scopes(api: &Api, token: &Secret, team: &str) -> Finding {
    let granted: BTreeSet<String> = match api.scopes(token).await {
        Ok(granted) => granted.into_iter().collect(),
        Err(failed) => return Finding::fail(NAME, failed.to_string(), todo_of(&failed)),
    };
    let missing: Vec<&str> = SCOPES.into_iter().filter(|scope| !granted.contains(*scope)).collect();
    if missing.is_empty() {
        return Finding::ok(NAME, format!("{team}: the app has all the scopes that it needs"));
    }
    let what = format!("{team}: the app lacks the scopes {}", missing.join(", "));
    let todo = "put `countersign slack manifest` into the app's manifest, and install it again";
    Finding::fail(NAME, what, todo)
}

/// Each workspace that installed the app.
async fn several(
    findings: &mut Vec<Finding>,
    api: &Api,
    (data, store, installs): (&Path, &Sql, &Installs),
) {
    let vault = match keys::vault(data, Missing::NeverMade) {
        Ok(vault) => vault,
        Err(error) => {
            let todo = "put the key vault there";
            return findings.push(Finding::fail("keys", format!("{error:#}"), todo));
        }
    };
    let all = match store.installs(Platform::Slack).await {
        Ok(all) => all,
        Err(error) => {
            let todo = "look at the database";
            return findings.push(Finding::fail(NAME, error.to_string(), todo));
        }
    };
    if all.iter().all(|kept| kept.gone.is_some()) {
        let todo = "open web.public_url with /slack/install behind it, once it serves";
        findings.push(Finding::warn(NAME, "no workspace has installed the app", todo));
    }
    for kept in all {
        let name = &kept.workspace;
        if kept.gone.is_some() {
            let what = format!("{name} took the app out");
            findings.push(Finding::warn(NAME, what, format!("install it in {name} again")));
            continue;
        }
        match Grant::open(&vault, name, &kept.sealed) {
            Err(shut) => {
                let todo = "put the right key vault back, or install it there again";
                findings.push(Finding::fail(NAME, format!("the install of {name}: {shut}"), todo));
            }
            Ok(grant) => {
                installs.put(grant.install(name));
                findings.push(scopes(api, &grant.token(), name).await);
            }
        }
    }
}

/// Whether sockets can be opened. The one that is asked for here is not.
async fn socket(api: &Api, token: &Secret) -> Finding {
    let apps = api.installs().apps();
    let of = token.reveal().split('-').nth(2).unwrap_or_default();
    if of.starts_with('A') && !apps.is_empty() && !apps.contains(of) {
        let what = format!("slack.app_token is of the app {of}, and slack.bot_token is not");
        return Finding::fail(NAME, what, "take both from the same app");
    }
    match api.open_socket(token).await {
        Ok(_) => Finding::ok(NAME, "sockets can be opened"),
        Err(failed) => Finding::fail(NAME, no_socket(&failed), todo_of(&failed)),
    }
}

fn address(settings: &Settings) -> Finding {
    let public = settings.web.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
    Finding::ok(NAME, format!("Slack has to reach {public}/slack/events; nobody can try it here"))
}

/// Whether the app is in every channel of every practice.
async fn channels(findings: &mut Vec<Finding>, api: &Api, store: &Sql) {
    let Ok(practices) = store.practices().await else { return };
    for id in practices {
        // What keeps it from being read is said of the practice itself.
        let Ok(Some(practice)) = store.practice(&id).await else { continue };
        let of_slack = practice.channels.iter();
        for (purpose, channel) in of_slack.filter(|(_, at)| at.platform == Platform::Slack) {
            findings.extend(channel_of(api, &practice.name, (*purpose, channel)).await);
        }
    }
}

async fn channel_of(
    api: &Api,
    practice: &str,
    (purpose, at): (Purpose, &ChannelRef),
) -> Option<Finding> {
    let which = format!("{practice}: the channel for {purpose}, {at}");
    let Some(Install { team, .. }) = api.install(&at.workspace) else {
        let what = format!("{which}, is in a workspace that has no app");
        let todo = "name the workspace that check names, or install the app there";
        return Some(Finding::fail(NAME, what, todo));
    };
    let invite = format!("write /invite @Countersign in {}", at.channel);
    match api.get(&team, "conversations.info", &[("channel", &at.channel)]).await {
        Ok(said) if said["channel"]["is_archived"] == true => {
            Some(Finding::warn(NAME, format!("{which}, is archived"), "name another channel"))
        }
        Ok(said) if said["channel"]["is_member"] == true => None,
        Ok(_) => Some(Finding::warn(NAME, format!("{which}, does not have the app in it"), invite)),
        Err(Failed::Refused(code)) if code == "channel_not_found" => {
            let what = format!("{which}, is not there, or is private and does not have the app");
            Some(Finding::warn(NAME, what, invite))
        }
        Err(failed) => Some(Finding::warn(NAME, format!("{which}: {failed}"), todo_of(&failed))),
    }
}

fn todo_of(failed: &Failed) -> &'static str {
    match failed {
        Failed::Refused(_) | Failed::NotInstalled => "docs/slack.md says where each token is",
        Failed::Limited(_) => "try again in a minute",
        Failed::Away(_) | Failed::Unknown(_) => "see that slack.api_url can be reached from here",
    }
}
