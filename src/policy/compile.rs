//! The grammar of checks: reads the vocabulary, resolves every path against the schema, and says what cannot be meant.
//!
//! The build script compiles the `[check]` of rule files with it, the program the policies of its users.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::model::{Kind, Model, Value, Versions};
use super::plan::{
    self, Bounds, Change, Check, Condition, Repair, Subscription, Test, Values, Words,
};
use super::reader::{At, Near, Node, Reader, nearest};

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
const KEYS: [&str; 13] = [
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
    "expected",
    "fix",
];
/// What only a check of the rule book may say.
const BOOK_KEYS: [&str; 3] = ["confidence", "error", "option"];
/// What a fix does.
const CHANGES: [&str; 4] = ["value", "remove", "replace", "nearest"];
const CONDITIONS: [&str; 9] = [
    "present", "absent", "filled", "unfilled", "is", "not", "above", "below", "matches",
];
/// What a template may name besides paths, whatever the test.
const FACTS: [&str; 4] = ["value", "element", "parent", "anchor"];
/// What a template may name besides that, by test.
const FACTS_OF: [(&[&str], &[&str]); 9] = [
    (&["range"], &["min", "max", "allowed"]),
    (&["length"], &["min", "max", "allowed", "length"]),
    (&["count"], &["min", "max", "allowed", "count"]),
    (&["characters"], &["character", "expected"]),
    (&["one-of", "refers-to"], &["nearest", "expected"]),
    (&["pattern", "equals"], &["expected"]),
    (&["exactly-one-of", "at-most-one-of"], &["expected"]),
    (&["requires"], &["wanted", "expected"]),
    (&["forbids"], &["subject"]),
];
/// What is left when the documents are gone.
const FACTS_ACROSS: [&str; 4] = ["value", "count", "max", "others"];
const OPERATIONS: [&str; 3] = ["create", "update", "copy"];

/// Whose check it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Of the rule book: it may name functions, options and what the API answers.
    Book,
    /// Of a user.
    Policy,
}

/// The rule that a check belongs to.
pub(crate) struct Owner<'r> {
    pub(crate) name: &'r str,
    pub(crate) versions: Versions,
    /// Whether a check of its own may be an error: some constraint is more than inferred.
    pub(crate) may_be_error: bool,
}

/// A number that the user may set.
pub(crate) struct OptionRow {
    pub(crate) name: String,
    pub(crate) default: f64,
    pub(crate) rule: String,
}

/// Reads checks.
pub(crate) struct Compiler<'m> {
    pub(crate) model: &'m Model<'m>,
    dialect: Dialect,
    /// The numbers that users may set, in the order in which they were declared.
    pub(crate) options: Vec<OptionRow>,
}

/// A path of names of elements, where it stands, and what will be asked of what stands at it.
#[derive(Clone)]
struct Path {
    steps: Vec<String>,
    at: At,
    /// Where the text begins, if it is written letter by letter.
    verbatim: Option<usize>,
    demands: Vec<Demand>,
}

/// What will be asked of an element; an element of another type can never give an answer.
#[derive(Clone)]
enum Demand {
    /// A text, not elements.
    Text,
    /// A text that is no secret.
    Open(At),
    Number(At),
    /// One of these values, or in any case of letters.
    Literals(Vec<(String, At)>, bool),
    /// The beginning of a value.
    Beginning(String, At, bool),
}

#[derive(Clone)]
struct Term {
    path: Path,
    condition: Condition,
}

/// A test that was read.
struct Tested {
    test: Test,
    /// The paths that it looks at, seen from the anchor.
    seen: Vec<Path>,
    /// What it asks of the selected elements.
    demands: Vec<Demand>,
    /// A path below the selected elements.
    key: Option<Path>,
    masks: Masks,
}

impl Tested {
    fn new(test: Test) -> Tested {
        Tested {
            test,
            seen: Vec::new(),
            demands: Vec::new(),
            key: None,
            masks: Masks::default(),
        }
    }

    fn asking(mut self, demand: Demand) -> Tested {
        self.demands.push(demand);
        self
    }
}

/// Members of the anchor that tell at once whether a test can fail.
#[derive(Default)]
struct Masks {
    /// Of these, `least` must be there.
    any: Vec<String>,
    least: u32,
    /// If all these are there, and not empty, it cannot fail.
    complete: Vec<String>,
    /// Those of them that must be values for that: a structure that is not empty may still count nothing.
    values: Vec<String>,
}

/// A path that leads nowhere.
struct Astray {
    at: At,
    message: String,
    near: Near,
    /// So many steps were found.
    depth: usize,
}

