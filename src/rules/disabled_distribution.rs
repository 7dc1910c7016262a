//! `disabled-distribution`: an update switches the distribution off.

use crate::rule::id;
use crate::update::{Update, became, is_in};

/// Enabled was true and is false.
pub(crate) fn check(update: &mut Update<'_>) {
    let config = ["DistributionConfig", "StreamingDistributionConfig"];
    let found = update.find(|change| {
        let is_switch = |config: &&str| is_in(change.element(), config, "Enabled");
        config.iter().any(is_switch) && became(change, "false")
    });
    let Some((place, change)) = found else { return };
    let finding = update
        .finding(id::DISABLED_DISTRIBUTION, &change, "the distribution is switched off", "it serves viewers today")
        .label("serves nobody")
        .note("every viewer of every alias gets an error once the update has reached the edge locations, a few minutes from now")
        .help("write true, unless the distribution is to be deleted");
    update.say([place], finding);
}
