//! `caller-reference-changed`: CallerReference differs from the document that the update would replace.

use crate::compare::{Change, configuration};
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::rule::id;
use crate::update::Update;

/// Bodies that are only ever sent to create something: each is new, so there is nothing to replace.
const NEVER_UPDATED: [&str; 2] = ["InvalidationBatch", "CopyDistributionRequest"];

/// The reference identifies the call that created the resource; an update has to repeat it.
pub(crate) fn check(update: &mut Update<'_>) {
    let (Some(new), Some(old)) = (caller_reference(update.new), caller_reference(update.old))
    else {
        return;
    };
    let same_kind = update.comparison().is_some_and(|c| !c.kinds_differ());
    if new.value() == old.value() || !same_kind {
        return;
    }
    let finding = Finding::new(
        id::CALLER_REFERENCE_CHANGED,
        new.subject_span(),
        format!("CallerReference changed from {} to {}", old.shown_value(), new.shown_value()),
    )
    .at(new.path())
    .label("an update cannot change it")
    .note("the reference names the call that created the resource; a new one stands for a new resource")
    .help(format!("write {} again, or create a new resource with this document", old.shown_value()));
    let finding = update.also_old(finding, old, "the reference it was created with");
    let is_it = |change: &Change<'_>| change.place().id() == new.id();
    let changes = update.open();
    let spoken = changes.into_iter().filter(|(_, change)| is_it(change));
    update.say(spoken.map(|(place, _)| place), finding);
}

fn caller_reference<'d>(document: &'d Document<'d>) -> Option<Element<'d>> {
    let configuration = configuration(document);
    if NEVER_UPDATED.contains(&configuration.name()) {
        return None;
    }
    configuration.child("CallerReference")
}
