//! The word lists, compiled in. `SOURCES.md` says where each comes from and under which license.

/// Classes of words and phrases: the name, and its words parted by commas.
pub fn classes() -> impl Iterator<Item = (String, String)> {
    let texts = [include_str!("trade.toml"), include_str!("talk.toml")];
    let read =
        |text: &str| -> toml::Table { toml::from_str(text).expect("the lists are read by a test") };
    texts
        .into_iter()
        .flat_map(move |text| read(text))
        .filter_map(|(class, words)| words.as_str().map(|words| (class, words.to_owned())))
}

/// Long lists, a word a line.
pub fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lists = [
        ("given", include_str!("given.txt")),
        ("surname", include_str!("surnames.txt")),
        ("town", include_str!("towns.txt")),
        ("common", include_str!("common.txt")),
    ];
    lists.into_iter().flat_map(|(class, words)| words.lines().map(move |word| (class, word)))
}
