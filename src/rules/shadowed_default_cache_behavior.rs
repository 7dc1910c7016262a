//! `shadowed-default-cache-behavior`: a path pattern matches every path.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::path_pattern;

/// The first pattern in `CacheBehaviors` that is nothing but asterisks. Those after it are never reached, which another
/// rule says.
pub(crate) fn check(scope: &Scope<'_>, behaviors: Element<'_>, findings: &mut Vec<Finding>) {
    let mut patterns = behaviors.items().filter_map(|b| b.get(name::PATH_PATTERN));
    let Some(pattern) = patterns.find(|pattern| {
        let stars = path_pattern::normalised(trimmed(pattern.value()));
        !stars.is_empty() && stars.bytes().all(|b| b == b'*')
    }) else {
        return;
    };
    let finding = Finding::new(
        id::SHADOWED_DEFAULT_CACHE_BEHAVIOR,
        pattern.subject_span(),
        format!(
            "the path pattern {} matches every path, so the default behavior is never used",
            pattern.shown_value()
        ),
    )
    .at(pattern.path())
    .label("takes all requests")
    .help("write these settings into DefaultCacheBehavior, and delete this behavior");
    let default = scope
        .distribution()
        .and_then(|d| d.config.get(name::DEFAULT_CACHE_BEHAVIOR));
    findings.push(match default {
        Some(default) => finding.also(default.name_span(), "never used"),
        None => finding,
    });
}
