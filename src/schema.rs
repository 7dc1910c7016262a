//! The schema of the CloudFront API: 38 versions in one table, each fact with the versions in which it holds.
//!
//! The tables are made by the build script from `rules/schema/*.toml`; nothing is parsed at start-up.

use std::collections::BTreeSet;
use std::fmt;

pub mod print;
mod sensitive;

pub(crate) use tables::name;
pub use tables::{DOCUMENTED_ONLY, NAMES, ROOTS, SENSITIVE_NAMES, SHAPES, VERSIONS};

/// The tables that the build script made.
mod tables {
    use super::{
        Absent, Alike, ApiVersion, Bounds, EnumValue, Kind, Location, Member, NameId, Root,
        RootClass, Shape, ShapeId, UsualMember, VersionRange,
    };

    include!(concat!(env!("OUT_DIR"), "/schema.rs"));

    pub(super) fn is_reconstructed(version: ApiVersion) -> bool {
        RECONSTRUCTED[version.0 as usize]
    }
}

/// One of the dated versions of the API, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion(pub(crate) u8);

/// Inclusive range of API versions; `first > last` holds no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionRange {
    /// First version in which the fact holds.
    pub first: ApiVersion,
    /// Last version in which it holds.
    pub last: ApiVersion,
}

/// Index of a shape in [`SHAPES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub(crate) u16);

/// A type of the schema.
#[derive(Debug)]
pub struct Shape {
    /// The name in AWS's service model.
    pub name: &'static str,
    /// Versions that know the shape.
    pub versions: VersionRange,
    /// What it is made of.
    pub kind: Kind,
    /// Its values are secrets: never print them.
    pub sensitive: bool,
    /// The member that identifies a list item of this shape (`Id` for an origin).
    pub key: Option<&'static str>,
    /// The members by which such an item is known again when its key has changed; none if it is another one then.
    pub known_by: &'static [&'static str],
}

/// What a shape is made of.
#[derive(Debug)]
pub enum Kind {
    /// An element with child elements.
    Structure {
        /// In the canonical order of the newest version that has each.
        members: &'static [Member],
        /// What is looked at for each element, close together, for each of them.
        usual: &'static [UsualMember],
        /// The members that a version requires in the document, a bit for each place in `members`.
        required: &'static [(VersionRange, u64)],
        /// Exactly one member is set.
        union: bool,
    },
    /// A list.
    List {
        /// Name of the item elements.
        item: &'static str,
        /// The name as a number.
        item_id: NameId,
        /// Shape of the items.
        shape: ShapeId,
        /// The items stand directly in the structure, under the member's name (API versions before 2012-05-05).
        flattened: bool,
        /// The order of the items has a meaning.
        ordered: bool,
        /// When two items are the same.
        alike: Alike,
        /// Number of items allowed.
        count: Bounds,
    },
    /// Text.
    String {
        /// Length in characters.
        length: Bounds,
        /// Regular expressions that the whole value must match, each with its versions.
        patterns: &'static [(VersionRange, &'static str)],
        /// Legal values; empty if any text is.
        values: &'static [EnumValue],
    },
    /// `true` or `false`.
    Boolean,
    /// 32-bit signed integer.
    Integer,
    /// 64-bit signed integer.
    Long,
    /// Single-precision number.
    Float,
    /// Double-precision number.
    Double {
        /// Values allowed.
        range: Bounds,
    },
    /// ISO 8601 time.
    Timestamp,
    /// Base64 data.
    Blob {
        /// Length in bytes after decoding.
        length: Bounds,
    },
}

/// When two items of a list are the same: by their key or, where they have none, by their value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// Letter by letter.
    Exactly,
    /// The case of ASCII letters makes no difference.
    IgnoringCase,
    /// As path patterns: a leading slash has no meaning.
    PathPattern,
}

/// What the absence of a member means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The same as this value.
    Value(&'static str),
    /// The same as a counted list of these items.
    Items(&'static [&'static str]),
    /// The same as a structure in which the elements at these paths have these values, whatever else it holds.
    Members(&'static [(&'static [&'static str], &'static str)]),
}

/// Smallest and largest, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest.
    pub min: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
}

/// Index of a name in [`NAMES`]: names of elements are compared as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub(crate) u16);

impl NameId {
    /// What no element of the schema is called.
    pub(crate) const NONE: NameId = NameId(u16::MAX);

