//! `lost-logging`: an update switches access logs off.

use crate::compare::Change;
use crate::rule::id;
use crate::update::{Update, around, became, is_in, lost};

/// Whether logs are no longer written after a change.
fn switches_off(change: &Change<'_>) -> bool {
    let gone = |name: &str| lost(change).is_some_and(|old| is_in(old, "Logging", name));
    let whole = lost(change).is_some_and(|old| old.name() == "Logging");
    let switch = is_in(change.element(), "Logging", "Enabled") && became(change, "false");
    switch || whole || gone("Bucket") || gone("Enabled")
}

/// One finding for all changes of the settings.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut changes = update.losses();
    changes.retain(|(_, change)| around(change.old_place(), "Logging").is_some());
    let off = |switch: bool| {
        let is_it =
            |c: &Change<'_>| switches_off(c) && (!switch || c.element().name() == "Enabled");
        changes.iter().find(|(_, c)| is_it(c)).copied()
    };
    let Some((_, change)) = off(true).or(off(false)) else {
        return;
    };
    let finding = update
        .finding(id::LOST_LOGGING, &change, "access logs are switched off", "logs are written today")
        .label("no logs from now on")
        .note("requests are nowhere on record from now on; CloudFront also empties Bucket and Prefix, so keep them for when logs are switched on again")
        .help("write Logging as it was");
    update.say(changes.into_iter().map(|(place, _)| place), finding);
}
