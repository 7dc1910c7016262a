//! `media-quality-without-mediapackage`: only MediaPackage v2 sends the score by which a group would choose.

use crate::distribution::OriginGroup;
use crate::document::Element;
use crate::finding::{Confidence, Finding, Level};
use crate::rule::id;
use crate::scope::Scope;
use crate::value::host::Endpoint;

/// Called where the criteria are media-quality-based.
pub(crate) fn check(scope: &Scope<'_>, criteria: Element<'_>, findings: &mut Vec<Finding>) {
    let (Some(distribution), Some(element)) = (scope.distribution(), criteria.parent()) else {
        return;
    };
    let group = OriginGroup::of(element);
    let foreign = distribution
        .origins_in(&group)
        .into_iter()
        .filter_map(|origin| Some((origin, origin.endpoint()?)))
        .find(|(_, endpoint)| !matches!(endpoint, Endpoint::MediaPackageV2));
    let Some((origin, endpoint)) = foreign else {
        return;
    };
    let mut finding = Finding::new(
        id::MEDIA_QUALITY_WITHOUT_MEDIAPACKAGE,
        criteria.value_span(),
        "media-quality-based needs MediaPackage v2 origins",
    )
    .at(criteria.path())
    .label("chooses by a score of MediaPackage v2")
    .help("write default, or let both members be MediaPackage v2 channels");
    if let Some(domain) = origin.element.child("DomainName") {
        finding = finding.also(domain.value_span(), "no MediaPackage v2 channel");
    }
    // A name of one's own may lead to MediaPackage.
    findings.push(match endpoint {
        Endpoint::Other | Endpoint::CloudFront => finding
            .level(Level::Warning)
            .confidence(Confidence::Inferred),
        _ => finding,
    });
}
