//! `invalid-legacy-origin`: the origin of an old document is no S3 bucket.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{ApiError, Finding};
use crate::rule::{Operation, id};
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, classify};

/// The endpoint of a bucket; no other servers were known up to 2010-08-01.
pub(crate) fn check(scope: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    let is_bucket =
        matches!(classify(value), Endpoint::S3Bucket { .. }) && !value.contains(['/', ':']);
    if value.is_empty() || element.has_children() || is_unknown(element) || is_bucket {
        return;
    }
    let finding = Finding::new(
        id::INVALID_LEGACY_ORIGIN,
        element.subject_span(),
        format!(
            "Origin {} is no endpoint of an S3 bucket",
            element.shown_value()
        ),
    )
    .at(element.path())
    .label("expected BUCKET.s3.amazonaws.com")
    .help("name the bucket with its endpoint, or use a later API version for other servers");
    findings.push(with_code(scope, finding));
}

/// No origin at all in a version that knows buckets alone.
pub(crate) fn missing(scope: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let name = config.shown_name();
    let finding = Finding::new(
        id::INVALID_LEGACY_ORIGIN,
        config.name_span(),
        format!("{name} has no Origin"),
    )
    .at(config.path())
    .label("Origin is missing")
    .help("add <Origin>BUCKET.s3.amazonaws.com</Origin>");
    findings.push(with_code(scope, finding));
}

/// The code of the rule is that for two origins.
fn with_code(scope: &Scope<'_>, finding: Finding) -> Finding {
    match scope.operation() {
        Operation::Update => finding.api(Some(ApiError {
            code: "InvalidArgument",
            status: 400,
        })),
        _ => finding,
    }
}
