//! The `[check]` of a rule file: reads the vocabulary, resolves every path against the schema, and writes the result as
//! the tables of `src/vocabulary.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use toml::de::{DeTable, DeValue};

use crate::facts::{Facts, OPERATIONS, capitalised};
use crate::reader::{Node, Reader, nearest, range_source};
use crate::schema::{self, Kind, Member, Range, Schema};

/// The tests; each check has one.
const TESTS: [&str; 16] = [
    "range",
    "length",
    "characters",
    "pattern",
    "one-of",
    "none-of",
    "count",
    "unique",
    "requires",
    "forbids",
    "exactly-one-of",
    "at-most-one-of",
    "refers-to",
    "equals",
    "across",
    "native",
];
/// What else a check may say.
const KEYS: [&str; 16] = [
    "select",
    "when",
    "unless",
    "operations",
    "versions",
    "message",
    "label",
    "note",
    "help",
    "also",
    "level",
    "confidence",
    "error",
    "expected",
    "option",
    "fix",
];
/// What a fix does.
const CHANGES: [&str; 4] = ["value", "remove", "replace", "nearest"];
const CONDITIONS: [&str; 9] = [
    "present", "absent", "filled", "unfilled", "is", "not", "above", "below", "matches",
];
/// What a template may name besides paths.
const FACTS: [&str; 17] = [
    "fixed",
    "value",
    "element",
    "parent",
    "anchor",
    "min",
    "max",
    "allowed",
    "length",
    "count",
    "character",
    "expected",
    "nearest",
    "wanted",
    "subject",
    "limit",
    "others",
];

/// A path of names of elements, and where it stands in the file.
#[derive(Clone)]
struct Path {
    steps: Vec<String>,
    at: usize,
}

#[derive(Clone)]
struct Term {
    path: Path,
    /// As Rust source.
    condition: String,
    /// The element must be there for it to hold.
    needs: bool,
    /// The element must not be there for it to hold.
    lacks: bool,
}

/// A test that was read.
struct Tested {
    /// As Rust source.
    source: String,
    /// The paths that it looks at.
    seen: Vec<Path>,
    masks: Masks,
}

/// Members of the anchor that tell at once whether a test can fail.
#[derive(Default)]
struct Masks {
    /// Of these, `least` must be there.
    any: Vec<String>,
    least: u32,
    /// If all these are there, and not empty, it cannot fail.
    complete: Vec<String>,
}

/// What makes a check worth looking at.
struct Wanted<'w> {
    when: &'w [Term],
    masks: &'w Masks,
    versions: (usize, usize),
    /// Number of the check in its table.
    check: usize,
    /// All paths are looked at together.
    grouped: bool,
}

/// A number that the user may set.
pub(crate) struct OptionRow {
    pub(crate) name: String,
    pub(crate) default: f64,
    pub(crate) rule: String,
}

/// What all rule files together give.
pub(crate) struct Checks<'s> {
    schema: &'s Schema,
    /// Places of the shapes in the emitted table.
    ids: BTreeMap<&'s str, usize>,
    /// All names of elements, as in the emitted table.
    names: Vec<&'s str>,
    /// Shapes that elements of a name have.
    by_element: BTreeMap<&'s str, BTreeSet<&'s str>>,
    patterns: Vec<String>,
    checks: String,
    count: usize,
    /// By shape.
    subscriptions: BTreeMap<usize, Vec<(u64, String)>>,
    pub(crate) options: Vec<OptionRow>,
}

/// The rule that a check belongs to.
pub(crate) struct Owner<'r> {
    pub(crate) name: &'r str,
    pub(crate) index: usize,
    pub(crate) versions: (usize, usize),
    /// Whether a check of its own may be an error: some constraint is more than inferred.
    pub(crate) may_be_error: bool,
}

