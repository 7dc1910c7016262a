//! `unsupported-logging-region`: the bucket for access logs is in a region into which CloudFront cannot write them.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::rule::{id, table};
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, classify};
use crate::vocabulary::evaluate::part_of_value;

/// The region in the name of the endpoint, if it has one.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    let Endpoint::S3Bucket {
        region: Some(region),
        ..
    } = classify(value)
    else {
        return;
    };
    let known = table::UNSUPPORTED_LOGGING_REGIONS.values;
    let found = known
        .iter()
        .find(|(name, _)| region.eq_ignore_ascii_case(name));
    let (Some((_, city)), Some(at), false) = (found, value.rfind(region), is_unknown(element))
    else {
        return;
    };
    let city = city.map(|city| format!(" ({city})")).unwrap_or_default();
    findings.push(
        Finding::new(
            id::UNSUPPORTED_LOGGING_REGION,
            part_of_value(element, at..at + region.len()),
            format!(
                "CloudFront cannot write access logs into {}{city}",
                quoted(region)
            ),
        )
        .at(element.path())
        .label("region not supported")
        .help("use a bucket of another region"),
    );
}
