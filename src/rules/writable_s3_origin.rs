//! `writable-s3-origin`: all methods are allowed on a bucket that everyone reaches without CloudFront.

use crate::check::is_all_blank;
use crate::distribution::Origin;
use crate::document::Element;
use crate::finding::Finding;
use crate::methods::Methods;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;

/// A behavior that allows all methods, and the S3 origin behind it.
pub(crate) fn check(scope: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(list) = behavior.get(name::ALLOWED_METHODS) else {
        return;
    };
    // Most lists are too short to hold all methods.
    let short = list
        .get(name::QUANTITY)
        .is_some_and(|q| matches!(q.value(), "2" | "3"));
    if short || Methods::in_list(list) != Some(Methods::ALL) {
        return;
    }
    let Some(distribution) = scope.distribution() else {
        return;
    };
    let is_write = |item: &Element<'_>| {
        let method = Methods::of(*item);
        method.is_some_and(|method| !Methods::READ_AND_OPTIONS.contains(method))
    };
    let mut origins = distribution.s3_origins_of(behavior).into_iter();
    let (Some(origin), Some(item)) = (
        origins.find(|origin| !is_restricted(origin)),
        list.items().find(is_write),
    ) else {
        return;
    };
    findings.push(
        Finding::new(
            id::WRITABLE_S3_ORIGIN,
            item.subject_span(),
            "viewers may write to and delete from an S3 origin without access control",
        )
        .at(item.path())
        .label("allows writing")
        .also(origin.element.name_span(), "no access control")
        .note("CloudFront sends these requests unsigned, so they work only if the bucket lets everyone write")
        .help("allow GET, HEAD and OPTIONS only, or set OriginAccessControlId on the origin"),
    );
}

/// Only CloudFront, with its own signature, is meant to reach the bucket.
fn is_restricted(origin: &Origin<'_>) -> bool {
    let identity = origin
        .element
        .get(name::S3_ORIGIN_CONFIG)
        .and_then(|s3| s3.get(name::ORIGIN_ACCESS_IDENTITY));
    let control = origin.element.get(name::ORIGIN_ACCESS_CONTROL_ID);
    [identity, control]
        .into_iter()
        .flatten()
        .any(|element| !is_all_blank(element.value()))
}
