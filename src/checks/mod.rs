//! Looks at a text as its readers will, and says what to look at again: whether patients can read
//! it, whether a tie is disclosed where it is seen, whether a claim has its evidence, whether its
//! hashtags can be read aloud; and whether the practice says the same beside it already.
//!
//! Pure: no I/O and no clock. Nothing here keeps a text from being sent; what does is the
//! [`screen`](crate::screen)'s to find. Remarks are sentences that end with what to do; the checks
//! know no language but English.
//!
//! To add a check, add a file with a table of examples, and a line in [`remarks`].

pub mod beside;
mod disclosure;
pub mod elsewhere;
mod evidence;
mod hashtags;
mod jargon;
mod reading;
mod similar;
mod syllables;
mod tags;
mod text;
mod written;

pub use written::Written;

/// What to look at again, for whoever writes; a sentence each, without its full stop.
pub fn remarks(written: &Written<'_>) -> Vec<String> {
    let mut lines = for_signers(written);
    lines.extend(reading::check(written));
    lines.extend(jargon::check(written));
    lines.extend(hashtags::check(written));
    lines
}

/// What of it whoever signs answers for, and so needs to know too.
pub fn for_signers(written: &Written<'_>) -> Vec<String> {
    evidence::check(written).into_iter().chain(disclosure::check(written)).collect()
}

/// The text in the words that the remarks propose, where they propose words that can stand there as
/// they are; nothing where that changes nothing.
pub fn reworded(written: &Written<'_>) -> Option<String> {
    let plain = jargon::reworded(written);
    let text = plain.as_deref().unwrap_or(written.text);
    hashtags::reworded(&Written { text, ..*written }).or(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_ordinary_post_has_no_remarks() {
        for text in [
            "Flu shots this Saturday 9 to 12, no appointment needed.",
            "Flu shots are here! Walk in any Monday 9-4, no appointment needed #FluShots #health",
            "Welcome our new patient care coordinator, Will Rubio!",
            "We are closed on Thursday and Friday. Happy Thanksgiving from all of us at Northside!",
            "Patients can now see test results, visit notes and bills in the portal.",
            "If this is an emergency call 911; in a crisis call or text 988.",
        ] {
            assert_eq!(remarks(&Written { text, ..Written::default() }), [""; 0], "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_looked_at(
            parts in prop::collection::vec(prop_oneof![any::<String>(), "[ -~]{0,40}", cues()], 0..20),
            disclosure in prop_oneof![any::<String>(), cues()],
            practice in any::<String>(),
        ) {
            let text = parts.concat();
            let written =
                Written { text: &text, disclosure: &disclosure, practice: &practice, ..Written::default() };
            for line in remarks(&written) {
                prop_assert!(!line.contains('\n') && !line.is_empty());
            }
            if let Some(better) = reworded(&written) {
                prop_assert!(better != text);
            }
        }
    }

    fn cues() -> impl Strategy<Value = String> {
        let cues = [
            "#flushots ",
            "#ad",
            " #",
            "hypertension ",
            "Dr. ",
            "a.m. ",
            "95% effective ",
            "by 5 ",
            "studies show ",
            "10.1001/a(b). ",
            "https://",
            "\n",
            "\u{301}",
            "é",
            "İ",
            "ß",
            "…",
            "-",
            "Paid partnership ",
            "individuals evaluate medications carefully ",
            "\u{a0}hypertension",
            "\u{3000}Edemas\u{2009}",
        ];
        prop::sample::select(cues.to_vec()).prop_map(str::to_owned)
    }
}
