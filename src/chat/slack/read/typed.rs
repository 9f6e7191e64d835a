//! What people typed, without the marks in which Slack stores it. Pure.
//!
//! Slack keeps a message twice: as rich text, piece by piece, and as one line of its markup, in
//! which `&lt;` is a sign and `<https://a.example|here>` an address. The pieces are read where
//! they are all understood, and the line where not. How words look (bold, a list's dot) is no
//! part of what they say, but for a list's marks.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::emoji;
use super::field::{list, some, text};

/// People's names by their ids.
pub type Names = HashMap<String, String>;

/// Whom nobody could name.
const SOMEBODY: &str = "somebody";

/// The words of a message.
pub fn words(message: &Value, names: &Names) -> String {
    let blocks: Vec<&Value> = list(message, "blocks").collect();
    let rich = blocks.iter().map(|block| rich(block, message, names)).collect::<Option<Vec<_>>>();
    match rich {
        Some(parts) if !parts.is_empty() => parts.join("\n"),
        _ => {
            let line = plain(text(message, "text"), names);
            // What an app shows in blocks may have no line.
            if line.is_empty() { shown(&blocks, names) } else { line }
        }
    }
}

/// The words of one line of Slack's markup.
pub fn plain(line: &str, names: &Names) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        out.push_str(&emoji::in_text(&unescaped(&rest[..start])));
        let from = &rest[start + 1..];
        let end = from.find(['>', '<']).filter(|end| from[*end..].starts_with('>'));
        if let Some((meant, end)) = end.and_then(|end| Some((marked(&from[..end], names)?, end))) {
            out.push_str(&meant);
            rest = &from[end + 1..];
        } else {
            out.push('<');
            rest = from;
        }
    }
    out + &emoji::in_text(&unescaped(rest))
}

/// The people whom the words of a payload name only by their ids.
pub fn named(payload: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather(payload, &mut found);
    found
}

fn gather(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| gather(one, found)),
        Value::Object(fields) => {
            if value["type"] == "user"
                && let Some(id) = some(value, "user_id")
            {
                found.insert(id.to_owned());
            }
            fields.values().for_each(|field| gather(field, found));
        }
        Value::String(line) => {
            for marked in line.split("<@").skip(1) {
                let id = marked.split(['>', '|']).next().unwrap_or_default();
                if is_id(id) {
                    found.insert(id.to_owned());
                }
            }
        }
        _ => {}
    }
}

