//! The same answers give the same outcomes on every network.

mod bluesky;
mod drafts;
mod engage;
mod local;
mod mastodon;
pub mod memory;
mod received;
mod wordpress;
mod world;

use countersign::networks;
use tokio::time::timeout;

use world::{Answer, Desk, SHORT, Server, publisher, says, told};

/// An answer, and what it means for a mutation and for a request that can be repeated.
struct Row {
    answer: Answer,
    publish: &'static str,
    prepare: &'static str,
}

const fn row(answer: Answer, publish: &'static str, prepare: &'static str) -> Row {
    Row { answer, publish, prepare }
}

fn answers() -> Vec<Row> {
    [busy(), said_no(), unclear(), broken()].into_iter().flatten().collect()
}

/// Surely nothing there, and later it may work.
fn busy() -> Vec<Row> {
    vec![
        row(says(429, "retry-after: 120", ""), "later: 120 s", "later: 120 s"),
        row(says(429, "", ""), "later: 60 s", "later: 60 s"),
        row(says(429, "retry-after: 0", ""), "later: 1 s", "later: 1 s"),
        row(says(429, "retry-after: 99999999999999999999", ""), "later: 21600 s", "later: 21600 s"),
        row(
            says(429, "retry-after: Mon, 23 Nov 2026 15:10:00 GMT", ""),
            "later: 600 s",
            "later: 600 s",
        ),
        row(
            says(429, "retry-after: Mon, 23 Nov 2020 15:10:00 GMT", ""),
            "later: 1 s",
            "later: 1 s",
        ),
        row(says(429, "ratelimit-reset: 1795447000", ""), "later: 1000 s", "later: 1000 s"),
        row(
            says(429, "x-ratelimit-reset: 2026-11-23T15:10:00.5Z", ""),
            "later: 600 s",
            "later: 600 s",
        ),
        row(Answer::Nobody, "later: 1 s", "later: 1 s"),
        // A proxy or a firewall says so as well: no account is out by that alone.
        row(says(401, "", "<html>"), "later: 300 s", "later: 300 s"),
        row(says(403, "", ""), "later: 300 s", "later: 300 s"),
        row(says(404, "", ""), "later: 300 s", "later: 300 s"),
        row(says(410, "", "<html>"), "later: 300 s", "later: 300 s"),
    ]
}

/// Surely nothing there, and later is useless.
fn said_no() -> Vec<Row> {
    let long = format!("{{\"error\":\"{}\"}}", "no ".repeat(100));
    vec![
        row(
            says(422, "", r#"{"error":"the\u0007text\n is empty."}"#),
            "refused: the network refused it: the text is empty",
            "refused: the network refused it: the text is empty",
        ),
        row(
            says(400, "", "<html>"),
            "refused: the network refused it: 400 Bad Request",
            "refused: the network refused it: 400 Bad Request",
        ),
        row(
            says(400, "", &long),
            "refused: the network refused it: LONG",
            "refused: the network refused it: LONG",
        ),
    ]
}

/// It left, and whatever came of it nobody said.
fn unclear() -> Vec<Row> {
    vec![
        row(
            says(503, "retry-after: 30", ""),
            "unknown: the network answered 503 Service Unavailable",
            "later: 30 s",
        ),
        row(
            says(500, "", "<html>oops</html>"),
            "unknown: the network answered 500 Internal Server Error",
            "later: 1 s",
        ),
        row(says(408, "", ""), "unknown: the network answered 408 Request Timeout", "later: 1 s"),
        row(
            says(302, "location: /elsewhere", ""),
            "unknown: the network answered 302 Found",
            "later: 300 s",
        ),
        row(Answer::Silence, "unknown: the network did not answer in time", "later: 1 s"),
    ]
}

/// It left, and the answer can't be read.
fn broken() -> Vec<Row> {
    vec![
        row(Answer::Raw(""), "unknown: the connection to the network broke", "later: 1 s"),
        row(
            says(200, "", "<html>welcome</html>"),
            "unknown: the network's answer is broken",
            "later: 1 s",
        ),
        row(
            Answer::Raw(
                "HTTP/1.1 200 OK
content-length: 999

{",
            ),
            "unknown: the network's answer is broken",
            "later: 1 s",
        ),
        row(
            says(200, "", &format!("{{\"id\":\"{}\"}}", "x".repeat(2 << 20))),
            "unknown: the network's answer is broken",
            "later: 1 s",
        ),
    ]
}

#[tokio::test]
async fn an_answer_means_the_same_everywhere() {
    for &network in networks::all() {
        for row in answers() {
            let server = Server::answering([row.answer]).await;
            let adapter = publisher(network, &server.base);
            let desk = Desk::new(network, &server.base);

            let (job, ready) = (desk.job(), desk.prepared());
            let published = timeout(SHORT * 20, adapter.publish(&job, &ready));
            let published = published.await.expect("in time");
            let prepared = adapter.prepare(&job).await.expect_err("no upload");

            assert_eq!(told(&published), row.publish, "{network}");
            assert_eq!(told(&prepared), row.prepare, "{network}");
            let asked = server.asked();
            assert!(asked.len() <= 2, "one attempt each: {asked:?}");
        }
    }
}
