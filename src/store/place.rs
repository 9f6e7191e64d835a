//! Where the database is: a file, or a PostgreSQL server. Prints no password.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::ports::store::{StoreError, Stored};

/// As which a server knows us.
pub(super) const PROGRAM: &str = "countersign";

/// Where a database is.
#[derive(Clone)]
pub enum Place {
    /// SQLite, in this file.
    File(PathBuf),
    /// PostgreSQL.
    Server(Box<PgConnectOptions>),
}

impl Place {
    /// A database of a PostgreSQL server, by its URL.
    ///
    /// To a server on another machine the connection is encrypted and the server's certificate is
    /// checked, unless the URL has an `sslmode` that says otherwise.
    pub fn server(url: &str) -> Stored<Self> {
        let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| {
            StoreError::Failed(format!("the address of the PostgreSQL database is wrong: {error}"))
        })?;
        let is_near = options.get_socket().is_some() || is_this_machine(options.get_host());
        let careful = if is_near || says_how_to_encrypt(url) {
            options
        } else {
            options.ssl_mode(PgSslMode::VerifyFull)
        };
        Ok(Self::Server(Box::new(careful.application_name(PROGRAM))))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Server(on) => {
                let host = on.get_socket().map(|path| path.display().to_string());
                let host = host.unwrap_or_else(|| on.get_host().to_owned());
                write!(f, "{} at {host}:{}", database(on), on.get_port())
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

/// The database's name; without one, a server takes that of the user.
pub(super) fn database(options: &PgConnectOptions) -> &str {
    options.get_database().unwrap_or_else(|| options.get_username())
}

/// Nobody in between can listen.
fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    host == "localhost" || host.starts_with('/') || is_loopback
}

fn says_how_to_encrypt(url: &str) -> bool {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let mut names = query.split('&').filter_map(|pair| pair.split('=').next());
    names.any(|name| matches!(name, "sslmode" | "ssl-mode"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_far_away_is_talked_to_in_secret_unless_the_url_says_otherwise() {
        let table = [
            ("postgres://me@db.example.org/practice", "VerifyFull"),
            ("postgresql://me@10.0.0.7:6432/practice?application_name=x", "VerifyFull"),
            ("postgres://me@localhost.example.org/practice", "VerifyFull"),
            ("postgres://me@db.example.org/practice?sslmode=require", "Require"),
            ("postgres://me@db.example.org/practice?x=y&ssl-mode=disable", "Disable"),
            ("postgres://me@localhost/practice", "Prefer"),
            ("postgres://me@127.0.0.1:5433/practice", "Prefer"),
            ("postgres://me@[::1]/practice", "Prefer"),
            ("postgres:///practice?host=/run/postgresql", "Prefer"),
        ];

        for (url, expected) in table {
            let Ok(Place::Server(options)) = Place::server(url) else { panic!("{url}") };
            assert_eq!(format!("{:?}", options.get_ssl_mode()), expected, "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let place = Place::server("postgres://me:s3cret@db.example.org:6432/practice");
        let place = place.expect("an address");
        let wrong = Place::server("postgres://me:s3cret@db.example.org:port/practice");

        let said = format!("{place} {place:?} {}", wrong.expect_err("no port"));

        assert!(said.contains("practice at db.example.org:6432"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}
