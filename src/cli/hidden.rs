//! A line that somebody types at a terminal, and nobody sees.

use std::io::{self, Read, StdinLock, Write};

use anyhow::bail;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

/// What keys send that are no characters of a line.
const INTERRUPT: u8 = 3;
const END: u8 = 4;
const BACKSPACE: u8 = 8;
const CLEAR: u8 = 21;
const QUIT: u8 = 28;
const DELETE: u8 = 127;

/// A terminal that shows nothing; as it was before once this is dropped.
struct Hidden<'a> {
    input: StdinLock<'a>,
    before: Termios,
}

impl<'a> Hidden<'a> {
    /// Takes every key as it comes, also those that would end the program: a program that they end
    /// leaves the terminal as it is.
    fn hide(input: StdinLock<'a>) -> io::Result<Self> {
        let before = tcgetattr(&input)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
        hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&input, OptionalActions::Flush, &hidden)?;
        Ok(Self { input, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        // Nobody could do more about it.
        let _ = tcsetattr(&self.input, OptionalActions::Flush, &self.before);
        let _ = writeln!(io::stderr());
    }
}

/// Asks for a line at the terminal that the input is.
pub(super) fn ask(question: &str) -> anyhow::Result<String> {
    // Nothing is asked before nothing is shown.
    let mut hidden = Hidden::hide(io::stdin().lock())?;
    write!(io::stderr(), "{question}")?;
    line(&mut hidden.input)
}

fn line(keys: &mut impl Read) -> anyhow::Result<String> {
    let mut line = Vec::new();
    let mut key = [0];
    while keys.read(&mut key)? == 1 {
        match key[0] {
            b'\n' | b'\r' | END => break,
            INTERRUPT | QUIT => bail!("nothing was done"),
            BACKSPACE | DELETE => remove_last(&mut line),
            CLEAR => line.clear(),
            byte => line.push(byte),
        }
    }
    Ok(String::from_utf8(line)?)
}

/// Without its last character, of however many bytes.
fn remove_last(line: &mut Vec<u8>) {
    while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_was_typed_and_not_taken_back() {
        let table: [(&[u8], Option<&str>); 7] = [
            (b"secret\nmore", Some("secret")),
            (b"secret\r", Some("secret")),
            (b"secrex\x7ft\n", Some("secret")),
            ("secr\u{e9}\u{8}et\n".as_bytes(), Some("secret")),
            (b"wrong\x15secret\x04", Some("secret")),
            (b"secret\x03\n", None),
            (b"\x7f\xff\n", None),
        ];
        for (mut typed, expected) in table {
            assert_eq!(line(&mut typed).ok().as_deref(), expected);
        }
    }
}
