//! `lost-web-acl`: an update takes the web ACL away.

use crate::rule::id;
use crate::update::{Update, is_in, lost};

/// Removed or emptied.
pub(crate) fn check(update: &mut Update<'_>) {
    let found =
        update.find(|c| lost(c).is_some_and(|old| is_in(old, "DistributionConfig", "WebACLId")));
    let Some((place, change)) = found else { return };
    let finding = update
        .finding(id::LOST_WEB_ACL, &change, "the web ACL is removed", "filters requests today")
        .label("no web ACL from now on")
        .note("AWS WAF no longer looks at requests: what its rules block today reaches the cache and the origins")
        .note("under a flat-rate plan, CloudFront answers InvalidArgument instead: there the web ACL is a part of the plan")
        .help("write WebACLId as GetDistributionConfig returns it");
    update.say([place], finding);
}
