//! A database of a test's own: a file, or one on the server that `COUNTERSIGN_TEST_POSTGRES` names.

use std::env;
use std::io::{Write, stderr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Once;

use countersign::store::Place;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// The server where databases may be made, as a URL.
const SERVER: &str = "COUNTERSIGN_TEST_POSTGRES";

/// A database of a test's own; one on a server is gone when this is dropped.
pub struct TestDatabase {
    pub place: Place,
    server: Option<OnServer>,
}

struct OnServer {
    server: PgConnectOptions,
    name: String,
}

/// A way into a database past the program.
pub enum BackDoor {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl TestDatabase {
    /// This file.
    pub fn file(path: PathBuf) -> Self {
        Self { place: Place::File(path), server: None }
    }

    /// A new one on the server; none when no server is named, which is said.
    pub async fn on_server() -> Option<Self> {
        let server = server()?;
        Some(Self::make(server, "ENCODING 'UTF8' TEMPLATE template0").await)
    }

    /// Makes one on a server, as `how` says.
    pub async fn make(server: PgConnectOptions, how: &str) -> Self {
        let mut chance = [0; 8];
        getrandom::fill(&mut chance).expect("chance");
        let name = format!("countersign_test_{:016x}", u64::from_be_bytes(chance));
        tells(&server, format!("CREATE DATABASE {name} {how}")).await;
        let place = Place::Server(Box::new(server.clone().database(&name)));
        Self { place, server: Some(OnServer { server, name }) }
    }

    /// The same again, as it is now: this file, or another database of the server. There, nobody
    /// may have it open any more.
    pub async fn copy(&self, file: PathBuf) -> Self {
        let Some(OnServer { server, name }) = &self.server else {
            let copy = format!("VACUUM INTO '{}'", file.display());
            self.opens().await.runs(&copy).await.expect("copied");
            return Self::file(file);
        };
        let leave = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        tells(server, leave).await;
        Self::make(server.clone(), &format!("TEMPLATE {name}")).await
    }

    /// What the setting `database.url` says to open it.
    pub fn url(&self) -> String {
        match &self.place {
            Place::File(path) => format!("sqlite:{}", path.display()),
            Place::Server(options) => options.to_url_lossy().to_string(),
        }
    }

    /// A connection of the test's own.
    pub async fn opens(&self) -> BackDoor {
        match &self.place {
            Place::File(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                BackDoor::Sqlite(options.connect().await.expect("a connection"))
            }
            Place::Server(options) => {
                BackDoor::Postgres(options.connect().await.expect("a connection"))
            }
        }
    }
}

impl BackDoor {
    /// Runs statements without parameters.
    pub async fn runs(&mut self, sql: &str) -> sqlx::Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            BackDoor::Sqlite(on) => sql.execute(on).await.map(drop),
            BackDoor::Postgres(on) => sql.execute(on).await.map(drop),
        }
    }
}

impl Drop for OnServer {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let gone = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            runtime.expect("a runtime").block_on(tells(&server, drop));
        });
        let _ = gone.join();
    }
}

/// The server where databases may be made. Under `CI` there has to be one.
pub fn server() -> Option<PgConnectOptions> {
    static SAID: Once = Once::new();
    if let Ok(url) = env::var(SERVER) {
        return Some(PgConnectOptions::from_str(&url).expect("a URL of a PostgreSQL server"));
    }
    assert!(env::var_os("CI").is_none(), "{SERVER} names no server, and CI must not pass without");
    // Past the test's own output, which is shown only when it fails.
    SAID.call_once(|| {
        let _ = writeln!(stderr(), "\nNOT TESTED ON POSTGRESQL: {SERVER} names no server");
    });
    None
}

async fn tells(server: &PgConnectOptions, sql: String) {
    let mut on = server.connect().await.expect("the server answers");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut on).await.expect("done");
    on.close().await.expect("closed");
}
