//! `staging-changed`: an update turns a staging distribution into another one, or the reverse.

use crate::rule::id;
use crate::update::{Update, is_in, undone};

/// Staging is set by the copy that makes the distribution.
pub(crate) fn check(update: &mut Update<'_>) {
    let found = update.find(|c| is_in(c.element(), "DistributionConfig", "Staging"));
    let Some((place, change)) = found else { return };
    let is_on = |value: &str| value.trim().eq_ignore_ascii_case("true");
    let (message, help) = match change.new.is_some_and(|new| is_on(new.value())) {
        true => (
            "an update cannot make a staging distribution of this one",
            "make the staging distribution with CopyDistribution",
        ),
        false => (
            "an update cannot make a primary distribution of a staging distribution",
            "keep Staging; UpdateDistributionWithStagingConfig brings its settings to the primary distribution",
        ),
    };
    let finding = update
        .finding(id::STAGING_CHANGED, &change, message, "as it was made")
        .label("Staging differs")
        .note("Staging is set when CopyDistribution makes the distribution; nothing is documented that changes it later")
        .help(help)
        .fix(undone(&change));
    update.say([place], finding);
}
