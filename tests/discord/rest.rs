//! The REST API of the simulator: what it refuses, and what it keeps of what it takes.

use serde_json::{Value, json};

use crate::bench::{asks, read, says, sends};
use crate::discord::{Discord, Id, Overwrite, client, permissions as may};

fn free() -> (Discord, String) {
    let discord = Discord::start();
    discord.without_limits();
    let ideas = format!("channels/{}/messages", discord.channel_id("ideas"));
    (discord, ideas)
}

#[tokio::test]
async fn a_nonce_makes_one_message_if_it_is_enforced() {
    let (discord, ideas) = free();
    let create = format!("POST {ideas}");
    let once = json!({ "content": "Once.", "nonce": "draft-1", "enforce_nonce": true });

    let first = says(&discord, &create, &once).await;
    let again = says(&discord, &create, &once).await;
    let other = says(&discord, &create, &json!({ "content": "Once.", "nonce": "draft-1" })).await;

    assert_eq!((first.id(), &first.body["nonce"]), (again.id(), &json!("draft-1")));
    assert_ne!(other.id(), first.id(), "nobody asked to enforce it");
    assert_eq!(asks(&discord, &format!("DELETE {ideas}/{}", first.id())).await.status, 204);
    assert_eq!(says(&discord, &create, &once).await.code(), 10008, "it is gone");
    discord.with(|world| world.later(std::time::Duration::from_secs(301)));
    assert_ne!(says(&discord, &create, &once).await.id(), first.id(), "it is forgotten");
}

#[tokio::test]
async fn a_history_is_read_page_by_page() {
    let (discord, ideas) = free();
    let tomas = discord.person("tomas");
    let all: Vec<Id> = (1..=7).map(|n| tomas.says("ideas", &n.to_string()).1).collect();
    tomas.deletes(&(discord.channel_id("ideas"), all[6]));
    let cases = [
        ("", "6 5 4 3 2 1".to_owned()),
        ("limit=2", "6 5".to_owned()),
        (&format!("limit=2&before={}", all[4]), "4 3".to_owned()),
        (&format!("limit=2&after={}", all[1]), "4 3".to_owned()),
        (&format!("limit=3&around={}", all[2]), "4 3 2".to_owned()),
        // As serenity writes a query.
        ("&limit=1", "6".to_owned()),
    ];

    for (query, expected) in cases {
        let page = asks(&discord, &format!("GET {ideas}?{query}")).await;
        let page = page.body.as_array().expect("a list").clone();
        let words: Vec<_> = page.iter().filter_map(|m| m["content"].as_str()).collect();
        assert_eq!(words.join(" "), expected, "{query}");
    }
    for query in ["limit=0", "limit=101", "limit=x", "before=x"] {
        assert_eq!(asks(&discord, &format!("GET {ideas}?{query}")).await.code(), 50035, "{query}");
    }
}

#[tokio::test]
async fn only_what_one_may_do_is_done() {
    let (discord, ideas) = free();
    let (tomas, app) = (discord.person("tomas"), discord.app().id);
    let idea = tomas.says("ideas", "Flu shots.");
    let one = format!("{ideas}/{}", idea.1);
    let everyone = discord.guild();
    let deny = |deny: u64| {
        let overwrite = Overwrite { id: everyone, of_member: false, allow: 0, deny };
        discord.with(|world| {
            world.channel_mut(idea.0).expect("known").overwrites = vec![overwrite];
        });
    };
    let write = || says(&discord, "POST channels/0/messages", &Value::Null);

    assert_eq!(write().await.code(), 10003);
    assert_eq!(
        says(&discord, &format!("PATCH {one}"), &json!({ "content": "No." })).await.code(),
        50005
    );
    assert_eq!(asks(&discord, &format!("DELETE {one}")).await.code(), 50013);
    deny(may::SEND_MESSAGES);
    let said = says(&discord, &format!("POST {ideas}"), &json!({ "content": "x" })).await;
    assert_eq!((said.status, said.code()), (403, 50013));
    deny(may::EMBED_LINKS);
    let embed = json!({ "embeds": [{ "title": "x" }] });
    assert_eq!(says(&discord, &format!("POST {ideas}"), &embed).await.code(), 50013);
    deny(may::ADD_REACTIONS);
    assert_eq!(asks(&discord, &format!("PUT {one}/reactions/%E2%9C%85/@me")).await.code(), 50013);
    tomas.reacts(&idea, "✅");
    let joins = asks(&discord, &format!("PUT {one}/reactions/%E2%9C%85/@me")).await;
    assert_eq!(joins.status, 204, "an emoji that is there may be joined");
    deny(may::READ_MESSAGE_HISTORY);
    assert_eq!(asks(&discord, &format!("GET {ideas}")).await.body, json!([]));
    deny(may::VIEW_CHANNEL);
    assert_eq!(asks(&discord, &format!("GET {one}")).await.code(), 50001);
    deny(0);
    discord.with(|world| {
        let keeps = world.add_role(everyone, "keeps order");
        let roles = &mut world.guild_mut(everyone).expect("known").roles;
        roles.last_mut().expect("made").permissions = may::MANAGE_MESSAGES;
        world.set_roles(everyone, app, vec![keeps]);
    });
    assert_eq!(asks(&discord, &format!("DELETE {one}")).await.status, 204);
    assert_eq!(asks(&discord, &format!("GET {one}")).await.code(), 10008);
}

