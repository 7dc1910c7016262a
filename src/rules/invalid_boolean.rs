//! `invalid-boolean`: a boolean is neither true nor false.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Safety};
use crate::rule::id;

/// A boolean is `true` or `false`, in lower case: the only forms any client writes.
pub(crate) fn check(element: Element<'_>, value: &str) -> Option<Finding> {
    if matches!(value, "true" | "false") {
        return None;
    }
    let meant = match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(("true", true)),
        "false" | "0" => Some(("false", true)),
        "yes" | "on" | "t" | "y" | "enabled" => Some(("true", false)),
        "no" | "off" | "f" | "n" | "disabled" => Some(("false", false)),
        _ => None,
    };
    let finding = Finding::new(
        id::INVALID_BOOLEAN,
        element.value_span(),
        format!(
            "{} is {}, which is not a boolean",
            element.shown_name(),
            element.shown_value()
        ),
    )
    .at(element.path())
    .label("expected true or false");
    let finding = match meant {
        Some((word, _)) => finding.fix(repair::write(element, word, Safety::Safe)),
        None => finding,
    };
    Some(match meant {
        // Some readers take these forms of xs:boolean; nobody knows whether CloudFront is one of them.
        Some((word, true)) => finding
            .confidence(Confidence::Inferred)
            .note("every client writes true or false in lower case; whether CloudFront takes other forms is not documented")
            .help(format!("write {word}")),
        Some((word, false)) => finding.help(format!("write {word}")),
        None => finding.help("write true or false"),
    })
}
