//! Settings of Slack: which app, and how it is reached.

use std::path::PathBuf;

use anyhow::{Context, bail};
use reqwest::Url;
use serde::Deserialize;

use super::file::held;
use super::outside::{Web, is_here};
use crate::domain::secret::Secret;

/// Slack; there is none unless some setting of it is set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Slack {
    /// How Slack brings what happens: `socket` or `http`.
    pub mode: Mode,
    /// Opens sockets: the app-level token.
    pub app_token: Option<Secret>,
    /// The file that holds it.
    pub app_token_file: Option<PathBuf>,
    /// The token of the one workspace that installed its own app.
    pub bot_token: Option<Secret>,
    /// The file that holds it.
    pub bot_token_file: Option<PathBuf>,
    /// Shows that a request is Slack's.
    pub signing_secret: Option<Secret>,
    /// The file that holds it.
    pub signing_secret_file: Option<PathBuf>,
    /// The app's name towards Slack, where several workspaces install it.
    pub client_id: Option<String>,
    /// The app's password towards Slack, where several workspaces install it.
    pub client_secret: Option<Secret>,
    /// The file that holds it.
    pub client_secret_file: Option<PathBuf>,
    /// Where the Web API is: for a proxy, another Slack, or a test.
    pub api_url: String,
    /// Where a person allows an install.
    pub authorize_url: String,
    /// So many sockets at once.
    pub connections: u8,
}

/// How Slack brings what happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Over sockets that this program opens: nothing of it is public.
    #[default]
    Socket,
    /// By requests to the public address.
    Http,
}

impl Default for Slack {
    fn default() -> Self {
        Self {
            mode: Mode::Socket,
            app_token: None,
            app_token_file: None,
            bot_token: None,
            bot_token_file: None,
            signing_secret: None,
            signing_secret_file: None,
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            api_url: "https://slack.com/api".to_owned(),
            authorize_url: "https://slack.com/oauth/v2/authorize".to_owned(),
            connections: 2,
        }
    }
}

impl Slack {
    /// Reads the secrets that lie in files.
    pub(super) fn fill(&mut self) -> anyhow::Result<()> {
        let all = [
            ("app_token", &mut self.app_token, &self.app_token_file),
            ("bot_token", &mut self.bot_token, &self.bot_token_file),
            ("signing_secret", &mut self.signing_secret, &self.signing_secret_file),
            ("client_secret", &mut self.client_secret, &self.client_secret_file),
        ];
        for (name, secret, file) in all {
            let Some(file) = file else { continue };
            if secret.is_some() {
                bail!("slack.{name} and slack.{name}_file are two ways to say it: set one of them");
            }
            *secret = Some(held(file).with_context(|| format!("reading slack.{name}_file"))?);
        }
        Ok(())
    }

