//! `rules/lint/*.md` and `rules/errors.toml` to the tables in `src/rule.rs`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::schema::Mistake;

/// The file of one rule: front matter between `+++` lines, then the page.
struct RuleFile {
    path: PathBuf,
    text: String,
    name: String,
}

/// A mistake at byte `offset` of `text`, which is the content of `file`.
fn mistake_at(file: &Path, text: &str, offset: usize, message: impl Into<String>) -> Mistake {
    let line = match text.is_empty() {
        true => 0,
        false => text[..offset.min(text.len())].matches('\n').count() + 1,
    };
    Mistake {
        file: file.display().to_string(),
        line,
        message: message.into(),
    }
}

const KEYS: [&str; 9] = [
    "summary",
    "group",
    "level",
    "confidence",
    "error",
    "versions",
    "constraints",
    "mandatory",
    "check",
];
const GROUPS: [&str; 10] = [
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
];
const LEVELS: [&str; 3] = ["info", "warning", "error"];
const CONFIDENCES: [&str; 3] = ["inferred", "documented", "verified"];

/// Compiles the rule files below `rules/lint` and the catalogue of API errors to Rust source.
pub(crate) fn compile(rules: &Path, versions: &[String]) -> Result<String, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let errors = read_errors(&rules.join("errors.toml"), versions, &mut mistakes);
    let mut table = String::new();
    let mut ids = String::new();
    let files = rule_files(&rules.join("lint"), &mut mistakes);
    for (index, file) in files.iter().enumerate() {
        if let Some(row) = compile_rule(file, &errors, versions, &mut mistakes) {
            let constant = file.name.to_uppercase().replace('-', "_");
            let _ = writeln!(
                ids,
                "    /// `{}`\n    pub(crate) const {constant}: RuleId = RuleId({index});",
                file.name
            );
            table.push_str(&row);
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut out = String::new();
    let _ = writeln!(
        out,
        "/// All rules, sorted by name.\npub static RULES: [Rule; {}] = [\n{table}];",
        files.len()
    );
    let _ = writeln!(
        out,
        "/// The rules by name.\npub(crate) mod id {{\n    use super::RuleId;\n{ids}}}"
    );
    let _ = writeln!(
        out,
        "/// All errors the API answers, sorted by code.\npub static ERRORS: [ErrorCode; {}] = [",
        errors.len()
    );
    for error in &errors {
        out.push_str(&error.row);
    }
    out.push_str("];\n");
    Ok(out)
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

fn compile_rule(
    file: &RuleFile,
    errors: &[ErrorRow],
    versions: &[String],
    mistakes: &mut Vec<Mistake>,
) -> Option<String> {
    let (front, page, base) = split_front_matter(file, mistakes)?;
    let table = match DeTable::parse(front) {
        Ok(table) => table,
        Err(error) => {
            let at = base + error.span().map_or(0, |s| s.start);
            mistakes.push(mistake_at(&file.path, &file.text, at, error.message()));
            return None;
        }
    };
    let mut reader = Reader {
        path: &file.path,
        text: &file.text,
        base,
        table: table.get_ref(),
        mistakes,
    };
    reader.known_keys(&KEYS);
    let summary = reader.required("summary");
    let group = reader.one_of("group", &GROUPS);
    let level = reader.one_of("level", &LEVELS);
    let confidence = reader.one_of("confidence", &CONFIDENCES);
    let range = reader.versions("versions", versions);
    let constraints = reader.strings("constraints");
    let mandatory = reader.boolean("mandatory");
    reader.one_of("check", &["native"]);
    if confidence == "inferred" && level == "error" && !constraints.is_empty() && !mandatory {
        reader.mistake(
            "level",
            "a rule whose constraints are inferred is at most a warning",
        );
    }
    let error =
        reader
            .string("error")
            .and_then(|code| match errors.iter().find(|e| e.code == code) {
                Some(row) => Some(format!(
                    "Some(ApiError {{ code: {code:?}, status: {} }})",
                    row.status
                )),
                None => {
                    let near = nearest(&code, errors.iter().map(|e| e.code.as_str()));
                    reader.mistake(
                        "error",
                        &format!("`{code}` is not in rules/errors.toml{near}"),
                    );
                    None
                }
            });
    let mut row = String::new();
    let _ = writeln!(
        row,
        "    Rule {{ name: {:?}, summary: {summary:?}, group: Group::{}, level: Level::{}, confidence: Confidence::{}, \
         error: {}, versions: {range}, mandatory: {mandatory}, constraints: &{constraints:?}, page: {:?} }},",
        file.name,
        capitalised(&group),
        capitalised(&level),
        capitalised(&confidence),
        error.as_deref().unwrap_or("None"),
        page.trim(),
    );
    Some(row)
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

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|k| (strsim::damerau_levenshtein(name, k), k))
        .filter(|(distance, _)| *distance <= name.len() / 3 + 1)
        .min()
        .map(|(_, k)| format!("; did you mean `{k}`?"))
        .unwrap_or_default()
}

/// Reads the keys of one table and notes what is wrong with them.
struct Reader<'a, 'b> {
    path: &'a Path,
    text: &'a str,
    base: usize,
    table: &'a DeTable<'a>,
    mistakes: &'b mut Vec<Mistake>,
}

impl<'a> Reader<'a, '_> {
    fn value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table
            .iter()
            .find(|(k, _)| k.get_ref().as_ref() == key)
            .map(|(_, v)| v)
    }

    fn mistake(&mut self, key: &str, message: &str) {
        let at = self.value(key).map_or(0, |v| v.span().start);
        self.mistakes
            .push(mistake_at(self.path, self.text, self.base + at, message));
    }

    fn known_keys(&mut self, keys: &[&str]) {
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if !keys.contains(&name) {
                let message = format!(
                    "unknown key `{name}`{}",
                    nearest(name, keys.iter().copied())
                );
                self.mistakes.push(mistake_at(
                    self.path,
                    self.text,
                    self.base + key.span().start,
                    message,
                ));
            }
        }
    }

    fn string(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.mistake(key, &format!("`{key}` is a string"));
        }
        text
    }

    fn required(&mut self, key: &str) -> String {
        if self.value(key).is_none() {
            self.mistake(key, &format!("`{key}` is missing"));
        }
        self.string(key).unwrap_or_default()
    }

    fn one_of(&mut self, key: &str, known: &[&str]) -> String {
        let value = self.required(key);
        if !value.is_empty() && !known.contains(&value.as_str()) {
            let near = nearest(&value, known.iter().copied());
            self.mistake(
                key,
                &format!("`{value}` is not one of {}{near}", known.join(", ")),
            );
        }
        value
    }

    fn boolean(&mut self, key: &str) -> bool {
        match self.value(key).map(|v| v.get_ref().as_bool()) {
            None => false,
            Some(Some(value)) => value,
            Some(None) => {
                self.mistake(key, &format!("`{key}` is true or false"));
                false
            }
        }
    }

    fn strings(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let items = value.get_ref().as_array().map(|a| {
            a.iter()
                .map(|v| v.get_ref().as_str().map(str::to_owned))
                .collect()
        });
        match items {
            Some(Some(items)) => items,
            _ => {
                self.mistake(key, &format!("`{key}` is a list of strings"));
                Vec::new()
            }
        }
    }

    fn version(&mut self, key: &str, date: &str, versions: &[String]) -> usize {
        versions.iter().position(|v| v == date).unwrap_or_else(|| {
            self.mistake(key, &format!("`{date}` is no API version"));
            0
        })
    }

    /// A range `A..B` of API versions as Rust source.
    fn versions(&mut self, key: &str, versions: &[String]) -> String {
        let text = self.string(key).unwrap_or_else(|| "..".into());
        let (from, to) = text.split_once("..").unwrap_or((&text, &text));
        let first = if from.is_empty() {
            0
        } else {
            self.version(key, from, versions)
        };
        let last = if to.is_empty() {
            versions.len().saturating_sub(1)
        } else {
            self.version(key, to, versions)
        };
        if first > last {
            self.mistake(key, "the range of versions is empty");
        }
        format!("VersionRange {{ first: ApiVersion({first}), last: ApiVersion({last}) }}")
    }
}

