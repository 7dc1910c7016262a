//! `invalid-integer`: an integer is not a decimal number, or does not fit its type.

use std::ops::RangeInclusive;

use crate::check::{is_blank, trimmed};
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Fix, Safety};
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
                .help("write a whole number")
                .fix(whole(element, value, min..=max)),
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
            .help(format!("write {digits}"))
            .fix(number(element, digits, Safety::Safe)),
    )
}

/// The number that was meant: without quotes, a fraction of nothing, separators of thousands or a unit.
fn whole(element: Element<'_>, value: &str, range: RangeInclusive<i64>) -> Option<Fix> {
    let bare = value.trim_matches(['"', '\'']).trim_matches(is_blank);
    let (digits, safety) = match bare.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|b| b == b'0') => (digits, Safety::Safe),
        Some(_) => return None,
        None => match bare.find(|c: char| !c.is_ascii_digit()) {
            None => (bare, Safety::Safe),
            Some(end) if UNITS.contains(&trimmed(&bare[end..])) => (&bare[..end], Safety::Unsafe),
            Some(_) => return None,
        },
    };
    let fits = digits.parse().is_ok_and(|n| range.contains(&n));
    let plain = fits && !digits.starts_with('+');
    plain.then(|| number(element, digits, safety)).flatten()
}

/// Writes a number; as Quantity only what the items bear out, for else it would be wrong in another way.
fn number(element: Element<'_>, digits: &str, safety: Safety) -> Option<Fix> {
    let list = element.parent().filter(|_| element.name() == "Quantity");
    let is_right = list.is_none_or(|list| digits.parse() == Ok(list.items().count()));
    is_right
        .then(|| repair::write(element, digits, safety))
        .flatten()
}

/// What people write behind a number of seconds.
const UNITS: [&str; 6] = ["s", "S", "sec", "secs", "seconds", "second"];

fn out_of_range(finding: Finding, min: i64, max: i64) -> Finding {
    let bits = if max == i64::MAX { 64 } else { 32 };
    finding
        .label(format!("does not fit {bits} bits"))
        .note(format!("the type holds {min} to {max}"))
}
