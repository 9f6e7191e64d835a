//! The forms of a word that is written with a `~` at its end.

/// The word itself, or all its forms when it is written `treat~`.
pub fn forms(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix('~') else { return vec![word.to_owned()] };
    let mut forms: Vec<String> =
        ["", "s", "es", "ed", "ing"].iter().map(|end| format!("{stem}{end}")).collect();
    if let Some(bare) = stem.strip_suffix('e') {
        forms.extend([format!("{bare}ed"), format!("{bare}ing")]);
    } else if let Some(bare) = stem.strip_suffix('y') {
        forms.extend([format!("{bare}ies"), format!("{bare}ied")]);
    } else if let Some(last) = stem.chars().last() {
        forms.extend([format!("{stem}{last}ed"), format!("{stem}{last}ing")]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_its_usual_forms() {
        for (word, form) in [
            ("cure~", "curing"),
            ("stop~", "stopped"),
            ("therapy~", "therapies"),
            ("heal~", "heals"),
        ] {
            assert!(forms(word).contains(&form.to_owned()), "{word}: {form}");
        }
        assert_eq!(forms("cure"), ["cure"]);
    }
}
