//! `invalid-location-code`: Location is no country code.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Level, Safety};
use crate::rule::{id, table};
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;

/// Codes that people write for a country that has another.
const OTHERS: [(&str, &str); 6] = [
    ("EL", "GR"),
    ("ENG", "GB"),
    ("GBR", "GB"),
    ("UK", "GB"),
    ("USA", "US"),
    ("XKX", "XK"),
];

/// One of the codes, letter by letter.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || element.has_children() || is_unknown(element) || is_code(value) {
        return;
    }
    let shown = element.shown_value();
    let code = meant(value);
    let finding = |message: String| {
        Finding::new(id::INVALID_LOCATION_CODE, element.subject_span(), message).at(element.path())
    };
    findings.push(match value {
        // Kosovo has no code in the standard, but most software knows it by this one.
        "XK" => finding(format!("{shown} stands in no standard, and may be refused"))
            .label("for Kosovo by custom only")
            .help("try it before you rely on it")
            .confidence(Confidence::Inferred)
            .level(Level::Warning),
        _ => finding(format!("{shown} is no country code"))
            .label("not in ISO 3166-1")
            .help(advice(code))
            .fix(code.and_then(|code| repair::write(element, code, Safety::Safe))),
    });
}

fn is_code(code: &str) -> bool {
    let codes = table::COUNTRY_CODES.values;
    codes
        .binary_search_by(|(known, _)| (*known).cmp(code))
        .is_ok()
}

/// The code of the country that was meant.
fn meant(value: &str) -> Option<&'static str> {
    // Long text is no name of a country.
    let upper = match value.len() {
        ..=64 => value.to_uppercase(),
        _ => String::new(),
    };
    let mut countries = table::COUNTRY_CODES.values.iter();
    let other = OTHERS.iter().find(|(code, _)| *code == upper);
    let is_it = |code: &str, name: &Option<&str>| {
        code == upper || name.is_some_and(|name| name.to_uppercase() == upper)
    };
    let known = countries.find(|(code, name)| is_it(code, name));
    known
        .map(|(code, _)| *code)
        .or(other.map(|(_, code)| *code))
}

fn advice(code: Option<&str>) -> String {
    match code {
        Some(code) => format!("write {}", quoted(code)),
        None => "write the two capital letters of a country, such as DE; \
                 a group of countries is listed one by one"
            .to_owned(),
    }
}
