//! `empty-required-value`: a required value is empty.

use crate::document::Element;
use crate::edit::repair;
use crate::finding::{ApiError, Confidence, Finding, Fix};
use crate::rule::id;
use crate::rules::invalid_length::with_code;
use crate::schema::{Kind, Shape};

/// Required texts that are known to be refused when they are empty, with what the API answers.
const REFUSED: [(&str, &str, u16); 6] = [
    ("CNAME", "InvalidArgument", 400),
    ("CallerReference", "InvalidArgument", 400),
    ("DomainName", "InvalidArgument", 400),
    ("Path", "InvalidArgument", 400),
    ("PathPattern", "InvalidArgument", 400),
    ("TargetOriginId", "NoSuchOrigin", 404),
];

/// Structures whose empty Id nothing could refer to: surely refused, though nobody has shown it.
const NAMED: [&str; 2] = ["Origin", "OriginGroup"];
/// An element that may be left out, but not left empty: the model gives a least length, and the service is known to look.
const NEVER_EMPTY: &str = "DefaultValue";

/// Elements that may be left out, but not left empty, up to this API version: the documentation of the time says so.
const REFUSED_UNTIL: (&str, [&str; 2]) = ("2012-03-15", ["DefaultRootObject", "CNAME"]);

/// An element without text. Where the member is optional, or empty means "not set", that is fine.
pub(crate) fn check(element: Element<'_>, findings: &mut Vec<Finding>) {
    let name = element.shown_name();
    let (Some(parent), Some(shape)) = (element.parent(), element.shape()) else {
        return;
    };
    let version = element.document().version();
    let member = parent.shape().and_then(|s| s.member(element.name()));
    let is_item = element.node().position > 0;
    let early = version.date() <= REFUSED_UNTIL.0 && REFUSED_UNTIL.1.contains(&element.name());
    let required = member.is_some_and(|m| m.is_required(version) && !m.may_be_empty);
    let refused = element.name() == NEVER_EMPTY;
    if !(required || is_item || early || refused) {
        return;
    }
    let finding = Finding::new(
        id::EMPTY_REQUIRED_VALUE,
        element.name_span(),
        format!("{name} is empty"),
    )
    .at(element.path())
    .label("a value is required");
    let counted = is_item && parent.shape().is_some_and(|s| s.item().is_some());
    let finding = match counted {
        true => finding
            .help(format!(
                "write a value into {name}, or delete the item and lower Quantity"
            ))
            .fix(Fix::risky(
                format!("delete the empty {name}"),
                repair::remove_item(element),
            )),
        false => finding.help(format!("write a value into {name}")),
    };
    let known = REFUSED
        .iter()
        .find(|(refused, _, _)| *refused == element.name());
    let names_nothing = element.name() == "Id" && NAMED.contains(&parent.name());
    let finding = match parent.name() {
        "Tag" => with_code(element, finding),
        _ => finding,
    };
    findings.push(match known {
        _ if early => finding,
        Some((_, code, status)) => finding.api(Some(ApiError {
            code,
            status: *status,
        })),
        None if needs_text(shape) => finding,
        None if names_nothing => finding.confidence(Confidence::Inferred).api(Some(ApiError {
            code: "InvalidArgument",
            status: 400,
        })),
        None => finding
            .confidence(Confidence::Inferred)
            .api((parent.name() == "CacheTagConfig").then_some(ApiError {
                code: "InvalidArgument",
                status: 400,
            }))
            .note("whether CloudFront takes an empty value here is not documented"),
    });
}

/// A number, a boolean, one of a few words, or a text of a least length: nothing is none of them.
fn needs_text(shape: &Shape) -> bool {
    match shape.kind {
        Kind::String {
            values: &[],
            length,
            ..
        } => length.min.is_some_and(|min| min > 0),
        _ => true,
    }
}
