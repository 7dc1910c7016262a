//! What several test files share: marks in a text, and documents as trees that are written out.

// Each test file is a crate of its own and uses only a part of this.
#![allow(dead_code)]

pub(crate) mod generate;
pub(crate) mod page;
pub(crate) mod random;
pub(crate) mod tree;

use cloudfront_lint::{Finding, Source};

// Not every test file has marks.
#[allow(unused_imports)]
pub(crate) use cloudfront_lint::smallest::{CLOSE, OPEN, unmark};

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