impl<'m> Compiler<'m> {
    pub(crate) fn new(model: &'m Model<'m>, dialect: Dialect) -> Compiler<'m> {
        Compiler {
            model,
            dialect,
            options: Vec::new(),
        }
    }

    /// The keys that a check may have.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        let keys = self.tests().into_iter().chain(KEYS);
        match self.dialect {
            Dialect::Book => keys.chain(BOOK_KEYS).collect(),
            Dialect::Policy => keys.collect(),
        }
    }

    fn tests(&self) -> Vec<&'static str> {
        let may = |name: &&str| self.dialect == Dialect::Book || *name != "native";
        TESTS.into_iter().filter(may).collect()
    }

    /// Reads one check; `at` is where to complain of what is missing. None if there is a mistake in it.
    pub(crate) fn check(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        at: At,
        owner: &Owner<'_>,
    ) -> Option<Check> {
        let before = reader.slips.len();
        let range = match table.get("versions") {
            Some(_) => reader.range(table, "versions"),
            None => owner.versions,
        };
        let versions = (range.0.max(owner.versions.0), range.1.min(owner.versions.1));
        let select = select(reader, table, at);
        let when = self.terms(reader, table.get("when"));
        let unless = self.terms(reader, table.get("unless"));
        let mut tested = self.tested(reader, table, at, owner);
        let (mut words, mut named) = self.words(reader, table);
        let (fix, more) = self.fix(reader, table, tested.as_mut());
        words.fix = fix;
        named.extend(more);
        let (level, confidence, error) = self.overrides(reader, table, owner);
        let operations = operations(reader, table);
        let mut others: Vec<&Path> = when.iter().chain(&unless).map(|t| &t.path).collect();
        others.extend(named.iter());
        let subscriptions = match &tested {
            Some(tested) => {
                others.extend(&tested.seen);
                self.subscribe(reader, &select, &others, &when, tested, versions)
            }
            // The paths may be wrong all the same.
            None => {
                let nothing = Tested::new(Test::Equals(String::new()));
                self.subscribe(reader, &select, &others, &when, &nothing, versions)
            }
        };
        if reader.slips.len() > before {
            return None;
        }
        Some(Check {
            operations,
            when: self.planned(&when),
            unless: self.planned(&unless),
            test: tested?.test,
            words,
            level,
            confidence,
            error,
            subscriptions,
        })
    }

    /// The one test of a check.
    fn tested(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        at: At,
        owner: &Owner<'_>,
    ) -> Option<Tested> {
        let tests: Vec<&str> = self
            .tests()
            .into_iter()
            .filter(|name| table.get(*name).is_some())
            .collect();
        let [name] = tests[..] else {
            let all = self.tests().join(", ");
            match tests.get(1).and_then(|second| table.get(*second)) {
                Some(second) if self.dialect == Dialect::Policy => {
                    let message = format!("a check has one test, but there is also {}", tests[0]);
                    reader.at(second.span(), message);
                }
                _ => reader.at(at, format!("a check has one of {all}")),
            }
            return None;
        };
        let before = reader.slips.len();
        let tested = self.test(reader, table, name, owner);
        if tested.is_none() && reader.slips.len() == before {
            reader.at(at, format!("`{name}` cannot be read"));
        }
        tested
    }

    /// Finds the structures at which a check is anchored.
    fn subscribe(
        &self,
        reader: &mut Reader<'_>,
        select: &[Path],
        others: &[&Path],
        when: &[Term],
        tested: &Tested,
        versions: Versions,
    ) -> Vec<Subscription> {
        let mut anchors: Vec<(usize, Vec<Vec<String>>)> = Vec::new();
        let mut anchored = |shape: usize, steps: &[String]| match anchors
            .iter_mut()
            .find(|(known, _)| *known == shape)
        {
            Some((_, paths)) => paths.push(steps.to_vec()),
            None => anchors.push((shape, vec![steps.to_vec()])),
        };
        let mut selected: Vec<(Vec<usize>, Path)> = Vec::new();
        for path in select {
            let Some((first, _)) = path.steps.split_first() else {
                continue;
            };
            let Some(candidates) = self.model.structures(first) else {
                let near = nearest(first, self.model.elements());
                reader.unknown(path.step(0), format!("no element is named `{first}`"), near);
                continue;
            };
            let rest = path.below_first();
            let mut complaint: Option<Astray> = None;
            let mut found = Vec::new();
            for shape in candidates {
                let mut unresolved = self.resolve(shape, &rest, versions).map(drop);
                if let (Ok(()), Some(key)) = (&unresolved, &tested.key) {
                    let whole = rest.join(key);
                    unresolved = self.resolve(shape, &whole, versions).map(drop);
                }
                let unresolved = unresolved.and_then(|()| {
                    let mut others = others.iter();
                    others.try_for_each(|o| self.resolve(shape, o, versions).map(drop))
                });
                match unresolved {
                    Ok(()) => found.push(shape),
                    Err(astray) if complaint.as_ref().is_none_or(|c| c.depth <= astray.depth) => {
                        complaint = Some(astray);
                    }
                    Err(_) => {}
                }
            }
            if found.is_empty() {
                let astray = complaint.unwrap_or_else(|| Astray {
                    at: path.at,
                    message: format!("`{first}` is no structure{}", self.among(versions)),
                    near: Near(None),
                    depth: 0,
                });
                reader.unknown(astray.at, astray.message, astray.near);
                continue;
            }
            selected.push((found.clone(), rest.clone()));
            for shape in found {
                anchored(shape, &rest.steps);
            }
        }
        self.complain_of_types(reader, &selected, &tested.demands, versions);
        let all: Vec<usize> = selected
            .iter()
            .flat_map(|(found, _)| found)
            .copied()
            .collect();
        for other in others.iter().filter(|_| !all.is_empty()) {
            let place = [(all.clone(), (*other).clone())];
            self.complain_of_types(reader, &place, &other.demands, versions);
        }
        anchors.sort_by_key(|(shape, _)| *shape);
        let mut subscriptions = Vec::new();
        for (shape, paths) in anchors {
            if tested.test.is_grouped() {
                subscriptions.push(self.subscription(shape, &paths, when, &tested.masks, versions));
                continue;
            }
            for path in paths {
                let paths = [path];
                subscriptions.push(self.subscription(shape, &paths, when, &tested.masks, versions));
            }
        }
        subscriptions
    }

    fn subscription(
        &self,
        shape: usize,
        paths: &[Vec<String>],
        when: &[Term],
        masks: &Masks,
        versions: Versions,
    ) -> Subscription {
        let members = self.model.members(shape);
        let bit = |name: &String| -> u64 {
            let place = members.iter().position(|m| m.name == *name);
            place.map_or(0, |place| 1 << place)
        };
        let mut needs = match paths {
            [path] => path.first().map_or(0, bit),
            _ => 0,
        };
        let mut lacks = 0;
        for term in when {
            if let Some(first) = term.path.steps.first() {
                needs |= if term.condition.needs() {
                    bit(first)
                } else {
                    0
                };
                let alone = term.path.steps.len() == 1;
                lacks |= match term.condition {
                    Condition::Absent if alone => bit(first),
                    _ => 0,
                };
            }
        }
        let all = |names: &[String]| names.iter().fold(0, |mask, name| mask | bit(name));
        let are_values = masks.values.iter().all(|name| self.is_value(shape, name));
        Subscription {
            shape,
            needs,
            lacks,
            any: all(&masks.any),
            least: masks.least,
            complete: if are_values { all(&masks.complete) } else { 0 },
            versions,
            paths: paths.iter().map(|path| self.ids(path)).collect(),
        }
    }

    /// Whether a member holds a value in all versions, so that it is filled if it is not empty.
    fn is_value(&self, shape: usize, name: &str) -> bool {
        let holds_value = |shape: usize| matches!(self.model.shapes[shape].kind, Kind::Value(_));
        let mut members = self.model.members(shape).iter();
        let member = members.find(|m| m.name == name);
        member.is_some_and(|m| m.shapes.iter().all(|(_, shape)| holds_value(*shape)))
    }

    /// The shapes at the end of a path from a shape, in some version of the range; with each, whether it is a secret.
    fn resolve(
        &self,
        shape: usize,
        path: &Path,
        versions: Versions,
    ) -> Result<BTreeSet<(usize, bool)>, Astray> {
        let model = self.model;
        let mut at: BTreeSet<(usize, bool)> = BTreeSet::from([(shape, false)]);
        for (depth, step) in path.steps.iter().enumerate() {
            let mut next = BTreeSet::new();
            let mut known: BTreeSet<&str> = BTreeSet::new();
            for (shape, _) in &at {
                match &model.shapes[*shape].kind {
                    Kind::Structure(members) => {
                        for member in members.iter().filter(|m| m.in_body) {
                            known.insert(member.name);
                            let shapes = member.shapes.iter().filter(|(range, _)| {
                                member.name == *step && overlap(*range, versions)
                            });
                            next.extend(
                                shapes.map(|(_, to)| (model.element(*to), member.sensitive)),
                            );
                        }
                    }
                    Kind::List { item, shape, .. } => {
                        known.insert(item);
                        if item == step {
                            next.insert((*shape, false));
                        }
                    }
                    Kind::Value(_) => {}
                }
            }
            if next.is_empty() {
                let inside = model.shapes[shape].name;
                return Err(Astray {
                    at: path.step(depth),
                    message: format!(
                        "`{step}` does not stand there in {inside}{}",
                        self.among(versions)
                    ),
                    near: nearest(step, known.into_iter().filter(|k| k != step)),
                    depth,
                });
            }
            at = next;
        }
        let secret = |shape: usize| model.shapes[shape].sensitive;
        Ok(at
            .into_iter()
            .map(|(to, of)| (to, of || secret(to)))
            .collect())
    }

    /// Says which demands no element at any of the paths, each seen from its anchors, can ever meet.
    fn complain_of_types(
        &self,
        reader: &mut Reader<'_>,
        places: &[(Vec<usize>, Path)],
        demands: &[Demand],
        versions: Versions,
    ) {
        let (Some((_, first)), false) = (places.first(), demands.is_empty()) else {
            return;
        };
        let name = first.steps.last().map_or("the selection", String::as_str);
        let mut ends: BTreeSet<(usize, bool)> = BTreeSet::new();
        let value_of = |end: &(usize, bool)| match &self.model.shapes[end.0].kind {
            Kind::Value(value) => Some(value),
            _ => None,
        };
        for (anchors, path) in places {
            let own = anchors.iter();
            let own = own.filter_map(|shape| self.resolve(*shape, path, versions).ok());
            let own: BTreeSet<(usize, bool)> = own.flatten().collect();
            if !own.iter().any(|end| value_of(end).is_some()) {
                let name = path.steps.last().map_or("the selection", String::as_str);
                let message = format!("`{name}` holds elements, so it has no value to compare");
                self.complain_once(reader, path.last(), message);
            }
            ends.extend(own);
        }
        let values: Vec<&Value<'_>> = ends.iter().filter_map(value_of).collect();
        if values.is_empty() {
            return;
        }
        for demand in demands {
            match demand {
                Demand::Text => {}
                Demand::Open(at) => {
                    if ends.iter().any(|(_, secret)| *secret) {
                        let message =
                            format!("`{name}` is a secret, which cannot be told to others");
                        self.complain_once(reader, *at, message);
                    }
                }
                Demand::Number(at) => {
                    if !values.iter().any(|value| may_be_number(value)) {
                        let message = format!("`{name}` is no number");
                        self.complain_once(reader, *at, message);
                    }
                }
                Demand::Literals(literals, ignore_case) => {
                    for (literal, at) in literals {
                        let legal = |v: &&&Value<'_>| is_legal(v, literal, *ignore_case, versions);
                        if values.iter().find(legal).is_none() {
                            self.impossible(reader, name, literal, *at, &values, versions);
                        }
                    }
                }
                Demand::Beginning(prefix, at, ignore_case) => {
                    let begins = |v: &&Value<'_>| may_begin(v, prefix, *ignore_case, versions);
                    if !values.iter().any(begins) {
                        let message = format!("no value of `{name}` begins with `{prefix}`");
                        self.complain_once(reader, *at, message);
                    }
                }
            }
        }
    }

    /// A literal that can never be the value of an element.
    fn impossible(
        &self,
        reader: &mut Reader<'_>,
        name: &str,
        literal: &str,
        at: At,
        values: &[&Value<'_>],
        versions: Versions,
    ) {
        let mut legal: BTreeSet<&str> = BTreeSet::new();
        let mut is_number = false;
        for value in values {
            match value {
                Value::Enum(all) => {
                    let known = all.iter().filter(|(range, _)| overlap(*range, versions));
                    legal.extend(known.map(|(_, value)| *value));
                }
                Value::Boolean => legal.extend(["true", "false"]),
                Value::Integer | Value::Fraction => is_number = true,
                Value::Text | Value::Other => {}
            }
        }
        let near = nearest(literal, legal.iter().copied());
        let message = match is_number {
            true => format!("`{name}` is a number, so it is never `{literal}`"),
            false => format!("`{name}` is never `{literal}`{}", self.among(versions)),
        };
        let said = |slip: &super::reader::Slip| slip.at == at && slip.message == message;
        if !reader.slips.iter().any(said) {
            reader.unknown(at, message, near);
        }
    }

    /// Says that something holds in some versions only.
    fn among(&self, versions: Versions) -> &'static str {
        match self.dialect == Dialect::Policy && versions == (0, self.model.last_version) {
            true => "",
            false => " in these versions",
        }
    }

    /// A path is looked at for each selection, but its mistake is one.
    fn complain_once(&self, reader: &mut Reader<'_>, at: At, message: String) {
        if !reader
            .slips
            .iter()
            .any(|s| s.at == at && s.message == message)
        {
            reader.at(at, message);
        }
    }

    /// A test, and what it asks of the elements that it looks at.
    fn test(
        &mut self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        name: &str,
        owner: &Owner<'_>,
    ) -> Option<Tested> {
        let value = table.get(name)?;
        let at = At::from(value.span());
        Some(match name {
            "range" => Tested::new(Test::Range(self.bounds(reader, value, owner)?))
                .asking(Demand::Number(at)),
            "length" => {
                Tested::new(Test::Length(self.sizes(reader, value, owner)?)).asking(Demand::Text)
            }
            "count" => Tested::new(Test::Count(self.sizes(reader, value, owner)?)),
            "characters" => {
                let class = reader.text(value, name)?;
                let shown = reader.string(table, "expected");
                let shown = shown.unwrap_or_else(|| class.clone());
                let class = format!("[{class}]");
                self.check_pattern(reader, &class, at);
                let ascii = ascii_of(&class);
                Tested::new(Test::Characters(class, ascii, shown)).asking(Demand::Text)
            }
            "pattern" => {
                let text = reader.text(value, name)?;
                let shown = reader.required(table, "expected", at);
                self.check_pattern(reader, &text, at);
                Tested::new(Test::Pattern(text, shown)).asking(Demand::Text)
            }
            "one-of" | "none-of" => {
                let (values, demands) = self.values(reader, value)?;
                let test = match name {
                    "one-of" => Test::OneOf(values),
                    _ => Test::NoneOf(values),
                };
                demands.into_iter().fold(Tested::new(test), Tested::asking)
            }
            "unique" => self.unique(reader, value)?,
            "requires" | "forbids" | "exactly-one-of" | "at-most-one-of" => {
                let terms = self.terms(reader, Some(value));
                let masks = masks_of(name, &terms);
                let seen = terms.iter().map(|t| t.path.clone()).collect();
                let terms = self.planned(&terms);
                if terms.is_empty() && self.dialect == Dialect::Policy {
                    self.complain_once(reader, at, format!("`{name}` names no condition"));
                }
                let test = match name {
                    "requires" => Test::Requires(terms),
                    "forbids" => Test::Forbids(terms),
                    "exactly-one-of" => Test::ExactlyOneOf(terms),
                    _ => Test::AtMostOneOf(terms),
                };
                Tested {
                    seen,
                    masks,
                    ..Tested::new(test)
                }
            }
            "refers-to" => {
                let mut seen = paths(reader, value, name);
                for path in &mut seen {
                    path.demands.push(Demand::Text);
                }
                let ids = seen.iter().map(|path| self.ids(&path.steps)).collect();
                Tested {
                    seen,
                    ..Tested::new(Test::RefersTo(ids)).asking(Demand::Text)
                }
            }
            "equals" => {
                let wanted = scalar(reader, value)?;
                let literal = Demand::Literals(vec![(wanted.clone(), at)], false);
                Tested::new(Test::Equals(wanted)).asking(literal)
            }
            "across" => Tested::new(self.across(reader, value, owner)?)
                .asking(Demand::Text)
                .asking(Demand::Open(at)),
            _ => Tested::new(Test::Native(reader.text(value, name)?)),
        })
    }

    fn unique(&self, reader: &mut Reader<'_>, value: &Node<'_>) -> Option<Tested> {
        match (value.get_ref().as_table(), value.get_ref().as_bool()) {
            (Some(options), _) => {
                reader.known_keys(options, &["key", "ignore-case"]);
                let ignore_case = reader.boolean(options, "ignore-case").unwrap_or(false);
                let key = reader.string(options, "key").unwrap_or_default();
                let at = options.get("key").map_or(value.span(), |key| key.span());
                let key = Path::new(reader, &key, at.into());
                let test = Test::Unique {
                    key: self.ids(&key.steps),
                    ignore_case,
                };
                Some(Tested {
                    key: Some(key),
                    ..Tested::new(test)
                })
            }
            (None, Some(true)) => {
                let (key, ignore_case) = (Vec::new(), false);
                Some(Tested::new(Test::Unique { key, ignore_case }))
            }
            _ => {
                let message = "`unique` is true or a table with `key` and `ignore-case`";
                reader.at(value.span(), message);
                None
            }
        }
    }

    /// `{ max = 100, option = "max-…", except = "table" }`: how many distributions of a run may have the value.
    fn across(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
    ) -> Option<Test> {
        let at = value.span();
        let Some(table) = value.get_ref().as_table() else {
            reader.at(at, "`across` is a table with `max`");
            return None;
        };
        reader.known_keys(table, self.with_option(&["max", "except", "option"]));
        let Some(max) = reader.number(table, "max") else {
            reader.at(at, "`across` has a `max`");
            return None;
        };
        let option = self.option_of(reader, table);
        if let Some(name) = &option {
            self.option(reader, name, max, owner, at.into());
        }
        let except = match table.get("except") {
            Some(except) => self.values(reader, except)?.0,
            None => Values::default(),
        };
        let bounds = Bounds {
            min: None,
            max: Some(max),
            option,
        };
        Some(Test::Across(bounds, except))
    }

    /// Keys of which the last, `option`, is for the rule book.
    fn with_option<'k>(&self, keys: &'k [&'k str]) -> &'k [&'k str] {
        match self.dialect {
            Dialect::Book => keys,
            Dialect::Policy => &keys[..keys.len() - 1],
        }
    }

    fn option_of(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<String> {
        match self.dialect {
            Dialect::Book => reader.string(table, "option"),
            Dialect::Policy => None,
        }
    }

    fn bounds(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
    ) -> Option<Bounds> {
        let at = value.span();
        let Some(table) = value.get_ref().as_table() else {
            reader.at(at, "bounds are a table with `min` and `max`");
            return None;
        };
        reader.known_keys(table, self.with_option(&["min", "max", "option"]));
        let (min, max) = (reader.number(table, "min"), reader.number(table, "max"));
        let has = |key: &str| table.get(key).is_some();
        if !has("min") && !has("max") {
            reader.at(at.clone(), "bounds have a `min` or a `max`");
        }
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            reader.at(at.clone(), "`min` is above `max`");
        }
        let option = self.option_of(reader, table);
        match (&option, max) {
            (None, _) => {}
            (Some(name), Some(max)) => self.option(reader, name, max, owner, at.into()),
            (Some(_), None) => {
                reader.at(at, "`option` replaces `max`, which is missing");
                return None;
            }
        }
        Some(Bounds { min, max, option })
    }

    /// Bounds of what is counted.
    fn sizes(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
        owner: &Owner<'_>,
    ) -> Option<Bounds> {
        let bounds = self.bounds(reader, value, owner)?;
        let is_size = |bound: f64| bound >= 0.0 && bound.fract() == 0.0;
        if !bounds.min.into_iter().chain(bounds.max).all(is_size) {
            reader.at(value.span(), "these bounds are whole numbers, 0 or more");
        }
        Some(bounds)
    }

    /// Declares a number that the user may set.
    pub(crate) fn option(
        &mut self,
        reader: &mut Reader<'_>,
        name: &str,
        default: f64,
        owner: &Owner<'_>,
        at: At,
    ) {
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
    }

    fn check_pattern(&self, reader: &mut Reader<'_>, text: &str, at: At) {
        if let Err(error) = regex::Regex::new(&format!("^(?:{text})$")) {
            let last = error.to_string();
            let last = last.lines().last().unwrap_or_default().to_owned();
            reader.at(at, format!("not a regular expression: {last}"));
        }
    }

    /// Conditions: a table of paths, a list of paths that must be filled, or a list of both.
    fn terms(&self, reader: &mut Reader<'_>, value: Option<&Node<'_>>) -> Vec<Term> {
        let Some(value) = value else {
            return Vec::new();
        };
        match value.get_ref() {
            DeValue::String(path) => vec![filled(reader, path, value.span().into())],
            DeValue::Table(table) => self.term_table(reader, table),
            DeValue::Array(items) => {
                let mut terms = Vec::new();
                for item in items {
                    match item.get_ref() {
                        DeValue::String(path) => {
                            terms.push(filled(reader, path, item.span().into()));
                        }
                        DeValue::Table(table) => terms.extend(self.term_table(reader, table)),
                        _ => reader.at(item.span(), "a condition is a path or a table"),
                    }
                }
                terms
            }
            _ => {
                reader.at(value.span(), "conditions are a table or a list");
                Vec::new()
            }
        }
    }

    fn term_table(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Term> {
        let mut terms = Vec::new();
        for (key, value) in table {
            let mut path = Path::new(reader, key.get_ref(), key.span().into());
            let Some((condition, demand)) = self.condition(reader, value) else {
                continue;
            };
            path.demands.extend(demand);
            terms.push(Term { path, condition });
        }
        terms
    }

    fn condition(
        &self,
        reader: &mut Reader<'_>,
        value: &Node<'_>,
    ) -> Option<(Condition, Option<Demand>)> {
        let is = |literals: Vec<(String, At)>| {
            let texts = literals.iter().map(|(text, _)| text.clone()).collect();
            (texts, Some(Demand::Literals(literals, false)))
        };
        let at = At::from(value.span());
        let Some(table) = value.get_ref().as_table() else {
            let (texts, demand) = is(scalars(reader, value)?);
            return Some((Condition::Is(texts), demand));
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
        let mut whether = |condition: Condition| {
            if value.get_ref().as_bool() != Some(true) {
                reader.at(at, format!("`{name}` is true"));
            }
            Some((condition, None))
        };
        match name {
            "present" => whether(Condition::Present),
            "absent" => whether(Condition::Absent),
            "filled" => whether(Condition::Filled),
            "unfilled" => whether(Condition::Unfilled),
            "is" => {
                let (texts, demand) = is(scalars(reader, value)?);
                Some((Condition::Is(texts), demand))
            }
            "not" => {
                let (texts, demand) = is(scalars(reader, value)?);
                Some((Condition::Not(texts), demand))
            }
            "above" => {
                let number = reader.number(table, name)?;
                Some((Condition::Above(number), Some(Demand::Number(at))))
            }
            "below" => {
                let number = reader.number(table, name)?;
                Some((Condition::Below(number), Some(Demand::Number(at))))
            }
            "matches" => {
                let text = reader.text(value, name)?;
                self.check_pattern(reader, &text, value.span().into());
                Some((Condition::Matches(text), Some(Demand::Text)))
            }
            _ => None,
        }
    }

    /// The templates, and the paths that they name.
    fn words(&self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> (Words, Vec<Path>) {
        let mut named = Vec::new();
        let across = table.get("across").is_some();
        let facts = facts_of(table);
        let mut text = |key: &str| {
            let text = reader.string(table, key)?;
            let at = At::from(table.get(key)?.span());
            if text.trim().is_empty() {
                reader.at(at, format!("`{key}` is empty"));
            }
            named.extend(template(reader, &text, at, &facts));
            Some(text)
        };
        let mut words = Words {
            message: text("message"),
            label: text("label"),
            note: text("note"),
            help: text("help"),
            also: None,
            fix: None,
        };
        if let Some(value) = table.get("also") {
            let at = At::from(value.span());
            match value.get_ref().as_table() {
                None => reader.at(at, "`also` is a table with `path` and `label`"),
                Some(_) if across => {
                    reader.at(at, "the words of `across` cannot name other elements");
                }
                Some(also) => {
                    reader.known_keys(also, &["path", "label"]);
                    let path = reader.required(also, "path", at);
                    let path_at = also.get("path").map_or(at, |path| path.span().into());
                    let path = Path::new(reader, &path, path_at);
                    let label = reader.required(also, "label", at);
                    let label_at = also.get("label").map_or(at, |label| label.span().into());
                    named.extend(template(reader, &label, label_at, &facts));
                    words.also = Some((self.ids(&path.steps), label));
                    named.push(path);
                }
            }
        }
        (words, named)
    }

    /// Level, confidence and error of a check, where they differ from the rule's.
    fn overrides(
        &self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        owner: &Owner<'_>,
    ) -> (Option<String>, Option<String>, Option<(String, i64)>) {
        let level = reader.one_of(table, "level", &["info", "warning", "error"]);
        if self.dialect == Dialect::Policy {
            return (level, None, None);
        }
        let confidence =
            reader.one_of(table, "confidence", &["inferred", "documented", "verified"]);
        if level.as_deref() == Some("error") && !owner.may_be_error {
            let at = table.get("level").map_or(0.into(), |v| At::from(v.span()));
            let message = "a check whose constraints are inferred is at most a warning";
            reader.at(at, message);
        }
        let error = reader.string(table, "error").and_then(|code| {
            let status = self.model.errors.get(code.as_str()).copied();
            if status.is_none() {
                let at = table.get("error").map_or(0.into(), |v| At::from(v.span()));
                let near = nearest(&code, self.model.errors.keys().copied());
                reader.unknown(at, format!("`{code}` is not in rules/errors.toml"), near);
            }
            Some((code, status?))
        });
        (level, confidence, error)
    }

    /// `fix = { value = "x", safety = "safe" }`; `equals` knows by itself what to write, and says only how safe that is.
    fn fix(
        &self,
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        tested: Option<&mut Tested>,
    ) -> (Option<Repair>, Vec<Path>) {
        let test = tested.as_ref().map(|tested| &tested.test);
        let wanted = match test {
            Some(Test::Equals(wanted)) => Some(Change::Value(wanted.clone())),
            _ => None,
        };
        let bare = |is_safe, change| Repair {
            is_safe,
            title: None,
            at: Vec::new(),
            change,
        };
        let none = Vec::new();
        // Whoever says what a value must be, has said what to put in.
        let Some(value) = table.get("fix") else {
            return (wanted.map(|change| bare(false, change)), none);
        };
        let Some(fix) = value.get_ref().as_table() else {
            if value.get_ref().as_str().is_none() {
                let message = "`fix` is a table with `safety` and what to do";
                reader.at(value.span(), message);
                return (None, none);
            }
            let said = reader.one_of(table, "fix", &["safe", "unsafe", "none"]);
            if wanted.is_none() && test.is_some() {
                let message = "only `equals` knows the right value; write `fix` as a table";
                reader.at(value.span(), message);
            }
            let is_safe = match said.as_deref() {
                Some("safe") => true,
                Some("unsafe") => false,
                _ => return (None, none),
            };
            return (wanted.map(|change| bare(is_safe, change)), none);
        };
        let at = At::from(value.span());
        let keys = ["safety", "title", "at"];
        let known: Vec<&str> = keys.into_iter().chain(CHANGES).collect();
        reader.known_keys(fix, &known);
        let safety = reader.one_of(fix, "safety", &["safe", "unsafe"]);
        if fix.get("safety").is_none() {
            let message = "`fix` says how safe it is: `safety` is \"safe\" or \"unsafe\"";
            reader.at(at, message);
        }
        let title = reader.string(fix, "title");
        let mut named = Vec::new();
        if let (Some(title), Some(value)) = (&title, fix.get("title")) {
            let facts: Vec<&str> = FACTS.into_iter().chain(["fixed"]).collect();
            named = template(reader, title, value.span().into(), &facts);
        }
        let mut places = match fix.get("at") {
            Some(value) => paths(reader, value, "at"),
            None => Vec::new(),
        };
        let change = self.change(reader, fix, test, at);
        if let (Some(Change::Value(text)), Some(value)) = (&change, fix.get("value")) {
            let demand = Demand::Literals(vec![(text.clone(), value.span().into())], false);
            match tested {
                _ if text.is_empty() => {}
                Some(tested) if places.is_empty() => tested
                    .demands
                    .extend(tested.test.is_of_values().then_some(demand)),
                _ => places
                    .iter_mut()
                    .for_each(|p| p.demands.push(demand.clone())),
            }
        }
        let repair = change.or(wanted).map(|change| Repair {
            is_safe: safety.as_deref() == Some("safe"),
            title,
            at: places.iter().map(|path| self.ids(&path.steps)).collect(),
            change,
        });
        named.extend(places);
        (repair, named)
    }

    /// What a fix does; nothing said is enough for `equals`.
    fn change(
        &self,
        reader: &mut Reader<'_>,
        fix: &DeTable<'_>,
        test: Option<&Test>,
        place: At,
    ) -> Option<Change> {
        let mut said = CHANGES.into_iter().filter(|name| fix.get(*name).is_some());
        let (name, more) = (said.next(), said.next());
        let Some(name) = name else {
            if !matches!(test, Some(Test::Equals(_)) | None) {
                reader.at(place, format!("`fix` has one of {}", CHANGES.join(", ")));
            }
            return None;
        };
        if more.is_some() {
            reader.at(place, "`fix` does one thing only");
        }
        let value = fix.get(name)?;
        let at = At::from(value.span());
        match name {
            "value" => return Some(Change::Value(scalar(reader, value)?)),
            "replace" => {
                let texts = reader.texts(value, name);
                let [pattern, template] = &texts[..] else {
                    reader.at(at, "`replace` is a regular expression and what to write");
                    return None;
                };
                self.check_pattern(reader, pattern, at);
                return Some(Change::Replace(pattern.clone(), template.clone()));
            }
            _ => {}
        }
        if value.get_ref().as_bool() != Some(true) {
            reader.at(at, format!("`{name}` is true"));
        }
        let has_near = test
            .is_none_or(|test| matches!(test, Test::OneOf(_) | Test::RefersTo(_) | Test::Range(_)));
        match name {
            "nearest" if !has_near => {
                let message = "`nearest` needs the values of `one-of`, `refers-to` or `range`";
                reader.at(at, message);
                None
            }
            "nearest" => Some(Change::Nearest),
            _ => Some(Change::Remove),
        }
    }

    /// Values to compare with, and what they ask of an element.
    fn values(&self, reader: &mut Reader<'_>, value: &Node<'_>) -> Option<(Values, Vec<Demand>)> {
        let mut values = Values::default();
        let mut demands = vec![Demand::Text];
        let list = match value.get_ref().as_table() {
            None => scalars(reader, value)?,
            Some(table) => {
                reader.known_keys(table, &["values", "prefixes", "table", "ignore-case"]);
                values.ignore_case = reader.boolean(table, "ignore-case").unwrap_or(false);
                if let Some(prefixes) = table.get("prefixes") {
                    values.prefixes = reader.texts(prefixes, "prefixes");
                    let at = At::from(prefixes.span());
                    let asked = values.prefixes.iter();
                    let asked = asked.map(|p| Demand::Beginning(p.clone(), at, values.ignore_case));
                    demands.extend(asked);
                }
                let list = match table.get("values") {
                    Some(list) => scalars(reader, list)?,
                    None => Vec::new(),
                };
                if let Some(name) = reader.string(table, "table") {
                    self.add_table(reader, &name, value.span().into(), &mut values);
                }
                list
            }
        };
        values
            .values
            .extend(list.iter().map(|(text, _)| text.clone()));
        values.values.sort();
        let names_table = |table: &DeTable<'_>| table.get("table").is_some();
        if values.values.is_empty()
            && values.prefixes.is_empty()
            && !value.get_ref().as_table().is_some_and(names_table)
        {
            reader.at(value.span(), "there is no value to compare with");
        }
        demands.push(Demand::Literals(list, values.ignore_case));
        Some((values, demands))
    }

    fn add_table(&self, reader: &mut Reader<'_>, name: &str, at: At, values: &mut Values) {
        let owned = |list: &[&str]| list.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
        match self.model.tables.get(name) {
            Some(table) => {
                values.values.extend(owned(&table.values));
                values.prefixes.extend(owned(&table.prefixes));
            }
            None => {
                let near = nearest(name, self.model.tables.keys().copied());
                let message = match self.dialect {
                    Dialect::Book => format!("there is no rules/table/{name}.toml"),
                    Dialect::Policy => format!("there is no table `{name}`"),
                };
                reader.unknown(at, message, near);
            }
        }
    }

    fn ids(&self, steps: &[String]) -> plan::Path {
        steps.iter().map(|step| self.model.name(step)).collect()
    }

    fn planned(&self, terms: &[Term]) -> Vec<plan::Term> {
        let term = |term: &Term| plan::Term {
            path: self.ids(&term.path.steps),
            condition: term.condition.clone(),
        };
        terms.iter().map(term).collect()
    }
}

impl Path {
    fn new(reader: &Reader<'_>, text: &str, at: At) -> Path {
        Path {
            steps: steps(text),
            at,
            verbatim: reader
                .verbatim(at, text)
                .filter(|_| !text.starts_with('/') && !text.contains("//")),
            demands: Vec::new(),
        }
    }

    /// Where one of the steps stands.
    fn step(&self, number: usize) -> At {
        let (Some(start), Some(step)) = (self.verbatim, self.steps.get(number)) else {
            return self.at;
        };
        let before: usize = self.steps[..number].iter().map(|s| s.len() + 1).sum();
        At {
            start: start + before,
            end: start + before + step.len(),
        }
    }

    fn last(&self) -> At {
        self.step(self.steps.len().saturating_sub(1))
    }

    /// The path from the anchor that the first step names.
    fn below_first(&self) -> Path {
        let first = self.steps.first().map_or(0, |first| first.len() + 1);
        Path {
            steps: self.steps.iter().skip(1).cloned().collect(),
            verbatim: self.verbatim.map(|start| start + first),
            ..self.clone()
        }
    }

    /// A path and one below its end; mistakes stand in the second.
    fn join(&self, below: &Path) -> Path {
        let offset: usize = self.steps.iter().map(|step| step.len() + 1).sum();
        let verbatim = below.verbatim.and_then(|start| start.checked_sub(offset));
        Path {
            steps: [self.steps.as_slice(), &below.steps].concat(),
            at: below.at,
            verbatim,
            demands: below.demands.clone(),
        }
    }
}

/// The paths of `select`, the first step still in front.
fn select(reader: &mut Reader<'_>, table: &DeTable<'_>, at: At) -> Vec<Path> {
    let Some(value) = table.get("select") else {
        reader.at(at, "`select` is missing");
        return Vec::new();
    };
    let before = reader.slips.len();
    let selected = paths(reader, value, "select");
    let names_nothing = |path: &Path| path.steps.is_empty();
    if reader.slips.len() == before && (selected.is_empty() || selected.iter().any(names_nothing)) {
        reader.at(value.span(), "`select` names no element");
    }
    selected
}

fn paths(reader: &mut Reader<'_>, value: &Node<'_>, what: &str) -> Vec<Path> {
    if let Some(items) = value.get_ref().as_array()
        && items.iter().all(|item| item.get_ref().as_str().is_some())
    {
        let path = |item: &Node<'_>| {
            let text = item.get_ref().as_str().unwrap_or_default();
            Path::new(reader, text, item.span().into())
        };
        return items.iter().map(path).collect();
    }
    let texts = reader.texts(value, what);
    let path = |text: &String| Path::new(reader, text, value.span().into());
    texts.iter().map(path).collect()
}

fn operations(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<String> {
    let names = reader.strings(table, "operations");
    for name in names
        .iter()
        .filter(|name| !OPERATIONS.contains(&name.as_str()))
    {
        let at = table
            .get("operations")
            .map_or(0.into(), |v| At::from(v.span()));
        let near = nearest(name, OPERATIONS);
        reader.unknown(at, format!("`{name}` is not create, update or copy"), near);
    }
    names
}

/// What the presence of members says about a test before any value is looked at.
fn masks_of(test: &str, terms: &[Term]) -> Masks {
    let first = |term: &Term| term.path.steps.first().cloned();
    let names: Vec<String> = terms.iter().filter_map(first).collect();
    let distinct = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let needed = terms.iter().all(|term| term.condition.needs());
    let mere = |term: &Term| {
        let there = matches!(term.condition, Condition::Present | Condition::Filled);
        there && term.path.steps.len() == 1
    };
    let filled = |term: &&Term| matches!(term.condition, Condition::Filled);
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
            values: terms.iter().filter(filled).filter_map(first).collect(),
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

fn overlap(range: Versions, versions: Versions) -> bool {
    range.0 <= versions.1 && versions.0 <= range.1
}

fn may_be_number(value: &Value<'_>) -> bool {
    match value {
        Value::Integer | Value::Fraction | Value::Text => true,
        Value::Enum(values) => values.iter().any(|(_, value)| value.parse::<f64>().is_ok()),
        Value::Boolean | Value::Other => false,
    }
}

/// Whether a text can be the value of an element in some version.
fn is_legal(value: &Value<'_>, text: &str, ignore_case: bool, versions: Versions) -> bool {
    let same = |known: &str| match ignore_case {
        true => known.eq_ignore_ascii_case(text),
        false => known == text,
    };
    match value {
        Value::Text | Value::Other => true,
        Value::Enum(values) => {
            let mut values = values.iter().filter(|(range, _)| overlap(*range, versions));
            values.any(|(_, value)| same(value))
        }
        Value::Boolean => same("true") || same("false"),
        Value::Integer => text.parse::<i64>().is_ok(),
        Value::Fraction => text.parse::<f64>().is_ok_and(f64::is_finite),
    }
}

fn may_begin(value: &Value<'_>, prefix: &str, ignore_case: bool, versions: Versions) -> bool {
    let begins = |known: &str| {
        let head = known.get(..prefix.len());
        head.is_some_and(|head| match ignore_case {
            true => head.eq_ignore_ascii_case(prefix),
            false => head == prefix,
        })
    };
    match value {
        Value::Enum(values) => {
            let mut values = values.iter().filter(|(range, _)| overlap(*range, versions));
            values.any(|(_, value)| begins(value))
        }
        Value::Boolean => begins("true") || begins("false"),
        _ => true,
    }
}

fn steps(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|step| !step.is_empty())
        .map(str::to_owned)
        .collect()
}

fn filled(reader: &Reader<'_>, path: &str, at: At) -> Term {
    Term {
        path: Path::new(reader, path, at),
        condition: Condition::Filled,
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
        reader.at(value.span(), "a value is a string, a number, true or false");
    }
    text
}

/// Values with their places.
fn scalars(reader: &mut Reader<'_>, value: &Node<'_>) -> Option<Vec<(String, At)>> {
    let placed = |reader: &mut Reader<'_>, node: &Node<'_>| {
        Some((scalar(reader, node)?, At::from(node.span())))
    };
    match value.get_ref().as_array() {
        Some(items) => items.iter().map(|item| placed(reader, item)).collect(),
        None => Some(vec![placed(reader, value)?]),
    }
}

/// What the templates of a check may name besides paths.
fn facts_of(table: &DeTable<'_>) -> Vec<&'static str> {
    if table.get("across").is_some() {
        return FACTS_ACROSS.to_vec();
    }
    let has = |tests: &[&str]| tests.iter().any(|test| table.get(*test).is_some());
    let more = FACTS_OF.iter().filter(|(tests, _)| has(tests));
    FACTS
        .into_iter()
        .chain(more.flat_map(|(_, facts)| facts.iter().copied()))
        .collect()
}

/// The paths that a template names; everything else in braces must be a known fact.
fn template(reader: &mut Reader<'_>, text: &str, at: At, facts: &[&str]) -> Vec<Path> {
    let mut named = Vec::new();
    let verbatim = reader.verbatim(at, text);
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let start = text.len() - after.len();
        let place = |length: usize| match verbatim {
            Some(offset) => At {
                start: offset + start,
                end: offset + start + length,
            },
            None => at,
        };
        let Some((name, after)) = after.split_once('}') else {
            reader.at(at, "a `{` without `}`");
            break;
        };
        let is_path = name.starts_with(|c: char| c.is_ascii_uppercase());
        let at = place(name.len());
        if is_path && facts.contains(&"others") {
            reader.at(at, "the words of `across` cannot name other elements");
        } else if is_path {
            named.push(Path::new(reader, name, at));
        } else if !facts.contains(&name) {
            let near = nearest(name, facts.iter().copied());
            reader.unknown(at, format!("`{{{name}}}` means nothing here"), near);
        }
        rest = after;
    }
    named
}
