//! Reads Rust files as text: what is code, what is only for tests, which paths the code names.
//!
//! No parser is needed for that: comments, strings and characters are blanked byte for byte, so
//! every line keeps its number, and what remains is cut into words.

use std::fs;
use std::ops::Range;
use std::path::Path;

/// One file of the house.
pub struct Source {
    /// From the top of the house, with `/`.
    pub path: String,
    pub text: String,
    /// The text with comments, strings and characters blanked.
    pub code: String,
    /// The code with everything under `#[cfg(test)]` blanked too.
    pub live: String,
}

/// One word of the code: a name, `::`, or a single other character.
#[derive(Clone, Copy)]
pub struct Word<'a> {
    pub line: usize,
    pub text: &'a str,
}

/// A path that the code names, such as `crate::domain::Post`.
#[derive(Debug, PartialEq)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
    pub how: How,
    /// The modules written out in the file around it.
    pub inside: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum How {
    /// `use a::b;`
    Use,
    /// `pub use a::b;`, which only passes a name on.
    PassOn,
    /// `a::b` anywhere else.
    Inline,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        let code = without_literals(text);
        let live = if code.trim_start().starts_with("#![cfg(test)]") {
            String::new()
        } else {
            blanked(&code, &test_parts(&code))
        };
        Source { path: path.to_owned(), text: text.to_owned(), code, live }
    }

    /// The path as a module: `src/domain/post.rs` is `["domain", "post"]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/')
            .filter(|name| !matches!(*name, "mod" | "lib" | "main"))
            .map(str::to_owned)
            .collect()
    }

    /// How many lines it has beside its `#[cfg(test)] mod tests`.
    pub fn lines_beside_tests(&self) -> usize {
        let in_tests: usize = test_parts(&self.code)
            .into_iter()
            .filter(|part| self.code[part.clone()].contains("mod tests"))
            .map(|part| self.code[part].lines().count())
            .sum();
        self.text.lines().count() - in_tests
    }

    /// The names of the modules that it declares in files of their own.
    pub fn children(&self) -> Vec<&str> {
        declared(&self.live)
    }

    /// The names of the modules that it declares for tests only.
    pub fn test_children(&self) -> Vec<&str> {
        test_parts(&self.code).into_iter().flat_map(|part| declared(&self.code[part])).collect()
    }
}

/// Every `.rs` file under `top/folder`, sorted by path.
pub fn read_folder(top: &Path, folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(top.join(folder)) else {
        return found;
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "node_modules")
        .collect();
    names.sort();
    for path in names.iter().map(|name| format!("{folder}/{name}")) {
        if top.join(&path).is_dir() {
            found.extend(read_folder(top, &path));
        } else if Path::new(&path).extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(top.join(&path)).expect("a readable file");
            found.push(Source::new(&path, &text));
        }
    }
    found
}

pub fn words(code: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = match first {
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            words.push(Word { line, text: &rest[..length] });
        }
        at += length;
    }
    words
}

/// Every path that the code names, each `use` tree taken apart.
pub fn named(code: &str) -> Vec<Named> {
    let words = words(code);
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    let mut found = Vec::new();
    let mut inside: Vec<(usize, String)> = Vec::new();
    let (mut at, mut depth) = (0, 0);
    while at < words.len() {
        let first = found.len();
        let (line, before) = (words[at].line, if at == 0 { "" } else { text(at - 1) });
        match text(at) {
            "{" => depth += 1,
            "}" => {
                inside.retain(|(opened, _)| *opened != depth);
                depth -= 1;
            }
            "mod" if text(at + 2) == "{" => inside.push((depth + 1, text(at + 1).to_owned())),
            "use" if text(at + 1) != "<" => {
                let how = if matches!(before, "pub" | ")") { How::PassOn } else { How::Use };
                at = take_tree(&words, at + 1, &[], how, &mut found);
            }
            "(" if text(at + 1) == "in" => at += 2, // `pub(in a::b)` uses nothing
            name if name.starts_with(is_name) => {
                let mut path = vec![name.to_owned()];
                while text(at + 1) == "::" && text(at + 2).starts_with(is_name) {
                    path.push(text(at + 2).to_owned());
                    at += 2;
                }
                if path.len() > 1 {
                    found.push(Named { line, path, how: How::Inline, inside: Vec::new() });
                }
            }
            _ => {}
        }
        for named in &mut found[first..] {
            named.inside = inside.iter().map(|(_, name)| name.clone()).collect();
        }
        at += 1;
    }
    found
}

