//! `invalid-policy-id`: what should be the id of a policy is no UUID.

use super::policy_of_another_kind::{self, Kind};
use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::value::arn::is_uuid;

/// One of the three ids. What is an id may still be that of a policy of another kind.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    let Some(kind) = Kind::named_by(element) else {
        return;
    };
    if value.is_empty() || kind.manages(value) || template_leftover::is_unknown(element) {
        return;
    }
    if is_uuid(value) {
        return findings.extend(policy_of_another_kind::report(kind, element));
    }
    // An ARN ends in the id.
    let last = value.rsplit('/').next().filter(|last| is_uuid(last));
    let help = match (kind.with_name(value), last) {
        (Some((id, name)), _) => format!("write {id}, the id of {name}"),
        (None, Some(id)) => format!("write {id}"),
        (None, None) => {
            "write the id of the policy: 32 hexadecimal digits in five groups".to_owned()
        }
    };
    findings.push(
        Finding::new(
            id::INVALID_POLICY_ID,
            element.subject_span(),
            format!("{} is no id of a policy", element.shown_value()),
        )
        .at(element.path())
        .api(Some(kind.error()))
        .label("not a UUID")
        .help(help),
    );
}
