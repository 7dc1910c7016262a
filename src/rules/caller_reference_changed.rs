//! `caller-reference-changed`: CallerReference differs from the document that the update would replace.

use std::sync::Arc;

use crate::check::Older;
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::rule::id;

/// Bodies that are only ever sent to create something: each is new, so there is nothing to replace.
const NEVER_UPDATED: [&str; 2] = ["InvalidationBatch", "CopyDistributionRequest"];

/// The reference identifies the call that created the resource; an update has to repeat it.
pub(crate) fn check(document: &Document<'_>, older: &Older<'_>, findings: &mut Vec<Finding>) {
    let (Some(new), Some(old)) = (caller_reference(document), caller_reference(older.document))
    else {
        return;
    };
    if new.value() == old.value() {
        return;
    }
    findings.push(
        Finding::new(
            id::CALLER_REFERENCE_CHANGED,
            new.subject_span(),
            format!("CallerReference changed from {} to {}", old.shown_value(), new.shown_value()),
        )
        .at(new.path())
        .label("an update cannot change it")
        .also_in(Arc::clone(&older.source), old.subject_span(), "the reference it was created with")
        .note("the reference names the call that created the resource; a new one stands for a new resource")
        .help(format!("write {} again, or create a new resource with this document", old.shown_value())),
    );
}

fn caller_reference<'d>(document: &'d Document<'_>) -> Option<Element<'d>> {
    let payload = document.payload();
    let tagged = ["DistributionConfig", "StreamingDistributionConfig"]
        .into_iter()
        .find_map(|n| payload.child(n));
    let config = tagged.unwrap_or(payload);
    if NEVER_UPDATED.contains(&config.name()) {
        return None;
    }
    config.child("CallerReference")
}
