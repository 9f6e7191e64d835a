//! What a message of the simulator may not be: refused with the place of what is wrong.

use serde_json::{Value, json};

use crate::bench::says;
use crate::discord::Discord;

/// Writes each, and holds the place and the code of the first error against what is expected.
async fn refuses(cases: Vec<(Value, &str)>) {
    let discord = Discord::start();
    discord.without_limits();
    let write = format!("POST channels/{}/messages", discord.channel_id("ideas"));
    for (body, wrong) in cases {
        let said = says(&discord, &write, &body).await;
        assert_eq!(place(&said.body["errors"]), wrong, "{body}");
        let (status, code) = if wrong.is_empty() { (200, 0) } else { (400, 50035) };
        assert_eq!((said.status, said.code()), (status, code), "{body}");
    }
}

/// The place of the first error, and its code without what most codes begin with.
fn place(errors: &Value) -> String {
    let mut at = errors;
    let mut path = Vec::new();
    while let Some((name, inner)) = at.as_object().and_then(|fields| fields.iter().next()) {
        if name == "_errors" {
            let code = inner[0]["code"].as_str().expect("a code");
            return format!("{} {}", path.join("."), code.trim_start_matches("BASE_TYPE_"));
        }
        path.push(name.clone());
        at = inner;
    }
    path.join(".")
}

fn x(length: usize) -> String {
    "x".repeat(length)
}

#[tokio::test]
async fn a_message_has_at_most_two_thousand_characters() {
    refuses(vec![
        (json!({ "content": x(2000) }), ""),
        (json!({ "content": format!("  {}  ", x(2000)) }), ""),
        (json!({ "content": "ü".repeat(2000) }), ""),
        (json!({ "content": x(2001) }), "content MAX_LENGTH"),
        (json!({ "content": 1 }), "content STRING_TYPE_CONVERT"),
        (json!({ "content": "x", "embeds": "x" }), "embeds LIST_TYPE_CONVERT"),
        (json!({ "content": "x", "nonce": x(25) }), ""),
        (json!({ "content": "x", "nonce": 7 }), ""),
        (json!({ "content": "x", "nonce": x(26) }), "nonce MAX_LENGTH"),
    ])
    .await;
}

#[tokio::test]
async fn a_message_that_says_nothing_is_refused() {
    let discord = Discord::start();
    let write = format!("POST channels/{}/messages", discord.channel_id("ideas"));
    let row = json!([{ "type": 1, "components": [button("a", "Sign")] }]);
    let empty = [
        json!({}),
        json!({ "content": "  " }),
        json!({ "content": null, "embeds": [] }),
        json!({ "components": row }),
    ];

    for body in empty {
        assert_eq!(says(&discord, &write, &body).await.code(), 50006, "{body}");
    }
}

#[tokio::test]
async fn an_embed_has_its_limits() {
    let one = |inner: Value| json!({ "embeds": [inner] });
    let field = |name: usize, value: usize| json!({ "name": x(name), "value": x(value) });
    let fields = |fields: Vec<Value>| json!({ "embeds": [{ "title": "x", "fields": fields }] });
    refuses(vec![
        (one(json!({ "title": x(256), "description": x(4096) })), ""),
        (one(json!({ "title": x(257) })), "embeds.0.title MAX_LENGTH"),
        (one(json!({ "description": x(4097) })), "embeds.0.description MAX_LENGTH"),
        (one(json!({ "footer": { "text": x(2049) } })), "embeds.0.footer.text MAX_LENGTH"),
        (one(json!({ "author": { "name": x(257) } })), "embeds.0.author.name MAX_LENGTH"),
        (one(json!({})), "embeds.0.description REQUIRED"),
        (fields(vec![field(1, 1); 25]), ""),
        (fields(vec![field(1, 1); 26]), "embeds.0.fields MAX_LENGTH"),
        (fields(vec![field(257, 1)]), "embeds.0.fields.0.name MAX_LENGTH"),
        (fields(vec![field(1, 1025)]), "embeds.0.fields.0.value MAX_LENGTH"),
        (fields(vec![field(1, 0)]), "embeds.0.fields.0.value REQUIRED"),
        (json!({ "embeds": vec![json!({ "title": "x" }); 10] }), ""),
        (json!({ "embeds": vec![json!({ "title": "x" }); 11] }), "embeds MAX_LENGTH"),
        (json!({ "embeds": vec![json!({ "description": x(3000) }); 2] }), ""),
        (
            json!({ "embeds": [{ "description": x(3000) }, { "description": x(3001) }] }),
            "embeds MAX_EMBED_SIZE_EXCEEDED",
        ),
    ])
    .await;
}

