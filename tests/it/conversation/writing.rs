//! Writing: ideas, drafts, edits, and what is not kept.

use countersign::ports::chat::MessageRef;
use countersign::ports::intake::Happening;
use insta::assert_snapshot;

use crate::support::{TestPractice, over_platform};

const SECRET: &str = "Our patient Jane Roe, SSN 219-09-9999, loved her visit.";

#[tokio::test]
async fn a_blocked_text_is_told_and_not_kept() {
    let practice = TestPractice::open().await;

    practice.person("tomas").has_idea(SECRET).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}

// What a platform brought a second time was "known", so that the platform kept its text.
#[tokio::test]
async fn a_blocked_text_that_comes_twice_is_not_kept_either_time() {
    let practice = TestPractice::open().await;
    practice.again(true);

    practice.person("tomas").has_idea(SECRET).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    ");
}

#[tokio::test]
async fn an_edit_that_is_blocked_holds_the_post() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    let idea = tomas.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    practice.transcript();

    tomas.rewrites("ideas", &idea, SECRET).await;
    practice.settle().await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       rewrites m1: Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held: an edit looked like patient information and was not kept [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to tomas) blocked, 2 kinds, still there: true [It is about no patient]
    dr-rao      ✅ on card 1.1
    countersign now card 1.1 "Flu shots this Saturday." | signed off | held: an edit looked like patient information and was not kept [Sign] [Take my sign-off back] [Decline] [Lift the hold] [Edit] [Withdraw]
    "#);
    assert!(practice.network.live().is_empty());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_typed_edit_that_is_blocked_holds_the_post_that_it_names() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.submits("Flu shots this Saturday.").await;
    maya.submits("Closed on Thanksgiving.").await;
    practice.transcript();

    practice.person("guest").says("ideas", &format!("/post edit 1 {SECRET}")).await;
    maya.says("ideas", &format!("/post edit 3 {SECRET}")).await;
    maya.says("ideas", &format!("/post new 1 {SECRET}")).await;
    practice.settle().await;
    assert!(practice.post(1).await.hold.is_none());
    practice.transcript();
    maya.says("ideas", &format!("/post edit 1 {SECRET}")).await;
    practice.settle().await;

    // A command is no message on Slack, so that nothing of it stands there.
    let stands = if over_platform() { "false" } else { "true [It is about no patient]" };
    let stands = format!("still there: {stands}");
    let transcript = practice.transcript().replace(&stands, "still there: as it is");
    assert_snapshot!(transcript, @r#"
    maya        says: /post edit 1 Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign now card 1.1 "Flu shots this Saturday." | needs 1 of: Dr. Rao, Dr. Kim | held: an edit looked like patient information and was not kept [Sign] [Decline] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to maya) blocked, 2 kinds, still there: as it is
    "#);
    assert!(practice.post(2).await.hold.is_none());
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_form_under_an_alarm_that_is_blocked_holds_its_post() {
    // Not on Slack: a button that is gone is pressed by nobody.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");
    maya.submits("Flu shots this Saturday.").await;
    maya.says("ideas", &format!("/post edit 1 {SECRET}")).await;
    practice.settle().await;
    let lena = practice.person("lena");
    let (alarm, edit) = practice.chat.button("lena", "Edit");
    lena.presses("Lift the hold").await;
    practice.settle().await;
    assert!(practice.post(1).await.hold.is_none());

    lena.press(&alarm, &edit, &[("text", SECRET)]).await;
    practice.settle().await;

    assert!(practice.post(1).await.hold.is_some());
}

