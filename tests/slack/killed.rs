//! `countersign serve` killed with -9 where Slack and it know different things: nothing is lost, and
//! nothing counts or stands there twice.

use crate::house::{House, Practice, found};
use crate::slack::{At, How};

/// A practice that is served.
fn open() -> House {
    let house = House::serve(|slack| vec![("COUNTERSIGN_SLACK_BOT_TOKEN", slack.install().token)]);
    let [id, team, ideas, approvals, maya, rao] =
        ["northside", "TNORTHSIDE", "CIDEAS", "CAPPROVALS", "UMAYA", "UDRRAO"]
            .map(ToOwned::to_owned);
    let practice = Practice { id, team, ideas, approvals, maya, rao };
    let confirm = format!("confirm {}", house.applies(&practice.file()));
    let rao = house.slack().person("dr-rao");
    house.ground.wait(rao.runs("approvals", "/post", &confirm)).expect("answered");
    house
}

/// A card in review.
fn card_of(house: &House) -> At {
    has_an_idea(house);
    house.presses("maya", &house.stands("CIDEAS", "Make a post"), "Make a post");
    let draft = house.stands("CIDEAS", "Send for signature");
    house.presses("maya", &draft, "Send for signature");
    house.stands("CAPPROVALS", "Content:")
}

const EVENTS: &str = "SELECT COUNT(*) FROM inbox WHERE practice_id = 'northside'";
const SIGNED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"signed\"%'";

/// Slack hears no acknowledgment any more, as if it had died right before that.
fn before_it_is_acknowledged(house: &mut House, acts: impl Fn(&House), count: &str) {
    let stored = house.count(count);
    house.slack().with(|world| world.sockets.deaf = true);
    acts(house);
    house.stored(count, stored + 1);
    house.is_killed();
    house.settles();
    assert_eq!(house.slack().given_up(), 0, "it is acknowledged in the end");
}

/// It acknowledges, and whatever it does then is neither done nor answered.
fn before_it_acts(house: &mut House, acts: impl Fn(&House), how: &How) {
    for method in ["chat.postMessage", "chat.update"] {
        house.slack().fault(method, 1_000, how.clone());
    }
    acts(house);
    house.settles();
    house.is_killed();
}

fn has_an_idea(house: &House) {
    house.acts(|slack| slack.person("maya").says("ideas", "Flu shots this Saturday."));
}

fn signs(house: &House, card: &At) {
    house.acts(|slack| slack.person("dr-rao").reacts(card, "white_check_mark"));
}

#[test]
fn an_idea_that_was_stored_and_not_acknowledged_is_answered_once() {
    let mut house = open();

    before_it_is_acknowledged(&mut house, has_an_idea, EVENTS);
    house.stands("CIDEAS", "Make a post");
    // One more, so that whatever is still to come for the first came before it.
    house.acts(|slack| slack.person("maya").says("ideas", "And on Sunday."));
    house.ground.wait(house.slack().until(|w| found(w, "CIDEAS", "Make a post").len() > 1));

    assert_eq!(house.all("CIDEAS", "Make a post").len(), 2);
}

#[test]
fn a_sign_off_that_was_stored_and_not_acknowledged_counts_once() {
    let mut house = open();
    let card = card_of(&house);

    let signs = |house: &House| signs(house, &card);
    before_it_is_acknowledged(&mut house, signs, SIGNED);
    house.stands("CAPPROVALS", "Signed by Dr. Rao");

    assert_eq!(house.count(SIGNED), 1);
    assert_eq!(house.all("CAPPROVALS", "Content:").len(), 1, "one card");
}

#[test]
fn what_was_acknowledged_and_not_done_is_done_once() {
    for how in [How::Hangs, How::HangsAfter] {
        let mut house = open();

        before_it_acts(&mut house, has_an_idea, &how);
        house.stands("CIDEAS", "Make a post");
        let card = card_of(&house);
        let signs = |house: &House| signs(house, &card);
        before_it_acts(&mut house, signs, &how);
        house.stands("CAPPROVALS", "Signed by Dr. Rao");

        assert_eq!(house.count(SIGNED), 1, "{how:?}");
        assert_eq!(house.all("CAPPROVALS", "Content:").len(), 1, "one card, {how:?}");
        assert_eq!(house.slack().given_up(), 0, "{how:?}");
    }
}

/// Slack waits 3 s: what is not stored is not acknowledged, and whoever can't be heard again is told.
#[test]
fn while_nothing_can_be_stored_nothing_is_acknowledged_and_people_are_told_in_time() {
    let house = open();
    let file = rusqlite::Connection::open(house.data().join("countersign.db")).expect("opens");
    file.execute_batch("BEGIN IMMEDIATE").expect("the only writer");

    has_an_idea(&house);
    let maya = house.slack().person("maya");
    let said = house.ground.wait(maya.runs("ideas", "/post", "new Flu shots on Sunday."));
    let stored = house.count(EVENTS);
    file.execute_batch("ROLLBACK").expect("no writer any more");
    house.settles();
    house.stands("CIDEAS", "Make a post");

    let said = said.expect("within 3 s").to_string();
    assert!(said.contains("Not recorded"), "{said}");
    assert_eq!(house.slack().given_up(), 0);
    assert_eq!(house.count(EVENTS), stored + 1, "the idea alone, and once");
}
