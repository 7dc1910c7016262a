//! Which items of two lists stand for the same thing.

use std::borrow::Cow;
use std::collections::HashMap;

use super::value;
use crate::check::trimmed;
use crate::document::Element;
use crate::schema::{Alike, Kind, Shape};
use crate::value::path_pattern;

/// Two lists side by side, each part in document order.
#[derive(Default)]
pub(super) struct Alignment<'d> {
    /// The older and the newer item, and the member that identifies both, where their kind has one and it is the same.
    pub(super) pairs: Vec<(Element<'d>, Element<'d>, Option<&'static str>)>,
    /// The fewest pairs that account for another order, where order has a meaning.
    pub(super) moved: Vec<(Element<'d>, Element<'d>)>,
    pub(super) added: Vec<Element<'d>>,
    pub(super) removed: Vec<Element<'d>>,
}

/// What tells an item from the others of its list.
struct Identity<'d> {
    text: Cow<'d, str>,
    /// A template will fill it in.
    open: bool,
    key: Option<&'static str>,
}

pub(super) fn align<'d>(old: &[Element<'d>], new: &[Element<'d>], list: &Shape) -> Alignment<'d> {
    let (ordered, alike) = match list.kind {
        Kind::List { ordered, alike, .. } => (ordered, alike),
        _ => (false, Alike::Exactly),
    };
    let old_ids = identities(old, alike);
    let new_ids = identities(new, alike);
    // Items that stand twice are paired in their order: the first is popped first.
    let mut places: HashMap<&str, Vec<usize>> = HashMap::with_capacity(old.len());
    for (place, id) in old_ids.iter().enumerate().rev() {
        places.entry(&id.text).or_default().push(place);
    }
    let mut alignment = Alignment::default();
    let mut taken = vec![false; old.len()];
    let mut order = Vec::new();
    let mut unmatched = Vec::new();
    for (item, id) in new.iter().zip(&new_ids) {
        match places.get_mut(&*id.text).and_then(Vec::pop) {
            Some(place) => {
                taken[place] = true;
                order.push(place);
                alignment.pairs.push((old[place], *item, id.key));
            }
            None => unmatched.push((*item, id.open)),
        }
    }
    if ordered {
        let stays = longest_ascending(&order);
        let pairs = alignment.pairs.iter().zip(stays);
        alignment.moved = pairs
            .filter(|(_, stays)| !stays)
            .map(|((old, new, _), _)| (*old, *new))
            .collect();
    }
    let mut gone: Vec<(Element<'d>, bool)> = (old.iter().zip(&old_ids).zip(taken))
        .filter(|(_, taken)| !taken)
        .map(|((item, id), _)| (*item, id.open))
        .collect();
    let renamed = renamed(&mut gone, &mut unmatched);
    alignment.pairs.extend(renamed);
    // What is not known yet may be any of those that the other list has alone.
    if !gone.iter().any(|(_, open)| *open) {
        let known = unmatched.iter().filter(|(_, open)| !open);
        alignment.added = known.map(|(item, _)| *item).collect();
    }
    if !unmatched.iter().any(|(_, open)| *open) {
        let known = gone.iter().filter(|(_, open)| !open);
        alignment.removed = known.map(|(item, _)| *item).collect();
    }
    alignment
}

/// Takes out the items that have another key and are the same thing otherwise, as far as what they are known by tells.
fn renamed<'d>(
    gone: &mut Vec<(Element<'d>, bool)>,
    unmatched: &mut Vec<(Element<'d>, bool)>,
) -> Vec<(Element<'d>, Element<'d>, Option<&'static str>)> {
    if gone.is_empty() || unmatched.is_empty() {
        return Vec::new();
    }
    // Items that are alike are paired in their order: the first is popped first.
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, (item, open)) in gone.iter().enumerate().rev() {
        if let Some(known) = known_by(*item).filter(|_| !open) {
            places.entry(known).or_default().push(place);
        }
    }
    let mut taken = vec![false; gone.len()];
    let mut pairs = Vec::new();
    unmatched.retain(|(new, open)| {
        let known = known_by(*new).filter(|_| !open);
        let place = known.and_then(|known| places.get_mut(&known)?.pop());
        if let Some(place) = place {
            taken[place] = true;
            pairs.push((gone[place].0, *new, None));
        }
        place.is_none()
    });
    let mut taken = taken.into_iter();
    gone.retain(|_| !taken.next().unwrap_or_default());
    pairs
}

/// What an item is known by besides its key; none if it says nothing of that.
fn known_by(item: Element<'_>) -> Option<String> {
    let mut text = String::new();
    for name in item.shape()?.known_by {
        text.push('\n');
        if let Some(member) = item.child(name) {
            push_values(member, &mut text);
        }
    }
    (!text.trim().is_empty()).then(|| text.to_ascii_lowercase())
}

fn push_values(element: Element<'_>, text: &mut String) {
    if !element.has_children() {
        // An empty member says as much as none.
        let value = value::canonical(element);
        text.push_str(&value);
        return text.extend((!value.is_empty()).then_some(' '));
    }
    let told = |child: &Element<'_>| child.shape().is_some() && child.name() != "Quantity";
    element
        .children()
        .filter(told)
        .for_each(|child| push_values(child, text));
}

fn identities<'d>(items: &[Element<'d>], alike: Alike) -> Vec<Identity<'d>> {
    let identity = |(place, item): (usize, &Element<'d>)| {
        let shape = item.shape();
        let Some(key) = shape.and_then(|shape| shape.key) else {
            return match shape.is_some_and(Shape::is_scalar) {
                true => Identity {
                    text: normalised(value::canonical(*item), alike),
                    open: value::is_open(*item),
                    key: None,
                },
                // Nothing but its place identifies it.
                false => Identity {
                    text: Cow::Owned(place.to_string()),
                    open: false,
                    key: None,
                },
            };
        };
        let member = item.child(key);
        Identity {
            text: normalised(member.map_or(Cow::Borrowed(""), value::canonical), alike),
            open: member.is_some_and(value::is_open),
            key: Some(key),
        }
    };
    items.iter().enumerate().map(identity).collect()
}

fn normalised(text: Cow<'_, str>, alike: Alike) -> Cow<'_, str> {
    match alike {
        Alike::Exactly => text,
        Alike::IgnoringCase if text.bytes().any(|b| b.is_ascii_uppercase()) => {
            Cow::Owned(text.to_ascii_lowercase())
        }
        Alike::IgnoringCase => text,
        Alike::PathPattern => match text {
            Cow::Borrowed(text) => Cow::Borrowed(path_pattern::normalised(trimmed(text))),
            Cow::Owned(text) => Cow::Owned(path_pattern::normalised(trimmed(&text)).to_owned()),
        },
    }
}

/// Which of the numbers, all different, belong to one longest ascending row of them.
fn longest_ascending(numbers: &[usize]) -> Vec<bool> {
    // For each length, the place where the row of that length with the smallest end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut belongs = vec![false; numbers.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        belongs[place] = true;
        at = before[place];
    }
    belongs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_are_moved() {
        for (numbers, stay) in [
            (&[][..], &[][..]),
            (&[0, 1, 2], &[true, true, true]),
            (&[1, 2, 3, 0], &[true, true, true, false]),
            (&[3, 0, 1, 2], &[false, true, true, true]),
            (&[1, 0], &[false, true]),
        ] {
            assert_eq!(longest_ascending(numbers), stay, "{numbers:?}");
        }
    }
}
