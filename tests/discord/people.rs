//! What people do with an app of the simulator, and how the app may answer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::bench::{ALL, Link, asks, says};
use crate::discord::{Answered, At, Discord, SILENT};

/// A bot that has commands, and hears what people do with it.
struct Desk {
    discord: Discord,
    link: Link,
}

impl Desk {
    async fn open() -> Self {
        let discord = Discord::start();
        discord.without_limits();
        let network = json!({
            "type": 3, "name": "network", "description": "Where.", "autocomplete": true,
        });
        let who = json!({ "type": 6, "name": "who", "description": "Who signs." });
        let sub =
            json!({ "type": 1, "name": "new", "description": "New.", "options": [network, who] });
        let picture = json!({ "type": 11, "name": "picture", "description": "A picture." });
        let commands = json!([
            { "name": "draft", "description": "Drafts.", "options": [sub] },
            { "name": "show", "description": "Shows.", "options": [picture] },
            { "type": 2, "name": "Ask to sign" },
            { "type": 3, "name": "Turn into draft" },
        ]);
        let set = format!("PUT applications/{}/commands", discord.app().id);
        assert_eq!(says(&discord, &set, &commands).await.status, 200);
        let (link, _) = Link::begun(&discord, ALL).await;
        Self { discord, link }
    }

    /// The next interaction.
    async fn hears(&mut self) -> Value {
        loop {
            let heard = self.link.hears().await;
            if heard["t"] == "INTERACTION_CREATE" {
                return heard["d"].clone();
            }
        }
    }

    /// Answers an interaction.
    async fn answers(&self, to: &Value, kind: u64, data: Value) -> (u16, u64) {
        let [id, token] = ["id", "token"].map(|name| to[name].as_str().expect("text"));
        let body = json!({ "type": kind, "data": data });
        let route = format!("POST interactions/{id}/{token}/callback");
        let said = says(&self.discord, &route, &body).await;
        (said.status, said.code())
    }

    /// The address of follow-ups to an interaction.
    fn follow_up(&self, to: &Value) -> String {
        format!("webhooks/{}/{}", self.discord.app().id, to["token"].as_str().expect("text"))
    }

    /// A card with a button.
    async fn card(&self) -> At {
        let channel = self.discord.channel_id("approvals");
        let body = json!({
            "content": "Flu shots.",
            "components": [{ "type": 1, "components": [
                { "type": 2, "style": 3, "custom_id": "sign:1", "label": "Sign" },
                { "type": 2, "style": 5, "url": "https://example.org", "label": "Look" },
            ] }],
        });
        (
            channel,
            says(&self.discord, &format!("POST channels/{channel}/messages"), &body).await.id(),
        )
    }
}

