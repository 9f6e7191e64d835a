//! Mastodon as a program of others plays it: <https://docs.joinmastodon.org/methods/statuses/>.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::peer::{Kind, Peer, asks, client};

#[tokio::test]
async fn mastodon_takes_one_key_once_and_fails_when_told() {
    let Some(peer) = Peer::start(Kind::Mastodon).await else { return };
    let status = || posts(&peer, "one", "Flu shots this Saturday.");

    let (first, second) = (asks(status()).await, asks(status()).await);

    assert_eq!((first.0, second.0), (200, 200), "{second:?}");
    assert_eq!(first.1["id"], second.1["id"]);
    let (_, account) = asks(as_practice(&peer, client().get(verify(&peer)))).await;
    assert_eq!(account["statuses_count"], 1, "{account}");

    let fault = json!({
        "match": { "methods": ["POST"], "path": "/api/v1/statuses" },
        "effect": { "type": "status", "status": 503 },
        "count": 1,
    });
    let url = format!("{}/api/v1/_mock/faults", peer.told("/url"));
    let (told, answer) = asks(client().post(url).json(&fault)).await;
    assert_eq!(told, 200, "{answer}");
    assert_eq!(asks(posts(&peer, "two", "Closed on Friday.")).await.0, 503);
    assert_eq!(asks(posts(&peer, "two", "Closed on Friday.")).await.0, 200);

    let (status, answer) = asks(client().get(verify(&peer)).bearer_auth("unknown")).await;
    assert_eq!((status, answer["error"].is_string()), (401, true), "{answer}");
}

fn posts(peer: &Peer, key: &str, text: &str) -> RequestBuilder {
    let status: Value = json!({ "status": text });
    let request = client().post(format!("{}/api/v1/statuses", peer.told("/url")));
    as_practice(peer, request.header("idempotency-key", key).json(&status))
}

fn as_practice(peer: &Peer, request: RequestBuilder) -> RequestBuilder {
    request.bearer_auth(peer.told("/tokens/practice"))
}

fn verify(peer: &Peer) -> String {
    format!("{}/api/v1/accounts/verify_credentials", peer.told("/url"))
}
