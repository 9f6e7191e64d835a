//! Bluesky as it is: <https://docs.bsky.app/docs/api>.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::peer::{Kind, Peer, asks, client};

#[tokio::test]
async fn bluesky_takes_one_record_once_and_counts_a_like() {
    let Some(peer) = Peer::start(Kind::Bluesky).await else { return };
    let practice = Account::signs_in(&peer, "practice").await;

    let record = practice.puts("Flu shots this Saturday.").await;
    let again = practice.puts("Flu shots this Saturday.").await;

    assert_eq!(again["uri"], record["uri"]);
    let of = [("repo", practice.did.as_str()), ("collection", POST)];
    let (_, listed) = practice.gets("com.atproto.repo.listRecords", &of).await;
    assert_eq!(listed["records"].as_array().map(Vec::len), Some(1), "{listed}");
    if peer.says("/appview").is_some() {
        let patient = Account::signs_in(&peer, "patient").await;
        patient.likes(&record).await;
        practice.sees_likes(&record, 1).await;
    }

    refuses_an_expired_token(&peer, practice).await;
    refuses_an_account_that_is_taken_down(&peer).await;
}

#[tokio::test]
async fn bluesky_limits_who_signs_in_too_often() {
    let Some(peer) = Peer::start(Kind::LimitedBluesky).await else { return };
    for _ in 0..30 {
        Account::signs_in(&peer, "practice").await;
    }

    let (status, answer) = Account::new(&peer, "practice").opens_a_session(&peer).await;

    assert_eq!((status, &answer["error"]), (429, &json!("RateLimitExceeded")), "{answer}");
}

const POST: &str = "app.bsky.feed.post";

async fn refuses_an_expired_token(peer: &Peer, mut practice: Account<'_>) {
    practice.token = expired(&practice.token, peer.told("/secret"));

    let (status, answer) = practice.calls("com.atproto.repo.putRecord", &practice.post("")).await;

    assert_eq!((status, &answer["error"]), (400, &json!("ExpiredToken")), "{answer}");
}

async fn refuses_an_account_that_is_taken_down(peer: &Peer) {
    let troubled = Account::signs_in(peer, "troubled").await;
    let taken_down = json!({
        "subject": { "$type": "com.atproto.admin.defs#repoRef", "did": troubled.did },
        "takedown": { "applied": true },
    });
    let url = format!("{}/xrpc/com.atproto.admin.updateSubjectStatus", peer.told("/pds"));
    let admin = client().post(url).basic_auth("admin", Some(peer.told("/admin")));
    let (status, answer) = asks(admin.json(&taken_down)).await;
    assert_eq!(status, 200, "{answer}");

    let (status, answer) =
        troubled.calls("com.atproto.repo.putRecord", &troubled.post("Hello.")).await;

    assert_eq!((status, &answer["error"]), (401, &json!("AccountTakedown")), "{answer}");
}

/// An account with its session.
struct Account<'a> {
    pds: &'a str,
    client: Client,
    name: &'static str,
    did: String,
    token: String,
}

impl<'a> Account<'a> {
    fn new(peer: &'a Peer, name: &'static str) -> Self {
        let did = peer.told(&format!("/accounts/{name}/did")).to_owned();
        Self { pds: peer.told("/pds"), client: client(), name, did, token: String::new() }
    }

    async fn signs_in(peer: &'a Peer, name: &'static str) -> Self {
        let mut account = Self::new(peer, name);
        let (status, session) = account.opens_a_session(peer).await;
        assert_eq!(status, 200, "{session}");
        session["accessJwt"].as_str().expect("a token").clone_into(&mut account.token);
        account
    }

    async fn opens_a_session(&self, peer: &Peer) -> (u16, Value) {
        let told = |what: &str| peer.told(&format!("/accounts/{}/{what}", self.name));
        let who = json!({ "identifier": told("handle"), "password": told("appPassword") });
        self.calls("com.atproto.server.createSession", &who).await
    }

    /// Puts a post under one key, the same each time.
    async fn puts(&self, text: &str) -> Value {
        let (status, put) = self.calls("com.atproto.repo.putRecord", &self.post(text)).await;
        assert_eq!(status, 200, "{put}");
        put
    }

    fn post(&self, text: &str) -> Value {
        json!({
            "repo": self.did,
            "collection": POST,
            "rkey": "3jzfcijpj2z2a",
            "record": { "$type": POST, "text": text, "createdAt": "2026-11-24T12:00:00.000Z" },
        })
    }

    async fn likes(&self, record: &Value) {
        let like = "app.bsky.feed.like";
        let record = json!({
            "repo": self.did,
            "collection": like,
            "record": {
                "$type": like,
                "subject": { "uri": record["uri"], "cid": record["cid"] },
                "createdAt": "2026-11-24T12:01:00.000Z",
            },
        });
        let (status, liked) = self.calls("com.atproto.repo.createRecord", &record).await;
        assert_eq!(status, 200, "{liked}");
    }

    /// Waits until its own server, which asks the AppView, counts so many.
    async fn sees_likes(&self, record: &Value, count: u64) {
        let mut seen = Value::Null;
        for _ in 0..200 {
            let uri = record["uri"].as_str().expect("a URI");
            (_, seen) = self.gets("app.bsky.feed.getPosts", &[("uris", uri)]).await;
            if seen["posts"][0]["likeCount"] == count {
                return;
            }
            // waits for the world: nobody says when the AppView has heard of it
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not {count}: {seen}");
    }

    async fn gets(&self, method: &str, of: &[(&str, &str)]) -> (u16, Value) {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(of).finish();
        let url = format!("{}/xrpc/{method}?{query}", self.pds);
        asks(self.client.get(url).bearer_auth(&self.token)).await
    }

    async fn calls(&self, method: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/xrpc/{method}", self.pds)).json(body);
        let request =
            if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        asks(request).await
    }
}

/// The same access token, had it been given out long ago.
fn expired(token: &str, secret: &str) -> String {
    let mut parts = token.split('.');
    let head = parts.next().expect("a head");
    let claims = URL_SAFE_NO_PAD.decode(parts.next().expect("claims")).expect("base64");
    let mut claims: Value = serde_json::from_slice(&claims).expect("JSON");
    (claims["iat"], claims["exp"]) = (json!(1_700_000_000), json!(1_700_007_200));
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}
