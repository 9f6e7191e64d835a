//! A certificate shows who signed what, and a byte that is changed anywhere breaks it.

use ed25519_dalek::{SigningKey, VerifyingKey};
use proptest::prelude::*;

use super::sample::{ballot, hours, id, monday, post, practice, row};
use crate::domain::acts::{self, Case, Decided};
use crate::domain::canonical::hex;
use crate::domain::certificate::{Broken, Certificate, Checked, Kept, Material, check, issue};
use crate::domain::content::Content;
use crate::domain::differences::founding;
use crate::domain::draft::Ruling;
use crate::domain::entry::{Fact, What};
use crate::domain::ids::RowId;
use crate::domain::ledger::{self, Body, Head, NewEntry, seal};
use crate::domain::outbox::{Outcome, RowState};
use crate::domain::policy::Policy;
use crate::domain::post::Post;
use crate::domain::practice::Practice;
use crate::domain::setting::{Named, Setting};
use crate::domain::state::{Cause, Source, State};
use crate::domain::story::NotTold;

/// A practice, one post of it, and the ledger of both.
struct Office {
    practice: Practice,
    post: Post,
    key: SigningKey,
    chain: Vec<Kept>,
    contents: Vec<Content>,
}

impl Office {
    fn founded(key: u8) -> Self {
        let (practice, post) = (practice(1), post("tomas"));
        let key = SigningKey::from_bytes(&[key; 32]);
        let mut office = Self { practice, post, key, chain: Vec::new(), contents: Vec::new() };
        let public = hex::encode(office.key.verifying_key().as_bytes());
        office.enter("", What::Opened { key: public, former: None });
        office.enter("", What::PracticeMade { sample: true });
        for Named { setting, called } in founding(&office.practice) {
            office.append("", &called, Fact { what: What::Set(setting), subject: None });
        }
        let decided =
            acts::draft(office.case(), office.post.draft.clone(), vec![Some(id("tomas"))]);
        office.commit("Tomas", decided);
        office
    }

    fn case(&self) -> Case<'_> {
        let passed = i64::try_from(self.chain.len()).expect("few");
        let now = monday() + hours(passed) / 10;
        Case { practice: &self.practice, post: &self.post, now }
    }

    fn enter(&mut self, name: &str, what: What) {
        self.append(name, "", Fact { what, subject: None });
    }

    fn append(&mut self, name: &str, note: &str, fact: Fact) {
        let last = self.chain.last().map(|kept| &kept.sealed);
        let head = last.map_or(Head::NONE, |l| Head { seq: l.entry.seq, hash: l.hash });
        let salt = [u8::try_from(self.chain.len()).expect("few"); 16];
        let (name, note) = (name.to_owned(), note.to_owned());
        let body = Body { salt, name, note, ..Body::default() };
        let new = NewEntry { actor: "somebody".to_owned(), fact, body: body.clone() };
        let sealed = seal(&self.practice.id, head, self.case().now, &new, &self.key);
        self.chain.push(Kept { sealed, body: Some(body) });
    }

    fn commit(&mut self, name: &str, decided: Decided) {
        for fact in decided.facts {
            let url = match fact.what {
                What::Published { .. } => "https://example.org/41",
                _ => "",
            };
            self.append(name, url, fact);
        }
        self.post = decided.post;
        self.contents.extend(decided.content);
    }

    /// In review, signed by Dr. Kim, on its way to the first account.
    fn signed(key: u8) -> Self {
        let mut office = Self::founded(key);
        let tomas = office.practice.member(&id("tomas")).expect("a member").clone();
        let submitted =
            acts::submit(office.case(), &tomas, Ruling::default(), [1; 16]).expect("submitted");
        office.commit("Tomas", submitted);
        let kim = office.practice.member(&id("kim")).expect("a member").clone();
        let tap = ballot(&office.post, Source::Reaction);
        let signed = acts::sign(office.case(), &kim, tap).expect("signed");
        office.commit("Dr. Kim", signed);
        office.post.publications = vec![row(&office.post, "page", RowState::Leased)];
        office
    }

    fn leave(&mut self) {
        let (row, hash) = (RowId::new("row-page"), self.post.hash.expect("signed"));
        let claimed = acts::claimed(self.case(), &row, hash).expect("left");
        self.commit("", claimed);
    }

    fn published(key: u8) -> Self {
        let mut office = Self::signed(key);
        office.leave();
        let (remote, url) = ("p1".to_owned(), "https://example.org/41".to_owned());
        let came = Outcome::Published { remote, url };
        let published = acts::outcome(office.case(), &RowId::new("row-page"), &came);
        office.commit("", published.expect("published"));
        office
    }

    fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    fn material(&self) -> Material {
        let about = |kept: &&Kept| kept.sealed.entry.fact.subject.is_some();
        let (entries, background) = self.chain.iter().cloned().partition(|kept| about(&kept));
        let head = self.chain.last().expect("a chain").sealed.clone();
        Material { background, entries, contents: self.contents.clone(), head }
    }

    fn certificate(&self) -> Result<Certificate, Broken> {
        issue(self.material(), &self.public())
    }
}

