//! Texts of 10 kB that are made to be slow.

/// What is said again and again.
const UNITS: [(&str, &str); 18] = [
    ("a cue", "patient "),
    ("a cue and initials", "our patient J."),
    ("an honorific", "mrs. "),
    ("a date without a day", "born on on "),
    ("a number of a telephone", "512-555-0100"),
    ("brackets", "("),
    ("digits", "1"),
    ("a number of social security", "748-78-8282 "),
    ("nothing that is seen", "\u{200B}"),
    ("a letter that unfolds", "\u{FDFA}"),
    ("accents", "a\u{301}\u{301}\u{301}"),
    ("half a record number", "medical record no no # "),
    ("letters of mathematics", "\u{1D409}\u{1D41A}"),
    ("promises", "guarantee best cure your knee "),
    ("quotes", "\"my pain\" \"is gone\" "),
    ("names", "Bridget Calloway and "),
    ("the words that most rules begin with", "we you your our it no never "),
    ("a word that is held down", "cuuuuuuuuure "),
];

/// All of them, with what each is made of.
pub fn texts() -> impl Iterator<Item = (&'static str, String)> {
    UNITS.into_iter().map(|(name, unit)| (name, unit.repeat(10_000 / unit.len())))
}
