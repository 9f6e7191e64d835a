//! The table of all rules, a file a family. A new rule is a row in one of them, nothing else.

mod beside;
mod birth;
mod contact;
mod devices;
mod identifiers;
mod names;
mod numbers;

use super::rule::Rule;

/// All rules, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        names::RULES,
        birth::RULES,
        contact::RULES,
        devices::RULES,
        numbers::RULES,
        identifiers::RULES,
        beside::RULES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::agency::Others;
    use crate::screen::{Kind, KnownBy, Roster, Screen};

    #[test]
    fn every_rule_hits_and_spares_its_examples() {
        let screen = Screen::new();
        let roster = Roster::new(&KnownBy {
            watched: vec!["Botox".to_owned(), "risk free".to_owned()],
            others: Others {
                practices: vec!["Lakeside Pediatrics".to_owned()],
                people: vec!["Dr. Wren Holloway".to_owned()],
                handles: vec!["lakeside.example".to_owned()],
                phones: vec!["(512) 555-0199".to_owned()],
            },
            ..KnownBy::default()
        });
        let is_hit = |rule: &Rule, text: &str| {
            let findings = screen.found(Kind::Post, text, &roster);
            findings.iter().any(|finding| finding.rule == rule.id)
        };
        for rule in all() {
            assert!(rule.hits.len() >= 2, "{} needs two texts that it hits", rule.id);
            assert!(rule.misses.len() >= 2, "{} needs two texts that it spares", rule.id);
            for text in rule.hits {
                assert!(is_hit(rule, text), "{} misses: {text}", rule.id);
            }
            for text in rule.misses {
                assert!(!is_hit(rule, text), "{} hits: {text}", rule.id);
            }
        }
    }

    #[test]
    fn every_rule_has_its_own_id_and_speaks_in_sentences() {
        let mut ids = BTreeSet::new();
        for rule in all() {
            assert!(ids.insert(rule.id), "{} is there twice", rule.id);
            for words in [rule.reason, rule.suggestion, rule.source] {
                assert!(!words.is_empty() && !words.ends_with('.'), "{}: {words}", rule.id);
            }
        }
    }
}
