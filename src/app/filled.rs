//! What the fields of a post's form say when they come back, and what is wrong with them. Pure; a
//! problem repeats nothing of what was typed.

use jiff::Timestamp;

use super::form::chosen;
use super::post_form::{TEXT_OF, kept, mark, typed};
use crate::domain::content::{Part, Picture, normalized};
use crate::domain::draft::{Audience, Draft, is_link};
use crate::domain::ids::AccountId;
use crate::domain::plan::plan;
use crate::domain::practice::{Account, Practice};
use crate::domain::refusal::Refusal;
use crate::domain::slot::{self, Edge, Meant, Slot};
use crate::ports::intake::{Field, Problem};

/// What a form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    /// The draft as the form says it.
    pub(super) draft: Draft,
    /// What could not be read, or can't be so.
    pub(super) problems: Vec<Problem>,
}

/// What was sent of a form, and on what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'a> {
    /// Whose post it is.
    pub(super) practice: &'a Practice,
    /// The draft that it changes.
    pub(super) draft: &'a Draft,
    /// When it was sent: times are read as of then.
    pub(super) at: Timestamp,
    /// What was filled in.
    pub(super) fields: &'a [Field],
}

impl Sent<'_> {
    /// The draft as the form says it; fields that are absent, or as they stood, stay.
    pub(super) fn read(self) -> Filled {
        let mut filled = Filled { draft: self.draft.clone(), problems: Vec::new() };
        for Field { name, value } in self.fields {
            if let Err(why) = self.set(&mut filled.draft, name, normalized(value)) {
                filled.problems.push(problem(name, why));
            }
        }
        let Draft { text, texts, .. } = &mut filled.draft;
        texts.retain(|_, own| !own.is_empty() && own != text);
        filled
    }

    /// The same, and whether a post could leave like this, as far as these fields say. `marked` is
    /// what the form showed when it was opened.
    pub(super) fn look_over(self, marked: &str) -> Filled {
        let mut filled = self.read();
        if !marked.is_empty() && marked != mark(self.draft) {
            let first = self.fields.first().map_or("text", |field| &field.name);
            let why = "this post was changed since you opened this form: keep a copy of what you \
                       wrote, close it, and open it again";
            filled.problems = vec![problem(first, why.to_owned())];
            return filled;
        }
        let sent = |found: &Problem| self.fields.iter().any(|field| field.name == found.field);
        self.add(&mut filled, sent);
        filled
    }

    /// The same for a new post, which has to be whole.
    pub(super) fn look_over_new(self) -> Filled {
        let mut filled = self.read();
        self.add(&mut filled, |_| true);
        filled
    }

    fn add(self, filled: &mut Filled, wanted: impl Fn(&Problem) -> bool) {
        for found in faults(self.practice, &filled.draft, self.at) {
            let known = filled.problems.iter().any(|known| known.field == found.field);
            if !known && wanted(&found) {
                filled.problems.push(found);
            }
        }
    }

    fn set(self, made: &mut Draft, name: &str, value: String) -> Result<(), String> {
        let Self { practice, draft, at, .. } = self;
        match name {
            "text" => made.text = value,
            "disclosure" => made.disclosure = value,
            "source" => made.source = link(value)?,
            "audience" => made.audience = audience(&value)?,
            "accounts" => set_accounts(practice, made, &value)?,
            "slot" if value == typed(practice, draft.slot) => {}
            "slot" => {
                let meant = slot::read(&value, &practice.zone, at);
                set_slot(made, meant.map_err(|why| why.to_string())?);
            }
            "opens" if value == typed(practice, draft.opens) => {}
            "opens" => made.opens = self.edge(&value, Edge::Opens)?,
            "closes" if value == typed(practice, draft.closes) => {}
            "closes" => made.closes = self.edge(&value, Edge::Closes)?,
            _ => return set_by_number(practice, made, name, value),
        }
        Ok(())
    }

    fn edge(self, value: &str, edge: Edge) -> Result<Option<Slot>, String> {
        if value.is_empty() {
            return Ok(None);
        }
        let read = slot::read_edge(value, edge, &self.practice.zone, self.at);
        read.map(Some).map_err(|why| why.to_string())
    }
}

fn problem(field: &str, why: String) -> Problem {
    Problem { field: field.to_owned(), why, blocked: false }
}

fn set_slot(draft: &mut Draft, meant: Meant) {
    match meant {
        Meant::Soonest => draft.slot = None,
        Meant::Then(slot) => draft.slot = Some(slot),
        Meant::Between(opens, closes) => {
            (draft.slot, draft.opens, draft.closes) = (None, Some(opens), Some(closes));
        }
    }
}

