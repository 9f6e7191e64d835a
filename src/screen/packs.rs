//! The rule packs: dated, cited sets of rules, kept as data in `packs/`.
//!
//! The federal rules hold for everybody. A state's pack says where that state judges a kind of
//! claim otherwise; it may only be stricter. To add a rule, add it to a file of `packs/` with texts
//! that it hits and texts that it spares: they are its tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::finding::{Category, Risk, Severity};
use super::kind::Kind;

/// The name of the packs that hold for everybody.
pub const FEDERAL: &str = "federal";

/// All packs that are compiled in.
pub static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let texts = [
        include_str!("packs/people.toml"),
        include_str!("packs/hints.toml"),
        include_str!("packs/cues.toml"),
        include_str!("packs/replies.toml"),
        include_str!("packs/claims.toml"),
        include_str!("packs/offers.toml"),
        include_str!("packs/ca.toml"),
        include_str!("packs/fl.toml"),
        include_str!("packs/ny.toml"),
        include_str!("packs/tx.toml"),
    ];
    let read = |text: &&str| toml::from_str(text).unwrap_or_else(|why| panic!("a pack: {why}"));
    texts.iter().map(read).collect()
});

/// All rules in words of all packs.
pub static RULES: LazyLock<Vec<WordRule>> =
    LazyLock::new(|| PACKS.iter().flat_map(|pack| pack.rules.iter().cloned()).collect());

/// Patterns that tell people of the house and of the public by the words around their names.
pub static ROLES: LazyLock<Vec<String>> =
    LazyLock::new(|| PACKS.iter().flat_map(|pack| pack.roles.iter().cloned()).collect());

/// A dated, cited set of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// `federal`, or a state's two letters.
    pub name: String,
    /// When a person last went through it, with notes on the law, `YYYY-MM-DD`. What was compared
    /// with the law's own text is said by clause.
    pub reviewed: String,
    /// The clauses that were compared with the law's own text; no others were.
    #[serde(default)]
    pub compared: Vec<Compared>,
    /// Who is nobody to be kept from sight.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Its own rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<WordRule>,
    /// Where it judges a federal rule otherwise.
    #[serde(default, rename = "change")]
    pub changes: Vec<Changed>,
}

/// A clause whose rules a person compared with the law's own text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// The clause, as the rules' sources name it.
    pub clause: String,
    /// When, `YYYY-MM-DD`.
    pub on: String,
    /// What of it, and in which text, where that is known.
    #[serde(default)]
    pub text: String,
}

/// A rule in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordRule {
    /// Stable, never used again for something else.
    pub id: String,
    /// What a hit looks like.
    pub category: Category,
    /// What follows from a hit.
    pub severity: Severity,
    /// The least risk it gives a post.
    pub risk: Risk,
    /// Posts or replies only.
    pub kind: Option<Kind>,
    /// Why, in words for the author.
    pub reason: String,
    /// The clause.
    pub source: String,
    /// A safer way.
    pub suggestion: String,
    /// What it looks for.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Instead of patterns: how much each class of words tells for it or, below nothing, against it.
    #[serde(default)]
    pub weights: BTreeMap<String, f32>,
    /// Where patterns are loose: what the cues around a hit must add up to, at least, by the weights
    /// of the rule for texts of the kind that has some.
    pub least: Option<f32>,
    /// In which scopes a hit is spared.
    #[serde(default)]
    pub spared: Vec<Scope>,
    /// What spares a hit, in the same sentence.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What spares a hit, anywhere in the text.
    #[serde(default)]
    pub unless_anywhere: Vec<String>,
    /// What must stand somewhere in the text for a hit to count, if anything must.
    #[serde(default)]
    pub only_with: Vec<String>,
    /// At least two texts that it must hit.
    pub hits: Vec<String>,
    /// At least two texts, close to a hit, that it must leave alone.
    pub misses: Vec<String>,
}

/// A way in which a sentence holds a claim without making it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// "We can't promise .."
    Denied,
    /// "Is it painless?"
    Asked,
    /// "Beware of .."
    Warned,
    /// ".., explained"
    Taught,
}

/// A state's own judgment of a federal rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Every rule of this category.
    pub category: Category,
    /// What follows from a hit there, at least.
    pub severity: Severity,
    /// The state's clause.
    pub source: String,
    /// A text that is judged so.
    pub hits: Vec<String>,
    /// A text, close to a hit, that the state has nothing against.
    pub misses: Vec<String>,
}

/// A sentence for each pack that nobody went through for a year before a day,
/// `YYYY-MM-DD`: what is said wherever packs are loaded for somebody who can do something about it.
pub fn stale(today: &str) -> Vec<String> {
    let mut days: Vec<(&str, &str)> = PACKS
        .iter()
        .filter(|pack| pack.is_old(today))
        .map(|pack| (pack.name.as_str(), pack.reviewed.as_str()))
        .collect();
    days.sort_unstable();
    days.dedup_by_key(|(name, _)| *name);
    let line = |(name, day): &(&str, &str)| {
        format!("The {name} rules were last reviewed on {day}; ask for newer ones.")
    };
    days.iter().map(line).collect()
}