#[tokio::test]
async fn a_command_is_answered_once_and_then_followed_up() {
    let mut desk = Desk::open().await;
    let maya = desk.discord.person("maya");
    let options = [("network", "mastodon"), ("who", "dr-rao")];

    let bot = async {
        let heard = desk.hears().await;
        let rao = desk.discord.user_id("dr-rao").to_string();
        let given = &heard["data"]["options"][0];
        assert_eq!(
            (&given["name"], &given["options"][0]["value"]),
            (&json!("new"), &json!("mastodon"))
        );
        assert_eq!(heard["data"]["resolved"]["users"][&rao]["username"], "dr-rao");
        assert_eq!(
            (&heard["type"], &heard["member"]["user"]["username"]),
            (&json!(2), &json!("maya"))
        );
        let more = format!("POST {}", desk.follow_up(&heard));
        assert_eq!(says(&desk.discord, &more, &json!({ "content": "x" })).await.code(), 10015);
        assert_eq!(desk.answers(&heard, 7, json!({ "content": "x" })).await, (400, 50035));
        let long = json!({ "content": "x".repeat(2001) });
        assert_eq!(desk.answers(&heard, 4, long).await, (400, 50035));
        assert_eq!(desk.answers(&heard, 4, json!({ "content": "Noted." })).await, (204, 0));
        assert_eq!(desk.answers(&heard, 4, json!({ "content": "x" })).await, (400, 40060));
        let hidden = json!({ "content": "Only for you.", "flags": 64 });
        let hidden = says(&desk.discord, &more, &hidden).await.id();
        let original = more.replace("POST", "PATCH") + "/messages/@original";
        says(&desk.discord, &original, &json!({ "content": "Noted!" })).await.id();
        let hidden = format!("DELETE {}/messages/{hidden}", desk.follow_up(&heard));
        assert_eq!(desk.discord.transcript("ideas", "maya").lines().count(), 2);
        assert_eq!(asks(&desk.discord, &hidden).await.status, 204);
        desk.discord.with(|world| world.later(Duration::from_mins(15)));
        assert_eq!(says(&desk.discord, &original, &json!({ "content": "x" })).await.code(), 50027);
    };
    let (ran, ()) = tokio::join!(maya.runs("ideas", "/draft new", &options), bot);

    assert!(matches!(ran, Ok(Answered::Says(_))), "{ran:?}");
    assert_eq!(desk.discord.transcript("ideas", "tomas"), "countersign: Noted! (edited)");
}

#[tokio::test]
async fn who_answers_too_late_does_not_answer() {
    let mut desk = Desk::open().await;
    desk.discord.with(|world| world.timing.answer = Duration::from_millis(30));
    let card = desk.card().await;

    let pressed = desk.discord.person("dr-rao").presses(&card, "Sign").await;
    let heard = desk.hears().await;
    let late = desk.answers(&heard, 6, Value::Null).await;

    assert_eq!((pressed, late), (Err(SILENT), (404, 10062)));
    let [id, token] = ["id", "token"].map(|name| heard[name].as_str().expect("text").to_owned());
    let wrong = json!({ "id": id, "token": token + "x" });
    assert_eq!(desk.answers(&wrong, 6, Value::Null).await, (404, 10062));
}

#[tokio::test]
async fn a_button_changes_its_message_or_thinks_first() {
    let mut desk = Desk::open().await;
    let card = desk.card().await;
    let rao = desk.discord.person("dr-rao");

    let thinks = async {
        let heard = desk.hears().await;
        assert_eq!(
            (&heard["message"]["id"], &heard["data"]["custom_id"]),
            (&json!(card.1), &json!("sign:1"))
        );
        assert_eq!(desk.answers(&heard, 5, json!({ "flags": 64 })).await, (204, 0));
        assert_eq!(
            desk.discord.transcript("approvals", "dr-rao").lines().last(),
            Some("countersign (only you): is thinking")
        );
        let more = format!("POST {}", desk.follow_up(&heard));
        // The first follow-up ends the thinking, whatever else it asks for.
        says(&desk.discord, &more, &json!({ "content": "Thank you." })).await.id();
    };
    let (first, ()) = tokio::join!(rao.presses(&card, "Sign"), thinks);
    let changes = async {
        let heard = desk.hears().await;
        let signed = json!({ "content": "Signed.", "components": [] });
        assert_eq!(desk.answers(&heard, 7, signed).await, (204, 0));
    };
    let (second, ()) = tokio::join!(rao.presses(&card, "Sign"), changes);

    assert!(matches!(first, Ok(Answered::Thinks(_))), "{first:?}");
    assert_eq!(second, Ok(Answered::Changes));
    let seen = desk.discord.transcript("approvals", "dr-rao");
    assert_eq!(seen, "countersign: Signed. (edited)\ncountersign (only you): Thank you.");
    assert_eq!(desk.discord.transcript("approvals", "ana"), "countersign: Signed. (edited)");
    let page = asks(&desk.discord, &format!("GET channels/{}/messages", card.0)).await.body;
    assert_eq!(page.as_array().expect("a list").len(), 1, "what one sees alone is in no history");
}

