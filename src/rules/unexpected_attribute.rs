//! `unexpected-attribute`: an attribute stands where none belongs.

use crate::check::is_blank;
use crate::document::{Attribute, Document, cut};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::source::Span;

/// Takes an attribute away, with the blanks before it. One for tools that read XML says nothing of the settings.
fn fix(document: &Document<'_>, attribute: &Attribute) -> Option<Fix> {
    let name = document.slice(attribute.name);
    let before = document
        .source()
        .text()
        .get(..attribute.name.start as usize)?;
    let span = Span::new(
        before.trim_end_matches(is_blank).len() as u32,
        attribute.value.end + 1,
    );
    let safety = match name.starts_with("xsi:") || name.starts_with("xml:") {
        true => Safety::Safe,
        false => Safety::Unsafe,
    };
    let title = format!("delete the attribute {}", cut(name));
    Fix::new(title, safety, repair::replace(document, span, ""))
}

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
            ))
            .fix(fix(document, attribute)),
        );
    }
}
