//! `s3-bucket-as-custom-origin`: a bucket is treated like any web server.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::host::Endpoint;

/// CustomOriginConfig beside the REST endpoint of a bucket.
pub(crate) fn check(scope: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = config.parent() else {
        return;
    };
    // Both types are `conflicting-origin-types`.
    if origin.get(name::S3_ORIGIN_CONFIG).is_some() {
        return;
    }
    let (Some(Endpoint::S3Bucket { .. }), Some(domain)) =
        (scope.endpoint_of(origin), origin.get(name::DOMAIN_NAME))
    else {
        return;
    };
    let finding = Finding::new(
        id::S3_BUCKET_AS_CUSTOM_ORIGIN,
        config.name_span(),
        "CustomOriginConfig makes CloudFront treat the bucket like any web server",
    );
    findings.push(
        finding
            .at(config.path())
            .label("no access control is possible")
            .also(domain.value_span(), "a bucket")
            .help("replace it by <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>")
            .fix(Fix::risky(
                "replace it by S3OriginConfig",
                repair::replace_by(config, name::S3_ORIGIN_CONFIG, &[("OriginAccessIdentity", "")]),
            )),
    );
}
