//! Reads `rules/schema/*.toml`, checks that the facts hold together, and writes them as the static tables of
//! `src/schema.rs`.
//!
//! Every mistake is reported with its file and line, all of them in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Something in `rules/` that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mistake {
    pub(crate) file: String,
    /// 1-based; 0 when the file as a whole is at fault.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

/// Everything that the folder says, checked.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) versions: Vec<Version>,
    pub(crate) documented_only: Vec<String>,
    /// By name.
    pub(crate) shapes: BTreeMap<String, Shape>,
    /// By name of the element.
    pub(crate) roots: BTreeMap<String, Root>,
}

#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) date: String,
    pub(crate) reconstructed: bool,
}

/// Inclusive range of indices into [`Schema::versions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

#[derive(Debug)]
pub(crate) struct Shape {
    place: Place,
    pub(crate) versions: Range,
    pub(crate) kind: Kind,
    pub(crate) sensitive: bool,
    pub(crate) key: Option<Named>,
    /// Members by which an item is known again when its key has changed.
    known_by: Vec<Named>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Structure {
        members: Vec<Member>,
        union: bool,
    },
    List {
        item: String,
        shape: Named,
        flattened: bool,
        ordered: bool,
        alike: &'static str,
        count: Bounds,
    },
    String {
        length: Bounds,
        patterns: Vec<(Range, String)>,
        values: Vec<Value>,
    },
    Double {
        range: Bounds,
    },
    Blob {
        length: Bounds,
    },
    /// A kind that nothing more is said about, by its name in Rust.
    Plain(&'static str),
}

/// A name of something else in the schema, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) versions: Range,
    pub(crate) shapes: Vec<(Range, Named)>,
    pub(crate) required: Option<Range>,
    pub(crate) deprecated: Option<Range>,
    pub(crate) header: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) added: Option<String>,
    pub(crate) may_be_empty: bool,
    pub(crate) sensitive: bool,
    pub(crate) absent: Option<Absent>,
    pub(crate) implied: bool,
}

/// What a member says that is not there, and where that is written.
#[derive(Debug)]
pub(crate) struct Absent {
    place: Place,
    says: Says,
}

#[derive(Debug)]
enum Says {
    Value(String),
    Items(Vec<String>),
    Members(Vec<(String, String)>),
}

#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) value: String,
    pub(crate) versions: Range,
    pub(crate) added: Option<String>,
    pub(crate) meaning: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) versions: Range,
    pub(crate) shape: Named,
    pub(crate) class: &'static str,
    pub(crate) common_name: bool,
    /// What takes it to create, update and copy.
    pub(crate) calls: [Option<String>; 3],
}

/// A byte of one of the files; the line is only computed for a mistake.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: usize,
    offset: usize,
}

struct File {
    path: String,
    stem: String,
    text: String,
}

const TYPES: [&str; 10] = [
    "structure",
    "list",
    "string",
    "boolean",
    "integer",
    "long",
    "float",
    "double",
    "timestamp",
    "blob",
];
/// When two items of a list are the same, and the name of that in Rust.
const ALIKE: [(&str, &str); 2] = [
    ("ignoring-case", "IgnoringCase"),
    ("path-pattern", "PathPattern"),
];
const CLASSES: [(&str, &str); 4] = [
    ("config", "Config"),
    ("request", "Request"),
    ("wrapper", "Wrapper"),
    ("response", "Response"),
];

/// Reads the folder into a checked [`Schema`].
pub(crate) fn load(dir: &Path) -> Result<Schema, Vec<Mistake>> {
    let files = read(dir)?;
    let mut reader = Reader {
        files: &files,
        mistakes: Vec::new(),
        schema: Schema::default(),
    };
    let tables: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(i, file)| reader.parse(i, &file.text))
        .collect();
    let named = |stem: &str| files.iter().position(|file| file.stem == stem);
    match named("versions") {
        Some(i) => reader.versions(i, tables[i].get_ref()),
        None => {
            return Err(vec![whole(
                dir.join("versions.toml").display().to_string(),
                "no such file".into(),
            )]);
        }
    }
    if reader.schema.versions.is_empty() {
        reader.report(
            Place {
                file: named("versions").unwrap_or_default(),
                offset: 0,
            },
            "no [[version]]",
        );
        return Err(reader.finish());
    }
    for (i, file) in files.iter().enumerate() {
        match file.stem.as_str() {
            "versions" => {}
            "roots" => reader.roots(i, tables[i].get_ref()),
            _ => reader.shapes(i, tables[i].get_ref()),
        }
    }
    reader.check();
    if reader.mistakes.is_empty() {
        Ok(reader.schema)
    } else {
        Err(reader.finish())
    }
}

fn whole(file: String, message: String) -> Mistake {
    Mistake {
        file,
        line: 0,
        message,
    }
}

/// All TOML files of the folder, sorted by name so that the result does not depend on the file system.
fn read(dir: &Path) -> Result<Vec<File>, Vec<Mistake>> {
    let failed = |path: &Path, error: std::io::Error| {
        vec![whole(path.display().to_string(), error.to_string())]
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(|e| failed(dir, e))? {
        let path = entry.map_err(|e| failed(dir, e))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|e| failed(&path, e))?;
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        files.push(File {
            path: path.display().to_string().replace('\\', "/"),
            stem,
            text,
        });
    }
    Ok(files)
}

/// ", did you mean X?" when a legal name is near, else nothing.
fn suggestion<'a>(name: &str, legal: impl IntoIterator<Item = &'a str>) -> String {
    let near = legal
        .into_iter()
        .map(|l| (strsim::damerau_levenshtein(name, l), l))
        .min();
    match near {
        Some((distance, l)) if distance <= (name.len() / 3).max(1) => {
            format!(", did you mean {l}?")
        }
        _ => String::new(),
    }
}

