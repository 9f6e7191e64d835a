//! A practice is made from chat, in a channel of nobody's.

use countersign::domain::ids::PracticeId;
use countersign::domain::ledger::Walk;
use countersign::domain::member::Role;
use countersign::domain::practice::Practice;
use countersign::domain::roster::Roster;
use countersign::ports::notice::View;
use insta::assert_snapshot;

use crate::support::{Opened, Person, TestPractice, ledger_key};

const LAKESIDE: [(&str, &str); 5] = [
    ("practice", "Lakeside Pediatrics"),
    ("zone", "america/denver"),
    ("name", "Lena"),
    ("role", "manager"),
    ("physicians", "Dr. Singh, local:local/dr-singh\nDr. Rao local:local/dr-rao"),
];

/// A practice with a channel beside it that is nobody's.
async fn with_a_free_channel() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.chat.are_in("annex", &["lena", "ana", "dr-rao", "dr-singh", "tomas"]);
    practice
}

async fn opens(person: &Person<'_>) -> Opened {
    person.begins("annex", "/post setup").await.expect("a form")
}

async fn lakeside(practice: &TestPractice) -> Option<Practice> {
    let id = PracticeId::new("lakeside-pediatrics");
    practice.office.store.practice(&id).await.expect("readable")
}

/// Its ledger, which is whole and says the same as its tables; who did it all.
async fn ledger(practice: &TestPractice) -> Vec<String> {
    let made = lakeside(practice).await.expect("made");
    let mut walk = Walk::new(made.id.clone());
    let mut roster = Roster::new(made.id.clone());
    let mut actors = Vec::new();
    for (sealed, body) in practice.office.store.entries(&made.id, 0, 1_000).await.expect("readable")
    {
        walk.step(&sealed, &ledger_key().verifying_key()).expect("whole");
        roster.add(&sealed.entry, body.as_ref());
        actors.push(sealed.entry.actor.clone());
    }
    assert_eq!(roster.differs(&made), None);
    actors.dedup();
    actors
}

async fn all(practice: &TestPractice) -> usize {
    practice.office.store.practices().await.expect("readable").len()
}

#[tokio::test]
async fn whoever_brought_the_bot_makes_a_practice_and_its_physician_confirms() {
    let practice = with_a_free_channel().await;
    let (lena, dr_rao) = (practice.person("lena"), practice.person("dr-rao"));
    let form = opens(&lena).await;

    assert_eq!(lena.sends_form(&form, &LAKESIDE).await, []);
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        [A new practice] practice=Lakeside Pediatrics zone=america/denver name=Lena role=manager physicians=Dr. Singh, local:local/dr-singh
    Dr. Rao local:local/dr-rao
    countersign is here for Lakeside Pediatrics
    countersign Lena changed: the practice is called Lakeside Pediatrics; its zone is America/Denver; Lena joined as manager; Lena acts from local:local/lena too; Dr. Singh joined as approver; Dr. Singh acts from local:local/dr-singh too; Dr. Rao joined as approver; Dr. Rao acts from local:local/dr-rao too; local:local/annex is its channel for approvals; every post needs 1 of its approvers
    countersign (to lena) notes: Hand each physician their code by another way than chat. `/post setup` here adds people and channels: bring Countersign into the one for ideas, and name it under Channels. Accounts on networks are connected by whoever runs Countersign.
    countersign (to lena) a code for Dr. Singh, local:local/dr-singh
    countersign (to lena) a code for Dr. Rao, local:local/dr-rao
    ");
    let made = lakeside(&practice).await.expect("made");
    assert_eq!(made.zone.iana_name(), Some("America/Denver"));
    let roles: Vec<Role> = made.members.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Role::Manager, Role::Approver, Role::Approver]);
    assert_eq!(ledger(&practice).await, ["member-1"]);
    let code = match practice.chat.newest_view() {
        Some(View::Code(code)) => code.code,
        other => panic!("no code: {other:?}"),
    };
    dr_rao.says("annex", &format!("/post confirm {code}")).await;
    lena.says("annex", "/post setup").await;
    practice.settle().await;
    assert!(lena.opens("Add a person").await.is_some());
    let made = lakeside(&practice).await.expect("made");
    assert_eq!(made.members[1].unconfirmed.len(), 1);
    assert_eq!(made.members[2].unconfirmed, []);
    assert_eq!(ledger(&practice).await, ["member-1", "member-3"]);
}

