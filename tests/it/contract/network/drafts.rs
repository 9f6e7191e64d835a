//! A draft on WordPress whose id is known is that post, whatever its address is now.

use countersign::domain::outbox::LookedUp;
use countersign::ports::publisher::Job;
use serde_json::json;

use super::wordpress::{lines, media, post, says_so, wordpress};
use super::world::{Server, says};

// Something on the site gave the page another address, its answer was lost, and it went out again.
#[tokio::test]
async fn a_post_whose_draft_is_known_is_looked_for_by_its_id_first() {
    let moved = |status: &str| {
        let mut post = post(status);
        post["slug"] = "2026-flu-shots".into();
        says_so(&post)
    };
    let found = LookedUp::Found {
        remote: "7".to_owned(),
        url: "https://northside.example/cs-publication-1/".to_owned(),
    };
    let held = LookedUp::NotYet("the site keeps it for review: publish it there".to_owned());
    let gone = says(404, "", r#"{"code":"rest_post_invalid_id"}"#);
    let table = [
        (vec![moved("publish")], found.clone()),
        (vec![moved("pending")], held),
        (vec![moved("draft")], LookedUp::Absent),
        (vec![moved("trash")], LookedUp::CantTell),
        (vec![gone.clone(), says_so(&json!([post("publish")]))], found),
        (vec![gone, says(200, "", "[]")], LookedUp::Absent),
        (vec![says(404, "", "")], LookedUp::CantTell),
    ];
    for (answers, expected) in table {
        let server = Server::answering(answers).await;
        let (network, desk) = wordpress(&server);

        let looked_up = network.look_up(&Job { draft: Some("7"), ..desk.job() }).await;

        assert_eq!(looked_up, expected);
        assert_eq!(lines(&server)[0], "GET /wp-json/wp/v2/posts/7?context=edit");
    }
    let live = [says_so(&json!([media("A map.")])), moved("publish")];
    let server = Server::answering(live).await;
    let (network, desk) = wordpress(&server);

    let prepared = network.prepare(&Job { draft: Some("7"), ..desk.job() }).await;

    assert_eq!(prepared, Ok(desk.prepared()));
    assert!(lines(&server).iter().all(|line| line.starts_with("GET ")));
}
