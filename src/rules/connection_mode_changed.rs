//! `connection-mode-changed`: an update turns a standard distribution into a multi-tenant one, or the reverse.

use crate::check::trimmed;
use crate::document::{Element, cut};
use crate::rule::id;
use crate::update::{Update, is_in, undone};

/// The two are separate kinds of distribution.
pub(crate) fn check(update: &mut Update<'_>) {
    let found = update.find(|c| is_in(c.element(), "DistributionConfig", "ConnectionMode"));
    let Some((place, change)) = found else { return };
    let mode = |element: Option<Element<'_>>| {
        element.map_or("direct".to_owned(), |e| cut(trimmed(e.value())).to_owned())
    };
    let (old, new) = (mode(change.old), mode(change.new));
    let message = format!("ConnectionMode changes from {old} to {new}");
    let finding = update
        .finding(id::CONNECTION_MODE_CHANGED, &change, message, "the kind of distribution that it is")
        .label("another kind of distribution")
        .note("standard and multi-tenant distributions are separate kinds; no way is described to turn one into the other")
        .help(format!("keep {old}, or create a new distribution with {new}"))
        .fix(undone(&change));
    update.say([place], finding);
}