/// The pattern without its own anchors: it is always held against the whole value.
fn unanchored(pattern: &str) -> &str {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    match inner.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => inner,
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
}

/// A table of the TOML source with the place of every key.
struct Fields<'t> {
    place: Place,
    table: &'t DeTable<'t>,
}

impl<'t> Fields<'t> {
    fn get(&self, key: &str) -> Option<(Place, &'t DeValue<'t>)> {
        self.table
            .get(key)
            .map(|value| (self.at(value), value.get_ref()))
    }

    fn at<T>(&self, node: &Spanned<T>) -> Place {
        Place {
            file: self.place.file,
            offset: node.span().start,
        }
    }
}

struct Reader<'a> {
    files: &'a [File],
    mistakes: Vec<Mistake>,
    schema: Schema,
}

/// Access to the TOML source; whatever is not as expected is reported and left out.
impl<'a> Reader<'a> {
    fn parse(&mut self, file: usize, text: &'a str) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or_default();
            let seen = text
                .get(span.clone())
                .filter(|s| !s.trim().is_empty() && !s.contains('\n'));
            let seen = seen.map(|s| format!(": {s}")).unwrap_or_default();
            self.report(
                Place {
                    file,
                    offset: span.start,
                },
                format!("{}{seen}", error.message()),
            );
        }
        table
    }

    fn report(&mut self, place: Place, message: impl Into<String>) {
        self.mistakes.push(Mistake {
            file: self.files[place.file].path.clone(),
            line: self.line(place),
            message: message.into(),
        });
    }

    fn line(&self, place: Place) -> usize {
        let text = self.files[place.file].text.as_bytes();
        1 + text[..place.offset.min(text.len())]
            .iter()
            .filter(|&&b| b == b'\n')
            .count()
    }

    fn show(&self, place: Place) -> String {
        format!("{}:{}", self.files[place.file].path, self.line(place))
    }

    fn finish(mut self) -> Vec<Mistake> {
        self.mistakes.sort();
        self.mistakes.dedup();
        self.mistakes
    }

    fn known_keys(&mut self, fields: &Fields<'_>, legal: &[&str]) {
        for key in fields.table.keys() {
            let name = key.get_ref().as_ref();
            if !legal.contains(&name) {
                let hint = suggestion(name, legal.iter().copied());
                self.report(fields.at(key), format!("unknown key {name}{hint}"));
            }
        }
    }

    fn table<'t>(&mut self, place: Place, value: &'t DeValue<'t>) -> Option<Fields<'t>> {
        match value {
            DeValue::Table(table) => Some(Fields { place, table }),
            other => {
                self.report(
                    place,
                    format!("expected a table, found {}", other.type_str()),
                );
                None
            }
        }
    }

    fn text(&mut self, place: Place, value: &DeValue<'_>) -> Option<String> {
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.report(
                place,
                format!("expected a string, found {}", value.type_str()),
            );
        }
        text
    }

    fn string(&mut self, fields: &Fields<'_>, key: &str) -> Option<Named> {
        let (place, value) = fields.get(key)?;
        self.text(place, value).map(|name| Named { name, place })
    }

    fn needed(&mut self, fields: &Fields<'_>, key: &str) -> Option<Named> {
        if fields.get(key).is_none() {
            self.report(fields.place, format!("key {key} is missing"));
        }
        self.string(fields, key)
    }

    fn boolean(&mut self, fields: &Fields<'_>, key: &str) -> bool {
        let Some((place, value)) = fields.get(key) else {
            return false;
        };
        if value.as_bool().is_none() {
            self.report(
                place,
                format!("expected true or false, found {}", value.type_str()),
            );
        }
        value.as_bool().unwrap_or(false)
    }

    fn integer(&mut self, fields: &Fields<'_>, key: &str) -> Option<i64> {
        let (place, value) = fields.get(key)?;
        let number = value
            .as_integer()
            .and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        if number.is_none() {
            self.report(place, "expected an integer");
        }
        number
    }

    fn bounds(&mut self, fields: &Fields<'_>) -> Bounds {
        let bounds = Bounds {
            min: self.integer(fields, "min"),
            max: self.integer(fields, "max"),
        };
        if let (Some(min), Some(max)) = (bounds.min, bounds.max)
            && min > max
        {
            let place = fields.get("min").map_or(fields.place, |(place, _)| place);
            self.report(place, format!("min {min} is greater than max {max}"));
        }
        bounds
    }

    fn added(&mut self, fields: &Fields<'_>, versions: Range) -> Option<String> {
        let Named { name: date, place } = self.string(fields, "added")?;
        let first = &self.schema.versions[versions.first].date;
        if !is_date(&date) {
            self.report(place, format!("{date} is no date of the form YYYY-MM-DD"));
        } else if date <= *first {
            let message = format!("added on {date}, before version {first}, the first that has it");
            self.report(place, message);
        }
        Some(date)
    }
}

