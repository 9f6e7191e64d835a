//! A channel that two workspaces share through Slack Connect, both of which installed the app.

use crate::day::{install, installable};
use crate::house::{House, Practice, found};
use crate::slack::At;

const CONFIRMED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%identity-confirmed%'";
const SIGNED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"signed\"%'";
const STOPPED: &str = "SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"stopped\"%'";

/// A practice whose approver is of another workspace, where there are no commands.
fn open() -> House {
    let (house, public) = installable();
    house.slack().with(|world| {
        let team = world.add_team("Agency");
        let kim = world.add_user(&team, "kim");
        for channel in ["CIDEAS", "CAPPROVALS"] {
            let channel = world.channel_mut(channel).expect("there");
            channel.teams.push(team.clone());
            channel.members.insert(kim.clone());
        }
    });
    install(&house, &public, &["Northside", "Agency"]);
    let [id, team, ideas, approvals, maya, rao] =
        ["harbor", "TNORTHSIDE", "CIDEAS", "CAPPROVALS", "UMAYA", "UKIM"].map(ToOwned::to_owned);
    let practice = Practice { id, team, ideas, approvals, maya, rao };
    let file = practice.file().replace("slack:TNORTHSIDE/UKIM", "slack:TAGENCY/UKIM");
    let code = house.applies(&file);
    house.acts(|slack| slack.person("kim").says("approvals", &format!(" /post confirm {code}")));
    house.stored(CONFIRMED, 1);
    house
}

fn card_of(house: &House) -> At {
    house.acts(|slack| slack.person("maya").says("ideas", "Flu shots this Saturday."));
    house.presses("maya", &house.stands("CIDEAS", "Make a post"), "Make a post");
    let draft = house.stands("CIDEAS", "Send for signature");
    house.presses("maya", &draft, "Send for signature");
    house.stands("CAPPROVALS", "Content:")
}

#[test]
fn an_approver_of_another_workspace_signs_and_stops_and_nobody_is_answered_twice() {
    let house = open();
    let card = card_of(&house);

    house.acts(|slack| slack.person("kim").reacts(&card, "white_check_mark"));
    house.stored(SIGNED, 1);
    house.acts(|slack| slack.person("kim").replies(&card, "Stop everything."));
    house.stored(STOPPED, 1);
    house.settles();

    let shown = |channel, words| house.slack().with(|world| found(world, channel, words).len());
    assert_eq!((house.count(SIGNED), house.count(STOPPED)), (1, 1));
    assert_eq!((shown("CIDEAS", "This idea is now post"), shown("CAPPROVALS", "Content:")), (1, 1));
    assert!(house.runs(&["verify"]).contains("harbor"));
}
