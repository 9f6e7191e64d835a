//! The rule packs: dated, cited sets of rules, kept as data in `packs/`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Kind;
use super::finding::{Category, Risk, Severity};

/// All packs that are compiled in.
pub static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let texts = [
        include_str!("packs/hipaa.toml"),
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

/// A dated, cited set of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Such as `federal` or a state's two letters.
    pub name: String,
    /// When a person last compared it with the law, `YYYY-MM-DD`.
    pub reviewed: String,
    /// Its own rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<WordRule>,
    /// Where it judges a federal rule otherwise.
    #[serde(default, rename = "change")]
    pub changes: Vec<Changed>,
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
    pub patterns: Vec<String>,
    /// What spares a hit, in the same sentence.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What spares a hit, near it in any sentence.
    #[serde(default)]
    pub unless_anywhere: Vec<String>,
    /// At least two texts that it must hit.
    pub hits: Vec<String>,
    /// At least two texts that it must leave alone.
    pub misses: Vec<String>,
}

/// A state's own judgment of a federal rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Every rule of this category.
    pub category: Category,
    /// What follows from a hit there.
    pub severity: Severity,
    /// The state's clause.
    pub source: String,
}

impl Pack {
    /// Whether nobody compared it with the law for a year before a day, `YYYY-MM-DD`.
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
    use crate::screen::{Roster, Screen};

    #[test]
    fn every_rule_hits_and_spares_its_examples() {
        let screen = Screen::new();
        for rule in RULES.iter() {
            assert!(rule.hits.len() >= 2 && rule.misses.len() >= 2, "{} needs examples", rule.id);
            let is_hit = |text: &str| {
                let kind = rule.kind.unwrap_or_default();
                let findings = screen.check_as(kind, text, &Roster::default());
                findings.iter().any(|finding| finding.rule == rule.id)
            };
            for text in &rule.hits {
                assert!(is_hit(text), "{} misses: {text}", rule.id);
            }
            for text in &rule.misses {
                assert!(!is_hit(text), "{} hits: {text}", rule.id);
            }
        }
    }

    #[test]
    fn every_rule_has_its_own_id() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), RULES.len());
    }

    #[test]
    fn a_state_may_judge_more_strictly() {
        let known = crate::screen::KnownBy { states: vec!["NY".into()], ..Default::default() };
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
        let pack = Pack {
            name: "tx".into(),
            reviewed: "2025-03-10".into(),
            rules: Vec::new(),
            changes: Vec::new(),
        };
        assert!(!pack.is_old("2026-03-10"));
        assert!(pack.is_old("2026-03-11"));
    }
}
