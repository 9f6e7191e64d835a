//! An agency's desk: what is asked there, who answers, and when nothing is shown.

use std::collections::BTreeSet;

use countersign::app::agency::{self, NotSo};
use countersign::app::desk;
use countersign::cli::sample_agency;
use countersign::domain::agency::Agency;
use countersign::domain::ids::{AgencyId, PracticeId};
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::support::{TestPractice, over_platform, sample, without_maya};

#[tokio::test]
async fn each_practice_answers_in_its_own_name() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    maya.says("desk", "/post new northside, Lakeside Women's Health: Flu shots.").await;
    agency.settle().await;
    maya.says("desk", "/post show northside 1").await;
    maya.says("desk", "/post hold lakeside 2").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post new northside, Lakeside Women's Health: Flu shots.
    countersign draft 1.0 "Flu shots." [Send for signature] [Edit] [Withdraw]
    countersign lakeside: draft 1 is begun [Send for signature]
    countersign draft 1.0 "Flu shots." [Send for signature] [Edit] [Withdraw]
    countersign northside: draft 1 is begun [Send for signature]
    maya        says: /post show northside 1
    maya        says: /post hold lakeside 2
    countersign (to maya) lakeside: no effect on 0: there is no post 2 here
    countersign (to maya) northside: draft 1.0 "Flu shots." [Send for signature] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn a_name_that_this_person_does_not_serve_is_as_one_that_does_not_exist() {
    let agency = TestPractice::open_agency_with(|practice| {
        if practice.id.as_str() == "hillcrest" {
            without_maya(practice);
        }
    })
    .await;
    let maya = agency.person("maya");

    maya.says("desk", "/post new northside, hillcrest: Flu shots.").await;
    maya.says("desk", "/post new northside, nowhere: Flu shots.").await;
    maya.says("desk", "/post show hillcrest 1").await;
    maya.says("desk", "/post queue").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post new northside, hillcrest: Flu shots.
    maya        says: /post new northside, nowhere: Flu shots.
    maya        says: /post show hillcrest 1
    maya        says: /post queue
    countersign (to maya) no effect on 0: there is no such practice at this desk
    countersign (to maya) no effect on 0: there is no such practice at this desk
    countersign (to maya) no effect on 0: there is no such practice at this desk
    countersign (to maya) queue of 0
    ");
}

#[tokio::test]
async fn the_queue_of_all_begins_with_what_misses_its_slot_first() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    for (practice, slot) in [("northside", "+3h"), ("lakeside", "+1h"), ("hillcrest", "+2h")] {
        maya.says("desk", &format!("/post new {practice}: Of {practice}.")).await;
        agency.settle().await;
        maya.fills("Edit", &[("slot", slot)]).await;
        agency.settle().await;
        maya.presses("Send for signature").await;
        agency.settle().await;
    }
    let card = agency.chat.card_saying("Of lakeside.");
    agency.person("dr-diaz").reacts("✅", &card).await;
    agency.settle().await;
    agency.transcript();

    maya.says("desk", "/post queue").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post queue
    countersign (to maya) queue: hillcrest 1 in review, Mon 23 Nov 2026, 10:00 America/Denver: Of hillcrest. / northside 1 in review, Mon 23 Nov 2026, 12:00 America/Chicago: Of northside. / lakeside 1 signed off, Mon 23 Nov 2026, 11:00 America/New_York: Of lakeside.
    ");
}

#[tokio::test]
async fn a_stop_at_a_desk_names_whom_it_stops() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    maya.says("desk", "/post stop").await;
    maya.says("desk", "/post stop lakeside").await;
    agency.settle().await;
    maya.says("desk", "/post stop all").await;
    maya.says("desk", "/post release lakeside").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post stop
    maya        says: /post stop lakeside
    countersign (to maya) help of 18 lines
    countersign stopped by Maya, in flight: 0 [Release]
    maya        says: /post stop all
    maya        says: /post release lakeside
    countersign stopped by Maya, in flight: 0 [Release]
    countersign stopped by Maya, in flight: 0 [Release]
    countersign (to maya) lakeside: no effect on 0: only an approver or manager of the practice releases a stop
    countersign stopped by Maya, in flight: 0 [Release]
    ");
}

