//! `write-methods-on-origin-group`: a behavior that targets an origin group allows methods that change something.

use crate::check::trimmed;
use crate::distribution::{Behavior, Distribution, Target};
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

const WRITING: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// All behaviors at once; only documents with groups come here.
pub(crate) fn check(scope: &Scope<'_>, _: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(distribution) = scope.distribution() else {
        return;
    };
    for (behavior, group) in behaviors_with_groups(distribution) {
        let Some(method) = writing_method(behavior) else {
            continue;
        };
        let finding = Finding::new(
            id::WRITE_METHODS_ON_ORIGIN_GROUP,
            method.value_span(),
            format!(
                "{} is not allowed in a behavior that targets an origin group",
                trimmed(method.value())
            ),
        )
        .at(method.path())
        .label("changes something at the origin")
        .help("allow GET, HEAD and OPTIONS only, or target an origin instead of the group");
        findings.push(finding.also(group.value_span(), "an origin group"));
    }
}

/// Behaviors whose target is an origin group, with the element that says so.
pub(crate) fn behaviors_with_groups<'a, 'd>(
    distribution: &'a Distribution<'d>,
) -> impl Iterator<Item = (Behavior<'d>, Element<'d>)> + 'a {
    distribution.behaviors.iter().filter_map(|behavior| {
        let id = behavior.target?;
        let target = distribution.target(trimmed(id.value()));
        matches!(target, Some(Target::Group(_))).then_some((*behavior, id))
    })
}

/// The first method of a behavior that changes something.
pub(crate) fn writing_method<'d>(behavior: Behavior<'d>) -> Option<Element<'d>> {
    let allowed = behavior.element.child("AllowedMethods")?;
    let mut methods = allowed.items();
    methods.find(|method| WRITING.contains(&trimmed(method.value())))
}
