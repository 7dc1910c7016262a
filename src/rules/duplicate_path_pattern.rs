//! `duplicate-path-pattern`: two cache behaviors have the same path pattern.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::lookup::Lookup;
use crate::rule::id;
use crate::rules::unreachable_cache_behavior::Earlier;
use crate::rules::{
    shadowed_default_cache_behavior, template_leftover, unreachable_cache_behavior,
};
use crate::schema::name;
use crate::scope::Scope;
use crate::value::path_pattern;

/// The patterns of `CacheBehaviors`, each with those before it; a leading slash makes no difference.
///
/// Two other rules ask for the same patterns, so this is the one look at them for all three.
pub(crate) fn check(scope: &Scope<'_>, behaviors: Element<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Lookup::new();
    let mut earlier = Earlier::default();
    let mut all_taken = false;
    for (place, behavior) in behaviors.items().enumerate() {
        let Some(pattern) = behavior.get(name::PATH_PATTERN) else {
            continue;
        };
        let written = trimmed(pattern.value());
        if written.is_empty() || template_leftover::is_unknown(pattern) {
            continue;
        }
        let normalised = path_pattern::normalised(written);
        if let Some(first) = seen.insert(normalised, pattern) {
            findings.push(report(pattern, first));
            continue;
        }
        if !all_taken && shadowed_default_cache_behavior::takes_all(normalised) {
            all_taken = true;
            findings.push(shadowed_default_cache_behavior::report(scope, pattern));
        }
        if let Some(covering) = earlier.covering(place, pattern, written) {
            findings.push(unreachable_cache_behavior::report(pattern, covering));
        }
    }
}

fn report(pattern: Element<'_>, first: Element<'_>) -> Finding {
    let shown = pattern.shown_value();
    let finding = Finding::new(
        id::DUPLICATE_PATH_PATTERN,
        pattern.subject_span(),
        format!("the path pattern {shown} stands twice"),
    )
    .at(pattern.path())
    .label("never reached")
    .also(first.subject_span(), "takes all its requests")
    .help("delete one of the two behaviors, or change its pattern");
    match trimmed(first.value()) == trimmed(pattern.value()) {
        true => finding,
        false => finding.note("a leading slash makes no difference in a path pattern"),
    }
}
