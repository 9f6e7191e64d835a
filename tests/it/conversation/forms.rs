//! Forms: what they show when they are opened, and what is said of them before they are sent.

use countersign::domain::draft::Audience;
use countersign::domain::ids::PostId;
use countersign::ports::notice::FieldKind;
use insta::assert_snapshot;

use super::setup::opens;
use super::with_a_board;
use crate::support::{TestPractice, over_platform};

const SECRET: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

async fn a_draft(practice: &TestPractice) {
    practice.person("maya").says("ideas", "/post new Flu shots this Saturday.").await;
    practice.settle().await;
    practice.transcript();
}

#[tokio::test]
async fn a_new_post_is_begun_by_its_form() {
    let practice = TestPractice::open_with(with_a_board).await;
    let tomas = practice.person("tomas");

    let form = tomas.begins("ideas", "/post new").await.expect("a form");
    tomas.sends_form(&form, &[("slot", "soonish"), ("source", "a book")]).await;
    let new = [
        ("text", "Flu shots this Saturday."),
        ("text:board", "Flu shots: Saturday"),
        ("slot", "+2h"),
        ("source", "https://example.org/study"),
        ("audience", "colleagues"),
    ];
    let problems = tomas.sends_form(&form, &new).await;
    practice.settle().await;

    assert_eq!(problems, []);
    assert_snapshot!(practice.transcript(), @r#"
    tomas       [A new post] slot=soonish source=a book
                slot: that is not a time: write now, +2h, 17:30, tomorrow 9:00, Saturday 9am, 2026-11-24 09:00, or between 2026-11-24 and 2026-11-26
                source: that is not a link: it begins with https:// and has no blanks
                text: there is nothing to say yet: write the text
    tomas       [A new post] text=Flu shots this Saturday. text:board=Flu shots: Saturday slot=+2h source=https://example.org/study audience=colleagues
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    "#);
    let post = practice.post(1).await;
    assert_eq!(post.author.as_str(), "tomas");
    assert_eq!(post.draft.audience, Audience::Colleagues);
    practice.person("maya").presses("Send for signature").await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.waits(jiff::SignedDuration::from_hours(2)).await;
    let texts = practice.network.texts();
    assert_eq!(texts, ["Flu shots this Saturday.", "Flu shots: Saturday"]);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_form_shows_the_post_as_it_stands_and_changes_nothing_back() {
    let practice = TestPractice::open().await;
    let (maya, tomas) = (practice.person("maya"), practice.person("tomas"));
    a_draft(&practice).await;
    let (at, edit) = practice.chat.button("maya", "Edit");
    let before = maya.opens("Edit").await.expect("a form");
    tomas.says("ideas", "/post edit 1 Flu shots this Sunday.").await;
    practice.settle().await;

    let now = maya.opens_that(&at, &edit).await.expect("a form");
    let typed = maya.begins("ideas", "/post edit 1").await.expect("a form");
    maya.sends_form(&before, &[("slot", "+2h")]).await;
    maya.press(&at, &before.form.button, &[("text", "Flu shots this Friday.")]).await;
    maya.sends_form(&now, &[("slot", "+3h")]).await;
    practice.settle().await;

    assert_eq!(now.field("text").value, "Flu shots this Sunday.");
    assert_eq!(typed.form, now.form);
    assert_eq!(now.form.title, "Edit post 1");
    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: /post edit 1 Flu shots this Sunday.
    countersign now draft 1.0 "Flu shots this Sunday." [Send for signature] [Edit] [Withdraw]
    maya        [Edit post 1] slot=+2h
                text: this post was changed since you opened this form: keep a copy of what you wrote, close it, and open it again
    maya        [Edit post 1] slot=+3h
    countersign now draft 1.0 "Flu shots this Sunday." [Send for signature] [Edit] [Withdraw]
    countersign (to maya) no effect on 1: this post was changed since you opened this form: keep a copy of what you wrote, close it, and open it again
    "#);
    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Sunday.");
}

#[tokio::test]
async fn a_form_that_can_come_to_nothing_is_not_opened() {
    let practice = TestPractice::open().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let (card, decline) = practice.chat.button("dr-rao", "Decline");
    let (_, edit) = practice.chat.button("dr-rao", "Edit");

    assert!(practice.person("dr-rao").opens_that(&card, &decline).await.is_some());
    assert!(practice.person("maya").opens_that(&card, &decline).await.is_none());
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    assert!(practice.person("maya").opens_that(&card, &edit).await.is_none(), "published");
    for command in ["/post new Hello", "/post setup", "/post edit 9", "/post hold 1", "hello"] {
        assert!(practice.person("maya").begins("ideas", command).await.is_none(), "{command}");
    }
}

#[tokio::test]
async fn whoever_is_no_member_there_gets_no_form_and_no_fields() {
    let agency = TestPractice::open_agency().await;
    let lena = agency.person("lena");
    lena.says("lakeside-ideas", "/post new Flu shots at the lake.").await;
    agency.settle().await;
    let (draft, edit) = agency.chat.button("lena", "Edit");
    agency.person("tomas").has_idea("Flu shots").await;
    agency.settle().await;
    let (idea, _) = agency.chat.button("tomas", "Make a post");

    let guest = agency.person("guest");
    assert!(guest.opens_that(&draft, &edit).await.is_none());
    assert!(guest.begins("ideas", "/post new").await.is_none());
    // Tomas is of Northside, whose channel it is; the post is not.
    assert!(agency.person("tomas").opens_that(&draft, &edit).await.is_none());
    assert!(agency.person("tomas").opens_that(&idea, &edit).await.is_none());
    assert!(agency.person("tomas").begins("lakeside-ideas", "/post new").await.is_none());
    assert!(lena.opens_that(&draft, &edit).await.is_some());
}

#[tokio::test]
async fn at_a_desk_a_form_is_opened_for_those_who_may_see_the_post() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    maya.says("desk", "/post new lakeside: Flu shots at the lake.").await;
    agency.settle().await;
    let (_, edit) = agency.chat.button("maya", "Edit");
    maya.says("desk", "/post show lakeside 1").await;
    agency.settle().await;
    let (shown, _) = agency.chat.button_in(Some("desk"), "maya", "Edit");

    let form = maya.opens_that(&shown, &edit).await.expect("a form");
    assert_eq!(form.field("text").value, "Flu shots at the lake.");
    assert!(agency.person("tomas").opens_that(&shown, &edit).await.is_none());
    agency.passes(jiff::SignedDuration::from_mins(1));
    agency.chat.are_in("desk", &["maya", "guest"]);
    assert!(maya.opens_that(&shown, &edit).await.is_none(), "somebody else is there");
}

#[tokio::test]
async fn what_may_be_about_a_patient_is_said_beside_its_field_and_holds_the_post() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    a_draft(&practice).await;

    let form = maya.opens("Edit").await.expect("a form");
    let problems = maya.sends_form(&form, &[("source", SECRET), ("slot", "soonish")]).await;
    practice.settle().await;

    assert_eq!(problems.len(), 2);
    assert!(problems[0].blocked && !problems[1].blocked);
    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit post 1] source=Our patient Jane Roe, SSN 219-09-9999, loved her visit. slot=soonish
                source: this names a patient, so nothing of this is kept: leave the name out, or get the patient's written authorization first (45 CFR 164.508)
                slot: that is not a time: write now, +2h, 17:30, tomorrow 9:00, Saturday 9am, 2026-11-24 09:00, or between 2026-11-24 and 2026-11-26
                [not kept]
    countersign now draft 1.0 "Flu shots this Saturday." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to maya) blocked, 2 kinds, still there: false
    "#);
}

