//! The `/post` grammar: what can be typed, and the help made from the same table.

/// The word that begins every command.
pub const ROOT: &str = "/post";

/// What somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Begin a draft with these words.
    New(String),
    /// What is on its way.
    Queue,
    /// Show a post's card again.
    Show(i64),
    /// Change what a post says.
    Edit(i64, String),
    /// Take a post back.
    Withdraw(i64),
    /// Hold a post.
    Hold(i64),
    /// Show by a one-time code that this account is one's own.
    Confirm(String),
    /// Stop everything.
    Stop,
    /// Let things leave again.
    Release,
    /// What can be asked; also the answer to what can't be read.
    Help,
}

/// One line of the help: how it is typed, and what it does.
pub struct Line {
    /// How it is typed.
    pub usage: &'static str,
    /// What it does.
    pub does: &'static str,
}

impl Command {
    /// The help, one line a command. A new command does not compile without its line.
    pub fn help() -> Vec<Line> {
        let all = [
            Command::New(String::new()),
            Command::Queue,
            Command::Show(0),
            Command::Edit(0, String::new()),
            Command::Withdraw(0),
            Command::Hold(0),
            Command::Confirm(String::new()),
            Command::Stop,
            Command::Release,
            Command::Help,
        ];
        all.iter().map(Command::line).collect()
    }

    fn line(&self) -> Line {
        let (usage, does) = match self {
            Command::New(_) => ("new TEXT", "begins a draft"),
            Command::Queue => ("queue", "shows what is on its way"),
            Command::Show(_) => ("show NUMBER", "shows a post's card again"),
            Command::Edit(..) => ("edit NUMBER TEXT", "changes what a post says"),
            Command::Withdraw(_) => ("withdraw NUMBER", "takes a post back before it leaves"),
            Command::Hold(_) => ("hold NUMBER", "keeps a post from leaving"),
            Command::Confirm(_) => {
                ("confirm CODE", "shows that this account is yours, so that you can sign")
            }
            Command::Stop => ("stop", "stops everything of this practice"),
            Command::Release => ("release", "lets things leave again"),
            Command::Help => ("help", "shows this list"),
        };
        Line { usage, does }
    }
}

/// Reads a message that begins with `/post`; `None` when it does not. What can't be read is
/// [`Command::Help`].
pub fn read(text: &str) -> Option<Command> {
    let rest = text.trim().strip_prefix(ROOT)?;
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let (verb, rest) = first_word(rest.trim());
    let (number, words) = first_word(rest);
    let number = number.trim_start_matches('#').parse::<i64>().ok().filter(|n| *n > 0);
    let bare = words.is_empty();
    Some(match (verb.to_lowercase().as_str(), number) {
        ("new", _) if !rest.is_empty() => Command::New(rest.to_owned()),
        ("queue", _) if rest.is_empty() => Command::Queue,
        ("show", Some(n)) if bare => Command::Show(n),
        ("edit", Some(n)) if !bare => Command::Edit(n, words.to_owned()),
        ("withdraw", Some(n)) if bare => Command::Withdraw(n),
        ("hold", Some(n)) if bare => Command::Hold(n),
        ("confirm", _) if !rest.is_empty() => Command::Confirm(rest.to_owned()),
        ("stop", _) if rest.is_empty() => Command::Stop,
        ("release", _) if rest.is_empty() => Command::Release,
        _ => Command::Help,
    })
}

/// The words that stop everything, wherever an approver, manager or compliance writes them.
pub fn is_stop_everything(text: &str) -> bool {
    let plain = text.trim().trim_end_matches(['.', '!']);
    plain.eq_ignore_ascii_case("stop everything")
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_as_people_type_them() {
        let table = [
            ("/post new Flu shots!", Some(Command::New("Flu shots!".to_owned()))),
            ("  /post QUEUE ", Some(Command::Queue)),
            ("/post show #12", Some(Command::Show(12))),
            ("/post edit 12 On Sunday.", Some(Command::Edit(12, "On Sunday.".to_owned()))),
            ("/post hold 3", Some(Command::Hold(3))),
            ("/post stop", Some(Command::Stop)),
            ("/post", Some(Command::Help)),
            ("/post new", Some(Command::Help)),
            ("/post hold three", Some(Command::Help)),
            ("/post hold 3 please", Some(Command::Help)),
            ("/post dance", Some(Command::Help)),
            ("/poster new x", None),
            ("post new x", None),
        ];

        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn every_line_of_the_help_can_be_typed() {
        for line in Command::help() {
            let typed =
                line.usage.replace("NUMBER", "1").replace("TEXT", "words").replace("CODE", "BCDFG");
            let read = read(&format!("{ROOT} {typed}"));

            assert_eq!(read.map(|c| c.line().usage), Some(line.usage));
        }
    }
}