/// Ranges of versions.
impl Reader<'_> {
    fn all(&self) -> Range {
        Range {
            first: 0,
            last: self.schema.versions.len() - 1,
        }
    }

    fn show_range(&self, range: Range) -> String {
        let date = |i: usize| self.schema.versions[i].date.as_str();
        format!("{}..{}", date(range.first), date(range.last))
    }

    fn version(&mut self, place: Place, date: &str) -> Option<usize> {
        let found = self.schema.versions.iter().position(|v| v.date == date);
        if found.is_none() {
            let hint = suggestion(date, self.schema.versions.iter().map(|v| v.date.as_str()));
            self.report(place, format!("unknown API version {date}{hint}"));
        }
        found
    }

    /// `A..B`, `A..`, `..B`, `..` or `A`, inside the range of what it speaks about. An open side takes that range's.
    fn range(&mut self, place: Place, text: &str, owner: Range) -> Option<Range> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let first = if first.is_empty() {
            Some(owner.first)
        } else {
            self.version(place, first)
        };
        let last = if last.is_empty() {
            Some(owner.last)
        } else {
            self.version(place, last)
        };
        let range = Range {
            first: first?,
            last: last?,
        };
        let outside = range.first < owner.first || range.last > owner.last;
        // An open side can make a range that lies outside look empty; say what is really wrong.
        if outside || range.first > owner.last || range.last < owner.first {
            let message = format!("range {text} reaches outside {}", self.show_range(owner));
            self.report(place, message);
            return None;
        }
        if range.first > range.last {
            self.report(
                place,
                format!("range {text} is empty: its first version comes after its last"),
            );
            return None;
        }
        Some(range)
    }

    /// The `versions` of a shape, member, value or root; without the key, those of its owner.
    fn own_range(&mut self, fields: &Fields<'_>, owner: Range) -> Range {
        let Some(text) = self.string(fields, "versions") else {
            return owner;
        };
        self.range(text.place, &text.name, owner).unwrap_or(owner)
    }

    /// `true` or a range.
    fn when(&mut self, fields: &Fields<'_>, key: &str, owner: Range) -> Option<Range> {
        match fields.get(key)? {
            (_, DeValue::Boolean(true)) => Some(owner),
            (place, DeValue::String(text)) => self.range(place, text, owner),
            (place, _) => {
                self.report(place, "expected true or a range of versions");
                None
            }
        }
    }

    /// A string for the whole range of its owner, or a table from ranges to strings.
    fn by_range(&mut self, place: Place, value: &DeValue<'_>, owner: Range) -> Vec<(Range, Named)> {
        let DeValue::Table(table) = value else {
            let name = self.text(place, value);
            return name
                .map(|name| (owner, Named { name, place }))
                .into_iter()
                .collect();
        };
        let mut found: Vec<(Range, Named)> = Vec::new();
        let fields = Fields { place, table };
        for (key, value) in table {
            let range = self.range(fields.at(key), key.get_ref(), owner);
            let name = self.text(fields.at(value), value.get_ref());
            let (Some(range), Some(name)) = (range, name) else {
                continue;
            };
            if let Some((other, _)) = found
                .iter()
                .find(|(o, _)| o.first <= range.last && range.first <= o.last)
            {
                let message = format!(
                    "{} overlaps {}",
                    self.show_range(range),
                    self.show_range(*other)
                );
                self.report(fields.at(key), message);
            }
            found.push((
                range,
                Named {
                    name,
                    place: fields.at(value),
                },
            ));
        }
        found
    }
}

