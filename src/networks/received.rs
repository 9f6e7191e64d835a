//! What every network's counts and remarks are held to alike.

use jiff::Timestamp;
use serde_json::Value;

use super::http;
use crate::domain::engagement::Category;
use crate::ports::engagement::Remark;

/// The longest id and the longest address that are kept.
const LONGEST: usize = 500;

/// A count that can be one.
pub fn count(value: &Value) -> Option<i64> {
    value.as_i64().filter(|count| *count >= 0)
}

/// A remark of which nothing but id, address and time is taken: an id or an address of another
/// form, which could carry words, is none.
pub fn remark(
    (remote, url): (&str, &str),
    at: &str,
    category: Category,
    about: Option<&str>,
) -> Option<Remark> {
    let is_id = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/~".contains(&b);
    let sound = !remote.is_empty() && remote.len() <= LONGEST && remote.bytes().all(is_id);
    let url = http::web_address(url);
    let (at, about) = (at.parse::<Timestamp>().ok()?, about.map(str::to_owned));
    let remote = remote.to_owned();
    (sound && !url.is_empty() && url.len() <= LONGEST).then_some(Remark {
        remote,
        url,
        at,
        category,
        about,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_could_carry_words_is_no_remark() {
        let url = "https://social.example/statuses/7";
        let taken = |remote: &str, url: &str, at: &str| {
            remark((remote, url), at, Category::Comment, None).is_some()
        };
        let at = "2026-11-23T15:00:00Z";

        assert!(taken("7", url, at));
        assert!(taken("at://did:plc:abc/app.bsky.feed.post/3k", url, at));
        for remote in ["", "my knee hurts", "<b>", &"7".repeat(501)] {
            assert!(!taken(remote, url, at), "{remote}");
        }
        for odd in ["", "javascript:alert(1)", &format!("{url}?{}", "x".repeat(500))] {
            assert!(!taken("7", odd, at), "{odd}");
        }
        assert!(!taken("7", url, "yesterday"));
    }

    #[test]
    fn what_is_no_count_is_not_told() {
        let table =
            [(json!(7), Some(7)), (json!(0), Some(0)), (json!(-1), None), (json!("7"), None)];
        for (value, expected) in table {
            assert_eq!(count(&value), expected, "{value}");
        }
    }
}
