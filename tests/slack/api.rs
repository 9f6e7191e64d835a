//! The Web API of the simulator: what it refuses, when it does not answer, and how often it may be asked.

use std::time::Duration;

use serde_json::{Value, json};

use crate::slack::{How, Slack, client};

#[tokio::test]
async fn what_block_kit_forbids_is_refused_with_the_place_of_it() {
    let slack = Slack::start();
    slack.without_limits();
    let text = |length: usize| json!({ "type": "mrkdwn", "text": "x".repeat(length) });
    let section = |length| json!({ "type": "section", "text": text(length) });
    let button = |id: &str, label: &str| {
        let label = json!({ "type": "plain_text", "text": label });
        json!({ "type": "button", "action_id": id, "text": label })
    };
    let actions = |elements: Value| json!({ "type": "actions", "elements": elements });
    let cases = [
        (json!([section(3000)]), None),
        (json!([section(3001)]), Some("must be less than 3001 characters")),
        (json!([section(0)]), Some("must be more than 0 characters")),
        (json!(vec![section(1); 51]), Some("no more than 50 items allowed [input:51]")),
        (json!([{ "type": "section" }]), Some("must have one of: text, fields")),
        (json!([{ "type": "nonsense" }]), Some("unsupported type: nonsense")),
        (json!([{ "type": "divider", "txt": 1 }]), Some("invalid additional property: txt")),
        (json!([actions(json!([button("a", "Sign"), button("b", "Hold")]))]), None),
        (
            json!([actions(json!([button("a", "Sign"), button("a", "Hold")]))]),
            Some("`action_id` already exists"),
        ),
        (json!([actions(json!([button("a", &"x".repeat(76))]))]), Some("less than 76 characters")),
        (json!([actions(json!([]))]), Some("no fewer than 1 items required")),
        (
            json!([{ "type": "divider", "block_id": "1" }, { "type": "divider", "block_id": "1" }]),
            Some("`block_id` already exists"),
        ),
    ];

    for (blocks, wrong) in cases {
        let said =
            post(&slack, &json!({ "channel": "CIDEAS", "text": "x", "blocks": blocks })).await;
        let said = said.expect("answered");
        match wrong {
            None => assert_eq!(said["ok"], true, "{said}"),
            Some(wrong) => {
                assert_eq!(said["error"], "invalid_blocks", "{blocks}");
                let first = said["response_metadata"]["messages"][0].as_str().expect("a reason");
                assert!(first.contains(wrong), "{first}");
            }
        }
    }
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_stands_there_all_the_same() {
    let slack = Slack::start();
    let message = json!({ "channel": "CIDEAS", "text": "Once." });

    slack.fault("chat.postMessage", 1, How::DropsAnswer);
    assert!(post(&slack, &message).await.is_err());
    slack.fault("chat.postMessage", 1, How::FailsAfter);
    assert!(post(&slack, &message).await.is_err());
    slack.fault("chat.postMessage", 1, How::HangsAfter);
    assert!(post(&slack, &message).await.is_err());
    let lost = [How::Hangs, How::Fails, How::Breaks];
    for how in lost {
        slack.fault("chat.postMessage", 1, how);
        assert!(post(&slack, &message).await.is_err());
    }

    assert_eq!(slack.transcript("ideas", "tomas").lines().count(), 3);
}

#[tokio::test]
async fn a_call_can_be_refused_limited_or_slow() {
    let slack = Slack::start();
    slack.fault("auth.test", 1, How::Refuses("invalid_auth"));
    slack.fault("auth.test", 1, How::Slow(Duration::from_millis(1)));
    slack.fault("auth.test", 1, How::Limits(7));

    let refused = call(&slack, "auth.test", &json!({})).await.expect("answered");
    let slow = call(&slack, "auth.test", &json!({})).await.expect("answered");
    let limited = send(&slack, "auth.test", &json!({})).await.expect("answered");

    assert_eq!(refused["error"], "invalid_auth");
    assert_eq!(slow["user_id"], slack.install().bot_user);
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"7".parse().expect("whole"))
    );
}

#[tokio::test]
async fn too_many_messages_in_one_channel_are_limited_there_alone() {
    let slack = Slack::start();
    let in_channel = |channel: &str| json!({ "channel": channel, "text": "Again." });

    for _ in 0..10 {
        assert_eq!(post(&slack, &in_channel("CIDEAS")).await.expect("answered")["ok"], true);
    }
    let over = send(&slack, "chat.postMessage", &in_channel("CIDEAS")).await.expect("answered");
    let elsewhere = post(&slack, &in_channel("CDIGEST")).await.expect("answered");
    slack.without_limits();
    let free = post(&slack, &in_channel("CIDEAS")).await.expect("answered");

    assert_eq!(over.status(), 429);
    assert_eq!((&elsewhere["ok"], &free["ok"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_token_does_only_what_its_scopes_allow() {
    let slack = Slack::start();
    slack.with(|world| world.installs[0].scopes.retain(|scope| scope != "chat:write"));

    let said = post(&slack, &json!({ "channel": "CIDEAS", "text": "x" })).await.expect("answered");

    assert_eq!((&said["error"], &said["needed"]), (&json!("missing_scope"), &json!("chat:write")));
    slack.with(|world| world.installs[0].revoked = true);
    let said = call(&slack, "auth.test", &json!({})).await.expect("answered");
    assert_eq!(said["error"], "token_revoked");
}

async fn post(slack: &Slack, message: &Value) -> reqwest::Result<Value> {
    call(slack, "chat.postMessage", message).await
}

async fn call(slack: &Slack, method: &str, arguments: &Value) -> reqwest::Result<Value> {
    send(slack, method, arguments).await?.error_for_status()?.json().await
}

async fn send(
    slack: &Slack,
    method: &str,
    arguments: &Value,
) -> reqwest::Result<reqwest::Response> {
    let client = client().timeout(Duration::from_millis(500));
    let url = format!("{}/api/{method}", slack.url());
    let request = client.build()?.post(url).bearer_auth(slack.install().token).json(arguments);
    #[expect(clippy::disallowed_methods, reason = "an app's call, not a network's")]
    request.send().await
}
