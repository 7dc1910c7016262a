//! `invalid-enum-value`: a value is none of those that this API version knows.

use crate::check::same;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::schema::{EnumValue, Kind, Shape};
use crate::suggest;

/// A value against the legal values of its shape; the service compares letter by letter.
pub(crate) fn check(element: Element<'_>, shape: &'static Shape, value: &str) -> Option<Finding> {
    let Kind::String { values, .. } = shape.kind else {
        return None;
    };
    if is_valid(element, values, value) {
        return None;
    }
    let version = element.document().version();
    let legal: Vec<&EnumValue> = values
        .iter()
        .filter(|v| v.versions.contains(version))
        .collect();
    let name = element.shown_name();
    let shown = element.shown_value();
    let other_version = values.iter().find(|v| v.value == value);
    let message = match other_version {
        Some(_) => format!("{shown} is not a value of {name} in API version {version}"),
        None => format!("{shown} is not a value of {name}"),
    };
    let finding =
        Finding::new(id::INVALID_ENUM_VALUE, element.value_span(), message).at(element.path());
    let near = suggest::nearest_value(value, legal.iter().map(|v| v.value));
    let finding = match (other_version, near) {
        (Some(known), _) => finding
            .label(format!("exists {}", known.versions.spoken()))
            .note(format!("{value} {}", appeared(known))),
        (None, Some(near)) => {
            let safety = match suggest::is_sure(value, near, legal.iter().map(|v| v.value)) {
                true => Safety::Safe,
                false => Safety::Unsafe,
            };
            finding
                .label(format!("did you mean {near}?"))
                .fix(repair::write(element, near, safety))
        }
        (None, None) => finding.label("not one of the values"),
    };
    // Who was close knows what the values mean.
    let choices = match (other_version, near) {
        (None, Some(_)) => suggest::alternatives(legal.iter().map(|v| v.value), "or"),
        _ => choices(&legal),
    };
    Some(finding.help(format!("write {choices}")))
}

/// Whether it is one of the values in the document's version.
pub(crate) fn is_valid(element: Element<'_>, values: &[EnumValue], value: &str) -> bool {
    let version = element.document().version();
    let is_it = |v: &EnumValue| same(v.value.as_bytes(), value.as_bytes());
    values
        .iter()
        .any(|v| is_it(v) && v.versions.contains(version))
}

fn appeared(value: &EnumValue) -> String {
    match value.added {
        Some(date) => format!("appeared in API version {} on {date}", value.versions.first),
        None => format!("appeared in API version {}", value.versions.first),
    }
}

/// The legal values, each with what it means where that helps to choose.
fn choices(legal: &[&EnumValue]) -> String {
    let words: Vec<String> = legal
        .iter()
        .map(|v| match v.meaning {
            Some(meaning) => format!("{} ({meaning})", v.value),
            None => v.value.to_owned(),
        })
        .collect();
    suggest::alternatives(words.iter().map(String::as_str), "or")
}
