//! What a practice wrote down about itself, for the screen to know.

use std::collections::BTreeMap;

use super::words::words;

words! {
    /// A list of a practice's.
    pub enum List {
        /// Its telephone and fax numbers.
        Phones = "phones",
        /// Its street addresses.
        Addresses = "addresses",
        /// Words that it wants to be told of.
        Watched = "watched",
    }
}

/// Every list of a practice that has something in it.
pub type Lists = BTreeMap<List, Vec<String>>;

/// At most so many lines are in a list.
pub const MOST: usize = 100;
/// A line has at most so many characters.
pub const LONGEST: usize = 100;

/// The lines of a list as somebody typed it, without empty ones, each once.
pub fn lines(typed: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if lines.iter().all(|known| known != line) {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// Why this can't be a list, to follow its name.
pub fn unfit(list: List, lines: &[String]) -> Option<String> {
    let is_number = |line: &String| {
        let digits = line.chars().filter(char::is_ascii_digit).count();
        (10..=15).contains(&digits) && !line.contains(char::is_alphabetic)
    };
    if lines.len() > MOST {
        return Some(format!("has more than {MOST} lines"));
    }
    if lines.iter().any(|line| line.chars().count() > LONGEST) {
        return Some(format!("has a line of more than {LONGEST} characters"));
    }
    if list == List::Phones && !lines.iter().all(is_number) {
        return Some("has a line that is no number with its area code, as 512 555 0147".to_owned());
    }
    let is_empty = |line: &String| !line.contains(char::is_alphanumeric);
    lines.iter().any(is_empty).then(|| "has a line without a letter or digit".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_by_its_lines() {
        assert_eq!(lines(" Botox \n\n cheap\nBotox\n"), ["Botox", "cheap"]);
        assert!(lines(" \n").is_empty());
    }

    #[test]
    fn what_can_be_in_a_list() {
        let fits = |list, line: &str| unfit(list, &[line.to_owned()]).is_none();

        assert!(fits(List::Phones, "(512) 555-0147") && fits(List::Phones, "+1 512 555 0147"));
        assert!(!fits(List::Phones, "555-0147") && !fits(List::Phones, "call 512 555 0147"));
        assert!(fits(List::Watched, "Botox") && !fits(List::Watched, "!"));
        assert!(!fits(List::Addresses, &"a".repeat(LONGEST + 1)));
        assert!(unfit(List::Watched, &vec!["a".to_owned(); MOST + 1]).is_some());
    }
}
