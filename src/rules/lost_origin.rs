//! `lost-origin`: an update takes an origin away.

use crate::check::trimmed;
use crate::compare::Action;
use crate::distribution::Distribution;
use crate::rule::id;
use crate::update::{Update, is_in};

/// Where something still names the origin, the service refuses the document, and another rule says so.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut gone = update.losses();
    gone.retain(|(_, c)| c.action == Action::Removed && is_in(c.element(), "Items", "Origin"));
    let named = named(update);
    for (place, change) in gone {
        let Some(origin_id) = change.element().child("Id") else {
            continue;
        };
        if named.binary_search(&trimmed(origin_id.value())).is_ok() {
            update.leave(place);
            continue;
        }
        let domain = change.element().child("DomainName");
        let asked = domain.map_or("it".to_owned(), |domain| domain.shown_value());
        let message = format!("the origin {} is removed", origin_id.shown_value());
        let finding = update
            .at(id::LOST_ORIGIN, &change, message)
            .label("no longer among them")
            .note(format!("nothing is fetched from {asked} any more; what the cache holds of it stays until it expires"))
            .help("write the origin again if a behavior, or a function that chooses an origin, needs it");
        let finding = update.also_old(finding, origin_id, "the origin that is removed");
        update.say([place], finding);
    }
}

/// The ids that behaviors and groups of the newer document name, sorted.
pub(crate) fn named<'d>(update: &Update<'d>) -> Vec<&'d str> {
    let Some(new) = Distribution::of(update.new) else {
        return Vec::new();
    };
    let members = new.groups.iter().flat_map(|group| &group.members).copied();
    let targets = new.behaviors.iter().filter_map(|behavior| behavior.target);
    let mut named: Vec<&str> = members
        .chain(targets)
        .map(|id| trimmed(id.value()))
        .collect();
    named.sort_unstable();
    named
}
