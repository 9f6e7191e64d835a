//! The gateway of the simulator: sessions that begin, go on and end, and what they are told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::bench::{ALL, Link, asks};
use crate::discord::{Discord, Order, events as on};

/// Waits until the bot has so many connections.
async fn connections(discord: &Discord, count: usize) {
    let app = discord.app().id;
    discord.until(|world| world.gateway.connected(app) == count).await;
}

fn resume(discord: &Discord, session: &str, seq: u64) -> Value {
    let token = discord.app().token;
    json!({ "op": 6, "d": { "token": token, "session_id": session, "seq": seq } })
}

#[tokio::test]
async fn a_session_begins_with_who_one_is_and_where() {
    let discord = Discord::start();
    let app = discord.app();
    let mut link = Link::open(&discord).await;

    link.identifies(&format!("Bot {}", app.token), ALL).await;
    let ready = link.hears().await;
    let guild = link.hears().await;
    link.says(&json!({ "op": 1, "d": 2 })).await;
    let beat = link.hears().await;

    assert_eq!((&ready["t"], &ready["s"]), (&json!("READY"), &json!(1)));
    assert_eq!(ready["d"]["guilds"], json!([{ "id": discord.guild(), "unavailable": true }]));
    assert_eq!((&ready["d"]["user"]["id"], &ready["d"]["v"]), (&json!(app.id), &json!(10)));
    assert_eq!((&guild["t"], &guild["s"]), (&json!("GUILD_CREATE"), &json!(2)));
    assert_eq!(guild["d"]["channels"].as_array().expect("a list").len(), 3);
    assert_eq!(beat["op"], 11);
    let limit = asks(&discord, "GET gateway/bot").await.body["session_start_limit"].clone();
    assert_eq!(limit["remaining"], 999);
}

#[tokio::test]
async fn who_does_it_wrong_is_told_by_the_code() {
    let discord = Discord::start();
    discord.without_limits();
    let (token, app) = (discord.app().token, discord.app().id);
    discord.with(|world| world.app_mut(app).expect("known").privileged = on::MESSAGE_CONTENT);
    let identify = |change: Value| {
        let mut said = json!({ "token": token, "intents": 1, "properties": {} });
        let change = change.as_object().expect("an object").clone();
        said.as_object_mut().expect("an object").extend(change);
        json!({ "op": 2, "d": said })
    };
    let unknown = json!({ "op": 6, "d": { "token": "x", "session_id": "x", "seq": 0 } });
    let cases = [
        (identify(json!({ "token": "wrong" })), 4004),
        (identify(json!({ "intents": null })), 4013),
        (identify(json!({ "intents": 1_u64 << 50 })), 4013),
        (identify(json!({ "intents": on::GUILD_MEMBERS })), 4014),
        (identify(json!({ "shard": [1, 1] })), 4010),
        (identify(json!({ "padding": "x".repeat(4096) })), 4002),
        (json!({ "op": 3, "d": {} }), 4003),
        (json!({ "op": 99, "d": {} }), 4001),
        (json!("hello"), 4002),
        (unknown, 4004),
    ];

    for (said, code) in cases {
        let mut link = Link::open(&discord).await;
        link.says(&said).await;
        assert_eq!(link.is_closed().await, Some(code), "{said}");
    }
    let (mut link, session) = Link::begun(&discord, on::MESSAGE_CONTENT).await;
    link.says(&identify(json!({}))).await;
    assert_eq!(link.is_closed().await, Some(4005));
    let mut link = Link::open(&discord).await;
    link.says(&resume(&discord, &session, 99)).await;
    assert_eq!(link.is_closed().await, Some(4007));
    let mut link = Link::at(&discord, "/?v=6").await;
    assert_eq!((&link.hears().await["op"], link.is_closed().await), (&json!(10), Some(4012)));
    let mut link = Link::open(&discord).await;
    for _ in 0..120 {
        link.says(&json!({ "op": 1, "d": null })).await;
        assert_eq!(link.hears().await["op"], 11);
    }
    link.says(&json!({ "op": 1, "d": null })).await;
    assert_eq!(link.is_closed().await, Some(4008));
}