fn is_id(id: &str) -> bool {
    id.starts_with(['U', 'W']) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Slack's three signs.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What a mark between `<` and `>` means; `None` for what is no mark.
fn marked(mark: &str, names: &Names) -> Option<String> {
    let (what, label) = mark.split_once('|').unwrap_or((mark, ""));
    let label = unescaped(label);
    let or = |other: &str| if label.is_empty() { other.to_owned() } else { label.clone() };
    if let Some(id) = what.strip_prefix('@') {
        let name = names.get(id).cloned().unwrap_or_else(|| or(SOMEBODY));
        return Some(format!("@{name}"));
    }
    if what.starts_with('#') {
        return Some(format!("#{}", or("channel")));
    }
    if let Some(special) = what.strip_prefix('!') {
        let at = |name: &str| format!("@{}", name.trim_start_matches('@'));
        return Some(match special.split('^').next().unwrap_or_default() {
            "subteam" => at(&or("group")),
            "date" => label,
            name => at(&or(name)),
        });
    }
    let scheme = what.split_once(':').map(|(scheme, _)| scheme)?;
    let known = ["http", "https", "mailto", "tel"].contains(&scheme);
    known.then(|| address(&unescaped(what), &label))
}

/// An address and the words that stand for it, as words.
fn address(url: &str, label: &str) -> String {
    let bare = |url: &str| {
        let after = url.split_once("://").map_or(url, |(_, after)| after);
        let after = after.strip_prefix("mailto:").or(after.strip_prefix("tel:")).unwrap_or(after);
        after.trim_end_matches('/').to_owned()
    };
    if label.is_empty() || label == url {
        bare_mail(url)
    } else if bare(label) == bare(url) {
        label.to_owned()
    } else {
        format!("{label} ({url})")
    }
}

/// An address of mail or telephone as people write it.
fn bare_mail(url: &str) -> String {
    url.strip_prefix("mailto:").or(url.strip_prefix("tel:")).unwrap_or(url).to_owned()
}

/// The words of a block of rich text; `None` when something in it is not understood.
fn rich(block: &Value, message: &Value, names: &Names) -> Option<String> {
    if block["type"] != "rich_text" {
        return None;
    }
    let mut out = String::new();
    for element in list(block, "elements") {
        let part = match text(element, "type") {
            "rich_text_section" | "rich_text_preformatted" | "rich_text_quote" => {
                line(element, message, names)?
            }
            "rich_text_list" => items(element, message, names)?,
            _ => return None,
        };
        if !out.is_empty() && !out.ends_with('\n') && !part.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(&part);
    }
    Some(out)
}

fn items(element: &Value, message: &Value, names: &Names) -> Option<String> {
    let indent = "  ".repeat(usize::try_from(element["indent"].as_u64().unwrap_or(0).min(8)).ok()?);
    let first = element["offset"].as_u64().unwrap_or(0) + 1;
    let ordered = element["style"] == "ordered";
    let lines = (first..).zip(list(element, "elements")).map(|(number, item)| {
        let words = line(item, message, names)?;
        let mark = if ordered { format!("{number}.") } else { "•".to_owned() };
        Some(format!("{indent}{mark} {words}"))
    });
    Some(lines.collect::<Option<Vec<_>>>()?.join("\n"))
}

fn line(element: &Value, message: &Value, names: &Names) -> Option<String> {
    list(element, "elements").map(|piece| self::piece(piece, message, names)).collect()
}

/// A piece of a line: words, or what stands for somebody or something.
fn piece(piece: &Value, message: &Value, names: &Names) -> Option<String> {
    let own = some(piece, "text").or(some(piece, "fallback"));
    Some(match text(piece, "type") {
        "text" => piece["text"].as_str()?.to_owned(),
        "link" => address(some(piece, "url")?, text(piece, "text")),
        "emoji" => sign(piece),
        "user" => {
            let name = names.get(some(piece, "user_id")?).map_or(SOMEBODY, String::as_str);
            format!("@{name}")
        }
        "usergroup" => "@group".to_owned(),
        "channel" => format!("#{}", label_of(message, some(piece, "channel_id")?)),
        "broadcast" => format!("@{}", some(piece, "range")?),
        "color" => some(piece, "value")?.to_owned(),
        "date" => own?.to_owned(),
        _ => return None,
    })
}

/// An emoji: as Slack's client wrote it along, by its name, or the name when nobody knows it.
fn sign(piece: &Value) -> String {
    let code = some(piece, "unicode").and_then(|code| {
        let points = code.split('-').map(|hex| u32::from_str_radix(hex, 16).ok());
        points.map(|point| point.and_then(char::from_u32)).collect::<Option<String>>()
    });
    let name = text(piece, "name");
    let toned = piece["skin_tone"].as_u64().map(|tone| format!("{name}::skin-tone-{tone}"));
    let found = code.or_else(|| toned.and_then(|toned| emoji::named(&toned)));
    found.or_else(|| emoji::named(name)).unwrap_or_else(|| format!(":{name}:"))
}

/// How the message's own line calls a channel.
fn label_of<'a>(message: &'a Value, id: &str) -> &'a str {
    let line = text(message, "text");
    let after = line.split_once(&format!("<#{id}|")).map(|(_, after)| after);
    let label = after.and_then(|after| after.split('>').next()).filter(|label| !label.is_empty());
    label.unwrap_or("channel")
}