/// The files.
impl Reader<'_> {
    fn versions(&mut self, file: usize, table: &DeTable<'_>) {
        let fields = Fields {
            place: Place { file, offset: 0 },
            table,
        };
        self.known_keys(&fields, &["version", "documented-only"]);
        for (place, value) in self.array(&fields, "version") {
            if let Some(entry) = self.table(place, value) {
                self.one_version(&entry);
            }
        }
        for (place, value) in self.array(&fields, "documented-only") {
            let Some(date) = self.text(place, value) else {
                continue;
            };
            if self.schema.versions.iter().any(|v| v.date == date) {
                self.report(place, format!("{date} is also a [[version]]"));
            }
            self.schema.documented_only.push(date);
        }
    }

    fn array<'t>(&mut self, fields: &Fields<'t>, key: &str) -> Vec<(Place, &'t DeValue<'t>)> {
        let Some((place, value)) = fields.get(key) else {
            return Vec::new();
        };
        match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| (fields.at(item), item.get_ref()))
                .collect(),
            other => {
                self.report(
                    place,
                    format!("expected an array, found {}", other.type_str()),
                );
                Vec::new()
            }
        }
    }

    fn one_version(&mut self, fields: &Fields<'_>) {
        self.known_keys(fields, &["date", "source", "from"]);
        let Some(date) = self.needed(fields, "date") else {
            return;
        };
        let source = self.needed(fields, "source");
        if let Some(source) = &source
            && !["model", "reconstructed"].contains(&source.name.as_str())
        {
            self.report(
                source.place,
                format!("source is model or reconstructed, not {}", source.name),
            );
        }
        if !is_date(&date.name) {
            self.report(
                date.place,
                format!("{} is no date of the form YYYY-MM-DD", date.name),
            );
        }
        if let Some(last) = self.schema.versions.last()
            && last.date >= date.name
        {
            let what = if self.schema.versions.iter().any(|v| v.date == date.name) {
                "twice"
            } else {
                "out of order"
            };
            self.report(
                date.place,
                format!("version {} is listed {what}", date.name),
            );
            return;
        }
        let reconstructed = source.is_some_and(|s| s.name == "reconstructed");
        self.schema.versions.push(Version {
            date: date.name,
            reconstructed,
        });
    }

    fn roots(&mut self, file: usize, table: &DeTable<'_>) {
        for (key, value) in table {
            let place = Place {
                file,
                offset: key.span().start,
            };
            let name = key.get_ref().to_string();
            if let Some(fields) = self.table(place, value.get_ref())
                && let Some(root) = self.root(&name, &fields)
            {
                self.schema.roots.insert(name, root);
            }
        }
    }

    fn root(&mut self, name: &str, fields: &Fields<'_>) -> Option<Root> {
        self.known_keys(
            fields,
            &[
                "shape",
                "class",
                "versions",
                "common-name",
                "create",
                "update",
                "copy",
            ],
        );
        let versions = self.own_range(fields, self.all());
        let shape = self.string(fields, "shape").unwrap_or_else(|| Named {
            name: name.to_owned(),
            place: fields.place,
        });
        let common_name = self.boolean(fields, "common-name");
        let calls =
            ["create", "update", "copy"].map(|key| self.string(fields, key).map(|call| call.name));
        let class = self.needed(fields, "class")?;
        let known = CLASSES.iter().find(|(name, _)| *name == class.name);
        if known.is_none() {
            let hint = suggestion(&class.name, CLASSES.iter().map(|(name, _)| *name));
            self.report(class.place, format!("unknown class {}{hint}", class.name));
        }
        Some(Root {
            versions,
            shape,
            class: known?.1,
            common_name,
            calls,
        })
    }

    fn shapes(&mut self, file: usize, table: &DeTable<'_>) {
        for (key, value) in table {
            let place = Place {
                file,
                offset: key.span().start,
            };
            let name = key.get_ref().to_string();
            if let Some(other) = self.schema.shapes.get(&name).map(|shape| shape.place) {
                let message = format!("shape {name} is already at {}", self.show(other));
                self.report(place, message);
            } else if let Some(fields) = self.table(place, value.get_ref())
                && let Some(shape) = self.shape(&fields)
            {
                self.schema.shapes.insert(name, shape);
            }
        }
    }

    fn shape(&mut self, fields: &Fields<'_>) -> Option<Shape> {
        let versions = self.own_range(fields, self.all());
        let kind = self.needed(fields, "type")?;
        let legal: &[&str] = match kind.name.as_str() {
            "structure" => &["type", "versions", "key", "known-by", "union", "members"],
            "list" => &[
                "type",
                "versions",
                "item",
                "flattened",
                "ordered",
                "alike",
                "min",
                "max",
            ],
            "string" => &[
                "type",
                "versions",
                "min",
                "max",
                "pattern",
                "values",
                "sensitive",
            ],
            "double" => &["type", "versions", "min", "max"],
            "blob" => &["type", "versions", "min", "max", "sensitive"],
            _ => &["type", "versions"],
        };
        self.known_keys(fields, legal);
        let kind = match kind.name.as_str() {
            "structure" => Kind::Structure {
                members: self.members(fields, versions),
                union: self.boolean(fields, "union"),
            },
            "list" => self.list(fields)?,
            "string" => Kind::String {
                length: self.bounds(fields),
                patterns: self.patterns(fields, versions),
                values: self.values(fields, versions),
            },
            "double" => Kind::Double {
                range: self.bounds(fields),
            },
            "blob" => Kind::Blob {
                length: self.bounds(fields),
            },
            "boolean" => Kind::Plain("Boolean"),
            "integer" => Kind::Plain("Integer"),
            "long" => Kind::Plain("Long"),
            "float" => Kind::Plain("Float"),
            "timestamp" => Kind::Plain("Timestamp"),
            other => {
                self.report(
                    kind.place,
                    format!("unknown type {other}{}", suggestion(other, TYPES)),
                );
                return None;
            }
        };
        let sensitive = self.boolean(fields, "sensitive");
        Some(Shape {
            place: fields.place,
            versions,
            kind,
            sensitive,
            key: self.string(fields, "key"),
            known_by: self.names(fields, "known-by"),
        })
    }

    fn names(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Named> {
        let names = self.array(fields, key);
        let names = names.into_iter();
        let name = |(place, value)| Some((place, self.text(place, value)?));
        let names = names.filter_map(name);
        names.map(|(place, name)| Named { name, place }).collect()
    }

    fn list(&mut self, fields: &Fields<'_>) -> Option<Kind> {
        let Some((place, item)) = fields.get("item") else {
            self.report(fields.place, "key item is missing");
            return None;
        };
        let item = self.table(place, item)?;
        self.known_keys(&item, &["name", "shape"]);
        let flattened = self.boolean(fields, "flattened");
        let ordered = self.boolean(fields, "ordered");
        let alike = self.alike(fields);
        let count = self.bounds(fields);
        let (name, shape) = (self.needed(&item, "name"), self.needed(&item, "shape"));
        Some(Kind::List {
            item: name?.name,
            shape: shape?,
            flattened,
            ordered,
            alike,
            count,
        })
    }

    fn alike(&mut self, fields: &Fields<'_>) -> &'static str {
        let Some(Named { name, place }) = self.string(fields, "alike") else {
            return "Exactly";
        };
        let known = ALIKE.iter().find(|(known, _)| *known == name);
        if known.is_none() {
            let hint = suggestion(&name, ALIKE.iter().map(|(known, _)| *known));
            self.report(place, format!("unknown way to be alike {name}{hint}"));
        }
        known.map_or("Exactly", |(_, variant)| variant)
    }

    /// What the absence of a member means: a value, the items of a counted list, or values of members of a structure.
    fn absent(&mut self, fields: &Fields<'_>) -> Option<Absent> {
        let (place, value) = fields.get("default")?;
        let says = match value {
            DeValue::String(text) => Says::Value(text.to_string()),
            DeValue::Array(_) => {
                let items = self.array(fields, "default");
                let items = items.into_iter();
                Says::Items(items.filter_map(|(p, v)| self.text(p, v)).collect())
            }
            DeValue::Table(table) => {
                let inner = Fields { place, table };
                let pair = |(path, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
                    let value = self.text(inner.at(value), value.get_ref())?;
                    Some((path.get_ref().to_string(), value))
                };
                Says::Members(table.iter().filter_map(pair).collect())
            }
            _ => {
                self.report(place, "expected a string, an array or a table");
                return None;
            }
        };
        Some(Absent { place, says })
    }

    fn patterns(&mut self, fields: &Fields<'_>, owner: Range) -> Vec<(Range, String)> {
        let Some((place, value)) = fields.get("pattern") else {
            return Vec::new();
        };
        let mut patterns = Vec::new();
        for (range, pattern) in self.by_range(place, value, owner) {
            let inner = unanchored(&pattern.name);
            if let Err(error) = regex::Regex::new(&format!("^(?:{inner})$")) {
                let text = error.to_string();
                let reason = text
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                self.report(pattern.place, format!("invalid pattern: {reason}"));
            }
            patterns.push((range, pattern.name.clone()));
        }
        patterns
    }

    fn values(&mut self, fields: &Fields<'_>, owner: Range) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        for (place, node) in self.array(fields, "values") {
            let Some(value) = self.value(place, node, owner) else {
                continue;
            };
            if values.iter().any(|v| v.value == value.value) {
                self.report(place, format!("value {} is listed twice", value.value));
            }
            values.push(value);
        }
        values
    }

    fn value(&mut self, place: Place, node: &DeValue<'_>, owner: Range) -> Option<Value> {
        if let DeValue::String(text) = node {
            return Some(Value {
                value: text.to_string(),
                versions: owner,
                added: None,
                meaning: None,
            });
        }
        let fields = self.table(place, node)?;
        self.known_keys(&fields, &["value", "versions", "added", "meaning"]);
        let versions = self.own_range(&fields, owner);
        Some(Value {
            value: self.needed(&fields, "value")?.name,
            versions,
            added: self.added(&fields, versions),
            meaning: self.string(&fields, "meaning").map(|m| m.name),
        })
    }

    fn members(&mut self, fields: &Fields<'_>, owner: Range) -> Vec<Member> {
        let Some((place, value)) = fields.get("members") else {
            return Vec::new();
        };
        let Some(table) = self.table(place, value) else {
            return Vec::new();
        };
        let mut members = Vec::new();
        for (key, value) in table.table {
            if let Some(fields) = self.table(table.at(key), value.get_ref()) {
                members.extend(self.member(key.get_ref(), &fields, owner));
            }
        }
        members
    }

    fn member(&mut self, name: &str, fields: &Fields<'_>, owner: Range) -> Option<Member> {
        const LEGAL: [&str; 11] = [
            "shape",
            "versions",
            "required",
            "deprecated",
            "added",
            "empty",
            "default",
            "implied",
            "sensitive",
            "header",
            "uri",
        ];
        self.known_keys(fields, &LEGAL);
        let versions = self.own_range(fields, owner);
        let Some((place, shape)) = fields.get("shape") else {
            self.report(fields.place, format!("member {name} has no shape"));
            return None;
        };
        let shapes = self.by_range(place, shape, versions);
        self.check_covered(name, place, versions, &shapes);
        let header = self.string(fields, "header").map(|h| h.name);
        let uri = self.string(fields, "uri").map(|u| u.name);
        if header.is_some() && uri.is_some() {
            self.report(
                fields.place,
                format!("member {name} travels both as a header and in the URL"),
            );
        }
        Some(Member {
            name: name.to_owned(),
            versions,
            shapes,
            required: self.when(fields, "required", versions),
            deprecated: self.when(fields, "deprecated", versions),
            header,
            uri,
            added: self.added(fields, versions),
            may_be_empty: self.boolean(fields, "empty"),
            sensitive: self.boolean(fields, "sensitive"),
            absent: self.absent(fields),
            implied: self.boolean(fields, "implied"),
        })
    }

    fn check_covered(
        &mut self,
        name: &str,
        place: Place,
        versions: Range,
        shapes: &[(Range, Named)],
    ) {
        let covered = |v: usize| {
            shapes
                .iter()
                .any(|(range, _)| (range.first..=range.last).contains(&v))
        };
        if !shapes.is_empty()
            && let Some(gap) = (versions.first..=versions.last).find(|&v| !covered(v))
        {
            let message = format!(
                "member {name} has no shape in version {}",
                self.schema.versions[gap].date
            );
            self.report(place, message);
        }
    }
}

