//! `lost-alias`: an update takes an alternate domain name away.

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::cut;
use crate::rule::id;
use crate::update::{Update, around};

fn is_lost_alias(change: &Change<'_>) -> bool {
    let alias = change.element();
    let config = ["DistributionConfig", "StreamingDistributionConfig"];
    change.action == Action::Removed
        && alias.name() == "CNAME"
        && config.iter().any(|config| around(alias, config).is_some())
}

/// One finding for each name.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut aliases = update.losses();
    aliases.retain(|(_, change)| is_lost_alias(change));
    for (place, change) in aliases {
        let alias = change.element();
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
