//! `changed-origin-domain`: an origin is another server from now on.

use crate::check::trimmed;
use crate::rule::id;
use crate::update::{Update, is_in, origin_in_words, values};

/// One finding for each origin.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let element = change.element();
        let of_list = is_in(element, "Origin", "DomainName");
        let is_domain = of_list || is_in(element, "S3Origin", "DomainName");
        // The case of letters makes no difference to DNS.
        let differs = values(&change).is_some_and(|(old, new)| !old.eq_ignore_ascii_case(new));
        let Some(old) = change.old.filter(|_| is_domain && differs) else {
            continue;
        };
        let origin = match of_list {
            true => origin_in_words(element),
            false => "the origin".to_owned(),
        };
        let message = format!(
            "{origin} moves from {} to {}",
            old.shown_value(),
            element.shown_value()
        );
        let finding = update
            .finding(id::CHANGED_ORIGIN_DOMAIN, &change, message, "asked today")
            .label("asked from now on")
            .note("edge locations keep what they hold of the old server until it expires, and both servers are asked until the update has reached all of them")
            .help(format!("keep {} running for that time, and invalidate what differs", trimmed(old.value())));
        update.say([place], finding);
    }
}
