//! A workspace of practices whose cards wait for a signature, on both sides: in the simulated Slack,
//! and in the database of the program.

use std::fs;
use std::path::Path;

use countersign::cli::sample;
use countersign::cli::world::RealClock;
use countersign::domain::canonical::hex;
use countersign::domain::ids::PracticeId;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::practice::{ChannelRef, Practice, Purpose};
use countersign::ports::clock::Clock;
use countersign::store::Place;
use serde_json::json;

use crate::house::{self, BEGAN, House, window};
use crate::slack::{At, Message, Slack};

/// The sample practice's workspace, where everybody is.
const TEAM: &str = "TNORTHSIDE";

/// So many practices share the workspace.
const PRACTICES: usize = 100;

/// Puts so many cards into Slack; where each stands.
pub fn cards(slack: &Slack, count: usize) -> Vec<At> {
    let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
    let install = slack.install();
    slack.with(|world| {
        world.is_not_before(now);
        let names = (0..PRACTICES).map(|n| format!("approvals-{n}"));
        let channels: Vec<String> = names.map(|name| world.add_channel(TEAM, &name)).collect();
        let people: Vec<String> = world.users.iter().map(|user| user.id.clone()).collect();
        for channel in &channels {
            world.channel_mut(channel).expect("made").members.extend(people.clone());
        }
        let mut all = Vec::new();
        for n in 0..count {
            let message = Message {
                ts: format!("{BEGAN}.{:06}", n + 1),
                user: install.bot_user.clone(),
                team: TEAM.to_owned(),
                bot: Some((install.bot.clone(), install.app.clone())),
                text: "Post, revision 1".to_owned(),
                blocks: Some(json!([])),
                ..Message::default()
            };
            let channel = &channels[n % PRACTICES];
            all.push((channel.clone(), message.ts.clone()));
            world.channel_mut(channel).expect("made").messages.push(message);
        }
        all
    })
}

/// Gives the program a database in which the same cards wait.
pub async fn data(folder: &Path, slack: &Slack, count: usize) {
    fs::create_dir(folder.join("keys")).expect("a folder");
    for name in ["ledger", "trace"] {
        let key = hex::encode(&house::key().to_bytes());
        fs::write(folder.join("keys").join(name), key).expect("a key");
    }
    let place = Place::File(folder.join("countersign.db"));
    let mut house = House::logged(&place, 0, Some(folder.join("heads.log"))).await;
    let channels: Vec<String> = (0..PRACTICES)
        .map(|n| {
            slack.with(|world| {
                let name = format!("approvals-{n}");
                world.channels.iter().find(|one| one.name == name).expect("made").id.clone()
            })
        })
        .collect();
    for (n, channel) in channels.into_iter().enumerate() {
        house.founds(practice(n, channel)).await;
    }
    // What is signed does not leave before the bench is over: publishing is not part of the job.
    let now = RealClock.now().as_second() - BEGAN;
    house.posts(count, window(now - 60)).await;
}

fn practice(n: usize, channel: String) -> Practice {
    let mut practice = sample::practice();
    practice.id = PracticeId::new(format!("practice-{n:05}"));
    practice.sample = false;
    let workspace = TEAM.to_owned();
    practice.channels =
        vec![(Purpose::Approvals, ChannelRef { platform: Platform::Slack, workspace, channel })];
    for member in &mut practice.members {
        member.identities = vec![Identity {
            platform: Platform::Slack,
            workspace: TEAM.to_owned(),
            user: user(member.id.as_str()),
        }];
    }
    practice
}

/// Somebody's id in the simulated Slack.
pub fn user(member: &str) -> String {
    format!("U{}", member.replace('-', "").to_uppercase())
}
