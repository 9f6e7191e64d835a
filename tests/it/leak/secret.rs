//! A text that must not be kept, and the search for it in bytes.

use countersign::domain::canonical::hex;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};
use std::path::Path;

/// Blocked in every form in which somebody can type it.
pub const SECRET: &str =
    "Our patient Zebulon Quarrington, MRN 77310942, SSN 219-09-9999, loved his visit.";

/// Words of it that nothing else here says.
const WORDS: [&str; 6] =
    ["Zebulon", "Quarrington", "77310942", "219-09-9999", "219099999", "loved his visit"];

/// Everything by which the text would be known again.
pub fn marks() -> Vec<(String, Vec<u8>)> {
    let mut marks = Vec::new();
    let small = WORDS.map(str::to_lowercase);
    for word in WORDS.into_iter().chain(small.iter().map(String::as_str)) {
        let utf16: Vec<u16> = word.encode_utf16().collect();
        let of = |bytes: fn(u16) -> [u8; 2]| utf16.iter().flat_map(|c| bytes(*c)).collect();
        marks.push((format!("{word:?}"), word.as_bytes().to_vec()));
        marks.push((format!("{word:?} in UTF-16LE"), of(u16::to_le_bytes)));
        marks.push((format!("{word:?} in UTF-16BE"), of(u16::to_be_bytes)));
        marks.push((format!("{word:?} in hexadecimal"), hex::encode(word.as_bytes()).into()));
    }
    // A hash without a key would tell whoever guesses the text that the guess is right.
    let hash = Sha256::digest(SECRET).to_vec();
    marks.push(("its SHA-256 in hexadecimal".to_owned(), hex::encode(&hash).into()));
    marks.push(("its SHA-256".to_owned(), hash));
    marks
}

/// Where any of it is found, by name.
pub fn leaks(files: &[(String, Vec<u8>)]) -> Vec<String> {
    let marks = marks();
    let found = files.iter().flat_map(|(name, bytes)| {
        let marks = marks.iter().filter(|(_, mark)| has(bytes, mark));
        marks.map(move |(mark, _)| format!("{name} has {mark}"))
    });
    found.collect()
}

/// The bytes are in there.
pub fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}

/// A backup of a database, as its own bytes.
pub async fn backup(database: &Path) -> (String, Vec<u8>) {
    let copy = database.with_extension("backup");
    let mut on = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await;
    let on = on.as_mut().expect("a database");
    let into = AssertSqlSafe(format!("VACUUM INTO '{}'", copy.display()));
    on.execute(into).await.expect("a backup");
    let bytes = std::fs::read(&copy).expect("its bytes");
    std::fs::remove_file(&copy).expect("it was there");
    (format!("the backup of {}", database.display()), bytes)
}

#[test]
fn the_search_finds_what_is_there() {
    let utf16: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = [SECRET.as_bytes().to_vec(), utf16, SECRET.to_lowercase().into_bytes()];

    for bytes in files {
        assert!(leaks(&[("a file".to_owned(), bytes)]).len() >= 5);
    }
    assert_eq!(leaks(&[("a file".to_owned(), b"Flu shots this Saturday.".to_vec())]), [""; 0]);
}