impl<'s> Checks<'s> {
    pub(crate) fn new(schema: &'s Schema) -> Checks<'s> {
        let ids = schema
            .shapes
            .keys()
            .enumerate()
            .map(|(i, name)| (name.as_str(), i))
            .collect();
        let mut by_element: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for shape in schema.shapes.values() {
            match &shape.kind {
                Kind::Structure { members, .. } => {
                    for member in members {
                        for (_, to) in &member.shapes {
                            let of = by_element.entry(&member.name).or_default();
                            of.insert(item_if_flattened(schema, &to.name));
                        }
                    }
                }
                Kind::List { item, shape, .. } => {
                    by_element.entry(item).or_default().insert(&shape.name);
                }
                _ => {}
            }
        }
        for (name, root) in &schema.roots {
            by_element.entry(name).or_default().insert(&root.shape.name);
        }
        Checks {
            schema,
            ids,
            names: schema::names(schema),
            by_element,
            patterns: Vec::new(),
            checks: String::new(),
            count: 0,
            subscriptions: BTreeMap::new(),
            options: Vec::new(),
        }
    }

    /// Reads the checks of one rule.
    pub(crate) fn read(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
        facts: &Facts,
    ) {
        let at = value.span().start;
        match value.get_ref() {
            DeValue::String(text) if text == "native" => {}
            DeValue::Table(table) => self.check(reader, table, at, owner, facts),
            DeValue::Array(items) => {
                for item in items {
                    match item.get_ref().as_table() {
                        Some(table) => self.check(reader, table, item.span().start, owner, facts),
                        None => reader.at(item.span().start, "a check is a table"),
                    }
                }
            }
            _ => reader.at(at, "`check` is \"native\", a table or a list of tables"),
        }
    }

    fn check(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        at: usize,
        owner: &Owner<'_>,
        facts: &Facts,
    ) {
        let known: Vec<&str> = TESTS.into_iter().chain(KEYS).collect();
        reader.known_keys(table, &known);
        let tests: Vec<&str> = TESTS
            .into_iter()
            .filter(|name| table.get(*name).is_some())
            .collect();
        let [test_name] = tests[..] else {
            let message = format!("a check has one of {}", TESTS.join(", "));
            reader.at(at, message);
            return;
        };
        let range = match table.get("versions") {
            Some(_) => reader.range(table, "versions"),
            None => owner.versions,
        };
        let versions = (range.0.max(owner.versions.0), range.1.min(owner.versions.1));
        let select = self.select(reader, table, at);
        let when = self.terms(reader, table.get("when"));
        let unless = self.terms(reader, table.get("unless"));
        let before = reader.mistakes.len();
        let Some(Tested {
            source: test,
            seen,
            masks,
        }) = self.test(reader, table, test_name, owner, facts)
        else {
            if reader.mistakes.len() == before {
                reader.at(at, format!("`{test_name}` cannot be read"));
            }
            return;
        };
        let (words, named) = self.words(reader, table, test_name);
        if test_name == "across" && !named.is_empty() {
            // Its findings are made when the documents are gone.
            reader.at(at, "the words of `across` cannot name other elements");
        }
        let overrides = overrides(reader, table, owner, facts);
        let operations: String = reader
            .strings(table, "operations")
            .iter()
            .map(|name| {
                if !OPERATIONS.iter().any(|(known, _)| known == name) {
                    reader.at(at, format!("`{name}` is not create, update or copy"));
                }
                format!("Operation::{}, ", capitalised(name))
            })
            .collect();
        let number = self.count;
        self.count += 1;
        let _ = writeln!(
            self.checks,
            "    Check {{ rule: RuleId({}), operations: &[{operations}], when: &[{}], unless: &[{}], test: {test}, \
             words: &{words}, {overrides} }},",
            owner.index,
            self.sources(&when),
            self.sources(&unless),
        );
        let all: Vec<&Path> = when
            .iter()
            .chain(&unless)
            .map(|t| &t.path)
            .chain(&seen)
            .chain(&named)
            .collect();
        let wanted = Wanted {
            when: &when,
            masks: &masks,
            versions,
            check: number,
            grouped: matches!(test_name, "unique" | "refers-to"),
        };
        self.subscribe(reader, &select, &all, &wanted);
    }

    /// The paths of `select`, the first step still in front.
    fn select(&self, reader: &mut Reader<'_>, table: &DeTable<'_>, at: usize) -> Vec<Path> {
        let Some(value) = table.get("select") else {
            reader.at(at, "`select` is missing");
            return Vec::new();
        };
        paths(reader, value, "select")
    }

    /// Finds the structures at which a check is anchored.
    fn subscribe(
        &mut self,
        reader: &mut Reader<'_>,
        select: &[Path],
        others: &[&Path],
        wanted: &Wanted<'_>,
    ) {
        let versions = wanted.versions;
        let mut by_shape: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
        for path in select {
            let Some((first, rest)) = path.steps.split_first() else {
                continue;
            };
            let candidates: Vec<&'s str> = match first.as_str() {
                "*" => self.schema.shapes.keys().map(String::as_str).collect(),
                name => match self.by_element.get(name) {
                    Some(shapes) => shapes.iter().copied().collect(),
                    None => {
                        let near = nearest(name, self.by_element.keys().copied());
                        reader.at(path.at, format!("no element is named `{name}`{near}"));
                        continue;
                    }
                },
            };
            let mut complaint = None;
            let mut found = false;
            for shape in candidates {
                if !matches!(self.schema.shapes[shape].kind, Kind::Structure { .. }) {
                    continue;
                }
                let unresolved = self
                    .resolve(shape, rest, versions)
                    .map_err(|why| (path.at, why))
                    .and_then(|()| {
                        others.iter().try_for_each(|other| {
                            self.resolve(shape, &other.steps, versions)
                                .map_err(|why| (other.at, why))
                        })
                    });
                match unresolved {
                    Ok(()) => {
                        found = true;
                        by_shape
                            .entry(self.ids[shape])
                            .or_default()
                            .push(rest.to_vec());
                    }
                    Err(why) => complaint = Some(why),
                }
            }
            if !found {
                let (at, why) = complaint.unwrap_or((
                    path.at,
                    format!("`{first}` is no structure in these versions"),
                ));
                reader.at(at, why);
            }
        }
        for (shape, paths) in by_shape {
            if wanted.grouped {
                self.push(shape, &paths, wanted);
            } else {
                for path in paths {
                    self.push(shape, &[path], wanted);
                }
            }
        }
    }