/// What can only be checked when everything has been read.
impl Reader<'_> {
    fn check(&mut self) {
        let schema = std::mem::take(&mut self.schema);
        // `show_range` needs the versions while the rest is borrowed.
        self.schema.versions = schema.versions.clone();
        let mut used = BTreeSet::new();
        for root in schema.roots.values() {
            self.check_use(&schema, &root.shape, root.versions);
            used.insert(root.shape.name.as_str());
        }
        for shape in schema.shapes.values() {
            for (range, to) in references(shape) {
                self.check_use(&schema, to, range);
                used.insert(to.name.as_str());
            }
            self.check_key(&schema, shape);
            self.check_defaults(&schema, shape);
        }
        for (name, shape) in &schema.shapes {
            if !used.contains(name.as_str()) {
                self.report(
                    shape.place,
                    format!("shape {name} is used by no member, list or root"),
                );
            }
        }
        self.schema = schema;
    }

    fn check_use(&mut self, schema: &Schema, to: &Named, versions: Range) {
        let Some(shape) = schema.shapes.get(&to.name) else {
            let hint = suggestion(&to.name, schema.shapes.keys().map(String::as_str));
            self.report(to.place, format!("unknown shape {}{hint}", to.name));
            return;
        };
        if versions.first < shape.versions.first || versions.last > shape.versions.last {
            let (used, has) = (self.show_range(versions), self.show_range(shape.versions));
            self.report(
                to.place,
                format!("shape {} is used in {used} but exists in {has}", to.name),
            );
        }
    }

    fn check_key(&mut self, schema: &Schema, shape: &Shape) {
        let (Some(key), Kind::Structure { members, .. }) = (&shape.key, &shape.kind) else {
            return;
        };
        let Some(member) = members.iter().find(|m| m.name == key.name) else {
            let hint = suggestion(&key.name, members.iter().map(|m| m.name.as_str()));
            self.report(key.place, format!("key {} names no member{hint}", key.name));
            return;
        };
        for known in &shape.known_by {
            if !members.iter().any(|m| m.name == known.name) {
                let hint = suggestion(&known.name, members.iter().map(|m| m.name.as_str()));
                let message = format!("known-by {} names no member{hint}", known.name);
                self.report(known.place, message);
            }
        }
        for (_, to) in &member.shapes {
            let Some(target) = schema.shapes.get(&to.name) else {
                continue;
            };
            if matches!(target.kind, Kind::Structure { .. } | Kind::List { .. }) {
                self.report(
                    key.place,
                    format!("key {} has no value of its own", key.name),
                );
            } else if target.sensitive {
                self.report(
                    key.place,
                    format!("key {} is sensitive and would be printed", key.name),
                );
            }
        }
    }
}

