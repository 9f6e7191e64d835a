//! People act through the HTTP API of the local platform.

use std::io::{BufRead, BufReader};

use countersign::chat::local::{ROUTES, identity, openapi};
use countersign::ports::chat::{Chat, Shown};
use countersign::ports::intake::{FileRef, Happening};
use serde_json::json;

use crate::local_support::{Ask, PNG, Platform, TOKEN, in_ideas, noted};

#[tokio::test]
async fn people_and_channels_are_listed() {
    let platform = Platform::open().await;

    let people = platform.ask("GET", "/local/api/people").send().await.json();
    let channels = platform.ask("GET", "/local/api/channels").send().await.json();

    let maya = json!({
        "id": "maya", "name": "Maya", "what": "of the sample practice", "kind": "person"
    });
    assert_eq!(people[1], maya);
    assert_eq!(people[4]["kind"], "robot");
    assert_eq!(channels[0]["id"], "ideas");
}

#[tokio::test]
async fn a_message_is_heard_before_it_stands() {
    let platform = Platform::open().await;
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "<b>Flu</b> shots" });

    let answer = platform.ask("POST", "/local/api/messages").json(&said).await;

    let id = answer.json()["id"].clone();
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json(), json!({ "id": id, "seq": 1, "kept": true }));
    let event = platform.intake.last();
    assert_eq!(event.from, identity("tomas"));
    assert!(matches!(event.what, Happening::Said { ref text, .. } if text == "<b>Flu</b> shots"));
    let stands = &platform.ideas("maya").await[0];
    assert_eq!(stands["text"], "<b>Flu</b> shots");
    assert_eq!(stands["from"]["name"], "Tomas");
    assert_eq!(stands["html"], json!(null));
}

