//! What a word is by its looks: money, a time, a year, a number, a handle.

use super::choice::Classes;
use super::lexicon::Lexicon;

/// Years before this one are history.
const HISTORY: u16 = 1990;

/// The classes that looks give.
pub struct Shapes {
    /// Ends in `'s`.
    pub possessive: Classes,
    /// A day.
    pub date: Classes,
    money: Classes,
    handle: Classes,
    time: Classes,
    year: Classes,
    history: Classes,
    five_digits: Classes,
    ninety: Classes,
    number: Classes,
    code: Classes,
}

impl Shapes {
    /// Makes the classes, so that patterns may name them.
    pub fn of(lexicon: &mut Lexicon) -> Shapes {
        let mut bit = |name| 1 << lexicon.class(name);
        Shapes {
            possessive: bit("possessive"),
            date: bit("date"),
            money: bit("money"),
            handle: bit("handle"),
            time: bit("time"),
            year: bit("year"),
            history: bit("history"),
            five_digits: bit("five-digits"),
            ninety: bit("ninety"),
            number: bit("number"),
            code: bit("code"),
        }
    }
}

/// The classes of a folded word.
pub fn shape(text: &str, shapes: &Shapes) -> Classes {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    match text.as_bytes()[0] {
        b'$' => return shapes.money,
        b'@' => return shapes.handle,
        b'#' => return code(text, shapes) | shapes.number,
        _ if digits == 0 => return code(text, shapes),
        _ => {}
    }
    let value: Option<u16> = number.parse().ok();
    let ninety = match value {
        Some(90..=119) if matches!(rest, "" | "st" | "nd" | "rd" | "th" | "yo" | "y" | "yr") => {
            shapes.ninety
        }
        _ => 0,
    };
    ninety
        | match rest {
            "am" | "pm" | "ish" => shapes.time,
            "a" | "p" => shapes.time | shapes.number,
            "b" | "c" | "d" | "e" if digits < 4 => shapes.number,
            "" => whole_number(digits, value, shapes),
            _ if text.contains(':') => shapes.time,
            "st" | "nd" | "rd" | "th" | "yo" | "k" | "x" | "lb" | "lbs" | "mg" => shapes.number,
            _ if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')) => {
                shapes.number
            }
            _ => code(text, shapes),
        }
}

fn whole_number(digits: usize, value: Option<u16>, shapes: &Shapes) -> Classes {
    match (digits, value) {
        (4, Some(1000..HISTORY)) => shapes.year | shapes.history,
        (4, Some(HISTORY..2100)) => shapes.year,
        (5, _) => shapes.five_digits | shapes.number | shapes.code,
        (6.., _) => shapes.number | shapes.code,
        _ => shapes.number,
    }
}

/// Letters and digits together, or many digits: what a thing or a case is filed under.
fn code(text: &str, shapes: &Shapes) -> Classes {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 3 && text.len() >= 4 && text.is_ascii() { shapes.code } else { 0 }
}
