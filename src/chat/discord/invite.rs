//! What the app needs: the address at which it is brought into a server, with the least, and what its
//! owner switched on. Pure.

use serde_json::Value;
use serenity::model::Permissions;

/// What the app needs in a practice's channels, and what for.
pub const NEEDED: [(Permissions, &str); 8] = [
    (Permissions::VIEW_CHANNEL, "View Channels"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::CREATE_PUBLIC_THREADS, "Create Public Threads"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    (Permissions::EMBED_LINKS, "Embed Links"),
    (Permissions::ATTACH_FILES, "Attach Files"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
    (Permissions::ADD_REACTIONS, "Add Reactions"),
];

/// Where somebody who may do so brings the app of this id into a server.
pub fn invite(app: &str) -> String {
    let all = NEEDED.iter().fold(Permissions::empty(), |all, (one, _)| all | *one);
    format!(
        "https://discord.com/oauth2/authorize?client_id={app}&scope=bot+applications.commands\
         &permissions={}",
        all.bits()
    )
}

/// What the app lacks of that.
pub fn lacks(may: Permissions) -> Vec<&'static str> {
    let missing = NEEDED.iter().filter(|(one, _)| !may.contains(*one));
    missing.map(|(_, name)| *name).collect()
}

/// Whether its owner let the app read whatever people write: Message Content Intent, as any app or as
/// one in few servers.
pub fn may_read_all(app: &Value) -> bool {
    app["flags"].as_u64().is_some_and(|flags| flags & (1 << 18 | 1 << 19) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_asks_for_what_is_needed_and_no_more() {
        assert_eq!(
            invite("42"),
            "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands\
             &permissions=309237763136"
        );
        let but_one = Permissions::all() - Permissions::EMBED_LINKS;
        assert_eq!(lacks(but_one), ["Embed Links"]);
    }
}
