//! The chat page of the local workspace: plain files, compiled in, that need no build and no network.
//!
//! The page holds nothing secret: it is the token in the start URL that opens `/local/api`, and the
//! script takes it out of the address bar at once. Nothing is loaded from elsewhere and no script or
//! style stands in the markup, so the browser is told to refuse both.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Path, type and text of each file; a script is imported by the name it has on disk.
const FILES: [(&str, &str, &str); 20] = [
    ("/", HTML, include_str!("page/page.html")),
    ("/page.css", CSS, include_str!("page/page.css")),
    ("/page.js", JS, include_str!("page/page.js")),
    ("/icon.svg", SVG, include_str!("page/icon.svg")),
    ("/api.js", JS, include_str!("page/api.js")),
    ("/ask.css", CSS, include_str!("page/ask.css")),
    ("/ask.js", JS, include_str!("page/ask.js")),
    ("/channel.js", JS, include_str!("page/channel.js")),
    ("/composer.js", JS, include_str!("page/composer.js")),
    ("/desk.js", JS, include_str!("page/desk.js")),
    ("/dom.js", JS, include_str!("page/dom.js")),
    ("/field.js", JS, include_str!("page/field.js")),
    ("/menu.js", JS, include_str!("page/menu.js")),
    ("/message.js", JS, include_str!("page/message.js")),
    ("/pictures.js", JS, include_str!("page/pictures.js")),
    ("/published.js", JS, include_str!("page/published.js")),
    ("/safe.js", JS, include_str!("page/safe.js")),
    ("/state.js", JS, include_str!("page/state.js")),
    ("/trouble.js", JS, include_str!("page/trouble.js")),
    ("/words.js", JS, include_str!("page/words.js")),
];

const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The page and its files. `/local/api` and `/practice-page` are another router on the same listener,
/// whose guard (loopback host, no forwarding headers) should lie around both.
pub fn router() -> Router {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(move || async move { answer(kind, text) }))
    })
}

fn answer(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
    ([(header::CONTENT_TYPE, kind)], headers, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
        FILES.into_iter().filter(|(_, kind, _)| *kind == JS).map(|(path, _, text)| (path, text))
    }

    #[test]
    fn markup_has_no_script_style_or_handler_of_its_own() {
        let (_, _, html) = FILES[0];

        let inline = ["<style", " style=", " onclick=", " onload=", "javascript:"];

        assert_eq!(inline.map(|sign| html.contains(sign)), [false; 5]);
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains(r#"<script type="module" src="/page.js"></script>"#));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for (path, _, text) in FILES {
            let outside = text.replace("http://www.w3.org/2000/svg", "").replace("https?:", "");
            assert!(!outside.contains("http://") && !outside.contains("https://"), "{path}");
        }
    }

    #[test]
    fn every_import_is_served() {
        for (path, text) in scripts() {
            for import in
                text.lines().filter_map(|line| line.split_once("from \"./")?.1.strip_suffix("\";"))
            {
                let served = FILES.iter().any(|(file, ..)| file.strip_prefix('/') == Some(import));
                assert!(served, "{path} imports {import}");
            }
        }
    }

    #[test]
    fn words_of_people_never_become_markup() {
        let sinks = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "createContextualFragment",
        ];

        for (path, text) in scripts() {
            let found = sinks.iter().find(|sink| text.contains(**sink));
            assert_eq!(found, None, "{path}");
            assert_eq!(text.contains("DOMParser"), path == "/safe.js", "{path}");
        }
    }

    #[tokio::test]
    async fn each_file_comes_with_strict_headers() {
        for (path, kind, text) in FILES {
            let response = answer(kind, text).into_response();

            assert_eq!(response.headers()[header::CONTENT_TYPE], kind, "{path}");
            for (name, value) in HEADERS {
                assert_eq!(response.headers()[&name], value, "{path}");
            }
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
            assert_eq!(body.expect("its text"), text, "{path}");
        }
    }

    #[test]
    fn no_two_files_share_a_path() {
        let _panics_if_they_do = router();
    }
}
