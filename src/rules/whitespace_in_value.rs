//! `whitespace-in-value`: a value begins or ends with blanks or line breaks.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{ApiError, Finding, Fix, Safety};
use crate::rule::{ErrorCode, id};

/// Members whose text is for people, or ends with a line break by its own rules: blanks around it do no harm.
const FREE_TEXT: [&str; 2] = ["Comment", "EncodedKey"];

/// Members that are compared with what stands elsewhere as they are, blanks and all.
const WORDS_OF_THEIR_OWN: [&str; 5] = [
    "CallerReference",
    "DefaultValue",
    "HeaderValue",
    "Key",
    "Value",
];

/// Blanks at either end of a value, which has some.
pub(crate) fn check(element: Element<'_>, value: &str, findings: &mut Vec<Finding>) {
    if FREE_TEXT.contains(&element.name()) {
        return;
    }
    let name = element.shown_name();
    let what = if value.contains('\n') {
        "line breaks"
    } else {
        "blanks"
    };
    let finding = Finding::new(
        id::WHITESPACE_IN_VALUE,
        element.value_span(),
        format!("the value of {name} has {what} around it"),
    )
    .at(element.path())
    .label(format!("{what} belong to the value"))
    .note("CloudFront does not trim values");
    let finding = match element.name() {
        // The one that was seen to be refused; with which code is not known for certain.
        "DomainName" => finding.api(ErrorCode::find("InvalidArgument").map(|error| ApiError {
            code: error.code,
            status: error.status,
        })),
        _ => finding,
    };
    let title = format!("delete the {what} around the value");
    let safety = match WORDS_OF_THEIR_OWN.contains(&element.name()) {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let finding = finding.fix(Fix::new(title, safety, repair::trim(element)));
    findings.push(match element.is_sensitive() {
        true => finding.help("write the value right between the tags"),
        false => finding.help(format!(
            "write <{name}>{}</{name}>",
            crate::document::cut(trimmed(value))
        )),
    });
}
