//! `changed-behavior-order`: a path pattern takes requests from another one that came before it.

use std::collections::HashMap;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::distribution::Distribution;
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::update::{Update, is_in};
use crate::value::path_pattern::{self, Wide, normalised};

/// So many behaviors are compared with each other. The quota is 75.
const MOST_COMPARED: usize = 250;
/// For so many pairs it is asked whether some path matches both.
const MOST_ASKED: usize = 2_000;

/// A path pattern that both documents have.
struct Known<'d> {
    pattern: Element<'d>,
    old: Element<'d>,
    old_place: usize,
}

/// For each behavior, the first one that takes from it now and did not before.
///
/// Pairs are quadratic in the number of behaviors, so only the first [`MOST_COMPARED`] take part.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut moved = update.losses();
    moved
        .retain(|(_, c)| c.action == Action::Moved && is_in(c.element(), "Items", "CacheBehavior"));
    if moved.is_empty() {
        return;
    }
    let known = known(update.old, update.new);
    let mut asked = 0;
    for (n, later) in known.iter().enumerate() {
        let mut overtakers = known[..n].iter().filter(|k| k.old_place > later.old_place);
        let found = overtakers.find_map(|k| Some((k, takes(k, later, &mut asked)?)));
        if let Some((earlier, all)) = found {
            report(update, &moved, earlier, later, all);
        }
    }
}

/// Whether the earlier pattern takes all requests of the later one (true) or some; none if it takes none, or if all
/// that it matches is but a part of the other, which is the order that is always right.
fn takes(earlier: &Known<'_>, later: &Known<'_>, asked: &mut usize) -> Option<bool> {
    let [first, second] = [earlier, later].map(|k| trimmed(k.pattern.value()));
    if Wide::new(first).includes(second) {
        return Some(true);
    }
    if Wide::new(second).includes(first) || *asked == MOST_ASKED {
        return None;
    }
    *asked += 1;
    path_pattern::overlap(first, second).then_some(false)
}

fn report<'d>(
    update: &mut Update<'d>,
    moved: &[(usize, Change<'d>)],
    earlier: &Known<'d>,
    later: &Known<'d>,
    all: bool,
) {
    let (first, second) = (earlier.pattern.shown_value(), later.pattern.shown_value());
    let message = match all {
        true => format!(
            "the path pattern {second} is never reached any more, since {first} comes first now"
        ),
        false => format!(
            "the path pattern {first} takes requests from {second}, since it comes first now"
        ),
    };
    let finding = Finding::new(
        id::CHANGED_BEHAVIOR_ORDER,
        later.pattern.subject_span(),
        message,
    )
    .at(later.pattern.path())
    .label("comes second now")
    .also(earlier.pattern.subject_span(), "takes what both match")
    .note("CloudFront takes the first behavior whose pattern matches, in the order of the document")
    .help(format!(
        "put {second} before {first} again, unless the change is meant"
    ));
    let finding = update.also_old(finding, later.old, "came first before");
    let is_of = |change: &Change<'_>, known: &Known<'_>| {
        change.new.map(Element::id) == known.pattern.parent().map(Element::id)
    };
    let spoken = moved
        .iter()
        .find(|(_, c)| is_of(c, earlier) || is_of(c, later));
    update.say(spoken.map(|(place, _)| *place), finding);
}

/// The patterns of both documents, in the order of the newer one.
fn known<'d>(old: &'d Document<'d>, new: &'d Document<'d>) -> Vec<Known<'d>> {
    let patterns = |document: &'d Document<'d>| -> Vec<Element<'d>> {
        let behaviors = Distribution::of(document).map_or_else(Vec::new, |d| d.behaviors);
        let patterns = behaviors.into_iter().filter_map(|b| b.pattern);
        let known = patterns.filter(|pattern| !template_leftover::is_unknown(*pattern));
        known.take(MOST_COMPARED).collect()
    };
    let text = |pattern: Element<'d>| normalised(trimmed(pattern.value()));
    let mut places = HashMap::new();
    for (place, pattern) in patterns(old).into_iter().enumerate() {
        places.entry(text(pattern)).or_insert((place, pattern));
    }
    let known = |pattern: Element<'d>| {
        let (old_place, old) = *places.get(text(pattern))?;
        Some(Known {
            pattern,
            old,
            old_place,
        })
    };
    patterns(new).into_iter().filter_map(known).collect()
}
