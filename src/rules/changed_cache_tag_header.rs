//! `changed-cache-tag-header`: what is cached already cannot be found by its tags any more.

use crate::rule::id;
use crate::update::{Update, around, lost, values};

/// Renamed or removed.
pub(crate) fn check(update: &mut Update<'_>) {
    let found = update.find(|change| {
        // The case of letters makes no difference to headers.
        let renamed = values(change).is_some_and(|(old, new)| !old.eq_ignore_ascii_case(new));
        let differs = renamed || lost(change).is_some();
        differs && around(change.element(), "CacheTagConfig").is_some()
    });
    let Some((place, change)) = found else { return };
    let message = match change.new {
        Some(_) => "the header that holds cache tags changes",
        None => "cache tags are switched off",
    };
    let finding = update
        .finding(id::CHANGED_CACHE_TAG_HEADER, &change, message, "what is cached got its tags from here")
        .label("differs")
        .note("what is cached already is not found by its tags any more: invalidations by tag pass it over until it expires")
        .help("keep the header, or invalidate by path what must not stay");
    update.say([place], finding);
}
