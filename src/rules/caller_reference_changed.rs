//! `caller-reference-changed`: CallerReference differs from the document that the update would replace.

use crate::check::trimmed;
use crate::compare::{Change, configuration};
use crate::document::{Document, Element};
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::update::{self, Update};

/// The reference identifies the call that created the resource; an update has to repeat it.
pub(crate) fn check(update: &mut Update<'_>) {
    let (Some(new), Some(old)) = (caller_reference(update.new), caller_reference(update.old))
    else {
        return;
    };
    // Of blanks around it, another rule speaks; what a template will fill in may be the same.
    let differs = trimmed(new.value()) != trimmed(old.value())
        && ![new, old].into_iter().any(template_leftover::is_unknown);
    let same_kind = update.comparison().is_some_and(|c| !c.kinds_differ());
    if !differs || !same_kind {
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
    .help(format!("write {} again, or create a new resource with this document", old.shown_value()))
    .fix(repair::write(new, trimmed(old.value()), Safety::Unsafe));
    let finding = update.also_old(finding, old, "the reference it was created with");
    let is_it = |change: &Change<'_>| change.place().id() == new.id();
    let changes = update.open();
    let spoken = changes.into_iter().filter(|(_, change)| is_it(change));
    update.say(spoken.map(|(place, _)| place), finding);
}

fn caller_reference<'d>(document: &'d Document<'d>) -> Option<Element<'d>> {
    let configuration = configuration(document);
    // What is only ever sent to create something is new each time, so there is nothing to replace.
    let is_updated = update::is_updated(configuration);
    is_updated.then(|| configuration.child("CallerReference"))?
}
