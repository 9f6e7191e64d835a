//! What an operator sees: `/healthz` and `/metrics`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use countersign::cli::heartbeat::Heartbeat;
use countersign::config::Settings;
use countersign::ports::clock::Clock;
use countersign::web::health;
use countersign::web::vitals::Vitals;
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::local_support::{Answer, Ask};
use crate::support::{Does, TestPractice};

/// A page of figures, read strictly: what `promtool check metrics` would not take panics.
struct Figures {
    types: BTreeMap<String, String>,
    samples: BTreeMap<String, f64>,
}

impl Figures {
    fn read(page: &str) -> Self {
        assert!(page.ends_with('\n'), "the last line ends");
        let mut all = Self { types: BTreeMap::new(), samples: BTreeMap::new() };
        let (mut helped, mut family) = (BTreeSet::new(), String::new());
        for line in page.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, text) = help.split_once(' ').expect("a help text");
                assert!(text.ends_with('.') && helped.insert(name.to_owned()), "{line}");
                continue;
            }
            if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').expect("a type");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(helped.contains(name), "{name} has no help");
                name.clone_into(&mut family);
                assert!(all.types.insert(name.to_owned(), kind.to_owned()).is_none(), "{line}");
                continue;
            }
            all.sample(line, &family);
        }
        all
    }

    fn sample(&mut self, line: &str, family: &str) {
        let (figure, value) = line.rsplit_once(' ').expect("a value");
        let (name, labels) = figure.split_once('{').unwrap_or((figure, "}"));
        let labels = labels.strip_suffix('}').expect("labels end");
        let histogram = self.types[family] == "histogram";
        let part = name.strip_prefix(family).expect("it stands with its family");
        let parts: &[&str] = if histogram { &["_bucket", "_sum", "_count"] } else { &[""] };
        assert!(parts.contains(&part), "{line}");
        assert!(self.types[family] != "counter" || name.ends_with("_total"), "{line}");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let (key, text) = label.split_once('=').expect("a label");
            assert!(key.bytes().all(|b| b.is_ascii_lowercase()), "{line}");
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            assert!(text.is_some_and(|t| !t.is_empty() && !t.contains(['"', '\\'])), "{line}");
        }
        let value = value.parse().expect("a number");
        assert!(self.samples.insert(figure.to_owned(), value).is_none(), "{line} is there twice");
    }

    #[track_caller]
    fn is(&self, figure: &str, value: f64) {
        let found = self.samples.get(&format!("countersign_{figure}"));
        assert_eq!(found, Some(&value), "{figure}");
    }
}

async fn asks(vitals: &Arc<Vitals>, path: &str) -> Answer {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let router = health::router(vitals.clone());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let answer = Ask::bare(port, "GET", path).header("host", "here").send().await;
    server.abort();
    answer
}

async fn figures(vitals: &Arc<Vitals>) -> (Figures, String) {
    let answer = asks(vitals, "/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{}", answer.head);
    let page = String::from_utf8(answer.body).expect("words");
    (Figures::read(&page), page)
}

