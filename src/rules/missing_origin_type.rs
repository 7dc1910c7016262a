//! `missing-origin-type`: an origin says not what it is.

use crate::distribution::{endpoint_of, has_value};
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::suggest;
use crate::value::host::Endpoint;

const TYPES: [&str; 3] = ["S3OriginConfig", "CustomOriginConfig", "VpcOriginConfig"];

/// An `Origin` with neither S3OriginConfig nor CustomOriginConfig.
pub(crate) fn check(_: &Scope<'_>, origin: Element<'_>, findings: &mut Vec<Finding>) {
    if TYPES.iter().any(|name| origin.child(name).is_some()) {
        return;
    }
    let version = origin.document().version();
    let known = TYPES.iter().copied().filter(|name| {
        let member = origin.shape().and_then(|s| s.member(name));
        member.is_some_and(|m| m.shape_in(version).is_some())
    });
    let known: Vec<&str> = known.collect();
    let mut finding = Finding::new(
        id::MISSING_ORIGIN_TYPE,
        origin.name_span(),
        format!(
            "Origin needs {}",
            suggest::alternatives(known.iter().copied(), "or")
        ),
    )
    .at(origin.path())
    .label("does not say what it is");
    if has_value(origin, "OriginAccessControlId") {
        finding = finding.note("OriginAccessControlId does not replace S3OriginConfig");
    }
    // Only the first few: a document full of unknown names is not a slip of the pen.
    let unknown = origin.children().filter(|c| c.shape().is_none()).take(16);
    let misspelt = unknown
        .filter_map(|c| Some((c, suggest::nearest(c.name(), known.iter().copied())?)))
        .next();
    findings.push(match misspelt {
        Some((child, wanted)) => finding
            .also(child.name_span(), format!("did you mean {wanted}?"))
            .help(format!("rename {} to {wanted}", child.shown_name())),
        None => finding.help(advice(origin)).fix(bucket(origin)),
    });
}

/// A bucket is one of S3; whether an identity reads from it is for a person to say.
fn bucket(origin: Element<'_>) -> Option<Fix> {
    let Some(Endpoint::S3Bucket { .. } | Endpoint::S3AccessPoint) = endpoint_of(origin) else {
        return None;
    };
    let inside = [("OriginAccessIdentity", "")];
    let edits = repair::insert_structure(origin, name::S3_ORIGIN_CONFIG, &inside);
    Fix::risky("add S3OriginConfig", edits)
}

fn advice(origin: Element<'_>) -> &'static str {
    match endpoint_of(origin) {
        Some(Endpoint::S3Bucket { .. } | Endpoint::S3AccessPoint) => {
            "add <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>"
        }
        Some(Endpoint::S3Website { .. }) => {
            "add CustomOriginConfig with OriginProtocolPolicy http-only: a website endpoint does not speak HTTPS"
        }
        Some(_) => "add CustomOriginConfig with HTTPPort, HTTPSPort and OriginProtocolPolicy",
        None => "add S3OriginConfig for a bucket, CustomOriginConfig for any other server",
    }
}
