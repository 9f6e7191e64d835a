//! Which known word somebody meant who typed another.

/// The known word that is nearest to what was typed; `None` when none is near.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = typed.chars().count() / 3 + 1;
    let all = known.into_iter().map(|word| (distance(typed, word), word));
    all.filter(|(far, _)| *far <= near).min_by_key(|(far, _)| *far).map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed to come from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let changed = before + usize::from(letter != *other);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_a_stranger_is_not() {
        let known = ["web.listen", "local.listen", "outbox.lease_ms"];

        assert_eq!(nearest("web.lisen", known), Some("web.listen"));
        assert_eq!(nearest("outbox.lease", known), Some("outbox.lease_ms"));
        assert_eq!(nearest("web.listen", known), Some("web.listen"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
