//! What a revision says otherwise than the one before, for its card; and what a draft would say.

use crate::domain::content::{Content, Part};
use crate::domain::draft::{Draft, Picture};
use crate::domain::practice::Practice;
use crate::ports::notice::ChangeView;

/// So many words that stayed are shown before and behind those that changed.
const CONTEXT: usize = 3;

/// What changed in the words and alt texts; the same change on every account is told once.
pub(super) fn between(practice: &Practice, was: &Content, is: &Content) -> Vec<ChangeView> {
    let mut changes: Vec<ChangeView> = Vec::new();
    for part in &is.accounts {
        let same = |old: &&Part| {
            (old.network, &old.server, &old.remote) == (part.network, &part.server, &part.remote)
        };
        let Some(old) = was.accounts.iter().find(same) else { continue };
        let account = practice.accounts.iter().find(|a| {
            (a.network, &a.server, &a.remote_id) == (part.network, &part.server, &part.remote)
        });
        let account = account.map_or("a former account", |a| &a.name);
        for change in of_part(account, old, part) {
            let known =
                |known: &&mut ChangeView| (&known.was, &known.is) == (&change.was, &change.is);
            match changes.iter_mut().find(known) {
                Some(known) if known.what != change.what => {
                    known.what = format!("{}, {}", known.what, change.what);
                }
                Some(_) => {}
                None => changes.push(change),
            }
        }
    }
    changes
}

/// What a draft would say otherwise, in its words and alt texts.
pub(super) fn between_drafts(was: &Draft, is: &Draft) -> Vec<ChangeView> {
    let mut changes = Vec::new();
    if was.text != is.text {
        changes.push(change("Text".to_owned(), &was.text, &is.text));
    }
    changes.extend(alts(&was.pictures, &is.pictures));
    changes
}

/// Other pictures, told by what they show.
pub(super) fn pictures<'a>(
    was: impl Iterator<Item = &'a str>,
    is: impl Iterator<Item = &'a str>,
) -> ChangeView {
    ChangeView { what: "Pictures".to_owned(), was: shown(was), is: shown(is) }
}

fn shown<'a>(alts: impl Iterator<Item = &'a str>) -> String {
    let each = alts.map(|alt| if alt.trim().is_empty() { "one without alt text" } else { alt });
    let each: Vec<&str> = each.collect();
    if each.is_empty() { "none".to_owned() } else { each.join("; ") }
}

fn of_part(account: &str, was: &Part, is: &Part) -> Vec<ChangeView> {
    let mut changes = Vec::new();
    if was.words() != is.words() {
        changes.push(change(account.to_owned(), &was.words(), &is.words()));
    }
    changes.extend(alts(&was.media, &is.media));
    changes
}

fn alts<'a>(was: &'a [Picture], is: &'a [Picture]) -> impl Iterator<Item = ChangeView> + 'a {
    let both = was.iter().zip(is).enumerate().filter(|(_, (old, new))| old.alt != new.alt);
    both.map(|(nth, (old, new))| {
        change(format!("Alt text of picture {}", nth + 1), &old.alt, &new.alt)
    })
}

/// The words that changed, with a few of their neighbors.
fn change(what: String, was: &str, is: &str) -> ChangeView {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (was.split_whitespace().collect(), is.split_whitespace().collect());
    let shorter = old.len().min(new.len());
    let before = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let behind = behind.min(shorter - before);
    if old == new {
        let is = "the same words, with other blanks or line ends".to_owned();
        return ChangeView { what, was: String::new(), is };
    }
    ChangeView { what, was: near(&old, before, behind), is: near(&new, before, behind) }
}

fn near(words: &[&str], before: usize, behind: usize) -> String {
    let from = before.saturating_sub(CONTEXT);
    let to = (words.len() - behind + CONTEXT).min(words.len());
    let mut near = words[from..to].join(" ");
    if from > 0 {
        near.insert_str(0, "… ");
    }
    if to < words.len() {
        near.push_str(" …");
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_shown() {
        let text = "Flu shots this Saturday from 9 to 12 at the side door.";
        let table = [
            (
                "Flu shots this Sunday from 9 to 12 at the side door.",
                "Flu shots this Saturday from 9 to …",
                "Flu shots this Sunday from 9 to …",
            ),
            (
                "Flu shots this Saturday from 9 to 12 at the door.",
                "… 12 at the side door.",
                "… 12 at the door.",
            ),
            ("", text, ""),
        ];

        for (new, was, is) in table {
            let change = change(String::new(), text, new);
            assert_eq!((&*change.was, &*change.is), (was, is), "{new}");
        }
        assert!(change(String::new(), "a b", "a\nb").is.contains("line ends"));
        assert_eq!(change(String::new(), "no no", "no").is, "no");
    }
}
