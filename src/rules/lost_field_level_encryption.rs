//! `lost-field-level-encryption`: an update no longer encrypts fields of requests.

use crate::rule::id;
use crate::update::{Update, behavior_of, lost, requests_of};

/// One finding for each behavior.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let encryption = lost(&change).filter(|old| old.name() == "FieldLevelEncryptionId");
        let Some(behavior) = encryption.and_then(behavior_of) else {
            continue;
        };
        let message = format!(
            "fields of {} are no longer encrypted",
            requests_of(behavior)
        );
        let finding = update
            .finding(id::LOST_FIELD_LEVEL_ENCRYPTION, &change, message, "encrypts fields today")
            .label("no field-level encryption")
            .note("the origin, and every log on the way, gets in clear text what only holders of the private key can read today")
            .help("write FieldLevelEncryptionId as GetDistributionConfig returns it");
        update.say([place], finding);
    }
}
