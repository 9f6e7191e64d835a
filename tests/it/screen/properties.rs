//! What holds of any text.

use std::collections::BTreeSet;

use countersign::screen::{Kind, Roster};
use proptest::prelude::*;

use super::SCREEN;
use super::score::texts;

fn rules(kind: Kind, text: &str) -> BTreeSet<&'static str> {
    let findings = SCREEN.check_as(kind, text, &Roster::default());
    findings.into_iter().map(|finding| finding.rule).collect()
}

/// Writes a text in other signs that look the same.
fn disguised(text: &str, how: &str) -> String {
    let hidden = |c: char| if c == 'a' || c == 'e' { format!("{c}\u{200B}") } else { c.into() };
    match how {
        "hidden signs" => text.chars().map(hidden).collect(),
        "curly quotes" => text.replace('\'', "\u{2019}"),
        "hard spaces" => text.replace(' ', "\u{A0}"),
        "hard hyphens" => text.replace('-', "\u{2011}"),
        "wide signs" => text.chars().map(wide).collect(),
        _ => text.replace('e', "e\u{301}"),
    }
}

fn wide(c: char) -> char {
    if c.is_ascii_alphanumeric() {
        char::from_u32(u32::from(c) - 0x20 + 0xFF00).expect("a wide sign")
    } else {
        c
    }
}

#[test]
fn a_disguise_hides_nothing_that_is_found_in_the_plain_text() {
    for how in
        ["hidden signs", "curly quotes", "hard spaces", "hard hyphens", "wide signs", "accents"]
    {
        for text in texts("own.jsonl").iter().filter(|text| text.text.is_ascii()) {
            let plain = rules(text.kind, &text.text);
            let other = rules(text.kind, &disguised(&text.text, how));
            let lost: Vec<_> = plain.difference(&other).collect();
            assert!(lost.is_empty(), "{how}: {} loses {lost:?}", text.id);
        }
    }
}

#[test]
fn a_second_look_finds_the_same() {
    for text in texts("own.jsonl") {
        assert_eq!(rules(text.kind, &text.text), rules(text.kind, &text.text), "{}", text.id);
    }
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Post, Kind::Reply])
}

/// Pieces of texts that say something, among any signs.
fn mixed() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = texts("own.jsonl").into_iter().map(|text| text.text).collect();
    let piece = (prop::sample::select(pieces), any::<prop::sample::Index>());
    let cut = piece.prop_map(|(text, at)| {
        let at = at.index(text.chars().count());
        text.chars().skip(at).collect::<String>()
    });
    let part = prop_oneof![any::<String>(), "[ -~]{0,40}", cut];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    #[test]
    fn findings_lie_within_any_text(kind in any_kind(), text in mixed()) {
        let units: Vec<u16> = text.encode_utf16().collect();
        for finding in SCREEN.check_as(kind, &text, &Roster::default()) {
            let hit = text.get(finding.span.clone());
            prop_assert!(hit.is_some_and(|hit| !hit.is_empty()));
            prop_assert!(text.get(finding.evidence.clone()).is_some());
            let there = String::from_utf16(&units[finding.span_in_utf16(&text)]).ok();
            prop_assert_eq!(there.as_deref(), hit);
        }
    }
}
