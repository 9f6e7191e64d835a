//! A claim that can be checked stands beside what it rests on.
//!
//! It looks for numbers beside an effect, and for appeals to studies. The evidence is a link in the
//! field *Source*, or the DOI of a paper in the text. Whether the paper says so, nobody looks here:
//! whoever signs does.

use std::sync::LazyLock;

use regex::Regex;

use super::text::{Sentence, sentences};
use super::written::Written;
use crate::domain::doi::Doi;

/// An appeal to what somebody found.
static APPEAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(stud(y|ies)|research|researchers|trials?|data|evidence|surveys?|scientists) (have |has |had )?(clearly |also |now )?(shows?|showed|shown|proves?|proved|proven|finds?|found|suggests?|suggested|confirms?|confirmed|demonstrates?|says?)\b|\b(clinically|scientifically|medically) (proven|shown|tested)\b|\b(is|are|was|were|been|it['’]s) (proven|shown) to\b|\bproven (to|ways?|results?|effective|benefits?)\b|\baccording to (a |an |the |one )?(new |recent |large )?(study|studies|trial|research|survey)\b",
    )
});

/// A number as claims have it.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[0-9] ?(%|percent\b)|\b([0-9]+|one|two|three|nine) (in|out of) (every )?([0-9]+|three|four|five|ten)\b|\b([0-9]+|two|three|ten)(x| times) (more|less|as|higher|lower|greater|the)\b",
    )
});

/// An effect, or people whom a number is about.
static EFFECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(effective\w*|risks?|chances?|odds|likel\w+|reduc\w+|lowers?|lowered|cuts?|prevent\w*|protect\w*|success\w*|surviv\w+|improv\w+|fewer|detect\w*|cured?|cures|satisf\w+|reliev\w+|accura\w+|blocks?|kills?|recover\w*|patients|people|adults|women|men|children|kids|teens|parents|americans|seniors|smokers|babies|moms|cases|deaths|strokes|cancers|heart attacks)\b",
    )
});

/// Something gets more or less by a number.
static BY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(reduc|lower|cut|decreas|increas|improv|rais|slash|boost)\w*\b.{0,80}\bby (up to |about |around |more than |over |nearly |almost |as much as |at least )?([0-9]|half\b|a third|a quarter|one third)",
    )
});

/// What a number is about that is no claim of health: prices, the day's staff, what is in a bottle.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(off|discounts?|save|savings?|sale|coupons?|deposit|copay|coinsurance|interest|financing|tip|alcohol|isopropyl|hydrocortisone|milk|battery|humidity|full|booked|raised|goal|donat\w+|proceeds|of our (staff|team|nurses|doctors))\b|100 ?% (ready|committed|free|fun|cotton|recycl\w+)",
    )
});

/// The claim that lacks its evidence.
pub fn check(written: &Written<'_>) -> Option<String> {
    let claim = sentences(written.text).into_iter().find(is_claim)?;
    let is_shown = !written.source.trim().is_empty() || !Doi::all_in(written.text).is_empty();
    (!is_shown).then(|| {
        format!(
            "“{}” is a claim that can be checked: put a link to the evidence into the field Source, \
             so that whoever signs can read it",
            claim.beginning()
        )
    })
}

fn is_claim(sentence: &Sentence<'_>) -> bool {
    let text = sentence.text().to_lowercase();
    if text.ends_with('?') {
        return false;
    }
    let in_numbers = BY.is_match(&text) || NUMBER.is_match(&text) && EFFECT.is_match(&text);
    APPEAL.is_match(&text) || in_numbers && !OTHER.is_match(&text)
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern that the tests below compile")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_asked(text: &str, source: &str) -> bool {
        check(&Written { text, source, ..Written::default() }).is_some()
    }

    #[test]
    fn a_claim_that_can_be_checked_asks_for_its_evidence() {
        for text in [
            "Studies show that walking helps your heart.",
            "Research has shown it works.",
            "Our clinically proven peel!",
            "This shot is 95% effective against measles.",
            "Quitting cuts your risk of a heart attack by half.",
            "A daily walk reduces blood pressure by about 5 points.",
            "9 in 10 patients feel better in a week.",
            "One in three adults has high blood pressure.",
            "Smokers are 15 times more likely to get lung cancer.",
            "Come by. According to a recent study, naps help.",
            "Sunscreen blocks 97 percent of rays.",
        ] {
            assert!(is_asked(text, ""), "{text}");
            assert!(!is_asked(text, "https://doi.org/10.1001/jama.2024.5019"), "{text}");
            assert!(!is_asked(&format!("{text} doi:10.1001/jama.2024.5019"), ""), "{text}");
        }
        let line = check(&Written { text: "Studies show it.", ..Written::default() });
        let expected = "“Studies show it.” is a claim that can be checked: put a link to the \
            evidence into the field Source, so that whoever signs can read it";
        assert_eq!(line.as_deref(), Some(expected));
    }

    #[test]
    fn what_claims_nothing_is_spared() {
        for text in [
            "Flu shots this Saturday 9 to 12, no appointment needed.",
            "20% off for new patients this week.",
            "Save 10 percent when more people book.",
            "100% of our staff got their flu shot. We protect you.",
            "Use a hand rub with 70% alcohol to protect people.",
            "Our doctor has a proven track record.",
            "Did you know what studies show?",
            "Join our study group: 3 in the evening, people welcome.",
            "We raised 80% of our goal for children in need.",
            "Lower your blood pressure by walking.",
            "Call 512-555-0147 or come by 1 of our 3 offices.",
            "Read https://a.example/95%25-effective for patients.",
            "",
        ] {
            assert!(!is_asked(text, ""), "{text}");
        }
    }
}
