//! What is typed at a desk, where one channel stands for several practices: which practices are
//! meant, and what each of them is asked, in the words that it would be asked in its own channel.

use super::command::{Command, ROOT};

/// What somebody wants at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A draft of the same words for each of these practices.
    New {
        /// As typed.
        names: Vec<String>,
        /// The words.
        text: String,
    },
    /// Each of these practices is asked the same.
    Each {
        /// As typed.
        names: Vec<String>,
        /// The command as a practice's own channel takes it.
        command: String,
    },
    /// Every practice of the person's is asked the same.
    Every {
        /// The command as a practice's own channel takes it.
        command: String,
    },
    /// Other words for the message whose thread this is: each of its drafts is offered them.
    Master(String),
    /// What is on its way, of all practices.
    Queue,
    /// The next days, of all practices.
    Calendar,
    /// The digest of all practices, as it would be now.
    Digest,
    /// What can be asked; also the answer to what can't be read.
    Help,
}

/// Reads a message that begins with `/post`; `None` when it does not.
pub fn read(text: &str) -> Option<Wanted> {
    let rest = text.trim().strip_prefix(ROOT)?;
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let (verb, rest) = first_word(rest.trim());
    let verb = verb.to_lowercase();
    if verb == "new" {
        let found = rest.split_once(':').map(|(names, text)| (listed(names), text.trim()));
        let found = found.filter(|(names, text)| !names.is_empty() && !text.is_empty());
        return Some(found.map_or(Wanted::Help, |(names, text)| {
            let text = text.to_owned();
            Wanted::New { names, text }
        }));
    }
    let (names, words) = names(rest);
    let is_all = matches!(&names[..], [all] if all.eq_ignore_ascii_case("all"));
    Some(match (verb.as_str(), names.is_empty()) {
        ("queue", true) => Wanted::Queue,
        ("calendar", true) => Wanted::Calendar,
        ("digest", true) => Wanted::Digest,
        ("" | "help", _) | (_, true) => Wanted::Help,
        ("stop", _) if is_all && words.is_empty() => {
            Wanted::Every { command: format!("{ROOT} stop") }
        }
        ("edit", _) if is_all && !words.is_empty() => Wanted::Master(words.to_owned()),
        (verb, _) => {
            let command = format!("{ROOT} {verb} {words}").trim_end().to_owned();
            Wanted::Each { names, command }
        }
    })
}

/// The help of a desk: how each command is typed there, and what it does.
pub fn help() -> Vec<(String, &'static str)> {
    let lines = Command::help().into_iter().filter_map(|line| {
        let (verb, rest) = first_word(line.usage);
        let usage = match verb {
            // Never an agency's people.
            "release" | "revoke" => return None,
            "new" => "new PRACTICE, PRACTICE: TEXT".to_owned(),
            "queue" | "calendar" | "digest" | "help" => line.usage.to_owned(),
            "stop" => "stop PRACTICE (or all)".to_owned(),
            verb => format!("{verb} PRACTICE {rest}").trim_end().to_owned(),
        };
        Some((usage, line.does))
    });
    let master = ("edit all TEXT".to_owned(), "in a thread: offers each of its drafts these words");
    lines.chain([master]).collect()
}

/// Names with commas between, and what comes after them.
fn names(text: &str) -> (Vec<String>, &str) {
    let (mut names, mut rest) = (Vec::new(), text);
    loop {
        let (word, after) = first_word(rest);
        names.extend(listed(word));
        rest = after;
        let goes_on = word.ends_with(',') || rest.starts_with(',');
        if word.is_empty() || !goes_on {
            return (names, rest);
        }
    }
}

fn listed(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn commands_read_as_people_type_them_at_a_desk() {
        let new =
            |names: &[&str], text: &str| Wanted::New { names: owned(names), text: text.to_owned() };
        let each = |names: &[&str], command: &str| Wanted::Each {
            names: owned(names),
            command: command.to_owned(),
        };
        let table = [
            (
                "/post new northside, lakeside: Flu: now!",
                new(&["northside", "lakeside"], "Flu: now!"),
            ),
            ("/post new Northside Family Practice: Hi", new(&["Northside Family Practice"], "Hi")),
            ("/post new Flu shots", Wanted::Help),
            ("/post new : Flu shots", Wanted::Help),
            ("/post new northside:", Wanted::Help),
            ("/post show northside 41", each(&["northside"], "/post show 41")),
            ("/post edit lakeside 4 On Sunday", each(&["lakeside"], "/post edit 4 On Sunday")),
            ("/post stop northside,lakeside", each(&["northside", "lakeside"], "/post stop")),
            ("/post stop northside , lakeside", each(&["northside", "lakeside"], "/post stop")),
            ("/post stop all", Wanted::Every { command: "/post stop".to_owned() }),
            ("/post stop", Wanted::Help),
            ("/post release all", each(&["all"], "/post release")),
            ("/post QUEUE", Wanted::Queue),
            ("/post calendar", Wanted::Calendar),
            ("/post digest", Wanted::Digest),
            ("/post digest lakeside", each(&["lakeside"], "/post digest")),
            ("/post calendar lakeside", each(&["lakeside"], "/post calendar")),
            ("/post queue lakeside", each(&["lakeside"], "/post queue")),
            ("/post edit all On Sunday.", Wanted::Master("On Sunday.".to_owned())),
            ("/post", Wanted::Help),
            ("/post help me", Wanted::Help),
        ];

        for (text, expected) in table {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        assert_eq!(read("/poster new x: y"), None);
        assert_eq!(read("Stop everything"), None);
    }

    #[test]
    fn every_line_of_the_help_can_be_typed() {
        for (usage, _) in help() {
            let typed = usage.replace(" (or all)", "").replace("PRACTICE", "northside");

            let read = read(&format!("{ROOT} {typed}"));

            assert_eq!(read == Some(Wanted::Help), usage == "help", "{usage}");
        }
    }
}
