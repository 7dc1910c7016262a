//! `invalid-origin-access-identity`: OriginAccessIdentity is not of the form origin-access-identity/cloudfront/ID.

use crate::check::trimmed;
use crate::document::{Element, cut};
use crate::finding::Finding;
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
            .help(format!("write {PREFIX}{shown}, or leave it empty")),
    );
}

fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    !text.is_empty() && text.bytes().all(plain)
}
