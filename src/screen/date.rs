//! Reads a date at the start of a text, in the forms in which Americans write one.

/// A date that could be one: month and day are in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// How many bytes it takes.
    pub length: usize,
    /// The year, if it was written.
    pub year: Option<u16>,
}

/// The date at the start of folded text: `3/14/1962`, `1962-03-14`, `14 march 1962`, `mar 14th`.
pub fn date_at(text: &str) -> Option<Date> {
    numeric(text).or_else(|| month_first(text)).or_else(|| day_first(text))
}

fn numeric(text: &str) -> Option<Date> {
    let (first, digits) = number(text)?;
    let mut at = digits;
    let mark = separator(&text[at..])?;
    let (second, digits_of_second) = number(&text[at + 1..])?;
    at += 1 + digits_of_second;
    if digits == 4 {
        let rest = text[at..].strip_prefix(mark)?;
        let (third, digits_of_third) = number(rest)?;
        return dated(at + 1 + digits_of_third, second, third, Some(first));
    }
    let third = text[at..].strip_prefix(mark).and_then(number);
    match third {
        Some((year, length @ (2 | 4))) => {
            let at = at + 1 + length;
            dated(at, first, second, Some(year)).or_else(|| dated(at, second, first, Some(year)))
        }
        None if mark == '/' => dated(at, first, second, None),
        Some(_) | None => None,
    }
}

fn month_first(text: &str) -> Option<Date> {
    let (month, length) = month_at(text)?;
    let mut at = length + spaces(&text[length..]);
    let (day, digits) = number(&text[at..])?;
    if digits == 4 {
        return dated(at + digits, month, 1, Some(day));
    }
    at += digits + ordinal(&text[at + digits..]);
    let (year, length) = trailing_year(&text[at..]);
    dated(at + length, month, day, year)
}

fn day_first(text: &str) -> Option<Date> {
    let (day, digits) = number(text)?;
    let mut at = digits + ordinal(&text[digits..]);
    at += spaces(&text[at..]);
    if let Some(rest) = text[at..].strip_prefix("of ") {
        at = text.len() - rest.len();
    }
    let (month, length) = month_at(&text[at..])?;
    at += length;
    let (year, length) = trailing_year(&text[at..]);
    dated(at + length, month, day, year)
}

fn dated(length: usize, month: u16, day: u16, year: Option<u16>) -> Option<Date> {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let is_year = year.is_none_or(|year| year < 100 || (1000..2100).contains(&year));
    ((1..=longest).contains(&day) && is_year).then_some(Date { length, year })
}

/// A number of one to four digits, not a part of a longer one, and how many digits it has.
fn number(text: &str) -> Option<(u16, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).take(5).count();
    (1..=4).contains(&digits).then(|| text[..digits].parse().ok().map(|number| (number, digits)))?
}

fn separator(text: &str) -> Option<char> {
    text.chars().next().filter(|c| matches!(c, '/' | '-' | '.'))
}

/// `, 1962` or ` 1962` after day and month.
fn trailing_year(text: &str) -> (Option<u16>, usize) {
    let gap = text.bytes().take(3).take_while(|b| matches!(b, b' ' | b',' | b'.')).count();
    match number(&text[gap..]) {
        Some((year, 4)) if gap > 0 => (Some(year), gap + 4),
        _ => (None, 0),
    }
}

fn month_at(text: &str) -> Option<(u16, usize)> {
    const MONTHS: [(&str, u16); 12] = [
        ("january", 1),
        ("february", 2),
        ("march", 3),
        ("april", 4),
        ("may", 5),
        ("june", 6),
        ("july", 7),
        ("august", 8),
        ("september", 9),
        ("october", 10),
        ("november", 11),
        ("december", 12),
    ];
    let letters = text.bytes().take_while(u8::is_ascii_lowercase).take(10).count();
    let word = &text[..letters];
    let (_, month) = MONTHS.iter().find(|(name, _)| {
        *name == word
            || (letters == 3 && name.starts_with(word))
            || (word == "sept" && *name == "september")
    })?;
    let stop = usize::from(text[letters..].starts_with('.'));
    Some((*month, letters + stop))
}

fn ordinal(text: &str) -> usize {
    let is_ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| text.starts_with(ending));
    if is_ordinal { 2 } else { 0 }
}

fn spaces(text: &str) -> usize {
    text.bytes().take(3).take_while(|&b| b == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_many_forms() {
        for (text, length, year) in [
            ("3/14/1962, please", 9, Some(1962)),
            ("03-14-62", 8, Some(62)),
            ("14.03.1962", 10, Some(1962)),
            ("1962-03-14", 10, Some(1962)),
            ("3/18 turned one", 4, None),
            ("march 14, 1962", 14, Some(1962)),
            ("mar. 14th", 9, None),
            ("sept 1 2001", 11, Some(2001)),
            ("march 1962", 10, Some(1962)),
            ("14 march 1962", 13, Some(1962)),
            ("14th of may", 11, None),
        ] {
            assert_eq!(date_at(text), Some(Date { length, year }), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_a_date_is_none() {
        for text in [
            "13/45/1962",
            "2/30/2001",
            "1-2",
            "4.5",
            "march",
            "may the",
            "99/1",
            "12345/1",
            "ju 4",
            "",
            "é",
        ] {
            assert_eq!(date_at(text), None, "{text}");
        }
    }
}
