//! `lost-cookie-names`: an update forwards other cookies, and CloudFront forgets the names.

use std::collections::BTreeMap;

use crate::compare::Change;
use crate::rule::id;
use crate::update::{Update, around, is_in, values};

/// Forward was whitelist and is none or all.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut preferences: BTreeMap<u32, Vec<(usize, Change<'_>)>> = BTreeMap::new();
    for (place, change) in update.losses() {
        if let Some(cookies) = around(change.old_place(), "Cookies") {
            let changes = preferences.entry(cookies.id()).or_default();
            changes.push((place, change));
        }
    }
    for changes in preferences.into_values() {
        let switched = |change: &Change<'_>| {
            let from_list = values(change).is_some_and(|(old, _)| old == "whitelist");
            from_list && is_in(change.element(), "Cookies", "Forward")
        };
        let switch = changes.iter().find(|(_, change)| switched(change)).copied();
        let Some((change, (_, new))) = switch.and_then(|(_, c)| Some((c, values(&c)?))) else {
            continue;
        };
        let effect = match new {
            "all" => {
                "every cookie goes to the origin and into the cache key, so that hardly anything is served from the cache"
            }
            _ => "no cookie reaches the origin: a login that depends on one no longer works",
        };
        let message = format!("Forward changes from whitelist to {new}");
        let finding = update
            .finding(
                id::LOST_COOKIE_NAMES,
                &change,
                message,
                "the cookies of a list are forwarded today",
            )
            .label("the list of names is deleted")
            .note(format!("{effect}; CloudFront deletes WhitelistedNames"))
            .help("keep whitelist and the names, unless the change is meant");
        update.say(changes.into_iter().map(|(place, _)| place), finding);
    }
}
