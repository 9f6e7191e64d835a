//! Settings, checked whole at start; secrets in them cannot be printed.
//!
//! They come from `countersign.toml`, and each can be set by a variable of the environment as
//! well: `web.listen` is `COUNTERSIGN_WEB_LISTEN`. The variable wins.

mod discord;
mod file;
mod outside;
mod slack;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

pub use discord::Discord;
pub use outside::{Alert, Web};
pub use slack::{Mode, Slack};

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The database.
    pub database: Database,
    /// The house's own address.
    pub web: Web,
    /// The workspace that comes with Countersign.
    pub local: Local,
    /// How long things may take.
    pub outbox: Outbox,
    /// What comes in.
    pub gate: Gate,
    /// Who is told that it works.
    pub alert: Alert,
    /// Slack, if it is to be there.
    pub slack: Option<Slack>,
    /// Discord, if it is to be there.
    pub discord: Option<Discord>,
}

/// The database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Where it is, if not in the data folder.
    pub url: Option<DatabaseUrl>,
}

/// Where a database is; it may hold a password, so it can't be printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum DatabaseUrl {
    /// `sqlite:PATH`
    File(PathBuf),
    /// `postgres://USER:PASSWORD@HOST/NAME`
    Server(String),
}

/// The workspace that comes with Countersign.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Local {
    /// On. Off when there is a settings file that does not say otherwise.
    pub enabled: bool,
    /// Its own address; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Where its network is, when it is not this very process: for tests and teaching.
    pub network_url: Option<String>,
    /// How its network lets one find out about silence: `look-up`, `key` or `neither`.
    pub network_certainty: LocalCertainty,
    /// Which sample world a new workspace begins with: `practice` or `agency`.
    pub sample: Sample,
}

/// Which sample world a new workspace begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Sample {
    /// One practice.
    Practice,
    /// An agency with three practices and a desk.
    Agency,
}

/// How the local network lets one find out about silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalCertainty {
    /// One can ask.
    LookUp,
    /// The same key twice is one post.
    Key,
    /// Neither.
    Neither,
}

/// How long things may take, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outbox {
    /// How long a worker holds a row.
    pub lease_ms: u32,
    /// How long a request to a network may take.
    pub request_ms: u32,
    /// How long until a held or unreachable publication is looked at again.
    pub again_ms: u32,
    /// How often open cards are read again.
    pub sweep_ms: u32,
    /// How long after the last moment of a request a look-up surely sees it.
    pub look_up_delay_ms: u32,
}

/// What comes in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gate {
    /// How many ideas, drafts and edits one person may send in a minute.
    pub submissions_a_minute: u32,
}

impl Default for Gate {
    fn default() -> Self {
        Self { submissions_a_minute: 20 }
    }
}

impl Default for Local {
    fn default() -> Self {
        Self {
            enabled: false,
            listen: SocketAddr::from(([127, 0, 0, 1], 7421)),
            network_url: None,
            network_certainty: LocalCertainty::LookUp,
            sample: Sample::Practice,
        }
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            lease_ms: 60_000,
            request_ms: 30_000,
            again_ms: 30_000,
            sweep_ms: 300_000,
            look_up_delay_ms: 1_000,
        }
    }
}

/// Every setting's name; its variable is `COUNTERSIGN_` and the name in capitals.
const NAMES: [&str; 34] = [
    "database.url",
    "web.listen",
    "web.public_listen",
    "web.public_url",
    "alert.heartbeat_url",
    "alert.heartbeat_seconds",
    "local.enabled",
    "local.listen",
    "local.network_url",
    "local.network_certainty",
    "local.sample",
    "outbox.lease_ms",
    "outbox.request_ms",
    "outbox.again_ms",
    "outbox.sweep_ms",
    "outbox.look_up_delay_ms",
    "gate.submissions_a_minute",
    "slack.mode",
    "slack.app_token",
    "slack.app_token_file",
    "slack.bot_token",
    "slack.bot_token_file",
    "slack.signing_secret",
    "slack.signing_secret_file",
    "slack.client_id",
    "slack.client_secret",
    "slack.client_secret_file",
    "slack.api_url",
    "slack.authorize_url",
    "slack.connections",
    "discord.token",
    "discord.token_file",
    "discord.api_url",
    "discord.message_content",
];