#[tokio::test]
async fn who_does_not_say_who_they_are_is_not_let_in() {
    let (discord, _) = free();
    let url = format!("{}/api/v10/users/@me", discord.url());
    let client = client().build().expect("a client");
    let bot = "DiscordBot (https://example.org, 1)";

    let nobody = client.get(&url).header("user-agent", bot);
    let nobody = read(nobody).await.expect("an answer");
    let browser = client.get(&url).header("user-agent", "Mozilla/5.0");
    let browser = read(browser).await.expect("an answer");
    let own = asks(&discord, "GET users/@me").await;

    assert_eq!((nobody.status, &nobody.body["message"]), (401, &json!("401: Unauthorized")));
    assert_eq!((browser.status, browser.code()), (403, 40333));
    assert_eq!((own.id(), own.head("content-type")), (discord.app().id, "application/json"));
}

#[tokio::test]
async fn what_a_bot_has_nothing_to_do_with_it_reads_only_if_it_may() {
    let (discord, ideas) = free();
    let tomas = discord.person("tomas");
    let own = says(&discord, &format!("POST {ideas}"), &json!({ "content": "Mine." })).await;
    tomas.says("ideas", "Not yours.");
    tomas.says("ideas", "@countersign Yours.");
    tomas.replies(&(discord.channel_id("ideas"), own.id()), "Yours too.");
    let whispered = tomas.whispers("Between us.");
    let read = async || {
        let page = asks(&discord, &format!("GET {ideas}")).await.body;
        let direct = asks(&discord, &format!("GET channels/{}/messages", whispered.0)).await.body;
        let all = page.as_array().into_iter().chain(direct.as_array()).flatten();
        all.map(|m| m["content"].as_str().expect("text").to_owned()).collect::<Vec<_>>().join("|")
    };

    let app = discord.app().id;
    let with = read().await;
    discord.with(|world| world.app_mut(app).expect("known").privileged = 0);
    let without = read().await;

    assert_eq!(with, format!("Yours too.|<@{app}> Yours.|Not yours.|Mine.|Between us."));
    assert_eq!(without, format!("Yours too.|<@{app}> Yours.||Mine.|Between us."));
}

#[tokio::test]
async fn only_whom_a_message_may_call_is_called() {
    let (discord, ideas) = free();
    let (rao, kim) = (discord.person("dr-rao").id, discord.person("dr-kim").id);
    let words = format!("<@{rao}> <@!{kim}> @everyone");
    let both = json!([rao, kim]);
    let cases = [
        (Value::Null, both.clone()),
        (json!({ "parse": [] }), json!([])),
        (json!({ "parse": ["users"] }), both),
        (json!({ "parse": [], "users": [kim] }), json!([kim])),
    ];

    for (allowed, expected) in cases {
        let body = json!({ "content": words, "allowed_mentions": allowed });
        let said = says(&discord, &format!("POST {ideas}"), &body).await.body;
        let called: Value =
            said["mentions"].as_array().expect("a list").iter().map(|u| u["id"].clone()).collect();
        assert_eq!(called, expected, "{allowed}");
        assert_eq!(said["mention_everyone"], false, "a bot may not by itself");
    }
}

#[tokio::test]
async fn files_are_kept_and_found_for_a_day() {
    let (discord, ideas) = free();
    let body = json!({
        "embeds": [{ "image": { "url": "attachment://b.png" } }],
        "attachments": [{ "id": 0, "description": "Words" }, { "id": 1, "filename": "b.png" }],
    });

    let files: [(&str, &[u8]); 2] = [("a.txt", b"flu"), ("x.png", b"png")];
    let made = sends(&discord, &ideas, &body, &files).await;
    let [words, picture] = [0, 1].map(|at| made.body["attachments"][at].clone());

    assert_eq!((&words["filename"], &words["description"]), (&json!("a.txt"), &json!("Words")));
    assert_eq!((&picture["size"], &picture["content_type"]), (&json!(3), &json!("image/png")));
    assert_eq!(made.body["embeds"][0]["image"]["url"], picture["url"]);
    let url = words["url"].as_str().expect("an address");
    assert_eq!(fetches(url).await.1, b"flu");
    assert_eq!(fetches(&url.replace("&hm=", "&hm=0")).await.0, 404);
    let one = format!("{ideas}/{}", made.id());
    let keep = json!({ "attachments": [{ "id": picture["id"] }] });
    let left = says(&discord, &format!("PATCH {one}"), &keep).await.body["attachments"].clone();
    assert_eq!((left.as_array().expect("a list").len(), &left[0]["id"]), (1, &picture["id"]));
    discord.with(|world| world.later(std::time::Duration::from_secs(86_401)));
    assert_eq!(fetches(url).await.0, 404, "a day is over");
    let large = vec![0; 10 * 1024 * 1024 + 1];
    let refused = sends(&discord, &ideas, &json!({}), &[("large.bin", &large)]).await;
    assert_eq!((refused.status, refused.code()), (413, 40005));
}

async fn fetches(url: &str) -> (u16, Vec<u8>) {
    let request = client().build().expect("a client").get(url);
    #[expect(clippy::disallowed_methods, reason = "a bot's request, not a network's")]
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.bytes().await.expect("whole").to_vec())
}
