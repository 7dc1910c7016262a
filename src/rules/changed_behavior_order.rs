//! `changed-behavior-order`: a path pattern takes requests from another one that came before it.

use std::collections::{BTreeMap, HashMap};

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::distribution::Distribution;
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::suggest;
use crate::update::{Update, is_in};
use crate::value::path_pattern::{self, Wide, normalised};

/// So many behaviors are compared with each other. The quota is 75.
const MOST_COMPARED: usize = 250;
/// So many patterns are named in one message.
const NAMED: usize = 3;
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
    // The patterns that one takes some requests from, by its place.
    let mut overtaken: BTreeMap<usize, Vec<&Known<'_>>> = BTreeMap::new();
    for (n, later) in known.iter().enumerate() {
        let mut overtakers = (known[..n].iter().enumerate())
            .filter(|(_, earlier)| earlier.old_place > later.old_place);
        let found = overtakers.find_map(|(m, k)| Some((m, k, takes(k, later, &mut asked)?)));
        match found {
            Some((_, earlier, true)) => report(update, &moved, earlier, later, true),
            Some((place, _, false)) => overtaken.entry(place).or_default().push(later),
            None => {}
        }
    }
    for (place, overtaken) in overtaken {
        let earlier = &known[place];
        match overtaken[..] {
            [first, _, ..] if move_of(&moved, earlier).is_some() => {
                report_many(update, &moved, earlier, first, &overtaken);
            }
            _ => (overtaken.iter()).for_each(|later| report(update, &moved, earlier, later, false)),
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
    let spoken = move_of(moved, earlier).or_else(|| move_of(moved, later));
    update.say(spoken, finding);
}

/// One pattern has moved up and takes some requests from several others.
fn report_many<'d>(
    update: &mut Update<'d>,
    moved: &[(usize, Change<'d>)],
    earlier: &Known<'d>,
    first: &Known<'d>,
    others: &[&Known<'d>],
) {
    let names: Vec<String> = (others.iter().take(NAMED))
        .map(|other| other.pattern.shown_value())
        .collect();
    let words = match others.len().saturating_sub(NAMED) {
        0 => suggest::alternatives(names.iter().map(String::as_str), "and"),
        more => format!("{} and {more} more", names.join(", ")),
    };
    let name = earlier.pattern.shown_value();
    let message =
        format!("the path pattern {name} takes requests from {words}, since it comes first now");
    let mut finding = Finding::new(
        id::CHANGED_BEHAVIOR_ORDER,
        earlier.pattern.subject_span(),
        message,
    )
    .at(earlier.pattern.path())
    .label("takes what both match")
    .note("CloudFront takes the first behavior whose pattern matches, in the order of the document")
    .help(format!(
        "put {name} behind them again, unless the change is meant"
    ));
    for other in others.iter().take(NAMED) {
        finding = finding.also(other.pattern.subject_span(), "comes second now");
    }
    let finding = update.also_old(finding, first.old, "came first before");
    update.say(move_of(moved, earlier), finding);
}

/// The change that says that a pattern has moved.
fn move_of(moved: &[(usize, Change<'_>)], known: &Known<'_>) -> Option<usize> {
    let behavior = known.pattern.parent().map(Element::id);
    let is_it = |change: &Change<'_>| change.new.map(Element::id) == behavior;
    let found = moved.iter().find(|(_, change)| is_it(change));
    found.map(|(place, _)| *place)
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
