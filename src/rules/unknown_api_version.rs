//! `unknown-api-version`: the date in the namespace is no API version.

use crate::document::{Document, Element};
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::{ApiVersion, DOCUMENTED_ONLY};
use crate::source::Span;
use crate::suggest;

/// Writes the version that the document fits best, in the place of the date.
pub(crate) fn fix(document: &Document<'_>, place: Span, version: ApiVersion) -> Option<Fix> {
    let is_date = place.len() as usize == version.date().len();
    let edits = is_date.then(|| repair::replace(document, place, version.date()));
    Fix::risky(format!("write {version}"), edits.flatten())
}

/// The namespace has CloudFront's form, but its date names no version.
pub(crate) fn report(root: Element<'_>, date: &str) -> Finding {
    let around = ApiVersion::around(date);
    let dates: Vec<&str> = around.iter().flatten().map(|v| v.date()).collect();
    let mut finding = Finding::new(
        id::UNKNOWN_API_VERSION,
        super::text_in_namespace(root, date),
        format!("{date} is no API version of CloudFront"),
    )
    .at(root.path())
    .label("no such version");
    if DOCUMENTED_ONLY.contains(&date) {
        finding = finding.note(format!(
            "{date} appears in AWS's documents only; no client ever used it"
        ));
    }
    let latest = ApiVersion::LATEST;
    let nearest = suggest::alternatives(dates.iter().copied(), "and");
    finding.help(match dates.contains(&latest.date()) {
        true => format!("the latest version is {latest}"),
        false => format!("the nearest versions are {nearest}; the latest is {latest}"),
    })
}