#[tokio::test]
async fn every_field_that_can_be_typed_is_screened() {
    // Not on Slack: a command is no message there.
    if over_platform() {
        return;
    }
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    tomas.shows("Flu shots this Saturday.", SECRET).await;
    tomas.shows("Flu shots this Saturday.", "A nurse").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    practice.transcript();

    for field in ["text", "alt1", "disclosure", "slot"] {
        maya.fills("Edit", &[(field, SECRET)]).await;
    }
    maya.says("approvals", &format!("/post new {SECRET}")).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        [Edit] text=Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    maya        [Edit] alt1=Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    maya        [Edit] disclosure=Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    maya        [Edit] slot=Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    maya        says: /post new Our patient Jane Roe, SSN 219-09-9999, loved her visit.
                [not kept]
    countersign now draft 1.0 "Flu shots this Saturday." | held: an edit looked like patient information and was not kept [Send for signature] [Lift the hold] [Edit] [Withdraw]
    countersign (to lena) alarm: 1  is held: an edit looked like patient information and was not kept [Lift the hold] [Edit]
    countersign (to maya) blocked, 2 kinds, still there: false
    countersign (to maya) blocked, 2 kinds, still there: false
    countersign (to maya) blocked, 2 kinds, still there: false
    countersign (to maya) blocked, 2 kinds, still there: false
    countersign (to maya) blocked, 2 kinds, still there: true [It is about no patient]
    "#);
}

#[tokio::test]
async fn what_could_not_leave_is_not_sent_for_signature() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    tomas.shows("Flu shots this Saturday.", "").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    practice.transcript();

    maya.presses("Send for signature").await;
    practice.settle().await;
    assert!(practice.transcript().contains("no effect on 1: a picture has no alt text"));
    let long = "x".repeat(501);
    maya.says("ideas", &format!("/post new {long}")).await;
    practice.settle().await;
    practice.transcript();
    maya.presses("Send for signature").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    maya        [Send for signature]
    countersign (to maya) no effect on 2: the text has 501 characters and Practice page takes 500: shorten it with Edit
    ");
}

#[tokio::test]
async fn markup_and_mentions_do_nothing() {
    let practice = TestPractice::open().await;
    let text = "@everyone <!here> <@U1> **bold** [x](https://evil.test) <b>hi</b> `code`";

    practice.person("maya").submits(text).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;

    assert_eq!(practice.network.texts(), [text]);
    let page = practice.chat.everything_as_html();
    for live in ["<strong>bold", "<a href=\"https://evil", "<b>", "<code>", "<!here>", "<@U1>"] {
        assert!(!page.contains(live), "{live} is live in: {page}");
    }
}