#[tokio::test]
async fn nothing_is_shown_while_a_stranger_is_there() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    maya.says("desk", "/post new northside: Flu shots.").await;
    agency.settle().await;
    agency.transcript();

    agency.chat.are_in("desk", &["maya", "guest"]);
    maya.says("desk", "/post show northside 1").await;
    maya.says("desk", "/post queue").await;
    maya.says("desk", "/post new lakeside: Flu shots.").await;
    agency.person("guest").says("desk", "/post show northside 1").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post show northside 1
    maya        says: /post queue
    maya        says: /post new lakeside: Flu shots.
    guest       says: /post show northside 1
    countersign (to maya) shows nothing here
    countersign (to maya) shows nothing here
    countersign draft 1.0 "Flu shots." [Send for signature] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn nothing_is_shown_while_nobody_can_say_who_is_there() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    agency.chat.away(true);
    maya.says("desk", "/post queue").await;
    agency.settle().await;
    agency.chat.away(false);
    agency.waits(SignedDuration::from_mins(5)).await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post queue
    -- 5m
    countersign (to maya) queue of 0
    ");
}

#[tokio::test]
async fn who_serves_fewer_practices_hides_the_others_from_all() {
    let agency = TestPractice::open_agency_with(|practice| {
        if practice.id.as_str() == "lakeside" {
            practice.members.push(sample_agency::of_agency("guest", "Nick"));
        }
    })
    .await;
    let maya = agency.person("maya");
    maya.says("desk", "/post new northside, lakeside: Flu shots.").await;
    agency.settle().await;
    agency.transcript();

    agency.chat.are_in("desk", &["maya", "guest"]);
    maya.says("desk", "/post queue").await;
    agency.person("guest").says("desk", "/post show lakeside 1").await;
    agency.person("guest").says("desk", "/post show northside 1").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post queue
    guest       says: /post show lakeside 1
    guest       says: /post show northside 1
    countersign (to maya) queue: lakeside 1 draft: Flu shots.
    countersign (to guest) lakeside: draft 1.0 "Flu shots." [Send for signature] [Edit] [Withdraw]
    countersign (to guest) no effect on 0: there is no such practice at this desk
    "#);
}

/// What was asked a moment ago went on being shown to whoever had come in since.
#[tokio::test]
async fn who_comes_in_sees_nothing_from_then_on() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    maya.says("desk", "/post queue").await;
    maya.says("desk", "/post new northside: Flu shots.").await;
    agency.settle().await;
    agency.transcript();

    agency.chat.are_in("desk", &["maya", "guest"]);
    maya.says("desk", "/post queue").await;
    maya.says("desk", "/post new northside: Flu shots on Sunday.").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @r#"
    maya        says: /post queue
    maya        says: /post new northside: Flu shots on Sunday.
    countersign (to maya) shows nothing here
    countersign draft 2.0 "Flu shots on Sunday." [Send for signature] [Edit] [Withdraw]
    "#);
}

#[tokio::test]
async fn the_calendar_of_all_says_each_practices_zone() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    let plans = [
        ("northside", "tomorrow 9:00"),
        ("lakeside", "tomorrow 9:00"),
        ("hillcrest", "2026-12-15 09:00"),
        ("hillcrest", ""),
    ];
    for (practice, slot) in plans {
        maya.says("desk", &format!("/post new {practice}: Of {practice}.")).await;
        agency.settle().await;
        if !slot.is_empty() {
            maya.fills("Edit", &[("slot", slot)]).await;
            agency.settle().await;
        }
    }
    maya.presses_in("desk", "Send for signature").await;
    agency.settle().await;
    agency.transcript();

    maya.says("desk", "/post calendar").await;
    maya.says("desk", "/post calendar lakeside").await;
    agency.settle().await;
    agency.chat.are_in("desk", &["maya", "guest"]);
    maya.says("desk", "/post calendar").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post calendar
    maya        says: /post calendar lakeside
    countersign (to maya) calendar,  | Tue 24 Nov 2026: 09:00 America/New_York, lakeside 1, ⚠️ draft, not sent for signature: Of lakeside.; 09:00 America/Chicago, northside 1, ⚠️ draft, not sent for signature: Of northside. | As soon as it is signed: hillcrest 2 (America/Denver), ⚠️ not signed off: Of hillcrest.
    countersign (to maya) lakeside: calendar, America/New_York | Tue 24 Nov 2026: 09:00, post 1, ⚠️ draft, not sent for signature: Of lakeside.
    maya        says: /post calendar
    countersign (to maya) shows nothing here
    ");
}

