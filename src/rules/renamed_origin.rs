//! `renamed-origin`: an origin has another Id, with the same domain and path.

use std::collections::HashMap;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::Element;
use crate::finding::Level;
use crate::rule::id;
use crate::update::{Update, is_in};

/// One finding for each origin. What names it follows its new Id, so that is spoken of, too.
pub(crate) fn check<'d>(update: &mut Update<'d>) {
    let mut renamed: Vec<(usize, Change<'d>)> = Vec::new();
    let mut following: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (place, change) in update.losses() {
        let element = change.element();
        if is_in(element, "Origin", "Id") && change.action == Action::Changed {
            renamed.push((place, change));
        } else if element.name() == "TargetOriginId" {
            let id = |target: Option<Element<'d>>| target.map_or("", |t| trimmed(t.value()));
            let ids = (id(change.old), id(change.new));
            following.entry(ids).or_default().push(place);
        } else if let Some(member) = element.child("OriginId") {
            // Of a member, the old or the new name is all that there is.
            let ids = match change.action {
                Action::Removed => (trimmed(member.value()), ""),
                _ => ("", trimmed(member.value())),
            };
            following.entry(ids).or_default().push(place);
        }
    }
    let named = super::lost_origin::named(update);
    for (place, change) in renamed {
        let (Some(old), Some(new)) = (change.old, change.new) else {
            continue;
        };
        let (was, is) = (trimmed(old.value()), trimmed(new.value()));
        // Where something still names the old Id, not all of the document follows.
        let level = match named.binary_search(&was) {
            Ok(_) => Level::Warning,
            Err(_) => Level::Info,
        };
        let (old, new) = (old.shown_value(), new.shown_value());
        let message = format!("the origin {old} is called {new} now");
        let finding = update
            .finding(id::RENAMED_ORIGIN, &change, message, "its Id today")
            .label("the same server under another Id")
            .note(format!("whatever outside of this document knows the origin as {old} no longer finds it: scripts, alarms, functions that choose an origin by its Id"))
            .help(format!("keep {old}, unless the new name is meant"))
            .level(level);
        let keys = [(was, is), (was, ""), ("", is)];
        let others = keys.iter().filter_map(|ids| following.get(ids)).flatten();
        update.say([place].into_iter().chain(others.copied()), finding);
    }
}
