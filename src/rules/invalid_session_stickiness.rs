//! `invalid-session-stickiness`: IdleTTL is greater than MaximumTTL.

use std::ops::RangeInclusive;

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// A number outside is reported for that.
const LEGAL: RangeInclusive<i64> = 300..=3600;

/// The two numbers against each other.
pub(crate) fn check(_: &Scope<'_>, idle: Element<'_>, findings: &mut Vec<Finding>) {
    let maximum = idle.parent().and_then(|around| around.child("MaximumTTL"));
    let legal = |element: Element<'_>| {
        let number: i64 = trimmed(element.value()).parse().ok()?;
        LEGAL.contains(&number).then_some(number)
    };
    let (Some(maximum), Some(least)) = (maximum, legal(idle)) else {
        return;
    };
    let Some(most) = legal(maximum).filter(|most| least > *most) else {
        return;
    };
    let message = format!("IdleTTL {least} is greater than MaximumTTL {most}");
    findings.push(
        Finding::new(id::INVALID_SESSION_STICKINESS, idle.value_span(), message)
            .at(idle.path())
            .label("never reached")
            .also(maximum.value_span(), "the session ends sooner")
            .help(format!("write {most} or less, or raise MaximumTTL")),
    );
}
