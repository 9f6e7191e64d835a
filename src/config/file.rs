//! The settings file: read as a table, with every name in it known.

use std::path::Path;

use anyhow::{Context, anyhow, bail};

use crate::domain::nearest::nearest;
use crate::domain::secret::Secret;

/// Reads the file. A name that no setting has is an error that tells the nearest.
pub(super) fn read(file: &Path, names: &[&str]) -> anyhow::Result<toml::Table> {
    let table = parse(&std::fs::read_to_string(file)?)?;
    let stray = |(section, inside): (&String, &toml::Value)| match inside.as_table() {
        None => Some(section.clone()),
        Some(inside) => {
            let mut here = inside.keys().map(|key| format!("{section}.{key}"));
            here.find(|name| !names.contains(&name.as_str()))
        }
    };
    if let Some(name) = table.iter().find_map(stray) {
        match nearest(&name, names.iter().copied()) {
            Some(near) => bail!("there is no setting {name}; did you mean {near}?"),
            None => bail!("there is no setting {name}; there are: {}", names.join(", ")),
        }
    }
    Ok(table)
}

/// Reads the file's text. What is wrong in it is said without the line itself: it may hold a
/// password.
fn parse(text: &str) -> anyhow::Result<toml::Table> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        anyhow!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })
}

/// Puts a variable's text where the file would have it: a number or truth where it reads as one.
pub(super) fn set(table: &mut toml::Table, name: &str, text: &str) -> anyhow::Result<()> {
    let (section, key) = name.split_once('.').context("a setting has a section")?;
    let value = match (text.parse::<i64>(), text.parse::<bool>()) {
        (Ok(number), _) => toml::Value::Integer(number),
        (_, Ok(truth)) => toml::Value::Boolean(truth),
        _ => toml::Value::String(text.to_owned()),
    };
    let section = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    let section = section.as_table_mut().context("a section is a table")?;
    section.insert(key.to_owned(), value);
    Ok(())
}

/// The secret that a file holds.
pub(super) fn held(file: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let text = text.trim();
    if text.is_empty() {
        bail!("{} is empty", file.display());
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_is_not_there_is_named_with_the_nearest() {
        let names = ["web.listen", "local.enabled"];
        let said = |text: &str| {
            let file = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(file.path(), text).expect("written");
            read(file.path(), &names).map_err(|error| error.to_string()).err().unwrap_or_default()
        };

        let near = "there is no setting web.lisen; did you mean web.listen?";
        assert_eq!(said("[web]\nlisten = 1"), "");
        assert_eq!(said("[web]\nlisen = 1"), near);
        assert!(said("[wbe]\nlisten = 1").ends_with("did you mean web.listen?"));
        assert!(said("a = 1").ends_with("no setting a; there are: web.listen, local.enabled"));
    }
}
