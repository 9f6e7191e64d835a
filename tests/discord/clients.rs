//! The libraries that most bots use run against the simulator: where they disagree, it is wrong.
//!
//! `.ci/run discord-clients` installs them, and says in `COUNTERSIGN_DISCORD_CLIENTS` which Python
//! has discord.py. Without it nothing is installed, nothing is run, and each test says so.

use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use insta::{allow_duplicates, assert_snapshot};

use crate::discord::{Answered, At, Discord, How, Order};
use crate::document;

#[tokio::test]
async fn discord_js_plays_a_day() {
    let Some(_) = python() else { return };
    let discord = Discord::start();
    let _bot = Bot::start(&discord, Command::new("node").arg("bot.mjs"));
    plays_a_day(&discord).await;
}

#[tokio::test]
async fn discord_py_plays_a_day_over_zlib() {
    let Some(python) = python() else { return };
    let discord = Discord::start();
    let _bot = Bot::start(&discord, Command::new(python).args(["bot.py", "zlib-stream"]));
    plays_a_day(&discord).await;
}

#[tokio::test]
async fn discord_py_plays_a_day_over_zstandard() {
    let Some(python) = python() else { return };
    let discord = Discord::start();
    let _bot = Bot::start(&discord, Command::new(python).args(["bot.py", "zstd-stream"]));
    plays_a_day(&discord).await;
}

/// The Python with discord.py, if there is one.
pub fn python() -> Option<OsString> {
    let python = env::var_os("COUNTERSIGN_DISCORD_CLIENTS");
    if python.is_none() {
        // Not by a macro: what is printed so is seen although the test passes.
        let said = "skipped: COUNTERSIGN_DISCORD_CLIENTS does not name a Python with discord.py";
        writeln!(std::io::stderr(), "{said}").expect("an open stream");
    }
    python
}

/// The day of a bot that must not take for ever: one that fails says so, and then nothing more.
async fn plays_a_day(discord: &Discord) {
    tokio::time::timeout(Duration::from_mins(3), day(discord)).await.expect("the bot keeps up");
}