/// What the absence of members means.
impl Reader<'_> {
    fn check_defaults(&mut self, schema: &Schema, shape: &Shape) {
        let Kind::Structure { members, .. } = &shape.kind else {
            return;
        };
        for member in members {
            let Some(absent) = &member.absent else {
                continue;
            };
            // Shapes of old versions may lack what it is told by; an unknown one is reported where it is used.
            let target = shape_of_member(schema, shape, &member.name);
            if let Some(Err(message)) = target.map(|to| check_default(schema, to, &absent.says)) {
                let message = format!("default of {}: {message}", member.name);
                self.report(absent.place, message);
            }
        }
    }
}

/// Whether an element of the shape can say what its absence is said to mean.
fn check_default(schema: &Schema, shape: &Shape, says: &Says) -> Result<(), String> {
    match (&shape.kind, says) {
        (Kind::Structure { .. }, Says::Members(pairs)) => {
            pairs.iter().try_for_each(|(path, value)| {
                let end = path.split('/').try_fold(shape, |at, name| {
                    shape_of_member(schema, at, name)
                        .ok_or_else(|| format!("there is no member {name}"))
                })?;
                check_default(schema, end, &Says::Value(value.clone()))
            })
        }
        (Kind::Structure { .. }, Says::Items(items)) => {
            let list = shape_of_member(schema, shape, "Items").map(|list| &list.kind);
            let Some(Kind::List { shape: item, .. }) = list else {
                return Err("it counts no items".into());
            };
            let Some(item) = schema.shapes.get(&item.name) else {
                return Ok(());
            };
            (items.iter())
                .try_for_each(|text| check_default(schema, item, &Says::Value(text.clone())))
        }
        (Kind::Structure { .. } | Kind::List { .. }, _) => Err("it holds elements".into()),
        (Kind::String { values, .. }, Says::Value(text)) => {
            let legal = values.is_empty() || values.iter().any(|v| v.value == *text);
            legal
                .then_some(())
                .ok_or(format!("{text} is no legal value"))
        }
        (Kind::Plain("Boolean"), Says::Value(text)) => {
            let legal = ["true", "false"].contains(&text.as_str());
            legal.then_some(()).ok_or(format!("{text} is no boolean"))
        }
        (Kind::Plain("Integer" | "Long"), Says::Value(text)) => {
            text.parse::<i64>().map(drop).map_err(|e| e.to_string())
        }
        (_, Says::Value(_)) => Ok(()),
        _ => Err("it holds one value".into()),
    }
}

/// The shape of a member in the last version that has it.
fn shape_of_member<'s>(schema: &'s Schema, shape: &Shape, name: &str) -> Option<&'s Shape> {
    let Kind::Structure { members, .. } = &shape.kind else {
        return None;
    };
    let member = members.iter().find(|m| m.name == name)?;
    let (_, last) = member.shapes.iter().max_by_key(|(range, _)| range.last)?;
    schema.shapes.get(&last.name)
}

/// The shapes that a shape is made of, each with the versions in which it is.
fn references(shape: &Shape) -> Vec<(Range, &Named)> {
    match &shape.kind {
        Kind::Structure { members, .. } => members
            .iter()
            .flat_map(|m| &m.shapes)
            .map(|(r, to)| (*r, to))
            .collect(),
        Kind::List { shape: to, .. } => vec![(shape.versions, to)],
        _ => Vec::new(),
    }
}

/// Every name that an element may have inside a document, sorted: members and items.
pub(crate) fn names(schema: &Schema) -> Vec<&str> {
    let mut names = BTreeSet::new();
    for shape in schema.shapes.values() {
        match &shape.kind {
            Kind::Structure { members, .. } => {
                names.extend(members.iter().map(|m| m.name.as_str()));
            }
            Kind::List { item, .. } => {
                names.insert(item.as_str());
            }
            _ => {}
        }
    }
    names.into_iter().collect()
}

/// The name of a constant: `DomainName` → `DOMAIN_NAME`, `ACMCertificateArn` → `ACM_CERTIFICATE_ARN`.
fn upper_snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, c) in letters.iter().enumerate() {
        let after_lower = i > 0 && !letters[i - 1].is_ascii_uppercase();
        let before_lower = letters.get(i + 1).is_some_and(char::is_ascii_lowercase);
        if i > 0 && c.is_ascii_uppercase() && (after_lower || before_lower) {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        });
    }
    out
}

