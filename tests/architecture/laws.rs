//! The laws of the house as pure functions: from files to breaches.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::{Arrow, Breach, House, circles, is_source, room};
use crate::source::{How, Source, Word, named, naming, words};

/// A module, and the modules that it may use.
pub type Room = (&'static str, &'static [&'static str]);

/// Each module uses only what its row of the plan allows.
pub fn who_may_use_whom(house: &House, plan: &[Room]) -> Vec<Breach> {
    let row = |name: &str| plan.iter().find(|(room, _)| *room == name);
    let strangers = house.sources().filter(|(_, file)| row(room(file)).is_none()).map(|(at, _)| {
        house.breach(at, 1, "this module is not in the plan; put the file into one that is")
    });
    let trespassers = house.arrows.iter().filter_map(|arrow| {
        let (name, may_use) = row(room(&house.files[arrow.from]))?;
        let (used, _) = row(arrow.to.first()?)?;
        let fine = used == name || may_use.contains(used);
        let advice = format!(
            "`{name}` may not use `{used}`; it may use {may_use:?}: move the thing down, or bring \
             it in through a port"
        );
        (!fine).then(|| house.breach(arrow.from, arrow.line, advice))
    });
    strangers.chain(trespassers).collect()
}

/// The plan itself has no circle.
pub fn circles_in_plan(plan: &[Room]) -> Vec<BTreeSet<usize>> {
    let at = |name: &str| plan.iter().position(|(room, _)| *room == name).expect("a known module");
    circles(
        plan.iter()
            .enumerate()
            .flat_map(|(from, (_, to))| to.iter().map(move |name| (from, at(name)))),
    )
}

/// Inside a module, no file leads back to itself.
pub fn circles_of_files(house: &House) -> Vec<Breach> {
    let arrows: BTreeSet<(usize, usize, usize)> = house
        .arrows
        .iter()
        .filter(|arrow| arrow.how != How::PassOn)
        .filter_map(|arrow| Some((arrow.from, house.file_at(&arrow.to)?, arrow.line)))
        .filter(|(from, to, _)| from != to && room(&house.files[*from]) == room(&house.files[*to]))
        .collect();
    let circles = circles(arrows.iter().map(|(from, to, _)| (*from, *to)));
    let on_a_circle = arrows.iter().filter_map(|(from, to, line)| {
        let circle = circles.iter().find(|circle| circle.contains(from) && circle.contains(to))?;
        let names: Vec<_> =
            circle.iter().map(|file| house.files[*file].module().join("/")).collect();
        let advice = format!(
            "uses {}, which leads back here (the circle is {}): move what both need into a file \
             of its own",
            house.files[*to].module().join("/"),
            names.join(", "),
        );
        Some(house.breach(*from, *line, advice))
    });
    on_a_circle.collect()
}

/// Under each of these folders, one adapter knows no other; `shared` files know none at all.
pub fn adapters_are_strangers(house: &House, folders: &[Room]) -> Vec<Breach> {
    let adapter = |path: &[String]| Some((path.first()?.clone(), path.get(1)?.clone()));
    let meets = |arrow: &Arrow| {
        let (folder, own) = adapter(&house.files[arrow.from].module())?;
        let target = house.files[house.file_at(&arrow.to)?].module();
        let (other_folder, other) = adapter(&target)?;
        let (_, shared) = folders.iter().find(|(name, _)| *name == folder)?;
        let meets = folder == other_folder && own != other && !shared.contains(&other.as_str());
        let advice = format!(
            "`{own}` knows `{other}`; an adapter knows no other: move what both need into a \
             shared file of `{folder}` and list it in tests/architecture.rs"
        );
        meets.then(|| house.breach(arrow.from, arrow.line, advice))
    };
    house.arrows.iter().filter_map(meets).collect()
}

/// The core names nothing that waits, reads a clock, or reaches the world.
pub fn the_core_is_pure(house: &House, core: &[&str], world: &[&[&str]]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, file) in house.sources().filter(|(_, file)| core.contains(&room(file))) {
        let advice = |name: &str| {
            format!(
                "`{name}` reaches the world, and `{}` is pure: take a value instead",
                room(file)
            )
        };
        let paths = named(&file.live);
        for name in world {
            let advice = advice(&name.join("::"));
            let lines = naming(&paths, name).into_iter();
            breaches.extend(lines.map(|line| house.breach(at, line, &*advice)));
        }
        let waits = words(&file.live).into_iter().filter(|word| word.text == "async");
        breaches.extend(waits.map(|word| house.breach(at, word.line, advice("async"))));
    }
    breaches
}

/// Only the outbox, behind its gate, calls what makes something leave.
pub fn only_the_outbox_sends(house: &House, sends: &[(&str, &str)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let elsewhere = house.sources().filter(|(_, file)| !file.module().starts_with(&outbox()));
    for (at, file) in elsewhere {
        for (port, send) in sends {
            let advice = format!(
                "`{port}::{send}` is called from app/outbox only, after its gate: put a row into \
                 the outbox instead (a method that is not the port's needs another name)"
            );
            let all = words(&file.live);
            let calls = all.windows(3).filter(|three| {
                (three[0].text, three[1].text) == (".", send) && matches!(three[2].text, "(" | "::")
            });
            let lines = calls.map(|three| three[1].line);
            let paths = naming(&named(&file.live), &[port, send]);
            breaches.extend(lines.chain(paths).map(|line| house.breach(at, line, &*advice)));
        }
    }
    breaches
}

fn outbox() -> Vec<String> {
    vec!["app".to_owned(), "outbox".to_owned()]
}

/// Until a reply or a like can be signed, only tests reach what makes one.
pub fn nobody_engages(house: &House) -> Vec<Breach> {
    let is_its_own =
        |file: &Source| file.path.starts_with("src/networks/") && file.path.ends_with("/engage.rs");
    let mut breaches = Vec::new();
    for (at, file) in house.sources().filter(|(_, file)| !is_its_own(file)) {
        let all = words(&file.live);
        let named = all.iter().filter(|word| matches!(word.text, "Engages" | "engage"));
        // The modules themselves are declared.
        let declared = |line| file.live.lines().nth(line - 1).is_some_and(is_declaration);
        let lines = named.map(|word| word.line).filter(|line| !declared(*line));
        let why = "nothing reaches replies, likes and reposts until they can be signed";
        breaches.extend(lines.map(|line| house.breach(at, line, why)));
    }
    breaches
}

fn is_declaration(line: &str) -> bool {
    matches!(line.trim(), "mod engage;" | "pub mod engage;")
}

/// Every file of a network is named in `all(` of src/networks/mod.rs.
pub fn every_network_is_listed(house: &House, shared: &[&str]) -> Vec<Breach> {
    let list = house.files.iter().position(|file| file.path == "src/networks/mod.rs");
    let listed: BTreeSet<String> = list.map(|at| named_in_all(house, at)).unwrap_or_default();
    let unlisted = house.sources().filter_map(|(at, file)| match file.module().as_slice() {
        [folder, network] if folder == "networks" => {
            let fine = shared.contains(&network.as_str()) || listed.contains(network);
            let advice = format!("`{network}` is not listed: add its line to networks::all()");
            (!fine).then(|| house.breach(at, 1, advice))
        }
        _ => None,
    });
    unlisted.collect()
}

/// The children that `fn all(` of a file names, by module or by an imported name.
fn named_in_all(house: &House, at: usize) -> BTreeSet<String> {
    let imported: BTreeMap<&String, &String> = (house.arrows.iter())
        .filter(|arrow| arrow.from == at && arrow.how != How::Inline)
        .filter_map(|arrow| Some((arrow.to.last()?, arrow.to.get(1)?)))
        .collect();
    body_of(&words(&house.files[at].live), "all")
        .iter()
        .map(|word| word.text.to_owned())
        .map(|word| imported.get(&word).map_or(word, |child| (*child).clone()))
        .collect()
}

fn body_of<'a, 'w>(words: &'w [Word<'a>], function: &str) -> &'w [Word<'a>] {
    let starts = |pair: &[Word<'_>]| (pair[0].text, pair[1].text) == ("fn", function);
    let Some(start) = words.windows(2).position(starts) else {
        return &[];
    };
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(start) {
        depth += usize::from(word.text == "{");
        if word.text == "}" {
            depth -= 1;
            if depth == 0 {
                return &words[start..at];
            }
        }
    }
    &words[start..]
}

/// A file says in its first line what it is for.
pub fn every_file_has_a_head(house: &House) -> Vec<Breach> {
    let heads = house.files.iter().enumerate().filter(|(_, file)| {
        file.text.strip_prefix("//! ").is_none_or(|head| head.trim_start().is_empty())
    });
    heads
        .map(|(at, _)| house.breach(at, 1, "say what the file is for: begin with `//! `"))
        .collect()
}

/// A file is short enough to be read in one sitting.
pub fn files_are_short(house: &House, limit: usize) -> Vec<Breach> {
    let long = house.files.iter().enumerate().filter_map(|(at, file)| {
        let lines = file.lines_beside_tests();
        let advice = format!("{lines} lines beside its tests, and {limit} are the limit: split it");
        (lines > limit).then(|| house.breach(at, limit + 1, advice))
    });
    long.collect()
}

/// The top level holds what a reader expects there.
pub fn top_level_is_fixed(entries: &[String], allowed: &[&str]) -> Vec<Breach> {
    let odd =
        entries.iter().filter(|name| !name.starts_with('.') && !allowed.contains(&name.as_str()));
    odd.map(|name| Breach {
        path: name.clone(),
        line: 1,
        advice: "not an entry of the top level: move it into a folder, or ignore it".to_owned(),
    })
    .collect()
}

/// Every `#[expect(..)]` says why.
pub fn every_exception_has_a_reason(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, file) in house.files.iter().enumerate() {
        let all = words(&file.code);
        for (start, pair) in all.windows(2).enumerate() {
            if (pair[0].text, pair[1].text) == ("[", "expect") {
                let mut attribute = all[start..].iter().take_while(|word| word.text != "]");
                if !attribute.any(|word| word.text == "reason") {
                    breaches.push(house.breach(at, pair[1].line, "add `reason = \"..\"`"));
                }
            }
        }
    }
    breaches
}

