//! `unexpected-text`: text stands where only elements belong.

use crate::check::{is_all_blank, trimmed};
use crate::document::{Document, Element, quoted};
use crate::finding::Finding;
use crate::rule::id;
use crate::source::Span;

/// Text beside child elements, anywhere in the document.
pub(crate) fn beside_elements(document: &Document<'_>, findings: &mut Vec<Finding>) {
    for stray in &document.stray {
        let parent = document.element(stray.parent);
        if parent.node().checked && parent.node().shape.is_some() {
            findings.push(report(
                parent,
                stray.span,
                document.source().slice(stray.span),
            ));
        }
    }
}

/// Text in a structure that has no child elements at all.
pub(crate) fn in_structure(element: Element<'_>, findings: &mut Vec<Finding>) {
    if !element.has_children() && !is_all_blank(element.value()) {
        findings.push(report(element, element.value_span(), element.value()));
    }
}

fn report(parent: Element<'_>, span: Span, text: &str) -> Finding {
    let name = parent.shown_name();
    let finding = Finding::new(
        id::UNEXPECTED_TEXT,
        span,
        format!("text is not allowed here: {name} holds only elements"),
    )
    .at(parent.path())
    .label("text")
    .help("delete it, or write it as a comment");
    // A comment without its exclamation mark, an escaped tag: show what was read, unless it may be a secret.
    if text.len() > 40 || parent.is_sensitive() || parent.may_lose_secrets() {
        finding
    } else {
        finding.note(format!("the text is {}", quoted(trimmed(text))))
    }
}
