//! What bots ask and what the simulator answers, held against Discord's own `OpenAPI` document.
//!
//! The document itself is not here: schemas made of it come with the clients, and so this is run
//! only where they are.

use std::process::Command;

use serde_json::{Value, json};

use crate::bench::{asks, says, sends};
use crate::clients::{python, scripts};
use crate::discord::{Discord, How};

/// Holds all that was asked of a simulator, and answered, against the document.
#[track_caller]
pub fn agrees(discord: &Discord) {
    let lines: Vec<String> = discord.with(|world| {
        let calls = world.calls.iter().map(|call| {
            let line = json!({
                "route": call.route, "path": call.path, "request": call.request,
                "status": call.status, "answer": call.answer,
            });
            line.to_string()
        });
        calls.collect()
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("calls.jsonl");
    std::fs::write(&file, lines.join("\n")).expect("written");
    let looked = Command::new("node")
        .current_dir(scripts())
        .arg("openapi.mjs")
        .stdin(std::fs::File::open(&file).expect("there"))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&looked.stderr);
    assert!(looked.status.success(), "{said}");
    assert_eq!(String::from_utf8_lossy(&looked.stdout).trim(), lines.len().to_string());
}

#[tokio::test]
async fn all_that_a_bot_may_ask_is_answered_as_the_document_says() {
    let Some(_) = python() else { return };
    let discord = Discord::start();
    discord.without_limits();

    writes(&discord).await;
    looks_around(&discord).await;
    is_refused(&discord).await;

    agrees(&discord);
}

/// Messages with all that they can have.
async fn writes(discord: &Discord) {
    let ideas = format!("channels/{}/messages", discord.channel_id("ideas"));
    let option = json!({ "label": "Saturday", "value": "6", "description": "x" });
    let menu = json!({ "type": 3, "custom_id": "day", "options": [option], "placeholder": "Day" });
    let button = |id: &str| json!({ "type": 2, "style": 3, "custom_id": id, "label": "Sign" });
    let row = |inner: Value| json!({ "type": 1, "components": inner });
    let card = json!({
        "content": "Flu shots.", "nonce": "card-1", "enforce_nonce": true,
        "allowed_mentions": { "parse": [] },
        "embeds": [{
            "title": "Draft 1", "description": "x", "color": 1, "url": "https://example.org",
            "timestamp": "2026-11-25T12:00:00.000Z", "footer": { "text": "x" },
            "author": { "name": "x" }, "fields": [{ "name": "x", "value": "y", "inline": true }],
            "image": { "url": "attachment://a.png" },
        }],
        "components": [row(json!([button("sign:1")])), row(json!([menu]))],
        "attachments": [{ "id": "0", "filename": "a.png", "description": "x" }],
    });
    let made = sends(discord, &ideas, &card, &[("a.png", b"png")]).await;
    let one = format!("{ideas}/{}", made.id());
    let words = json!({ "type": 10, "content": "x" });
    let v2 = json!({
        "flags": 1 << 15,
        "components": [
            words, { "type": 14 },
            { "type": 17, "accent_color": 1, "components": [words, row(json!([button("a")]))] },
            { "type": 9, "components": [words], "accessory": button("b") },
        ],
    });
    says(discord, &format!("POST {ideas}"), &v2).await.id();
    let reply = json!({ "content": "x", "message_reference": { "message_id": made.id() } });
    says(discord, &format!("POST {ideas}"), &reply).await.id();
    says(discord, &format!("PATCH {one}"), &json!({ "content": "Flu shots!" })).await.id();
    discord.person("ana").reacts(&(discord.channel_id("ideas"), made.id()), "✅");
    asks(discord, &format!("GET {one}/reactions/%E2%9C%85")).await;
    says(discord, &format!("POST {one}/threads"), &json!({ "name": "talk" })).await.id();
    for query in ["", "?limit=2", "?around=1"] {
        assert_eq!(asks(discord, &format!("GET {ideas}{query}")).await.status, 200);
    }
    assert_eq!(asks(discord, &format!("GET {one}")).await.status, 200);
}

/// Channels, people, roles, commands, itself.
async fn looks_around(discord: &Discord) {
    let (guild, app) = (discord.guild(), discord.app().id);
    let rao = discord.person("dr-rao").id;
    let talk = discord.channel_id("talk");
    says(discord, "POST users/@me/channels", &json!({ "recipient_id": rao })).await.id();
    says(discord, &format!("PATCH channels/{talk}"), &json!({ "archived": true })).await.id();
    let option = json!({ "type": 3, "name": "network", "description": "x", "required": true });
    let sub = json!({ "type": 1, "name": "new", "description": "x", "options": [option] });
    let commands = json!([
        { "name": "draft", "description": "x", "options": [sub] },
        { "type": 3, "name": "Turn into draft" },
    ]);
    let own = format!("applications/{app}/commands");
    says(discord, &format!("PUT {own}"), &commands).await;
    for path in [
        "gateway".to_owned(),
        "gateway/bot".to_owned(),
        "users/@me".to_owned(),
        "users/@me/guilds".to_owned(),
        "applications/@me".to_owned(),
        format!("users/{rao}"),
        format!("channels/{talk}"),
        format!("guilds/{guild}"),
        format!("guilds/{guild}/channels"),
        format!("guilds/{guild}/roles"),
        format!("guilds/{guild}/members?limit=100"),
        format!("guilds/{guild}/members/{rao}"),
        format!("guilds/{guild}/threads/active"),
        own,
    ] {
        assert_eq!(asks(discord, &format!("GET {path}")).await.status, 200, "{path}");
    }
}

/// Errors of each kind.
async fn is_refused(discord: &Discord) {
    let ideas = format!("channels/{}/messages", discord.channel_id("ideas"));
    for body in [json!({}), json!({ "content": "x".repeat(2001), "embeds": [{}] })] {
        assert_eq!(says(discord, &format!("POST {ideas}"), &body).await.status, 400);
    }
    assert_eq!(asks(discord, &format!("GET {ideas}/1")).await.status, 404);
    discord.fault("*", 1, How::Limits(1.5, "global"));
    assert_eq!(asks(discord, "GET users/@me").await.status, 429);
}
