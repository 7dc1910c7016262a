//! `invalid-integer`: an integer is not a decimal number, or does not fit its type.

use crate::document::Element;
use crate::finding::{Confidence, Finding};
use crate::rule::id;

/// An integer is decimal digits, with a minus sign if it is negative, from `min` to `max`.
pub(crate) fn check(element: Element<'_>, value: &str, min: i64, max: i64) -> Option<Finding> {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let decimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // All digits, so what does not even fit 64 bits is out of range too.
    let fits = decimal && value.parse::<i64>().is_ok_and(|n| (min..=max).contains(&n));
    if fits && !value.starts_with('+') {
        return None;
    }
    let finding = |message: String| {
        Finding::new(id::INVALID_INTEGER, element.value_span(), message).at(element.path())
    };
    let (name, shown) = (element.shown_name(), element.shown_value());
    if !decimal {
        return Some(
            finding(format!("{name} is {shown}, which is not an integer"))
                .label("expected decimal digits")
                .help("write a whole number"),
        );
    }
    if !fits {
        let what = if value.starts_with('-') {
            "small"
        } else {
            "large"
        };
        let message = format!("{shown} is too {what} for {name}");
        return Some(out_of_range(finding(message), min, max));
    }
    Some(
        finding(format!("{name} {shown} has a plus sign"))
            .confidence(Confidence::Inferred)
            .label("the sign is not needed")
            .help(format!("write {digits}")),
    )
}

fn out_of_range(finding: Finding, min: i64, max: i64) -> Finding {
    let bits = if max == i64::MAX { 64 } else { 32 };
    finding
        .label(format!("does not fit {bits} bits"))
        .note(format!("the type holds {min} to {max}"))
}
