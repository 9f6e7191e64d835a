//! What is signed, against vectors that another language checks too (`data/content/check.py`).

use std::fs;
use std::path::{Path, PathBuf};

use countersign::domain::canonical;
use countersign::domain::content::{Content, LABEL, Picture, Revision, normalized};
use countersign::domain::draft::Draft;
use countersign::domain::ids::{AccountId, PostId, PracticeId};
use countersign::domain::network::Network;
use countersign::domain::policy::Policy;
use countersign::domain::practice::{Account, Practice};
use countersign::domain::window::Window;
use jiff::tz::TimeZone;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    given: Given,
    content: Content,
    canonical: String,
    hash: String,
}

/// What people typed, and where it goes.
#[derive(Deserialize)]
struct Given {
    practice: PracticeId,
    post: PostId,
    revision: i64,
    salt: String,
    window: Window,
    text: String,
    disclosure: String,
    pictures: Vec<Picture>,
    accounts: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    network: Network,
    server: String,
    remote: String,
}

#[test]
fn content_is_what_another_language_makes_of_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/content");
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the vectors")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|is| is == "json"))
        .collect();
    assert_eq!(files.len(), 6);

    for file in files {
        let name = file.display();
        let text = fs::read_to_string(&file).expect("a vector");
        let vector: Vector = serde_json::from_str(&text).expect("a vector");
        let content = vector.given.fixed();

        assert_eq!(content, vector.content, "{name}");
        let written = canonical::to_json(&content).expect("in the subset");
        assert_eq!(written, vector.canonical, "{name}");
        assert_eq!(content.hash().to_string(), vector.hash, "{name}");
        let labelled = canonical::hash(LABEL, &vector.content).expect("in the subset");
        assert_eq!(canonical::hex::encode(&labelled), vector.hash, "{name}");
    }
}

impl Given {
    /// As a submission fixes it.
    fn fixed(&self) -> Content {
        let practice = self.practice();
        let picture =
            |picture: &Picture| Picture { alt: normalized(&picture.alt), ..picture.clone() };
        let draft = Draft {
            text: normalized(&self.text),
            pictures: self.pictures.iter().map(picture).collect(),
            disclosure: normalized(&self.disclosure),
            accounts: practice.accounts.iter().map(|a| a.id.clone()).collect(),
            ..Draft::default()
        };
        let revision = Revision {
            post: &self.post,
            number: self.revision,
            salt: canonical::hex::decode(&self.salt).expect("a salt"),
            window: self.window,
        };
        Content::of(&practice, revision, &draft)
    }

    fn practice(&self) -> Practice {
        let account = |(number, place): (usize, &Place)| Account {
            id: AccountId::new(number.to_string()),
            network: place.network,
            name: "Practice page".to_owned(),
            server: place.server.clone(),
            remote_id: place.remote.clone(),
        };
        Practice {
            id: self.practice.clone(),
            name: "Northside Family Medicine".to_owned(),
            zone: TimeZone::UTC,
            sample: true,
            policy: Policy { needed: 1, of: Vec::new() },
            quiet: None,
            stopped: false,
            members: Vec::new(),
            accounts: self.accounts.iter().enumerate().map(account).collect(),
            channels: Vec::new(),
            version: 1,
        }
    }
}