    fn push(&mut self, shape: usize, paths: &[Vec<String>], wanted: &Wanted<'_>) {
        let of = self.schema.shapes.values().nth(shape);
        let members = match of.map(|shape| &shape.kind) {
            Some(Kind::Structure { members, .. }) => &members[..],
            _ => &[],
        };
        let bit = |name: &String| -> u64 {
            let place = members.iter().position(|m| m.name == *name);
            place.map_or(0, |place| 1 << place)
        };
        let mut needs = match paths {
            [path] => path.first().map_or(0, bit),
            _ => 0,
        };
        let mut lacks = 0;
        for term in wanted.when {
            if let Some(first) = term.path.steps.first() {
                needs |= if term.needs { bit(first) } else { 0 };
                lacks |= match term.lacks && term.path.steps.len() == 1 {
                    true => bit(first),
                    false => 0,
                };
            }
        }
        let all = |names: &[String]| names.iter().fold(0, |mask, name| mask | bit(name));
        let paths: String = paths
            .iter()
            .map(|path| format!("{}, ", self.path_source(path)))
            .collect();
        let complete = &wanted.masks.complete;
        let are_values = complete.iter().all(|name| self.is_value(members, name));
        let complete = if are_values { all(complete) } else { 0 };
        let source = format!(
            "Subscription {{ versions: {}, lacks: {lacks}, any: {}, least: {}, \
             complete: {complete}, check: &CHECKS[{}], paths: &[{paths}] }}",
            range_source(wanted.versions),
            all(&wanted.masks.any),
            wanted.masks.least,
            wanted.check,
        );
        let list = self.subscriptions.entry(shape).or_default();
        list.push((needs, source));
    }

    /// Whether a member holds a value in all versions, so that it is filled if it is not empty.
    fn is_value(&self, members: &[Member], name: &str) -> bool {
        let holds_value = |shape: &str| {
            let kind = self.schema.shapes.get(shape).map(|shape| &shape.kind);
            !matches!(
                kind,
                None | Some(Kind::Structure { .. } | Kind::List { .. })
            )
        };
        let member = members.iter().find(|m| m.name == name);
        member.is_some_and(|m| m.shapes.iter().all(|(_, shape)| holds_value(&shape.name)))
    }

    /// Whether a path leads from a shape to an element, in some version of the range.
    fn resolve(
        &self,
        shape: &str,
        steps: &[String],
        versions: (usize, usize),
    ) -> Result<(), String> {
        let mut at: BTreeSet<&str> = BTreeSet::from([shape]);
        for step in steps {
            let mut next = BTreeSet::new();
            let mut known: BTreeSet<&str> = BTreeSet::new();
            for shape in &at {
                match &self.schema.shapes[*shape].kind {
                    Kind::Structure { members, .. } => {
                        for member in members
                            .iter()
                            .filter(|m| m.header.is_none() && m.uri.is_none())
                        {
                            known.insert(&member.name);
                            let shapes = member.shapes.iter().filter(|(range, _)| {
                                member.name == *step && overlap(*range, versions)
                            });
                            next.extend(
                                shapes.map(|(_, to)| item_if_flattened(self.schema, &to.name)),
                            );
                        }
                    }
                    Kind::List { item, shape, .. } => {
                        known.insert(item);
                        if item == step {
                            next.insert(shape.name.as_str());
                        }
                    }
                    _ => {}
                }
            }
            if next.is_empty() {
                let near = nearest(step, known.into_iter().filter(|k| k != step));
                return Err(format!(
                    "`{step}` does not stand there in {shape} in these versions{near}"
                ));
            }
            at = next;
        }
        Ok(())
    }