async fn day(discord: &Discord) {
    // A machine that does much else may take longer than Discord waits.
    discord.with(|world| world.timing.answer = Duration::from_secs(20));
    discord.sees("digest", "Ready.").await;
    signs(discord).await;
    let idea = writes(discord).await;
    whispers(discord).await;
    loses_its_connection(discord, &idea).await;
    begins_anew(discord, &idea).await;

    allow_duplicates! {
        assert_snapshot!(discord.transcript("ideas", "tomas"), @r"
        tomas: Flu shots this Saturday. (edited) 👀 countersign 👍 dr-rao 🎉 dr-rao 💉 dr-rao 🩹 dr-kim
        countersign (to tomas): 1 in the channel
        countersign (to tomas): Now it says: Flu shots this Saturday.
        tomas: A picture. [file shots.png]
        countersign (to tomas): 15 bytes again. [file again.png]
        countersign (only you): Draft: Flu shots this Saturday.
        countersign: 6 in the channel
        countersign: One is gone. (edited)
        ");
        assert_snapshot!(discord.transcript("approvals", "dr-rao"), @r"
        countersign: [For mastodon | Flu shots on Saturday. | Signed by dr-rao] (edited) ✅ countersign
          > countersign: What do you think?
        countersign (only you): Thank you.
        ");
        assert_snapshot!(discord.transcript("approvals", "maya"), @r"
        countersign (only you): Write /draft.
        countersign (only you): It is in the channel.
        countersign: [For mastodon | Flu shots on Saturday. | Signed by dr-rao] (edited) ✅ countersign
          > countersign: What do you think?
        ");
        assert_snapshot!(discord.transcript("digest", "ana"), @r"
        countersign: Ready.
        countersign: dr-rao: ✅ 2
        countersign: ✅ is gone.
        countersign: dr-rao: 👍 1
        countersign: dr-rao: 🎉 1
        countersign: dr-rao: 💉 1
        countersign: dr-kim: 🩹 1
        ");
    }
    document::agrees(discord);
}

/// Commands, choices, forms, buttons, reactions, threads.
async fn signs(discord: &Discord) {
    let (maya, rao) = (discord.person("maya"), discord.person("dr-rao"));

    let helped = maya.runs("approvals", "/help", &[]).await;
    assert!(matches!(helped, Ok(Answered::Says(_))), "{helped:?}");
    let offered = maya.types("approvals", "/draft", ("network", "m")).await;
    assert_eq!(offered.expect("answered"), ["mastodon", "medium"]);
    let opened = maya.runs("approvals", "/draft", &[("network", "mastodon")]).await;
    assert_eq!(opened, Ok(Answered::Opens));
    let long = "Flu shots this Saturday from 9 to 12, no appointment needed.";
    maya.submits(&[("Text", long)]).await.expect_err("the form allows 40 characters");
    let sent = maya.submits(&[("Text", "Flu shots on Saturday.")]).await;
    assert!(matches!(sent, Ok(Answered::Thinks(_))), "{sent:?}");
    discord.sees("approvals", "It is in the channel.").await;
    discord.sees("talk", "What do you think?").await;

    let card = discord.sees("approvals", "For mastodon").await;
    rao.reacts(&card, "✅");
    discord.sees("digest", "dr-rao: ✅ 2").await;
    rao.unreacts(&card, "✅");
    discord.sees("digest", "✅ is gone.").await;
    assert_eq!(rao.presses(&card, "Approve").await, Ok(Answered::Changes));
    discord.sees("approvals", "Thank you.").await;
}

/// Messages, their edits and ends, files, commands on messages; a limit in between.
async fn writes(discord: &Discord) -> At {
    let tomas = discord.person("tomas");

    let idea = tomas.says("ideas", "Flu shots & <more> ✅");
    discord.sees("ideas", "1 in the channel").await;
    tomas.edits(&idea, "Flu shots this Saturday.");
    discord.sees("ideas", "Now it says: Flu shots this Saturday.").await;
    tomas.brings("ideas", "A picture.", &[("shots.png", b"\x89PNG not really")]);
    discord.sees("ideas", "15 bytes again.").await;
    let used = tomas.uses("Turn into draft", &idea).await;
    assert!(matches!(used, Ok(Answered::Says(_))), "{used:?}");

    discord.fault("POST /channels/*/messages", 1, How::Limits(0.3, "user"));
    let other = tomas.says("ideas", "Never mind.");
    discord.sees("ideas", "6 in the channel").await;
    tomas.deletes(&other);
    discord.sees("ideas", "One is gone.").await;
    idea
}

/// A direct conversation, and a button in it.
async fn whispers(discord: &Discord) {
    let ana = discord.person("ana");
    let (channel, _) = ana.whispers("Are you there?");
    let channel = channel.to_string();
    let asked = discord.sees(&channel, "Here?").await;
    assert_eq!(ana.presses(&asked, "Open").await, Ok(Answered::Hears));
    discord.sees(&channel, "Hello, ana.").await;
    assert_eq!(
        discord.whispers("ana"),
        "ana: Are you there?\ncountersign (to ana): Hello, ana. (edited)"
    );
}

/// Its session is over, and what it heard before does not count.
async fn begins_anew(discord: &Discord, idea: &At) {
    discord.with(|world| world.timing.identify = Duration::ZERO);
    discord.invalidates(false);
    discord.connected(5).await;
    discord.person("dr-kim").reacts(idea, "🩹");
    discord.sees("digest", "dr-kim: 🩹 1").await;
}

/// It is asked to connect anew, cut off and thrown out, and hears each time what it missed.
async fn loses_its_connection(discord: &Discord, idea: &At) {
    let rao = discord.person("dr-rao");
    let cuts: [fn(&Discord); 3] = [
        Discord::asks_to_reconnect,
        |discord| discord.order(&Order::Vanish),
        |discord| discord.order(&Order::Close(4000, "Unknown error.")),
    ];
    for (at, (cut, emoji)) in cuts.into_iter().zip(["👍", "🎉", "💉"]).enumerate() {
        cut(discord);
        let app = discord.app().id;
        discord.until(|world| world.gateway.connected(app) == 0).await;
        rao.reacts(idea, emoji);
        discord.connected(at + 2).await;
        discord.sees("digest", &format!("dr-rao: {emoji} 1")).await;
    }
    let (resumed, where_told) =
        discord.with(|world| (world.gateway.resumed, world.gateway.resumed_where_told));
    assert_eq!((resumed, where_told), (3, 3));
}

/// Where the scripts are.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/discord/clients")
}

/// A bot on such a library, for as long as it is held.
struct Bot(Child);

impl Bot {
    fn start(discord: &Discord, command: &mut Command) -> Self {
        let bot = command
            .current_dir(scripts())
            .env("DISCORD_URL", discord.url())
            .env("BOT_TOKEN", discord.app().token)
            .env("NO_PROXY", "127.0.0.1");
        Self(bot.spawn().expect("it starts"))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
