//! `rules/lint/*.md` to the table of `src/rule.rs`, with the facts that rules refer to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::checks::{self, Checks};
use crate::compile::Owner;
use crate::facts::{
    self, Facts, OPERATIONS, by_operation, capitalised, mistake_at, mistakes_in, range_source,
};
use crate::messages;
use crate::presets;
use crate::reader::{Reader, nearest};
use crate::schema::{Mistake, Schema};

/// The file of one rule: front matter between `+++` lines, then the page.
struct RuleFile {
    path: PathBuf,
    text: String,
    name: String,
}

const KEYS: [&str; 12] = [
    "summary",
    "group",
    "level",
    "confidence",
    "error",
    "versions",
    "constraints",
    "mandatory",
    "certain",
    "options",
    "fix",
    "check",
];
pub(crate) const GROUPS: [&str; 11] = [
    "schema",
    "service",
    "update",
    "fleet",
    "suspicious",
    "security",
    "performance",
    "cost",
    "deprecated",
    "style",
    "configuration",
];
pub(crate) const LEVELS: [&str; 3] = ["info", "warning", "error"];
const CONFIDENCES: [&str; 3] = ["inferred", "documented", "verified"];

/// The source of `src/rule.rs` and of `src/rules.rs`.
pub(crate) struct Compiled {
    pub(crate) rules: String,
    pub(crate) checks: String,
    /// Of `src/config/preset.rs`.
    pub(crate) presets: String,
}

/// Compiles everything below `rules/` but the schema to Rust source.
pub(crate) fn compile(rules: &Path, schema: &Schema) -> Result<Compiled, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let versions: Vec<&str> = schema.versions.iter().map(|v| v.date.as_str()).collect();
    let facts = facts::read(rules, &versions, &mut mistakes);
    let model = checks::model(schema, &facts);
    let mut checks = Checks::new(&model);
    let (mut table, mut ids) = (String::new(), String::new());
    let files = rule_files(&rules.join("lint"), &mut mistakes);
    let mut cited: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let Some(rule) = compile_rule(file, index, &facts, &versions, &mut checks, &mut mistakes)
        else {
            continue;
        };
        let constant = file.name.to_uppercase().replace('-', "_");
        let _ = writeln!(
            ids,
            "    /// `{}`\n    pub(crate) const {constant}: RuleId = RuleId::built_in({index});",
            file.name
        );
        table.push_str(&rule.source);
        for id in rule.constraints {
            cited.entry(id).or_default().push(&file.name);
        }
    }
    // A file with another mistake may only seem to cite nothing.
    if mistakes.is_empty() {
        check_citations(rules, &facts, &cited, &files, &mut mistakes);
    }
    let names = files.iter().map(|file| file.name.clone()).collect();
    let said = messages::compile(
        &rules.join("messages.toml"),
        &facts,
        &names,
        schema,
        &mut mistakes,
    );
    let sorted: Vec<&str> = files.iter().map(|file| &file.name[..]).collect();
    let presets = presets::compile(&rules.join("preset"), &sorted, &versions, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let rules = format!(
        "/// All rules, sorted by name.\npub static RULES: [Rule; {}] = [\n{table}];\n\
         /// The rules by name.\n#[allow(dead_code)]\npub(crate) mod id {{\n    use super::RuleId;\n{ids}}}\n{}{}{said}",
        files.len(),
        facts::emit(&facts),
        checks.emit_options(),
    );
    Ok(Compiled {
        rules,
        checks: checks.emit(),
        presets,
    })
}

