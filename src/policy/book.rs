//! What the compiled schema says to the compiler of checks.

use std::sync::LazyLock;

use super::model::{Kind, Member, Model, Shape, Table, Value, Versions};
use crate::rule::TABLES;
use crate::schema::{self, Location, NAMES, SHAPES, ShapeId, VersionRange, roots};

/// Made when the first policy is read.
pub(super) static MODEL: LazyLock<Model<'static>> = LazyLock::new(model);

fn model() -> Model<'static> {
    let shapes = SHAPES.iter().map(shape).collect();
    let roots = roots().iter().map(|root| (root.name, root.shape.index()));
    let mut model = Model::new(shapes, NAMES.to_vec(), roots);
    for (name, table) in TABLES {
        let table = Table {
            values: table.values.iter().map(|(value, _)| *value).collect(),
            prefixes: table.prefixes.to_vec(),
        };
        model.tables.insert(name, table);
    }
    model
}

fn versions(range: VersionRange) -> Versions {
    (usize::from(range.first.0), usize::from(range.last.0))
}

fn shape(shape: &'static schema::Shape) -> Shape<'static> {
    Shape {
        name: shape.name,
        kind: kind(&shape.kind),
        sensitive: shape.sensitive,
        last_version: versions(shape.versions).1,
    }
}

fn kind(kind: &'static schema::Kind) -> Kind<'static> {
    use schema::Kind as K;
    Kind::Value(match kind {
        K::Structure { members, .. } => {
            return Kind::Structure(members.iter().map(member).collect());
        }
        K::List {
            item,
            shape,
            flattened,
            ..
        } => {
            return Kind::List {
                item,
                shape: shape.index(),
                flattened: *flattened,
            };
        }
        K::String { values: [], .. } => Value::Text,
        K::String { values, .. } => {
            let values = values.iter().map(|v| (versions(v.versions), v.value));
            Value::Enum(values.collect())
        }
        K::Boolean => Value::Boolean,
        K::Integer | K::Long => Value::Integer,
        K::Float | K::Double { .. } => Value::Fraction,
        K::Timestamp | K::Blob { .. } => Value::Other,
    })
}

fn member(member: &'static schema::Member) -> Member<'static> {
    let shapes = member.shapes.iter();
    let shapes = shapes.map(|(range, to): &(VersionRange, ShapeId)| (versions(*range), to.index()));
    Member {
        name: member.name,
        shapes: shapes.collect(),
        in_body: member.location == Location::Body,
        sensitive: member.sensitive,
    }
}