/// The Rust source of the tables.
pub(crate) fn emit(schema: &Schema) -> String {
    let ids: BTreeMap<&str, usize> = schema
        .shapes
        .keys()
        .enumerate()
        .map(|(i, name)| (name.as_str(), i))
        .collect();
    let mut out = Emitter {
        text: String::from("// Made from rules/schema by the build script.\n"),
        ids,
        names: names(schema),
        schema,
    };
    let names = &out.names;
    let table = format!(
        "/// Names of elements, sorted.\npub static NAMES: [&str; {}] = {names:?};",
        names.len()
    );
    out.line(table);
    out.line("/// The names by themselves.\n#[allow(dead_code)]\npub(crate) mod name {\n    use super::NameId;");
    let constants: Vec<String> = out.names.iter().map(|name| upper_snake(name)).collect();
    for (place, constant) in constants.iter().enumerate() {
        // `ARN` and `Arn` would be one constant: neither has one.
        if constants.iter().filter(|other| *other == constant).count() == 1 {
            out.line(format!(
                "    /// `{}`\n    pub(crate) const {constant}: NameId = NameId({place});",
                out.names[place]
            ));
        }
    }
    out.line("}");
    out.dates(schema);
    out.line(format!(
        "/// All shapes, sorted by name.\npub static SHAPES: [Shape; {}] = [",
        schema.shapes.len()
    ));
    for (name, shape) in &schema.shapes {
        out.shape(name, shape);
    }
    out.line("];");
    out.line(format!(
        "/// All roots, sorted by name.\npub static ROOTS: [Root; {}] = [",
        schema.roots.len()
    ));
    for (name, root) in &schema.roots {
        out.root(name, root);
    }
    out.line("];");
    out.sensitive_names(schema);
    out.text
}

struct Emitter<'s> {
    text: String,
    ids: BTreeMap<&'s str, usize>,
    names: Vec<&'s str>,
    schema: &'s Schema,
}

impl Emitter<'_> {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn dates(&mut self, schema: &Schema) {
        let dates: Vec<&str> = schema.versions.iter().map(|v| v.date.as_str()).collect();
        let reconstructed: Vec<bool> = schema.versions.iter().map(|v| v.reconstructed).collect();
        let count = dates.len();
        self.line(format!(
            "/// Dates of the API versions, oldest first.\npub static VERSIONS: [&str; {count}] = {dates:?};"
        ));
        self.line(format!(
            "static RECONSTRUCTED: [bool; {count}] = {reconstructed:?};"
        ));
        self.line("/// Dates that only AWS's documents name: nothing is known of these versions.");
        let only = &schema.documented_only;
        self.line(format!(
            "pub static DOCUMENTED_ONLY: [&str; {}] = {only:?};",
            only.len()
        ));
    }

    fn shape(&mut self, name: &str, shape: &Shape) {
        let key = option(shape.key.as_ref().map(|k| k.name.as_str()));
        let known_by: Vec<&str> = shape.known_by.iter().map(|k| k.name.as_str()).collect();
        let (range, sensitive) = (range(shape.versions), shape.sensitive);
        let kind = self.kind(&shape.kind);
        self.line(format!(
            "Shape {{ name: {name:?}, versions: {range}, sensitive: {sensitive}, key: {key}, \
             known_by: &{known_by:?}, kind: {kind} }},"
        ));
    }

    fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Structure { members, union } => {
                let required = required_masks(members);
                let usual: String = members.iter().map(|m| self.usual_member(m)).collect();
                let members: String = members.iter().map(|m| self.member(m)).collect();
                format!(
                    "Kind::Structure {{ union: {union}, required: &[{required}], usual: &[{usual}], members: &[{members}] }}"
                )
            }
            Kind::List {
                item,
                shape,
                flattened,
                ordered,
                alike,
                count,
            } => format!(
                "Kind::List {{ item: {item:?}, item_id: {}, shape: {}, flattened: {flattened}, ordered: {ordered}, \
                 alike: Alike::{alike}, count: {} }}",
                self.name_id(item),
                self.id(&shape.name),
                bounds(*count)
            ),
            Kind::String {
                length,
                patterns,
                values,
            } => {
                let patterns: String = patterns
                    .iter()
                    .map(|(r, p)| format!("({}, {p:?}), ", range(*r)))
                    .collect();
                let values: String = values.iter().map(value).collect();
                let length = bounds(*length);
                format!(
                    "Kind::String {{ length: {length}, patterns: &[{patterns}], values: &[{values}] }}"
                )
            }
            Kind::Double { range } => format!("Kind::Double {{ range: {} }}", bounds(*range)),
            Kind::Blob { length } => format!("Kind::Blob {{ length: {} }}", bounds(*length)),
            Kind::Plain(name) => format!("Kind::{name}"),
        }
    }

    fn id(&self, name: &str) -> String {
        format!("ShapeId({})", self.ids[name])
    }

    fn name_id(&self, name: &str) -> String {
        format!(
            "NameId({})",
            self.names.binary_search(&name).unwrap_or_default()
        )
    }

    fn member(&self, member: &Member) -> String {
        let shapes: String = member
            .shapes
            .iter()
            .map(|(r, to)| format!("({}, {}), ", range(*r), self.id(&to.name)))
            .collect();
        let ranges = |when: Option<Range>| when.map(range).unwrap_or_default();
        let location = match (&member.header, &member.uri) {
            (Some(name), _) => format!("Header({name:?})"),
            (None, Some(name)) => format!("Uri({name:?})"),
            (None, None) => "Body".to_owned(),
        };
        format!(
            "\n    Member {{ name: {:?}, id: {}, versions: {}, shapes: &[{shapes}], required: &[{}], deprecated: &[{}], \
             location: Location::{location}, added: {}, may_be_empty: {}, sensitive: {}, absent: {}, implied: {} }},",
            member.name,
            self.name_id(&member.name),
            range(member.versions),
            ranges(member.required),
            ranges(member.deprecated),
            option(member.added.as_deref()),
            member.may_be_empty,
            member.sensitive,
            absent(member.absent.as_ref()),
            member.implied,
        )
    }

    fn usual_member(&self, member: &Member) -> String {
        let (name, id) = (&member.name, self.name_id(&member.name));
        let last = member.shapes.iter().max_by_key(|(range, _)| range.last);
        let usual = last.filter(|(_, to)| self.is_usual(member, &to.name));
        let Some((versions, to)) = usual else {
            return format!("UsualMember::rare({name:?}, {id}), ");
        };
        let shape = &self.schema.shapes[&to.name];
        let scalar = !matches!(shape.kind, Kind::Structure { .. } | Kind::List { .. });
        format!(
            "UsualMember {{ name: {name:?}, id: {id}, versions: {}, shape: {}, scalar: {scalar}, sensitive: {} }}, ",
            range(*versions),
            self.id(&to.name),
            member.sensitive || shape.sensitive
        )
    }

    /// Whether a member stands in the body, once at most, and is deprecated in no version.
    fn is_usual(&self, member: &Member, shape: &str) -> bool {
        let flattened = matches!(
            self.schema.shapes[shape].kind,
            Kind::List {
                flattened: true,
                ..
            }
        );
        let in_body = member.header.is_none() && member.uri.is_none();
        !flattened && member.deprecated.is_none() && in_body
    }

    fn root(&mut self, name: &str, root: &Root) {
        let (range, shape) = (range(root.versions), self.id(&root.shape.name));
        self.line(format!(
            "Root {{ name: {name:?}, versions: {range}, shape: {shape}, class: RootClass::{}, common_name: {}, \
             calls: {:?} }},",
            root.class, root.common_name, root.calls
        ));
    }

    fn sensitive_names(&mut self, schema: &Schema) {
        let is_sensitive = |name: &str| schema.shapes[name].sensitive;
        let mut names = BTreeSet::new();
        for shape in schema.shapes.values() {
            match &shape.kind {
                Kind::Structure { members, .. } => {
                    let secret = members.iter().filter(|m| {
                        m.sensitive || m.shapes.iter().any(|(_, to)| is_sensitive(&to.name))
                    });
                    names.extend(secret.map(|m| m.name.as_str()));
                }
                Kind::List { item, shape, .. } if is_sensitive(&shape.name) => {
                    names.insert(item.as_str());
                }
                _ => {}
            }
        }
        self.line(
            "/// Names of elements whose value is sensitive in some shape and version, sorted.",
        );
        let names: Vec<&str> = names.into_iter().collect();
        self.line(format!(
            "pub static SENSITIVE_NAMES: [&str; {}] = {names:?};",
            names.len()
        ));
    }
}

