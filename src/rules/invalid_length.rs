//! `invalid-length`: a value is shorter or longer than the service's model allows.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::Bounds;

/// The length of a text, in characters, against the bounds of its shape.
pub(crate) fn check(element: Element<'_>, value: &str, length: Bounds) -> Option<Finding> {
    let (min, max) = (length.min.unwrap_or(0), length.max.unwrap_or(i64::MAX));
    // Bytes are never fewer than characters: most values are done here.
    if min == 0 && value.len() as i64 <= max {
        return None;
    }
    let count = value.chars().count() as i64;
    if count >= min && count <= max {
        return None;
    }
    let name = element.shown_name();
    let allowed = match (length.min, length.max) {
        (Some(min), None) => format!("at least {min}"),
        (None | Some(0), Some(max)) => format!("at most {max}"),
        _ => format!("{min} to {max}"),
    };
    let plural = if count == 1 {
        "character"
    } else {
        "characters"
    };
    Some(
        Finding::new(
            id::INVALID_LENGTH,
            element.value_span(),
            format!("{name} has {count} {plural}, but {allowed} are allowed"),
        )
        .at(element.path())
        .label(if count < min { "too short" } else { "too long" })
        .help(format!("write a value of {allowed} characters")),
    )
}