#[test]
fn a_certificate_shows_who_signed_what_and_when_it_left() {
    let office = Office::published(7);

    let certificate = office.certificate().expect("issued");

    let read = Certificate::read(&certificate.to_json()).expect("a certificate");
    assert_eq!(read, certificate);
    let Checked { signer_known, state, left, head } =
        check(&read, Some(&office.public())).expect("whole");
    assert!(signer_known);
    assert_eq!((state, head.seq), (State::PartPublished, 19));
    let [left] = left.as_slice() else {
        panic!("once");
    };
    assert_eq!((left.revision, left.came), (1, RowState::Done));
    assert_eq!(Some(left.hash), office.post.hash);
    let [kim] = left.signed.as_slice() else {
        panic!("one");
    };
    assert_eq!((kim.member.as_str(), kim.name.as_str()), ("kim", "Dr. Kim"));
    assert!(kim.at < left.at);
    assert_eq!(read.urls, ["https://example.org/41"]);
    assert_eq!(read.contents[0].hash(), left.hash);
    assert!(read.practice.sample);
}

#[test]
fn it_names_nobody_who_did_not_sign() {
    let certificate = Office::published(7).certificate().expect("issued");

    let joined = certificate.background.iter().filter_map(|kept| match kept.what() {
        What::Set(Setting::MemberJoined { .. }) => Some(kept.note()),
        _ => None,
    });
    let named = joined.filter(|name| !name.is_empty());

    assert_eq!(named.collect::<Vec<_>>(), ["Dr. Kim"]);
}

#[test]
fn it_holds_without_what_was_purged() {
    let office = Office::published(7);
    let mut material = office.material();
    material.contents.clear();
    material.entries.iter_mut().for_each(|kept| kept.body = None);

    let certificate = issue(material, &office.public()).expect("issued");

    let left = check(&certificate, None).expect("whole").left;
    assert_eq!((left[0].signed[0].name.as_str(), certificate.urls.len()), ("", 0));
}

#[test]
fn another_key_is_found_out_only_by_who_knows_the_right_one() {
    let forged = Office::published(8).certificate().expect("issued");
    let right = SigningKey::from_bytes(&[7; 32]).verifying_key();

    assert_eq!(check(&forged, Some(&right)), Err(Broken::OtherKey));
    let unknown = check(&forged, None).expect("whole by itself");
    assert!(!unknown.signer_known);
    assert_ne!(forged.fingerprint, ledger::fingerprint(&right));
}

#[test]
fn a_sign_off_that_is_left_out_is_missed() {
    let office = Office::published(7);
    let mut material = office.material();
    material.entries.retain(|kept| !matches!(kept.what(), What::Signed { .. }));

    let issued = issue(material, &office.public());

    // Without it the post never became signed off.
    assert!(matches!(issued, Err(Broken::Story { why: NotTold::NotOnItsWay, .. })), "{issued:?}");
}

#[test]
fn a_name_without_a_sign_off_does_not_count() {
    let mut office = Office::signed(7);
    office.leave();
    let mut left = office.chain.pop().expect("left").sealed.entry.fact;
    let What::Leaving { signed, .. } = &mut left.what else {
        panic!("not a leaving");
    };
    signed.push(id("rao"));
    office.append("", "", left);

    let why = NotTold::NotSigned;
    assert_eq!(office.certificate(), Err(Broken::Story { seq: 18, why }));
}

#[test]
fn who_could_not_sign_does_not_count() {
    let mut office = Office::signed(7);
    let (policy, from) = (Policy::some(1, vec![id("rao")]), office.case().now);
    office.enter("", What::Set(Setting::PolicySet { policy, from }));
    office.leave();

    assert_eq!(office.certificate(), Err(Broken::Policy { seq: 19 }));
}

#[test]
fn what_left_while_it_was_held_is_found_out() {
    let mut office = Office::signed(7);
    let held = acts::keep(office.case(), Cause::Edit).expect("held");
    office.commit("", held);
    office.leave();

    let why = NotTold::Held;
    assert_eq!(office.certificate(), Err(Broken::Story { seq: 19, why }));
}

#[test]
fn nothing_may_be_put_in_that_seems_proven() {
    let text = Office::published(7).certificate().expect("issued").to_json();

    for (place, more) in [
        ("\"number\": 41", "\"number\": 41, \"approved_by\": \"the FDA\""),
        ("\"actor\": \"somebody\"", "\"actor\": \"somebody\", \"also\": \"Dr. Rao\""),
        ("\"number\": 41", "\"number\": 41, \"number\": 42"),
    ] {
        assert!(text.contains(place));
        assert_eq!(Certificate::read(&text.replacen(place, more, 1)), None, "{more}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_byte_that_is_changed_anywhere_breaks_it(
        at in any::<prop::sample::Index>(),
        to in 0x20..0x7f_u8,
    ) {
        let office = Office::published(7);
        let whole = office.certificate().expect("issued");
        let mut bytes = whole.to_json().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = to;

        let text = String::from_utf8(bytes).expect("ASCII");
        let changed = Certificate::read(&text).filter(|read| *read != whole);

        if let Some(changed) = changed {
            prop_assert!(check(&changed, Some(&office.public())).is_err(), "byte {at} to {to}");
            prop_assert!(check(&changed, None).is_err(), "byte {at} to {to}");
        }
    }
}
