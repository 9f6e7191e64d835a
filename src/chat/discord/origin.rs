//! What the id of a button or form says: what pressing it does, and where it acts. An id is all that
//! comes back, so it works after a restart too. Pure.
//!
//! Discord allows 100 characters, so long numbers in it are written short. Where something stands
//! outside the channel that it is about, the id names that.

use uuid::Uuid;

use crate::domain::member::Platform;
use crate::domain::practice::ChannelRef;

/// The command that makes a post of a message.
pub const PICK: &str = "Make a post from this";
/// The option of a command that says whose post it is about, where several practices' are.
pub const PRACTICE: &str = "practice";
/// The longest id.
const LONGEST: usize = 100;
/// What stands before an id of ours that is written short.
const SHORT: char = '~';
/// Digits of numbers that are written short.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// What pressing it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It acts at once.
    Does,
    /// It asks for something first.
    Asks,
    /// It opens this part of a form, which has too many fields for one.
    Part(usize),
    /// It sends a form.
    Sends,
    /// It says for which practice a message is.
    Whose,
}

/// What an id says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What pressing it does.
    pub verb: Verb,
    /// The channel that it is about, where it stands elsewhere.
    pub about: Option<ChannelRef>,
    /// The button's id as the notice gave it.
    pub button: String,
}

impl Origin {
    /// As an id, the `nth` of its message; `None` when it is too long.
    pub fn write(&self, nth: usize) -> Option<String> {
        let verb = match self.verb {
            Verb::Does => format!("d{nth}"),
            Verb::Asks => format!("a{nth}"),
            Verb::Part(part) => format!("p{part}"),
            Verb::Sends => "f".to_owned(),
            Verb::Whose => format!("w{nth}"),
        };
        let about = match &self.about {
            None => String::new(),
            Some(channel) => {
                format!("@{}.{}", short(&channel.workspace)?, short(&channel.channel)?)
            }
        };
        let button: Vec<String> = self.button.split(':').map(shortened).collect();
        let id = format!("{verb}{about}:{}", button.join(":"));
        (id.chars().count() <= LONGEST).then_some(id)
    }

    /// Reads an id; `None` for another's.
    pub fn read(id: &str) -> Option<Self> {
        let (head, button) = id.split_once(':')?;
        let (verb, about) = match head.split_once('@') {
            Some((verb, about)) => (verb, Some(about)),
            None => (head, None),
        };
        let about = match about {
            None => None,
            Some(about) => {
                let (guild, channel) = about.split_once('.')?;
                let (workspace, channel) = (long(guild)?, long(channel)?);
                Some(ChannelRef { platform: Platform::Discord, workspace, channel })
            }
        };
        let (kind, nth) = verb.split_at_checked(1)?;
        let verb = match kind {
            "d" => Verb::Does,
            "a" => Verb::Asks,
            "p" => Verb::Part(nth.parse().ok()?),
            "f" => Verb::Sends,
            "w" => Verb::Whose,
            _ => return None,
        };
        let button: Option<Vec<String>> = button.split(':').map(lengthened).collect();
        Some(Self { verb, about, button: button?.join(":") })
    }
}

/// A part of a button's id: one of our ids in fewer digits, anything else as it is.
fn shortened(part: &str) -> String {
    let id = Uuid::parse_str(part).ok().filter(|id| id.to_string() == part);
    match id {
        Some(id) => format!("{SHORT}{}", digits(id.as_u128())),
        None if part.starts_with(SHORT) => format!("{SHORT}{part}"),
        None => part.to_owned(),
    }
}

fn lengthened(part: &str) -> Option<String> {
    let Some(short) = part.strip_prefix(SHORT) else { return Some(part.to_owned()) };
    if short.starts_with(SHORT) {
        return Some(short.to_owned());
    }
    Some(Uuid::from_u128(u128::from_str_radix(short, 36).ok()?).to_string())
}

/// A number in fewer digits.
fn short(number: &str) -> Option<String> {
    Some(digits(u128::from(number.parse::<u64>().ok()?)))
}

fn digits(mut rest: u128) -> String {
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        let digit = usize::try_from(rest % 36).expect("less than 36");
        digits.push(char::from(DIGITS[digit]));
        rest /= 36;
    }
    digits.into_iter().rev().collect()
}

fn long(short: &str) -> Option<String> {
    Some(u64::from_str_radix(short, 36).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_all_again() {
        let channel = |workspace: &str, channel: &str| ChannelRef {
            platform: Platform::Discord,
            workspace: workspace.to_owned(),
            channel: channel.to_owned(),
        };
        let far = channel("18446744073709551615", "1574351873991770120");
        let table = [
            (Verb::Does, None, "sign:019a", "d2:sign:019a"),
            (Verb::Asks, None, "decline:019a", "a2:decline:019a"),
            (Verb::Part(1), None, "edit:019a", "p1:edit:019a"),
            (Verb::Sends, None, "", "f:"),
            (Verb::Does, Some(channel("0", "36")), "x", "d2@0.10:x"),
            (Verb::Does, Some(far), "x", "d2@3w5e11264sgsf.byllcyhvckko:x"),
        ];

        for (verb, about, button, id) in table {
            let origin = Origin { verb, about, button: button.to_owned() };
            let written = origin.write(2).expect("short enough");
            assert_eq!(Origin::read(&written), Some(origin), "{id}");
            if !id.contains("byllc") {
                assert_eq!(written, id);
            }
        }
    }

    #[test]
    fn ids_of_ours_are_short_and_come_back_as_they_were() {
        let (post, row) =
            ("019aaf0a-7c3e-7000-8000-0000000000ff", "ffffffff-ffff-ffff-ffff-ffffffffffff");
        let channel = ChannelRef {
            platform: Platform::Discord,
            workspace: u64::MAX.to_string(),
            channel: u64::MAX.to_string(),
        };
        let buttons = [
            format!("is-not-live:{post}:{row}"),
            format!("more:10:{} ~x", post.to_uppercase()),
            "more:10:~x:~~".to_owned(),
        ];

        for button in buttons {
            let about = Some(channel.clone());
            let origin = Origin { verb: Verb::Does, about, button };
            let written = origin.write(12).expect("short enough");
            assert_eq!(Origin::read(&written), Some(origin), "{written}");
        }
    }

    #[test]
    fn what_is_too_long_or_of_others_is_none() {
        let origin = |button: String| Origin { verb: Verb::Does, about: None, button };

        assert!(origin("x".repeat(97)).write(0).is_some());
        assert_eq!(origin("x".repeat(98)).write(0), None);
        for id in ["", "sign", "é:x", "q0:x", "d0@1:x", "d0@!.1:x", "px:edit", "d0:x:~!"] {
            assert_eq!(Origin::read(id), None, "{id:?}");
        }
    }
}
