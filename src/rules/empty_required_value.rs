//! `empty-required-value`: a required value is empty.

use crate::document::Element;
use crate::finding::{ApiError, Confidence, Finding};
use crate::rule::id;
use crate::schema::{ApiVersion, Kind};

/// An element without text. Where the member is optional, or empty means "not set", that is fine.
pub(crate) fn check(element: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(parent) = element.parent() else {
        return;
    };
    let name = element.shown_name();
    let is_item = element.node().position > 0;
    let member = parent.shape().and_then(|s| s.member(element.name()));
    let version = element.document().version();
    let required = member.is_some_and(|m| m.is_required(version) && !m.may_be_empty);
    let is_flag = element
        .shape()
        .is_none_or(|s| matches!(s.kind, Kind::Structure { .. }));
    if is_flag || !(required || is_item) {
        return;
    }
    let finding = Finding::new(
        id::EMPTY_REQUIRED_VALUE,
        element.name_span(),
        format!("{name} is empty"),
    )
    .at(element.path())
    .label("a value is required");
    let is_text = element
        .shape()
        .is_some_and(|s| matches!(s.kind, Kind::String { values: &[], .. }));
    findings.push(match (is_item, is_text) {
        (true, _) if version > ApiVersion::parse("2012-03-15").unwrap_or(ApiVersion::LATEST) => {
            finding.confidence(Confidence::Inferred).help(format!(
                "write a value into {name}, or delete the item and lower Quantity"
            ))
        }
        (true, _) => finding.help(format!("write a value into {name}, or delete it")),
        (false, true) => finding
            .api(Some(ApiError {
                code: "InvalidArgument",
                status: 400,
            }))
            .help(format!("write a value into {name}")),
        (false, false) => finding.help(format!("write a value into {name}")),
    });
}
