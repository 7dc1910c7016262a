//! `renamed-origin`: an origin has another Id and is the same otherwise.

use std::collections::HashMap;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::Element;
use crate::rule::id;
use crate::update::{Update, is_in};

/// An origin that is gone and a new one with its domain and path are the same origin.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut origins = update.losses();
    origins.retain(|(_, change)| is_in(change.element(), "Items", "Origin"));
    let mut added: HashMap<(String, &str), Vec<(usize, Change<'_>)>> = HashMap::new();
    for (place, change) in origins.iter().rev() {
        if change.action == Action::Added {
            let server = server(change.element());
            added.entry(server).or_default().push((*place, *change));
        }
    }
    for (place, change) in origins.iter().filter(|(_, c)| c.action == Action::Removed) {
        let new = added.get_mut(&server(change.element())).and_then(Vec::pop);
        let ids = new.and_then(|(new_place, new)| {
            let ids = (change.element().child("Id")?, new.element().child("Id")?);
            Some((new_place, new, ids))
        });
        let Some((new_place, new, (old_id, new_id))) = ids else {
            continue;
        };
        let (was, is) = (old_id.shown_value(), new_id.shown_value());
        let mut finding = update
            .at(id::RENAMED_ORIGIN, &new, format!("the origin {was} is called {is} now"))
            .at(new_id.path())
            .label("the same server under another Id")
            .note(format!("whatever outside of this document knows the origin as {was} no longer finds it: scripts, alarms, functions that choose an origin by its Id"))
            .help(format!("keep {was}, unless the new name is meant"));
        finding.span = new_id.subject_span();
        let finding = update.also_old(finding, old_id, "its Id today");
        update.say([*place, new_place], finding);
    }
}

/// What is asked: the domain and the path.
fn server(origin: Element<'_>) -> (String, &str) {
    let value = |name: &str| {
        origin
            .child(name)
            .map_or("", |child| trimmed(child.value()))
    };
    (
        value("DomainName").to_ascii_lowercase(),
        value("OriginPath"),
    )
}
