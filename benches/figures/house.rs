//! Databases with practices in them, and posts that wait.

use std::path::PathBuf;
use std::sync::Arc;

use countersign::cli::sample;
use countersign::cli::world::RealChance;
use countersign::domain::canonical::hex;
use countersign::domain::content::{Content, Revision};
use countersign::domain::entry::{Fact, Subject, What};
use countersign::domain::ids::{AccountId, MemberId, PostId, PracticeId, RowId};
use countersign::domain::ledger::{Body, NewEntry};
use countersign::domain::outbox::{Row, RowKind, RowState};
use countersign::domain::post::{Decision, Draft, Post, Source, State, Verdict};
use countersign::domain::practice::{Practice, Purpose};
use countersign::domain::window::Window;
use countersign::ports::chat::MessageRef;
use countersign::ports::store::{Card, Change, OutboxWrite, Store};
use countersign::store::{Place, Sql};
use ed25519_dalek::SigningKey;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

/// An open database with practices.
pub struct House {
    pub store: Arc<Sql>,
    pub practices: Vec<Practice>,
    /// The messages that show the posts, by their numbers; where there are none, they are as
    /// [`card`] says.
    pub messages: Vec<String>,
}

/// The key of every bench's ledger.
pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// When all benches begin; it is past, so that what runs by the real clock may go on from there.
pub const BEGAN: i64 = 1_795_000_000;

/// An instant that no bench means anything by.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(BEGAN + second).expect("a time")
}

/// A day in which a post may leave.
pub fn window(opens: i64) -> Window {
    Window { opens: at(opens), closes: at(opens + 86_400) }
}

/// The message that shows a post.
pub fn card(practice: &Practice, post: &Post) -> MessageRef {
    let channel = practice.channel(Purpose::Approvals).expect("it has one").clone();
    MessageRef { channel, message: format!("{BEGAN}.{:06}", post.number) }
}

impl House {
    /// Founds so many practices in a new database.
    pub async fn with(place: &Place, practices: usize) -> Self {
        Self::logged(place, practices, None).await
    }

    /// The same, and writes the ends of their chains into a log.
    pub async fn logged(place: &Place, practices: usize, heads: Option<PathBuf>) -> Self {
        let store = Arc::new(Sql::open(place, key(), heads).await.expect("opens"));
        let mut house = Self { store, practices: Vec::new(), messages: Vec::new() };
        for n in 0..practices {
            house.founds(with_channels(&format!("practice-{n:05}"))).await;
        }
        house
    }

    /// Founds a practice.
    pub async fn founds(&mut self, practice: Practice) {
        let public = hex::encode(key().verifying_key().as_bytes());
        let entries = sample::entries(&practice, &public, &RealChance);
        self.store.found(&practice, at(0), &entries).await.expect("founded");
        self.practices.push(practice);
    }

    /// The practice that a post is of.
    pub fn of(&self, post: &Post) -> &Practice {
        self.practices.iter().find(|one| one.id == post.practice).expect("is there")
    }

    /// So many posts in review, each on its card, one practice after the other.
    pub async fn posts(&self, count: usize, window: Window) -> Vec<Post> {
        let store = &self.store;
        let make = |n: usize| {
            let practice = &self.practices[n % self.practices.len()];
            async move {
                let post = new_post(practice, n);
                let mut shown = card(practice, &post);
                if let Some(message) = self.messages.get(n) {
                    message.clone_into(&mut shown.message);
                }
                store.commit(review(practice, (post, shown), window)).await.expect("committed");
                let id = PostId::new(format!("post-{n:06}"));
                store.post(&practice.id, &id).await.expect("readable").expect("is there")
            }
        };
        let mut posts = Vec::new();
        for some in (0..count).collect::<Vec<_>>().chunks(64) {
            posts.extend(join_all(some.iter().map(|n| make(*n))).await);
        }
        posts
    }
}

/// A practice as the sample, with channels of its own.
pub fn with_channels(id: &str) -> Practice {
    let mut practice = sample::practice();
    practice.id = PracticeId::new(id);
    for (_, channel) in &mut practice.channels {
        id.clone_into(&mut channel.workspace);
    }
    practice
}

