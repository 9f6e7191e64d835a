//! A gate that can't look: nothing typed is kept, its author is asked again, and it lets others in.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::app::office::Office;
use countersign::ports::store::Screened;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::TestPractice;

/// Lets the gate look by this, at texts with this word; at all others by the screen.
fn looks_at(word: &'static str, by: impl Fn(&str) + Send + Sync + 'static) -> impl Fn(&mut Office) {
    let by = Arc::new(by);
    move |office| {
        let (by, screen) = (by.clone(), office.screen.clone());
        office.look = Arc::new(move |text, roster| {
            if text.contains(word) {
                by(text);
            }
            screen.check(text, roster)
        });
    }
}

async fn kept(practice: &TestPractice) -> String {
    let stored = practice.office.store.unhandled(0, 99).await.expect("readable");
    serde_json::to_string(&stored.into_iter().map(|stored| stored.event).collect::<Vec<_>>())
        .expect("JSON")
}

#[tokio::test]
async fn a_text_on_which_the_screen_breaks_is_not_kept() {
    let breaks = looks_at("Zebulon", |text| panic!("can't cut {text}"));
    let practice = TestPractice::open_as(|_| {}, breaks).await;

    practice.person("tomas").has_idea("Zebulon runs.").await;
    let stored = practice.office.store.unhandled(0, 9).await.expect("readable");
    assert!(matches!(stored[0].event, Some(Screened::Unscreened { .. })));
    assert!(!kept(&practice).await.contains("Zebulon"));
    practice.settle().await;
    practice.person("tomas").has_idea("Flu shots this Saturday.").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r"
    tomas       says: Zebulon runs.
                [not screened]
    countersign (to tomas) asks to send it again
    tomas       says: Flu shots this Saturday.
    countersign idea by Tomas [Make a post] [Not a post]
    ");
}

#[tokio::test]
async fn a_look_that_never_ends_keeps_nobody_out() {
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (ended, looks) = (Mutex::new(ended), Arc::new(AtomicUsize::new(0)));
    let counted = looks.clone();
    let never_ends = looks_at("Zebulon", move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        let _ = ended.lock().map(|ended| ended.recv());
    });
    let look = SignedDuration::from_millis(400);
    let change = |office: &mut Office| {
        never_ends(office);
        office.pace.look = look;
    };
    let practice = TestPractice::open_as(|_| {}, change).await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));

    // While there are places to look from, others are looked at meanwhile.
    tomas.has_idea("Zebulon runs.").await;
    maya.has_idea("Flu shots this Saturday.").await;
    for _ in 0..8 {
        tomas.has_idea("Zebulon runs.").await;
    }
    practice.settle().await;
    let asked = practice.transcript().matches("(to tomas) asks to send it again").count();
    // Then nobody is, and an answer comes in time all the same; what has no text goes through.
    let idea = maya.has_idea("Now also on Sunday.");
    tokio::time::timeout(Duration::from_millis(2500), idea).await.expect("in time");
    maya.presses("Make a post").await;
    practice.settle().await;
    let looked = looks.load(Ordering::SeqCst);
    drop(end);
    maya.has_idea("It is over.").await;
    practice.settle().await;

    assert_eq!((asked, looked), (9, 8));
    assert!(!kept(&practice).await.contains("Zebulon"));
    assert_snapshot!(practice.transcript(), @r#"
    maya        says: Now also on Sunday.
                [not screened]
    maya        [Make a post]
    countersign (to maya) asks to send it again
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    maya        says: It is over.
    countersign idea by Maya [Make a post] [Not a post]
    "#);
}
