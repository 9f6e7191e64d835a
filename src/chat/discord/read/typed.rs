//! What people typed, as they see it: names where ids stand, and without the call of the bot. Pure.

use serde_json::Value;

use super::field::{list, some, text};

/// The words of a message; a call of the bot at their beginning is not part of what they say.
pub fn words(message: &Value, own: &str) -> String {
    let content = text(message, "content").trim();
    let calls = [format!("<@{own}>"), format!("<@!{own}>")];
    let rest = calls.iter().find_map(|call| content.strip_prefix(call.as_str()));
    plain(rest.unwrap_or(content).trim(), message)
}

/// A text in which marks are what people see.
fn plain(content: &str, message: &Value) -> String {
    let mut said = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(start) = rest.find('<') {
        said.push_str(&rest[..start]);
        let mark = &rest[start..];
        let end = mark.find('>');
        let seen = end.and_then(|end| Some((seen(&mark[1..end], message)?, end)));
        let Some((seen, end)) = seen else {
            said.push('<');
            rest = &mark[1..];
            continue;
        };
        said.push_str(&seen);
        rest = &mark[end + 1..];
    }
    said + rest
}

/// What people see of a mark; `None` when it is none.
fn seen(mark: &str, message: &Value) -> Option<String> {
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(role) = mark.strip_prefix("@&").filter(|id| is_id(id)) {
        return Some(format!("@{role}"));
    }
    if let Some(user) = mark.strip_prefix('@') {
        let id = user.trim_start_matches('!');
        return is_id(id).then(|| format!("@{}", name(id, message)));
    }
    if let Some(channel) = mark.strip_prefix('#').filter(|id| is_id(id)) {
        return Some(format!("#{channel}"));
    }
    if let Some((command, id)) = mark.strip_prefix('/').and_then(|rest| rest.split_once(':')) {
        return is_id(id).then(|| format!("/{command}"));
    }
    let emoji = mark.strip_prefix("a:").or_else(|| mark.strip_prefix(':'))?;
    let (name, id) = emoji.split_once(':')?;
    is_id(id).then(|| format!(":{name}:"))
}

/// How somebody is called in this guild.
fn name(id: &str, message: &Value) -> String {
    let called = list(message, "mentions").find(|user| user["id"] == id);
    let name = called.and_then(|user| {
        let names = [&user["member"]["nick"], &user["global_name"], &user["username"]];
        names.into_iter().find_map(|name| name.as_str().filter(|name| !name.is_empty()))
    });
    name.unwrap_or(id).to_owned()
}

/// Something that says who wrote a message.
pub fn is_by_person(message: &Value, own: &str) -> bool {
    let author = &message["author"];
    let is_program = author["bot"] == true || author["system"] == true;
    let user = text(author, "id");
    !is_program && some(message, "webhook_id").is_none() && !user.is_empty() && user != own
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_are_what_people_see() {
        let table = [
            ("Flu shots", "Flu shots"),
            ("<@9> Flu shots", "Flu shots"),
            ("<@!9>Flu shots", "Flu shots"),
            ("thank <@2> and <@!3>", "thank @Dr. Rao and @3"),
            ("ask <@&5> in <#6>", "ask @5 in #6"),
            ("yes <:wave:7> <a:dance:8>", "yes :wave: :dance:"),
            ("type </post queue:12>", "type /post queue"),
            ("3 < 4 > 2, <b> <@x> <", "3 < 4 > 2, <b> <@x> <"),
        ];
        let mentions = json!([{ "id": "2", "username": "rao", "global_name": "Rao",
            "member": { "nick": "Dr. Rao" } }, { "id": "3", "username": "" }]);

        for (content, expected) in table {
            let message = json!({ "content": content, "mentions": mentions });
            assert_eq!(words(&message, "9"), expected, "{content}");
        }
    }
}
