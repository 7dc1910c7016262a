//! `lost-viewer-mtls`: an update no longer asks viewers for certificates, or no longer insists on valid ones.

use crate::check::trimmed;
use crate::compare::Change;
use crate::rule::id;
use crate::update::{Update, is_in, lost, values};

/// Who is let in from now on.
struct Loosened {
    message: &'static str,
    label: &'static str,
    was: &'static str,
}

/// Removed, no longer required, or valid for ever.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let Some(loosened) = removed(&change).or_else(|| looser(&change)) else {
            continue;
        };
        let finding = update
            .finding(
                id::LOST_VIEWER_MTLS,
                &change,
                loosened.message,
                loosened.was,
            )
            .label(loosened.label)
            .note("CloudFront refuses them today")
            .help("write ViewerMtlsConfig as GetDistributionConfig returns it");
        update.say([place], finding);
    }
}

/// The whole, if it required something; else, the loss is one like all others.
fn removed(change: &Change<'_>) -> Option<Loosened> {
    let old = lost(change).filter(|old| is_in(*old, "DistributionConfig", "ViewerMtlsConfig"))?;
    let mode = old.child("Mode");
    mode.is_none_or(|mode| trimmed(mode.value()) == "required")
        .then_some(Loosened {
            message: "viewers without a certificate are let in",
            label: "no certificate is asked for",
            was: "certificates are required today",
        })
}

fn looser(change: &Change<'_>) -> Option<Loosened> {
    let new = change.new?;
    if is_in(new, "ViewerMtlsConfig", "Mode") {
        // Absent, it was required.
        let was_required =
            values(change).map_or(change.old.is_none(), |(old, _)| old == "required");
        return was_required.then_some(Loosened {
            message: "viewers without a certificate are let in",
            label: "no certificate is required",
            was: "certificates are required today",
        });
    }
    let expired = is_in(new, "TrustStoreConfig", "IgnoreCertificateExpiry");
    (expired && trimmed(new.value()).eq_ignore_ascii_case("true")).then_some(Loosened {
        message: "viewers with an expired certificate are let in",
        label: "expired certificates count",
        was: "they do not count today",
    })
}
