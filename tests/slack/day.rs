//! A day of twenty practices in five workspaces, served by one process while much goes wrong: each
//! post is signed once, is live once, and is on one card; every chain verifies.

use std::net::TcpListener;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::house::{House, Practice, found};
use crate::slack::{At, How, Order, client};

const TEAMS: [&str; 5] = ["Northside", "Harbor", "Meadow", "Summit", "Valley"];
/// Practices of each workspace.
const EACH: usize = 4;

/// The workspaces, their people and channels.
fn settle_in(house: &House) -> Vec<Practice> {
    house.slack().with(|world| {
        for team in &TEAMS[1..] {
            world.add_team(team);
        }
        let places = TEAMS.iter().flat_map(|team| (0..EACH).map(move |n| (team, n)));
        let practice = |(team, n): (&&str, usize)| {
            let id = format!("{}-{n}", team.to_lowercase());
            let team = format!("T{}", team.to_uppercase());
            let [maya, rao] =
                ["maya", "rao"].map(|who| world.add_user(&team, &format!("{who}-{id}")));
            let [ideas, approvals] = ["ideas", "approvals"]
                .map(|name| world.add_channel(&team, &format!("{name}-{id}")));
            for channel in [&ideas, &approvals] {
                let members = &mut world.channel_mut(channel).expect("made").members;
                members.extend([maya.clone(), rao.clone()]);
            }
            Practice { id, team, ideas, approvals, maya, rao }
        };
        places.map(practice).collect()
    })
}

/// The app is installed in these workspaces, and brought into their channels.
pub fn install(house: &House, public: &str, teams: &[&str]) {
    house.ground.wait(async {
        let browser = client().redirect(Policy::none()).build().expect("a client");
        for team in teams {
            let begun = fetch(&browser, &format!("{public}/slack/install"), "").await;
            let cookie = begun.headers()[SET_COOKIE].to_str().expect("text").to_owned();
            let asked = begun.headers()[LOCATION].to_str().expect("text");
            let asked = format!("{asked}&team=T{}", team.to_uppercase());
            let allowed = fetch(&browser, &asked, "").await;
            let back = allowed.headers()[LOCATION].to_str().expect("text").to_owned();
            let done = fetch(&browser, &back, cookie.split(';').next().expect("a cookie")).await;
            assert_eq!(done.status(), 200, "{team}");
        }
    });
    house.slack().with(|world| {
        let bots: Vec<(String, String)> =
            world.installs.iter().map(|i| (i.team.clone(), i.bot_user.clone())).collect();
        for (team, bot) in bots {
            for channel in world.channels.iter_mut().filter(|c| c.teams.contains(&team)) {
                channel.members.insert(bot.clone());
            }
        }
    });
}

async fn fetch(browser: &reqwest::Client, url: &str, cookie: &str) -> reqwest::Response {
    #[expect(clippy::disallowed_methods, reason = "a person's browser, not a network")]
    browser.get(url).header(COOKIE, cookie).send().await.expect("answered")
}

/// What Slack does to a bot on a bad day.
fn goes_wrong(house: &House) {
    let slack = house.slack();
    for (method, times, how) in [
        ("chat.postMessage", 1, How::FailsAfter),
        ("chat.postMessage", 1, How::Limits(1)),
        ("chat.postMessage", 1, How::DropsAnswer),
        ("chat.postMessage", 1, How::Fails),
        ("chat.update", 1, How::Fails),
        ("chat.update", 1, How::FailsAfter),
        ("reactions.get", 1, How::Fails),
    ] {
        slack.fault(method, times, how);
    }
}

/// Presses until it is acknowledged, as people do.
fn presses(house: &House, who: &str, at: &At, label: &str) {
    let who = house.slack().person(who);
    for _ in 0..20 {
        if house.ground.wait(who.presses(at, label)).is_ok() {
            return;
        }
    }
    panic!("{label} is not acknowledged");
}

fn count(house: &House, practice: &str, kind: &str) -> i64 {
    house.count(&format!(
        "SELECT COUNT(*) FROM ledger WHERE practice_id = '{practice}' AND entry LIKE \
         '%\"kind\":\"{kind}\"%'"
    ))
}

