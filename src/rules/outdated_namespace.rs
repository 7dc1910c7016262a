//! `outdated-namespace`: the namespace names an older API version than the document is written for.

use crate::check::Violation;
use crate::document::{Document, Element};
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::{ApiVersion, Location, Member};

/// The document fits `better`, not the version that its namespace names.
pub(crate) fn report(
    document: &Document<'_>,
    named: ApiVersion,
    better: ApiVersion,
    violations: &[Violation],
) -> Finding {
    let root = document.root();
    let span = super::text_in_namespace(root, named.date());
    let finding = Finding::new(
        id::OUTDATED_NAMESPACE,
        span,
        format!("the namespace says {named}, but the document is written for {better} or later"),
    )
    .at(root.path())
    .label("too old for what follows")
    .note("CloudFront goes by the version in the URL of the call; a call to the older version would be refused")
    .note(format!("checked against API version {better}"))
    .help(format!("write xmlns=\"{}\"", better.namespace()))
    .fix(Fix::safe(
        format!("write {better}"),
        (document.slice(span) == named.date())
            .then(|| repair::replace(document, span, better.date()))
            .flatten(),
    ));
    let later = violations
        .iter()
        .find_map(|v| later_member(document, named, v));
    match later {
        Some((element, member)) => finding.also(
            element.name_span(),
            format!("exists only from API version {}", member.versions.first),
        ),
        None => finding,
    }
}

/// The element of a violation if it is one that a later version allows there.
pub(crate) fn later_member<'d>(
    document: &'d Document<'_>,
    named: ApiVersion,
    violation: &Violation,
) -> Option<(Element<'d>, &'static Member)> {
    let Violation::Unknown { element } = *violation else {
        return None;
    };
    let element = document.element(element);
    let member = element.parent()?.shape()?.member(element.name())?;
    (member.location == Location::Body && member.versions.first > named)
        .then_some((element, member))
}
