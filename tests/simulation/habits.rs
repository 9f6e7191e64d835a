//! What people see to do in a channel, and what of it they choose: mostly the next step, sometimes
//! what has no effect.

use std::collections::{BTreeMap, BTreeSet};

use countersign::domain::member::Role;

use crate::api::Note;
use crate::chance::Dice;

/// Who looks.
#[derive(Debug, Clone)]
pub struct Who {
    pub id: String,
    pub role: Role,
    /// Not of the agency, and no stranger.
    pub own: bool,
}

/// What somebody can do with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Press the button with this verb, and fill its form in if it has one.
    Press(&'static str),
    /// Change a draft.
    EditDraft,
    /// Change what is in review or signed off.
    EditCard,
    /// Sign what waits for it, one way or the other.
    Sign,
    /// Sign what is signed off.
    SignAgain,
    /// Put this reaction there.
    React(&'static str),
    /// Take one's own ✅ off.
    TakeOff,
    /// Put one's own ✅ on and take it off at once.
    Waver,
    /// "Change X to Y".
    Amend,
    /// Delete the card.
    Delete,
    /// Say whether it is live.
    Answer,
}

/// What is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub deed: Deed,
    pub note: Note,
}

/// How likely somebody leaves everything as it is.
const NOTHING: u64 = 30;
/// Verbs whose buttons are pressed as they are found.
const VERBS: [&str; 19] = [
    "make",
    "not",
    "submit",
    "withdraw",
    "hold",
    "unhold",
    "sign-own",
    "unsign",
    "decline",
    "risk",
    "slot",
    "takedown",
    "take",
    "keep",
    "release",
    "at-once",
    "as-it-is",
    "pictured",
    "ask-pictured",
];
/// Verbs that are pressed once: their notices stay as they are.
const ONCE: [&str; 9] =
    ["make", "submit", "slot", "take", "keep", "release", "at-once", "as-it-is", "live"];

/// Chooses, if there is anything to choose.
pub fn choose(
    notes: &[Note],
    who: &Who,
    (pressed, dice): (&BTreeSet<String>, &mut Dice),
) -> Option<Choice> {
    let mut found: BTreeMap<Deed, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        for deed in deeds(note, who, pressed) {
            found.entry(deed).or_default().push(note);
        }
    }
    let all: u64 = found.keys().map(|deed| weight(*deed, who)).sum();
    let mut rest = dice.between(0, all + NOTHING);
    for (deed, notes) in found {
        let own = weight(deed, who);
        if rest < own {
            // What came last is what most people look at.
            let last = notes.len().min(6);
            let note = notes[notes.len() - 1 - dice.below(last)].clone();
            return Some(Choice { deed, note });
        }
        rest -= own;
    }
    None
}

/// All that can be done with a message.
fn deeds(note: &Note, who: &Who, pressed: &BTreeSet<String>) -> Vec<Deed> {
    let is_spent = |verb: &str| {
        let found = note.buttons.iter().find(|button| button.verb() == verb);
        ONCE.contains(&verb) && found.is_none_or(|button| pressed.contains(&button.id))
    };
    let there = |verb: &&&str| note.button(verb).is_some() && !is_spent(verb);
    let mut deeds: Vec<Deed> = VERBS.iter().filter(there).map(|verb| Deed::Press(verb)).collect();
    if note.view == "ask-live" && note.button("live").is_some() && !is_spent("live") {
        deeds.push(Deed::Answer);
    }
    match note.view.as_str() {
        "draft" if note.button("edit").is_some() => deeds.push(Deed::EditDraft),
        "card" => deeds.extend(with_a_card(note, who)),
        _ => {}
    }
    deeds
}

fn with_a_card(note: &Note, who: &Who) -> Vec<Deed> {
    let mut deeds = vec![Deed::Delete];
    if note.button("edit").is_some() {
        deeds.push(Deed::EditCard);
    }
    if note.has("✅", &who.id) {
        deeds.push(Deed::TakeOff);
    }
    if note.button("sign").is_some() {
        deeds.extend([Deed::React("❌"), Deed::React("✋"), Deed::React("🛑"), Deed::Amend]);
        let waits = note.text.contains("needs ");
        match (waits, note.has("✅", &who.id)) {
            (true, false) => deeds.extend([Deed::Sign, Deed::Waver]),
            (false, false) => deeds.push(Deed::SignAgain),
            (_, true) => {}
        }
    }
    deeds
}

/// How likely somebody does that, beside all else that they could do.
fn weight(deed: Deed, who: &Who) -> u64 {
    let approver = who.role == Role::Approver;
    let manager = who.role == Role::Manager;
    match deed {
        Deed::Press("make" | "submit") => 60 - 40 * u64::from(approver),
        Deed::Press("slot") => 4 + 30 * u64::from(manager),
        Deed::Press("unhold") => 3 + 30 * u64::from(manager),
        Deed::Press("risk") if who.role == Role::Compliance => 100,
        Deed::Press("sign-own") if approver => 60,
        Deed::Press("sign-own") => 0,
        Deed::Press("release") => 1 + 40 * u64::from(approver || manager),
        Deed::Press("pictured") => 100,
        Deed::Press("take") => 6,
        Deed::Press("at-once") => 8,
        Deed::EditDraft => 30,
        Deed::Sign if approver || who.role == Role::Compliance => 300,
        Deed::Answer => 1 + 60 * u64::from(who.own),
        Deed::EditCard => 2,
        Deed::Amend | Deed::React("❌") | Deed::Press("decline" | "unsign") | Deed::TakeOff => {
            3 * u64::from(approver)
        }
        Deed::Waver => 2 * u64::from(approver),
        Deed::Press("takedown") => u64::from(manager),
        Deed::Press(_) | Deed::Sign | Deed::SignAgain | Deed::React("✋") | Deed::Delete => 1,
        Deed::React(_) => u64::from(who.own),
    }
}