#[tokio::test]
async fn each_hears_what_its_intents_allow() {
    let discord = Discord::start();
    discord.without_limits();
    let tomas = discord.person("tomas");
    let (mut all, _) = Link::begun(&discord, ALL).await;
    let (mut blind, _) = Link::begun(&discord, on::GUILD_MESSAGES).await;
    let (mut marks, _) = Link::begun(&discord, on::GUILD_MESSAGE_REACTIONS).await;

    let idea = tomas.says("ideas", "Flu shots.");
    tomas.reacts(&idea, "✅");
    tomas.whispers("Between us.");
    tomas.says("ideas", "@countersign Yours.");
    tomas.unreacts(&idea, "✅");
    tomas.deletes(&idea);

    let made = all.hears_of("MESSAGE_CREATE").await;
    assert_eq!(
        (&made["content"], &made["guild_id"]),
        (&json!("Flu shots."), &json!(discord.guild()))
    );
    assert_eq!(made["member"]["roles"], json!([]));
    let mark = all.hears_of("MESSAGE_REACTION_ADD").await;
    assert_eq!((&mark["emoji"]["name"], &mark["burst"]), (&json!("✅"), &json!(false)));
    assert_eq!(mark["member"]["user"]["username"], "tomas");
    assert_eq!(all.hears_of("MESSAGE_CREATE").await["content"], "Between us.");
    all.hears_of("MESSAGE_CREATE").await;
    assert_eq!(all.hears_of("MESSAGE_REACTION_REMOVE").await.get("member"), None);
    assert_eq!(all.hears_of("MESSAGE_DELETE").await["id"], json!(idea.1));
    assert_eq!(blind.hears_of("MESSAGE_CREATE").await["content"], "");
    let called = blind.hears_of("MESSAGE_CREATE").await;
    assert_eq!(called["content"], format!("<@{}> Yours.", discord.app().id));
    blind.hears_of("MESSAGE_DELETE").await;
    marks.hears_of("MESSAGE_REACTION_ADD").await;
    marks.hears_of("MESSAGE_REACTION_REMOVE").await;
}

#[tokio::test]
async fn a_session_goes_on_where_it_was_lost() {
    let discord = Discord::start();
    let rao = discord.person("dr-rao");
    let idea = discord.person("tomas").says("ideas", "Flu shots.");
    let (mut link, session) = Link::begun(&discord, ALL).await;
    rao.reacts(&idea, "👀");
    let seq = link.hears().await["s"].as_u64().expect("a number");

    discord.order(&Order::Vanish);
    assert_eq!(link.is_closed().await, None);
    connections(&discord, 0).await;
    rao.reacts(&idea, "✅");
    let mut link = Link::at(&discord, "/resume/?v=10&encoding=json").await;
    link.hears().await;
    link.says(&resume(&discord, &session, seq)).await;

    let missed = link.hears().await;
    assert_eq!((&missed["d"]["emoji"]["name"], &missed["s"]), (&json!("✅"), &json!(seq + 1)));
    link.hears_of("RESUMED").await;
    rao.unreacts(&idea, "✅");
    link.hears_of("MESSAGE_REACTION_REMOVE").await;
    let counts = discord.with(|w| (w.gateway.resumed, w.gateway.resumed_where_told));
    assert_eq!(counts, (1, 1));
}

#[tokio::test]
async fn a_session_that_is_over_must_begin_anew() {
    let discord = Discord::start();
    let (link, left) = Link::begun(&discord, ALL).await;
    link.leaves(1000).await;
    connections(&discord, 0).await;

    let mut link = Link::open(&discord).await;
    link.says(&resume(&discord, &left, 2)).await;
    assert_eq!(link.hears().await, json!({ "op": 9, "d": false, "s": null, "t": null }));
    // Too soon after the one before.
    link.identifies(&discord.app().token, ALL).await;
    assert_eq!(link.hears().await["op"], 9);
    discord.without_limits();
    link.identifies(&discord.app().token, ALL).await;
    link.hears_of("READY").await;
    link.hears_of("GUILD_CREATE").await;
    discord.invalidates(false);
    assert_eq!(link.hears().await["d"], false);
    link.identifies(&discord.app().token, ALL).await;
    let again = link.hears_of("READY").await["session_id"].as_str().expect("an id").to_owned();
    link.hears_of("GUILD_CREATE").await;
    discord.with(|world| world.gateway.forgetful = true);
    link.leaves(4000).await;
    let mut link = Link::open(&discord).await;
    link.says(&resume(&discord, &again, 2)).await;
    assert_eq!(link.hears().await["op"], 9, "it is forgotten");
}