    /// The test as Rust source, and the paths it looks at.
    fn test(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        name: &str,
        owner: &Owner<'_>,
        facts: &Facts,
    ) -> Option<Tested> {
        let value = table.get(name)?;
        let at = value.span().start;
        let none = Vec::new();
        let mut masks = Masks::default();
        let (source, seen) = match name {
            "range" | "length" | "count" => {
                let bounds = self.bounds(reader, value, owner)?;
                (format!("Test::{}({bounds})", capitalised(name)), none)
            }
            "characters" => {
                let class = reader.text(value, name)?;
                let shown = reader
                    .string(table, "expected")
                    .unwrap_or_else(|| class.clone());
                let class = format!("[{class}]");
                let pattern = self.pattern(reader, &class, at);
                let ascii = ascii_of(&class);
                (
                    format!(
                        "Test::Characters(Class {{ ascii: {ascii}, pattern: {pattern} }}, {shown:?})"
                    ),
                    none,
                )
            }
            "pattern" => {
                let text = reader.text(value, name)?;
                let shown = reader.required(table, "expected", at);
                let pattern = self.pattern(reader, &text, at);
                (format!("Test::Pattern({pattern}, {shown:?})"), none)
            }
            "one-of" => (
                format!("Test::OneOf({})", values(reader, value, facts)?),
                none,
            ),
            "none-of" => (
                format!("Test::NoneOf({})", values(reader, value, facts)?),
                none,
            ),
            "unique" => {
                let options = value.get_ref().as_table();
                let (mut key, mut ignore_case) = (Vec::new(), false);
                match (options, value.get_ref().as_bool()) {
                    (Some(options), _) => {
                        reader.known_keys(options, &["key", "ignore-case"]);
                        ignore_case = reader.boolean(options, "ignore-case").unwrap_or(false);
                        let path = reader.string(options, "key").unwrap_or_default();
                        key = steps(&path);
                    }
                    (None, Some(true)) => {}
                    _ => {
                        reader.at(
                            at,
                            "`unique` is true or a table with `key` and `ignore-case`",
                        );
                        return None;
                    }
                }
                (
                    format!(
                        "Test::Unique {{ key: {}, ignore_case: {ignore_case} }}",
                        self.path_source(&key)
                    ),
                    none,
                )
            }
            "requires" | "forbids" | "exactly-one-of" | "at-most-one-of" => {
                let terms = self.terms(reader, Some(value));
                masks = masks_of(name, &terms);
                let variant: String = name.split('-').map(capitalised).collect();
                let seen = terms.iter().map(|t| t.path.clone()).collect();
                (
                    format!("Test::{variant}(&[{}])", self.sources(&terms)),
                    seen,
                )
            }
            "refers-to" => {
                let seen = paths(reader, value, name);
                let list: String = seen
                    .iter()
                    .map(|p| format!("{}, ", self.path_source(&p.steps)))
                    .collect();
                (format!("Test::RefersTo(&[{list}])"), seen)
            }
            "equals" => (format!("Test::Equals({:?})", scalar(reader, value)?), none),
            "across" => (self.across(reader, value, owner, facts)?, none),
            _ => {
                let function = reader.text(value, name)?;
                let module = owner.name.replace('-', "_");
                (
                    format!("Test::Native(Native(crate::rules::{module}::{function}))"),
                    none,
                )
            }
        };
        Some(Tested {
            source,
            seen,
            masks,
        })
    }

