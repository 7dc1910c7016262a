//! `unsupported-origin-access-control`: an origin access control on an origin that cannot have one.

use crate::distribution::endpoint_of;
use crate::document::Element;
use crate::finding::{ApiError, Confidence, Finding, Level};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::value::host::Endpoint;

/// OriginAccessControlId with a value, against the domain and the type of its origin.
pub(crate) fn check(_: &Scope<'_>, control: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = control
        .parent()
        .filter(|_| !template_leftover::is_wholly_unknown(control))
    else {
        return;
    };
    if let Some(vpc) = origin.child("VpcOriginConfig") {
        let finding = found(control, "a VPC origin cannot have an origin access control")
            .level(Level::Warning)
            .confidence(Confidence::Inferred)
            .api(Some(ApiError {
                code: "InvalidArgument",
                status: 400,
            }));
        findings.push(finding.also(vpc.name_span(), "a VPC origin"));
        return;
    }
    // If the domain is no bucket, `invalid-s3-origin-domain` says so.
    if origin.child("S3OriginConfig").is_some() {
        return;
    }
    let (Some(domain), Some(endpoint)) = (origin.child("DomainName"), endpoint_of(origin)) else {
        return;
    };
    let what = match endpoint {
        Endpoint::S3Bucket { .. }
        | Endpoint::S3AccessPoint
        | Endpoint::MediaStore
        | Endpoint::MediaPackageV2
        | Endpoint::LambdaUrl
        | Endpoint::S3Accelerate { .. } => return,
        Endpoint::S3Website { .. } => "the website endpoint of a bucket",
        Endpoint::LoadBalancer => "a load balancer",
        Endpoint::ApiGateway => "an API Gateway",
        Endpoint::CloudFront => "a CloudFront distribution",
        Endpoint::Other => "this domain",
    };
    let mut finding = found(
        control,
        &format!("{what} cannot have an origin access control"),
    );
    let name = domain.value().to_ascii_lowercase();
    if matches!(endpoint, Endpoint::Other) && name.contains(".amazonaws.") {
        finding = finding
            .level(Level::Warning)
            .confidence(Confidence::Inferred);
    }
    findings.push(finding.also(domain.value_span(), what));
}

fn found(control: Element<'_>, message: &str) -> Finding {
    Finding::new(
        id::UNSUPPORTED_ORIGIN_ACCESS_CONTROL,
        control.value_span(),
        message,
    )
    .at(control.path())
    .label("not for this origin")
    .note("only buckets, MediaStore, MediaPackage v2 and Lambda function URLs check the signature")
    .help("delete OriginAccessControlId, or write the domain of the bucket or function itself")
}
