//! A file of policies: rules in TOML, each with its examples.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::book::MODEL;
use super::compile::{Compiler, Dialect, Owner};
use super::example::{Example, Shown};
use super::keep::{keep, level_of, range_of};
use super::reader::{At, Node, Reader, Slip, nearest};
use super::registry::{self, OWN_NAMESPACE};
use super::{KeptFile, KeptRule, is_kebab, mistake, plan};
use crate::finding::{Confidence, Finding, Level};
use crate::rule::{Fixes, Group, Operation, Origin, Rule};
use crate::schema::{ApiVersion, Root, VERSIONS, roots};
use crate::source::{Source, Span};

const FILE_KEYS: [&str; 2] = ["namespace", "rule"];
/// What a rule has besides the keys of its check.
const RULE_KEYS: [&str; 9] = [
    "name",
    "summary",
    "description",
    "level",
    "group",
    "versions",
    "check",
    "fails",
    "passes",
];
/// Groups that rules of users may be in; the others say what the service does, or what the tool needs to see.
const GROUPS: [Group; 7] = [
    Group::Policy,
    Group::Suspicious,
    Group::Security,
    Group::Performance,
    Group::Cost,
    Group::Deprecated,
    Group::Style,
];
const LEVELS: [&str; 3] = ["info", "warning", "error"];
const EXAMPLE_KEYS: [&str; 6] = ["xml", "root", "version", "operation", "against", "fixed"];

/// Reads a file, or remembers it.
pub(super) fn read(source: &Arc<Source>) -> Result<&'static KeptFile, Vec<Finding>> {
    let (name, text) = (source.name(), source.text());
    if let Some(known) = registry::file(name, text) {
        return Ok(known);
    }
    if let Some(error) = source.decode_error() {
        let finding = mistake(error.span, &error.message[..]);
        return Err(vec![finding.help(&error.help[..])]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(syntax_error).collect());
    }
    let mut reader = Reader::new(text, &VERSIONS);
    let drafts = drafts(&mut reader, table.get_ref());
    if !reader.slips.is_empty() {
        let mut findings: Vec<Finding> = reader.slips.iter().map(finding).collect();
        findings.sort_by_key(|finding| finding.span);
        return Err(findings);
    }
    let rules = drafts.into_iter().map(|draft| draft.kept(source));
    let file = KeptFile {
        name: name.to_owned(),
        rules: rules.collect(),
    };
    Ok(registry::keep_file(name, text, file))
}

fn syntax_error(error: &toml::de::Error) -> Finding {
    let span = error.span().unwrap_or_default();
    let words = error.message().lines().collect::<Vec<_>>().join(", ");
    mistake(span_of(span.into()), format!("not valid TOML: {words}")).label("here")
}

fn finding(slip: &Slip) -> Finding {
    let finding = mistake(span_of(slip.at), slip.message.clone());
    match (&slip.near.0, slip.help.as_str()) {
        (Some(near), _) => finding.help(format!("did you mean `{near}`?")),
        (None, "") => finding,
        (None, help) => finding.help(help),
    }
}

fn span_of(at: At) -> Span {
    Span::new(at.start as u32, at.end as u32)
}

/// A rule that was read.
struct Draft {
    name: String,
    summary: String,
    level: Level,
    group: Group,
    description: String,
    versions: (usize, usize),
    at: At,
    checks: Vec<plan::Check>,
    examples: Vec<(At, Example)>,
}

impl Draft {
    fn kept(self, source: &Source) -> KeptRule {
        let page = self.page();
        let span = span_of(self.at);
        let id = registry::define(Rule {
            name: registry::leak(&self.name),
            summary: registry::leak(&self.summary),
            group: self.group,
            level: self.level,
            confidence: Confidence::Documented,
            error: None,
            errors: &[],
            versions: range_of(self.versions),
            mandatory: false,
            fixes: self.fixes(),
            constraints: &[],
            page: registry::leak(&page),
            origin: Some(Origin {
                file: source.name().to_owned(),
                line: source.position(span.start).line as usize,
            }),
        });
        let checks = self.checks.into_iter();
        let examples = self.examples.into_iter().map(|(at, example)| Example {
            line: source.line_of(at.start as u32),
            ..example
        });
        KeptRule {
            id,
            span,
            checks: checks
                .flat_map(|check| keep(check, id, self.level))
                .collect(),
            examples: examples.collect(),
        }
    }

    /// How safe the fixes of its checks are.
    fn fixes(&self) -> Option<Fixes> {
        let fixes = || {
            self.checks
                .iter()
                .filter_map(|check| check.words.fix.as_ref())
        };
        let has = |safe: bool| fixes().any(|fix| fix.is_safe == safe);
        match (has(true), has(false)) {
            (true, true) => Some(Fixes::Sometimes),
            (true, false) => Some(Fixes::Safe),
            (false, true) => Some(Fixes::Unsafe),
            (false, false) => None,
        }
    }

