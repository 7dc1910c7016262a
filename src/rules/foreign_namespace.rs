//! `foreign-namespace`: an element is in a namespace that CloudFront does not read.

use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;

/// The element is in another namespace than its parent.
pub(crate) fn report(element: Element<'_>) -> Finding {
    let (name, namespace) = (element.shown_name(), element.namespace());
    let expected = element.parent().map_or("", |p| p.namespace());
    let finding = match namespace {
        "" if is_unset(element) => Finding::new(id::FOREIGN_NAMESPACE, element.name_span(), format!("{name} is in no namespace, unlike its parent"))
            .label("xmlns=\"\" takes it out of the namespace")
            .help("delete xmlns=\"\" here")
            .fix(Fix::safe("delete xmlns=\"\"", repair::undeclare(element, "xmlns"))),
        "" => Finding::new(id::FOREIGN_NAMESPACE, element.name_span(), format!("{name} is in no namespace, unlike the root"))
            .label("in no namespace")
            .note("the root's prefix does not reach elements without it; the other elements without it are not listed")
            .help(format!("declare xmlns=\"{expected}\" on the root and drop the prefix")),
        _ => Finding::new(id::FOREIGN_NAMESPACE, element.name_span(), format!("{name} is in a foreign namespace"))
            .label(format!("in {}", quoted(namespace)))
            .note("CloudFront reads only elements of its own namespace; this one, with all inside it, is not checked")
            .help("delete it, or move it out of the document"),
    };
    finding.at(element.path())
}

/// Whether the parent has no prefix, so that only an empty declaration can have taken the namespace away.
fn is_unset(element: Element<'_>) -> bool {
    element
        .parent()
        .is_some_and(|p| p.name_span().start == p.span().start + 1)
}
