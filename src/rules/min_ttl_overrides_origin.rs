//! `min-ttl-overrides-origin`: a MinTTL above 0 in front of an origin that may forbid caching.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// A behavior with such a MinTTL. S3 sends no `Cache-Control` that was not stored with the object, so buckets pass.
pub(crate) fn check(scope: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let (Some(ttl), Some(distribution)) = (behavior.child("MinTTL"), scope.distribution()) else {
        return;
    };
    // A target that names nothing is another rule's business.
    let reaches_others = distribution.target_of(behavior).is_some()
        && distribution.only_s3_origin_of(behavior).is_none();
    if reaches_others {
        findings.push(found(ttl));
    }
}

/// The same in a document of 2012-03-15 or before, beside `CustomOrigin`.
pub(crate) fn check_legacy(_: &Scope<'_>, caching: Element<'_>, findings: &mut Vec<Finding>) {
    findings.extend(caching.child("MinTTL").map(found));
}

fn found(ttl: Element<'_>) -> Finding {
    Finding::new(
        id::MIN_TTL_OVERRIDES_ORIGIN,
        ttl.value_span(),
        "a MinTTL above 0 makes CloudFront cache what the origin forbids to cache",
    )
    .at(ttl.path())
    .label("above 0")
    .help("write 0 if the origin ever answers with no-store, no-cache or private")
}
