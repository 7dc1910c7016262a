//! `unexpected-attribute`: an attribute stands where none belongs.

use crate::document::{Document, cut};
use crate::finding::Finding;
use crate::rule::id;

/// Attributes other than namespace declarations, anywhere in the document.
pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Finding>) {
    for attribute in &document.attributes {
        let element = document.element(attribute.element);
        if !element.node().checked {
            continue;
        }
        let name = cut(document.source().slice(attribute.name));
        findings.push(
            Finding::new(
                id::UNEXPECTED_ATTRIBUTE,
                attribute.name,
                format!("attribute {name} is not allowed here"),
            )
            .at(element.path())
            .label("no attributes belong here")
            .note("CloudFront's documents have no attributes but the namespace of the root")
            .help(format!(
                "delete it; a setting goes into an element inside {}",
                element.shown_name()
            )),
        );
    }
}