#[tokio::test]
async fn an_answer_to_an_answer_is_in_the_same_thread() {
    let platform = Platform::open().await;
    let root = platform.says("tomas", "Flu shots").await;
    let reply = |to: &str| json!({ "as": "maya", "channel": "ideas", "thread": to, "text": "Yes" });

    let first = platform.ask("POST", "/local/api/messages").json(&reply(&root)).await.json();
    let first = first["id"].as_str().expect("an id");
    platform.ask("POST", "/local/api/messages").json(&reply(first)).await;
    let nowhere = platform.ask("POST", "/local/api/messages").json(&reply("m99")).await;

    let ideas = platform.ideas("maya").await;
    assert_eq!(ideas[1]["thread"], json!(root));
    assert_eq!(ideas[2]["thread"], json!(root));
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn a_retry_with_the_same_key_says_nothing_twice() {
    let platform = Platform::open().await;
    let file = platform.uploads(PNG).await;
    let said = |key: &str, text: &str| {
        let files = json!([{ "id": file, "alt": "Our door" }]);
        let (person, channel) = ("tomas", "ideas");
        json!({ "as": person, "channel": channel, "text": text, "files": files, "key": key })
    };
    let key = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let full = said(key, "This fills the disk");

    let not_recorded = platform.ask("POST", "/local/api/messages").json(&full).await;
    let first = platform.ask("POST", "/local/api/messages").json(&said(key, "Flu shots")).await;
    let again = platform.ask("POST", "/local/api/messages").json(&said(key, "Flu shots")).await;
    let words = platform.ask("POST", "/local/api/messages").json(&said("Jane Roe", "Hi")).await;

    assert_eq!((not_recorded.status, first.status, again.status), (503, 201, 201));
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(words.status, 400);
    let ideas = platform.ideas("maya").await;
    assert_eq!((ideas.len(), &ideas[0]["text"]), (1, &json!("Flu shots")));
    let heard: Vec<_> = platform.intake.heard().into_iter().map(|event| event.id).collect();
    assert!(heard.windows(2).all(|two| two[0] == two[1]), "{heard:?}");
}

#[tokio::test]
async fn a_message_has_its_place_and_its_beginning_for_ever() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "Flu shots").await;
    platform.says("maya", "Good").await;
    let before = platform.ideas("maya").await;

    let at = format!("/local/api/messages/{id}");
    platform.ask("PATCH", &at).json(&json!({ "as": "tomas", "text": "Flu shots!" })).await;
    let after = platform.ideas("maya").await;

    let places = |ideas: &[serde_json::Value]| {
        ideas
            .iter()
            .map(|idea| (idea["position"].clone(), idea["born"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(places(&before), places(&after));
    assert_eq!(before[0]["born"], before[0]["seq"]);
    assert!(after[0]["seq"].as_i64() > after[1]["seq"].as_i64());
}

#[tokio::test]
async fn people_change_and_delete_only_what_is_theirs() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "Flu shots on Saturday").await;
    let at = format!("/local/api/messages/{id}");
    let edit = |person: &str| json!({ "as": person, "text": "Flu shots on Sunday" });

    let by_maya = platform.ask("PATCH", &at).json(&edit("maya")).await;
    let by_tomas = platform.ask("PATCH", &at).json(&edit("tomas")).await;
    let edited = platform.ideas("maya").await[0].clone();
    let deleted_by_maya = platform.ask("DELETE", &format!("{at}?as=maya")).send().await;
    let deleted_by_tomas = platform.ask("DELETE", &format!("{at}?as=tomas")).send().await;
    let again = platform.ask("DELETE", &format!("{at}?as=tomas")).send().await;

    assert_eq!((by_maya.status, by_tomas.status), (403, 200));
    assert_eq!(edited["text"], "Flu shots on Sunday");
    assert_eq!(edited["edited"], true);
    assert_eq!((deleted_by_maya.status, deleted_by_tomas.status), (403, 200));
    assert_eq!(again.status, 409);
    assert!(matches!(platform.intake.last().what, Happening::Deleted { .. }));
    assert_eq!(platform.ideas("maya").await[0]["text"], "");
    let bytes = platform.bytes_on_disk();
    assert!(!bytes.windows(9).any(|some| some == b"Flu shots"));
}

#[tokio::test]
async fn anybody_can_delete_the_bots_messages() {
    let platform = Platform::open().await;
    let shown = platform.chat.show("k1", &in_ideas(), &noted("a card")).await;
    let Shown::Done(card) = shown else { unreachable!("shown") };

    let at = format!("/local/api/messages/{}?as=guest", card.message);
    let answer = platform.ask("DELETE", &at).send().await;

    assert_eq!(answer.status, 200);
    assert!(matches!(platform.intake.last().what, Happening::Deleted { .. }));
    assert_eq!(platform.chat.look(&card).await, Ok(None));
}

#[tokio::test]
async fn a_reaction_put_twice_is_one() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "Flu shots").await;
    let at = format!("/local/api/messages/{id}/reactions/%E2%9C%85?as=maya");

    let first = platform.ask("PUT", &at).send().await;
    let second = platform.ask("PUT", &at).send().await;
    let stands = platform.ideas("tomas").await[0]["reactions"].clone();
    platform.ask("DELETE", &at).send().await;
    platform.ask("DELETE", &at).send().await;

    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.json()["seq"], 2);
    assert_eq!(second.json()["seq"], 0);
    assert_eq!(stands, json!([{ "emoji": "✅", "people": ["maya"] }]));
    let heard: Vec<bool> = platform.intake.heard().iter().filter_map(reacted).collect();
    assert_eq!(heard, [true, false]);
    assert_eq!(platform.ideas("tomas").await[0]["reactions"], json!([]));
}

fn reacted(event: &countersign::ports::intake::ChatEvent) -> Option<bool> {
    match event.what {
        Happening::Reacted { on, .. } => Some(on),
        _ => None,
    }
}

#[tokio::test]
async fn a_reaction_that_was_not_recorded_stands_and_is_found_later() {
    let platform = Platform::open().await;
    let id = platform.says("tomas", "Flu shots").await;
    let at = format!("/local/api/messages/{id}/reactions/%F0%9F%AA%AB?as=maya");

    let answer = platform.ask("PUT", &at).send().await;

    assert_eq!(answer.status, 503);
    let stands = &platform.ideas("tomas").await[0]["reactions"];
    assert_eq!(stands[0]["people"], json!(["maya"]));
}

#[tokio::test]
async fn a_file_comes_with_one_message() {
    let platform = Platform::open().await;
    let file = platform.uploads(PNG).await;
    let files = json!([{ "id": file, "name": "door.png", "alt": "Our door" }]);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "", "files": files });

    let first = platform.ask("POST", "/local/api/messages").json(&said).await;
    let second = platform.ask("POST", "/local/api/messages").json(&said).await;

    assert_eq!((first.status, second.status), (201, 400));
    let refs =
        vec![FileRef { id: file.clone(), name: "door.png".to_owned(), alt: "Our door".to_owned() }];
    let what = platform.intake.last().what;
    assert!(matches!(what, Happening::Said { files: ref heard, .. } if *heard == refs));
    let shown = platform.ideas("maya").await[0]["files"][0].clone();
    let bytes = platform.ask("GET", shown["url"].as_str().expect("a url")).send().await;
    assert_eq!(shown["alt"], "Our door");
    assert_eq!(bytes.body, PNG);
    assert!(bytes.head.contains("content-type: image/png"));
    assert_eq!(platform.chat.fetch(&file, 100).await.expect("bytes"), PNG);
    assert!(platform.chat.fetch(&file, 5).await.is_err());
}

