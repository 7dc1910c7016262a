//! The schema of one API version, as JSON for programs and as a tree for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{
    ApiVersion, Bounds, Kind, Location, Member, Root, RootClass, Shape, ShapeId, VersionRange,
    roots,
};

/// Column at which descriptions start.
const COLUMN: usize = 40;
/// Width that lines keep to.
const WIDTH: usize = 80;

/// Every shape that a shape is made of in one version, sorted by name. `root` is the name of the element.
pub fn json(root: &str, shape: ShapeId, version: ApiVersion) -> Value {
    let shapes: Vec<Value> = reachable(shape, version)
        .into_iter()
        .map(|id| json_shape(id.shape(), version))
        .collect();
    json!({ "api_version": version.date(), "root": root, "shapes": shapes })
}

/// All roots with what they are for and the versions that know them; with a version, those of that version.
pub fn json_roots(version: Option<ApiVersion>) -> Value {
    let list = known(version).map(|root| {
        json!({
            "name": root.name,
            "class": root.class.name(),
            "since": root.versions.first.date(),
            "until": root.versions.last.date(),
        })
    });
    Value::Array(list.collect())
}

/// The shapes that a shape is made of, itself among them; the order is that of their names.
pub(super) fn reachable(from: ShapeId, version: ApiVersion) -> BTreeSet<ShapeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let shape = id.shape();
            open.extend(shape.item().map(|(_, item)| item));
            open.extend(
                shape
                    .members()
                    .iter()
                    .filter_map(|member| member.shape_in(version)),
            );
        }
    }
    seen
}

fn json_shape(shape: &Shape, version: ApiVersion) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("name", shape.name.into());
    put("type", shape.kind.name().into());
    if let Kind::Structure { members, union, .. } = shape.kind {
        let members = members.iter().filter(|m| m.exists_in(version));
        put(
            "members",
            members.map(|m| json_member(m, version)).collect(),
        );
        if union {
            put("union", true.into());
        }
    }
    if let Some((name, item)) = shape.item() {
        put("item", json!({ "name": name, "shape": item.shape().name }));
    }
    let values: Vec<&str> = shape
        .values()
        .iter()
        .filter(|v| v.exists_in(version))
        .map(|v| v.value)
        .collect();
    if !values.is_empty() {
        put("enum", values.into());
    }
    let Bounds { min, max } = shape.bounds();
    for (key, bound) in [("min", min), ("max", max)] {
        if let Some(bound) = bound {
            put(key, bound.into());
        }
    }
    if let Some(pattern) = shape.pattern(version) {
        put("pattern", pattern.into());
    }
    for (key, flag) in [
        ("flattened", shape.is_flattened()),
        ("sensitive", shape.sensitive),
    ] {
        if flag {
            put(key, true.into());
        }
    }
    Value::Object(out)
}

fn json_member(member: &Member, version: ApiVersion) -> Value {
    let mut out = json!({
        "name": member.name,
        "shape": member.shape_in(version).map(|id| id.shape().name),
        "required": member.is_required(version),
    });
    match member.location {
        Location::Body => {}
        Location::Header(_) => out["location"] = "header".into(),
        Location::Uri(_) => out["location"] = "uri".into(),
    }
    if member.is_deprecated(version) {
        out["deprecated"] = true.into();
    }
    out
}

/// The elements of a document, one a line. `root` is the name of the outermost one.
pub fn tree(root: &str, shape: ShapeId, version: ApiVersion) -> String {
    let mut tree = Tree {
        text: String::new(),
        version,
        above: Vec::new(),
    };
    let union = matches!(shape.shape().kind, Kind::Structure { union: true, .. });
    let choice = if union { ", exactly one of" } else { "" };
    tree.text = format!("{root} (API version {version}){choice}\n");
    if shape.shape().is_scalar() {
        tree.line(1, "", &scalar(shape.shape(), version));
    } else {
        tree.inside(1, shape);
    }
    tree.text
}

/// All roots, grouped by what they are for; with a version, those of that version.
pub fn list_roots(version: Option<ApiVersion>) -> String {
    const CLASSES: [(RootClass, &str); 4] = [
        (RootClass::Config, "Configuration of distributions"),
        (RootClass::Request, "Other requests"),
        (RootClass::Wrapper, "Answers that hold a configuration"),
        (RootClass::Response, "Other answers"),
    ];
    let mut text = String::new();
    for (class, title) in CLASSES {
        let roots: Vec<&Root> = known(version).filter(|root| root.class == class).collect();
        if roots.is_empty() {
            continue;
        }
        let gap = if text.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{gap}{title} ({})", class.name());
        for root in roots {
            let _ = writeln!(text, "  {:<46}{}", root.name, years(root.versions));
        }
    }
    text
}

fn known(version: Option<ApiVersion>) -> impl Iterator<Item = &'static Root> {
    roots()
        .iter()
        .filter(move |root| version.is_none_or(|v| root.exists_in(v)))
}