/// What a physician's sign-off changes.
pub fn approval(mut post: Post) -> Change {
    let member = MemberId::new("dr-rao");
    post.state = State::SignedOff;
    post.decisions = vec![Decision {
        member: member.clone(),
        verdict: Verdict::Signed,
        by_reaction: false,
        by_button: true,
        recovered: false,
        own_words: false,
        at: at(10),
    }];
    let hash = post.hash.expect("is in review");
    let source = Source::Button;
    let signed = What::Signed { member, hash, source, recovered: false, own_words: false };
    let notice = Row {
        payload: "{\"card\":1}".to_owned(),
        ..row(&post, RowKind::Notice, format!("card {}", post.id))
    };
    Change {
        entries: vec![entry(signed, &post)],
        outbox: vec![OutboxWrite::Put { row: Box::new(notice), again: true }],
        post: Some(post.clone()),
        ..Change::new(post.practice, at(10))
    }
}

/// A sign-off after which the post leaves at its slot, or is missed when its window closes.
pub fn leaving(mut post: Post, slot: Timestamp) -> Change {
    post.slot = Some(slot);
    let publication = Row {
        account: Some(AccountId::new("practice-page")),
        due: slot,
        ..row(&post, RowKind::Publication, format!("{}/1/practice-page", post.id))
    };
    let close = Row {
        due: post.window.expect("in review").closes,
        ..row(&post, RowKind::WindowClose, post.id.to_string())
    };
    let put = |row| OutboxWrite::Put { row: Box::new(row), again: false };
    Change { outbox: vec![put(publication), put(close)], ..approval(post) }
}

fn new_post(practice: &Practice, n: usize) -> Post {
    let number = i64::try_from(n).expect("not that many") + 1;
    let id = PostId::new(format!("post-{n:06}"));
    let mut post = Post::new(practice.id.clone(), id, number, MemberId::new("tomas"));
    post.draft = Draft {
        text: "Flu shots this Saturday 9 to 12, no appointment needed.".to_owned(),
        accounts: vec![AccountId::new("practice-page")],
        ..Draft::default()
    };
    post
}

fn review(practice: &Practice, (mut post, shown): (Post, MessageRef), window: Window) -> Change {
    post.revision = 1;
    post.state = State::InReview;
    post.made = Some(at(1));
    post.slot = Some(window.opens + SignedDuration::from_hours(1));
    post.window = Some(window);
    let revision = Revision { post: &post.id, number: 1, salt: [7; 16], window };
    let content = Content::of(practice, revision, &post.draft);
    let (author, writers) = (post.author.clone(), vec![Some(post.author.clone())]);
    let earlier_authors = Vec::new();
    let drafted = What::Drafted { number: post.number, author, writers, earlier_authors };
    let hash = content.hash();
    post.hash = Some(hash);
    let stands =
        Card { at: shown, post: post.id.clone(), revision: 1, hash: hash.to_string(), open: true };
    Change {
        entries: vec![entry(drafted, &post)],
        content: Some(content),
        post: Some(post),
        card: Some(stands),
        ..Change::new(practice.id.clone(), at(1))
    }
}

fn entry(what: What, post: &Post) -> NewEntry {
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let body = Body { name: "Dr. Rao".to_owned(), role: "physician".to_owned(), ..Body::default() };
    NewEntry { actor: "dr-rao".to_owned(), fact: Fact { what, subject: Some(subject) }, body }
}

fn row(post: &Post, kind: RowKind, subject: String) -> Row {
    Row {
        practice: post.practice.clone(),
        id: RowId::new(format!("{kind} {subject}")),
        kind,
        subject,
        post: Some(post.id.clone()),
        revision: Some(1),
        account: None,
        state: RowState::Ready,
        due: at(10),
        fence: 0,
        attempts: 0,
        look_ups: 0,
        lease_until: None,
        first_sent: None,
        remote: None,
        url: None,
        payload: "{}".to_owned(),
        trouble: None,
    }
}
