//! `unused-origin`: no cache behavior and no origin group names an origin.

use crate::check::trimmed;
use crate::distribution::{Distribution, Target};
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::vocabulary::evaluate::is_filled;

/// All origins of a distribution at once.
pub(crate) fn check(scope: &Scope<'_>, origins: Element<'_>, findings: &mut Vec<Finding>) {
    // A single origin is used, or TargetOriginId names something else.
    if origins.items().nth(1).is_none() {
        return;
    }
    let Some(distribution) = scope.distribution() else {
        return;
    };
    let targets = distribution.behaviors.iter().filter_map(|b| b.target);
    let members = distribution.groups.iter().flat_map(|g| g.members.iter());
    let mut used = vec![false; distribution.origins.len()];
    for id in targets.chain(members.copied()) {
        if let Some(Target::Origin(index)) = distribution.target(trimmed(id.value())) {
            used[index] = true;
        }
    }
    if !used.contains(&false) || hides_its_targets(distribution) {
        return;
    }
    for (index, origin) in distribution.origins.iter().enumerate() {
        // Of two origins with one id, another rule speaks.
        let doubled = distribution.target(origin.id) != Some(Target::Origin(index));
        if origin.id.is_empty() || doubled || used[index] {
            continue;
        }
        let Some(name) = origin.element.get(name::ID) else {
            continue;
        };
        let finding = Finding::new(
            id::UNUSED_ORIGIN,
            name.subject_span(),
            format!("no cache behavior uses the origin {}", name.shown_value()),
        );
        findings.push(
            finding
                .at(name.path())
                .label("never asked")
                .help("add a cache behavior that names it in TargetOriginId, or delete the origin"),
        );
    }
}

/// Whether nobody can tell what is used: a target names nothing, so that it may be misspelt, a group lacks a member, or
/// a function may choose any origin.
pub(crate) fn hides_its_targets(distribution: &Distribution<'_>) -> bool {
    let unknown = |id: &Element<'_>| distribution.target(trimmed(id.value())).is_none();
    let no_origin = |id: &Element<'_>| {
        let target = distribution.target(trimmed(id.value()));
        !matches!(target, Some(Target::Origin(_)))
    };
    distribution.behaviors.iter().any(|behavior| {
        let functions = behavior.element.get(name::FUNCTION_ASSOCIATIONS);
        behavior.target.as_ref().is_none_or(unknown) || functions.is_some_and(is_filled)
    }) || distribution
        .groups
        .iter()
        .any(|group| group.members.len() < 2 || group.members.iter().any(no_origin))
}
