//! `invalid-float`: a number is not a decimal number, or outside its range.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::Bounds;

/// A number is decimal digits with an optional fraction and exponent, within `range`.
pub(crate) fn check(element: Element<'_>, value: &str, range: Option<Bounds>) -> Option<Finding> {
    let finding = |message: String| {
        Finding::new(id::INVALID_FLOAT, element.value_span(), message).at(element.path())
    };
    let name = element.shown_name();
    let shown = || element.shown_value();
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    // Rust also reads `inf` and `NaN`, which have other letters.
    let number = if plain {
        value.parse::<f64>().ok()
    } else {
        None
    };
    let Some(number) = number else {
        return Some(
            finding(format!("{name} is {}, which is not a number", shown()))
                .label("expected a decimal number")
                .help("write a number such as 0.15"),
        );
    };
    let (min, max) = (range.and_then(|r| r.min), range.and_then(|r| r.max));
    let too_small = min.is_some_and(|min| number < min as f64);
    let too_large = max.is_some_and(|max| number > max as f64);
    (too_small || too_large).then(|| {
        let allowed = format!("{} to {}", min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
        finding(format!("{name} is {}, but must be {allowed}", shown()))
            .label(if too_small { "too small" } else { "too large" })
            .help(format!("write {allowed}"))
    })
}
