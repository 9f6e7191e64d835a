//! The proof of a post, taken out of the ledger: the same for the command line and for chat.

use ed25519_dalek::VerifyingKey;

use super::asked::{Answer, Asked};
use super::office::Office;
use super::wish::plain;
use crate::domain::canonical::hex;
use crate::domain::certificate::{Broken, Certificate, Kept, Left, Material, check, issue};
use crate::domain::entry::What;
use crate::domain::ids::PracticeId;
use crate::domain::outbox::RowState;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::window::shown;
use crate::ports::notice::View;
use crate::ports::store::{Store, StoreError, Stored};

/// How many entries are read at once.
const PAGE: i64 = 500;

/// What the certificates of a practice have in common.
#[derive(Debug, Clone)]
pub struct Background {
    /// Entries about no post.
    entries: Vec<Kept>,
    /// The end of the ledger.
    end: Kept,
}

impl Background {
    /// Reads the whole ledger once.
    pub async fn read(store: &dyn Store, practice: &PracticeId) -> Stored<Self> {
        let (mut entries, mut end) = (Vec::new(), None);
        loop {
            let after = end.as_ref().map_or(0, |kept: &Kept| kept.sealed.entry.seq);
            let page = store.entries(practice, after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                let empty = || StoreError::Damaged("the ledger is empty".to_owned());
                return Ok(Self { entries, end: end.ok_or_else(empty)? });
            };
            end = Some(Kept { sealed: last.clone(), body: None });
            let page = page.into_iter().map(|(sealed, body)| Kept { sealed, body });
            entries.extend(page.filter(|kept| kept.sealed.entry.fact.subject.is_none()));
        }
    }

    /// The key that the ledger says it was begun with.
    fn key(&self) -> Option<VerifyingKey> {
        let What::Opened { key } = self.entries.first()?.what() else {
            return None;
        };
        hex::decode(key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
    }
}

/// Makes the certificate of a post; one that does not hold is not made.
pub async fn certify(
    store: &dyn Store,
    key: &VerifyingKey,
    background: &Background,
    post: &Post,
) -> Stored<Result<Certificate, Broken>> {
    let end = background.end.sealed.clone();
    let entries = store.entries_of(&post.practice, &post.id).await?;
    // What was entered after the end was read is not of this certificate.
    let known = entries.into_iter().filter(|(sealed, _)| sealed.entry.seq <= end.entry.seq);
    let mut contents = Vec::new();
    for revision in 1..=post.revision {
        contents.extend(store.content(&post.practice, &post.id, revision).await?);
    }
    let material = Material {
        background: background.entries.clone(),
        entries: known.map(|(sealed, body)| Kept { sealed, body }).collect(),
        contents,
        head: end,
    };
    Ok(issue(material, key))
}

/// Shows the proof of a post to whoever asks for it.
pub(super) async fn show(office: &Office, asked: &Asked<'_>, post: &Post) -> Answer {
    let entries = office.store.entries_of(&post.practice, &post.id).await?;
    let proves = |what: &What| matches!(what, What::Signed { .. } | What::Leaving { .. });
    if !entries.iter().any(|(sealed, _)| proves(&sealed.entry.fact.what)) {
        return Ok(Ok(asked.refused(office, Some(post), Refusal::NothingSigned)));
    }
    let background = Background::read(office.store.as_ref(), &post.practice).await?;
    let made = match background.key() {
        Some(key) => certify(office.store.as_ref(), &key, &background, post).await?,
        None => Err(Broken::Key),
    };
    Ok(Ok(match made.and_then(|made| view(asked.practice, &made)) {
        Ok(view) => asked.told(office, plain(view)),
        Err(why) => {
            tracing::error!(post.number = post.number, %why, "Post {} has no proof: {why}", post.number);
            let why = format!("it has no proof, whoever runs Countersign has to look: {why}");
            asked.told(office, plain(View::Refused { number: post.number, why }))
        }
    }))
}

fn view(practice: &Practice, certificate: &Certificate) -> Result<View, Broken> {
    let checked = check(certificate, None)?;
    Ok(View::Certificate {
        number: certificate.number,
        sample: certificate.practice.sample,
        left: checked.left.iter().flat_map(|left| lines(practice, left)).collect(),
        state: checked.state.as_str().replace('-', " "),
        urls: certificate.urls.clone(),
        head: checked.head.short(),
        fingerprint: certificate.fingerprint.clone(),
        text: certificate.to_json(),
    })
}

fn lines(practice: &Practice, left: &Left) -> Vec<String> {
    let came = match left.came {
        RowState::Done => "is live",
        RowState::Refused => "was refused",
        RowState::Ready => "did not arrive",
        _ => "may be live",
    };
    let Left { revision, hash, at, .. } = left;
    let account = practice.name_of_account(Some(&left.account));
    let at = shown(*at, &practice.zone);
    let leaving =
        format!("revision {revision} ({}) left to {account} on {at}, {came}", hash.short());
    let signed = left.signed.iter().map(|sign_off| {
        let name = match sign_off.name.as_str() {
            "" => practice.name_of(&sign_off.member),
            name => name.to_owned(),
        };
        let found = if sign_off.recovered { ", found when the card was read again" } else { "" };
        format!("signed by {name} on {}{found}", shown(sign_off.at, &practice.zone))
    });
    std::iter::once(leaving).chain(signed).collect()
}