    /// The name.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}

/// A child that a structure allows.
#[derive(Debug)]
pub struct Member {
    /// Name of the element.
    pub name: &'static str,
    /// The name as a number.
    pub id: NameId,
    /// Versions that know the member.
    pub versions: VersionRange,
    /// Its shape, by version.
    pub shapes: &'static [(VersionRange, ShapeId)],
    /// Versions that require it.
    pub required: &'static [VersionRange],
    /// Versions in which it is deprecated.
    pub deprecated: &'static [VersionRange],
    /// Where it travels.
    pub location: Location,
    /// Date on which it was added in place to a version that existed already (`YYYY-MM-DD`).
    pub added: Option<&'static str>,
    /// Present but empty means "not set", even where it is required.
    pub may_be_empty: bool,
    /// Its values are secrets, whatever its shape says.
    pub sensitive: bool,
    /// What its absence means, where that is known and is more than "none" or "not set".
    pub absent: Option<Absent>,
    /// CloudFront fills it in from other members, so that its absence is no difference.
    pub implied: bool,
}

/// A member in the versions that documents have today, where it stands in the body once at most and is not deprecated:
/// all that nearly all documents need to know of it.
#[derive(Debug)]
pub struct UsualMember {
    /// Its name.
    pub(crate) name: &'static str,
    /// The name as a number.
    pub(crate) id: NameId,
    /// Those versions; none if it is never so simple.
    pub(crate) versions: VersionRange,
    /// Its shape in them.
    pub(crate) shape: ShapeId,
    /// Whether that is a scalar.
    pub(crate) scalar: bool,
    /// Its values are secrets, by itself or by its shape.
    pub(crate) sensitive: bool,
}

impl UsualMember {
    /// A member that is never so simple.
    const fn rare(name: &'static str, id: NameId) -> UsualMember {
        UsualMember {
            name,
            id,
            versions: VersionRange::NONE,
            shape: ShapeId(0),
            scalar: false,
            sensitive: false,
        }
    }
}

/// Where a member of a request travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// As an element of the document.
    Body,
    /// As this HTTP header.
    Header(&'static str),
    /// As this part of the URL.
    Uri(&'static str),
}

/// A legal value of a string shape.
#[derive(Debug)]
pub struct EnumValue {
    /// The value, compared byte by byte.
    pub value: &'static str,
    /// Versions that know it.
    pub versions: VersionRange,
    /// Date on which it was added in place (`YYYY-MM-DD`).
    pub added: Option<&'static str>,
    /// What it means, where that helps to choose.
    pub meaning: Option<&'static str>,
}

/// What a root element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootClass {
    /// A distribution's configuration, sent to create or update it.
    Config,
    /// Any other body that is sent.
    Request,
    /// An answer that holds a configuration.
    Wrapper,
    /// An answer that holds none that could be sent.
    Response,
}

/// An element that may be the root of a document.
#[derive(Debug)]
pub struct Root {
    /// Name of the element.
    pub name: &'static str,
    /// Versions that know it.
    pub versions: VersionRange,
    /// Its shape.
    pub shape: ShapeId,
    /// What it is for.
    pub class: RootClass,
    /// The name is too common to be taken for CloudFront's without its namespace.
    pub common_name: bool,
    /// The operations of the API that take it as their body: to create, to update, to copy.
    pub(crate) calls: [Option<&'static str>; 3],
}

impl ApiVersion {
    /// The newest version.
    pub const LATEST: ApiVersion = ApiVersion(VERSIONS.len() as u8 - 1);

    /// All versions, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = ApiVersion> + ExactSizeIterator {
        (0..VERSIONS.len() as u8).map(ApiVersion)
    }

    /// The version of a date, `2020-05-31`.
    pub fn parse(date: &str) -> Option<ApiVersion> {
        // Nearly all documents are of the newest.
        let place = VERSIONS.iter().rposition(|version| *version == date);
        place.map(|i| ApiVersion(i as u8))
    }

    /// Its date, `2020-05-31`.
    pub fn date(self) -> &'static str {
        VERSIONS[self.0 as usize]
    }

    /// The XML namespace of its documents.
    pub fn namespace(self) -> String {
        format!("http://cloudfront.amazonaws.com/doc/{self}/")
    }

    /// The last version before an unknown date, and the first after it.
    pub fn around(date: &str) -> [Option<ApiVersion>; 2] {
        let next = VERSIONS.partition_point(|known| *known < date);
        let version = |index: Option<usize>| {
            index
                .filter(|i| *i < VERSIONS.len())
                .map(|i| ApiVersion(i as u8))
        };
        [version(next.checked_sub(1)), version(Some(next))]
    }

    /// No service model of this version is public: its facts come from clients and recorded traffic.
    pub fn is_reconstructed(self) -> bool {
        tables::is_reconstructed(self)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.date())
    }
}

impl VersionRange {
    /// Every version.
    pub const ALL: VersionRange = VersionRange {
        first: ApiVersion(0),
        last: ApiVersion::LATEST,
    };

    /// No version.
    const NONE: VersionRange = VersionRange {
        first: ApiVersion(1),
        last: ApiVersion(0),
    };

    /// Whether a version is in the range.
    pub fn contains(self, version: ApiVersion) -> bool {
        self.first <= version && version <= self.last
    }

