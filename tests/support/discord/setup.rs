//! Making a world: guilds, people, roles, channels, and apps that are in guilds.

use serde_json::json;

use super::events::{PRIVILEGED, Place};
use super::id::Id;
use super::permissions::USUAL;
use super::world::{App, Channel, Guild, Member, Role, User, World};

/// The people of the sample practice.
const PEOPLE: &[&str] = &["lena", "tomas", "maya", "dr-rao", "dr-kim", "dr-diaz", "ana"];

impl World {
    /// The sample practice: its people, its three channels, its physicians, and the app.
    pub fn add_practice(&mut self) {
        let people: Vec<Id> = PEOPLE.iter().map(|name| self.add_user(name)).collect();
        let guild = self.add_guild("Northside", people[0]);
        let physicians = self.add_role(guild, "physicians");
        for (name, user) in PEOPLE.iter().zip(people) {
            let roles = if name.starts_with("dr-") { vec![physicians] } else { Vec::new() };
            self.join(guild, user, roles);
        }
        for name in ["ideas", "approvals", "digest"] {
            self.add_channel(guild, name);
        }
        let app = self.add_app("countersign");
        self.join(guild, app, Vec::new());
    }

    /// Someone.
    pub fn add_user(&mut self, name: &str) -> Id {
        let id = self.id();
        let name = name.to_owned();
        self.users.push(User { id, name, bot: false, closed: false, modal: None });
        id
    }

    /// A guild that nobody is in yet; everyone may there what is usual.
    pub fn add_guild(&mut self, name: &str, owner: Id) -> Id {
        let id = self.id();
        let everyone = Role { id, name: "@everyone".to_owned(), permissions: USUAL };
        let name = name.to_owned();
        let (roles, members, emojis) = (vec![everyone], Vec::new(), Vec::new());
        self.guilds.push(Guild { id, name, owner, roles, members, emojis });
        id
    }

    /// A role that allows nothing more.
    pub fn add_role(&mut self, guild: Id, name: &str) -> Id {
        let id = self.id();
        let role = Role { id, name: name.to_owned(), permissions: 0 };
        self.guild_mut(guild).expect("known").roles.push(role);
        id
    }

    /// An emoji of a guild's own.
    pub fn add_emoji(&mut self, guild: Id, name: &str) -> Id {
        let id = self.id();
        self.guild_mut(guild).expect("known").emojis.push((id, name.to_owned()));
        id
    }

    /// Someone comes into a guild.
    pub fn join(&mut self, guild: Id, user: Id, roles: Vec<Id>) {
        let member = Member { user, roles, nick: None };
        self.guild_mut(guild).expect("known").members.push(member);
        self.tell("GUILD_MEMBER_ADD", Place::Guild(guild), |world, _| {
            let member = world.member(guild, user).expect("it has just come");
            let mut json = world.member_json(member, true);
            json["guild_id"] = json!(guild);
            json
        });
        self.tell("GUILD_CREATE", Place::App(user, Some(guild)), |world, session| {
            world.guild_create_json(world.guild(guild).expect("known"), session.app)
        });
    }

    /// A text channel.
    pub fn add_channel(&mut self, guild: Id, name: &str) -> Id {
        let id = self.id();
        self.channels.push(Channel {
            id,
            kind: 0,
            guild: Some(guild),
            name: name.to_owned(),
            parent: None,
            recipients: Vec::new(),
            overwrites: Vec::new(),
            thread: None,
            messages: Vec::new(),
        });
        id
    }

    /// An app with its bot, in no guild yet; all its privileged intents are switched on.
    pub fn add_app(&mut self, name: &str) -> Id {
        let id = self.id();
        let bot = User { id, name: name.to_owned(), bot: true, closed: false, modal: None };
        self.users.push(bot);
        self.apps.push(App {
            id,
            name: name.to_owned(),
            // Clients read the id in the first part of it.
            token: format!("{}.{:06x}.{:038x}", base64_of(id), id.0 & 0xff_ffff, id.0),
            privileged: PRIVILEGED,
            commands: Vec::new(),
            identifies_left: 1000,
        });
        id
    }
}

fn base64_of(id: Id) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD_NO_PAD.encode(id.to_string())
}
