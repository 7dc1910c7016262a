//! `lost-origin`: an update takes an origin away.

use std::collections::HashMap;

use crate::check::trimmed;
use crate::compare::Action;
use crate::distribution::Distribution;
use crate::finding::Finding;
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

/// Takes over the findings that something names an origin, or a group, which the update takes away.
pub(crate) fn refused(update: &mut Update<'_>, findings: &mut Vec<Finding>) {
    let mut gone = HashMap::new();
    for (place, change) in update.losses() {
        let element = change.element();
        let is_target = is_in(element, "Items", "Origin") || is_in(element, "Items", "OriginGroup");
        let id = element.child("Id").filter(|_| is_target);
        if let Some(id) = id.filter(|_| change.action == Action::Removed) {
            gone.insert(trimmed(id.value()), (place, id));
        }
    }
    let text = update.new.source();
    let named = |finding: &Finding| {
        let rules = [id::UNKNOWN_TARGET_ORIGIN, id::UNKNOWN_ORIGIN_GROUP_MEMBER];
        let known = rules.contains(&finding.rule);
        gone.get(trimmed(text.slice(finding.span)))
            .filter(|_| known)
            .copied()
    };
    let refused: Vec<Finding> = findings
        .extract_if(.., |finding| named(finding).is_some())
        .collect();
    for finding in refused {
        if let Some((place, old)) = named(&finding) {
            let finding = update.also_old(finding, old, "this update takes it away");
            update.say([place], finding);
        }
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
