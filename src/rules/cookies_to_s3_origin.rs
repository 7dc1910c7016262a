//! `cookies-to-s3-origin`: cookies are part of the cache key, though S3 does not read them.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// A behavior that forwards cookies to nothing but S3 origins.
pub(crate) fn check(scope: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let forward = behavior
        .child("ForwardedValues")
        .and_then(|values| values.child("Cookies"))
        .and_then(|cookies| cookies.child("Forward"));
    let (Some(forward), Some(distribution)) = (forward, scope.distribution()) else {
        return;
    };
    let Some(origin) = distribution.only_s3_origin_of(behavior) else {
        return;
    };
    findings.push(
        Finding::new(
            id::COOKIES_TO_S3_ORIGIN,
            forward.subject_span(),
            "cookies are forwarded to an S3 origin, which does not read them",
        )
        .at(forward.path())
        .label("splits the cache")
        .also(origin.element.name_span(), "the S3 origin")
        .note("CloudFront caches an object again for each set of cookies that viewers send")
        .help("write none"),
    );
}