    /// `{ max = 100, option = "max-…", except = "table" }`: how many distributions of a run may have the value.
    fn across(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
        facts: &Facts,
    ) -> Option<String> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            reader.at(at, "`across` is a table with `max`");
            return None;
        };
        reader.known_keys(table, &["max", "option", "except"]);
        let Some(max) = reader.number(table, "max") else {
            reader.at(at, "`across` has a `max`");
            return None;
        };
        let option = reader
            .string(table, "option")
            .map_or("None".to_owned(), |name| {
                format!("Some({})", self.option(reader, &name, max, owner, at))
            });
        let except = match table.get("except") {
            Some(except) => values(reader, except, facts)?,
            None => "Values { values: &[], prefixes: &[], ignore_case: false }".to_owned(),
        };
        Some(format!(
            "Test::Across(Bounds {{ min: None, max: Some({max:?}), option: {option} }}, {except})"
        ))
    }

    fn bounds(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
    ) -> Option<String> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            reader.at(at, "bounds are a table with `min` and `max`");
            return None;
        };
        reader.known_keys(table, &["min", "max", "option"]);
        let (min, max) = (reader.number(table, "min"), reader.number(table, "max"));
        if min.is_none() && max.is_none() {
            reader.at(at, "bounds have a `min` or a `max`");
        }
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            reader.at(at, "`min` is above `max`");
        }
        let option = reader.string(table, "option");
        let id = match option {
            None => "None".to_owned(),
            Some(name) => match max {
                Some(max) => format!("Some({})", self.option(reader, &name, max, owner, at)),
                None => {
                    reader.at(at, "`option` replaces `max`, which is missing");
                    return None;
                }
            },
        };
        let number = |n: Option<f64>| n.map_or("None".to_owned(), |n| format!("Some({n:?})"));
        Some(format!(
            "Bounds {{ min: {}, max: {}, option: {id} }}",
            number(min),
            number(max)
        ))
    }

    /// Declares a number that the user may set.
    pub(crate) fn option(
        &mut self,
        reader: &mut Reader<'_>,
        name: &str,
        default: f64,
        owner: &Owner<'_>,
        at: usize,
    ) -> String {
        match self.options.iter().find(|o| o.name == name) {
            Some(known) if known.rule != owner.name || known.default != default => {
                let message = format!("option `{name}` is declared by {} already", known.rule);
                reader.at(at, message);
            }
            Some(_) => {}
            None => self.options.push(OptionRow {
                name: name.to_owned(),
                default,
                rule: owner.name.to_owned(),
            }),
        }
        format!("option::{}", constant(name))
    }

    fn pattern(&mut self, reader: &mut Reader<'_>, text: &str, at: usize) -> String {
        if let Err(error) = regex::Regex::new(&format!("^(?:{text})$")) {
            let last = error.to_string();
            let last = last.lines().last().unwrap_or_default().to_owned();
            reader.at(at, format!("not a regular expression: {last}"));
        }
        let known = self.patterns.iter().position(|p| p == text);
        let number = known.unwrap_or_else(|| {
            self.patterns.push(text.to_owned());
            self.patterns.len() - 1
        });
        format!("&PATTERNS[{number}]")
    }

    /// Conditions: a table of paths, a list of paths that must be filled, or a list of both.
    fn terms(&mut self, reader: &mut Reader<'_>, value: Option<&Node<'_>>) -> Vec<Term> {
        let Some(value) = value else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::String(path) => vec![filled(path, value.span().start)],
            DeValue::Table(table) => self.term_table(reader, table),
            DeValue::Array(items) => {
                let mut terms = Vec::new();
                for item in items {
                    match item.get_ref() {
                        DeValue::String(path) => terms.push(filled(path, item.span().start)),
                        DeValue::Table(table) => terms.extend(self.term_table(reader, table)),
                        _ => reader.at(item.span().start, "a condition is a path or a table"),
                    }
                }
                terms
            }
            _ => {
                reader.at(value.span().start, "conditions are a table or a list");
                Vec::new()
            }
        }
    }

    fn term_table(&mut self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Term> {
        let mut terms = Vec::new();
        for (key, value) in table {
            let path = Path {
                steps: steps(key.get_ref()),
                at: key.span().start,
            };
            let Some(condition) = self.condition(reader, value) else {
                continue;
            };
            terms.push(Term {
                needs: !matches!(
                    condition.as_str(),
                    "Condition::Absent" | "Condition::Unfilled"
                ),
                lacks: condition == "Condition::Absent",
                path,
                condition,
            });
        }
        terms
    }

    fn condition(&mut self, reader: &mut Reader<'_>, value: &Node<'_>) -> Option<String> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            return Some(format!("Condition::Is(&{:?})", scalars(reader, value)?));
        };
        reader.known_keys(table, &CONDITIONS);
        let mut keys = table.iter();
        let (Some((key, value)), None) = (keys.next(), keys.next()) else {
            reader.at(
                at,
                format!("a condition has one of {}", CONDITIONS.join(", ")),
            );
            return None;
        };
        let name = key.get_ref().as_ref();
        Some(match name {
            "present" | "absent" | "filled" | "unfilled" => {
                if value.get_ref().as_bool() != Some(true) {
                    reader.at(at, format!("`{name}` is true"));
                }
                format!("Condition::{}", capitalised(name))
            }
            "is" => format!("Condition::Is(&{:?})", scalars(reader, value)?),
            "not" => format!("Condition::Not(&{:?})", scalars(reader, value)?),
            "above" => format!("Condition::Above({:?})", reader.number(table, name)?),
            "below" => format!("Condition::Below({:?})", reader.number(table, name)?),
            "matches" => {
                let text = reader.text(value, name)?;
                format!("Condition::Matches({})", self.pattern(reader, &text, at))
            }
            _ => return None,
        })
    }

    /// The templates as Rust source, and the paths that they name.
    fn words(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        test: &str,
    ) -> (String, Vec<Path>) {
        let mut named = Vec::new();
        let mut out = String::from("Words { ");
        for key in ["message", "label", "note", "help"] {
            let text = reader.string(table, key);
            if let (Some(text), Some(value)) = (&text, table.get(key)) {
                named.extend(template(reader, text, value.span().start));
            }
            let _ = write!(out, "{key}: {text:?}, ");
        }
        match table
            .get("also")
            .map(|v| (v.span().start, v.get_ref().as_table()))
        {
            None => out.push_str("also: None, "),
            Some((at, None)) => {
                reader.at(at, "`also` is a table with `path` and `label`");
                out.push_str("also: None, ");
            }
            Some((at, Some(also))) => {
                reader.known_keys(also, &["path", "label"]);
                let path = steps(&reader.required(also, "path", at));
                let label = reader.required(also, "label", at);
                named.extend(template(reader, &label, at));
                let source = self.path_source(&path);
                let _ = write!(out, "also: Some(({source}, {label:?})), ");
                named.push(Path { steps: path, at });
            }
        }
        let fix = self.fix(reader, table, test, &mut named);
        let fix = fix.map_or("None".to_owned(), |fix| format!("Some({fix})"));
        let _ = write!(out, "fix: {fix} }}");
        (out, named)
    }

    /// `fix = { value = "x", safety = "safe" }` as Rust source; without it, `equals` knows what to write.
    fn fix(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        test: &str,
        named: &mut Vec<Path>,
    ) -> Option<String> {
        let wanted = (test == "equals").then(|| scalar(reader, table.get(test)?));
        let wanted = wanted
            .flatten()
            .map(|wanted| format!("Change::Value({wanted:?})"));
        let Some(value) = table.get("fix") else {
            return wanted.map(|change| {
                format!(
                    "Repair {{ safety: Safety::Unsafe, title: None, at: &[], change: {change} }}"
                )
            });
        };
        let place = value.span().start;
        let Some(fix) = value.get_ref().as_table() else {
            reader.at(place, "`fix` is a table with `safety` and what to do");
            return None;
        };
        let keys = ["safety", "title", "at"];
        let known: Vec<&str> = keys.into_iter().chain(CHANGES).collect();
        reader.known_keys(fix, &known);
        let safety = reader.one_of(fix, "safety", &["safe", "unsafe"]);
        let Some(safety) = safety else {
            reader.at(
                place,
                "`fix` says whether it is safe: `safety` is \"safe\" or \"unsafe\"",
            );
            return None;
        };
        let title = reader.string(fix, "title");
        if let Some(title) = &title {
            named.extend(template(reader, title, place));
        }
        let at = fix.get("at").map(|at| paths(reader, at, "at"));
        let at = at.unwrap_or_default();
        let source: String = at
            .iter()
            .map(|path| format!("{}, ", self.path_source(&path.steps)))
            .collect();
        named.extend(at);
        let change = self.change(reader, fix, test, place).or(wanted);
        if change.is_none() {
            reader.at(place, format!("`fix` has one of {}", CHANGES.join(", ")));
        }
        Some(format!(
            "Repair {{ safety: Safety::{}, title: {title:?}, at: &[{source}], change: {} }}",
            capitalised(&safety),
            change?,
        ))
    }

    /// What a fix does, as Rust source.
    fn change(
        &mut self,
        reader: &mut Reader<'_>,
        fix: &DeTable<'_>,
        test: &str,
        place: usize,
    ) -> Option<String> {
        let changes: Vec<&str> = CHANGES
            .into_iter()
            .filter(|name| fix.get(*name).is_some())
            .collect();
        if changes.len() > 1 {
            reader.at(place, "`fix` does one thing only");
        }
        let name = *changes.first()?;
        let value = fix.get(name)?;
        let at = value.span().start;
        Some(match name {
            "value" => format!("Change::Value({:?})", scalar(reader, value)?),
            "replace" => {
                let texts = reader.texts(value, name);
                let [pattern, template] = &texts[..] else {
                    reader.at(at, "`replace` is a regular expression and what to write");
                    return None;
                };
                let pattern = self.pattern(reader, pattern, at);
                format!("Change::Replace({pattern}, {template:?})")
            }
            _ if value.get_ref().as_bool() != Some(true) => {
                reader.at(at, format!("`{name}` is true"));
                return None;
            }
            "nearest" if !matches!(test, "one-of" | "refers-to" | "range") => {
                reader.at(
                    at,
                    "`nearest` needs the values of `one-of`, `refers-to` or `range`",
                );
                return None;
            }
            "nearest" => "Change::Nearest".to_owned(),
            _ => "Change::Remove".to_owned(),
        })
    }

    /// A path as Rust source. A name that the schema lacks has been reported.
    fn path_source(&self, steps: &[String]) -> String {
        let ids: String = steps
            .iter()
            .map(|step| {
                let place = self.names.binary_search(&step.as_str()).unwrap_or_default();
                format!("NameId({place}), ")
            })
            .collect();
        format!("&[{ids}]")
    }

    fn sources(&self, terms: &[Term]) -> String {
        terms
            .iter()
            .map(|t| {
                format!(
                    "Term {{ path: {}, condition: {} }}, ",
                    self.path_source(&t.path.steps),
                    t.condition
                )
            })
            .collect()
    }

    /// The tables as Rust source.
    pub(crate) fn emit(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "static PATTERNS: [Pattern; {}] = [",
            self.patterns.len()
        );
        for pattern in &self.patterns {
            let _ = writeln!(out, "    Pattern::new({pattern:?}),");
        }
        let _ = writeln!(
            out,
            "];\nstatic CHECKS: [Check; {}] = [\n{}];",
            self.count, self.checks
        );
        let shapes = self.schema.shapes.len();
        let at = |shape: usize| self.subscriptions.get(&shape).into_iter().flatten();
        let _ = writeln!(
            out,
            "/// The checks at each shape.\npub static SUBSCRIPTIONS: [&[Subscription]; {shapes}] = ["
        );
        for shape in 0..shapes {
            let list: Vec<&str> = at(shape).map(|(_, source)| source.as_str()).collect();
            let _ = writeln!(out, "    &[{}],", list.join(",\n        "));
        }
        let _ = writeln!(
            out,
            "];\n/// Members without which a check does not matter, a bit for each place in the list of members. Apart from \
             the rest, because most checks are told by them alone.\nstatic NEEDS: [&[u64]; {shapes}] = ["
        );
        for shape in 0..shapes {
            let list: Vec<u64> = at(shape).map(|(needs, _)| *needs).collect();
            let _ = writeln!(out, "    &{list:?},");
        }
        out.push_str("];\n");
        out
    }

    /// The options as Rust source.
    pub(crate) fn emit_options(&self) -> String {
        let mut rows = String::new();
        let mut ids = String::new();
        for (index, option) in self.options.iter().enumerate() {
            let OptionRow {
                name,
                default,
                rule,
            } = option;
            let _ = writeln!(
                rows,
                "    RuleOption {{ name: {name:?}, default: {}, rule: {rule:?} }},",
                *default as i64
            );
            let _ = writeln!(
                ids,
                "    /// `{name}`\n    pub(crate) const {}: OptionId = OptionId({index});",
                constant(name)
            );
        }
        format!(
            "/// Numbers that the user may set.\npub static OPTIONS: [RuleOption; {}] = [\n{rows}];\n\
             /// The options by name.\n#[allow(dead_code)]\npub(crate) mod option {{\n    use super::OptionId;\n{ids}}}\n",
            self.options.len()
        )
    }
}

