//! `invalid-field-level-encryption`: a behavior encrypts fields, but its methods or its origin do not allow it.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

use super::invalid_grpc::{Obstacle, lacks_method, obstacle};

/// Forms are sent with these.
const METHODS: [&str; 2] = ["POST", "PUT"];

/// Methods and origin of the behavior around a FieldLevelEncryptionId.
pub(crate) fn check(scope: &Scope<'_>, encryption: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(behavior) = encryption.parent() else {
        return;
    };
    if template_leftover::is_unknown(encryption) {
        return;
    }
    let new = |span, message: String, at: Element<'_>| {
        Finding::new(id::INVALID_FIELD_LEVEL_ENCRYPTION, span, message).at(at.path())
    };
    if let Some(missing) = METHODS
        .into_iter()
        .find(|method| lacks_method(behavior, method))
    {
        let message = format!("field-level encryption needs {missing} among the methods");
        let finding = match behavior.child("AllowedMethods") {
            Some(methods) => {
                let items = methods.child("Items").unwrap_or(methods);
                new(items.name_span(), message, methods)
                    .label(format!("{missing} is not allowed"))
                    .also(encryption.subject_span(), "fields are encrypted")
            }
            None => new(encryption.subject_span(), message, encryption)
                .label("allows GET and HEAD only"),
        };
        findings.push(finding.help("allow all seven methods"));
    }
    match obstacle(scope, behavior) {
        Some(Obstacle::Http(policy)) => findings.push(
            new(
                encryption.subject_span(),
                "field-level encryption needs an origin with HTTPS".to_owned(),
                encryption,
            )
            .label("its origin gets HTTP")
            .also(policy.subject_span(), "no HTTPS to this origin")
            .help("write https-only or match-viewer as OriginProtocolPolicy"),
        ),
        Some(Obstacle::Bucket(bucket)) => findings.push(
            new(
                encryption.subject_span(),
                "field-level encryption with a bucket as origin".to_owned(),
                encryption,
            )
            .label("a bucket cannot read forms")
            .also(bucket.name_span(), "the bucket")
            .help("send the requests to a custom origin, or empty FieldLevelEncryptionId"),
        ),
        None => {}
    }
}
