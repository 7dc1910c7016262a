//! `lost-element`: an update drops a setting.

use std::collections::BTreeMap;

use super::lowered_tls::shows_default_certificate;
use crate::check::trimmed;
use crate::compare::{Action, Change, configuration};
use crate::document::Element;
use crate::rule::{id, table};
use crate::schema::Absent;
use crate::suggest;
use crate::update::{Update, lost};

/// Changes nothing of what viewers get; tags do not travel with an update at all.
const NO_LOSS: [&str; 2] = ["Comment", "Tag"];
/// What a certificate of one's own has beside it: it goes with the certificate.
const COMPANIONS: [&str; 2] = ["MinimumProtocolVersion", "SSLSupportMethod"];
/// What may stand in place of an element, in the same structure: it was replaced, not lost.
const REPLACED_BY: [(&str, &[&str]); 10] = [
    ("ACMCertificateArn", &["IAMCertificateId"]),
    ("CachePolicyId", &["ForwardedValues"]),
    (
        "CloudFrontDefaultCertificate",
        &["ACMCertificateArn", "IAMCertificateId"],
    ),
    ("CustomOriginConfig", &["S3OriginConfig", "VpcOriginConfig"]),
    ("DefaultTTL", &["CachePolicyId"]),
    ("ForwardedValues", &["CachePolicyId"]),
    ("IAMCertificateId", &["ACMCertificateArn"]),
    ("MaxTTL", &["CachePolicyId"]),
    ("MinTTL", &["CachePolicyId"]),
    ("S3OriginConfig", &["CustomOriginConfig", "VpcOriginConfig"]),
];

/// So many items of one list are named.
const NAMED: usize = 6;
/// So many of them are shown in the older document.
const SHOWN: usize = 3;

/// What no other rule has spoken of: one finding for each element that is dropped, and one for all values of a list.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut lists: BTreeMap<u32, Vec<(usize, Change<'_>)>> = BTreeMap::new();
    for (place, change) in update.losses() {
        let Some(old) = lost(&change).filter(|old| is_loss(*old, &change)) else {
            continue;
        };
        match old.parent().filter(|list| is_value_of(old, *list)) {
            Some(list) => lists.entry(list.id()).or_default().push((place, change)),
            None => one(update, place, &change, old),
        }
    }
    for changes in lists.into_values() {
        match changes[..] {
            [(place, change)] if !is_whole(&change) => {
                if let Some(old) = change.old {
                    one(update, place, &change, old);
                }
            }
            _ => values(update, changes),
        }
    }
}

/// Whether an element is gone for no good reason that can be seen.
fn is_loss(old: Element<'_>, change: &Change<'_>) -> bool {
    let around = change.new_around;
    let emptied = change.action == Action::Changed;
    let is_off = |switch: Element<'_>| trimmed(switch.value()).eq_ignore_ascii_case("false");
    // A distribution that is switched off may be switched on again, with what it has then. A list has no switch, and may
    // have many items.
    let is_feature = !around.name().ends_with("DistributionConfig");
    let has_switch = around
        .shape()
        .is_some_and(|s| s.member("Enabled").is_some());
    let switched_off = is_feature && has_switch && around.child("Enabled").is_some_and(is_off);
    let follows = COMPANIONS.contains(&old.name()) && shows_default_certificate(around);
    !(NO_LOSS.contains(&old.name())
        || is_replaced(old, change)
        || emptied && consequence(old.name()).is_none()
        || switched_off
        || follows)
}

fn one<'d>(update: &mut Update<'d>, place: usize, change: &Change<'d>, old: Element<'d>) {
    let name = old.shown_name();
    let done = match change.action {
        Action::Changed => "emptied",
        _ => "dropped",
    };
    let message = match identity(old) {
        Some(identity) => format!("{name} {identity} is {done}"),
        None => format!("{name} is {done}"),
    };
    let finding = update
        .finding(id::LOST_ELEMENT, change, message, "set today")
        .label(format!("no such {name} any more"))
        .note(effect(default(old), old.name()))
        .help(help(name, change));
    update.say([place], finding);
}

