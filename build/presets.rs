//! `rules/preset/*.toml` to the table of `src/config/preset.rs`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::DeTable;

use crate::facts::{capitalised, mistake_at, mistakes_in};
use crate::reader::{Node, Reader, nearest};
use crate::rules::{GROUPS, LEVELS};
use crate::schema::Mistake;

const KEYS: [&str; 5] = ["summary", "select", "rules", "fail-on", "require-reason"];
const FAIL_ON: [&str; 4] = ["error", "warning", "info", "never"];

/// Compiles all presets to Rust source; `names` are those of the rules, sorted.
pub(crate) fn compile(
    directory: &Path,
    names: &[&str],
    versions: &[&str],
    mistakes: &mut Vec<Mistake>,
) -> String {
    let mut files: Vec<_> = match fs::read_dir(directory) {
        Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())).collect(),
        Err(error) => {
            mistakes.push(mistake_at(directory, "", 0, error.to_string()));
            return String::new();
        }
    };
    files.sort();
    let mut table = String::new();
    for path in &files {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                mistakes.push(mistake_at(path, "", 0, error.to_string()));
                continue;
            }
        };
        let parsed = match DeTable::parse(&text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let at = error.span().map_or(0, |s| s.start);
                mistakes.push(mistake_at(path, &text, at, error.message()));
                continue;
            }
        };
        let mut reader = Reader::new(&text, versions);
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        preset(&mut reader, &name, parsed.get_ref(), names, &mut table);
        mistakes.extend(mistakes_in(path, &text, 0, reader));
    }
    format!(
        "/// All presets, sorted by name.\npub static PRESETS: [Preset; {}] = [\n{table}];\n",
        files.len()
    )
}

fn preset(
    reader: &mut Reader<'_>,
    name: &str,
    table: &DeTable<'_>,
    names: &[&str],
    out: &mut String,
) {
    reader.known_keys(table, &KEYS);
    let summary = reader.required(table, "summary", 0);
    let at = table.get("select").map_or(0, |node| node.span().start);
    let select: String = reader
        .strings(table, "select")
        .iter()
        .map(|name| format!("{}, ", selector(reader, name, names, at)))
        .collect();
    let mut levels = String::new();
    if let Some(rules) = table
        .get("rules")
        .and_then(|node| node.get_ref().as_table())
    {
        for (rule, level) in rules {
            let selector = selector(reader, rule.get_ref(), names, rule.span().start);
            let _ = write!(
                levels,
                "({selector}, {}), ",
                level_source(reader, rules, rule, level)
            );
        }
    }
    let fail_on = reader.one_of(table, "fail-on", &FAIL_ON);
    let fail_on = fail_on.map(|word| format!("FailOn::{}", capitalised(&word)));
    let require_reason = reader.boolean(table, "require-reason");
    let _ = writeln!(
        out,
        "    Preset {{ name: {name:?}, summary: {summary:?}, select: &[{select}], levels: &[{levels}], \
         fail_on: {}, require_reason: {require_reason:?} }},",
        fail_on.map_or("None".to_owned(), |word| format!("Some({word})")),
    );
}

fn level_source(
    reader: &mut Reader<'_>,
    rules: &DeTable<'_>,
    rule: &Spanned<std::borrow::Cow<'_, str>>,
    level: &Node<'_>,
) -> String {
    if level.get_ref().as_str() == Some("off") {
        return "None".to_owned();
    }
    match reader.one_of(rules, rule.get_ref(), &LEVELS) {
        Some(word) => format!("Some(Level::{})", capitalised(&word)),
        None => "None".to_owned(),
    }
}

fn selector(reader: &mut Reader<'_>, name: &str, names: &[&str], at: usize) -> String {
    if name == "all" {
        return "Selector::All".to_owned();
    }
    // That of users' own rules, which no rule of the book is in.
    if GROUPS.contains(&name) || name == "policy" {
        return format!("Selector::Group(Group::{})", capitalised(name));
    }
    if let Ok(index) = names.binary_search(&name) {
        return format!("Selector::Rule(RuleId::built_in({index}))");
    }
    let near = nearest(name, names.iter().chain(&GROUPS).copied());
    reader.at(at, format!("`{name}` is no rule and no group{near}"));
    "Selector::All".to_owned()
}