    /// The description with the examples, as the pages of our own rules have them.
    fn page(&self) -> String {
        let mut page = self.description.trim().to_owned();
        for (title, fails) in [("Fails", true), ("Passes", false)] {
            let examples = self.examples.iter().map(|(_, example)| example);
            let mut examples = examples.filter(|e| e.fails == fails).peekable();
            if examples.peek().is_some() {
                let _ = write!(page, "\n\n## {title}");
            }
            for example in examples {
                let _ = write!(page, "\n\n```xml\n{}\n```", example.shown.xml.trim());
            }
        }
        page.trim_start().to_owned()
    }
}

fn drafts(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Draft> {
    reader.known_keys(table, &FILE_KEYS);
    let namespace = namespace(reader, table);
    let rules = table
        .get("rule")
        .map(|rules| (rules.span(), rules.get_ref()));
    let items = match rules {
        None => {
            if reader.slips.is_empty() {
                advise(
                    reader,
                    At::from(0),
                    "the file holds no rule",
                    "begin one with [[rule]]",
                );
            }
            return Vec::new();
        }
        Some((_, DeValue::Array(items))) => items,
        Some((at, _)) => {
            advise(
                reader,
                at.into(),
                "`rule` is a list of tables",
                "write [[rule]]",
            );
            return Vec::new();
        }
    };
    let mut drafts: Vec<Draft> = Vec::new();
    let mut names = HashSet::new();
    for item in items {
        let Some(rule) = item.get_ref().as_table() else {
            advise(
                reader,
                item.span().into(),
                "a rule is a table",
                "write [[rule]]",
            );
            continue;
        };
        let draft = draft(reader, rule, item.span().into(), namespace.as_deref());
        if !draft.name.is_empty() && !names.insert(draft.name.clone()) {
            let message = format!("there is a rule {} already, in this file", draft.name);
            advise(reader, draft.at, &message, "give one of them another name");
        }
        drafts.push(draft);
    }
    drafts
}

/// Notes a mistake and what to do instead.
fn advise(reader: &mut Reader<'_>, at: At, message: &str, help: &str) {
    reader.at(at, message);
    if let Some(slip) = reader.slips.last_mut() {
        help.clone_into(&mut slip.help);
    }
}

fn namespace(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<String> {
    let name = reader.string(table, "namespace")?;
    let at = At::from(table.get("namespace")?.span());
    check_namespace(reader, &name, at);
    Some(name)
}

fn check_namespace(reader: &mut Reader<'_>, name: &str, at: At) {
    if name == OWN_NAMESPACE {
        let message = format!("`{OWN_NAMESPACE}` is the tool's own namespace");
        advise(reader, at, &message, "take the name of a team or a company");
    } else if !is_kebab(name) {
        let message = format!("`{name}` is no name of a namespace");
        advise(
            reader,
            at,
            &message,
            "use lower case letters, digits and hyphens",
        );
    }
}

fn draft(reader: &mut Reader<'_>, table: &DeTable<'_>, at: At, namespace: Option<&str>) -> Draft {
    let before = reader.slips.len();
    // Of a whole table, the beginning is enough.
    let at = At::from(at.start);
    let at = table.get("name").map_or(at, |name| name.span().into());
    let mut compiler = Compiler::new(&MODEL, Dialect::Policy);
    let flat = table.get("check").is_none();
    let known: Vec<&str> = match flat {
        true => RULE_KEYS.into_iter().chain(compiler.keys()).collect(),
        false => RULE_KEYS.to_vec(),
    };
    known_keys(reader, table, &known, flat, &compiler.keys());
    let name = name(reader, table, at, namespace);
    let level = reader.one_of(table, "level", &LEVELS);
    let owner = Owner {
        name: &name,
        versions: reader.range(table, "versions"),
        may_be_error: true,
    };
    let mut checks = Vec::new();
    match table.get("check") {
        None => checks.extend(compiler.check(reader, table, at, &owner)),
        Some(value) => {
            for (table, at) in check_tables(reader, value) {
                reader.known_keys(table, &compiler.keys());
                checks.extend(compiler.check(reader, table, at, &owner));
            }
        }
    }
    once(reader, before);
    let draft = Draft {
        summary: reader.required(table, "summary", at),
        level: level.as_deref().and_then(level_of).unwrap_or(Level::Error),
        group: group(reader, table),
        description: reader.string(table, "description").unwrap_or_default(),
        versions: owner.versions,
        at,
        checks,
        examples: [("fails", true), ("passes", false)]
            .into_iter()
            .flat_map(|(key, fails)| examples(reader, table, key, fails))
            .collect(),
        name,
    };
    not_missing_too(reader, before);
    draft
}

/// Level and versions of a rule are also those of its only check, but their mistakes are told once.
fn once(reader: &mut Reader<'_>, before: usize) {
    let mut seen = BTreeSet::new();
    for slip in reader.slips.split_off(before) {
        if seen.insert((slip.at, slip.message.clone())) {
            reader.slips.push(slip);
        }
    }
}

/// A key that is misspelt is not missing as well.
fn not_missing_too(reader: &mut Reader<'_>, before: usize) {
    let own = reader.slips.get(before..).unwrap_or_default();
    let meant: HashSet<String> = own
        .iter()
        .filter_map(|slip| Some(format!("`{}` is missing", slip.near.0.as_ref()?)))
        .collect();
    let own = reader.slips.split_off(before.min(reader.slips.len()));
    let own = own
        .into_iter()
        .filter(|slip| !meant.contains(&slip.message));
    reader.slips.extend(own);
}

/// Complains of keys that no rule has, and of those of a check beside checks in tables of their own.
fn known_keys(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    known: &[&str],
    flat: bool,
    of_check: &[&str],
) {
    if flat {
        return reader.known_keys(table, known);
    }
    for key in table.keys() {
        let name = key.get_ref().as_ref();
        if known.contains(&name) {
            continue;
        }
        if of_check.contains(&name) {
            let message = format!("`{name}` belongs to a check");
            advise(
                reader,
                key.span().into(),
                &message,
                "the rule has tables of checks: write it into one of them",
            );
        } else {
            let near = nearest(name, known.iter().copied());
            reader.unknown(key.span(), format!("unknown key `{name}`"), near);
        }
    }
}

/// The whole name.
fn name(reader: &mut Reader<'_>, table: &DeTable<'_>, at: At, namespace: Option<&str>) -> String {
    let before = reader.slips.len();
    let written = reader.required(table, "name", at);
    if reader.slips.len() > before {
        return String::new();
    }
    let (own, last) = match written.split_once('/') {
        Some((own, last)) => (Some(own), last),
        None => (None, &written[..]),
    };
    if let Some(own) = own {
        check_namespace(reader, own, at);
    }
    if !is_kebab(last) {
        let message = format!("`{last}` is no name of a rule");
        advise(
            reader,
            at,
            &message,
            "use lower case letters, digits and hyphens",
        );
        return String::new();
    }
    match own.or(namespace) {
        Some(namespace) => format!("{namespace}/{last}"),
        None => {
            let message = format!("the rule `{last}` has no namespace");
            let help = format!(
                "write `namespace = \"team\"` at the beginning of the file, or `name = \"team/{last}\"`"
            );
            advise(reader, at, &message, &help);
            String::new()
        }
    }
}

fn check_tables<'t>(reader: &mut Reader<'_>, value: &'t Node<'_>) -> Vec<(&'t DeTable<'t>, At)> {
    let items: Vec<&Node<'_>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    let mut tables = Vec::new();
    for item in items {
        match item.get_ref().as_table() {
            Some(table) => tables.push((table, At::from(item.span().start))),
            None => advise(
                reader,
                item.span().into(),
                "a check is a table",
                "write [[rule.check]]",
            ),
        }
    }
    tables
}

fn group(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Group {
    let name = reader.one_of(table, "group", &GROUPS.map(Group::name));
    let known = GROUPS
        .into_iter()
        .find(|g| Some(g.name()) == name.as_deref());
    known.unwrap_or(Group::Policy)
}

/// Examples: one XML text, or a list of texts and tables.
fn examples(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    key: &str,
    fails: bool,
) -> Vec<(At, Example)> {
    let Some(value) = table.get(key) else {
        return Vec::new();
    };
    let items: Vec<&Node<'_>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    items
        .into_iter()
        .filter_map(|item| example(reader, item, fails))
        .collect()
}

fn example(reader: &mut Reader<'_>, item: &Node<'_>, fails: bool) -> Option<(At, Example)> {
    let at = At::from(item.span().start);
    let shown = match item.get_ref() {
        DeValue::String(xml) => Shown {
            xml: xml.to_string(),
            ..Shown::default()
        },
        DeValue::Table(table) => shown(reader, table, at, fails),
        _ => {
            reader.at(
                item.span(),
                "an example is an XML text, or a table with `xml`",
            );
            return None;
        }
    };
    Some((at, Example::new(fails, shown)))
}

fn shown(reader: &mut Reader<'_>, table: &DeTable<'_>, at: At, fails: bool) -> Shown {
    reader.known_keys(table, &EXAMPLE_KEYS);
    let place = |key: &str| table.get(key).map_or(at, |value| value.span().into());
    let mut shown = Shown {
        xml: reader.required(table, "xml", at),
        against: reader.string(table, "against"),
        fixed: reader.string(table, "fixed"),
        ..Shown::default()
    };
    if !fails && shown.fixed.is_some() {
        reader.at(place("fixed"), "a document that passes has nothing to fix");
    }
    if let Some(name) = reader.string(table, "root") {
        match Root::find(&name) {
            Some(root) => shown.root = root.name,
            None => {
                let near = nearest(&name, roots().iter().map(|r| r.name));
                reader.unknown(place("root"), format!("no root is named `{name}`"), near);
            }
        }
    }
    if let Some(date) = reader.string(table, "version") {
        match ApiVersion::parse(&date) {
            Some(version) => shown.version = version,
            None => {
                let near = nearest(&date, VERSIONS);
                reader.unknown(
                    place("version"),
                    format!("`{date}` is no API version"),
                    near,
                );
            }
        }
    }
    let operation = reader.one_of(table, "operation", &Operation::ALL.map(Operation::name));
    shown.operation = Operation::ALL
        .into_iter()
        .find(|o| Some(o.name()) == operation.as_deref());
    shown
}