struct ErrorRow {
    code: String,
    status: i64,
    row: String,
}

fn read_errors(path: &Path, versions: &[String], mistakes: &mut Vec<Mistake>) -> Vec<ErrorRow> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().map_or(0, |s| s.start);
            mistakes.push(mistake_at(path, &text, at, error.message()));
            return Vec::new();
        }
    };
    let mut rows: Vec<ErrorRow> = Vec::new();
    for (code, value) in table.get_ref().iter() {
        let code_text = code.get_ref().to_string();
        let Some(entry) = value.get_ref().as_table() else {
            mistakes.push(mistake_at(
                path,
                &text,
                code.span().start,
                "an error is a table",
            ));
            continue;
        };
        let mut reader = Reader {
            path,
            text: &text,
            base: 0,
            table: entry,
            mistakes,
        };
        reader.known_keys(&["status", "operations", "since", "added", "needs", "meaning"]);
        let status: i64 = reader
            .value("status")
            .and_then(|v| {
                v.get_ref()
                    .as_integer()
                    .and_then(|i| i.as_str().parse().ok())
            })
            .unwrap_or(0);
        if !(400..600).contains(&status) {
            reader.mistake("status", "`status` is an HTTP error status");
        }
        let operations = reader.strings("operations");
        let needs = reader.one_of("needs", &["document", "older", "fleet", "account"]);
        let meaning = reader.required("meaning");
        let added = reader.string("added");
        let since = reader
            .string("since")
            .map(|date| reader.version("since", &date, versions));
        let since = since.map_or("None".into(), |i| format!("Some(ApiVersion({i}))"));
        let row = format!(
            "    ErrorCode {{ code: {code_text:?}, status: {status}, operations: &{operations:?}, since: {since}, \
             added: {added:?}, needs: {needs:?}, meaning: {meaning:?} }},\n"
        );
        rows.push(ErrorRow {
            code: code_text,
            status,
            row,
        });
    }
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows
}
