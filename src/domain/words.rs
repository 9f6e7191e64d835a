//! One macro: an enum whose variants are words, the same in code, SQL, JSON and docs.

/// Defines a fieldless enum with its words, `ALL`, `as_str`, `Display`, `FromStr` and serde.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$vdoc:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name { $( $(#[$vdoc])* #[serde(rename = $word)] $variant ),+ }

        impl $name {
            /// Every variant, in the order of its definition.
            pub const ALL: &'static [$name] = &[ $( $name::$variant ),+ ];

            /// The word as it is stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word ),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::domain::words::NotAWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $( $word => Ok($name::$variant), )+
                    _ => Err(crate::domain::words::NotAWord { of: stringify!($name) }),
                }
            }
        }
    };
}
pub(crate) use words;

/// A stored or typed word that the enum does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words for {of}")]
pub struct NotAWord {
    pub(crate) of: &'static str,
}