#[tokio::test]
async fn what_looks_like_patient_information_is_in_no_inbox() {
    // Not on Slack: a command is no message there.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");

    maya.says("desk", "/post new northside, lakeside: Call 512-555-0199 for Ana's results.").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post new northside, lakeside: Call 512-555-0199 for Ana's results.
                [not kept]
    countersign (to maya) blocked, 1 kinds, still there: true
    ");
    assert_eq!(agency.post_of("northside", 1).await, None);
    assert_eq!(agency.post_of("lakeside", 1).await, None);
}

#[tokio::test]
async fn an_event_brought_twice_is_one_draft_each() {
    let agency = TestPractice::open_agency().await;
    agency.again(true);

    agency.person("maya").says("desk", "/post new northside, lakeside: Flu shots.").await;
    agency.settle().await;

    assert!(agency.post_of("northside", 1).await.is_some());
    assert!(agency.post_of("lakeside", 1).await.is_some());
    assert_eq!(agency.post_of("northside", 2).await, None);
    assert_eq!(agency.post_of("lakeside", 2).await, None);
}

#[tokio::test]
async fn a_channel_with_a_stranger_or_of_a_practice_is_no_desk() {
    // Not on Slack: a channel that nobody made can't be asked for.
    if over_platform() {
        return;
    }
    let agency = TestPractice::open_agency().await;
    agency.chat.are_in("lobby", &["maya", "tomas"]);
    agency.chat.are_in("ideas", &["maya"]);
    let with = |desk: &str| Agency {
        desks: BTreeSet::from([sample::channel(desk)]),
        ..sample_agency::agency()
    };
    let other = Agency { id: AgencyId::new("other"), ..sample_agency::agency() };
    let nobodys = Agency {
        practices: BTreeSet::from([PracticeId::new("nowhere")]),
        ..sample_agency::agency()
    };
    let mut found = Vec::new();
    for wanted in [with("lobby"), with("ideas"), with("cellar"), other, nobodys] {
        found.push(agency::plan(&agency.office, wanted).await.expect("readable"));
    }

    let lobby = NotSo::Stranger(sample::channel("lobby"), "tomas".to_owned());
    assert_eq!(found[0], Err(lobby));
    assert_eq!(found[1], Err(NotSo::Taken(sample::channel("ideas"), agency.id())));
    assert_eq!(found[2], Err(NotSo::Empty(sample::channel("cellar"))));
    assert_eq!(found[3], Err(NotSo::OthersDesk(sample::channel("desk"))));
    assert_eq!(found[4], Err(NotSo::NoPractice(PracticeId::new("nowhere"))));
}

#[tokio::test]
async fn one_can_ask_where_a_practices_desk_is() {
    let agency = TestPractice::open_agency().await;
    let of = async |practice: &str| {
        desk::of(&agency.office, &PracticeId::new(practice)).await.expect("readable")
    };

    assert_eq!(of("lakeside").await, [sample::channel("desk")]);
    assert_eq!(of("nowhere").await, []);
    let left = Agency {
        practices: BTreeSet::from([PracticeId::new("northside")]),
        ..sample_agency::agency()
    };
    agency.binds(left).await;
    assert_eq!(of("lakeside").await, []);
    agency.person("maya").says("desk", "/post show lakeside 1").await;
    agency.settle().await;
    assert_snapshot!(agency.transcript(), @"
    maya        says: /post show lakeside 1
    countersign (to maya) no effect on 0: there is no such practice at this desk
    ");
}
