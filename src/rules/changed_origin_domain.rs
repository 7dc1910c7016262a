//! `changed-origin-domain`: an origin is another server from now on.

use crate::check::trimmed;
use crate::compare::Action;
use crate::document::cut;
use crate::rule::id;
use crate::update::{Update, is_in, origin_in_words};

/// One finding for each origin.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let element = change.element();
        let of_list = is_in(element, "Origin", "DomainName");
        let is_domain = of_list || is_in(element, "S3Origin", "DomainName");
        let (Some(old), Some(new)) = (change.old, change.new) else {
            continue;
        };
        // The case of letters makes no difference to DNS.
        let [was, is] = [old, new].map(|domain| trimmed(domain.value()));
        if !is_domain || change.action != Action::Changed || was.eq_ignore_ascii_case(is) {
            continue;
        }
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
            .help(format!("keep {} running for that time, and invalidate what differs", cut(was)));
        update.say([place], finding);
    }
}
