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
    /// The next days.
    Calendar,
    /// The daily digest as it would be now.
    Digest,
    /// Show a post's card again.
    Show(i64),
    /// Change what a post says.
    Edit(i64, String),
    /// Take a post back.
    Withdraw(i64),
    /// Hold a post.
    Hold(i64),
    /// Look for words in what was published.
    Said(String),
    /// The proof of a post.
    Certificate(i64),
    /// Show by a one-time code that this account is one's own.
    Confirm(String),
    /// Stop everything.
    Stop,
    /// Let things leave again.
    Release,
    /// Consents to be seen in pictures.
    Consents,
    /// One consent, by its code.
    Consent(String),
    /// The end of a consent, by its code.
    Revoke(String),
    /// Its accounts on networks.
    Accounts,
    /// How the practice is set up.
    Setup,
    /// What can be asked.
    Help,
}

/// What began like a command and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// What was most likely meant.
    pub nearest: Option<Line>,
}

/// One line of the help: how it is typed, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// How it is typed.
    pub usage: &'static str,
    /// What it does.
    pub does: &'static str,
}

impl Line {
    /// The word that it begins with.
    fn verb(&self) -> &'static str {
        first_word(self.usage).0
    }
}

impl Command {
    /// The help, one line a command. A new command does not compile without its line.
    pub fn help() -> Vec<Line> {
        let all = [
            Command::New(String::new()),
            Command::Queue,
            Command::Calendar,
            Command::Digest,
            Command::Show(0),
            Command::Edit(0, String::new()),
            Command::Withdraw(0),
            Command::Hold(0),
            Command::Said(String::new()),
            Command::Certificate(0),
            Command::Confirm(String::new()),
            Command::Stop,
            Command::Release,
            Command::Consents,
            Command::Consent(String::new()),
            Command::Revoke(String::new()),
            Command::Accounts,
            Command::Setup,
            Command::Help,
        ];
        all.iter().map(Command::line).collect()
    }

    fn line(&self) -> Line {
        let (usage, does) = match self {
            Command::New(_) => ("new TEXT", "begins a draft"),
            Command::Queue => ("queue", "shows what is on its way"),
            Command::Calendar => ("calendar", "shows the next 14 days, and what is not signed yet"),
            Command::Digest => ("digest", "shows the daily digest as it would be now"),
            Command::Show(_) => ("show NUMBER", "shows a post's card again"),
            Command::Edit(..) => ("edit NUMBER TEXT", "changes what a post says"),
            Command::Withdraw(_) => ("withdraw NUMBER", "takes a post back before it leaves"),
            Command::Hold(_) => ("hold NUMBER", "keeps a post from leaving"),
            Command::Said(_) => ("said WORDS", "finds what was published with these words"),
            Command::Certificate(_) => {
                ("certificate NUMBER", "shows the proof of who signed a post")
            }
            Command::Confirm(_) => {
                ("confirm CODE", "shows that this account is yours, so that you can sign")
            }
            Command::Stop => ("stop", "stops everything of this practice"),
            Command::Release => ("release", "lets things leave again"),
            Command::Consents => ("consents", "lists the consents to be seen in pictures"),
            Command::Consent(_) => ("consent CODE", "shows what is live by a consent"),
            Command::Revoke(_) => ("revoke CODE", "ends a consent, and shows what is live by it"),
            Command::Accounts => ("accounts", "shows where its posts go out, and tries it"),
            Command::Setup => ("setup", "shows how the practice is set up, and how to change it"),
            Command::Help => ("help", "shows this list"),
        };
        Line { usage, does }
    }

    /// It writes something that must be screened, kept and looked at: too many of them at once are
    /// a flood. What stops or holds never is.
    pub fn submits(&self) -> bool {
        match self {
            Command::New(_) | Command::Edit(..) => true,
            Command::Queue
            | Command::Calendar
            | Command::Digest
            | Command::Show(_)
            | Command::Withdraw(_)
            | Command::Hold(_)
            | Command::Said(_)
            | Command::Certificate(_)
            | Command::Confirm(_)
            | Command::Stop
            | Command::Release
            | Command::Consents
            | Command::Consent(_)
            | Command::Revoke(_)
            | Command::Accounts
            | Command::Setup
            | Command::Help => false,
        }
    }
}

/// Reads a message that begins with `/post`; `None` when it does not.
///
/// Capitals, blanks, quotes around a number and a full stop behind it make no difference.
pub fn read(text: &str) -> Option<Result<Command, Unclear>> {
    let text = text.trim();
    let root = text.get(..ROOT.len()).filter(|root| root.eq_ignore_ascii_case(ROOT))?;
    let rest = &text[root.len()..];
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let (verb, rest) = first_word(rest.trim());
    let verb = bare(verb).to_lowercase();
    let (first, words) = first_word(rest);
    let number = bare(first).trim_start_matches('#').parse::<i64>().ok().filter(|n| *n > 0);
    let (alone, last) = (rest.is_empty(), words.is_empty());
    let command = match (verb.as_str(), number) {
        ("new", _) if !alone => Command::New(rest.to_owned()),
        ("queue", _) if alone => Command::Queue,
        ("calendar", _) if alone => Command::Calendar,
        ("digest", _) if alone => Command::Digest,
        ("show", Some(n)) if last => Command::Show(n),
        ("edit", Some(n)) if !last => Command::Edit(n, words.to_owned()),
        ("withdraw", Some(n)) if last => Command::Withdraw(n),
        ("hold", Some(n)) if last => Command::Hold(n),
        ("said", _) if !alone => Command::Said(rest.to_owned()),
        ("certificate", Some(n)) if last => Command::Certificate(n),
        ("confirm", _) if !alone => Command::Confirm(rest.to_owned()),
        ("stop", _) if alone => Command::Stop,
        ("release", _) if alone => Command::Release,
        ("consents" | "consent", _) if alone => Command::Consents,
        ("consent", _) => Command::Consent(rest.to_owned()),
        ("revoke", _) if !alone => Command::Revoke(rest.to_owned()),
        ("accounts" | "account", _) if alone => Command::Accounts,
        ("setup", _) if alone => Command::Setup,
        ("help" | "", _) if alone => Command::Help,
        _ => return Some(Err(Unclear { nearest: nearest(&verb) })),
    };
    Some(Ok(command))
}

