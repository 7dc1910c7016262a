//! `unused-origin`: no cache behavior and no origin group names an origin.

use crate::check::{same, trimmed};
use crate::distribution::{Distribution, Target};
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::name;
use crate::scope::Scope;
use crate::vocabulary::evaluate::is_filled;

/// All origins of a distribution at once.
pub(crate) fn check(scope: &Scope<'_>, origins: Element<'_>, findings: &mut Vec<Finding>) {
    if are_all_named(origins) {
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

/// So many origins are looked at before the whole distribution is.
const FEW: usize = 16;

/// Whether each origin is, at a glance, the target of a behavior. A single one is, or TargetOriginId names something
/// else.
fn are_all_named(origins: Element<'_>) -> bool {
    let mut ids = [""; FEW];
    let mut count = 0;
    for origin in origins.items() {
        let (Some(id), Some(place)) = (origin.get(name::ID), ids.get_mut(count)) else {
            return false;
        };
        *place = trimmed(id.value());
        count += 1;
    }
    let Some(config) = origins.parent().filter(|_| count > 1) else {
        return count < 2;
    };
    let default = config.get(name::DEFAULT_CACHE_BEHAVIOR);
    let others = config.get(name::CACHE_BEHAVIORS);
    let others = others.into_iter().flat_map(Element::items);
    let mut left = (1_u64 << count) - 1;
    for behavior in default.into_iter().chain(others) {
        let Some(target) = behavior.get(name::TARGET_ORIGIN_ID) else {
            continue;
        };
        let target = trimmed(target.value());
        let named = ids[..count]
            .iter()
            .position(|id| same(id.as_bytes(), target.as_bytes()));
        left &= !named.map_or(0, |place| 1 << place);
        if left == 0 {
            return true;
        }
    }
    false
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