// A script that does not ask what is wrong gets no further than a person.
#[tokio::test]
async fn what_is_wrong_is_refused_though_nobody_asked() {
    // Not on Slack: its forms are asked what is wrong, and offer what can be chosen.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    a_draft(&practice).await;
    let long = "x".repeat(501);

    for fields in [
        vec![("text", "")],
        vec![("text", long.as_str())],
        vec![("accounts", "")],
        vec![("accounts", "elsewhere")],
        vec![("slot", "soonish"), ("closes", "yesterday")],
        vec![("source", "javascript:x")],
        vec![("audience", "everybody")],
        vec![("text:elsewhere", "Hello")],
    ] {
        maya.fills("Edit", &fields).await;
    }
    let form = maya.begins("ideas", "/post new").await.expect("a form");
    let (at, _) = practice.chat.button("maya", "Edit");
    maya.press(&at, &form.form.button, &[("slot", "+2h")]).await;
    practice.settle().await;

    let transcript = practice.transcript().replace(&long, "xxx");
    assert_snapshot!(transcript, @"
    maya        [Edit] text=
    maya        [Edit] text=xxx
    maya        [Edit] accounts=
    maya        [Edit] accounts=elsewhere
    maya        [Edit] slot=soonish closes=yesterday
    maya        [Edit] source=javascript:x
    maya        [Edit] audience=everybody
    maya        [Edit] text:elsewhere=Hello
    countersign (to maya) no effect on 1: there is nothing to say yet: write the text
    countersign (to maya) no effect on 1: Practice page takes 500 characters and this has 501: shorten it
    countersign (to maya) no effect on 1: choose at least one account
    countersign (to maya) no effect on 1: one of these accounts is not there any more: choose again
    countersign (to maya) no effect on 1: that is not a time: write now, +2h, 17:30, tomorrow 9:00, Saturday 9am, 2026-11-24 09:00, or between 2026-11-24 and 2026-11-26
    countersign (to maya) no effect on 1: that is not a link: it begins with https:// and has no blanks
    countersign (to maya) no effect on 1: choose patients or colleagues
    countersign (to maya) no effect on 1: this account is not there any more
    countersign (to maya) no effect on 0: there is nothing to say yet: write the text
    ");
    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Saturday.");
}

#[tokio::test]
async fn whoever_signs_sees_the_source_and_the_ledger_keeps_it() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    a_draft(&practice).await;
    maya.fills("Edit", &[("source", "https://example.org/1"), ("audience", "colleagues")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    let first = practice.post(1).await.hash;
    practice.person("dr-rao").reacts("✋", &practice.chat.newest_card()).await;
    practice.settle().await;

    let card = practice.chat.newest_card_view();
    assert_eq!((&*card.audience, &*card.source), ("colleagues", "https://example.org/1"));
    maya.fills("Edit", &[("source", "https://example.org/2")]).await;
    practice.settle().await;
    let card = practice.chat.newest_card_view();

    assert_eq!((card.revision, &*card.source), (2, "https://example.org/2"));
    let [change] = &card.changes[..] else { panic!("{:?}", card.changes) };
    assert_eq!((&*change.what, &*change.is), ("Source", "https://example.org/2"));
    let post = practice.post(1).await;
    assert!(post.hash != first && post.decisions.is_empty(), "what was signed is void");
    let content = practice.office.store.content(&practice.id(), &post.id, 2).await;
    let content = serde_json::to_string(&content.expect("read")).expect("JSON");
    assert!(!content.contains("example.org") && !content.contains("colleagues"), "{content}");
    let bodies = bodies(&practice, &post.id).await;
    assert_eq!(
        bodies,
        [("https://example.org/1", "submitted"), ("https://example.org/2", "edited")]
            .map(|(source, kind)| (source.to_owned(), kind.to_owned()))
    );
    practice.ledger_equals_tables().await;
}

/// The source in the body of each entry that fixes a revision.
async fn bodies(practice: &TestPractice, post: &PostId) -> Vec<(String, String)> {
    let entries = practice.office.store.entries_of(&practice.id(), post).await.expect("read");
    let fixing = entries.iter().filter(|(sealed, _)| sealed.entry.fact.what.revised().is_some());
    let body = |(sealed, body): &(
        countersign::domain::ledger::Sealed,
        Option<countersign::domain::ledger::Body>,
    )| {
        let kind = serde_json::to_value(&sealed.entry.fact.what).expect("JSON");
        let body = body.as_ref().expect("a body");
        assert_eq!(body.audience, Some(Audience::Colleagues));
        (body.source.clone(), kind["kind"].as_str().expect("a word").to_owned())
    };
    fixing.map(body).collect()
}

#[tokio::test]
async fn an_approver_changes_the_words_of_every_account_together() {
    let practice = TestPractice::open_with(with_a_board).await;
    let maya = practice.person("maya");
    a_draft(&practice).await;
    maya.fills("Edit", &[("text:board", "Saturday: flu shots")]).await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;

    practice
        .person("dr-rao")
        .replies(&practice.chat.newest_card(), "change Saturday to Sunday")
        .await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), ["Flu shots this Sunday.", "Sunday: flu shots"]);
}

