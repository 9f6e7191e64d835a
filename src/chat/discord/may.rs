//! Who may do what in a channel: by roles, then by what the channel says otherwise. Pure.

use serde_json::Value;
use serenity::model::Permissions;

/// What somebody may do in a channel, as Discord tells of its server, the server's roles and itself.
pub fn may(member: &Value, user: &str, of: (&Value, &Value, &Value)) -> Permissions {
    let (guild, roles, place) = of;
    let bits = |value: &Value| {
        let text = value.as_str().and_then(|text| text.parse().ok());
        Permissions::from_bits_truncate(text.unwrap_or(0))
    };
    let own = list(&member["roles"]);
    let has = |role: &Value| *role == guild["id"] || own.contains(role);
    let of_roles = list(roles).iter().filter(|role| has(&role["id"]));
    let may = of_roles.fold(Permissions::empty(), |may, role| may | bits(&role["permissions"]));
    if guild["owner_id"] == user || may.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    let everyone = |one: &Value| one["id"] == guild["id"];
    let of_role = |one: &Value| one["type"] == 0 && one["id"] != guild["id"] && has(&one["id"]);
    let of_member = |one: &Value| one["type"] == 1 && one["id"] == user;
    let turns: [&dyn Fn(&Value) -> bool; 3] = [&everyone, &of_role, &of_member];
    let said = list(&place["permission_overwrites"]);
    let may = turns.iter().fold(may, |may, meant| {
        let meant = said.iter().filter(|one| meant(one));
        let none = (Permissions::empty(), Permissions::empty());
        let (allow, deny) = meant.fold(none, |(allow, deny), one| {
            (allow | bits(&one["allow"]), deny | bits(&one["deny"]))
        });
        (may - deny) | allow
    });
    if may.contains(Permissions::VIEW_CHANNEL) { may } else { Permissions::empty() }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn roles_count_and_then_what_the_channel_says() {
        let guild = json!({ "id": "1", "owner_id": "7" });
        let roles = json!([
            { "id": "1", "permissions": "1024" },
            { "id": "5", "permissions": "2048" },
            { "id": "6", "permissions": "8" },
        ]);
        let place = |said: Value| json!({ "permission_overwrites": said });
        let one = |id: &str, kind: u64, allow: &str, deny: &str| json!({ "id": id, "type": kind, "allow": allow, "deny": deny });
        let hidden = one("1", 0, "0", "1024");
        let may = |user: &str, roles_of: &[&str], said: Value| {
            let member = json!({ "roles": roles_of });
            may(&member, user, (&guild, &roles, &place(said))).bits()
        };

        assert_eq!(may("2", &[], json!([])), 1024);
        assert_eq!(may("2", &["5"], json!([])), 1024 | 2048);
        assert_eq!(may("2", &["5"], json!([hidden])), 0);
        assert_eq!(may("2", &["5"], json!([hidden, one("5", 0, "1024", "2048")])), 1024);
        assert_eq!(may("2", &[], json!([hidden, one("2", 1, "1024", "0")])), 1024);
        assert_eq!(may("3", &[], json!([hidden, one("2", 1, "1024", "0")])), 0);
        let all = Permissions::all().bits();
        assert_eq!((may("7", &[], json!([hidden])), may("2", &["6"], json!([hidden]))), (all, all));
    }
}
