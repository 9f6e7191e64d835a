//! The form of a post: a new one, or one that is there, as it stands.

use sha2::{Digest, Sha256};

use super::form::{choice, field};
use crate::domain::canonical::hex;
use crate::domain::draft::{Audience, Draft};
use crate::domain::ids::AccountId;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::slot::Slot;
use crate::ports::notice::{Form, FormField};

/// What comes back when a new post's form is sent.
pub(super) const NEW: &str = "new";
/// How the field for the text of one account begins.
pub(super) const TEXT_OF: &str = "text:";

/// What a new post begins with.
pub(super) fn blank(practice: &Practice) -> Draft {
    let accounts = practice.accounts.iter().map(|account| account.id.clone()).collect();
    Draft { accounts, ..Draft::default() }
}

/// The form of a new post, which comes back with the id that it will have: however often the same
/// form is sent, it begins one.
pub(super) fn new(practice: &Practice, id: &str) -> Form {
    Form {
        title: "A new post".to_owned(),
        send: "Begin the draft".to_owned(),
        button: format!("{NEW}:{id}"),
        fields: fields(practice, &blank(practice)),
    }
}

/// The form that changes a post. It comes back with a mark of what it showed, so that what
/// somebody else changed meanwhile is not changed back unseen.
pub(super) fn edit(practice: &Practice, post: &Post) -> Form {
    Form {
        title: format!("Edit post {}", post.number),
        send: "Save changes".to_owned(),
        button: format!("edit:{}:{}", post.id, mark(&post.draft)),
        fields: fields(practice, &post.draft),
    }
}

/// Tells what a form showed from anything else.
pub(super) fn mark(draft: &Draft) -> String {
    let bytes = serde_json::to_vec(draft).expect("a draft is plain data");
    hex::encode(&Sha256::digest(bytes)[..6])
}

/// Tells words and the rules that block them from any others.
pub(super) fn mark_of_override(draft: &Draft, blocks: &[String]) -> String {
    let bytes = serde_json::to_vec(&(draft, blocks)).expect("a draft is plain data");
    hex::encode(&Sha256::digest(bytes)[..6])
}

/// The fields, as the draft stands.
pub(super) fn fields(practice: &Practice, draft: &Draft) -> Vec<FormField> {
    let mut form = vec![field("text", "Text", draft.text.clone()).lines()];
    form.extend(accounts(practice, draft));
    form.push(field("slot", "Slot", typed(practice, draft.slot)).hint(format!(
        "In {}: +2h, 17:30, tomorrow 9:00, Saturday 9am or 2026-11-24 09:00. Empty: as soon as it \
         is signed.",
        practice.zone.iana_name().unwrap_or("UTC")
    )));
    form.extend(pictures(draft));
    form.push(
        field("disclosure", "Disclosure", draft.disclosure.clone())
            .hint("Words that must go with it, such as Paid partnership. Empty: none."),
    );
    form.push(
        field("source", "Source", draft.source.clone())
            .hint("A link to the evidence, for whoever signs. It is not published."),
    );
    let audiences = [
        (Audience::Patients, "Patients, and so anybody"),
        (Audience::Colleagues, "Colleagues: other professionals"),
    ];
    let audiences = audiences.map(|(audience, label)| choice(audience.as_str(), label));
    let audience = field("audience", "Written for", draft.audience.as_str());
    form.push(audience.one(audiences.to_vec()));
    form.push(
        field("opens", "Not before", typed(practice, draft.opens))
            .hint("2026-11-24 or 2026-11-24 09:00, if it should wait for a day."),
    );
    form.push(
        field("closes", "Not after", typed(practice, draft.closes))
            .hint("Empty: a day after its slot."),
    );
    form
}

/// Where it goes; and a text for each account, where there are several.
fn accounts(practice: &Practice, draft: &Draft) -> Vec<FormField> {
    let all = &practice.accounts;
    if all.is_empty() {
        return Vec::new();
    }
    let of = all.iter().map(|account| choice(account.id.as_str(), &account.name)).collect();
    let goes = field("accounts", "Accounts", lines(&kept(practice, &draft.accounts))).many(of);
    let own = all.iter().filter(|_| all.len() > 1).map(|account| {
        let text = draft.texts.get(&account.id).cloned().unwrap_or_default();
        let label = format!("Text for {}, if another", account.name);
        let hint =
            format!("At most {} characters. Empty: the text above.", account.network.limits().text);
        field(&format!("{TEXT_OF}{}", account.id), &label, text).lines().hint(hint)
    });
    [goes].into_iter().chain(own).collect()
}

fn pictures(draft: &Draft) -> Vec<FormField> {
    let one = draft.pictures.len() == 1;
    let all = draft.pictures.iter().enumerate().map(|(i, picture)| {
        let which = if one { "the picture".to_owned() } else { format!("picture {}", i + 1) };
        let label = format!("What {which} shows");
        let alt = field(&format!("alt{}", i + 1), &label, picture.alt.clone());
        alt.lines().hint("For people who can't see it.")
    });
    all.collect()
}

/// Those of these accounts that are there, in the order of the practice.
pub(super) fn kept(practice: &Practice, accounts: &[AccountId]) -> Vec<AccountId> {
    let all = practice.accounts.iter().map(|account| &account.id);
    all.filter(|id| accounts.contains(id)).cloned().collect()
}

fn lines(accounts: &[AccountId]) -> String {
    accounts.iter().map(AccountId::as_str).collect::<Vec<_>>().join("\n")
}

/// A slot as it stands in its field.
pub(super) fn typed(practice: &Practice, slot: Option<Slot>) -> String {
    slot.map(|slot| slot.typed(&practice.zone)).unwrap_or_default()
}
