//! `unused-origin-group`: no cache behavior targets an origin group.

use std::collections::HashSet;

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::unused_origin;
use crate::scope::Scope;

/// All groups of a distribution at once.
pub(crate) fn check(scope: &Scope<'_>, groups: Element<'_>, findings: &mut Vec<Finding>) {
    if groups.items().next().is_none() {
        return;
    }
    let Some(distribution) = scope.distribution() else {
        return;
    };
    if unused_origin::hides_its_targets(distribution) {
        return;
    }
    let targets = distribution.behaviors.iter().filter_map(|b| b.target);
    let used: HashSet<&str> = targets.map(|id| trimmed(id.value())).collect();
    for group in &distribution.groups {
        if group.id.is_empty() || used.contains(group.id) {
            continue;
        }
        let Some(name) = group.element.child("Id") else {
            continue;
        };
        let finding = Finding::new(
            id::UNUSED_ORIGIN_GROUP,
            name.subject_span(),
            format!(
                "no cache behavior targets the origin group {}",
                name.shown_value()
            ),
        );
        findings.push(
            finding
                .at(name.path())
                .label("nothing fails over")
                .help("write this Id into TargetOriginId of a cache behavior, or delete the group"),
        );
    }
}
