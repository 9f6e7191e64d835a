//! The public listener: a picture by its signed link, and nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;

use countersign::app::media_link;
use countersign::domain::ids::PracticeId;
use countersign::web::public;
use jiff::SignedDuration;
use tokio::sync::watch;

use crate::local_support::{Answer, Ask};
use crate::support::{Counted, TestPractice, sample};

/// The listener of a practice with a picture.
struct Public {
    practice: TestPractice,
    port: u16,
    sha256: String,
    stop: watch::Sender<bool>,
}

impl Public {
    async fn open() -> Self {
        let practice = TestPractice::open().await;
        practice.person("maya").shows("Our new door.", "The door of the practice").await;
        practice.settle().await;
        practice.person("maya").presses("Make a post").await;
        practice.settle().await;
        let sha256 = practice.post(1).await.draft.pictures[0].sha256.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (stop, stopping) = watch::channel(false);
        let router = public::router(practice.office.clone(), axum::Router::new());
        tokio::spawn(public::serve(listener, router, stopping));
        Self { practice, port, sha256, stop }
    }

    fn link(&self, practice: &str) -> String {
        media_link::link(&self.practice.office, &PracticeId::new(practice), &self.sha256)
    }

    async fn get(&self, path: &str) -> Answer {
        Ask::bare(self.port, "GET", path).header("host", "posts.example.org").send().await
    }
}

#[tokio::test]
async fn a_signed_link_shows_the_picture_and_no_more() {
    let public = Public::open().await;

    let answer = public.get(&public.link("northside")).await;

    assert_eq!(answer.status, 200);
    let kept = public.practice.office.store.media(&public.practice.id(), &public.sha256).await;
    let kept = kept.expect("readable").expect("it is there");
    assert_eq!(answer.body, kept.bytes);
    for header in [
        &format!("content-type: {}", kept.media_type),
        "x-content-type-options: nosniff",
        "content-security-policy: default-src 'none'",
        "cache-control: no-store",
    ] {
        assert!(answer.head.contains(header), "{header} in {}", answer.head);
    }
}

#[tokio::test]
async fn a_link_that_is_wrong_old_or_anothers_leads_nowhere() {
    let public = Public::open().await;
    let mut other = sample::practice();
    other.id = PracticeId::new("southside");
    other.channels.clear();
    let (store, now) = (&public.practice.office.store, public.practice.office.now());
    let entries = sample::entries(&other, "", &Counted::default());
    store.found(&other, now, &entries).await.expect("founded");
    let good = public.link("northside");
    let (path, query) = good.split_once('?').expect("signed");
    let (until, sig) = query.split_once('&').expect("signed");
    let until: i64 = until.trim_start_matches("until=").parse().expect("a time");
    let flipped = if sig.ends_with('0') { "1" } else { "0" };
    let wrong = [
        path.to_owned(),
        format!("{path}?until={until}"),
        format!("{path}?until=x&{sig}"),
        format!("{path}?until={}&{sig}", until + 1),
        format!("{path}?until={}&{sig}", until - 1),
        format!("{path}?until={until}&{}{flipped}", &sig[..sig.len() - 1]),
        format!("{path}?until={until}&sig="),
        format!("/media/{}?{query}", "0".repeat(64)),
        public.link("southside"),
    ];

    for link in &wrong {
        assert_eq!(public.get(link).await.status, 404, "{link}");
    }
    assert_eq!(public.get(&good).await.status, 200);
    public.practice.passes(SignedDuration::from_mins(61));
    assert_eq!(public.get(&good).await.status, 404, "an hour later");
}

#[tokio::test]
async fn nothing_of_the_house_is_served_there() {
    let public = Public::open().await;
    let inside = ["/", "/healthz", "/metrics", "/local/api", "/practice-page", "/media", "/media/"];

    for path in inside {
        let answer = public.get(path).await;
        assert_eq!((answer.status, answer.body.len()), (404, 0), "{path}");
        assert!(answer.head.contains("nosniff"), "{path}");
    }
    let post = Ask::bare(public.port, "POST", &public.link("northside")).header("host", "x");
    assert_eq!(post.bytes("x").await.status, 404);
}

#[tokio::test]
async fn too_large_a_head_is_refused() {
    let public = Public::open().await;
    let ask = Ask::bare(public.port, "GET", "/").header("host", "x");

    let long = ask.clone().header("x-long", &"a".repeat(40_000)).send().await;
    let many = (0..100).fold(ask, |ask, n| ask.header(&format!("x-{n}"), "1")).send().await;

    assert_eq!((long.status, many.status), (431, 431));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_closes_when_told() {
    let public = Public::open().await;
    public.stop.send_replace(true);

    // The listener is dropped by the task that serves; then nobody is there.
    let gone = tokio::task::spawn_blocking(move || {
        loop {
            match TcpStream::connect(("127.0.0.1", public.port)) {
                Err(_) => return true,
                Ok(mut open) => {
                    let _ =
                        open.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
                    let _ = open.read(&mut [0]);
                }
            }
        }
    });

    assert!(gone.await.expect("waited for"));
}
