//! `options-without-failover`: OPTIONS fails over only where its answers are cached.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::write_methods_on_origin_group::{behaviors_with_groups, writing_method};
use crate::scope::Scope;

/// All behaviors at once; only documents with groups come here.
pub(crate) fn check(scope: &Scope<'_>, _: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(distribution) = scope.distribution() else {
        return;
    };
    for (behavior, group) in behaviors_with_groups(distribution) {
        let Some(allowed) = behavior.element.child("AllowedMethods") else {
            continue;
        };
        // A behavior with methods that write must change anyway.
        if writing_method(behavior).is_some() {
            continue;
        }
        let Some(options) = options_in(allowed) else {
            continue;
        };
        if allowed
            .child("CachedMethods")
            .and_then(options_in)
            .is_some()
        {
            continue;
        }
        let finding = Finding::new(
            id::OPTIONS_WITHOUT_FAILOVER,
            options.value_span(),
            "OPTIONS requests do not fail over, because they are not cached",
        );
        findings.push(
            finding
                .at(options.path())
                .label("not in CachedMethods")
                .also(group.value_span(), "an origin group")
                .help("add OPTIONS to CachedMethods"),
        );
    }
}

fn options_in(methods: Element<'_>) -> Option<Element<'_>> {
    methods
        .items()
        .find(|method| trimmed(method.value()) == "OPTIONS")
}