#[tokio::test]
async fn an_account_that_is_gone_is_not_to_be_chosen() {
    let practice = TestPractice::open_with(with_a_board).await;
    a_draft(&practice).await;
    let maya = practice.person("maya");
    let before = maya.opens("Edit").await.expect("a form");
    practice
        .is_changed(|text| {
            let (page, board) = text.split_once("[[account]]\nid = \"board\"").expect("a board");
            let (_, rest) = board.split_once("[[channel]]").expect("channels");
            format!("{page}[[channel]]{rest}")
        })
        .await;

    let now = maya.opens("Edit").await.expect("a form");
    let problems = maya.sends_form(&before, &[]).await;

    let FieldKind::Many { of } = &before.field("accounts").kind else { panic!("a choice") };
    assert_eq!(
        of.iter().map(|one| &*one.label).collect::<Vec<_>>(),
        ["Practice page", "Notice board"]
    );
    let FieldKind::Many { of } = &now.field("accounts").kind else { panic!("a choice") };
    assert_eq!(of.iter().map(|one| &*one.id).collect::<Vec<_>>(), ["practice-page"]);
    assert_eq!(now.field("accounts").value, "practice-page");
    let problems: Vec<&str> = problems.iter().map(|problem| &*problem.field).collect();
    assert_eq!(problems, ["accounts"]);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_counts_once() {
    let practice = TestPractice::open().await;
    let (tomas, lena) = (practice.person("tomas"), practice.person("lena"));
    let new = tomas.begins("ideas", "/post new").await.expect("a form");
    let setup = opens(&practice, &lena, "Add a person").await;

    for _ in 0..2 {
        tomas.sends_form(&new, &[("text", "Flu shots this Saturday.")]).await;
        lena.sends_form(&setup, &[("name", "Dr. Lin"), ("role", "staff")]).await;
    }
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       [A new post] text=Flu shots this Saturday.
    lena        [Add a person] name=Dr. Lin role=staff
    tomas       [A new post] text=Flu shots this Saturday.
    lena        [Add a person] name=Dr. Lin role=staff
    countersign draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    countersign Lena changed: Dr. Lin joined as staff
    countersign (to dr-rao) Lena changed: Dr. Lin joined as staff
    countersign (to dr-kim) Lena changed: Dr. Lin joined as staff
    countersign (to dr-diaz) Lena changed: Dr. Lin joined as staff
    countersign (to ana) Lena changed: Dr. Lin joined as staff
    countersign (to tomas) no effect on 0: this form began post 1 already
    countersign (to lena) no effect on 0: this was changed since you opened this form: close it, and open it again
    countersign now draft 1.0 "Flu shots this Saturday." [Send for signature] [Edit] [Withdraw]
    "#);
}
