//! The program's own sockets: what Slack does to them, and that nothing is lost by it.

use std::time::Duration;

use countersign::chat::slack::{Kind, Reply};
use serde_json::json;
use tokio::sync::oneshot;

use crate::bench::{Bot, Does, patience};
use crate::slack::{How, Order, Slack, Timing};

#[tokio::test]
async fn what_is_heard_is_acknowledged_each_over_its_own_socket() {
    let slack = Slack::start();
    let bot = Bot::connected(&slack, 2).await;

    for words in ["Flu shots.", "Measles.", "Mumps."] {
        slack.person("tomas").says("ideas", words);
    }
    let heard = bot.ear.hears(3).await;
    slack.settled().await;

    assert_eq!((slack.given_up(), bot.ear.count()), (0, 3));
    assert!(heard.iter().all(|envelope| envelope.kind == Kind::Event));
    let mut texts: Vec<_> =
        heard.iter().filter_map(|heard| heard.payload["event"]["text"].as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["Flu shots.", "Measles.", "Mumps."]);
}

#[tokio::test]
async fn what_could_not_be_stored_comes_again() {
    let slack = Slack::start();
    hurries(&slack);
    let bot = Bot::connected(&slack, 2).await;
    bot.ear.will([Does::Says(Reply::Not), Does::Panics]);

    slack.person("tomas").says("ideas", "Flu shots.");
    let heard = bot.ear.hears(3).await;
    slack.settled().await;

    assert_eq!((slack.given_up(), bot.ear.count()), (0, 3));
    let ids: Vec<_> = heard.iter().map(|heard| &heard.payload["event_id"]).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn a_slow_one_keeps_nobody_waiting_and_comes_again() {
    let slack = Slack::start();
    hurries(&slack);
    let bot = Bot::connected(&slack, 1).await;
    let (let_it, until) = oneshot::channel();
    bot.ear.will([Does::Waits(until)]);

    slack.person("tomas").says("ideas", "Slow.");
    bot.ear.hears(1).await;
    let said = slack.person("maya").runs("ideas", "/post", "help").await;
    slack.settled().await;
    let_it.send(()).expect("it is not broken off");

    assert_eq!(said, Ok(serde_json::Value::Null), "the command behind it was answered");
    assert_eq!((slack.given_up(), bot.ear.count()), (0, 3), "the slow one came again");
}

#[tokio::test]
async fn an_answer_reaches_the_person() {
    let slack = Slack::start();
    let bot = Bot::connected(&slack, 1).await;
    bot.ear.will([Does::Says(Reply::With(json!({ "text": "Write /post new." })))]);

    let said = slack.person("maya").runs("ideas", "/post", "help").await.expect("answered");

    assert_eq!(said["text"], "Write /post new.");
    assert_eq!(bot.ear.hears(1).await[0].kind, Kind::Command);
}

#[tokio::test]
async fn a_socket_that_is_renewed_has_its_successor_before_it_goes() {
    let slack = Slack::start();
    let mut bot = Bot::connected(&slack, 1).await;
    bot.is_up().await;
    let (let_it, until) = oneshot::channel();
    bot.ear.will([Does::Waits(until)]);
    slack.person("tomas").says("ideas", "Before.");
    bot.ear.hears(1).await;

    slack.disconnect("warning", false);
    slack.connected(2).await;
    let both = slack.with(|world| world.sockets.count("ACOUNTERSIGN"));
    let_it.send(()).expect("it waits");
    slack.settled().await;
    slack.until(|world| world.sockets.count("ACOUNTERSIGN") == 1).await;

    assert_eq!(both, 2);
    assert_eq!((slack.given_up(), bot.ear.count()), (0, 1), "the old one still acknowledged");
    assert!(!bot.health.has_changed().expect("it runs"), "it was never away");
}

#[tokio::test]
async fn a_socket_that_is_refreshed_closed_or_cut_comes_back() {
    let slack = Slack::start();
    let mut bot = Bot::connected(&slack, 1).await;
    bot.is_up().await;

    slack.disconnect("refresh_requested", false);
    slack.connected(2).await;
    slack.order(|| Order::Close);
    slack.connected(3).await;
    slack.order(|| Order::Vanish);
    slack.connected(4).await;
    bot.is_up().await;
    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;

    assert_eq!((slack.given_up(), bot.ear.count()), (0, 1));
}

#[tokio::test]
async fn with_two_sockets_one_covers_for_the_other() {
    let slack = Slack::start();
    let mut bot = Bot::connected(&slack, 2).await;
    bot.is_up().await;
    bot.health.mark_unchanged();

    slack.disconnect("refresh_requested", true);
    slack.connected(3).await;
    slack.disconnect("refresh_requested", true);
    slack.connected(4).await;

    assert!(!bot.health.has_changed().expect("it runs"), "it was never away");
}

#[tokio::test]
async fn a_half_open_socket_is_noticed() {
    let slack = Slack::start();
    let mut bot = Bot::connected(&slack, 1).await;
    bot.is_up().await;

    slack.order(|| Order::Freeze);
    slack.connected(2).await;
    bot.is_up().await;
    slack.person("tomas").says("ideas", "Flu shots.");
    bot.ear.hears(1).await;
}

#[tokio::test]
async fn an_opening_that_hangs_fails_or_breaks_is_tried_again() {
    let slack = Slack::start();
    let hangs = How::Hangs;
    for how in [hangs, How::Fails, How::Breaks, How::Refuses("internal_error")] {
        slack.fault("apps.connections.open", 1, how);
    }
    let mut bot = Bot::start(&slack, |socket| socket.links = 1);

    slack.connected(1).await;

    bot.is_up().await;
    let asked = slack.with(|world| world.calls.len());
    assert_eq!(asked, 1, "only the last one was heard");
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_said_and_tried_again_slowly() {
    let slack = Slack::start();
    slack.fault("apps.connections.open", 1, How::Refuses("invalid_auth"));
    slack.fault("apps.connections.open", 1, How::Refuses("missing_scope"));
    slack.fault("apps.connections.open", 1, How::Refuses("not_allowed_token_type"));
    let mut bot = Bot::start(&slack, |socket| {
        // Would be ten minutes if these were taken for an outage.
        socket.patience.first = Duration::from_mins(10);
        socket.patience.longest = Duration::from_mins(10);
    });

    bot.is_away("does not accept slack.app_token (invalid_auth)").await;
    bot.is_away("scope connections:write").await;
    bot.is_away("begins with xapp-").await;
    slack.connected(1).await;
    bot.is_up().await;
}

#[tokio::test]
async fn a_link_that_is_disabled_says_so_and_waits() {
    let slack = Slack::start();
    let mut bot = Bot::start(&slack, |socket| {
        socket.patience.first = Duration::from_mins(10);
        socket.patience.longest = Duration::from_mins(10);
    });
    bot.is_up().await;

    slack.disconnect("link_disabled", false);
    bot.is_away("Socket Mode is switched off").await;
    slack.connected(2).await;
    bot.is_up().await;
    slack.disconnect("too_many_websockets", false);
    bot.is_away("more sockets than Slack allows").await;
    slack.connected(3).await;
    bot.is_up().await;
}

#[tokio::test]
async fn what_is_unknown_is_acknowledged_and_broken_text_breaks_nothing() {
    let slack = Slack::start();
    let bot = Bot::start(&slack, |socket| socket.patience = patience());
    slack.connected(1).await;

    let unknown = json!({ "envelope_id": "e-1", "type": "of tomorrow", "payload": { "a": 1 } });
    let acknowledged = slack.with(|world| world.sockets.send("ACOUNTERSIGN", &unknown));
    slack.order(|| Order::Send("{ no JSON".to_owned()));
    slack.order(|| Order::Send(r#"{"type":"events_api","envelope_id":7}"#.to_owned()));
    acknowledged.expect("sent").await.expect("acknowledged");
    slack.person("tomas").says("ideas", "Flu shots.");
    slack.settled().await;

    assert_eq!((slack.given_up(), bot.ear.count()), (0, 1));
}

/// Slack gives up after a tenth of a second, and tries again at once.
fn hurries(slack: &Slack) {
    let at_once = vec![Duration::ZERO; 3];
    let deadline = Duration::from_millis(300);
    slack.timing(Timing { deadline, again: at_once, latency: Duration::ZERO });
}
