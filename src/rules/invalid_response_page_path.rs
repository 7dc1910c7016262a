//! `invalid-response-page-path`: ResponsePagePath is no path of a URL.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::http::{not_url, percent_encoded};
use crate::vocabulary::evaluate::part_of_value;

/// The longest URL of a request, in bytes (developer guide, quotas). The limit of this path alone is not documented.
const LONGEST: usize = 8192;

/// A slash first, and nothing that must be encoded.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || element.has_children() || is_unknown(element) {
        return;
    }
    let (place, message, label, help) = if !value.starts_with('/') {
        let message = format!(
            "ResponsePagePath {} does not begin with a slash",
            element.shown_value()
        );
        let help = match value.contains("://") {
            true => "write the path alone, without scheme and host".to_owned(),
            false => format!("write {}", quoted(&format!("/{value}"))),
        };
        (0..value.len(), message, "no slash", help)
    } else if let Some((at, c)) = not_url(value) {
        let shown = quoted(c.encode_utf8(&mut [0; 4]));
        let message = format!("ResponsePagePath holds {shown}, which is not percent-encoded");
        let help = format!("write {} in its place", encoded(c));
        (at..at + c.len_utf8(), message, "not encoded", help)
    } else if value.len() > LONGEST {
        let message = format!(
            "ResponsePagePath has {} characters, more than any URL",
            value.len()
        );
        let help = format!("write at most {LONGEST} characters");
        (0..value.len(), message, "too long", help)
    } else {
        return;
    };
    findings.push(
        Finding::new(
            id::INVALID_RESPONSE_PAGE_PATH,
            part_of_value(element, place),
            message,
        )
        .at(element.path())
        .label(label)
        .help(help)
        .fix(fix(element, value)),
    );
}

/// The path alone, with a slash first and all encoded. A `%` may begin what was encoded otherwise.
fn fix(element: Element<'_>, value: &str) -> Option<Fix> {
    let path = match value.split_once("://") {
        Some((_, rest)) if !value.starts_with('/') => rest.find('/').map(|at| &rest[at..])?,
        _ => value,
    };
    let path = format!("/{}", path.strip_prefix('/').unwrap_or(path));
    let path = percent_encoded(&path, "");
    let safety = match value.contains('%') {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let is_new = path != value && path.len() <= LONGEST;
    is_new
        .then(|| repair::write(element, &path, safety))
        .flatten()
}

/// A character as a URL has it.
pub(crate) fn encoded(c: char) -> String {
    let mut buffer = [0; 4];
    let bytes = c.encode_utf8(&mut buffer).bytes();
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}
