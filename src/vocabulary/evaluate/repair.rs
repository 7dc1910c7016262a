//! The `fix` of a check: how what it found is repaired.

use super::{At, Facts, as_compared, contains, each, first};
use crate::check::trimmed;
use crate::document::{Element, cut};
use crate::edit::repair::{self, Edits};
use crate::finding::Fix;
use crate::rules::invalid_enum_value;
use crate::schema::{Location, NameId, Shape};
use crate::suggest;
use crate::vocabulary::{Change, Path, Repair, Test};

/// What a repair changes.
pub(super) enum Place<'d> {
    /// An element.
    There(Element<'d>),
    /// One that is missing in this structure.
    Missing(Element<'d>, NameId),
}

impl<'a> At<'a, '_> {
    /// The repair of what stands, or should stand, at some places.
    pub(super) fn repair(
        &self,
        places: &[Place<'a>],
        facts: &[(&'static str, String)],
    ) -> Option<Fix> {
        let repair = self.check.words.fix.as_ref()?;
        let own = repair.at.iter().filter_map(|path| self.place_at(path));
        let own: Vec<Place<'a>> = match repair.change {
            // What is not there needs no deletion.
            Change::Remove => own.filter(|p| matches!(p, Place::There(_))).collect(),
            _ => own.collect(),
        };
        let places = match repair.at {
            [] => places,
            _ => &own[..],
        };
        let mut written = String::new();
        let edits: Vec<Edits> = places
            .iter()
            .map(|place| self.change(place, repair, facts, &mut written))
            .collect();
        let edits = repair::all(edits);
        let name = match places.first()? {
            Place::There(element) => element.shown_name(),
            Place::Missing(_, name) => name.name(),
        };
        let title = match (repair.title, &repair.change, places.first()?) {
            (Some(title), ..) => self.titled(title, name, &written),
            (None, Change::Remove, Place::There(item)) if is_value_in_list(*item) => {
                format!("delete {name} {}", item.shown_value())
            }
            (None, Change::Remove, _) => format!("delete {name}"),
            (None, _, Place::Missing(..)) => format!("add {name}"),
            (None, ..) if written.is_empty() => format!("leave {name} empty"),
            (None, ..) if own.is_empty() => format!("write {}", cut(&written)),
            (None, ..) => format!("write {} into {name}", cut(&written)),
        };
        Fix::new(title, repair.safety, edits)
    }

    fn titled(&self, title: &str, name: &str, written: &str) -> String {
        let facts = [
            ("element", name.to_owned()),
            ("fixed", cut(written).to_owned()),
        ];
        self.fill(title, self.anchor, &Facts(&facts))
    }

    fn change(
        &self,
        place: &Place<'a>,
        repair: &Repair,
        facts: &[(&'static str, String)],
        written: &mut String,
    ) -> Edits {
        match (place, &repair.change) {
            (Place::Missing(parent, name), Change::Value(value)) => {
                (*value).clone_into(written);
                let shape = parent.shape()?.member(name.name())?;
                let shape = shape.shape_in(parent.document().version())?;
                is_legal(*parent, shape.shape(), value)
                    .then(|| repair::insert(*parent, *name, value))
                    .flatten()
            }
            (Place::Missing(..), _) => None,
            (Place::There(element), Change::Remove) => repair::remove_item(*element),
            (Place::There(element), change) => {
                *written = self.new_value(*element, change, facts)?;
                let same_place = repair.at.is_empty();
                let is_right = (!same_place || self.is_content(*element, written))
                    && is_legal(*element, element.shape()?, written);
                is_right
                    .then(|| repair::set_value(*element, written))
                    .flatten()
            }
        }
    }

    fn new_value(
        &self,
        element: Element<'a>,
        change: &Change,
        facts: &[(&'static str, String)],
    ) -> Option<String> {
        let value = trimmed(element.value());
        Some(match change {
            Change::Value(value) => (*value).to_owned(),
            Change::Replace(pattern, template) => pattern.rewrite(value, template)?,
            Change::Nearest => match &self.check.test {
                Test::Range(bounds) => {
                    let (min, max) = self.bounds(bounds);
                    let number: f64 = value.parse().ok()?;
                    let number = min.map_or(number, |min| number.max(min));
                    max.map_or(number, |max| number.min(max)).to_string()
                }
                Test::OneOf(values) => {
                    suggest::nearest(value, values.values.iter().copied())?.to_owned()
                }
                _ => {
                    let near = facts.iter().find(|(name, _)| *name == "nearest");
                    near.map(|(_, near)| near.clone())
                        .filter(|n| !n.is_empty())?
                }
            },
            Change::Remove => return None,
        })
    }

    /// Whether the test would let a value pass; what it cannot tell by the value alone is taken to be right.
    fn is_content(&self, element: Element<'a>, value: &str) -> bool {
        if value.is_empty() {
            return true;
        }
        match &self.check.test {
            Test::Pattern(pattern, _) => pattern.matches(value),
            Test::Characters(class, _) => value.chars().all(|c| class.contains(c)),
            Test::OneOf(values) => {
                as_compared(element, value).is_some_and(|value| contains(values, &value))
            }
            Test::NoneOf(values) => !contains(values, value),
            Test::Length(bounds) => {
                let length = value.chars().count() as f64;
                let (min, max) = self.bounds(bounds);
                min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max)
            }
            _ => true,
        }
    }

    /// What stands at a path, or where it would have to be put in. None if it cannot be put in, or may be several.
    pub(super) fn place_at(&self, path: Path) -> Option<Place<'a>> {
        let Some((name, around)) = path.split_last() else {
            return Some(Place::There(self.anchor));
        };
        if let Some(element) = first(self.anchor, path) {
            let mut count = 0;
            each(self.anchor, path, &mut |_| count += 1);
            return (count == 1).then_some(Place::There(element));
        }
        let parent = first(self.anchor, around)?;
        let version = parent.document().version();
        let member = parent.shape()?.member(name.name())?;
        let shape = member.shape_in(version)?.shape();
        (member.location == Location::Body && shape.is_scalar())
            .then_some(Place::Missing(parent, *name))
    }

    /// Takes out what repeats an earlier element; of those that are only alike in a key, those that are equal. Gives the
    /// number of the finding that it repairs.
    pub(super) fn without_repeats(
        &self,
        repeats: &[Repeat<'a>],
        key: Path,
    ) -> Option<(usize, Fix)> {
        let repair = self.check.words.fix.as_ref()?;
        let is_equal = |r: &&Repeat<'_>| key.is_empty() || repair::are_equal(r.again, r.first);
        let equal = || repeats.iter().filter(is_equal);
        let first = equal().next()?;
        let gone: Vec<Element<'a>> = equal().map(|repeat| repeat.again).collect();
        let name = first.again.shown_name();
        let title = match (repair.title, gone.len()) {
            (Some(title), _) => self.titled(title, name, ""),
            (None, 1) => format!("delete the repeated {name}"),
            (None, count) => format!("delete {count} repeated {name} elements"),
        };
        let edits = match repair.change {
            Change::Remove => repair::remove_items(&gone),
            _ => None,
        };
        Some((first.finding, Fix::new(title, repair.safety, edits)?))
    }
}

/// Whether the version of a document knows a value, where it knows all values.
fn is_legal(of: Element<'_>, shape: &Shape, value: &str) -> bool {
    let values = shape.values();
    values.is_empty() || invalid_enum_value::is_valid(of, values, value)
}

/// Whether an element is known among its like by its value alone.
fn is_value_in_list(element: Element<'_>) -> bool {
    element.node().position > 0 && !element.has_children()
}

/// An element that repeats an earlier one.
pub(super) struct Repeat<'d> {
    pub(super) again: Element<'d>,
    pub(super) first: Element<'d>,
    /// The number of the finding that says so.
    pub(super) finding: usize,
}
