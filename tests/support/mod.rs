//! What several test files share: marks in a text, and documents as trees that are written out.

// Each test file is a crate of its own and uses only a part of this.
#![allow(dead_code)]

pub(crate) mod generate;
pub(crate) mod page;
pub(crate) mod random;
pub(crate) mod tree;

use cloudfront_lint::{Finding, Source, Span};

/// Begins the text that a finding should mark.
pub(crate) const OPEN: char = '⟦';
/// Ends it.
pub(crate) const CLOSE: char = '⟧';

/// Takes the marks out of a text; tells what stood between them.
pub(crate) fn unmark(marked: &str) -> Result<(String, Option<Span>), String> {
    let count = |mark: char| marked.matches(mark).count();
    match (count(OPEN), count(CLOSE)) {
        (0, 0) => return Ok((marked.to_owned(), None)),
        (1, 1) => {}
        (open, close) => {
            return Err(format!(
                "{open} {OPEN} and {close} {CLOSE}: one of each is right"
            ));
        }
    }
    let start = marked.find(OPEN).unwrap();
    let end = marked.find(CLOSE).unwrap();
    if end < start {
        return Err(format!("{CLOSE} stands before {OPEN}"));
    }
    let text = marked.replace([OPEN, CLOSE], "");
    let span = Span::new(start as u32, (end - OPEN.len_utf8()) as u32);
    Ok((text, Some(span)))
}

/// A finding in one line, as a failure message shows it.
pub(crate) fn shown(source: &Source, finding: &Finding) -> String {
    let place = source.position(finding.span.start);
    format!(
        "{} {} at {}:{} {:?} in {}: {}",
        finding.level,
        finding.rule.name(),
        place.line,
        place.column,
        source.slice(finding.span),
        finding.element,
        finding.message,
    )
}
