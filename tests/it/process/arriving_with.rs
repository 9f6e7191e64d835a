//! What comes along when a practice is taken in: what it wrote down, its consents, its pictures.

use std::fs;
use std::sync::Arc;

use serde_json::Value;

use super::arriving::{asks, asks_bytes, exports, imports, shows};
use crate::workspace::{House, Workspace};

// A practice with rules of a state, with lists or with consents could not be taken in at all.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_practice_wrote_down_comes_with_it() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    let shown = house.runs(&["practice", "show", "northside"]).stdout();
    let file = house.data().join("northside.toml");
    let own = "own_words = false\n";
    let more = format!("{own}states = [\"ny\"]\nwatched = [\"Botox\"]\n");
    let with = shown.replace(own, &more);
    assert_ne!(shown, with);
    fs::write(&file, with).expect("written");
    let applied = house.runs(&["practice", "apply", file.to_str().expect("a path"), "--yes"]);
    assert_eq!(applied.code, Some(0), "{}", applied.stderr());
    let consent =
        ["practice", "consent", "northside", "--for", "before and after", "--until", "2099-11-30"];
    let code = house.runs(&consent).stdout();
    let folder = exports(&house, workspace).await;
    let other = House::new();

    let imported = imports(&other, &folder, &[]);

    assert_eq!(imported.code, Some(3), "{}", imported.stderr());
    let there = other.runs(&["practice", "show", "northside"]).stdout();
    assert!(there.contains("\"ny\"") && there.contains("\"Botox\""), "{there}");
    let consents = other.runs(&["practice", "consents", "northside"]).stdout();
    assert!(consents.starts_with(code.split_whitespace().next().expect("a code")), "{consents}");
    assert_eq!(other.runs(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafts_picture_comes_with_the_word_that_it_may_be_shown() {
    let house = Arc::new(House::new());
    let workspace = Workspace::open_in(&house);
    shows(&workspace).await;
    let folder = exports(&house, workspace).await;
    let other = House::new();

    let imported = imports(&other, &folder, &[]);

    assert_eq!(imported.code, Some(3), "{}", imported.stderr());
    let text = asks(&other, "SELECT draft FROM posts WHERE number = 1").await;
    let kept: Value = serde_json::from_str(&text).expect("JSON");
    let sha256 = kept["pictures"][0]["sha256"].as_str().expect("a picture");
    assert_eq!(kept["vouched"][sha256]["by"], "maya");
    assert!(asks_bytes(&other, sha256).await.is_some());
    assert_eq!(other.runs(&["verify"]).code, Some(0));
}
