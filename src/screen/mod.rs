//! Finds patient information and risky claims in a text, before anything stores it.
//!
//! A text is folded into its shadow (`fold`), every rule of the table (`rules/`) reads the
//! shadow, and what it finds is mapped back to the text as it was written. The screen is a pure
//! function: no I/O, no clock, no memory of what it read; its time is linear in the length of the
//! text. A finding never repeats the text.
//!
//! To add a rule, add a row to a file of `rules/`, with texts that it hits and texts that it spares.

mod code;
mod date;
mod finding;
mod fold;
mod grammar;
mod kind;
mod lexicon;
mod name;
pub mod packs;
mod reading;
mod roster;
mod rule;
mod rules;
mod words;

pub use finding::{Category, Finding, Risk, Severity};
pub use kind::Kind;
pub use lexicon::is_english;
pub use roster::{KnownBy, Roster};

use std::cmp::Reverse;
use std::ops::Range;

use regex::{Regex, RegexBuilder};

use fold::Shadow;
use grammar::{Found, Grammar};
use reading::Reading;
use rule::Rule;

/// So many findings of a category before one are compared with it.
const NEIGHBORS: usize = 32;

/// All rules, ready to run. Build it once and share it.
pub struct Screen {
    rules: Vec<(&'static Rule, Regex)>,
    grammar: Grammar,
}

impl Screen {
    /// Prepares all rules.
    #[expect(
        clippy::new_without_default,
        reason = "it is costly; nobody should build it in passing"
    )]
    pub fn new() -> Screen {
        let rules = rules::all().map(|rule| (rule, compiled(rule))).collect();
        let grammar = Grammar::new(&packs::RULES, &packs::ROLES);
        let grammar = grammar.unwrap_or_else(|why| panic!("a rule that a test reads: {why}"));
        Screen { rules, grammar }
    }

    /// Why a rule hits and what the author can do, in plain words.
    pub fn explain(&self, rule: &str) -> Option<(&'static str, &'static str)> {
        let mut known = self.rules.iter().map(|(rule, _)| *rule);
        let known = known.find(|known| known.id == rule);
        let of_a_pack = || packs::RULES.iter().find(|known| known.id == rule);
        known
            .map(|known| (known.reason, known.suggestion))
            .or_else(|| of_a_pack().map(|rule| (rule.reason.as_str(), rule.suggestion.as_str())))
    }

    /// What a post holds that needs a second look, in the order of the text.
    pub fn check(&self, text: &str, context: &Roster) -> Vec<Finding> {
        self.check_as(Kind::Post, text, context)
    }

    /// The same, for a text of any kind.
    pub fn check_as(&self, kind: Kind, text: &str, context: &Roster) -> Vec<Finding> {
        combined(self.found(kind, text, context))
    }

    /// Every hit of every rule, also where several tell of the same words.
    fn found(&self, kind: Kind, text: &str, context: &Roster) -> Vec<Finding> {
        let reading = Reading { shadow: Shadow::of(text), roster: context };
        let mut findings: Vec<Finding> =
            self.rules.iter().flat_map(|(rule, pattern)| run(rule, pattern, &reading)).collect();
        findings.extend(self.grammar.run(&reading, kind).iter().map(|one| worded(one, &reading)));
        findings
    }
}

/// ASCII classes only: Unicode ones are five times slower and needless on the shadow.
fn compiled(rule: &Rule) -> Regex {
    let mut builder = RegexBuilder::new(rule.pattern);
    builder.unicode(false).build().expect("every pattern of the table is compiled by a test")
}

fn run(rule: &'static Rule, pattern: &Regex, reading: &Reading<'_>) -> Vec<Finding> {
    let matches = pattern.find_iter(reading.text());
    let hits =
        matches.filter_map(|found| Some((found.range(), (rule.judge)(reading, found.range())?)));
    let finding = |(read, hit): (Range<usize>, Range<usize>)| Finding {
        evidence: reading.shadow.original_range(read.start.min(hit.start)..read.end.max(hit.end)),
        span: reading.shadow.original_range(hit),
        category: rule.category,
        severity: rule.severity,
        rule: rule.id,
        reason: rule.reason,
        source: rule.source,
        suggestion: rule.suggestion,
        risk: rule.category.risk(),
        pattern: rule.pattern,
    };
    hits.map(finding).collect()
}

