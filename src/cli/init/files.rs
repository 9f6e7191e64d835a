//! The files that `init` writes, with what each line is for.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use crate::domain::member::Role;

/// Somebody of the practice.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) identity: Option<String>,
}

/// What was asked.
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) platform: String,
    pub(super) people: Vec<Person>,
    /// A server's address, if it is not SQLite.
    pub(super) database: Option<String>,
}

const SETTINGS: &str = "\
# Countersign's settings. Each can be set by a variable as well, which wins: web.listen is
# COUNTERSIGN_WEB_LISTEN. `countersign check` says whether they are right.

[web]
# Health and figures (/healthz, /metrics), for you alone.
listen = \"127.0.0.1:7420\"
# What networks must be able to fetch, behind your own https; off unless both are set.
# public_listen = \"127.0.0.1:7422\"
# public_url = \"https://posts.example.org\"

[alert]
# Asked for every minute while all is well; whoever waits for it there raises the alarm.
# heartbeat_url = \"https://beats.example.org/...\"
# heartbeat_seconds = 60

# Slack, once there is an app: docs/slack.md, or `countersign slack manifest`.
# [slack]
# app_token_file = \"/etc/countersign/slack-app-token\"
# bot_token_file = \"/etc/countersign/slack-bot-token\"

# Discord, once there is an app: docs/discord.md, or `countersign discord invite`.
# [discord]
# token_file = \"/etc/countersign/discord-token\"
";

impl Answers {
    /// `countersign.toml`
    pub(super) fn settings(&self) -> String {
        let url = match &self.database {
            None => {
                "# SQLite in the data folder. PostgreSQL: url = \"postgres://USER:PASSWORD@HOST/NAME\""
                    .to_owned()
            }
            Some(url) => format!("url = {}", quoted(url)),
        };
        format!("{SETTINGS}\n[database]\n{url}\n")
    }

    /// `practice.toml`
    pub(super) fn practice(&self) -> String {
        let Self { name, zone, platform, people, .. } = self;
        let (id, name, zone) = (quoted(&slug(name)), quoted(name), quoted(zone));
        let mut page = format!(
            "# A practice. `countersign practice apply practice.toml` brings it in, and every later\n\
             # change as well.\n\n\
             id = {id}\nname = {name}\nzone = {zone}\n\
             # The only approver of a practice may sign own posts, in a second step.\n\
             own_words = false\n\
             # States whose rules count beside the federal ones: ca, fl, ny, tx.\n\
             # states = [\"ny\"]\n\
             # Its own numbers and addresses, and words to be told of.\n\
             # phones = [\"512 555 0147\"]\n# addresses = [\"7778 Birch St\"]\n\
             # watched = [\"Botox\"]\n\n\
             # No post leaves at night: its slot moves to the end of these hours.\n\
             # [quiet]\n# from = \"21:00\"\n# to = \"07:00\"\n\n\
             # How many must sign, and who: \"all\" or a number; without `of`, every approver may.\n\
             # policy.low and policy.high say otherwise for posts of less and more risk.\n\
             [[policy.normal]]\nneeded = 1\n"
        );
        let example = format!("[{}]", quoted(&format!("{platform}:WORKSPACE/USER")));
        for Person { id, name, role, identity } in people {
            let (id, name) = (quoted(id), quoted(name));
            let identity = match identity {
                Some(identity) => format!("identities = [{}]", quoted(identity)),
                None => format!("# identities = {example}"),
            };
            let told = write!(
                page,
                "\n[[member]]\nid = {id}\nname = {name}\nrole = \"{role}\"\n{identity}\n"
            );
            told.expect("a string grows");
        }
        if people.is_empty() {
            let told = write!(
                page,
                "\n# Its people: staff, approver, manager, compliance.\n# [[member]]\n\
                 # id = \"dr-rao\"\n# name = \"Dr. Rao\"\n# role = \"approver\"\n\
                 # identities = {example}\n"
            );
            told.expect("a string grows");
        }
        for purpose in ["ideas", "approvals", "digest"] {
            let told = write!(
                page,
                "\n# [[channel]]\n# purpose = \"{purpose}\"\n\
                 # at = \"{platform}:WORKSPACE/CHANNEL\"\n"
            );
            told.expect("a string grows");
        }
        page
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A name as an id: small letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    let plain = name.nfd().filter(char::is_ascii).collect::<String>().to_lowercase();
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(name: &str, database: Option<&str>) -> Answers {
        let rao = Person {
            id: "dr-rao".to_owned(),
            name: "Dr. \"Ray\" Rao".to_owned(),
            role: Role::Approver,
            identity: Some("slack:T0123/U0456".to_owned()),
        };
        let tomas = Person {
            id: "tomas".to_owned(),
            name: "Tomas".to_owned(),
            role: Role::Staff,
            identity: None,
        };
        Answers {
            name: name.to_owned(),
            zone: "America/Chicago".to_owned(),
            platform: "slack".to_owned(),
            people: vec![rao, tomas],
            database: database.map(str::to_owned),
        }
    }

    #[test]
    fn both_files_are_sound_whatever_was_typed() {
        let answers = answers("Müller & Söhne \"North\"", Some("postgres://a:\"b\\c@d/e"));

        let practice: toml::Table = answers.practice().parse().expect("TOML");
        let settings: toml::Table = answers.settings().parse().expect("TOML");

        assert_eq!(practice["id"].as_str(), Some("muller-sohne-north"));
        assert_eq!(practice["name"].as_str(), Some("Müller & Söhne \"North\""));
        assert_eq!(practice["policy"]["normal"][0]["needed"].as_integer(), Some(1));
        assert_eq!(practice["member"][0]["name"].as_str(), Some("Dr. \"Ray\" Rao"));
        assert_eq!(practice["member"][0]["identities"][0].as_str(), Some("slack:T0123/U0456"));
        assert!(practice["member"][1].get("identities").is_none());
        assert_eq!(settings["database"]["url"].as_str(), Some("postgres://a:\"b\\c@d/e"));
    }

    #[test]
    fn what_is_commented_out_is_sound_as_well() {
        let all = [answers("Northside", None).practice(), answers("Northside", None).settings()];

        let comment = regex::Regex::new(r"(?m)^# (\[|[a-z_]+ = )").expect("a pattern");
        for page in all {
            let page = comment.replace_all(&page, "$1");
            assert!(page.parse::<toml::Table>().is_ok(), "{page}");
        }
    }
}
