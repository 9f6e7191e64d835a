//! Settings, checked whole at start; secrets in them cannot be printed.
//!
//! They come from `countersign.toml`, and each can be set by a variable of the environment as
//! well: `web.listen` is `COUNTERSIGN_WEB_LISTEN`. The variable wins.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

/// All settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The house's own address.
    pub web: Web,
    /// The workspace that comes with Countersign.
    pub local: Local,
    /// How long things may take.
    pub outbox: Outbox,
}

/// The house's own address.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Health; port 0 picks a free one.
    pub listen: SocketAddr,
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

impl Default for Web {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 7420)) }
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
const NAMES: [&str; 11] = [
    "web.listen",
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
];

impl Settings {
    /// Reads the file, if one is named, and the environment, and checks everything.
    pub fn read(
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> anyhow::Result<Self> {
        let mut table = match file {
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("reading the settings file {}", file.display()))?;
                text.parse::<toml::Table>()
                    .with_context(|| format!("reading the settings file {}", file.display()))?
            }
            None => toml::Table::new(),
        };
        for name in NAMES {
            let key = format!("COUNTERSIGN_{}", name.to_uppercase().replace('.', "_"));
            if let Some(value) = variable(&key) {
                set(&mut table, name, &value).with_context(|| format!("reading {key}"))?;
            }
        }
        let says_local = table.get("local").and_then(|l| l.get("enabled")).is_some();
        let mut settings: Settings = table.try_into().context("checking the settings")?;
        settings.local.enabled |= file.is_none() && !says_local;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.local.enabled && !self.local.listen.ip().is_loopback() {
            bail!("local.listen must be an address of this machine alone, such as 127.0.0.1:7421");
        }
        let Outbox { lease_ms, request_ms, again_ms, sweep_ms, .. } = self.outbox;
        if again_ms == 0 || sweep_ms == 0 {
            bail!("outbox.again_ms and outbox.sweep_ms must be longer than 0");
        }
        if request_ms == 0 || lease_ms <= request_ms {
            bail!("outbox.lease_ms must be longer than outbox.request_ms, and that longer than 0");
        }
        Ok(())
    }
}

/// Puts a variable's text where the file would have it: a number or truth where it reads as one.
fn set(table: &mut toml::Table, name: &str, text: &str) -> anyhow::Result<()> {
    let (section, key) = name.split_once('.').context("a setting has a section")?;
    let value = match (text.parse::<i64>(), text.parse::<bool>()) {
        (Ok(number), _) => toml::Value::Integer(number),
        (_, Ok(truth)) => toml::Value::Boolean(truth),
        _ => toml::Value::String(text.to_owned()),
    };
    let section = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    let section = section.as_table_mut().context("a section is a table")?;
    section.insert(key.to_owned(), value);
    Ok(())
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
    fn what_can_not_work_is_refused_at_the_start() {
        let wrong = [
            ("COUNTERSIGN_LOCAL_LISTEN", "0.0.0.0:7421"),
            ("COUNTERSIGN_WEB_LISTEN", "somewhere"),
            ("COUNTERSIGN_OUTBOX_LEASE_MS", "100"),
        ];

        assert!(wrong.iter().all(|pair| with(&[*pair]).is_err()));
    }
}