/// The same accounts as before stay as they are, in whatever order they were.
fn set_accounts(practice: &Practice, draft: &mut Draft, value: &str) -> Result<(), String> {
    let wanted: Vec<AccountId> = chosen(value).map(AccountId::new).collect();
    let there = kept(practice, &wanted);
    if wanted.iter().any(|id| !there.contains(id)) {
        return Err("one of these accounts is not there any more: choose again".to_owned());
    }
    if there != kept(practice, &draft.accounts) {
        draft.accounts = there;
    }
    Ok(())
}

fn set_by_number(
    practice: &Practice,
    draft: &mut Draft,
    name: &str,
    value: String,
) -> Result<(), String> {
    if let Some(account) = name.strip_prefix(TEXT_OF).map(AccountId::new) {
        if !value.is_empty() {
            practice.account(&account).ok_or("this account is not there any more")?;
        }
        draft.texts.insert(account, value);
        return Ok(());
    }
    let nth = name.strip_prefix("alt").and_then(|n| n.parse::<usize>().ok());
    let picture = nth.and_then(|n| draft.pictures.get_mut(n.wrapping_sub(1)));
    picture.ok_or("that form has a field nobody knows")?.alt = value;
    Ok(())
}

fn audience(value: &str) -> Result<Audience, String> {
    value.parse().map_err(|_| "choose patients or colleagues".to_owned())
}

fn link(value: String) -> Result<String, String> {
    if value.is_empty() || is_link(&value) {
        return Ok(value);
    }
    Err("that is not a link: it begins with https:// and has no blanks".to_owned())
}

/// Why a post could not leave like this, by the field that says so.
fn faults(practice: &Practice, draft: &Draft, now: Timestamp) -> Vec<Problem> {
    let mut found = Vec::new();
    if draft.accounts.is_empty() && !practice.accounts.is_empty() {
        found.push(problem("accounts", "choose at least one account".to_owned()));
    }
    for account in draft.accounts.iter().filter_map(|id| practice.account(id)) {
        found.extend(text(account, draft));
        found.extend(pictures(account, draft));
    }
    if let Err(refusal) = plan(practice, draft, now) {
        let field = match refusal {
            Refusal::WindowPast | Refusal::WindowInsideOut | Refusal::WindowTooLong => "closes",
            _ => "slot",
        };
        found.push(problem(field, refusal.to_string()));
    }
    found
}

fn text(account: &Account, draft: &Draft) -> Option<Problem> {
    let own = draft.texts.contains_key(&account.id);
    let field = if own { format!("{TEXT_OF}{}", account.id) } else { "text".to_owned() };
    let part = Part { media: Vec::new(), ..Part::of(account, draft) };
    let why = match part.check() {
        Err(Refusal::TooLong { has, limit, .. }) => {
            let with = if draft.disclosure.is_empty() { "" } else { " with the disclosure" };
            let name = &account.name;
            format!("{name} takes {limit} characters and this has {has}{with}: shorten it")
        }
        Err(Refusal::NoText) => "there is nothing to say yet: write the text".to_owned(),
        Err(other) => other.to_string(),
        Ok(()) => return None,
    };
    Some(problem(&field, why))
}

fn pictures(account: &Account, draft: &Draft) -> Vec<Problem> {
    let whole = Part { text: "words".to_owned(), ..Part::of(account, draft) };
    let whole = Part { disclosure: String::new(), ..whole };
    let mut found = Vec::new();
    for (nth, picture) in draft.pictures.iter().enumerate() {
        let why = match alone(&whole, picture) {
            Err(Refusal::NoAltText) => {
                "say what the picture shows, for people who can't see it".to_owned()
            }
            Err(Refusal::AltTooLong { has, limit, .. }) => {
                let name = &account.name;
                format!("{name} takes {limit} characters and this has {has}: shorten it")
            }
            Err(_) | Ok(()) => continue,
        };
        found.push(problem(&format!("alt{}", nth + 1), why));
    }
    if let Err(why @ Refusal::TooManyPictures { .. }) = whole.check() {
        found.push(problem("accounts", why.to_string()));
    }
    found
}