/// A state's pack may judge more strictly than the federal one, never less.
fn worded(found: &Found, reading: &Reading<'_>) -> Finding {
    let rule = found.rule;
    let change = reading.roster.changes().find(|change| change.category == rule.category);
    Finding {
        span: reading.shadow.original_range(found.span.clone()),
        category: rule.category,
        severity: change.map_or(rule.severity, |change| rule.severity.max(change.severity)),
        rule: &rule.id,
        reason: &rule.reason,
        source: change.map_or(&rule.source, |change| &change.source),
        suggestion: &rule.suggestion,
        risk: rule.risk,
        pattern: found.pattern,
        evidence: reading.shadow.original_range(found.evidence.clone()),
    }
}

/// In the order of the text; of findings of one category that overlap, the gravest and first.
fn combined(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| {
        (finding.category, Reverse(finding.severity), finding.span.start, Reverse(finding.span.end))
    });
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let of_its_category = kept.iter().rev().take_while(|one| one.category == finding.category);
        let mut near = of_its_category.take(NEIGHBORS);
        let is_told = |one: &Finding| {
            one.rule != finding.rule
                && one.span.start < finding.span.end
                && finding.span.start < one.span.end
        };
        if !near.any(is_told) {
            kept.push(finding);
        }
    }
    kept = without_echoes(kept);
    let named: Vec<Range<usize>> = kept
        .iter()
        .filter(|one| one.category == Category::Name)
        .map(|one| one.span.clone())
        .collect();
    kept.retain(|one| {
        let is_named = |name: &Range<usize>| name.start < one.span.end && one.span.start < name.end;
        one.category != Category::UnknownPerson || !named.iter().take(NEIGHBORS).any(is_named)
    });
    kept.sort_by_key(|finding| (finding.span.start, finding.span.end));
    kept
}

/// What one claim is, another is not told of for the same words: praise that is quoted promises
/// nothing, and a cure that nobody proved is that first.
const ECHOES: &[(Category, Category)] = &[
    (Category::Testimonial, Category::GuaranteeClaim),
    (Category::Testimonial, Category::SuperiorityClaim),
    (Category::Testimonial, Category::UnprovenTreatment),
    (Category::OffLabel, Category::UnprovenTreatment),
    (Category::UnprovenTreatment, Category::GuaranteeClaim),
];

/// Claims that speak of somebody in care by their nature, so that cues add up to nothing more.
const SHOWN: &[Category] = &[Category::Testimonial, Category::BeforeAfter];

fn without_echoes(findings: Vec<Finding>) -> Vec<Finding> {
    let is_echo = |(at, one): (usize, &Finding)| {
        let near = findings[at.saturating_sub(NEIGHBORS)..].iter().take(2 * NEIGHBORS);
        near.into_iter().any(|other| echoes(one, other))
    };
    let echoes: Vec<bool> = findings.iter().enumerate().map(is_echo).collect();
    findings
        .into_iter()
        .zip(echoes)
        .filter_map(|(one, is_echo)| (!is_echo).then_some(one))
        .collect()
}

