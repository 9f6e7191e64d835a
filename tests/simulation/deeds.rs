//! What somebody chose to do with a message, done.

use countersign::domain::ids::{PostId, PracticeId};
use countersign::domain::practice::Practice;
use countersign::domain::state::State;

use crate::acts::say;
use crate::api::{Note, Said};
use crate::habits::{Choice, Deed, Who};
use crate::month::Month;
use crate::signatures::{Signature, shows};
use crate::words::{SECRET, tags};

/// Slots as people type them; most can be read.
const SLOTS: [&str; 12] = [
    "+30m",
    "+1h",
    "+2h",
    "+5h",
    "+20h",
    "+40h",
    "17:30",
    "tomorrow 9:00",
    "Saturday 9am",
    "2027-03-14 02:30",
    "",
    "someday",
];

/// Does it.
pub async fn does(
    month: &mut Month,
    who: &Who,
    (at, channel): (Option<usize>, &str),
    (choice, notes): (&Choice, &[Note]),
) {
    let note = &choice.note;
    match choice.deed {
        Deed::Sign | Deed::SignAgain => signs(month, who, at, note).await,
        Deed::TakeOff => takes_off(month, who, at, note).await,
        Deed::Waver => {
            puts_on(month, who, at, note).await;
            takes_off(month, who, at, note).await;
        }
        Deed::React(emoji) => {
            month.house.is_reacted_to(&who.id, &note.id, (emoji, true)).await;
            month.plays(emoji);
            if emoji == "❌" {
                says_why(month, who, channel, note).await;
            }
        }
        Deed::Amend => amends(month, who, channel, note).await,
        Deed::Delete => {
            month.house.is_deleted("guest", &note.id).await;
            month.plays("card deleted");
        }
        Deed::EditDraft | Deed::EditCard => edits(month, who, at, note).await,
        Deed::Answer => answers(month, who, at, (note, notes)).await,
        Deed::Press(verb) => presses(month, who, at, (note, verb)).await,
    }
}

async fn signs(month: &mut Month, who: &Who, at: Option<usize>, note: &Note) {
    if month.dice.below(5) < 3 {
        return puts_on(month, who, at, note).await;
    }
    presses(month, who, at, (note, "sign")).await;
}

async fn puts_on(month: &mut Month, who: &Who, at: Option<usize>, note: &Note) {
    let heard = month.house.is_reacted_to(&who.id, &note.id, ("✅", true)).await;
    month.plays("✅");
    if heard.is_some() {
        notes_signature(month, who, at, (note, true));
    }
}

fn notes_signature(
    month: &mut Month,
    who: &Who,
    at: Option<usize>,
    (note, by_reaction): (&Note, bool),
) {
    let (Some(at), Some(button)) = (at, note.buttons.first()) else { return };
    month.signatures.add(Signature {
        practice: month.practices[at].id.clone(),
        person: who.id.clone(),
        post: button.post().to_owned(),
        message: note.id.clone(),
        words: note.shows(),
        by_reaction,
    });
}

async fn takes_off(month: &mut Month, who: &Who, at: Option<usize>, note: &Note) {
    let too_late = is_leaving(month, at, note).await;
    let heard = month.house.is_reacted_to(&who.id, &note.id, ("✅", false)).await;
    month.plays("✅ off");
    if let Some(heard) = heard.filter(|_| !too_late) {
        month.signatures.takes_off(&who.id, &note.id, heard.seq > 0);
    }
}

/// It may have left already: then nobody takes a sign-off back.
async fn is_leaving(month: &Month, at: Option<usize>, note: &Note) -> bool {
    let (Some(at), Some(button)) = (at, note.buttons.first()) else { return false };
    let (practice, post) = (&month.practices[at].id, PostId::new(button.post()));
    let post = month.house.office().store.post(practice, &post).await.expect("readable");
    post.is_some_and(|post| post.state == State::Publishing)
}

/// Who declined by reaction is asked why, and mostly says so.
async fn says_why(month: &mut Month, who: &Who, channel: &str, note: &Note) {
    let text = match month.dice.below(4) {
        0 => return,
        1 => SECRET,
        _ => "It is too long.",
    };
    let said = Said { channel, thread: Some(&note.id), text, file: None };
    let kept = say(month, &who.id, said).await;
    assert!(kept.is_none_or(|kept| kept != (text == SECRET)), "{text} is kept: {kept:?}");
    month.plays("why");
}

