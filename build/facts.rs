//! `rules/errors.toml`, `rules/constraints.toml` and `rules/table/*.toml`: facts that rules refer to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::reader::{Reader, nearest};
use crate::schema::Mistake;

const NEEDS: [&str; 4] = ["document", "older", "fleet", "account"];
const STAGES: [&str; 5] = ["account", "body", "read", "model", "semantic"];
/// What a document is sent for, and the operation of the API that takes a distribution then.
pub(crate) const OPERATIONS: [(&str, &str); 3] = [
    ("create", "CreateDistribution"),
    ("update", "UpdateDistribution"),
    ("copy", "CopyDistribution"),
];

/// One error of the API.
pub(crate) struct ErrorRow {
    pub(crate) code: String,
    pub(crate) status: i64,
    operations: Vec<String>,
    /// What is answered instead by operations that do not list the code.
    instead: Vec<(String, String)>,
    source: String,
}

impl ErrorRow {
    /// Whether an operation, `create`, `update` or `copy`, answers the code or is known to answer another.
    pub(crate) fn covers(&self, operation: &str) -> bool {
        let named = OPERATIONS.iter().find(|(name, _)| *name == operation);
        self.instead.iter().any(|(name, _)| name == operation)
            || named.is_some_and(|(_, api)| self.operations.iter().any(|o| o == api))
            // Errors of other resources list no operation on distributions.
            || !self.operations.iter().any(|o| OPERATIONS.iter().any(|(_, api)| o == api))
    }
}

/// One row of the catalogue of constraints.
pub(crate) struct ConstraintRow {
    pub(crate) rules: Vec<String>,
    pub(crate) inferred: bool,
    /// Where it stands in its file.
    pub(crate) offset: usize,
    source: String,
}

/// A list of values with a date.
pub(crate) struct TableRow {
    pub(crate) values: Vec<String>,
    pub(crate) prefixes: Vec<String>,
    source: String,
}

/// Everything in the files.
#[derive(Default)]
pub(crate) struct Facts {
    /// By code.
    pub(crate) errors: BTreeMap<String, ErrorRow>,
    /// By id.
    pub(crate) constraints: BTreeMap<String, ConstraintRow>,
    /// The text of `constraints.toml`, for line numbers.
    pub(crate) constraints_text: String,
    /// By name.
    pub(crate) tables: BTreeMap<String, TableRow>,
}

/// Reads the files below `rules/`.
pub(crate) fn read(rules: &Path, versions: &[&str], mistakes: &mut Vec<Mistake>) -> Facts {
    let mut facts = Facts::default();
    let path = rules.join("errors.toml");
    let text = fs::read_to_string(&path).unwrap_or_default();
    each(
        &path,
        &text,
        versions,
        mistakes,
        |reader, code, table, at| {
            let row = error(reader, code, table, at);
            facts.errors.insert(code.to_owned(), row);
        },
    );
    check_instead(&path, &text, &facts.errors, mistakes);
    let path = rules.join("constraints.toml");
    facts.constraints_text = fs::read_to_string(&path).unwrap_or_default();
    let text = facts.constraints_text.clone();
    each(&path, &text, versions, mistakes, |reader, id, table, at| {
        let row = constraint(reader, id, table, at, &facts.errors);
        facts.constraints.insert(id.to_owned(), row);
    });
    read_tables(&rules.join("table"), versions, &mut facts, mistakes);
    facts
}

/// Hands each table of a file to `take`.
fn each(
    path: &Path,
    text: &str,
    versions: &[&str],
    mistakes: &mut Vec<Mistake>,
    mut take: impl FnMut(&mut Reader<'_>, &str, &DeTable<'_>, usize),
) {
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let at = error.span().map_or(0, |s| s.start);
            mistakes.push(mistake_at(path, text, at, error.message()));
            return;
        }
    };
    let mut reader = Reader::new(text, versions);
    for (key, value) in table.get_ref() {
        let at = key.span().start;
        match value.get_ref().as_table() {
            Some(entry) => take(&mut reader, key.get_ref(), entry, at),
            None => reader.at(at, format!("`{}` is a table", key.get_ref())),
        }
    }
    mistakes.extend(mistakes_in(path, text, 0, reader));
}

/// A mistake at byte `offset` of `text`, which is the content of `file`.
pub(crate) fn mistake_at(
    file: &Path,
    text: &str,
    offset: usize,
    message: impl Into<String>,
) -> Mistake {
    let line = match text.is_empty() {
        true => 0,
        false => text[..offset.min(text.len())].matches('\n').count() + 1,
    };
    Mistake {
        file: file.display().to_string().replace('\\', "/"),
        line,
        message: message.into(),
    }
}

/// What a reader found; its text begins at byte `base` of the file.
pub(crate) fn mistakes_in(
    file: &Path,
    text: &str,
    base: usize,
    reader: Reader<'_>,
) -> Vec<Mistake> {
    let slips = reader.slips.into_iter();
    let mistake = |slip: crate::reader::Slip| {
        let message = format!("{}{}", slip.message, slip.near);
        mistake_at(file, text, base + slip.at.start, message)
    };
    slips.map(mistake).collect()
}