/// No test is left out, is meant to crash, or waits for a clock.
pub fn tests_neither_skip_nor_sleep(house: &House) -> Vec<Breach> {
    const MARK: &str = "// waits for the world:";
    let mut breaches = Vec::new();
    for (at, file) in house.files.iter().enumerate() {
        for pair in words(&file.code).windows(2).filter(|pair| pair[0].text == "[") {
            let advice = match pair[1].text {
                "ignore" => "a test that is not run says nothing: mend it or delete it",
                "should_panic" => "say what comes back instead: match on the result",
                _ => continue,
            };
            breaches.push(house.breach(at, pair[1].line, advice));
        }
        if !file.path.starts_with("tests/") {
            continue;
        }
        let lines: Vec<&str> = file.text.lines().collect();
        let excused = |line: usize| {
            lines[line.saturating_sub(2)..line].iter().any(|text| text.contains(MARK))
        };
        let sleeps = sleeps(&file.code).into_iter().filter(|line| !excused(*line));
        let advice = format!("wait on an event, or say `{MARK} why` on this line or the one above");
        breaches.extend(sleeps.map(|line| house.breach(at, line, &*advice)));
    }
    breaches
}

/// A network file makes one attempt: when to try again is the outbox's to say.
pub fn networks_never_sleep(house: &House) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (at, file) in house.sources().filter(|(_, file)| room(file) == "networks") {
        let advice = "a network file makes one attempt and never sleeps: answer `TryLater`";
        breaches.extend(sleeps(&file.live).into_iter().map(|line| house.breach(at, line, advice)));
    }
    breaches
}

