//! `unfit-primary`: the primary distribution cannot have a staging distribution.

use crate::check::{Primary, trimmed};
use crate::compare::configuration;
use crate::document::{Document, Element};
use crate::finding::{Confidence, Finding, Level};
use crate::rule::id;
use crate::schema::name;
use crate::staging::is_true;
use std::sync::Arc;

/// What keeps a distribution from having a staging distribution.
struct Reason<'d> {
    element: Element<'d>,
    /// What it is.
    message: &'static str,
    label: &'static str,
    help: &'static str,
    confidence: Confidence,
}

/// Beside a staging distribution: at its own member of the same name, or at its root.
pub(crate) fn check(staging: &Document<'_>, primary: &Primary<'_>, findings: &mut Vec<Finding>) {
    let own = configuration(staging);
    for reason in reasons(primary.document) {
        let place = own.get(reason.element.node().known_as);
        let span = place.map_or(own.name_span(), Element::subject_span);
        let finding = finding(&reason, span, place.unwrap_or(own).path())
            .label("in its staging distribution");
        let source = Arc::clone(&primary.source);
        let in_primary = reason.element.subject_span();
        findings.push(finding.also_in(source, in_primary, reason.label));
    }
}

/// In the primary distribution itself.
pub(crate) fn report(primary: &Document<'_>) -> Vec<Finding> {
    let own = |reason: Reason<'_>| {
        let element = reason.element;
        finding(&reason, element.subject_span(), element.path()).label(reason.label)
    };
    reasons(primary).into_iter().map(own).collect()
}

fn finding(reason: &Reason<'_>, span: crate::source::Span, path: String) -> Finding {
    let finding = Finding::new(id::UNFIT_PRIMARY, span, reason.message)
        .at(path)
        .help(reason.help);
    match reason.confidence {
        Confidence::Inferred => finding,
        sure => finding.confidence(sure).level(Level::Error),
    }
}

fn reasons<'d>(primary: &'d Document<'d>) -> Vec<Reason<'d>> {
    let config = configuration(primary);
    let staging = config.get(name::STAGING).filter(|own| is_true(*own));
    let staging = staging.map(|element| Reason {
        element,
        message: "the primary distribution is a staging distribution itself",
        label: "a staging distribution",
        help: "name the distribution that serves viewers",
        confidence: Confidence::Inferred,
    });
    let has_http3 = |own: &Element<'_>| matches!(trimmed(own.value()), "http3" | "http2and3");
    let http3 = config.get(name::HTTP_VERSION).filter(has_http3);
    let http3 = http3.map(|element| Reason {
        element,
        message: "the primary distribution speaks HTTP/3, with which continuous deployment does not work",
        label: "has HTTP/3",
        help: "write http2 into the primary distribution first",
        confidence: Confidence::Inferred,
    });
    let is_for_tenants = |own: &Element<'_>| trimmed(own.value()) == "tenant-only";
    let tenants = config.get(name::CONNECTION_MODE).filter(is_for_tenants);
    let tenants = tenants.map(|element| Reason {
        element,
        message: "the primary distribution is multi-tenant, which has no continuous deployment",
        label: "for tenants only",
        help: "try changes out on a multi-tenant distribution of their own",
        confidence: Confidence::Documented,
    });
    [staging, http3, tenants].into_iter().flatten().collect()
}