/// Several values of one list, or all.
fn values<'d>(update: &mut Update<'d>, changes: Vec<(usize, Change<'d>)>) {
    let Some((_, first)) = changes.first().copied() else {
        return;
    };
    let whole = is_whole(&first);
    let list = first.old.and_then(list_of).unwrap_or(first.old_around);
    let name = list.shown_name();
    let gone = changes.iter().filter_map(|(_, change)| change.old);
    let message = match whole {
        true => format!("{name} is dropped"),
        false => {
            let named = gone.clone().take(NAMED).map(Element::shown_value);
            let named: Vec<String> = named.collect();
            let words = match changes.len().saturating_sub(NAMED) {
                0 => suggest::alternatives(named.iter().map(String::as_str), "and"),
                more => format!("{} and {more} more", named.join(", ")),
            };
            format!("{words} are dropped from {name}")
        }
    };
    let known = if whole { list.name() } else { "" };
    let mut finding = update
        .at(id::LOST_ELEMENT, &first, message)
        .label(match whole {
            true => format!("no {name} any more"),
            false => "no longer among them".to_owned(),
        })
        .note(effect(default(list).filter(|_| whole), known))
        .help(match whole {
            true => help(name, &first),
            false => help("them", &first).replace("it is to go", "they are to go"),
        });
    for old in gone.take(SHOWN) {
        finding = update.also_old(finding, old, "set today");
    }
    update.say(changes.into_iter().map(|(place, _)| place), finding);
}

/// Whether an element is a plain value in a list of its own.
fn is_value_of(old: Element<'_>, list: Element<'_>) -> bool {
    list.name() == "Items" && !old.has_children()
}

/// The structure that counts an item.
fn list_of(item: Element<'_>) -> Option<Element<'_>> {
    item.parent().and_then(Element::parent)
}

/// Whether the newer document has nothing of the list that an item stood in.
fn is_whole(change: &Change<'_>) -> bool {
    let list = change.old.and_then(list_of);
    list.is_some_and(|list| list.id() != change.old_around.id())
        && change.new_around.name() != "Items"
}

fn effect(default: Option<&str>, name: &str) -> String {
    let effect = match default {
        Some(default) => format!("{default}, the default, holds from now on"),
        None => consequence(name)
            .unwrap_or("what is left out is not kept")
            .to_owned(),
    };
    format!("an update replaces the whole configuration: {effect}")
}

/// What to do, with the call of the API that tells how it was.
fn help(name: &str, change: &Change<'_>) -> String {
    let root = configuration(change.new_around.document()).name();
    match root.ends_with("Config") {
        true => format!("write {name} as Get{root} returns it, unless it is to go"),
        false => format!("write {name} as before, unless it is to go"),
    }
}

fn is_replaced(old: Element<'_>, change: &Change<'_>) -> bool {
    let by = REPLACED_BY.iter().find(|(name, _)| *name == old.name());
    let is_new = |name: &&&str| {
        change.new_around.child(name).is_some() && change.old_around.child(name).is_none()
    };
    by.is_some_and(|(_, by)| by.iter().any(|name| is_new(&name)))
}

/// What tells an item from the others: its key, or its value.
fn identity(old: Element<'_>) -> Option<String> {
    if old.node().position == 0 {
        return None;
    }
    match old.identity() {
        Some((key, _)) => old.child(key).map(Element::shown_value),
        None => (!old.has_children()).then(|| old.shown_value()),
    }
}

/// The value that CloudFront takes the absence for.
fn default(old: Element<'_>) -> Option<&'static str> {
    let member = old.parent()?.shape()?.member(old.name())?;
    match member.absent? {
        Absent::Value(value) => Some(value),
        Absent::Items(_) | Absent::Members(_) => None,
    }
}

/// What follows, in words.
fn consequence(name: &str) -> Option<&'static str> {
    let known = table::LOST_ELEMENTS.values;
    let place = known.binary_search_by(|(known, _)| (*known).cmp(name));
    known[place.ok()?].1
}
