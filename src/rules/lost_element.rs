//! `lost-element`: an update drops a setting.

use crate::compare::Change;
use crate::document::Element;
use crate::rule::{id, table};
use crate::schema::Absent;
use crate::update::{Update, lost};

/// Changes nothing of what viewers get; tags do not travel with an update at all.
const NO_LOSS: [&str; 2] = ["Comment", "Tag"];

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
        let meant = |old: &Element<'_>| !NO_LOSS.contains(&old.name());
        let Some(old) = lost(&change).filter(meant) else {
            continue;
        };
        if is_replaced(old, &change) {
            continue;
        }
        let name = old.shown_name();
        let message = match (change.new, identity(old)) {
            (Some(_), _) => format!("{name} is emptied"),
            (None, Some(identity)) => format!("{name} {identity} is dropped"),
            (None, None) => format!("{name} is dropped"),
        };
        let effect = match default(old) {
            Some(default) => format!("{default}, the default, holds from now on"),
            None => consequence(old)
                .unwrap_or("what is left out is switched off")
                .to_owned(),
        };
        let how = match update.getter() {
            Some(getter) => format!("as {getter} returns it"),
            None => "again".to_owned(),
        };
        let finding = update
            .finding(id::LOST_ELEMENT, &change, message, "set today")
            .label(format!("no such {name} any more"))
            .note(format!(
                "an update replaces the whole configuration: {effect}"
            ))
            .help(format!("write {name} {how}, unless it is to go"));
        update.say([place], finding);
    }
}

fn is_replaced(old: Element<'_>, change: &Change<'_>) -> bool {
    let by = REPLACED_BY.iter().find(|(name, _)| *name == old.name());
    let is_new = |name: &&&str| {
        change.new_around.child(name).is_some() && change.old_around.child(name).is_none()
    };
    by.is_some_and(|(_, by)| by.iter().any(|name| is_new(&name)))
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
