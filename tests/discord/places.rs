//! Reactions, threads, direct conversations, members and commands of the simulator.

use serde_json::{Value, json};

use crate::bench::{asks, says};
use crate::discord::{Discord, Id};

const CHECK: &str = "%E2%9C%85";

fn free() -> Discord {
    let discord = Discord::start();
    discord.without_limits();
    discord
}

/// The ids in a list.
fn ids(list: &Value) -> Vec<Id> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one["id"].as_str().expect("an id").parse().expect("a number")).collect()
}

#[tokio::test]
async fn who_reacted_is_listed_and_super_reactions_apart() {
    let discord = free();
    let (rao, kim, tomas) =
        (discord.person("dr-rao"), discord.person("dr-kim"), discord.person("tomas"));
    let idea = tomas.says("ideas", "Flu shots.");
    let one = format!("channels/{}/messages/{}", idea.0, idea.1);
    let list = format!("{one}/reactions/{CHECK}");

    assert_eq!(asks(&discord, &format!("PUT {list}/@me")).await.status, 204);
    rao.reacts(&idea, "✅");
    kim.reacts_loudly(&idea, "✅");

    let app = discord.app().id;
    let plain = ids(&asks(&discord, &format!("GET {list}")).await.body);
    assert_eq!(plain, [rao.id, app]);
    assert_eq!(ids(&asks(&discord, &format!("GET {list}?limit=1")).await.body), [rao.id]);
    let after = format!("GET {list}?after={}", rao.id);
    assert_eq!(ids(&asks(&discord, &after).await.body), [app]);
    assert_eq!(ids(&asks(&discord, &format!("GET {list}?type=1")).await.body), [kim.id]);
    let shown = asks(&discord, &format!("GET {one}")).await.body["reactions"][0].clone();
    assert_eq!((&shown["count"], &shown["me"]), (&json!(3), &json!(true)));
    assert_eq!(shown["count_details"], json!({ "burst": 1, "normal": 2 }));
    assert_eq!(asks(&discord, &format!("DELETE {list}/{}", rao.id)).await.code(), 50013);
    assert_eq!(asks(&discord, &format!("DELETE {list}/@me")).await.status, 204);
    assert_eq!(discord.transcript("ideas", "tomas"), "tomas: Flu shots. ✅ dr-rao, dr-kim!");
}

#[tokio::test]
async fn only_twenty_emoji_fit_and_only_real_ones() {
    let discord = free();
    let idea = discord.person("tomas").says("ideas", "Flu shots.");
    let put = |emoji: String| {
        format!("PUT channels/{}/messages/{}/reactions/{emoji}/@me", idea.0, idea.1)
    };
    let own = discord.with(|world| world.add_emoji(world.guilds[0].id, "signed"));

    for emoji in ["approved", "7", "signed:1", "a b"] {
        let said = asks(&discord, &put(emoji.to_owned())).await;
        assert_eq!((said.status, said.code()), (400, 10014), "{emoji}");
    }
    assert_eq!(asks(&discord, &put(format!("signed:{own}"))).await.status, 204);
    for at in 0..19 {
        let emoji = char::from_u32(0x1F600 + at).expect("a face").to_string();
        assert_eq!(asks(&discord, &put(emoji)).await.status, 204, "{at}");
    }
    assert_eq!(asks(&discord, &put("🛑".to_owned())).await.code(), 30010);
}

#[tokio::test]
async fn a_message_has_one_thread_which_closes() {
    let discord = free();
    let idea = discord.person("tomas").says("ideas", "Flu shots.");
    let begin = format!("POST channels/{}/messages/{}/threads", idea.0, idea.1);

    let long = json!({ "name": "x".repeat(101) });
    assert_eq!(says(&discord, &begin, &long).await.code(), 50035);
    let thread = says(&discord, &begin, &json!({ "name": "Draft 1" })).await;
    assert_eq!((thread.status, thread.id()), (201, idea.1), "it has the message's id");
    assert_eq!(says(&discord, &begin, &json!({ "name": "Again" })).await.code(), 160_004);
    let write = format!("POST channels/{}/messages", idea.1);
    says(&discord, &write, &json!({ "content": "Here." })).await.id();
    discord.person("ana").says("Draft 1", "Yes.");
    let close = format!("PATCH channels/{}", idea.1);
    let closed = says(&discord, &close, &json!({ "archived": true })).await.body;
    assert_eq!(closed["thread_metadata"]["archived"], true);
    says(&discord, &write, &json!({ "content": "It opens again." })).await.id();
    discord.with(|world| {
        let thread = world.channel_mut(idea.1).expect("known").thread.as_mut().expect("a thread");
        (thread.archived, thread.locked) = (true, true);
    });
    assert_eq!(says(&discord, &write, &json!({ "content": "Locked." })).await.code(), 50083);

    let seen = discord.transcript("ideas", "tomas");
    assert_eq!(
        seen,
        "tomas: Flu shots.\n  > countersign: Here.\n  > ana: Yes.\n  > countersign: It opens again."
    );
}

