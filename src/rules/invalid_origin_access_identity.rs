//! `invalid-origin-access-identity`: OriginAccessIdentity is not of the form origin-access-identity/cloudfront/ID.

use std::ops::RangeInclusive;

use crate::check::trimmed;
use crate::document::{Element, cut};
use crate::edit::repair;
use crate::finding::{Finding, Fix, Safety};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

const PREFIX: &str = "origin-access-identity/cloudfront/";

/// An identity that is not empty.
pub(crate) fn check(_: &Scope<'_>, identity: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(identity.value());
    if value.is_empty()
        || identity.has_children()
        || value.strip_prefix(PREFIX).is_some_and(is_id)
        || template_leftover::is_unknown(identity)
    {
        return;
    }
    let id = value.rsplit(['/', ' ']).next().filter(|id| is_id(id));
    let shown = id.filter(|id| id.starts_with('E')).map_or("ID", cut);
    let finding = Finding::new(
        id::INVALID_ORIGIN_ACCESS_IDENTITY,
        identity.value_span(),
        format!(
            "OriginAccessIdentity {} is not of the form {PREFIX}ID",
            identity.shown_value()
        ),
    );
    findings.push(
        finding
            .at(identity.path())
            .label(match id == Some(value) {
                true => "the prefix is missing",
                false => "another form is expected",
            })
            .help(format!("write {PREFIX}{shown}, or leave it empty"))
            .fix(id.and_then(|id| with_prefix(identity, id))),
    );
}

/// The id of an identity with the prefix that is missing.
fn with_prefix(identity: Element<'_>, id: &str) -> Option<Fix> {
    let is_sure = id.len() >= 12
        && id.starts_with('E')
        && id
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    is_sure
        .then(|| repair::write(identity, &format!("{PREFIX}{id}"), Safety::Safe))
        .flatten()
}

/// The versions that know CustomOrigin; an identity goes with S3Origin alone.
const WITH_CUSTOM_ORIGIN: RangeInclusive<&str> = "2010-11-01"..="2012-03-15";

/// An identity in CustomOrigin or beside it, where the schema has none.
pub(crate) fn with_custom_origin(identity: Element<'_>) -> Option<Finding> {
    let version = identity.document().version();
    let parent = identity.parent()?;
    if identity.name() != "OriginAccessIdentity" || !WITH_CUSTOM_ORIGIN.contains(&version.date()) {
        return None;
    }
    let custom = match parent.name() {
        "CustomOrigin" => parent,
        _ => parent.child("CustomOrigin")?,
    };
    let message = "a custom origin has no OriginAccessIdentity";
    Some(
        Finding::new(
            id::INVALID_ORIGIN_ACCESS_IDENTITY,
            identity.name_span(),
            message,
        )
        .at(identity.path())
        .label("for S3Origin only")
        .also(custom.name_span(), "a custom origin")
        .help("delete OriginAccessIdentity, or use S3Origin")
        .fix(Fix::risky(
            "delete OriginAccessIdentity",
            repair::remove([identity]),
        )),
    )
}

fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    !text.is_empty() && text.bytes().all(plain)
}
