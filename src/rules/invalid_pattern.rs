//! `invalid-pattern`: a value does not have the form that the service's model demands.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regex::Regex;

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::invalid_length::with_code;
use crate::schema::VersionRange;

/// The whole value against the pattern of its shape in the document's version.
pub(crate) fn check(
    element: Element<'_>,
    value: &str,
    patterns: &'static [(VersionRange, &'static str)],
) -> Option<Finding> {
    let version = element.document().version();
    let (_, pattern) = patterns
        .iter()
        .find(|(versions, _)| versions.contains(version))?;
    if compiled(pattern)?.is_match(value) {
        return None;
    }
    let finding = Finding::new(
        id::INVALID_PATTERN,
        element.value_span(),
        format!(
            "{} does not have the form of {}",
            element.shown_value(),
            element.shown_name()
        ),
    )
    .at(element.path())
    .label("does not match the pattern")
    .help(format!(
        "the whole value must match {}",
        pattern.trim_start_matches('^').trim_end_matches('$')
    ));
    Some(with_code(element, finding))
}

/// The pattern for the whole value, compiled on first use. The build script has proved that it is valid.
fn compiled(pattern: &'static str) -> Option<Regex> {
    static CACHE: Mutex<BTreeMap<&'static str, Regex>> = Mutex::new(BTreeMap::new());
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = cache.get(pattern) {
        return Some(regex.clone());
    }
    let whole = format!("^(?:{pattern})$");
    let regex = Regex::new(&whole).ok()?;
    cache.insert(pattern, regex.clone());
    Some(regex)
}