#[tokio::test]
async fn a_form_is_filled_in_as_it_asks() {
    let mut desk = Desk::open().await;
    let card = desk.card().await;
    let rao = desk.discord.person("dr-rao");
    let form = |title: &str| {
        let text =
            json!({ "type": 4, "custom_id": "why", "style": 2, "max_length": 20, "min_length": 3 });
        let legacy = json!({
            "type": 4, "custom_id": "more", "style": 1, "label": "More", "required": false,
        });
        json!({
            "title": title, "custom_id": "hold:1",
            "components": [
                { "type": 18, "label": "Why", "component": text },
                { "type": 1, "components": [legacy] },
            ],
        })
    };

    let opens = async {
        let heard = desk.hears().await;
        assert_eq!(desk.answers(&heard, 9, form(&"x".repeat(46))).await, (400, 50035));
        assert_eq!(desk.answers(&heard, 9, form("Hold it")).await, (204, 0));
    };
    let (opened, ()) = tokio::join!(rao.presses(&card, "Sign"), opens);
    assert_eq!(opened, Ok(Answered::Opens));
    for wrong in [&[][..], &[("Why", "no")], &[("Why", "far too long for this field")]] {
        rao.submits(wrong).await.expect_err("Discord's own client does not send it");
    }
    let takes = async {
        let heard = desk.hears().await;
        let [why, more] = [0, 1].map(|at| heard["data"]["components"][at].clone());
        assert_eq!((&heard["type"], &heard["data"]["custom_id"]), (&json!(5), &json!("hold:1")));
        assert_eq!(why["component"]["value"], "A claim.");
        assert_eq!(more["components"][0]["value"], "");
        assert_eq!(desk.answers(&heard, 9, form("Again")).await, (400, 50035));
        assert_eq!(
            desk.answers(&heard, 7, json!({ "content": "Held.", "components": [] })).await,
            (204, 0)
        );
    };
    let (sent, ()) = tokio::join!(rao.submits(&[("Why", "A claim.")]), takes);

    assert_eq!((sent, rao.form()), (Ok(Answered::Changes), None));
    assert_eq!(desk.discord.transcript("approvals", "ana"), "countersign: Held. (edited)");
}

#[tokio::test]
async fn an_app_offers_what_fits_to_what_is_typed() {
    let mut desk = Desk::open().await;
    let maya = desk.discord.person("maya");
    let choices = |count: usize, value: Value| {
        let one = json!({ "name": "mastodon", "value": value });
        json!({ "choices": vec![one; count] })
    };

    let offers = async {
        let heard = desk.hears().await;
        let option = &heard["data"]["options"][0]["options"][0];
        assert_eq!(
            (&heard["type"], &option["focused"], &option["value"]),
            (&json!(4), &json!(true), &json!("ma"))
        );
        assert_eq!(desk.answers(&heard, 4, json!({ "content": "x" })).await, (400, 50035));
        assert_eq!(desk.answers(&heard, 8, choices(26, json!("m"))).await, (400, 50035));
        // An option for text takes text.
        assert_eq!(desk.answers(&heard, 8, choices(1, json!(1))).await, (400, 50035));
        assert_eq!(desk.answers(&heard, 8, choices(1, json!("m"))).await, (204, 0));
    };
    let (offered, ()) = tokio::join!(maya.types("ideas", "/draft new", ("network", "ma")), offers);

    assert_eq!(offered.expect("answered"), ["mastodon"]);
}

