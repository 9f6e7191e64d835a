//! A store with two practices in it, and what its tests do again and again.

use std::path::PathBuf;

use countersign::domain::content::{Content, Revision};
use countersign::domain::entry::What;
use countersign::domain::ids::{AccountId, MemberId, PostId, PracticeId, RowId};
use countersign::domain::outbox::{Row, RowKind, RowState};
use countersign::domain::post::{Draft, Post, State};
use countersign::domain::window::Window;
use countersign::ports::store::{Change, OutboxWrite, Store};
use countersign::store::Sql;
use tempfile::TempDir;

use crate::database::{BackDoor, TestDatabase};

use super::values::{at, entry, key, practice, put, said, shift_to};

/// A store of its own, with the practices `northside` and `harbor`.
pub struct Bench {
    pub store: Sql,
    pub northside: PracticeId,
    pub harbor: PracticeId,
    pub database: TestDatabase,
    dir: TempDir,
}

impl Bench {
    /// On SQLite.
    pub async fn sqlite() -> Bench {
        let dir = TempDir::new().expect("a folder");
        let database = TestDatabase::file(dir.path().join("countersign.db"));
        Self::on(database, dir).await
    }

    /// On PostgreSQL, if there is a server.
    pub async fn postgres() -> Option<Bench> {
        let database = TestDatabase::on_server().await?;
        Some(Self::on(database, TempDir::new().expect("a folder")).await)
    }

    async fn on(database: TestDatabase, dir: TempDir) -> Bench {
        let bench = Bench {
            store: open(&database, &dir).await,
            northside: PracticeId::new("northside"),
            harbor: PracticeId::new("harbor"),
            database,
            dir,
        };
        for id in [&bench.northside, &bench.harbor] {
            let entries = [entry(What::PracticeMade { sample: true }, None)];
            let made = bench.store.found(&practice(id), at(0), &entries).await;
            made.expect("a new practice");
        }
        bench
    }