/// The words of what an app shows.
fn shown(blocks: &[&Value], names: &Names) -> String {
    let texts = blocks.iter().flat_map(|block| {
        let fields = list(block, "fields").filter_map(|field| field["text"].as_str());
        block["text"]["text"].as_str().into_iter().chain(fields)
    });
    texts.map(|line| plain(line, names)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names() -> Names {
        Names::from([("U1".to_owned(), "Dr. Rao".to_owned())])
    }

    #[test]
    fn a_line_of_markup_reads_as_it_was_typed() {
        let table = [
            ("Flu shots &amp; more &lt;now&gt;", "Flu shots & more <now>"),
            ("thank <@U1> and <@U2|maya>", "thank @Dr. Rao and @maya"),
            ("ask <@U9>", "ask @somebody"),
            ("in <#C1|ideas> or <#C2>", "in #ideas or #channel"),
            ("<!here> <!channel> <!subteam^S1|@nurses>", "@here @channel @nurses"),
            ("on <!date^1392734382^{date}|18 Feb 2014>", "on 18 Feb 2014"),
            ("see <https://a.example/x?y=1&amp;z=2>", "see https://a.example/x?y=1&z=2"),
            ("see <https://a.example|a.example>", "see a.example"),
            ("see <https://a.example/flu|our page>", "see our page (https://a.example/flu)"),
            ("write <mailto:a@b.example|a@b.example>", "write a@b.example"),
            (":tada: 5 < 6 > 4 <x", "🎉 5 < 6 > 4 <x"),
            ("&amp;lt;", "&lt;"),
            ("<javascript:x|y>", "<javascript:x|y>"),
        ];

        for (line, expected) in table {
            assert_eq!(plain(line, &names()), expected, "{line}");
        }
    }

    #[test]
    fn rich_text_is_read_before_the_line() {
        let section =
            |elements: Value| json!({ "type": "rich_text_section", "elements": elements });
        let said = |words: &str| json!([{ "type": "text", "text": words }]);
        let block = json!({ "type": "rich_text", "elements": [
            section(json!([
                { "type": "text", "text": "Flu " },
                { "type": "text", "text": "shots", "style": { "bold": true } },
                { "type": "emoji", "name": "white_check_mark", "unicode": "2705" },
                { "type": "emoji", "name": "wave", "skin_tone": 3 },
                { "type": "emoji", "name": "our-logo" },
                { "type": "user", "user_id": "U1" },
                { "type": "channel", "channel_id": "C1" },
                { "type": "broadcast", "range": "here" },
                { "type": "text", "text": " <now> & *here*" },
            ])),
            { "type": "rich_text_list", "style": "ordered", "elements": [
                section(said("After breakfast")), section(said("After lunch")),
            ]},
            { "type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [
                section(json!([{ "type": "link", "url": "https://a.example", "text": "why" }])),
            ]},
            { "type": "rich_text_quote", "elements": said("quoted") },
        ]});
        let message = json!({ "text": "other, in <#C1|ideas>", "blocks": [block] });

        assert_eq!(
            words(&message, &names()),
            "Flu shots✅👋🏼:our-logo:@Dr. Rao#ideas@here <now> & *here*\n1. After breakfast\n\
             2. After lunch\n  • why (https://a.example)\nquoted"
        );
    }

    #[test]
    fn what_is_not_understood_is_read_from_the_line() {
        let odd = json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section",
            "elements": [{ "type": "hologram" }] }] });
        let section =
            json!({ "type": "section", "text": { "type": "mrkdwn", "text": "a &amp; b" } });
        let table = [
            (json!({ "text": "a &lt; b", "blocks": [odd] }), "a < b"),
            (json!({ "text": "said", "blocks": [section] }), "said"),
            (json!({ "text": "", "blocks": [section] }), "a & b"),
            (json!({ "text": "a &lt; b" }), "a < b"),
            (json!({}), ""),
        ];

        for (message, expected) in table {
            assert_eq!(words(&message, &names()), expected, "{message}");
        }
    }

    #[test]
    fn everybody_who_is_named_by_id_is_found() {
        let payload = json!({ "text": "<@U1> <@W2|x> <@no> <@", "blocks": [
            { "type": "rich_text", "elements": [{ "elements": [
                { "type": "user", "user_id": "U3" },
            ]}]},
        ]});

        assert_eq!(Vec::from_iter(named(&payload)), ["U1", "U3", "W2"]);
    }
}
