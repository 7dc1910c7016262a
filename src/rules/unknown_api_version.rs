//! `unknown-api-version`: the date in the namespace is no API version.

use std::cmp::Reverse;

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::{ApiVersion, DOCUMENTED_ONLY};
use crate::source::Span;
use crate::suggest;

/// Writes the version whose date looks most like it, the last of several.
fn fix(root: Element<'_>, place: Span, date: &str) -> Option<Fix> {
    let document = root.document();
    let distance = |version: &ApiVersion| strsim::damerau_levenshtein(date, version.date());
    let near = ApiVersion::all().filter(|version| distance(version) <= 2);
    let version = near.min_by_key(|version| (distance(version), Reverse(*version)))?;
    let is_date = document.slice(place) == date;
    let edits = is_date.then(|| repair::replace(document, place, version.date()));
    Fix::risky(format!("write {version}"), edits.flatten())
}

/// The namespace has CloudFront's form, but its date names no version.
pub(crate) fn report(root: Element<'_>, date: &str) -> Finding {
    let around = ApiVersion::around(date);
    let dates: Vec<&str> = around.iter().flatten().map(|v| v.date()).collect();
    let place = super::text_in_namespace(root, date);
    let mut finding = Finding::new(
        id::UNKNOWN_API_VERSION,
        place,
        format!("{date} is no API version of CloudFront"),
    )
    .at(root.path())
    .fix(fix(root, place, date))
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
