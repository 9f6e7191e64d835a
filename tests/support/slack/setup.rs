//! Making a world: workspaces, people, channels, apps and their installs.

use std::collections::{BTreeSet, HashMap};

use super::world::{App, Channel, Install, Team, User, World};

/// What the app may do where a test says nothing else.
pub const SCOPES: &[&str] = &[
    "commands",
    "chat:write",
    "reactions:read",
    "reactions:write",
    "channels:history",
    "groups:history",
    "im:history",
    "channels:read",
    "groups:read",
    "im:read",
    "im:write",
    "users:read",
    "files:read",
    "files:write",
    "team:read",
    "emoji:read",
    "channels:join",
];

/// The people of the sample practice.
const PEOPLE: &[&str] = &["tomas", "maya", "dr-rao", "dr-kim", "dr-diaz", "ana", "lena"];

impl World {
    /// The sample practice: its people, its three channels, and the app in all of them.
    pub fn add_practice(&mut self) {
        let team = self.add_team("Northside");
        let app = self.add_app("countersign");
        let people: Vec<String> = PEOPLE.iter().map(|name| self.add_user(&team, name)).collect();
        let scopes = SCOPES.iter().map(|&scope| scope.to_owned()).collect();
        let bot = self.install_app(&app, &team, scopes).bot_user;
        for name in ["ideas", "approvals", "digest"] {
            let channel = self.add_channel(&team, name);
            let members = &mut self.channel_mut(&channel).expect("made").members;
            members.extend(people.iter().cloned());
            members.insert(bot.clone());
        }
    }

    /// A workspace.
    pub fn add_team(&mut self, name: &str) -> String {
        let id = format!("T{}", loud(name));
        self.teams.push(Team { id: id.clone(), name: name.to_owned(), emoji: HashMap::new() });
        id
    }

    /// Someone in a workspace.
    pub fn add_user(&mut self, team: &str, name: &str) -> String {
        let id = format!("U{}", loud(name));
        self.users.push(User {
            id: id.clone(),
            team: team.to_owned(),
            name: name.to_owned(),
            zone: "America/Chicago".to_owned(),
            is_bot: false,
            is_admin: false,
            deleted: false,
            home: None,
            modals: Vec::new(),
        });
        id
    }

    /// A channel of a workspace, with nobody in it.
    pub fn add_channel(&mut self, team: &str, name: &str) -> String {
        let id = format!("C{}", loud(name));
        self.channels.push(Channel {
            id: id.clone(),
            name: name.to_owned(),
            private: false,
            im: false,
            archived: false,
            teams: vec![team.to_owned()],
            members: BTreeSet::new(),
            messages: Vec::new(),
        });
        id
    }

    /// An app, in no workspace yet.
    pub fn add_app(&mut self, name: &str) -> String {
        let id = format!("A{}", loud(name));
        self.apps.push(App {
            id: id.clone(),
            name: name.to_owned(),
            client_id: format!("1.{}", self.apps.len() + 1),
            client_secret: format!("client-secret-{name}"),
            signing_secret: format!("signing-secret-{name}"),
            socket_token: format!("xapp-1-{id}"),
            request_url: None,
            rotates: false,
        });
        id
    }

    /// Brings an app into a workspace; where it is already, its scopes and its token are new.
    pub fn install_app(&mut self, app: &str, team: &str, scopes: Vec<String>) -> Install {
        let letter = if self.app(app).rotates { "xoxe.xoxb-" } else { "xoxb-" };
        let (token, refresh) = (self.id(letter), self.id("xoxe-"));
        if let Some(known) = self.installs.iter_mut().find(|i| i.app == app && i.team == team) {
            *known = Install { token, refresh, scopes, revoked: false, ..known.clone() };
            return known.clone();
        }
        let name = self.app(app).name.clone();
        let bot_user = self.add_user(team, &format!("{name}{}", self.installs.len() + 1));
        let user = self.user_mut(&bot_user).expect("made");
        user.is_bot = true;
        user.name = name;
        let install = Install {
            app: app.to_owned(),
            team: team.to_owned(),
            token,
            refresh,
            scopes,
            bot: format!("B{}", &bot_user[1..]),
            bot_user,
            revoked: false,
        };
        self.installs.push(install.clone());
        install
    }

    /// The direct conversation of two; made when there is none.
    pub fn direct(&mut self, team: &str, one: &str, other: &str) -> String {
        let both = BTreeSet::from([one.to_owned(), other.to_owned()]);
        let known = self.channels.iter().find(|channel| channel.im && channel.members == both);
        if let Some(known) = known {
            return known.id.clone();
        }
        let id = self.id("D");
        self.channels.push(Channel {
            id: id.clone(),
            name: String::new(),
            private: true,
            im: true,
            archived: false,
            teams: vec![team.to_owned()],
            members: both,
            messages: Vec::new(),
        });
        id
    }
}

/// A name as ids are written.
fn loud(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}
