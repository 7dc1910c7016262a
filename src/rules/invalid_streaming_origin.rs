//! `invalid-streaming-origin`: the origin of a streaming distribution is no S3 bucket.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, classify};

/// A bucket by any of its endpoints.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    let is_bucket = matches!(
        classify(value),
        Endpoint::S3Bucket { .. } | Endpoint::S3Website { .. } | Endpoint::S3Accelerate { .. }
    );
    if value.is_empty()
        || element.has_children()
        || is_unknown(element)
        || is_bucket && !value.contains(['/', ':'])
    {
        return;
    }
    findings.push(
        Finding::new(
            id::INVALID_STREAMING_ORIGIN,
            element.subject_span(),
            format!("{} is no endpoint of an S3 bucket", element.shown_value()),
        )
        .at(element.path())
        .label("expected BUCKET.s3.amazonaws.com")
        .help("name the bucket with its endpoint: BUCKET.s3.amazonaws.com"),
    );
}