fn sleeps(code: &str) -> Vec<usize> {
    let ways = [["thread", "sleep"], ["time", "sleep"], ["time", "sleep_until"]];
    let paths = named(code);
    ways.iter().flat_map(|way| naming(&paths, way)).collect()
}

/// Every dependency is named in the code; one that only tests name is a dev-dependency.
pub fn every_dependency_is_used(house: &House, manifest: &str, not_yet: &[&str]) -> Vec<Breach> {
    let crates = |in_tests: bool| -> BTreeSet<String> {
        let code = |file: &Source| {
            if in_tests { file.code.clone() } else { file.live.clone() }
        };
        let files = house.files.iter().filter(|file| in_tests || is_source(file));
        files.flat_map(|file| named(&code(file))).map(|named| named.path[0].clone()).collect()
    };
    let (by_program, by_tests) = (crates(false), crates(true));
    let mut section = "";
    let mut breaches = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            section = line;
        }
        let users = match section {
            "[dependencies]" => &by_program,
            "[dev-dependencies]" => &by_tests,
            _ => continue,
        };
        let Some((name, _)) = line.split('#').next().and_then(|line| line.split_once(['=', '.']))
        else {
            continue;
        };
        let name = name.trim();
        let advice = match (users.contains(&name.replace('-', "_")), not_yet.contains(&name)) {
            (false, false) => {
                format!("nothing uses `{name}`: remove it, or make it a dev-dependency")
            }
            (true, true) => format!("`{name}` is used now: take it off NOT_YET_USED"),
            _ => continue,
        };
        breaches.push(Breach { path: "Cargo.toml".to_owned(), line: at + 1, advice });
    }
    breaches
}
