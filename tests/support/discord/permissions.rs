//! Who may do what where: roles of a guild, then what a channel says otherwise.

use super::id::Id;
use super::world::{Channel, Overwrite, World};

pub const ADMINISTRATOR: u64 = 1 << 3;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const MANAGE_THREADS: u64 = 1 << 34;
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;

/// What everyone may in the sample guild, and both sides of a direct conversation.
pub const USUAL: u64 = ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS;

impl World {
    /// What someone may do in a channel.
    pub fn permissions(&self, user: Id, channel: &Channel) -> u64 {
        let Some(guild) = channel.guild.and_then(|guild| self.guild(guild)) else {
            return if channel.recipients.contains(&user) { USUAL } else { 0 };
        };
        let Some(member) = self.member(guild.id, user) else { return 0 };
        let has = |id: Id| id == guild.id || member.roles.contains(&id);
        let roles = guild.roles.iter().filter(|role| has(role.id));
        let mut may = roles.fold(0, |may, role| may | role.permissions);
        if guild.owner == user || may & ADMINISTRATOR != 0 {
            return u64::MAX >> 12;
        }
        // A thread has what its channel says.
        let says = channel.thread.as_ref().and(channel.parent).and_then(|id| self.channel(id));
        let overwrites = &says.unwrap_or(channel).overwrites;
        let everyone = |o: &&Overwrite| o.id == guild.id;
        let of_roles = |o: &&Overwrite| !o.of_member && o.id != guild.id && has(o.id);
        let own = |o: &&Overwrite| o.of_member && o.id == user;
        let said = |meant: &dyn Fn(&&Overwrite) -> bool| {
            let meant = overwrites.iter().filter(|o| meant(o));
            meant.fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny))
        };
        for (allow, deny) in [said(&everyone), said(&of_roles), said(&own)] {
            may = (may & !deny) | allow;
        }
        if may & VIEW_CHANNEL == 0 { 0 } else { may }
    }

    /// Whether someone may do all of this in a channel.
    pub fn may(&self, user: Id, channel: Id, what: u64) -> bool {
        self.channel(channel).is_some_and(|channel| self.permissions(user, channel) & what == what)
    }
}
