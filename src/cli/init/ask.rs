//! Questions and what counts as an answer.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::bail;

use super::files::{Person, slug};
use crate::domain::member::Role;
use crate::domain::nearest::nearest;

/// So many zones are named when several fit.
const SOME: usize = 8;

/// Whoever asks.
pub(super) struct Asker {
    /// Asks nothing.
    pub(super) silent: bool,
    terminal: bool,
}

/// What an answer was taken for, or why it was not taken.
type Taken<T> = Result<T, String>;

impl Asker {
    /// Asks on the output and takes answers from the input.
    pub(super) fn new() -> Self {
        Self { silent: false, terminal: std::io::stdin().is_terminal() }
    }

    /// What the flag says, or the answer, or the default. On a terminal a wrong answer is asked
    /// for again.
    pub(super) fn ask<T>(
        &self,
        question: &str,
        said: Option<String>,
        default: Option<&str>,
        take: impl Fn(&str) -> Taken<T>,
    ) -> anyhow::Result<T> {
        if let Some(said) = said {
            return take(&said).map_err(anyhow::Error::msg);
        }
        loop {
            let line = if self.silent { None } else { self.line(question, default)? };
            let line = line.filter(|line| !line.is_empty());
            let Some(answer) = line.as_deref().or(default) else {
                bail!("no answer to: {question}; countersign init --help names the flag for it");
            };
            match take(answer) {
                Ok(taken) => return Ok(taken),
                Err(why) if self.terminal && !self.silent => say(&format!("  {why}\n"))?,
                Err(why) => bail!("{why}"),
            }
        }
    }

    /// People, one a line, until an empty one.
    pub(super) fn people(&self) -> anyhow::Result<Vec<Person>> {
        say("The practice's people, one a line; an empty line ends. For example:\n")?;
        say("  approver:Dr. Rao\n  staff:Tomas\n  manager:Lena\n  compliance:Ana\n")?;
        let mut people = Vec::new();
        while let Some(line) = self.line("Person", None)?.filter(|line| !line.is_empty()) {
            match person(&line) {
                Ok(person) => people.push(person),
                Err(why) if self.terminal => say(&format!("  {why}\n"))?,
                Err(why) => bail!("{why}"),
            }
        }
        Ok(people)
    }

    fn line(&self, question: &str, default: Option<&str>) -> anyhow::Result<Option<String>> {
        let default = default.map(|default| format!(" [{default}]")).unwrap_or_default();
        say(&format!("{question}{default}: "))?;
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line)?;
        if !self.terminal {
            say("\n")?;
        }
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}

fn say(words: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(words.as_bytes())?;
    out.flush()
}

/// A practice's name.
pub(super) fn name(typed: &str) -> Taken<String> {
    if slug(typed).is_empty() {
        return Err("a name has letters in it".to_owned());
    }
    Ok(typed.to_owned())
}

/// A zone by its name or by a city in it.
pub(super) fn zone(typed: &str) -> Taken<String> {
    let wanted = typed.trim().replace(' ', "_").to_lowercase();
    let all: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    if let Some(exact) = all.iter().find(|name| name.to_lowercase() == wanted) {
        return Ok(exact.clone());
    }
    let city = |name: &&String| name.rsplit('/').next().is_some_and(|c| c.to_lowercase() == wanted);
    let part = |name: &&String| name.to_lowercase().contains(&wanted);
    let cities: Vec<&String> = all.iter().filter(city).collect();
    let found = if cities.is_empty() { all.iter().filter(part).collect() } else { cities };
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let cities = all.iter().filter_map(|name| name.rsplit('/').next());
            let near = nearest(&typed.replace(' ', "_"), cities);
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            Err(format!("no zone is called {typed}: name a large city near you{near}"))
        }
        several => {
            let some: Vec<&str> = several.iter().take(SOME).map(|name| name.as_str()).collect();
            Err(format!("{typed} may be {}: say which", some.join(", ")))
        }
    }
}

/// A chat platform.
pub(super) fn platform(typed: &str) -> Taken<String> {
    match typed.to_lowercase().as_str() {
        known @ ("slack" | "discord") => Ok(known.to_owned()),
        _ => Err(format!("{typed} is neither slack nor discord")),
    }
}

/// Somebody: `ROLE:NAME`, or with an account, `ROLE:NAME:slack:T0123/U0456`.
pub(super) fn person(typed: &str) -> Taken<Person> {
    let mut parts = typed.splitn(3, ':').map(str::trim);
    let (role, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Some(role) = Role::ALL.iter().find(|known| known.as_str() == role.to_lowercase()) else {
        return Err(format!("{typed}: say a role first, as in approver:Dr. Rao or staff:Tomas"));
    };
    if slug(name).is_empty() {
        return Err(format!("{typed}: say a name after the role, as in {role}:Dr. Rao"));
    }
    let identity = parts.next().map(str::to_owned);
    if identity.as_ref().is_some_and(|at| !at.contains(':') || !at.contains('/')) {
        return Err(format!("{typed}: an account is PLATFORM:WORKSPACE/USER"));
    }
    Ok(Person { id: slug(name), name: name.to_owned(), role: *role, identity })
}

/// SQLite, or the address of a server.
pub(super) fn database(typed: &str) -> Taken<Option<String>> {
    match typed {
        "sqlite" => Ok(None),
        server if server.starts_with("postgres://") || server.starts_with("postgresql://") => {
            Ok(Some(server.to_owned()))
        }
        _ => Err("the database is sqlite, or postgres://USER:PASSWORD@HOST/NAME".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_by_its_city() {
        let found = |typed: &str| zone(typed).unwrap_or_else(|why| why);

        assert_eq!(found("America/Chicago"), "America/Chicago");
        assert_eq!(found("chicago"), "America/Chicago");
        assert_eq!(found("new york"), "America/New_York");
        assert!(found("chicgo").ends_with("did you mean Chicago?"), "{}", found("chicgo"));
        assert!(found("indiana").contains("may be America/Indiana/"));
        assert!(found("xqzzy").contains("no zone is called xqzzy"));
    }

    #[test]
    fn a_person_has_a_role_and_a_name() {
        let rao = person("approver: Dr. Rao :slack:T0123/U0456").expect("a person");

        assert_eq!(
            (rao.id.as_str(), rao.name.as_str(), rao.role),
            ("dr-rao", "Dr. Rao", Role::Approver)
        );
        assert_eq!(rao.identity.as_deref(), Some("slack:T0123/U0456"));
        for wrong in ["Dr. Rao", "doctor:Dr. Rao", "staff:", "staff:Tomas:U0456"] {
            assert!(person(wrong).is_err(), "{wrong}");
        }
    }
}
