//! `lost-alias`: an update takes an alternate domain name away.

use std::collections::HashSet;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::{Document, Element, cut};
use crate::rule::id;
use crate::update::{Update, around};

fn is_lost_alias(change: &Change<'_>) -> bool {
    let alias = change.element();
    let config = ["DistributionConfig", "StreamingDistributionConfig"];
    change.action == Action::Removed
        && alias.name() == "CNAME"
        && config.iter().any(|config| around(alias, config).is_some())
}

/// One finding for each name that nothing serves afterwards. Old and new versions of the API write aliases differently,
/// which is no loss.
pub(crate) fn check(update: &mut Update<'_>) {
    let across = update
        .comparison()
        .is_some_and(|c| c.is_across_generations() && !c.kinds_differ());
    let mut aliases = match across {
        true => update.open(),
        false => update.losses(),
    };
    aliases.retain(|(_, change)| is_lost_alias(change));
    if aliases.is_empty() {
        return;
    }
    let kept = aliases_of(update.new);
    for (place, change) in aliases {
        let alias = change.element();
        if is_served(&name_of(alias), &kept) {
            update.leave(place);
            continue;
        }
        let message = format!("the alias {} is removed", alias.shown_value());
        let host = cut(trimmed(alias.value()));
        let finding = update
            .finding(id::LOST_ALIAS, &change, message, "served today")
            .label("no longer named here")
            .note(format!("CloudFront refuses requests for a name that no distribution has: viewers of {host} get errors until DNS points elsewhere"))
            .note("once the name is free, any distribution, also one of another account, may claim it")
            .help("point DNS elsewhere before this update, or write the alias again");
        update.say([place], finding);
    }
}

/// A name, as DNS compares it.
fn name_of(alias: Element<'_>) -> String {
    let name = trimmed(alias.value()).to_ascii_lowercase();
    name.strip_suffix('.').unwrap_or(&name).to_owned()
}

/// Whether a name is among these, or a wildcard that covers it: at any depth, as the guide on wildcards says.
fn is_served(name: &str, kept: &HashSet<String>) -> bool {
    let mut dots = name.match_indices('.').filter(|(place, _)| *place > 0);
    kept.contains(name) || dots.any(|(dot, _)| kept.contains(&format!("*{}", &name[dot..])))
}

/// The names of a distribution of either generation.
fn aliases_of(document: &Document<'_>) -> HashSet<String> {
    let is_alias = |element: &Element<'_>| element.name() == "CNAME" && element.shape().is_some();
    document.elements().filter(is_alias).map(name_of).collect()
}
