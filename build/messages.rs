//! `rules/messages.toml`: what the service says, word for word.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::facts::{Facts, mistake_at, mistakes_in, pattern, range_source};
use crate::reader::{Reader, nearest};
use crate::schema::{Kind, Mistake, Schema};

const KEYS: [&str; 9] = [
    "message", "code", "element", "lacks", "value", "versions", "list", "bound", "source",
];
const PLACEHOLDERS: [&str; 9] = [
    "element", "value", "parent", "count", "path", "values", "min", "max", "pattern",
];

/// The rows as Rust source, sorted by rule.
pub(crate) fn compile(
    path: &Path,
    facts: &Facts,
    rules: &BTreeSet<String>,
    schema: &Schema,
    mistakes: &mut Vec<Mistake>,
) -> String {
    let versions: Vec<&str> = schema.versions.iter().map(|v| v.date.as_str()).collect();
    let elements = element_names(schema);
    let text = fs::read_to_string(path).unwrap_or_default();
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().map_or(0, |s| s.start);
            mistakes.push(mistake_at(path, &text, at, error.message()));
            return String::new();
        }
    };
    let mut reader = Reader::new(&text, &versions);
    let mut by_rule: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, rows) in table.get_ref() {
        let (rule, at) = (key.get_ref().to_string(), key.span().start);
        if !rules.contains(&rule) {
            let near = nearest(&rule, rules.iter().map(String::as_str));
            reader.at(at, format!("there is no rule `{rule}`{near}"));
        }
        let DeValue::Array(rows) = rows.get_ref() else {
            reader.at(at, format!("write [[{rule}]]"));
            continue;
        };
        let rows = rows.iter().filter_map(|row| row.get_ref().as_table());
        let rows = rows.map(|row| message(&mut reader, &rule, row, at, facts, &elements));
        by_rule.insert(rule.clone(), rows.collect());
    }
    mistakes.extend(mistakes_in(path, &text, 0, reader));
    emit(&by_rule)
}

fn message(
    reader: &mut Reader<'_>,
    rule: &str,
    table: &DeTable<'_>,
    at: usize,
    facts: &Facts,
    known: &BTreeSet<&str>,
) -> String {
    let at = table.keys().next().map_or(at, |key| key.span().start);
    reader.known_keys(table, &KEYS);
    let text = reader.required(table, "message", at);
    check_placeholders(reader, &text, at);
    let codes = reader.strings(table, "code");
    for code in codes
        .iter()
        .filter(|code| !facts.errors.contains_key(*code))
    {
        let near = nearest(code, facts.errors.keys().map(String::as_str));
        reader.at(at, format!("`{code}` is not in rules/errors.toml{near}"));
    }
    let elements = reader.strings(table, "element");
    let lacks = reader.string(table, "lacks");
    for name in elements.iter().chain(&lacks) {
        if !known.contains(name.as_str()) {
            let near = nearest(name, known.iter().copied());
            reader.at(at, format!("no element is named `{name}`{near}"));
        }
    }
    let value = pattern(reader, table, "value");
    let bound = reader.one_of(table, "bound", &["min", "max"]);
    let list = reader.boolean(table, "list").unwrap_or(false);
    let versions = range_source(reader.range(table, "versions"));
    let source = reader.required(table, "source", at);
    format!(
        "    Message {{ rule: {rule:?}, text: {text:?}, codes: &{codes:?}, elements: &{elements:?}, lacks: {lacks:?}, \
         value: {value}, bound: {bound:?}, list: {list}, versions: {versions}, source: {source:?} }},\n"
    )
}

/// The names of all members and list items.
fn element_names(schema: &Schema) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for shape in schema.shapes.values() {
        match &shape.kind {
            Kind::Structure { members, .. } => names.extend(members.iter().map(|m| &m.name[..])),
            Kind::List { item, .. } => _ = names.insert(&item[..]),
            _ => {}
        }
    }
    names.extend(schema.roots.keys().map(String::as_str));
    names
}

fn check_placeholders(reader: &mut Reader<'_>, text: &str, at: usize) {
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !PLACEHOLDERS.contains(&name) {
            let near = nearest(name, PLACEHOLDERS);
            reader.at(at, format!("`{{{name}}}` stands for nothing{near}"));
        }
    }
}

fn emit(by_rule: &BTreeMap<String, Vec<String>>) -> String {
    let count: usize = by_rule.values().map(Vec::len).sum();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "/// What the service says, by rule; the first row of a rule that fits is taken.\n\
         pub static MESSAGES: [Message; {count}] = ["
    );
    out.extend(by_rule.values().flatten().map(String::as_str));
    out.push_str("];\n");
    out
}
