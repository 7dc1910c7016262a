//! `lost-viewer-mtls`: an update no longer asks viewers for certificates, or no longer insists.

use crate::compare::Change;
use crate::rule::id;
use crate::update::{Update, is_in, lost, values};

/// Whether viewers without a certificate are let in after a change.
fn lets_in(change: &Change<'_>) -> bool {
    let gone = lost(change).is_some_and(|old| is_in(old, "DistributionConfig", "ViewerMtlsConfig"));
    let loosened = match values(change) {
        Some((old, _)) => old == "required",
        // Absent, it was required.
        None => change.old.is_none(),
    };
    gone || is_in(change.element(), "ViewerMtlsConfig", "Mode") && loosened
}

/// Removed, or no longer required.
pub(crate) fn check(update: &mut Update<'_>) {
    let Some((place, change)) = update.find(lets_in) else {
        return;
    };
    let message = match change.new {
        None => "viewers are no longer asked for a certificate",
        Some(_) => "viewers without a certificate are let in",
    };
    let finding = update
        .finding(
            id::LOST_VIEWER_MTLS,
            &change,
            message,
            "certificates are required today",
        )
        .label("no certificate is required")
        .note("CloudFront refuses viewers without a valid certificate today")
        .help("write ViewerMtlsConfig as GetDistributionConfig returns it");
    update.say([place], finding);
}
