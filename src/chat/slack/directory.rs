//! Who is who in workspaces, and which emoji they made, as Slack says; it is asked again now and
//! then. In memory, and bounded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::api::{Api, Failed};

/// What is known is good for so long.
const FRESH: Duration = Duration::from_mins(10);
/// So many people are kept in mind.
const PEOPLE: usize = 5_000;

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The workspace that they belong to.
    pub team: String,
    /// As they call themselves.
    pub name: String,
    /// An owner or admin of the workspace.
    pub runs: bool,
    /// A program.
    pub program: bool,
    /// The account is no more.
    pub gone: bool,
}

/// People by the workspace that sees them and their id, and when it said so.
type People = HashMap<(String, String), (Instant, Option<Person>)>;
/// Other names for emoji by workspace, and when it said so.
type Emoji = HashMap<String, (Instant, HashMap<String, String>)>;

/// What Slack said of people and emoji. Cheap to clone.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    api: Api,
    people: Mutex<People>,
    emoji: Mutex<Emoji>,
}

impl Directory {
    /// Asks through `api`.
    pub fn new(api: Api) -> Self {
        Self(Arc::new(Inner { api, people: Mutex::default(), emoji: Mutex::default() }))
    }

    /// Somebody, as this workspace sees them; `None` when it sees nobody of that id.
    pub async fn person(&self, team: &str, user: &str) -> Result<Option<Person>, Failed> {
        let key = (team.to_owned(), user.to_owned());
        let now = Instant::now();
        if let Some((_, known)) = self.people().get(&key).filter(|(at, _)| now - *at < FRESH) {
            return Ok(known.clone());
        }
        let found = match self.0.api.get(team, "users.info", &[("user", user)]).await {
            Ok(said) => Some(read(team, &said["user"])),
            Err(Failed::Refused(code)) if is_nobody(&code) => None,
            Err(failed) => return Err(failed),
        };
        let mut people = self.people();
        if people.len() >= PEOPLE {
            people.retain(|_, (at, _)| now - *at < FRESH);
        }
        if people.len() >= PEOPLE {
            people.clear();
        }
        people.insert(key, (now, found.clone()));
        Ok(found)
    }

    /// Somebody changed: Slack is asked again.
    pub fn forget(&self, user: &str) {
        self.people().retain(|(_, known), _| known != user);
    }

    /// The emoji that this name is another name for in this workspace; itself when it is none.
    pub async fn emoji(&self, team: &str, name: &str) -> String {
        let (base, tone) = match name.split_once("::") {
            Some((base, tone)) => (base, format!("::{tone}")),
            None => (name, String::new()),
        };
        let now = Instant::now();
        if let Some((_, known)) = self.made().get(team).filter(|(at, _)| now - *at < FRESH) {
            return known.get(base).map_or_else(|| name.to_owned(), |of| format!("{of}{tone}"));
        }
        // Where it may not be asked or does not answer, nothing is another name for anything.
        let said = self.0.api.get(team, "emoji.list", &[]).await.unwrap_or_default();
        let made = aliases(&said["emoji"]);
        let meant = made.get(base).map_or_else(|| name.to_owned(), |of| format!("{of}{tone}"));
        self.made().insert(team.to_owned(), (now, made));
        meant
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.0.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made(&self) -> MutexGuard<'_, Emoji> {
        self.0.emoji.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_nobody(code: &str) -> bool {
    matches!(code, "user_not_found" | "user_not_visible" | "users_not_found")
}

fn read(team: &str, user: &Value) -> Person {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let profile = &user["profile"];
    let names =
        [&profile["display_name"], &profile["real_name"], &user["real_name"], &user["name"]];
    Person {
        team: text(&user["team_id"]).unwrap_or_else(|| team.to_owned()),
        name: names.into_iter().find_map(text).unwrap_or_default(),
        runs: user["is_admin"] == true || user["is_owner"] == true,
        program: user["is_bot"] == true || user["id"] == "USLACKBOT",
        gone: user["deleted"] == true,
    }
}

/// Other names for emoji; some are names for other names.
fn aliases(emoji: &Value) -> HashMap<String, String> {
    let all: HashMap<&str, &str> = emoji
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, of)| Some((name.as_str(), of.as_str()?.strip_prefix("alias:")?)))
        .collect();
    let last = |of: &'_ str| {
        let mut of = of.to_owned();
        for _ in 0..8 {
            match all.get(of.as_str()) {
                Some(next) => of = (*next).to_owned(),
                None => break,
            }
        }
        of
    };
    all.iter().map(|(name, of)| ((*name).to_owned(), last(of))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_for_names_lead_to_the_emoji() {
        let emoji = json!({
            "yes": "alias:white_check_mark", "yup": "alias:yes", "logo": "https://x/logo.png",
            "a": "alias:b", "b": "alias:a",
        });

        let aliases = aliases(&emoji);

        assert_eq!(aliases["yes"], "white_check_mark");
        assert_eq!(aliases["yup"], "white_check_mark");
        assert!(!aliases.contains_key("logo"));
    }

    #[test]
    fn somebody_is_read_with_the_workspace_they_belong_to() {
        let user = json!({ "id": "U1", "team_id": "T2", "deleted": false, "is_bot": false,
            "real_name": "Noor", "profile": { "display_name": "", "real_name": "Noor A." } });

        let person = read("T1", &user);

        let (team, name) = ("T2".to_owned(), "Noor A.".to_owned());
        assert_eq!(person, Person { team, name, runs: false, program: false, gone: false });
    }
}