    /// The range as people say it: `all`, `since 2012-05-05`, `until 2012-03-15`, `from … to …`.
    pub fn spoken(self) -> String {
        let VersionRange { first, last } = self;
        match () {
            () if self == VersionRange::ALL => "all".to_owned(),
            () if last == ApiVersion::LATEST => format!("since {first}"),
            () if first == last => format!("only {first}"),
            () if first == VersionRange::ALL.first => format!("until {last}"),
            () => format!("from {first} to {last}"),
        }
    }

    /// Whether no version is in the range.
    pub fn is_empty(self) -> bool {
        self.first > self.last
    }
}

/// As in the rule book: `2012-05-05..2019-03-26`, `2016-08-01..` up to the newest version, `..2012-03-15` from the
/// oldest, `..` for all, and a date alone for one version that is not the newest.
impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.pad("none");
        }
        let open_first = self.first == VersionRange::ALL.first;
        let open_last = self.last == VersionRange::ALL.last;
        match (open_first, open_last) {
            (true, true) => f.pad(".."),
            (false, true) => f.pad(&format!("{}..", self.first)),
            _ if self.first == self.last => f.pad(self.first.date()),
            (true, false) => f.pad(&format!("..{}", self.last)),
            (false, false) => f.pad(&format!("{}..{}", self.first, self.last)),
        }
    }
}

impl ShapeId {
    /// Its place in [`SHAPES`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The shape.
    pub fn shape(self) -> &'static Shape {
        &SHAPES[self.0 as usize]
    }

    /// Looks a shape up by name.
    pub fn find(name: &str) -> Option<ShapeId> {
        SHAPES
            .binary_search_by(|shape| shape.name.cmp(name))
            .ok()
            .map(|i| ShapeId(i as u16))
    }

    /// All shapes, sorted by name.
    pub fn all() -> impl ExactSizeIterator<Item = ShapeId> {
        (0..SHAPES.len() as u16).map(ShapeId)
    }
}

impl Shape {
    /// The members of a structure, in canonical order; none for any other kind.
    pub fn members(&self) -> &'static [Member] {
        match self.kind {
            Kind::Structure { members, .. } => members,
            _ => &[],
        }
    }

    /// The member of a name, in whichever versions it exists.
    // Structures have a few dozen members at most, and names of different length are told apart without looking at
    // their text: a loop is faster than hashing.
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members()
            .iter()
            .find(|member| member.name.len() == name.len() && member.name == name)
    }

    /// The name of a list's items and their shape.
    pub fn item(&self) -> Option<(&'static str, ShapeId)> {
        match self.kind {
            Kind::List { item, shape, .. } => Some((item, shape)),
            _ => None,
        }
    }

    /// The items of the list stand directly in the structure, under the member's name.
    pub fn is_flattened(&self) -> bool {
        matches!(
            self.kind,
            Kind::List {
                flattened: true,
                ..
            }
        )
    }

    /// Whether elements of this shape hold text rather than elements.
    pub fn is_scalar(&self) -> bool {
        !matches!(self.kind, Kind::Structure { .. } | Kind::List { .. })
    }

    /// The legal values of a string in all versions; empty if any text is legal.
    pub fn values(&self) -> &'static [EnumValue] {
        match self.kind {
            Kind::String { values, .. } => values,
            _ => &[],
        }
    }

    /// The pattern that the whole value must match in a version.
    pub fn pattern(&self, version: ApiVersion) -> Option<&'static str> {
        match self.kind {
            Kind::String { patterns, .. } => patterns
                .iter()
                .find(|(range, _)| range.contains(version))
                .map(|p| p.1),
            _ => None,
        }
    }

    /// What its bounds count (characters, bytes, items) or limit (a number's value).
    pub fn bounds(&self) -> Bounds {
        match self.kind {
            Kind::List { count, .. } => count,
            Kind::String { length, .. } | Kind::Blob { length } => length,
            Kind::Double { range } => range,
            _ => Bounds {
                min: None,
                max: None,
            },
        }
    }
}

impl Kind {
    /// The name of the kind in AWS's service models: `structure`, `list`, `string` …
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Structure { .. } => "structure",
            Kind::List { .. } => "list",
            Kind::String { .. } => "string",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Long => "long",
            Kind::Float => "float",
            Kind::Double { .. } => "double",
            Kind::Timestamp => "timestamp",
            Kind::Blob { .. } => "blob",
        }
    }
}

impl Bounds {
    /// Whether a number is within the bounds.
    pub fn contains(self, number: i64) -> bool {
        self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
    }
}

impl Member {
    /// Whether a version knows the member.
    pub fn exists_in(&self, version: ApiVersion) -> bool {
        self.versions.contains(version)
    }