#[tokio::test]
async fn the_author_edits_the_message_and_so_the_post() {
    let practice = TestPractice::open().await;
    let (tomas, maya) = (practice.person("tomas"), practice.person("maya"));
    let idea = tomas.has_idea("Flu shots this Saturday.").await;
    practice.settle().await;

    tomas.rewrites("ideas", &idea, "Flu shots this Sunday.").await;
    practice.settle().await;
    maya.presses("Make a post").await;
    practice.settle().await;
    maya.presses("Send for signature").await;
    practice.settle().await;
    tomas.rewrites("ideas", &idea, "Flu shots next Sunday.").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    tomas       says: Flu shots this Saturday.
    countersign idea by Tomas [Make a post] [Not a post]
    tomas       rewrites m1: Flu shots this Sunday.
    maya        [Make a post]
    countersign draft 1.0 "Flu shots this Sunday." [Send for signature] [Edit] [Withdraw]
    countersign now idea is post 1
    maya        [Send for signature]
    countersign card 1.1 "Flu shots this Sunday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now draft 1.0 "Flu shots this Sunday." | in review
    tomas       rewrites m1: Flu shots next Sunday.
    countersign card 1.2 "Flu shots next Sunday." | "Flu shots this Sunday." is now "Flu shots next Sunday." | needs 1 of: Dr. Rao, Dr. Kim [Sign] [Decline] [Hold] [Edit] [Withdraw]
    countersign now card 1.1 "Flu shots this Sunday." | replaced by 2
    "#);
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn an_idea_is_set_aside() {
    let practice = TestPractice::open().await;
    practice.person("tomas").has_idea("Lunch?").await;
    practice.settle().await;

    practice.person("maya").presses("Not a post").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    tomas       says: Lunch?
    countersign idea by Tomas [Make a post] [Not a post]
    maya        [Not a post]
    countersign now idea set aside
    ");
}

#[tokio::test]
async fn commands_answer_and_what_is_unknown_gets_help() {
    let practice = TestPractice::open().await;
    let maya = practice.person("maya");

    for command in
        ["new Hello.", "queue", "edit 1 Hello there.", "hold 1", "withdraw 1", "dance", "show 9"]
    {
        maya.says("ideas", &format!("/post {command}")).await;
        practice.settle().await;
    }
    practice.person("guest").says("ideas", "/post queue").await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @r#"
    maya        says: /post new Hello.
    countersign draft 1.0 "Hello." [Send for signature] [Edit] [Withdraw]
    maya        says: /post queue
    countersign (to maya) queue of 1
    maya        says: /post edit 1 Hello there.
    countersign now draft 1.0 "Hello there." [Send for signature] [Edit] [Withdraw]
    maya        says: /post hold 1
    countersign now draft 1.0 "Hello there." | held by Maya [Send for signature] [Lift the hold] [Edit] [Withdraw]
    maya        says: /post withdraw 1
    countersign now draft 1.0 "Hello there." | withdrawn
    maya        says: /post dance
    countersign (to maya) help of 19 lines
    maya        says: /post show 9
    countersign (to maya) no effect on 0: there is no post 9 here
    guest       says: /post queue
    countersign (to guest) no effect on 0: you are not a member of this practice: ask its manager to add you
    "#);
    practice.ledger_equals_tables().await;
}

/// What happened to a message, by how many minutes ago.
fn acts(of: &MessageRef) -> [(i64, Happening); 3] {
    let (message, thread, files) = (of.clone(), None, Vec::new());
    let said = |text: &str| Happening::Said {
        message: message.clone(),
        thread: None,
        text: text.to_owned(),
        files: Vec::new(),
    };
    let edited = Happening::Edited {
        message: message.clone(),
        thread: thread.clone(),
        text: "Flu shots this Sunday.".to_owned(),
        files: files.clone(),
    };
    let again = Happening::Edited {
        message: message.clone(),
        thread,
        text: "Flu shots on Monday.".to_owned(),
        files,
    };
    [(3, said("Flu shots this Saturday.")), (2, edited), (1, again)]
}

// An edit that came before its message was lost, and an old one replaced a newer.
#[tokio::test]
async fn a_message_and_its_edits_may_come_in_any_order() {
    // Brought by hand, as nobody's platform.
    if over_platform() {
        return;
    }
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let practice = TestPractice::open().await;
        let tomas = practice.person("tomas");
        let message = practice.chat.next_message("tomas", "ideas");
        for which in order {
            let (ago, what) = acts(&message)[which].clone();
            tomas.did(ago, what).await;
            practice.settle().await;
        }

        practice.person("maya").presses("Make a post").await;
        practice.settle().await;

        assert_eq!(practice.post(1).await.draft.text, "Flu shots on Monday.", "{order:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_gone_before_it_is_heard_of_is_no_idea() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let message = practice.chat.next_message("tomas", "ideas");

    tomas.did(1, Happening::Deleted { message: message.clone() }).await;
    for which in [0, 1] {
        let (ago, what) = acts(&message)[which].clone();
        tomas.did(ago, what).await;
    }
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}

// What a stranger deletes was kept as an idea of nobody's, which no database takes.
#[tokio::test]
async fn what_a_stranger_deletes_is_nothing() {
    let practice = TestPractice::open().await;
    let message = practice.chat.next_message("guest", "ideas");

    practice.person("guest").did(1, Happening::Deleted { message }).await;
    practice.settle().await;

    let waiting = practice.office.store.unhandled(0, 9).await.expect("readable");
    assert_eq!(waiting, []);
}

#[tokio::test]
async fn an_edit_of_a_reply_or_of_a_command_is_no_idea() {
    let practice = TestPractice::open().await;
    let tomas = practice.person("tomas");
    let message = practice.chat.next_message("tomas", "ideas");
    let edited = |thread, text: &str| Happening::Edited {
        message: message.clone(),
        thread,
        text: text.to_owned(),
        files: Vec::new(),
    };

    tomas.did(1, edited(Some(message.clone()), "A reply.")).await;
    tomas.did(1, edited(None, "/post stop")).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"");
}
