//! `lost-element`: an update drops a setting.

use crate::compare::Action;
use crate::document::Element;
use crate::rule::{id, table};
use crate::schema::Absent;
use crate::update::Update;

/// What may stand in place of an element, in the same structure: it was replaced, not lost.
const REPLACED_BY: [(&str, &[&str]); 10] = [
    ("ACMCertificateArn", &["IAMCertificateId"]),
    ("CachePolicyId", &["ForwardedValues"]),
    (
        "CloudFrontDefaultCertificate",
        &["ACMCertificateArn", "IAMCertificateId"],
    ),
    ("CustomOriginConfig", &["S3OriginConfig", "VpcOriginConfig"]),
    ("DefaultTTL", &["CachePolicyId"]),
    ("ForwardedValues", &["CachePolicyId"]),
    ("IAMCertificateId", &["ACMCertificateArn"]),
    ("MaxTTL", &["CachePolicyId"]),
    ("MinTTL", &["CachePolicyId"]),
    ("S3OriginConfig", &["CustomOriginConfig", "VpcOriginConfig"]),
];

/// What no other rule has spoken of. Each element that is dropped is one finding.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let Some(old) = change.old.filter(|_| change.action == Action::Removed) else {
            continue;
        };
        if is_replaced(old, change.new_around) {
            continue;
        }
        let name = old.shown_name();
        let message = match identity(old) {
            Some(identity) => format!("{name} {identity} is dropped"),
            None => format!("{name} is dropped"),
        };
        let effect = match default(old) {
            Some(default) => format!("{default}, the default, holds from now on"),
            None => consequence(old)
                .unwrap_or("what is left out is switched off")
                .to_owned(),
        };
        let finding = update
            .finding(id::LOST_ELEMENT, &change, message, "set today")
            .label(format!("no such {name} any more"))
            .note(format!(
                "an update replaces the whole configuration: {effect}"
            ))
            .help(format!(
                "write {name} as GetDistributionConfig returns it, unless it is to go"
            ));
        update.say([place], finding);
    }
}

fn is_replaced(old: Element<'_>, around: Element<'_>) -> bool {
    let by = REPLACED_BY.iter().find(|(name, _)| *name == old.name());
    let mut by = by.map_or(&[][..], |(_, by)| by).iter();
    by.any(|name| around.child(name).is_some())
}

/// What tells an item from the others: its key, or its value.
fn identity(old: Element<'_>) -> Option<String> {
    if old.node().position == 0 {
        return None;
    }
    match old.identity() {
        Some((key, _)) => old.child(key).map(Element::shown_value),
        None => (!old.has_children()).then(|| old.shown_value()),
    }
}

/// The value that CloudFront takes the absence for.
fn default(old: Element<'_>) -> Option<&'static str> {
    let member = old.parent()?.shape()?.member(old.name())?;
    match member.absent? {
        Absent::Value(value) => Some(value),
        Absent::Items(_) | Absent::Members(_) => None,
    }
}

/// What follows, in words.
fn consequence(old: Element<'_>) -> Option<&'static str> {
    let known = table::LOST_ELEMENTS.values;
    let place = known.binary_search_by(|(name, _)| (*name).cmp(old.name()));
    known[place.ok()?].1
}