/// Whether this picture by itself fits there.
fn alone(part: &Part, picture: &Picture) -> Result<(), Refusal> {
    Part { media: vec![picture.clone()], ..part.clone() }.check()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PracticeId;
    use crate::domain::network::Network;

    fn account(id: &str) -> Account {
        Account {
            id: AccountId::new(id),
            network: Network::Local,
            name: format!("The {id}"),
            server: "local".to_owned(),
            remote_id: id.to_owned(),
        }
    }

    fn practice() -> Practice {
        Practice {
            accounts: vec![account("page"), account("board")],
            ..Practice::new(PracticeId::new("northside"), true)
        }
    }

    fn draft(practice: &Practice) -> Draft {
        let picture = Picture {
            sha256: "ab".repeat(32),
            media_type: "image/png".to_owned(),
            alt: "A door".to_owned(),
        };
        let text = "Flu shots this Saturday.".to_owned();
        Draft { text, pictures: vec![picture], ..super::super::post_form::blank(practice) }
    }

    fn look_over(fields: &[(&str, &str)]) -> Filled {
        let practice = practice();
        let fields: Vec<Field> = fields
            .iter()
            .map(|(name, value)| Field { name: (*name).to_owned(), value: (*value).to_owned() })
            .collect();
        let draft = draft(&practice);
        let at = "2026-11-23T15:00:00Z".parse().expect("a time");
        let sent = Sent { practice: &practice, draft: &draft, at, fields: &fields };
        sent.look_over(&mark(&draft))
    }

    #[test]
    fn each_problem_stands_beside_its_field_and_repeats_nothing() {
        let (long, longer) = ("Secretive ".repeat(60), "Secretive".repeat(200));
        let table = [
            (vec![("text", "  ")], "text", "nothing to say"),
            (vec![("text", long.as_str())], "text", "The page takes 500 characters and this has"),
            (vec![("text:board", long.as_str())], "text:board", "The board takes 500"),
            (vec![("accounts", "")], "accounts", "at least one"),
            (vec![("accounts", "page\nSecretive")], "accounts", "not there any more"),
            (vec![("alt1", "")], "alt1", "say what the picture shows"),
            (vec![("alt1", longer.as_str())], "alt1", "takes 1000 characters"),
            (vec![("slot", "Secretive")], "slot", "that is not a time"),
            (vec![("slot", "2027-06-01 09:00")], "slot", "29 days ahead"),
            (vec![("opens", "Secretive")], "opens", "that is not a time"),
            (vec![("closes", "2026-11-20")], "closes", "that time is past"),
            (vec![("opens", "2026-11-28"), ("closes", "2026-11-25")], "closes", "closes before"),
            (vec![("source", "Secretive")], "source", "that is not a link"),
            (vec![("source", "https://a.example/Secretive b")], "source", "no blanks"),
            (vec![("audience", "Secretive")], "audience", "patients or colleagues"),
            (vec![("Secretive", "x")], "Secretive", "a field nobody knows"),
        ];

        for (fields, field, why) in table {
            let problems = look_over(&fields).problems;

            let [problem] = &problems[..] else { panic!("{fields:?}: {problems:?}") };
            assert_eq!(problem.field, field);
            assert!(problem.why.contains(why), "{fields:?}: {}", problem.why);
            assert!(!problem.why.contains("Secretive"), "{}", problem.why);
        }
    }

    #[test]
    fn what_is_as_it_was_is_no_change() {
        let same = look_over(&[
            ("text", "Flu shots this Saturday."),
            ("accounts", "board\npage"),
            ("text:page", ""),
            ("text:board", "Flu shots this Saturday."),
            ("slot", ""),
            ("alt1", "A door"),
            ("source", ""),
            ("audience", "patients"),
        ]);

        assert_eq!(same, Filled { draft: draft(&practice()), problems: Vec::new() });
    }

    #[test]
    fn an_account_says_its_own_words() {
        let filled = look_over(&[("text:board", "Flu shots: Saturday"), ("accounts", "board")]);

        assert_eq!(filled.problems, []);
        assert_eq!(filled.draft.text_for(&AccountId::new("board")), "Flu shots: Saturday");
        assert_eq!(filled.draft.accounts, [AccountId::new("board")]);
    }

    #[test]
    fn a_form_that_shows_what_is_gone_changes_nothing() {
        let practice = practice();
        let draft = draft(&practice);
        let other = Draft { text: "Flu shots this Sunday.".to_owned(), ..draft.clone() };
        let fields = [Field { name: "text".to_owned(), value: "Flu shots soon.".to_owned() }];
        let at = "2026-11-23T15:00:00Z".parse().expect("a time");

        let sent = Sent { practice: &practice, draft: &other, at, fields: &fields };
        let filled = sent.look_over(&mark(&draft));

        assert!(filled.problems[0].why.contains("changed since you opened this form"));
    }
}
