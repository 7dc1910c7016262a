//! `pattern-outside-primary`: a path pattern of a staging distribution is no part of one of the primary one's.

use std::sync::Arc;

use crate::check::{Primary, trimmed};
use crate::distribution::Distribution;
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::lookup::Lookup;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::value::path_pattern::{Wide, normalised};

/// So many patterns with wildcards of the primary distribution are compared with so many others: the work is bounded by a
/// constant. The quota is 75 behaviors.
const MOST_COMPARED: usize = 250;

/// Each pattern is looked up first, which finds nearly all.
pub(crate) fn check(staging: &Document<'_>, primary: &Primary<'_>, findings: &mut Vec<Finding>) {
    let known = patterns(primary.document);
    let mut same = Lookup::new();
    for (_, pattern) in &known {
        same.insert(normalised(pattern), ());
    }
    let with_wildcard = known
        .iter()
        .filter(|(_, pattern)| pattern.contains(['*', '?']));
    let wide: Vec<Wide<'_>> = with_wildcard
        .take(MOST_COMPARED + 1)
        .map(|(_, pattern)| Wide::new(pattern))
        .collect();
    let unknown = known
        .iter()
        .any(|(element, _)| template_leftover::is_unknown(*element));
    if unknown || wide.len() > MOST_COMPARED {
        return;
    }
    let others = patterns(staging).into_iter().filter(|(element, pattern)| {
        same.get(normalised(pattern)).is_none() && !template_leftover::is_unknown(*element)
    });
    for (element, pattern) in others.take(MOST_COMPARED) {
        if !wide.iter().any(|wide| wide.includes(pattern)) {
            findings.push(report(element, primary));
        }
    }
}

fn patterns<'d>(document: &'d Document<'d>) -> Vec<(Element<'d>, &'d str)> {
    let distribution = Distribution::of(document);
    let behaviors = distribution.map(|d| d.behaviors).unwrap_or_default();
    let patterns = behaviors
        .into_iter()
        .filter_map(|behavior| behavior.pattern);
    patterns
        .map(|pattern| (pattern, trimmed(pattern.value())))
        .collect()
}

fn report(pattern: Element<'_>, primary: &Primary<'_>) -> Finding {
    let shown = pattern.shown_value();
    let config = crate::compare::configuration(primary.document);
    let list = config
        .child("CacheBehaviors")
        .filter(|list| list.items().next().is_some());
    let (place, label) = match list {
        Some(list) => (list, "none of these is or includes it"),
        None => (config, "has no path patterns"),
    };
    Finding::new(
        id::PATTERN_OUTSIDE_PRIMARY,
        pattern.subject_span(),
        format!("no path pattern of the primary distribution covers {shown}"),
    )
    .at(pattern.path())
    .label("not in the primary one")
    .also_in(
        Arc::clone(&primary.source),
        place.name_span(),
        label,
    )
    .note("the patterns of a staging distribution have to be those of the primary one, or parts of them")
    .help(format!("give the primary distribution a behavior for {shown} first"))
}