/// Rows of the catalogue and rules name each other.
fn check_citations(
    rules: &Path,
    facts: &Facts,
    cited: &BTreeMap<String, Vec<&str>>,
    files: &[RuleFile],
    mistakes: &mut Vec<Mistake>,
) {
    let path = rules.join("constraints.toml");
    let mut complain = |at: usize, message: String| {
        mistakes.push(mistake_at(&path, &facts.constraints_text, at, message));
    };
    for (id, row) in &facts.constraints {
        let citing = cited.get(id).map(Vec::as_slice).unwrap_or_default();
        for rule in &row.rules {
            if !files.iter().any(|f| f.name == *rule) {
                let near = nearest(rule, files.iter().map(|f| f.name.as_str()));
                complain(
                    row.offset,
                    format!("{id} names the rule `{rule}`, which does not exist{near}"),
                );
            } else if !citing.contains(&rule.as_str()) {
                complain(
                    row.offset,
                    format!("{id} names the rule `{rule}`, whose `constraints` lack it"),
                );
            }
        }
        for rule in citing
            .iter()
            .filter(|rule| !row.rules.iter().any(|r| r == *rule))
        {
            complain(
                row.offset,
                format!("the rule `{rule}` names {id}, whose `rules` lack it"),
            );
        }
    }
}

