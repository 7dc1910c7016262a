//! `lowered-api-version`: an update in an API version that lacks what the distribution uses.

use std::collections::BTreeSet;

use crate::compare::Change;
use crate::document::Element;
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
    let losses = update.losses().into_iter();
    let lost: Vec<(usize, Element<'_>)> = losses
        .filter_map(|(place, change)| Some((place, unknown_to(new, &change)?)))
        .collect();
    let Some((_, first)) = lost.first().copied() else {
        return;
    };
    let mut seen = BTreeSet::new();
    let names = lost.iter().map(|(_, element)| element.shown_name());
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
    let finding = update.also_old(finding, first, "would be lost");
    update.say(lost.into_iter().map(|(place, _)| place), finding);
}

/// What is gone, or the outermost element around it that is, too, where a version has no such element.
fn unknown_to<'d>(version: ApiVersion, change: &Change<'d>) -> Option<Element<'d>> {
    let mut unknown = None;
    let mut at = change.old.filter(|_| change.new.is_none());
    while let Some(element) = at.filter(|e| e.id() != change.old_around.id()) {
        at = element.parent();
        let shape = at.and_then(|parent| parent.shape());
        let member = shape.and_then(|shape| shape.member(element.name()));
        if member.is_some_and(|member| !member.exists_in(version)) {
            unknown = Some(element);
        }
    }
    unknown
}
