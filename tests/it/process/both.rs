//! One program for practices on Slack and on two servers of Discord: each is walled.

use std::process::{Child, Command, Stdio};

use countersign::cli::world::RealClock;
use countersign::ports::clock::Clock;
use tempfile::TempDir;

use crate::discord::{At, Discord};
use crate::slack::Slack;

/// 64 hexadecimal digits, as any key.
const KEY: &str = "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f";

/// The program, and the two platforms on which it serves.
struct House {
    slack: Slack,
    discord: Discord,
    data: TempDir,
    program: Option<Child>,
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut program) = self.program.take() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

impl House {
    async fn serve() -> Self {
        let (slack, discord) = (Slack::start(), Discord::start());
        slack.without_limits();
        discord.without_limits();
        let now = u64::try_from(RealClock.now().as_second()).expect("after 1970");
        slack.with(|world| world.is_not_before(now));
        discord.with(|world| {
            world.is_not_before(now);
            // Another server, in which the same people are.
            let people: Vec<_> = world.users.iter().map(|user| user.id).collect();
            let guild = world.add_guild("Lakeside", people[0]);
            for user in people {
                world.join(guild, user, Vec::new());
            }
            for name in ["lake-ideas", "lake-approvals"] {
                world.add_channel(guild, name);
            }
        });
        let data = TempDir::new().expect("a folder");
        let mut house = Self { slack, discord, data, program: None };
        let program = house.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        house.program = Some(program.expect("it starts"));
        house.slack.connected(1).await;
        house.discord.connected(1).await;
        house.discord.until(|world| world.apps[0].commands.len() == 2).await;
        house
    }

    fn command(&self, what: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .env_clear()
            .envs(["LEDGER", "TRACE", "VAULT"].map(|key| (format!("COUNTERSIGN_KEY_{key}"), KEY)))
            .env("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0")
            .env("COUNTERSIGN_SLACK_API_URL", format!("{}/api", self.slack.url()))
            .env("COUNTERSIGN_SLACK_APP_TOKEN", self.slack.app().socket_token)
            .env("COUNTERSIGN_SLACK_BOT_TOKEN", self.slack.install().token)
            .env("COUNTERSIGN_DISCORD_TOKEN", self.discord.app().token)
            .env("COUNTERSIGN_DISCORD_API_URL", self.discord.url())
            .arg("--data")
            .arg(self.data.path())
            .args(what);
        command
    }

    /// Brings a practice in; the code of its approver.
    fn applies(&self, id: &str, people: [&str; 2], channels: [&str; 2]) -> String {
        let ([rao, maya], [ideas, approvals]) = (people, channels);
        let member = |id: &str, role: &str, at: &str| {
            format!(
                "[[member]]\nid = \"{id}\"\nname = \"{id}\"\nrole = \"{role}\"\n\
                 identities = [\"{at}\"]\n\n"
            )
        };
        let channel = |purpose: &str, at: &str| {
            format!("[[channel]]\npurpose = \"{purpose}\"\nat = \"{at}\"\n\n")
        };
        let text = [
            format!("id = \"{id}\"\nname = \"{id}\"\nzone = \"America/Chicago\"\n\n"),
            "[[policy.normal]]\nneeded = 1\n\n".to_owned(),
            member("dr-rao", "approver", rao),
            member("maya", "staff", maya),
            "[[account]]\nid = \"page\"\nnetwork = \"local\"\nname = \"Page\"\n\
             server = \"http://127.0.0.1:9\"\nremote_id = \"page\"\n\n"
                .to_owned(),
            channel("ideas", ideas),
            channel("approvals", approvals),
        ];
        let file = self.data.path().join(format!("{id}.toml"));
        std::fs::write(&file, text.concat()).expect("a file");
        let file = file.display().to_string();
        let done = self.command(&["practice", "apply", "--yes", &file]).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let (_, code) = said.split_once("/post confirm ").expect("a code");
        code.split_whitespace().next().expect("a code").to_owned()
    }