    /// What could not work. What is wrong with a secret is said without repeating any of it.
    pub(super) fn check(&self, web: &Web) -> anyhow::Result<()> {
        for (name, url) in [("api_url", &self.api_url), ("authorize_url", &self.authorize_url)] {
            let url = Url::parse(url).with_context(|| format!("slack.{name} is no address"))?;
            if url.scheme() != "https" && !(url.scheme() == "http" && is_here(&url)) {
                bail!("slack.{name} must begin with https://, as tokens are sent there");
            }
        }
        if !(1..=10).contains(&self.connections) {
            bail!("slack.connections must be from 1 to 10");
        }
        let begins = [
            ("app_token", &self.app_token, &["xapp-"][..]),
            ("bot_token", &self.bot_token, &["xoxb-", "xoxe.xoxb-"][..]),
        ];
        for (name, secret, begins) in begins {
            let text = secret.as_ref().map_or(begins[0], Secret::reveal);
            if !begins.iter().any(|begin| text.starts_with(begin)) {
                bail!("slack.{name} must begin with {}", begins[0]);
            }
        }
        match self.mode {
            Mode::Socket if self.app_token.is_none() => {
                bail!("slack.app_token is missing: slack.mode is socket, which needs it")
            }
            Mode::Http if self.signing_secret.is_none() => {
                bail!("slack.signing_secret is missing: slack.mode is http, which needs it")
            }
            Mode::Http if web.public_listen.is_none() => {
                bail!("slack.mode is http, so web.public_listen and web.public_url must be set")
            }
            Mode::Socket | Mode::Http => {}
        }
        match (&self.bot_token, &self.client_id, &self.client_secret) {
            (Some(_), None, None) => Ok(()),
            (None, Some(_), Some(_)) if web.public_listen.is_some() => Ok(()),
            (None, Some(_), Some(_)) => bail!(
                "slack.client_id lets workspaces install the app, so web.public_listen and \
                 web.public_url must be set"
            ),
            (None, None, None) => {
                bail!("slack.bot_token is missing (or, for several workspaces, slack.client_id)")
            }
            (Some(_), ..) => bail!(
                "slack.bot_token is for one workspace and slack.client_id for several: set one of \
                 them"
            ),
            (None, ..) => bail!("slack.client_id and slack.client_secret go together: set both"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(text: &str) -> Result<(), String> {
        let public = text.contains("public");
        let web = Web {
            public_listen: public.then(|| ([127, 0, 0, 1], 0).into()),
            public_url: public.then(|| "https://posts.example.org".to_owned()),
            ..Web::default()
        };
        let mut slack: Slack =
            toml::from_str(&text.replace("public", "")).map_err(|error| error.to_string())?;
        slack.fill().and_then(|()| slack.check(&web)).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn each_way_needs_its_own_secrets() {
        let app = "app_token = 'xapp-1'\n";
        let bot = "bot_token = 'xoxb-1'\n";
        let http = "mode = 'http'\nsigning_secret = 's'\n";
        let several = "client_id = '1.2'\nclient_secret = 'c'\n";
        let fine = [
            format!("{app}{bot}"),
            format!("{app}{several}public"),
            format!("{http}{bot}public"),
            format!("{http}{several}public"),
        ];
        for text in fine {
            assert_eq!(sound(&text), Ok(()), "{text}");
        }

        let wrong = [
            (bot.to_owned(), "slack.app_token is missing"),
            (app.to_owned(), "slack.bot_token is missing"),
            (format!("{http}{bot}"), "web.public_listen"),
            (format!("mode = 'http'\n{bot}public"), "slack.signing_secret is missing"),
            (format!("{app}{several}"), "web.public_listen"),
            (format!("{app}client_id = '1'\npublic"), "go together"),
            (format!("{app}{bot}{several}public"), "set one of them"),
            (format!("app_token = 'xoxb-1'\n{bot}"), "slack.app_token must begin with xapp-"),
            (format!("{app}bot_token = 'xoxp-1'"), "slack.bot_token must begin with xoxb-"),
            (format!("{app}{bot}connections = 0"), "from 1 to 10"),
            (format!("{app}{bot}connections = 11"), "from 1 to 10"),
            (format!("{app}{bot}api_url = 'http://slack.com/api'"), "must begin with https://"),
            (format!("{app}{bot}authorize_url = 'slack.com'"), "slack.authorize_url"),
        ];
        for (text, says) in wrong {
            let said = sound(&text).expect_err(&text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn a_secret_may_lie_in_a_file_and_is_never_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bot");
        std::fs::write(&file, "xoxb-s3cret\n").expect("written");
        let text = format!("app_token = 'xapp-s3cret'\nbot_token_file = '{}'", file.display());

        let mut slack: Slack = toml::from_str(&text).expect("read");
        slack.fill().expect("filled");
        assert_eq!(slack.bot_token.as_ref().map(Secret::reveal), Some("xoxb-s3cret"));
        assert!(!format!("{slack:?}").contains("s3cret"), "{slack:?}");

        let twice = sound(&format!("{text}\nbot_token = 'xoxb-1'")).expect_err("twice");
        assert!(twice.contains("set one of them"), "{twice}");
        std::fs::write(&file, " \n").expect("written");
        assert!(sound(&text).expect_err("empty").contains("is empty"));
        let wrong = sound("app_token = 's3cret'\nbot_token = 'xoxb-1'").expect_err("no token");
        assert!(!wrong.contains("s3cret"), "{wrong}");
    }
}
