//! WordPress as it is: <https://developer.wordpress.org/rest-api/reference/>.

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::peer::{Kind, Peer, asks, client};

/// The smallest picture there is: one pixel.
const PICTURE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[tokio::test]
async fn wordpress_publishes_a_draft_by_its_id() {
    let Some(peer) = Peer::start(Kind::WordPress).await else { return };
    let editor = Editor { peer: &peer, password: peer.told("/passwords/editor") };

    let picture = editor.uploads("A nurse with a syringe").await;
    let post = json!({
        "title": "Flu shots",
        "content": "This Saturday.",
        "status": "draft",
        "featured_media": picture["id"],
    });
    let (made, draft) = asks(editor.calls(Method::POST, "posts").json(&post)).await;
    assert_eq!((made, &draft["status"]), (201, &json!("draft")), "{draft}");
    let by_id = format!("posts/{}", draft["id"]);
    for _ in 0..2 {
        let publish = editor.calls(Method::POST, &by_id).json(&json!({ "status": "publish" }));
        let (done, live) = asks(publish).await;
        assert_eq!((done, &live["status"]), (200, &json!("publish")), "{live}");
    }

    let public = |path: &str| client().get(format!("{}/wp-json/wp/v2/{path}", peer.told("/url")));
    let (_, all) = asks(public("posts?search=flu")).await;
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{all}");
    assert_eq!(all[0]["featured_media"], picture["id"]);
    let (_, media) = asks(public(&format!("media/{}", picture["id"]))).await;
    assert_eq!(media["alt_text"], "A nurse with a syringe");

    let stranger = Editor { peer: &peer, password: "not it" };
    let (status, answer) = asks(stranger.calls(Method::POST, "posts").json(&post)).await;
    assert_eq!((status, &answer["code"]), (401, &json!("rest_cannot_create")), "{answer}");
}

struct Editor<'a> {
    peer: &'a Peer,
    password: &'a str,
}

impl Editor<'_> {
    async fn uploads(&self, alt_text: &str) -> Value {
        let file = self.calls(Method::POST, "media").header(CONTENT_TYPE, "image/gif");
        let file = file.header(CONTENT_DISPOSITION, "attachment; filename=shots.gif").body(PICTURE);
        let (made, media) = asks(file).await;
        assert_eq!(made, 201, "{media}");
        let described = json!({ "alt_text": alt_text });
        let by_id = format!("media/{}", media["id"]);
        let (done, media) = asks(self.calls(Method::POST, &by_id).json(&described)).await;
        assert_eq!(done, 200, "{media}");
        media
    }

    fn calls(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/wp-json/wp/v2/{path}", self.peer.told("/url"));
        client().request(method, url).basic_auth("editor", Some(self.password))
    }
}