fn echoes(one: &Finding, other: &Finding) -> bool {
    if one.pattern == grammar::ADDED_UP {
        let is_inside = other.span.start < one.evidence.end && one.evidence.start < other.span.end;
        let is_told = other.category.is_patient_information() || SHOWN.contains(&other.category);
        return is_inside && is_told && other.rule != one.rule;
    }
    let overlaps = one.span.start < other.span.end && other.span.start < one.span.end;
    let begins_within = other.span.start <= one.span.start;
    ECHOES.contains(&(other.category, one.category))
        && overlaps
        && (begins_within || one.span.end <= other.span.end)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static SCREEN: LazyLock<Screen> = LazyLock::new(Screen::new);

    fn spans(text: &str, roster: &Roster) -> Vec<(&'static str, String)> {
        let findings = SCREEN.check(text, roster);
        findings.into_iter().map(|finding| (finding.rule, text[finding.span].to_owned())).collect()
    }

    #[test]
    fn a_finding_points_at_the_text_as_it_was_written() {
        let text =
            "Our pa\u{200B}tient Jos\u{e9} Nu\u{301}n\u{303}ez, SSN\u{A0}748\u{2011}78\u{2011}8282";
        let found = spans(text, &Roster::default());
        let expected = [
            ("phi.patient-name", "Jos\u{e9} Nu\u{301}n\u{303}ez".to_owned()),
            ("phi.ssn", "748\u{2011}78\u{2011}8282".to_owned()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_practice_itself_raises_no_finding() {
        let northside = Roster::new(&KnownBy {
            people: vec!["Maya Lopez".into()],
            phones: vec!["(512) 555-0147".into()],
            addresses: vec![],
            practice: vec!["Cedar Women's Health".into()],
            ..KnownBy::default()
        });
        for text in [
            "Lost a cell? Ring 512.555.0147, her desk keeps found things",
            "our patient Maya Lopez plays in the team photo",
            "find every patient Cedar Women's Health news",
        ] {
            assert_eq!(spans(text, &northside), [], "{text}");
            assert_ne!(spans(text, &Roster::default()), [], "{text}");
        }
    }

    #[test]
    fn praise_that_is_quoted_promises_nothing() {
        let found = spans("\"My migraines are gone for good!\" - happy client", &Roster::default());
        let rules: Vec<&str> = found.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules, ["claim.testimonial"]);
    }

    #[test]
    fn cues_are_added_up_only_where_no_other_rule_found_a_patient() {
        let text = "Her cast came off and our little gymnast did a cartwheel in the hallway";
        let of = |text: &str| spans(text, &Roster::default());
        let is_sum = |(rule, _): &(&str, String)| *rule == "phi.cues-add-up";
        assert!(of(text).iter().any(is_sum), "{:?}", of(text));
        assert!(!of("our patient Gordon rang the bell").iter().any(is_sum));
    }

    #[test]
    fn a_shared_first_name_does_not_hide_a_patient() {
        let roster =
            Roster::new(&KnownBy { people: vec!["Austin Stone".into()], ..KnownBy::default() });
        assert_eq!(spans("our patient Austin rang the bell", &roster).len(), 1);
    }

    #[test]
    fn ordinary_posts_pass() {
        for text in [
            "Flu shots are here! Walk in any Monday 9-4, no appointment needed",
            "Patients can now see test results, visit notes and bills in the portal.",
            "Welcome our new patient care coordinator, Will Rubio!",
            "In 1921 Banting and Best discovered insulin in Toronto.",
            "If this is an emergency call 911; in a crisis call or text 988 or 741741.",
            "Our trial NCT02967999 is enrolling. doi:10.1001/jama.2024.5019",
            "Lou Gehrig gave his \"luckiest man\" speech on July 4, 1939.",
        ] {
            assert_eq!(spans(text, &Roster::default()), [], "{text}");
        }
    }

    #[test]
    fn a_finding_can_be_shown_without_the_text() {
        let findings = SCREEN.check("our patient Gordon, SSN 748-78-8282", &Roster::default());
        let shown = format!("{findings:?}");
        assert!(!shown.contains("Gordon") && !shown.contains("8282"), "{shown}");
    }

    #[test]
    fn hostile_texts_of_10_kb_are_screened() {
        let screen = &*SCREEN;
        for unit in [
            "patient ",
            "our patient J.",
            "mrs. ",
            "born on on ",
            "512-555-0100",
            "(",
            "1",
            "748-78-8282 ",
            "\u{200B}",
            "\u{FDFA}",
            "a\u{301}\u{301}\u{301}",
            "medical record no no # ",
            "dob: is is ",
            "patient spotlight is is ",
            "𝐉𝐚",
        ] {
            let text = unit.repeat(10_000 / unit.len());
            for finding in screen.check(&text, &Roster::default()) {
                assert!(text.get(finding.span).is_some());
            }
        }
    }

    #[test]
    fn it_can_be_shared_between_threads() {
        fn is_shared<T: Send + Sync>(_: &T) {}
        is_shared(&*SCREEN);
    }

    proptest! {
        #[test]
        fn any_text_is_screened_and_spans_lie_within_it(
            parts in prop::collection::vec(prop_oneof![any::<String>(), "[ -~]{0,40}", cues()], 0..12),
        ) {
            let text = parts.concat();
            for finding in SCREEN.check(&text, &Roster::default()) {
                prop_assert!(text.get(finding.span.clone()).is_some_and(|hit| !hit.is_empty()));
            }
        }
    }

    fn cues() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "patient ",
            "Patient: ",
            "pt. ",
            "Mrs. ",
            "Jane Doe",
            "J.D. ",
            "DOB ",
            "born on ",
            "3/14/1962",
            "March 3",
            "MRN: ",
            "45091875",
            "748-78-8282",
            "(512) 555-0147",
            "fax ",
            "call us ",
            "\u{200B}",
            "\u{301}",
            "\u{FB03}",
            "É",
        ])
        .prop_map(str::to_owned)
    }
}
