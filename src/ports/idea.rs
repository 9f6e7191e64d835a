//! A message that staff may turn into a post, as it is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::intake::FileRef;
use super::message::MessageRef;
use crate::domain::ids::{MemberId, PostId};

/// A message in the ideas channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idea {
    /// The message.
    pub at: MessageRef,
    /// Who had it.
    pub member: MemberId,
    /// The words.
    pub text: String,
    /// What came with it.
    pub files: Vec<FileRef>,
    /// What was said of the pictures that came with it; nothing when none did.
    pub pictured: Option<Pictured>,
    /// When it was typed like this: what was typed before, and is heard of later, is old.
    pub typed: Timestamp,
    /// The bot's quiet answer, once shown.
    pub answer: Option<MessageRef>,
    /// The post made from it.
    pub post: Option<PostId>,
    /// Set aside: [Not a post].
    pub dismissed: bool,
    /// What a desk's message says now, while that is offered to the post that was made from it.
    pub offered: Option<Offered>,
}

/// What a message says and brings that is offered to a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Who wrote it.
    pub by: MemberId,
    /// The words.
    pub text: String,
    /// What comes with it.
    pub files: Vec<FileRef>,
}

/// Whether a patient could be in the pictures of a message, as far as somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pictured {
    /// Which pictures, by their platform's ids.
    pub files: Vec<String>,
    /// Who was asked, or said it last.
    pub by: MemberId,
    /// What they said.
    #[serde(flatten)]
    pub word: Word,
}

/// Whether a patient could be in pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "kebab-case")]
pub enum Word {
    /// Nothing yet.
    Asked,
    /// No patient.
    Nobody,
    /// People who agreed.
    Consent {
        /// The codes of their consents.
        codes: Vec<String>,
    },
    /// A patient is, or may be: the pictures are left out.
    LeftOut,
}

impl Word {
    /// The consents that it names.
    pub fn consents(&self) -> &[String] {
        match self {
            Self::Consent { codes } => codes,
            Self::Asked | Self::Nobody | Self::LeftOut => &[],
        }
    }
}

impl Pictured {
    /// It is about all of these.
    pub fn is_about(&self, files: &[FileRef]) -> bool {
        files.iter().all(|file| self.files.contains(&file.id))
    }

    /// They may be shown.
    pub fn lets(&self) -> bool {
        matches!(self.word, Word::Nobody | Word::Consent { .. })
    }
}

impl Idea {
    /// The word by which these of its pictures may be shown, if somebody gave it.
    pub fn word_for(&self, files: &[FileRef]) -> Option<&Pictured> {
        self.pictured.as_ref().filter(|said| said.is_about(files) && said.lets())
    }
}
