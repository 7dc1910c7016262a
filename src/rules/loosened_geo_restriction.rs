//! `loosened-geo-restriction`: an update lets viewers in from more countries.

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::{Element, cut};
use crate::rule::id;
use crate::update::{Update, around};

/// So many countries are named.
const NAMED: usize = 6;

/// One finding for all changes that let more viewers in.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut changes = update.losses();
    changes.retain(|(_, c)| around(c.element(), "Restrictions").is_some());
    let (Some(comparison), Some((_, first))) = (update.comparison(), changes.first().copied())
    else {
        return;
    };
    let kinds = (restriction(comparison.old), restriction(comparison.new));
    let message = match kinds {
        ("whitelist" | "blacklist", "none") => {
            "viewers of all countries are let in, since the geographic restriction is gone".to_owned()
        }
        ("whitelist", "blacklist") => {
            "viewers of all countries but those of the list are let in, instead of those of a list alone".to_owned()
        }
        ("whitelist", "whitelist") => {
            changes.retain(|(_, c)| c.action == Action::Added);
            format!("viewers from {} are let in", countries(&changes))
        }
        ("blacklist", "blacklist") => {
            changes.retain(|(_, c)| c.action == Action::Removed);
            format!("viewers from {} are let in", countries(&changes))
        }
        _ => return,
    };
    let is_type = |change: &Change<'_>| change.element().name() == "RestrictionType";
    let Some((_, change)) = changes
        .iter()
        .find(|(_, c)| is_type(c))
        .or(changes.first())
        .copied()
    else {
        return;
    };
    let change = if changes.is_empty() { first } else { change };
    let finding = update
        .finding(
            id::LOOSENED_GEO_RESTRICTION,
            &change,
            message,
            "the restriction today",
        )
        .label("lets more viewers in")
        .note("CloudFront refuses them today; licences or laws may be why")
        .help("write the restriction again, unless the change is meant");
    update.say(changes.into_iter().map(|(place, _)| place), finding);
}

/// The countries of these changes, as many as fit a line.
fn countries(changes: &[(usize, Change<'_>)]) -> String {
    let all: Vec<&str> = changes
        .iter()
        .map(|(_, c)| cut(trimmed(c.element().value())))
        .collect();
    match all.len().saturating_sub(NAMED) {
        0 => all.join(", "),
        more => format!("{} and {more} more", all[..NAMED].join(", ")),
    }
}

/// The kind of restriction of a configuration.
pub(crate) fn restriction(config: Element<'_>) -> &str {
    let kind = config
        .child("Restrictions")
        .and_then(|r| r.child("GeoRestriction")?.child("RestrictionType"));
    kind.map_or("none", |kind| trimmed(kind.value()))
}
