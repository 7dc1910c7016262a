//! The value of one element against its shape.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rules::{self, invalid_enum_value, template_leftover};
use crate::schema::{Kind, Shape};

/// Checks the text in an element that is there for elements.
pub(super) fn check_text(element: Element<'_>, shape: &Shape, findings: &mut Vec<Finding>) {
    match shape.kind {
        Kind::List { .. } => rules::unwrapped_items::text_in_list(element, findings),
        _ => rules::unexpected_text::in_structure(element, findings),
    }
}

/// Checks the value of a scalar.
pub(super) fn check(element: Element<'_>, shape: &'static Shape, findings: &mut Vec<Finding>) {
    let value = element.value();
    match value.is_empty() {
        _ if element.has_children() => {}
        true => rules::empty_required_value::check(element, findings),
        false if is_sound(element, shape, value) => {}
        false => scalar(element, shape, value, findings),
    }
}

/// Whether nothing is wrong with a value, as with nearly all. Where this does not say so, [`scalar`] decides.
fn is_sound(element: Element<'_>, shape: &'static Shape, value: &str) -> bool {
    let bytes = value.as_bytes();
    let blank_at = |byte: Option<&u8>| byte.is_none_or(|b| *b <= b' ');
    match &shape.kind {
        Kind::Boolean => matches!(value, "true" | "false"),
        // As many digits fit every type.
        Kind::Integer | Kind::Long => bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit),
        Kind::String { values, .. } if !values.is_empty() => {
            invalid_enum_value::is_valid(element, values, value)
        }
        Kind::String {
            length, patterns, ..
        } => {
            let most = length.max.unwrap_or(i64::MAX);
            let fits = length.min.unwrap_or(0) <= 1 && bytes.len() as i64 <= most;
            let padded = blank_at(bytes.first()) || blank_at(bytes.last());
            fits && !padded && patterns.is_empty() && !template_leftover::may_be(element, value)
        }
        _ => false,
    }
}

fn scalar(element: Element<'_>, shape: &'static Shape, padded: &str, findings: &mut Vec<Finding>) {
    let value = trimmed(padded);
    if rules::template_leftover::check(element, shape, value, findings) {
        return;
    }
    let finding = match &shape.kind {
        Kind::Boolean => rules::invalid_boolean::check(element, value),
        Kind::Integer => {
            rules::invalid_integer::check(element, value, i64::from(i32::MIN), i64::from(i32::MAX))
        }
        Kind::Long => rules::invalid_integer::check(element, value, i64::MIN, i64::MAX),
        Kind::Float => rules::invalid_float::check(element, value, None),
        Kind::Double { range } => rules::invalid_float::check(element, value, Some(*range)),
        Kind::Timestamp => rules::invalid_timestamp::check(element, value),
        Kind::Blob { length } => rules::invalid_blob::check(element, value, *length),
        Kind::String { values, .. } if !values.is_empty() => {
            rules::invalid_enum_value::check(element, shape, value)
        }
        Kind::String {
            length, patterns, ..
        } => rules::invalid_length::check(element, value, *length)
            .or_else(|| rules::invalid_pattern::check(element, value, patterns)),
        Kind::Structure { .. } | Kind::List { .. } => None,
    };
    let free = matches!(shape.kind, Kind::Blob { .. });
    match finding {
        Some(finding) if is_text(shape) => {
            findings.push(rules::template_leftover::in_part(element).unwrap_or(finding));
        }
        Some(finding) => findings.push(finding),
        None if value.len() < padded.len() && !free => {
            rules::whitespace_in_value::check(element, padded, findings);
        }
        None => {}
    }
}

/// Whether the values are the sender's own words.
fn is_text(shape: &Shape) -> bool {
    match shape.kind {
        Kind::Blob { .. } => true,
        Kind::String { values, .. } => values.is_empty(),
        _ => false,
    }
}