    /// The same database, as another process has it open.
    pub async fn another(&self) -> Sql {
        open(&self.database, &self.dir).await
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    pub fn heads_log(&self) -> PathBuf {
        heads_log(&self.dir)
    }

    /// Northside's first post, as committed.
    pub async fn post(&self) -> Post {
        self.commit(self.draft(1)).await;
        self.load(1).await
    }

    /// Northside's first post with a revision in review.
    pub async fn submitted(&self) -> Post {
        let post = self.post().await;
        self.commit(self.revision(&post)).await;
        self.load(1).await
    }

    pub async fn commit(&self, change: Change) {
        self.store.commit(change).await.expect("committed");
    }

    /// Commits nothing but this post.
    pub async fn save(&self, post: &Post) {
        let post = Some(post.clone());
        self.commit(Change { post, ..self.change() }).await;
    }

    /// Commits nothing but this write to the outbox.
    pub async fn write(&self, write: OutboxWrite) {
        self.commit(self.outbox(write)).await;
    }

    /// The number of an event that northside's Tomas caused.
    pub async fn receive(&self, id: &str) -> i64 {
        let stored = self.store.receive(&self.northside, &said(id), at(5)).await;
        stored.expect("stored").0
    }

    pub async fn load(&self, number: i64) -> Post {
        let post = self.store.post_by_number(&self.northside, number).await;
        post.expect("a readable post").expect("a post")
    }

    pub async fn row(&self, id: &str) -> Option<Row> {
        let row = self.store.row(&self.northside, &RowId::new(id)).await;
        row.expect("a readable row")
    }

    pub async fn seq(&self) -> i64 {
        let head = self.store.head(&self.northside).await;
        head.expect("a head").seq
    }

    /// Nothing yet, at the tenth second.
    pub fn change(&self) -> Change {
        Change::new(self.northside.clone(), at(10))
    }

    /// A new draft, with its entry.
    pub fn draft(&self, number: i64) -> Change {
        let id = PostId::new(format!("post-{number}"));
        let tomas = MemberId::new("tomas");
        let mut post = Post::new(self.northside.clone(), id, number, tomas.clone());
        post.draft = Draft {
            text: "Flu shots this Saturday.".to_owned(),
            accounts: vec![AccountId::new("page")],
            ..Draft::default()
        };
        let (writers, earlier_authors) = (Vec::new(), Vec::new());
        let drafted = What::Drafted { number, author: tomas, writers, earlier_authors };
        Change { entries: vec![entry(drafted, Some(&post))], post: Some(post), ..self.change() }
    }

    /// The post's next revision, in review.
    pub fn revision(&self, post: &Post) -> Change {
        let window = Window { opens: at(100), closes: at(200) };
        let mut post = post.clone();
        post.revision += 1;
        post.state = State::InReview;
        post.slot = Some(at(150));
        post.window = Some(window);
        post.decisions.clear();
        let practice = practice(&self.northside);
        let draft = &post.draft;
        let revision = Revision { post: &post.id, number: post.revision, salt: [7; 16], window };
        let content = Content::of(&practice, revision, draft);
        post.hash = Some(content.hash());
        Change {
            entries: vec![entry(What::Redrafted { writer: None }, Some(&post))],
            post: Some(post),
            content: Some(content),
            ..self.change()
        }
    }

    /// A notice in this state, as a worker with a lease to the sixtieth second left it.
    pub async fn row_in(&self, id: &str, state: RowState) -> Row {
        self.bring(self.notice(id), state).await
    }

    /// Brings a new row into a state.
    pub async fn bring(&self, row: Row, state: RowState) -> Row {
        let id = row.id.clone();
        self.write(put(row.clone(), false)).await;
        let held = matches!(state, RowState::Leased | RowState::Sending | RowState::Resolving);
        let left = Row {
            state,
            attempts: 2,
            look_ups: 1,
            lease_until: held.then(|| at(60)),
            first_sent: Some(at(9)),
            remote: Some("remote-1".to_owned()),
            url: Some("https://example.org/1".to_owned()),
            trouble: Some("slow".to_owned()),
            ..row.clone()
        };
        self.write(shift_to(&row, left)).await;
        self.row(id.as_str()).await.expect("a row")
    }

    /// Moves a row to a state, and reads it back.
    pub async fn moved(&self, row: &Row, state: RowState) -> Row {
        let to = Row { state, ..row.clone() };
        self.write(shift_to(row, to)).await;
        self.row(row.id.as_str()).await.expect("a row")
    }

    /// A connection of the test's own to the same database.
    pub async fn connect(&self) -> BackDoor {
        self.database.opens().await
    }

    /// A change of nothing but the outbox.
    pub fn outbox(&self, write: OutboxWrite) -> Change {
        Change { outbox: vec![write], ..self.change() }
    }

    /// A row that is due at the tenth second.
    pub fn notice(&self, id: &str) -> Row {
        Row {
            practice: self.northside.clone(),
            id: RowId::new(id),
            kind: RowKind::Notice,
            subject: format!("about {id}"),
            post: None,
            revision: None,
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

    /// A post's publication on the practice page.
    pub fn publication(&self, id: &str, post: &Post) -> Row {
        Row {
            kind: RowKind::Publication,
            post: Some(post.id.clone()),
            revision: Some(post.revision),
            account: Some(AccountId::new("page")),
            ..self.notice(id)
        }
    }
}

async fn open(database: &TestDatabase, dir: &TempDir) -> Sql {
    let store = Sql::open(&database.place, key(), Some(heads_log(dir))).await;
    store.expect("an open store")
}

fn heads_log(dir: &TempDir) -> PathBuf {
    dir.path().join("heads.log")
}

/// Runs promises over each database.
macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $promise() {
                    super::$promise(&super::Bench::sqlite().await).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $promise() {
                    if let Some(bench) = super::Bench::postgres().await {
                        super::$promise(&bench).await;
                    }
                }
            )+
        }
    };
}
pub(super) use promises;
