//! Settings, checked whole at start; secrets in them cannot be printed.
//!
//! They come from `countersign.toml`, and each can be set by a variable of the environment as
//! well: `web.listen` is `COUNTERSIGN_WEB_LISTEN`. The variable wins.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use reqwest::Url;
use serde::Deserialize;

use crate::domain::nearest::nearest;

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
    /// Who is told that it works.
    pub alert: Alert,
}

/// The house's own address, and the one for the world outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Health and figures, for the operator alone; port 0 picks a free one.
    pub listen: SocketAddr,
    /// What the world outside may fetch, and nothing else; not there unless it is set.
    pub public_listen: Option<SocketAddr>,
    /// How the world outside reaches `public_listen`: `https://posts.example.org`.
    pub public_url: Option<String>,
}

/// Who is told that it works.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alert {
    /// Asked for every so often while all is well; whoever waits for it there raises the alarm.
    pub heartbeat_url: Option<Secret>,
    /// How often.
    pub heartbeat_seconds: u32,
}

/// A setting that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// What it is: only for whoever it is meant for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[hidden]")
    }
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
        let listen = SocketAddr::from(([127, 0, 0, 1], 7420));
        Self { listen, public_listen: None, public_url: None }
    }
}

impl Default for Alert {
    fn default() -> Self {
        Self { heartbeat_url: None, heartbeat_seconds: 60 }
    }
}

impl Default for Local {
    fn default() -> Self {
        Self {
            enabled: false,
            listen: SocketAddr::from(([127, 0, 0, 1], 7421)),
            network_url: None,
            network_certainty: LocalCertainty::LookUp,
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
const NAMES: [&str; 14] = [
    "web.listen",
    "web.public_listen",
    "web.public_url",
    "alert.heartbeat_url",
    "alert.heartbeat_seconds",
    "local.enabled",
    "local.listen",
    "local.network_url",
    "local.network_certainty",
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
            Some(file) => read_file(file)
                .with_context(|| format!("reading the settings file {}", file.display()))?,
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
        self.check_outside()?;
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

impl Settings {
    /// Addresses towards the world outside.
    fn check_outside(&self) -> anyhow::Result<()> {
        if self.web.public_listen.is_some() != self.web.public_url.is_some() {
            bail!("web.public_listen and web.public_url go together: set both, or none");
        }
        if let Some(url) = &self.web.public_url {
            let url = Url::parse(url).context("web.public_url must be https://HOST")?;
            if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
                bail!(
                    "web.public_url must begin with https://, as what it serves leaves the house"
                );
            }
            if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
                bail!("web.public_url must be https://HOST and no more");
            }
        }
        if let Some(url) = &self.alert.heartbeat_url {
            let url = Url::parse(url.reveal()).ok();
            if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
                bail!(
                    "alert.heartbeat_url must be an address that begins with http:// or https://"
                );
            }
        }
        if self.alert.heartbeat_seconds == 0 {
            bail!("alert.heartbeat_seconds must be longer than 0");
        }
        Ok(())
    }
}

/// An address of this machine alone.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// What is wrong with a file is said without repeating any of it: it may hold secrets.
fn read_file(file: &Path) -> anyhow::Result<toml::Table> {
    let text = std::fs::read_to_string(file)?;
    let table = text.parse::<toml::Table>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        anyhow::anyhow!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })?;
    for (section, inside) in &table {
        let keys = inside.as_table().map(|inside| inside.keys()).into_iter().flatten();
        let names: Vec<String> = keys.map(|key| format!("{section}.{key}")).collect();
        let stray = names.into_iter().find(|name| !NAMES.contains(&name.as_str()));
        let lonely = (!inside.is_table()).then(|| section.clone());
        if let Some(name) = lonely.or(stray) {
            match nearest(&name, NAMES) {
                Some(near) => bail!("there is no setting {name}; did you mean {near}?"),
                None => bail!("there is no setting {name}; there are: {}", NAMES.join(", ")),
            }
        }
    }
    Ok(table)
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
            ("COUNTERSIGN_WEB_PUBLIC_LISTEN", "0.0.0.0:8080"),
            ("COUNTERSIGN_WEB_PUBLIC_URL", "https://posts.example.org"),
            ("COUNTERSIGN_ALERT_HEARTBEAT_URL", "ftp://beats.example.org/secret"),
            ("COUNTERSIGN_ALERT_HEARTBEAT_SECONDS", "0"),
        ];

        assert!(wrong.iter().all(|pair| with(&[*pair]).is_err()));
    }

    #[test]
    fn the_public_address_is_https_or_this_machine() {
        let url = |url| {
            let listen = ("COUNTERSIGN_WEB_PUBLIC_LISTEN", "127.0.0.1:0");
            with(&[listen, ("COUNTERSIGN_WEB_PUBLIC_URL", url)]).map(drop)
        };

        assert!(url("https://posts.example.org").is_ok());
        assert!(url("http://127.0.0.1:8080").is_ok());
        assert!(url("http://[::1]:8080").is_ok());
        for wrong in ["http://posts.example.org", "https://a.example/b", "ftp://localhost", "x"] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_never_printed() {
        let settings = with(&[("COUNTERSIGN_ALERT_HEARTBEAT_URL", "https://beats.example/k3y")]);
        let wrong = with(&[("COUNTERSIGN_ALERT_HEARTBEAT_URL", "beats.example/k3y")]);

        let settings = settings.expect("sound");
        let said = format!("{settings:?} {:?}", wrong.expect_err("no scheme"));

        assert!(!said.contains("k3y") && said.contains("[hidden]"), "{said}");
        let url = settings.alert.heartbeat_url.expect("set");
        assert_eq!(url.reveal(), "https://beats.example/k3y");
    }

    #[test]
    fn a_setting_that_is_not_there_is_named_with_the_nearest() {
        let said = |text: &str| {
            let file = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(file.path(), text).expect("written");
            format!("{:#}", Settings::read(Some(file.path()), |_| None).expect_err("wrong"))
        };

        assert!(
            said("[web]\nlisen = 1").ends_with("no setting web.lisen; did you mean web.listen?")
        );
        assert!(said("[wbe]\nlisten = 1").ends_with("did you mean web.listen?"));
        assert!(
            said("[alert]\nheartbeat_url = k3y")
                .ends_with("string values must be quoted, expected literal string")
                || !said("[alert]\nheartbeat_url = k3y").contains("k3y")
        );
        assert!(said("a = 1").contains("there is no setting a; there are: web.listen, "));
    }
}
