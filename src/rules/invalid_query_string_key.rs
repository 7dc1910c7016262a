//! `invalid-query-string-key`: a query string parameter that cannot be part of the cache key.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// Characters of all names together.
const MOST_CHARACTERS: usize = 512;

/// The length of all names in `QueryStringCacheKeys` together.
pub(crate) fn check(_: &Scope<'_>, keys: Element<'_>, findings: &mut Vec<Finding>) {
    let mut length = 0;
    for name in keys.items() {
        if template_leftover::is_unknown(name) {
            return;
        }
        length += trimmed(name.value()).chars().count();
    }
    let Some(items) = keys.child("Items").filter(|_| length > MOST_CHARACTERS) else {
        return;
    };
    findings.push(
        Finding::new(
            id::INVALID_QUERY_STRING_KEY,
            items.name_span(),
            format!(
                "the names of the parameters have {length} characters together, more than {MOST_CHARACTERS}"
            ),
        )
        .at(items.path())
        .label("too long together")
        .help("delete names; without QueryStringCacheKeys, all parameters count"),
    );
}
