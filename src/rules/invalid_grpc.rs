//! `invalid-grpc`: a behavior is to carry gRPC, but its methods, the HTTP version or its origin do not allow it.

use crate::check::trimmed;
use crate::distribution::Target;
use crate::document::Element;
use crate::finding::{Confidence, Finding};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::source::Span;

/// What keeps encrypted requests from an origin.
pub(crate) enum Obstacle<'d> {
    /// OriginProtocolPolicy is `http-only`.
    Http(Element<'d>),
    /// The origin is a bucket: its S3OriginConfig.
    Bucket(Element<'d>),
}

/// Methods and origin of the behavior around `GrpcConfig/Enabled`, which is true.
pub(crate) fn check(scope: &Scope<'_>, enabled: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(behavior) = enabled.parent().and_then(Element::parent) else {
        return;
    };
    if lacks_method(behavior, "POST") {
        let message = "gRPC needs POST among the methods";
        let finding = match behavior.child("AllowedMethods") {
            Some(methods) => {
                let items = methods.child("Items").unwrap_or(methods);
                new(items.name_span(), message, methods)
                    .label("POST is not allowed")
                    .also(enabled.subject_span(), "gRPC is on")
            }
            None => new(enabled.subject_span(), message, enabled).label("allows GET and HEAD only"),
        };
        findings.push(
            finding
                .confidence(Confidence::Verified)
                .help("allow all seven methods"),
        );
    }
    match obstacle(scope, behavior) {
        Some(Obstacle::Http(policy)) => findings.push(
            new(
                enabled.subject_span(),
                "gRPC needs an origin with HTTPS",
                enabled,
            )
            .label("its origin gets HTTP")
            .also(policy.subject_span(), "no HTTPS to this origin")
            .help("write https-only or match-viewer as OriginProtocolPolicy"),
        ),
        Some(Obstacle::Bucket(bucket)) => findings.push(
            new(
                enabled.subject_span(),
                "gRPC with a bucket as origin",
                enabled,
            )
            .label("a bucket speaks no gRPC")
            .also(bucket.name_span(), "the bucket")
            .help("send the requests to a custom origin, or write false"),
        ),
        None => {}
    }
}

/// An HttpVersion without HTTP/2, where some behavior carries gRPC.
pub(crate) fn version(scope: &Scope<'_>, version: Element<'_>, findings: &mut Vec<Finding>) {
    let enabled = |behavior: Element<'_>| {
        let enabled = behavior.child("GrpcConfig")?.child("Enabled")?;
        (trimmed(enabled.value()) == "true").then(|| enabled.subject_span())
    };
    let behaviors = scope.distribution().map(|d| d.behaviors.as_slice());
    let Some(enabled) = behaviors
        .unwrap_or_default()
        .iter()
        .find_map(|behavior| enabled(behavior.element))
    else {
        return;
    };
    let message = format!(
        "gRPC needs HTTP/2, but HttpVersion is {}",
        version.shown_value()
    );
    findings.push(
        new(version.subject_span(), message, version)
            .label("without HTTP/2")
            .also(enabled, "gRPC is on")
            .help("write http2 or http2and3"),
    );
}

fn new(span: Span, message: impl Into<String>, at: Element<'_>) -> Finding {
    Finding::new(id::INVALID_GRPC, span, message).at(at.path())
}

/// Whether a behavior does not allow a method, as far as all of its methods are known.
pub(crate) fn lacks_method(behavior: Element<'_>, method: &str) -> bool {
    let Some(allowed) = behavior.child("AllowedMethods") else {
        return true;
    };
    allowed
        .items()
        .all(|item| trimmed(item.value()) != method && !template_leftover::is_unknown(item))
}

/// What keeps encrypted requests of a behavior from the first of its origins that cannot take them.
pub(crate) fn obstacle<'d>(scope: &Scope<'d>, behavior: Element<'_>) -> Option<Obstacle<'d>> {
    // A group has two members; one with more is reported for that, and many behaviors may lead to it.
    const MEMBERS: usize = 2;
    let distribution = scope.distribution()?;
    match distribution.target_of(behavior)? {
        Target::Origin(index) => obstacle_at(distribution.origins[index].element),
        Target::Group(index) => {
            let members = distribution.groups[index].members.iter().take(MEMBERS);
            members
                .filter_map(|id| match distribution.target(trimmed(id.value()))? {
                    Target::Origin(index) => Some(distribution.origins[index].element),
                    Target::Group(_) => None,
                })
                .find_map(obstacle_at)
        }
    }
}

fn obstacle_at(origin: Element<'_>) -> Option<Obstacle<'_>> {
    let custom = origin.child("CustomOriginConfig");
    let policy = custom.and_then(|custom| custom.child("OriginProtocolPolicy"));
    let http = policy.filter(|policy| trimmed(policy.value()) == "http-only");
    // What is both is reported for that.
    match (custom, origin.child("S3OriginConfig")) {
        (None, Some(bucket)) => Some(Obstacle::Bucket(bucket)),
        _ => http.map(Obstacle::Http),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Confidence, Level, Settings, Source, check};

    /// What two rules say of a behavior that carries gRPC and encrypted forms to an origin of a group.
    fn findings(second: &str) -> Vec<(&'static str, Level, Confidence)> {
        let text = format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Origins><Quantity>2</Quantity>\
             <Items><Origin><Id>a</Id><CustomOriginConfig><OriginProtocolPolicy>https-only</OriginProtocolPolicy>\
             </CustomOriginConfig></Origin><Origin><Id>b</Id>{second}</Origin></Items></Origins><OriginGroups>\
             <Quantity>1</Quantity><Items><OriginGroup><Id>g</Id><Members><Quantity>2</Quantity><Items><OriginGroupMember>\
             <OriginId>a</OriginId></OriginGroupMember><OriginGroupMember><OriginId>b</OriginId></OriginGroupMember></Items>\
             </Members></OriginGroup></Items></OriginGroups><DefaultCacheBehavior><TargetOriginId>g</TargetOriginId>\
             <AllowedMethods><Items><Method>POST</Method><Method>PUT</Method></Items></AllowedMethods>\
             <FieldLevelEncryptionId>C2EXAMPLE</FieldLevelEncryptionId><GrpcConfig><Enabled>true</Enabled></GrpcConfig>\
             </DefaultCacheBehavior></DistributionConfig>"
        );
        let source = Source::from_bytes("test.xml", text.into_bytes());
        let findings = check(&source, None, &Settings::default()).findings;
        findings
            .iter()
            .filter(|f| ["invalid-grpc", "invalid-field-level-encryption"].contains(&f.rule.name()))
            .map(|f| (f.rule.name(), f.level, f.confidence))
            .collect()
    }

    #[test]
    fn both_members_of_a_group_count() {
        let http = "<CustomOriginConfig><OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig>";
        let bucket = "<S3OriginConfig><OriginAccessIdentity/></S3OriginConfig>";
        let vpc = "<VpcOriginConfig><VpcOriginId>vo_example</VpcOriginId></VpcOriginConfig>";
        for (origin, level, confidence) in [
            (http, Level::Error, Confidence::Documented),
            (bucket, Level::Error, Confidence::Documented),
        ] {
            let rules = ["invalid-field-level-encryption", "invalid-grpc"];
            assert_eq!(
                findings(origin),
                rules.map(|rule| (rule, level, confidence))
            );
        }
        assert_eq!(findings(vpc), []);
    }
}
