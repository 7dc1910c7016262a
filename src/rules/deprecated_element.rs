//! `deprecated-element`: an element that the API version deprecates.

use crate::check::{is_all_blank, trimmed};
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::Kind;
use crate::vocabulary::evaluate::is_filled;

/// Elements that are deprecated together, those first that speak for the others beside them, and what to write instead.
const GROUPS: [(&[&str], &str); 3] = [
    (
        &["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"],
        "name a cache policy in CachePolicyId, and what only the origin needs in OriginRequestPolicyId; delete ForwardedValues, \
         MinTTL, DefaultTTL and MaxTTL",
    ),
    (
        &["Certificate", "CertificateSource"],
        "write ACMCertificateArn, IAMCertificateId or CloudFrontDefaultCertificate",
    ),
    (
        &["IAMCertificateId", "CloudFrontDefaultCertificate"],
        "write Certificate and CertificateSource, or take a later API version, in which it is no longer deprecated",
    ),
];

/// Members that name a certificate. Of those deprecated in a version, each repeats one that is not.
const CERTIFICATES: [&str; 4] = [
    "ACMCertificateArn",
    "IAMCertificateId",
    "CloudFrontDefaultCertificate",
    "Certificate",
];

/// A deprecated element, the first of its name; nothing if it says nothing or another finding covers it.
pub(crate) fn report(element: Element<'_>) -> Option<Finding> {
    let parent = element.parent()?;
    if !says_something(element) || is_covered(element, parent) {
        return None;
    }
    let name = element.shown_name();
    let version = element.document().version();
    let group = GROUPS
        .iter()
        .find(|(names, _)| names.contains(&element.name()));
    let finding = Finding::new(
        id::DEPRECATED_ELEMENT,
        element.name_span(),
        format!("{name} is deprecated in API version {version}"),
    )
    .at(element.path())
    .label("deprecated");
    Some(match group {
        Some((_, help)) => finding.help(*help).fix(modern_certificate(parent)),
        None => finding,
    })
}

/// Writes `Certificate` and `CertificateSource` as the one element that replaced them.
fn modern_certificate(parent: Element<'_>) -> Option<Fix> {
    let source = parent.child("CertificateSource")?;
    let certificate = parent.child("Certificate");
    let name = match trimmed(source.value()) {
        "acm" => "ACMCertificateArn",
        "iam" => "IAMCertificateId",
        "cloudfront" => "CloudFrontDefaultCertificate",
        _ => return None,
    };
    let version = parent.document().version();
    let member = parent.shape()?.member(name)?;
    let is_current = member.exists_in(version) && !member.is_deprecated(version);
    let stands = |name: &str| parent.child(name).is_some();
    if !is_current || stands(name) || stands("CloudFrontDefaultCertificate") {
        return None;
    }
    let edits = match certificate.filter(|c| !trimmed(c.value()).is_empty()) {
        // CloudFront's own certificate has no name.
        None if name == "CloudFrontDefaultCertificate" => repair::all([
            repair::rename(source, name),
            repair::set_value(source, "true"),
            repair::remove(certificate),
        ]),
        Some(certificate) if name != "CloudFrontDefaultCertificate" => {
            repair::all([repair::rename(certificate, name), repair::remove([source])])
        }
        _ => None,
    };
    Fix::safe(format!("write it as {name}"), edits)
}

/// Not blank, not a list without items, and not false, which is what an element that is left out means.
fn says_something(element: Element<'_>) -> bool {
    let is_false = element
        .shape()
        .is_some_and(|shape| matches!(shape.kind, Kind::Boolean))
        && trimmed(element.value()) == "false";
    let is_blank = !element.has_children() && is_all_blank(element.value());
    is_filled(element) && !is_false && !is_blank
}

fn is_covered(element: Element<'_>, parent: Element<'_>) -> bool {
    let name = element.name();
    let says = |name: &str| parent.child(name).is_some_and(says_something);
    let is_certificate = GROUPS[1..].iter().any(|(names, _)| names.contains(&name));
    if is_certificate {
        // CloudFront's own answers repeat the certificate in the old and in the new form.
        let version = element.document().version();
        let current = |name: &&str| {
            let member = parent.shape().and_then(|shape| shape.member(name));
            member.is_some_and(|m| m.exists_in(version) && !m.is_deprecated(version))
        };
        return CERTIFICATES.iter().filter(|n| current(n)).any(|n| says(n))
            || name == "CertificateSource" && says("Certificate");
    }
    // Beside a cache policy they are a mistake, which another rule reports; so they are in a multi-tenant distribution.
    let in_force = says("CachePolicyId") || is_tenant_only(element);
    in_force || stands_for_others(element, parent)
}

/// Whether an element before it in its group is there.
fn stands_for_others(element: Element<'_>, parent: Element<'_>) -> bool {
    let names = GROUPS
        .iter()
        .find(|(names, _)| names.contains(&element.name()))
        .map_or(&[][..], |(names, _)| names);
    let before = names.iter().take_while(|name| **name != element.name());
    before
        .filter_map(|name| parent.child(name))
        .any(says_something)
}

fn is_tenant_only(element: Element<'_>) -> bool {
    let mode = element.document().connection_mode();
    mode.is_some_and(|mode| trimmed(mode.value()) == "tenant-only")
}
