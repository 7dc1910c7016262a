//! `conflicting-certificates`: ViewerCertificate names more than one certificate.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// The old `Certificate` against what stands under the name that replaced it.
pub(crate) fn check(_: &Scope<'_>, old: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(certificate) = old.parent() else {
        return;
    };
    let filled = |name: &&str| {
        let child = certificate.child(name);
        child.filter(|child| !trimmed(child.value()).is_empty())
    };
    let named: Vec<Element<'_>> = ["ACMCertificateArn", "IAMCertificateId"]
        .iter()
        .filter_map(filled)
        .collect();
    // Where both stand, there is a finding already.
    let [named] = named[..] else {
        return;
    };
    let unknown = [old, named].into_iter().any(template_leftover::is_unknown);
    if unknown || trimmed(old.value()) == trimmed(named.value()) {
        return;
    }
    let name = named.shown_name();
    let old_ones = ["Certificate", "CertificateSource"];
    let old_ones = old_ones.iter().filter_map(|name| certificate.child(name));
    findings.push(
        Finding::new(
            id::CONFLICTING_CERTIFICATES,
            old.value_span(),
            format!("Certificate and {name} name different certificates"),
        )
        .at(old.path())
        .label("one certificate")
        .also(named.value_span(), "another certificate")
        .help("delete Certificate and CertificateSource")
        .fix(Fix::risky(
            "delete Certificate and CertificateSource",
            repair::remove(old_ones),
        )),
    );
}