/// What the presence of members says about a test before any value is looked at.
fn masks_of(test: &str, terms: &[Term]) -> Masks {
    let first = |term: &Term| term.path.steps.first().cloned();
    let names: Vec<String> = terms.iter().filter_map(first).collect();
    let distinct = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let needed = terms.iter().all(|term| term.needs);
    let mere = |term: &Term| {
        let there = ["Condition::Present", "Condition::Filled"].contains(&term.condition.as_str());
        there && term.path.steps.len() == 1
    };
    match test {
        "forbids" if needed => Masks {
            any: names,
            least: 1,
            ..Masks::default()
        },
        "at-most-one-of" if needed && distinct => Masks {
            any: names,
            least: 2,
            ..Masks::default()
        },
        "requires" if terms.iter().all(mere) => Masks {
            complete: names,
            ..Masks::default()
        },
        _ => Masks::default(),
    }
}

/// Which ASCII characters a class holds, a bit for each.
fn ascii_of(class: &str) -> u128 {
    let Ok(regex) = regex::Regex::new(&format!("^{class}$")) else {
        return 0;
    };
    (0..128_u8)
        .filter(|byte| regex.is_match(char::from(*byte).encode_utf8(&mut [0; 4])))
        .fold(0, |set, byte| set | 1 << byte)
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

fn overlap(range: Range, versions: (usize, usize)) -> bool {
    range.first <= versions.1 && versions.0 <= range.last
}

fn item_if_flattened<'s>(schema: &'s Schema, shape: &'s str) -> &'s str {
    match schema.shapes.get(shape).map(|s| &s.kind) {
        Some(Kind::List {
            flattened: true,
            shape,
            ..
        }) => &shape.name,
        _ => shape,
    }
}

fn steps(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|step| !step.is_empty())
        .map(str::to_owned)
        .collect()
}