impl Pack {
    /// Whether nobody went through it for a year before a day, `YYYY-MM-DD`.
    pub fn is_old(&self, today: &str) -> bool {
        let months = |day: &str| {
            let mut parts = day.splitn(3, '-').map(|part| part.parse::<u32>().unwrap_or_default());
            let mut next = || parts.next().unwrap_or_default();
            (next() * 12 + next(), next())
        };
        let (then, day) = months(&self.reviewed);
        (then + 12, day) < months(today)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::screen::{Finding, KnownBy, Roster, Screen};

    #[test]
    fn every_rule_hits_and_spares_its_examples() {
        let screen = Screen::new();
        let mut wrong = Vec::new();
        for rule in RULES.iter() {
            assert!(rule.hits.len() >= 2 && rule.misses.len() >= 2, "{} needs examples", rule.id);
            let kind = rule.kind.unwrap_or_default();
            // Its own hits, also where a graver rule of the category tells of the same words.
            let is_hit = |text: &String| {
                screen.found(kind, text, &Roster::default()).iter().any(|f| f.rule == rule.id)
            };
            let missed = rule.hits.iter().filter(|text| !is_hit(text));
            wrong.extend(missed.map(|text| format!("{} misses: {text}", rule.id)));
            let hit = rule.misses.iter().filter(|text| is_hit(text));
            wrong.extend(hit.map(|text| format!("{} hits: {text}", rule.id)));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_rule_has_its_own_id_and_speaks_in_sentences() {
        let mut ids = BTreeSet::new();
        for rule in RULES.iter() {
            assert!(ids.insert(&rule.id), "{} is there twice", rule.id);
            for words in [&rule.reason, &rule.suggestion, &rule.source] {
                assert!(!words.is_empty() && !words.ends_with('.'), "{}: {words}", rule.id);
            }
        }
    }

    #[test]
    fn every_state_judges_its_examples_as_it_says() {
        let screen = Screen::new();
        for pack in PACKS.iter().filter(|pack| pack.name != "federal") {
            let known = KnownBy { states: vec![pack.name.to_uppercase()], ..KnownBy::default() };
            let roster = Roster::new(&known);
            for change in &pack.changes {
                let is_judged = |finding: &Finding| {
                    finding.category == change.category
                        && finding.severity >= change.severity
                        && finding.source == change.source
                };
                let is_hit = |text: &String| screen.check(text, &roster).iter().any(is_judged);
                let name = &pack.name;
                assert!(change.hits.len() >= 2 && change.misses.len() >= 2, "{name}");
                assert!(change.hits.iter().all(is_hit), "{name}: {:?}", change.hits);
                assert!(!change.misses.iter().any(is_hit), "{name}: {:?}", change.misses);
            }
        }
    }

    #[test]
    fn what_was_compared_is_a_source_of_its_pack() {
        for Pack { name, compared, rules, changes, .. } in PACKS.iter() {
            let sources = rules.iter().map(|rule| &rule.source);
            let sources: Vec<_> = sources.chain(changes.iter().map(|c| &c.source)).collect();
            for Compared { clause, on, .. } in compared {
                let is_used = sources.iter().any(|source| source.contains(clause.as_str()));
                assert!(is_used && on.len() == "2026-11-27".len(), "{name}: {clause} on {on}");
            }
        }
    }

    #[test]
    fn a_state_may_judge_more_strictly() {
        let known = KnownBy { states: vec!["NY".into()], ..KnownBy::default() };
        let text = "Our patients say it best: \"finally no more pain\"";
        let of = |roster: &Roster| {
            let findings = Screen::new().check(text, roster);
            findings.into_iter().find(|f| f.category == Category::Testimonial).map(|f| f.severity)
        };
        assert_eq!(of(&Roster::default()), Some(Severity::Warn));
        assert_eq!(of(&Roster::new(&known)), Some(Severity::Block));
    }

    #[test]
    fn a_pack_is_old_after_a_year() {
        let pack = |reviewed: &str| Pack {
            name: "tx".into(),
            reviewed: reviewed.into(),
            compared: Vec::new(),
            roles: Vec::new(),
            rules: Vec::new(),
            changes: Vec::new(),
        };
        assert!(!pack("2025-03-10").is_old("2026-03-10"));
        assert!(pack("2025-03-10").is_old("2026-03-11"));
    }

    #[test]
    fn an_old_pack_nags_once() {
        let first = PACKS.iter().map(|pack| pack.reviewed.as_str()).min().expect("packs");
        assert_eq!(stale(first), Vec::<String>::new());
        let lines = stale("2099-01-01");
        let names: BTreeSet<&str> = PACKS.iter().map(|pack| pack.name.as_str()).collect();
        assert_eq!(lines.len(), names.len(), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("The tx rules were last reviewed")));
    }
}
