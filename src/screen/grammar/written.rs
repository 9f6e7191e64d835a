//! Takes a pattern apart as it was written: elements, and groups of alternatives.
//!
//! `(a b|c d)` is a group of alternatives of several words: the pattern stands for one of each.
//! Since `a|b c|d` could mean either, alternatives right beside another word must be in
//! parentheses, even when each is one word.

/// No pattern stands for more than so many.
const MOST: usize = 64;

/// All patterns without groups that a written one stands for, each as its elements.
pub fn variants(written: &str) -> Result<Vec<Vec<String>>, String> {
    let parts = parts(written)?;
    for pair in parts.windows(2) {
        if is_ambiguous(pair[0], pair[1]) {
            return Err(format!("put alternatives in parentheses: {} {}", pair[0], pair[1]));
        }
    }
    let mut all = vec![Vec::new()];
    for part in parts {
        let choices = choices(part);
        if all.len() * choices.len() > MOST {
            return Err(format!("it stands for more than {MOST} patterns"));
        }
        let longer = |one: &Vec<String>| -> Vec<Vec<String>> {
            choices.iter().map(|choice| [one.as_slice(), choice].concat()).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    Ok(all)
}

/// The parts between spaces that are in no parentheses.
fn parts(written: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut start, mut is_open) = (Vec::new(), 0, false);
    for (at, c) in written.char_indices() {
        match c {
            '(' | ')' if is_open == (c == '(') => return Err("its parentheses don't match".into()),
            '(' | ')' => is_open = !is_open,
            ' ' if !is_open => {
                parts.push(&written[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&written[start..]);
    parts.retain(|part| !part.is_empty());
    if is_open { Err("its parentheses don't match".into()) } else { Ok(parts) }
}

/// Whether alternatives stand beside a word, so that nobody can say where they end.
fn is_ambiguous(before: &str, after: &str) -> bool {
    let is_gap = |part: &str| part.starts_with("..") || part.starts_with(">>");
    let is_open = |part: &str| part.contains('|') && !part.contains('(');
    let is_word = |part: Option<&str>| part.is_some_and(|word| !word.starts_with('{'));
    let marks = |c| matches!(c, '<' | '>' | '!' | '?');
    !is_gap(before)
        && !is_gap(after)
        && (is_open(before) || is_open(after))
        && is_word(before.trim_matches(marks).rsplit('|').next())
        && is_word(after.trim_matches(marks).split('|').next())
}

/// What a part may be: the elements of each alternative.
fn choices(part: &str) -> Vec<Vec<String>> {
    let Some((marks, rest)) = part.split_once('(') else { return vec![vec![part.to_owned()]] };
    let (inner, end) = rest.rsplit_once(')').unwrap_or((rest, ""));
    let (words, phrases): (Vec<&str>, Vec<&str>) =
        inner.split('|').partition(|one| !one.contains(' '));
    if phrases.is_empty() {
        return vec![vec![format!("{marks}{inner}{end}")]];
    }
    let is_optional = end.contains('?');
    let end = end.trim_start_matches('?');
    let group = |phrase: &str| -> Vec<String> {
        let mut elements: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
        if let Some(first) = elements.first_mut() {
            first.insert_str(0, marks);
        }
        if let Some(last) = elements.last_mut() {
            last.push_str(end);
        }
        elements
    };
    let mut choices: Vec<Vec<String>> = phrases.into_iter().map(group).collect();
    if !words.is_empty() {
        choices.push(vec![format!("{marks}{}{end}", words.join("|"))]);
    }
    if is_optional {
        choices.push(Vec::new());
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Vec<String> {
        variants(written).expect("readable").iter().map(|one| one.join(" ")).collect()
    }

    #[test]
    fn a_group_stands_for_each_of_its_alternatives() {
        assert_eq!(read("feel (good|much better|well)"), ["feel much better", "feel good|well"]);
        assert_eq!(read("<(a b|c d)> e"), ["<a b> e", "<c d> e"]);
        assert_eq!(read("x (a b)? y"), ["x a b y", "x y"]);
        assert_eq!(read("he (is|was)? <(a|b)>"), ["he is|was? <a|b>"]);
    }

    #[test]
    fn alternatives_beside_a_word_need_parentheses() {
        for written in ["a|b c|d", "a|b c", "a b|c", "{x}|a b", "a? b|c?", "<a|b> c"] {
            assert!(variants(written).is_err(), "{written}");
        }
        for written in ["{x}|{y} a", "a|b ..2 c|d", "(a|b) (c|d)", "a {x}|{y}", "a|{x} b"] {
            assert!(variants(written).is_ok(), "{written}");
        }
    }

    #[test]
    fn parentheses_match() {
        for written in ["(a b", "a) b", "((a) b)"] {
            assert!(variants(written).is_err(), "{written}");
        }
    }
}