fn paths(reader: &mut Reader<'_>, value: &Node<'_>, what: &str) -> Vec<Path> {
    let at = value.span().start;
    let texts = reader.texts(value, what);
    texts
        .iter()
        .map(|text| Path {
            steps: steps(text),
            at,
        })
        .collect()
}

fn filled(path: &str, at: usize) -> Term {
    Term {
        path: Path {
            steps: steps(path),
            at,
        },
        condition: "Condition::Filled".to_owned(),
        needs: true,
        lacks: false,
    }
}

/// A value as it stands in a document.
fn scalar(reader: &mut Reader<'_>, value: &Node<'_>) -> Option<String> {
    let text = match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        _ => None,
    };
    if text.is_none() {
        reader.at(
            value.span().start,
            "a value is a string, a number, true or false",
        );
    }
    text
}

fn scalars(reader: &mut Reader<'_>, value: &Node<'_>) -> Option<Vec<String>> {
    match value.get_ref().as_array() {
        Some(items) => items.iter().map(|item| scalar(reader, item)).collect(),
        None => scalar(reader, value).map(|text| vec![text]),
    }
}

/// Values to compare with, as Rust source.
fn values(reader: &mut Reader<'_>, value: &Node<'_>, facts: &Facts) -> Option<String> {
    let (mut list, mut prefixes, mut ignore_case) = (Vec::new(), Vec::new(), false);
    match value.get_ref().as_table() {
        None => list = scalars(reader, value)?,
        Some(table) => {
            reader.known_keys(table, &["values", "prefixes", "table", "ignore-case"]);
            ignore_case = reader.boolean(table, "ignore-case").unwrap_or(false);
            prefixes = reader.strings(table, "prefixes");
            if let Some(values) = table.get("values") {
                list = scalars(reader, values)?;
            }
            if let Some(name) = reader.string(table, "table") {
                match facts.tables.get(&name) {
                    Some(row) => {
                        list.extend(row.values.iter().cloned());
                        prefixes.extend(row.prefixes.iter().cloned());
                    }
                    None => {
                        let near = nearest(&name, facts.tables.keys().map(String::as_str));
                        let at = value.span().start;
                        reader.at(at, format!("there is no rules/table/{name}.toml{near}"));
                    }
                }
            }
        }
    }
    list.sort();
    Some(format!(
        "Values {{ values: &{list:?}, prefixes: &{prefixes:?}, ignore_case: {ignore_case} }}"
    ))
}

