//! Whether two elements say the same, and whether one says what its absence would.

use std::borrow::Cow;

use super::{is_counted, items};
use crate::check::{is_blank, trimmed};
use crate::document::Element;
use crate::rules::template_leftover;
use crate::schema::{Absent, Kind, Member, Shape, name};

/// Whether two values mean the same; what a template will fill in may be anything.
pub(super) fn is_same(old: Element<'_>, new: Element<'_>) -> bool {
    is_open(old) || is_open(new) || canonical(old) == canonical(new)
}

/// Whether nobody knows the value yet. Parameters of tenants are values, and so is a word that an enumeration has.
pub(super) fn is_open(element: Element<'_>) -> bool {
    let value = trimmed(element.value());
    let is_parameter = element.document().for_tenants && value.contains("{{");
    let values = element.shape().map_or(&[][..], Shape::values);
    template_leftover::is_unknown(element)
        && !is_parameter
        && values.iter().all(|known| known.value != value)
}

/// Whether an element holds a placeholder that may turn out to be nothing.
pub(super) fn may_be_nothing(element: Element<'_>) -> bool {
    !element.has_children() && is_open(element) && template_leftover::is_wholly_unknown(element)
}

/// The value in the one spelling that all spellings of it share.
pub(super) fn canonical<'d>(element: Element<'d>) -> Cow<'d, str> {
    let text = trimmed(element.value());
    let Some(shape) = element.shape() else {
        return Cow::Borrowed(text);
    };
    let number = |same: Option<String>| same.map_or(Cow::Borrowed(text), Cow::Owned);
    match shape.kind {
        Kind::Boolean => match text {
            "1" => Cow::Borrowed("true"),
            "0" => Cow::Borrowed("false"),
            _ if text.bytes().any(|b| b.is_ascii_uppercase()) => {
                Cow::Owned(text.to_ascii_lowercase())
            }
            _ => Cow::Borrowed(text),
        },
        Kind::Integer | Kind::Long => number(text.parse::<i64>().ok().map(|n| n.to_string())),
        Kind::Float | Kind::Double { .. } => {
            number(text.parse::<f64>().ok().map(|n| n.to_string()))
        }
        Kind::Blob { .. } if text.contains(is_blank) => Cow::Owned(text.split(is_blank).collect()),
        _ => Cow::Borrowed(text),
    }
}

/// Whether a member says what CloudFront takes its absence for.
pub(super) fn is_default(element: Element<'_>, member: &Member) -> bool {
    let Some(shape) = element.shape() else {
        return true;
    };
    let as_told = match member.absent {
        Some(Absent::Value(value)) => canonical(element) == value,
        Some(Absent::Items(wanted)) => return holds_just(element, wanted),
        Some(Absent::Members(wanted)) => wanted.iter().all(|(path, value)| {
            let end = path.iter().try_fold(element, |at, name| at.child(name));
            end.is_some_and(|end| canonical(end) == *value)
        }),
        None => false,
    };
    member.implied
        || as_told
        || match shape.kind {
            Kind::List { .. } => items(element).is_empty(),
            Kind::Structure { .. } => {
                member.absent.is_none() && is_counted(element) && holds_nothing(element)
            }
            // An empty value is none, but for what has to be there.
            _ => {
                let required = member.is_required(element.document().version());
                (member.may_be_empty || !required) && trimmed(element.value()).is_empty()
            }
        }
}

/// Whether a structure that counts items has none, and nothing else either.
fn holds_nothing(element: Element<'_>) -> bool {
    let mut members = element.children();
    members.all(|child| {
        child.node().known_as == name::QUANTITY || child.node().known_as == name::ITEMS
    }) && element.items().next().is_none()
}

/// Whether a structure that counts items has these, in any order, and nothing else that is no default itself.
fn holds_just(element: Element<'_>, wanted: &[&str]) -> bool {
    let has = |text: &&str| element.items().any(|item| canonical(item) == *text);
    let is_wanted = |item: Element<'_>| wanted.contains(&&*canonical(item));
    let members = element.shape().map_or(&[][..], Shape::members);
    let rest = members
        .iter()
        .filter(|m| m.id != name::QUANTITY && m.id != name::ITEMS);
    wanted.iter().all(has)
        && element.items().all(is_wanted)
        && rest
            .filter_map(|m| Some((m, element.get(m.id)?)))
            .all(|(m, child)| is_default(child, m))
}
