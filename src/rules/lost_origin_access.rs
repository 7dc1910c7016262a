//! `lost-origin-access`: an update no longer signs requests to an origin.

use crate::check::trimmed;
use crate::compare::Change;
use crate::document::Element;
use crate::rule::id;
use crate::update::{Update, around, lost, origin_in_words};

/// One finding for each origin that has neither kind of access afterwards.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let Some(access) = lost_access(&change) else {
            continue;
        };
        let places = [
            "Origin",
            "S3Origin",
            "DistributionConfig",
            "StreamingDistributionConfig",
        ];
        let mut places = places.iter();
        let origin = places.find_map(|name| around(change.new_around, name));
        let Some(origin) = origin.filter(|origin| !has_access(*origin)) else {
            // One kind of access takes the place of the other; the rest of a structure may still matter.
            if change.old.map(Element::id) == Some(access.id()) {
                update.leave(place);
            }
            continue;
        };
        let origin = match origin.name() {
            "Origin" => origin_in_words(origin),
            _ => "the origin".to_owned(),
        };
        let message = format!("requests to {origin} are no longer signed");
        let finding = update
            .at(id::LOST_ORIGIN_ACCESS, &change, message)
            .label("neither access identity nor access control")
            .note("a bucket that trusts CloudFront alone answers 403 AccessDenied to every request that the cache cannot answer; a bucket that everybody may read can be read past CloudFront")
            .help("write the access control or the access identity again");
        let finding = update.also_old(finding, access, "signs requests today");
        update.say([place], finding);
    }
}

/// The access control or the access identity that a change takes away.
fn lost_access<'d>(change: &Change<'d>) -> Option<Element<'d>> {
    let old = lost(change)?;
    match old.name() {
        "OriginAccessControlId" | "OriginAccessIdentity" => Some(old),
        "S3OriginConfig" => old.child("OriginAccessIdentity").filter(|i| is_filled(*i)),
        _ => None,
    }
}

fn has_access(origin: Element<'_>) -> bool {
    let inside = origin.child("S3OriginConfig").unwrap_or(origin);
    let identity = inside.child("OriginAccessIdentity");
    let control = origin.child("OriginAccessControlId");
    [control, identity].into_iter().flatten().any(is_filled)
}

fn is_filled(element: Element<'_>) -> bool {
    !trimmed(element.value()).is_empty()
}