/// The members that each version requires in the document, a bit for each, told for ranges of versions.
fn required_masks(members: &[Member]) -> String {
    let in_body = |m: &&Member| m.header.is_none() && m.uri.is_none();
    let mut ends: BTreeSet<usize> = BTreeSet::new();
    let ranges = || members.iter().filter(in_body).filter_map(|m| m.required);
    for range in ranges() {
        ends.extend([range.first, range.last + 1]);
    }
    let ends: Vec<usize> = ends.into_iter().collect();
    let mut out = String::new();
    for pair in ends.windows(2) {
        let (first, last) = (pair[0], pair[1] - 1);
        let mask = members.iter().enumerate().fold(0_u64, |mask, (place, m)| {
            let wanted = in_body(&m)
                && m.required
                    .is_some_and(|r| r.first <= first && last <= r.last);
            mask | u64::from(wanted) << place
        });
        if mask > 0 {
            let range = range(Range { first, last });
            out.push_str(&format!("({range}, {mask}), "));
        }
    }
    out
}

fn range(range: Range) -> String {
    format!(
        "VersionRange {{ first: ApiVersion({}), last: ApiVersion({}) }}",
        range.first, range.last
    )
}

fn bounds(bounds: Bounds) -> String {
    format!("Bounds {{ min: {:?}, max: {:?} }}", bounds.min, bounds.max)
}

fn option(text: Option<&str>) -> String {
    format!("{text:?}")
}

fn absent(absent: Option<&Absent>) -> String {
    match absent.map(|absent| &absent.says) {
        None => "None".to_owned(),
        Some(Says::Value(text)) => format!("Some(Absent::Value({text:?}))"),
        Some(Says::Items(items)) => format!("Some(Absent::Items(&{items:?}))"),
        Some(Says::Members(pairs)) => {
            let pair = |(path, value): &(String, String)| {
                let steps: Vec<&str> = path.split('/').collect();
                format!("(&{steps:?}, {value:?}), ")
            };
            let pairs: String = pairs.iter().map(pair).collect();
            format!("Some(Absent::Members(&[{pairs}]))")
        }
    }
}

fn value(value: &Value) -> String {
    format!(
        "\n    EnumValue {{ value: {:?}, versions: {}, added: {}, meaning: {} }},",
        value.value,
        range(value.versions),
        option(value.added.as_deref()),
        option(value.meaning.as_deref())
    )
}
