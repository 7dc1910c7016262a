//! `too-many-invalidation-paths`: an invalidation has more paths with an asterisk than the quota allows at once.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::{id, option};
use crate::scope::Scope;

/// Counts the paths that end in an asterisk; a declarative check counts all.
pub(crate) fn check(scope: &Scope<'_>, paths: Element<'_>, findings: &mut Vec<Finding>) {
    let is_wide = |path: &Element<'_>| {
        let value = trimmed(path.value());
        value.ends_with('*') && !value.starts_with('#')
    };
    let count = paths.items().filter(is_wide).count();
    let most = scope.number(option::MAX_WILDCARD_PATHS);
    let Some(items) = paths.child("Items").filter(|_| count as i64 > most) else {
        return;
    };
    findings.push(
        Finding::new(
            id::TOO_MANY_INVALIDATION_PATHS,
            items.name_span(),
            format!("{count} paths with an asterisk are more than the quota of {most}"),
        )
        .at(paths.path())
        .label(format!("{count} paths with an asterisk"))
        .note("AWS raises this quota on request; `--set max-wildcard-paths=NUMBER` tells what yours is")
        .help("send several batches one after the other, or invalidate a folder further up"),
    );
}