#[tokio::test]
async fn an_edit_keeps_the_files_unless_it_names_others() {
    let platform = Platform::open().await;
    let file = platform.uploads(PNG).await;
    let files = json!([{ "id": file, "name": "door.png", "alt": "Our door" }]);
    let said = json!({ "as": "tomas", "channel": "ideas", "text": "Look", "files": files });
    let said = platform.ask("POST", "/local/api/messages").json(&said).await;
    let at = format!("/local/api/messages/{}", said.json()["id"].as_str().expect("an id"));

    let words = json!({ "as": "tomas", "text": "Look here" });
    platform.ask("PATCH", &at).json(&words).await;
    let heard = platform.intake.last().what;
    let kept = platform.ideas("maya").await[0]["files"].clone();
    let none = json!({ "as": "tomas", "text": "Look here", "files": [] });
    platform.ask("PATCH", &at).json(&none).await;

    assert!(matches!(heard, Happening::Edited { ref files, .. } if files[0].alt == "Our door"));
    assert_eq!(kept[0]["alt"], "Our door");
    assert_eq!(platform.ideas("maya").await[0]["files"], json!([]));
    let gone = platform.ask("GET", &format!("/local/api/files/{file}")).send().await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn a_cards_picture_is_served() {
    let platform = Platform::open().await;
    let at = |digest: &str| platform.ask("GET", &format!("/local/api/media/{digest}"));

    assert_eq!(at(&"ab".repeat(32)).send().await.body, PNG);
    for digest in ["ff".repeat(32), "AB".repeat(32), "..%2f..%2flocal.db".to_owned()] {
        assert_eq!(at(&digest).send().await.status, 404, "{digest}");
    }
}

#[tokio::test]
async fn one_can_wait_until_all_is_settled() {
    let platform = Platform::open().await;

    let settled = platform.ask("GET", "/local/api/settled?after=3").send().await;
    platform.intake.settled.send_replace(false);
    let not_yet = platform.ask("GET", "/local/api/settled?after=3").send().await;

    assert_eq!((settled.status, not_yet.status), (200, 408));
    assert_eq!(settled.json(), json!({ "seq": 3 }));
}

#[tokio::test]
async fn events_tell_of_each_change() {
    let platform = Platform::open().await;
    let ask = Ask::bare(platform.port, "GET", &format!("/local/api/events?token={TOKEN}"))
        .header("host", &format!("localhost:{}", platform.port));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let reader = tokio::task::spawn_blocking(move || {
        let lines = BufReader::new(ask.connect()).lines();
        for line in lines.map_while(Result::ok) {
            if let Some(data) = line.strip_prefix("data: ") {
                let _ = tell.send(data.to_owned());
            }
        }
    });

    let first = told.recv().await.expect("where it stands");
    platform.says("tomas", "Flu shots").await;
    let second = told.recv().await.expect("a change");
    platform.world.close();
    reader.await.expect("the stream ends when the world closes");

    assert_eq!(first, r#"{"seq":0}"#);
    assert_ne!(second, first);
}

#[tokio::test]
async fn the_description_is_what_can_be_asked() {
    let platform = Platform::open().await;

    let described = platform.ask("GET", "/local/api").send().await.json();

    assert_eq!(described, openapi());
    let paths = described["paths"].as_object().expect("paths");
    let operations: usize =
        paths.values().map(|path| path.as_object().expect("operations").len()).sum();
    assert_eq!(operations, ROUTES.len());
    for route in ROUTES {
        let method = route.method.as_str();
        assert!(paths[route.path][method.to_lowercase()].is_object());
        if route.path.ends_with("events") {
            continue;
        }
        let answer = platform.ask(method, route.path).send().await;
        let nothing = String::from_utf8_lossy(&answer.body).contains("nothing at that address");
        assert!(answer.status != 405 && !nothing, "{method} {}", route.path);
    }
}