#[tokio::test]
async fn a_command_on_a_message_brings_its_words() {
    let mut desk = Desk::open().await;
    let app = desk.discord.app().id;
    desk.discord.with(|world| world.app_mut(app).expect("known").privileged = 0);
    let idea = desk.discord.person("tomas").says("ideas", "Flu shots.");
    let maya = desk.discord.person("maya");

    let takes = async {
        let heard = desk.hears().await;
        let target = heard["data"]["target_id"].as_str().expect("an id");
        assert_eq!(heard["data"]["resolved"]["messages"][target]["content"], "Flu shots.");
        assert_eq!(
            desk.answers(&heard, 4, json!({ "content": "Taken.", "flags": 64 })).await,
            (204, 0)
        );
    };
    let (used, ()) = tokio::join!(maya.uses("Turn into draft", &idea), takes);

    assert!(matches!(used, Ok(Answered::Says(_))), "{used:?}");
    assert_eq!(
        desk.discord.transcript("ideas", "maya"),
        "tomas: Flu shots.\ncountersign (only you): Taken."
    );
    assert_eq!(desk.discord.transcript("ideas", "tomas"), "tomas: Flu shots.");
}

#[tokio::test]
async fn a_command_brings_a_file_or_is_about_somebody() {
    let mut desk = Desk::open().await;
    let maya = desk.discord.person("maya");
    let rao = desk.discord.user_id("dr-rao").to_string();

    let takes = async {
        let heard = desk.hears().await;
        let given = heard["data"]["options"][0]["value"].as_str().expect("an id");
        let file = &heard["data"]["resolved"]["attachments"][given];
        assert_eq!((&file["filename"], &file["size"]), (&json!("shots.png"), &json!(3)));
        assert_eq!(desk.answers(&heard, 5, Value::Null).await, (204, 0));
    };
    let picture = ("picture", "shots.png", &b"png"[..]);
    let (shown, ()) = tokio::join!(maya.runs_with("ideas", "/show", &[], picture), takes);
    let asks_for = async {
        let heard = desk.hears().await;
        let data = &heard["data"];
        assert_eq!((&data["target_id"], &data["type"]), (&json!(rao), &json!(2)));
        assert_eq!(data["resolved"]["users"][&rao]["username"], "dr-rao");
        assert!(data["resolved"]["members"][&rao]["roles"][0].is_string());
        assert_eq!(desk.answers(&heard, 5, Value::Null).await, (204, 0));
    };
    let (asked, ()) = tokio::join!(maya.uses_on("ideas", "Ask to sign", "dr-rao"), asks_for);

    assert!(matches!((shown, asked), (Ok(Answered::Thinks(_)), Ok(Answered::Thinks(_)))));
    let thinks = "countersign: is thinking";
    assert_eq!(desk.discord.transcript("ideas", "ana"), format!("{thinks}\n{thinks}"));
}

#[tokio::test]
async fn in_a_direct_conversation_a_person_is_no_member() {
    let mut desk = Desk::open().await;
    let rao = desk.discord.person("dr-rao");
    let open = json!({ "recipient_id": rao.id });
    let channel = says(&desk.discord, "POST users/@me/channels", &open).await.id();
    let button = json!({ "type": 2, "style": 1, "custom_id": "a", "label": "Open" });
    let body = json!({
        "content": "Here?", "components": [{ "type": 1, "components": [button] }],
    });
    let write = format!("POST channels/{channel}/messages");
    let card = (channel, says(&desk.discord, &write, &body).await.id());

    let takes = async {
        let heard = desk.hears().await;
        assert_eq!((&heard["user"]["username"], &heard["context"]), (&json!("dr-rao"), &json!(1)));
        assert_eq!((heard.get("member"), heard.get("guild_id")), (None, None));
        let hello = json!({ "content": "Hello.", "components": [] });
        assert_eq!(desk.answers(&heard, 7, hello).await, (204, 0));
    };
    let (pressed, ()) = tokio::join!(rao.presses(&card, "Open"), takes);

    assert_eq!(pressed, Ok(Answered::Changes));
    assert_eq!(desk.discord.whispers("dr-rao"), "countersign: Hello. (edited)");
    assert_eq!(desk.discord.transcript(&channel.to_string(), "dr-kim"), "(not seen)");
}
