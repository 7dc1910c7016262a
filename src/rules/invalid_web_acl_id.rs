//! `invalid-web-acl-id`: WebACLId names no web ACL that CloudFront can use.

use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::arn::{Arn, Part, is_account, is_uuid};
use crate::vocabulary::evaluate::part_of_value;

/// What is wrong, where, and what to do.
struct Wrong {
    place: Range<usize>,
    message: String,
    label: &'static str,
    help: &'static str,
}

const CREATE: &str = "create the web ACL in us-east-1 with the scope CLOUDFRONT, and write its ARN";
const COPY: &str = "write the whole ARN: arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID";

/// An id of WAF Classic, or the ARN of a global web ACL.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if element.has_children() || is_unknown(element) || is_uuid(value) {
        return;
    }
    let wrong = match Arn::parse(value) {
        Some(arn) => wrong_in_arn(&arn),
        None => Some(Wrong {
            place: 0..value.len(),
            message: format!(
                "WebACLId {} is neither an ARN nor an id of WAF Classic",
                quoted(value)
            ),
            label: "not a web ACL",
            help: COPY,
        }),
    };
    findings.extend(wrong.map(|wrong| {
        Finding::new(
            id::INVALID_WEB_ACL_ID,
            part_of_value(element, wrong.place),
            wrong.message,
        )
        .at(element.path())
        .label(wrong.label)
        .help(wrong.help)
    }));
}

fn wrong(
    part: Part<'_>,
    message: String,
    label: &'static str,
    help: &'static str,
) -> Option<Wrong> {
    Some(Wrong {
        place: part.range(),
        message,
        label,
        help,
    })
}

/// The first part that a global web ACL does not have.
fn wrong_in_arn(arn: &Arn<'_>) -> Option<Wrong> {
    match arn.service.text {
        "wafv2" => {}
        "waf" => {
            let message = "a web ACL of WAF Classic is named by its id, not by its ARN".to_owned();
            return wrong(
                arn.service,
                message,
                "WAF Classic",
                "write the id at the end of the ARN",
            );
        }
        "waf-regional" => {
            let message = "a regional web ACL cannot be used with CloudFront".to_owned();
            return wrong(arn.service, message, "regional", CREATE);
        }
        other => {
            let message = format!("the ARN is one of {}, not of a web ACL", quoted(other));
            return wrong(arn.service, message, "not wafv2", COPY);
        }
    }
    // What other partitions call the home of CloudFront is not known.
    if arn.partition.text == "aws" && arn.region.text != "us-east-1" {
        let part = match arn.region.text {
            "" => arn.resource,
            _ => arn.region,
        };
        let message = format!(
            "the web ACL is in {}, but CloudFront uses those of us-east-1",
            quoted(arn.region.text)
        );
        return wrong(part, message, "not us-east-1", CREATE);
    }
    if !is_account(arn.account.text) {
        let part = match arn.account.text {
            "" => arn.resource,
            _ => arn.account,
        };
        let message = format!("{} is no account", quoted(arn.account.text));
        return wrong(part, message, "expected 12 digits", COPY);
    }
    wrong_in_resource(arn.resource)
}

/// `global/webacl/NAME/ID`.
fn wrong_in_resource(resource: Part<'_>) -> Option<Wrong> {
    let mut start = resource.start;
    let mut parts = resource.text.split('/').map(|text| {
        let part = Part { text, start };
        start += text.len() + 1;
        part
    });
    let (scope, kind, name, id) = (parts.next(), parts.next(), parts.next(), parts.next());
    let more = parts.next().is_some();
    if let Some(scope) = scope.filter(|part| part.text != "global") {
        let message = format!(
            "the web ACL has the scope {}, not global",
            quoted(scope.text)
        );
        return wrong(scope, message, "not global", CREATE);
    }
    if let Some(kind) = kind.filter(|part| part.text != "webacl") {
        let message = format!("the ARN is one of {}, not of a web ACL", quoted(kind.text));
        return wrong(kind, message, "not webacl", COPY);
    }
    match (name, id) {
        (Some(_), Some(id)) if !more && is_uuid(id.text) => None,
        (Some(_), Some(id)) if !more && !id.text.is_empty() => {
            let message = format!("{} is no id of a web ACL", quoted(id.text));
            wrong(id, message, "not a UUID", COPY)
        }
        _ => {
            let message = "the ARN of the web ACL is incomplete".to_owned();
            wrong(resource, message, "expected global/webacl/NAME/ID", COPY)
        }
    }
}
