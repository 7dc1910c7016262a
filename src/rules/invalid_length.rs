//! `invalid-length`: a value is shorter or longer than the service's model allows.

use crate::document::Element;
use crate::finding::{ApiError, Finding};
use crate::rule::id;
use crate::schema::{Bounds, Shape};

/// The length of a text, in characters, against the bounds of its shape.
pub(crate) fn check(element: Element<'_>, value: &str, length: Bounds) -> Option<Finding> {
    let (min, max) = (length.min.unwrap_or(0), length.max.unwrap_or(i64::MAX));
    // Bytes are never fewer than characters: most values are done here.
    if min == 0 && value.len() as i64 <= max {
        return None;
    }
    let count = value.chars().count() as i64;
    if count >= min && count <= max || is_no_certificate_id(element, value) {
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
    let finding = Finding::new(
        id::INVALID_LENGTH,
        element.value_span(),
        format!("{name} has {count} {plural}, but {allowed} are allowed"),
    )
    .at(element.path())
    .label(if count < min { "too short" } else { "too long" })
    .help(format!("write a value of {allowed} characters"));
    Some(with_code(element, finding))
}

/// The name or the ARN of a certificate: `invalid-iam-certificate-id` says more than that it is long.
fn is_no_certificate_id(element: Element<'_>, value: &str) -> bool {
    let is_id = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    element.name() == "IAMCertificateId" && !value.bytes().all(is_id)
}

/// What is wrong with a tag has a code of its own.
pub(crate) fn with_code(element: Element<'_>, finding: Finding) -> Finding {
    let is_tag = |shape: &Shape| ["TagKey", "TagValue"].contains(&shape.name);
    match element.shape().is_some_and(is_tag) {
        true => finding.api(Some(ApiError {
            code: "InvalidTagging",
            status: 400,
        })),
        false => finding,
    }
}
