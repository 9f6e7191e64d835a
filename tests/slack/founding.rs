//! From an app that was just installed to a practice whose physician signs, without the command
//! line.

use crate::program::{Ground, Program, run};
use crate::served::{by_installs, free_port, install, over_sockets, serve};
use crate::slack::{Slack, Submitted};

const NORTHSIDE: [(&str, &str); 5] = [
    ("Name of the practice", "Northside Family Practice"),
    ("Zone", "America/Chicago"),
    ("Your name", "Lena"),
    ("Your role", "Manager: runs the practice"),
    ("Physicians who sign", "Dr. Rao UDRRAO"),
];

/// What somebody is told alone with these words.
fn told(ground: &Ground, who: &str, words: &str) -> String {
    let told = |world: &mut crate::slack::World| {
        let messages = &world.channel("CAPPROVALS").expect("there").messages;
        let mut told = messages.iter().filter(|message| message.only.as_deref() == Some(who));
        told.find(|message| message.text.contains(words)).map(|message| message.text.clone())
    };
    ground.wait(ground.slack.until(|world| told(world).is_some()));
    ground.slack.with(told).expect("told")
}

/// Makes a practice as this person, whom nobody else can keep from it, and its physician confirms.
fn is_made(ground: &Ground, program: &mut Program, founder: &str) {
    let (slack, person) = (&ground.slack, ground.slack.person(founder));
    let others = slack.person("maya");
    ground.wait(others.runs("approvals", "/post", "setup")).expect("answered");
    assert!(others.modal().is_none());

    ground.wait(person.runs("approvals", "/post", "setup")).expect("answered");
    let strange = NORTHSIDE.map(|(label, value)| match label {
        "Physicians who sign" => (label, "Dr. Rao U0000"),
        _ => (label, value),
    });
    let wrong = ground.wait(person.submits(&strange));
    let right = ground.wait(person.submits(&NORTHSIDE));
    program.says("The practice northside-family-practice is made");
    let Submitted::Wrong(errors) = wrong else { panic!("{wrong:?}") };
    assert_eq!(errors.len(), 1);
    assert!(errors[0].1.contains("the id of no account in this channel"), "{errors:?}");
    assert_eq!(right, Submitted::Closed);

    let told_founder = told(ground, &format!("U{}", founder.to_uppercase()), "/post confirm ");
    let code = told_founder.split("/post confirm ").nth(1).expect("a code");
    let code: String = code.chars().take(11).collect();
    let dr_rao = slack.person("dr-rao");
    ground.wait(dr_rao.runs("approvals", "/post", &format!("confirm {code}"))).expect("answered");
    told(ground, "UDRRAO", "This account is yours now");
}

fn verified(program: &Program, slack: &Slack) {
    let settings = over_sockets(slack);
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let said = run(&program.data(), &settings, &["verify"]);
    assert!(said.contains("northside-family-practice"), "{said}");
}

#[test]
fn where_a_token_was_copied_an_admin_makes_a_practice() {
    let ground = Ground::start();
    let slack = &ground.slack;
    slack.with(|world| world.user_mut("ULENA").expect("there").is_admin = true);
    let mut program = serve(&over_sockets(slack));
    program.says("Slack is connected");
    ground.wait(slack.connected(2));

    is_made(&ground, &mut program, "lena");

    let refused = slack.transcript("approvals", "maya");
    assert!(!refused.contains("/post confirm"), "{refused}");
    verified(&program, slack);
}

#[test]
fn where_a_workspace_installed_it_whoever_did_makes_a_practice_and_no_admin() {
    let ground = Ground::start();
    let slack = &ground.slack;
    slack.with(|world| world.user_mut("UMAYA").expect("there").is_admin = true);
    let port = free_port();
    let (public, settings) = by_installs(slack, port);
    let mut program = serve(&settings);
    program.says("Slack is connected");
    ground.wait(install(&public));
    program.says("The app is installed in TNORTHSIDE");
    slack.with(|world| world.apps[0].request_url = Some(format!("{public}/slack/events")));

    let installer = slack.with(|world| {
        let mut people = world.users.iter().filter(|user| !user.is_bot);
        people.next().expect("somebody").name.clone()
    });
    is_made(&ground, &mut program, &installer);

    verified(&program, slack);
}
