//! `shadowed-default-cache-behavior`: a path pattern matches every path.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;

/// Whether a pattern, without its leading slash, is nothing but asterisks.
pub(crate) fn takes_all(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|b| b == b'*')
}

/// The first such pattern in `CacheBehaviors`. Those after it are never reached, which another rule says.
pub(crate) fn report(scope: &Scope<'_>, pattern: Element<'_>) -> Finding {
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
    match default {
        Some(default) => finding.also(default.name_span(), "never used"),
        None => finding,
    }
}