fn error(reader: &mut Reader<'_>, code: &str, table: &DeTable<'_>, at: usize) -> ErrorRow {
    reader.known_keys(
        table,
        &[
            "status",
            "operations",
            "instead",
            "stage",
            "since",
            "added",
            "needs",
            "meaning",
            "question",
        ],
    );
    let status = reader.number(table, "status").unwrap_or(0.0) as i64;
    if !(400..600).contains(&status) {
        reader.at(at, "`status` is an HTTP error status");
    }
    let operations = reader.strings(table, "operations");
    let instead = by_operation(reader, table, "instead");
    let stage = reader
        .one_of(table, "stage", &STAGES)
        .unwrap_or_else(|| "semantic".into());
    let needs = reader.one_of(table, "needs", &NEEDS).unwrap_or_default();
    let meaning = reader.required(table, "meaning", at);
    let added = reader.string(table, "added");
    let question = reader.string(table, "question");
    let since = match table.get("since") {
        Some(_) => format!("Some(ApiVersion({}))", reader.range(table, "since").0),
        None => "None".into(),
    };
    let shown: String = instead
        .iter()
        .map(|(operation, code)| format!("(Operation::{}, {code:?}), ", capitalised(operation)))
        .collect();
    let source = format!(
        "    ErrorCode {{ code: {code:?}, status: {status}, operations: &{operations:?}, instead: &[{shown}], \
         stage: Stage::{}, since: {since}, added: {added:?}, needs: {needs:?}, meaning: {meaning:?}, question: {question:?} }},\n",
        capitalised(&stage)
    );
    ErrorRow {
        code: code.to_owned(),
        status,
        operations,
        instead,
        source,
    }
}

/// A table of codes by operation.
pub(crate) fn by_operation(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    key: &str,
) -> Vec<(String, String)> {
    let Some(value) = table.get(key) else {
        return Vec::new();
    };
    let Some(codes) = value.get_ref().as_table() else {
        reader.at(value.span().start, format!("`{key}` is a table"));
        return Vec::new();
    };
    reader.known_keys(codes, &OPERATIONS.map(|(name, _)| name));
    let names = OPERATIONS.iter().map(|(name, _)| (*name).to_owned());
    names
        .filter_map(|name| reader.string(codes, &name).map(|code| (name, code)))
        .collect()
}

fn check_instead(
    path: &Path,
    text: &str,
    errors: &BTreeMap<String, ErrorRow>,
    mistakes: &mut Vec<Mistake>,
) {
    let missing = errors
        .values()
        .flat_map(|row| &row.instead)
        .filter(|(_, code)| !errors.contains_key(code));
    for (_, code) in missing {
        let at = text.find(&format!("\"{code}\"")).unwrap_or(0);
        let near = nearest(code, errors.keys().map(String::as_str));
        mistakes.push(mistake_at(
            path,
            text,
            at,
            format!("`{code}` is not in this file{near}"),
        ));
    }
}

fn constraint(
    reader: &mut Reader<'_>,
    id: &str,
    table: &DeTable<'_>,
    at: usize,
    errors: &BTreeMap<String, ErrorRow>,
) -> ConstraintRow {
    reader.known_keys(
        table,
        &[
            "element",
            "violated",
            "error",
            "alternatives",
            "versions",
            "needs",
            "confidence",
            "source",
            "rules",
            "unchecked",
            "question",
            "question-of",
        ],
    );
    let element = reader.required(table, "element", at);
    let violated = reader.required(table, "violated", at);
    let codes: Vec<(String, String)> = match table.get("error").map(|v| (v.span(), v.get_ref())) {
        None => Vec::new(),
        Some((_, DeValue::Table(_))) => by_operation(reader, table, "error"),
        Some(_) => {
            let code = reader.string(table, "error").unwrap_or_default();
            OPERATIONS
                .iter()
                .map(|(name, _)| ((*name).to_owned(), code.clone()))
                .collect()
        }
    };
    let alternatives = reader.strings(table, "alternatives");
    for code in codes.iter().map(|(_, code)| code).chain(&alternatives) {
        if !errors.contains_key(code) {
            let near = nearest(code, errors.keys().map(String::as_str));
            reader.at(at, format!("`{code}` is not in rules/errors.toml{near}"));
        }
    }
    let versions = reader.range(table, "versions");
    let needs = reader.one_of(table, "needs", &NEEDS).unwrap_or_default();
    let confidence = reader
        .one_of(table, "confidence", &["verified", "documented", "inferred"])
        .unwrap_or_else(|| "inferred".into());
    let source = reader.required(table, "source", at);
    let rules = reader.strings(table, "rules");
    let unchecked = reader.string(table, "unchecked");
    let question = reader.string(table, "question");
    let question_of = pattern(reader, table, "question-of");
    if question.is_some() && needs == "document" {
        reader.at(
            at,
            "a row that `needs` the document alone leaves no `question`",
        );
    }
    if rules.is_empty() == unchecked.is_none() {
        reader.at(
            at,
            format!("{id} has either `rules` that check it or a reason why it is `unchecked`"),
        );
    }
    let errors: String = codes
        .iter()
        .map(|(operation, code)| format!("(Operation::{}, {code:?}), ", capitalised(operation)))
        .collect();
    ConstraintRow {
        inferred: confidence == "inferred",
        offset: at,
        source: format!(
            "    Constraint {{ id: {id:?}, element: {element:?}, violated: {violated:?}, errors: &[{errors}], \
             alternatives: &{alternatives:?}, versions: {}, needs: {needs:?}, confidence: Confidence::{}, \
             source: {source:?}, rules: &{rules:?}, unchecked: {unchecked:?}, question: {question:?}, question_of: {question_of} }},\n",
            range_source(versions),
            capitalised(&confidence),
        ),
        rules,
    }
}

