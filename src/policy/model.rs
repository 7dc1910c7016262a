//! What the compiler of checks has to know of the schema and the tables of the rule book.
//!
//! The build script fills it from the files in `rules/`, the program from the tables made of them.

use std::collections::{BTreeMap, BTreeSet};

/// First and last of the API versions, as places in their list.
pub(crate) type Versions = (usize, usize);

/// The schema.
pub(crate) struct Model<'s> {
    /// Sorted by name, as in the compiled table.
    pub(crate) shapes: Vec<Shape<'s>>,
    /// Place of the newest API version.
    pub(crate) last_version: usize,
    /// Names of elements, sorted, as in the compiled table.
    pub(crate) names: Vec<&'s str>,
    /// Shapes of elements of a name.
    by_element: BTreeMap<&'s str, BTreeSet<usize>>,
    /// Lists of values, by name.
    pub(crate) tables: BTreeMap<&'s str, Table<'s>>,
    /// Status of the errors of the API, by code.
    pub(crate) errors: BTreeMap<&'s str, i64>,
}

/// A list of values.
pub(crate) struct Table<'s> {
    pub(crate) values: Vec<&'s str>,
    pub(crate) prefixes: Vec<&'s str>,
}

/// A type of the schema.
pub(crate) struct Shape<'s> {
    pub(crate) name: &'s str,
    pub(crate) kind: Kind<'s>,
    pub(crate) sensitive: bool,
    /// The newest API version that knows it.
    pub(crate) last_version: usize,
}

pub(crate) enum Kind<'s> {
    Structure(Vec<Member<'s>>),
    List {
        item: &'s str,
        shape: usize,
        flattened: bool,
    },
    /// Text without children.
    Value(Value<'s>),
}

/// What a text may be.
pub(crate) enum Value<'s> {
    /// Any text.
    Text,
    /// One of these, each with its versions.
    Enum(Vec<(Versions, &'s str)>),
    Boolean,
    Integer,
    /// A number that may have a fraction.
    Fraction,
    /// A time or binary data.
    Other,
}

/// A child of a structure.
pub(crate) struct Member<'s> {
    pub(crate) name: &'s str,
    /// By version.
    pub(crate) shapes: Vec<(Versions, usize)>,
    /// It stands in the document, neither in a header nor in the URL.
    pub(crate) in_body: bool,
    pub(crate) sensitive: bool,
}

impl<'s> Model<'s> {
    /// `shapes` and `names` are sorted; `roots` are names of elements with their shapes.
    pub(crate) fn new(
        shapes: Vec<Shape<'s>>,
        names: Vec<&'s str>,
        roots: impl IntoIterator<Item = (&'s str, usize)>,
    ) -> Model<'s> {
        let ends = shapes.iter().map(|shape| shape.last_version);
        let mut model = Model {
            last_version: ends.max().unwrap_or_default(),
            shapes,
            names,
            by_element: BTreeMap::new(),
            tables: BTreeMap::new(),
            errors: BTreeMap::new(),
        };
        let mut found: Vec<(&str, usize)> = roots.into_iter().collect();
        for shape in &model.shapes {
            match &shape.kind {
                Kind::Structure(members) => {
                    for member in members {
                        let shapes = member.shapes.iter();
                        found.extend(shapes.map(|(_, to)| (member.name, model.element(*to))));
                    }
                }
                Kind::List { item, shape, .. } => found.push((item, *shape)),
                Kind::Value(_) => {}
            }
        }
        for (name, shape) in found {
            model.by_element.entry(name).or_default().insert(shape);
        }
        model
    }

    /// The shape of the elements of a member: the items of a flattened list stand in its place.
    pub(crate) fn element(&self, shape: usize) -> usize {
        match self.shapes.get(shape).map(|shape| &shape.kind) {
            Some(Kind::List {
                flattened: true,
                shape,
                ..
            }) => *shape,
            _ => shape,
        }
    }

    /// The structures that elements of a name may be; `*` is any. None if no element has the name.
    pub(crate) fn structures(&self, name: &str) -> Option<Vec<usize>> {
        let all: Vec<usize> = match name {
            "*" => (0..self.shapes.len()).collect(),
            name => self.by_element.get(name)?.iter().copied().collect(),
        };
        let is_structure = |shape: &usize| matches!(self.shapes[*shape].kind, Kind::Structure(_));
        Some(all.into_iter().filter(is_structure).collect())
    }

    /// The members of a structure; none of anything else.
    pub(crate) fn members(&self, shape: usize) -> &[Member<'s>] {
        match self.shapes.get(shape).map(|shape| &shape.kind) {
            Some(Kind::Structure(members)) => members,
            _ => &[],
        }
    }

    /// All names of elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &'s str> {
        self.by_element.keys().copied()
    }

    /// The place of a name; that of the first if there is none, which has been reported.
    pub(crate) fn name(&self, name: &str) -> usize {
        self.names.binary_search(&name).unwrap_or_default()
    }
}
