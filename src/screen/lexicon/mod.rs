//! The word lists, compiled in. `SOURCES.md` says where each comes from and under which license.

/// Classes of words and phrases: the name, and its words parted by commas.
pub fn classes() -> impl Iterator<Item = (String, String)> {
    let texts = [
        include_str!("talk.toml"),
        include_str!("people.toml"),
        include_str!("trade.toml"),
        include_str!("claims.toml"),
    ];
    let read =
        |text: &str| -> toml::Table { toml::from_str(text).expect("the lists are read by a test") };
    texts
        .into_iter()
        .flat_map(read)
        .filter_map(|(class, words)| words.as_str().map(|words| (class, words.to_owned())))
}

/// Long lists: the class, and a word a line.
pub fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        ("given", include_str!("given.txt")),
        ("seldom", include_str!("seldom.txt")),
        ("surname", include_str!("surnames.txt")),
        ("english", include_str!("english.txt")),
        ("town", include_str!("towns.txt")),
    ]
    .into_iter()
}
