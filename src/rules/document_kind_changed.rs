//! `document-kind-changed`: the older document configures something of another kind.

use crate::rule::id;
use crate::update::Update;

/// The names of the two elements tell.
pub(crate) fn check(update: &mut Update<'_>) {
    let Some(comparison) = update.comparison().filter(|c| c.kinds_differ()) else {
        return;
    };
    let Some((_, change)) = update.open().first().copied() else {
        return;
    };
    let (old, new) = (comparison.old.shown_name(), comparison.new.shown_name());
    let finding = update
        .finding(
            id::DOCUMENT_KIND_CHANGED,
            &change,
            format!("a {new} cannot replace a {old}"),
            "another kind of document",
        )
        .label("sent to update the other")
        .note("each kind of document belongs to resources of its own, with addresses of their own")
        .help(format!("compare with the {new} that is to be replaced, or create something new with this document"));
    update.say([0], finding);
}