    /// A practice on the server in which this channel is, whose approver is confirmed.
    async fn on_discord(&self, id: &str, guild: usize, [ideas, approvals]: [&str; 2], rao: &str) {
        let guild = self.discord.with(|world| world.guilds[guild].id);
        let at = |name: String| format!("discord:{guild}/{name}");
        let person = |name| at(self.discord.user_id(name).to_string());
        let channel = |name| at(self.discord.channel_id(name).to_string());
        let people = [person(rao), person("maya")];
        let channels = [channel(ideas), channel(approvals)];
        let code = self.applies(
            id,
            people.each_ref().map(|at| &**at),
            channels.each_ref().map(|at| &**at),
        );
        let rao = self.discord.person(rao);
        rao.runs(approvals, "/post confirm", &[("code", &code)]).await.expect("answered");
    }

    /// A card of the practice in these channels.
    async fn card(&self, [ideas, approvals]: [&str; 2], words: &str) -> At {
        let maya = self.discord.person("maya");
        maya.runs(ideas, "/post new", &[("text", words)]).await.expect("answered");
        let draft = self.discord.sees(ideas, "Draft of post 1").await;
        maya.presses(&draft, "Send for signature").await.expect("answered");
        self.discord.sees(approvals, "Content:").await
    }

    fn signed(&self) -> Vec<String> {
        let on =
            rusqlite::Connection::open(self.data.path().join("countersign.db")).expect("opens");
        let sql = "SELECT practice_id FROM decisions ORDER BY practice_id";
        let mut all = on.prepare(sql).expect("SQL");
        all.query_map([], |row| row.get(0)).expect("rows").map(|row| row.expect("a row")).collect()
    }
}

const NORTH: [&str; 2] = ["ideas", "approvals"];
const LAKE: [&str; 2] = ["lake-ideas", "lake-approvals"];

#[tokio::test]
async fn slack_and_two_servers_of_discord_are_served_at_once_and_each_is_walled() {
    let house = House::serve().await;
    let (slack, discord) = (&house.slack, &house.discord);
    house.on_discord("northside", 0, NORTH, "dr-rao").await;
    house.on_discord("lakeside", 1, LAKE, "dr-kim").await;
    let team = "slack:TNORTHSIDE";
    let [rao, maya, ideas, approvals] =
        ["UDRRAO", "UMAYA", "CIDEAS", "CAPPROVALS"].map(|id| format!("{team}/{id}"));
    let code = house.applies("hillcrest", [&rao, &maya], [&ideas, &approvals]);
    let confirm = format!("confirm {code}");
    slack.person("dr-rao").runs("approvals", "/post", &confirm).await.expect("answered");

    let north = house.card(NORTH, "Northern words.").await;
    let lake = house.card(LAKE, "Words of the lake.").await;
    slack.person("maya").runs("ideas", "/post", "new Words on the hill.").await.expect("heard");
    let hill = |world: &mut crate::slack::World| {
        let ideas = world.channel_mut("CIDEAS").expect("there");
        ideas.messages.iter().any(|message| message.says("Words on the hill."))
    };
    slack.until(hill).await;
    // Whoever signs for one practice is nobody in the other's server.
    discord.person("dr-rao").reacts(&lake, "✅");
    discord.person("dr-kim").reacts(&north, "✅");
    discord.person("dr-kim").reacts(&lake, "✅");
    discord.sees("lake-approvals", "Signed by dr-rao").await;

    assert_eq!(house.signed(), ["lakeside"]);
    discord.person("dr-rao").reacts(&north, "✅");
    discord.sees("approvals", "Signed by dr-rao").await;
    assert_eq!(house.signed(), ["lakeside", "northside"]);
    for (channels, own) in [(NORTH, "Northern words"), (LAKE, "Words of the lake")] {
        let seen = channels.map(|channel| discord.transcript(channel, "maya")).concat();
        let words = ["Northern words", "Words of the lake", "Words on the hill"];
        let there: Vec<&str> = words.into_iter().filter(|word| seen.contains(word)).collect();
        assert_eq!(there, [own], "{seen}");
    }
    let on_slack = slack.transcript("ideas", "maya") + &slack.transcript("approvals", "maya");
    assert!(on_slack.contains("Words on the hill"));
    assert!(!on_slack.contains("Northern words") && !on_slack.contains("the lake"), "{on_slack}");
}
