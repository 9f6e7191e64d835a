//! `CommonMark` to HTML in which nothing runs: no raw HTML, only links to the web, no pictures.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html::push_html};

/// The words as a page shows them. HTML in them is shown as text, and a link that does not lead
/// to `http` or `https` is its text.
pub fn html(words: &str) -> String {
    let mut links = Vec::new();
    let events = Parser::new_ext(words, Options::empty()).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::CodeBlock(_)) => {
            Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)))
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { dest_url, .. }) => {
            let leads = is_web(&dest_url);
            links.push(leads);
            leads.then(|| Event::Html(opening(&dest_url).into()))
        }
        Event::End(TagEnd::Link) => {
            links.pop().unwrap_or_default().then(|| Event::Html("</a>".into()))
        }
        other => Some(other),
    });
    let mut html = String::new();
    push_html(&mut html, events);
    html
}

fn is_web(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && !url.contains(|c: char| c.is_control() || c.is_whitespace())
}

fn opening(url: &str) -> String {
    let url = url
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(r#"<a href="{url}" rel="noopener noreferrer" target="_blank">"#)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_become_html_in_which_nothing_runs() {
        let table = [
            ("**Post 1**", "<p><strong>Post 1</strong></p>\n"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("a <img src=x onerror=y> b", "<p>a &lt;img src=x onerror=y&gt; b</p>\n"),
            ("[here](javascript:alert(1))", "<p>here</p>\n"),
            ("[here](/local/api/people)", "<p>here</p>\n"),
            ("![cat](https://a.example/cat.png)", "<p>cat</p>\n"),
            (
                "[here](https://a.example/?a=1&b=%22)",
                "<p><a href=\"https://a.example/?a=1&amp;b=%22\" rel=\"noopener noreferrer\" \
                 target=\"_blank\">here</a></p>\n",
            ),
            ("``` \"><b onclick=x>\ncode\n```", "<pre><code>code\n</code></pre>\n"),
        ];

        for (words, expected) in table {
            assert_eq!(html(words), expected, "{words}");
        }
    }

    /// The tags that may stand in the result, as they open.
    const TAGS: &[&str] = &[
        "p",
        "strong",
        "em",
        "a",
        "ul",
        "ol",
        "li",
        "br",
        "code",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "hr",
    ];

    fn is_harmless(tag: &str) -> bool {
        let tag = tag.trim_start_matches('/').trim_end_matches('/').trim();
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let attributes = match name {
            "a" => {
                let href = rest.strip_prefix("href=\"").and_then(|rest| rest.split_once('"'));
                href.is_none_or(|(href, rest)| {
                    is_web(href) && rest == " rel=\"noopener noreferrer\" target=\"_blank\""
                }) && (href.is_some() || rest.is_empty())
            }
            "ol" => rest.is_empty() || rest.starts_with("start=\""),
            _ => rest.is_empty(),
        };
        TAGS.contains(&name) && attributes
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("<script>".to_owned()),
            Just("</p><img src=x onerror=alert(1)>".to_owned()),
            Just("[x](javascript:alert(1))".to_owned()),
            Just("[x](JaVaScRiPt&colon;alert(1))".to_owned()),
            Just("[x](data:text/html,<b>)".to_owned()),
            Just("[x](https://a.example/\"onclick=\"y)".to_owned()),
            Just("[x](<https://a.example/> \"ti<tle\")".to_owned()),
            Just("<javascript:alert(1)>".to_owned()),
            Just("![[x](https://b.example)](javascript:y)".to_owned()),
            Just("[x]: javascript:alert(1)\n\n[x]".to_owned()),
            Just("```\"><svg onload=x>\n".to_owned()),
            Just("<!-- ".to_owned()),
            Just("<![CDATA[".to_owned()),
            Just("\n\n".to_owned()),
            "[-<>\"'&`*_\\[\\]()!#\\\\ \n\ta-z0-9:/.=]{0,12}",
            "\\PC{0,8}",
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_words_make_a_tag_or_link_that_runs(words in hostile()) {
            let html = html(&words);

            for part in html.split('<').skip(1) {
                let tag = part.split_once('>');
                prop_assert!(tag.is_some_and(|(tag, _)| is_harmless(tag)), "{html}");
            }
            prop_assert!(!html.to_lowercase().contains("href=\"javascript"), "{html}");
        }
    }
}
