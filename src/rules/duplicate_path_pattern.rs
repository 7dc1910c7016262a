//! `duplicate-path-pattern`: two cache behaviors have the same path pattern.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::lookup::Lookup;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::path_pattern;

/// The patterns of `CacheBehaviors`, each with those before it; a leading slash makes no difference.
pub(crate) fn check(_: &Scope<'_>, behaviors: Element<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Lookup::new();
    for pattern in behaviors.items().filter_map(|b| b.get(name::PATH_PATTERN)) {
        let written = trimmed(pattern.value());
        if written.is_empty() || template_leftover::is_unknown(pattern) {
            continue;
        }
        if let Some(first) = seen.insert(path_pattern::normalised(written), pattern) {
            findings.push(report(pattern, first));
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
