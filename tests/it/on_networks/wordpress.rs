//! WordPress as it is.

use countersign::domain::network::Network;
use countersign::domain::post::State;
use countersign::domain::secret::Secret;
use countersign::ports::accounts::Typed;
use serde_json::Value;

use super::between::Between;
use super::world::{ALT, World, once_whatever_is_lost};
use crate::peer::{Kind, Peer, asks, client};

/// With what WordPress would change if it were let: shortcodes, HTML, quotes, smilies.
const TEXT: &str = "Flu shots \"this\" Saturday -- [gallery] <b>not bold</b> & :-)\n\n\
    It's free \u{1f489}: https://northside.example/flu?a=1&b=2";

async fn open(peer: &Peer) -> World {
    let typed = Typed {
        network: Network::WordPress,
        server: String::new(),
        handle: "editor".to_owned(),
        secret: Secret::new(peer.told("/passwords/editor")),
        now: "2026-11-23T15:00:00Z".parse().expect("a time"),
    };
    World::open(Between::and(peer.told("/url")).await, typed).await
}

/// What everybody can read there.
async fn posts(peer: &Peer) -> Vec<Value> {
    let url = format!("{}/wp-json/wp/v2/posts?per_page=100", peer.told("/url"));
    let (status, said) = asks(client().get(url)).await;
    assert_eq!(status, 200, "{said}");
    said.as_array().expect("posts").clone()
}

async fn times(peer: &Peer, text: &str) -> usize {
    let says = |post: &&Value| {
        post["content"]["rendered"].as_str().is_some_and(|html| html.contains(text))
    };
    posts(peer).await.iter().filter(says).count()
}

#[tokio::test]
async fn a_practice_publishes_on_wordpress_once_whatever_happens() {
    let Some(peer) = Peer::start(Kind::WordPress).await else { return };
    let before = posts(&peer).await.len();

    let world = open(&peer).await;
    let number = world.signs(TEXT).await;
    world.publishes().await;
    let live = posts(&peer).await;
    assert_eq!(live.len(), before + 1, "{}", world.practice.transcript());
    world.is_published(live.len() - before, "first").await;
    let media = live[0]["featured_media"].as_i64().expect("a picture");
    let url = format!("{}/wp-json/wp/v2/media/{media}", peer.told("/url"));
    assert_eq!(asks(client().get(url)).await.1["alt_text"], ALT);
    world.practice.person("lena").presses("Take it down").await;
    world.goes_on().await;
    assert_eq!(world.practice.post(number).await.state, State::TakenDown);
    assert_eq!(posts(&peer).await.len(), before);

    let steps =
        ["POST /wp-json/wp/v2/media", "POST /wp-json/wp/v2/posts", "POST /wp-json/wp/v2/posts/"];
    let open_it = async || open(&peer).await;
    once_whatever_is_lost(open_it, async |text: &str| times(&peer, text).await, &steps).await;
}
