//! The daily digest: once a day, and what it says.

use std::collections::BTreeMap;

use countersign::app::rounds;
use countersign::domain::practice::Practice;
use insta::assert_snapshot;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::planned;
use crate::support::{Does, TestPractice, over_platform};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const HALF: SignedDuration = SignedDuration::from_mins(30);

/// A practice whose digests are planned, half an hour before one is due.
async fn before_the_hour() -> TestPractice {
    let practice = TestPractice::open().await;
    practice.watches().await;
    practice.settle().await;
    practice.passes(HOUR * 22);
    practice.transcript();
    practice
}

fn digests(transcript: &str) -> Vec<&str> {
    transcript.lines().filter(|line| line.contains("digest of ")).collect()
}

/// The day that a digest in the transcript is of.
fn day(line: &str) -> Date {
    let day = line.split("digest of ").nth(1).and_then(|rest| rest.split(" since").next());
    Date::strptime("%a %d %b %Y", day.expect("a day")).expect("a date")
}

/// Every half an hour for so many days: when each digest came.
async fn days(practice: &TestPractice, days: i64) -> Vec<(Timestamp, String)> {
    let mut all = Vec::new();
    for half in 0..days * 48 {
        // A post goes out at once, on every third day none.
        if half % 48 == 10 && half / 48 % 3 != 0 {
            for _ in 0..half / 48 % 3 {
                planned(practice, &[]).await;
                practice.person("dr-rao").signs().await;
            }
        }
        practice.waits(HALF).await;
        let said = practice.transcript();
        all.extend(digests(&said).into_iter().map(|line| (practice.office.now(), line.to_owned())));
    }
    all
}

async fn a_month_in(zone: &str, first: &str) {
    // Not on a platform: a month of half hours is long there.
    if over_platform() {
        return;
    }
    let zone = TimeZone::get(zone).expect("bundled");
    let practice = TestPractice::open_with(|practice| practice.zone = zone.clone()).await;
    let first: Timestamp = first.parse().expect("a time");
    practice.passes(first.duration_since(practice.office.now()));
    practice.watches().await;
    practice.settle().await;

    let made = days(&practice, 31).await;

    let mut dates = BTreeMap::new();
    for (at, line) in &made {
        let clock = zone.to_datetime(*at);
        assert_eq!(clock.date(), day(line), "{line}");
        assert_eq!(clock.time().strftime("%H:%M").to_string(), "07:30", "{line}");
        assert!(dates.insert(clock.date(), line).is_none(), "two of {}", clock.date());
    }
    let (from, to) = (dates.keys().next().expect("one"), dates.keys().last().expect("one"));
    let between = from.until(*to).expect("days").get_days();
    assert_eq!(usize::try_from(between).expect("days"), dates.len() - 1, "a day has none");
    assert!(dates.len() >= 30, "{}", dates.len());
    let told = |line: &str| {
        let count = line.split(" | ").find_map(|part| part.split_once(" published"));
        count.map_or(0, |(count, _)| count.parse::<usize>().expect("a number"))
    };
    let told: usize = made.iter().map(|(_, line)| told(line)).sum();
    let later = practice.person("maya");
    later.says("ideas", "/post digest").await;
    practice.settle().await;
    let rest = practice.transcript();
    let rest =
        usize::from(rest.contains("1 published")) + 2 * usize::from(rest.contains("2 published"));
    assert_eq!(told + rest, practice.network.live().len(), "each post is told of once");
    assert_eq!(practice.network.live().len(), 30);
}

#[tokio::test]
async fn a_month_in_chicago_has_one_a_day() {
    a_month_in("America/Chicago", "2027-03-01T18:00:00Z").await;
}

#[tokio::test]
async fn a_month_in_berlin_has_one_a_day() {
    a_month_in("Europe/Berlin", "2027-03-10T18:00:00Z").await;
}

#[tokio::test]
async fn a_month_on_lord_howe_whose_clock_changes_by_half_an_hour_has_one_a_day() {
    a_month_in("Australia/Lord_Howe", "2027-03-20T03:00:00Z").await;
}