/// A regular expression as Rust source.
pub(crate) fn pattern(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> String {
    let Some(text) = reader.string(table, key) else {
        return "None".to_owned();
    };
    if let Err(error) = regex::Regex::new(&text) {
        let at = table.get(key).map_or(0, |value| value.span().start);
        reader.at(at, format!("`{key}` is no regular expression: {error}"));
    }
    format!("Some(Pattern::new({text:?}))")
}

fn read_tables(dir: &Path, versions: &[&str], facts: &mut Facts, mistakes: &mut Vec<Mistake>) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for path in entries.filter_map(|entry| entry.ok().map(|e| e.path())) {
        let name = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = fs::read_to_string(&path).unwrap_or_default();
        match DeTable::parse(&text) {
            Ok(table) => {
                let mut reader = Reader::new(&text, versions);
                let row = value_table(&mut reader, &name, table.get_ref());
                mistakes.extend(mistakes_in(&path, &text, 0, reader));
                facts.tables.insert(name, row);
            }
            Err(error) => {
                let at = error.span().map_or(0, |s| s.start);
                mistakes.push(mistake_at(&path, &text, at, error.message()));
            }
        }
    }
}

fn value_table(reader: &mut Reader<'_>, name: &str, table: &DeTable<'_>) -> TableRow {
    reader.known_keys(table, &["as-of", "values", "prefixes"]);
    let as_of = reader.required(table, "as-of", 0);
    let prefixes = reader.strings(table, "prefixes");
    let mut values: Vec<(String, Option<String>)> = Vec::new();
    let items = table.get("values").and_then(|v| v.get_ref().as_array());
    for item in items.into_iter().flatten() {
        match item.get_ref().as_table() {
            Some(entry) => {
                reader.known_keys(entry, &["value", "meaning"]);
                let value = reader.required(entry, "value", item.span().start);
                values.push((value, reader.string(entry, "meaning")));
            }
            None => values.extend(reader.text(item, "values").map(|text| (text, None))),
        }
    }
    if values.is_empty() {
        reader.at(0, "a table has `values`, a list of strings or of tables");
    }
    values.sort();
    if let Some(twice) = values.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        reader.at(0, format!("`{}` stands twice", twice[0].0));
    }
    let source = format!(
        "    /// `rules/table/{name}.toml`\n    pub(crate) static {}: Table = \
         Table {{ as_of: {as_of:?}, values: &{values:?}, prefixes: &{prefixes:?} }};\n",
        constant(name)
    );
    TableRow {
        values: values.into_iter().map(|(value, _)| value).collect(),
        prefixes,
        source,
    }
}

/// A range of versions as Rust source.
pub(crate) fn range_source((first, last): (usize, usize)) -> String {
    format!("VersionRange {{ first: ApiVersion({first}), last: ApiVersion({last}) }}")
}

/// The tables as Rust source.
pub(crate) fn emit(facts: &Facts) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "/// All errors the API answers, sorted by code.\npub static ERRORS: [ErrorCode; {}] = [",
        facts.errors.len()
    );
    out.extend(facts.errors.values().map(|row| row.source.as_str()));
    let _ = writeln!(
        out,
        "];\n/// The catalogue: what CloudFront accepts, sorted by id.\n\
         pub static CONSTRAINTS: [Constraint; {}] = [",
        facts.constraints.len()
    );
    out.extend(facts.constraints.values().map(|row| row.source.as_str()));
    out.push_str("];\n/// Lists of values that AWS's documentation gives.\n#[allow(dead_code)]\npub(crate) mod table {\n    use super::Table;\n");
    out.extend(facts.tables.values().map(|row| row.source.as_str()));
    out.push_str(
        "}\n/// The same lists by name, sorted.\npub(crate) static TABLES: &[(&str, &Table)] = &[",
    );
    for name in facts.tables.keys() {
        let _ = write!(out, "({name:?}, &table::{}), ", constant(name));
    }
    out.push_str("];\n");
    out
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}