#[tokio::test]
async fn people_are_written_to_directly_unless_they_do_not_want_it() {
    let discord = free();
    let (rao, kim) = (discord.person("dr-rao").id, discord.person("dr-kim").id);
    discord.with(|world| world.user_mut(kim).expect("known").closed = true);
    let open = async |who: Id| {
        says(&discord, "POST users/@me/channels", &json!({ "recipient_id": who })).await.id()
    };
    let hello = json!({ "content": "Please sign." });

    let (to_rao, to_kim) = (open(rao).await, open(kim).await);
    assert_eq!(open(rao).await, to_rao, "there is one conversation of two");
    says(&discord, &format!("POST channels/{to_rao}/messages"), &hello).await.id();
    let refused = says(&discord, &format!("POST channels/{to_kim}/messages"), &hello).await;

    assert_eq!((refused.status, refused.code()), (403, 50007));
    assert_eq!(discord.whispers("dr-rao"), "countersign: Please sign.");
}

#[tokio::test]
async fn who_is_in_a_guild_is_told_one_by_one_or_all_to_who_may() {
    let discord = free();
    let (guild, rao) = (discord.guild(), discord.person("dr-rao").id);
    let stranger = discord.with(|world| world.add_user("stranger"));
    let roles = asks(&discord, &format!("GET guilds/{guild}/roles")).await.body;
    let physicians = roles[1]["id"].clone();

    let one = asks(&discord, &format!("GET guilds/{guild}/members/{rao}")).await.body;
    assert_eq!((&one["roles"], &one["user"]["username"]), (&json!([physicians]), &json!("dr-rao")));
    let nobody = asks(&discord, &format!("GET guilds/{guild}/members/{stranger}")).await;
    assert_eq!(nobody.code(), 10007);
    assert_eq!(asks(&discord, "GET guilds/1").await.code(), 10004);
    let all = format!("GET guilds/{guild}/members?limit=100");
    assert_eq!(asks(&discord, &all).await.body.as_array().expect("a list").len(), 8);
    let app = discord.app().id;
    discord.with(|world| world.app_mut(app).expect("known").privileged = 0);
    assert_eq!(asks(&discord, &all).await.code(), 50001);
}

#[tokio::test]
async fn commands_are_set_as_a_whole_if_they_are_all_right() {
    let discord = free();
    let app = discord.app().id;
    let all = format!("applications/{app}/commands");
    let put = async |commands: Value| says(&discord, &format!("PUT {all}"), &commands).await;
    let command = |name: &str, about: &str| json!({ "name": name, "description": about });
    let with =
        |options: Value| json!([{ "name": "draft", "description": "x", "options": options }]);
    let option = |name: &str, more: Value| {
        let mut option = json!({ "type": 3, "name": name, "description": "x" });
        let more = more.as_object().expect("an object").clone();
        option.as_object_mut().expect("an object").extend(more);
        option
    };
    let wrong = [
        json!([command("Draft", "x")]),
        json!([command("two words", "x")]),
        json!([command(&"x".repeat(33), "x")]),
        json!([command("draft", "")]),
        json!([command("draft", "x"), command("draft", "y")]),
        json!([{ "type": 3, "name": "Turn into draft", "description": "x" }]),
        with(json!(vec![option("text", json!({})); 26])),
        with(json!([option("a", json!({})), option("b", json!({ "required": true }))])),
        with(json!([option(
            "a",
            json!({ "autocomplete": true, "choices": [{ "name": "x", "value": "x" }] })
        )])),
    ];

    let good = json!([command("draft", "x"), { "type": 3, "name": "Turn into draft" }]);
    assert_eq!(put(good).await.status, 200);
    for commands in wrong {
        assert_eq!(put(commands.clone()).await.code(), 50035, "{commands}");
    }
    let many: Vec<Value> = (0..101).map(|n| command(&format!("draft{n}"), "x")).collect();
    assert_eq!(put(json!(many)).await.code(), 30032);
    let kept = asks(&discord, &format!("GET {all}")).await.body;
    assert_eq!(ids(&kept).len(), 2, "what was wrong changed nothing");
    let change = format!("PATCH {all}/{}", ids(&kept)[0]);
    let changed = says(&discord, &change, &json!({ "description": "y" })).await.body;
    assert_eq!((&changed["name"], &changed["description"]), (&json!("draft"), &json!("y")));
    assert_eq!(says(&discord, &change, &json!({ "name": "No" })).await.code(), 50035);
    let first = format!("DELETE {all}/{}", ids(&kept)[0]);
    assert_eq!(asks(&discord, &first).await.status, 204);
    assert_eq!(asks(&discord, &first).await.code(), 10063);
    assert_eq!(asks(&discord, "GET applications/1/commands").await.code(), 20012);
}