impl Settings {
    /// Reads the file, if one is named, and the environment, and checks everything.
    pub fn read(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<Self> {
        let mut table = match file {
            Some(file) => file::read(file, &NAMES)
                .with_context(|| format!("reading the settings file {}", file.display()))?,
            None => toml::Table::new(),
        };
        for name in NAMES {
            let key = format!("COUNTERSIGN_{}", name.to_uppercase().replace('.', "_"));
            if let Some(value) = variable(&key) {
                file::set(&mut table, name, &value).with_context(|| format!("reading {key}"))?;
            }
        }
        let says_local = table.get("local").and_then(|l| l.get("enabled")).is_some();
        let mut settings: Settings = table.try_into().context("checking the settings")?;
        let is_alone = settings.slack.is_none() && settings.discord.is_none();
        settings.local.enabled |= file.is_none() && !says_local && is_alone;
        if let Some(slack) = &mut settings.slack {
            slack.fill()?;
        }
        if let Some(discord) = &mut settings.discord {
            discord.fill()?;
        }
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.local.enabled && !self.local.listen.ip().is_loopback() {
            bail!("local.listen must be an address of this machine alone, such as 127.0.0.1:7421");
        }
        outside::check(&self.web, &self.alert)?;
        if let Some(slack) = &self.slack {
            slack.check(&self.web)?;
        }
        if let Some(discord) = &self.discord {
            discord.check()?;
        }
        let Outbox { lease_ms, request_ms, again_ms, sweep_ms, .. } = self.outbox;
        if again_ms == 0 || sweep_ms == 0 {
            bail!("outbox.again_ms and outbox.sweep_ms must be longer than 0");
        }
        if request_ms == 0 || lease_ms <= request_ms {
            bail!("outbox.lease_ms must be longer than outbox.request_ms, and that longer than 0");
        }
        if self.gate.submissions_a_minute == 0 {
            bail!("gate.submissions_a_minute must be more than 0, or nobody could write anything");
        }
        Ok(())
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or_default();
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.starts_with(':') || path.contains('?') {
            return Err("database.url must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME");
        }
        Ok(Self::File(path.into()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The user's own place for data: where the embedded default keeps its files.
pub fn data_folder(variable: impl Fn(&str) -> Option<String>) -> anyhow::Result<PathBuf> {
    let set = |name: &str| variable(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let own =
        if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    let home = || set("HOME").map(|home| home.join(own));
    let base = set("XDG_DATA_HOME").or_else(|| set("LOCALAPPDATA")).or_else(home);
    let base = base.context("no home folder is known: name a folder with --data DIR")?;
    Ok(base.join("countersign"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> anyhow::Result<Settings> {
        Settings::read(None, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_settings_the_local_workspace_is_on() {
        let settings = with(&[]).expect("the default");

        assert!(settings.local.enabled);
        assert_eq!(settings.web.listen.port(), 7420);
    }

    #[test]
    fn a_variable_wins() {
        let settings = with(&[
            ("COUNTERSIGN_WEB_LISTEN", "127.0.0.1:0"),
            ("COUNTERSIGN_OUTBOX_LEASE_MS", "1000"),
            ("COUNTERSIGN_OUTBOX_REQUEST_MS", "300"),
            ("COUNTERSIGN_LOCAL_NETWORK_CERTAINTY", "key"),
            ("COUNTERSIGN_LOCAL_ENABLED", "false"),
        ]);
        let settings = settings.expect("sound");

        assert_eq!(settings.web.listen.port(), 0);
        assert_eq!(settings.outbox.lease_ms, 1000);
        assert_eq!(settings.local.network_certainty, LocalCertainty::Key);
        assert!(!settings.local.enabled);
    }

    #[test]
    fn slack_is_there_once_it_is_set_and_the_local_workspace_is_not() {
        let settings = with(&[
            ("COUNTERSIGN_SLACK_APP_TOKEN", "xapp-1"),
            ("COUNTERSIGN_SLACK_BOT_TOKEN", "xoxb-1"),
        ]);
        let settings = settings.expect("sound");

        assert!(settings.slack.is_some_and(|slack| slack.mode == Mode::Socket));
        assert!(!settings.local.enabled);
        assert!(with(&[]).expect("sound").slack.is_none());
        assert!(with(&[("COUNTERSIGN_SLACK_MODE", "http")]).is_err());
    }

    #[test]
    fn discord_is_there_once_it_is_set_and_the_local_workspace_is_not() {
        let settings = with(&[
            ("COUNTERSIGN_DISCORD_TOKEN", "MTA.x.y"),
            ("COUNTERSIGN_DISCORD_MESSAGE_CONTENT", "true"),
        ]);
        let settings = settings.expect("sound");

        assert!(settings.discord.is_some_and(|discord| discord.message_content));
        assert!(!settings.local.enabled && settings.slack.is_none());
        assert!(with(&[("COUNTERSIGN_DISCORD_API_URL", "https://discord.com")]).is_err());
    }

    #[test]
    fn what_can_not_work_is_refused_at_the_start() {
        let wrong = [
            ("COUNTERSIGN_LOCAL_LISTEN", "0.0.0.0:7421"),
            ("COUNTERSIGN_WEB_LISTEN", "somewhere"),
            ("COUNTERSIGN_OUTBOX_LEASE_MS", "100"),
            ("COUNTERSIGN_DATABASE_URL", "mysql://localhost/countersign"),
            ("COUNTERSIGN_DATABASE_URL", "sqlite::memory:"),
            ("COUNTERSIGN_DATABASE_URL", "sqlite:"),
            ("COUNTERSIGN_DATABASE_URL", "7"),
            ("COUNTERSIGN_WEB_PUBLIC_LISTEN", "0.0.0.0:8080"),
            ("COUNTERSIGN_WEB_PUBLIC_URL", "https://posts.example.org"),
            ("COUNTERSIGN_ALERT_HEARTBEAT_URL", "ftp://beats.example.org/s3cret"),
            ("COUNTERSIGN_ALERT_HEARTBEAT_SECONDS", "0"),
        ];

        assert!(wrong.iter().all(|pair| with(&[*pair]).is_err()));
    }

    #[test]
    fn a_database_is_a_file_or_on_a_server() {
        let server = "postgres://me:s3cret@db.example.org/practice";
        let table = [
            ("sqlite:/srv/practice.db", DatabaseUrl::File("/srv/practice.db".into())),
            ("sqlite:///srv/practice.db", DatabaseUrl::File("/srv/practice.db".into())),
            ("sqlite:practice.db", DatabaseUrl::File("practice.db".into())),
            (server, DatabaseUrl::Server(server.to_owned())),
        ];

        for (url, expected) in table {
            let settings = with(&[("COUNTERSIGN_DATABASE_URL", url)]).expect("sound");
            assert!(settings.database.url == Some(expected), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("countersign.toml");
        let read = |text: &str| {
            std::fs::write(&file, text).expect("written");
            let read = Settings::read(Some(&file), |_| None);
            (format!("{read:?}"), read.map_err(|error| format!("{error:#}")).err())
        };
        let url = "postgres://me:s3cret@db.example.org/practice";

        let sound = read(&format!("[database]\nurl = \"{url}\""));
        let unquoted = read(&format!("[web]\n[database]\nurl = {url}"));
        let misspelt = read(&format!("[database]\nurl = \"x{url}\""));
        let elsewhere = read(&format!("[web]\nlisten = \"{url}\""));

        assert!(sound.0.contains("[hidden]"), "{sound:?}");
        assert!(unquoted.1.as_ref().is_some_and(|said| said.contains("line 3: ")), "{unquoted:?}");
        for said in [sound, unquoted, misspelt, elsewhere] {
            assert!(!format!("{said:?}").contains("s3cret"), "{said:?}");
        }
    }
}
