//! One-time codes: by them a person shows that the account they act from is theirs.
//!
//! Whoever set the account up is shown the code once, and hands it over by another way than chat.
//! Only a keyed hash of it is kept.

use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
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
use crate::ports::notice::View;
use crate::ports::store::{Change, CodeWrite};

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
    let mut letters = String::new();
    while letters.len() < LONG {
        // What would make some letters likelier than others is left out.
        let bytes = office.chance.bytes();
        let fair = bytes.iter().filter(|byte| **byte < 240).map(|byte| usize::from(*byte) % 20);
        letters.extend(fair.take(LONG - letters.len()).map(|n| char::from(LETTERS[n])));
    }
    let expires = office.now().saturating_add(LASTS).unwrap_or(office.now());
    let hash = keyed(office, practice, of, &letters);
    let (half, other) = letters.split_at(LONG / 2);
    (format!("{half}-{other}"), CodeWrite::Put { of: of.clone(), hash, expires })
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
    let what = "This account is yours now: what you sign from here counts.".to_owned();
    change.outbox.extend(asked.told(office, plain(View::Noted { what })).outbox);
    change
}

/// HMAC-SHA-256 under a key of its own, over whose and what.
fn keyed(office: &Office, practice: &PracticeId, of: &Identity, letters: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&office.trace.0).expect("any length is a key");
    let parts = ["code", practice.as_str(), of.platform.as_str(), &of.workspace, &of.user, letters];
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    hex::encode(&mac.finalize().into_bytes())
}
