//! `frozen-in-continuous-deployment`: a setting changes that is fixed while continuous deployment is set up.

use std::collections::BTreeMap;

use crate::check::trimmed;
use crate::compare::{Change, Comparison};
use crate::finding::{Confidence, Level};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::update::{Update, gained, lost};

/// The members of a distribution that may change all the same, as the guide lists them.
pub(crate) const CHANGEABLE: [&str; 9] = [
    "CacheBehaviors",
    "Comment",
    "CustomErrorResponses",
    "DefaultCacheBehavior",
    "DefaultRootObject",
    "Logging",
    "OriginGroups",
    "Origins",
    "Restrictions",
];
/// Other rules speak of these, or the change is how continuous deployment begins and ends.
const OTHERS: [&str; 4] = [
    "CallerReference",
    "ConnectionMode",
    "ContinuousDeploymentPolicyId",
    "Staging",
];

/// One finding for each member of the distribution.
pub(crate) fn check(update: &mut Update<'_>) {
    let Some(why) = update.comparison().and_then(reason) else {
        return;
    };
    let mut frozen: BTreeMap<&str, Vec<(usize, Change<'_>)>> = BTreeMap::new();
    for (place, change) in update.losses() {
        let member = member_of(&change);
        if let Some(member) = member.filter(|m| !CHANGEABLE.contains(m) && !OTHERS.contains(m)) {
            frozen.entry(member).or_default().push((place, change));
        }
    }
    for (member, changes) in frozen {
        let Some((_, first)) = changes.first() else {
            continue;
        };
        let message = format!("{member} cannot change while {why}");
        let finding = update
            .finding(id::FROZEN_IN_CONTINUOUS_DEPLOYMENT, first, message, "the setting that is fixed")
            .label("differs")
            .note("what may change is behaviors, origins, origin groups, error pages, geographic restrictions, the default root object, logging and the comment")
            .help(format!("keep {member} as it was, or end continuous deployment in an update of its own first"));
        let finding = match member {
            // Nobody says whether the switch itself is fixed.
            "Enabled" => finding.confidence(Confidence::Inferred),
            "WebACLId" if lost(first).is_none() && gained(first).is_none() => {
                finding.confidence(Confidence::Inferred)
            }
            "WebACLId" => finding
                .confidence(Confidence::Documented)
                .level(Level::Error),
            _ => finding,
        };
        update.say(changes.into_iter().map(|(place, _)| place), finding);
    }
}

/// Why settings are fixed, if they are.
fn reason(comparison: &Comparison<'_>) -> Option<&'static str> {
    let value = |name: &str| {
        let element = comparison.old.child(name)?;
        (!template_leftover::is_unknown(element)).then(|| trimmed(element.value()))
    };
    if value("ContinuousDeploymentPolicyId").is_some_and(|id| !id.is_empty()) {
        return Some("a continuous deployment policy is attached");
    }
    let is_staging = value("Staging").is_some_and(|v| v.eq_ignore_ascii_case("true"));
    is_staging.then_some("this is a staging distribution")
}

/// The member of the configuration that a change lies in.
pub(crate) fn member_of<'d>(change: &Change<'d>) -> Option<&'d str> {
    let mut at = change.element();
    while let Some(parent) = at.parent() {
        if parent.name() == "DistributionConfig" {
            return Some(at.name());
        }
        at = parent;
    }
    None
}
