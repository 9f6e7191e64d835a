//! Faults that a test asks the simulator for: what was done, and what the bot learns of it.

use std::time::Duration;

use serde_json::json;

use crate::bench::{asks, says, tries};
use crate::discord::{Discord, How};

const CREATE: &str = "POST /channels/*/messages";

#[tokio::test]
async fn what_was_done_stands_although_its_answer_was_lost() {
    let discord = Discord::start();
    discord.without_limits();
    let write = format!("POST channels/{}/messages", discord.channel_id("ideas"));
    let done = [How::DropsAnswer, How::HangsAfter, How::Garbles];
    let not_done = [How::Hangs, How::Breaks];

    for how in done.into_iter().chain(not_done) {
        discord.fault(CREATE, 1, how.clone());
        let said = format!("{how:?}");
        let lost = tries(&discord, &write, &json!({ "content": said })).await;
        assert!(lost.is_err(), "{how:?}: {lost:?}");
    }
    for (how, status) in [(How::FailsAfter, 500), (How::Fails, 503)] {
        discord.fault(CREATE, 1, how.clone());
        let said = says(&discord, &write, &json!({ "content": format!("{how:?}") })).await;
        assert_eq!(said.status, status);
    }

    let seen = discord.transcript("ideas", "tomas").replace("countersign: ", "");
    assert_eq!(seen.replace('\n', " "), "DropsAnswer HangsAfter Garbles FailsAfter");
}

#[tokio::test]
async fn a_fault_is_of_one_route_and_for_so_many_times() {
    let discord = Discord::start();
    let ideas = discord.channel_id("ideas");
    let idea = discord.person("tomas").says("ideas", "Flu shots.");
    let mark = format!("PUT channels/{ideas}/messages/{}/reactions/%E2%9C%85/@me", idea.1);
    discord.fault(
        "PUT /channels/*/messages/*/reactions/*/@me",
        2,
        How::Refuses(403, 90001, "Reaction blocked"),
    );
    discord.without_limits();

    assert_eq!(asks(&discord, &format!("GET channels/{ideas}/messages")).await.status, 200);
    for _ in 0..2 {
        let refused = asks(&discord, &mark).await;
        assert_eq!((refused.status, refused.code()), (403, 90001));
    }
    assert_eq!(asks(&discord, &mark).await.status, 204);
    discord.fault("*", 1, How::Slow(Duration::from_millis(1)));
    assert_eq!(asks(&discord, "GET gateway").await.status, 200);
}

#[tokio::test]
async fn a_page_of_history_can_hold_components_that_nobody_knows() {
    let discord = Discord::start();
    discord.person("tomas").says("ideas", "Flu shots.");
    let read = format!("GET channels/{}/messages", discord.channel_id("ideas"));
    discord.fault("GET /channels/*/messages", 1, How::Strange);

    let strange = asks(&discord, &read).await.body;
    let plain = asks(&discord, &read).await.body;

    assert_eq!(strange[0]["components"][0]["components"][0]["type"], 77);
    assert_eq!((&plain[0]["components"], &plain[0]["content"]), (&json!([]), &json!("Flu shots.")));
}

#[tokio::test]
async fn all_of_it_can_be_slow() {
    let discord = Discord::start();
    let write = format!("POST channels/{}/messages", discord.channel_id("ideas"));
    let body = json!({ "content": "x" });

    discord.with(|world| world.timing.latency = Duration::from_mins(1));
    let slow = tries(&discord, &write, &body).await;
    discord.with(|world| world.timing.latency = Duration::ZERO);
    let quick = says(&discord, &write, &body).await;

    assert!(slow.is_err_and(|error| error.is_timeout()));
    assert_eq!(quick.status, 200);
    assert_eq!(
        discord.transcript("ideas", "tomas"),
        "countersign: x",
        "who waits no more is not heard"
    );
}
