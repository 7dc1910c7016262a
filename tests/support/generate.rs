//! Random valid documents made from the schema.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cloudfront_lint::schema::{
    ApiVersion, Bounds, Kind, Location, Member, Root, RootClass, Shape, ShapeId, roots,
};
use regex::Regex;

use super::random::Random;
use super::tree::{Content, Node};

/// The roots of the bodies that a version of the API takes.
pub(crate) fn sendable(version: ApiVersion) -> impl Iterator<Item = &'static Root> {
    roots().iter().filter(move |root| {
        matches!(root.class, RootClass::Config | RootClass::Request) && root.exists_in(version)
    })
}

/// The members that travel in the document, in canonical order, with their shapes.
pub(crate) fn members(
    shape: &'static Shape,
    version: ApiVersion,
) -> impl Iterator<Item = (&'static Member, ShapeId)> {
    shape
        .members()
        .iter()
        .filter(|member| member.location == Location::Body)
        .filter_map(move |member| Some((member, member.shape_in(version)?)))
}

fn is_union(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Structure { union: true, .. })
}

/// Puts the number of items into `Quantity`, unless that is given.
fn count_items(children: &mut [Node], items: usize) {
    let is_quantity = |c: &&mut Node| c.name == "Quantity" && c.text().is_some();
    if let Some(quantity) = children.iter_mut().find(is_quantity) {
        quantity.content = Content::Text(items.to_string());
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Random documents

/// Deeper than this, only what is required.
const DEEPEST: usize = 9;
/// Most items of a list, unless it needs more.
const MOST_ITEMS: i64 = 4;

/// A random valid document.
pub(crate) fn document(root: &'static Root, version: ApiVersion, random: &mut Random) -> Node {
    let optional = *random.pick(&[0, 20, 50, 90]);
    let shuffled = random.percent(50);
    let mut generator = Generator {
        version,
        random,
        optional,
        shuffled,
    };
    generator.element(root.name, root.shape, None, 0)
}

struct Generator<'r> {
    version: ApiVersion,
    random: &'r mut Random,
    /// How often an optional member is there, in percent.
    optional: usize,
    /// Members stand in any order.
    shuffled: bool,
}

impl Generator<'_> {
    fn element(
        &mut self,
        name: &str,
        id: ShapeId,
        member: Option<&'static Member>,
        depth: usize,
    ) -> Node {
        let shape = id.shape();
        let content = match &shape.kind {
            Kind::Structure { .. } => Content::Children(self.structure(shape, depth)),
            Kind::List {
                item,
                shape: of,
                count,
                ..
            } => {
                let required = member.is_some_and(|m| m.is_required(self.version));
                let number = self.number_of_items(*count, required || name == "Items", depth);
                let items = (0..number).map(|_| self.element(item, *of, None, depth + 1));
                Content::Children(items.collect())
            }
            _ => Content::Text(self.text(shape, member)),
        };
        Node {
            shape: Some(id),
            member,
            ..Node::new(name, content)
        }
    }

    fn structure(&mut self, shape: &'static Shape, depth: usize) -> Vec<Node> {
        let all: Vec<(&'static Member, ShapeId)> = members(shape, self.version).collect();
        let only = is_union(shape).then(|| self.random.pick(&all).0.name);
        // Whether there are items decides whether there is an Items, so it is not drawn twice.
        let mut children = Vec::new();
        let mut items = 0;
        for (member, id) in all {
            let required = member.is_required(self.version);
            let least = id.shape().bounds().min.unwrap_or(0);
            let needs_items = member.name == "Items" && id.shape().item().is_some() && least > 0;
            let wanted = match only {
                Some(only) => only == member.name,
                None => {
                    required
                        || needs_items
                        || (depth < DEEPEST && self.random.percent(self.optional))
                }
            };
            if !wanted {
                continue;
            }
            match id.shape().item() {
                Some((_, item)) if id.shape().is_flattened() => {
                    let number = self.number_of_items(id.shape().bounds(), required, depth);
                    for _ in 0..number {
                        children.push(self.element(member.name, item, Some(member), depth + 1));
                    }
                }
                _ => {
                    let child = self.element(member.name, id, Some(member), depth + 1);
                    if member.name == "Items" {
                        items = child.children().len();
                    }
                    children.push(child);
                }
            }
        }
        count_items(&mut children, items);
        if self.shuffled {
            self.random.shuffle(&mut children);
        }
        children
    }

    fn number_of_items(&mut self, count: Bounds, not_empty: bool, depth: usize) -> i64 {
        let min = count.min.unwrap_or(0).max(i64::from(not_empty));
        let max = count.max.unwrap_or(MOST_ITEMS).min(MOST_ITEMS).max(min);
        if depth < DEEPEST {
            self.random.between(min, max)
        } else {
            min
        }
    }

    fn text(&mut self, shape: &'static Shape, member: Option<&'static Member>) -> String {
        if self.may_be_empty(shape, member) && self.random.percent(5) {
            return String::new();
        }
        match &shape.kind {
            Kind::String {
                values: [], length, ..
            } => self.string(shape, *length),
            Kind::String { values, .. } => {
                let known: Vec<&str> = values
                    .iter()
                    .filter(|v| v.exists_in(self.version))
                    .map(|v| v.value)
                    .collect();
                (*self.random.pick(&known)).to_owned()
            }
            Kind::Boolean => (*self.random.pick(&["true", "false"])).to_owned(),
            Kind::Integer => self.number(i64::from(i32::MIN), i64::from(i32::MAX)),
            Kind::Long => self.number(i64::MIN, i64::MAX),
            Kind::Float => format!("{}.{}", self.random.below(100), self.random.below(100)),
            Kind::Double { range } => {
                let (min, max) = (range.min.unwrap_or(0), range.max.unwrap_or(1000));
                self.random.between(min, max).to_string()
            }
            Kind::Timestamp => format!("2026-01-31T{:02}:59:59.000Z", self.random.below(24)),
            Kind::Blob { length } => {
                let length = self.length(*length);
                base64(
                    &(0..length.max(1))
                        .map(|_| self.random.next() as u8)
                        .collect::<Vec<u8>>(),
                )
            }
            Kind::Structure { .. } | Kind::List { .. } => String::new(),
        }
    }

    /// An empty value means "not set" where that is allowed.
    fn may_be_empty(&self, shape: &'static Shape, member: Option<&'static Member>) -> bool {
        let is_text =
            matches!(shape.kind, Kind::String { values: &[], length, .. } if length.min.is_none());
        member.is_some_and(|m| {
            // Items have a value, also those that stand directly in the structure.
            let is_item = m
                .shape_in(self.version)
                .is_some_and(|s| s.shape().is_flattened());
            // Up to 2012-03-15 an empty DefaultRootObject was refused; it had to be left out.
            let early = m.name == "DefaultRootObject" && self.version.date() <= "2012-03-15";
            let fixed = is_item || early || m.name == "Quantity";
            !fixed && (m.may_be_empty || is_text && !m.is_required(self.version))
        })
    }

    fn number(&mut self, min: i64, max: i64) -> String {
        match self.random.below(10) {
            0 => min.to_string(),
            1 => max.to_string(),
            2 => self.random.between(min, max).to_string(),
            _ => self.random.below(5000).to_string(),
        }
    }

    /// A length within bounds: mostly short, at times the smallest or the largest.
    fn length(&mut self, bounds: Bounds) -> usize {
        let min = bounds.min.unwrap_or(0).max(1);
        let max = bounds.max.unwrap_or(min + 30).max(min);
        match self.random.below(20) {
            0 => min as usize,
            1 if max <= 300 => max as usize,
            _ => self.random.between(min, max.min(min + 30)) as usize,
        }
    }

    fn string(&mut self, shape: &'static Shape, length: Bounds) -> String {
        let length = self.length(length);
        match shape.pattern(self.version) {
            Some(pattern) => matching(pattern, length, self.random),
            None => {
                // Nothing that could pass for a placeholder of a template.
                let inner: Vec<char> = "abcxyzABC019-._/:*?=+&<>\"' äé€語😀".chars().collect();
                text_of(&inner, length, self.random)
            }
        }
    }
}

/// A text of so many characters of a set; the first and the last are letters.
fn text_of(of: &[char], length: usize, random: &mut Random) -> String {
    let letters: Vec<char> = ('a'..='z').collect();
    (0..length)
        .map(|i| {
            *random.pick(if i == 0 || i + 1 == length {
                &letters
            } else {
                of
            })
        })
        .collect()
}

/// A text that matches a pattern of the schema, of about `length` characters.
pub(crate) fn matching(pattern: &'static str, length: usize, random: &mut Random) -> String {
    let whole = pattern.trim_start_matches('^').trim_end_matches('$');
    let word: Vec<char> = "abcXYZ019-_".chars().collect();
    let digits: Vec<char> = "0123456789".chars().collect();
    let id = |random: &mut Random| text_of(&word, length.clamp(1, 64), random);
    let text = match whole {
        r"[a-z]{2}-[a-z]+-\d" => {
            (*random.pick(&["us-east-1", "eu-central-2", "ap-southeast-9"])).to_owned()
        }
        "[a-zA-Z0-9-_]{1,64}" | "[a-zA-Z0-9-_]+" => id(random),
        "[a-zA-Z0-9][a-zA-Z0-9-.]{1,126}[a-zA-Z0-9]" => {
            let inner: Vec<char> = "abcXYZ019-.".chars().collect();
            text_of(&inner, length.clamp(3, 128), random)
        }
        r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)" => {
            let inner: Vec<char> = "abcXYZ019 _.:/=+-@äé語".chars().collect();
            text_of(&inner, length, random)
        }
        r"arn:aws:cloudfront::[0-9]{12}:function\/[a-zA-Z0-9-_]{1,64}" => {
            let name = text_of(&word, 1 + random.below(40), random);
            format!("arn:aws:cloudfront::111122223333:function/{name}")
        }
        r"arn:aws:cloudfront::[0-9]{12}:key-value-store\/[0-9a-fA-F-]{36}" => {
            let id: String = (0..36).map(|_| *random.pick(&digits)).collect();
            format!("arn:aws:cloudfront::111122223333:key-value-store/{id}")
        }
        _ => panic!(
            "no text is known that matches {pattern}: add one to matching() in {}",
            file!()
        ),
    };
    assert!(matches(pattern, &text), "{text:?} should match {pattern}");
    text
}

/// Whether a whole text matches a pattern of the schema.
pub(crate) fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: Mutex<BTreeMap<&str, Regex>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let regex = compiled.entry(pattern).or_insert_with(|| {
        let whole = pattern.trim_start_matches('^').trim_end_matches('$');
        Regex::new(&format!("^(?:{whole})$")).unwrap()
    });
    regex.is_match(text)
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().enumerate().fold(0_u32, |sum, (i, byte)| {
            sum | u32::from(*byte) << (16 - 8 * i)
        });
        for i in 0..4 {
            out.push(match i <= chunk.len() {
                true => char::from(LETTERS[(group >> (18 - 6 * i)) as usize & 63]),
                false => '=',
            });
        }
    }
    out
}
