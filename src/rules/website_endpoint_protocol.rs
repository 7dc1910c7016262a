//! `website-endpoint-protocol`: the website endpoint of a bucket speaks HTTP alone, at port 80.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::host::Endpoint;

/// The protocol and the port beside a website endpoint.
pub(crate) fn check(scope: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = config.parent() else {
        return;
    };
    let (Some(Endpoint::S3Website { .. }), Some(domain)) =
        (scope.endpoint_of(origin), origin.get(name::DOMAIN_NAME))
    else {
        return;
    };
    let found = |element: Element<'_>, message: String| {
        Finding::new(id::WEBSITE_ENDPOINT_PROTOCOL, element.value_span(), message)
            .at(element.path())
            .also(domain.value_span(), "a website endpoint")
    };
    if let Some(policy) = config.get(name::ORIGIN_PROTOCOL_POLICY) {
        let finding = match trimmed(policy.value()) {
            "https-only" => Some("the website endpoint of a bucket does not speak HTTPS"),
            "match-viewer" => Some("the website endpoint of a bucket cannot answer HTTPS viewers"),
            _ => None,
        };
        findings.extend(finding.map(|message| {
            found(policy, message.to_owned())
                .label("needs http-only")
                .help("write http-only, or use the REST endpoint with S3OriginConfig")
                .fix(repair::write(policy, "http-only", Safety::Unsafe))
        }));
    }
    let port = config
        .get(name::HTTP_PORT)
        .and_then(|port| Some((port, trimmed(port.value()).parse::<i64>().ok()?)));
    if let Some((port, number)) = port.filter(|(_, number)| *number != 80) {
        let message = format!("the website endpoint of a bucket does not listen on port {number}");
        let fix = repair::write(port, "80", Safety::Unsafe);
        findings.push(
            found(port, message)
                .label("needs 80")
                .help("write 80")
                .fix(fix),
        );
    }
}
