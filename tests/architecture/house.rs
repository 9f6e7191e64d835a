//! The house as a graph: which file uses what of which other file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::source::{How, Named, Source, named};

/// The files, and what each of them uses.
pub struct House {
    pub files: Vec<Source>,
    pub arrows: Vec<Arrow>,
    /// Which file is which module; the program's own `main.rs` is none.
    modules: BTreeMap<Vec<String>, usize>,
}

/// One file uses something of the crate.
pub struct Arrow {
    pub from: usize,
    pub line: usize,
    pub how: How,
    /// As the crate sees it: `["domain", "post", "Post"]`.
    pub to: Vec<String>,
}

/// A line that breaks a law, and what to do about it.
pub struct Breach {
    pub path: String,
    pub line: usize,
    pub advice: String,
}

impl House {
    pub fn new(mut files: Vec<Source>) -> House {
        let test_only: Vec<Vec<String>> = files
            .iter()
            .flat_map(|file| {
                file.test_children().into_iter().map(|name| below(&file.module(), name))
            })
            .collect();
        for file in files.iter_mut().filter(|file| is_source(file)) {
            if test_only.iter().any(|module| file.module().starts_with(module)) {
                file.live.clear();
            }
        }
        let arrows = (0..files.len())
            .filter(|from| is_source(&files[*from]))
            .flat_map(|from| arrows_of(&files, from))
            .collect();
        let modules = (files.iter().enumerate())
            .filter(|(_, file)| is_source(file) && room(file) != "main")
            .map(|(at, file)| (file.module(), at))
            .collect();
        House { files, arrows, modules }
    }

    pub fn breach(&self, file: usize, line: usize, advice: impl Into<String>) -> Breach {
        Breach { path: self.files[file].path.clone(), line, advice: advice.into() }
    }

    /// The file that an arrow ends in; names that a parent passes on lead to where they come from.
    pub fn file_at(&self, to: &[String]) -> Option<usize> {
        let mut to = to.to_vec();
        // Two files that pass on each other's names would lead on for ever.
        for _ in 0..8 {
            let (file, depth) = (0..=to.len())
                .rev()
                .find_map(|depth| Some((*self.modules.get(&to[..depth])?, depth)))?;
            let passed_on = self.arrows.iter().find(|arrow| {
                arrow.from == file
                    && arrow.how != How::Inline
                    && arrow.to.last() == to.get(depth)
                    && arrow.to != to
            });
            match passed_on {
                Some(arrow) => to.clone_from(&arrow.to),
                None => return Some(file),
            }
        }
        None
    }

    pub fn sources(&self) -> impl Iterator<Item = (usize, &Source)> {
        self.files.iter().enumerate().filter(|(_, file)| is_source(file))
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// The sets of numbers that lead back to themselves.
pub fn circles(arrows: impl Iterator<Item = (usize, usize)>) -> Vec<BTreeSet<usize>> {
    let mut reach: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, to) in arrows {
        reach.entry(from).or_default().insert(to);
    }
    let mut grown = true;
    while grown {
        grown = false;
        for from in reach.keys().copied().collect::<Vec<_>>() {
            let further: Vec<usize> =
                reach[&from].iter().filter_map(|to| reach.get(to)).flatten().copied().collect();
            let own = reach.get_mut(&from).expect("a known start");
            let before = own.len();
            own.extend(further);
            grown |= own.len() > before;
        }
    }
    let leads = |from: &usize, to: &usize| reach.get(from).is_some_and(|all| all.contains(to));
    let found: BTreeSet<BTreeSet<usize>> = (reach.keys())
        .filter(|start| leads(start, start))
        .map(|start| {
            reach.keys().filter(|at| leads(start, at) && leads(at, start)).copied().collect()
        })
        .collect();
    found.into_iter().collect()
}

fn arrows_of(files: &[Source], from: usize) -> Vec<Arrow> {
    let file = &files[from];
    let children = file.children();
    let to = |named: &Named| {
        let rest = named.path[1..].iter().cloned();
        let mut module = file.module();
        match named.path[0].as_str() {
            "crate" => Some(rest.collect()),
            "countersign" if room(file) == "main" => Some(rest.collect()),
            "self" | "super" => {
                module.extend(named.inside.iter().cloned());
                for segment in &named.path {
                    match segment.as_str() {
                        "self" => {}
                        "super" => drop(module.pop()),
                        name => module.push(name.to_owned()),
                    }
                }
                Some(module)
            }
            child if children.contains(&child) => Some([module, named.path.clone()].concat()),
            _ => None,
        }
    };
    let arrow = |named: Named| {
        let mut to: Vec<String> = to(&named)?;
        to.retain(|segment| segment != "*");
        Some(Arrow { from, line: named.line, how: named.how, to })
    };
    named(&file.live).into_iter().filter_map(arrow).collect()
}

/// The module at the top that a file belongs to.
pub fn room(file: &Source) -> &str {
    let path = file.path.trim_start_matches("src/");
    path.split(['/', '.']).next().unwrap_or(path)
}

pub fn is_source(file: &Source) -> bool {
    file.path.starts_with("src/")
}

fn below(module: &[String], name: &str) -> Vec<String> {
    [module, &[name.to_owned()]].concat()
}
