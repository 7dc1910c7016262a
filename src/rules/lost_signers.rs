//! `lost-signers`: an update no longer asks for signed URLs or cookies, or no longer trusts some that sign them.

use std::collections::BTreeMap;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::Element;
use crate::rule::id;
use crate::update::{Update, around, became, behavior_of, requests_of};

/// The changes of one list of signers, with their places.
type Changes<'d> = Vec<(usize, Change<'d>)>;

/// One finding for each list of signers.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut lists: BTreeMap<u32, (Element<'_>, Changes<'_>)> = BTreeMap::new();
    for (place, change) in update.losses() {
        let element = change.old_place();
        let signers = ["TrustedSigners", "TrustedKeyGroups"];
        let list = signers.into_iter().find_map(|name| around(element, name));
        if let Some(list) = list.filter(|_| change.action != Action::Added) {
            let (_, changes) = lists.entry(list.id()).or_insert((list, Vec::new()));
            changes.push((place, change));
        }
    }
    for (list, changes) in lists.into_values() {
        let is_off = |change: &Change<'_>| {
            let switched = change.element().name() == "Enabled" && became(change, "false");
            switched || change.old.map(Element::id) == Some(list.id())
        };
        match changes.iter().find(|(_, change)| is_off(change)).copied() {
            Some((_, change)) => switched_off(update, list, &change, changes),
            None => some_removed(update, changes),
        }
    }
}

fn switched_off<'d>(
    update: &mut Update<'d>,
    list: Element<'d>,
    change: &Change<'d>,
    changes: Changes<'d>,
) {
    if is_signed(change.new_around) {
        // One kind of signers takes the place of the other.
        return changes
            .into_iter()
            .for_each(|(place, _)| update.leave(place));
    }
    let requests = behavior_of(list).map_or("requests".to_owned(), requests_of);
    let message = format!("{requests} need no signature any more");
    let finding = update
        .finding(id::LOST_SIGNERS, change, message, "a signature is asked for today")
        .label("no signature is asked for")
        .note("everybody who knows an address can fetch what only holders of signed URLs or cookies get today")
        .help(format!("write {} as it was", list.name()));
    update.say(changes.into_iter().map(|(place, _)| place), finding);
}

/// Whether the behavior has signers of either kind afterwards.
fn is_signed(inside: Element<'_>) -> bool {
    let is_on = |name: &str| {
        let enabled = behavior_of(inside).and_then(|b| b.child(name)?.child("Enabled"));
        enabled.is_some_and(|e| trimmed(e.value()).eq_ignore_ascii_case("true"))
    };
    is_on("TrustedSigners") || is_on("TrustedKeyGroups")
}

fn some_removed<'d>(update: &mut Update<'d>, mut changes: Changes<'d>) {
    changes.retain(|(_, change)| change.action == Action::Removed);
    for (place, change) in changes {
        let signer = change.element();
        // Old documents write the own account as an empty element.
        let name = match trimmed(signer.value()) {
            "" => signer.shown_name().to_owned(),
            _ => signer.shown_value(),
        };
        let message = format!("the signer {name} is removed");
        let finding = update
            .finding(id::LOST_SIGNERS, &change, message, "trusted today")
            .label("no longer trusted")
            .note("URLs and cookies that it has signed are refused from now on, also those that viewers hold already")
            .help("remove a signer when the last of its signatures has expired");
        update.say([place], finding);
    }
}
