//! A post as a record: its key, its bytes, and what links and tags in it are. Pure.

use std::io::Cursor;
use std::sync::LazyLock;

use image::ImageReader;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::canonical::hex;
use crate::domain::ids::RowId;
use crate::networks::text::LINKS;
use crate::ports::publisher::{Job, Media};

/// The digits of a record's key, in their order.
const SORTABLE: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
/// The digits of a blob's id.
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// What an id of raw bytes by SHA-256 begins with: version 1, raw, SHA-256, 32 bytes.
const BY_SHA256: [u8; 4] = [1, 0x55, 0x12, 0x20];
/// A post that was to leave so long ago would be shown among those of then.
const STALE: SignedDuration = SignedDuration::from_hours(1);
/// The most characters of a tag.
const LONGEST_TAG: usize = 64;

/// A tag, after a blank or at the beginning.
static TAGS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)([#＃][^\s#＃]+)").expect("a sound pattern"));

/// The key of a publication's record: a timestamp identifier of the moment that the publication's
/// own id names. The same for every attempt, also for those of a copy that was put back, so that a
/// record that is there already is written again and no second one is made.
pub fn key(id: &RowId) -> String {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let chance = u64::from(u32::from_be_bytes([0, digest[0], digest[1], digest[2]]));
    let micros = millis(id.as_str()) * 1000 + (chance >> 10) % 1000;
    let bits = ((micros & ((1 << 53) - 1)) << 10) | (chance & 0x3ff);
    let digit =
        |at: u32| char::from(SORTABLE[usize::try_from((bits >> (5 * at)) & 31).unwrap_or(0)]);
    (0..13).rev().map(digit).collect()
}

/// When an id was made (UUIDv7: its first twelve digits); 0 for one of another form.
fn millis(id: &str) -> u64 {
    let digits: String = id.chars().filter(|c| *c != '-').take(12).collect();
    u64::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 12).unwrap_or(0)
}

/// The record. `blobs` are what the server made of the pictures, in order.
pub fn record(job: &Job<'_>, blobs: &[Value]) -> Value {
    let text = job.part.words();
    let mut record = json!({
        "$type": "app.bsky.feed.post",
        "createdAt": moment(made(job)),
    });
    let facets = facets(&text);
    if !facets.is_empty() {
        record["facets"] = facets.into();
    }
    if !blobs.is_empty() {
        let pictures = blobs.iter().zip(&job.part.media).zip(job.media);
        let images = pictures.map(|((blob, picture), media)| image(blob, &picture.alt, media));
        record["embed"] =
            json!({ "$type": "app.bsky.embed.images", "images": images.collect::<Vec<_>>() });
    }
    record["text"] = text.into();
    record
}

fn image(blob: &Value, alt: &str, media: &Media) -> Value {
    let mut image = json!({ "image": blob, "alt": alt });
    let reader = ImageReader::new(Cursor::new(&media.bytes)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    if let Some((width, height)) = size {
        image["aspectRatio"] = json!({ "width": width, "height": height });
    }
    image
}

/// When its first attempt began; one that could not leave for long is shown where it is new.
fn made(job: &Job<'_>) -> Timestamp {
    let waited = job.on.now.duration_since(job.first_sent);
    if waited < STALE { job.first_sent } else { job.on.now }
}

/// A moment as records write it.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Where links and tags stand in the text, in bytes. What they are is in the text itself, so
/// nothing leaves that was not signed.
pub fn facets(text: &str) -> Vec<Value> {
    let facet = |range: std::ops::Range<usize>, feature: Value| {
        json!({
            "index": { "byteStart": range.start, "byteEnd": range.end },
            "features": [feature],
        })
    };
    let links = LINKS.find_iter(text).map(|found| {
        let link = json!({ "$type": "app.bsky.richtext.facet#link", "uri": found.as_str() });
        (found.range(), link)
    });
    let tags = TAGS.captures_iter(text).filter_map(|found| {
        let whole = found.get(1)?;
        let kept = whole.as_str().trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '_');
        let tag = kept.strip_prefix(['#', '＃'])?;
        let counts = !tag.is_empty() && tag.chars().count() <= LONGEST_TAG;
        let is_number = tag.bytes().all(|b| b.is_ascii_digit());
        let range = whole.start()..whole.start() + kept.len();
        let tag = json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag });
        (counts && !is_number).then_some((range, tag))
    });
    let mut all: Vec<_> = links.collect();
    let apart: Vec<_> = tags
        .filter(|(tag, _)| {
            !all.iter().any(|(link, _)| tag.start < link.end && link.start < tag.end)
        })
        .collect();
    all.extend(apart);
    all.sort_by_key(|(range, _)| range.start);
    all.into_iter().map(|(range, feature)| facet(range, feature)).collect()
}

/// The SHA-256 of a blob, hexadecimal, which its id says; nothing for an id of another kind.
pub fn sha256_of(cid: &str) -> Option<String> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0_u32, Vec::new());
    for digit in cid.strip_prefix('b')?.bytes() {
        let value = u32::try_from(DIGITS.iter().position(|known| *known == digit)?).ok()?;
        (bits, held) = ((bits << 5) | value, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    let digest = bytes.strip_prefix(&BY_SHA256)?;
    (digest.len() == 32).then(|| hex::encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let part = |facet: &Value| {
            let at = |end: &str| usize::try_from(facet["index"][end].as_u64().expect("a number"));
            let range = at("byteStart").expect("small")..at("byteEnd").expect("small");
            let feature = &facet["features"][0];
            let said = feature["uri"].as_str().or(feature["tag"].as_str()).expect("one of them");
            format!("{} = {said}", &text[range])
        };
        facets(text).iter().map(part).collect()
    }

    #[test]
    fn links_and_tags_are_found_where_they_stand() {
        let table: [(&str, &[&str]); 9] = [
            ("Flu shots.", &[]),
            (
                "Grüße 👋 https://northside.example/flu?x=1#top. #FluShots, #2026",
                &[
                    "https://northside.example/flu?x=1#top = https://northside.example/flu?x=1#top",
                    "#FluShots = FluShots",
                ],
            ),
            (
                "(see https://northside.example)",
                &["https://northside.example = https://northside.example"],
            ),
            (
                "See https://flu.example/Flu_(disease), (or https://flu.example).",
                &[
                    "https://flu.example/Flu_(disease) = https://flu.example/Flu_(disease)",
                    "https://flu.example = https://flu.example",
                ],
            ),
            ("“https://flu.example/x”", &["https://flu.example/x = https://flu.example/x"]),
            ("a#b C#", &[]),
            ("#", &[]),
            ("#früh!", &["#früh = früh"]),
            ("＃健康", &["＃健康 = 健康"]),
        ];
        for (text, expected) in table {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn the_id_of_a_blob_says_its_hash() {
        let cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        assert_eq!(sha256_of(cid).as_deref(), Some(known));
        for odd in [
            "",
            "b",
            "bafy",
            "zb2rh",
            "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk!",
        ] {
            assert_eq!(sha256_of(odd), None, "{odd}");
        }
    }
}
