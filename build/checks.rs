//! The checks of the rule book as the static tables of `src/vocabulary.rs`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::de::DeValue;

use crate::compile::{Compiler, Dialect, Owner};
use crate::facts::{Facts, capitalised, range_source};
use crate::model::{self, Member, Model, Table, Value};
use crate::plan::{
    Bounds, Change, Check, Condition, Path, Repair, Subscription, Term, Test, Values, Words,
};
use crate::reader::{Node, Reader};
use crate::schema::{self, Kind, Schema};

/// What the schema and the facts say to the compiler.
pub(crate) fn model<'s>(schema: &'s Schema, facts: &'s Facts) -> Model<'s> {
    let places: BTreeMap<&str, usize> = schema
        .shapes
        .keys()
        .enumerate()
        .map(|(place, name)| (name.as_str(), place))
        .collect();
    let place = |name: &str| places.get(name).copied().unwrap_or_default();
    let range = |range: schema::Range| (range.first, range.last);
    let member = |member: &'s schema::Member| Member {
        name: &member.name,
        shapes: member
            .shapes
            .iter()
            .map(|(versions, to)| (range(*versions), place(&to.name)))
            .collect(),
        in_body: member.header.is_none() && member.uri.is_none(),
        sensitive: member.sensitive,
    };
    let kind = |kind: &'s Kind| match kind {
        Kind::Structure { members, .. } => {
            model::Kind::Structure(members.iter().map(member).collect())
        }
        Kind::List {
            item,
            shape,
            flattened,
            ..
        } => model::Kind::List {
            item,
            shape: place(&shape.name),
            flattened: *flattened,
        },
        Kind::String { values, .. } if !values.is_empty() => {
            let values = values.iter().map(|v| (range(v.versions), &v.value[..]));
            model::Kind::Value(Value::Enum(values.collect()))
        }
        Kind::String { .. } => model::Kind::Value(Value::Text),
        Kind::Double { .. } | Kind::Plain("Float") => model::Kind::Value(Value::Fraction),
        Kind::Plain("Boolean") => model::Kind::Value(Value::Boolean),
        Kind::Plain("Integer" | "Long") => model::Kind::Value(Value::Integer),
        Kind::Blob { .. } | Kind::Plain(_) => model::Kind::Value(Value::Other),
    };
    let shapes = schema.shapes.iter().map(|(name, shape)| model::Shape {
        name,
        kind: kind(&shape.kind),
        sensitive: shape.sensitive,
        last_version: shape.versions.last,
    });
    let roots = schema.roots.iter();
    let roots = roots.map(|(name, root)| (name.as_str(), place(&root.shape.name)));
    let mut model = Model::new(shapes.collect(), schema::names(schema), roots);
    let texts = |list: &'s [String]| list.iter().map(String::as_str).collect();
    for (name, row) in &facts.tables {
        let table = Table {
            values: texts(&row.values),
            prefixes: texts(&row.prefixes),
        };
        model.tables.insert(name, table);
    }
    let errors = facts.errors.values();
    model.errors = errors.map(|row| (&row.code[..], row.status)).collect();
    model
}

/// What all rule files together give.
pub(crate) struct Checks<'m> {
    pub(crate) compiler: Compiler<'m>,
    patterns: Vec<String>,
    checks: String,
    count: usize,
    /// By shape.
    subscriptions: BTreeMap<usize, Vec<(u64, String)>>,
}