fn rule_files(dir: &Path, mistakes: &mut Vec<Mistake>) -> Vec<RuleFile> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else {
        mistakes.push(mistake_at(dir, "", 0, "the directory cannot be read"));
        return files;
    };
    for path in entries.filter_map(|entry| entry.ok().map(|e| e.path())) {
        let name = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.extension().is_none_or(|e| e != "md") || !is_kebab(&name) {
            mistakes.push(mistake_at(
                &path,
                "",
                0,
                "a rule file is named <rule-name>.md, in kebab-case",
            ));
            continue;
        }
        match fs::read_to_string(&path) {
            Ok(text) => files.push(RuleFile { path, text, name }),
            Err(error) => mistakes.push(mistake_at(&path, "", 0, error.to_string())),
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn is_kebab(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|p| {
            !p.is_empty()
                && p.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// A rule as a row of the table.
struct RuleRow {
    source: String,
    constraints: Vec<String>,
}

fn compile_rule(
    file: &RuleFile,
    index: usize,
    facts: &Facts,
    versions: &[&str],
    checks: &mut Checks<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Option<RuleRow> {
    let (front, page, base) = split_front_matter(file, mistakes)?;
    let mut reader = Reader::new(front, versions);
    let table = match DeTable::parse(front) {
        Ok(table) => table,
        Err(error) => {
            let at = base + error.span().map_or(0, |s| s.start);
            mistakes.push(mistake_at(&file.path, &file.text, at, error.message()));
            return None;
        }
    };
    let row = rule_row(
        &mut reader,
        table.get_ref(),
        (file, page),
        index,
        facts,
        checks,
    );
    mistakes.extend(mistakes_in(&file.path, &file.text, base, reader));
    row
}

/// The front matter of a rule file, as a row of the table.
fn rule_row(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    (file, page): (&RuleFile, &str),
    index: usize,
    facts: &Facts,
    checks: &mut Checks<'_>,
) -> Option<RuleRow> {
    reader.known_keys(table, &KEYS);
    for key in ["group", "level", "confidence", "check"] {
        if table.get(key).is_none() {
            reader.at(0, format!("`{key}` is missing"));
        }
    }
    let summary = reader.required(table, "summary", 0);
    let group = reader.one_of(table, "group", &GROUPS)?;
    let level = reader.one_of(table, "level", &LEVELS)?;
    let confidence = reader.one_of(table, "confidence", &CONFIDENCES)?;
    let range = reader.range(table, "versions");
    let constraints = reader.strings(table, "constraints");
    let mandatory = reader.boolean(table, "mandatory").unwrap_or(false);
    check_constraints(reader, table, &constraints, facts);
    let certain = reader.string(table, "certain");
    let inferred = |id: &String| facts.constraints.get(id).is_some_and(|row| row.inferred);
    let owner = Owner {
        name: &file.name,
        versions: range,
        may_be_error: mandatory
            || certain.is_some()
            || constraints.is_empty()
            || !constraints.iter().all(inferred),
    };
    if level == "error"
        && (!owner.may_be_error
            || confidence == "inferred" && !constraints.is_empty() && !mandatory)
    {
        let at = table.get("level").map_or(0, |v| v.span().start);
        reader.at(
            at,
            "a rule whose constraints are inferred is at most a warning",
        );
    }
    let errors = errors_of(reader, table, facts);
    let fixes = reader.one_of(table, "fix", &["safe", "unsafe", "sometimes"]);
    let fixes = fixes.map(|fixes| format!("Fixes::{}", capitalised(&fixes)));
    let fixes = fixes.map_or("None".to_owned(), |fixes| format!("Some({fixes})"));
    declare_options(reader, table, checks, &owner);
    if let Some(value) = table.get("check") {
        checks.read(reader, value, &owner, index);
    }
    let mut source = String::new();
    let _ = writeln!(
        source,
        "    Rule {{ name: {:?}, summary: {summary:?}, group: Group::{}, level: Level::{}, confidence: Confidence::{}, \
         {errors}, versions: {}, mandatory: {mandatory}, fixes: {fixes}, constraints: &{constraints:?}, page: {:?}, origin: None }},",
        file.name,
        capitalised(&group),
        capitalised(&level),
        capitalised(&confidence),
        range_source(range),
        page.trim(),
    );
    Some(RuleRow {
        source,
        constraints,
    })
}

fn check_constraints(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    constraints: &[String],
    facts: &Facts,
) {
    let at = table.get("constraints").map_or(0, |v| v.span().start);
    for id in constraints {
        if !facts.constraints.contains_key(id) {
            let near = nearest(id, facts.constraints.keys().map(String::as_str));
            reader.at(at, format!("`{id}` is not in rules/constraints.toml{near}"));
        }
    }
}

/// What the API answers: a code for all operations, or one for each.
fn errors_of(reader: &mut Reader<'_>, table: &DeTable<'_>, facts: &Facts) -> String {
    let Some(value) = table.get("error") else {
        return "error: None, errors: &[]".into();
    };
    let at = value.span().start;
    let codes = match value.get_ref().as_table() {
        Some(_) => by_operation(reader, table, "error"),
        None => {
            let code = reader.string(table, "error").unwrap_or_default();
            if let Some(row) = facts.errors.get(&code) {
                for (operation, api) in OPERATIONS {
                    if !row.covers(operation) {
                        reader.at(
                            at,
                            format!(
                                "{api} does not answer `{code}`: give a code for each operation"
                            ),
                        );
                    }
                }
            }
            vec![("create".to_owned(), code)]
        }
    };
    let mut sources = Vec::new();
    for (operation, code) in &codes {
        match facts.errors.get(code) {
            Some(row) => sources.push((
                operation,
                format!("ApiError {{ code: {code:?}, status: {} }}", row.status),
            )),
            None => {
                let near = nearest(code, facts.errors.keys().map(String::as_str));
                reader.at(at, format!("`{code}` is not in rules/errors.toml{near}"));
            }
        }
    }
    let main = sources.first().map(|(_, source)| format!("Some({source})"));
    let others: String = sources
        .iter()
        .skip(1)
        .map(|(operation, source)| format!("(Operation::{}, {source}), ", capitalised(operation)))
        .collect();
    format!(
        "error: {}, errors: &[{others}]",
        main.unwrap_or_else(|| "None".into())
    )
}

/// Numbers of a native rule that the user may set: `[options] max-things = 5`.
fn declare_options(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    checks: &mut Checks<'_>,
    owner: &Owner<'_>,
) {
    let Some(options) = table.get("options").and_then(|v| v.get_ref().as_table()) else {
        return;
    };
    for key in options.keys() {
        let name = key.get_ref().to_string();
        if let Some(default) = reader.number(options, &name) {
            let at = key.span().into();
            checks.compiler.option(reader, &name, default, owner, at);
        }
    }
}

fn split_front_matter<'a>(
    file: &'a RuleFile,
    mistakes: &mut Vec<Mistake>,
) -> Option<(&'a str, &'a str, usize)> {
    let text = &file.text;
    let parts = text
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"));
    match parts {
        Some((front, page)) => Some((front, page, 4)),
        None => {
            mistakes.push(mistake_at(
                &file.path,
                text,
                0,
                "a rule file begins with front matter between two +++ lines",
            ));
            None
        }
    }
}
