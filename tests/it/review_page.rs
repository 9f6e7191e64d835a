//! `docs/review.md` says what the transition table says.

use std::fs;
use std::path::Path;

use countersign::domain::review;

/// Where the page's own words end and the table begins.
const MARK: &str = "<!-- The table is made from src/domain/review.rs. -->\n\n";

#[test]
fn the_page_of_the_review_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/review.md");
    let page = fs::read_to_string(&path).expect("docs/review.md");
    let (words, _) = page.split_once(MARK).expect("the mark before the table");
    let renewed = format!("{words}{MARK}{}", review::as_markdown());

    if std::env::var_os("COUNTERSIGN_RENEW").is_some() {
        fs::write(&path, &renewed).expect("a writable page");
        return;
    }
    assert!(
        page == renewed,
        "docs/review.md is out of date; renew it with COUNTERSIGN_RENEW=1 cargo test --test it \
         review_page, and read what changed"
    );
}