async fn amends(month: &mut Month, who: &Who, channel: &str, note: &Note) {
    let text = if note.text.contains("everybody") {
        "change everybody to all of you"
    } else {
        "change all of you to everybody"
    };
    let said = Said { channel, thread: Some(&note.id), text, file: None };
    say(month, &who.id, said).await;
    month.plays("change X to Y");
}

/// Presses [Edit] and changes a field or two.
async fn edits(month: &mut Month, who: &Who, at: Option<usize>, note: &Note) {
    let Some(button) = note.button("edit").cloned() else { return };
    let whose = owner(month, at, note);
    let mut fields = Vec::new();
    let mut fill = |name: &str, value: String| {
        if button.form.iter().any(|field| field.name == name) {
            fields.push((name.to_owned(), value));
        }
    };
    match month.dice.below(14) {
        0..=7 => fill("slot", SLOTS[month.dice.below(SLOTS.len())].to_owned()),
        8..=9 => fill("text", month.text(&whose)),
        10 => fill("alt1", "A door with two steps".to_owned()),
        11 => fill("disclosure", "Paid by nobody".to_owned()),
        12 => {
            fill("slot", "+3h".to_owned());
            fill("closes", "+6h".to_owned());
        }
        _ => fill("text", SECRET.to_owned()),
    }
    if fields.is_empty() {
        return;
    }
    let secret = fields.iter().any(|(_, value)| value == SECRET);
    let heard = month.house.is_pressed(&who.id, (&note.id, &button.id), &fields).await;
    if let Some(heard) = heard {
        assert_eq!(heard.kept, !secret, "{fields:?}");
        month.plays(if secret { "secret" } else { "edit" });
    }
}

/// Whose the words of a message are.
fn owner(month: &Month, at: Option<usize>, note: &Note) -> Vec<PracticeId> {
    match at {
        Some(at) => vec![month.practices[at].id.clone()],
        None => tags(&note.text).next().map(|tag| month.texts.owners(tag)).unwrap_or_default(),
    }
}

/// Looks whether it is there, and says so.
async fn answers(month: &mut Month, who: &Who, at: Option<usize>, (note, notes): (&Note, &[Note])) {
    let (Some(at), Some(button)) = (at, note.button("live").cloned()) else { return };
    let of_post = |card: &&Note| card.buttons.iter().any(|b| b.post() == button.post());
    let mut cards = notes.iter().filter(|note| note.view == "card").filter(of_post);
    let Some(card) = cards.next_back() else { return };
    let live = is_there(month, &month.practices[at], (note, card)).await;
    let wanted = if live { "live" } else { "not-live" };
    let answer = note.button(wanted).expect("it stands beside the other").clone();
    let heard = month.house.is_pressed(&who.id, (&note.id, &answer.id), &[]).await;
    if heard.is_some() && who.own {
        month.pressed.insert(button.id);
        month.plays(if live { "it is live" } else { "it is not" });
    }
}

async fn is_there(month: &Month, practice: &Practice, (note, card): (&Note, &Note)) -> bool {
    let mut accounts = practice.accounts.iter();
    let account = accounts.find(|account| note.text.contains(&format!("on {}?", account.name)));
    let account = &account.expect("it names an account").remote_id;
    let live = month.house.published().await;
    live.iter().any(|post| post.account == *account && shows(&card.shows(), post))
}

async fn presses(
    month: &mut Month,
    who: &Who,
    at: Option<usize>,
    (note, verb): (&Note, &'static str),
) {
    let all: Vec<_> = note.buttons.iter().filter(|button| button.verb() == verb).collect();
    let Some(button) = all.get(month.dice.below(all.len().max(1))) else { return };
    let reason = match month.dice.below(3) {
        0 => Vec::new(),
        1 => vec![("reason".to_owned(), "Too long".to_owned())],
        _ => vec![("reason".to_owned(), SECRET.to_owned())],
    };
    let fields = if verb == "decline" { reason } else { Vec::new() };
    let too_late = verb == "unsign" && is_leaving(month, at, note).await;
    let heard = month.house.is_pressed(&who.id, (&note.id, &button.id), &fields).await;
    let Some(heard) = heard else { return };
    month.plays(verb);
    match verb {
        "sign" | "sign-own" => notes_signature(month, who, at, (note, false)),
        "unsign" if !too_late => month.signatures.takes_back(&who.id, button.post()),
        "decline" => assert_eq!(heard.kept, !fields.iter().any(|(_, value)| value == SECRET)),
        _ => {
            month.pressed.insert(button.id.clone());
        }
    }
    if let ("submit" | "slot" | "sign", Some(at)) = (verb, at) {
        month.calls.push(at);
    }
}
