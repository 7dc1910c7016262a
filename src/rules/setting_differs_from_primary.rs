//! `setting-differs-from-primary`: a staging distribution has another value where only the primary one's is possible.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::Primary;
use crate::compare::{Action, Change, compare};
use crate::document::Document;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::frozen_in_continuous_deployment::{CHANGEABLE, member_of};

/// These differ by nature, or other rules speak of them. Whether `Enabled` is fixed, nobody says; a copy may differ.
const OTHERS: [&str; 6] = [
    "Aliases",
    "CallerReference",
    "ConnectionMode",
    "ContinuousDeploymentPolicyId",
    "Enabled",
    "Staging",
];

/// One finding for each member of the distribution.
pub(crate) fn check<'d>(
    staging: &'d Document<'d>,
    primary: &'d Primary<'d>,
    findings: &mut Vec<Finding>,
) {
    let Some(comparison) = compare(primary.document, staging) else {
        return;
    };
    if comparison.kinds_differ() {
        return;
    }
    let mut fixed: BTreeMap<&str, &Change<'_>> = BTreeMap::new();
    for change in &comparison.changes {
        let member = member_of(change);
        if let Some(member) = member.filter(|m| !CHANGEABLE.contains(m) && !OTHERS.contains(m)) {
            fixed.entry(member).or_insert(change);
        }
    }
    for (member, change) in fixed {
        findings.push(report(member, change, primary));
    }
}

fn report(member: &str, change: &Change<'_>, primary: &Primary<'_>) -> Finding {
    let place = change.place();
    let span = match change.new {
        Some(new) if !new.has_children() => new.subject_span(),
        _ => place.name_span(),
    };
    let old = change.old_place();
    let in_primary = match old.has_children() || old.value_span().is_empty() {
        true => old.name_span(),
        false => old.value_span(),
    };
    let inner = change.element().shown_name();
    let label = match change.action {
        Action::Removed => format!("without {inner}"),
        Action::Added => format!("{inner} is not in the primary one"),
        Action::Changed | Action::Moved => "differs".to_owned(),
    };
    Finding::new(
        id::SETTING_DIFFERS_FROM_PRIMARY,
        span,
        format!("{member} differs from the primary distribution"),
    )
    .at(place.path())
    .label(label)
    .also_in(Arc::clone(&primary.source), in_primary, "in the primary distribution")
    .note("a copy has it from the primary distribution, and it is fixed in both while continuous deployment is set up")
    .help(format!("write {member} as in the primary distribution"))
}
