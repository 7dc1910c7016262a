//! `api-version-too-old`: an update in an API version that cannot express the distribution.

use crate::compare::is_of_first_generation;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::text_in_namespace;
use crate::update::Update;

/// Versions up to 2012-03-15 know distributions with one origin and one behavior.
pub(crate) fn check(update: &mut Update<'_>) {
    let (old, new) = (update.old.version(), update.new.version());
    let Some(comparison) = update.comparison().filter(|c| !c.kinds_differ()) else {
        return;
    };
    if !is_of_first_generation(new) || is_of_first_generation(old) {
        return;
    }
    let finding = Finding::new(
        id::API_VERSION_TOO_OLD,
        text_in_namespace(update.new.root(), new.date()),
        format!("API version {new} cannot update a distribution that was made with {old}"),
    )
    .at(comparison.new.path())
    .label("too old")
    .note("what was made or changed with 2012-05-05 or later has settings that earlier versions cannot express")
    .help(format!("write the document for {old} or a later version"));
    let finding = update.also_old_version(finding, "the distribution is written for this");
    // What the two call differently is no change by itself.
    let changes = update.open();
    changes
        .into_iter()
        .for_each(|(place, _)| update.leave(place));
    update.say([], finding);
}
