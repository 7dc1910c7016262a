//! `legacy-origin-changed`: an update of an old API version changes the origin.

use crate::compare::{Change, is_of_first_generation};
use crate::rule::id;
use crate::update::{Update, is_in};

/// The elements that name the one origin of an old document. Its access identity may change.
fn names_origin(change: &Change<'_>) -> bool {
    let element = change.element();
    let whole = ["Origin", "S3Origin", "CustomOrigin"];
    let config = ["DistributionConfig", "StreamingDistributionConfig"];
    config
        .iter()
        .any(|config| whole.iter().any(|name| is_in(element, config, name)))
        || is_in(element, "S3Origin", "DNSName")
        || is_in(element, "CustomOrigin", "DNSName")
}

/// One finding, also where one kind of origin takes the place of the other.
pub(crate) fn check(update: &mut Update<'_>) {
    if !is_of_first_generation(update.new.version()) {
        return;
    }
    let mut changes = update.losses();
    changes.retain(|(_, change)| names_origin(change));
    let newer = changes.iter().find(|(_, c)| c.new.is_some());
    let Some((_, change)) = newer.or(changes.first()).copied() else {
        return;
    };
    let old = changes.iter().find_map(|(_, c)| c.old);
    let finding = update
        .at(
            id::LEGACY_ORIGIN_CHANGED,
            &change,
            "the origin differs from that of the distribution",
        )
        .label("another origin")
        .note("with API versions up to 2012-03-15, the origin of a distribution is fixed when it is created")
        .help("put the old origin back; with API version 2012-05-05 or later, origins may change");
    let old = old.unwrap_or(change.old_place());
    let finding = update.also_old(finding, old, "the origin that it was created with");
    update.say(changes.into_iter().map(|(place, _)| place), finding);
}