impl<'m> Checks<'m> {
    pub(crate) fn new(model: &'m Model<'m>) -> Checks<'m> {
        Checks {
            compiler: Compiler::new(model, Dialect::Book),
            patterns: Vec::new(),
            checks: String::new(),
            count: 0,
            subscriptions: BTreeMap::new(),
        }
    }

    /// Reads the checks of one rule, which has this place in the table of rules.
    pub(crate) fn read(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
        index: usize,
    ) {
        match value.get_ref() {
            DeValue::String(text) if text == "native" => {}
            DeValue::Table(_) => self.check(reader, value, owner, index),
            DeValue::Array(items) => {
                for item in items {
                    self.check(reader, item, owner, index);
                }
            }
            _ => reader.at(
                value.span(),
                "`check` is \"native\", a table or a list of tables",
            ),
        }
    }

    fn check(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
        index: usize,
    ) {
        let Some(table) = value.get_ref().as_table() else {
            return reader.at(value.span(), "a check is a table");
        };
        reader.known_keys(table, &self.compiler.keys());
        let at = value.span().into();
        if let Some(check) = self.compiler.check(reader, table, at, owner) {
            self.write(&check, owner, index);
        }
    }

    fn write(&mut self, check: &Check, owner: &Owner<'_>, index: usize) {
        let operations = check.operations.iter();
        let operations: String = operations
            .map(|name| format!("Operation::{}, ", capitalised(name)))
            .collect();
        let (when, unless) = (self.terms(&check.when), self.terms(&check.unless));
        let test = self.test(&check.test, owner);
        let named = |kind: &str, name: &Option<String>| match name {
            Some(name) => format!("Some({kind}::{})", capitalised(name)),
            None => "None".to_owned(),
        };
        let error = match &check.error {
            Some((code, status)) => {
                format!("Some(ApiError {{ code: {code:?}, status: {status} }})")
            }
            None => "None".to_owned(),
        };
        let fix = match &check.words.fix {
            Some(fix) => format!("Some({})", self.repair(fix)),
            None => "None".to_owned(),
        };
        let _ = writeln!(
            self.checks,
            "    Check {{ rule: RuleId::built_in({index}), operations: &[{operations}], when: &[{when}], unless: &[{unless}], \
             test: {test}, words: &{}, level: {}, confidence: {}, error: {error} }},",
            words(&check.words, &fix),
            named("Level", &check.level),
            named("Confidence", &check.confidence),
        );
        let number = self.count;
        self.count += 1;
        for subscription in &check.subscriptions {
            let row = (subscription.needs, source(subscription, number));
            let list = self.subscriptions.entry(subscription.shape).or_default();
            list.push(row);
        }
    }

    /// How it is repaired, as Rust source.
    fn repair(&mut self, fix: &Repair) -> String {
        let safety = if fix.is_safe { "Safe" } else { "Unsafe" };
        let change = match &fix.change {
            Change::Value(value) => format!("Value({value:?})"),
            Change::Remove => "Remove".to_owned(),
            Change::Replace(text, template) => {
                format!("Replace({}, {template:?})", self.pattern(text))
            }
            Change::Nearest => "Nearest".to_owned(),
        };
        format!(
            "Repair {{ safety: Safety::{safety}, title: {:?}, at: &[{}], change: Change::{change} }}",
            fix.title,
            list(&fix.at),
        )
    }

    /// The test as Rust source.
    fn test(&mut self, test: &Test, owner: &Owner<'_>) -> String {
        match test {
            Test::Range(bounds) => format!("Test::Range({})", bounds_source(bounds)),
            Test::Length(bounds) => format!("Test::Length({})", bounds_source(bounds)),
            Test::Count(bounds) => format!("Test::Count({})", bounds_source(bounds)),
            Test::Characters(class, ascii, shown) => format!(
                "Test::Characters(Class {{ ascii: {ascii}, pattern: {} }}, {shown:?})",
                self.pattern(class)
            ),
            Test::Pattern(text, shown) => {
                format!("Test::Pattern({}, {shown:?})", self.pattern(text))
            }
            Test::OneOf(list) => format!("Test::OneOf({})", values(list)),
            Test::NoneOf(list) => format!("Test::NoneOf({})", values(list)),
            Test::Unique { key, ignore_case } => format!(
                "Test::Unique {{ key: {}, ignore_case: {ignore_case} }}",
                path(key)
            ),
            Test::Requires(terms) => format!("Test::Requires(&[{}])", self.terms(terms)),
            Test::Forbids(terms) => format!("Test::Forbids(&[{}])", self.terms(terms)),
            Test::ExactlyOneOf(terms) => format!("Test::ExactlyOneOf(&[{}])", self.terms(terms)),
            Test::AtMostOneOf(terms) => format!("Test::AtMostOneOf(&[{}])", self.terms(terms)),
            Test::RefersTo(paths) => format!("Test::RefersTo(&[{}])", list(paths)),
            Test::Equals(wanted) => format!("Test::Equals({wanted:?})"),
            Test::Across(bounds, except) => {
                let bounds = bounds_source(bounds);
                format!("Test::Across({bounds}, {})", values(except))
            }
            Test::Native(function) => {
                let module = owner.name.replace('-', "_");
                format!("Test::Native(Native(crate::rules::{module}::{function}))")
            }
        }
    }

    fn terms(&mut self, terms: &[Term]) -> String {
        let term = |term: &Term| {
            let condition = match &term.condition {
                Condition::Present => "Present".to_owned(),
                Condition::Absent => "Absent".to_owned(),
                Condition::Filled => "Filled".to_owned(),
                Condition::Unfilled => "Unfilled".to_owned(),
                Condition::Is(values) => format!("Is(&{values:?})"),
                Condition::Not(values) => format!("Not(&{values:?})"),
                Condition::Above(least) => format!("Above({least:?})"),
                Condition::Below(most) => format!("Below({most:?})"),
                Condition::Matches(text) => format!("Matches({})", self.pattern(text)),
            };
            let path = path(&term.path);
            format!("Term {{ path: {path}, condition: Condition::{condition} }}, ")
        };
        terms.iter().map(term).collect()
    }

    fn pattern(&mut self, text: &str) -> String {
        let known = self.patterns.iter().position(|p| p == text);
        let number = known.unwrap_or_else(|| {
            self.patterns.push(text.to_owned());
            self.patterns.len() - 1
        });
        format!("&PATTERNS[{number}]")
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
        let shapes = self.compiler.model.shapes.len();
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
        for (index, option) in self.compiler.options.iter().enumerate() {
            let (name, rule) = (&option.name, &option.rule);
            let _ = writeln!(
                rows,
                "    RuleOption {{ name: {name:?}, default: {}, rule: {rule:?} }},",
                option.default as i64
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
            self.compiler.options.len()
        )
    }
}

