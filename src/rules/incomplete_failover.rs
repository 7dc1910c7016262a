//! `incomplete-failover`: an origin group that does not fail over when its first origin cannot be reached.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// The status codes of one group.
pub(crate) fn check(_: &Scope<'_>, codes: Element<'_>, findings: &mut Vec<Finding>) {
    let has = |code: &str| codes.items().any(|item| trimmed(item.value()) == code);
    // An empty list is another mistake, and a placeholder may be any code.
    if codes.items().next().is_none() || codes.items().any(template_leftover::is_unknown) {
        return;
    }
    let (missing, case) = match (has("503"), has("504")) {
        (true, true) => return,
        (false, true) => ("503", "connection failures"),
        (true, false) => ("504", "timeouts"),
        (false, false) => ("503 and 504", "connection failures and timeouts"),
    };
    let message = format!("the origin group does not fail over on {case}");
    findings.push(
        Finding::new(id::INCOMPLETE_FAILOVER, codes.name_span(), message)
            .at(codes.path())
            .label(format!("without {missing}"))
            .help(format!("add {missing} to StatusCodes")),
    );
}