#[tokio::test]
async fn a_quiet_day_says_so() {
    let practice = before_the_hour().await;

    practice.waits(HALF).await;
    practice.waits(HOUR * 24).await;

    assert_snapshot!(practice.transcript(), @"
    -- 30m
    countersign digest of Tue 24 Nov 2026 since Mon 23 Nov 2026, 09:00 America/Chicago | quiet | next Wed 25 Nov 2026, 07:30 America/Chicago
    -- 24h
    countersign digest of Wed 25 Nov 2026 since Tue 24 Nov 2026, 07:30 America/Chicago | quiet | next Thu 26 Nov 2026, 07:30 America/Chicago
    ");
}

#[tokio::test]
async fn a_digest_tells_what_happened_and_how_things_stand() {
    let practice = TestPractice::open().await;
    practice.watches().await;
    practice.settle().await;
    let (maya, dr_rao) = (practice.person("maya"), practice.person("dr-rao"));
    planned(&practice, &[]).await;
    dr_rao.signs().await;
    practice.settle().await;
    planned(&practice, &[("slot", "2026-11-24 09:00")]).await;
    planned(&practice, &[("slot", "2026-11-24 17:00")]).await;
    dr_rao.signs().await;
    practice.settle().await;
    planned(&practice, &[("slot", "2026-11-26 09:00")]).await;
    practice.person("ana").says("approvals", "/post hold 4").await;
    practice.settle().await;
    practice.network.next(&[Does::Refuses]);
    planned(&practice, &[]).await;
    dr_rao.signs().await;
    practice.settle().await;
    practice.transcript();

    practice.waits(HOUR * 22 + HALF).await;
    maya.says("ideas", "/post digest").await;
    practice.settle().await;
    practice.waits(HOUR * 24).await;

    assert_snapshot!(practice.transcript(), @r#"
    -- 22h 30m
    countersign digest of Tue 24 Nov 2026 since Mon 23 Nov 2026, 09:00 America/Chicago | 1 published: 1 Flu shots this Saturday. (linked) | 2 troubled: 5 on Practice page was refused: it does not like the words; 4 is held by Ana | 1 waiting: 2 needs 1 of: Dr. Rao, Dr. Kim, until Tue 24 Nov 2026, 09:00 | 2 today: 09:00 2 ⚠️ not signed off: Flu shots this Saturday.; 17:00 3 signed off: Flu shots this Saturday. | next Wed 25 Nov 2026, 07:30 America/Chicago
    maya        says: /post digest
    countersign (to maya) digest of Tue 24 Nov 2026 since Tue 24 Nov 2026, 07:30 America/Chicago | 2 troubled: 5 on Practice page was refused: it does not like the words; 4 is held by Ana | 1 waiting: 2 needs 1 of: Dr. Rao, Dr. Kim, until Tue 24 Nov 2026, 09:00 | 2 today: 09:00 2 ⚠️ not signed off: Flu shots this Saturday.; 17:00 3 signed off: Flu shots this Saturday. | next Wed 25 Nov 2026, 07:30 America/Chicago
    -- 24h
    network     p2 is live: "Flu shots this Saturday."
    countersign now card 3.1 "Flu shots this Saturday." | published | Is live [Take it down]
    countersign 3 on Practice page: is live.
    countersign digest of Wed 25 Nov 2026 since Tue 24 Nov 2026, 07:30 America/Chicago | 1 published: 3 Flu shots this Saturday. (linked) | 2 troubled: 5 on Practice page was refused: it does not like the words; 4 is held by Ana | 1 waiting: 2 needs 1 of: Dr. Rao, Dr. Kim, until Wed 25 Nov 2026, 09:00 | next Thu 26 Nov 2026, 07:30 America/Chicago
    "#);
}

#[tokio::test]
async fn who_comes_back_on_the_same_day_catches_up() {
    let mut practice = before_the_hour().await;
    practice.passes(HOUR * 5);

    practice.restarts().await;
    practice.watches().await;
    practice.settle().await;
    practice.restarts().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    -- 5h
    -- restart
    countersign digest of Tue 24 Nov 2026 since Mon 23 Nov 2026, 09:00 America/Chicago | unwatched Mon 23 Nov 2026, 09:00 to Tue 24 Nov 2026, 12:00 America/Chicago | next Wed 25 Nov 2026, 07:30 America/Chicago
    -- restart
    ");
}

#[tokio::test]
async fn who_comes_back_on_the_next_day_has_nothing_to_make_up_for() {
    let practice = before_the_hour().await;
    practice.passes(HOUR * 18);
    practice.settle().await;
    assert_eq!(digests(&practice.transcript()), [""; 0]);

    practice.passes(HOUR * 7);
    practice.watches().await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    -- 7h
    countersign digest of Wed 25 Nov 2026 since Mon 23 Nov 2026, 09:00 America/Chicago | unwatched Mon 23 Nov 2026, 09:00 to Wed 25 Nov 2026, 08:00 America/Chicago | next Thu 26 Nov 2026, 07:30 America/Chicago
    ");
}

#[tokio::test]
async fn two_processes_make_one_between_them() {
    let practice = before_the_hour().await;
    let replica = practice.replica().await;
    let mut made = Vec::new();
    practice.passes(HALF);

    for _ in 0..20 {
        for _ in 0..8 {
            let (one, other) =
                tokio::join!(rounds::go_round(&practice.office), rounds::go_round(&replica));
            one.expect("works");
            other.expect("works");
        }
        practice.settle().await;
        let said = practice.transcript();
        made.extend(digests(&said).into_iter().map(day));
        practice.passes(HOUR * 24);
    }

    let first: Date = "2026-11-24".parse().expect("a date");
    let expected: Vec<Date> = first.series(jiff::ToSpan::days(1)).take(20).collect();
    assert_eq!(made, expected);
}

#[tokio::test]
async fn who_dies_at_the_hour_makes_neither_two_nor_none() {
    let practice = before_the_hour().await;
    let mut made = Vec::new();
    let mut died = 0;
    practice.passes(HALF);

    for polls in 0..60 {
        for _ in 0..3 {
            died += usize::from(!practice.dies_after(polls * 3 / 2).await);
            // Until what it held is let go.
            practice.waits(SignedDuration::from_mins(2)).await;
        }
        let said = practice.transcript();
        made.extend(digests(&said).into_iter().map(day));
        practice.passes(HOUR * 24 - SignedDuration::from_mins(6));
    }

    let first: Date = "2026-11-24".parse().expect("a date");
    let expected: Vec<Date> = first.series(jiff::ToSpan::days(1)).take(60).collect();
    assert_eq!(made, expected);
    assert!(died > 20, "{died}");
}

#[tokio::test]
async fn what_may_stand_there_is_looked_for_first() {
    // Not on a platform: it can't be told to be silent there.
    if over_platform() {
        return;
    }
    let practice = before_the_hour().await;
    practice.chat.knows_no_keys();
    practice.chat.answers_nothing(&[true, false]);

    practice.waits(HALF).await;
    practice.waits(SignedDuration::from_mins(5)).await;
    practice.waits(HOUR * 24).await;
    practice.waits(SignedDuration::from_mins(5)).await;

    let said = practice.transcript();
    let days: Vec<String> = digests(&said).iter().map(|line| day(line).to_string()).collect();
    assert_eq!(days, ["2026-11-24", "2026-11-25"]);
}

#[tokio::test]
async fn a_platform_that_is_away_until_the_day_is_over_misses_one_and_loses_nothing() {
    let practice = before_the_hour().await;
    planned(&practice, &[]).await;
    practice.person("dr-rao").signs().await;
    practice.settle().await;
    practice.transcript();

    practice.chat.away(true);
    practice.waits(HOUR).await;
    practice.waits(HOUR * 17).await;
    practice.chat.away(false);
    practice.waits(HOUR).await;
    practice.waits(HOUR * 6).await;

    assert_snapshot!(practice.transcript(), @"
    -- 1h
    -- 17h
    -- 1h
    -- 6h
    countersign digest of Wed 25 Nov 2026 since Mon 23 Nov 2026, 09:00 America/Chicago | 1 published: 1 Flu shots this Saturday. (linked) | next Thu 26 Nov 2026, 07:30 America/Chicago
    ");
}

fn set(key: &str, value: &str) -> impl FnOnce(String) -> String {
    let line = format!("{key} = \"{value}\"\n");
    let key = format!("{key} = ");
    move |text| {
        let others = text.lines().filter(|known| !known.starts_with(&key));
        let (mut id, mut rest) = (String::new(), String::new());
        for known in others {
            let to = if known.starts_with("id = ") && id.is_empty() { &mut id } else { &mut rest };
            to.push_str(known);
            to.push('\n');
        }
        id + &line + &rest
    }
}

#[tokio::test]
async fn another_hour_or_zone_makes_neither_two_nor_none() {
    let practice = before_the_hour().await;

    // Seven o'clock is the hour now, so it is due at once; half past seven is not a second one.
    practice.is_changed(set("digest", "06:45")).await;
    practice.is_changed(set("digest", "18:00")).await;
    practice.waits(HOUR * 12).await;
    // In Tokyo the next day has begun, and its hour is gone.
    practice.is_changed(set("zone", "Asia/Tokyo")).await;
    practice.is_changed(set("digest", "07:30")).await;
    // In Honolulu it is that day again later.
    practice.is_changed(set("zone", "Pacific/Honolulu")).await;
    for _ in 0..30 {
        practice.waits(HOUR).await;
    }

    let said = practice.transcript();
    let days: Vec<String> = digests(&said).iter().map(|line| day(line).to_string()).collect();
    assert_snapshot!(days.join(" "), @"2026-11-24 2026-11-25");
    assert!(practice.ledger().await.iter().any(|kind| kind == "digest-set"));
    practice.ledger_equals_tables().await;
}

#[tokio::test]
async fn a_practice_without_a_channel_for_it_has_it_where_cards_are() {
    let without = |practice: &mut Practice| {
        let digest = countersign::domain::practice::Purpose::Digest;
        practice.channels.retain(|(purpose, _)| *purpose != digest);
    };
    let practice = TestPractice::open_with(without).await;
    practice.watches().await;
    practice.settle().await;
    practice.waits(HOUR * 22 + HALF).await;
    let row = practice.office.store.notices(&practice.id(), "digest/").await.expect("readable");
    let message = row[0].remote.clone().expect("stands");
    practice.transcript();

    let at = crate::support::message_in("approvals", &message);
    practice.person("dr-rao").reacts("🛑", &at).await;
    practice.settle().await;

    assert_snapshot!(practice.transcript(), @"
    dr-rao      🛑 on m1
    countersign stopped by Dr. Rao, in flight: 0 [Release]
    ");
}

#[tokio::test]
async fn all_practices_of_a_desk_are_on_one_card() {
    let agency = TestPractice::open_agency().await;
    let maya = agency.person("maya");
    for (practice, slot) in [("lakeside", "17:00"), ("northside", "12:00"), ("lakeside", "")] {
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

    maya.says("desk", "/post digest").await;
    maya.says("desk", "/post digest northside").await;
    agency.person("guest").says("desk", "/post digest").await;
    agency.settle().await;
    agency.chat.are_in("desk", &["maya", "guest"]);
    maya.says("desk", "/post digest").await;
    agency.settle().await;

    assert_snapshot!(agency.transcript(), @"
    maya        says: /post digest
    maya        says: /post digest northside
    guest       says: /post digest
    countersign (to maya) digest of the desk | northside: 1 at risk: 12:00 1 ⚠️ draft, not sent for signature | lakeside: 1 at risk: 17:00 1 ⚠️ draft, not sent for signature, 1 waiting, 1 more | quiet: hillcrest
    countersign (to maya) northside: digest of Mon 23 Nov 2026 since  | 1 today: 12:00 1 ⚠️ draft, not sent for signature: Of northside. | next Tue 24 Nov 2026, 07:30 America/Chicago
    maya        says: /post digest
    countersign (to maya) shows nothing here
    ");
}
