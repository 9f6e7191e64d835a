//! A practice is changed from chat, by its own people.

use countersign::domain::policy::{Dated, Policy};
use countersign::domain::practice::Practice;
use countersign::domain::state::State;
use countersign::ports::intake::Problem;
use countersign::ports::notice::View;
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{Opened, Person, TestPractice, over_platform};

/// Every approver may sign.
fn of_anybody(practice: &mut Practice) {
    practice.policies = vec![Dated::always(Policy::some(1, Vec::new()))];
}

pub(super) async fn opens(practice: &TestPractice, person: &Person<'_>, label: &str) -> Opened {
    person.says("approvals", "/post setup").await;
    practice.settle().await;
    let form = person.opens(label).await.expect("a form");
    practice.transcript();
    form
}

fn fields(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

/// The one-time code that was shown last of all.
fn code(practice: &TestPractice) -> String {
    match practice.chat.newest_view() {
        Some(View::Code(code)) => code.code,
        other => panic!("no code: {other:?}"),
    }
}

async fn now(practice: &TestPractice) -> Practice {
    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    known.expect("a practice")
}

#[tokio::test]
async fn a_manager_changes_the_zone_and_everybody_is_told() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Zone, quiet hours").await;

    lena.sends_form(
        &form,
        &[("zone", "Mars/Olympus"), ("from", "late"), ("to", "7"), ("digest", "early")],
    )
    .await;
    let night =
        [("zone", "America/Denver"), ("from", "21:00"), ("to", "07:00"), ("digest", "08:15")];
    let problems = lena.sends_form(&form, &night).await;
    practice.settle().await;

    assert_eq!(problems, []);
    assert_snapshot!(practice.transcript(), @"
    lena        [Zone, quiet hours] zone=Mars/Olympus from=late to=7 digest=early
                zone: there is no such zone: write one like America/Chicago
                digest: that is not a time of the day: write one like 07:30
                from: that is not a time of the day: write one like 21:00
                to: that is not a time of the day: write one like 21:00
    lena        [Zone, quiet hours] zone=America/Denver from=21:00 to=07:00 digest=08:15
    countersign Lena changed: its zone is America/Denver; quiet hours from 21:00 to 07:00; its digest comes at 08:15
    countersign (to dr-rao) Lena changed: its zone is America/Denver; quiet hours from 21:00 to 07:00; its digest comes at 08:15
    countersign (to dr-kim) Lena changed: its zone is America/Denver; quiet hours from 21:00 to 07:00; its digest comes at 08:15
    countersign (to dr-diaz) Lena changed: its zone is America/Denver; quiet hours from 21:00 to 07:00; its digest comes at 08:15
    countersign (to ana) Lena changed: its zone is America/Denver; quiet hours from 21:00 to 07:00; its digest comes at 08:15
    ");
    assert_eq!(now(&practice).await.zone.iana_name(), Some("America/Denver"));
    assert_eq!(now(&practice).await.digest.to_string(), "08:15");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn who_is_added_confirms_and_signs_what_is_made_a_day_later() {
    let practice = TestPractice::open_with(of_anybody).await;
    practice.chat.are_in("approvals", &["lena", "dr-rao", "dr-singh"]);
    let (lena, singh) = (practice.person("lena"), practice.person("dr-singh"));
    let form = opens(&practice, &lena, "Add a person").await;
    let singhs = [("name", "Dr. Singh"), ("role", "approver"), ("account", "local:local/dr-singh")];

    assert_eq!(lena.sends_form(&form, &singhs).await, []);
    practice.settle().await;

    let code = code(&practice);
    assert_snapshot!(practice.transcript(), @"
    lena        [Add a person] name=Dr. Singh role=approver account=local:local/dr-singh
    countersign Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too
    countersign (to dr-rao) Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too [Yes, at once] [Keep it as it is]
    countersign (to dr-kim) Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too [Yes, at once] [Keep it as it is]
    countersign (to dr-diaz) Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too [Yes, at once] [Keep it as it is]
    countersign (to ana) Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too [Yes, at once] [Keep it as it is]
    countersign (to dr-singh) Lena changed, some of it later: Dr. Singh joined as approver, for what is made from Tue 24 Nov 2026, 09:00 America/Chicago on; Dr. Singh acts from local:local/dr-singh too [Yes, at once] [Keep it as it is]
    countersign (to lena) a code for Dr. Singh, local:local/dr-singh
    ");
    singh.says("approvals", &format!("/post confirm {code}")).await;
    practice.waits(SignedDuration::from_hours(25)).await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    singh.signs().await;
    practice.settle().await;
    assert_eq!(practice.network.texts(), ["Flu shots this Saturday."]);
    practice.ledger_equals_tables().await;
}

// The code was in the payload of its notice, in the clear.
#[tokio::test]
async fn a_code_stands_in_no_row_of_the_database() {
    let practice = TestPractice::open_on_a_file(|_| {}).await;
    practice.chat.are_in("approvals", &["lena", "dr-singh"]);
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Add a person").await;
    let singhs = [("name", "Dr. Singh"), ("role", "approver"), ("account", "local:local/dr-singh")];
    lena.sends_form(&form, &singhs).await;
    practice.settle().await;

    let code = code(&practice);
    let rows = practice.office.store.notices(&practice.id(), "code/").await.expect("readable");

    assert_eq!(rows.len(), 1);
    let bare = code.replace('-', "");
    assert!(!rows[0].payload.contains(&code) && !rows[0].payload.contains(&bare));
}

#[tokio::test]
async fn who_may_not_change_it_is_told_so_and_gets_no_form() {
    // Not on Slack: nobody sees what another one is told alone.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    lena.says("approvals", "/post setup").await;
    practice.settle().await;
    let (at, hours) = practice.chat.button("lena", "Zone, quiet hours");
    let before = practice.ledger().await;
    practice.transcript();

    for user in ["maya", "tomas", "dr-rao", "guest"] {
        let person = practice.person(user);
        assert!(person.opens_that(&at, &hours).await.is_none(), "{user}");
        person.press(&at, &hours, &[("zone", "America/Denver")]).await;
    }
    practice.person("maya").says("ideas", "/post setup").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    maya        says: /post setup
    countersign (to maya) no effect on 0: only a manager or compliance member of the practice itself, or whoever runs Countersign, changes it
    countersign (to tomas) no effect on 0: only a manager or compliance member of the practice itself, or whoever runs Countersign, changes it
    countersign (to dr-rao) no effect on 0: only a manager or compliance member of the practice itself, or whoever runs Countersign, changes it
    countersign (to guest) no effect on 0: you are not a member of this practice: ask its manager to add you
    countersign (to maya) setup of Northside Family Practice | Settings: Zone: America/Chicago; Quiet hours: none; Daily digest: at 07:30; Rules: federal ones; Signatures: every post needs 1 of Dr. Rao, Dr. Kim | People: Tomas: staff; Maya: staff of an agency; Dr. Rao: approver; Dr. Kim: approver; Dr. Diaz: approver; Ana: compliance; Lena: manager | Accounts: Practice page (Practice page) | Channels: ideas: ideas on local; approvals: approvals on local; digest: digest on local
    ");
    assert_eq!(practice.ledger().await, before);
}

#[tokio::test]
async fn nobody_changes_what_they_would_gain_by() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Change a person").await;

    let role = lena.sends_form(&form, &[("person", "lena"), ("role", "approver")]).await;

    assert_eq!(fields(&role), ["person"]);
    assert!(role[0].why.contains("nobody changes what they themselves may sign"), "{role:?}");
    assert!(
        !now(&practice).await.members.iter().any(|m| m.id.as_str() == "lena" && m.is_approver())
    );
}

#[tokio::test]
async fn a_loosening_waits_and_another_member_speeds_it_up() {
    let practice = TestPractice::open().await;
    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;
    let (lena, ana) = (practice.person("lena"), practice.person("ana"));
    let form = opens(&practice, &lena, "Who signs").await;
    assert_eq!(form.field("normal-needed").value, "2");

    let one = [("low-needed", "1"), ("normal-needed", "1"), ("high-needed", "1")];
    assert_eq!(lena.sends_form(&form, &one).await, []);
    practice.settle().await;
    practice.person("maya").submits("Before.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.state, State::InReview, "it waits");
    ana.presses("Yes, at once").await;
    practice.settle().await;
    practice.person("maya").submits("After.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["After."]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn who_began_a_loosening_does_not_speed_it_up() {
    // Not on Slack: nobody sees what another one is told alone.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    practice.is_changed(|text| text.replace("needed = 1", "needed = 2")).await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Who signs").await;
    let one = [("low-needed", "1"), ("normal-needed", "1"), ("high-needed", "1")];
    assert_eq!(lena.sends_form(&form, &one).await, []);
    practice.settle().await;

    let (at, yes) = practice.chat.button("ana", "Yes, at once");
    lena.presses_that(&at, &yes).await;
    practice.settle().await;
    practice.person("maya").submits("Flu shots.").await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    let transcript = practice.transcript();
    assert!(transcript.contains("you began this yourself"), "{transcript}");
    assert_eq!(practice.post(1).await.state, State::InReview, "it waits");
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn two_managers_at_once_both_count() {
    let practice = TestPractice::open().await;
    let (lena, ana) = (practice.person("lena"), practice.person("ana"));
    let hours = opens(&practice, &lena, "Zone, quiet hours").await;
    let person = opens(&practice, &ana, "Change a person").await;

    let denver = [("zone", "America/Denver")];
    let renamed = [("person", "tomas"), ("name", "Tomas B.")];
    tokio::join!(lena.sends_form(&hours, &denver), ana.sends_form(&person, &renamed));
    tokio::join!(practice.handles_events(), practice.handles_events());
    practice.settle().await;

    let now = now(&practice).await;
    assert_eq!(now.zone.iana_name(), Some("America/Denver"));
    assert!(now.members.iter().any(|member| member.name == "Tomas B."));
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_form_that_shows_what_was_changes_nothing_back() {
    let practice = TestPractice::open().await;
    let (lena, ana) = (practice.person("lena"), practice.person("ana"));
    let before = opens(&practice, &ana, "Zone, quiet hours").await;
    let form = opens(&practice, &lena, "Zone, quiet hours").await;
    lena.sends_form(&form, &[("zone", "America/Denver")]).await;
    practice.settle().await;

    let problems = ana.sends_form(&before, &[("from", "21:00"), ("to", "07:00")]).await;

    assert!(problems[0].why.contains("changed since you opened"), "{problems:?}");
    assert_eq!(now(&practice).await.zone.iana_name(), Some("America/Denver"));
}

#[tokio::test]
async fn what_can_not_be_is_said_beside_its_field() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let policy = opens(&practice, &lena, "Who signs").await;
    let person = opens(&practice, &lena, "Change a person").await;
    let own = opens(&practice, &lena, "Own words").await;
    let channel = opens(&practice, &lena, "Channels").await;
    let add = opens(&practice, &lena, "Add a person").await;

    lena.sends_form(&policy, &[("high-needed", "3")]).await;
    lena.sends_form(&person, &[("person", "dr-kim"), ("role", "staff")]).await;
    lena.sends_form(&person, &[("person", "maya"), ("role", "manager")]).await;
    lena.sends_form(&person, &[("person", "tomas"), ("account", "local:local/ana")]).await;
    lena.sends_form(&own, &[("own", "yes")]).await;
    lena.sends_form(&channel, &[("purpose", "none")]).await;
    lena.sends_form(&channel, &[("at", "slack:T1/C1")]).await;
    lena.sends_form(&channel, &[("at", "elsewhere")]).await;
    lena.sends_form(&add, &[("name", "")]).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        [Who signs] high-needed=3
                high-needed: the policy for high risk needs 3 of 2: make it at least 1 and at most 2
    lena        [Change a person] person=dr-kim role=staff
                person: the policy for low risk asks Dr. Kim, who would not be an approver: change first who signs
    lena        [Change a person] person=maya role=manager
                role: an agency's people are always staff
    lena        [Change a person] person=tomas account=local:local/ana
                account: somebody else acts from that account: it belongs to one person
    lena        [Own words] own=yes
                own: own_words is for a practice with a single approver, and this one has 3
    lena        [Channels] purpose=none
                purpose: cards need a channel: say first which other one is for approvals
    lena        [Channels] at=slack:T1/C1
                at: that channel is of another workspace than the one you act from
    lena        [Channels] at=elsewhere
                at: that is not a channel: write it as slack:T0123/C0456
    lena        [Add a person] name=
                name: write the name
    ");
}

#[tokio::test]
async fn the_agencys_people_leave_together() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Agency").await;

    lena.sends_form(&form, &[("still", "")]).await;
    practice.settle().await;
    practice.person("maya").says("ideas", "/post queue").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    lena        [Agency] still=
    countersign Lena changed: Maya does not act from local:local/maya any more; Maya left
    countersign (to dr-rao) Lena changed: Maya does not act from local:local/maya any more; Maya left
    countersign (to dr-kim) Lena changed: Maya does not act from local:local/maya any more; Maya left
    countersign (to dr-diaz) Lena changed: Maya does not act from local:local/maya any more; Maya left
    countersign (to ana) Lena changed: Maya does not act from local:local/maya any more; Maya left
    maya        says: /post queue
    countersign (to maya) no effect on 0: you are not a member of this practice: ask its manager to add you
    ");
}

#[tokio::test]
async fn cards_follow_to_the_new_channel_for_approvals() {
    let practice = TestPractice::open().await;
    practice.chat.are_in("digest", &["lena", "dr-rao"]);
    practice.person("maya").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.person("maya").fills("Edit", &[("slot", "+1h")]).await;
    practice.settle().await;
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Channels").await;

    let there = [("at", "local:local/digest"), ("purpose", "approvals")];
    assert_eq!(lena.sends_form(&form, &there).await, []);
    practice.settle().await;

    let card = practice.chat.newest_card();
    assert_eq!(card.channel.channel, "digest");
    practice.person("dr-rao").reacts("✅", &card).await;
    practice.settle().await;
    assert_eq!(practice.post(1).await.state, State::SignedOff);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn another_practices_manager_gets_no_form() {
    let agency = TestPractice::open_agency().await;
    agency.person("lena").says("approvals", "/post setup").await;
    agency.settle().await;
    let (at, hours) = agency.chat.button("lena", "Zone, quiet hours");

    assert!(agency.person("lena").opens_that(&at, &hours).await.is_some());
    assert!(agency.person("maya").opens_that(&at, &hours).await.is_none());
    assert!(agency.person("dr-kim").opens_that(&at, &hours).await.is_none());
}

// A manager added an account of their own as a physician's, and was shown its code; the physician
// heard of it only at that account.
#[tokio::test]
async fn nobody_else_is_shown_the_code_for_another_account_of_a_signer() {
    let practice = TestPractice::open().await;
    let lena = practice.person("lena");
    let form = opens(&practice, &lena, "Change a person").await;
    let taken = [
        ("person", "dr-rao"),
        ("account", "local:local/dr-singh"),
        ("without", "local:local/dr-rao"),
    ];

    assert_eq!(lena.sends_form(&form, &taken).await, []);
    practice.settle().await;

    let transcript = practice.transcript();
    let told = |who: &str, what: &str| {
        let begins = format!("countersign (to {who}) {what}");
        transcript.lines().any(|line| line.starts_with(&begins))
    };
    assert!(told("dr-rao", "a code for Dr. Rao"), "{transcript}");
    assert!(told("dr-rao", "Lena changed"), "{transcript}");
    assert!(!told("lena", "a code") && !told("dr-singh", "a code"), "{transcript}");
}