/// A command that was typed without the words it needs: what it would begin or change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// `/post new`.
    New,
    /// `/post edit 12`.
    Edit(i64),
}

/// Reads a command without its words; `None` when it is none, or is whole.
pub fn unfinished(text: &str) -> Option<Unfinished> {
    let text = text.trim();
    // Any word makes it whole.
    let whole = |more: &str| read(&format!("{text}{more}")).and_then(Result::ok);
    match (read(text)?, whole(" x")) {
        (Err(_), Some(Command::New(_))) => Some(Unfinished::New),
        (Err(_), Some(Command::Edit(number, _))) => Some(Unfinished::Edit(number)),
        _ => None,
    }
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

/// Without quotes around it and what ends a sentence behind it.
fn bare(word: &str) -> &str {
    let quote = |c| matches!(c, '"' | '\'' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}');
    word.trim_matches(quote).trim_end_matches(['.', '!', '?', ',']).trim_matches(quote)
}

/// The command whose word is at most two slips away; the first of several.
fn nearest(verb: &str) -> Option<Line> {
    let allowed = if verb.chars().count() < 4 { 1 } else { 2 };
    let near = Command::help().into_iter().map(|line| (slips(verb, line.verb()), line));
    near.filter(|(slips, _)| *slips <= allowed)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, line)| line)
}

/// How many letters have to be put in, left out, replaced or swapped with the next.
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(20).collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            row.push(if swapped { least.min(rows[i - 2][j - 2] + 1) } else { least });
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_read_as_people_type_them() {
        let table = [
            ("/post new Flu shots!", Command::New("Flu shots!".to_owned())),
            ("/post new \u{201c}Flu\u{201d}", Command::New("\u{201c}Flu\u{201d}".to_owned())),
            ("  /POST   QUEUE ", Command::Queue),
            ("/post calendar", Command::Calendar),
            ("/post Digest.", Command::Digest),
            ("/post show #12", Command::Show(12)),
            ("/post show \u{201c}12\u{201d}.", Command::Show(12)),
            ("/post edit #12  On Sunday.", Command::Edit(12, "On Sunday.".to_owned())),
            ("/post hold 3", Command::Hold(3)),
            ("/post Said flu shots", Command::Said("flu shots".to_owned())),
            ("/post certificate 3", Command::Certificate(3)),
            ("/post stop!", Command::Stop),
            ("/post", Command::Help),
        ];

        for (text, expected) in table {
            assert_eq!(read(text), Some(Ok(expected)), "{text}");
        }
        for text in ["/poster new x", "post new x", "/pos", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_without_its_words_is_unfinished() {
        let table = [
            ("/post new", Some(Unfinished::New)),
            (" /Post NEW ", Some(Unfinished::New)),
            ("/post edit 12", Some(Unfinished::Edit(12))),
            ("/post edit #12.", Some(Unfinished::Edit(12))),
            ("/post new x", None),
            ("/post edit 12 x", None),
            ("/post edit", None),
            ("/post edit twelve", None),
            ("/post hold", None),
            ("/post said", None),
            ("/post", None),
            ("new", None),
        ];

        for (text, expected) in table {
            assert_eq!(unfinished(text), expected, "{text}");
        }
    }

    #[test]
    fn what_can_not_be_read_names_what_is_nearest() {
        let table = [
            ("/post new", Some("new TEXT")),
            ("/post hold three", Some("hold NUMBER")),
            ("/post hold 3 please", Some("hold NUMBER")),
            ("/post hold 99999999999999999999", Some("hold NUMBER")),
            ("/post clandar", Some("calendar")),
            ("/post qeuue", Some("queue")),
            ("/post widraw 3", Some("withdraw NUMBER")),
            ("/post dance", None),
            ("/post x", None),
        ];

        for (text, expected) in table {
            let nearest = read(text).and_then(Result::err).map(|unclear| unclear.nearest);
            assert_eq!(nearest.map(|line| line.map(|line| line.usage)), Some(expected), "{text}");
        }
    }

    #[test]
    fn every_line_of_the_help_can_be_typed() {
        for line in Command::help() {
            let typed = line.usage.replace("NUMBER", "1");
            let read = read(&format!("{ROOT} {typed}"));

            assert_eq!(read.map(|read| read.map(|c| c.line())), Some(Ok(line)));
        }
    }
}