/// The paths that a template names; everything else in braces must be a known fact.
fn template(reader: &mut Reader<'_>, text: &str, at: usize) -> Vec<Path> {
    let mut named = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            reader.at(at, "a `{` without `}`");
            break;
        };
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            named.push(Path {
                steps: steps(name),
                at,
            });
        } else if !FACTS.contains(&name) {
            let near = nearest(name, FACTS);
            reader.at(at, format!("`{{{name}}}` means nothing here{near}"));
        }
        rest = after;
    }
    named
}

/// Level, confidence and error of a check, where they differ from the rule's.
fn overrides(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    owner: &Owner<'_>,
    facts: &Facts,
) -> String {
    let level = reader.one_of(table, "level", &["info", "warning", "error"]);
    let confidence = reader.one_of(table, "confidence", &["inferred", "documented", "verified"]);
    if level.as_deref() == Some("error") && !owner.may_be_error {
        let at = table.get("level").map_or(0, |v| v.span().start);
        reader.at(
            at,
            "a check whose constraints are inferred is at most a warning",
        );
    }
    let error = reader.string(table, "error").and_then(|code| {
        let row = facts.errors.get(&code);
        if row.is_none() {
            let at = table.get("error").map_or(0, |v| v.span().start);
            let near = nearest(&code, facts.errors.keys().map(String::as_str));
            reader.at(at, format!("`{code}` is not in rules/errors.toml{near}"));
        }
        row
    });
    let named = |kind: &str, name: Option<String>| {
        name.map_or("None".to_owned(), |name| {
            format!("Some({kind}::{})", capitalised(&name))
        })
    };
    format!(
        "level: {}, confidence: {}, error: {}",
        named("Level", level),
        named("Confidence", confidence),
        error.map_or("None".to_owned(), |row| format!(
            "Some(ApiError {{ code: {:?}, status: {} }})",
            row.code, row.status
        )),
    )
}
