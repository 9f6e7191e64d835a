//! How often the simulator may be asked, and what it says of that.

use std::time::Duration;

use serde_json::json;

use crate::bench::{asks, says};
use crate::discord::{Discord, How};

fn write_in(discord: &Discord, channel: &str) -> String {
    format!("POST channels/{}/messages", discord.channel_id(channel))
}

#[tokio::test]
async fn a_bucket_is_of_one_route_in_one_channel() {
    let discord = Discord::start();
    let write = write_in(&discord, "ideas");
    let again = json!({ "content": "Again." });

    let first = says(&discord, &write, &again).await;
    for _ in 0..4 {
        assert_eq!(says(&discord, &write, &again).await.status, 200);
    }
    let over = says(&discord, &write, &again).await;
    let elsewhere = says(&discord, &write_in(&discord, "digest"), &again).await;
    let read = asks(&discord, &write.replace("POST", "GET")).await;

    let limits =
        ["limit", "remaining"].map(|name| first.head(&format!("x-ratelimit-{name}")).to_owned());
    assert_eq!(limits, ["5", "4"]);
    assert_eq!((elsewhere.status, read.status, over.status), (200, 200, 429));
    let bucket = |said: &crate::bench::Said| said.head("x-ratelimit-bucket").to_owned();
    assert_eq!((bucket(&over), bucket(&elsewhere)), (bucket(&first), bucket(&first)));
    assert_ne!(bucket(&read), bucket(&first));
    assert_eq!((over.head("x-ratelimit-scope"), over.head("x-ratelimit-remaining")), ("user", "0"));
    let (wait, whole) =
        (over.body["retry_after"].as_f64().expect("a number"), over.head("retry-after"));
    assert!(wait > 0.0 && wait <= 5.0 && f64::from(whole.parse::<u8>().expect("whole")) >= wait);
    assert_eq!((&over.body["global"], over.body.get("code")), (&json!(false), None));
    discord.without_limits();
    assert_eq!(says(&discord, &write, &again).await.status, 200);
}

#[tokio::test]
async fn an_app_asks_fifty_times_a_second_and_answers_people_as_often_as_it_likes() {
    let discord = Discord::start();
    discord.with(|world| world.rates.second = Duration::from_mins(1));
    let mut routes = Vec::new();
    for n in 0..6 {
        let channel = discord.with(|world| {
            let guild = world.guilds[0].id;
            world.add_channel(guild, &format!("channel-{n}"))
        });
        routes.extend(vec![format!("GET channels/{channel}"); 10]);
    }

    let mut over = Vec::new();
    for route in routes {
        let said = asks(&discord, &route).await;
        over.extend((said.status == 429).then_some(said));
    }
    let answer = says(&discord, "POST interactions/1/token/callback", &json!({ "type": 1 })).await;
    let follow = says(&discord, "POST webhooks/1/token", &json!({ "content": "x" })).await;

    assert_eq!(over.len(), 10);
    assert_eq!(
        (over[0].head("x-ratelimit-global"), &over[0].body["global"]),
        ("true", &json!(true))
    );
    assert_eq!((answer.code(), follow.code()), (10062, 10015), "these are not limited");
}

#[tokio::test]
async fn a_shared_limit_can_come_while_some_is_left() {
    let discord = Discord::start();
    let write = write_in(&discord, "ideas");
    discord.fault("POST /channels/*/messages", 1, How::Limits(0.25, "shared"));
    let invalid = |discord: &Discord| discord.with(|world| world.rates.invalid);

    let shared = says(&discord, &write, &json!({ "content": "x" })).await;
    let counted = invalid(&discord);
    discord.fault("*", 1, How::Limits(64.57, "user"));
    let own = says(&discord, &write, &json!({ "content": "x" })).await;

    assert_eq!((shared.status, shared.head("x-ratelimit-scope")), (429, "shared"));
    assert_eq!(shared.head("x-ratelimit-remaining"), "4");
    assert_eq!((own.body["retry_after"].as_f64(), own.head("retry-after")), (Some(64.57), "65"));
    assert_eq!((counted, invalid(&discord)), (0, 1), "only what an app itself did counts");
    assert_eq!(discord.transcript("ideas", "tomas"), "");
    discord.with(|world| world.rates.invalid = 10_000);
    assert_eq!(asks(&discord, "GET users/@me").await.status, 429, "shut out");
}

#[tokio::test]
async fn a_message_is_changed_seldom_once_it_is_an_hour_old() {
    let discord = Discord::start();
    let write = write_in(&discord, "ideas");
    let made = says(&discord, &write, &json!({ "content": "x" })).await.id();
    let change = format!("{}/{made}", write.replace("POST", "PATCH"));
    discord.with(|world| world.later(Duration::from_secs(3601)));

    for n in 0..3 {
        assert_eq!(says(&discord, &change, &json!({ "content": n.to_string() })).await.status, 200);
    }
    let over = says(&discord, &change, &json!({ "content": "y" })).await;

    assert_eq!((over.status, over.code()), (429, 30046));
}
