//! Slack's names of emoji, back to the emoji that people chose. Pure.
//!
//! `emoji.txt` holds the names as Slack's clients write them, sorted; they are those of
//! [emoji-data](https://github.com/iamcal/emoji-data) (MIT).

use std::sync::LazyLock;

/// Each name and its emoji, sorted by name.
static NAMES: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| include_str!("emoji.txt").lines().filter_map(|l| l.split_once(' ')).collect());

/// Longest name there is.
const LONGEST: usize = 64;

/// The emoji of this name, `wave` or `wave::skin-tone-3`.
pub fn named(name: &str) -> Option<String> {
    let (base, tone) = match name.split_once("::skin-tone-") {
        Some((base, tone)) => (base, Some(self::tone(tone)?)),
        None => (name, None),
    };
    let at = NAMES.binary_search_by_key(&base, |(known, _)| known).ok()?;
    let emoji = NAMES[at].1;
    let Some(tone) = tone else { return Some(emoji.to_owned()) };
    let mut chars = emoji.chars();
    let first = chars.next()?;
    // The tone stands where the selector of the plain emoji stood.
    let rest: String = chars.skip_while(|c| *c == '\u{FE0F}').collect();
    Some(format!("{first}{tone}{rest}"))
}

/// Slack's name of an emoji.
pub fn name_of(emoji: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, sign)| *sign == emoji).map(|(name, _)| *name)
}

/// The text with emoji instead of their `:names:`; names that nobody knows stay.
pub fn in_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(':') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = name_end(&from[1..]);
        if let Some((emoji, end)) = end.and_then(|end| Some((named(&from[1..=end])?, end))) {
            out.push_str(&emoji);
            rest = &from[end + 2..];
        } else {
            out.push(':');
            rest = &from[1..];
        }
    }
    out + rest
}

/// Where the name ends that begins here, if a colon follows it.
fn name_end(text: &str) -> Option<usize> {
    let in_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_+-'".contains(b);
    let base = text.bytes().take(LONGEST).take_while(|b| in_name(b)).count();
    let toned = text[base..].strip_prefix("::skin-tone-").map_or(0, |tone| {
        let digit = usize::from(tone.starts_with(|c: char| c.is_ascii_digit()));
        "::skin-tone-".len() * digit + digit
    });
    let end = base + toned;
    (base > 0 && text[end..].starts_with(':')).then_some(end)
}

/// The sign for a tone; Slack counts them as Fitzpatrick did, and 1 is none.
fn tone(number: &str) -> Option<&'static str> {
    Some(match number {
        "1" => "",
        "2" => "\u{1F3FB}",
        "3" => "\u{1F3FC}",
        "4" => "\u{1F3FD}",
        "5" => "\u{1F3FE}",
        "6" => "\u{1F3FF}",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_so_that_each_is_found() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        assert!(NAMES.len() > 1_800);
    }

    #[test]
    fn what_the_bot_puts_under_a_card_has_a_name() {
        let names = ["✅", "❌", "✋", "🛑"].map(name_of);

        assert_eq!(names, ["white_check_mark", "x", "hand", "octagonal_sign"].map(Some));
    }

    #[test]
    fn names_become_the_emoji_that_was_chosen() {
        let table = [
            ("Flu shots :white_check_mark:", "Flu shots ✅"),
            (":tada::tada:", "🎉🎉"),
            ("Hello :wave::skin-tone-4:!", "Hello 👋🏽!"),
            (":raised_hand_with_fingers_splayed::skin-tone-2:", "🖐🏻"),
            (":male-doctor::skin-tone-6:", "👨🏿\u{200d}⚕\u{fe0f}"),
            (":+1: :-1: :flag-us:", "👍 👎 🇺🇸"),
            ("at 9:30, 10:30: come", "at 9:30, 10:30: come"),
            (":not_an_emoji: :: : :wave", ":not_an_emoji: :: : :wave"),
            (":wave::skin-tone-9:", ":wave::skin-tone-9:"),
            ("https://a.example:80/x:y", "https://a.example:80/x:y"),
        ];

        for (text, expected) in table {
            assert_eq!(in_text(text), expected, "{text}");
        }
    }
}
