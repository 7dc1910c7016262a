//! `access-control-without-https`: requests that are signed must travel over HTTPS.

use crate::distribution::endpoint_of;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::scope::Scope;
use crate::value::host::Endpoint;

/// Called where there is an origin access control and a policy other than https-only.
pub(crate) fn check(_: &Scope<'_>, policy: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = policy.parent().and_then(Element::parent) else {
        return;
    };
    let what = match endpoint_of(origin) {
        Some(Endpoint::MediaStore) => "MediaStore",
        Some(Endpoint::MediaPackageV2) => "MediaPackage",
        Some(Endpoint::LambdaUrl) => "a Lambda function URL",
        _ => return,
    };
    let finding = Finding::new(
        id::ACCESS_CONTROL_WITHOUT_HTTPS,
        policy.value_span(),
        format!(
            "OriginProtocolPolicy is {}, but {what} with an origin access control needs https-only",
            policy.shown_value()
        ),
    )
    .at(policy.path())
    .label("allows HTTP")
    .help("write https-only")
    .fix(repair::write(policy, "https-only", Safety::Unsafe));
    findings.push(match origin.child("OriginAccessControlId") {
        Some(control) => finding.also(control.value_span(), "requests are signed"),
        None => finding,
    });
}
