//! Who the local platform does not let in, and what it does not swallow.

use crate::local_support::{Ask, Platform, TOKEN};

const PEOPLE: &str = "/local/api/people";

#[tokio::test]
async fn only_this_machine_comes_in() {
    let platform = Platform::open().await;
    let port = platform.port;
    let people = || platform.ask("GET", PEOPLE);
    let refused = [
        people().without("host"),
        people().header("host", "127.0.0.1"),
        people().header("host", &format!("127.0.0.1:{}", port ^ 1)),
        people().header("host", &format!("evil.example:{port}")),
        people().header("host", &format!("127.0.0.1.evil.example:{port}")),
        people().header("host", &format!("localhost:{port}@evil.example")),
        people().header("host", &format!("127.0.0.1:0{port}")),
        people().header("origin", "https://evil.example"),
        people().header("origin", "null"),
        people().header("origin", &format!("https://127.0.0.1:{port}")),
        people().header("forwarded", "for=1.2.3.4"),
        people().header("x-forwarded-for", "1.2.3.4"),
        people().header("x-forwarded-anything", ""),
        people().header("via", "1.1 proxy"),
        people().header("x-real-ip", "127.0.0.1"),
        platform.ask("GET", &format!("http://evil.example:{port}{PEOPLE}")),
    ];
    let welcome = [
        people(),
        people().header("host", &format!("LocalHost:{port}")),
        people().header("host", &format!("[::1]:{port}")),
        people().header("origin", &format!("http://localhost:{port}")),
    ];

    for (at, ask) in refused.into_iter().enumerate() {
        let answer = ask.send().await;
        assert!(matches!(answer.status, 400 | 403), "{at}: {answer:?}");
    }
    for ask in welcome {
        assert_eq!(ask.send().await.status, 200);
    }
}

#[tokio::test]
async fn nobody_comes_in_without_the_token() {
    let platform = Platform::open().await;
    let bare = |path: &str| {
        Ask::bare(platform.port, "GET", path)
            .header("host", &format!("127.0.0.1:{}", platform.port))
    };
    let refused = [
        bare(PEOPLE),
        bare(PEOPLE).header("authorization", "Bearer 0123456789abcdee"),
        bare(PEOPLE).header("authorization", "Bearer "),
        bare(PEOPLE).header("authorization", &format!("Basic {TOKEN}")),
        bare(&format!("{PEOPLE}?token=")),
        bare(&format!("{PEOPLE}?token={TOKEN}x")),
        bare("/local/network/posts?key=k"),
        bare("/local/nothing"),
    ];

    for ask in refused {
        let answer = ask.send().await;
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.json()["hint"].is_string());
    }
    let in_address = bare(&format!("{PEOPLE}?a=b&token={TOKEN}")).send().await;
    assert_eq!(in_address.status, 200);
    assert!(in_address.head.contains("cache-control: no-store"));
}

#[tokio::test]
async fn a_body_is_declared_as_json() {
    let platform = Platform::open().await;
    let writes = [
        ("POST", MESSAGES),
        ("PATCH", "/local/api/messages/m1"),
        ("POST", "/local/api/messages/m1/press"),
        ("POST", "/local/api/form"),
        ("PUT", "/local/api/faults"),
        ("POST", "/local/network/posts"),
    ];

    for (method, path) in writes {
        let ask = || platform.ask(method, path);
        let form = ask().header("content-type", "text/plain").bytes("{}").await;
        let bare = ask().without("content-type").bytes("{}").await;
        assert_eq!((form.status, bare.status), (415, 415), "{method} {path}");
    }
}

#[tokio::test]
async fn the_address_of_a_post_leads_to_the_page() {
    let platform = Platform::open().await;
    let page = platform.ask("GET", "/practice-page").without("authorization");

    let forwarded = page.clone().header("via", "1.1 proxy").send().await;
    let answer = page.send().await;

    assert_eq!((answer.status, forwarded.status), (303, 403));
    assert!(answer.head.contains("location: /#practice-page"));
}

const MESSAGES: &str = "/local/api/messages";