async fn health(vitals: &Arc<Vitals>) -> (u16, Value) {
    let answer = asks(vitals, "/healthz").await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn the_figures_tell_what_was_done_and_name_nobody() {
    let practice = TestPractice::open().await;
    let vitals =
        Arc::new(Vitals::new(practice.office.clone(), Some(practice.folder.path().into())));
    practice.network.next(&[Does::Later(60)]);
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.person("tomas").has_idea("Our patient Jane Roe, SSN 219-09-9999.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.person("tomas").has_idea("Walk-ins on Sunday.").await;

    let (figures, page) = figures(&vitals).await;

    figures.is("healthy", 1.0);
    figures.is("database_readable", 1.0);
    figures.is("ledger_writable", 1.0);
    figures.is("practices", 1.0);
    figures.is("practices_stopped", 0.0);
    figures.is("inbox_waiting", 1.0);
    figures.is("gate_events_total{result=\"blocked\"}", 1.0);
    figures.is("gate_events_total{result=\"unscreened\"}", 0.0);
    figures.is("outbox_rows{kind=\"publication\",state=\"ready\"}", 1.0);
    figures.is("publications_total{network=\"local\",outcome=\"try-later\"}", 1.0);
    figures.is("platform_connected{platform=\"local\"}", 1.0);
    let looks = figures.samples["countersign_look_seconds_count"];
    assert!(looks >= 3.0);
    figures.is("look_seconds_bucket{le=\"+Inf\"}", looks);
    assert!(figures.samples["countersign_commits_total"] > 5.0);
    assert!(figures.samples["countersign_disk_free_bytes"] > 0.0);
    for name in ["northside", "Northside", "tomas", "rao", "Practice page", "Flu", "Jane", "219"] {
        assert!(!page.contains(name), "{name} is in {page}");
    }
}

#[tokio::test]
async fn health_names_everything_that_it_looked_at() {
    let practice = TestPractice::open().await;
    practice.person("ana").says("approvals", "/post stop").await;
    practice.settle().await;
    let vitals = Arc::new(Vitals::new(practice.office.clone(), None));

    let (code, health) = health(&vitals).await;

    let expected = json!({
        "status": "ok", "notes": [], "oldest_overdue_seconds": 0,
        "database": "ok", "ledger": "ok", "disk": "unknown", "disk_free_megabytes": null,
        "clock": "ok", "clock_jump_seconds": 0, "platforms": {"local": "connected"},
        "practices": 1, "stopped": 1,
    });
    assert_eq!((code, health), (200, expected));
}

#[tokio::test]
async fn a_platform_that_is_away_is_said_and_none_at_all_is_not_well() {
    let practice = TestPractice::open().await;
    let vitals = Arc::new(Vitals::new(practice.office.clone(), None));
    practice.chat.away(true);

    let (code, away) = health(&vitals).await;
    let (figures, _) = figures(&vitals).await;
    practice.chat.away(false);

    assert_eq!(
        (code, &away["status"], &away["platforms"]["local"]),
        (503, &json!("unheard"), &json!("away"))
    );
    figures.is("platform_connected{platform=\"local\"}", 0.0);
    figures.is("healthy", 0.0);
    assert_eq!(health(&vitals).await.0, 200);
}

/// A clock that somebody sets.
struct SetClock {
    now: AtomicI64,
    steady: AtomicI64,
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::SeqCst)).expect("a time")
    }

    fn steady(&self) -> SignedDuration {
        SignedDuration::from_secs(self.steady.load(Ordering::SeqCst))
    }
}

#[tokio::test]
async fn a_clock_that_jumped_is_said_and_keeps_nothing_from_working() {
    let now = AtomicI64::new(1_795_000_000);
    let clock = Arc::new(SetClock { now, steady: AtomicI64::new(5) });
    let practice = TestPractice::open_as(|_| {}, |office| office.clock = clock.clone()).await;
    let vitals = Arc::new(Vitals::new(practice.office.clone(), None));
    assert_eq!(health(&vitals).await.1["clock"], "ok");

    clock.now.fetch_add(-7200, Ordering::SeqCst);
    let (code, jumped) = health(&vitals).await;

    assert_eq!((code, &jumped["status"]), (200, &json!("ok")));
    assert_eq!(
        (&jumped["clock"], &jumped["clock_jump_seconds"]),
        (&json!("jumped"), &json!(-7200))
    );
    assert!(jumped["notes"][0].as_str().is_some_and(|note| note.contains("by -7200 s")));
}

#[tokio::test]
async fn the_heart_stops_when_it_is_not_well() {
    let outside = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/beat", outside.local_addr().expect("an address"));
    let alert = Settings::read(None, |name| match name {
        "COUNTERSIGN_ALERT_HEARTBEAT_URL" => Some(url.clone()),
        _ => None,
    });
    let heartbeat = Heartbeat::new(&alert.expect("sound").alert).expect("an address");
    let practice = TestPractice::open().await;
    let vitals = Vitals::new(practice.office.clone(), None);
    practice.chat.away(true);

    let unheard = heartbeat.beat(&vitals.judge().await).await;
    assert!(unheard.is_none() && outside.accept().now_or_never().is_none());
    practice.chat.away(false);
    let answers = async {
        let (mut stream, _) = outside.accept().await.expect("a beat");
        let asked = stream.read(&mut [0; 1024]).await.expect("a request");
        assert!(asked > 0);
        let answer =
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.expect("it listens");
    };
    let health = vitals.judge().await;
    let (beat, ()) = tokio::join!(heartbeat.beat(&health), answers);

    assert_eq!(beat, Some(Err("it answered 302".to_owned())), "nothing is followed");
}
