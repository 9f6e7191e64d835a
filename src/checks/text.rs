//! A text as it is read aloud: sentences of words, without links, names of accounts and hashtags.

/// What ends with a full stop and ends no sentence.
const SHORTENED: &[&str] = &[
    "al", "dr", "drs", "mr", "mrs", "ms", "prof", "st", "vs", "e.g", "i.e", "etc", "no", "approx",
    "dept", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
];
/// So many words tell where a sentence begins.
const BEGINNING: usize = 6;

/// A sentence, or a line that ends without one's end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// What stands in it, parted by blanks.
    pub tokens: Vec<&'a str>,
}

impl<'a> Sentence<'a> {
    /// Its words, without signs and numbers; each half of one with a hyphen.
    pub fn words(&self) -> impl Iterator<Item = &'a str> {
        let parts = self.tokens.iter().flat_map(|token| token.split(['-', '/', '–', '—', '…']));
        let words = parts.map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
        words.filter(|word| {
            word.contains(char::is_alphabetic) && !word.contains(|c: char| c.is_ascii_digit())
        })
    }

    /// All of it, with single blanks.
    pub fn text(&self) -> String {
        self.tokens.join(" ")
    }

    /// Its first words, to know it by.
    pub fn beginning(&self) -> String {
        let all = self.tokens.len() <= BEGINNING;
        let first = self.tokens[..self.tokens.len().min(BEGINNING)].join(" ");
        if all { first } else { format!("{first}…") }
    }
}

/// The sentences of a text, in order.
pub fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut all = Vec::new();
    for line in text.lines() {
        let mut sentence = Sentence::default();
        let mut tokens = line.split_whitespace().filter(|token| is_read(token)).peekable();
        while let Some(token) = tokens.next() {
            sentence.tokens.push(token);
            if ends(token, tokens.peek().copied()) {
                all.push(std::mem::take(&mut sentence));
            }
        }
        all.push(sentence);
    }
    all.retain(|sentence| sentence.words().next().is_some());
    all
}

/// Links, mail addresses, names of accounts and hashtags are looked at and not read.
fn is_read(token: &str) -> bool {
    let token = token.trim_start_matches(|c: char| !c.is_alphanumeric() && !"#@".contains(c));
    let is_link = token.contains("://") || token.starts_with("www.") || token.starts_with("doi.");
    !is_link && !token.contains(['#', '@'])
}

/// A sentence ends with this, if that comes next.
fn ends(token: &str, next: Option<&str>) -> bool {
    let bare = token.trim_end_matches(['"', '\'', '”', '’', ')', ']', '*']);
    if bare.ends_with(['!', '?', '…']) {
        return true;
    }
    let Some(word) = bare.strip_suffix('.') else { return false };
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let initials = letters == 1 && word.chars().count() == 1 || word.contains('.') && letters <= 3;
    let goes_on = next.is_some_and(|next| !next.starts_with(char::is_uppercase));
    !(SHORTENED.contains(&word.as_str()) || initials && (goes_on || word.len() == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_sentences() {
        let table: [(&str, &[&str]); 9] = [
            ("Flu shots are here. Walk in!", &["Flu shots are here.", "Walk in!"]),
            ("Ask Dr. Rao at 5 p.m. today. Bye", &["Ask Dr. Rao at 5 p.m. today.", "Bye"]),
            ("We open at 9 a.m. Come early.", &["We open at 9 a.m.", "Come early."]),
            ("Hours\n- Mon 9 to 5\n\n- Tue", &["Hours", "- Mon 9 to 5", "- Tue"]),
            ("Take 1.5 ml, twice.", &["Take 1.5 ml, twice."]),
            ("See https://a.example/b. #flu @you Then call.", &["See Then call."]),
            ("He said \"stop.\" We did (twice?)", &["He said \"stop.\"", "We did (twice?)"]),
            ("🎉🎉 5 5 !!!", &[]),
            ("", &[]),
        ];

        for (text, expected) in table {
            let read: Vec<String> = sentences(text).iter().map(Sentence::text).collect();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn words_are_without_signs_and_numbers() {
        let table = [
            ("Well-child visits, 9-12, for 5th graders!", "Well child visits for graders"),
            ("It’s “free” & easy", "It’s free easy"),
        ];

        for (text, expected) in table {
            let all = sentences(text);
            let words: Vec<&str> = all.iter().flat_map(Sentence::words).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