fn years(versions: VersionRange) -> String {
    match versions {
        VersionRange::ALL => "all versions".to_owned(),
        VersionRange {
            first,
            last: ApiVersion::LATEST,
        } => format!("since {first}"),
        VersionRange { first, last } => format!("{first} to {last}"),
    }
}

struct Tree {
    text: String,
    version: ApiVersion,
    /// The shapes that are being printed, outermost first: one that comes again is not printed inside itself.
    above: Vec<ShapeId>,
}

impl Tree {
    fn inside(&mut self, depth: usize, id: ShapeId) {
        self.above.push(id);
        let shape = id.shape();
        if let Some((item, of)) = shape.item() {
            self.element(depth, format!("{item} …"), of, Vec::new());
        }
        for member in shape.members() {
            if let Some(of) = member.shape_in(self.version) {
                self.element(depth, member.name.to_owned(), of, self.about(member));
            }
        }
        self.above.pop();
    }

    /// What is known of a member apart from its shape.
    fn about(&self, member: &Member) -> Vec<String> {
        let mut about = Vec::new();
        if member.is_required(self.version) {
            about.push("required".to_owned());
        }
        if member.is_deprecated(self.version) {
            about.push("deprecated".to_owned());
        }
        match member.location {
            Location::Body => {}
            Location::Header(name) => about.push(format!("HTTP header {name}")),
            Location::Uri(name) => about.push(format!("part {name} of the URL")),
        }
        about
    }

    /// One element, or a list and its items in one line.
    fn element(&mut self, depth: usize, mut name: String, of: ShapeId, mut about: Vec<String>) {
        let mut shape = of;
        while let Some((item, inner)) = shape.shape().item() {
            if shape.shape().is_flattened() {
                name.push_str(" …");
            } else {
                let _ = write!(name, " / {item} …");
            }
            about.extend(bounds(shape.shape().bounds(), "item", "items"));
            shape = inner;
        }
        let kind = shape.shape();
        if kind.is_scalar() {
            about.push(scalar(kind, self.version));
            return self.line(depth, &name, &about.join(", "));
        }
        if let Kind::Structure { union: true, .. } = kind.kind {
            about.push("exactly one of".to_owned());
        }
        if kind.members().is_empty() {
            about.push("empty".to_owned());
        }
        if self.above.contains(&shape) {
            about.push(format!("{} as above", kind.name));
            return self.line(depth, &name, &about.join(", "));
        }
        if shape != of {
            about.extend(kind.key.map(|key| format!("identified by {key}")));
        }
        self.line(depth, &name, &about.join(", "));
        self.inside(depth + 1, shape);
    }

    /// Writes one element; a description that is too long goes on below itself.
    fn line(&mut self, depth: usize, name: &str, about: &str) {
        let mut line = format!("{:indent$}{name}", "", indent = depth * 2);
        let mut column = line.chars().count();
        let mut fresh = true;
        for word in about.split(' ').filter(|word| !word.is_empty()) {
            let width = word.chars().count();
            let gap = if !fresh {
                1
            } else {
                COLUMN.saturating_sub(column).max(2)
            };
            if column + gap + width <= WIDTH {
                let _ = write!(line, "{:gap$}{word}", "");
                column += gap + width;
            } else {
                // A long word, such as a pattern, starts further left rather than beyond the edge.
                let start = COLUMN.min(WIDTH.saturating_sub(width)).max(depth * 2 + 2);
                let _ = write!(line, "\n{:start$}{word}", "");
                column = start + width;
            }
            fresh = false;
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }
}

/// What text an element may hold.
fn scalar(shape: &Shape, version: ApiVersion) -> String {
    let values: Vec<&str> = shape
        .values()
        .iter()
        .filter(|v| v.exists_in(version))
        .map(|v| v.value)
        .collect();
    let mut text = match &shape.kind {
        _ if values.len() == 1 => values[0].to_owned(),
        _ if !values.is_empty() => format!("one of {}", values.join(", ")),
        Kind::Blob { .. } => "base64".to_owned(),
        kind => kind.name().to_owned(),
    };
    let unit = match shape.kind {
        Kind::String { .. } => Some(("character", "characters")),
        Kind::Blob { .. } => Some(("byte", "bytes")),
        _ => None,
    };
    let limits = match unit {
        Some((one, many)) => bounds(shape.bounds(), one, many),
        None => range(shape.bounds()),
    };
    for more in limits
        .into_iter()
        .chain(shape.pattern(version).map(|p| format!("pattern {p}")))
    {
        let _ = write!(text, ", {more}");
    }
    if shape.sensitive {
        text.push_str(", sensitive");
    }
    text
}

fn bounds(bounds: Bounds, one: &str, many: &str) -> Option<String> {
    let unit = |n: i64| if n == 1 { one } else { many };
    match (bounds.min.filter(|min| *min > 0), bounds.max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min} {}", unit(min))),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {many}")),
        (Some(min), None) => Some(format!("at least {min} {}", unit(min))),
        (None, Some(max)) => Some(format!("at most {max} {}", unit(max))),
        (None, None) => None,
    }
}

fn range(bounds: Bounds) -> Option<String> {
    match (bounds.min, bounds.max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    }
}
