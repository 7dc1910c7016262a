//! `lowered-api-version`: an update in an API version that lacks what the distribution uses.

use std::collections::BTreeSet;

use crate::compare::Change;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::text_in_namespace;
use crate::schema::ApiVersion;
use crate::suggest;
use crate::update::Update;

/// So many settings are named.
const NAMED: usize = 5;

/// What the version of the newer document has no element for cannot be in it, and is reset.
pub(crate) fn check(update: &mut Update<'_>) {
    let (old, new) = (update.old.version(), update.new.version());
    if new >= old {
        return;
    }
    let mut lost = update.losses();
    lost.retain(|(_, change)| is_unknown_to(new, change));
    let Some((_, first)) = lost.first().copied() else {
        return;
    };
    let mut seen = BTreeSet::new();
    let names = lost.iter().map(|(_, change)| change.element().shown_name());
    let names: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
    let words = match names.len().saturating_sub(NAMED) {
        0 => suggest::alternatives(names, "and"),
        more => format!("{} and {more} more", names[..NAMED].join(", ")),
    };
    let root = update.new.root();
    let finding = Finding::new(
        id::LOWERED_API_VERSION,
        text_in_namespace(root, new.date()),
        format!("API version {new} cannot keep {words} of the distribution"),
    )
    .at(root.path())
    .label(format!("older than {old}"))
    .note("an update replaces the whole configuration: what the document cannot say is reset to its default, or the call fails")
    .help(format!("write the document for {old}, and keep these settings"));
    let finding = update.also_old(finding, first.element(), "would be lost");
    update.say(lost.into_iter().map(|(place, _)| place), finding);
}

/// Whether a version has no element for what is gone: itself, or the list that it was an item of.
fn is_unknown_to(version: ApiVersion, change: &Change<'_>) -> bool {
    let mut at = change.old.filter(|_| change.new.is_none());
    while let Some(element) = at.filter(|e| e.id() != change.old_around.id()) {
        at = element.parent();
        let shape = at.and_then(|parent| parent.shape());
        let member = shape.and_then(|shape| shape.member(element.name()));
        if member.is_some_and(|member| !member.exists_in(version)) {
            return true;
        }
    }
    false
}
