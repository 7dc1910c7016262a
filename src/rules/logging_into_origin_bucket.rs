//! `logging-into-origin-bucket`: access logs are written into a bucket from which the distribution serves.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, classify};

/// Compares the bucket for logs with those of the origins.
pub(crate) fn check(scope: &Scope<'_>, logs: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(bucket) = bucket_of(logs) else {
        return;
    };
    let is_same = |domain: &Element<'_>| {
        bucket_of(*domain).is_some_and(|other| other.eq_ignore_ascii_case(bucket))
    };
    let origins = scope.distribution().map(|d| d.origins.as_slice());
    let domains = origins.unwrap_or_default().iter();
    let mut domains = domains.filter_map(|origin| origin.element.child("DomainName"));
    let config = logs.parent().and_then(Element::parent);
    let origin = domains
        .find(is_same)
        .or_else(|| config.and_then(single_origin).filter(is_same));
    let Some(origin) = origin else {
        return;
    };
    let message = format!(
        "access logs go into {}, from which the distribution serves",
        logs.shown_value()
    );
    findings.push(
        Finding::new(id::LOGGING_INTO_ORIGIN_BUCKET, logs.subject_span(), message)
            .at(logs.path())
            .label("also an origin")
            .also(origin.subject_span(), "the origin")
            .help("write the logs into a bucket of their own"),
    );
}

/// The origin of a streaming distribution, and of any up to 2012-03-15.
fn single_origin(config: Element<'_>) -> Option<Element<'_>> {
    let names = ["DomainName", "DNSName"];
    match config.child("S3Origin") {
        Some(origin) => names.into_iter().find_map(|name| origin.child(name)),
        None => config.child("Origin"),
    }
}

/// The bucket that a domain name leads to.
fn bucket_of(domain: Element<'_>) -> Option<&str> {
    if is_unknown(domain) {
        return None;
    }
    match classify(trimmed(domain.value())) {
        Endpoint::S3Bucket { bucket, .. }
        | Endpoint::S3Website { bucket, .. }
        | Endpoint::S3Accelerate { bucket } => Some(bucket),
        _ => None,
    }
}