/// What is asked while `m1` is a message of Tomas's, and how it is refused.
#[rustfmt::skip]
const REFUSED: &[(&str, &str, &str, u16)] = &[
    ("POST", MESSAGES, "{", 400),
    ("POST", MESSAGES, "\u{0}", 400),
    ("POST", MESSAGES, r#"{"as":"tomas"}"#, 400),
    ("POST", MESSAGES, r#"{"as":"tomas","channel":"ideas","text":5}"#, 400),
    ("POST", MESSAGES, r#"{"as":"tomas","channel":"ideas","text":"  "}"#, 400),
    ("POST", MESSAGES, r#"{"as":["tomas"],"channel":"ideas","text":"a"}"#, 400),
    ("POST", MESSAGES, r#"{"as":"tomas","channel":"../ideas","text":"a"}"#, 400),
    ("POST", MESSAGES, r#"{"as":"tomas","channel":"ideas","files":[{"id":"../local.db"}]}"#, 400),
    ("POST", "/local/api/messages/m1/press", r#"{"as":"tomas","button":{}}"#, 400),
    ("PATCH", "/local/api/messages/..%2F..%2Fetc", r#"{"as":"tomas","text":"a"}"#, 404),
    ("DELETE", "/local/api/messages/m01?as=tomas", "", 404),
    ("DELETE", "/local/api/messages/m-1?as=tomas", "", 404),
    ("DELETE", "/local/api/messages/m99999999999999999999?as=tomas", "", 404),
    ("DELETE", "/local/api/messages/m1%00?as=tomas", "", 404),
    ("DELETE", "/local/api/messages/m1?as=countersign", "", 400),
    ("DELETE", "/local/api/messages/m1?as=%27%3B--", "", 400),
    ("DELETE", "/local/api/messages/m1", "", 400),
    ("PUT", "/local/api/messages/m1/reactions/born%203%2F4%2F51?as=maya", "", 400),
    ("PUT", "/local/api/messages/m1/reactions/%FF?as=maya", "", 400),
    ("PUT", "/local/api/faults", r#"{"chat":{"deaff":true}}"#, 400),
    ("PUT", "/local/api/faults", r#"{"chat":{"latency_ms":-1}}"#, 400),
    ("GET", "/local/api/transcript?channel=ideas&after=x", "", 400),
    ("GET", "/local/api/transcript?channel=elsewhere", "", 400),
    ("GET", "/local/api/transcript?channel=ideas&as=nobody", "", 400),
    ("GET", "/local/api/events?as=nobody", "", 400),
    ("GET", "/local/api/files/..%2Flocal.db", "", 404),
    ("GET", "/local/network/media/..%2Flocal.db", "", 404),
    ("GET", "/local/api/messages", "", 405),
    ("GET", "/local/api/../api/nothing", "", 404),
];

#[tokio::test]
async fn what_can_not_be_read_is_refused_in_words() {
    let platform = Platform::open().await;
    platform.says("tomas", "Flu shots").await;

    for (method, path, body, status) in REFUSED {
        let answer = platform.ask(method, path).bytes(*body).await;
        assert_eq!(answer.status, *status, "{method} {path} {body}");
        let problem = answer.json();
        assert!(problem["error"].is_string() && problem["hint"].is_string());
    }
    assert_eq!(platform.intake.heard().len(), 1);
}

#[tokio::test]
async fn what_is_too_long_is_refused_in_words() {
    let platform = Platform::open().await;
    platform.says("tomas", "Flu shots").await;
    let emoji = "%F0%9F%91%A9%E2%80%8D".repeat(150);
    let emoji = format!("/local/api/messages/m1/reactions/{emoji}?as=maya");

    let too_long = platform.ask("POST", MESSAGES).bytes(vec![b'x'; 66_000]).await;
    let too_deep = platform.ask("POST", MESSAGES).bytes("[[[[".repeat(9_000)).await;
    let no_text = platform.ask("POST", MESSAGES).bytes(b"\xff\xfe").await;
    let emoji = platform.ask("PUT", &emoji).send().await;

    assert_eq!((too_long.status, too_deep.status), (413, 400));
    assert_eq!((no_text.status, emoji.status), (400, 400));
    assert!(too_long.json()["hint"].is_string());
    assert_eq!(platform.intake.heard().len(), 1);
}

#[tokio::test]
async fn an_upload_is_a_picture_of_ten_megabytes_at_most() {
    let platform = Platform::open().await;
    let large = [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; 10 * 1024 * 1024]].concat();
    let broken = platform
        .ask("POST", "/local/api/files")
        .header("content-type", "multipart/form-data; boundary=x");

    assert_eq!(platform.upload(&large[..10 * 1024 * 1024]).await.status, 201);
    assert_eq!(platform.upload(&large).await.status, 413);
    assert_eq!(platform.upload(b"<svg onload=x>").await.status, 415);
    assert_eq!(platform.upload(b"").await.status, 415);
    assert_eq!(broken.bytes("--x\r\nhalf").await.status, 400);
}
