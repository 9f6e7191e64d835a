//! One-time codes: by them a person shows that the account they act from is theirs.
//!
//! Whoever set the account up is shown the code once, and hands it over by another way than chat.
//! Only a keyed hash of it is kept.

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::asked::{Answer, Asked, Said};
use super::office::Office;
use super::practice::changed;
use super::wish::plain;
use crate::domain::canonical::hex;
use crate::domain::change::Changed;
use crate::domain::ids::PracticeId;
use crate::domain::member::Identity;
use crate::domain::practice::Practice;
use crate::domain::setting::{Named, Setting};
use crate::domain::window::shown;
use crate::ports::notice::View;
use crate::ports::store::{Change, CodeWrite, Stored};

/// Letters that make no words, so that no code says anything: 20 of them, 4.3 bits each.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// So many letters: 43 bits.
const LONG: usize = 10;
/// A code is worth nothing after so long.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After so many wrong ones it is worth nothing either.
const TRIES: i64 = 5;

/// A new code for an identity, and what is kept of it.
pub fn code(office: &Office, practice: &PracticeId, of: &Identity) -> (String, CodeWrite) {
    let (nonce, write) = secret(office, practice, of);
    (read(office, practice, of, &nonce), write)
}

/// A new code that nobody sees yet: what it can be made from again, by whoever has the key that is
/// in no database, and what is kept of it.
pub(super) fn secret(office: &Office, practice: &PracticeId, of: &Identity) -> (String, CodeWrite) {
    let nonce = hex::encode(&office.chance.bytes());
    let expires = office.now().saturating_add(LASTS).unwrap_or(office.now());
    let hash = keyed(office, practice, of, &letters(office, practice, of, &nonce));
    (nonce, CodeWrite::Put { of: of.clone(), hash, expires })
}

/// The code that waits for an identity, made again; `None` when another does, or none any more.
pub(super) async fn again(
    office: &Office,
    practice: &PracticeId,
    (of, nonce): (&Identity, &str),
) -> Stored<Option<(String, Timestamp)>> {
    let hash = keyed(office, practice, of, &letters(office, practice, of, nonce));
    let waits = office.store.code(practice, of).await?;
    let waits = waits.filter(|code| code.hash == hash && office.now() < code.expires);
    Ok(waits.map(|code| (read(office, practice, of, nonce), code.expires)))
}

/// As people read it: `BCDFG-HJKLM`.
fn read(office: &Office, practice: &PracticeId, of: &Identity, nonce: &str) -> String {
    let letters = letters(office, practice, of, nonce);
    let (half, other) = letters.split_at(LONG / 2);
    format!("{half}-{other}")
}

fn letters(office: &Office, practice: &PracticeId, of: &Identity, nonce: &str) -> String {
    let mut letters = String::new();
    let mut round = 0_u32;
    while letters.len() < LONG {
        let mac = mac(office, practice, of, ("letters", &format!("{nonce}/{round}")));
        // What would make some letters likelier than others is left out.
        let fair = mac.iter().filter(|byte| **byte < 240).map(|byte| usize::from(*byte) % 20);
        letters.extend(fair.take(LONG - letters.len()).map(|n| char::from(LETTERS[n])));
        round += 1;
    }
    letters
}

/// Who of these may sign or change who may, from an account that nobody has shown to be theirs.
pub fn unconfirmed(practice: &Practice) -> Vec<(&str, &Identity)> {
    let trusted = practice.members.iter().filter(|member| member.is_trusted());
    let theirs = |m: &'_ crate::domain::member::Member| m.unconfirmed.len();
    let trusted = trusted.filter(|member| theirs(member) > 0);
    trusted.flat_map(|m| m.unconfirmed.iter().map(|is| (m.name.as_str(), is))).collect()
}

/// Somebody types the code from the account it was made for.
pub async fn confirm(office: &Office, asked: &Asked<'_>, typed: &str) -> Answer {
    let sentence = |why: &str| Ok(Err(Said::Sentence(why.to_owned())));
    let (practice, from) = (asked.practice, asked.from);
    let known = practice.member(&asked.member.id);
    if !known.is_some_and(|member| member.unconfirmed.contains(from)) {
        return sentence("this account is known to be yours already");
    }
    let code = office.store.code(&practice.id, from).await?;
    let Some(code) = code.filter(|code| office.now() < code.expires && code.tries < TRIES) else {
        return sentence("no code waits for this account: ask your manager for a new one");
    };
    let typed: String = typed.chars().filter(char::is_ascii_alphabetic).collect();
    let hash = keyed(office, &practice.id, from, &typed.to_ascii_uppercase());
    if !bool::from(hash.as_bytes().ct_eq(code.hash.as_bytes())) {
        let left = TRIES - code.tries - 1;
        let why = match left {
            0 => {
                "that is not the code, and it can't be tried again: ask your manager for a new one"
                    .to_owned()
            }
            1 => "that is not the code: you can try once more".to_owned(),
            _ => format!("that is not the code: you can try {left} more times"),
        };
        let mut change = asked.told(office, plain(View::Refused { number: 0, why }));
        change.codes.push(CodeWrite::Wrong { of: from.clone() });
        return Ok(Ok(change));
    }
    Ok(Ok(confirmed(office, asked)))
}

fn confirmed(office: &Office, asked: &Asked<'_>) -> Change {
    let (member, identity) = (asked.member.id.clone(), asked.from.clone());
    let setting = Setting::IdentityConfirmed { member, identity };
    let (mut after, at) = (asked.practice.clone(), office.now());
    after.apply(&setting, "", (at, Some(&asked.member.id)));
    let set = vec![Named { setting, called: String::new() }];
    let done = Changed { at, set, after };
    let mut change = changed(office, asked.practice, done, Some(asked.member));
    change.codes.push(CodeWrite::Forget { of: asked.from.clone() });
    let from = asked.practice.member(&asked.member.id).and_then(|m| m.counts_from(asked.from));
    let what = match from.filter(|from| *from > at) {
        None => "This account is yours now: what you sign from here counts.".to_owned(),
        Some(from) => format!(
            "This account is yours now: what you sign from here counts from {} on, or once \
             somebody else says yes to it.",
            shown(from, &asked.practice.zone)
        ),
    };
    change.outbox.extend(asked.told(office, plain(View::Noted { what })).outbox);
    change
}

/// What is kept of a code.
fn keyed(office: &Office, practice: &PracticeId, of: &Identity, letters: &str) -> String {
    hex::encode(&mac(office, practice, of, ("code", letters)))
}

/// HMAC-SHA-256 under a key of its own, over what for, whose and what.
fn mac(
    office: &Office,
    practice: &PracticeId,
    of: &Identity,
    (label, what): (&str, &str),
) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&office.trace.0).expect("any length is a key");
    let parts = [label, practice.as_str(), of.platform.as_str(), &of.workspace, &of.user, what];
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}
