//! A server with many channels in which cards wait, and the same cards in a database.

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

use crate::discord::{At, Discord, Message};
use crate::house::{self, BEGAN, House, window};

/// So many practices share the server.
pub const PRACTICES: usize = 100;

/// Puts so many cards into Discord; where each stands.
pub fn cards(discord: &Discord, count: usize) -> Vec<At> {
    let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
    discord.with(|world| {
        world.is_not_before(now);
        let (guild, app) = (world.guilds[0].id, world.apps[0].id);
        let names = (0..PRACTICES).map(|n| format!("approvals-{n}"));
        let channels: Vec<_> = names.map(|name| world.add_channel(guild, &name)).collect();
        let mut all = Vec::new();
        for n in 0..count {
            let channel = channels[n % PRACTICES];
            let mut message = Message::new(world.id(), channel, app);
            "Post, revision 1".clone_into(&mut message.content);
            all.push((channel, message.id));
            world.put(&message);
        }
        all
    })
}

/// Gives the program a database in which the same cards wait.
pub async fn data(folder: &Path, discord: &Discord, cards: &[At]) {
    fs::create_dir(folder.join("keys")).expect("a folder");
    for name in ["ledger", "trace"] {
        let key = hex::encode(&house::key().to_bytes());
        fs::write(folder.join("keys").join(name), key).expect("a key");
    }
    let place = Place::File(folder.join("countersign.db"));
    let mut house = House::logged(&place, 0, Some(folder.join("heads.log"))).await;
    for n in 0..PRACTICES {
        house.founds(practice(n, discord)).await;
    }
    house.messages = cards.iter().map(|(_, message)| message.to_string()).collect();
    // What is signed does not leave before the bench is over: publishing is not part of the job.
    let now = RealClock.now().as_second() - BEGAN;
    house.posts(cards.len(), window(now - 60)).await;
}

fn practice(n: usize, discord: &Discord) -> Practice {
    let mut practice = sample::practice();
    practice.id = PracticeId::new(format!("practice-{n:05}"));
    practice.sample = false;
    let (platform, workspace) = (Platform::Discord, discord.guild().to_string());
    let channel = discord.channel_id(&format!("approvals-{n}")).to_string();
    let at = ChannelRef { platform, workspace: workspace.clone(), channel };
    practice.channels = vec![(Purpose::Approvals, at)];
    for member in &mut practice.members {
        let user = discord.user_id(member.id.as_str()).to_string();
        member.identities = vec![Identity { platform, workspace: workspace.clone(), user }];
    }
    practice
}