#[tokio::test]
async fn what_it_is_told_to_do_it_does() {
    let discord = Discord::start();
    discord.without_limits();
    let (mut link, _) = Link::begun(&discord, ALL).await;

    discord.asks_to_reconnect();
    assert_eq!(link.hears().await["op"], 7);
    discord.with(|world| world.gateway.deaf = true);
    link.says(&json!({ "op": 1, "d": null })).await;
    discord.invalidates(true);
    assert_eq!(link.hears().await, json!({ "op": 9, "d": true, "s": null, "t": null }));
    discord.order(&Order::Close(4000, "Unknown error."));
    assert_eq!(link.is_closed().await, Some(4000));
    discord.with(|world| world.gateway.unreachable = true);
    let url = discord.url().replacen("http", "ws", 1);
    assert!(tokio_tungstenite::connect_async(url).await.is_err());
}

#[tokio::test]
async fn who_has_no_heartbeat_is_taken_for_dead() {
    let discord = Discord::start();
    discord.with(|world| world.timing.heartbeat = Duration::from_millis(40));
    let (mut link, session) = Link::begun(&discord, ALL).await;

    assert_eq!(link.is_closed().await, Some(4009));
    discord.with(|world| world.timing.heartbeat = Duration::from_secs(40));

    let mut link = Link::open(&discord).await;
    link.says(&resume(&discord, &session, 2)).await;
    link.hears_of("RESUMED").await;
}

#[tokio::test]
async fn a_shard_hears_of_its_own_guilds() {
    let discord = Discord::start();
    discord.without_limits();
    let shard = (discord.guild().0 >> 22) % 2;
    let token = discord.app().token;
    let said = |shard: u64| {
        let properties = json!({});
        json!({ "token": token, "intents": ALL, "properties": properties, "shard": [shard, 2] })
    };
    let (mut own, mut other) = (Link::open(&discord).await, Link::open(&discord).await);
    own.says(&json!({ "op": 2, "d": said(shard) })).await;
    other.says(&json!({ "op": 2, "d": said(1 - shard) })).await;

    assert_eq!(own.hears_of("READY").await["shard"], json!([shard, 2]));
    own.hears_of("GUILD_CREATE").await;
    assert_eq!(other.hears_of("READY").await["guilds"], json!([]));
    discord.person("tomas").says("ideas", "Flu shots.");
    own.hears_of("MESSAGE_CREATE").await;
    let told = |discord: &Discord, of: u64| {
        discord.with(|world| {
            let session = world.gateway.sessions.iter().find(|session| session.shard.0 == of);
            session.expect("it has begun").seq
        })
    };
    assert_eq!([shard, 1 - shard].map(|of| told(&discord, of)), [3, 1]);
    discord.person("tomas").whispers("Between us.");
    assert_eq!([0, 1].map(|of| told(&discord, of)).iter().sum::<u64>(), 5);
    let first = if shard == 0 { &mut own } else { &mut other };
    let heard = first.hears_of("MESSAGE_CREATE").await;
    assert_eq!(heard["content"], "Between us.", "what is direct is heard by the first");
}

#[tokio::test]
async fn it_hears_who_comes_and_goes_and_that_it_is_put_out() {
    let discord = Discord::start();
    let (guild, app) = (discord.guild(), discord.app().id);
    let (mut link, _) = Link::begun(&discord, ALL | on::GUILD_MEMBERS).await;
    let digest = discord.channel_id("digest");

    let ida = discord.with(|world| {
        let ida = world.add_user("ida");
        world.join(guild, ida, Vec::new());
        world.set_roles(guild, ida, vec![guild]);
        world.leave(guild, ida);
        world.delete_channel(digest);
        world.leave(guild, app);
        ida
    });

    assert_eq!(link.hears_of("GUILD_MEMBER_ADD").await["user"]["id"], json!(ida));
    assert_eq!(link.hears_of("GUILD_MEMBER_UPDATE").await["roles"], json!([guild]));
    assert_eq!(link.hears_of("GUILD_MEMBER_REMOVE").await["user"]["id"], json!(ida));
    assert_eq!(link.hears_of("CHANNEL_DELETE").await["name"], "digest");
    assert_eq!(link.hears_of("GUILD_DELETE").await, json!({ "id": guild }));
    assert_eq!(asks(&discord, &format!("GET channels/{digest}")).await.code(), 10003);
    assert_eq!(asks(&discord, &format!("GET guilds/{guild}")).await.code(), 50001);
    discord.with(|world| world.join(guild, app, Vec::new()));
    assert_eq!(link.hears_of("GUILD_MEMBER_ADD").await["user"]["id"], json!(app));
    assert_eq!(link.hears_of("GUILD_CREATE").await["id"], json!(guild));
}