/// The lines on which a path contains `wanted`, segment by segment.
pub fn naming(paths: &[Named], wanted: &[&str]) -> Vec<usize> {
    let names = |path: &[String]| path.windows(wanted.len()).any(|part| part == wanted);
    paths.iter().filter(|named| names(&named.path)).map(|named| named.line).collect()
}

/// Takes one `use` tree from the words; returns where its last word stands.
fn take_tree(
    words: &[Word<'_>],
    mut at: usize,
    above: &[String],
    how: How,
    found: &mut Vec<Named>,
) -> usize {
    let mut path = above.to_vec();
    let line = words[at].line;
    while let Some(word) = words.get(at) {
        match word.text {
            "::" => {}
            "{" => {
                while at < words.len() && words[at].text != "}" {
                    at = take_tree(words, at + 1, &path, how, found);
                }
                return at + 1;
            }
            "as" => at += 1,
            "," | "}" | ";" => break,
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    if path.len() > above.len() || words[at - 1].text == "self" {
        found.push(Named { line, path, how, inside: Vec::new() });
    }
    at
}

fn declared(code: &str) -> Vec<&str> {
    let words = words(code);
    words
        .windows(3)
        .filter(|three| three[0].text == "mod" && three[2].text == ";")
        .map(|three| three[1].text)
        .collect()
}

/// Where the parts under `#[cfg(test)]` stand, each with its attribute.
fn test_parts(code: &str) -> Vec<Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices(MARK) {
        if parts.last().is_none_or(|last| last.end <= start) {
            parts.push(start..item_end(code, start + MARK.len()));
        }
    }
    parts
}

/// Where the item that begins at `start` ends: at its `;`, or with its body.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[start..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' if depth <= 1 => return start + at + 1,
            '}' | ')' | ']' => depth -= 1,
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

fn without_literals(text: &str) -> String {
    let mut literals = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = comment(rest).or_else(|| string(rest)).or_else(|| character(rest)) {
            literals.push(at..at + length);
            at += length;
        } else if is_name(first) {
            at += rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        } else {
            at += first.len_utf8();
        }
    }
    blanked(text, &literals)
}

fn blanked(text: &str, parts: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in parts.iter().cloned().flatten() {
        if bytes[byte] != b'\n' {
            bytes[byte] = b' ';
        }
    }
    String::from_utf8(bytes).expect("only whole characters are blanked")
}

/// The length of the comment that the text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    let mut depth = usize::from(text.starts_with("/*"));
    let mut at = 2;
    while depth > 0 && at < text.len() {
        match &text.as_bytes()[at..text.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.starts_with("/*").then_some(at)
}

/// The length of the string that the text begins with, be it plain, raw, of bytes or of C.
fn string(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !matches!(c, 'b' | 'c' | 'r'))?;
    let raw = text[..prefix].contains('r');
    let hashes = if raw { text[prefix..].find(|c| c != '#')? } else { 0 };
    let open = prefix + hashes + 1;
    if !text[open - 1..].starts_with('"') {
        return None;
    }
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(text[open..].find(&close).map_or(text.len(), |at| open + at + close.len()));
    }
    let mut escaped = false;
    let close = text[open..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    Some(close.map_or(text.len(), |at| open + at + 1))
}

/// The length of the character that the text begins with; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let open = 1 + usize::from(text.starts_with('b'));
    let mut inner = text[open - 1..].strip_prefix('\'')?.char_indices();
    let (_, first) = inner.next()?;
    let (second_at, second) = inner.next()?;
    if first == '\\' {
        let after = open + second_at + second.len_utf8();
        return text[after..].find('\'').map(|at| after + at + 1);
    }
    (second == '\'').then_some(open + second_at + 1)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