#[tokio::test]
async fn components_can_take_the_place_of_words_and_stay() {
    let discord = Discord::start();
    let ideas = format!("channels/{}/messages", discord.channel_id("ideas"));
    let made = says(&discord, &format!("POST {ideas}"), &json!({ "content": "Flu shots." })).await;
    let change = format!("PATCH {ideas}/{}", made.id());
    let text = json!([{ "type": 10, "content": "As a component." }]);

    let both = json!({ "flags": 1 << 15, "components": text });
    assert_eq!(says(&discord, &change, &both).await.code(), 50035);
    let one = json!({ "flags": 1 << 15, "components": text, "content": null });
    assert_eq!(says(&discord, &change, &one).await.status, 200);
    let back = json!({ "flags": 0, "content": "Words again." });
    assert_eq!(says(&discord, &change, &back).await.code(), 50035);

    let seen = discord.transcript("ideas", "tomas");
    assert_eq!(seen, "countersign: As a component. (edited)");
}

fn button(id: &str, label: &str) -> Value {
    json!({ "type": 2, "style": 1, "custom_id": id, "label": label })
}

#[tokio::test]
async fn a_row_has_its_limits() {
    let rows = |rows: Vec<Value>| json!({ "content": "x", "components": rows });
    let row = |inner: Value| rows(vec![json!({ "type": 1, "components": inner })]);
    let options = |count: usize| vec![json!({ "label": "x", "value": "x" }); count];
    let menu = |count: usize| json!({ "type": 3, "custom_id": "m", "options": options(count) });
    let at = "components.0.components.0";
    let lone = |n: usize| json!({ "type": 1, "components": [button(&n.to_string(), "x")] });
    refuses(vec![
        (row(json!([button("a", "Sign"), button("b", "Hold")])), ""),
        (
            row(json!([button("a", "Sign"), button("a", "Hold")])),
            "components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (row(json!([button(&x(100), &x(80))])), ""),
        (row(json!([button(&x(101), "x")])), &format!("{at}.custom_id BAD_LENGTH")),
        (row(json!([button("a", &x(81))])), &format!("{at}.label MAX_LENGTH")),
        (
            row(json!([button("a", "")])),
            &format!("{at}.label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
        ),
        (row(json!([{ "type": 2, "style": 5, "label": "x" }])), &format!("{at}.url BAD_LENGTH")),
        (
            row(json!([{ "type": 2, "style": 9, "label": "x" }])),
            &format!("{at}.style ENUM_TYPE_COERCE"),
        ),
        (
            row(json!(["a", "b", "c", "d", "e", "f"].map(|id| button(id, "x")))),
            "components.0.components BAD_LENGTH",
        ),
        (row(json!([])), "components.0.components BAD_LENGTH"),
        (rows((0..5).map(lone).collect()), ""),
        (rows((0..6).map(lone).collect()), "components MAX_LENGTH"),
        (row(json!([menu(25)])), ""),
        (row(json!([menu(26)])), &format!("{at}.options BAD_LENGTH")),
        (
            row(json!([menu(1), button("a", "x")])),
            "components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            row(json!([{ "type": 4, "custom_id": "t", "style": 1 }])),
            &format!("{at}.type UNION_TYPE_CHOICES"),
        ),
    ])
    .await;
}

#[tokio::test]
async fn components_instead_of_words_stand_alone() {
    let v2 = |inner: Value| json!({ "flags": 1 << 15, "components": inner });
    let text = json!({ "type": 10, "content": "x" });
    let with = |name: &str, value: Value| {
        let mut body = v2(json!([text]));
        body[name] = value;
        body
    };
    let legacy = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    refuses(vec![
        (v2(json!([{ "type": 17, "components": [text, { "type": 14 }] }])), ""),
        (json!({ "content": "x", "components": [text] }), "components.0.type UNION_TYPE_CHOICES"),
        (with("content", json!("x")), &format!("content {legacy}")),
        (with("embeds", json!([{ "title": "x" }])), &format!("embeds {legacy}")),
        (v2(json!([{ "type": 10, "content": "" }])), "components.0.content BAD_LENGTH"),
        (v2(json!(vec![text.clone(); 40])), ""),
        (v2(json!(vec![text.clone(); 41])), "components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    ])
    .await;
}