#[tokio::test]
async fn nobody_else_gets_the_form_and_nothing_comes_of_it_in_a_channel_of_somebody() {
    let practice = with_a_free_channel().await;
    let form = opens(&practice.person("lena")).await;

    for user in ["tomas", "maya", "dr-rao", "guest"] {
        let person = practice.person(user);
        assert!(person.begins("annex", "/post setup").await.is_none(), "{user}");
        let problems = person.sends_form(&form, &LAKESIDE).await;
        assert_eq!(problems.len(), 1, "{user}: {problems:?}");
        assert!(problems[0].why.contains("only whoever brought"), "{}", problems[0].why);
    }
    assert!(practice.person("lena").begins("approvals", "/post setup").await.is_none());
    assert!(practice.person("lena").begins("annex", "/post queue").await.is_none());
    practice.settle().await;

    assert_eq!(all(&practice).await, 1);
}

// Pressed twice, brought twice, and by two people at once.
#[tokio::test]
async fn whoever_is_first_makes_the_practice_and_nobody_makes_another() {
    let practice = with_a_free_channel().await;
    let (lena, ana) = (practice.person("lena"), practice.person("ana"));
    let (of_lena, of_ana) = (opens(&lena).await, opens(&ana).await);
    let shore = LAKESIDE.map(|(name, value)| match name {
        "practice" => (name, "Shoreline Pediatrics"),
        _ => (name, value),
    });

    practice.again(true);
    let (first, second) =
        tokio::join!(lena.sends_form(&of_lena, &LAKESIDE), ana.sends_form(&of_ana, &shore));
    practice.again(false);
    lena.sends_form(&of_lena, &LAKESIDE).await;
    practice.settle().await;
    let later = lena.sends_form(&of_lena, &LAKESIDE).await;

    assert_eq!((first, second), (vec![], vec![]));
    assert!(later[0].why.contains("belongs to a practice by now"), "{later:?}");
    assert_eq!(all(&practice).await, 2);
    let said = practice.transcript();
    assert_eq!(said.matches("is here for").count(), 1, "{said}");
    assert_eq!(said.matches("belongs to a practice by now").count(), 3, "{said}");
    assert_eq!(said.matches("a code for").count(), 2, "{said}");
}

#[tokio::test]
async fn a_process_that_dies_in_between_makes_it_once() {
    let mut practice = with_a_free_channel().await;
    {
        let lena = practice.person("lena");
        let form = opens(&lena).await;
        assert_eq!(lena.sends_form(&form, &LAKESIDE).await, []);
    }

    practice.restarts().await;
    practice.settle().await;

    assert_eq!(all(&practice).await, 2);
    assert_eq!(ledger(&practice).await, ["member-1"]);
    assert_eq!(practice.transcript().matches("a code for").count(), 2);
}

#[tokio::test]
async fn what_can_not_be_is_said_beside_its_field_and_a_patient_is_not_kept() {
    let practice = with_a_free_channel().await;
    let lena = practice.person("lena");
    let form = opens(&lena).await;

    lena.sends_form(&form, &[]).await;
    let hostile = [
        ("practice", "<!channel> Lakeside"),
        ("zone", "Mars/Olympus"),
        ("name", "Lena"),
        ("physicians", "Dr. Rao local:local/nobody"),
    ];
    lena.sends_form(&form, &hostile).await;
    let patient = LAKESIDE.map(|(name, value)| match name {
        "practice" => (name, "Our patient Jane Roe, SSN 219-09-9999"),
        _ => (name, value),
    });
    lena.sends_form(&form, &patient).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        [A new practice]
                practice: write the name
                name: write the name
                zone: there is no such zone: write one like America/Chicago
                physicians: somebody has to sign: name at least one physician
    lena        [A new practice] practice=<!channel> Lakeside zone=Mars/Olympus name=Lena physicians=Dr. Rao local:local/nobody
                practice: a name calls nobody and is no address: leave out <, >, ` and @
                zone: there is no such zone: write one like America/Chicago
                physicians: line 1: behind the name stands the id of no account in this channel: bring that person here first, and copy the id from their profile
    lena        [A new practice] practice=Our patient Jane Roe, SSN 219-09-9999 zone=america/denver name=Lena role=manager physicians=Dr. Singh, local:local/dr-singh
    Dr. Rao local:local/dr-rao
                practice: this names a patient, so nothing of this is kept: leave the name out, or get the patient's written authorization first (45 CFR 164.508)
                [not kept]
    countersign (to lena) blocked, 2 kinds, still there: false
    ");
    assert_eq!(all(&practice).await, 1);
}