    /// Its shape in a version; none where the member does not exist.
    pub fn shape_in(&self, version: ApiVersion) -> Option<ShapeId> {
        self.shapes
            .iter()
            .find(|(range, _)| range.contains(version))
            .map(|(_, shape)| *shape)
    }

    /// Whether a version requires it.
    pub fn is_required(&self, version: ApiVersion) -> bool {
        self.required.iter().any(|range| range.contains(version))
    }

    /// Whether it is deprecated in a version.
    pub fn is_deprecated(&self, version: ApiVersion) -> bool {
        self.deprecated.iter().any(|range| range.contains(version))
    }
}

impl EnumValue {
    /// Whether a version knows the value.
    pub fn exists_in(&self, version: ApiVersion) -> bool {
        self.versions.contains(version)
    }
}

impl RootClass {
    /// The name used in outputs.
    pub fn name(self) -> &'static str {
        match self {
            RootClass::Config => "config",
            RootClass::Request => "request",
            RootClass::Wrapper => "wrapper",
            RootClass::Response => "response",
        }
    }
}

impl Root {
    /// Looks a root up by the name of the element.
    pub fn find(name: &str) -> Option<&'static Root> {
        ROOTS
            .binary_search_by(|root| root.name.cmp(name))
            .ok()
            .map(|i| &ROOTS[i])
    }

    /// Whether a version knows it.
    pub fn exists_in(&self, version: ApiVersion) -> bool {
        self.versions.contains(version)
    }
}

/// All roots, sorted by name.
pub fn roots() -> &'static [Root] {
    &ROOTS
}

/// Whether an element of this name is sensitive in any shape and version, or was probably meant as one: where its
/// shape is not known, its text is not printed either.
pub fn is_sensitive_name(name: &str) -> bool {
    SENSITIVE_NAMES.binary_search(&name).is_ok() || sensitive::is_near(name)
}

/// Where, in what `root` is made of, an element of this name may stand: names of elements, `Aliases/Items` for items.
pub fn places_of(root: &'static Shape, name: &str, version: ApiVersion) -> Vec<String> {
    let Some(root) = ShapeId::find(root.name) else {
        return Vec::new();
    };
    let inside = print::reachable(root, version);
    let mut places = Vec::new();
    let mut add = |place: String| {
        if !places.contains(&place) {
            places.push(place);
        }
    };
    for id in parents_of_element(name, version).filter(|id| inside.contains(id)) {
        match id.shape().item() {
            None => names_of(id, &inside, version)
                .into_iter()
                .for_each(&mut add),
            // A list has no name of its own in the document: say in which elements its Items stand.
            Some(_) => {
                for around in parents_of(id, version).filter(|parent| inside.contains(parent)) {
                    for outer in names_of(around, &inside, version) {
                        let lists = members_of_shape(around, id, version);
                        lists.for_each(|list| add(format!("{outer}/{list}")));
                    }
                }
            }
        }
    }
    places
}

/// The names of the elements that have this shape; that of the shape itself if nothing holds it, as for a root.
fn names_of(id: ShapeId, inside: &BTreeSet<ShapeId>, version: ApiVersion) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for around in parents_of(id, version).filter(|parent| inside.contains(parent)) {
        let item = around.shape().item().filter(|(_, item)| *item == id);
        let item = item.map(|(name, _)| name);
        for name in item
            .into_iter()
            .chain(members_of_shape(around, id, version))
        {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    match names.is_empty() {
        true => vec![id.shape().name.to_owned()],
        false => names,
    }
}

/// The members of a structure that have this shape.
fn members_of_shape(
    around: ShapeId,
    id: ShapeId,
    version: ApiVersion,
) -> impl Iterator<Item = &'static str> {
    let members = around.shape().members().iter();
    members
        .filter(move |member| member.shape_in(version) == Some(id))
        .map(|member| member.name)
}

/// The shapes in which an element of this name may stand: structures that have such a member, and lists of such items.
///
/// The item of a flattened list stands in the structure, under the name of the member.
pub fn parents_of_element(name: &str, version: ApiVersion) -> impl Iterator<Item = ShapeId> {
    ShapeId::all().filter(move |id| {
        let shape = id.shape();
        let member = shape
            .member(name)
            .is_some_and(|m| m.exists_in(version) && m.location == Location::Body);
        let item = shape.item().is_some_and(|(item, _)| item == name) && !shape.is_flattened();
        member || item && shape.versions.contains(version)
    })
}

/// The structures and lists that have a member or items of this shape.
pub fn parents_of(child: ShapeId, version: ApiVersion) -> impl Iterator<Item = ShapeId> {
    ShapeId::all().filter(move |id| {
        let shape = id.shape();
        let item =
            shape.item().is_some_and(|(_, item)| item == child) && shape.versions.contains(version);
        item || shape
            .members()
            .iter()
            .any(|member| member.shape_in(version) == Some(child))
    })
}

#[cfg(test)]
mod tests;
