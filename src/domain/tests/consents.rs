//! Pictures leave by somebody's word alone, and by a consent only as far as it goes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::sample::{id, practice, words};
use crate::domain::change::{self, By};
use crate::domain::consent::{Vouched, code, read};
use crate::domain::differences::{differences, founding};
use crate::domain::draft::Draft;
use crate::domain::ids::PracticeId;
use crate::domain::member::Member;
use crate::domain::network::Network;
use crate::domain::practice::Practice;
use crate::domain::refusal::Refusal;
use crate::domain::setting::{Named, Setting};
use crate::domain::showing::check;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

const CODE: &str = "KDRM-4Q7X";

fn given(networks: Vec<Network>) -> Named {
    let until = at(1000);
    let setting = Setting::ConsentGiven { consent: CODE.to_owned(), networks, until };
    Named { setting, called: "before and after".to_owned() }
}

fn with_consent(networks: Vec<Network>) -> Practice {
    let mut practice = practice(1);
    let Named { setting, called } = given(networks);
    practice.apply(&setting, &called, (at(0), None));
    practice
}

fn by_consent() -> Draft {
    let vouched = Vouched { by: id("tomas"), consents: vec![CODE.to_owned()] };
    Draft { vouched: BTreeMap::from([("ab".repeat(32), vouched)]), ..words("Our results.") }
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let new = code([7; 16]);

    assert_eq!(read(&new), Some(new.clone()));
    assert_eq!(read(" kdrm 4q7x"), Some(CODE.to_owned()));
    assert_eq!(read("KDRM4Q7X"), Some(CODE.to_owned()));
    for typed in ["", "KDRM-4Q7", "KDRM-4Q7A", "KDRM-4Q7XX", "k\u{e4}rm-4q7x"] {
        assert_eq!(read(typed), None, "{typed}");
    }
}

#[test]
fn a_picture_is_shown_by_somebodys_word_alone() {
    let practice = practice(1);
    let unsaid = Draft { vouched: BTreeMap::new(), ..words("Our door.") };

    assert_eq!(check(&practice, &words("Our door."), at(5)), Ok(()));
    assert_eq!(check(&practice, &unsaid, at(5)), Err(Refusal::NotVouched));
    assert_eq!(check(&practice, &Draft { pictures: Vec::new(), ..unsaid }, at(5)), Ok(()));
}

#[test]
fn a_consent_counts_as_far_and_as_long_as_it_says() {
    let everywhere = with_consent(Vec::new());
    let mut revoked = everywhere.clone();
    revoked.apply(&Setting::ConsentRevoked { consent: CODE.to_owned() }, "", (at(9), None));

    assert_eq!(check(&everywhere, &by_consent(), at(999)), Ok(()));
    assert_eq!(check(&everywhere, &by_consent(), at(1000)), Err(Refusal::ConsentEnds));
    assert_eq!(check(&with_consent(vec![Network::Local]), &by_consent(), at(5)), Ok(()));
    assert_eq!(check(&revoked, &by_consent(), at(5)), Err(Refusal::ConsentRevoked));
    assert_eq!(check(&practice(1), &by_consent(), at(5)), Err(Refusal::ConsentRevoked));
}

#[test]
fn anybody_of_the_practice_ends_a_consent_and_few_enter_one() {
    let practice = with_consent(Vec::new());
    let revoke = || consent_revoked(&practice);
    let may = |wanted: Named, member: &str, agency: bool| {
        let mut member: Member = practice.member(&id(member)).expect("a member").clone();
        member.agency = agency;
        change::decide(&practice, vec![wanted], By::Member(&member), at(5)).is_ok()
    };
    let other = || {
        let until = at(1000);
        let (consent, networks) = ("BCDF-6789".to_owned(), Vec::new());
        Named { setting: Setting::ConsentGiven { consent, networks, until }, called: "x".into() }
    };

    assert!(may(revoke(), "tomas", false) && may(revoke(), "rao", false));
    assert!(!may(revoke(), "tomas", true));
    assert!(may(other(), "lena", false) && !may(other(), "tomas", false));
}

fn consent_revoked(of: &Practice) -> Named {
    let known = of.consent(CODE).expect("there");
    let setting = Setting::ConsentRevoked { consent: known.code.clone() };
    Named { setting, called: String::new() }
}

// A practice that moves takes its consents along; a file that does not name them ends none.
#[test]
fn consents_are_founded_with_a_practice_and_never_forgotten() {
    let mut there = with_consent(Vec::new());
    there.apply(&Setting::ConsentRevoked { consent: CODE.to_owned() }, "", (at(9), None));

    let mut here = Practice::new(PracticeId::new("northside"), true);
    for Named { setting, called } in founding(&there) {
        here.apply(&setting, &called, (at(9), None));
    }

    assert_eq!(here.consents, there.consents);
    assert_eq!(differences(&there, &Practice { consents: Vec::new(), ..there.clone() }), []);
}