/// A house whose app workspaces install, and its public address.
pub fn installable() -> (House, String) {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one").port();
    let public = format!("http://127.0.0.1:{port}");
    let house = House::serve(|slack| {
        let app = slack.app();
        vec![
            ("COUNTERSIGN_SLACK_AUTHORIZE_URL", format!("{}/oauth/v2/authorize", slack.url())),
            ("COUNTERSIGN_SLACK_CLIENT_ID", app.client_id),
            ("COUNTERSIGN_SLACK_CLIENT_SECRET", app.client_secret),
            ("COUNTERSIGN_WEB_PUBLIC_LISTEN", format!("127.0.0.1:{port}")),
            ("COUNTERSIGN_WEB_PUBLIC_URL", public.clone()),
            ("COUNTERSIGN_LOCAL_ENABLED", "true".to_owned()),
            ("COUNTERSIGN_LOCAL_LISTEN", "127.0.0.1:0".to_owned()),
        ]
    });
    (house, public)
}

/// Twenty practices that are served, each with an approver who has confirmed who they are.
fn open() -> (House, Vec<Practice>) {
    let (house, public) = installable();
    let practices = settle_in(&house);
    install(&house, &public, &TEAMS);
    for practice in &practices {
        let confirm = format!("confirm {}", house.applies(&practice.file()));
        let rao = house.slack().person(&practice.rao);
        house.ground.wait(rao.runs(&practice.approvals, "/post", &confirm)).expect("answered");
    }
    (house, practices)
}

/// Each has an idea, which becomes a card; the program is killed in the midst of it.
fn morning(house: &mut House, practices: &[Practice]) {
    goes_wrong(house);
    house.acts(|slack| {
        for practice in practices {
            slack.person(&practice.maya).says(&practice.ideas, "Flu shots this Saturday.");
        }
    });
    for (nth, practice) in practices.iter().enumerate() {
        let idea = house.stands(&practice.ideas, "Make a post");
        presses(house, &practice.maya, &idea, "Make a post");
        match nth {
            3 => house.acts(|slack| slack.order(|| Order::Vanish)),
            7 => house.acts(|slack| slack.disconnect("refresh_requested", true)),
            12 => house.is_killed(),
            _ if nth % 5 == 0 => goes_wrong(house),
            _ => {}
        }
        let draft = house.stands(&practice.ideas, "Send for signature");
        presses(house, &practice.maya, &draft, "Send for signature");
    }
}

/// Everybody signs, and all leaves.
fn noon(house: &mut House, practices: &[Practice]) {
    // Nothing is acknowledged for a moment: all of this is brought again.
    house.slack().with(|world| world.sockets.deaf = true);
    for practice in practices {
        let card = house.stands(&practice.approvals, "Content:");
        house.acts(|slack| slack.person(&practice.rao).reacts(&card, "white_check_mark"));
    }
    house.stored("SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"signed\"%'", 20);
    house.is_killed();
    house.settles();
    house.stored("SELECT COUNT(*) FROM ledger WHERE entry LIKE '%\"kind\":\"published\"%'", 20);
    for practice in practices {
        house.stands(&practice.approvals, "Is live");
    }
}

#[test]
fn twenty_practices_in_five_workspaces_end_their_day_with_each_post_signed_and_live_once() {
    let (mut house, practices) = open();

    morning(&mut house, &practices);
    noon(&mut house, &practices);

    for practice in &practices {
        let counts =
            ["signed", "published", "submitted"].map(|kind| count(&house, &practice.id, kind));
        assert_eq!(counts, [1, 1, 1], "{}", practice.id);
        let cards = house.slack().with(|w| found(w, &practice.approvals, "Content:").len());
        assert_eq!(cards, 1, "{}: one card", practice.id);
        let rao = house.slack().person(&practice.rao);
        let queue = house.ground.wait(rao.runs(&practice.approvals, "/post", "queue"));
        assert!(queue.is_ok(), "{queue:?}");
    }
    let verified = house.runs(&["verify"]);
    assert!(practices.iter().all(|practice| verified.contains(&practice.id)), "{verified}");
    assert_eq!(house.slack().given_up(), 0);
}