fn source(subscription: &Subscription, check: usize) -> String {
    let Subscription {
        lacks,
        any,
        least,
        complete,
        versions,
        paths,
        ..
    } = subscription;
    format!(
        "Subscription {{ versions: {}, lacks: {lacks}, any: {any}, least: {least}, \
         complete: {complete}, check: &CHECKS[{check}], paths: &[{}] }}",
        range_source(*versions),
        list(paths),
    )
}

/// The words as Rust source, with that of the repair.
fn words(words: &Words, fix: &str) -> String {
    let Words {
        message,
        label,
        note,
        help,
        also,
        fix: _,
    } = words;
    let also = match also {
        Some((place, label)) => format!("Some(({}, {label:?}))", path(place)),
        None => "None".to_owned(),
    };
    format!(
        "Words {{ message: {message:?}, label: {label:?}, note: {note:?}, help: {help:?}, also: {also}, fix: {fix} }}"
    )
}

/// A path as Rust source.
fn path(names: &Path) -> String {
    let ids: String = names.iter().map(|id| format!("NameId({id}), ")).collect();
    format!("&[{ids}]")
}

fn list(paths: &[Path]) -> String {
    paths.iter().map(|p| format!("{}, ", path(p))).collect()
}

fn values(list: &Values) -> String {
    let Values {
        values,
        prefixes,
        ignore_case,
    } = list;
    format!("Values {{ values: &{values:?}, prefixes: &{prefixes:?}, ignore_case: {ignore_case} }}")
}

fn bounds_source(bounds: &Bounds) -> String {
    let Bounds { min, max, option } = bounds;
    let id = match option {
        Some(name) => format!("Some(option::{})", constant(name)),
        None => "None".to_owned(),
    };
    format!("Bounds {{ min: {min:?}, max: {max:?}, option: {id} }}")
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}
